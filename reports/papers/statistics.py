"""Statistics tables on paper, from the filled tables (reports/statistics); Word and Excel: statistics_files.py."""

import dataclasses
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string

from branches.formats import small
from reports.statistics.content import StatContent

from .layout import Layout, layout_on

UNITS_A_SHEET = 8  # columns of units on one turned sheet; the others follow under the same number


def statistics_html(contents: Sequence[StatContent], *, on: datetime.date) -> tuple[str, Layout]:
    """The tables as an annex of their own, each on a new sheet, with the layout of the day `on`."""
    layout = layout_on(on)
    first = contents[0]
    title = f"Biểu số liệu {small(first.period_name)}"
    context = {"title": title, "unit_name": first.unit_name, "tables": annex_tables(contents)}
    return render_to_string("papers/statistics.html", context), layout


@dataclass(frozen=True, slots=True)
class AnnexTable:
    """One sheet of an annex: a table, or a part of one that has more units than a sheet is wide."""

    content: StatContent
    until: datetime.date
    part: str = ""

    @property
    def colspan(self) -> int:
        """Over how many columns the name of a group goes."""
        return 2 + len(self.content.columns)


def annex_tables(contents: Iterable[StatContent]) -> list[AnnexTable]:
    """What `papers/_stat_table.html` prints, one sheet each; a report prints the annex it froze by the same."""
    found = []
    for content in contents:
        until = datetime.date.fromisoformat(content.as_of)
        parts = _parts(content)
        for place, part in enumerate(parts, start=1):
            found.append(AnnexTable(part, until, f"phần {place}/{len(parts)}" if len(parts) > 1 else ""))
    return found


def _parts(content: StatContent) -> list[StatContent]:
    """A table by unit cut into sheets; the sum stands first on each, the notes under the last."""
    if not content.by_unit or len(content.columns) <= UNITS_A_SHEET + 1:
        return [content]
    starts = range(1, len(content.columns), UNITS_A_SHEET)
    return [
        dataclasses.replace(
            content,
            columns=_cut(content.columns, start),
            lines=tuple(dataclasses.replace(line, cells=_cut(line.cells, start)) for line in content.lines),
            notes=content.notes if start == starts[-1] else (),
        )
        for start in starts
    ]


def _cut(cells: tuple, start: int) -> tuple:
    return (*cells[:1], *cells[start : start + UNITS_A_SHEET])
