"""The sums of inspection as Excel: the board, the recommendations behind it, the cases of the year."""

from branches.formats import day
from branches.workbook import Workbook
from reports.inspecting import CLASSES, Year
from reports.recommended import Standing

ROWS_OF_CHART = 16


def inspection_workbook(found: Year) -> bytes:
    """Four sheets: the board by unit and class, each open recommendation, the year's counts, the charts."""
    title = f"Kiểm tra, giám sát năm {found.year}"
    heading = (title, found.unit.name, f"Số liệu đến {day(found.until)}")
    book = Workbook(title, made_on=found.as_of)
    board = found.board
    sheet = book.sheet(
        "Kiến nghị còn mở",
        (("Đơn vị", 44), *((one.label, 16) for one in Standing), ("Còn mở", 12), ("Quá hạn", 12),
         ("Chờ kiểm tra", 12)),
        heading=heading,
    )  # fmt: skip
    for line in (*board.by_unit, board.total):
        sheet.add(line.label, *(count for _, count in line.cells), line.open, line.overdue, line.waiting)
    sheet.add("")
    for line in board.by_class:
        sheet.add(line.label, *(count for _, count in line.cells), line.open, line.overdue, line.waiting)
    rows = book.sheet(
        "Từng kiến nghị",
        (("Đơn vị", 36), ("Ủy ban Kiểm tra", 30), ("Thông báo ngày", 14), ("Số", 6), ("Kiến nghị", 60),
         ("Ai thực hiện", 24), ("Loại", 20), ("Hạn", 14), ("Tình trạng", 24), ("Quá hạn (ngày)", 12),
         ("Đơn vị đã báo, chờ kiểm tra", 16)),
        heading=heading,
    )  # fmt: skip
    words = dict(CLASSES)
    for row in board.open_rows:
        rows.add(
            row.unit, row.committee, day(row.concluded_on), row.number, row.text, row.owner, words[row.kind],
            day(row.due_on) or "không đặt hạn", row.standing.label, row.days_late,
            "có" if row.waits else "",
        )  # fmt: skip
    year = book.sheet("Trong năm", (("Nội dung", 44), ("Số", 12)), heading=heading)
    for label, figure in _figures(found):
        year.add(label, figure)
    charts = book.sheet("Biểu đồ", (("Nội dung", 44), ("Số", 12)), heading=heading)
    for chart_title, lines in _charts(found):
        charts.add(chart_title)
        for label, figure in lines:
            charts.add(label, figure)
        charts.bars(chart_title, len(lines))
        for _ in range(len(lines), ROWS_OF_CHART):  # the drawing is higher than few lines
            charts.add("")
    return book.content()


def _charts(found: Year) -> list[tuple[str, list[tuple[str, int]]]]:
    visits = found.visits
    return [
        (f"Kiến nghị đến ngày {day(found.until)}", [(one.label, count) for one, count in found.board.total.cells]),
        ("Nhận định đã thông báo trong năm", [(label, count) for _, label, count in found.findings_by_class]),
        ("Cuộc kiểm tra, giám sát", [
            ("Trong chương trình", visits.planned), ("Đã làm việc", visits.done), ("Đã kết luận", visits.concluded),
            ("Đã kết thúc", visits.closed),
        ]),
    ]  # fmt: skip


def _figures(found: Year) -> list[tuple]:
    visits = found.visits
    return [
        ("Cuộc trong chương trình", visits.planned),
        ("Đã làm việc", visits.done),
        ("Đã thông báo kết luận", visits.concluded),
        ("Đã kết thúc hồ sơ", visits.closed),
        ("Đưa ra khỏi chương trình", visits.dropped),
        *((label, count) for _, label, count in found.findings_by_class),
        ("Hạn chế, vi phạm lặp lại", len(found.repeated)),
        ("Kiến nghị còn mở", found.board.total.open),
        ("Trong đó quá hạn", found.board.total.overdue),
        ("Trong đó đơn vị đã báo, chờ kiểm tra", found.board.total.waiting),
        ("Kiến nghị chấp nhận chưa thực hiện", found.board.total.counts[Standing.ACCEPTED]),
        ("Kiến nghị đã khép trong năm", len(found.closed)),
        ("Số ngày để khép, trung vị", _days(found.median_days)),
        ("Số ngày để khép, lâu nhất", _days(found.longest_days)),
    ]


def _days(count: int | None):
    return "chưa có" if count is None else count
