"""Papers of an inspection as PDF and Word, for those who read the case or were sent the paper."""

from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.scoping import get_visible_or_404
from inspections.issuing import notice_paper
from inspections.models import CasePaper, Inspection
from inspections.papering import content_of
from reports.papers.inspection_print import DRAFT, PAPERS, CaseDocument, document_html, document_of, document_word
from reports.papers.inspection_year import year_document
from reports.papers.pdf import render_pdf
from reports.proofs import proof_of, replaced_by

from .inspecting import year_from
from .printing import for_archive, pdf_answer, too_many_papers, word_answer

Standing = CasePaper.State


def _notice(request, pk) -> tuple[CasePaper, str]:
    """The notice that counts, and what its file is called; before it goes out its draft, for the committee and the
    team only."""
    rows = Inspection.objects.select_related("programme__unit", "unit")
    case = rows.overseen_by(request.user).filter(pk=pk).first() or get_visible_or_404(rows, request.user, pk=pk)
    if case.state not in Inspection.NOTIFIED:
        case = get_visible_or_404(rows.open_to_committee(request.user), request.user, pk=pk)
        if case.state not in (Inspection.State.VISITED, Inspection.State.REPORTED):
            raise Http404
    dated = case.concluded_on or case.visited_on or timezone.localdate()
    return notice_paper(case), f"Thông báo kết luận {case.unit.name}, {dated:%d-%m-%Y}"


@require_GET
def conclusion_pdf(request, pk):
    paper, name = _notice(request, pk)
    if refused := too_many_papers(request):
        return refused
    html, layout = document_html(_laid_out(paper, is_draft=False), proof_of(paper))
    return pdf_answer(render_pdf(html, layout=layout, archive=for_archive(request, paper)), f"{name}.pdf")


@require_GET
def conclusion_docx(request, pk):
    """The same notice, to be edited."""
    paper, name = _notice(request, pk)
    if refused := too_many_papers(request):
        return refused
    return word_answer(document_word(_laid_out(paper, is_draft=False), proof_of(paper)), f"{name}.docx")


def _laid_out(paper: CasePaper, *, is_draft: bool) -> CaseDocument:
    record = content_of(paper, on=timezone.localdate())
    return document_of(record, number=paper.number, mark=DRAFT if is_draft else _replaced(paper))


def _replaced(paper: CasePaper) -> str:
    """What an edition says that was replaced by a later one; nothing on the one that counts."""
    newer = replaced_by(paper) if paper.pk else None
    return f"ĐÃ ĐƯỢC THAY BẰNG BẢN NGÀY {newer.dated_on:%d/%m/%Y}" if newer else ""


def _paper(request, pk) -> CasePaper:
    return get_visible_or_404(PAPERS, request.user, pk=pk)


def _name(paper: CasePaper, ending: str) -> str:
    about = paper.inspection.unit.name if paper.inspection else str(paper.programme.year)
    return f"{paper} {about}.{ending}".replace("/", "-")


@require_GET
def case_paper_pdf(request, pk):
    paper = _paper(request, pk)
    if refused := too_many_papers(request):
        return refused
    html, layout = document_html(_laid_out(paper, is_draft=paper.state == Standing.DRAFT), proof_of(paper))
    return pdf_answer(render_pdf(html, layout=layout, archive=for_archive(request, paper)), _name(paper, "pdf"))


@require_GET
def case_paper_docx(request, pk):
    paper = _paper(request, pk)
    if refused := too_many_papers(request):
        return refused
    made = document_word(_laid_out(paper, is_draft=paper.state == Standing.DRAFT), proof_of(paper))
    return word_answer(made, _name(paper, "docx"))


@require_GET
def inspection_year_pdf(request, pk):
    """The year's report of an inspection committee, for those who inspect there."""
    found = year_from(request, pk)
    if refused := too_many_papers(request):
        return refused
    html, layout = document_html(year_document(found))
    return pdf_answer(render_pdf(html, layout=layout), f"Báo cáo kiểm tra, giám sát {found.year} {found.unit.name}.pdf")


@require_GET
def inspection_year_docx(request, pk):
    found = year_from(request, pk)
    if refused := too_many_papers(request):
        return refused
    return word_answer(
        document_word(year_document(found)), f"Báo cáo kiểm tra, giám sát {found.year} {found.unit.name}.docx"
    )
