"""The one-sheet summary for the Party committee, made from the same summary as its page."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from django.template.loader import render_to_string

from branches.formats import day, number, two_digits
from branches.models import Period
from reports import wording
from reports.judging import Progress, Standing
from reports.material import speaker_of
from reports.models import PeriodReport, ReportSentence
from reports.print_charts import spark
from reports.summary import DirectionNow, KeyRow, PartySummary

from .layout import Layout, Signature, paper_of
from .phrases import listing
from .tables import NO_FIGURE, NOT_COMPUTED, NOTHING, Cell, figure

# Rows of targets, of tasks and of units, from the fullest sheet to the shortest.
SIZES = (
    (8, 8, 0), (7, 8, 0), (6, 8, 0), (5, 8, 0), (4, 8, 0), (3, 8, 0), (3, 7, 0), (3, 6, 0), (2, 6, 0), (2, 5, 0),
    (2, 4, 0), (2, 3, 0), (1, 2, 0),
)  # fmt: skip
# Here the units matter most: the trend of the whole gives way before fewer than five of them are left.
SIZES_WITH_UNITS = (
    (8, 8, 14), (6, 6, 14), (5, 5, 12), (4, 4, 12), (3, 3, 12), (3, 3, 10), (2, 2, 10), (2, 2, 8), (2, 2, 7),
    (1, 2, 7), (1, 2, 6), (1, 2, 5), (0, 2, 9), (0, 2, 8), (0, 2, 7), (0, 2, 6), (0, 2, 5), (0, 1, 4), (0, 1, 2),
)  # fmt: skip
LEAST_SIGN_GAP_MM = 14
UNIT_COLUMNS = 4
DIRECTION_WORDS = {
    "met": "Hoàn thành",
    "on_track": "Đang làm",
    "behind": "Chậm",
    "missed": "Chưa đạt",
    "done": "Đã trả lời",
}


@dataclass(frozen=True, slots=True)
class TrendRow:
    number: int
    name: str
    unit: str
    before: tuple[Cell, ...]
    aim: str
    done: Cell
    drawing: str
    verdict: str

    @property
    def has_signs(self) -> bool:
        """Whether a cell holds one of the signs the note explains."""
        return bool({cell.text for cell in (*self.before, self.done)} & {NOTHING, NO_FIGURE, NOT_COMPUTED})


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A subordinate: on course out of measured, then per shared target the figure and whether it is late."""

    name: str
    on_course: str
    cells: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class TaskRow:
    number: int
    text: str
    result: str
    state: str


def party_sheets(summary: PartySummary, *, on: datetime.date) -> tuple[list[Callable[[], str]], Layout]:
    """Versions of the sheet, from the fullest to the shortest, and their layout."""
    written = _written(summary)
    unit = summary.unit
    paper = paper_of(
        unit=unit,
        on=on,
        kind="Báo cáo",
        kind_code="BC",
        abstract=(f"Tóm tắt kết quả công tác Đoàn và phong trào thanh niên năm {summary.year}",),
        signature=Signature("TM. Ban Chấp hành", written.signer_post, written.signer_name),
        recipients=("Như kính gửi", f"Lưu {speaker_of(unit) if unit.is_branch else 'VP'}"),
        is_one_sheet=True,
        addressee=unit.party_body or "……………………………………………",
    )

    units = summary.board.rows if summary.board else ()
    layout = replace(paper.layout, sign_gap_mm=LEAST_SIGN_GAP_MM) if units else paper.layout

    def sheet(rows: int, tasks: int, units_shown: int) -> str:
        return render_to_string(
            "papers/party.html",
            {
                "paper": paper,
                "summary": summary,
                "opening": _opening(summary),
                "rows": (trend := _trend_rows(summary, rows)),
                "has_signs": any(row.has_signs for row in trend),
                "tasks": _tasks(summary, tasks),
                "more_tasks": max(0, len(summary.directions) - tasks),
                "units": _unit_rows(summary, units_shown),
                "columns": [summary.board.columns[place].name for place in _unit_columns(summary)] if units else [],
                "totals": _totals(summary),
                "more_units": max(0, len(units) - units_shown),
                "missed": _missed(summary),
                "recommended": _recommended(summary),
                "shortcomings": written.shortcomings,
                "proposals": written.proposals,
                "end_mark": paper.layout.end_mark,
            },
        )

    sizes = SIZES_WITH_UNITS if units else SIZES
    return [partial(sheet, *size) for size in sizes], layout


@dataclass(frozen=True, slots=True)
class Written:
    """What people wrote in the yearly report of the same year; empty without one."""

    shortcomings: str = ""
    proposals: str = ""
    signer_post: str = "Bí thư"
    signer_name: str = ""


def _written(summary: PartySummary) -> Written:
    report = PeriodReport.objects.filter(
        unit=summary.unit, period__kind=Period.Kind.YEAR, period__starts_on__year=summary.year
    ).first()
    if report is None:
        return Written()
    texts = {"shortcomings": [], "proposals": []}
    sentences = ReportSentence.objects.filter(section__report=report, section__key__in=texts, left_out=False)
    for sentence in sentences.select_related("section").order_by("section__position", "position", "pk"):
        texts[sentence.section.key].append(sentence.printed)
    return Written(
        " ".join(texts["shortcomings"]), " ".join(texts["proposals"]), report.signer_post, report.signer_name
    )


def _opening(summary: PartySummary) -> str:
    counts, members = summary.table.counts, summary.members
    who = speaker_of(summary.unit)
    within = [
        f"{two_digits(members[key])} {word}"
        for key, word in (("women", "nữ"), ("party_members", "đảng viên"))
        if members.get(key)
    ]
    text = ""
    if members.get("members"):
        text = f"{who} có {two_digits(members['members'])} đoàn viên"
        text += f" ({', '.join(within)}). " if within else ". "
    if not summary.table.planned:
        return f"{text}Năm {summary.year} chưa có chỉ tiêu được giao."
    parts = [
        f"{two_digits(counts[standing])} chỉ tiêu {word}"
        for standing, word in (
            (Standing.OVER, "vượt"), (Standing.MET, "đạt"), (Standing.MISSED, "chưa đạt"),
            (Standing.ON_TRACK, "đang làm"), (Standing.BEHIND, "chậm"), (Standing.NOT_MEASURABLE, "chưa đủ số liệu"),
        )
        if counts[standing]
    ]  # fmt: skip
    total = two_digits(len(summary.table.planned))
    return f"{text}Đến ngày {day(summary.until)}, trong {total} chỉ tiêu có {listing(parts)}."


def _trend_rows(summary: PartySummary, count: int) -> list[TrendRow]:
    usable = [key for key in summary.rows if not key.row.indicator.is_money]  # sums are too wide for the sheet
    chosen = sorted(usable or summary.rows, key=_weight)[:count]
    order = {key.row.indicator.pk: place for place, key in enumerate(summary.rows)}
    chosen.sort(key=lambda key: order[key.row.indicator.pk])
    return [_trend_row(place, key, summary) for place, key in enumerate(chosen, start=1)]


def _weight(key: KeyRow) -> tuple:
    """Late targets and targets the committee asked for first, then those with the longest memory."""
    asked = key.row.target is not None and key.row.target.direction_id is not None
    return (not asked, not key.row.is_late, key.row.depth, key.row.indicator.is_yes_no, -key.known)


def _trend_row(place: int, key: KeyRow, summary: PartySummary) -> TrendRow:
    row, indicator = key.row, key.row.indicator
    values = [told.figure for told in key.years]
    label = "; ".join(
        f"{year}: {wording.amount(told.done, indicator)}" for year, told in zip(summary.years, key.years, strict=True)
    )
    return TrendRow(
        number=place,
        name=indicator.name,
        unit="%" if indicator.is_share else indicator.unit_word,
        before=tuple(
            figure(told.done, indicator) if summary.knows(position) else Cell(NOT_COMPUTED)
            for position, told in enumerate(key.years[:-1])
        ),
        aim=wording.aim(row.aim, indicator).replace("%", "").replace("\u00a0", " "),
        done=figure(row.done, indicator),
        drawing="" if indicator.is_yes_no else spark(values, label=label),
        verdict=wording.STANDING_WORDS[row.standing],
    )


def _unit_columns(summary: PartySummary) -> list[int]:
    """Which columns of the board stand on the sheet. Sums of money are too wide for it, "có" says little."""
    columns = enumerate(summary.board.columns)
    return [place for place, column in columns if not column.is_money and not column.is_yes_no][:UNIT_COLUMNS]


def _unit_rows(summary: PartySummary, count: int) -> list[UnitRow]:
    """Subordinates, worst first: how many of the shared targets are on course, and result over plan of each."""
    if summary.board is None:
        return []
    return [
        UnitRow(
            row.unit.name,
            f"{row.on_course}/{row.measured}" if row.measured else NOT_COMPUTED,
            tuple(_unit_cell(row.cells[place]) for place in _unit_columns(summary)),
        )
        for row in summary.board.rows[:count]
    ]


def _unit_cell(cell: Progress | None) -> tuple[str, bool]:
    if cell is None or not (cell.done.lines or cell.aim):
        return NOT_COMPUTED, False
    if cell.done.lines and cell.done.value is None:
        return NO_FIGURE, cell.is_late
    done = wording.cell(cell) if cell.done.lines else NOTHING
    return f"{done}{wording.cell_aim(cell)}".replace("\u00a0", " "), cell.is_late


def _totals(summary: PartySummary) -> UnitRow | None:
    """What all subordinates together planned and did."""
    board = summary.board
    if board is None:
        return None
    cells = []
    for total in (board.totals[place] for place in _unit_columns(summary)):
        done = wording.cell(total) if total.done.lines else NOTHING
        cells.append((f"{done}/{number(total.aim)}" if total.aim is not None else done, False))
    return UnitRow("Cộng chung", f"{summary.cells_on_course}/{board.measured}", tuple(cells))


def _tasks(summary: PartySummary, count: int) -> list[tuple[str, list[TaskRow]]]:
    """The first `count` directions, numbered through, under who gave them and when."""
    groups, place = [], 0
    for asked in summary.askings:
        rows = []
        for one in asked.directions[: max(0, count - place)]:
            place += 1
            rows.append(_task(place, one))
        if rows:
            document = f" ({asked.document_name})" if asked.document_name else ""
            groups.append((f"{asked.body_name} chỉ đạo ngày {day(asked.given_on)}{document}", rows))
    return groups


def _task(place: int, one: DirectionNow) -> TaskRow:
    result = "; ".join(_result(row) for row in one.rows) or one.direction.answer or "Chưa có chỉ tiêu, chưa trả lời"
    return TaskRow(place, one.direction.text, result, DIRECTION_WORDS.get(one.standing, "Chưa trả lời"))


def _result(row: Progress) -> str:
    indicator = row.indicator
    if indicator.is_yes_no:
        return f"{indicator.name}: {wording.amount(row.done, indicator).lower()}"
    if not row.done.lines:
        return f"{indicator.name}: chưa có số"
    done = wording.amount(row.done, indicator)
    if indicator.is_share or row.aim is None or row.aim.value is None:
        return f"{indicator.name}: {done}"
    return f"{done}/{wording.aim(row.aim, indicator).lstrip('≥≤> ')} {indicator.unit_word}".replace("/\u00a0", "/")


def _missed(summary: PartySummary) -> str:
    """What is behind, as figures only; why it is behind is for people to write."""
    late = [row for row in summary.table.late if row.aim and row.aim.value is not None][:4]
    return "; ".join(f"{row.indicator.name[:1].lower()}{row.indicator.name[1:]} {_result(row)}" for row in late)


def _recommended(summary: PartySummary) -> str:
    found = summary.recommendations
    if not found.total:
        return ""
    closed = f"đã xong {two_digits(found.closed)} kiến nghị" if found.closed else "chưa xong kiến nghị nào"
    text = f"Kiến nghị sau kiểm tra, giám sát: {closed}"
    if found.open:
        text += f", còn {two_digits(found.open)} kiến nghị đang thực hiện"
    if found.overdue:
        text += f", trong đó {two_digits(found.overdue)} quá hạn"
    return f"{text}."
