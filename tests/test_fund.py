"""Slips to the superior and the fund book: exact đồng, nothing twice, nothing never, and a book that adds up."""

import datetime
import threading

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from branches.dues import paying
from branches.dues.fund import (
    Kind,
    balance,
    book,
    book_of_year,
    sums,
    take_back_entry,
    write_entry,
)
from branches.dues.months import DuesRefused
from branches.dues.paying import receive, take_back
from branches.dues.remitting import accept, remit, send_back, span_wanted, split_of, unremitted, withdraw
from branches.models import DuesPayment, DuesReceipt, EditConflict, FundEntry, Period, Remittance, Rule
from tests.factories import ActivityFactory, UnitFactory
from tests.keeping_dues import TODAY, Keeping, day, month

pytestmark = pytest.mark.django_db
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def dues():
    return Keeping()


def entry(dues, kind, amount, on, text="Việc thử", **more):
    said = {"unit": dues.branch, "by": dues.keeper, "on": TODAY, "text": text} | more
    return write_entry(kind=kind, amount=amount, dated_on=on, **said)[0]


# --- slips ----------------------------------------------------------------------------------------


def test_a_third_goes_up_and_two_thirds_stay(dues):
    for one in (dues.an, dues.binh, dues.chi):
        dues.pay(one, 1, 2, 3, 4, 5, 6)
    slip = dues.remit()
    assert (slip.number, slip.received, slip.amount, slip.superior) == (1, 90_000, 30_000, dues.union)
    assert split_of(slip).words.replace(NBSP, " ") == "90.000 đồng đã thu; nộp 30.000 đồng; giữ lại 60.000 đồng"
    assert (slip.starts_on, slip.ends_on) == (day(7), day(10))
    assert slip.payments.count() == 18
    # Nothing is remitted twice.
    with pytest.raises(DuesRefused, match="chưa có khoản nào phải nộp"):
        dues.remit()


def test_part_is_rounded_down_and_says_so(dues):
    dues.pay(dues.an, 1, 2)  # 10.000 : 3 = 3.333,33
    held = unremitted(dues.branch, up_to=TODAY, on=TODAY)
    assert (held.received, held.amount, held.kept, held.months) == (10_000, 3_333, 6_667, 2)
    assert held.rounding_words == "Nộp 1/3 số đã thu, phần lẻ dưới một đồng bỏ đi và để lại đơn vị."


def test_share_is_that_of_the_day_of_handing_over(dues):
    Rule.objects.filter(key="dues_share_up").update(valid_to=day(10))
    Rule.objects.create(key="dues_share_up", value=[1, 2], valid_from=day(10), source="Thử")
    dues.pay(dues.an, 1, 2, paid_on=day(9, 1))
    assert unremitted(dues.branch, up_to=day(9, 30), on=day(9, 30)).amount == 3_333
    assert unremitted(dues.branch, up_to=day(9, 30), on=day(10)).amount == 5_000


def test_only_what_was_received_up_to_the_day_goes(dues):
    dues.pay(dues.an, 1, paid_on=day(9, 30))
    late = dues.pay(dues.binh, 1, 2, paid_on=day(10, 1))
    first = dues.remit(up_to=day(9, 30))
    assert (first.received, late.payments.filter(remittance=None).count()) == (5_000, 2)
    assert dues.remit(quarter=4).received == 10_000


def test_returned_slip_frees_its_money_and_the_next_one_carries_it(dues):
    dues.pay(dues.an, 1, 2, 3)
    slip = dues.remit()
    with pytest.raises(DuesRefused, match="lý do trả lại"):
        send_back(slip=slip, version=1, why=" ", by=dues.office, on=TODAY)
    send_back(slip=slip, version=1, why="Thiếu chữ ký", by=dues.office, on=TODAY)
    again = dues.remit()
    assert (again.number, again.received, again.payments.count(), slip.payments.count()) == (2, 15_000, 3, 0)
    withdraw(slip=again, version=1, why="Ghi nhầm ngày", by=dues.keeper, on=TODAY)
    with pytest.raises(DuesRefused, match=r"Phiếu đã rút ngày 22/11/2026\. Không đổi gì nữa\."):
        accept(slip=again, version=2, by=dues.office, on=TODAY)
    assert dues.remit().received == 15_000


def test_answer_to_a_slip_changed_meanwhile_is_refused(dues):
    dues.pay(dues.an, 1)
    slip = dues.remit()
    with pytest.raises(EditConflict):
        accept(slip=slip, version=7, by=dues.office, on=TODAY)
    slip.refresh_from_db()
    assert slip.state == "sent"


def test_superior_passes_on_a_third_of_what_it_accepted_once(dues):
    other = UnitFactory(superior=dues.union)
    dues.pay(dues.an, *range(1, 13))
    slip = dues.remit()  # 60.000 received, 20.000 up
    assert unremitted(dues.union, up_to=TODAY, on=TODAY).received == 0  # not before it is accepted
    accept(slip=slip, version=1, by=dues.office, on=TODAY)
    up = dues.remit(unit=dues.union, by=dues.office)
    assert (up.received, up.amount, up.superior) == (20_000, 6_666, dues.province)
    assert [one.pk for one in up.brought.all()] == [slip.pk]
    with pytest.raises(DuesRefused, match="chưa có khoản nào"):
        dues.remit(unit=dues.union, by=dues.office)
    send_back(slip=up, version=1, why="Nộp lại", by=dues.office, on=TODAY)
    assert unremitted(dues.union, up_to=TODAY, on=TODAY).received == 20_000
    assert unremitted(other, up_to=TODAY, on=TODAY).received == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"handed_on": day(11, 23)}, "handed_on"),
        ({"handed_on": day(11, 20), "up_to": day(11, 21)}, "up_to"),
        ({"said": 4_999}, ""),
    ],
)
def test_slip_is_refused(dues, change, field):
    dues.pay(dues.an, 1, 2, 3)
    said = {"up_to": TODAY, "handed_on": TODAY, "said": 5_000} | change
    with pytest.raises(DuesRefused) as refused:
        remit(unit=dues.branch, span=Period.of_quarter(2026, 3), by=dues.keeper, on=TODAY, **said)
    assert list(refused.value.errors) == [field]
    assert DuesPayment.objects.exclude(remittance=None).count() == Remittance.objects.count() == 0


def test_where_nobody_is_above_the_place_is_written(dues):
    alone = UnitFactory(name="Chi đoàn độc lập")
    member = dues.member("Hồ Một Mình", home=alone)
    dues.pay(member, 1, 2, 3, unit=alone)
    said = {"unit": alone, "span": Period.of_quarter(2026, 3), "up_to": TODAY, "handed_on": TODAY, "said": 5_000}
    with pytest.raises(DuesRefused) as refused:
        remit(by=dues.keeper, on=TODAY, **said)
    assert list(refused.value.errors) == ["superior_name"]
    slip = remit(by=dues.keeper, on=TODAY, superior_name="Huyện đoàn Krông Pắc", **said)
    assert (slip.superior, slip.superior_name) == (None, "Huyện đoàn Krông Pắc")


def test_span_wanted_is_the_oldest_open_quarter(dues):
    assert span_wanted(dues.branch, TODAY).name == "Quý III/2026"
    dues.pay(dues.an, 1, 2, 3)
    dues.remit(quarter=1)
    assert span_wanted(dues.branch, TODAY).name == "Quý II/2026"
    dues.pay(dues.an, 4)
    dues.remit(quarter=2)
    dues.pay(dues.an, 5)
    dues.remit(quarter=3)
    assert span_wanted(dues.branch, TODAY).name == "Quý IV/2026"


# --- the book -------------------------------------------------------------------------------------


def test_book_of_a_year_by_hand(dues):
    """1.000.000 + 30.000 dues + 500.000 − 10.000 up − 200.000 = 1.320.000; the line of 300.000 was taken back."""
    entry(dues, "opening", 1_000_000, day(1, 1))
    dues.pay(dues.an, 1, 2, 3, 4, 5, 6, paid_on=day(2, 10))
    entry(dues, "income", 500_000, day(3, 3), counterpart="Công đoàn", document="PT 07")
    dues.remit(quarter=1, up_to=day(3, 31), handed_on=day(4, 5))
    wrong = entry(dues, "expense", 300_000, day(5, 1))
    take_back_entry(entry=wrong, why="Ghi hai lần", by=dues.keeper, on=TODAY)
    entry(dues, "expense", 200_000, day(5, 1), activity=ActivityFactory(unit=dues.branch, title="Ngày hội"))
    found = book_of_year(dues.branch, 2026)
    assert [(one.kind.value, one.amount, one.balance, one.struck) for one in found.lines] == [
        ("opening", 1_000_000, 1_000_000, ""),
        ("dues", 30_000, 1_030_000, ""),
        ("income", 500_000, 1_530_000, ""),
        ("up", 10_000, 1_520_000, ""),
        ("expense", 300_000, 1_520_000, "Ghi hai lần"),
        ("expense", 200_000, 1_320_000, ""),
    ]
    assert (found.opening, found.carried, found.came_in, found.went_out) == (0, 1_000_000, 530_000, 210_000)
    assert (found.closing, found.is_checked) == (1_320_000, True)
    assert [(one.month, one.opening, one.came_in, one.went_out, one.closing) for one in found.months()] == [
        (month(1), 0, 0, 0, 1_000_000),
        (month(2), 1_000_000, 30_000, 0, 1_030_000),
        (month(3), 1_030_000, 500_000, 0, 1_530_000),
        (month(4), 1_530_000, 0, 10_000, 1_520_000),
        (month(5), 1_520_000, 0, 200_000, 1_320_000),
    ]
    assert "hoạt động “Ngày hội”" in found.lines[-1].typed
    after = book_of_year(dues.branch, 2027)
    assert (after.opening, after.lines, after.closing, after.is_checked) == (1_320_000, [], 1_320_000, True)


def test_superiors_book_has_what_it_accepted(dues):
    dues.pay(dues.an, 1, 2, 3)
    slip = dues.remit()
    assert book_of_year(dues.union, 2026).lines == []
    accept(slip=slip, version=1, by=dues.office, on=TODAY)
    found = book_of_year(dues.union, 2026)
    assert [(one.kind.value, one.amount, one.balance) for one in found.lines] == [("below", 5_000, 5_000)]
    assert book_of_year(dues.branch, 2026).closing == 10_000


def test_receipt_that_lies_about_its_total_is_found_out(dues):
    """The control of the check: lines are added from receipts, kinds from their payments."""
    receipt = dues.pay(dues.an, 1)
    assert book_of_year(dues.branch, 2026).is_checked
    DuesReceipt.objects.filter(pk=receipt.pk).update(total=6_000)
    assert not book_of_year(dues.branch, 2026).is_checked


def test_fund_below_nothing_is_warned_about_and_written(dues):
    entry(dues, "income", 100_000, day(3, 3))
    _, warning = write_entry(
        unit=dues.branch, kind="expense", dated_on=day(2, 1), amount=40_000, text="Mua hoa", by=dues.keeper, on=TODAY
    )
    assert warning.replace(NBSP, " ").startswith("Từ 01/02/2026 sổ quỹ âm 40.000 đồng")
    assert FundEntry.objects.count() == 2
    assert book_of_year(dues.branch, 2026).closing == 60_000


def test_nothing_stands_before_the_opening_balance(dues):
    dues.pay(dues.an, 1, paid_on=day(2, 10))
    with pytest.raises(DuesRefused, match="Sổ đã có dòng ngày 10/02/2026"):
        entry(dues, "opening", 1, day(3, 1))
    opening = entry(dues, "opening", 1_000, day(2, 10))
    for kind in ("income", "expense"):
        with pytest.raises(DuesRefused, match="Sổ quỹ mở từ 10/02/2026"):
            entry(dues, kind, 1, day(2, 9))
    with pytest.raises(DuesRefused, match="Sổ quỹ mở từ 10/02/2026"):
        dues.pay(dues.an, 2, paid_on=day(2, 9))
    with pytest.raises(DuesRefused, match="đã có số dư mang sang ngày 10/02/2026"):
        entry(dues, "opening", 1, day(1, 1))
    take_back_entry(entry=opening, why="Sai số", by=dues.keeper, on=TODAY)
    entry(dues, "opening", 2_000, day(1, 1))
    assert book_of_year(dues.branch, 2026).closing == 7_000


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"dated_on": day(11, 23)}, "dated_on"),
        ({"text": "  "}, "text"),
        ({"kind": "gift"}, "kind"),
        ({"activity": True}, "activity"),
    ],
)
def test_entry_is_refused(dues, change, field):
    if "activity" in change:
        change = {"activity": ActivityFactory()}
    said = {"unit": dues.branch, "kind": "income", "amount": 1, "dated_on": TODAY, "text": "Thu", **change}
    with pytest.raises(DuesRefused) as refused:
        write_entry(by=dues.keeper, on=TODAY, **said)
    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize("count", [1, 3, 30])
def test_queries_of_the_book_do_not_grow(dues, django_assert_num_queries, count):
    for _ in range(count):
        entry(dues, "income", 5, day(3, 3))
    with django_assert_num_queries(7):
        assert len(book_of_year(dues.branch, 2026).lines) == count


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["in", "out", "dues", "up", "back", "return"]), st.integers(1, 12), st.integers(1, 10**6)
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_closing_is_opening_plus_in_less_out_whatever_is_done(dues, steps):
    """Whatever is done in whatever order, and refused in between: the book adds up for every cut of the year."""
    with transaction.atomic():
        for what, number, amount in steps:
            try:
                _one_step(dues, what, number, amount)
            except DuesRefused:
                continue
        for cut in (day(1), day(4, 10), day(12, 31)):
            whole = book(dues.branch, cut, datetime.date(2027, 1, 1))
            assert whole.is_checked
            assert whole.closing == whole.opening + whole.carried + whole.came_in - whole.went_out
            before = book(dues.branch, datetime.date(2020, 1, 1), cut)
            assert before.closing == whole.opening
        # Paid = on a slip or not yet: nothing went twice or never.
        everything = sum(DuesPayment.objects.standing().values_list("amount", flat=True))
        slips = sum(Remittance.objects.filter(state__in=Remittance.STANDING).values_list("received", flat=True))
        left = unremitted(dues.branch, up_to=TODAY, on=TODAY).received
        assert everything == slips + left == balance({Kind.DUES: sums(dues.branch, before=day(12))[Kind.DUES]})
        transaction.set_rollback(True)


def _one_step(dues, what, number, amount):
    on = min(day(number, 10), TODAY)
    if what in ("in", "out"):
        entry(dues, "income" if what == "in" else "expense", amount, on)
    elif what == "dues":
        dues.pay(dues.an if amount % 2 else dues.binh, number, paid_on=on)
    elif what == "up":
        dues.remit(handed_on=on, up_to=on)
    elif what == "return" and (slip := Remittance.objects.filter(state="sent").first()):
        verb = send_back if amount % 2 else withdraw
        verb(slip=slip, version=slip.version, why="Thử", by=dues.office, on=on)
    elif what == "back" and (receipt := DuesReceipt.objects.standing().first()):
        take_back(receipt=receipt, why="Thử", by=dues.keeper, on=on)


# --- at once --------------------------------------------------------------------------------------


def at_once(count, act):
    """`act(number)` in so many threads that start together; what each returned, or the refusal's words."""
    gate, answers = threading.Barrier(count), []

    def run(number):
        try:
            gate.wait()
            answers.append(act(number))
        except DuesRefused as refusal:
            answers.append(str(refusal))
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


@pytest.mark.django_db(transaction=True)
def test_eight_people_take_different_months_numbers_have_no_gap():
    dues = Keeping()
    members = [dues.member(f"Người {number}") for number in range(8)]
    answers = at_once(8, lambda number: dues.pay(members[number], 1, 2, 3).number)
    assert sorted(answers, key=str) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert DuesPayment.objects.count() == 24
    assert sum(DuesReceipt.objects.values_list("total", flat=True)) == 120_000


@pytest.mark.django_db(transaction=True)
def test_eight_people_take_the_same_month_one_wins_the_others_leave_nothing():
    dues = Keeping()
    cells = [(dues.an.pk, month(1))]
    extra = [(dues.binh.pk, month(number + 2)) for number in range(8)]

    def pay(number):
        both = [*cells, extra[number]]
        receive(unit=dues.branch, cells=both, paid_on=TODAY, said=10_000, by=dues.keeper, on=TODAY)
        return "paid"

    answers = at_once(8, pay)
    assert answers.count("paid") == 1
    assert sum("Lê Thu An tháng 1/2026 (phiếu thu số 1/2026)" in str(one) for one in answers) == 7
    assert (DuesReceipt.objects.count(), DuesPayment.objects.count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_numbers_collide(monkeypatch):
    """The same load with the unit not held, and everybody reading before anybody writes."""
    dues = Keeping()
    members = [dues.member(f"Người {number}") for number in range(4)]
    gate, honest = threading.Barrier(4), paying.next_number

    def slow(*args):
        number = honest(*args)
        gate.wait(timeout=20)
        return number

    monkeypatch.setattr(paying, "lock", lambda unit: unit)
    monkeypatch.setattr(paying, "next_number", slow)
    if connection.vendor == "sqlite":  # a transaction there is a lock by itself
        monkeypatch.setattr(paying, "receive", paying.receive.__wrapped__)
    verb = paying.receive

    def pay(number):
        verb(
            unit=dues.branch, cells=[(members[number].pk, month(1))], paid_on=TODAY, said=5_000, by=dues.keeper,
            on=TODAY,
        )  # fmt: skip
        return "paid"

    answers = at_once(4, pay)
    assert answers.count("paid") == 1
    assert [type(one).__name__ for one in answers if one != "paid"] == ["IntegrityError"] * 3


@pytest.mark.django_db(transaction=True)
def test_two_slips_at_once_carry_the_money_once():
    dues = Keeping()
    dues.pay(dues.an, 1, 2, 3)
    answers = at_once(4, lambda _: dues.remit().amount)
    assert answers.count(5_000) == 1
    assert Remittance.objects.get().payments.count() == 3


@pytest.mark.django_db(transaction=True)
def test_slip_is_answered_once():
    dues = Keeping()
    dues.pay(dues.an, 1, 2, 3)
    slip = dues.remit()

    def answer(number):
        if number % 2:
            return accept(slip=slip, version=1, by=dues.office, on=TODAY).state
        return withdraw(slip=slip, version=1, why="Rút", by=dues.keeper, on=TODAY).state

    answers = at_once(4, answer)
    slip.refresh_from_db()
    assert sum(one == slip.state for one in answers) == 1
    assert sum("Không đổi gì nữa" in str(one) for one in answers) == 3
    assert slip.payments.count() == (3 if slip.state == "accepted" else 0)


@pytest.mark.django_db(transaction=True)
def test_crash_between_receipt_and_payments_leaves_nothing(monkeypatch):
    dues = Keeping()

    class Died(Exception):
        """The process ended here."""

    def die(*args, **kwargs):
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(DuesPayment.objects, "bulk_create", die)
        with pytest.raises(Died):
            dues.pay(dues.an, 1)
        assert DuesReceipt.objects.count() == 0
        # The control: without a transaction the receipt would stand without its months.
        patched.setattr(paying, "lock", lambda unit: unit)
        with pytest.raises(Died):
            receive.__wrapped__(
                unit=dues.branch, cells=[(dues.an.pk, month(1))], paid_on=TODAY, said=5_000, by=dues.keeper, on=TODAY
            )
        assert DuesReceipt.objects.count() == 1
    assert DuesPayment.objects.count() == 0
