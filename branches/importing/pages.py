"""Web pages and Excel 2003 XML sent under the name of a workbook: their tables as rows of texts."""

import re
from html.parser import HTMLParser

from .plain_text import MOST_LINES, TooMuch, decoded

START = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*>\s*)*(?:<!--.*?-->\s*)*"
    rb"<(?:!doctype html|html|head|meta|body|table|div|style|(?:\w+:)?workbook)\b",
    re.I | re.S,
)
MOST_CELLS = 300_000
ROWS, CELLS = {"tr", "row", "ss:row"}, {"td", "th", "cell", "ss:cell"}
TABLES = {"table", "ss:table"}


def looks_like_page(content: bytes) -> bool:
    """Whether the file begins like a web page or an Excel 2003 XML file."""
    head = content[:4096]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = decoded(head[: len(head) // 2 * 2]).encode()
    return START.match(head) is not None


def rows_of_page(content: bytes) -> list[tuple[str, list[list[object]], list[tuple[int, int, int, int]]]]:
    """Each table that holds anything: name ("" for a page), rows, merged areas. Raises TooMuch."""
    text = decoded(content)
    if text is None:
        return []
    reader = _Tables()
    reader.feed(text)
    reader.close()
    return [(table.name, table.rows, table.merged) for table in reader.tables if any(map(any, table.rows))]


class _Table:
    def __init__(self, name: str):
        self.name, self.rows, self.merged = name, [], []
        self.covered: set[tuple[int, int]] = set()

    def put(self, text: str, *, at: int, across: int, down: int) -> None:
        """Write into the first free cell of the last row (or column `at`), leaving merged neighbours empty."""
        row = len(self.rows) - 1
        cells = self.rows[row]
        while len(cells) < at:
            cells.append(None)
        while (row, len(cells)) in self.covered:
            cells.append(None)
        column = len(cells)
        cells.extend([text or None, *[None] * (across - 1)])
        if across > 1 or down > 1:
            self.merged.append((row, column, row + down - 1, column + across - 1))
            self.covered.update((row + lower, column + right) for lower in range(1, down) for right in range(across))
        if len(self.covered) > MOST_CELLS or len(cells) > 20_000:
            raise TooMuch("too_big_inside")


class _Tables(HTMLParser):
    """Collects the tables of a page; a table inside a table is one of its own."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self.open: list[_Table] = []
        self.cell: dict | None = None
        self.name = ""
        self.silent = 0
        self.lines = 0

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag in ("style", "script", "title"):
            self.silent += 1
        elif tag.endswith("worksheet"):
            self.name = (said.get("ss:name") or "")[:31]
        elif tag in TABLES:
            self._finish()
            self.open.append(_Table(self.name))
            self.tables.append(self.open[-1])
        elif tag in ROWS and self.open:
            self._finish()
            self.lines += 1
            if self.lines > MOST_LINES:
                raise TooMuch("too_many_rows")
            skipped = _number(said.get("ss:index")) - 1 - len(self.open[-1].rows)
            self.open[-1].rows.extend([] for _ in range(min(max(skipped, 0), 1_000)))
            self.open[-1].rows.append([])
        elif tag in CELLS and self.open and self.open[-1].rows:
            self._finish()
            # Excel's XML counts the further cells, HTML all of them.
            extra_across, extra_down = _number(said.get("ss:mergeacross")), _number(said.get("ss:mergedown"))
            self.cell = {
                "text": [],
                "at": max(_number(said.get("ss:index")) - 1, 0),
                "across": min(max(_number(said.get("colspan")), 1) + extra_across, 200),
                "down": min(max(_number(said.get("rowspan")), 1) + extra_down, 2000),
            }
        elif tag in ("br", "p", "div") and self.cell:
            self.cell["text"].append("\n")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in ("style", "script", "title"):
            self.silent = max(self.silent - 1, 0)
        elif tag in CELLS:
            self._finish()
        elif tag in TABLES and self.open:
            self._finish()
            self.open.pop()

    def handle_data(self, data):
        if self.cell and not self.silent:
            self.cell["text"].append(data)

    def close(self):
        super().close()
        self._finish()

    def _finish(self):
        if self.cell and self.open and self.open[-1].rows:
            text = " ".join("".join(self.cell.pop("text")).split())
            # Excel's XML writes a day as a moment.
            text = re.sub(r"^(\d{4}-\d\d-\d\d)T00:00:00(?:\.000)?$", r"\1", text)
            self.open[-1].put(text, **self.cell)
        self.cell = None


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0
