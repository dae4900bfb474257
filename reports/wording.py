"""Words and figures of a progress row, as the table on the page, in the PDF and in Excel all print them.

Nothing is computed here: amounts, ratios and standings come ready from progress.py. (`share` is of heads, not of
results: a count of branches/structure.py and the whole it is part of.)
"""

from decimal import Decimal

from branches.formats import NBSP, number, percent, points, qualified, small
from branches.models import Target

from .amounts import Amount
from .judging import OF_THE_THEME, Aim, Progress, Standing
from .progress import ProgressTable

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
SPAN_WORDS = {Comparator.PER_MONTH: "tháng", Comparator.PER_QUARTER: "quý"}
NO_FIGURE = "Chưa có số"
NOT_GIVEN = "Chưa giao"


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
    if row.aim is None:
        return OF_THE_THEME if row.is_of_theme else NOT_GIVEN
    word = STANDING_WORDS[row.standing]
    if row.standing == Standing.OVER and row.difference:
        if row.indicator.is_share:
            return f"Vượt {points(row.difference)}".replace(" điểm phần trăm", " điểm %")
        over = row.ratio - 1 if row.aim.value_to is None else None
        return f"Vượt {percent(over)}" if over else f"Vượt {number(row.difference)}"
    return word


def name_in_list(row: Progress) -> str:
    """The indicator's name where the place of a line does not show that it is a part of the one above."""
    return ("Trong đó: " if row.depth else "") + row.indicator.name


def cell(row: Progress) -> str:
    """The result in a narrow cell: a share by its two parts, anything else as in the table."""
    if row.indicator.is_share and row.done.value is not None and row.done.whole is not None:
        return f"{number(row.done.value)}/{number(row.done.whole)}"
    return result(row)


def cell_aim(row: Progress) -> str:
    """What stands behind the result in a narrow cell: "/4"; for a share only when it is not the whole."""
    wanted = row.aim
    if wanted is None or row.indicator.is_yes_no or (row.indicator.is_share and wanted.value == 1):
        return ""
    if row.indicator.is_share or row.done.value is None or wanted.comparator == Comparator.ZERO:
        return f", cần {aim(wanted, row.indicator)}"
    return "/" + aim(wanted, row.indicator).removeprefix(f"{SIGNS[Comparator.AT_LEAST]}{NBSP}")


def note(row: Progress) -> str:
    """The small line under the name: why it cannot be measured, which months lack it, what was handed down,
    of how many units it is wanted, the parts of a share."""
    if row.reason and row.aim:  # without a target the badge says it
        return row.reason
    said = []
    if row.missing_spans:
        said.append("Chưa có: " + ", ".join(small(span.name.split("/")[0]) for span in row.missing_spans))
    elif row.aim and row.aim.units > 1:
        said.append(f"{_rate(row)} ở mỗi đơn vị, {row.aim.units} đơn vị")
    if row.is_below_assigned:
        said.append(f"Cấp trên giao {assigned(row)}, đơn vị đăng ký thấp hơn")
    return ". ".join(said) or parts(row.done, row.indicator) or (row.target.note if row.target else "")


def _rate(row: Progress) -> str:
    """ "1 buổi mỗi tháng": what is wanted of one unit."""
    return f"{number(row.target.value)} {row.indicator.unit_word} mỗi {SPAN_WORDS[row.aim.comparator]}"


def assigned(row: Progress) -> str:
    """What the superior handed down: "3–5", "1/tháng"."""
    given = row.assigned
    if given.each is None:
        return aim(given, row.indicator)
    return f"{number(given.each)}/{SPAN_WORDS[given.comparator]}"


def plan_note(table: ProgressTable) -> str:
    """How the plan of a term counts years of which it has a part; empty where it has none of them."""
    told = [f"năm {year.year_number} tính {len(year.months())}/12" for year in table.cut_years]
    if not told:
        return ""
    return f"Chỉ tiêu cộng dồn giao theo năm tính theo số tháng thuộc nhiệm kỳ: {', '.join(told)} kế hoạch năm."


def label(row: Progress) -> str:
    """The bar in words, for people who do not see it."""
    words = f"{row.indicator.name}: {amount(row.done, row.indicator)} trên chỉ tiêu {aim(row.aim, row.indicator)}"
    if row.last.lines:
        words += f", năm trước {amount(row.last, row.indicator)}"
    return words


def share(part: int, whole: int) -> str:
    """How much of the whole a group is: "57,1%"; nothing where there is no whole."""
    return percent(Decimal(part) / Decimal(whole)) if whole else ""
