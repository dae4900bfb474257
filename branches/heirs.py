"""Who answers today for a unit that ended: for its money, for months still owed to it, for what inspectors asked.

A merger, a split without a part that goes on, and a dissolution name one heir (`UnitEvent.heir`): the unit that goes
on, the part that was chosen, or the superior. When an heir ends in its turn, what it answered for goes to its own.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from django.db.models import F, Q

from branches.models import Unit, UnitEvent
from branches.scoping import reach

ENDINGS = (UnitEvent.Kind.MERGE, UnitEvent.Kind.SPLIT, UnitEvent.Kind.DISSOLVE)


def endings():
    """The events by which units ended."""
    return UnitEvent.objects.filter(kind__in=ENDINGS, unit__dissolved_on=F("takes_effect_on"))


def name_heir(unit: Unit, heir: Unit) -> None:
    """`unit` has ended; `heir` answers for it, and for whatever it answered for itself. For verbs that hold both."""
    endings().filter(unit=unit).update(heir=heir)
    UnitEvent.objects.filter(heir=unit).update(heir=heir)


def heir_of(unit: Unit) -> Unit | None:
    """The heir of a unit that ended; None for a living one and where nobody took its place. One query."""
    found = endings().filter(unit=unit, heir__isnull=False).select_related("heir").first()
    return found.heir if found else None


def answering_for(unit: Unit) -> list[int]:
    """The unit and, where it ended, its heir: whose work may prove what was asked of it. No query while it stands."""
    heir = heir_of(unit) if unit.dissolved_on else None
    return [unit.pk, heir.pk] if heir else [unit.pk]


def reach_or_inherit(user, to_unit: str, *, right) -> Q:
    """The permission rule (scoping.reach), and the same right at the heir of a unit that ended.

    For what a unit is asked and its heir goes on answering. `to_unit` walks to the unit and is never empty.
    """
    inherited = UnitEvent.objects.filter(reach(user, "heir__", right=right)).values("unit")
    return reach(user, to_unit, right=right) | Q(**{f"{to_unit}in": inherited})


def left_to(units):
    """Keys of units that ended and whose heir is one of these, as a subquery."""
    return UnitEvent.objects.filter(heir__in=units).values("unit")


# What other apps know that a unit leaves behind when it ends: {unit: words}. Filled by their AppConfig, because
# branches imports no other app; a page of reports could not show it before the button is pressed.
ALSO_LEFT: list[Callable[[Collection[int]], dict[int, list[str]]]] = []


def also_left(units: Collection[int]) -> dict[int, list[str]]:
    """{unit: what stays to be answered for it, in words}."""
    found = defaultdict(list)
    for tell in ALSO_LEFT:
        for unit, words in tell(units).items():
            found[unit] += words
    return dict(found)


@dataclass(frozen=True, slots=True)
class Ends:
    """Every unit that ended: its heir, and the units its people went to."""

    heirs: dict[int, int | None]
    parts: dict[int, frozenset[int]]

    def collects_for(self, unit: int, now: int | None) -> int:
        """Who takes what somebody owes to `unit`: itself while it stands.

        After it ended, the unit `now` where they belong, if that came out of it, else the heir; the unit itself where
        nobody took its place, and then nobody can.
        """
        if unit not in self.heirs:
            return unit
        if now is not None and now not in self.heirs and now in set(self.came_of(unit)):
            return now
        return self.heirs[unit] or unit

    def came_of(self, unit: int) -> Iterator[int]:
        """The units its people went to, by however many events."""
        seen, ahead = {unit}, [unit]
        while ahead:
            for one in self.parts.get(ahead.pop(), ()):
                if one not in seen:
                    seen.add(one)
                    ahead.append(one)
                    yield one

    def before(self, units: Collection[int]) -> set[int]:
        """The units that ended and whose dues one of these may take."""
        wanted = set(units)
        return {
            one for one, heir in self.heirs.items()
            if one not in wanted and (heir in wanted or not wanted.isdisjoint(self.came_of(one)))
        }  # fmt: skip


def load_ends() -> Ends:
    """One query."""
    heirs: dict[int, int | None] = {}
    parts = defaultdict(set)
    for unit, other, heir in endings().order_by("pk").values_list("unit_id", "other_id", "heir_id"):
        heirs[unit] = heir or heirs.get(unit)
        if other is not None:
            parts[unit].add(other)
    return Ends(heirs, {unit: frozenset(some) for unit, some in parts.items()})
