"""What waits about the way to the Party and about discipline. Nobody is named on this list."""

import datetime

from django.urls import reverse

from branches.formats import day
from branches.models import Discipline, Unit
from branches.party_way.remarks import due_days, last_words
from branches.scoping import reach

from .waiting_items import Item, Source, deadline

MOST_CASES = 20


def remarks_due(unit: Unit, on: datetime.date, months: int) -> Source:
    """One line for all remarks the branch owes the Party committee."""

    def lines(rows) -> list[Item]:
        due = due_days(((row.step, row.remark) for row in rows), on=on, months=months)
        if not due:
            return []
        url = reverse("branches:party_way", args=[unit.pk])
        what = f"{len(due)} đoàn viên đến kỳ nhận xét gửi cấp ủy"
        return [Item(what, f"Nhận xét {months} tháng một lần", url, "Mở danh sách", **deadline(due[0], on))]

    return Source.one(last_words(unit, on), ("step", "remark"), lines)


def cases_to_decide(account, unit: Unit, on: datetime.date) -> Source:
    """Disciplinary cases the branches below have reviewed."""
    rows = (
        Discipline.objects.filter(reach(account, "unit__", right="approve"), unit__path__startswith=unit.path)
        .filter(state=Discipline.State.REVIEWED)
        .order_by("voted_on", "pk")[:MOST_CASES]
    )

    def lines(rows) -> list[Item]:
        return [
            Item(
                "Hồ sơ kỷ luật đơn vị chờ quyết định" if row.is_of_unit else "Hồ sơ kỷ luật chờ quyết định",
                f"{row.unit.name}, họp xét ngày {day(row.voted_on)}",
                reverse("branches:discipline", args=[row.pk]),
                "Mở hồ sơ",
                "waiting",
                f"Chờ {(on - row.voted_on).days} ngày",
            )
            for row in rows
        ]

    return Source.one(rows, ("pk", "unit__name", "voted_on"), lines)
