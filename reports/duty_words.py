"""How a cell of the duty calendar is worded, and where it leads: the same on the strip, the board and in Excel."""

import datetime
from collections.abc import Set
from dataclasses import dataclass

from django.urls import reverse

from branches.formats import day, day_month, small
from branches.models import DutyType, DutyWord, Unit
from branches.models.dues import RemittanceQuerySet
from branches.models.duty import DutyWordQuerySet
from branches.models.meeting import MeetingQuerySet

from .duties import DutyCell, DutyState
from .models import PeriodReportQuerySet

FulfilledBy = DutyType.FulfilledBy
REPORTS = (FulfilledBy.HALF_REPORT, FulfilledBy.YEAR_REPORT)
# (done, not held, silent) by what fulfils the duty
WORDS = {
    FulfilledBy.MEETING: ("đã họp", "không họp", "chưa báo"),
    FulfilledBy.REMITTANCE: ("đã nộp", "không nộp", "chưa nộp"),
    FulfilledBy.HALF_REPORT: ("đã gửi", "không gửi", "chưa gửi"),
    FulfilledBy.YEAR_REPORT: ("đã gửi", "không gửi", "chưa gửi"),
    FulfilledBy.HAND: ("đã làm", "không làm", "chưa báo"),
}
# The badge of look.STATES for each state, and the sign of a cell.
STANDINGS = {
    DutyState.DONE: "done", DutyState.LATE: "done", DutyState.DUE: "waiting", DutyState.EXEMPT: "none",
    DutyState.NOT_HELD: "behind", DutyState.SILENT: "overdue", DutyState.NOT_OWED: "none",
}  # fmt: skip
SIGNS = {
    DutyState.DONE: "check", DutyState.LATE: "check", DutyState.NOT_HELD: "close", DutyState.SILENT: "warn",
    DutyState.EXEMPT: "dash",
}  # fmt: skip
SEEN_BY = {
    "meeting": (MeetingQuerySet.read_rights, "branches:meeting"),
    "remittance": (RemittanceQuerySet.read_rights, "branches:remittance"),
    "report": (PeriodReportQuerySet.read_rights, "reports:report"),
}
WORD_READERS = frozenset(DutyWordQuerySet.read_rights)


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One line of what was said of a period: by whom, when, and the words; also one taken back."""

    who: str
    at: datetime.datetime
    text: str


def history_of(unit: Unit, code: str, starts_on: datetime.date) -> list[SaidLine]:
    """Everything said of one duty of the unit in one period, oldest first; what was taken back too. One query."""
    rows = DutyWord.history.filter(unit=unit, code=code, starts_on=starts_on)
    rows = rows.select_related("history_user", "written_by").order_by("history_date", "history_id")
    return [_line(row) for row in rows]


def _line(row) -> SaidLine:
    said = small(row.get_said_display())
    if row.done_on:
        said += f" ngày {day(row.done_on)}"
    if row.reason:
        said += f": {row.reason}"
    if row.history_type == "-":
        return SaidLine(str(row.history_user or ""), row.history_date, f"bỏ điều đã ghi: {said}")
    return SaidLine(str(row.written_by), row.history_date, f"ghi {said}")


def word_of(cell: DutyCell) -> str:
    """ "đã họp", "nộp muộn", "không họp", "chưa báo", "được miễn", "chưa đến hạn"."""
    done, not_held, silent = WORDS[FulfilledBy(cell.duty.fulfilled_by)]
    return {
        DutyState.DONE: done,
        DutyState.LATE: f"{done.removeprefix('đã ')} muộn",
        DutyState.DUE: "chưa đến hạn",
        DutyState.EXEMPT: "được miễn",
        DutyState.NOT_HELD: not_held,
        DutyState.SILENT: silent,
        DutyState.NOT_OWED: "không phải làm",
    }[cell.state]


def sentence_of(cell: DutyCell, *, with_reason: bool) -> str:
    """The whole fact in one line, for a reader's screen reader and for Excel; typed reasons only `with_reason`."""
    said = word_of(cell)
    if cell.day:
        said += f" ngày {day(cell.day)}"
    elif cell.state == DutyState.DUE:
        said += f" {day(cell.period.due_on)}"
    if cell.reason and (with_reason or cell.state == DutyState.NOT_OWED):
        said += f": {cell.reason}"
    return said


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell as a page draws it, over so many months; `cell` is None where nothing is owed."""

    months: int
    cell: DutyCell | None = None
    label: str = ""
    text: str = ""
    mark: str = ""
    css: str = "is-out"
    url: str = ""
    said: str = ""


def slot_of(cell: DutyCell, rights: Set[str], *, months: int | None = None, on=None) -> Slot:
    """What stands in the square, and where it leads for somebody with these rights at the unit."""
    months = cell.period.months if months is None else months
    name = cell.period.name
    label = f"T{cell.period.first_month}" if cell.period.months == 1 else f"{name[:1].upper()}{name[1:]}"
    if cell.state == DutyState.NOT_OWED:
        return Slot(months, cell, label, "", "", "is-out", "", f"{name}: {cell.reason or 'không phải làm'}")
    is_ahead = on is not None and cell.period.starts_on > on
    text = day_month(cell.day) if cell.day else _short(cell, is_ahead)
    css = "is-ahead" if is_ahead and cell.state == DutyState.DUE else f"is-{cell.state.replace('_', '-')}"
    said = f"{cell.duty.name} {name}: {sentence_of(cell, with_reason=not WORD_READERS.isdisjoint(rights))}"
    return Slot(months, cell, label, text, SIGNS.get(cell.state, ""), css, address_of(cell, rights), said)


def _short(cell: DutyCell, is_ahead: bool) -> str:
    if cell.state == DutyState.DUE:
        if is_ahead:
            return ""
        return f"dự kiến {day_month(cell.planned[1])}" if cell.planned else f"hạn {day_month(cell.period.due_on)}"
    return "miễn" if cell.state == DutyState.EXEMPT else word_of(cell)


def address_of(cell: DutyCell, rights: Set[str]) -> str:
    """What stands behind the cell, where the reader may open it; else the page of the cell."""
    source = source_address(cell, rights)
    return source if cell.is_done and source else cell_address(cell)


def cell_address(cell: DutyCell) -> str:
    one = cell.period
    return reverse("reports:duty_cell", args=[one.unit_id, one.duty.code, f"{one.starts_on:%Y-%m-%d}"])


def source_address(cell: DutyCell, rights: Set[str]) -> str:
    """The meeting, slip or report behind the cell, for whoever may read it; else nothing."""
    kind, pk = cell.source or ("", 0)
    seen_by, name = SEEN_BY.get(kind, ((), ""))
    return reverse(name, args=[pk]) if name and not rights.isdisjoint(seen_by) else ""


def doing(cell: DutyCell, today) -> tuple[str, str]:
    """What the unit itself does to fulfil it: (words of the link, address); empty where it only says so here."""
    unit_id, by = cell.period.unit_id, cell.duty.fulfilled_by
    if by == FulfilledBy.MEETING:
        if cell.planned:
            return "Mở buổi đã dự kiến", reverse("branches:meeting", args=[cell.planned[0]])
        words = "Lên lịch buổi sinh hoạt" if cell.period.starts_on > today else "Ghi buổi sinh hoạt"
        return words, reverse("branches:meeting_new", args=[unit_id])
    if by == FulfilledBy.REMITTANCE:
        return "Lập phiếu nộp", reverse("branches:remittance_new", args=[unit_id])
    if by == FulfilledBy.YEAR_REPORT:
        return "Mở báo cáo", reverse("reports:report_list", args=[unit_id])
    return "", ""
