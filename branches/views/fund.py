"""The fund book: a year line by line, new lines, taking one back. Figures without words for the inspectors."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.dues.fund import KIND_WORDS, Kind, book_of_year, take_back_entry, write_entry
from branches.dues.showing import fund_workbook
from branches.formats import day, dong
from branches.forms.base import sent
from branches.forms.dues import FundEntryForm, WhyForm
from branches.models import FundEntry, Unit
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.views.attachments import attached
from branches.views.life_steps import answered_before, step_page, take_step
from branches.workbook import XLSX

from .dues import MONEY, REGISTER, money_keeper_at, year_asked, years_around

ADDRESSES = {Kind.DUES: "dues_receipt", Kind.UP: "remittance", Kind.BELOW: "remittance"}


@require_GET
def fund(request, pk):
    """What came in, what went out and what is left, month by month, added up twice."""
    unit = get_visible_or_404(Unit, request.user, right=MONEY, pk=pk)
    today = timezone.localdate()
    year = year_asked(request, today)
    rights = rights_at(request.user, unit)
    may_name, may_record = not rights.isdisjoint(REGISTER), "record" in rights
    found = book_of_year(unit, year)
    months = [
        {"month": one, "lines": [_shown(line, may_name, may_record) for line in one.lines]} for one in found.months()
    ]
    kinds = [(KIND_WORDS[kind], total) for kind, total in found.by_kind.items() if total]
    context = {
        "unit": unit, "book": found, "months": months, "kinds": kinds, "may_record": may_record, "may_name": may_name,
        "has_opening": FundEntry.objects.standing().filter(unit=unit, kind=FundEntry.Kind.OPENING).exists(),
        **years_around(year, today),
    }  # fmt: skip
    return render(request, "branches/fund.html", context)


def _shown(line, may_name: bool, may_record: bool) -> dict:
    url = ""
    if line.kind in ADDRESSES and (may_name or line.kind != Kind.DUES):
        url = reverse(f"branches:{ADDRESSES[line.kind]}", args=[line.key])
    is_typed = line.kind in (Kind.OPENING, Kind.INCOME, Kind.EXPENSE)
    return {
        "line": line,
        "words": line.typed if may_name and line.typed else line.words,
        "counterpart": line.counterpart if may_name else "",
        "document": line.document if may_name or not is_typed else "",
        "struck": line.struck and (line.struck if may_name else "đã hủy"),
        "url": url,
        "undo": reverse("branches:fund_undo", args=[line.key]) if is_typed and may_record and not line.struck else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def fund_new(request, pk):
    """One line of income or expense, or the balance brought from the paper book."""
    unit = money_keeper_at(request, pk)
    today = timezone.localdate()
    opened = FundEntry.objects.standing().filter(unit=unit, kind=FundEntry.Kind.OPENING).exists()
    wanted = request.GET.get("loai", "")
    initial = {"dated_on": today, "kind": wanted if wanted in FundEntry.Kind.values else FundEntry.Kind.EXPENSE}
    form = FundEntryForm(sent(request), unit=unit, may_open=not opened, initial=initial)
    warnings = []

    def save():
        said = {name: value for name, value in form.cleaned_data.items() if name != "form_key"}
        entry, warning = write_entry(unit=unit, by=request.user, on=today, **said)
        warnings.append(warning)
        return f"{reverse('branches:fund', args=[unit.pk])}?nam={entry.dated_on.year}"

    def done():
        said = f"Đã ghi {dong(form.cleaned_data['amount'])}."
        return f"{said} {warnings[0]}" if warnings and warnings[0] else said

    if answer := take_step(request, form, save, done):
        return answer
    return render(request, "branches/fund_new.html", {"unit": unit, "form": form, "opened": opened})


@require_http_methods(["GET", "HEAD", "POST"])
def fund_undo(request, pk):
    """A line typed by mistake is struck through, with the reason."""
    rows = FundEntry.objects.reached_by(request.user, REGISTER).select_related("unit")
    entry = get_editable_or_403(rows, request.user, pk=pk)
    if answer := answered_before(request):
        return answer
    today = timezone.localdate()
    back = f"{reverse('branches:fund', args=[entry.unit_id])}?nam={entry.dated_on.year}"
    if entry.reversed_on and request.method != "POST":
        return redirect(back)
    form = WhyForm(sent(request))

    def undo():
        take_back_entry(entry=entry, why=form.cleaned_data["why"], by=request.user, on=today)
        return back

    if answer := take_step(request, form, undo, "Đã hủy dòng sổ quỹ."):
        return answer
    facts = [
        ("Ngày", day(entry.dated_on)), ("Nội dung", entry.text), ("Số tiền", dong(entry.amount)),
        ("Thu hay chi", entry.get_kind_display()),
    ]  # fmt: skip
    says = ["Dòng này không tính vào số dư nữa, nhưng vẫn đứng trong sổ, gạch ngang, kèm lý do."]
    return step_page(
        request, form, title="Hủy dòng sổ quỹ", button="Hủy dòng này", back=back, unit=entry.unit,
        about=f"Sổ quỹ {entry.dated_on.year}", says=says, facts=facts, warns=True,
    )  # fmt: skip


@require_GET
def fund_xlsx(request, pk):
    unit = get_visible_or_404(Unit, request.user, right=MONEY, pk=pk)
    today = timezone.localdate()
    year = year_asked(request, today)
    may_name = not rights_at(request.user, unit).isdisjoint(REGISTER)
    return attached(fund_workbook(unit, year, on=today, may_name=may_name), XLSX, f"so-quy-{unit.code}-{year}.xlsx")
