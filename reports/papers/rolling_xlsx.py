"""The figures of a rolled-up report unit by unit, as Excel: the lines of the page."""

from branches.formats import day, small
from branches.workbook import Workbook
from reports import wording
from reports.rolling_table import rule_words, unit_table
from reports.rolling_up import RolledUp


def units_workbook(rolled: RolledUp) -> bytes:
    """One row a figure: the sum, each unit's part, the superior's own, what was taken off; then who is missing."""
    table = unit_table(rolled)
    unit, period = rolled.table.unit, rolled.table.period
    theme = f"chuyên đề {rolled.table.theme}, " if rolled.table.theme else ""
    title = f"Số liệu theo đơn vị, {theme}{small(period.name)}"
    columns = [("Mục", 26), ("Chỉ tiêu", 44), ("Đơn vị tính", 14), ("Cách gộp", 24), ("Cộng", 14)]
    columns += [(source.name, 20) for source in table.sources]
    columns += [(f"{unit.name} tự ghi", 16), ("Tính trùng", 30)]
    book = Workbook(title, made_on=rolled.table.as_of)
    heading = (title, unit.name, f"Gồm {len(rolled.reported)}/{len(rolled.units)} đơn vị có báo cáo đã duyệt")
    sheet = book.sheet("Theo đơn vị", columns, heading=heading)
    for area, lines in table.chapters:
        for line in lines:
            sheet.add(
                area.name,
                wording.name_in_list(line.row),
                line.indicator.unit_word,
                rule_words(line.indicator),
                wording.result(line.row),
                *(_figure(cell) for cell in line.cells),
                _figure(line.own) if line.own else "",
                line.deducted,
            )
    if rolled.missing or rolled.missing_below:
        missing = book.sheet(
            "Chưa có báo cáo duyệt", [("Đơn vị", 44), ("Tình trạng", 24), ("Hạn nộp", 14)],
            heading=("Đơn vị chưa có báo cáo được duyệt", unit.name),
        )  # fmt: skip
        for source in rolled.missing:
            missing.add(source.name, source.state_words, day(source.row.due_on) if source.row else "")
        for name in rolled.missing_below:
            missing.add(name, "Chưa có trong báo cáo đã duyệt", "")
    return book.content()


def _figure(cell):
    """A plain figure as a number, everything else in words."""
    part = cell.part
    plain = part is not None and part.told.value is not None and part.told.whole is None
    return part.told.value if plain and part.told.qualifier == "exact" else cell.text
