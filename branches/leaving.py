"""Verbs on the end of a membership: matured, deleted, expelled, died, and taking a mistaken end back.

An end writes the day, the decision and the grounds on the membership. The record, its history and
everything the person did stay; only the list and the counts from that day on change.
"""

import datetime
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Q

from branches.enrolling import EnrolmentRefused
from branches.formats import day
from branches.leaving_posts import end_with, lock_places
from branches.leaving_undone import bring_back, returns
from branches.models import EndedAlong, Member, Membership, Post, Transfer

End = Membership.End
# Ends that a keeper writes down by hand. Moving out belongs to a transfer, WITH_UNIT to an event of the unit.
WRITTEN_ENDS = (End.MATURED, End.DELETED, End.EXPELLED, End.DIED)
LONGEST_REASON = 100  # of a row of the history
ONE_DAY = datetime.timedelta(days=1)


@transaction.atomic
def end_membership(
    *, member: Member, on: datetime.date, reason: str, decision: str = "", note: str = "", by
) -> Membership:
    """End the official membership: `on` is the first day the person no longer belongs to the branch.

    Stays elsewhere (temporary, residence) end with it. Refused while the person is being transferred.
    """
    member = locked(member)
    membership = official_membership(member)
    if reason not in End.values:
        raise EnrolmentRefused({"reason": "Hãy chọn lý do."})
    if member.transfers.filter(state=Transfer.State.SENT).exists():
        raise EnrolmentRefused(
            {"": f"{member.full_name} đang chuyển sinh hoạt, chưa có trả lời. Hãy rút việc chuyển trước."}
        )
    close_membership(membership, on=on, reason=reason, decision=decision, note=note)
    for stay in member.memberships.exclude(kind=Membership.Kind.OFFICIAL).filter(ends_on=None):
        stay.ends_on, stay.end_reason = max(on, stay.starts_on + ONE_DAY), reason
        stay.save()
        EndedAlong.objects.create(leaving=membership, stay=stay, ended_on=stay.ends_on)
    for away in member.away_stays.filter(ends_on=None):
        away.ends_on = max(on, away.starts_on + ONE_DAY)
        away.save()
        EndedAlong.objects.create(leaving=membership, away=away, ended_on=away.ends_on)
    member.claim(member.version)
    member.is_active = False
    member._history_user = by
    member.save()
    return membership


def close_membership(membership: Membership, *, on: datetime.date, reason: str, decision: str, note: str = "") -> None:
    """Write the end on one span. For verbs that hold the member's lock."""
    if on <= membership.starts_on:
        raise EnrolmentRefused({"on": f"Hãy ghi ngày sau {day(membership.starts_on)}, ngày vào chi đoàn."})
    membership.ends_on, membership.end_reason = on, reason
    membership.end_decision, membership.end_note = decision, note
    membership.save()


@transaction.atomic
def leave(
    *,
    member: Member,
    reason: str,
    on: datetime.date,
    decision: str,
    note: str,
    by,
    today: datetime.date,
    posts: Collection[int] = (),
) -> Membership:
    """A keeper lets somebody leave the list, with the papers the reason asks for.

    Deletion and expulsion need a decision and grounds, maturity a decision; a death needs neither. `posts`
    are the keys of posts at the branch that end the same day: with the leaving, or neither happens.
    """
    if reason not in WRITTEN_ENDS:
        raise EnrolmentRefused({"": "Chọn lại vì sao rời danh sách."})
    errors = {}
    if on > today:
        errors["on"] = "Ngày này chưa đến. Hãy ghi khi đã thực hiện."
    if reason != End.DIED and not decision.strip():
        errors["decision"] = "Hãy ghi số quyết định, nghị quyết hoặc biên bản."
    if reason in (End.DELETED, End.EXPELLED) and not note.strip():
        errors["note"] = "Hãy ghi căn cứ: việc gì, từ bao giờ."
    if errors:
        raise EnrolmentRefused(errors)
    lock_places(posts)
    ended = end_membership(member=member, on=on, reason=reason, decision=decision.strip(), note=note.strip(), by=by)
    end_with(member=member, home=ended.unit, posts=posts, on=on, decision=decision.strip(), by=by, leaving=ended)
    return ended


@transaction.atomic
def undo_leaving(*, member: Member, why: str, by, seen: Collection[int] | None = None) -> Membership:
    """Take a mistaken end back: the membership goes on as if it had never ended, and so does what ended with it.

    What that is and what stays ended: leaving_undone.returns. `seen` are the keys of what the page said would come
    back; when it is no longer that, nothing is written. The history of the member says who did it, what had been
    written and why. Refused once the person belongs somewhere again, and for ends that are part of something larger.
    """
    lock_places(EndedAlong.objects.filter(leaving__member=member, post__isnull=False).values_list("post", flat=True))
    member = locked(member)
    membership = last_membership(member)
    errors = why_not_undone(member, membership)
    if not errors and not why.strip():
        errors = {"why": "Hãy ghi vì sao bỏ."}
    found = returns(membership, by=by) if not errors else []
    if seen is not None and set(seen) != {one.row.pk for one in found if one.comes_back}:
        errors = errors or {"": "Vừa có thay đổi về chức vụ hoặc nơi sinh hoạt. Hãy xem lại rồi bấm lần nữa."}
    if errors:
        raise EnrolmentRefused(errors)
    bring_back(found, why=why.strip(), by=by)
    membership.ended_along.all().delete()
    decision = f", {membership.end_decision}" if membership.end_decision else ""
    said = f"Bỏ “{membership.get_end_reason_display()} từ {day(membership.ends_on)}{decision}”"
    membership.ends_on, membership.end_reason = None, ""
    membership.end_decision = membership.end_note = ""
    membership.save()
    member.claim(member.version)
    member.is_active = True
    member._history_user = by
    member._change_reason = f"{said}: {why.strip()}"[:LONGEST_REASON]
    member.save()
    return membership


def why_not_undone(member: Member, membership: Membership | None) -> dict[str, str]:
    """Why the end cannot be taken back; nothing when it can."""
    if membership is None or membership.ends_on is None:
        return {"": f"{member.full_name} đang sinh hoạt, không có gì để bỏ."}
    if membership.end_reason not in WRITTEN_ENDS:
        words = membership.get_end_reason_display()
        return {"": f"Rời danh sách vì “{words}” là một phần của việc khác, không bỏ riêng được."}
    if membership.unit.dissolved_on:
        return {"": f"{membership.unit.name} đã giải thể từ {day(membership.unit.dissolved_on)}."}
    if member.merged_into_id or member.anonymised_on:
        return {"": "Hồ sơ này đã được gộp hoặc ẩn danh."}
    return {}


def posts_kept(member: Member, *, on: datetime.date, apart_from: Iterable[Post] = ()) -> list[str]:
    """What to say of each post the person would go on holding: leaving a list ends no post and no right. One query.

    `apart_from` are posts the page offers to end.
    """
    posts = Post.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), account__member=member)
    posts = posts.exclude(pk__in=[one.pk for one in apart_from])
    return [
        f"{member.full_name} còn giữ chức vụ {post.type}, {post.unit.name}, và vẫn đăng nhập được với chức vụ ấy. "
        f"Hãy ghi thôi hoặc bàn giao ở trang chức vụ của {post.unit.name}."
        for post in posts.select_related("type", "unit").order_by("starts_on", "pk")
    ]


def last_membership(member: Member) -> Membership | None:
    """The official membership that began last."""
    official = member.memberships.filter(kind=Membership.Kind.OFFICIAL).select_related("unit")
    return official.order_by("-starts_on", "-pk").first()


def official_membership(member: Member) -> Membership:
    """The open official membership; refuses when there is none."""
    found = member.memberships.filter(kind=Membership.Kind.OFFICIAL, ends_on=None).select_related("unit").first()
    if found is None:
        raise EnrolmentRefused({"": f"{member.full_name} không còn sinh hoạt chính thức tại chi đoàn nào."})
    return found


def locked(member: Member) -> Member:
    """The member as stored, locked: whatever moves or ends a membership takes this lock first."""
    return Member.objects.select_for_update().get(pk=member.pk)
