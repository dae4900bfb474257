"""A server killed in the middle of a step of a report: after any of its writes the whole step is there or nothing.

Every step is made in a process of its own that dies after its first write, in another that dies after its second, and
so on, until one comes to its end. With controls: without the transaction the half of it would stand.
"""

import datetime

import pytest

from branches.models import FormReceipt, NumberBook, PaperNumber, Period, Post
from branches.numbering import reserve_number
from reports.freezing import prepare, verify
from reports.models import RoundUnit
from reports.rounds import open_round
from reports.submitting import (
    approve_outside,
    approve_report,
    reopen_report,
    return_report,
    submit_report,
    take_back,
)

from .factories import IndicatorFactory, TargetFactory, year
from .killing import killed_after, killed_everywhere
from .rolling import log
from .test_submitting import TODAY
from .test_submitting import Scene as Way

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
DAY = datetime.date


class Scene(Way):
    """A yearly report of 2025 with two figures, asked for by a round that does not know of it yet."""

    def __init__(self):
        super().__init__()
        for value in (4, 9):
            indicator = IndicatorFactory()
            TargetFactory(unit=self.branch, period=year(2025), indicator=indicator, value=value)
            log(self.branch, indicator, 5, DAY(2025, 3, 26))
        open_round(unit=self.union, by=self.office, on=DAY(2025, 12, 1), kind="year", period=Period.of_year(2025),
                   due_on=DAY(2026, 1, 15))  # fmt: skip
        RoundUnit.objects.update(report=None)

    def standing(self) -> dict:
        """Everything that a step of the report writes, wherever it stands."""
        report = self.now()
        editions = report.submissions.order_by("edition")
        return {
            "report": (str(report.state), report.version, report.number, report.dated_on),
            "editions": [(one.edition, one.correction, one.approved_on, one.rows.count(), verify(one))
                         for one in editions],
            "steps": list(report.steps.order_by("pk").values_list("verb", "from_state", "to_state", "edition")),
            "register": list(PaperNumber.objects.order_by("number").values_list("symbol", "state", "dated_on")),
            "last": list(NumberBook.objects.values_list("last", flat=True)),
            "entry": report.entry.symbol if report.entry else None,
            "answers": list(RoundUnit.objects.values_list("report", flat=True)),
            "receipts": FormReceipt.objects.count(),
        }  # fmt: skip

    # What is done, read before as the page does: the call only writes.

    def submits(self, **said):
        report = self.now()
        said = {"report": report, "version": report.version, "by": self.secretary, "on": TODAY, **said}
        prepared = prepare(report, on=TODAY)
        return lambda: submit_report(prepared=prepared, **said)

    def decides(self, verb, *, by=None, **said):
        report = self.now()
        return lambda: verb(report=report, version=report.version, by=by or self.office, on=TODAY, **said)

    # Where a report stands before the step.

    def submitted(self):
        self.submits(dated_on=TODAY, takes_number=True)()
        return self

    def approved(self):
        self.submitted().decides(approve_report)()
        return self

    def reopened(self):
        self.approved().decides(reopen_report, reason="Cộng sót một buổi")()
        return self

    def corrected(self):
        self.reopened().submits(correction="Số đúng là 5")()
        return self

    def kept(self):
        reserve_number(unit=self.branch, type_code="BC", on=TODAY, by=self.secretary, about="Báo cáo năm")
        return self

    def alone(self):
        """Nobody above could approve here."""
        Post.objects.filter(account=self.office).delete()
        return self.submitted()


def test_the_scene_stands_as_it_is_said():
    """A number out of the register, an edition of two figures whose hash is right, and the row of the round."""
    scene = Scene().submitted()
    pk = scene.report.pk
    assert scene.standing() == {
        "report": ("submitted", 2, "1", TODAY),
        "editions": [(1, "", None, 2, True)],
        "steps": [("submit", "draft", "submitted", 1)],
        "register": [("01-BC/" + scene.branch.document_code, "used", TODAY)],
        "last": [1],
        "entry": "01-BC/" + scene.branch.document_code,
        "answers": [pk],
        "receipts": 0,
    }


# name: (how the report stands before, the step, what is then: state, editions, steps, state of each number)
STEPS = {
    "submit": (Scene, lambda s: s.submits(dated_on=TODAY), "submitted", [None], 1, []),
    "submit_with_a_number": (
        Scene, lambda s: s.submits(dated_on=TODAY, takes_number=True), "submitted", [None], 1, ["used"],
    ),
    "submit_with_a_kept_number": (
        lambda: Scene().kept(), lambda s: s.submits(dated_on=TODAY, reserved=1), "submitted", [None], 1, ["used"],
    ),
    "take_back": (
        lambda: Scene().submitted(), lambda s: s.decides(take_back, by=s.secretary, reason="Nhầm số"),
        "draft", [None], 2, ["used"],
    ),
    "return": (
        lambda: Scene().submitted(), lambda s: s.decides(return_report, reason="Thiếu mục II"),
        "returned", [None], 2, ["used"],
    ),
    "approve": (lambda: Scene().submitted(), lambda s: s.decides(approve_report), "approved", [TODAY], 2, ["used"]),
    "approve_outside": (
        lambda: Scene().alone(),
        lambda s: s.decides(approve_outside, by=s.secretary, who="Tỉnh đoàn", paper="35-CV/TĐTN ngày 10/01/2026"),
        "approved", [TODAY], 2, ["used"],
    ),
    "reopen": (
        lambda: Scene().approved(), lambda s: s.decides(reopen_report, reason="Cộng sót"),
        "reopened", [TODAY], 3, ["used"],
    ),
    "correct": (
        lambda: Scene().reopened(), lambda s: s.submits(correction="Số đúng là 5"),
        "submitted", [TODAY, None], 4, ["used"],
    ),
    "approve_a_correction": (
        lambda: Scene().corrected(), lambda s: s.decides(approve_report), "approved", [TODAY, TODAY], 5, ["used"],
    ),
}  # fmt: skip


def told(standing) -> tuple:
    """(state, day of approval of each edition, number of steps, states of the numbers)"""
    editions = standing["editions"]
    assert all((rows, is_whole) == (2, True) for *_, rows, is_whole in editions)
    return (
        standing["report"][0], [on for _, _, on, _, _ in editions], len(standing["steps"]),
        [state for _, state, _ in standing["register"]],
    )  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_killed_at_any_write_nothing_of_the_step_is_there_and_the_next_try_does_it(name):
    prepared_scene, step_of, *expected = STEPS[name]
    scene = prepared_scene()
    before, step = scene.standing(), step_of(scene)
    seen = killed_everywhere(step, scene.standing)
    assert len(seen) >= 3  # the version, the row, the step
    assert all(one == before for one in seen)
    after = scene.standing()
    assert told(after) == tuple(expected)
    assert after["report"][1] == before["report"][1] + 1


@pytest.mark.parametrize("name", STEPS)
def test_control_each_write_for_itself_leaves_the_half_of_a_step(name):
    """Killed one write before its end, it is neither what it was nor what it should be."""
    prepared_scene, step_of, *_ = STEPS[name]
    count = len(killed_everywhere(step_of(scene := prepared_scene()), lambda: None))
    scene = prepared_scene()
    before = scene.standing()
    assert killed_after(count - 1, step_of(scene), together=False)
    half = scene.standing()
    assert half != before
    assert len(half["steps"]) == len(before["steps"])
