"""What a leaving ended with it, and which of it comes back when the leaving is taken back.

Posts and stays that ended in the same step are kept beside the membership (EndedAlong) with what they were before.
Each comes back as it was unless something was built on its end; then it stays ended and the page says why.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from branches.appointing import AppointmentRefused, check_free, may_give
from branches.formats import day
from branches.leaving_posts import named
from branches.models import EndedAlong, Membership

TOUCHED = "đã có người sửa ngày kết thúc sau đó"
REASON_LENGTH = 100  # of a row of the history


@dataclass(frozen=True, slots=True)
class Return:
    """One thing that ended with the leaving: in words, and why it stays ended (empty where it comes back)."""

    row: EndedAlong
    words: str
    why_not: str

    @property
    def comes_back(self) -> bool:
        return not self.why_not


def returns(leaving: Membership, *, by) -> list[Return]:
    """What ended with the leaving, posts first. Whoever takes it back gives the posts anew, so needs that right."""
    rows = leaving.ended_along.select_related(
        "post__account", "post__type", "post__unit", "stay__unit", "away"
    ).order_by("pk")
    found = [_of_post(row, by) for row in rows if row.post]
    found += [_of_stay(row, leaving) for row in rows if row.stay]
    return found + [_of_away(row) for row in rows if row.away]


def _of_post(row: EndedAlong, by) -> Return:
    post = row.post
    until = f" đến trước {day(row.was_until)}" if row.was_until else ""
    words = f"{named(post)}, giữ từ {day(post.starts_on)}{until}"
    why_not = ""
    if post.ends_on != row.ended_on:
        why_not = TOUCHED
    elif post.unit.dissolved_on:
        why_not = f"{post.unit.name} đã giải thể"
    elif not post.account.is_active:
        why_not = "tài khoản đã ngừng dùng"
    elif post.account_id == by.pk or not may_give(by, post.unit, post.type):
        why_not = "bạn không giao được chức vụ này, hãy báo Đoàn cấp trên giao lại"
    else:
        try:
            check_free(post.unit, post.type, post.account, row.ended_on, row.was_until, apart_from=post.pk)
        except AppointmentRefused as refusal:
            why_not = " ".join(refusal.errors.values()).split(". ")[0]
    return Return(row, words, why_not)


def _of_stay(row: EndedAlong, leaving: Membership) -> Return:
    stay = row.stay
    words = f"{stay.get_kind_display()} tại {stay.unit.name} từ {day(stay.starts_on)}"
    why_not = ""
    if (stay.ends_on, stay.end_reason) != (row.ended_on, leaving.end_reason):
        why_not = TOUCHED
    elif stay.unit.dissolved_on:
        why_not = f"{stay.unit.name} đã giải thể"
    return Return(row, words, why_not)


def _of_away(row: EndedAlong) -> Return:
    away = row.away
    words = f"{away.get_kind_display()} tại {away.place} từ {day(away.starts_on)}"
    return Return(row, words, "" if away.ends_on == row.ended_on else TOUCHED)


def bring_back(found: Iterable[Return], *, why: str, by) -> None:
    """Restore those that come back. For undo_leaving, which holds the places of the posts and the member."""
    for one in found:
        if not one.comes_back:
            continue
        row = one.row
        if row.post:
            row.post.ends_on, row.post.decision = row.was_until, row.was_decision
            row.post._history_user = by
            row.post._change_reason = f"Bỏ việc rời danh sách: {why}"[:REASON_LENGTH]
            row.post.save()
        elif row.stay:
            row.stay.ends_on, row.stay.end_reason = row.was_until, ""
            row.stay.save()
        else:
            row.away.ends_on = row.was_until
            row.away.save()
