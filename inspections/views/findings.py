"""Findings and draft recommendations, written until the notice goes out."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.forms.base import sent
from branches.meetings.attendance import counted
from branches.models import Activity, Meeting, Target
from branches.scoping import get_editable_or_403
from inspections.conducting import add_finding, change_finding, remove_finding
from inspections.following import change_recommendation, recommend, remove_recommendation
from inspections.forms.cases import StepForm
from inspections.forms.findings import FIELDS, FindingForm, RecommendationForm
from inspections.models import ChecklistAnswer, ChecklistItem, Finding, Recommendation
from inspections.repeating import earlier_faults
from inspections.states import InspectionRefused
from inspections.views.cases import at_most, case_of
from inspections.views.saving import is_sent, save

MOST_CHOICES = 400
PLACES = {"repeat_of": "again"}  # where the form asks what the verb calls otherwise


def case_url(case_pk) -> str:
    return reverse("inspections:inspection", args=[case_pk])


def material(case) -> dict:
    """What a finding may point at: of the unit, what belongs to the span under review; and the items of the case.

    For the committee this is the material of its case; nothing else of the unit is listed.
    """
    targets = Target.objects.filter(
        unit=case.unit_id, period__starts_on__lt=case.review_to, period__ends_on__gt=case.review_from
    )
    activities = Activity.objects.filter(
        unit=case.unit_id, nature=Activity.Nature.ACTIVITY, last_on__gte=case.review_from, last_on__lt=case.review_to
    )
    meetings = counted(case.review_from, case.review_to).filter(unit=case.unit_id).exclude(kind=Meeting.Kind.DISCIPLINE)
    return {
        "targets": at_most(targets.select_related("indicator", "period").in_order(), MOST_CHOICES),
        "activities": at_most(activities.order_by("-last_on", "-pk"), MOST_CHOICES),
        "meetings": at_most(meetings.order_by("-starts_at", "-pk"), MOST_CHOICES),
        "items": case.items.order_by("position", "pk"),
    }


@require_http_methods(["GET", "POST"])
def finding_new(request, pk):
    """A finding; `?loai=` says its class, `?muc=` the item of the checklist it starts from."""
    case = case_of(request.user, pk, to_edit=True)
    data = sent(request)
    form = FindingForm(data, initial=_start(request, case), earlier=earlier_faults(case), **material(case))
    if is_sent(request, form) and form.is_valid():

        def work():
            add_finding(inspection=case, by=request.user, **form.fields_of_finding())
            if "another" in data:
                return reverse("inspections:finding_new", args=[pk]) + f"?loai={form.cleaned_data['kind']}"
            return case_url(pk)

        if answer := save(request, form, work, said="Đã ghi nhận định.", places=PLACES):
            return answer
    return render(request, "inspections/finding_new.html", {"form": form, "case": case})


def _start(request, case) -> dict:
    """What the form shows when it is opened: the class asked for, and the item with its figure and the note there."""
    kind, item = request.GET.get("loai", ""), request.GET.get("muc", "")
    initial = {"kind": kind if kind in Finding.Class.values else Finding.Class.MERIT}
    if not item.isdecimal() or len(item) > 18:
        return initial
    row = ChecklistItem.objects.filter(inspection=case, pk=int(item)).first()
    if row is None:
        return initial
    note = row.answers.filter(side=ChecklistAnswer.Side.TEAM).values_list("note", flat=True).first()
    return initial | {
        "item": row.pk, "target": row.target_id, "activity": row.activity_id, "text": note or "",
        "facts": row.fact_words,
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
def finding_edit(request, pk):
    findings = Finding.objects.select_related("inspection__unit", "repeat_of__inspection")
    finding = get_editable_or_403(findings, request.user, pk=pk)
    case = finding.inspection
    form = FindingForm(sent(request), instance=finding, earlier=earlier_faults(case), **material(case))
    if is_sent(request, form) and form.is_valid():

        def work():
            change_finding(
                finding=finding, version=form.cleaned_data["version"], by=request.user, **form.fields_of_finding()
            )
            return case_url(case.pk)

        def stored(current):
            return {name: getattr(current, name) for name in FIELDS}

        answer = save(
            request, form, work, said="Đã lưu nhận định.", places=PLACES, stored=stored, discard_url=case_url(case.pk)
        )
        if answer:
            return answer
    return render(request, "inspections/finding_edit.html", {"form": form, "case": case, "finding": finding})


@require_http_methods(["GET", "POST"])
def finding_delete(request, pk):
    finding = get_editable_or_403(Finding.objects.select_related("inspection__unit"), request.user, pk=pk)
    return _remove(
        request, lambda: remove_finding(finding=finding, by=request.user), finding.inspection,
        "inspections/finding_delete.html", {"finding": finding}, "Đã bỏ nhận định.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def recommendation_new(request, pk):
    case = case_of(request.user, pk, to_edit=True)
    form = RecommendationForm(sent(request), findings=_weak_points(case))
    if is_sent(request, form) and form.is_valid():

        def work():
            recommend(inspection=case, by=request.user, **form.fields_of_row())
            if "another" in request.POST:
                return reverse("inspections:recommendation_new", args=[pk])
            return case_url(pk)

        if answer := save(request, form, work, said="Đã ghi kiến nghị."):
            return answer
    return render(
        request,
        "inspections/recommendation_new.html",
        {"form": form, "case": case, "today": timezone.localdate()},
    )


@require_http_methods(["GET", "POST"])
def recommendation_edit(request, pk):
    row = get_editable_or_403(Recommendation.objects.select_related("inspection__unit"), request.user, pk=pk)
    url = case_url(row.inspection_id)
    stored = RecommendationForm.stored
    form = RecommendationForm(sent(request), findings=_weak_points(row.inspection), initial=stored(row))
    if is_sent(request, form) and form.is_valid():

        def work():
            change_recommendation(
                recommendation=row, version=form.cleaned_data["version"], by=request.user, **form.fields_of_row()
            )
            return url

        if answer := save(request, form, work, said="Đã lưu kiến nghị.", stored=stored, discard_url=url):
            return answer
    return render(request, "inspections/recommendation_edit.html", {"form": form, "case": row.inspection, "row": row})


def _weak_points(case):
    """What a recommendation answers: shortcomings and violations."""
    return case.findings.faults().order_by("position", "pk")


@require_http_methods(["GET", "POST"])
def recommendation_delete(request, pk):
    row = get_editable_or_403(Recommendation.objects.select_related("inspection__unit"), request.user, pk=pk)
    return _remove(
        request, lambda: remove_recommendation(recommendation=row, by=request.user), row.inspection,
        "inspections/recommendation_delete.html", {"row": row}, "Đã bỏ kiến nghị.",
    )  # fmt: skip


def _remove(request, verb, case, template, context, said):
    """Ask first, then take a draft out."""
    form = StepForm(initial={"version": case.version})
    if request.method == "POST":
        try:
            verb()
        except InspectionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, said)
        return redirect(case_url(case.pk))
    return render(request, template, {"form": form, "case": case, **context})
