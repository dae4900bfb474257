"""Opening + arrivals - departures = closing, for any unit and any two days; and the page that shows it."""

import datetime
import html
import io

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from branches import register
from branches.leaving import leave
from branches.models import Membership, Placement, Unit
from branches.register import WHOLE, flows, movement, standing_on
from branches.restructuring import move_unit
from branches.transferring import accept_transfer, send_transfer
from branches.tree import Scope, scope_of
from reports.material import collect
from reports.progress import progress_for
from tests.factories import (
    IndicatorFactory,
    MemberFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
    account_at,
    year,
)

pytestmark = pytest.mark.django_db
ONE_DAY = datetime.timedelta(days=1)
START = datetime.date(2026, 1, 1)
JUNE_1, JUNE_30 = datetime.date(2026, 6, 1), datetime.date(2026, 6, 30)
TODAY = datetime.date(2026, 11, 22)


def counts(table) -> dict[str, int]:
    return {reason: len(keys) for reason, keys in table.items()}


def transfer(member, target, on, by):
    sent = send_transfer(member=member, target=target, asked_on=on, remark="Tốt", by=by, on=on)
    accept_transfer(transfer=sent, moved_on=on, by=by, on=TODAY)


@pytest.fixture
def union():
    return UnionFactory(name="Đoàn Khối các cơ quan")


@pytest.fixture
def branch(union):
    return UnitFactory(superior=union, name="Chi đoàn Sở Thông tin")


@pytest.fixture
def secretary(branch):
    return account_at(branch)


# --- one history by hand --------------------------------------------------------------------------


def test_every_reason_stands_alone(union, branch, secretary):
    away, beside = UnitFactory(), UnitFactory(superior=union)
    MemberFactory(home=branch)
    MemberFactory(home=branch, since=JUNE_1, begin_reason="admitted")
    transfer(MemberFactory(home=away), branch, datetime.date(2026, 6, 2), secretary)
    transfer(MemberFactory(home=branch), away, JUNE_30, secretary)
    transfer(MemberFactory(home=branch), beside, datetime.date(2026, 6, 3), secretary)
    for reason, day in (("matured", 4), ("deleted", 5), ("deleted", 6), ("expelled", 7), ("died", 8)):
        leave(
            member=MemberFactory(home=branch), reason=reason, on=datetime.date(2026, 6, day), decision="1-QĐ",
            note="Căn cứ", by=secretary, today=TODAY,
        )  # fmt: skip

    own = movement(branch, JUNE_1, JUNE_30)
    # Before June: the one who stays, two who move, five who leave. After it: one, one admitted, one moved in.
    assert (own.opening, own.closing) == (8, 3)
    assert counts(own.ins) == {"admitted": 1, "moved_in": 1}
    assert counts(own.outs) == {"moved_out": 2, "matured": 1, "deleted": 2, "expelled": 1, "died": 1}

    whole = movement(union, JUNE_1, JUNE_30)
    # The move to the branch beside is within the union: neither an arrival nor a departure.
    assert (whole.opening, whole.closing) == (8, 4)
    assert counts(whole.ins) == {"admitted": 1, "moved_in": 1}
    assert counts(whole.outs) == {"moved_out": 1, "matured": 1, "deleted": 2, "expelled": 1, "died": 1}


def test_first_and_last_day_belong_to_the_span(branch, secretary):
    MemberFactory(home=branch, since=JUNE_1, begin_reason="admitted")
    MemberFactory(home=branch, since=JUNE_30, begin_reason="admitted")
    day_before, day_after = JUNE_1 - ONE_DAY, JUNE_30 + ONE_DAY
    MemberFactory(home=branch, since=day_before, begin_reason="admitted")
    MemberFactory(home=branch, since=day_after, begin_reason="admitted")
    found = movement(branch, JUNE_1, JUNE_30)
    assert (found.opening, counts(found.ins), found.closing) == (1, {"admitted": 2}, 3)


def test_unit_hung_elsewhere_takes_its_members_with_it(union, branch):
    other = UnionFactory()
    MemberFactory(home=branch)
    MemberFactory(home=branch)
    MemberFactory(home=UnitFactory(superior=union))
    move_unit(unit=branch, superior=other, on=JUNE_1, decision="1-QĐ")
    left, came = movement(union, JUNE_1, JUNE_30), movement(other, JUNE_1, JUNE_30)
    assert (left.opening, counts(left.outs), left.closing) == (3, {"with_unit": 2}, 1)
    assert (came.opening, counts(came.ins), came.closing) == (0, {"with_unit": 2}, 2)
    itself = movement(Unit.objects.get(pk=branch.pk), JUNE_1, JUNE_30)
    assert (itself.opening, itself.ins, itself.outs, itself.closing) == (2, {}, {}, 2)


def test_merged_branches_within_the_unit_are_no_movement_of_it(union, branch):
    other = UnitFactory(superior=union)
    member = MemberFactory(home=branch)
    member.memberships.update(ends_on=JUNE_1, end_reason="with_unit")
    Membership.objects.create(member=member, unit=other, starts_on=JUNE_1, begin_reason="with_unit")
    assert counts(movement(branch, JUNE_1, JUNE_30).outs) == {"with_unit": 1}
    assert counts(movement(other, JUNE_1, JUNE_30).ins) == {"with_unit": 1}
    whole = movement(union, JUNE_1, JUNE_30)
    assert (whole.opening, whole.ins, whole.outs, whole.closing) == (1, {}, {}, 1)


def test_deleted_and_admitted_again_on_one_day_is_a_departure_and_an_arrival(branch):
    member = MemberFactory(home=branch)
    member.memberships.update(ends_on=JUNE_1, end_reason="deleted")
    Membership.objects.create(member=member, unit=branch, starts_on=JUNE_1, begin_reason="admitted")
    found = movement(branch, JUNE_1, JUNE_30)
    assert (found.opening, counts(found.ins), counts(found.outs), found.closing) == (
        1,
        {"admitted": 1},
        {"deleted": 1},
        1,
    )


def test_stays_elsewhere_never_count(union, branch):
    member = MemberFactory(home=branch)
    host = UnitFactory(superior=union)
    Membership.objects.create(member=member, unit=host, kind="temporary", starts_on=JUNE_1, begin_reason="moved_in")
    found = movement(host, JUNE_1, JUNE_30)
    assert (found.opening, found.ins, found.closing) == (0, {}, 0)


# --- any history ----------------------------------------------------------------------------------

HORIZON = 12  # days of a generated history
DAYS = st.integers(1, HORIZON)
STEPS = st.one_of(
    st.tuples(st.just("come"), DAYS, st.integers(0, 2), st.sampled_from(["admitted", "registered", "moved_in"])),
    st.tuples(st.just("move"), DAYS, st.integers(0, 2), st.integers(0, 5)),
    st.tuples(st.just("leave"), DAYS, st.sampled_from(["matured", "deleted", "expelled", "died"]), st.integers(0, 5)),
    st.tuples(st.just("hang"), DAYS, st.integers(0, 2), st.integers(0, 1)),
    st.tuples(st.just("merge"), DAYS, st.integers(0, 2), st.integers(0, 2)),
)


def day_number(number: int) -> datetime.date:
    return START + datetime.timedelta(days=number)


class History:
    """Two unions under one province, three branches; steps in order of their days, each if it is possible."""

    def __init__(self, steps):
        self.top = UnionFactory(kind=Unit.Kind.PROVINCE)
        self.unions = [UnionFactory(superior=self.top) for _ in range(2)]
        self.branches = [UnitFactory(superior=self.unions[place % 2]) for place in range(3)]
        self.members = [MemberFactory(home=self.branches[place], since=day_number(-3)) for place in (0, 0, 1)]
        for step in sorted(steps, key=lambda one: one[1]):
            getattr(self, step[0])(day_number(step[1]), *step[2:])

    def open_span(self, member, day):
        span = member.memberships.filter(ends_on=None).first()
        return span if span and span.starts_on < day else None

    def come(self, day, place, reason):
        self.members.append(MemberFactory(home=self.branches[place], since=day, begin_reason=reason))

    def pass_on(self, span, day, unit, end, begin):
        span.ends_on, span.end_reason = day, end
        span.save()
        Membership.objects.create(member=span.member, unit=unit, starts_on=day, begin_reason=begin)

    def move(self, day, place, who):
        member = self.members[who % len(self.members)]
        span = self.open_span(member, day)
        if span and span.unit != self.branches[place]:
            self.pass_on(span, day, self.branches[place], "moved_out", "moved_in")

    def leave(self, day, reason, who):
        span = self.open_span(self.members[who % len(self.members)], day)
        if span:
            span.ends_on, span.end_reason = day, reason
            span.save()

    def hang(self, day, place, union):
        unit, superior = Unit.objects.get(pk=self.branches[place].pk), self.unions[union]
        placement = Placement.objects.get(unit=unit, ends_on=None)
        if placement.superior_id != superior.pk and placement.starts_on < day:
            move_unit(unit=unit, superior=superior, on=day, decision="1-QĐ")

    def merge(self, day, place, into):
        unit, target = self.branches[place], self.branches[into]
        for span in Membership.objects.filter(unit=unit, ends_on=None, starts_on__lt=day):
            if unit != target:
                self.pass_on(span, day, target, "with_unit", "with_unit")

    def units(self):
        return [self.top, *self.unions, *self.branches]

    # What is true, told day by day from the rows alone.

    def stood_under(self, unit_id, day):
        steps = {unit_id}
        while True:
            placement = Placement.objects.filter(unit_id=unit_id, starts_on__lte=day).order_by("-starts_on").first()
            if placement is None or placement.superior_id is None:
                return steps
            unit_id = placement.superior_id
            steps.add(unit_id)

    def spans_in(self, unit, day, spans, above):
        return {
            span.member_id: span
            for span in spans
            if span.starts_on <= day and (span.ends_on is None or span.ends_on > day)
            if unit.pk in above[span.unit_id, day]
        }

    def told(self, unit, first, last):
        """(opening, ins, outs, closing), one day after the other."""
        spans = list(Membership.objects.all())
        days = [first - ONE_DAY + datetime.timedelta(days=n) for n in range((last - first).days + 2)]
        above = {(one.pk, day): self.stood_under(one.pk, day) for one in self.branches for day in days}
        ins, outs = {}, {}
        before = self.spans_in(unit, days[0], spans, above)
        opening = len(before)
        for day in days[1:]:
            now = self.spans_in(unit, day, spans, above)
            for member in before.keys() | now.keys():
                old, new = before.get(member), now.get(member)
                ended = old.end_reason if old and old.ends_on == day else "with_unit"
                begun = new.begin_reason if new and new.starts_on == day else "with_unit"
                same = old and new and (old == new or (ended, begun) in self.JUST_MOVED)
                if old and not same:
                    outs[ended] = outs.get(ended, 0) + 1
                if new and not same:
                    ins[begun] = ins.get(begun, 0) + 1
            before = now
        return opening, ins, outs, len(before)

    JUST_MOVED = {(end, begin) for end in ("moved_out", "with_unit") for begin in ("moved_in", "with_unit")}


def check(history, first, last):
    for unit in history.units():
        unit = Unit.objects.get(pk=unit.pk)
        found = movement(unit, first, last)
        assert found.opening + found.came - found.left == found.closing, unit
        assert (found.opening, counts(found.ins), counts(found.outs), found.closing) == history.told(unit, first, last)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=9), days=st.tuples(DAYS, DAYS).map(sorted))
def test_opening_and_changes_make_the_closing_for_any_history(steps, days):
    from django.db import transaction

    with transaction.atomic():
        check(History(steps), *map(day_number, days))
        transaction.set_rollback(True)


TELLING = [
    ("come", 2, 0, "admitted"), ("move", 3, 1, 0), ("hang", 4, 0, 1), ("leave", 5, "deleted", 1), ("merge", 6, 2, 1),
]  # fmt: skip


def test_the_check_can_fail_when_the_tree_is_that_of_today(monkeypatch):
    history = History(TELLING)
    check(history, day_number(1), day_number(8))
    monkeypatch.setattr(register, "scope_of", lambda unit, since: Scope(unit))
    with pytest.raises(AssertionError):
        check(history, day_number(1), day_number(8))


def test_the_check_can_fail_when_moves_within_count_as_departures(monkeypatch):
    history = History(TELLING)
    monkeypatch.setattr(register, "MOVES_IN", ())
    with pytest.raises(AssertionError):
        check(history, day_number(1), day_number(8))


# --- the same numbers in reports and plans ---------------------------------------------------------

KEYS = {"admitted": ("ins", "admitted"), "moved_in": ("ins", "moved_in"),
        "matured": ("outs", "matured"), "moved_out": ("outs", "moved_out")}  # fmt: skip


def of_movement(unit, first, last):
    found = movement(Unit.objects.get(pk=unit.pk), first, last)
    return {key: len(getattr(found, way).get(reason, ())) for key, (way, reason) in KEYS.items()}


def of_flows(unit, first, last):
    """{place: {key: persons}} with every key."""
    told = flows(KEYS, Unit.objects.get(pk=unit.pk), first, last)
    places = {place for place, _ in told}
    return {place: {key: told.get((place, key), 0) for key in KEYS} for place in places}


def check_flows(history, first, last):
    nobody = dict.fromkeys(KEYS, 0)
    for unit in history.units():
        told = of_flows(unit, first, last)
        assert told.get(WHOLE, nobody) == of_movement(unit, first, last), unit
        check_with_an_earlier_scope(Unit.objects.get(pk=unit.pk), first, last)


def check_with_an_earlier_scope(unit, first, last):
    """Whoever gives a scope that begins long before gets the same: what moved before the span changes nothing in it."""
    scope = scope_of(unit, first - datetime.timedelta(days=400))
    assert flows(KEYS, unit, first, last, scope=scope) == flows(KEYS, unit, first, last), unit
    one, other = movement(unit, first, last, scope=scope), movement(unit, first, last)
    assert (one.opening, one.ins, one.outs, one.closing) == (other.opening, other.ins, other.outs, other.closing), unit


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=9), days=st.tuples(DAYS, DAYS).map(sorted))
def test_flows_are_those_of_the_movement_for_any_history(steps, days):
    from django.db import transaction

    with transaction.atomic():
        check_flows(History(steps), *map(day_number, days))
        transaction.set_rollback(True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS.filter(lambda one: one[0] != "hang"), max_size=9), days=st.tuples(DAYS, DAYS).map(sorted))
def test_each_subordinate_is_told_as_its_own_page_tells_it(steps, days):
    from django.db import transaction

    with transaction.atomic():
        history, (first, last) = History(steps), map(day_number, days)
        nobody = dict.fromkeys(KEYS, 0)
        for above, below in [(history.top, history.unions), *((one, history.branches) for one in history.unions)]:
            told = of_flows(above, first, last)
            for unit in below:
                if Unit.objects.get(pk=unit.pk).superior_pk == above.pk:
                    assert told.get(unit.pk, nobody) == of_movement(unit, first, last)
        transaction.set_rollback(True)


def test_the_check_of_flows_can_fail_when_moves_within_count(monkeypatch):
    history = History([("come", 2, 0, "admitted"), ("move", 3, 2, 0)])  # both branches under the first union
    check_flows(history, day_number(1), day_number(8))
    told = of_flows(history.unions[0], day_number(1), day_number(8))
    assert (told[WHOLE]["moved_in"], told[history.branches[2].pk]["moved_in"]) == (0, 1)
    real = register._joined
    monkeypatch.setattr(register, "_joined", lambda presences: list(presences))
    wrong = of_flows(history.unions[0], day_number(1), day_number(8))
    monkeypatch.setattr(register, "_joined", real)
    assert wrong[WHOLE]["moved_in"] == 1


def test_the_check_of_earlier_scopes_can_fail_when_no_unit_counts_as_moved(monkeypatch):
    history = History(TELLING)
    monkeypatch.setattr("tests.test_movement.scope_of", lambda unit, since: Scope(unit))
    with pytest.raises(AssertionError):
        check_flows(history, day_number(1), day_number(8))


def test_report_of_a_superior_by_hand(union, branch, secretary):
    """Two came from outside, one left for outside, one moved to the branch beside, one matured, one was admitted."""
    beside = UnitFactory(superior=union, name="Chi đoàn bên cạnh")
    for key in KEYS:
        indicator = IndicatorFactory(
            code=f"so-{key}", source="register", register_key=key, unit_word="đoàn viên", over_time="sum"
        )
        TargetFactory(unit=union, period=year(2026), indicator=indicator, value=1)
    mover, leaver, old, *_ = (MemberFactory(home=branch) for _ in range(4))
    MemberFactory(home=branch, since=JUNE_1, begin_reason="admitted")
    for unit in (branch, beside):
        MemberFactory(home=unit, since=JUNE_1, begin_reason="moved_in")
    transfer(mover, beside, JUNE_30, secretary)
    transfer(leaver, UnitFactory(), JUNE_30, secretary)
    leave(member=old, reason="matured", on=JUNE_30, decision="1-QĐ", note="", by=secretary, today=TODAY)
    expected = {"admitted": 1, "moved_in": 2, "matured": 1, "moved_out": 1}

    table = progress_for(union, year(2026), as_of=TODAY)
    assert {key: int(table.row(f"so-{key}").done.value) for key in KEYS} == expected
    material = collect(union, year(2026), as_of=TODAY)
    assert {key: material.facts[key] for key in KEYS} == expected
    whole = movement(union, datetime.date(2026, 1, 1), TODAY)
    assert of_movement(union, whole.first, whole.last) == expected
    # opening + in - out = closing, with the figures of the report
    came = expected["admitted"] + expected["moved_in"]
    assert (whole.opening, material.facts["members"]) == (4, whole.opening + came - 2)
    # The branches' own figures are theirs: the move counts there, and they do not add up to the superior's.
    told = of_flows(union, whole.first, whole.last)
    assert (told[branch.pk]["moved_out"], told[beside.pk]["moved_in"], told[branch.pk]["moved_in"]) == (2, 2, 1)


@pytest.mark.parametrize("units", [1, 3, 30])
def test_flows_need_two_queries_for_any_number_of_units(union, units, django_assert_num_queries):
    for _ in range(units):
        MemberFactory(home=UnitFactory(superior=union), since=JUNE_1, begin_reason="admitted")
    with django_assert_num_queries(2):  # places that moved, who came or went
        found = flows(KEYS, union, JUNE_1, JUNE_30)
    assert found[WHOLE, "admitted"] == units


@pytest.mark.parametrize("units", [1, 3, 30])
def test_movement_needs_three_queries_for_any_number_of_units(union, units, django_assert_num_queries):
    for _ in range(units):
        MemberFactory(home=UnitFactory(superior=union), since=JUNE_1, begin_reason="admitted")
    with django_assert_num_queries(3):
        found = movement(union, JUNE_1, JUNE_30)
    assert counts(found.ins) == {"admitted": units}


def test_lists_behind_opening_and_closing_are_as_long_as_the_figures(union, branch):
    other = UnionFactory()
    MemberFactory(home=branch)
    MemberFactory(home=UnitFactory(superior=union))
    move_unit(unit=branch, superior=other, on=JUNE_1, decision="1-QĐ")
    found = movement(union, JUNE_1, JUNE_30)
    assert standing_on(found.scope, JUNE_1 - ONE_DAY).count() == found.opening == 2
    assert standing_on(found.scope, JUNE_30).count() == found.closing == 1


# --- the page -------------------------------------------------------------------------------------


@pytest.fixture
def read(client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)

    def _read(account, unit, query="", name="branches:movement"):
        client.force_login(account)
        return client.get(reverse(name, args=[unit.pk]) + query)

    return _read


JUNE = "?tu=2026-06-01&den=2026-06-30"


def test_figure_opens_the_persons_behind_it(read, union, branch, secretary):
    MemberFactory(home=branch, full_name="Trần Mới", since=JUNE_1, begin_reason="admitted")
    MemberFactory(home=branch, full_name="Lê Cũ")
    page = read(secretary, branch, f"{JUNE}&xem=vao-admitted")
    assert [one["row"].member.full_name for one in page.context["persons"]] == ["Trần Mới"]
    opened = read(secretary, branch, f"{JUNE}&xem=cuoi").context["persons"]
    assert [one["row"].member.full_name for one in opened] == ["Lê Cũ", "Trần Mới"]


def test_who_moved_away_is_named_at_the_old_branch_without_a_way_to_the_record(read, branch, secretary):
    gone = MemberFactory(home=branch, full_name="Trần Đi")
    transfer(gone, UnitFactory(), JUNE_1, secretary)
    page = read(secretary, branch, f"{JUNE}&xem=ra-moved_out")
    assert [(one["row"].member.full_name, one["is_open"]) for one in page.context["persons"]] == [("Trần Đi", False)]
    assert reverse("branches:member", args=[gone.pk]) not in page.content.decode()


def test_readers_of_figures_see_numbers_and_no_names(read, union, branch):
    MemberFactory(home=branch, full_name="Trần Mới", since=JUNE_1, begin_reason="admitted")
    for kind in ("party_secretary", "member"):
        page = read(account_at(branch, kind), branch, f"{JUNE}&xem=vao-admitted")
        assert page.status_code == 200
        assert page.context["found"].came == 1
        assert "Trần Mới" not in html.unescape(page.content.decode())
    assert read(account_at(UnitFactory(superior=union)), branch).status_code == 404


def test_excel_says_what_the_page_says(read, branch, secretary):
    MemberFactory(home=branch, since=JUNE_1, begin_reason="admitted")
    MemberFactory(home=branch)
    answer = read(secretary, branch, JUNE, name="branches:movement_xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = {row[0].strip(): row[1] for row in sheet.iter_rows(min_row=5, values_only=True) if row[0]}
    assert rows["Có đến hết ngày 31/05/2026"] == 1
    assert (rows["Tăng"], rows["Kết nạp"], rows["Giảm"]) == (1, 1, 0)
    assert rows["Có đến hết ngày 30/06/2026"] == 2


def test_wrong_days_are_answered_at_the_field(read, branch, secretary):
    page = read(secretary, branch, "?tu=2026-06-30&den=2026-06-01")
    assert "Ngày sau phải bằng hoặc sau ngày trước." in html.unescape(page.content.decode())
    assert page.context["found"] is None
    answer = read(secretary, branch, "?tu=2026-06-30&den=2026-06-01", name="branches:movement_xlsx")
    assert answer.status_code == 404


@pytest.mark.parametrize("units", [1, 3, 30])
def test_movement_page_query_count(client, union, units, django_assert_num_queries):
    for _ in range(units):
        MemberFactory(home=UnitFactory(superior=union), since=JUNE_1, begin_reason="admitted")
    client.force_login(account_at(union, "superior_office"))
    url = reverse("branches:movement", args=[union.pk]) + f"{JUNE}&xem=vao-admitted"
    # session, account, posts, unit, 3 of the movement, then of the list: its length, rows, who is open, all behind it
    with django_assert_num_queries(12):
        assert len(client.get(url).context["persons"]) == units
