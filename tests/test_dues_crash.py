"""A server killed while money is written leaves the books as they were; processes that write at once lose no đồng."""

import contextlib
import os
import random
import signal
import sys
from contextlib import nullcontext

import pytest
from django.db import connection, transaction

from branches.dues import paying
from branches.dues.fund import book_of_year
from branches.dues.months import DuesRefused
from branches.dues.paying import receive, take_back
from branches.dues.remitting import accept, remit, send_back, unremitted
from branches.models import DuesPayment, DuesReceipt, Period, Quantity, Remittance
from branches.totals import compare_totals
from tests.keeping_dues import TODAY, Keeping, month

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WRITERS, TRIES = 4, 10


@pytest.fixture
def dues():
    return Keeping()


def in_children(works) -> list[int]:
    """Each work in a process of its own, all started before any is awaited: how each ended (0, or the signal)."""
    connection.close()
    inherited, children = connection.connection, []
    for work in works:
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            code = 1
            with contextlib.suppress(BaseException):
                connection.connection = None
                work()
                connection.close()
                code = 0
            os._exit(code)
        children.append(pid)
    ends = [os.waitpid(pid, 0)[1] for pid in children]
    assert inherited is connection.connection
    return [os.WTERMSIG(end) or os.WEXITSTATUS(end) for end in ends]


def wrong(dues) -> list:
    """What does not add up in the books of the branch; nothing, where no đồng was lost or counted twice."""
    found, unit = [], dues.branch
    for one in DuesReceipt.objects.filter(unit=unit).order_by("pk"):
        rows = list(one.payments.all())
        if not rows or sum(row.amount for row in rows) != one.total:
            found.append(f"receipt {one.number}")
        if {row.reversed_on for row in rows} - {one.reversed_on}:
            found.append(f"receipt {one.number} half taken back")
    numbers = sorted(DuesReceipt.objects.filter(unit=unit).values_list("number", flat=True))
    if numbers != list(range(1, len(numbers) + 1)):
        found.append("numbers of receipts")
    for slip in Remittance.objects.filter(unit=unit):
        tied = sum(slip.payments.standing().values_list("amount", flat=True))
        if tied != (slip.received if slip.state in Remittance.STANDING else 0):
            found.append(f"slip {slip.number}")
    paid = sum(DuesPayment.objects.standing().filter(unit=unit).values_list("amount", flat=True))
    up = sum(Remittance.objects.filter(unit=unit, state__in=Remittance.STANDING).values_list("amount", flat=True))
    book = book_of_year(unit, 2026)
    if not book.is_checked or book.closing != paid - up:
        found.append("fund book")
    fed = Quantity.objects.filter(activity__unit=unit, indicator__code="dues_collected").values_list("value", flat=True)
    if sum(fed) != paid:
        found.append("fed figures")
    return found + compare_totals()


def pay(dues, *cells):
    said = 5_000 * len(set(cells))
    return receive(unit=dues.branch, cells=cells, paid_on=TODAY, said=said, by=dues.keeper, on=TODAY)


def die(*args, **more):
    os.kill(os.getpid(), signal.SIGKILL)


def test_killed_between_the_payments_and_the_figures_nothing_was_paid(dues, monkeypatch):
    pay(dues, (dues.an.pk, month(9)))
    with monkeypatch.context() as patched:
        patched.setattr(paying, "feed_receipt", die)
        assert in_children([lambda: pay(dues, (dues.binh.pk, month(9)), (dues.binh.pk, month(10)))]) == [signal.SIGKILL]
    assert (DuesReceipt.objects.count(), DuesPayment.objects.count()) == (1, 1)
    assert wrong(dues) == []
    assert pay(dues, (dues.binh.pk, month(9)), (dues.binh.pk, month(10))).number == 2
    assert wrong(dues) == []


def test_control_without_a_transaction_the_killed_receipt_stays_and_the_figures_lack_it(dues, monkeypatch):
    monkeypatch.setattr(transaction, "atomic", lambda *rest, **more: rest[0] if rest else nullcontext())
    monkeypatch.setattr(paying, "lock", lambda unit: unit)
    monkeypatch.setattr(paying, "feed_receipt", die)

    def work():
        said = {"paid_on": TODAY, "said": 5_000, "by": dues.keeper, "on": TODAY}
        receive.__wrapped__(unit=dues.branch, cells=[(dues.an.pk, month(9))], **said)

    assert in_children([work]) == [signal.SIGKILL]
    monkeypatch.undo()
    assert wrong(dues) == ["fed figures"]


def test_killed_while_a_slip_is_tied_to_its_payments_the_money_is_still_to_go_up(dues, monkeypatch):
    pay(dues, (dues.an.pk, month(9)), (dues.an.pk, month(10)))
    with monkeypatch.context() as patched:
        patched.setattr(type(Remittance.objects.all()), "update", die)
        assert in_children([lambda: dues.remit()]) == [signal.SIGKILL]
    assert Remittance.objects.count() == 0
    assert unremitted(dues.branch, up_to=TODAY, on=TODAY).amount == 3_333
    assert wrong(dues) == []


def some_of_everything(dues, seed):
    """Pays, takes back, hands over and answers at random; what is refused is refused, nothing else goes wrong."""
    pick, members = random.Random(seed), [dues.an.pk, dues.binh.pk, dues.chi.pk]
    office = {"by": dues.office, "on": TODAY}
    for _ in range(TRIES):
        with contextlib.suppress(DuesRefused):
            step = pick.random()
            slip = Remittance.objects.filter(unit=dues.branch, state="sent").first()
            receipt = DuesReceipt.objects.standing().filter(unit=dues.branch).order_by("?").first()
            if step < 0.55:
                pay(dues, *((pick.choice(members), month(pick.randint(1, 11))) for _ in range(2)))
            elif step < 0.7 and receipt:
                take_back(receipt=receipt, why="Ghi nhầm", by=dues.keeper, on=TODAY)
            elif step < 0.85:
                held = unremitted(dues.branch, up_to=TODAY, on=TODAY)
                remit(
                    unit=dues.branch, span=Period.of_quarter(2026, 3), up_to=TODAY, handed_on=TODAY, said=held.amount,
                    by=dues.keeper, on=TODAY,
                )  # fmt: skip
            elif slip and step < 0.93:
                send_back(slip=slip, version=slip.version, why="Thiếu bảng kê", **office)
            elif slip:
                accept(slip=slip, version=slip.version, **office)


def test_processes_that_pay_take_back_and_hand_over_at_once_lose_no_đồng(dues):
    pay(dues, (dues.an.pk, month(12)))
    ends = in_children([lambda seed=seed: some_of_everything(dues, seed) for seed in range(WRITERS)])
    assert ends == [0] * WRITERS
    assert DuesReceipt.objects.count() > WRITERS
    assert wrong(dues) == []
