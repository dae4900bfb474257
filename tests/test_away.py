"""A member away at a place without a unit here: on the page and the list, never counted elsewhere, and excused."""

import datetime
import html
import io
import uuid

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from branches.absence import evidence_of
from branches.anonymising import anonymise, losses_of
from branches.enrolling import EnrolmentRefused
from branches.leaving import leave
from branches.merging_members import merge_members
from branches.models import AwayStay, Member
from branches.own_copy import own_copy
from branches.register import register_figures
from branches.staying import begin_away, end_away
from branches.transferring import accept_transfer, send_transfer
from tests.factories import MemberFactory, RuleFactory, UnionFactory, UnitFactory, account_at

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)
MAY_1 = datetime.date(2026, 5, 1)
PLACE = "Khu công nghiệp Sóng Thần, Bình Dương"


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def branch():
    return UnitFactory(superior=UnionFactory(name="Đoàn xã Ea Kao"), name="Chi đoàn Buôn Kao")


@pytest.fixture
def secretary(branch):
    return account_at(branch)


@pytest.fixture
def member(branch):
    return MemberFactory(home=branch, full_name="H'Mai Niê")


def away(member, by, **said):
    values = {"place": PLACE, "kind": "temporary", "starts_on": MAY_1, "decision": "GT 7", "by": by, "on": TODAY}
    return begin_away(member=member, **values | said)


def test_away_is_kept_at_home_and_counts_there(branch, member, secretary):
    stay = away(member, secretary)
    assert (stay.place, stay.kind, stay.starts_on, stay.ends_on, stay.written_by) == (
        PLACE, "temporary", MAY_1, None, secretary,
    )  # fmt: skip
    assert register_figures(units=Q(unit=branch), keys=["members"], day=TODAY) == {"members": 1}
    assert member.memberships.count() == 1
    end_away(stay=stay, ends_on=TODAY, note="Đã về", on=TODAY)
    stay.refresh_from_db()
    assert (stay.ends_on, stay.note) == (TODAY, "Đã về")
    with pytest.raises(EnrolmentRefused, match="Việc này đã kết thúc từ 22/11/2026"):
        end_away(stay=stay, ends_on=TODAY, on=TODAY)


@pytest.mark.parametrize(
    ("said", "errors"),
    [
        ({"place": "  "}, {"where": "Hãy ghi nơi sinh hoạt."}),
        ({"kind": "official"}, {"kind": "Hãy chọn sinh hoạt tạm thời hoặc nơi cư trú."}),
        ({"starts_on": datetime.date(2026, 11, 23)}, {"starts_on": "Ngày này chưa đến."}),
        (
            {"starts_on": datetime.date(2014, 12, 31)},
            {"starts_on": "Hãy ghi ngày từ 01/01/2015, ngày vào chi đoàn, trở đi."},
        ),
    ],
)
def test_what_cannot_be_is_refused(member, secretary, said, errors):
    with pytest.raises(EnrolmentRefused) as refused:
        away(member, secretary, **said)
    assert refused.value.errors == errors
    assert not AwayStay.objects.exists()


def test_the_same_place_twice_is_refused_until_the_first_is_over(member, secretary):
    stay = away(member, secretary)
    with pytest.raises(EnrolmentRefused) as refused:
        away(member, secretary, place="khu cong nghiep song than, binh duong", kind="residence")
    assert list(refused.value.errors) == ["where"]
    with pytest.raises(EnrolmentRefused, match="Hãy ghi ngày sau 01/05/2026, ngày bắt đầu"):
        end_away(stay=stay, ends_on=MAY_1, on=TODAY)
    with pytest.raises(EnrolmentRefused, match="Ngày này chưa đến"):
        end_away(stay=stay, ends_on=TODAY + datetime.timedelta(days=1), on=TODAY)
    end_away(stay=stay, ends_on=TODAY, on=TODAY)
    assert away(member, secretary).pk != stay.pk


# --- the exception of deletion --------------------------------------------------------------------


def excuses(member):
    return [(line.text, line.warns) for line in evidence_of(member, on=TODAY) if PLACE in line.text]


@pytest.mark.parametrize(
    ("starts_on", "warns"),
    [(datetime.date(2025, 11, 22), True), (datetime.date(2025, 11, 21), False)],  # a year to the day, and a day more
)
def test_away_up_to_a_year_excuses_and_longer_does_not(member, secretary, starts_on, warns):
    away(member, secretary, starts_on=starts_on)
    ((text, said),) = excuses(member)
    assert said is warns
    begun = f"Sinh hoạt tạm thời tại {PLACE} từ {starts_on:%d/%m/%Y}"
    if warns:
        assert text == f"{begun}: không xóa tên người đi xa không quá 12 tháng có báo cáo."
    else:
        assert text == f"{begun}, có báo cáo nhưng đã quá 12 tháng."


def test_the_number_of_months_is_the_rule(member, secretary):
    away(member, secretary)
    assert [warns for _, warns in excuses(member)] == [True]
    RuleFactory(key="deletion_away_months", value=6)  # since 22/05/2026
    assert [warns for _, warns in excuses(member)] == [False]


def test_a_stay_over_for_more_than_a_year_is_not_told(member, secretary):
    stay = away(member, secretary, starts_on=datetime.date(2025, 1, 1))
    end_away(stay=stay, ends_on=datetime.date(2025, 11, 22), on=TODAY)
    assert excuses(member) == []
    AwayStay.objects.update(ends_on=datetime.date(2025, 11, 23))
    assert [warns for _, warns in excuses(member)] == [True]


# --- with other steps -----------------------------------------------------------------------------


def test_leaving_ends_it_and_a_transfer_takes_it_along(branch, member, secretary):
    away(member, secretary)
    other = MemberFactory(home=branch)
    away(other, secretary, starts_on=TODAY)
    target = UnitFactory(name="Chi đoàn Sở Y tế")
    transfer = send_transfer(member=member, target=target, asked_on=MAY_1, remark="Tốt", by=secretary, on=TODAY)
    accept_transfer(transfer=transfer, moved_on=TODAY, by=account_at(target), on=TODAY)
    assert AwayStay.objects.get(member=member).ends_on is None
    leave(member=other, reason="died", on=TODAY, decision="", note="", by=secretary, today=TODAY)
    assert AwayStay.objects.get(member=other).ends_on == datetime.date(2026, 11, 23)  # a span is never empty


def test_merged_into_the_kept_record_and_gone_when_anonymised(branch, secretary):
    kept, absorbed = (MemberFactory(home=branch, full_name="Trần Văn Bình") for _ in range(2))
    away(absorbed, secretary)
    merge_members(kept=kept, absorbed=absorbed, versions=(kept.version, absorbed.version), by=secretary)
    assert AwayStay.objects.get().member == kept
    gone = MemberFactory(home=branch, is_active=False)
    away_of_gone = AwayStay.objects.create(
        member=gone, kind="residence", place=PLACE, starts_on=datetime.date(2016, 1, 1), written_by=secretary,
        ends_on=datetime.date(2017, 1, 1),
    )  # fmt: skip
    gone.memberships.update(ends_on=datetime.date(2018, 1, 1), end_reason="moved_out")
    assert ("lần sinh hoạt ở nơi ngoài phần mềm", 1) in [(one.what, one.count) for one in losses_of(gone)]
    anonymise(member=gone, version=gone.version, by=secretary, on=TODAY)
    assert not AwayStay.objects.filter(pk=away_of_gone.pk).exists()
    assert AwayStay.objects.count() == 1


def test_own_copy_says_it(member, secretary):
    away(member, secretary)
    content = own_copy(member, sensitive=None, shows_sensitive=False, made_on=TODAY)
    rows = [row for sheet in load_workbook(io.BytesIO(content)) for row in sheet.iter_rows(values_only=True)]
    (row,) = [row for row in rows if PLACE in row]
    assert row[:1] + row[2:5] == ("Sinh hoạt tạm thời", "đang ở đó", PLACE, "GT 7")


# --- pages ----------------------------------------------------------------------------------------


def text_of(answer) -> str:
    return html.unescape(answer.content.decode())


def test_written_on_the_page_and_seen_on_member_and_list(client, branch, member, secretary):
    client.force_login(secretary)
    url = reverse("branches:stay_new", args=[member.pk])
    said = {"form_key": str(uuid.uuid4()), "kind": "temporary", "where": PLACE, "starts_on": "01/05/2026"}
    page = text_of(client.post(url, said | {"do": "find"}))
    assert "Nơi khác, chưa dùng phần mềm này" in page
    assert not AwayStay.objects.exists()
    sent = said | {"do": "save", "target": "outside", "decision": "GT 7"}
    answer = client.post(url, sent)
    assert answer.headers["Location"] == reverse("branches:member", args=[member.pk])
    client.post(url, sent)  # sent twice is once
    stay = AwayStay.objects.get()
    page = text_of(client.get(answer.headers["Location"]))
    assert f"{PLACE}, từ 01/05/2026" in page
    end_url = reverse("branches:away_end", args=[stay.pk])
    assert end_url in page
    assert end_url in text_of(client.get(url))
    rows = client.get(reverse("branches:member_list", args=[branch.pk])).context["rows"]
    assert [(row["name"], row["away"]) for row in rows] == [("H'Mai Niê", PLACE)]
    client.post(end_url, {"form_key": str(uuid.uuid4()), "ends_on": "20/11/2026", "note": ""})
    assert AwayStay.objects.get().ends_on == datetime.date(2026, 11, 20)
    rows = client.get(reverse("branches:member_list", args=[branch.pk])).context["rows"]
    assert [row["away"] for row in rows] == [""]
    assert f"{PLACE}, 01/05/2026 đến trước 20/11/2026" in text_of(client.get(answer.headers["Location"]))


def test_strangers_do_not_end_it_and_readers_may_not(client, branch, member, secretary):
    stay = away(member, secretary)
    url = reverse("branches:away_end", args=[stay.pk])
    said = {"form_key": str(uuid.uuid4()), "ends_on": "20/11/2026"}
    for account, answer in (
        (account_at(UnitFactory()), 404),
        (account_at(branch, "committee_member"), 403),
        (account_at(branch, "party_secretary"), 404),
    ):
        client.force_login(account)
        assert client.post(url, said).status_code == answer
    assert AwayStay.objects.get().ends_on is None


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_list_asks_the_same_queries_with_and_without_stays(client, branch, secretary, rows):
    url = reverse("branches:member_list", args=[branch.pk])
    people = [MemberFactory(home=branch) for _ in range(rows)]
    client.force_login(secretary)
    with CaptureQueriesContext(
        connection,
    ) as without:
        client.get(url)
    for one in people:
        away(one, secretary)
    with CaptureQueriesContext(connection) as having:
        listed = client.get(url).context["rows"]
    assert len(having) == len(without)
    assert [row["away"] for row in listed] == [PLACE] * rows
    assert Member.objects.count() == rows
