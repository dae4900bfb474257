"""Charts for papers: black on white, three readings without colour, the document's serif.

Dark grey is over the plan, light grey is met, hatched is not met; last years go white, light, dark.
Flat greys are filled directly, because a flat grey as a pattern prints seams. See charts.py for the
rule that figures and words come ready from progress.py.
"""

import textwrap
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.utils.html import format_html, format_html_join

from branches.formats import number

SERIF = "Liberation Serif, Tinos, Times New Roman, serif"
DARK, LIGHT, WHITE = "#555", "#c4c4c4", "#fff"
CUT_AT = Decimal("1.4")  # a bar above 140 % is cut with a gap and keeps its true figure
NAME_END, BAR_START, FIGURE_START, WIDTH = 214, 222, 420, 640
PER_WHOLE = 135  # the length of 100 % in the list of bars
SHARE_WHOLE, SHARE_FIGURE = 290, 524  # the same where the bars are parts of one whole


def _at(value) -> str:
    return f"{Decimal(value):.1f}"


def _join(parts):
    return format_html_join("", "{}", ((part,) for part in parts))


def _text(x, y, text, *, size=15, anchor="start", bold=False, italic=False):
    return format_html(
        '<text x="{}" y="{}" font-size="{}" font-family="{}" font-weight="{}" font-style="{}"'
        ' text-anchor="{}">{}</text>',
        _at(x),
        _at(y),
        size,
        SERIF,
        "bold" if bold else "normal",
        "italic" if italic else "normal",
        anchor,
        text,
    )


def _box(x, y, width, height, fill):
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="#000" stroke-width="1"/>',
        _at(x),
        _at(y),
        _at(width),
        _at(height),
        fill,
    )


def _line(x1, y1, x2, y2, *, width="1", dashes="none"):
    return format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="#000" stroke-width="{}" stroke-dasharray="{}"/>',
        _at(x1),
        _at(y1),
        _at(x2),
        _at(y2),
        width,
        dashes,
    )


def _hatch(name):
    return format_html(
        '<defs><pattern id="{}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="7" height="7" fill="#fff"/>'
        '<line x1="0" y1="0" x2="0" y2="7" stroke="#000" stroke-width="2.6"/></pattern></defs>',
        name,
    )


def _drawing(width, height, label, parts, css="chart-print"):
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        css,
        _at(width),
        _at(height),
        label,
        _join(parts),
    )


@dataclass(frozen=True)
class Bar:
    """One target against its plan. `share` is a fraction (1 is the plan); None draws no bar.

    `figure` is the ready text "125,0% (5/4 lượt người)"; `standing` is progress.py's.
    """

    name: str
    share: Decimal | None
    figure: str
    standing: str


def in_words(bars) -> list[str]:
    """Each bar with its figure: what stands beside it in Word, and what a drawing says to who cannot see it."""
    return [f"{bar.name}: {bar.figure}" for bar in bars]


def reading(bar: Bar) -> str:
    """How the bar is filled: "over", "met" or "below"."""
    standing = str(bar.standing)
    return standing if standing in ("over", "met") else "below"


def reading_words(bars) -> dict[str, str]:
    """The words of the legend; while a target still runs, what is below its plan may still reach it."""
    running = any(str(bar.standing) in ("on_track", "behind") for bar in bars)
    return {"over": "Vượt", "met": "Đạt", "below": "Đang làm hoặc chưa đạt" if running else "Chưa đạt"}


def bar_list(bars, *, name="chua-dat"):
    """Targets in percent of their plan, the plan a dashed line at 100, true figures in their own column.

    `name` keeps the hatch of two drawings in one document apart.
    """
    fills = {"over": DARK, "met": LIGHT, "below": f"url(#{name})"}
    parts = [_hatch(name)]
    for x, (kind, word) in zip((BAR_START, 314, 398), reading_words(bars).items(), strict=True):
        parts += [_box(x, 4, 22, 13, fills[kind]), _text(x + 28, 16, word)]
    y = Decimal(32)
    for bar in bars:
        lines = textwrap.wrap(bar.name, 30) or [""]
        height = max(27, 8 + 17 * len(lines))
        middle = y + (Decimal(height) - 8) / 2
        first = middle + Decimal("5.2") - Decimal("8.5") * (len(lines) - 1)
        parts += [_text(NAME_END, first + 17 * row, text, size="15.5", anchor="end") for row, text in enumerate(lines)]
        if bar.share is not None and bar.share > 0:
            top, length = middle - Decimal("9.5"), PER_WHOLE * min(bar.share, CUT_AT)
            parts.append(_box(BAR_START, top, length, 19, fills[reading(bar)]))
            if bar.share > CUT_AT:
                parts.append(_gap(BAR_START + length - 16, top))
        parts.append(_text(FIGURE_START, middle + Decimal("5.2"), bar.figure))
        y += height
    bottom = y - 4
    for share, width, dashes in ((0, "0.7", "none"), (50, "0.7", "1 4"), (100, "1.8", "7 3")):
        x = BAR_START + Decimal(PER_WHOLE) * share / 100
        parts += [
            _line(x, 28, x, bottom, width=width, dashes=dashes),
            _text(x, bottom + 15, str(share), size=14, anchor="middle"),
        ]
    parts.append(_text(BAR_START + PER_WHOLE + 16, bottom + 15, "(100 = bằng kế hoạch)", size=14, italic=True))
    return _drawing(WIDTH, bottom + 22, "; ".join(in_words(bars)), parts)


def _gap(x, top):
    """Two slanted white strokes: the bar is longer than drawn."""
    return format_html(
        '<path d="M{} {}l6-23M{} {}l6-23" stroke="#fff" stroke-width="3" fill="none"/>',
        _at(x),
        _at(top + 21),
        _at(x + 6),
        _at(top + 21),
    )


@dataclass(frozen=True)
class ShareBar:
    """One group of a whole: persons, and the women among them drawn dark at the left."""

    name: str
    total: int
    women: int
    figure: str

    @property
    def rest(self) -> int:
        return self.total - self.women


def share_list(bars, whole, *, words):
    """Groups as parts of one whole; every bar is drawn against the whole, its figure stands in a column.

    `words` are those of the legend: for the dark part of a bar, and for the rest of it.
    """
    parts = []
    for x, word, fill in ((BAR_START, words[0], DARK), (300, words[1], LIGHT)):
        parts += [_box(x, 4, 22, 13, fill), _text(x + 28, 16, word)]
    y = Decimal(32)
    for bar in bars:
        parts.append(_text(NAME_END, y + Decimal("14.7"), bar.name, size="15.5", anchor="end"))
        for count, fill in ((bar.total, LIGHT), (bar.women, DARK)):
            if count and whole:
                parts.append(_box(BAR_START, y, SHARE_WHOLE * (Decimal(count) / Decimal(whole)), 19, fill))
        parts.append(_text(SHARE_FIGURE, y + Decimal("14.7"), bar.figure))
        y += 27
    parts.append(_line(BAR_START, 28, BAR_START, y - 4, width="0.7"))
    return _drawing(WIDTH, y, "; ".join(in_words(bars)), parts)


@dataclass(frozen=True)
class Group:
    """One quarter (or month): last year's and this year's figure; None is "not recorded"."""

    name: str
    last: Decimal | int | None
    now: Decimal | int | None


def group_columns(groups, *, last_name, now_name, unit, plan=None):
    """Columns by quarter, last year white beside this year dark, the plan of one quarter a dashed line."""
    values = [Decimal(value) for group in groups for value in (group.last, group.now) if value]
    top = max([*values, Decimal(plan or 0), Decimal(1)])
    step = _step(top)
    ceiling = (top / step).to_integral_value(ROUND_CEILING) * step
    base, height, left, right = 148, Decimal(122), 46, 490
    scale = height / ceiling
    parts = [_line(left, base, right, base)]
    for tick in range(int(ceiling / step) + 1):
        y = base - scale * step * tick
        parts.append(_text(39, y + 5, number(step * tick), size=14, anchor="end"))
        if tick:
            parts.append(_line(left, y, right, y, width="0.4", dashes="1 4"))
    slot = Decimal(right - left) / max(len(groups), 1)
    column = slot * Decimal("0.28")
    for place, group in enumerate(groups):
        middle = left + slot * place + slot / 2
        for x, value, fill in ((middle - column - 2, group.last, WHITE), (middle + 2, group.now, DARK)):
            if value is None:
                parts.append(_text(x + column / 2, base - 4, "…", size="14.5", anchor="middle"))
                continue
            y = base - scale * Decimal(value)
            if value:
                parts.append(_box(x, y, column, scale * Decimal(value), fill))
            parts.append(_text(x + column / 2, y - 4, number(value), size="14.5", anchor="middle", bold=fill == DARK))
        parts.append(_text(middle, 167, group.name, size="15.5", anchor="middle"))
    if plan:
        y = base - scale * Decimal(plan)
        parts.append(_line(left, y, 498, y, width="1.6", dashes="6 3"))
        for row, text in enumerate(("Kế hoạch:", f"{number(plan)} {unit}")):
            parts.append(_text(504, y + 5 + 17 * row, text, size="14.5", italic=True))
    for row, (word, fill) in enumerate(((last_name, WHITE), (now_name, DARK))):
        parts += [_box(504, 104 + 24 * row, 22, 13, fill), _text(532, 116 + 24 * row, word, size="14.5")]
    return _drawing(WIDTH, 176, groups_in_words(groups, last_name=last_name, now_name=now_name, unit=unit), parts)


def groups_in_words(groups, *, last_name, now_name, unit) -> str:
    """What the columns say to who cannot see them."""
    said = "; ".join(
        f"{group.name}: {_said(group.last)} ({last_name}), {_said(group.now)} ({now_name})" for group in groups
    )
    return f"{said}, đơn vị tính {unit}"


def _said(value) -> str:
    return "không ghi số" if value is None else number(value)


def _step(top: Decimal) -> Decimal:
    """A round step that needs at most five lines, never a fraction of a thing one counts."""
    step = Decimal(1)
    while True:
        for factor in (1, 2, 5):
            if top <= step * factor * 5:
                return step * factor
        step *= 10
