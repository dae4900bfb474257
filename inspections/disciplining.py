"""A case and the disciplinary cases that follow from it: linked by whoever reads both, opened from a violation found.

Discipline is read by those who keep the register and those who decide (branches/disciplining.py). Whoever may not
read a disciplinary case sees nothing of the link either, so no step of the inspection is written for it: the steps of
a case are read by its team and by the unit.
"""

import datetime
from collections.abc import Collection

from django.db import transaction

from branches.disciplining import DisciplineRefused, open_case, open_unit_case
from branches.disciplining_units import may_keep_unit_case
from branches.models import Discipline, Member
from branches.models.merit import ClosedQuerySet
from branches.scoping import rights_at
from inspections.models import Finding, Inspection

READERS = ClosedQuerySet.read_rights


def readable(user, inspection: Inspection):
    """Disciplinary cases of the inspected unit and below that the user reads for the register, not as the person."""
    rows = Discipline.objects.reached_by(user, READERS).filter(unit__path__startswith=inspection.unit.path)
    return rows.select_related("member", "unit").order_by("-opened_on", "-pk")


def may_link(user, inspection: Inspection) -> bool:
    return not rights_at(user, inspection.unit).isdisjoint(READERS)


def may_open(user, inspection: Inspection, *, on: datetime.date) -> bool:
    """Who may open a case of a member of the unit, or of the unit itself."""
    return "manage" in rights_at(user, inspection.unit) or may_keep_unit_case(user, inspection.unit, on=on)


def people_of(user, inspection: Inspection):
    """Members of whom the user may open a case: those of the inspected unit, never the user."""
    rows = Member.objects.editable_by(user).filter(home__path__startswith=inspection.unit.path, is_active=True)
    return rows.exclude(pk=user.member_id or 0).order_by("sort_key", "pk")


@transaction.atomic
def set_disciplines(*, inspection: Inspection, chosen: Collection[Discipline], by) -> None:
    """Link exactly these of the cases `by` may read; links to others stay as they are."""
    case = Inspection.objects.select_for_update(of=("self",), no_key=True).select_related("unit").get(pk=inspection.pk)
    known = set(readable(by, case).values_list("pk", flat=True))
    wanted = {one.pk for one in chosen}
    if wanted - known:
        raise DisciplineRefused({"disciplines": "Mục đã chọn không còn trong danh sách. Hãy chọn lại."})
    case.disciplines.remove(*(known - wanted))
    case.disciplines.add(*wanted)


@transaction.atomic
def open_from_finding(
    *, finding: Finding, member: Member | None, opened_on: datetime.date, facts: str, by, on: datetime.date
) -> Discipline:
    """Begin to look at a violation the inspectors found: of a member, or without one of the unit itself."""
    case = finding.inspection
    if finding.kind != Finding.Class.VIOLATION:
        raise DisciplineRefused({"": "Chỉ mở hồ sơ kỷ luật từ một vi phạm."})
    if member is not None:
        if not people_of(by, case).filter(pk=member.pk).exists():
            raise DisciplineRefused({"member": "Mục đã chọn không còn trong danh sách. Hãy chọn lại."})
        made = open_case(member=member, opened_on=opened_on, facts=facts, by=by, on=on)
    else:
        if not may_keep_unit_case(by, case.unit, on=on):
            raise DisciplineRefused({"member": "Hồ sơ về chính đơn vị do Đoàn cấp trên mở. Hãy chọn đoàn viên."})
        made = open_unit_case(unit=case.unit, opened_on=opened_on, facts=facts, by=by, on=on)
    case.disciplines.add(made)
    return made
