"""A server killed while a unit adds or takes off evidence, or while the office publishes: the whole step or nothing.

With a control: without the transaction a half would stand.
"""

import pytest

from reports.emulation.evidence import add_evidence, remove_evidence
from reports.emulation.publishing import publish
from reports.models import EmulationRanking, ScoreEvidence, ScoreLine, ScoreSheet

from .emulating import TODAY, fresh, scored
from .killing import killed_after, killed_everywhere
from .test_emulation_evidence import added, begun, issued, stored

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def standing() -> tuple:
    """(the pieces and whether their file lies there, the line of each and its version, state and edition)"""
    pieces = ScoreEvidence.objects.order_by("pk")
    return (
        [(one.activity_id, one.paper_id, one.file.name, one.published_in_id) for one in pieces],
        [one.file.storage.exists(one.file.name) for one in pieces if one.file],
        list(ScoreLine.objects.order_by("pk").values_list("pk", "version")),
        list(ScoreSheet.objects.values_list("state", flat=True)),
        EmulationRanking.objects.count(),
    )


def adding(s):
    paper, file = issued(s), stored()
    return lambda: add_evidence(
        sheet=s.sheet, criterion=s.typed, by=s.secretary, activities=[s.activity], papers=[paper], files=[file]
    )


def test_pieces_that_were_being_added_are_all_there_or_none():
    add, before = adding(begun()), standing()
    seen = killed_everywhere(add, standing)
    assert len(seen) >= 3  # the line, its pieces, its version
    assert seen == [before] * len(seen)
    assert len(standing()[0]) == 3
    assert add() == 0  # sent once more


def test_control_a_line_would_stand_whose_scorer_is_told_nothing():
    """Killed behind the pieces: the line is there, and its version is not raised."""
    add = adding(begun())
    assert killed_after(2, add, together=False)
    assert ScoreLine.objects.get().version == 1


def test_a_file_whose_removal_was_killed_is_still_there():
    s = begun()
    added(s, files=[stored()])
    piece = ScoreEvidence.objects.select_related("line__sheet").get()
    before, version = standing(), piece.line.version

    def remove():
        remove_evidence(evidence=ScoreEvidence.objects.select_related("line__sheet").get(pk=piece.pk), version=version)

    seen = killed_everywhere(remove, standing)
    assert len(seen) >= 2
    assert seen == [before] * len(seen)
    assert standing()[:2] == ([], [])
    assert not piece.file.storage.exists(piece.file.name)


def test_pieces_are_frozen_with_the_ranking_or_not_at_all():
    s = begun()
    added(s, files=[stored()])
    scored(s, s.sheet)
    before, version = standing(), fresh(s.set).version
    seen = killed_everywhere(lambda: publish(set=s.set, version=version, by=s.office, on=TODAY), standing)
    assert len(seen) >= 4  # the set, the ranking, its pieces, the sheets
    assert seen == [before] * len(seen)
    made = EmulationRanking.objects.get()
    assert [one[-1] for one in standing()[0]] == [made.pk]
    assert standing()[3:] == (["final"], 1)
