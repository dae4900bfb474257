"""The report as PDF, Word and Excel: read back, every figure of the three is that of the content they came from."""

import io
import re
import unicodedata
from decimal import Decimal

import openpyxl
import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from lxml import etree
from pypdf import PdfReader

from reports.drafting import add_own
from reports.freezing import content_of_submission
from reports.models import PeriodReport, ReportSentence
from reports.papers.pdf import render_pdf
from reports.papers.report import draft_content, report_html
from reports.papers.report_docx import report_docx
from reports.papers.report_xlsx import report_xlsx

from .edition_scene import DAY, LAST_DAY, TODAY, a_branch, approve, begin, hand_in, indicator
from .factories import TargetFactory, TermFactory, UnitFactory, year
from .printed import tables_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
SUPERIOR_WORDS = "XÁC NHẬN CỦA ĐOÀN CẤP TRÊN"


@pytest.fixture
def content():
    report = begin(a_branch(), number="7", dated_on=TODAY, signer_name="Đỗ Minh Khang", recipients="Chi bộ (để b/c)")
    add_own(
        section=report.sections.get(key="solutions"), by=report.created_by, text="Phân công từng đồng chí phụ trách."
    )
    return draft_content(report, on=TODAY)


def squeezed(text: str) -> str:
    """Without any space, dash of a line end or no-break space: what a person reads, however it was broken."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


def cells_of(content) -> list[list[str]]:
    """Every line of the table as it is printed, from the content itself."""
    found = []
    for row in content.table.rows:
        line = [str(row.number), row.name, row.unit]
        line += [] if content.table.years else [f"{row.last.text}{row.last.parts}"]
        line += [row.aim, f"{row.done.text}{row.done.parts}"]
        line += [row.against] if not row.is_compared else [row.against, row.verdict]
        found.append([squeezed(cell) for cell in line])
    return found


def cells_in_word(document, *, columns: int) -> list[list[str]]:
    """Rows of the first table that wide, merged cells once."""
    table = next(table for table in document.tables if len(table.columns) == columns)
    found = []
    for row in table.rows:
        seen, line = set(), []
        for cell in row.cells:
            if cell._tc not in seen:
                seen.add(cell._tc)
                line.append(squeezed(cell.text))
        found.append(line)
    return found


def test_word_has_every_cell_of_the_table(content):
    rows = cells_in_word(Document(io.BytesIO(report_docx(content))), columns=8)
    figures = [row for row in rows if row[0].isdigit()]
    assert figures == cells_of(content)
    assert len(figures) == 5


def test_the_pdf_has_every_cell_in_the_same_order(content):
    html, layout = report_html(content)
    printed = squeezed(
        "".join(page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(html, layout=layout))).pages)
    )
    place = printed.index("Bảng1.")
    for row in cells_of(content):
        for cell in row:
            place = printed.index(cell, place) + len(cell)


def test_the_page_of_the_pdf_and_word_say_the_same_words(content):
    """Sentence by sentence: what stands in the one stands in the other."""
    html, layout = report_html(content)
    printed = squeezed(
        "".join(page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(html, layout=layout))).pages)
    )
    document = Document(io.BytesIO(report_docx(content)))
    written = squeezed("".join(part.text for part in document.element.iter(qn("w:t"))))
    for block in (*content.body, *content.closing):
        assert squeezed(block.text.upper() if block.kind == "h2" else block.text) in written
        assert squeezed(block.text.upper() if block.kind == "h2" else block.text) in printed
    for said in ("Số:07-BC/CĐ", "CHIĐOÀNSỞYTẾ", "ĐỗMinhKhang", "Chibộ(đểb/c)", "./."):
        assert said in written
        assert said in printed


def test_excel_has_every_cell_and_the_bare_figures(content):
    sheet = openpyxl.load_workbook(io.BytesIO(report_xlsx(content)))["Kết quả chỉ tiêu"]
    lines = [line for line in sheet.iter_rows(values_only=True) if line[0] and str(line[0]).isdigit()]
    said = [[squeezed(str(cell or "")) for cell in line[:9]] for line in lines]
    wanted = [row + [""] * (8 - len(row)) for row in cells_of(content)]
    assert [[*line[:1], *line[2:]] for line in said] == wanted
    by_name = {line[2]: line for line in lines}
    blood = by_name[indicator("blood_turns").name]
    assert blood[9:11] == (5, None)
    assert by_name[indicator("hcm_study_registered").name][9:11] == (14, 14)


def test_word_keeps_the_layout_of_the_office(content):
    document = Document(io.BytesIO(report_docx(content)))
    layout, section = content.paper.layout, document.sections[0]
    top, right, bottom, left = layout.margins_mm
    sides = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    assert [round(side.mm) for side in sides] == [top, right, bottom, left]
    assert section.different_first_page_header_footer  # numbers from page 2
    table = next(table for table in document.tables if len(table.columns) == 8)
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert next(one.text for one in document.paragraphs if one.style.name == "Heading 1").startswith("I. ")
    charts = [part for part in document.part.package.iter_parts() if str(part.partname).startswith("/word/charts/")]
    assert len(charts) == sum(1 for block in content.body if block.chart)


def charts_of(docx: bytes) -> list[dict]:
    """Of each chart, series → label → figure, as Word reads them; a plan is a series too."""
    found = []
    for part in Document(io.BytesIO(docx)).part.package.iter_parts():
        if str(part.partname).startswith("/word/charts/"):
            drawn = {}
            for series in etree.fromstring(part.blob).iter(f"{C}ser"):
                points = {
                    kind: {one.get("idx"): one.findtext(f"{C}v") for one in series.find(f"{C}{kind}").iter(f"{C}pt")}
                    for kind in ("cat", "val")
                }
                name = series.findtext(f"{C}tx/{C}v", "")
                drawn[name] = {points["cat"][at]: Decimal(figure) for at, figure in points["val"].items()}
            found.append(drawn)
    return found


def test_word_draws_both_years_beside_each_other_where_the_pdf_does(content):
    """Plan against result is a series for each reading of the PDF; the quarters are last year's and this year's: 12 and
    10 news in the first."""
    bars, columns = charts_of(report_docx(content))
    drawn = [block.chart for block in content.body if block.chart]
    assert [chart.kind for chart in drawn] == ["bars", "columns"]
    reading = {"over": "Vượt", "met": "Đạt"}
    assert {label: name for name, series in bars.items() for label in series} == {
        f"{bar.name}: {bar.figure}": reading.get(bar.standing, "Chưa đạt") for bar in drawn[0].bars if bar.share
    }
    assert list(bars) == ["Vượt", "Đạt", "Chưa đạt"]
    assert columns == {
        name: {group.name: Decimal(figure) for group in drawn[1].groups if (figure := getattr(group, which))}
        for name, which in ((drawn[1].last_name, "last"), (drawn[1].now_name, "now"))
    }
    assert columns["Năm 2025"]["Quý I"] == 10


def test_a_frozen_edition_gives_the_same_three_files():
    report = begin(a_branch(), number="7", dated_on=TODAY)
    live = draft_content(report, on=TODAY)
    frozen = content_of_submission(hand_in(report))
    assert report_xlsx(frozen) == report_xlsx(live)
    assert report_html(frozen) == report_html(live)
    words = [part.text for part in Document(io.BytesIO(report_docx(frozen))).element.iter(qn("w:t"))]
    assert words == [part.text for part in Document(io.BytesIO(report_docx(live))).element.iter(qn("w:t"))]


def test_a_correction_says_so_in_all_three():
    report = begin(a_branch(), number="7", dated_on=TODAY)
    approve(hand_in(report))
    corrected = content_of_submission(hand_in(report, on=DAY(2026, 2, 3), correction="Sửa số lượt hiến máu"))
    said = "Bản đính chính ngày 03/02/2026, thay bản ngày 05/01/2026"
    assert said in report_html(corrected)[0]
    assert any(said in one.text for one in Document(io.BytesIO(report_docx(corrected))).paragraphs)
    sheet = openpyxl.load_workbook(io.BytesIO(report_xlsx(corrected))).worksheets[0]
    assert any(said in str(cell) for row in sheet.iter_rows(max_row=6, values_only=True) for cell in row)


def test_the_years_of_a_term_stand_on_a_turned_sheet():
    unit = UnitFactory(place="An Hòa")
    term = TermFactory(unit=unit, name="Nhiệm kỳ 2022 - 2025", starts_on=DAY(2022, 1, 1), ends_on=DAY(2026, 1, 1))
    for number in (2022, 2023, 2024, 2025):
        TargetFactory(unit=unit, period=year(number), indicator=indicator("blood_turns"), value=4)
    content = draft_content(begin(unit, term), on=TODAY)
    document = Document(io.BytesIO(report_docx(content)))
    assert [section.orientation for section in document.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE]
    (annex,) = [rows for rows in tables_of(report_html(content)[0]) if "Năm 2022" in rows[0]]
    written = cells_in_word(document, columns=content.table.span)
    assert [squeezed(cell) for cell in annex[-1]] == written[-1]
    years = openpyxl.load_workbook(io.BytesIO(report_xlsx(content)))["Từng năm"]
    line = [cell for cell in list(years.iter_rows(values_only=True))[-1] if cell is not None]
    row = content.table.rows[-1]
    yearly = [squeezed(cell) for aim, done in row.years for cell in (aim, done.text)]
    assert [squeezed(str(cell)) for cell in line[3:11]] == yearly


def test_hostile_words_do_nothing(content):
    """Typed by people: markup stays words, a formula stays text, signs no file can hold are left out."""
    branch = a_branch(name="=cmd|' /C calc'!A0 <script>alert(1)</script>")
    report = begin(branch, signer_name="<img src=x onerror=alert(1)>")
    sentence = ReportSentence.objects.filter(section__report=report).first()
    ReportSentence.objects.filter(pk=sentence.pk).update(text="<b>{{ 7*7 }}</b> \x0b=HYPERLINK(1)")
    hostile = draft_content(PeriodReport.objects.select_related("unit", "period").get(pk=report.pk), on=LAST_DAY)
    html, _ = report_html(hostile)
    assert "<script>" not in html
    assert "<img" not in html
    document = Document(io.BytesIO(report_docx(hostile)))
    words = "".join(part.text or "" for part in document.element.iter(qn("w:t")))
    assert "<b>{{ 7*7 }}</b>" in words
    sheet = openpyxl.load_workbook(io.BytesIO(report_xlsx(hostile))).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {"s", "n"}


def test_a_paper_to_be_confirmed_says_so_in_word():
    content = draft_content(begin(a_branch(), confirmed_by_superior=True), on=TODAY)
    document = Document(io.BytesIO(report_docx(content)))
    assert SUPERIOR_WORDS in "".join(part.text or "" for part in document.element.iter(qn("w:t")))
