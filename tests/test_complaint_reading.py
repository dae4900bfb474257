"""Who reads a letter: exactly the committee that received it, and each opening is written down."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.models import Period, Unit, UnitEvent
from inspections.complaining import (
    complaint_figures,
    masked,
    refuse,
    take_up,
)
from inspections.models import Complaint, ComplaintAccess, ComplaintFile
from inspections.preparing import SeatLine
from reports.digest import letter_to, sections_for
from reports.waiting import waiting_for
from tests.factories import AccountFactory, MemberFactory, UnionFactory, account_at
from tests.inspecting import TODAY, nobody, planned, scene, stranger
from tests.letters import Day, letter, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    day_of = timezone.localdate
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *moment: day_of(*moment) if moment else TODAY)


@pytest.fixture
def s(media):
    return scene()


KEY = "7f1cb0de-6e5b-4c3e-9d43-3f0f7c7d3a11"
PAGES = ("", "_edit", "_take_up", "_refuse", "_forward", "_case", "_link")
READ = {"chair", "member of the committee"}
HIDDEN = {
    "secretary of the unit": lambda s: s.secretary,
    "member of the unit": lambda s: account_at(s.branch, "member", member=MemberFactory(home=s.branch)),
    "secretary beside": lambda s: account_at(s.sibling),
    "head of the team": lambda s: s.head,
    "team": lambda s: s.seated,
    "former member of the committee": lambda s: former(s),
    "committee above": lambda s: account_at(Unit.objects.get(pk=s.union.superior_pk), "inspection_chair"),
    "committee beside": lambda s: account_at(s.sibling, "inspection_chair"),
    "office of the superior": lambda s: account_at(s.union, "superior_office"),
    "secretary of the superior": lambda s: account_at(s.union, "superior_secretary"),
    "party committee": lambda s: account_at(s.union, "party_secretary"),
    "administrator": lambda s: account_at(s.union, "administrator"),
    "stranger": lambda s: stranger(),
    "without a post": lambda s: nobody(),
}


def former(s):
    """Whose post in the committee ended yesterday."""
    account = account_at(s.union, "inspection_member")
    account.posts.update(starts_on=Day(2020, 1, 1), ends_on=TODAY)
    return type(account).objects.get(pk=account.pk)


@pytest.fixture
def told(s):
    """A letter with a file, looked into in a case with a team."""
    s.head, s.seated = AccountFactory(full_name="Trưởng Đoàn"), AccountFactory(full_name="Người Trong Đoàn")
    team = [SeatLine("A", role="head", account=s.head), SeatLine("B", account=s.seated)]
    s.case, s.row = planned(s, team=team), letter(s)
    s.row.inspection = s.case
    s.row.save()
    s.file = ComplaintFile(complaint=s.row, kind="pdf", content_type="application/pdf", name="don.pdf")
    s.file.file.save("don.pdf", ContentFile(b"%PDF-1.4"))
    return s


def addresses(s) -> list[str]:
    return [*(url(f"complaint{name}", s.row) for name in PAGES), url("complaint_file", s.file)]


@pytest.mark.parametrize("who", sorted(READ))
def test_the_committee_that_received_it_reads_it(told, client, who):
    client.force_login({"chair": told.chair}.get(who, told.inspector))
    statuses = {place: client.get(place).status_code for place in addresses(told)}
    assert statuses == {place: 302 if place == url("complaint_case", told.row) else 200 for place in statuses}
    assert "Đơn thư số 1/2026" in client.get(url("inspection", told.case)).content.decode()


@pytest.mark.parametrize("who", HIDDEN)
def test_nobody_else_reads_writes_or_learns_of_it(told, client, who):
    """Neither the unit complained about nor the team of the case nor anybody above: there is no such letter."""
    account = HIDDEN[who](told)
    client.force_login(account)
    assert not Complaint.objects.visible_to(account).exists()
    assert not ComplaintFile.objects.visible_to(account).exists()
    assert {client.get(place).status_code for place in addresses(told)} == {404}
    values = {"form_key": KEY, "version": told.row.version, "ended_on": "22/11/2026", "reason": "x", "answer": "x"}
    for place in (*addresses(told)[1:-1], url("complaint_answer", told.row)):
        assert client.post(place, values).status_code == 404, place
    assert Complaint.objects.values("state", "version").get() == {"state": "received", "version": told.row.version}
    assert ComplaintAccess.objects.count() == 0
    page = client.get(url("inspection", told.case))
    assert "đơn thư" not in page.content.decode().lower()
    register = client.get(reverse("inspections:complaint_list"))
    assert register.status_code == 404 or "Số 1/2026" not in register.content.decode()


def test_every_opening_is_written_down_and_shown(s, client):
    row = letter(s)
    file = ComplaintFile(complaint=row, kind="pdf", content_type="application/pdf", name="don.pdf")
    file.file.save("don.pdf", ContentFile(b"%PDF-1.4"))
    client.force_login(s.chair)
    client.get(url("complaint", row))
    client.get(url("complaint_edit", row))
    client.get(url("complaint_file", file))
    client.get(reverse("inspections:complaint_list"))  # the list opens none
    client.force_login(s.inspector)
    page = client.get(url("complaint", row)).content.decode()
    client.force_login(s.secretary)
    client.get(url("complaint", row))
    assert list(ComplaintAccess.objects.order_by("pk").values_list("account__full_name", flat=True)) == [
        "Phạm Thị Chủ Nhiệm", "Phạm Thị Chủ Nhiệm", "Phạm Thị Chủ Nhiệm", "Mai Thị Ủy Viên",
    ]  # fmt: skip
    assert page[page.index("Đã mở đơn này") :].count("Phạm Thị Chủ Nhiệm") == 3


def test_the_list_masks_senders_and_finds_without_marks(s, client):
    letter(s)
    letter(s, unit=s.sibling, from_name="")
    client.force_login(s.chair)

    def found(query=""):
        page = client.get(reverse("inspections:complaint_list") + query).content.decode()
        assert "Ánh" not in page
        assert "thu đoàn phí" not in page
        return [number for number in ("1/2026", "2/2026") if f"Số {number}" in page], page

    numbers, page = found()
    assert numbers == ["1/2026", "2/2026"]
    assert ("N. V. Á." in page, "Không ghi tên" in page) == (True, True)
    assert found("?tim=anh")[0] == ["1/2026"]  # the sender, without marks
    assert found("?tim=ben+canh")[0] == ["2/2026"]  # the unit
    assert found("?tim=2%2F2026")[0] == ["2/2026"]
    assert found("?tim=khong+ghi+so")[0] == []  # what a letter says is not searched
    assert found("?tinh_trang=mo")[0] == ["1/2026", "2/2026"]
    assert found("?loai=complaint")[0] == []
    assert masked("  nguyễn  ÁNH ") == "N. Á."


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_costs_the_same(s, client, count):
    for _ in range(count):
        letter(s)
    client.force_login(s.chair)
    client.get(reverse("inspections:complaint_list"))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("inspections:complaint_list"))
    assert len([one for one in asked if "inspections_complaint" in one["sql"]]) == 3  # any, how many, the page


def test_sums_are_counts_alone(s):
    letter(s)
    done = letter(s, kind="complaint")
    refuse(complaint=done, version=1, by=s.chair, ended_on=TODAY, reason="Trùng", on=TODAY)
    letter(s, received_on=Day(2025, 12, 31))
    letter(scene())
    figures = complaint_figures([s.union], Period.of_year(2026))
    assert figures == {"kind": {"petition": 1, "complaint": 1}, "state": {"received": 1, "refused": 1}}


def test_a_letter_about_a_unit_that_ended_stays_and_can_be_dealt_with(s, client):
    row = letter(s)
    Unit.objects.filter(pk=s.branch.pk).update(dissolved_on=Day(2026, 11, 10))
    client.force_login(s.chair)
    assert s.branch.name in client.get(reverse("inspections:complaint_list")).content.decode()
    assert f'value="{s.branch.pk}" selected' in client.get(url("complaint_edit", row)).content.decode()
    assert f'value="{s.branch.pk}"' not in client.get(reverse("inspections:complaint_new")).content.decode()
    assert take_up(complaint=row, version=1, by=s.chair, on=TODAY).state == "taken_up"


def test_the_register_goes_on_with_the_heir(s):
    row = letter(s)
    heir = UnionFactory(name="Đoàn mới", superior=Unit.objects.get(pk=s.union.superior_pk))
    chair = account_at(heir, "inspection_chair")
    assert not Complaint.objects.visible_to(chair).exists()
    UnitEvent.objects.create(unit=s.union, kind="merge", decided_on=TODAY, takes_effect_on=TODAY, other=heir, heir=heir)
    assert list(Complaint.objects.visible_to(chair)) == [row]
    assert take_up(complaint=row, version=1, by=chair, on=TODAY).state == "taken_up"


# --- what waits, and the letter of the week ---------------------------------------------------------


def test_what_comes_due_waits_for_the_committee_without_saying_what(s):
    letter(s, received_on=Day(2026, 11, 2))  # due tomorrow
    letter(s, received_on=Day(2026, 11, 20), kind="denunciation")  # due in January
    post = s.chair.posts_today[0]
    told = [item for item in waiting_for(s.chair, post, on=TODAY).first if "đơn thư" in item.what]
    assert [(item.what, item.context, item.word) for item in told] == [
        ("1 đơn thư sắp đến hạn", "Sổ đơn thư của Ủy ban Kiểm tra", "Còn 1 ngày")
    ]
    assert told[0].url == reverse("inspections:complaint_list") + "?tinh_trang=mo"
    for account in (s.secretary, account_at(Unit.objects.get(pk=s.union.superior_pk), "inspection_chair")):
        first = waiting_for(account, account.posts_today[0], on=TODAY).first
        assert [item for item in first if "đơn thư" in item.what] == []
    mail = letter_to(s.chair, sections_for(s.chair, on=TODAY), on=TODAY)
    text = f"{mail.subject}\n{mail.body}\n{mail.alternatives}"
    assert "1 đơn thư sắp đến hạn" in text
    assert s.branch.name not in text
