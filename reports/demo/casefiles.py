"""Files of the demo's units: lists and notes such as an office sends along with its answer."""

import datetime
from collections.abc import Callable, Iterable
from functools import partial

from branches.workbook import Workbook

from .casepapers import kept

Rows = Iterable[tuple]


def table(name: str, heading: str, columns: Iterable[tuple[str, int]], rows: Rows, on: datetime.date) -> Callable:
    """Makes an Excel list on demand."""
    return partial(_table, name, heading, tuple(columns), tuple(rows), on)


def _table(name, heading, columns, rows, on):
    book = Workbook(heading, made_on=on)
    sheet = book.sheet("Danh sách", columns, (heading, f"Ngày lập: {on:%d/%m/%Y}"))
    for row in rows:
        sheet.add(*row)
    return kept(f"{name}.xlsx", book.content())
