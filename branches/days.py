"""Dates of which perhaps only the month or the year is known: read, stored with a precision, and worded.

A PartialDay holds the first day of what is known. "2001" is 01/01/2001 with the precision "year"; it
prints as "2001" and never as a day nobody said.
"""

import datetime
import re
from dataclasses import dataclass

from branches.models.member import Precision

ISO = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
SEPARATOR = r"\s*[/.\-]\s*"
TYPED_DATE = re.compile(rf"([0-9]{{1,2}}){SEPARATOR}([0-9]{{1,2}}){SEPARATOR}([0-9]{{2}}|[0-9]{{4}})")
DIGITS_ALONE = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")  # a phone's number pad has no slash
TYPED_MONTH = re.compile(rf"([0-9]{{1,2}}){SEPARATOR}([0-9]{{4}})")
NO_YEAR = re.compile(rf"[0-9]{{1,2}}{SEPARATOR}[0-9]{{1,2}}")


class NotADay(ValueError):
    """The text is no date. `code` says why, the message what to write, in Vietnamese."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class PartialDay:
    """A day, a month or a year."""

    day: datetime.date
    precision: str = Precision.DAY

    @property
    def iso(self) -> str:
        """2001-03-22, 2001-03 or 2001."""
        return self.day.isoformat()[: {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.precision]]

    @property
    def words(self) -> str:
        """22/03/2001, 03/2001 or 2001."""
        return f"{self.day:%d/%m/%Y}"[{Precision.DAY: 0, Precision.MONTH: 3, Precision.YEAR: 6}[self.precision] :]

    @property
    def last(self) -> datetime.date:
        """The last day it can be."""
        if self.precision == Precision.DAY:
            return self.day
        if self.precision == Precision.YEAR:
            return self.day.replace(month=12, day=31)
        following = self.day.replace(day=28) + datetime.timedelta(days=4)
        return following.replace(day=1) - datetime.timedelta(days=1)

    @classmethod
    def read(cls, text: str) -> "PartialDay":
        """What people type: 22/11/2001, 22-11-01, 22.11.2001, 22112001, 2001-11-22, 11/2001, 2001-11, 2001.

        Two digits of a year are read with the usual pivot: 68 is 2068, 69 is 1969. Raises NotADay.
        """
        text = text.strip()
        if iso := ISO.fullmatch(text):
            year, month, day = (int(part) if part else None for part in iso.groups())
        elif typed := TYPED_DATE.fullmatch(text) or DIGITS_ALONE.fullmatch(text):
            day, month, year = map(int, typed.groups())
            if len(typed.group(3)) == 2:
                year += 2000 if year < 69 else 1900
        elif typed := TYPED_MONTH.fullmatch(text):
            (month, year), day = map(int, typed.groups()), None
        elif NO_YEAR.fullmatch(text):
            raise NotADay("no_year", "Hãy ghi cả năm, ví dụ 22/11/2026.")
        else:
            raise NotADay("unreadable", "Hãy ghi ngày, tháng, năm, ví dụ 22/11/2026.")
        precision = Precision.YEAR if month is None else Precision.MONTH if day is None else Precision.DAY
        try:
            return cls(datetime.date(year, 1 if month is None else month, 1 if day is None else day), precision)
        except ValueError as error:
            said = f"ngày {day}/{month}/{year}" if day is not None else f"tháng {month}/{year}"
            raise NotADay("no_such_day", f"Không có {said}. Hãy xem lại ngày và tháng.") from error

    @classmethod
    def of(cls, day: datetime.date | None, precision: str) -> "PartialDay | None":
        """Put the two columns of a record together."""
        return None if day is None else cls(day, precision)


def words_of(day: datetime.date | None, precision: str) -> str:
    """The stored date as it is known, or nothing."""
    return PartialDay(day, precision).words if day else ""
