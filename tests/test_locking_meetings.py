"""Meetings and the calendar lock: whether, when and as what one was held is closed with the figures of its day."""

import datetime
import threading

import pytest
from django.db import connection
from django.utils import timezone

from branches.meetings import states
from branches.meetings.planning import change_meeting, plan_meeting
from branches.meetings.states import MeetingRefused, cancel_meeting, close_meeting, reopen_meeting
from branches.models import Meeting, Quantity
from branches.totals import compare_totals

from .test_inspection_easing import race
from .test_locking import JULY, MAY, TODAY, WORDS, Scene, refused


@pytest.fixture
def s(db):
    return Scene()


def meeting(s, day=MAY, **said) -> Meeting:
    starts_at = datetime.datetime.combine(day, datetime.time(17), timezone.get_default_timezone())
    said = {"kind": "branch", "title": "Sinh hoạt chi đoàn", "form": "in_person", "place": "Phòng họp", **said}
    return plan_meeting(unit=s.unit, by=s.by, starts_at=starts_at, **said)


def close(found, on=TODAY):
    now = datetime.datetime.combine(on, datetime.time(9), timezone.get_default_timezone())
    return close_meeting(meeting=found, ends_at=found.starts_at + datetime.timedelta(hours=1), now=now)


def test_a_meeting_of_a_locked_day_is_neither_ended_late_nor_reopened_nor_moved(s):
    """Its figures are those of the day: one meeting more or less in a month that is closed."""
    late, held, later = meeting(s), close(meeting(s)), close(meeting(s, JULY))
    s.lock()
    assert refused(lambda: close(late), MeetingRefused) == WORDS
    assert refused(lambda: reopen_meeting(meeting=held, on=TODAY), MeetingRefused) == WORDS
    to = late.starts_at
    assert refused(
        lambda: change_meeting(meeting=later, version=later.version, on=TODAY, starts_at=to), MeetingRefused
    ) == WORDS  # fmt: skip
    assert refused(
        lambda: change_meeting(meeting=held, version=held.version, on=TODAY, kind="other"), MeetingRefused
    ) == WORDS  # fmt: skip
    assert list(Meeting.objects.order_by("pk").values_list("state", flat=True)) == ["planned", "held", "held"]
    assert Quantity.objects.filter(indicator__code="branch_meetings").count() == 2
    assert compare_totals() == []


def test_an_exception_lets_a_meeting_be_ended(s):
    late = meeting(s)
    s.lock()
    s.open()
    assert close(late).state == "held"


def test_a_committee_meeting_and_what_the_book_says_of_a_held_one_stay_open(s):
    """A committee meeting counts nowhere; another theme and the roll are the book's, until its minutes are signed."""
    committee, held = meeting(s, kind="committee"), close(meeting(s))
    s.lock()
    assert close(committee).state == "held"
    changed = change_meeting(meeting=held, version=held.version, on=TODAY, theme="Tháng Thanh niên")
    assert changed.theme == "Tháng Thanh niên"
    cancelled = cancel_meeting(meeting=meeting(s), reason="Mưa bão")
    assert cancelled.state == "cancelled"


# --- at once ----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_ending_a_meeting_and_locking_at_once_no_meeting_slips_behind_the_lock(monkeypatch):
    assert ended_before_the_lock(Scene(), monkeypatch)


@pytest.mark.django_db(transaction=True)
def test_control_without_holding_the_unit_a_meeting_slips_behind_the_lock(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("only where writers run side by side")
    monkeypatch.setattr("branches.locking._hold_below", lambda unit: None)
    assert not ended_before_the_lock(Scene(), monkeypatch)


def ended_before_the_lock(s, monkeypatch) -> bool:
    """A meeting that has just been found free to be ended meets the lock: was it held when the lock stood?"""
    found, checked, locked, real = meeting(s), threading.Event(), threading.Event(), states.lock_over

    def slow_check(*said, **more):
        answer = real(*said, **more)
        checked.set()
        locked.wait(1.5)
        return answer

    def lock():
        checked.wait(10)
        s.lock()
        there = Meeting.objects.filter(state="held").exists()
        locked.set()
        return there

    monkeypatch.setattr(states, "lock_over", slow_check)
    made, there = race(lambda: close(found), lock)
    assert isinstance(made, Meeting), made
    return there
