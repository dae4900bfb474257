"""Verbs that only move a case along its way: plan sent, report received, verification, team report, and back.

Each runs in one transaction, locks the case first and refuses with InspectionRefused (states.py).
"""

import datetime
from collections.abc import Iterable

from django.db import transaction

from branches.models.rule import rules_on
from branches.uploads import Stored
from branches.workdays import working_days_after
from inspections.models import Inspection, ProgrammeChange, SelfReport, SelfReportFile
from inspections.preparing import SeatLine, plan_inspections
from inspections.programming import TopicLine, note_change
from inspections.states import InspectionRefused, State, left_out, lock_case, move, save_clean

# Ahead of the visit


@transaction.atomic
def send_plan(
    *,
    inspection: Inspection,
    version: int,
    by,
    on: datetime.date,
    sent_on: datetime.date,
    self_report_due_on: datetime.date | None = None,
) -> Inspection:
    """The plan and the outline of the report went to the unit. Without a date, its report is due as the rule says.

    Raises EditConflict.
    """
    case = lock_case(inspection, "send_plan")
    case.claim(version)
    if case.programme.state != case.programme.State.ISSUED:
        raise InspectionRefused("Chương trình làm căn cứ chưa ban hành. Hãy ban hành chương trình trước.")
    if sent_on > on:
        raise InspectionRefused({"sent_on": "Ngày gửi không thể sau hôm nay."})
    due = self_report_due_on or report_due(case, on)
    if due is not None and due < sent_on:
        raise InspectionRefused({"self_report_due_on": "Hạn gửi báo cáo không thể trước ngày gửi kế hoạch."})
    if due is not None and case.visited_on and due > case.visited_on:
        raise InspectionRefused({"self_report_due_on": "Hạn gửi báo cáo phải trước buổi làm việc."})
    case.self_report_due_on = due
    move(case, "send_plan", by=by, on=sent_on)
    return save_clean(case, by)


def report_due(case: Inspection, on: datetime.date) -> datetime.date | None:
    """By when the unit's own report is due if nobody says otherwise; never before the day it is asked for."""
    if case.visited_on is None:
        return None
    return max(on, working_days_after(case.visited_on, -rules_on(on)["inspection_self_report_days_before"]))


@transaction.atomic
def write_self_report(
    *,
    inspection: Inspection,
    version: int,
    by,
    text: str,
    number: str = "",
    files: Iterable[Stored] = (),
    dropped: Iterable[int] = (),
) -> SelfReport:
    """The unit writes its own report; it stays its own until it is sent. `version` 0 begins it.

    `dropped` are keys of its files that go again. Raises EditConflict, also when a colleague began it meanwhile.
    """
    case = lock_case(inspection, "write_report")
    report = _report_of(case, version)
    report.text, report.number = text.strip(), number.strip()
    save_clean(report)
    _write_files(report, files, dropped, by)
    return report


def _report_of(case, version) -> SelfReport:
    report = SelfReport.objects.filter(inspection=case).first()
    if report is None:
        return SelfReport(inspection=case)
    report.claim(version)
    return report


def _write_files(report, files, dropped, by):
    report.files.filter(pk__in=list(dropped)).delete()
    for file in files:
        SelfReportFile.objects.create(report=report, uploaded_by=by, file=file.path, **file.columns())


@transaction.atomic
def send_self_report(
    *,
    inspection: Inspection,
    version: int,
    by,
    on: datetime.date,
    text: str,
    number: str = "",
    files: Iterable[Stored] = (),
    dropped: Iterable[int] = (),
) -> SelfReport:
    """The unit sends its report; `version` is the report's, 0 begins it. Raises EditConflict."""
    case = lock_case(inspection, "receive_report")
    files = list(files)
    report = _report_of(case, version)
    report.text, report.number = text.strip(), number.strip()
    report.on_paper, report.sent_on, report.sent_by = False, on, by
    save_clean(report)
    _write_files(report, files, dropped, by)
    if not report.text and not report.files.exists():
        raise InspectionRefused({"text": "Hãy viết nội dung báo cáo hoặc đính kèm tệp."})
    return _received(case, report, by)


@transaction.atomic
def receive_self_report(
    *,
    inspection: Inspection,
    version: int,
    by,
    on: datetime.date,
    sent_on: datetime.date,
    text: str = "",
    number: str = "",
    files: Iterable[Stored] = (),
) -> SelfReport:
    """The committee writes down that the report came on paper. What the unit had begun here was never sent and
    gives way to it. Raises EditConflict."""
    case = lock_case(inspection, "receive_report")
    case.claim(version)
    if sent_on > on:
        raise InspectionRefused({"sent_on": "Ngày nhận không thể sau hôm nay."})
    report = SelfReport.objects.filter(inspection=case).first() or SelfReport(inspection=case)
    report.text, report.number = text.strip(), number.strip()
    report.on_paper, report.sent_on, report.sent_by = True, sent_on, by
    save_clean(report)
    _write_files(report, files, report.files.values_list("pk", flat=True), by)
    return _received(case, report, by)


def _received(case, report, by) -> SelfReport:
    if not case.unit_account:
        case.unit_account = report.text[:6000]
    move(case, "receive_report", by=by, on=report.sent_on)
    save_clean(case, by)
    return report


@transaction.atomic
def begin_verification(*, inspection: Inspection, version: int, by, on: datetime.date, reason: str = "") -> Inspection:
    """The team goes through books and papers. Without the unit's report it needs a reason. Raises EditConflict."""
    case = lock_case(inspection, "verify")
    case.claim(version)
    if left_out(case) and not reason.strip():
        raise InspectionRefused({"reason": "Đơn vị chưa gửi báo cáo. Hãy ghi lý do thẩm tra khi chưa có báo cáo."})
    move(case, "verify", by=by, on=on, reason=reason)
    return save_clean(case, by)


# After the visit


@transaction.atomic
def file_team_report(*, inspection: Inspection, version: int, by, on: datetime.date, opinion: str) -> Inspection:
    """The head of the team reports to the committee. A case with a working session has held it first.

    Raises EditConflict.
    """
    case = lock_case(inspection, "file_report")
    case.claim(version)
    if case.state == State.VERIFYING and case.form in Inspection.SITTING:
        raise InspectionRefused("Chưa ghi buổi làm việc với đơn vị. Hãy ghi buổi làm việc trước.")
    if not case.findings.exists():
        raise InspectionRefused("Chưa có nhận định nào. Hãy ghi nhận định trước khi báo cáo.")
    case.team_opinion = opinion.strip()
    move(case, "file_report", by=by, on=on)
    return save_clean(case, by)


# Back, out, and on into another case


@transaction.atomic
def step_back(*, inspection: Inspection, version: int, by, on: datetime.date, reason: str) -> Inspection:
    """One step back before the notice, for a stated reason; nothing written is lost. Raises EditConflict."""
    case = lock_case(inspection, "step_back")
    case.claim(version)
    move(case, "step_back", by=by, on=on, to=state_before(case), reason=reason)
    if case.state == State.PLAN_SENT:  # the report goes back to the unit, to be sent anew
        SelfReport.objects.filter(inspection=case).update(sent_on=None, sent_by=None, on_paper=False)
    return save_clean(case, by)


@transaction.atomic
def reopen(*, inspection: Inspection, version: int, by, on: datetime.date, reason: str) -> Inspection:
    """Open a closed case again, or give up an ordered re-inspection, for a stated reason. Raises EditConflict."""
    case = lock_case(inspection, "reopen")
    case.claim(version)
    case.closed_on = None
    move(case, "reopen", by=by, on=on, to=state_before(case), reason=reason)
    return save_clean(case, by)


def state_before(case: Inspection) -> State:
    """The state the case was in before it came into its present one by a step forward."""
    came = case.moves.filter(to_state=case.state).exclude(verb__in=["step_back", "reopen"]).order_by("-pk").first()
    if came is not None:
        return State(came.from_state)
    # A case from before steps were written down.
    fallback = {State.VISITED: State.TEAM, State.CLOSED: State.CONCLUDED, State.REINSPECTION: State.FOLLOWING}
    return fallback.get(State(case.state), State.PLANNED)


@transaction.atomic
def cancel_case(*, inspection: Inspection, version: int, by, on: datetime.date, reason: str) -> Inspection:
    """Take a case out of the programme before the visit; it stays readable, with the reason. Raises EditConflict."""
    case = lock_case(inspection, "cancel")
    case.claim(version)
    move(case, "cancel", by=by, on=on, reason=reason)
    case.closed_on = on
    save_clean(case, by)
    note_change(
        case.programme, ProgrammeChange.Kind.DROPPED, case.unit.name, by=by, on=on, reason=reason, inspection=case
    )
    return case


@transaction.atomic
def escalate(*, inspection: Inspection, version: int, by, on: datetime.date, reason: str, title: str) -> Inspection:
    """Signs of violation: this case ends without a notice, and a new inspection takes up what it found.

    Gives the new case, under the same programme and with the team as it stands today. Raises EditConflict.
    """
    case = lock_case(inspection, "escalate")
    case.claim(version)
    new = _case_from(
        case, by=by, on=on, title=title, reason=reason, arose_as=Inspection.Arose.VIOLATION_SIGN,
        inspection_kind=Inspection.Kind.VIOLATION_SIGN,
    )  # fmt: skip
    move(case, "escalate", by=by, on=on, reason=reason)
    case.closed_on = on
    save_clean(case, by)
    return new


@transaction.atomic
def order_reinspection(
    *, inspection: Inspection, version: int, by, on: datetime.date, title: str, planned_month: datetime.date | None
) -> Inspection:
    """Look again at the unit: a new case checks what is still open here. Gives the new case. Raises EditConflict."""
    case = lock_case(inspection, "order_reinspection")
    case.claim(version)
    if not case.recommendations.open().exists():
        raise InspectionRefused("Mọi kiến nghị đã khép nên không cần phúc tra.")
    new = _case_from(
        case, by=by, on=on, title=title, reason="Phúc tra kiến nghị còn mở", arose_as=Inspection.Arose.REINSPECTION,
        inspection_kind=case.inspection_kind and Inspection.Kind.THEMATIC,
        supervision_kind=case.supervision_kind and Inspection.Kind.THEMATIC, planned_month=planned_month,
        topics=[TopicLine(f"Kiến nghị {row.number}: {row.text}"[:400]) for row in case.recommendations.open()],
    )  # fmt: skip
    move(case, "order_reinspection", by=by, on=on)
    save_clean(case, by)
    return new


def _case_from(case, *, by, on, title, reason, **fields) -> Inspection:
    team = [
        SeatLine(seat.name, seat.post_text, seat.role, seat.account, on)
        for seat in case.team.filter(ends_on=None).order_by("position", "pk")
    ]
    fields.setdefault("topics", [TopicLine(row.text, row.use) for row in case.topics.exclude(use="question")])
    return plan_inspections(
        by=by, on=on, programme=case.programme, units=[case.unit], title=title, review_from=case.review_from,
        review_to=max(case.review_to, on), form=case.form, team=team, reason=reason, arose_from=case, **fields,
    )[0]  # fmt: skip
