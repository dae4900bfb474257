"""A superior's report made from its units' approved reports: figures unit by unit, texts taken, figures renewed."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from branches.models import EditConflict
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.views.attachments import attached
from branches.workbook import XLSX
from reports.consistency import warnings_by_unit, warnings_of_sum
from reports.drafting import chapters_today
from reports.joint import OWN
from reports.models import ReportSection, Submission
from reports.papers.report import day_of, material_for
from reports.papers.rolling_xlsx import units_workbook
from reports.rolling_sources import sources_of
from reports.rolling_table import deducted_words, joint_rule_words, rule_words, unit_table
from reports.rolling_texts import changes_since, editions_now, take_all_new, take_text
from reports.rolling_up import rolled_up
from reports.states import ReportRefused

from .periods import period_value
from .reports import chapter_url, reports_with_unit
from .sentences import version_of

MEANWHILE = "Báo cáo vừa có người sửa ở nơi khác. Chưa lấy số nào; hãy xem lại rồi bấm lại."


def rolled_or_404(request, pk):
    """The report and what it is rolled up from; 404 where it is made from what was logged."""
    found = get_visible_or_404(reports_with_unit(), request.user, pk=pk)
    if not found.from_units:
        raise Http404
    return found, rolled_up(found, as_of=day_of(found, timezone.localdate()))


def may_write(request, found) -> bool:
    return found.is_open and "submit" in rights_at(request.user, found.unit)


def read_units(request, rolled) -> set[int]:
    """The units whose editions the person may open, and OWN; of the others a page says sums and no words."""
    editions = {source.submission.pk: source.unit.pk for source in rolled.reported}
    opened = Submission.objects.visible_to(request.user).filter(pk__in=editions).values_list("pk", flat=True)
    return {OWN, *(editions[pk] for pk in opened)}


@require_GET
def report_units(request, pk):
    """Every figure unit by unit, who is missing, what to look at, what changed since the texts were drafted."""
    found, rolled = rolled_or_404(request, pk)
    warnings = warnings_by_unit(rolled)
    return render(
        request,
        "reports/report_units.html",
        {
            "report": found,
            "unit": found.unit,
            "rolled": rolled,
            "as_of": rolled.table.as_of,
            "table": unit_table(rolled),
            "changes": changes_since(found, rolled),
            "warned": [(source, warnings[source.unit.pk]) for source in rolled.reported if source.unit.pk in warnings],
            "sum_warnings": warnings_of_sum(rolled),
            "can_write": may_write(request, found),
        },
    )


@require_GET
def report_units_xlsx(request, pk):
    """The same as a workbook."""
    found, rolled = rolled_or_404(request, pk)
    name = f"so-lieu-theo-don-vi-{found.unit.code}-{found.period.starts_on.year}.xlsx"
    return attached(units_workbook(rolled), XLSX, name)


@require_GET
def report_units_figure(request, pk, code):
    """One rolled-up figure: the parts, what was taken off and why, the rule that puts them together."""
    found, rolled = rolled_or_404(request, pk)
    row = rolled.table.row(code)
    if row is None:
        raise Http404
    lines = [line for _, lines in unit_table(rolled).chapters for line in lines if line.indicator.code == code]
    taken_off = [one for one in rolled.deductions if one.code == code]
    read = read_units(request, rolled) if taken_off else set()
    return render(
        request,
        "reports/report_units_figure.html",
        {
            "report": found,
            "unit": found.unit,
            "rolled": rolled,
            "as_of": rolled.table.as_of,
            "row": row,
            "indicator": row.indicator,
            "line": lines[0],
            "period_value": period_value(found.period),
            "taken_off": [(one, one.joined.source in read, deducted_words([one], row.indicator)) for one in taken_off],
            "undecided": [one for one in rolled.undecided if code in one.codes],
            "rule": rule_words(row.indicator),
            "joint_rule": joint_rule_words(row.indicator),
        },
    )


@require_POST
def report_take_all(request, pk):
    """Today's figures in every drafted sentence that is behind them; what people wrote stays."""
    found = get_editable_or_403(reports_with_unit(), request.user, pk=pk)
    material = material_for(found, on=timezone.localdate())
    try:
        taken, left = take_all_new(
            report=found, version=version_of(request), by=request.user, chapters=chapters_today(found, material),
            editions=editions_now(material),
        )  # fmt: skip
    except EditConflict:
        messages.error(request, MEANWHILE)
    except ReportRefused as refusal:
        messages.error(request, str(refusal))
    else:
        text = f"Đã lấy số mới cho {taken} câu." if taken else "Không có câu nào cần lấy số mới."
        text += f" Còn {left} câu do người viết hoặc không còn số liệu, hãy soát từng câu." if left else ""
        messages.success(request, text)
    return redirect("reports:report", found.pk)


@require_POST
def section_take_text(request, pk):
    """Copy one sentence of a unit's edition into the chapter."""
    rows = ReportSection.objects.select_related("report__unit", "report__period")
    section = get_editable_or_403(rows, request.user, pk=pk)
    report = section.report
    edition, number = (_whole(request.POST.get(name)) for name in ("submission", "number"))
    _, sources = sources_of(report, until=min(report.period.last_day, timezone.localdate()))
    if not report.from_units or edition not in {one.submission.pk for one in sources if one.submission}:
        messages.error(request, "Báo cáo của đơn vị vừa thay đổi. Hãy chọn lại câu.")
        return redirect(chapter_url(report, section.key))
    submission = get_visible_or_404(Submission, request.user, pk=edition)
    try:
        sentence = take_text(section=section, submission=submission, number=number, by=request.user)
    except ReportRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(chapter_url(report, section.key))
    return redirect(chapter_url(report, section.key, f"#cau-{sentence.pk}"))


def _whole(text) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 18 else 0
