"""Verbs of a recommendation: written, answered by the unit, checked by the committee, ended.

Done by the unit is not verified: only a check of the committee closes. While the case is not concluded
a recommendation is a draft and its text may change. Lateness is counted on the agreed date; the first
date stays beside it for ever. States and refusals: states.py.
"""

import datetime
from collections.abc import Iterable

from django.db import transaction

from branches.heirs import answering_for
from branches.models import Activity, Target
from branches.uploads import Stored
from inspections.easing import drop_request
from inspections.models import Check, Finding, Inspection, Recommendation, UnitAnswer, UnitAnswerFile
from inspections.states import (
    AFTER_CHECK,
    RECOMMENDATION_MOVES,
    InspectionRefused,
    lock_case,
    lock_recommendation,
    save_clean,
)
from inspections.terms import next_due

State = Recommendation.State
WAITING = (State.ANSWERED, State.TO_VISIT)


# Before the conclusion: drafts


@transaction.atomic
def recommend(
    *,
    inspection: Inspection,
    by,
    text: str,
    owner: str,
    due_on: datetime.date | None = None,
    no_due_date: bool = False,
    expected_proof: str = "",
    findings: Iterable[Finding] = (),
    recurs: str = "",
    recurs_until: datetime.date | None = None,
) -> Recommendation:
    """Write a recommendation with who does it and by when, or explicitly without a date."""
    case = lock_case(inspection, "recommend")
    last = case.recommendations.order_by("-number", "-pk").first()
    row = Recommendation(inspection=case, number=last.number + 1 if last else 1)
    return _write(row, case, by, text, owner, due_on, no_due_date, expected_proof, findings, recurs, recurs_until)


@transaction.atomic
def change_recommendation(
    *,
    recommendation: Recommendation,
    version: int,
    by,
    text: str,
    owner: str,
    due_on: datetime.date | None = None,
    no_due_date: bool = False,
    expected_proof: str = "",
    findings: Iterable[Finding] = (),
    recurs: str = "",
    recurs_until: datetime.date | None = None,
) -> Recommendation:
    """Correct a recommendation before the conclusion. Raises EditConflict."""
    case = lock_case(recommendation.inspection, "recommend")
    row = case.recommendations.get(pk=recommendation.pk)
    row.claim(version)
    return _write(row, case, by, text, owner, due_on, no_due_date, expected_proof, findings, recurs, recurs_until)


@transaction.atomic
def remove_recommendation(*, recommendation: Recommendation, by) -> None:
    """Take a draft out before the conclusion; the following ones move up a number."""
    case = lock_case(recommendation.inspection, "recommend")
    case.recommendations.filter(pk=recommendation.pk).delete()
    for number, row in enumerate(case.recommendations.order_by("number", "pk"), 1):
        if row.number != number:
            row.number = number
            save_clean(row, by)


def _write(row, case, by, text, owner, due_on, no_due_date, expected_proof, findings, recurs, recurs_until):
    if due_on is None and not no_due_date:
        raise InspectionRefused({"due_on": "Hãy ghi hạn, hoặc chọn “Không đặt hạn”."})
    if due_on is not None and no_due_date:
        raise InspectionRefused({"due_on": "Đã chọn “Không đặt hạn” thì để trống ô này."})
    if due_on is not None and case.visited_on and due_on < case.visited_on:
        raise InspectionRefused({"due_on": f"Hạn không thể trước buổi làm việc {case.visited_on:%d/%m/%Y}."})
    if recurs and due_on is None:
        raise InspectionRefused({"due_on": "Việc làm lặp lại thì ghi hạn của kỳ đầu."})
    if recurs_until and not recurs:
        raise InspectionRefused({"recurs": "Hãy chọn bao lâu lặp lại một lần."})
    if recurs and (recurs_until is None or recurs_until <= due_on):
        raise InspectionRefused({"recurs_until": "Hãy ghi ngày thôi lặp lại, sau hạn của kỳ đầu."})
    findings = list(findings)
    if any(finding.inspection_id != case.pk for finding in findings):
        raise InspectionRefused({"findings": "Nhận định này không thuộc cuộc kiểm tra này."})
    row.text, row.owner, row.expected_proof = text.strip(), owner.strip(), expected_proof.strip()
    row.no_due_date, row.due_on, row.original_due_on = no_due_date, due_on, due_on
    row.recurs, row.recurs_until = recurs, recurs_until
    save_clean(row, by)
    row.findings.set(findings)
    return row


# After the conclusion: the unit


@transaction.atomic
def answer_recommendation(
    *,
    recommendation: Recommendation,
    version: int,
    by,
    on: datetime.date,
    text: str,
    activities: Iterable[Activity] = (),
    targets: Iterable[Target] = (),
    files: Iterable[Stored] = (),
) -> UnitAnswer:
    """The unit says what it did, with its own activities, targets and files as proof.

    Raises EditConflict.
    """
    row = lock_recommendation(recommendation, "answer", version)
    activities, targets = list(activities), list(targets)
    if on < row.inspection.concluded_on:
        raise InspectionRefused({"text": "Ngày báo không thể trước ngày thông báo kết luận."})
    own = set(answering_for(row.inspection.unit))
    if any(activity.unit_id not in own for activity in activities):
        raise InspectionRefused({"activities": "Chỉ gắn được hoạt động của đơn vị mình."})
    if any(target.unit_id not in own for target in targets):
        raise InspectionRefused({"targets": "Chỉ gắn được chỉ tiêu của đơn vị mình."})
    answer = save_clean(UnitAnswer(recommendation=row, text=text.strip(), answered_on=on, answered_by=by))
    answer.activities.set(activities)
    answer.targets.set(targets)
    for file in files:
        UnitAnswerFile.objects.create(answer=answer, uploaded_by=by, file=file.path, **file.columns())
    row.state = RECOMMENDATION_MOVES["answer"][1]
    save_clean(row, by)
    return answer


# After the conclusion: the committee


@transaction.atomic
def check_answer(
    *,
    recommendation: Recommendation,
    version: int,
    by,
    on: datetime.date,
    verdict: str,
    text: str = "",
    mode: str = Check.Mode.DESK,
    in_case: Inspection | None = None,
) -> Check:
    """The committee's verdict: adequate closes (or opens the next term of what recurs), not adequate sends back
    with the reason, `visit` says that only a look on the spot can tell.

    Whoever answered for the unit does not check that answer. `in_case` is the re-inspection in which somebody
    looked. Raises EditConflict.
    """
    row = lock_recommendation(recommendation, "check", version)
    answer = row.answers.order_by("-answered_on", "-pk").first() if row.state in WAITING else None
    if verdict not in AFTER_CHECK:
        raise InspectionRefused({"verdict": "Hãy chọn kết quả kiểm tra."})
    if verdict != Check.Verdict.ADEQUATE and not text.strip():
        raise InspectionRefused({"text": "Hãy ghi còn thiếu gì để đơn vị làm tiếp."})
    if verdict == Check.Verdict.VISIT and mode == Check.Mode.VISIT:
        raise InspectionRefused({"verdict": "Đã kiểm tra tại đơn vị thì hãy ghi đạt hay chưa đạt."})
    if row.state == State.TO_VISIT and mode != Check.Mode.VISIT:
        raise InspectionRefused({"mode": "Kiến nghị này chờ kiểm tra tại chỗ."})
    if answer is None and not text.strip():
        raise InspectionRefused({"text": "Đơn vị chưa trả lời, nên hãy ghi đã kiểm tra thế nào."})
    if answer is not None and answer.answered_by_id == by.pk:
        raise InspectionRefused(
            "Người đã trả lời thay đơn vị không tự kiểm tra. Hãy để người khác trong đoàn kiểm tra."
        )
    if on < (answer.answered_on if answer else row.inspection.concluded_on):
        raise InspectionRefused({"verdict": "Ngày kiểm tra không thể trước ngày đơn vị trả lời."})
    if in_case is not None and in_case.arose_from_id != row.inspection_id:
        raise InspectionRefused({"in_case": "Cuộc phúc tra này không thuộc cuộc kiểm tra đã kiến nghị."})
    if in_case is not None and in_case.visited_on and on < in_case.visited_on:
        raise InspectionRefused({"in_case": f"Cuộc phúc tra làm việc ngày {in_case.visited_on:%d/%m/%Y}, chưa đến."})
    check = save_clean(
        Check(
            recommendation=row,
            answer=answer,
            verdict=verdict,
            mode=mode,
            in_case=in_case,
            text=text.strip(),
            checked_on=on,
            checked_by=by,
        )
    )
    row.state = AFTER_CHECK[verdict]
    if verdict == Check.Verdict.ADEQUATE:
        row.times_met += 1
        following = next_due(row)
        if following is None:
            row.ended_on = on
        else:
            # The next term begins afresh: what was agreed about the one before does not speak about it.
            row.state, row.due_on, row.due_reason = State.OPEN, following, ""
            row.accepted_on, row.accepted_until, row.accepted_reason = None, None, ""
        drop_request(row, by=by, on=on, words="Đã kiểm tra, đạt.")
    elif verdict == Check.Verdict.NOT_ADEQUATE:
        row.sent_back_count += 1
    save_clean(row, by)
    return check


@transaction.atomic
def withdraw(*, recommendation: Recommendation, version: int, by, on: datetime.date, reason: str) -> Recommendation:
    """Take a recommendation back after the conclusion, for a stated reason. Raises EditConflict."""
    row = lock_recommendation(recommendation, "withdraw", version)
    if not reason.strip():
        raise InspectionRefused({"reason": "Hãy ghi lý do rút kiến nghị."})
    row.state, row.ended_on, row.withdrawn_reason = RECOMMENDATION_MOVES["withdraw"][1], on, reason.strip()
    drop_request(row, by=by, on=on, words="Kiến nghị đã rút.")
    return save_clean(row, by)
