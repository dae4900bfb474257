"""How a recommendation stood on a day: open, late by how much, accepted, or ended. The one place that says so.

Today's columns tell today's dates; a date may have moved since. What was agreed later than the day is taken back
from the requests and checks themselves, so that the sums of a past day do not change when a date moves afterwards.
Rows are plain: a page that asks many things together (branches/together.py) brings them as columns.
"""

import datetime

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.db.models.functions import Coalesce

from inspections.models import Check, ExtensionRequest, Finding, Inspection, Recommendation, UnitAnswer
from inspections.terms import due_days

State = Recommendation.State
TO_MONTH, TO_QUARTER = 30, 90  # whole days late: the steps of the board
# What `standing_of` reads of a row from `as_of_day`.
COLUMNS = (
    "state", "due_on", "original_due_on", "ended_on", "accepted_on", "accepted_until", "recurs", "recurs_until",
    "is_moved_later", "due_before_move", "extended_then", "met_then", "is_met_later", "answered_since",
    "answered_unchecked",
)  # fmt: skip


class Standing(TextChoices):
    """Where an open recommendation stands; every one has exactly one of these."""

    AHEAD = "con-han", "Chưa quá hạn"
    MONTH = "qua-han-30", "Quá hạn đến 30 ngày"
    QUARTER = "qua-han-90", "Quá hạn 31 đến 90 ngày"
    LONGER = "qua-han-tren-90", "Quá hạn trên 90 ngày"
    NO_DATE = "khong-han", "Không đặt hạn"
    ACCEPTED = "chap-nhan", "Chấp nhận chưa thực hiện"


LATE = (Standing.MONTH, Standing.QUARTER, Standing.LONGER)


def as_of_day(rows: QuerySet, on: datetime.date) -> QuerySet:
    """Recommendations whose notice had gone out by the day, with what `standing_of` needs to know beside them."""
    of_row = {"recommendation": OuterRef("pk")}
    agreed = ExtensionRequest.objects.filter(**of_row, state=ExtensionRequest.State.AGREED)
    later = agreed.filter(decided_on__gt=on)
    met = Check.objects.filter(**of_row, verdict=Check.Verdict.ADEQUATE)
    met_then = met.filter(checked_on__lte=on).order_by().values("recommendation").annotate(count=Count("pk"))
    return rows.filter(inspection__state__in=Inspection.NOTIFIED, inspection__concluded_on__lte=on).annotate(
        is_moved_later=Exists(later),
        due_before_move=Subquery(later.order_by("pk").values("due_before")[:1]),
        extended_then=Subquery(agreed.filter(decided_on__lte=on).order_by("-pk").values("agreed_due_on")[:1]),
        met_then=Coalesce(Subquery(met_then.values("count")), 0, output_field=IntegerField()),
        is_met_later=Exists(met.filter(checked_on__gt=on)), answered_unchecked=_unchecked(on),
        answered_since=Exists(
            UnitAnswer.objects.filter(**of_row, answered_on__lte=on, answered_on__gte=OuterRef("accepted_on"))
        ),
    )  # fmt: skip


def _unchecked(on: datetime.date) -> Exists:
    """Whether the unit had said by the day that it is done, and no check had yet told whether it is.

    A check answers the newest answer and with it those before; one that only asks for a look on the spot tells nothing.
    """
    told = Check.objects.filter(
        recommendation=OuterRef("recommendation"), verdict__in=(Check.Verdict.ADEQUATE, Check.Verdict.NOT_ADEQUATE),
        checked_on__lte=on, answer__gte=OuterRef("pk"),
    )  # fmt: skip
    return Exists(UnitAnswer.objects.filter(~Exists(told), recommendation=OuterRef("pk"), answered_on__lte=on))


def waits_for_check(row, on: datetime.date) -> bool:
    """Done, said the unit, and nobody had checked. Since an acceptance the answers before it wait no more."""
    is_eased = row.state == State.ACCEPTED and row.accepted_on <= on
    return row.answered_unchecked and not is_eased


def with_class(rows: QuerySet) -> QuerySet:
    """With the gravest class of finding behind each: a violation, else a shortcoming, else nothing."""
    behind = Finding.objects.filter(recommendations=OuterRef("pk"))
    return rows.annotate(
        of_violation=Exists(behind.filter(kind=Finding.Class.VIOLATION)),
        of_shortcoming=Exists(behind.filter(kind=Finding.Class.SHORTCOMING)),
    )


def due_then(row) -> datetime.date | None:
    """The agreed date as it was on the day of `as_of_day`."""
    if row.recurs and row.is_met_later:
        days = [*due_days(row), None]
        term, following = days[row.met_then], days[row.met_then + 1]
        extended = row.extended_then
        is_of_term = extended is not None and extended > term and (following is None or extended < following)
        return extended if is_of_term else term
    return row.due_before_move if row.is_moved_later else row.due_on


def is_accepted_then(row, on: datetime.date) -> bool:
    if row.accepted_on is None or not row.accepted_on <= on <= row.accepted_until:
        return False
    if row.state == State.ACCEPTED:
        return True
    # Something ended it early since: an answer, a check, its own last day.
    return row.accepted_until > on and not row.answered_since


def days_late_then(row, on: datetime.date) -> int:
    """Whole days late on the day, as Recommendation.days_late counts them; 0 for what had ended by then."""
    due = due_then(row)
    if due is None or (row.ended_on is not None and row.ended_on <= on):
        return 0
    if row.accepted_on is not None and row.accepted_on <= on:
        due = max(due, row.accepted_until)
    return max(0, (on - due).days)


def standing_of(row, on: datetime.date) -> Standing | None:
    """Where it stood on the day; None once it had ended."""
    if row.ended_on is not None and row.ended_on <= on:
        return None
    if is_accepted_then(row, on):
        return Standing.ACCEPTED
    if due_then(row) is None:
        return Standing.NO_DATE
    late = days_late_then(row, on)
    if not late:
        return Standing.AHEAD
    return Standing.MONTH if late <= TO_MONTH else Standing.QUARTER if late <= TO_QUARTER else Standing.LONGER


def ended_in(row, first: datetime.date, on: datetime.date) -> bool:
    """Whether a check closed it between the two days, both counted."""
    return row.state == State.CLOSED and row.ended_on is not None and first <= row.ended_on <= on


def of_committees(unit) -> Q:
    """Recommendations of the inspection committees at the unit and below it: who inspected, by today's tree."""
    return Q(inspection__programme__unit__path__startswith=unit.path)
