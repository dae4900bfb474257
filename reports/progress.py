"""The one number: plan against result, for one unit or everything below it, over any period.

This module, with amounts.py (parts and roll-ups), results.py (reading) and judging.py (verdicts) behind
it, is the only place that adds, divides, compares or judges. Dashboard, board, Party summary, PDF, Excel
and frozen rows print what it returns.

    targets + results of the span  →  Aim and Amount  →  judge  →  Progress rows  →  ProgressTable
"""

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from branches.models import Indicator, Period, Quantity, Target, Unit, WorkArea
from branches.models.rule import rules_on
from branches.tree import Scope, scope_of

from .amounts import NOTHING, Amount, of_whole
from .history import years_of
from .judging import (
    LATE,
    OF_THE_THEME,
    OF_THE_YEAR,
    REACHED,
    SUBPERIOD,
    Aim,
    Progress,
    Standing,
    adds_up,
    aim_of,
    aim_over_years,
    aim_within,
    assigned_aim,
    assigned_over_years,
    judge,
)
from .results import Required, Results, read_months, read_results, required_units

ONE_DAY = datetime.timedelta(days=1)
__all__ = [
    "LATE",
    "REACHED",
    "Aim",
    "Amount",
    "Progress",
    "ProgressTable",
    "Standing",
    "effect_of",
    "lines_for",
    "progress_for",
    "reading_scope",
]


YEAR = 12  # months


@dataclass(frozen=True)
class ProgressTable:
    """Plan against result of a unit over a period, in the order of the report's chapters.

    `before` is everything logged in the span beside it, also of what is no row; None where rows were reported, as is
    `required`, the units of which something is asked.
    `theme` is what the rows speak of, empty where they tell everything (reports/themes.py).
    """

    unit: Unit
    period: Period
    as_of: datetime.date
    rows: tuple[Progress, ...]
    activities: int
    before: Results | None = field(default=None, compare=False, repr=False)
    required: Required | None = field(default=None, compare=False, repr=False)
    theme: str = ""

    @property
    def has_last(self) -> bool:
        """Whether something stands beside the period: the same span a year earlier."""
        return _previous(self.period) is not None

    @property
    def planned(self) -> tuple[Progress, ...]:
        return tuple(row for row in self.rows if row.aim)

    @property
    def counts(self) -> dict[Standing, int]:
        """How many targets stand where; rows without a target are not counted."""
        return Counter(row.standing for row in self.planned)

    @property
    def reached(self) -> int:
        return sum(1 for row in self.planned if row.is_reached)

    @property
    def late(self) -> tuple[Progress, ...]:
        return tuple(row for row in self.planned if row.is_late)

    @property
    def with_results(self) -> int:
        return sum(1 for row in self.planned if row.done.lines)

    @property
    def without_results(self) -> tuple[Progress, ...]:
        """Targets nobody has logged anything for, though something is to be done; those already late are not repeated.

        A ceiling is kept by silence, and what is asked of each month is judged month by month.
        """
        return tuple(
            row
            for row in self.planned
            if not row.done.lines and not row.is_late and not row.aim.is_ceiling and row.aim.each is None
        )

    @property
    def with_evidence(self) -> int:
        return sum(1 for row in self.planned if row.evidenced)

    def overdue(self) -> int:
        """Targets whose own due day is over and that are not reached."""
        return sum(
            1
            for row in self.planned
            if row.target and row.target.due_on and row.target.due_on < self.as_of and not row.is_reached
        )

    @property
    def cut_years(self) -> tuple[Period, ...]:
        """The parts of years of which the plan of a term has only so many months (judging.aim_within)."""
        if not any(self.is_of_years(row) and adds_up(row.indicator) for row in self.planned):
            return ()
        return tuple(year for year in years_of(self.period) if len(year.months()) < YEAR)

    def is_of_years(self, row: Progress) -> bool:
        """Whether the plan of a term was put together from the targets of its years."""
        of_term = self.period.kind == Period.Kind.TERM
        return of_term and row.target is not None and row.target.period.kind == Period.Kind.YEAR

    def chapters(self) -> list[tuple[WorkArea, list[Progress]]]:
        found: dict[int, tuple[WorkArea, list[Progress]]] = {}
        for row in self.rows:
            found.setdefault(row.indicator.area_id, (row.indicator.area, []))[1].append(row)
        return list(found.values())

    def row(self, code: str) -> Progress | None:
        return next((row for row in self.rows if row.indicator.code == code), None)


def progress_for(
    unit: Unit, period: Period, *, as_of: datetime.date, scope: Scope | None = None, rules: dict | None = None,
    activities: Collection[int] | None = None,
) -> ProgressTable:  # fmt: skip
    """Plan against result of the unit's own targets, from the activities up to `as_of`.

    Results are those of the unit and everything below it, by the tree of each day. Over a month or
    quarter the year's targets are shown and only those set per month or quarter are judged. Permission
    is the caller's: it is asked once, of `unit`. A caller who reads more than one thing of the unit
    gives its `scope`, from the first day it reads on (`first_day_of`); `rules` are those of the closing day.

    With `activities` (keys) the rows are what these brought, without plan and without the year before: both are
    about everything that is done.
    """
    is_all = activities is None
    targets = list(targets_of(unit, period)) if is_all else []
    previous = _previous(period) if is_all else None
    scope = scope or scope_of(unit, first_day_of(period))
    results, last, extra = _results_and_unplanned(scope, period, previous, targets, as_of, activities)
    rules = rules or rules_on(min(period.last_day, as_of))
    each = {target.indicator.code for target in targets if target.comparator in SUBPERIOD}
    months = read_months(scope, each, period, as_of=as_of)
    required = required_units(scope, [*(t.indicator for t in targets), *extra], period, as_of=as_of, each=each)
    rows = rows_of(
        unit, period, targets, extra,
        now=lambda indicator: results.amount(indicator, asked=required.of(indicator.code)),
        before=lambda indicator: last.amount(indicator, asked=required.of(indicator.code)),
        units=required.units, by_month=lambda indicator: months.of(indicator) if indicator.code in each else None,
        as_of=as_of, rules=rules, of_theme=() if is_all else results.codes(),
    )  # fmt: skip
    before = last if is_all else None
    return ProgressTable(unit, period, as_of, tuple(rows), results.activities, before=before, required=required)


def _previous(period: Period) -> Period | None:
    """What stands beside the period: the same span a year earlier; nothing beside a term."""
    return None if period.kind == Period.Kind.TERM else period.before()


def first_day_of(period: Period) -> datetime.date:
    """The first day `progress_for` reads: that of the span shown beside the period."""
    return (_previous(period) or period).starts_on


def reading_scope(unit: Unit, period: Period) -> Scope:
    """The unit's scope for everything that a report of the period reads: also who came and went from its first day on,
    which is told from the day before. One query when nothing moved in or out of it, else two."""
    return scope_of(unit, first_day_of(period) - ONE_DAY)


def targets_of(unit: Unit, period: Period):
    """The unit's targets that speak about the period, in chapter order.

    A month or quarter is measured against the year's targets, a term against its own targets or, where
    it has none, against those of its years: of a year it cuts, what belongs to it (`aim_within`), and all
    put together (`aim_over_years`).
    """
    rows = Target.objects.filter(unit=unit).select_related("indicator__area", "period", "owner")
    return rows.about(period).in_order()


def _results_and_unplanned(scope: Scope, period, previous, targets, as_of, activities):
    """Results of the span and of the one before, and the catalogue entries with results but no target."""
    keys = {t.indicator.register_key for t in targets if t.indicator.source == Indicator.Source.REGISTER}
    spans = [period, previous] if previous else [period]
    found = read_results(scope, spans, as_of=as_of, register_keys=keys, activities=activities)
    results, last = found[0], found[1] if previous else Results()
    unplanned = results.codes() - {target.indicator.code for target in targets}
    extra = []
    if unplanned:
        extra = list(
            Indicator.objects.of_year(period.year_number)
            .filter(code__in=unplanned)
            .select_related("area")
            .order_by("area__position", "position", "pk")
        )
    return results, last, extra


def rows_of(
    unit: Unit, period: Period, targets: list[Target], extra: list[Indicator], *,
    now: Callable[[Indicator], Amount], before: Callable[[Indicator], Amount], units: Callable[[str], int],
    by_month: Callable[[Indicator], dict | None], as_of: datetime.date, rules: dict, of_theme: Collection[str] = (),
) -> list[Progress]:  # fmt: skip
    """Targets, and results nobody set a target for (`extra`), as judged rows in the order of the chapters.

    `now` and `before` give an indicator's figure of the period and of the one before: those that were logged
    (`progress_for`) or those that were reported (rolling_up.py). `units` says of how many units "n a month" is wanted.
    `of_theme` are codes of `extra` that only activities of a theme are counted of: nothing stands beside them.
    """
    codes = {target.pk: target.indicator.code for target in targets}
    by_code: dict[str, list[Target]] = {}
    for target in targets:
        by_code.setdefault(target.indicator.code, []).append(target)
    rows = {}
    for code, same in by_code.items():
        own = [t for t in same if t.period.kind == period.kind] or same
        own.sort(key=lambda target: target.period.starts_on)  # the last is that of the last year, whoever came first
        target, indicator = own[-1], own[-1].indicator
        parent = rows.get(codes.get(target.parent_id))
        done, last = now(indicator), before(indicator)
        if parent is not None and indicator.is_share:
            done, last = of_whole(done, parent.done), of_whole(last, parent.last)
        if period.kind == Period.Kind.TERM and target.period.kind != period.kind:  # only its years have targets
            aim = aim_over_years([aim_within(one, period, units(code)) for one in own], indicator)
            assigned = assigned_over_years(own, period)
        else:
            aim, assigned = aim_of(target, period, units(code)), assigned_aim(target, period)
        depth = 1 if target.parent_id else 0
        row = Progress(unit.pk, indicator, target, aim, done, last, depth=depth, assigned=assigned)
        if period.kind in (Period.Kind.MONTH, Period.Kind.QUARTER, Period.Kind.HALF) and not aim.each:
            rows[code] = replace(row, reason=OF_THE_YEAR)
        else:
            rows[code] = judge(row, period, as_of=as_of, rules=rules, by_month=by_month(indicator))
    for indicator in extra:
        is_partial = indicator.code in of_theme
        rows[indicator.code] = Progress(
            unit.pk,
            indicator,
            None,
            None,
            now(indicator),
            NOTHING if is_partial else before(indicator),
            reason=OF_THE_THEME if is_partial else "Chưa giao chỉ tiêu nên không tính tỷ lệ",
        )
    return in_order(rows.values())


def in_order(rows: Iterable[Progress]) -> list[Progress]:
    """By chapter; planned ones first, what only activities of a theme tell last, parts after their whole."""
    rows = sorted(rows, key=lambda row: (row.indicator.area.position, row.target is None, row.is_of_theme))  # stable
    ordered = []
    for row in rows:
        if row.depth == 0 or not any(_is_whole_of(other, row) for other in rows):
            ordered.append(row)
            ordered += [part for part in rows if part.depth and _is_whole_of(row, part)]
    return ordered


def _is_whole_of(row: Progress, part: Progress) -> bool:
    return part.target is not None and row.target is not None and part.target.parent_id == row.target.pk


# --- what stands behind a figure --------------------------------------------------------------------


def lines_for(unit: Unit, codes, period: Period, *, as_of: datetime.date, scope: Scope | None = None):
    """The activity lines that a figure of `progress_for` was added from, newest first."""
    scope = scope or scope_of(unit, period.starts_on)
    return (
        Quantity.objects.counted()
        .filter(
            scope.within("activity__last_on", "activity__unit__"),
            indicator__code__in=[codes] if isinstance(codes, str) else codes,
            activity__last_on__gte=period.starts_on,
            activity__last_on__lt=period.ends_on,
            activity__last_on__lte=as_of,
        )
        .select_related("activity__unit", "indicator")
        .order_by("-activity__last_on", "-activity_id", "pk")
    )


@dataclass(frozen=True)
class Effect:
    """What a figure about to be saved will make of this year's result."""

    row: Progress | None
    now: Decimal
    then: Decimal


def effect_of(unit: Unit, indicator: Indicator, value: Decimal, *, day, as_of, replacing: int = 0) -> Effect:
    """The result of the day's year as it stands, and as it would stand with `value` logged on `day`.

    `replacing` is the pk of the activity being edited, whose own line is taken out first.
    """
    row = progress_for(unit, Period.of_year(day.year), as_of=max(day, as_of)).row(indicator.code)
    now = row.done.value if row and row.done.value is not None else Decimal(0)
    if indicator.over_time != Indicator.OverTime.SUM:
        return Effect(row, now, value)
    old = Quantity.objects.counted().filter(activity=replacing, activity__unit=unit, indicator__code=indicator.code)
    return Effect(row, now, now - sum(line.value or 0 for line in old) + value)
