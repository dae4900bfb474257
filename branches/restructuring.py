"""Verbs that change the organisation. Each writes the event and its decision, and keeps the history."""

import datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from branches.models import Placement, Unit, UnitEvent


class RestructuringRefused(Exception):
    """The change is not possible; the message says why, in Vietnamese."""


@transaction.atomic
def found_unit(*, kind, name, code, superior, on: datetime.date, decision="", decided_on=None, **fields) -> Unit:
    """Found a unit under `superior` (None at the top) from the day `on`."""
    unit = Unit(kind=kind, name=name, code=code, **fields)
    unit.full_clean(exclude=["path", "sort_key"])
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
def move_unit(*, unit: Unit, superior: Unit, on: datetime.date, decision: str, decided_on=None) -> UnitEvent:
    """Hang the unit, with everything below it, under another superior from the day `on`.

    What it did before stays in the totals of the old superior; rights follow the new place at once.
    """
    # One restructuring at a time: the whole tree below moves with it.
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    superior = Unit.objects.get(pk=superior.pk)
    if superior.path.startswith(unit.path):
        raise RestructuringRefused("Không thể chuyển một đơn vị về dưới chính nó hoặc đơn vị cấp dưới của nó.")
    open_placement = Placement.objects.filter(unit=unit, ends_on=None).first()
    if open_placement is None:
        raise RestructuringRefused("Đơn vị đã giải thể, không chuyển được.")
    if open_placement.superior_id == superior.pk:
        raise RestructuringRefused(f"{unit.name} đang trực thuộc {superior.name}.")
    if on <= open_placement.starts_on:
        raise RestructuringRefused(f"Ngày chuyển phải sau ngày {open_placement.starts_on:%d/%m/%Y}.")
    Placement.objects.filter(pk=open_placement.pk).update(ends_on=on)
    Placement.objects.create(unit=unit, superior=superior, starts_on=on)
    old_path, new_path = unit.path, f"{superior.path}{unit.pk}/"
    Unit.objects.filter(path__startswith=old_path).update(
        path=Concat(Value(new_path), Substr(F("path"), len(old_path) + 1))
    )
    return UnitEvent.objects.create(
        unit=unit,
        kind=UnitEvent.Kind.REPARENT,
        takes_effect_on=on,
        decision=decision,
        decided_on=decided_on,
        other=superior,
    )


@transaction.atomic
def rename_unit(*, unit: Unit, name: str, on: datetime.date, decision: str, decided_on=None) -> UnitEvent:
    """Give the unit a new name from the day `on`; papers of earlier days keep the old one."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    event = UnitEvent.objects.create(
        unit=unit,
        kind=UnitEvent.Kind.RENAME,
        takes_effect_on=on,
        decision=decision,
        decided_on=decided_on,
        old_name=unit.name,
    )
    unit.name, unit.printed_lines = name, ""
    unit.full_clean(exclude=["path", "sort_key"])
    unit.save()
    return event


@transaction.atomic
def dissolve_unit(*, unit: Unit, on: datetime.date, decision: str, decided_on=None) -> UnitEvent:
    """End the unit from the day `on`. Its place, papers and totals stay as they were."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if Unit.objects.living(on).filter(path__startswith=unit.path).exclude(pk=unit.pk).exists():
        raise RestructuringRefused("Còn đơn vị trực thuộc. Hãy chuyển các đơn vị đó trước.")
    Placement.objects.filter(unit=unit, ends_on=None).update(ends_on=on)
    unit.dissolved_on = on
    unit.save()
    return UnitEvent.objects.create(
        unit=unit, kind=UnitEvent.Kind.DISSOLVE, takes_effect_on=on, decision=decision, decided_on=decided_on
    )


def name_on(unit: Unit, day: datetime.date) -> str:
    """What the unit was called on the day."""
    later = unit.events.filter(kind=UnitEvent.Kind.RENAME, takes_effect_on__gt=day)
    first = later.order_by("takes_effect_on", "pk").first()
    return first.old_name if first else unit.name
