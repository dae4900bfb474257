"""Cards of recommendations: everything they show in a fixed number of queries, and what they offer to whom."""

import datetime

from django.db.models import Prefetch

from branches.models import Activity, Target, Task
from inspections.models import Check, ExtensionRequest, Recommendation, UnitAnswer
from inspections.plan_progress import progress_words
from inspections.states import allows
from inspections.terms import term_of
from inspections.wording import check_lane, due_words, task_words, unit_lane

State = Recommendation.State
FOR_CHECK = (State.ANSWERED, State.TO_VISIT)
FOR_UNIT = (State.OPEN, State.SENT_BACK)


def with_lanes(rows):
    """Recommendations with everything their card shows, in a fixed number of queries."""
    answers = UnitAnswer.objects.select_related("answered_by").prefetch_related(
        "files", "targets__indicator", "targets__period", Prefetch("activities", Activity.objects.order_by("last_on"))
    )
    checks = Check.objects.select_related("checked_by", "in_case")
    targets = Target.objects.select_related("unit", "indicator", "period").in_order()
    return rows.prefetch_related(
        Prefetch("answers", answers.order_by("-answered_on", "-pk")),
        Prefetch("checks", checks.order_by("-checked_on", "-pk")),
        Prefetch("extensions", ExtensionRequest.objects.order_by("-pk")),
        Prefetch("targets", targets),
        Prefetch("tasks", Task.objects.order_by("pk")),
    )


def cards(
    rows,
    today: datetime.date,
    *,
    editable: set,
    answerable: set,
    deciding=frozenset(),
    warn_after: int = 0,
    with_progress: bool = False,
) -> list[dict]:
    """What each recommendation card shows and offers.

    `editable`, `answerable` and `deciding` are the cases the user may check, answer and decide in. Of the cards that
    wait for this user the one due first `leads`: its button is the one filled button of the page. `warn_after` is how
    often an answer may come back before the card says so. Progress of targets is told only where asked for: it is
    worked out for each plan.
    """
    rows = list(rows)
    told = progress_words([one for row in rows for one in row.targets.all()], today) if with_progress else {}
    found = []
    for row in rows:
        card = _card(row, today, row.inspection_id in editable, row.inspection_id in answerable,
                     row.inspection_id in deciding)  # fmt: skip
        card["leads"] = False
        back = row.sent_back_count
        card["warning"] = f"Đã trả lại {back} lần, nên báo cấp trên của đơn vị." if 0 < warn_after <= back else ""
        card["plan"] = [
            *({"target": one, "words": told.get(one.pk, "")} for one in row.targets.all()),
            *({"task": one, "words": task_words(one, today)} for one in row.tasks.all()),
        ]
        found.append(card)
    if waiting := [card for card in found if card["waits_for_me"]]:
        first = min(waiting, key=lambda card: card["row"].binding_on or datetime.date.max)
        first["leads"] = True
    return found


def _card(row, today, may_check: bool, may_answer: bool, may_decide: bool) -> dict:
    extensions = list(row.extensions.all())
    # What lapsed is open again by itself; who has to move then is the unit.
    lapsed = row.state == State.ACCEPTED and not row.is_accepted(today)
    waits_for_check = row.state in FOR_CHECK
    waits_for_unit = row.state in FOR_UNIT or lapsed
    is_open = allows(row, "check")
    asked = next((one for one in extensions if one.state == ExtensionRequest.State.ASKED), None) if is_open else None
    waits_for_me = is_open and (
        (may_check and waits_for_check) or (may_decide and asked is not None) or (may_answer and waits_for_unit)
    )
    can_answer = may_answer and allows(row, "answer")
    return {
        "row": row, "due": due_words(row), "term": term_of(row), "unit": unit_lane(row, today),
        "check": check_lane(row, today), "asked": asked, "extensions": extensions,
        "agreed": sum(one.state == ExtensionRequest.State.AGREED for one in extensions),
        "is_accepted": row.is_accepted(today), "waits_for_check": waits_for_check,
        "waits_for_unit": is_open and waits_for_unit, "waits_for_me": waits_for_me,
        "can_answer": can_answer,
        "can_plan": may_answer and allows(row, "plan"),
        "can_ask": may_answer and asked is None and row.due_on is not None and allows(row, "ask_extension"),
        "can_check": may_check and allows(row, "check"),
        "can_move": may_decide and allows(row, "move_due"),
        "opens_plan": may_answer or may_decide,
    }  # fmt: skip


def warn_after(rules: dict) -> int:
    """How often an answer may come back before the card says so."""
    return int(rules["inspection_sent_back_warning"])
