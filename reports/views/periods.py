"""Which period a page shows: read from the address, offered as segments."""

import datetime
import re
from dataclasses import dataclass

from django.http import Http404

from branches.models import Period, Unit

ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class Choice:
    """One segment of the period picker."""

    label: str
    value: str
    is_current: bool


def period_from(value: str, unit: Unit, today: datetime.date) -> Period:
    """The period named in an address: "2026", "2026-q3", "2026-11" or "nk-<pk>" for a term of the unit.

    Empty means the current year. Anything else is a 404: a mistyped address is not this year.
    """
    if not value:
        return Period.of_year(today.year)
    if match := re.fullmatch(r"(\d{4})", value):
        wanted, make = [int(match[1])], Period.of_year
    elif match := re.fullmatch(r"(\d{4})-q([1-4])", value):
        wanted, make = [int(match[1]), int(match[2])], Period.of_quarter
    elif match := re.fullmatch(r"(\d{4})-(0?[1-9]|1[0-2])", value):
        wanted, make = [int(match[1]), int(match[2])], Period.of_month
    elif (match := re.fullmatch(r"nk-(\d{1,18})", value)) and (
        term := Period.objects.filter(pk=int(match[1]), kind=Period.Kind.TERM, unit=unit).first()
    ):
        return term
    else:
        raise Http404
    if not 2000 <= wanted[0] <= today.year + 10:
        raise Http404
    return make(*wanted)


def period_value(period: Period) -> str:
    """The address form of a period; the inverse of `period_from`."""
    year = period.starts_on.year
    if period.kind == Period.Kind.TERM:
        return f"nk-{period.pk}"
    if period.kind == Period.Kind.QUARTER:
        return f"{year}-q{(period.starts_on.month + 2) // 3}"
    if period.kind == Period.Kind.MONTH:
        return f"{year}-{period.starts_on.month:02d}"
    return str(year)


def segments(period: Period, unit: Unit, today: datetime.date) -> list[Choice]:
    """Quarter, year and term around the period shown. One query, for the terms of the unit."""
    year = period.starts_on.year
    terms = list(Period.objects.filter(kind=Period.Kind.TERM, unit=unit).order_by("-starts_on", "pk"))
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


def years_for(unit: Unit, today: datetime.date, first: int | None) -> list[int]:
    """Years that can be chosen: from the first with anything in it to the next one."""
    return list(range(today.year + 1, (first or today.year) - 1, -1))
