"""The board of a superior: its direct subordinates against the targets they share, worst first.

Each cell is a subordinate with everything below it, by the tree of each day; judged by the same
function as every other figure.
"""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from branches.models import Indicator, Period, Placement, Target, Unit, WorkArea
from branches.models.rule import rules_on
from branches.register import register_rows
from branches.restructuring import old_name
from branches.tree import Scope, scope_of

from .amounts import Amount, of_whole
from .judging import SUBPERIOD, Aim, Comparator, Progress, aim_of, assigned_aim, judge
from .results import Months, Required, Results, read_months, read_results, required_units

COLUMNS = 6
# What a cell needs of a target, in the order of its columns; the rest is left in the database.
CELL_FIELDS = (
    "id", "unit_id", "indicator_id", "parent_id", "comparator", "value", "value_to",
    "assigned_comparator", "assigned_value", "assigned_value_to", "due_on",
)  # fmt: skip
UNIT, INDICATOR, PARENT = 1, 2, 3


@dataclass(frozen=True)
class BoardRow:
    """One subordinate: a cell for each column, None where it has neither a target nor a result.

    `left_on` is the day it was moved to another superior, `joined_on` the day it came from one: its
    results of that time stand here, and are not judged against a target of the whole period.
    """

    unit: Unit
    members: int
    cells: tuple[Progress | None, ...]
    has_plan: bool
    left_on: datetime.date | None = None
    joined_on: datetime.date | None = None
    # The day the report was approved whose figures stand here; None where they are what is logged.
    approved_on: datetime.date | None = None

    @property
    def is_partial(self) -> bool:
        """Whether the unit stood here for a part of the period only; its own page tells its whole period."""
        return self.left_on is not None or self.joined_on is not None

    @property
    def measured(self) -> int:
        return sum(1 for cell in self.cells if cell and cell.aim)

    @property
    def late(self) -> int:
        return sum(1 for cell in self.cells if cell and cell.is_late)

    @property
    def on_course(self) -> int:
        return self.measured - self.late


@dataclass(frozen=True)
class ColumnTotal:
    """Results and targets of one column over all subordinates, added by the indicator's own rules."""

    indicator: Indicator
    done: Amount
    aim: Decimal | None


@dataclass(frozen=True)
class Board:
    """Subordinates × indicators of one superior over a period."""

    unit: Unit
    period: Period
    as_of: datetime.date
    columns: tuple[Indicator, ...]
    rows: tuple[BoardRow, ...]
    totals: tuple[ColumnTotal, ...]
    choices: tuple[Indicator, ...]

    @property
    def areas(self) -> list[WorkArea]:
        """The chapters in which the subordinates have targets, in the report's order."""
        return list({indicator.area_id: indicator.area for indicator in self.choices}.values())

    @property
    def members(self) -> int:
        return sum(row.members for row in self.rows)

    @property
    def without_plan(self) -> tuple[BoardRow, ...]:
        return tuple(row for row in self.rows if not row.has_plan and row.left_on is None)

    @property
    def without_report(self) -> tuple[BoardRow, ...]:
        """Units that were here all the period, as long as they were there at all, and have no approved report.

        Who came or went owes none here for the part it stood here, and who ended reports no more.
        """
        return tuple(
            row for row in self.rows if row.approved_on is None and not row.is_partial and not self._ended(row)
        )

    def _ended(self, row: BoardRow) -> bool:
        ended = row.unit.dissolved_on
        return ended is not None and ended <= self.period.last_day

    @property
    def measured(self) -> int:
        return sum(row.measured for row in self.rows)

    @property
    def late(self) -> int:
        return sum(row.late for row in self.rows)

    @property
    def late_units(self) -> int:
        return sum(1 for row in self.rows if row.late)

    def latest_column(self) -> Indicator | None:
        """The indicator in which most subordinates are late."""
        late = Counter(
            place for row in self.rows for place, cell in enumerate(row.cells) if cell is not None and cell.is_late
        )
        return self.columns[late.most_common(1)[0][0]] if late else None


def board_for(
    unit: Unit,
    period: Period,
    *,
    as_of: datetime.date,
    area: str = "",
    by_name: bool = False,
    scope: Scope | None = None,
    rules: dict | None = None,
    registered: Iterable[tuple[int, str, int]] | None = None,
    required: Required | None = None,
) -> Board:
    """The board of the unit's direct subordinates. The number of queries does not depend on theirs.

    A caller who has them already gives the `rules` of the closing day, who is `registered` on it: (unit, its path,
    members) of everything here, and what is `required` of whom for the unit's own targets of the period.

    Columns are the indicators for which most subordinates have a target, at most six; `area` (a work
    area's code) picks those of one chapter. Sorted worst first, or by name.
    """
    closing = min(period.last_day, as_of)
    placements = list(
        Placement.objects.filter(superior=unit, starts_on__lte=closing)
        .filter(Q(ends_on=None) | Q(ends_on__gt=period.starts_on))
        .select_related("unit")
        .annotate(unit_name_then=old_name("unit", closing))
        .order_by("unit__sort_key", "unit_id", "starts_on")
    )
    for placement in placements:
        # The board of a past year calls its units by the names of that year.
        placement.unit.name = placement.unit_name_then or placement.unit.name
    children = {placement.unit_id: placement for placement in placements}  # the latest stay of each
    left = {pk: _left_on(placement, closing) for pk, placement in children.items()}
    planned = Target.objects.of_period(period).filter(unit__in=[pk for pk in children if left[pk] is None])
    columns, choices, targets, with_plan = _columns(planned, area)
    scope = scope or scope_of(unit, period.starts_on)
    keys = {c.register_key for c in columns if c.source == Indicator.Source.REGISTER}
    codes = {one.code for column in columns for one in (column, column.of) if one}
    codes |= {target.parent.indicator.code for target in targets if target.parent}
    (results,) = read_results(
        scope, [period], as_of=as_of, register_keys=keys, codes=sorted(codes), by_subordinate=True
    )
    each = {target.indicator.code for target in targets if target.comparator in SUBPERIOD}
    months = read_months(scope, each, period, as_of=as_of, by_subordinate=True)
    required = required_units(scope, columns, period, as_of=as_of, each=each, known=required)
    for target in targets:
        target.unit = children[target.unit_id].unit
    known = _Known(period, as_of, results, months, required, rules or rules_on(closing))
    members = _members(scope, closing, registered)
    set_for = {(target.unit_id, target.indicator.code): target for target in targets}

    rows = []
    for child in (placement.unit for placement in children.values()):
        joined = _joined_on(scope, child, period)
        is_whole = left[child.pk] is None and joined is None
        cells = tuple(known.cell(child, one, set_for.get((child.pk, one.code)), is_whole) for one in columns)
        if left[child.pk] is None or any(cells):
            has_plan = child.pk in with_plan
            rows.append(BoardRow(child, members.get(child.pk, 0), cells, has_plan, left[child.pk], joined))
    if not by_name:
        rows.sort(key=worst_first)
    totals = tuple(
        ColumnTotal(column, known.done(column, column.of, required.of(column.code)), known.total_aim(column, targets))
        for column in columns
    )
    return Board(unit, period, as_of, columns, tuple(rows), totals, choices)


def worst_first(row: BoardRow) -> tuple[int, bool]:
    """The order of the rows where nobody asked for names."""
    return -row.late, row.has_plan


def cells_below(unit: Unit, period: Period, targets: list[Target], *, as_of: datetime.date) -> dict[int, Progress]:
    """These targets of direct subordinates, judged as on the board: target → its cell. A constant number of queries.

    The targets bring their unit, indicator and parent with them.
    """
    scope = scope_of(unit, period.starts_on)
    columns = list({target.indicator.code: target.indicator for target in targets}.values())
    keys = {one.register_key for one in columns if one.source == Indicator.Source.REGISTER}
    codes = {one.code for column in columns for one in (column, column.of) if one}
    codes |= {target.parent.indicator.code for target in targets if target.parent}
    (results,) = read_results(
        scope, [period], as_of=as_of, register_keys=keys, codes=sorted(codes), by_subordinate=True
    )
    each = {target.indicator.code for target in targets if target.comparator in SUBPERIOD}
    months = read_months(scope, each, period, as_of=as_of, by_subordinate=True)
    required = required_units(scope, columns, period, as_of=as_of, each=each)
    known = _Known(period, as_of, results, months, required, rules_on(min(period.last_day, as_of)))
    return {target.pk: known.cell(target.unit, target.indicator, target, is_whole=True) for target in targets}


def _left_on(placement: Placement, closing: datetime.date) -> datetime.date | None:
    """The day the subordinate went elsewhere; a dissolved unit did not leave, it ended here."""
    ended = placement.ends_on is not None and placement.ends_on <= closing
    return placement.ends_on if ended and placement.unit.dissolved_on != placement.ends_on else None


def _columns(planned: QuerySet, area: str):
    """(columns, all indicators to choose from, targets of the columns, units with any target).

    Columns are the indicators most subordinates share: taken chapter by chapter in turn, shown in the
    chapters' order. A hundred branches have thirty targets each: they are read as plain rows, and only
    those of the columns become objects that share their indicators.
    """
    rows = list(planned.order_by("pk").values_list(*CELL_FIELDS))
    used = Counter(row[INDICATOR] for row in rows)
    indicators = Indicator.objects.select_related("area", "of").in_bulk(list(used))
    in_order = sorted(indicators.values(), key=lambda i: (i.area.position, i.position, i.pk))
    choices = tuple({indicator.code: indicator for indicator in in_order}.values())
    chapters: dict[int, list[Indicator]] = {}
    for indicator in sorted(choices, key=lambda i: -used[i.pk]):
        if not area or indicator.area.code == area:
            chapters.setdefault(indicator.area_id, []).append(indicator)
    in_turn = [(place, -used[i.pk], i.code) for same in chapters.values() for place, i in enumerate(same)]
    chosen = {code for _, _, code in sorted(in_turn)[:COLUMNS]}

    by_pk = {}
    wanted = {pk for pk, indicator in indicators.items() if indicator.code in chosen}
    wholes = {row[PARENT] for row in rows if row[INDICATOR] in wanted}
    for row in rows:
        if row[INDICATOR] in wanted or row[0] in wholes:
            target = by_pk[row[0]] = Target.from_db(planned.db, CELL_FIELDS, row)
            target.indicator = indicators[target.indicator_id]
    targets = [target for target in by_pk.values() if target.indicator_id in wanted]
    for target in targets:
        if target.parent_id in by_pk:
            target.parent = by_pk[target.parent_id]
    return tuple(i for i in choices if i.code in chosen), choices, targets, {row[UNIT] for row in rows}


@dataclass(frozen=True)
class _Known:
    """What every cell is worked out from."""

    period: Period
    as_of: datetime.date
    results: Results
    months: Months
    required: Required
    rules: dict

    def cell(self, child: Unit, indicator: Indicator, target: Target | None, is_whole: bool) -> Progress | None:
        whole = target.parent.indicator if target and target.parent else indicator.of
        asked = None if child.is_branch else self.required.of(indicator.code, child.pk)
        done = self.done(indicator, whole, asked, via=child.pk)
        if target is None or not is_whole:
            reason = "Chưa giao chỉ tiêu" if is_whole else "Chỉ một phần kỳ"
            return Progress(child.pk, indicator, None, None, done, reason=reason) if done.lines else None
        aim = self.aim(child, target)
        row = Progress(child.pk, indicator, target, aim, done, assigned=assigned_aim(target, self.period))
        by_month = None if aim.each is None else self.months.of(indicator, via=child.pk)
        return judge(row, self.period, as_of=self.as_of, rules=self.rules, by_month=by_month)

    def aim(self, child: Unit | None, target: Target) -> Aim:
        units = 1 if child is None or child.is_branch else self.required.units(target.indicator.code, child.pk)
        return aim_of(target, self.period, units)

    def done(self, indicator: Indicator, whole: Indicator | None, asked, via=...) -> Amount:
        """The figure of a cell; `whole` is the share it is a part of ("trong đó")."""
        done = self.results.amount(indicator, via=via, asked=asked)
        return of_whole(done, self.results.amount(whole, via=via)) if whole and indicator.is_share else done

    def total_aim(self, indicator: Indicator, targets: list[Target]) -> Decimal | None:
        """Targets of the subordinates added up; None where adding means nothing (shares, yes/no, means)."""
        addable = indicator.over_units == Indicator.OverUnits.SUM and not indicator.is_share
        aims = [self.aim(target.unit, target) for target in targets if target.indicator.code == indicator.code]
        if not addable or not aims or any(aim.comparator in (Comparator.ZERO, Comparator.YES) for aim in aims):
            return None
        return sum(aim.value for aim in aims)


def _joined_on(scope: Scope, child: Unit, period: Period) -> datetime.date | None:
    """The day within the period on which the subordinate came from another superior."""
    spans = [start for start, _, via in scope.strays.get(child.pk, ()) if via == child.pk]
    return spans[-1] if spans and spans[-1] > period.starts_on else None


def _members(scope, closing, registered=None) -> dict[int, int]:
    """Members of each direct subordinate with everything below it, on the closing day."""
    members: Counter = Counter()
    if registered is None:
        rows = register_rows(["members"], scope.on(closing), closing)
        registered = ((unit_id, path, count) for unit_id, path, _, count in rows)
    for unit_id, path, count in registered:
        _, via = scope.place(unit_id, path, closing)
        members[via] += count
    return members


def results_below(
    unit: Unit, period: Period, indicators: Iterable[Indicator], *, as_of: datetime.date, scope: Scope,
    children: Iterable[Unit],
) -> dict[tuple[int, str], Amount]:  # fmt: skip
    """{(direct subordinate, code): its result with everything below it}, as the cells of the board say it.

    For tables without a plan. The number of queries depends on neither units nor indicators; indicators bring `of`.
    """
    indicators = list(indicators)
    keys = {one.register_key for one in indicators if one.source == Indicator.Source.REGISTER}
    codes = {one.code for column in indicators for one in (column, column.of) if one}
    (results,) = read_results(
        scope, [period], as_of=as_of, register_keys=keys, codes=sorted(codes), by_subordinate=True
    )
    required = required_units(scope, indicators, period, as_of=as_of)
    known = _Known(period, as_of, results, Months(), required, {})
    return {
        (child.pk, one.code): known.done(
            one, one.of, None if child.is_branch else required.of(one.code, child.pk), via=child.pk
        )
        for child in children
        for one in indicators
    }
