"""Posts of a person who leaves: which end in the same step, and who still holds one after having left.

Leaving a list ends no post by itself: a post is given and ended by who may give it (appointing.may_give). These
functions bring both together, so that the step that lets somebody leave can end what they held as a member.
"""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery

from branches.appointing import AppointmentRefused, end_post, locked, may_give
from branches.enrolling import EnrolmentRefused
from branches.formats import day
from branches.models import EndedAlong, Member, Membership, Post, PostType, Unit

# What somebody holds as a member. A seat in a Party committee or an office is not lost with the age.
HELD_AS_MEMBER = (PostType.Body.COMMITTEE, PostType.Body.INSPECTION, PostType.Body.MEMBER)
ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PostLeft:
    """A post at the unit somebody leaves, or below it. `may_end`: whether this reader may end it."""

    post: Post
    may_end: bool

    @property
    def words(self) -> str:
        """ "Bí thư, Chi đoàn Sở Y tế, giữ từ 26/03/2026"."""
        return f"{named(self.post)}, giữ từ {day(self.post.starts_on)}"


def named(post: Post) -> str:
    """ "Bí thư, Chi đoàn Sở Y tế"."""
    return f"{post.type.name}, {post.body_name}"


def posts_left(members: Iterable[Member], *, user, on: datetime.date) -> dict[int, list[PostLeft]]:
    """{member: posts they hold on the day or later, at their home or below it, as members}. One query."""
    homes = {one.pk: one.home for one in members}
    found: dict[int, list[PostLeft]] = {}
    for post in _held(homes, on):
        if post.unit.path.startswith(homes[post.account.member_id].path):
            found.setdefault(post.account.member_id, []).append(PostLeft(post, may_give(user, post.unit, post.type)))
    return found


def _held(members: Collection[int], on: datetime.date):
    return (
        Post.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), account__member__in=list(members))
        .filter(type__body__in=HELD_AS_MEMBER)
        .select_related("account", "type", "unit")
        .order_by("starts_on", "pk")
    )


def lock_places(posts: Collection[int]) -> None:
    """Lock the units of these posts, in the order of their keys.

    Whoever gives or ends a post there comes before or after; to be taken before the lock of a member, as every
    verb that needs both does.
    """
    units = Unit.objects.filter(pk__in=Post.objects.filter(pk__in=list(posts)).values("unit"))
    for unit in units.order_by("pk"):
        locked(unit)


def end_with(
    *,
    member: Member,
    home: Unit,
    posts: Collection[int],
    on: datetime.date,
    decision: str,
    by,
    leaving: Membership | None = None,
) -> list[Post]:
    """End those of `posts` (keys) that are the member's, from the day they leave `home`; keys of others are left out.

    One begun on that day or after it was held for a day at least. One that ended meanwhile stays as it is.
    Refused, naming the post, where `by` may not end it. Who ends a post is written in its history. What it was
    before is kept beside `leaving`, the membership that ended with it, so that it can be taken back.
    """
    ended = []
    for post in _held([member.pk], on).filter(pk__in=list(posts)):
        if not post.unit.path.startswith(home.path):
            raise EnrolmentRefused({"posts": f"{named(post)} không thuộc {home.name}. Hãy ghi thôi ở trang chức vụ."})
        first_day_after = max(on, post.starts_on + ONE_DAY)
        if post.ends_on is not None and post.ends_on <= first_day_after:
            continue
        try:
            ended.append(end_post(by=by, post=post, on=first_day_after, decision=decision[:60]))
        except AppointmentRefused as refusal:
            raise EnrolmentRefused({"posts": str(refusal)}) from refusal
        if leaving is not None:
            EndedAlong.objects.create(
                leaving=leaving, post=post, ended_on=first_day_after, was_until=post.ends_on, was_decision=post.decision
            )
    return ended


# --- who has left and still holds a post ----------------------------------------------------------


def held_by_gone(posts, on: datetime.date):
    """Of these posts (a queryset), those in force on the day whose holder left the unit, with `left_on`.

    Left: belonged to the unit or something below it, and belongs to neither on the day. An officer whose own
    branch always was another one has left nothing.
    """
    official = Membership.objects.filter(
        member=OuterRef("account__member"), unit__path__startswith=OuterRef("unit__path"), kind=Membership.Kind.OFFICIAL
    )
    over = official.filter(ends_on__lte=on).order_by("-ends_on", "-pk")
    return (
        posts.held_on(on)
        .filter(account__is_active=True, account__member__isnull=False, type__body__in=HELD_AS_MEMBER)
        .annotate(left_on=Subquery(over.values("ends_on")[:1]))
        .filter(~Exists(official.on(on)), left_on__isnull=False)
        .select_related("account", "type", "unit")
        .order_by("left_on", "pk")
    )
