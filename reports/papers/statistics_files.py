"""Statistics tables in Excel and in Word, from the same filled tables as the paper (statistics.py).

A module of its own: who prints a report as PDF loads neither.
"""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from branches.formats import day, small
from branches.models import Unit
from branches.workbook import Workbook
from reports.statistics.content import StatCell, StatContent

from .docx import WordPaper
from .filled import COMMITTEE
from .layout import paper_of

# Excel takes none of these in the name of a sheet, no apostrophe at its ends, and 31 letters.
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
LONGEST_NAME = 31
RESERVED = {"history", ""}


# --- Excel ------------------------------------------------------------------------------------------


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name Excel takes, and that no other sheet has: two tables may have one number. Adds it to `taken`."""
    plain = " ".join(NOT_IN_A_NAME.sub(" ", wanted).split())[:LONGEST_NAME].strip("' ")
    name, count = plain, 1
    while name.lower() in taken | RESERVED:
        count += 1
        tail = f" ({count})"
        name = f"{plain[: LONGEST_NAME - len(tail)].strip(chr(39) + ' ') or 'Biểu'}{tail}"
    taken.add(name.lower())
    return name


def statistics_workbook(contents: Sequence[StatContent], *, made_on: datetime.date) -> bytes:
    """A sheet for each table; a figure that is nothing but a figure is a number, everything else the printed text."""
    book = Workbook(f"Biểu số liệu {small(contents[0].period_name)}", made_on=made_on)
    add_sheets(book, contents)
    return book.content()


def add_sheets(book: Workbook, contents: Iterable[StatContent], taken: Iterable[str] = ()) -> None:
    """The sheets of these tables, beside those whose names are `taken`."""
    taken = {name.lower() for name in taken}
    for content in contents:
        columns = (("TT", 8), ("Nội dung", 46), ("Đơn vị tính", 14), *((title, 18) for title in content.columns))
        until = day(datetime.date.fromisoformat(content.as_of))
        heading = (content.heading, content.unit_name, f"{content.period_name}, số liệu đến {until}")
        sheet = book.sheet(sheet_name(f"Biểu {content.number}", taken), columns, heading=heading)
        for line in content.lines:
            sheet.add(line.number, line.name, line.unit, *(_value(cell) for cell in line.cells))
        for note in content.notes:
            sheet.add("", note)


def _value(cell: StatCell) -> int | Decimal | str:
    if not cell.value:
        return cell.words
    figure = Decimal(cell.value)
    return int(figure) if figure == int(figure) else figure


# --- Word -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WordColumn:
    title: str
    width_mm: float
    align: str = ""


def statistics_docx(contents: Sequence[StatContent], *, unit: Unit, on: datetime.date) -> bytes:
    """The same tables as a Word file to go on editing; not those by unit, which are wider than its sheet."""
    first = contents[0]
    paper = paper_of(
        unit=unit, on=on, kind="Phụ lục", kind_code="BC", signature=COMMITTEE,
        abstract=("Biểu số liệu", small(first.period_name)),
    )  # fmt: skip
    word = WordPaper(paper)
    word.paragraph("PHỤ LỤC", align="c", bold=True, keeps_next=True)
    word.paragraph(
        f"Biểu số liệu {small(first.period_name)} của {first.unit_name}", align="c", bold=True, keeps_next=True
    )
    for content in contents:
        until = day(datetime.date.fromisoformat(content.as_of))
        word.caption(content.heading, f"{content.period_name}, số liệu đến {until}")
        columns = [
            WordColumn("TT", 12, "c"), WordColumn("Nội dung", 0), WordColumn("Đơn vị tính", 20, "c"),
            *(WordColumn(title, 23, "c") for title in content.columns),
        ]  # fmt: skip
        blank = [""] * len(content.columns)
        rows = [
            [line.number, line.name, line.unit, *([cell.words for cell in line.cells] or blank)]
            for line in content.lines
        ]
        word.table(columns, rows, note="; ".join(content.notes))
    return word.content()
