"""From the data of a report's chart to its drawing: drawn anew each time, from a draft and from a frozen edition."""

from decimal import Decimal

from branches.formats import percent
from reports.print_charts import Bar, Group, bar_list, group_columns

from .content import Chart


def drawn(chart: Chart):
    """The chart as SVG for the paper."""
    if chart.kind == "bars":
        bars = [Bar(bar.name, _decimal(bar.share), bar.figure, bar.standing) for bar in chart.bars]
        return bar_list(bars, name=chart.name)
    groups = [Group(group.name, _decimal(group.last), _decimal(group.now)) for group in chart.groups]
    return group_columns(
        groups, last_name=chart.last_name, now_name=chart.now_name, unit=chart.unit, plan=_decimal(chart.plan)
    )


def word_bars(chart: Chart) -> list[tuple[str, str, str]]:
    """(label, figure as a program writes it, series) for the chart that Word draws itself; without a figure left out.

    Bars are told in percent of the plan with one decimal, as the text beside them in the PDF, and are one series
    without a name; columns are two.
    """
    if chart.kind == "bars":
        found = [(bar.name, percent(Decimal(bar.share), 1)) for bar in chart.bars if bar.share]
        return [(name, figure.rstrip("%").replace(".", "").replace(",", "."), "") for name, figure in found]
    columns = [
        (group.name, figure, name)
        for group in chart.groups
        for name, figure in ((chart.last_name, group.last), (chart.now_name, group.now))
    ]
    return [one for one in columns if one[1]]


def told(value) -> str:
    """A figure as the data of a chart keeps it; empty for none."""
    return "" if value is None else str(value)


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None
