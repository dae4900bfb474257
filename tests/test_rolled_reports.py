"""What a superior's report says where its figures are those of its units' approved reports."""

import datetime

import pytest

from branches.models import Indicator, Period
from branches.restructuring import dissolve_unit, move_unit
from reports.drafts import drafts_of
from reports.material import collect, material_of
from reports.models import PeriodReport
from reports.papers import term, yearly
from reports.rounds import open_round

from .factories import IndicatorFactory, MemberFactory, TargetFactory, UnitFactory, YesNoFactory, year
from .rolling import CLOSED, approved, log, rolled
from .test_rolling_up import Three, told

DAY = datetime.date
pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    return Three()


def material_for(unit, period, *, on=CLOSED):
    return material_of(PeriodReport(unit=unit, period=period, from_units=True), as_of=on)


def texts(material, chapter):
    return [draft.text for draft in drafts_of(material).get(chapter, [])]


def test_a_half_year_tells_and_does_not_judge_the_targets_of_the_year(three):
    """10 + 8 of a year's 40: neither missed nor an estimate, and the next half is told the target as the year's."""
    turns = IndicatorFactory(name="Buổi tình nguyện", unit_word="buổi")
    TargetFactory(unit=three.khoi, indicator=turns, comparator="at_least", value=40)
    nothing = IndicatorFactory(name="Lượt hiến máu")
    TargetFactory(unit=three.khoi, indicator=nothing, comparator="at_least", value=5)
    half, closed = Period.objects.stored(Period.of_half(2026, 1)), DAY(2026, 7, 5)
    three.each(turns, 10, 8, None, None, None)
    for unit in (three.a1, three.a2, three.a3):
        approved(unit, half, by=three.by, on=closed)
    material = material_for(three.khoi, half, on=closed)
    assert texts(material, "results")[0] == (
        "6 tháng đầu năm 2026, trong 02 chỉ tiêu được giao, 02 chỉ tiêu giao cho cả năm, chưa đánh giá (Bảng 1)."
    )
    drafts = {draft.source: draft for ones in drafts_of(material).values() for draft in ones}
    assert drafts[f"indicator:{turns.pk}"].text == "Buổi tình nguyện đạt 18 buổi."
    none = drafts[f"indicator:{nothing.pk}"]
    assert (none.text, none.is_usual) == ("Trong sáu tháng chưa có kết quả lượt hiến máu.", False)
    following = texts(material, "next-targets")
    assert [text.endswith("(chỉ tiêu cả năm).") for text in following] == [True, True]


def test_a_unit_that_moved_counts_where_it_stands_on_the_last_day(three):
    """A3 moved on 1 September, both superiors asked it: 10 + 20 of the Khối, 1 + 2 + 30 of the Phường."""
    turns = IndicatorFactory()
    asked = {"by": three.by, "kind": "year", "period": year(), "due_on": DAY(2027, 1, 10)}
    open_round(unit=three.khoi, on=DAY(2026, 8, 1), **asked)
    move_unit(unit=three.a3, superior=three.phuong, on=DAY(2026, 9, 1), decision="01-QĐ/TĐ")
    open_round(unit=three.phuong, on=CLOSED, **asked)
    three.a3.refresh_from_db()
    three.each(turns, 10, 20, 30, 1, 2)
    three.approve_branches()
    assert told(rolled(three.khoi), turns)[0] == 30
    assert told(rolled(three.phuong), turns)[0] == 33
    assert rolled(three.khoi).missing == ()


def test_a_unit_that_ended_in_the_period_is_told_by_its_superior(three):
    turns = IndicatorFactory()
    three.each(turns, 100, 100, 60, None, None)
    dissolve_unit(unit=three.a3, on=DAY(2026, 9, 1), decision="02-QĐ/TĐ", sends_members_away=True)
    for unit in (three.a1, three.a2):
        approved(unit, by=three.by)
    sums = rolled(three.khoi)
    assert told(sums, turns)[0] == 260
    assert [part.told.value for part in sums.parts[turns.code] if part.source is None] == [60]
    approved(three.khoi, by=three.by, from_units=True)
    approved(three.phuong, by=three.by, from_units=True)
    assert told(rolled(three.city), turns)[0] == 260  # once, by the Khối's edition


def test_who_owed_no_report_is_named(three):
    period = year()
    open_round(
        unit=three.khoi, by=three.by, on=CLOSED, kind="year", period=period, due_on=DAY(2027, 1, 10),
        units=[three.a1, three.a2],
    )  # fmt: skip
    approved(three.a1, by=three.by)
    approved(three.a2, by=three.by)
    assert texts(material_for(three.khoi, period), "results")[1] == (
        "Số liệu gồm đủ 02 đơn vị phải báo cáo; không gồm 01 đơn vị trực thuộc không phải báo cáo kỳ này: Chi đoàn A3."
    )


# --- the year before ----------------------------------------------------------------------------------


def test_last_year_is_what_the_superior_reported_then(three):
    """4 + 6 + 2 of its own, as approved; what was logged for that year since does not stand beside it."""
    turns = IndicatorFactory()
    for unit, figure in ((three.a1, 4), (three.a2, 6), (three.khoi, 2)):
        log(unit, turns, figure, DAY(2025, 5, 1))
    for unit in (three.a1, three.a2, three.a3):
        approved(unit, year(2025), by=three.by, on=DAY(2026, 1, 5))
    approved(three.khoi, year(2025), by=three.by, on=DAY(2026, 1, 5), from_units=True)
    log(three.a1, turns, 100, DAY(2025, 6, 1))
    log(three.a1, turns, 1)
    three.approve_branches()
    assert rolled(three.khoi).table.row(turns.code).last.value == 12


def test_last_year_without_a_report_has_the_units_that_tell_nothing_now(three):
    turns = IndicatorFactory()
    log(three.a1, turns, 4, DAY(2025, 5, 1))
    log(three.a2, turns, 6, DAY(2025, 5, 1))
    log(three.a1, turns, 1)
    approved(three.a1, by=three.by)  # A2 has not reported
    assert rolled(three.khoi).table.row(turns.code).last.value == 10


# --- a share of units ---------------------------------------------------------------------------------


def test_a_share_nobody_planned_counts_everybody_also_beside_a_superiors_share(three):
    """Khối told 1 of 3, C has it, the Phường with two branches told nothing: 2 of 3 + 1 + 2."""
    have = YesNoFactory()
    log(three.a1, have, 1)
    unit = UnitFactory(name="Chi đoàn C", superior=three.city)
    log(unit, have, 1)
    approved(unit, by=three.by)
    three.approve_all()
    assert told(rolled(three.city), have) == (2, 6, "exact")


def test_a_share_only_the_top_planned_is_its_own_also_beside_a_superiors_share(three):
    have = YesNoFactory()
    log(three.a1, have, 1)
    three.approve_all()  # the Khối tells 1 of 3
    TargetFactory(unit=three.city, indicator=have, comparator="yes")
    log(three.city, have, 1)
    assert told(rolled(three.city), have) == (1, None, "exact")


# --- what stands beside the table ---------------------------------------------------------------------


def test_no_chart_of_todays_lines_stands_beside_reported_figures(three):
    turns = IndicatorFactory()
    three.each(turns, 10, 20, 30, None, None)
    three.approve_branches()
    assert yearly.second_chart(collect(three.khoi, year(), as_of=CLOSED)) is not None
    assert yearly.second_chart(material_for(three.khoi, year())) is None
    school_year = Period.objects.stored(Period.of_school_year(2025))
    assert yearly.second_chart(collect(three.khoi, school_year, as_of=CLOSED)) is None


def test_no_annex_of_todays_lines_stands_beside_a_reported_term(three):
    period = Period.objects.create(
        kind=Period.Kind.TERM, unit=three.khoi, name="Nhiệm kỳ 2024 - 2026", starts_on=DAY(2024, 1, 1),
        ends_on=DAY(2027, 1, 1),
    )  # fmt: skip
    log(three.khoi, IndicatorFactory(), 7)
    material = material_for(three.khoi, period)
    assert (material.years, material.by_year) == ([], {})
    assert term.second_chart(material) is None


def test_members_of_some_units_are_not_told_as_those_of_all(three):
    members = Indicator.objects.filter(source=Indicator.Source.REGISTER, register_key="members").first()
    members = members or IndicatorFactory(source=Indicator.Source.REGISTER, register_key="members", over_time="last")
    TargetFactory(unit=three.khoi, indicator=members, comparator="at_least", value=2)
    for unit in (three.a1, three.a2):
        MemberFactory(home=unit)
    approved(three.a1, by=three.by)
    material = material_for(three.khoi, year())
    assert texts(material, "situation")[0].startswith("Đến ngày 31/12/2026, các đơn vị đã báo cáo có 01 đoàn viên")
    assert material.table.row(members.code).last.lines == 0
    approved(three.a2, by=three.by)
    approved(three.a3, by=three.by)
    material = material_for(three.khoi, year())
    assert texts(material, "situation")[0].startswith("Đến ngày 31/12/2026, toàn Đoàn có 02 đoàn viên")
    assert material.table.row(members.code).last.lines > 0
