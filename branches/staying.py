"""Verbs on a stay: a member takes part at another branch for a while, or where they live, and stays on the home roll.

A stay never counts: members are counted where they belong (register.py). A stay at a place that has no unit
here is an AwayStay: it says where the member reported to be, and nobody hosts them in the software.
"""

import datetime

from django.db import transaction

from branches.enrolling import EnrolmentRefused
from branches.formats import day
from branches.leaving import close_membership, locked, official_membership
from branches.models import AwayStay, Member, Membership, Unit
from branches.vietnamese import nfc, plain

Kind = Membership.Kind
STAYS = (Kind.TEMPORARY, Kind.RESIDENCE)


@transaction.atomic
def begin_stay(
    *, member: Member, unit: Unit | None, kind: str, starts_on: datetime.date, decision: str = "", on: datetime.date
) -> Membership:
    """The member takes part at `unit` from `starts_on`, beside the home branch. `on` is today."""
    member = locked(member)
    home = official_membership(member)
    errors = {}
    if kind not in STAYS:
        errors["kind"] = "Hãy chọn sinh hoạt tạm thời hoặc nơi cư trú."
    if unit is None:
        errors["where"] = "Hãy chọn nơi sinh hoạt."
    elif unit.pk == home.unit_id:
        errors["where"] = f"{member.full_name} sinh hoạt chính thức tại {unit.name}. Hãy chọn nơi khác."
    elif not unit.is_branch:
        errors["where"] = f"Hãy chọn một chi đoàn trong {unit.name}."
    elif unit.dissolved_on and unit.dissolved_on <= starts_on:
        errors["where"] = f"{unit.name} đã giải thể từ {day(unit.dissolved_on)}."
    elif member.memberships.filter(unit=unit, kind__in=STAYS, ends_on=None).exists():
        errors["where"] = f"{member.full_name} đang sinh hoạt tại {unit.name} rồi."
    if starts_on > on:
        errors["starts_on"] = "Ngày này chưa đến."
    elif starts_on < home.starts_on:
        errors["starts_on"] = f"Hãy ghi ngày từ {day(home.starts_on)}, ngày vào chi đoàn, trở đi."
    if errors:
        raise EnrolmentRefused(errors)
    return Membership.objects.create(
        member=member,
        unit=unit,
        kind=kind,
        starts_on=starts_on,
        begin_reason=Membership.Begin.MOVED_IN,
        decision=decision.strip(),
    )


@transaction.atomic
def end_stay(*, stay: Membership, ends_on: datetime.date, note: str = "", on: datetime.date) -> Membership:
    """The stay is over: `ends_on` is the first day without it. Written by the home branch or by the host."""
    locked(stay.member)
    stay = Membership.objects.select_related("unit").get(pk=stay.pk)
    if stay.kind not in STAYS:
        raise TypeError("an official membership ends with leaving.leave")
    if stay.ends_on is not None:
        raise EnrolmentRefused({"": f"Việc này đã kết thúc từ {day(stay.ends_on)}."})
    if ends_on > on:
        raise EnrolmentRefused({"ends_on": "Ngày này chưa đến."})
    if ends_on <= stay.starts_on:
        raise EnrolmentRefused({"ends_on": f"Hãy ghi ngày sau {day(stay.starts_on)}, ngày bắt đầu."})
    close_membership(stay, on=ends_on, reason=Membership.End.MOVED_OUT, decision="", note=note.strip())
    return stay


@transaction.atomic
def begin_away(
    *, member: Member, place: str, kind: str, starts_on: datetime.date, decision: str = "", by, on: datetime.date
) -> AwayStay:
    """The member reported being at a place outside the software from `starts_on`. `on` is today."""
    member = locked(member)
    home = official_membership(member)
    place = nfc(place).strip()
    errors = {}
    if kind not in STAYS:
        errors["kind"] = "Hãy chọn sinh hoạt tạm thời hoặc nơi cư trú."
    if not place:
        errors["where"] = "Hãy ghi nơi sinh hoạt."
    elif any(plain(one.place) == plain(place) for one in member.away_stays.filter(ends_on=None)):
        errors["where"] = f"{member.full_name} đang sinh hoạt tại {place} rồi."
    if starts_on > on:
        errors["starts_on"] = "Ngày này chưa đến."
    elif starts_on < home.starts_on:
        errors["starts_on"] = f"Hãy ghi ngày từ {day(home.starts_on)}, ngày vào chi đoàn, trở đi."
    if errors:
        raise EnrolmentRefused(errors)
    return AwayStay.objects.create(
        member=member, kind=kind, place=place, starts_on=starts_on, decision=nfc(decision).strip(), written_by=by
    )


@transaction.atomic
def end_away(*, stay: AwayStay, ends_on: datetime.date, note: str = "", on: datetime.date) -> AwayStay:
    """The member is back: `ends_on` is the first day no longer there. Written by the home branch."""
    locked(stay.member)
    stay = AwayStay.objects.get(pk=stay.pk)
    if stay.ends_on is not None:
        raise EnrolmentRefused({"": f"Việc này đã kết thúc từ {day(stay.ends_on)}."})
    if ends_on > on:
        raise EnrolmentRefused({"ends_on": "Ngày này chưa đến."})
    if ends_on <= stay.starts_on:
        raise EnrolmentRefused({"ends_on": f"Hãy ghi ngày sau {day(stay.starts_on)}, ngày bắt đầu."})
    stay.ends_on, stay.note = ends_on, nfc(note).strip()
    stay.save()
    return stay
