"""What the tests of the yearly assessment share: a branch, its superior, a round of 2026, short ways."""

import datetime

from branches.assessing.rounds import criteria_sets, label_sets, open_round
from branches.assessing.steps import Verdict, approve, assess_self, conclude
from branches.models import Assessment, Attendance, Label, Meeting, Period
from branches.models.assessment import Subject
from tests.factories import MemberFactory, UnionFactory, UnitFactory, account_at, year

TODAY = datetime.date(2026, 11, 22)
NOW = datetime.datetime(2026, 11, 22, 2, 0, tzinfo=datetime.UTC)  # nine in the morning in Vietnam
UNTIL, DUE = datetime.date(2026, 12, 6), datetime.date(2026, 12, 22)
TOP, GOOD, DONE, BAD = "hoan-thanh-xuat-sac", "hoan-thanh-tot", "hoan-thanh", "khong-hoan-thanh"


class Scene:
    """Đoàn Khối ─┬─ Chi đoàn Sở Tư pháp: An, Bình, Chi (An has an account), its secretary
    └─ Chi đoàn Sở Y tế: somebody else's branch"""

    def __init__(self, members=("Lê Thu An", "Trần Văn Bình", "Phạm Thị Chi")):
        self.union = UnionFactory(name="Đoàn Khối các cơ quan")
        self.branch = UnitFactory(superior=self.union, name="Chi đoàn Sở Tư pháp")
        self.sibling = UnitFactory(superior=self.union, name="Chi đoàn Sở Y tế")
        self.secretary = account_at(self.branch)
        self.office = account_at(self.union, "superior_office")
        self.stranger = account_at(self.sibling)
        self.people = [MemberFactory(home=self.branch, full_name=name) for name in members]
        self.account = account_at(self.branch, "member")
        self.account.member = self.people[0]
        self.account.save()

    def open(self, **said):
        values = {
            "unit": self.union, "subject": Subject.MEMBER, "period": year(2026), "name": "Xếp loại 2026",
            "self_until": UNTIL, "due_on": DUE, "counted_on": TODAY, "top_quota": 20, "by": self.office, "on": TODAY,
        } | said  # fmt: skip
        period = values["period"]
        values.setdefault("label_set", label_sets(period).first())
        values.setdefault("criteria_set", criteria_sets(values["subject"], period).first())
        return open_round(**values)

    def of(self, round, member) -> Assessment:
        return Assessment.objects.select_related("round", "unit", "member").get(round=round, member=member)

    def label(self, code=TOP, round=None) -> Label:
        return Label.objects.get(code=code)

    def say_self(self, row, code=GOOD, on=TODAY, **said):
        values = {"answers": {"nhiem-vu": "Đã lập 2 báo cáo"}, "text": "Cố gắng hơn", "version": row.version} | said
        return assess_self(assessment=row, label=self.label(code), now=NOW, on=on, **values)

    def verdict(self, row, code=GOOD, **said):
        votes = {self.label(one).pk: count for one, count in said.pop("votes", {}).items()}
        return Verdict(**{"pk": row.pk, "version": row.version, "label": self.label(code), "votes": votes} | said)

    def conclude(self, round, *verdicts, on=TODAY, **said):
        return conclude(
            round=round, unit=self.branch, verdicts=verdicts, by=self.secretary, on=on, **said
        )  # fmt: skip

    def concluded(self, round, member, code=GOOD):
        self.conclude(round, self.verdict(self.of(round, member), code))
        return self.of(round, member)

    def approve(self, round, *rows, **said):
        values = {"decision": "12-QĐ/ĐTN", "decided_on": TODAY, "by": self.office, "on": TODAY} | said
        return approve(round=round, unit=self.union, chosen={row.pk: row.version for row in rows}, **values)

    def approved(self, round, member, code=GOOD):
        self.approve(round, self.concluded(round, member, code))
        return self.of(round, member)

    def meeting(self, on=TODAY, **said):
        values = {
            "unit": self.branch, "title": "Họp xếp loại", "kind": "assessment", "state": "held",
            "created_by": self.secretary,
            "starts_at": datetime.datetime.combine(on, datetime.time(8), datetime.UTC),
        }  # fmt: skip
        return Meeting.objects.create(**values | said)

    def mark(self, meeting, member, state):
        moment = None if state == "unknown" else NOW
        Attendance.objects.create(
            meeting=meeting, member=member, name=member.full_name, state=state, marked_at=moment,
            marked_by=self.secretary,
        )  # fmt: skip


def period_of(number: int) -> Period:
    return Period.objects.year(number)
