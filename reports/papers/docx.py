"""From the parts of a paper to a Word file that an office goes on editing: same layout values as the PDF.

A small engine: page and fonts from the dated layout, the head block, headings, paragraphs, tables whose head
row repeats, dotted blanks, the signature block, page numbers from page 2. A paper calls the parts in order.
Word's own names of styles are used, so that the headings show in its outline.
"""

import io
import re

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt

from .docx_chart import add_chart
from .layout import PAPER_WIDTH_MM, UNIT_CELL_MM, Layout, Paper
from .proof import QR_MM, Proof
from .word_charts import WordChart

FONT = "Times New Roman"  # an office has it; the PDF embeds a face of the same metrics
SHEET_MM = 297
HEAD_SHADE = "E9E9E9"
ALIGN = {
    "": WD_ALIGN_PARAGRAPH.LEFT,
    "c": WD_ALIGN_PARAGRAPH.CENTER,
    "r": WD_ALIGN_PARAGRAPH.RIGHT,
    "j": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
FIT_PT = {"": 0, "tight": 1, "tighter": 2, "wrapped": 2}
BORDERS = ("top", "left", "bottom", "right", "insideH", "insideV")
# Room inside a cell in twentieths of a point, as in paper.css; Word's own 1,9 mm would break a date in two.
CELL_ROOM = {"top": 40, "left": 60, "bottom": 40, "right": 60}
HEAD_ROOM = CELL_ROOM | {"left": 20, "right": 20}
PROOF_PT, PROOF_LEAD_PT = 8, 10
LANGUAGE = "vi-VN"  # else Word underlines every word in red
# Signs that XML cannot hold; pasted from elsewhere, one of them in a title would leave a meeting without its paper.
UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    return UNPRINTABLE.sub("", text)


class WordPaper:
    """A Word file under way. Call `head()`, then the parts in order, at last `content()`."""

    def __init__(self, paper: Paper):
        self.paper = paper
        self.layout: Layout = paper.layout
        self.document = Document()
        self.document.core_properties.title = printable(paper.title)
        self.document.core_properties.author = printable(paper.author)
        self.document.core_properties.comments = ""
        for name in ("created", "modified"):  # those of the library's own template
            for stamp in self.document.core_properties._element.findall(qn(f"dcterms:{name}")):
                stamp.getparent().remove(stamp)
        self._page()
        self._styles()

    # --- page and styles ---

    def _page(self) -> None:
        top, right, bottom, left = self.layout.margins_mm
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(PAPER_WIDTH_MM), Mm(SHEET_MM)
        section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
        section.left_margin, section.right_margin = Mm(left), Mm(right)
        section.header_distance = section.footer_distance = Mm(10)
        section.different_first_page_header_footer = True  # no number on page 1
        where, _, side = self.layout.page_number.partition("-")
        line = (section.header if where == "top" else section.footer).paragraphs[0]
        line.alignment = {"center": ALIGN["c"], "right": ALIGN["r"], "left": ALIGN[""]}[side]
        run = line.add_run()
        self._font(run, self.layout.body_pt)
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            piece = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                piece.set(qn("w:fldCharType"), kind)
            else:
                piece.text = text
            run._r.append(piece)

    @property
    def text_width_mm(self) -> float:
        return PAPER_WIDTH_MM - self.layout.margins_mm[1] - self.layout.margins_mm[3]

    def _styles(self) -> None:
        for language in self.document.styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), LANGUAGE)
        normal = self.document.styles["Normal"]
        self._named(normal.element.get_or_add_rPr(), FONT)
        normal.font.size = Pt(self.layout.body_pt)
        normal.paragraph_format.space_after = Pt(0)
        for level, name in ((1, "Heading 1"), (2, "Heading 2")):
            style = self.document.styles[name]
            properties = style.element.get_or_add_rPr()
            for child in list(properties):
                properties.remove(child)  # Word's own blue and its theme's face
            self._named(properties, FONT)
            style.font.size, style.font.bold = Pt(self.layout.body_pt), True
            style.paragraph_format.keep_with_next = True
            style.paragraph_format.space_before = Pt(4 if level == 1 else 0)
            style.paragraph_format.space_after = Pt(self.layout.paragraph_gap_pt)

    @staticmethod
    def _named(properties, font: str) -> None:
        fonts = properties.find(qn("w:rFonts"))
        if fonts is None:
            fonts = OxmlElement("w:rFonts")
            properties.insert(0, fonts)
        for name in list(fonts.attrib):
            del fonts.attrib[name]
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), font)

    @staticmethod
    def _font(run, size: float, *, bold: bool = False, italic: bool = False, underlined: bool = False):
        run.font.size, run.bold, run.italic, run.underline = Pt(size), bold, italic, underlined
        return run

    # --- the head of the first page ---

    def head(self) -> None:
        """Both blocks, the kind of paper, the abstract, the addressee."""
        layout = self.layout
        self._head_blocks()
        self._centred(self.paper.kind, layout.type_pt, before=12, lead=21)
        for line in self.paper.abstract:
            self._centred(line, layout.abstract_pt, lead=18)
        self._centred("-----------", layout.body_pt, bold=False, lead=12, after=10)
        if self.paper.addressee:
            self._centred(f"Kính gửi: {self.paper.addressee}", layout.body_pt, bold=False, after=8)

    def _centred(self, text: str, size: float, *, bold: bool = True, before: float = 0, after: float = 0, lead=18):
        made = self.document.add_paragraph()
        self._font(made.add_run(printable(text)), size, bold=bold)
        self._set(made, "c", lead=lead, before=before, after=after)
        return made

    def _head_blocks(self, *, about: str = "") -> None:
        """Who issues on the left, the union and the day on the right; `about` is a letter's abstract."""
        head, layout = self.paper.head, self.layout
        unit_pt = layout.long_unit_pt if head.is_long else layout.unit_pt
        left, right = self._frame([UNIT_CELL_MM, self.text_width_mm - UNIT_CELL_MM])
        lines = [(line, unit_pt, False) for line in head.superior] + [(line, unit_pt, True) for line in head.issuer]
        lines += [("***", unit_pt, False), (head.number, unit_pt, False)]
        lines += [(about, layout.small_pt, False)] if about else []
        for place, (text, size, bold) in enumerate(lines):
            self._line(left, place, text, size, bold=bold, lead=17)
        union = self._line(right, 0, head.header, layout.header_pt, bold=True, lead=17)
        for run in union.runs:
            run.underline = True
        date = self._line(right, 1, head.dateline, layout.body_pt - FIT_PT[head.dateline_fit], italic=True, lead=17)
        date.paragraph_format.space_before = Pt(10)

    # --- running text ---

    def heading(self, text: str, *, level: int = 1) -> None:
        """I. or 1.: in Word's outline, never alone at the end of a page."""
        made = self.document.add_paragraph(style=f"Heading {level}")
        made.add_run(printable(text))
        self._set(made, "j", indent=True, after=self.layout.paragraph_gap_pt, before=4 if level == 1 else 0)
        made.paragraph_format.keep_with_next = True

    def paragraph(
        self, text: str, *, label: str = "", align: str = "j", bold: bool = False, keeps_next: bool = False
    ) -> None:
        """One paragraph; a `label` ("Điều 1.") stands bold before its words."""
        made = self.document.add_paragraph()
        if label:
            self._font(made.add_run(printable(f"{label} ")), self.layout.body_pt, bold=True)
        self._font(made.add_run(printable(text)), self.layout.body_pt, bold=bold)
        self._set(made, align, indent=align == "j", after=self.layout.paragraph_gap_pt)
        made.paragraph_format.keep_with_next = keeps_next

    def fill(self, lines: int = 3) -> None:
        """Dotted lines to fill by hand: a leader to the right margin, so that no width is guessed."""
        for number in range(lines):
            made = self.document.add_paragraph()
            made.paragraph_format.keep_with_next = number < lines - 1  # they leave a page together
            made.add_run("\t")
            made.paragraph_format.tab_stops.add_tab_stop(
                Mm(self.text_width_mm), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
            )
            self._set(made, "")

    def caption(self, text: str, small: str = "") -> None:
        made = self._centred(text, self.layout.body_pt, before=6, after=0 if small else 3, lead=17)
        made.paragraph_format.keep_with_next = True
        if small:
            line = self.document.add_paragraph()
            self._font(line.add_run(printable(small)), self.layout.small_pt, italic=True)
            self._set(line, "c", lead=17, after=3)
            line.paragraph_format.keep_with_next = True

    def chart(self, chart: WordChart) -> None:
        """A chart of Word's own in a paragraph that stays with the next."""
        made = self.document.add_paragraph()
        add_chart(self.document, made.add_run(), chart.cleaned(printable), width_mm=self.text_width_mm)
        self._set(made, "c", before=4)
        made.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        made.paragraph_format.keep_with_next = True

    def figure(self, chart: WordChart, text: str) -> None:
        """The chart with its caption below."""
        self.chart(chart)
        self._centred(text, self.layout.body_pt, bold=False, after=8, lead=17)

    def note(self, text: str) -> None:
        made = self.document.add_paragraph()
        size = self.layout.note_pt
        self._font(made.add_run("Ghi chú:"), size, italic=True)
        self._font(made.add_run(f" {printable(text)}"), size)
        self._set(made, "", lead=size + 2.5, after=8)

    # --- tables ---

    def table(self, columns, rows, *, note: str = "") -> None:
        """`columns` have title, width_mm (0: what is left, shared) and align; the head row repeats on each page.

        The note moves with the last row.
        """
        widths = self._widths(columns)
        table = self._grid(len(rows) + 1, widths)
        for place, column in enumerate(columns):
            cell = table.rows[0].cells[place]
            self._cell(cell, column.title, "c", bold=True, keeps=True)
            shade = OxmlElement("w:shd")
            for name, value in (("val", "clear"), ("color", "auto"), ("fill", HEAD_SHADE)):
                shade.set(qn(f"w:{name}"), value)
            cell._tc.get_or_add_tcPr().append(shade)
            cell._tc.tcPr.append(self._room("w:tcMar", HEAD_ROOM))
            cell._tc.tcPr.append(cell._tc.tcPr.find(qn("w:vAlign")))  # the last of the three
        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(mark)
        last = len(rows)
        short = last <= 6
        for number, row in enumerate(rows, start=1):
            # A short table stays whole; of a long one two rows stay together at either end.
            keeps = bool(note) if number == last else short or number in (1, last - 1)
            for place, (text, column) in enumerate(zip(row, columns, strict=True)):
                self._cell(table.rows[number].cells[place], text, column.align, keeps=keeps)
        for row in table.rows:
            whole = OxmlElement("w:cantSplit")
            whole.set(qn("w:val"), "true")
            row._tr.get_or_add_trPr().append(whole)
        self._gap(4, keeps=bool(note))
        if note:
            self.note(note)

    def _widths(self, columns) -> list[float]:
        fixed = sum(column.width_mm for column in columns)
        free = sum(not column.width_mm for column in columns)
        left = int(self.text_width_mm - fixed)
        return [column.width_mm or left // free for column in columns]

    def _grid(self, rows: int, widths: list[float], *, borders: bool = True):
        table = self.document.add_table(rows=rows, cols=len(widths))
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        properties = table._tbl.tblPr
        frame = OxmlElement("w:tblBorders")
        for side in BORDERS:
            edge = OxmlElement(f"w:{side}")
            edge.set(qn("w:val"), "single" if borders else "nil")
            if borders:
                edge.set(qn("w:sz"), "4")  # eighths of a point
                edge.set(qn("w:color"), "000000")
            frame.append(edge)
        properties.append(frame)
        # Where Word wants them among the properties of a table: width, borders, layout, room in the cells.
        properties.append(properties.find(qn("w:tblLayout")))
        properties.append(self._room("w:tblCellMar", CELL_ROOM if borders else dict.fromkeys(CELL_ROOM, 0)))
        if (look := properties.find(qn("w:tblLook"))) is not None:
            properties.append(look)
        for place, width in enumerate(widths):
            table.columns[place].width = Mm(width)
            for row in table.rows:
                row.cells[place].width = Mm(width)
        return table

    @staticmethod
    def _room(tag: str, twips: dict[str, int]):
        room = OxmlElement(tag)
        for side, width in twips.items():
            inner = OxmlElement(f"w:{side}")
            inner.set(qn("w:w"), str(width))
            inner.set(qn("w:type"), "dxa")
            room.append(inner)
        return room

    def _cell(self, cell, text: str, align: str, *, bold: bool = False, keeps: bool = False) -> None:
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        line = cell.paragraphs[0]
        self._font(line.add_run(printable(text)), self.layout.table_pt, bold=bold)
        self._set(line, align, lead=self.layout.table_lead_pt)
        line.paragraph_format.keep_with_next = keeps

    def _frame(self, widths: list[float]):
        return self._grid(1, widths, borders=False).rows[0].cells

    # --- the end ---

    def signatures(self, signers, proof: Proof | None = None) -> None:
        """Columns of (title lines, how it is signed, name). The name is printed, never a signature."""
        widths = [int(self.text_width_mm) // len(signers)] * len(signers)
        table = self._grid(3, widths, borders=False)
        table.rows[1].height, table.rows[1].height_rule = Mm(self.layout.sign_gap_mm - 6), WD_ROW_HEIGHT_RULE.EXACTLY
        for place, (titles, how, name) in enumerate(signers):
            top, _, bottom = (row.cells[place] for row in table.rows)
            for number, line in enumerate(titles):
                self._line(top, number, line, self.layout.body_pt, bold=True).paragraph_format.keep_with_next = True
            made = self._line(top, len(titles), how, self.layout.sign_how_pt, italic=True)
            made.paragraph_format.keep_with_next = True
            table.rows[1].cells[place].paragraphs[0].paragraph_format.keep_with_next = True
            self._line(bottom, 0, name or "." * 30, self.layout.body_pt, bold=bool(name))
        self._gap(1)  # a file never ends with a table: the line Word adds of its own can cost a sheet
        if proof:
            self.proved(proof)

    def sign_off(self, proof: Proof | None = None) -> None:
        """Recipients on the left, who signs on the right: the end of a report or a decision."""
        signature = self.paper.signature
        left, right = self._frame([UNIT_CELL_MM, self.text_width_mm - UNIT_CELL_MM])
        first = self._line(left, 0, "Nơi nhận:", self.layout.body_pt, align="", underlined=True)
        first.paragraph_format.keep_with_next = True
        last = len(self.paper.recipients) - 1
        for place, name in enumerate(self.paper.recipients):
            end, name = "." if place == last else ";", name.replace(" (để ", " (để\u00a0")  # never cut
            self._line(left, place + 1, f"- {name}{end}", self.layout.small_pt, align="", lead=15)
        if proof:
            self._prove(left, proof)
        for place, text in enumerate((signature.capacity.upper(), signature.post.upper())):
            self._line(right, place, text, self.layout.body_pt, bold=True)
        if not signature.name:
            self._line(right, 2, "(Ký, ghi rõ họ tên)", self.layout.small_pt, italic=True, lead=15)
        name = self._line(right, 3, signature.name or "." * 30, self.layout.body_pt, bold=bool(signature.name))
        name.paragraph_format.space_before = Mm(self.layout.sign_gap_mm)
        self._gap(1)

    def proved(self, proof: Proof) -> None:
        """How to check the sheet, below what is signed."""
        self._prove(self._frame([UNIT_CELL_MM, self.text_width_mm - UNIT_CELL_MM])[0], proof)
        self._gap(1)

    def _prove(self, cell, proof: Proof) -> None:
        """The code as a picture, and the words below it; after what the cell holds already."""
        made = cell.paragraphs[0] if not cell.paragraphs[0].runs else cell.add_paragraph()
        picture = made.add_run().add_picture(io.BytesIO(proof.picture()), width=Mm(QR_MM))
        picture._inline.docPr.set("descr", proof.alt)
        self._set(made, "", before=6)
        made.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        for text in proof.lines:
            line = cell.add_paragraph()
            self._font(line.add_run(printable(text)), PROOF_PT)
            self._set(line, "", lead=PROOF_LEAD_PT)

    def _line(self, cell, place: int, text: str, size: float, *, align: str = "c", lead: float = 18, **font):
        line = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        self._font(line.add_run(printable(text)), size, **font)
        self._set(line, align, lead=lead)
        return line

    def _gap(self, points: float, *, keeps: bool = False) -> None:
        made = self.document.add_paragraph()
        made.paragraph_format.keep_with_next = keeps
        made.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        made.paragraph_format.line_spacing = Pt(points)

    def _set(self, line, align: str, *, indent: bool = False, before: float = 0, after: float = 0, lead: float = 0):
        shape = line.paragraph_format
        shape.alignment = ALIGN[align]
        shape.first_line_indent = Mm(self.layout.indent_mm) if indent else Emu(0)
        shape.space_before, shape.space_after = Pt(before), Pt(after)
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(lead or self.layout.lead_pt)
        shape.widow_control = True

    def content(self) -> bytes:
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()
