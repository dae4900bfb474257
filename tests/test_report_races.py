"""Two people at one report in the same moment: one comes first, and the other is told. With controls that fail."""

import threading
import time

import pytest
from django.db import connection

from branches.models import EditConflict, Period
from reports import revisions, rounds
from reports.drafting import add_own
from reports.freezing import content_of_submission, prepare
from reports.models import PeriodReport, ReportRound, ReportSentence, Submission
from reports.rounds import RoundRefused, open_round, remind
from reports.states import ReportRefused, State
from reports.submitting import approve_report, submit_report, take_back

from .factories import year
from .test_inspection_easing import race
from .test_rounds import DUE, OPENED
from .test_rounds import TODAY as LATE
from .test_rounds import Scene as Office
from .test_submitting import TODAY, Scene

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "Câu ghi đúng lúc nộp."
AFTER = 0.7  # seconds in which the other one would have come through
one_writer = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time")


def told(results) -> list:
    """Who was refused in words; everything else that was raised is a defect."""
    refused = [one for one in results if isinstance(one, EditConflict | ReportRefused | RoundRefused)]
    assert [one for one in results if isinstance(one, Exception) and one not in refused] == []
    return refused


def submits(scene, version=1):
    """Read before, as the page does; the call only writes."""
    report = scene.now()
    prepared = prepare(report, on=TODAY)
    return lambda: submit_report(
        report=report, version=version, by=scene.secretary, on=TODAY, prepared=prepared, dated_on=TODAY
    )


def test_submitted_twice_at_once_there_is_one_edition():
    scene = Scene()
    assert len(told(race(submits(scene), submits(scene)))) == 1
    assert list(Submission.objects.values_list("edition", flat=True)) == [1]
    assert scene.report.steps.count() == 1


def test_with_neither_version_nor_state_there_would_be_two(monkeypatch):
    """The control."""
    monkeypatch.setattr(PeriodReport, "claim", lambda self, version: None)
    monkeypatch.setattr("reports.states.allowed", lambda report, verb: True)
    scene = Scene()
    assert told(race(submits(scene), submits(scene))) == []
    assert Submission.objects.count() == 2


def decide_and_take_back(scene):
    version = scene.now().version
    return race(
        lambda: approve_report(report=scene.now(), version=version, by=scene.office, on=TODAY),
        lambda: take_back(report=scene.now(), version=version, by=scene.secretary, on=TODAY, reason="Nhầm số"),
    )


def test_of_approving_and_taking_back_at_once_one_is_done():
    scene = Scene()
    scene.submit()
    assert len(told(decide_and_take_back(scene))) == 1
    is_approved = Submission.objects.get().approved_on is not None
    assert scene.now().state == (State.APPROVED if is_approved else State.DRAFT)
    assert scene.report.steps.count() == 2


def test_with_neither_version_nor_state_an_approved_report_would_be_a_draft_or_the_reverse(monkeypatch):
    """The control."""
    monkeypatch.setattr(PeriodReport, "claim", lambda self, version: None)
    monkeypatch.setattr("reports.states.allowed", lambda report, verb: True)
    scene = Scene()
    scene.submit()
    assert told(decide_and_take_back(scene)) == []
    assert scene.report.steps.count() == 3


def write_while_submitting(scene, monkeypatch, *, held: bool):
    """The secretary's colleague is in the middle of saving a sentence while the report is handed in.

    `held`: as it is, the report is held while the sentence is written; else it is not, as the control.
    """
    inside, done, guard = threading.Event(), threading.Event(), revisions.refuse_if_closed

    def guarded(report):
        if held:
            guard(report)
        inside.set()
        done.wait(AFTER)

    monkeypatch.setattr(revisions, "refuse_if_closed", guarded)
    submit, section = submits(scene), scene.report.sections.get(key="advantages")

    def hand_in():
        inside.wait()
        try:
            return submit()
        finally:
            done.set()

    return race(lambda: add_own(section=section, by=scene.secretary, text=WORDS), hand_in)


def is_in(submission) -> bool:
    return WORDS in repr(content_of_submission(submission))


def test_a_sentence_saved_while_it_is_submitted_is_not_lost(monkeypatch):
    scene = Scene()
    results = write_while_submitting(scene, monkeypatch, held=True)
    assert len(told(results)) == 1
    assert ReportSentence.objects.filter(text=WORDS).exists()
    assert not Submission.objects.exists()  # refused: read again, then handed in
    monkeypatch.undo()
    assert is_in(scene.submit())


@one_writer
def test_without_holding_the_report_the_sentence_would_be_in_no_edition(monkeypatch):
    """The control: both say they are done, and what was handed in lacks what is on the page."""
    scene = Scene()
    assert told(write_while_submitting(scene, monkeypatch, held=False)) == []
    assert ReportSentence.objects.filter(text=WORDS).exists()
    assert not is_in(Submission.objects.get())


def test_a_sentence_that_comes_after_is_refused():
    scene = Scene()
    section = scene.report.sections.get(key="advantages")
    for _ in range(3):
        prepared = submits(scene, scene.now().version)
        results = race(prepared, lambda: add_own(section=section, by=scene.secretary, text=WORDS))
        assert len(told(results)) == 1
        is_written = ReportSentence.objects.filter(text=WORDS).exists()
        assert Submission.objects.exists() != is_written  # either it was handed in without it, or it is refused
        if not is_written:
            return
        ReportSentence.objects.filter(text=WORDS).delete()


def test_a_round_opened_twice_at_once_is_one_round():
    scene = Office()

    def opens():
        return open_round(unit=scene.union, by=scene.office, on=OPENED, kind="year", period=Period.of_year(2025),
                          due_on=DUE)  # fmt: skip

    assert len(told(race(opens, opens))) == 1
    assert ReportRound.objects.get().rows.count() == 3


def begun_while_opening(scene, monkeypatch):
    """A branch begins its report after the round has looked for it and before the round is there."""
    is_inside, noted = threading.Event(), rounds._note

    def slowly(*args):
        is_inside.set()
        time.sleep(AFTER)
        return noted(*args)

    def begins():
        is_inside.wait(20)
        return scene.begin(0)

    year(2025)
    monkeypatch.setattr(rounds, "_note", slowly)
    round, report = race(scene.open, begins)
    return scene.row(round, 0), report


def test_a_report_begun_while_the_round_opens_answers_it(monkeypatch):
    row, report = begun_while_opening(Office(), monkeypatch)
    assert row.report == report


@one_writer
def test_without_the_units_held_the_report_answers_no_round(monkeypatch):
    """The control: the round goes on asking for a report that is there."""
    monkeypatch.setattr(rounds, "_held", lambda units: None)
    row, report = begun_while_opening(Office(), monkeypatch)
    assert (row.report, report.unit) == (None, row.unit)


def test_two_who_remind_at_once_remind_each_unit_once():
    scene = Office()
    round = scene.open()

    def reminds():
        return remind(round=round, by=scene.office, on=LATE)

    assert sorted(race(reminds, reminds)) == [0, 3]
    assert set(round.rows.values_list("reminders", flat=True)) == {1}
