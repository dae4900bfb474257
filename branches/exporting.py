"""Lists as Excel files that cannot act: text stays text, whatever sign it begins with."""

import datetime
import io
import re

import xlsxwriter

from branches.models import Activity, Unit
from branches.wording import line_words, organiser_words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 20_000
# Signs that XML cannot carry; one of them would make the whole file unreadable.
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL = 32_000

ACTIVITY_COLUMNS = (
    ("Ngày", 11), ("Đến ngày", 11), ("Tên hoạt động", 44), ("Đơn vị", 32), ("Mục báo cáo", 30), ("Ai tổ chức", 26),
    ("Tình trạng", 14), ("Lý do không tổ chức", 26), ("Kết quả", 50), ("Đoàn viên có tên", 10),
    ("Số đoàn viên ghi", 10), ("Khách", 8), ("Đã vận động (đồng)", 16), ("Đã chi (đồng)", 16), ("Nơi làm", 24),
    ("Ghi chú", 40), ("Số minh chứng", 10),
)  # fmt: skip
LINE_COLUMNS = (
    ("Ngày", 11), ("Tên hoạt động", 44), ("Đơn vị", 32), ("Tình trạng", 14), ("Mục", 30), ("Chỉ tiêu", 44),
    ("Đơn vị tính", 16), ("Mức chính xác", 12), ("Số lượng", 14), ("Trên tổng số", 14), ("Mỗi suất (đồng)", 16),
    ("Cho ai, việc gì", 36),
)  # fmt: skip


class InertSheet:
    """A sheet written row by row; every text is written as text."""

    def __init__(self, book, name: str, columns):
        self.sheet = book.add_worksheet(name)
        self.day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left", "valign": "top"})
        self.figure = book.add_format({"num_format": "#,##0.##", "valign": "top"})
        self.whole = book.add_format({"num_format": "#,##0", "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "bottom"})
        for place, (title, width) in enumerate(columns):
            self.sheet.write_string(0, place, title, head)
            self.sheet.set_column(place, place, width)
        self.sheet.freeze_panes(1, 0)
        self.sheet.repeat_rows(0)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.columns = len(columns)
        self.row = 0

    def add(self, *cells):
        self.row += 1
        for place, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if isinstance(cell, datetime.date):
                self.sheet.write_datetime(self.row, place, _midnight(cell), self.day)
            elif isinstance(cell, str):
                self.sheet.write_string(self.row, place, readable(cell), self.text)
            else:
                fits = self.whole if cell == int(cell) else self.figure
                self.sheet.write_number(self.row, place, cell, fits)

    def close(self):
        self.sheet.autofilter(0, 0, max(self.row, 1), self.columns - 1)


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time())


def readable(text: str) -> str:
    return UNREADABLE.sub("", text)[:LONGEST_CELL]


def activity_workbook(records, *, unit: Unit, made_on: datetime.date) -> bytes:
    """The activities (from listing.activity_records) on one sheet, their results on a second one."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": readable(f"Hoạt động của {unit.name}"), "created": _midnight(made_on)})
    activities = InertSheet(book, "Hoạt động", ACTIVITY_COLUMNS)
    results = InertSheet(book, "Kết quả", LINE_COLUMNS)
    for record in records[:MOST_ROWS]:
        _add_activity(activities, record)
        for line in record.lines:
            _add_line(results, record, line)
    activities.close()
    results.close()
    book.close()
    return out.getvalue()


def _add_activity(sheet, record: Activity):
    sheet.add(
        record.starts_on,
        record.last_on,
        record.title,
        record.unit.name,
        record.area.name,
        organiser_words(record),
        record.get_state_display(),
        record.cancel_reason,
        "; ".join(line_words(line) for line in record.lines),
        record.named,
        record.member_count,
        record.guest_count,
        record.raised,
        record.spent,
        record.place,
        record.note,
        record.pieces,
    )


def _add_line(sheet, record: Activity, line):
    value = line.value
    if line.indicator.is_yes_no and value is not None:
        value = "Có" if value else "Không"
    sheet.add(
        record.last_on,
        record.title,
        record.unit.name,
        record.get_state_display(),
        record.area.name,
        line.indicator.name,
        line.indicator.unit_word,
        line.get_qualifier_display(),
        "chưa có số" if value is None else value,
        line.denominator,
        line.each,
        line.note,
    )
