"""Facts of a branch that are made in this app: meetings owed by the duty calendar, targets of the plan."""

import datetime

from branches.assessing.facts import Fact, add_source
from branches.models import DutyType, Period, Unit

from .duties import duty_calendar
from .progress import progress_for


def meetings_fact(unit: int, period: Period, on: datetime.date) -> Fact:
    """Periods with a meeting, of those that owed one and are over or done; each rhythm counts as it is."""
    found = Unit.objects.get(pk=unit)
    years = list(range(period.starts_on.year, period.last_day.year + 1))
    cells = [
        one
        for one in duty_calendar(found, years, as_of=on)
        if one.duty.fulfilled_by == DutyType.FulfilledBy.MEETING
        and period.starts_on <= one.period.starts_on < period.ends_on
        and one.is_owed
        and (one.is_done or one.period.due_on < on)
    ]
    if not cells:
        return Fact("không có kỳ sinh hoạt nào phải họp", 0, 0)
    done = sum(one.is_done for one in cells)
    silent = sum(one.is_silent for one in cells)
    rest = f", {silent} kỳ chưa báo" if silent else ""
    return Fact(f"họp {done} trên {len(cells)} kỳ phải họp{rest}", done, len(cells))


def targets_fact(unit: int, period: Period, on: datetime.date) -> Fact:
    """Targets reached, of those of the unit's plan for the period."""
    table = progress_for(Unit.objects.get(pk=unit), period, as_of=min(on, period.last_day))
    planned = len(table.planned)
    if not planned:
        return Fact("chưa có chỉ tiêu nào trong kế hoạch", 0, 0)
    return Fact(f"đạt {table.reached} trên {planned} chỉ tiêu", table.reached, planned)


def connect() -> None:
    add_source("meetings", meetings_fact)
    add_source("targets", targets_fact)
