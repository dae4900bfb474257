"""What waits about money: slips to be accepted, and slips that came back."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from branches.formats import day, dong
from branches.models import Remittance, Unit

from .waiting_items import Item, Source

State = Remittance.State
MOST = 20


def slips(unit: Unit, on) -> Source:
    """Slips from below that nobody answered, and own ones returned for which no new one went up."""
    again = Remittance.objects.filter(
        unit=OuterRef("unit"), starts_on=OuterRef("starts_on"), state__in=Remittance.STANDING, pk__gt=OuterRef("pk")
    )
    rows = (
        Remittance.objects.filter(Q(superior=unit, state=State.SENT) | Q(unit=unit, state=State.RETURNED))
        .exclude(Q(state=State.RETURNED) & Exists(again))
        .order_by("handed_on", "pk")[:MOST]
    )

    def lines(rows) -> list[Item]:
        return [_came_back(row) if row.state == State.RETURNED else _to_accept(row, on) for row in rows]

    return Source.one(rows, ("pk", "state", "unit__name", "amount", "handed_on", "number", "year", "answer"), lines)


def _to_accept(slip: Remittance, on) -> Item:
    return Item(
        f"Nhận đoàn phí của {slip.unit.name}",
        f"Nộp {dong(slip.amount)} ngày {day(slip.handed_on)}",
        reverse("branches:remittance", args=[slip.pk]),
        "Xem phiếu nộp",
        "waiting",
        f"Chờ {(on - slip.handed_on).days} ngày",
    )


def _came_back(slip: Remittance) -> Item:
    return Item(
        f"Phiếu nộp số {slip.number}/{slip.year} bị trả lại",
        slip.answer,
        reverse("branches:remittance", args=[slip.pk]),
        "Xem lý do",
        "returned",
        "Trả lại",
    )
