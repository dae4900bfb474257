"""What waits about inspection: what the unit has to answer, and what waits for the committee."""

import datetime

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from branches.formats import day, distance, small
from branches.workdays import working_days_after
from inspections.models import Check, ExtensionRequest, Inspection, Recommendation
from inspections.terms import term_of

from .waiting_cases import steps_of_cases
from .waiting_items import Item, Source, deadline

State = Recommendation.State
# What days and terms of a recommendation are told from.
DATES = ("due_on", "original_due_on", "accepted_until", "recurs", "recurs_until")


def recommendations(account, on, soon) -> Source:
    """Due soon, without a date, or sent back: that one is a new task, however far its date."""
    limit = on + datetime.timedelta(days=soon)
    newest = Check.objects.filter(recommendation=OuterRef("pk")).order_by("-checked_on", "-pk")
    rows = (
        Recommendation.objects.answerable_by(account)
        .waiting_for_unit(on)
        .filter(Q(due_on__lte=limit) | Q(due_on=None) | Q(state__in=[State.SENT_BACK, State.ACCEPTED]))
        .annotate(said_by_committee=Subquery(newest.values("text")[:1]))
        .by_age()[:20]
    )
    issued = ("visited_on", "programme__in_name_of", "programme__unit__name")
    told = ("pk", "state", "text", "ended_on", "said_by_committee", *DATES)
    columns = (*told, *(f"inspection__{name}" for name in issued))
    return Source.one(rows, columns, lambda rows: [_recommendation(row, on) for row in rows])


def _recommendation(row, on) -> Item:
    url = reverse("inspections:answer", args=[row.pk])
    if row.state != State.SENT_BACK:
        held, body = row.inspection.visited_on, row.inspection.programme.issuer_name
        visit = f"Sau cuộc làm việc {day(held)} của {body}" if held else f"Sau kết luận của {body}"
        term = term_of(row)
        what = f"Trả lời kiến nghị, kỳ {term.number}/{term.of}" if term else "Trả lời kiến nghị"
        if row.state == State.ACCEPTED:
            visit = f"Hết thời gian chấp nhận chưa thực hiện {day(row.accepted_until)}"
        return Item(f"{what}: {row.text}", visit, url, "Trả lời", **deadline(row.binding_on, on))
    what, said = f"Làm tiếp kiến nghị: {row.text}", f"Ủy ban Kiểm tra trả lại: {row.said_by_committee}"
    if row.days_late(on):
        return Item(what, said, url, "Trả lời", **deadline(row.binding_on, on))
    due = f", {small(distance(row.due_on, on))}" if row.due_on else ""
    return Item(what, said, url, "Trả lời", "returned", f"Trả lại{due}", 0)


def inspections(account, on, soon, rules) -> list[Source]:
    """For the committee: what to check, to answer and to decide, what nobody answers, the next steps of cases."""
    limit = on + datetime.timedelta(days=soon)
    cases = Inspection.objects.editable_by(account)
    given = Recommendation.objects.filter(inspection__in=cases.values("pk"))
    about = ("pk", "state", "text", "number", "inspection_id", "inspection__unit__name", *DATES)
    decided = Inspection.objects.decided_by(account).values("pk")
    asked = ExtensionRequest.objects.waiting().filter(recommendation__inspection__in=decided)
    answer_days = int(rules["inspection_extension_answer_days"])
    ending = Recommendation.objects.in_force().accepted(on).filter(accepted_until__lte=limit, inspection__in=decided)
    return [
        Source.one(given.waiting_for_check().by_age()[:20], about, lambda rows: [_to_check(row) for row in rows]),
        Source.one(
            given.waiting_for_unit(on).filter(Q(due_on__lte=limit) | Q(state=State.ACCEPTED)).by_age()[:20],
            about,
            lambda rows: [_unanswered(row, on) for row in rows],
        ),
        Source.one(
            asked.order_by("asked_on", "pk")[:20],
            ("pk", "asked_on", "wanted_due_on", "recommendation__text", "recommendation__inspection__unit__name"),
            lambda rows: [_to_decide(row, on, answer_days) for row in rows],
        ),
        Source.one(
            ending.order_by("accepted_until", "pk")[:20], about, lambda rows: [_ending(row, on) for row in rows]
        ),
        steps_of_cases(account, on, soon, rules),
    ]


def _to_check(row: Recommendation) -> Item:
    unit, url = row.inspection.unit.name, reverse("inspections:check", args=[row.pk])
    if row.state == State.TO_VISIT:
        said = f"{unit}, phải xem tại đơn vị"
        return Item(f"Kiểm tra tại chỗ: {row.text}", said, url, "Ghi kết quả kiểm tra", "going", "Chờ kiểm tra", -1)
    said = f"{unit} báo đã làm"
    return Item(f"Kiểm tra kiến nghị: {row.text}", said, url, "Ghi kết quả kiểm tra", "waiting", "Chờ kiểm tra", -1)


def _unanswered(row: Recommendation, on) -> Item:
    unit, due = row.inspection.unit.name, f"hạn {day(row.due_on)}" if row.due_on else "không đặt hạn"
    if row.state == State.ACCEPTED:
        due = f"hết thời gian chấp nhận chưa thực hiện {day(row.accepted_until)}"
    url = reverse("inspections:inspection", args=[row.inspection_id])
    return Item(row.text, f"Kiến nghị {row.number} với {unit}, {due}", url, "Xem hồ sơ", **deadline(row.binding_on, on))


def _to_decide(row: ExtensionRequest, on, answer_days: int) -> Item:
    """A request for a later date; the committee owes an answer within the working days of the rule."""
    return Item(
        f"Trả lời xin gia hạn: {row.recommendation.text}",
        f"{row.recommendation.inspection.unit.name} xin đến {day(row.wanted_due_on)}, gửi {day(row.asked_on)}",
        reverse("inspections:extension_answer", args=[row.pk]),
        "Trả lời",
        **deadline(working_days_after(row.asked_on, answer_days), on),
    )


def _ending(row: Recommendation, on) -> Item:
    """What was accepted as not done opens again soon."""
    return Item(
        f"Sắp hết thời gian chấp nhận: {row.text}",
        f"Kiến nghị {row.number} với {row.inspection.unit.name}, sau {day(row.accepted_until)} tự mở lại",
        reverse("inspections:inspection", args=[row.inspection_id]),
        "Xem hồ sơ",
        **deadline(row.accepted_until, on),
    )
