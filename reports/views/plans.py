"""Making a plan: the grid of a year or of a term, copying the last one, an indicator of one's own."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.aims import assigned_text, target_text
from branches.cataloguing import add_indicator
from branches.forms.base import sent
from branches.forms.plan import OwnIndicatorForm
from branches.forms.plan_grid import PlanGrid
from branches.forms.posts import TermForm
from branches.models import Period, Target, Unit
from branches.models.plan import TargetQuerySet
from branches.plan_saving import GridRefused, save_plan
from branches.planning import PlanningRefused, copy_plan
from branches.receipts import once
from branches.scoping import get_editable_or_403, rights_at
from branches.terms import TERM_WRITERS, TermRefused, start_term
from reports import wording
from reports.progress import progress_for

from .periods import period_value

YEARS_AHEAD = 3


def _unit_to_plan(request, pk) -> Unit:
    units = Unit.objects.reached_by(request.user, TargetQuerySet.read_rights)
    return get_editable_or_403(units, request.user, right="record", pk=pk)


def _year_period(year: int, today) -> Period:
    """The stored year when there is one; a plan is made for the past (to catch up) or the next few years."""
    if not 2000 <= year <= today.year + YEARS_AHEAD:
        raise Http404
    wanted = Period.of_year(year)
    stored = Period.objects.filter(kind=wanted.kind, starts_on=wanted.starts_on, ends_on=wanted.ends_on, unit=None)
    return stored.first() or wanted


def _term(unit: Unit, period: int) -> Period:
    return get_object_or_404(Period, pk=period, kind=Period.Kind.TERM, unit=unit)


def _before(unit: Unit, period: Period) -> Period | None:
    """The plan this one follows: last year, or the unit's term before."""
    if period.kind == Period.Kind.YEAR:
        return period.before()
    terms = Period.objects.filter(kind=Period.Kind.TERM, unit=unit, starts_on__lt=period.starts_on)
    return terms.order_by("-starts_on", "pk").first()


@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request, pk, year):
    unit = _unit_to_plan(request, pk)
    return _grid(request, unit, _year_period(year, timezone.localdate()))


@require_http_methods(["GET", "HEAD", "POST"])
def term_plan_edit(request, pk, period):
    unit = _unit_to_plan(request, pk)
    return _grid(request, unit, _term(unit, period))


def _grid(request, unit, period):
    today = timezone.localdate()
    before = _before(unit, period)
    last = {}
    if before is not None:
        table = progress_for(unit, before, as_of=min(today, before.last_day))
        last = {row.indicator.code: row for row in table.rows if row.aim or row.done.lines}
    grid = PlanGrid(
        request.POST if request.method == "POST" else None, unit=unit, period=period, known_codes=frozenset(last)
    )
    if request.method == "POST" and not grid.is_restored and grid.is_valid():
        try:
            saved, location = _save(request.user, unit, period, grid, today)
        except GridRefused as refusal:
            grid.show(refusal)
        else:
            _say(request, saved, key=str(grid.head.cleaned_data["form_key"]))
            return redirect(location)
    for row in grid.rows:
        known = last.get(row.indicator.code)
        row.assigned = assigned_text(row.target, row.indicator) if row.target else ""
        row.last_done = wording.amount(known.done, known.indicator) if known else ""
        row.last_aim = wording.aim(known.aim, known.indicator) if known and known.aim else ""
    return render(
        request,
        "reports/plan_edit.html",
        {
            "unit": unit,
            "period": period,
            "period_value": period_value(period),
            "before": before,
            "grid": grid,
            "chapters": grid.chapters(),
            "is_term": period.kind == Period.Kind.TERM,
            "may_copy": before is not None and Target.objects.filter(unit=unit).of_period(before).exists(),
            "years": range(today.year - 1, today.year + 2),
            "terms": Period.objects.filter(kind=Period.Kind.TERM, unit=unit).order_by("-starts_on", "pk")[:2],
        },
    )


def _save(user, unit, period, grid, today):
    """Save the touched rows once, however often the form is sent: (what was saved, where to go)."""
    head, saved = grid.head.cleaned_data, []

    def work():
        stored = period if period.pk else Period.objects.year(period.year_number)
        saved.append(
            save_plan(
                by=user,
                unit=unit,
                period=stored,
                rows=[row.as_row() for row in grid.touched],
                on=today,
                reason=head["reason"],
                document=head["document"],
            )
        )
        return f"{reverse('reports:progress', args=[unit.pk])}?ky={period_value(stored)}"

    location, _ = once(head["form_key"], user, work)
    return (saved[0] if saved else None), location


def _say(request, saved, key):
    """What was saved, with the key of the form: the browser lets go of what it kept for it."""
    if saved is None:
        messages.info(request, "Kế hoạch này đã lưu rồi, không ghi thêm lần nữa.", key)
        return
    parts = [
        f"{word} {count} chỉ tiêu"
        for word, count in (("thêm", saved.added), ("sửa", saved.revised), ("bỏ", saved.removed))
        if count
    ]
    if parts:
        messages.success(request, f"Đã lưu kế hoạch: {', '.join(parts)}.", key)
    else:
        messages.info(request, "Kế hoạch không có gì thay đổi.", key)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_copy(request, pk, year):
    """Ask first, then copy the plan of the year before into this one."""
    unit = _unit_to_plan(request, pk)
    period = _year_period(year, timezone.localdate())
    return _copy(request, unit, period, reverse("reports:plan_edit", args=[unit.pk, year]))


@require_http_methods(["GET", "HEAD", "POST"])
def term_plan_copy(request, pk, period):
    unit = _unit_to_plan(request, pk)
    term = _term(unit, period)
    return _copy(request, unit, term, reverse("reports:term_plan_edit", args=[unit.pk, term.pk]))


def _copy(request, unit, period, back):
    before = _before(unit, period)
    if before is None:
        raise Http404
    if request.method == "POST":
        try:
            with transaction.atomic():
                stored = period if period.pk else Period.objects.year(period.year_number)
                made = copy_plan(unit=unit, from_period=before, to_period=stored, by=request.user)
        except PlanningRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"Đã chép {len(made)} chỉ tiêu của {before.name}. Hãy xem lại từng mức.")
        return redirect(back)
    targets = Target.objects.filter(unit=unit).of_period(before).select_related("indicator__area").in_order()
    there = set(Target.objects.filter(unit=unit).of_period(period).values_list("indicator__code", flat=True))
    return render(
        request,
        "reports/plan_copy.html",
        {
            "unit": unit,
            "period": period,
            "before": before,
            "back": back,
            "rows": [
                {"name": target.indicator.name, "aim": target_text(target), "unit_word": target.indicator.unit_word}
                for target in targets
                if target.indicator.code not in there
            ],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def own_indicator_new(request, pk, year):
    """Something to count that the catalogue lacks; it then stands in the grid of that year."""
    unit = _unit_to_plan(request, pk)
    _year_period(year, timezone.localdate())
    form = OwnIndicatorForm(sent(request))
    back = reverse("reports:plan_edit", args=[unit.pk, year])
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "form_key"}

        def work():
            made = add_indicator(by=request.user, unit=unit, year=year, **values)
            return f"{back}#r{made.pk}"

        try:
            location, _ = once(form.cleaned_data["form_key"], request.user, work)
        except PlanningRefused as refusal:
            for name, message in refusal.errors.items():
                form.add_error(name if name in form.fields else None, message)
        else:
            messages.success(request, f"Đã thêm “{values['name']}” vào danh mục. Hãy ghi mức cho chỉ tiêu này.")
            return redirect(location)
    return render(request, "reports/own_indicator_new.html", {"unit": unit, "year": year, "form": form, "back": back})


@require_http_methods(["GET", "HEAD", "POST"])
def term_new(request, pk):
    units = Unit.objects.reached_by(request.user, TargetQuerySet.read_rights)
    unit = get_editable_or_403(units, request.user, right=TERM_WRITERS, pk=pk)
    form = TermForm(sent(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data

        def work():
            term = start_term(by=request.user, unit=unit, **form.said())
            if "record" in rights_at(request.user, unit):
                return reverse("reports:term_plan_edit", args=[unit.pk, term.pk])
            return reverse("branches:term_list", args=[unit.pk])  # written by the superior that founded the unit

        try:
            location, _ = once(said["form_key"], request.user, work)
        except TermRefused as refusal:
            for name, message in refusal.errors.items():
                form.add_error(name if name in form.fields else None, message)
        else:
            return redirect(location)
    return render(request, "reports/term_new.html", {"unit": unit, "form": form})
