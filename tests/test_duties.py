"""The duty calendar: each cell of a year worked out by hand; held, not held and not reported are different facts."""

import datetime
import threading

import pytest
from django.db import connection
from django.utils import timezone

from branches.duties import (
    DutyRefused,
    ask_duty,
    end_duty,
    end_exception,
    exempt,
    remind,
    say_done,
    say_not_held,
    set_exception,
    take_back,
)
from branches.duty_periods import period_of
from branches.models import DutyException, DutyReminder, DutyType, DutyWord, Meeting, Period, Placement, Remittance
from reports.duties import duty_board, duty_calendar, silent_below
from reports.models import PeriodReport, Submission
from reports.waiting import waiting_for

from .factories import DirectionFactory, UnionFactory, UnitFactory, account_at, year

TODAY = datetime.date(2026, 11, 22)
MEETING, SLIP, HALF, REPORT = "sinh-hoat", "trich-nop", "bao-cao-6-thang", "bao-cao-nam"


def on(month, day=1, of=2026):
    return datetime.date(of, month, day)


def today_is(monkeypatch, day):
    """Only "what day is it" is answered so; the day of a moment stays what it is."""
    real = timezone.localdate
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *said: real(*said) if said else day)


class Scene:
    def __init__(self):
        self.union = UnionFactory(name="Đoàn Khối")
        self.branch = UnitFactory(superior=self.union, name="Chi đoàn Sở Tư pháp")
        self.secretary = account_at(self.branch)
        self.office = account_at(self.union, "superior_office", full_name="Trần Văn Phòng")

    def meet(self, month, day, *, unit=None, state="held", hour=8, **said):
        zone = timezone.get_default_timezone()
        reason = {"cancel_reason": "Mưa bão"} if state == "cancelled" else {}
        return Meeting.objects.create(
            unit=unit or self.branch, title="Sinh hoạt", created_by=self.secretary, state=state,
            starts_at=datetime.datetime(2026, month, day, hour, tzinfo=zone), **reason | said,
        )  # fmt: skip

    def slip(self, first, end, handed_on, state="accepted"):
        number = Remittance.objects.count() + 1
        return Remittance.objects.create(
            unit=self.branch, superior=self.union, superior_name="Đoàn Khối", year=2026, number=number,
            starts_on=first, ends_on=end, received=300, amount=100, handed_on=handed_on, handed_by=self.secretary,
            state=state,
        )  # fmt: skip

    def hand_in(self, period, *days, state="submitted", **report):
        """The report of the period handed in on each of the days."""
        made = PeriodReport.objects.create(unit=self.branch, period=period, state=state, **report)
        for edition, day in enumerate(days, start=1):
            Submission.objects.create(
                report=made, edition=edition, as_of=day, submitted_on=day, submitted_by=self.secretary,
                sha256="0" * 64, content={},
            )  # fmt: skip

    def not_held(self, month, code=MEETING, **said):
        values = {"by": self.secretary, "unit": self.branch, "reason": "Cả chi đoàn đi công tác", "on": TODAY}
        return say_not_held(code=code, starts_on=on(month), **values | said)

    def exempt(self, month, code=MEETING):
        return exempt(by=self.office, unit=self.branch, code=code, starts_on=on(month), reason="Mùa bầu cử")

    def exception(self, rhythm, starts_on, **said):
        values = {"by": self.office, "unit": self.branch, "code": MEETING, "reason": "Đoàn viên phân tán"}
        return set_exception(rhythm=rhythm, starts_on=starts_on, **values | {"ends_on": None} | said)


@pytest.fixture
def scene(db):
    return Scene()


def told(cells, code):
    """(state, day of doing) by the first month of the period."""
    return {one.period.first_month: (str(one.state), one.day) for one in cells if one.duty.code == code}


def states(cells, code):
    return {month: state for month, (state, _) in told(cells, code).items()}


# --- every state, by hand -------------------------------------------------------------------------------


def test_year_of_a_branch_cell_by_cell(scene):
    scene.meet(1, 15)
    scene.meet(2, 10, state="cancelled")
    scene.not_held(3)
    scene.exempt(4)
    planned = scene.meet(6, 10, state="planned")
    scene.meet(7, 5, kind="committee")  # the committee is not the branch
    late_evening = scene.meet(8, 31, hour=23, kind="thematic")
    scene.meet(9, 20)
    scene.meet(9, 5)
    scene.meet(10, 3, state="cancelled")
    scene.meet(10, 30)
    scene.slip(on(1), on(4), on(4, 5))  # due 10/04
    scene.slip(on(4), on(5), on(5, 5))
    scene.slip(on(5), on(6), on(6, 5))
    scene.slip(on(6), on(7), on(7, 20))  # with it the quarter is whole; due 10/07
    scene.slip(on(7), on(10), on(10, 5), state="returned")
    half = {"by": scene.secretary, "unit": scene.branch, "code": HALF, "starts_on": on(1), "on": TODAY}
    say_done(**half, done_on=on(6, 20))  # due 15/06
    # Dated before it was handed in, sent back and handed in again: the first time counts.
    scene.hand_in(year(2026), on(11, 20), on(11, 22), number="7", dated_on=on(11, 18))

    cells = duty_calendar(scene.branch, 2026, as_of=TODAY)

    assert told(cells, MEETING) == {
        1: ("done", on(1, 15)), 2: ("not_held", None), 3: ("not_held", None), 4: ("exempt", None),
        5: ("silent", None), 6: ("silent", None), 7: ("silent", None), 8: ("done", on(8, 31)),
        9: ("done", on(9, 5)), 10: ("done", on(10, 30)), 11: ("due", None), 12: ("due", None),
    }  # fmt: skip
    assert told(cells, SLIP) == {
        1: ("done", on(4, 5)), 4: ("late", on(7, 20)), 7: ("silent", None), 10: ("due", None),
    }  # fmt: skip
    assert told(cells, HALF) == {1: ("late", on(6, 20))}
    assert told(cells, REPORT) == {1: ("done", on(11, 20))}
    by_month = {one.period.first_month: one for one in cells if one.duty.code == MEETING}
    assert [by_month[month].reason for month in (2, 3, 4)] == ["Mưa bão", "Cả chi đoàn đi công tác", "Mùa bầu cử"]
    assert by_month[6].planned == (planned.pk, on(6, 10))
    assert by_month[8].source == ("meeting", late_evening.pk)
    assert [one.period.due_on for one in cells if one.duty.code == SLIP] == [
        on(4, 10), on(7, 10), on(10, 10), on(1, 10, of=2027),
    ]  # fmt: skip
    assert by_month[12].period.due_on == on(12, 31)


def test_last_day_is_still_in_time_and_the_next_is_not(scene):
    assert states(duty_calendar(scene.branch, 2026, as_of=on(10, 31)), MEETING)[10] == "due"
    assert states(duty_calendar(scene.branch, 2026, as_of=on(11, 1)), MEETING)[10] == "silent"
    # A cancelled meeting leaves the month open until it is over: another day may be found.
    scene.meet(10, 3, state="cancelled")
    assert states(duty_calendar(scene.branch, 2026, as_of=on(10, 31)), MEETING)[10] == "due"
    assert states(duty_calendar(scene.branch, 2026, as_of=on(11, 1)), MEETING)[10] == "not_held"


def test_what_happens_after_the_day_of_the_question_is_not_known_yet(scene):
    scene.meet(10, 30)
    assert states(duty_calendar(scene.branch, 2026, as_of=on(10, 29)), MEETING)[10] == "due"


def test_meeting_held_after_an_earlier_due_day_is_late(scene):
    DutyType.objects.filter(code=MEETING).update(due_days=-10)  # the 20th of a month of 30 days
    scene.meet(9, 20)
    scene.meet(6, 21)
    found = told(duty_calendar(scene.branch, 2026, as_of=TODAY), MEETING)
    assert (found[9], found[6]) == (("done", on(9, 20)), ("late", on(6, 21)))


def test_draft_report_and_report_of_another_period_fulfil_nothing(scene):
    PeriodReport.objects.create(unit=scene.branch, period=year(2026), number="7", dated_on=on(11, 20))  # a draft
    scene.hand_in(year(2025), on(1, 5))
    assert states(duty_calendar(scene.branch, 2026, as_of=on(12, 1)), REPORT) == {1: "silent"}


def test_a_report_that_was_taken_back_fulfils_nothing_and_one_sent_back_does(scene):
    scene.hand_in(year(2026), on(11, 20), state="draft")
    assert states(duty_calendar(scene.branch, 2026, as_of=on(12, 1)), REPORT) == {1: "silent"}
    PeriodReport.objects.update(state="returned")
    assert told(duty_calendar(scene.branch, 2026, as_of=on(12, 1)), REPORT) == {1: ("done", on(11, 20))}


def test_half_year_report_of_the_system_fulfils_the_half(scene):
    half = Period.objects.create(kind="half", name="6 tháng đầu năm", starts_on=on(1), ends_on=on(7))
    scene.hand_in(half, on(6, 15))
    assert told(duty_calendar(scene.branch, 2026, as_of=TODAY), HALF) == {1: ("done", on(6, 15))}


# --- rhythms --------------------------------------------------------------------------------------------


def test_rhythm_that_changes_in_the_middle_of_a_year(scene):
    monthly = DutyType.objects.get(code=MEETING)
    monthly.ends_on = on(6)
    monthly.save()
    DutyType.objects.create(
        code=MEETING, name=monthly.name, rhythm="quarter", fulfilled_by="meeting", unit_kinds=monthly.unit_kinds,
        starts_on=on(6), position=monthly.position,
    )  # fmt: skip
    scene.meet(8, 8)
    cells = [one for one in duty_calendar(scene.branch, 2026, as_of=TODAY) if one.duty.code == MEETING]
    spans = [(one.period.starts_on, one.period.ends_on, one.period.name, str(one.state)) for one in cells[4:]]
    assert [one.period.first_month for one in cells] == [1, 2, 3, 4, 5, 6, 7, 10]
    assert spans == [
        (on(5), on(6), "tháng 5", "silent"), (on(6), on(7), "tháng 6", "silent"), (on(7), on(10), "quý III", "done"),
        (on(10), on(1, of=2027), "quý IV", "due"),
    ]  # fmt: skip


def test_scattered_branch_meets_once_a_quarter_and_nobody_else_does(scene):
    sibling = UnitFactory(superior=scene.union)
    row = scene.exception("quarter", on(4), ends_on=on(10), decision="12-CV/ĐK")
    scene.meet(5, 20)
    cells = duty_calendar(scene.branch, 2026, as_of=TODAY)
    assert states(cells, MEETING) == {
        1: "silent", 2: "silent", 3: "silent", 4: "done", 7: "silent", 10: "silent", 11: "due", 12: "due",
    }  # fmt: skip
    assert len(states(duty_calendar(sibling, 2026, as_of=TODAY), MEETING)) == 12
    end_exception(exception=row, ends_on=on(7))
    assert list(states(duty_calendar(scene.branch, 2026, as_of=TODAY), MEETING)) == [1, 2, 3, 4, 7, 8, 9, 10, 11, 12]
    end_exception(exception=row, ends_on=on(4))  # it never was
    assert not DutyException.objects.exists()


def test_exception_without_a_rhythm_frees_from_the_duty(scene):
    scene.exception("", on(3))
    found = states(duty_calendar(scene.branch, 2026, as_of=TODAY), MEETING)
    assert (found[2], found[3], found[12]) == ("silent", "exempt", "exempt")
    scene.meet(5, 5)  # done is done, also by who need not
    assert states(duty_calendar(scene.branch, 2026, as_of=TODAY), MEETING)[5] == "done"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"starts_on": on(4, 2)}, "starts_on"),
        ({"ends_on": on(4)}, "ends_on"),
        ({"rhythm": "week"}, "rhythm"),
        ({"reason": "  "}, "reason"),
    ],
)
def test_exception_that_makes_no_sense_is_refused(scene, said, field):
    with pytest.raises(DutyRefused) as refused:
        scene.exception(**{"rhythm": "quarter", "starts_on": on(4)} | said)
    assert list(refused.value.errors) == [field]


def test_two_exceptions_of_one_duty_never_overlap(scene):
    scene.exception("quarter", on(4), ends_on=on(7))
    with pytest.raises(DutyRefused, match="Đã có nhịp riêng từ 01/04/2026 đến trước 01/07/2026"):
        scene.exception("half", on(1))
    scene.exception("half", on(7))  # one behind the other is fine
    scene.exception("quarter", on(4), code=SLIP)  # and so is another duty


# --- units that come, move and go -----------------------------------------------------------------------


def test_branch_owes_from_its_first_whole_month_until_it_is_dissolved(scene):
    young = UnitFactory(superior=scene.union, on=on(4, 15))
    cells = duty_calendar(young, 2026, as_of=TODAY)
    assert states(cells, MEETING) == {m: "not_owed" if m < 5 else "silent" if m < 11 else "due" for m in range(1, 13)}
    assert states(cells, SLIP) == {1: "not_owed", 4: "silent", 7: "silent", 10: "due"}  # it was there all June
    young.dissolved_on = on(8, 15)
    young.save()
    cells = duty_calendar(young, 2026, as_of=TODAY)
    assert [m for m, state in states(cells, MEETING).items() if state == "silent"] == [5, 6, 7]
    assert states(cells, REPORT) == {1: "not_owed"}
    shown = [{one.pk for one in duty_board(scene.union, of, as_of=TODAY).units} for of in (2026, 2027)]
    assert shown == [{scene.branch.pk, young.pk}, {scene.branch.pk}]


def test_moved_branch_stands_on_each_board_for_its_time(scene):
    other = UnionFactory(name="Đoàn Khối khác")
    Placement.objects.filter(unit=scene.branch).update(ends_on=on(7))
    Placement.objects.create(unit=scene.branch, superior=other, starts_on=on(7))
    scene.branch.path = f"{other.path}{scene.branch.pk}/"
    scene.branch.save()
    scene.meet(2, 2)
    scene.meet(9, 9)
    before, after = (duty_board(one, 2026, as_of=TODAY).of(scene.branch.pk, MEETING) for one in (scene.union, other))
    assert [str(one.state) for one in before] == ["silent", "done", *["silent"] * 4, *["not_owed"] * 2, "done",
                                                  *["not_owed"] * 3]  # fmt: skip
    assert [str(one.state) for one in after][5:] == ["not_owed", "silent", "silent", "done", "silent", "due", "due"]
    # A duty of the old superior is asked for the time there, of the new one for the time after.
    said = {"rhythm": "month", "unit_kinds": ["branch"], "due_days": 0, "starts_on": on(1)}
    old, new = (ask_duty(owner=one, name=f"Việc của {one.name}", **said) for one in (scene.union, other))
    cells = duty_calendar(scene.branch, 2026, as_of=TODAY)
    assert [m for m, state in states(cells, old.code).items() if state != "not_owed"] == [1, 2, 3, 4, 5, 6]
    assert [m for m, state in states(cells, new.code).items() if state != "not_owed"] == [7, 8, 9, 10, 11, 12]


def test_board_shows_every_level_below_and_no_stranger(scene):
    grassroots = UnitFactory(superior=scene.union, kind="grassroots_union", name="Đoàn cơ sở")
    deep = UnitFactory(superior=grassroots)
    UnitFactory(superior=UnionFactory())
    board = duty_board(scene.union, 2026, as_of=TODAY)
    assert {one.pk for one in board.units} == {scene.branch.pk, grassroots.pk, deep.pk}
    assert board.of(grassroots.pk, MEETING) == []  # a union has no monthly meeting
    assert [one.code for one in board.duties] == [MEETING, SLIP, HALF, REPORT]


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_board_asks_the_same_queries_for_any_number_of_units(scene, rows, django_assert_num_queries):
    for number in range(rows - 1):
        branch = UnitFactory(superior=scene.union)
        scene.meet(1 + number % 10, 4, unit=branch)
    scene.exception("quarter", on(4))
    scene.exempt(1)
    with django_assert_num_queries(6):
        board = duty_board(scene.union, 2026, as_of=TODAY)
    assert len(board.units) == rows
    with django_assert_num_queries(4):
        assert duty_calendar(scene.branch, 2026, as_of=TODAY)


# --- what people say ------------------------------------------------------------------------------------


def test_reason_is_not_taken_where_a_meeting_or_slip_shows_it_was_done(scene):
    scene.meet(3, 5)
    scene.slip(on(1), on(4), on(4, 5))
    with pytest.raises(DutyRefused, match="đã ghi có họp trong tháng 3"):
        scene.not_held(3)
    with pytest.raises(DutyRefused, match="đã có phiếu nộp cho quý I"):
        scene.not_held(1, SLIP)


def test_reason_that_was_said_gives_way_to_a_meeting_found_later(scene):
    scene.not_held(3)
    scene.meet(3, 5)
    assert told(duty_calendar(scene.branch, 2026, as_of=TODAY), MEETING)[3] == ("done", on(3, 5))


def test_nothing_is_said_of_a_period_that_is_not_owed_or_has_not_come(scene):
    with pytest.raises(DutyRefused, match="Kỳ này chưa đến"):
        scene.not_held(12)
    with pytest.raises(DutyRefused, match="không phải làm việc này"):
        scene.not_held(2, SLIP)  # a quarter does not begin in February
    with pytest.raises(DutyRefused, match="không phải làm việc này"):
        scene.not_held(3, "viec-khong-co")
    with pytest.raises(DutyRefused, match="Hãy ghi lý do") as refused:
        scene.not_held(3, reason="   ")
    assert list(refused.value.errors) == ["reason"]
    assert not DutyWord.objects.exists()


def test_meeting_is_never_said_to_be_held_by_hand(scene):
    with pytest.raises(DutyRefused, match="tự tính là xong khi có một buổi sinh hoạt đã họp"):
        say_done(by=scene.secretary, unit=scene.branch, code=MEETING, starts_on=on(3), done_on=on(3, 5), on=TODAY)


@pytest.mark.parametrize("done_on", [on(11, 23), datetime.date(2025, 12, 31)])
def test_day_of_doing_lies_between_the_period_and_today(scene, done_on):
    with pytest.raises(DutyRefused) as refused:
        say_done(by=scene.secretary, unit=scene.branch, code=REPORT, starts_on=on(1), done_on=done_on, on=TODAY)
    assert list(refused.value.errors) == ["done_on"]


def test_exemption_replaces_the_reason_and_the_branch_cannot_undo_it(scene):
    scene.not_held(3)
    word = scene.exempt(3)
    assert (DutyWord.objects.count(), word.said, word.written_by) == (1, "exempt", scene.office)
    with pytest.raises(DutyRefused, match="được miễn trong kỳ này: Mùa bầu cử"):
        scene.not_held(3)
    take_back(word=word, by=scene.office)
    assert states(duty_calendar(scene.branch, 2026, as_of=TODAY), MEETING)[3] == "silent"


# --- duties of one's own, reminding ---------------------------------------------------------------------


def test_superior_asks_a_duty_of_its_own_and_ends_it(scene):
    stranger = UnitFactory(superior=UnionFactory())
    said = {"owner": scene.union, "name": "Gửi tin bài", "rhythm": "quarter", "unit_kinds": ["branch"], "due_days": 5}
    duty = ask_duty(**said, starts_on=on(4))
    say_done(by=scene.secretary, unit=scene.branch, code=duty.code, starts_on=on(4), done_on=on(7, 5), on=TODAY)
    cells = duty_calendar(scene.branch, 2026, as_of=TODAY)
    assert told(cells, duty.code) == {4: ("done", on(7, 5)), 7: ("silent", None), 10: ("due", None)}
    assert told(duty_calendar(stranger, 2026, as_of=TODAY), duty.code) == {}
    end_duty(duty=duty, ends_on=on(10))
    assert list(states(duty_calendar(scene.branch, 2026, as_of=TODAY), duty.code)) == [4, 7]
    with pytest.raises(DutyRefused, match="Đã có đơn vị ghi việc này"):
        end_duty(duty=duty, ends_on=on(4))
    with pytest.raises(DutyRefused, match="chỉ sửa ở trang quản trị"):
        end_duty(duty=DutyType.objects.get(code=MEETING), ends_on=on(10))
    with pytest.raises(DutyRefused) as refused:
        ask_duty(**said | {"name": " ", "unit_kinds": [], "rhythm": "week"}, starts_on=on(4, 2))
    assert set(refused.value.errors) == {"name", "rhythm", "unit_kinds", "starts_on"}


def test_reminder_is_once_a_day(scene):
    late = [period_of(scene.branch, MEETING, on(month)) for month in (9, 10)]
    assert remind(by=scene.office, periods=late, on=TODAY) == 1
    assert remind(by=scene.office, periods=late, on=TODAY) == 0
    assert remind(by=scene.office, periods=late[:1], on=TODAY + datetime.timedelta(days=1)) == 1
    assert DutyReminder.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_offices_remind_at_once_and_each_unit_is_reminded_once():
    scene = Scene()
    late = [period_of(scene.branch, MEETING, on(10))]
    start, errors = threading.Barrier(2), []

    def go():
        try:
            start.wait(10)
            remind(by=scene.office, periods=late, on=TODAY)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert (errors, DutyReminder.objects.count()) == ([], 1)


# --- what waits -----------------------------------------------------------------------------------------


def words(waiting):
    return {one.what: one for one in waiting.first}


def test_branch_finds_what_is_late_and_near_with_who_reminded(scene, monkeypatch):
    today_is(monkeypatch, TODAY)
    for month in (1, 2, 3, 4, 5, 6, 7, 8):
        scene.meet(month, 5)
    scene.slip(on(1), on(10), on(4, 5))
    remind(by=scene.office, periods=[period_of(scene.branch, MEETING, on(10))], on=on(11, 20))
    found = words(waiting_for(scene.secretary, scene.secretary.posts_today[0], on=TODAY))
    late = found["Sinh hoạt chi đoàn: 2 kỳ chưa báo"]
    assert late.context == "Trần Văn Phòng nhắc ngày 20/11/2026. Tháng 9; tháng 10"
    assert (late.word, late.standing) == ("Quá hạn 22 ngày", "overdue")
    assert found["Báo cáo sáu tháng năm 2026: chưa gửi"].word == "Quá hạn 160 ngày"  # since 15/06
    assert found["Sinh hoạt chi đoàn tháng 11/2026"].word == "Còn 8 ngày"
    assert found["Báo cáo năm 2026"].word == "Còn 8 ngày"


def test_superior_is_told_after_the_rules_days_and_not_before(scene, monkeypatch):
    today_is(monkeypatch, TODAY)
    stranger = UnitFactory(superior=UnionFactory())
    for month in (8, 9):
        scene.meet(month, 5)
    scene.slip(on(1), on(10), on(4, 5))
    post = scene.office.posts_today[0]
    what = "Sinh hoạt chi đoàn: 1 đơn vị chưa báo từ 7 ngày trở lên"
    assert what not in words(waiting_for(scene.office, post, on=on(11, 6)))  # due 31/10
    item = words(waiting_for(scene.office, post, on=on(11, 7)))[what]
    assert (item.context, item.word) == ("Chi đoàn Sở Tư pháp (tháng 10)", "Quá hạn 7 ngày")
    assert stranger.name not in item.context
    assert silent_below(scene.union, as_of=on(11, 6), days=7, within=30) == []


def test_directions_of_the_superior_left_unanswered_go_up(scene, monkeypatch):
    today_is(monkeypatch, TODAY)
    said = {"unit": scene.branch, "given_by": "superior", "body_name": "Đoàn Khối", "given_on": on(10),
            "sending": "7a1cd4f0-0000-4000-8000-000000000001"}  # fmt: skip
    DirectionFactory(due_on=on(11, 15), **said)
    what = "1 đơn vị chưa trả lời việc đã giao, quá hạn từ 7 ngày"
    post = scene.office.posts_today[0]
    assert what not in words(waiting_for(scene.office, post, on=on(11, 21)))
    item = words(waiting_for(scene.office, post, on=TODAY))[what]
    assert (item.context, item.word) == ("Chi đoàn Sở Tư pháp", "Quá hạn 7 ngày")
