"""The way of one report: submitted, taken back, returned with a reason, approved, opened again; and what it refuses."""

import datetime

import pytest

from branches.models import EditConflict, Unit
from reports import drafting
from reports.drafting import add_own, chapters_today, edit_sentence, mark_reviewed, start_report
from reports.duties import duty_calendar
from reports.forms import ReportSettingsForm
from reports.freezing import content_of_submission, prepare
from reports.material import collect
from reports.models import PeriodReport, ReportSentence, ReportStep, Submission
from reports.states import DraftingRefused, ReportRefused, State, roles_of, verbs_of
from reports.submitting import (
    approve_outside,
    approve_report,
    last_reason,
    reopen_report,
    return_report,
    submit_report,
    take_back,
)

from .factories import UnionFactory, UnitFactory, account_at, year

DAY = datetime.date
TODAY = DAY(2026, 1, 10)


class Scene:
    """A branch with its yearly report begun, and the office above it."""

    def __init__(self):
        self.union = UnionFactory(name="Đoàn Khối")
        self.branch = UnitFactory(name="Chi đoàn Sở Y tế", superior=self.union)
        self.secretary = account_at(self.branch, full_name="Lê Thu Hạnh")
        self.office = account_at(self.union, "superior_office", full_name="Trần Văn Khối")
        self.report = self.begin(self.branch, self.secretary)

    def begin(self, unit, by, number=2025, **said) -> PeriodReport:
        material = collect(unit, year(number), as_of=TODAY)
        return start_report(by=by, unit=unit, period=year(number), material=material, **said)

    def now(self) -> PeriodReport:
        return PeriodReport.objects.select_related("unit", "period").get(pk=self.report.pk)

    def submit(self, on=TODAY, **said) -> Submission:
        report = self.now()
        prepared = prepare(report, on=on)
        return submit_report(report=report, version=report.version, by=self.secretary, on=on, prepared=prepared, **said)

    def does(self, verb, *, by=None, on=TODAY, **said):
        report = self.now()
        return verb(report=report, version=report.version, by=by or self.office, on=on, **said)

    def write(self, text="Chi bộ giao việc cụ thể cho đoàn viên."):
        return add_own(section=self.report.sections.get(key="advantages"), by=self.secretary, text=text)


@pytest.fixture
def scene(db):
    return Scene()


def steps(scene):
    rows = scene.report.steps.order_by("pk")
    return [(one.verb, one.from_state, one.to_state, one.edition, one.reason) for one in rows]


# --- the way --------------------------------------------------------------------------------------------


def test_the_whole_way_leaves_every_step_and_keeps_every_edition(scene):
    scene.submit(on=DAY(2026, 1, 4), dated_on=DAY(2026, 1, 4))
    scene.does(return_report, reason="Thiếu mục hạn chế", on=DAY(2026, 1, 5))
    scene.write()
    scene.submit(on=DAY(2026, 1, 6))
    scene.does(approve_report, note="Tốt", on=DAY(2026, 1, 7))
    scene.does(reopen_report, reason="Số hiến máu sai", on=DAY(2026, 1, 8))
    scene.submit(on=DAY(2026, 1, 9), correction="Số hiến máu là 42")
    scene.does(approve_report, on=TODAY)
    assert steps(scene) == [
        ("submit", "draft", "submitted", 1, ""),
        ("return", "submitted", "returned", 1, "Thiếu mục hạn chế"),
        ("submit", "returned", "submitted", 2, ""),
        ("approve", "submitted", "approved", 2, "Tốt"),
        ("reopen", "approved", "reopened", 2, "Số hiến máu sai"),
        ("submit", "reopened", "submitted", 3, "Số hiến máu là 42"),
        ("approve", "submitted", "approved", 3, ""),
    ]
    editions = scene.report.submissions.order_by("edition")
    assert list(editions.values_list("submitted_on", "approved_on", "correction")) == [
        (DAY(2026, 1, 4), None, ""),
        (DAY(2026, 1, 6), DAY(2026, 1, 7), ""),
        (DAY(2026, 1, 9), TODAY, "Số hiến máu là 42"),
    ]
    assert (scene.now().state, scene.now().dated_on) == (State.APPROVED, DAY(2026, 1, 4))


def test_while_it_is_opened_again_the_approved_edition_still_counts(scene):
    scene.submit()
    approved = scene.does(approve_report)
    scene.does(reopen_report, reason="Sai số")
    assert list(Submission.objects.in_force()) == [approved]
    scene.submit(correction="Số đúng là 42")
    assert list(Submission.objects.in_force()) == [approved]
    newer = scene.does(approve_report)
    assert list(Submission.objects.in_force()) == [newer]


@pytest.mark.parametrize("before", ["draft", "returned", "reopened"])
def test_taken_back_it_is_what_it_was_before(scene, before):
    said = {}
    if before != "draft":
        scene.submit()
        if before == "returned":
            scene.does(return_report, reason="Thiếu")
        else:
            scene.does(approve_report)
            scene.does(reopen_report, reason="Sai số")
            said = {"correction": "Số đúng"}
    scene.submit(**said)
    scene.does(take_back, by=scene.secretary, reason="Nhầm ngày")
    assert scene.now().state == before
    assert Submission.objects.count() == (1 if before == "draft" else 2)


def test_the_reason_of_a_return_stands_until_it_is_handed_in_anew(scene):
    scene.submit()
    scene.does(return_report, reason="Thiếu mục hạn chế")
    assert last_reason(scene.now()).reason == "Thiếu mục hạn chế"
    scene.write()
    assert last_reason(scene.now()).reason == "Thiếu mục hạn chế"
    scene.submit()
    assert last_reason(scene.now()) is None


def test_a_paper_without_a_day_is_dated_as_it_is_handed_in(scene):
    report = scene.now()
    report.dated_on = DAY(2026, 1, 6)
    prepared = prepare(report, on=TODAY)
    submission = submit_report(
        report=report, version=1, by=scene.secretary, on=TODAY, prepared=prepared, dated_on=DAY(2026, 1, 6)
    )
    assert scene.now().dated_on == DAY(2026, 1, 6)
    assert content_of_submission(submission).dated_on == "2026-01-06"


def test_the_register_has_the_day_of_the_paper(scene):
    scene.submit(dated_on=DAY(2026, 1, 9), takes_number=True)
    scene.does(return_report, reason="Sai ngày")
    PeriodReport.objects.filter(pk=scene.report.pk).update(dated_on=DAY(2026, 1, 10))
    scene.submit()
    assert (scene.now().entry.symbol, scene.now().entry.dated_on) == ("01-BC/CĐ", DAY(2026, 1, 10))


def test_a_day_of_another_book_is_refused(scene):
    """Counted by the year, number 01 of 2026 is not number 01 of 2025."""
    scene.submit(dated_on=DAY(2026, 1, 9), takes_number=True)
    scene.does(return_report, reason="Sai ngày")
    said = {"number": "1", "signer_post": "Bí thư", "recipients": "", "version": scene.now().version}
    form = ReportSettingsForm(said | {"dated_on": "31/12/2025"}, instance=scene.now())
    assert form.errors["dated_on"] == [
        f"Số {scene.now().entry.symbol} lấy theo sổ của ngày 09/01/2026. Hãy chọn ngày trong cùng sổ."
    ]
    assert "dated_on" not in ReportSettingsForm(said | {"dated_on": "10/01/2026"}, instance=scene.now()).errors
    PeriodReport.objects.filter(pk=scene.report.pk).update(dated_on=DAY(2025, 12, 31))
    with pytest.raises(ReportRefused, match="Hãy chọn ngày trong cùng sổ"):
        scene.submit()
    assert scene.now().entry.dated_on == DAY(2026, 1, 9)


# --- what is refused ------------------------------------------------------------------------------------


def test_a_day_to_come_is_refused(scene):
    PeriodReport.objects.filter(pk=scene.report.pk).update(dated_on=DAY(2026, 1, 11))
    with pytest.raises(ReportRefused, match="Ngày báo cáo không thể sau hôm nay"):
        scene.submit()
    assert not Submission.objects.exists()


STEPS = {
    "submit": lambda s: s.submit(correction="x"),
    "take_back": lambda s: s.does(take_back, by=s.secretary, reason="x"),
    "return": lambda s: s.does(return_report, reason="x"),
    "approve": lambda s: s.does(approve_report),
    "approve_outside": lambda s: s.does(approve_outside, by=s.secretary, who="Tỉnh đoàn", paper="35-CV/TĐTN"),
    "reopen": lambda s: s.does(reopen_report, reason="x"),
}
POSSIBLE = {
    "draft": {"submit"},
    "submitted": {"take_back", "return", "approve"},
    "returned": {"submit"},
    "approved": {"reopen"},
    "reopened": {"submit"},
}
TO = {
    "draft": (),
    "submitted": ("submit",),
    "returned": ("submit", "return"),
    "approved": ("submit", "approve"),
    "reopened": ("submit", "approve", "reopen"),
}


@pytest.mark.parametrize("verb", STEPS)
@pytest.mark.parametrize("state", TO)
def test_each_state_permits_exactly_these_steps(scene, state, verb):
    for step in TO[state]:
        STEPS[step](scene)

    def told():
        return scene.now().state, scene.now().version, ReportStep.objects.count(), Submission.objects.count()

    before = told()
    assert before[0] == state
    if verb in POSSIBLE[state]:
        STEPS[verb](scene)
        assert scene.now().version == before[1] + 1
    else:
        with pytest.raises(ReportRefused):
            STEPS[verb](scene)
        assert told() == before


@pytest.mark.parametrize("verb", [return_report, take_back])
@pytest.mark.parametrize("reason", ["", " \n "])
def test_a_step_back_needs_a_reason(scene, verb, reason):
    scene.submit()
    with pytest.raises(ReportRefused) as refusal:
        scene.does(verb, reason=reason)
    assert refusal.value.field == "reason"
    assert scene.now().state == State.SUBMITTED


def test_an_approved_report_is_corrected_only_with_words_what_is_corrected(scene):
    scene.submit()
    scene.does(approve_report)
    scene.does(reopen_report, reason="Sai số")
    with pytest.raises(ReportRefused) as refusal:
        scene.submit(correction=" ")
    assert refusal.value.field == "correction"
    assert Submission.objects.count() == 1


def test_somebody_who_read_an_older_one_decides_nothing(scene):
    scene.submit()
    read = scene.now().version
    scene.does(take_back, by=scene.secretary, reason="Nhầm")
    scene.submit()
    with pytest.raises(EditConflict):
        approve_report(report=scene.now(), version=read, by=scene.office, on=TODAY)
    assert scene.now().state == State.SUBMITTED


def test_an_approval_outside_is_written_where_nobody_above_could_give_one(scene):
    alone = UnitFactory(name="Chi đoàn lẻ", superior=UnionFactory(superior=UnionFactory(kind=Unit.Kind.PROVINCE)))
    by = account_at(alone)
    scene.report = scene.begin(alone, by)
    scene.submit()
    with pytest.raises(ReportRefused):
        scene.does(approve_outside, by=by, who=" ", paper="35-CV/TĐTN")
    with pytest.raises(ReportRefused):
        scene.does(approve_outside, by=by, who="Tỉnh đoàn", paper="")
    scene.does(approve_outside, by=by, who="Tỉnh đoàn", paper="công văn 35-CV/TĐTN ngày 10/01/2026")
    step = scene.report.steps.order_by("-pk").first()
    assert (step.outside, step.taken_by) == ("Tỉnh đoàn, công văn 35-CV/TĐTN ngày 10/01/2026", by)
    assert Submission.objects.get().approved_by == by
    # Nobody above opens it again either: the unit does, with a reason.
    scene.does(reopen_report, by=by, reason="Sai số")
    assert scene.now().state == State.REOPENED


def test_where_somebody_above_approves_the_unit_does_not_approve_itself(scene):
    scene.submit()
    with pytest.raises(ReportRefused, match="Đoàn cấp trên dùng phần mềm này"):
        scene.does(approve_outside, by=scene.secretary, who="Đoàn Khối", paper="1-CV/ĐK")
    assert Submission.objects.get().approved_on is None


def test_who_may_do_what(scene):
    people = {
        "secretary": scene.secretary, "office": scene.office, "member": account_at(scene.branch, "member"),
        "committee": account_at(scene.branch, "committee_member"), "party": account_at(scene.branch, "party_secretary"),
        "inspector": account_at(scene.union, "inspection_chair"), "stranger": account_at(UnitFactory()),
    }  # fmt: skip

    def told():
        found = {name: verbs_of(scene.now(), roles_of(one, scene.now(), on=TODAY)) for name, one in people.items()}
        return {name: sorted(verbs) for name, verbs in found.items() if verbs}

    assert told() == {"secretary": ["submit"]}
    scene.submit()
    assert told() == {"secretary": ["take_back"], "office": ["approve", "return"]}
    scene.does(approve_report)
    assert told() == {"office": ["reopen"]}


# --- texts of a report that is closed -------------------------------------------------------------------


def writes(scene):
    """Every verb that changes a text, on a report with one drafted and one own sentence."""
    own = ReportSentence.objects.select_related("section__report").get(source="", section__report=scene.report)
    drafted = ReportSentence.objects.select_related("section__report").filter(section__report=scene.report)
    drafted = drafted.exclude(source="").first()
    draft = next(
        view for view in chapters_today(scene.now(), collect(scene.branch, year(2025), as_of=TODAY))
        if view.chapter.key == drafted.section.key
    )  # fmt: skip
    of = {"sentence": drafted, "version": drafted.version, "by": scene.secretary}
    new = drafting.drafts_of(collect(scene.branch, year(2025), as_of=TODAY))[drafted.section.key][0]
    assert draft.sentences
    return {
        "edit": lambda: edit_sentence(**of, text="Khác"),
        "take": lambda: drafting.take_new(**of, draft=new),
        "keep": lambda: drafting.keep_old(**of, draft=new),
        "restore": lambda: drafting.restore_draft(**of),
        "leave": lambda: drafting.leave_out(**of),
        "delete": lambda: drafting.leave_out(sentence=own, version=own.version, by=scene.secretary),
        "back": lambda: drafting.bring_back(**of),
        "own": lambda: scene.write("Câu nữa."),
        "drafted": lambda: drafting.add_drafted(section=drafted.section, draft=new, by=scene.secretary),
        "reviewed": lambda: mark_reviewed(section=drafted.section, by=scene.secretary, on=TODAY),
    }


@pytest.mark.parametrize(
    "name", ["edit", "take", "keep", "restore", "leave", "delete", "back", "own", "drafted", "reviewed"]
)
def test_a_closed_report_refuses_every_change_of_its_texts(scene, name):
    scene.write()
    work = writes(scene)
    scene.submit()
    kept = list(ReportSentence.objects.order_by("pk").values())
    with pytest.raises(DraftingRefused, match="Báo cáo đã nộp nên không sửa được"):
        work[name]()
    scene.does(approve_report)
    with pytest.raises(DraftingRefused, match="Báo cáo đã duyệt nên không sửa được"):
        work[name]()
    assert list(ReportSentence.objects.order_by("pk").values()) == kept


def test_a_text_saved_after_it_was_read_is_not_left_out_silently(scene):
    report = scene.now()
    prepared = prepare(report, on=TODAY)
    scene.write()
    with pytest.raises(ReportRefused, match="vừa được sửa"):
        submit_report(report=report, version=1, by=scene.secretary, on=TODAY, prepared=prepared)
    assert (scene.now().state, scene.now().version, Submission.objects.count()) == (State.DRAFT, 1, 0)


# --- nothing by halves ----------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["reports.freezing.ReportRow.objects.bulk_create", "reports.submitting.write_step"])
def test_a_submission_that_breaks_off_leaves_nothing(scene, where, monkeypatch):
    def broken(*args, **more):
        raise OSError("the power went")

    monkeypatch.setattr(where, broken)
    with pytest.raises(OSError, match="the power went"):
        scene.submit()
    assert (scene.now().state, scene.now().version) == (State.DRAFT, 1)
    assert (Submission.objects.count(), ReportStep.objects.count()) == (0, 0)
    monkeypatch.undo()
    assert scene.submit().edition == 1  # and it can be handed in afterwards


# --- duties ---------------------------------------------------------------------------------------------


def test_a_report_handed_in_fulfils_the_yearly_duty_on_that_day(scene):
    def told():
        cells = [one for one in duty_calendar(scene.branch, 2025, as_of=TODAY) if "year" in one.duty.fulfilled_by]
        return [(str(one.state), one.day) for one in cells]

    before = told()
    assert before
    assert all(day is None for _, day in before)
    scene.submit(on=DAY(2026, 1, 4))
    assert [day for _, day in told()] == [DAY(2026, 1, 4)]
    # A number and a later day on the paper change nothing: it came on the day it was handed in.
    PeriodReport.objects.update(number="07", dated_on=DAY(2026, 1, 6))
    assert [day for _, day in told()] == [DAY(2026, 1, 4)]
    scene.does(take_back, by=scene.secretary, reason="Nhầm")
    PeriodReport.objects.update(number="")
    assert told() == before
