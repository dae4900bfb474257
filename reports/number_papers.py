"""Reports and congress papers under the numbers of the register, signed sheets of editions too, for who may read."""

from django.urls import reverse

from branches.formats import small
from branches.number_papers import Under

from .models import CongressPaper, PeriodReport, SubmissionScan


def reports_under(user, numbers: list[int]) -> dict[int, Under]:
    """Two queries, whatever the number of reports and sheets."""
    rows = PeriodReport.objects.visible_to(user).filter(entry__in=numbers).select_related("period")
    scans: dict[int, list[tuple[str, str]]] = {}
    sheets = SubmissionScan.objects.visible_to(user).filter(submission__report__entry__in=numbers)
    for pk, report, name in sheets.order_by("pk").values_list("pk", "submission__report_id", "name"):
        scans.setdefault(report, []).append((name, reverse("reports:submission_scan_file", args=[pk])))
    return {
        row.entry_id: Under(
            row.title,
            reverse("reports:report", args=[row.pk]),
            tuple(scans.get(row.pk, ())),
        )
        for row in rows
    }


def congress_papers_under(user, numbers: list[int]) -> dict[int, Under]:
    """One query."""
    rows = CongressPaper.objects.visible_to(user).filter(entry__in=numbers).select_related("term")
    return {
        row.entry_id: Under(
            f"{row.get_kind_display()}, {small(row.term.name)}",
            reverse("reports:congress_paper", args=[row.term.unit_id, row.term_id, row.kind]),
        )
        for row in rows
    }
