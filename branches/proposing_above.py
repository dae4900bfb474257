"""Verbs on proposals: the branch proposes to those above instead of waiting, they answer, something comes of it.

(What members propose about their own record is proposing.py.)
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from branches.aims import WrittenAim
from branches.fed_books import feed_proposal
from branches.formats import day
from branches.long_texts import kept_lines
from branches.models import Indicator, Meeting, Period, Proposal, ProposalTurn, Target, Unit
from branches.planning import PlanningRefused, set_target
from branches.vietnamese import nfc

LONG = ("why", "needs")  # of several lines
FIELDS = ("put_to", "what", "why", "needs", "meeting")
ANSWERS = (Proposal.State.AGREED, Proposal.State.REFUSED, Proposal.State.DISCUSS)
State, Side = Proposal.State, ProposalTurn.Side


class ProposalRefused(Exception):
    """The change is not possible. `errors` maps a field ("" for the whole form) to a Vietnamese message."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(" ".join(errors.values()))
        self.errors = errors


@transaction.atomic
def send_proposal(
    *,
    by,
    unit: Unit,
    on: datetime.date,
    put_to: str,
    what: str,
    why: str,
    needs: str = "",
    meeting: Meeting | None = None,
) -> Proposal:
    """Put something to the Party committee or to the superior Đoàn, as of the day `on`."""
    proposal = Proposal(unit=unit, sent_on=on, sent_by=by)
    _write(proposal, {"put_to": put_to, "what": what, "why": why, "needs": needs, "meeting": meeting})
    proposal.save()
    _turn(proposal, Side.BRANCH, by, on)
    feed_proposal(proposal)
    return proposal


@transaction.atomic
def change_proposal(*, proposal: Proposal, version: int, **fields) -> Proposal:
    """Correct what was written, as long as nobody has answered; only the fields of FIELDS given change."""
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"not a field of a proposal: {', '.join(sorted(unknown))}")
    proposal = _locked(proposal)
    if proposal.state != State.SENT or proposal.answered_on:
        raise ProposalRefused({"": "Đề xuất đã có trả lời nên không sửa nữa. Hãy ghi thêm ở phần trao đổi."})
    proposal.claim(version)
    _write(proposal, fields)
    proposal.save()
    feed_proposal(proposal)
    return proposal


def _write(proposal: Proposal, fields: dict) -> None:
    for name, value in fields.items():
        if isinstance(value, str):
            value = kept_lines(value) if name in LONG else nfc(value)
        setattr(proposal, name, value)
    errors = {}
    if not proposal.what:
        errors["what"] = "Hãy ghi đề xuất việc gì."
    if not proposal.why:
        errors["why"] = "Hãy ghi vì sao đề xuất, để cấp trên có căn cứ trả lời."
    if proposal.meeting is not None and proposal.meeting.unit_id != proposal.unit_id:
        errors["meeting"] = "Cuộc họp này của đơn vị khác. Hãy chọn lại."
    if errors:
        raise ProposalRefused(errors)


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, version: int, by, on: datetime.date, reason: str = "") -> Proposal:
    """Take it back while it waits for an answer or is being discussed."""
    proposal = _locked(proposal)
    _refuse_closed(proposal)
    proposal.claim(version)
    proposal.state = State.WITHDRAWN
    proposal.save()
    _turn(proposal, Side.BRANCH, by, on, kept_lines(reason))
    feed_proposal(proposal)
    return proposal


@transaction.atomic
def answer_proposal(
    *,
    proposal: Proposal,
    version: int,
    by,
    on: datetime.date,
    answer: str,
    words: str = "",
    is_written_down: bool = False,
) -> Proposal:
    """Those above answer: agreed, refused or to be discussed (ANSWERS); words are required but for agreeing.

    `is_written_down` when the answer came on paper or at a meeting and the unit writes it down: then the words
    say where it stands.
    """
    if answer not in ANSWERS:
        raise ProposalRefused({"answer": "Hãy chọn một cách trả lời."})
    proposal = _locked(proposal)
    _refuse_closed(proposal)
    words = kept_lines(words)
    if not words and is_written_down:
        raise ProposalRefused({"words": "Hãy ghi trả lời ở văn bản nào, cuộc họp nào."})
    if not words and answer != State.AGREED:
        raise ProposalRefused({"words": "Hãy ghi vì sao, hoặc cần trao đổi điều gì."})
    if on < proposal.sent_on:
        raise ProposalRefused({"answered_on": f"Hãy ghi ngày từ {day(proposal.sent_on)}, ngày gửi đề xuất."})
    proposal.claim(version)
    proposal.state, proposal.answer, proposal.answered_on, proposal.answered_by = answer, words, on, by
    proposal.save()
    _turn(proposal, proposal.put_to, by, on, words, is_written_down=is_written_down)
    return proposal


@transaction.atomic
def reply_to_discussion(*, proposal: Proposal, version: int, by, on: datetime.date, words: str) -> Proposal:
    """The unit says more, and it waits for an answer again."""
    proposal = _locked(proposal)
    if proposal.state != State.DISCUSS:
        raise ProposalRefused({"": "Đề xuất không chờ trao đổi thêm."})
    words = kept_lines(words)
    if not words:
        raise ProposalRefused({"words": "Hãy ghi ý kiến trao đổi thêm."})
    proposal.claim(version)
    proposal.state = State.SENT
    proposal.save()
    _turn(proposal, Side.BRANCH, by, on, words)
    return proposal


@transaction.atomic
def plan_proposal(
    *, proposal: Proposal, version: int, by, period: Period, indicator: Indicator, aim: WrittenAim
) -> Target:
    """An agreed proposal becomes a target of the period in one step; one that the plan has already is tied to it.

    Raises PlanningRefused when the plan does not take the target, and EditConflict.
    """
    proposal = _locked(proposal)
    if proposal.state != State.AGREED:
        raise ProposalRefused({"": "Đề xuất chưa được đồng ý nên chưa đưa vào kế hoạch được."})
    if proposal.target_id:
        raise ProposalRefused({"": "Đề xuất này đã đưa vào kế hoạch."})
    proposal.claim(version)
    target = Target.objects.filter(unit=proposal.unit, indicator__code=indicator.code).of_period(period).first()
    if target is None:
        note = f"Từ đề xuất ngày {day(proposal.sent_on)}: {proposal.what}"
        target = set_target(
            by=by,
            unit=proposal.unit,
            period=period,
            indicator=indicator,
            comparator=aim.comparator,
            value=aim.value,
            value_to=aim.value_to,
            note=note[: Target._meta.get_field("note").max_length],
        )
    proposal.target = target
    proposal.save()
    return target


def _locked(proposal: Proposal) -> Proposal:
    rows = Proposal.objects.select_for_update(no_key=True, of=("self",)).select_related("unit", "meeting")
    return rows.get(pk=proposal.pk)


def _refuse_closed(proposal: Proposal) -> None:
    if proposal.state not in Proposal.OPEN:
        raise ProposalRefused({"": f"Đề xuất này đã xong: {proposal.get_state_display().lower()}."})


def _turn(proposal: Proposal, side: str, by, on: datetime.date, words: str = "", **fields) -> None:
    ProposalTurn.objects.create(
        proposal=proposal, side=side, state=proposal.state, words=words, said_on=on, written_by=by, **fields
    )


# --- figures --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProposalFigures:
    """Of one unit over a period, without those withdrawn: sent, and how many of them were agreed to."""

    sent: int = 0
    agreed: int = 0


def proposals_of(units: Iterable[Unit], period: Period) -> dict[int, ProposalFigures]:
    """By the key of each unit what it proposed in the period; units without a proposal have zeros. One query."""
    keys = [unit.pk for unit in units]
    rows = (
        Proposal.objects.filter(unit__in=keys, sent_on__gte=period.starts_on, sent_on__lt=period.ends_on)
        .exclude(state=State.WITHDRAWN)
        .order_by()
        .values_list("unit")
        .annotate(sent=Count("pk"), agreed=Count("pk", filter=Q(state=State.AGREED)))
    )
    found = {unit: ProposalFigures(sent, agreed) for unit, sent, agreed in rows}
    return {pk: found.get(pk, ProposalFigures()) for pk in keys}


THEN = ("pk", "what", "put_to", "sent_on", "state", "answer", "state_then", "answer_then")


def sent_until(unit: Unit, period: Period, on: datetime.date) -> QuerySet:
    """What the unit sent in the period until the day `on`, with what was said of it by then, for `proposals_then`."""
    said = ProposalTurn.objects.filter(proposal=OuterRef("pk"), said_on__lte=on).order_by("-pk")
    rows = Proposal.objects.filter(unit=unit, sent_on__gte=period.starts_on, sent_on__lt=period.ends_on)
    return rows.filter(sent_on__lte=on).order_by("sent_on", "pk").annotate(
        state_then=Subquery(said.values("state")[:1]),
        answer_then=Subquery(said.exclude(side=Side.BRANCH).values("words")[:1]),
    )  # fmt: skip


def proposals_then(rows: Iterable[Proposal]) -> tuple[tuple[Proposal, ...], ProposalFigures]:
    """Rows of `sent_until` with state and answer of that day, and their figures; never saved.

    Those withdrawn by then are in neither.
    """
    rows = list(rows)
    for row in rows:
        if row.state_then:
            row.state, row.answer = row.state_then, row.answer_then or ""
    found = tuple(row for row in rows if row.state != State.WITHDRAWN)
    return found, ProposalFigures(len(found), sum(row.state == State.AGREED for row in found))


__all__ = [
    "ANSWERS",
    "PlanningRefused",
    "ProposalFigures",
    "ProposalRefused",
    "answer_proposal",
    "change_proposal",
    "plan_proposal",
    "proposals_of",
    "proposals_then",
    "reply_to_discussion",
    "send_proposal",
    "sent_until",
    "withdraw_proposal",
]
