"""Months of a branch as they may happen, against sums made independently: owed, paid, remitted, fund, fed figures."""

import random

import pytest

from branches.dues.arrears import arrears_of, dues_figures
from branches.dues.fund import book_of_year, take_back_entry, write_entry
from branches.dues.months import DuesRefused
from branches.dues.owing import grid
from branches.dues.paying import receive, take_back
from branches.dues.remitting import accept, remit, send_back, unremitted, withdraw
from branches.dues.statuses import drop_exemption, exempt, set_statuses
from branches.merging import merge_units
from branches.models import Period, Quantity
from branches.totals import compare_totals
from tests.factories import UnitFactory
from tests.keeping_dues import TODAY, Keeping, day, month

pytestmark = pytest.mark.django_db
YEAR = [month(number) for number in range(1, 13)]
RATES = {"salaried": 5000, "unsalaried": 2000, "abroad": 5000}


class Story:
    """A branch, and beside it what a person would keep in a notebook: lists and dictionaries, no query."""

    def __init__(self, seed):
        self.pick = random.Random(seed)
        self.dues = dues = Keeping()
        self.unit = dues.branch
        people = [dues.an, dues.binh, dues.chi, dues.member("Hồ Dũng", since=day(4, 15)),
                  dues.member("Vũ Em", until=day(9, 10))]  # fmt: skip
        self.there = {one.pk: list(range(1, 13)) for one in people}
        self.there[people[3].pk] = list(range(5, 13))
        self.there[people[4].pk] = list(range(1, 10))
        self.people = {one.pk: one for one in people}
        self.status = {pk: {} for pk in self.people}  # from month → status
        self.exempt = {pk: set() for pk in self.people}
        self.exemptions = []
        self.paid = {}  # (member, month) → (amount, receipt)
        self.receipts = {}  # pk → (row, day, [cells], struck)
        self.slips = {}  # pk → [row, received, amount, state, handed on]
        self.entries = {}  # pk → (row, signed amount, day, struck)
        self.refused = 0

    def rate(self, pk, number):
        status = "salaried"
        for since in sorted(self.status[pk]):
            if since <= number:
                status = self.status[pk][since]
        return RATES[status]

    def begun(self):
        days = [paid_on for _, paid_on, _, struck in self.receipts.values() if not struck]
        return min(days).month if days else 99

    def try_(self, should_work, work):
        """Do it, and it must be refused exactly when the notebook says so."""
        try:
            found = work()
        except DuesRefused as refused:
            found, said = None, refused
            self.refused += 1
        else:
            said = "written"
        assert should_work == (said == "written"), said
        return found

    # --- one step each ------------------------------------------------------------------------

    def step_pay(self):
        pk = self.pick.choice(list(self.people))
        months = sorted(self.pick.sample(range(1, 13), self.pick.randint(1, 4)))
        paid_on = day(self.pick.randint(1, 11), self.pick.randint(1, 22))
        total = sum(self.rate(pk, one) for one in months)
        lie = self.pick.random() < 0.1
        fits = all(one in self.there[pk] and one not in self.exempt[pk] and (pk, one) not in self.paid
                   for one in months)  # fmt: skip
        made = self.try_(fits and not lie, lambda: receive(
            unit=self.unit, cells=[(pk, month(one)) for one in months], paid_on=paid_on, said=total + lie,
            by=self.dues.keeper, on=TODAY))  # fmt: skip
        if made:
            self.receipts[made.pk] = (made, paid_on, [(pk, one) for one in months], False)
            self.paid |= {(pk, one): (self.rate(pk, one), made.pk) for one in months}

    def step_take_back(self):
        if not self.receipts:
            return
        key = self.pick.choice(list(self.receipts))
        made, paid_on, cells, struck = self.receipts[key]
        carried = any(key in slip[5] for slip in self.slips.values() if slip[3] in ("sent", "accepted"))
        if self.try_(not struck and not carried, lambda: take_back(
                receipt=made, why="Ghi nhầm", by=self.dues.keeper, on=TODAY)):  # fmt: skip
            self.receipts[key] = (made, paid_on, cells, True)
            self.paid = {cell: what for cell, what in self.paid.items() if what[1] != key}

    def free(self, up_to):
        on_slips = {key for slip in self.slips.values() if slip[3] in ("sent", "accepted") for key in slip[5]}
        return {key for key, (_, paid_on, _, struck) in self.receipts.items()
                if not struck and paid_on <= up_to and key not in on_slips}  # fmt: skip

    def amount_of(self, keys):
        return sum(amount for amount, key in self.paid.values() if key in keys)

    def step_remit(self):
        up_to = day(self.pick.randint(1, 11), 22)
        keys = self.free(up_to)
        received = self.amount_of(keys)
        made = self.try_(received > 0, lambda: remit(
            unit=self.unit, span=Period.of_quarter(2026, 3), up_to=up_to, handed_on=TODAY, said=received // 3,
            by=self.dues.keeper, on=TODAY))  # fmt: skip
        if made:
            assert (made.received, made.amount) == (received, received // 3)
            self.slips[made.pk] = [made, received, received // 3, "sent", TODAY, keys]

    def step_answer(self):
        if not self.slips:
            return
        slip = self.slips[self.pick.choice(list(self.slips))]
        verb, state = self.pick.choice([(accept, "accepted"), (send_back, "returned"), (withdraw, "withdrawn")])
        words = {} if verb is accept else {"why": "Thiếu bảng kê"}
        if self.try_(slip[3] == "sent", lambda: verb(
                slip=slip[0], version=slip[0].version, by=self.dues.office, on=TODAY, **words)):  # fmt: skip
            slip[3] = state

    def step_entry(self):
        amount, sign = self.pick.choice([0, 1, 333, 20_000, 1_250_000]), self.pick.choice([1, -1])
        dated_on = day(self.pick.randint(1, 12), 3)
        found = self.try_(amount > 0 and dated_on <= TODAY, lambda: write_entry(
            unit=self.unit, kind="income" if sign > 0 else "expense", dated_on=dated_on, amount=amount,
            text="Khoản khác", by=self.dues.keeper, on=TODAY))  # fmt: skip
        if found:
            self.entries[found[0].pk] = (found[0], sign * amount, dated_on, False)

    def step_strike_entry(self):
        if self.entries:
            key = self.pick.choice(list(self.entries))
            row, amount, dated_on, struck = self.entries[key]
            if self.try_(not struck, lambda: take_back_entry(
                    entry=row, why="Ghi nhầm", by=self.dues.keeper, on=TODAY)):  # fmt: skip
                self.entries[key] = (row, amount, dated_on, True)

    def step_status(self):
        pk, since = self.pick.choice(list(self.people)[:4]), self.pick.randint(1, 12)
        status = self.pick.choice(list(RATES))
        set_statuses(unit=self.unit, statuses={pk: status}, from_month=month(since), by=self.dues.keeper)
        now = "salaried"
        for one in sorted(self.status[pk]):
            if one <= since:
                now = self.status[pk][one]
        if now != status:
            self.status[pk][since] = status

    def step_exempt(self):
        pk, first = self.pick.choice(list(self.people)[:4]), self.pick.randint(1, 12)
        last = min(12, first + self.pick.randint(0, 7))
        span = set(range(first, last + 1))
        run, low, high = self.exempt[pk] | span, first, last
        while low - 1 in run:
            low -= 1
        while high + 1 in run:
            high += 1
        fits = not span & self.exempt[pk] and high - low < 6 and not any((pk, one) in self.paid for one in span)
        made = self.try_(fits, lambda: exempt(
            member=self.people[pk], from_month=month(first), last_month=month(last), reason="Khó khăn",
            decision="NQ 12", by=self.dues.keeper))  # fmt: skip
        if made:
            self.exempt[pk] |= span
            self.exemptions.append((made, pk, span))

    def step_drop_exemption(self):
        if self.exemptions:
            made, pk, span = self.exemptions.pop(self.pick.randrange(len(self.exemptions)))
            drop_exemption(exemption=made)
            self.exempt[pk] -= span

    # --- the notebook against the books ---------------------------------------------------------

    def owed(self, number):
        """{member: đồng} of who owes and has not paid the month."""
        if number < self.begun():
            return {}
        return {pk: self.rate(pk, number) for pk in self.people
                if number in self.there[pk] and number not in self.exempt[pk]
                and (pk, number) not in self.paid}  # fmt: skip

    def check(self):
        paid = sum(amount for amount, _ in self.paid.values())
        debts = {}
        for number in range(1, 11):
            for pk, amount in self.owed(number).items():
                debts[pk] = debts.get(pk, 0) + amount
        assert {one.member: one.total for one in arrears_of(self.unit, on=TODAY)} == debts
        rows = grid(self.unit, 2026, on=TODAY)
        assert {one.member: one.left for one in rows if one.left} == debts
        assert sum(one.paid for one in rows) == paid
        standing = [slip for slip in self.slips.values() if slip[3] in ("sent", "accepted")]
        open_ = sum(sum(self.owed(number).values()) for number in range(1, 13))
        up = sum(slip[2] for slip in standing)
        in_quarter = dues_figures([self.unit], Period.of_year(2026))
        assert in_quarter == (paid, paid + open_, up)
        assert unremitted(self.unit, up_to=TODAY, on=TODAY).received == paid - sum(slip[1] for slip in standing)
        found = book_of_year(self.unit, 2026)
        typed = sum(amount for _, amount, _, struck in self.entries.values() if not struck)
        assert found.closing == paid + typed - up
        assert found.is_checked
        above = book_of_year(self.dues.union, 2026)
        assert above.closing == sum(slip[2] for slip in standing if slip[3] == "accepted")
        self.check_fed(paid)

    def check_fed(self, paid):
        lines = Quantity.objects.filter(activity__unit=self.dues.branch).select_related("activity", "indicator")
        collected = [one.value for one in lines if one.indicator.code == "dues_collected"]
        assert sum(collected) == paid
        shares = {one.activity.fed_by: (one.value, one.denominator) for one in lines
                  if one.indicator.code == "dues_paid_share"}  # fmt: skip
        expected = {}
        for number in range(min(self.begun(), 12), 12):
            got = sum(amount for (_, one), (amount, _) in self.paid.items() if one == number)
            asked = got + sum(self.owed(number).values())
            if asked:
                expected[f"dues:2026-{number:02}"] = (got, asked)
        assert shares == expected
        assert compare_totals() == []


STEPS = (["pay"] * 5 + ["take_back"] * 2 + ["remit", "answer", "answer", "entry", "strike_entry", "status"]
         + ["exempt", "drop_exemption"])  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_every_đồng_is_where_the_notebook_says(seed):
    story = Story(seed)
    for number in range(40):
        getattr(story, f"step_{story.pick.choice(STEPS)}")()
        if number % 4 == 3:
            story.check()
    assert story.refused > 3  # the story did meet refusals
    assert story.receipts


@pytest.mark.parametrize("seed", range(10, 14))
def test_the_notebook_still_holds_after_the_branch_was_absorbed(seed):
    """Debts, money and figures of the branch that ended, at the one that took its place."""
    story = Story(seed)
    for _ in range(24):
        getattr(story, f"step_{story.pick.choice(STEPS)}")()
    story.check()
    begun, old, dues = story.begun(), story.unit, story.dues
    heir = UnitFactory(superior=dues.union, kind=old.kind, name="Chi đoàn kế tục")
    merge_units(by=dues.office, superior=dues.union, sources=[old, heir], into=heir, on=day(11, 15), today=TODAY,
                decision="12-QĐ/ĐK")  # fmt: skip
    story.begun = lambda: begun  # since when the branch that ended kept dues

    def check():
        debts = {}
        for number in range(1, 11):
            for pk, amount in story.owed(number).items():
                debts[pk] = debts.get(pk, 0) + amount
        assert {one.member: one.total for one in arrears_of(heir, on=TODAY)} == debts
        assert {one.unit for one in arrears_of(heir, on=TODAY)} <= {old.pk}
        paid = sum(amount for amount, _ in story.paid.values())
        standing = [slip for slip in story.slips.values() if slip[3] in ("sent", "accepted")]
        typed = sum(amount for _, amount, _, struck in story.entries.values() if not struck)
        books = [book_of_year(unit, 2026) for unit in (old, heir)]
        assert [one.closing for one in books] == [0, paid + typed - sum(slip[2] for slip in standing)]
        assert all(one.is_checked for one in books)
        held = unremitted(heir, up_to=TODAY, on=TODAY)
        assert held.received == paid - sum(slip[1] for slip in standing)
        taken = [amount for amount, key in story.paid.values() if story.receipts[key][0].unit_id == heir.pk]
        collected = Quantity.objects.filter(activity__unit=heir, indicator__code="dues_collected")
        assert sum(collected.values_list("value", flat=True)) == sum(taken)
        story.check_fed(paid - sum(taken))

    check()
    story.unit = heir
    for _ in range(12):
        cells = [(pk, number) for number in range(1, 12) for pk in story.owed(number)]
        if cells:
            (pk, number) = story.pick.choice(cells)
            said = story.rate(pk, number)
            made = receive(unit=heir, cells=[(pk, month(number))], paid_on=TODAY, said=said, by=dues.keeper, on=TODAY)
            story.receipts[made.pk] = (made, TODAY, [(pk, number)], False)
            story.paid[pk, number] = (said, made.pk)
        story.step_answer()
        if story.pick.random() < 0.3:
            story.step_remit()
        check()
