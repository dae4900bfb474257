"""Addresses: the report on paper, and what was submitted."""

from django.urls import path

from reports.views import submission_papers, submission_scans, submissions


def papers(route: str, view, name: str) -> list:
    return [path(f"{route}.{ending}", view, {"ending": ending}, f"{name}_{ending}") for ending in ("pdf", "docx")]


EDITION = "bao-cao/ban-nop/<int:pk>"

urlpatterns = [
    *(
        path(
            f"bao-cao/<int:pk>/ban-in.{ending}", submission_papers.report_paper, {"ending": ending}, f"report_{ending}"
        )
        for ending in ("pdf", "docx")
    ),
    path("bao-cao/<int:pk>/so-lieu.xlsx", submission_papers.report_workbook, name="report_xlsx"),
    path("bao-cao/<int:pk>/cac-ban/", submissions.submission_list, name="submission_list"),
    path(f"{EDITION}/", submissions.submission, name="submission"),
    path(f"{EDITION}/so-sanh/", submissions.submission_compare, name="submission_compare"),
    path(f"{EDITION}/so/<slug:code>/", submissions.submission_figure, name="submission_figure"),
    *(
        path(
            f"{EDITION}/ban-in.{ending}", submission_papers.submission_paper, {"ending": ending}, f"submission_{ending}"
        )
        for ending in ("pdf", "docx")
    ),
    path(f"{EDITION}/so-lieu.xlsx", submission_papers.submission_workbook, name="submission_xlsx"),
    path(f"{EDITION}/ban-ky/", submission_scans.submission_scan, name="submission_scan"),
    path("bao-cao/ban-ky/<int:pk>/", submission_scans.submission_scan_file, name="submission_scan_file"),
    path("bao-cao/ban-ky/<int:pk>/bo/", submission_scans.submission_scan_remove, name="submission_scan_remove"),
]
