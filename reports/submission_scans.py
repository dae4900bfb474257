"""The signed sheet of an edition: put beside it, and a wrong one taken away. The edition itself never changes."""

from collections.abc import Iterable

from django.db import transaction

from branches.uploads import Stored

from .models import Submission, SubmissionScan
from .states import ReportRefused


@transaction.atomic
def attach_scan(*, submission: Submission, by, files: Iterable[Stored]) -> None:
    """Put signed sheets beside the edition. A form sent again brings nothing twice."""
    Submission.objects.select_for_update(no_key=True).get(pk=submission.pk)
    taken = set(SubmissionScan.objects.filter(submission=submission).values_list("file", flat=True))
    for file in files:
        if file.path not in taken:
            SubmissionScan.objects.create(submission=submission, uploaded_by=by, file=file.path, **file.columns())


@transaction.atomic
def remove_scan(*, scan: SubmissionScan) -> None:
    """Take a wrong sheet away. The file leaves the disk when the removal is certain.

    Raises ReportRefused where the edition was approved: what was signed and approved stays.
    """
    edition = Submission.objects.select_for_update(no_key=True).only("approved_on").get(pk=scan.submission_id)
    if edition.approved_on:
        raise ReportRefused("Bản đã duyệt: chỉ đính kèm thêm, không bỏ bản ký.")
    stored = scan.file
    scan.delete()
    if stored:
        transaction.on_commit(lambda: stored.storage.delete(stored.name))
