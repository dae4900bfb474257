"""Which period a page shows: read from the address, offered as segments."""

import datetime
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404

from branches.models import Period, Unit
from branches.periods import read_period
from branches.periods import write_period as period_value

__all__ = ["Choice", "period_from", "period_value", "periods_of", "segments", "years_offered"]

ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class Choice:
    """One segment of the period picker."""

    label: str
    value: str
    is_current: bool


def period_from(value: str, unit: Unit, today: datetime.date) -> Period:
    """The period an address names (branches/periods.py); empty means the current year.

    Anything else is a 404: a mistyped address is not this year.
    """
    if not value:
        return Period.of_year(today.year)
    terms = Period.objects.filter(kind=Period.Kind.TERM, unit=unit) if value.startswith("nk-") else ()
    found = read_period(value, terms)
    if found is None or found.starts_on.year > today.year + 10:
        raise Http404
    return found


def periods_of(unit: Unit) -> list[Period]:
    """The terms of the unit and every period it has a target in, newest first. One query."""
    known = Period.objects.filter(Q(kind=Period.Kind.TERM, unit=unit) | Q(targets__unit=unit))
    return list(known.distinct().order_by("-starts_on", "pk"))


def segments(period: Period, known: list[Period], today: datetime.date) -> list[Choice]:
    """Quarter, year and term around the period shown. `known` are the periods of the unit."""
    year = period.starts_on.year
    terms = [one for one in known if one.kind == Period.Kind.TERM]
    anchor = today if year == today.year else period.last_day
    if period.kind == Period.Kind.TERM:
        year = min(period.last_day, today).year
    quarter = (period.starts_on.month + 2) // 3 if period.kind == Period.Kind.QUARTER else (anchor.month + 2) // 3
    term = next((t for t in terms if t.covers(anchor) or t.pk == period.pk), terms[0] if terms else None)
    shown = period_value(period)
    choices = [
        (f"Quý {ROMAN[quarter - 1]}", f"{year}-q{quarter}"),
        (f"Năm {year}", str(year)),
        *([("Nhiệm kỳ", period_value(term))] if term else []),
    ]
    return [Choice(label, value, value == shown) for label, value in choices]


def years_offered(today: datetime.date, first: int) -> list[int]:
    """Years that can be chosen: from the first with anything in it to the next one."""
    return list(range(today.year + 1, min(first, today.year) - 1, -1))
