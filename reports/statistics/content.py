"""A filled statistics table as plain data: ready texts, and each figure once more as a decimal for the workbook.

Nothing here is looked up again, so that a frozen annex prints the same whatever became of the table or the unit.
"""

import dataclasses
from dataclasses import dataclass

FORMAT = 1
PLAIN_COLUMNS = 4  # more than these beside the name stand on a turned sheet


@dataclass(frozen=True, slots=True)
class StatCell:
    """One cell as printed. `parts` are the two parts of a share; `value` is the exact figure, empty where none is.

    `is_typed`: a person of this unit wrote it. `instead` is the computed figure it stands for, empty for a line that is
    typed; of a cell that is not typed it is what would stand there without the figures that units below wrote.
    """

    text: str
    parts: str = ""
    value: str = ""
    is_typed: bool = False
    instead: str = ""

    @property
    def words(self) -> str:
        """The cell in one line, as Word and Excel have it: "92,9 (13/14)"."""
        return f"{self.text} {self.parts}".strip()


@dataclass(frozen=True, slots=True)
class StatLine:
    """One line. `item` is the key of the line it was filled from, for the links of the page only."""

    item: int
    number: str
    name: str
    unit: str
    depth: int
    is_heading: bool
    is_bold: bool
    cells: tuple[StatCell, ...] = ()


@dataclass(frozen=True, slots=True)
class StatContent:
    """A table of one unit over one period. `as_of` is a day as YYYY-MM-DD; `columns` head the cells of every line."""

    table: int
    number: str
    title: str
    edition: int
    unit_name: str
    period_name: str
    as_of: str
    columns: tuple[str, ...]
    lines: tuple[StatLine, ...]
    notes: tuple[str, ...] = ()
    source: str = ""
    by_unit: bool = False

    @property
    def heading(self) -> str:
        return f"Biểu {self.number}. {self.title}"

    @property
    def is_wide(self) -> bool:
        """Whether it needs a turned sheet."""
        return self.by_unit or len(self.columns) > PLAIN_COLUMNS

    @property
    def rows(self) -> tuple[tuple[StatLine, tuple[tuple[str, StatCell], ...]], ...]:
        """Each line with its cells under the heads of their columns; none for the heading of a group."""
        return tuple((line, tuple(zip(self.columns, line.cells, strict=False))) for line in self.lines)

    def to_json(self) -> dict:
        """As dicts, lists, text, whole numbers, true and false; `from_json` is its inverse."""
        return {"format": FORMAT, **_plain(dataclasses.asdict(self))}

    @classmethod
    def from_json(cls, data: dict) -> "StatContent":
        said = {field.name: data[field.name] for field in dataclasses.fields(cls) if field.name in data}
        lines = tuple(
            StatLine(**{**line, "cells": tuple(StatCell(**cell) for cell in line["cells"])}) for line in data["lines"]
        )
        return cls(**{**said, "columns": tuple(data["columns"]), "notes": tuple(data["notes"]), "lines": lines})


def _plain(value):
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
