"""The branch book of a year, for those who keep or read the register it names people from."""

from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.models import Unit
from branches.models.member import MemberQuerySet
from branches.scoping import get_visible_or_404
from reports.branch_book import years_of
from reports.papers.branch_book import branch_book_html
from reports.papers.pdf import render_pdf

from .printing import pdf_answer, too_many_papers


@require_GET
def branch_book_pdf(request, pk, year):
    units = Unit.objects.filter(kind__in=Unit.BRANCH_KINDS)
    unit = get_visible_or_404(units, request.user, right=MemberQuerySet.read_rights, pk=pk)
    today = timezone.localdate()
    if year not in years_of(unit, today):
        raise Http404
    if refused := too_many_papers(request):
        return refused
    html, layout = branch_book_html(unit, year, on=today)
    return pdf_answer(render_pdf(html, layout=layout), f"Sổ chi đoàn {unit.name} {year}.pdf")
