"""Template filters that print figures and days; the notation itself is in branches/formats.py."""

from django import template

from branches import formats

register = template.Library()

register.filter("number", formats.number)
register.filter("percent", formats.percent)
register.filter("points", formats.points)
register.filter("counted", formats.counted)
register.filter("dong", formats.dong)
register.filter("qualified", formats.qualified)
register.filter("small", formats.small)
register.filter("two_digits", formats.two_digits)
register.filter("day", formats.day)
register.filter("day_month", formats.day_month)
register.filter("long_day", formats.long_day)
register.filter("paper_day", formats.paper_day)
register.filter("distance", formats.distance)


@register.simple_tag
def span(first, last):
    """One day or a span of days."""
    return formats.span(first, last)
