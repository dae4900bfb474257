"""Rows that follow from members just written, made by the database itself: it copies ten thousand in one statement.

Through the models each row would travel to the database once more, which is most of what a long import costs.
"""

import datetime
from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from branches.models import Member, Membership, Precision


def keep_history(members: Iterable[Member], *, by, reason: str, kind: str) -> None:
    """The history rows of these members as they now stand. `kind` is "+" for made and "~" for changed."""
    history = Member.history.model
    fields = [field.column for field in history.tracked_fields]
    _copy(
        history,
        {
            **{column: f"m.{_quoted(column)}" for column in fields},
            "history_date": timezone.now(),
            "history_type": kind,
            "history_change_reason": reason,
            "history_user_id": by.pk if by else None,
        },
        [member.pk for member in members],
    )


def enrol_from(members: Iterable[Member], starts_on: datetime.date) -> None:
    """The first official membership of new members.

    Somebody known to be admitted after the day the list starts from was admitted here, on that day.
    """
    admitted_here = lambda one: (  # noqa: E731
        one.admitted_on and one.admitted_precision == Precision.DAY and one.admitted_on > starts_on
    )
    after = [member for member in members if admitted_here(member)]
    later = {member.pk for member in after}
    columns = {
        "member_id": "m.id",
        "unit_id": "m.home_id",
        "kind": Membership.Kind.OFFICIAL.value,
        "end_reason": "",
        "decision": "",
        "end_decision": "",
        "end_note": "",
    }
    registered = {"starts_on": starts_on, "begin_reason": Membership.Begin.REGISTERED.value}
    admitted = {"starts_on": "m.admitted_on", "begin_reason": Membership.Begin.ADMITTED.value}
    _copy(Membership, columns | registered, [member.pk for member in members if member.pk not in later])
    _copy(Membership, columns | admitted, sorted(later))


def _copy(model, columns: dict, keys: list[int]) -> None:
    """INSERT … SELECT from the members with these keys; a value beginning with "m." is a column of theirs."""
    if not keys:
        return
    taken = {name: value for name, value in columns.items() if isinstance(value, str) and value.startswith("m.")}
    given = {name: value for name, value in columns.items() if name not in taken}
    names = ", ".join(map(_quoted, (*taken, *given)))
    prepared = [_prepared(model, name, value) for name, value in given.items()]
    places = ", ".join(["%s"] * len(given))
    chosen = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        # Names come from the models, values go as parameters.
        cursor.execute(
            f"INSERT INTO {_quoted(model._meta.db_table)} ({names}) "  # noqa: S608
            f"SELECT {', '.join(taken.values())}, {places} FROM {_quoted(Member._meta.db_table)} m "
            f"WHERE m.id IN ({chosen}) ORDER BY m.id",
            [*prepared, *keys],
        )


def _prepared(model, column: str, value):
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    return field.get_db_prep_save(value, connection)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
