"""What was submitted, in World and in the tables of access and attacks (report_worlds.py)."""

import datetime
from decimal import Decimal

from django.core.files.base import ContentFile

from reports.drafting import start_report
from reports.freezing import prepare
from reports.material import collect
from reports.models import PeriodReport, Submission, SubmissionScan
from reports.submitting import approve_report, submit_report

from .access_people import PARTY, READERS, may
from .factories import ActivityFactory, IndicatorFactory, QuantityFactory, year
from .inspection_attacks import SCAN

DAY = datetime.date(2026, 1, 3)
PAGES = ("", "_compare", "_pdf", "_docx", "_xlsx", "_scan")

EXPECTED = {
    # The unit and its superiors; on paper what was issued is also for the Party committee.
    "reports:submission_list": may(READERS),
    **{f"reports:submission{page}": may(READERS) for page in ("", "_compare", "_figure")},
    **{f"reports:submission_{paper}": may(READERS | PARTY) for paper in ("pdf", "docx", "xlsx")},
    **{f"reports:report_{paper}": may(READERS | PARTY) for paper in ("docx", "xlsx")},
    "reports:submission_scan": may({"secretary"}, READERS),
    "reports:submission_scan_file": may(READERS | PARTY),
    "reports:submission_scan_remove": may({"secretary"}, READERS),  # of an edition that was not approved
}
POST_ONLY: set = set()
FORMS = {
    "reports:submission_scan": ("secretary", lambda w: {"files": SCAN}),
    "reports:submission_scan_remove": ("secretary", lambda w: {}),
}
ATTACKS: list = []
SPOILT = {"reports:submission_scan": ("ticket", "form_key")}


def add(world) -> None:
    """An approved report of `own` about 2022 with one figure and its signed sheet."""
    secretary, superior = world.accounts["secretary"], world.accounts["superior"]
    world.frozen_indicator = IndicatorFactory(first_year=2020)
    activity = ActivityFactory(unit=world.own, starts_on=datetime.date(2022, 5, 1), last_on=datetime.date(2022, 5, 1))
    QuantityFactory(activity=activity, indicator=world.frozen_indicator, value=Decimal(3))
    material = collect(world.own, year(2022), as_of=DAY)
    report = start_report(by=secretary, unit=world.own, period=year(2022), material=material, dated_on=DAY)
    world.edition = submit_report(
        report=report, version=report.version, by=secretary, on=DAY, prepared=prepare(report, on=DAY)
    )
    report.refresh_from_db()
    approve_report(report=report, version=report.version, by=superior, on=DAY)
    world.edition.refresh_from_db()
    world.edition_scan = signed(world.edition)
    world.wrong_scan = signed(taken_back(world.own, secretary, world.edition.content))


def signed(submission) -> SubmissionScan:
    scan = SubmissionScan(submission=submission, kind="pdf", content_type="application/pdf", name="ban-ky.pdf")
    scan.file.save("ban-ky.pdf", ContentFile(b"%PDF-1.4"))
    return scan


def taken_back(unit, by, content: dict) -> Submission:
    """An edition nobody approved, of a report the unit took back."""
    report = PeriodReport.objects.create(unit=unit, period=year(2022), theme="Tháng Thanh niên")
    return Submission.objects.create(
        report=report, edition=1, as_of=DAY, submitted_on=DAY, submitted_by=by, sha256="0" * 64,
        content=content,
    )  # fmt: skip


def objects(world) -> dict:
    """Address → the object it is about."""
    return {
        "reports:submission_list": world.edition.report,
        **{f"reports:submission{page}": world.edition for page in PAGES},
        "reports:submission_scan_file": world.edition_scan,
        "reports:submission_scan_remove": world.wrong_scan,
        "reports:report_docx": world.edition.report,
        "reports:report_xlsx": world.edition.report,
    }


def arguments(world) -> dict:
    """Address → its arguments, where they are more than one key."""
    return {"reports:submission_figure": {"pk": world.edition.pk, "code": world.frozen_indicator.code}}
