"""BẢNG ĐIỂM THI ĐUA: the published ranking of a set as PDF, Word and Excel, all from the frozen content of one edition.

Nothing is read anew: a unit renamed or ended since stands here as it was called on the day of publication.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.template.loader import render_to_string

from branches.formats import day, number, small
from branches.workbook import Workbook
from reports.models import EmulationRanking, EmulationSet
from reports.templatetags.papers import ended, tied

from .docx import WordPaper
from .filled import COMMITTEE
from .layout import Layout, Paper, names_on, paper_of
from .minutes_parts import Column, Table
from .proof import Proof

COLUMNS = (Column("Hạng", 14, "c"), Column("Đơn vị", 60), Column("Cách cộng điểm"), Column("Tự chấm", 18, "r"),
           Column("Điểm", 18, "r"))  # fmt: skip
SHEET = [("Cụm", 26), ("Hạng", 8), ("Đơn vị", 44)]
LINES = (("Cụm", 26), ("Đơn vị", 40), ("Mục", 8), ("Tiêu chí", 60), ("Điểm tối đa", 10), ("Tự chấm", 10),
         ("Điểm chấm", 10), ("Cách tính", 50), ("Minh chứng", 60), ("Nhận xét, lý do", 50))  # fmt: skip


@dataclass(frozen=True, slots=True)
class RankingPaper:
    """`groups` says what the sums are of, `clusters` one table each, `closing` stays with the signature."""

    paper: Paper
    groups: str
    clusters: tuple[tuple[str, Table], ...]
    closing: str


def ranking_paper(set: EmulationSet, ranking: EmulationRanking) -> RankingPaper:
    """The paper of one edition, dated the day it was published."""
    content, own = ranking.content, names_on(set.unit, ranking.published_on)
    edition = f", bản {ranking.edition}" if ranking.edition > 1 else ""
    paper = paper_of(
        unit=set.unit,
        on=ranking.published_on,
        kind="Bảng điểm thi đua",
        kind_code="BĐ",
        abstract=(f"{content['period']}{edition}", content["name"]),
        signature=COMMITTEE,
        dated_on=ranking.published_on,
        recipients=tuple(one for one in (own.superior, "Các đơn vị trong cụm", f"Lưu {own.unit}") if one),
        names=own,
    )
    groups = "; ".join(
        f"{one['number']}. {one['text']} ({_shown(one['points'])} điểm)"
        for one in content["groups"]
        if Decimal(one["points"])
    )
    total = _shown(content["total_points"])
    said = f"Tổng điểm {total}, cộng từ các nhóm: {groups}"
    if content["source"]:
        said += f". Căn cứ: {content['source']}"
    closing = "Đơn vị bằng điểm nhau đồng hạng, hạng kế tiếp bỏ qua"
    if ranking.reason:
        closing += f". Lý do thay đổi so với bản trước: {ranking.reason}"
    return RankingPaper(
        paper,
        tied(ended(said, "")),
        tuple((one["name"], Table(COLUMNS, tuple(_cells(row) for row in one["rows"]))) for one in content["clusters"]),
        tied(ended(closing, paper.layout.end_mark)),
    )


def _shown(text: str) -> str:
    return number(Decimal(text)) if text else ""


def _cells(row: dict) -> tuple[str, ...]:
    place = str(row["rank"]) if row["rank"] else "Không xét"
    words = row["words"] if row["total"] else row["left_out"]
    return place, row["name"], words, _shown(row["self_total"]), _shown(row["total"])


def ranking_html(made: RankingPaper, proof: Proof | None = None) -> tuple[str, Layout]:
    context = {"paper": made.paper, "made": made, "proof": proof}
    return render_to_string("papers/emulation.html", context), made.paper.layout


def ranking_word(made: RankingPaper, proof: Proof | None = None) -> bytes:
    """The same lines and tables, to be edited and signed by hand."""
    word = WordPaper(made.paper)
    word.head()
    word.paragraph(made.groups)
    for name, table in made.clusters:
        word.paragraph(name, align="", bold=True, keeps_next=True)
        word.table(table.columns, table.rows)
    word.paragraph(made.closing, keeps_next=True)
    word.sign_off(proof)
    return word.content()


def ranking_workbook(ranking: EmulationRanking, *, with_lines: bool) -> bytes:
    """Ranks and sums by group; `with_lines` every criterion of every unit on a sheet of its own."""
    content = ranking.content
    book = Workbook(f"Bảng điểm thi đua {small(content['period'])}", made_on=ranking.published_on)
    heading = (content["name"], content["unit"], f"Công bố ngày {day(ranking.published_on)}, bản {ranking.edition}")
    groups = [(f"{one['number']}. {one['text']}", 16) for one in content["groups"]]
    ends = [("Điểm thưởng", 10), ("Tự chấm", 10), ("Điểm", 10), ("Ghi chú", 40)]
    sheet = book.sheet("Xếp hạng", [*SHEET, *groups, *ends], heading=heading)
    for cluster, row in _rows(content):
        sums = [_figure(one) for one in row["groups"]] or [None] * len(groups)
        sheet.add(
            cluster, row["rank"] or "Không xét", row["name"], *sums, _figure(row["bonus"]), _figure(row["self_total"]),
            _figure(row["total"]), row["left_out"],
        )  # fmt: skip
    if with_lines:
        lines = book.sheet("Từng tiêu chí", LINES, heading=heading)
        for cluster, row in _rows(content):
            for one in row["lines"]:
                lines.add(
                    cluster, row["name"], one["number"], one["text"], _figure(one["points"]), _figure(one["self"]),
                    _figure(one["given"]), _reckoned(one), _shown_for(one), one["note"],
                )  # fmt: skip
    return book.content()


def _reckoned(line: dict) -> str:
    """How points came about, and from which source; editions of before keep none."""
    return f"{line['words']}, theo {line['source']}" if line.get("source") else line["words"]


def _shown_for(line: dict) -> str:
    """The pieces of a line, numbered."""
    return "\n".join(f"{place}. {words}" for place, (_, words) in enumerate(line.get("evidence", ()), start=1))


def _rows(content: dict) -> Iterator[tuple[str, dict]]:
    return ((cluster["name"], row) for cluster in content["clusters"] for row in cluster["rows"])


def _figure(text: str) -> Decimal | None:
    return Decimal(text) if text else None
