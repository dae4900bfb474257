"""The demo province: the running year, invented people only, and refusals of the loader."""

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from branches.models import Account, Activity, Direction, Indicator, Member, Post, Target, Unit
from branches.totals import compare_totals
from inspections.models import CasePaper, Complaint, HostAttendee, Inspection, Recommendation, TeamSeat
from reports.demo.people import is_invented
from reports.models import PeriodReport
from reports.progress import Standing, progress_for

from .demo_world import TODAY, standing, unit, year

SIX = ("bithu", "doanvien", "doancaptren", "ubkt", "capuy", "quantri")
pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("province")]


@pytest.fixture(scope="module")
def province(django_db_setup, django_db_blocker, tmp_path_factory):
    yield from standing(django_db_setup, django_db_blocker, tmp_path_factory)


# --- case C -----------------------------------------------------------------------------------------


def test_case_c_directions_became_targets_that_can_be_followed():
    table = progress_for(unit("cuc-thads"), year(2023), as_of=TODAY)
    given = Direction.objects.filter(unit__code="cuc-thads", given_on=datetime.date(2023, 3, 31))
    assert given.count() == 8
    assert all(direction.targets.exists() for direction in given)
    found = {
        code: (table.row(code).done.value, table.row(code).aim.value)
        for code in (
            "backlog_cleared",
            "books_given",
            "law_talk_turns",
            "sport_disciplines",
            "sport_teams",
            "sport_players",
        )
    }
    assert found == {
        "backlog_cleared": (74, 90),
        "books_given": (320, 300),
        "law_talk_turns": (120, 100),
        "sport_disciplines": (3, 3),
        "sport_teams": (8, 8),
        "sport_players": (64, 60),
    }  # fmt: skip


def test_case_c_had_no_figures_the_year_before():
    rows = progress_for(unit("cuc-thads"), year(2022), as_of=TODAY).rows
    assert {row.done.value for row in rows} == {None}


# --- the running year -------------------------------------------------------------------------------


def test_every_page_has_something_today():
    bithu = unit("so-tttt")
    standings = progress_for(bithu, year(2026), as_of=TODAY).counts
    assert {Standing.MET, Standing.OVER, Standing.BEHIND, Standing.NOT_MEASURABLE} <= set(standings)
    assert Activity.objects.filter(unit=bithu).undecided(TODAY).count() == 2
    assert Activity.objects.filter(unit=bithu, state="cancelled").count() == 1
    late = Recommendation.objects.overdue(TODAY)
    assert set(late.values_list("inspection__unit__code", flat=True)) == {"so-tttt", "tt-hanh-chinh-cong", "xay-lap"}
    assert set(Inspection.objects.values_list("state", flat=True)) == set(Inspection.State.values)
    assert not Target.objects.filter(unit__code="thanh-tra", period__starts_on__year=2026).exists()
    assert PeriodReport.objects.filter(unit=bithu).count() == 3


def test_model_branches_meet_every_month():
    """A year of a model branch is told by the month, so that a target of one a month is met."""
    for code in ("so-tnmt", "so-tu-phap", "cuc-thads"):
        row = progress_for(unit(code), year(2025), as_of=TODAY).row("branch_meetings")
        assert (row.standing, row.done.value, row.missing_spans) == (Standing.MET, 12, ()), code
    # Three branches of one union: one meeting a month of each.
    row = progress_for(unit("so-nn"), year(2026), as_of=TODAY).row("branch_meetings")
    assert (row.target.value, row.aim.value) == (1, 36)


def test_the_member_owns_targets():
    own = Target.objects.filter(owner=Account.objects.get(username="doanvien").member)
    assert sorted(own.values_list("indicator__code", "period__name")) == [
        ("digital_help_turns", "Năm 2026"),
        ("news_items", "Năm 2026"),
    ]


def test_nothing_is_held_after_today():
    assert not Activity.objects.counted().filter(last_on__gt=TODAY).exists()


def test_the_moved_unit_counts_under_both_superiors_in_its_year():
    moved = unit("bql-kcn")
    spans = list(moved.placements.order_by("starts_on").values_list("superior__code", "ends_on"))
    assert spans == [("doan-khoi-dn", datetime.date(2026, 7, 1)), ("doan-khoi", None)]
    before = progress_for(unit("doan-khoi-dn"), year(2026), as_of=TODAY).row("branch_meetings")
    own = progress_for(moved, year(2026), as_of=TODAY).row("branch_meetings")
    assert 0 < before.done.value < own.done.value


def test_kept_totals_are_those_of_the_lines():
    assert compare_totals() == []


# --- people and the loader --------------------------------------------------------------------------


def test_every_person_is_invented():
    names = set(Member.objects.values_list("full_name", flat=True)) | set(
        Account.objects.values_list("full_name", flat=True)
    )
    names |= set(TeamSeat.objects.values_list("name", flat=True))
    names |= set(Inspection.objects.exclude(signer_name="").values_list("signer_name", flat=True))
    names |= set(HostAttendee.objects.exclude(post_text="").values_list("name", flat=True))
    names |= set(PeriodReport.objects.exclude(signer_name="").values_list("signer_name", flat=True))
    names |= set(CasePaper.objects.exclude(signer_name="").values_list("signer_name", flat=True))
    names |= set(Complaint.objects.exclude(from_name="").values_list("from_name", flat=True))
    assert [name for name in sorted(names) if not is_invented(name)] == []


def test_counts():
    assert [Unit.objects.count(), Member.objects.filter(is_active=True).count()] == [28, 356]
    assert Activity.objects.count() > 1000
    assert Indicator.objects.count() == 76


def test_the_six_accounts_and_their_posts(province):
    found = {
        name: list(
            Post.objects.held_on(TODAY)
            .filter(account__username=name)
            .order_by("type__position", "pk")
            .values_list("type__code", "unit__code")
        )
        for name in SIX
    }
    assert found == {
        "bithu": [("secretary", "so-tttt")],
        "doanvien": [("member", "so-tttt")],
        "doancaptren": [("superior_office", "doan-khoi")],
        "ubkt": [("inspection_chair", "doan-khoi")],
        "capuy": [("party_secretary", "cuc-thads"), ("party_member", "so-tttt")],
        "quantri": [("administrator", "tinh-doan")],
    }
    assert all(name in province for name in SIX)
    assert Account.objects.get(username="bithu").member.home.code == "so-tttt"
    superusers = Account.objects.filter(is_superuser=True).values_list("username", flat=True)
    assert list(superusers) == ["quantri"]


def test_the_committee_of_the_branch_is_in_its_register(client):
    held = Post.objects.held_on(TODAY).filter(unit__code="so-tttt", type__body="committee")
    found = {post.account.username: post.account.member for post in held.select_related("account__member__home")}
    assert sorted(found) == ["bithu", "phobithu", "uyvien"]
    for username, member in found.items():
        assert (member.home.code, member.is_active) == ("so-tttt", True)
        assert Account.objects.get(username=username).full_name == member.full_name
    own = Account.objects.get(username="doanvien").member
    client.force_login(own.account)
    assert client.get(reverse("branches:member", args=[own.pk])).context["is_own"]
    assert client.get(reverse("branches:member", args=[found["bithu"].pk])).status_code == 404


def test_the_former_secretary_holds_nothing_today():
    assert not Post.objects.held_on(TODAY).filter(account__username="bithu-cu").exists()


def test_printed_password_opens_the_accounts(province, client):
    password = province.split("dùng thử: ")[1].split("\n")[0].strip()
    assert all(client.login(username=name, password=password) for name in SIX)
    assert not Account.objects.get(username="phobithu").has_usable_password()


def test_the_loader_refuses_a_database_in_use(settings):
    settings.DEBUG = True
    with pytest.raises(CommandError, match="not empty"):
        call_command("load_demo", stdout=StringIO())


def test_the_loader_refuses_without_debug():
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("load_demo", stdout=StringIO())


def test_accounts_are_told_again(settings):
    settings.DEBUG = True
    told = StringIO()
    call_command("load_demo", accounts=True, stdout=told)
    assert "Bí thư Chi đoàn Sở Thông tin và Truyền thông" in told.getvalue()
