"""What waits about the way of a case: the next step of each with its due day, and the unit's own report."""

import datetime

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from inspections.due import step_due
from inspections.models import Inspection, Recommendation
from inspections.states import HEAD

from .waiting_items import Item, Source, deadline

State = Inspection.State
MOST = 200
FOLLOWED = (State.FOLLOWING, State.REINSPECTION)
WHATEVER_DAY = (State.VISITED, State.REPORTED, *FOLLOWED)  # told before they are due, too
ON_THE_WAY = (*Inspection.BEFORE_VISIT, State.VISITED, State.REPORTED, State.CONCLUDED)
COLUMNS = (
    "pk", "state", "state_since", "title", "form", "inspection_kind", "planned_month", "visited_on", "concluded_on",
    "self_report_due_on", "unit__name",
)  # fmt: skip


def steps_of_cases(account, on: datetime.date, soon: int, rules: dict) -> Source:
    """Steps of the account's cases that are late or due soon, every visit not yet concluded, every case with nothing
    left to follow, and those nobody has given a time."""
    asked = Recommendation.objects.filter(inspection=OuterRef("pk")).order_by()
    last_end = asked.filter(ended_on__isnull=False).order_by("-ended_on", "-pk").values("ended_on")[:1]
    rows = (
        Inspection.objects.editable_by(account)
        .filter(Q(state__in=ON_THE_WAY) | Q(state__in=FOLLOWED) & ~Exists(asked.open(on)))
        .annotate(ended_on=Subquery(last_end))
    )

    def lines(cases) -> list[Item]:
        found = []
        for case in cases:
            # Everything accepted as not done has no end of its own; the notice is what its case waits from.
            due = step_due(case, rules, on=on, ended_on=case.ended_on or case.concluded_on)
            if due is None:
                found += [_without_time(case)] if case.state in Inspection.NOT_SENT else []
            elif (due.on - on).days <= soon or case.state in WHATEVER_DAY:
                found.append(_step(case, due, on))
        return sorted(found, key=lambda item: item.days)[:20]

    return Source.one(rows.order_by("visited_on", "planned_month", "pk")[:MOST], (*COLUMNS, "ended_on"), lines)


def steps_of_team(account, on: datetime.date, soon: int, rules: dict) -> Source:
    """What waits for somebody who sits in a team without a post in the committee: the session, the team's report."""
    seated = Inspection.objects.filter(Inspection.objects.seats_of(account), state__in=ON_THE_WAY)

    def lines(cases) -> list[Item]:
        dues = [(case, step_due(case, rules, on=on)) for case in cases if case.state != State.PLANNED]
        mine = [(case, due) for case, due in dues if due is not None and due.who == HEAD]
        return [_step(case, due, on) for case, due in mine if (due.on - on).days <= soon or case.state in WHATEVER_DAY]

    return Source.one(seated.order_by("visited_on", "planned_month", "pk")[:20], COLUMNS, lines)


def _step(case, due, on) -> Item:
    return Item(
        f"{due.what}: {case.title}", f"{case.unit.name}. {due.who_words}",
        reverse("inspections:inspection", args=[case.pk]), "Mở hồ sơ", **deadline(due.on, on),
    )  # fmt: skip


def _without_time(case) -> Item:
    """A case opened out of another one, with neither month nor day: nothing would ever remind of it."""
    url = reverse("inspections:edit", args=[case.pk])
    return Item(f"Định thời gian: {case.title}", case.unit.name, url, "Định thời gian", "none", "Chưa định", 999)


def self_reports(account, on: datetime.date) -> Source:
    """Reports the account's unit owes an inspection team that has sent it its plan."""
    quiet = Q(inspection_kind__in=Inspection.UNANNOUNCED)
    rows = Inspection.objects.answerable_by(account).filter(~quiet, state=State.PLAN_SENT)

    def lines(cases) -> list[Item]:
        return [
            Item(
                f"Gửi báo cáo cho đoàn kiểm tra: {case.title}", f"{case.programme.issuer_name}, {case.unit.name}",
                reverse("inspections:self_report", args=[case.pk]), "Viết báo cáo",
                **deadline(case.self_report_due_on, on),
            )
            for case in cases
        ]  # fmt: skip

    columns = ("pk", "title", "self_report_due_on", "unit__name", "programme__in_name_of", "programme__unit__name")
    return Source.one(rows.order_by("self_report_due_on", "pk")[:20], columns, lines)
