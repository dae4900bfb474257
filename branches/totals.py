"""Folding lines into totals, and keeping the year's totals beside the lines they come from.

A `Total` keeps parts (sum, whole, count, last, largest), never a percentage, so that totals of
several months, years or units can be put together again. `reports.progress` is the only reader.
"""

import datetime
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import ExtractYear

from branches.models import Evidence, Quantity, YearTotal

# The columns a line must bring, in this order.
LINE = (
    "activity__unit_id",
    "indicator__code",
    "activity__last_on",
    "activity_id",
    "value",
    "denominator",
    "qualifier",
    "evidenced",
)
FIELDS = (
    "lines", "known", "evidenced", "value", "denominator", "largest", "about", "nearly", "more",
    "last_on", "last_value", "last_denominator", "last_qualifier",
)  # fmt: skip


@dataclass(slots=True)
class Total:
    """What lines of one unit and one indicator add up to. Field names are those of YearTotal."""

    lines: int = 0
    known: int = 0
    evidenced: int = 0
    value: Decimal | None = None
    denominator: Decimal | None = None
    largest: Decimal | None = None
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
            self.largest = other.largest if self.largest is None else max(self.largest, other.largest)
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
            lines=1, known=1, evidenced=int(evidenced), value=value, denominator=denominator, largest=value,
            about=int(qualifier == "about"), nearly=int(qualifier == "nearly"), more=int(qualifier == "more"),
            last_on=day, last_value=value, last_denominator=denominator, last_qualifier=qualifier,
        )  # fmt: skip


def lines_in_order(lines):
    """The columns of LINE for counted lines, ordered so that the last one of a day wins."""
    evidence = Evidence.objects.filter(activity=OuterRef("activity_id"))
    return (
        lines.annotate(evidenced=Exists(evidence))
        .order_by("activity__unit_id", "indicator__code", "activity__last_on", "activity_id")
        .values_list(*LINE)
    )


def fold(rows: Iterable[tuple], key) -> dict:
    """Lines in order → key(row) → Total."""
    totals: dict = {}
    for row in rows:
        _, _, day, _, value, denominator, qualifier, evidenced = row
        totals.setdefault(key(row), Total()).add(Total.of_line(day, value, denominator, qualifier, evidenced))
    return totals


def refresh_totals(*, unit_id: int, codes: Iterable[str], years: Iterable[int]) -> None:
    """Make the year's totals of these indicators equal to the lines again.

    Call inside the transaction that changed the lines, after locking the unit
    (`Unit.objects.select_for_update(no_key=True)`): two people who log for one unit at the same
    moment then wait for each other, and nobody waits for another unit.
    """
    codes, years = set(codes), set(years)
    if not codes or not years:
        return
    lines = Quantity.objects.counted().filter(
        activity__unit_id=unit_id,
        indicator__code__in=codes,
        activity__last_on__gte=datetime.date(min(years), 1, 1),
        activity__last_on__lte=datetime.date(max(years), 12, 31),
    )
    totals = fold(lines_in_order(lines), key=lambda row: (row[1], row[2].year))
    stale = YearTotal.objects.filter(unit_id=unit_id, code__in=codes, year__in=years)
    kept = {pair for pair in totals if pair[1] in years}
    for pair in stale.values_list("code", "year"):
        if pair not in kept:
            stale.filter(code=pair[0], year=pair[1]).delete()
    YearTotal.objects.bulk_create(
        [_year_total(unit_id, code, year, totals[code, year]) for code, year in sorted(kept)],
        update_conflicts=True,
        unique_fields=["unit", "code", "year"],
        update_fields=FIELDS,
    )


def _year_total(unit_id: int, code: str, year: int, total: Total) -> YearTotal:
    return YearTotal(unit_id=unit_id, code=code, year=year, **{name: getattr(total, name) for name in FIELDS})


def _all_totals(unit_ids=None) -> Iterator[YearTotal]:
    """Every year total as the lines say, unit by unit."""
    lines = Quantity.objects.counted()
    if unit_ids is not None:
        lines = lines.filter(activity__unit_id__in=unit_ids)
    rows = lines_in_order(lines.annotate(year=ExtractYear("activity__last_on"))).iterator(chunk_size=5000)
    for (unit_id, code, year), group in itertools.groupby(rows, key=lambda row: (row[0], row[1], row[2].year)):
        yield _year_total(unit_id, code, year, fold(group, key=itemgetter(1))[code])


def compare_totals() -> list[str]:
    """Differences between the kept totals and the lines, one English sentence each; empty when equal."""
    kept = {(row.unit_id, row.code, row.year): row for row in YearTotal.objects.all().iterator()}
    differences = []
    for true in _all_totals():
        row = kept.pop((true.unit_id, true.code, true.year), None)
        if row is None:
            differences.append(f"unit {true.unit_id}, {true.code}, {true.year}: total is missing")
        elif any(getattr(row, name) != getattr(true, name) for name in FIELDS):
            differences.append(f"unit {true.unit_id}, {true.code}, {true.year}: total differs from the lines")
    differences += [f"unit {unit_id}, {code}, {year}: total without lines" for unit_id, code, year in kept]
    return differences


@transaction.atomic
def rebuild_totals() -> int:
    """Throw the kept totals away and make them again from the lines; returns how many there are."""
    YearTotal.objects.all().delete()
    made, totals = 0, _all_totals()
    while batch := list(itertools.islice(totals, 1000)):
        made += len(YearTotal.objects.bulk_create(batch))
    refresh_statistics()
    return made


def refresh_statistics() -> None:
    """Tell SQLite how many rows there are of everything; without it the way through 300,000 activities is a guess.

    Twenty times on the board of a province. PostgreSQL does it by itself (autovacuum).
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
