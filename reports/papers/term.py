"""What is particular to the report of a term: its titles and its chart by year."""

from branches.models import Indicator
from reports.judging import Progress
from reports.material import Material, term_years
from reports.print_charts import Group, group_columns


def abstract_of(material: Material) -> tuple[str, ...]:
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
    return f"Kết quả thực hiện chỉ tiêu nhiệm kỳ {term_years(material.period)}"


def bars_title(material: Material) -> str:
    return f"Tỷ lệ thực hiện so với kế hoạch nhiệm kỳ {term_years(material.period)} của một số chỉ tiêu (%)"


def second_chart(material: Material):
    """One indicator by year, plan beside result: (what the text calls it, drawing, caption)."""
    row = _told_by_year(material)
    if row is None:
        return None
    groups = [
        Group(year.name, told.aim.value if told.aim else None, told.done.value if told.done.lines else 0)
        for year, told in zip(material.years, material.by_year[row.indicator.code], strict=True)
    ]
    indicator = row.indicator
    drawn = group_columns(groups, last_name="Kế hoạch", now_name="Thực hiện", unit=indicator.unit_word)
    name = f"{indicator.name[:1].lower()}{indicator.name[1:]}"
    return f"{name} theo năm", drawn, f"{indicator.name} theo năm ({indicator.unit_word})"


def _told_by_year(material: Material) -> Progress | None:
    """The counted indicator with a plan and a result in most years, then with most behind it."""

    def told(row: Progress) -> tuple[int, bool, int]:
        years = material.by_year.get(row.indicator.code, ())
        return sum(1 for year in years if year.aim and year.done.value), row.is_late, row.done.lines

    rows = [
        row
        for row in material.table.rows
        if row.indicator.measure == Indicator.Measure.COUNT
        and row.indicator.over_time == Indicator.OverTime.SUM
        and row.done.value
    ]
    return max(rows, key=told, default=None)
