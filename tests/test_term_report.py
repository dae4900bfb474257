"""The report of a term: each indicator by its own rule over the years, approved years as they were approved."""

import datetime
from decimal import Decimal

import pytest

from branches.models import Indicator, Quantity
from reports.amounts import Amount, over_years
from reports.material import collect
from reports.papers.content import ReportContent
from reports.papers.report import draft_content, report_html

from .edition_scene import approve, begin, hand_in, indicator, log
from .factories import TargetFactory, TermFactory, UnionFactory, UnitFactory, year

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


def test_a_term_that_begins_within_a_month_cuts_its_first_year(branch):
    """The approved report of 2017 speaks of the whole year; the term began on 15 July: 5 of 1 July are not its own."""
    approved(branch, 2017)
    log(branch, "blood_turns", 2, DAY(2017, 7, 20))
    material = collect(branch, a_term(branch, DAY(2017, 7, 15)), as_of=TODAY)
    assert [one.done.value for one in material.by_year["blood_turns"]] == [2, 5, 5]
    assert row_of(material, "blood_turns").done.value == 12
    assert material.year_sources[0].startswith("năm 2017 (từ 15/07/2017 đến 31/12/2017): chưa có báo cáo")


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


def test_years_without_a_figure_make_no_figure():
    rule = Indicator(measure="count", over_time="sum")
    assert over_years([Amount(), Amount(lines=2, unknown=2)], rule) == Amount(lines=2, unknown=2)
