"""The branch book of a year, for those who keep or read the register it names people from."""

from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.models import Unit
from branches.models.member import MemberQuerySet
from branches.scoping import get_visible_or_404
from reports.branch_book import years_of
from reports.papers.branch_book import branch_book_html

from .printing import printed


@require_GET
def branch_book(request, pk, year, ending):
    units = Unit.objects.filter(kind__in=Unit.BRANCH_KINDS)
    unit = get_visible_or_404(units, request.user, right=MemberQuerySet.read_rights, pk=pk)
    today = timezone.localdate()
    if year not in years_of(unit, today):
        raise Http404
    name = f"Sổ chi đoàn {unit.name} {year}"
    return printed(request, lambda: branch_book_html(unit, year, on=today), name, ending)
