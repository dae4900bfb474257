"""What the tests of many reports at once need: units with reports, a clock to turn, a print shop that costs nothing."""

import datetime
import io
import zipfile

from openpyxl import load_workbook

from branches.models import Period
from reports import print_worker
from reports.drafting import start_report
from reports.material import collect
from reports.models import PrintJob
from reports.papers.print_shop import PaperRefused, Printed
from reports.print_jobs import ask, zip_of
from tests.factories import UnionFactory, UnitFactory, account_at

TODAY = datetime.date(2026, 11, 22)
NOW = datetime.datetime(2026, 11, 22, 3, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)


class Clock:
    """Says NOW, and a second more each time it is asked."""

    def __init__(self, now=NOW):
        self.now = now

    def __call__(self):
        self.now += datetime.timedelta(seconds=1)
        return self.now


class Shop:
    """Prints "%PDF <text>" at once; `on_paper` is called before each paper with the number of it."""

    papers = 0
    on_paper = staticmethod(lambda number: None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def pdf(self, html, layout, *, archive=False):
        type(self).papers += 1
        self.on_paper(self.papers)
        return Printed(f"%PDF {'CHI ĐOÀN' in html.upper()}".encode(), 2)

    def word(self, content, proof=None):
        type(self).papers += 1
        return Printed(f"PK {content.unit_name}".encode(), 0)


class Scene:
    """Đoàn Khối with three branches; the first two have a report of 2026."""

    def __init__(self, branches=3, reports=2):
        self.union = UnionFactory(name="Đoàn Khối", document_code="ĐK")
        names = ("Chi đoàn Sở Tư pháp", "Chi đoàn Sở Y tế", "Chi đoàn Sở Nội vụ")
        self.branches = [UnitFactory(superior=self.union, name=names[place % 3]) for place in range(branches)]
        self.office = account_at(self.union, "superior_office")
        self.party = account_at(self.union, "party_member")
        self.period = Period.objects.year(2026)
        self.reports = [self.report_of(branch) for branch in self.branches[:reports]]

    def report_of(self, branch):
        material = collect(branch, self.period, as_of=TODAY)
        return start_report(by=self.office, unit=branch, period=self.period, material=material)

    def ask(self, by=None, **more) -> PrintJob:
        given = {"unit": self.union, "period": self.period, "which": "all", "what": "pdf", "on": TODAY, "now": NOW}
        return ask(by=by or self.office, **given | more)


def run(job, clock=None, **more) -> str:
    """The worker's task, as often as it hands on to itself."""
    clock = clock or Clock()
    said = print_worker.print_slice(job.pk, on=TODAY, clock=clock, **more)
    while said == "goes on":
        job.refresh_from_db()
        said = print_worker.print_slice(job.pk, on=TODAY, clock=clock, **more | {"held": job.claim})
    job.refresh_from_db()
    return said


def packed(job) -> zipfile.ZipFile:
    return zipfile.ZipFile(zip_of(job))


def listed(job) -> list[tuple]:
    """The rows of the list in the ZIP below its head: (place, unit, file, which text, pages)."""
    sheet = load_workbook(io.BytesIO(packed(job).read("00-danh-sach.xlsx"))).active
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=5)]


def refuse(number):
    raise PaperRefused("broken")
