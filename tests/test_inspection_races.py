"""Two people at one case or one programme in the same moment: one comes first, and the other is told. With controls."""

import datetime

import pytest

from branches.models import EditConflict
from inspections.conducting import close_case, conclude
from inspections.models import CaseMove, CasePaper, Inspection, InspectionProgramme
from inspections.moving import begin_verification, cancel_case, escalate, file_team_report, send_plan, step_back
from inspections.preparing import SeatLine, set_team, take_up
from inspections.programming import draft_programme, issue_programme
from inspections.states import InspectionRefused, State
from tests.inspecting import ISSUED, NOTICE, TODAY, concluded, planned, scene, with_findings
from tests.test_inspection_easing import race

pytestmark = pytest.mark.django_db(transaction=True)


def told(results) -> list:
    """Who was refused in words; everything else that was raised is a defect."""
    refused = [one for one in results if isinstance(one, EditConflict | InspectionRefused)]
    assert [one for one in results if isinstance(one, Exception) and one not in refused] == []
    return refused


def fresh(case) -> Inspection:
    return Inspection.objects.get(pk=case.pk)


def send_and_cancel(s, case):
    """The chair sends the plan while another member of the committee takes the case out of the programme."""
    at = {"version": case.version, "on": TODAY}
    return race(
        lambda: send_plan(inspection=fresh(case), by=s.chair, sent_on=TODAY, self_report_due_on=None, **at),
        lambda: cancel_case(inspection=fresh(case), by=s.inspector, reason="Đơn vị sáp nhập", **at),
    )


def ahead(s) -> Inspection:
    return planned(s, visited_on=TODAY + datetime.timedelta(days=20))


def test_of_sending_the_plan_and_cancelling_at_once_one_is_done():
    s = scene()
    case = ahead(s)
    assert len(told(send_and_cancel(s, case))) == 1
    assert fresh(case).state in (State.PLAN_SENT, State.CANCELLED)
    assert list(case.moves.order_by("pk").values_list("to_state", flat=True)) == ["team", fresh(case).state]


def test_without_the_version_the_plan_of_a_cancelled_case_is_not_stopped_by_it(monkeypatch):
    """The control: with neither the version nor the state looked at, the case makes two steps at once."""
    monkeypatch.setattr(Inspection, "claim", lambda self, version: None)
    monkeypatch.setattr("inspections.states.allowed", lambda inspection, verb: True)
    s = scene()
    case = ahead(s)
    assert told(send_and_cancel(s, case)) == []
    assert case.moves.count() == 3


@pytest.mark.parametrize("person", ["chair", "inspector"])
def test_two_who_verify_at_once_leave_one_step(person):
    s = scene()
    case = ahead(s)
    at = {"version": case.version, "on": TODAY, "reason": "Đơn vị đã gửi sổ sách"}
    results = race(
        lambda: begin_verification(inspection=fresh(case), by=s.chair, **at),
        lambda: begin_verification(inspection=fresh(case), by=getattr(s, person), **at),
    )
    assert len(told(results)) == 1
    assert case.moves.filter(to_state=State.VERIFYING).count() == 1


def test_a_report_and_a_step_back_at_once_do_not_pass_each_other():
    s = scene()
    case, _ = with_findings(s)
    at = {"version": case.version, "on": TODAY}
    results = race(
        lambda: file_team_report(inspection=fresh(case), by=s.chair, opinion="Đơn vị cố gắng", **at),
        lambda: step_back(inspection=fresh(case), by=s.inspector, reason="Ghi nhầm ngày", **at),
    )
    assert len(told(results)) == 1
    last = CaseMove.objects.filter(inspection=case).order_by("-pk").first()
    assert (last.from_state, last.to_state) in [("visited", "reported"), ("visited", "team")]
    assert fresh(case).state == last.to_state


def test_two_conclusions_at_once_are_one_notice():
    s = scene()
    case, _ = with_findings(s)
    values = {"version": case.version, "on": TODAY, "concluded_on": NOTICE}
    results = race(
        lambda: conclude(inspection=fresh(case), by=s.chair, number="15-TB/ĐTN-UBKT", **values),
        lambda: conclude(inspection=fresh(case), by=s.inspector, number="16-TB/ĐTN-UBKT", **values),
    )
    assert len(told(results)) == 1
    assert fresh(case).conclusion_number in ("15-TB/ĐTN-UBKT", "16-TB/ĐTN-UBKT")
    assert CasePaper.objects.filter(inspection=case, kind="notice").count() == 1


def test_a_conclusion_and_an_escalation_at_once_exclude_each_other():
    """A case never has both a notice and a heir on signs of violation."""
    s = scene()
    case, _ = with_findings(s)
    at = {"version": case.version, "on": TODAY}
    results = race(
        lambda: conclude(inspection=fresh(case), by=s.chair, concluded_on=NOTICE, number="15-TB/ĐTN-UBKT", **at),
        lambda: escalate(inspection=fresh(case), by=s.inspector, reason="Sai quỹ", title="Kiểm tra quỹ", **at),
    )
    assert len(told(results)) == 1
    heirs = Inspection.objects.filter(arose_from=case).count()
    notices = CasePaper.objects.filter(inspection=case, kind="notice").count()
    assert sorted([heirs, notices]) == [0, 1]
    assert fresh(case).state == (State.ESCALATED if heirs else State.FOLLOWING)


def test_closing_twice_at_once_closes_once():
    s = scene()
    case, row = concluded(s, due_on=None)
    type(row).objects.filter(pk=row.pk).update(state="withdrawn", ended_on=TODAY)
    case = fresh(case)
    results = race(*[lambda: close_case(inspection=fresh(case), version=case.version, by=s.chair, on=TODAY)] * 2)
    assert len(told(results)) == 1
    assert case.moves.filter(to_state=State.CLOSED).count() == 1


def test_two_who_set_the_team_at_once_do_not_mix_their_people():
    s = scene()
    case = planned(s, team=[])
    lines = {"chair": [SeatLine("Người Một", role="head")], "inspector": [SeatLine("Người Hai", role="head")]}
    results = race(
        *(
            lambda name=name: set_team(
                inspection=fresh(case), version=case.version, by=getattr(s, name), on=TODAY, seats=lines[name]
            )
            for name in lines
        )
    )
    assert len(told(results)) == 1
    assert case.team.count() == 1
    assert case.moves.count() == 1


# --- the programme --------------------------------------------------------------------------------------


def draft(s, title="Chuyên đề") -> InspectionProgramme:
    return draft_programme(by=s.chair, unit=s.union, year=2026, in_name_of="committee", title=title)


def issue(s, programme, number, by):
    return issue_programme(
        programme=InspectionProgramme.objects.get(pk=programme.pk), version=1, by=by, number=number, issued_on=ISSUED
    )


def test_one_programme_is_issued_once():
    s = scene()
    one = draft(s)
    results = race(lambda: issue(s, one, "07-KH/ĐTN", s.chair), lambda: issue(s, one, "08-KH/ĐTN", s.inspector))
    assert len(told(results)) == 1
    one.refresh_from_db()
    assert (one.state, one.version, one.number in ("07-KH/ĐTN", "08-KH/ĐTN")) == ("issued", 2, True)


def test_two_programmes_do_not_take_the_same_number():
    """The one who comes second reads that the number is taken, and not a page of an error."""
    s = scene()
    pair = draft(s), draft(s, "Đột xuất")
    results = race(*(lambda one=one: issue(s, one, "07-KH/ĐTN", s.chair) for one in pair))
    assert [refusal.errors for refusal in told(results)] == [{"number": "Năm 2026 đã có văn bản số 07-KH/ĐTN."}]
    assert sorted(InspectionProgramme.objects.filter(title__in=["Chuyên đề", "Đột xuất"]).values_list("state")) == [
        ("draft",), ("issued",),
    ]  # fmt: skip


def test_two_drafts_of_the_same_number_at_once_are_one():
    s = scene()
    values = {"unit": s.union, "year": 2026, "in_name_of": "committee", "number": "09-KH/ĐTN"}
    results = race(
        lambda: draft_programme(by=s.chair, title="Một", **values),
        lambda: draft_programme(by=s.inspector, title="Hai", **values),
    )
    assert [refusal.errors for refusal in told(results)] == [{"number": "Năm 2026 đã có văn bản số 09-KH/ĐTN."}]


def take(s, by):
    return take_up(
        by=by, on=TODAY, programme=s.programme, unit=s.sibling, month=datetime.date(2026, 12, 1),
        since=datetime.date(2026, 1, 1), reason="Chưa kiểm tra lần nào",
    )  # fmt: skip


def test_one_suggested_unit_is_taken_into_the_programme_once():
    s = scene()
    results = race(lambda: take(s, s.chair), lambda: take(s, s.inspector))
    assert [refusal.errors for refusal in told(results)] == [
        {"units": "Chi đoàn Vụ Bên cạnh đã có trong chương trình."}
    ]
    assert s.programme.inspections.count() == s.programme.changes.count() == 1


def test_a_unit_taken_out_of_the_programme_can_be_taken_again():
    s = scene()
    case = take(s, s.chair)
    with pytest.raises(InspectionRefused):
        take(s, s.chair)
    cancel_case(inspection=case, version=case.version, by=s.chair, on=TODAY, reason="Đổi kế hoạch")
    assert take(s, s.chair).state == State.PLANNED
