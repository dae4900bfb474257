"""Minutes of the access test's branch: one being typed, one with two saves, one being signed, one locked."""

import datetime

from branches.meetings.minutes import Typed, save_texts
from branches.meetings.minutes_record import digest_of, record_of
from branches.meetings.reading import MEETINGS
from branches.meetings.signing import agree, read_back, sign
from branches.models import Attendance, Meeting, Minutes

from .meetings_world import THEN

AFTER = THEN + datetime.timedelta(hours=2)


def add_minutes(world) -> None:
    world.minutes_draft, world.minutes_saved, world.minutes_signing, world.minutes_locked = (
        _minutes(world, step) for step in ("draft", "saved", "signing", "locked")
    )


def _minutes(world, step: str) -> Minutes:
    by = world.accounts["secretary"]
    made = Meeting.objects.create(
        unit=world.own, created_by=by, title=f"Sinh hoạt {step}", starts_at=THEN, state="held",
        ends_at=THEN + datetime.timedelta(hours=1), chair=world.other_member, secretary=world.member,
    )  # fmt: skip
    Attendance.objects.create(
        meeting=made, member=world.other_member, name=world.other_member.full_name, sort_key="a", state="present",
        marked_at=THEN, marked_by=by,
    )  # fmt: skip
    said = {"meeting": made, "by": by, "edition": 1, "now": AFTER, "on": THEN.date()}
    minutes = save_texts(typed={"wishes": Typed("Ý kiến", 0)}, **said).minutes
    if step == "saved":
        save_texts(typed={"wishes": Typed("Ý kiến khác", 1)}, **said)
    if step in ("signing", "locked"):
        read_back(meeting=made, by=by, now=AFTER)
        agree(meeting=made, agreed=1, seen=_seen(made), by=by, now=AFTER)
    if step == "locked":
        for role in ("chair", "secretary"):
            sign(meeting=made, role=role, seen=_seen(made), by=by, now=AFTER)
    minutes.refresh_from_db()
    return minutes


def _seen(meeting) -> str:
    return digest_of(record_of(MEETINGS.get(pk=meeting.pk), Minutes.objects.get(meeting=meeting)))


def minutes_objects(world) -> dict:
    """Address → the object it is about."""
    return {
        "branches:minutes": world.minutes_draft.meeting,
        "branches:minutes_confirm": world.minutes_draft.meeting,
        "branches:minutes_number": world.minutes_draft.meeting,
        "branches:minutes_writers": world.minutes_draft.meeting,
        "branches:minutes_sign": world.minutes_signing.meeting,
        "branches:minutes_reopen": world.minutes_signing.meeting,
        "branches:minutes_new_edition": world.minutes_locked.meeting,
        "branches:minutes_edition": world.minutes_locked,
        "branches:minutes_history": world.minutes_saved,
        "branches:minutes_restore": world.minutes_saved,
        "reports:minutes_pdf": world.minutes_locked,
        "reports:minutes_docx": world.minutes_locked,
    }
