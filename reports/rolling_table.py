"""The figures of a rolled-up report unit by unit, as the page and its Excel file both show them."""

from collections.abc import Iterable
from dataclasses import dataclass

from branches.formats import number, qualified, small, two_digits
from branches.models import Indicator, WorkArea

from . import wording
from .joint import Deduction, can_deduct
from .judging import Progress
from .rolling_up import Part, RolledUp, Source

OverUnits = Indicator.OverUnits

# What is done with an activity that several units told, where its part is not taken off.
NOT_TAKEN_OFF = {
    OverUnits.MAX: "lấy đơn vị lớn nhất, nên một hoạt động kể nhiều lần không làm số tăng; không trừ",
    OverUnits.AVERAGE: "lấy trung bình các đơn vị; không trừ",
    OverUnits.SHARE_OF_UNITS: "đếm đơn vị có; mỗi đơn vị đều có phần, không trừ",
    OverUnits.SUM: "lấy số mới nhất của mỗi đơn vị; không trừ",
}


@dataclass(frozen=True)
class Cell:
    """One side's part of one figure. `text` is empty where it told nothing, `source` None for the superior itself."""

    source: Source | None
    part: Part | None
    text: str = ""
    deducted: str = ""

    @property
    def submission(self) -> int | None:
        return self.source.submission.pk if self.source else None


@dataclass(frozen=True)
class Line:
    """One figure: the sum as judged, and a cell for each unit that reported, then the superior's own."""

    row: Progress
    cells: tuple[Cell, ...]
    own: Cell | None
    deducted: str = ""

    @property
    def indicator(self) -> Indicator:
        return self.row.indicator


@dataclass(frozen=True)
class UnitTable:
    """All lines by chapter; `has_own` tells whether the superior added anything of its own."""

    sources: tuple[Source, ...]
    chapters: tuple[tuple[WorkArea, tuple[Line, ...]], ...]
    has_own: bool

    @property
    def columns(self) -> int:
        """Of the page: the name, the sum, the units, the superior's own."""
        return 2 + len(self.sources) + self.has_own


def unit_table(rolled: RolledUp) -> UnitTable:
    """The table of a rolled-up report. No query."""
    chapters = tuple(
        (area, tuple(_line(rolled, row) for row in rows)) for area, rows in rolled.table.chapters()
    )  # fmt: skip
    has_own = any(line.own is not None for _, lines in chapters for line in lines)
    return UnitTable(rolled.reported, chapters, has_own)


def _line(rolled: RolledUp, row: Progress) -> Line:
    parts = rolled.parts.get(row.indicator.code, ())
    by_unit = {part.source.unit.pk: part for part in parts if part.source is not None}
    own = next((part for part in parts if part.source is None), None)
    cells = tuple(_cell(source, by_unit.get(source.unit.pk), row.indicator) for source in rolled.reported)
    taken_off = [one for part in parts for one in part.deductions]
    return Line(row, cells, _cell(None, own, row.indicator) if own else None, deducted_words(taken_off, row.indicator))


def _cell(source: Source | None, part: Part | None, indicator: Indicator) -> Cell:
    if part is None:
        return Cell(source, None)
    text = wording.amount(part.told, indicator) if part.told.lines else ""
    if text and indicator.is_share and part.told.whole is not None:
        text = f"{number(part.told.value)}/{number(part.told.whole)}"
    return Cell(source, part, text, deducted_words(part.deductions, indicator))


def deducted_words(deductions: Iterable[Deduction], indicator: Indicator) -> str:
    """ "đã trừ 40 lượt người tính trùng"; empty where nothing was."""
    values = [one.figure.value for one in deductions]
    if not values:
        return ""
    known = [value for value in values if value is not None]
    if not known:
        return f"đã bỏ {len(values)} lần kể trùng chưa có số"
    return f"đã trừ {number(sum(known))} {indicator.unit_word} tính trùng"


def whose_words(rolled: RolledUp) -> str:
    """Whose reports the sums contain, whose are missing at any depth, and who owed none: what a superior answers for
    is named in full. Empty where nothing stands below."""
    missing, total = rolled.missing, len(rolled.units)
    text = f"Số liệu gồm đủ {two_digits(total)} đơn vị phải báo cáo"
    if missing:
        there, gone = two_digits(total - len(missing)), two_digits(len(missing))
        text = f"Có {there}/{two_digits(total)} đơn vị trực thuộc có báo cáo được duyệt"
        text += f"; số liệu chưa gồm {gone} đơn vị chưa có: {', '.join(source.name for source in missing)}"
    if below := rolled.missing_below:
        text += f"; báo cáo đã duyệt của đơn vị trực thuộc chưa gồm {two_digits(len(below))} đơn vị: {', '.join(below)}"
    if rolled.not_asked:
        text += f"; không gồm {two_digits(len(rolled.not_asked))} đơn vị trực thuộc không phải báo cáo kỳ này"
        text += f": {', '.join(rolled.not_asked)}"
    return f"{text}." if total or rolled.not_asked else ""


def counted_once_words(rolled: RolledUp) -> str:
    """The sentence of the report about activities that several units told; empty where nothing was taken off."""
    if not rolled.deductions:
        return ""
    names = {row.indicator.code: row.indicator for row in rolled.table.rows}
    by_code: dict[str, list[Deduction]] = {}
    for one in rolled.deductions:
        by_code.setdefault(one.code, []).append(one)
    told = [
        f"{small(names[code].name)} {deducted_words(ones, names[code])}"
        for code, ones in by_code.items()
        if code in names
    ]
    count = two_digits(sum(1 for one in rolled.candidates if one.is_one))
    return f"Có {count} hoạt động nhiều đơn vị cùng làm được tính một lần: {'; '.join(told)}."


def rule_words(indicator: Indicator) -> str:
    """How the parts become the sum, in the words of the catalogue."""
    if indicator.is_share:
        return "Cộng tử số và mẫu số của các đơn vị, rồi mới tính tỷ lệ"
    return indicator.get_over_units_display()


def joint_rule_words(indicator: Indicator) -> str:
    """What counting once does to this figure."""
    if can_deduct(indicator):
        return "trừ phần của những đơn vị không được giữ số"
    return NOT_TAKEN_OFF[indicator.over_units]


def part_words(indicator: Indicator, figure) -> str:
    """One activity's part of a figure: "40 lượt người", "8/10 đoàn viên", "chưa có số"."""
    if figure.value is None:
        return "chưa có số"
    if figure.whole is not None:
        return f"{number(figure.value)}/{number(figure.whole)} {indicator.unit_word}"
    return f"{qualified(figure.value, 'exact')} {indicator.unit_word}"
