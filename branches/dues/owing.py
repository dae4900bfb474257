"""What is owed: one function for a member's page, a branch's grid, receipts, arrears and every figure.

A month is owed to the unit in which the member was, officially, on its first day (a phân đoàn collects
through its chi đoàn). Months before the unit began to keep dues here are not tracked and never arrears:
its first receipt, or the opening balance of its fund book, is the beginning. What is owed to a unit that ended is
taken by the branch where the member is now, if that came out of it, else by its heir (branches/heirs.py).
"""

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.db.models import DateField, Min, Q, Value

from branches.heirs import Ends, load_ends
from branches.models import DuesExemption, DuesPayment, DuesReceipt, FundEntry, IncomeSpan, Membership, Unit

from .months import Month, first_of, months_between, months_of, step
from .rates import Rates, load_rates

SUB_BRANCH = Unit.Kind.SUB_BRANCH


class Standing(StrEnum):
    OWED = "owed"
    EXEMPT = "exempt"
    UNTRACKED = "untracked"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Due:
    """One month of one member: the amount in đồng where one is due, the unit whose month it is, and who takes it.

    Both are one unit unless `unit` ended. Of a unit that ended only what its own book counted as owed is taken.
    """

    standing: Standing
    amount: int = 0
    unit: int | None = None
    taken_by: int | None = None

    @property
    def is_inherited(self) -> bool:
        return self.taken_by != self.unit

    @property
    def may_be_paid(self) -> bool:
        untracked = self.standing == Standing.UNTRACKED and not self.is_inherited
        return (self.standing == Standing.OWED or untracked) and self.amount > 0


OUTSIDE = Due(Standing.OUTSIDE)


def owed(
    *,
    months: Collection[Month],
    members: Collection[int] | None = None,
    units: Q | None = None,
    rates: Rates | None = None,
    ends: Ends | None = None,
    begun: dict[int, Month] | None = None,
) -> dict[int, dict[Month, Due]]:
    """{member: {month: Due}} for these members, or for all who were in the units in any of the months.

    `units` is a condition on Membership (`unit__path__startswith=…`). What was paid plays no part here.
    Four queries, one less for each of rates and `begun` (tracked_since) that the caller has; with somebody who was in
    a unit that ended one more, or two where the caller does not bring the ends of units.
    """
    months = sorted(months)
    if not months or (members is not None and not members):
        return {}
    rates = rates or load_rates()
    spans, ended = _spans(months, members, units)
    whom = _takers(ended, ends) if ended else {}
    people = set(members or ()) | set(spans)
    statuses, exempt = _terms(people, months)
    if begun is None:
        begun = tracked_since({unit for some in spans.values() for *_, unit in some})
    known = begun, rates
    return {
        person: {
            month: _due(month, spans.get(person, ()), whom.get(person, {}), statuses[person], exempt[person], known)
            for month in months
        }
        for person in people
    }


def _due(month: Month, spans, whom: dict[int, int], statuses, exempt, known: tuple[dict[int, Month], Rates]) -> Due:
    begun, rates = known
    unit = next((unit for start, end, unit in spans if start <= month and (end is None or end > month)), None)
    if unit is None:
        return OUTSIDE
    taken_by = whom.get(unit, unit)
    if any(first <= month <= last for first, last in exempt):
        return Due(Standing.EXEMPT, 0, unit, taken_by)
    status = next((status for since, status in reversed(statuses) if since <= month), "")
    amount = rates.amount(status, month) or 0
    is_tracked = amount > 0 and unit in begun and month >= begun[unit]
    return Due(Standing.OWED if is_tracked else Standing.UNTRACKED, amount, unit, taken_by)


def _spans(months, members, units) -> tuple[dict[int, list], dict[int, set[int]]]:
    """Official memberships that touch the months, as {member: [(starts_on, ends_on, unit that collects)]}.

    And for who was in a unit that ended, {member: the collecting units of these spans}.
    """
    rows = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=months[0]),
        kind=Membership.Kind.OFFICIAL,
        starts_on__lte=months[-1],
        member__merged_into=None,
    )
    if units is not None:
        rows = rows.filter(units)
    if members is not None:
        rows = rows.filter(member__in=members)
    found, ended = defaultdict(list), defaultdict(set)
    for member, start, end, unit, kind, path, gone in rows.order_by("starts_on", "pk").values_list(
        "member_id", "starts_on", "ends_on", "unit_id", "unit__kind", "unit__path", "unit__dissolved_on"
    ):
        collects_it = collector(unit, kind, path)
        found[member].append((start, end, collects_it))
        if gone:
            ended[member].add(collects_it)
    return found, ended


def _takers(ended: dict[int, set[int]], ends: Ends | None) -> dict[int, dict[int, int]]:
    """{member: {unit that ended: who takes what they owe it}}. Two queries, one where the ends are given."""
    ends = ends or load_ends()
    rows = Membership.objects.filter(member__in=ended, kind=Membership.Kind.OFFICIAL).order_by("starts_on", "pk")
    places = rows.values_list("member_id", "unit_id", "unit__kind", "unit__path")
    now = {member: collector(unit, kind, path) for member, unit, kind, path in places}
    return {
        member: {unit: ends.collects_for(unit, now.get(member)) for unit in units} for member, units in ended.items()
    }


def collector(unit: int, kind: str, path: str) -> int:
    """The unit that collects for this one: itself, for a phân đoàn the chi đoàn it belongs to."""
    steps = path.strip("/").split("/")
    return int(steps[-2]) if kind == SUB_BRANCH and len(steps) > 1 else unit


def collects(unit: Unit) -> bool:
    """Whether the unit collects from members itself: a branch does, a phân đoàn through its branch."""
    return unit.is_branch and unit.kind != SUB_BRANCH


def _terms(people, months) -> tuple[dict[int, list], dict[int, list]]:
    """What each pays by: {member: [(since, status)]} and {member: [(first, last month of an exemption)]}. One query."""
    statuses, exempt = defaultdict(list), defaultdict(list)
    spans = IncomeSpan.objects.filter(member__in=people, from_month__lte=months[-1])
    spans = spans.order_by().annotate(last=Value(None, DateField()))
    spans = spans.values_list("member_id", "from_month", "last", "status")
    freed = DuesExemption.objects.filter(member__in=people, from_month__lte=months[-1], last_month__gte=months[0])
    freed = freed.order_by().annotate(status=Value("")).values_list("member_id", "from_month", "last_month", "status")
    for member, since, last, status in sorted(spans.union(freed, all=True), key=lambda row: row[:2]):
        if last is None:
            statuses[member].append((since, status))
        else:
            exempt[member].append((since, last))
    return statuses, exempt


def tracked_since(units: Collection[int]) -> dict[int, Month]:
    """The month each unit began to keep dues here; who has not begun is missing. One query."""
    days = defaultdict(list)
    receipts = DuesReceipt.objects.standing().filter(unit__in=units)
    openings = FundEntry.objects.standing().filter(unit__in=units, kind=FundEntry.Kind.OPENING)
    first_receipts = receipts.order_by().values_list("unit").annotate(first=Min("paid_on"))
    for unit, first in first_receipts.union(openings.order_by().values_list("unit", "dated_on"), all=True):
        days[unit].append(first)
    return {unit: first_of(min(some)) for unit, some in days.items()}


def in_unit(unit: Unit, to_unit: str = "unit__") -> Q:
    """Rows at the unit and below it, as a condition."""
    return Q(**{f"{to_unit}path__startswith": unit.path})


def owing_to(unit: Unit, before: Collection[int]) -> Q:
    """Memberships in the unit, below it, and in units that ended before it (`Ends.before`), with their groups."""
    if not before:
        return in_unit(unit)
    groups = Unit.objects.filter(kind=SUB_BRANCH, placements__superior__in=before)
    return in_unit(unit) | Q(unit__in=before) | Q(unit__in=groups.values("pk"))


class ReceiptMark(NamedTuple):
    """What a cell says of its receipt. A light row: a union reads some hundred thousand of them."""

    pk: int
    number: int
    year: int
    paid_on: datetime.date


class Paid(NamedTuple):
    """One month that was paid: the unit whose book holds the money, đồng, and the receipt."""

    unit: int
    amount: int
    receipt: ReceiptMark


@dataclass(frozen=True, slots=True)
class Cell:
    """One month of one member as the grid shows it. `receipt` is None where the month was paid elsewhere."""

    month: Month
    due: Due
    paid: int = 0
    receipt: ReceiptMark | None = None
    is_paid: bool = False
    is_late: bool = False

    @property
    def may_be_paid(self) -> bool:
        return not self.is_paid and self.due.may_be_paid

    @property
    def is_owed(self) -> bool:
        return not self.is_paid and self.due.standing == Standing.OWED


@dataclass(frozen=True, slots=True)
class Row:
    member: int
    cells: list[Cell]

    @property
    def paid(self) -> int:
        return sum(cell.paid for cell in self.cells)

    @property
    def left(self) -> int:
        """đồng owed up to last month and not paid."""
        return sum(cell.due.amount for cell in self.cells if cell.is_late)


def payments_of(
    people: Collection[int], months: Collection[Month], *, at: Unit | None = None
) -> dict[tuple[int, Month], Paid]:
    """(member, month) → what stands, with its receipt, also of whoever else paid `at` a unit.

    One query; asks by the span of the months.
    """
    if not months:
        return {}
    whose = Q(member__in=people) | Q(unit=at) if at else Q(member__in=people)
    rows = DuesPayment.objects.standing().filter(whose, month__gte=min(months), month__lte=max(months))
    return {
        (member, month): Paid(unit, amount, ReceiptMark(*receipt))
        for member, month, unit, amount, *receipt in rows.values_list(
            "member_id", "month", "unit_id", "amount", "receipt_id", "receipt__number", "receipt__year",
            "receipt__paid_on",
        )
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is owed and what was paid of the months between two, for a unit, loaded once for grid and arrears."""

    unit: Unit
    inside: frozenset[int]  # the unit and those below it
    table: dict[int, dict[Month, Due]]
    payments: dict[tuple[int, Month], Paid]


def load_owed(unit: Unit, *, year: int | None, until: Month, rates: Rates | None = None) -> Loaded:
    """The months of the year, and all since the unit, those below it and those it answers for began, to `until`.

    Six queries for a branch and one more for a union, one less where the rates are given, one more where somebody was
    in a unit that ended.
    """
    if collects(unit):
        inside = frozenset([unit.pk])  # groups below it collect nothing
    else:
        inside = frozenset(Unit.objects.filter(in_unit(unit, "")).values_list("pk", flat=True))
    ends = load_ends()
    before = ends.before(inside)
    begun = tracked_since(inside | before)
    months = set(months_between(min(begun.values()), until)) if begun else set()
    months |= set(months_of(year)) if year else set()
    table = owed(months=months, units=owing_to(unit, before), rates=rates, ends=ends, begun=begun)
    return Loaded(unit, inside, table, payments_of(table, months, at=unit if year else None))


def grid(
    unit: Unit, year: int, *, on: datetime.date, rates: Rates | None = None, loaded: Loaded | None = None
) -> list[Row]:
    """Everybody who was in the unit in a month of the year, or paid it for one, or owes it one of a unit that ended.

    Not yet in order. Six queries, none where what it needs is loaded.
    """
    this_month = first_of(on)
    loaded = loaded or load_owed(unit, year=year, until=step(this_month, -1), rates=rates)
    months = months_of(year)
    paid_here = {member for (member, _), one in loaded.payments.items() if one.unit == unit.pk}
    people = {*loaded.table, *paid_here}
    rows = []
    for one in people:
        dues = loaded.table.get(one, {})
        cells = [_cell(month, dues.get(month, OUTSIDE), loaded.payments.get((one, month)), unit, this_month)
                 for month in months]  # fmt: skip
        # Somebody who came or went owes the other months to another unit: the grid shows only this one's.
        if any(cell.receipt or cell.due.standing != Standing.OUTSIDE for cell in cells):
            rows.append(Row(one, cells))
    return rows


def _cell(month: Month, due: Due, paid: Paid | None, unit: Unit, this_month: Month) -> Cell:
    is_here = due.unit == unit.pk
    if paid is not None:
        due = due if is_here else OUTSIDE
        if paid.unit == unit.pk:
            return Cell(month, due, paid.amount, paid.receipt, is_paid=True)
        return Cell(month, due, is_paid=True)
    if not is_here and not (due.taken_by == unit.pk and due.may_be_paid):
        due = OUTSIDE
    return Cell(month, due, is_late=due.standing == Standing.OWED and month < this_month)
