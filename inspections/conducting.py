"""Verbs on site and after: the visit, the findings, the notice of conclusion, the end of the case.

Each runs in one transaction and locks the case first, so that of a conclusion and a finding written at
the same moment one comes before the other; each refuses with InspectionRefused (states.py).
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from branches.models import Activity, Meeting, Target
from inspections.issuing import issue_notice, number_notice
from inspections.models import ChecklistItem, Finding, HostAttendee, Inspection, Topic
from inspections.paper_books import notice_book
from inspections.programming import TopicLine
from inspections.states import InspectionRefused, State, left_out, lock_case, move, save_clean


@dataclass(frozen=True, slots=True)
class HostLine:
    """Somebody on the unit's side, or a group ("toàn thể đoàn viên")."""

    name: str
    post_text: str = ""


# On site


@transaction.atomic
def record_visit(
    *,
    inspection: Inspection,
    version: int,
    by,
    on: datetime.date,
    visited_on: datetime.date,
    day_part: str = "",
    place: str = "",
    unit_account: str = "",
    party_remark: str = "",
    hosts: Iterable[HostLine] = (),
    answers: dict[int, str] | None = None,
    questions: Iterable[TopicLine] = (),
    reason: str = "",
) -> Inspection:
    """Write down the working session; may be repeated until the team has reported.

    `reason` says why the unit had no plan or gave no report beforehand, where it had a claim to them.

    `hosts` replaces the list of people on the unit's side; `answers` maps topic ids to what the unit
    said; `questions` are asked on the spot and added. Raises EditConflict.
    """
    case = lock_case(inspection, "record_visit")
    case.claim(version)
    if visited_on > on:
        raise InspectionRefused({"visited_on": "Chưa đến ngày làm việc nên chưa ghi được."})
    case.visited_on, case.day_part, case.place = visited_on, day_part, place.strip()
    case.unit_account, case.party_remark = unit_account.strip(), party_remark.strip()
    if left_out(case) and not reason.strip():
        raise InspectionRefused({"reason": "Đơn vị chưa gửi báo cáo. Hãy ghi lý do làm việc khi chưa có báo cáo."})
    move(case, "record_visit", by=by, on=visited_on, reason=reason)
    save_clean(case, by)
    case.hosts.all().delete()
    for position, line in enumerate(hosts, 1):
        save_clean(
            HostAttendee(inspection=case, name=line.name.strip(), post_text=line.post_text.strip(), position=position)
        )
    topics = list(case.topics.order_by("position", "pk"))
    for topic in topics:
        if answers and topic.pk in answers:
            topic.answer = answers[topic.pk].strip()
            save_clean(topic)
    last = topics[-1].position if topics else 0
    for position, line in enumerate(questions, last + 1):
        save_clean(
            Topic(
                inspection=case,
                text=line.text.strip(),
                use=line.use,
                answer=line.answer.strip(),
                position=position,
            )
        )
    return case


# Findings


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding as a form gives it. `repeat_of` is an earlier finding at the same unit that comes again."""

    kind: str
    text: str
    weight: int = Finding.Weight.NONE
    facts: str = ""
    self_stated: bool = False
    target: Target | None = None
    activity: Activity | None = None
    meeting: Meeting | None = None
    item: ChecklistItem | None = None
    repeat_of: Finding | None = None
    source: str = ""
    paper: str = ""


@transaction.atomic
def add_finding(*, inspection: Inspection, by, **fields) -> Finding:
    """Write a finding: a merit, a shortcoming, a violation or a good practice. `fields` are FindingLine's."""
    case = lock_case(inspection, "find")
    last = case.findings.order_by("-position", "-pk").first()
    finding = Finding(inspection=case, position=last.position + 1 if last else 1)
    return _write_finding(finding, case, FindingLine(**fields))


@transaction.atomic
def change_finding(*, finding: Finding, version: int, by, **fields) -> Finding:
    """Correct a finding before the conclusion; `fields` are FindingLine's. Raises EditConflict."""
    case = lock_case(finding.inspection, "find")
    finding = case.findings.get(pk=finding.pk)
    finding.claim(version)
    return _write_finding(finding, case, FindingLine(**fields))


def _write_finding(finding, case, line):
    ours = {"target": "Chỉ tiêu", "activity": "Hoạt động", "meeting": "Buổi sinh hoạt"}
    for name, word in ours.items():
        linked = getattr(line, name)
        if linked is not None and linked.unit_id != case.unit_id:
            raise InspectionRefused({name: f"{word} này không phải của đơn vị được kiểm tra."})
    if line.item is not None and line.item.inspection_id != case.pk:
        raise InspectionRefused({"item": "Mục này không thuộc phiếu của cuộc kiểm tra này."})
    before = line.repeat_of
    if before is not None and (before.inspection.unit_id != case.unit_id or before.inspection_id == case.pk):
        raise InspectionRefused({"repeat_of": "Chỉ nối được với nhận định của lần trước ở cùng đơn vị."})
    if before is not None and before.inspection.programme.unit_id != case.programme.unit_id:
        raise InspectionRefused({"repeat_of": "Chỉ nối được với nhận định của chính Ủy ban Kiểm tra này."})
    if before is not None and (before.inspection.state not in Inspection.NOTIFIED or before.kind not in Finding.FAULTS):
        raise InspectionRefused({"repeat_of": "Chỉ lặp lại được một hạn chế, vi phạm đã thông báo."})
    fault = line.kind in Finding.FAULTS
    finding.kind, finding.text, finding.facts = line.kind, line.text.strip(), line.facts.strip()
    finding.weight, finding.repeat_of = (line.weight, before) if fault else (Finding.Weight.NONE, None)
    finding.self_stated, finding.source, finding.paper = line.self_stated, line.source, line.paper.strip()
    finding.target, finding.activity, finding.meeting, finding.item = (
        line.target, line.activity, line.meeting, line.item,
    )  # fmt: skip
    return save_clean(finding)


@transaction.atomic
def remove_finding(*, finding: Finding, by) -> None:
    """Take a finding out before the conclusion; its recommendations stay."""
    lock_case(finding.inspection, "find").findings.filter(pk=finding.pk).delete()


# Conclusion and end


@transaction.atomic
def conclude(
    *,
    inspection: Inspection,
    version: int,
    by,
    on: datetime.date,
    concluded_on: datetime.date,
    number: str = "",
    opening: str = "",
    signer_capacity: str = "",
    signer_post: str = "",
    signer_name: str = "",
) -> Inspection:
    """Give notice of the conclusion. From here on findings and recommendations stand as written.

    The notice is frozen in the same transaction; its number goes into the register. The number may still be
    missing: it prints as dots and is added by give_number. Raises EditConflict.
    """
    case = lock_case(inspection, "conclude")
    case.claim(version)
    if concluded_on > on:
        raise InspectionRefused({"concluded_on": "Ngày thông báo không thể sau hôm nay."})
    if case.visited_on and concluded_on < case.visited_on:
        raise InspectionRefused(
            {"concluded_on": f"Ngày thông báo không thể trước buổi làm việc {case.visited_on:%d/%m/%Y}."}
        )
    if not case.findings.exists():
        raise InspectionRefused("Chưa có nhận định nào. Hãy ghi ít nhất một ưu điểm hoặc hạn chế trước khi kết luận.")
    asks = case.recommendations.exists()
    case.concluded_on = concluded_on
    move(case, "conclude", by=by, on=concluded_on, to=State.FOLLOWING if asks else State.CONCLUDED)
    case.conclusion_number, case.conclusion_opening = notice_book(case).written(number), opening.strip()
    case.signer_capacity, case.signer_post, case.signer_name = (
        signer_capacity.strip(),
        signer_post.strip(),
        signer_name.strip(),
    )
    save_clean(case, by)
    issue_notice(inspection=case, by=by)
    return case


@transaction.atomic
def give_number(*, inspection: Inspection, version: int, by, number: str) -> Inspection:
    """Enter the number of a notice that went out without one. A number once given does not change."""
    case = lock_case(inspection, "number")
    case.claim(version)
    if case.conclusion_number:
        raise InspectionRefused({"number": f"Thông báo kết luận đã có số {case.conclusion_number}."})
    if not number.strip():
        raise InspectionRefused({"number": "Hãy ghi số thông báo kết luận."})
    case.conclusion_number = notice_book(case).written(number)
    save_clean(case, by)
    number_notice(inspection=case, by=by)
    return case


@transaction.atomic
def close_case(*, inspection: Inspection, version: int, by, on: datetime.date) -> Inspection:
    """End the case: every recommendation is checked, withdrawn or accepted as not done. Raises EditConflict."""
    case = lock_case(inspection, "close")
    case.claim(version)
    left = case.recommendations.open(on).count()
    if left:
        raise InspectionRefused(f"Còn {left} kiến nghị chưa khép. Kiểm tra hoặc rút từng kiến nghị trước.")
    move(case, "close", by=by, on=on)
    case.closed_on = on
    return save_clean(case, by)
