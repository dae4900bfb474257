"""Papers of dues, for those who may open the page they come from."""

from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.models import DuesReceipt, Remittance, Unit
from branches.scoping import get_visible_or_404, rights_at
from branches.views.dues import MONEY, REGISTER, lines_of_receipt, year_asked
from branches.views.remittances import span_words
from reports.papers.dues import dues_receipt_html, fund_html, remittance_html
from reports.papers.pdf import render_pdf

from .printing import pdf_answer, too_many_papers


def _printed(request, compose, name: str):
    """Composed and laid out only for an account that has not asked for too many."""
    if refused := too_many_papers(request):
        return refused
    html, layout = compose()
    return pdf_answer(render_pdf(html, layout=layout), name)


@require_GET
def dues_receipt_pdf(request, pk):
    """The slip a payer takes home; a receipt that was taken back is no paper any more."""
    rows = DuesReceipt.objects.reached_by(request.user, REGISTER).standing().select_related("unit", "written_by")
    receipt = get_visible_or_404(rows, request.user, pk=pk)
    name = f"Phiếu thu {receipt.number}-{receipt.year}.pdf"
    return _printed(request, lambda: dues_receipt_html(receipt, lines_of_receipt(receipt)), name)


@require_GET
def remittance_pdf(request, pk):
    """The hand-over slip, for both sides, while it stands."""
    rows = Remittance.objects.select_related("unit", "superior", "handed_by", "answered_by")
    slip = get_visible_or_404(rows, request.user, right=REGISTER, pk=pk)
    if slip.state not in Remittance.STANDING:
        raise Http404
    name = f"Phiếu nộp {slip.number}-{slip.year}.pdf"
    return _printed(request, lambda: remittance_html(slip, span_words(slip)), name)


@require_GET
def fund_pdf(request, pk):
    """The fund book of a year; words people typed only for those who read names here."""
    unit = get_visible_or_404(Unit, request.user, right=MONEY, pk=pk)
    today = timezone.localdate()
    year = year_asked(request, today)
    may_name = not rights_at(request.user, unit).isdisjoint(REGISTER)
    name = f"Sổ quỹ {unit.name} {year}.pdf"
    return _printed(request, lambda: fund_html(unit, year, on=today, may_name=may_name), name)
