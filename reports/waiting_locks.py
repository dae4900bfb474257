"""What a unit should know of locked figures: what is open for it for a while, and what will be locked soon."""

import datetime

from django.urls import reverse

from branches.formats import day
from branches.locking import announced_over
from branches.models import LockException, Unit

from .waiting_items import Item, Source, deadline

MOST = 20


def openings(unit: Unit, on: datetime.date) -> Source:
    """Spans of locked days that are open for the unit, from the day they were opened on."""
    rows = LockException.objects.running(on).filter(unit=unit)

    def lines(rows) -> list[Item]:
        return [
            Item(
                f"Ghi bổ sung việc từ {day(row.first_on)} đến {day(row.last_on)}",
                f"{row.given_by}, {row.office.name}, mở tạm ngày {day(row.given_on)}: {row.reason}. "
                f"Ghi được đến hết ngày {day(row.valid_until)}, qua ngày đó khóa tự đóng lại",
                f"{reverse('branches:activity_new', args=[unit.pk])}?ngay={row.last_on:%Y-%m-%d}",
                "Ghi hoạt động",
                **deadline(row.valid_until, on),
            )
            for row in rows
        ]

    columns = ("pk", "first_on", "last_on", "valid_until", "reason", "given_on", "office__name", "given_by__full_name",
               "given_by__username")  # fmt: skip
    return Source.one(rows.order_by("valid_until", "pk")[:MOST], columns, lines)


def locks_near(unit: Unit, on: datetime.date, soon: int) -> Source:
    """Locks over the unit announced for one of the next `soon` days, with what of its own is still to be written."""
    rows = announced_over(unit, on=on).filter(holds_from__lte=on + datetime.timedelta(days=soon))

    def lines(rows) -> list[Item]:
        return [_near(row, unit, on) for row in rows]

    columns = ("pk", "through", "holds_from", "reason", "plans", "bare", "meetings", "unit__name")
    return Source.one(rows[:MOST], columns, lines)


def _near(row, unit: Unit, on: datetime.date) -> Item:
    what = f"Từ ngày {day(row.holds_from)} {row.unit.name} khóa số liệu đến hết ngày {day(row.through)}"
    url = f"{reverse('branches:activity_list', args=[unit.pk])}?den={row.through:%Y-%m-%d}"
    if not (left := row.unwritten):
        return Item(what, "Đơn vị không còn việc nào ghi dở", url)
    context = f"Đơn vị còn {left}; từ hôm đó không ghi hay sửa được nữa"
    context = f"{row.reason}. {context}" if row.reason else context
    return Item(what, context, url, "Xem hoạt động", **deadline(row.holds_from, on))
