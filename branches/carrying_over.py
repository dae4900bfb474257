"""What goes along when a unit ends or gives people away: memberships, open papers, plans, and posts that end.

The number of queries depends on the number of persons only by the thousand-odd parameters a database
takes at once.
"""

import datetime
from collections.abc import Iterable, Iterator

from django.db.models import F, Q

from branches.models import (
    Activity,
    Admission,
    DataRequest,
    Meeting,
    Member,
    Membership,
    Post,
    Remittance,
    SelfServiceLink,
    Task,
    Transfer,
    Unit,
)

BATCH = 500
OFFICIAL = Membership.Kind.OFFICIAL
UNDECIDED = (Admission.State.PROPOSED, Admission.State.VOTED, Admission.State.DECIDED)


def _batches(rows: Iterable) -> Iterator[list]:
    rows = list(rows)
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def ahead_of(unit: Unit, on: datetime.date):
    """Memberships of the unit that go on on the day, or begin later."""
    return Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), unit=unit)


def carry_over(
    unit: Unit, to: Unit, *, on: datetime.date, decision: str, by, only: set[int] | None = None, papers: bool = True
) -> int:
    """Bring the people of `unit`, or `only` these members, to `to` from the day `on`; how many rows went.

    A membership that began on that day or later was written at a unit that no longer was: it is put
    right. Any other ends here and goes on there, with whatever end it may have had since. `papers`
    takes the open papers of the unit itself along (a split gives them to one of its parts). Money: dues/ending.py.
    """
    rows = [row for row in ahead_of(unit, on).order_by("pk") if only is None or row.member_id in only]
    for some in _batches(rows):
        _carry(some, to, on, decision)
    for some in _batches(sorted({row.member_id for row in rows if row.kind == OFFICIAL})):
        _settle(some, unit, to, by)
    _drop_doubles(to, on, decision)
    _carry_papers(unit, to, {row.member_id for row in rows}, on, papers)
    return len(rows)


def _carry(rows: list[Membership], to: Unit, on, decision) -> None:
    later = [row.pk for row in rows if row.starts_on >= on]
    Membership.objects.filter(pk__in=later).update(unit=to)
    spanning = [row for row in rows if row.starts_on < on]
    Membership.objects.filter(pk__in=[row.pk for row in spanning]).update(
        ends_on=on, end_reason=Membership.End.WITH_UNIT, end_decision=decision, end_note=""
    )
    Membership.objects.bulk_create(
        Membership(
            member_id=row.member_id, unit=to, kind=row.kind, starts_on=on, ends_on=row.ends_on,
            begin_reason=Membership.Begin.WITH_UNIT, end_reason=row.end_reason, decision=decision,
            end_decision=row.end_decision, end_note=row.end_note,
        )
        for row in spanning
    )  # fmt: skip


def _settle(members: list[int], unit: Unit, to: Unit, by) -> None:
    """Today's home follows, with a row of history each; also of those who left since the day."""
    moved = Member.objects.filter(pk__in=members, home=unit)
    kept = list(moved.order_by("pk"))
    moved.update(home=to, version=F("version") + 1)
    for member in kept:
        member.home, member.version = to, member.version + 1
    Member.history.bulk_history_create(kept, batch_size=BATCH, update=True, default_user=by)


def _drop_doubles(to: Unit, on, decision) -> None:
    """Nobody stays for a while where they belong, and nobody stays twice."""
    at_home = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), unit=to, kind=OFFICIAL).values("member")
    guests = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), unit=to).exclude(kind=OFFICIAL)
    at_home_too = guests.filter(member__in=at_home)
    at_home_too.filter(starts_on__gte=on, begin_reason=Membership.Begin.WITH_UNIT).delete()
    at_home_too.filter(starts_on__lt=on).update(
        ends_on=on, end_reason=Membership.End.WITH_UNIT, end_decision=decision, end_note=""
    )
    seen, twice = set(), []
    for pk, *who in guests.order_by("starts_on", "pk").values_list("pk", "member", "kind"):
        if tuple(who) in seen:
            twice.append(pk)
        seen.add(tuple(who))
    Membership.objects.filter(pk__in=twice, begin_reason=Membership.Begin.WITH_UNIT).delete()


def _carry_papers(unit: Unit, to: Unit, members: set[int], on, papers: bool) -> None:
    """What is still open goes on at the new place; what is closed stays where it was written."""
    sent = Transfer.objects.filter(state=Transfer.State.SENT)
    tasks = Task.objects.filter(unit=unit).open()
    for some in _batches(sorted(members)):
        sent.filter(source=unit, member__in=some).update(source=to, version=F("version") + 1)
        SelfServiceLink.objects.filter(unit=unit, member__in=some).update(unit=to)
        DataRequest.objects.filter(unit=unit, member__in=some).update(unit=to)
        tasks.filter(owner__in=some).update(unit=to, version=F("version") + 1)
    if papers:
        tasks.update(unit=to, version=F("version") + 1)
        slips = Remittance.objects.filter(superior=unit, state=Remittance.State.SENT)
        slips.update(superior=to, superior_name=to.name, version=F("version") + 1)
        meetings_ahead(on).filter(unit=unit).update(unit=to, version=F("version") + 1)
        sent.filter(target=unit).update(target=to, version=F("version") + 1)
        SelfServiceLink.objects.filter(unit=unit, member=None).update(unit=to)
        Admission.objects.filter(unit=unit, member=None, state__in=UNDECIDED).update(unit=to, version=F("version") + 1)
        Activity.objects.filter(unit=unit, state=Activity.State.PLANNED, last_on__gte=on).update(unit=to)
    sent.filter(source=to, target=to).update(
        state=Transfer.State.WITHDRAWN, answered_on=on, answer="Hai đơn vị đã thành một", version=F("version") + 1
    )


def meetings_ahead(on: datetime.date):
    """Meetings planned for the day or later, their roll not opened yet: they can be held at another place."""
    return Meeting.objects.filter(state=Meeting.State.PLANNED, roll_opened_at=None).between(on, datetime.date.max)


def still_open(unit: Unit) -> tuple[int, int]:
    """(transfers not answered, admissions not finished): only the unit itself can bring these to an end."""
    waiting = Transfer.objects.filter(Q(source=unit) | Q(target=unit), state=Transfer.State.SENT)
    return waiting.count(), Admission.objects.filter(unit=unit, member=None, state__in=UNDECIDED).count()


def close_register(unit: Unit, *, on: datetime.date, decision: str, by) -> int:
    """Everybody leaves with the letter "giới thiệu đi nơi khác"; how many did."""
    rows = list(ahead_of(unit, on))
    open_rows = [row.pk for row in rows if row.ends_on is None]
    official = sorted({row.member_id for row in rows if row.kind == OFFICIAL and row.ends_on is None})
    for some in _batches(open_rows):
        Membership.objects.filter(pk__in=some).update(
            ends_on=on, end_reason=Membership.End.MOVED_OUT, end_decision=decision,
            end_note="Giới thiệu đi nơi khác khi giải thể đơn vị",
        )  # fmt: skip
    for some in _batches(official):
        gone = Member.objects.filter(pk__in=some)
        kept = list(gone.order_by("pk"))
        gone.update(is_active=False, version=F("version") + 1)
        for member in kept:
            member.is_active, member.version = False, member.version + 1
        Member.history.bulk_history_create(kept, batch_size=BATCH, update=True, default_user=by)
    return len(official)


def end_posts(unit: Unit, *, on: datetime.date, today: datetime.date, by) -> int:
    """End the posts of a unit that is no more; how many. Posts to come are taken back (history keeps them)."""
    posts = list(Post.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), unit=unit))
    for post in posts:
        post._history_user = by
        if post.starts_on > today:
            post.delete()
        else:
            # One begun on that day or after it was held for a day at least.
            post.ends_on = max(on, post.starts_on + datetime.timedelta(days=1))
            post.save()
    return len(posts)
