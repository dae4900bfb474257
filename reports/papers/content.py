"""A whole report as plain data: what PDF, Word, Excel, the pages of an edition and the hash are all made from.

Words, numbers as text, and nothing that is looked up again: a `ReportContent` read back from its own JSON prints the
same paper, whatever became of the unit, the catalogue or the activities. Figures of charts are decimals written as
text, lengths of the layout too: canonical JSON has no fractions whose digits depend on the machine.
"""

import dataclasses
import datetime
import functools
import hashlib
import json
import types
import typing
from dataclasses import dataclass

from reports.spans import YEAR_BEFORE
from reports.statistics.content import StatContent

from .layout import Paper
from .tables import Group, Row

FORMAT = 1  # of the JSON; a later one has to go on reading this one


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One target against its plan: `share` 1 is the plan, empty draws no bar; `figure` is the ready text."""

    name: str
    share: str
    figure: str
    standing: str


@dataclass(frozen=True, slots=True)
class ChartGroup:
    """One quarter or year: the two figures as text, empty where nothing is known."""

    name: str
    last: str
    now: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows. "bars": targets against their plans; "columns": two figures for each span.

    `plan` is the level of the dashed line of columns, empty without one; `name` keeps two drawings of a page apart.
    """

    kind: str
    name: str = ""
    bars: tuple[ChartBar, ...] = ()
    groups: tuple[ChartGroup, ...] = ()
    last_name: str = ""
    now_name: str = ""
    unit: str = ""
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the text: "h2", "h3", "p", "item", "lead", "fill", "figure", "table".

    `label` stands bold before a paragraph; of a figure it is what the text before calls it by. `chapter` is the key of
    the chapter whose words these are, empty for what the layout itself says.
    """

    kind: str
    text: str = ""
    label: str = ""
    number: int = 0
    chart: Chart | None = None
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class PlanTable:
    """Plan against result as printed. `year` heads the columns; `years` are those of a term's annex, `sources` where
    the figures of each are from. `before` heads what stood there a year earlier, `note` names the units whose figures
    are not in it; older editions bring neither.
    """

    title: str
    year: int
    groups: tuple[Group, ...] = ()
    years: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()
    note: str = ""
    before: str = YEAR_BEFORE

    @property
    def span(self) -> int:
        """Columns of the annex."""
        return 6 + 2 * len(self.years)

    @property
    def page_span(self) -> int:
        """Columns on the page, where the plan of single years is left out."""
        return 4 + len(self.years)

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for group in self.groups for row in group.rows)


@dataclass(frozen=True, slots=True)
class ChapterText:
    """The words of one chapter, sentence by sentence, under its key and heading."""

    key: str
    title: str
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportContent:
    """The paper: everything around the text, the text, the last lines that stay with the signature, the table.

    `as_of` and `dated_on` are days as YYYY-MM-DD, `dated_on` empty for a draft. `notes` are the lines below the
    abstract. `chapters` has the sentences one by one, for the pages that compare editions; `annexes` are the
    statistics tables that go with it.
    """

    paper: Paper
    unit_name: str
    period_name: str
    as_of: str
    dated_on: str
    body: tuple[Block, ...]
    closing: tuple[Block, ...]
    table: PlanTable
    chapters: tuple[ChapterText, ...] = ()
    notes: tuple[str, ...] = ()
    is_term: bool = False
    annexes: tuple[StatContent, ...] = ()

    def to_json(self) -> dict:
        """As a dict of text, whole numbers, true and false, lists and dicts. `from_json` is its inverse."""
        return {"format": FORMAT, **_plain(self)}

    @classmethod
    def from_json(cls, data: dict) -> "ReportContent":
        return _built(cls, data)

    def sha256(self) -> str:
        """The hash of the canonical form: 64 hex digits."""
        return hash_of(self.to_json())


def canonical(data) -> str:
    """JSON of which there is one for each content: keys sorted, no spaces, no fractions."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def hash_of(data) -> str:
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def as_plain(value) -> dict:
    """A dataclass of a paper as a dict of text, whole numbers, true and false, lists and dicts."""
    return _plain(value)


def from_plain(kind, data: dict):
    """The inverse of `as_plain`: `data` as a value of the dataclass `kind`."""
    return _built(kind, data)


# --- there and back ------------------------------------------------------------------------------------


def _plain(value):
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, float) else value


@functools.cache
def _hints(cls) -> dict:
    return typing.get_type_hints(cls)


def _built(kind, data):
    """`data` as a value of the type that the field declares. A field a later format added takes its default."""
    if dataclasses.is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _built(hint, data[name]) for name, hint in hints.items() if name in data})
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        kinds = [inner[0]] * len(data) if inner[-1] is Ellipsis else inner
        return tuple(_built(one, part) for one, part in zip(kinds, data, strict=True))
    if origin is types.UnionType:
        return None if data is None else _built(inner[0], data)
    if kind is float and isinstance(data, str):
        return float(data)
    if kind is datetime.date:
        return datetime.date.fromisoformat(data)
    return data
