"""The terms of a recommendation that recurs: when each is due, and which one runs. Pure functions of a loaded row.

Counted from the date of the notice, so that the end of a month stays the end of a month and a term that was
extended does not push the following ones.
"""

import datetime
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from branches.unit_warnings import months_after
from inspections.models import Recommendation

MONTHS = {
    Recommendation.Recurs.MONTH: 1,
    Recommendation.Recurs.QUARTER: 3,
    Recommendation.Recurs.HALF: 6,
    Recommendation.Recurs.YEAR: 12,
}


@dataclass(frozen=True, slots=True)
class Term:
    """Which term runs, counted from 1, and how many there are."""

    number: int
    of: int


def due_days(row: Recommendation) -> Iterator[datetime.date]:
    """The dates of all terms by the notice, the first one included."""
    days = (months_after(row.original_due_on, MONTHS[row.recurs] * term) for term in itertools.count())
    return itertools.takewhile(lambda due: due <= row.recurs_until, days)


def next_due(row: Recommendation) -> datetime.date | None:
    """When what recurs is due again after the running term; None once it does not recur any more."""
    if not row.recurs:
        return None
    return next((due for due in due_days(row) if due > row.due_on), None)


def term_of(row: Recommendation) -> Term | None:
    """The running term; None where nothing recurs. An extended term keeps its number."""
    if not row.recurs:
        return None
    days = list(due_days(row))
    return Term(sum(due <= row.due_on for due in days), len(days))


def term_due(row: Recommendation) -> datetime.date:
    """The date of the running term by the notice, before any extension; of what does not recur the notice's date."""
    if not row.recurs:
        return row.original_due_on
    return max((due for due in due_days(row) if due <= row.due_on), default=row.original_due_on)
