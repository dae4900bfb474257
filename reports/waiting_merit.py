"""What waits about the way to the Party and about discipline. Nobody is named on this list."""

import datetime

from django.urls import reverse

from branches.formats import day
from branches.models import Discipline, Unit
from branches.party_way.remarks import due_remarks
from branches.scoping import reach

from .waiting_items import Item, deadline

MOST_CASES = 20


def remarks_due(unit: Unit, on: datetime.date, months: int) -> list[Item]:
    """One line for all remarks the branch owes the Party committee. One query, none for a unit above branches."""
    due = due_remarks(unit, on=on, months=months) if unit.is_branch else []
    if not due:
        return []
    url = reverse("branches:party_way", args=[unit.pk])
    what = f"{len(due)} đoàn viên đến kỳ nhận xét gửi cấp ủy"
    return [Item(what, f"Nhận xét {months} tháng một lần", url, "Mở danh sách", **deadline(due[0], on))]


def cases_to_decide(account, unit: Unit, on: datetime.date) -> list[Item]:
    """Disciplinary cases the branches below have reviewed. One query."""
    rows = (
        Discipline.objects.filter(reach(account, "unit__", right="approve"), unit__path__startswith=unit.path)
        .filter(state=Discipline.State.REVIEWED)
        .select_related("unit")
        .order_by("voted_on", "pk")[:MOST_CASES]
    )
    return [
        Item(
            "Hồ sơ kỷ luật chờ quyết định",
            f"{row.unit.name}, họp xét ngày {day(row.voted_on)}",
            reverse("branches:discipline", args=[row.pk]),
            "Mở hồ sơ",
            "waiting",
            f"Chờ {(on - row.voted_on).days} ngày",
        )
        for row in rows
    ]
