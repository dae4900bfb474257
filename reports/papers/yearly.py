"""What is particular to reports of a year and of parts of it: their titles and the chart by quarter."""

from branches.models import Indicator, Period
from reports import spans
from reports.history import quarters_for
from reports.judging import Progress
from reports.material import Material
from reports.spans import named

from .content import Chart, ChartGroup
from .report_charts import told


def abstract_of(material: Material) -> tuple[str, ...]:
    if material.theme:
        return (f"Kết quả {material.theme}", named(material.period))
    return (
        "Kết quả công tác Đoàn và phong trào thanh thiếu nhi",
        f"{named(material.period)}, phương hướng nhiệm vụ {following(material)}",
    )


def when(material: Material) -> str:
    return spans.when(material.period)


def following(material: Material) -> str:
    return spans.following_words(material.period)


def table_title(material: Material) -> str:
    if material.theme:
        return f"Kết quả {material.theme} {named(material.period)}"
    return f"Kết quả thực hiện chỉ tiêu công tác Đoàn {named(material.period)}"


def bars_title(material: Material) -> str:
    return f"Tỷ lệ thực hiện so với kế hoạch {named(material.period)} của một số chỉ tiêu (%)"


def second_chart(material: Material):
    """One indicator by quarter beside the year before: (what the text calls it, chart, caption)."""
    if material.rolled or material.period.kind != Period.Kind.YEAR:
        return None  # what units reported is not known by quarter, and a school year has none of the calendar's
    row = _told_by_quarter(material)
    if row is None:
        return None
    year = material.period.year_number
    found = quarters_for(material.unit, row, year, as_of=material.as_of)
    groups = tuple(
        ChartGroup(quarter.name, told(_figure(quarter.last, row.last)), told(_figure(quarter.now, row.done)))
        for quarter in found.quarters
    )
    indicator = row.indicator
    chart = Chart(
        "columns", groups=groups, last_name=f"Năm {year - 1}", now_name=f"Năm {year}",
        unit=f"{indicator.unit_word}/quý", plan=told(found.each),
    )  # fmt: skip
    name = f"{indicator.name[:1].lower()}{indicator.name[1:]}"
    return f"{name} theo quý", chart, f"{indicator.name} theo quý ({indicator.unit_word})"


def _figure(quarter, year):
    """None where nothing is known of the whole year, 0 where only this quarter had nothing."""
    if not quarter.lines:
        return 0 if year.lines else None
    return quarter.value


def _told_by_quarter(material: Material) -> Progress | None:
    """The indicator with most to tell by quarter: one planned by month or
    quarter first, then one that is behind, then the busiest."""
    rows = [
        row
        for row in material.table.rows
        if not row.is_of_theme  # nothing of the year before stands beside it
        and row.indicator.measure == Indicator.Measure.COUNT
        and row.indicator.over_time == Indicator.OverTime.SUM
        and row.done.value
    ]
    return max(
        rows,
        key=lambda row: (row.aim is not None and row.aim.each is not None, row.is_late, row.done.lines, row.done.value),
        default=None,
    )
