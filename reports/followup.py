"""Recommendations after inspections: counted for a page or a paper, and how the targets stand that carry them out."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from branches.formats import small
from branches.models import Period, Target
from branches.tree import Scope
from inspections.models import Recommendation

from . import wording
from .progress import progress_for
from .recommended import LATE, Standing, as_of_day, ended_in, standing_of, waits_for_check


@dataclass(frozen=True, slots=True)
class Recommendations:
    """Recommendations of concluded inspections, counted only. What is accepted as not done is not among the open.

    `closed` were checked and found adequate. `waiting` are those of the open that the unit says it has done.
    """

    closed: int = 0
    open: int = 0
    overdue: int = 0
    accepted: int = 0
    waiting: int = 0

    @property
    def total(self) -> int:
        return self.closed + self.open + self.accepted


def asked_of(scope: Scope, period: Period, *, as_of: datetime.date) -> QuerySet:
    """Those closed within the period, and those still open on its last day or on `as_of`.

    What was closed or withdrawn later was still open then; what was withdrawn before is in neither. A page that asks
    several things together reads recommended.COLUMNS of them.
    """
    until = min(as_of, period.last_day)
    rows = Recommendation.objects.filter(scope.on(until, "inspection__unit__"))
    rows = rows.filter(Q(ended_on=None) | Q(ended_on__gte=period.starts_on))
    return as_of_day(rows, until).order_by("pk")


def added_up(rows: Iterable, period: Period, *, as_of: datetime.date) -> Recommendations:
    """Rows of `asked_of` as one figure."""
    until = min(as_of, period.last_day)
    rows = list(rows)
    standings = [standing_of(row, until) for row in rows]
    accepted = standings.count(Standing.ACCEPTED)
    return Recommendations(
        closed=sum(ended_in(row, period.starts_on, until) for row in rows),
        open=len(standings) - standings.count(None) - accepted,
        overdue=sum(one in LATE for one in standings),
        accepted=accepted,
        waiting=sum(
            one not in (None, Standing.ACCEPTED) and waits_for_check(row, until)
            for row, one in zip(rows, standings, strict=True)
        ),
    )


def target_words(targets: Collection[Target], on: datetime.date) -> dict[int, str]:
    """{target: "kết quả 3, kế hoạch ≥ 12 buổi, chậm"}, as the page of the plan says it.

    Worked out once for each plan among them.
    """
    plans = {(target.unit_id, target.period_id): (target.unit, target.period) for target in targets}
    rows = [row for unit, period in plans.values() for row in progress_for(unit, period, as_of=on).rows if row.target]
    found = {
        row.target.pk: f"kết quả {small(wording.result(row))}, kế hoạch {wording.aim(row.aim, row.indicator)}"
        f"{_unit(row.indicator)}, {small(wording.standing(row))}"
        for row in rows
    }
    return {target.pk: found[target.pk] for target in targets if target.pk in found}


def _unit(indicator) -> str:
    return "" if indicator.is_yes_no else f" {indicator.unit_word}"
