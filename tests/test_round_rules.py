"""Rules of rounds and of handing in that the verbs keep, whatever a page offers or hides."""

import threading
import time

import pytest
from django.db import connection

from branches.models import Period
from reports import submitting
from reports.freezing import prepare
from reports.models import PeriodReport, ReportRound, ReportTemplate, RoundUnit, StatTable
from reports.rounds import RoundRefused, close_round, excuse, move_unit_due, open_round, reopen_round
from reports.states import ReportRefused
from reports.submitting import approve_report, return_report, submit_report

from .factories import TermFactory, UnionFactory
from .test_inspection_easing import race
from .test_rounds import DAY, DUE, OPENED, TODAY, Scene, fresh


@pytest.fixture
def scene(db):
    return Scene()


def test_what_came_is_neither_excused_nor_given_another_day(scene):
    """Handed in, and approved; sent back it is owed again. The row keeps the day and has no excuse."""
    round, on = scene.open(), {"by": scene.office, "on": TODAY, "reason": "Bão"}
    report = scene.submit(0, DAY(2026, 1, 4))
    words = "Báo cáo của Chi đoàn A đã {}, không đổi hạn hay miễn được nữa."

    def both_refused(done):
        for verb, said in ((excuse, {}), (move_unit_due, {"due_on": DAY(2026, 2, 1)})):
            with pytest.raises(RoundRefused, match=words.format(done)):
                verb(row=scene.row(round, 0), version=1, **said, **on)

    both_refused("nộp")
    return_report(report=report, version=2, by=scene.office, on=TODAY, reason="Sai số")
    move_unit_due(row=scene.row(round, 0), version=1, due_on=DAY(2026, 1, 20), **on)
    scene.submit(0, DAY(2026, 1, 12))
    approve_report(report=report, version=4, by=scene.office, on=DAY(2026, 1, 12))
    RoundUnit.objects.update(due_on=DUE, due_reason="")
    ReportRound.objects.update(version=1)
    both_refused("được duyệt")
    row = scene.row(round, 0)
    assert (row.due_on, row.excused_on, fresh(round).version) == (DUE, None, 1)


def test_an_excused_unit_has_no_day_to_move(scene):
    round, on = scene.open(), {"by": scene.office, "on": TODAY, "reason": "Bão"}
    excuse(row=scene.row(round, 0), version=1, **on)
    with pytest.raises(RoundRefused, match="Chi đoàn A được miễn từ ngày 10/01/2026, không có hạn để đổi"):
        move_unit_due(row=scene.row(round, 0), version=2, due_on=DAY(2026, 2, 1), **on)


def handed_in_and_excused(monkeypatch) -> tuple[list[str], bool]:
    """A unit is excused while its report is being handed in: what became of both, and whether it is excused now."""
    scene = Scene()
    round, report = scene.open(), scene.begin(0)
    prepared, row, frozen = prepare(report, on=TODAY), scene.row(round, 0), threading.Event()
    by, real = scene.secretaries[report.unit_id], submitting.freeze

    def slow(*args, **more):
        found = real(*args, **more)
        frozen.set()
        time.sleep(1)
        return found

    monkeypatch.setattr(submitting, "freeze", slow)

    def excused():
        frozen.wait(10)
        return excuse(row=row, version=1, by=scene.office, on=TODAY, reason="Mới thành lập")

    found = race(
        lambda: submit_report(report=report, version=1, by=by, on=TODAY, prepared=prepared, dated_on=TODAY), excused
    )
    return [type(one).__name__ for one in found], fresh(row).excused_on is not None


@pytest.mark.django_db(transaction=True)
def test_a_unit_that_is_just_handing_in_is_not_excused(monkeypatch):
    assert handed_in_and_excused(monkeypatch) == (["Submission", "RoundRefused"], False)


@pytest.mark.django_db(transaction=True)
def test_control_without_holding_the_report_a_unit_that_hands_in_is_excused(monkeypatch):
    """SQLite lets one writer in at a time, whatever is held."""
    if connection.vendor != "postgresql":
        pytest.skip("only where writers run side by side")
    monkeypatch.setattr("reports.rounds.lock_report", lambda pk: PeriodReport.objects.get(pk=pk))
    assert handed_in_and_excused(monkeypatch) == (["Submission", "RoundUnit"], True)


def test_a_branch_opens_no_round(scene):
    with pytest.raises(RoundRefused, match="chi đoàn không mở đợt"):
        open_round(
            unit=scene.units[0], by=scene.secretaries[scene.units[0].pk], on=OPENED, kind="year",
            period=Period.of_year(2025), due_on=DUE,
        )  # fmt: skip
    assert not ReportRound.objects.exists()


def test_templates_and_tables_of_strangers_and_drafts_of_tables_are_not_asked_for(scene):
    """The page does not offer them; the verb takes them neither."""
    stranger = UnionFactory(name="Đoàn xa")
    theirs = ReportTemplate.objects.create(owner=stranger, name="Mẫu xa", kinds=["year"], starts_on=DAY(2025, 1, 1))
    with pytest.raises(RoundRefused, match="Mẫu này không dùng"):
        scene.open(template=theirs)
    table, in_use = {"number": "01", "title": "Biểu"}, {"state": "in_use", "valid_from": DAY(2025, 1, 1)}
    made = [StatTable.objects.create(owner=stranger, **table, **in_use),
            StatTable.objects.create(owner=scene.union, **table)]  # fmt: skip
    for one in made:
        with pytest.raises(RoundRefused, match="Có biểu không còn dùng") as found:
            scene.open(tables=[one])
        assert found.value.field == "tables"
    own = StatTable.objects.create(owner=scene.union, **table, **in_use)
    assert list(scene.open(tables=[own]).tables.all()) == [own]


def test_of_two_term_rounds_one_is_open_at_a_time(scene):
    for unit in scene.units:
        TermFactory(unit=unit)
    first = scene.open(kind="term", period=None, on=TODAY, due_on=DAY(2026, 2, 1))
    left = list(first.rows.values_list("unit", flat=True))
    close_round(round=first, version=1, by=scene.office, on=TODAY, missing=left)
    second = scene.open(kind="term", period=None, on=TODAY, due_on=DAY(2026, 3, 1))
    with pytest.raises(RoundRefused, match="Đang có báo cáo nhiệm kỳ, mở ngày 10/01/2026") as found:
        reopen_round(round=first, version=2, by=scene.office, on=TODAY, reason="Nhầm")
    assert found.value.existing == second


@pytest.mark.parametrize(
    ("said", "field"),
    [({"dated_on": DAY(2024, 12, 31)}, "dated_on"), ({"takes_number": True, "reserved": 7}, "reserved")],
)
def test_what_the_form_refuses_of_a_report_handed_in_the_verb_refuses(scene, said, field):
    report = scene.begin(0)
    prepared = prepare(report, on=TODAY)
    said = {"dated_on": TODAY, **said}
    with pytest.raises(ReportRefused) as found:
        submit_report(report=report, version=1, by=scene.office, on=TODAY, prepared=prepared, **said)
    assert (found.value.field, fresh(report).state) == (field, "draft")
