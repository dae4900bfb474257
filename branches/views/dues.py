"""Dues: the grid of members × months, receipts, who owes what. Figures for the inspectors, names for the register."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.dues.arrears import arrears_of
from branches.dues.months import DuesRefused, first_of, month_words, months_of, spans_words, step
from branches.dues.owing import collects, grid, load_owed
from branches.dues.paying import priced, receive, take_back, this_month_of
from branches.dues.rates import load_rates
from branches.dues.showing import below, cell_texts, figures_of, grid_workbook, names_of, ordered
from branches.dues.spelling import money_words
from branches.formats import dong
from branches.forms.base import sent
from branches.forms.dues import ReceiptForm, WhyForm, cell_words, read_cells
from branches.models import DuesReceipt, Unit
from branches.models.dues import MoneyQuerySet
from branches.models.member import MemberQuerySet
from branches.periods import FIRST_YEAR, LAST_YEAR
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.views.attachments import attached
from branches.views.life_steps import answered_before, step_page, take_step
from branches.workbook import XLSX

REGISTER, MONEY = MemberQuerySet.read_rights, MoneyQuerySet.read_rights
MEMBERS_A_PAGE, ROWS_A_PAGE = 60, 50


def year_asked(request, today) -> int:
    """The year of the page, this one where nothing sensible was asked."""
    text = request.GET.get("nam", "")
    year = int(text) if len(text) == 4 and text.isdecimal() else today.year
    return year if FIRST_YEAR < year < LAST_YEAR else today.year


def years_around(year: int, today) -> dict:
    return {"year": year, "before": year - 1, "after": year + 1 if year < today.year else None}


def money_keeper_at(request, pk) -> Unit:
    """The unit, for whoever writes its money; readers of the register get 403, everybody else 404."""
    units = Unit.objects.reached_by(request.user, REGISTER)
    return get_editable_or_403(units, request.user, right="record", pk=pk)


@require_GET
def dues(request, pk):
    """A branch: who paid which month. A unit above: what its units received, owe and handed over."""
    unit = get_visible_or_404(Unit, request.user, right=MONEY, pk=pk)
    today = timezone.localdate()
    year = year_asked(request, today)
    rights, rates = rights_at(request.user, unit), load_rates()
    may_name = not rights.isdisjoint(REGISTER)
    until = step(first_of(today), -1)
    loaded = load_owed(unit, year=year if collects(unit) and may_name else None, until=until, rates=rates)
    context = {
        "unit": unit,
        "today": today,
        "figures": figures_of(unit, year, on=today, rates=rates, loaded=loaded),
        "last_month": until,
        "may_record": "record" in rights,
        "may_name": may_name,
        "collects": collects(unit),
        **years_around(year, today),
    }
    if not collects(unit):
        return render(request, "branches/dues_units.html", context | _units_of(request, unit, year, today))
    if context["may_name"]:
        rows = grid(unit, year, on=today, loaded=loaded)
        page = Paginator(ordered(rows), MEMBERS_A_PAGE).get_page(request.GET.get("trang"))
        context |= {
            "page": page,
            "rows": [_shown(member, row, today, context["may_record"]) for member, row in page],
            "months": months_of(year),
            "open_this_month": len(this_month_of(rows, today)) if year == today.year else 0,
            "paid": sum(row.paid for row in rows),
            "has_inherited": any(cell.due.is_inherited for row in rows for cell in row.cells),
        }
    return render(request, "branches/dues.html", context)


def _units_of(request, unit, year, today) -> dict:
    kinds = [kind for kind in Unit.BRANCH_KINDS if kind != Unit.Kind.SUB_BRANCH]
    # A unit that ended within the year keeps its months of the year, and a row of its own.
    units = Unit.objects.reached_by(request.user, MONEY).living(months_of(year)[0]).below(unit).filter(kind__in=kinds)
    rows = below(list(units.order_by("sort_key", "pk")), year, on=today)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("trang"))
    total = {name: sum(getattr(one, name) for _, one in rows) for name in ("paid", "owed", "remitted")}
    return {"page": page, "total": total}


def _shown(member, row, today, may_record: bool) -> dict:
    running = first_of(today)
    cells = [
        {
            "month": cell.month,
            "value": cell_words(row.member, cell.month) if may_record and cell.may_be_paid else "",
            "amount": cell.due.amount,
            "paid": cell.paid,
            "receipt": cell.receipt,
            "is_owed": cell.is_owed,
            "is_late": cell.is_late,
            "is_running": cell.month == running,
            "is_inherited": cell.due.is_inherited,
            "text": text,
        }
        for cell, text in zip(row.cells, cell_texts(row), strict=True)
    ]
    return {"member": member, "cells": cells, "paid": row.paid, "left": row.left}


@require_http_methods(["GET", "HEAD", "POST"])
def dues_receive(request, pk):
    """The total is said, in figures and words, before the receipt is written. Nothing is saved by choosing."""
    unit = money_keeper_at(request, pk)
    if request.method != "POST":  # after signing in again, or with the browser's button
        return redirect("branches:dues", pk=unit.pk)
    today = timezone.localdate()
    do = request.POST.get("do", "")
    if do not in ("choose", "month"):
        form = ReceiptForm(sent(request), initial={"paid_on": today})
        if answer := take_step(request, form, lambda: _receive(request.user, unit, form, today), lambda: _done(form)):
            return answer
        cells = read_cells(request.POST.get("cells", "").split())
    else:
        cells = read_cells(request.POST.getlist("o"))
        if do == "month" and collects(unit):
            cells = this_month_of(grid(unit, today.year, on=today), today)
        form = None
    refusal, rows = "", []
    try:
        rows = priced(unit=unit, cells=cells, on=today)
    except DuesRefused as refused:
        refusal = str(refused)
    if form is None or refusal:
        cells_text = " ".join(cell_words(member, month) for member, month in cells)
        total = sum(amount for *_, amount in rows)
        again = ReceiptForm(initial={"paid_on": today, "cells": cells_text, "said": total})
        form = form if form and form.is_bound else again
    elif rows and form.is_bound:
        # A status may have changed: the page shows the new sum, and it is that one the next sending agrees to.
        form.data = form.data.copy()
        form.data["said"] = str(sum(amount for *_, amount in rows))
    return render(
        request,
        "branches/dues_receive.html",
        {
            "unit": unit,
            "form": form,
            "refusal": "" if form.is_bound and form.non_field_errors() else refusal,
            "rest": _rest(unit, cells, today) if refusal else [],
            "lines": _lines(rows),
            "total": sum(amount for *_, amount in rows),
            "words": money_words(sum(amount for *_, amount in rows)),
            "count": len(rows),
        },
    )


def _receive(user, unit, form, today) -> str:
    said = {name: form.cleaned_data[name] for name in ("cells", "paid_on", "said", "note")}
    receipt = receive(unit=unit, by=user, on=today, **said)
    return reverse("branches:dues_receipt", args=[receipt.pk])


def _done(form) -> str:
    return f"Đã ghi phiếu thu {dong(form.cleaned_data['said'])}."


def _rest(unit, cells, today) -> list[str]:
    """The chosen cells that can still be paid here, as the form writes them."""
    wanted = set(cells)
    years = sorted({month.year for _, month in wanted if FIRST_YEAR < month.year <= today.year})[:3]
    rows = [row for year in years for row in grid(unit, year, on=today)]
    return [
        cell_words(row.member, cell.month)
        for row in rows
        for cell in row.cells
        if cell.may_be_paid and (row.member, cell.month) in wanted
    ]


def _lines(rows) -> list[dict]:
    """Of (member, month, unit that ended or None, đồng): members by given name, their months of each unit in words."""
    grouped: dict[tuple, list] = {}
    for member, month, owed_to, amount in rows:
        grouped.setdefault((member, owed_to), []).append((month, amount))
    names = names_of({member for member, _ in grouped})
    units = {owed_to for _, owed_to in grouped if owed_to}
    called = dict(Unit.objects.filter(pk__in=units).values_list("pk", "name")) if units else {}
    return [
        {"member": member, "months": spans_words(month for month, _ in some), "count": len(some),
         "amount": sum(amount for _, amount in some), "owed_to": called.get(owed_to, "")}
        for pk, member in names.items() for (whose, owed_to), some in grouped.items() if whose == pk
    ]  # fmt: skip


PAID_COLUMNS = ("member_id", "month", "owed_to_id", "amount")


def lines_of_receipt(receipt: DuesReceipt) -> list[dict]:
    return _lines(receipt.payments.order_by("member_id", "month").values_list(*PAID_COLUMNS))


@require_GET
def dues_receipts(request, pk):
    """Receipts of a year, the newest first; what was taken back stays with its reason."""
    unit = get_visible_or_404(Unit, request.user, right=REGISTER, pk=pk)
    today = timezone.localdate()
    year = year_asked(request, today)
    rows = DuesReceipt.objects.filter(unit=unit, year=year).annotate(
        months=Count("payments"), people=Count("payments__member", distinct=True)
    )
    page = Paginator(rows.order_by("-number"), ROWS_A_PAGE).get_page(request.GET.get("trang"))
    context = {"unit": unit, "page": page, **years_around(year, today)}
    return render(request, "branches/dues_receipts.html", context)


def _receipt(request, pk, *, to_change=False) -> DuesReceipt:
    rows = DuesReceipt.objects.reached_by(request.user, REGISTER).select_related("unit", "written_by", "reversed_by")
    load = get_editable_or_403 if to_change else get_visible_or_404
    return load(rows, request.user, pk=pk)


@require_GET
def dues_receipt(request, pk):
    """One receipt: whose months, how much, who wrote it, and the slip it went up with."""
    receipt = _receipt(request, pk)
    payments = list(receipt.payments.select_related("remittance").order_by("member_id", "month"))
    slips = {one.remittance.pk: one.remittance for one in payments if one.remittance}
    context = {
        "receipt": receipt,
        "unit": receipt.unit,
        "lines": _lines([tuple(getattr(one, name) for name in PAID_COLUMNS) for one in payments]),
        "words": money_words(receipt.total),
        "slips": list(slips.values()),
        "may_undo": not receipt.reversed_on and not slips and "record" in rights_at(request.user, receipt.unit),
    }
    return render(request, "branches/dues_receipt.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def dues_receipt_undo(request, pk):
    """Take a receipt back as a whole, with the reason."""
    receipt = _receipt(request, pk, to_change=True)
    if answer := answered_before(request):
        return answer
    today = timezone.localdate()
    form = WhyForm(sent(request))
    back = reverse("branches:dues_receipt", args=[receipt.pk])

    def undo():
        take_back(receipt=receipt, why=form.cleaned_data["why"], by=request.user, on=today)
        return back

    number = f"{receipt.number}/{receipt.year}"
    if answer := take_step(request, form, undo, f"Đã hủy phiếu thu số {number}."):
        return answer
    says = [
        f"Phiếu {dong(receipt.total)} không tính vào sổ quỹ nữa; các tháng trên phiếu trở lại là chưa đóng.",
        "Phiếu và lý do vẫn giữ trong sổ, số phiếu không dùng lại.",
    ]
    return step_page(
        request, form, title="Hủy phiếu thu", button=f"Hủy phiếu thu số {number}", back=back, unit=receipt.unit,
        about=f"Phiếu thu số {number}", says=says, warns=True,
    )  # fmt: skip


@require_GET
def dues_arrears(request, pk):
    """Who owes which months up to last month, here and below, those with most first."""
    unit = get_visible_or_404(Unit, request.user, right=REGISTER, pk=pk)
    today = timezone.localdate()
    debts = arrears_of(unit, on=today)
    readable = Unit.objects.reached_by(request.user, REGISTER).in_bulk({debt.taken_by for debt in debts})
    shown = [debt for debt in debts if debt.taken_by in readable]
    ended = Unit.objects.in_bulk({debt.unit for debt in shown if debt.is_inherited})
    names = names_of({debt.member for debt in shown})
    places = {pk: place for place, pk in enumerate(names)}
    shown.sort(key=lambda debt: (-len(debt.months), places[debt.member]))
    page = Paginator(shown, ROWS_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "unit": unit,
        "page": page,
        "rows": [
            {"debt": one, "member": names[one.member], "unit": readable[one.taken_by], "ended": ended.get(one.unit)}
            for one in page
        ],
        "total": sum(debt.total for debt in shown),
        "people": len({debt.member for debt in shown}),
        "last_month": month_words(step(first_of(today), -1)),
        "collects": collects(unit),
    }
    return render(request, "branches/dues_arrears.html", context)


@require_GET
def dues_xlsx(request, pk):
    """The grid of a year as Excel."""
    unit = get_visible_or_404(Unit, request.user, right=REGISTER, pk=pk)
    today = timezone.localdate()
    year = year_asked(request, today)
    return attached(grid_workbook(unit, year, on=today), XLSX, f"doan-phi-{unit.code}-{year}.xlsx")
