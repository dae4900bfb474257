"""What waits about the yearly assessment: one's own words, the branch's conclusion, the superior's approval."""

import datetime

from django.db.models import Count, Min, Q
from django.urls import reverse

from branches.assessing.steps import STEPS
from branches.formats import day
from branches.models import Assessment, Unit

from .waiting_items import Item, Source, deadline

MOST = 5
State = Assessment.State


def own_assessments(account, on: datetime.date) -> Source:
    """What the person has not said of themselves and still can."""
    rows = (
        Assessment.objects.of_person(account)
        .filter(state=State.OPEN, round__closed_on=None, round__self_until__gte=on)
        .order_by("round__self_until", "pk")[:MOST]
    )

    def lines(rows) -> list[Item]:
        return [
            Item(
                f"Tự đánh giá: {row.round.name}",
                f"Đến hết ngày {day(row.round.self_until)}",
                reverse("branches:assessment_self", args=[row.pk]),
                "Tự đánh giá",
                **deadline(row.round.self_until, on),
            )
            for row in rows
        ]

    return Source.one(rows, ("pk", "round__name", "round__self_until"), lines)


def to_conclude(unit: Unit, on: datetime.date) -> Source:
    """Rounds in which the unit has people to conclude on: once self-assessment ended, or something was returned."""
    waiting = STEPS["conclude"].before - {State.CONCLUDED}
    rows = (
        Assessment.objects.filter(unit=unit, state__in=waiting, round__closed_on=None)
        .order_by("round__due_on", "round_id")
        .values("round_id", "round__name", "round__due_on", "round__self_until")
        .annotate(count=Count("pk"), returned=Count("pk", filter=Q(state=State.RETURNED)))[:MOST]
    )

    def lines(rows) -> list[Item]:
        return [_to_conclude(row, unit, on) for row in rows if row.returned or on > row.round__self_until]

    columns = ("round_id", "round__name", "round__due_on", "round__self_until", "count", "returned")
    return Source.one(rows, columns, lines)


def _to_conclude(row, unit: Unit, on: datetime.date) -> Item:
    said = f", {row.returned} bị trả lại" if row.returned else ""
    return Item(
        f"Kết luận đánh giá: {row.round__name}",
        f"Còn {row.count} chưa kết luận{said}, gửi trước {day(row.round__due_on)}",
        reverse("branches:assessment_conclude", args=[unit.pk, row.round_id]),
        "Ghi kết luận",
        **deadline(row.round__due_on, on),
    )


def to_approve(account, unit: Unit, on: datetime.date) -> Source:
    """Rounds in which branches below wait for this office."""
    rows = (
        Assessment.objects.reached_by(account, "approve")
        .filter(unit__path__startswith=unit.path, state=State.CONCLUDED, round__closed_on=None)
        .order_by("round_id")
        .values("round_id", "round__name")
        .annotate(count=Count("pk"), units=Count("unit", distinct=True), first=Min("concluded_on"))[:MOST]
    )

    def lines(rows) -> list[Item]:
        return [
            Item(
                f"Chuẩn y: {row.round__name}",
                f"{row.count} kết quả của {row.units} chi đoàn, sớm nhất từ {day(row.first)}",
                reverse("branches:assessment_answer", args=[unit.pk, row.round_id]),
                "Xem và chuẩn y",
                "waiting",
                f"Chờ {(on - row.first).days} ngày",
            )
            for row in rows
        ]

    return Source.one(rows, ("round_id", "round__name", "count", "units", "first"), lines)
