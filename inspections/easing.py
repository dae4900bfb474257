"""Verbs that ease a recommendation: a later date asked for and agreed, and the acceptance that it is not done.

Both are the committee's decision, dated and with their reason; the date of the notice stays beside them for
ever. States and refusals: states.py.
"""

import datetime

from django.db import transaction

from branches.formats import day
from inspections.models import ExtensionRequest, Recommendation
from inspections.states import RECOMMENDATION_MOVES, InspectionRefused, lock_case, lock_recommendation, save_clean
from inspections.terms import next_due

Asked = ExtensionRequest.State


# The date


@transaction.atomic
def ask_extension(
    *, recommendation: Recommendation, version: int, by, on: datetime.date, due_on: datetime.date, reason: str
) -> ExtensionRequest:
    """The unit asks for a later date; nothing moves until the committee has answered. Raises EditConflict."""
    row = lock_recommendation(recommendation, "ask_extension", version)
    if row.due_on is None:
        raise InspectionRefused("Kiến nghị này không đặt hạn nên không cần gia hạn.")
    if row.extensions.filter(state=Asked.ASKED).exists():
        raise InspectionRefused("Đang có một đề nghị gia hạn chờ trả lời.")
    _refuse_wrong_date(row, on, due_on, "due_on")
    if not reason.strip():
        raise InspectionRefused({"reason": "Hãy ghi lý do xin gia hạn."})
    save_clean(row, by)
    return save_clean(
        ExtensionRequest(
            recommendation=row, wanted_due_on=due_on, reason=reason.strip(), asked_on=on, asked_by=by,
            due_before=row.due_on,
        )
    )  # fmt: skip


@transaction.atomic
def answer_extension(
    *,
    extension: ExtensionRequest,
    version: int,
    by,
    on: datetime.date,
    agreed: bool,
    due_on: datetime.date | None = None,
    words: str = "",
) -> ExtensionRequest:
    """Agree, to the date asked for or another one, or refuse with the reason. Raises EditConflict.

    Whoever asked for the unit does not answer.
    """
    # The form shows the request and not the recommendation: only the request is held to its version. Every verb of
    # a recommendation waits for its case first, so nobody comes between reading the version and claiming it.
    lock_case(extension.recommendation.inspection, "decide")
    version_now = Recommendation.objects.values_list("version", flat=True).get(pk=extension.recommendation_id)
    row = lock_recommendation(extension.recommendation, "move_due", version_now)
    asked = row.extensions.select_for_update(no_key=True).get(pk=extension.pk)
    asked.claim(version)
    if asked.state != Asked.ASKED:
        raise InspectionRefused(f"Đề nghị này đã giải quyết ngày {day(asked.decided_on)}: {_said(asked)}.")
    if asked.asked_by_id == by.pk:
        raise InspectionRefused("Người đề nghị gia hạn thay đơn vị không tự trả lời đề nghị của mình.")
    if not agreed and not words.strip():
        raise InspectionRefused({"words": "Hãy ghi vì sao không đồng ý."})
    asked.state, asked.words = Asked.AGREED if agreed else Asked.REFUSED, words.strip()
    asked.decided_on, asked.decided_by = on, by
    if agreed:
        _move_due(row, on, due_on or asked.wanted_due_on, asked.reason, "due_on" if due_on else None)
        asked.agreed_due_on = row.due_on
    save_clean(row, by)
    return save_clean(asked)


@transaction.atomic
def extend_due(
    *, recommendation: Recommendation, version: int, by, on: datetime.date, due_on: datetime.date, reason: str
) -> Recommendation:
    """The committee moves the date of its own accord, or sets a first one where the notice set none.

    It counts as an extension like one asked for, and answers a request that waits. Raises EditConflict.
    """
    row = lock_recommendation(recommendation, "move_due", version)
    if not reason.strip():
        raise InspectionRefused({"reason": "Hãy ghi lý do đổi hạn."})
    before = row.due_on
    _move_due(row, on, due_on, reason.strip(), "due_on")
    save_clean(row, by)
    waiting = row.extensions.select_for_update(no_key=True).filter(state=Asked.ASKED).first()
    extension = waiting or ExtensionRequest(
        recommendation=row, wanted_due_on=due_on, reason=reason.strip(), asked_on=on, asked_by=by, due_before=before
    )
    extension.state, extension.agreed_due_on = Asked.AGREED, due_on
    extension.decided_on, extension.decided_by = on, by
    if waiting:
        extension.version += 1
    save_clean(extension)
    return row


def _said(asked) -> str:
    return asked.get_state_display().lower()


def drop_request(row: Recommendation, *, by, on: datetime.date, words: str) -> None:
    """What waited for an answer needs none any more: the recommendation or its term ended. Under the case's lock."""
    asked = row.extensions.select_for_update(no_key=True).filter(state=Asked.ASKED).first()
    if asked is not None:
        asked.state, asked.words, asked.decided_on, asked.decided_by = Asked.DROPPED, words, on, by
        asked.version += 1
        save_clean(asked)


def _move_due(row, on, due_on, reason, field):
    _refuse_wrong_date(row, on, due_on, field)
    row.due_on, row.due_reason = due_on, reason


def _refuse_wrong_date(row, on, due_on, field):
    if due_on < on:
        raise InspectionRefused({field: f"Hạn mới {day(due_on)} đã qua. Hãy chọn từ hôm nay trở đi."})
    if row.due_on is not None and due_on <= row.due_on:
        raise InspectionRefused({field: f"Hạn mới phải sau hạn đang có {day(row.due_on)}."})
    following = next_due(row)
    if following is not None and due_on >= following:
        raise InspectionRefused({field: f"Kỳ sau đến hạn {day(following)}. Hạn của kỳ này phải trước ngày đó."})


# Not done, and accepted


@transaction.atomic
def accept_not_done(
    *, recommendation: Recommendation, version: int, by, on: datetime.date, until: datetime.date, reason: str
) -> Recommendation:
    """The committee accepts that it is not done, until a day; after it the recommendation is open again by itself.

    Raises EditConflict.
    """
    row = lock_recommendation(recommendation, "accept", version)
    if not reason.strip():
        raise InspectionRefused({"reason": "Hãy ghi vì sao chấp nhận chưa thực hiện."})
    if until <= on:
        raise InspectionRefused({"until": "Ngày hết chấp nhận phải sau hôm nay."})
    row.state = RECOMMENDATION_MOVES["accept"][1]
    row.accepted_on, row.accepted_until, row.accepted_reason = on, until, reason.strip()
    drop_request(row, by=by, on=on, words=f"Chấp nhận chưa thực hiện đến hết {day(until)}.")
    return save_clean(row, by)


@transaction.atomic
def revoke_acceptance(*, recommendation: Recommendation, version: int, by, on: datetime.date) -> Recommendation:
    """Ask for it again before the acceptance has run out: it ends with this day. Raises EditConflict.

    Its day stays: what was accepted until today is not counted as late.
    """
    row = lock_recommendation(recommendation, "move_due", version)
    if not row.is_accepted(on):
        raise InspectionRefused("Kiến nghị này không đang được chấp nhận chưa thực hiện.")
    row.state, row.accepted_until = Recommendation.State.OPEN, on
    return save_clean(row, by)
