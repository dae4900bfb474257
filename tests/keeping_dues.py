"""What the tests of dues share: a branch that keeps its dues in 2026, and short ways to the verbs."""

import datetime

from branches.dues.owing import grid
from branches.dues.paying import priced, receive
from branches.dues.remitting import remit, unremitted
from branches.models import Membership, Period
from tests.factories import MemberFactory, UnionFactory, UnitFactory, account_at

TODAY = datetime.date(2026, 11, 22)
SINCE = datetime.date(2020, 1, 1)


def day(month, number=1, year=2026):
    return datetime.date(year, month, number)


def month(number, year=2026):
    return datetime.date(year, number, 1)


class Keeping:
    """Đoàn Khối ─ Chi đoàn Sở Thông tin, its secretary, the superior's office, and three members."""

    def __init__(self):
        self.province = UnionFactory(name="Tỉnh đoàn", kind="province")
        self.union = UnionFactory(name="Đoàn Khối các cơ quan", superior=self.province)
        self.branch = UnitFactory(superior=self.union, name="Chi đoàn Sở Thông tin")
        self.keeper = account_at(self.branch, full_name="Lê Thủ Quỹ")
        self.office = account_at(self.union, "superior_office")
        self.an = self.member("Lê Thu An")
        self.binh = self.member("Trần Văn Bình")
        self.chi = self.member("Phạm Thị Chi")

    def member(self, name, since=SINCE, until=None, home=None):
        made = MemberFactory(home=home or self.branch, full_name=name, since=since)
        if until:
            made.memberships.update(ends_on=until, end_reason=Membership.End.MOVED_OUT)
            type(made).objects.filter(pk=made.pk).update(is_active=False)
            made.refresh_from_db()
        return made

    def pay(self, member, *months, on=TODAY, paid_on=None, unit=None):
        """A receipt of this member for months given by number (of 2026) or as days."""
        unit = unit or self.branch
        cells = [(member.pk, month(one) if isinstance(one, int) else one) for one in months]
        total = sum(amount for *_, amount in priced(unit=unit, cells=cells, on=on))
        return receive(unit=unit, cells=cells, paid_on=paid_on or on, said=total, by=self.keeper, on=on)

    def remit(self, quarter=3, unit=None, up_to=TODAY, handed_on=TODAY, by=None):
        unit = unit or self.branch
        said = unremitted(unit, up_to=up_to, on=handed_on).amount
        return remit(
            unit=unit, span=Period.of_quarter(2026, quarter), up_to=up_to, handed_on=handed_on, said=said,
            by=by or self.keeper, on=TODAY,
        )  # fmt: skip

    def row(self, member, year=2026):
        return next(row for row in grid(self.branch, year, on=TODAY) if row.member == member.pk)
