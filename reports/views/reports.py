"""Reports of a unit: the list, a new one, the chapter editor, what stands around the text, the PDF."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Min, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.formats import day, small
from branches.models import Activity, EditConflict, Period, Post, Unit
from branches.models.member import MemberQuerySet
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from reports.branch_book import years_of
from reports.comparing import changed_since_approval
from reports.drafting import DraftingRefused, chapters_today, start_report
from reports.forms import NewReportForm, OwnSentenceForm, ReportSettingsForm, SentenceForm
from reports.material import material_of
from reports.models import PeriodReport, ReportRound, Submission
from reports.papers.report import day_of, usual_recipients
from reports.revisions import stamp_read, writing_now
from reports.rolling_texts import changes_since, editions_now, texts_of_units
from reports.round_standing import rows_asked_of
from reports.states import CLOSED_WORDS, refuse_if_closed
from reports.suggestions import offers_of

from .periods import period_from, period_value
from .report_tabs import report_tabs
from .report_way import due_reports, way_of

READERS = ("view", "approve")
EARLIEST_YEARS = 15
TERMS = 2  # the running one and the one before


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
            "due": due_reports(unit, on=timezone.localdate()),
            "can_write": "submit" in rights_at(request.user, unit),
            "books": _books(request.user, unit),
            "terms": Period.objects.filter(kind=Period.Kind.TERM, unit=unit).order_by("-starts_on", "pk")[:TERMS],
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
    asked = {f"dot-{row.pk}": row for row in rows_asked_of(unit) if row.report_id is None}
    choices = [*((key, _asked_words(row)) for key, row in asked.items()), *_open_periods(unit, today, asked.values())]
    wanted = f"dot-{request.GET.get('dot', '')}"
    form = NewReportForm(
        request.POST if request.method == "POST" else None,
        choices=choices,
        initial={"period": wanted if wanted in asked else choices[0][0] if choices else ""},
        has_units=not unit.is_branch,
    )
    if request.method == "POST" and form.is_valid():
        row = asked.get(form.cleaned_data["period"])
        period = row.period if row else Period.objects.stored(period_from(form.cleaned_data["period"], unit, today))
        theme = row.round.theme if row else ""
        from_units = form.cleaned_data.get("figures") == NewReportForm.FROM_UNITS
        planned = PeriodReport(unit=unit, period=period, theme=theme, from_units=from_units)
        material = material_of(planned, as_of=today)
        try:
            report = start_report(
                by=request.user, unit=unit, period=period, theme=theme, material=material, from_units=from_units,
                rolled_from=editions_now(material), template=row.round.template if row else None,
                recipients=usual_recipients(unit, material.names.superior), signer_name=_secretary(unit, today),
            )  # fmt: skip
        except DraftingRefused as refusal:
            form.refuse(refusal)
        else:
            return redirect("reports:report", report.pk)
    return render(request, "reports/report_new.html", {"unit": unit, "form": form, "has_choices": bool(choices)})


def _asked_words(row) -> str:
    """ "Báo cáo năm 2025 (Đoàn Khối yêu cầu, hạn nộp 05/01/2026)"."""
    name = row.round.name if row.round.period_id else f"{row.round.name}: {small(row.period.name)}"
    return f"{name} ({row.round.unit.name} yêu cầu, hạn nộp {day(row.due_on)})"


def _open_periods(unit, today, asked) -> list[tuple[str, str]]:
    """Years with something logged and terms of the unit that have no report yet and that no round asks for."""
    first = Activity.objects.filter(unit=unit).aggregate(first=Min("last_on"))["first"] or today
    if not unit.is_branch:  # what it asked its units to report on
        asked_on = ReportRound.objects.filter(unit=unit).aggregate(first=Min("period__starts_on"))["first"]
        first = min(first, asked_on or first)
    taken = set(PeriodReport.objects.filter(unit=unit, theme="").values_list("period__kind", "period__starts_on"))
    taken |= {(row.period.kind, row.period.starts_on) for row in asked if not row.round.theme}
    years = [Period.of_year(year) for year in range(today.year, max(first.year, today.year - EARLIEST_YEARS) - 1, -1)]
    # A superior also reports on what it asked its units about: a quarter, a half, a school year.
    own = ReportRound.objects.filter(unit=unit, theme="", period__isnull=False).exclude(kind=Period.Kind.YEAR)
    own = [one.period for one in own.select_related("period").order_by("-period__starts_on", "-pk")]
    terms = Period.objects.filter(kind=Period.Kind.TERM, unit=unit, starts_on__lte=today).order_by("-starts_on", "pk")
    return [
        (period_value(period), f"Báo cáo {small(period.name)}")
        for period in [*own, *years, *terms]
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
    material = material_of(found, as_of=as_of)
    chapters = chapters_today(found, material)
    key = key or request.GET.get("muc", "")
    place = next((at for at, view in enumerate(chapters) if view.chapter.key == key), 0)
    can_write = found.is_open and "submit" in rights_at(request.user, found.unit)
    is_new = can_write and chapters[place].section is None  # its work area came after the report was begun
    can_write = can_write and not is_new
    if can_write and form is None and (wanted := request.GET.get("sua", "")):
        opened = next((v.sentence for v in chapters[place].sentences if str(v.sentence.pk) == wanted), None)
        form = SentenceForm(initial={"text": opened.printed}) if opened else None
    view = chapters[place]
    standing = [one.sentence for one in (*view.sentences, *view.left_out)]
    readable = Submission.objects.visible_to(request.user)
    open_to_write = view.section if can_write else None
    return render(
        request,
        "reports/report.html",
        {
            "report": found,
            "unit": found.unit,
            "until": material.until,
            "chapters": chapters,
            "view": view,
            "next": chapters[place + 1] if place + 1 < len(chapters) else None,
            "reviewed": sum(1 for one in chapters if one.is_reviewed),
            "changed": sum(one.changed for one in chapters),
            "next_changed": _next_changed(chapters, place),
            "can_write": can_write,
            "is_new": is_new,
            "seen": stamp_read(view.section) if can_write else "",
            "opened": opened,
            "form": form,
            "conflict": conflict,
            "own_form": own_form or (OwnSentenceForm(label=_own_label(view)) if can_write else None),
            "is_adding": own_form is not None or "them" in request.GET,
            "period_value": period_value(found.period),
            "since": changed_since_approval(found, material.table),
            "way": way_of(request.user, found, on=today, is_ready=_is_ready(chapters)),
            "rolled": material.rolled,
            "changes": changes_since(found, material.rolled),
            "wrote": texts_of_units(material.rolled, view.section, standing, readable),
            "offers": offers_of(view, material) if can_write else [],
            "also_writing": writing_now(
                open_to_write, request.user, at=timezone.now(), minutes=material.rules["warn_minutes"]
            ),
            "move_to": [one for one in chapters if can_write and one.section and one is not view] if opened else [],
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


def _is_ready(chapters) -> bool:
    """Whether every chapter was read through and says what today's data says."""
    return all(one.is_reviewed and not one.changed for one in chapters)


def _own_label(view) -> str:
    return "Nội dung" if view.chapter.is_typed else "Câu mới"


@require_http_methods(["GET", "POST"])
def report_settings(request, pk):
    """Number, day, signer, recipients, confirmation of the superior."""
    found = get_editable_or_403(reports_with_unit(), request.user, pk=pk)
    if not found.is_open:
        messages.error(request, CLOSED_WORDS[found.state])
        return redirect("reports:report", found.pk)
    form = ReportSettingsForm(request.POST if request.method == "POST" else None, instance=found)
    is_stale = False
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                refuse_if_closed(found)
                found.claim(form.cleaned_data["version"])
                form.save()
        except DraftingRefused as refusal:
            form.refuse(refusal)
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


def chapter_url(report, key: str, anchor: str = "") -> str:
    return f"{reverse('reports:report', args=[report.pk])}?muc={key}{anchor}"
