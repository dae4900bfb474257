"""The drawings of charts.py and of papers as template tags: {% load charts %}."""

from django import template

from branches.templatetags.look import STATES
from reports import charts, decision_charts
from reports.papers.report_charts import drawn, in_word

register = template.Library()
WORDS = {name: word for name, (_, _, word) in STATES.items()}

register.simple_tag(charts.bullet, name="bullet")
register.simple_tag(charts.columns, name="columns")
register.simple_tag(charts.share_bar, name="share_bar")
register.simple_tag(decision_charts.funnel, name="funnel")
register.simple_tag(decision_charts.ranked_bars, name="ranked_bars")
register.simple_tag(decision_charts.running_line, name="running_line")
register.filter("drawn", drawn)
register.filter("in_word", in_word)


@register.simple_tag
def strip(chapters):
    """One small sign per target in chapter order, with the words of the states as text alternative."""
    return charts.strip(chapters, WORDS)
