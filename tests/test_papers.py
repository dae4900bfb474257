"""Papers: breaking of names, blanks, the PDF that fetches nothing, and whole reports on paper."""

import datetime
import io
import re
import sys
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse
from pypdf import PdfReader

from branches.models import Activity, Indicator, Period, Target
from branches.restructuring import rename_unit
from inspections.models import Inspection, InspectionProgramme, Recommendation
from reports.drafting import add_own, start_report
from reports.material import collect
from reports.models import PeriodReport, ReportSection
from reports.papers.layout import Signature, dateline, layout_on, number_line, paper_of, recipient_lines
from reports.papers.party import party_html
from reports.papers.pdf import render_pdf
from reports.papers.report import draft_content, report_html
from reports.papers.tables import Cell
from reports.papers.widths import broken, width_mm
from reports.submitting import approve_report
from reports.summary import party_summary
from reports.templatetags.papers import purpose_kept, tied
from reports.templatetags.writing import figures_opened

from .factories import (
    ActivityFactory,
    DirectionFactory,
    MemberFactory,
    QuantityFactory,
    TargetFactory,
    TermFactory,
    UnionFactory,
    UnitFactory,
    WorkAreaFactory,
    account_at,
    year,
)
from .printed import tables_of
from .rolling import began, submitted

DAY = datetime.date
ISSUED = DAY(2020, 1, 6)


def test_only_parts_too_long_for_a_column_are_broken():
    assert Cell("92,1", "(234.000/254.000)").pieces == ["(234.000", "254.000)"]
    assert Cell("100,0", "(1.234/1.234)").pieces == ["(1.234/1.234)"]


# --- names, numbers, dates ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Chi đoàn Sở Thông tin và Truyền thông", ("CHI ĐOÀN SỞ THÔNG TIN", "VÀ TRUYỀN THÔNG")),
        ("Chi đoàn Cục Thi hành án dân sự tỉnh", ("CHI ĐOÀN CỤC", "THI HÀNH ÁN DÂN SỰ TỈNH")),
        ("Đoàn Khối các cơ quan và doanh nghiệp tỉnh", ("ĐOÀN KHỐI CÁC CƠ QUAN", "VÀ DOANH NGHIỆP TỈNH")),
        ("Đoàn Khối các cơ quan tỉnh", ("ĐOÀN KHỐI", "CÁC CƠ QUAN TỈNH")),
        ("Đoàn Bộ Tư pháp", ("ĐOÀN BỘ TƯ PHÁP",)),
        ("Đoàn Thanh niên thành phố Hồ Chí Minh", ("ĐOÀN THANH NIÊN", "THÀNH PHỐ HỒ CHÍ MINH")),
    ],
)
def test_long_names_break_by_sense(name, lines):
    assert broken(name, 75, 14, bold=True) == lines
    assert all(width_mm(line, 14, bold=True) <= 75 for line in lines)


def test_capitals_are_composed_letters():
    decomposed = "Chi đoàn Lê Hồng Phong"  # typed with separate marks on some phones
    assert broken(decomposed, 75, 14, bold=True) == ("CHI ĐOÀN LÊ HỒNG PHONG",)


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        ("1", "Số: 01-BC/CĐ"),
        ("12", "Số: 12-BC/CĐ"),
        ("", "Số: ……-BC/CĐ"),
        ("09-TB/ĐTN-UBKT", "Số: 09-TB/ĐTN-UBKT"),
    ],
)
def test_number_line(number, printed):
    assert number_line(number, "BC", "CĐ") == printed


def test_date_line_has_zeros_and_blanks():
    assert dateline("An Hòa", ISSUED) == "An Hòa, ngày 06 tháng 01 năm 2020"
    assert dateline("An Hòa", DAY(2023, 4, 7)) == "An Hòa, ngày 07 tháng 4 năm 2023"
    assert dateline("", None) == "……………, ngày …… tháng …… năm ………"


def test_recipients_lose_the_signs_a_person_typed():
    typed = "- BCH Đoàn Khối (để b/c);\n\n Chi bộ Sở ;\n- Lưu Chi đoàn."
    assert recipient_lines(typed) == ("BCH Đoàn Khối (để b/c)", "Chi bộ Sở", "Lưu Chi đoàn")
    assert purpose_kept("<b>Chi bộ</b> (để b/c)") == '&lt;b&gt;Chi bộ&lt;/b&gt; <span class="purpose">(để b/c)</span>'


def test_numbers_stay_with_their_words():
    assert tied("Có 05 lượt người, năm 2019 (Bảng 1), quý III") == (
        "Có 05\u00a0lượt người, năm\u00a02019 (Bảng\u00a01), quý\u00a0III"
    )
    assert tied("tổng 31.000.000 đồng") == "tổng 31.000.000 đồng"


def test_marked_figures_escape_what_people_wrote():
    assert figures_opened("<i>9</i> buổi năm 2019.", "") == "&lt;i&gt;<b>9</b>&lt;/i&gt; buổi năm <b>2019</b>."


def test_paper_carries_the_names_of_its_day(db):
    union = UnionFactory(name="Đoàn Khối các cơ quan tỉnh")
    unit = UnitFactory(name="Chi đoàn Sở Thông tin", superior=union)
    rename_unit(unit=unit, name="Chi đoàn Sở Khoa học", on=DAY(2021, 1, 1), decision="05-QĐ/ĐK")
    unit.refresh_from_db()

    def issuer(day):
        sign = Signature("TM. Ban Chấp hành", "Bí thư")
        return paper_of(unit=unit, on=day, kind="Báo cáo", kind_code="BC", abstract=("A",), signature=sign).head.issuer

    assert issuer(ISSUED) == ("CHI ĐOÀN SỞ THÔNG TIN",)
    assert issuer(DAY(2021, 1, 1)) == ("CHI ĐOÀN SỞ KHOA HỌC",)


def test_a_person_sets_the_printed_lines(db):
    unit = UnitFactory(name="Chi đoàn Cục Thi hành án dân sự tỉnh", printed_lines="Chi đoàn Cục THADS\ntỉnh An Hòa")
    sign = Signature("TM. Ban Chấp hành", "Bí thư")
    paper = paper_of(unit=unit, on=ISSUED, kind="Báo cáo", kind_code="BC", abstract=("A",), signature=sign)
    assert paper.head.issuer == ("CHI ĐOÀN CỤC THADS", "TỈNH AN HÒA")
    assert paper.head.superior == ()


# --- the PDF --------------------------------------------------------------------------------------------

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
HOSTILE = [
    '<link rel="attachment" href="file:///etc/passwd">',
    '<link rel="stylesheet" href="file:///etc/passwd">',
    '<link rel="stylesheet" href="http://192.0.2.1/a.css">',
    '<style>@import url("file:///etc/passwd");</style>',
    '<style>@import "http://192.0.2.1/a.css";</style>',
    "<style>@font-face { font-family: x; src: url(file:///etc/passwd) } p { font-family: x }</style>",
    "<style>body { background: url(file:///etc/passwd) } li { list-style: url(http://192.0.2.1/x.png) }</style>",
    '<img src="file:///etc/passwd">',
    '<img src="http://192.0.2.1/x.png">',
    '<img src="//192.0.2.1/x.png">',
    '<img src="/etc/passwd">',
    '<img src="ftp://192.0.2.1/x">',
    '<object data="file:///etc/passwd"></object>',
    '<embed src="file:///etc/passwd">',
    '<iframe src="file:///etc/passwd"></iframe>',
    '<svg><image href="file:///etc/passwd" width="9" height="9"/></svg>',
    '<svg><use href="file:///etc/passwd#x"/></svg>',
    '<svg><style>@import url(file:///etc/passwd);</style><rect width="9" height="9"/></svg>',
    '<meta name="dcterms.created" content="x"><link rel="xmp" href="file:///etc/passwd">',
    '<base href="file:///etc/"><img src="passwd"><a href="passwd">x</a>',
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>\">",
]
OPENED: list[str] = []


def _note_opening(event, args):
    watched = ("open", "urllib.Request", "socket.connect", "socket.getaddrinfo")
    if OPENED and event in watched and not str(args[0]).startswith("data:"):
        OPENED.append(f"{event} {args[0]}")


sys.addaudithook(_note_opening)  # a hook cannot be taken away again; it sleeps while OPENED is empty


@pytest.mark.parametrize("html", HOSTILE)
@pytest.mark.once
def test_hostile_html_fetches_nothing(html, db):
    layout = layout_on(ISSUED)
    OPENED[:] = ["begin"]
    try:
        pdf = render_pdf(f"<html><head></head><body><p>Trước</p>{html}<p>Sau</p></body></html>", layout=layout)
    finally:
        opened, OPENED[:] = OPENED[1:], []
    reader = PdfReader(io.BytesIO(pdf))
    assert "Sau" in reader.pages[-1].extract_text()
    assert dict(reader.attachments) == {}
    assert b"root:" not in pdf
    assert [one for one in opened if one.startswith(("open /etc/passwd", "open file", "socket", "urllib"))] == []


@pytest.mark.once
def test_data_pictures_are_drawn(db):
    pdf = render_pdf(f'<p>A</p><img src="{PIXEL}">', layout=layout_on(ISSUED))
    assert len(PdfReader(io.BytesIO(pdf)).pages[0].images) == 1


SMALL = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
ALL_LETTERS = SMALL + SMALL.upper()


@pytest.mark.once
def test_every_vietnamese_letter_comes_from_the_one_family(db):
    html = "".join(f"<p>{open_}{ALL_LETTERS}{close}</p>" for open_, close in (
        ("", ""), ("<b>", "</b>"), ("<i>", "</i>"), ("<b><i>", "</i></b>"),
    ))  # fmt: skip
    pdf = render_pdf(html, layout=layout_on(ISSUED))
    assert families(pdf) == {"Liberation-Serif"}
    assert len(fonts(pdf)) == 4


def fonts(pdf: bytes) -> set[str]:
    found = set()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            found.add(str(font.get_object()["/BaseFont"]))
    return found


def families(pdf: bytes) -> set[str]:
    """Names like /ABCDEF+Liberation-Serif-Bold without subset mark and style."""
    return {re.sub(r"^/[A-Z]{6}\+|(-Bold|-Italic|-Oblique)+$", "", name) for name in fonts(pdf)}


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


# --- whole reports ----------------------------------------------------------------------------------------


@pytest.fixture
def branch(db):
    union = UnionFactory(name="Đoàn Khối các cơ quan tỉnh", place="An Hòa")
    unit = UnitFactory(
        name="Chi đoàn Sở Thông tin và Truyền thông", superior=union, place="An Hòa", party_body="Chi bộ Sở"
    )
    for number in range(14):
        party_on = DAY(2018, 2, 3) if number < 5 else None
        MemberFactory(home=unit, sex="female" if number < 6 else "male", party_on=party_on)
    return unit


def indicator(code) -> Indicator:
    return Indicator.objects.get(code=code)


def log(unit, day, code, value, *, title="Hoạt động", **line):
    found = indicator(code)
    activity = ActivityFactory(unit=unit, title=title, starts_on=day, area=found.area)
    QuantityFactory(activity=activity, indicator=found, value=None if value is None else Decimal(value), **line)
    return activity


@pytest.fixture
def full_year(branch):
    """2019 with one target of most shapes, and the first target of 2020."""
    for code, comparator, value, value_to in (
        ("hcm_study_registered", "eq", 100, None), ("news_items", "ge", 12, None), ("blood_turns", "ge", 4, None),
        ("branch_meetings", "per_month", 1, None), ("children_gift_money", "ge", 30_000_000, None),
        ("violations", "zero", None, None), ("party_admitted", "range", 1, 2), ("plan_issued", "yes", None, None),
    ):  # fmt: skip
        TargetFactory(
            unit=branch, period=year(2019), indicator=indicator(code), comparator=comparator, value=value,
            value_to=value_to,
        )  # fmt: skip
    TargetFactory(unit=branch, period=year(2020), indicator=indicator("youth_tasks"), value=3)
    log(branch, DAY(2019, 2, 1), "hcm_study_registered", 14, denominator=14)
    log(branch, DAY(2019, 6, 1), "news_items", 15)
    log(branch, DAY(2018, 6, 11), "news_items", 20, qualifier="about")
    log(branch, DAY(2019, 3, 20), "blood_turns", 5)
    for month in (1, 2, 3, 4, 5, 8, 11):
        log(branch, DAY(2019, month, 5), "branch_meetings", 1)
    log(branch, DAY(2019, 9, 10), "children_gift_money", 31_000_000, qualifier="more")
    log(branch, DAY(2019, 9, 3), "party_admitted", 1)
    log(branch, DAY(2019, 1, 10), "plan_issued", 1)
    log(branch, DAY(2019, 1, 29), "gifts_poor_households", 2, each=700_000)
    ActivityFactory(unit=branch, title="Về nguồn tại khu di tích", starts_on=DAY(2019, 7, 20),
                    area=WorkAreaFactory(code="education"))  # fmt: skip
    return branch


def begin(unit, period, *, as_of=ISSUED, **settings) -> PeriodReport:
    return start_report(
        by=account_at(unit), unit=unit, period=period, material=collect(unit, period, as_of=as_of), **settings
    )


@pytest.mark.once
def test_yearly_report_on_paper(full_year):
    report = begin(full_year, year(2019), number="1", dated_on=ISSUED, signer_name="Đỗ Minh Khang")
    html, layout = report_html(draft_content(report, on=ISSUED))
    pdf = render_pdf(html, layout=layout)
    text = text_of(pdf)
    assert families(pdf) == {"Liberation-Serif"}
    info = PdfReader(io.BytesIO(pdf)).metadata
    assert info.title == (
        "Báo cáo kết quả công tác Đoàn và phong trào thanh thiếu nhi năm 2019, phương hướng nhiệm vụ năm 2020"
    )
    assert info.author == "Chi đoàn Sở Thông tin và Truyền thông"
    for expected in (
        "ĐOÀN TNCS HỒ CHÍ MINH", "CHI ĐOÀN SỞ THÔNG TIN VÀ TRUYỀN THÔNG", "Số: 01-BC/CĐ",
        "An Hòa, ngày 06 tháng 01 năm 2020", "I. ĐẶC ĐIỂM TÌNH HÌNH",
        "Đến ngày 31/12/2019, Chi đoàn có 14 đoàn viên, trong đó 06 nữ và 05 đảng viên",
        "Có 05 lượt người tham gia hiến máu tình nguyện, vượt 01 lượt người so với kế hoạch (125%).",
        "Chi đoàn đăng 15 tin, bài, vượt 25% kế hoạch (12 tin, bài); năm 2018 là khoảng 20 tin, bài.",
        "Chi đoàn sinh hoạt định kỳ 07/12 buổi (58,3%); các tháng chưa tổ chức đủ: 6, 7, 9, 10, 12.",
        "hơn 31.000.000 đồng, vượt kế hoạch", "mỗi suất 700.000 đồng, tổng trị giá 1.400.000 đồng",
        "Chi đoàn tổ chức hoạt động “Về nguồn tại khu di tích” (20/07/2019).",
        "Biểu đồ 1.", "Biểu đồ 2. Sinh hoạt chi đoàn định kỳ theo quý (buổi)", "Bảng 1. Kết quả thực hiện chỉ tiêu",
        "IV. PHƯƠNG HƯỚNG, NHIỆM VỤ NĂM 2020", "Hoàn thành ít nhất 03 phần việc.", "Nơi nhận:", "- Lưu Chi đoàn.",
        "TM. BAN CHẤP HÀNH BÍ THƯ", "Đỗ Minh Khang",
    ):  # fmt: skip
        assert expected in text
    for wrong in ("None", "XÁC NHẬN", "V. KIẾN NGHỊ", "Đã ký"):
        assert wrong not in text


@pytest.mark.once
def test_page_numbers_begin_on_the_second_page(full_year):
    html, layout = report_html(draft_content(begin(full_year, year(2019)), on=ISSUED))
    pages = PdfReader(io.BytesIO(render_pdf(html, layout=layout))).pages
    assert len(pages) > 2
    # The margin is read before or after the text of its page.
    ends = [{lines[0].strip(), lines[-1].strip()} for lines in (page.extract_text().split("\n") for page in pages)]
    assert "1" not in ends[0]
    assert [str(number) in ends[number - 1] for number in range(2, len(pages) + 1)] == [True] * (len(pages) - 1)


@pytest.mark.once
def test_missing_parts_print_as_blanks(branch):
    report = begin(branch, year(2019), confirmed_by_superior=True)
    html, layout = report_html(draft_content(report, on=ISSUED))
    text = text_of(render_pdf(html, layout=layout))
    for expected in (
        "Số: ……-BC/CĐ", "ngày …… tháng …… năm ………", "(Ký, ghi rõ họ tên)", "XÁC NHẬN CỦA ĐOÀN CẤP TRÊN",
        "Trong năm chưa có hoạt động thuộc nội dung này.", "- Lưu Chi đoàn.",
    ):  # fmt: skip
        assert expected in text
    assert html.count('class="fill"') == 3 * 8  # two in I, four in III, two in IV


@pytest.mark.once
def test_words_of_a_person_are_text_and_the_last_one_ends_the_paper(full_year):
    report = begin(full_year, year(2019))
    section = ReportSection.objects.get(report=report, key="proposals")
    add_own(section=section, by=report.created_by, text='Đề nghị <img src="file:///etc/passwd"> mở 01 lớp.')
    html, layout = report_html(draft_content(report, on=ISSUED))
    text = text_of(render_pdf(html, layout=layout))
    assert 'Đề nghị <img src="file:///etc/passwd"> mở 01 lớp./.' in text
    assert "V. KIẾN NGHỊ" in text


@pytest.mark.once
def test_term_report_has_every_year_and_every_figure(branch):
    term = TermFactory(unit=branch, name="Nhiệm kỳ V (2017-2019)", starts_on=DAY(2017, 1, 1), ends_on=DAY(2020, 1, 1))
    TermFactory(unit=branch, name="Nhiệm kỳ VI (2019-2022)", starts_on=DAY(2020, 1, 1), ends_on=DAY(2023, 1, 1))
    for number in (2017, 2018, 2019):
        TargetFactory(unit=branch, period=year(number), indicator=indicator("blood_turns"), value=4)
        log(branch, DAY(number, 4, 7), "blood_turns", 5)
        log(branch, DAY(number, 12, 1), "fund_donations", 5_000_000, qualifier="about")
    log(branch, DAY(2018, 3, 26), "sport_prizes", 1, note="giải Ba đôi nam nữ")
    html, layout = report_html(draft_content(begin(branch, term), on=DAY(2020, 1, 6)))
    text = text_of(render_pdf(html, layout=layout))
    for expected in (
        "nhiệm kỳ 2017 - 2019, phương hướng nhiệm kỳ 2019 - 2022",
        "Có 15 lượt người tham gia hiến máu tình nguyện, vượt 25% kế hoạch (12 lượt người); năm nào cũng vượt"
        " 25% kế hoạch.",
        "khoảng 15.000.000 đồng", "(giải Ba đôi nam nữ)", "PHỤ LỤC", "Năm 2017", "Năm 2018", "Năm 2019", "Cả nhiệm kỳ",
    ):  # fmt: skip
        assert expected in text


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_query_count_does_not_grow_with_rows(rows, branch, django_assert_num_queries):
    area = WorkAreaFactory(code="movement")
    for number in range(rows):
        found = Indicator.objects.create(
            code=f"rieng-{number}", area=area, name=f"Việc {number}", unit_word="việc", action="làm", first_year=2015
        )
        TargetFactory(unit=branch, period=year(2019), indicator=found, value=2)
        QuantityFactory(
            activity=ActivityFactory(unit=branch, starts_on=DAY(2019, 5, 6), area=area), indicator=found, value=3
        )
    report = begin(branch, year(2019))
    report = PeriodReport.objects.select_related("unit", "period").get(pk=report.pk)
    with django_assert_num_queries(19):
        report_html(draft_content(report, on=ISSUED))


def test_the_pdf_is_for_those_who_read_the_report(full_year, client):
    report = begin(full_year, year(2019))
    address = reverse("reports:report_pdf", args=[report.pk])
    sibling = UnitFactory(superior=full_year.placements.get().superior)
    for stranger in (account_at(sibling), account_at(full_year, type="party_secretary"),
                     account_at(full_year, type="inspection_chair")):  # fmt: skip
        client.force_login(stranger)
        assert client.get(address).status_code == 404
    client.force_login(account_at(full_year, type="member"))
    answer = client.get(address)
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert set(answer.headers["Cache-Control"].split(", ")) == {"private", "no-store"}


# --- the Party committee's sheet ---------------------------------------------------------------------------


@pytest.fixture
def advised(full_year):
    """The full year with three directions of the Party committee and two recommendations."""
    for place, text in enumerate(("Sinh hoạt đều hằng tháng", "Viết tin đều", "Chủ động đề xuất"), start=1):
        DirectionFactory(unit=full_year, given_on=DAY(2019, 3, 31), position=place, text=text)
    directions = list(full_year.directions.order_by("position"))
    for code, direction in (("branch_meetings", directions[0]), ("news_items", directions[1])):
        Target.objects.filter(unit=full_year, indicator__code=code, period=year(2019)).update(
            origin="direction", direction=direction
        )
    union = full_year.placements.get().superior
    programme = InspectionProgramme.objects.create(
        unit=union, year=2019, number="02-KH/ĐK", issued_on=DAY(2019, 2, 28), in_name_of="committee", title="Kế hoạch"
    )
    case = Inspection.objects.create(
        programme=programme, unit=full_year, title="Kiểm tra năm 2019", inspection_kind="periodic",
        review_from=DAY(2019, 1, 1), review_to=DAY(2019, 11, 1), visited_on=DAY(2019, 11, 5),
        state="concluded", concluded_on=DAY(2019, 11, 20),
    )  # fmt: skip
    for number, due in ((1, DAY(2019, 12, 1)), (2, DAY(2020, 6, 30))):
        Recommendation.objects.create(
            inspection=case, number=number, text="Việc phải làm", owner="Nguyễn Thị Riêng", due_on=due,
            original_due_on=due,
        )  # fmt: skip
    return full_year


def test_party_summary_figures(advised):
    summary = party_summary(advised, 2019, as_of=DAY(2019, 12, 31))
    assert summary.members == {"members": 14, "women": 6, "party_members": 5}
    assert (len(summary.table.planned), summary.table.reached, len(summary.table.late)) == (8, 7, 1)
    assert [one.standing for one in summary.directions] == ["missed", "met", "none"]
    found = summary.recommendations
    assert (found.closed, found.open, found.overdue) == (0, 2, 1)
    news = next(key for key in summary.rows if key.row.indicator.code == "news_items")
    assert [told.done.value for told in news.years] == [None, Decimal(20), Decimal(15)]


@pytest.mark.once
def test_party_paper_of_few_targets_is_one_sheet_without_names(advised):
    Target.objects.filter(unit=advised, indicator__code__in=("children_gift_money", "violations")).delete()
    summary = party_summary(advised, 2019, as_of=DAY(2019, 12, 31))
    html, layout = party_html(summary, on=DAY(2019, 12, 31))
    pdf = render_pdf(html, layout=layout)
    assert len(PdfReader(io.BytesIO(pdf)).pages) <= 2  # both sides of one sheet
    assert families(pdf) == {"Liberation-Serif"}
    text = text_of(pdf)
    for expected in (
        "Kính gửi: Chi bộ Sở",
        "Chi đoàn có 14 đoàn viên (6 nữ, 5 đảng viên). Chi đoàn có 6 chỉ tiêu, đến 31/12/2019 đạt 5, chậm hoặc chưa"
        " đạt 1. Chậm hoặc chưa đạt: sinh hoạt chi đoàn định kỳ 7 trên 12 buổi.",
        "15 trên 12 tin, bài", "Chưa có chỉ tiêu, việc và chưa trả lời", "Chưa trả lời",
        "trong năm chưa kiến nghị nào được kiểm tra, đạt; còn mở 2, quá hạn 1 trong số còn mở.",
    ):  # fmt: skip
        assert expected in text
    assert "Nguyễn" not in text


def test_party_paper_quotes_the_report_only_once_it_was_approved(advised):
    on, secretary = DAY(2019, 12, 31), account_at(advised)
    report = began(advised, year(2019), by=secretary, on=on, signer_name="Lê Thu Hạnh")
    add_own(section=report.sections.get(key="shortcomings"), by=secretary, text="Sinh hoạt chưa đều.")

    def paper():
        html, _ = party_html(party_summary(advised, 2019, as_of=on), on=on)
        return "Sinh hoạt chưa đều." in html, "Lê Thu Hạnh" in html

    assert paper() == (False, False)
    PeriodReport.objects.filter(pk=report.pk).update(number="5", dated_on=DAY(2019, 12, 30))
    assert paper() == (False, False)  # a number alone says nothing
    submitted(report, by=secretary, on=on)
    assert paper() == (False, False)
    report.refresh_from_db()
    approve_report(report=report, version=report.version, by=secretary, on=on)
    assert paper() == (True, True)


def test_party_paper_says_what_the_page_says(advised, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: DAY(2019, 12, 31))
    client.force_login(account_at(advised, type="party_secretary"))
    page = client.get(reverse("reports:party_summary", args=[advised.pk])).content.decode()
    # The duties of the year are compared in test_party_summary.py.
    page = re.sub(r'<section aria-labelledby="dinh-ky">.*?</section>', "", page, flags=re.DOTALL)
    paper, _ = party_html(party_summary(advised, 2019, as_of=DAY(2019, 12, 31)), on=DAY(2019, 12, 31))
    assert words_of(re.search(r'<p class="lede">.*?</p>', page, re.DOTALL)[0]) in words_of(paper)

    on_page = next(table for table in tables_of(page) if table[0][0] == "Chỉ tiêu")[1:]
    rows = next(table for table in tables_of(paper) if table[0][0] == "TT")[2:]
    rows = [row for row in rows if len(row) > 1]  # without the headings of the chapters
    assert [row[0] for row in rows] == [str(number) for number in range(1, 9)]
    assert [(row[1], *row[3:7], row[8]) for row in rows] == [
        tuple("-" if cell == "không ghi số" else cell for cell in row) for row in on_page
    ]
    assert {row[1]: tuple(row[2:]) for row in rows if row[1] in NEWS_AND_MEETINGS} == NEWS_AND_MEETINGS

    given = re.findall(r'<p class="did">(.*?)</p></div>\s*<div class="st">(.*?)</div>', page, re.DOTALL)
    tasks = next(table for table in tables_of(paper) if table[0][0] == "Việc được giao")[2:]
    assert [tuple(row[1:]) for row in tasks] == [(words_of(did), words_of(state)) for did, state in given]


NEWS_AND_MEETINGS = {
    "Tin, bài về hoạt động của Đoàn": ("tin, bài", "-", "khoảng 20", "≥ 12", "15", "125,0%", "Vượt 25%"),
    "Sinh hoạt chi đoàn định kỳ": ("buổi", "-", "-", "12", "7", "58,3%", "Chưa đạt"),
}


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


@pytest.mark.once
def test_party_paper_prints_every_task_on_as_many_sheets_as_it_takes(advised):
    for place in range(4, 34):
        DirectionFactory(
            unit=advised, given_on=DAY(2019, 4, 1), position=place, text=f"Nội dung chỉ đạo dài {place} " * 8
        )
    html, layout = party_html(party_summary(advised, 2019, as_of=DAY(2019, 12, 31)), on=DAY(2019, 12, 31))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(html, layout=layout))).pages]
    assert len(pages) > 2
    text = " ".join(" ".join(pages).split())
    assert all(f"Nội dung chỉ đạo dài {place} " in text for place in range(4, 34))
    assert sum("Việc được giao" in page for page in pages) > 1  # the head of the table stands on every sheet
    assert all(str(number) in page.split("\n") for number, page in enumerate(pages[1:], start=2))


def test_party_page_is_for_the_committee_and_names_nobody(advised, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: DAY(2019, 12, 31))
    address = reverse("reports:party_summary", args=[advised.pk])
    client.force_login(account_at(UnitFactory(), type="party_secretary"))
    assert client.get(address).status_code == 404
    client.force_login(account_at(advised, type="inspection_chair"))
    assert client.get(address).status_code == 404
    client.force_login(account_at(advised, type="party_secretary", full_name="Cao Văn Đọc"))
    page = client.get(address).content.decode()
    assert "7</a> trên 12 buổi" in page
    assert "Nguyễn" not in page
    assert client.get(f"{address}?nam=abcd").status_code == 404
    assert client.get(reverse("reports:party_summary_pdf", args=[advised.pk, 2019])).content.startswith(b"%PDF")


@pytest.mark.parametrize("units", [1, 3, 12])
def test_party_summary_query_count(units, db, django_assert_num_queries):
    union = UnionFactory()
    for _ in range(units):
        unit = UnitFactory(superior=union)
        MemberFactory(home=unit)
        TargetFactory(unit=unit, period=year(2019), indicator=indicator("blood_turns"), value=4)
        log(unit, DAY(2019, 4, 7), "blood_turns", 5)
    with django_assert_num_queries(17):
        summary = party_summary(union, 2019, as_of=DAY(2019, 12, 31))
    assert len(summary.board.rows) == units
    assert summary.board.totals[0].done.value == 5 * units


def test_activities_of_a_period_count_as_last_day(full_year):
    """A planned or cancelled activity is in no report."""
    ActivityFactory(unit=full_year, title="Chưa làm", starts_on=DAY(2019, 8, 1), state=Activity.State.PLANNED)
    material = collect(full_year, Period.of_year(2019), as_of=ISSUED)
    assert [activity.title for activity in material.activities] == ["Về nguồn tại khu di tích"]
