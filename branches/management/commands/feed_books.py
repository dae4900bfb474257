"""Make the figures that the books feed equal to the books: to be run every night, and after a restore."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from branches.fed_books import feed_everything
from branches.models import Unit


class Command(BaseCommand):
    help = "Reads meetings, dues, results and steps of every living unit anew into its figures."

    def add_arguments(self, parser):
        parser.add_argument("--unit", help="code of one unit; everything below it as well")

    def handle(self, *args, unit=None, **options):
        today = timezone.localdate()
        units = Unit.objects.living(today).order_by("pk")
        if unit:
            units = units.below(Unit.objects.get(code=unit))
        for one in units:
            feed_everything(one, on=today)
        self.stdout.write(f"{units.count()} units")
