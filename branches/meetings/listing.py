"""A year of meetings of one unit, month by month, with who was there."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Count, Prefetch, Q

from branches.models import Attendance, Meeting, Minutes, Unit

MOST = 200  # meetings of a unit in a year
PRESENT = Q(attendance__state=Attendance.State.PRESENT)
MARKED = ~Q(attendance__state=Attendance.State.UNKNOWN) & Q(attendance__isnull=False)


@dataclass
class Month:
    """`silent`: the month is over and nobody wrote down a meeting of the whole branch, nor that there was none."""

    number: int
    year: int
    meetings: list[Meeting] = field(default_factory=list)
    silent: bool = False


def meetings_of_year(unit: Unit, year: int, *, kind: str = "", state: str = "") -> list[Meeting]:
    """Newest first, each with `present` of `listed` and its `latest_minutes`. Two queries."""
    found = Meeting.objects.filter(unit=unit).between(datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1))
    if kind in Meeting.Kind.values:
        found = found.filter(kind=kind)
    if state in Meeting.State.values:
        found = found.filter(state=state)
    latest = Prefetch("minutes", queryset=Minutes.objects.latest_edition(), to_attr="latest_minutes")
    return list(
        found.annotate(
            present=Count("attendance", filter=PRESENT),
            listed=Count("attendance"),
            marked=Count("attendance", filter=MARKED),
        )
        .prefetch_related(latest)
        .order_by("-starts_at", "-pk")[:MOST]
    )


def months_of(meetings: list[Meeting], year: int, today: datetime.date, *, is_filtered: bool) -> list[Month]:
    """Newest month first. Unless a filter hides meetings, months that are over and silent are among them."""
    months: dict[int, Month] = {}
    for one in meetings:
        months.setdefault(one.day.month, Month(one.day.month, year)).meetings.append(one)
    if not is_filtered and meetings:
        last = 12 if year < today.year else today.month - 1 if year == today.year else 0
        for number in range(1, last + 1):
            month = months.setdefault(number, Month(number, year))
            month.silent = not any(
                one.kind in Meeting.OF_ALL and one.state != Meeting.State.PLANNED for one in month.meetings
            )
    return sorted(months.values(), key=lambda month: -month.number)
