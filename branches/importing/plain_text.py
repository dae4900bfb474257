"""Lists saved as text: which letters, which separator, then rows of texts."""

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from .legacy import UnknownText, encoding_of, repaired
from .syllables import is_syllable

MOST_LINES = 40_000  # filled or not; lists stop long before
MOST_CELLS = 2_000  # in one line
BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
AS_TEXT = re.compile(r'="([^"]*)"')  # ="0912345678": how exports keep a zero
_LETTERS = re.compile(r"[^\W\d_]+")


class TooMuch(Exception):
    """The file holds more than a list can; the argument is the code of the answer."""


def rows_of_text(content: bytes) -> list[list[object]] | None:
    """The rows of a text file, None when it is no text. Raises TooMuch."""
    text = decoded(content)
    if text is None or BINARY.search(text):
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter = ""
    first, _, rest = text.partition("\n")
    if said := re.fullmatch(r"sep=(.)", first.strip()):
        delimiter, text = said.group(1), rest
    delimiter = delimiter or _delimiter(text)
    if text.rstrip().count("\n") > MOST_LINES:
        raise TooMuch("too_many_rows")
    try:
        return [_cells(row) for row in csv.reader(io.StringIO(text.rstrip(), newline=""), delimiter=delimiter)]
    except csv.Error:  # a quotation mark that never ends: take the lines as they stand
        return [_cells(cell.strip('"') for cell in line.split(delimiter)) for line in text.rstrip().split("\n")]


def decoded(content: bytes) -> str | None:
    """The text in the encoding it was saved in, composed (NFC); None when no encoding fits."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            return unicodedata.normalize("NFC", content[len(mark) :].decode(encoding, "replace"))
    if b"\x00" in content:
        return None
    try:
        return unicodedata.normalize("NFC", content.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    # One byte for each letter: Windows-1258, or an old font's letters under Western names.
    windows = unicodedata.normalize("NFC", content.decode("cp1258", "replace"))
    western = content.decode("latin-1")
    sample = western[:40_000].splitlines()
    kind = encoding_of(sample) or encoding_of(cell for line in sample for cell in re.split("[,;\t]", line))
    if kind and _spelt(" ".join(_readable(sample, kind))) > _spelt(windows[:40_000]):
        return western
    return windows


def _readable(lines: Iterable[str], kind: str) -> Iterator[str]:
    """The lines in Unicode. One in which letters were lost ("Nguy?n") says nothing of how the file was written."""
    for line in lines:
        try:
            yield repaired(line, kind)[0]
        except UnknownText:
            continue


def _spelt(text: str) -> int:
    """Words with marks spelt as Vietnamese, less those that are not."""
    marked = [word for word in _LETTERS.findall(text) if not word.isascii()]
    return sum(1 if is_syllable(word) else -1 for word in marked)


def _delimiter(text: str) -> str:
    """The separator that makes most lines equally wide."""
    lines = "\n".join(text[:100_000].split("\n", 60)[:60])

    def evenness(delimiter: str) -> int:
        try:
            widths = Counter(
                len(row) for row in csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter) if len(row) > 1
            )
        except csv.Error:
            return lines.count(delimiter)
        return max((count * (width - 1) for width, count in widths.items()), default=0)

    return max(";,\t|", key=evenness)


def _cells(row: Iterable[str]) -> list[str | None]:
    cells = [_cell(text) for text in row]
    if len(cells) > MOST_CELLS:
        raise TooMuch("too_many_columns")
    return cells


def _cell(text: str) -> str | None:
    text = text.strip()
    if kept := AS_TEXT.fullmatch(text):
        text = kept.group(1)
    return text or None
