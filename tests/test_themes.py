"""A report about a theme counts what speaks of the theme: worked out by hand, on every page, paper and file."""

import datetime
import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.models import Activity, Indicator, Period
from branches.restructuring import move_unit
from reports.comparing import changed_since_approval, figures_beside, rows_of
from reports.consistency import of_parts
from reports.drafting import chapters_today
from reports.drafts import drafts_of
from reports.freezing import content_of_submission, progress_of_rows, verify
from reports.judging import OF_THE_THEME, Standing
from reports.material import collect, material_of
from reports.models import PeriodReport
from reports.papers.report import draft_content, report_html
from reports.submitting import approve_report
from reports.suggestions import offers_of
from reports.summary import party_summary
from reports.themes import Theme, phrases_of

from .factories import (
    ActivityFactory,
    IndicatorFactory,
    QuantityFactory,
    ShareFactory,
    TargetFactory,
    TermFactory,
    UnionFactory,
    UnitFactory,
    WorkAreaFactory,
    YesNoFactory,
    account_at,
    year,
)
from .one_number import in_figures, in_word
from .printed import row_with, tables_of
from .rolling import CLOSED, approved, began, corrected, log, submitted

pytestmark = pytest.mark.django_db
DAY = datetime.date
THEME = "Tháng Thanh niên"
MARCH, APRIL, WINTER = DAY(2026, 3, 15), DAY(2026, 4, 2), DAY(2026, 12, 20)
OverTime, OverUnits = Indicator.OverTime, Indicator.OverUnits


class Scene:
    """A branch of 2026. In its theme: "Ra quân Tháng Thanh niên" in March, and "Thăm bản" in April by its note. Of the
    rest of the year: "Mùa đông ấm" in December, and whatever was logged in 2025."""

    def __init__(self):
        self.union = UnionFactory(name="Đoàn Khối", document_code="ĐK")
        self.branch = UnitFactory(name="Chi đoàn Sở Y tế", superior=self.union, document_code="CĐ")
        self.by = account_at(self.branch, full_name="Lê Thu Hạnh")
        self.office = account_at(self.union, "superior_office")

    def row(
        self, name, march=None, april=None, winter=None, before=None, *, target=None, factory=IndicatorFactory, **kind
    ):  # fmt: skip
        """An indicator with its figures (value or (value, whole)) in the two activities of the theme and besides it."""
        indicator = factory(name=name, **kind)
        if target is not None:
            TargetFactory(unit=self.branch, indicator=indicator, **target)
        for figure, day, said in (
            (march, MARCH, {"title": "Ra quân THÁNG thanh niên"}),
            (april, APRIL, {"title": "Thăm bản", "note": "Việc của tháng thanh niên, cùng xã bạn"}),
            (winter, WINTER, {"title": "Mùa đông ấm"}),
            (before, DAY(2025, 3, 15), {"title": "Ra quân Tháng Thanh niên"}),
        ):
            if figure is not None:
                value, whole = figure if isinstance(figure, tuple) else (figure, None)
                log(self.branch, indicator, None if value == "?" else value, day, whole=whole, **said)
        return indicator

    def begin(self, theme=THEME, period=None) -> PeriodReport:
        report = began(self.branch, period, by=self.by, theme=theme)
        return PeriodReport.objects.select_related("unit", "period").get(pk=report.pk)

    def material(self, theme=THEME, period=None, *, as_of=CLOSED):
        return collect(self.branch, period or year(), as_of=as_of, theme=theme)


@pytest.fixture
def s():
    return Scene()


@pytest.fixture
def closed(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: CLOSED)


def told(table, indicator):
    row = table.row(indicator.code)
    return row.done.value, row.done.whole, row.done.qualifier, row.aim, row.last.lines


# --- which words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("theme", "phrases"),
    [("", []), (" ; ,", []), ("Tháng Thanh niên, “hiến máu”", ["thang thanh nien", "hien mau"])],
)
def test_phrases_of_a_theme(theme, phrases):
    assert phrases_of(theme) == phrases


def test_words_that_say_nothing_are_no_theme(s):
    s.row("Tin, bài", winter=4)
    assert Theme.of(" ; ,") is None
    material = s.material(" ; ,")
    assert (material.theme, [row.done.value for row in material.table.rows]) == ("", [4])


def test_a_phrase_is_whole_words_of_title_note_or_area(s):
    """Not within a word, not parted over two, not of another year, not planned, not a figure that was only typed."""
    area = WorkAreaFactory(code="blood", name="Vận động hiến máu")
    inside = [
        ActivityFactory(unit=s.branch, title="Ngày hội HIẾN MÁU 2026"),
        ActivityFactory(unit=s.branch, title="Ngày chủ nhật đỏ", note="Có 20 người hien mau."),
        ActivityFactory(unit=s.branch, title="Họp ban tổ chức", area=area),
    ]
    for fields in (
        {"title": "Hiến máuu"}, {"title": "Hiến đất, máu nóng"}, {"title": "Hiến máu", "starts_on": DAY(2025, 12, 31)},
        {"title": "Hiến máu", "state": Activity.State.PLANNED}, {"title": "Hiến máu", "nature": Activity.Nature.FIGURE},
        {"title": "Hiến máu", "unit": UnitFactory(name="Chi đoàn Lạ", superior=s.union)},
    ):  # fmt: skip
        ActivityFactory(**{"unit": s.branch, **fields})
    material = s.material("hiến máu")
    assert material.counted.activities == {one.pk for one in inside}
    assert material.table.activities == 3


# --- the figures ------------------------------------------------------------------------------------------


def test_an_indicator_named_by_the_theme_keeps_its_year_and_its_plan(s):
    """2 in March and 3 in December are 5 of 4, after 1 in 2025: it is about the theme, whoever logged it where."""
    works = s.row("Công trình Tháng Thanh niên", march=2, winter=3, before=1, target={"value": 4})
    row = s.material().table.row(works.code)
    assert (row.done.value, row.aim.value, row.last.value, row.standing) == (5, 4, 1, Standing.OVER)
    assert not row.is_of_theme


def test_an_indicator_reached_through_activities_counts_only_these(s):
    """70 in March and 50 in April are 120; the 380 of December and the 300 of 2025 are something else, as is the plan
    of 400 for the whole year. What no activity of the theme brought is not told."""
    coats = s.row("Áo ấm tặng", march=70, april=50, winter=380, before=300, target={"value": 400})
    s.row("Tin, bài", winter=9, target={"value": 5})
    table = s.material().table
    assert [row.indicator.code for row in table.rows] == [coats.code]
    row = table.row(coats.code)
    assert told(table, coats) == (120, None, "exact", None, 0)
    assert (row.done.lines, row.target, row.standing, row.reason) == (2, None, "not_measurable", OF_THE_THEME)
    assert s.material("").table.row(coats.code).done.value == 500


def test_every_rule_over_time_counts_the_activities_of_the_theme(s):
    """Each by hand: the largest of 40 and 25, the newest of 3 and 4, the mean of 6 and 9, the newest share, the share
    of the sums (2 + 1)/(4 + 4), yes because April has it, hơn 30 + 20, and a figure nobody knows."""
    largest = s.row("Buổi đông nhất", 40, 25, 90, over_time=OverTime.MAX)
    newest = s.row("Nhóm đang có", 3, 4, 9, over_time=OverTime.LAST)
    mean = s.row("Điểm trung bình", 6, 9, 1, over_time=OverTime.AVERAGE)
    share = s.row("Đạt chuẩn", (8, 10), (9, 10), (1, 10), factory=ShareFactory)
    added = s.row("Tỷ lệ cộng dồn", (2, 4), (1, 4), (90, 90), factory=ShareFactory, over_time=OverTime.SUM)
    have = s.row("Có mô hình", 0, 1, 0, factory=YesNoFactory)
    unknown = s.row("Chưa rõ số", "?", None, 7)
    rough = IndicatorFactory(name="Ước chừng")
    log(s.branch, rough, 30, MARCH, qualifier="more", title=THEME)
    log(s.branch, rough, 20, MARCH, title=THEME)
    table = s.material().table
    assert told(table, largest)[:1] == (40,)
    assert told(table, newest)[:1] == (4,)
    assert told(table, mean)[:1] == (7.5,)
    assert told(table, share)[:2] == (9, 10)
    assert told(table, added)[:2] == (3, 8)
    assert told(table, have)[:1] == (1,)
    assert told(table, unknown)[:1] == (None,)
    assert told(table, rough)[:3] == (50, None, "more")
    assert all(row.is_of_theme and row.aim is None for row in table.rows)


def test_a_part_named_by_the_theme_brings_its_whole(s):
    """A part alone would be a share of nothing: 4 of the 8 of the whole, both of the whole year."""
    area = WorkAreaFactory(code="building")
    whole = s.row("Được xếp loại", winter=(8, 10), factory=ShareFactory, area=area)
    parent = TargetFactory(unit=s.branch, indicator=whole, value=100, comparator="eq")
    part = s.row("Nòng cốt Tháng Thanh niên", winter=4, factory=ShareFactory, area=area, of=whole,
                 target={"value": 20, "parent": parent})  # fmt: skip
    s.row("Tin, bài", winter=9, target={"value": 5}, area=area)
    rows = s.material().table.rows
    assert [(row.indicator.code, row.depth, row.done.value, row.done.whole) for row in rows] == [
        (whole.code, 0, 8, 10), (part.code, 1, 4, 8),
    ]  # fmt: skip


def test_a_part_reached_through_activities_stands_alone(s):
    """3 of 5 in March; its whole, of which the theme says nothing, is not told."""
    whole = s.row("Được xếp loại", winter=(8, 10), factory=ShareFactory)
    parent = TargetFactory(unit=s.branch, indicator=whole, value=100, comparator="eq")
    part = s.row("Xếp loại tốt", (3, 5), winter=(8, 8), factory=ShareFactory, of=whole,
                 target={"value": 20, "parent": parent})  # fmt: skip
    (row,) = s.material().table.rows
    assert (row.indicator.code, row.depth, row.done.value, row.done.whole, row.aim) == (part.code, 0, 3, 5, None)


def test_an_activity_of_several_days_counts_where_it_ended(s):
    """Begun in December 2025 and ended in January it is of 2026; ended after the day of the figures it is of none."""
    coats = IndicatorFactory(name="Áo ấm tặng")
    log(s.branch, coats, 7, DAY(2025, 12, 28), last_on=DAY(2026, 1, 3), title=THEME)
    log(s.branch, coats, 5, DAY(2026, 6, 1), last_on=DAY(2026, 6, 20), title=THEME)
    assert told(s.material(as_of=DAY(2026, 6, 19)).table, coats)[0] == 7
    assert told(s.material().table, coats)[0] == 12


def test_part_of_a_year_tells_the_activities_of_the_span(s):
    """The first quarter has the 70 of March; the year so far is put beside what the theme names, and nothing else."""
    coats = s.row("Áo ấm tặng", march=70, april=50, winter=380, target={"value": 400})
    works = s.row("Công trình Tháng Thanh niên", march=2, april=3, before=1, target={"value": 4})
    material = s.material(period=Period.of_quarter(2026, 1), as_of=DAY(2026, 3, 31))
    assert told(material.table, coats)[0] == 70
    texts = [draft.text for draft in drafts_of(material)["area-movement"]]
    assert texts[0].endswith("từ đầu năm đạt 02/04 lượt người (50% kế hoạch năm).")
    assert texts[1] == "Trong các hoạt động của chuyên đề, áo ấm tặng đạt 70 lượt người."
    assert [row.indicator.code for row in material.so_far.rows] == [works.code]
    summary = drafts_of(material)["results"][0].text
    assert summary.startswith(
        "Đến hết ngày 31/03/2026, trong 01 chỉ tiêu của năm 2026 về chuyên đề, Chi đoàn đúng tiến độ"
    )


def test_a_term_tells_each_year_s_activities(s):
    """6 in 2025 and 70 + 50 in 2026 are 126, beside no plan of any year."""
    coats = s.row("Áo ấm tặng", 70, 50, 380, 6, target={"value": 400})
    log(s.branch, coats, 1000, DAY(2025, 12, 1), title="Mùa đông ấm")
    works = s.row("Công trình Tháng Thanh niên", march=2, winter=3, before=1, target={"value": 4})
    term = TermFactory(unit=s.branch, starts_on=DAY(2025, 1, 1), ends_on=DAY(2027, 1, 1), name="Nhiệm kỳ 2025-2026")
    material = s.material(period=term)
    assert told(material.table, coats)[0] == 126
    assert [(one.done.value, one.aim) for one in material.by_year[coats.code]] == [(6, None), (120, None)]
    assert [one.done.value for one in material.by_year[works.code]] == [1, 5]
    content = draft_content(s.begin(period=term), on=CLOSED)
    assert content.paper.abstract == ("Kết quả Tháng Thanh niên", "nhiệm kỳ 2025 - 2026")
    assert content.table.title == "Kết quả Tháng Thanh niên nhiệm kỳ 2025 - 2026"
    (row,) = [row for row in content.table.rows if row.code == coats.code]
    assert [done.text for _, done in row.years] == ["6", "120"]
    assert (row.done.text, row.against) == ("126", "Trong chuyên đề")


def test_a_unit_that_moved_counts_under_the_superior_of_each_day(s):
    """20 before the move count for the Khối, 30 after it do not."""
    other, moving = UnionFactory(name="Đoàn Khối Bên"), UnitFactory(name="Chi đoàn Đi", superior=s.union)
    coats = IndicatorFactory(name="Áo ấm tặng")
    log(moving, coats, 20, DAY(2026, 3, 1), title=THEME)
    log(moving, coats, 30, DAY(2026, 9, 1), title=THEME)
    log(moving, coats, 400, DAY(2026, 2, 1), title="Mùa đông ấm")
    move_unit(unit=moving, superior=other, on=DAY(2026, 6, 1), decision="15-QĐ/TĐTN")
    s.union.refresh_from_db()
    assert told(collect(s.union, year(), as_of=CLOSED, theme=THEME).table, coats)[0] == 20


# --- what is written --------------------------------------------------------------------------------------


def test_a_sentence_says_that_only_the_theme_is_counted(s):
    s.row("Áo ấm tặng", 70, 50, 380, 300, action="tặng", unit_word="áo ấm", target={"value": 400})
    s.row("Công trình Tháng Thanh niên", march=2, winter=3, before=1, target={"value": 4})
    s.row("Chưa rõ số", "?", None, 7)
    found = drafts_of(s.material())
    assert [draft.text for draft in found["area-movement"]] == [
        "Công trình Tháng Thanh niên đạt 05 lượt người, vượt 01 lượt người so với kế hoạch (125%); năm 2025 là"
        " 01 lượt người.",
        "Trong các hoạt động của chuyên đề, Chi đoàn tặng 120 áo ấm.",
        "Cũng trong chuyên đề, chưa rõ số có thực hiện nhưng chưa thống kê được số liệu.",
        "Chi đoàn tổ chức hoạt động “Ra quân THÁNG thanh niên” (15/03/2026).",
    ]
    assert found["results"][0].text == (
        "Năm 2026, trong 01 chỉ tiêu về chuyên đề, Chi đoàn thực hiện vượt 01 chỉ tiêu; 02 nội dung chỉ tính trong các"
        " hoạt động của chuyên đề (Bảng 1)."
    )


def test_things_named_in_a_sentence_are_those_of_the_theme(s):
    """The gate of December is not among what the activities of the theme made."""
    works = IndicatorFactory(name="Phần việc", action="hoàn thành", unit_word="phần việc")
    for title, note in ((THEME, "khung cửa"), ("Mùa đông ấm", "cổng cơ quan")):
        activity = ActivityFactory(unit=s.branch, starts_on=MARCH, title=title, area=works.area)
        QuantityFactory(activity=activity, indicator=works, value=1, note=note)
    (draft,) = drafts_of(s.material())["area-movement"]
    assert draft.text == "Trong các hoạt động của chuyên đề, Chi đoàn hoàn thành 01 phần việc (khung cửa)."


@pytest.mark.parametrize(
    ("theme", "said"),
    [
        (THEME, "Năm 2026, Chi đoàn không có chỉ tiêu về chuyên đề; kết quả từng nội dung nêu tại Bảng 1."),
        ("Tặng sách", "Năm 2026, Chi đoàn có 01 hoạt động của chuyên đề, chưa ghi số liệu theo chỉ tiêu."),
        ("Hiến máu", "Năm 2026, Chi đoàn chưa ghi hoạt động nào của chuyên đề."),
    ],
)
def test_the_summary_without_a_target_says_what_there_is(theme, said, s):
    s.row("Áo ấm tặng", 70, 50, 380, target={"value": 400})
    ActivityFactory(unit=s.branch, title="Tặng sách", starts_on=MARCH)
    assert drafts_of(s.material(theme))["results"][0].text == said


def test_shortcomings_and_causes_are_those_of_the_theme(s):
    """Missed are both, cancelled are both: only what the theme names is offered. Months without a meeting are not."""
    s.row("Áo ấm tặng", 70, winter=5, target={"value": 400})
    s.row("Công trình Tháng Thanh niên", march=2, target={"value": 4})
    for title in ("Ra quân Tháng Thanh niên đợt 2", "Hội thao"):
        ActivityFactory(
            unit=s.branch, title=title, starts_on=MARCH, state=Activity.State.CANCELLED, cancel_reason="Mưa lũ"
        )
    report = s.begin()
    material = material_of(report, as_of=CLOSED)
    views = {view.chapter.key: view for view in chapters_today(report, material)}
    late = [one.text for one in offers_of(views["shortcomings"], material) if "late" in one.source]
    assert late == ["Chưa hoàn thành chỉ tiêu công trình Tháng Thanh niên (02/04 lượt người, bằng 50% kế hoạch)."]
    assert not [one for one in offers_of(views["shortcomings"], material) if "silent" in one.source]
    causes = [one.text for one in offers_of(views["causes"], material)]
    assert causes == ["Không tổ chức được “Ra quân Tháng Thanh niên đợt 2” (15/03/2026): mưa lũ."]


def test_targets_of_the_next_year_are_those_the_theme_names(s):
    works = s.row("Công trình Tháng Thanh niên", march=2)
    for indicator in (works, s.row("Áo ấm tặng", 70)):
        TargetFactory(unit=s.branch, indicator=indicator, period=year(2027), value=9)
    assert [one.indicator for one in s.material().next_targets] == [works]


def test_a_part_of_the_whole_year_is_not_checked_against_the_activities_of_a_theme(s):
    """The part named by the theme has 9 all year, its whole 5 in the theme's activities: no contradiction."""
    whole = s.row("Lượt tham gia", 5, winter=20)
    s.row("Lượt Tháng Thanh niên", winter=9, of=whole)
    rows = s.material().table.rows
    assert [row.done.value for row in rows] == [9, 5]
    assert of_parts(rows) == []


# --- one number -------------------------------------------------------------------------------------------

# name: year before, plan, result, and what stands across the columns of comparison and verdict.
PRINTED = {
    "Áo ấm tặng": ("x", "x", "120", "Trong chuyên đề"),
    "Buổi đông nhất": ("x", "x", "40", "Trong chuyên đề"),
    "Đạt chuẩn": ("x", "x", "90,0(9/10)", "Trong chuyên đề"),
    "Có mô hình": ("x", "x", "Có", "Trong chuyên đề"),
    "Chưa rõ số": ("x", "x", "…", "Trong chuyên đề"),
    "Công trình Tháng Thanh niên": ("1", "≥ 4", "5", "125,0%", "Vượt"),
}


def a_year(s) -> None:
    s.coats = s.row("Áo ấm tặng", 70, 50, 380, 300, action="tặng", unit_word="áo ấm", target={"value": 400})
    s.row("Buổi đông nhất", 40, 25, 90, 12, over_time=OverTime.MAX, over_units=OverUnits.MAX)
    s.row("Đạt chuẩn", (8, 10), (9, 10), (1, 10), (2, 10), factory=ShareFactory, target={"value": 95})
    s.row("Có mô hình", 0, 1, 0, factory=YesNoFactory)
    s.row("Chưa rõ số", "?", None, 7)
    s.row("Công trình Tháng Thanh niên", march=2, winter=3, before=1, target={"value": 4})
    s.row("Tin, bài", winter=9, before=8, target={"value": 5})


def papers_say(content, expected) -> None:
    """PDF, Word and Excel of a content, cell by cell."""
    paper, word, book = tables_of(report_html(content)[0]), [in_word(content)], [in_figures(content)]
    for name, printed in expected.items():
        assert tuple(row_with(paper, name)[3:]) == printed, name
        assert tuple(row_with(word, name)[3:]) == printed, name
        assert tuple(cell for cell in row_with(book, name)[4:9] if cell) == printed, name


def test_page_paper_word_excel_and_frozen_rows_say_the_same(s, client, closed):
    a_year(s)
    report = s.begin()
    content = draft_content(report, on=CLOSED)
    papers_say(content, PRINTED)
    assert {row.name for row in content.table.rows} == set(PRINTED)
    assert content.table.note == (
        "Nội dung ghi “Trong chuyên đề” chỉ tính kết quả của các hoạt động có nội dung “Tháng Thanh niên”, không phải"
        " kết quả cả kỳ, nên không so với kế hoạch và năm trước."
    )
    text = " ".join(block.text for block in content.body)
    assert "Trong các hoạt động của chuyên đề, Chi đoàn tặng 120 áo ấm. Cũng trong chuyên đề, buổi đông nhất" in text
    assert [block.text for block in content.body if block.kind == "h3"][:2] == [
        "1. Phong trào hành động cách mạng", "2. Kết quả thực hiện chỉ tiêu",
    ]  # fmt: skip
    assert not {"500", "380", "300"} & {word.strip(".,;") for word in text.split()}
    client.force_login(s.by)
    page = client.get(reverse("reports:report", args=[report.pk]) + "?muc=area-movement").content.decode()
    assert ">120</a> áo ấm" in page

    edition = submitted(report, by=s.by)
    assert verify(edition)
    papers_say(content_of_submission(edition), PRINTED)
    frozen = {row.indicator.name: row for row in progress_of_rows(rows_of(edition))}
    row = frozen["Áo ấm tặng"]
    assert (row.done.value, row.aim, row.last.lines, row.is_of_theme) == (120, None, 0, True)
    # Each figure was logged as an activity of its own: 6 in March, 4 in April, none of December or of the year before.
    assert edition.facts["activities"] == s.material().table.activities == 10


def test_the_chart_by_quarter_leaves_out_what_only_the_theme_is_counted_of(s):
    """Coats by quarter would be those of the year: the chart takes what the theme names."""
    a_year(s)
    figures = [block for block in draft_content(s.begin(), on=CLOSED).body if block.chart]
    assert [block.text for block in figures] == ["Công trình Tháng Thanh niên theo quý (lượt người)"]


def test_a_figure_opens_only_its_lines(s, client, closed):
    a_year(s)
    report = s.begin()
    client.force_login(s.by)
    page = client.get(reverse("reports:report", args=[report.pk]) + "?muc=area-movement").content.decode()
    address = f"{reverse('reports:figure', args=[s.branch.pk, s.coats.code])}?ky=2026&bao-cao={report.pk}"
    assert address.replace("&", "&amp;") in page
    opened = client.get(address).content.decode()
    assert '<span class="fig">120</span>' in opened
    assert "Chỉ tính hoạt động của chuyên đề" in opened
    assert "Thăm bản" in opened
    assert "Mùa đông ấm" not in opened
    (table,) = tables_of(opened)
    assert [row[2] for row in table[1:]] == ["50", "70"]
    whole = client.get(address.partition("&")[0]).content.decode()
    assert '<span class="fig">500</span>' in whole


def test_a_report_of_somebody_else_opens_nothing(s, client, closed):
    """The notes behind a theme are not searched by who may not read the report, nor through another unit's page."""
    a_year(s)
    report = s.begin()
    other = UnitFactory(name="Chi đoàn Lạ", superior=s.union)
    log(other, s.coats, 3, MARCH)
    client.force_login(account_at(other))
    asked = {"ky": "2026", "bao-cao": report.pk}
    assert client.get(reverse("reports:figure", args=[other.pk, s.coats.code]), asked).status_code == 404
    client.force_login(account_at(s.union, "party_secretary"))
    assert client.get(reverse("reports:figure", args=[s.branch.pk, s.coats.code]), asked).status_code == 404
    assert client.get(reverse("reports:figure", args=[s.branch.pk, s.coats.code])).status_code == 200


def test_then_beside_now_and_a_correction(s, client, closed):
    """120 as submitted; 10 more coats of the theme are 130 now, and 90 of December change nothing."""
    a_year(s)
    edition = approved(s.branch, by=s.by, theme=THEME)
    report = edition.report
    log(s.branch, s.coats, 90, WINTER, title="Mùa đông ấm đợt 2")
    table = material_of(report, as_of=CLOSED).table
    assert changed_since_approval(report, table).count == 0
    log(s.branch, s.coats, 10, WINTER, title="Tổng kết Tháng Thanh niên")
    table = material_of(report, as_of=CLOSED).table
    assert changed_since_approval(report, table).count == 1
    (coats,) = [one for one in figures_beside(rows_of(edition), table) if one.is_changed]
    assert (coats.then.result, coats.now.result, coats.then.aim) == ("120", "130", "")
    client.force_login(s.by)
    page = client.get(reverse("reports:submission_figure", args=[edition.pk, s.coats.code])).content.decode()
    assert "Tổng kết Tháng Thanh niên" in page
    assert "Mùa đông ấm" not in page
    page = client.get(reverse("reports:submission_compare", args=[edition.pk])).content.decode()
    assert "chỉ tính hoạt động của chuyên đề" in page
    assert corrected(edition, by=s.by).rows.get(code=s.coats.code).value == 130


@pytest.mark.parametrize("count", [1, 3])
def test_a_theme_costs_the_same_for_many(count, s):
    """The whole year read once, the activities of the theme once, their figures once."""
    for _ in range(count):
        s.row(f"Áo ấm {count}", 70, 50, 380)
        s.row(f"Công trình Tháng Thanh niên {count}", march=2, winter=3, before=1, target={"value": 4})
    s.material()
    with CaptureQueriesContext(connection) as plain:
        s.material("")
    with CaptureQueriesContext(connection) as themed:
        s.material()
    assert len(themed) - len(plain) == 5


def test_every_list_names_the_theme(s, client, closed):
    """Two reports of one year are told apart: where they wait, are approved, are read by the Party committee."""
    a_year(s)
    report = s.begin()
    assert report.title == "Báo cáo chuyên đề Tháng Thanh niên, năm 2026"
    edition = submitted(report, by=s.by)
    party = account_at(s.branch, "party_secretary")

    def page(who, name, *args, query="") -> str:
        client.force_login(who)
        return html.unescape(client.get(reverse(f"reports:{name}", args=args) + query).content.decode())

    assert "Duyệt báo cáo chuyên đề Tháng Thanh niên, năm 2026" in page(s.office, "home", query="?tat-ca")
    assert report.title in page(s.office, "report_approve", report.pk)
    assert report.title not in page(party, "party_summary", s.branch.pk, query="?nam=2026")
    edition.report.refresh_from_db()
    approve_report(report=edition.report, version=edition.report.version, by=s.office, on=CLOSED)
    for who, name, key in (
        (s.by, "report_list", s.branch.pk), (s.by, "report", report.pk), (s.by, "submission", edition.pk),
        (s.by, "submission_list", report.pk), (party, "party_summary", s.branch.pk),
    ):  # fmt: skip
        assert report.title in page(who, name, key, query="?nam=2026"), name


def test_the_party_s_year_takes_no_figure_of_a_theme_report(s):
    a_year(s)
    approved(s.branch, by=s.by, theme=THEME)
    summary = party_summary(s.branch, 2026, as_of=CLOSED)
    assert summary.report is None
    assert summary.table.row(s.coats.code).done.value == 500
