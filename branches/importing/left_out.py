"""Files that lead back into the importer: rows that did not go in with their reasons, and an empty list to fill in."""

import datetime

from branches.models import ImportRow, MemberImport, Unit
from branches.workbook import Workbook

from .cells import text_of
from .headers import FIELDS
from .planning import WAITING
from .reading import Sheet
from .staging import header_of, sheets_of

REASON = "Cần sửa"
SAMPLE_FIELDS = (
    "full_name", "birth_date", "sex", "national_code", "card_number", "admitted_on", "admitted_at", "job", "education",
    "politics", "phone", "email", "address", "hometown", "ethnicity", "religion", "joined_party_on",
    "official_party_on", "personal_number",
)  # fmt: skip


def left_out_workbook(source: MemberImport, *, made_on: datetime.date) -> bytes:
    """The rows that need a choice or a correction, in their own columns, with one column of reasons in front."""
    book = Workbook(f"Dòng cần sửa, {source.name}", made_on=made_on)
    contents = sheets_of(source)
    waiting: dict[int, list[ImportRow]] = {}
    left = source.rows.filter(state__in=WAITING)
    for row in left.order_by("sheet", "number"):
        waiting.setdefault(row.sheet, []).append(row)
    for place, rows in waiting.items():
        _add_sheet(book, source.sheets[place], contents[place], rows)
    return book.content()


def _add_sheet(book: Workbook, described: dict, sheet: Sheet, rows: list[ImportRow]) -> None:
    header = header_of(described)
    columns = [(column.title or f"Cột {column.index + 1}", 18) for column in header.columns]
    page = book.sheet(described["name"][:31] or "Danh sách", [*columns, (REASON, 60)])
    for row in rows:
        cells = sheet.rows[row.number - 1]
        said = [text_of(cells[column.index]) if column.index < len(cells) else "" for column in header.columns]
        page.add(*said, " ".join(dict.fromkeys(one["message"] for one in row.problems)))


def sample_workbook(unit: Unit, *, made_on: datetime.date) -> bytes:
    """An empty list whose columns are understood without help."""
    book = Workbook("Danh sách đoàn viên", made_on=made_on)
    wide = ("full_name", "address", "hometown", "job")
    columns = [(FIELDS[name], 30 if name in wide else 16) for name in SAMPLE_FIELDS]
    if not unit.is_branch:
        columns.insert(1, (FIELDS["unit"], 36))
    book.sheet("Đoàn viên", columns)
    return book.content()
