"""Papers about people: what they say, whose they are, and that what is missing is dotted."""

import datetime
import html
import re

import pytest
from django.urls import reverse

from branches.admitting import decide_admission, propose_admission, record_vote
from branches.leaving import leave
from branches.maturing import ageing_members
from branches.models import Membership
from branches.transferring import send_transfer
from reports.papers.people import (
    admission_decision_html,
    admission_request_html,
    maturity_decision_html,
    maturity_list_html,
    transfer_letter_html,
)
from tests.factories import MemberFactory, UnionFactory, UnitFactory, account_at
from tests.printed import unmarked

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)
OCTOBER_20 = datetime.date(2026, 10, 20)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def union():
    return UnionFactory(name="Đoàn Khối các cơ quan")


@pytest.fixture
def branch(union):
    return UnitFactory(superior=union, name="Chi đoàn Sở Thông tin")


@pytest.fixture
def secretary(branch):
    return account_at(branch)


def words(page: tuple) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", unmarked(page[0]))).replace("\xa0", " ").split())


def sent(branch, secretary, **said):
    member = MemberFactory(home=branch, full_name="Lê Thu An", national_code="AH01")
    values = {"target": None, "target_name": "Đoàn phường Tân Lập", "asked_on": TODAY, "remark": "Gương mẫu"}
    return send_transfer(member=member, by=secretary, on=TODAY, **values | said)


def test_letter_says_what_the_source_wrote_and_dots_the_rest(branch, secretary):
    letter = words(transfer_letter_html(sent(branch, secretary), on=TODAY))
    assert "GIẤY GIỚI THIỆU Chuyển sinh hoạt Đoàn" in letter
    assert "Số: ……-GT/CĐ" in letter
    assert "Kính gửi: Ban Chấp hành Đoàn phường Tân Lập" in letter
    assert "Họ và tên: Lê Thu An Ngày sinh: 19/05/2000; mã đoàn viên: AH01" in letter
    assert f"Đã đóng đoàn phí đến hết tháng: {'.' * 24} Nhận xét của chi đoàn: Gương mẫu" in letter
    assert "PHIẾU TRẢ LỜI" in letter
    assert "None" not in letter
    # A branch has no seal: the superior confirms.
    assert "XÁC NHẬN CỦA ĐOÀN CẤP TRÊN" in letter


def test_letter_with_number_and_month(branch, secretary):
    made = sent(branch, secretary, letter_number="5", letter_on=OCTOBER_20, dues_paid_to=datetime.date(2026, 10, 1))
    letter = words(transfer_letter_html(made, on=TODAY))
    assert "Số: 05-GT/CĐ" in letter
    assert "ngày 20 tháng 10 năm 2026" in letter
    assert "Đã đóng đoàn phí đến hết tháng: 10/2026" in letter


def admission(branch, secretary):
    made = propose_admission(
        unit=branch, by=secretary, on=TODAY, full_name="Y Khoa Niê", birth_date=datetime.date(2008, 5, 1),
        applied_on=datetime.date(2026, 9, 2), introduced_by="Lê Thu An",
    )  # fmt: skip
    return record_vote(admission=made, voted_on=datetime.date(2026, 10, 5), members_present=12, votes_for=11, on=TODAY)


def test_request_and_decision_of_an_admission(union, branch, secretary):
    voted = admission(branch, secretary)
    request = words(admission_request_html(voted, on=TODAY))
    assert "TỜ TRÌNH Đề nghị chuẩn y kết nạp đoàn viên" in request
    assert "Kính gửi: Ban Chấp hành Đoàn Khối các cơ quan" in request
    assert "Kết quả biểu quyết: 11/12 đoàn viên có mặt tán thành." in request
    draft = words(admission_decision_html(voted, on=TODAY))
    assert "(DỰ THẢO, CHƯA QUYẾT ĐỊNH)" in draft
    assert "Số: ……-QĐ/ĐK" in draft
    done = decide_admission(admission=voted, decision="12-QĐ/ĐK", decided_on=OCTOBER_20, by=secretary, on=TODAY)
    decision = words(admission_decision_html(done, on=TODAY))
    assert "DỰ THẢO" not in decision
    assert "Số: 12-QĐ/ĐK" in decision
    assert "BAN CHẤP HÀNH ĐOÀN KHỐI CÁC CƠ QUAN" in decision
    assert "Chuẩn y kết nạp đồng chí Y Khoa Niê , sinh ngày 01/05/2008" in decision


def test_maturity_papers_name_who_left_that_day_only(union, branch, secretary):
    left = MemberFactory(home=branch, full_name="Trần Đào", birth_date=datetime.date(1995, 1, 1))
    stays = MemberFactory(home=branch, full_name="Vũ Ở Lại", birth_date=datetime.date(1995, 2, 1))
    listed = words(maturity_list_html(branch, ageing_members(branch, user=secretary, on=TODAY), on=TODAY))
    assert "1 Trần Đào 01/01/1995 01/01/2025" in listed
    assert "Danh sách có 2 đồng chí./." in listed
    day = datetime.date(2026, 10, 15)
    leave(member=left, reason="matured", on=day, decision="9-QĐ/ĐK", note="", by=secretary, today=TODAY)
    rows = list(Membership.objects.filter(end_reason="matured").select_related("member", "unit"))
    decision = words(maturity_decision_html(branch, rows, ended_on=day))
    assert "Công nhận 1 đồng chí có tên trong danh sách dưới đây trưởng thành đoàn từ ngày 15/10/2026." in decision
    # A branch without a seal: the superior decides.
    assert "BAN CHẤP HÀNH ĐOÀN KHỐI CÁC CƠ QUAN" in decision
    assert "Số: 9-QĐ/ĐK" in decision
    assert stays.full_name not in decision


def test_list_of_a_leap_day_has_no_last_day_of_its_own(branch, secretary):
    MemberFactory(home=branch, birth_date=datetime.date(1994, 1, 1))
    leap = datetime.date(2028, 2, 29)
    assert "DANH SÁCH" in words(maturity_list_html(branch, ageing_members(branch, user=secretary, on=leap), on=leap))


@pytest.mark.once
def test_papers_print_as_pdf_for_those_who_read_them(client, union, branch, secretary):
    letter = reverse("reports:transfer_letter_pdf", args=[sent(branch, secretary).pk])
    request = reverse("reports:admission_request_pdf", args=[admission(branch, secretary).pk])
    empty = reverse("reports:maturity_decision_pdf", args=[branch.pk, "2026-10-15"])
    no_day = reverse("reports:maturity_decision_pdf", args=[branch.pk, "hom-qua"])
    answers = {}
    for name, account in {
        "secretary": secretary,
        "above": account_at(union, "superior_office"),
        "stranger": account_at(UnitFactory(superior=union)),
        "party": account_at(branch, "party_secretary"),
    }.items():
        client.force_login(account)
        answers[name] = [client.get(url).status_code for url in (letter, request, empty, no_day)]
    assert answers == {
        "secretary": [200, 200, 404, 404],
        "above": [200, 200, 404, 404],
        "stranger": [404, 404, 404, 404],
        "party": [404, 404, 404, 404],
    }
    client.force_login(secretary)
    assert client.get(letter).content.startswith(b"%PDF")
