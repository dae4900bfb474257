"""The unit takes a recommendation into its plan: as a target of this or the next year, or as a task."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.forms.base import sent
from branches.heirs import heir_of
from branches.models import Indicator, Target, Unit
from branches.scoping import rights_at
from branches.tasks import members_of
from inspections.forms.follow_up import TargetForm, TaskForRecommendationForm
from inspections.taking_up import link_target, plan_as_target, plan_as_task
from inspections.views.cases import at_most
from inspections.views.follow_up import after, of_unit
from inspections.views.saving import save

MOST_CHOICES = 400


def _planning(request, pk):
    """The recommendation and the unit whose plan takes it up: the inspected one, or its heir where it ended."""
    row = of_unit(request, pk)
    unit = row.inspection.unit
    unit = (heir_of(unit) or unit) if unit.dissolved_on else unit
    if "record" not in rights_at(request.user, unit):
        raise PermissionDenied
    return row, unit


def _year(request, today) -> int:
    """This year or the next one, as the address asks."""
    return today.year + 1 if request.GET.get("nam") == str(today.year + 1) else today.year


@require_http_methods(["GET", "POST"])
def recommendation_target(request, pk):
    row, unit = _planning(request, pk)
    today = timezone.localdate()
    year = _year(request, today)
    targets, indicators = _choices(unit, year, row, to_offer=request.method == "GET")
    form = TargetForm(sent(request), initial={"version": row.version}, targets=targets, indicators=indicators)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        at = {"recommendation": row, "version": data["version"], "by": request.user}

        def work():
            if data.get("target"):
                link_target(**at, target=data["target"])
            else:
                plan_as_target(
                    **at, unit=unit, year=year, indicator=data["indicator"], aim=data["aim_read"],
                    due_on=data["due_on"], note=data["note"],
                )  # fmt: skip
            return after(request, row)

        if done := save(request, form, work, said=f"Đã đưa vào kế hoạch năm {year}.", discard_url=after(request, row)):
            return done
    return render(
        request,
        "inspections/recommendation_target.html",
        {"form": form, "row": row, "case": row.inspection, "year": year, "years": (today.year, today.year + 1)},
    )


def _choices(unit: Unit, year: int, row, *, to_offer: bool):
    """Targets of the year's plan not linked yet, and what else the year's catalogue offers.

    A form that comes a second time names what the first one took: it is read, and the verbs refuse the rest.
    """
    planned = Target.objects.filter(unit=unit, period__kind="year", period__starts_on__year=year)
    targets = planned.select_related("indicator", "period").in_order()
    catalogue = Indicator.objects.of_year(year).usable_by(unit).order_by("area__position", "position", "pk")
    if to_offer:
        targets = targets.exclude(pk__in=row.targets.values("pk"))
        catalogue = catalogue.exclude(code__in=planned.values("indicator__code"))
    return at_most(targets, MOST_CHOICES), catalogue


@require_http_methods(["GET", "POST"])
def recommendation_task(request, pk):
    row, unit = _planning(request, pk)
    today = timezone.localdate()
    initial = {
        "version": row.version, "text": row.text[:500], "expected": row.expected_proof,
        "due_on": row.due_on if row.due_on and row.due_on >= today else None,
    }  # fmt: skip
    members = at_most(members_of(unit).filter(is_active=True).order_by("sort_key", "pk"), MOST_CHOICES)
    form = TaskForRecommendationForm(sent(request), initial=initial, members=members)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def work():
            plan_as_task(
                recommendation=row, version=data["version"], by=request.user, on=today, unit=unit,
                **form.fields_of_task(),
            )  # fmt: skip
            return after(request, row)

        if done := save(request, form, work, said="Đã giao việc.", discard_url=after(request, row)):
            return done
    return render(request, "inspections/recommendation_task.html", {"form": form, "row": row, "case": row.inspection})
