"""What is owed: one function for a member's page, a branch's grid, receipts, arrears and every figure.

A month is owed to the unit in which the member was, officially, on its first day (a phân đoàn collects
through its chi đoàn). Months before the unit began to keep dues here are not tracked and never arrears:
its first receipt, or the opening balance of its fund book, is the beginning.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Min, Q

from branches.models import DuesExemption, DuesPayment, DuesReceipt, FundEntry, IncomeSpan, Membership, Unit

from .months import Month, first_of, months_of
from .rates import Rates, load_rates

SUB_BRANCH = Unit.Kind.SUB_BRANCH


class Standing(StrEnum):
    OWED = "owed"
    EXEMPT = "exempt"
    UNTRACKED = "untracked"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Due:
    """One month of one member: the amount in đồng where one is due, and the unit that collects it."""

    standing: Standing
    amount: int = 0
    unit: int | None = None

    @property
    def may_be_paid(self) -> bool:
        return self.standing in (Standing.OWED, Standing.UNTRACKED) and self.amount > 0


OUTSIDE = Due(Standing.OUTSIDE)


def owed(
    *,
    months: Collection[Month],
    members: Collection[int] | None = None,
    units: Q | None = None,
    rates: Rates | None = None,
) -> dict[int, dict[Month, Due]]:
    """{member: {month: Due}} for these members, or for all who were in the units in any of the months.

    `units` is a condition on Membership (`unit__path__startswith=…`). What was paid plays no part here.
    Six queries, five where the caller has the rates.
    """
    months = sorted(months)
    if not months or (members is not None and not members):
        return {}
    rates = rates or load_rates()
    spans = _spans(months, members, units)
    people = set(members or ()) | set(spans)
    statuses, exempt = _statuses(people, months[-1]), _exemptions(people, months)
    begun = tracked_since({unit for some in spans.values() for *_, unit in some})
    return {
        person: {
            month: _due(month, spans.get(person, ()), statuses[person], exempt[person], begun, rates)
            for month in months
        }
        for person in people
    }


def _due(month: Month, spans, statuses, exempt, begun, rates: Rates) -> Due:
    unit = next((unit for start, end, unit in spans if start <= month and (end is None or end > month)), None)
    if unit is None:
        return OUTSIDE
    if any(first <= month <= last for first, last in exempt):
        return Due(Standing.EXEMPT, 0, unit)
    status = next((status for since, status in reversed(statuses) if since <= month), "")
    amount = rates.amount(status, month) or 0
    is_tracked = amount > 0 and unit in begun and month >= begun[unit]
    return Due(Standing.OWED if is_tracked else Standing.UNTRACKED, amount, unit)


def _spans(months, members, units) -> dict[int, list]:
    """member → [(starts_on, ends_on, unit that collects)] of official memberships that touch the months."""
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
    found = defaultdict(list)
    for member, start, end, unit, kind, path in rows.order_by("starts_on", "pk").values_list(
        "member_id", "starts_on", "ends_on", "unit_id", "unit__kind", "unit__path"
    ):
        found[member].append((start, end, collector(unit, kind, path)))
    return found


def collector(unit: int, kind: str, path: str) -> int:
    """The unit that collects for this one: itself, for a phân đoàn the chi đoàn it belongs to."""
    steps = path.strip("/").split("/")
    return int(steps[-2]) if kind == SUB_BRANCH and len(steps) > 1 else unit


def collects(unit: Unit) -> bool:
    """Whether the unit collects from members itself: a branch does, a phân đoàn through its branch."""
    return unit.is_branch and unit.kind != SUB_BRANCH


def _statuses(people, last: Month) -> dict[int, list]:
    found = defaultdict(list)
    rows = IncomeSpan.objects.filter(member__in=people, from_month__lte=last).order_by("from_month", "pk")
    for member, since, status in rows.values_list("member_id", "from_month", "status"):
        found[member].append((since, status))
    return found


def _exemptions(people, months) -> dict[int, list]:
    found = defaultdict(list)
    rows = DuesExemption.objects.filter(member__in=people, from_month__lte=months[-1], last_month__gte=months[0])
    for member, first, last in rows.order_by("from_month", "pk").values_list("member_id", "from_month", "last_month"):
        found[member].append((first, last))
    return found


def tracked_since(units: Collection[int]) -> dict[int, Month]:
    """The month each unit began to keep dues here; who has not begun is missing. Two queries."""
    days = defaultdict(list)
    receipts = DuesReceipt.objects.standing().filter(unit__in=units)
    openings = FundEntry.objects.standing().filter(unit__in=units, kind=FundEntry.Kind.OPENING)
    for rows, field in ((receipts, "paid_on"), (openings, "dated_on")):
        for unit, first in rows.order_by().values_list("unit").annotate(first=Min(field)):
            days[unit].append(first)
    return {unit: first_of(min(some)) for unit, some in days.items()}


def in_unit(unit: Unit, to_unit: str = "unit__") -> Q:
    """Rows at the unit and below it, as a condition."""
    return Q(**{f"{to_unit}path__startswith": unit.path})


@dataclass(frozen=True, slots=True)
class Cell:
    """One month of one member as the grid shows it. `receipt` is None where the month was paid elsewhere."""

    month: Month
    due: Due
    paid: int = 0
    receipt: DuesReceipt | None = None
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


def payments_of(people: Collection[int], months: Collection[Month]) -> dict[tuple[int, Month], DuesPayment]:
    """(member, month) → the standing payment, with its receipt. One query."""
    rows = DuesPayment.objects.standing().filter(member__in=people, month__in=months).select_related("receipt")
    return {(one.member_id, one.month): one for one in rows}


def grid(unit: Unit, year: int, *, on: datetime.date, rates: Rates | None = None) -> list[Row]:
    """Everybody who was in the unit in a month of the year, or paid it for one; not yet in order. Eight queries."""
    months = months_of(year)
    paid_here = DuesPayment.objects.standing().filter(unit=unit, month__in=months).values_list("member_id", flat=True)
    here = owed(months=months, units=in_unit(unit), rates=rates)
    others = set(paid_here) - set(here)
    # Somebody who came or went during the year owes the other months to another unit: the grid shows only this one's.
    here = {one: table for one, table in here.items() if any(due.unit == unit.pk for due in table.values())}
    payments = payments_of({*here, *others}, months)
    this_month = first_of(on)
    return [
        Row(one, [_cell(one, month, here.get(one, {}).get(month, OUTSIDE), payments, unit, this_month)
                  for month in months])
        for one in {*here, *others}
    ]  # fmt: skip


def _cell(member: int, month: Month, due: Due, payments, unit: Unit, this_month: Month) -> Cell:
    due = due if due.unit == unit.pk else OUTSIDE
    paid = payments.get((member, month))
    if paid is not None:
        is_here = paid.unit_id == unit.pk
        return Cell(month, due, paid.amount if is_here else 0, paid.receipt if is_here else None, is_paid=True)
    return Cell(month, due, is_late=due.standing == Standing.OWED and month < this_month)
