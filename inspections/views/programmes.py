"""The yearly programmes: the numbered plans behind every case, from the draft to what was done of them."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.models import Unit
from branches.models.rule import rules_on
from branches.scoping import get_editable_or_403, get_visible_or_404
from inspections.forms.programmes import CARRIED_OUT, IssueForm, ProgrammeForm, TakeForm
from inspections.models import Inspection, InspectionProgramme
from inspections.paper_books import book_of_programme
from inspections.preparing import take_up
from inspections.programming import change_programme, draft_programme, issue_programme
from inspections.suggesting import last_visits, suggestion_for, suggestions, survey, units_of
from inspections.views.cases import due_of, is_late, with_ends
from inspections.views.saving import is_sent, save
from inspections.wording import case_badge

MOST_CASES = 300
SHOWN = 6  # suggestions before "Xem cả"
State = Inspection.State


def inspecting_units(user):
    """Units in whose name the user may inspect: where the post itself stands, not what lies below it."""
    at = [post.unit_id for post in user.posts_today if "inspect" in post.type.verbs_here]
    return Unit.objects.filter(pk__in=at).order_by("sort_key", "pk")


@require_GET
def programme_list(request):
    rows = (
        InspectionProgramme.objects.visible_to(request.user)
        .select_related("unit")
        .annotate(
            cases=Count("inspections", filter=~Q(inspections__state=State.CANCELLED)),
            done=Count("inspections", filter=Q(inspections__state__in=CARRIED_OUT)),
        )
        .order_by("-year", F("issued_on").desc(nulls_first=True), "-pk")[:200]
    )
    if not rows and not inspecting_units(request.user):
        raise Http404
    return render(
        request,
        "inspections/programme_list.html",
        {"programmes": rows, "may_inspect": inspecting_units(request.user).exists()},
    )


@require_http_methods(["GET", "POST"])
def programme_new(request):
    units = list(inspecting_units(request.user))
    if not units:
        raise PermissionDenied
    today = timezone.localdate()
    form = ProgrammeForm(
        sent(request), units=inspecting_units(request.user), initial={"year": today.year, "unit": units[0]}
    )
    if is_sent(request, form) and form.is_valid():
        data = form.cleaned_data

        def work():
            programme = draft_programme(
                by=request.user, unit=data.get("unit") or units[0], topics=form.topic_lines(),
                **form.fields_of_programme(),
            )  # fmt: skip
            return reverse("inspections:programme", args=[programme.pk])

        if answer := save(request, form, work, said="Đã lưu dự thảo chương trình.", places=form.PLACES):
            return answer
    return render(request, "inspections/programme_new.html", {"form": form})


@require_GET
def programme(request, pk):
    """One programme: what is done of it, its cases by unit and month, what changed, whom to visit next."""
    found = get_visible_or_404(InspectionProgramme.objects.select_related("unit"), request.user, pk=pk)
    today = timezone.localdate()
    rules = rules_on(today)
    rows = with_ends(
        Inspection.objects.visible_to(request.user).filter(programme=found).select_related("unit", "programme"), today
    )
    cases = list(rows.order_by("planned_month", "visited_on", "unit__sort_key", "pk")[:MOST_CASES])
    badges = {case.pk: case_badge(case, today, due_of(case, rules, today)) for case in cases}
    standing = [case for case in cases if case.state != State.CANCELLED]
    may_edit = InspectionProgramme.objects.editable_by(request.user).filter(pk=pk).exists()
    visits = last_visits(found.unit, today) if may_edit else {}
    surveyed = survey(found, today, overdue_url=_overdue_url, visits=visits, rules=rules) if may_edit else []
    suggested = [one for one in surveyed if one.reasons]
    shown = suggested if request.GET.get("goi-y") == "tat-ca" else suggested[:SHOWN]
    month = _next_month(found.year, today)
    return render(
        request,
        "inspections/programme.html",
        {
            "programme": found, "may_edit": may_edit, "is_draft": found.state == found.State.DRAFT,
            "counts": {
                "all": len(standing), "done": sum(case.state in CARRIED_OUT for case in standing),
                "ahead": sum(case.state in Inspection.BEFORE_VISIT for case in standing),
                "late": sum(is_late(case, rules, today) for case in standing),
            },
            "months": _by_month(cases, badges), "grid": _grid(standing, badges, found.year, visits, today),
            "topics": list(found.topics.all()), "changes": list(found.changes.select_related("changed_by")),
            "suggested": [(one, TakeForm(units=units_of(found, today), initial={"unit": one.unit, "month": month},
                                         auto_id=f"id_{one.unit.pk}_%s")) for one in shown],
            "all_suggested": len(suggested), "unsuggested": [one for one in surveyed if not one.reasons],
        },
    )  # fmt: skip


def _overdue_url(unit_pk: int) -> str:
    return f"{reverse('inspections:recommendation_list')}?nhom=qua-han&don_vi={unit_pk}"


def _next_month(year: int, today: datetime.date) -> datetime.date:
    """The month to offer: the next one in the year of the programme, at its edges the edge."""
    if today.year != year:
        return datetime.date(year, 1 if today.year < year else 12, 1)
    return datetime.date(year, min(12, today.month + 1), 1)


def _by_month(cases, badges) -> list[dict]:
    """The cases in the order of their months, for a phone; those without a month last."""
    found: dict[datetime.date | None, list] = {}
    for case in cases:
        found.setdefault(case.planned_month, []).append((case, badges[case.pk]))
    return [
        {"name": f"Tháng {month:%m/%Y}" if month else "Chưa định tháng", "cases": found[month]}
        for month in sorted(found, key=lambda month: (month is None, month))
    ]


def _grid(cases, badges, year: int, visits, today) -> dict:
    """Units × the twelve months of the year; what lies outside or has no month stands in the last column."""
    columns = [datetime.date(year, number, 1) for number in range(1, 13)]
    rows: dict[int, dict] = {}
    for case in sorted(cases, key=lambda case: (case.unit.sort_key, case.unit_id)):
        row = rows.setdefault(case.unit_id, {"unit": case.unit, "cells": [[] for _ in range(13)]})
        place = columns.index(case.planned_month) if case.planned_month in columns else 12
        badge = badges[case.pk]
        row["cells"][place].append((case, badge, badge.word.removesuffix(f"/{year}")))  # a cell is narrow
        seen = visits.get(case.unit_id)
        row["days"] = (today - seen).days if seen else None
    return {
        "months": [month.month for month in columns],
        "rows": list(rows.values()),
        "has_rest": any(row["cells"][12] for row in rows.values()),
    }


@require_http_methods(["GET", "POST"])
def programme_edit(request, pk):
    found = get_editable_or_403(InspectionProgramme, request.user, pk=pk)
    form = ProgrammeForm(sent(request), instance=found, units=inspecting_units(request.user))
    url = reverse("inspections:programme", args=[pk])
    if is_sent(request, form) and form.is_valid():
        data = form.cleaned_data

        def work():
            change_programme(
                programme=found, version=data["version"], by=request.user, topics=form.topic_lines(),
                on=timezone.localdate(), reason=data.get("reason", ""), **form.fields_of_programme(),
            )  # fmt: skip
            return url

        answer = save(
            request, form, work, said="Đã lưu chương trình.", places=form.PLACES, stored=ProgrammeForm.stored,
            discard_url=url,
        )  # fmt: skip
        if answer:
            return answer
    return render(request, "inspections/programme_edit.html", {"form": form, "programme": found})


@require_http_methods(["GET", "POST"])
def programme_issue(request, pk):
    """The draft goes out under its number; from then on each change has a reason."""
    found = get_editable_or_403(InspectionProgramme.objects.select_related("unit"), request.user, pk=pk)
    url = reverse("inspections:programme", args=[pk])
    today = timezone.localdate()
    number = found.number or book_of_programme(found).offered(today)
    initial = {"version": found.version, "number": number, "issued_on": found.issued_on or today}
    form = IssueForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def work():
            issue_programme(
                programme=found, version=data["version"], by=request.user, number=data["number"],
                issued_on=data["issued_on"],
            )  # fmt: skip
            return url

        if answer := save(request, form, work, said="Đã ban hành chương trình.", discard_url=url):
            return answer
    cases = found.inspections.exclude(state=State.CANCELLED).select_related("unit")
    return render(
        request,
        "inspections/programme_issue.html",
        {"form": form, "programme": found, "cases": list(cases.order_by("planned_month", "unit__sort_key", "pk"))},
    )


@require_http_methods(["GET", "POST"])
def programme_take(request, pk):
    """One suggested unit into a month of the programme; the reasons shown become the reason of the change."""
    found = get_editable_or_403(InspectionProgramme.objects.select_related("unit"), request.user, pk=pk)
    today = timezone.localdate()
    url = reverse("inspections:programme", args=[pk])
    form = TakeForm(sent(request), units=units_of(found, today), initial={"month": _next_month(found.year, today)})
    if request.method == "POST" and form.is_valid():
        unit, month = form.cleaned_data["unit"], form.cleaned_data["month"]

        def work():
            one = suggestion_for(suggestions(found, today), unit.pk)
            since = one.visited_on if one and one.visited_on else datetime.date(month.year, 1, 1)
            if since >= month:
                since = datetime.date(month.year - 1, 1, 1)
            take_up(
                by=request.user, on=today, programme=found, unit=unit, month=month, since=since,
                reason=(one.words if one else "")[:300] or "Bổ sung theo gợi ý",
            )  # fmt: skip
            return url

        said = f"Đã đưa {unit.name} vào tháng {month.month}/{month.year}."
        if answer := save(request, form, work, said=said, places={"units": "unit"}, discard_url=url):
            return answer
    return render(request, "inspections/programme_take.html", {"form": form, "programme": found})
