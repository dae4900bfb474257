"""Reads what a person reads: the cells of a table on a page, in a paper's HTML and in a workbook, as plain text."""

import io
import re
from html.parser import HTMLParser

import openpyxl

# Drawings say the same figures again for people who do not see them, and a phone repeats the unit.
SILENT = ("svg", "small")
SILENT_CLASSES = {"only-phone"}
VOID = ("br", "col", "img", "input", "hr", "meta", "link", "rect", "line", "path", "use", "wbr")


class _Tables(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.cell: list[str] | None = None
        self.muted: list[str] = []

    def handle_starttag(self, tag, attrs):
        classes = set((dict(attrs).get("class") or "").split())
        if (self.muted or tag in SILENT or classes & SILENT_CLASSES) and tag not in VOID:
            self.muted.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self.cell = []
        elif tag == "br" and self.cell is not None:
            self.cell.append(" ")

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.cell is not None:
            self.tables[-1][-1].append(" ".join("".join(self.cell).split()))
            self.cell = None
        if self.muted and self.muted[-1] == tag:
            self.muted.pop()

    def handle_data(self, data):
        if self.cell is not None and not self.muted:
            self.cell.append(data)


def tables_of(html: str) -> list[list[list[str]]]:
    """Every table of a page or paper: rows of cells; a cell with `only-phone` on itself is read as empty."""
    reader = _Tables()
    reader.feed(html)
    return reader.tables


def row_with(tables: list[list[list[str]]], name: str) -> list[str]:
    """The one row in which a cell is this name ("Trong đó: …" included)."""
    found = [row for table in tables for row in table if any(_named(cell, name) for cell in row)]
    assert len(found) == 1, (name, found)
    return found[0]


def _named(cell, name: str) -> bool:
    return isinstance(cell, str) and cell.removeprefix("Trong đó: ").casefold() == name.casefold()


def sheet_of(content: bytes) -> list[list]:
    """The first sheet of a workbook: rows of values, texts with plain spaces."""
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    return [
        [" ".join(cell.split()) if isinstance(cell, str) else cell for cell in row]
        for row in sheet.iter_rows(values_only=True)
    ]


MARKED = re.compile(r'<span data-field="\w+">(.*?)</span>', re.DOTALL)


def unmarked(page: str) -> str:
    """The page of a paper without the marks from which its Word templates are filled."""
    return re.sub(r' data-(?:field|list)="\w+"', "", MARKED.sub(r"\1", page))
