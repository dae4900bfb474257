"""Figures computed from the register of members on a day: nobody types them, so nobody can mistype them.

Only official memberships count; somebody staying for a while (temporary, residence) is counted at home.
"""

import datetime
from collections.abc import Iterable, Iterator

from django.db.models import Count, Q

from branches.models import Member, Membership

# What stands on a day, and what happened in a span. The keys are Indicator.register_key.
STANDING = {
    "members": Q(),
    "women": Q(member__sex=Member.Sex.FEMALE),
    "party_members": None,  # depends on the day, see below
}
BEGUN = {
    "admitted": Q(begin_reason=Membership.Begin.ADMITTED),
    "moved_in": Q(begin_reason=Membership.Begin.MOVED_IN),
}
ENDED = {
    "matured": Q(end_reason=Membership.End.MATURED),
    "moved_out": Q(end_reason=Membership.End.MOVED_OUT),
}
REGISTER_KEYS = (*STANDING, *BEGUN, *ENDED)


def register_amounts(
    keys: Iterable[str],
    unit_filter: Q,
    starts_on: datetime.date,
    ends_on: datetime.date,
    day: datetime.date,
) -> dict[tuple[int, str], int]:
    """Persons per unit and key: {(unit_id, key): count}; a pair that is missing is 0. See register_rows."""
    rows = register_rows(keys, unit_filter, starts_on, ends_on, day)
    return {(unit_id, key): count for unit_id, _, key, count in rows}


def register_rows(
    keys: Iterable[str],
    unit_filter: Q,
    starts_on: datetime.date,
    ends_on: datetime.date,
    day: datetime.date,
) -> Iterator[tuple[int, str, str, int]]:
    """(unit, its path today, key, persons) wherever there are any.

    `unit_filter` walks from a membership ("unit__path__startswith", "unit_id__in"). Standing figures
    are those of `day`; arrivals and departures are those from `starts_on` (inclusive) to `ends_on`
    (exclusive) that had happened by `day`. A departure happens on the first day the person no longer
    belongs. At most three queries, whatever the number of units. An unknown key is a KeyError.
    """
    official = Membership.objects.filter(unit_filter, kind=Membership.Kind.OFFICIAL)
    happened_before = min(ends_on, day + datetime.timedelta(days=1))
    wanted = _known(keys)
    for table, rows in (
        (_standing(day), official.on(day)),
        (BEGUN, official.filter(starts_on__gte=starts_on, starts_on__lt=happened_before)),
        (ENDED, official.filter(ends_on__gte=starts_on, ends_on__lt=happened_before)),
    ):
        columns = _columns(table, wanted)
        if columns:
            for row in rows.order_by("unit_id").values("unit_id", "unit__path").annotate(**columns):
                yield from ((row["unit_id"], row["unit__path"], key, row[key]) for key in columns if row[key])


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
