"""The state machine of a case and of a recommendation, and how a verb takes hold of one.

    case            planned ──record_visit──▶ visited ──conclude──▶ concluded ──close──▶ closed

    recommendation  open ──answer──▶ answered ──check: adequate──▶ closed
                      ▲                  │
                      └── sent_back ◀────┘ check: not adequate
                    open, answered, sent_back ──withdraw──▶ withdrawn

The tables below say in which state each verb is possible and where it leads; every verb asks them and
nothing else. From `concluded` on, the text of findings and recommendations is the text of a signed
paper and stays as it is: only the state and the agreed date of a recommendation still move.
"""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from inspections.models import Check, Inspection, Recommendation

State = Inspection.State
OfRecommendation = Recommendation.State

# verb: (states in which it is possible, state it leads to or None when the state stays)
CASE_MOVES = {
    "change": ({State.PLANNED, State.VISITED}, None),
    "set_team": ({State.PLANNED, State.VISITED}, None),
    "end_seat": ({State.PLANNED, State.VISITED, State.CONCLUDED, State.CLOSED}, None),
    "record_visit": ({State.PLANNED, State.VISITED}, State.VISITED),
    "find": ({State.VISITED}, None),
    "recommend": ({State.VISITED}, None),
    "conclude": ({State.VISITED}, State.CONCLUDED),
    "number": ({State.CONCLUDED, State.CLOSED}, None),
    "follow": ({State.CONCLUDED}, None),
    "close": ({State.CONCLUDED}, State.CLOSED),
}

STILL_OPEN = {OfRecommendation.OPEN, OfRecommendation.ANSWERED, OfRecommendation.SENT_BACK}

# The same for a recommendation of a concluded case; a check leads where its verdict says.
RECOMMENDATION_MOVES = {
    "answer": (STILL_OPEN, OfRecommendation.ANSWERED),  # again: adds to an answer that waits for its check
    "check": (STILL_OPEN, None),  # also without an answer: the committee may go and look
    "move_due": (STILL_OPEN, None),
    "withdraw": (STILL_OPEN, OfRecommendation.WITHDRAWN),
}
AFTER_CHECK = {
    Check.Verdict.ADEQUATE: OfRecommendation.CLOSED,
    Check.Verdict.NOT_ADEQUATE: OfRecommendation.SENT_BACK,
}

WHY_NOT = {
    State.PLANNED: "Cuộc này chưa ghi buổi làm việc. Hãy ghi buổi làm việc trước.",
    State.VISITED: "Cuộc này chưa thông báo kết luận. Hãy thông báo kết luận trước.",
    State.CONCLUDED: "Kết luận đã thông báo nên nội dung không sửa được nữa.",
    State.CLOSED: "Hồ sơ đã kết thúc nên không ghi thêm được.",
}


class InspectionRefused(Exception):
    """The step is not possible. `errors` maps a form field (or None) to a message in Vietnamese."""

    def __init__(self, errors: dict | str):
        self.errors = {None: errors} if isinstance(errors, str) else errors
        super().__init__(" ".join(self.errors.values()))


def allowed(inspection: Inspection, verb: str) -> bool:
    """Whether the state of the case permits the verb; for showing buttons."""
    return inspection.state in CASE_MOVES[verb][0]


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
    if not allowed(case, verb):
        raise InspectionRefused(WHY_NOT[case.state])
    return case


def lock_recommendation(recommendation: Recommendation, verb: str, version: int) -> Recommendation:
    """The recommendation as it stands now, its case and itself held, its version claimed.

    Raises EditConflict when somebody changed it after the form was opened.
    """
    case = lock_case(recommendation.inspection, "follow")
    row = Recommendation.objects.select_for_update(no_key=True).get(pk=recommendation.pk)
    row.inspection = case
    row.claim(version)
    if row.state not in RECOMMENDATION_MOVES[verb][0]:
        ended = f"{row.ended_on:%d/%m/%Y}: {row.get_state_display().lower()}"
        raise InspectionRefused(f"Kiến nghị đã khép ngày {ended}.")
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
