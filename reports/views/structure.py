"""The structure of a unit's members on a day: the page, Excel and the paper, all from the same figures."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.formats import day as day_words
from branches.forms.base import DayField, OfficeForm
from branches.models import Unit
from branches.models.member import MemberQuerySet
from branches.restructuring import as_called
from branches.scoping import get_visible_or_404, rights_at
from branches.structure import FIRST_DAY, structure_of
from branches.views.attachments import attached
from branches.workbook import XLSX
from reports.papers.structure import structure_html, structure_workbook

from .printing import printed

# Figures without names: also for the inspectors and the Party committee.
READERS = ("view", "approve", "inspect", "oversee")


class DayForm(OfficeForm):
    """The day of the figures; today when nothing is said."""

    wrong_lead = "Chưa xem được."
    ngay = DayField(label="Đến ngày", required=False)

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, initial={"ngay": today}, **kwargs)

    def clean_ngay(self):
        day = self.cleaned_data["ngay"] or self.today
        if not FIRST_DAY <= day <= self.today:
            raise ValidationError(f"Hãy chọn ngày từ {day_words(FIRST_DAY)} đến {day_words(self.today)}.")
        return day


def _keeps(unit: Unit, rights) -> bool:
    """A superior keeps its own register, not those of its branches: lists of what is closed would open empty."""
    return "manage" in rights and unit.is_branch


def _asked_for(request, pk):
    """The unit, the rights there, the form, and the structure of the day it asks for (None: the day is no day)."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    today = timezone.localdate()
    form = DayForm({"ngay": request.GET.get("ngay", "")}, today=today)
    rights = rights_at(request.user, unit)
    # In one branch a single group is soon a single person; who keeps the register knows them anyway.
    keeps = _keeps(unit, rights)
    each_group = keeps or not unit.is_branch
    found = None
    if form.is_valid():
        day = form.cleaned_data["ngay"]
        called = as_called(unit, day, today=today)
        found = structure_of(called, day, each_group=each_group, as_typed=keeps)
    return unit, rights, form, found


@require_GET
def structure(request, pk):
    """Figures with the women among them; each opens its list for those who read names."""
    unit, rights, form, found = _asked_for(request, pk)
    day = day_words(found.day) if found else ""
    shown = form if form.errors else DayForm(today=form.today)
    if found:
        shown.initial["ngay"] = found.day
    return render(
        request,
        "branches/structure.html",
        {
            "unit": unit,
            "form": shown,
            "structure": found,
            "query": urlencode({"ngay": day}),
            "may_list": not rights.isdisjoint(MemberQuerySet.read_rights),
            "may_keep": _keeps(unit, rights),
        },
    )


@require_GET
def structure_xlsx(request, pk):
    unit, _, _, found = _asked_for(request, pk)
    if found is None:
        raise Http404
    name = f"co-cau-doan-vien-{unit.code}-{found.day:%Y-%m-%d}.xlsx"
    return attached(structure_workbook(found), XLSX, name)


@require_GET
def structure_paper(request, pk, ending):
    unit, _, _, found = _asked_for(request, pk)
    if found is None:
        raise Http404
    name = f"Cơ cấu đoàn viên {found.day:%d-%m-%Y}, {unit.name}"
    return printed(request, lambda: structure_html(found, on=timezone.localdate(), issuer=unit), name, ending)
