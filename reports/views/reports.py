"""Reports of a unit: the list, a new one, the chapter editor, what stands around the text, the PDF."""

from django.db import transaction
from django.db.models import Count, Min, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.formats import small
from branches.models import Activity, EditConflict, Period, Post, Unit
from branches.models.member import MemberQuerySet
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from reports.branch_book import years_of
from reports.drafting import DraftingRefused, chapters_today, start_report
from reports.forms import NewReportForm, OwnSentenceForm, ReportSettingsForm, SentenceForm
from reports.material import collect
from reports.models import PeriodReport
from reports.papers.pdf import render_pdf
from reports.papers.report import day_of, report_html, usual_recipients

from .periods import period_from, period_value
from .printing import pdf_answer, too_many_papers
from .report_tabs import report_tabs

READERS = ("view", "approve")
EARLIEST_YEARS = 15


def reports_with_unit():
    return PeriodReport.objects.select_related("unit", "period")


@require_GET
def report_list(request, pk):
    """Reports of the unit, newest period first."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    reports = (
        reports_with_unit()
        .filter(unit=unit)
        .annotate(chapters=Count("sections"), reviewed=Count("sections", filter=Q(sections__reviewed_on__isnull=False)))
        .order_by("-period__starts_on", "-period__ends_on", "-pk")
    )
    return render(
        request,
        "reports/report_list.html",
        {
            "unit": unit,
            "tabs": report_tabs(request.user, unit, "reports"),
            "reports": reports,
            "can_write": "submit" in rights_at(request.user, unit),
            "books": _books(request.user, unit),
        },
    )


def _books(user, unit) -> list[int]:
    """The years of the branch book, for those who read the register it names people from."""
    may_read = unit.is_branch and not rights_at(user, unit).isdisjoint(MemberQuerySet.read_rights)
    return years_of(unit, timezone.localdate()) if may_read else []


@require_http_methods(["GET", "POST"])
def report_new(request, pk):
    """Begin the report of a year or of a term: every chapter is drafted from what was logged."""
    unit = get_editable_or_403(Unit, request.user, right="submit", pk=pk)
    today = timezone.localdate()
    choices = _open_periods(unit, today)
    form = NewReportForm(
        request.POST if request.method == "POST" else None,
        choices=choices,
        initial={"period": choices[0][0] if choices else ""},
    )
    if request.method == "POST" and form.is_valid():
        period = period_from(form.cleaned_data["period"], unit, today)
        if period.kind == Period.Kind.YEAR:
            period = Period.objects.year(period.year_number)
        material = collect(unit, period, as_of=today)
        try:
            report = start_report(
                by=request.user, unit=unit, period=period, material=material,
                recipients=usual_recipients(unit, material.names.superior), signer_name=_secretary(unit, today),
            )  # fmt: skip
        except DraftingRefused as refusal:
            form.refuse(refusal)
        else:
            return redirect("reports:report", report.pk)
    return render(request, "reports/report_new.html", {"unit": unit, "form": form, "has_choices": bool(choices)})


def _open_periods(unit, today) -> list[tuple[str, str]]:
    """Years with something logged and terms of the unit that have no report yet."""
    first = Activity.objects.filter(unit=unit).aggregate(first=Min("last_on"))["first"] or today
    taken = set(PeriodReport.objects.filter(unit=unit).values_list("period__kind", "period__starts_on"))
    years = [Period.of_year(year) for year in range(today.year, max(first.year, today.year - EARLIEST_YEARS) - 1, -1)]
    terms = Period.objects.filter(kind=Period.Kind.TERM, unit=unit, starts_on__lte=today).order_by("-starts_on", "pk")
    return [
        (period_value(period), f"Báo cáo {small(period.name)}")
        for period in [*years, *terms]
        if (period.kind, period.starts_on) not in taken
    ]


def _secretary(unit, today) -> str:
    post = (
        Post.objects.held_on(today)
        .filter(unit=unit, type__code="secretary")
        .select_related("account")
        .order_by("-starts_on", "-pk")
        .first()
    )
    return post.account.get_full_name() if post else ""


@require_GET
def report(request, pk):
    """The chapter editor: sentences, what changed since, what the data has besides."""
    found = get_visible_or_404(reports_with_unit(), request.user, pk=pk)
    return editor_page(request, found)


def editor_page(request, found, *, opened=None, form=None, own_form=None, conflict=None, key=None, status=200):
    """The editor with one sentence open (`opened`, `form`), or with a new one that was refused (`own_form`)."""
    today = timezone.localdate()
    as_of = day_of(found, today)
    chapters = chapters_today(found, collect(found.unit, found.period, as_of=as_of))
    key = key or request.GET.get("muc", "")
    place = next((at for at, view in enumerate(chapters) if view.chapter.key == key), 0)
    can_write = PeriodReport.objects.editable_by(request.user).filter(pk=found.pk).exists()
    can_write = can_write and chapters[place].section is not None  # a chapter added after the report was begun
    if can_write and form is None and (wanted := request.GET.get("sua", "")):
        opened = next((v.sentence for v in chapters[place].sentences if str(v.sentence.pk) == wanted), None)
        form = SentenceForm(initial={"text": opened.printed}) if opened else None
    view = chapters[place]
    return render(
        request,
        "reports/report.html",
        {
            "report": found,
            "unit": found.unit,
            "as_of": as_of,
            "chapters": chapters,
            "view": view,
            "next": chapters[place + 1] if place + 1 < len(chapters) else None,
            "reviewed": sum(1 for one in chapters if one.is_reviewed),
            "changed": sum(one.changed for one in chapters),
            "next_changed": _next_changed(chapters, place),
            "can_write": can_write,
            "opened": opened,
            "form": form,
            "conflict": conflict,
            "own_form": own_form or (OwnSentenceForm(label=_own_label(view)) if can_write else None),
            "is_adding": own_form is not None or "them" in request.GET,
            "period_value": period_value(found.period),
        },
        status=status,
    )


def _next_changed(chapters, place) -> str:
    """Where the first sentence stands whose figures changed: in this chapter, then in those after it."""
    for view in [*chapters[place:], *chapters[:place]]:
        for one in view.sentences:
            if one.is_stale:
                return f"?muc={view.chapter.key}#cau-{one.sentence.pk}"
    return ""


def _own_label(view) -> str:
    return "Nội dung" if view.chapter.is_typed else "Câu mới"


@require_http_methods(["GET", "POST"])
def report_settings(request, pk):
    """Number, day, signer, recipients, confirmation of the superior."""
    found = get_editable_or_403(reports_with_unit(), request.user, pk=pk)
    form = ReportSettingsForm(request.POST if request.method == "POST" else None, instance=found)
    is_stale = False
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                found.claim(form.cleaned_data["version"])
                form.save()
        except EditConflict as conflict:
            is_stale = True
            form.data = form.data.copy()
            form.data["version"] = conflict.current.version
        else:
            return redirect("reports:report", found.pk)
    return render(
        request,
        "reports/report_settings.html",
        {"report": found, "unit": found.unit, "form": form, "is_stale": is_stale},
        status=409 if is_stale else 200,
    )


@require_GET
def report_pdf(request, pk):
    """The report as the Đoàn prints it: its draft for those who work on it, what was issued also for the Party."""
    rows = reports_with_unit()
    if not rows.visible_to(request.user).filter(pk=pk).exists():
        rows = rows.issued()
    found = get_visible_or_404(rows, request.user, right=rows.paper_rights, pk=pk)
    if refused := too_many_papers(request):
        return refused
    html, layout = report_html(found, on=timezone.localdate())
    name = f"Báo cáo {small(found.period.name)}, {found.unit.name}.pdf"
    return pdf_answer(render_pdf(html, layout=layout), name)


def chapter_url(report, key: str, anchor: str = "") -> str:
    return f"{reverse('reports:report', args=[report.pk])}?muc={key}{anchor}"
