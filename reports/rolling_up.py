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
from branches.models import Indicator, Period, Quantity, Unit
from branches.models.rule import rules_on
from branches.tree import Scope, scope_of

from .amounts import NOTHING, Amount, over_units
from .joint import OWN, Candidate, Deduction, Figure, Joined, can_deduct, candidates_of, deducted, joined_of
from .judging import SUBPERIOD
from .models import JointDecision, PeriodReport, ReportRound, ReportRow
from .progress import ProgressTable, rows_of, targets_of
from .results import Results, read_results, required_units
from .rolling_sources import Source, sources_of


class Alone(Scope):
    """A unit without anything below it: what the superior logged and keeps itself."""

    def settled(self, to_unit: str = "unit__") -> Q:
        return Q(**{f"{to_unit}path": self.unit.path})


@dataclass(frozen=True)
class Part:
    """What one side (a unit's report, or the superior's own lines) adds to one figure."""

    source: Source | None  # None: the superior itself
    told: Amount
    last: Amount = NOTHING
    row: ReportRow | None = None
    deductions: tuple[Deduction, ...] = ()

    @property
    def counted(self) -> Amount:
        """What was told without what another unit told already."""
        return _without(self.told, self.deductions)


@dataclass(frozen=True)
class RolledUp:
    """The figures of a superior's report with everything they were made from."""

    report: PeriodReport
    table: ProgressTable
    units: tuple[Source, ...]
    parts: dict[str, tuple[Part, ...]] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    together: dict[str, list[dict]] = field(default_factory=dict)
    facts: dict[str, int] = field(default_factory=dict)
    round: ReportRound | None = None
    rows_by_unit: dict[int, dict[str, ReportRow]] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[Source, ...]:
        return tuple(source for source in self.units if source.submission is None)

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
    """The superior's figures of the report's period. At most 25 queries, whatever the number of units and rows.

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
    own, own_last = _own(unit, period, targets, codes, as_of=as_of)
    indicators = _indicators(period, codes | own.codes(), targets)
    joined = _joined(sources, rows) + _own_joined(unit, period, rows, as_of=as_of)
    decisions = JointDecision.objects.filter(report=report) if report.pk else ()
    candidates = candidates_of(joined, decisions)
    taken_off = [one for one in deducted(candidates) if can_deduct(indicators[one.code])]
    parts = _parts(sources, rows, indicators, own, own_last, taken_off)
    branches = _branches_below(unit, period, sources, rows, indicators, as_of=as_of)
    moved, before = _from_register(unit, period, indicators.values(), as_of=as_of)
    each = {target.indicator.code for target in targets if target.comparator in SUBPERIOD}
    required = required_units(scope_of(unit, period.starts_on), [], period, as_of=as_of, each=each)
    planned = {target.indicator.code for target in targets}

    def figure(indicator: Indicator, *, is_last: bool) -> Amount:
        if indicator.source == Indicator.Source.REGISTER and is_last:
            return before.amount(indicator)
        if indicator.source == Indicator.Source.REGISTER and indicator.register_key in register.FLOWS:
            return moved.amount(indicator)
        ones = parts.get(indicator.code, ())
        return combined(ones, indicator, is_last=is_last, is_planned=indicator.code in planned, branches=branches)

    unplanned = [
        one
        for code, one in indicators.items()
        if code not in planned
        and one.source != Indicator.Source.REGISTER
        and any(part.told.lines for part in parts.get(code, ()))
    ]
    judged = rows_of(
        unit, period, targets, unplanned,
        now=lambda indicator: figure(indicator, is_last=False),
        before=lambda indicator: figure(indicator, is_last=True),
        units=required.units, by_month=lambda indicator: None,
        as_of=as_of, rules=rules_on(until),
    )  # fmt: skip
    told = [source.submission.facts for source in sources if source.submission]
    activities = own.activities + sum(facts.get("activities", 0) for facts in told)
    return RolledUp(
        report=report,
        table=ProgressTable(unit, period, as_of, tuple(judged), activities),
        units=sources,
        parts=parts,
        candidates=tuple(candidates),
        deductions=tuple(taken_off),
        together=_carried(joined, taken_off),
        facts=_facts(unit, period, sources, until),
        round=round,
        rows_by_unit=rows,
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


def _own(unit: Unit, period: Period, targets, codes: set[str], *, as_of) -> tuple[Results, Results]:
    """The superior's own lines, of this period and of the one before."""
    previous = None if period.kind == Period.Kind.TERM else period.before()
    spans = [period, previous] if previous else [period]
    told = Indicator.objects.filter(code__in=codes, source=Indicator.Source.REGISTER)
    keys = set(told.values_list("register_key", flat=True))
    keys |= {t.indicator.register_key for t in targets if t.indicator.source == Indicator.Source.REGISTER}
    found = read_results(Alone(unit), spans, as_of=as_of, register_keys=keys & set(register.STANDING))
    return found[0], found[1] if previous else Results()


def _own_joined(unit: Unit, period: Period, rows, *, as_of) -> list[Joined]:
    """The superior's own activities beside which units may have told theirs; no query where none told any."""
    codes = {code for ones in rows.values() for code, row in ones.items() if row.together}
    if not codes:
        return []
    lines = Quantity.objects.counted().filter(
        activity__unit=unit, indicator__code__in=codes, activity__last_on__gte=period.starts_on,
        activity__last_on__lt=period.ends_on, activity__last_on__lte=as_of,
    )  # fmt: skip
    found: dict[int, Joined] = {}
    for line in lines.select_related("activity", "indicator").order_by("activity__last_on", "activity_id", "pk"):
        held = line.activity
        one = found.setdefault(
            held.pk,
            Joined(
                held.pk, held.title, held.starts_on, held.last_on, held.organiser, held.partner, unit.name, OWN
            ),
        )  # fmt: skip
        one.figures[line.indicator.code] = Figure(line.value, line.denominator)
    return list(found.values())


def _from_register(unit: Unit, period: Period, indicators: Iterable[Indicator], *, as_of) -> tuple[Results, Results]:
    """Arrivals and departures of the period, and every figure of members of the one before; read only where told."""
    keys = {one.register_key for one in indicators if one.source == Indicator.Source.REGISTER}
    previous = None if period.kind == Period.Kind.TERM else period.before()
    if not keys:
        return Results(), Results()
    spans = [period, previous] if previous else [period]
    found = read_results(scope_of(unit, spans[-1].starts_on), spans, as_of=as_of, register_keys=keys, codes=())
    return found[0], found[1] if previous else Results()


# --- putting together -----------------------------------------------------------------------------------


def _joined(sources: Iterable[Source], rows) -> list[Joined]:
    found = []
    for source in sources:
        told = rows.get(source.unit.pk, {})
        entries = ((code, entry) for code, row in told.items() for entry in row.together)
        found += joined_of(entries, source=source.unit.pk, unit_name=source.name)
    return found


def _parts(sources, rows, indicators, own: Results, own_last: Results, taken_off) -> dict[str, tuple[Part, ...]]:
    off: dict[tuple[int, str], list[Deduction]] = {}
    for one in taken_off:
        off.setdefault((one.joined.source, one.code), []).append(one)
    found: dict[str, list[Part]] = {code: [] for code in indicators}
    for source in sources:
        for code, row in rows.get(source.unit.pk, {}).items():
            told, last = amounts_of(row)
            found[code].append(Part(source, told, last, row, tuple(off.get((source.unit.pk, code), ()))))
    for code, indicator in indicators.items():
        if indicator.source == Indicator.Source.REGISTER:
            found[code] = [Part(source, told) for source in sources if (told := _of_facts(source, indicator)).lines]
        told, last = own.amount(indicator), own_last.amount(indicator)
        if told.lines or last.lines:
            found[code].append(Part(None, told, last, None, tuple(off.get((OWN, code), ()))))
    return {code: tuple(parts) for code, parts in found.items()}


def _of_facts(source: Source, indicator: Indicator) -> Amount:
    """A figure of members as the unit's edition has it, whether the unit planned one or not."""
    count = source.submission.facts.get(indicator.register_key) if source.submission else None
    return NOTHING if count is None else Amount(value=Decimal(count), lines=1)


def amounts_of(row: ReportRow) -> tuple[Amount, Amount]:
    """The figure of a frozen row and that of the year before, by their parts."""
    return (
        Amount(row.value, row.whole, row.qualifier, row.lines, row.unknown, row.evidenced, row.added, row.added_units),
        Amount(
            row.last_value, row.last_whole, row.last_qualifier, row.last_lines,
            added=row.last_added, added_units=row.last_added_units,
        ),
    )  # fmt: skip


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
    parts: Iterable[Part], indicator: Indicator, *, is_last: bool, is_planned: bool, branches: dict[int, int]
) -> Amount:
    """The parts as one figure, by the indicator's rule over units. `branches` counts the branches below each unit.

    A share of units adds what the superiors below told ("4 of 5") and counts a unit that has nothing below it as
    one. Asked are the units that have it in their plan; where no unit has, and the superior itself has, it is its own
    yes or no; where nobody has, everybody below.
    """
    parts = list(parts)
    amounts = [part.last if is_last else part.counted for part in parts]
    if indicator.over_units != Indicator.OverUnits.SHARE_OF_UNITS:
        return over_units(amounts, indicator)
    below = [(part, amount) for part, amount in zip(parts, amounts, strict=True) if part.source is not None]
    given = [(part, one) for part, one in below if one.whole is not None or part.row.comparator]
    if not given and is_planned:
        return over_units([one for part, one in zip(parts, amounts, strict=True) if part.source is None], indicator)
    have = sum(one.value or 0 if one.whole is not None else bool(one.value) for _, one in given)
    asked = sum(one.whole if one.whole is not None else 1 for _, one in given)
    if not given:
        said = {part.source.unit.pk: one for part, one in below}
        have = sum(1 for one in said.values() if one.value)
        asked = sum(count for count in branches.values())
    found = over_units([one for _, one in given or below], indicator, have=have, asked=asked)
    return found if asked else NOTHING


def _branches_below(unit: Unit, period: Period, sources, rows, indicators, *, as_of) -> dict[int, int]:
    """For each unit that reported, of how many branches it tells; asked only where a share of units is told."""
    if not any(one.over_units == Indicator.OverUnits.SHARE_OF_UNITS for one in indicators.values()):
        return {}
    found = {source.unit.pk: 1 if source.unit.is_branch else 0 for source in sources if source.submission}
    above = [source for source in sources if source.submission and not source.unit.is_branch]
    if above:
        closing = min(period.last_day, as_of)
        scope = scope_of(unit, period.starts_on)
        living = Unit.objects.living(closing).filter(scope.on(closing, ""), kind__in=Unit.BRANCH_KINDS)
        for one in living.exclude(kind=Unit.Kind.SUB_BRANCH).only("kind", "path").order_by("pk"):
            _, via = scope.place(one.pk, one.path, closing)
            if via in found and via != one.pk:
                found[via] += 1
    return found


def _carried(joined: Iterable[Joined], taken_off: Iterable[Deduction]) -> dict[str, list[dict]]:
    """What the superior's own rows say was done together, for the level above: each activity once."""
    gone = {(one.code, one.joined.activity) for one in taken_off}
    found: dict[str, list[dict]] = {}
    for one in sorted(joined, key=lambda one: (one.last_on, one.activity)):
        for code in one.figures:
            if (code, one.activity) not in gone:
                found.setdefault(code, []).append(one.entry(code))
    return found


def _facts(unit: Unit, period: Period, sources: Iterable[Source], until: datetime.date) -> dict[str, int]:
    """Members as the units reported them and those of the superior itself; who came and went by its register."""
    if until < period.starts_on:
        return {}
    own = register.register_figures(units=Q(unit=unit), keys=tuple(register.STANDING), day=until)
    moves = register.flows(register.FLOWS, unit, period.starts_on, until)
    facts = [source.submission.facts for source in sources if source.submission]
    standing = {key: own[key] + sum(one.get(key, 0) for one in facts) for key in register.STANDING}
    return standing | {key: moves.get((register.WHOLE, key), 0) for key in register.FLOWS}
