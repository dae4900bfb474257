"""Figures into drawings: the one place where a number becomes a length.

Scaling a bar is drawing, not judging: shares, standings and words come ready from progress.py. Every
function returns one inline SVG that page, PDF and Word share, so it carries its colours and sizes as
attributes (WeasyPrint lets no document class reach inside an SVG). Numbers in attributes have a
point, numbers in text a comma. User text passes through format_html only.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join

from branches.formats import number

INK, NOTE, TRACK, EDGE = "#14223a", "#586680", "#eaeff5", "#78879d"
BLUE, PALE, AMBER, LAST = "#0e4fa0", "#b7cfee", "#b36f00", "#6d7f99"
MARK_AT = 80  # percent of the bar where the target stands, on every bar of every page
LATE = ("behind", "missed")

# ground, edge, opacity of the edge, dashes, drawing, its colour
_MARKS = {
    "met": ("#e7f4ec", "#17653f", "0.35", "none", "M4.5 9.5l3 3 6-6.5", "#17653f"),
    "over": ("#e7f4ec", "#17653f", "0.35", "none", "M9 13.5v-9M5.5 8L9 4.5 12.5 8", "#17653f"),
    "on_track": ("#e9f1fb", "#0e4fa0", "0.35", "none", "M4.5 9h9M10 5.5L13.5 9 10 12.5", "#0e4fa0"),
    "behind": (AMBER, AMBER, "1", "none", "M9 4.5v6M9 13.3v.3", "#fff"),
    "missed": (AMBER, AMBER, "1", "none", "M9 4.5v6M9 13.3v.3", "#fff"),
    "not_measurable": ("#fff", EDGE, "1", "3 2", "M6 9h6", NOTE),
}


def _at(value) -> str:
    """A coordinate: one decimal, with a point."""
    return f"{Decimal(value):.1f}"


def _share_of(part, whole) -> Decimal:
    return Decimal(part) / Decimal(whole)


def bullet(done, aim, *, label, standing="", last=None, high=None, thin=False):
    """The plan-versus-result bar: result, last year's thin line, target mark at 80 %, band for a range.

    Empty where nothing can be measured against (no target, or a target of zero): words stand there
    instead. Beyond 125 % the bar ends at the edge and the badge tells the true figure. For an
    "at most" target the mark is the ceiling, and `standing` makes the bar amber beyond it.
    """
    if not aim:
        return ""

    def width(value):
        return f"{_at(min(MARK_AT * _share_of(max(value, 0), aim), 100))}%"

    # A board draws three hundred of these: lengths and colours are written straight into the drawing, and
    # only the label, which may hold a person's words, needs escaping.
    height, bar = (12, 6) if thin else (18, 8)
    parts = [f'<rect width="100%" height="{bar}" y="3" rx="2" fill="{TRACK}"/>']
    if high is not None and high > aim:
        beyond = _at(min(MARK_AT * _share_of(high, aim), 100) - MARK_AT)
        parts.append(f'<rect x="{MARK_AT}%" width="{beyond}%" height="{bar}" y="3" fill="{PALE}"/>')
    if done:
        colour = AMBER if str(standing) in LATE else BLUE
        parts.append(f'<rect width="{width(done)}" height="{bar}" y="3" rx="2" fill="{colour}"/>')
    if last and not thin:
        parts.append(f'<rect width="{width(last)}" height="3" y="13" rx="1" fill="{LAST}"/>')
    parts += [
        f'<line x1="{MARK_AT}%" x2="{MARK_AT}%" y1="0" y2="{height}" stroke="{colour}" stroke-width="{stroke}"/>'
        for colour, stroke in (("#fff", 5), (INK, 2))
    ]
    look = "bullet bullet-thin" if thin else "bullet"
    drawing = f'<svg class="{look}" width="100%" height="{height}" role="img" aria-label="{{}}">{"".join(parts)}</svg>'
    return format_html(drawing, label)


@dataclass(frozen=True)
class Chapter:
    """One report chapter in the strip: its number or short name and the standings of its targets."""

    name: str
    standings: tuple


def strip(chapters, words):
    """One small sign per target in chapter order. `words` maps a standing to its word for the text version."""
    parts, x = [], 0
    for chapter in chapters:
        if not chapter.standings:
            continue
        start = x
        for standing in chapter.standings:
            ground, edge, opacity, dashes, path, colour = _MARKS[str(standing)]
            parts.append(
                format_html(
                    '<g transform="translate({} 0)"><rect x=".5" y=".5" width="17" height="17" rx="4" fill="{}"'
                    ' stroke="{}" stroke-opacity="{}" stroke-dasharray="{}"/><path d="{}" fill="none" stroke="{}"'
                    ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></g>',
                    x,
                    ground,
                    edge,
                    opacity,
                    dashes,
                    path,
                    colour,
                )
            )
            x += 21
        middle = _share_of(start + x - 3, 2)
        parts.append(
            format_html(
                '<text x="{}" y="31" font-size="11" fill="{}" text-anchor="middle">{}</text>',
                _at(middle),
                NOTE,
                chapter.name,
            )
        )
        x += 11
    if not parts:
        return ""
    label = "; ".join(
        f"mục {chapter.name}: " + ", ".join(words[str(standing)].lower() for standing in chapter.standings)
        for chapter in chapters
        if chapter.standings
    )
    return format_html(
        '<svg class="strip" width="{0}" height="34" viewBox="0 0 {0} 34" role="img" aria-label="{1}">{2}</svg>',
        max(x - 14, 1),
        label,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def share_bar(part, whole, *, label):
    """How much of the whole a group is. Nothing where there is no whole; the figure stands beside it in words."""
    if not whole:
        return ""
    width = _at(100 * _share_of(part, whole))
    bar = f'<rect width="{width}%" height="8" y="3" rx="2" fill="{BLUE}"/>' if part else ""
    drawing = (
        f'<svg class="bullet bullet-thin" width="100%" height="12" role="img" aria-label="{{}}">'
        f'<rect width="100%" height="8" y="3" rx="2" fill="{TRACK}"/>{bar}</svg>'
    )
    return format_html(drawing, label)


@dataclass(frozen=True)
class Column:
    """One year of a trend. `value` None means that nothing was recorded; `text` may carry "hơn 120"."""

    name: str
    value: Decimal | int | None
    aim: Decimal | int | None = None
    text: str = ""


def columns(points, unit):
    """Up to three years side by side: value on top, that year's target across, a missing year in words."""
    heights = [Decimal(figure) for point in points for figure in (point.value, point.aim) if figure]
    top = max(heights, default=Decimal(1))
    parts = []
    for place, point in enumerate(points):
        left = 6 + 59 * place
        middle = left + 23
        if point.value is None:
            parts += [_text(middle, y, word, size=13) for y, word in ((78, "không"), (94, "ghi số"))]
        else:
            height = 74 * _share_of(max(point.value, 0), top)
            colour = BLUE if place == len(points) - 1 else PALE
            if height:
                parts.append(
                    format_html(
                        '<rect x="{}" y="{}" width="46" height="{}" rx="3" fill="{}"/>',
                        left,
                        _at(102 - height),
                        _at(height),
                        colour,
                    )
                )
            crown = height
            if point.aim:
                # The mark must not run through the figure when it lies just above the column.
                mark = 74 * _share_of(point.aim, top)
                crown = mark if height <= mark < height + 20 else height
                parts.append(
                    format_html(
                        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="2"/>',
                        left - 4,
                        left + 50,
                        _at(102 - mark),
                        _at(102 - mark),
                        INK,
                    )
                )
            parts.append(_text(middle, _at(96 - crown), point.text or number(point.value), size=16, bold=True))
        parts.append(_text(middle, 121, point.name, size=14))
    width = 6 + 59 * len(points) - 7
    parts.append(format_html('<line x1="0" x2="{}" y1="102" y2="102" stroke="{}"/>', width, EDGE))
    said = [
        f"năm {point.name}: "
        + (f"{point.text or number(point.value)} {unit}" if point.value is not None else "không ghi số")
        for point in points
    ]
    return format_html(
        '<svg class="chart" viewBox="0 0 {} 128" role="img" aria-label="{}">{}</svg>',
        max(width, 176),
        "; ".join(said),
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _text(x, y, text, *, size, bold=False):
    return format_html(
        '<text x="{}" y="{}" font-size="{}" font-weight="{}" fill="{}" text-anchor="middle">{}</text>',
        x,
        y,
        size,
        600 if bold else 400,
        INK if bold else NOTE,
        text,
    )
