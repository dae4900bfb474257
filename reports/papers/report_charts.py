"""From the data of a report's chart to its drawing: drawn anew each time, from a draft and from a frozen edition."""

from decimal import Decimal

from reports.print_charts import Bar, Group, bar_list, group_columns

from .content import Chart
from .word_charts import WordChart, bars_in_word, columns_in_word


def drawn(chart: Chart):
    """The chart as SVG for the paper."""
    if chart.kind == "bars":
        return bar_list(_bars(chart), name=chart.name)
    return group_columns(_groups(chart), **_said_of_columns(chart))


def in_word(chart: Chart) -> WordChart:
    """The same chart for Word, which draws it itself."""
    if chart.kind == "bars":
        return bars_in_word(_bars(chart))
    return columns_in_word(_groups(chart), **_said_of_columns(chart))


def _bars(chart: Chart) -> list[Bar]:
    return [Bar(bar.name, _decimal(bar.share), bar.figure, bar.standing) for bar in chart.bars]


def _groups(chart: Chart) -> list[Group]:
    return [Group(group.name, _decimal(group.last), _decimal(group.now)) for group in chart.groups]


def _said_of_columns(chart: Chart) -> dict:
    return {"last_name": chart.last_name, "now_name": chart.now_name, "unit": chart.unit, "plan": _decimal(chart.plan)}


def told(value) -> str:
    """A figure as the data of a chart keeps it; empty for none."""
    return "" if value is None else str(value)


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None
