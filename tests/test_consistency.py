"""Checks of figures: each finds its case and nothing else; none of them blocks."""

import datetime
from decimal import Decimal

import pytest

from branches.models import Activity, Indicator, Period
from reports.amounts import Amount
from reports.consistency import (
    of_last_year,
    of_members,
    of_nothing,
    of_parts,
    of_party,
    warnings_by_unit,
    warnings_of_material,
    warnings_of_sum,
)
from reports.freezing import facts_of
from reports.judging import Progress
from reports.material import material_of
from reports.models import ReportRow, Submission

from .factories import IndicatorFactory, MemberFactory, ShareFactory, TargetFactory, YesNoFactory, account_at, year
from .rolling import CLOSED, approved, began, log, rolled, submitted
from .test_rolling_up import Three

DAY = datetime.date
pytestmark = pytest.mark.django_db
BALANCED = {"members": 33, "women": 20, "party_members": 4, "opening": 30, "came": 5, "left": 2, "closing": 33}


def row(indicator, value, *, whole=None, last=None, depth=0):
    made = Amount(Decimal(value), None if whole is None else Decimal(whole), lines=1)
    before = Amount(Decimal(last), lines=1) if last is not None else Amount()
    return Progress(0, indicator, None, None, made, before, depth=depth)


def words(found):
    return [one.words for one in found]


# --- each check, by hand ------------------------------------------------------------------------------


def test_members_that_balance_are_no_warning():
    assert of_members(BALANCED, {"closing": 30}) == []


def test_opening_and_moves_have_to_make_the_closing():
    assert words(of_members(BALANCED | {"closing": 32})) == [
        "Đoàn viên đầu kỳ 30, tăng 5, giảm 2 thì cuối kỳ phải là 33, báo cáo ghi 32"
    ]


def test_the_closing_of_the_last_report_is_the_opening_of_this():
    assert words(of_members(BALANCED, {"closing": 31})) == ["Đoàn viên đầu kỳ là 30, báo cáo kỳ trước chốt cuối kỳ 31"]


@pytest.mark.parametrize("key", ["women", "party_members"])
def test_nobody_is_counted_who_is_no_member(key):
    (found,) = of_members(BALANCED | {key: 34})
    assert "(34) nhiều hơn tổng số đoàn viên (33)" in found.words


def test_a_part_is_no_larger_than_its_whole_in_the_catalogue():
    whole = IndicatorFactory(name="Lượt hiến máu")
    part = IndicatorFactory(name="Nữ hiến máu", of=whole)
    assert of_parts([row(whole, 10), row(part, 10)]) == []
    assert words(of_parts([row(whole, 10), row(part, 11)])) == [
        "Nữ hiến máu (11) lớn hơn lượt hiến máu (10) mà nó là một phần"
    ]


def test_a_part_is_no_larger_than_its_whole_in_the_plan():
    whole, part = IndicatorFactory(), IndicatorFactory()
    assert of_parts([row(whole, 10), row(part, 11)]) == []  # nobody said that it is a part
    assert len(of_parts([row(whole, 10), row(part, 11, depth=1)])) == 1


def test_a_share_is_at_most_all():
    share = ShareFactory(name="Đạt chuẩn")
    assert of_parts([row(share, 10, whole=10)]) == []
    assert words(of_parts([row(share, 11, whole=10)])) == ["Đạt chuẩn vượt 100% (11/10)"]


@pytest.mark.parametrize(("now", "last", "warned"), [(99, 10, False), (100, 10, True), (10, 100, True), (5, 0, False)])
def test_far_from_last_year_is_a_factor_of_ten(now, last, warned):
    assert bool(of_last_year([row(IndicatorFactory(), now, last=last)], 10)) is warned


def test_shares_and_yes_or_no_are_never_far():
    assert of_last_year([row(ShareFactory(), 50, whole=60, last=2), row(YesNoFactory(), 1, last=20)], 10) == []


def test_nothing_at_all_beside_activities():
    assert words(of_nothing([row(IndicatorFactory(), 0)], 4)) == ["Đã ghi 4 hoạt động nhưng không có con số nào"]
    assert of_nothing([row(IndicatorFactory(), 1)], 4) == []
    assert of_nothing([], 0) == []


def test_nobody_is_admitted_who_was_not_introduced():
    assert of_party(Decimal(3), Decimal(3)) == []
    assert of_party(None, Decimal(3)) == []  # nobody ever reported how many were introduced
    assert "(4) nhiều hơn số đã giới thiệu (3)" in of_party(Decimal(3), Decimal(4))[0].words


# --- of a report being written ------------------------------------------------------------------------


def found_of(report):
    material = material_of(report, as_of=CLOSED)
    return words(warnings_of_material(report, material, facts_of(material)))


def test_introduced_and_admitted_are_added_over_the_years():
    """2025: 2 introduced, 1 admitted. 2026: 1 introduced and 2 admitted are 3 of 3; one more admitted is too many."""
    unit = Three().a1
    by = account_at(unit)
    introduced, admitted = (Indicator.objects.get(code=f"party_{what}") for what in ("introduced", "admitted"))
    log(unit, introduced, 2, DAY(2025, 5, 1))
    log(unit, admitted, 1, DAY(2025, 6, 1))
    approved(unit, year(2025), by=by)
    log(unit, introduced, 1, DAY(2026, 5, 1))
    log(unit, admitted, 2, DAY(2026, 6, 1))
    report = began(unit, by=by)
    assert not any("kết nạp Đảng" in one for one in found_of(report))
    log(unit, admitted, 1, DAY(2026, 7, 1))
    assert [one for one in found_of(report) if "kết nạp Đảng" in one] == [
        "Qua các năm, số kết nạp Đảng (4) nhiều hơn số đã giới thiệu (3)"
    ]


def test_a_figure_that_was_only_typed_is_named():
    unit = Three().a1
    typed, both = IndicatorFactory(name="Số nhập"), IndicatorFactory(name="Có hoạt động")
    for indicator in (typed, both):
        log(unit, indicator, 3, nature=Activity.Nature.FIGURE)
    log(unit, both, 1)
    assert "Số nhập tay, chưa có hoạt động nào ghi lại: Số nhập" in found_of(began(unit, by=account_at(unit)))


def test_a_month_or_a_theme_is_not_added_to_the_years():
    """Two admitted and one introduced in a part of the year say nothing over the years."""
    unit = Three().a1
    introduced, admitted = (Indicator.objects.get(code=f"party_{what}") for what in ("introduced", "admitted"))
    log(unit, introduced, 1)
    log(unit, admitted, 2)
    by = account_at(unit)
    month = Period.objects.stored(Period.of_month(2026, 3))
    assert not any("kết nạp Đảng" in one for one in found_of(began(unit, month, by=by)))
    assert not any("kết nạp Đảng" in one for one in found_of(began(unit, by=by, theme="xây dựng Đảng")))
    assert any("kết nạp Đảng" in one for one in found_of(began(unit, by=by)))


@pytest.mark.parametrize(("as_of", "warned"), [(DAY(2025, 12, 31), True), (DAY(2025, 12, 15), False)])
def test_the_opening_is_compared_with_a_report_of_the_last_day(as_of, warned):
    """Approved on 15 December, the report of 2025 has no closing of the year to compare with."""
    unit = Three().a1
    by = account_at(unit)
    MemberFactory(home=unit)
    submission = approved(unit, year(2025), by=by)
    Submission.objects.filter(pk=submission.pk).update(as_of=as_of, facts=BALANCED | {"closing": 40})
    found = found_of(began(unit, by=by))
    assert any("báo cáo kỳ trước chốt cuối kỳ 40" in one for one in found) is warned


def test_an_activity_below_stands_behind_a_figure_typed_above():
    three = Three()
    typed, both = IndicatorFactory(name="Số nhập"), IndicatorFactory(name="Có hoạt động")
    for indicator in (typed, both):
        log(three.khoi, indicator, 3, nature=Activity.Nature.FIGURE)
    log(three.a1, both, 1)
    assert "Số nhập tay, chưa có hoạt động nào ghi lại: Số nhập" in found_of(began(three.khoi, by=three.by))


def test_a_sound_report_has_no_warning():
    unit = Three().a1
    MemberFactory(home=unit)
    log(unit, IndicatorFactory(), 3)
    assert found_of(began(unit, by=account_at(unit))) == []


def test_warnings_never_block():
    unit = Three().a1
    share = ShareFactory()
    TargetFactory(unit=unit, indicator=share, value=50)
    log(unit, share, 12, whole=10)
    by = account_at(unit)
    report = began(unit, by=by)
    assert any("vượt 100%" in one for one in found_of(report))
    assert submitted(report, by=by).edition == 1


# --- of what a superior adds up -----------------------------------------------------------------------


def test_each_units_edition_is_checked_and_the_sum_too(django_assert_max_num_queries):
    three = Three()
    share = ShareFactory(name="Đạt chuẩn")
    three.each(share, (8, 10), (12, 10), (3, 3), None, None)
    three.approve_branches()
    Submission.objects.filter(report__unit=three.a3).update(facts=BALANCED | {"closing": 40})
    sums = rolled(three.khoi)
    with django_assert_max_num_queries(2):
        found, of_sum = warnings_by_unit(sums), warnings_of_sum(sums)
    assert {pk: words(ones) for pk, ones in found.items()} == {
        three.a2.pk: ["Đạt chuẩn vượt 100% (12/10)"],
        three.a3.pk: ["Đoàn viên đầu kỳ 30, tăng 5, giảm 2 thì cuối kỳ phải là 33, báo cáo ghi 40"],
    }
    assert any("cuối kỳ phải là 33, báo cáo ghi 40" in one for one in words(of_sum))


def test_the_sum_of_sound_units_is_sound():
    three = Three()
    three.each(IndicatorFactory(), 1, 2, 3, 4, 5)
    three.approve_all()
    assert ReportRow.objects.count() == 7
    assert warnings_by_unit(rolled(three.city)) == {}
    assert warnings_of_sum(rolled(three.city)) == []
