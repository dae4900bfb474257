"""The movement of members as Excel: the figures of the page, no names."""

import datetime

from branches.formats import day
from branches.register import ONE_DAY, Movement
from branches.workbook import Workbook

COLUMNS = (("Nội dung", 60), ("Số đoàn viên", 16))


def movement_workbook(
    found: Movement, called: str, ins: list[dict], outs: list[dict], *, made_on: datetime.date
) -> bytes:
    """Opening, arrivals and departures by reason, closing. `called` is the unit's name at the end of the span,
    `ins` and `outs` are the lines of the page.
    """
    title = f"Biến động đoàn viên từ {day(found.first)} đến {day(found.last)}"
    book = Workbook(title, made_on=made_on)
    sheet = book.sheet("Biến động", COLUMNS, heading=(title, called))
    sheet.add(f"Có đến hết ngày {day(found.first - ONE_DAY)}", found.opening)
    sheet.add("Tăng", found.came)
    for line in ins:
        sheet.add(f"  {line['words']}", line["count"])
    sheet.add("Giảm", found.left)
    for line in outs:
        sheet.add(f"  {line['words']}", line["count"])
    sheet.add(f"Có đến hết ngày {day(found.last)}", found.closing)
    return book.content()
