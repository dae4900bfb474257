"""Tasks, proposals and a direction from above in the small organisation of access_world.py."""

import datetime

from django.core.files.base import ContentFile
from django.utils import timezone

from branches.directing import give_direction
from branches.models import AgendaItem, Conclusion, Meeting, TaskFile
from branches.proposing_above import answer_proposal, send_proposal
from branches.tasks import accept_task, give_task, report_task

DAY = datetime.date(2026, 9, 1)


def add_tasks(world) -> None:
    """One of each state that a page needs, all of another member than the one who signs in."""
    by, unit = world.accounts["secretary"], world.own
    meeting = Meeting.objects.create(unit=unit, title="Sinh hoạt tháng 9", starts_at=timezone.now(), created_by=by)
    world.task_meeting = meeting
    item = AgendaItem.objects.create(meeting=meeting, position=1, title="Việc tháng tới")
    world.task_conclusion = Conclusion.objects.create(item=item, position=1, text="Thăm hộ nghèo")
    said = {"by": by, "unit": unit, "on": DAY, "owner": world.other_member}
    world.task = give_task(text="Thăm hộ nghèo", conclusion=world.task_conclusion, **said)
    reported = give_task(text="Viết tin", **said)
    world.task_reported = report_task(task=reported, version=1, by=by, on=DAY, result="Đã viết")
    done = report_task(task=give_task(text="Dọn phòng", **said), version=1, by=by, on=DAY, result="Đã dọn")
    world.task_closed = accept_task(task=done, version=2, by=by, on=DAY)
    world.task_file = TaskFile(task=world.task_reported, kind="pdf", content_type="application/pdf", name="tin.pdf")
    world.task_file.file.save("tin.pdf", ContentFile(b"%PDF-1.4"))
    put = {"by": by, "unit": unit, "on": DAY, "put_to": "party", "why": "Để chủ động"}
    world.put_up = send_proposal(what="Đỡ đầu xã nghèo", **put)
    world.discussed = answer_proposal(
        proposal=send_proposal(what="Mua máy quét", **put), version=1, by=world.accounts["party"], on=DAY,
        answer="discuss", words="Bao nhiêu tiền?",
    )  # fmt: skip
    world.agreed = answer_proposal(
        proposal=send_proposal(what="Số hóa hồ sơ", **put), version=1, by=world.accounts["party"], on=DAY,
        answer="agreed",
    )  # fmt: skip
    (world.given,) = give_direction(
        by=world.accounts["superior"], units=[unit], given_by="superior", body_name="Đoàn Khối", given_on=DAY,
        text="Sinh hoạt đều hằng tháng",
    )  # fmt: skip


def tasks_objects(world) -> dict:
    """Address → the object it is about."""
    return {
        "branches:task_from_conclusion": world.task_conclusion, "branches:task_from_direction": world.direction,
        "branches:task_from_proposal": world.agreed, "branches:task": world.task, "branches:task_edit": world.task,
        "branches:task_report": world.task, "branches:task_review": world.task_reported,
        "branches:task_drop": world.task, "branches:task_reopen": world.task_closed,
        "branches:task_file": world.task_file, "branches:task_file_delete": world.task_file,
        "branches:proposal": world.put_up, "branches:proposal_edit": world.put_up,
        "branches:proposal_withdraw": world.put_up, "branches:proposal_answer": world.put_up,
        "branches:proposal_reply": world.discussed, "branches:proposal_plan": world.agreed,
    }  # fmt: skip
