"""The one number: every expected value is computed by hand from the lines written in the test."""

import datetime
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps

from branches.models import Activity, Period, PeriodTotal, Quantity, Target, Unit
from branches.restructuring import move_unit
from branches.totals import compare_totals, rebuild_totals
from reports.board import board_for
from reports.progress import Standing, lines_for, progress_for
from reports.wording import note

from .factories import (
    ActivityFactory,
    EvidenceLinkFactory,
    IndicatorFactory,
    MemberFactory,
    MoneyFactory,
    QuantityFactory,
    ShareFactory,
    TargetFactory,
    TermFactory,
    UnionFactory,
    UnitFactory,
    YesNoFactory,
    year,
)

pytestmark = pytest.mark.django_db
Comparator = Target.Comparator
END = datetime.date(2026, 12, 31)
YEAR = Period.of_year(2026)


def on(month, day=15, *, year=2026):
    return datetime.date(year, month, day)


def log(unit, indicator, value, day, denominator=None, qualifier="exact", state="held"):
    activity = ActivityFactory(unit=unit, starts_on=day, area=indicator.area, state=state, totals=False)
    number = None if value is None else Decimal(value)
    whole = None if denominator is None else Decimal(denominator)
    return QuantityFactory(activity=activity, indicator=indicator, value=number, denominator=whole, qualifier=qualifier)


def row_of(unit, indicator, *, as_of=END, period=YEAR):
    return progress_for(unit, period, as_of=as_of).row(indicator.code)


# --- what counts ----------------------------------------------------------------------------------


def test_progress_counts_only_held_activities():
    target = TargetFactory(value=4)
    log(target.unit, target.indicator, 3, on(2))
    log(target.unit, target.indicator, 9, on(3), state="planned")
    cancelled = ActivityFactory(unit=target.unit, state="cancelled", cancel_reason="Mưa bão", starts_on=on(4))
    QuantityFactory(activity=cancelled, indicator=target.indicator, value=7)
    row = row_of(target.unit, target.indicator)
    assert (row.done.value, row.done.lines, row.ratio, row.difference) == (3, 1, Decimal("0.75"), -1)
    assert row.standing == Standing.MISSED


def test_activity_on_last_day_of_period_counts_and_first_day_of_next_does_not():
    target = TargetFactory(value=4)
    log(target.unit, target.indicator, 2, on(12, 31))
    log(target.unit, target.indicator, 5, on(1, 1, year=2027))
    log(target.unit, target.indicator, 1, on(1, 1))
    assert row_of(target.unit, target.indicator).done.value == 3


def test_activity_over_new_year_counts_where_its_last_day_falls():
    target = TargetFactory(value=4)
    activity = ActivityFactory(unit=target.unit, starts_on=on(12, 20, year=2025), last_on=on(1, 5))
    QuantityFactory(activity=activity, indicator=target.indicator, value=2)
    row = row_of(target.unit, target.indicator)
    assert (row.done.value, row.last.value) == (2, None)


def test_result_after_as_of_is_not_there_yet():
    target = TargetFactory(value=4)
    log(target.unit, target.indicator, 2, on(3))
    log(target.unit, target.indicator, 4, on(9))
    assert row_of(target.unit, target.indicator, as_of=on(6)).done.value == 2
    assert row_of(target.unit, target.indicator, as_of=on(9)).done.value == 6


def test_last_year_stands_beside_this_year():
    target = TargetFactory(value=4)
    log(target.unit, target.indicator, 5, on(5, year=2025))
    log(target.unit, target.indicator, 3, on(5))
    row = row_of(target.unit, target.indicator)
    assert (row.done.value, row.last.value) == (3, 5)


def test_stranger_unit_never_counts():
    target = TargetFactory(value=4)
    log(target.unit, target.indicator, 3, on(2))
    log(UnitFactory(), target.indicator, 100, on(2))
    assert row_of(target.unit, target.indicator).done.value == 3


# --- comparators ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comparator", "value", "value_to", "done", "standing", "ratio", "difference"),
    [
        ("eq", 4, None, 4, "met", "1", 0),
        ("eq", 4, None, 3, "missed", "0.75", -1),
        ("ge", 4, None, 5, "over", "1.25", 1),
        ("ge", 4, None, 4, "met", "1", 0),
        ("ge", 4, None, 3, "missed", "0.75", -1),
        ("gt", 4, None, 4, "missed", "1", 0),
        ("gt", 4, None, 5, "met", "1.25", 1),
        ("le", 4, None, 3, "met", "0.75", -1),
        ("le", 4, None, 6, "missed", "1.5", 2),
        ("range", 2, 3, 1, "missed", "0.5", -1),
        ("range", 2, 3, 2, "met", "1", 0),
        ("range", 2, 3, 3, "met", "1.5", 0),
        ("range", 2, 3, 5, "over", "2.5", 2),
        ("zero", None, None, 0, "met", None, 0),
        ("zero", None, None, 1, "missed", None, 1),
    ],
)
def test_standing_at_the_end_of_the_year(comparator, value, value_to, done, standing, ratio, difference):
    target = TargetFactory(comparator=comparator, value=value, value_to=value_to)
    log(target.unit, target.indicator, done, on(6))
    row = row_of(target.unit, target.indicator)
    assert row.standing == standing
    assert row.ratio == (Decimal(ratio) if ratio else None)
    assert row.difference == difference


def test_target_of_zero_is_met_when_nothing_happened():
    target = TargetFactory(comparator=Comparator.ZERO)
    row = row_of(target.unit, target.indicator)
    assert (row.standing, row.done.lines) == (Standing.MET, 0)


def test_over_achievement_is_not_clipped():
    target = TargetFactory(value=2)
    log(target.unit, target.indicator, 15, on(6))
    assert row_of(target.unit, target.indicator).ratio == Decimal("7.5")


def test_target_without_value_is_not_measurable():
    target = TargetFactory(comparator=Comparator.EQUAL, value=0)
    log(target.unit, target.indicator, 2, on(6))
    row = row_of(target.unit, target.indicator)
    assert (row.standing, row.ratio, row.reason) == (
        Standing.NOT_MEASURABLE, None, "Mức chỉ tiêu bằng 0 nên không tính tỷ lệ",
    )  # fmt: skip


def test_result_without_target_is_shown_and_not_measurable():
    indicator = IndicatorFactory()
    unit = UnitFactory()
    log(unit, indicator, 3, on(6))
    row = row_of(unit, indicator)
    assert (row.done.value, row.aim, row.standing) == (3, None, Standing.NOT_MEASURABLE)
    assert row.reason == "Chưa giao chỉ tiêu nên không tính tỷ lệ"


def test_line_without_a_figure_is_not_measurable_and_not_zero():
    target = TargetFactory(value=4)
    log(target.unit, target.indicator, None, on(6))
    row = row_of(target.unit, target.indicator)
    assert (row.done.value, row.done.lines, row.done.unknown) == (None, 1, 1)
    assert (row.standing, row.reason) == (Standing.NOT_MEASURABLE, "Có thực hiện nhưng chưa có số liệu")


def test_yes_no_target():
    indicator = YesNoFactory()
    target = TargetFactory(indicator=indicator, comparator=Comparator.YES)
    assert row_of(target.unit, indicator, as_of=on(6)).standing == Standing.ON_TRACK
    assert row_of(target.unit, indicator).standing == Standing.MISSED
    log(target.unit, indicator, 1, on(7))
    assert row_of(target.unit, indicator).standing == Standing.MET


def test_number_a_month_names_the_months_that_lack_it():
    target = TargetFactory(comparator=Comparator.PER_MONTH, value=1)
    for month in (1, 2, 4, 5):
        log(target.unit, target.indicator, 1, on(month))
    row = row_of(target.unit, target.indicator, as_of=on(6, 30))
    assert (row.aim.value, row.aim.each, row.done.value) == (12, 1, 4)
    assert [span.name for span in row.missing_spans] == ["Tháng 3/2026", "Tháng 6/2026"]
    assert row.standing == Standing.BEHIND  # six months are over, four were held
    assert row_of(target.unit, target.indicator, as_of=on(5, 30)).standing == Standing.ON_TRACK


def test_number_a_quarter_counts_four():
    target = TargetFactory(comparator=Comparator.PER_QUARTER, value=3)
    for month in (1, 2, 3, 5, 6, 6, 7, 8, 9, 10, 11, 12):
        log(target.unit, target.indicator, 1, on(month))
    row = row_of(target.unit, target.indicator)
    assert (row.aim.value, row.done.value, row.missing_spans, row.standing) == (12, 12, (), Standing.MET)


# --- pace while the year runs ----------------------------------------------------------------------


def test_pace_compares_with_the_elapsed_share_times_the_rule():
    # 40 % of the year (146 of 365 days) × 10 × 0.8 = 3.2: three are behind, four are on track.
    target = TargetFactory(value=10)
    day = datetime.date(2026, 5, 26)
    assert (day - datetime.date(2026, 1, 1)).days + 1 == 146
    log(target.unit, target.indicator, 3, on(2))
    assert row_of(target.unit, target.indicator, as_of=day).standing == Standing.BEHIND
    log(target.unit, target.indicator, 1, on(3))
    assert row_of(target.unit, target.indicator, as_of=day).standing == Standing.ON_TRACK


def test_due_day_over_and_not_reached_is_missed_although_the_year_runs():
    target = TargetFactory(value=4, due_on=on(6, 30))
    log(target.unit, target.indicator, 3, on(2))
    assert row_of(target.unit, target.indicator, as_of=on(6, 30)).standing != Standing.MISSED
    assert row_of(target.unit, target.indicator, as_of=on(7, 1)).standing == Standing.MISSED
    table = progress_for(target.unit, YEAR, as_of=on(7, 1))
    assert table.overdue() == 1


# --- qualifiers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("qualifiers", "word"),
    [
        (["exact", "exact"], "exact"),
        (["exact", "more"], "more"),
        (["exact", "nearly"], "nearly"),
        (["more", "nearly"], "about"),
        (["exact", "about"], "about"),
        (["more", "more"], "more"),
    ],
)
def test_total_says_when_it_contains_estimates(qualifiers, word):
    target = TargetFactory(value=4)
    for qualifier in qualifiers:
        log(target.unit, target.indicator, 10, on(2), qualifier=qualifier)
    assert row_of(target.unit, target.indicator).done.qualifier == word


@pytest.mark.parametrize(
    ("value", "qualifier", "standing"),
    [
        (100, "more", "over"),
        (100, "nearly", "missed"),
        (100, "about", "not_measurable"),
        (96, "about", "not_measurable"),
        (94, "about", "missed"),
        (106, "about", "over"),
    ],
)
def test_verdict_on_an_estimate(value, qualifier, standing):
    target = TargetFactory(value=100)
    log(target.unit, target.indicator, value, on(2), qualifier=qualifier)
    assert row_of(target.unit, target.indicator).standing == standing


# --- shares ---------------------------------------------------------------------------------------


def test_share_takes_the_last_figure_of_the_year():
    indicator = ShareFactory()
    target = TargetFactory(indicator=indicator, comparator=Comparator.EQUAL, value=100)
    log(target.unit, indicator, 12, on(3), denominator=15)
    log(target.unit, indicator, 14, on(9), denominator=14)
    row = row_of(target.unit, indicator)
    assert (row.done.value, row.done.whole, row.done.ratio, row.standing) == (14, 14, 1, Standing.MET)


def test_share_of_nothing_is_said_in_words():
    indicator = ShareFactory(subject="đoàn viên mới")
    target = TargetFactory(indicator=indicator, value=90)
    log(target.unit, indicator, 0, on(3), denominator=0)
    row = row_of(target.unit, indicator)
    assert (row.standing, row.ratio) == (Standing.NOT_MEASURABLE, None)
    assert row.reason == "Không tính được tỷ lệ vì trong kỳ không có đoàn viên mới"


def test_share_rolls_up_as_ratio_of_sums():
    # 1/1 and 0/99: the mean of the percentages is 50 %, the truth is 1 %.
    union, indicator = UnionFactory(), ShareFactory()
    TargetFactory(unit=union, indicator=indicator, value=50)
    log(UnitFactory(superior=union), indicator, 1, on(3), denominator=1)
    log(UnitFactory(superior=union), indicator, 0, on(3), denominator=99)
    row = row_of(union, indicator)
    assert (row.done.value, row.done.whole, row.done.ratio) == (1, 100, Decimal("0.01"))
    assert row.difference == Decimal("-0.49")


def test_share_of_a_share_takes_the_parents_numerator_as_its_whole():
    unit, whole = UnitFactory(), ShareFactory()
    part = ShareFactory(of=whole, area=whole.area)
    parent = TargetFactory(unit=unit, indicator=whole, comparator=Comparator.EQUAL, value=100, position=1)
    TargetFactory(unit=unit, indicator=part, value=20, parent=parent, position=2)
    log(unit, whole, 14, on(12), denominator=14)
    log(unit, part, 4, on(12))
    table = progress_for(unit, YEAR, as_of=END)
    row = table.row(part.code)
    assert (row.done.value, row.done.whole, row.standing, row.depth) == (4, 14, Standing.OVER, 1)
    assert row.done.ratio == Decimal(4) / Decimal(14)
    assert [r.indicator.code for r in table.rows] == [whole.code, part.code]


# --- roll-ups over time and units --------------------------------------------------------------------


@pytest.mark.parametrize(("over_time", "expected"), [("sum", 12), ("last", 3), ("average", 4), ("max", 7)])
def test_roll_up_over_time(over_time, expected):
    target = TargetFactory(indicator=IndicatorFactory(over_time=over_time), value=4)
    for day, value in ((on(2), 2), (on(5), 7), (on(9), 3)):
        log(target.unit, target.indicator, value, day)
    assert row_of(target.unit, target.indicator).done.value == expected


@pytest.mark.parametrize(
    ("said", "word"),
    [
        # (2, 7, 3) with these words: only the 7 says what is said of the largest.
        (("about", "exact", "more"), "exact"),
        (("exact", "about", "nearly"), "about"),
        (("more", "nearly", "about"), "nearly"),
    ],
)
def test_the_largest_is_said_in_its_own_words(said, word):
    target = TargetFactory(indicator=IndicatorFactory(over_time="max"), value=4)
    for (day, value), qualifier in zip(((on(2), 2), (on(5), 7), (on(9), 3)), said, strict=True):
        log(target.unit, target.indicator, value, day, qualifier=qualifier)
    done = row_of(target.unit, target.indicator).done
    assert (done.value, done.qualifier) == (7, word)
    # The lines of half a year, and those until a day, which no kept total answers.
    done = row_of(target.unit, target.indicator, as_of=on(6, 3)).done
    assert (done.value, done.qualifier) == (7, word)


def test_of_equal_figures_the_larger_word_is_said():
    """Nearly 7 is below 7, about 7 may be, more than 7 is above it: what is sure to be the largest is told."""
    unit, kind = UnitFactory(), IndicatorFactory(over_time="max")
    TargetFactory(unit=unit, indicator=kind, value=4)
    told = []
    for month, qualifier in enumerate(("nearly", "about", "exact", "about", "more", "exact"), start=1):
        log(unit, kind, 7, on(month), qualifier=qualifier)
        told.append(row_of(unit, kind).done.qualifier)
    assert told == ["nearly", "about", "exact", "exact", "more", "more"]


def test_totals_kept_before_the_words_of_the_largest_get_them_from_their_lines():
    """Migration 0018: one year of one word, one of several, and a unit that only has exact figures."""
    kind = IndicatorFactory(over_time="max")
    units = [UnitFactory() for _ in range(3)]
    for unit, lines in zip(units, (
        ((2, "about"), (9, "about")), ((7, "exact"), (7, "nearly"), (3, "more")), ((4, "exact"), (1, "exact")),
    ), strict=True):  # fmt: skip
        for month, (value, qualifier) in enumerate(lines, start=1):
            log(unit, kind, value, on(month), qualifier=qualifier)
    PeriodTotal.objects.update(largest_qualifier="")
    assert len(compare_totals()) == 10  # one for each unit and month, and one for each year
    import_module("branches.migrations.0018_words_of_the_largest").from_the_lines(apps, None)
    assert compare_totals() == []
    years = PeriodTotal.objects.filter(code=kind.code, month=0).order_by("unit")
    assert [(row.largest, row.largest_qualifier) for row in years] == [(9, "about"), (7, "exact"), (4, "exact")]


@pytest.mark.parametrize(("over_units", "expected"), [("sum", 15), ("average", 5), ("max", 9)])
def test_roll_up_over_units(over_units, expected):
    union, indicator = UnionFactory(), IndicatorFactory(over_units=over_units)
    TargetFactory(unit=union, indicator=indicator, value=4)
    for value in (4, 2, 9):
        log(UnitFactory(superior=union), indicator, value, on(4))
    assert row_of(union, indicator).done.value == expected


def test_headcount_takes_last_over_time_and_sum_over_units():
    union, indicator = UnionFactory(), IndicatorFactory(over_time="last")
    TargetFactory(unit=union, indicator=indicator, value=30)
    first, second = UnitFactory(superior=union), UnitFactory(superior=union)
    log(first, indicator, 10, on(1))
    log(first, indicator, 12, on(6))
    log(second, indicator, 20, on(1))
    assert row_of(union, indicator).done.value == 32


def test_units_that_have_it_over_units_that_must():
    union, indicator = UnionFactory(), YesNoFactory()
    TargetFactory(unit=union, indicator=indicator, comparator=Comparator.YES)
    units = [UnitFactory(superior=union) for _ in range(4)]
    for unit in units[:3]:
        TargetFactory(unit=unit, indicator=indicator, comparator=Comparator.YES)
    log(units[0], indicator, 1, on(3))
    log(units[1], indicator, 0, on(3))
    row = row_of(union, indicator)
    assert (row.done.value, row.done.whole) == (1, 3)
    assert row.standing == Standing.MISSED


def test_members_come_from_the_register_on_the_closing_day():
    indicator = IndicatorFactory(source="register", register_key="members", over_time="last")
    target = TargetFactory(indicator=indicator, value=2)
    MemberFactory(home=target.unit)
    MemberFactory(home=target.unit, since=on(8))
    assert row_of(target.unit, indicator, as_of=on(6)).done.value == 1
    assert row_of(target.unit, indicator).done.value == 2


def test_money_is_exact_dong():
    target = TargetFactory(indicator=MoneyFactory(), value=5_000_000)
    log(target.unit, target.indicator, 1_400_000, on(1), qualifier="nearly")
    log(target.unit, target.indicator, 1_500_001, on(1))
    row = row_of(target.unit, target.indicator)
    assert (row.done.value, row.done.qualifier) == (2_900_001, "nearly")


def test_term_adds_the_years_and_takes_the_last_share():
    unit = UnitFactory()
    term = TermFactory(unit=unit, starts_on=datetime.date(2023, 1, 1), ends_on=datetime.date(2026, 1, 1))
    blood, share = IndicatorFactory(), ShareFactory()
    for number in (2023, 2024, 2025):
        TargetFactory(unit=unit, indicator=blood, value=4, period=year(number))
        TargetFactory(unit=unit, indicator=share, comparator="eq", value=100, period=year(number))
        log(unit, blood, 5, on(6, year=number))
        log(unit, share, 14, on(6, year=number), denominator=number - 2009)
    table = progress_for(unit, term, as_of=datetime.date(2025, 12, 31))
    row = table.row(blood.code)
    assert (row.aim.value, row.done.value, row.ratio, row.standing) == (12, 15, Decimal("1.25"), Standing.OVER)
    row = table.row(share.code)
    assert (row.aim.value, row.done.value, row.done.whole) == (1, 14, 16)


def test_quarter_shows_results_and_judges_only_what_is_set_per_quarter():
    unit = UnitFactory()
    yearly = TargetFactory(unit=unit, value=4)
    monthly = TargetFactory(unit=unit, comparator=Comparator.PER_MONTH, value=1)
    log(unit, yearly.indicator, 1, on(5))
    log(unit, yearly.indicator, 1, on(9))
    log(unit, monthly.indicator, 1, on(4))
    table = progress_for(unit, Period.of_quarter(2026, 2), as_of=END)
    row = table.row(yearly.indicator.code)
    assert (row.done.value, row.standing, row.reason) == (1, "not_measurable", "Chỉ tiêu giao cho cả năm")
    row = table.row(monthly.indicator.code)
    assert (row.done.value, row.aim.value, row.standing) == (1, 3, Standing.MISSED)


# --- the tree of that day ---------------------------------------------------------------------------


@pytest.fixture
def moved():
    """A branch under `old` until 30/06/2026 and under `new` from 01/07/2026, 4 done before and 3 after."""
    top = UnionFactory(name="Tỉnh Đoàn Thử")
    old, new = UnionFactory(superior=top), UnionFactory(superior=top)
    branch, indicator = UnitFactory(superior=old), IndicatorFactory()
    TargetFactory(unit=top, indicator=indicator, value=1)
    for union in (old, new):
        TargetFactory(unit=union, indicator=indicator, value=1)
    log(branch, indicator, 4, on(6, 30))
    log(branch, indicator, 3, on(7, 1))
    move_unit(unit=branch, superior=new, on=on(7, 1), decision="15-QĐ/TĐTN")
    for unit in (top, old, new, branch):
        unit.refresh_from_db()
    return top, old, new, branch, indicator


def test_moved_unit_counts_under_its_superior_of_that_day(moved):
    top, old, new, branch, indicator = moved
    assert row_of(old, indicator).done.value == 4
    assert row_of(new, indicator).done.value == 3
    assert row_of(top, indicator).done.value == 7
    assert row_of(branch, indicator).done.value == 7


def test_stock_of_a_moved_unit_counts_once_under_its_superior_of_the_closing_day(moved):
    top, old, new, branch, _ = moved
    stock = IndicatorFactory(over_time="last")
    for unit in (top, old, new):
        TargetFactory(unit=unit, indicator=stock, value=1)
    log(branch, stock, 14, on(3))
    assert row_of(old, stock).done.value is None
    assert row_of(new, stock).done.value == 14
    assert row_of(top, stock).done.value == 14
    assert row_of(old, stock, as_of=on(5)).done.value == 14


def test_unit_below_a_moved_unit_moves_with_it(moved):
    _, old, new, branch, indicator = moved
    below = UnitFactory(superior=branch, kind=Unit.Kind.SUB_BRANCH)
    log(below, indicator, 10, on(2))
    log(below, indicator, 20, on(11))
    assert row_of(old, indicator).done.value == 14
    assert row_of(new, indicator).done.value == 23


def test_last_years_totals_stay_with_the_old_superior(moved):
    _, old, new, branch, indicator = moved
    log(branch, indicator, 8, on(5, year=2025))
    assert row_of(old, indicator).last.value == 8
    assert row_of(new, indicator).last.value is None


def test_a_branch_and_its_parts_are_one_unit_on_its_own_page_and_on_its_superiors():
    union = UnionFactory()
    branch = UnitFactory(superior=union)
    part = UnitFactory(superior=branch, kind=Unit.Kind.SUB_BRANCH)
    counted, agreed = IndicatorFactory(), YesNoFactory()
    for unit in (union, branch):
        TargetFactory(unit=unit, indicator=counted, value=10)
        TargetFactory(unit=unit, indicator=agreed, comparator="yes", value=None)
    log(branch, counted, 3, on(2))
    log(part, counted, 4, on(3))
    log(part, agreed, 1, on(3))
    table = board_for(union, YEAR, as_of=END)
    assert row_of(branch, counted).done.value == row_of(union, counted).done.value == 7
    assert [cell.done.value for cell in table.rows[0].cells] == [7, 1]
    assert (row_of(branch, agreed).done.value, row_of(branch, agreed).done.whole) == (1, None)
    assert (row_of(union, agreed).done.value, row_of(union, agreed).done.whole) == (1, 1)
    assert progress_for(branch, YEAR, as_of=END).activities == 3


def test_activities_of_a_moved_unit_count_once_under_the_superior_of_their_day(moved):
    top, old, new, *_ = moved
    assert [progress_for(unit, YEAR, as_of=END).activities for unit in (top, old, new)] == [2, 1, 1]


# --- a share of units: who is asked ------------------------------------------------------------------


def asked_union(*given_to):
    """A superior of three branches with a yes/no target; it is handed down to some of them."""
    union = UnionFactory()
    branches = [UnitFactory(superior=union) for _ in range(3)]
    agreed = YesNoFactory()
    for unit in (union, *(branches[place] for place in given_to)):
        TargetFactory(unit=unit, indicator=agreed, comparator="yes", value=None)
    return union, branches, agreed


def test_yes_or_no_handed_down_is_told_of_the_units_it_was_given_to():
    union, branches, agreed = asked_union(0, 1)
    log(branches[0], agreed, 1, on(2))
    log(branches[2], agreed, 1, on(2))  # nobody asked it
    row = row_of(union, agreed)
    assert (row.done.value, row.done.whole, row.standing) == (1, 2, "missed")


def test_yes_or_no_given_to_nobody_below_is_the_superiors_own():
    union, branches, agreed = asked_union()
    log(branches[0], agreed, 1, on(2))
    assert row_of(union, agreed).standing == "missed"
    log(union, agreed, 1, on(3))
    row = row_of(union, agreed)
    assert (row.done.value, row.done.whole, row.standing) == (1, None, "met")


def test_so_many_a_month_of_a_superior_is_wanted_of_each_unit_it_was_given_to():
    union = UnionFactory()
    branches, meetings = [UnitFactory(superior=union) for _ in range(3)], IndicatorFactory(unit_word="buổi")
    for unit in (union, *branches[:2]):
        TargetFactory(unit=unit, indicator=meetings, comparator="per_month", value=1)
    for month in range(1, 13):
        log(branches[0], meetings, 1, on(month))
    log(branches[1], meetings, 5, on(3))
    row = row_of(union, meetings)
    assert (row.aim.value, row.aim.each, row.aim.units, row.done.value) == (24, 2, 2, 17)
    assert (row.standing, row.missing_spans) == ("missed", ())
    assert note(row) == "1 buổi mỗi tháng ở mỗi đơn vị, 2 đơn vị"
    assert row_of(branches[0], meetings).standing == "met"
    cells = [line.cells[0] for line in board_for(union, YEAR, as_of=END, by_name=True).rows]
    assert sorted(cell.done.value for cell in cells if cell) == [5, 12]
    assert board_for(union, YEAR, as_of=END).totals[0].aim == 24


def test_so_many_a_month_given_to_nobody_below_is_the_superiors_own():
    union, meetings = UnionFactory(), IndicatorFactory()
    UnitFactory(superior=union)
    TargetFactory(unit=union, indicator=meetings, comparator="per_month", value=1)
    log(union, meetings, 1, on(1))
    assert (row_of(union, meetings).aim.value, row_of(union, meetings).aim.units) == (12, 1)


# --- the cache and the lines ------------------------------------------------------------------------


def kept_totals():
    columns = ("unit_id", "code", "year", "month", "lines", "value")
    return list(PeriodTotal.objects.order_by(*columns[:4]).values_list(*columns))


def test_kept_totals_are_equal_to_the_lines_and_rebuilding_changes_nothing(moved):
    before = kept_totals()
    assert compare_totals() == []
    assert rebuild_totals() == len(before)
    assert kept_totals() == before


def test_a_total_that_lies_is_found(moved):
    branch, code = moved[3], moved[4].code
    PeriodTotal.objects.filter(month=0, code=code).update(value=Decimal(99))
    assert compare_totals() == [f"unit {branch.pk}, {code}, 2026: total differs from the lines"]
    PeriodTotal.objects.filter(code="").delete()
    assert f"unit {branch.pk}, activities, 2026: total is missing" in compare_totals()


def test_both_ways_of_reading_give_the_same_table(moved):
    """Whole years come from the cache; with a result dated after `as_of` the same year is read from lines."""
    top, *_, branch, indicator = moved
    cached = row_of(top, indicator, as_of=END)
    log(branch, IndicatorFactory(), 1, on(1, 5, year=2027))
    stranger = UnitFactory(superior=top)
    log(stranger, IndicatorFactory(), 1, on(12, 31))
    from_lines = row_of(top, indicator, as_of=on(12, 30))
    assert (from_lines.done, from_lines.aim) == (cached.done, cached.aim)


def test_lines_behind_a_figure_add_up_to_it(moved):
    top, old, _, _, indicator = moved
    for unit, expected in ((top, 7), (old, 4)):
        lines = lines_for(unit, indicator.code, YEAR, as_of=END)
        assert sum(line.value for line in lines) == expected


def test_evidence_counts_lines_that_have_it():
    target = TargetFactory(value=4)
    line = log(target.unit, target.indicator, 1, on(2))
    log(target.unit, target.indicator, 1, on(3))
    EvidenceLinkFactory(activity=line.activity)
    assert row_of(target.unit, target.indicator).evidenced == 1


# --- cost -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_progress_query_count_does_not_grow(rows, django_assert_num_queries):
    unit = UnitFactory()
    for _ in range(rows):
        target = TargetFactory(unit=unit, value=4)
        log(unit, target.indicator, 1, on(2))
        log(unit, IndicatorFactory(), 1, on(2))
    with django_assert_num_queries(5):
        progress_for(unit, YEAR, as_of=END)


@pytest.mark.parametrize("units", [1, 3, 30])
def test_subtree_query_count_does_not_grow(units, django_assert_num_queries):
    union = UnionFactory()
    target = TargetFactory(unit=union, value=4)
    for _ in range(units):
        log(UnitFactory(superior=union), target.indicator, 1, on(2))
    with django_assert_num_queries(4):
        table = progress_for(union, YEAR, as_of=END)
    assert table.row(target.indicator.code).done.value == units


def test_counts_and_activities_of_the_table():
    unit = UnitFactory()
    over, missed = TargetFactory(unit=unit, value=1), TargetFactory(unit=unit, value=3)
    log(unit, over.indicator, 2, on(2))
    log(unit, missed.indicator, 1, on(2))
    table = progress_for(unit, YEAR, as_of=END)
    assert (table.counts, table.reached, len(table.late)) == ({Standing.OVER: 1, Standing.MISSED: 1}, 1, 1)
    assert (table.activities, table.with_results, table.with_evidence) == (2, 2, 0)
    assert Activity.objects.count() == Quantity.objects.count() == 2
