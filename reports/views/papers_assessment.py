"""Papers of the yearly assessment, for those who may open the page they come from."""

from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.assessing.facts import facts_of, from_stored
from branches.models import Assessment, Criterion, Unit
from branches.models.assessment import Subject
from branches.scoping import get_visible_or_404
from branches.views.assessing import ASSESSMENTS, NAMES, labels_of, round_at
from reports.papers.assessment import decision_html, result_list_html, self_form_html
from reports.papers.pdf import render_pdf

from .printing import pdf_answer, too_many_papers

State = Assessment.State


def _printed(request, compose, name: str):
    """Composed and laid out only for an account that has not asked for too many."""
    if refused := too_many_papers(request):
        return refused
    html, layout = compose()
    return pdf_answer(render_pdf(html, layout=layout), name)


def _branch_in_round(request, pk, round):
    unit = get_visible_or_404(Unit, request.user, right=NAMES, pk=pk)
    found = round_at(unit, round)
    if not unit.is_branch or found.subject != Subject.MEMBER:
        raise Http404
    rows = ASSESSMENTS.filter(round=found, unit__path__startswith=unit.path)
    return unit, found, rows.order_by("branch_label__position", "member__sort_key", "pk")


@require_GET
def assessment_list_pdf(request, pk, round):
    """The list of results a branch sends up."""
    unit, found, rows = _branch_in_round(request, pk, round)
    name = f"Kết quả đánh giá {unit.name} {found.period.name}.pdf"
    return _printed(
        request,
        lambda: result_list_html(unit, found, list(rows), labels_of(found), on=timezone.localdate()),
        name,
    )


@require_GET
def assessment_decision_pdf(request, pk, round):
    """The superior's decision, once something is approved."""
    unit, found, rows = _branch_in_round(request, pk, round)
    approved = list(rows.filter(state=State.APPROVED))
    if not approved:
        raise Http404
    name = f"Quyết định đánh giá {unit.name} {found.period.name}.pdf"
    return _printed(request, lambda: decision_html(unit, found, approved, on=timezone.localdate()), name)


@require_GET
def assessment_self_pdf(request, pk):
    """One person's form, for those who read it and for the person."""
    row = get_visible_or_404(ASSESSMENTS, request.user, pk=pk)
    today = timezone.localdate()
    criteria = list(Criterion.objects.filter(criteria_set=row.round.criteria_set_id))
    facts = from_stored(row.facts) if row.facts else facts_of([row], row.round, on=today)[row.pk]
    who = row.member.full_name if row.member_id else row.unit.name
    return _printed(
        request,
        lambda: self_form_html(row, criteria, facts, labels_of(row.round), on=today),
        f"Phiếu đánh giá {who} {row.round.period.name}.pdf",
    )
