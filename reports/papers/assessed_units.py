"""The result of a round about branches: one list of blocks, from which the PDF and the Word file are made, and Excel.

The superior's decision names every approved branch with its result and the grounds: the vote and the figures as
they were frozen when the branch concluded. What nobody wrote is a dotted blank.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.template.loader import render_to_string

from branches.assessing.facts import from_stored
from branches.formats import day, small
from branches.models import Assessment, AssessmentRound, Criterion, Label, Unit
from branches.restructuring import names_on as called_on
from branches.workbook import Workbook
from reports.templatetags.papers import ended, tied

from .assessment import decided
from .docx import WordPaper
from .filled import COMMITTEE
from .layout import Layout, Paper, names_on, paper_of
from .minutes_parts import Column, Table
from .widths import capitals

COLUMNS = (Column("TT", 10, "c"), Column("Chi đoàn", 44), Column("Kết quả xếp loại", 38), Column("Căn cứ"))
SHEET = (("TT", 6), ("Chi đoàn", 36), ("Tình hình", 26), ("Tự xếp loại", 26), ("Chi đoàn kết luận", 26),
         ("Ngày kết luận", 14), ("Kết quả xếp loại", 26), ("Văn bản", 16), ("Ngày chuẩn y", 14), ("Căn cứ", 70),
         ("Nhận xét", 50))  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitsDecision:
    """`committee` is who decides, `preamble` the grounds in law, `closing` the line that stays with the signature.

    An article is its number, printed bold, and its words.
    """

    paper: Paper
    committee: str
    preamble: tuple[str, ...]
    article: tuple[str, str]
    table: Table
    closing: tuple[str, str]


def units_decision(
    unit: Unit, round: AssessmentRound, rows: list[Assessment], labels: list[Label], criteria: list[Criterion], *,
    on: datetime.date,
) -> UnitsDecision:  # fmt: skip
    """Quyết định công nhận kết quả of `unit` for the approved branches below it; number and day as they were kept."""
    dated, number = decided(rows, on=on)
    own = names_on(unit, dated)
    paper = paper_of(
        unit=unit,
        on=dated,
        kind="Quyết định",
        kind_code="QĐ",
        abstract=("Về việc công nhận kết quả đánh giá, xếp loại", f"các chi đoàn {small(round.period.name)}"),
        signature=COMMITTEE,
        number=number if "QĐ" in number.upper() else "",
        dated_on=dated if number else None,
        recipients=tuple(one for one in ("Các chi đoàn (để t/h)", own.superior, f"Lưu {own.unit}") if one),
        names=own,
    )
    committee = f"Ban Chấp hành {own.unit}"
    called = called_on([row.unit_id for row in rows], dated)
    counts = [(label.name, sum(row.final_label_id == label.pk for row in rows)) for label in labels]
    said = "; ".join(f"{small(name)} {count} chi đoàn" for name, count in counts if count)
    preamble = ["- Căn cứ Điều lệ Đoàn TNCS Hồ Chí Minh;"]
    if round.criteria_set.source:
        preamble.append(f"- Căn cứ {round.criteria_set.source};")
    preamble.append(f"- Xét kết luận của các chi đoàn theo bộ tiêu chí “{round.criteria_set.name}”,")
    return UnitsDecision(
        paper,
        capitals(committee),
        tuple(tied(line) for line in preamble),
        (tied("Điều 1."), tied(f"Công nhận kết quả xếp loại {len(rows)} chi đoàn: {said}.")),
        Table(COLUMNS, tuple(_cells(place, row, called, criteria) for place, row in enumerate(rows, start=1))),
        (tied("Điều 2."), tied(ended(
            "Các chi đoàn có tên ở Điều 1 thực hiện Quyết định này, có hiệu lực từ ngày ký", paper.layout.end_mark
        ))),
    )  # fmt: skip


def _cells(place: int, row: Assessment, called: dict[int, str], criteria: list[Criterion]) -> tuple[str, ...]:
    name = called.get(row.unit_id, row.unit.name)
    return str(place), name, row.final_label.name, grounds(row, criteria)


def grounds(row: Assessment, criteria: Iterable[Criterion]) -> str:
    """The vote and the figures as they were frozen, in the order of the criteria; "" before the branch concluded.

    Only what has two parts ("11 trên 12 buổi"), without what is said beside it: a decision is no report.
    """
    facts = from_stored(row.facts)
    found = [facts[one.fact] for one in criteria if one.fact in facts]
    words = [one.words.split(", ")[0] for one in found if one.of]
    if row.got:
        words.insert(0, "biểu quyết {}/{}".format(*row.got))
    text = "; ".join(words)
    return text[:1].upper() + text[1:]


def units_decision_html(made: UnitsDecision) -> tuple[str, Layout]:
    return render_to_string("papers/assessed_units.html", {"paper": made.paper, "made": made}), made.paper.layout


def units_decision_word(made: UnitsDecision) -> bytes:
    """The same lines and the same table, to be edited and signed by hand."""
    word = WordPaper(made.paper)
    word.head()
    word.paragraph(made.committee, align="c", bold=True)
    for line in made.preamble:
        word.paragraph(line)
    word.paragraph("QUYẾT ĐỊNH", align="c", bold=True, keeps_next=True)
    article, closing = made.article, made.closing
    word.paragraph(article[1], label=article[0])
    word.table(made.table.columns, made.table.rows)
    word.paragraph(closing[1], label=closing[0], keeps_next=True)
    word.sign_off()
    return word.content()


def units_workbook(
    unit: Unit, round: AssessmentRound, rows: Iterable[Assessment], criteria: list[Criterion], *, on: datetime.date
) -> bytes:
    """Every branch of the round, also those without a result yet."""
    book = Workbook(f"Xếp loại chi đoàn {small(round.period.name)}", made_on=on)
    heading = (round.name, unit.name, f"Số liệu đến {day(on)}")
    sheet = book.sheet("Xếp loại chi đoàn", SHEET, heading=heading)
    for place, row in enumerate(rows, start=1):
        labels = [one.name if one else "" for one in (row.self_label, row.branch_label, row.final_label)]
        sheet.add(
            place, row.unit.name, row.get_state_display(), labels[0], labels[1], row.concluded_on or "", labels[2],
            row.decision, row.approved_on or "", grounds(row, criteria), row.branch_remark or row.excluded_because,
        )  # fmt: skip
    return book.content()
