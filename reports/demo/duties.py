"""Duties of the running year: a scattered branch, a month let off, reasons, a reminder, addresses for letters.

Everything else on the calendar comes from the meetings, slips and reports of the demo.
"""

from branches.duties import exempt, remind, say_done, say_not_held, set_exception
from branches.models import Account
from reports.duties import duty_board

from .loading import Demo

UNION, OFFICE = "doan-khoi", "doancaptren"
MEETING, HALF = "sinh-hoat", "bao-cao-6-thang"
WITH_EMAIL = ("bithu", "doancaptren", "doanvien")


def build(demo: Demo) -> None:
    for username in WITH_EMAIL:
        Account.objects.filter(username=username).update(email=f"{username}@an-hoa.example")
    office, year = demo.accounts[OFFICE], demo.today.year
    board = duty_board(demo.units[UNION], year, as_of=demo.today)
    branches = [one for one in board.units if board.of(one.pk, MEETING)]
    if not branches:
        return
    scattered = branches[-1]
    set_exception(
        by=office, unit=scattered, code=MEETING, rhythm="quarter", starts_on=demo.today.replace(month=1, day=1),
        ends_on=None, reason="Đoàn viên công tác phân tán ở các huyện", decision="15-CV/ĐTN",
    )  # fmt: skip
    for place, one in enumerate(branches[:-1]):
        _say(demo, one, board, place)
    rows = duty_board(demo.units[UNION], year, as_of=demo.today).cells.values()
    late = [one.period for cells in rows for one in cells if one.is_silent and one.duty.code == MEETING]
    newest = max((one.due_on for one in late), default=None)
    remind(by=office, periods=[one for one in late if one.due_on == newest], on=demo.ago(3))


def _say(demo: Demo, unit, board, place: int) -> None:
    """Of the silent months of a branch: one let off, one with a reason; the half-year report went out on paper."""
    silent = [cell for cell in board.of(unit.pk, MEETING) if cell.is_silent]
    said = {"unit": unit, "code": MEETING}
    by = demo.recorders[unit.code][-1][1] if unit.code in demo.recorders else demo.accounts[OFFICE]
    if place == 0 and silent:
        exempt(by=demo.accounts[OFFICE], starts_on=silent[0].period.starts_on, reason="Tháng cao điểm bầu cử", **said)
        silent = silent[1:]
    if place % 3 == 1 and silent:
        say_not_held(
            by=by, starts_on=silent[0].period.starts_on, reason="Cả chi đoàn đi công tác cơ sở", on=demo.today, **said
        )
    for cell in board.of(unit.pk, HALF):
        if cell.is_silent and place % 4 != 3:
            day = cell.period.due_on.replace(day=10 + place % 8)
            say_done(by=by, unit=unit, code=HALF, starts_on=cell.period.starts_on, done_on=day,
                     note="Gửi bản giấy", on=demo.today)  # fmt: skip
