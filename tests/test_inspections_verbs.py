"""The verbs of inspection: what each does, and in which state each is refused."""

import datetime

import pytest

from branches.models import EditConflict
from inspections.conducting import (
    HostLine,
    add_finding,
    change_finding,
    close_case,
    conclude,
    give_number,
    record_visit,
    remove_finding,
)
from inspections.easing import extend_due
from inspections.following import (
    answer_recommendation,
    change_recommendation,
    check_answer,
    recommend,
    remove_recommendation,
    withdraw,
)
from inspections.models import Finding, HostAttendee, Inspection, Recommendation, TeamSeat
from inspections.preparing import SeatLine, change_inspection, plan_inspections, set_team
from inspections.programming import TopicLine, change_programme, draft_programme
from inspections.states import InspectionRefused
from tests.factories import ActivityFactory, TargetFactory, UnitFactory
from tests.inspecting import (
    DUE,
    ISSUED,
    NOTICE,
    TODAY,
    VISIT,
    answered,
    concluded,
    planned,
    scene,
    visited,
    with_findings,
)

pytestmark = pytest.mark.django_db
LATER = datetime.date(2026, 12, 15)


def refusal(call, **kwargs) -> dict:
    with pytest.raises(InspectionRefused) as caught:
        call(**kwargs)
    return caught.value.errors


# --- recommendations and states; the cases themselves are walked in test_inspection_moves.py -----------


def calls_on(s, row):
    """One sensible call for each verb on a recommendation."""
    at = {"recommendation": row, "version": row.version, "on": TODAY}
    return {
        "answer": lambda: answer_recommendation(**at, by=s.secretary, text="Đã làm"),
        "check": lambda: check_answer(**at, by=s.chair, verdict="adequate", text="Đã xem sổ"),
        "move_due": lambda: extend_due(**at, by=s.chair, due_on=LATER, reason="Bận đại hội"),
        "withdraw": lambda: withdraw(**at, by=s.chair, reason="Không còn phù hợp"),
    }


# Worked by hand: where each verb leads from each state; "" is refused.
AFTER = {
    "answer": {"open": "answered", "answered": "answered", "sent_back": "answered", "closed": "", "withdrawn": ""},
    "check": {"open": "closed", "answered": "closed", "sent_back": "closed", "closed": "", "withdrawn": ""},
    "move_due": {"open": "open", "answered": "answered", "sent_back": "sent_back", "closed": "", "withdrawn": ""},
    "withdraw": dict.fromkeys(["open", "answered", "sent_back"], "withdrawn") | {"closed": "", "withdrawn": ""},
}


@pytest.mark.parametrize("state", ["open", "answered", "sent_back", "closed", "withdrawn"])
@pytest.mark.parametrize("verb", sorted(AFTER))
def test_recommendation_verb_is_possible_exactly_where_the_table_says(state, verb):
    s = scene()
    _, row = concluded(s)
    ended = state in ("closed", "withdrawn")
    Recommendation.objects.filter(pk=row.pk).update(state=state, ended_on=TODAY if ended else None)
    row.refresh_from_db()
    call, after = calls_on(s, row)[verb], AFTER[verb][state]
    if after:
        call()
    else:
        with pytest.raises(InspectionRefused):
            call()
    row.refresh_from_db()
    assert row.state == (after or state)


@pytest.mark.parametrize("verb", sorted(AFTER))
def test_draft_recommendation_has_no_follow_up(verb):
    s = scene()
    _, row = with_findings(s)
    said = {None: "Cuộc này chưa thông báo kết luận. Hãy thông báo kết luận trước."}
    assert refusal(calls_on(s, row)[verb]) == said


# --- programme and plan -----------------------------------------------------------------------------


def test_several_units_under_one_programme_get_a_case_each():
    s = scene()
    cases = plan_inspections(
        by=s.chair, on=ISSUED, programme=s.programme, units=[s.branch, s.sibling], title="Hai nội dung",
        supervision_kind="thematic", review_from=datetime.date(2021, 7, 21), review_to=datetime.date(2022, 7, 9),
        topics=[TopicLine("Chỉ thị 03", use="supervise"), TopicLine("Phần mềm", use="supervise")],
        team=[SeatLine("Trần Văn Đoàn", role="head", account=s.inspector)], reason="Theo chỉ đạo của Ban Thường vụ",
    )  # fmt: skip

    assert [case.unit for case in cases] == [s.branch, s.sibling]
    assert [case.topics.count() for case in cases] == [2, 2]
    assert [case.team.get().account for case in cases] == [s.inspector, s.inspector]
    assert {case.state for case in cases} == {"team"}
    assert list(s.programme.changes.order_by("pk").values_list("kind", "what", "reason")) == [
        ("added", "Chi đoàn Cục Thử nghiệm", "Theo chỉ đạo của Ban Thường vụ"),
        ("added", "Chi đoàn Vụ Bên cạnh", "Theo chỉ đạo của Ban Thường vụ"),
    ]


def test_a_unit_added_to_an_issued_programme_needs_a_reason_and_a_draft_takes_it_without():
    s = scene()
    assert refusal(planned, s=s, reason=" ") == {"reason": "Chương trình đã ban hành, hãy ghi lý do thay đổi."}
    assert Inspection.objects.count() == 0
    s.programme.state = "draft"
    s.programme.save()
    assert planned(s, reason="").state == "team"
    assert s.programme.changes.count() == 0


def test_case_without_topics_takes_those_of_the_programme():
    s = scene()
    draft = draft_programme(
        by=s.chair, unit=s.union, year=2026, in_name_of="committee", title="Kế hoạch quý IV",
        topics=[TopicLine("Sinh hoạt"), TopicLine("Chỉ thị 42", use="supervise"), TopicLine("  ")],
    )  # fmt: skip
    s.programme = draft
    case = planned(s, topics=[])
    assert list(case.topics.order_by("position").values_list("text", "use")) == [
        ("Sinh hoạt", "inspect"),
        ("Chỉ thị 42", "supervise"),
    ]


def test_unit_outside_the_inspecting_unit_is_refused_and_nothing_is_left():
    s = scene()
    elsewhere = UnitFactory(name="Chi đoàn ở xa")
    errors = refusal(
        plan_inspections, by=s.chair, on=ISSUED, programme=s.programme, units=[s.branch, elsewhere], title="X",
        inspection_kind="periodic", review_from=ISSUED, review_to=VISIT,
    )  # fmt: skip
    assert errors == {"units": f"Chi đoàn ở xa không phải đơn vị cấp dưới của {s.union.name}."}
    assert Inspection.objects.count() == 0


@pytest.mark.parametrize(
    ("inspection_kind", "supervision_kind", "field"),
    [("", "", "inspection_kind"), ("regular", "", "inspection_kind"), ("", "sudden", "supervision_kind")],
)
def test_purpose_and_its_kind_have_to_fit(inspection_kind, supervision_kind, field):
    s = scene()
    errors = refusal(planned, s=s, inspection_kind=inspection_kind, supervision_kind=supervision_kind)
    assert list(errors) == [field]


def test_programme_cited_by_a_conclusion_keeps_its_number():
    s = scene()
    concluded(s)
    fields = {"year": 2026, "issued_on": ISSUED, "in_name_of": s.programme.in_name_of, "title": "Tên sửa"}
    at = {"programme": s.programme, "version": s.programme.version, "by": s.chair, **fields}
    errors = refusal(change_programme, number="9-KH", **at)
    assert list(errors) == ["number"]
    assert list(refusal(change_programme, number=s.programme.number, **at)) == ["reason"]

    changed = change_programme(number=s.programme.number, on=TODAY, reason="Ghi cho đúng văn bản", **at)
    assert changed.title == "Tên sửa"
    assert s.programme.changes.filter(kind="reworded").get().what == "Sửa trích yếu"


def test_programme_number_once_a_year():
    s = scene()
    errors = refusal(
        draft_programme, by=s.chair, unit=s.union, year=2026, number=" 02-KH/ĐTN-UBKT ", issued_on=ISSUED,
        in_name_of="committee", title="Khác",
    )  # fmt: skip
    assert errors == {"number": "Năm 2026 đã có văn bản số 02-KH/ĐTN-UBKT."}


# --- team, visit, findings --------------------------------------------------------------------------


def test_seat_left_out_ends_and_keeps_its_history():
    s = scene()
    case = planned(s)
    head = case.team.get(role="head")
    set_team(inspection=case, version=case.version, by=s.chair, on=TODAY, seats=[SeatLine("Người Mới", role="head")])
    head.refresh_from_db()
    assert head.ends_on == TODAY
    assert list(case.team.filter(ends_on=None).values_list("name", "role")) == [("Người Mới", "head")]


def test_two_members_swap_the_lead_in_one_save():
    s = scene()
    case = planned(s)
    head, other = case.team.order_by("position")
    set_team(
        inspection=case, version=case.version, by=s.chair, on=TODAY,
        seats=[SeatLine(other.name, role="head", pk=other.pk), SeatLine(head.name, role="member", pk=head.pk)],
    )  # fmt: skip
    assert list(case.team.order_by("position").values_list("pk", "role")) == [
        (other.pk, "head"),
        (head.pk, "member"),
    ]


def test_visit_is_written_down_with_people_answers_and_questions():
    s = scene()
    case = planned(s)
    question = case.topics.get(use="question")
    case = record_visit(
        inspection=case, version=case.version, by=s.chair, on=TODAY, visited_on=VISIT, day_part="afternoon",
        unit_account="06 ý tưởng", party_remark="Nhìn lại một năm", answers={question.pk: "Làm phần mềm thi"},
        hosts=[HostLine("Lê Văn Bí Thư", "Bí thư"), HostLine("Toàn thể đoàn viên")],
        questions=[TopicLine("Khó khăn gì?", use="question", answer="Thiếu thời gian")], reason="Đi cùng đoàn Bộ",
    )  # fmt: skip

    assert case.state == "visited"
    assert list(HostAttendee.objects.order_by("position").values_list("name", flat=True)) == [
        "Lê Văn Bí Thư",
        "Toàn thể đoàn viên",
    ]
    assert list(case.topics.order_by("position").values_list("text", "answer"))[2:] == [
        ("Ứng dụng công nghệ thông tin thế nào?", "Làm phần mềm thi"),
        ("Khó khăn gì?", "Thiếu thời gian"),
    ]


def test_visit_before_its_day_is_refused():
    s = scene()
    case = planned(s)
    errors = refusal(
        record_visit, inspection=case, version=case.version, by=s.chair, on=VISIT - datetime.timedelta(days=1),
        visited_on=VISIT,
    )  # fmt: skip
    assert list(errors) == ["visited_on"]


def test_answered_topic_cannot_be_dropped():
    s = scene()
    case = visited(s)
    topic = case.topics.order_by("position").first()
    topic.answer = "Đã trả lời"
    topic.save()
    errors = refusal(
        change_inspection, inspection=case, version=case.version, by=s.chair, title="X", inspection_kind="periodic",
        review_from=ISSUED, review_to=VISIT, visited_on=VISIT, topics=[TopicLine("Chuyện khác")],
    )  # fmt: skip
    assert list(errors) == ["topics"]


def test_finding_links_only_to_material_of_the_inspected_unit():
    s = scene()
    case = visited(s)
    own, foreign = ActivityFactory(unit=s.branch), ActivityFactory(unit=s.sibling)
    found = add_finding(inspection=case, by=s.chair, kind="merit", text="Tốt", activity=own)
    assert found.activity == own
    errors = refusal(add_finding, inspection=case, by=s.chair, kind="merit", text="X", activity=foreign)
    assert list(errors) == ["activity"]
    errors = refusal(
        add_finding, inspection=case, by=s.chair, kind="merit", text="X", target=TargetFactory(unit=s.sibling)
    )
    assert list(errors) == ["target"]


def test_conclusion_locks_findings_and_recommendations():
    s = scene()
    case, row = concluded(s)
    found = case.findings.first()
    locked = {None: "Kết luận đã thông báo nên nội dung không sửa được nữa."}
    assert refusal(change_finding, finding=found, version=1, by=s.chair, kind="merit", text="Khác") == locked
    assert refusal(remove_finding, finding=found, by=s.chair) == locked
    change = {"version": row.version, "by": s.chair, "text": "Khác", "owner": "Ai", "no_due_date": True}
    assert refusal(change_recommendation, recommendation=row, **change) == locked
    assert refusal(remove_recommendation, recommendation=row, by=s.chair) == locked
    found.refresh_from_db()
    row.refresh_from_db()
    assert (found.text, row.text) == ("Chuẩn bị báo cáo tốt", "Sinh hoạt đều hằng tháng")


def test_conclusion_needs_a_finding():
    s = scene()
    case = visited(s)
    errors = refusal(conclude, inspection=case, version=case.version, by=s.chair, on=TODAY, concluded_on=NOTICE)
    assert list(errors) == [None]


@pytest.mark.parametrize("day", [VISIT - datetime.timedelta(days=1), TODAY + datetime.timedelta(days=1)])
def test_notice_is_dated_between_visit_and_today(day):
    s = scene()
    case, _ = with_findings(s)
    errors = refusal(conclude, inspection=case, version=case.version, by=s.chair, on=TODAY, concluded_on=day)
    assert list(errors) == ["concluded_on"]


def test_number_given_once():
    s = scene()
    case, _ = concluded(s)
    errors = refusal(give_number, inspection=case, version=case.version, by=s.chair, number="99-TB/UBKT")
    assert errors == {"number": "Thông báo kết luận đã có số 15-TB/ĐTN-UBKT."}


# --- recommendations --------------------------------------------------------------------------------


@pytest.mark.parametrize(("due_on", "no_due_date"), [(None, False), (DUE, True)])
def test_recommendation_has_a_date_or_explicitly_none(due_on, no_due_date):
    s = scene()
    case = visited(s)
    errors = refusal(
        recommend, inspection=case, by=s.chair, text="Làm", owner="Ai", due_on=due_on, no_due_date=no_due_date
    )
    assert list(errors) == ["due_on"]


def test_removed_draft_closes_the_gap_in_the_numbers():
    s = scene()
    case, first = with_findings(s)
    for text in ("Hai", "Ba"):
        recommend(inspection=case, by=s.chair, text=text, owner="Ai", no_due_date=True)
    remove_recommendation(recommendation=first, by=s.chair)
    assert list(case.recommendations.order_by("number").values_list("number", "text")) == [(1, "Hai"), (2, "Ba")]


def test_answer_links_only_own_activities():
    s = scene()
    _, row = concluded(s)
    errors = refusal(
        answer_recommendation, recommendation=row, version=row.version, by=s.secretary, on=TODAY, text="Xong",
        activities=[ActivityFactory(unit=s.sibling)],
    )  # fmt: skip
    assert list(errors) == ["activities"]


def test_not_adequate_needs_a_reason_and_sends_back():
    s = scene()
    _, row = answered(s)
    at = {"recommendation": row, "version": row.version, "by": s.chair, "on": TODAY, "verdict": "not_adequate"}
    assert list(refusal(check_answer, **at)) == ["text"]

    check_answer(**at, text="Thiếu biên bản")
    row.refresh_from_db()
    assert (row.state, row.sent_back_count, row.ended_on) == ("sent_back", 1, None)


def test_whoever_answered_does_not_check():
    s = scene()
    _, row = answered(s)
    errors = refusal(
        check_answer, recommendation=row, version=row.version, by=s.secretary, on=TODAY, verdict="adequate"
    )
    assert list(errors) == [None]


def test_lateness_follows_the_agreed_date_and_freezes_when_ended():
    s = scene()
    _, row = concluded(s)
    assert row.days_late(TODAY) == 22  # 31/10 to 22/11
    extend_due(
        recommendation=row, version=row.version, by=s.chair, on=TODAY, due_on=datetime.date(2026, 12, 1),
        reason="Đại hội",
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.original_due_on, row.due_on, row.days_late(TODAY)) == (DUE, datetime.date(2026, 12, 1), 0)

    answer_recommendation(recommendation=row, version=row.version, by=s.secretary, on=LATER, text="Xong")
    row.refresh_from_db()
    check_answer(recommendation=row, version=row.version, by=s.chair, on=LATER, verdict="adequate")
    row.refresh_from_db()
    assert row.days_late(datetime.date(2027, 6, 1)) == 14  # 1/12 to 15/12, and no further


def test_recommendation_without_a_date_is_never_late_and_may_get_one():
    s = scene()
    _, row = concluded(s, due_on=None)
    assert row.days_late(datetime.date(2036, 1, 1)) == 0
    extend_due(recommendation=row, version=row.version, by=s.chair, on=TODAY, due_on=LATER, reason="Cần xong trong năm")
    row.refresh_from_db()
    # The notice said none, and still does.
    assert (row.no_due_date, row.original_due_on, row.due_on) == (True, None, LATER)


@pytest.mark.parametrize("due_on", [DUE, TODAY - datetime.timedelta(days=1)])
def test_new_date_is_later_than_the_old_one_and_not_past(due_on):
    s = scene()
    _, row = concluded(s)
    errors = refusal(
        extend_due, recommendation=row, version=row.version, by=s.chair, on=TODAY, due_on=due_on, reason="Bận"
    )
    assert list(errors) == ["due_on"]


def test_case_closes_only_when_every_recommendation_ended():
    s = scene()
    case, row = answered(s)
    errors = refusal(close_case, inspection=case, version=case.version, by=s.chair, on=TODAY)
    assert errors == {None: "Còn 1 kiến nghị chưa khép. Kiểm tra hoặc rút từng kiến nghị trước."}
    withdraw(recommendation=row, version=row.version, by=s.chair, on=TODAY, reason="Đơn vị giải thể")
    case = close_case(inspection=case, version=case.version, by=s.chair, on=TODAY)
    assert (case.state, case.closed_on) == ("closed", TODAY)


@pytest.mark.parametrize("verb", ["record_visit", "conclude", "check", "finding"])
def test_stale_version_is_refused_as_a_conflict(verb):
    s = scene()
    case, row = answered(s) if verb == "check" else with_findings(s)
    found = Finding.objects.first()
    calls = {
        "record_visit": lambda: record_visit(inspection=case, version=0, by=s.chair, on=TODAY, visited_on=VISIT),
        "conclude": lambda: conclude(inspection=case, version=0, by=s.chair, on=TODAY, concluded_on=NOTICE),
        "check": lambda: check_answer(recommendation=row, version=0, by=s.chair, on=TODAY, verdict="adequate"),
        "finding": lambda: change_finding(finding=found, version=0, by=s.chair, kind="merit", text="Khác"),
    }
    with pytest.raises(EditConflict):
        calls[verb]()


def test_who_acted_stands_in_the_history():
    s = scene()
    case, row = answered(s)
    check_answer(recommendation=row, version=row.version, by=s.inspector, on=TODAY, verdict="adequate")
    assert row.history.first().history_user == s.inspector
    assert case.history.first().history_user == s.chair
    assert TeamSeat.objects.filter(inspection=case).count() == 2


def test_querysets_for_the_home_page():
    s = scene()
    _, late = concluded(s)
    _, draft = with_findings(s, unit=s.sibling)
    waiting_case, waiting = answered(s, unit=s.sibling)
    undated = concluded(s, unit=s.sibling, due_on=None)[1]
    overdue_visit = planned(s, title="Quên ghi")

    mine = Recommendation.objects.visible_to(s.chair).in_force()
    assert list(mine.by_age()) == [late, waiting, undated]
    assert set(mine.overdue(TODAY)) == {late, waiting}
    assert list(mine.waiting_for_check()) == [waiting]
    assert set(mine.waiting_for_unit()) == {late, undated}
    assert list(mine.due_within(DUE, 0).by_age()) == [late, waiting]
    assert list(Inspection.objects.visible_to(s.chair).undecided(TODAY)) == [overdue_visit]
    assert draft.inspection in Inspection.objects.visible_to(s.chair).waiting_for_conclusion()
    assert waiting_case not in Inspection.objects.visible_to(s.chair).waiting_for_conclusion()
