"""The report on paper: as PDF, as Word, as a workbook; of an edition from what was frozen, of a draft from today."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.scoping import get_visible_or_404
from branches.views.attachments import attached
from branches.workbook import XLSX
from reports.editions import edition_to_print
from reports.freezing import content_of_submission
from reports.models import PeriodReport, Submission
from reports.papers.content import ReportContent
from reports.papers.report import draft_content, report_html
from reports.papers.report_xlsx import report_xlsx
from reports.proofs import proof_of

from .printing import for_archive, printed, too_many_papers


@require_GET
def report_paper(request, pk, ending):
    """The report as the Đoàn prints it, "pdf" or "docx": its draft for those who work on it while it is open, else the
    edition that counts. The Party committee reads what was issued."""
    found, edition = _report(request, pk)
    return printed(
        request, lambda: report_html(_content(found, edition), proof_of(edition)), _name(found, edition), ending,
        archive=for_archive(request, edition),
    )  # fmt: skip


@require_GET
def report_workbook(request, pk):
    """The figures of the same paper as Excel."""
    found, edition = _report(request, pk)
    return _workbook(request, lambda: _content(found, edition), _name(found, edition))


@require_GET
def submission_paper(request, pk, ending):
    """One edition on paper; the Party committee reads approved ones. With ?luu-tru an approved one as PDF/A."""
    found = _submission(request, pk)
    return printed(
        request, lambda: report_html(content_of_submission(found), proof_of(found)), _name(found.report, found),
        ending, archive=for_archive(request, found),
    )  # fmt: skip


@require_GET
def submission_workbook(request, pk):
    """The figures of an edition as Excel."""
    found = _submission(request, pk)
    return _workbook(request, lambda: content_of_submission(found), _name(found.report, found))


def _report(request, pk) -> tuple[PeriodReport, Submission | None]:
    rows = PeriodReport.objects.select_related("unit", "period")
    reads_drafts = rows.visible_to(request.user).filter(pk=pk).exists()
    writes = reads_drafts and rows.editable_by(request.user).filter(pk=pk).exists()
    found = get_visible_or_404(rows if reads_drafts else rows.issued(), request.user, right=rows.paper_rights, pk=pk)
    return found, edition_to_print(found, writes=writes, reads_drafts=reads_drafts)


def _submission(request, pk) -> Submission:
    rows = Submission.objects.select_related("report__unit", "report__period")
    if not rows.visible_to(request.user).filter(pk=pk).exists():
        rows = rows.filter(approved_on__isnull=False)
    return get_visible_or_404(rows, request.user, right=rows.paper_rights, pk=pk)


def _content(report: PeriodReport, edition: Submission | None) -> ReportContent:
    return content_of_submission(edition) if edition else draft_content(report, on=timezone.localdate())


def _name(report: PeriodReport, edition: Submission | None) -> str:
    """ "Báo cáo năm 2025, Chi đoàn Sở Y tế, bản 2"; the name of the unit is the one it had."""
    unit = edition.content["unit_name"] if edition else report.unit.name
    said = f", bản {edition.edition}" if edition and edition.edition > 1 else ""
    return f"{report.title}, {unit}{said}"


def _workbook(request, content, name: str) -> HttpResponse:
    if refused := too_many_papers(request):
        return refused
    return attached(report_xlsx(content()), XLSX, f"{name}.xlsx".replace("/", "-"))
