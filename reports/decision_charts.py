"""Charts one decides by: the year against its pace, units in rank, steps on the way. Drawn as charts.py draws.

All three stretch to the width they are given: positions across are percentages and heights are pixels, so that words
keep their size from a phone to a sheet of paper. They are read without colour: results are a heavy line or a full bar,
the plan a thin black mark, the pace a dashed line, what is late is hatched, and each thing has its word. The figures
come ready with their words; page and PDF call the same function and put a table behind it.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join

from branches.formats import number

from .charts import BLUE, EDGE, INK, LATE, MARK_AT, NOTE, PALE, TRACK

MONTHS = 12
FIRST, MONTH_WIDE = 2, 8  # percent: twelve months of 8 stand between 2 and 98
PLOT_TOP, PLOT_HIGH = 44, 120  # pixels; above the plot stand the legend and the highest label
LETTERS = 36  # of 14 px in one line on a phone 320 px wide
LINE, BAR = 19, 12


def _at(value) -> str:
    return f"{Decimal(value):.1f}"


def _join(parts):
    return format_html_join("", "{}", ((part,) for part in parts))


def _text(x, y, text, *, size=13, anchor="start", bold=False, fill=NOTE):
    return format_html(
        '<text x="{}%" y="{}" font-size="{}" font-weight="{}" fill="{}" text-anchor="{}">{}</text>',
        x, _at(y), size, 600 if bold else 400, fill, anchor, text,
    )  # fmt: skip


def _over(x, y, text, **look):
    """A word that lies over lines: a white edge keeps it readable."""
    edge = format_html(
        '<text x="{}%" y="{}" font-size="{}" font-weight="{}" stroke="#fff" stroke-width="4" text-anchor="{}">'
        "{}</text>",
        x, _at(y), look.get("size", 13), 600 if look.get("bold") else 400, look.get("anchor", "start"), text,
    )  # fmt: skip
    return edge + _text(x, y, text, **look)


def _line(x1, y1, x2, y2, *, stroke=EDGE, width="1", dashes="none"):
    return format_html(
        '<line x1="{}%" y1="{}" x2="{}%" y2="{}" stroke="{}" stroke-width="{}" stroke-dasharray="{}"/>',
        x1, _at(y1), x2, _at(y2), stroke, width, dashes,
    )  # fmt: skip


def _drawing(kind: str, height, label: str, parts):
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="decides {}" width="100%" height="{}" role="img"'
        ' aria-label="{}">{}</svg>',
        kind, _at(height), label, _join(parts),
    )  # fmt: skip


# --- the year against its pace --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """What was reached by the end of a month, and its words ("hơn 120"). `value` None: nobody recorded anything yet."""

    value: Decimal | None
    text: str = ""


def running_line(
    ends: Sequence[MonthEnd], unit: str, *, aim=None, aim_words: str = "", has_pace: bool = True, title: str = ""
):
    """Results added up month by month as steps, beside the straight way to the plan. Nothing where no month has any.

    `ends` are the months of the year so far, January first. `aim` is drawn as a level across, `aim_words` say it
    where a number does not ("5–8"); `has_pace` is False for a ceiling, which nobody has to reach in time.
    """
    known = [end for end in ends if end.value is not None]
    if not known:
        return ""
    last = known[-1]
    top = max([Decimal(aim or 0), *(Decimal(end.value) for end in known)]) or Decimal(1)

    def high(value):
        return PLOT_TOP + PLOT_HIGH - PLOT_HIGH * max(Decimal(value), 0) / top

    bottom = PLOT_TOP + PLOT_HIGH
    parts = [_line(FIRST, bottom, FIRST + MONTH_WIDE * MONTHS, bottom)]
    legend = [("Cộng dồn", BLUE, 3, "none")]
    if aim:
        parts.append(_line(FIRST, high(aim), 98, high(aim), stroke=INK, width="2"))
        legend.append(("Chỉ tiêu", INK, 2, "none"))
        if has_pace:
            parts.append(_line(FIRST, bottom, 98, high(aim), stroke=NOTE, width="1.5", dashes="5 4"))
            legend.append(("Nếu làm đều", NOTE, "1.5", "5 4"))
    level = Decimal(0)
    for month, end in enumerate(ends):
        left, right = FIRST + MONTH_WIDE * month, FIRST + MONTH_WIDE * (month + 1)
        parts.append(_line(left, high(level), right, high(level), stroke=BLUE, width="3"))
        if end.value is not None and end.value != level:
            parts.append(_line(right, high(level), right, high(end.value), stroke=BLUE, width="3"))
            level = Decimal(end.value)
    end_at = FIRST + MONTH_WIDE * len(ends)
    is_early = len(ends) <= MONTHS // 2
    parts.append(format_html('<circle cx="{}%" cy="{}" r="4" fill="{}"/>', end_at, _at(high(level)), BLUE))
    # The result's word stands beside its point, that of the plan at the other end, so that they never meet.
    told = last.text or number(last.value)
    parts.append(
        _over(end_at, high(level) - 8, told, size=15, anchor="start" if is_early else "end", bold=True, fill=INK)
    )
    if aim:
        words = f"{aim_words or number(aim)} {unit}"
        parts.append(_over(98 if is_early else FIRST, high(aim) - 6, words, anchor="end" if is_early else "start"))
    middles = range(FIRST + MONTH_WIDE // 2, FIRST + MONTH_WIDE * MONTHS, MONTH_WIDE)
    parts += [_text(at, bottom + 17, month, anchor="middle") for month, at in enumerate(middles, start=1)]
    for place, (word, stroke, width, dashes) in enumerate(legend):
        left = FIRST + 29 * place
        parts += [_line(left, 8, left + 5, 8, stroke=stroke, width=width, dashes=dashes), _text(left + 6, 13, word)]
    label = f"{title + ': ' if title else ''}cộng dồn đến tháng {len(ends)} được {told} {unit}"
    label += f", chỉ tiêu {aim_words or number(aim)} {unit}" if aim else ", chưa giao chỉ tiêu"
    return _drawing("running", bottom + 24, label, parts)


# --- units in rank --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ranked:
    """One unit. `ratio` is its share of its own plan (1 is the plan); `figure` the ready words "10/12 buổi, 83,3%"."""

    name: str
    ratio: Decimal | None
    figure: str
    standing: str = ""


def ranked_bars(rows: Sequence[Ranked], *, title: str = "", name: str = "xep-hang", among: Sequence[Ranked] = ()):
    """Units by how much of their own plan they did, the first on top; every plan stands at the same mark.

    Rows come in order. Only those with a ratio are drawn: the others are named in words beside the drawing. A bar ends
    at 125 % and its figure tells the true one. `name` keeps the hatch of two drawings of one page apart. Where `rows`
    are only a part, their places are those `among` the whole list.
    """
    drawn = [row for row in rows if row.ratio is not None]
    if not drawn:
        return ""
    places = _places(drawn, [row for row in among if row.ratio is not None] or drawn)
    hatch = f"{name}-gach"
    late = f"url(#{hatch})"
    parts = [
        format_html(
            '<defs><pattern id="{}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            '<rect width="6" height="6" fill="{}"/><line x1="0" y1="0" x2="0" y2="6" stroke="{}" stroke-width="3"/>'
            "</pattern></defs>",
            hatch, PALE, BLUE,
        )
    ]  # fmt: skip
    y = 0
    for place, row in zip(places, drawn, strict=True):
        words = f"{place}. {row.name}"
        for line in textwrap.wrap(words, LETTERS) or [words]:
            y += LINE
            parts.append(_text(0, y - 4, line, size=14, bold=True, fill=INK))
        long = min(MARK_AT * max(row.ratio, Decimal(0)), Decimal(100))
        parts.append(format_html('<rect width="100%" height="{}" y="{}" rx="2" fill="{}"/>', BAR, y + 2, TRACK))
        if long:
            fill = late if row.standing in LATE else BLUE
            parts.append(
                format_html('<rect width="{}%" height="{}" y="{}" rx="2" fill="{}"/>', _at(long), BAR, y + 2, fill)
            )
        for stroke, width in (("#fff", 5), (INK, 2)):
            parts.append(_line(MARK_AT, y, MARK_AT, y + BAR + 4, stroke=stroke, width=width))
        y += BAR + 4 + LINE
        parts.append(_text(0, y - 4, row.figure))
        y += 8
    told = "; ".join(f"thứ {place}, {row.name}: {row.figure}" for place, row in zip(places, drawn, strict=True))
    return _drawing("ranked", y, f"{title + ': ' if title else ''}{told}", parts)


def _places(rows: Sequence[Ranked], among: Sequence[Ranked]) -> list[int]:
    """Who did the same share of the plan has the same place, and the next is left out (1, 1, 3)."""
    return [1 + sum(1 for other in among if other.ratio > row.ratio) for row in rows]


# --- steps on the way -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One step and how many took it; `plan` where a target was set for it."""

    name: str
    count: int
    plan: int | Decimal | None = None


def funnel(steps: Sequence[Step], unit: str = "người", *, title: str = ""):
    """The steps of a way under each other, each counted by itself on one scale, the plan of a step as a mark.

    They are never added: who took two steps in the year stands in both. Nothing where nobody took any.
    """
    top = max([Decimal(figure) for step in steps for figure in (step.count, step.plan or 0)], default=Decimal(0))
    if not top:
        return ""
    parts, y = [], 0
    for step in steps:
        figure = f"{number(step.count)} {unit}" + (f" (chỉ tiêu {number(step.plan)})" if step.plan is not None else "")
        for line in textwrap.wrap(f"{step.name}: {figure}", LETTERS):
            y += LINE
            parts.append(_text(0, y - 4, line, size=14, fill=INK))
        parts.append(_line(0, y + 1, 0, y + 3 + BAR, stroke=EDGE, width="2"))
        if step.count:
            long = _at(96 * Decimal(step.count) / top)
            parts.append(
                format_html('<rect x="0" width="{}%" height="{}" y="{}" rx="2" fill="{}"/>', long, BAR, y + 2, BLUE)
            )
        if step.plan:
            mark = _at(96 * Decimal(step.plan) / top)
            for stroke, width in (("#fff", 5), (INK, 2)):
                parts.append(_line(mark, y, mark, y + BAR + 4, stroke=stroke, width=width))
        y += BAR + 12
    told = "; ".join(
        f"{step.name}: {number(step.count)} {unit}"
        + (f", chỉ tiêu {number(step.plan)}" if step.plan is not None else "")
        for step in steps
    )
    return _drawing("funnel", y, f"{title + ': ' if title else ''}{told}", parts)
