"""Papers of an inspection, for those who read the case."""

from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.scoping import get_visible_or_404
from inspections.models import Inspection
from reports.papers.conclusion import conclusion_html
from reports.papers.pdf import render_pdf

from .printing import pdf_answer, too_many_papers


@require_GET
def conclusion_pdf(request, pk):
    """The notice of conclusion; before it goes out, its draft, for the committee and the team only."""
    rows = Inspection.objects.select_related("programme__unit", "unit")
    case = rows.overseen_by(request.user).filter(pk=pk).first() or get_visible_or_404(rows, request.user, pk=pk)
    if case.state not in Inspection.NOTIFIED:
        case = get_visible_or_404(rows.open_to_committee(request.user), request.user, pk=pk)
        if case.visited_on is None or case.state == Inspection.State.PLANNED:
            raise Http404
    if refused := too_many_papers(request):
        return refused
    html, layout = conclusion_html(case, on=timezone.localdate())
    name = f"Thông báo kết luận {case.unit.name}, {case.visited_on:%d-%m-%Y}.pdf"
    return pdf_answer(render_pdf(html, layout=layout), name)
