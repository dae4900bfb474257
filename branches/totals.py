"""Folding facts into totals, and keeping the totals of months and years beside the facts they come from.

A `Total` keeps parts (sum, whole, count, last, largest), never a percentage, so that totals of
several months, years or units can be put together again. `reports.progress` is the only reader.

A fact is a line (a quantity of an activity that counts) or, under the code ACTIVITIES, the activity
itself, so that "from 312 activities" is one more total and not a count over the whole table.
"""

import datetime
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from branches.models import Activity, Evidence, PeriodTotal, Quantity, Unit

ACTIVITIES = ""  # in place of an indicator's code
WHOLE_YEAR = 0  # in place of a month
Key = tuple[int, str, int, int]  # unit, code, year, month
FIELDS = (
    "lines", "known", "evidenced", "value", "denominator", "largest", "largest_qualifier", "about", "nearly", "more",
    "last_on", "last_value", "last_denominator", "last_qualifier",
)  # fmt: skip
# Of equal figures which is told as the largest: "gần 12" is below 12, "khoảng 12" may be, "hơn 12" is above it.
BY_SIZE = ("nearly", "about", "exact", "more")


def size(value: Decimal, qualifier: str) -> tuple[Decimal, int]:
    """By what figures are compared where the largest counts: by the number, then by the word before it."""
    return value, BY_SIZE.index(qualifier)


@dataclass(slots=True)
class Total:
    """What lines of one unit and one indicator add up to. Field names are those of PeriodTotal."""

    lines: int = 0
    known: int = 0
    evidenced: int = 0
    value: Decimal | None = None
    denominator: Decimal | None = None
    largest: Decimal | None = None
    largest_qualifier: str = ""  # of the largest only: what was said of lesser figures is not said of it
    about: int = 0
    nearly: int = 0
    more: int = 0
    last_on: datetime.date | None = None
    last_value: Decimal | None = None
    last_denominator: Decimal | None = None
    last_qualifier: str = ""

    def add(self, other: "Total") -> None:
        """Put another span of the same unit and indicator beside this one."""
        self.lines += other.lines
        self.known += other.known
        self.evidenced += other.evidenced
        self.about += other.about
        self.nearly += other.nearly
        self.more += other.more
        if other.known:
            self.value = other.value if self.value is None else self.value + other.value
            if self.largest is None or size(other.largest, other.largest_qualifier) > size(
                self.largest, self.largest_qualifier
            ):
                self.largest, self.largest_qualifier = other.largest, other.largest_qualifier
        if other.denominator is not None:
            self.denominator = (self.denominator or 0) + other.denominator
        if other.last_on and (self.last_on is None or other.last_on >= self.last_on):
            self.last_on = other.last_on
            self.last_value = other.last_value
            self.last_denominator = other.last_denominator
            self.last_qualifier = other.last_qualifier

    @classmethod
    def of_line(cls, day, value, denominator, qualifier, evidenced) -> "Total":
        """One line. A line without a figure is counted as a line and adds nothing."""
        if value is None:
            return cls(lines=1, evidenced=int(evidenced))
        return cls(
            lines=1, known=1, evidenced=int(evidenced), value=value, denominator=denominator,
            largest=value, largest_qualifier=qualifier,
            about=int(qualifier == "about"), nearly=int(qualifier == "nearly"), more=int(qualifier == "more"),
            last_on=day, last_value=value, last_denominator=denominator, last_qualifier=qualifier,
        )  # fmt: skip


def facts(
    within: Callable[[str], Q], *, since=None, before=None, codes: Collection[str] | None = None, paths: bool = False,
    activities: Collection[int] | None = None,
) -> Iterator[tuple]:  # fmt: skip
    """(unit, code, day, value, denominator, qualifier, evidenced), and with `paths` the path of the unit,
    ordered so that the last fact of a unit and code is the last one of its last day. At most two queries.

    `within` walks from an activity to the units asked for: within("activity__") says it of a line.
    `since` is the first day, `before` the first day after. Without `codes` everything is read, with `activities` (keys)
    only what these activities brought.
    """
    if codes is None or set(codes) - {ACTIVITIES}:
        lines = Quantity.objects.counted().filter(within("activity__"), **_days("activity__", since, before))
        lines = lines if codes is None else lines.filter(indicator__code__in=codes)
        lines = lines if activities is None else lines.filter(activity__in=activities)
        evidence = Evidence.objects.filter(activity=OuterRef("activity_id"))
        yield from (
            lines.annotate(evidenced=Exists(evidence))
            .order_by("activity__unit_id", "indicator__code", "activity__last_on", "activity_id")
            .values_list(
                "activity__unit_id", "indicator__code", "activity__last_on",
                "value", "denominator", "qualifier", "evidenced", *(("activity__unit__path",) if paths else ()),
            )
        )  # fmt: skip
    if codes is None or ACTIVITIES in codes:
        # A typed figure (a yearly rating) stands on an activity row that is no activity.
        held = Activity.objects.counted().filter(
            within(""), nature=Activity.Nature.ACTIVITY, **_days("", since, before)
        )
        held = held if activities is None else held.filter(pk__in=activities)
        evidence = Evidence.objects.filter(activity=OuterRef("pk"))
        rows = held.annotate(evidenced=Exists(evidence)).order_by("unit_id", "last_on", "pk")
        columns = ("unit_id", "last_on", "evidenced", *(("unit__path",) if paths else ()))
        for unit_id, day, evidenced, *path in rows.values_list(*columns):
            yield unit_id, ACTIVITIES, day, None, None, "", evidenced, *path


def _days(to_activity: str, since, before) -> dict:
    found = {f"{to_activity}last_on__gte": since, f"{to_activity}last_on__lt": before}
    return {lookup: day for lookup, day in found.items() if day is not None}


def fold(rows: Iterable[tuple], key: Callable[[tuple], object]) -> dict:
    """Facts in order → key(fact) → Total."""
    totals: dict = {}
    for row in rows:
        totals.setdefault(key(row), Total()).add(Total.of_line(row[2], *row[3:7]))
    return totals


def _by_month(rows: Iterable[tuple]) -> dict[Key, Total]:
    return fold(rows, key=lambda row: (row[0], row[1], row[2].year, row[2].month))


def _with_years(months: dict[Key, Total]) -> dict[Key, Total]:
    """The totals of the months and, made of them, one of each year."""
    years: dict[Key, Total] = {}
    for (unit_id, code, year, _), total in sorted(months.items(), key=itemgetter(0)):
        years.setdefault((unit_id, code, year, WHOLE_YEAR), Total()).add(total)
    return months | years


_PUT_OFF: ContextVar[dict | None] = ContextVar("totals put off", default=None)


@contextmanager
def totals_at_the_end():
    """For somebody who records very many facts in one transaction: their totals are made once, when all are there.

    Nothing may read totals inside. Refused outside a transaction, because another reader would see facts without
    their totals. Units are refreshed in the order of their keys, and locked like every writer locks them.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("totals_at_the_end() belongs inside a transaction")
    put_off: dict[int, tuple[set, set]] = {}
    token = _PUT_OFF.set(put_off)
    try:
        yield
    finally:
        _PUT_OFF.reset(token)
    for unit_id, (codes, days) in sorted(put_off.items()):
        Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
        refresh_totals(unit_id=unit_id, codes=codes, days=days)


def refresh_totals(*, unit_id: int, codes: Iterable[str], days: Iterable[datetime.date]) -> None:
    """Make the totals of these indicators, and of the activities themselves, equal to the facts again.

    `days` are those on which facts came, went or changed; their months are read anew and the years put
    together from the months. Call inside the transaction that changed the facts, after locking the unit
    (`Unit.objects.select_for_update(no_key=True)`): two people who log for one unit at the same moment
    then wait for each other, and nobody waits for another unit.
    """
    codes, days = set(codes), set(days)
    if (put_off := _PUT_OFF.get()) is not None:
        of_unit = put_off.setdefault(unit_id, (set(), set()))
        of_unit[0].update(codes)
        of_unit[1].update(days)
        return
    codes, firsts = {*codes, ACTIVITIES}, {day.replace(day=1) for day in days}
    found: dict[Key, Total] = {}
    for first in firsts:
        before = (first + datetime.timedelta(days=31)).replace(day=1)
        found |= _by_month(facts(lambda to: Q(**{f"{to}unit": unit_id}), since=first, before=before, codes=codes))
    kept = PeriodTotal.objects.filter(unit_id=unit_id, code__in=codes, year__in={first.year for first in firsts})
    others, there = {}, {}
    for pk, code, year, month, *values in kept.values_list("pk", "code", "year", "month", *FIELDS):
        there[unit_id, code, year, month] = pk
        if month != WHOLE_YEAR and datetime.date(year, month, 1) not in firsts:
            others[unit_id, code, year, month] = Total(*values)
    true = _with_years(others | found)
    if stale := [pk for key, pk in there.items() if key not in true]:
        PeriodTotal.objects.filter(pk__in=stale).delete()
    PeriodTotal.objects.bulk_create(
        [_row(key, total) for key, total in sorted(true.items(), key=itemgetter(0)) if key not in others],
        update_conflicts=True,
        unique_fields=["unit", "month", "year", "code"],
        update_fields=FIELDS,
    )


def _row(key: Key, total: Total) -> PeriodTotal:
    unit_id, code, year, month = key
    return PeriodTotal(
        unit_id=unit_id, code=code, year=year, month=month, **{name: getattr(total, name) for name in FIELDS}
    )


def _all_totals() -> Iterator[PeriodTotal]:
    """Every total as the facts say, a hundred units at a time: a province's facts are too many for the memory."""
    units = list(Unit.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(units), 100):
        some = units[start : start + 100]
        for key, total in _with_years(_by_month(facts(lambda to, some=some: Q(**{f"{to}unit__in": some})))).items():
            yield _row(key, total)


def compare_totals() -> list[str]:
    """Differences between the kept totals and the facts, one English sentence each; empty when equal."""
    kept = {(row.unit_id, row.code, row.year, row.month): row for row in PeriodTotal.objects.all().iterator()}
    differences = []
    for true in _all_totals():
        key = (true.unit_id, true.code, true.year, true.month)
        row = kept.pop(key, None)
        if row is None:
            differences.append(f"{_name(key)}: total is missing")
        elif any(getattr(row, name) != getattr(true, name) for name in FIELDS):
            differences.append(f"{_name(key)}: total differs from the lines")
    return differences + [f"{_name(key)}: total without lines" for key in kept]


def _name(key) -> str:
    unit_id, code, year, month = key
    return f"unit {unit_id}, {code or 'activities'}, {year}{f'-{month:02}' if month else ''}"


@transaction.atomic
def rebuild_totals() -> int:
    """Throw the kept totals away and make them again from the facts; returns how many there are."""
    PeriodTotal.objects.all().delete()
    made, totals = 0, _all_totals()
    while batch := list(itertools.islice(totals, 1000)):
        made += len(PeriodTotal.objects.bulk_create(batch))
    refresh_statistics()
    return made


def refresh_statistics() -> None:
    """Tell SQLite how many rows there are of everything; without it the way through 300,000 activities is a guess.

    Twenty times on the board of a province. PostgreSQL does it by itself (autovacuum).
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
