"""How a period is written in an address: "2026", "2026-h1", "2026-q3", "2026-11", "2026-nh" for the school year
2026 - 2027, or "nk-<pk>" for a term of a unit."""

import re
from collections.abc import Iterable

from branches.models import Period

FIRST_YEAR, LAST_YEAR = 1990, 2100
WRITTEN = re.compile(r"(\d{4})(?:-q([1-4])|-(\d{1,2})|-h([12])|-(nh))?")


def read_period(value: str, terms: Iterable[Period]) -> Period | None:
    """The period an address names, or None when it names nothing. Terms are looked up among `terms`."""
    if value.startswith("nk-"):
        return next((term for term in terms if f"nk-{term.pk}" == value), None)
    found = WRITTEN.fullmatch(value)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    year = int(found[1])
    if found[2]:
        return Period.of_quarter(year, int(found[2]))
    if found[3]:
        month = int(found[3])
        return Period.of_month(year, month) if 1 <= month <= 12 else None
    if found[4]:
        return Period.of_half(year, int(found[4]))
    return Period.of_school_year(year) if found[5] else Period.of_year(year)


def write_period(period: Period) -> str:
    """The address form of a period; the inverse of `read_period`."""
    year, month = period.starts_on.year, period.starts_on.month
    if period.kind == Period.Kind.TERM:
        return f"nk-{period.pk}"
    if period.kind == Period.Kind.QUARTER:
        return f"{year}-q{(month + 2) // 3}"
    if period.kind == Period.Kind.HALF:
        return f"{year}-h{1 if month < 7 else 2}"
    if period.kind == Period.Kind.SCHOOL_YEAR:
        return f"{year}-nh"
    return f"{year}-{month:02d}" if period.kind == Period.Kind.MONTH else str(year)
