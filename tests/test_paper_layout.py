"""Papers of any length: whatever the names, tables and chapters are, each sheet stands as the rules of printing say."""

import dataclasses
import datetime
import io
import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from pypdf import PdfReader

from inspections.models import CasePaper
from reports.papers.content import Block, PlanTable, ReportContent
from reports.papers.inspection_print import Block as CaseBlock
from reports.papers.inspection_print import document_html, document_of
from reports.papers.layout import Signature, paper_of
from reports.papers.minutes_parts import Column, Table
from reports.papers.pdf import render_pdf
from reports.papers.proof import Proof
from reports.papers.report import report_html
from reports.papers.tables import Cell, Group, Row

from .factories import UnionFactory, UnitFactory
from .papering import concluded_case

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAY = datetime.date(2026, 1, 6)
UNION = "Đoàn Khối các cơ quan Đảng, chính quyền, đoàn thể và doanh nghiệp nhà nước tỉnh Bà Rịa - Vũng Tàu"
BRANCH = "Chi đoàn Trung tâm Phục vụ hành chính công, Kiểm soát thủ tục hành chính và Chuyển đổi số tỉnh"
SENTENCE = "Chi đoàn tổ chức hoạt động số {} cùng các đơn vị bạn trong Khối, kết quả đã báo cáo Đoàn cấp trên."
PROOF = Proof("https://doan.example.vn/v/", "0123456789abcdefghjkmnpqrs", "0123456789abcdef" * 4)
HEADINGS = ("III. PHẦN THỨ", "Mục con")
BOTTOM_PT = 20 / 25.4 * 72


def rows(count: int, *, words: int = 1, years: int = 0) -> tuple[Row, ...]:
    return tuple(
        Row(
            number=place, name=f"Chỉ tiêu số {place} " + "về công tác Đoàn " * words, is_part=False, unit="lượt người",
            last=Cell("12"), aim="≥ 24.000.000", done=Cell("khoảng 31.000.000"), against="125,0%", verdict="Vượt 25%",
            years=(("24.000.000", Cell("30.000.000")),) * years,
        )
        for place in range(1, count + 1)
    )  # fmt: skip


def content(
    *, body: tuple[Block, ...] = (), table_rows: int = 0, years: tuple[int, ...] = (), groups: int = 1, name: str = "",
    recipients: int = 2, words: int = 1,
) -> ReportContent:  # fmt: skip
    """A report of a unit whose own name and whose superior's take four lines each."""
    union = UnionFactory(name=UNION, place="Bà Rịa - Vũng Tàu")
    unit = UnitFactory(name=name or BRANCH, superior=union, place="Bà Rịa - Vũng Tàu", document_code="CĐ")
    paper = paper_of(
        unit=unit, on=DAY, dated_on=DAY, kind="Báo cáo", kind_code="BC", number="1",
        abstract=("Kết quả công tác Đoàn và phong trào thanh thiếu nhi năm 2025,", "phương hướng nhiệm vụ năm 2026"),
        signature=Signature("TM. Ban Chấp hành", "Bí thư", "Đỗ Minh Khang"),
        recipients=tuple(f"Ban Chấp hành {UNION} (để b/c)" for _ in range(recipients)),
    )  # fmt: skip
    of_one = table_rows // groups
    made = tuple(
        Group(f"{place}. Nhóm chỉ tiêu", rows(of_one, words=words, years=len(years))) for place in range(1, groups + 1)
    )
    table = (Block("lead", "Kết quả nêu tại Bảng 1."), Block("table")) if table_rows else ()
    return ReportContent(
        paper=paper, unit_name=unit.name, period_name="Năm 2025", as_of="2025-12-31", dated_on=DAY.isoformat(),
        body=(*body, *table), closing=(Block("p", "Trên đây là báo cáo của Chi đoàn./."),),
        table=PlanTable("Kết quả thực hiện chỉ tiêu", 2025, made, years),
    )  # fmt: skip


def drawn(made: ReportContent, proof=PROOF):
    html, layout = report_html(made, proof)
    return PdfReader(io.BytesIO(render_pdf(html, layout=layout))).pages


def lines_of(page) -> list[tuple[float, str]]:
    """(height in points, words) of each line, from the top of the sheet."""
    found: dict[float, list[tuple[float, str]]] = {}

    def visit(text, cm, tm, font, size):
        if text.strip():
            x, y = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.setdefault(round(y), []).append((x, text))

    page.extract_text(visitor_text=visit)
    return [
        (height, " ".join("".join(text for _, text in sorted(found[height])).split()))
        for height in sorted(found, reverse=True)
    ]


def words(page) -> str:
    return " ".join(page.extract_text().split())


def text_lines(page) -> list[str]:
    """Lines without the number of the page, which stands in the margin."""
    return [text for height, text in lines_of(page) if height < float(page.mediabox.height) - BOTTOM_PT]


# --- long names -----------------------------------------------------------------------------------------


def test_every_width_of_a_column_is_in_the_style_sheet():
    """A column whose width nobody knows takes what the others leave."""
    base = Path(settings.BASE_DIR)
    known = set(re.findall(r"col\.(\w+)", (base / "static/paper.css").read_text())) | {"rest"}
    named = {
        width
        for file in (base / "templates/papers").rglob("*.html")
        for width in re.findall(r'<col class="(\w+)"', file.read_text(encoding="utf-8"))
    }
    assert named - known == set()
    assert len(named) > 20


def test_names_of_four_lines_stay_in_their_block_and_above_the_title():
    made = content(body=(Block("p", SENTENCE.format(1)),))
    assert (len(made.paper.head.superior), len(made.paper.head.issuer)) == (4, 4)
    first = drawn(made)[0]
    said = lines_of(first)
    heights = {text: height for height, text in said}
    title = next(height for text, height in heights.items() if text.startswith("BÁO CÁO"))
    block = {line: next(h for text, h in heights.items() if line in text) for line in made.paper.head.issuer}
    assert all(height > title for height in block.values())
    assert sorted(block.values(), reverse=True) == list(block.values())
    assert "An Hòa" not in words(first)
    assert "Bà Rịa - Vũng Tàu, ngày 06 tháng 01 năm 2026" in words(first)


def test_nothing_is_drawn_outside_the_margins():
    made = content(body=(Block("p", SENTENCE.format(1)),), table_rows=12)
    for page in drawn(made):
        left, right = 30 / 25.4 * 72, float(page.mediabox.width) - 20 / 25.4 * 72
        for x in _starts(page):
            assert left - 1 <= x <= right


def _starts(page) -> list[float]:
    found = []

    def visit(text, cm, tm, font, size):
        if text.strip():
            found.append(tm[4] * cm[0] + tm[5] * cm[2] + cm[4])

    page.extract_text(visitor_text=visit)
    return found


# --- long tables ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "groups", "at_least"), [(40, 4, 2), (120, 6, 5)])
def test_a_long_table_repeats_its_head_on_every_sheet(count, groups, at_least):
    pages = drawn(content(table_rows=count, groups=groups))
    with_rows = [page for page in pages if "Chỉ tiêu số" in words(page)]
    assert len(with_rows) >= at_least
    for page in with_rows:
        said = words(page)
        assert "TT Chỉ tiêu" in said
        assert "Thực hiện" in said
        assert "(1) (2) (3) (4) (5) (6) (7) (8)" in said
    whole = " ".join(words(page) for page in pages)
    of_one = count // groups
    assert [whole.count(f"Chỉ tiêu số {place} ") for place in range(1, of_one + 1)] == [groups] * of_one


@pytest.mark.parametrize("count", [12, 23, 40])
def test_no_row_and_no_group_stands_alone_beside_a_break(count):
    """At least two rows before and after a break, and below the head of a group at least one."""
    pages = drawn(content(table_rows=count, groups=1, body=tuple(Block("p", SENTENCE.format(n)) for n in range(5))))
    parts = [sum(f"Chỉ tiêu số {place} " in words(page) for place in range(1, count + 1)) for page in pages]
    parts = [one for one in parts if one]
    assert sum(parts) == count
    assert all(one >= 2 for one in parts)
    for page in pages:
        assert not text_lines(page)[-1].endswith("Nhóm chỉ tiêu")


def test_a_row_is_never_cut():
    """Names of five lines: the number of a row and its last word stand on one sheet."""
    pages = drawn(content(table_rows=24, words=6))
    for page in pages:
        said = words(page)
        # each row says its words six times
        assert said.count("về công tác Đoàn") == 6 * said.count("Chỉ tiêu số")


def test_the_note_moves_with_the_last_row():
    for count in range(20, 32, 4):
        pages = [words(page) for page in drawn(content(table_rows=count))]
        note = next(page for page in pages if "Ghi chú:" in page)
        assert f"Chỉ tiêu số {count} " in note


# --- headings, numbers, the end -------------------------------------------------------------------------


@pytest.mark.parametrize("before", range(14, 26, 3))
def test_no_heading_is_the_last_line_of_a_sheet(before):
    """Whatever stands above: the heading goes with at least two lines of its text."""
    body = [Block("p", SENTENCE.format(n)) for n in range(before)]
    body += [
        Block("h2", "III. Phần thứ ba"),
        Block("h3", "Mục con"),
        *(Block("p", SENTENCE.format(n)) for n in range(9)),
    ]
    pages = drawn(content(body=tuple(body)))
    assert len(pages) > 1
    for page in pages:
        assert not text_lines(page)[-1].startswith(HEADINGS)
        assert not any(text.startswith(HEADINGS) for text in text_lines(page)[-2:])


def test_the_sentence_before_a_list_and_the_caption_go_with_what_follows():
    for before in range(9, 15):
        body = tuple(Block("p", SENTENCE.format(n)) for n in range(before))
        pages = drawn(content(body=body, table_rows=30))
        for page in pages:
            last = text_lines(page)[-1]
            assert not last.startswith(("Kết quả nêu tại Bảng 1", "Bảng 1."))


def test_pages_are_numbered_from_the_second_and_each_once():
    pages = drawn(content(body=tuple(Block("p", SENTENCE.format(n)) for n in range(90))))
    assert len(pages) > 4
    margins = [
        [text for height, text in lines_of(page) if height >= float(page.mediabox.height) - BOTTOM_PT] for page in pages
    ]
    assert margins == [[], *([str(number)] for number in range(2, len(pages) + 1))]


@pytest.mark.parametrize("years", [(2023, 2024, 2025), (2021, 2022, 2023, 2024, 2025), tuple(range(2020, 2026))])
def test_an_annex_is_turned_and_counts_its_own_sheets(years):
    pages = list(drawn(content(table_rows=48, years=years, body=(Block("p", SENTENCE.format(1)),))))
    turned = [page for page in pages if float(page.mediabox.width) > float(page.mediabox.height)]
    upright = [page for page in pages if page not in turned]
    assert len(turned) > 1
    assert pages[-len(turned) :] == turned
    for place, page in enumerate(turned, start=1):
        top = [text for height, text in lines_of(page) if height > float(page.mediabox.height) - 30 / 25.4 * 72]
        assert top == ([] if place == 1 else [str(place)])
        assert "TT Chỉ tiêu" in words(page)
    assert "PHỤ LỤC" in words(turned[0])
    for page in turned:
        left, right = 20 / 25.4 * 72, float(page.mediabox.width) - 20 / 25.4 * 72
        assert all(left - 1 <= x <= right for x in _starts(page))
    assert "Đỗ Minh Khang" in words(upright[-1])


@pytest.mark.parametrize("count", range(21, 33, 3))
def test_a_signature_never_stands_alone(count):
    """The last paragraph, the recipients, the code and the name are on one sheet, whatever the length above."""
    pages = drawn(content(body=tuple(Block("p", SENTENCE.format(n)) for n in range(count)), recipients=5))
    last = words(pages[-1])
    for said in (
        "Trên đây là báo cáo",
        "Nơi nhận:",
        "TM. BAN CHẤP HÀNH",
        "Đỗ Minh Khang",
        "Kiểm tra bản in:",
        PROOF.token,
    ):
        assert said in last
        assert not any(said in words(page) for page in pages[:-1])


def test_the_code_costs_no_sheet_where_the_signature_fits():
    """With up to three recipients the code stands beside the place where somebody signs."""
    for count in range(18, 24, 2):
        made = content(body=tuple(Block("p", SENTENCE.format(n)) for n in range(count)), name="Chi đoàn Sở Y tế")
        made = dataclasses.replace(made, paper=dataclasses.replace(made.paper, recipients=("Lưu Chi đoàn",)))
        assert len(drawn(made)) == len(drawn(made, None))


# --- papers made of blocks ------------------------------------------------------------------------------


def test_a_long_table_of_an_inspection_paper_repeats_its_head():
    case = concluded_case()
    notice = CasePaper.objects.get(inspection=case.case, kind=CasePaper.Kind.NOTICE)
    made = document_of(notice.frozen, number=notice.number)
    table = Table(
        (Column("TT", 8, "c"), Column("Kiến nghị"), Column("Thời hạn", 24, "c")),
        tuple((str(place), f"Việc thứ {place}: {SENTENCE.format(place)}", "31/12/2026") for place in range(1, 61)),
    )
    made = dataclasses.replace(
        made, blocks=(*made.blocks, CaseBlock("cap", "Bảng 2. Sáu mươi việc"), CaseBlock("table", table=table))
    )
    html, layout = document_html(made, PROOF)
    pages = PdfReader(io.BytesIO(render_pdf(html, layout=layout))).pages
    with_rows = [words(page) for page in pages if "Việc thứ" in words(page)]
    assert len(with_rows) >= 4
    assert all("TT Kiến nghị Thời hạn" in said for said in with_rows)
    whole = " ".join(with_rows)
    assert [whole.count(f"Việc thứ {place}:") for place in range(1, 61)] == [1] * 60
    for one, two in pairwise(pages):
        assert not text_lines(one)[-1].startswith("Bảng 2.")
        assert text_lines(two)
