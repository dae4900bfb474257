"""The Party committee's summary of a unit's year: one page, and the same on paper."""

import datetime

from django.db.models import Count, Min
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.models import Proposal, Target, Unit
from branches.restructuring import as_called
from branches.scoping import get_visible_or_404, rights_at
from branches.together import Question, ask_together
from branches.views.attachments import attached
from branches.workbook import XLSX
from inspections.models import Inspection
from reports.models import PeriodReport
from reports.papers.party import party_html
from reports.papers.party_xlsx import party_workbook
from reports.party_slides import slides_of
from reports.shown_charts import columns_of, steps_of
from reports.summary import party_summary as summary_of

from .printing import printed, too_many_papers

READERS = ("oversee", "view", "approve")


@require_GET
def party_summary(request, pk):
    """Plan against result, trend, directions and recommendations of a unit; nobody is named."""
    unit, year, today = _asked_for(request, pk, request.GET.get("nam", ""))
    summary = summary_of(unit, year, as_of=today)
    found = ask_together(_beside(request.user, unit, summary.table.period, today))
    trends = [
        {
            "row": key.row,
            "fewer": [(number, units) for number, units in zip(summary.years, key.units, strict=True) if units],
            "points": columns_of(key, summary.years),
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
            "steps": steps_of(summary.party_steps),
            "choices": range(today.year, _first_year(found["first"], today) - 1, -1),
            "to_answer": sum(row.waiting for row in found["to_answer"]),
            "open_units": {row.unit.pk for row in summary.board.rows if _may_open(request.user, row.unit)}
            if summary.board
            else set(),
            "papers": found["papers"],
            "notices": found["notices"],
        },
    )


def _beside(user, unit, period, today) -> dict[str, Question]:
    """What stands on the page beside the summary: the first year with a plan, what waits for an answer, papers."""
    planned = Target.objects.filter(unit=unit, period__starts_on__lte=today).order_by().values("unit_id")
    waiting = Proposal.objects.answerable_by(user).filter(state=Proposal.State.SENT, unit__path__startswith=unit.path)
    papers = PeriodReport.objects.papers_of(user, unit, period)
    notices = Inspection.objects.notices_below(user, unit, period)
    said = ("pk", "conclusion_number", "concluded_on", "unit__name", "programme__unit__name")
    return {
        "first": Question(planned.annotate(first=Min("period__starts_on")), ("first",)),
        "to_answer": Question(waiting.order_by().values("state").annotate(waiting=Count("pk")), ("waiting",)),
        "papers": Question(papers, ("pk", "theme", "number", "dated_on", "period__name")),
        "notices": Question(notices, said),
    }


def _first_year(rows, today) -> int:
    return min([today.year, *(row.first.year for row in rows)])


def _may_open(user, unit) -> bool:
    """Whether a unit on the board has a page of its own for this reader."""
    return not rights_at(user, unit).isdisjoint(READERS)


@require_GET
def party_summary_paper(request, pk, year, ending):
    """The same on paper, in the Đoàn's layout."""
    unit, year, today = _asked_for(request, pk, str(year))
    name = f"Tóm tắt công tác Đoàn năm {year}, {unit.name}"
    return printed(request, lambda: party_html(summary_of(unit, year, as_of=today), on=today), name, ending)


@require_GET
def party_summary_xlsx(request, pk, year):
    """The same as Excel: targets of three years with where each is from, directions, units."""
    unit, year, today = _asked_for(request, pk, str(year))
    if refused := too_many_papers(request):
        return refused
    content = party_workbook(summary_of(unit, year, as_of=today))
    return attached(content, XLSX, f"Tóm tắt công tác Đoàn năm {year}, {unit.name}.xlsx")


@require_GET
def party_screen(request, pk, year):
    """The same for the screen of a meeting room: one message a slide."""
    unit, year, today = _asked_for(request, pk, str(year))
    summary = summary_of(unit, year, as_of=today)
    context = {"unit": unit, "year": year, "summary": summary, "slides": slides_of(summary)}
    return render(request, "reports/party_screen.html", context)


def _asked_for(request, pk, value):
    """The unit under its name of then, the year asked for (this one when nothing is said), and today."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    today = timezone.localdate()
    if not value:
        return unit, today.year, today
    if not (value.isdecimal() and len(value) == 4 and 2000 <= int(value) <= today.year):
        raise Http404
    year = int(value)
    return as_called(unit, datetime.date(year, 12, 31), today=today), year, today
