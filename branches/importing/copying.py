"""Thousands of rows into the database: written without a model object each, and copied from one another by SQL.

Through the models every value of every row is prepared by itself, which is most of what a long import would cost.
"""

import datetime
import json
from collections.abc import Iterable, Iterator

from django.db import connection
from django.db.models import JSONField
from django.utils import timezone

from branches.days import PartialDay
from branches.models import Member, Membership, Precision

# Values in one statement: any SQLite takes as many parameters.
MOST_VALUES = 30_000


def write_rows(model, rows: list[dict], *, found_by: str = "", changing: Iterable[str] = ()) -> list[int]:
    """Write rows (column → value as the column holds it) that were checked before; their keys, in the same order.

    A column that a row leaves out gets the default of its field. With `found_by`, a unique column, a row
    that is there already has its columns `changing` set instead.
    """
    fields = [field for field in model._meta.concrete_fields if not field.primary_key or field.column == found_by]
    columns = [(field.column, field.get_default(), isinstance(field, JSONField)) for field in fields]
    names = ", ".join(_quoted(column) for column, *_ in columns)
    place = f"({', '.join(['%s'] * len(columns))})"
    # A value that was not inserted is called "excluded" by both databases.
    new = ", ".join(f"{_quoted(column)} = excluded.{_quoted(column)}" for column in changing)
    otherwise = f"ON CONFLICT ({_quoted(found_by)}) DO UPDATE SET {new} " if found_by else ""
    keys = []
    with connection.cursor() as cursor:
        for portion in _portions(rows, MOST_VALUES // len(columns)):
            values = [(row.get(column, default), is_json) for row in portion for column, default, is_json in columns]
            # Names come from the models, values go as parameters.
            cursor.execute(
                f"INSERT INTO {_quoted(model._meta.db_table)} ({names}) VALUES {', '.join([place] * len(portion))} "  # noqa: S608
                f"{otherwise}RETURNING {_quoted(model._meta.pk.column)}",
                [json.dumps(value) if is_json else value for value, is_json in values],
            )
            keys += [key for (key,) in cursor.fetchall()]
    return keys


def columns_of(record) -> dict:
    """A record as write_rows takes it."""
    return {field.column: getattr(record, field.attname) for field in record._meta.concrete_fields}


def keep_history(members: Iterable[int], *, by, reason: str, kind: str) -> None:
    """The history rows of the members with these keys as they now stand. `kind`: "+" for made, "~" for changed."""
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
        list(members),
    )


def enrol_from(members: dict[int, PartialDay | None], starts_on: datetime.date) -> None:
    """The first official membership of new members (key → when admitted).

    Somebody known to be admitted after the day the list starts from was admitted here, on that day.
    """
    later = {
        key for key, known in members.items() if known and known.precision == Precision.DAY and known.day > starts_on
    }
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
    _copy(Membership, columns | registered, [key for key in members if key not in later])
    _copy(Membership, columns | admitted, sorted(later))


def _copy(model, columns: dict, keys: list[int]) -> None:
    """INSERT … SELECT from the members with these keys; a value beginning with "m." is a column of theirs."""
    taken = {name: value for name, value in columns.items() if isinstance(value, str) and value.startswith("m.")}
    given = {name: value for name, value in columns.items() if name not in taken}
    names = ", ".join(map(_quoted, (*taken, *given)))
    prepared = [_prepared(model, name, value) for name, value in given.items()]
    places = ", ".join(["%s"] * len(given))
    with connection.cursor() as cursor:
        for portion in _portions(keys, MOST_VALUES - len(given)):
            # Names come from the models, values go as parameters.
            cursor.execute(
                f"INSERT INTO {_quoted(model._meta.db_table)} ({names}) "  # noqa: S608
                f"SELECT {', '.join(taken.values())}, {places} FROM {_quoted(Member._meta.db_table)} m "
                f"WHERE m.id IN ({', '.join(['%s'] * len(portion))}) ORDER BY m.id",
                [*prepared, *portion],
            )


def _portions(whole: list, size: int) -> Iterator[list]:
    return (whole[start : start + size] for start in range(0, len(whole), size))


def _prepared(model, column: str, value):
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    return field.get_db_prep_save(value, connection)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
