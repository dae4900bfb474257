"""From the HTML of a paper to its Word file, so that every paper that prints has one, also those still to come.

It reads the closed set of tags and classes of templates/papers: the head, headings, paragraphs, tables, blanks,
figures, signatures, annexes. Sizes, margins and the page number come from the same Layout as the PDF.
"""

from dataclasses import dataclass

import lxml.html
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from .docx import FIT_PT, SHEET_MM, WordPaper, printable
from .docx_table import GridTable
from .html_pieces import BLANK, Font, classes, has_text, is_piece, line_of, lines_of
from .layout import PAPER_WIDTH_MM, UNIT_CELL_MM, Layout
from .proof import Proof
from .word_charts import WordChart

CONFIRM_MM = 82


@dataclass(frozen=True, slots=True)
class Spaces:
    """Line heights and gaps around the text in points, as in paper.css; sizes come from the Layout."""

    head: float = 17
    kind: float = 21
    kind_before: float = 12
    abstract: float = 18
    dashes: float = 12
    dashes_after: float = 10
    to_after: float = 8
    caption: float = 17
    note_after: float = 8
    sign: float = 18
    recipients: float = 15


ONE_SHEET = Spaces(
    head=15.5, kind=18, kind_before=6, abstract=16, dashes=9, dashes_after=2, to_after=4, caption=15, note_after=3,
    sign=15, recipients=13.5,
)  # fmt: skip
CONTAINERS = ("div", "section", "body", "main", "article")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What WordPaper asks of a paper, as the page itself says it."""

    layout: Layout
    title: str
    author: str


def word_of(html: str, layout: Layout) -> bytes:
    """The paper as a Word file. Takes what render_pdf takes; reads nothing else."""
    page = lxml.html.document_fromstring(html)
    author = page.xpath("string(//meta[@name='author']/@content)")
    body = page.find("body")
    made = PageInWord(Sheet(layout, page.xpath("string(//title)").strip(), author), is_one="one" in classes(body))
    made.put(body)
    return made.content()


class PageInWord(WordPaper):
    """A page on its way into a Word file: `put` sees to one block after the other."""

    def __init__(self, sheet: Sheet, *, is_one: bool):
        super().__init__(sheet)
        self.is_one = is_one
        self.spaces = ONE_SHEET if is_one else Spaces()
        self.is_turned = False
        self.starts_upright = False

    def put(self, block) -> None:
        for part in block:
            if not isinstance(part.tag, str):
                continue  # a comment
            if self.starts_upright and self._says_something(part) and not is_annex(part):
                self._upright()
            self._put(part)

    @staticmethod
    def _says_something(part) -> bool:
        return has_text(part) or part.tag in ("figure", "table")

    def _put(self, part) -> None:
        kinds = classes(part)
        if part.tag == "table":
            self._signed(part) if "signs" in kinds else self._figures(part)
        elif part.tag in ("h1", "h2", "h3", "h4"):
            self._headed(part, kinds)
        elif part.tag == "p":
            self._paragraph(part, kinds)
        elif part.tag in ("ul", "ol"):
            for item in part:
                self._text(item, before_it="- ")
        elif part.tag == "figure":
            self._drawn(part)
        elif "head" in kinds:
            self._heads(part)
        elif "fills" in kinds:
            self.fill(sum("fill" in classes(line) for line in part))
        elif "end" in kinds:
            self._ended(part)
        elif "confirm" in kinds:
            self._confirmed(part)
        elif "proof" in kinds:
            self.proved(_proof_in(part))
        elif is_annex(part):
            self._turned()
            self.put(part)
            self.starts_upright = True
        elif part.tag in CONTAINERS and not is_piece(part):
            self.put(part)
        elif has_text(part):
            self._text(part)

    # --- the head of the first page ---

    def _heads(self, head) -> None:
        left_side, right_side = (one for one in head if one.tag == "div")
        layout = self.layout
        size = layout.long_unit_pt if "long" in classes(left_side) else layout.unit_pt
        left, right = self._frame([UNIT_CELL_MM, self.text_width_mm - UNIT_CELL_MM])
        place = 0
        for block in left_side:
            is_small = "about" in classes(block)
            for line in lines_of(block, Font(bold="issuer" in classes(block))):
                made = self._line_in(left, place, lead=self.spaces.head)
                self._runs(made, line, layout.small_pt if is_small else size)
                place += 1
        place = 0
        for block in right_side:
            kinds = classes(block)
            for line in lines_of(block, Font(bold="union" in kinds, italic="dateline" in kinds)):
                made = self._line_in(right, place, lead=self.spaces.head)
                fit = next((FIT_PT[kind] for kind in kinds if kind in FIT_PT), 0)
                self._runs(made, line, layout.header_pt if "union" in kinds else layout.body_pt - fit)
                if "union" in kinds:
                    for run in made.runs:
                        run.underline = True
                else:
                    made.paragraph_format.space_before = Pt(10)
                place += 1

    # --- running text ---

    def _headed(self, part, kinds) -> None:
        if "type" in kinds:
            spaces = self.spaces
            self._text(
                part, "c", size=self.layout.type_pt, font=Font(bold=True), before=spaces.kind_before, lead=spaces.kind,
                gap=0,
            )  # fmt: skip
            return
        level = 1 if part.tag in ("h1", "h2") else 2
        made = self.document.add_paragraph(style=f"Heading {level}")
        for line in lines_of(part, Font(bold=True, italic=part.tag == "h4")):
            self._runs(made, line, self.layout.body_pt)
        before = 4 if level == 1 else 0
        self._set(made, "j", indent="flat" not in kinds, after=self.layout.paragraph_gap_pt, before=before)
        made.paragraph_format.keep_with_next = True

    def _paragraph(self, part, kinds) -> None:
        layout, spaces = self.layout, self.spaces
        if "type" in kinds:
            self._text(part, "c", size=layout.type_pt, font=Font(bold=True), before=4, lead=21, gap=2)
        elif "abstract" in kinds:
            self._text(part, "c", size=layout.abstract_pt, font=Font(bold=True), lead=spaces.abstract, gap=0)
        elif "dashes" in kinds:
            self._text(part, "c", lead=spaces.dashes, gap=spaces.dashes_after)
        elif "ref" in kinds:
            self._text(part, "c", size=layout.annex_ref_pt, font=Font(italic=True), lead=16)
        elif "cap" in kinds:
            made = self._text(part, "c", font=Font(bold=True), before=6, lead=spaces.caption, gap=3)
            made.paragraph_format.keep_with_next = True
            made.paragraph_format.page_break_before = is_on_a_new_sheet(part)
        elif "note" in kinds:
            self._text(part, "", size=layout.note_pt, lead=layout.note_pt + 2.5, gap=spaces.note_after)
        elif "fillin" in kinds:
            self._filled_in(part)
        elif "centre" in kinds or "to" in kinds:
            self._text(part, "c", gap=spaces.to_after if "to" in kinds else layout.paragraph_gap_pt)
        else:
            made = self._text(part, "j", indent="flat" not in kinds)
            made.paragraph_format.keep_with_next = "lead" in kinds or "closing" in classes(part.getparent())

    def _text(self, part, align="j", *, size=0, font=None, indent=False, before=0, gap=None, lead=0, before_it=""):
        made = self.document.add_paragraph()
        self._lines(made, part, size or self.layout.body_pt, font or Font(), before_it=before_it)
        self._set(
            made, align, indent=indent, before=before, lead=lead,
            after=self.layout.paragraph_gap_pt if gap is None else gap,
        )  # fmt: skip
        return made

    def _lines(self, made, part, size: float, font: Font, *, before_it: str = "") -> None:
        for number, line in enumerate(lines_of(part, font)):
            if number:
                made.add_run().add_break()
            elif before_it:
                self._font(made.add_run(before_it), size)
            self._runs(made, line, size)

    def _runs(self, made, line, size: float) -> None:
        for text, font in line:
            run = self._font(
                made.add_run(printable(text)), size + font.step_pt, bold=font.bold, italic=font.italic,
                underlined=font.underlined,
            )  # fmt: skip
            if font.struck:
                run.font.strike = True

    def _filled_in(self, part) -> None:
        """Words, then dots to the right margin."""
        made = self.document.add_paragraph()
        self._runs(made, [*line_of(part, Font()), ("\t", Font())], self.layout.body_pt)
        made.paragraph_format.tab_stops.add_tab_stop(Mm(self.text_width_mm), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        self._set(made, "", indent=True, after=self.layout.paragraph_gap_pt)
        made.paragraph_format.keep_with_next = "closing" in classes(part.getparent())

    def _drawn(self, figure) -> None:
        """A figure: its chart, whose data stands in the page beside the drawing; then its caption."""
        for one in figure.xpath(".//i[@data-chart]"):
            self.chart(WordChart.from_text(one.get("data-chart")))
        for caption in figure.iter("figcaption"):
            self._text(caption, "c", size=self.layout.figure_caption_pt, font=Font(bold=True), lead=16, gap=8)

    # --- tables and the end ---

    def _figures(self, part) -> None:
        following = part.getnext()
        keeps_last = following is not None and "note" in classes(following)
        GridTable(self, part, is_one=self.is_one, is_turned=self.is_turned, keeps_last=keeps_last).build()
        self._gap(4, keeps=keeps_last)

    def _signed(self, part) -> None:
        """Several who sign beside each other."""
        rows = [list(row.iter("td")) for row in part.iter("tr")]
        kinds = [classes(row) for row in part.iter("tr")]
        widths = [int(self.text_width_mm) // len(rows[0])] * len(rows[0])
        table = self._grid(len(rows), widths, borders=False)
        for number, row in enumerate(rows):
            if "sign" in kinds[number]:
                GridTable.height(table.rows[number]._tr, self.layout.sign_gap_mm - 6)
            for cell, said in zip(table.rows[number].cells, row, strict=True):
                font = Font(bold="title" in kinds[number] or "name" in kinds[number])
                for place, line in enumerate(lines_of(said, font)):
                    made = self._line_in(cell, place, lead=18)
                    is_how = all(words.italic and not words.bold for _, words in line)
                    self._runs(made, line, self.layout.sign_how_pt if is_how else self.layout.body_pt)
                for made in cell.paragraphs:
                    made.paragraph_format.keep_with_next = number < len(rows) - 1
        self._gap(1)

    def _ended(self, part) -> None:
        """Recipients on the left, who signs on the right."""
        layout = self.layout
        left_side, right_side = (one for one in part if one.tag == "div")
        proof = left_side.find("div[@class='proof']")
        if proof is not None:
            proof.drop_tree()
        left, right = self._frame([UNIT_CELL_MM, self.text_width_mm - UNIT_CELL_MM])
        for place, line in enumerate(lines_of(left_side, Font())):
            made = self._line_in(left, place, align="", lead=self.spaces.recipients)
            self._runs(made, line, layout.body_pt if place == 0 else layout.small_pt)
            if place == 0:
                for run in made.runs:
                    run.bold, run.underline = False, True
        if proof is not None:
            self._prove(left, _proof_in(proof))
        place = 0
        for block in right_side:
            kinds = classes(block)
            for line in lines_of(block, Font(bold="how" not in kinds, italic="how" in kinds)):
                made = self._line_in(right, place, lead=self.spaces.sign)
                self._runs(made, line, layout.sign_how_pt if "how" in kinds else layout.body_pt)
                if "name" in kinds:
                    made.paragraph_format.space_before = Mm(layout.sign_gap_mm - 6 * ("open" in kinds))
                place += 1
        self._gap(1)

    def _confirmed(self, part) -> None:
        cell, _ = self._frame([CONFIRM_MM, self.text_width_mm - CONFIRM_MM])
        for place, line in enumerate(lines_of(part, Font())):
            made = self._line_in(cell, place, lead=18)
            is_how = all(words.italic for _, words in line)
            self._runs(made, line, self.layout.sign_how_pt if is_how else self.layout.body_pt)
            if line and line[0][0].startswith(BLANK):
                made.paragraph_format.space_before = Mm(self.layout.sign_gap_mm - 6)
        self._gap(1)

    def _line_in(self, cell, place: int, *, align: str = "c", lead: float):
        made = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        self._set(made, align, lead=lead)
        return made

    # --- annexes ---

    @property
    def text_width_mm(self) -> float:
        if not getattr(self, "is_turned", False):
            return super().text_width_mm
        return SHEET_MM - self.layout.annex_margins_mm[1] - self.layout.annex_margins_mm[3]

    def _turned(self) -> None:
        """A turned sheet with page numbers of its own from 1, none on its first page."""
        self.starts_upright = False
        self._section(SHEET_MM, PAPER_WIDTH_MM, self.layout.annex_margins_mm, WD_ORIENT.LANDSCAPE, is_annex=True)
        self.is_turned = True

    def _upright(self) -> None:
        self.starts_upright = False
        self._section(PAPER_WIDTH_MM, SHEET_MM, self.layout.margins_mm, WD_ORIENT.PORTRAIT, is_annex=False)
        self.is_turned = False

    def _section(self, wide: float, high: float, margins, orientation, *, is_annex: bool) -> None:
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = orientation
        section.page_width, section.page_height = Mm(wide), Mm(high)
        top, right, bottom, left = margins
        section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
        section.left_margin, section.right_margin = Mm(left), Mm(right)
        section.different_first_page_header_footer = is_annex
        if is_annex:
            count = OxmlElement("w:pgNumType")
            count.set(qn("w:start"), "1")
            section._sectPr.append(count)
            cols = section._sectPr.find(qn("w:cols"))
            if cols is not None:  # Word wants the numbering before the columns
                cols.addprevious(count)
        elif (count := section._sectPr.find(qn("w:pgNumType"))) is not None:
            section._sectPr.remove(count)


def is_annex(part) -> bool:
    return part.tag == "section" and "annex" in classes(part)


def is_on_a_new_sheet(part) -> bool:
    """The caption of a table of an annex, but for the first: `.sheet + .sheet` of paper.css."""
    above = part.getparent()
    before = above.getprevious() if "sheet" in classes(above) and part.getprevious() is None else None
    return before is not None and "sheet" in classes(before)


def _proof_in(part) -> Proof:
    return Proof(part.get("data-site"), part.get("data-token"), part.get("data-hash"))
