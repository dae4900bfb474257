"""What was submitted, as pages: the editions of a report, one of them, and each beside the data of today.

An edition is shown from nothing but what was frozen; only the comparing pages read today's data.
"""

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.models import Activity
from branches.scoping import get_visible_or_404, rights_at
from branches.tree import scope_of
from reports.annexes import annexes_of
from reports.comparing import annexes_beside, figures_beside, rows_of, texts_beside, told
from reports.drafting import chapters_today
from reports.editions import editions_of
from reports.freezing import content_of_submission, progress_of, verify
from reports.models import PeriodReport, Submission, SubmissionScan
from reports.papers.report import material_for
from reports.progress import lines_for
from reports.themes import Theme

from .periods import period_value
from .report_tabs import report_tabs

LINES = 12  # of today's, below a frozen figure


def submissions():
    return Submission.objects.select_related("report__unit", "report__period", "submitted_by", "approved_by")


@require_GET
def submission_list(request, pk):
    """Every edition of a report: when, by whom, where it stands, what it corrects, its hash."""
    found = get_visible_or_404(PeriodReport.objects.select_related("unit", "period"), request.user, pk=pk)
    return render(
        request,
        "reports/submission_list.html",
        {
            "report": found,
            "unit": found.unit,
            "tabs": report_tabs(request.user, found.unit, "reports"),
            "editions": editions_of(found),
        },
    )


def _edition_or_404(request, pk):
    """The edition with its standing, for who works on the report or approves it."""
    submission = get_visible_or_404(submissions(), request.user, pk=pk)
    return next(one for one in editions_of(submission.report) if one.submission.pk == submission.pk), submission


@require_GET
def submission(request, pk):
    """One edition as it was handed in, word for word."""
    edition, found = _edition_or_404(request, pk)
    content = content_of_submission(found)
    return render(
        request,
        "reports/submission.html",
        {
            "submission": found,
            "edition": edition,
            "report": found.report,
            "unit": found.report.unit,
            "content": content,
            "intact": verify(found),
            "scans": list(SubmissionScan.objects.visible_to(request.user).filter(submission=found)),
            "may_scan": "submit" in rights_at(request.user, found.report.unit),
        },
    )


@require_GET
def submission_compare(request, pk):
    """ "Đã nộp" beside "Hiện nay": every figure and every text; what differs stands first."""
    edition, found = _edition_or_404(request, pk)
    material = material_for(found.report, on=timezone.localdate())
    figures = figures_beside(rows_of(found), material.table)
    content = content_of_submission(found)
    texts = texts_beside(content.chapters, chapters_today(found.report, material))
    return render(
        request,
        "reports/submission_compare.html",
        {
            "submission": found,
            "edition": edition,
            "report": found.report,
            "unit": found.report.unit,
            "as_of": material.until,
            "changed": [one for one in figures if one.is_changed],
            "same": [one for one in figures if not one.is_changed],
            "annexes": annexes_beside(content.annexes, annexes_of(found.report, material)),
            "texts_changed": [one for one in texts if one.is_changed],
            "texts_same": [one for one in texts if not one.is_changed],
        },
    )


@require_GET
def submission_figure(request, pk, code):
    """One frozen figure: as submitted beside now, and the lines it is made of today.

    Of activities the reader may not open it says days, units and amounts, and no free text.
    """
    edition, found = _edition_or_404(request, pk)
    row = found.rows.select_related("indicator__area").filter(code=code).first()
    if row is None:
        raise Http404
    report = found.report
    material = material_for(report, on=timezone.localdate())
    now = material.table.row(code)
    then = told(progress_of(row))
    today = told(now) if now else None
    readable = Activity.objects.visible_to(request.user)
    lines = lines_for(report.unit, code, report.period, as_of=material.as_of)
    if (now or progress_of(row)).is_of_theme:
        scope = scope_of(report.unit, report.period.starts_on)
        theme = Theme.of(report.theme)
        lines = lines.filter(activity__in=theme.activities(scope, report.period, as_of=material.as_of))
    lines = lines.annotate(can_open=Exists(readable.filter(pk=OuterRef("activity_id"))))
    told_together = {entry["activity"] for entry in row.together}
    read = set(readable.filter(pk__in=told_together).values_list("pk", flat=True))
    return render(
        request,
        "reports/submission_figure.html",
        {
            "submission": found,
            "edition": edition,
            "report": report,
            "unit": report.unit,
            "row": row,
            "together": [(entry, entry["activity"] in read) for entry in row.together],
            "then": then,
            "now": today,
            "is_changed": then != today,
            "lines_now": now.done.lines if now else 0,
            "as_of": material.until,
            "lines": list(lines[:LINES]),
            "period_value": period_value(report.period),
        },
    )
