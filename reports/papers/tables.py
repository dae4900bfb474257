"""The plan-versus-result table as papers print it: every cell a ready text, never empty.

Signs of paper.md section 3: "-" nothing happened, "…" happened without a figure, "x" not computed; the
note under the table explains them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from branches.formats import NBSP, number, percent, small
from branches.models import Indicator, Target, WorkArea
from reports import wording
from reports.amounts import Amount
from reports.judging import OF_THE_YEAR, Progress, Standing

from .phrases import with_qualifier

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
NOTHING, NO_FIGURE, NOT_COMPUTED = "-", "…", "x"
CANNOT = "Không tính được"
WHOLE_YEAR = "Chỉ tiêu cả năm"
UNPLANNED = "Chưa giao chỉ tiêu"
OF_THEME = "Trong chuyên đề"
NO_COMPARISON = (CANNOT, WHOLE_YEAR, UNPLANNED, OF_THEME)
LONG_PARTS = 13  # letters: "(1.234/1.234)" still fits


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, with the two parts of a share on a line of their own."""

    text: str
    parts: str = ""

    @property
    def pieces(self) -> list[str]:
        """The parts; where they are too long for a column, around their stroke, behind which they go on below."""
        return self.parts.split("/") if len(self.parts) > LONG_PARTS else [self.parts]


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    name: str
    unit: str
    last: Cell
    aim: str
    done: Cell
    against: str
    verdict: str
    is_part: bool
    years: tuple[tuple[str, Cell], ...] = ()
    # Which indicator it is, and the bare parts of the result as decimal text, for the workbook.
    code: str = ""
    value: str = ""
    whole: str = ""

    @property
    def is_compared(self) -> bool:
        """Else the words why not stand across the columns of comparison and verdict."""
        return self.against not in NO_COMPARISON


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one chapter under its roman number."""

    title: str
    rows: tuple[Row, ...]

    @property
    def keeps_two(self) -> bool:
        return len(self.rows) > 2


def groups_of(
    chapters: Iterable[tuple[WorkArea, list[Progress]]], by_year: dict[str, list[Progress]] | None = None
) -> list[Group]:
    """The whole table, numbered through. `by_year` adds plan and result of each year of a term."""
    chapters = list(chapters)
    knows_last = any(row.last.lines for _, rows in chapters for row in rows)
    known_years = [any(row.done.lines for row in rows) for rows in zip(*(by_year or {}).values(), strict=True)]
    found, place = [], 0
    for roman, (area, rows) in zip(ROMAN, chapters, strict=False):
        printed = []
        for row in rows:
            place += 1
            years = zip((by_year or {}).get(row.indicator.code, ()), known_years, strict=True)
            printed.append(_row(place, row, knows_last, years))
        found.append(Group(f"{roman}. {area.name}", tuple(printed)))
    return found


def _row(place: int, row: Progress, knows_last: bool, years) -> Row:
    indicator = row.indicator
    against = _against(row)
    knows_last = knows_last and not row.is_of_theme
    return Row(
        number=place,
        name=f"Trong đó: {small(indicator.name)}" if row.depth else indicator.name,
        unit="%" if indicator.is_share else indicator.unit_word,
        last=figure(row.last, indicator) if row.last.lines or knows_last else Cell(NOT_COMPUTED),
        aim=_aim(row),
        done=figure(row.done, indicator, is_zero_meant=_wants_zero(row)),
        against=against,
        verdict="" if against in NO_COMPARISON else wording.STANDING_WORDS[row.standing],
        is_part=bool(row.depth),
        years=tuple(
            (_aim(year), figure(year.done, indicator, is_zero_meant=_wants_zero(year)) if known else Cell(NOT_COMPUTED))
            for year, known in years
        ),
        code=indicator.code,
        value="" if row.done.value is None else str(row.done.value),
        whole="" if row.done.whole is None else str(row.done.whole),
    )


def figure(done: Amount, indicator: Indicator, *, is_zero_meant: bool = False) -> Cell:
    """A result in a cell. `is_zero_meant`: the target is that nothing happens, so nothing is a figure."""
    if not done.lines:
        if is_zero_meant:
            return Cell("0")
        adds_up = indicator.over_time == Indicator.OverTime.SUM and indicator.source == Indicator.Source.LINES
        return Cell(NOTHING if adds_up and not indicator.is_share else NOT_COMPUTED)
    if done.value is None:
        return Cell(NO_FIGURE)
    if indicator.is_share:
        if done.ratio is None:
            return Cell(NOT_COMPUTED)
        rate = with_qualifier(percent(done.ratio, 1).rstrip("%"), done.qualifier)
        return Cell(rate, f"({number(done.value)}/{number(done.whole)})")
    return Cell(wording.amount(done, indicator).replace(NBSP, " "))


def _wants_zero(row: Progress) -> bool:
    return row.aim is not None and row.aim.comparator == Target.Comparator.ZERO


def _aim(row: Progress) -> str:
    if row.aim is None:
        return NOT_COMPUTED
    return wording.aim(row.aim, row.indicator).replace("%", "").replace("–", " - ").replace(NBSP, " ")


def _against(row: Progress) -> str:
    """Column "So với KH": percent of the plan; for a share the difference in points; else a sign."""
    if row.aim is None:
        return OF_THEME if row.is_of_theme else UNPLANNED
    if row.standing == Standing.NOT_MEASURABLE:
        return WHOLE_YEAR if row.reason == OF_THE_YEAR else CANNOT
    if row.aim.is_ceiling or row.aim.value_to is not None or row.indicator.is_yes_no or row.ratio is None:
        return NOT_COMPUTED
    if row.indicator.is_share:
        points = percent(row.difference, 1).rstrip("%")
        return f"{'+' if row.difference > 0 else ''}{points} điểm"
    return with_qualifier(percent(row.ratio, 1), row.done.qualifier)
