"""What waits about inspection: what the unit has to answer, and what waits for the committee."""

import datetime

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from branches.formats import day, distance, small
from inspections.models import Check, Inspection, Recommendation

from .waiting_items import Item, Source, deadline


def recommendations(account, on, soon) -> Source:
    """Due soon, without a date, or sent back: that one is a new task, however far its date."""
    limit = on + datetime.timedelta(days=soon)
    newest = Check.objects.filter(recommendation=OuterRef("pk")).order_by("-checked_on", "-pk")
    rows = (
        Recommendation.objects.answerable_by(account)
        .waiting_for_unit()
        .filter(Q(due_on__lte=limit) | Q(due_on=None) | Q(state=Recommendation.State.SENT_BACK))
        .annotate(said_by_committee=Subquery(newest.values("text")[:1]))
        .by_age()[:20]
    )
    issued = ("visited_on", "programme__in_name_of", "programme__unit__name")
    told = ("pk", "state", "text", "due_on", "ended_on", "said_by_committee")
    columns = (*told, *(f"inspection__{name}" for name in issued))
    return Source.one(rows, columns, lambda rows: [_recommendation(row, on) for row in rows])


def _recommendation(row, on) -> Item:
    url = reverse("inspections:answer", args=[row.pk])
    if row.state != Recommendation.State.SENT_BACK:
        visit = f"Sau cuộc làm việc {day(row.inspection.visited_on)} của {row.inspection.programme.issuer_name}"
        return Item(f"Trả lời kiến nghị: {row.text}", visit, url, "Trả lời", **deadline(row.due_on, on))
    what, said = f"Làm tiếp kiến nghị: {row.text}", f"Ủy ban Kiểm tra trả lại: {row.said_by_committee}"
    if row.days_late(on):
        return Item(what, said, url, "Trả lời", **deadline(row.due_on, on))
    due = f", {small(distance(row.due_on, on))}" if row.due_on else ""
    return Item(what, said, url, "Trả lời", "returned", f"Trả lại{due}", 0)


def inspections(account, on, soon) -> list[Source]:
    """For the committee: answers to check, recommendations nobody answers, visits to make and to conclude."""
    limit = on + datetime.timedelta(days=soon)
    cases = Inspection.objects.editable_by(account)
    given = Recommendation.objects.filter(inspection__in=cases.values("pk"))
    visits = cases.filter(Q(state=Inspection.State.VISITED) | Q(state=Inspection.State.PLANNED, visited_on__lte=limit))
    about = ("pk", "text", "number", "due_on", "inspection_id", "inspection__unit__name")
    return [
        Source.one(given.waiting_for_check().by_age()[:20], about, lambda rows: [_to_check(row) for row in rows]),
        Source.one(
            given.waiting_for_unit().filter(due_on__lte=limit).by_age()[:20],
            about,
            lambda rows: [_unanswered(row, on) for row in rows],
        ),
        Source.one(
            visits.order_by("visited_on", "pk")[:20],
            ("pk", "state", "title", "unit__name", "visited_on"),
            lambda rows: [_visit(row, on) for row in rows],
        ),
    ]


def _to_check(row: Recommendation) -> Item:
    return Item(
        f"Kiểm tra kiến nghị: {row.text}",
        f"{row.inspection.unit.name} báo đã làm",
        reverse("inspections:check", args=[row.pk]),
        "Ghi kết quả kiểm tra",
        "waiting",
        "Chờ kiểm tra",
        -1,
    )


def _unanswered(row: Recommendation, on) -> Item:
    return Item(
        row.text,
        f"Kiến nghị {row.number} với {row.inspection.unit.name}, hạn {day(row.due_on)}",
        reverse("inspections:inspection", args=[row.inspection_id]),
        "Xem hồ sơ",
        **deadline(row.due_on, on),
    )


def _visit(case: Inspection, on) -> Item:
    visited = case.state == Inspection.State.VISITED
    return Item(
        f"Ra thông báo kết luận: {case.title}" if visited else f"Làm việc tại đơn vị: {case.title}",
        f"{case.unit.name}, ngày {day(case.visited_on)}",
        reverse("inspections:inspection", args=[case.pk]),
        "Mở hồ sơ",
        **({"standing": "going", "word": "Chưa kết luận"} if visited else deadline(case.visited_on, on)),
    )
