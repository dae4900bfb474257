"""What is particular to the yearly report: its titles and its chart by quarter."""

from branches.models import Indicator
from reports.history import quarters_for
from reports.judging import Progress
from reports.material import Material
from reports.print_charts import Group, group_columns


def abstract_of(material: Material) -> tuple[str, ...]:
    year = material.period.year_number
    return (
        "Kết quả công tác Đoàn và phong trào thanh thiếu nhi",
        f"năm {year}, phương hướng nhiệm vụ năm {year + 1}",
    )


def when(material: Material) -> str:
    return "Trong năm"


def following(material: Material) -> str:
    return f"năm {material.period.year_number + 1}"


def table_title(material: Material) -> str:
    return f"Kết quả thực hiện chỉ tiêu công tác Đoàn năm {material.period.year_number}"


def bars_title(material: Material) -> str:
    return f"Tỷ lệ thực hiện so với kế hoạch năm {material.period.year_number} của một số chỉ tiêu (%)"


def second_chart(material: Material):
    """One indicator by quarter beside the year before: (what the text calls it, drawing, caption)."""
    row = _told_by_quarter(material)
    if row is None:
        return None
    year = material.period.year_number
    told = quarters_for(material.unit, row, year, as_of=material.as_of)
    groups = [
        Group(quarter.name, _figure(quarter.last, row.last), _figure(quarter.now, row.done))
        for quarter in told.quarters
    ]
    indicator = row.indicator
    drawn = group_columns(
        groups, last_name=f"Năm {year - 1}", now_name=f"Năm {year}",
        unit=f"{indicator.unit_word}/quý", plan=told.each,
    )  # fmt: skip
    name = f"{indicator.name[:1].lower()}{indicator.name[1:]}"
    return f"{name} theo quý", drawn, f"{indicator.name} theo quý ({indicator.unit_word})"


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
        if row.indicator.measure == Indicator.Measure.COUNT
        and row.indicator.over_time == Indicator.OverTime.SUM
        and row.done.value
    ]
    return max(
        rows,
        key=lambda row: (row.aim is not None and row.aim.each is not None, row.is_late, row.done.lines, row.done.value),
        default=None,
    )
