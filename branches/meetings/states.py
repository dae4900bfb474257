"""What a meeting goes through: planned, under way, held, or not held with its reason.

Roll, agenda and votes may be put right until the minutes are being signed; after that only with a new edition
of the minutes, so that a signed paper and its meeting never tell two stories.

Whether a meeting whose figures count was held, on which day and as which kind is what the calendar lock closes
(branches/locking.py): a meeting ended late would add to a month that was closed, as an activity written late would.
What the book says of a meeting that was held (its roll, its points, its minutes) stays to be put right by the rule
above: taps kept on a phone without a signal must not be lost, nor minutes stay unsigned, because figures were closed.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from branches.fed_books import feed_meeting
from branches.locking import lock_over
from branches.models import Attendance, Ballot, EditConflict, Meeting, Minutes, Unit

State = Meeting.State
OPEN_STATES = (State.PLANNED, State.OPEN, State.HELD)
SIGNED = (Minutes.State.SIGNING, Minutes.State.LOCKED)


class MeetingRefused(Exception):
    """The change is not possible. `errors` maps a field ("" for the whole form) to a Vietnamese message."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(" ".join(errors.values()))
        self.errors = errors


def is_signed(meeting: Meeting) -> bool:
    """Whether the edition of the minutes that counts is being signed or locked. One query."""
    newest = Minutes.objects.filter(meeting=meeting).order_by("-edition").values_list("state", flat=True).first()
    return newest in SIGNED


def locked(meeting: Meeting, *states: str) -> Meeting:
    """The meeting as it stands now, locked, in one of these states and with minutes that may still change.

    Whoever changes anything of a meeting passes here first, so two people come one after the other. Call
    inside a transaction.
    """
    found = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    if found.state not in (states or OPEN_STATES):
        raise MeetingRefused({"": f"Cuộc họp này đang ở bước “{found.get_state_display()}”. Hãy mở lại trang để xem."})
    if is_signed(found):
        raise MeetingRefused(
            {"": "Biên bản đang ký hoặc đã ký. Muốn sửa, hãy rút chữ ký, hoặc lập bản biên bản mới kèm lý do."}
        )
    return found


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, reason: str) -> Meeting:
    """It is not held, and why. What was prepared stays; a roll on which somebody was present speaks against it."""
    meeting = locked(meeting, State.PLANNED, State.OPEN)
    reason = reason.strip()
    if not reason:
        raise MeetingRefused({"cancel_reason": "Hãy ghi lý do không họp."})
    if Attendance.objects.filter(meeting=meeting, state=Attendance.State.PRESENT).exists():
        raise MeetingRefused({"": "Đã điểm danh có người có mặt. Nếu không họp, hãy bỏ các điểm danh đó trước."})
    if Ballot.objects.filter(item__meeting=meeting).exists():
        raise MeetingRefused({"": "Đã ghi kết quả biểu quyết. Nếu không họp, hãy xóa lần biểu quyết đó trước."})
    meeting.claim(meeting.version)
    meeting.state, meeting.cancel_reason = State.CANCELLED, reason
    meeting.save()
    return meeting


@transaction.atomic
def take_back_cancel(*, meeting: Meeting) -> Meeting:
    """It is held after all: planned again, or under way where the roll had been opened."""
    meeting = locked(meeting, State.CANCELLED)
    meeting.claim(meeting.version)
    meeting.state = State.OPEN if meeting.roll_opened_at else State.PLANNED
    meeting.cancel_reason = ""
    meeting.save()
    return meeting


@transaction.atomic
def close_meeting(*, meeting: Meeting, ends_at: datetime.datetime, now: datetime.datetime) -> Meeting:
    """It was held and ended at `ends_at`. People whom nobody marked stay unknown."""
    meeting = locked(meeting, State.PLANNED, State.OPEN)
    if meeting.starts_at > now:
        raise MeetingRefused({"": "Chưa đến giờ họp. Hãy ghi sau khi họp xong, hoặc sửa giờ họp."})
    _check_end(meeting, ends_at, now)
    refuse_if_closed(meeting, on=timezone.localdate(now))
    meeting.claim(meeting.version)
    meeting.state, meeting.ends_at = State.HELD, ends_at
    meeting.save()
    feed_meeting(meeting)
    return meeting


@transaction.atomic
def reopen_meeting(*, meeting: Meeting, on: datetime.date) -> Meeting:
    """Closed by mistake: under way again, or planned where no roll was opened."""
    meeting = locked(meeting, State.HELD)
    refuse_if_closed(meeting, on=on)
    meeting.claim(meeting.version)
    meeting.state = State.OPEN if meeting.roll_opened_at else State.PLANNED
    meeting.ends_at = None
    meeting.save()
    feed_meeting(meeting)
    return meeting


def closed_words(meeting: Meeting, counts: set[tuple[datetime.date, str]] | None = None, *, on: datetime.date) -> str:
    """Why figures of these days and kinds, as which the meeting counts or did, are closed today; empty where they are
    not. Without `counts` as it stands."""
    for day, kind in sorted(counts or {(meeting.day, meeting.kind)}):
        if kind in Meeting.OF_ALL and (lock := lock_over(meeting.unit, day, on=on)):
            return lock.refusal(day)
    return ""


def refuse_if_closed(meeting: Meeting, counts: set[tuple[datetime.date, str]] | None = None, *, on: datetime.date):
    """MeetingRefused with `closed_words`. Holds the unit, so that a lock is either seen here or set afterwards."""
    Unit.objects.select_for_update(no_key=True).get(pk=meeting.unit_id)
    if words := closed_words(meeting, counts, on=on):
        raise MeetingRefused({"": words})


def _check_end(meeting: Meeting, ends_at: datetime.datetime, now: datetime.datetime) -> None:
    if ends_at <= meeting.starts_at:
        begun = f"{timezone.localtime(meeting.starts_at):%H:%M ngày %d/%m/%Y}"
        raise MeetingRefused({"ends_at": f"Giờ kết thúc phải sau giờ bắt đầu, {begun}."})
    if ends_at > now:
        raise MeetingRefused({"ends_at": "Giờ này chưa đến. Hãy ghi giờ thực tế kết thúc."})
    if ends_at - meeting.starts_at > datetime.timedelta(days=1):
        raise MeetingRefused({"ends_at": "Cuộc họp không thể dài hơn một ngày. Hãy xem lại ngày, giờ bắt đầu."})


def claim_or_conflict(meeting: Meeting, version: int) -> None:
    """Take the right to change what a form showed of the meeting itself."""
    if meeting.version != version:
        raise EditConflict(meeting)
    meeting.claim(version)
