"""Take a whole import back, as long as nothing was built on it."""

from django.db import transaction
from django.utils import timezone

from branches.enrolling import SENSITIVE_COLUMNS, stored
from branches.models import ImportRow, Member, MemberImport, Membership, SensitiveAccess, SensitiveData

from .applying import NAME_COLUMNS, ListRefused, lock_units
from .copying import columns_of, keep_history, write_rows
from .saying import values_meant

State = ImportRow.State
# Rows that an import itself leaves, or that only say that somebody looked.
NOT_BUILT = (Membership, SensitiveData, SensitiveAccess, ImportRow)
NAMED = 5


@transaction.atomic
def undo_import(*, source: MemberImport, by) -> dict[str, int]:
    """Remove the members this import enrolled, and give the changed ones their former values back.

    All or nothing: refused, naming the persons, when somebody was corrected, took part in something,
    moved or was written down anywhere since.
    """
    source = MemberImport.objects.select_for_update().get(pk=source.pk)
    if source.state != MemberImport.State.APPLIED:
        raise ListRefused("Lần nhập này chưa xong hoặc đã được bỏ rồi.")
    new = source.enrolled
    changed = list(source.rows.filter(state=State.CHANGED).order_by("pk"))
    touched = {row.member_id: row.version for row in changed if row.member_id}
    found = Member.objects.filter(pk__in=[*new, *touched])
    lock_units(found.values_list("home_id", flat=True))
    members = {one.pk: one for one in found.select_for_update().order_by("pk")}
    edited = [one.full_name for one in members.values() if one.version != touched.get(one.pk, 1)]
    if edited or len(members) < len(new) + len(changed):
        raise ListRefused(f"Không bỏ được cả lần nhập: hồ sơ đã được sửa sau khi nhập ({_some(edited)}).")
    if built := _built_on(new):
        names = [members[pk].full_name for pk in built]
        raise ListRefused(f"Không bỏ được cả lần nhập: đã có việc ghi cho {_some(names)}.")
    _give_back(changed, members, by, source)
    source.rows.all().delete()
    _remove(new, by, source)
    source.state, source.undone_at = MemberImport.State.UNDONE, timezone.now()
    source.save()
    return {"new": len(new), "changed": len(changed)}


def _some(names: list[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" và {more} người khác" if more > 0 else "")


def _built_on(new: list[int]) -> list[int]:
    """Members of these about whom something was written since. One query for each table that points at a member."""
    found = set()
    for relation in Member._meta.related_objects:
        model = relation.related_model
        if model in NOT_BUILT or model._meta.app_label == "simple_history":
            continue
        name = relation.field.name
        found.update(model._base_manager.filter(**{f"{name}__in": new}).values_list(name, flat=True))
    spans = Membership.objects.filter(member__in=new).order_by("member_id").values_list("member_id", "ends_on")
    seen = set()
    for member_id, ends_on in spans:
        if member_id in seen or ends_on is not None:
            found.add(member_id)
        seen.add(member_id)
    return sorted(found)


def _give_back(rows: list[ImportRow], members: dict[int, Member], by, source) -> None:
    if not rows:
        return
    parts = {one.member_id: one for one in SensitiveData.objects.filter(member__in=[row.member_id for row in rows])}
    touched, corrected, closed = set(), [], []
    for row in rows:
        member, part = members[row.member_id], parts.get(row.member_id)
        for name, value in stored(values_meant(row.before)).items():
            holder = part if name in SENSITIVE_COLUMNS else member
            field = holder._meta.get_field(name)
            setattr(holder, name, "" if value is None and not field.null else value)
        touched.update(name for name in stored(row.before) if name not in SENSITIVE_COLUMNS)
        if part is not None and any(name in SENSITIVE_COLUMNS for name in row.before):
            closed.append(part)
        member.version += 1
        member.fill_keys()
        corrected.append(member)
    changing = ["version", *sorted(touched.union(NAME_COLUMNS))]
    write_rows(Member, list(map(columns_of, corrected)), found_by="id", changing=changing)
    write_rows(SensitiveData, list(map(columns_of, closed)), found_by="member_id", changing=SENSITIVE_COLUMNS)
    keep_history([one.pk for one in corrected], by=by, reason=f"Bỏ lần nhập {source.pk} từ Excel", kind="~")


def _remove(keys: list[int], by, source) -> None:
    """Nothing points at these any more but their own first membership and closed part."""
    keep_history(keys, by=by, reason=f"Bỏ lần nhập {source.pk} từ Excel", kind="-")
    Membership.objects.filter(member__in=keys).delete()
    SensitiveAccess.objects.filter(member__in=keys).delete()
    SensitiveData.objects.filter(member__in=keys).delete()
    # Not delete(): it would load every member, ask each relation again and write the history one by one.
    members = Member.objects.filter(pk__in=keys)
    members._raw_delete(members.db)
