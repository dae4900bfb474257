"""Words and figures of a progress row, as the table on the page, in the PDF and in Excel all print them.

Nothing is computed here: amounts, ratios and standings come ready from progress.py.
"""

from decimal import Decimal

from branches.formats import NBSP, number, percent, points, qualified
from branches.models import Target

from .amounts import Amount
from .judging import Aim, Progress, Standing

Comparator = Target.Comparator
SIGNS = {
    Comparator.AT_LEAST: "≥",
    Comparator.AT_MOST: "≤",
    Comparator.MORE_THAN: ">",
}
STANDING_WORDS = {
    Standing.MET: "Đạt",
    Standing.OVER: "Vượt",
    Standing.ON_TRACK: "Đang làm",
    Standing.BEHIND: "Chậm",
    Standing.MISSED: "Chưa đạt",
    Standing.NOT_MEASURABLE: "Chưa đo được",
}
NO_FIGURE = "Chưa có số"


def amount(done: Amount, indicator) -> str:
    """The figure as printed: "khoảng 20", "92,9%", "Có"; words where there is none."""
    if done.value is None:
        return "Có, chưa có số" if done.lines else NO_FIGURE
    if indicator.is_yes_no and done.whole is None:
        return "Có" if done.value else "Chưa"
    if indicator.is_share:
        return qualified_share(done) if done.ratio is not None else f"{number(done.value)}/{number(done.whole or 0)}"
    if done.whole is not None:
        return f"{number(done.value)}/{number(done.whole)}"
    return qualified(rounded(done.value, indicator), done.qualifier)


def result(row) -> str:
    """The result of a row (or of a sum over units). Nothing logged is 0 where nothing was to happen."""
    wanted = getattr(row, "aim", None)
    if not row.done.lines and isinstance(wanted, Aim) and wanted.comparator == Comparator.ZERO:
        return number(Decimal(0))
    return amount(row.done, row.indicator)


def rounded(value: Decimal, indicator) -> Decimal:
    """A mean has more digits than its parts: one more than the indicator is counted in."""
    return round(value, max(indicator.decimals, 1 if value % 1 else 0))


def qualified_share(done: Amount) -> str:
    word = {"about": "khoảng", "nearly": "gần", "more": "hơn"}.get(done.qualifier, "")
    return f"{word}{NBSP}{percent(done.ratio)}" if word else percent(done.ratio)


def parts(done: Amount, indicator) -> str:
    """The two parts of a share with what they count: "14/14 đoàn viên"; empty for other figures."""
    if not indicator.is_share or done.value is None or done.whole is None:
        return ""
    return f"{number(done.value)}/{number(done.whole)}{NBSP}{indicator.subject or indicator.unit_word}"


def aim(wanted: Aim | None, indicator) -> str:
    """The target as people write it: "≥ 3", "2–3", "100%", "12", "Không để xảy ra"; "chưa giao" without one."""
    if wanted is None:
        return "chưa giao"
    show = percent if indicator.is_share else number
    if wanted.comparator == Comparator.ZERO:
        return show(Decimal(0))
    if wanted.comparator == Comparator.YES:
        return "Có"
    if wanted.comparator == Comparator.RANGE:
        return f"{show(wanted.value)}–{show(wanted.value_to)}"
    sign = SIGNS.get(wanted.comparator, "")
    return f"{sign}{NBSP}{show(wanted.value)}" if sign else show(wanted.value)


def standing(row: Progress) -> str:
    """The verdict, made precise where that helps: "Vượt 25%", "Còn thiếu 2"."""
    word = STANDING_WORDS[row.standing]
    if row.standing == Standing.OVER and row.difference:
        if row.indicator.is_share:
            return f"Vượt {points(row.difference)}".replace(" điểm phần trăm", " điểm %")
        over = row.ratio - 1 if row.aim.value_to is None else None
        return f"Vượt {percent(over)}" if over else f"Vượt {number(row.difference)}"
    return word


def cell(row: Progress) -> str:
    """The result in a narrow cell: a share by its two parts, anything else as in the table."""
    if row.indicator.is_share and row.done.value is not None and row.done.whole is not None:
        return f"{number(row.done.value)}/{number(row.done.whole)}"
    return amount(row.done, row.indicator)


def cell_aim(row: Progress) -> str:
    """What stands behind the result in a narrow cell: "/4"; for a share only when it is not the whole."""
    wanted = row.aim
    if wanted is None or row.indicator.is_yes_no or (row.indicator.is_share and wanted.value == 1):
        return ""
    if row.indicator.is_share or row.done.value is None:
        return f", cần {aim(wanted, row.indicator)}"
    return "/" + aim(wanted, row.indicator).removeprefix(f"{SIGNS[Comparator.AT_LEAST]}{NBSP}")


def note(row: Progress) -> str:
    """The small line under the name: why it cannot be measured, which months lack it, the parts of a share."""
    if row.reason and row.aim:  # without a target the badge says it
        return row.reason
    if row.missing_spans:
        return "Chưa có: " + ", ".join(_lowered(span.name.split("/")[0]) for span in row.missing_spans)
    return parts(row.done, row.indicator) or (row.target.note if row.target else "")


def label(row: Progress) -> str:
    """The bar in words, for people who do not see it."""
    words = f"{row.indicator.name}: {amount(row.done, row.indicator)} trên chỉ tiêu {aim(row.aim, row.indicator)}"
    if row.last.lines:
        words += f", năm trước {amount(row.last, row.indicator)}"
    return words


def _lowered(name: str) -> str:
    """ "Tháng 7" → "tháng 7", "Quý III" → "quý III": only the first letter."""
    return name[:1].lower() + name[1:]
