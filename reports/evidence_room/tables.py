"""What a section is made of. Texts are ready; amounts and days stay what they are, for Excel."""

import datetime
from dataclasses import dataclass

from branches.formats import counted

SHORT = 16  # letters

Cell = str | int | datetime.date | None


@dataclass(frozen=True, slots=True)
class Column:
    """`width` is that of the Excel column, in letters; figures stand at the right.

    On a page the column that `is_name` heads its row, and one that `is_chapter` stands above the rows it is equal in.
    """

    title: str
    width: int
    is_figure: bool = False
    is_name: bool = False
    is_chapter: bool = False

    @property
    def is_short(self) -> bool:
        """A phone puts short cells beside each other."""
        return self.width <= SHORT


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of the room, or a paper that is laid out when it is asked for. `size` in bytes, 0 before that.

    `day` is that of what it shows, not of the file.
    """

    kind: str
    pk: int
    name: str
    size: int = 0
    day: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    papers: tuple[Paper, ...] = ()
    links: tuple[str, ...] = ()  # addresses on the web that the unit gave as proof


@dataclass(frozen=True, slots=True)
class Part:
    """One table; `what` a row of it is. `nothing` is said where there are no rows, so that a gap is a statement."""

    title: str
    what: str
    columns: tuple[Column, ...]
    rows: list[Row]
    nothing: str
    note: str = ""
    things: int | None = None  # where one of them may fill several rows

    @property
    def counted(self) -> str:
        """How many there are, in words: "12 cuộc họp", "chưa có cuộc họp"."""
        things = len(self.rows) if self.things is None else self.things
        return counted(things, self.what) if things else f"chưa có {self.what}"

    @property
    def papers(self) -> list[Paper]:
        return [paper for row in self.rows for paper in row.papers]

    @property
    def has_papers(self) -> bool:
        return any(row.papers or row.links for row in self.rows)


# Kinds of papers, as they stand in addresses.
EVIDENCE, MINUTES, REPORT, ANSWER = "minh-chung", "bien-ban", "bao-cao", "tra-loi"
DAY = Column("Ngày", 12)
