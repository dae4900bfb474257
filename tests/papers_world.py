"""Papers of the cases in the access world, and numbers of the unit's own register."""

import datetime

from django.core.files.base import ContentFile

from branches.numbering import reserve_number
from inspections.issuing import issue_paper
from inspections.models import CasePaperScan
from inspections.papering import begin_paper

DAY = datetime.date(2026, 9, 15)


def add_papers(world) -> None:
    by = world.accounts["inspector"]
    world.draft_paper = begin_paper(inspection=world.draft_case, kind="plan", by=by, on=DAY)
    issued = begin_paper(inspection=world.case, kind="plan", by=by, on=DAY)
    world.issued_paper = issue_paper(paper=issued, version=issued.version, by=by, on=DAY, dated_on=DAY)
    world.scan = CasePaperScan(paper=issued, kind="pdf", content_type="application/pdf", name="ban-ky.pdf")
    world.scan.file.save("ban-ky.pdf", ContentFile(b"%PDF-1.4"))
    world.kept_number = reserve_number(
        unit=world.own, type_code="BC", on=DAY, by=world.accounts["secretary"], about="Báo cáo quý"
    )


def papers_objects(world) -> dict:
    return {
        "inspections:papers": world.case, "inspections:programme_paper": world.programme,
        "inspections:paper": world.issued_paper, "inspections:paper_edit": world.draft_paper,
        "inspections:paper_issue": world.draft_paper, "inspections:paper_replace": world.issued_paper,
        "inspections:paper_drop": world.draft_paper, "inspections:paper_scan": world.issued_paper,
        "inspections:scan_file": world.scan, "inspections:scan_remove": world.scan,
        "reports:case_paper_pdf": world.issued_paper, "reports:case_paper_docx": world.issued_paper,
        "branches:number_release": world.kept_number,
    }  # fmt: skip
