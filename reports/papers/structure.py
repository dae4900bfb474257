"""The structure of the members as a paper and as Excel, made from the same figures as the page."""

import datetime

from django.template.loader import render_to_string

from branches.formats import day, number
from branches.models import Unit
from branches.structure import Part, Structure
from branches.workbook import Workbook
from reports.material import speaker_of
from reports.print_charts import ShareBar, share_list
from reports.wording import share

from .filled import COMMITTEE
from .layout import Layout, paper_of
from .word_charts import shares_in_word

EVERYBODY = "Tất cả đoàn viên"
SEXES = ("nữ", "nam, chưa ghi")
DRAWN = ("Tuổi", "Trình độ")  # the parts whose bars say something a table does not
COLUMNS = (("Cách chia", 18), ("Nhóm", 34), ("Tổng số", 12), ("Trong đó nữ", 12), ("Tỷ lệ trên tổng số", 14))
COUNTED_HOW = (
    "Tính theo nơi sinh hoạt chính thức và cây tổ chức của ngày này; mỗi người một lần. "
    "Giới tính, ngày sinh, trình độ, dân tộc theo hồ sơ hiện nay."
)


def structure_html(found: Structure, *, on: datetime.date, issuer: Unit | None = None) -> tuple[str, Layout]:
    """The paper as HTML, with its layout. `on` is the day it is printed; `issuer` has the name of that day, while
    the sentence about the figures says what the unit was called on theirs."""
    unit = issuer or found.unit
    paper = paper_of(
        unit=unit,
        on=on,
        kind="Báo cáo",
        kind_code="BC",
        abstract=("Thống kê cơ cấu đoàn viên", f"đến ngày {day(found.day)}"),
        signature=COMMITTEE,
        recipients=("Đoàn cấp trên", f"Lưu {speaker_of(unit) if unit.is_branch else 'VP'}"),
        is_one_sheet=True,
    )
    parts = [{"part": part, "rows": list(_numbered(part, found.total))} for part in found.parts]
    charts = [_chart(part, found.total) for part in found.parts if part.title in DRAWN and found.total]
    context = {"paper": paper, "structure": found, "parts": parts, "charts": charts, "counted_how": COUNTED_HOW}
    return render_to_string("papers/structure.html", context), paper.layout


def _chart(part: Part, whole: int) -> dict:
    """The groups as bars, for the PDF and for Word."""
    bars = [ShareBar(group.label, group.total, group.women, f"{number(group.total)} người") for group in part.groups]
    return {
        "title": part.title,
        "drawn": share_list(bars, whole, words=SEXES),
        "in_word": shares_in_word(bars, whole, words=SEXES),
    }


def _numbered(part: Part, whole: int):
    """(number, group, share); what is only part of the group above has a dash."""
    place = 0
    for group in part.groups:
        place += not group.is_part
        yield "-" if group.is_part else place, group, share(group.total, whole)


def structure_workbook(found: Structure) -> bytes:
    """One row a group, figures as numbers."""
    book = Workbook(f"Cơ cấu đoàn viên {found.unit.name}", made_on=found.day)
    heading = ("Cơ cấu đoàn viên", found.unit.name, f"Đến ngày {day(found.day)}")
    sheet = book.sheet("Cơ cấu", COLUMNS, heading=heading)
    sheet.add("Tất cả", EVERYBODY, found.total, found.women, share(found.total, found.total))
    for part in found.parts:
        for group in part.groups:
            sheet.add(part.title, group.label, group.total, group.women, share(group.total, found.total))
    return book.content()
