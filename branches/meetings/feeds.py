"""Meetings for a calendar: one as a file, and a unit's as a feed behind a secret address that can be renewed."""

import datetime
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from icalendar import Calendar, Event

from branches.link_secrets import hash_of
from branches.models import Activity, CalendarFeed, Meeting, Unit

PRODUCT = "-//Doan quan ly//Lich sinh hoat//VI"
USUAL_LENGTH = datetime.timedelta(minutes=90)  # calendars want an end; replaced by the real one when it is known
BACK = datetime.timedelta(days=92)
MOST = 400
# Whose names say nothing about a person in a calendar that many can read; the others go by their kind.
NAMED = (Meeting.Kind.BRANCH, Meeting.Kind.THEMATIC, Meeting.Kind.COMMITTEE, Meeting.Kind.OTHER)


@transaction.atomic
def make_feed(*, unit: Unit, by) -> str:
    """The secret of a new address; the one before stops working. It is given back this once."""
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    token = secrets.token_urlsafe(24)
    CalendarFeed.objects.update_or_create(unit=unit, defaults={"token_hash": hash_of(token), "made_by": by})
    return token


@transaction.atomic
def drop_feed(*, unit: Unit) -> None:
    """The address stops working and there is no new one."""
    CalendarFeed.objects.filter(unit=unit).delete()


def feed_of(token: str) -> CalendarFeed | None:
    return CalendarFeed.objects.select_related("unit").filter(token_hash=hash_of(token)).first()


def feed_text(feed: CalendarFeed, *, now: datetime.datetime) -> bytes:
    """The unit's meetings and planned activities. No names, no agenda; discipline is left out. Two queries."""
    since = now - BACK
    meetings = Meeting.objects.filter(unit=feed.unit_id, starts_at__gte=since).exclude(kind=Meeting.Kind.DISCIPLINE)
    activities = Activity.objects.filter(
        unit=feed.unit_id, state=Activity.State.PLANNED, nature=Activity.Nature.ACTIVITY,
        last_on__gte=timezone.localdate(since),
    )  # fmt: skip
    return calendar_of(
        meetings.order_by("starts_at", "pk")[:MOST],
        activities=activities.order_by("starts_on", "pk")[:MOST],
        name=feed.unit.name,
        now=now,
        is_feed=True,
    )


def calendar_of(
    meetings: Iterable[Meeting],
    *,
    now: datetime.datetime,
    activities: Iterable[Activity] = (),
    name: str = "",
    agenda: Iterable[str] = (),
    is_feed: bool = False,
) -> bytes:
    """An iCalendar file. A meeting keeps its UID for good; each change raises its SEQUENCE."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("x-wr-calname", name)
    for one in meetings:
        calendar.add_component(_meeting(one, now, list(agenda), is_feed))
    for one in activities:
        calendar.add_component(_activity(one, now))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _meeting(meeting: Meeting, now: datetime.datetime, agenda: list[str], is_feed: bool) -> Event:
    event, zone = Event(), timezone.get_default_timezone()
    starts_at = meeting.starts_at.astimezone(zone)
    named = not is_feed or meeting.kind in NAMED
    event.add("uid", f"hop-{meeting.pk}@doanquanly")
    event.add("sequence", meeting.version - 1)
    event.add("dtstamp", now.astimezone(datetime.UTC))
    event.add("dtstart", starts_at)
    event.add("dtend", meeting.ends_at.astimezone(zone) if meeting.ends_at else starts_at + USUAL_LENGTH)
    event.add("summary", meeting.title if named else meeting.get_kind_display())
    event.add("status", "CANCELLED" if meeting.state == Meeting.State.CANCELLED else "CONFIRMED")
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.link and not is_feed:
        event.add("url", meeting.link)
    if agenda:
        event.add("description", "\n".join(f"{number}. {title}" for number, title in enumerate(agenda, start=1)))
    return event


def _activity(activity: Activity, now: datetime.datetime) -> Event:
    """All day long, from the first to the last day; the end of such an event is the day after."""
    event = Event()
    event.add("uid", f"hoat-dong-{activity.pk}@doanquanly")
    event.add("sequence", activity.version - 1)
    event.add("dtstamp", now.astimezone(datetime.UTC))
    event.add("dtstart", activity.starts_on)
    event.add("dtend", activity.last_on + datetime.timedelta(days=1))
    event.add("summary", activity.title)
    event.add("status", "CONFIRMED")
    if activity.place:
        event.add("location", activity.place)
    return event
