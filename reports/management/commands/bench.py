"""`make bench`: server time and queries of the main pages, each as a ratio to a baseline of the same run.

Milliseconds of one machine say nothing; every page is therefore timed in turns with a reference, and the
median of the ratios is printed. It is a measurement, not a test: nothing here fails on a slow day.

    list     R   a bare view: one query, 50 rows × 7 columns, two of them dates
    figures  B   raw SQL that adds the same figures up from the activity lines
    PDF      W   WeasyPrint alone, given the same HTML
"""

import datetime
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import Count
from django.http import HttpResponse
from django.template import engines
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.models import Account, Activity, Member, Post, PostType, Target, Unit
from branches.restructuring import found_unit

R_TEMPLATE = """<table>{% for m in rows %}<tr><td>{{ m.full_name }}</td><td>{{ m.birth_date|date:"d/m/Y" }}</td>
<td>{{ m.sex }}</td><td>{{ m.phone }}</td><td>{{ m.job }}</td><td>{{ m.admitted_on|date:"d/m/Y" }}</td>
<td>{{ m.national_code }}</td></tr>{% endfor %}</table>"""


@dataclass
class Row:
    name: str
    ratios: dict[str, float]
    milliseconds: float
    queries: int


class Command(BaseCommand):
    help = "Time the main pages against baselines measured in the same run (needs a large data set: load_demo --branches)."

    def add_arguments(self, parser):
        parser.add_argument("--rounds", type=int, default=15, help="timed pairs for each page")

    def handle(self, *args, **options):
        if not settings.DEBUG:
            raise CommandError("bench makes accounts and signs them in; it runs only with DEBUG on a throw-away database.")
        settings.ALLOWED_HOSTS = ["testserver"]
        self.rounds = options["rounds"]
        self.today = timezone.localdate()
        self.union, self.branch = self._places()
        self._describe()
        rows = [*self._pages(), *self._paper()]
        self.stdout.write(f"\n{'page':44}{'ms':>9}{'queries':>9}   ratios")
        for row in rows:
            ratios = "  ".join(f"{value:.2f} {name}" for name, value in row.ratios.items())
            self.stdout.write(f"{row.name:44}{row.milliseconds:9.1f}{row.queries:9}   {ratios}")

    def _places(self) -> tuple[Unit, Unit]:
        """The superior with most branches below it, and the busiest branch there."""
        unions = Unit.objects.exclude(kind__in=Unit.BRANCH_KINDS).annotate(below=Count("placements_below"))
        union = unions.order_by("-below", "pk").first()
        if union is None:
            raise CommandError("The database is empty. First: manage.py load_demo --branches 1000 --activities 300000")
        branch = (
            Unit.objects.below(union).filter(kind__in=Unit.BRANCH_KINDS)
            .annotate(busy=Count("activities")).order_by("-busy", "pk").first()
        )  # fmt: skip
        return union, branch

    def _describe(self):
        vendor = connection.vendor
        self.stdout.write(
            f"{vendor}: {Unit.objects.count()} units, {Member.objects.count()} members, {Target.objects.count()} targets, "
            f"{Activity.objects.count()} activities; {self.rounds} timed pairs a page; medians"
        )

    # --- pages ------------------------------------------------------------------------------------

    def _pages(self) -> list[Row]:
        top = Unit.objects.order_by("path").first()
        branch, union = self._client("secretary", self.branch), self._client("superior_office", self.union)
        whole, party = self._client("superior_office", top), self._client("party_secretary", self.branch)
        at, under = [self.branch.pk], [self.union.pk]
        pages = [
            ("member list, one branch", branch, reverse("branches:member_list", args=at), None),
            ("member list, subtree", union, reverse("branches:member_list", args=under) + "?duoi=1", None),
            ("member list, everything", whole, reverse("branches:member_list", args=[top.pk]) + "?duoi=1", None),
            ("activity list, one branch", branch, reverse("branches:activity_list", args=at), None),
            ("activity list, subtree", union, reverse("branches:activity_list", args=under) + "?duoi=1", None),
            ("dashboard of a branch", branch, reverse("reports:progress", args=at), self.branch),
            ("dashboard of a subtree", union, reverse("reports:progress", args=under), self.union),
            ("board of a subtree", union, reverse("reports:board", args=under), self.union),
            ("dashboard of everything", whole, reverse("reports:progress", args=[top.pk]), top),
            ("board of everything", whole, reverse("reports:board", args=[top.pk]), top),
            ("Party summary of a branch", party, reverse("reports:party_summary", args=at), self.branch),
            ("home", branch, reverse("reports:home"), None),
            ("log form", branch, reverse("branches:activity_new", args=at), None),
        ]
        reference = self._reference_view()
        rows = []
        for name, client, url, unit in pages:
            with CaptureQueriesContext(connection, ) as captured:
                response = client.get(url, follow=True)
            if response.status_code != 200:
                raise CommandError(f"{url} answers {response.status_code}")
            against = {"R": reference}
            if unit is not None:
                against["B"] = self._raw_sums(unit)
            rows.append(self._timed(name, lambda c=client, u=url: c.get(u, follow=True), against, len(captured)))
        return rows

    def _client(self, post: str, unit: Unit) -> Client:
        account, _ = Account.objects.get_or_create(username=f"bench-{post}-{unit.pk}", defaults={"full_name": "Đo tốc độ"})
        Post.objects.get_or_create(
            account=account, unit=unit, type=PostType.objects.get(code=post), defaults={"starts_on": datetime.date(2000, 1, 1)}
        )
        client = Client()
        client.force_login(account)
        return client

    def _reference_view(self) -> Callable:
        template = engines["django"].from_string(R_TEMPLATE)
        request = RequestFactory().get("/")

        def view():
            rows = list(Member.objects.filter(home=self.branch).order_by("sort_key", "pk")[:50])
            rows = (rows * 50)[:50] if rows else rows
            return HttpResponse(template.render({"rows": rows}, request))

        return view

    def _raw_sums(self, unit: Unit) -> Callable:
        year = self.today.year
        sql = """
            SELECT i.code, SUM(q.value), SUM(q.denominator), COUNT(*) FROM branches_quantity q
            JOIN branches_activity a ON a.id = q.activity_id JOIN branches_unit u ON u.id = a.unit_id
            JOIN branches_indicator i ON i.id = q.indicator_id
            WHERE a.state = 'held' AND u.path LIKE %s AND a.last_on >= %s AND a.last_on < %s GROUP BY i.code
        """

        def query():
            with connection.cursor() as cursor:
                cursor.execute(sql, [f"{unit.path}%", datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1)])
                return cursor.fetchall()

        return query

    def _timed(self, name, action: Callable, against: dict[str, Callable], queries: int) -> Row:
        action()
        for reference in against.values():
            reference()
        took, ratios = [], {key: [] for key in against}
        for _ in range(self.rounds):
            mine = _seconds(action)
            took.append(mine)
            for key, reference in against.items():
                ratios[key].append(mine / _seconds(reference))
        return Row(
            name, {key: statistics.median(values) for key, values in ratios.items()}, statistics.median(took) * 1000, queries
        )

    # --- the yearly paper -------------------------------------------------------------------------

    def _paper(self) -> list[Row]:
        from weasyprint import HTML

        from reports.papers import pdf
        from reports.papers.yearly import bench_report_html

        with CaptureQueriesContext(connection) as captured:
            html = bench_report_html(self.branch, self.today)

        def whole():
            return pdf.render(bench_report_html(self.branch, self.today))

        def bare():
            return HTML(string=html, url_fetcher=pdf.fetcher()).write_pdf()

        rounds, self.rounds = self.rounds, max(3, self.rounds // 5)
        row = self._timed("yearly PDF, data to bytes", whole, {"W": bare}, len(captured))
        self.rounds = rounds
        peak = subprocess.run(  # noqa: S603
            [sys.executable, "manage.py", "bench_pdf_memory", str(self.branch.pk)],
            cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        self.stdout.write(f"yearly PDF: peak memory of a fresh process {peak}")
        return [row]


def _seconds(action: Callable) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def peak_megabytes() -> float:
    """Peak resident memory of this process so far, in MiB (Linux counts in KiB, macOS in bytes)."""
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


__all__ = ["Command", "found_unit", "peak_megabytes"]
