"""Dates of a recommendation: asked for, moved, accepted as not done; what recurs; when something is late."""

import datetime
import threading

import pytest
from django.db import connection

from branches.models import EditConflict
from inspections.easing import accept_not_done, answer_extension, ask_extension, extend_due, revoke_acceptance
from inspections.following import answer_recommendation, check_answer, recommend, withdraw
from inspections.models import Check, ExtensionRequest, Recommendation
from inspections.states import InspectionRefused
from inspections.terms import Term, next_due, term_of
from tests.inspecting import DUE, NOTICE, TODAY, answered, concluded, scene, with_findings

pytestmark = pytest.mark.django_db
State, Asked = Recommendation.State, ExtensionRequest.State
DECEMBER = datetime.date(2026, 12, 31)
ASKED_ON = datetime.date(2026, 10, 25)
ONE_DAY = datetime.timedelta(days=1)


def refusal(call, **kwargs) -> dict:
    with pytest.raises(InspectionRefused) as caught:
        call(**kwargs)
    return caught.value.errors


def fresh(row):
    return Recommendation.objects.select_related("inspection").get(pk=row.pk)


def ask(s, row, *, due_on=DECEMBER, on=ASKED_ON, reason="Chờ lịch của Cục"):
    return ask_extension(recommendation=row, version=row.version, by=s.secretary, on=on, due_on=due_on, reason=reason)


def decide(s, asked, agreed, **fields):
    asked = ExtensionRequest.objects.select_related("recommendation__inspection").get(pk=asked.pk)
    return answer_extension(
        extension=asked, version=asked.version, by=fields.pop("by", s.chair), on=fields.pop("on", ASKED_ON),
        agreed=agreed, **fields,
    )  # fmt: skip


# --- asking and answering ------------------------------------------------------------------------------------


def test_asking_moves_nothing_until_it_is_answered():
    s = scene()
    _, row = concluded(s)
    ask(s, row)
    row = fresh(row)
    assert (row.due_on, row.original_due_on, row.days_late(TODAY)) == (DUE, DUE, 22)
    assert list(ExtensionRequest.objects.waiting()) == list(row.extensions.all())


@pytest.mark.parametrize(("due_on", "moved_to"), [(None, DECEMBER), (datetime.date(2026, 11, 30),) * 2])
def test_agreed_as_asked_or_to_another_date(due_on, moved_to):
    s = scene()
    _, row = concluded(s)
    asked = decide(s, ask(s, row), True, due_on=due_on)
    row = fresh(row)
    assert (row.due_on, row.original_due_on, row.due_reason) == (moved_to, DUE, "Chờ lịch của Cục")
    assert (asked.state, asked.agreed_due_on, asked.wanted_due_on, asked.due_before) == (
        Asked.AGREED, moved_to, DECEMBER, DUE,
    )  # fmt: skip
    assert row.days_late(TODAY) == 0
    assert not ExtensionRequest.objects.waiting().exists()


def test_refused_needs_words_and_leaves_the_date():
    s = scene()
    _, row = concluded(s)
    asked = ask(s, row)
    with pytest.raises(InspectionRefused, match="vì sao không đồng ý"):
        decide(s, asked, False)
    decide(s, asked, False, words="Đã có đủ thời gian")
    row = fresh(row)
    assert (row.due_on, row.extensions.get().state, row.extensions.get().words) == (
        DUE, Asked.REFUSED, "Đã có đủ thời gian",
    )  # fmt: skip
    with pytest.raises(InspectionRefused, match="đã giải quyết ngày 25/10/2026: không đồng ý"):
        decide(s, asked, True)


def test_whoever_asked_does_not_answer():
    s = scene()
    _, row = concluded(s)
    with pytest.raises(InspectionRefused, match="không tự trả lời"):
        decide(s, ask(s, row), True, by=s.secretary)


@pytest.mark.parametrize(
    ("due_on", "on", "said"),
    [
        (datetime.date(2026, 10, 24), ASKED_ON, "Hạn mới 24/10/2026 đã qua. Hãy chọn từ hôm nay trở đi."),
        (DUE, ASKED_ON, "Hạn mới phải sau hạn đang có 31/10/2026."),
    ],
)
def test_wrong_date_is_refused_at_the_field(due_on, on, said):
    s = scene()
    _, row = concluded(s)
    assert refusal(ask, s=s, row=row, due_on=due_on, on=on) == {"due_on": said}
    assert not row.extensions.exists()


def test_only_one_request_waits_and_none_without_a_date():
    s = scene()
    _, row = concluded(s)
    ask(s, row)
    with pytest.raises(InspectionRefused, match="chờ trả lời"):
        ask(s, fresh(row))
    _, undated = concluded(s, due_on=None)
    with pytest.raises(InspectionRefused, match="không đặt hạn"):
        ask(s, undated)


def test_own_move_of_the_committee_answers_what_waits_and_is_counted():
    s = scene()
    _, row = concluded(s)
    ask(s, row)
    row = fresh(row)
    january = datetime.date(2027, 1, 31)
    extend_due(recommendation=row, version=row.version, by=s.chair, on=ASKED_ON, due_on=january, reason="Theo kế hoạch")
    one = row.extensions.get()
    assert (one.state, one.agreed_due_on, one.decided_by, one.asked_by) == (Asked.AGREED, january, s.chair, s.secretary)
    row = fresh(row)
    later = datetime.date(2027, 2, 28)
    extend_due(recommendation=row, version=row.version, by=s.chair, on=ASKED_ON, due_on=later, reason="Thêm một tháng")
    assert [(e.due_before, e.agreed_due_on) for e in row.extensions.all()] == [(DUE, january), (january, later)]


@pytest.mark.parametrize("ending", ["adequate", "withdraw", "accept"])
def test_request_falls_away_with_what_it_was_asked_for(ending):
    s = scene()
    _, row = answered(s)
    ask(s, row)
    row = fresh(row)
    at = {"recommendation": row, "version": row.version, "by": s.chair, "on": TODAY}
    if ending == "adequate":
        check_answer(**at, verdict="adequate")
    elif ending == "withdraw":
        withdraw(**at, reason="Không còn cần")
    else:
        accept_not_done(**at, until=DECEMBER, reason="Trụ sở đang sửa")
    one = row.extensions.get()
    assert (one.state, one.decided_on, one.decided_by) == (Asked.DROPPED, TODAY, s.chair)
    assert not ExtensionRequest.objects.waiting().exists()


# --- accepted as not done ------------------------------------------------------------------------------------


def accepted(s, *, until=DECEMBER, on=TODAY, due_on=DUE):
    _, row = concluded(s, due_on=due_on)
    return accept_not_done(
        recommendation=row, version=row.version, by=s.chair, on=on, until=until, reason="Trụ sở đang sửa"
    )


def test_accepted_is_neither_open_nor_late_until_its_day_and_open_by_itself_after_it():
    row = accepted(scene())
    every = Recommendation.objects.filter(pk=row.pk)
    for day, is_open, late in [
        (TODAY, False, 0), (DECEMBER, False, 0), (DECEMBER + ONE_DAY, True, 1), (datetime.date(2027, 1, 31), True, 31),
    ]:  # fmt: skip
        assert every.open(day).exists() is is_open, day
        assert every.accepted(day).exists() is not is_open, day
        assert every.overdue(day).exists() is bool(late), day
        assert every.waiting_for_unit(day).exists() is is_open, day
        assert row.days_late(day) == late, day


def test_accepted_without_a_date_is_never_late():
    row = accepted(scene(), due_on=None)
    assert row.days_late(datetime.date(2028, 1, 1)) == 0
    assert not Recommendation.objects.overdue(datetime.date(2028, 1, 1)).exists()


def test_answer_while_accepted_does_not_make_it_late():
    s = scene()
    row = accepted(s)
    answer_recommendation(recommendation=row, version=row.version, by=s.secretary, on=TODAY, text="Đã làm sớm")
    row = fresh(row)
    assert (row.state, row.days_late(DECEMBER), row.days_late(DECEMBER + ONE_DAY)) == (State.ANSWERED, 0, 1)
    assert not Recommendation.objects.overdue(DECEMBER).exists()


def test_revoked_is_open_at_once_and_late_from_the_next_day():
    s = scene()
    row = accepted(s)
    row = revoke_acceptance(recommendation=row, version=row.version, by=s.chair, on=TODAY)
    assert (row.state, row.accepted_until, row.days_late(TODAY), row.days_late(TODAY + ONE_DAY)) == (
        State.OPEN, TODAY, 0, 1,
    )  # fmt: skip
    assert set(Recommendation.objects.open(TODAY)) == {row}
    with pytest.raises(InspectionRefused, match="không đang được chấp nhận"):
        revoke_acceptance(recommendation=row, version=row.version, by=s.chair, on=TODAY)


def test_acceptance_says_why_and_until_when():
    s = scene()
    _, row = concluded(s)
    at = {"recommendation": row, "version": row.version, "by": s.chair, "on": TODAY}
    assert refusal(accept_not_done, **at, until=DECEMBER, reason=" ") == {
        "reason": "Hãy ghi vì sao chấp nhận chưa thực hiện."
    }
    assert refusal(accept_not_done, **at, until=TODAY, reason="Có") == {"until": "Ngày hết chấp nhận phải sau hôm nay."}


# --- late, and frozen ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "late"),
    [(DUE - ONE_DAY, 0), (DUE, 0), (DUE + ONE_DAY, 1), (TODAY, 22), (datetime.date(2027, 10, 31), 365)],
)
def test_late_from_the_day_after_the_agreed_one(day, late):
    _, row = concluded(scene())
    assert row.days_late(day) == late
    assert Recommendation.objects.overdue(day).exists() is bool(late)


def test_lateness_is_frozen_on_the_day_it_ended():
    s = scene()
    _, row = answered(s)
    check_answer(recommendation=row, version=row.version, by=s.chair, on=datetime.date(2026, 11, 3), verdict="adequate")
    row = fresh(row)
    assert [row.days_late(day) for day in (TODAY, DECEMBER, datetime.date(2030, 1, 1))] == [3, 3, 3]
    assert not Recommendation.objects.overdue(DECEMBER).exists()


def test_no_date_is_never_late():
    _, row = concluded(scene(), due_on=None)
    assert row.days_late(datetime.date(2036, 1, 1)) == 0
    assert not Recommendation.objects.overdue(datetime.date(2036, 1, 1)).exists()


# --- what recurs ---------------------------------------------------------------------------------------------


def recurring(s, *, recurs="month", due_on=DUE, until=datetime.date(2027, 2, 28)):
    case, _ = with_findings(s)
    row = recommend(
        inspection=case, by=s.chair, text="Nộp biên bản hằng tháng", owner="Thư ký", due_on=due_on, recurs=recurs,
        recurs_until=until,
    )  # fmt: skip
    case.state, case.concluded_on = "following", NOTICE
    case.save()
    return fresh(row)


def met(s, row, on):
    check_answer(recommendation=row, version=row.version, by=s.chair, on=on, verdict="adequate", text="Đã xem biên bản")
    return fresh(row)


def test_terms_keep_the_end_of_the_month_and_the_last_one_closes():
    s = scene()
    row = recurring(s)
    seen = [(row.due_on, term_of(row))]
    for on in (DUE, datetime.date(2026, 11, 28), datetime.date(2027, 1, 4), datetime.date(2027, 1, 31)):
        row = met(s, row, on)
        seen.append((row.due_on, term_of(row)))
    assert seen == [
        (datetime.date(2026, 10, 31), Term(1, 5)),
        (datetime.date(2026, 11, 30), Term(2, 5)),
        (datetime.date(2026, 12, 31), Term(3, 5)),
        (datetime.date(2027, 1, 31), Term(4, 5)),
        (datetime.date(2027, 2, 28), Term(5, 5)),
    ]
    assert (row.state, row.times_met) == (State.OPEN, 4)
    row = met(s, row, datetime.date(2027, 3, 2))
    assert (row.state, row.times_met, row.ended_on, row.days_late(DECEMBER)) == (
        State.CLOSED, 5, datetime.date(2027, 3, 2), 2,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("recurs", "until", "days"),
    [
        ("quarter", datetime.date(2027, 5, 1), [datetime.date(2027, 1, 31), datetime.date(2027, 4, 30)]),
        ("half", datetime.date(2027, 10, 31), [datetime.date(2027, 4, 30), datetime.date(2027, 10, 31)]),
        ("year", datetime.date(2028, 10, 30), [datetime.date(2027, 10, 31)]),
    ],
)
def test_quarters_halves_and_years(recurs, until, days):
    row = recurring(scene(), recurs=recurs, until=until)
    found = []
    while (due := next_due(row)) is not None:
        found.append(due)
        row.due_on = due
    assert found == days


def test_extended_term_keeps_its_number_and_does_not_swallow_the_next():
    s = scene()
    row = recurring(s)
    assert refusal(ask, s=s, row=row, due_on=datetime.date(2026, 11, 30)) == {
        "due_on": "Kỳ sau đến hạn 30/11/2026. Hạn của kỳ này phải trước ngày đó."
    }
    decide(s, ask(s, row, due_on=datetime.date(2026, 11, 29)), True)
    row = fresh(row)
    assert (row.due_on, term_of(row)) == (datetime.date(2026, 11, 29), Term(1, 5))
    row = met(s, row, datetime.date(2026, 11, 20))
    assert (row.due_on, term_of(row), row.due_reason) == (datetime.date(2026, 11, 30), Term(2, 5), "")


def test_next_term_is_not_covered_by_an_old_acceptance():
    s = scene()
    row = recurring(s)
    row = accept_not_done(
        recommendation=row, version=row.version, by=s.chair, on=TODAY, until=DECEMBER, reason="Trụ sở đang sửa"
    )
    row = met(s, row, TODAY)
    assert (row.state, row.due_on, row.accepted_until) == (State.OPEN, datetime.date(2026, 11, 30), None)
    assert row.days_late(datetime.date(2026, 12, 10)) == 10


def test_recurring_is_late_by_its_running_term_only():
    s = scene()
    row = recurring(s)
    assert [row.days_late(day) for day in (DUE, DUE + ONE_DAY, datetime.date(2026, 11, 30))] == [0, 1, 30]
    row = met(s, row, datetime.date(2026, 11, 20))  # the first term twenty days late; the second is not
    assert [row.days_late(day) for day in (TODAY, datetime.date(2026, 11, 30), datetime.date(2026, 12, 1))] == [0, 0, 1]
    assert row not in Recommendation.objects.overdue(datetime.date(2026, 11, 30))
    assert row in Recommendation.objects.overdue(datetime.date(2026, 12, 1))


def test_late_again_from_the_agreed_day_when_it_lies_after_the_acceptance():
    """Both were agreed: the later of the two days binds."""
    s = scene()
    row = accepted(s, until=datetime.date(2026, 12, 10))
    january = datetime.date(2027, 1, 15)
    row = extend_due(recommendation=row, version=row.version, by=s.chair, on=TODAY, due_on=january, reason="Chờ lịch")
    every = Recommendation.objects.filter(pk=row.pk)
    for day, is_open, late in [
        (datetime.date(2026, 12, 10), False, 0), (datetime.date(2026, 12, 11), True, 0), (january, True, 0),
        (january + ONE_DAY, True, 1),
    ]:  # fmt: skip
        assert (every.open(day).exists(), every.overdue(day).exists(), row.days_late(day)) == (is_open, late > 0, late)


@pytest.mark.parametrize("way", ["adequate", "withdrawn"])
def test_what_was_extended_is_frozen_by_the_agreed_day(way):
    s = scene()
    _, row = answered(s)
    november = datetime.date(2026, 11, 10)
    row = extend_due(recommendation=row, version=row.version, by=s.chair, on=ASKED_ON, due_on=november, reason="Chờ")
    at = {"recommendation": row, "version": row.version, "by": s.chair, "on": datetime.date(2026, 11, 14)}
    if way == "adequate":
        check_answer(**at, verdict="adequate")
    else:
        withdraw(**at, reason="Không còn cần")
    row = fresh(row)
    assert [row.days_late(day) for day in (november, TODAY, DECEMBER)] == [4, 4, 4]
    assert row.extensions.filter(state=Asked.AGREED).count() == 1


# --- two at once ---------------------------------------------------------------------------------------------


def race(*calls) -> list:
    """What each call returned or raised; all start together."""
    start, found = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        start.wait()
        try:
            found[place] = call()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_of_asking_and_checking_at_once_one_comes_first():
    """Either the request came first and fell away with the check, or the check did and the request is refused."""
    s = scene()
    _, row = answered(s)

    def check():
        return check_answer(recommendation=fresh(row), version=row.version, by=s.chair, on=TODAY, verdict="adequate")

    results = race(lambda: ask(s, row, on=TODAY), check)
    refused = [one for one in results if isinstance(one, EditConflict | InspectionRefused)]
    assert len(refused) == 1
    assert [one for one in results if isinstance(one, Exception) and one not in refused] == []
    assert not ExtensionRequest.objects.waiting().exists() or fresh(row).state == State.ANSWERED


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_to_one_request_exactly_one_stands():
    s = scene()
    _, row = concluded(s)
    asked = ask(s, row)
    results = race(lambda: decide(s, asked, True), lambda: decide(s, asked, False, words="Không", by=s.inspector))
    done = [one for one in results if isinstance(one, ExtensionRequest)]
    refused = [one for one in results if isinstance(one, EditConflict | InspectionRefused)]
    assert (len(done), len(refused)) == (1, 1)
    row = fresh(row)
    assert row.extensions.get().state == done[0].state
    assert row.due_on == (DECEMBER if done[0].state == Asked.AGREED else DUE)


@pytest.mark.django_db(transaction=True)
def test_answer_and_check_at_once_leave_one_story():
    """The check saw the older answer: it is refused as a conflict, or the new answer is."""
    s = scene()
    row, results = answer_and_check(s)
    assert sum(isinstance(one, EditConflict) for one in results) == 1
    assert (row.answers.count(), row.checks.count(), row.state) in [(2, 0, State.ANSWERED), (1, 1, State.SENT_BACK)]


@pytest.mark.django_db(transaction=True)
def test_without_the_version_a_check_passes_over_an_answer_nobody_read(monkeypatch):
    """The control of the test above: it fails where the version is not compared."""
    monkeypatch.setattr(Recommendation, "claim", lambda self, version: None)
    row, results = answer_and_check(scene())
    assert not any(isinstance(one, Exception) for one in results)
    assert (row.answers.count(), row.checks.count()) == (2, 1)


def answer_and_check(s):
    _, row = answered(s)
    at = {"version": row.version, "on": TODAY}
    results = race(
        lambda: answer_recommendation(recommendation=fresh(row), by=s.secretary, text="Bổ sung ảnh", **at),
        lambda: check_answer(recommendation=fresh(row), by=s.chair, verdict="not_adequate", text="Thiếu", **at),
    )
    return fresh(row), results


@pytest.mark.django_db(transaction=True)
def test_of_two_checks_of_one_answer_exactly_one_stands():
    s = scene()
    row, results = two_checks(s)
    done = [one for one in results if isinstance(one, Check)]
    refused = [one for one in results if isinstance(one, EditConflict)]
    assert (len(done), len(refused)) == (1, 1)
    assert row.checks.get() == done[0]
    state, sent_back = (State.CLOSED, 0) if done[0].verdict == "adequate" else (State.SENT_BACK, 1)
    assert (row.state, row.sent_back_count) == (state, sent_back)


@pytest.mark.django_db(transaction=True)
def test_without_the_version_a_check_is_given_twice(monkeypatch):
    """The control of the test above: two inspectors send the same answer back, and it counts twice."""
    monkeypatch.setattr(Recommendation, "claim", lambda self, version: None)
    row, results = two_checks(scene(), verdicts=("not_adequate", "not_adequate"))
    assert not any(isinstance(one, Exception) for one in results)
    assert (row.checks.count(), row.sent_back_count) == (2, 2)


def two_checks(s, verdicts=("adequate", "not_adequate")):
    _, row = answered(s)

    def check(by, verdict):
        now = fresh(row)
        return check_answer(recommendation=now, version=row.version, by=by, on=TODAY, verdict=verdict, text="Đã xem sổ")

    results = race(lambda: check(s.chair, verdicts[0]), lambda: check(s.inspector, verdicts[1]))
    return fresh(row), results
