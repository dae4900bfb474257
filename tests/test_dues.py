"""What is owed and what is paid: exact figures worked out by hand, and every refusal."""

import datetime

import pytest

from branches.dues.arrears import arrears_of, debts_of_member, dues_by_unit, dues_figures, dues_of, paid_to
from branches.dues.months import DuesRefused, spans_words, step
from branches.dues.owing import Standing, grid, in_unit, owed
from branches.dues.paying import priced, receive, take_back, this_month_of
from branches.dues.rates import load_rates
from branches.dues.spelling import money_words
from branches.dues.statuses import drop_exemption, exempt, set_statuses
from branches.forms.dues import ExemptionForm
from branches.models import DuesPayment, DuesReceipt, Membership, Period, Rule, Unit
from tests.factories import UnitFactory, account_at
from tests.keeping_dues import TODAY, Keeping, day, month

pytestmark = pytest.mark.django_db
YEAR = [month(number) for number in range(1, 13)]


@pytest.fixture
def dues():
    return Keeping()


def amounts(table, member):
    return [table[member.pk][one].amount for one in YEAR]


def standings(table, member):
    return "".join(table[member.pk][one].standing.value[0] for one in YEAR)


# --- what is owed ---------------------------------------------------------------------------------


def test_year_with_a_new_status_an_exemption_an_arrival_and_a_departure(dues):
    """By hand: An 12 × 5.000; Bình 6 × 2.000 + 6 × 5.000; Chi 9 × 5.000; Dũng came 15/4, left out until May:
    8 × 5.000; Em left 10/9, was there on 1/9: 9 × 5.000. Together 60 + 42 + 45 + 40 + 45 = 232 thousand."""
    dung = dues.member("Hồ Dũng", since=day(4, 15))
    em = dues.member("Vũ Em", until=day(9, 10))
    set_statuses(unit=dues.branch, statuses={dues.binh.pk: "unsalaried"}, from_month=month(1), by=dues.keeper)
    set_statuses(unit=dues.branch, statuses={dues.binh.pk: "salaried"}, from_month=month(7), by=dues.keeper)
    exempt(
        member=dues.chi, from_month=month(3), last_month=month(5), reason="Hoàn cảnh khó khăn",
        decision="Nghị quyết 12-NQ/ĐTN", by=dues.keeper,
    )  # fmt: skip
    dues.pay(dues.an, 1, paid_on=day(1, 5))

    table = owed(months=YEAR, units=in_unit(dues.branch))
    assert amounts(table, dues.an) == [5000] * 12
    assert amounts(table, dues.binh) == [2000] * 6 + [5000] * 6
    assert amounts(table, dues.chi) == [5000, 5000, 0, 0, 0, *[5000] * 7]
    assert standings(table, dues.chi) == "ooeeeooooooo"
    assert amounts(table, dung) == [0] * 4 + [5000] * 8
    assert [table[em.pk][one].standing for one in (month(9), month(10))] == [Standing.OWED, Standing.OUTSIDE]
    assert sum(sum(amounts(table, one)) for one in (dues.an, dues.binh, dues.chi, dung, em)) == 232_000
    # To last month (October), less what An paid: 9 + 6×2+4×5 + 7 + 6 + 9 months.
    debts = {debt.member: debt.total for debt in arrears_of(dues.branch, on=TODAY)}
    assert debts == {
        dues.an.pk: 45_000, dues.binh.pk: 32_000, dues.chi.pk: 35_000, dung.pk: 30_000, em.pk: 45_000,
    }  # fmt: skip
    assert dues_figures([dues.branch], Period.of_year(2026)) == (5_000, 232_000, 0)
    assert dues_figures([dues.branch], Period.of_year(2026), until=month(10)) == (5_000, 192_000, 0)


def test_months_before_the_first_receipt_are_not_tracked_but_may_be_paid(dues):
    dues.pay(dues.an, 5, paid_on=day(5, 20))
    row = dues.row(dues.binh)
    assert [cell.due.standing.value for cell in row.cells[3:6]] == ["untracked", "owed", "owed"]
    assert [cell.may_be_paid for cell in row.cells[3:6]] == [True, True, True]
    assert [debt.words for debt in debts_of_member(dues.binh.pk, on=TODAY)] == ["5-10/2026"]
    receipt = dues.pay(dues.binh, 4)
    assert receipt.total == 5000


def test_unit_that_never_received_anything_has_no_arrears(dues):
    assert arrears_of(dues.branch, on=TODAY) == []
    assert debts_of_member(dues.an.pk, on=TODAY) == []
    assert paid_to(dues.an.pk) is None
    assert dues_of([dues.an.pk], day(1), datetime.date(2027, 1, 1)) == {dues.an.pk: (0, 0)}


def test_new_rate_counts_from_its_day_and_past_months_keep_theirs(dues):
    Rule.objects.filter(key="dues_rates").update(valid_to=day(7))
    Rule.objects.create(
        key="dues_rates", value={"unsalaried": 3000, "salaried": 8000, "abroad": 8000}, valid_from=day(7), source="Thử"
    )
    dues.pay(dues.an, 1, paid_on=day(1, 5))
    assert amounts(owed(months=YEAR, members=[dues.an.pk]), dues.an) == [5000] * 6 + [8000] * 6
    assert load_rates().amount("salaried", datetime.date(2010, 12, 1)) is None


def test_month_is_owed_where_the_member_was_on_its_first_day(dues):
    other = UnitFactory(superior=dues.union, name="Chi đoàn Sở Y tế")
    other_keeper = account_at(other)
    dues.pay(dues.binh, 1, paid_on=day(1, 5))
    membership = dues.an.memberships.get()
    membership.ends_on, membership.end_reason = day(6, 15), "moved_out"
    membership.save()
    Membership.objects.create(member=dues.an, unit=other, starts_on=day(6, 15), begin_reason="moved_in")
    dues.an.home = other
    dues.an.save()
    table = owed(months=YEAR, members=[dues.an.pk])[dues.an.pk]
    assert [table[one].unit for one in YEAR] == [dues.branch.pk] * 6 + [other.pk] * 6
    with pytest.raises(DuesRefused, match="Không phải đóng tại Chi đoàn Sở Thông tin: người khác tháng 7/2026"):
        priced(unit=dues.branch, cells=[(dues.an.pk, month(7))], on=TODAY)
    with pytest.raises(DuesRefused, match="Không phải đóng tại Chi đoàn Sở Y tế: Lê Thu An tháng 6/2026"):
        priced(unit=other, cells=[(dues.an.pk, month(6))], on=TODAY)
    paid = receive(unit=other, cells=[(dues.an.pk, month(7))], paid_on=day(7, 3), said=5000, by=other_keeper, on=TODAY)
    assert (paid.number, paid.total) == (1, 5000)
    # The source still asks for January to June, the target for August to October.
    assert {debt.unit: debt.words for debt in debts_of_member(dues.an.pk, on=TODAY)} == {
        dues.branch.pk: "1-6/2026", other.pk: "8-10/2026",
    }  # fmt: skip
    figures = dues_by_unit([dues.branch, other], Period.of_year(2026), until=month(10))
    # Bình 50.000, Chi 50.000, An six months 30.000; An four months at the target.
    assert figures == {dues.branch.pk: (5_000, 130_000, 0), other.pk: (5_000, 20_000, 0)}


def test_section_of_a_branch_pays_at_the_branch(dues):
    section = UnitFactory(superior=dues.branch, kind=Unit.Kind.SUB_BRANCH, name="Phân đoàn Một")
    minh = dues.member("Đỗ Minh", home=section)
    receipt = dues.pay(minh, 1)
    assert receipt.unit == dues.branch
    assert minh.pk in {row.member for row in grid(dues.branch, 2026, on=TODAY)}
    with pytest.raises(DuesRefused, match="Đoàn phí thu tại chi đoàn"):
        receive(unit=section, cells=[(minh.pk, month(2))], paid_on=TODAY, said=5000, by=dues.keeper, on=TODAY)


# --- status and exemption -------------------------------------------------------------------------


def test_status_of_several_at_once_touches_only_who_changes(dues):
    everybody = {one.pk: "salaried" for one in (dues.an, dues.binh)}
    assert set_statuses(unit=dues.branch, statuses=everybody, from_month=month(1), by=dues.keeper) == 0
    changed = set_statuses(
        unit=dues.branch, statuses=everybody | {dues.binh.pk: "abroad"}, from_month=month(1), by=dues.keeper
    )
    assert changed == 1
    assert [(one.member, one.status) for one in dues.binh.income_spans.all()] == [(dues.binh, "abroad")]


def test_status_of_somebody_elsewhere_is_refused_as_a_whole(dues):
    stranger = Keeping().an
    with pytest.raises(DuesRefused, match="không còn ở chi đoàn này"):
        set_statuses(
            unit=dues.branch, statuses={dues.an.pk: "abroad", stranger.pk: "abroad"}, from_month=month(1),
            by=dues.keeper,
        )  # fmt: skip
    assert dues.an.income_spans.count() == 0


@pytest.mark.parametrize(
    ("first", "last", "field", "answer"),
    [
        (9, 17, "last_month", "Miễn không quá 6 tháng liền; ở đây là 12 tháng, kể cả các tháng miễn liền kề."),
        (5, 4, "last_month", "Hãy ghi tháng từ 5/2026 trở đi."),
        (9, 12, "last_month", "Miễn không quá 6 tháng liền; ở đây là 7 tháng, kể cả các tháng miễn liền kề."),
        (8, 9, "from_month", "Lê Thu An đã được miễn trong khoảng này. Hãy xem lại tháng."),
        (2, 3, "from_month", "Tháng 2/2026 đã đóng, không miễn nữa. Hãy ghi các tháng chưa đóng."),
    ],
)
def test_exemption_is_refused(dues, first, last, field, answer):
    dues.pay(dues.an, 2)
    why = {"reason": "Ốm dài ngày", "decision": "NQ 3", "by": dues.keeper}
    exempt(member=dues.an, from_month=month(6), last_month=month(8), **why)
    with pytest.raises(DuesRefused) as refused:
        exempt(member=dues.an, from_month=step(month(1), first - 1), last_month=step(month(1), last - 1), **why)
    assert refused.value.errors == {field: answer}
    with pytest.raises(DuesRefused) as refused:
        exempt(member=dues.an, from_month=month(12), last_month=month(12), reason=" ", decision="", by=dues.keeper)
    assert set(refused.value.errors) == {"reason", "decision"}


def test_exempt_month_is_not_paid_until_the_exemption_goes(dues):
    span = exempt(
        member=dues.an, from_month=month(6), last_month=month(8), reason="Ốm", decision="NQ 3", by=dues.keeper
    )
    with pytest.raises(DuesRefused, match="Không phải đóng tại"):
        dues.pay(dues.an, 5, 6)
    drop_exemption(exemption=span)
    assert dues.pay(dues.an, 5, 6).total == 10_000


# --- receipts -------------------------------------------------------------------------------------


def test_one_receipt_for_all_chosen_cells_numbers_run_by_year(dues):
    cells = [(one.pk, month(number)) for one in (dues.an, dues.binh) for number in (1, 2, 3)]
    first = receive(
        unit=dues.branch, cells=cells, paid_on=day(3, 8), said=30_000, note=" Thu tại buổi họp ", by=dues.keeper,
        on=TODAY,
    )  # fmt: skip
    assert (first.number, first.year, first.total, first.note) == (1, 2026, 30_000, "Thu tại buổi họp")
    assert first.payments.count() == 6
    assert dues.pay(dues.chi, 1).number == 2
    last_year = receive(
        unit=dues.branch, cells=[(dues.chi.pk, month(12, 2025))], paid_on=datetime.date(2025, 12, 9), said=5000,
        by=dues.keeper, on=TODAY,
    )  # fmt: skip
    assert (last_year.number, last_year.year) == (1, 2025)


def test_month_is_not_paid_twice_and_the_receipt_is_named(dues):
    dues.pay(dues.an, 1, 2)
    with pytest.raises(DuesRefused) as refused:
        priced(unit=dues.branch, cells=[(dues.an.pk, month(2)), (dues.an.pk, month(3))], on=TODAY)
    assert refused.value.errors == {
        "": "Đã có người thu trước: Lê Thu An tháng 2/2026 (phiếu thu số 1/2026). Chưa lưu tháng nào; "
        "hãy bỏ chọn các tháng này."
    }
    assert DuesPayment.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "paid_on", "cells", "answer"),
    [
        (5000, TODAY, [], "Chưa chọn tháng nào"),
        (5000, day(11, 23), [1], "Ngày này chưa đến"),
        (4000, TODAY, [1], "nay là 5.000.đồng, không phải 4.000.đồng"),
        (5000, TODAY, [month(1, 2027)], "chỉ thu trước đến hết tháng 12 năm nay"),
        (5000, TODAY, [month(1, 2010)], "Không phải đóng tại"),
    ],
)
def test_receipt_is_refused(dues, said, paid_on, cells, answer):
    cells = [(dues.an.pk, month(one) if isinstance(one, int) else one) for one in cells]
    with pytest.raises(DuesRefused, match=answer):
        receive(unit=dues.branch, cells=cells, paid_on=paid_on, said=said, by=dues.keeper, on=TODAY)
    assert DuesReceipt.objects.count() == 0


def test_receipt_taken_back_frees_its_months_and_keeps_its_number(dues):
    receipt = dues.pay(dues.an, 1, 2)
    with pytest.raises(DuesRefused, match="vì sao hủy"):
        take_back(receipt=receipt, why=" ", by=dues.keeper, on=TODAY)
    take_back(receipt=receipt, why="Ghi nhầm người", by=dues.keeper, on=TODAY)
    with pytest.raises(DuesRefused, match="đã hủy ngày 22/11/2026"):
        take_back(receipt=receipt, why="Lần nữa", by=dues.keeper, on=TODAY)
    again = dues.pay(dues.an, 1, 2)
    assert (again.number, again.payments.count()) == (2, 2)
    assert receipt.payments.filter(reversed_on=TODAY).count() == 2


def test_remitted_receipt_is_not_taken_back(dues):
    receipt = dues.pay(dues.an, 1, 2, 3)
    dues.remit()
    with pytest.raises(DuesRefused, match="phiếu nộp số 1/2026, đang chờ cấp trên nhận; hãy rút"):
        take_back(receipt=receipt, why="Nhầm", by=dues.keeper, on=TODAY)


def test_whole_branch_this_month(dues):
    dues.pay(dues.an, 11)
    assert sorted(this_month_of(grid(dues.branch, 2026, on=TODAY), TODAY)) == sorted(
        [(dues.binh.pk, month(11)), (dues.chi.pk, month(11))]
    )


# --- figures for others ---------------------------------------------------------------------------


def test_months_paid_and_owed_of_each(dues):
    dues.pay(dues.an, *range(1, 13), paid_on=day(1, 5))
    dues.pay(dues.binh, 1, 2, 3)
    exempt(member=dues.chi, from_month=month(1), last_month=month(6), reason="Ốm", decision="NQ 3", by=dues.keeper)
    people = [dues.an.pk, dues.binh.pk, dues.chi.pk]
    # January to October.
    assert dues_of(people, day(1), day(11)) == {
        dues.an.pk: (10, 10), dues.binh.pk: (3, 10), dues.chi.pk: (0, 4),
    }  # fmt: skip
    assert dues_of(people, day(1, 2), day(3))[dues.binh.pk] == (1, 1)  # February only
    assert paid_to(dues.an.pk) == month(12)
    assert paid_to(dues.binh.pk) == month(3)


def test_gap_ends_what_is_paid_to(dues):
    dues.pay(dues.an, 1, 2, 5, paid_on=day(1, 5))
    assert paid_to(dues.an.pk) == month(2)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_queries_do_not_grow_with_the_members(dues, django_assert_num_queries, count):
    people = [dues.an, *(dues.member(f"Nguyễn Thử {number}") for number in range(count))]
    dues.pay(dues.an, 1, paid_on=day(1, 5))
    keys = [one.pk for one in people]
    with django_assert_num_queries(4):
        owed(months=YEAR, members=keys)
    with django_assert_num_queries(6):
        grid(dues.branch, 2026, on=TODAY)
    with django_assert_num_queries(6):
        arrears_of(dues.branch, on=TODAY)
    with django_assert_num_queries(5):
        dues_of(keys, day(1), day(11))
    with django_assert_num_queries(5):
        priced(unit=dues.branch, cells=[(pk, month(2)) for pk in keys], on=TODAY)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_queries_do_not_grow_with_the_units(dues, django_assert_num_queries, count):
    units = [dues.branch, *(UnitFactory(superior=dues.union) for _ in range(count))]
    dues.pay(dues.an, 1, paid_on=day(1, 5))
    with django_assert_num_queries(7):
        dues_figures(units, Period.of_year(2026))


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (5_000, "Năm nghìn đồng"),
        (10_000, "Mười nghìn đồng"),
        (15_000, "Mười lăm nghìn đồng"),
        (21_000, "Hai mươi mốt nghìn đồng"),
        (24_005, "Hai mươi tư nghìn không trăm linh năm đồng"),
        (101_000, "Một trăm linh một nghìn đồng"),
        (110_000, "Một trăm mười nghìn đồng"),
        (155_500, "Một trăm năm mươi lăm nghìn năm trăm đồng"),
        (1_204_000, "Một triệu hai trăm linh bốn nghìn đồng"),
        (2_000_000_000, "Hai tỷ đồng"),
        (1_000_000_014, "Một tỷ không trăm mười bốn đồng"),
        (-3_000, "Âm ba nghìn đồng"),
    ],
)
def test_money_in_words(amount, words):
    assert money_words(amount) == words


def test_runs_of_months():
    assert spans_words([month(1), month(3), month(2), month(5)]) == "1-3/2026, 5/2026"
    assert spans_words([month(12), month(1, 2027)]) == "12/2026-1/2027"


def test_a_month_that_cannot_be_read_is_answered_by_what_a_month_looks_like():
    said = {"last_month": "tháng mười", "reason": "Khó khăn", "decision": "NQ 12"}
    errors = {
        text: ExemptionForm({"from_month": text} | said).errors["from_month"] for text in ("x", "13/2026", "2026", "")
    }
    assert errors == {
        "x": ["Hãy ghi tháng và năm, ví dụ 10/2026."],
        "13/2026": ["Không có tháng 13/2026. Hãy xem lại ngày và tháng."],
        "2026": ["Hãy ghi cả tháng, ví dụ 10/2026."],
        "": ["Hãy ghi “Miễn từ tháng”."],
    }
    assert ExemptionForm({"from_month": "10/2026"} | said).errors["last_month"] == [
        "Hãy ghi tháng và năm, ví dụ 10/2026."
    ]
