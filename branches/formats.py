"""Figures and days in Vietnamese notation: the only place that rounds for the eye.

Domain code hands over Decimal, int, date or None; screens, papers and files print through here.
A share is a fraction (1 is the whole), never a number of percent.
"""

import datetime
from decimal import ROUND_HALF_UP, Decimal

QUALIFIER_WORDS = {"exact": "", "about": "khoảng", "nearly": "gần", "more": "hơn"}
NBSP = "\u00a0"
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


def number(value, decimals: int | None = None) -> str:
    """1234567.5 → "1.234.567,5". Without `decimals` zeros after the comma are dropped; None is ""."""
    if value is None:
        return ""
    exact = Decimal(value)
    if decimals is None:
        rounded = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        text = f"{rounded:,.2f}".rstrip("0").rstrip(".")
    else:
        rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        text = f"{rounded:,.{decimals}f}"
    text = "0" if text in ("-0", "") else text
    return text.replace(",", "\0").replace(".", ",").replace("\0", ".")


def percent(fraction, decimals: int | None = None) -> str:
    """0.9286 → "92,9%". One decimal at most; ",0" is dropped unless `decimals` is given."""
    if fraction is None:
        return ""
    points = (Decimal(fraction) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{number(points, decimals)}%"


def points(fraction) -> str:
    """A difference of two shares in percentage points: 0.0714 → "7,1 điểm phần trăm"."""
    shown = (abs(Decimal(fraction)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{number(shown)} điểm phần trăm"


def counted(value, unit_word: str) -> str:
    """A figure and its counting unit, kept on one line: "15 lượt người"."""
    return f"{number(value)}{NBSP}{unit_word}" if value is not None else ""


def dong(value) -> str:
    """Money: 1200000 → "1.200.000 đồng"."""
    return counted(value, "đồng")


def qualified(value, qualifier: str) -> str:
    """A figure with the exactness a person recorded: "khoảng 20", "gần 5.000.000"."""
    word = QUALIFIER_WORDS.get(qualifier, "")
    return f"{word}{NBSP}{number(value)}" if word else number(value)


def two_digits(value) -> str:
    """A whole count in running text of a paper: 1-9 with a leading zero ("02 phần việc"), others plain."""
    whole = Decimal(value)
    return f"0{whole:.0f}" if whole == whole.to_integral_value() and 1 <= whole <= 9 else number(value)


def small(text: str) -> str:
    """The first letter small, unless the first word is an abbreviation: "Sinh hoạt" yes, "BCH" no."""
    first = text.split(" ", 1)[0]
    return text if len(first) > 1 and first.isupper() else text[:1].lower() + text[1:]


def day(value: datetime.date | None) -> str:
    """22/11/2026."""
    return f"{value:%d/%m/%Y}" if value else ""


def day_month(value: datetime.date | None) -> str:
    """22/11: inside a page whose year is known."""
    return f"{value:%d/%m}" if value else ""


def long_day(value: datetime.date) -> str:
    """Chủ Nhật, 22/11/2026."""
    return f"{WEEKDAYS[value.weekday()]}, {day(value)}"


def paper_day(value: datetime.date) -> str:
    """The date line of a paper: a zero before days 1-9 and months 1-2, as the state rule writes it."""
    month = f"{value.month:02d}" if value.month < 3 else str(value.month)
    return f"ngày {value.day:02d} tháng {month} năm {value.year}"


def span(first: datetime.date, last: datetime.date) -> str:
    """One day or from-to: "29/01/2019", "24/10 đến 26/10/2018"."""
    if first == last:
        return day(first)
    if first.year == last.year:
        return f"{day_month(first)} đến {day(last)}"
    return f"{day(first)} đến {day(last)}"


def distance(due: datetime.date, today: datetime.date) -> str:
    """A deadline as distance first: "Còn 3 ngày", "Hôm nay", "Quá hạn 2 ngày"."""
    left = (due - today).days
    if left > 0:
        return f"Còn {left} ngày"
    return "Hôm nay" if left == 0 else f"Quá hạn {-left} ngày"
