"""The money of a unit that ends: what to settle before it does, and what its heir takes over.

The balance of its fund book is handed over, a line on either side (`fund.hand_over`). What was collected and stands
on no slip yet goes up with the next slip of the heir (`remitting.held_by`); where the superior itself is the heir,
with a last slip (`remitting.settle`). Receipts and slips stay where they were written. Months that members still owe
are taken by the branch where they are now, or by the heir (`owing.Due.taken_by`), with a receipt in its book.
"""

import datetime

from branches.formats import dong
from branches.heirs import name_heir
from branches.models import Remittance, Unit

from .arrears import arrears_of
from .fund import balance, hand_over, last_days, sums
from .remitting import settle, unremitted

State = Remittance.State


def take_over(unit: Unit, heir: Unit, *, on: datetime.date, by) -> None:
    """`unit` has ended on the day: `heir` takes over its fund, its dues and what is still asked of it.

    For verbs that hold both units, after the unit was ended.
    """
    if heir.pk == unit.superior_pk:
        settle(unit, heir, on=max([on, *last_days(unit, heir)]), by=by)
    hand_over(unit, heir, on=on, by=by)
    name_heir(unit, heir)


def has_money(unit: Unit, *, on: datetime.date) -> bool:
    """Whether there is something to take over. Four queries."""
    return bool(to_hand_over(unit, on=on))


def to_settle(unit: Unit, where: str, *, on: datetime.date) -> list[str]:
    """What is better done before the unit ends, each with what to do, in words. Eight queries.

    `where` names the branch that takes its place, empty where that is none.
    """
    said = []
    debts = [debt for debt in arrears_of(unit, on=on) if debt.taken_by == unit.pk]
    if debts:
        people = len({debt.member for debt in debts})
        owes = f"{people} người còn nợ {dong(sum(debt.total for debt in debts))} đoàn phí"
        if where:
            said.append(f"{owes}: sau này đóng tại chi đoàn mới của mỗi người, ai đã rời thì tại {where}")
        else:
            said.append(f"{owes}: hãy thu trước, sau này chỉ ghi thu được của người về chi đoàn kế tục")
    if waiting := Remittance.objects.filter(unit=unit, state=State.SENT).count():
        said.append(f"{waiting} phiếu nộp đoàn phí chờ cấp trên nhận: hãy nhận hoặc trả lại trước")
    return said


def to_hand_over(unit: Unit, *, on: datetime.date) -> list[str]:
    """The money that goes along, in words. Five queries."""
    said = []
    if left := balance(sums(unit, before=datetime.date.max)):
        said.append(f"quỹ {dong(left)}")
    if held := unremitted(unit, up_to=datetime.date.max, on=on).received:
        said.append(f"{dong(held)} đoàn phí đã thu chưa trích nộp")
    if below := Remittance.objects.filter(superior=unit, state=State.SENT).count():
        said.append(f"{below} phiếu nộp của cấp dưới chờ nhận")
    return said
