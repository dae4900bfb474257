"""The report of a term: each indicator by its own rule over the years, approved years as they were approved."""

import datetime
import io
from decimal import Decimal

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from branches.aims import aim_text
from branches.models import Indicator, Quantity
from branches.totals import Total, rebuild_totals
from reports.amounts import Amount, over_years
from reports.amounts import over_time as one_year
from reports.congress.content import congress_html, content_of
from reports.congress.proposing import suggested
from reports.material import collect
from reports.models import CongressPaper
from reports.papers.content import ReportContent
from reports.papers.report import draft_content, report_html
from reports.papers.report_docx import report_docx
from reports.papers.report_xlsx import report_xlsx
from reports.progress import progress_for
from reports.suggestions import _next_targets

from .edition_scene import approve, begin, hand_in, indicator, log
from .factories import (
    IndicatorFactory,
    MoneyFactory,
    ShareFactory,
    TargetFactory,
    TermFactory,
    UnionFactory,
    UnitFactory,
    account_at,
    year,
)
from .printed import row_with, sheet_of, tables_of

pytestmark = pytest.mark.django_db
DAY = datetime.date
TODAY, BEGUN = DAY(2020, 2, 1), DAY(2017, 1, 1)
YEARS = (2017, 2018, 2019)


@pytest.fixture
def branch():
    """Case B: blood donations 25 % over the plan of 4 each year; study 14 of 14; two ratings of each year."""
    unit = UnitFactory(name="Chi đoàn Sở", superior=UnionFactory(name="Đoàn Khối"), place="An Hòa")
    for number in YEARS:
        TargetFactory(unit=unit, period=year(number), indicator=indicator("blood_turns"), value=4)
        log(unit, "blood_turns", 5, DAY(number, 7, 1))
        log(unit, "hcm_study_registered", number - 2007, DAY(number, 8, 1), denominator=14)
    return unit


def a_term(unit, starts_on=BEGUN):
    return TermFactory(unit=unit, name="Nhiệm kỳ 2017-2019", starts_on=starts_on, ends_on=DAY(2020, 1, 1))


def approved(unit, number: int):
    on = DAY(number + 1, 1, 5)
    return approve(hand_in(begin(unit, year(number), as_of=on), on=on), on=on)


def row_of(material, code):
    return material.table.row(code)


def test_the_years_add_up_and_each_is_a_quarter_over_the_plan(branch):
    """5 + 5 + 5 = 15 of 4 + 4 + 4 = 12: 125 %, as each year is 5 of 4."""
    material = collect(branch, a_term(branch), as_of=TODAY)
    blood = row_of(material, "blood_turns")
    assert (blood.done.value, blood.aim.value, blood.ratio, blood.standing) == (15, 12, Decimal("1.25"), "over")
    assert [one.ratio for one in material.by_year["blood_turns"]] == [Decimal("1.25")] * 3
    # The share is that of the last year: 12 of 14.
    study = row_of(material, "hcm_study_registered")
    assert (study.done.value, study.done.whole) == (12, 14)


def test_an_approved_year_stays_as_it_was_approved(branch):
    approved(branch, 2018)
    Quantity.objects.filter(activity__starts_on=DAY(2018, 7, 1)).update(value=99)
    log(branch, "blood_turns", 50, DAY(2018, 9, 9))
    material = collect(branch, a_term(branch), as_of=TODAY)
    assert [one.done.value for one in material.by_year["blood_turns"]] == [5, 5, 5]
    blood = row_of(material, "blood_turns")
    assert (blood.done.value, blood.ratio, blood.standing) == (15, Decimal("1.25"), "over")
    assert material.year_sources == (
        "năm 2017: chưa có báo cáo được duyệt, lấy số liệu đang ghi", "năm 2018: theo báo cáo đã duyệt ngày 05/01/2019",
        "năm 2019: chưa có báo cáo được duyệt, lấy số liệu đang ghi",
    )  # fmt: skip


def test_before_the_day_it_was_approved_the_year_is_what_was_logged(branch):
    approved(branch, 2018)
    log(branch, "blood_turns", 50, DAY(2018, 9, 9))
    material = collect(branch, a_term(branch), as_of=DAY(2019, 1, 4))
    assert material.by_year["blood_turns"][1].done.value == 55


def test_a_corrected_edition_counts(branch):
    approved(branch, 2018)
    log(branch, "blood_turns", 2, DAY(2018, 9, 9))
    again = hand_in(branch.reports.get(period__starts_on=DAY(2018, 1, 1)), on=DAY(2019, 3, 1), correction="Bổ sung")
    approve(again, on=DAY(2019, 3, 2))
    material = collect(branch, a_term(branch), as_of=TODAY)
    assert [one.done.value for one in material.by_year["blood_turns"]] == [5, 7, 5]
    assert row_of(material, "blood_turns").done.value == 17


def test_the_plan_of_an_approved_year_is_the_approved_one(branch):
    """2018 was approved with 4; what is planned for it today, 400, is in neither the year nor the term."""
    approved(branch, 2018)
    branch.targets.filter(period=year(2018)).update(value=400)
    material = collect(branch, a_term(branch), as_of=TODAY)
    assert [one.aim.value for one in material.by_year["blood_turns"]] == [4, 4, 4]
    assert row_of(material, "blood_turns").aim.value == 12


def test_so_many_a_month_of_a_term_is_told_as_its_years_are(branch):
    """One a month for three years are 36. 2018 was approved with 12; since then all from September 2018 on is gone from
    the log: 12 + 12 + nothing."""
    monthly = IndicatorFactory()
    TargetFactory(unit=branch, period=(term := a_term(branch)), indicator=monthly, comparator="per_month", value=1)
    for number in YEARS:
        for month in range(1, 13):
            log(branch, monthly.code, 1, DAY(number, month, 5))
    live = row_of(collect(branch, term, as_of=TODAY), monthly.code)
    assert (live.aim.value, live.aim.each, live.done.value, live.standing) == (36, 1, 36, "met")
    approved(branch, 2018)
    Quantity.objects.filter(indicator=monthly, activity__starts_on__gt=DAY(2018, 9, 9)).delete()
    rebuild_totals()
    material = collect(branch, term, as_of=TODAY)
    row = row_of(material, monthly.code)
    assert [one.done.value for one in material.by_year[monthly.code]] == [12, 12, None]
    assert (row.aim.value, row.done.value, row.standing, row.missing_spans) == (36, 24, "missed", ())


def test_a_term_that_begins_within_a_month_cuts_its_first_year(branch):
    """The approved report of 2017 speaks of the whole year; the term began on 15 July: 5 of 1 July are not its own."""
    approved(branch, 2017)
    log(branch, "blood_turns", 2, DAY(2017, 7, 20))
    material = collect(branch, a_term(branch, DAY(2017, 7, 15)), as_of=TODAY)
    assert [one.done.value for one in material.by_year["blood_turns"]] == [2, 5, 5]
    blood = row_of(material, "blood_turns")
    assert material.year_sources[0].startswith("năm 2017 (từ 15/07/2017 đến 31/12/2017): chưa có báo cáo")
    # So does the plan: of 4 for twelve months 2 for six, 2 + 4 + 4 = 10, and 12 are a fifth over it.
    assert [one.aim.value for one in material.by_year["blood_turns"]] == [2, 4, 4]
    assert [one.standing for one in material.by_year["blood_turns"]] == ["met", "over", "over"]
    assert (blood.done.value, blood.aim.value, blood.ratio, blood.standing) == (12, 10, Decimal("1.2"), "over")


def test_a_plan_is_cut_by_months_and_only_where_it_adds_up(branch):
    """From 15/07/2017 to the end of April 2019: 6, 12 and 4 months."""
    term = TermFactory(unit=branch, name="Nhiệm kỳ 2017-2019", starts_on=DAY(2017, 7, 15), ends_on=DAY(2019, 5, 1))
    monthly, money, newest = IndicatorFactory(), MoneyFactory(), IndicatorFactory(over_time="last")
    for number in YEARS:
        TargetFactory(unit=branch, period=year(number), indicator=monthly, comparator="per_month", value=1)
        TargetFactory(unit=branch, period=year(number), indicator=money, value=1_000_000)
        TargetFactory(unit=branch, period=year(number), indicator=newest, value=number - 2000)
        TargetFactory(unit=branch, period=year(number), indicator=indicator("hcm_study_registered"), value=90)
    ranged = TargetFactory(
        unit=branch, period=year(2017), comparator="range", value=2, value_to=6,
        assigned_comparator="range", assigned_value=6, assigned_value_to=10,
    ).indicator  # fmt: skip
    table = progress_for(branch, term, as_of=TODAY)
    material = collect(branch, term, as_of=TODAY)
    told = {
        one.code: ([year.aim.value if year.aim else None for year in material.by_year[one.code]], row.aim.value)
        for row in material.table.rows
        for one in (row.indicator,)
    }
    third = Decimal("1.33")  # of 4 a year, to the hundredth in which a target is written
    assert told == {
        "blood_turns": ([2, 4, third], 6 + third),
        monthly.code: ([6, 12, 4], 22),
        money.code: ([500_000, 1_000_000, 333_333], 1_833_333),  # whole đồng
        newest.code: ([17, 18, 19], 19),
        "hcm_study_registered": ([Decimal("0.9")] * 3, Decimal("0.9")),
        ranged.code: ([1, None, None], 1),
    }
    assert {row.indicator.code: row.aim.value for row in table.rows} == {code: one[1] for code, one in told.items()}
    assert table.row(monthly.code).aim.each is None  # which month lacks one is said year by year
    row = table.row(ranged.code)
    assert (row.aim.value_to, row.assigned.value, row.assigned.value_to) == (3, 3, 5)
    assert row.is_below_assigned


def test_what_is_offered_for_the_next_term_is_a_whole_number(branch):
    """7,33 wanted and 5 done: 8 are offered again, of a ceiling of 7,33 no more than 7; a result above it as it is."""
    term = TermFactory(unit=branch, name="Nhiệm kỳ 2017-2019", starts_on=DAY(2017, 7, 15), ends_on=DAY(2019, 5, 1))
    ceiling, over = IndicatorFactory(name="Không quá"), IndicatorFactory(name="Vượt xa")
    for number in YEARS:
        TargetFactory(unit=branch, period=year(number), indicator=ceiling, comparator="le", value=4)
        TargetFactory(unit=branch, period=year(number), indicator=over, value=4)
    log(branch, over.code, 9, DAY(2018, 7, 1))
    material = collect(branch, term, as_of=TODAY)
    rows = {row.indicator.code: row for row in material.table.planned}
    told = {code: aim_text(suggested(row).aim, row.indicator) for code, row in rows.items()}
    assert told == {"blood_turns": "≥ 8", ceiling.code: "≤ 7", over.code: "≥ 9"}
    offered = {code: offer.text for code, offer in zip(rows, _next_targets(material), strict=True)}
    assert "ít nhất 08" in offered["blood_turns"]
    assert "không quá 07" in offered[ceiling.code]
    assert "ít nhất 09" in offered[over.code]


@pytest.mark.once
def test_the_cut_plan_is_the_same_everywhere_and_says_how_it_is_counted(branch, client, monkeypatch):
    """2 of 4 in six months, 4, and 1,33 in four: 7,33; only the 5 of 2018 lie in the term."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    term = TermFactory(unit=branch, name="Nhiệm kỳ 2017-2019", starts_on=DAY(2017, 7, 15), ends_on=DAY(2019, 5, 1))
    by = account_at(branch)
    client.force_login(by)
    query = f"?ky=nk-{term.pk}"
    name = indicator("blood_turns").name
    note = (
        "Chỉ tiêu cộng dồn giao theo năm tính theo số tháng thuộc nhiệm kỳ: "
        "năm 2017 tính 6/12, năm 2019 tính 4/12 kế hoạch năm."
    )
    page = client.get(reverse("reports:progress", args=[branch.pk]) + query).content.decode()
    row = row_with(tables_of(page), name)
    assert (row[2], row[3]) == ("≥ 7,33", "5")
    book = sheet_of(client.get(reverse("reports:progress_xlsx", args=[branch.pk]) + query).content)
    assert row_with([book], name)[3:5] == ["≥ 7,33", "5"]
    content = draft_content(begin(branch, term, as_of=TODAY), on=TODAY)
    paper = CongressPaper(term=term, kind=CongressPaper.Kind.RESULTS, version=0)
    congress = congress_html(content_of(paper, branch, on=TODAY))[0]
    printed = ["≥ 2", "-", "≥ 4", "5", "≥ 1,33", "x", "≥ 7,33", "5", "Chưa đạt"]
    html = report_html(content)[0]
    for text in (html, congress):
        annex = next(table for table in tables_of(text) if "Cả nhiệm kỳ" in table[0])
        assert row_with([annex], name)[3:] == printed
        assert note in text
    assert row_with(tables_of(html)[:1], name)[3:5] == ["≥ 7,33", "5"]
    sheets = load_workbook(io.BytesIO(report_xlsx(content)))
    assert row_with([[list(row) for row in sheets["Từng năm"].values]], name)[3:] == printed
    documents = Document(io.BytesIO(report_docx(content)))
    words = [[cell.text for cell in row.cells] for table in documents.tables for row in table.rows]
    (annex_row,) = [row for row in words if name in row and "≥ 1,33" in row]
    assert annex_row[3:] == printed
    for said in (page, str([row[:1] for row in book]), "\n".join(one.text for one in documents.paragraphs)):
        assert note in said


@pytest.mark.once
def test_the_annex_says_where_each_year_is_from(branch):
    approved(branch, 2018)
    content = draft_content(begin(branch, a_term(branch), as_of=TODAY), on=TODAY)
    html, _ = report_html(ReportContent.from_json(content.to_json()))
    assert "Nguồn số liệu: năm 2017: chưa có báo cáo" in html
    assert "năm 2018: theo báo cáo đã duyệt ngày 05/01/2019" in html


@pytest.mark.parametrize(
    ("over_time", "value"),
    # 2 + 3 + 7; the last; the largest; (2×1 + 3×2 + 7×1) / 4 = 15 / 4
    [("sum", 12), ("last", 7), ("max", 7), ("average", Decimal("3.75"))],
)
def test_years_are_put_together_by_the_rule_over_time(over_time, value):
    rule = Indicator(measure="count", over_time=over_time)
    years = [Amount(Decimal(2), lines=1), Amount(Decimal(3), lines=2), Amount(), Amount(Decimal(7), lines=1)]
    assert over_years(years, rule).value == value
    assert over_years(years, rule).lines == 4


def test_the_largest_year_is_said_in_its_own_words():
    """About 3 and exactly 7: the largest is 7, not about 7; the sum is about 10."""
    years = [Amount(Decimal(3), qualifier="about", lines=1), Amount(Decimal(7), lines=1)]
    told = {rule: over_years(years, Indicator(measure="count", over_time=rule)) for rule in ("max", "sum")}
    assert (told["max"].value, told["max"].qualifier) == (7, "exact")
    assert (told["sum"].value, told["sum"].qualifier) == (10, "about")


def test_a_share_over_years_is_the_ratio_of_the_sums():
    """1 of 2 and 9 of 10 are 10 of 12, not the mean of 50 % and 90 %."""
    rule = Indicator(measure="share", over_time="sum")
    told = over_years([Amount(Decimal(1), Decimal(2), lines=1), Amount(Decimal(9), Decimal(10), lines=1)], rule)
    assert (told.value, told.whole) == (10, 12)


def test_a_headcount_over_years_is_that_of_the_last():
    rule = Indicator(measure="count", over_time="sum")
    years = [Amount(Decimal(30), lines=1), Amount(Decimal(14), lines=1)]
    assert over_years(years, rule, is_standing=True).value == 14


@pytest.mark.parametrize(("over_time", "value"), [("sum", 1), ("average", 1), ("max", 1), ("last", 0)])
def test_a_yes_is_a_yes_over_one_year_and_over_two(over_time, value):
    """Yes and then no: once is enough, also as a mean, which was 0,5; the newest word is no."""
    rule = Indicator(measure="yes_no", over_time=over_time)
    told = Total()
    for month, said in ((3, 1), (9, 0)):
        told.add(Total.of_line(DAY(2018, month, 1), Decimal(said), None, "exact", False))
    years = [Amount(Decimal(1), lines=1), Amount(Decimal(0), lines=1)]
    assert one_year(told, rule).value == over_years(years, rule).value == value


def test_a_year_without_its_whole_is_in_neither_part_of_a_share():
    """1 of 2, 9 of nobody knows how many, 3 of 8: 4 of 10, not 13 of 10; the three lines of the second are unknown."""
    rule = Indicator(measure="share", over_time="sum")
    years = [
        Amount(Decimal(1), Decimal(2), lines=1),
        Amount(Decimal(9), lines=3),
        Amount(Decimal(3), Decimal(8), lines=2),
    ]
    told = over_years(years, rule)
    assert (told.value, told.whole, told.lines, told.unknown) == (4, 10, 6, 3)
    # Where no year has one it is known elsewhere (of_whole): the numerators are kept.
    assert (over_years(years[1:2], rule).value, over_years(years[1:2], rule).whole) == (9, None)


def test_a_reported_year_without_its_whole_is_named(branch):
    """2018 was approved as 9 of nobody knows how many; 10 of 20 and 12 of 20 make 22 of 40."""
    share = ShareFactory(name="Đoàn viên có việc làm", over_time="sum")
    for number in YEARS:
        TargetFactory(unit=branch, period=year(number), indicator=share, value=50)
        log(branch, share.code, number - 2007, DAY(number, 8, 1), denominator=20)
    edition = approved(branch, 2018)
    edition.rows.filter(code=share.code).update(value=9, whole=None)
    material = collect(branch, a_term(branch), as_of=TODAY)
    row = row_of(material, share.code)
    assert (row.done.value, row.done.whole, row.done.ratio) == (22, 40, Decimal("0.55"))
    assert material.year_sources[-1] == (
        "đoàn viên có việc làm năm 2018 không có tổng số nên không tính vào cả nhiệm kỳ"
    )


def test_years_without_a_figure_make_no_figure():
    rule = Indicator(measure="count", over_time="sum")
    assert over_years([Amount(), Amount(lines=2, unknown=2)], rule) == Amount(lines=2, unknown=2)
