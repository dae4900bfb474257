"""A branch that ends: its money, open tasks and planned meetings go to the one that takes its place, to the đồng."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from branches.dues.arrears import debts_of_member
from branches.dues.fund import book_of_year, take_back_entry, write_entry
from branches.dues.months import DuesRefused
from branches.dues.paying import receive, take_back
from branches.dues.remitting import accept, send_back, unremitted
from branches.merging import NewUnit, Shares, merge_units, split_unit
from branches.models import DuesReceipt, FundEntry, Meeting, Quantity, Task
from branches.restructuring import dissolve_unit
from branches.tasks import give_task
from branches.totals import compare_totals
from tests.factories import MemberFactory, UnitFactory, account_at
from tests.keeping_dues import TODAY, Keeping, day, month

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


def test_dissolved_with_its_members_going_over_the_fund_goes_along_and_without_them_it_stays(ending):
    dissolve_unit(unit=ending.branch, on=ENDS, today=TODAY, decision="14-QĐ", by=ending.office, members_to=ending.other)
    assert ending.closings(ending.branch, ending.other) == [0, 15_667]
    assert unremitted(ending.other, up_to=TODAY, on=TODAY).received == 10_000
    dissolve_unit(
        unit=ending.other, on=day(11, 21), today=TODAY, decision="15-QĐ", by=ending.office, sends_members_away=True
    )
    assert ending.closings(ending.other) == [15_667]


def test_split_that_goes_on_keeps_its_fund_and_one_that_ends_gives_it_to_the_part_of_the_rest(ending):
    part = NewUnit("Chi đoàn Hai", BRANCH)
    said = {"on": ENDS, "today": TODAY, "decision": "16-QĐ", "by": ending.office}
    split_unit(unit=ending.branch, parts=[part], goes_on=True, shares=Shares(members={ending.an.pk: 1}), **said)
    assert ending.closings(ending.branch) == [10_667]
    said["on"] = day(11, 21)
    parts = [NewUnit("Chi đoàn Ba", BRANCH), NewUnit("Chi đoàn Bốn", BRANCH)]
    made = split_unit(unit=ending.branch, parts=parts, goes_on=False, shares=Shares(rest=1), **said)
    assert ending.closings(ending.branch, *made) == [0, 0, 10_667]


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
        "Chi đoàn Sở Thông tin: 1 người còn nợ 5.000 đồng đoàn phí: hãy thu trước, sau này không ghi thu được nữa; "
        "1 phiếu nộp đoàn phí chờ cấp trên nhận: hãy nhận hoặc trả lại trước; quỹ 10.667 đồng, 5.000 đồng đoàn phí "
        "đã thu chưa trích nộp bàn giao cho Chi đoàn Sở Khoa học."
    ) in page
    assert not FundEntry.objects.filter(text__contains="àn giao").exists()  # nothing was saved
