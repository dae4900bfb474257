"""Killed in the middle of a conclusion or an issue: case, frozen notice and number are all there or none."""

import os
import signal
import time

import pytest
from django.db import connection

from branches.models import PaperNumber
from inspections import issuing
from inspections.conducting import conclude
from inspections.issuing import issue_paper
from inspections.models import CasePaper
from inspections.papering import begin_paper
from inspections.states import InspectionRefused
from tests.papering import NOTICE, PROGRAMMED, SENT, draft_of_a_year, sent_case, visited_case
from tests.test_dues_crash import in_children

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def die(*args, **more):
    os.kill(os.getpid(), signal.SIGKILL)


def numbers(code: str) -> list[int]:
    return sorted(PaperNumber.objects.filter(book__type_code=code).values_list("number", flat=True))


def standing(a) -> tuple:
    """(concluded, notices issued, numbers of the book)"""
    notices = CasePaper.objects.filter(inspection=a.case, kind="notice", state="issued").count()
    return a.fresh().concluded_on, notices, numbers("TB")


def give_notice(a, number="01-TB/ĐTN-UBKT"):
    case = a.fresh()
    return conclude(inspection=case, version=case.version, by=a.chair, on=NOTICE, concluded_on=NOTICE, number=number)


def test_killed_while_the_notice_is_frozen_nothing_is_concluded_and_no_number_is_gone(monkeypatch):
    a = visited_case()
    with monkeypatch.context() as patched:
        patched.setattr(issuing, "_frozen", die)
        assert in_children([lambda: give_notice(a)]) == [signal.SIGKILL]
    assert standing(a) == (None, 0, [])
    give_notice(a)
    assert standing(a) == (NOTICE, 1, [1])


def test_control_a_notice_issued_after_the_transaction_leaves_a_concluded_case_without_it(monkeypatch):
    """What the one transaction is for: the same two steps apart, killed in between."""
    a = visited_case()
    monkeypatch.setattr("inspections.conducting.issue_notice", lambda **fields: None)

    def work():
        give_notice(a)
        die()

    assert in_children([work]) == [signal.SIGKILL]
    assert standing(a) == (NOTICE, 0, [])


def test_killed_between_the_number_and_the_paper_the_number_is_free_again(monkeypatch):
    a = sent_case()
    paper = a.draft("plan")
    issue = {"paper": paper, "version": paper.version, "by": a.chair, "on": SENT, "dated_on": SENT}
    with monkeypatch.context() as patched:
        patched.setattr(issuing, "_frozen", die)
        assert in_children([lambda: issue_paper(**issue)]) == [signal.SIGKILL]
    assert numbers("KH") == [2]  # the programme's
    assert issue_paper(**issue).number == "03-KH/ĐTN-UBKT"


def test_two_who_conclude_at_once_give_one_notice():
    a = visited_case()

    def work():
        try:
            give_notice(a)
        except InspectionRefused:
            os._exit(3)
        except Exception as error:
            os._exit(3 if type(error).__name__ == "EditConflict" else 4)

    ends = in_children([work, work])
    assert sorted(ends) == [0, 3]
    assert standing(a) == (NOTICE, 1, [1])


REFUSED = 3


def ends_refused(work):
    """The work in a child: 0 when it was done, 3 when it was refused, another end when it broke."""

    def run():
        try:
            work()
        except InspectionRefused:
            os._exit(REFUSED)

    return run


def issuing_of(paper, by, on):
    return lambda: issue_paper(paper=paper, version=paper.version, by=by, on=on, dated_on=on)


def test_control_a_number_taken_before_the_paper_is_lost_when_it_dies(monkeypatch):
    """What the one transaction is for: the number in one of its own, killed before the paper is frozen."""
    a = sent_case()
    paper = a.draft("plan")

    def work():
        issuing.book_of(paper).take(on=SENT, by=a.chair, about="Kế hoạch")
        die()

    assert in_children([work]) == [signal.SIGKILL]
    assert issuing_of(paper, a.chair, SENT)().number == "04-KH/ĐTN-UBKT"  # 03 stands on no paper


def test_killed_while_the_programme_goes_out_it_is_still_a_draft(monkeypatch):
    a = draft_of_a_year()
    paper = begin_paper(programme=a.programme, kind="programme", by=a.chair, on=PROGRAMMED)
    with monkeypatch.context() as patched:
        patched.setattr(issuing, "_frozen", die)
        assert in_children([issuing_of(paper, a.chair, PROGRAMMED)]) == [signal.SIGKILL]
    a.programme.refresh_from_db()
    assert (a.programme.state, a.programme.number, numbers("KH")) == ("draft", "", [])
    issuing_of(paper, a.chair, PROGRAMMED)()
    a.programme.refresh_from_db()
    assert (a.programme.state, a.programme.number, numbers("KH")) == ("issued", "01-KH/ĐTN-UBKT", [1])


def test_two_who_issue_one_draft_at_once_issue_it_once():
    a = sent_case()
    paper = a.draft("plan")

    def work():
        try:
            issuing_of(paper, a.chair, SENT)()
        except Exception as error:
            os._exit(REFUSED if type(error).__name__ in ("EditConflict", "InspectionRefused") else 4)

    assert sorted(in_children([work] * 4)) == [0, REFUSED, REFUSED, REFUSED]
    assert numbers("KH") == [2, 3]


def test_papers_that_go_out_at_the_same_moment_get_numbers_in_a_row():
    a = sent_case()
    papers = [a.draft(kind) for kind in ("plan", "decision")]
    others = [a.sister(place) for place in range(4)]
    papers += [begin_paper(inspection=case, kind="plan", by=a.chair, on=SENT) for case in others]
    assert in_children([issuing_of(paper, a.chair, SENT) for paper in papers]) == [0] * 6
    assert (numbers("KH"), numbers("QĐ")) == ([2, 3, 4, 5, 6, 7], [1])
    on_papers = sorted(CasePaper.objects.filter(kind="plan").values_list("entry__number", flat=True))
    assert on_papers == [3, 4, 5, 6, 7]


def test_control_numbers_read_without_the_lock_come_twice(monkeypatch):
    """The same without the row of the book held: on PostgreSQL the loser breaks on the register's own constraint;
    SQLite lets only one write at a time anyway."""
    from branches import numbering
    from branches.models import NumberBook

    def read_only(unit, body, type_code, key):
        book = NumberBook.objects.get(unit=unit, body=body, type_code=type_code, key=key)
        time.sleep(0.5)
        return book

    a = sent_case()
    cases = [a.sister(place) for place in range(3)]
    papers = [begin_paper(inspection=case, kind="plan", by=a.chair, on=SENT) for case in cases]
    monkeypatch.setattr(numbering, "_locked_book", read_only)
    ends = in_children([issuing_of(paper, a.chair, SENT) for paper in papers])
    if connection.vendor == "postgresql":
        assert sorted(ends) == [0, 1, 1]
        assert numbers("KH") == [2, 3]
    else:
        assert ends == [0, 0, 0]


def test_two_cases_concluded_at_once_under_one_number_are_not_both_concluded():
    a = visited_case()
    b = a.sister(1, visited=True)

    def concludes(case):
        return ends_refused(
            lambda: conclude(
                inspection=case, version=case.version, by=a.chair, on=NOTICE, concluded_on=NOTICE,
                number="01-TB/ĐTN-UBKT",
            )
        )  # fmt: skip

    first = a.fresh()
    assert sorted(in_children([concludes(first), concludes(b)])) == [0, REFUSED]
    b.refresh_from_db()
    told = [case.concluded_on for case in (a.fresh(), b)]
    assert sorted(told, key=bool) == [None, NOTICE]
    assert CasePaper.objects.filter(kind="notice", state="issued").count() == 1
    assert numbers("TB") == [1]
