"""The drawings of charts.py and print_charts.py as template tags: {% load charts %}."""

from django import template

from branches.templatetags.look import STATES
from reports import charts, decision_charts, print_charts
from reports.papers.report_charts import drawn, word_bars

register = template.Library()
WORDS = {name: word for name, (_, _, word) in STATES.items()}

register.simple_tag(charts.bullet, name="bullet")
register.simple_tag(charts.columns, name="columns")
register.simple_tag(charts.share_bar, name="share_bar")
register.simple_tag(decision_charts.funnel, name="funnel")
register.simple_tag(decision_charts.ranked_bars, name="ranked_bars")
register.simple_tag(decision_charts.running_line, name="running_line")
register.simple_tag(print_charts.bar_list, name="bar_list")
register.simple_tag(print_charts.group_columns, name="group_columns")
register.simple_tag(print_charts.share_list, name="share_list")
register.filter("drawn", drawn)
register.filter("word_bars", word_bars)


@register.simple_tag
def strip(chapters):
    """One small sign per target in chapter order, with the words of the states as text alternative."""
    return charts.strip(chapters, WORDS)
