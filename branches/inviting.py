"""A newcomer sets their own password by a link: made, shown once, sent again, taken back, used once.

Only the hash of the secret is kept. A link is given out for accounts that have no password yet; for
any other account it would be a way to take it over.
"""

import datetime
import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from branches.appointing import may_give
from branches.link_secrets import hash_of
from branches.models import Account, Invitation, Unit
from branches.models.rule import rules_on


class InvitationRefused(Exception):
    """The link cannot be made or used. `errors` maps a field to a Vietnamese message."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(" ".join(errors.values()))
        self.errors = errors


def may_invite(by, account: Account, on: datetime.date) -> bool:
    """Whoever may give every post the account holds or will hold: a link opens all of them at once."""
    posts = list(account.posts.select_related("unit", "type"))
    ahead = [post for post in posts if post.ends_on is None or post.ends_on > on]
    return bool(ahead) and all(may_give(by, post.unit, post.type) for post in ahead)


@transaction.atomic
def invite(*, by, account: Account, unit: Unit, at: datetime.datetime, on: datetime.date) -> str:
    """Make a link for the account and return its secret, which is never shown again. Older links end.

    `at` is the moment, `on` its day: the number of days a link lasts is a rule.
    """
    account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if account.has_usable_password():
        raise InvitationRefused({"": f"{account} đã có mật khẩu, đăng nhập như thường, không cần liên kết."})
    if not account.is_active or not may_invite(by, account, on):
        raise InvitationRefused({"": f"Bạn không mời được {account}. Hãy báo người quản trị."})
    account.invitations.filter(used_at=None, revoked_at=None).update(revoked_at=at)
    token = secrets.token_urlsafe(32)
    lasts = datetime.timedelta(days=rules_on(on)["invitation_days"])
    Invitation.objects.create(
        account=account, unit=unit, token_hash=hash_of(token), created_by=by, expires_at=at + lasts
    )
    return token


@transaction.atomic
def revoke_invitations(*, by, account: Account, at: datetime.datetime, on: datetime.date) -> int:
    """Take back every open link of the account; how many there were."""
    if not may_invite(by, account, on):
        raise InvitationRefused({"": f"Bạn không thu hồi được liên kết của {account}."})
    return account.invitations.filter(used_at=None, revoked_at=None).update(revoked_at=at)


def open_invitation(token: str, *, at: datetime.datetime) -> Invitation | None:
    """The invitation the secret opens; None for unknown, expired, used and taken back alike."""
    found = Invitation.objects.filter(token_hash=hash_of(token), used_at=None, revoked_at=None, expires_at__gt=at)
    found = found.filter(account__is_active=True).select_related("account", "unit").first()
    return None if found is None or found.account.has_usable_password() else found


@transaction.atomic
def accept_invitation(*, token: str, username: str, password: str, at: datetime.datetime) -> Account:
    """Set name and password of the invited account. The link is used up."""
    taken = Invitation.objects.filter(
        token_hash=hash_of(token), used_at=None, revoked_at=None, expires_at__gt=at
    ).update(used_at=at)
    invitation = Invitation.objects.filter(token_hash=hash_of(token)).first() if taken else None
    account = Account.objects.select_for_update(no_key=True).get(pk=invitation.account_id) if invitation else None
    if account is None or not account.is_active or account.has_usable_password():
        raise InvitationRefused({"": "Liên kết không còn dùng được."})
    errors = {}
    if Account.objects.filter(username__iexact=username).exclude(pk=account.pk).exists():
        errors["username"] = "Tên đăng nhập này đã có người dùng. Hãy chọn tên khác."
    account.username = username
    try:
        account.clean_fields(exclude=["password"])
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            errors.setdefault(name, messages[0])
    try:
        validate_password(password, account)
    except ValidationError as error:
        errors["password"] = " ".join(error.messages)
    if errors:
        raise InvitationRefused(errors)
    account.set_password(password)
    account.save(update_fields=["username", "password"])
    return account
