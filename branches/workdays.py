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
    """The n-th working day after `day`, which itself does not count; n = 0 is the day itself."""
    for _ in range(n):
        day += datetime.timedelta(days=1)
        while not is_working_day(day):
            day += datetime.timedelta(days=1)
    return day
