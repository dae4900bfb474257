"""Papers of dues, for those who may open the page they come from."""

from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.models import DuesReceipt, Remittance, Unit
from branches.scoping import get_visible_or_404, rights_at
from branches.views.dues import MONEY, REGISTER, lines_of_receipt, year_asked
from branches.views.remittances import span_words
from reports.papers.dues import dues_receipt_html, fund_html, remittance_html

from .printing import printed


@require_GET
def dues_receipt(request, pk, ending):
    """The slip a payer takes home; a receipt that was taken back is no paper any more."""
    rows = DuesReceipt.objects.reached_by(request.user, REGISTER).standing().select_related("unit", "written_by")
    receipt = get_visible_or_404(rows, request.user, pk=pk)
    name = f"Phiếu thu {receipt.number}-{receipt.year}"
    return printed(request, lambda: dues_receipt_html(receipt, lines_of_receipt(receipt)), name, ending)


@require_GET
def remittance(request, pk, ending):
    """The hand-over slip, for both sides, while it stands."""
    rows = Remittance.objects.select_related("unit", "superior", "handed_by", "answered_by")
    slip = get_visible_or_404(rows, request.user, right=REGISTER, pk=pk)
    if slip.state not in Remittance.STANDING:
        raise Http404
    name = f"Phiếu nộp {slip.number}-{slip.year}"
    return printed(request, lambda: remittance_html(slip, span_words(slip)), name, ending)


@require_GET
def fund(request, pk, ending):
    """The fund book of a year; words people typed only for those who read names here."""
    unit = get_visible_or_404(Unit, request.user, right=MONEY, pk=pk)
    today = timezone.localdate()
    year = year_asked(request, today)
    may_name = not rights_at(request.user, unit).isdisjoint(REGISTER)
    name = f"Sổ quỹ {unit.name} {year}"
    return printed(request, lambda: fund_html(unit, year, on=today, may_name=may_name), name, ending)
