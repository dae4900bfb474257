"""The yearly programmes: the numbered plans behind every case."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.models import Unit
from branches.scoping import get_editable_or_403, get_visible_or_404
from inspections.forms.cases import ProgrammeForm
from inspections.models import Inspection, InspectionProgramme
from inspections.preparing import change_programme, issue_programme
from inspections.views.saving import save
from inspections.wording import case_badge


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
            cases=Count("inspections"),
            concluded=Count("inspections", filter=Q(inspections__state__in=Inspection.NOTIFIED)),
        )
        .order_by("-year", "-issued_on", "-pk")[:200]
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
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def work():
            programme = issue_programme(
                by=request.user, unit=data.get("unit") or units[0], year=data["year"], number=data["number"],
                issued_on=data["issued_on"], in_name_of=data["in_name_of"], title=data["title"],
            )  # fmt: skip
            return reverse("inspections:programme", args=[programme.pk])

        if answer := save(request, form, work, said="Đã lưu chương trình."):
            return answer
    return render(request, "inspections/programme_new.html", {"form": form})


@require_GET
def programme(request, pk):
    """One programme with its cases."""
    found = get_visible_or_404(InspectionProgramme.objects.select_related("unit"), request.user, pk=pk)
    today = timezone.localdate()
    cases = (
        Inspection.objects.visible_to(request.user)
        .filter(programme=found)
        .select_related("unit", "programme")
        .order_by("visited_on", "unit__sort_key", "pk")[:300]
    )
    return render(
        request,
        "inspections/programme.html",
        {
            "programme": found,
            "cases": [(case, case_badge(case, today)) for case in cases],
            "may_edit": InspectionProgramme.objects.editable_by(request.user).filter(pk=pk).exists(),
        },
    )


@require_http_methods(["GET", "POST"])
def programme_edit(request, pk):
    found = get_editable_or_403(InspectionProgramme, request.user, pk=pk)
    names = ("year", "number", "issued_on", "in_name_of", "title")
    form = ProgrammeForm(sent(request), instance=found, units=inspecting_units(request.user))
    url = reverse("inspections:programme", args=[pk])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def work():
            change_programme(
                programme=found, version=data["version"], by=request.user, **{name: data[name] for name in names}
            )
            return url

        def stored(current):
            return {name: getattr(current, name) for name in names}

        if answer := save(request, form, work, said="Đã lưu chương trình.", stored=stored, discard_url=url):
            return answer
    return render(request, "inspections/programme_edit.html", {"form": form, "programme": found})
