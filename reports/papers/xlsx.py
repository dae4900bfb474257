"""Plan against result and the board as Excel: the rows of the page, figures as numbers beside the words."""

from branches.formats import day, small
from branches.workbook import Workbook
from reports import wording
from reports.progress import ProgressTable

PROGRESS_COLUMNS = (
    ("Mục", 26), ("Chỉ tiêu", 44), ("Đơn vị tính", 14), ("Kế hoạch", 14), ("Kết quả", 18), ("Trị số", 14),
    ("Trên tổng số", 12), ("So với kế hoạch (%)", 12), ("Năm trước", 16), ("Tình trạng", 16), ("Ghi chú", 44),
)  # fmt: skip


def progress_workbook(table: ProgressTable) -> bytes:
    """Plan against result, one row a target."""
    title = f"Kế hoạch và kết quả {small(table.period.name)}"
    book = Workbook(title, made_on=table.as_of)
    sheet = book.sheet(
        "Kế hoạch, kết quả",
        PROGRESS_COLUMNS,
        heading=(title, table.unit.name, f"Số liệu đến {day(table.as_of)}", *filter(None, (wording.plan_note(table),))),
    )
    for area, rows in table.chapters():
        for row in rows:
            sheet.add(
                area.name,
                wording.name_in_list(row),
                row.indicator.unit_word,
                wording.aim(row.aim, row.indicator),
                wording.result(row),
                row.done.value,
                row.done.whole,
                row.percent_of_aim,
                wording.amount(row.last, row.indicator) if row.last.lines else "",
                wording.standing(row),
                wording.note(row),
            )
    return book.content()


def board_workbook(board) -> bytes:
    """The board: a row for each subordinate; result, plan and standing for each indicator."""
    columns = [("Đơn vị", 44), ("Đoàn viên", 10)]
    for indicator in board.columns:
        columns += [(f"{indicator.name} ({indicator.unit_word})", 18), ("Kế hoạch", 12), ("Tình trạng", 14)]
    title = f"Bảng đơn vị {small(board.period.name)}"
    book = Workbook(title, made_on=board.as_of)
    sheet = book.sheet("Bảng đơn vị", columns, heading=(title, board.unit.name, f"Số liệu đến {day(board.as_of)}"))
    for row in board.rows:
        cells = [words for cell in row.cells for words in _words_of(cell)]
        sheet.add(row.unit.name, row.members, *cells)
    totals = [part for total in board.totals for part in (wording.amount(total.done, total.indicator), total.aim, "")]
    sheet.add("Tổng cộng", board.members, *totals)
    return book.content()


def _words_of(cell) -> tuple[str, str, str]:
    if cell is None:
        return wording.NO_FIGURE, "", ""
    return wording.result(cell), wording.aim(cell.aim, cell.indicator), wording.standing(cell)
