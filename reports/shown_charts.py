"""From rows of the one number to the charts of decision_charts.py: which rows, in which order, under which words."""

import datetime
from dataclasses import dataclass

from branches.models import Period, Unit
from branches.tree import Scope

from . import wording
from .amounts import Amount
from .board import Board
from .charts import Column
from .decision_charts import MonthEnd, Ranked, Step
from .history import running_totals
from .judging import Comparator, Progress
from .party_way import StepCount

NEVER_IN_PACE = (Comparator.AT_MOST, Comparator.ZERO)


@dataclass(frozen=True, slots=True)
class Running:
    """The year of one indicator month by month; `months` are (name of the month, words) for the table behind."""

    ends: tuple[MonthEnd, ...]
    aim: object
    aim_words: str
    has_pace: bool
    unit: str
    title: str
    months: tuple[tuple[str, str], ...]


def running_of(
    unit: Unit, row: Progress | None, period: Period, *, as_of: datetime.date, scope: Scope | None = None
) -> Running | None:
    """What the chart of the year needs; None for other periods, and for what does not add up over months."""
    if row is None or period.kind != Period.Kind.YEAR:
        return None
    totals = running_totals(unit, row.indicator, period.year_number, as_of=as_of, scope=scope)
    if not any(one.lines for one in totals):
        return None
    ends = tuple(MonthEnd(one.value, _said(one, row)) for one in totals)
    return Running(
        ends=ends,
        aim=row.aim.value if row.aim else None,
        aim_words=wording.aim(row.aim, row.indicator) if row.aim and row.aim.value_to is not None else "",
        has_pace=row.aim is not None and row.aim.comparator not in NEVER_IN_PACE,
        unit=row.indicator.unit_word,
        title=f"{row.indicator.name}, năm {period.year_number}",
        months=tuple((f"Hết tháng {month}", end.text) for month, end in enumerate(ends, start=1)),
    )


def _said(total: Amount, row: Progress) -> str:
    return wording.amount(total, row.indicator)


@dataclass(frozen=True, slots=True)
class Ranking:
    """One column of a board as a rank. `silent` logged nothing, `unranked` have a figure and no plan of their own."""

    code: str
    title: str
    rows: tuple[Ranked, ...]
    silent: tuple[str, ...]
    unranked: tuple[tuple[str, str], ...]


def may_rank(board: Board) -> list:
    """The columns that can be ranked: something is measured, and more of it is better."""
    cells = [(column, [row.cells[place] for row in board.rows]) for place, column in enumerate(board.columns)]
    return [
        column
        for column, found in cells
        if any(_is_ranked(cell) for cell in found)
        and not any(cell is not None and cell.aim is not None and cell.aim.is_ceiling for cell in found)
    ]


def ranking_of(board: Board, code: str = "") -> Ranking | None:
    """The board's units by how much of their own plan they did; the column in which most are late, if none is named.

    A unit that stood here for a part of the period only is not ranked: its plan was for the whole.
    """
    columns = may_rank(board)
    column = next((one for one in columns if one.code == code), None)
    late = board.latest_column()
    column = column or (late if late in columns else None) or next(iter(columns), None)
    if column is None:
        return None
    place = board.columns.index(column)
    told = [(row, row.cells[place]) for row in board.rows]
    ranked = [one for one in told if _is_ranked(one[1])]
    ranked.sort(key=lambda one: -one[1].ratio)
    rest = [one for one in told if not _is_ranked(one[1])]
    return Ranking(
        column.code,
        column.name,
        tuple(Ranked(row.unit.name, cell.ratio, _figure(cell), str(cell.standing)) for row, cell in ranked),
        tuple(row.unit.name for row, cell in rest if cell is None or not cell.done.lines),
        tuple((row.unit.name, _result(cell)) for row, cell in rest if cell is not None and cell.done.lines),
    )


def _is_ranked(cell: Progress | None) -> bool:
    """Something logged, and a plan to compare it with: nothing logged is not a last place."""
    return cell is not None and cell.ratio is not None and cell.done.lines > 0


def _figure(cell: Progress) -> str:
    """ "10/12 buổi, Chậm", "13/14 đoàn viên, cần ≥ 90%, Đạt": result, plan, counting unit and verdict in words."""
    aim, unit = wording.cell_aim(cell), _unit_word(cell)
    told = f"{wording.cell(cell)}{aim}{unit}" if aim.startswith("/") else f"{wording.cell(cell)}{unit}{aim}"
    return f"{told}, {wording.standing(cell)}"


def _result(cell: Progress) -> str:
    return f"{wording.cell(cell)}{_unit_word(cell)}"


def _unit_word(cell: Progress) -> str:
    """What the figure counts, after a space: of "có/không" the units that have it, behind a mere "Có" nothing."""
    indicator, done = cell.indicator, cell.done
    if done.value is None or (indicator.is_yes_no and done.whole is None):
        return ""
    if indicator.is_yes_no:
        return " đơn vị"
    return f" {indicator.subject or indicator.unit_word}" if indicator.is_share else f" {indicator.unit_word}"


def columns_of(key, years: list[int]) -> list[Column]:
    """A target of the Party committee's page (summary.KeyRow) year by year: result, plan of the year, words."""
    return [
        Column(
            str(number),
            None if told.done.value is None else told.figure,
            told.aim.value if told.aim else None,
            wording.amount(told.done, told.indicator) if told.done.value is not None else "",
        )
        for number, told in zip(years, key.years, strict=True)
    ]


def steps_of(counts: tuple[StepCount, ...]) -> list[Step]:
    """The counters of the way to the Party as a funnel: each for itself, with the plan where there is a plain one."""
    return [
        Step(one.label, one.count, one.planned.aim.value if one.planned and one.planned.aim else None) for one in counts
    ]
