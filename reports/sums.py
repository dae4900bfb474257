"""Kept totals of many units added up by the database, for figures that are plain sums over units.

A dashboard over a thousand branches then reads one row for each indicator instead of one for each
branch and indicator. It is the same fold as `Total.add` and `over_units`, for those kinds of figure in
which adding first and rolling up afterwards comes to the same; all others stay unit by unit.
"""

import datetime
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import BigIntegerField, Case, Count, F, Max, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Concat, StrIndex, Substr

from branches.models import Indicator
from branches.totals import ACTIVITIES, FIELDS, Total
from branches.tree import Scope

from .amounts import ABOUT, MORE, NEARLY, combined_qualifier

TOGETHER = 0  # in place of a unit's key: all of them in one total
CENT = Decimal("0.01")
WORDS = {"last_about": ABOUT, "last_nearly": NEARLY, "last_more": MORE}
# Everything else of a total is added. Words of the largest are those of the one row of a unit: where the largest
# figure counts, units are never put together here (`_plain_sums`), and no span of theirs is.
LARGEST = ("largest", "largest_qualifier", "last_on")
SLASH = Value("/")


def summed(
    rows: QuerySet, scope: Scope, *, by_subordinate: bool, one_a_span: bool
) -> Iterator[tuple[int, int | None, str, datetime.date, Total]]:
    """(unit or TOGETHER, direct subordinate, code, first day, total) for kept totals of settled units; one query.

    Without `by_subordinate` everything is told as if it stood directly under the superior. `one_a_span`
    says that each span asked for is one year or one month, so that a unit has one row of it.
    """
    keys = ["who", "code", "year", "month"]
    together = When(Q(code=ACTIVITIES) | Q(code__in=_plain_sums(one_a_span)), then=Value(TOGETHER))
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
        step, first = row.get("step"), datetime.date(row["year"], row["month"] or 1, 1)
        yield row["who"], int(step) if step else None, row["code"], first, _total(row)


def _plain_sums(one_a_span: bool) -> QuerySet:
    """Codes whose figure of several units is the sum of theirs, whichever is rolled up first.

    "The newest figure" of a unit stands in one row only within one year or one month. Editions of a
    code agree on all this.
    """
    kinds = Indicator.OverTime
    over_time = [kinds.SUM, kinds.LAST] if one_a_span else [kinds.SUM]
    plain = Indicator.objects.filter(over_units=Indicator.OverUnits.SUM, over_time__in=over_time)
    return plain.exclude(measure=Indicator.Measure.YES_NO).order_by().values("code")


def _total(row: dict) -> Total:
    """SQLite adds decimals as binary fractions; they are cut back to the two places they were stored with."""
    said = {name: row[f"of_{name}"] for name in FIELDS if name != "last_qualifier"}
    said = {name: value.quantize(CENT) if isinstance(value, Decimal) else value for name, value in said.items()}
    return Total(**said, last_qualifier=combined_qualifier(*(row[f"of_{name}"] for name in WORDS)))
