"""Verbs of the yearly assessment: who is in a round, who may do what from which state, what the figures say."""

import datetime
import threading

import pytest
from django.db import connection

from branches.assessing.facts import Fact, as_stored, expected_words, facts_of, from_stored
from branches.assessing.quota import Rated, quota_warning, rated_figures, results_of_member, tallies
from branches.assessing.rounds import (
    AssessmentRefused,
    change_round,
    close_round,
    criteria_sets,
    label_sets,
    missing_from,
    months_later,
    reopen_round,
    take_in_missing,
)
from branches.assessing.steps import (
    APPROVER,
    OFFICER,
    PERSON,
    STEPS,
    exclude,
    include,
    lacks_majority,
    may,
    roles_of,
    send_back,
)
from branches.models import Assessment, Attendance, EditConflict, Membership, Participation, PartyStep, Task
from branches.models.assessment import Subject
from branches.models.rule import rules_on
from tests.factories import ActivityFactory, MemberFactory, UnitFactory, account_at, year

from .assessed import BAD, DONE, DUE, GOOD, TODAY, TOP, UNTIL, Scene, period_of

State = Assessment.State
pytestmark = pytest.mark.django_db


def day(month, number, of=2026):
    return datetime.date(of, month, number)


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def round(scene):
    return scene.open()


# --- rounds ---------------------------------------------------------------------------------------


def test_a_round_takes_in_everybody_below_and_says_why_somebody_is_not_assessed(scene):
    late = MemberFactory(home=scene.branch, full_name="Vũ Mới", since=day(9, 1), begin_reason="moved_in")
    just = MemberFactory(home=scene.branch, full_name="Vũ Vừa", since=day(8, 22), begin_reason="admitted")
    listed = MemberFactory(home=scene.branch, full_name="Vũ Sổ", since=day(11, 1))  # in the list from the start
    elsewhere = MemberFactory(home=scene.sibling)
    MemberFactory()  # of another tree
    made = scene.open()
    states = {row.member: (row.unit, row.state, row.excluded_because) for row in made.assessments.all()}
    assert states == {
        **dict.fromkeys([*scene.people, just, listed], (scene.branch, "open", "")),
        late: (scene.branch, "not_eligible",
               "Mới sinh hoạt tại chi đoàn từ 01/09/2026, chưa đủ 3 tháng đến 22/11/2026"),
        elsewhere: (scene.sibling, "open", ""),
    }  # fmt: skip


def test_who_came_with_a_merged_unit_keeps_the_months_before(scene):
    old = UnitFactory(superior=scene.union)
    for since, state in ((day(1, 1), "open"), (day(10, 1), "not_eligible")):
        member = MemberFactory(home=scene.branch, since=day(11, 1), begin_reason="with_unit")
        Membership.objects.create(
            member=member, unit=old, starts_on=since, ends_on=day(11, 1), begin_reason="moved_in",
            end_reason="with_unit",
        )  # fmt: skip
        member.expected = state
        scene.people.append(member)
    made = scene.open()
    for member in scene.people[-2:]:
        assert scene.of(made, member).state == member.expected


def test_a_sub_branch_is_assessed_with_its_branch(scene):
    part = UnitFactory(superior=scene.branch, kind="sub_branch")
    member = MemberFactory(home=part)
    assert scene.of(scene.open(), member).unit == scene.branch


@pytest.mark.parametrize(
    ("first", "months", "then"),
    [(day(11, 30), 3, day(2, 28, 2027)), (day(12, 1), 1, day(1, 1, 2027)), (day(8, 22), 3, day(11, 22))],
)
def test_months_later(first, months, then):
    assert months_later(first, months) == then


def test_sets_are_those_of_the_year():
    names = {number: [one.name for one in label_sets(period_of(number))] for number in (2022, 2023)}
    assert names == {2022: ["Xếp loại đoàn viên đến năm 2022"], 2023: ["Xếp loại chất lượng từ năm 2023"]}
    assert [one.name for one in criteria_sets("member", period_of(2022))] == []
    assert len(criteria_sets("branch", period_of(2026))) == 2


@pytest.mark.parametrize(
    ("said", "field", "answer"),
    [
        ({"self_until": day(11, 21)}, "self_until", "từ 22/11/2026"),
        ({"due_on": day(12, 5)}, "due_on", "từ 06/12/2026"),
        ({"counted_on": day(11, 23)}, "counted_on", "đến hôm nay 22/11/2026"),
        ({"counted_on": day(12, 31, 2025)}, "counted_on", "từ 01/01/2026"),
        ({"name": " "}, "name", "Hãy ghi tên đợt"),
        ({"top_quota": 101}, "top_quota", "từ 1 đến 100"),
    ],
)
def test_a_round_with_wrong_days_or_words_is_refused(scene, said, field, answer):
    with pytest.raises(AssessmentRefused) as refused:
        scene.open(**said)
    assert answer in refused.value.errors[field]
    assert not Assessment.objects.exists()


def test_sets_of_another_year_or_subject_are_refused(scene):
    old = label_sets(period_of(2022)).first()
    of_branches = criteria_sets("branch", period_of(2026)).first()
    with pytest.raises(AssessmentRefused) as refused:
        scene.open(label_set=old, criteria_set=of_branches)
    assert set(refused.value.errors) == {"label_set", "criteria_set"}


def test_the_same_year_is_not_opened_twice_but_other_criteria_are_another_assessment(scene, round):
    with pytest.raises(AssessmentRefused, match="Đã có đợt “Xếp loại 2026” của Đoàn Khối các cơ quan"):
        scene.open()
    guide, own = criteria_sets("branch", period_of(2026))
    for criteria in (guide, own):
        scene.open(subject=Subject.BRANCH, criteria_set=criteria)
    with pytest.raises(AssessmentRefused, match="Đã có đợt"):
        scene.open(subject=Subject.BRANCH, criteria_set=own)


def test_a_branch_opens_a_round_itself_only_where_nobody_above_does(scene):
    said = {"unit": scene.branch, "by": scene.secretary}
    with pytest.raises(AssessmentRefused, match="Đoàn cấp trên mở đợt"):
        scene.open(**said)
    scene.office.posts.update(ends_on=day(1, 1))
    made = scene.open(**said)
    assert made.assessments.count() == 3
    row = scene.of(made, scene.people[1])
    assert roles_of(scene.secretary, row, TODAY) == {OFFICER, APPROVER}


def test_round_of_branches(scene):
    UnitFactory(superior=scene.branch, kind="sub_branch")
    gone = UnitFactory(superior=scene.union)
    gone.dissolved_on = day(3, 1)
    gone.save()
    made = scene.open(subject=Subject.BRANCH)
    assert {(row.unit, row.member, row.state) for row in made.assessments.all()} == {
        (scene.branch, None, "open"), (scene.sibling, None, "open"),
    }  # fmt: skip


def test_newcomers_are_added_and_who_leaves_stays(scene, round):
    newcomer = MemberFactory(home=scene.branch, since=day(11, 25), begin_reason="admitted")
    forgotten = MemberFactory(home=scene.branch)
    leaver = scene.people[2]
    leaver.memberships.update(ends_on=day(11, 24), end_reason="moved_out")
    on = day(11, 30)
    assert {one.member for one in missing_from(round, scene.branch, on)} == {newcomer.pk, forgotten.pk}
    assert take_in_missing(round=round, unit=scene.branch, on=on) == 2
    assert take_in_missing(round=round, unit=scene.branch, on=on) == 0
    row = scene.of(round, newcomer)
    assert (row.state, row.excluded_because) == (
        "not_eligible", "Vào chi đoàn ngày 25/11/2026, sau ngày tính 22/11/2026",
    )  # fmt: skip
    assert [scene.of(round, one).state for one in (forgotten, leaver)] == ["open", "open"]


def test_a_round_is_changed_closed_and_opened_again(scene, round):
    said = {"name": "Xếp loại cuối năm", "self_until": UNTIL, "due_on": DUE, "top_quota": None}
    changed = change_round(round=round, version=round.version, **said)
    assert (changed.name, changed.top_quota, changed.version) == ("Xếp loại cuối năm", None, 2)
    with pytest.raises(EditConflict):
        change_round(round=round, version=1, **said)
    assert close_round(round=round, on=TODAY).closed_on == TODAY
    row = scene.of(round, scene.people[0])
    for act in (
        lambda: change_round(round=round, version=3, **said),
        lambda: scene.say_self(row),
        lambda: scene.conclude(round, scene.verdict(row)),
        lambda: scene.approve(round, row),
        lambda: exclude(assessment=row, version=1, reason="Ốm"),
        lambda: take_in_missing(round=round, unit=scene.branch, on=TODAY),
    ):
        with pytest.raises(AssessmentRefused, match="Đợt này đã khép ngày 22/11/2026"):
            act()
    assert reopen_round(round=round).closed_on is None
    assert scene.say_self(row).state == "self"


# --- the table: state × verb × who --------------------------------------------------------------------

EXPECTED = {
    # state: verbs that go from it
    "open": {"assess_self", "conclude", "exclude"},
    "self": {"assess_self", "conclude", "exclude"},
    "concluded": {"conclude", "approve", "send_back"},
    "approved": {"send_back"},
    "returned": {"conclude", "exclude"},
    "not_eligible": {"include"},
}
WHO = {
    "person": {"assess_self"},
    "officer": {"assess_self", "conclude", "exclude", "include"},
    "approver": {"approve", "send_back"},
}


def in_state(scene, round, state) -> Assessment:
    member = scene.people[0]
    row = scene.of(round, member)
    if state == "self":
        scene.say_self(row)
    elif state in ("concluded", "returned"):
        row = scene.concluded(round, member)
        if state == "returned":
            send_back(round=round, unit=scene.branch, chosen={row.pk: row.version}, reason="Xem lại")
    elif state == "approved":
        scene.approved(round, member)
    elif state == "not_eligible":
        exclude(assessment=row, version=row.version, reason="Đi học xa")
    return scene.of(round, member)


def do(scene, round, verb, row):
    chosen = {row.pk: row.version}
    acts = {
        "assess_self": lambda: scene.say_self(row),
        "conclude": lambda: scene.conclude(round, scene.verdict(row)),
        "approve": lambda: scene.approve(round, row),
        "send_back": lambda: send_back(round=round, unit=scene.branch, chosen=chosen, reason="Xem lại"),
        "exclude": lambda: exclude(assessment=row, version=row.version, reason="Đi học xa"),
        "include": lambda: include(assessment=row, version=row.version),
    }
    acts[verb]()


@pytest.mark.parametrize("state", EXPECTED)
@pytest.mark.parametrize("verb", STEPS)
def test_every_verb_from_every_state(scene, round, state, verb):
    row = in_state(scene, round, state)
    assert row.state == state
    if verb in EXPECTED[state]:
        do(scene, round, verb, row)
        led = scene.of(round, scene.people[0])
        assert led.state == (STEPS[verb].to or "open")
        assert led.version == row.version + 1
    else:
        with pytest.raises(AssessmentRefused):
            do(scene, round, verb, row)
        assert scene.of(round, scene.people[0]) == row
        assert scene.of(round, scene.people[0]).version == row.version


def test_who_may_do_what(scene, round):
    row = scene.of(round, scene.people[0])
    roles = {
        name: roles_of(account, row, TODAY)
        for name, account in {
            "person": scene.account, "officer": scene.secretary, "approver": scene.office, "": scene.stranger,
        }.items()
    }  # fmt: skip
    assert roles == {"person": {PERSON}, "officer": {OFFICER}, "approver": {APPROVER}, "": set()}
    for state, verbs in EXPECTED.items():
        row.state = state
        for name, held in roles.items():
            assert {verb for verb in STEPS if may(verb, row, held)} == verbs & WHO.get(name, set()), (state, name)


def test_constraints_of_the_table_hold_in_the_database(scene, round):
    row = scene.approved(round, scene.people[0], TOP)
    assert (row.final_label.code, row.approved_on, row.approved_by) == (TOP, TODAY, scene.office)
    send_back(round=round, unit=scene.branch, chosen={row.pk: row.version}, reason="  Thiếu biên bản ")
    row.refresh_from_db()
    assert (row.state, row.final_label, row.approved_on, row.returned_because, row.branch_label.code) == (
        "returned", None, None, "Thiếu biên bản", TOP,
    )  # fmt: skip


# --- one's own words ------------------------------------------------------------------------------------


def test_self_assessment_keeps_known_criteria_and_line_breaks(scene, round):
    row = scene.of(round, scene.people[0])
    answers = {"nhiem-vu": " Báo cáo 1 \r\n Báo cáo 2", "chinh-tri": "  ", "la": "không có"}
    row = scene.say_self(row, TOP, answers=answers, text="Tốt\n\n")
    assert (row.self_label.code, row.self_answers, row.self_text) == (
        TOP, {"nhiem-vu": "Báo cáo 1\nBáo cáo 2"}, "Tốt",
    )  # fmt: skip
    again = scene.say_self(row, GOOD, answers={})
    assert (again.self_label.code, again.self_answers) == (GOOD, {})
    with pytest.raises(EditConflict):
        scene.say_self(again, version=1)


def test_self_assessment_ends_on_its_day_but_a_paper_form_is_still_entered(scene, round):
    row = scene.of(round, scene.people[0])
    row = scene.say_self(row, on=UNTIL)
    later = UNTIL + datetime.timedelta(days=1)
    with pytest.raises(AssessmentRefused, match=r"hết hạn tự đánh giá \(06/12/2026\)"):
        scene.say_self(row, on=later)
    assert scene.say_self(row, on=later, by_officer=True).version == 3


def test_a_level_of_another_set_and_too_long_words_are_refused(scene, round):
    row = scene.of(round, scene.people[0])
    with pytest.raises(AssessmentRefused) as refused:
        scene.say_self(row, "xuat-sac", answers={"nhiem-vu": "x" * 501}, text="x" * 2001)
    assert set(refused.value.errors) == {"label", "a-nhiem-vu", "text"}
    assert scene.of(round, scene.people[0]).state == "open"


# --- concluding -----------------------------------------------------------------------------------------


def test_votes_are_checked_against_those_present_and_nothing_is_saved_by_halves(scene, round):
    one, two, three = (scene.of(round, member) for member in scene.people)
    with pytest.raises(AssessmentRefused) as refused:
        scene.conclude(
            round,
            scene.verdict(one, TOP, present=12, votes={TOP: 9, GOOD: 3}),
            scene.verdict(two, votes={GOOD: 9}),
            scene.verdict(three, present=12, votes={GOOD: 9, DONE: 4}),
        )
    assert refused.value.errors == {
        f"p{two.pk}-present": "Hãy ghi số người có mặt khi biểu quyết.",
        f"p{three.pk}-votes": "Có 13 phiếu mà chỉ 12 người có mặt. Hãy xem lại.",
    }
    assert not Assessment.objects.filter(state="concluded").exists()
    scene.conclude(round, scene.verdict(one, TOP, present=12, votes={TOP: 9, GOOD: 3}, remark=" Gương mẫu "))
    one = scene.of(round, scene.people[0])
    assert (one.votes, one.votes_present, one.branch_remark, one.concluded_on, one.concluded_by) == (
        {TOP: 9, GOOD: 3}, 12, "Gương mẫu", TODAY, scene.secretary,
    )  # fmt: skip


@pytest.mark.parametrize(("got", "says"), [(7, ""), (6, "6 trên 12 phiếu"), (5, "5 trên 12 phiếu")])
def test_a_level_without_the_majority_is_said(scene, round, got, says):
    row = scene.of(round, scene.people[0])
    scene.conclude(round, scene.verdict(row, TOP, present=12, votes={TOP: got}))
    found = lacks_majority(scene.of(round, scene.people[0]), rules_on(TODAY))
    assert says in found
    assert bool(says) == bool(found)


def test_members_of_another_branch_are_not_concluded_here(scene, round):
    foreign = MemberFactory(home=scene.sibling)
    take_in_missing(round=round, unit=scene.sibling, on=TODAY)
    with pytest.raises(AssessmentRefused, match="không còn trong đợt"):
        scene.conclude(round, scene.verdict(scene.of(round, foreign)))


def test_the_meeting_is_one_of_the_branch_that_was_held(scene, round):
    row = scene.of(round, scene.people[0])
    for meeting in (scene.meeting(state="planned"), scene.meeting(unit=scene.sibling)):
        with pytest.raises(AssessmentRefused) as refused:
            scene.conclude(round, scene.verdict(row), meeting=meeting)
        assert list(refused.value.errors) == ["meeting"]
    held = scene.meeting()
    scene.conclude(round, scene.verdict(row), meeting=held)
    assert scene.of(round, scene.people[0]).meeting == held


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_concluding_asks_the_same_number_of_queries(rows, django_assert_num_queries):
    scene = Scene(members=[f"Lê Thử {number}" for number in range(rows)])
    round = scene.open()
    verdicts = [scene.verdict(scene.of(round, member)) for member in scene.people]
    with django_assert_num_queries(CONCLUDE_QUERIES):
        scene.conclude(round, *verdicts)
    assert Assessment.objects.filter(state="concluded").count() == rows


CONCLUDE_QUERIES = 16


# --- approving ------------------------------------------------------------------------------------------


def test_approval_is_whole_or_not_at_all(scene, round):
    one, two = (scene.concluded(round, member) for member in scene.people[:2])
    Assessment.objects.filter(pk=two.pk).update(version=9)
    with pytest.raises(AssessmentRefused, match="1 dòng vừa thay đổi"):
        scene.approve(round, one, two)
    assert scene.of(round, scene.people[0]).state == "concluded"
    with pytest.raises(AssessmentRefused, match="Chưa chọn ai"):
        scene.approve(round)
    for said in ({"decided_on": day(11, 23)}, {"decided_on": day(11, 21)}):
        with pytest.raises(AssessmentRefused) as refused:
            scene.approve(round, one, **said)
        assert list(refused.value.errors) == ["decided_on"]


def test_returning_needs_a_reason(scene, round):
    row = scene.concluded(round, scene.people[0])
    with pytest.raises(AssessmentRefused) as refused:
        send_back(round=round, unit=scene.branch, chosen={row.pk: row.version}, reason=" ")
    assert list(refused.value.errors) == ["reason"]


# --- figures --------------------------------------------------------------------------------------------


def test_facts_are_parts_of_the_year_and_are_frozen_when_concluded(scene, round):
    member = scene.people[0]
    for number, state in enumerate(["present"] * 8 + ["absent", "unknown"]):
        meeting = scene.meeting(on=day(number + 1, 5))
        scene.mark(meeting, member, state)
    said = {"owner": member, "given_by": scene.secretary, "text": "Việc", "unit": scene.branch}
    Task.objects.create(**said, given_on=day(2, 1), state="accepted", reported_on=day(3, 1), result="Xong",
                        closed_on=day(3, 2), due_on=day(2, 20))  # fmt: skip
    Task.objects.create(**said, given_on=day(10, 1))
    for on, state in ((day(1, 29), "held"), (day(2, 3), "held"), (day(2, 3, 2025), "held"), (day(5, 1), "planned")):
        Participation.objects.create(activity=ActivityFactory(starts_on=on, state=state), member=member)
    row = scene.of(round, member)
    facts = facts_of([row], round, on=TODAY)[row.pk]
    assert facts == {
        "attendance": Fact("có mặt 8 trên 9 buổi, 1 buổi chưa điểm danh", 8, 9),
        "tasks": Fact("xong 1 trên 2 việc, 1 việc chậm hạn", 1, 2),
        "activities": Fact("tham gia 2 hoạt động", 2),
        "dues": Fact("chưa theo dõi đoàn phí", 0, 0),
    }
    assert from_stored(as_stored(facts)) == facts
    scene.conclude(round, scene.verdict(row))
    Attendance.objects.filter(state="present").update(state="absent")
    assert from_stored(scene.of(round, member).facts) == facts


@pytest.mark.parametrize(
    ("done", "of", "expected", "says"),
    [
        (9, 10, 90, "mức cao nhất cần từ 90%: đủ"), (8, 9, 90, "mức cao nhất cần từ 90%: chưa đủ"),
        (0, 0, 90, ""), (8, 9, None, ""),
    ],
)  # fmt: skip
def test_what_the_best_level_asks_is_said_beside_the_figure(done, of, expected, says):
    assert expected_words(Fact("", done, of), expected) == says


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_facts_of_members_ask_the_same_number_of_queries(rows, django_assert_num_queries):
    scene = Scene(members=[f"Lê Thử {number}" for number in range(rows)])
    round = scene.open()
    found = list(round.assessments.all())
    with django_assert_num_queries(10):  # criteria, activities, attendance, not marked, tasks, five of dues
        facts_of(found, round, on=TODAY)


def test_facts_of_a_branch(scene):
    member = scene.people[0]
    scene.approved(scene.open(), member, TOP)
    made = scene.open(subject=Subject.BRANCH)
    meeting = scene.meeting(on=day(1, 5), kind="branch")
    for one, state in zip(scene.people, ("present", "present", "absent"), strict=True):
        scene.mark(meeting, one, state)
    PartyStep.objects.create(
        unit=scene.branch, member=member, kind="outstanding", dated_on=day(5, 1), written_by=scene.secretary
    )
    row = made.assessments.get(unit=scene.branch)
    facts = facts_of([row], made, on=TODAY)[row.pk]
    # Ten months are over and one meeting was held; the meeting of the approval counts with nobody.
    assert facts == {
        "attendance": Fact("2 lượt có mặt trên 3 lượt, 1 buổi điểm danh", 2, 3),
        "dues": Fact("chưa theo dõi đoàn phí", 0, 0),
        "fair_members": Fact("1 trên 1 đồng chí được xếp loại", 1, 1),
        "meetings": Fact("họp 1 trên 10 kỳ phải họp, 9 kỳ chưa báo", 1, 10),
        "party_steps": Fact("Đoàn viên ưu tú 1"),
        "targets": Fact("chưa có chỉ tiêu nào trong kế hoạch", 0, 0),
    }


@pytest.mark.parametrize(
    ("top", "total", "quota", "says"),
    [
        (6, 20, 20, "6 trên 20 đồng chí, bằng 30%, quá 20%"), (4, 20, 20, ""),
        (5, 24, 20, "5 trên 24 đồng chí, bằng 20,8%, quá 20%"),
        (6, 20, None, ""), (0, 0, 20, ""),
    ],
)  # fmt: skip
def test_quota_warning(top, total, quota, says):
    assert quota_warning(top, total, quota) == says


def test_rated_figures_count_what_is_approved(scene, round, django_assert_num_queries):
    an, binh, chi = scene.people
    excluded = MemberFactory(home=scene.branch)
    take_in_missing(round=round, unit=scene.branch, on=TODAY)
    row = scene.of(round, excluded)
    exclude(assessment=row, version=row.version, reason="Đi học xa")
    scene.approved(round, an, TOP)
    scene.approved(round, binh, DONE)
    scene.concluded(round, chi, TOP)
    empty, period = UnitFactory(), year(2026)
    with django_assert_num_queries(1):
        found = rated_figures([scene.branch, empty], period)
    assert found == {scene.branch.pk: Rated(2, 1, 1, 3), empty.pk: Rated(0, 0, 0, 0)}
    assert rated_figures([scene.branch], year(2025))[scene.branch.pk] == Rated(0, 0, 0, 0)
    tally = tallies([round])[round.pk, scene.branch.pk]
    assert (tally.total, tally.concluded, tally.approved, tally.waiting, tally.left_out) == (3, 3, 2, 1, 1)
    assert {scene.label(code).pk: count for code, count in ((TOP, 2), (DONE, 1))} == tally.labels


def test_results_of_the_years_keep_their_words(scene):
    member = scene.people[0]
    scene.approved(scene.open(), member, BAD)
    old = scene.open(period=period_of(2024), counted_on=day(12, 1, 2024))
    scene.approved(old, member, TOP)
    said = [(one.round.period.name, one.final_label.name) for one in results_of_member(member)]
    assert said == [("Năm 2026", "Không hoàn thành nhiệm vụ"), ("Năm 2024", "Hoàn thành xuất sắc nhiệm vụ")]


# --- two at once ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_who_conclude_at_once_the_second_is_told(scene):
    round = scene.open()
    row = scene.of(round, scene.people[0])
    other = account_at(scene.branch, "deputy_secretary")
    gate, refused, done = threading.Barrier(2), [], []

    def act(by, code):
        from branches.assessing.steps import conclude

        try:
            gate.wait()
            conclude(round=round, unit=scene.branch, verdicts=[scene.verdict(row, code)], by=by, on=TODAY)
            done.append(code)
        except AssessmentRefused as error:
            refused.append(error.errors)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=pair) for pair in ((scene.secretary, TOP), (other, GOOD))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(done) == len(refused) == 1
    assert scene.of(round, scene.people[0]).branch_label.code == done[0]
    assert "Có người vừa ghi" in refused[0][f"p{row.pk}-label"]
