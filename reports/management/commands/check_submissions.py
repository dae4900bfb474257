"""Recompute the hash of everything that was submitted, and name what no longer matches."""

from django.core.management.base import BaseCommand, CommandError

from reports.freezing import verify
from reports.models import Submission

AT_ONCE = 50


class Command(BaseCommand):
    help = "Tính lại mã băm của mọi bản báo cáo đã nộp và nêu bản nào không còn đúng như lúc nộp."

    def handle(self, *args, **options):
        checked = wrong = 0
        rows = Submission.objects.select_related("report__unit", "report__period").prefetch_related("rows")
        for submission in rows.order_by("pk").iterator(chunk_size=AT_ONCE):
            checked += 1
            if not verify(submission):
                wrong += 1
                self.stderr.write(f"Không khớp: {submission.report}, bản {submission.edition} (số {submission.pk})")
        if wrong:
            raise CommandError(f"{wrong}/{checked} bản đã nộp không còn đúng như lúc nộp.")
        self.stdout.write(f"Đã kiểm tra {checked} bản đã nộp: tất cả đúng như lúc nộp.")
