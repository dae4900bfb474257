"""The world of the access test and a second one beside it, whose objects no form of the first may take."""

import datetime

from branches.models import Unit
from branches.proposing import propose
from inspections.models import Finding, Inspection, InspectionProgramme, TeamSeat, Topic

from .access_world import World
from .factories import (
    AccountFactory,
    ActivityFactory,
    DirectionFactory,
    IndicatorFactory,
    MemberFactory,
    PostFactory,
    TargetFactory,
    TermFactory,
    WorkAreaFactory,
    year,
)

JANUARY = datetime.date(2026, 1, 1)


class Far:
    """One object of every kind in another branch, under another Đoàn with its own inspectors."""

    def __init__(self, unit: Unit, union: Unit):
        self.unit, self.union = unit, union
        self.member = MemberFactory(home=unit)
        self.proposal = propose(member=self.member, values={"job": "Nơi khác"})[0]
        self.indicator = IndicatorFactory(owner=unit)
        self.direction = DirectionFactory(unit=unit)
        self.target = TargetFactory(unit=unit)
        self.activity = ActivityFactory(unit=unit)
        self.term = TermFactory(unit=unit)
        self.account = PostFactory(unit=unit, account=AccountFactory(member=self.member)).account
        self.post = self.account.posts.get()
        self.programme = InspectionProgramme.objects.create(
            unit=union, year=2026, number="01", issued_on=JANUARY, in_name_of="inspection", title="Nơi khác"
        )
        self.case = Inspection.objects.create(
            programme=self.programme, unit=unit, title="Nơi khác", inspection_kind="periodic", state="visited",
            review_from=JANUARY, review_to=datetime.date(2026, 10, 1), visited_on=datetime.date(2026, 9, 1),
        )  # fmt: skip
        self.finding = Finding.objects.create(inspection=self.case, kind="shortcoming", text="Nơi khác")
        self.topic = Topic.objects.create(inspection=self.case, text="Nơi khác")
        self.seat = TeamSeat.objects.create(
            inspection=self.case, account=self.account, name="Nơi khác", starts_on=JANUARY
        )


class TwoWorlds(World):
    """`far` beside the world; and what the own forms need to be accepted."""

    def __init__(self):
        super().__init__()
        unit = self.accounts["far"].posts.get().unit
        self.far = Far(unit, Unit.objects.get(pk=unit.superior_pk))
        self.area = WorkAreaFactory(code="movement")
        self.indicator = IndicatorFactory()
        TargetFactory(unit=self.own, period=year(2025))  # for the copy of last year's plan
        self.topic = Topic.objects.create(inspection=self.draft_case, text="Nội dung")
        self.own_activity = ActivityFactory(unit=self.own, starts_on=datetime.date(2026, 9, 20))
        self.own_term_target = TargetFactory(unit=self.own, period=self.term, indicator=self.indicator)
