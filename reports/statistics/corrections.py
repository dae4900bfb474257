"""Figures units wrote instead of computed ones, on their way into the table of the superior.

What a superior adds up is what its units' tables show: of a line that grows by addition, a unit's computed part is
replaced by the figure it wrote. Lines that are no sum of units (means, shares, arrivals, the fund of the unit itself)
keep what is computed, and the note under the table says so.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from branches import register
from branches.models import Indicator, Period, Unit
from branches.tree import Scope
from reports.amounts import EXACT, NOTHING, Amount
from reports.models import StatItem, StatValue
from reports.results import read_results_apart

from .figures import ADDED, Figures, read_figures

What, Part = StatItem.What, StatItem.Part


@dataclass(frozen=True)
class Apart(Scope):
    """The part of a scope below some of its units (`tops`, none below another): each stands where the direct
    subordinate would. Days and moves are those of the scope it was made of."""

    tops: tuple[tuple[str, int], ...] = ()

    def settled(self, to_unit: str = "unit__") -> Q:
        below = Q(pk__in=[])
        for path, _ in self.tops:
            below |= Q(**{f"{to_unit}path__startswith": path})
        return below & ~Q(**{f"{to_unit}pk__in": list(self.strays)}) if self.strays else below

    def via(self, path: str) -> int | None:
        return next((pk for top, pk in self.tops if path.startswith(top)), None)


def apart(scope: Scope, tops: Iterable[Unit]) -> Apart:
    """One query where a unit moved, else none."""
    made = Apart(scope.unit, {}, tuple((unit.path, unit.pk) for unit in tops))
    if not scope.strays:
        return made
    moved = Unit.objects.filter(pk__in=list(scope.strays)).values_list("pk", "path")
    at = {pk: top for pk, path in moved if (top := made.via(path))}
    strays = {
        pk: tuple((starts_on, ends_on, at.get(pk)) for starts_on, ends_on, _ in spans)
        for pk, spans in scope.strays.items()
    }
    return Apart(scope.unit, strays, made.tops)


@dataclass(frozen=True, slots=True)
class Instead:
    """What one unit wrote instead of a computed figure; `via` is the direct subordinate it is, or stands under.

    `computed` is its part of the superior's figure, None where the line is no sum of units.
    """

    value: StatValue
    unit_name: str
    via: int | None
    typed: Amount
    computed: Amount | None


def is_added(item: StatItem, indicator: Indicator | None) -> bool:
    """Whether the superior's figure of the line is the sum of its units' figures."""
    if item.part != Part.RESULT:
        return False
    if item.what == What.FIGURE:
        return item.figure in ADDED
    if item.what != What.INDICATOR or indicator is None or indicator.is_share or indicator.is_yes_no:
        return False
    is_flow = indicator.source == Indicator.Source.REGISTER and indicator.register_key in register.FLOWS
    return indicator.over_units == Indicator.OverUnits.SUM and not is_flow


def parts_of(
    scope: Scope, tops: Collection[Unit], items: Collection[StatItem], indicators: Mapping[str, Indicator],
    spans: Sequence[Period], *, as_of: datetime.date,
) -> list[dict[tuple[int, int], Amount]]:  # fmt: skip
    """{(line, unit): its part of the superior's figure} for each span, of lines that are sums of units.

    The number of queries depends on the kinds of figures, not on units or lines.
    """
    asked = [item for item in items if is_added(item, indicators.get(item.code))]
    found: list[dict] = [{} for _ in spans]
    if not asked or not tops:
        return found
    below = apart(scope, tops)
    told = {item.code: indicators[item.code] for item in asked if item.what == What.INDICATOR}
    keys = {one.register_key for one in told.values() if one.source == Indicator.Source.REGISTER}
    results = read_results_apart(below, spans, as_of=as_of, codes=sorted(told), register_keys=keys) if told else ()
    figures = {item.figure for item in asked if item.what == What.FIGURE}
    for place, span in enumerate(spans):
        read = read_figures(figures, below, span, as_of=as_of) if figures else Figures()
        for item in asked:
            for unit in tops:
                if item.what == What.FIGURE:
                    part = read.amount(item.figure, unit.pk) or NOTHING
                else:
                    part = results[place].amount(told[item.code], via=unit.pk)
                found[place][item.pk, unit.pk] = part
    return found


def corrected(plain: Amount | None, instead: Iterable[Instead]) -> Amount:
    """The computed figure of the superior with what its units wrote in place of their parts.

    Without a figure where a unit wrote that it is not known, or where somebody else's is not.
    """
    plain, instead = plain or NOTHING, list(instead)
    rest = plain.lines - sum(one.computed.lines for one in instead)
    is_unknown = any(one.typed.value is None for one in instead) or (plain.value is None and rest > 0)
    value = (plain.value or Decimal(0)) + sum(
        (one.typed.value or Decimal(0)) - (one.computed.value or Decimal(0)) for one in instead
    )
    return Amount(
        value=None if is_unknown else value,
        qualifier=plain.qualifier if rest > 0 else EXACT,
        lines=max(rest, 0) + len(instead),
        unknown=int(is_unknown),
    )
