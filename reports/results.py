"""Reading results: grouped sums of the facts of a scope, in a number of queries that does not grow.

Settled units are read from the kept totals where the spans are made of whole months or years and
nothing is dated after `as_of`; everything else is read from the facts themselves. Both ways are folded
by the same function, so they cannot disagree.
"""

import datetime
import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from branches import register
from branches.models import Indicator, Period, PeriodTotal, Target, Unit
from branches.totals import ACTIVITIES, WHOLE_YEAR, Total, facts, fold
from branches.tree import Scope

from .amounts import Amount, over_time, over_units
from .sums import TOGETHER, summed

# (unit, or sums.TOGETHER; direct subordinate it stands under; indicator code)
Key = tuple[int, int | None, str]


@dataclass
class Results:
    """Totals of one span in a scope: flows counted day by day, stocks by the place on the closing day."""

    flows: dict[Key, Total] = field(default_factory=dict)
    stocks: dict[Key, Total] = field(default_factory=dict)
    register: dict[Key, Amount] = field(default_factory=dict)
    # (direct subordinate, None for the superior itself, ... for the whole; key) → arrivals or departures. The whole
    # is not their sum: who only changed the branch below it neither came nor went (register.flows).
    moves: dict[tuple, Amount] = field(default_factory=dict)
    _by_code: dict | None = None

    def codes(self) -> set[str]:
        """Indicators with at least one line."""
        return {code for (_, _, code), total in self.flows.items() if total.lines} - {ACTIVITIES}

    @property
    def activities(self) -> int:
        """How many activities were held; typed figures without an event are none. Not read with `codes`."""
        return sum(total.lines for (_, _, code), total in self.flows.items() if code == ACTIVITIES)

    def beside(self, others: "Results", codes: Collection[str]) -> "Results":
        """These results, but of `codes`, and of the activities themselves, what `others` has."""
        taken = {*codes, ACTIVITIES}

        def mixed(own: dict[Key, Total], other: dict[Key, Total]) -> dict[Key, Total]:
            mine = {key: total for key, total in own.items() if key[2] not in taken}
            return mine | {key: total for key, total in other.items() if key[2] in taken}

        return Results(
            mixed(self.flows, others.flows), mixed(self.stocks, others.stocks), self.register, self.moves
        )  # fmt: skip

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
        if indicator.source == Indicator.Source.REGISTER and indicator.register_key in register.FLOWS:
            moved = self.moves.get((via, indicator.register_key))
            return [(TOGETHER, moved)] if moved else []
        if indicator.source == Indicator.Source.REGISTER:
            return _at(self._by_code["register"], indicator.register_key, via)
        # Which units have something is asked of the units of the closing day, as how many must have it.
        is_stock = indicator.over_time == Indicator.OverTime.LAST
        is_stock = is_stock or indicator.over_units == Indicator.OverUnits.SHARE_OF_UNITS
        rows = _at(self._by_code["stocks" if is_stock else "flows"], indicator.code, via)
        return [(unit_id, over_time(total, indicator)) for unit_id, total in rows]

    def amount(self, indicator: Indicator, *, via=..., asked: "Asked | None" = None) -> Amount:
        """The figure of the scope, or of one direct subordinate with everything below it.

        `asked` says whose answers count for a share of units; those of others do not.
        """
        parts = self.parts(indicator, via)
        if asked is None:
            return over_units([amount for _, amount in parts], indicator)
        parts = [(asked.answers[unit_id], amount) for unit_id, amount in parts if unit_id in asked.answers]
        amounts = [amount for _, amount in parts]
        if asked.is_alone:
            return over_units(amounts, indicator)
        have = {unit_id for unit_id, amount in parts if amount.value}
        return over_units(amounts, indicator, have=len(have), asked=len(set(asked.answers.values())))


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
class Asked:
    """Whose answers count: {unit: the unit it answers for}. `is_alone`: one unit's own, not told as a share."""

    answers: dict[int, int]
    is_alone: bool = False


@dataclass(frozen=True)
class Required:
    """To which units below a target was handed down: for what is told as a share of units, or wanted of each.

    A share of units asks those that were given the target; where it was given to nobody below, it is the
    superior's own yes or no; where nobody has it in the plan, every living branch is asked. Units stand
    with their direct subordinate (None: the superior itself); a phân đoàn answers for its branch.
    """

    top: int = 0
    shares: frozenset[str] = frozenset()
    given: dict[str, dict[int, int | None]] = field(default_factory=dict)
    branches: dict[int, int | None] = field(default_factory=dict)
    answers_for: dict[int, int] = field(default_factory=dict)

    def of(self, code: str, via=...) -> Asked | None:
        """For one indicator, `via` only below one subordinate; None where it is no share of units."""
        if code not in self.shares:
            return None
        units = self._given_below(code, via)
        top = self.top if via is ... else via
        if not units and top in self.given[code]:
            return Asked({top: top}, is_alone=True)
        units = units or {pk for pk, at in self.branches.items() if via is ... or at == via}
        parts = {pk: branch for pk, branch in self.answers_for.items() if branch in units}
        return Asked(parts | {pk: pk for pk in units})

    def units(self, code: str, via=...) -> int:
        """How many units "n a month" is wanted of; 1 where it was given to nobody below."""
        return len(self._given_below(code, via)) or 1

    def has(self, codes: Collection[str], shares: Collection[str]) -> bool:
        """Whether it answers for all of these codes."""
        return set(codes) <= self.given.keys() and set(shares) <= self.shares

    def _given_below(self, code: str, via) -> set[int]:
        top = self.top if via is ... else via
        return {pk for pk, at in self.given.get(code, {}).items() if pk != top and (via is ... or at == via)}


def required_units(
    scope: Scope, indicators: Iterable[Indicator], period: Period, *, as_of: datetime.date, each: Iterable[str] = (),
    known: Required | None = None,
) -> Required:  # fmt: skip
    """Read on the closing day of the period. `each` are codes wanted so many times a month of every unit.

    No query where nothing is a share of units and nothing wanted of each; two, or one, otherwise. `known` is what was
    read of the same scope and period for other indicators: it is taken where it answers for these too.
    """
    kind = Indicator.OverUnits.SHARE_OF_UNITS
    shares = frozenset(indicator.code for indicator in indicators if indicator.over_units == kind)
    given: dict[str, dict[int, int | None]] = {code: {} for code in (*shares, *each)}
    if scope.unit.is_branch or not given:
        return Required()
    if known is not None and known.has(given, shares):
        return known
    closing = min(period.last_day, as_of)

    targets = Target.objects.about(period).filter(scope.on(closing), indicator__code__in=given)
    for code, unit_id, path in targets.order_by("unit_id", "pk").values_list(
        "indicator__code", "unit_id", "unit__path"
    ):
        _, given[code][unit_id] = scope.place(unit_id, path, closing)
    branches, answers_for = {}, {}
    living = Unit.objects.living(closing).filter(scope.on(closing, ""), kind__in=Unit.BRANCH_KINDS)
    for unit in living.only("kind", "path").order_by("pk") if shares else ():
        if unit.kind == Unit.Kind.SUB_BRANCH:
            answers_for[unit.pk] = unit.superior_pk
        else:
            _, branches[unit.pk] = scope.place(unit.pk, unit.path, closing)
    return Required(scope.unit.pk, shares, given, branches, answers_for)


@dataclass(frozen=True)
class Months:
    """Results month by month, for targets "n a month" or "n a quarter"."""

    months: tuple[tuple[datetime.date, Results], ...] = ()

    def of(self, indicator: Indicator, via=...) -> dict[datetime.date, Decimal]:
        """First day of the month → figure, where there is one."""
        found = ((first, results.amount(indicator, via=via)) for first, results in self.months)
        return {first: amount.value for first, amount in found if amount.value is not None}


def read_months(scope: Scope, codes: Iterable[str], period: Period, *, as_of, by_subordinate: bool = False) -> Months:
    """No query without codes."""
    codes = sorted(set(codes))
    if not codes:
        return Months()
    months = [month.within(period) for month in period.months()]
    found = read_results(scope, months, as_of=as_of, codes=codes, by_subordinate=by_subordinate)
    return Months(tuple((month.starts_on, results) for month, results in zip(months, found, strict=True)))


def read_results(
    scope: Scope,
    spans: list[Period],
    *,
    as_of: datetime.date,
    register_keys=(),
    codes=None,
    by_subordinate: bool = False,
    activities: Collection[int] | None = None,
) -> list[Results]:
    """Results of each span (a period and the one before it), at most one query a kind of fact for all.

    Figures of one direct subordinate (`via`) can be asked of them only with `by_subordinate`. With `activities` (keys)
    only what these brought is read, of which no totals are kept.
    """
    found = [Results() for _ in spans]
    if activities is not None or not _read_totals(scope, spans, found, as_of, codes, by_subordinate):
        found = [Results() for _ in spans]
        _read_facts(scope, scope.settled, spans, found, as_of, codes, activities)
    return _with_strays_and_register(scope, spans, found, as_of, codes, register_keys, activities)


def read_results_apart(
    scope: Scope, spans: Sequence[Period], *, as_of: datetime.date, codes: Iterable[str], register_keys=()
) -> list[Results]:
    """Results of chosen units below a superior, each asked for by itself (`via`), however deep it stands.

    `scope` says where a row belongs (reports/statistics/corrections.py); kept totals are told by direct subordinates
    only, so these are read from the facts, which are few. Two queries, and two for units that moved.
    """
    found = [Results() for _ in spans]
    _read_facts(scope, scope.settled, spans, found, as_of, codes)
    return _with_strays_and_register(scope, spans, found, as_of, codes, register_keys)


def _with_strays_and_register(
    scope: Scope, spans: Sequence[Period], found: list[Results], as_of, codes, register_keys, activities=None
):
    """The results with those of units that moved and with what the register knows."""
    if scope.strays:
        _read_facts(scope, _strays_of(scope), spans, found, as_of, codes, activities)
    if register_keys:
        for span, results in zip(spans, found, strict=True):
            _read_register(scope, span, results, as_of, register_keys)
    return found


def _grain(spans: list[Period]) -> str | None:
    """Which kept totals add up to the spans: those of years, those of months, or none."""
    edges = [day for span in spans for day in (span.starts_on, span.ends_on)]
    if any(day.day != 1 for day in edges):
        return None
    return "year" if all(day.month == 1 for day in edges) else "month"


def _read_totals(scope, spans, found, as_of, codes, by_subordinate) -> bool:
    grain = _grain(spans)
    if grain is None:
        return False
    years = {year.starts_on.year for span in spans for year in span.years()}
    rows = PeriodTotal.objects.filter(scope.settled(), year__in=years)
    months = {WHOLE_YEAR} if grain == "year" else {month.starts_on.month for span in spans for month in span.months()}
    rows = rows.filter(month__in=months)  # named one by one, so that the index answers
    if codes is not None:
        rows = rows.filter(code__in=codes)
    one_a_span = all(len(span.years() if grain == "year" else span.months()) == 1 for span in spans)
    totals = summed(rows, scope, by_subordinate=by_subordinate, one_a_span=one_a_span)
    for unit_id, via, code, first, total in totals:
        if total.last_on and total.last_on > as_of:
            return False  # results after the day in question: only the facts can tell them apart
        for span, results in zip(spans, found, strict=True):
            if span.covers(first):
                results.flows.setdefault((unit_id, via, code), Total()).add(total)
    for results in found:
        results.stocks = dict(results.flows)
    return True


def _strays_of(scope: Scope):
    return lambda to_unit: Q(**{f"{to_unit}in": list(scope.strays)})


def _read_facts(scope, units, spans, found, as_of, codes, activities=None) -> None:
    """Every fact of these units in the span of its day: at most two queries, whatever the number of spans.

    Of units that moved, flows count under the superior of each day, stocks under that of the closing day.
    """
    rows = facts(
        lambda to_activity: units(f"{to_activity}unit__"),
        since=min(span.starts_on for span in spans),
        before=min(max(span.ends_on for span in spans), as_of + datetime.timedelta(days=1)),
        codes=codes,
        paths=True,
        activities=activities,
    )
    flows, stocks = defaultdict(list), defaultdict(list)
    for row in rows:
        unit_id, day = row[0], row[2]
        for place, span in enumerate(spans):
            if not span.covers(day):
                continue
            for source, on in ((flows, day), (stocks, min(span.last_day, as_of))):
                here, via = scope.place(unit_id, row[-1], on)
                if here:
                    source[place].append(((unit_id, via), *row[1:]))
    for place, results in enumerate(found):
        results.flows.update(fold(flows[place], key=_by_place))
        results.stocks.update(fold(stocks[place], key=_by_place))


def _by_place(row) -> Key:
    return (*row[0], row[1])


def _read_register(scope, span, results, as_of, keys) -> None:
    closing = min(span.last_day, as_of)
    if closing < span.starts_on:
        return
    for unit_id, path, key, count in register.register_rows(keys, scope.on(closing), closing):
        _, via = scope.place(unit_id, path, closing)
        results.register[unit_id, via, key] = Amount(value=Decimal(count), lines=1)
    for (place, key), count in register.flows(keys, scope.unit, span.starts_on, closing).items():
        results.moves[place, key] = Amount(value=Decimal(count), lines=1)
