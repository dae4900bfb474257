"""The inspected unit writes and sends its own report; the committee writes down that it came on paper."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.scoping import get_visible_or_404
from branches.views.evidence import file_answer
from inspections.forms.moves import PaperReportForm, SelfReportForm
from inspections.models import SelfReport, SelfReportFile
from inspections.moving import receive_self_report, send_self_report, write_self_report
from inspections.states import UNIT, why_not
from inspections.views.cases import case_to
from inspections.views.saving import is_sent, keep_files, save

FOLDER = "selfreportfile"


@require_http_methods(["GET", "POST"])
def self_report(request, pk):
    """Kept as a draft as often as the unit likes; the committee reads it once it is sent."""
    case = case_to(request.user, pk, "write_report")
    url = reverse("inspections:inspection", args=[pk])
    report = SelfReport.objects.visible_to(request.user).filter(inspection=case).first()
    files = list(report.files.order_by("pk")) if report else []
    initial = {"version": report.version, "text": report.text, "number": report.number} if report else {"version": 0}
    form = SelfReportForm(sent(request), request.FILES or None, initial=initial, stored_files=files)
    kept = []
    if request.method == "POST":
        is_whole = is_sent(request, form) and form.is_valid()
        kept = keep_files(request, form, FOLDER)
        if is_whole and form.is_valid():
            to_send = request.POST.get("do") == "send"
            data = form.cleaned_data

            def work():
                values = {
                    "inspection": case, "version": data["version"], "by": request.user, "text": data["text"],
                    "number": data["number"], "files": [stored for _, stored in kept],
                    "dropped": data.get("dropped", ()),
                }  # fmt: skip
                if to_send:
                    send_self_report(on=timezone.localdate(), **values)
                    return url
                write_self_report(**values)
                return reverse("inspections:self_report", args=[pk])

            said = "Đã gửi báo cáo cho đoàn kiểm tra." if to_send else "Đã lưu nháp. Đoàn kiểm tra chưa xem được."
            if answer := save(request, form, work, said=said, stored=_stored, discard_url=request.path):
                return answer
    topics = list(case.topics.exclude(use="question").order_by("position", "pk"))
    return render(
        request,
        "inspections/self_report.html",
        {
            "form": form, "case": case, "report": report, "files": files, "kept": kept, "topics": topics,
            "why_not": why_not(case, "write_report"),
        },
    )  # fmt: skip


def _stored(report) -> dict:
    return {"text": report.text, "number": report.number}


@require_http_methods(["GET", "POST"])
def self_report_paper(request, pk):
    case = case_to(request.user, pk, "receive_report", apart_from=UNIT)
    today = timezone.localdate()
    form = PaperReportForm(sent(request), request.FILES or None, initial={"version": case.version, "sent_on": today})
    kept = []
    if request.method == "POST":
        is_whole = is_sent(request, form) and form.is_valid()
        kept = keep_files(request, form, FOLDER)
        if is_whole and form.is_valid():
            data = form.cleaned_data

            def work():
                receive_self_report(
                    inspection=case, version=data["version"], by=request.user, on=today, sent_on=data["sent_on"],
                    text=data["text"], number=data["number"], files=[stored for _, stored in kept],
                )  # fmt: skip
                return reverse("inspections:inspection", args=[pk])

            if answer := save(request, form, work, said="Đã ghi nhận báo cáo của đơn vị.", discard_url=request.path):
                return answer
    return render(
        request,
        "inspections/self_report_paper.html",
        {"form": form, "case": case, "kept": kept, "why_not": why_not(case, "receive_report")},
    )


@require_GET
def self_report_file(request, pk):
    """A file of the unit's report, to whoever reads the report. The browser may show it, never run it."""
    return file_answer(request, get_visible_or_404(SelfReportFile, request.user, pk=pk))
