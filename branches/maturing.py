"""The age: who reaches it when, who wishes to stay on, and several members leaving with one decision."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Prefetch

from branches.enrolling import EnrolmentRefused
from branches.formats import day
from branches.leaving import leave, locked, official_membership
from branches.leaving_posts import lock_places
from branches.models import Member, Membership, Precision, StayOn, Unit
from branches.models.member import MemberQuerySet
from branches.models.rule import rules_on

# Days on which branches hold the ceremony (domain.md 2.3): month, day.
CEREMONIES = ((3, 26), (5, 19), (10, 15), (12, 22))


@dataclass(frozen=True, slots=True)
class Ageing:
    """A member near the age or past it. `reaches_on` is the day they have lived that many full years."""

    member: Member
    reaches_on: datetime.date
    is_exact: bool  # False where only the month or the year of birth is known
    stay: StayOn | None  # the newest wish to stay, agreed or not

    def stays_until(self, on: datetime.date) -> datetime.date | None:
        """The day the agreed stay ends; None when there is none in force."""
        agreed = self.stay is not None and self.stay.until is not None and self.stay.until > on
        return self.stay.until if agreed else None


def ageing_members(unit: Unit, *, user, on: datetime.date) -> list[Ageing]:
    """Members of the unit and below who are past the age or reach it within a year of `on`, oldest first.

    Only those the user's posts open. Three queries, whatever the number of members.
    """
    age = int(rules_on(on)["maturity_age"])
    last_birth = birthday(on, 1 - age)  # who is born on this day reaches the age in exactly a year
    members = (
        Member.objects.reached_by(user, MemberQuerySet.read_rights)
        .filter(home__path__startswith=unit.path, is_active=True, birth_date__lte=last_birth)
        .select_related("home")
        .prefetch_related(Prefetch("stays", queryset=StayOn.objects.order_by("pk")))
        .order_by("birth_date", "sort_key", "pk")
    )
    return [
        Ageing(
            member=one,
            reaches_on=birthday(one.birth_date, age),
            is_exact=one.birth_precision == Precision.DAY,
            stay=max(one.stays.all(), key=lambda stay: stay.pk, default=None),
        )
        for one in members
    ]


def birthday(born: datetime.date, years: int) -> datetime.date:
    """The day so many years later; born on 29/02 it is 01/03 in other years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return datetime.date(born.year + years, 3, 1)


def ceremony_days(on: datetime.date) -> list[datetime.date]:
    """The four usual days that lie closest before `on` or on it, newest first."""
    days = [datetime.date(year, *parts) for year in (on.year, on.year - 1) for parts in CEREMONIES]
    return sorted((one for one in days if one <= on), reverse=True)[: len(CEREMONIES)]


@transaction.atomic
def mature_members(
    *,
    members: list[Member],
    on: datetime.date,
    decision: str,
    note: str = "",
    by,
    today: datetime.date,
    posts: Collection[int] = (),
) -> list[Membership]:
    """Several members, of one branch or several, leave on one day with one decision. All of them, or none.

    `posts` are keys of posts at their branches that end with it (leaving_posts.py). The refusal names the
    members it is about, and their branches where there are several.
    """
    if not members:
        raise EnrolmentRefused({"members": "Hãy chọn ít nhất một đoàn viên."})
    ended, wrong = [], {}
    lock_places(posts)
    several = len({member.home_id for member in members}) > 1
    # In the order of their keys, so that two such forms at once cannot wait for each other.
    for member in sorted(members, key=lambda one: one.pk):
        try:
            # A savepoint: one refusal must not spoil the transaction before all of them are told.
            with transaction.atomic():
                ended.append(
                    leave(
                        member=member,
                        reason=Membership.End.MATURED,
                        on=on,
                        decision=decision,
                        note=note,
                        by=by,
                        today=today,
                        posts=posts,
                    )
                )
        except EnrolmentRefused as refusal:
            for field, text in refusal.errors.items():
                name = f"{member.full_name} ({member.home.name})" if several else member.full_name
                wrong.setdefault((field, text), []).append(name)
    if wrong:
        answers = {}
        for (field, text), names in wrong.items():
            whose = "" if len(names) == len(members) or (field == "" and not several) else f"{', '.join(names)}: "
            answers[field] = f"{answers[field]} {whose}{text}" if field in answers else f"{whose}{text}"
        raise EnrolmentRefused(answers)
    return ended


@transaction.atomic
def keep_on(
    *,
    member: Member,
    wished_on: datetime.date,
    agreed_on: datetime.date | None = None,
    until: datetime.date | None = None,
    decision: str = "",
    by,
    on: datetime.date,
) -> StayOn:
    """Write down the wish to stay on past the age and, when the branch agreed, until when.

    `until` is the first day they no longer stay, at most the day they reach `member_age_stay_max`.
    """
    member = locked(member)
    official_membership(member)
    if member.birth_date is None:
        raise EnrolmentRefused({"": "Hồ sơ chưa ghi ngày sinh. Hãy ghi ngày sinh trước."})
    oldest = int(rules_on(on)["member_age_stay_max"])
    cap = birthday(member.birth_date, oldest)
    errors = {}
    if wished_on > on:
        errors["wished_on"] = "Ngày này chưa đến."
    if agreed_on is None and (until or decision.strip()):
        errors["agreed_on"] = "Hãy ghi ngày chi đoàn đồng ý."
    if agreed_on is not None:
        if agreed_on > on:
            errors["agreed_on"] = "Ngày này chưa đến."
        elif agreed_on < wished_on:
            errors["agreed_on"] = f"Hãy ghi ngày từ {day(wished_on)}, ngày nêu nguyện vọng, trở đi."
        if until is None:
            errors["until"] = "Hãy ghi được ở lại đến ngày nào."
        elif until > cap:
            errors["until"] = f"Không quá {day(cap)}, ngày đủ {oldest} tuổi."
        elif until <= agreed_on:
            errors["until"] = f"Hãy ghi ngày sau {day(agreed_on)}, ngày chi đoàn đồng ý."
    if errors:
        raise EnrolmentRefused(errors)
    return StayOn.objects.create(
        member=member, wished_on=wished_on, agreed_on=agreed_on, until=until, decision=decision.strip(), written_by=by
    )


def stay_cap(member: Member, *, on: datetime.date) -> datetime.date | None:
    """The day beyond which nobody stays; None without a birth date."""
    return birthday(member.birth_date, int(rules_on(on)["member_age_stay_max"])) if member.birth_date else None
