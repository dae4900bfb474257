"""The demo's case B: every figure of the founding table, in the data and on the paper of its term report."""

import datetime
import io
from decimal import Decimal

import pytest
from pypdf import PdfReader

from branches.models import Activity, Period, Quantity, Target
from reports.drafting import chapters_today
from reports.material import material_of
from reports.models import PeriodReport
from reports.papers.pdf import render_pdf
from reports.papers.report import day_of, draft_content, report_html
from reports.progress import Standing, progress_for

from .demo_world import TODAY, standing, unit, year

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("province")]


@pytest.fixture(scope="module")
def province(django_db_setup, django_db_blocker, tmp_path_factory):
    yield from standing(django_db_setup, django_db_blocker, tmp_path_factory)


def term(number: str) -> Period:
    return Period.objects.get(unit__code="so-tttt", name__startswith=f"Nhiệm kỳ {number} ")


# The table of cases.md, typed by hand: code, value, whole, word before it, counting unit.
TERM_V = [
    ("hcm_study_registered", 14, 14, "exact", "đoàn viên"),
    ("study_models", 2, None, "exact", "mô hình"),
    ("news_items", 20, None, "about", "tin, bài"),
    ("education_campaigns", None, None, "exact", "đợt"),
    ("blood_turns", 15, None, "exact", "lượt người"),
    ("fund_donations", 15_000_000, None, "about", "đồng"),
    ("gifts_poor_households", 2, None, "exact", "suất"),
    ("gifts_pupils", 5, None, "exact", "suất"),
    ("gift_value", 2_900_000, None, "exact", "đồng"),
    ("winter_spring_cost", 5_000_000, None, "nearly", "đồng"),
    ("summer_cost", 20_000_000, None, "nearly", "đồng"),
    ("fallen_families", 2, None, "exact", "hộ"),
    ("wounded_families", 2, None, "exact", "hộ"),
    ("youth_tasks", 3, None, "exact", "phần việc"),
    ("office_cleaning", 36, None, "exact", "buổi"),
    ("initiative_members", 4, None, "exact", "đoàn viên"),
    ("political_theory", 1, None, "exact", "đoàn viên"),
    ("state_management", 7, None, "exact", "đoàn viên"),
    ("masters_course", 1, None, "exact", "đoàn viên"),
    ("university_degree", 14, 14, "exact", "đoàn viên"),
    ("sport_prizes", 1, None, "exact", "giải thưởng"),
    ("sport_tournaments", 2, None, "exact", "giải thể thao"),
    ("children_gift_money", 30_000_000, None, "more", "đồng"),
    ("external_articles", None, None, "exact", "bài"),
    ("international_activities", None, None, "exact", "hoạt động"),
    ("festival_delegates", 1, None, "exact", "đoàn viên"),
]


@pytest.fixture
def term_v():
    return progress_for(unit("so-tttt"), term("V"), as_of=TODAY)


def test_every_quantity_of_the_fifth_term(term_v):
    found = []
    for code, *_ in TERM_V:
        done, indicator = term_v.row(code).done, term_v.row(code).indicator
        found.append((code, done.value, done.whole, done.qualifier, indicator.unit_word))
    assert found == TERM_V


def test_what_the_table_leaves_without_a_figure_stays_without(term_v):
    unknown = {code: term_v.row(code).done.unknown for code in ("education_campaigns", "external_articles")}
    assert unknown == {"education_campaigns": 3, "external_articles": 1}


@pytest.mark.parametrize("number", [2017, 2018, 2019])
def test_blood_donation_exceeded_the_plan_by_a_quarter_every_year(number):
    row = progress_for(unit("so-tttt"), year(number), as_of=TODAY).row("blood_turns")
    assert (row.done.value, row.aim.value, row.ratio, row.standing) == (5, 4, Decimal("1.25"), Standing.OVER)


def test_gift_sets_keep_their_price():
    sets = Quantity.objects.filter(activity__unit__code="so-tttt", activity__last_on__year=2019, each__gt=0)
    found = sets.order_by("activity__last_on").values_list("activity__last_on", "value", "each")
    assert list(found) == [
        (datetime.date(2019, 1, 29), 2, 700_000),
        (datetime.date(2019, 1, 30), 5, 300_000),
    ]


def test_joint_team_and_prize():
    football = Activity.objects.get(unit__code="so-tttt", title__contains="bóng đá")
    badminton = Activity.objects.get(unit__code="so-tttt", starts_on=datetime.date(2018, 3, 26))
    assert (football.organiser, football.partner) == ("joint", "Chi đoàn Thanh tra tỉnh")
    assert badminton.quantities.get(indicator__code="sport_prizes").note == "giải Ba đôi nam nữ"


def test_next_term_plan_has_every_shape():
    targets = Target.objects.filter(unit__code="so-tttt", period=term("VI")).in_order()
    found = [
        (t.indicator.code, t.comparator, t.value, t.value_to, t.parent and t.parent.indicator.code) for t in targets
    ]
    assert found == [
        ("resolution_briefed", "eq", 100, None, None),
        ("youth_tasks", "ge", 3, None, None),
        ("no_violation", "eq", 100, None, None),
        ("task_completed", "eq", 100, None, None),
        ("task_excellent", "ge", 20, None, "task_completed"),
        ("rated_fair", "eq", 100, None, None),
        ("rated_excellent", "ge", 90, None, "rated_fair"),
        ("party_admitted", "range", 2, 3, None),
    ]


def test_next_term_was_judged():
    table = progress_for(unit("so-tttt"), term("VI"), as_of=TODAY)
    assert {row.indicator.code: row.standing for row in table.planned} == {
        "resolution_briefed": Standing.MET,
        "youth_tasks": Standing.OVER,
        "no_violation": Standing.MET,
        "task_completed": Standing.MET,
        "task_excellent": Standing.OVER,
        "rated_fair": Standing.MET,
        "rated_excellent": Standing.MISSED,
        "party_admitted": Standing.MET,
    }


def test_the_branch_has_fourteen_members_all_along():
    for day in (datetime.date(2017, 6, 1), datetime.date(2019, 12, 31), TODAY):
        assert unit("so-tttt").memberships.on(day).filter(kind="official").count() == 14


# --- case B on paper ----------------------------------------------------------------------------------

# Every figure of case B's table with its unit and its word, typed by hand from cases.md, as the paper has to say it.
ON_PAPER = {
    "members registered": "100% đoàn viên (14/14) đăng ký học tập và làm theo",
    "study models": "duy trì 02 mô hình (Cơ quan không giấy tờ; Làm hết việc, không làm hết giờ)",
    "news items": "khoảng 20 tin, bài",
    "campaigns without a figure": "Đợt học nghị quyết, về nguồn, kỷ niệm ngày lễ lớn có thực hiện nhưng chưa thống kê",
    "blood donation": "15 lượt người tham gia hiến máu tình nguyện, vượt 25% kế hoạch",
    "blood donation every year": "năm nào cũng vượt 25% kế hoạch",
    "funds": "khoảng 15.000.000 đồng",
    "poor households": "Ngày 29/01/2019, tặng 02 suất quà cho hộ nghèo, mỗi suất 700.000 đồng",
    "pupils": "Ngày 30/01/2019, tặng 05 suất quà cho học sinh có hoàn cảnh khó khăn, mỗi suất 300.000 đồng",
    "winter and spring": "Mùa đông, Xuân tình nguyện với tổng kinh phí gần 5.000.000 đồng",
    "summers": "chiến dịch tình nguyện hè với tổng kinh phí gần 20.000.000 đồng",
    "families of the fallen": "thăm 02 hộ gia đình liệt sĩ",
    "families of the wounded": "thăm 02 hộ gia đình thương binh",
    "youth tasks": "03 phần việc (khung cửa sổ phòng họp; hộp bảo vệ đường điện máy bơm; đèn tự động ở nhà để xe)",
    "monthly cleaning": "Tổng vệ sinh công sở thứ Hai đầu tháng buổi 36 36 100,0% Đạt",
    "initiatives": "04 đoàn viên có sáng kiến được công nhận cấp cơ sở",
    "political theory": "01 đoàn viên học cao cấp lý luận chính trị",
    "state management": "07 đoàn viên học bồi dưỡng quản lý nhà nước",
    "master's course": "01 đoàn viên học thạc sĩ",
    "university degrees": "100% đoàn viên (14/14) có trình độ đại học trở lên",
    "badminton": "01 giải thưởng (giải Ba đôi nam nữ)",
    "football": "02 giải thể thao (cầu lông; bóng đá, đội liên quân với Chi đoàn Thanh tra tỉnh)",
    "staff members' children": "con cán bộ, công chức dịp 1/6 và Trung thu với tổng trị giá hơn 30.000.000 đồng",
    "external information": "Bài thông tin đối ngoại có thực hiện nhưng chưa thống kê được số liệu",
    "Vesak": "phục vụ Đại lễ Phật đản Liên hợp quốc (Vesak) năm 2019 do Tỉnh đoàn tổ chức",
    "regional festival": "cử 01 đoàn viên dự liên hoan",
    "meetings": "sinh hoạt định kỳ 24/36 buổi",
}
NEXT_TERM_ON_PAPER = (
    "100% đoàn viên được quán triệt chỉ thị, nghị quyết.", "100% đoàn viên không vi phạm kỷ luật.",
    "100% đoàn viên hoàn thành nhiệm vụ chuyên môn, trong đó ít nhất 20% hoàn thành xuất sắc.",
    "Hoàn thành ít nhất 03 phần việc.", "100% đoàn viên xếp loại khá trở lên, trong đó ít nhất 90% xếp loại xuất sắc.",
    "Có từ 02 đến 03 đoàn viên được kết nạp Đảng.",
)  # fmt: skip


@pytest.fixture(scope="module")
def term_report(province, django_db_blocker) -> str:
    """The text of the term report's PDF, as a reader of the file gets it."""
    with django_db_blocker.unblock():
        report = PeriodReport.objects.select_related("unit", "period").get(period=term("V"))
        html, layout = report_html(draft_content(report, on=TODAY))
    pages = PdfReader(io.BytesIO(render_pdf(html, layout=layout))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_term_report_has_every_figure_of_the_table(term_report):
    assert {what: said for what, said in ON_PAPER.items() if said not in term_report} == {}


def test_the_term_report_has_the_next_plan(term_report):
    assert [said for said in NEXT_TERM_ON_PAPER if said not in term_report] == []


def test_the_term_report_counts_the_committee_of_its_time(term_report):
    assert "Đến ngày 31/12/2019, Chi đoàn có 14 đoàn viên" in term_report
    assert "Ban Chấp hành có 03 đồng chí" in term_report


def test_the_term_report_judges_as_the_page_does(term_report):
    """The term is over: nothing is "under way", in the table no more than in the sentences."""
    counts = progress_for(unit("so-tttt"), term("V"), as_of=TODAY).counts
    assert (counts[Standing.OVER], counts[Standing.MET], counts[Standing.MISSED]) == (8, 13, 2)
    assert "vượt 08 chỉ tiêu, đạt 13 chỉ tiêu và chưa đạt 02 chỉ tiêu" in term_report
    assert "Đang làm" not in term_report
    assert "Chậm" not in term_report


def test_written_reports_say_what_today_s_data_says():
    """Sentences and tables of one paper are of one day, so nothing in the demo reports waits to be taken over."""
    for report in PeriodReport.objects.select_related("unit", "period"):
        material = material_of(report, as_of=day_of(report, TODAY))
        assert [view.chapter.key for view in chapters_today(report, material) if view.changed] == []
