"""From the record of an inspection paper to PDF and Word: the same blocks in both, whether frozen or still a draft."""

import datetime
from dataclasses import dataclass

from django.template.loader import render_to_string

from reports.templatetags.papers import ended, tied

from .docx import WordPaper, printable
from .inspection_frame import PAPERS
from .layout import Head, Layout, Paper, Signature, dateline, dateline_fit, layout_on, number_line
from .minutes_parts import Column, Table
from .proof import Proof
from .word_charts import WordChart

__all__ = ["PAPERS", "CaseDocument", "document_html", "document_of", "document_word"]
DRAFT = "DỰ THẢO, CHƯA BAN HÀNH"


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the text: h2, h3, p, lead (stays with what follows), centre, fill, cap, table or note.

    `label` is what stands in bold before a paragraph ("Điều 1."); it, or a line in the centre, is `soft` in italics."""

    kind: str
    text: str = ""
    label: str = ""
    small: str = ""
    soft: bool = False
    table: Table | None = None
    svg: str = ""  # of a figure in the PDF; Word draws its own of the chart
    chart: WordChart | None = None


@dataclass(frozen=True, slots=True)
class CaseDocument:
    paper: Paper
    kind: str
    about: str  # "V/v …" of a letter
    reference: str  # of an annex, which has no head
    addressees: tuple[str, ...]
    blocks: tuple[Block, ...]
    closing: str
    closing_label: str
    signers: tuple[tuple[tuple[str, ...], str, str], ...]


def document_of(record: dict, *, number: str = "", mark: str = "") -> CaseDocument:
    """Lay the record out. `number` is the one given after it went out with a blank; `mark` says what this copy is
    not: issued, the one that counts. One query: the layout in force on its day."""
    on = datetime.date.fromisoformat(record["on"])
    dated = datetime.date.fromisoformat(record["dated_on"]) if record["dated_on"] else None
    layout = layout_on(on)
    line = dateline(record["place"], dated)
    shown = record["number"] or number
    head = Head(
        superior=tuple(record["superior"]),
        issuer=tuple(record["issuer"]),
        is_long=record["is_long"],
        header=layout.header,
        number=number_line(shown, record["code"], record["symbol"]) if record["code"] else "",
        dateline=line,
        dateline_fit=dateline_fit(line, layout),
    )
    paper = Paper(
        layout=layout, head=head, kind=record["word"], abstract=tuple(record["abstract"]),
        signature=Signature(*record["signature"]), recipients=tuple(record["recipients"]),
        needs_confirmation=record["needs_confirmation"], addressee="", title=record["title"], author=record["author"],
    )  # fmt: skip
    marks = [Block("centre", f"({mark})")] if mark else []
    return CaseDocument(
        paper=paper,
        kind=record["kind"],
        about=record["about"],
        reference=record["reference"],
        addressees=tuple(record["addressee"]),
        blocks=(*marks, *tied_blocks(record["blocks"])),
        closing=tied(ended(record["closing"], layout.end_mark)) if record["closing"] else "",
        closing_label=record["closing_label"],
        signers=tuple((tuple(titles), how, name) for titles, how, name in record["signers"]),
    )


def tied_blocks(blocks: list[dict]) -> tuple[Block, ...]:
    """The blocks of a record as both formats print them."""
    return tuple(_block(one) for one in blocks)


def _block(one: dict) -> Block:
    is_running = one["kind"] in ("p", "lead", "note")
    table = None
    if "table" in one:
        columns = tuple(Column(*column) for column in one["table"]["columns"])
        table = Table(columns, tuple(tuple(row) for row in one["table"]["rows"]))
    return Block(
        one["kind"], tied(one["text"]) if is_running else one["text"], one.get("label", ""), one.get("small", ""),
        one.get("soft", False), table,
    )  # fmt: skip


def document_html(made: CaseDocument, proof: Proof | None = None) -> tuple[str, Layout]:
    context = {"paper": made.paper, "made": made, "signs_off": bool(made.paper.recipients), "proof": proof}
    return render_to_string("papers/inspection_paper.html", context), made.paper.layout


def document_word(made: CaseDocument, proof: Proof | None = None) -> bytes:
    """The same blocks as a Word file."""
    word = CaseWord(made)
    word.head()
    for block in made.blocks:
        word.block(block)
    if made.closing:
        word.labelled(made.closing_label, made.closing, keeps_next=True)
    if made.signers:
        word.signatures(made.signers, proof)
    elif made.paper.recipients:
        word.sign_off(proof)
    elif proof:
        word.proved(proof)
    return word.content()


class CaseWord(WordPaper):
    """The Word engine with what only these papers have: a letter's head, an annex without one, Điều in bold."""

    def __init__(self, made: CaseDocument):
        self.made = made
        super().__init__(made.paper)

    def head(self) -> None:
        if self.made.reference:
            self._annex_head()
        elif self.made.about:
            self._letter_head()
        else:
            super().head()
        self._addressees()

    def _annex_head(self) -> None:
        self._centred(self.paper.kind, self.layout.type_pt, lead=21)
        for line in self.paper.abstract:
            self._centred(line, self.layout.abstract_pt)
        made = self.document.add_paragraph()
        self._font(made.add_run(f"({self.made.reference})"), 13, italic=True)
        self._set(made, "c", lead=16, after=8)

    def _letter_head(self) -> None:
        self._head_blocks(about=self.made.about)
        self._gap(10)

    def _addressees(self) -> None:
        to = self.made.addressees
        if len(to) == 1:
            self._centred(f"Kính gửi: {to[0]}", self.layout.body_pt, bold=False, after=8)
        elif to:
            self._centred("Kính gửi:", self.layout.body_pt, bold=False)
            for line in to:
                self._centred(f"- {line}", self.layout.body_pt, bold=False)

    def block(self, block: Block) -> None:
        if block.kind in ("h2", "h3"):
            self.heading(block.text, level=1 if block.kind == "h2" else 2)
        elif block.kind in ("p", "lead"):
            self.labelled(block.label, block.text, soft=block.soft, keeps_next=block.kind == "lead")
        elif block.kind == "centre":
            made = self.document.add_paragraph()
            self._font(made.add_run(printable(block.text)), self.layout.body_pt, bold=not block.soft, italic=block.soft)
            self._set(made, "c", after=self.layout.paragraph_gap_pt)
        elif block.kind == "fill":
            self.fill()
        elif block.kind == "cap":
            self.caption(block.text, block.small)
        elif block.kind == "note":
            self.note(block.text)
        elif block.kind == "figure":
            self.figure(block.chart, block.text)
        else:
            self.table(block.table.columns, block.table.rows)

    def labelled(self, label: str, text: str, *, soft: bool = False, keeps_next: bool = False) -> None:
        """A paragraph that may open with "Điều 1." in bold, or a topic in italics."""
        made = self.document.add_paragraph()
        if label:
            self._font(made.add_run(printable(label)), self.layout.body_pt, bold=not soft, italic=soft)
            text = f" {text}" if text else ""
        self._font(made.add_run(printable(text)), self.layout.body_pt)
        self._set(made, "j", indent=True, after=self.layout.paragraph_gap_pt)
        made.paragraph_format.keep_with_next = keeps_next
