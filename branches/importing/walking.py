"""The rows of a list from cells to plans: the one way by which pages and the command read them."""

import datetime
import itertools
from collections.abc import Iterable, Iterator, Mapping

from branches.models import Unit

from .cells import ParsedRow, parse_row
from .headers import Header, cells_of
from .known import Known, Units
from .planning import Planned, plan_row
from .reading import Sheet
from .sections import data_rows, under, with_sections


def rows_of(
    sheet: Sheet, header: Header, units: Units, *, today: datetime.date, skip: int = 0, most: int | None = None
) -> Iterator[tuple[int, dict, ParsedRow]]:
    """(number, field → cell, what it says) of each row under the header, empty ones too.

    The first `skip` rows are only looked through for headings, of the others at most `most` are read.
    """
    rows = with_sections(data_rows(sheet, header), header.first_row, units)
    for number, row, section in itertools.islice(rows, skip, None if most is None else skip + most):
        cells = cells_of(header, row)
        yield number, cells, under(section, parse_row(cells, today=today), units)


def plans_of(
    rows: list[tuple[int, int, ParsedRow]], *, units: Units, of_sheets: Mapping[int, Unit | None],
    starts_on: datetime.date,
) -> Iterable[Planned]:  # fmt: skip
    """What each of these rows (sheet, number, what it says) would do, empty ones left out."""
    known = Known.about([row.values for *_, row in rows], units)
    for place, number, row in rows:
        if row.kind != "empty":
            yield plan_row(place, number, row, known, unit=of_sheets.get(place), starts_on=starts_on)
