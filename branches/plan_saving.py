"""Saving a plan typed as a grid: every row or none, and never over somebody else's change."""

import datetime
from dataclasses import dataclass, field

from django.db import transaction

from branches.aims import WrittenAim
from branches.models import EditConflict, Indicator, Period, Target, Unit
from branches.planning import PlanningRefused, codes_with_results, remove_target, revise_target, set_target

REASON_WANTED = "Đã có kết quả của {names}. Hãy ghi lý do điều chỉnh rồi lưu lại."


@dataclass(frozen=True)
class PlanRow:
    """One row a person touched. No aim means no target; no version means there was none on the page."""

    indicator: Indicator
    aim: WrittenAim | None
    version: int | None = None
    details: dict = field(default_factory=dict)


@dataclass
class SavedPlan:
    added: int = 0
    revised: int = 0
    removed: int = 0

    def __bool__(self):
        return bool(self.added or self.revised or self.removed)


class GridRefused(PlanningRefused):
    """Nothing was saved. `rows` maps an indicator's key to {field: message}; `meanwhile` to the target as
    it stands now (None when it is gone), for rows that somebody else changed after the page was opened.
    """

    def __init__(self, errors, rows, meanwhile):
        super().__init__(errors)
        self.rows, self.meanwhile = rows, meanwhile


@transaction.atomic
def save_plan(
    *, by, unit: Unit, period: Period, rows: list[PlanRow], on: datetime.date, reason: str = "", document: str = ""
) -> SavedPlan:
    """Save the touched rows of a plan: set, revise or remove targets, in one transaction.

    `reason` and `document` are those of every change in this save; the reason is required as soon as one
    changed row has results. Raises GridRefused with the answers of all rows together.
    """
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    standing = {
        target.indicator.code: target
        for target in Target.objects.filter(unit=unit)
        .of_period(period)
        .select_related("indicator", "unit", "period")
        .order_by("pk")
    }
    with_results = codes_with_results(unit, period, on=on)
    saved, errors, meanwhile, unexplained = SavedPlan(), {}, {}, []
    # A whole is set before its parts and a part goes before its whole, whatever the order on the page.
    for row in sorted(rows, key=lambda row: (row.indicator.of_id is not None) == (row.aim is not None)):
        target = standing.get(row.indicator.code)
        if (target.version if target else None) != row.version:
            if _is_as_wanted(target, row):
                continue
            meanwhile[row.indicator.pk] = target
            continue
        try:
            with transaction.atomic():  # a refused row leaves nothing behind while the others are still tried
                _save_row(saved, target, row, by, unit, period, on, reason, document, with_results)
        except EditConflict as conflict:
            meanwhile[row.indicator.pk] = conflict.current
        except PlanningRefused as refusal:
            if "reason" in refusal.errors:
                unexplained.append(f"“{row.indicator.name}”")
            else:
                errors[row.indicator.pk] = refusal.errors
    general = {"reason": REASON_WANTED.format(names=", ".join(unexplained))} if unexplained else {}
    if errors or meanwhile or general:
        raise GridRefused(general, errors, meanwhile)
    return saved


def _save_row(saved, target, row, by, unit, period, on, reason, document, with_results) -> None:
    has_results = row.indicator.code in with_results
    if target is None:
        if row.aim is not None:
            set_target(
                by=by,
                unit=unit,
                period=period,
                indicator=row.indicator,
                comparator=row.aim.comparator,
                value=row.aim.value,
                value_to=row.aim.value_to,
                **row.details,
            )
            saved.added += 1
    elif row.aim is None:
        remove_target(target=target, version=row.version, by=by, on=on, reason=reason, has_results=has_results)
        saved.removed += 1
    else:
        revise_target(
            target=target,
            version=row.version,
            by=by,
            on=on,
            comparator=row.aim.comparator,
            value=row.aim.value,
            value_to=row.aim.value_to,
            reason=reason,
            document=document,
            details=row.details,
            has_results=has_results,
        )
        saved.revised += 1


def _is_as_wanted(target: Target | None, row: PlanRow) -> bool:
    """Somebody else made the very same change: nothing is left to do and nobody is overwritten."""
    if target is None or row.aim is None:
        return target is None and row.aim is None
    same_aim = (target.comparator, target.value, target.value_to) == (
        row.aim.comparator,
        row.aim.value,
        row.aim.value_to,
    )
    return same_aim and all(getattr(target, name) == value for name, value in row.details.items())
