"""The Party committee's summary of a unit's year: one page, and the same on paper."""

import datetime

from django.db.models import Min
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.models import Proposal, Target, Unit
from branches.restructuring import as_called
from branches.scoping import get_visible_or_404
from inspections.models import Inspection
from reports.charts import Column
from reports.duties import duty_counts
from reports.models import PeriodReport
from reports.papers.party import party_html
from reports.papers.pdf import render_pdf
from reports.party_way import step_counts
from reports.summary import party_summary as summary_of
from reports.wording import amount

from .printing import pdf_answer, too_many_papers

READERS = ("oversee", "view", "approve")


@require_GET
def party_summary(request, pk):
    """Plan against result, trend, directions and recommendations of a unit; nobody is named."""
    unit, year, today, first = _asked_for(request, pk, request.GET.get("nam", ""))
    summary = summary_of(unit, year, as_of=today)
    trends = [
        {
            "row": key.row,
            "fewer": [(number, units) for number, units in zip(summary.years, key.units, strict=True) if units],
            "points": [
                Column(
                    str(number),
                    None if told.done.value is None else told.figure,
                    told.aim.value if told.aim else None,
                    amount(told.done, told.indicator) if told.done.value is not None else "",
                )
                for number, told in zip(summary.years, key.years, strict=True)
            ],
        }
        for key in summary.trends()
    ]
    return render(
        request,
        "reports/party_summary.html",
        {
            "unit": unit,
            "year": year,
            "summary": summary,
            "trends": trends,
            "duties": duty_counts(unit, year, as_of=today),
            "party_steps": step_counts(unit, summary.table),
            "choices": range(today.year, first - 1, -1),
            "to_answer": Proposal.objects.answerable_by(request.user)
            .filter(state=Proposal.State.SENT, unit__path__startswith=unit.path)
            .count(),
            "open_units": _open_units(request.user, summary),
            "papers": list(PeriodReport.objects.papers_of(request.user, unit, summary.table.period)),
            "notices": list(Inspection.objects.notices_below(request.user, unit, summary.table.period)),
        },
    )


def _open_units(user, summary) -> set[int]:
    """Which of the units on the board have a page of their own for this reader."""
    units = [row.unit.pk for row in summary.board.rows] if summary.board else []
    if not units:
        return set()
    return set(Unit.objects.reached_by(user, READERS).filter(pk__in=units).values_list("pk", flat=True))


@require_GET
def party_summary_pdf(request, pk, year):
    """The same on paper, in the Đoàn's layout."""
    unit, year, today, _ = _asked_for(request, pk, str(year))
    if refused := too_many_papers(request):
        return refused
    summary = summary_of(unit, year, as_of=today)
    html, layout = party_html(summary, on=today)
    name = f"Tóm tắt công tác Đoàn năm {year}, {unit.name}.pdf"
    return pdf_answer(render_pdf(html, layout=layout), name)


def _asked_for(request, pk, value):
    """The unit, the year asked for (this one when nothing is said), today, and the first year with a plan."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    today = timezone.localdate()
    found = Target.objects.filter(unit=unit, period__starts_on__lte=today).aggregate(first=Min("period__starts_on"))
    first = min(found["first"].year if found["first"] else today.year, today.year)
    if not value:
        return unit, today.year, today, first
    if not (value.isdecimal() and len(value) == 4 and 2000 <= int(value) <= today.year):
        raise Http404
    year = int(value)
    return as_called(unit, datetime.date(year, 12, 31), today=today), year, today, first
