"""The world of the access test and a second one beside it, whose objects no form of the first may take."""

import datetime

from django.core.files.base import ContentFile
from django.utils import timezone

from branches.importing.deciding import decide_row
from branches.models import Discipline, ImportRow, Transfer, Unit
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
    PostTypeFactory,
    TargetFactory,
    TermFactory,
    UnionFactory,
    UnitFactory,
    WorkAreaFactory,
    year,
)
from .inspection_attacks import add_far_inspection, add_inspection_targets, attack_objects
from .meetings_world import add_far_meetings
from .rolling_world import add_far_rolled
from .rounds_world import add_far_rounds
from .scoring_world import add_far as add_far_scoring
from .writing_world import add_far as add_far_writing

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
        self.kind = PostTypeFactory(code="administrator")  # not for a secretary to give
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
        self.discipline = Discipline.objects.create(
            unit=unit, member=self.member, facts="Nơi khác", opened_on=JANUARY, written_by=self.account
        )
        add_far_meetings(self)
        add_far_inspection(self)
        add_far_rounds(self)
        add_far_writing(self)
        add_far_rolled(self)
        add_far_scoring(self)


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
        self._units()
        self._people()
        self._rows()
        add_inspection_targets(self)

    def _units(self):
        self.sibling = self.accounts["sibling"].posts.get().unit
        self.lower = self.accounts["below"].posts.get().unit
        self.lowest = UnitFactory(superior=self.own, kind=Unit.Kind.SUB_BRANCH)
        self.other_union = UnionFactory(superior=self.union)
        self.closing = UnitFactory(superior=self.union, name="Chi đoàn Bưu điện")
        MemberFactory(home=self.closing)

    def _people(self):
        self.ageing = MemberFactory(home=self.own, birth_date=datetime.date(1990, 1, 1))
        self.left = MemberFactory(home=self.own, is_active=False)
        self.left.memberships.update(ends_on=datetime.date(2026, 9, 1), end_reason="deleted")
        self.to_union = Transfer.objects.create(
            member=MemberFactory(home=self.own), source=self.own, target=self.union, target_name=self.union.name,
            remark="Tốt", asked_on=datetime.date(2026, 10, 1), due_on=datetime.date(2026, 11, 1),
            sent_by=self.accounts["secretary"],
        )  # fmt: skip
        self.kind = PostTypeFactory(code="deputy_secretary")
        self.fellow = self.accounts["committee_member"]
        self.registered = AccountFactory(member=MemberFactory(home=self.own))  # signs in, holds no post yet
        self.invited = self.own.posts.get(account__invitations__used_at=None, account__invitations__isnull=False)

    def _rows(self):
        """In the list of the world: somebody new, and a name that somebody of the register has too."""
        lines = ("Họ và tên", "Người trong tệp", self.other_member.full_name)
        self.list.file.save("danh-sach", ContentFile("\n".join(lines).encode()))
        said = {"full_name": self.other_member.full_name, "job": "Kế toán"}
        self.unsure = ImportRow.objects.create(
            belongs_to=self.list, sheet=0, number=3, unit=self.own, state="error", cells=said, values=said,
            problems=[],
        )  # fmt: skip
        today = timezone.localdate()
        for row, state in ((self.list_row, "new"), (self.unsure, "unsure")):
            row = decide_row(row=row, by=self.accounts["secretary"], today=today)
            assert row.state == state

    def arguments(self, name: str) -> dict | None:
        """Also of those forms that the objects of the access test are too much entangled, or too little, to fill."""
        objects = {
            "branches:import_row": self.unsure, "branches:member_leave": self.left, "branches:member_return": self.left,
            "branches:post_uninvite": self.invited, "branches:transfer_hand_on": self.to_union,
            "branches:unit_dissolve": self.closing, **attack_objects(self),
        }  # fmt: skip
        return {"pk": objects[name].pk} if name in objects else super().arguments(name)
