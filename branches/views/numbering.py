"""The number register of a unit: its books with what is missing in them, search, keeping a number, letting it go."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.forms.numbering import NumberSearch, ReleaseForm, ReserveForm, SpanForm
from branches.models import NumberSpan, PaperNumber, Unit
from branches.models.number import NumberBookQuerySet, kept_by
from branches.number_papers import papers_under
from branches.numbering import (
    BODY_WORDS,
    NumberRefused,
    books_of,
    choose_span,
    key_on,
    numbers_found,
    release_number,
    reserve_number,
    span_on,
    take_number,
)
from branches.receipts import once
from branches.scoping import get_editable_or_403, get_visible_or_404
from branches.views.attachments import attached
from branches.workbook import XLSX, Workbook

PAGE = 50
READERS = NumberBookQuerySet.read_rights
COLUMNS = (
    ("Số, ký hiệu", 24), ("Ngày", 12), ("Loại", 8), ("Cơ quan", 20), ("Kỳ", 14), ("Trích yếu", 60),
    ("Tình trạng", 14), ("Lý do", 40), ("Người lấy số", 24),
)  # fmt: skip

LACKS = (
    ("Sổ", 26), ("Cơ quan", 20), ("Kỳ", 14), ("Số cuối cùng", 12), ("Đã dùng", 10), ("Giữ chỗ", 10), ("Bỏ", 8),
    ("Chưa có trong sổ", 40),
)  # fmt: skip


def _unit(request, pk) -> Unit:
    return get_visible_or_404(Unit, request.user, right=READERS, pk=pk)


def _unit_to_write(request, pk) -> Unit:
    unit = _unit(request, pk)
    if not _keeps(request.user, unit):
        raise PermissionDenied
    return unit


def _keeps(user, unit: Unit) -> bool:
    return Unit.objects.filter(kept_by(user, ""), pk=unit.pk).exists()


@require_GET
def number_books(request, pk):
    unit = _unit(request, pk)
    books = books_of(request.user, unit)
    search = NumberSearch(request.GET or None, books=books)
    page = Paginator(_found(request, unit, search), PAGE).get_page(request.GET.get("trang"))
    papers = papers_under(request.user, [row.pk for row in page])
    return render(
        request,
        "branches/number_books.html",
        {
            "unit": unit, "books": books, "search": search, "is_searched": bool(search.understood), "page": page,
            "rows": [(row, papers.get(row.pk)) for row in page],
            "may_write": _keeps(request.user, unit),
            "span": NumberSpan.Span(span_on(unit, timezone.localdate())).label.lower(),
            "key": key_on(unit, timezone.localdate()),
        },
    )  # fmt: skip


def _found(request, unit: Unit, search: NumberSearch):
    said = search.understood
    return numbers_found(
        request.user, unit, words=said.get("q", ""), type_code=said.get("loai", ""), key=said.get("ky", ""),
        state=said.get("tinh_trang", ""),
    )  # fmt: skip


@require_GET
def number_books_xlsx(request, pk):
    """The numbers as filtered, and of every book what is missing in it."""
    unit = _unit(request, pk)
    today = timezone.localdate()
    book = Workbook(f"Sổ số văn bản {unit.name}", made_on=today)
    sheet = book.sheet("Sổ số văn bản", COLUMNS, (f"Sổ số văn bản, {unit.name}", f"Lập ngày {today:%d/%m/%Y}"))
    books = books_of(request.user, unit)
    search = NumberSearch(request.GET or None, books=books)
    keeps = _keeps(request.user, unit)  # who took a number is between those who keep the register
    for row in _found(request, unit, search):
        body = BODY_WORDS.get(row.book.body, row.book.body)
        sheet.add(
            row.symbol, row.dated_on, row.book.type_code, body, row.book.key, row.about, row.get_state_display(),
            row.reason, row.taken_by.get_full_name() if keeps else "",
        )  # fmt: skip
    lacks = book.sheet("Số còn thiếu", LACKS, (f"Số còn thiếu trong sổ, {unit.name}", f"Lập ngày {today:%d/%m/%Y}"))
    for view in books:
        lacks.add(
            view.name, view.body_name, view.book.key, view.book.last, view.used, view.reserved, view.unused,
            view.gap_words or "liền số",
        )  # fmt: skip
    return attached(book.content(), XLSX, f"Sổ số văn bản {unit.name} {today:%d-%m-%Y}.xlsx")


def _once(request, form, work, said: str):
    """Do `work` once and go on; None when it was refused and the page is shown again."""
    try:
        location, is_fresh = once(form.cleaned_data["form_key"], request.user, work)
    except NumberRefused as refusal:
        form.refuse(refusal)
        return None
    if is_fresh:
        messages.success(request, said)
    return redirect(location)


@require_http_methods(["GET", "HEAD", "POST"])
def number_reserve(request, pk):
    """A number for a paper written outside this system, or one kept for later."""
    unit = _unit_to_write(request, pk)
    today = timezone.localdate()
    url = reverse("branches:number_books", args=[pk])
    form = ReserveForm(
        sent(request), has_committee=not unit.is_branch, initial={"dated_on": today, "use": "used", "body": ""}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        take = take_number if data["use"] == "used" else reserve_number

        def work():
            take(
                unit=unit, type_code=data["type_code"], body=data.get("body", ""), on=data["dated_on"], by=request.user,
                about=data["about"], wanted=data["wanted"], reason=data["number_reason"],
            )  # fmt: skip
            return url

        if answer := _once(request, form, work, "Đã ghi số vào sổ."):
            return answer
    return _page(request, unit, form, heading="Lấy số văn bản", button="Lấy số", lines=[])


@require_http_methods(["GET", "HEAD", "POST"])
def number_release(request, pk):
    """A number that was kept free is not needed."""
    row = get_visible_or_404(PaperNumber.objects.select_related("book__unit"), request.user, pk=pk)
    get_editable_or_403(PaperNumber, request.user, pk=pk)
    unit = row.book.unit
    form = ReleaseForm(sent(request))
    if request.method == "POST" and form.is_valid():

        def work():
            release_number(number=row, by=request.user, reason=form.cleaned_data["reason"])
            return reverse("branches:number_books", args=[unit.pk])

        if answer := _once(request, form, work, f"Đã bỏ số {row.symbol}."):
            return answer
    lines = [f"Số {row.symbol} ở lại trong sổ là “bỏ không dùng”, kèm lý do, và không cấp cho văn bản nào nữa."]
    return _page(request, unit, form, heading=f"Bỏ số {row.symbol}", button="Bỏ số", lines=lines)


@require_http_methods(["GET", "HEAD", "POST"])
def number_span(request, pk):
    """Through the term, or anew each year."""
    unit = _unit_to_write(request, pk)
    today = timezone.localdate()
    form = SpanForm(sent(request), initial={"span": span_on(unit, today)})
    if request.method == "POST" and form.is_valid():

        def work():
            choose_span(unit=unit, span=form.cleaned_data["span"], by=request.user, on=today)
            return reverse("branches:number_books", args=[pk])

        if answer := _once(request, form, work, "Đã đổi cách đánh số."):
            return answer
    lines = [
        "Theo nhiệm kỳ: số chạy từ đầu đến cuối nhiệm kỳ. Theo năm: mỗi năm bắt đầu lại từ số 01.",
        "Năm nay đã cấp số thì cách mới bắt đầu từ ngày 01/01 năm sau, để không có hai văn bản trùng số.",
    ]
    return _page(request, unit, form, heading="Cách đánh số văn bản", button="Lưu cách đánh số", lines=lines)


def _page(request, unit, form, **context):
    return render(request, "branches/number_step.html", {"unit": unit, "form": form, **context})
