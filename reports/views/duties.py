"""The duty calendar: a unit's year on one strip, the board of those below, and what stands behind one cell."""

import datetime
from collections import Counter

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.duty_periods import MONTHS
from branches.forms.duty import until_words
from branches.models import DutyException, Rhythm, Unit
from branches.periods import FIRST_YEAR, LAST_YEAR
from branches.restructuring import as_called
from branches.scoping import get_visible_or_404, rights_at
from branches.views.attachments import attached
from branches.workbook import XLSX
from reports import duties as calendar
from reports.duty_words import (
    STANDINGS,
    WORD_READERS,
    Slot,
    doing,
    history_of,
    sentence_of,
    slot_of,
    source_address,
    word_of,
)
from reports.papers.duties import duty_board_workbook

READERS = ("view", "approve", "inspect", "oversee")
ROWS_A_PAGE = 50


def year_asked(request, today: datetime.date) -> int:
    said = request.GET.get("nam", "")
    year = int(said) if said.isascii() and said.isdecimal() and len(said) == 4 else today.year
    return min(max(year, FIRST_YEAR), LAST_YEAR - 1)


def _years(today: datetime.date) -> list[int]:
    return [today.year - 2, today.year - 1, today.year, today.year + 1]


def unit_of(request, pk) -> Unit:
    return get_visible_or_404(Unit, request.user, right=READERS, pk=pk)


def strip_of(cells, rights, *, on) -> list[Slot]:
    """The cells of one duty of one unit as twelve months: gaps are filled, nothing overlaps."""
    slots, month = [], 1
    for cell in cells:
        if cell.period.first_month > month:
            slots.append(Slot(cell.period.first_month - month))
        slots.append(slot_of(cell, rights, on=on))
        month = cell.period.last_month + 1
    if month <= 12:
        slots.append(Slot(13 - month))
    return slots


def _counts(cells) -> dict:
    owed = [one for one in cells if one.is_owed]
    return {
        "done": sum(one.is_done for one in owed),
        "owed": len(owed),
        "silent": sum(one.is_silent for one in owed),
    }


@require_GET
def duty_calendar(request, pk):
    """What the unit owes in a year and where each stands: a strip of twelve months for each duty."""
    unit = unit_of(request, pk)
    today = timezone.localdate()
    year, rights = year_asked(request, today), rights_at(request.user, unit)
    cells = calendar.duty_calendar(unit, year, as_of=today)
    by_duty: dict[str, list] = {}
    for cell in cells:
        by_duty.setdefault(cell.duty.code, []).append(cell)
    rows = [
        {"duty": found[-1].duty, "slots": strip_of(found, rights, on=today), **_counts(found)}
        for found in by_duty.values()
        if any(one.is_owed or one.is_done or one.state == "exempt" for one in found)
    ]
    return render(
        request,
        "reports/duty_calendar.html",
        {
            "unit": as_called(unit, datetime.date(year, 12, 31), today=today),
            "rows": rows,
            "year": year,
            "years": _years(today),
            "today": today,
        },
    )


MONTH_NUMBERS = tuple(str(month) for month in range(1, 13))


def _board_page(request, pk):
    """What the page and its Excel share: the board, which duty or month is shown, and the rows, late ones first."""
    unit = unit_of(request, pk)
    if unit.is_branch:
        raise Http404
    today = timezone.localdate()
    board = calendar.duty_board(unit, year_asked(request, today), as_of=today)
    month = request.GET.get("thang", "")
    month = int(month) if month in MONTH_NUMBERS else None
    asked = request.GET.get("viec", "")
    duty = next((one for one in board.duties if one.code == asked), board.duties[0] if board.duties else None)
    duty = None if month else duty
    columns = _months_of(duty) if duty else _duties_due(board, month) if month else []
    rows = [_row(request.user, board, one, duty, month, columns) for one in board.units]
    rows = [one for one in rows if one["cells"]]
    if request.GET.get("xep") != "ten":
        rows.sort(key=lambda row: -row["silent"])
    for place, column in enumerate(columns):
        column |= _counts([cell for row in rows for cell in row["cells"] if _place(cell, columns, duty) == place])
    return unit, board, duty, month, columns, rows


def _duties_due(board, month: int) -> list[dict]:
    """The duties of which some unit has a period due in the month."""
    due = {code for one in board.units for code in board.due_in(one.pk, month)}
    return [{"duty": one, "months": 1} for one in board.duties if one.code in due]


def _months_of(duty) -> list[dict]:
    length = MONTHS[Rhythm(duty.rhythm)]
    return [{"months": length, "first": first, "label": _label(length, first)} for first in range(1, 13, length)]


def _label(length: int, first: int) -> str:
    if length == 1:
        return f"T{first}"
    if length == 3:
        return f"Quý {('I', 'II', 'III', 'IV')[first // 3]}"
    return "Cả năm" if length == 12 else f"6 tháng {'đầu' if first == 1 else 'cuối'} năm"


def _place(cell, columns, duty) -> int | None:
    """The column a cell is counted in: where its period ends, or the column of its duty."""
    if duty is None:
        return next(place for place, one in enumerate(columns) if one["duty"].code == cell.duty.code)
    return next(p for p, one in enumerate(columns) if cell.period.last_month < one["first"] + one["months"])


def _row(user, board, unit, duty, month, columns) -> dict:
    rights = rights_at(user, unit)
    if duty is not None:
        cells = board.of(unit.pk, duty.code)
        slots = strip_of(cells, rights, on=board.as_of)
    else:
        due = board.due_in(unit.pk, month)
        chosen = [due.get(one["duty"].code, [None])[-1] for one in columns]
        cells = [one for one in chosen if one]
        slots = [slot_of(one, rights, months=1, on=board.as_of) if one else Slot(1) for one in chosen]
    return {
        "unit": unit, "cells": cells, "slots": slots, "may_approve": "approve" in rights,
        "may_read": not rights.isdisjoint(READERS), "with_reason": not WORD_READERS.isdisjoint(rights),
        **_counts(cells),
    }  # fmt: skip


def late_to_remind(rows, today) -> list:
    """The silent cells of units this reader may remind, without those reminded today."""
    return [
        cell
        for row in rows
        if row["may_approve"]
        for cell in row["cells"]
        if cell.is_silent and not (cell.reminder and cell.reminder.reminded_on == today)
    ]


def _was_reminded(cells, today) -> bool:
    return any(one.reminder and one.reminder.reminded_on == today for one in cells)


@require_GET
def duty_board(request, pk):
    """Units × months of one duty, or all duties of a month; late ones first, each cell opens what stands behind it."""
    unit, board, duty, month, columns, rows = _board_page(request, pk)
    today = board.as_of
    late = late_to_remind(rows, today)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "reports/duty_board.html",
        {
            "unit": as_called(unit, datetime.date(board.year, 12, 31), today=today),
            "board": board,
            "years": _years(today),
            "duty": duty,
            "month": month,
            "columns": columns,
            "page": page,
            "units": len(rows),
            "late_units": sum(1 for row in rows if row["silent"]),
            "late": len({cell.period.unit_id for cell in late}),
            "reminded": sum(1 for row in rows if _was_reminded(row["cells"], today)),
            "totals": dict(sum((Counter(_counts(row["cells"])) for row in rows), Counter())),
            "months": range(1, 13),
            "by_name": request.GET.get("xep") == "ten",
            "today": today,
            "may_give": not rights_at(request.user, unit).isdisjoint({"manage"}),
        },
    )  # fmt: skip


@require_GET
def duty_board_xlsx(request, pk):
    unit, board, duty, month, columns, rows = _board_page(request, pk)
    content = duty_board_workbook(unit, board, duty, month, columns, rows)
    which = duty.code if duty else f"thang-{month}"
    return attached(content, XLSX, f"viec-dinh-ky-{unit.code}-{board.year}-{which}.xlsx")


def cell_of(unit: Unit, code: str, day: str, today: datetime.date):
    """The cell that an address names; 404 where the unit has no such period."""
    try:
        starts_on = datetime.date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    if not FIRST_YEAR <= starts_on.year < LAST_YEAR:
        raise Http404
    cells = calendar.duty_calendar(unit, starts_on.year, as_of=today)
    found = next((one for one in cells if one.duty.code == code and one.period.starts_on == starts_on), None)
    if found is None:
        raise Http404
    return found


@require_GET
def duty_cell(request, pk, code, day):
    """One duty of one unit in one period: what stands behind it, and what can be done about it."""
    unit = unit_of(request, pk)
    today = timezone.localdate()
    cell = cell_of(unit, code, day, today)
    rights = rights_at(request.user, unit)
    with_reason = not WORD_READERS.isdisjoint(rights)
    may_record, may_approve = "record" in rights, "approve" in rights
    is_open = cell.state in ("due", "silent")
    do_words, do_url = doing(cell, today) if may_record and (is_open or cell.state == "not_held") else ("", "")
    exceptions = DutyException.objects.filter(unit=unit, code=code).order_by("-starts_on")
    mine = cell.word is not None and ("approve" if cell.word.said == "exempt" else "record") in rights
    return render(
        request,
        "reports/duty_cell.html",
        {
            "unit": unit,
            "cell": cell,
            "today": today,
            "name": cell.period.title,
            "said": sentence_of(cell, with_reason=with_reason),
            "word": word_of(cell),
            "standing": STANDINGS[cell.state],
            "with_reason": with_reason,
            "source_url": source_address(cell, rights),
            "do_words": do_words,
            "do_url": do_url,
            "may_say_why": may_record and is_open and cell.period.starts_on <= today,
            "may_say_done": may_record
            and (is_open or cell.state == "not_held")
            and cell.duty.fulfilled_by in calendar.BY_HAND
            and cell.period.starts_on <= today,
            "may_exempt": may_approve and (is_open or cell.state == "not_held"),
            "may_take_back": mine,
            "may_approve": may_approve,
            "exceptions": [(one, until_words(one.ends_on)) for one in exceptions] if with_reason else [],
            "history": history_of(unit, code, cell.period.starts_on) if with_reason else [],
        },
    )
