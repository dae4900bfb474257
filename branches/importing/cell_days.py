"""Days as lists give them: real dates, Excel's numbers, and everything people type."""

import datetime
import re
from functools import lru_cache

from branches.days import NotADay, PartialDay
from branches.models import Precision

from .problems import Problem, fault, remark
from .texts import text_of

EPOCH = datetime.date(1899, 12, 30)  # day 0 of Excel's 1900 system for all days after February 1900
SERIALS = range(10_000, 73_051)  # 1927 to 2099
YEARS = range(1930, 2100)
EARLIEST_BIRTH = 1940
EXAMPLE = "Hãy ghi ngày, tháng, năm, ví dụ 22/11/2001."

IN_WORDS = re.compile(
    r"(?:(?:ngày|ngay)\s*(?P<day>\d{1,2})|(?P<first>\d{1,2}))?[\s,/-]*(?:tháng|thang)\s*(?P<month>\d{1,2})"
    r"[\s,/-]*(?:năm|nam)?\s*(?P<year>\d{4})",
    re.IGNORECASE,
)
LEADING = re.compile(r"^(?:sinh\s+)?(?:ngày|ngay|năm|nam|tháng|thang|sn|sinh năm)\s*[:.]?\s*(?=\d)", re.IGNORECASE)
WITH_TIME = re.compile(r"(\S+)[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d\d:?\d\d)?")
UNKNOWN_PARTS = re.compile(
    r"(?P<day>\d{1,2}|[-–._…?xX]{1,5})\s*[/.\-]\s*(?P<month>\d{1,2}|[-–._…?xX]{1,5})\s*[/.\-]\s*(?P<year>(?:19|20)\d\d)"
)
MONTH_FIRST = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
FULL_YEAR = re.compile(r"\d{4}")
ALMOST = re.compile(r"[\doOlI/.\-\s,\\|]+")
BRACKETED = re.compile(r"\s*\([^)]*\)\s*$")
SEPARATED = re.compile(r"\s*[\\|,/]+\s*|\s*\.\.+\s*")
NO_SPACE = re.compile(r"(\d{1,2}) (\d{1,2}) (\d{4})")


@lru_cache(maxsize=65536)
def typed_day(text: str) -> tuple[PartialDay | None, str]:
    """The day a text means and a remark's code ("" or "month_first"). Raises NotADay."""
    try:
        return PartialDay.read(text), ""
    except NotADay as error:
        first = error
    tidy = BRACKETED.sub("", text).rstrip(" .,;:'`\"“”").lstrip(" ,;:'`\"“”")
    if timed := WITH_TIME.fullmatch(tidy):
        tidy = timed.group(1)
    if words := IN_WORDS.fullmatch(tidy):
        day = words.group("day") or words.group("first")
        tidy = "/".join(filter(None, (day, words.group("month"), words.group("year"))))
    tidy = LEADING.sub("", tidy)
    if (parts := UNKNOWN_PARTS.fullmatch(tidy)) and not (day_of(parts) and month_of(parts)):
        month, year = month_of(parts), int(parts.group("year"))
        if month > 12:
            raise first
        return PartialDay(datetime.date(year, month or 1, 1), Precision.MONTH if month else Precision.YEAR), ""
    if ALMOST.fullmatch(tidy):
        tidy = tidy.translate(str.maketrans("oOlI", "0011"))
        tidy = SEPARATED.sub("/", tidy)
        if spaced := NO_SPACE.fullmatch(tidy):
            tidy = "/".join(spaced.groups())
    if tidy.isdigit() and len(tidy) in (5, 6, 7):
        return _from_number(int(tidy)), ""
    try:
        return PartialDay.read(tidy), ""
    except NotADay as error:
        swapped = MONTH_FIRST.fullmatch(tidy)
        if error.code == "no_such_day" and swapped and int(swapped.group(1)) <= 12 < int(swapped.group(2)):
            month, day, year = swapped.groups()
            return PartialDay.read(f"{day}/{month}/{year}"), "month_first"
        raise


def day_of(parts: re.Match) -> int:
    return int(parts.group("day")) if parts.group("day").isdigit() else 0


def month_of(parts: re.Match) -> int:
    return int(parts.group("month")) if parts.group("month").isdigit() else 0


def _from_number(number: float) -> PartialDay:
    """A number in a column of dates: a year, Excel's count of days, or digits typed without separators."""
    whole = int(number)
    if whole != number and 1 <= whole <= 12:  # 11.2001 was typed for November 2001
        year = int(f"{number:.4f}".partition(".")[2])
        if year in YEARS:
            return PartialDay(datetime.date(year, whole, 1), Precision.MONTH)
    if whole in YEARS:
        return PartialDay(datetime.date(whole, 1, 1), Precision.YEAR)
    if whole in SERIALS:
        return PartialDay(EPOCH + datetime.timedelta(days=whole))
    digits = str(whole)
    if len(digits) in (7, 8):
        return PartialDay.read(digits.zfill(8))
    if len(digits) in (5, 6):  # 112001: month and year, 221101: all three
        digits = digits.zfill(6)
        month, year = int(digits[:2]), int(digits[2:])
        if 1 <= month <= 12 and year in YEARS:
            return PartialDay(datetime.date(year, month, 1), Precision.MONTH)
        return PartialDay.read(f"{digits[:2]}/{digits[2:4]}/{digits[4:]}")
    raise NotADay("unreadable", EXAMPLE)


def read_day(field: str, raw: object, today: datetime.date) -> tuple[PartialDay | None, Problem | None]:
    """The day a cell means and what there is to say about it; no day when the problem stops the row."""
    said, swapped = text_of(raw), ""
    try:
        if isinstance(raw, datetime.date):
            known = _from_date(raw.date() if isinstance(raw, datetime.datetime) else raw)
        elif isinstance(raw, (int, float)) and not isinstance(raw, bool):
            known = _from_number(raw)
        else:
            known, swapped = typed_day(said)
    except NotADay as error:
        if error.code == "no_such_day":
            return None, fault(field, "no_such_day", f"Không có ngày “{said}”. {EXAMPLE}")
        if error.code == "no_year":
            return None, fault(field, "no_year", f"Ngày “{said}” thiếu năm. {EXAMPLE}")
        return None, fault(field, "unreadable_date", f"Không đọc được ngày “{said}”. {EXAMPLE}")
    except (ValueError, OverflowError):
        return None, fault(field, "unreadable_date", f"Không đọc được ngày “{said}”. {EXAMPLE}")
    if known.day > today and not FULL_YEAR.search(said):  # "12/3/68" is 1968 for somebody alive
        known = _century_before(known)
    if known.day > today:
        return None, fault(field, "future_date", f"Ngày “{said}” sau ngày hôm nay. Hãy xem lại năm.")
    earliest = EARLIEST_BIRTH if field.startswith("birth") else EARLIEST_BIRTH + 10
    if known.day.year < earliest:
        return None, fault(field, "absurd_year", f"Năm {known.day.year} quá xa. Hãy xem lại ngày “{said}”.")
    if swapped:
        return known, remark(field, swapped, f"“{said}” được hiểu là {known.words} (tháng ghi trước ngày).")
    return known, None


def _from_date(day: datetime.date) -> PartialDay:
    """A real date; a year typed into a cell made for dates shows up as a day of 1905."""
    serial = (day - EPOCH).days
    if serial in YEARS:
        return PartialDay(datetime.date(serial, 1, 1), Precision.YEAR)
    return PartialDay(day)


def _century_before(known: PartialDay) -> PartialDay:
    day = known.day
    try:
        return PartialDay(day.replace(year=day.year - 100), known.precision)
    except ValueError:
        return known
