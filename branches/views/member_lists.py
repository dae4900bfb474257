"""The list of a unit's members, the closed lists behind figures, and the same as Excel."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.completeness import fields_that_count, lacking_only, whole_of
from branches.formats import number
from branches.forms.base import sent
from branches.forms.member_search import NATIONAL, OWN, ExportForm, MemberSearch
from branches.member_export import MOST_ROWS, closed_pks, national_workbook, own_workbook
from branches.member_lists import KEEPERS, READERS, row_of, selection_of
from branches.models import Unit
from branches.opening import kept_members, note_openings
from branches.register import register_figures
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.unit_export import units_workbook
from branches.views.attachments import attached
from branches.workbook import XLSX

PAGE_SIZE = 50
FIGURES = ("view", "approve", "inspect", "oversee")
SAID = ("q", "ngay", "nhom", "gioi")


def _search(request, unit, today) -> MemberSearch:
    asked = any(request.GET.get(name) for name in SAID)
    return MemberSearch(request.GET if asked else None, unit=unit, today=today)


def _shows_filled(unit, found) -> bool:
    return unit.is_branch and not (found.gone or found.day or found.words)


@require_GET
def member_list(request, pk):
    """Members of the unit and of everything below it, by given name; of today, gone, or those of a day."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    today = timezone.localdate()
    search = _search(request, unit, today)
    found = selection_of(request.user, unit, search, gone=request.GET.get("xem") == "da-roi")
    rights = rights_at(request.user, unit)
    if search.chosen and search.chosen.is_closed:
        if "manage" not in rights:
            raise PermissionDenied
        return redirect(f"{reverse('branches:member_group', args=[unit.pk])}?{request.GET.urlencode()}")
    members, gap = lacking_only(found.members, request.GET.get("thieu", ""), on=today)
    page = Paginator(members, PAGE_SIZE).get_page(request.GET.get("trang"))
    keys = ["members", "women", "party_members"]
    return render(
        request,
        "branches/member_list.html",
        {
            "unit": unit,
            "search": search,
            "found": found,
            "words": found.words,
            "gone": found.gone,
            "gap": gap,
            # Of one branch only: for a province the page of completeness does the counting.
            "filled": whole_of(found.members, unit, fields_that_count(today)) if _shows_filled(unit, found) else None,
            "page": page,
            "rows": [row_of(request.user, member, found.day or today) for member in page],
            "figures": register_figures(units=Q(unit__path__startswith=unit.path), keys=keys, day=today),
            "today": today,
            "may_add": unit.is_branch and "manage" in rights,
            "may_keep": "manage" in rights,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def member_group(request, pk):
    """The list behind a figure of ethnic groups or Party members. A POST shows it, with a row for each who is shown."""
    unit = get_editable_or_403(Unit.objects.reached_by(request.user, READERS), request.user, right=KEEPERS, pk=pk)
    today = timezone.localdate()
    search = _search(request, unit, today)
    found = selection_of(request.user, unit, search, gone=False, right=KEEPERS)
    if not search.chosen or not search.chosen.is_closed:
        return redirect(f"{reverse('branches:member_list', args=[unit.pk])}?{request.GET.urlencode()}")
    # Somebody who belonged here that day and is in another register now is opened there.
    members = found.members.filter(pk__in=kept_members(request.user).values("pk"))
    rows = page = None
    if request.method == "POST":
        page = Paginator(members, PAGE_SIZE).get_page(request.POST.get("trang"))
        note_openings(members=[member.pk for member in page], by=request.user)
        rows = [row_of(request.user, member, found.day) for member in page]
    count = members.count()
    return render(
        request,
        "branches/member_group.html",
        {
            "unit": unit,
            "search": search,
            "found": found,
            "count": count,
            "kept_elsewhere": found.members.count() + found.unseen - count,
            "rows": rows,
            "page": page,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def member_export(request, pk):
    """The list as it is filtered on the screen, as Excel: GET asks in which columns, POST gives the file."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    today = timezone.localdate()
    search = _search(request, unit, today)
    found = selection_of(request.user, unit, search, gone=request.GET.get("xem") == "da-roi")
    if search.chosen and search.chosen.is_closed:
        raise PermissionDenied
    keeps = "manage" in rights_at(request.user, unit)
    form = ExportForm(sent(request), keeps=keeps)
    count = found.members.count()
    if request.method == "POST" and form.is_valid():
        if count > MOST_ROWS:
            form.add_error(
                None,
                f"Danh sách có {number(count)} người, một tệp chứa tối đa {number(MOST_ROWS)}. "
                "Hãy tải từng đơn vị trực thuộc.",
            )
        else:
            return _file(request, unit, found, form, today)
    back = f"{reverse('branches:member_list', args=[unit.pk])}?{request.GET.urlencode()}"
    return render(
        request,
        "branches/member_export.html",
        {"unit": unit, "form": form, "search": search, "found": found, "count": count, "keeps": keeps, "back": back},
    )


@require_GET
def unit_export(request, pk):
    """The units below with their members, as Excel: figures without names."""
    unit = get_visible_or_404(Unit, request.user, right=FIGURES, pk=pk)
    today = timezone.localdate()
    content = units_workbook(unit, user=request.user, right=FIGURES, on=today)
    return attached(content, XLSX, f"don-vi-{unit.code}-{today:%Y-%m-%d}.xlsx")


def _file(request, unit, found, form, today) -> HttpResponse:
    shape, closed = form.cleaned_data["shape"], None
    if form.cleaned_data.get("with_closed"):
        # Written down first: a file that left is opened, also when nobody looks into it.
        closed = closed_pks(request.user, found.members)
        note_openings(members=sorted(closed), by=request.user)
    made = (own_workbook if shape == OWN else national_workbook)(
        found, user=request.user, unit=unit, made_on=today, closed=closed
    )
    which = "-theo-mau-in" if shape == NATIONAL else ""
    return attached(made, XLSX, f"doan-vien-{unit.code}-{found.day or today:%Y-%m-%d}{which}.xlsx")
