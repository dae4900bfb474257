"""How many took which step: counters of units and years, the persons behind each, who is on the way today.

A person is counted once a step: in the period that holds the first day of that step. Somebody voted
outstanding in 2024 and again in 2025 is one person, of 2024, also over both years together. Steps taken
at another place are in no figure here. "Đối tượng Đảng" also stands on a day: recognised by then, still
on the roll, not admitted yet.
"""

import datetime
from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q

from branches.models import Membership, PartyStep, Period, Placement, Unit
from branches.tree import Scope, scope_of

Kind = PartyStep.Kind
KINDS = tuple(kind.value for kind in PartyStep.ORDER)
OWN = None  # in place of a direct subordinate: what belongs to the unit itself


def first_steps():
    """Of every person and kind of step the first one, where it was taken here."""
    earlier = PartyStep.objects.filter(member=OuterRef("member"), kind=OuterRef("kind"))
    earlier = earlier.filter(dated_on__lt=OuterRef("dated_on"))
    return PartyStep.objects.filter(~Exists(earlier), is_elsewhere=False)


def step_figures(units: Iterable[Unit], period: Period) -> dict[int, dict[str, int]]:
    """By the key of each unit: {kind of step: persons} of the unit with everything below it, zeros too.

    The tree is that of the day of each step. Two queries, one more for each unit when any unit was moved since.
    """
    scopes = _scopes(units, period.starts_on)
    found = {pk: dict.fromkeys(KINDS, 0) for pk in scopes}
    for unit_id, path, kind, dated_on, count in _counted(scopes.values(), period):
        for pk, scope in scopes.items():
            if path.startswith(scope.unit.path) or unit_id in scope.strays:
                belongs, _ = scope.place(unit_id, path, dated_on)
                found[pk][kind] += count if belongs else 0
    return found


def counted_by_kind(scope: Scope, first: datetime.date, last: datetime.date):
    """The same of one unit whose scope is known, from day to day, both included: rows of kind and `persons`.

    For a page that asks several things together.
    """
    rows = first_steps().filter(scope.within("dated_on"), dated_on__gte=first, dated_on__lte=last)
    return rows.order_by().values("kind").annotate(persons=Count("pk"))


def figures_below(unit: Unit, period: Period) -> dict[int | None, dict[str, int]]:
    """The figures of a unit by its direct subordinates; OWN is what belongs to the unit itself."""
    (scope,) = _scopes([unit], period.starts_on).values()
    found: dict[int | None, Counter] = {}
    for unit_id, path, kind, dated_on, count in _counted([scope], period):
        belongs, via = scope.place(unit_id, path, dated_on)
        if belongs:
            found.setdefault(via, Counter())[kind] += count
    return {via: {kind: counts[kind] for kind in KINDS} for via, counts in found.items()}


def steps_behind(unit: Unit, kind: str, period: Period):
    """The first steps behind one counter of the unit, by name."""
    (scope,) = _scopes([unit], period.starts_on).values()
    rows = first_steps().filter(scope.within("dated_on"), kind=kind)
    rows = rows.filter(dated_on__gte=period.starts_on, dated_on__lt=period.ends_on)
    return rows.select_related("member", "unit", "ballot").order_by("member__sort_key", "member_id")


def _scopes(units: Iterable[Unit], since: datetime.date) -> dict[int, Scope]:
    units = list(units)
    before = Placement.objects.filter(unit=OuterRef("unit"), starts_on__lt=OuterRef("starts_on"))
    moved = Placement.objects.filter(Exists(before), starts_on__gt=since).exists()
    return {unit.pk: scope_of(unit, since) if moved else Scope(unit) for unit in units}


def _counted(scopes: Iterable[Scope], period: Period):
    """(unit, its path today, kind, day, persons) of the first steps in the period. One query."""
    places = Q(pk__in=[])
    for scope in scopes:
        places |= scope.within("dated_on")
    rows = first_steps().filter(places, dated_on__gte=period.starts_on, dated_on__lt=period.ends_on)
    counted = rows.order_by().values_list("unit_id", "unit__path", "kind", "dated_on").annotate(n=Count("pk"))
    return list(counted)


# --- standing on a day ------------------------------------------------------------------------------


def on_roll(unit: Unit, on: datetime.date):
    """Official memberships of the unit and below on the day."""
    rows = Membership.objects.filter(unit__path__startswith=unit.path, kind=Membership.Kind.OFFICIAL)
    return rows.on(on)


def prospects_on(unit: Unit, on: datetime.date) -> int:
    """How many are "đối tượng Đảng" on the day. One query."""
    return _standing(unit, Kind.PROSPECT, on).count()


def _standing(unit: Unit, kind: str, on: datetime.date):
    steps = PartyStep.objects.filter(member=OuterRef("member"), dated_on__lte=on)
    return on_roll(unit, on).filter(Exists(steps.filter(kind=kind)), ~Exists(steps.filter(kind=Kind.ADMITTED)))
