"""The calendar lock: which days are closed for whom, what opens one unit again, and that nothing slips past it."""

import datetime
import threading

import pytest
from django.db import connection

from branches.attaching import add_evidence
from branches.feeding import FedLine, feed
from branches.locking import LockRefused, end_exception, lock_over, locks_of, open_for, set_lock
from branches.models import Activity, LockException, PeriodLock, Unit
from branches.recording import (
    QuantityLine,
    RecordingRefused,
    cancel_activity,
    change_activity,
    hold_activity,
    record_activity,
)
from branches.restructuring import move_unit
from branches.totals import compare_totals
from reports.drafting import start_report
from reports.freezing import prepare
from reports.material import collect
from reports.submitting import approve_report, reopen_report, submit_report

from .factories import IndicatorFactory, MemberFactory, UnionFactory, UnitFactory, WorkAreaFactory, account_at, year
from .test_inspection_easing import race

DAY = datetime.date
TODAY = DAY(2026, 11, 22)
LOCKED = DAY(2026, 6, 30)
MAY, JULY = DAY(2026, 5, 12), DAY(2026, 7, 1)
WORDS = (
    "Đoàn Khối đã khóa số liệu đến hết ngày 30/06/2026, nên việc của ngày 12/05/2026 không ghi hay sửa được nữa. "
    "Nếu còn phải bổ sung, hãy xin mở tạm ở Đoàn Khối."
)


class Scene:
    """A province over an office over two branches; one of them has a sub-branch."""

    def __init__(self):
        self.province = UnionFactory(name="Tỉnh đoàn", kind=Unit.Kind.PROVINCE)
        self.union = UnionFactory(name="Đoàn Khối", superior=self.province)
        self.unit = UnitFactory(name="Chi đoàn A", superior=self.union)
        self.other = UnitFactory(name="Chi đoàn B", superior=self.union)
        self.below = UnitFactory(name="Phân đoàn A1", kind=Unit.Kind.SUB_BRANCH, superior=self.unit)
        self.office = account_at(self.union, "superior_office", full_name="Trần Văn Khối")
        self.above = account_at(self.province, "superior_office")
        self.by = account_at(self.unit)
        self.area, self.indicator = WorkAreaFactory(), IndicatorFactory()

    def lock(self, through=LOCKED, unit=None, **said):
        before = PeriodLock.objects.filter(unit=unit or self.union).order_by("-pk").first()
        said = {"by": self.office, "on": TODAY, "before": before.pk if before else None, **said}
        return set_lock(unit=unit or self.union, through=through, **said)

    def open(self, office=None, unit=None, **said):
        said = {
            "first_on": DAY(2026, 5, 1), "last_on": DAY(2026, 5, 31), "valid_until": DAY(2026, 11, 30),
            "reason": "Sót phiếu", "on": TODAY, **said,
        }  # fmt: skip
        (given,) = open_for(office=office or self.union, units=[unit or self.unit], by=self.office, **said)
        return given

    def record(self, day=MAY, unit=None, on=TODAY, **said):
        said = {"title": "Hiến máu", "area": self.area, "quantities": [QuantityLine(self.indicator, 3)], **said}
        return record_activity(by=self.by, unit=unit or self.unit, on=on, starts_on=day, **said)


@pytest.fixture
def s(db):
    return Scene()


def refused(call, kind=RecordingRefused) -> str:
    with pytest.raises(kind) as found:
        call()
    return str(found.value)


# --- what is closed ---------------------------------------------------------------------------------------


def test_a_locked_day_is_refused_with_who_locked_it_and_where_to_ask(s):
    s.lock()
    assert refused(s.record) == WORDS
    assert Activity.objects.count() == 0


def test_the_last_locked_day_is_closed_and_the_next_one_open(s):
    s.lock()
    refused(lambda: s.record(LOCKED))
    assert s.record(JULY).pk


def test_an_activity_over_several_days_belongs_to_the_day_it_counts_on(s):
    s.lock()
    assert s.record(DAY(2026, 6, 29), last_on=JULY).last_on == JULY
    refused(lambda: s.record(DAY(2026, 6, 29), last_on=LOCKED))


def test_the_lock_reaches_every_unit_below_and_none_beside(s):
    s.lock()
    elsewhere = UnitFactory(superior=s.province)
    for unit in (s.union, s.unit, s.other, s.below):
        assert lock_over(unit, MAY, on=TODAY).unit_id == s.union.pk
    assert lock_over(elsewhere, MAY, on=TODAY) is None
    assert lock_over(s.province, MAY, on=TODAY) is None


def test_a_unit_that_moved_is_locked_by_todays_superior(s):
    s.lock()
    to = UnionFactory(name="Đoàn khác", superior=s.province)
    move_unit(unit=s.other, superior=to, on=DAY(2026, 8, 1), decision="QĐ 1", decided_on=DAY(2026, 7, 20))
    s.other.refresh_from_db()
    assert lock_over(s.other, MAY, on=TODAY) is None


def test_a_held_activity_is_neither_changed_nor_moved_nor_cancelled(s):
    made, open_one = s.record(), s.record(JULY)
    s.lock()
    at = {"version": 1, "by": s.by, "on": TODAY}
    assert refused(lambda: change_activity(activity=made, title="Khác", **at)) == WORDS
    refused(lambda: change_activity(activity=made, starts_on=JULY, last_on=JULY, **at))  # out of the locked days
    refused(lambda: change_activity(activity=open_one, starts_on=MAY, last_on=MAY, **at))  # and into them
    refused(lambda: change_activity(activity=made, state="planned", **at))
    refused(lambda: cancel_activity(activity=made, reason="Nhầm", **at))
    assert list(Activity.objects.order_by("pk").values_list("last_on", "version")) == [(MAY, 1), (JULY, 1)]


def test_evidence_is_added_to_what_is_locked_through_the_verb_that_changes_it(s):
    """The page that adds evidence sends everything back as it stands."""
    made = s.record()
    s.lock()
    at = {"activity": made, "by": s.by, "on": TODAY}
    same = {"title": "Hiến máu ", "quantities": [QuantityLine(s.indicator, 3)], "members": []}
    changed = change_activity(version=1, **at, **same)
    add_evidence(activity=changed, by=s.by, links=[("https://example.org/anh", "")])
    assert (changed.evidence.count(), changed.version) == (1, 2)
    assert refused(lambda: change_activity(version=2, **at, quantities=[QuantityLine(s.indicator, 4)])) == WORDS
    assert refused(lambda: change_activity(version=2, **at, members=[MemberFactory(home=s.unit)])) == WORDS
    assert refused(lambda: change_activity(version=2, **at, note="Thêm")) == WORDS
    assert compare_totals() == []


def test_plans_in_locked_days_stay_open_until_they_would_count(s):
    plan, dropped = s.record(state="planned"), s.record(state="planned")
    s.lock()
    at = {"version": 1, "by": s.by, "on": TODAY}
    assert cancel_activity(activity=dropped, reason="Mưa bão", **at).state == "cancelled"
    assert refused(lambda: hold_activity(activity=plan, **at)) == WORDS


def test_a_typed_figure_is_locked_and_a_fed_one_follows_its_book(s):
    s.lock()
    assert refused(lambda: s.record(nature="figure")) == WORDS
    feed(unit_id=s.unit.pk, fed_by="meeting:1", on=MAY, title="Họp", lines=[FedLine("branch_meetings", 1)])
    assert Activity.objects.get().fed_by == "meeting:1"


def test_of_two_offices_the_farther_lock_is_named(s):
    s.lock()
    s.lock(DAY(2026, 9, 30), unit=s.province)
    assert lock_over(s.unit, MAY, on=TODAY).unit_name == "Tỉnh đoàn"
    assert [lock.unit.name for lock in locks_of(s.unit, on=TODAY).locks] == ["Tỉnh đoàn", "Đoàn Khối"]
    assert locks_of(s.unit, on=TODAY).farthest.through == DAY(2026, 9, 30)


def test_asking_is_one_query_and_telling_two(s, django_assert_num_queries):
    s.lock()
    s.lock(DAY(2026, 3, 31), unit=s.province)
    s.open()
    with django_assert_num_queries(1):
        lock_over(s.unit, DAY(2026, 1, 5), on=TODAY)
    with django_assert_num_queries(2):
        told = locks_of(s.unit, on=TODAY)
        assert (told.farthest.unit.name, told.exceptions[0].office.name) == ("Đoàn Khối", "Đoàn Khối")


# --- setting it -------------------------------------------------------------------------------------------


def test_the_newest_lock_counts_and_the_older_ones_stay(s):
    s.lock(DAY(2026, 3, 31))
    s.lock()
    assert lock_over(s.unit, MAY, on=TODAY).through == LOCKED
    assert list(PeriodLock.objects.order_by("pk").values_list("through", flat=True)) == [DAY(2026, 3, 31), LOCKED]


@pytest.mark.parametrize("through", [DAY(2026, 3, 31), None])
def test_lowering_or_lifting_needs_a_reason(s, through):
    s.lock()
    said = refused(lambda: s.lock(through, reason="  "), LockRefused)
    assert said == "Đang khóa đến ngày 30/06/2026. Hãy ghi lý do lùi ngày khóa."
    s.lock(through, reason="Quý II sai mẫu")
    assert lock_over(s.unit, MAY, on=TODAY) is None
    assert s.record().pk


def test_a_branch_locks_nothing_and_nobody_locks_today(s):
    refused(lambda: s.lock(unit=s.unit), LockRefused)
    refused(lambda: s.lock(TODAY), LockRefused)
    assert s.lock(TODAY - datetime.timedelta(days=1)).through == DAY(2026, 11, 21)


def test_the_same_day_again_or_one_that_changed_meanwhile_is_refused(s):
    s.lock()
    assert refused(s.lock, LockRefused) == "Đang khóa đến đúng ngày 30/06/2026."
    said = refused(lambda: s.lock(DAY(2026, 9, 30), before=None), LockRefused)
    assert said == "Có người vừa đổi khóa số liệu, hiện đến hết ngày 30/06/2026. Hãy mở lại trang rồi làm lại."


# --- opening one unit for a while -------------------------------------------------------------------------


def test_an_exception_opens_these_days_for_this_unit_until_its_day(s):
    s.lock()
    s.open()
    assert s.record().pk
    assert refused(lambda: s.record(DAY(2026, 4, 30))).startswith("Đoàn Khối")
    refused(lambda: s.record(DAY(2026, 6, 1)))
    refused(lambda: s.record(unit=s.other))
    refused(lambda: s.record(unit=s.below))
    assert s.record(on=DAY(2026, 11, 30)).pk
    refused(lambda: s.record(on=DAY(2026, 12, 1)))


def test_an_ended_exception_opens_nothing_and_what_was_written_stays(s):
    s.lock()
    given = s.open()
    s.record()
    end_exception(exception=given, by=s.office, on=TODAY)
    refused(s.record)
    assert Activity.objects.count() == 1
    said = refused(lambda: end_exception(exception=given, by=s.office, on=TODAY), LockRefused)
    assert said == "Phần mở tạm cho Chi đoàn A không còn hiệu lực."


def test_an_office_opens_its_own_lock_and_those_below_and_none_above(s):
    s.lock()
    s.open(office=s.province)
    assert s.record().pk
    s.lock(DAY(2026, 9, 30), unit=s.province)
    said = refused(lambda: s.open(unit=s.other), LockRefused)
    assert said == "Ngày 01/05/2026 do Tỉnh đoàn khóa. Hãy đề nghị Tỉnh đoàn mở tạm."


def test_an_exception_of_below_does_not_lift_a_lock_set_above_afterwards(s):
    s.lock()
    s.open()
    s.lock(DAY(2026, 9, 30), unit=s.province)
    assert refused(s.record).startswith("Tỉnh đoàn đã khóa")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"first_on": JULY, "last_on": JULY}, "Chi đoàn A đang ghi được việc của ngày 01/07/2026, không cần mở tạm."),
        ({"last_on": DAY(2026, 4, 1)}, "Ngày cuối không thể trước ngày đầu."),
        ({"valid_until": DAY(2026, 11, 21)}, "Hãy mở ít nhất đến hết hôm nay."),
        ({"reason": " "}, "Hãy ghi lý do."),
    ],
)
def test_an_exception_that_cannot_be_is_refused(s, said, words):
    s.lock()
    assert refused(lambda: s.open(**said), LockRefused) == words
    assert LockException.objects.count() == 0


def test_a_stranger_is_not_opened(s):
    s.lock()
    elsewhere = UnitFactory(name="Chi đoàn Xa", superior=s.province)
    said = refused(lambda: s.open(unit=elsewhere), LockRefused)
    assert said == "Chi đoàn Xa không trực thuộc Đoàn Khối. Hãy chọn lại."


def opening(s, *units):
    return open_for(
        office=s.union, units=units, by=s.office, on=TODAY, first_on=MAY, last_on=MAY, valid_until=TODAY, reason="Sót",
    )  # fmt: skip


def test_several_units_are_opened_at_once_and_closed_one_by_one(s, django_assert_num_queries):
    s.lock()
    with django_assert_num_queries(6):  # savepoint and release, the rows held, a question a unit, the rows written
        given = opening(s, s.other, s.unit)
    assert [one.unit for one in given] == [s.unit, s.other]
    assert s.record().pk
    assert s.record(unit=s.other).pk
    refused(lambda: s.record(unit=s.below))
    end_exception(exception=given[0], by=s.office, on=TODAY)
    refused(s.record)
    assert s.record(unit=s.other).pk


def test_of_several_units_all_are_opened_or_none(s):
    s.lock()
    s.open()
    words = "Chi đoàn A đang ghi được việc của ngày 12/05/2026, không cần mở tạm."
    assert refused(lambda: opening(s, s.other, s.unit), LockRefused) == words
    assert refused(lambda: opening(s), LockRefused) == "Hãy chọn đơn vị được mở."
    assert LockException.objects.get().unit == s.unit


# --- and approval -----------------------------------------------------------------------------------------


def test_approving_and_reopening_a_report_moves_no_lock(s):
    period = year(2025)
    material = collect(s.unit, period, as_of=TODAY)
    report = start_report(by=s.by, unit=s.unit, period=period, material=material, dated_on=TODAY)
    submit_report(report=report, version=1, by=s.by, on=TODAY, prepared=prepare(report, on=TODAY))
    approve_report(report=report, version=2, by=s.office, on=TODAY)
    assert s.record(DAY(2025, 5, 1)).pk  # approved is not locked
    s.lock(DAY(2025, 12, 31))
    reopen_report(report=report, version=3, by=s.office, on=TODAY, reason="Sai số")
    refused(lambda: s.record(DAY(2025, 5, 1)))  # and reopened is not opened


# --- at once ----------------------------------------------------------------------------------------------


def written_before_the_lock(s, monkeypatch) -> bool:
    """An activity that has just been found allowed meets the lock: was it there when the lock stood?"""
    checked, locked = threading.Event(), threading.Event()

    def slow_check(*said, **more):
        found = lock_over(*said, **more)
        checked.set()
        locked.wait(1.5)  # as long as the other may need to get past; held by the row it waits for
        return found

    def lock():
        checked.wait(10)
        s.lock()
        there = Activity.objects.exists()
        locked.set()
        return there

    monkeypatch.setattr("branches.recording.lock_over", slow_check)
    made, there = race(s.record, lock)
    assert isinstance(made, Activity), made
    assert isinstance(there, bool), there
    return there


@pytest.mark.django_db(transaction=True)
def test_an_activity_saved_in_the_moment_of_locking_is_there_before_the_lock(monkeypatch):
    assert written_before_the_lock(Scene(), monkeypatch)


@pytest.mark.django_db(transaction=True)
def test_without_holding_the_units_an_activity_slips_behind_the_lock(monkeypatch):
    """The control. SQLite lets one writer in at a time, whatever is held."""
    if connection.vendor != "postgresql":
        pytest.skip("only where writers run side by side")
    monkeypatch.setattr("branches.locking._hold_below", lambda unit: None)
    assert not written_before_the_lock(Scene(), monkeypatch)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_set_the_lock_at_once_one_is_told():
    s = Scene()
    said = {"unit": s.union, "by": s.office, "on": TODAY, "before": None}
    results = race(lambda: set_lock(through=LOCKED, **said), lambda: set_lock(through=DAY(2026, 9, 30), **said))
    assert sorted(type(one).__name__ for one in results) == ["LockRefused", "PeriodLock"]
    assert PeriodLock.objects.count() == 1
