"""Reading results: grouped sums of the facts of a scope, in a number of queries that does not grow.

Settled units are read from the year's totals where the span is made of whole years and nothing is
dated after `as_of`; everything else is read from the lines themselves. Both ways are folded by the
same function, so they cannot disagree.
"""

import datetime
import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from branches import register
from branches.models import Indicator, Period, Quantity, Target, Unit, YearTotal
from branches.totals import FIELDS, LINE, Total, fold, lines_in_order
from branches.tree import Scope

from .amounts import NOTHING, Amount, over_time, over_units
from .sums import summed

# (unit, or sums.TOGETHER; direct subordinate it stands under; indicator code)
Key = tuple[int, int | None, str]


@dataclass
class Results:
    """Totals of one span in a scope: flows counted day by day, stocks by the place on the closing day."""

    flows: dict[Key, Total] = field(default_factory=dict)
    stocks: dict[Key, Total] = field(default_factory=dict)
    register: dict[Key, Amount] = field(default_factory=dict)
    _by_code: dict | None = None

    def codes(self) -> set[str]:
        return {code for (_, _, code), total in self.flows.items() if total.lines}

    def parts(self, indicator: Indicator, via=...) -> list[tuple[int, Amount]]:
        """(unit, figure) for each unit with lines; `via` keeps one direct subordinate and what is below it."""
        if self._by_code is None:
            self._by_code = {
                name: _grouped(source)
                for name, source in (
                    ("flows", self.flows),
                    ("stocks", self.stocks),
                    ("register", self.register),
                )
            }
        if indicator.source == Indicator.Source.REGISTER:
            return _at(self._by_code["register"], indicator.register_key, via)
        # Which units have something is asked of the units of the closing day, as how many must have it.
        is_stock = indicator.over_time == Indicator.OverTime.LAST
        is_stock = is_stock or indicator.over_units == Indicator.OverUnits.SHARE_OF_UNITS
        rows = _at(self._by_code["stocks" if is_stock else "flows"], indicator.code, via)
        return [(unit_id, over_time(total, indicator)) for unit_id, total in rows]

    def amount(
        self, indicator: Indicator, *, via=..., required: Collection[int] | None = None, single: bool = False
    ) -> Amount:
        """The figure of the scope, or of one direct subordinate with everything below it.

        `required` are the units (pk) asked for a share of units; others that have it do not count.
        """
        parts = [amount for unit_id, amount in self.parts(indicator, via) if required is None or unit_id in required]
        if single:
            return parts[0] if parts else NOTHING
        return over_units(parts, indicator, None if required is None else len(required))


def _grouped(source: dict) -> dict[str, dict[int | None, list]]:
    """code → direct subordinate → [(unit, figure)]: a board asks for every cell, and must not search for it."""
    grouped: dict = {}
    for (unit_id, under, code), value in source.items():
        grouped.setdefault(code, {}).setdefault(under, []).append((unit_id, value))
    return grouped


def _at(grouped: dict, code: str, via) -> list:
    places = grouped.get(code, {})
    return list(itertools.chain.from_iterable(places.values())) if via is ... else places.get(via, [])


@dataclass(frozen=True)
class Required:
    """Which units should have something that is told as a share of units: those given the target below
    the superior, else every living branch. Each unit with the direct subordinate it stands under."""

    by_target: dict[str, dict[int, int | None]] = field(default_factory=dict)
    branches: dict[int, int | None] = field(default_factory=dict)

    def of(self, code: str, via=...) -> set[int] | None:
        """The units for one indicator, `via` only those below one subordinate; None where it is no share of units."""
        if code not in self.by_target:
            return None

        def under(units):
            return {pk for pk, at in units.items() if via is ... or (at == via and pk != via)}

        return under(self.by_target[code]) or under(self.branches)


def required_units(scope: Scope, indicators: Iterable[Indicator], period: Period, *, as_of: datetime.date) -> Required:
    """Read on the closing day of the period; no query where nothing is told as a share of units."""
    kind = Indicator.OverUnits.SHARE_OF_UNITS
    by_target = {indicator.code: {} for indicator in indicators if scope.below and indicator.over_units == kind}
    if not by_target:
        return Required()
    closing = min(period.last_day, as_of)

    def via(unit_id, path):
        return scope.stray_via(unit_id, closing)[1] if unit_id in scope.strays else scope.via(path)

    given = (
        Target.objects.of_period(period)
        .filter(scope.on(closing), indicator__code__in=by_target)
        .exclude(unit=scope.unit)
        .order_by("unit_id", "pk")
    )
    for code, unit_id, path in given.values_list("indicator__code", "unit_id", "unit__path"):
        by_target[code][unit_id] = via(unit_id, path)
    branches = Unit.objects.living(closing).filter(scope.on(closing, ""), kind__in=Unit.BRANCH_KINDS).order_by("pk")
    return Required(by_target, {pk: via(pk, path) for pk, path in branches.values_list("pk", "path")})


def read_results(
    scope: Scope,
    spans: list[Period],
    *,
    as_of: datetime.date,
    register_keys=(),
    codes=None,
    by_subordinate: bool = False,
) -> list[Results]:
    """Results of each span (a period and the one before it), at most one query a kind of fact for all.

    Figures of one direct subordinate (`via`) can be asked of them only with `by_subordinate`.
    """
    found = [Results() for _ in spans]
    whole = all(_whole_years(span) for span in spans)
    if not (whole and _read_year_totals(scope, spans, found, as_of, codes, by_subordinate)):
        found = [Results() for _ in spans]
        _read_lines(scope, scope.settled("activity__unit__"), spans, found, as_of, codes)
    if scope.strays:
        _read_stray_lines(scope, spans, found, as_of, codes)
    if register_keys:
        for span, results in zip(spans, found, strict=True):
            _read_register(scope, span, results, as_of, register_keys)
    return found


def _whole_years(span: Period) -> bool:
    first, end = span.starts_on, span.ends_on
    return (first.month, first.day, end.month, end.day) == (1, 1, 1, 1)


def _read_year_totals(scope, spans, found, as_of, codes, by_subordinate) -> bool:
    years = {year.starts_on.year for span in spans for year in span.years()}
    rows = YearTotal.objects.filter(scope.settled(), year__in=years)
    if codes is not None:
        rows = rows.filter(code__in=codes)
    totals = summed(rows, scope, spans, by_subordinate=by_subordinate) if scope.below else _of_one_unit(rows)
    for unit_id, via, code, year, total in totals:
        if total.last_on and total.last_on > as_of:
            return False  # results after the day in question: only the lines can tell them apart
        for span, results in zip(spans, found, strict=True):
            if span.starts_on.year <= year < span.ends_on.year:
                results.flows.setdefault((unit_id, via, code), Total()).add(total)
    for results in found:
        results.stocks = dict(results.flows)
    return True


def _of_one_unit(rows):
    for unit_id, code, year, *values in rows.order_by("code", "year").values_list("unit_id", "code", "year", *FIELDS):
        yield unit_id, None, code, year, Total(*values)


def _read_lines(scope, condition, spans, found, as_of, codes) -> None:
    for span, results in zip(spans, found, strict=True):
        rows = _lines(condition, span, as_of, codes).values_list(*LINE, "activity__unit__path")
        placed = (((row[0], scope.via(row[-1]) if scope.below else None), *row[1:-1]) for row in rows)
        results.flows = fold(placed, key=_by_place)
        results.stocks = dict(results.flows)


def _by_place(row) -> Key:
    return (*row[0], row[1])


def _lines(condition, span, as_of, codes):
    lines = Quantity.objects.counted().filter(
        condition,
        activity__last_on__gte=span.starts_on,
        activity__last_on__lt=span.ends_on,
        activity__last_on__lte=as_of,
    )
    return lines_in_order(lines.filter(indicator__code__in=codes) if codes is not None else lines)


def _read_stray_lines(scope, spans, found, as_of, codes) -> None:
    """Units that moved: flows count under the superior of each day, stocks under that of the closing day."""
    condition = Q(activity__unit__in=list(scope.strays))
    for span, results in zip(spans, found, strict=True):
        closing = min(span.last_day, as_of)
        flows, stocks = [], []
        for row in _lines(condition, span, as_of, codes):
            unit_id, day = row[0], row[2]
            here, via = scope.stray_via(unit_id, day)
            if here:
                flows.append(((unit_id, via), *row[1:]))
            here, via = scope.stray_via(unit_id, closing)
            if here:
                stocks.append(((unit_id, via), *row[1:]))
        results.flows.update(fold(flows, key=_by_place))
        results.stocks.update(fold(stocks, key=_by_place))


def _read_register(scope, span, results, as_of, keys) -> None:
    closing = min(span.last_day, as_of)
    if closing < span.starts_on:
        return
    counts = register.register_amounts(
        keys, scope.on(closing), span.starts_on, closing + datetime.timedelta(days=1), closing
    )
    paths = {}
    if scope.below:
        paths = dict(Unit.objects.filter(pk__in={pk for pk, _ in counts}).values_list("pk", "path"))
    for (unit_id, key), count in counts.items():
        if not scope.below:
            via = None
        elif unit_id in scope.strays:
            via = scope.stray_via(unit_id, closing)[1]
        else:
            via = scope.via(paths[unit_id])
        results.register[unit_id, via, key] = Amount(value=Decimal(count), lines=1)
