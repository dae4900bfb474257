"""The way of a report: the one table of what is possible, for whom and when.

    draft ─ submit ─▶ submitted ─ approve ─▶ approved ─ reopen, with a reason ─▶ reopened ─ submit ─▶ …
                          ├─ return, with a reason ─▶ returned ─ submit ─▶ …
                          └─ take_back, with a reason ─▶ what it was before it was submitted

Every verb (submitting.py), every button and every refusal asks the table below. Texts change only while a report is
open (`PeriodReport.WRITTEN_IN`): the verbs of drafting.py hold the report while they write, as submitting does, so
that a sentence saved in the very moment of submitting is either in the submission or refused.
"""

import datetime
from dataclasses import dataclass

from branches.admitting import has_approver
from branches.formats import day
from branches.scoping import rights_at

from .models import PeriodReport, ReportStep

State = PeriodReport.State
OPEN = frozenset(PeriodReport.WRITTEN_IN)

# As what somebody stands to a report. ALONE is the unit where nobody above uses the software and could approve.
UNIT, SUPERIOR, ALONE = "unit", "superior", "alone"


class ReportRefused(Exception):
    """The step is not possible. `field` names the form field that shows the message."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field


class DraftingRefused(ReportRefused):
    """The change of a text is not possible."""


@dataclass(frozen=True, slots=True)
class Move:
    """`to` is None where the verb itself knows: taken back, a report is what it was before."""

    states: frozenset
    to: State | None
    who: tuple[str, ...]
    says_why: bool = False


MOVES = {
    "submit": Move(OPEN, State.SUBMITTED, (UNIT,)),
    "take_back": Move(frozenset({State.SUBMITTED}), None, (UNIT,), says_why=True),
    "return": Move(frozenset({State.SUBMITTED}), State.RETURNED, (SUPERIOR,), says_why=True),
    "approve": Move(frozenset({State.SUBMITTED}), State.APPROVED, (SUPERIOR,)),
    "approve_outside": Move(frozenset({State.SUBMITTED}), State.APPROVED, (ALONE,)),
    "reopen": Move(frozenset({State.APPROVED}), State.REOPENED, (SUPERIOR, ALONE), says_why=True),
}

# What a step is called where it is told afterwards.
STEP_WORDS = {
    "submit": "Nộp báo cáo", "take_back": "Rút lại để sửa", "return": "Trả lại", "approve": "Duyệt",
    "approve_outside": "Ghi việc cấp trên duyệt", "reopen": "Mở lại để đính chính",
}  # fmt: skip
CLOSED_WORDS = {
    State.SUBMITTED: "Báo cáo đã nộp nên không sửa được. Muốn sửa, hãy rút lại báo cáo hoặc chờ cấp trên trả lại.",
    State.APPROVED: "Báo cáo đã duyệt nên không sửa được. Muốn đính chính, hãy đề nghị cấp trên mở lại.",
}
WHY_NOT = {
    State.DRAFT: "Báo cáo đang soạn, chưa nộp.",
    State.SUBMITTED: "Báo cáo đã nộp và đang chờ duyệt.",
    State.RETURNED: "Báo cáo đã trả lại cho đơn vị sửa.",
    State.APPROVED: "Báo cáo đã duyệt.",
    State.REOPENED: "Báo cáo đã mở lại để đơn vị đính chính.",
}


def allowed(report: PeriodReport, verb: str) -> bool:
    """Whether the state of the report permits the verb; for showing buttons."""
    return report.state in MOVES[verb].states


def roles_of(user, report: PeriodReport, *, on: datetime.date) -> set[str]:
    """As what the user stands to the report today. At most one query, and only where somebody of the unit asks
    about a report that waits or is approved."""
    rights, roles = rights_at(user, report.unit), set()
    if "approve" in rights:
        roles.add(SUPERIOR)
    if "submit" in rights:
        roles.add(UNIT)
        if SUPERIOR not in roles and not report.is_open and not has_approver(report.unit, on=on):
            roles.add(ALONE)
    return roles


def verbs_of(report: PeriodReport, roles: set[str]) -> set[str]:
    """What somebody of these roles may do with the report as it stands."""
    return {name for name, move in MOVES.items() if report.state in move.states and roles & set(move.who)}


def lock_report(report: PeriodReport | int) -> PeriodReport:
    """The report (or that of this key) as it stands now, held until the transaction ends."""
    rows = PeriodReport.objects.select_for_update(of=("self",), no_key=True).select_related("unit", "period")
    return rows.get(pk=report if isinstance(report, int) else report.pk)


def lock_for(report: PeriodReport, verb: str) -> PeriodReport:
    """The report held, if its state permits the verb; ReportRefused says what it is waiting for else."""
    found = lock_report(report)
    if not allowed(found, verb):
        raise ReportRefused(f"{WHY_NOT[State(found.state)]} Hãy mở lại trang để xem.")
    return found


def refuse_if_closed(report: PeriodReport | int) -> None:
    """Hold the report while one of its texts is written; DraftingRefused where it was handed in or approved.

    Call first, inside the transaction that writes.
    """
    pk = report if isinstance(report, int) else report.pk
    rows = PeriodReport.objects.select_for_update(no_key=True).filter(pk=pk)
    if said := CLOSED_WORDS.get(rows.values_list("state", flat=True).get()):
        raise DraftingRefused(said)


def write_step(
    report: PeriodReport, verb: str, *, by, on: datetime.date, to: State | None = None, edition: int | None = None,
    reason: str = "", outside: str = "",
) -> ReportStep:  # fmt: skip
    """Bring a locked report into its next state, save it and write the step down."""
    reason = reason.strip()
    if MOVES[verb].says_why and not reason:
        raise ReportRefused("Hãy ghi lý do.", "reason")
    to, before = to or MOVES[verb].to, report.state
    report.state = to
    report.save()
    return ReportStep.objects.create(
        report=report, verb=verb, from_state=before, to_state=to, edition=edition, reason=reason, outside=outside,
        taken_on=on, taken_by=by,
    )  # fmt: skip


def said_of(step: ReportStep) -> str:
    """ "Trả lại, ngày 05/01/2026"."""
    return f"{STEP_WORDS.get(step.verb, step.verb)}, ngày {day(step.taken_on)}"
