"""A superior's figures from the approved reports of its units: every rule over units, three levels, by hand."""

import datetime
from decimal import Decimal

import pytest

from branches.models import Indicator, Target
from branches.restructuring import move_unit
from reports.freezing import content_of_submission
from reports.judging import Standing
from reports.models import ReportRow, RoundUnit
from reports.progress import progress_for
from reports.rolling_sources import Source
from reports.rolling_table import whose_words
from reports.rounds import excuse, open_round

from .factories import (
    IndicatorFactory,
    MemberFactory,
    MoneyFactory,
    ShareFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
    YesNoFactory,
    account_at,
)
from .rolling import CLOSED, approved, began, corrected, log, rolled, submitted

DAY = datetime.date
OverTime, OverUnits = Indicator.OverTime, Indicator.OverUnits
pytestmark = pytest.mark.django_db


class Three:
    """Thành đoàn ─ Đoàn Khối ─ A1, A2, A3; Thành đoàn ─ Đoàn Phường ─ B1, B2. Everything logged in 2026."""

    def __init__(self):
        self.city = UnionFactory(name="Thành đoàn An Hòa")
        self.khoi = UnionFactory(name="Đoàn Khối", superior=self.city)
        self.phuong = UnionFactory(name="Đoàn Phường", superior=self.city)
        self.a1, self.a2, self.a3 = (UnitFactory(name=f"Chi đoàn A{n}", superior=self.khoi) for n in (1, 2, 3))
        self.b1, self.b2 = (UnitFactory(name=f"Chi đoàn B{n}", superior=self.phuong) for n in (1, 2))
        self.branches = [self.a1, self.a2, self.a3, self.b1, self.b2]
        self.by = account_at(self.city, "superior_secretary")

    def each(self, indicator, *values, **kind) -> None:
        """One line for each of A1 A2 A3 B1 B2; None: nothing logged. A pair is value and whole."""
        for unit, value in zip(self.branches, values, strict=True):
            if isinstance(value, tuple):
                log(unit, indicator, value[0], whole=value[1], **kind)
            elif value is not None:
                log(unit, indicator, value, **kind)

    def approve_branches(self):
        return [approved(unit, by=self.by) for unit in self.branches]

    def approve_all(self):
        self.approve_branches()
        return [approved(unit, by=self.by, from_units=True) for unit in (self.khoi, self.phuong)]


@pytest.fixture
def three():
    return Three()


def told(rolled_up, indicator):
    done = rolled_up.table.row(indicator.code).done
    return done.value, done.whole, done.qualifier


def test_three_levels_ten_rules_by_hand(three):
    turns = IndicatorFactory(name="Lượt người")
    money = MoneyFactory(name="Tiền vận động")
    share = ShareFactory(name="Đạt chuẩn")
    part = ShareFactory(name="Trong đó giỏi")
    mean = IndicatorFactory(name="Điểm trung bình", over_time=OverTime.AVERAGE, over_units=OverUnits.AVERAGE)
    largest = IndicatorFactory(name="Buổi đông nhất", over_time=OverTime.MAX, over_units=OverUnits.MAX)
    newest = IndicatorFactory(name="Nhóm đang có", over_time=OverTime.LAST)
    have = YesNoFactory(name="Có công trình thanh niên")
    nobody = IndicatorFactory(name="Không ai biết số")
    members = Indicator.objects.filter(source=Indicator.Source.REGISTER, register_key="members").first()
    members = members or IndicatorFactory(source=Indicator.Source.REGISTER, register_key="members", over_time="last")
    zero = IndicatorFactory(name="Vi phạm", unit_word="vụ")
    for indicator, comparator, value in (
        (turns, "at_least", 100), (money, "at_least", 5_000_000), (share, "at_least", 80), (mean, "at_least", 8),
        (largest, "at_least", 50), (newest, "at_least", 10), (nobody, "at_least", 3),
        (members, "at_least", 6), (zero, "zero", None),
    ):  # fmt: skip
        TargetFactory(unit=three.city, indicator=indicator, comparator=comparator, value=value)
    whole = Target.objects.get(unit=three.city, indicator=share)
    TargetFactory(unit=three.city, indicator=part, parent=whole, value=50)
    for unit in (three.a1, three.a3, three.b1):  # asked of three of five
        TargetFactory(unit=unit, indicator=have, comparator="yes")
    for unit in [*three.branches, three.a1]:
        MemberFactory(home=unit)

    three.each(turns, 10, 20, 30, 7, None)
    log(three.khoi, turns, 5)  # the superior's own lines count once, at its level
    log(three.city, turns, 3)
    log(three.a1, turns, 2, day=DAY(2026, 5, 1), qualifier="more")
    three.each(money, 1_000_000, 2_000_000, None, 1_500_000, 500_000)
    three.each(share, (8, 10), (9, 10), (1, 2), (20, 25), None)
    three.each(part, (4, None), (3, None), None, (10, None), None)
    three.each(mean, 9, 8, 4, 6, None)
    three.each(largest, 40, 55, 12, 30, 31)
    for value, month in ((3, 1), (2, 6)):
        log(three.a1, newest, value, day=DAY(2026, month, 1))
    log(three.b2, newest, 4)
    three.each(have, 1, 1, 0, 1, None)
    three.each(nobody, None, None, None, None, None)
    log(three.a2, nobody, None)
    three.approve_all()
    sums = rolled(three.city)

    assert sums.missing == ()
    # 10+2 + 20 + 30 of the branches, 5 of the Khối: 67; 7 of the Phường; 3 of the city itself. "hơn" stays.
    assert told(sums, turns) == (77, None, "more")
    assert sums.table.row(turns.code).standing == Standing.MISSED
    assert told(sums, money) == (5_000_000, None, "exact")
    assert sums.table.row(money.code).standing == Standing.MET
    # 8+9+1+20 of 10+10+2+25: a ratio of sums, not a mean of percentages
    assert told(sums, share) == (38, 47, "exact")
    assert told(sums, part) == (17, 38, "exact")  # 4 + 3 + 10 of those who met the standard
    # (9+8+4) / 3 = 7 below the Khối and 6 below the Phường; of the four branches it is 27/4, not (7+6)/2
    assert told(sums, mean)[0] == Decimal("6.75")
    assert told(sums, largest)[0] == 55
    assert told(sums, newest)[0] == 6  # 2 of A1 (the newest, not 3+2) and 4 of B2
    # asked are A1, A3, B1: A1 and B1 have it. A2 was not asked.
    assert told(sums, have) == (2, 3, "exact")
    unknown = sums.table.row(nobody.code)
    assert (unknown.done.value, unknown.done.lines, unknown.done.unknown) == (None, 1, 1)
    assert unknown.reason == "Có thực hiện nhưng chưa có số liệu"
    assert told(sums, members)[0] == 6
    assert sums.table.row(members.code).standing == Standing.MET
    assert sums.table.row(zero.code).standing == Standing.MET
    assert sums.facts["members"] == 6

    # The same numbers asked of the lines of the whole tree: nothing was logged since.
    live = progress_for(three.city, sums.report.period, as_of=CLOSED)
    for row in live.rows:
        assert told(sums, row.indicator) == (row.done.value, row.done.whole, row.done.qualifier), row.indicator.name
        assert sums.table.row(row.indicator.code).standing == row.standing


def test_a_numerator_whose_whole_nobody_reported_makes_no_share_larger(three):
    """A1 2 of 4, A2 3 of 6, and A3, as an old edition kept it, 5 of nobody knows how many: 5 of 10, not 10 of 10."""
    share = ShareFactory(over_time=OverTime.SUM)
    three.each(share, (2, 4), (3, 6), (5, 5), None, None)
    TargetFactory(unit=three.khoi, indicator=share, comparator="at_least", value=50)
    editions = three.approve_branches()
    editions[2].rows.filter(code=share.code).update(whole=None)
    row = rolled(three.khoi).table.row(share.code)
    assert (row.done.value, row.done.whole, row.done.unknown) == (5, 10, 1)


def test_a_mean_of_four_branches_keeps_its_parts_in_the_frozen_row(three):
    mean = IndicatorFactory(over_time=OverTime.AVERAGE, over_units=OverUnits.AVERAGE)
    three.each(mean, 9, 8, 5, 6, 7)
    three.approve_all()
    row = ReportRow.objects.get(code=mean.code, submission__report__unit=three.khoi)
    assert (row.added, row.added_units) == (22, 3)  # 22/3 = 7,3333 has more digits than a column keeps
    assert told(rolled(three.city), mean)[0] == 7  # 35 / 5 exactly


def test_last_year_is_added_by_the_same_rules(three):
    mean = IndicatorFactory(over_time=OverTime.AVERAGE, over_units=OverUnits.AVERAGE)
    turns = IndicatorFactory()
    for unit, figure, score in ((three.a1, 4, 9), (three.a2, 6, 8), (three.b1, 10, 4)):
        log(unit, turns, figure, DAY(2025, 5, 1))
        log(unit, mean, score, DAY(2025, 5, 1))
        log(unit, turns, 1)
        log(unit, mean, 5)
    log(three.city, turns, 2, DAY(2025, 6, 1))
    three.approve_all()
    sums = rolled(three.city)
    assert sums.table.row(turns.code).last.value == 22  # 4 + 6 + 10 of the units, 2 of the city itself
    assert sums.table.row(mean.code).last.value == 7  # 21 / 3, not (8,5 + 4) / 2


def test_a_share_of_units_nobody_planned_asks_every_branch_that_reported(three):
    have = YesNoFactory()
    log(three.a1, have, 1)
    log(three.b1, have, 1)
    three.approve_all()
    assert told(rolled(three.city), have) == (2, 5, "exact")


def test_a_share_of_units_that_only_the_superior_planned_is_its_own_yes_or_no(three):
    have = YesNoFactory()
    TargetFactory(unit=three.khoi, indicator=have, comparator="yes")
    log(three.khoi, have, 1)
    three.approve_branches()
    assert told(rolled(three.khoi), have) == (1, None, "exact")
    assert rolled(three.khoi).table.row(have.code).standing == Standing.MET


def test_estimates_make_the_sum_an_estimate(three):
    turns = IndicatorFactory()
    three.each(turns, 10, None, 20, None, None)
    log(three.a2, turns, 5, qualifier="about")
    three.approve_branches()
    assert told(rolled(three.khoi), turns) == (35, None, "about")


def test_what_was_not_approved_does_not_count_and_is_named(three):
    turns = IndicatorFactory()
    three.each(turns, 10, 20, 30, None, None)
    approved(three.a1, by=three.by)
    submitted(began(three.a2, by=three.by), by=three.by)
    sums = rolled(three.khoi)
    assert told(sums, turns)[0] == 10
    assert [(one.name, one.state) for one in sums.missing] == [("Chi đoàn A2", "submitted"), ("Chi đoàn A3", "none")]


def test_who_is_missing_two_levels_down_is_named_at_the_top(three):
    """Đoàn Khối was approved without A3: 10 + 20 of A1 and A2, 5 + 5 of the Phường; the top says so in words."""
    turns = IndicatorFactory()
    three.each(turns, 10, 20, 30, 5, 5)
    for unit in (three.a1, three.a2, three.b1, three.b2):
        approved(unit, by=three.by)
    edition = approved(three.khoi, by=three.by, from_units=True)
    approved(three.phuong, by=three.by, from_units=True)
    assert edition.facts["without"] == ["Chi đoàn A3"]
    sums = rolled(three.city)
    assert told(sums, turns)[0] == 40
    assert (sums.missing, sums.missing_below) == ((), ("Chi đoàn A3 (Đoàn Khối)",))
    assert whose_words(sums) == (
        "Số liệu gồm đủ 02 đơn vị phải báo cáo; báo cáo đã duyệt của đơn vị trực thuộc chưa gồm 01 đơn vị: "
        "Chi đoàn A3 (Đoàn Khối)."
    )
    above = approved(three.city, by=three.by, from_units=True)
    assert above.facts["without"] == ["Chi đoàn A3 (Đoàn Khối)"]
    assert Source(three.city, "Thành đoàn An Hòa", above).without == ("Chi đoàn A3 (Đoàn Khối, Thành đoàn An Hòa)",)
    content = content_of_submission(above)
    assert content.table.note.endswith("chưa có báo cáo được duyệt: Chi đoàn A3 (Đoàn Khối).")

    approved(three.a3, by=three.by)  # alone it changes nothing: the Khối's edition is what it was
    assert told(rolled(three.city), turns)[0] == 40
    corrected(edition, by=three.by)
    assert (told(rolled(three.city), turns)[0], rolled(three.city).missing_below) == (70, ())


def test_lines_logged_after_the_approval_change_nothing_until_a_correction_is_approved(three):
    turns = IndicatorFactory()
    three.each(turns, 10, 20, 30, None, None)
    first, *_ = three.approve_branches()
    log(three.a1, turns, 100, DAY(2026, 11, 1))
    assert told(rolled(three.khoi), turns)[0] == 60
    corrected(first, by=three.by)
    assert told(rolled(three.khoi), turns)[0] == 160


def test_without_a_round_the_tree_of_the_last_day_says_whose_reports_they_are(three):
    """A3 moved to the Phường on 1 January 2027: of the year 2026 it reports to the Khối."""
    move_unit(unit=three.a3, superior=three.phuong, on=DAY(2027, 1, 1), decision="01-QĐ/TĐ")
    assert [one.name for one in rolled(three.khoi).units] == ["Chi đoàn A1", "Chi đoàn A2", "Chi đoàn A3"]


def test_a_round_says_whose_reports_they_are(three):
    asked = open_round(
        unit=three.khoi, by=three.by, on=CLOSED, kind="year", period=rolled(three.khoi).report.period,
        due_on=DAY(2027, 1, 10), units=[three.a1, three.a2],
    )  # fmt: skip
    assert [one.name for one in rolled(three.khoi).units] == ["Chi đoàn A1", "Chi đoàn A2"]
    row = RoundUnit.objects.get(round=asked, unit=three.a2)
    excuse(row=row, version=asked.version, by=three.by, on=CLOSED, reason="Mới thành lập")
    assert [one.name for one in rolled(three.khoi).units] == ["Chi đoàn A1"]


def test_only_the_newest_approved_edition_counts(three):
    turns = IndicatorFactory()
    log(three.a1, turns, 10)
    submission = approved(three.a1, by=three.by)
    log(three.a1, turns, 1)
    corrected(submission, by=three.by)
    sums = rolled(three.khoi)
    assert told(sums, turns)[0] == 11
    assert len(sums.parts[turns.code]) == 1


@pytest.mark.parametrize("more", [1, 3])
def test_the_number_of_queries_does_not_grow(three, more, django_assert_max_num_queries):
    have, turns = YesNoFactory(), IndicatorFactory()
    for number in range(more * 3):
        unit = UnitFactory(superior=three.khoi)
        log(unit, turns, number)
        log(unit, have, 1, title="Cùng một việc", organiser="joint")
        approved(unit, by=three.by)
    with django_assert_max_num_queries(21):
        sums = rolled(three.khoi)
    assert len(sums.reported) == more * 3
