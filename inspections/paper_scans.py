"""The signed sheet of an issued paper."""

from collections.abc import Iterable

from django.db import transaction

from branches.uploads import Stored
from inspections.models import CasePaper, CasePaperScan
from inspections.states import InspectionRefused


@transaction.atomic
def attach_scan(*, paper: CasePaper, by, files: Iterable[Stored]) -> None:
    """Put the signed sheet beside the issued paper; the frozen content stays what it is."""
    if paper.state != CasePaper.State.ISSUED:
        raise InspectionRefused("Văn bản chưa ban hành nên chưa có bản ký.")
    for file in files:
        CasePaperScan.objects.create(paper=paper, uploaded_by=by, file=file.path, **file.columns())


@transaction.atomic
def remove_scan(*, scan: CasePaperScan, by) -> None:
    """Take a wrong sheet away again; the paper stays."""
    scan.delete()
