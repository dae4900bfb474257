"""Time and memory of the yearly report as PDF, beside WeasyPrint alone with the same HTML."""

import datetime
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import Account, Period, Unit
from reports.drafting import start_report
from reports.material import collect
from reports.models import PeriodReport
from reports.papers.pdf import STYLESHEET, render_pdf
from reports.papers.report import draft_content, report_html

from .timing import seconds, timed

# Each runs in a fresh process, which prints the peak of its memory, and loads nothing but what it says here.
START = """
import django
django.setup()
from reports.management.timing import peak_mebibytes
print(peak_mebibytes())
"""
ALONE = """
import sys, weasyprint
from reports.management.timing import peak_mebibytes
weasyprint.HTML(sys.argv[1]).write_pdf(stylesheets=sys.argv[2:])
print(peak_mebibytes())
"""
WHOLE = """
import sys, django
django.setup()
from django.utils import timezone
from reports.management.timing import peak_mebibytes
from reports.models import PeriodReport
from reports.papers.pdf import render_pdf
from reports.papers.report import draft_content, report_html
report = PeriodReport.objects.select_related("unit", "period").get(pk=int(sys.argv[1]))
html, layout = report_html(draft_content(report, on=timezone.localdate()))
render_pdf(html, layout=layout)
print(peak_mebibytes())
"""


def measure_paper(branch: Unit, *, today: datetime.date, rounds: int, say: Callable[[str], object]) -> None:
    """Print the lines of the report of the branch's running year. Aims: performance notes, "PDF"."""
    from weasyprint import HTML

    report = report_of(branch, today)
    with CaptureQueriesContext(connection) as captured:
        html, layout = report_html(draft_content(loaded(report.pk), on=today))
    with tempfile.TemporaryDirectory(prefix="doanquanly-bench-") as folder:
        page, sheet = Path(folder) / "report.html", Path(folder) / "layout.css"
        page.write_text(html, encoding="utf-8")
        sheet.write_text(layout.stylesheet(), encoding="utf-8")
        sheets = [str(sheet), str(STYLESHEET)]

        def alone():
            return HTML(str(page)).write_pdf(stylesheets=sheets)

        def whole():
            html, layout = report_html(draft_content(loaded(report.pk), on=today))
            return render_pdf(html, layout=layout)

        took, ratios = timed(whole, {"W": alone}, rounds)
        drafted, part = timed(lambda: report_html(draft_content(loaded(report.pk), on=today)), {"W": alone}, rounds)
        say(f"\n{'yearly PDF':30}{'ms':>8}{'queries':>9}{'aim':>5}{'W':>9}{'aim':>5}")
        say(f"{'data to bytes, warm process':30}{took:8.0f}{len(captured):9}{25:5}{ratios['W']:9.2f}{1.25:5}")
        say(f"{'data and drawing alone':30}{drafted:8.0f}{'':14}{part['W']:9.2f}{0.15:5}")
        fresh, peak = _fresh(WHOLE, str(report.pk))
        bare, bare_peak = _fresh(ALONE, str(page), *sheets)
        start, _ = _fresh(START)
        reference = seconds(alone)
        say(f"{'data to bytes, fresh process':30}{fresh * 1000:8.0f}{'':14}{fresh / reference:9.2f}{1.9:5}")
        say(f"{'WeasyPrint alone, fresh':30}{bare * 1000:8.0f}{'':14}{bare / reference:9.2f}")
        say(f"{'Django and its models alone':30}{start * 1000:8.0f}{'':14}{start / reference:9.2f}")
        say(
            f"peak memory of the fresh process {peak:.0f} MiB (aim 140), {peak / bare_peak:.2f} of WeasyPrint alone "
            f"({bare_peak:.0f} MiB); the file has {len(whole()) / 1024:.0f} KiB"
        )


def report_of(branch: Unit, today: datetime.date) -> PeriodReport:
    """The branch's report of the running year, begun if there is none."""
    period = Period.objects.year(today.year)
    found = PeriodReport.objects.filter(unit=branch, period=period).first()
    if found is None:
        material = collect(branch, period, as_of=today)
        by = Account.objects.order_by("pk").first()
        found = start_report(by=by, unit=branch, period=period, material=material)
    return found


def loaded(pk: int) -> PeriodReport:
    """As the view loads it."""
    return PeriodReport.objects.select_related("unit", "period").get(pk=pk)


def _fresh(script: str, *arguments: str) -> tuple[float, float]:
    """Seconds and peak MiB of the script in a process of its own; the second of two runs, with compiled bytecode."""
    said = ""

    def run():
        nonlocal said
        command = [sys.executable, "-c", script, *arguments]
        said = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True).stdout  # noqa: S603

    run()
    return seconds(run), float(said)
