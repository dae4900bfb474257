"""Papers of the way to the Party and of discipline, for those who read the page they come from."""

from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.disciplining import note_opening
from branches.models import Discipline, PartyStep, Period, ProgressRemark, Unit
from branches.models.merit import ClosedQuerySet
from branches.party_way.funnel import steps_behind
from branches.scoping import get_visible_or_404
from branches.views.party_way import year_asked
from reports.papers.merit import (
    discipline_decision_html,
    discipline_minutes_html,
    outstanding_list_html,
    party_introduction_html,
    party_remark_html,
)

from .printing import printed

READERS = ClosedQuerySet.read_rights
CASES = Discipline.objects.select_related("unit", "member", "ballot__item__meeting")


@require_GET
def party_introduction(request, pk, ending):
    """The resolution of the branch."""
    rows = PartyStep.objects.select_related("unit", "member", "ballot__item__meeting")
    step = get_visible_or_404(rows.filter(kind=PartyStep.Kind.INTRODUCED), request.user, pk=pk)
    name = f"Nghị quyết giới thiệu {step.member.full_name}"
    return printed(request, lambda: party_introduction_html(step), name, ending)


@require_GET
def outstanding_list(request, pk, ending):
    """Those behind the counter of the year."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    today = timezone.localdate()
    year = year_asked(request, today)
    steps = list(steps_behind(unit, PartyStep.Kind.OUTSTANDING, Period.of_year(year)))
    name = f"Danh sách đoàn viên ưu tú {year} {unit.name}"
    return printed(request, lambda: outstanding_list_html(unit, steps, year=year, on=today), name, ending)


@require_GET
def party_remark(request, pk, ending):
    remark = get_visible_or_404(ProgressRemark.objects.select_related("unit", "member"), request.user, pk=pk)
    name = f"Nhận xét {remark.member.full_name} {remark.dated_on:%d-%m-%Y}"
    return printed(request, lambda: party_remark_html(remark), name, ending)


def _case(request, pk, *states) -> Discipline:
    """For those who keep the register and who decide; a printed case is an opened one."""
    found = get_visible_or_404(CASES, request.user, right=READERS, pk=pk)
    if found.state not in states:
        raise Http404
    note_opening(case=found, by=request.user)
    return found


@require_GET
def discipline_decision(request, pk, ending):
    """The decision, or its draft once the branch has met."""
    states = Discipline.State
    case = _case(request, pk, states.REVIEWED, states.DECIDED, states.LIFTED)
    name = f"Quyết định kỷ luật {case.whom}"
    return printed(request, lambda: discipline_decision_html(case, on=timezone.localdate()), name, ending)


@require_GET
def discipline_minutes(request, pk, ending):
    """What was voted at the review."""
    states = Discipline.State
    case = _case(request, pk, states.REVIEWED, states.DECIDED, states.LIFTED)
    name = f"Trích biên bản họp xét {case.whom}"
    return printed(request, lambda: discipline_minutes_html(case), name, ending)
