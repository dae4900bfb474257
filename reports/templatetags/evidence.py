"""A cell of the evidence room as text: days and whole numbers as they are written here."""

import datetime

from django import template

from branches.formats import day, number

register = template.Library()


@register.filter
def shown(cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime.date):
        return day(cell)
    return cell if isinstance(cell, str) else number(cell)
