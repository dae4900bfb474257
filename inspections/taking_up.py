"""Verbs by which the unit takes a recommendation into its own plan: as a target of a year, or as a task.

The target and the task are those of the plan (branches/planning.py, branches/tasks.py) and live there; the
recommendation only points at them. Only a check of the committee closes it, whatever the plan says.
"""

import datetime

from django.db import transaction

from branches.aims import WrittenAim
from branches.heirs import answering_for
from branches.models import Indicator, Member, Period, Target, Task, Unit
from branches.planning import PlanningRefused, set_target
from branches.tasks import TaskRefused, give_task
from inspections.models import Recommendation
from inspections.states import InspectionRefused, lock_recommendation, save_clean


@transaction.atomic
def plan_as_target(
    *,
    recommendation: Recommendation,
    version: int,
    by,
    unit: Unit,
    year: int,
    indicator: Indicator,
    aim: WrittenAim,
    due_on: datetime.date | None = None,
    note: str = "",
) -> Target:
    """Set a target of the year that carries out the recommendation, in the plan of the unit that answers for it.

    Refused as `set_target` refuses: wrong year of the indicator, a target of it that exists already (link that one).
    Raises EditConflict.
    """
    row = lock_recommendation(recommendation, "plan", version)
    _refuse_foreign(row, unit)
    try:
        target = set_target(
            by=by, unit=unit, period=Period.objects.year(year), indicator=indicator, comparator=aim.comparator,
            value=aim.value, value_to=aim.value_to, due_on=due_on, note=note.strip(), document=document_of(row),
        )  # fmt: skip
    except PlanningRefused as refusal:
        raise InspectionRefused({field or None: text for field, text in refusal.errors.items()}) from refusal
    row.targets.add(target)
    save_clean(row, by)
    return target


@transaction.atomic
def link_target(*, recommendation: Recommendation, version: int, by, target: Target) -> Target:
    """Say that a target which stands in the plan already carries out the recommendation. Raises EditConflict."""
    row = lock_recommendation(recommendation, "plan", version)
    _refuse_foreign(row, target.unit)
    if row.targets.filter(pk=target.pk).exists():
        raise InspectionRefused({"target": "Chỉ tiêu này đã gắn với kiến nghị."})
    row.targets.add(target)
    save_clean(row, by)
    return target


@transaction.atomic
def plan_as_task(
    *,
    recommendation: Recommendation,
    version: int,
    by,
    on: datetime.date,
    unit: Unit,
    text: str,
    expected: str = "",
    owner: Member | None = None,
    owner_name: str = "",
    due_on: datetime.date | None = None,
) -> Task:
    """Give somebody of the unit a task that carries out the recommendation. Raises EditConflict."""
    row = lock_recommendation(recommendation, "plan", version)
    _refuse_foreign(row, unit)
    try:
        task = give_task(
            by=by, unit=unit, on=on, text=text, expected=expected, owner=owner, owner_name=owner_name, due_on=due_on
        )
    except TaskRefused as refusal:
        raise InspectionRefused({field or None: said for field, said in refusal.errors.items()}) from refusal
    row.tasks.add(task)
    save_clean(row, by)
    return task


def document_of(row: Recommendation) -> str:
    """The paper behind the target: "Thông báo 15-TB/ĐTN-UBKT, 05/10/2026, kiến nghị 2"."""
    number = f" {row.inspection.conclusion_number}" if row.inspection.conclusion_number else ""
    return f"Thông báo kết luận{number}, {row.inspection.concluded_on:%d/%m/%Y}, kiến nghị {row.number}"


def _refuse_foreign(row, unit):
    if unit.pk not in answering_for(row.inspection.unit):
        raise InspectionRefused("Chỉ đưa vào kế hoạch của đơn vị được kiểm tra.")
