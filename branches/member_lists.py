"""Which members a list has: those of today, those who left, or those of any day; narrowed by words and groups.

The list on the screen and its Excel file are made from the same selection, so that both have the same people.
"""

import datetime
from dataclasses import dataclass

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from branches.days import words_of
from branches.enrolling import age_on
from branches.models import AwayStay, Member, Membership, Precision, Unit
from branches.models.member import MemberQuerySet
from branches.scoping import rights_at
from branches.structure import members_on, memberships_on
from branches.vietnamese import nfc

READERS = MemberQuerySet.read_rights
KEEPERS = MemberQuerySet.write_rights


@dataclass(frozen=True, slots=True)
class Selection:
    """The members asked for, by given name. `day` is None for the list of today."""

    members: QuerySet
    words: str = ""
    gone: bool = False
    day: datetime.date | None = None
    group: str = ""
    unseen: int = 0  # of the day, in units this reader does not reach any more


def selection_of(user, unit: Unit, search, *, gone: bool, right=READERS) -> Selection:
    """What the search form asks for at and below the unit. A refused form selects nobody.

    `right`: only members (of the day: memberships) the user reaches with it.
    """
    if search.is_bound and not search.is_valid():
        return Selection(Member.objects.none(), gone=gone)
    said = search.cleaned_data if search.is_bound else {}
    words, day = nfc(said.get("q", "")), said.get("ngay")
    unseen = 0
    if day:
        rows = memberships_on(unit, day)
        reached = rows.filter(pk__in=Membership.objects.reached_by(user, right).values("pk"))
        members = Member.objects.filter(pk__in=reached.values("member")).prefetch_related(
            Prefetch("memberships", queryset=reached.select_related("unit").order_by("pk"), to_attr="of_the_day")
        )
        whole = members_on(unit, day)
        narrowed = [_narrowed(some, search, words) for some in (members, whole)]
        members, unseen = narrowed[0], narrowed[1].exclude(pk__in=narrowed[0].values("pk")).count()
    else:
        # The unit is reached already; this keeps units below out that the post does not open.
        members = Member.objects.reached_by(user, right).filter(home__path__startswith=unit.path, is_active=not gone)
        away = AwayStay.objects.filter(member=OuterRef("pk"), ends_on=None).order_by("-starts_on", "-pk")
        members = _narrowed(members, search, words).annotate(away_at=Subquery(away.values("place")[:1]))
    group = search.chosen.label if search.is_bound and search.chosen else ""
    return Selection(
        members.select_related("home").order_by("sort_key", "pk"), words, gone and not day, day, group, unseen
    )


def _narrowed(members, search, words: str):
    if not search.is_bound:
        return members
    if search.chosen:
        members = members.filter(search.chosen.of)
    if search.sex:
        members = members.filter(sex=search.sex)
    return members.matching(words) if words else members


def row_of(user, member: Member, today: datetime.date) -> dict:
    """Ready strings; the telephone only for those who keep this person's register now.

    Somebody listed for an earlier day who is now in a register this reader does not read has a name and no link.
    """
    rights = rights_at(user, member.home)
    then = getattr(member, "of_the_day", None)
    reads = not rights.isdisjoint(READERS)
    return {
        "pk": member.pk if reads else None,
        "name": member.full_name,
        "job": member.job if reads else "",
        "away": (getattr(member, "away_at", "") or "") if reads else "",
        "sex": member.get_sex_display(),
        "born": words_of(member.birth_date, member.birth_precision),
        "age": age_words(member, today),
        "unit": (then[0].unit if then else member.home).name,
        "phone": member.phone if not rights.isdisjoint(KEEPERS) else "",
    }


def age_words(member: Member, today: datetime.date) -> str:
    """ "25 tuổi"; "khoảng 25 tuổi" where the day of birth is not known; nothing without a year."""
    if member.birth_date is None:
        return ""
    if member.birth_precision == Precision.DAY:
        return f"{age_on(member.birth_date, today)} tuổi"
    return f"khoảng {today.year - member.birth_date.year} tuổi"
