"""`manage.py load_demo`: fill an empty database with the demo province, or with a large set for measuring."""

import datetime
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from branches.models import Account, Unit


class Command(BaseCommand):
    help = "Load invented demo data into an empty database (only with DEBUG on)."

    def add_arguments(self, parser):
        parser.add_argument(
            "--today", type=datetime.date.fromisoformat, help="the day the running year stops at (YYYY-MM-DD)"
        )
        parser.add_argument("--accounts", action="store_true", help="only print the demo accounts again")
        parser.add_argument("--branches", type=int, help="load this many branches instead of the province")
        parser.add_argument("--members", type=int, help="members of the large set (default: ten a branch)")
        parser.add_argument("--activities", type=int, help="activities of the large set (default: 300 a branch)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same large set")

    def handle(self, **options):
        if not settings.DEBUG:
            raise CommandError("load_demo runs only with DEBUG on: its password is public.")
        if options["accounts"]:
            return self._print_accounts()
        if Unit.objects.exists() or Account.objects.exists():
            raise CommandError("This database is not empty, and load_demo fills only an empty one. Choose another.")
        settings.DEBUG = False  # it would keep, and on SQLite ask a second time, every statement of a long loading
        try:
            self._load(options)
        finally:
            settings.DEBUG = True
        return self._print_accounts()

    def _load(self, options) -> None:
        today = options["today"] or timezone.localdate()
        began = time.perf_counter()
        if options["branches"]:
            from reports.demo.bulk import Size, load_bulk

            size = Size(
                branches=options["branches"],
                members=options["members"] if options["members"] is not None else 10 * options["branches"],
                activities=options["activities"] if options["activities"] is not None else 300 * options["branches"],
            )
            load_bulk(size, today=today, seed=options["seed"], report=self.stdout.write)
        else:
            from reports.demo.province import load_province

            # One transaction: a loading that was stopped leaves an empty database, not half a province.
            with transaction.atomic():
                load_province(today)
        self.stdout.write(f"Đã nạp dữ liệu dùng thử trong {time.perf_counter() - began:.0f} giây.")

    def _print_accounts(self):
        from reports.demo.accounts import told

        self.stdout.write("\n".join(told()))
