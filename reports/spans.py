"""A period in the words of running text: "năm 2019", "quý I/2019", "nhiệm kỳ 2017 - 2019"."""

import re

from branches.formats import small
from branches.models import Period

Kind = Period.Kind
YEAR_BEFORE, SAME_SPAN = "Năm trước", "Cùng kỳ năm trước"  # head what is set beside a year, a span within a year
WITHIN_A_YEAR = (Kind.MONTH, Kind.QUARTER, Kind.HALF)
SHORT = {
    Kind.MONTH: "tháng", Kind.QUARTER: "quý", Kind.HALF: "sáu tháng", Kind.YEAR: "năm", Kind.SCHOOL_YEAR: "năm học",
    Kind.TERM: "nhiệm kỳ",
}  # fmt: skip


def is_within_a_year(period: Period) -> bool:
    return period.kind in WITHIN_A_YEAR


def span_words(period: Period) -> str:
    """The period as a hint or a chapter names it; a term only as such."""
    return SHORT[Kind.TERM] if period.kind == Kind.TERM else small(period.name)


def named(period: Period) -> str:
    """The period with its years, also of a term: "nhiệm kỳ 2017 - 2019"."""
    return f"nhiệm kỳ {term_years(period)}" if period.kind == Kind.TERM else small(period.name)


def when(period: Period) -> str:
    """Where something happened: "Trong năm", "Trong nhiệm kỳ"."""
    return f"Trong {SHORT[period.kind]}"


def following(period: Period) -> Period | None:
    """The period after it, unsaved; None for a term, whose successor is data."""
    year = period.starts_on.year
    if period.kind == Kind.YEAR:
        return Period.of_year(year + 1)
    if period.kind == Kind.SCHOOL_YEAR:
        return Period.of_school_year(year + 1)
    first = period.ends_on
    if period.kind == Kind.MONTH:
        return Period.of_month(first.year, first.month)
    if period.kind == Kind.QUARTER:
        return Period.of_quarter(first.year, (first.month + 2) // 3)
    if period.kind == Kind.HALF:
        return Period.of_half(first.year, 1 if first.month < 7 else 2)
    return None


def following_words(period: Period, later: Period | None = None) -> str:
    """What comes after: "năm 2020", "quý II/2019", "nhiệm kỳ tới". `later` is the next term where it is known."""
    if period.kind == Kind.TERM:
        return f"nhiệm kỳ {term_years(later)}" if later else "nhiệm kỳ tới"
    return small(following(period).name)


def term_years(period: Period) -> str:
    """ "2019 - 2022": as the name of the term says it, else from its days."""
    if found := re.search(r"(\d{4})\s*[-–]\s*(\d{4})", period.name):
        return f"{found[1]} - {found[2]}"
    return f"{period.starts_on.year} - {period.last_day.year}"
