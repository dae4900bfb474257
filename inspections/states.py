"""The way of a case and of a recommendation: the one table of what is possible, for whom and when.

    planned ─ set_team ─▶ team ─ send_plan ─▶ plan_sent ─ receive_report ─▶ self_reported ─ verify ─▶ verifying
      ─ record_visit ─▶ visited ─ file_report ─▶ reported ─ conclude ─▶ concluded, or following when it asks
      something ─ close ─▶ closed
    following ─ order_reinspection ─▶ reinspection ─ close ─▶ closed
    verifying, visited, reported ─ escalate ─▶ escalated (a new case on signs of violation goes on)
    anything before the visit ─ cancel ─▶ cancelled (out of the programme)

    Steps may be left out where practice leaves them out: a sudden visit is not announced, a conclusion may be
    given at the table. Leaving out what the unit had a claim to (plan, own report) needs a reason, as every
    step back does (`step_back`, `reopen`). Each step is a CaseMove.

    recommendation  open ──answer──▶ answered ──check: adequate──▶ closed, or open again for its next term
                      ▲                  ├── check: visit ──▶ to_visit ──check──▶ …
                      └── sent_back ◀────┘ check: not adequate
                    any of these ──accept──▶ accepted until a day; ──withdraw──▶ withdrawn

The tables below say in which state each verb is possible, where it leads and who may do it; every verb and
every button asks them and nothing else. From the notice on, the text of findings and recommendations is the
text of a signed paper and stays as it is: only the state and the agreed date of a recommendation still move.
"""

import datetime
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Exists, OuterRef

from inspections.models import CaseMove, CasePaper, Check, Inspection, Recommendation

State = Inspection.State
OfRecommendation = Recommendation.State
Kind = CasePaper.Kind

ANNOUNCED_FIRST = {State.TEAM, State.PLAN_SENT}  # to skip these, an announced visit needs a reason
BEFORE_VISIT = set(Inspection.BEFORE_VISIT)
AT_WORK = {State.VERIFYING, State.VISITED, State.REPORTED}
PREPARED = BEFORE_VISIT - {State.PLANNED}
IN_FORCE = set(Inspection.IN_FORCE)
EVERY = set(State)

COMMITTEE, HEAD, TEAM, UNIT = "committee", "head", "team", "unit"


@dataclass(frozen=True, slots=True)
class Verb:
    """`to` is the state it leads to, None when the state stays or the verb itself says. `who` may do it:
    the committee always may what its team may, the head what a member may; `unit` is the inspected one."""

    states: frozenset | set
    to: State | None
    who: tuple[str, ...]
    says_why: bool = False


CASE_MOVES = {
    "change": Verb(BEFORE_VISIT | {State.VISITED}, None, (COMMITTEE, HEAD)),
    "set_team": Verb(BEFORE_VISIT | {State.VISITED}, None, (COMMITTEE,)),
    "end_seat": Verb(EVERY, None, (COMMITTEE,)),
    "send_plan": Verb({State.TEAM}, State.PLAN_SENT, (COMMITTEE,)),
    "write_report": Verb({State.PLAN_SENT}, None, (UNIT,)),
    "receive_report": Verb({State.PLAN_SENT}, State.SELF_REPORTED, (COMMITTEE, HEAD, TEAM, UNIT)),
    "verify": Verb(PREPARED - {State.VERIFYING}, State.VERIFYING, (COMMITTEE, HEAD)),
    "set_checklist": Verb(BEFORE_VISIT | AT_WORK, None, (COMMITTEE, HEAD, TEAM)),
    "answer_item": Verb({State.PLAN_SENT, State.SELF_REPORTED, State.VERIFYING}, None, (UNIT,)),
    "settle_item": Verb(PREPARED | AT_WORK, None, (COMMITTEE, HEAD, TEAM)),
    "record_visit": Verb(PREPARED | {State.VISITED}, State.VISITED, (COMMITTEE, HEAD, TEAM)),
    "find": Verb(AT_WORK, None, (COMMITTEE, HEAD, TEAM)),
    "recommend": Verb(AT_WORK, None, (COMMITTEE, HEAD, TEAM)),
    "file_report": Verb({State.VERIFYING, State.VISITED}, State.REPORTED, (COMMITTEE, HEAD)),
    "conclude": Verb({State.VISITED, State.REPORTED}, None, (COMMITTEE,)),
    "number": Verb(IN_FORCE | {State.CLOSED}, None, (COMMITTEE,)),
    "follow": Verb(IN_FORCE, None, (COMMITTEE, HEAD, TEAM)),
    "decide": Verb(IN_FORCE, None, (COMMITTEE,)),  # dates, acceptance, withdrawal of a recommendation
    "order_reinspection": Verb({State.FOLLOWING}, State.REINSPECTION, (COMMITTEE,)),
    "close": Verb(IN_FORCE, State.CLOSED, (COMMITTEE,)),
    "escalate": Verb(AT_WORK, State.ESCALATED, (COMMITTEE,), says_why=True),
    "cancel": Verb(BEFORE_VISIT, State.CANCELLED, (COMMITTEE,), says_why=True),
    "step_back": Verb(PREPARED - {State.TEAM} | {State.VISITED, State.REPORTED}, None, (COMMITTEE, HEAD), True),
    "reopen": Verb({State.CLOSED, State.REINSPECTION}, None, (COMMITTEE,), says_why=True),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What belongs to a state: the paper that brings a case into it, and who signs that paper."""

    paper: str = ""
    signer: str = ""


UBKT, UNIT_SIGNS, TEAM_HEAD = "Chủ nhiệm Ủy ban Kiểm tra", "Bí thư đơn vị", "Trưởng đoàn kiểm tra"
STEPS = {
    State.PLANNED: Step(Kind.PROGRAMME, "Ban Chấp hành hoặc Ủy ban Kiểm tra"),
    State.TEAM: Step(Kind.DECISION, UBKT),
    State.PLAN_SENT: Step(Kind.PLAN, UBKT),
    State.SELF_REPORTED: Step("", UNIT_SIGNS),  # the unit's own report is the SelfReport
    State.VERIFYING: Step(),
    State.VISITED: Step(Kind.SESSION, "Trưởng đoàn, đơn vị và người ghi biên bản"),
    State.REPORTED: Step(Kind.TEAM_REPORT, TEAM_HEAD),
    State.CONCLUDED: Step(Kind.NOTICE, UBKT),
    State.FOLLOWING: Step(Kind.NOTICE, UBKT),
    State.REINSPECTION: Step(Kind.REMINDER, UBKT),
    State.CLOSED: Step(Kind.CLOSING, UBKT),
    State.ESCALATED: Step(),
    State.CANCELLED: Step(),
}

STILL_OPEN = {
    OfRecommendation.OPEN, OfRecommendation.ANSWERED, OfRecommendation.SENT_BACK, OfRecommendation.TO_VISIT,
    OfRecommendation.ACCEPTED,
}  # fmt: skip

# The same for a recommendation in force; a check leads where its verdict says.
RECOMMENDATION_MOVES = {
    "answer": (STILL_OPEN - {OfRecommendation.TO_VISIT}, OfRecommendation.ANSWERED),  # again: adds to the answer
    "check": (STILL_OPEN, None),  # also without an answer: the committee may go and look
    "ask_extension": (STILL_OPEN - {OfRecommendation.ACCEPTED}, None),
    "move_due": (STILL_OPEN, None),
    "accept": (STILL_OPEN, OfRecommendation.ACCEPTED),
    "withdraw": (STILL_OPEN, OfRecommendation.WITHDRAWN),
    "plan": (STILL_OPEN, None),  # the unit makes a target or a task of it
}
AFTER_CHECK = {
    Check.Verdict.ADEQUATE: OfRecommendation.CLOSED,
    Check.Verdict.NOT_ADEQUATE: OfRecommendation.SENT_BACK,
    Check.Verdict.VISIT: OfRecommendation.TO_VISIT,
}

NOTIFIED = "Kết luận đã thông báo nên nội dung không sửa được nữa."
WHY_NOT = {
    State.PLANNED: "Cuộc này chưa lập đoàn kiểm tra. Hãy lập đoàn trước.",
    State.TEAM: "Cuộc này chưa làm việc với đơn vị. Hãy ghi buổi làm việc trước.",
    State.PLAN_SENT: "Cuộc này chưa làm việc với đơn vị. Hãy ghi buổi làm việc trước.",
    State.SELF_REPORTED: "Cuộc này chưa làm việc với đơn vị. Hãy ghi buổi làm việc trước.",
    State.VERIFYING: "Cuộc này chưa làm việc với đơn vị. Hãy ghi buổi làm việc trước.",
    State.VISITED: "Cuộc này chưa thông báo kết luận. Hãy thông báo kết luận trước.",
    State.REPORTED: "Cuộc này chưa thông báo kết luận. Hãy thông báo kết luận trước.",
    State.CONCLUDED: NOTIFIED,
    State.FOLLOWING: NOTIFIED,
    State.REINSPECTION: NOTIFIED,
    State.CLOSED: "Hồ sơ đã kết thúc nên không ghi thêm được.",
    State.ESCALATED: "Cuộc này đã chuyển thành cuộc kiểm tra khi có dấu hiệu vi phạm.",
    State.CANCELLED: "Cuộc này đã đưa ra khỏi chương trình.",
}
ALREADY = {
    "send_plan": "Cuộc này đã gửi kế hoạch cho đơn vị.",
    "receive_report": "Cuộc này không còn chờ báo cáo của đơn vị.",
    "write_report": "Đơn vị chỉ sửa báo cáo được trong lúc chờ gửi.",
    "answer_item": "Đã qua thời gian đơn vị tự chấm.",
    "verify": "Cuộc này đã sang bước thẩm tra.",
    "cancel": "Cuộc này đã làm việc với đơn vị nên không đưa ra khỏi chương trình được.",
    "step_back": "Cuộc này không lùi bước được nữa.",
}


class InspectionRefused(Exception):
    """The step is not possible. `errors` maps a form field (or None) to a message in Vietnamese."""

    def __init__(self, errors: dict | str):
        self.errors = {None: errors} if isinstance(errors, str) else errors
        super().__init__(" ".join(self.errors.values()))


def allowed(inspection: Inspection, verb: str) -> bool:
    """Whether the state of the case permits the verb; for showing buttons."""
    return inspection.state in CASE_MOVES[verb].states


def roles_in(case_pk: int, user) -> set[str]:
    """As what the user stands to the case today: of the committee, head or member of its team, of the unit. One
    query."""
    cases = Inspection.objects.filter(pk=OuterRef("pk"))
    found = {
        COMMITTEE: cases.decided_by(user),
        HEAD: cases.headed_by(user),
        TEAM: cases.editable_by(user),
        UNIT: cases.answerable_by(user),
    }
    told = Inspection.objects.filter(pk=case_pk).values(**{f"as_{role}": Exists(rows) for role, rows in found.items()})
    return {role for one in told for role in found if one[f"as_{role}"]}


def verbs_of(inspection: Inspection, roles: set[str]) -> set[str]:
    """What somebody of these roles may do with the case as it stands."""
    return {name for name, verb in CASE_MOVES.items() if inspection.state in verb.states and roles & set(verb.who)}


def allows(recommendation: Recommendation, verb: str) -> bool:
    """Whether the states of the recommendation and of its case permit the verb; for showing buttons."""
    case_follows = allowed(recommendation.inspection, "follow")
    return case_follows and recommendation.state in RECOMMENDATION_MOVES[verb][0]


def lock_case(inspection: Inspection, verb: str) -> Inspection:
    """The case as it stands now, held until the transaction ends; refuses when its state forbids the verb."""
    case = (
        Inspection.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme__unit", "unit")
        .get(pk=inspection.pk)
    )
    if refusal := why_not(case, verb):
        raise InspectionRefused(refusal)
    return case


def why_not(case: Inspection, verb: str) -> str:
    """Why the state of the case forbids the verb, in words; nothing where it does not."""
    if allowed(case, verb):
        return ""
    # Too late has its own words where the general ones would ask for what is done already.
    early = case.state in BEFORE_VISIT and verb not in ("send_plan", "receive_report", "verify", "step_back")
    return WHY_NOT[case.state] if early else ALREADY.get(verb, WHY_NOT[case.state])


def move(case: Inspection, verb: str, *, by, on: datetime.date, to: State | None = None, reason: str = "") -> None:
    """Bring a locked case into its next state and write the step down; the caller saves the case.

    A verb that repeats itself (the visit written twice) leaves no second step.
    """
    reason, to = reason.strip(), to or CASE_MOVES[verb].to
    if CASE_MOVES[verb].says_why and not reason:
        raise InspectionRefused({"reason": "Hãy ghi lý do."})
    if to == case.state:
        return
    CaseMove.objects.create(
        inspection=case, verb=verb, from_state=case.state, to_state=to, reason=reason, moved_on=on, moved_by=by
    )
    case.state, case.state_since = to, on


def left_out(case: Inspection) -> bool:
    """Whether going on from here leaves out what an announced unit has a claim to: the plan, its own report."""
    return case.state in ANNOUNCED_FIRST and case.inspection_kind not in Inspection.UNANNOUNCED


def lock_recommendation(recommendation: Recommendation, verb: str, version: int) -> Recommendation:
    """The recommendation as it stands now, its case and itself held, its version claimed.

    Raises EditConflict when somebody changed it after the form was opened.
    """
    case = lock_case(recommendation.inspection, "follow")
    row = Recommendation.objects.select_for_update(no_key=True).get(pk=recommendation.pk)
    row.inspection = case
    row.claim(version)
    if row.state not in RECOMMENDATION_MOVES[verb][0]:
        if row.is_ended:
            ended = f"{row.ended_on:%d/%m/%Y}: {row.get_state_display().lower()}"
            raise InspectionRefused(f"Kiến nghị đã khép ngày {ended}.")
        raise InspectionRefused(f"Kiến nghị đang ở bước: {row.get_state_display().lower()}.")
    return row


def save_clean(row, by=None):
    """Validate, then save; a failed validation becomes a refusal. `by` is written into the history."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise InspectionRefused(
            {None if name == NON_FIELD_ERRORS else name: " ".join(texts) for name, texts in error.message_dict.items()}
        ) from error
    if by is not None:
        row._history_user = by
    row.save()
    return row
