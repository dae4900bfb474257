"""Verbs on receipts: money is received for whole months, one receipt for all of them, and taken back as a whole.

The unit's row is the lock: numbers run without gaps, and of two people who take the same month the second
is told which cells were taken and leaves nothing behind.
"""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Max

from branches.fed_books import feed_months, feed_receipt
from branches.formats import day, dong
from branches.models import DuesPayment, DuesReceipt, FundEntry, Member, Unit
from branches.vietnamese import nfc

from .months import DuesRefused, Month, first_of, month_words, spans_words
from .owing import collects, owed

MOST_CELLS = 6_000
NAMED = 6  # people named in one refusal
Cells = Iterable[tuple[int, Month]]


class Priced(NamedTuple):
    """One chosen month; `owed_to` is the unit that ended and to which it was owed, None for the unit's own months."""

    member: int
    month: Month
    owed_to: int | None
    amount: int


def priced(*, unit: Unit, cells: Cells, on: datetime.date) -> list[Priced]:
    """What the chosen cells cost in đồng; raises DuesRefused where one cannot be paid here.

    The same rule for the page that says the total and for the verb that writes it. At most seven queries.
    """
    chosen = sorted(set(cells))
    if not chosen:
        raise DuesRefused({"": "Chưa chọn tháng nào. Hãy chạm vào các tháng vừa thu."})
    if len(chosen) > MOST_CELLS:
        raise DuesRefused({"": f"Một phiếu thu tối đa {MOST_CELLS} tháng. Hãy chia làm nhiều phiếu."})
    last = datetime.date(on.year, 12, 1)
    if ahead := sorted({month for _, month in chosen if month > last}):
        raise DuesRefused({"": f"Tháng {spans_words(ahead)}: chỉ thu trước đến hết tháng 12 năm nay."})
    people = {member for member, _ in chosen}
    _refuse_taken(unit, chosen)
    table = owed(members=people, months={month for _, month in chosen})
    found, wrong = [], []
    for member, month in chosen:
        due = table.get(member, {}).get(month)
        if due is None or due.taken_by != unit.pk or not due.may_be_paid:
            wrong.append((member, month))
        else:
            found.append(Priced(member, month, due.unit if due.is_inherited else None, due.amount))
    if wrong:
        raise DuesRefused({"": f"Không phải đóng tại {unit.name}: {_named(wrong, unit)}. Hãy bỏ chọn các tháng này."})
    return found


def _refuse_taken(unit: Unit, chosen: list[tuple[int, Month]]) -> None:
    rows = (
        DuesPayment.objects.standing()
        .filter(member__in={member for member, _ in chosen}, month__in={month for _, month in chosen})
        .select_related("receipt", "member")
        .order_by("member__sort_key", "member_id", "month")
    )
    wanted = set(chosen)
    taken = [one for one in rows if (one.member_id, one.month) in wanted]
    if not taken:
        return
    said = []
    for one in taken[:NAMED]:
        # Who belongs to nobody here is not named to whoever tries keys; a receipt elsewhere is not opened.
        where = f"phiếu thu số {number_words(one.receipt)}" if one.unit_id == unit.pk else "đơn vị khác"
        who = one.member.full_name if one.unit_id == unit.pk else "một đoàn viên"
        said.append(f"{who} tháng {month_words(one.month)} ({where})")
    more = f" và {len(taken) - NAMED} tháng khác" if len(taken) > NAMED else ""
    raise DuesRefused(
        {"": f"Đã có người thu trước: {'; '.join(said)}{more}. Chưa lưu tháng nào; hãy bỏ chọn các tháng này."}
    )


def _named(cells: list[tuple[int, Month]], unit: Unit) -> str:
    """ "Lê An tháng 2-3/2026; một người khác tháng 1/2026": names only of people whose record is in the unit."""
    people = {member for member, _ in cells}
    inside = Member.objects.filter(pk__in=people, home__path__startswith=unit.path)
    names = dict(inside.values_list("pk", "full_name"))
    by_person: dict[int, list[Month]] = {}
    for member, month in cells:
        by_person.setdefault(member, []).append(month)
    said = [f"{names.get(one, 'người khác')} tháng {spans_words(some)}" for one, some in by_person.items()]
    more = f" và {len(said) - NAMED} người khác" if len(said) > NAMED else ""
    return f"{'; '.join(said[:NAMED])}{more}"


def number_words(receipt: DuesReceipt) -> str:
    """ "5/2026"."""
    return f"{receipt.number}/{receipt.year}"


@transaction.atomic
def receive(
    *, unit: Unit, cells: Cells, paid_on: datetime.date, said: int, note: str = "", by, on: datetime.date
) -> DuesReceipt:
    """One receipt for all the chosen (member, month) cells, or nothing at all.

    `said` is the total the page showed; when it is no longer the sum (a status was changed meanwhile),
    nothing is written. `paid_on` is the day the money was handed over, `on` today.
    """
    unit = lock_living(unit)
    if not collects(unit):
        raise DuesRefused({"": "Đoàn phí thu tại chi đoàn. Hãy mở trang đoàn phí của chi đoàn."})
    if paid_on > on:
        raise DuesRefused({"paid_on": "Ngày này chưa đến. Hãy ghi ngày đã thu."})
    refuse_before_opening(unit, paid_on, "paid_on")
    rows = priced(unit=unit, cells=cells, on=on)
    total = sum(one.amount for one in rows)
    if total != said:
        raise DuesRefused(
            {"": f"Mức đóng vừa thay đổi: tổng nay là {dong(total)}, không phải {dong(said)}. Hãy xem lại."}
        )
    receipt = DuesReceipt.objects.create(
        unit=unit,
        year=paid_on.year,
        number=next_number(DuesReceipt, unit, paid_on.year),
        paid_on=paid_on,
        total=total,
        note=nfc(note).strip(),
        written_by=by,
    )
    payments = [
        DuesPayment(
            receipt=receipt, unit=unit, owed_to_id=one.owed_to, member_id=one.member, month=one.month, amount=one.amount
        )
        for one in rows
    ]
    try:
        with transaction.atomic():
            DuesPayment.objects.bulk_create(payments)
    except IntegrityError:
        # Another unit took the same month of somebody who moved, in this very moment.
        _refuse_taken(unit, [(one.member, one.month) for one in rows])
        raise
    _feed(receipt, on)
    return receipt


@transaction.atomic
def take_back(*, receipt: DuesReceipt, why: str, by, on: datetime.date) -> DuesReceipt:
    """The receipt was a mistake: its months are owed again, its number stays used.

    Refused while the money stands on a slip to the superior.
    """
    lock_living(receipt.unit)
    receipt = DuesReceipt.objects.select_related("unit").select_for_update(of=("self",)).get(pk=receipt.pk)
    if receipt.reversed_on:
        raise DuesRefused({"": f"Phiếu này đã hủy ngày {day(receipt.reversed_on)}."})
    slip = next(
        (one.remittance for one in receipt.payments.exclude(remittance=None).select_related("remittance")), None
    )
    if slip is not None:
        how = (
            "cấp trên đã nhận"
            if slip.state == slip.State.ACCEPTED
            else "đang chờ cấp trên nhận; hãy rút phiếu nộp trước"
        )
        raise DuesRefused({"": f"Tiền của phiếu này đã nằm trong phiếu nộp số {slip.number}/{slip.year}, {how}."})
    why = nfc(why).strip()
    if not why:
        raise DuesRefused({"why": "Hãy ghi vì sao hủy phiếu."})
    receipt.payments.update(reversed_on=on)
    receipt.reversed_on, receipt.reversed_by, receipt.reverse_reason = on, by, why
    receipt.save()
    _feed(receipt, on)
    return receipt


def _feed(receipt: DuesReceipt, on: datetime.date) -> None:
    """The money is a figure of this unit; the share collected of a month is one of the unit it was owed to."""
    feed_receipt(receipt, on=on)
    for ended in Unit.objects.filter(pk__in=receipt.payments.values("owed_to")).order_by("pk"):
        feed_months(ended, on=on)


def lock(unit: Unit) -> Unit:
    """The unit as stored, held until the end of the transaction: whatever touches its money waits here."""
    return Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)


def lock_living(unit: Unit) -> Unit:
    """The unit, held; its books are closed once it ended, for whoever had a page of it open as well."""
    unit = lock(unit)
    if unit.dissolved_on:
        raise DuesRefused({"": f"{unit.name} đã giải thể từ {day(unit.dissolved_on)}, sổ đã đóng. Chưa ghi gì."})
    return unit


def next_number(model, unit: Unit, year: int) -> int:
    """The next number of receipts or slips of the unit in the year. For verbs that hold the unit."""
    return (model.objects.filter(unit=unit, year=year).aggregate(last=Max("number"))["last"] or 0) + 1


def refuse_before_opening(unit: Unit, on: datetime.date, field: str) -> None:
    """Nothing is written into the fund before its opening balance, which holds all that was before it."""
    opening = FundEntry.objects.standing().filter(unit=unit, kind=FundEntry.Kind.OPENING).first()
    if opening and on < opening.dated_on:
        raise DuesRefused({field: f"Sổ quỹ mở từ {day(opening.dated_on)}; hãy ghi từ ngày đó trở đi."})


def this_month_of(rows, on: datetime.date) -> list[tuple[int, Month]]:
    """The cells of everybody in the grid who has not paid the running month."""
    month = first_of(on)
    return [(row.member, cell.month) for row in rows for cell in row.cells if cell.month == month and cell.may_be_paid]
