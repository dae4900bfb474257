"""The board of a superior: units against shared targets, worst first; and the same as Excel."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.models import Period, Unit
from branches.restructuring import as_called
from branches.scoping import get_visible_or_404, rights_at
from branches.views.attachments import attached
from branches.workbook import XLSX
from reports.board import board_for
from reports.papers.xlsx import board_workbook
from reports.shown_charts import may_rank, ranking_of

from .periods import period_from, period_value, years_offered
from .progress import READERS

ROWS_A_PAGE = 50


def board_from(request, pk):
    """The unit and its board as the address asks for it. A branch has nobody below: 404."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    if unit.is_branch:
        raise Http404
    today = timezone.localdate()
    period = period_from(request.GET.get("ky", ""), unit, today)
    if period.kind != Period.Kind.YEAR:
        raise Http404
    unit = as_called(unit, period.last_day, today=today)
    return unit, board_for(
        unit, period, as_of=today, area=request.GET.get("muc", ""), by_name=request.GET.get("xep") == "ten"
    )


@require_GET
def board(request, pk):
    unit, table = board_from(request, pk)
    page = Paginator(table.rows, ROWS_A_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "reports/board.html",
        {
            "unit": unit,
            "board": table,
            "page": page,
            "period_value": period_value(table.period),
            "years": years_offered(table.as_of, 2015),
            "areas": table.areas,
            "area": request.GET.get("muc", ""),
            "by_name": request.GET.get("xep") == "ten",
            "ranking": ranking_of(table, request.GET.get("chi-tieu", "")),
            "rankable": may_rank(table),
            "rights": rights_at(request.user, unit),
        },
    )


@require_GET
def board_xlsx(request, pk):
    unit, table = board_from(request, pk)
    name = f"bang-don-vi-{unit.code}-{period_value(table.period)}.xlsx"
    return attached(board_workbook(table), XLSX, name)
