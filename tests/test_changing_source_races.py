"""The source of a report changed while somebody else is at it, and a server killed in the middle. With controls."""

import threading

import pytest
from django.db import IntegrityError

from branches.models import EditConflict
from reports import changing_source, drafting, revisions
from reports.drafting import edit_sentence
from reports.models import PeriodReport, ReportSentence, SectionRevision

from .killing import killed_after, killed_everywhere
from .test_changing_source import Turning
from .test_inspection_easing import race
from .test_report_races import AFTER, one_writer, told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WORDS = "Chi đoàn A3 trồng 07 cây ở công viên."


def test_of_two_who_change_it_at_once_one_is_told():
    s = Turning()
    (refused,) = told(race(s.turns_to(True), s.turns_to(True)))
    assert isinstance(refused, EditConflict)
    assert (s.now().from_units, s.now().version) == (True, 2)


def test_with_neither_version_nor_rule_both_would_have_done_it(monkeypatch):
    """The control."""
    monkeypatch.setattr(PeriodReport, "claim", lambda self, version: None)
    monkeypatch.setattr(changing_source, "why_not", lambda report, material: "")
    s = Turning()
    assert told(race(s.turns_to(True), s.turns_to(True))) == []


def write_while_turning(s, monkeypatch) -> list:
    """A colleague is in the middle of saving the sentence about trees, which the other side does not have."""
    inside, claim = threading.Event(), drafting.claim_sentence

    def claimed(sentence, version, by):
        claim(sentence, version, by)
        inside.set()
        threading.Event().wait(AFTER)

    monkeypatch.setattr(drafting, "claim_sentence", claimed)
    change, trees = s.turns_to(True), s.sentence(f"indicator:{s.trees.pk}")

    def turn():
        inside.wait()
        return change()

    return race(lambda: edit_sentence(sentence=trees, version=trees.version, by=s.office, text=WORDS), turn)


def test_words_saved_while_the_source_changes_stay(monkeypatch):
    s = Turning()
    assert told(write_while_turning(s, monkeypatch)) == []
    assert s.now().from_units
    assert s.states()[WORDS] == "gone"  # it stands there, and a person decides


@one_writer
def test_without_holding_the_report_the_change_would_break_off(monkeypatch):
    """The control: what was read is no longer so; the numbers of the saves collide, and the page is an error."""
    monkeypatch.setattr(revisions, "refuse_if_closed", lambda report: None)
    s = Turning()
    written, turned = write_while_turning(s, monkeypatch)
    assert (type(written), type(turned)) == (ReportSentence, IntegrityError)
    assert not s.now().from_units


def standing(s) -> tuple:
    """Everything the step writes."""
    report = s.now()
    rows = ReportSentence.objects.filter(section__report=report).order_by("section__position", "position", "pk")
    return (
        (report.version, report.from_units, report.rolled_from),
        list(rows.values_list("source", "drafted", "version", "position")),
        list(SectionRevision.objects.order_by("section_id", "number").values_list("section", "number", "note")),
        list(report.sections.order_by("pk").values_list("typed_by", flat=True)),
    )


def test_killed_at_any_write_nothing_is_there_and_the_next_try_does_all_of_it():
    s = Turning()
    before, change = standing(s), s.turns_to(True)
    seen = killed_everywhere(change, lambda: standing(s))
    # The version and the source of the report; of two chapters the saves before and after, the sentences and who typed;
    # and one sentence that goes.
    assert len(seen) == 11
    assert all(one == before for one in seen)
    assert s.now().from_units
    assert [text for _, _, text in s.texts() if "30/40" in text]


def test_control_each_write_for_itself_leaves_half_a_report():
    """Killed before its last write the sentences are those of one side, and the report says the other."""
    count = len(killed_everywhere(Turning().turns_to(True), lambda: None))
    s = Turning()
    before = standing(s)
    assert killed_after(count - 1, s.turns_to(True), together=False)
    half = standing(s)
    assert half != before
    assert not s.now().from_units
    assert [text for _, _, text in s.texts() if "30/40" in text]
