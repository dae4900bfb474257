"""Figures of meetings: how many were held, who came. Everybody else asks here and counts nothing again.

Counted are meetings of the whole branch (`Meeting.OF_ALL`) that were held; the committee meets beside them.
Not marked is not absent: a name that nobody marked is in neither part of a share, and is told apart. Shares
are two whole numbers, never a percentage. Somebody staying for a while counts at home, so only official
standing is in a share.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from branches.models import Attendance, Meeting, Membership, Unit

PRESENT = Q(state=Attendance.State.PRESENT)
EXCUSED = Q(state=Attendance.State.EXCUSED)
ABSENT = Q(state=Attendance.State.ABSENT)
UNKNOWN = Q(state=Attendance.State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class AttendanceFigures:
    """One unit's meetings over a span. `present` of `marked` are turns of attending, not people.

    `planned` are all that were called: held, cancelled with a reason, and those nobody has closed yet.
    `average_present` is worded by the caller as `present` on `rolls` meetings; `unknown` were not marked.
    """

    held: int = 0
    cancelled: int = 0
    undecided: int = 0
    rolls: int = 0
    present: int = 0
    marked: int = 0
    unknown: int = 0

    @property
    def planned(self) -> int:
        return self.held + self.cancelled + self.undecided


def counted(starts_on: datetime.date, ends_on: datetime.date):
    """Meetings of a whole branch that were held from `starts_on` to before `ends_on`."""
    return Meeting.objects.held().filter(kind__in=Meeting.OF_ALL).between(starts_on, ends_on)


def attendance_of(
    member_ids: Iterable[int], starts_on: datetime.date, ends_on: datetime.date
) -> dict[int, tuple[int, int]]:
    """{member: (present, of)}: of the meetings held on whose roster they were officially and marked.

    `ends_on` is exclusive. Every member asked for has a line, (0, 0) when there was nothing. One query.
    """
    found = _per_member(member_ids, starts_on, ends_on, present=PRESENT, of=~UNKNOWN)
    return {pk: (row["present"], row["of"]) for pk, row in found.items()}


def missed_of(
    member_ids: Iterable[int], starts_on: datetime.date, ends_on: datetime.date
) -> dict[int, tuple[int, int, int]]:
    """{member: (missed without a reason, excused, of)} of the same meetings as `attendance_of`. One query."""
    found = _per_member(member_ids, starts_on, ends_on, missed=ABSENT, excused=EXCUSED, of=~UNKNOWN)
    return {pk: (row["missed"], row["excused"], row["of"]) for pk, row in found.items()}


def unmarked_of(member_ids: Iterable[int], starts_on: datetime.date, ends_on: datetime.date) -> dict[int, int]:
    """{member: meetings held on whose roster they were and that nobody marked them at}. One query."""
    return {pk: row["unknown"] for pk, row in _per_member(member_ids, starts_on, ends_on, unknown=UNKNOWN).items()}


def _per_member(member_ids, starts_on, ends_on, **columns: Q) -> dict[int, dict[str, int]]:
    wanted = list(dict.fromkeys(member_ids))
    rows = (
        Attendance.objects.filter(
            member__in=wanted, standing=Membership.Kind.OFFICIAL, meeting__in=counted(starts_on, ends_on)
        )
        .order_by("member_id")
        .values("member_id")
        .annotate(**{name: Count("pk", filter=condition) for name, condition in columns.items()})
    )
    found = {pk: dict.fromkeys(columns, 0) for pk in wanted}
    for row in rows:
        found[row["member_id"]] = {name: row[name] for name in columns}
    return found


def attendance_figures(units: Iterable[Unit | int], period) -> dict[int, AttendanceFigures]:
    """{unit: its own meetings over the period}: nothing of the units below it. Two queries, none without a unit.

    `period` has `starts_on` (inclusive) and `ends_on` (exclusive).
    """
    ids = [getattr(unit, "pk", unit) for unit in units]
    found = {pk: {} for pk in ids}
    if not ids:
        return {}
    State = Meeting.State
    meetings = Meeting.objects.filter(unit__in=ids, kind__in=Meeting.OF_ALL)
    for row in (
        meetings.between(period.starts_on, period.ends_on)
        .order_by("unit_id")
        .values("unit_id")
        .annotate(
            held=Count("pk", filter=Q(state=State.HELD)),
            cancelled=Count("pk", filter=Q(state=State.CANCELLED)),
            undecided=Count("pk", filter=Q(state__in=[State.PLANNED, State.OPEN])),
        )
    ):
        found[row.pop("unit_id")] |= row
    held = counted(period.starts_on, period.ends_on).filter(unit__in=ids)
    for row in (
        Attendance.objects.filter(meeting__in=held, standing=Membership.Kind.OFFICIAL)
        .order_by("meeting__unit_id")
        .values("meeting__unit_id")
        .annotate(
            rolls=Count("meeting", filter=~UNKNOWN, distinct=True),
            present=Count("pk", filter=PRESENT),
            marked=Count("pk", filter=~UNKNOWN),
            unknown=Count("pk", filter=UNKNOWN),
        )
    ):
        found[row.pop("meeting__unit_id")] |= row
    return {pk: AttendanceFigures(**parts) for pk, parts in found.items()}
