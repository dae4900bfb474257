"""What is particular to the report of a term: its titles and its chart by year."""

from branches.models import Indicator
from reports.judging import Progress
from reports.material import Material, term_years

from .content import Chart, ChartGroup
from .report_charts import told


def abstract_of(material: Material) -> tuple[str, ...]:
    if material.theme:
        return (f"Kết quả {material.theme}", f"nhiệm kỳ {term_years(material.period)}")
    following = material.next_period
    tail = f"phương hướng nhiệm kỳ {term_years(following)}" if following else "phương hướng nhiệm kỳ tới"
    return (
        "Kết quả công tác Đoàn và phong trào thanh thiếu nhi",
        f"nhiệm kỳ {term_years(material.period)}, {tail}",
    )


def when(material: Material) -> str:
    return "Trong nhiệm kỳ"


def following(material: Material) -> str:
    return f"nhiệm kỳ {term_years(material.next_period)}" if material.next_period else "nhiệm kỳ tới"


def table_title(material: Material) -> str:
    if material.theme:
        return f"Kết quả {material.theme} nhiệm kỳ {term_years(material.period)}"
    return f"Kết quả thực hiện chỉ tiêu nhiệm kỳ {term_years(material.period)}"


def bars_title(material: Material) -> str:
    return f"Tỷ lệ thực hiện so với kế hoạch nhiệm kỳ {term_years(material.period)} của một số chỉ tiêu (%)"


def second_chart(material: Material):
    """One indicator by year, plan beside result: (what the text calls it, chart, caption)."""
    row = _told_by_year(material) if material.years else None
    if row is None:
        return None
    groups = tuple(
        ChartGroup(year.name, told(one.aim.value if one.aim else None), told(one.done.value if one.done.lines else 0))
        for year, one in zip(material.years, material.by_year[row.indicator.code], strict=True)
    )
    indicator = row.indicator
    chart = Chart("columns", groups=groups, last_name="Kế hoạch", now_name="Thực hiện", unit=indicator.unit_word)
    name = f"{indicator.name[:1].lower()}{indicator.name[1:]}"
    return f"{name} theo năm", chart, f"{indicator.name} theo năm ({indicator.unit_word})"


def _told_by_year(material: Material) -> Progress | None:
    """The counted indicator with a plan and a result in most years, then with most behind it."""

    def weight(row: Progress) -> tuple[int, bool, int]:
        years = material.by_year.get(row.indicator.code, ())
        return sum(1 for year in years if year.aim and year.done.value), row.is_late, row.done.lines

    rows = [
        row
        for row in material.table.rows
        if row.indicator.measure == Indicator.Measure.COUNT
        and row.indicator.over_time == Indicator.OverTime.SUM
        and row.done.value
    ]
    return max(rows, key=weight, default=None)
