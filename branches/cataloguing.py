"""The verb on the catalogue: a unit adds something to count that the catalogue lacks."""

from django.db import models, transaction
from django.db.models import Q

from branches.models import Indicator, Unit, WorkArea
from branches.planning import PlanningRefused
from branches.vietnamese import lower, nfc


@transaction.atomic
def add_indicator(
    *, by, unit: Unit, year: int, name: str, unit_word: str, measure: str, area: WorkArea, lower_is_better=False
) -> Indicator:
    """Add something to count that the catalogue lacks; the unit and everything below it may use it from `year`."""
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    name, unit_word = nfc(name), nfc(unit_word)
    errors = {}
    if not name:
        errors["name"] = "Hãy ghi tên chỉ tiêu."
    if measure == Indicator.Measure.MONEY:
        unit_word = "đồng"
    elif measure == Indicator.Measure.YES_NO:
        unit_word = unit_word or "có/không"
    elif not unit_word:
        errors["unit_word"] = "Hãy ghi đơn vị tính, ví dụ buổi, lượt người, suất."
    if any(lower(known) == lower(name) for known in _names_in_use(unit, year)):
        errors["name"] = "Danh mục đã có chỉ tiêu này. Hãy tìm trong bảng và ghi mức vào đó."
    if errors:
        raise PlanningRefused(errors)
    shape = {
        Indicator.Measure.SHARE: {"over_time": Indicator.OverTime.LAST, "subject": unit_word},
        Indicator.Measure.YES_NO: {
            "over_time": Indicator.OverTime.MAX,
            "over_units": Indicator.OverUnits.SHARE_OF_UNITS,
        },
    }.get(measure, {})
    indicator = Indicator(
        code=_own_code(unit),
        first_year=year,
        area=area,
        position=90,
        name=name,
        unit_word=unit_word,
        measure=measure,
        lower_is_better=lower_is_better,
        owner=unit,
        **shape,
    )
    indicator.full_clean()
    indicator.save()
    return indicator


def _names_in_use(unit: Unit, year: int) -> models.QuerySet:
    mine = Indicator.objects.filter(Q(first_year__gte=year), owner=unit)
    return (Indicator.objects.of_year(year).usable_by(unit) | mine).values_list("name", flat=True)


def _own_code(unit: Unit) -> str:
    """Never used before, also not by an indicator of the unit that has been taken out again."""
    used = Indicator.objects.filter(code__startswith=f"own-{unit.pk}-").values_list("code", flat=True)
    highest = max((int(code.rsplit("-", 1)[1]) for code in used), default=0)
    return f"own-{unit.pk}-{highest + 1}"
