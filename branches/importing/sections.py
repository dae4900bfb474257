"""Rows between the people of a long list that name the branch of everybody below them: "II. Chi đoàn thôn Đông"."""

import itertools
import re
from collections.abc import Iterable, Iterator

from branches.vietnamese import nfc, plain

from .cells import ParsedRow
from .headers import Header
from .known import Units
from .reading import Sheet
from .texts import text_of

NUMBERED = re.compile(r"^(?:[0-9]{1,3}|[IVXLC]{1,6}|[A-Z])\s*[.)/\-]\s*")
COUNTED = re.compile(r"\s*[(:].*$")
# "Đoàn cơ sở …" is of a unit above branches: whoever stands below is no longer of the branch before. "Đoàn
# Trường …", "Đoàn Phương …" are people.
BEGINNINGS = ("chi doan ", "lien chi doan ", "phan doan ", "doan co so ", "doan bo phan ", "doan thanh nien ")


def section_named(row: Iterable[object], units: Units) -> str:
    """The branch such a row names, by the words it begins with or as one of ours; nothing for any other row."""
    texts = list(itertools.islice((text for cell in row if (text := text_of(cell))), 3))
    if not 1 <= len(texts) <= 2:
        return ""
    named = COUNTED.sub("", NUMBERED.sub("", nfc(texts[-1])))
    return named if plain(named).startswith(BEGINNINGS) or len(units.named(named)) == 1 else ""


def data_rows(sheet: Sheet, header: Header) -> list[list]:
    """The rows under the header; a branch written once over several merged rows stands in each of them."""
    rows = sheet.rows[header.first_row - 1 :]
    of_unit = {column.index for column in header.columns if column.field == "unit"}
    for first_row, first_column, last_row, last_column in sheet.merged:
        for index in of_unit.intersection(range(first_column, last_column + 1)):
            top = first_row - header.first_row + 1
            said = rows[top][first_column] if 0 <= top < len(rows) and first_column < len(rows[top]) else None
            for place in range(top + 1, min(last_row - header.first_row + 2, len(rows))) if said else ():
                row = rows[place] = list(rows[place]) + [None] * (index + 1 - len(rows[place]))
                row[index] = row[index] or said
    return rows


def with_sections(rows: Iterable[list], first: int, units: Units) -> Iterator[tuple[int, list, str]]:
    """(number, row, name of the branch whose heading stands above it), numbered from `first`."""
    section = ""
    for number, row in enumerate(rows, start=first):
        section = section_named(row, units) or section
        yield number, row, section


def under(section: str, row: ParsedRow, units: Units) -> ParsedRow:
    """The row with the branch of its section, where the list is of several branches and the row names none itself."""
    if not section or units.default is not None or row.values.get("unit"):
        return row
    if plain(row.values.get("full_name", "")) == plain(section):  # the heading itself
        return ParsedRow({}, (), "note")
    return ParsedRow(row.values | {"unit": section}, row.problems, row.kind)
