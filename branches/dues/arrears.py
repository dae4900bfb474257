"""Who owes what, and the figures of dues for other pages: assessment, deletion, transfer, indicators."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, Sum

from branches.models import DuesPayment, Membership, Period, Placement, Remittance, Unit

from .months import Month, first_of, months_between, spans_words, step
from .owing import Standing, in_unit, owed, tracked_since
from .rates import Rates


class Figures(NamedTuple):
    """đồng: received for the months of the period, owed for them (paid or not), handed up for it."""

    paid: int
    owed: int
    remitted: int


@dataclass(frozen=True, slots=True)
class Debt:
    """The months one member owes one unit, up to last month."""

    member: int
    unit: int
    months: tuple[tuple[Month, int], ...]

    @property
    def total(self) -> int:
        return sum(amount for _, amount in self.months)

    @property
    def words(self) -> str:
        return spans_words(month for month, _ in self.months)


def arrears_of(unit: Unit, *, on: datetime.date, rates: Rates | None = None) -> list[Debt]:
    """Everybody who owes a month to the unit or to one below it, from when it began to keep dues to last month.

    Who left in the meantime still owes the months before. Nine queries.
    """
    last = step(first_of(on), -1)
    units = list(Unit.objects.filter(in_unit(unit, "")).values_list("pk", flat=True))
    begun = tracked_since(units)
    months = months_between(min(begun.values()), last) if begun else []
    inside = set(units)
    table = owed(months=months, units=in_unit(unit), rates=rates)
    return [debt for debt in _debts(table, months) if debt.unit in inside]


def debts_of_member(member: int, *, on: datetime.date) -> list[Debt]:
    """What one member owes, unit by unit. Nine queries."""
    units = Membership.objects.filter(member=member, kind=Membership.Kind.OFFICIAL).values_list("unit_id", "unit__path")
    above = {int(step) for _, path in units for step in path.strip("/").split("/")}
    begun = tracked_since(above)
    if not begun:
        return []
    months = months_between(min(begun.values()), step(first_of(on), -1))
    return _debts(owed(members=[member], months=months), months)


def _debts(table, months) -> list[Debt]:
    paid = _paid(table, months)
    found = defaultdict(list)
    for member, dues in table.items():
        for month, due in dues.items():
            if due.standing == Standing.OWED and (member, month) not in paid:
                found[member, due.unit].append((month, due.amount))
    return [Debt(member, unit, tuple(some)) for (member, unit), some in found.items()]


def _paid(people: Collection[int], months: list[Month]) -> dict[tuple[int, Month], int]:
    """(member, month) → đồng of what stands. One query; asks by the span, not by three hundred months."""
    if not months:
        return {}
    rows = DuesPayment.objects.standing().filter(month__gte=months[0], month__lte=months[-1], member__in=people)
    return {(member, month): amount for member, month, amount in rows.values_list("member_id", "month", "amount")}


def paid_to(member: int) -> Month | None:
    """The last month up to which every tracked month is paid or exempt; None for who never paid here.

    What a letter of transfer says: "đã đóng đoàn phí đến hết tháng". Eight queries.
    """
    paid = set(DuesPayment.objects.standing().filter(member=member).values_list("month", flat=True))
    if not paid:
        return None
    months = months_between(min(paid), max(paid))
    table = owed(members=[member], months=months).get(member, {})
    gap = next((month for month in months if month not in paid and table[month].standing == Standing.OWED), None)
    return step(gap, -1) if gap else months[-1]


def dues_of(member_ids: Iterable[int], starts_on: datetime.date, ends_on: datetime.date) -> dict[int, tuple[int, int]]:
    """{member: (months paid, months owed)} of the months that begin in the span, end exclusive.

    Months owed count those paid too, so that "9 trên 10 tháng" is (9, 10); exempt months, months elsewhere and
    months before dues were kept here are in neither, (0, 0) means nothing was asked. Seven queries.
    """
    people = list(member_ids)
    months = _months_in(starts_on, ends_on)
    table = owed(members=people, months=months)
    paid = _paid(people, months) if people else {}
    found = {}
    for person in people:
        dues = table.get(person, {})
        done = [month for month in months if (person, month) in paid]
        open_months = [m for m, due in dues.items() if due.standing == Standing.OWED and (person, m) not in paid]
        found[person] = (len(done), len(done) + len(open_months))
    return found


def _months_in(starts_on: datetime.date, ends_on: datetime.date) -> list[Month]:
    first = first_of(starts_on)
    if first < starts_on:
        first = step(first)
    return [month for month in months_between(first, first_of(ends_on)) if month < ends_on]


def dues_by_unit(units: Iterable[Unit], period: Period, *, until: Month | None = None) -> dict[int, Figures]:
    """{unit: Figures} for the months of the period, each unit by itself without what stands below it.

    `until` cuts off the months after it, so that a running year is not asked for its last months. Eight queries
    however many units.
    """
    keys = [one.pk for one in units]
    months = [month for month in _months_in(period.starts_on, period.ends_on) if until is None or month <= until]
    # A phân đoàn's members owe to the chi đoàn above it.
    below = Placement.objects.filter(ends_on=None, superior__in=keys, unit__kind=Unit.Kind.SUB_BRANCH)
    table = owed(months=months, units=Q(unit__in=keys) | Q(unit__in=below.values("unit")))
    paid, received = _paid(table, months), {}
    if months:
        rows = DuesPayment.objects.standing().filter(unit__in=keys, month__gte=months[0], month__lte=months[-1])
        received = dict(rows.order_by().values_list("unit").annotate(total=Sum("amount")))
    # What was asked is what was paid here, whoever pays ahead before moving included, and what is still open.
    asked = Counter(received)
    for member, dues in table.items():
        for month, due in dues.items():
            if due.standing == Standing.OWED and (member, month) not in paid:
                asked[due.unit] += due.amount
    handed = Remittance.objects.filter(
        unit__in=keys, state__in=Remittance.STANDING, starts_on__gte=period.starts_on, starts_on__lt=period.ends_on
    )
    remitted = dict(handed.order_by().values_list("unit").annotate(total=Sum("amount")))
    return {key: Figures(received.get(key, 0), asked[key], remitted.get(key, 0)) for key in keys}


def dues_by_month(unit: Unit, months: list[Month]) -> dict[Month, tuple[int, int]]:
    """{month: (đồng received, đồng asked)} of a unit that collects; what was paid here was asked. Eight queries."""
    below = Unit.objects.filter(path__startswith=unit.path, kind=Unit.Kind.SUB_BRANCH)
    table = owed(months=months, units=Q(unit=unit) | Q(unit__in=below))
    paid, received = _paid(table, months), {}
    if months:
        rows = DuesPayment.objects.standing().filter(unit=unit, month__gte=min(months), month__lte=max(months))
        received = dict(rows.order_by().values_list("month").annotate(total=Sum("amount")))
    asked = Counter(received)
    for member, dues in table.items():
        for month, due in dues.items():
            if due.standing == Standing.OWED and due.unit == unit.pk and (member, month) not in paid:
                asked[month] += due.amount
    return {month: (received.get(month, 0), asked[month]) for month in months}


def dues_figures(units: Iterable[Unit], period: Period, *, until: Month | None = None) -> Figures:
    """The three figures of all these units together."""
    table = dues_by_unit(units, period, until=until).values()
    return Figures(sum(one.paid for one in table), sum(one.owed for one in table), sum(one.remitted for one in table))
