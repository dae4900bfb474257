"""The importer without pages: a file is read, planned and written in one go, for migrations and for testing."""

import datetime
from dataclasses import dataclass, field

from django.db import transaction

from branches.models import MemberImport, Unit

from .applying import apply_rows, lock_units
from .headers import Header, find_header
from .known import Units
from .planning import WAITING, Planned, State, mark_repeats
from .reading import Sheet, read_sheets
from .staging import remembered, units_of
from .walking import plans_of, rows_of


@dataclass(slots=True)
class SheetRead:
    """A sheet, its header (None when there is none), and what each of its rows would do."""

    sheet: Sheet
    header: Header | None
    rows: list[Planned] = field(default_factory=list)


@dataclass(slots=True)
class Outcome:
    """What the file would do, and what was done: `written` is {"new": n, "changed": n} or None."""

    sheets: list[SheetRead]
    written: dict | None = None
    refused: str = ""

    @property
    def rows(self) -> list[Planned]:
        return [row for sheet in self.sheets for row in sheet.rows]

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)


def import_file(
    *, content: bytes, name: str, unit: Unit, starts_on: datetime.date, today: datetime.date, write: bool,
    leave_out: bool = False,
) -> Outcome:  # fmt: skip
    """Read a list of members and, when `write`, take it into the register of the unit and the branches below.

    All or nothing: one row that needs a choice or a correction keeps the whole file out, unless
    `leave_out` leaves those rows aside. Raises UnreadableFile when the file cannot be read at all.
    """
    memory = remembered(unit)
    sheets = [SheetRead(sheet, find_header(sheet, memory)) for sheet in read_sheets(content, name)]
    units = units_of(unit, None)
    rows = []
    for place, one in enumerate(sheets):
        if one.header is not None:
            read = rows_of(one.sheet, one.header, units, today=today)
            rows += [(place, number, row) for number, _, row in read if row.kind != "empty"]
            one.sheet.rows.clear()  # understood: what it holds is in `rows`
    named = {place: units.named(one.sheet.name) for place, one in enumerate(sheets)}
    of_sheets = {place: found[0] for place, found in named.items() if len(found) == 1}
    with transaction.atomic():
        if write:
            lock_units(units.allowed)
        for plan in plans_of(rows, units=units, of_sheets=of_sheets, starts_on=starts_on):
            sheets[plan.sheet].rows.append(plan)
        outcome = Outcome(sheets)
        mark_repeats(outcome.rows)
        if write:
            _write(outcome, units, name, starts_on, today, leave_out=leave_out)
    return outcome


def _write(
    outcome: Outcome, units: Units, name: str, starts_on: datetime.date, today: datetime.date, *, leave_out: bool
) -> None:
    unit = units.top
    waiting = sum(outcome.count(state) for state in WAITING)
    if not units.allowed:
        outcome.refused = f"{unit.name} đã giải thể hoặc chưa có chi đoàn nào để nhập."
    elif starts_on > today:
        outcome.refused = "Ngày bắt đầu sinh hoạt chưa đến. Hãy ghi ngày đến hôm nay."
    elif not any(one.header for one in outcome.sheets):
        outcome.refused = "Không tìm thấy dòng tiêu đề có cột họ và tên."
    elif waiting and not leave_out:
        outcome.refused = f"Còn {waiting} dòng cần chọn hoặc cần sửa, nên chưa nhập gì."
    else:
        source = MemberImport.objects.create(unit=unit, name=name[-200:], starts_on=starts_on)
        source.counts = {state: outcome.count(state) for state in State.values}
        outcome.written = apply_rows(outcome.rows, source=source, by=None)
