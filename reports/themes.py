"""A report about a theme: of all that was done only what speaks of it.

What counts as speaking of it, and no more: one of the phrases of the theme (commas part them) stands in the title or
the note of an activity, in the name of an indicator, or in the name of its work area; and an indicator that such an
activity has a figure for. Case and marks do not matter. The figures stay those of the whole period.
"""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from branches.vietnamese import plain, words_of

if TYPE_CHECKING:  # material.py calls this
    from collections.abc import Iterable

    from .judging import Progress
    from .material import Material


def about(material: "Material", theme: str) -> "Material":
    """The material of a report about this theme; the same material where there is none. No query."""
    phrases = phrases_of(theme)
    if not phrases:
        return material

    def speaks(*texts: str) -> bool:
        return any(f" {phrase} " in f" {_words(text)} " for phrase in phrases for text in texts)

    highlights = tuple(
        one for one in material.highlights if speaks(one.activity.title, one.activity.note, one.activity.area.name)
    )
    named = {code for one in highlights for code in one.codes}
    told = {
        row.indicator.code
        for row in material.table.rows
        if row.indicator.code in named or speaks(row.indicator.name, row.indicator.action, row.indicator.area.name)
    }
    rows = _with_wholes(material.table.rows, told)
    return replace(material, theme=theme, table=replace(material.table, rows=rows), highlights=highlights)


def _with_wholes(rows: "Iterable[Progress]", told: set[str]) -> "tuple[Progress, ...]":
    """The rows of these codes, and of each that is a part the whole before it: without it the part says nothing."""
    wholes = {
        row.target.parent_id for row in rows if row.depth and row.target is not None and row.indicator.code in told
    }
    return tuple(
        row for row in rows if row.indicator.code in told or (row.target is not None and row.target.pk in wholes)
    )


def phrases_of(theme: str) -> list[str]:
    """ "Tháng Thanh niên, hiến máu" → ["thang thanh nien", "hien mau"]."""
    return [words for part in re.split(r"[,;]", theme) if (words := _words(part))]


def _words(text: str) -> str:
    return " ".join(words_of(plain(text)))
