"""Handing a post over: the old one ends, the new one begins, the newcomer is invited, the note is left."""

import datetime
from dataclasses import dataclass

from django.db import transaction

from branches.appointing import (
    AppointmentRefused,
    Person,
    account_of,
    check_free,
    check_may_change,
    locked,
)
from branches.inviting import InvitationRefused, invite
from branches.models import HandoverNote, Period, Post
from branches.vietnamese import nfc


@dataclass(frozen=True)
class Handover:
    """What a hand-over made. `token` opens the newcomer's account, or is empty where they have a password."""

    old: Post
    new: Post
    token: str


@transaction.atomic
def hand_over(
    *,
    by,
    post: Post,
    to: Person,
    on: datetime.date,
    today: datetime.date,
    at: datetime.datetime,
    term: Period | None = None,
    decision: str = "",
    note: str = "",
) -> Handover:
    """Hand the post over on the day `on`, the newcomer's first. All of it happens or nothing.

    A day to come works: until then the predecessor keeps post and sessions. Other posts of the
    predecessor stay; only the sessions end, so that nobody goes on at an old screen.
    """
    unit = locked(post.unit)
    post = Post.objects.select_for_update(of=("self",)).select_related("account", "type").get(pk=post.pk)
    check_may_change(by, unit, post.type)
    if unit.dissolved_on:
        raise AppointmentRefused({"": f"{unit.name} đã giải thể từ ngày {unit.dissolved_on:%d/%m/%Y}."})
    if on <= post.starts_on:
        raise AppointmentRefused({"on": f"Hãy ghi ngày sau {post.starts_on:%d/%m/%Y}, ngày nhận chức vụ."})
    if post.ends_on is not None and post.ends_on <= on:
        raise AppointmentRefused(
            {"on": f"{post.account} đã thôi chức vụ này từ ngày {post.ends_on:%d/%m/%Y}. Hãy giao chức vụ mới."}
        )
    if term is not None and term.unit_id != unit.pk:
        raise AppointmentRefused({"term": f"Hãy chọn một nhiệm kỳ của {unit.name}."})
    newcomer = account_of(to)
    if newcomer.pk == post.account_id:
        raise AppointmentRefused({"who": f"{newcomer} đang giữ chức vụ này. Hãy chọn người nhận khác."})
    if newcomer.pk == by.pk:
        raise AppointmentRefused({"who": "Không tự giao chức vụ cho mình. Hãy nhờ người khác có quyền giao."})
    check_free(unit, post.type, newcomer, on, None, apart_from=post.pk)

    post.ends_on = on
    post._history_user = by
    post.save()
    post.account.end_sessions(on=on, today=today)
    new = Post(
        account=newcomer, unit=unit, type=post.type, term=term or _term_still(post, on), starts_on=on,
        decision=nfc(decision),
    )  # fmt: skip
    new._history_user = by
    new.save()
    if note.strip():
        HandoverNote.objects.create(unit=unit, type=post.type, text=nfc(note).strip(), written_by=by, written_on=today)
    return Handover(post, new, _invitation(by, newcomer, unit, at, today))


def _term_still(post: Post, on: datetime.date) -> Period | None:
    """The predecessor's term, when it goes on: a successor in the middle of a term serves its rest."""
    return post.term if post.term_id and post.term.covers(on) else None


def _invitation(by, newcomer, unit, at, today) -> str:
    """The secret of the newcomer's link; empty where they sign in already.

    Somebody invited earlier by those above keeps that link when this giver may not open all their posts.
    """
    if newcomer.has_usable_password():
        return ""
    try:
        with transaction.atomic():
            return invite(by=by, account=newcomer, unit=unit, at=at, on=today)
    except InvitationRefused:
        return ""
