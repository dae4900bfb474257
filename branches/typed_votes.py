"""A vote that belongs to a step of the Party way or to a disciplinary case: one of a meeting, or numbers typed.

Typed numbers are checked and read exactly like those of a Ballot (meetings/voting.py).
"""

import datetime

from django.db.models import Q

from branches.formats import day
from branches.meetings import voting
from branches.models import Ballot, Member, Unit
from branches.models.merit import TypedVote
from branches.models.rule import rules_on

NUMBERS = ("entitled", "present", "issued", "returned", "invalid", "votes_for", "votes_against", "abstentions")
VOTE_FIELDS = ("voted_on", "is_secret", *NUMBERS)
NEEDED = ("voted_on", "entitled", "present", "votes_for")
COUNTED_FROM_ZERO = ("invalid", "votes_against", "abstentions")
ASKED = {
    "voted_on": "Hãy ghi ngày họp xét.",
    "entitled": "Hãy ghi số người được biểu quyết.",
    "present": "Hãy ghi số người có mặt.",
    "votes_for": "Hãy ghi số tán thành.",
}


def ballots_for(member: Member, unit: Unit, decision: str):
    """Votes of this kind at meetings of the unit that were, or may have been, about this member; newest first."""
    rows = Ballot.objects.filter(Q(item__subject=member) | Q(item__subject=None), item__meeting__unit=unit)
    return rows.filter(decision=decision).select_related("item__meeting__unit").order_by("-written_at", "-pk")


def put_vote(row: TypedVote, *, ballot: Ballot | None, said: dict, on: datetime.date) -> dict[str, str]:
    """Put the vote on the row, which is not saved here. Gives what is wrong with it: field → Vietnamese message.

    `said` are VOTE_FIELDS; nothing said, and no ballot, is no vote, which is not wrong by itself.
    """
    if unknown := set(said) - set(VOTE_FIELDS):
        raise TypeError(f"not a field of a vote: {', '.join(sorted(unknown))}")
    for name in VOTE_FIELDS:
        setattr(row, name, 0 if name in COUNTED_FROM_ZERO else False if name == "is_secret" else None)
    row.ballot = ballot
    if ballot is not None:
        row.voted_on = ballot.item.meeting.day
        return {} if _is_about(ballot, row) else {"ballot": "Lần biểu quyết này là về việc khác. Hãy chọn lại."}
    if all(said.get(name) is None for name in NEEDED):
        return {}
    if missing := {name: ASKED[name] for name in NEEDED if said.get(name) is None}:
        return missing
    for name, value in said.items():
        setattr(row, name, 0 if value is None and name in COUNTED_FROM_ZERO else value)
    if not row.is_secret:  # papers are of a secret vote only
        row.issued = row.returned = None
        row.invalid = 0
    if row.voted_on > on:
        return {"voted_on": "Ngày này chưa đến. Hãy ghi sau khi họp."}
    wrong = voting.faults_of(row.vote, rules_on(row.voted_on))
    if "means" in wrong and row.decision_kind not in Ballot.Decision.values:
        wrong["means"] = "Kỷ luật tổ chức Đoàn phải bỏ phiếu kín."
    return {("is_secret" if name == "means" else name): text for name, text in wrong.items()}


def _is_about(ballot: Ballot, row: TypedVote) -> bool:
    item = ballot.item
    return (
        ballot.decision == row.decision_kind
        and item.meeting.unit_id == row.unit_id
        and item.subject_id in (None, row.member_id)
    )


def result_of(row: TypedVote) -> voting.Result | None:
    """What came out, by the rules of the day it was taken; None where there was no vote."""
    vote = row.vote
    return None if vote is None else voting.result_of(vote, rules_on(row.voted_on))


def vote_needs(rule: dict, whom: str) -> str:
    """ "có mặt từ 2/3 số đoàn viên, bỏ phiếu kín, quá 1/2 số có mặt tán thành", out of one of the `vote_rules`."""
    of = "số có mặt" if rule["of"] == "present" else whom
    how = "bỏ phiếu kín" if rule["secret"] else "giơ tay hoặc bỏ phiếu kín"
    return (
        f"có mặt {voting.share_words(rule['quorum'])} {whom}, {how}, "
        f"{voting.share_words(rule['majority'])} {of} tán thành"
    )


def vote_words(row: TypedVote) -> str:
    """ "Họp ngày 05/10/2026, có mặt 12/14: 11 tán thành, 1 không tán thành, 0 ý kiến khác"; nothing without one."""
    vote = row.vote
    if vote is None:
        return ""
    return f"Họp ngày {day(row.voted_on)}, có mặt {vote.present}/{vote.entitled}: {voting.counts_words(vote)}"
