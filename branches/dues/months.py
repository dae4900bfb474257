"""Months as dues count them: named by their first day. And the refusal that every verb of dues raises."""

import datetime
from collections.abc import Iterable

from branches.enrolling import EnrolmentRefused

Month = datetime.date


class DuesRefused(EnrolmentRefused):
    """Nothing was written. `errors` maps a field ("" for the whole form) to a Vietnamese message."""


def first_of(day: datetime.date) -> Month:
    """The month a day lies in."""
    return day.replace(day=1)


def step(month: Month, count: int = 1) -> Month:
    """So many months later, or earlier for a negative count."""
    place = month.year * 12 + month.month - 1 + count
    return datetime.date(place // 12, place % 12 + 1, 1)


def months_between(first: Month, last: Month) -> list[Month]:
    """Every month from the first to the last, both included; none where they stand the wrong way round."""
    found = []
    while first <= last:
        found.append(first)
        first = step(first)
    return found


def months_of(year: int) -> list[Month]:
    return months_between(datetime.date(year, 1, 1), datetime.date(year, 12, 1))


def month_words(month: Month) -> str:
    """ "3/2026"."""
    return f"{month.month}/{month.year}"


def spans_words(months: Iterable[Month]) -> str:
    """ "1-3/2026, 5/2026, 12/2026-1/2027": runs of months as a person would say them."""
    runs: list[list[Month]] = []
    for month in sorted(set(months)):
        if runs and step(runs[-1][-1]) == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    said = []
    for run in runs:
        first, last = run[0], run[-1]
        if first == last:
            said.append(month_words(first))
        elif first.year == last.year:
            said.append(f"{first.month}-{month_words(last)}")
        else:
            said.append(f"{month_words(first)}-{month_words(last)}")
    return ", ".join(said)
