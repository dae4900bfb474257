"""Write a planned list into the register at once, and take it out again as a whole."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from branches.enrolling import SENSITIVE_COLUMNS, stored
from branches.models import ImportRow, Member, MemberImport, SensitiveAccess, SensitiveData, Unit

from .copying import columns_of, enrol_from, keep_history, write_rows
from .planning import Planned, State
from .saying import said

BATCH = 5_000
NAME_COLUMNS = ("full_name", "name_key", "name_lower", "sort_key")


class ListRefused(Exception):
    """The list cannot go in, or cannot be taken back. Nothing was written; the message says what to do."""


@transaction.atomic
def apply_rows(rows: list[Planned], *, source: MemberImport, by) -> dict[str, int]:
    """Enrol the new and correct the changed members of the plan: {"new": n, "changed": n}.

    Call with the units locked (see lock_units) and rows planned after that, so that what was planned is
    what stands. A fixed number of queries for each five thousand rows. What is needed to take the import
    back is kept: the keys of the new members, and the former values of the changed ones.
    """
    new = [row for row in rows if row.state == State.NEW]
    changed = [row for row in rows if row.state == State.CHANGED]
    reason = f"Nhập từ Excel, lần {source.pk}"
    source.rows.filter(state__in=[State.NEW, State.CHANGED]).delete()
    source.enrolled = _enrol(new, by, reason, source.starts_on)
    _keep_former(changed, _change(changed, by, reason), source)
    source.state = MemberImport.State.APPLIED
    source.applied_at = timezone.now()
    source.save()
    return {"new": len(new), "changed": len(changed)}


def lock_units(units: Iterable[int]) -> None:
    """Nobody else writes into the registers of these branches until the transaction ends. In order of keys."""
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=set(units)).order_by("pk").values_list("pk"))


def _enrol(rows: list[Planned], by, reason: str, starts_on: datetime.date) -> list[int]:
    """Write new members with their history, membership and closed part: their keys."""
    members, parts, named = [], [], Member()
    for row in rows:
        columns = stored({name: value for name, value in row.values.items() if name != "unit" and value})
        parts.append({name: columns.pop(name) for name in SENSITIVE_COLUMNS if name in columns})
        named.full_name = columns["full_name"]
        named.fill_keys()
        members.append(columns | {name: getattr(named, name) for name in NAME_COLUMNS} | {"home_id": row.unit.pk})
    keys = write_rows(Member, members)
    keep_history(keys, by=by, reason=reason, kind="+")
    admitted = (row.values.get("admitted_on") for row in rows)
    enrol_from(dict(zip(keys, admitted, strict=True)), starts_on)
    write_rows(SensitiveData, [part | {"member_id": key} for key, part in zip(keys, parts, strict=True) if part])
    return keys


def _change(rows: list[Planned], by, reason: str) -> dict[int, Member]:
    if not rows:
        return {}
    wanted = {row.member.pk: row for row in rows}
    members = {one.pk: one for one in Member.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    kept = {one.member_id: one for one in SensitiveData.objects.filter(member__in=members)}
    parts, touched = [], set()
    for pk, row in wanted.items():
        member = members.get(pk)
        if member is None or member.version != row.member.version:
            raise ListRefused(f"Hồ sơ của {row.member.name} vừa được sửa. Hãy xem lại danh sách rồi nhập.")
        columns = stored({name: value for name, (_, value) in row.changes.items()})
        part = kept.get(pk) or SensitiveData(member=member)
        closed = {name for name in columns if name in SENSITIVE_COLUMNS}
        for name, value in columns.items():
            setattr(part if name in closed else member, name, value)
        if closed:
            parts.append(part)
        touched.update(columns.keys() - closed)
        member.version += 1
        member.fill_keys()
    changing = ["version", *sorted(touched.union(NAME_COLUMNS))]
    write_rows(Member, list(map(columns_of, members.values())), found_by="id", changing=changing)
    keep_history(members, by=by, reason=reason, kind="~")
    write_rows(SensitiveData, list(map(columns_of, parts)), found_by="member_id", changing=SENSITIVE_COLUMNS)
    if by is not None:
        SensitiveAccess.objects.bulk_create(
            (
                SensitiveAccess(member_id=part.member_id, account=by, kind=SensitiveAccess.Kind.CHANGED)
                for part in parts
            ),
            batch_size=BATCH,
        )
    return members


def _keep_former(rows: list[Planned], members: dict[int, Member], source: MemberImport) -> None:
    """The values a row replaced. What the file said is in the register now and is not kept twice."""
    write_rows(
        ImportRow,
        [
            {
                "belongs_to_id": source.pk,
                "sheet": row.sheet,
                "number": row.number,
                "state": row.state,
                "unit_id": row.unit.pk,
                "member_id": row.member.pk,
                "before": {name: said(held) for name, (held, _) in row.changes.items()},
                "version": members[row.member.pk].version,
            }
            for row in rows
        ],
    )
