"""What people write into a table: figures nothing counts, and, with a reason, other figures than the computed ones."""

import datetime
from decimal import Decimal

from django.db import transaction

from branches.enrolling import EnrolmentRefused
from branches.models import EditConflict, Period, Unit
from branches.vietnamese import nfc
from reports.models import StatItem, StatSheet, StatTable, StatValue

LARGEST = Decimal(10) ** 15


class StatRefused(EnrolmentRefused):
    """The change is not possible. `errors` maps a form field ("" for the whole form) to a Vietnamese message."""


@transaction.atomic
def type_value(
    *,
    item: StatItem,
    unit: Unit,
    period: Period,
    version: int,
    value: Decimal | None,
    reason: str = "",
    by,
    at: datetime.datetime,
) -> StatValue:
    """Write a figure into the unit's table; None says that something happened and the figure is not known.

    `version` is that of the figure the form showed, 0 where there was none: of two people the later one gets
    EditConflict. A computed line takes another figure only with a reason. Raises StatRefused.
    """
    reason = nfc(reason).strip()
    _refuse(item, unit, period, value, reason)
    # With the sheet locked, of two first figures the later one meets the earlier.
    sheet = _locked_sheet(item.table, unit, period)
    found = StatValue.objects.filter(sheet=sheet, item=item).first()
    if found is None:
        if version:
            raise EditConflict(None)
        found = StatValue(sheet=sheet, item=item)
    else:
        found.claim(version)
    found.value, found.reason, found.typed_by, found.typed_at = value, reason, by, at
    found.save()
    return found


@transaction.atomic
def take_back_value(*, value: StatValue, version: int) -> None:
    """The line shows again what is computed, or nothing; the history keeps what stood there. Raises EditConflict."""
    value.claim(version)
    value.delete()


def _refuse(item: StatItem, unit: Unit, period: Period, value: Decimal | None, reason: str) -> None:
    in_force = StatTable.objects.usable_by(unit).in_force(period).filter(pk=item.table_id)
    if not in_force.exists():
        raise StatRefused({"": "Biểu này không dùng cho đơn vị và kỳ đang mở. Hãy mở lại danh sách biểu."})
    if not item.takes_values:
        raise StatRefused({"": "Dòng này tính từ các dòng khác; hãy sửa số ở những dòng ấy."})
    errors = {}
    if value is not None and not -LARGEST < value < LARGEST:
        errors["value"] = "Số này quá lớn. Hãy xem lại đơn vị tính."
    elif value is not None and value < 0:
        errors["value"] = "Hãy ghi số từ 0 trở lên."
    if not item.is_typed and not reason:
        errors["reason"] = "Hãy ghi vì sao dùng số khác số phần mềm tính."
    if errors:
        raise StatRefused(errors)


def _locked_sheet(table: StatTable, unit: Unit, period: Period) -> StatSheet:
    sheet, _ = StatSheet.objects.get_or_create(table=table, unit=unit, period=Period.objects.stored(period))
    return StatSheet.objects.select_for_update(no_key=True).get(pk=sheet.pk)


def value_of(item: StatItem, unit: Unit, period: Period) -> StatValue | None:
    """What the unit typed there, for the form."""
    rows = StatValue.objects.filter(
        item=item, sheet__table=item.table_id, sheet__unit=unit, sheet__period__kind=period.kind,
        sheet__period__starts_on=period.starts_on, sheet__period__ends_on=period.ends_on,
    )  # fmt: skip
    return rows.select_related("typed_by").first()
