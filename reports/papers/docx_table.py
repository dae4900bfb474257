"""A table of a paper's HTML as a table of Word: spans, repeated head, rows that never split, widths in mm.

Rows are written as Word stores them: a cell of python-docx asked for by its place walks the whole table.
"""

import re

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from .docx import CELL_ROOM, HEAD_ROOM, HEAD_SHADE
from .html_pieces import Font, classes, lines_of

GROUP_SHADE = "F4F4F4"
WIDTH = re.compile(r"width:\s*([0-9.]+)mm")
ONE_ROOM = {"top": 24, "left": 30, "bottom": 24, "right": 30}  # on one sheet rows stand closer
SUB_INDENT_MM = 5
NUMS_PT = 10
# Narrow columns of the one-sheet papers and of turned sheets, as in paper.css: (class, size, line).
TABLE_PT = (("units", 10, 11.5), ("plan", 10.5, 12), ("tasks", 10.5, 12))
TURNED_PT = (("smallest", 8, 9.5), ("smaller", 9, 10.5), ("grid", 11, 13))
LONG_STEP_PT, SUM_STEP_PT = -1.5, -2
SMALL_PT = 10  # below it nothing is made smaller still
FEW_ROWS = 6


class GridTable:
    """One table.grid on its way into `paper`, a PageInWord."""

    def __init__(self, paper, table, *, is_one: bool, is_turned: bool, keeps_last: bool):
        self.paper, self.table, self.keeps_last = paper, table, keeps_last
        self.kinds = classes(table)
        self.room, self.head_room = (ONE_ROOM, ONE_ROOM) if is_one else (CELL_ROOM, HEAD_ROOM)
        self.size, self.lead = paper.layout.table_pt, paper.layout.table_lead_pt
        if is_turned:
            self.size, self.lead = next(row[1:] for row in TURNED_PT if row[0] in self.kinds)
        elif is_one:
            found = (row[1:] for row in TABLE_PT if row[0] in self.kinds)
            self.size, self.lead = next(found, (self.size, self.lead))
        self.long_step = 0 if self.size < SMALL_PT else LONG_STEP_PT
        self.heads = [row for head in table.iter("thead") for row in head.iter("tr")]
        self.rows = [row for body in table.iter("tbody") for row in body.iter("tr")]
        self.widths = self._widths()

    def build(self) -> None:
        made = self.paper._grid(0, self.widths)
        for row in self._placed(self.heads):
            made._tbl.append(self._row(*row, made, is_head=True, keeps=True))
        for number, row in enumerate(self._placed(self.rows)):
            made._tbl.append(self._row(*row, made, is_head=False, keeps=self._keeps(number)))

    def _widths(self) -> list[float]:
        """In mm; columns without a width share what is left."""
        columns = self.table.xpath("./colgroup/col")
        said = [self._width(column) for column in columns]
        if not said:
            widest = max(sum(int(cell.get("colspan", 1)) for cell in row) for row in [*self.heads, *self.rows])
            said = [0] * widest
        room = self.paper.text_width_mm
        free = sum(not width for width in said)
        left = max(int(room - sum(said)), 12 * free)
        return [width or left // free for width in said]

    @staticmethod
    def _width(column) -> float:
        if found := WIDTH.search(column.get("style") or ""):
            return float(found[1])
        named = next((kind[1:] for kind in classes(column) if kind[:1] == "w" and kind[1:].isdigit()), "0")
        return int(named)

    def _keeps(self, number: int) -> bool:
        """Whether the row stays with the next one: groups, both ends of a long table, all of a short one."""
        last = len(self.rows) - 1
        if number == last:
            return self.keeps_last
        kinds = classes(self.rows[number])
        is_short = len(self.rows) <= FEW_ROWS or "whole" in self.kinds
        return is_short or number in (0, last - 1) or "group" in kinds or "keep" in kinds

    def _placed(self, rows):
        """Each row with its cells: (element or None for one hidden under a cell above, columns it takes, its mark)."""
        under: dict[int, list[int]] = {}  # column → [rows still covered, columns of the cell above]
        for row in rows:
            cells, column = [], 0
            waiting = [cell for cell in row if cell.tag in ("td", "th")]
            while waiting or column in under:
                if column in under:
                    covered, span = under[column]
                    cells.append((None, span, "continue"))
                    if covered == 1:
                        del under[column]
                    else:
                        under[column][0] = covered - 1
                    column += span
                    continue
                cell = waiting.pop(0)
                span, deep = int(cell.get("colspan", 1)), int(cell.get("rowspan", 1))
                if deep > 1:
                    under[column] = [deep - 1, span]
                cells.append((cell, span, "restart" if deep > 1 else ""))
                column += span
            yield row, cells

    def _row(self, row, cells, made, *, is_head: bool, keeps: bool):
        line = OxmlElement("w:tr")
        properties = OxmlElement("w:trPr")
        properties.append(self._flag("w:cantSplit"))
        if is_head:
            properties.append(self._flag("w:tblHeader"))
        line.append(properties)
        column = 0
        for cell, span, mark in cells:
            wide = sum(self.widths[column : column + span])
            line.append(self._cell(row, cell, span, mark, wide, made, is_head=is_head, keeps=keeps))
            column += span
        return line

    def _cell(self, row, cell, span, mark, wide, made, *, is_head: bool, keeps: bool):
        kinds, of_row = classes(cell) if cell is not None else [], classes(row)
        is_count = "nums" in of_row
        around = OxmlElement("w:tc")
        properties = OxmlElement("w:tcPr")
        properties.append(self._valued("w:tcW", w=str(Mm(wide).twips), type="dxa"))
        if span > 1:
            properties.append(self._valued("w:gridSpan", val=str(span)))
        if mark:
            properties.append(self._valued("w:vMerge", val=mark))
        if shade := HEAD_SHADE if is_head and not is_count else GROUP_SHADE if "group" in of_row else "":
            properties.append(self._valued("w:shd", val="clear", color="auto", fill=shade))
        properties.append(self.paper._room("w:tcMar", self.head_room if is_head else self.room))
        properties.append(self._valued("w:vAlign", val="center"))
        around.append(properties)
        bold = (is_head and not is_count) or "group" in of_row or "late" in kinds
        font = Font(bold=bold, italic=is_count or "sub" in kinds)
        size = NUMS_PT if is_count else self.size
        size += self.long_step if "long" in kinds else SUM_STEP_PT if "sum" in kinds else 0
        lines = lines_of(cell, font) if cell is not None else []
        inner = Paragraph(OxmlElement("w:p"), made)
        around.append(inner._p)
        for number, said in enumerate(lines):
            if number:
                inner.add_run().add_break()
            self.paper._runs(inner, said, size)
        self.paper._set(inner, self._align(kinds, of_row, span, is_head=is_head), lead=self.lead)
        if "sub" in kinds:
            inner.paragraph_format.left_indent = Mm(SUB_INDENT_MM)
        inner.paragraph_format.keep_with_next = keeps
        return around

    def _align(self, kinds, of_row, span, *, is_head: bool) -> str:
        if is_head or "c" in kinds or ("r" in kinds and "mixed" in self.kinds):
            return "c"
        return "r" if "r" in kinds else ""

    @staticmethod
    def _flag(tag: str):
        return GridTable._valued(tag, val="true")

    @staticmethod
    def _valued(tag: str, **values: str):
        made = OxmlElement(tag)
        for name, value in values.items():
            made.set(qn(f"w:{name}"), value)
        return made

    @staticmethod
    def height(row, high_mm: float) -> None:
        """A row of exactly this height: the room in which people sign."""
        properties = row.get_or_add_trPr()
        properties.append(GridTable._valued("w:trHeight", val=str(Mm(high_mm).twips), hRule="exact"))
