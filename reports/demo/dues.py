"""Dues of the running year at a few branches: two in arrears, one exempt, quarters handed up, a small fund book."""

import datetime

from branches.dues.fund import write_entry
from branches.dues.owing import grid
from branches.dues.paying import receive
from branches.dues.remitting import accept, remit, unremitted
from branches.dues.statuses import exempt, set_statuses
from branches.models import FundEntry, Period

from .loading import Demo

Day = datetime.date
BRANCHES = ("so-tttt", "so-tu-phap", "cuc-thads", "vp-ubnd")
OPENING = 2_150_000
COLLECTED_ON, HANDED_ON = 8, 6
Entry = FundEntry.Kind
# (month, day, kind, đồng, what, who, document): the small book of the demo's branch.
ENTRIES = (
    (2, 27, Entry.INCOME, 1_500_000, "Công đoàn cơ quan hỗ trợ Tháng Thanh niên", "Công đoàn cơ quan", "PT 02"),
    (3, 25, Entry.EXPENSE, 860_000, "Nước uống, găng tay cho Ngày Chủ nhật xanh", "", "HĐ 118"),
    (5, 18, Entry.EXPENSE, 600_000, "Quà thăm gia đình chính sách dịp 19/5", "", "PC 03"),
    (7, 27, Entry.EXPENSE, 500_000, "Hoa viếng nghĩa trang liệt sĩ", "", "PC 04"),
    (10, 15, Entry.INCOME, 300_000, "Đoàn viên ủng hộ quỹ học bổng", "Các đồng chí đoàn viên", "PT 05"),
)


def keep_dues(demo: Demo) -> None:
    """Told by the days of the year of loading, up to that day: in January there is little to see.

    The demo's own branch collects every month, the others every quarter and in the running month.
    """
    for code in BRANCHES:
        _branch(demo, code)


def _branch(demo: Demo, code: str) -> None:
    unit, year = demo.units[code], demo.today.year
    by = demo.recorder(code, demo.today)
    first = Day(year, 1, 1)
    write_entry(
        unit=unit, kind=Entry.OPENING, dated_on=first, amount=OPENING, text="Số dư sổ quỹ giấy", by=by, on=demo.today
    )
    people = sorted({row.member for row in grid(unit, year, on=demo.today)})
    debtors, excused = set(people[-2:]), people[len(people) // 2]
    set_statuses(unit=unit, statuses=_still_here(unit, people[:1], "unsalaried"), from_month=first, by=by)
    member = next((one for one in demo.members[code] if one.pk == excused), None)
    if member:
        exempt(
            member=member, from_month=Day(year, 5, 1), last_month=Day(year, 8, 1), reason="Nghỉ điều trị dài ngày",
            decision="Nghị quyết số 09-NQ/ĐTN", by=by,
        )  # fmt: skip
    for number in range(1, demo.today.month + 1):
        on = Day(year, number, COLLECTED_ON)
        if on <= demo.today and (code == BRANCHES[0] or number % 3 == 0 or number == demo.today.month):
            _collect(unit, on, by, without=debtors if number > 4 else set())
        if number in (4, 7, 10) and Day(year, number, HANDED_ON) <= demo.today:
            _hand_up(demo, unit, Day(year, number, HANDED_ON), by)
    if code == BRANCHES[0]:
        for month, number, kind, amount, text, who, document in ENTRIES:
            if (on := Day(year, month, number)) <= demo.today:
                write_entry(
                    unit=unit, kind=kind, dated_on=on, amount=amount, text=text, counterpart=who, document=document,
                    by=by, on=on,
                )  # fmt: skip


def _still_here(unit, people, status: str) -> dict[int, str]:
    return dict.fromkeys(unit.members.filter(pk__in=people).values_list("pk", flat=True), status)


def _collect(unit, on: Day, by, *, without: set[int]) -> None:
    """Everybody pays up to the running month at the meeting, but the debtors."""
    month = on.replace(day=1)
    chosen = [
        (row.member, cell)
        for row in grid(unit, on.year, on=on)
        for cell in row.cells
        if cell.month <= month and cell.may_be_paid and row.member not in without
    ]
    if chosen:
        cells, total = [(member, cell.month) for member, cell in chosen], sum(cell.due.amount for _, cell in chosen)
        receive(unit=unit, cells=cells, paid_on=on, said=total, note="Thu tại buổi sinh hoạt", by=by, on=on)


def _hand_up(demo: Demo, unit, on: Day, by) -> None:
    """The quarter that ended goes up; the last one of them still waits for the superior."""
    span = Period.of_quarter(on.year, on.month // 3)
    said = unremitted(unit, up_to=span.last_day, on=on).amount
    slip = remit(unit=unit, span=span, up_to=span.last_day, handed_on=on, said=said, by=by, on=on)
    if on + datetime.timedelta(days=92) <= demo.today:
        accept(slip=slip, version=slip.version, by=demo.accounts["doancaptren"], on=on + datetime.timedelta(days=3))
