"""What is done with one sentence or one chapter of a report. Each is a small POST that leads back to it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from branches.models import EditConflict
from branches.receipts import once
from branches.scoping import get_editable_or_403
from reports import drafting
from reports.drafting import chapters_today
from reports.drafts import drafts_of
from reports.forms import OwnSentenceForm, SentenceForm
from reports.material import material_of
from reports.models import PeriodReport, ReportSection, ReportSentence
from reports.papers.report import day_of
from reports.suggestions import OFFER, Offer, offer_named, offers_of

from .reports import chapter_url, editor_page

SAID = {
    "take": "Đã lấy số mới.",
    "keep": "Đã giữ câu cũ.",
    "restore": "Đã trở về câu gốc.",
    "leave": "Đã bỏ câu khỏi báo cáo.",
    "back": "Đã đưa câu trở lại.",
    "move": "Đã chuyển câu sang mục này.",
}


def sentences_with_report():
    return ReportSentence.objects.select_related("section__report__unit", "section__report__period")


@require_POST
def report_sentence(request, pk):
    """Save the words of a sentence, take or keep a figure that changed, leave it out or bring it back."""
    sentence = get_editable_or_403(sentences_with_report(), request.user, pk=pk)
    section, found = sentence.section, sentence.section.report
    version = version_of(request)
    do = request.POST.get("do", "")
    try:
        if do == "save":
            form = SentenceForm(request.POST)
            if not form.is_valid():
                return editor_page(request, found, opened=sentence, form=form, key=section.key)
            drafting.edit_sentence(sentence=sentence, version=version, by=request.user, text=form.cleaned_data["text"])
        elif do in ("take", "keep"):
            draft = _draft_of(sentence)
            if do == "keep":
                drafting.keep_old(sentence=sentence, version=version, by=request.user, draft=draft)
            elif draft is not None:
                drafting.take_new(sentence=sentence, version=version, by=request.user, draft=draft)
        elif do in ("up", "down"):
            drafting.move_sentence(sentence=sentence, version=version, by=request.user, is_up=do == "up")
        elif do == "move":
            section = drafting.move_to_chapter(
                sentence=sentence, version=version, by=request.user, section=_chosen_section(request, found)
            ).section
        elif do in ("restore", "leave", "back"):
            verb = {"restore": drafting.restore_draft, "leave": drafting.leave_out, "back": drafting.bring_back}[do]
            verb(sentence=sentence, version=version, by=request.user)
        else:
            raise Http404
    except EditConflict as conflict:
        return _conflict(request, found, section, sentence, conflict.current)
    except drafting.DraftingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        if do in SAID:
            messages.success(request, SAID[do])
    return redirect(chapter_url(found, section.key, f"#cau-{sentence.pk or ''}"))


def _chosen_section(request, found) -> ReportSection:
    """The chapter of the same report that was chosen in the form; 404 for any other."""
    said = request.POST.get("to", "")
    section = found.sections.filter(pk=int(said)).first() if said.isdecimal() and len(said) < 18 else None
    if section is None:
        raise Http404
    return section


def version_of(request) -> int:
    value = request.POST.get("version", "")
    return int(value) if value.isdecimal() and len(value) < 10 else 0  # 0 is nobody's version: a conflict


def _draft_of(sentence):
    """What today's data says in place of this sentence; None when its figures are gone."""
    found = sentence.section.report
    material = material_of(found, as_of=day_of(found, timezone.localdate()))
    drafts = (draft for found in drafts_of(material).values() for draft in found)
    return next((draft for draft in drafts if draft.source == sentence.source), None)


def _conflict(request, found, section, sentence, current):
    """Somebody else was faster. What was typed stays in the open field, beside what is stored now."""
    if current is None:
        messages.error(request, "Câu này vừa bị người khác bỏ. Chưa ghi gì.")
        return redirect(chapter_url(found, section.key))
    current = sentences_with_report().select_related("edited_by").get(pk=current.pk)
    typed = request.POST.get("text", "") or current.printed
    form = SentenceForm(initial={"text": typed})
    return editor_page(request, found, opened=current, form=form, conflict=current, key=section.key, status=409)


@require_POST
def report_sentence_new(request, pk):
    """A sentence a person writes, or one the data offers, at the end of the chapter."""
    section = get_editable_or_403(
        ReportSection.objects.select_related("report__unit", "report__period"), request.user, pk=pk
    )
    found = section.report
    if source := request.POST.get("source", ""):
        material = material_of(found, as_of=day_of(found, timezone.localdate()))
        draft = next((one for one in drafts_of(material).get(section.key, []) if one.source == source), None)
        draft = draft or _offered(found, section, material, source)
        if draft is None:
            messages.error(request, "Số liệu của câu này vừa thay đổi. Hãy chọn lại.")
            return redirect(chapter_url(found, section.key))
        try:
            verb = drafting.add_offered if isinstance(draft, Offer) else drafting.add_drafted
            sentence = verb(section=section, by=request.user, draft=draft)
        except drafting.DraftingRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(chapter_url(found, section.key))
        return redirect(chapter_url(found, section.key, f"#cau-{sentence.pk}"))
    form = OwnSentenceForm(request.POST)
    if form.is_valid():

        def write() -> str:
            sentence = drafting.add_own(section=section, by=request.user, text=form.cleaned_data["text"])
            return chapter_url(found, section.key, f"#cau-{sentence.pk}")

        try:
            location, _ = once(form.cleaned_data["form_key"], request.user, write)
        except drafting.DraftingRefused as refusal:
            form.refuse(refusal)
        else:
            return redirect(location)
    return editor_page(request, found, own_form=form, key=section.key)


def _offered(found, section, material, source) -> Offer | None:
    """The offer of this name, if the chapter is one that has offers and it still stands."""
    if not source.startswith(OFFER):
        return None
    view = next((one for one in chapters_today(found, material) if one.chapter.key == section.key), None)
    return offer_named(offers_of(view, material), source) if view else None


@require_POST
def report_chapter_begin(request, pk):
    """Start on a chapter that came after the report was begun."""
    rows = PeriodReport.objects.select_related("unit", "period")
    found = get_editable_or_403(rows, request.user, pk=pk)
    key = request.POST.get("key", "")
    material = material_of(found, as_of=day_of(found, timezone.localdate()))
    try:
        drafting.begin_chapter(report=found, key=key, drafts=drafts_of(material).get(key, []))
    except drafting.DraftingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:report", found.pk)
    return redirect(chapter_url(found, key))


@require_POST
def report_section_review(request, pk):
    """The chapter was read through (or is to be read again); on to the next one."""
    section = get_editable_or_403(ReportSection.objects.select_related("report"), request.user, pk=pk)
    is_reviewed = request.POST.get("do") != "reopen"
    try:
        drafting.mark_reviewed(
            section=section, by=request.user, on=timezone.localdate(), is_reviewed=is_reviewed,
            seen=request.POST.get("seen"),
        )  # fmt: skip
    except drafting.DraftingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(chapter_url(section.report, section.key))
    following = ReportSection.objects.filter(report=section.report, position__gt=section.position)
    following = following.filter(reviewed_on=None).order_by("position", "pk").first() if is_reviewed else None
    return redirect(chapter_url(section.report, (following or section).key))
