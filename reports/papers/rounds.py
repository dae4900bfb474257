"""A round of reports as Excel: one row a unit, with the words and days of the page."""

import datetime

from branches.formats import day
from branches.workbook import Workbook
from reports.models import ReportRound
from reports.round_standing import AFTER_CLOSE, Standing

COLUMNS = (
    ("Đơn vị", 48), ("Kỳ báo cáo", 22), ("Hạn nộp", 12), ("Tình trạng", 22), ("Ngày nộp", 12), ("Số ngày chậm", 10),
    ("Lần nhắc", 10), ("Nhắc gần nhất", 14), ("Lý do miễn hoặc đổi hạn", 44), ("Ghi chú", 24),
)  # fmt: skip


def round_workbook(round: ReportRound, rows: list[Standing], on: datetime.date) -> bytes:
    """The list of units; days and counts are written as such."""
    book = Workbook(round.name, made_on=on)
    heading = (round.name, round.unit.name, f"Hạn nộp {day(round.due_on)}, tình hình đến ngày {day(on)}")
    sheet = book.sheet("Đợt báo cáo", COLUMNS, heading=heading)
    for one in rows:
        row = one.row
        sheet.add(
            one.unit.name, row.period.name, row.due_on, one.look[1], one.handed_on, one.days_late or None,
            row.reminders or None, row.reminded_on, row.excused_reason or row.due_reason,
            AFTER_CLOSE if one.is_after_close else "",
        )  # fmt: skip
    return book.content()
