"""The figures of a report as a workbook, from the same content as its PDF: cells as printed, parts as numbers."""

import datetime
from decimal import Decimal

from branches.formats import day
from branches.workbook import Workbook
from reports.spans import YEAR_BEFORE

from .content import PlanTable, ReportContent
from .statistics_files import add_sheets
from .tables import Cell

FIRST, YEARS = "Kết quả chỉ tiêu", "Từng năm"  # the names of the sheets

COLUMNS = (
    ("TT", 6), ("Mục", 28), ("Chỉ tiêu", 44), ("Đơn vị tính", 14), (YEAR_BEFORE, 16), ("Kế hoạch", 14),
    ("Thực hiện", 18), ("So với kế hoạch", 16), ("Đánh giá", 16), ("Trị số", 16), ("Trên tổng số", 12),
)  # fmt: skip


def report_xlsx(content: ReportContent) -> bytes:
    """A sheet with the table of the report, one with the years of a term, one for each statistics table. No query."""
    as_of = datetime.date.fromisoformat(content.as_of)
    book = Workbook(content.paper.title, made_on=as_of)
    heading = (content.table.title, content.unit_name, f"Số liệu đến {day(as_of)}", *content.notes)
    note = (content.table.note,) if content.table.note else ()
    columns = [(content.table.before if name == YEAR_BEFORE else name, width) for name, width in COLUMNS]
    sheet = book.sheet(FIRST, columns, heading=(*heading, *note))
    for group in content.table.groups:
        for row in group.rows:
            sheet.add(
                str(row.number), group.title, row.name, row.unit, _words(row.last), row.aim, _words(row.done),
                row.against, row.verdict, _figure(row.value), _figure(row.whole),
            )  # fmt: skip
    if content.table.years:
        _years(book, content.table, heading)
    add_sheets(book, content.annexes, (FIRST, YEARS))
    return book.content()


def _years(book: Workbook, table: PlanTable, heading) -> None:
    columns = [("TT", 6), ("Chỉ tiêu", 44), ("Đơn vị tính", 14)]
    for year in table.years:
        columns += [(f"Kế hoạch {year}", 14), (f"Thực hiện {year}", 16)]
    columns += [("Kế hoạch cả nhiệm kỳ", 16), ("Thực hiện cả nhiệm kỳ", 18), ("Đánh giá", 16)]
    sources = (f"Nguồn số liệu: {'; '.join(table.sources)}",) if table.sources else ()
    sheet = book.sheet(YEARS, columns, heading=(*heading, *sources))
    for row in table.rows:
        cells = [words for aim, done in row.years for words in (aim, _words(done))]
        sheet.add(str(row.number), row.name, row.unit, *cells, row.aim, _words(row.done), row.verdict)


def _words(cell: Cell) -> str:
    """The figure as printed, the parts of a share behind it."""
    return f"{cell.text} {cell.parts}".strip()


def _figure(text: str) -> Decimal | None:
    return Decimal(text) if text else None
