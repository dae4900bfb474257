"""Rounds of reports as pages: the list, a new one, where every unit stands, the same as Excel."""

import datetime

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.models import Period, Unit
from branches.models.rule import rules_on
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.views.attachments import attached
from branches.views.life_steps import take_step
from branches.workbook import XLSX
from reports.forms_rounds import RoundForm, period_key
from reports.models import ReportRound, ReportTemplate, StatTable
from reports.papers.rounds import round_workbook
from reports.round_standing import GROUPS, Standing, standings_of, tallies
from reports.rounds import RoundRefused, direct_units, open_round

from .report_tabs import report_tabs

READERS = ("view", "approve")
ROWS_A_PAGE, STEPS = 50, 30
DUE_DAYS = 14
SIGNS = {
    "dung-han": ("check", "met"), "nop-muon": ("clock", "late"), "chua-nop": ("warn", "overdue"),
    "sau-khep": ("clock", "late"),
    "cho-duyet": ("clock", "going"), "tra-lai": ("swap", "late"), "da-duyet": ("check", "met"), "mien": ("dash", ""),
}  # fmt: skip


def rounds_with_unit():
    return ReportRound.objects.select_related("unit", "period", "opened_by")


def office_of(request, pk, right=READERS) -> Unit:
    """A unit that has others below it: only such a one asks for reports."""
    source = Unit.objects.reached_by(request.user, READERS)
    found = (
        get_visible_or_404(source, request.user, right=READERS, pk=pk)
        if right == READERS
        else get_editable_or_403(source, request.user, right=right, pk=pk)
    )
    if found.is_branch:
        raise Http404
    return found


@require_GET
def round_list(request, pk):
    """The rounds of an office: open ones by their due day, then those that are closed."""
    unit = office_of(request, pk)
    today = timezone.localdate()
    rows = rounds_with_unit().filter(unit=unit)
    still_open = list(rows.filter(closed_on=None).order_by("due_on", "pk"))
    page = Paginator(rows.exclude(closed_on=None).order_by("-closed_on", "-pk"), ROWS_A_PAGE)
    page = page.get_page(request.GET.get("trang"))
    told = tallies([*still_open, *page])
    return render(
        request,
        "reports/round_list.html",
        {
            "unit": unit,
            "tabs": report_tabs(request.user, unit, "rounds"),
            "still_open": [(one, told.get(one.pk)) for one in still_open],
            "closed": [(one, told.get(one.pk)) for one in page],
            "page": page,
            "today": today,
            "may_open": "submit" in rights_at(request.user, unit),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def round_new(request, pk):
    """Ask the units for a report: which period, by when, and of whom."""
    unit = office_of(request, pk, right="submit")
    today = timezone.localdate()
    units = list(direct_units(unit, today))
    published = ReportTemplate.objects.visible_to(request.user).for_unit(unit).exclude(starts_on=None)
    templates = published.order_by("name", "edition", "pk")  # which of them fits the period is said by open_round
    form = RoundForm(
        sent(request),
        today=today,
        units=units,
        templates=templates,
        tables=StatTable.objects.askable_by(unit).in_order(),
        initial={
            "due_on": today + datetime.timedelta(days=DUE_DAYS),
            "units": [str(one.pk) for one in units],
            "period": period_key(Period.of_year(today.year)),
        },
    )
    existing = []

    def work():
        try:
            made = open_round(unit=unit, by=request.user, on=today, **form.said())
        except RoundRefused as refusal:
            existing.append(refusal.existing)
            raise
        return reverse("reports:round", args=[made.pk])

    done = "Đã mở đợt. Các đơn vị thấy yêu cầu này trong “Việc của tôi” và ở trang Báo cáo."
    if answer := take_step(request, form, work, done, refused=RoundRefused):
        return answer
    same = next((one for one in existing if one), None)
    return render(request, "reports/round_new.html", {"unit": unit, "form": form, "units": units, "existing": same})


@require_GET
def round(request, pk):
    """Where every unit stands; a unit that is asked sees what is asked and its own line."""
    found = get_visible_or_404(rounds_with_unit(), request.user, pk=pk)
    today = timezone.localdate()
    rows = standings_of(found, request.user, on=today)
    soon = int(rules_on(today)["due_soon_days"])
    chosen = request.GET.get("loc", "")
    chosen = chosen if chosen in GROUPS else ""
    shown = [one for one in rows if not chosen or GROUPS[chosen][1](one)]
    rights = rights_at(request.user, found.unit)
    is_office = not rights.isdisjoint(READERS)
    page = Paginator(shown, ROWS_A_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "reports/round.html",
        {
            "round": found,
            "unit": found.unit,
            "tables": list(found.tables.in_order()),
            "template": found.template,
            "today": today,
            "page": page,
            # A unit that moved away since is still listed; its report is its new superior's to read.
            "rows": [(one, not rights_at(request.user, one.unit).isdisjoint(READERS)) for one in page],
            "tiles": _tiles(rows, chosen),
            "chosen": chosen,
            "chosen_word": GROUPS[chosen][0] if chosen else "",
            "units": len(rows),
            "to_remind": sum(one.to_remind for one in rows),
            "near": sum(one.is_near(soon) for one in rows),
            "reminded": sum(one.row.reminded_on == today for one in rows),
            "is_office": is_office,
            "may_steer": "submit" in rights,
            "steps": list(found.steps.select_related("taken_by").order_by("-pk")[:STEPS]) if is_office else [],
        },
    )


def _tiles(rows: list[Standing], chosen: str) -> list[dict]:
    """One tile for each group that is of use: how many, and the address that shows only them."""
    if not any(one.is_after_close for one in rows):
        groups = {key: group for key, group in GROUPS.items() if key != "sau-khep"}
    else:
        groups = GROUPS
    return [
        {"key": key, "word": word, "count": sum(bool(belongs(one)) for one in rows), "sign": SIGNS[key][0],
         "look": SIGNS[key][1], "is_chosen": key == chosen}
        for key, (word, belongs) in groups.items()
    ]  # fmt: skip


@require_GET
def round_xlsx(request, pk):
    """The list of units as Excel, all of them or those of one tile."""
    found = get_visible_or_404(rounds_with_unit(), request.user, pk=pk)
    today = timezone.localdate()
    chosen = request.GET.get("loc", "")
    rows = standings_of(found, request.user, on=today)
    if chosen in GROUPS:
        rows = [one for one in rows if GROUPS[chosen][1](one)]
    return attached(round_workbook(found, rows, today), XLSX, f"dot-bao-cao-{found.unit.code}-{found.pk}.xlsx")
