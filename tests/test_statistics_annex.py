"""Statistics tables of a round go with the report: filled from its own figures, frozen, printed, compared."""

import datetime
import io
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from branches.models import Period
from reports.annexes import annexes_of, tables_asked
from reports.freezing import content_of_submission, prepare, verify
from reports.material import material_of
from reports.models import PeriodReport, ReportRound, StatItem, StatTable, Submission
from reports.papers.content import ReportContent
from reports.papers.pdf import render_pdf
from reports.papers.report import draft_content, report_html
from reports.papers.report_docx import report_docx
from reports.papers.report_xlsx import report_xlsx
from reports.rounds import open_round
from reports.statistics.defining import add_item, create_table, put_in_use
from reports.statistics.typing_in import type_value
from reports.waiting import waiting_for

from .edition_scene import a_branch, begin, hand_in, indicator, log
from .factories import IndicatorFactory, TargetFactory, UnionFactory, account_at, year
from .rolling import CLOSED, approved, began
from .rolling import log as log_in
from .test_rolling_up import Three

pytestmark = pytest.mark.django_db
DAY = datetime.date
OPENED, TODAY = DAY(2025, 12, 1), DAY(2026, 1, 5)
What = StatItem.What


def a_table(owner, by, number="09", title="Hiến máu", codes=("blood_turns", "news_items"), whom="all"):
    """A table of these indicators with their sum of people typed nowhere, in use since 2015."""
    table = create_table(owner=owner, by=by, number=number, title=title, whom=whom, kinds=["year", "term"])
    for code in codes:
        add_item(table=table, what=What.INDICATOR, indicator=indicator(code))
    return put_in_use(table=StatTable.objects.get(pk=table.pk), version=table.version, valid_from=DAY(2015, 1, 1))


class Scene:
    """The branch of edition_scene: blood 5 (4 the year before, at least 4), news about 10 of 12; its office asks."""

    def __init__(self):
        self.union = UnionFactory(name="Đoàn Khối", place="An Hòa")
        self.branch = a_branch(superior=self.union)
        self.office = account_at(self.union, "superior_office")
        self.table = a_table(self.union, self.office)

    def ask(self, *tables) -> ReportRound:
        return open_round(
            unit=self.union, by=self.office, on=OPENED, kind="year", period=Period.of_year(2025),
            due_on=DAY(2026, 1, 15), tables=tables or (self.table,),
        )  # fmt: skip


@pytest.fixture
def s():
    return Scene()


def cells(content: ReportContent, place=0) -> list:
    return [[cell.words for cell in line.cells] for line in content.annexes[place].lines]


# Kỳ này, Kỳ trước, Kế hoạch, So kế hoạch: 3 + 2 = 5; 5 / 4 = 125,0%; about 10 of 12 = 83,3%.
FILLED = [["5", "4", "≥ 4", "125,0%"], ["khoảng 10", "-", "≥ 12", "khoảng 83,3%"]]


# --- asked, filled, frozen --------------------------------------------------------------------------------


def test_a_report_nobody_asked_tables_of_has_none(s):
    report = begin(s.branch)
    assert draft_content(report, on=TODAY).annexes == ()
    assert hand_in(report).content["annexes"] == []


def test_the_tables_of_the_round_go_with_the_report_and_say_what_it_says(s):
    s.ask()
    content = draft_content(begin(s.branch), on=TODAY)
    (annex,) = content.annexes
    assert (annex.heading, annex.unit_name, annex.as_of) == ("Biểu 09. Hiến máu", "Chi đoàn Sở Y tế", "2025-12-31")
    assert annex.columns == ("Kỳ này", "Kỳ trước", "Kế hoạch", "So kế hoạch")
    assert cells(content) == FILLED
    printed = {
        row.name: (row.done.words if hasattr(row.done, "words") else row.done.text) for row in content.table.rows
    }
    assert [printed[line.name] for line in annex.lines] == ["5", "khoảng 10"]
    lead = next(block.text for block in content.body if block.kind == "lead" and "Bảng 1" in block.text)
    assert lead.endswith("kết quả từng chỉ tiêu nêu tại Bảng 1; số liệu chi tiết nêu tại các biểu kèm theo.")


def test_tables_for_other_units_or_still_drafts_are_left_out(s):
    superiors = a_table(s.union, s.office, "10", "Chỉ cho cấp trên", whom="superiors")
    s.ask(superiors, s.table)
    assert list(tables_asked(begin(s.branch))) == [s.table]


def test_lines_nobody_typed_are_told_before_handing_in(s, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    table = create_table(owner=s.union, by=s.office, number="11", title="Tự nhập", whom="all", kinds=["year"])
    for name in ("Đội hình", "Câu lạc bộ"):
        add_item(table=table, what=What.TYPED, unit_word="đội", name=name)
    put_in_use(table=StatTable.objects.get(pk=table.pk), version=1, valid_from=DAY(2015, 1, 1))
    s.ask(table)
    report = begin(s.branch)
    client.force_login(account_at(s.branch))
    page = client.get(reverse("reports:report_submit", args=[report.pk])).content.decode()
    assert "Biểu 11. Tự nhập: 2 dòng chưa nhập số." in page


def test_what_was_handed_in_stays_and_is_part_of_the_hash(s):
    s.ask()
    submission = hand_in(begin(s.branch))
    log(s.branch, "blood_turns", 7, DAY(2025, 11, 1))
    frozen = Submission.objects.get(pk=submission.pk)
    assert cells(content_of_submission(frozen)) == FILLED
    assert verify(frozen)
    frozen.content["annexes"][0]["lines"][0]["cells"][0]["text"] = "50"
    assert not verify(frozen)


def test_content_with_tables_comes_back_from_its_json(s):
    s.ask()
    content = prepare(begin(s.branch), on=TODAY).content
    assert ReportContent.from_json(content.to_json()) == content


def test_an_edition_from_before_there_were_tables_reads_as_one_without(s):
    said = hand_in(begin(s.branch)).content
    del said["annexes"], said["table"]["note"]
    content = ReportContent.from_json(said)
    assert (content.annexes, content.table.note) == ((), "")


def test_a_table_asked_for_a_theme_says_what_the_report_says(s):
    """Blood is named by the theme: 5 of the whole year, as in the report. Of the news, which is not, only what
    activities of the theme brought is counted: 3 of 13, and no year before. Report and table have both lines."""
    log(s.branch, "news_items", 3, DAY(2025, 4, 4), title="Đưa tin ngày hội hiến máu")
    open_round(
        unit=s.union, by=s.office, on=OPENED, kind="year", period=Period.of_year(2025), due_on=DAY(2026, 1, 15),
        theme="hiến máu", tables=[s.table],
    )  # fmt: skip
    report = begin(s.branch, theme="hiến máu")
    content = draft_content(report, on=TODAY)
    printed = {row.code: row.done.text for row in content.table.rows}
    assert printed == {"blood_turns": "5", "news_items": "3"}
    assert cells(content) == [["5", "4", "≥ 4", "125,0%"], ["3", "x", "x", "x"]]
    assert content.annexes[0].notes[0] == (
        "Dòng Tin, bài về hoạt động của Đoàn: chỉ tính các hoạt động có nội dung “hiến máu”, không so với kỳ trước"
    )


def test_a_line_no_activity_of_the_theme_has_a_figure_for_is_empty(s):
    open_round(
        unit=s.union, by=s.office, on=OPENED, kind="year", period=Period.of_year(2025), due_on=DAY(2026, 1, 15),
        theme="hiến máu", tables=[s.table],
    )  # fmt: skip
    assert cells(draft_content(begin(s.branch, theme="hiến máu"), on=TODAY))[1] == ["-", "x", "x", "x"]


def test_queries_do_not_grow_with_tables(s, django_assert_num_queries):
    second = a_table(s.union, s.office, "10", "Tin bài", codes=("news_items",))
    third = a_table(s.union, s.office, "11", "Học tập", codes=("hcm_study_registered", "blood_turns"))
    asked = s.ask()
    report = PeriodReport.objects.select_related("unit", "period").get(pk=begin(s.branch).pk)
    material = material_of(report, as_of=TODAY)
    with django_assert_num_queries(7) as one:
        assert len(annexes_of(report, material)) == 1
    asked.tables.add(second, third)
    with django_assert_num_queries(len(one)):
        assert len(annexes_of(report, material)) == 3


# --- rolled up --------------------------------------------------------------------------------------------


@pytest.fixture
def khoi():
    """The Khối under a superior that asks it; A1 (10) and A2 (20) approved of three, a stray activity of its own."""
    three = Three()
    three.turns = IndicatorFactory(name="Hiến máu tình nguyện", code="mau-thu")
    TargetFactory(unit=three.khoi, indicator=three.turns, value=40)
    three.each(three.turns, 10, 20, None, None, None)
    approved(three.a1, by=three.by)
    approved(three.a2, by=three.by)
    log_in(three.a3, three.turns, Decimal(99))  # logged and not reported
    three.office = account_at(three.khoi, "superior_secretary")
    three.table = a_table(three.city, three.by, codes=("mau-thu",))
    three.report = began(three.khoi, by=three.office, from_units=True)
    asked = ReportRound.objects.create(
        unit=three.city, kind="year", period=year(), name="Năm 2026", due_on=CLOSED, opened_on=CLOSED,
        opened_by=three.office,
    )  # fmt: skip
    asked.tables.add(three.table)
    asked.rows.create(unit=three.khoi, period=year(), due_on=CLOSED, report=three.report)
    return three


def test_a_rolled_up_report_has_rolled_up_tables_and_names_the_missing_below_its_own(khoi):
    content = draft_content(khoi.report, on=CLOSED)
    # 10 + 20 of 40 = 75%; what A3 only logged is in neither.
    assert [line[0] for line in cells(content)] == ["30"]
    assert content.table.note == "Chưa gồm số liệu của đơn vị chưa có báo cáo được duyệt: Chi đoàn A3."
    html, _ = report_html(content)
    assert html.index("Số liệu tính đến hết ngày") < html.index(content.table.note)
    assert content.table.note in paragraphs_of(report_docx(content))


def test_a_report_of_what_was_logged_has_no_such_note(khoi):
    khoi.report.from_units = False
    assert draft_content(khoi.report, on=CLOSED).table.note == ""


# --- on paper ---------------------------------------------------------------------------------------------


def paragraphs_of(docx: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(docx)).paragraphs]


@pytest.mark.once
def test_pdf_word_and_excel_print_the_same_tables(s):
    second = a_table(s.union, s.office, "10", "Tin bài", codes=("news_items",))
    s.ask(s.table, second)
    content = content_of_submission(hand_in(begin(s.branch)))
    html, layout = report_html(content)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(html, layout=layout))).pages]
    first, second = (page for page in pages if "Biểu 09" in page or "Biểu 10" in page)
    assert "PHỤ LỤC" in first
    assert "khoảng 83,3%" in first
    assert "2" in second.split()  # the annex counts its own sheets
    word = report_docx(content)
    texts = paragraphs_of(word)
    assert "PHỤ LỤC" in texts
    assert [text.split("\n")[0] for text in texts if text.startswith("Biểu ")][-2:] == [
        "Biểu 09. Hiến máu", "Biểu 10. Tin bài"
    ]  # fmt: skip
    last = [
        [[cell.text for cell in row.cells][3:] for row in one.rows][1:] for one in Document(io.BytesIO(word)).tables
    ]
    assert last[-2:] == [FILLED, FILLED[1:]]
    book = load_workbook(io.BytesIO(report_xlsx(content)))
    assert book.sheetnames == ["Kết quả chỉ tiêu", "Biểu 09", "Biểu 10"]
    found = [[cell.value for cell in row][3:7] for row in book["Biểu 09"].iter_rows()]
    assert [5, 4, "≥ 4", "125,0%"] in found
    assert ["khoảng 10", "-", "≥ 12", "khoảng 83,3%"] in found


# --- pages ------------------------------------------------------------------------------------------------


def test_the_edition_shows_its_tables_and_the_comparison_the_cells_that_changed(s, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    s.ask()
    submission = hand_in(begin(s.branch))
    client.force_login(s.office)
    page = client.get(reverse("reports:submission", args=[submission.pk])).content.decode()
    assert "Biểu 09. Hiến máu" in page
    same = client.get(reverse("reports:submission_compare", args=[submission.pk])).content.decode()
    assert "giữ nguyên" in same
    log(s.branch, "blood_turns", 7, DAY(2025, 11, 1))
    page = client.get(reverse("reports:submission_compare", args=[submission.pk])).content.decode()
    assert "2 trên 8 ô thay đổi" in page  # 5 + 7 = 12, and 12 / 4 = 300,0%
    for words in (">5<", ">12<", ">125,0%<", ">300,0%<"):
        assert words in page


# --- what still has to be typed -----------------------------------------------------------------------------


def test_lines_nobody_typed_wait_until_somebody_has(s):
    """Of two typed lines one is for superiors only: one waits here, until it is typed or said to be unknown."""
    tables = []
    for number, whom in (("11", "all"), ("12", "superiors")):
        table = create_table(owner=s.union, by=s.office, number=number, title="Thêm", whom=whom, kinds=["year"])
        line = add_item(table=table, what=What.TYPED, name="Thanh niên", unit_word="người")
        put_in_use(table=StatTable.objects.get(pk=table.pk), version=table.version, valid_from=DAY(2015, 1, 1))
        tables.append((table, line))
    s.ask(*(table for table, _ in tables))
    secretary = account_at(s.branch)

    def asked():
        items = waiting_for(secretary, secretary.posts.get(), on=DAY(2026, 1, 12)).first
        return [(item.context, item.url) for item in items if item.verb == "Nhập số"]

    address = reverse("reports:stat_tables", args=[s.branch.pk])
    assert asked() == [("Còn 1 dòng chưa nhập, đi kèm báo cáo năm 2025", f"{address}?ky=2025")]
    type_value(
        item=tables[0][1], unit=s.branch, period=Period.of_year(2025), version=0, value=None, by=secretary,
        at=timezone.now(),
    )  # fmt: skip
    assert asked() == []
