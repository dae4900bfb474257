"""Make the kept year totals again from the activity lines, or prove that they are equal."""

import sys

from django.core.management.base import BaseCommand

from branches.totals import compare_totals, rebuild_totals


class Command(BaseCommand):
    help = "Rebuild the year totals from the activity lines; with --compare only report differences."

    def add_arguments(self, parser):
        parser.add_argument("--compare", action="store_true", help="change nothing; exit 1 when something differs")

    def handle(self, *args, **options):
        if not options["compare"]:
            self.stdout.write(f"{rebuild_totals()} totals written")
            return
        differences = compare_totals()
        for line in differences:
            self.stdout.write(line)
        if differences:
            sys.exit(1)
        self.stdout.write("the kept totals are equal to the lines")
