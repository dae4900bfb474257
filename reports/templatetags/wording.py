"""Words and figures of a progress row as filters: {% load wording %}."""

import functools

from django import template
from django.urls import reverse
from django.utils.html import format_html

from branches.templatetags.look import sign
from reports import charts, wording

register = template.Library()


@register.filter
def done_words(row):
    """The result of a row: "khoảng 20", "92,9%"."""
    return wording.result(row)


@register.filter
def last_words(row):
    """Last year's result of a row."""
    return wording.amount(row.last, row.indicator) if row.last.lines else "không ghi số"


@register.filter
def aim_words(row):
    return wording.aim(row.aim, row.indicator)


@register.filter
def standing_words(row):
    return wording.standing(row)


@register.filter
def note_words(row):
    return wording.note(row)


@register.filter
def bar_label(row):
    return wording.label(row)


@register.filter
def cell_words(row):
    """The result in a cell of the board."""
    return wording.cell(row)


@register.filter
def cell_aim_words(row):
    return wording.cell_aim(row)


@functools.lru_cache(maxsize=20_000)
def _figure_url(unit_id: int, code: str) -> str:
    """A board has three hundred of these addresses, and an address never changes."""
    return reverse("reports:figure", args=[unit_id, code])


@register.simple_tag
def board_cell(row, cell, period_value):
    """What stands in one cell of the board: sign, result, what was wanted, the bar. As a tag, because a
    page has three hundred of them and a template asks as many questions about each.
    """
    words, wanted = wording.cell(cell), wording.cell_aim(cell) if cell.aim else ""
    if cell.done.lines and not row.is_partial:
        url = _figure_url(row.unit.pk, cell.indicator.code)
        figure = format_html('<a class="src fig" href="{}?ky={}">{}</a>', url, period_value, words)
    else:
        figure = format_html('<span class="{}">{}</span>', "fig" if cell.done.lines else "muted", words)
    bar = ""
    if cell.aim and cell.done.value is not None:
        label = wording.label(cell)
        bar = charts.bullet(cell.figure, cell.aim.value, label=label, standing=cell.standing, thin=True)
    late = format_html("{} ", sign(cell.standing)) if cell.is_late else ""
    unit = format_html('<span class="unit">{}</span>', wanted) if cell.aim else ""
    if cell.is_below_assigned:
        unit = format_html('{}<span class="unit given">giao {}</span>', unit, wording.assigned(cell))
    return format_html("{}{}{}{}", late, figure, unit, bar)
