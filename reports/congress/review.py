"""What the house counted about the work of a committee over its term: numbers only, nobody is named."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q

from branches.dues.arrears import Figures, dues_figures
from branches.dues.months import first_of
from branches.meetings.attendance import AttendanceFigures, attendance_figures
from branches.models import Attendance, Direction, Meeting, PaperNumber, Period, Proposal, Task, Unit
from branches.numbering import TYPE_WORDS


@dataclass(frozen=True, slots=True)
class Review:
    """The figures of one unit from the first day of the term to `until`; money in đồng.

    `present` of `marked` are turns of attending the committee's own meetings. `papers` counts numbers used in the
    register, by kind of paper.
    """

    until: datetime.date
    meetings: AttendanceFigures
    committee_held: int
    committee_planned: int
    present: int
    marked: int
    papers: tuple[tuple[str, int], ...]
    tasks_given: int
    tasks_done: int
    tasks_dropped: int
    directions: int
    directions_answered: int
    proposals: int
    proposals_agreed: int
    dues: Figures


def review_of(unit: Unit, term: Period, *, as_of: datetime.date) -> Review:
    """Read it, in a number of queries that does not grow."""
    until = min(as_of, term.last_day)
    day_after = until + datetime.timedelta(days=1)
    span = Period(kind=term.kind, unit=unit, name=term.name, starts_on=term.starts_on, ends_on=day_after)
    own = Meeting.objects.filter(unit=unit, kind=Meeting.Kind.COMMITTEE).between(term.starts_on, day_after)
    held = own.aggregate(all=Count("pk"), held=Count("pk", filter=Q(state=Meeting.State.HELD)))
    turns = Attendance.objects.filter(meeting__in=own.held()).aggregate(
        present=Count("pk", filter=Q(state=Attendance.State.PRESENT)),
        marked=Count("pk", filter=~Q(state=Attendance.State.UNKNOWN)),
    )
    tasks = Task.objects.filter(unit=unit, given_on__gte=term.starts_on, given_on__lte=until).aggregate(
        given=Count("pk"),
        done=Count("pk", filter=Q(state=Task.State.ACCEPTED, closed_on__lte=until)),
        dropped=Count("pk", filter=Q(state=Task.State.DROPPED, closed_on__lte=until)),
    )
    asked = Direction.objects.standing(until).filter(
        unit=unit, given_on__gte=term.starts_on, given_on__lte=until
    ).aggregate(given=Count("pk"), answered=Count("pk", filter=~Q(answer="") & Q(answered_on__lte=until)))  # fmt: skip
    sent = Proposal.objects.filter(unit=unit, sent_on__gte=term.starts_on, sent_on__lte=until).aggregate(
        sent=Count("pk"), agreed=Count("pk", filter=Q(state=Proposal.State.AGREED, answered_on__lte=until))
    )
    return Review(
        until=until,
        meetings=attendance_figures([unit], span)[unit.pk],
        committee_held=held["held"],
        committee_planned=held["all"],
        present=turns["present"],
        marked=turns["marked"],
        papers=_papers(unit, term, until),
        tasks_given=tasks["given"],
        tasks_done=tasks["done"],
        tasks_dropped=tasks["dropped"],
        directions=asked["given"],
        directions_answered=asked["answered"],
        proposals=sent["sent"],
        proposals_agreed=sent["agreed"],
        dues=dues_figures([unit], span, until=first_of(until)),
    )


def _papers(unit: Unit, term: Period, until: datetime.date) -> tuple[tuple[str, int], ...]:
    used = PaperNumber.objects.filter(
        book__unit=unit, book__body="", state=PaperNumber.State.USED, dated_on__gte=term.starts_on, dated_on__lte=until
    )
    counts = used.order_by("book__type_code").values_list("book__type_code").annotate(count=Count("pk"))
    return tuple((TYPE_WORDS.get(code, code), count) for code, count in counts)
