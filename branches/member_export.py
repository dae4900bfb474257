"""A list of members as Excel, in our own columns (our importer reads them back) or in those of the printed list.

Contact data only of members whose register the reader keeps, the closed part only where it was opened. Text stays
text (workbook.py): a name that begins with "=" is a name.
"""

import datetime
from collections.abc import Collection

from branches.days import words_of
from branches.formats import day as day_words
from branches.member_lists import KEEPERS, Selection
from branches.models import Member, Precision, SensitiveData, Unit
from branches.scoping import rights_at
from branches.workbook import Workbook

MOST_ROWS = 20_000
# The headers are those the importer knows without being told.
OWN_COLUMNS = (
    ("Họ và tên", 26), ("Ngày sinh", 12), ("Giới tính", 9), ("Mã đoàn viên", 14), ("Số thẻ", 12),
    ("Ngày vào Đoàn", 13), ("Nơi vào Đoàn", 24), ("Công việc chức vụ", 24), ("Trình độ", 22),
    ("Bậc trình độ", 18), ("Lý luận chính trị", 16), ("Điện thoại", 14), ("Thư điện tử", 26),
    # The code first: read back, it tells two branches of one name apart.
    ("Nơi ở hiện nay", 30), ("Quê quán", 26), ("Mã đơn vị", 16), ("Chi đoàn", 32),
)  # fmt: skip
OWN_CLOSED = (
    ("Dân tộc", 12), ("Tôn giáo", 12), ("Ngày vào Đảng", 13), ("Ngày chính thức", 13), ("Số căn cước", 16),
)  # fmt: skip
# No public text of the national software gives the columns of its list; these are the usual ones of the printed
# list that branches hand in, in its order.
NATIONAL_COLUMNS = (
    ("TT", 6), ("Mã đoàn viên", 14), ("Họ và tên", 26), ("Ngày sinh", 12), ("Giới tính", 9), ("Dân tộc", 12),
    ("Tôn giáo", 12), ("Số CCCD", 16), ("Quê quán", 26), ("Nơi ở hiện nay", 30), ("Trình độ chuyên môn", 22),
    ("Lý luận chính trị", 16), ("Nghề nghiệp, chức vụ", 24), ("Ngày vào Đoàn", 13), ("Nơi vào Đoàn", 24),
    ("Số thẻ đoàn", 12), ("Ngày vào Đảng", 13), ("Điện thoại", 14), ("Email", 26), ("Chi đoàn", 32),
    ("Ghi chú", 20),
)  # fmt: skip


def closed_pks(user, members) -> set[int]:
    """Of these members, those whose closed part the user may open. One query."""
    return set(
        Member.objects.editable_by(user).filter(pk__in=members.order_by().values("pk")).values_list("pk", flat=True)
    )


def own_workbook(
    found: Selection, *, user, unit: Unit, made_on: datetime.date, closed: Collection[int] | None = None
) -> bytes:
    """Our own columns, the header in the first row. Two queries and one for a list of a day, for any number of rows."""
    book = Workbook(f"Đoàn viên {unit.name}", made_on=made_on)
    sheet = book.sheet("Đoàn viên", OWN_COLUMNS if closed is None else OWN_COLUMNS + OWN_CLOSED)
    for member, home, keeps in _rows(found, user, closed):
        cells = [
            member.full_name,
            _known(member.birth_date, member.birth_precision),
            member.get_sex_display(),
            member.national_code,
            member.card_number,
            _known(member.admitted_on, member.admitted_precision),
            member.admitted_at,
            member.job,
            member.education,
            member.get_education_level_display(),
            member.politics,
            member.phone if keeps else "",
            member.email if keeps else "",
            member.address if keeps else "",
            member.hometown if keeps else "",
            home.code,
            home.name,
        ]
        if closed is not None:
            kept = _closed_part(member, closed)
            cells += [
                kept.ethnicity,
                kept.religion,
                _known(kept.joined_party_on, kept.joined_party_precision),
                kept.official_party_on,
                kept.personal_number,
            ]
        sheet.add(*cells)
    return book.content()


def national_workbook(
    found: Selection, *, user, unit: Unit, made_on: datetime.date, closed: Collection[int] | None = None
) -> bytes:
    """The columns of the printed list. Those of the closed part stay empty where it was not opened."""
    book = Workbook(f"Danh sách đoàn viên {unit.name}", made_on=made_on)
    day = found.day or made_on
    heading = ("DANH SÁCH ĐOÀN VIÊN", unit.name, f"Đến ngày {day_words(day)}")
    sheet = book.sheet("Danh sách", NATIONAL_COLUMNS, heading=heading)
    for place, (member, home, keeps) in enumerate(_rows(found, user, closed), 1):
        kept = _closed_part(member, closed or ())
        sheet.add(
            place,
            member.national_code,
            member.full_name,
            _known(member.birth_date, member.birth_precision),
            member.get_sex_display(),
            kept.ethnicity,
            kept.religion,
            kept.personal_number,
            member.hometown if keeps else "",
            member.address if keeps else "",
            member.education or member.get_education_level_display(),
            member.politics,
            member.job,
            _known(member.admitted_on, member.admitted_precision),
            member.admitted_at,
            member.card_number,
            _known(kept.joined_party_on, kept.joined_party_precision),
            member.phone if keeps else "",
            member.email if keeps else "",
            home.name,
            "Đã rời" if found.gone else "",
        )
    return book.content()


def _rows(found: Selection, user, closed):
    """(member, the unit of the list, whether the reader keeps this person's register)."""
    members = found.members.select_related("home", "sensitive") if closed else found.members
    for member in members:
        keeps = not rights_at(user, member.home).isdisjoint(KEEPERS)
        of_the_day = getattr(member, "of_the_day", None)
        yield member, of_the_day[0].unit if of_the_day else member.home, keeps


def _closed_part(member: Member, closed: Collection[int]) -> SensitiveData:
    kept = getattr(member, "sensitive", None) if member.pk in closed else None
    return kept or SensitiveData()


def _known(day: datetime.date | None, precision: str) -> datetime.date | str:
    """A day as a day; what is known by month or year as the text it is known by."""
    if day is None:
        return ""
    return day if precision == Precision.DAY and day.year >= 1900 else words_of(day, precision)
