"""Statistics tables of a unit: the list of a period, one table on the page, a typed figure, PDF, Word and Excel."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.formats import small
from branches.forms.base import sent
from branches.models import Period, Unit
from branches.restructuring import as_called
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.views.attachments import attached
from branches.views.life_steps import step_page, take_step
from branches.workbook import XLSX
from reports.papers.pdf import render_pdf
from reports.papers.statistics import statistics_html
from reports.papers.statistics_files import statistics_docx, statistics_workbook
from reports.statistics import fill, tables_of
from reports.statistics.content import StatCell, StatLine
from reports.statistics.filling import Filled, fill_tables
from reports.statistics.forms import ValueForm, VersionedSureForm
from reports.statistics.links import link_of
from reports.statistics.typing_in import StatRefused, take_back_value, type_value, value_of

from .periods import Choice, period_from, period_value, periods_of, segments, years_offered
from .printing import pdf_answer, too_many_papers
from .report_tabs import report_tabs

# Who works with the figures of the unit; typed ones are a draft until a report goes out.
READERS = ("record", "manage", "approve")
WRITER = "submit"
BY_UNIT = "don-vi"
EMPTY = ("-", "x", "")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _unit_and_period(request, pk):
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    today = timezone.localdate()
    return unit, period_from(request.GET.get("ky", ""), unit, today), today


def _choices(unit: Unit, period: Period, today) -> dict:
    """What the picker of periods needs: quarter, half, year and term around the one shown, and the years."""
    known = periods_of(unit)
    shown, year = period_value(period), min(period.last_day, today).year
    half = f"{year}-h{1 if period.starts_on.month < 7 else 2}"
    choices = [one for one in segments(period, known, today) if "-h" not in one.value]
    choices.insert(1, Choice("6 tháng", half, half == shown))
    return {
        "period": period,
        "period_value": shown,
        "segments": choices,
        "years": years_offered(today, min((one.starts_on.year for one in known), default=today.year)),
        "is_year": period.kind == Period.Kind.YEAR,
    }


@require_GET
def stat_tables(request, pk):
    """The tables of the unit for a period: what they say at a glance, and which lines still want a figure."""
    unit, period, today = _unit_and_period(request, pk)
    found = fill_tables(tables_of(unit, period), unit, period, as_of=today)
    rights = rights_at(request.user, unit)
    return render(
        request,
        "reports/stat_tables.html",
        {
            "unit": as_called(unit, period.last_day, today=today),
            "tabs": report_tabs(request.user, unit, "statistics"),
            "found": found,
            "may_define": WRITER in rights and not unit.is_branch,
            "can_write": WRITER in rights,
            **_choices(unit, period, today),
        },
    )


def _table_or_404(tables, pk: int):
    table = next((one for one in tables if one.pk == pk), None)
    if table is None:
        raise Http404
    return table


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell of the page: what is printed, the head of its column, and where it leads."""

    title: str
    cell: StatCell
    url: str = ""


@dataclass(frozen=True, slots=True)
class ShownLine:
    line: StatLine
    cells: tuple[ShownCell, ...]
    type_url: str = ""
    drop_url: str = ""
    is_open: bool = False  # to be typed, and not yet


@require_GET
def stat_table(request, pk, table):
    """One table; every figure opens what it was counted from. A superior may see it by its units."""
    unit, period, today = _unit_and_period(request, pk)
    chosen = _table_or_404(tables_of(unit, period), table)
    by_unit = not unit.is_branch and request.GET.get("theo") == BY_UNIT
    found = fill(chosen, unit, period, as_of=today, by_unit=by_unit)
    rights = rights_at(request.user, unit)
    return render(
        request,
        "reports/stat_table.html",
        {
            "unit": as_called(unit, period.last_day, today=today),
            "table": chosen,
            "content": found.content,
            "warnings": found.warnings,
            "rows": shown_lines(found, unit, period, request.user, today=today),
            "by_unit": by_unit,
            "until": min(today, period.last_day),
            "can_write": WRITER in rights,
            "correcting": "sua" in request.GET,  # every line offers to take another figure than the computed one
            **_choices(unit, period, today),
        },
    )


def shown_lines(found: Filled, unit: Unit, period: Period, user, *, today, may_type: bool = True) -> list[ShownLine]:
    """The lines of a filled table with the address behind each figure, for this reader. No query."""
    until = min(today, period.last_day)
    places = [(unit, period, until)]
    if found.content.by_unit:
        places += [(child, period, until) for child in found.children]
    elif period.kind != Period.Kind.TERM:
        before = period.before()
        places.append((unit, before, before.last_day))
    rights = {place.pk: rights_at(user, place) for place, *_ in places}
    can_write = may_type and WRITER in rights[unit.pk] and not found.content.by_unit
    ky = f"?ky={period_value(period)}"
    rows = []
    for item, line in zip(found.items, found.content.lines, strict=True):
        cells = []
        for at, (title, cell) in enumerate(zip(found.content.columns, line.cells, strict=False)):
            url = ""
            if at < len(places) and cell.text not in EMPTY:
                place, span, last = places[at]
                url = link_of(item, place, span, rights[place.pk], until=last)
            cells.append(ShownCell(title, cell, url))
        type_url = drop_url = ""
        if can_write and item.takes_values:
            key = [unit.pk, item.table_id, item.pk]
            type_url = f"{reverse('reports:stat_value', args=key)}{ky}"
            if item.pk in found.typed:
                drop_url = f"{reverse('reports:stat_value_drop', args=key)}{ky}"
        is_open = item.is_typed and found.computed[item.pk] is None
        rows.append(ShownLine(line, tuple(cells), type_url, drop_url, is_open))
    return rows


def _value_asked(request, pk, table, item):
    """The unit, period, filled table and line of a typed figure, for whoever may write it."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    unit = get_editable_or_403(Unit, request.user, right=WRITER, pk=unit.pk)
    today = timezone.localdate()
    period = period_from(request.GET.get("ky", ""), unit, today)
    chosen = _table_or_404(tables_of(unit, period), table)
    line = chosen.items.select_related("table").filter(pk=item).first()
    if line is None or not line.takes_values:
        raise Http404
    back = f"{reverse('reports:stat_table', args=[unit.pk, chosen.pk])}?ky={period_value(period)}#dong-{line.pk}"
    return unit, period, chosen, line, back, today


@require_http_methods(["GET", "HEAD", "POST"])
def stat_value(request, pk, table, item):
    """A figure of one line: of a typed one, or instead of what is computed, then with the reason."""
    unit, period, chosen, line, back, today = _value_asked(request, pk, table, item)
    kept = value_of(line, unit, period)
    initial = {"version": kept.version if kept else 0}
    if kept:
        initial |= {"value": kept.value, "unknown": kept.value is None, "reason": kept.reason}
    form = ValueForm(sent(request), item=line, initial=initial)

    def save():
        type_value(
            item=line, unit=unit, period=period, version=form.cleaned_data["version"],
            value=form.cleaned_data["value"], reason=form.cleaned_data["reason"], by=request.user, at=timezone.now(),
        )  # fmt: skip
        return back

    meanwhile = "Có người vừa ghi số khác vào dòng này. Chưa ghi đè gì cả; hãy mở lại trang rồi ghi lại."
    if answer := take_step(request, form, save, "Đã lưu số.", refused=StatRefused, meanwhile=meanwhile):
        return answer
    facts = [("Kỳ", period.name), ("Đơn vị tính", line.unit_word)]
    if not line.is_typed:
        filled = fill(chosen, unit, period, as_of=today)
        cell = next(one for one in filled.content.lines if one.item == line.pk).cells[0]
        facts.append(("Phần mềm tính", cell.instead or cell.words))
    if kept:
        facts.append(("Đã ghi", f"{kept.typed_by}, {timezone.localtime(kept.typed_at):%d/%m/%Y}"))
    return step_page(
        request, form, title="Ghi số liệu", button="Lưu số", back=back, unit=unit, about=f"{line}", facts=facts
    )


@require_http_methods(["GET", "HEAD", "POST"])
def stat_value_drop(request, pk, table, item):
    """What was typed goes; the line shows what is computed, or nothing."""
    unit, period, _, line, back, _ = _value_asked(request, pk, table, item)
    kept = value_of(line, unit, period)
    form = VersionedSureForm(sent(request), initial={"version": kept.version if kept else 0})

    def save():
        if kept is None:
            raise StatRefused({"": "Dòng này không còn số nào do đơn vị ghi."})
        take_back_value(value=kept, version=form.cleaned_data["version"])
        return back

    if answer := take_step(request, form, save, "Đã bỏ số đã ghi.", refused=StatRefused):
        return answer
    says = ["Số đã ghi được bỏ khỏi biểu, lịch sử vẫn giữ."]
    says.append("Dòng này lại để trống." if line.is_typed else "Dòng này lại theo số phần mềm tính.")
    return step_page(
        request, form, title="Bỏ số đã ghi", button="Bỏ số đã ghi", back=back, unit=unit, about=f"{line}", says=says
    )


# --- papers and files -------------------------------------------------------------------------------


def _contents(request, pk):
    """The unit, the period and the tables a file is asked of: all of the period, or the one named by `bieu`."""
    unit, period, today = _unit_and_period(request, pk)
    tables = tables_of(unit, period)
    if asked := request.GET.get("bieu", ""):
        tables = [_table_or_404(tables, int(asked) if asked.isdecimal() and len(asked) < 18 else 0)]
    if not tables:
        raise Http404
    by_unit = not unit.is_branch and request.GET.get("theo") == BY_UNIT
    found = fill_tables(tables, unit, period, as_of=today, by_unit=by_unit)
    return unit, period, today, [one.content for one in found]


@require_GET
def stat_tables_xlsx(request, pk):
    unit, period, today, contents = _contents(request, pk)
    name = f"bieu-so-lieu-{unit.code}-{period_value(period)}.xlsx"
    return attached(statistics_workbook(contents, made_on=today), XLSX, name)


@require_GET
def stat_tables_docx(request, pk):
    """To go on editing. A table by unit is wider than a sheet of Word and comes as PDF and Excel."""
    unit, period, today, contents = _contents(request, pk)
    if contents[0].by_unit:
        raise Http404
    name = f"bieu-so-lieu-{unit.code}-{period_value(period)}.docx"
    return attached(statistics_docx(contents, unit=unit, on=today), WORD, name)


@require_GET
def stat_tables_pdf(request, pk):
    """The annex as it is printed behind a report."""
    unit, period, today, contents = _contents(request, pk)
    if refused := too_many_papers(request):
        return refused
    html, layout = statistics_html(contents, on=today)
    return pdf_answer(render_pdf(html, layout=layout), f"Biểu số liệu {small(period.name)}, {unit.name}.pdf")
