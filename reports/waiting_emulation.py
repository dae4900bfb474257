"""What waits about emulation: the unit's own sheet, and the sheets that units have sent."""

import datetime

from django.db.models import Count
from django.urls import reverse

from branches.formats import day
from branches.models import Unit
from reports.models import ScoreSheet

from .waiting_items import Item, Source, deadline

MOST = 5
State = ScoreSheet.State


def own_sheets(unit: Unit, on: datetime.date) -> Source:
    """Sheets the unit has still to fill and send."""
    rows = (
        ScoreSheet.objects.filter(unit=unit, state=State.OPEN, set__state="in_use")
        .select_related("set")
        .order_by("set__self_until", "pk")[:MOST]
    )

    def lines(rows) -> list[Item]:
        return [
            Item(
                f"Tự chấm điểm thi đua: {row.set.name}",
                f"Gửi phiếu trước hết ngày {day(row.set.self_until)}",
                reverse("reports:emulation_sheet", args=[row.pk]),
                "Tự chấm",
                **deadline(row.set.self_until, on),
            )
            for row in rows
        ]

    return Source.one(rows, ("pk", "set__name", "set__self_until"), lines)


def sheets_to_score(unit: Unit) -> Source:
    """Sets of this office in which units have sent their sheets, or sheets were opened again."""
    rows = (
        ScoreSheet.objects.filter(set__unit=unit, set__state="in_use", state__in=[State.SELF_SCORED, State.REOPENED])
        .order_by("set_id")
        .values("set_id", "set__name")
        .annotate(count=Count("pk"))[:MOST]
    )

    def lines(rows) -> list[Item]:
        return [
            Item(
                f"Chấm điểm thi đua: {row.set__name}",
                f"{row.count} đơn vị đã gửi phiếu, chờ chấm",
                reverse("reports:emulation_board", args=[row.set_id]),
                "Chấm điểm",
                "waiting",
                "Chờ chấm",
            )
            for row in rows
        ]

    return Source.one(rows, ("set_id", "set__name", "count"), lines)
