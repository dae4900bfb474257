"""What waits about reports upward: what a unit owes or got back, what its superior has to decide, who is late."""

import datetime

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery
from django.urls import reverse

from branches.admitting import approvers_above
from branches.formats import day, small
from branches.models import Placement, Unit

from .models import PeriodReport, ReportStep, RoundUnit
from .waiting_items import Item, Source, deadline

MOST = 20
NAMED = 6
State = PeriodReport.State


def reports_due(unit: Unit, on: datetime.date, soon: int) -> Source:
    """Reports that open rounds ask of the unit: near or past their day, reminded of, or sent back."""
    last = ReportStep.objects.filter(report=OuterRef("report"), verb="return").order_by("-pk")
    rows = (
        RoundUnit.objects.outstanding()
        .filter(unit=unit)
        .filter(
            Q(due_on__lte=on + datetime.timedelta(days=soon))
            | Q(reminded_on__isnull=False)
            | Q(report__state=State.RETURNED)
        )
        .annotate(
            state=Subquery(PeriodReport.objects.filter(pk=OuterRef("report")).values("state")),
            why=Subquery(last.values("reason")[:1]),
        )
        .order_by("due_on", "pk")[:MOST]
    )

    def lines(rows) -> list[Item]:
        return [_due(row, on) for row in rows]

    columns = ("pk", "report_id", "state", "why", "due_on", "reminded_on", "unit_id", "round__name",
               "round__unit__name")  # fmt: skip
    return Source.one(rows, columns, lines)


def _due(row, on: datetime.date) -> Item:
    asked = f"{row.round.unit.name} yêu cầu, hạn {day(row.due_on)}"
    if row.reminded_on:
        asked += f"; đã nhắc ngày {day(row.reminded_on)}"
    if row.state == State.RETURNED:
        asked = f"Bị trả lại: {row.why}"
    if row.report_id:
        url, verb = reverse("reports:report", args=[row.report_id]), "Soạn tiếp"
    else:
        url, verb = f"{reverse('reports:report_new', args=[row.unit_id])}?dot={row.pk}", "Soạn báo cáo"
    verb = "Sửa và nộp lại" if row.state == State.RETURNED else verb
    return Item(f"Nộp {small(row.round.name)}", asked, url, verb, **deadline(row.due_on, on))


def reports_returned(unit: Unit, on: datetime.date) -> Source:
    """Reports that came back, or were opened to be corrected, and that no open round tells about already."""
    asked = RoundUnit.objects.due().filter(report=OuterRef("pk"))
    last = ReportStep.objects.filter(report=OuterRef("pk"), verb__in=("return", "reopen")).order_by("-pk")
    rows = (
        PeriodReport.objects.filter(unit=unit, state__in=(State.RETURNED, State.REOPENED))
        .filter(~Exists(asked) | Q(state=State.REOPENED))
        .annotate(why=Subquery(last.values("reason")[:1]), since=Subquery(last.values("taken_on")[:1]))
        .order_by("-pk")[:MOST]
    )

    def lines(rows) -> list[Item]:
        return [
            Item(
                f"{'Nộp lại' if row.state == State.RETURNED else 'Đính chính'} {small(row.title)}",
                f"Lý do: {row.why}",
                reverse("reports:report", args=[row.pk]),
                "Mở báo cáo",
                "returned",
                f"Từ ngày {day(row.since)}",
            )
            for row in rows
        ]

    return Source.one(rows, ("pk", "state", "theme", "period__name", "why", "since"), lines)


def reports_approved_outside(unit: Unit, on: datetime.date) -> Source:
    """Reports handed in where nobody above uses the software: the unit itself writes the approval down. Until then
    they are not issued."""
    rows = (
        PeriodReport.objects.filter(~Exists(approvers_above(unit, on=on)), unit=unit, state=State.SUBMITTED)
        .annotate(
            since=Subquery(
                ReportStep.objects.filter(report=OuterRef("pk"), verb="submit").order_by("-pk").values("taken_on")[:1]
            )
        )
        .order_by("-period__starts_on", "pk")[:MOST]
    )

    def lines(rows) -> list[Item]:
        return [
            Item(
                f"Ghi việc cấp trên duyệt {small(row.title)}",
                "Đoàn cấp trên không dùng phần mềm này. Ghi rồi thì cấp ủy đọc được báo cáo.",
                reverse("reports:report", args=[row.pk]),
                "Mở báo cáo",
                "waiting",
                f"Nộp ngày {day(row.since)}",
            )
            for row in rows
        ]

    return Source.one(rows, ("pk", "theme", "period__name", "since"), lines)


def reports_to_approve(account, unit: Unit, on: datetime.date) -> Source:
    """Reports that wait for this office: those of the units directly under it, one line for each period."""
    below = Placement.objects.filter(unit=OuterRef("unit"), superior=unit, starts_on__lte=on).filter(
        Q(ends_on=None) | Q(ends_on__gt=on)
    )
    rows = (
        PeriodReport.objects.reached_by(account, "approve")
        .filter(Exists(below), state=State.SUBMITTED)
        .annotate(
            since=Subquery(
                ReportStep.objects.filter(report=OuterRef("pk"), verb="submit").order_by("-pk").values("taken_on")[:1]
            ),
            asked=Subquery(
                RoundUnit.objects.filter(report=OuterRef("pk"), round__unit=unit).order_by("-pk").values("round")[:1]
            ),
        )
        .order_by("-period__starts_on", "unit__sort_key", "pk")[:200]
    )

    def lines(rows) -> list[Item]:
        groups: dict[tuple, list] = {}
        for row in rows:
            groups.setdefault((row.asked, row.title), []).append(row)
        return [_to_approve(asked, name, found, on) for (asked, name), found in groups.items()]

    return Source.one(rows, ("pk", "since", "asked", "theme", "period__name", "unit__name"), lines)


def _to_approve(asked: int | None, name: str, rows: list, on: datetime.date) -> Item:
    names = "; ".join(row.unit.name for row in rows[:NAMED])
    rest = f"; và {len(rows) - NAMED} đơn vị khác" if len(rows) > NAMED else ""
    url = reverse("reports:report", args=[rows[0].pk])
    if asked and len(rows) > 1:
        url = f"{reverse('reports:round', args=[asked])}?loc=cho-duyet"
    first = min(row.since or on for row in rows)
    return Item(
        f"Duyệt {small(name)}" + (f" của {len(rows)} đơn vị" if len(rows) > 1 else ""),
        f"{names}{rest}",
        url,
        "Xem và duyệt",
        "waiting",
        f"Chờ {(on - first).days} ngày" if on > first else "Nộp hôm nay",
    )


def rounds_late(unit: Unit, on: datetime.date) -> Source:
    """Rounds of this office in which units are past their day: how many, and since when."""
    rows = (
        RoundUnit.objects.outstanding()
        .filter(round__unit=unit, due_on__lt=on)
        .order_by("round_id")
        .values("round_id", "round__name")
        .annotate(late=Count("pk"), first=Min("due_on"), reminded=Max("reminded_on"))[:MOST]
    )

    def lines(rows) -> list[Item]:
        return [
            Item(
                f"{row.late} đơn vị chậm nộp: {small(row.round__name)}",
                f"Đã nhắc ngày {day(row.reminded)}" if row.reminded else "Chưa nhắc lần nào",
                f"{reverse('reports:round', args=[row.round_id])}?loc=chua-nop",
                "Xem và nhắc",
                **deadline(row.first, on),
            )
            for row in rows
        ]

    return Source.one(rows, ("round_id", "round__name", "late", "first", "reminded"), lines)
