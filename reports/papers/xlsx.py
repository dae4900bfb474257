"""Tables as Excel workbooks. Text is written as text, never as a formula, and figures as figures."""

import io
import re

import xlsxwriter

from branches.formats import day
from reports import wording
from reports.progress import ProgressTable

# Excel refuses a file with control characters; they only get into a text by pasting.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def progress_workbook(table: ProgressTable) -> bytes:
    """Plan against result: the columns of the page, one row a target, figures as numbers beside the words."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, INERT) as book:
        sheet = Sheet(book, "Kế hoạch, kết quả")
        sheet.heading(
            f"Kế hoạch và kết quả {table.period.name.lower()}", table.unit.name, f"Số liệu đến {day(table.as_of)}"
        )
        sheet.header(
            ("Mục", 26), ("Chỉ tiêu", 44), ("Đơn vị tính", 14), ("Kế hoạch", 14), ("Kết quả", 18), ("Trị số", 14),
            ("Trên tổng số", 12), ("So với kế hoạch (%)", 12), ("Năm trước", 16), ("Tình trạng", 16), ("Ghi chú", 44),
        )  # fmt: skip
        for area, rows in table.chapters():
            for row in rows:
                sheet.row(
                    area.name,
                    ("   Trong đó: " if row.depth else "") + row.indicator.name,
                    row.indicator.unit_word,
                    wording.aim(row.aim, row.indicator),
                    wording.amount(row.done, row.indicator),
                    row.done.value,
                    row.done.whole,
                    row.percent_of_aim,
                    wording.amount(row.last, row.indicator) if row.last.lines else "",
                    wording.standing(row),
                    wording.note(row),
                )
    return out.getvalue()


def board_workbook(board) -> bytes:
    """The board: a row for each subordinate, two columns for each indicator (result and plan)."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, INERT) as book:
        sheet = Sheet(book, "Bảng đơn vị")
        sheet.heading(f"Bảng đơn vị {board.period.name.lower()}", board.unit.name, f"Số liệu đến {day(board.as_of)}")
        columns = [("Đơn vị", 44), ("Đoàn viên", 10)]
        for indicator in board.columns:
            columns += [(f"{indicator.name} ({indicator.unit_word})", 18), ("Kế hoạch", 12), ("Tình trạng", 14)]
        sheet.header(*columns)
        for row in board.rows:
            cells = []
            for cell in row.cells:
                cells += _words_of(cell) if cell else [wording.NO_FIGURE, "", ""]
            sheet.row(row.unit.name, row.members, *cells)
        totals = []
        for total in board.totals:
            totals += [wording.amount(total.done, total.indicator), total.aim, ""]
        sheet.row("Tổng cộng", board.members, *totals)
    return out.getvalue()


def _words_of(cell) -> list[str]:
    return [wording.amount(cell.done, cell.indicator), wording.aim(cell.aim, cell.indicator), wording.standing(cell)]


class Sheet:
    """A worksheet filled from the top: heading lines, one header row, rows."""

    def __init__(self, book, name):
        self.sheet = book.add_worksheet(name)
        self.bold = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E9E9E9", "border": 1}
        )
        self.cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        self.figure = book.add_format({"num_format": "#,##0.##", "valign": "top", "border": 1})
        self.next = 0

    def heading(self, title, *lines):
        self.sheet.write_string(0, 0, inert(title), self.bold)
        for line in lines:
            self.next += 1
            self.sheet.write_string(self.next, 0, inert(line))
        self.next += 2

    def header(self, *columns):
        for place, (name, width) in enumerate(columns):
            self.sheet.set_column(place, place, width)
            self.sheet.write_string(self.next, place, inert(name), self.head)
        self.sheet.freeze_panes(self.next + 1, 0)
        self.next += 1

    def row(self, *values):
        for place, value in enumerate(values):
            if value is None or value == "":
                self.sheet.write_blank(self.next, place, None, self.cell)
            elif isinstance(value, str):
                self.sheet.write_string(self.next, place, inert(value), self.cell)
            else:
                self.sheet.write_number(self.next, place, value, self.figure)
        self.next += 1


def inert(text: str) -> str:
    """Text that Excel can only show."""
    return CONTROL.sub("", text)[:32_000]
