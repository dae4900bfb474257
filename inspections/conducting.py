"""Verbs on site and after: the visit, the findings, the notice of conclusion, the end of the case.

Each runs in one transaction and locks the case first, so that of a conclusion and a finding written at
the same moment one comes before the other; each refuses with InspectionRefused (states.py).
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from branches.models import Activity, Target
from inspections.models import Finding, HostAttendee, Inspection, Topic
from inspections.preparing import TopicLine
from inspections.states import CASE_MOVES, InspectionRefused, lock_case, save_clean


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
) -> Inspection:
    """Write down the working session; may be repeated until the conclusion.

    `hosts` replaces the list of people on the unit's side; `answers` maps topic ids to what the unit
    said; `questions` are asked on the spot and added. Raises EditConflict.
    """
    case = lock_case(inspection, "record_visit")
    case.claim(version)
    if visited_on > on:
        raise InspectionRefused({"visited_on": "Chưa đến ngày làm việc nên chưa ghi được."})
    case.visited_on, case.day_part, case.place = visited_on, day_part, place.strip()
    case.unit_account, case.party_remark = unit_account.strip(), party_remark.strip()
    case.state = CASE_MOVES["record_visit"][1]
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


@transaction.atomic
def add_finding(
    *,
    inspection: Inspection,
    by,
    kind: str,
    text: str,
    self_stated: bool = False,
    target: Target | None = None,
    activity: Activity | None = None,
) -> Finding:
    """Write a finding: a merit, a shortcoming, a violation or a good practice."""
    case = lock_case(inspection, "find")
    _check_links(case, target, activity)
    last = case.findings.order_by("-position", "-pk").first()
    finding = Finding(
        inspection=case,
        kind=kind,
        text=text.strip(),
        self_stated=self_stated,
        target=target,
        activity=activity,
        position=last.position + 1 if last else 1,
    )
    return save_clean(finding)


@transaction.atomic
def change_finding(
    *,
    finding: Finding,
    version: int,
    by,
    kind: str,
    text: str,
    self_stated: bool = False,
    target: Target | None = None,
    activity: Activity | None = None,
) -> Finding:
    """Correct a finding before the conclusion. Raises EditConflict."""
    case = lock_case(finding.inspection, "find")
    finding = case.findings.get(pk=finding.pk)
    finding.claim(version)
    _check_links(case, target, activity)
    finding.kind, finding.text, finding.self_stated = kind, text.strip(), self_stated
    finding.target, finding.activity = target, activity
    return save_clean(finding)


@transaction.atomic
def remove_finding(*, finding: Finding, by) -> None:
    """Take a finding out before the conclusion; its recommendations stay."""
    lock_case(finding.inspection, "find").findings.filter(pk=finding.pk).delete()


def _check_links(case, target, activity):
    if target is not None and target.unit_id != case.unit_id:
        raise InspectionRefused({"target": "Chỉ tiêu này không phải của đơn vị được kiểm tra."})
    if activity is not None and activity.unit_id != case.unit_id:
        raise InspectionRefused({"activity": "Hoạt động này không phải của đơn vị được kiểm tra."})


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

    The number may still be missing: it prints as dots and is added by give_number. Raises EditConflict.
    """
    case = lock_case(inspection, "conclude")
    case.claim(version)
    if concluded_on > on:
        raise InspectionRefused({"concluded_on": "Ngày thông báo không thể sau hôm nay."})
    if concluded_on < case.visited_on:
        raise InspectionRefused(
            {"concluded_on": f"Ngày thông báo không thể trước buổi làm việc {case.visited_on:%d/%m/%Y}."}
        )
    if not case.findings.exists():
        raise InspectionRefused("Chưa có nhận định nào. Hãy ghi ít nhất một ưu điểm hoặc hạn chế trước khi kết luận.")
    case.state, case.concluded_on = CASE_MOVES["conclude"][1], concluded_on
    case.conclusion_number, case.conclusion_opening = number.strip(), opening.strip()
    case.signer_capacity, case.signer_post, case.signer_name = (
        signer_capacity.strip(),
        signer_post.strip(),
        signer_name.strip(),
    )
    return save_clean(case, by)


@transaction.atomic
def give_number(*, inspection: Inspection, version: int, by, number: str) -> Inspection:
    """Enter the number of a notice that went out without one. A number once given does not change."""
    case = lock_case(inspection, "number")
    case.claim(version)
    if case.conclusion_number:
        raise InspectionRefused({"number": f"Thông báo kết luận đã có số {case.conclusion_number}."})
    if not number.strip():
        raise InspectionRefused({"number": "Hãy ghi số thông báo kết luận."})
    case.conclusion_number = number.strip()
    return save_clean(case, by)


@transaction.atomic
def close_case(*, inspection: Inspection, version: int, by, on: datetime.date) -> Inspection:
    """End the case: every recommendation is checked or withdrawn. Raises EditConflict."""
    case = lock_case(inspection, "close")
    case.claim(version)
    left = case.recommendations.open().count()
    if left:
        raise InspectionRefused(f"Còn {left} kiến nghị chưa khép. Kiểm tra hoặc rút từng kiến nghị trước.")
    case.state, case.closed_on = CASE_MOVES["close"][1], on
    return save_clean(case, by)
