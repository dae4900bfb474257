"""A superior's figures, made from the approved reports of its units and from what it logged itself.

    editions in force  →  Source        one for each unit that owed a report, or the unit is named as missing
    ReportRow          →  Part          a unit's figure by its parts; what several units told twice is taken off
    Parts              →  Amount        by the indicator's own rule over units (amounts.over_units)
    Amounts            →  ProgressTable judged against the superior's own targets, as progress_for judges

Part of the one number, beside progress.py: drafts, papers, Excel and the superior's own frozen rows read this table
as they read any other, so that a superior's edition is again a Part of the level above.

Two figures are not sums of reports. Arrivals and departures of members are those of the superior's register: who only
changed the branch below it neither came nor went, and no unit's report can know that. And "n a month" is judged by
its sum: months are not reported one by one.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import Q

from branches import register
from branches.models import Indicator, Period, Unit
from branches.models.rule import rules_on
from branches.tree import Scope

from .amounts import NOTHING, Amount, over_units, with_wholes
from .joint import (
    OWN,
    Candidate,
    Deduction,
    can_deduct,
    candidates_of,
    carried,
    deducted,
    joined_by_units,
    own_joined,
)
from .judging import OF_THE_THEME, SUBPERIOD
from .models import JointDecision, PeriodReport, ReportRound, ReportRow, Submission
from .progress import ProgressTable, reading_scope, rows_of, targets_of
from .results import Required, Results, read_results, required_units
from .rolling_sources import Source, sources_of, untold
from .themes import Counted, Theme


@dataclass(frozen=True)
class Alone(Scope):
    """A unit without anything below it: what the superior logged and keeps itself, and what units left behind that
    ended in the period and report no more (`ended`)."""

    ended: tuple[int, ...] = ()

    def settled(self, to_unit: str = "unit__") -> Q:
        return Q(**{f"{to_unit}pk__in": [self.unit.pk, *self.ended]})


@dataclass(frozen=True)
class Part:
    """What one side (a unit's report, or the superior's own lines) adds to one figure."""

    source: Source | None  # None: the superior itself
    told: Amount
    row: ReportRow | None = None
    deductions: tuple[Deduction, ...] = ()

    @property
    def counted(self) -> Amount:
        """What was told without what another unit told already."""
        return _without(self.told, self.deductions)


@dataclass(frozen=True)
class RolledUp:
    """The figures of a superior's report with everything they were made from. `scope` (progress.reading_scope) and
    `rules`, those of the last day, are kept for whoever reads on."""

    report: PeriodReport
    scope: Scope
    rules: dict
    table: ProgressTable
    units: tuple[Source, ...]
    parts: dict[str, tuple[Part, ...]] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    together: dict[str, list[dict]] = field(default_factory=dict)
    facts: dict[str, int] = field(default_factory=dict)
    round: ReportRound | None = None
    rows_by_unit: dict[int, dict[str, ReportRow]] = field(default_factory=dict)
    not_asked: tuple[str, ...] = ()  # direct units of the last day that owed no report

    @property
    def missing(self) -> tuple[Source, ...]:
        return tuple(source for source in self.units if source.submission is None)

    @property
    def missing_below(self) -> tuple[str, ...]:
        """Units at any depth whose figures are in none of the approved reports, and no direct unit's own."""
        return tuple(name for source in self.reported for name in source.without)

    @property
    def reported(self) -> tuple[Source, ...]:
        return tuple(source for source in self.units if source.submission is not None)

    @property
    def undecided(self) -> tuple[Candidate, ...]:
        return tuple(one for one in self.candidates if one.decision is None)

    @property
    def editions(self) -> dict[str, int]:
        """Which edition of which unit stands behind the figures: {unit pk as text: submission pk}."""
        return {str(source.unit.pk): source.submission.pk for source in self.reported}


def rolled_up(report: PeriodReport, *, as_of: datetime.date) -> RolledUp:
    """The superior's figures of the report's period. As a rule 14 queries, at most 25, for any number of units.

    Whose reports they are is said by the superior's round of that period and theme; without a round by the tree of
    the period's last day. An edition counts from the moment it is approved, also while its report is open for a
    correction. `as_of` is the day targets are judged on. `report` may be one that is not saved yet.
    """
    unit, period = report.unit, report.period
    until = min(as_of, period.last_day)
    round, sources = sources_of(report, until=until)
    rows = _rows_of(sources)
    targets = list(targets_of(unit, period))
    codes = {row.code for ones in rows.values() for row in ones.values()}
    left_out = untold(unit, sources, period, until)
    alone = Alone(unit, ended=left_out.ended)
    own = _own(alone, period, as_of=as_of)
    indicators = _indicators(period, codes | own.codes(), targets)
    theme, counted, of_theme = Theme.of(report.theme), None, frozenset()
    if theme:
        chosen = theme.activities(alone, period, as_of=as_of)
        (brought,) = read_results(alone, [period], as_of=as_of, activities=chosen)
        partial = {row.code for ones in rows.values() for row in ones.values() if row.reason == OF_THE_THEME}
        partial |= brought.codes()
        targets, of_theme = theme.parted(indicators.values(), targets, told=codes, partial=partial)
        counted = Counted(frozenset(indicators) - of_theme, chosen)
        own = own.beside(brought, of_theme)
        told = codes | brought.codes() | {target.indicator.code for target in targets}
        indicators = {code: one for code, one in indicators.items() if code in told or theme.is_about(one)}
    joined = joined_by_units(sources, rows) + own_joined(unit, period, rows, counted, as_of=as_of)
    decisions = JointDecision.objects.filter(report=report) if report.pk and joined else ()
    candidates = candidates_of(joined, decisions)
    taken_off = [one for one in deducted(candidates) if can_deduct(indicators[one.code])]
    parts = _parts(sources, rows, indicators, own, taken_off)
    scope, rules = reading_scope(unit, period), rules_on(until)
    moves = _moves(scope, period, until)
    last_told, before = _before(report, indicators.values(), scope, as_of=as_of)
    each = {target.indicator.code for target in targets if target.comparator in SUBPERIOD}
    required = required_units(scope, indicators.values(), period, as_of=as_of, each=each)
    branches = _branches_below(sources, required)
    planned = {target.indicator.code for target in targets}
    is_whole = all(source.submission and not source.without for source in sources)

    def now(indicator: Indicator) -> Amount:
        if indicator.source == Indicator.Source.REGISTER and indicator.register_key in register.FLOWS:
            count = moves.get(indicator.register_key)
            return over_units([Amount(value=Decimal(count), lines=1)] if count else [], indicator)
        code = indicator.code
        given = {via for pk, via in required.given.get(code, {}).items() if pk != unit.pk}
        return combined(
            parts.get(code, ()), indicator, is_planned=code in planned, given_below=given, branches=branches
        )

    def last(indicator: Indicator) -> Amount:
        of_register = indicator.source == Indicator.Source.REGISTER
        if of_register and not is_whole and indicator.register_key not in register.FLOWS:
            return NOTHING  # the members of some units stand beside no figure of all
        if last_told is None or (of_register and indicator.code not in last_told):
            return before.amount(indicator, asked=required.of(indicator.code))
        return last_told.get(indicator.code, NOTHING)

    unplanned = [
        one
        for code, one in indicators.items()
        if code not in planned
        and one.source != Indicator.Source.REGISTER
        and any(part.told.lines for part in parts.get(code, ()))
    ]
    judged = rows_of(
        unit, period, targets, unplanned,
        now=now, before=last, units=required.units, by_month=lambda indicator: None,
        as_of=as_of, rules=rules, of_theme=of_theme,
    )  # fmt: skip
    told = [source.submission.facts for source in sources if source.submission]
    activities = own.activities + sum(facts.get("activities", 0) for facts in told)
    return RolledUp(
        report=report,
        scope=scope,
        rules=rules,
        table=ProgressTable(unit, period, as_of, tuple(judged), activities, theme=theme.text if theme else ""),
        units=sources,
        parts=parts,
        candidates=tuple(candidates),
        deductions=tuple(taken_off),
        together=carried(joined, taken_off),
        facts=_facts(sources, own, moves, unit) if until >= period.starts_on else {},
        round=round,
        rows_by_unit=rows,
        not_asked=left_out.not_asked,
    )


# --- what they reported ---------------------------------------------------------------------------------


def _rows_of(sources: Iterable[Source]) -> dict[int, dict[str, ReportRow]]:
    """{unit: {code: frozen row}} of the editions in force; one query."""
    units = {source.submission.pk: source.unit.pk for source in sources if source.submission}
    found: dict[int, dict[str, ReportRow]] = {unit: {} for unit in units.values()}
    told = ReportRow.objects.filter(submission__in=units).select_related("indicator")
    for row in told.order_by("submission_id", "position", "pk"):
        found[units[row.submission_id]][row.code] = row
    return found


def _indicators(period: Period, codes: set[str], targets) -> dict[str, Indicator]:
    """The year's edition of every code that is told or planned, in the order of the catalogue."""
    found = {target.indicator.code: target.indicator for target in targets}
    missing = codes - set(found)
    rows = Indicator.objects.of_year(period.year_number).filter(code__in=missing).select_related("area")
    found |= {one.code: one for one in rows.order_by("area__position", "position", "pk")}
    # A code that left the catalogue since is told as the newest edition had it.
    older = Indicator.objects.filter(code__in=codes - set(found)).select_related("area").order_by("first_year", "pk")
    return found | ({one.code: one for one in older} if codes - set(found) else {})


# --- what the superior did itself -----------------------------------------------------------------------


def _own(alone: Alone, period: Period, *, as_of) -> Results:
    """The superior's own lines and members, with those of units that report no more."""
    return read_results(alone, [period], as_of=as_of, register_keys=register.STANDING)[0]


def _register_keys(indicators: Iterable[Indicator]) -> set[str]:
    return {one.register_key for one in indicators if one.source == Indicator.Source.REGISTER}


def _moves(scope: Scope, period: Period, until: datetime.date) -> dict[str, int]:
    """Arrivals and departures of the whole by the register: {key: persons}. One query, none before the period."""
    if until < period.starts_on:
        return {}
    found = register.flows(register.FLOWS, scope.unit, period.starts_on, until, scope=scope)
    return {key: count for (place, key), count in found.items() if place is register.WHOLE}


def _before(
    report: PeriodReport, indicators: Iterable[Indicator], scope: Scope, *, as_of
) -> tuple[dict[str, Amount] | None, Results]:
    """The same span a year earlier: as the superior's own edition in force told it, None without one; and as it was
    logged, in the tree of its days. With an edition only what the register knows is read."""
    period = report.period
    if period.kind == Period.Kind.TERM:
        return None, Results()
    span, keys = period.before(), _register_keys(indicators)
    edition = (
        Submission.objects.in_force()
        .filter(
            report__unit=report.unit, report__theme=report.theme, report__period__kind=span.kind,
            report__period__starts_on=span.starts_on, report__period__ends_on=span.ends_on,
        )
        .values_list("pk", flat=True)
        .first()
    )  # fmt: skip
    told = None
    if edition is not None:
        told = {row.code: amount_of(row) for row in ReportRow.objects.filter(submission=edition).order_by("pk")}
        if not keys:
            return told, Results()
    codes = None if told is None else ()
    return told, read_results(scope, [span], as_of=as_of, register_keys=keys, codes=codes)[0]


# --- putting together -----------------------------------------------------------------------------------


def _parts(sources, rows, indicators, own: Results, taken_off) -> dict[str, tuple[Part, ...]]:
    off: dict[tuple[int, str], list[Deduction]] = {}
    for one in taken_off:
        off.setdefault((one.joined.source, one.code), []).append(one)
    found: dict[str, list[Part]] = {code: [] for code in indicators}
    for source in sources:
        for code, row in rows.get(source.unit.pk, {}).items():
            found[code].append(Part(source, amount_of(row), row, tuple(off.get((source.unit.pk, code), ()))))
    for code, indicator in indicators.items():
        if indicator.source == Indicator.Source.REGISTER:
            found[code] = [Part(source, told) for source in sources if (told := _of_facts(source, indicator)).lines]
        told = own.amount(indicator)
        if told.lines:
            found[code].append(Part(None, told, None, tuple(off.get((OWN, code), ()))))
    return {code: tuple(parts) for code, parts in found.items()}


def _of_facts(source: Source, indicator: Indicator) -> Amount:
    """A figure of members as the unit's edition has it, whether the unit planned one or not."""
    count = source.submission.facts.get(indicator.register_key) if source.submission else None
    return NOTHING if count is None else Amount(value=Decimal(count), lines=1)


def amount_of(row: ReportRow) -> Amount:
    """The figure of a frozen row by its parts."""
    return Amount(
        row.value, row.whole, row.qualifier, row.lines, row.unknown, row.evidenced, row.added, row.added_units
    )


def _without(told: Amount, deductions: Iterable[Deduction]) -> Amount:
    for one in deductions:
        gone = one.figure
        told = replace(
            told,
            value=told.value - gone.value if told.value is not None and gone.value is not None else told.value,
            whole=told.whole - gone.whole if told.whole is not None and gone.whole is not None else told.whole,
            lines=told.lines - 1,
            unknown=told.unknown - 1 if gone.value is None else told.unknown,
            evidenced=min(told.evidenced, told.lines - 1),
        )
    if deductions and not told.lines:
        return NOTHING  # all it told is told by another unit
    return told


def combined(
    parts: Iterable[Part], indicator: Indicator, *, is_planned: bool, given_below: set[int], branches: dict[int, int]
) -> Amount:
    """The parts as one figure, by the indicator's rule over units. `branches` counts the branches below each unit,
    `given_below` are the direct units that have the target in their plan or in one below theirs.

    A share of units adds what the superiors below told ("4 of 5") and counts a unit that has nothing below it as
    one. Asked are the units that have it in their plan; where no unit has, and the superior itself has, it is its own
    yes or no; where nobody has, everybody below.
    """
    parts = list(parts)
    amounts = [part.counted for part in parts]
    if indicator.over_units != Indicator.OverUnits.SHARE_OF_UNITS:
        return over_units(with_wholes(amounts, indicator), indicator)
    below = [(part, amount) for part, amount in zip(parts, amounts, strict=True) if part.source is not None]
    given = [(part, one) for part, one in below if part.source.unit.pk in given_below or part.row.comparator]
    if not given and is_planned:
        return over_units([one for part, one in zip(parts, amounts, strict=True) if part.source is None], indicator)
    have = sum(one.value or 0 if one.whole is not None else bool(one.value) for _, one in given)
    asked = sum(one.whole if one.whole is not None else 1 for _, one in given)
    if not given:
        have = sum(one.value or 0 if one.whole is not None else bool(one.value) for _, one in below)
        asked = sum(branches.values())
    found = over_units([one for _, one in given or below], indicator, have=have, asked=asked)
    return found if asked else NOTHING


def _branches_below(sources: Iterable[Source], required: Required) -> dict[int, int]:
    """For each unit that reported, of how many branches it tells; empty where no share of units is told."""
    if not required.shares:
        return {}
    found = {source.unit.pk: 1 if source.unit.is_branch else 0 for source in sources if source.submission}
    for branch, via in required.branches.items():
        if via in found and via != branch:
            found[via] += 1
    return found


def _facts(sources: Iterable[Source], own: Results, moves: dict[str, int], unit: Unit) -> dict[str, int]:
    """Members as the units reported them and those of the superior itself; who came and went by its register."""
    here = {key: int(told.value) for (pk, _, key), told in own.register.items() if pk == unit.pk}
    facts = [source.submission.facts for source in sources if source.submission]
    standing = {key: here.get(key, 0) + sum(one.get(key, 0) for one in facts) for key in register.STANDING}
    return standing | {key: moves.get(key, 0) for key in register.FLOWS}
