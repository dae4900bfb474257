"""Posts: who may give which, to whom, from when. The rule of giving stands here and nowhere else."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from branches.models import Account, Member, Period, Post, PostType, Unit
from branches.models.rule import rules_on
from branches.scoping import rights_at
from branches.terms import seen
from branches.vietnamese import nfc, plain

# What a superior confirms of a committee below. Other verbs (inspecting, overseeing, administering) are
# given by those who administer, also where a kind of committee post was made that carries them.
OF_COMMITTEES = {"view", "record", "manage", "submit", "approve"}
POST_FIELDS = ("starts_on", "ends_on", "term_id", "decision")


class AppointmentRefused(Exception):
    """The post cannot be given, ended or changed so. `errors` maps a field to a Vietnamese message."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(" ".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True)
class Person:
    """Who is to hold the post: an account, a member of the register, or somebody known by name only."""

    account: Account | None = None
    member: Member | None = None
    name: str = ""


# --- who may give what ----------------------------------------------------------------------------


def rights_below(user, unit: Unit) -> set[str]:
    """Every verb the user holds today at the units below this one."""
    held = [post for post in getattr(user, "posts_today", []) if unit.path.startswith(post.unit.path)]
    return {verb for post in held for verb in post.type.verbs_below}


def may_give(user, unit: Unit, kind: PostType) -> bool:
    """Whether the user may give posts of this kind at the unit, and end them. Nobody gives more than this:

    * who administers the unit and what is below it gives every kind: that is the job;
    * who manages the unit gives what they may do themselves, there and below, so that a secretary has a
      committee and a successor without asking, and nobody's rights grow;
    * a superior that confirms the unit's committee (approves there, from above) gives its committee
      posts, and none that let inspect, oversee or administer.
    """
    here, below = rights_at(user, unit), rights_below(user, unit)
    wanted_here, wanted_below = set(kind.verbs_here), set(kind.verbs_below)
    if "administer" in here and ("administer" in below or not wanted_below):
        return True
    if "manage" in here and wanted_here <= here and wanted_below <= below:
        return True
    return (
        confirms_committee(user, unit)
        and kind.body == PostType.Body.COMMITTEE
        and wanted_here | wanted_below <= OF_COMMITTEES
    )


def confirms_committee(user, unit: Unit) -> bool:
    """Whether the user approves there from a post at a unit above."""
    return any(
        "approve" in post.type.verbs_below
        for post in getattr(user, "posts_today", [])
        if unit.path.startswith(post.unit.path) and unit.path != post.unit.path
    )


def kinds_to_give(user, unit: Unit) -> list[PostType]:
    """The kinds of post the user may give at the unit, in the catalogue's order. One query."""
    return [kind for kind in PostType.objects.order_by("position", "pk") if may_give(user, unit, kind)]


# --- verbs ----------------------------------------------------------------------------------------


@transaction.atomic
def appoint(
    *,
    by,
    unit: Unit,
    kind: PostType,
    person: Person,
    starts_on: datetime.date,
    ends_on: datetime.date | None = None,
    term: Period | None = None,
    decision: str = "",
) -> Post:
    """Give a post from a day on. Who has no account yet gets one without a password (see inviting.py)."""
    unit = locked(unit)
    if not may_give(by, unit, kind):
        raise AppointmentRefused({"kind": f"Bạn không giao được chức vụ {kind.name} tại {unit.name}."})
    if unit.dissolved_on:
        raise AppointmentRefused({"": f"{unit.name} đã giải thể từ ngày {unit.dissolved_on:%d/%m/%Y}."})
    _check_days(starts_on, ends_on, term, unit)
    account = account_of(person)
    if account.pk == by.pk:
        raise AppointmentRefused({"who": "Không tự giao chức vụ cho mình. Hãy nhờ người khác có quyền giao."})
    check_free(unit, kind, account, starts_on, ends_on)
    post = Post(
        account=account, unit=unit, type=kind, term=term, starts_on=starts_on, ends_on=ends_on, decision=nfc(decision)
    )
    post._history_user = by
    post.save()
    return post


@transaction.atomic
def end_post(*, by, post: Post, on: datetime.date, decision: str = "") -> Post:
    """End a post: `on` is the first day it is no longer held. Its rights end that day."""
    unit = locked(post.unit)
    post = _changeable(by, post, unit)
    if post.ends_on is not None and post.ends_on <= on:
        raise AppointmentRefused({"on": f"Chức vụ này đã ghi thôi từ ngày {post.ends_on:%d/%m/%Y}."})
    if on <= post.starts_on:
        raise AppointmentRefused({"on": f"Hãy ghi ngày sau {post.starts_on:%d/%m/%Y}, ngày nhận chức vụ."})
    post.ends_on = on
    post.decision = _both(post.decision, decision)
    post._history_user = by
    post.save()
    return post


@transaction.atomic
def correct_post(
    *,
    by,
    post: Post,
    version: int,
    starts_on: datetime.date,
    ends_on: datetime.date | None = None,
    term: Period | None = None,
    decision: str = "",
) -> Post:
    """Put days, term and decision of a post right; `version` is what `seen` said when the form was opened."""
    unit = locked(post.unit)
    post = _changeable(by, post, unit)
    if seen(post, POST_FIELDS) != version:
        raise AppointmentRefused({"": "Có người vừa sửa chức vụ này. Chưa ghi đè gì cả; hãy mở lại trang rồi ghi lại."})
    if post.account_id == by.pk and (ends_on or datetime.date.max) > (post.ends_on or datetime.date.max):
        raise AppointmentRefused({"ends_on": "Không tự kéo dài chức vụ của mình. Hãy nhờ người khác có quyền giao."})
    _check_days(starts_on, ends_on, term, unit)
    check_free(unit, post.type, post.account, starts_on, ends_on, apart_from=post.pk)
    post.starts_on, post.ends_on, post.term, post.decision = starts_on, ends_on, term, nfc(decision)
    post._history_user = by
    post.save()
    return post


# --- shared with handing_over.py ------------------------------------------------------------------


def locked(unit: Unit) -> Unit:
    """The unit as it stands now. Two people giving posts there at once come one after the other."""
    return Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)


def account_of(person: Person) -> Account:
    """The account of the person; opened now, without a password, for somebody who has none."""
    account = person.account
    if account is None and person.member is not None:
        account = Account.objects.filter(member=person.member).first()
    if account is not None:
        if not account.is_active:
            raise AppointmentRefused({"who": f"Tài khoản của {account} đã ngừng dùng. Hãy báo người quản trị mở lại."})
        return account
    name = nfc(person.member.full_name if person.member else person.name).strip()
    if not name:
        raise AppointmentRefused({"who": "Hãy chọn một người, hoặc ghi họ và tên."})
    account = Account(username=free_username(f"moi.{_letters(name)}"), full_name=name, member=person.member)
    account.set_unusable_password()
    account.save()
    return account


def free_username(wanted: str, *, apart_from: int | None = None) -> str:
    """`wanted`, or with the next number behind it when somebody has that name already."""
    taken = set(
        Account.objects.filter(username__istartswith=wanted).exclude(pk=apart_from).values_list("username", flat=True)
    )
    taken = {name.lower() for name in taken}
    if wanted not in taken:
        return wanted
    return next(f"{wanted}{number}" for number in range(2, len(taken) + 3) if f"{wanted}{number}" not in taken)


def suggested_username(account: Account) -> str:
    """Lê Thị Hồng Nhung → lethihongnhung, as nobody has it yet."""
    return free_username(_letters(account.full_name), apart_from=account.pk)


def _letters(name: str) -> str:
    kept = "".join(letter for letter in plain(name) if letter.isascii() and letter.isalnum())
    return kept[:60] or "nguoi"


def check_free(unit, kind, account, starts_on, ends_on, *, apart_from: int | None = None) -> None:
    """Refuse a post that the same person, or for the head of a body anybody, holds at the same time."""
    others = Post.objects.filter(unit=unit, type=kind).exclude(pk=apart_from).select_related("account")
    others = others.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on))
    if ends_on is not None:
        others = others.filter(starts_on__lt=ends_on)
    is_sole = kind.code in rules_on(starts_on).get("sole_posts", ())
    for other in others.order_by("starts_on", "pk"):
        until = f" đến trước {other.ends_on:%d/%m/%Y}" if other.ends_on else ""
        if other.account_id == account.pk:
            raise AppointmentRefused(
                {"who": f"{account} đang giữ chức vụ này từ {other.starts_on:%d/%m/%Y}{until}. Hãy xem lại ngày."}
            )
        if is_sole:
            raise AppointmentRefused(
                {"who": f"{other.account} giữ chức vụ {kind.name} từ {other.starts_on:%d/%m/%Y}{until}. "
                        f"Hãy bàn giao, hoặc ghi thôi chức vụ trước."}
            )  # fmt: skip


def check_may_change(by, unit: Unit, kind: PostType) -> None:
    if not may_give(by, unit, kind):
        raise AppointmentRefused({"": f"Bạn không thay đổi được chức vụ {kind.name} tại {unit.name}."})


def _changeable(by, post: Post, unit: Unit) -> Post:
    post = Post.objects.select_for_update(of=("self",)).select_related("account", "type").get(pk=post.pk)
    check_may_change(by, unit, post.type)
    return post


def _check_days(starts_on, ends_on, term: Period | None, unit: Unit) -> None:
    if ends_on is not None and ends_on <= starts_on:
        raise AppointmentRefused({"ends_on": "Ngày thôi chức vụ phải sau ngày nhận."})
    if term is not None and term.unit_id != unit.pk:
        raise AppointmentRefused({"term": f"Hãy chọn một nhiệm kỳ của {unit.name}."})


def _both(given: str, ended: str) -> str:
    """One line holds both decisions: "QĐ 12 · thôi: QĐ 45"."""
    ended = nfc(ended)
    if not ended:
        return given
    return (f"{given} · thôi: {ended}" if given else f"thôi: {ended}")[:120]
