"""Which units to put into the programme, each with its reasons shown. A suggestion; the committee decides.

What only reports/ can compute (targets behind, meetings not reported) comes through SIGNALS, filled by
reports/apps.py: a signal answers for all units at once.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, F, Max
from django.db.models.functions import Coalesce

from branches.formats import day
from branches.models import Unit
from branches.models.rule import rules_on
from branches.unit_warnings import months_after
from inspections.models import Inspection, InspectionProgramme, Recommendation


@dataclass(frozen=True, slots=True)
class Reason:
    """`weight` only sorts; `url` opens what the words count."""

    text: str
    weight: int
    url: str = ""


Signal = Callable[[Unit, datetime.date], dict[int, Reason]]
SIGNALS: list[Signal] = []


def register(signal: Signal) -> Signal:
    """`signal(inspecting unit, day)` gives {unit: reason} for units below it."""
    if signal not in SIGNALS:
        SIGNALS.append(signal)
    return signal


@dataclass
class Suggestion:
    """A unit without a case in the programme, and why it should have one."""

    unit: Unit
    visited_on: datetime.date | None
    days: int | None  # since the last visit; None: never visited
    reasons: list[Reason] = field(default_factory=list)

    @property
    def weight(self) -> int:
        return sum(reason.weight for reason in self.reasons)

    @property
    def words(self) -> str:
        return "; ".join(reason.text for reason in self.reasons)


def last_visits(unit: Unit, on: datetime.date) -> dict[int, datetime.date]:
    """When the committee of this unit was last at each unit below it. Without a session the notice counts."""
    rows = (
        Inspection.objects.filter(programme__unit=unit)
        .exclude(state__in=[*Inspection.BEFORE_VISIT, Inspection.State.CANCELLED])
        .annotate(seen_on=Coalesce("visited_on", "concluded_on"))
        .filter(seen_on__lte=on)
        .values("unit")
        .annotate(last=Max("seen_on"))
        .order_by("unit")
    )
    return dict(rows.values_list("unit", "last"))


def units_of(programme: InspectionProgramme, on: datetime.date):
    """Units the programme may inspect: living, below the inspecting one, groups inside a branch left out."""
    below = Unit.objects.living(on).filter(path__startswith=programme.unit.path).exclude(pk=programme.unit_id)
    return below.exclude(kind=Unit.Kind.SUB_BRANCH).order_by("sort_key", "pk")


def suggestions(programme: InspectionProgramme, on: datetime.date) -> list[Suggestion]:
    """The units worth a visit that have no case in the programme, the most pressing first."""
    return [one for one in survey(programme, on) if one.reasons]


def survey(
    programme: InspectionProgramme,
    on: datetime.date,
    *,
    overdue_url: Callable[[int], str] = lambda pk: "",
    visits: dict[int, datetime.date] | None = None,
    rules: dict | None = None,
) -> list[Suggestion]:
    """Every unit that has no case in the programme: the most pressing first, then those nothing speaks for, the one
    visited longest ago first.

    `overdue_url` gives the address of a unit's overdue recommendations; `visits` (last_visits) and `rules` are asked
    for unless the caller knows them. A constant number of queries.
    """
    taken = set(programme.inspections.exclude(state=Inspection.State.CANCELLED).values_list("unit", flat=True))
    visits = last_visits(programme.unit, on) if visits is None else visits
    long_ago = months_after(on, -int((rules or rules_on(on))["inspection_unvisited_months"]))
    overdue = _overdue(programme.unit, on)
    told = [signal(programme.unit, on) for signal in SIGNALS]
    found = []
    for unit in units_of(programme, on):
        if unit.pk in taken:
            continue
        seen = visits.get(unit.pk)
        one = Suggestion(unit, seen, (on - seen).days if seen else None)
        if seen is None:
            one.reasons.append(Reason("Chưa kiểm tra lần nào", 3))
        elif seen < long_ago:
            one.reasons.append(Reason(f"Lần gần nhất {day(seen)}, đã {one.days} ngày", 2))
        if count := overdue.get(unit.pk):
            one.reasons.append(Reason(f"{count} kiến nghị quá hạn", 3, overdue_url(unit.pk)))
        one.reasons += [reasons[unit.pk] for reasons in told if unit.pk in reasons]
        found.append(one)
    return sorted(found, key=lambda one: (-one.weight, 0 if one.reasons else -one.days))


def _overdue(unit: Unit, on: datetime.date) -> dict[int, int]:
    rows = (
        Recommendation.objects.in_force()
        .overdue(on)
        .filter(inspection__programme__unit=unit)
        .values(of=F("inspection__unit"))
        .annotate(count=Count("pk"))
        .order_by("of")
    )
    return dict(rows.values_list("of", "count"))


def suggestion_for(found: Iterable[Suggestion], unit_pk: int) -> Suggestion | None:
    return next((one for one in found if one.unit.pk == unit_pk), None)
