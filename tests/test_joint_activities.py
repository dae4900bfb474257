"""Activities several units did together are counted once, when the superior says so; by hand."""

import datetime
import threading

import pytest
from django.db import connection

from branches.models import EditConflict, Indicator
from reports.joint import Joined, candidates_of, decide, key_of, meaning_of
from reports.models import JointDecision, PeriodReport, ReportRow, Submission
from reports.states import ReportRefused
from reports.submitting import approve_report

from .factories import IndicatorFactory, QuantityFactory, ShareFactory, TargetFactory, YesNoFactory
from .rolling import CLOSED, approved, began, corrected, log, rolled, submitted
from .test_rolling_up import Three

DAY = datetime.date
FIRST, SECOND = DAY(2026, 3, 26), DAY(2026, 3, 27)
pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    return Three()


def joined(pk, source, title="Hiến máu tình nguyện", first=FIRST, last=None):
    return Joined(pk, title, first, last or first, "joint", "", f"Đơn vị {source}", source)


# --- what looks like one ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hiến máu tình nguyện", "Tham gia hiến máu tình nguyện", True),
        ("Ngày hội hiến máu 2026", "NGÀY HỘI HIẾN MÁU", True),
        ("Ngày hội Chủ nhật xanh", "Chu nhat xanh ngay hoi", True),
        ("Tham gia", "Phối hợp", False),
        ("Hiến máu đợt 1", "Hiến máu đợt 2", False),
    ],
)
def test_titles_are_compared_by_their_words(one, other, same):
    assert (meaning_of(one) == meaning_of(other)) is same


def test_days_have_to_overlap_and_sides_have_to_differ():
    assert candidates_of([joined(1, 7), joined(2, 7)]) == []  # one unit, two activities
    assert candidates_of([joined(1, 7), joined(2, 8, first=SECOND)]) == []
    (found,) = candidates_of([joined(1, 7, last=SECOND), joined(2, 8, first=SECOND), joined(3, 9)])
    assert [one.activity for one in found.activities] == [3, 1, 2]
    assert found.key == key_of([3, 2, 1])


# --- by hand: 40 + 40 + 25, one activity of 40 ------------------------------------------------------------


@pytest.fixture
def together(three):
    """A1 and A2 both tell the same 40 turns beside 25 and 10 of their own; A2 tells 3 million beside it."""
    three.turns = IndicatorFactory(name="Hiến máu", unit_word="lượt người")
    TargetFactory(unit=three.khoi, indicator=three.turns, value=100)
    three.one = log(three.a1, three.turns, 40, title="Ngày hội hiến máu", organiser="joint", partner="Chi đoàn A2")
    three.other = log(three.a2, three.turns, 40, title="Tham gia ngày hội hiến máu", organiser="joined")
    log(three.a1, three.turns, 25, DAY(2026, 6, 1))
    log(three.a2, three.turns, 10, DAY(2026, 6, 2))
    three.approve_branches()
    three.report = began(three.khoi, by=three.by, from_units=True)
    return three


def say(three, *, said="one", kept=None, version=0):
    (candidate,) = rolled(three.khoi).candidates
    return decide(
        report=three.report, candidate=candidate, version=version, by=three.by, on=CLOSED, said=said, kept=kept
    )


def figure(unit, indicator):
    return rolled(unit).table.row(indicator.code).done


def test_undecided_counts_as_reported_and_is_a_warning(together):
    assert figure(together.khoi, together.turns).value == 115
    assert len(rolled(together.khoi).undecided) == 1


def test_one_activity_counts_once(together):
    say(together, kept=together.one.pk)
    sums = rolled(together.khoi)
    done = sums.table.row(together.turns.code).done
    assert (done.value, done.lines) == (75, 3)  # 40 + 25 + 10
    assert [one.joined.unit_name for one in sums.deductions] == ["Chi đoàn A2"]
    assert sums.undecided == ()


def test_different_activities_count_both(together):
    say(together, said="different")
    assert figure(together.khoi, together.turns).value == 115
    assert rolled(together.khoi).undecided == ()


def test_what_is_kept_can_be_changed_and_taken_back(together):
    say(together, kept=together.one.pk)
    decision = say(together, kept=together.other.pk, version=1)
    assert (decision.version, JointDecision.objects.count()) == (2, 1)
    say(together, said="different", version=2)
    assert figure(together.khoi, together.turns).value == 115


def test_the_activity_kept_has_no_such_figure_then_the_largest_stays(together):
    """A2 alone tells gifts of the common day: keeping A1 must not lose them."""
    gifts = IndicatorFactory(unit_word="suất")
    QuantityFactory(activity=together.other, indicator=gifts, value=6)
    approved_again(together, together.a2)
    say(together, kept=together.one.pk)
    assert figure(together.khoi, gifts).value == 6
    assert figure(together.khoi, together.turns).value == 75


def approved_again(three, unit):
    corrected(Submission.objects.get(report__unit=unit), by=three.by)


def test_another_unit_that_tells_it_too_asks_again(together):
    say(together, kept=together.one.pk)
    log(together.a3, together.turns, 40, title="Ngày hội hiến máu", organiser="joined")
    approved_again(together, together.a3)
    sums = rolled(together.khoi)
    assert len(sums.undecided) == 1
    assert sums.table.row(together.turns.code).done.value == 155


def test_the_superiors_own_activity_is_a_side(together):
    log(together.khoi, together.turns, 120, title="Ngày hội hiến máu")
    sums = rolled(together.khoi)
    assert sums.table.row(together.turns.code).done.value == 235
    own = next(one for one in sums.candidates[0].activities if one.source == 0)
    say(together, kept=own.activity)
    assert figure(together.khoi, together.turns).value == 155  # 120 + 25 + 10


def test_a_deduction_is_frozen_and_the_level_above_does_not_ask_again(together):
    say(together, kept=together.one.pk)
    submission = approved_report(together)
    row = ReportRow.objects.get(submission=submission, code=together.turns.code)
    assert row.value == 75
    assert [(entry["activity"], entry["unit"]) for entry in row.together] == [(together.one.pk, "Chi đoàn A1")]
    above = rolled(together.city)
    assert above.table.row(together.turns.code).done.value == 75
    assert above.candidates == ()


def test_the_level_above_finds_what_two_superiors_tell(together):
    """B1 below the Phường was there too: the city asks, and takes B1's part off the Phường's figure."""
    say(together, kept=together.one.pk)
    approved_report(together)
    log(together.b1, together.turns, 30, title="Ngày hội hiến máu", organiser="joined")
    approved_again(together, together.b1)
    approved(together.phuong, by=together.by, from_units=True)
    city = began(together.city, by=together.by, from_units=True)
    (candidate,) = rolled(together.city).candidates
    assert [one.unit_name for one in candidate.activities] == ["Chi đoàn A1", "Chi đoàn B1"]
    assert figure(together.city, together.turns).value == 105  # 75 + 30
    decide(report=city, candidate=candidate, version=0, by=together.by, on=CLOSED, said="one", kept=together.one.pk)
    assert figure(together.city, together.turns).value == 75


def approved_report(three):
    submitted(three.report, by=three.by)
    three.report.refresh_from_db()
    return approve_report(report=three.report, version=three.report.version, by=three.by, on=CLOSED)


# --- figures from which nothing is taken off ----------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "told", "expected"),
    [
        ({"over_time": "max", "over_units": "max"}, (40, 40), (40, None)),
        ({"over_time": "average", "over_units": "average"}, (8, 6), (7, None)),
        ({"over_time": "last"}, (3, 4), (7, None)),
        ({"factory": YesNoFactory}, (1, 1), (2, 3)),
        ({"factory": ShareFactory}, ((8, 10), (9, 10)), (17, 20)),
    ],
)
def test_only_what_grows_by_addition_is_deducted(three, kind, told, expected):
    kind = dict(kind)
    indicator = kind.pop("factory", IndicatorFactory)(**kind)
    held = []
    for unit, value in zip((three.a1, three.a2), told, strict=True):
        value, whole = value if isinstance(value, tuple) else (value, None)
        held.append(log(unit, indicator, value, whole=whole, title="Hội thao", organiser="joint"))
    three.approve_branches()
    three.report = began(three.khoi, by=three.by, from_units=True)
    say(three, kept=held[0].pk)
    done = figure(three.khoi, indicator)
    assert (done.value, done.whole) == expected
    assert rolled(three.khoi).deductions == ()


def test_a_share_added_over_time_loses_both_parts(three):
    share = ShareFactory(over_time=Indicator.OverTime.SUM)
    held = [log(unit, share, 8, whole=10, title="Tập huấn", organiser="joint") for unit in (three.a1, three.a2)]
    log(three.a2, share, 3, DAY(2026, 7, 1), whole=5)
    three.approve_branches()
    three.report = began(three.khoi, by=three.by, from_units=True)
    say(three, kept=held[0].pk)
    done = figure(three.khoi, share)
    assert (done.value, done.whole) == (11, 15)  # 8/10 once, and 3/5


# --- refusals, and two people at once -----------------------------------------------------------------


def test_a_decision_needs_one_of_the_activities(together):
    with pytest.raises(ReportRefused):
        say(together, kept=999_999)
    with pytest.raises(ReportRefused):
        say(together, said="maybe")


def test_a_closed_report_is_not_decided(together):
    submitted(together.report, by=together.by)
    with pytest.raises(ReportRefused):
        say(together, kept=together.one.pk)


def test_the_second_of_two_deciders_is_told(together):
    say(together, kept=together.one.pk)
    with pytest.raises(EditConflict):
        say(together, said="different", version=0)
    assert JointDecision.objects.get().said == "one"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite writes one after the other anyway")
def test_two_deciders_at_once_make_one_decision(three):
    turns = IndicatorFactory()
    held = [log(unit, turns, 5, title="Hội trại", organiser="joint") for unit in (three.a1, three.a2)]
    three.approve_branches()
    report = began(three.khoi, by=three.by, from_units=True)
    (candidate,) = rolled(three.khoi).candidates
    start, ends = threading.Barrier(2), []

    def run(kept):
        try:
            start.wait(10)
            mine = PeriodReport.objects.get(pk=report.pk)
            decide(report=mine, candidate=candidate, version=0, by=three.by, on=CLOSED, said="one", kept=kept)
            ends.append("written")
        except EditConflict:
            ends.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one.pk,)) for one in held]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["conflict", "written"]
    assert JointDecision.objects.count() == 1
