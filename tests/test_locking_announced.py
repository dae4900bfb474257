"""What units are told of the calendar lock: what is open for them, what will be locked when, what is missing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.locking import LockRefused, end_exception, lock_over, locks_of, said_last, withdraw
from branches.models import Activity, PeriodLock
from reports.digest import sections_for
from reports.waiting import waiting_for

from .factories import account_at
from .test_locking import DAY, JULY, LOCKED, MAY, TODAY, WORDS, Scene, refused
from .test_locking_meetings import meeting

FROM = DAY(2026, 12, 1)


@pytest.fixture
def s(db):
    return Scene()


def notices(account, on=TODAY) -> list[tuple]:
    """What stands above all that waits: what, where it stands, the badge."""
    (post,) = account.posts.all()
    return [(one.what, one.context, one.word) for one in waiting_for(account, post, on=on).notices]


def test_an_exception_is_told_the_unit_from_the_day_it_is_given_until_it_ends(s):
    s.lock()
    given = s.open(valid_until=DAY(2027, 3, 31))
    told = (
        "Ghi bổ sung việc từ 01/05/2026 đến 31/05/2026",
        "Trần Văn Khối, Đoàn Khối, mở tạm ngày 22/11/2026: Sót phiếu. Ghi được đến hết ngày 31/03/2027, qua ngày đó "
        "khóa tự đóng lại",
        "Còn 129 ngày",  # 8 in November, 31, 31, 28, 31
    )
    assert notices(s.by) == [told]
    assert notices(account_at(s.other)) == []  # it opens one unit
    assert notices(s.by, on=DAY(2027, 4, 1)) == []
    end_exception(exception=given, by=s.office, on=TODAY)
    assert notices(s.by) == []


def test_an_exception_is_in_the_weekly_letter_of_the_unit(s):
    s.lock()
    s.open()
    (section,) = sections_for(s.by, on=TODAY)
    assert section.items[0].what == "Ghi bổ sung việc từ 01/05/2026 đến 31/05/2026"


# --- announced beforehand ---------------------------------------------------------------------------------


def test_an_announced_lock_closes_nothing_before_its_day_and_holds_from_then_on(s):
    s.lock(holds_from=FROM)
    assert s.record().pk
    assert s.record(on=DAY(2026, 11, 30)).pk
    assert refused(lambda: s.record(on=FROM)) == WORDS
    told = locks_of(s.unit, on=TODAY)
    assert (told.locks, [one.holds_from for one in told.near]) == ((), [FROM])
    told = locks_of(s.unit, on=FROM)
    assert ([one.through for one in told.locks], told.announced) == ([LOCKED], ())


def test_until_its_day_the_lock_before_it_counts(s):
    s.lock(DAY(2026, 3, 31))
    s.lock(holds_from=FROM)
    assert lock_over(s.unit, DAY(2026, 3, 1), on=TODAY).through == DAY(2026, 3, 31)
    assert lock_over(s.unit, MAY, on=TODAY) is None
    assert lock_over(s.unit, MAY, on=FROM).through == LOCKED
    assert lock_over(s.unit, DAY(2026, 3, 1), on=FROM).through == LOCKED


def test_a_lock_announced_and_replaced_never_comes_whatever_was_said_later(s):
    """For 1 December, on the 25th moved to the 20th, on the 15th moved again to January: in December nothing holds."""
    s.lock(holds_from=FROM)
    s.lock(holds_from=DAY(2026, 12, 20), on=DAY(2026, 11, 25), reason="Lùi")
    s.lock(holds_from=DAY(2027, 1, 5), on=DAY(2026, 12, 15), reason="Lùi nữa")
    days = (FROM, DAY(2026, 12, 16), DAY(2026, 12, 20), DAY(2027, 1, 4), DAY(2027, 1, 5))
    assert [lock_over(s.unit, MAY, on=on) is not None for on in days] == [False, False, False, False, True]
    assert [one.is_replaced for one in PeriodLock.objects.told().order_by("pk")] == [True, True, False]


def test_changing_what_was_announced_needs_a_reason_and_withdrawing_it_too(s):
    s.lock(DAY(2026, 3, 31))
    s.lock(holds_from=FROM)
    words = "Đã báo các đơn vị: từ ngày 01/12/2026 khóa đến hết ngày 30/06/2026. Hãy ghi lý do đổi."
    assert refused(lambda: s.lock(holds_from=DAY(2026, 12, 8)), LockRefused) == words
    assert refused(s.lock, LockRefused) == words  # at once, though they were told December
    assert refused(lambda: s.lock(holds_from=FROM, reason="x"), LockRefused) == "Đã báo trước đúng như vậy."
    at = {"unit": s.union, "by": s.office, "on": TODAY}
    newest = said_last(s.union).pk
    assert refused(lambda: withdraw(reason=" ", before=newest, **at), LockRefused) == "Hãy ghi lý do."
    assert "hiện đến hết ngày 31/03/2026, báo trước" in refused(
        lambda: withdraw(reason="Chờ", before=newest - 1, **at), LockRefused
    )
    withdraw(reason="Chờ quý IV", before=newest, **at)
    assert lock_over(s.unit, MAY, on=FROM) is None
    assert lock_over(s.unit, DAY(2026, 3, 1), on=FROM).through == DAY(2026, 3, 31)
    assert said_last(s.union).reason == "Thôi báo trước: Chờ quý IV"
    gone = refused(lambda: withdraw(reason="Chờ", before=said_last(s.union).pk, **at), LockRefused)
    assert gone == "Không có ngày khóa nào đang báo trước."


@pytest.mark.parametrize(
    ("through", "holds_from", "field", "words"),
    [
        (LOCKED, DAY(2026, 11, 21), "holds_from", "Ngày bắt đầu khóa không thể trước hôm nay. Để trống thì khóa ngay."),
        (FROM, FROM, "through", "Từ ngày 01/12/2026 chỉ khóa được những ngày trước ngày đó."),
        (None, FROM, "holds_from", "Lùi ngày khóa hay bỏ khóa thì làm ngay, không báo trước. Hãy để trống ngày này."),
        (DAY(2026, 1, 1), FROM, "holds_from",
         "Lùi ngày khóa hay bỏ khóa thì làm ngay, không báo trước. Hãy để trống ngày này."),
    ],
)  # fmt: skip
def test_what_cannot_be_announced_is_refused(s, through, holds_from, field, words):
    s.lock(DAY(2026, 3, 31))
    with pytest.raises(LockRefused) as found:
        s.lock(through, holds_from=holds_from, reason="x")
    assert (str(found.value), found.value.field, PeriodLock.objects.count()) == (words, field, 1)


def test_today_and_a_day_to_come_may_be_locked_once_they_are_over(s):
    s.lock(DAY(2026, 11, 30), holds_from=FROM)
    assert s.record(TODAY).pk
    refused(lambda: s.record(TODAY, on=FROM))


def test_units_read_some_days_before_what_will_be_locked_and_what_is_missing(s):
    """The rule `due_soon_days` is 14: from 17 November on, a lock of 1 December is near.

    Chi đoàn A has by 30 June two plans nobody decided and one activity without a figure; one plan of July and what
    other units have does not count, nor what is locked already by 31 March.
    """
    s.lock(DAY(2026, 3, 31), on=DAY(2026, 10, 1))
    s.lock(holds_from=FROM, reason="Chốt sáu tháng", on=DAY(2026, 11, 1))
    early = DAY(2026, 11, 2)
    for day, unit, state in (
        (MAY, s.unit, "planned"), (LOCKED, s.unit, "planned"), (JULY, s.unit, "planned"), (MAY, s.other, "planned"),
    ):  # fmt: skip
        s.record(day, unit=unit, state=state, on=early)
    s.record(MAY, quantities=[], on=early)
    s.record(MAY, on=early)
    closed = s.record(MAY, quantities=[], on=early)
    Activity.objects.filter(pk=closed.pk).update(starts_on=DAY(2026, 3, 31), last_on=DAY(2026, 3, 31))
    assert notices(s.by, on=DAY(2026, 11, 16)) == []
    what = "Từ ngày 01/12/2026 Đoàn Khối khóa số liệu đến hết ngày 30/06/2026"
    left = "Đơn vị còn 2 hoạt động dự kiến chưa ghi kết quả, 1 hoạt động chưa có số"
    said = f"Chốt sáu tháng. {left}; từ hôm đó không ghi hay sửa được nữa"
    assert notices(s.by, on=DAY(2026, 11, 17)) == [(what, said, "Còn 14 ngày")]
    below = account_at(s.below)
    assert notices(below) == [(what, "Đơn vị không còn việc nào ghi dở", "")]
    assert "khóa số liệu" not in str(sections_for(below, on=TODAY))  # nothing to do is no letter
    assert notices(s.by, on=FROM) == []


def test_a_meeting_nobody_ended_is_missing_too(s):
    s.lock(holds_from=FROM)
    meeting(s)
    meeting(s, kind="committee")  # of no figure
    ((_, context, _),) = notices(s.by)
    assert context.startswith("Đơn vị còn 1 cuộc họp chưa ghi họp xong;")


@pytest.mark.parametrize("offices", [1, 3])
def test_the_notices_cost_no_query_more(s, offices, django_assert_num_queries):
    (post,) = s.by.posts.all()
    waiting_for(s.by, post, on=TODAY)
    with CaptureQueriesContext(connection) as before:
        waiting_for(s.by, post, on=TODAY)
    s.lock(DAY(2026, 5, 31))
    for number in range(offices):
        s.open(first_on=DAY(2026, 5, 1 + number), last_on=DAY(2026, 5, 1 + number))
    s.lock(holds_from=FROM)
    s.lock(unit=s.province, holds_from=FROM)
    with django_assert_num_queries(len(before)):
        assert len(waiting_for(s.by, post, on=TODAY).notices) == offices + 2
