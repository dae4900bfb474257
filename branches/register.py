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
    wanted = set(keys)
    if unknown := wanted.difference(REGISTER_KEYS):
        raise KeyError(f"no such register figure: {', '.join(sorted(unknown))}")
    official = Membership.objects.filter(unit_filter, kind=Membership.Kind.OFFICIAL)
    happened_before = min(ends_on, day + datetime.timedelta(days=1))
    party = Q(member__sensitive__joined_party_on__lte=day)
    for table, rows in (
        ({**STANDING, "party_members": party}, official.on(day)),
        (BEGUN, official.filter(starts_on__gte=starts_on, starts_on__lt=happened_before)),
        (ENDED, official.filter(ends_on__gte=starts_on, ends_on__lt=happened_before)),
    ):
        columns = {
            key: Count("member", filter=condition or None, distinct=True)
            for key, condition in table.items()
            if key in wanted
        }
        if columns:
            for row in rows.order_by("unit_id").values("unit_id", "unit__path").annotate(**columns):
                yield from ((row["unit_id"], row["unit__path"], key, row[key]) for key in columns if row[key])


def register_figures(*, units: Q, keys: Iterable[str], day: datetime.date) -> dict[str, int]:
    """The standing figures of all these units together on the day: {key: persons}."""
    totals = dict.fromkeys(keys, 0)
    next_day = day + datetime.timedelta(days=1)
    for (_, key), count in register_amounts(totals, units, day, next_day, day).items():
        totals[key] += count
    return totals
