"""The evidence room of a case of `own`, and a letter to its committee, in World (access_world.py)."""

import datetime

from django.core.files.base import ContentFile

from branches.models import Evidence
from inspections.models import Complaint, ComplaintFile
from tests.factories import ActivityFactory

DAY = datetime.date(2026, 5, 19)


def add_room(world) -> None:
    activity = ActivityFactory(unit=world.own, starts_on=DAY, last_on=DAY)
    world.room_evidence = Evidence(activity=activity, kind="pdf", content_type="application/pdf", name="bb.pdf")
    world.room_evidence.file.save("bb.pdf", ContentFile(b"%PDF-1.4"))
    letter = Complaint(
        received_by=world.union, unit=world.own, kind="denunciation", year=2026, number=1, received_on=DAY,
        from_name="Người Viết Đơn", text="Thu sai đoàn phí", written_by=world.accounts["inspector"],
    )  # fmt: skip
    letter.fill_keys()
    letter.save()
    world.complaint = letter
    world.taken_up = Complaint.objects.create(
        received_by=world.union, unit=world.own, kind="petition", year=2026, number=2, received_on=DAY,
        text="Xin xem lại", state="taken_up", written_by=world.accounts["inspector"],
    )  # fmt: skip
    world.complaint_file = ComplaintFile(complaint=letter, kind="pdf", content_type="application/pdf", name="don.pdf")
    world.complaint_file.file.save("don.pdf", ContentFile(b"%PDF-1.4"))


def room_objects(world) -> dict:
    """Address → the object it is about."""
    pages = ("", "_edit", "_take_up", "_refuse", "_forward", "_case", "_link")
    return {f"inspections:complaint{name}": world.complaint for name in pages} | {
        "inspections:complaint_answer": world.taken_up, "inspections:complaint_file": world.complaint_file,
        "reports:evidence_room": world.case, "reports:evidence_zip": world.case,
        "inspections:case_discipline": world.case, "inspections:finding_discipline": world.finding,
    }  # fmt: skip


def room_arguments(world) -> dict:
    case = {"pk": world.case.pk}
    return {
        "reports:evidence_section": case | {"key": "members"},
        "reports:evidence_section_zip": case | {"key": "activities"},
        "reports:evidence_paper": case | {"kind": "minh-chung", "key": world.room_evidence.pk},
    }
