"""Recommendations after inspections, counted for a page or a paper: how many are done, open and overdue."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace

from django.db.models import Count, Q, QuerySet

from branches.models import Period
from branches.tree import Scope
from inspections.models import Inspection, Recommendation


@dataclass(frozen=True, slots=True)
class Recommendations:
    """Recommendations of concluded inspections, counted only."""

    closed: int = 0
    open: int = 0
    overdue: int = 0

    @property
    def total(self) -> int:
        return self.closed + self.open


def recommendations_of(scope: Scope, period: Period, *, as_of: datetime.date) -> Recommendations:
    """Those closed within the period, and those still open on its last day or on `as_of`. One query.

    What was closed or withdrawn later was still open then; what was withdrawn before is in neither.
    """
    return added_up(SimpleNamespace(**row) for row in counted(scope, period, as_of=as_of))


def counted(scope: Scope, period: Period, *, as_of: datetime.date) -> QuerySet:
    """The query of `recommendations_of`, a row for each state, for a page that asks several things together."""
    until = min(as_of, period.last_day)
    is_open = Q(ended_on=None) | Q(ended_on__gt=until)
    rows = Recommendation.objects.filter(
        scope.on(until, "inspection__unit__"),
        inspection__state__in=Inspection.NOTIFIED,
        inspection__concluded_on__lte=until,
    )
    ended = Q(state=Recommendation.State.CLOSED, ended_on__gte=period.starts_on, ended_on__lte=until)
    return rows.order_by().values("state").annotate(
        closed=Count("pk", filter=ended),
        open=Count("pk", filter=is_open),
        overdue=Count("pk", filter=is_open & Q(due_on__lt=until)),
    )  # fmt: skip


def added_up(rows: Iterable) -> Recommendations:
    """Rows of `counted` as one figure."""
    rows = list(rows)
    return Recommendations(*(sum(getattr(row, name) for row in rows) for name in ("closed", "open", "overdue")))
