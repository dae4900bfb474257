"""The board of duties as Excel: the words of each cell, and the counts of each column."""

from branches.formats import day
from branches.workbook import Workbook
from reports.duty_words import sentence_of


def duty_board_workbook(unit, board, duty, month, columns, rows) -> bytes:
    """A row for each unit: a column for each month or period of the duty, or for each duty of the month."""
    what = duty.name if duty else f"Việc đến hạn trong tháng {month}"
    title = f"{what}, năm {board.year}"
    heads = [one["label"] if duty else one["duty"].name for one in columns]
    book = Workbook(title, made_on=board.as_of)
    sheet = book.sheet(
        "Việc định kỳ",
        [("Đơn vị", 44), ("Đã làm", 9), ("Phải làm", 9), ("Chưa báo", 9), *((head, 24) for head in heads)],
        heading=(title, unit.name, f"Tình hình đến {day(board.as_of)}"),
    )
    for row in rows:
        sheet.add(row["unit"].name, row["done"], row["owed"], row["silent"], *_words(row, columns, duty))
    done, owed, silent = (sum(row[name] for row in rows) for name in ("done", "owed", "silent"))
    sheet.add("Cộng", done, owed, silent, *(f"{one['done']} trên {one['owed']}" for one in columns))
    return book.content()


def _words(row, columns, duty) -> list[str]:
    """A period of another rhythm stands in the column in which it ends."""
    found = [""] * len(columns)
    for cell in row["cells"]:
        for place, one in enumerate(columns):
            in_month = duty and cell.period.last_month < one["first"] + one["months"]
            if in_month or (not duty and one["duty"].code == cell.duty.code):
                said = sentence_of(cell, with_reason=row["with_reason"])
                name = "" if not duty or cell.period.months == one["months"] else f"{cell.period.name}: "
                found[place] = f"{found[place]}; {name}{said}" if found[place] else f"{name}{said}"
                break
    return found
