"""The board of a superior: subordinates × targets, worst first, sums by the tree of each day."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from branches.models import Period, Target
from branches.planning import hand_down
from branches.restructuring import dissolve_unit, move_unit
from reports.board import board_for
from reports.progress import Standing, progress_for
from reports.wording import note

from .factories import (
    IndicatorFactory,
    MemberFactory,
    ShareFactory,
    TargetFactory,
    UnionFactory,
    UnitFactory,
    account_at,
)
from .test_progress import END, YEAR, log, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def union():
    """Two branches with a target of 4: `good` did 5, `late` did 1; a stranger branch elsewhere did 100."""
    union, blood = UnionFactory(), IndicatorFactory(code="hien-mau", name="Hiến máu")
    good, late = UnitFactory(name="Chi đoàn An", superior=union), UnitFactory(name="Chi đoàn Bình", superior=union)
    for unit in (good, late):
        TargetFactory(unit=unit, indicator=blood, value=4)
    log(good, blood, 5, on(2))
    log(late, blood, 1, on(2))
    log(UnitFactory(), blood, 100, on(2))
    MemberFactory(home=good)
    union.good, union.late, union.blood = good, late, blood
    return union


def test_worst_first_and_sums_of_results_and_targets(union):
    board = board_for(union, YEAR, as_of=END)
    assert [row.unit for row in board.rows] == [union.late, union.good]
    assert [row.cells[0].standing for row in board.rows] == [Standing.MISSED, Standing.OVER]
    assert [(total.done.value, total.aim) for total in board.totals] == [(6, 8)]
    assert (board.late, board.late_units, board.measured, board.members) == (1, 1, 2, 1)
    assert board.latest_column() == union.blood


def test_by_name(union):
    board = board_for(union, YEAR, as_of=END, by_name=True)
    assert [row.unit for row in board.rows] == [union.good, union.late]


def test_subordinate_counts_with_everything_below_it(union):
    log(UnitFactory(superior=union.late), union.blood, 3, on(5))
    board = board_for(union, YEAR, as_of=END, by_name=True)
    assert [row.cells[0].done.value for row in board.rows] == [5, 4]


def test_results_without_target_are_shown_and_not_judged(union):
    third = UnitFactory(name="Chi đoàn Cường", superior=union)
    log(third, union.blood, 2, on(3))
    row = board_for(union, YEAR, as_of=END, by_name=True).rows[2]
    assert (row.cells[0].done.value, row.cells[0].aim, row.measured, row.has_plan) == (2, None, 0, False)


def test_without_target_and_result_the_cell_is_empty_not_zero(union):
    UnitFactory(name="Chi đoàn Cường", superior=union)
    board = board_for(union, YEAR, as_of=END, by_name=True)
    assert board.rows[2].cells == (None,)
    assert [row.unit.name for row in board.without_plan] == ["Chi đoàn Cường"]


def test_moved_branch_stands_under_both_with_its_days(union):
    new = UnionFactory()
    move_unit(unit=union.good, superior=new, on=on(7, 1), decision="02-QĐ/TĐTN")
    log(union.good, union.blood, 2, on(8))
    old_board = board_for(union, YEAR, as_of=END, by_name=True)
    assert [(row.unit, row.left_on) for row in old_board.rows] == [(union.good, on(7, 1)), (union.late, None)]
    assert [row.cells[0].done.value for row in old_board.rows] == [5, 1]
    assert old_board.rows[0].cells[0].aim is None  # its target counts where it stands at the end
    (row,) = board_for(new, YEAR, as_of=END).rows
    assert (row.unit, row.joined_on, row.cells[0].done.value) == (union.good, on(7, 1), 2)
    assert (row.cells[0].aim, row.late) == (None, 0)  # a year's target is not judged on half a year


def test_who_was_elsewhere_for_a_part_or_ended_owes_no_report_here(union):
    """Giang came on 1 July, Chi was dissolved on 1 September, Dũng left on 1 March: a report of the year is owed by An,
    Bình, and Én, which was founded in May. The superior Giang came from is owed none either."""
    new, ended = UnionFactory(), UnitFactory(name="Chi đoàn Chi", superior=union)
    left = UnitFactory(name="Chi đoàn Dũng", superior=union)
    for unit in (ended, left):
        log(unit, union.blood, 1, on(2))
    UnitFactory(name="Chi đoàn Én", superior=union, on=on(5, 1))
    came = UnitFactory(name="Chi đoàn Giang", superior=new)
    move_unit(unit=came, superior=union, on=on(7, 1), decision="02-QĐ/TĐTN")
    move_unit(unit=left, superior=new, on=on(3, 1), decision="01-QĐ/TĐTN")
    dissolve_unit(unit=ended, on=on(9, 1), decision="03-QĐ/TĐTN")
    board = board_for(union, YEAR, as_of=END, by_name=True)
    assert [row.unit.name for row in board.rows] == [
        "Chi đoàn An", "Chi đoàn Bình", "Chi đoàn Chi", "Chi đoàn Dũng", "Chi đoàn Én", "Chi đoàn Giang",
    ]  # fmt: skip
    assert [row.unit.name for row in board.without_report] == ["Chi đoàn An", "Chi đoàn Bình", "Chi đoàn Én"]
    assert board_for(new, YEAR, as_of=END).without_report == ()
    # Before it ended it owed like the others.
    july = board_for(union, Period.of_half(2026, 1), as_of=END, by_name=True)
    assert "Chi đoàn Chi" in {row.unit.name for row in july.without_report}


def test_a_unit_founded_within_the_year_is_judged(union):
    founded = UnitFactory(superior=union, on=on(5, 1))
    TargetFactory(unit=founded, indicator=union.blood, value=4)
    row = next(row for row in board_for(union, YEAR, as_of=END).rows if row.unit == founded)
    assert (row.joined_on, row.cells[0].standing) == (None, "missed")


def test_a_month_missed_stands_in_the_cell_as_on_the_units_own_page(union):
    """Twelve meetings in one month are not one meeting a month."""
    meetings = IndicatorFactory()
    TargetFactory(unit=union.good, indicator=meetings, comparator="per_month", value=1)
    log(union.good, meetings, 12, on(12))
    cell = next(row for row in board_for(union, YEAR, as_of=END).rows if row.unit == union.good).cells[1]
    own = progress_for(union.good, YEAR, as_of=END).row(meetings.code)
    assert (cell.standing, cell.missing_spans) == (own.standing, own.missing_spans)
    assert (own.standing, len(own.missing_spans)) == ("missed", 11)


def test_less_than_what_was_handed_down_is_said_in_the_cell(union, client):
    top = TargetFactory(unit=union, indicator=union.blood, value=20)
    secretary = account_at(union)
    hand_down(by=secretary, target=top, unit=union.good, on=END, comparator="range", value=6, value_to=8)
    row = progress_for(union.good, YEAR, as_of=END).row(union.blood.code)
    assert (row.is_below_assigned, note(row)) == (True, "Cấp trên giao 6–8, đơn vị đăng ký thấp hơn")
    client.force_login(secretary)
    page = client.get(reverse("reports:board", args=[union.pk])).content.decode()
    assert page.count("giao 6–8") == 1


def test_share_column_has_no_sum_of_targets(union):
    share = ShareFactory()
    for unit, done in ((union.good, 14), (union.late, 7)):
        TargetFactory(unit=unit, indicator=share, comparator=Target.Comparator.EQUAL, value=100)
        log(unit, share, done, on(3), denominator=14)
    total = board_for(union, YEAR, as_of=END).totals[1]
    assert (total.done.value, total.done.whole, total.done.ratio, total.aim) == (21, 28, Decimal("0.75"), None)


@pytest.mark.parametrize("units", [1, 3, 30])
def test_board_query_count_does_not_grow(units, django_assert_num_queries):
    union, blood = UnionFactory(), IndicatorFactory()
    for _ in range(units):
        unit = UnitFactory(superior=union)
        TargetFactory(unit=unit, indicator=blood, value=4)
        log(unit, blood, 5, on(2))
        MemberFactory(home=unit)
    with django_assert_num_queries(7):
        board = board_for(union, YEAR, as_of=END)
    assert len(board.rows) == units


def test_board_of_an_earlier_year_shows_that_years_subordinates(union):
    """The catalogue, the targets and the tree are those of the year asked for."""
    later = UnitFactory(name="Chi đoàn Mới", superior=union, on=datetime.date(2027, 1, 1))
    board = board_for(union, Period.of_year(2026), as_of=datetime.date(2027, 6, 1))
    assert later not in [row.unit for row in board.rows]
