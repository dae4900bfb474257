"""Lists as Excel files: what is counted, in the columns offices ask for."""

import datetime

from branches.models import Activity, Unit
from branches.wording import line_words, organiser_words
from branches.workbook import Workbook

MOST_ROWS = 20_000

ACTIVITY_COLUMNS = (
    ("Ngày", 11), ("Đến ngày", 11), ("Tên hoạt động", 44), ("Đơn vị", 32), ("Mục báo cáo", 30), ("Ai tổ chức", 26),
    ("Tình trạng", 14), ("Lý do không tổ chức", 26), ("Kết quả", 50), ("Đoàn viên có tên", 10),
    ("Số đoàn viên ghi", 10), ("Khách", 8), ("Đã vận động (đồng)", 16), ("Đã chi (đồng)", 16), ("Nơi làm", 24),
    ("Ghi chú", 40), ("Số minh chứng", 10),
)  # fmt: skip
LINE_COLUMNS = (
    ("Ngày", 11), ("Tên hoạt động", 44), ("Đơn vị", 32), ("Tình trạng", 14), ("Mục", 30), ("Chỉ tiêu", 44),
    ("Đơn vị tính", 16), ("Mức chính xác", 12), ("Số lượng", 14), ("Trên tổng số", 14), ("Mỗi suất (đồng)", 16),
    ("Cho ai, việc gì", 36),
)  # fmt: skip


def activity_workbook(records, *, unit: Unit, made_on: datetime.date) -> bytes:
    """The activities (from listing.activity_records) on one sheet, their results on a second one."""
    book = Workbook(f"Hoạt động của {unit.name}", made_on=made_on)
    activities = book.sheet("Hoạt động", ACTIVITY_COLUMNS)
    results = book.sheet("Kết quả", LINE_COLUMNS)
    for record in records[:MOST_ROWS]:
        _add_activity(activities, record)
        for line in record.lines:
            _add_line(results, record, line)
    return book.content()


def _add_activity(sheet, record: Activity):
    sheet.add(
        record.starts_on,
        record.last_on,
        record.title,
        record.unit_then or record.unit.name,
        record.area.name,
        organiser_words(record),
        record.get_state_display(),
        record.cancel_reason,
        "; ".join(line_words(line) for line in record.lines),
        record.named,
        record.member_count,
        record.guest_count,
        record.raised,
        record.spent,
        record.place,
        record.note,
        record.pieces,
    )


def _add_line(sheet, record: Activity, line):
    value = line.value
    if line.indicator.is_yes_no and value is not None:
        value = "Có" if value else "Không"
    sheet.add(
        record.last_on,
        record.title,
        record.unit_then or record.unit.name,
        record.get_state_display(),
        record.area.name,
        line.indicator.name,
        line.indicator.unit_word,
        line.get_qualifier_display(),
        "chưa có số" if value is None else value,
        line.denominator,
        line.each,
        line.note,
    )
