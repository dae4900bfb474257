"""Pages of dues: who reads what, the total before saving, a form sent twice, the same figures on every sheet."""

import io
import uuid

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from branches.absence import evidence_of
from branches.dues.arrears import paid_to
from branches.dues.fund import write_entry
from branches.dues.remitting import send_back
from branches.models import DuesExemption, DuesReceipt, FundEntry, Post, Remittance
from branches.staying import begin_away
from reports.papers.dues import fund_html
from reports.waiting import waiting_for
from tests.access_expectations import EXPECTED
from tests.access_world import RELATIONS, World
from tests.browsing import Looker
from tests.conftest import PHONE
from tests.factories import AccountFactory, PostFactory, account_at
from tests.keeping_dues import TODAY, Keeping, day
from tests.test_access import answer_of, expected_status

NBSP = "\N{NO-BREAK SPACE}"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *rest: TODAY)


@pytest.fixture
def dues():
    return Keeping()


def page(client, account, name, *args, **query):
    client.force_login(account)
    answer = client.get(reverse(f"branches:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode().replace(NBSP, " ")


def post(client, account, name, *args, **said):
    client.force_login(account)
    return client.post(reverse(f"branches:{name}", args=args), said)


def saved(dues, *cells, said, **more):
    return {"do": "save", "cells": " ".join(cells), "said": said, "paid_on": "22/11/2026", **more}


def months(member, *numbers):
    return [f"{member.pk}-2026-{number:02d}" for number in numbers]


# --- the grid and the receipt ---------------------------------------------------------------------


def test_choosing_says_the_total_and_writes_nothing(client, dues):
    answer = post(client, dues.keeper, "dues_receive", dues.branch.pk, do="choose", o=months(dues.an, 1, 2, 3))
    text = answer.content.decode().replace(NBSP, " ")
    assert "15.000 đồng" in text
    assert "Bằng chữ: Mười lăm nghìn đồng." in text
    assert "tháng 1-3/2026" in text
    assert DuesReceipt.objects.count() == 0


def test_saving_twice_is_one_receipt(client, dues):
    said = saved(dues, *months(dues.an, 1, 2), said="10000", form_key=str(uuid.uuid4()), note="Thu tại buổi họp")
    first = post(client, dues.keeper, "dues_receive", dues.branch.pk, **said)
    again = post(client, dues.keeper, "dues_receive", dues.branch.pk, **said)
    receipt = DuesReceipt.objects.get()
    assert first.headers["Location"] == again.headers["Location"] == f"/phieu-thu/{receipt.pk}/"
    assert (receipt.total, receipt.note, receipt.written_by) == (10_000, "Thu tại buổi họp", dues.keeper)


def test_whole_branch_this_month_in_one_tap(client, dues):
    text = page(client, dues.keeper, "dues", dues.branch.pk)
    assert "Thu cả chi đoàn tháng 11: 3 người chưa đóng" in text
    answer = post(client, dues.keeper, "dues_receive", dues.branch.pk, do="month")
    assert "Lưu phiếu thu 15.000 đồng" in answer.content.decode().replace(NBSP, " ")


def test_taken_months_are_named_and_the_rest_is_offered(client, dues):
    dues.pay(dues.an, 1)
    said = saved(dues, *months(dues.an, 1, 2), said="10000", form_key=str(uuid.uuid4()))
    text = post(client, dues.keeper, "dues_receive", dues.branch.pk, **said).content.decode()
    assert "Lê Thu An tháng 1/2026 (phiếu thu số 1/2026)" in text
    assert "Xem các tháng còn lại (1 tháng)" in text
    assert f'name="o" value="{dues.an.pk}-2026-02"' in text
    assert DuesReceipt.objects.count() == 1


def test_changed_total_is_shown_before_it_is_agreed_to(client, dues):
    said = saved(dues, *months(dues.an, 1), said="4000", form_key=str(uuid.uuid4()))
    text = post(client, dues.keeper, "dues_receive", dues.branch.pk, **said).content.decode().replace(NBSP, " ")
    assert "nay là 5.000 đồng, không phải 4.000 đồng" in text
    assert 'name="said" value="5000"' in text
    assert DuesReceipt.objects.count() == 0


@pytest.mark.parametrize("cells", ["", "rubbish", "1-2026-13", "999999999999999999999-2026-01", "0-2026-01"])
def test_rubbish_is_answered(client, dues, cells):
    answer = post(client, dues.keeper, "dues_receive", dues.branch.pk, **saved(dues, cells, said="x"))
    assert answer.status_code == 200
    assert DuesReceipt.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3, 30])
def test_queries_of_the_grid_do_not_grow(client, dues, django_assert_num_queries, count):
    for number in range(count):
        dues.pay(dues.member(f"Nguyễn Thử {number}"), 1)
    client.force_login(dues.keeper)
    client.get(reverse("branches:dues", args=[dues.branch.pk]))
    with django_assert_num_queries(14):
        client.get(reverse("branches:dues", args=[dues.branch.pk]))


# --- who reads what -------------------------------------------------------------------------------


def test_declared_answers_of_every_relation(client):
    """The lines of the access table about dues, for everybody in it."""
    world = World()
    names = [name for name in EXPECTED if any(word in name for word in ("dues", "remittance", "fund"))]
    assert len(names) == 27
    wrong = []
    for relation in RELATIONS:
        client.force_login(world.accounts[relation])
        for name in names:
            status = answer_of(client, world, name)
            said = "ok" if status in (200, 302) else status
            if said != expected_status(name, relation):
                wrong.append((relation, name, said))
    assert wrong == []


def test_inspector_reads_figures_and_no_name(client, dues):
    inspector = account_at(dues.union, "inspection_chair")
    dues.pay(dues.an, 1, 2)
    write_entry(
        unit=dues.branch, kind="expense", dated_on=TODAY, amount=2_000, text="Thăm Trần Văn Bình ốm",
        counterpart="Phạm Thị Chi", by=dues.keeper, on=TODAY,
    )  # fmt: skip
    slip = dues.remit()
    texts = [
        page(client, inspector, "dues", dues.branch.pk),
        page(client, inspector, "dues", dues.union.pk),
        page(client, inspector, "fund", dues.branch.pk),
        page(client, inspector, "remittance", slip.pk),
    ]
    assert "10.000" in texts[0]
    assert "10.000" in texts[2]
    for text in texts:
        for name in ("Lê Thu An", "Trần Văn Bình", "Phạm Thị Chi", "Lê Thủ Quỹ"):
            assert name not in text


def test_member_reads_the_own_months_and_nobody_elses(client, dues):
    own = PostFactory(unit=dues.branch, type="member", account=AccountFactory(member=dues.an)).account
    dues.pay(dues.an, 1, 2)
    text = page(client, own, "dues_member", dues.an.pk)
    assert "Đã đóng năm 2026" in text
    assert "/phieu-thu/" not in text
    client.force_login(own)
    for name, key in (("dues_member", dues.binh.pk), ("dues", dues.branch.pk), ("fund", dues.branch.pk)):
        assert client.get(reverse(f"branches:{name}", args=[key])).status_code == 404


# --- slips, exemptions, the book ------------------------------------------------------------------


def waits(account, post):
    return [item.what for item in waiting_for(account, post, on=TODAY).first]


def test_slip_from_page_to_acceptance(client, dues):
    for one in (dues.an, dues.binh, dues.chi):
        dues.pay(one, 1, 2, 3, 4, 5, 6)
    text = page(client, dues.keeper, "remittance_new", dues.branch.pk, ky="2026-q3", den="2026-11-22")
    assert "Gửi phiếu nộp 30.000 đồng" in text
    assert "chia vừa hết, không phải làm tròn" in text
    said = {"ky": "2026-q3", "den": "2026-11-22", "said": "30000", "handed_on": "22/11/2026",
            "form_key": str(uuid.uuid4())}  # fmt: skip
    assert post(client, dues.keeper, "remittance_new", dues.branch.pk, **said).status_code == 302
    slip = Remittance.objects.get()
    office = Post.objects.get(account=dues.office)
    assert "Nhận đoàn phí của Chi đoàn Sở Thông tin" in waits(dues.office, office)
    assert post(client, dues.keeper, "remittance_accept", slip.pk, version=1).status_code == 403
    assert post(client, dues.office, "remittance_accept", slip.pk, version=1).status_code == 302
    slip.refresh_from_db()
    assert (slip.state, slip.answered_by) == ("accepted", dues.office)
    assert "Nhận đoàn phí của Chi đoàn Sở Thông tin" not in waits(dues.office, office)


def test_returned_slip_waits_for_the_branch_until_a_new_one_goes(dues):
    dues.pay(dues.an, 1, 2, 3)
    send_back(slip=dues.remit(), version=1, why="Thiếu tiền", by=dues.office, on=TODAY)
    keeper = Post.objects.get(account=dues.keeper)
    assert ("Phiếu nộp số 1/2026 bị trả lại", "Thiếu tiền") in [
        (item.what, item.context) for item in waiting_for(dues.keeper, keeper, on=TODAY).first
    ]
    dues.remit()
    assert "bị trả lại" not in str(waiting_for(dues.keeper, keeper, on=TODAY).first)


def test_statuses_in_bulk_and_an_exemption(client, dues):
    said = {f"dien-{dues.an.pk}": "unsalaried", f"dien-{dues.binh.pk}": "salaried", "from_month": "01/2026"}
    assert post(client, dues.keeper, "dues_statuses", dues.branch.pk, **said).status_code == 302
    assert [one.status for one in dues.an.income_spans.all()] == ["unsalaried"]
    assert dues.binh.income_spans.count() == 0
    said = {"from_month": "3/2026", "last_month": "5/2026", "reason": "Ốm", "decision": "NQ 3"}
    assert post(client, dues.keeper, "dues_exempt", dues.an.pk, **said).status_code == 302
    span = DuesExemption.objects.get()
    assert (span.from_month, span.last_month) == (day(3), day(5))
    assert post(client, dues.keeper, "dues_exempt_undo", span.pk).status_code == 302
    assert DuesExemption.objects.count() == 0


def test_figures_of_page_excel_and_paper_are_the_same(client, dues):
    write_entry(
        unit=dues.branch, kind="income", dated_on=day(2, 1), amount=1_234_500, text="=HYPERLINK(1)", by=dues.keeper,
        on=TODAY,
    )  # fmt: skip
    dues.pay(dues.an, 1, paid_on=day(1, 5))
    text = page(client, dues.keeper, "fund", dues.branch.pk)
    assert "Cộng từng dòng và cộng theo loại đều ra 1.239.500 đồng." in text
    paper, _ = fund_html(dues.branch, 2026, on=TODAY, may_name=True)
    assert "Còn lại đến 22/11/2026: 1.239.500 đồng" in paper.replace(NBSP, " ")
    answer = client.get(reverse("branches:fund_xlsx", args=[dues.branch.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[-1][4:7] == [1_239_500, 0, 1_239_500]
    hostile = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "=HYPERLINK(1)")
    assert hostile.data_type == "s"
    grid = client.get(reverse("branches:dues_xlsx", args=[dues.branch.pk]))
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(grid.content)).active.iter_rows()]
    assert next(row for row in rows if row[0] == "Lê Thu An")[1:3] == [5_000, None]


def test_entry_and_taking_it_back(client, dues):
    said = {"kind": "expense", "dated_on": "20/11/2026", "amount": "200.000", "text": "Mua hoa",
            "form_key": str(uuid.uuid4())}  # fmt: skip
    client.force_login(dues.keeper)
    answer = client.post(reverse("branches:fund_new", args=[dues.branch.pk]), said, follow=True)
    assert "sổ quỹ âm 200.000 đồng" in answer.content.decode().replace(NBSP, " ")
    entry = FundEntry.objects.get()
    assert post(client, dues.keeper, "fund_undo", entry.pk, why="Ghi nhầm").status_code == 302
    text = page(client, dues.keeper, "fund", dues.branch.pk)
    assert "<s>Mua hoa</s>" in text
    assert "Đã hủy: Ghi nhầm" in text


# --- other pages ----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3, 30])
def test_queries_of_the_evidence_for_a_deletion_do_not_grow(dues, django_assert_num_queries, count):
    for number in range(count):
        dues.pay(dues.member(f"Nguyễn Thử {number}"), 1)
        begin_away(
            member=dues.an, place=f"Xã {number}", kind="residence", starts_on=day(1, 5), by=dues.keeper, on=TODAY
        )
    with django_assert_num_queries(12):
        evidence_of(dues.an, on=TODAY)


def test_deletion_shows_the_unpaid_months(dues):
    assert evidence_of(dues.an, on=TODAY)[-1].text.startswith("Đoàn phí 12 tháng qua chưa ghi trong phần mềm")
    dues.pay(dues.an, 1, 2, 3, 4, 5, 6, paid_on=day(1, 5))
    line = evidence_of(dues.an, on=TODAY)[-1]
    assert (line.text, line.warns) == ("Đoàn phí 12 tháng qua: đóng 6 trên 10 tháng, chưa đóng 7-10/2026.", False)
    dues.pay(dues.an, 7, 8)
    assert evidence_of(dues.an, on=TODAY)[-1].text.endswith("chưa đóng 9-10/2026, chưa đến 3 tháng.")
    dues.pay(dues.an, 9, 10)
    line = evidence_of(dues.an, on=TODAY)[-1]
    assert (line.text, line.warns) == ("Đoàn phí 12 tháng qua: đã đóng đủ 10 tháng.", True)


def test_transfer_begins_with_the_month_paid_to(client, dues):
    dues.pay(dues.an, *range(1, 10), paid_on=day(1, 5))
    assert paid_to(dues.an.pk) == day(9)
    assert 'value="09/2026"' in page(client, dues.keeper, "transfer_new", dues.an.pk)


# --- in a browser ---------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_treasurer_takes_money_on_a_phone(open_page, javascript):
    dues = Keeping()
    looker = Looker("dues")
    tab = open_page(PHONE, dues.keeper, javascript=javascript)
    tab.goto(f"/don-vi/{dues.branch.pk}/doan-phi/")
    for number in (10, 11):
        tab.get_by_label(f"Lê Thu An tháng {number}", exact=False).check(force=True)
    if javascript:
        expect(tab.get_by_text("Đã chọn 2 tháng, 10.000 đồng")).to_be_visible()
        looker.at(tab, "grid")
    tab.get_by_role("button", name="Thu tháng đã chọn").click()
    expect(tab.get_by_text("Bằng chữ: Mười nghìn đồng.")).to_be_visible()
    assert DuesReceipt.objects.count() == 0
    if javascript:
        looker.at(tab, "total")
    tab.get_by_role("button", name="Lưu phiếu thu").click()
    expect(tab.get_by_role("heading", name="Phiếu thu số 1/2026")).to_be_visible()
    if javascript:
        for where in (
            "doan-phi/", "doan-phi/phieu-thu/", "doan-phi/con-no/", "doan-phi/dien-dong/", "nop-doan-phi/",
            "nop-doan-phi/moi/", "quy/", "quy/moi/",
        ):  # fmt: skip
            tab.goto(f"/don-vi/{dues.branch.pk}/{where}")
            looker.at(tab, where.replace("/", "-"))
        tab.goto(f"/doan-vien/{dues.an.pk}/doan-phi/")
        looker.at(tab, "member")
    receipt = DuesReceipt.objects.get()
    assert (receipt.total, receipt.payments.count()) == (10_000, 2)
    assert looker.wrong == {}
