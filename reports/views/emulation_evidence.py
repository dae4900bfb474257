"""What a unit shows for one line of its sheet: activities, papers of its register, files; added and taken off."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.scoping import get_editable_or_403, get_visible_or_404
from branches.views.evidence import file_answer
from branches.views.life_steps import answered_before, step_page
from inspections.views.saving import keep_files
from reports.emulation.evidence import activities_of, add_evidence, papers_of, remove_evidence
from reports.emulation.forms import ActivityProofForm, FileProofForm, PaperProofForm, SureForm
from reports.emulation.sheets import may_be_self_scored
from reports.models import ScoreEvidence

from .emulation import STEP, step
from .emulation_sheets import SHEETS, criterion_of, page_of

FOLDER = ScoreEvidence._meta.model_name
# The kinds as they are offered: address, label, form, what it offers, and what to do where that is nothing.
KINDS = {
    "activity": ("emulation_proof", "Hoạt động", ActivityProofForm, activities_of,
                 "Không có hoạt động nào trong kỳ để chọn thêm. Hãy ghi hoạt động trước, hoặc gửi tệp."),
    "paper": ("emulation_proof_paper", "Văn bản", PaperProofForm, papers_of,
              "Sổ số văn bản không có văn bản nào từ đầu kỳ để chọn thêm. Hãy lấy số cho văn bản trước, hoặc gửi tệp."),
    "file": ("emulation_proof_file", "Ảnh, tệp", FileProofForm, None, ""),
}  # fmt: skip


@require_http_methods(STEP)
def emulation_proof(request, pk, criterion, kind):
    """The pieces a line has, and one form for more of one kind."""
    sheet = get_editable_or_403(SHEETS, request.user, pk=pk)
    one = criterion_of(sheet, criterion)
    address, _, form_class, offers, nothing = KINDS[kind]
    pieces = ScoreEvidence.objects.filter(line__sheet=sheet, line__criterion=one)
    there = pieces.exclude(**{kind: None}).values(kind) if offers else ()
    rows = list(offers(sheet).exclude(pk__in=there)) if offers else None
    form = form_class(sent(request), request.FILES or None, **({} if rows is None else {"rows": rows}))
    kept = []
    if kind == "file" and request.method == "POST" and request.POST.get("do") != "restore":
        kept.extend(keep_files(request, form, FOLDER))

    def said() -> dict:
        return {"files": [stored for _, stored in kept]} if kind == "file" else form.said()

    def is_whole() -> bool:
        if kind == "file" and form.is_valid() and not kept:
            form.add_error("files", "Hãy chọn ít nhất một tệp.")
        return form.is_valid()

    def save():
        add_evidence(sheet=sheet, criterion=one, by=request.user, **said())
        return reverse(f"reports:{address}", args=[sheet.pk, one.pk])

    if answer := step(request, form, save, "Đã thêm minh chứng.", whole=is_whole):
        return answer
    return render(
        request,
        "reports/emulation_proof.html",
        {
            "sheet": sheet, "unit": sheet.unit, "criterion": one, "form": form, "kind": kind, "kept": kept,
            "nothing": nothing if rows == [] else "", "can_fill": may_be_self_scored(sheet),
            "pieces": pieces.select_related("activity", "paper").order_by("pk"),
            "kinds": [
                (reverse(f"reports:{there}", args=[sheet.pk, one.pk]), label, name == kind)
                for name, (there, label, *_) in KINDS.items()
            ],
            "back": f"{page_of(sheet)}#muc-{one.pk}",
        },
    )  # fmt: skip


@require_GET
def emulation_file(request, pk):
    return file_answer(request, get_visible_or_404(ScoreEvidence, request.user, pk=pk))


@require_http_methods(STEP)
def emulation_proof_remove(request, pk):
    if answer := answered_before(request):
        return answer
    rows = ScoreEvidence.objects.select_related("line__sheet__unit", "line__criterion", "activity", "paper")
    piece = get_editable_or_403(rows, request.user, pk=pk)
    line, criterion = piece.line, piece.line.criterion
    form = SureForm(sent(request), initial={"version": line.version})
    address = next(KINDS[kind][0] for kind in ("activity", "paper", "file") if getattr(piece, kind))
    back = reverse(f"reports:{address}", args=[line.sheet_id, criterion.pk])

    def save():
        remove_evidence(evidence=piece, version=form.cleaned_data["version"])
        return back

    if answer := step(request, form, save, f"Đã bỏ “{piece}”."):
        return answer
    says = "Tệp bị xóa hẳn, không lấy lại được." if piece.file else "Hoạt động, văn bản vẫn còn ở chỗ của nó."
    return step_page(
        request, form, title="Bỏ minh chứng", button="Bỏ minh chứng", back=back, unit=line.sheet.unit,
        about=f"{criterion.number}. {criterion.text}", facts=[("Minh chứng", str(piece))],
        says=[f"{says} Điểm và giải trình giữ nguyên."], warns=bool(piece.file),
    )  # fmt: skip
