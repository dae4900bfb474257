"""A branch that meets: its secretary's account, some members, and a meeting of 20/11/2026 at 17:00."""

import datetime

from django.utils import timezone

from branches.meetings.planning import plan_meeting
from branches.meetings.roll import Mark, mark_roll, open_roll
from branches.models import Attendance, Meeting
from tests.factories import MemberFactory, UnionFactory, UnitFactory, account_at

DAY = datetime.date(2026, 11, 20)
TODAY = datetime.date(2026, 11, 22)


def at(hour: int, minute: int = 0, day: datetime.date = DAY) -> datetime.datetime:
    """A moment in Vietnam."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, minute)))


OPENED = at(16, 50)


class MeetingScene:
    """`members` are in the order of the roll: by given name, An 01, An 02, …"""

    def __init__(self, size: int = 4, **unit):
        self.unit = UnitFactory(**({"superior": UnionFactory(), "kind": "grassroots_branch"} | unit))
        self.secretary = account_at(self.unit)
        self.members = [MemberFactory(home=self.unit, full_name=f"Lê An {number:02}") for number in range(1, size + 1)]

    def plan(self, **said) -> Meeting:
        values = {
            "unit": self.unit, "by": self.secretary, "kind": "branch", "title": "Sinh hoạt chi đoàn tháng 11/2026",
            "starts_at": at(17), "form": "in_person", "place": "Phòng họp tầng 3",
        }  # fmt: skip
        return plan_meeting(**values | said)

    def open(self, **said) -> Meeting:
        meeting = self.plan(**said)
        return open_roll(meeting=meeting, now=min(OPENED, meeting.starts_at))

    def rows(self, meeting) -> list[Attendance]:
        return list(Attendance.objects.filter(meeting=meeting).order_by("sort_key", "pk"))

    def mark(self, meeting, *states: str, now=None) -> None:
        """Mark the roll from its beginning: "present", "excused", "absent", or "" to leave somebody out."""
        now = now or at(17, 5)
        marks = [Mark(row.pk, state, now) for row, state in zip(self.rows(meeting), states, strict=False) if state]
        mark_roll(meeting=meeting, marks=marks, by=self.secretary, now=now)

    def states(self, meeting) -> list[str]:
        return [row.state for row in self.rows(meeting)]
