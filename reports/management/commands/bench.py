"""`make bench`: server time and queries of the heavy pages, each as a ratio to a baseline of the same run.

Milliseconds of one machine say nothing. Every page is therefore timed in turns with its references, and
the median of the ratios is printed beside the ratio aimed at. It is a measurement, not a test: nothing
here fails on a slow day.

    R   a request to a bare Django view: one query, 50 rows of 7 columns, two of them dates; no layout, no session
    B   raw SQL that adds the figures of the year up from the activity lines, rows fetched
    W   WeasyPrint alone, given the same HTML and the same stylesheets
    L   10,000 rows converted, checked and written by the database driver alone

Pages are whole requests of a person signed in, through every middleware. The aims are those of the
performance notes for 10,000 members and 300,000 activities; with another size read the ratios alone.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.models import Account, Activity, Member, Post, PostType, Quantity, Target, Unit
from reports.management.bench_batch import measure_batch
from reports.management.bench_import import measure_import
from reports.management.bench_paper import measure_paper
from reports.management.bench_rounds import answered_round, measure_rolling
from reports.management.reference import reference
from reports.management.timing import timed
from reports.models import StatTable


@dataclass(frozen=True)
class Page:
    """One request to measure. `at_most` is the aim in R, `queries_at_most` the aim for its queries."""

    name: str
    post: str
    unit: Unit
    view: str
    query: str = ""
    at_most: float | None = None
    queries_at_most: int | None = None
    is_sum: bool = False  # compared with B as well
    has_unit: bool = True
    args: tuple = ()  # instead of the unit

    @property
    def url(self) -> str:
        return reverse(self.view, args=self.args or ([self.unit.pk] if self.has_unit else [])) + self.query


class Command(BaseCommand):
    help = "Time the heavy pages against baselines of the same run. Fills an empty, throw-away database first."

    def add_arguments(self, parser):
        parser.add_argument("--branches", type=int, default=1000)
        parser.add_argument("--members", type=int, help="default: ten a branch")
        parser.add_argument("--activities", type=int, help="default: 300 a branch")
        parser.add_argument("--rounds", type=int, default=25, help="timed pairs for each page")
        parser.add_argument("--only", default="", help="measure only what has this in its name")

    def handle(self, **options):
        if not settings.DEBUG:
            raise CommandError("bench makes accounts and signs them in; it runs only with DEBUG on.")
        self._fill(options)
        # From here as in production: with DEBUG on every query of the process is kept in a list.
        settings.DEBUG = False
        settings.ALLOWED_HOSTS = ["testserver"]
        self.rounds, self.today = options["rounds"], timezone.localdate()
        self.whole, self.union, self.branch = self._places()
        self.stdout.write(
            f"\n{connection.vendor}: {Unit.objects.count()} units, {Member.objects.count()} members, "
            f"{Target.objects.count()} targets, {Activity.objects.count()} activities with "
            f"{Quantity.objects.count()} results; {self.rounds} pairs a page, medians"
        )
        self._measure_pages([page for page in self._pages() if options["only"] in page.name])
        if options["only"] in "round of reports":
            self._measure_round()
        if options["only"] in "yearly PDF":
            measure_paper(self.branch, today=self.today, rounds=max(3, self.rounds // 5), say=self.stdout.write)
            measure_batch(self.branch, today=self.today, say=self.stdout.write)
        if options["only"] in "list from Excel":
            measure_import(self.whole, today=self.today, rounds=max(3, self.rounds // 8), say=self.stdout.write)

    def _fill(self, options):
        """An empty database is filled; a filled one must come from here, so that no real data gets bench accounts."""
        call_command("migrate", verbosity=0, skip_checks=True)
        call_command("createcachetable", verbosity=0)
        if Unit.objects.filter(code="chi-doan-1").exists() and Unit.objects.filter(code="khoi-1").exists():
            return
        size = {name: options[name] for name in ("branches", "members", "activities")}
        call_command("load_demo", stdout=self.stdout, **size)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = 0")
                cursor.execute("VACUUM ANALYZE")  # what autovacuum would have done by the next morning

    def _places(self) -> tuple[Unit, Unit, Unit]:
        """The superior with most branches below it, what stands above it, and the busiest branch there."""
        unions = Unit.objects.annotate(below=Count("placements_below"))
        union = unions.order_by("-below", "pk").first()
        whole = Unit.objects.get(pk=union.superior_pk) if union.superior_pk else union
        branch = (
            Unit.objects.below(union)
            .filter(kind__in=Unit.BRANCH_KINDS)
            .annotate(busy=Count("activities"))
            .order_by("-busy", "pk")
            .first()
        )
        return whole, union, branch

    # --- pages ------------------------------------------------------------------------------------

    def _pages(self) -> Iterator[Page]:
        secretary, office, party = "secretary", "superior_office", "party_secretary"
        whole, union, branch = self.whole, self.union, self.branch
        members, activities = "branches:member_list", "branches:activity_list"
        progress, board, summary = "reports:progress", "reports:board", "reports:party_summary"
        slow = 6 if connection.vendor == "postgresql" else 5
        yield Page("member list, one branch", secretary, branch, members, "", 2, 8)
        yield Page("member list, subtree", office, union, members, "", 3, 8)
        yield Page("member list, everything", office, whole, members, "", slow, 8)
        yield Page("member search, everything", office, whole, members, "?q=huong", 3, 8)
        yield Page("activity list, one branch", secretary, branch, activities, "", 2, 8)
        yield Page("activity list, subtree", office, union, activities, "?below=1", 5, 9)
        yield Page("activity list, everything", office, whole, activities, "?below=1", slow, 9)
        yield Page("dashboard, one branch", secretary, branch, progress, "", 2, 10, is_sum=True)
        yield Page("dashboard, subtree", office, union, progress, "", 4, 10, is_sum=True)
        yield Page("dashboard, everything", office, whole, progress, "", 4, 10, is_sum=True)
        yield Page("board, subtree", office, union, board, "", 4, 10, is_sum=True)
        yield Page("board, everything", office, whole, board, "", 4, 10, is_sum=True)
        yield Page("Party summary, one branch", party, branch, summary, is_sum=True)
        yield Page("Party summary, subtree", party, union, summary, is_sum=True)
        yield Page("Party summary, everything", party, whole, summary, is_sum=True)
        yield Page("home, one branch", secretary, branch, "reports:home", has_unit=False)
        yield Page("home, everything", office, whole, "reports:home", has_unit=False)
        yield Page("log form", secretary, branch, "branches:activity_new", queries_at_most=8)

    def _measure_round(self) -> None:
        """The pages of a round that every branch of the union has answered."""
        union, office, party = self.union, "superior_office", "party_secretary"
        by = self._account("superior_secretary", union)
        answered = answered_round(union, by=by, today=self.today, say=self.stdout.write)
        report, edition, year = answered.rolled.pk, answered.edition, self.today.year
        table = StatTable.objects.usable_by(union).in_force(answered.round.period).in_order().first()
        self._measure_pages([
            Page("round, every unit", office, union, "reports:round", args=(answered.round.pk,), at_most=4,
                 queries_at_most=25),
            Page("report from its units", office, union, "reports:report", args=(report,), queries_at_most=25),
            Page("figures by unit", office, union, "reports:report_units", args=(report,), queries_at_most=25),
            Page("checks", office, union, "reports:report_checks", args=(report,), queries_at_most=25),
            Page("edition", office, union, "reports:submission", args=(edition.pk,), queries_at_most=25),
            Page("as submitted beside now", office, union, "reports:submission_compare", args=(edition.pk,),
                 queries_at_most=25),
            Page("statistics table", office, union, "reports:stat_table", args=(union.pk, table.pk),
                 queries_at_most=25),
            Page("Party summary, all approved", party, union, "reports:party_summary", queries_at_most=25),
            Page("slides, all approved", party, union, "reports:party_screen", args=(union.pk, year),
                 queries_at_most=25),
        ])  # fmt: skip
        measure_rolling(answered, reference(), today=self.today, rounds=max(3, self.rounds // 5), say=self.stdout.write)

    def _measure_pages(self, pages: list[Page]) -> None:
        self.stdout.write(f"\n{'page':30}{'ms':>8}{'queries':>9}{'aim':>5}{'R':>9}{'aim':>5}{'B':>9}")
        asked = reference()
        for page in pages:
            client = self._client(page.post, page.unit)
            client.get(page.url)  # the first request of a session writes it; templates are parsed
            with CaptureQueriesContext(connection) as captured:
                response = client.get(page.url)
            queries = len(captured)  # read at once: the next request empties the list
            if response.status_code != 200:
                raise CommandError(f"{page.url} answers {response.status_code}")
            against = {"R": asked}
            if page.is_sum:
                against["B"] = self._raw_sums(page.unit)
            took, ratios = timed(lambda c=client, url=page.url: c.get(url), against, self.rounds)
            r, b = ratios["R"], ratios.get("B")
            self.stdout.write(
                f"{page.name:30}{took:8.1f}{queries:9}{_aim(queries, page.queries_at_most):>5}"
                f"{r:9.2f}{_aim(r, page.at_most):>5}{'' if b is None else f'{b:9.2f}'}"
            )

    def _client(self, post: str, unit: Unit) -> Client:
        client = Client()
        client.force_login(self._account(post, unit))
        return client

    def _account(self, post: str, unit: Unit) -> Account:
        account, _ = Account.objects.get_or_create(username=f"bench-{post}-{unit.pk}", full_name="Đo tốc độ")
        Post.objects.get_or_create(
            account=account, unit=unit, type=PostType.objects.get(code=post), starts_on=datetime.date(2000, 1, 1)
        )
        return account

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


def _aim(value: float, at_most: float | None) -> str:
    """The aim, with a sign where it is missed."""
    return "" if at_most is None else f"{'!' if value > at_most else ''}{at_most}"
