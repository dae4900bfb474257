"""A printed number can be opened: the lines behind a figure, and what a new line would make of it."""

import datetime
from decimal import Decimal, InvalidOperation

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.models import Activity, Evidence, Indicator, Unit
from branches.restructuring import as_called, old_name
from branches.scoping import get_editable_or_403, get_visible_or_404, reach
from branches.tree import scope_of
from reports.models import PeriodReport
from reports.papers.report import day_of
from reports.progress import effect_of, first_day_of, lines_for, progress_for
from reports.shown_charts import running_of
from reports.themes import Theme, told_by

from .periods import period_from, period_value
from .progress import READERS

LINES_A_PAGE = 50


@require_GET
def figure(request, pk, code):
    """The lines behind one figure. Who may not read activities sees days, units and amounts, and no free text.

    Asked of a report about a theme (`bao-cao`) only those lines that its figure counts.
    """
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    today = timezone.localdate()
    report = _themed_report(request, unit)
    period = report.period if report else period_from(request.GET.get("ky", ""), unit, today)
    as_of = day_of(report, today) if report else today
    indicator = Indicator.objects.filter(code=code).of_year(period.year_number).select_related("area").first()
    if indicator is None or (indicator.owner_id and not unit.path.startswith(f"{indicator.owner.path}")):
        raise Http404
    scope = scope_of(unit, first_day_of(period))
    table, counted = progress_for(unit, period, as_of=as_of, scope=scope), None
    if theme := report and Theme.of(report.theme):
        table, counted = told_by(table, theme, scope=scope)
    row = table.row(code)
    readable = Activity.objects.filter(reach(request.user, "unit__", right=Activity.objects.all().read_rights))
    lines = lines_for(unit, code, period, as_of=as_of, scope=scope)
    lines = (counted.lines(lines) if counted else lines).annotate(
        has_evidence=Exists(Evidence.objects.filter(activity=OuterRef("activity_id"))),
        unit_then=old_name("activity__unit", OuterRef("activity__last_on")),
        can_open=Exists(readable.filter(pk=OuterRef("activity_id"))),
    )
    page = Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "reports/figure.html",
        {
            "unit": as_called(unit, period.last_day, today=today),
            "indicator": indicator,
            "row": row,
            "running": None if row and row.is_of_theme else running_of(unit, row, period, as_of=as_of, scope=scope),
            "report": report,
            "period": period,
            "period_value": period_value(period),
            "as_of": as_of,
            "page": page,
        },
    )


def _themed_report(request, unit: Unit) -> PeriodReport | None:
    """The report about a theme whose figure is opened; one of the unit that the person may read, else 404."""
    asked = request.GET.get("bao-cao")
    if not asked:
        return None
    rows = PeriodReport.objects.filter(unit=unit).exclude(theme="").select_related("unit", "period")
    return get_visible_or_404(rows, request.user, pk=_whole(asked))


@require_GET
def quantity_effect(request, pk):
    """One sentence for the log form: what the typed number will do to the target. Nothing is saved."""
    unit = get_editable_or_403(Unit, request.user, right="record", pk=pk)
    today = timezone.localdate()
    indicator = Indicator.objects.usable_by(unit).filter(pk=_whole(request.GET.get("indicator"))).first()
    value = _decimal(request.GET.get("value"))
    if indicator is None or value is None or indicator.is_share or indicator.is_yes_no:
        return HttpResponse("")
    return render(
        request,
        "reports/_quantity_effect.html",
        {
            "indicator": indicator,
            "effect": effect_of(
                unit,
                indicator,
                value,
                day=_day(request.GET.get("day"), today),
                as_of=today,
                replacing=_whole(request.GET.get("activity")),
            ),
        },
    )


def _day(text, today: datetime.date) -> datetime.date:
    """The day as a date box sends it; today for everything that is no day of a year we keep."""
    try:
        found = datetime.date.fromisoformat(text or "")
    except ValueError:
        return today
    return found if 2000 <= found.year <= today.year + 10 else today


def _whole(text) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 18 else 0


def _decimal(text) -> Decimal | None:
    try:
        value = Decimal((text or "").replace(".", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < Decimal(10) ** 16 else None
