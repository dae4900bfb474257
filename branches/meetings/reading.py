"""Who reads minutes: whoever reads the meeting, except where it spoke about single people."""

from django.db.models import Prefetch

from branches.meetings.minutes_text import CLOSED_KINDS
from branches.models import Meeting, Minutes

MEETINGS = Meeting.objects.select_related("unit", "chair", "secretary")
MINUTES = Minutes.objects.select_related("meeting__unit", "meeting__chair", "meeting__secretary")
# Assessment and discipline: those who keep the register or approve, as for the assessments themselves.
CLOSED_RIGHTS = ("record", "approve")


def rights_to_read(meeting: Meeting) -> tuple[str, ...]:
    return CLOSED_RIGHTS if meeting.kind in CLOSED_KINDS else Minutes.objects.all().read_rights


def with_minutes(meetings):
    """The meetings with their editions, without texts: for lists and the page of a meeting. One query more."""
    return meetings.prefetch_related(Prefetch("minutes", Minutes.objects.defer("texts", "frozen")))
