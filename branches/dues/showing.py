"""What the pages of dues show beside the grid itself: names in order, figures of a year, the same as Excel."""

import datetime
from collections.abc import Collection

from django.db.models import Sum

from branches.models import DuesPayment, Member, Period, Remittance, Unit
from branches.workbook import Workbook

from .arrears import Figures, arrears_of, dues_by_unit
from .fund import balance, book_of_year, sums
from .months import first_of, month_words, months_of
from .owing import Cell, Loaded, Row, Standing, collects, grid
from .rates import Rates
from .remitting import unremitted

PAID_ELSEWHERE = "đóng nơi khác"
WORDS = {
    Standing.EXEMPT: "miễn",
    Standing.OUTSIDE: "không thuộc chi đoàn",
    Standing.UNTRACKED: "chưa theo dõi",
}


def names_of(members: Collection[int]) -> dict[int, Member]:
    """Members by key, in the order in which Vietnamese lists stand. One query."""
    rows = Member.objects.filter(pk__in=members).only("pk", "full_name", "is_active", "home", "sort_key")
    return {one.pk: one for one in rows.order_by("sort_key", "pk")}


def ordered(rows: list[Row]) -> list[tuple[Member, Row]]:
    """The rows of a grid with their members, by given name. One query."""
    by_member = {row.member: row for row in rows}
    return [(member, by_member[pk]) for pk, member in names_of(by_member).items()]


def cell_texts(row: Row) -> list[str]:
    """What each cell says in words where it holds no amount: why nothing is due, and on which side of the stay."""
    here = [place for place, cell in enumerate(row.cells) if cell.is_paid or cell.due.standing != Standing.OUTSIDE]
    return [_text(cell, has_come=bool(here) and place > here[0]) for place, cell in enumerate(row.cells)]


def _text(cell: Cell, *, has_come: bool) -> str:
    if cell.is_paid:
        return "" if cell.receipt else PAID_ELSEWHERE
    if cell.due.standing == Standing.OUTSIDE:
        return "đã rời" if has_come else "chưa vào"
    return WORDS.get(cell.due.standing, "")


def received_in(unit: Unit, year: int) -> int:
    """đồng that came in within the year: from members, or as slips accepted from below. One query."""
    if collects(unit):
        rows = DuesPayment.objects.standing().filter(unit=unit, receipt__paid_on__year=year)
    else:
        rows = Remittance.objects.filter(superior=unit, state=Remittance.State.ACCEPTED, answered_on__year=year)
    return rows.aggregate(total=Sum("amount"))["total"] or 0


def figures_of(unit: Unit, year: int, *, on: datetime.date, rates: Rates, loaded: Loaded | None = None) -> dict:
    """The four figures over every page of dues; debts are those of everything below.

    Nine queries, three where what arrears need is loaded.
    """
    tomorrow = on + datetime.timedelta(days=1)
    debts = arrears_of(unit, on=on, rates=rates, loaded=loaded)
    return {
        "received": received_in(unit, year),
        "debt": sum(debt.total for debt in debts),
        "debtors": len({debt.member for debt in debts}),
        "held": unremitted(unit, up_to=on, on=on, rates=rates),
        "balance": balance(sums(unit, before=tomorrow)),
    }


def below(units: list[Unit], year: int, *, on: datetime.date) -> list[tuple[Unit, Figures]]:
    """The figures of the year of each unit, up to the running month of a running year."""
    until = first_of(on) if year >= on.year else None
    table = dues_by_unit(units, Period.of_year(year), until=until)
    return [(one, table[one.pk]) for one in units]


def grid_workbook(unit: Unit, year: int, *, on: datetime.date) -> bytes:
    """The grid of the year: đồng where a month was paid, a word where none is due, empty where it is owed."""
    months = months_of(year)
    title = f"Đoàn phí năm {year}"
    book = Workbook(f"{title}, {unit.name}", made_on=on)
    columns = [("Họ và tên", 30), *((month_words(month), 11) for month in months),
               ("Đã đóng (đồng)", 14), ("Còn nợ (đồng)", 14)]  # fmt: skip
    sheet = book.sheet("Đoàn phí", columns, heading=(title, unit.name))
    for member, row in ordered(grid(unit, year, on=on)):
        texts = zip(row.cells, cell_texts(row), strict=True)
        cells = [cell.paid if cell.receipt else text for cell, text in texts]
        sheet.add(member.full_name, *cells, row.paid, row.left)
    return book.content()


BOOK_COLUMNS = (
    ("Ngày", 11), ("Nội dung", 50), ("Người nộp, người nhận", 26), ("Chứng từ", 18), ("Thu (đồng)", 14),
    ("Chi (đồng)", 14), ("Còn lại (đồng)", 16), ("Đã hủy vì", 30),
)  # fmt: skip


def fund_workbook(unit: Unit, year: int, *, on: datetime.date, may_name: bool) -> bytes:
    """The fund book of the year line by line; without what a person typed for who may only read figures."""
    found = book_of_year(unit, year)
    title = f"Sổ quỹ năm {year}"
    book = Workbook(f"{title}, {unit.name}", made_on=on)
    sheet = book.sheet("Sổ quỹ", BOOK_COLUMNS, heading=(title, unit.name))
    sheet.add(found.starts_on, "Mang sang từ năm trước", "", "", None, None, found.opening)
    for one in found.lines:
        words = one.typed if may_name and one.typed else one.words
        typed = (one.counterpart, one.document, one.struck) if may_name else ("", "", "đã hủy" if one.struck else "")
        counterpart, document, struck = typed
        came = None if one.struck else one.came_in
        went = None if one.struck else one.went_out
        sheet.add(one.day, words, counterpart, document, came, went, one.balance, struck)
    sheet.add("Cộng", "", "", "", found.came_in, found.went_out, found.closing)
    return book.content()
