"""Working days of Vietnam: neither Saturday nor Sunday nor a public holiday.

The holidays come from the package `holidays` (Labour Code 2019, article 112, the moon's new year and the
days the government moves). A holiday moved by a decision of the last weeks is known once the package is
renewed; until then a date here is a day earlier than the law allows, never later.
"""

import datetime
import functools

import holidays


@functools.lru_cache(maxsize=8)
def _of_year(year: int) -> frozenset[datetime.date]:
    return frozenset(holidays.country_holidays("VN", years=year))


def is_working_day(day: datetime.date) -> bool:
    return day.weekday() < 5 and day not in _of_year(day.year)


def working_days_after(day: datetime.date, n: int) -> datetime.date:
    """The n-th working day after `day`, which itself does not count; n = 0 is the day itself, below it goes back."""
    step = datetime.timedelta(days=1 if n > 0 else -1)
    for _ in range(abs(n)):
        day += step
        while not is_working_day(day):
            day += step
    return day


def working_days_between(first: datetime.date, last: datetime.date) -> int:
    """How many working days lie after `first` up to and with `last`; below nothing when `last` is the earlier one."""
    if last < first:
        return -working_days_between(last, first)
    days = (first + datetime.timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working_day(day) for day in days)
