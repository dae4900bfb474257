"""From draft to locked: read back and agreed, signed by secretary and chair, frozen; later a new edition.

A signature is for the content as it stood: its sha256 is kept with it, and the second signer signs the same
content or is told what to do. Nothing voids a signature silently.
"""

import datetime

from django.db import transaction

from branches.fed_books import feed_meeting
from branches.meetings.minutes import MinutesRefused, State, keep_revision, latest_edition
from branches.meetings.minutes_record import digest_of, record_of
from branches.models import Attendance, Meeting, Minutes, MinutesSignature
from branches.vietnamese import nfc

Role = MinutesSignature.Role
AWAY = (Attendance.State.EXCUSED, Attendance.State.ABSENT)
CHANGED = (
    "Nội dung biên bản vừa thay đổi sau khi bạn mở trang (chữ đã ghi, điểm danh, biểu quyết hoặc việc được giao). "
    "Hãy đọc lại bản mới dưới đây rồi làm tiếp."
)


@transaction.atomic
def read_back(*, meeting: Meeting, by, now: datetime.datetime) -> Minutes:
    """The draft is ready to be read to everybody: draft → to confirm."""
    minutes = _locked_row(meeting, State.DRAFT, makes=True)
    meeting = minutes.meeting
    errors = []
    if meeting.state != Meeting.State.HELD:
        errors.append("Cuộc họp chưa ghi là đã họp xong. Hãy kết thúc cuộc họp (ghi giờ kết thúc) trước.")
    if meeting.chair_id is None or meeting.secretary_id is None:
        errors.append("Chưa ghi ai chủ trì, ai là thư ký. Hãy sửa thông tin cuộc họp trước.")
    elif meeting.chair_id == meeting.secretary_id:
        errors.append("Chủ trì và thư ký phải là hai người. Hãy sửa thông tin cuộc họp trước.")
    away = Attendance.objects.filter(
        meeting=meeting, member__in=[meeting.chair_id, meeting.secretary_id], state__in=AWAY
    ).order_by("sort_key", "pk")
    if names := ", ".join(away.values_list("name", flat=True)):
        errors.append(f"Chủ trì hoặc thư ký đang được điểm danh là vắng ({names}). Hãy sửa điểm danh, hoặc đổi người.")
    if not Attendance.objects.filter(meeting=meeting, state=Attendance.State.PRESENT).exists():
        errors.append("Chưa điểm danh ai có mặt, nên chưa có ai để thông qua. Hãy điểm danh trước.")
    if errors:
        raise MinutesRefused(" ".join(errors))
    return _step(minutes, State.TO_CONFIRM, by=by, now=now, note="Đọc lại để thông qua")


@transaction.atomic
def agree(*, meeting: Meeting, agreed: int, seen: str, by, now: datetime.datetime) -> Minutes:
    """So many of those present agreed to what was read: to confirm → signing. `seen` is the content they heard."""
    minutes = _locked_row(meeting, State.TO_CONFIRM)
    record = record_of(minutes.meeting, minutes)
    if digest_of(record) != seen:
        raise MinutesRefused(CHANGED)
    present = record["roll"]["present"]
    if agreed > present:
        raise MinutesRefused({"agreed": f"Có mặt {present} người. Hãy ghi số không quá {present}."})
    if 2 * agreed <= present:
        raise MinutesRefused(
            {"agreed": "Chưa quá nửa số người có mặt tán thành. Hãy sửa biên bản theo ý kiến rồi đọc lại."}
        )
    minutes.agreed_by_present = agreed
    return _step(minutes, State.SIGNING, by=by, now=now, note=f"Thông qua: {agreed}/{present} người có mặt tán thành")


def roles_of(meeting: Meeting, user, *, may_record: bool) -> dict[str, str]:
    """As whom this account may sign: {role: "self" or "paper"}.

    One's own account signs for oneself only; who keeps the minutes may say that the paper in hand is signed.
    """
    own = getattr(user, "member_id", None)
    people = {Role.SECRETARY: meeting.secretary_id, Role.CHAIR: meeting.chair_id}
    return {
        role: "self" if own is not None and own == member else "paper"
        for role, member in people.items()
        if member is not None and (may_record or (own is not None and own == member))
    }


@transaction.atomic
def sign(*, meeting: Meeting, role: str, seen: str, by, now: datetime.datetime) -> Minutes:
    """Sign for secretary or chair; the second of the two locks the minutes and freezes their content.

    Signing twice for one role changes nothing. `seen` is the content the signer had before them.
    """
    minutes = _locked_row(meeting, State.SIGNING, State.LOCKED)
    may_record = Minutes.objects.editable_by(by).filter(pk=minutes.pk).exists()
    how = roles_of(minutes.meeting, by, may_record=may_record).get(role)
    if how is None:
        raise MinutesRefused("Bạn không phải là chủ trì hay thư ký của cuộc họp này, nên không ký thay được.")
    signed = {one.role: one for one in MinutesSignature.objects.filter(minutes=minutes)}
    if role in signed:
        return minutes
    record = record_of(minutes.meeting, minutes)
    digest = digest_of(record)
    if digest != seen:
        raise MinutesRefused(CHANGED)
    for one in signed.values():
        if one.sha256 != digest:
            raise MinutesRefused(
                f"Sau khi {one.name} ký, nội dung cuộc họp đã đổi (điểm danh, biểu quyết hoặc việc được giao). "
                "Hãy mở lại biên bản (ghi lý do), đọc lại để thông qua rồi ký lại."
            )
    signer = minutes.meeting.chair if role == Role.CHAIR else minutes.meeting.secretary
    MinutesSignature.objects.create(
        minutes=minutes, role=role, name=signer.full_name, signed_by=by, on_paper=how == "paper", signed_at=now,
        sha256=digest,
    )  # fmt: skip
    if len(signed) + 1 == len(Role):
        minutes.state, minutes.frozen, minutes.sha256, minutes.locked_at = State.LOCKED, record, digest, now
        minutes.claim(minutes.version)
        minutes.save()
        feed_meeting(minutes.meeting, only_signed=True)
    return minutes


@transaction.atomic
def reopen(*, meeting: Meeting, reason: str, by, now: datetime.datetime) -> Minutes:
    """Back to the draft before it is locked: signatures given so far are taken back, and the history says why."""
    minutes = _locked_row(meeting, State.TO_CONFIRM, State.SIGNING)
    reason = _reason(reason)
    signed = MinutesSignature.objects.filter(minutes=minutes).order_by("role")
    names = ", ".join(one.name for one in signed)
    signed.delete()
    minutes.agreed_by_present = None
    taken = f"Mở lại, rút chữ ký của {names}" if names else "Mở lại"
    return _step(minutes, State.DRAFT, by=by, now=now, note=f"{taken}: {reason}"[:400])


@transaction.atomic
def new_edition(*, meeting: Meeting, reason: str, by, now: datetime.datetime) -> Minutes:
    """A change after locking is a new edition with its reason; the old one stays as it was signed."""
    old = _locked_row(meeting, State.LOCKED)
    minutes = Minutes(
        meeting=old.meeting, edition=old.edition + 1, reason=_reason(reason), number=old.number, texts=old.texts
    )
    minutes.save()
    note = f"Lập bản {minutes.edition} từ bản {old.edition}"
    keep_revision(minutes, old.texts, by=by, now=now, note=note)
    return minutes


@transaction.atomic
def set_number(*, meeting: Meeting, number: str, by, now: datetime.datetime) -> Minutes:
    """The number of the paper; blank is a dotted line to fill by hand."""
    minutes = latest_edition(meeting)
    if minutes is None or minutes.state == State.DRAFT:
        minutes = _locked_row(meeting, State.DRAFT, makes=True)
    else:
        minutes = _locked_row(meeting, State.DRAFT, State.TO_CONFIRM)
    minutes.number = nfc(number)
    minutes.claim(minutes.version)
    minutes.save()
    return minutes


def _reason(text: str) -> str:
    if not (reason := nfc(text)):
        raise MinutesRefused({"reason": "Hãy ghi lý do, để người đọc sau biết vì sao."})
    return reason[:300]


def _locked_row(meeting: Meeting, *states: str, makes: bool = False) -> Minutes:
    """The newest edition, locked, at one of these steps, with a fresh meeting."""
    meeting = (
        Meeting.objects.select_for_update(of=("self",), no_key=True)
        .select_related("unit", "chair", "secretary")
        .get(pk=meeting.pk)
    )
    minutes = Minutes.objects.select_for_update().filter(meeting=meeting).order_by("-edition").first()
    if minutes is None and makes:
        minutes = Minutes(meeting=meeting)
        minutes.save()
    if minutes is None:
        raise MinutesRefused("Cuộc họp này chưa có biên bản. Hãy ghi biên bản trước.")
    if minutes.state not in states:
        raise MinutesRefused(f"Biên bản đã chuyển bước: {minutes.get_state_display().lower()}. Hãy mở lại trang.")
    minutes.meeting = meeting
    return minutes


def _step(minutes: Minutes, state: str, *, by, now: datetime.datetime, note: str) -> Minutes:
    minutes.state = state
    keep_revision(minutes, minutes.texts, by=by, now=now, note=note)
    return minutes
