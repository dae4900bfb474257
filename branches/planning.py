"""Verbs on the plan: set, revise and remove targets, copy last year's plan, add an indicator of one's own.

Saving a whole grid is in plan_saving.py, which calls these.
"""

import datetime
from decimal import Decimal

from django.db import transaction

from branches.aims import AimRefused, WrittenAim, aim_of_target, aim_text, check_aim, parse_aim
from branches.models import Direction, Indicator, Member, Period, Quantity, Target, TargetRevision, Unit
from branches.vietnamese import nfc

__all__ = [
    "AimRefused",
    "PlanningRefused",
    "WrittenAim",
    "aim_text",
    "codes_with_results",
    "copy_plan",
    "hand_down",
    "parse_aim",
    "remove_target",
    "revise_target",
    "set_target",
]

DETAILS = ("note", "owner", "due_on", "origin", "direction", "document")


class PlanningRefused(Exception):
    """The change is not possible. `errors` maps a field ("" for the whole form) to a Vietnamese message."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(" ".join(errors.values()))
        self.errors = errors


@transaction.atomic
def set_target(
    *,
    by,
    unit: Unit,
    period: Period,
    indicator: Indicator,
    comparator: str,
    value: Decimal | None = None,
    value_to: Decimal | None = None,
    assigned: WrittenAim | None = None,
    registered_value: Decimal | None = None,
    position: int = 50,
    note: str = "",
    owner: Member | None = None,
    due_on: datetime.date | None = None,
    origin: str = Target.Origin.OWN,
    direction: Direction | None = None,
    superior_target: Target | None = None,
    document: str = "",
) -> Target:
    """Set a target of a unit for a period; for a share the values are percent.

    What the unit itself sets is also what it registers; what was handed down to it is `assigned`. A part
    ("trong đó") finds its whole by the catalogue and hangs under it.
    """
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    aim = _checked(WrittenAim(comparator, value, value_to), indicator)
    details = {
        "note": note,
        "owner": owner,
        "due_on": due_on,
        "origin": origin,
        "direction": direction,
        "document": document,
    }
    _refuse_wrong_place(unit, period, indicator)
    _refuse_wrong_details(unit, period, details)
    same = Target.objects.filter(unit=unit, indicator__code=indicator.code).of_period(period)
    if same.exists():
        raise PlanningRefused(
            {"": f"“{indicator.name}” đã có chỉ tiêu trong {_in_words(period)}. Hãy sửa chỉ tiêu đó."}
        )
    target = Target(
        unit=unit,
        period=period,
        indicator=indicator,
        comparator=aim.comparator,
        value=aim.value,
        value_to=aim.value_to,
        position=position,
        superior_target=superior_target,
        registered_value=aim.value if registered_value is None and not superior_target else registered_value,
        **details,
    )
    if assigned:
        _assign(target, assigned)
    target._history_user = by
    target.save()
    _hang_parts(target)
    return target


def _assign(target: Target, aim: WrittenAim) -> None:
    target.assigned_comparator, target.assigned_value, target.assigned_value_to = (
        aim.comparator,
        aim.value,
        aim.value_to,
    )


@transaction.atomic
def revise_target(
    *,
    target: Target,
    version: int,
    by,
    on: datetime.date,
    comparator: str,
    value: Decimal | None = None,
    value_to: Decimal | None = None,
    reason: str = "",
    document: str = "",
    details: dict | None = None,
    has_results: bool | None = None,
) -> Target:
    """Give the target another value, keeping the old one with the reason and the document behind the change.

    A reason is required once results exist. `details` changes the rest (see DETAILS) and needs no
    reason. Raises EditConflict when somebody saved the target after `version`.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=target.unit_id)
    target = Target.objects.select_related("unit", "period", "indicator").get(pk=target.pk)
    target.claim(version)
    aim, old = _checked(WrittenAim(comparator, value, value_to), target.indicator), aim_of_target(target)
    if details:
        _refuse_wrong_details(target.unit, target.period, details)
        for name in DETAILS:
            if name in details:
                setattr(target, name, details[name])
    if aim != old:
        if not reason.strip() and _has_results(target, on, has_results):
            raise PlanningRefused({"reason": "Đã có kết quả của chỉ tiêu này. Hãy ghi lý do điều chỉnh."})
        target.comparator, target.value, target.value_to = aim.comparator, aim.value, aim.value_to
        TargetRevision.objects.create(
            target=target,
            old_comparator=old.comparator,
            old_value=old.value,
            old_value_to=old.value_to,
            comparator=aim.comparator,
            value=aim.value,
            value_to=aim.value_to,
            reason=nfc(reason),
            document=nfc(document),
            revised_on=on,
            revised_by=by,
        )
    target._history_user = by
    target.save()
    return target


@transaction.atomic
def remove_target(
    *, target: Target, version: int, by, on: datetime.date, reason: str = "", has_results: bool | None = None
) -> None:
    """Take a target out of the plan; its results stay. A reason is required once results exist."""
    Unit.objects.select_for_update(no_key=True).get(pk=target.unit_id)
    target = Target.objects.select_related("unit", "period", "indicator").get(pk=target.pk)
    target.claim(version)
    if not reason.strip() and _has_results(target, on, has_results):
        raise PlanningRefused({"reason": "Đã có kết quả của chỉ tiêu này. Hãy ghi lý do bỏ chỉ tiêu."})
    if target.superior_target_id:
        raise PlanningRefused({"": "Chỉ tiêu này do cấp trên giao. Cấp trên bỏ giao thì mới bỏ được."})
    if count := target.handed_down.count():
        raise PlanningRefused({"": f"Chỉ tiêu này đang giao cho {count} đơn vị. Hãy bỏ giao trước."})
    target.parts.update(parent=None)
    target._history_user = by
    target._change_reason = nfc(reason)[:100]
    target.delete()


@transaction.atomic
def copy_plan(*, unit: Unit, from_period: Period, to_period: Period, by) -> list[Target]:
    """Copy the values of one plan into another; what the new plan already has stays as it is.

    Values, order, parts, notes and owners are copied, due days move by the years between the two.
    Results, revisions, assigned values and directions belong to the old year and stay there. Of an
    indicator that has left the catalogue nothing is copied.
    """
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    old = list(Target.objects.filter(unit=unit).of_period(from_period).select_related("indicator", "owner").in_order())
    if not old:
        raise PlanningRefused({"": f"{from_period.name} chưa có chỉ tiêu nào để chép."})
    taken = set(Target.objects.filter(unit=unit).of_period(to_period).values_list("indicator__code", flat=True))
    catalogue = {row.code: row for row in Indicator.objects.of_year(to_period.year_number).usable_by(unit)}
    made = []
    for target in old:
        indicator = catalogue.get(target.indicator.code)
        if indicator is None or indicator.code in taken:
            continue
        owner = target.owner if target.owner and target.owner.is_active else None
        made.append(
            set_target(
                by=by,
                unit=unit,
                period=to_period,
                indicator=indicator,
                comparator=target.comparator,
                value=target.value,
                value_to=target.value_to,
                position=target.position,
                note=target.note,
                owner=owner if owner and owner.home_id == unit.pk else None,
                due_on=_moved_due(target.due_on, from_period, to_period),
            )
        )
    return made


@transaction.atomic
def hand_down(
    *, by, target: Target, unit: Unit, on: datetime.date, comparator: str, value=None, value_to=None, document=""
) -> Target:
    """Give a unit below its part of the superior's target. What the unit registered itself stays.

    A unit that has no such target gets one with this value; one that has keeps its own figure and sees
    the assigned one beside it. Handing down again replaces the assigned value.
    """
    if unit.pk == target.unit_id or not unit.path.startswith(target.unit.path):
        raise PlanningRefused({"": f"{unit.name} không trực thuộc {target.unit.name}."})
    aim = _checked(WrittenAim(comparator, value, value_to), target.indicator)
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    there = Target.objects.filter(unit=unit, indicator__code=target.indicator.code).of_period(target.period).first()
    if there is None:
        return set_target(
            by=by,
            unit=unit,
            period=target.period,
            indicator=target.indicator,
            comparator=aim.comparator,
            value=aim.value,
            value_to=aim.value_to,
            assigned=aim,
            origin=Target.Origin.SUPERIOR,
            superior_target=target,
            document=document,
        )
    there.claim(there.version)
    _assign(there, aim)
    there.superior_target = target
    there.document = document or there.document
    there._history_user = by
    there.save()
    return there


def codes_with_results(unit: Unit, period: Period, *, on: datetime.date) -> set[str]:
    """Indicators with a result at the unit or below it in the period; register figures once it has begun."""
    return set(_results(unit, period).values_list("indicator__code", flat=True).distinct()) | (
        set(
            Indicator.objects.filter(source=Indicator.Source.REGISTER).values_list("code", flat=True)
            if period.starts_on <= on
            else ()
        )
    )


def _results(unit, period):
    return (
        Quantity.objects.counted()
        .filter(
            activity__unit__path__startswith=unit.path,
            activity__last_on__gte=period.starts_on,
            activity__last_on__lt=period.ends_on,
        )
        .order_by()
    )


def _has_results(target: Target, on: datetime.date, known: bool | None) -> bool:
    if known is not None:
        return known
    if target.indicator.source == Indicator.Source.REGISTER:
        return target.period.starts_on <= on
    return _results(target.unit, target.period).filter(indicator__code=target.indicator.code).exists()


def _checked(aim: WrittenAim, indicator: Indicator) -> WrittenAim:
    try:
        return check_aim(aim, indicator)
    except AimRefused as error:
        raise PlanningRefused({"aim": str(error)}) from error


def _refuse_wrong_place(unit: Unit, period: Period, indicator: Indicator) -> None:
    if unit.dissolved_on and unit.dissolved_on <= period.starts_on:
        raise PlanningRefused({"": f"{unit.name} đã giải thể từ ngày {unit.dissolved_on:%d/%m/%Y}."})
    if period.unit_id and period.unit_id not in _path_pks(unit):
        raise PlanningRefused({"": f"{period.name} không phải nhiệm kỳ của {unit.name}."})
    year = period.year_number
    if indicator.first_year > year or (indicator.last_year is not None and indicator.last_year < year):
        raise PlanningRefused({"": f"“{indicator.name}” không có trong danh mục năm {year}."})
    if indicator.owner_id and indicator.owner_id not in _path_pks(unit):
        raise PlanningRefused({"": f"“{indicator.name}” là chỉ tiêu riêng của đơn vị khác."})


def _refuse_wrong_details(unit: Unit, period: Period, details: dict) -> None:
    errors = {}
    owner, due_on, direction = details.get("owner"), details.get("due_on"), details.get("direction")
    if owner and not owner.home.path.startswith(unit.path):
        errors["owner"] = f"Người phụ trách phải sinh hoạt tại {unit.name}."
    if due_on and not period.covers(due_on):
        errors["due_on"] = f"Hạn phải từ {period.starts_on:%d/%m/%Y} đến {period.last_day:%d/%m/%Y}."
    if details.get("origin") == Target.Origin.DIRECTION and direction is None:
        errors["direction"] = "Hãy chọn chỉ đạo mà chỉ tiêu này trả lời."
    if direction and direction.unit_id not in _path_pks(unit):
        errors["direction"] = "Chỉ đạo này giao cho đơn vị khác."
    if errors:
        raise PlanningRefused(errors)


def _hang_parts(target: Target) -> None:
    """Tie wholes and parts of one plan together, whichever of them was set first."""
    siblings = Target.objects.filter(unit=target.unit).of_period(target.period).exclude(pk=target.pk)
    if target.indicator.of_id:
        whole = siblings.filter(indicator__code=target.indicator.of.code).first()
        if whole is not None:
            Target.objects.filter(pk=target.pk).update(parent=whole)
            target.parent = whole
    siblings.filter(indicator__of__code=target.indicator.code, parent=None).update(parent=target)


def _moved_due(due_on, from_period: Period, to_period: Period):
    if due_on is None:
        return None
    year = due_on.year + to_period.starts_on.year - from_period.starts_on.year
    try:
        moved = due_on.replace(year=year)
    except ValueError:  # 29/02 in a year without one
        moved = datetime.date(year, 2, 28)
    return moved if to_period.covers(moved) else None


def _path_pks(unit: Unit) -> list[int]:
    return [int(step) for step in unit.path.strip("/").split("/")]


def _in_words(period: Period) -> str:
    return period.name[:1].lower() + period.name[1:]
