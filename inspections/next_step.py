"""The one filled button of a case, and what else may be done with it: asked of the table in states.py, nothing else.

`lead` is what the case itself waits for, worded for the person who may do it; a person who may not has no button.
"""

import datetime
from dataclasses import dataclass

from django.urls import reverse

from inspections.due import session_over
from inspections.models import Inspection
from inspections.states import left_out

State = Inspection.State


@dataclass(frozen=True, slots=True)
class Act:
    """A button: the verb of CASE_MOVES behind it, what it says, where it leads."""

    verb: str
    label: str
    url: str


PAGES = {
    "set_team": ("Lập đoàn kiểm tra", "team"),
    "send_plan": ("Gửi kế hoạch, đề cương", "send_plan"),
    "write_report": ("Viết báo cáo cho đoàn kiểm tra", "self_report"),
    "receive_report": ("Ghi nhận báo cáo giấy", "self_report_paper"),
    "verify": ("Bắt đầu thẩm tra", "verify"),
    "record_visit": ("Ghi buổi làm việc", "visit"),
    "find": ("Ghi nhận định", "finding_new"),
    "file_report": ("Gửi báo cáo của đoàn", "team_report"),
    "conclude": ("Thông báo kết luận", "conclude"),
    "close": ("Kết thúc hồ sơ", "close"),
    "order_reinspection": ("Mở cuộc phúc tra", "reinspect"),
    "escalate": ("Chuyển kiểm tra dấu hiệu vi phạm", "escalate"),
    "cancel": ("Đưa ra khỏi chương trình", "cancel"),
    "step_back": ("Lùi một bước", "step_back"),
    "reopen": ("Mở lại hồ sơ", "reopen"),
}


def act(case: Inspection, verb: str) -> Act:
    label, name = PAGES[verb]
    if verb == "send_plan" and case.programme.state == case.programme.State.DRAFT:  # what the plan goes by comes first
        return Act(verb, "Ban hành chương trình", reverse("inspections:programme_issue", args=[case.programme_id]))
    if verb == "set_team" and case.state != State.PLANNED:
        label = "Sửa đoàn kiểm tra"
    if verb == "record_visit" and case.state == State.VISITED:
        label = "Sửa buổi làm việc"
    if verb == "reopen" and case.state == State.REINSPECTION:
        label = "Thôi phúc tra"
    return Act(verb, label, reverse(f"inspections:{name}", args=[case.pk]))


def waits_for(case: Inspection, *, on: datetime.date, findings: int, all_ended: bool) -> tuple[str, ...]:
    """The verbs the case waits for, the first one a person may do leads. The form of the case shapes the way, and
    so does the agreed day of the session: on it, and as long as it stands unwritten, the session comes first."""
    sits = case.form in Inspection.SITTING
    visit = ("record_visit",) if sits else ()
    first = visit if session_over(case, on) or case.visited_on == on else ()
    if case.state == State.PLANNED:
        return ("set_team",)
    if case.state == State.TEAM:
        if not left_out(case):
            return (*visit, "verify")
        return (*(visit if session_over(case, on) else ()), "send_plan")  # on the day itself a plan may still go out
    if case.state == State.PLAN_SENT:
        return (*first, "write_report", "receive_report")
    if case.state == State.SELF_REPORTED:
        return (*first, "verify", *visit)
    if case.state == State.VERIFYING:
        return visit if sits else ("file_report",) if findings else ("find",)
    if case.state == State.VISITED:
        return ("file_report", "conclude") if findings else ("find",)
    if case.state == State.REPORTED:
        return ("conclude",)
    if case.state in Inspection.IN_FORCE:
        return ("close",) if all_ended else ()
    return ()


def lead(case: Inspection, verbs: set[str], *, on: datetime.date, findings: int, all_ended: bool) -> Act | None:
    """The filled button of the page for somebody who may do `verbs`."""
    for verb in waits_for(case, on=on, findings=findings, all_ended=all_ended):
        if verb in verbs:
            return act(case, verb)
    return None


def others(case: Inspection, verbs: set[str], *, leading: Act | None, findings: int, all_ended: bool) -> list[Act]:
    """Further steps, quiet: skipping ahead first, then leaving the way, going back last. Only what can succeed now."""
    sits = case.form in Inspection.SITTING
    fit = {
        "write_report": False,  # has its own place on the page
        "record_visit": sits and (case.state == State.VISITED or leading is None or leading.verb != "record_visit"),
        "find": False,
        "file_report": bool(findings) and not (sits and case.state == State.VERIFYING),
        "conclude": bool(findings),
        "close": all_ended,
        "order_reinspection": not all_ended,
        "step_back": case.state != State.PLANNED,
    }
    return [
        act(case, verb)
        for verb in PAGES
        if verb in verbs and fit.get(verb, True) and (leading is None or leading.verb != verb)
    ]
