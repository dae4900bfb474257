"""Verbs on one assessment: the member's own words, the branch's conclusion, the superior's approval.

STEPS is the whole table: from which states a verb may go, where it leads, who may do it. Several assessments are
concluded, approved or returned at once; of two people at one row the second is told what the first wrote.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from branches.admitting import has_approver
from branches.fed_books import feed_round
from branches.formats import day
from branches.long_texts import kept_lines
from branches.meetings.voting import result_of
from branches.models import Assessment, AssessmentRound, Ballot, Criterion, Label, Meeting, Unit
from branches.scoping import rights_at
from branches.vietnamese import nfc

from .facts import as_stored, facts_of
from .rounds import AssessmentRefused, locked_round, refuse_closed

State = Assessment.State
PERSON, OFFICER, APPROVER = "person", "officer", "approver"
NOT_HELD = (Meeting.State.PLANNED, Meeting.State.CANCELLED)
LONGEST_ANSWER, LONGEST_TEXT, LONGEST_REASON = 500, 2000, 300


@dataclass(frozen=True, slots=True)
class Step:
    """`to` None: it depends, see the verb."""

    before: frozenset[str]
    to: str | None
    who: frozenset[str]


def _step(before: Sequence[str], to: str | None, *who: str) -> Step:
    return Step(frozenset(before), to, frozenset(who))


STEPS = {
    "assess_self": _step([State.OPEN, State.SELF], State.SELF, PERSON, OFFICER),
    "conclude": _step([State.OPEN, State.SELF, State.CONCLUDED, State.RETURNED], State.CONCLUDED, OFFICER),
    "approve": _step([State.CONCLUDED], State.APPROVED, APPROVER),
    "send_back": _step([State.CONCLUDED, State.APPROVED], State.RETURNED, APPROVER),
    "exclude": _step([State.OPEN, State.SELF, State.RETURNED], State.NOT_ELIGIBLE, OFFICER),
    "include": _step([State.NOT_ELIGIBLE], None, OFFICER),
}


def roles_at(user, unit: Unit, on: datetime.date) -> set[str]:
    """What the user is for assessments of the unit, apart from being the person concerned.

    Where nobody above approves in the software, the branch writes the superior's paper down.
    """
    rights, found = rights_at(user, unit), set()
    if "record" in rights:
        found.add(OFFICER)
    if "approve" in rights or ("record" in rights and not has_approver(unit, on=on)):
        found.add(APPROVER)
    return found


def roles_of(user, assessment: Assessment, on: datetime.date) -> set[str]:
    found = roles_at(user, assessment.unit, on)
    if assessment.member_id is not None and user.member_id == assessment.member_id:
        found.add(PERSON)
    return found


def may(verb: str, assessment: Assessment, roles: Iterable[str]) -> bool:
    """Whether somebody in these roles may do this now; whether the round is closed is asked by the verb."""
    step = STEPS[verb]
    return assessment.state in step.before and not step.who.isdisjoint(roles)


def _locked(assessment: Assessment) -> Assessment:
    """The row, held, with its round held before it: every verb takes them in this order."""
    refuse_closed(locked_round(assessment.round))
    rows = Assessment.objects.select_for_update(no_key=True, of=("self",)).select_related("round", "unit", "member")
    return rows.get(pk=assessment.pk)


def _refuse_state(verb: str, row: Assessment) -> None:
    if row.state not in STEPS[verb].before:
        raise AssessmentRefused({"": why_state(row)})


def why_state(row: Assessment) -> str:
    """Why nothing can be done with it as it stands."""
    said = {
        State.OPEN: "Chi đoàn chưa kết luận.",
        State.SELF: "Chi đoàn chưa kết luận.",
        State.CONCLUDED: "Chi đoàn đã kết luận.",
        State.APPROVED: f"Kết quả đã chuẩn y ngày {day(row.approved_on)}. Muốn đổi, Đoàn cấp trên trả lại trước.",
        State.RETURNED: "Đoàn cấp trên đã trả lại, chi đoàn xét lại.",
        State.NOT_ELIGIBLE: f"Không thuộc diện đánh giá: {row.excluded_because}.",
    }
    return said[row.state]


# --- the person's own words -----------------------------------------------------------------------------


@transaction.atomic
def assess_self(
    *,
    assessment: Assessment,
    version: int,
    label: Label,
    answers: dict[str, str],
    text: str,
    now: datetime.datetime,
    on: datetime.date,
    by_officer: bool = False,
) -> Assessment:
    """Write or change the self-assessment: a proposed level, words on each criterion (code → text), a remark.

    To the end of `self_until`; an officer still enters a paper form afterwards, until the branch concludes.
    """
    row = _locked(assessment)
    _refuse_state("assess_self", row)
    if on > row.round.self_until and not by_officer:
        raise AssessmentRefused(
            {"": f"Đã hết hạn tự đánh giá ({day(row.round.self_until)}). Hãy nói với Bí thư để ghi thay."}
        )
    codes = set(Criterion.objects.filter(criteria_set=row.round.criteria_set_id).values_list("code", flat=True))
    answers = {code: kept_lines(words) for code, words in answers.items() if code in codes and kept_lines(words)}
    errors = {
        f"a-{code}": f"Tối đa {LONGEST_ANSWER} ký tự." for code, words in answers.items() if len(words) > LONGEST_ANSWER
    }
    if label is None or label.label_set_id != row.round.label_set_id:
        errors["label"] = "Hãy chọn mức tự xếp loại."
    text = kept_lines(text)
    if len(text) > LONGEST_TEXT:
        errors["text"] = f"Tối đa {LONGEST_TEXT} ký tự."
    if errors:
        raise AssessmentRefused(errors)
    row.claim(version)
    row.state, row.self_label, row.self_answers, row.self_text, row.self_at = State.SELF, label, answers, text, now
    row.save()
    return row


def open_assessments(member, on: datetime.date):
    """What the member can still assess, the soonest to end first."""
    rows = Assessment.objects.filter(member=member, round__closed_on=None, state__in=STEPS["assess_self"].before)
    return rows.filter(round__self_until__gte=on).order_by("round__self_until", "pk")


# --- the branch concludes -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the branch says of one. The vote is a `ballot` of its meeting, or the numbers of the paper minutes:
    `votes` are label key → votes, `present` those there when it was voted."""

    pk: int
    version: int
    label: Label | None
    remark: str = ""
    present: int | None = None
    votes: dict[int, int] = field(default_factory=dict)
    ballot: Ballot | None = None


@transaction.atomic
def conclude(
    *, round: AssessmentRound, unit: Unit, verdicts: Sequence[Verdict], by, on: datetime.date, meeting=None
) -> list[Assessment]:
    """The branch concludes on these of its members, or on itself: all of them, or none and every reason at once.

    Errors are keyed by row, "p<key>-label", "-votes", "-present", "-remark". Facts are frozen as they stand on `on`.
    A number of queries that does not grow with the rows.
    """
    found = locked_round(round)
    refuse_closed(found)
    if meeting is not None and (meeting.unit_id != unit.pk or meeting.state in NOT_HELD):
        raise AssessmentRefused({"meeting": "Hãy chọn cuộc họp đã họp của chi đoàn này."})
    said = {one.pk: one for one in verdicts}
    labels = {label.pk: label for label in Label.objects.filter(label_set=found.label_set_id)}
    rows = _rows(found, said, unit)
    if len(rows) != len(said):
        raise AssessmentRefused({"": "Có người không còn trong đợt này. Hãy mở lại trang rồi ghi lại."})
    errors: dict[str, str] = {}
    for row in rows:
        errors |= _wrong(row, said[row.pk], labels, unit)
    if errors:
        raise AssessmentRefused(errors)
    frozen = facts_of(rows, found, on=on)
    for row in rows:
        one = said[row.pk]
        row.version += 1
        row.state, row.branch_label, row.branch_remark = State.CONCLUDED, one.label, kept_lines(one.remark)
        typed = {} if one.ballot else one.votes
        row.votes = {labels[key].code: number for key, number in typed.items()}
        row.votes_present, row.ballot = (one.present if typed else None), one.ballot
        row.meeting = one.ballot.item.meeting if one.ballot else meeting or row.meeting
        row.concluded_on, row.concluded_by = on, by
        row.facts, row.returned_because = as_stored(frozen[row.pk]), ""
        row.final_label = row.approved_on = row.approved_by = None
        row.decision = ""
    Assessment.objects.bulk_update(
        rows,
        ["version", "state", "branch_label", "branch_remark", "votes", "votes_present", "ballot", "meeting",
         "concluded_on", "concluded_by", "facts", "returned_because", "final_label", "approved_on", "approved_by",
         "decision"],
    )  # fmt: skip
    return rows


def _rows(round: AssessmentRound, keys: Iterable[int], unit: Unit) -> list[Assessment]:
    """The rows of the round at the unit and below it, held, in the order of their keys."""
    rows = Assessment.objects.select_for_update(no_key=True, of=("self",)).filter(
        round=round, pk__in=list(keys), unit__path__startswith=unit.path
    )
    return list(rows.select_related("unit", "member", "branch_label").order_by("pk"))


def ballots_of(unit: Unit, meetings) -> list[Ballot]:
    """Votes on ratings at these meetings of the unit, the newest meeting first. One query.

    A point about one person is a vote on that person's level; one about nobody in particular is on the whole list.
    """
    rows = Ballot.objects.filter(item__meeting__in=meetings, item__meeting__unit=unit)
    rows = rows.filter(decision=Ballot.Decision.ASSESSMENT).select_related("item__meeting")
    return list(rows.order_by("-item__meeting__starts_at", "item__position", "pk"))


def _is_about(ballot: Ballot, row: Assessment, unit: Unit) -> bool:
    item = ballot.item
    return (
        ballot.decision == Ballot.Decision.ASSESSMENT
        and item.meeting.unit_id == unit.pk
        and item.subject_id in (None, row.member_id)
    )


def _wrong(row: Assessment, one: Verdict, labels: dict[int, Label], unit: Unit) -> dict[str, str]:
    name = f"p{row.pk}"
    if row.state not in STEPS["conclude"].before:
        return {f"{name}-label": why_state(row)}
    if row.version != one.version:
        now = f"{row.branch_label}" if row.branch_label else row.get_state_display()
        return {f"{name}-label": f"Có người vừa ghi: {now}. Xem lại rồi lưu, lần này sẽ ghi đè."}
    errors = {}
    if one.label is None or one.label.pk not in labels:
        errors[f"{name}-label"] = "Hãy chọn mức kết luận."
    if len(kept_lines(one.remark)) > LONGEST_TEXT:
        errors[f"{name}-remark"] = f"Tối đa {LONGEST_TEXT} ký tự."
    if one.ballot is not None:
        if not _is_about(one.ballot, row, unit):
            errors[f"{name}-ballot"] = "Lần biểu quyết này là về việc khác. Hãy chọn lại."
    elif one.votes:
        cast = sum(one.votes.values())
        if not set(one.votes) <= set(labels) or min(one.votes.values()) < 0:
            errors[f"{name}-votes"] = "Hãy ghi lại số phiếu."
        elif one.present is None:
            errors[f"{name}-present"] = "Hãy ghi số người có mặt khi biểu quyết."
        elif cast > one.present:
            errors[f"{name}-votes"] = f"Có {cast} phiếu mà chỉ {one.present} người có mặt. Hãy xem lại."
    return errors


def lacks_majority(row: Assessment, rules: dict) -> str:
    """A remark where the concluded level did not get the majority the rules ask; it is said and stops nobody."""
    if row.branch_label_id is None:
        return ""
    if row.ballot_id is not None:
        result = result_of(row.ballot, rules)
        return "" if result.passed else result.words
    if row.got is None:
        return ""
    (got, there), (part, whole, how) = row.got, rules["vote_rules"]["assessment"]["majority"]
    left, right = got * whole, part * there
    if left > right or (how == "ge" and left == right):
        return ""
    return f"Mức này được {got} trên {there} phiếu của người có mặt, chưa đủ đa số"


# --- the superior ---------------------------------------------------------------------------------------


def _chosen(verb: str, round: AssessmentRound, unit: Unit, chosen: dict[int, int]) -> list[Assessment]:
    """The rows, held; refused whole when one was changed meanwhile. `chosen` is key → version."""
    found = locked_round(round)
    refuse_closed(found)
    if not chosen:
        raise AssessmentRefused({"": "Chưa chọn ai. Hãy đánh dấu ít nhất một dòng."})
    rows = _rows(found, chosen, unit)
    stale = len(chosen) - len(rows) + sum(
        row.version != chosen[row.pk] or row.state not in STEPS[verb].before for row in rows
    )  # fmt: skip
    if stale:
        raise AssessmentRefused({"": f"{stale} dòng vừa thay đổi. Chưa lưu gì cả; hãy xem lại danh sách rồi lưu."})
    return rows


@transaction.atomic
def approve(
    *,
    round: AssessmentRound,
    unit: Unit,
    chosen: dict[int, int],
    decision: str,
    decided_on: datetime.date,
    by,
    on: datetime.date,
) -> list[Assessment]:
    """The superior approves what the branch concluded; the decision's number may be written later."""
    rows = _chosen("approve", round, unit, chosen)
    if decided_on > on:
        raise AssessmentRefused({"decided_on": "Ngày này chưa đến."})
    if decided_on < (latest := max(row.concluded_on for row in rows)):
        raise AssessmentRefused({"decided_on": f"Hãy ghi ngày từ {day(latest)}, ngày chi đoàn kết luận, trở đi."})
    for row in rows:
        row.version += 1
        row.state, row.final_label, row.decision = State.APPROVED, row.branch_label, nfc(decision)
        row.approved_on, row.approved_by = decided_on, by
    Assessment.objects.bulk_update(rows, ["version", "state", "final_label", "decision", "approved_on", "approved_by"])
    _feed(round, rows)
    return rows


def _feed(round: AssessmentRound, rows: list[Assessment]) -> None:
    """What was approved becomes the figure of each branch, and what no longer stands leaves it."""
    for branch in Unit.objects.filter(pk__in={row.unit_id for row in rows}).order_by("pk"):
        feed_round(round, branch)


@transaction.atomic
def send_back(*, round: AssessmentRound, unit: Unit, chosen: dict[int, int], reason: str) -> list[Assessment]:
    """The branch is to look at these again, knowing why; an approval before it no longer stands."""
    rows = _chosen("send_back", round, unit, chosen)
    reason = nfc(reason)
    if not reason:
        raise AssessmentRefused({"reason": "Hãy ghi lý do, để chi đoàn biết mà xét lại."})
    if len(reason) > LONGEST_REASON:
        raise AssessmentRefused({"reason": f"Tối đa {LONGEST_REASON} ký tự."})
    for row in rows:
        row.version += 1
        row.state, row.returned_because, row.final_label = State.RETURNED, reason, None
        row.approved_on, row.approved_by, row.decision = None, None, ""
    Assessment.objects.bulk_update(
        rows,
        ["version", "state", "returned_because", "final_label", "approved_on", "approved_by", "decision"],
    )
    _feed(round, rows)
    return rows


# --- who is assessed after all --------------------------------------------------------------------------


@transaction.atomic
def exclude(*, assessment: Assessment, version: int, reason: str) -> Assessment:
    """Not assessed in this round, with the reason that the list prints."""
    row = _locked(assessment)
    _refuse_state("exclude", row)
    reason = nfc(reason).rstrip(".")
    if not reason:
        raise AssessmentRefused({"reason": "Hãy ghi lý do không đánh giá."})
    row.claim(version)
    row.state, row.excluded_because, row.returned_because = State.NOT_ELIGIBLE, reason, ""
    row.branch_label, row.votes, row.votes_present, row.ballot = None, {}, None, None
    row.save()
    return row


@transaction.atomic
def include(*, assessment: Assessment, version: int) -> Assessment:
    """Assessed after all; what the person wrote before counts again."""
    row = _locked(assessment)
    _refuse_state("include", row)
    row.claim(version)
    row.state, row.excluded_because = (State.SELF if row.self_at else State.OPEN), ""
    row.save()
    return row
