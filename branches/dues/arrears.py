"""Who owes what, and the figures of dues for other pages: assessment, deletion, transfer, indicators."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from branches.models import DuesPayment, Membership, Period, Placement, Remittance, Unit

from .months import Month, first_of, months_between, spans_words, step
from .owing import Loaded, Standing, load_owed, owed, tracked_since
from .rates import Rates


class Figures(NamedTuple):
    """đồng: received for the months of the period, owed for them (paid or not), handed up for it."""

    paid: int
    owed: int
    remitted: int


@dataclass(frozen=True, slots=True)
class Debt:
    """The months one member owes one unit, up to last month; `taken_by` is another unit where that one ended."""

    member: int
    unit: int
    taken_by: int
    months: tuple[tuple[Month, int], ...]

    @property
    def is_inherited(self) -> bool:
        return self.taken_by != self.unit

    @property
    def total(self) -> int:
        return sum(amount for _, amount in self.months)

    @property
    def words(self) -> str:
        return spans_words(month for month, _ in self.months)


def arrears_of(
    unit: Unit, *, on: datetime.date, rates: Rates | None = None, loaded: Loaded | None = None
) -> list[Debt]:
    """Everybody who owes a month that the unit or one below it takes, from when dues were kept to last month.

    Who left in the meantime still owes the months before. Six queries for a branch, seven for a union, one more where
    somebody was in a unit that ended; none where what it needs is loaded.
    """
    last = step(first_of(on), -1)
    loaded = loaded or load_owed(unit, year=None, until=last, rates=rates)
    debts = _debts(loaded.table, loaded.payments, last)
    return [debt for debt in debts if debt.taken_by in loaded.inside]


def debts_of_member(member: int, *, on: datetime.date) -> list[Debt]:
    """What one member owes, unit by unit. Seven queries, two more for who was in a unit that ended."""
    units = Membership.objects.filter(member=member, kind=Membership.Kind.OFFICIAL).values_list("unit_id", "unit__path")
    above = {int(step) for _, path in units for step in path.strip("/").split("/")}
    begun = tracked_since(above)
    if not begun:
        return []
    last = step(first_of(on), -1)
    months = months_between(min(begun.values()), last)
    table = owed(members=[member], months=months)
    return _debts(table, _paid(table, months), last)


def _debts(table, paid, last: Month) -> list[Debt]:
    found = defaultdict(list)
    for member, dues in table.items():
        for month, due in dues.items():
            if due.standing == Standing.OWED and month <= last and (member, month) not in paid:
                found[member, due.unit, due.taken_by].append((month, due.amount))
    return [Debt(*key, tuple(sorted(some))) for key, some in found.items()]


def _paid(people: Collection[int], months: list[Month]) -> dict[tuple[int, Month], int]:
    """(member, month) → đồng of what stands. One query; asks by the span, not by three hundred months."""
    if not months:
        return {}
    rows = DuesPayment.objects.standing().filter(month__gte=months[0], month__lte=months[-1], member__in=people)
    return {(member, month): amount for member, month, amount in rows.values_list("member_id", "month", "amount")}


def paid_to(member: int) -> Month | None:
    """The last month up to which every tracked month is paid or exempt; None for who never paid here.

    What a letter of transfer says: "đã đóng đoàn phí đến hết tháng". Five queries.
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
    months before dues were kept here are in neither, (0, 0) means nothing was asked. Five queries.
    """
    people = list(member_ids)
    found = paid_and_open(people, starts_on, ends_on)
    return {person: (len(done), len(done) + len(missing)) for person, (done, missing) in found.items()}


def paid_and_open(
    people: list[int], starts_on: datetime.date, ends_on: datetime.date
) -> dict[int, tuple[list[Month], list[Month]]]:
    """{member: (months paid, months owed and not paid)} of those beginning in the span, end exclusive. Five queries."""
    months = _months_in(starts_on, ends_on)
    table = owed(members=people, months=months)
    paid = _paid(people, months) if people else {}
    found = {}
    for person in people:
        dues = table.get(person, {})
        done = [month for month in months if (person, month) in paid]
        missing = [m for m, due in dues.items() if due.standing == Standing.OWED and (person, m) not in paid]
        found[person] = (done, missing)
    return found


def _months_in(starts_on: datetime.date, ends_on: datetime.date) -> list[Month]:
    first = first_of(starts_on)
    if first < starts_on:
        first = step(first)
    return [month for month in months_between(first, first_of(ends_on)) if month < ends_on]


def dues_by_unit(units: Iterable[Unit], period: Period, *, until: Month | None = None) -> dict[int, Figures]:
    """{unit: Figures} for the months of the period, each unit by itself without what stands below it.

    A month stays with the unit it was owed to, also where that ended and its successor took the money.
    `until` cuts off the months after it, so that a running year is not asked for its last months. Six queries
    however many units, two more where one of them ended.
    """
    keys = [one.pk for one in units]
    months = [month for month in _months_in(period.starts_on, period.ends_on) if until is None or month <= until]
    # A phân đoàn's members owe to the chi đoàn above it.
    below = Placement.objects.filter(ends_on=None, superior__in=keys, unit__kind=Unit.Kind.SUB_BRANCH)
    table = owed(months=months, units=Q(unit__in=keys) | Q(unit__in=below.values("unit")))
    paid, received = _paid(table, months), {}
    if months:
        received = dict(_received(keys, months).values_list("of").annotate(total=Sum("amount")))
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


def _received(units: Collection[int], months: Collection[Month]):
    """Payments for months of these units, wherever the money was taken; `of` is the unit whose month it is."""
    theirs = Q(owed_to=None, unit__in=units) | Q(owed_to__in=units)
    rows = DuesPayment.objects.standing().filter(theirs, month__gte=min(months), month__lte=max(months))
    return rows.annotate(of=Coalesce("owed_to", "unit")).order_by()


def dues_by_month(unit: Unit, months: list[Month]) -> dict[Month, tuple[int, int]]:
    """{month: (đồng received, đồng asked)} of a unit that collects; what was paid here was asked. Six queries."""
    below = Unit.objects.filter(path__startswith=unit.path, kind=Unit.Kind.SUB_BRANCH)
    table = owed(months=months, units=Q(unit=unit) | Q(unit__in=below))
    paid, received = _paid(table, months), {}
    if months:
        received = dict(_received([unit.pk], months).values_list("month").annotate(total=Sum("amount")))
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
