"""Reasons to visit a unit that only the figures know, for inspections/suggesting.py."""

import datetime

from django.db.models import Q
from django.urls import reverse

from branches.models import DutyType, Period, Placement, Target, Unit
from inspections.suggesting import Reason, register

from .board import cells_below
from .duties import silent_below


def targets_behind(unit: Unit, on: datetime.date) -> dict[int, Reason]:
    """How many targets of this year each direct subordinate is late with, as its own page of results counts them."""
    period = Period.of_year(on.year)
    below = Placement.objects.filter(superior=unit, starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))
    targets = list(
        Target.objects.of_period(period)
        .filter(unit__in=below.values("unit"))
        .select_related("unit", "indicator__area", "indicator__of", "parent__indicator")
    )
    late: dict[int, int] = {}
    cells = cells_below(unit, period, targets, as_of=on) if targets else {}
    for target in targets:
        if cells[target.pk].is_late:
            late[target.unit_id] = late.get(target.unit_id, 0) + 1
    return {
        pk: Reason(f"{count} chỉ tiêu chậm", min(count, 3), f"{reverse('reports:progress', args=[pk])}?loc=cham")
        for pk, count in late.items()
    }


def meetings_silent(unit: Unit, on: datetime.date) -> dict[int, Reason]:
    """Meetings of this year a unit neither held nor said anything about, their day over."""
    within = (on - datetime.date(on.year, 1, 1)).days
    found = {}
    url = reverse("reports:duty_board", args=[unit.pk])
    for one, cells in silent_below(unit, as_of=on, days=1, within=within):
        silent = [cell for cell in cells if cell.duty.fulfilled_by == DutyType.FulfilledBy.MEETING]
        if silent:
            found[one.pk] = Reason(f"{len(silent)} kỳ chưa báo sinh hoạt", min(len(silent), 3), url)
    return found


def connect() -> None:
    register(targets_behind)
    register(meetings_silent)
