"""Words and figures of a progress row as filters: {% load wording %}."""

from django import template

from reports import wording

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
