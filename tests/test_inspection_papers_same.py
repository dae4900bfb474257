"""Every paper as PDF and as Word: word for word the same, also when it is long and its names are."""

import io
import re
from collections import Counter

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from branches.models import Unit
from inspections.conducting import add_finding
from inspections.following import recommend
from inspections.issuing import issue_paper
from inspections.models import CasePaper, Inspection
from inspections.papering import begin_paper
from reports.papers.inspection_frame import PAPERS, compose
from reports.papers.inspection_print import document_html, document_of, document_word
from reports.papers.pdf import render_pdf
from tests.papering import NOTICE, VISIT, CaseA, concluded_case, visited_case

pytestmark = pytest.mark.django_db
Kind = CasePaper.Kind
LONG = "Chi đoàn Trung tâm Phục vụ hành chính công và Kiểm soát thủ tục hành chính tỉnh"
MARKS = re.compile(r"[.…_]{4,}|\s")  # dotted lines are drawn in one and typed in the other


def letters(text: str) -> Counter:
    """The letters without the spaces: a line may end anywhere."""
    return Counter(MARKS.sub("", text))


def pdf_text(pdf: bytes) -> tuple[str, int]:
    """What the sheets say, without the page numbers above the second and later ones; how many sheets."""
    sheets = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    numbered = [text if place == 1 else re.sub(rf"^\s*{place}\b|\b{place}\s*$", "", text, count=1)
                for place, text in enumerate(sheets, 1)]  # fmt: skip
    return "\n".join(numbered), len(sheets)


def word_text(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return "\n".join("".join(piece.text or "" for piece in line.iter(qn("w:t"))) for line in body.iter(qn("w:p")))


def both(paper: CasePaper, record: dict) -> tuple[str, int, str]:
    made = document_of(record, number=paper.number)
    html, layout = document_html(made)
    return *pdf_text(render_pdf(html, layout=layout)), word_text(document_word(made))


def issued(a: CaseA, kind: str) -> CasePaper:
    if kind == Kind.NOTICE:
        return CasePaper.objects.get(kind=kind)
    if kind == Kind.CLOSING:
        a.case.recommendations.update(state="withdrawn", ended_on=NOTICE, withdrawn_reason="Đã sáp nhập")
    if kind == Kind.PROGRAMME:
        paper = begin_paper(programme=a.programme, kind=kind, by=a.chair, on=NOTICE)
        issue_paper(paper=paper, version=paper.version, by=a.chair, on=NOTICE, dated_on=NOTICE, signer_name="Đỗ Yến")
        return PAPERS.get(pk=paper.pk)
    return a.issue(kind, NOTICE)


@pytest.mark.parametrize("kind", list(Kind))
def test_pdf_and_word_say_the_same(kind):
    paper = issued(concluded_case(), kind)
    printed, _, written = both(paper, paper.frozen)
    assert letters(printed) == letters(written)
    for name in ("Trần Minh Quân", "Chi đoàn Cục Công nghệ thông tin"):
        assert (name in " ".join(printed.split())) == (name in " ".join(written.split()))
    assert "None" not in printed


def test_control_one_letter_left_out_is_found():
    paper = issued(concluded_case(), Kind.PLAN)
    changed = paper.frozen | {"closing": paper.frozen["closing"].replace("nghiên cứu", "nghiên cú")}
    printed, _, _ = both(paper, changed)
    _, _, written = both(paper, paper.frozen)
    assert letters(printed) != letters(written)


@pytest.mark.slow
def test_a_long_paper_of_a_long_unit_says_the_same_on_every_sheet():
    a = visited_case()
    Unit.objects.filter(pk=a.branch.pk).update(name=LONG, party_body="Đảng ủy Văn phòng Ủy ban nhân dân tỉnh An Hòa")
    Inspection.objects.filter(pk=a.case.pk).update(place="Phòng họp tầng 5, trụ sở liên cơ quan tỉnh")
    for place in range(1, 41):
        add_finding(inspection=a.case, by=a.chair, kind="shortcoming", text=f"Hạn chế thứ {place} của đơn vị")
        recommend(inspection=a.case, by=a.chair, text=f"Khắc phục hạn chế thứ {place} trong kế hoạch năm sau",
                  owner="Ban Chấp hành Chi đoàn", no_due_date=True)  # fmt: skip
    paper = PAPERS.get(pk=begin_paper(inspection=a.fresh(), kind=Kind.TEAM_REPORT, by=a.chair, on=VISIT).pk)
    printed, sheets, written = both(paper, compose(paper, on=VISIT).record)
    assert sheets >= 4
    heads = printed.count("Minh chứng cần có")
    assert heads > written.count("Minh chứng cần có") == 1  # the head row comes again on every sheet of the table
    assert "Khắc phục hạn chế thứ 40 trong kế hoạch năm sau" in " ".join(printed.split())
    assert letters(printed)["ắ"] == letters(written)["ắ"]  # not one row is lost between two sheets
