"""Papers of the yearly assessment, for those who may open the page they come from."""

from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.assessing.facts import facts_of, from_stored
from branches.models import Assessment, Criterion, Unit
from branches.models.assessment import Subject
from branches.scoping import get_visible_or_404
from branches.views.assessing import ASSESSMENTS, NAMES, labels_of, round_at
from branches.views.attachments import attached
from branches.workbook import XLSX
from reports.papers.assessed_units import units_decision, units_decision_html, units_decision_word, units_workbook
from reports.papers.assessment import decision_html, result_list_html, self_form_html
from reports.papers.pdf import render_pdf

from .printing import pdf_answer, printed, too_many_papers, word_answer

State = Assessment.State


def _branch_in_round(request, pk, round):
    unit = get_visible_or_404(Unit, request.user, right=NAMES, pk=pk)
    found = round_at(unit, round)
    if not unit.is_branch or found.subject != Subject.MEMBER:
        raise Http404
    rows = ASSESSMENTS.filter(round=found, unit__path__startswith=unit.path)
    return unit, found, rows.order_by("branch_label__position", "member__sort_key", "pk")


@require_GET
def assessment_list(request, pk, round, ending):
    """The list of results a branch sends up."""
    unit, found, rows = _branch_in_round(request, pk, round)
    name = f"Kết quả đánh giá {unit.name} {found.period.name}"
    return printed(
        request,
        lambda: result_list_html(unit, found, list(rows), labels_of(found), on=timezone.localdate()),
        name,
        ending,
    )


@require_GET
def assessment_decision(request, pk, round, ending):
    """The superior's decision, once something is approved."""
    unit, found, rows = _branch_in_round(request, pk, round)
    approved = list(rows.filter(state=State.APPROVED))
    if not approved:
        raise Http404
    name = f"Quyết định đánh giá {unit.name} {found.period.name}"
    return printed(request, lambda: decision_html(unit, found, approved, on=timezone.localdate()), name, ending)


@require_GET
def assessment_self(request, pk, ending):
    """One person's form, for those who read it and for the person."""
    row = get_visible_or_404(ASSESSMENTS, request.user, pk=pk)
    today = timezone.localdate()
    criteria = list(Criterion.objects.filter(criteria_set=row.round.criteria_set_id))
    facts = from_stored(row.facts) if row.facts else facts_of([row], row.round, on=today)[row.pk]
    who = row.member.full_name if row.member_id else row.unit.name
    return printed(
        request,
        lambda: self_form_html(row, criteria, facts, labels_of(row.round), on=today),
        f"Phiếu đánh giá {who} {row.round.period.name}",
        ending,
    )


# --- branches under their superior ----------------------------------------------------------------------


def _branches_in_round(request, pk, round):
    """A superior in a round about branches, the branches whose results this person reads, and the criteria."""
    unit = get_visible_or_404(Unit, request.user, right=NAMES, pk=pk)
    found = round_at(unit, round)
    if unit.is_branch or found.subject != Subject.BRANCH:
        raise Http404
    rows = ASSESSMENTS.reached_by(request.user, NAMES).filter(round=found, unit__path__startswith=unit.path)
    criteria = list(Criterion.objects.filter(criteria_set=found.criteria_set_id))
    return unit, found, rows, criteria


def _units_decision(request, pk, round):
    unit, found, rows, criteria = _branches_in_round(request, pk, round)
    rows = list(rows.filter(state=State.APPROVED).order_by("final_label__position", "unit__sort_key", "pk"))
    if not rows:
        raise Http404
    if refused := too_many_papers(request):
        return refused, ""
    made = units_decision(unit, found, rows, labels_of(found), criteria, on=timezone.localdate())
    return made, f"Quyết định xếp loại chi đoàn {unit.name} {found.period.name}"


@require_GET
def assessment_units_pdf(request, pk, round):
    """The superior's decision about its branches, once something is approved."""
    made, name = _units_decision(request, pk, round)
    if not name:
        return made
    html, layout = units_decision_html(made)
    return pdf_answer(render_pdf(html, layout=layout), f"{name}.pdf")


@require_GET
def assessment_units_docx(request, pk, round):
    """The same decision, to be edited."""
    made, name = _units_decision(request, pk, round)
    return word_answer(units_decision_word(made), f"{name}.docx") if name else made


@require_GET
def assessment_units_xlsx(request, pk, round):
    """Every branch of the round with where it stands."""
    unit, found, rows, criteria = _branches_in_round(request, pk, round)
    content = units_workbook(
        unit, found, rows.order_by("unit__sort_key", "pk"), criteria, on=timezone.localdate()
    )  # fmt: skip
    name = f"Xếp loại chi đoàn {unit.name} {found.period.name}.xlsx"
    return attached(content, XLSX, name)
