"""The money of a unit that ends: what to settle before it does, and what goes to the unit that takes its place.

The balance of its fund book is handed over, a line on either side (`fund.hand_over`). What was collected and
stands on no slip yet goes up with the next slip of the unit that follows (`remitting.held_by`). Receipts and slips
stay where they were written. Months that members still owe to the old unit stay arrears there; nobody can pay them
any more.
"""

import datetime

from branches.formats import dong
from branches.models import Remittance, Unit

from .arrears import arrears_of
from .fund import balance, sums
from .remitting import unremitted

State = Remittance.State


def to_settle(unit: Unit, *, on: datetime.date) -> list[str]:
    """What only this unit can settle, each with what to do, in words: better done before it ends. Ten queries."""
    said = []
    debts = [debt for debt in arrears_of(unit, on=on) if debt.unit == unit.pk]
    if debts:
        people = len({debt.member for debt in debts})
        money = dong(sum(debt.total for debt in debts))
        said.append(f"{people} người còn nợ {money} đoàn phí: hãy thu trước, sau này không ghi thu được nữa")
    if waiting := Remittance.objects.filter(unit=unit, state=State.SENT).count():
        said.append(f"{waiting} phiếu nộp đoàn phí chờ cấp trên nhận: hãy nhận hoặc trả lại trước")
    return said


def to_hand_over(unit: Unit, *, on: datetime.date) -> list[str]:
    """The money that goes along, in words. Eight queries."""
    said = []
    if left := balance(sums(unit, before=datetime.date.max)):
        said.append(f"quỹ {dong(left)}")
    if held := unremitted(unit, up_to=on, on=on).received:
        said.append(f"{dong(held)} đoàn phí đã thu chưa trích nộp")
    if below := Remittance.objects.filter(superior=unit, state=State.SENT).count():
        said.append(f"{below} phiếu nộp của cấp dưới chờ nhận")
    return said
