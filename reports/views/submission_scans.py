"""The signed sheet of an edition: put beside it, opened, taken away."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.receipts import once
from branches.scoping import get_editable_or_403, get_visible_or_404
from branches.views.evidence import file_answer
from inspections.views.saving import keep_files
from reports.forms_submissions import ScanForm, ScanRemoveForm
from reports.models import Submission, SubmissionScan
from reports.states import ReportRefused
from reports.submission_scans import attach_scan, remove_scan

FOLDER = "submissionscan"


@require_http_methods(["GET", "HEAD", "POST"])
def submission_scan(request, pk):
    """Photographs or a PDF of the signed paper."""
    rows = Submission.objects.select_related("report__unit", "report__period")
    found = get_editable_or_403(rows, request.user, pk=pk)
    form, kept = ScanForm(sent(request), request.FILES or None), []
    if request.method == "POST":
        is_whole = form.is_valid()
        kept = keep_files(request, form, FOLDER)
        if is_whole and not kept and not form.errors:
            form.add_error("files", "Hãy chọn ảnh hoặc PDF của bản đã ký.")
        if is_whole and form.is_valid():

            def work():
                attach_scan(submission=found, by=request.user, files=[stored for _, stored in kept])
                return reverse("reports:submission", args=[pk])

            return _done(request, form, work, "Đã đính kèm bản ký.")
    return render(
        request,
        "reports/submission_scan.html",
        {"form": form, "submission": found, "report": found.report, "unit": found.report.unit, "kept": kept},
    )


@require_GET
def submission_scan_file(request, pk):
    """The signed sheet, to whoever reads the edition."""
    return file_answer(request, get_visible_or_404(SubmissionScan, request.user, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def submission_scan_remove(request, pk):
    rows = SubmissionScan.objects.select_related("submission__report__unit", "submission__report__period")
    scan = get_editable_or_403(rows, request.user, pk=pk)
    found = scan.submission
    form = ScanRemoveForm(sent(request))
    if request.method == "POST" and form.is_valid():

        def work():
            remove_scan(scan=scan)
            return reverse("reports:submission", args=[found.pk])

        try:
            return _done(request, form, work, "Đã bỏ tệp bản ký.")
        except ReportRefused as refusal:
            form.refuse(refusal)
    return render(
        request,
        "reports/submission_scan_remove.html",
        {"form": form, "scan": scan, "submission": found, "report": found.report, "unit": found.report.unit},
    )


def _done(request, form, work, said: str):
    location, is_fresh = once(form.cleaned_data["form_key"], request.user, work)
    if is_fresh:
        messages.success(request, said, extra_tags=str(form.cleaned_data["form_key"]))
    return redirect(location)
