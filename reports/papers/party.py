"""The summary for the Party committee on paper, made from the same summary as its page."""

import datetime
from dataclasses import dataclass, replace

from django.template.loader import render_to_string

from branches.formats import NBSP, number, small
from branches.models import Period, WorkArea
from reports import wording
from reports.freezing import content_of_submission
from reports.judging import Progress
from reports.material import speaker_of
from reports.models import Submission
from reports.party_way import StepCount
from reports.summary import KeyRow, PartySummary

from .layout import Layout, Signature, paper_of
from .tables import NOT_COMPUTED, NOTHING, groups_of
from .tables import Row as PlainRow

SHORT = 6  # a table of so many rows is not broken over two sheets
LEAST_SIGN_GAP_MM = 14
# Widths in mm of the years before, the plan and the result: a number never breaks, so that the longest
# one decides; words of a name wrap.
WIDTHS = ((7, (12, 12, 14, 17)), (10, (16, 16, 19, 16)), (99, (21, 21, 24, 21)))
WITH_UNITS = (15, 15, 14, 17)  # "(2 đơn vị)" stands under a year


@dataclass(frozen=True, slots=True)
class YearCell:
    """The figure of a year before; `units` is how many recorded it where that is fewer than this year."""

    text: str
    units: int | None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A target with the words of the page, and with the columns every paper has: number, against the plan."""

    plain: PlainRow
    unit: str
    before: tuple[YearCell, ...]
    aim: str
    done: str
    verdict: str

    @property
    def is_known(self) -> bool:
        return self.done != wording.NO_FIGURE

    @property
    def against(self) -> str:
        return self.plain.against if self.plain.is_compared else NOT_COMPUTED


@dataclass(frozen=True, slots=True)
class PlanGroup:
    title: str
    rows: tuple[PlanRow, ...]
    keeps_two: bool


@dataclass(frozen=True, slots=True)
class UnitCell:
    """Result and, behind it, what was wanted: the paper may break between the two."""

    text: str
    wanted: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class UnitRow:
    name: str
    on_course: str
    cells: tuple[UnitCell, ...]
    left_on: datetime.date | None = None


def party_html(summary: PartySummary, *, on: datetime.date) -> tuple[str, Layout]:
    """The summary as HTML for the PDF, with its layout. `on` is the day it is printed."""
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
    layout = replace(paper.layout, sign_gap_mm=LEAST_SIGN_GAP_MM)
    groups, units = _groups(summary), _unit_rows(summary)
    html = render_to_string(
        "papers/party.html",
        {
            "paper": paper,
            "summary": summary,
            "members": _members(summary),
            "groups": groups,
            "widths": _widths(groups),
            "has_fewer": any(any(key.units) for key in summary.rows),
            "is_short": len(summary.rows) <= SHORT,
            "units": units,
            "few_units": len(units) <= SHORT,
            "few_tasks": len(summary.directions) <= SHORT,
            "totals": _totals(summary),
            "duties": _duties(summary) if summary.duties_kept else "",
            "steps": _steps(summary),
            "shortcomings": written.shortcomings,
            "proposals": written.proposals,
            "end_mark": paper.layout.end_mark,
        },
    )
    return html, layout


@dataclass(frozen=True, slots=True)
class Written:
    """What people wrote in the yearly report of the same year once it was issued; empty without one.

    The Party committee prints this paper itself, and drafts are not for it.
    """

    shortcomings: str = ""
    proposals: str = ""
    signer_post: str = "Bí thư"
    signer_name: str = ""


def _written(summary: PartySummary) -> Written:
    editions = Submission.objects.in_force().filter(report__unit=summary.unit, report__theme="")
    of_year = editions.filter(report__period__kind=Period.Kind.YEAR, report__period__starts_on__year=summary.year)
    edition = of_year.first()
    if edition is None:
        return Written()
    content = content_of_submission(edition)
    said = {chapter.key: " ".join(chapter.texts) for chapter in content.chapters}
    signer = content.paper.signature
    return Written(said.get("shortcomings", ""), said.get("proposals", ""), signer.post, signer.name)


def _members(summary: PartySummary) -> str:
    members = summary.members
    if not members.get("members"):
        return ""
    within = [
        f"{number(members[key])} {word}"
        for key, word in (("women", "nữ"), ("party_members", "đảng viên"))
        if members.get(key)
    ]
    text = f"{speaker_of(summary.unit)} có {number(members['members'])} đoàn viên"
    return f"{text} ({', '.join(within)})." if within else f"{text}."


def _duties(summary: PartySummary) -> str:
    """Each duty as on the page: done of owed over the whole year, with a reason, not reported."""
    each = "kỳ" if summary.unit.is_branch else "lượt đơn vị"
    told = []
    for one in summary.duties:
        text = f"{small(one.duty.name)} {number(one.done)}/{number(one.owed)} {each}"
        beside = [(one.not_held, "không làm, có lý do"), (one.silent, "chưa báo")]
        told.append(", ".join([text, *(f"{number(count)} {word}" for count, word in beside if count)]))
    if not told:
        return ""
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}."


def _beside_step(one: StepCount) -> str:
    """What the plan says of a step: the target, and the result where that was typed and is another figure."""
    if one.planned is None:
        return ""
    aim = f"chỉ tiêu {_free(wording.aim(one.planned.aim, one.planned.indicator))}"
    return f" ({aim}, số trong kế hoạch {number(one.typed)})" if one.typed is not None else f" ({aim})"


def _steps(summary: PartySummary) -> str:
    """The counters of the way to the Party, each for itself; steps nobody took and nobody planned are not printed."""
    told = [
        f"{small(one.label)} {number(one.count)} người{_beside_step(one)}"
        for one in summary.party_steps
        if one.count or one.planned
    ]
    if not told:
        return ""
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}."


def _groups(summary: PartySummary) -> list[PlanGroup]:
    """Every target of the unit under its chapter, as in the yearly report."""
    chapters: dict[int, tuple[WorkArea, list[KeyRow]]] = {}
    for key in summary.rows:
        area = key.row.indicator.area
        chapters.setdefault(area.pk, (area, []))[1].append(key)
    plain = groups_of((area, [key.row for key in keys]) for area, keys in chapters.values())
    return [
        PlanGroup(
            group.title,
            tuple(_plan_row(row, key) for row, key in zip(group.rows, keys, strict=True)),
            group.keeps_two,
        )
        for group, (_, keys) in zip(plain, chapters.values(), strict=True)
    ]


def _plan_row(plain: PlainRow, key: KeyRow) -> PlanRow:
    row = key.row
    return PlanRow(
        plain=plain,
        unit=row.indicator.unit_word,
        before=tuple(
            YearCell(_free(wording.result(told)) if told.done.lines else NOTHING, units)
            for told, units in zip(key.years[:-1], key.units[:-1], strict=True)
        ),
        aim=_free(wording.aim(row.aim, row.indicator)),
        done=_free(wording.result(row)),
        verdict=_free(wording.standing(row)),
    )


def _widths(groups: list[PlanGroup]) -> tuple[int, ...]:
    rows = [row for group in groups for row in group.rows]
    texts = [text for row in rows for text in (row.aim, row.done, *(cell.text for cell in row.before))]
    longest = max((len(word) for text in texts for word in text.split()), default=0)
    widths = next(widths for length, widths in WIDTHS if longest <= length)
    has_units = any(cell.units for row in rows for cell in row.before)
    return tuple(map(max, widths, WITH_UNITS)) if has_units else widths


def _free(text: str) -> str:
    """In a narrow column a line may end where a page keeps words together."""
    return text.replace(NBSP, " ")


def _unit_rows(summary: PartySummary) -> list[UnitRow]:
    """All subordinates, worst first: how many of the shared targets are on course, and result over plan of each."""
    if summary.board is None:
        return []
    return [
        UnitRow(
            row.unit.name,
            f"{row.on_course}/{row.measured}" if row.measured else "chưa giao",
            tuple(_unit_cell(cell) for cell in row.cells),
            row.left_on,
        )
        for row in summary.board.rows
    ]


def _unit_cell(cell: Progress | None) -> UnitCell:
    if cell is None:
        return UnitCell(wording.NO_FIGURE)
    wanted = wording.cell_aim(cell) if cell.aim and cell.done.lines else ""
    return UnitCell(_free(wording.cell(cell)), _free(wanted), cell.is_late)


def _totals(summary: PartySummary) -> UnitRow | None:
    """What all subordinates together planned and did."""
    board = summary.board
    if board is None:
        return None
    cells = tuple(
        UnitCell(_free(wording.cell(total)), f"/{number(total.aim)}" if total.aim is not None else "")
        for total in board.totals
    )
    return UnitRow("Cộng chung", f"{summary.cells_on_course}/{board.measured}" if board.measured else "", cells)
