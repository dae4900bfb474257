"""Two people at one letter, or at the register of a year, in the same moment. With controls."""

import contextlib
import threading

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from inspections import complaining
from inspections.complaining import answer, forward, open_case_from, take_up
from inspections.models import Complaint, Inspection
from tests.inspecting import TODAY, scene
from tests.letters import Day, letter
from tests.test_inspection_easing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    day_of = timezone.localdate
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *moment: day_of(*moment) if moment else TODAY)


def two_take_up(s, row):
    def step(by):
        return take_up(complaint=Complaint.objects.get(pk=row.pk), version=1, by=by, on=TODAY)

    return race(lambda: step(s.chair), lambda: step(s.inspector))


def test_of_two_who_take_it_up_one_does(media):
    s = scene()
    row = letter(s)
    results = two_take_up(s, row)
    assert sorted(type(one).__name__ for one in results) == ["Complaint", "EditConflict"]
    assert list(row.moves.values_list("to_state", flat=True)) == ["received", "taken_up"]


def test_without_the_version_and_the_state_both_would(media, monkeypatch):
    """The control."""
    monkeypatch.setattr(Complaint, "claim", lambda self, version: None)
    monkeypatch.setattr("inspections.complaining.allowed", lambda complaint, verb: True)
    s = scene()
    row = letter(s)
    assert [type(one).__name__ for one in two_take_up(s, row)] == ["Complaint", "Complaint"]
    assert row.moves.count() == 3


def test_of_answering_and_forwarding_at_once_one_is_done(media):
    s = scene()
    row = take_up(complaint=letter(s), version=1, by=s.chair, on=TODAY)
    at = {"complaint": row, "version": 2, "ended_on": TODAY, "on": TODAY}
    results = race(
        lambda: answer(text="Đã rõ", by=s.chair, **at), lambda: forward(reason="Chuyển nơi khác", by=s.inspector, **at)
    )
    assert sorted(type(one).__name__ for one in results) == ["Complaint", "EditConflict"]
    row.refresh_from_db()
    assert (row.state == "answered", row.state_reason == "") in [(True, True), (False, False)]
    assert row.moves.count() == 3


def test_of_two_who_open_a_case_from_it_one_does(media):
    s = scene()
    row = letter(s)

    def open_by(by):
        return open_case_from(
            complaint=row, version=1, programme=s.programme, title="Thu, nộp đoàn phí", review_from=Day(2026, 1, 1),
            review_to=Day(2026, 11, 1), reason="Dấu hiệu", by=by, on=TODAY,
        )  # fmt: skip

    results = race(lambda: open_by(s.chair), lambda: open_by(s.inspector))
    assert sorted(type(one).__name__ for one in results) == ["EditConflict", "Inspection"]
    assert Inspection.objects.count() == 1


def test_letters_entered_at_once_have_numbers_of_their_own(media):
    s = scene()
    results = race(*[lambda: letter(s)] * 6)
    assert sorted(one.number for one in results) == [1, 2, 3, 4, 5, 6]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time")
@pytest.mark.parametrize("is_locked", [True, False], ids=["with the lock", "control: without it"])
def test_the_lock_of_the_register_gives_each_its_number(media, monkeypatch, is_locked):
    """Both are held after they read the last number; without the lock both read the same one."""
    s = scene()
    both_read, write = threading.Barrier(2), complaining._write

    def meet_and_write(*values):
        with contextlib.suppress(threading.BrokenBarrierError):
            both_read.wait(timeout=2)
        return write(*values)

    monkeypatch.setattr(complaining, "_write", meet_and_write)
    if not is_locked:
        monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **how: rows)
    results = race(lambda: letter(s), lambda: letter(s))
    names = sorted(type(one).__name__ for one in results)
    # Without the lock the second one meets the number as its row is checked or, later, as it is written.
    met = [["Complaint", "InspectionRefused"], ["Complaint", "IntegrityError"]]
    assert names in ([["Complaint", "Complaint"]] if is_locked else met)
    assert Complaint.objects.count() == (2 if is_locked else 1)
