"""Where the header of a list stands, and which column holds what."""

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from branches.vietnamese import nfc, plain

from .columns import settled
from .header_words import CONTAINED, FIELDS, PLACE_PARTS, WEAK, WORDS
from .texts import Aside, text_of

__all__ = ["FIELDS", "Column", "Header", "cells_of", "find_header", "header_at"]

LOOKED_THROUGH = 40  # rows from the top in which a header is looked for
LONGEST_TITLE = 120
NAMES = {"full_name", "family_names", "given_name"}
IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
NUMBERED = re.compile(r"^(?:\(?\d{1,2}[.)]\s+|[ivx]+\.\s+)", re.IGNORECASE)
NOT_A_WORD = re.compile(r"[^a-z0-9]+")
MARKED_TITLE = re.compile(
    r"(?:gioi tinh |phai |gioi |gt )?(?:la )?(nam|nu|nu gioi|nam gioi)(?: (?:cot )?(?:danh dau )?(?:x|1)?)?"
)
ORDINALS = re.compile(r"[(\[]?(?:\d{1,2}|[A-H])[)\]]?(?:\s*=.*)?")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: place from 0, title as printed, its search form, the field it holds ("" is not taken), and if sure."""

    index: int
    title: str
    key: str
    field: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Header:
    """The header's spreadsheet rows (from 1), its columns, and the first row of data."""

    rows: tuple[int, ...]
    columns: tuple[Column, ...]
    first_row: int


def find_header(sheet, remembered: dict[str, str] | None = None) -> Header | None:
    """The header of the sheet, None when no row looks like one. `remembered` (key → field) beats every guess."""
    best, best_worth = None, 0.0
    memory = remembered or {}
    grid = _Grid(sheet)
    for first in range(min(len(sheet.rows), LOOKED_THROUGH)):
        for height in (1, 2, 3):
            rows = range(first, first + height)
            if first + height > len(sheet.rows) or (height > 1 and not grid.belongs(rows, memory)):
                break
            worth = _worth(grid, rows, memory)
            if worth > best_worth:
                best, best_worth = rows, worth
    return None if best is None else header_at(sheet, tuple(row + 1 for row in best), remembered)


def header_at(sheet, rows: tuple[int, ...], remembered: dict[str, str] | None = None) -> Header:
    """The header when somebody says in which rows (from 1) it stands."""
    memory = remembered or {}
    places = [row - 1 for row in sorted(set(rows)) if 0 < row <= len(sheet.rows)]
    first = (places[-1] + 1) if places else 0
    if first < len(sheet.rows) and _numbers_columns(sheet.rows[first]):
        first += 1
    grid = _Grid(sheet)
    data = sheet.rows[first:]
    titles = list(grid.titles(places))
    columns = []
    for index, (parts, key) in enumerate(zip(titles, _keys(titles), strict=True)):
        if parts or any(index < len(row) and row[index] not in (None, "") for row in data):
            kept = memory.get(key) if key else None
            known = (kept, True) if kept is not None and (not kept or kept in FIELDS) else meaning(parts)
            sure = known[0] is not None and known[1]
            columns.append(Column(index, " / ".join(parts)[:200], key, known[0] or "", sure))
    fixed = {column.index for column in columns if column.key and column.key in memory}
    return Header(tuple(place + 1 for place in places), settled(columns, data, fixed, replace), first + 1)


@lru_cache(maxsize=4096)
def search_form(text: str) -> str:
    """Small letters without marks, words apart by one space."""
    return NOT_A_WORD.sub(" ", plain(text)).strip()


def key_of(parts: tuple[str, ...]) -> str:
    """The search form of a whole title, for remembering."""
    return search_form(" ".join(parts))[:LONGEST_TITLE]


def _keys(titles: list[tuple[str, ...]]) -> list[str]:
    """The keys of all columns; one title over several columns is numbered, so that each is remembered by itself."""
    keys = [key_of(parts) for parts in titles]
    times, seen = Counter(keys), Counter()
    for place, key in enumerate(keys):
        if key and times[key] > 1:
            seen[key] += 1
            keys[place] = f"{key[: LONGEST_TITLE - 4]} {seen[key]}"
    return keys


@lru_cache(maxsize=4096)
def meaning(parts: tuple[str, ...]) -> tuple[str | None, bool]:
    """Which field a title means (None: unknown, "": known and not taken) and whether that is sure."""
    if not parts:
        return None, False
    bare = tuple(filter(None, (NUMBERED.sub("", IN_BRACKETS.sub(" ", part)).strip() for part in parts))) or parts
    if marked := _marked_column(parts):
        return marked, True
    if nfc(parts[-1]).lower() == "đt":  # "DT" is dân tộc
        return "phone", True
    for said in (parts, bare):
        if (field := WORDS.get(search_form(" ".join(said)))) is not None:
            return field, True
    for place in range(1, len(bare)):  # the lower titles without the ones above
        lower = search_form(" ".join(bare[place:]))
        if lower not in WEAK and (field := WORDS.get(lower)) is not None:
            return field, True
    if bare and len(bare) > 1:
        for place in range(len(bare) - 1, 0, -1):
            if field := WORDS.get(search_form(" ".join(bare[:place]))):
                part = search_form(bare[-1])
                return field, part in PLACE_PARTS if field in ("address", "hometown") else part not in WEAK
    whole = search_form(" ".join(bare))
    if len(whole) > LONGEST_TITLE:
        return None, False
    for words, field in CONTAINED:
        if f" {words} " in f" {whole} ":
            return field, False
    return None, False


def _marked_column(parts: tuple[str, ...]) -> str:
    """ "Nữ", "Giới tính / Nữ", "Nữ (x)", "Giới tính (nữ: x)": a column with a mark for one sex."""
    words = search_form(" ".join(parts))
    if found := MARKED_TITLE.fullmatch(words):
        if words in ("gioi tinh nam nu", "nam nu"):
            return ""
        if nfc(parts[-1]).lower() == "năm":  # "Năm" and "Nam" are one without marks
            return ""
        return "is_female" if found.group(1).startswith("nu") else "is_male"
    return ""


def _numbers_columns(row: list[object]) -> bool:
    """A row like 1 2 3 … or (1) (2) … or A B 1 2 that only numbers the columns."""
    said = [str(cell).strip() for cell in row if cell is not None and not isinstance(cell, (bool, datetime.date))]
    said = [text[:-2] if text.endswith(".0") else text for text in said]
    if len(said) < 3 or not all(ORDINALS.fullmatch(text) for text in said):
        return False
    numbers = [int(found.group()) for text in said if (found := re.match(r"\d+", text.lstrip("([")))]
    return len(numbers) < 2 or all(0 < after - before <= 2 for before, after in pairwise(numbers))


def _worth(grid: "_Grid", rows: range, memory: dict[str, str]) -> float:
    """How much rows look like a header; nothing at all without a name column or three known ones."""
    found, worth = set(), -0.6 * (len(rows) - 1)
    before = None
    for parts in grid.titles(list(rows)):
        if not parts or parts == before:  # nothing, or one title over several columns
            continue
        before = parts
        field, sure = (memory[key_of(parts)], True) if key_of(parts) in memory else meaning(parts)
        if field is None:
            worth -= 0.3
        elif field and field not in found:
            found.add(field)
            worth += 3 if sure else 1
        elif field in ("", "address", "hometown", "full_name", "education"):
            worth += 1.5 if sure else 0.2
    named = bool(found & NAMES)
    if not (named and (len(found) > 1 or worth > 2.5)) and len(found) < 3:
        return 0
    return worth + (5 if named else 0)


class _Grid:
    """The titles of a sheet with merged cells filled."""

    def __init__(self, sheet):
        self.rows = sheet.rows
        self.width = max(map(len, sheet.rows), default=0)
        self.wide: dict[tuple[int, int], tuple[int, int]] = {}  # covered cell → (row, column) it is merged into
        self.spans: dict[tuple[int, int], int] = {}
        for first, left, last, right in sheet.merged:
            if first < LOOKED_THROUGH + 3 and right - left < 200:
                self.spans[first, left] = right - left + 1
                for column in range(left, min(right + 1, self.width)):
                    for row in range(first, min(last, first + 5) + 1):
                        self.wide[row, column] = (first, left)

    def text(self, row: int, column: int) -> str:
        """What the cell itself says, only texts."""
        cells = self.rows[row]
        raw = cells[column] if column < len(cells) else None
        return nfc(raw)[:200] if isinstance(raw, str) else ""

    def above(self, row: int, column: int) -> str:
        """What stands in the cell, or in the cell it is merged into sideways."""
        if own := self.text(row, column):
            return own
        origin = self.wide.get((row, column))
        return self.text(*origin) if origin and origin[0] == row else ""

    def titles(self, rows: list[int]) -> Iterator[tuple[str, ...]]:
        """For each column the texts of its title from the top down."""
        filled = [[self.above(row, column) for column in range(self.width)] for row in rows]
        for upper, lower, row in zip(filled, filled[1:], rows, strict=False):
            for column in range(1, self.width):
                # A group without a merged cell: "Ngày sinh", "" over "Nam", "Nữ".
                inherits = not upper[column] and lower[column] and lower[column - 1] and upper[column - 1]
                if inherits and (row, column) not in self.wide and self._groups(upper[column - 1], lower[column]):
                    upper[column] = upper[column - 1]
        for column in range(self.width):
            parts = [texts[column] for texts in filled if texts[column]]
            yield tuple(part for place, part in enumerate(parts) if place == 0 or part != parts[place - 1])

    @staticmethod
    def _groups(upper: str, lower: str) -> bool:
        """Whether the lower title makes sense below the upper one, or only there."""
        return search_form(lower) in WEAK or search_form(f"{upper} {lower}") in WORDS

    def belongs(self, rows: range, memory: dict[str, str]) -> bool:
        """Whether the last of the rows is a second row of a header that begins above it, and not data."""
        upper, lower = rows[-2], rows[-1]
        titles = list(self.titles(list(rows)))
        said = [column for column in range(self.width) if self.text(lower, column)]
        if not said or any(raw not in (None, "") and not isinstance(raw, str) for raw in self.rows[lower]):
            return False  # nothing there, or numbers and dates: data
        if self.width > 3 and sum(bool(self.text(upper, column)) for column in range(self.width)) == 1:
            return False  # a line of title above the table
        known = 0
        for column in said:
            parts = titles[column]
            whole = search_form(" ".join(parts)) in WORDS or key_of(parts) in memory
            over = self.above(upper, column)
            merged = (upper, column) in self.wide and self.spans.get(self.wide[upper, column], 1) > 1
            starts = over and column + 1 < self.width and not self.above(upper, column + 1) and (column + 1) in said
            if re.search(r"\d{3}", self.text(lower, column)) or not (whole or not over or merged or starts):
                return False
            own = search_form(self.text(lower, column))
            known += whole or own in WORDS or own in WEAK or meaning(parts)[0] is not None
        return known * 2 > len(said)


TOTAL_BESIDE = re.compile(r"(?:tổng|cộng|tong (?:so|cong)|cong[: ]|danh sách (?:này )?(?:có|gồm))", re.IGNORECASE)
JOINED = {"address", "hometown", "job", "education", "discipline", "phone", "email", "politics"}
ORDER_KEYS = {"stt", "tt", "so tt", "so thu tu", "s tt", "no"}


_planned: tuple = (None, (), -1)  # the header asked for last: hashing it for each row would cost more than the row


def _plan(header: Header) -> tuple:
    """The header, (place, field) of the columns taken, and the place of the running number (-1 without one)."""
    global _planned
    planned = _planned
    if planned[0] is not header:
        order = next((one.index for one in header.columns if not one.field and one.key in ORDER_KEYS), -1)
        planned = _planned = (header, tuple((one.index, one.field) for one in header.columns if one.field), order)
    return planned


def cells_of(header: Header, row: list[object]) -> dict[str, object]:
    """Field → raw cell of a row; several columns of one field are joined. Empty cells are None."""
    _, taken, order = _plan(header)
    cells: dict[str, object] = {}
    width = len(row)
    for index, field in taken:
        raw = row[index] if index < width else None
        if field not in cells or (held := cells[field]) is None or held == "":
            cells[field] = raw
        elif raw is not None and raw != "":
            if field in JOINED:
                cells[field] = f"{text_of(held)}, {text_of(raw)}"
            elif field in NAMES:
                cells[field] = f"{text_of(held)} {text_of(raw)}"
    if order >= 0:
        number = row[order] if order < width else None
        if number is None or number == "":
            _note_below(cells, len(taken))
        elif type(number) is str and not number.isdigit() and TOTAL_BESIDE.match(number.strip()):
            cells["full_name"] = Aside(number.strip())
    return cells


def _note_below(cells: dict[str, object], taken: int) -> None:
    """A name alone in a row without a running number is who signed the list, not who stands in it."""
    if taken < 3:
        return
    filled = [field for field, raw in cells.items() if raw is not None and raw != ""]
    if len(filled) == 1 and filled[0] in NAMES and isinstance(cells[filled[0]], str):
        cells["full_name"] = Aside(cells[filled[0]])
