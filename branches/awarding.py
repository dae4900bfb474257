"""Verbs on awards of units and members, and what is read off them: years in a row."""

import datetime
from collections.abc import Collection, Iterable

from django.db import transaction

from branches.enrolling import EnrolmentRefused
from branches.formats import day
from branches.models import Award, Member, Unit
from branches.vietnamese import nfc

AWARD_FIELDS = ("kind", "title", "given_by", "number", "dated_on", "year")
TEXTS = ("title", "given_by", "number")
ROW = 2  # years in a row that are worth saying


class AwardRefused(EnrolmentRefused):
    """The award cannot be written so. `errors` maps a field ("" for the whole form) to a Vietnamese message."""


@transaction.atomic
def give_awards(
    *, unit: Unit, members: Collection[Member], to_unit: bool = False, by, on: datetime.date, **said
) -> list[Award]:
    """Write one decision down: an award for each of `members`, and one of the unit itself where `to_unit` says so.

    `said` are AWARD_FIELDS. Who has an award of this decision already is refused by name: nobody gets it twice.
    """
    # The unit is the lock: of two people writing one decision down, the second sees what the first wrote.
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if not members and not to_unit:
        raise AwardRefused({"members": "Hãy chọn ít nhất một người, hoặc đánh dấu khen cả đơn vị."})
    if any(not member.home.path.startswith(unit.path) or member.anonymised_on for member in members):
        raise AwardRefused({"members": f"Chỉ chọn đoàn viên của {unit.name}."})
    made = []
    for member in [None, *members] if to_unit else members:
        award = Award(unit=member.home if member else unit, member=member, written_by=by)
        _assign(award, said, on)
        made.append(award)
    if taken := sorted({_whose(one) for one in made if _same(one).exists()}):
        raise AwardRefused({"number": f"Đã ghi khen thưởng này cho {', '.join(taken)}. Hãy bỏ chọn hoặc xem lại."})
    for award in made:
        award.save()
    return made


@transaction.atomic
def change_award(*, award: Award, version: int, on: datetime.date, **said) -> Award:
    """Correct an award. Raises EditConflict when somebody was faster."""
    Unit.objects.select_for_update(no_key=True).get(pk=award.unit_id)
    award = Award.objects.select_related("unit", "member").get(pk=award.pk)
    award.claim(version)
    _assign(award, said, on)
    if _same(award).exists():
        raise AwardRefused({"number": f"Đã ghi khen thưởng này cho {_whose(award)}."})
    award.save()
    return award


@transaction.atomic
def drop_award(*, award: Award, version: int) -> None:
    """Take an award back that was written by mistake."""
    award = Award.objects.get(pk=award.pk)
    award.claim(version)
    award.delete()


def streaks(awards: Iterable[Award]) -> dict[int, int]:
    """By the key of each award: how many years in a row, up to its own, the same one got this kind of award."""
    awards = list(awards)
    years: dict[tuple, set[int]] = {}
    for one in awards:
        years.setdefault(_line(one), set()).add(one.year)
    found = {}
    for one in awards:
        count = 1
        while one.year - count in years[_line(one)]:
            count += 1
        found[one.pk] = count
    return found


def streak_words(count: int) -> str:
    """ "3 năm liền"; nothing for a single year."""
    return f"{count} năm liền" if count >= ROW else ""


def _line(award: Award) -> tuple:
    """Whose years are in one row: a member keeps the row when the branch changes."""
    return (award.member_id, award.kind) if award.member_id else (None, award.unit_id, award.kind)


def _whose(award: Award) -> str:
    return award.member.full_name if award.member else award.unit.name


def _same(award: Award):
    """Other awards of the same decision to the same one; without a number, of the same words and day."""
    rows = Award.objects.filter(kind=award.kind, dated_on=award.dated_on, member=award.member)
    rows = rows.filter(number=award.number) if award.number else rows.filter(number="", title=award.title)
    return (rows if award.member_id else rows.filter(unit=award.unit)).exclude(pk=award.pk)


def _assign(award: Award, said: dict, on: datetime.date) -> None:
    if unknown := set(said) - set(AWARD_FIELDS):
        raise TypeError(f"not a field of an award: {', '.join(sorted(unknown))}")
    for name, value in said.items():
        setattr(award, name, nfc(value).strip() if name in TEXTS else value)
    errors = {}
    if award.kind not in Award.Kind.values:
        errors["kind"] = "Hãy chọn hình thức khen."
    if not award.title:
        errors["title"] = "Hãy ghi khen về việc gì."
    if not award.given_by:
        errors["given_by"] = "Hãy ghi cấp nào khen."
    if award.dated_on > on:
        errors["dated_on"] = "Ngày này chưa đến."
    if award.year > award.dated_on.year:
        errors["year"] = f"Năm được khen không thể sau ngày quyết định {day(award.dated_on)}."
    if errors:
        raise AwardRefused(errors)
