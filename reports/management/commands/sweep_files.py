"""`manage.py sweep_files` with what only reports knows: the ZIPs of print jobs. All else: the command of branches."""

from django.utils import timezone

from branches.management.commands.sweep_files import Command as OfBranches
from reports.print_jobs import disk, forget_old_jobs


class Command(OfBranches):
    """Found before the one of branches, because `reports` stands before it in INSTALLED_APPS."""

    def handle(self, *args, **options):
        super().handle(*args, **options)
        if not options["dry_run"]:
            removed = forget_old_jobs(on=timezone.localdate(), now=timezone.now())
            self.stdout.write(f"{removed} print jobs cleared")
        found = disk()
        self.stdout.write(f"{found.jobs} print jobs keep {found.used >> 20} MB; {found.free >> 20} MB are free")
