"""Remove stored files that no record points at: uploads of forms that were never saved, and what a crash left.

A file is written before the row that points at it, so a young file may still be waiting for its form;
only what is older than a form's ticket (with a day to spare) is removed. Lists from Excel that nobody
finished are forgotten after the days of the rule "import_kept_days". Run it daily.
"""

import datetime

from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from django.utils import timezone

from branches.importing.staging import forget_old_lists
from branches.models import MemberImport, StoredFile
from branches.models.importing import LISTS
from branches.uploads import TICKET_LIFE

GRACE = TICKET_LIFE + datetime.timedelta(days=1)


class Command(BaseCommand):
    help = "Remove uploaded files that belong to nothing; --dry-run only counts them."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="remove nothing")

    def handle(self, *args, **options):
        oldest_kept = timezone.now() - GRACE
        removed = 0 if options["dry_run"] else forget_old_lists(on=timezone.localdate())
        stores = {
            folder: model
            for model in apps.get_models()
            if issubclass(model, StoredFile)
            for folder in (model._meta.model_name, *model.EARLIER_FOLDERS)
        }
        for folder, model in {**stores, LISTS: MemberImport}.items():
            removed += self._sweep(folder, model, oldest_kept, options["dry_run"])
        self.stdout.write(f"{removed} files {'would be ' if options['dry_run'] else ''}removed")

    def _sweep(self, folder, model, oldest_kept, dry_run) -> int:
        if not default_storage.exists(folder):
            return 0
        # The files are listed before the rows are read: a row saved in between only saves its file.
        found = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
        old = [path for path in found if default_storage.get_modified_time(path) < oldest_kept]
        known = set(model._base_manager.exclude(file="").values_list("file", flat=True))
        orphans = [path for path in old if path not in known]
        if not dry_run:
            for path in orphans:
                default_storage.delete(path)
        return len(orphans)
