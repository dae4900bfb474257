"""The Party committee's year as Excel: the rows of its page with where each figure is from. Nobody is named."""

from branches.formats import day
from branches.workbook import Workbook
from reports import wording
from reports.summary import PartySummary


def party_workbook(summary: PartySummary) -> bytes:
    """Three sheets: targets of three years, directions and where each stands, units."""
    title = f"Tóm tắt công tác Đoàn năm {summary.year}"
    book = Workbook(title, made_on=summary.as_of)
    _targets(book, summary, title)
    _directions(book, summary, title)
    if summary.board is not None:
        _units(book, summary, title)
    return book.content()


def _targets(book: Workbook, summary: PartySummary, title: str) -> None:
    columns = [("Mục", 26), ("Chỉ tiêu", 44), ("Đơn vị tính", 14)]
    columns += [(f"Năm {year}", 16) for year in summary.years[:-1]]
    columns += [("Kế hoạch", 14), ("Kết quả", 18), ("Trị số", 14), ("Trên tổng số", 12), ("Tình trạng", 16)]
    sources = tuple(f"Nguồn số liệu: {source}" for source in summary.sources)
    sheet = book.sheet("Kế hoạch, kết quả", columns, heading=(title, summary.unit.name, *sources))
    for key in summary.rows:
        row = key.row
        sheet.add(
            row.indicator.area.name,
            wording.name_in_list(row),
            row.indicator.unit_word,
            *(wording.result(told) if told.done.lines else "" for told in key.years[:-1]),
            wording.aim(row.aim, row.indicator),
            wording.result(row),
            row.done.value,
            row.done.whole,
            wording.standing(row),
        )


def _directions(book: Workbook, summary: PartySummary, title: str) -> None:
    columns = [("Ai chỉ đạo", 30), ("Ngày", 12), ("Văn bản", 26), ("Nội dung", 60), ("Hạn", 12), ("Tình trạng", 18)]
    heading = (title, summary.unit.name, f"Tính đến {day(summary.until)}")
    sheet = book.sheet("Cấp ủy chỉ đạo", columns, heading=heading)
    for one in summary.directions:
        said = one.direction
        due = day(said.due_on) if said.due_on else ""
        sheet.add(said.body_name, day(said.given_on), said.document, said.text, due, one.word)


def _units(book: Workbook, summary: PartySummary, title: str) -> None:
    board = summary.board
    columns = [("Thứ tự", 8), ("Đơn vị", 44), ("Đoàn viên", 10), ("Nguồn số liệu", 30), ("Đúng tiến độ", 12)]
    for column in board.columns:
        columns += [(f"{column.name} ({column.unit_word})", 18), ("Kế hoạch", 12), ("Tình trạng", 14)]
    sheet = book.sheet("Các đơn vị", columns, heading=(title, summary.unit.name, "Chậm nhiều nhất đứng trước"))
    for place, row in enumerate(board.rows, start=1):
        source = f"Báo cáo đã duyệt {day(row.approved_on)}" if row.approved_on else "Chưa có báo cáo được duyệt"
        cells = [words for cell in row.cells for words in _words_of(cell)]
        on_course = f"{row.on_course}/{row.measured}" if row.measured else "chưa giao"
        sheet.add(place, row.unit.name, row.members, source, on_course, *cells)
    source = f"Báo cáo đã duyệt {day(summary.report.approved_on)}" if summary.report else "Số liệu đang ghi"
    totals = [part for total in board.totals for part in (wording.amount(total.done, total.indicator), total.aim, "")]
    sheet.add("", "Cộng chung", board.members, source, "", *totals)


def _words_of(cell) -> tuple[str, str, str]:
    if cell is None:
        return wording.NO_FIGURE, "", ""
    return wording.result(cell), wording.aim(cell.aim, cell.indicator), wording.standing(cell)
