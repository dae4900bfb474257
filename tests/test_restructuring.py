"""Unit events: found, rename, move, merge, split, dissolve; people counted once, papers of their day."""

import datetime
import io
import threading
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import expect

from branches.enrolling import EnrolmentRefused, enrol_member
from branches.listing import activity_page
from branches.merging import NewUnit, Shares, foresee, merge_units, split_unit
from branches.models import Activity, Member, Membership, Succession, Transfer, Unit, UnitEvent
from branches.register import register_figures
from branches.restructuring import (
    RestructuringRefused,
    dissolve_unit,
    found_unit,
    move_unit,
    name_on,
    names_on,
    rename_unit,
)
from branches.tree import scope_of
from reports.board import board_for
from reports.progress import progress_for
from tests.browsing import Looker
from tests.conftest import DESKTOP, PHONE
from tests.factories import (
    ActivityFactory,
    IndicatorFactory,
    MemberFactory,
    PostFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
    account_at,
    year,
)
from tests.test_progress import log

pytestmark = pytest.mark.django_db
Day = datetime.date
DAY = Day(2026, 11, 15)  # the decision takes effect
TODAY = Day(2026, 11, 22)
BRANCH = Unit.Kind.BRANCH


@pytest.fixture
def union():
    return UnionFactory(name="Đoàn Khối các cơ quan")


@pytest.fixture
def office(union):
    """The superior's office: approves below."""
    return account_at(union, "superior_office")


def merge(office, union, *sources, **fields):
    given = {"on": DAY, "today": TODAY, "decision": "12-QĐ/ĐK"} | fields
    if "into" not in given:
        given |= {"new": given.get("new") or NewUnit("Chi đoàn Sở Nông nghiệp và Môi trường", BRANCH)}
    return merge_units(by=office, superior=union, sources=sources, **given)


def counted(union, day) -> int:
    """Members below the superior on the day, by the tree of that day."""
    return register_figures(units=scope_of(union, day).on(day), keys=["members"], day=day)["members"]


# --- merging --------------------------------------------------------------------------------------


def test_merging_two_branches_into_a_new_one(union, office):
    farm, earth = UnitFactory(superior=union, place="An Hòa"), UnitFactory(superior=union, place="An Hòa")
    people = [MemberFactory(home=farm), MemberFactory(home=farm), MemberFactory(home=earth)]
    secretary = PostFactory(unit=farm)
    made = merge(office, union, farm, earth, decided_on=Day(2026, 11, 10))

    assert (made.name, made.superior_pk, made.place) == ("Chi đoàn Sở Nông nghiệp và Môi trường", union.pk, "An Hòa")
    farm.refresh_from_db()
    assert (farm.dissolved_on, farm.placements.get().ends_on) == (DAY, DAY)
    assert set(Member.objects.filter(home=made)) == set(people)
    for person in people:
        old, new = person.memberships.order_by("starts_on")
        assert (old.ends_on, old.end_reason, old.end_decision) == (DAY, "with_unit", "12-QĐ/ĐK")
        assert (new.unit, new.starts_on, new.ends_on, new.begin_reason) == (made, DAY, None, "with_unit")
        last = person.history.latest()
        assert (last.home, last.history_user, last.history_type) == (made, office, "~")
        assert Member.objects.get(pk=person.pk).version == 2
    secretary.refresh_from_db()
    assert secretary.ends_on == DAY
    assert set(made.predecessors.values_list("predecessor", flat=True)) == {farm.pk, earth.pk}
    events = UnitEvent.objects.filter(kind="merge").values_list("unit", "other", "decision")
    assert set(events) == {
        (farm.pk, made.pk, "12-QĐ/ĐK"), (made.pk, farm.pk, "12-QĐ/ĐK"),
        (earth.pk, made.pk, "12-QĐ/ĐK"), (made.pk, earth.pk, "12-QĐ/ĐK"),
    }  # fmt: skip


def test_merging_into_one_of_them_keeps_its_people_and_posts(union, office):
    stays, ends = UnitFactory(superior=union), UnitFactory(superior=union)
    home, came = MemberFactory(home=stays), MemberFactory(home=ends)
    post = PostFactory(unit=stays)
    assert merge(office, union, stays, ends, into=stays) == stays
    assert home.memberships.get().unit == stays
    assert came.memberships.count() == 2
    assert set(Member.objects.filter(home=stays)) == {home, came}
    post.refresh_from_db()
    assert post.ends_on is None
    assert Succession.objects.get().predecessor == ends


def test_pages_of_merged_units_lead_to_each_other(client, union, office):
    farm, earth = UnitFactory(superior=union), UnitFactory(superior=union)
    old, made = farm.pk, merge(office, union, farm, earth)
    link = 'href="{}"'.format
    client.force_login(office)
    here = link(reverse("branches:unit", args=[made.pk]))
    assert here in client.get(reverse("branches:unit", args=[old])).content.decode()
    there = client.get(reverse("branches:unit", args=[made.pk])).content.decode()
    assert link(reverse("branches:unit", args=[old])) in there
    # Whose posts do not reach the old unit reads its name and gets no link into a refusal.
    client.force_login(account_at(made))
    own = client.get(reverse("branches:unit", args=[made.pk])).content.decode()
    assert farm.name in own
    assert link(reverse("branches:unit", args=[old])) not in own


def test_people_are_counted_once_on_every_day_across_a_merge(union, office):
    farm, earth = UnitFactory(superior=union), UnitFactory(superior=union)
    for home in (farm, farm, earth):
        MemberFactory(home=home)
    made = merge(office, union, farm, earth)
    days = [DAY - datetime.timedelta(days=1), DAY, DAY + datetime.timedelta(days=1), TODAY, Day(2016, 1, 1)]
    assert [counted(union, day) for day in days] == [3, 3, 3, 3, 3]
    assert [counted(made, day) for day in days] == [0, 3, 3, 3, 0]
    assert [counted(farm, day) for day in days] == [2, 0, 0, 0, 2]


def test_what_happened_between_the_day_and_today_is_put_right(union, office):
    farm, earth, far = UnitFactory(superior=union), UnitFactory(superior=union), UnitFactory()
    enrolled = MemberFactory(home=farm, since=Day(2026, 11, 18))
    left = MemberFactory(home=farm)
    left.memberships.update(ends_on=Day(2026, 11, 20), end_reason="moved_out", end_decision="GT 7")
    Membership.objects.create(member=left, unit=far, starts_on=Day(2026, 11, 20), begin_reason="moved_in")
    Member.objects.filter(pk=left.pk).update(home=far)
    gone = MemberFactory(home=farm)
    gone.memberships.update(ends_on=Day(2026, 3, 1), end_reason="matured")
    made = merge(office, union, farm, earth)

    only = enrolled.memberships.get()
    assert (only.unit, only.starts_on, only.begin_reason) == (made, Day(2026, 11, 18), "registered")
    spans = left.memberships.order_by("starts_on").values_list("unit", "ends_on", "end_reason", "end_decision")
    assert list(spans) == [
        (farm.pk, DAY, "with_unit", "12-QĐ/ĐK"),
        (made.pk, Day(2026, 11, 20), "moved_out", "GT 7"),
        (far.pk, None, "", ""),
    ]
    assert Member.objects.get(pk=left.pk).home == far
    assert Member.objects.get(pk=gone.pk).home == farm
    assert gone.memberships.get().end_reason == "matured"
    # 14: left. 15-17: left. 18: left, enrolled. 20: enrolled.
    assert [counted(union, Day(2026, 11, day)) for day in (14, 15, 18, 20)] == [1, 1, 2, 1]


def test_guests_follow_and_nobody_is_a_guest_at_home(union, office):
    farm, earth, third = (UnitFactory(superior=union) for _ in range(3))
    guest = MemberFactory(home=third)
    at_home = MemberFactory(home=earth)
    twice = MemberFactory(home=third)
    for member, unit in ((guest, farm), (at_home, farm), (twice, farm), (twice, earth)):
        Membership.objects.create(member=member, unit=unit, kind="residence", starts_on=Day(2026, 1, 1))
    made = merge(office, union, farm, earth)
    assert guest.memberships.get(unit=made).kind == "residence"
    assert [row.kind for row in at_home.memberships.filter(unit=made)] == ["official"]
    assert twice.memberships.filter(unit=made).count() == 1
    assert Member.objects.get(pk=guest.pk).home == third


def test_open_papers_go_along(union, office):
    farm, earth, third = (UnitFactory(superior=union) for _ in range(3))
    within, out, coming = MemberFactory(home=farm), MemberFactory(home=farm), MemberFactory(home=third)

    def letter(member, source, target):
        return Transfer.objects.create(
            member=member, source=source, target=target, target_name=target.name, asked_on=DAY, remark="Tốt",
            due_on=Day(2026, 12, 15), sent_by=office,
        )  # fmt: skip

    letters = [letter(within, farm, earth), letter(out, farm, third), letter(coming, third, earth)]
    planned = ActivityFactory(unit=farm, state="planned", starts_on=Day(2026, 12, 1))
    held = ActivityFactory(unit=farm, starts_on=Day(2026, 11, 17))
    made = merge(office, union, farm, earth)
    for one in letters:
        one.refresh_from_db()
    assert [(one.source, one.target, one.state) for one in letters] == [
        (made, made, "withdrawn"), (made, third, "sent"), (third, made, "sent"),
    ]  # fmt: skip
    assert Activity.objects.get(pk=planned.pk).unit == made
    assert Activity.objects.get(pk=held.pk).unit == farm


def test_results_stay_and_the_superiors_total_is_the_same_before_and_after(union, office):
    farm, earth = UnitFactory(superior=union), UnitFactory(superior=union)
    blood = IndicatorFactory()
    TargetFactory(unit=union, indicator=blood, value=20)
    log(farm, blood, 5, Day(2026, 3, 1))
    log(earth, blood, 7, Day(2026, 4, 1))
    log(farm, blood, 2, Day(2026, 11, 18))  # logged at the old unit after the day, before the decision came

    def total():
        (row,) = progress_for(union, year(2026), as_of=TODAY).rows
        return row.done.value

    assert total() == 14
    made = merge(office, union, farm, earth)
    log(made, blood, 1, TODAY)
    assert total() == 15
    board = board_for(union, year(2026), as_of=TODAY)
    assert {row.unit.pk for row in board.rows} >= {made.pk}


def test_units_below_a_merged_union_are_hung_under_the_new_one(union, office):
    kind = Unit.Kind.GRASSROOTS_UNION
    one, two = UnitFactory(superior=union, kind=kind), UnitFactory(superior=union, kind=kind)
    branch = UnitFactory(superior=one)
    group = UnitFactory(superior=branch, kind=Unit.Kind.SUB_BRANCH)
    late = UnitFactory(superior=one, on=Day(2026, 11, 17))
    MemberFactory(home=branch)
    made = merge(office, union, one, two, new=NewUnit("Đoàn Sở mới", kind))
    branch.refresh_from_db(), group.refresh_from_db()
    assert branch.path == f"{made.path}{branch.pk}/"
    assert group.path == f"{branch.path}{group.pk}/"
    assert list(branch.placements.order_by("starts_on").values_list("superior", "ends_on")) == [
        (one.pk, DAY), (made.pk, None),
    ]  # fmt: skip
    assert late.placements.get().superior == made  # it was never under the old one
    assert [counted(one, DAY - datetime.timedelta(days=1)), counted(made, DAY), counted(union, DAY)] == [1, 1, 1]


def test_merging_asks_the_same_number_of_queries_for_1_and_300_members(union, office):
    assert office.posts_today  # asked once a request
    counts = []
    for size in (1, 300):
        farm, earth = UnitFactory(superior=union), UnitFactory(superior=union)
        homes = Member.objects.bulk_create(
            Member(full_name=f"Nguyễn Văn {n}", home=farm, name_key="", name_lower="", sort_key="") for n in range(size)
        )
        Membership.objects.bulk_create(Membership(member=one, unit=farm, starts_on=Day(2020, 1, 1)) for one in homes)
        with CaptureQueriesContext(connection) as asked:
            merge(office, union, farm, earth)
        counts.append(sum(1 for query in asked if not query["sql"].startswith("INSERT")))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"on": Day(2026, 11, 23)}, "chưa đến"),
        ({"on": Day(2015, 1, 1)}, "phải sau ngày 01/01/2015"),
        ({"new": NewUnit("Đoàn mới", Unit.Kind.GRASSROOTS_UNION)}, "không sáp nhập được"),
        ({"new": NewUnit("Chi đoàn mới", BRANCH, "da-co")}, "Mã này đã có"),
    ],
)
def test_merge_that_is_refused_changes_nothing(union, office, said, message):
    farm, earth = UnitFactory(superior=union, code="da-co"), UnitFactory(superior=union)
    MemberFactory(home=farm)
    before = Unit.objects.count(), UnitEvent.objects.count(), Membership.objects.count()
    with pytest.raises(RestructuringRefused, match=message):
        merge(office, union, farm, earth, **said)
    assert (Unit.objects.count(), UnitEvent.objects.count(), Membership.objects.count()) == before
    assert Unit.objects.filter(dissolved_on=None).count() == before[0]


def test_merge_is_all_or_nothing(union, office, monkeypatch):
    farm, earth = UnitFactory(superior=union), UnitFactory(superior=union)
    person = MemberFactory(home=farm)
    monkeypatch.setattr("branches.merging.end_unit", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        merge(office, union, farm, earth)
    assert person.memberships.get().ends_on is None
    assert Member.objects.get(pk=person.pk).home == farm
    assert not UnitEvent.objects.filter(kind="merge").exists()


def test_one_unit_a_unit_and_its_own_part_and_a_dissolved_one_are_refused(union, office):
    kind = Unit.Kind.GRASSROOTS_UNION
    above, beside = UnitFactory(superior=union, kind=kind), UnitFactory(superior=union, kind=kind)
    below = UnitFactory(superior=above, kind=kind)
    new = NewUnit("Đoàn mới", kind)
    with pytest.raises(RestructuringRefused, match="ít nhất hai"):
        merge(office, union, above, new=new)
    with pytest.raises(RestructuringRefused, match="trực thuộc"):
        merge(office, union, above, below, new=new)
    merge(office, union, above, beside, new=new)
    with pytest.raises(RestructuringRefused, match="đã giải thể"):
        merge(office, union, above, beside, new=NewUnit("Đoàn khác", kind))


def test_only_the_superior_decides(union, office):
    farm, earth = UnitFactory(superior=union), UnitFactory(superior=union)
    top = Unit.objects.get(pk=union.pk)
    strangers = [
        account_at(farm),
        account_at(union, "inspection_chair"),
        account_at(union, "party_secretary"),
        account_at(UnionFactory(), "superior_office"),
        account_at(farm, "superior_office"),
    ]
    for stranger in strangers:
        for work in (
            lambda by: merge(by, union, farm, earth),
            lambda by: rename_unit(by=by, unit=farm, name="Tên mới", on=DAY, today=TODAY, decision="1"),
            lambda by: dissolve_unit(by=by, unit=farm, on=DAY, today=TODAY, decision="1"),
            lambda by: found_unit(by=by, kind=BRANCH, name="Mới", code="", superior=top, on=DAY, today=TODAY),
            lambda by: move_unit(by=by, unit=farm, superior=union, on=DAY, today=TODAY, decision="1"),
            lambda by: split_unit(
                by=by, unit=farm, parts=[NewUnit("Mới", BRANCH)], goes_on=True, shares=Shares(), on=DAY, today=TODAY,
                decision="1",
            ),
        ):  # fmt: skip
            with pytest.raises(RestructuringRefused, match=r"quyết định|không thành lập được"):
                work(stranger)
    administrator = account_at(union, "administrator")
    assert merge(administrator, union, farm, earth).pk


def test_the_office_of_one_superior_takes_no_unit_from_another(union, office):
    mine, theirs, other = UnitFactory(superior=union), UnitFactory(), UnionFactory()
    with pytest.raises(RestructuringRefused, match="do Đoàn cấp trên"):
        merge(office, union, mine, theirs)
    with pytest.raises(RestructuringRefused, match="không nhận được"):
        move_unit(by=office, unit=mine, superior=other, on=DAY, today=TODAY, decision="1")


# --- splitting ------------------------------------------------------------------------------------


def test_splitting_gives_chosen_members_away_and_goes_on(union, office):
    branch = UnitFactory(superior=union)
    stays, goes, also = (MemberFactory(home=branch) for _ in range(3))
    post = PostFactory(unit=branch)
    kept, made = split_unit(
        by=office, unit=branch, parts=[NewUnit("Chi đoàn 2", BRANCH)], goes_on=True,
        shares=Shares(members={goes.pk: 1, also.pk: 1}), on=DAY, today=TODAY, decision="13-QĐ",
    )  # fmt: skip
    assert (kept, made.superior_pk) == (branch, union.pk)
    assert set(Member.objects.filter(home=made)) == {goes, also}
    assert stays.memberships.get().ends_on is None
    post.refresh_from_db(), branch.refresh_from_db()
    assert (post.ends_on, branch.dissolved_on) == (None, None)
    assert Succession.objects.get().successor == made
    assert counted(union, DAY) == counted(union, DAY - datetime.timedelta(days=1)) == 3


def test_places_that_will_not_be_are_refused_with_the_reason(client, union, office):
    branch = UnitFactory(superior=union, name="Chi đoàn Sở Tư pháp")
    client.force_login(office)
    said = {"goes_on": "no", "name_1": "Chi đoàn A", "name_2": "Chi đoàn B", "rest": "0", "decision": "1-QĐ",
            "on": TODAY, "do": "preview", "form_key": str(uuid.uuid4())}  # fmt: skip
    url = reverse("branches:unit_split", args=[branch.pk])
    assert client.post(url, said).context["form"].errors == {
        "rest": ["Chi đoàn Sở Tư pháp kết thúc nên không ai ở lại. Hãy chọn một đơn vị mới."]
    }
    assert client.post(url, said | {"rest": "3"}).context["form"].errors == {
        "rest": ["Chưa ghi tên đơn vị mới 3. Hãy ghi tên, hoặc chọn nơi khác."]
    }
    assert client.post(url, said | {"rest": "2"}).context["lines"]


def test_list_of_a_dissolved_branch_says_where_its_people_are(client, union, office):
    branch, goal = UnitFactory(superior=union), UnitFactory(superior=union)
    MemberFactory(home=branch)
    client.force_login(office)
    url = reverse("branches:member_list", args=[branch.pk])
    assert "Đơn vị đã thôi hoạt động" not in client.get(url).content.decode()
    dissolve_unit(by=office, unit=branch, on=TODAY, decision="1-QĐ", decided_on=None, today=TODAY, members_to=goal)
    page = client.get(url).content.decode()
    assert "Đơn vị đã thôi hoạt động" in page
    assert reverse("branches:unit", args=[branch.pk]) in page


def test_splitting_into_two_ends_the_old_one_and_nobody_is_left_behind(union, office):
    branch = UnitFactory(superior=union)
    first, second, unnamed = (MemberFactory(home=branch) for _ in range(3))
    one, two = split_unit(
        by=office, unit=branch, parts=[NewUnit("Chi đoàn 1", BRANCH), NewUnit("Chi đoàn 2", BRANCH)], goes_on=False,
        shares=Shares(members={first.pk: 0, second.pk: 1}, rest=1), on=DAY, today=TODAY, decision="13-QĐ",
    )  # fmt: skip
    branch.refresh_from_db()
    assert branch.dissolved_on == DAY
    assert set(Member.objects.filter(home=one)) == {first}
    assert set(Member.objects.filter(home=two)) == {second, unnamed}
    assert not Membership.objects.filter(unit=branch, ends_on=None).exists()


def test_splitting_a_union_shares_its_branches(union, office):
    kind = Unit.Kind.GRASSROOTS_UNION
    whole = UnitFactory(superior=union, kind=kind)
    east, west = UnitFactory(superior=whole), UnitFactory(superior=whole)
    _, made = split_unit(
        by=office, unit=whole, parts=[NewUnit("Đoàn phía Tây", kind)], goes_on=True,
        shares=Shares(units={west.pk: 1}), on=DAY, today=TODAY, decision="13-QĐ",
    )  # fmt: skip
    east.refresh_from_db(), west.refresh_from_db()
    assert (east.superior_pk, west.superior_pk) == (whole.pk, made.pk)


# --- dissolving -----------------------------------------------------------------------------------


def test_dissolving_with_members_needs_a_place_for_them(union, office):
    branch, other = UnitFactory(superior=union), UnitFactory(superior=union)
    person = MemberFactory(home=branch)
    said = {"by": office, "unit": branch, "on": DAY, "today": TODAY, "decision": "14-QĐ"}
    with pytest.raises(RestructuringRefused, match="Còn 1 đoàn viên"):
        dissolve_unit(**said)
    dissolve_unit(**said, members_to=other)
    assert Member.objects.get(pk=person.pk).home == other
    assert [row.end_reason for row in person.memberships.order_by("starts_on")] == ["with_unit", ""]
    assert Unit.objects.get(pk=branch.pk).dissolved_on == DAY


def test_dissolving_sends_members_away_by_choice(union, office):
    branch = UnitFactory(superior=union)
    person = MemberFactory(home=branch)
    said = {"by": office, "unit": branch, "on": DAY, "today": TODAY, "decision": "14-QĐ", "sends_members_away": True}
    letter = Transfer.objects.create(
        member=person, source=branch, target_name="Đoàn xã", asked_on=DAY, remark="Tốt", due_on=TODAY, sent_by=office
    )
    with pytest.raises(RestructuringRefused, match="1 giấy chuyển sinh hoạt"):
        dissolve_unit(**said)
    Transfer.objects.filter(pk=letter.pk).update(state="returned")
    dissolve_unit(**said)
    row = person.memberships.get()
    assert (row.ends_on, row.end_reason, row.end_decision) == (DAY, "moved_out", "14-QĐ")
    person = Member.objects.get(pk=person.pk)
    assert (person.is_active, person.home, person.version) == (False, branch, 2)


def test_dissolving_a_unit_with_units_below_is_refused(union, office):
    with_branch = UnitFactory(superior=union, kind=Unit.Kind.GRASSROOTS_UNION)
    UnitFactory(superior=with_branch)
    with pytest.raises(RestructuringRefused, match="Còn đơn vị trực thuộc"):
        dissolve_unit(by=office, unit=with_branch, on=DAY, today=TODAY, decision="1")


# --- names and places of their day ----------------------------------------------------------------


def test_names_of_a_day_after_two_renamings(union, office):
    branch = UnitFactory(superior=union, name="Chi đoàn A")
    rename_unit(by=office, unit=branch, name="Chi đoàn B", on=Day(2024, 1, 1), today=TODAY, decision="1")
    branch.refresh_from_db()
    rename_unit(by=office, unit=branch, name="Chi đoàn C", on=Day(2025, 1, 1), today=TODAY, decision="2")
    branch.refresh_from_db()
    days = [Day(2023, 12, 31), Day(2024, 1, 1), Day(2024, 12, 31), Day(2025, 1, 1)]
    assert [name_on(branch, day) for day in days] == ["Chi đoàn A", "Chi đoàn B", "Chi đoàn B", "Chi đoàn C"]
    assert names_on([branch.pk, union.pk], Day(2024, 6, 1)) == {branch.pk: "Chi đoàn B"}
    with pytest.raises(RestructuringRefused, match="sau 01/01/2025"):
        rename_unit(by=office, unit=branch, name="Chi đoàn D", on=Day(2024, 6, 1), today=TODAY, decision="3")


@pytest.mark.parametrize("event", ["rename", "move", "found", "dissolve"])
def test_a_day_to_come_is_refused_with_an_answer(union, office, event):
    branch, tomorrow = UnitFactory(superior=union), Day(2026, 11, 23)
    said = {"by": office, "on": tomorrow, "today": TODAY, "decision": "1"}
    works = {
        "rename": lambda: rename_unit(unit=branch, name="Mới", **said),
        "move": lambda: move_unit(unit=branch, superior=UnionFactory(superior=union), **said),
        "found": lambda: found_unit(kind=BRANCH, name="Mới", code="", superior=union, **said),
        "dissolve": lambda: dissolve_unit(unit=branch, **said),
    }
    with pytest.raises(RestructuringRefused, match=r"23/11/2026 chưa đến") as refusal:
        works[event]()
    assert set(refusal.value.errors) == {"on"}


def test_founding_gives_a_code_and_refuses_a_place_below_a_branch(union, office):
    said = {"by": office, "kind": BRANCH, "name": "Chi đoàn Sở Y tế", "on": DAY, "today": TODAY, "code": ""}
    first = found_unit(superior=union, **said)
    assert (first.code, found_unit(superior=union, **said).code) == ("chi-doan-so-y-te", "chi-doan-so-y-te-2")
    with pytest.raises(RestructuringRefused, match="chỉ có phân đoàn"):
        found_unit(superior=first, **said)
    with pytest.raises(RestructuringRefused, match="Mã này đã có"):
        found_unit(superior=union, **{**said, "code": "chi-doan-so-y-te"})


def test_enrolling_into_a_merged_branch_is_refused_also_for_an_earlier_day(union, office):
    farm, earth = UnitFactory(superior=union), UnitFactory(superior=union)
    merge(office, union, farm, earth)
    for on in (Day(2020, 1, 1), TODAY):
        with pytest.raises(EnrolmentRefused, match="đã giải thể từ ngày 15/11/2026"):
            enrol_member(by=office, unit=farm, on=on, full_name="Lê Mới")


def test_foresight_counts_what_will_go_along(union, office, django_assert_num_queries):
    farm, earth = UnitFactory(superior=union), UnitFactory(superior=union)
    MemberFactory(home=farm)
    MemberFactory(home=earth, since=TODAY)
    Membership.objects.create(member=MemberFactory(), unit=farm, kind="temporary", starts_on=Day(2026, 1, 1))
    PostFactory(unit=farm)
    PostFactory(unit=farm, ends_on=Day(2026, 1, 1))
    TargetFactory(unit=farm)
    ActivityFactory(unit=farm, starts_on=DAY)
    ActivityFactory(unit=farm, starts_on=Day(2026, 1, 1))
    ActivityFactory(unit=earth, state="planned", starts_on=Day(2026, 12, 1))
    with django_assert_num_queries(12):
        one, two = foresee([farm, earth], DAY)
    assert (one.members, one.guests, one.posts, one.targets, one.activities, one.planned) == (1, 1, 1, 1, 1, 0)
    assert (two.members, two.guests, two.posts, two.targets, two.activities, two.planned) == (1, 0, 0, 0, 0, 1)


# --- pages about a past period --------------------------------------------------------------------


@pytest.fixture
def renamed(union, office, monkeypatch):
    """A branch with results of 2024 and 2026, renamed on 01/03/2025; so was the union."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    branch, blood = UnitFactory(superior=union, name="Chi đoàn Tên Cũ"), IndicatorFactory(code="mau")
    TargetFactory(unit=branch, indicator=blood, value=4, period=year(2024))
    TargetFactory(unit=branch, indicator=blood, value=4)
    TargetFactory(unit=union, indicator=blood, value=40, period=year(2024))
    log(branch, blood, 3, Day(2024, 5, 1))
    log(branch, blood, 3, Day(2026, 5, 1))
    for unit, name in ((branch, "Chi đoàn Tên Mới"), (union, "Đoàn Khối mới")):
        rename_unit(unit=unit, name=name, on=Day(2025, 3, 1), decision="1-QĐ")
    return branch


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("reports:board", "?ky=2024"),
        ("reports:party_summary", "?nam=2024"),
        ("reports:figure", "?ky=2024"),
    ],
)
def test_pages_of_a_past_year_use_the_names_of_that_year(client, renamed, union, address, query):
    client.force_login(account_at(union))
    arguments = [union.pk, "mau"] if address == "reports:figure" else [union.pk]
    page = client.get(reverse(address, args=arguments) + query).content.decode()
    now = client.get(reverse(address, args=arguments) + query.replace("2024", "2026")).content.decode()
    main, main_now = (text[text.index("<main") :] for text in (page, now))
    assert "Chi đoàn Tên Cũ" in main
    assert "Đoàn Khối các cơ quan" in main
    assert "Chi đoàn Tên Mới" not in main
    assert "Chi đoàn Tên Mới" in main_now
    assert "Chi đoàn Tên Cũ" not in main_now


def test_movement_of_a_past_span_has_the_name_of_its_last_day(client, renamed, union):
    client.force_login(account_at(renamed))
    address = reverse("branches:movement", args=[renamed.pk])
    page = client.get(f"{address}?tu=01/01/2024&den=31/12/2024").content.decode()
    assert "Chi đoàn Tên Cũ" in page[page.index("<main") :]
    assert "Chi đoàn Tên Mới" not in page[page.index("<main") :]
    sheet = client.get(reverse("branches:movement_xlsx", args=[renamed.pk]) + "?tu=01/01/2024&den=31/12/2024")
    cells = [cell.value for row in load_workbook(io.BytesIO(sheet.content)).active.iter_rows() for cell in row]
    assert "Chi đoàn Tên Cũ" in cells
    assert "Chi đoàn Tên Mới" not in cells


def test_list_of_activities_names_each_unit_as_it_was_called_that_day(renamed, union):
    rows = activity_page(Activity.objects.filter(unit=renamed), number="1", today=TODAY).rows
    assert [(row.days, row.unit_name) for row in rows] == [
        ("01/05/2026", "Chi đoàn Tên Mới"), ("01/05/2024", "Chi đoàn Tên Cũ"),
    ]  # fmt: skip


# --- two at once ----------------------------------------------------------------------------------


def together(*works):
    """Run the works at once, each with a connection of its own; what each returned or refused with."""
    barrier, said = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        try:
            barrier.wait()
            said[place] = work()
        except Exception as error:
            said[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


@pytest.mark.django_db(transaction=True)
def test_two_mergers_of_the_same_branch_at_once_are_one(union, office):
    farm, earth, third = (UnitFactory(superior=union) for _ in range(3))
    person = MemberFactory(home=farm)
    said = together(
        lambda: merge(office, union, farm, earth, into=earth), lambda: merge(office, union, farm, third, into=third)
    )
    assert sorted(type(one).__name__ for one in said) == ["RestructuringRefused", "Unit"]
    assert person.memberships.filter(ends_on=None).count() == 1
    assert Succession.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_moves_that_would_close_a_circle_at_once_leave_a_tree(union):
    one, two = UnionFactory(superior=union), UnionFactory(superior=union)
    below_one, below_two = UnionFactory(superior=one), UnionFactory(superior=two)
    said = together(
        lambda: move_unit(unit=one, superior=below_two, on=DAY, decision="1"),
        lambda: move_unit(unit=two, superior=below_one, on=DAY, decision="2"),
    )
    assert sorted(type(one).__name__ for one in said) == ["RestructuringRefused", "UnitEvent"]
    paths = dict(Unit.objects.values_list("pk", "path"))
    for unit in Unit.objects.exclude(pk=union.pk):
        assert unit.path == f"{paths[unit.superior_pk]}{unit.pk}/"
        assert unit.placements.get(ends_on=None).superior_id == unit.superior_pk


@pytest.mark.django_db(transaction=True)
def test_a_member_enrolled_during_a_merger_is_carried_or_refused_and_never_lost(union, office):
    for number in range(5):
        farm, earth = UnitFactory(superior=union), UnitFactory(superior=union)
        said = together(
            lambda farm=farm, earth=earth: merge(office, union, farm, earth, into=earth),
            lambda farm=farm, number=number: enrol_member(
                by=office, unit=farm, on=TODAY, full_name=f"Lê Đúng Lúc {number}"
            ),
        )
        assert isinstance(said[0], Unit)
        assert isinstance(said[1], Member | EnrolmentRefused)
        assert not Membership.objects.filter(unit=farm, ends_on=None).exists()
        assert Member.objects.filter(home=farm).count() == 0
        assert Member.objects.filter(home=earth).count() == isinstance(said[1], Member)


# --- pages ----------------------------------------------------------------------------------------


def test_merging_by_page_shows_first_what_will_happen(client, union, office, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    farm, earth = UnitFactory(superior=union, name="Chi đoàn A"), UnitFactory(superior=union, name="Chi đoàn B")
    MemberFactory(home=farm)
    client.force_login(office)
    url = reverse("branches:unit_merge", args=[union.pk])
    said = {
        "sources": [farm.pk, earth.pk], "new_name": "Chi đoàn mới", "new_kind": "branch", "decision": "12-QĐ/ĐK",
        "on": "15/11/2026", "form_key": str(uuid.uuid4()), "do": "preview",
    }  # fmt: skip
    page = client.post(url, said)
    assert "Chi đoàn A: 1 đoàn viên chuyển sang Chi đoàn mới." in page.context["lines"]
    assert Unit.objects.filter(name="Chi đoàn mới").count() == 0
    # Somebody came meanwhile: the preview is shown again instead of doing what nobody saw.
    MemberFactory(home=farm)
    said |= {"do": "apply", "seen": page.context["seen"]}
    page = client.post(url, said)
    assert page.context["changed"]
    assert "Chi đoàn A: 2 đoàn viên chuyển sang Chi đoàn mới." in page.context["lines"]
    said["seen"] = page.context["seen"]
    made = [client.post(url, said), client.post(url, said)]
    unit = Unit.objects.get(name="Chi đoàn mới")
    assert [one.headers["Location"] for one in made] == [reverse("branches:unit", args=[unit.pk])] * 2
    assert Member.objects.filter(home=unit).count() == 2


def test_every_event_can_be_done_by_page(client, union, office, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    client.force_login(office)
    other = UnionFactory(superior=union)
    branch = UnitFactory(superior=union, name="Chi đoàn A")
    person, stays = MemberFactory(home=branch), MemberFactory(home=branch)

    def do(event, unit, **said):
        url = reverse(f"branches:unit_{event}", args=[unit.pk])
        assert client.get(url).status_code == 200
        said = {"decision": "12-QĐ/ĐK", "on": "15/11/2026", "form_key": str(uuid.uuid4())} | said
        page = client.post(url, said | {"do": "preview"})
        assert page.context["form"].errors == {}
        assert page.context["lines"]
        answer = client.post(url, said | {"do": "apply", "seen": page.context["seen"]})
        assert answer.status_code == 302

    do("rename", branch, name="Chi đoàn B")
    do("found", union, kind="branch", name="Chi đoàn C", is_provisional="on")
    made = Unit.objects.get(name="Chi đoàn C")
    term = made.terms.get()
    assert (term.is_provisional, term.starts_on, term.last_day) == (True, DAY, Day(2027, 5, 14))
    do("split", branch, goes_on="yes", name_1="Chi đoàn D", rest="0", **{f"m{person.pk}": "1"})
    assert Member.objects.get(pk=person.pk).home.name == "Chi đoàn D"
    assert Member.objects.get(pk=stays.pk).home == branch
    do("dissolve", branch, members="to", members_to=Unit.objects.get(name="Chi đoàn D").pk)
    assert Member.objects.get(pk=stays.pk).home.name == "Chi đoàn D"
    do("move", UnitFactory(superior=union), superior=other.pk)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_two_branches_are_merged_in_the_browser(open_page, union, office, width):
    farm, earth = (UnitFactory(superior=union, name=f"Chi đoàn Sở {name}") for name in ("Nông nghiệp", "Môi trường"))
    MemberFactory(home=farm)
    page, look = open_page(width, office), Looker("sap-nhap")
    page.goto(reverse("branches:unit", args=[union.pk]))
    look.at(page, "unit")
    for name in ("unit_rename", "unit_move", "unit_split", "unit_dissolve"):
        other = open_page(width, office)
        other.goto(reverse(f"branches:{name}", args=[farm.pk]))
        look.at(other, name)
    page.get_by_role("link", name="Sáp nhập đơn vị trực thuộc").click()
    page.get_by_label("Chi đoàn Sở Nông nghiệp").check()
    page.get_by_label("Chi đoàn Sở Môi trường").check()
    page.get_by_label("Tên đơn vị mới").fill("Chi đoàn Sở Nông nghiệp và Môi trường")
    page.get_by_label("Quyết định số").fill("112-QĐ/ĐK")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", name="Xem trước: chưa lưu gì")).to_be_visible()
    look.at(page, "preview")
    page.get_by_role("button", name="Sáp nhập đơn vị").click()
    expect(page.get_by_role("heading", name="Chi đoàn Sở Nông nghiệp và Môi trường")).to_be_visible()
    expect(page.get_by_text("Nhận Chi đoàn Sở Nông nghiệp sáp nhập vào")).to_be_visible()
    look.at(page, "merged")
    assert earth.successors.get().successor.members.count() == 1
    assert look.wrong == {}
