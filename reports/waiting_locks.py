"""What waits because locked figures are open for a while: whatever is still to be written, before it closes again."""

import datetime

from django.urls import reverse

from branches.formats import day
from branches.models import LockException, Unit

from .waiting_items import Item, Source, deadline

MOST = 20


def openings_ending(unit: Unit, on: datetime.date, soon: int) -> Source:
    """Spans of locked days that are open for the unit and close within `soon` days."""
    rows = LockException.objects.running(on).filter(unit=unit, valid_until__lte=on + datetime.timedelta(days=soon))

    def lines(rows) -> list[Item]:
        return [
            Item(
                f"Ghi bổ sung việc từ {day(row.first_on)} đến {day(row.last_on)}",
                f"{row.office.name} mở tạm đến hết ngày {day(row.valid_until)}; qua ngày đó khóa tự đóng lại",
                f"{reverse('branches:activity_new', args=[unit.pk])}?ngay={row.last_on:%Y-%m-%d}",
                "Ghi hoạt động",
                **deadline(row.valid_until, on),
            )
            for row in rows
        ]

    columns = ("pk", "first_on", "last_on", "valid_until", "office__name")
    return Source.one(rows.order_by("valid_until", "pk")[:MOST], columns, lines)
