"""A branch that ends: its money, open tasks and planned meetings go to the one that takes its place, to the đồng."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from branches.dues.arrears import arrears_of, debts_of_member, dues_by_unit
from branches.dues.fund import book_of_year, take_back_entry, write_entry
from branches.dues.months import DuesRefused
from branches.dues.paying import receive, take_back
from branches.dues.remitting import accept, send_back, unremitted, withdraw
from branches.dues.statuses import exempt
from branches.merging import SUPERIOR, NewUnit, Shares, merge_units, split_unit
from branches.models import DuesReceipt, FundEntry, Meeting, Period, Quantity, Remittance, Task, Unit
from branches.restructuring import RestructuringRefused, dissolve_unit
from branches.tasks import give_task
from branches.totals import compare_totals
from branches.views.dues import lines_of_receipt
from reports.papers.dues import dues_receipt_html
from tests.factories import MemberFactory, UnitFactory, account_at
from tests.keeping_dues import TODAY, Keeping, day, month
from tests.printed import unmarked

pytestmark = pytest.mark.django_db
ENDS = day(11, 15)
BRANCH = "branch"


class Ending(Keeping):
    """The branch has received 15.000, handed up 3.333 of 10.000 and spent 1.000: 10.667 in its fund."""

    def __init__(self):
        super().__init__()
        self.other = UnitFactory(superior=self.union, name="Chi đoàn Sở Khoa học", kind=self.branch.kind)
        self.dung = MemberFactory(home=self.other, full_name="Hồ Dũng", since=day(1, 1, 2020))
        self.pay(self.an, 9, 10, paid_on=day(10, 5))
        self.slip = self.remit(up_to=day(10, 31), handed_on=day(11, 1))
        self.pay(self.binh, 10, paid_on=day(11, 20))  # after the day from which the decision holds
        self.entry("expense", 1_000)
        self.pay(self.dung, 11, unit=self.other)

    def entry(self, kind, amount, on=day(11, 10)):  # noqa: B008 - a day is a value
        said = {"kind": kind, "dated_on": on, "amount": amount, "text": "Mua nước"}
        return write_entry(unit=self.branch, by=self.keeper, on=TODAY, **said)

    def merge(self, *sources, into):
        return merge_units(
            by=self.office, superior=self.union, sources=sources, into=into, on=ENDS, today=TODAY, decision="12-QĐ/ĐK"
        )

    def closings(self, *units):
        books = [book_of_year(unit, 2026) for unit in units]
        assert all(one.is_checked for one in books)
        return [one.closing for one in books]


@pytest.fixture
def ending():
    return Ending()


def test_the_fund_and_what_was_not_handed_up_go_to_the_branch_that_takes_its_place(ending):
    accept(slip=ending.slip, version=1, by=ending.office, on=TODAY)
    assert ending.closings(ending.branch, ending.other) == [10_667, 5_000]
    ending.merge(ending.branch, ending.other, into=ending.other)
    assert ending.closings(ending.branch, ending.other, ending.union) == [0, 15_667, 3_333]
    lines = FundEntry.objects.filter(text__contains="àn giao quỹ").values_list("unit", "kind", "amount", "dated_on")
    assert set(lines) == {
        (ending.branch.pk, "expense", 10_667, day(11, 20)), (ending.other.pk, "income", 10_667, day(11, 20)),
    }  # fmt: skip
    # 5.000 of Bình and 5.000 of Dũng go up together: 3.333.
    held = unremitted(ending.other, up_to=TODAY, on=TODAY)
    assert (held.received, held.amount, held.kept) == (10_000, 3_333, 6_667)
    ending.remit(quarter=4, unit=ending.other)
    assert unremitted(ending.other, up_to=TODAY, on=TODAY).received == 0
    assert ending.closings(ending.other) == [12_334]
    # Receipts, and the figures read from them, stay where they were written.
    assert list(DuesReceipt.objects.filter(unit=ending.branch).values_list("total", flat=True)) == [10_000, 5_000]
    fed = Quantity.objects.filter(indicator__code="dues_collected").values_list("activity__unit", "value")
    assert sorted(fed) == sorted([(ending.branch.pk, 10_000), (ending.branch.pk, 5_000), (ending.other.pk, 5_000)])
    assert compare_totals() == []


def test_a_slip_that_comes_back_after_the_branch_ended_is_money_of_the_one_that_goes_on(ending):
    ending.merge(ending.branch, ending.other, into=ending.other)
    assert unremitted(ending.other, up_to=TODAY, on=TODAY).received == 10_000
    send_back(slip=ending.slip, version=1, why="Thiếu bảng kê", by=ending.office, on=TODAY)
    assert ending.closings(ending.branch, ending.other) == [0, 19_000]
    assert unremitted(ending.other, up_to=TODAY, on=TODAY).received == 20_000


def test_money_survives_two_mergers_in_a_row_and_a_fund_below_nothing(ending):
    ending.entry("expense", 20_000)
    third = UnitFactory(superior=ending.union, kind=ending.branch.kind)
    ending.merge(ending.branch, ending.other, into=ending.other)
    assert ending.closings(ending.branch, ending.other) == [0, 5_000 - 9_333]
    merge_units(
        by=ending.office, superior=ending.union, sources=[ending.other], into=third, on=day(11, 21), today=TODAY,
        decision="13-QĐ/ĐK",
    )  # fmt: skip
    assert ending.closings(ending.branch, ending.other, third) == [0, 0, -4_333]
    assert unremitted(third, up_to=TODAY, on=TODAY).received == 10_000


def test_a_slip_from_below_is_accepted_by_the_union_that_takes_the_place_of_the_one_it_went_to(ending):
    kind = ending.union.kind
    heir = UnitFactory(superior=ending.province, name="Đoàn Khối mới", kind=kind)
    office = account_at(ending.province, "superior_office")
    merge_units(
        by=office, superior=ending.province, sources=[ending.union], into=heir, on=ENDS, today=TODAY, decision="17-QĐ"
    )
    ending.slip.refresh_from_db()
    assert (ending.slip.superior, ending.slip.superior_name) == (heir, "Đoàn Khối mới")
    accept(slip=ending.slip, version=2, by=office, on=TODAY)
    assert ending.closings(ending.union, heir) == [0, 3_333]


def test_dissolved_with_its_members_the_fund_goes_along_and_without_them_to_the_superior(ending):
    dissolve_unit(unit=ending.branch, on=ENDS, today=TODAY, decision="14-QĐ", by=ending.office, members_to=ending.other)
    assert ending.closings(ending.branch, ending.other) == [0, 15_667]
    assert unremitted(ending.other, up_to=TODAY, on=TODAY).received == 10_000
    dissolve_unit(
        unit=ending.other, on=day(11, 21), today=TODAY, decision="15-QĐ", by=ending.office, sends_members_away=True
    )
    # 10.000 stood on no slip: 3.333 of it went up with a last one, the other 12.334 are the balance handed over.
    assert ending.closings(ending.other, ending.union) == [0, 15_667]
    last = Remittance.objects.get(unit=ending.other)
    assert (last.received, last.amount, last.state, last.superior) == (10_000, 3_333, "accepted", ending.union)
    assert unremitted(ending.union, up_to=TODAY, on=TODAY).received == 3_333
    assert unremitted(ending.other, up_to=TODAY, on=TODAY).received == 0


def split(ending, *, heir=None, on=ENDS, **members):
    """Into Chi đoàn Ba (the rest) and Chi đoàn Bốn, without a part that goes on; `members` go to the second."""
    parts = [NewUnit("Chi đoàn Ba", BRANCH), NewUnit("Chi đoàn Bốn", BRANCH)]
    return split_unit(
        unit=ending.branch, parts=parts, goes_on=False, on=on, today=TODAY, decision="16-QĐ", by=ending.office,
        shares=Shares(members={one.pk: 1 for one in members.values()}), heir=heir,
    )  # fmt: skip


def test_split_that_goes_on_keeps_its_fund_and_one_that_ends_gives_it_to_the_part_named(ending):
    said = {"on": ENDS, "today": TODAY, "decision": "16-QĐ", "by": ending.office}
    part = NewUnit("Chi đoàn Hai", BRANCH)
    split_unit(unit=ending.branch, parts=[part], goes_on=True, shares=Shares(members={ending.an.pk: 1}), **said)
    assert ending.closings(ending.branch) == [10_667]
    made = split(ending, heir=1, on=day(11, 21))
    assert ending.closings(ending.branch, *made) == [0, 0, 10_667]
    assert [unremitted(one, up_to=TODAY, on=TODAY).received for one in made] == [0, 5_000]


def test_split_without_a_heir_is_refused_while_there_is_money_and_changes_nothing(ending):
    with pytest.raises(RestructuringRefused) as refused:
        split(ending)
    assert refused.value.errors == {"heir": "Đơn vị còn tiền trong sổ. Hãy chọn nơi nhận quỹ và đoàn phí."}
    assert not Unit.objects.filter(name__in=["Chi đoàn Ba", "Chi đoàn Bốn"]).exists()
    assert ending.closings(ending.branch) == [10_667]
    with pytest.raises(RestructuringRefused, match="Hãy chọn lại nơi nhận quỹ"):
        split(ending, heir=2)


def test_superior_takes_over_with_a_last_slip_and_does_not_send_back_to_nobody(ending):
    split(ending, heir=SUPERIOR)
    # Of Bình's 5.000 on no slip 1.666 go up; 10.667 - 1.666 = 9.001 are handed over.
    assert ending.closings(ending.branch, ending.union) == [0, 10_667]
    assert unremitted(ending.union, up_to=TODAY, on=TODAY).received == 1_666
    for verb in (send_back, withdraw):
        with pytest.raises(DuesRefused, match="không còn nơi để trả lại"):
            verb(slip=ending.slip, version=1, why="Thiếu bảng kê", by=ending.office, on=TODAY)
    accept(slip=ending.slip, version=1, by=ending.office, on=TODAY)
    assert ending.closings(ending.branch, ending.union) == [0, 14_000]
    held = unremitted(ending.union, up_to=TODAY, on=TODAY)
    assert (held.received, held.amount) == (1_666 + 3_333, 1_666)


# --- months owed to a branch that ended -----------------------------------------------------------


def owes(unit):
    return [(one.member, one.unit, one.taken_by, one.words, one.total) for one in arrears_of(unit, on=TODAY)]


def shares_of(unit):
    """What was told of the months of the unit: {month: (đồng paid, đồng asked)}."""
    lines = Quantity.objects.filter(activity__unit=unit, indicator__code="dues_paid_share")
    return {fed: (value, whole) for fed, value, whole in lines.values_list("activity__fed_by", "value", "denominator")}


def test_months_owed_to_an_absorbed_branch_are_paid_to_the_one_that_took_it_in(ending):
    ending.merge(ending.branch, ending.other, into=ending.other)
    debt = (ending.chi.pk, ending.branch.pk, ending.other.pk, "10/2026", 5_000)
    assert owes(ending.other) == owes(ending.union) == [debt]
    assert owes(ending.branch) == []
    third = UnitFactory(superior=ending.union, kind=ending.branch.kind)
    with pytest.raises(DuesRefused, match="Không phải đóng tại"):
        ending.pay(ending.chi, 10, unit=third)
    # On 1 November the three were still in the branch that ended: the running month is taken here as well.
    with pytest.raises(DuesRefused, match="Không phải đóng tại"):
        ending.pay(ending.chi, 9, unit=ending.other)  # before that branch kept dues nothing was owed to it
    assert shares_of(ending.branch)["dues:2026-10"] == (10_000, 15_000)

    receipt = ending.pay(ending.chi, 10, 11, unit=ending.other)
    assert (receipt.unit, receipt.number, receipt.total) == (ending.other, 2, 10_000)
    assert set(receipt.payments.values_list("owed_to", flat=True)) == {ending.branch.pk}
    assert owes(ending.other) == owes(ending.union) == []
    assert ending.closings(ending.branch, ending.other) == [0, 25_667]
    held = unremitted(ending.other, up_to=TODAY, on=TODAY)
    assert (held.received, held.amount) == (20_000, 6_666)
    # The share collected is one of the unit whose month it was, the money a figure of the one that took it.
    assert shares_of(ending.branch)["dues:2026-10"] == (15_000, 15_000)
    assert "dues:2026-10" not in shares_of(ending.other)
    figures = dues_by_unit([ending.branch, ending.other], Period.of_year(2026), until=month(10))
    assert figures == {ending.branch.pk: (20_000, 20_000, 3_333), ending.other.pk: (0, 0, 0)}

    take_back(receipt=receipt, why="Ghi nhầm", by=ending.keeper, on=TODAY)
    assert owes(ending.other) == [debt]
    assert shares_of(ending.branch)["dues:2026-10"] == (10_000, 15_000)
    assert compare_totals() == []


def test_two_mergers_later_the_debt_is_paid_to_the_last_one(ending):
    third = UnitFactory(superior=ending.union, kind=ending.branch.kind)
    ending.merge(ending.branch, ending.other, into=ending.other)
    merge_units(
        by=ending.office, superior=ending.union, sources=[ending.other, third], into=third, on=day(11, 21),
        today=TODAY, decision="13-QĐ/ĐK",
    )  # fmt: skip
    assert owes(third) == [(ending.chi.pk, ending.branch.pk, third.pk, "10/2026", 5_000)]
    ending.pay(ending.chi, 10, unit=third)
    assert owes(third) == []
    assert ending.closings(ending.branch, ending.other, third) == [0, 0, 20_667]


def test_after_a_split_each_pays_where_they_are_and_who_had_left_to_the_heir(ending):
    gone = ending.member("Vũ Em", until=day(11, 10))
    ba, bon = split(ending, heir=0, chi=ending.chi)
    assert owes(ba) == [(gone.pk, ending.branch.pk, ba.pk, "10/2026", 5_000)]
    assert owes(bon) == [(ending.chi.pk, ending.branch.pk, bon.pk, "10/2026", 5_000)]
    assert {debt[2] for debt in owes(ending.union)} == {ba.pk, bon.pk}
    with pytest.raises(DuesRefused, match="Không phải đóng tại Chi đoàn Ba"):
        ending.pay(ending.chi, 10, unit=ba)
    ending.pay(ending.chi, 10, unit=bon)
    ending.pay(gone, 10, unit=ba)
    assert owes(ending.union) == []
    assert ending.closings(ba, bon) == [15_667, 5_000]


def test_debt_of_a_branch_without_a_successor_stays_in_the_list_of_its_superior(ending):
    dissolve_unit(unit=ending.branch, on=ENDS, today=TODAY, decision="15-QĐ", by=ending.office, sends_members_away=True)
    assert owes(ending.union) == [(ending.chi.pk, ending.branch.pk, ending.union.pk, "10/2026", 5_000)]
    with pytest.raises(DuesRefused):
        ending.pay(ending.chi, 10, unit=ending.other)


def test_status_of_somebody_who_owes_to_a_branch_that_ended_is_told_in_its_months(ending):
    ending.merge(ending.branch, ending.other, into=ending.other)
    exempt(
        member=ending.chi, from_month=month(10), last_month=month(10), reason="Ốm", decision="NQ 3", by=ending.keeper
    )
    assert owes(ending.other) == []
    assert shares_of(ending.branch)["dues:2026-10"] == (10_000, 10_000)


def test_pages_of_the_successor_take_the_debt_and_name_whose_month_it_was(client, ending, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    ending.merge(ending.branch, ending.other, into=ending.other)
    keeper = account_at(ending.other)
    client.force_login(keeper)

    def page(name, key):
        return client.get(reverse(f"branches:{name}", args=[key])).content.decode().replace("\xa0", " ")

    assert "nợ từ Chi đoàn Sở Thông tin" in page("dues_arrears", ending.other.pk)
    cell = f"{ending.chi.pk}-2026-10"
    grid_page = page("dues", ending.other.pk)
    assert f'value="{cell}"' in grid_page
    assert "nợ cho đơn vị cũ" in grid_page
    assert f'value="{ending.chi.pk}-2026-09"' not in grid_page
    url = reverse("branches:dues_receive", args=[ending.other.pk])
    chosen = client.post(url, {"o": cell, "do": "choose"}).content.decode()
    assert "tháng 10/2026, nợ từ Chi đoàn Sở Thông tin" in chosen
    said = {"do": "save", "cells": cell, "said": "5000", "paid_on": "22/11/2026", "form_key": str(uuid.uuid4())}
    assert client.post(url, said).status_code == 302
    receipt = DuesReceipt.objects.get(unit=ending.other, number=2)
    assert "1 tháng: 10/2026, nợ từ Chi đoàn Sở Thông tin" in page("dues_receipt", receipt.pk)
    html, _ = dues_receipt_html(receipt, lines_of_receipt(receipt))
    assert "<td>10/2026, nợ từ Chi đoàn Sở Thông tin</td>" in unmarked(html)
    words = [one.words for one in book_of_year(ending.other, 2026).lines]
    assert "Thu đoàn phí 1 tháng của 1 đoàn viên, trong đó 1 tháng nợ của đơn vị đã kết thúc" in words
    # A stranger reads neither list.
    client.force_login(account_at(UnitFactory(), "secretary"))
    assert client.get(reverse("branches:dues_arrears", args=[ending.other.pk])).status_code == 404


def test_a_unit_that_ended_keeps_its_row_in_the_year(client, ending, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    ending.merge(ending.branch, ending.other, into=ending.other)
    client.force_login(ending.office)
    url = reverse("branches:dues", args=[ending.union.pk])
    text = client.get(url).content.decode()
    assert "đã kết thúc từ 15/11/2026" in text
    assert "đã kết thúc" not in client.get(url, {"nam": 2027}).content.decode().replace("đơn vị đã kết thúc", "")


@pytest.mark.parametrize("count", [1, 3, 30])
def test_queries_of_inherited_debts_do_not_grow(ending, django_assert_num_queries, count):
    for number in range(count):
        ending.member(f"Nguyễn Thử {number}")
    ending.merge(ending.branch, ending.other, into=ending.other)
    with django_assert_num_queries(7):
        assert len(arrears_of(ending.other, on=TODAY)) == 1 + count
    with django_assert_num_queries(9):
        debts_of_member(ending.chi.pk, on=TODAY)


def test_the_books_of_a_branch_that_ended_are_closed_also_for_a_page_that_was_open(ending):
    receipt, entry = DuesReceipt.objects.filter(unit=ending.branch)[1], FundEntry.objects.get(unit=ending.branch)
    cell = [(ending.chi.pk, month(10))]
    ending.merge(ending.branch, ending.other, into=ending.other)
    said = {"by": ending.keeper, "on": TODAY}
    for act in (
        lambda: receive(unit=ending.branch, cells=cell, paid_on=TODAY, said=5_000, **said),
        lambda: take_back(receipt=receipt, why="Ghi nhầm", **said),
        lambda: ending.entry("income", 1_000),
        lambda: take_back_entry(entry=entry, why="Ghi nhầm", **said),
        lambda: ending.remit(quarter=4),
    ):
        with pytest.raises(DuesRefused, match="đã giải thể từ 15/11/2026, sổ đã đóng"):
            act()
    assert ending.closings(ending.branch, ending.other) == [0, 15_667]


def test_open_tasks_and_planned_meetings_go_along_and_what_is_done_stays(ending):
    def meeting(on, **said):
        at = datetime.datetime.combine(on, datetime.time(8), timezone.get_default_timezone())
        return Meeting.objects.create(
            unit=ending.branch, title="Sinh hoạt", starts_at=at, created_by=ending.keeper, **said
        )

    given = {"by": ending.keeper, "unit": ending.branch, "on": day(11, 1)}
    task, of_all = (
        give_task(text="Viết bài", owner=ending.an, **given),
        give_task(text="Dọn phòng", owner_name="Ban Chấp hành", **given),
    )
    dropped = give_task(text="Mua hoa", owner=ending.binh, **given)
    Task.objects.filter(pk=dropped.pk).update(state="dropped", drop_reason="Thôi", closed_on=day(11, 2))
    planned, past = meeting(day(12, 5)), meeting(day(11, 3))
    ending.merge(ending.branch, ending.other, into=ending.other)
    places = dict(Task.objects.values_list("pk", "unit"))
    assert places == {task.pk: ending.other.pk, of_all.pk: ending.other.pk, dropped.pk: ending.branch.pk}
    assert Task.objects.get(pk=task.pk).version == 2
    assert dict(Meeting.objects.values_list("pk", "unit")) == {planned.pk: ending.other.pk, past.pk: ending.branch.pk}


def test_the_preview_names_the_money_and_what_to_settle_before(client, ending, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    # September: Bình and Chi; October: Chi. 15.000 since the first receipt, which was written in October: 5.000.
    assert [one.total for one in debts_of_member(ending.chi.pk, on=TODAY)] == [5_000]
    client.force_login(account_at(ending.union, "superior_secretary"))
    said = {
        "sources": [ending.branch.pk, ending.other.pk], "into": ending.other.pk, "decision": "12-QĐ",
        "new_kind": BRANCH,
        "on": "15/11/2026", "form_key": str(uuid.uuid4()), "do": "preview",
    }  # fmt: skip
    page = (
        client.post(reverse("branches:unit_merge", args=[ending.union.pk]), said).content.decode().replace("\xa0", " ")
    )
    assert (
        "Chi đoàn Sở Thông tin: 1 người còn nợ 5.000 đồng đoàn phí: sau này đóng tại chi đoàn mới của mỗi người, "
        "ai đã rời thì tại Chi đoàn Sở Khoa học; 1 phiếu nộp đoàn phí chờ cấp trên nhận: hãy nhận hoặc trả lại trước; "
        "quỹ 10.667 đồng, 5.000 đồng đoàn phí "
        "đã thu chưa trích nộp bàn giao cho Chi đoàn Sở Khoa học."
    ) in page
    assert not FundEntry.objects.filter(text__contains="àn giao").exists()  # nothing was saved
