"""Two people at one line, a publication while somebody scores: one comes first, the other is told. With controls."""

import threading
import time
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from branches.models import EditConflict
from reports.emulation import EmulationRefused, evidence, sets, sheets
from reports.emulation.evidence import add_evidence, remove_evidence
from reports.emulation.publishing import publish
from reports.emulation.sheets import give, self_score
from reports.models import EmulationRanking, ScoreEvidence, ScoreLine, ScoreSheet

from .emulating import TODAY, Answer, fresh, in_use, scene, scored, sent
from .test_inspection_easing import race

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal


def told(results) -> list:
    """Who was refused in words; everything else that was raised is a defect."""
    refused = [one for one in results if isinstance(one, EditConflict | EmulationRefused)]
    assert [one for one in results if isinstance(one, Exception) and one not in refused] == []
    return refused


def two_scorers(s):
    """Both opened the line before either saved."""
    sheet = sent(s, s.sheets[0])
    line = sheet.lines.get(criterion=s.typed)
    at = {"sheet": sheet, "criterion": s.typed, "version": line.version, "by": s.office, "on": TODAY, "note": "Vì thế"}
    return race(lambda: give(said=D(10), **at), lambda: give(said=D(20), **at))


def test_of_two_scorers_of_one_line_the_later_is_told():
    s = scene(1)
    in_use(s)
    results = two_scorers(s)
    assert len(told(results)) == 1
    kept = next(one for one in results if isinstance(one, ScoreLine))
    assert ScoreLine.objects.get(criterion=s.typed).given_points == kept.given_points


def test_without_the_version_the_later_scorer_overwrites_silently(monkeypatch):
    """The control: nobody is told, and one of the two points is lost."""
    monkeypatch.setattr(ScoreLine, "claim", lambda self, version: None)
    s = scene(1)
    in_use(s)
    assert told(two_scorers(s)) == []


def test_two_first_answers_to_a_sheet_are_one():
    s = scene(1)
    in_use(s)
    at = {"sheet": s.sheets[0], "version": 1, "by": s.secretary}
    results = race(
        lambda: self_score(answers={s.typed: Answer(D(10))}, **at),
        lambda: self_score(answers={s.typed: Answer(D(20))}, **at),
    )
    assert len(told(results)) == 1
    assert ScoreLine.objects.count() == 1


def published_and_scored(s):
    """The office publishes while somebody changes a line; what both did and what was frozen of the line."""
    sheet = scored(s, s.sheets[0])
    line = sheet.lines.get(criterion=s.typed)
    at = {"sheet": sheet, "criterion": s.typed, "version": line.version, "by": s.office, "on": TODAY, "note": "Vì thế"}
    results = race(
        lambda: publish(set=s.set, version=fresh(s.set).version, by=s.office, on=TODAY), lambda: give(said=D(20), **at)
    )
    frozen = EmulationRanking.objects.get().content["clusters"][0]["rows"][0]["lines"]
    said = next(one["given"] for one in frozen if one["criterion"] == s.typed.pk)
    return results, D(said)


def test_what_is_published_is_what_stands():
    """Either the change came before and is published, or it came after and was refused."""
    s = scene(1)
    in_use(s)
    results, said = published_and_scored(s)
    assert len(told(results)) == (1 if said == D(28) else 0)
    assert ScoreLine.objects.get(criterion=s.typed).given_points == said
    assert ScoreSheet.objects.get().state == "final"


def test_without_the_state_a_published_line_is_changed_behind_it(monkeypatch):
    """The control: scoring that looks neither at the row nor at its state comes after the publication unnoticed."""
    is_out = threading.Event()
    s = scene(1)
    in_use(s)

    def and_tell(*args, **kwargs):
        made = publish(*args, **kwargs)
        is_out.set()
        return made

    sheet = scored(s, s.sheets[0])
    line = sheet.lines.get(criterion=s.typed)
    monkeypatch.setattr(sheets, "_to_score", lambda sheet, on: sheet)
    results = race(
        lambda: and_tell(set=s.set, version=fresh(s.set).version, by=s.office, on=TODAY),
        lambda: _late(is_out, sheet=sheet, criterion=s.typed, version=line.version, by=s.office),
    )
    assert told(results) == []
    assert EmulationRanking.objects.get().content["clusters"][0]["rows"][0]["total"] == "83.00"
    assert ScoreLine.objects.get(criterion=s.typed).given_points == D(20)


def _late(is_out, **values):
    """Begins its transaction when the publication is done."""
    is_out.wait(20)
    return give(said=D(20), note="Vì thế", on=TODAY, **values)


def revised_meanwhile(s, monkeypatch):
    """A unit is in the middle of its first answers when the office makes the next edition of the set."""
    is_inside, plain_points = threading.Event(), sheets.points_as_said

    def slowly(*args):
        is_inside.set()
        time.sleep(0.4)
        return plain_points(*args)

    def revise():
        is_inside.wait(20)
        return sets.revise_set(set=s.set, version=fresh(s.set).version, by=s.office)

    monkeypatch.setattr(sheets, "points_as_said", slowly)
    answers = {s.typed: Answer(D(10))}
    return race(lambda: self_score(sheet=s.sheets[0], version=1, by=s.secretary, answers=answers), revise)


def is_whole() -> bool:
    """Every line is of a criterion of the set its sheet belongs to."""
    return all(line.criterion.set_id == line.sheet.set_id for line in ScoreLine.objects.all())


def test_a_set_that_is_being_scored_gets_no_next_edition(monkeypatch):
    s = scene(1)
    in_use(s)
    _, refused = revised_meanwhile(s, monkeypatch)
    assert isinstance(refused, EmulationRefused)
    assert (ScoreLine.objects.get().self_points, is_whole()) == (D(10), True)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time")
def test_without_the_sheets_held_nobody_is_told_of_the_next_edition(monkeypatch):
    """The control: the points are lost to the old edition, or the database itself has to end one of the two."""
    monkeypatch.setattr(sets, "_with_sheets", sets.locked)
    s = scene(1)
    in_use(s)
    _, answer = revised_meanwhile(s, monkeypatch)
    assert not isinstance(answer, EmulationRefused)


# --- evidence -------------------------------------------------------------------------------------------


def evidence_while_sending(s):
    """The unit sends its sheet on one device and adds a piece on another; what each was told."""
    sheet = s.sheets[0]
    answers = {s.measured: Answer(D(45)), s.typed: Answer(D(28)), s.yes_no: Answer(D(1))}
    found = self_score(sheet=sheet, version=1, by=s.secretary, answers=answers)
    return race(
        lambda: sheets.send(sheet=sheet, version=found.version, by=s.secretary, on=TODAY),
        lambda: add_evidence(sheet=sheet, criterion=s.typed, by=s.secretary, activities=[s.activity]),
    )


def test_a_piece_is_in_the_sent_sheet_or_refused():
    s = scene(1)
    in_use(s)
    sent_sheet, added = evidence_while_sending(s)
    assert isinstance(sent_sheet, ScoreSheet)
    told([added])
    assert ScoreEvidence.objects.count() == (1 if added == 1 else 0)


def test_without_the_state_a_piece_comes_after_the_sheet_was_sent(monkeypatch):
    """The control: whoever does not look at the sheet changes what its scorer already reads."""
    s = scene(1)
    in_use(s)
    sheet = sent(s, s.sheets[0])
    monkeypatch.setattr("reports.emulation.evidence.held_to_fill", lambda sheet: sheet)
    assert add_evidence(sheet=sheet, criterion=s.typed, by=s.secretary, activities=[s.activity]) == 1
    assert fresh(sheet).state == "self_scored"


def the_same_twice(s):
    at = {"sheet": s.sheets[0], "criterion": s.typed, "by": s.secretary, "activities": [s.activity]}
    return race(lambda: add_evidence(**at), lambda: add_evidence(**at))


def test_the_same_activity_added_twice_at_once_is_one_piece():
    s = scene(1)
    in_use(s)
    assert sorted(the_same_twice(s)) == [0, 1]
    assert (ScoreEvidence.objects.count(), ScoreLine.objects.count()) == (1, 1)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one transaction write at a time")
def test_without_the_sheet_held_the_second_adding_breaks(monkeypatch):
    """The control: nobody waits for the other, and the database itself has to refuse the second."""
    s = scene(1)
    in_use(s)
    both = threading.Barrier(2, timeout=10)
    plain = evidence._check_whose

    def together(*args):
        both.wait()
        return plain(*args)

    ScoreLine.objects.create(sheet=s.sheets[0], criterion=s.typed)
    monkeypatch.setattr(evidence, "held_to_fill", lambda sheet: sheet)
    monkeypatch.setattr(evidence, "_check_whose", together)
    results = the_same_twice(s)
    assert [one for one in results if isinstance(one, IntegrityError)] != []


def removed_and_published(s):
    """A reopened unit's piece is taken off while the office publishes; what both did and what was frozen."""
    sheet = scored(s, s.sheets[0])
    line = sheet.lines.get(criterion=s.typed)
    piece = ScoreEvidence.objects.create(line=line, activity=s.activity)
    results = race(
        lambda: publish(set=s.set, version=fresh(s.set).version, by=s.office, on=TODAY),
        lambda: remove_evidence(evidence=piece, version=line.version),
    )
    rows = EmulationRanking.objects.get().content["clusters"][0]["rows"][0]["lines"]
    return results, next(one["evidence"] for one in rows if one["criterion"] == s.typed.pk)


def test_what_a_publication_names_stays():
    s = scene(1)
    in_use(s)
    results, frozen = removed_and_published(s)
    assert len(told(results)) == 1  # the unit: its sheet is with the superior
    assert [pk for pk, _ in frozen] == list(ScoreEvidence.objects.values_list("pk", flat=True))
    assert ScoreEvidence.objects.get().published_in == EmulationRanking.objects.get()
