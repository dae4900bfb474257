"""Meetings of the access test's branch: one to come, one under way, one held, one not held; its calendar."""

import datetime

from django.utils import timezone

from branches.meetings.feeds import make_feed
from branches.models import Admission, AgendaItem, Attendance, Ballot, Conclusion, Meeting, MeetingGuest, Task

THEN = timezone.make_aware(datetime.datetime.combine(datetime.date(2026, 10, 16), datetime.time(17)))


def add_meetings(world) -> None:
    secretary = world.accounts["secretary"]
    said = {"unit": world.own, "created_by": secretary, "title": "Sinh hoạt chi đoàn"}
    world.coming_meeting = Meeting.objects.create(starts_at=timezone.now() + datetime.timedelta(days=9), **said)
    world.open_meeting = Meeting.objects.create(starts_at=THEN, state="open", roll_opened_at=THEN, **said)
    for one in (world.member, world.other_member):
        world.attendance = Attendance.objects.create(
            meeting=world.open_meeting, member=one, name=one.full_name, sort_key=one.sort_key
        )
    world.held_meeting = Meeting.objects.create(
        starts_at=THEN, ends_at=THEN + datetime.timedelta(hours=1), state="held", **said
    )
    world.cancelled_meeting = Meeting.objects.create(starts_at=THEN, state="cancelled", cancel_reason="Mưa bão", **said)
    world.meeting_guest = MeetingGuest.objects.create(meeting=world.open_meeting, name="Người khách", body="Chi ủy")
    world.agenda_item = AgendaItem.objects.create(
        meeting=world.open_meeting, position=1, kind="vote", title="Xét kết nạp", admission=world.applicant
    )
    world.second_item = AgendaItem.objects.create(meeting=world.open_meeting, position=2, title="Việc khác")
    world.conclusion_of_item = Conclusion.objects.create(item=world.agenda_item, position=1, text="Thống nhất")
    world.ballot = Ballot.objects.create(
        item=world.agenda_item, question="Kết nạp", decision="admission", means="hand", entitled=2, present=2,
        votes_for=2, written_by=secretary,
    )  # fmt: skip
    world.calendar = make_feed(unit=world.own, by=secretary)


def meetings_objects(world) -> dict:
    """Address → the object it is about."""
    of_the_open = ("meeting", "meeting_roll", "meeting_roll_batch", "meeting_roll_add", "meeting_guests",
                   "meeting_agenda", "meeting_close", "meeting_ics", "meeting_edit")  # fmt: skip
    found = {f"branches:{name}": world.open_meeting for name in of_the_open}
    return found | {
        "branches:meeting_cancel": world.coming_meeting,
        "branches:meeting_invite": world.coming_meeting,
        "branches:meeting_take_back": world.cancelled_meeting,
        "branches:meeting_reopen": world.held_meeting,
        "branches:meeting_item": world.second_item,
        "branches:meeting_conclude": world.agenda_item,
        "branches:meeting_vote": world.agenda_item,
        "branches:meeting_conclusion": world.conclusion_of_item,
        "branches:meeting_ballot": world.ballot,
    }


def add_far_meetings(far) -> None:
    """The same in another branch: what no form of the first may take."""
    by = far.account
    meeting = Meeting.objects.create(
        unit=far.unit, title="Nơi khác", starts_at=THEN, state="open", roll_opened_at=THEN, created_by=by
    )
    far.meeting = meeting
    far.admission = Admission.objects.create(
        unit=far.unit, full_name="Nơi khác", birth_date=datetime.date(2009, 1, 1),
        applied_on=datetime.date(2026, 9, 1), introduced_by="Nơi khác", written_by=by,
    )  # fmt: skip
    far.attendance = Attendance.objects.create(meeting=meeting, member=far.member, name="Nơi khác", sort_key="x")
    far.meeting_guest = MeetingGuest.objects.create(meeting=meeting, name="Nơi khác")
    far.agenda_item, _ = (
        AgendaItem.objects.create(meeting=meeting, position=place, title="Nơi khác") for place in (1, 2)
    )
    far.ballot = Ballot.objects.create(
        item=far.agenda_item, question="Nơi khác", decision="party", entitled=3, present=3, votes_for=3, written_by=by
    )
    far.task = Task.objects.create(unit=far.unit, text="Nơi khác", owner=far.member, given_on=meeting.day, given_by=by)
