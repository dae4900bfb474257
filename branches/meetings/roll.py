"""The roll: opened once, marked by one thumb or several at the same time, with or without a connection.

Whom the meeting concerns is frozen when the roll is opened. A mark is set, never toggled, and of two marks of
one person the later tap counts, wherever it was kept meanwhile. Nobody is absent because nobody tapped.
"""

import datetime
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from branches.fed_books import feed_meeting
from branches.models import Attendance, Meeting, MeetingGuest, Member, Membership, Post, PostType
from branches.tree import scope_of
from branches.vietnamese import nfc

from .states import MeetingRefused, State, locked

Mark_ = Attendance.State
LONGEST_REASON = 160


@dataclass(frozen=True, slots=True)
class Mark:
    """One tap. `at` is its moment as the server reckons it; `rest` is "everybody else is here": only the unmarked."""

    attendance_id: int
    state: str
    at: datetime.datetime
    reason: str = ""
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the roll are what. `entitled` and `voting` are those with the right to vote: all, and present."""

    total: int
    present: int
    excused: int
    absent: int
    unknown: int
    entitled: int
    voting: int


def concerns_committee(meeting: Meeting) -> bool:
    """Whether the roll is the committee: its own meetings, and every meeting of a unit that is no branch."""
    return meeting.kind == Meeting.Kind.COMMITTEE or not meeting.unit.is_branch


def roster_of(meeting: Meeting) -> list[tuple[Member, str]]:
    """Who is to come, as the register knows of the day of the meeting: (member, standing), in order of the name.

    The members of the branch and of what is below it, with those who take part for a while; or the committee.
    Three queries at most.
    """
    if concerns_committee(meeting):
        return [(one, Membership.Kind.OFFICIAL) for one in committee_of(meeting)]
    day = meeting.day
    scope = scope_of(meeting.unit, day)
    spans = Membership.objects.filter(scope.on(day), member__merged_into=None).on(day).select_related("member")
    found: dict[int, tuple[Member, str]] = {}
    for span in spans.order_by("pk"):
        if span.member_id not in found or span.kind == Membership.Kind.OFFICIAL:
            found[span.member_id] = (span.member, span.kind)
    return sorted(found.values(), key=lambda pair: (pair[0].sort_key, pair[0].pk))


def committee_of(meeting: Meeting) -> list[Member]:
    """Members with a post of the committee on the day of the meeting; an account without a member has no place."""
    posts = Post.objects.held_on(meeting.day).filter(
        unit=meeting.unit_id, type__body=PostType.Body.COMMITTEE, account__member__isnull=False
    )
    found = {one.account.member_id: one.account.member for one in posts.select_related("account__member")}
    return sorted(found.values(), key=lambda one: (one.sort_key, one.pk))


@transaction.atomic
def open_roll(*, meeting: Meeting, now: datetime.datetime) -> Meeting:
    """Freeze the roster of the day. Done once: whoever opens it a second time gets the same roll."""
    meeting = locked(meeting)
    if meeting.roll_opened_at is not None:
        return meeting
    if timezone.localdate(now) < meeting.day:
        raise MeetingRefused({"": "Chưa đến ngày họp. Mở điểm danh vào ngày họp, để lấy đúng danh sách của ngày đó."})
    roster = roster_of(meeting)
    if not roster:
        raise MeetingRefused({"": _nobody(meeting)})
    Attendance.objects.bulk_create(
        Attendance(
            meeting=meeting, member=member, name=member.full_name, sort_key=member.sort_key, standing=standing
        )
        for member, standing in roster
    )  # fmt: skip
    meeting.claim(meeting.version)
    # What happened on the paper of an earlier day is marked today: taps are younger than the opening.
    meeting.roll_opened_at = now
    if meeting.state == State.PLANNED:
        meeting.state = State.OPEN
    meeting.save()
    return meeting


def _nobody(meeting: Meeting) -> str:
    if concerns_committee(meeting):
        return "Chưa có ủy viên Ban Chấp hành nào gắn với hồ sơ đoàn viên. Hãy ghi chức vụ cho đoàn viên trước."
    return f"Ngày {meeting.day:%d/%m/%Y} chi đoàn chưa có đoàn viên nào trong danh sách. Hãy nhập danh sách trước."


@transaction.atomic
def mark_roll(*, meeting: Meeting, marks: Iterable[Mark], by, now: datetime.datetime) -> int:
    """Set what was tapped; returns how many names changed. A tap on somebody of another roll is left out.

    The moment of a tap is no later than `now` and no earlier than the opening of the roll. Three queries,
    whatever the number of marks.
    """
    meeting = _with_a_roll(locked(meeting))
    rows = {row.pk: row for row in Attendance.objects.filter(meeting=meeting)}
    changed: dict[int, Attendance] = {}
    for mark in marks:
        if mark.state not in Mark_.values:
            raise MeetingRefused({"": "Có điểm danh không đọc được. Hãy mở lại trang."})
        row = rows.get(mark.attendance_id)
        if row is not None and _set(row, mark, meeting, by, now):
            changed[row.pk] = row
    # Rows of the locked meeting: none is new. One CASE of every name and field would cost ten times as much.
    Attendance.objects.bulk_create(
        changed.values(),
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["state", "reason", "marked_at", "marked_by"],
    )
    _feed(meeting)
    return len(changed)


def _feed(meeting: Meeting) -> None:
    """A roll corrected after the meeting changes its figures; before that there are none."""
    if meeting.state == Meeting.State.HELD:
        feed_meeting(meeting)


def _set(row: Attendance, mark: Mark, meeting: Meeting, by, now: datetime.datetime) -> bool:
    opened = meeting.roll_opened_at
    if mark.rest:
        if row.state != Mark_.UNKNOWN:
            return False
        at = opened
    else:
        at = min(max(mark.at, opened), now)
        if row.marked_at is not None and at < row.marked_at:
            return False
    reason = _reason(mark) if mark.state == Mark_.EXCUSED else ""
    if (row.state, row.reason, row.marked_at) == (mark.state, reason, at):
        return False
    row.state, row.reason, row.marked_at, row.marked_by = mark.state, reason, at, by
    return True


def _reason(mark: Mark) -> str:
    """Without control signs, and without the half of a sign that a phone leaves when it cuts a text to its length."""
    kept = (sign for sign in mark.reason if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cs"))
    return nfc("".join(kept))[:LONGEST_REASON]


def _with_a_roll(meeting: Meeting) -> Meeting:
    if meeting.roll_opened_at is None:
        raise MeetingRefused({"": "Chưa mở điểm danh. Hãy mở điểm danh trước."})
    return meeting


@transaction.atomic
def add_to_roll(*, meeting: Meeting, member: Member, because: str) -> Attendance:
    """Somebody of the unit who was missing from the roster, and why; entitled like the others."""
    meeting = _with_a_roll(locked(meeting))
    because = nfc(because).strip()
    errors = {}
    if not because:
        errors["because"] = "Hãy ghi vì sao ghi thêm, ví dụ: mới chuyển đến, chưa kịp nhập."
    if member.merged_into_id or not member.home.path.startswith(meeting.unit.path):
        errors["member"] = f"Người này không thuộc {meeting.unit.name}. Hãy ghi là khách mời."
    elif Attendance.objects.filter(meeting=meeting, member=member).exists():
        errors["member"] = f"{member.full_name} đã có trong danh sách điểm danh."
    if errors:
        raise MeetingRefused(errors)
    row = Attendance.objects.create(
        meeting=meeting, member=member, name=member.full_name, sort_key=member.sort_key, added_because=because
    )
    _feed(meeting)
    return row


@transaction.atomic
def take_off_roll(*, row: Attendance) -> None:
    """Somebody was put on the roll by mistake; who stood on the roster of the day stays."""
    meeting = locked(row.meeting)
    if not row.added_because:
        raise MeetingRefused({"": f"{row.name} có tên trong danh sách của ngày họp, không bỏ được."})
    Attendance.objects.filter(pk=row.pk).delete()
    _feed(meeting)


@transaction.atomic
def add_guest(*, meeting: Meeting, name: str = "", body: str = "", count: int = 1) -> MeetingGuest:
    """A guest by name, or so many people from somewhere."""
    meeting = locked(meeting)
    name, body = nfc(name).strip(), nfc(body).strip()
    if not name and not body:
        raise MeetingRefused({"name": "Hãy ghi họ tên, hoặc khách là ai, ở đâu."})
    if name and count != 1:
        raise MeetingRefused({"count": "Ghi tên thì mỗi dòng một người. Muốn ghi số người, hãy để trống họ tên."})
    return MeetingGuest.objects.create(meeting=meeting, name=name, body=body, count=count)


@transaction.atomic
def drop_guest(*, guest: MeetingGuest) -> None:
    locked(guest.meeting)
    MeetingGuest.objects.filter(pk=guest.pk).delete()


def tally_of(rows: Iterable[Attendance]) -> Tally:
    """Counted from rows already read; asks nothing."""
    rows = list(rows)
    counts = {state: sum(row.state == state for row in rows) for state in Mark_.values}
    official = [row for row in rows if row.standing == Membership.Kind.OFFICIAL]
    return Tally(
        len(rows), counts[Mark_.PRESENT], counts[Mark_.EXCUSED], counts[Mark_.ABSENT], counts[Mark_.UNKNOWN],
        len(official), sum(row.state == Mark_.PRESENT for row in official),
    )  # fmt: skip
