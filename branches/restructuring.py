"""Verbs that change the organisation: found, move, rename, dissolve. Merging and splitting: merging.py.

Each writes the event and its decision, and keeps the history. A decision usually reaches the office after
the day it takes effect, so that day may be past; a day to come is refused, because rights follow the place
of a unit at once. `today` is left out only where old history is written down (tests, the demonstration).
"""

import copy
import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat, Substr

from branches.appointing import rights_below
from branches.carrying_over import ahead_of, carry_over, close_register, end_posts, still_open
from branches.dues.ending import take_over
from branches.models import Placement, Unit, UnitEvent
from branches.scoping import rights_at
from branches.vietnamese import nfc, plain

RESTRUCTURERS = {"approve", "administer"}


class RestructuringRefused(Exception):
    """The change is not possible; the message says why, in Vietnamese. `errors` maps a field to its message."""

    def __init__(self, message: str = "", field: str = "", errors: dict[str, str] | None = None):
        self.errors = errors or {field: message}
        super().__init__(" ".join(self.errors.values()))


# --- who may, and one at a time -------------------------------------------------------------------


def may_found_below(user, superior: Unit) -> bool:
    """Units are founded by the superior: whoever approves for or administers the units below it."""
    return not RESTRUCTURERS.isdisjoint(rights_below(user, superior))


def may_restructure(user, unit: Unit) -> bool:
    """Whether the user decides about this unit: an event is the superior's decision (Charter, 2.1 of domain.md).

    The right is the one of `may_found_below` at the superior. A unit without a superior is changed by
    those who administer it.
    """
    if unit.superior_pk is None:
        return "administer" in rights_at(user, unit)
    superior = Unit(path=unit.path[: unit.path.rstrip("/").rindex("/") + 1])
    return may_found_below(user, superior)


def check_may(by, units: Iterable[Unit]) -> None:
    for unit in units:
        if by is not None and not may_restructure(by, unit):
            raise RestructuringRefused(f"Việc này do Đoàn cấp trên của {unit.name} quyết định.")


def locked_units(*units: Unit | None) -> dict[int, Unit]:
    """These units as they stand now, by key; no other restructuring runs until the transaction ends.

    The tops of the tree are locked with them, always in the order of keys: two restructurings come one
    after the other, also when they touch different units of which one hangs above the other. An
    enrolment locks its branch and so waits for a merger of it.
    """
    tops = Placement.objects.filter(superior=None).values("unit")
    wanted = [unit.pk for unit in units if unit is not None]
    rows = Unit.objects.select_for_update(no_key=True).filter(Q(pk__in=wanted) | Q(pk__in=tops)).order_by("pk")
    return {unit.pk: unit for unit in rows}


def check_day(on: datetime.date, today: datetime.date | None, units: Iterable[Unit]) -> None:
    """The day must not be to come, and every unit must have stood before it and be living."""
    if today is not None and on > today:
        raise RestructuringRefused(
            f"Ngày hiệu lực {on:%d/%m/%Y} chưa đến. Hãy ghi từ ngày đó, vì quyền xem đổi ngay khi lưu.", "on"
        )
    began = dict(
        Placement.objects.filter(unit__in=[unit.pk for unit in units], ends_on=None).values_list("unit", "starts_on")
    )
    for unit in units:
        if unit.dissolved_on:
            raise RestructuringRefused(f"{unit.name} đã giải thể từ ngày {unit.dissolved_on:%d/%m/%Y}.")
        if unit.pk in began and on <= began[unit.pk]:
            raise RestructuringRefused(
                f"Ngày hiệu lực phải sau ngày {began[unit.pk]:%d/%m/%Y}, ngày {unit.name} về vị trí hiện nay.", "on"
            )


def check_superior(superior: Unit | None, on: datetime.date) -> None:
    """A superior must stand on the day the unit comes under it."""
    if superior is None:
        return
    if superior.dissolved_on:
        raise RestructuringRefused(f"{superior.name} đã giải thể từ ngày {superior.dissolved_on:%d/%m/%Y}.", "superior")
    founded = superior.placements.order_by("starts_on").values_list("starts_on", flat=True).first()
    if founded and founded > on:
        raise RestructuringRefused(f"{superior.name} thành lập ngày {founded:%d/%m/%Y}, sau ngày này.", "on")


def check_place(kind: str, superior: Unit | None) -> None:
    """Below a branch there is nothing but its groups."""
    if superior is not None and superior.is_branch and kind != Unit.Kind.SUB_BRANCH:
        raise RestructuringRefused(f"Dưới {superior.name} chỉ có phân đoàn. Hãy chọn đơn vị cấp trên khác.", "superior")


# --- verbs ----------------------------------------------------------------------------------------


@transaction.atomic
def found_unit(
    *,
    kind,
    name,
    code,
    superior,
    on: datetime.date,
    decision="",
    decided_on=None,
    by=None,
    today: datetime.date | None = None,
    **fields,
) -> Unit:
    """Found a unit under `superior` (None at the top) from the day `on`. Without a code it gets one of its name."""
    if superior is not None:
        superior = locked_units(superior)[superior.pk]
        if by is not None and not may_found_below(by, superior):
            raise RestructuringRefused(f"Bạn không thành lập được đơn vị trực thuộc {superior.name}.")
        check_superior(superior, on)
        if by is not None:
            check_place(kind, superior)
    check_day(on, today, ())
    unit = Unit(kind=kind, name=nfc(name), code=code or free_code(name), **fields)
    _clean(unit)
    unit.save()
    unit.path = f"{superior.path if superior else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    Placement.objects.create(unit=unit, superior=superior, starts_on=on)
    UnitEvent.objects.create(
        unit=unit,
        kind=UnitEvent.Kind.FOUND,
        takes_effect_on=on,
        decision=decision,
        decided_on=decided_on,
        other=superior,
    )
    return unit


@transaction.atomic
def move_unit(
    *, unit: Unit, superior: Unit, on: datetime.date, decision: str, decided_on=None, by=None, today=None
) -> UnitEvent:
    """Hang the unit, with everything below it, under another superior from the day `on`.

    What it did before stays in the totals of the old superior; rights follow the new place at once.
    """
    units = locked_units(unit, superior)
    unit, superior = units[unit.pk], units[superior.pk]
    check_may(by, [unit])
    if by is not None and not may_found_below(by, superior):
        raise RestructuringRefused(f"Bạn không nhận được đơn vị về {superior.name}.", "superior")
    if superior.path.startswith(unit.path):
        raise RestructuringRefused(
            "Không thể chuyển một đơn vị về dưới chính nó hoặc đơn vị cấp dưới của nó.", "superior"
        )
    check_superior(superior, on)
    check_place(unit.kind, superior)
    check_day(on, today, ())
    open_placement = Placement.objects.filter(unit=unit, ends_on=None).first()
    if open_placement is None:
        raise RestructuringRefused("Đơn vị đã giải thể, không chuyển được.")
    if open_placement.superior_id == superior.pk:
        raise RestructuringRefused(f"{unit.name} đang trực thuộc {superior.name}.", "superior")
    if on <= open_placement.starts_on:
        raise RestructuringRefused(f"Ngày chuyển phải sau ngày {open_placement.starts_on:%d/%m/%Y}.", "on")
    return _hang(open_placement, unit, superior, on, decision, decided_on)


def _hang(placement: Placement, unit: Unit, superior: Unit, on, decision, decided_on) -> UnitEvent:
    Placement.objects.filter(pk=placement.pk).update(ends_on=on)
    Placement.objects.create(unit=unit, superior=superior, starts_on=on)
    _repath(unit, superior)
    return UnitEvent.objects.create(
        unit=unit,
        kind=UnitEvent.Kind.REPARENT,
        takes_effect_on=on,
        decision=decision,
        decided_on=decided_on,
        other=superior,
    )


def _repath(unit: Unit, superior: Unit) -> None:
    old_path, new_path = unit.path, f"{superior.path}{unit.pk}/"
    Unit.objects.filter(path__startswith=old_path).update(
        path=Concat(Value(new_path), Substr(F("path"), len(old_path) + 1))
    )
    unit.path = new_path


def rehang(placement: Placement, superior: Unit, on: datetime.date, decision: str, decided_on) -> None:
    """Hang a unit elsewhere because its superior ends. One that came after that day was never under the old."""
    if placement.starts_on < on:
        _hang(placement, placement.unit, superior, on, decision, decided_on)
    else:
        Placement.objects.filter(pk=placement.pk).update(superior=superior)
        _repath(placement.unit, superior)


@transaction.atomic
def rename_unit(
    *, unit: Unit, name: str, on: datetime.date, decision: str, decided_on=None, by=None, today=None
) -> UnitEvent:
    """Give the unit a new name from the day `on`; papers of earlier days keep the old one."""
    unit = locked_units(unit)[unit.pk]
    check_may(by, [unit])
    check_day(on, today, ())
    if unit.dissolved_on:
        raise RestructuringRefused(f"{unit.name} đã giải thể từ ngày {unit.dissolved_on:%d/%m/%Y}.")
    name = nfc(name).strip()
    if name == unit.name:
        raise RestructuringRefused("Tên mới giống tên đang dùng.", "name")
    before = unit.events.filter(kind__in=[UnitEvent.Kind.RENAME, UnitEvent.Kind.FOUND]).order_by("-takes_effect_on")
    last = before.first()
    if last is not None and on <= last.takes_effect_on:
        raise RestructuringRefused(
            f"Hãy ghi ngày sau {last.takes_effect_on:%d/%m/%Y}, ngày {last.get_kind_display().lower()} trước đó.", "on"
        )
    event = UnitEvent.objects.create(
        unit=unit,
        kind=UnitEvent.Kind.RENAME,
        takes_effect_on=on,
        decision=decision,
        decided_on=decided_on,
        old_name=unit.name,
    )
    unit.name, unit.printed_lines = name, ""
    _clean(unit)
    unit.save()
    return event


@transaction.atomic
def dissolve_unit(
    *,
    unit: Unit,
    on: datetime.date,
    decision: str,
    decided_on=None,
    by=None,
    today=None,
    members_to: Unit | None = None,
    sends_members_away: bool = False,
) -> UnitEvent:
    """End the unit from the day `on`. Its place, papers and totals stay as they were.

    Its members go with their history to the branch `members_to`, or leave the register with the
    letter "giới thiệu đi nơi khác"; with members and neither of the two it is refused. That branch, or without
    it the superior, takes over the fund, the dues and what inspectors asked.
    """
    units = locked_units(unit, members_to, Unit(pk=unit.superior_pk) if unit.superior_pk else None)
    unit = units[unit.pk]
    check_may(by, [unit])
    check_day(on, today, [unit])
    if Unit.objects.filter(dissolved_on=None, path__startswith=unit.path).exclude(pk=unit.pk).exists():
        raise RestructuringRefused("Còn đơn vị trực thuộc. Hãy chuyển các đơn vị đó trước.")
    if members_to is not None:
        _carry_to(unit, units[members_to.pk], on, decision, by)
    elif sends_members_away:
        _check_closable(unit, on)
        close_register(unit, on=on, decision=decision, by=by)
    elif count := ahead_of(unit, on).values("member").distinct().count():
        raise RestructuringRefused(f"Còn {count} đoàn viên. Hãy chọn nơi các đoàn viên chuyển đến.", "members_to")
    end_posts(unit, on=on, today=today or on, by=by)
    end_unit(unit, on)
    event = UnitEvent.objects.create(
        unit=unit,
        kind=UnitEvent.Kind.DISSOLVE,
        takes_effect_on=on,
        decision=decision,
        decided_on=decided_on,
        other=members_to,
    )
    heir = units.get(members_to.pk if members_to else unit.superior_pk)
    if heir is not None:
        take_over(unit, heir, on=on, by=by)
        event.heir = heir
    return event


def _carry_to(unit: Unit, branch: Unit, on, decision, by) -> None:
    if not branch.is_branch or branch.pk == unit.pk or not unit.is_branch:
        raise RestructuringRefused("Hãy chọn một chi đoàn khác để nhận đoàn viên.", "members_to")
    if by is not None and not may_restructure(by, branch):
        raise RestructuringRefused(f"Bạn không chuyển được đoàn viên về {branch.name}.", "members_to")
    check_superior(branch, on)
    carry_over(unit, branch, on=on, decision=decision, by=by)


def _check_closable(unit: Unit, on: datetime.date) -> None:
    """Nobody can be sent away who came after that day, or whose paper only the unit can finish."""
    if ahead_of(unit, on).filter(starts_on__gte=on).exists():
        raise RestructuringRefused(f"Có đoàn viên vào {unit.name} từ ngày này trở đi. Hãy xem lại ngày.", "on")
    transfers, admissions = still_open(unit)
    if transfers:
        raise RestructuringRefused(f"Còn {transfers} giấy chuyển sinh hoạt chưa trả lời. Hãy giải quyết trước.")
    if admissions:
        raise RestructuringRefused(f"Còn {admissions} hồ sơ kết nạp đang xét. Hãy giải quyết trước.")


def end_unit(unit: Unit, on: datetime.date) -> None:
    Placement.objects.filter(unit=unit, ends_on=None).update(ends_on=on)
    unit.dissolved_on = on
    unit.save()


def _clean(unit: Unit) -> None:
    try:
        unit.full_clean(exclude=["path", "sort_key"])
    except ValidationError as error:
        said = {name: messages[0] for name, messages in error.message_dict.items()}
        if "code" in said and Unit.objects.filter(code=unit.code).exclude(pk=unit.pk).exists():
            said["code"] = "Mã này đã có đơn vị khác dùng. Hãy ghi mã khác, hoặc để trống."
        raise RestructuringRefused(errors=said) from error


def free_code(name: str) -> str:
    """A code that nobody has yet, of the words of the name: "chi-doan-so-y-te", "chi-doan-so-y-te-2"."""
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in plain(name)).split()
    wanted = "-".join(words)[:34].strip("-") or "don-vi"
    taken = set(Unit.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    if wanted not in taken:
        return wanted
    return next(f"{wanted}-{number}" for number in range(2, len(taken) + 3) if f"{wanted}-{number}" not in taken)


# --- names of the day -----------------------------------------------------------------------------


def name_on(unit: Unit, day: datetime.date) -> str:
    """What the unit was called on the day."""
    return names_on([unit.pk], day).get(unit.pk, unit.name)


def as_called(unit: Unit, day: datetime.date, *, today: datetime.date) -> Unit:
    """The unit under its name of the day, for pages about a past period; never saved. No query for today."""
    if day >= today or (name := name_on(unit, day)) == unit.name:
        return unit
    called = copy.copy(unit)
    called.name = name
    return called


def old_name(unit_key: str, day: datetime.date | OuterRef) -> Subquery:
    """Annotates rows with what their unit was called on the day, None where the name is still the same."""
    later = UnitEvent.objects.filter(
        unit=OuterRef(unit_key), kind=UnitEvent.Kind.RENAME, takes_effect_on__gt=day
    ).order_by("takes_effect_on", "pk")
    return Subquery(later.values("old_name")[:1])


def names_on(units: Iterable[int], day: datetime.date) -> dict[int, str]:
    """The names of units that have another one now: {unit: what it was called on the day}. One query."""
    later = UnitEvent.objects.filter(unit__in=units, kind=UnitEvent.Kind.RENAME, takes_effect_on__gt=day)
    # The first renaming after the day tells what was written until then: it comes last and stays.
    return dict(later.order_by("-takes_effect_on", "-pk").values_list("unit", "old_name"))
