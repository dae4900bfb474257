"""What to look at in the figures of a report, with the place to look. Warnings, never a refusal."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.scoping import get_visible_or_404
from reports.consistency import REGISTER, Warning, warnings_of_material
from reports.freezing import facts_of
from reports.material import Material
from reports.models import PeriodReport
from reports.papers.report import material_for

from .periods import period_value
from .reports import reports_with_unit


def warnings_of(report: PeriodReport, material: Material) -> list[tuple[Warning, str]]:
    """The warnings of a report with today's figures, each with the address of the figure it is about."""
    found = warnings_of_material(report, material, facts_of(material))
    return [(one, _where(report, one)) for one in found]


def _where(report: PeriodReport, warning: Warning) -> str:
    span = f"?ky={period_value(report.period)}"
    if warning.code == REGISTER:
        return reverse("branches:movement", args=[report.unit_id])
    if warning.code and report.from_units:
        return reverse("reports:report_units_figure", args=[report.pk, warning.code])
    if warning.code:
        return reverse("reports:figure", args=[report.unit_id, warning.code]) + span
    return reverse("reports:progress", args=[report.unit_id]) + span


@require_GET
def report_checks(request, pk):
    """Every warning about the figures of a report, before it is handed in or while it is judged."""
    found = get_visible_or_404(reports_with_unit(), request.user, pk=pk)
    material = material_for(found, on=timezone.localdate())
    return render(
        request,
        "reports/report_checks.html",
        {"report": found, "unit": found.unit, "as_of": material.until, "checks": warnings_of(found, material)},
    )
