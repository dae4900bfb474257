"""Verbs on a transfer: the source introduces, the target takes in or returns, the source may withdraw.

Until somebody takes in, nothing moves: the member belongs to the source and is counted there. On the
day of the move the source's membership ends and the target's begins, so that everybody is counted once
on every day. Locks are always taken in the order units of posts, transfer, member.
"""

import datetime
from collections.abc import Collection

from django.db import transaction

from branches.enrolling import EnrolmentRefused
from branches.formats import day
from branches.leaving import close_membership, end_membership, locked, official_membership
from branches.leaving_posts import end_with, lock_places
from branches.models import Member, Membership, Transfer, Unit
from branches.models.rule import rules_on
from branches.vietnamese import plain

State = Transfer.State
MOST_FOUND = 8
ANSWERED = {
    State.ACCEPTED: "Đoàn viên này đã được tiếp nhận",
    State.RETURNED: "Nơi đến đã trả lại",
    State.WITHDRAWN: "Nơi đi đã rút",
}


@transaction.atomic
def send_transfer(
    *,
    member: Member,
    target: Unit | None,
    target_name: str = "",
    asked_on: datetime.date,
    remark: str,
    reason: str = "",
    dues_paid_to: datetime.date | None = None,
    letter_number: str = "",
    letter_on: datetime.date | None = None,
    by,
    on: datetime.date,
) -> Transfer:
    """The source branch introduces the member. `target` None means a unit outside, named by `target_name`.

    The answer is due `transfer_due_days` after the letter's day, or after `on` when it has none yet.
    """
    member = locked(member)
    membership = official_membership(member)
    source = membership.unit
    errors = {}
    if target is None and not target_name.strip():
        errors["where"] = "Hãy ghi nơi chuyển đến."
    elif target is not None and target.pk == source.pk:
        errors["where"] = f"{member.full_name} đang sinh hoạt tại {source.name}. Hãy chọn nơi khác."
    elif target is not None and target.dissolved_on and target.dissolved_on <= on:
        errors["where"] = f"{target.name} đã giải thể từ {day(target.dissolved_on)}."
    if not remark.strip():
        errors["remark"] = "Hãy ghi nhận xét của chi đoàn về đoàn viên."
    if asked_on > on:
        errors["asked_on"] = "Ngày này chưa đến."
    elif asked_on < membership.starts_on:
        errors["asked_on"] = f"Hãy ghi ngày từ {day(membership.starts_on)}, ngày vào chi đoàn, trở đi."
    if member.transfers.filter(state=State.SENT).exists():
        errors[""] = f"{member.full_name} đang chuyển sinh hoạt, chưa có trả lời."
    if errors:
        raise EnrolmentRefused(errors)
    days = datetime.timedelta(days=int(rules_on(on)["transfer_due_days"]))
    return Transfer.objects.create(
        member=member,
        source=source,
        target=target,
        target_name=target.name if target else target_name.strip(),
        asked_on=asked_on,
        reason=reason.strip(),
        remark=remark.strip(),
        dues_paid_to=dues_paid_to.replace(day=1) if dues_paid_to else None,
        letter_number=letter_number.strip(),
        letter_on=letter_on,
        due_on=(letter_on or on) + days,
        sent_by=by,
    )


@transaction.atomic
def accept_transfer(
    *,
    transfer: Transfer,
    moved_on: datetime.date,
    answer: str = "",
    by,
    on: datetime.date,
    posts: Collection[int] = (),
) -> Member:
    """Take the member in from the day `moved_on`; for a unit outside, the source writes its answer down.

    `posts` are keys of posts at the source that end with it, for who may end them (leaving_posts.py).

    Of two people who accept at once, or one who accepts and one who withdraws, the first one is heard.
    """
    lock_places(posts)
    transfer = _open(transfer)
    member = locked(transfer.member)
    membership = official_membership(member)
    if moved_on > on:
        raise EnrolmentRefused({"moved_on": "Ngày này chưa đến. Hãy ghi khi đoàn viên đã về sinh hoạt."})
    if moved_on <= membership.starts_on:
        starts_on = day(membership.starts_on)
        raise EnrolmentRefused({"moved_on": f"Hãy ghi ngày sau {starts_on}, ngày vào {membership.unit.name}."})
    _answer(transfer, State.ACCEPTED, by=by, on=on, answer=answer, moved_on=moved_on)
    letter = transfer.letter_words
    end_with(member=member, home=membership.unit, posts=posts, on=moved_on, decision=letter, by=by)
    if transfer.target is None:
        end_membership(
            member=member,
            on=moved_on,
            reason=Membership.End.MOVED_OUT,
            decision=letter,
            note=f"Chuyển đến {transfer.target_name}",
            by=by,
        )
        member.refresh_from_db()
        return member
    target = transfer.target
    if not target.is_branch:
        raise EnrolmentRefused({"": f"Hãy giới thiệu tiếp về một chi đoàn của {target.name}; chi đoàn đó tiếp nhận."})
    if target.dissolved_on and target.dissolved_on <= moved_on:
        raise EnrolmentRefused({"moved_on": f"{target.name} đã giải thể từ {day(target.dissolved_on)}."})
    if membership.unit_id == target.pk:
        raise EnrolmentRefused({"": f"{member.full_name} đã sinh hoạt tại {target.name}."})
    close_membership(membership, on=moved_on, reason=Membership.End.MOVED_OUT, decision=letter)
    Membership.objects.create(
        member=member,
        unit=target,
        starts_on=moved_on,
        begin_reason=Membership.Begin.MOVED_IN,
        decision=letter,
    )
    # Whoever stayed here for a while already is at home here now.
    for stay in member.memberships.filter(unit=target, ends_on=None).exclude(kind=Membership.Kind.OFFICIAL):
        first_day_after = stay.starts_on + datetime.timedelta(days=1)
        close_membership(stay, on=max(moved_on, first_day_after), reason=Membership.End.MOVED_OUT, decision=letter)
    member.claim(member.version)
    member.home = target
    member._history_user = by
    member.save()
    return member


@transaction.atomic
def return_transfer(*, transfer: Transfer, answer: str, by, on: datetime.date) -> Transfer:
    """The target does not take the member in, and says why."""
    transfer = _open(transfer)
    if not answer.strip():
        raise EnrolmentRefused({"answer": "Hãy ghi lý do trả lại, để nơi đi biết cần làm gì."})
    return _answer(transfer, State.RETURNED, by=by, on=on, answer=answer)


@transaction.atomic
def withdraw_transfer(*, transfer: Transfer, answer: str, by, on: datetime.date) -> Transfer:
    """The source takes its letter back while nobody has answered."""
    transfer = _open(transfer)
    if not answer.strip():
        raise EnrolmentRefused({"answer": "Hãy ghi lý do rút."})
    return _answer(transfer, State.WITHDRAWN, by=by, on=on, answer=answer)


@transaction.atomic
def hand_on_transfer(*, transfer: Transfer, branch: Unit, on: datetime.date) -> Transfer:
    """A Đoàn that got the letter introduces the member on to one of its branches, which then answers."""
    transfer = _open(transfer)
    target = transfer.target
    if target is None or target.is_branch:
        raise EnrolmentRefused({"": "Nơi đến đã là một chi đoàn: hãy tiếp nhận hoặc trả lại."})
    inside = branch.is_branch and branch.path.startswith(target.path)
    if not inside or (branch.dissolved_on and branch.dissolved_on <= on):
        raise EnrolmentRefused({"branch": f"Hãy chọn một chi đoàn đang hoạt động của {target.name}."})
    if official_membership(transfer.member).unit_id == branch.pk:
        raise EnrolmentRefused({"branch": f"{transfer.member.full_name} đang sinh hoạt tại {branch.name}."})
    transfer.claim(transfer.version)
    transfer.target, transfer.target_name = branch, branch.name
    transfer.save()
    return transfer


def _open(transfer: Transfer) -> Transfer:
    """The transfer as stored, locked, still waiting for its answer."""
    transfer = Transfer.objects.select_for_update().get(pk=transfer.pk)
    if transfer.state != State.SENT:
        when = f" ngày {day(transfer.answered_on)}" if transfer.answered_on else ""
        raise EnrolmentRefused({"": f"{ANSWERED[transfer.state]}{when}. Không đổi gì nữa."})
    return transfer


def _answer(transfer: Transfer, state: str, *, by, on: datetime.date, answer: str, moved_on=None) -> Transfer:
    transfer.claim(transfer.version)
    transfer.state, transfer.answered_on, transfer.answered_by = state, on, by
    transfer.answer, transfer.moved_on = answer.strip(), moved_on
    transfer.save()
    return transfer


def units_called(words: str, *, on: datetime.date, branches_only: bool = False) -> list[Unit]:
    """Living units whose name holds all these words, with or without marks: the shortest names first.

    For choosing where somebody goes, so it asks for no right at those units: a name and its superior's
    name are all that is shown. Compared in Python, because no database here knows the marks; two queries.
    """
    wanted = plain(words).split()
    if not wanted:
        return []
    units = Unit.objects.living(on).exclude(kind__in=(Unit.Kind.CENTRAL, Unit.Kind.PROVINCE))
    if branches_only:
        units = units.filter(kind__in=Unit.BRANCH_KINDS)
    names = units.order_by("sort_key", "pk").values_list("pk", "name")
    found = [(len(name), place, pk) for place, (pk, name) in enumerate(names) if all(w in plain(name) for w in wanted)]
    keys = [pk for _, _, pk in sorted(found)[:MOST_FOUND]]
    by_key = Unit.objects.in_bulk(keys)
    return [by_key[pk] for pk in keys]


def superiors_of(units: list[Unit]) -> dict[int, str]:
    """The name of the unit directly above each, {pk: name}. One query."""
    above = Unit.objects.in_bulk({one.superior_pk for one in units if one.superior_pk})
    return {one.pk: above[one.superior_pk].name if one.superior_pk in above else "" for one in units}
