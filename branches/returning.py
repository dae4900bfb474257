"""Somebody who left comes back: the same record goes on, with a new membership of its own."""

import datetime

from django.db import transaction

from branches.enrolling import EnrolmentRefused
from branches.formats import day
from branches.leaving import last_membership, locked
from branches.models import Member, Membership

Begin = Membership.Begin
WAYS_BACK = (Begin.MOVED_IN, Begin.ADMITTED)


@transaction.atomic
def take_back(
    *, member: Member, on: datetime.date, begin_reason: str, decision: str = "", by, today: datetime.date
) -> Membership:
    """The member belongs again to the branch they left, from the day `on`; the time between stays a gap.

    For an end written by mistake see leaving.undo_leaving, which leaves no gap.
    """
    member = locked(member)
    errors = why_not_back(member)
    ended = last_membership(member)
    if not errors and begin_reason not in WAYS_BACK:
        errors["begin_reason"] = "Hãy chọn chuyển đến hay kết nạp lại."
    if not errors and on > today:
        errors["on"] = "Ngày này chưa đến. Hãy ghi khi đã trở lại."
    if not errors and on < ended.ends_on:
        errors["on"] = f"Hãy ghi ngày từ {day(ended.ends_on)}, ngày rời danh sách, trở đi."
    if not errors and begin_reason == Begin.ADMITTED and not decision.strip():
        errors["decision"] = "Kết nạp lại cần số quyết định."
    if errors:
        raise EnrolmentRefused(errors)
    membership = Membership.objects.create(
        member=member, unit=ended.unit, starts_on=on, begin_reason=begin_reason, decision=decision.strip()
    )
    member.claim(member.version)
    member.is_active = True
    member.home = ended.unit
    member._history_user = by
    member.save()
    return membership


def why_not_back(member: Member) -> dict[str, str]:
    """Why the member cannot come back to the branch they left; nothing when they can."""
    ended = last_membership(member)
    if member.is_active or ended is None:
        return {"": f"{member.full_name} đang có trong danh sách."}
    if ended.end_reason == Membership.End.DIED:
        return {"": f"{member.full_name} đã từ trần. Ghi nhầm thì dùng “Bỏ việc rời danh sách”."}
    if ended.unit.dissolved_on:
        return {"": f"{ended.unit.name} đã giải thể từ {day(ended.unit.dissolved_on)}."}
    if member.merged_into_id or member.anonymised_on:
        return {"": "Hồ sơ này đã được gộp hoặc ẩn danh."}
    return {}
