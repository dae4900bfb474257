"""Figures computed from the register of members on a day: nobody types them, so nobody can mistype them.

Only official memberships count; somebody staying for a while (temporary, residence) is counted at home.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Q

from branches.models import Member, Membership, Unit
from branches.tree import Scope, scope_of

# What stands on a day, and what happened in a span (see flows). The keys are Indicator.register_key.
STANDING = {
    "members": Q(),
    "women": Q(member__sex=Member.Sex.FEMALE),
    "party_members": None,  # depends on the day, see below
}
ARRIVALS = {Membership.Begin.ADMITTED: "admitted", Membership.Begin.MOVED_IN: "moved_in"}
DEPARTURES = {Membership.End.MATURED: "matured", Membership.End.MOVED_OUT: "moved_out"}
FLOWS = (*ARRIVALS.values(), *DEPARTURES.values())
REGISTER_KEYS = (*STANDING, *FLOWS)


def register_amounts(keys: Iterable[str], unit_filter: Q, day: datetime.date) -> dict[tuple[int, str], int]:
    """Persons per unit and standing key: {(unit_id, key): count}; a pair that is missing is 0. See register_rows."""
    return {(unit_id, key): count for unit_id, _, key, count in register_rows(keys, unit_filter, day)}


def register_rows(keys: Iterable[str], unit_filter: Q, day: datetime.date) -> Iterator[tuple[int, str, str, int]]:
    """(unit, its path today, key, persons) of the standing figures of the day, wherever there are any.

    `unit_filter` walks from a membership ("unit__path__startswith", "unit_id__in"). Units' own figures add up
    to that of the unit above them; arrivals and departures do not, and are asked of `flows`. One query,
    whatever the number of units; none without a standing key. An unknown key is a KeyError.
    """
    columns = _columns(_standing(day), _known(keys))
    if columns:
        for row in register_by_unit(keys, unit_filter, day):
            yield from ((row["unit_id"], row["unit__path"], key, row[key]) for key in columns if row[key])


def register_by_unit(keys: Iterable[str], unit_filter: Q, day: datetime.date):
    """The query of `register_rows`: a row for each unit with its path and a column for each standing key."""
    rows = Membership.objects.filter(unit_filter, kind=Membership.Kind.OFFICIAL).on(day)
    rows = rows.order_by("unit_id").values("unit_id", "unit__path")
    return rows.annotate(**_columns(_standing(day), _known(keys)))


def register_figures(*, units: Q, keys: Iterable[str], day: datetime.date) -> dict[str, int]:
    """The standing figures of all these units together on the day: {key: persons}. One query.

    A person belongs to one unit on a day, so this is the sum of the units' own figures.
    """
    official = Membership.objects.filter(units, kind=Membership.Kind.OFFICIAL)
    return official.on(day).aggregate(**_columns(_standing(day), _known(keys)))


def _known(keys: Iterable[str]) -> set[str]:
    if unknown := set(keys).difference(REGISTER_KEYS):
        raise KeyError(f"no such register figure: {', '.join(sorted(unknown))}")
    return set(keys)


def _standing(day: datetime.date) -> dict[str, Q]:
    return {**STANDING, "party_members": Q(member__sensitive__joined_party_on__lte=day)}


def _columns(table: dict[str, Q], wanted: set[str]) -> dict[str, Count]:
    return {
        key: Count("member", filter=condition or None, distinct=True)
        for key, condition in table.items()
        if key in wanted
    }


# --- opening + in - out = closing -----------------------------------------------------------------

Begin, End = Membership.Begin, Membership.End
ONE_DAY = datetime.timedelta(days=1)
# An end and a beginning on the same day are one continuous membership when somebody only changed the
# branch; any other pair (deleted and admitted again) is a departure and an arrival.
MOVES_OUT, MOVES_IN = (End.MOVED_OUT, End.WITH_UNIT), (Begin.MOVED_IN, Begin.WITH_UNIT)


@dataclass(frozen=True, slots=True)
class Presence:
    """A member belonged to a unit or to something below it from `starts_on` until before `ends_on`.

    `first` and `last` are the keys of the memberships it begins and ends with. Begun or ended WITH_UNIT
    is also who came or went because a unit was hung elsewhere.
    """

    starts_on: datetime.date
    ends_on: datetime.date
    begin_reason: str
    end_reason: str
    first: int
    last: int


@dataclass(frozen=True)
class Movement:
    """What changed the number of members of a unit, with all below it, between two days.

    `opening` is the number at the end of the day before `first`, `closing` that at the end of `last`.
    `ins` and `outs` give the keys of the memberships behind each reason: one for every arrival and
    departure, so that opening + arrivals - departures = closing. Who only moved between two branches
    below the unit is in neither.
    """

    unit: Unit
    first: datetime.date
    last: datetime.date
    scope: Scope
    opening: int
    closing: int
    ins: dict[str, list[int]] = field(default_factory=dict)
    outs: dict[str, list[int]] = field(default_factory=dict)

    @property
    def came(self) -> int:
        return sum(map(len, self.ins.values()))

    @property
    def left(self) -> int:
        return sum(map(len, self.outs.values()))


def movement(unit: Unit, first: datetime.date, last: datetime.date, *, scope: Scope | None = None) -> Movement:
    """Arrivals and departures from `first` to `last`, both included, by reason; the tree is that of each day.

    Three queries, four when a unit below was moved; independent of the number of units and members. One less for a
    caller who has the unit's `scope`, from the day before `first` or an earlier one on.
    """
    before = first - ONE_DAY
    scope = scope or scope_of(unit, before)
    counts = _here(scope).aggregate(
        opening=Count("member", filter=scope.on(before) & _spanning(before), distinct=True),
        closing=Count("member", filter=scope.on(last) & _spanning(last), distinct=True),
    )
    found = Movement(unit, first, last, scope, counts["opening"], counts["closing"])
    for presences in _presences_around(scope, first, last):
        for one in _joined([presence for _, presence in presences]):
            if first <= one.starts_on <= last:
                found.ins.setdefault(one.begin_reason, []).append(one.first)
            if first <= one.ends_on <= last:
                found.outs.setdefault(one.end_reason, []).append(one.last)
    return found


WHOLE = ...  # in place of a direct subordinate: the unit with everything below it


def flows(
    keys: Iterable[str], unit: Unit, first: datetime.date, last: datetime.date, *, scope: Scope | None = None
) -> dict[tuple, int]:
    """Arrivals and departures of these keys as `movement` counts them: {(place, key): persons}.

    `place` is WHOLE, a direct subordinate with everything below it, or None for what belongs to the unit
    itself. A member who only changed the branch is an arrival and a departure of the branches and of
    neither in the unit above both: the figure of a superior is its own, not the sum of those below.
    Two queries, three when a unit below was moved; none without such a key. One less for a caller who has the
    unit's `scope`, from the day before `first` or an earlier one on.
    """
    wanted = _known(keys).intersection(FLOWS)
    if not wanted:
        return {}
    found: Counter = Counter()
    for presences in _presences_around(scope or scope_of(unit, first - ONE_DAY), first, last):
        places: dict[object, list[Presence]] = {}
        for via, one in presences:
            for place in (WHOLE, via):
                places.setdefault(place, []).append(one)
        for place, ones in places.items():
            for one in _joined(ones):
                if first <= one.starts_on <= last:
                    found[place, ARRIVALS.get(one.begin_reason)] += 1
                if first <= one.ends_on <= last:
                    found[place, DEPARTURES.get(one.end_reason)] += 1
    return {(place, key): count for (place, key), count in found.items() if key in wanted}


def _here(scope: Scope):
    """Official memberships of every unit that belonged here at any time of the scope."""
    return Membership.objects.filter(scope.settled() | Q(unit__in=list(scope.strays)), kind=Membership.Kind.OFFICIAL)


def _presences_around(
    scope: Scope, first: datetime.date, last: datetime.date
) -> Iterable[list[tuple[int | None, Presence]]]:
    """Of each member who may have come or gone from `first` to `last`: (direct subordinate, presence). One query."""
    here = _here(scope)
    changes = Q(starts_on__gte=first, starts_on__lte=last) | Q(ends_on__gte=first, ends_on__lte=last)
    # Who neither came nor went, in a unit that stayed where it was, is in the opening and in the closing.
    concerned = here.filter(changes | Q(unit__in=list(scope.strays)))
    rows = (
        here.filter(member__in=concerned.values("member"), starts_on__lte=last)
        .filter(Q(ends_on=None) | Q(ends_on__gte=first - ONE_DAY))
        .order_by("member_id", "starts_on", "pk")
        .values_list("member_id", "unit_id", "unit__path", "starts_on", "ends_on", "begin_reason", "end_reason", "pk")
    )
    by_member: dict[int, list[tuple[int | None, Presence]]] = {}
    for member_id, unit_id, path, *row in rows:
        by_member.setdefault(member_id, []).extend(_presences(scope, unit_id, path, *row))
    return by_member.values()


def standing_on(scope: Scope, day: datetime.date):
    """The memberships behind the opening or the closing figure of a movement."""
    return Membership.objects.filter(scope.on(day), kind=Membership.Kind.OFFICIAL).on(day)


def _spanning(day: datetime.date) -> Q:
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gt=day))


def _presences(
    scope: Scope, unit_id, path, starts_on, ends_on, begin_reason, end_reason, pk
) -> Iterator[tuple[int | None, Presence]]:
    """The parts of a membership during which its unit stood here, with the direct subordinate it stood under."""
    ends_on = ends_on or datetime.date.max
    spans = scope.strays.get(unit_id) or ((datetime.date.min, datetime.date.max, scope.via(path)),)
    for came, went, via in spans:
        start, end = max(starts_on, came), min(ends_on, went)
        if start < end:
            yield (
                via,
                Presence(
                    start,
                    end,
                    begin_reason if starts_on >= came else Begin.WITH_UNIT,
                    end_reason if ends_on <= went else End.WITH_UNIT,
                    pk,
                    pk,
                ),
            )


def _joined(presences: list[Presence]) -> list[Presence]:
    """Presences with no day between them as one, where the person only changed the branch."""
    joined: list[Presence] = []
    for one in sorted(presences, key=lambda presence: (presence.starts_on, presence.ends_on, presence.first)):
        before = joined[-1] if joined else None
        if before is None or before.ends_on < one.starts_on or _is_a_break(before, one):
            joined.append(one)
        elif one.ends_on > before.ends_on:
            joined[-1] = Presence(
                before.starts_on, one.ends_on, before.begin_reason, one.end_reason, before.first, one.last
            )
    return joined


def _is_a_break(before: Presence, one: Presence) -> bool:
    """Whether somebody left and came back on one day, rather than changing the branch."""
    changed_branch = before.end_reason in MOVES_OUT and one.begin_reason in MOVES_IN
    return before.ends_on == one.starts_on and not changed_branch
