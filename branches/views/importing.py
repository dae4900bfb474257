"""A list brought from Excel: upload, columns, preview row by row, one apply, and taking it back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from branches.forms.base import sent
from branches.forms.importing import StartForm, UploadForm, sheet_forms
from branches.importing.applying import ListRefused
from branches.importing.deciding import apply_import, decide_namesakes, decide_row, drop_import
from branches.importing.headers import FIELDS
from branches.importing.left_out import left_out_workbook, sample_workbook
from branches.importing.planning import WAITING
from branches.importing.reading import UnreadableFile, read_sheets
from branches.importing.showing import shown_rows
from branches.importing.staging import choose_columns, read_on, sheets_of, start_import, units_of
from branches.importing.undoing import undo_import
from branches.models import EditConflict, ImportRow, MemberImport, Unit
from branches.models.member import MemberQuerySet
from branches.receipts import once
from branches.scoping import get_editable_or_403
from branches.views.attachments import attached
from branches.workbook import XLSX

State = MemberImport.State
RowState = ImportRow.State
PAGE_SIZE = 50
PAST_SHOWN = 10
FIRST_LINES = 15
# The order in which a list is worked off: first what waits for the person.
GROUPS = (RowState.UNSURE, RowState.ERROR, RowState.NEW, RowState.CHANGED, RowState.SAME, RowState.SKIPPED)
MEANINGS = {
    RowState.NEW: "người chưa có trong danh sách",
    RowState.CHANGED: "đã có, thông tin khác đi",
    RowState.SAME: "không có gì mới",
    RowState.UNSURE: "chưa rõ là ai",
    RowState.ERROR: "có ô chưa đọc được",
    RowState.SKIPPED: "dòng cộng, ghi chú, lặp lại",
}


def _unit(request, pk) -> Unit:
    return get_editable_or_403(Unit.objects.reached_by(request.user, MemberQuerySet.read_rights), request.user, pk=pk)


def _source(request, pk) -> MemberImport:
    return get_editable_or_403(MemberImport.objects.select_related("unit"), request.user, pk=pk)


def _page(source: MemberImport) -> HttpResponseRedirect:
    return redirect("branches:import", pk=source.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request, pk):
    """Choose the file; lists brought before stand below."""
    unit = _unit(request, pk)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid() and not units_of(unit, request.user).allowed:
        form.add_error(None, f"{unit.name} đã giải thể hoặc chưa có chi đoàn nào để nhập.")
    elif request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            sheets = read_sheets(content, file.name)
        except UnreadableFile as refusal:
            form.add_error("file", str(refusal))
        else:

            def work():
                made = start_import(
                    unit=unit, by=request.user, name=file.name, content=content, sheets=sheets, on=timezone.localdate()
                )
                return reverse("branches:import", args=[made.pk])

            return redirect(once(form.cleaned_data["form_key"], request.user, work)[0])
    past = MemberImport.objects.filter(unit=unit).exclude(state=State.DROPPED).select_related("account")
    return render(
        request,
        "branches/import_new.html",
        {"unit": unit, "form": form, "past": past.order_by("-pk")[:PAST_SHOWN]},
    )


@require_GET
def import_sample(request, pk):
    """An empty list with the columns that are understood, for those who have none yet."""
    unit = _unit(request, pk)
    return attached(sample_workbook(unit, made_on=timezone.localdate()), XLSX, "mau-danh-sach-doan-vien.xlsx")


@require_GET
def import_show(request, pk):
    """Where the list stands: choosing columns, being read, the preview, or what became of it."""
    source = _source(request, pk)
    if source.state == State.COLUMNS:
        return redirect("branches:import_columns", pk=pk)
    if source.state == State.READING:
        return render(request, "branches/import_reading.html", {"unit": source.unit, "source": source})
    if source.state == State.PREVIEW:
        return _preview(request, source)
    left = source.rows.filter(state__in=WAITING).count() if source.file else 0
    return render(request, "branches/import_done.html", {"unit": source.unit, "source": source, "left": left})


@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request, pk):
    """What each column holds: guessed, shown with examples, corrected by the person."""
    source = _source(request, pk)
    if source.state not in (State.COLUMNS, State.READING, State.PREVIEW):
        return _page(source)
    units = units_of(source.unit, request.user)
    data = sent(request)
    start = StartForm(data, initial={"starts_on": source.starts_on, "version": source.version})
    sheets = sheet_forms(source, units, data)
    # Every form is asked, so that all answers stand on the page at once.
    if request.method == "POST" and all([start.is_valid(), *(form.is_valid() for form in sheets)]):
        try:
            source = choose_columns(
                source=source, version=start.cleaned_data["version"], choices=[form.said() for form in sheets],
                starts_on=start.cleaned_data["starts_on"], today=timezone.localdate(),
            )  # fmt: skip
        except (ListRefused, UnreadableFile) as refusal:
            start.add_error(None, str(refusal))
        except EditConflict:
            messages.error(request, "Có người vừa chọn lại cột của danh sách này. Hãy xem lại.")
            return _page(source)
        else:
            if source.state == State.COLUMNS:
                messages.success(request, "Đã tìm lại các cột theo dòng tiêu đề mới. Hãy xem lại rồi đọc danh sách.")
            else:
                read_on(source=source, by=request.user, today=timezone.localdate())
            return _page(source)
    lines = sheets_of(source) if any(not sheet["columns"] for sheet in source.sheets) else []
    return render(
        request,
        "branches/import_columns.html",
        {
            "unit": source.unit,
            "source": source,
            "start": start,
            "sheets": [{"form": form, "lines": _first_lines(lines, place)} for place, form in enumerate(sheets)],
            "one_sheet": len(sheets) == 1,
        },
    )


def _first_lines(sheets, place) -> list[tuple[int, list[str]]]:
    """The beginning of a sheet whose header was not found, so that a person can point at it."""
    if not sheets or place >= len(sheets):
        return []
    rows = enumerate(sheets[place].rows[:FIRST_LINES], start=1)
    return [(number, [str(cell) for cell in row if cell not in (None, "")][:8]) for number, row in rows]


@require_POST
def import_read(request, pk):
    """Read the next portion; the page asks again until the list is through."""
    source = read_on(source=_source(request, pk), by=request.user, today=timezone.localdate())
    if not request.htmx:
        return _page(source)
    if source.state != State.READING:
        return HttpResponseClientRedirect(reverse("branches:import", args=[pk]))
    return render(request, "branches/_import_progress.html", {"source": source})


def _preview(request, source):
    standing = _standing(source)
    wanted = request.GET.get("nhom")
    if wanted not in standing["counts"]:
        wanted = next((state for state in GROUPS if standing["counts"].get(state)), RowState.NEW)
    rows = source.rows.filter(state=wanted).select_related("unit").order_by("sheet", "number")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    shown = shown_rows(list(page), source)
    return render(
        request,
        "branches/import_preview.html",
        {
            **standing,
            "unit": source.unit,
            "wanted": wanted,
            "page": page,
            "rows": shown,
            "alike": sum(len(row.people) == 1 for row in shown) if wanted == RowState.UNSURE else 0,
            "legacy": [sheet for sheet in source.sheets if sheet["taken"] and sheet.get("legacy")],
        },
    )


def _standing(source) -> dict:
    """How many rows stand where, and so what the button would do. One query."""
    counts = dict(source.rows.order_by().values_list("state").annotate(n=Count("pk")))
    return {
        "source": source,
        "counts": counts,
        "groups": [
            {"state": state, "count": counts.get(state, 0), "label": state.label, "meaning": MEANINGS[state]}
            for state in GROUPS
        ],
        "waiting": sum(counts.get(state, 0) for state in WAITING),
        "coming": counts.get(RowState.NEW, 0),
        "changing": counts.get(RowState.CHANGED, 0),
    }


@require_POST
def import_row(request, pk):
    """Answer one row: who it is, what its wrong cells should say, or that it stays out."""
    row = ImportRow.objects.filter(pk=pk).select_related("belongs_to__unit").first()
    source = _source(request, row.belongs_to_id if row else 0)
    said = request.POST
    chosen = said.get("chosen", "")
    try:
        row = decide_row(
            row=row, by=request.user, today=timezone.localdate(), choice=_choice(said.get("choice", "")),
            chosen=int(chosen) if chosen.isdecimal() and len(chosen) < 18 else None,
            typed=_typed(said),
        )  # fmt: skip
    except ListRefused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseClientRedirect(_page(source).url) if request.htmx else _page(source)
    if request.htmx:
        answer = {
            **_standing(source),
            "row": shown_rows([row], source)[0],
            "wanted": said.get("nhom"),
            "answered": True,
        }
        return render(request, "branches/import_row.html", answer)
    return redirect(f"{_page(source).url}?nhom={said.get('nhom', '')}#dong-{row.pk}")


def _typed(said) -> dict[str, str]:
    """Field → the text typed for it. PostgreSQL keeps no NUL in text."""
    cells = {name: said[f"cell_{name}"] for name in FIELDS if f"cell_{name}" in said}
    return {name: text.replace("\x00", "")[:300] for name, text in cells.items()}


def _choice(text: str) -> str:
    return text if text in ImportRow.Choice.values else ""


@require_POST
def import_namesakes(request, pk):
    """One answer for all rows that may mean exactly one person."""
    source = _source(request, pk)
    choice = _choice(request.POST.get("choice", ""))
    try:
        if choice not in (ImportRow.Choice.SAME, ImportRow.Choice.NEW):
            raise ListRefused("Hãy chọn là người đã có hay người mới.")
        count = decide_namesakes(source=source, by=request.user, today=timezone.localdate(), choice=choice)
        messages.success(request, f"Đã chọn cho {count} dòng.")
    except ListRefused as refusal:
        messages.error(request, str(refusal))
    return _page(source)


@require_POST
def import_apply(request, pk):
    """Everything at once, or nothing."""
    source = _source(request, pk)
    try:
        result = apply_import(
            source=source, by=request.user, today=timezone.localdate(), leave_out="leave_out" in request.POST
        )
    except ListRefused as refusal:
        messages.error(request, str(refusal))
        return _page(source)
    if result is None:
        messages.error(request, "Danh sách đoàn viên vừa thay đổi nên chưa nhập gì. Hãy xem lại các dòng rồi nhập.")
    else:
        messages.success(request, f"Đã nhập {result['new']} người mới, sửa {result['changed']} người.")
    return _page(source)


@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request, pk):
    """Throw an unfinished list away, or take a finished one back as a whole."""
    source = _source(request, pk)
    refusal = ""
    if request.method == "POST":
        try:
            if source.state == State.APPLIED:
                result = undo_import(source=source, by=request.user)
                done = f"Đã bỏ lần nhập: rút {result['new']} người, trả lại {result['changed']} hồ sơ như cũ."
            else:
                drop_import(source=source)
                done = "Đã hủy danh sách đang nhập dở. Danh sách đoàn viên không thay đổi."
            messages.success(request, done)
            return redirect("branches:import_new", pk=source.unit_id)
        except ListRefused as error:
            refusal = str(error)
    context = {"unit": source.unit, "source": source, "refusal": refusal, "is_applied": source.state == State.APPLIED}
    return render(request, "branches/import_undo.html", context)


@require_GET
def import_left_out(request, pk):
    """The rows that did not go in, as the same sheets with a column of reasons."""
    source = _source(request, pk)
    if not source.file:
        messages.error(request, "Không còn dòng nào để lại.")
        return _page(source)
    return attached(left_out_workbook(source, made_on=timezone.localdate()), XLSX, "dong-can-sua.xlsx")
