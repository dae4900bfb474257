"""Filters of the papers: capitals that survive copying, and the ties that keep a number with its word."""

import re

from django import template
from django.utils.html import format_html

from branches.formats import NBSP
from reports import wording
from reports.papers.widths import capitals

register = template.Library()
register.filter("capitals", capitals)

BEFORE_A_NUMBER = re.compile(
    r"\b((?:Bảng|Biểu đồ|[Ss]ố|[Nn]gày|[Tt]háng|[Nn]ăm|[Qq]uý|[Kk]hoảng|[Gg]ần|[Hh]ơn|[Tt]ầng)) (?=[0-9IVX])"
)
# Up to four signs: "15", "07/12", "100%". A long sum of money is left free, or the line above it gapes.
SHORT_NUMBER = re.compile(r"(?<![0-9.,/])([0-9]{1,3}(?:/[0-9]{1,3})?) (?=[^\W\d_])")


@register.filter
def tied(text: str) -> str:
    """Running text with no-break spaces where a line must not end: "15 lượt người", "Bảng 1", "năm 2019"."""
    return SHORT_NUMBER.sub(rf"\1{NBSP}", BEFORE_A_NUMBER.sub(rf"\1{NBSP}", str(text)))


@register.filter
def purpose_kept(line: str) -> str:
    """A recipient whose "(để b/c)" is never cut at the slash."""
    name, bracket, purpose = str(line).rpartition(" (")
    return format_html('{} <span class="purpose">({}</span>', name, purpose) if bracket else line


@register.filter
def ended(text: str, mark: str) -> str:
    """The last sentence of a paper with its end mark in place of the full stop."""
    return f"{str(text).rstrip('.; ')}{mark}"


@register.filter
def beside_plan(row) -> str:
    """What follows a result in a sentence: "trên 12 buổi", "trên chỉ tiêu 100%", or only the unit."""
    indicator, aim = row.indicator, row.aim
    unit = "" if indicator.is_share or indicator.is_yes_no else f" {indicator.unit_word}"
    if aim is None or aim.value is None:
        return unit.strip()
    goal = wording.aim(aim, indicator)
    word = "chỉ tiêu " if indicator.is_share or aim.value_to is not None or aim.is_ceiling else ""
    return f"trên {word}{goal if word else goal.lstrip('≥>').strip()}{unit}"
