"""Year totals of many units added up by the database, for figures that are plain sums over units.

A dashboard over a thousand branches then reads one row for each indicator instead of one for each
branch and indicator. It is the same fold as `Total.add` and `over_units`, for those kinds of figure in
which adding first and rolling up afterwards comes to the same; all others stay unit by unit.
"""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import BigIntegerField, Case, Count, F, Max, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Concat, StrIndex, Substr

from branches.models import Indicator, Period
from branches.totals import FIELDS, Total
from branches.tree import Scope

from .amounts import ABOUT, MORE, NEARLY, combined_qualifier

TOGETHER = 0  # in place of a unit's key: all of them in one total
CENT = Decimal("0.01")
WORDS = {"last_about": ABOUT, "last_nearly": NEARLY, "last_more": MORE}
LARGEST = ("largest", "last_on")  # everything else of a total is added
SLASH = Value("/")


def summed(
    rows: QuerySet, scope: Scope, spans: list[Period], *, by_subordinate: bool
) -> Iterator[tuple[int, int | None, str, int, Total]]:
    """(unit or TOGETHER, direct subordinate, code, year, total) for year totals of settled units; one query.

    Without `by_subordinate` everything is told as if it stood directly under the superior.
    """
    keys = ["who", "code", "year"]
    together = When(code__in=_plain_sums(spans), then=Value(TOGETHER))
    rows = rows.annotate(who=Case(together, default=F("unit_id"), output_field=BigIntegerField()))
    if by_subordinate:
        # The closing slash keeps the superior's own rows, whose rest is empty, from having a step of length -1.
        rest = Concat(Substr("unit__path", len(scope.unit.path) + 1), SLASH)
        rows = rows.annotate(step=Substr(rest, 1, StrIndex(rest, SLASH) - 1))
        keys.append("step")
    added = {name: Sum(name) for name in FIELDS if name not in (*LARGEST, "last_qualifier")}
    words = {name: Count("pk", filter=Q(last_qualifier=word)) for name, word in WORDS.items()}
    largest = {name: Max(name) for name in LARGEST}
    columns = {f"of_{name}": one for name, one in {**added, **words, **largest}.items()}
    for row in rows.order_by(*keys).values(*keys).annotate(**columns):
        step = row.get("step")
        yield row["who"], int(step) if step else None, row["code"], row["year"], _total(row)


def _plain_sums(spans: list[Period]) -> QuerySet:
    """Codes whose figure of several units is the sum of theirs, whichever is rolled up first.

    "The newest figure" is one row of a unit only within one year. Editions of a code agree on all this.
    """
    kinds = Indicator.OverTime
    over_time = [kinds.SUM]
    if all(len(span.years()) == 1 for span in spans):
        over_time.append(kinds.LAST)
    plain = Indicator.objects.filter(over_units=Indicator.OverUnits.SUM, over_time__in=over_time)
    return plain.exclude(measure=Indicator.Measure.YES_NO).order_by().values("code")


def _total(row: dict) -> Total:
    """SQLite adds decimals as binary fractions; they are cut back to the two places they were stored with."""
    said = {name: row[f"of_{name}"] for name in FIELDS if name != "last_qualifier"}
    said = {name: value.quantize(CENT) if isinstance(value, Decimal) else value for name, value in said.items()}
    return Total(**said, last_qualifier=combined_qualifier(*(row[f"of_{name}"] for name in WORDS)))
