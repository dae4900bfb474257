"""Plan against result: the table that is the home of the module, and the same as Excel."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.models import Period, Unit
from branches.restructuring import as_called
from branches.scoping import get_visible_or_404, rights_at
from branches.views.attachments import attached
from branches.workbook import XLSX
from reports import wording
from reports.charts import Chapter
from reports.papers.xlsx import progress_workbook
from reports.progress import LATE, REACHED, Standing, progress_for

from .periods import period_from, period_value, periods_of, segments, years_offered

READERS = ("view", "approve", "inspect", "oversee")
FILTERS = {
    "dat": REACHED,
    "dang-lam": (Standing.ON_TRACK,),
    "cham": LATE,
    "chua-do": (Standing.NOT_MEASURABLE,),
}
WITHOUT_RESULTS = "chua-co"  # where the home page sends people; it lies across the standings


def table_from(request, pk):
    """The unit, and its plan against result as the address asks for it."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    today = timezone.localdate()
    period = period_from(request.GET.get("ky", ""), unit, today)
    unit = as_called(unit, period.last_day, today=today)
    return unit, progress_for(unit, period, as_of=today)


def _shown(table, wanted):
    """The rows a filter keeps; None for all of them."""
    if wanted == WITHOUT_RESULTS:
        return table.without_results
    standings = FILTERS.get(wanted)
    return None if standings is None else [row for row in table.planned if row.standing in standings]


@require_GET
def progress(request, pk):
    """Planned, done, standing and last year of every target; every number opens the lines behind it."""
    unit, table = table_from(request, pk)
    today, period = table.as_of, table.period
    wanted = request.GET.get("loc", "")
    shown = _shown(table, wanted)
    chapters = [(area, [row for row in rows if shown is None or row in shown]) for area, rows in table.chapters()]
    known = periods_of(unit)
    first = min((one.starts_on.year for one in known), default=today.year)
    return render(
        request,
        "reports/progress.html",
        {
            "unit": unit,
            "table": table,
            "period": period,
            "period_value": period_value(period),
            "chapters": [(area, rows) for area, rows in chapters if rows],
            "strip": [
                Chapter(str(area.position), tuple(row.standing for row in rows if row.aim))
                for area, rows in table.chapters()
            ],
            "wanted": wanted if shown is not None else "",
            "segments": segments(period, known, today),
            "years": years_offered(today, first),
            "rights": rights_at(request.user, unit),
            "is_year": period.kind == Period.Kind.YEAR,
            "figures_open": True,
            "plan_note": wording.plan_note(table),
        },
    )


@require_GET
def progress_xlsx(request, pk):
    """The same table as a workbook, in the columns people know from their own file."""
    unit, table = table_from(request, pk)
    name = f"ke-hoach-ket-qua-{unit.code}-{period_value(table.period)}.xlsx"
    return attached(progress_workbook(table), XLSX, name)
