"""What a chapter said at each save, one of them brought back, and the sentence that is saved while it is typed."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from branches.models import EditConflict
from branches.scoping import get_editable_or_403, get_visible_or_404
from reports import drafting
from reports.chapters import chapters_of
from reports.forms import SentenceForm
from reports.models import ReportSection
from reports.revisions import restore_revision, saves_of, stamp_of
from reports.states import DraftingRefused

from .reports import chapter_url
from .sentences import sentences_with_report, version_of

SHOWN = 30


def sections_with_report():
    return ReportSection.objects.select_related("report__unit", "report__period", "report__template", "typed_by")


@require_GET
def report_revisions(request, pk):
    """The newest saves of a chapter, what changed in each, and what it said as a whole."""
    section = get_visible_or_404(sections_with_report(), request.user, pk=pk)
    report = section.report
    saves = saves_of(section, limit=SHOWN)
    may_write = report.is_open and ReportSection.objects.editable_by(request.user).filter(pk=pk).exists()
    heading = next((one.place for one in chapters_of(report) if one.key == section.key), "Mục không còn trong mẫu")
    return render(
        request,
        "reports/report_revisions.html",
        {
            "report": report,
            "unit": report.unit,
            "section": section,
            "heading": heading,
            "saves": saves,
            "seen": stamp_of(saves[0].revision) if saves else "",
            "may_write": may_write,
            "back": chapter_url(report, section.key),
        },
    )


@require_POST
def report_revision_restore(request, pk):
    """Bring the chapter back to what it said at one save."""
    section = get_editable_or_403(sections_with_report(), request.user, pk=pk)
    said = request.POST.get("number", "")
    number = int(said) if said.isdecimal() and len(said) < 10 else 0
    try:
        restore_revision(section=section, number=number, seen=request.POST.get("seen", "")[:60], by=request.user)
    except DraftingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:report_revisions", pk)
    messages.success(request, f"Đã lấy lại bản lưu lần {number}. Bản trước đó vẫn còn trong các lần lưu.")
    return redirect(chapter_url(section.report, section.key))


@require_POST
def report_sentence_autosave(request, pk):
    """The open sentence as it stands after a pause in typing; answers with the line under the field."""
    sentence = get_editable_or_403(sentences_with_report(), request.user, pk=pk)
    form, context = SentenceForm(request.POST), {"sentence": sentence}
    try:
        if form.is_valid():
            drafting.edit_sentence(
                sentence=sentence, version=version_of(request), by=request.user, text=form.cleaned_data["text"]
            )
            context["saved_at"] = timezone.localtime()
        else:
            context["refused"] = " ".join(form.errors.get("text", ["Hãy xem lại câu."]))
            context["version"] = request.POST.get("version", "")[:10]
    except EditConflict as conflict:
        current = conflict.current
        context["refused"] = (
            f"{current.edited_by or 'Một người khác'} vừa sửa câu này. Bấm Lưu câu để xem cả hai."
            if current
            else "Câu này vừa bị người khác bỏ. Hãy chép lại chữ đang gõ rồi mở lại trang."
        )
        context["version"] = version_of(request)
    except DraftingRefused as refusal:
        context["refused"], context["version"] = str(refusal), version_of(request)
    if not request.htmx:
        if "refused" in context:
            messages.error(request, context["refused"])
        return redirect(chapter_url(sentence.section.report, sentence.section.key, f"#cau-{pk}"))
    return render(request, "reports/_autosaved.html", context)
