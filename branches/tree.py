"""The tree of any day: which units, on which days, stood under a superior.

Permission reads today's tree (`Unit.path`). Totals read the tree of each day, because a unit that was
moved counts once, under its superior of that day. Almost no unit moves within a period, so a scope is
a path prefix plus the few units ("strays") whose place changed since the period began.
"""

import datetime
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from branches.models.unit import Placement, Unit

Span = tuple[datetime.date, datetime.date, int | None]


@dataclass(frozen=True)
class Scope:
    """A unit with everything below it over a span of days.

    `strays` gives, for each unit that moved (or hangs under one that did), the spans (start, end
    exclusive, pk of the direct subordinate it stood under) in which it belonged here.
    """

    unit: Unit
    strays: dict[int, tuple[Span, ...]] = field(default_factory=dict)

    def settled(self, to_unit: str = "unit__") -> Q:
        """Rows of units that did not move: today's path is true for the whole span."""
        settled = Q(**{f"{to_unit}path__startswith": self.unit.path})
        return settled & ~Q(**{f"{to_unit}pk__in": list(self.strays)}) if self.strays else settled

    def via(self, path: str) -> int | None:
        """The direct subordinate a settled unit stands under; None for the superior itself."""
        rest = path[len(self.unit.path) :]
        return int(rest.split("/", 1)[0]) if rest else None

    def stray_via(self, unit_id: int, day: datetime.date) -> tuple[bool, int | None]:
        """Whether a stray belonged here on the day, and under which direct subordinate."""
        for starts_on, ends_on, via in self.strays[unit_id]:
            if starts_on <= day < ends_on:
                return True, via
        return False, None

    def place(self, unit_id: int, path: str, day: datetime.date) -> tuple[bool, int | None]:
        """Whether a unit, settled or not, belonged here on the day, and under which direct subordinate."""
        return self.stray_via(unit_id, day) if unit_id in self.strays else (True, self.via(path))

    def on(self, day: datetime.date, to_unit: str = "unit__") -> Q:
        """Rows of the units that belonged here on the day."""
        present = [pk for pk in self.strays if self.stray_via(pk, day)[0]]
        return self.settled(to_unit) | Q(**{f"{to_unit}pk__in": present}) if present else self.settled(to_unit)

    def within(self, day_field: str, to_unit: str = "unit__") -> Q:
        """Rows whose day falls into a span in which their unit belonged here."""
        found = self.settled(to_unit)
        for unit_id, spans in self.strays.items():
            for starts_on, ends_on, _ in spans:
                found |= Q(**{f"{to_unit}pk": unit_id, f"{day_field}__gte": starts_on, f"{day_field}__lt": ends_on})
        return found


def scope_of(unit: Unit, since: datetime.date) -> Scope:
    """The scope of a unit from the day `since` on. One query when nothing moved in or out of it, else two."""
    moved, concerned = set(), False
    for unit_id, *paths in (
        Placement.objects.filter(ends_on__gt=since)
        .annotate(later=Exists(Placement.objects.filter(unit=OuterRef("unit"), starts_on__gt=since)))
        .filter(later=True)
        .values_list("unit_id", "unit__path", "unit__placements__superior__path")
    ):
        moved.add(unit_id)
        concerned = concerned or any(path.startswith(unit.path) for path in paths if path)
    # A move of the unit itself, or of what stands above it, changes nothing below it.
    moved -= {int(step) for step in unit.path.strip("/").split("/")}
    return Scope(unit, _stray_spans(unit, moved) if moved and concerned else {})


def _stray_spans(unit: Unit, moved: set[int]) -> dict[int, tuple[Span, ...]]:
    placements: dict[int, list] = {}
    subordinates: dict[int, set[int]] = {}
    for row in Placement.objects.order_by("unit_id", "starts_on", "pk").values_list(
        "unit_id", "superior_id", "starts_on", "ends_on"
    ):
        placements.setdefault(row[0], []).append(row)
        subordinates.setdefault(row[1], set()).add(row[0])
    for rows in placements.values():
        # What is dated before the founding or after the end of a unit still belongs to its first or last place.
        rows[0] = (*rows[0][:2], datetime.date.min, rows[0][3])
        rows[-1] = (*rows[-1][:3], datetime.date.max)

    known: dict[int, tuple[Span, ...]] = {}

    def spans(unit_id: int) -> tuple[Span, ...]:
        if unit_id not in known:
            known[unit_id] = ()  # a unit cannot stand under itself; this also ends a loop in bad data
            found = []
            for _, superior_id, starts_on, ends_on in placements.get(unit_id, []):
                if superior_id == unit.pk:
                    found.append((starts_on, ends_on, unit_id))
                elif superior_id is not None:
                    found += [
                        (max(starts_on, start), min(ends_on, end), via)
                        for start, end, via in spans(superior_id)
                        if max(starts_on, start) < min(ends_on, end)
                    ]
            known[unit_id] = tuple(found)
        return known[unit_id]

    strays, waiting = set(), list(moved)
    while waiting:
        unit_id = waiting.pop()
        if unit_id not in strays and unit_id != unit.pk:
            strays.add(unit_id)
            waiting += subordinates.get(unit_id, ())
    return {unit_id: found for unit_id in sorted(strays) if (found := spans(unit_id))}
