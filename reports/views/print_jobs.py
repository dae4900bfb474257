"""Many reports at once: choose and ask, watch it being printed, stop, go on, take the ZIP."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.formats import small
from branches.forms.base import sent
from branches.models import Unit
from branches.scoping import get_editable_or_403, get_visible_or_404
from branches.views.attachments import streamed
from branches.views.life_steps import take_step
from reports import print_jobs as jobs
from reports.forms_print import PrintAskForm, PrintStepForm, period_among, period_value
from reports.models import PrintJob
from reports.models.print_job import PrintJobQuerySet

from .report_tabs import report_tabs

EARLIER_SHOWN = 10
FAILED_SHOWN = 50
MISSING_SHOWN = 100


def _unit(request, pk) -> Unit:
    """A unit with units below it, for those who read reports or approved papers there."""
    units = Unit.objects.exclude(kind__in=Unit.BRANCH_KINDS)
    return get_visible_or_404(units, request.user, right=PrintJobQuerySet.read_rights, pk=pk)


@require_http_methods(["GET", "POST"])
def print_job_list(request, pk):
    """What can be printed in one go, and what was asked for before."""
    unit = _unit(request, pk)
    today, now = timezone.localdate(), timezone.now()
    periods = jobs.periods_of(request.user, unit)
    said = request.POST if request.method == "POST" else request.GET
    period = period_among(periods, said.get("period", "")) or _usual(periods, today)
    which = said.get("which") if said.get("which") in PrintJob.Which else PrintJob.Which.ALL
    what = said.get("what") if said.get("what") in PrintJob.What else PrintJob.What.PDF
    initial = {"period": period_value(period) if period else "", "which": which, "what": what}
    form = PrintAskForm(sent(request), periods=periods, initial=initial)

    def act() -> str:
        given = form.cleaned_data
        job = jobs.ask(
            unit=unit, by=request.user, on=today, now=now, period=given["period"], which=given["which"],
            what=given["what"],
        )  # fmt: skip
        return reverse("reports:print_job", args=[job.pk])

    answer = take_step(request, form, act, "Đã nhận yêu cầu in.", refused=jobs.PrintRefused)
    if answer:
        return answer
    mine = PrintJob.objects.visible_to(request.user).filter(unit=unit).select_related("period")
    listing = jobs.listing_of(request.user, unit, period, which, on=today) if period else None
    return render(
        request,
        "reports/print_job_list.html",
        {
            "unit": unit,
            "tabs": report_tabs(request.user, unit, "print"),
            "form": form,
            "periods": [(period_value(one), one.name) for one in periods],
            "period": period,
            "chosen": initial["period"],
            "which": which,
            "whiches": PrintJob.Which.choices,
            "listing": listing,
            "missing": listing.missing[:MISSING_SHOWN] if listing else (),
            "running": PrintJob.objects.visible_to(request.user).running().first(),
            "earlier": [(one, jobs.is_kept(one, on=today)) for one in mine.order_by("-pk")[:EARLIER_SHOWN]],
            "kept_days": settings.PRINT_KEPT_DAYS,
            "kept_mb": settings.PRINT_KEPT_MB,
        },
    )


def _usual(periods, today):
    """The year that was last reported on, else whatever there is: the newest period is rarely the one wanted."""
    years = [one for one in periods if one.kind == one.Kind.YEAR and one.starts_on <= today]
    return next(iter([*years, *periods]), None)


def _page(request, job, status=200, **more):
    standing, now, today = jobs.standing_of(job), timezone.now(), timezone.localdate()
    failed = job.items.filter(state="failed").select_related("report__unit").order_by("position")
    context = {
        "job": job,
        "unit": job.unit,
        "standing": standing,
        "is_silent": jobs.is_silent(job, now),
        "is_kept": jobs.is_kept(job, on=today),
        "is_over": job.expires_on is not None and job.expires_on < today,
        "again_url": _again_url(job),
        "kept_mb": settings.PRINT_KEPT_MB,
        "failed": failed[:FAILED_SHOWN] if standing.failed else (),
        "missing": job.missing[:MISSING_SHOWN],
        "form": PrintStepForm(),
        **more,
    }
    if not (request.htmx and request.method == "GET"):
        return render(request, "reports/print_job.html", context, status=status)
    response = render(request, "reports/_print_job_state.html", context)
    if not job.is_running:
        response.headers["HX-Refresh"] = "true"  # what may be done now stands outside of this part
    return response


def _again_url(job) -> str:
    """The page that prints the same once more, with whatever was handed in since."""
    said = {"period": period_value(job.period), "which": job.which, "what": job.what}
    return f"{reverse('reports:print_job_list', args=[job.unit_id])}?{urlencode(said)}"


@require_GET
def print_job(request, pk):
    """How far it is; asked again every two seconds while it is printed, by a link where there is no JavaScript."""
    return _page(request, get_visible_or_404(_jobs(), request.user, pk=pk))


def _jobs():
    return PrintJob.objects.select_related("unit", "period")


@require_http_methods(["GET", "POST"])
def print_job_cancel(request, pk):
    """Stop a job, after saying what becomes of what is printed."""
    job = get_editable_or_403(_jobs(), request.user, pk=pk)
    form = PrintStepForm(sent(request))
    back = reverse("reports:print_job", args=[job.pk])

    def act() -> str:
        jobs.cancel(job=job, now=timezone.now())
        return back

    answer = take_step(request, form, act, "Đã dừng lượt in.", refused=jobs.PrintRefused)
    if answer:
        return answer
    if request.method == "GET" and not job.is_running:
        return redirect(back)
    context = {"job": job, "unit": job.unit, "form": form, "standing": jobs.standing_of(job)}
    return render(request, "reports/print_job_cancel.html", context)


@require_http_methods(["POST"])
def print_job_go_on(request, pk):
    """Take up what failed, was stopped, or was left behind."""
    job = get_editable_or_403(_jobs(), request.user, pk=pk)
    form = PrintStepForm(request.POST)

    def act() -> str:
        jobs.go_on(job=job, now=timezone.now())
        return reverse("reports:print_job", args=[job.pk])

    answer = take_step(request, form, act, "Đã in tiếp.", refused=jobs.PrintRefused)
    return answer or _page(request, job, form=form)


@require_GET
def print_job_zip(request, pk):
    """The ZIP, for who asked for it and may still read every paper in it, while it is kept; then the page that says
    since when it is gone. It is open from here on: sweeping takes its name from the disk, not what is being sent."""
    job = get_visible_or_404(_jobs(), request.user, pk=pk)
    if job.state != PrintJob.State.DONE:
        raise Http404
    if not jobs.is_kept(job, on=timezone.localdate()):
        return _page(request, job, status=410)
    if not jobs.may_take(request.user, job):
        return _page(request, job, status=403, is_lost=True)
    try:
        content = jobs.zip_of(job).open("rb")
    except FileNotFoundError:  # swept in this very moment
        return _page(request, job, status=410)
    return streamed(content, "application/zip", f"Báo cáo {small(job.period.name)}, {job.unit.name}.zip")
