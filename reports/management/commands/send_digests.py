"""Queue the weekly letters; run it by the clock, and `db_worker` sends them."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.digest import queue_digests


class Command(BaseCommand):
    help = "Queues this week's letter of everybody who has something to do. Running it again sends nobody a second one."

    def handle(self, **options):
        if not settings.SITE_URL:
            raise CommandError("Set SITE_URL (https://…): the letters carry links to this site.")
        count = queue_digests(on=timezone.localdate(), now=timezone.now())
        self.stdout.write(f"{count} letters queued; `manage.py db_worker` sends them.")
