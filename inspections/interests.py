"""Conflict of interest: a person of the team who belongs, or lately belonged, to the unit they are to inspect.

A warning with its reason, never a block: in a small Đoàn everybody knows everybody, and somebody has to go.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from branches.formats import day
from branches.models import Membership, Post, PostType, Unit
from branches.models.rule import rules_on
from branches.unit_warnings import months_after
from branches.vietnamese import lower


@dataclass(frozen=True, slots=True)
class Interest:
    """Why somebody may not be free to judge; `name` as the team writes it."""

    name: str
    reason: str

    @property
    def words(self) -> str:
        return f"{self.name}: {self.reason}"


def interests(
    unit: Unit, people: Iterable[tuple[str, object | None]], on: datetime.date, *, rules: dict | None = None
) -> list[Interest]:
    """What ties these people, (name, account or None) each, to the unit or a unit below it. Three queries.

    Posts in the unit's committee and in its Party body count as far as they are kept here, and membership; held
    today or ended within the months of rule `inspection_interest_months`. Somebody without an account is known
    by name only, so that the reason says it has to be verified.
    """
    people = [(name, account) for name, account in people if name]
    if not people:
        return []
    since = months_after(on, -int((rules or rules_on(on))["inspection_interest_months"]))
    lately = Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gt=since)) & Q(unit__path__startswith=unit.path)
    accounts = {account.pk: name for name, account in people if account}
    members = {account.member_id: name for name, account in people if account and account.member_id}
    by_name = {lower(name): name for name, account in people if not account}
    found = []
    posts = Post.objects.filter(lately).select_related("account", "type", "unit").order_by("-starts_on", "pk")
    for post in posts:
        name = accounts.get(post.account_id)
        same = None if name else by_name.get(lower(post.account.full_name))
        if name or same:
            body = "trong cấp ủy" if post.type.body == PostType.Body.PARTY else "giữ chức vụ"
            what = f"{body} ({post.type.name}) tại {post.unit.name} {_span(post, on)}"
            found.append(_interest(name, same, what))
    wanted = Q(member__in=members)
    if by_name:
        wanted |= Q(member__full_name__in=list(by_name.values()))
    rows = Membership.objects.filter(lately & wanted).select_related("member", "unit").order_by("-starts_on", "pk")
    for row in rows:
        name = members.get(row.member_id)
        same = None if name else by_name.get(lower(row.member.full_name))
        if name or same:
            found.append(_interest(name, same, f"đoàn viên của {row.unit.name} {_span(row, on)}"))
    return found


def _interest(name, same, what) -> Interest:
    return Interest(name, what) if name else Interest(same, f"trùng họ tên với người {what}; cần xác minh")


def _span(row, on) -> str:
    if row.ends_on is None or row.ends_on > on:
        return f"từ {day(row.starts_on)}"
    return f"đến {day(row.ends_on - datetime.timedelta(days=1))}"
