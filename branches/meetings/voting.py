"""What a vote means: the quorum, the majority and the words. Whole numbers only; a share is never computed.

The rule of the day of the meeting (`vote_rules`) gives each kind of decision a quorum and a majority as
[numerator, denominator, "gt" or "ge"], what the majority is of ("present" or "entitled"), and whether the
vote is secret. Sources stand with the rule.
"""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q

from branches.admitting import record_vote
from branches.enrolling import EnrolmentRefused
from branches.models import (
    Admission,
    AgendaItem,
    Assessment,
    Attendance,
    Ballot,
    Discipline,
    Meeting,
    Membership,
    PartyStep,
)
from branches.terms import seen
from branches.vietnamese import nfc

from .states import MeetingRefused, locked

Decision, Means = Ballot.Decision, Ballot.Means
# The decision a meeting is called for; every other one decides in the ordinary way.
DECISION_OF = {
    Meeting.Kind.ADMISSION: Decision.ADMISSION,
    Meeting.Kind.OUTSTANDING: Decision.OUTSTANDING,
    Meeting.Kind.ASSESSMENT: Decision.ASSESSMENT,
    Meeting.Kind.DISCIPLINE: Decision.DISCIPLINE,
}
FIELDS = (
    "question", "decision", "means", "entitled", "fewer_because", "present", "issued", "returned", "invalid",
    "votes_for", "votes_against", "abstentions",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """What came out. `passed` is False without a quorum too; `needed_…` are the least numbers that would do."""

    passed: bool
    has_quorum: bool
    needed_present: int
    needed_for: int
    of: int  # what the majority is reckoned of
    words: str

    @property
    def standing(self) -> str:
        return "met" if self.passed else "missed" if self.has_quorum else "not_measurable"

    @property
    def word(self) -> str:
        return "Thông qua" if self.passed else "Không thông qua" if self.has_quorum else "Chưa đủ số người"


def needed(of: int, share) -> int:
    """The least whole number that is more than (or, for "ge", at least) this share of `of`.

    More than a half of 14 is 8, at least two thirds of 14 is 10. Floor division of whole numbers, no fraction.
    """
    numerator, denominator, comparator = share
    if comparator == "gt":
        return of * numerator // denominator + 1
    return -(-of * numerator // denominator)


def share_words(share) -> str:
    """ "quá 1/2" or "từ 2/3", as the rule says it."""
    numerator, denominator, comparator = share
    return f"{'quá' if comparator == 'gt' else 'từ'} {numerator}/{denominator}"


def rule_of(decision: str, rules: dict) -> dict:
    """The rule of a kind of decision among the rules of a day (`rules_on`)."""
    return rules["vote_rules"][decision]


def quorum(entitled: int, decision: str, rules: dict) -> int:
    """How many of those entitled have to be there."""
    return needed(entitled, rule_of(decision, rules)["quorum"])


def result_of(ballot: Ballot, rules: dict) -> Result:
    """The one reading of a vote, for page and paper alike; `rules` are those of the day of the meeting."""
    rule = rule_of(ballot.decision, rules)
    needed_present = needed(ballot.entitled, rule["quorum"])
    of = ballot.entitled if rule["of"] == "entitled" else ballot.present
    needed_for = needed(of, rule["majority"])
    has_quorum = ballot.present >= needed_present
    # A vote that had to be secret and was not decides nothing, whatever its numbers.
    is_in_form = not rule["secret"] or ballot.means == Means.SECRET
    passed = has_quorum and is_in_form and ballot.votes_for >= needed_for
    there = f"có mặt {ballot.present}/{ballot.entitled}"
    if not has_quorum:
        words = f"Chưa đủ số người để biểu quyết: {there}, phải có từ {needed_present}. Kết quả không có giá trị."
    elif not is_in_form:
        words = "Việc này phải bỏ phiếu kín; giơ tay thì kết quả không có giá trị."
    else:
        whom = "người được biểu quyết" if rule["of"] == "entitled" else "người có mặt"
        verdict = "Thông qua" if passed else "Không thông qua"
        words = f"{verdict}: tán thành {ballot.votes_for}/{of} {whom}, cần từ {needed_for}; {there}."
    return Result(passed, has_quorum, needed_present, needed_for, of, words)


def counts_words(ballot: Ballot) -> str:
    """ "11 tán thành, 1 không tán thành, 0 ý kiến khác" and, when secret, the papers."""
    words = f"{ballot.votes_for} tán thành, {ballot.votes_against} không tán thành, {ballot.abstentions} ý kiến khác"
    if ballot.means == Means.SECRET:
        papers = f"phát ra {ballot.issued} phiếu, thu về {ballot.returned} phiếu, {ballot.invalid} phiếu không hợp lệ"
        return f"{papers}; {words}"
    return words


# --- verbs ----------------------------------------------------------------------------------------------


@transaction.atomic
def record_ballot(*, item: AgendaItem, by, rules: dict, **said) -> Ballot:
    """Write down a vote on a point of the agenda. `said` are FIELDS; the numbers have to agree with each other."""
    locked(item.meeting)
    return _write(Ballot(item=item), by, rules, said)


@transaction.atomic
def change_ballot(*, ballot: Ballot, version: int, by, rules: dict, **said) -> Ballot:
    """Correct a vote; `version` is what `terms.seen` said of FIELDS when the form was opened."""
    ballot = _as_seen(ballot, version)
    return _write(ballot, by, rules, said)


@transaction.atomic
def drop_ballot(*, ballot: Ballot, version: int) -> None:
    """Refused where a step to the Party, a rating or a disciplinary case stands on it."""
    found = _as_seen(ballot, version)
    if any(model.objects.filter(ballot=found).exists() for model in (PartyStep, Assessment, Discipline)):
        used = "xếp loại, hồ sơ phát triển Đảng hoặc kỷ luật"
        raise MeetingRefused({"": f"Kết quả này đã dùng trong {used}, không xóa được."})
    found.delete()


@transaction.atomic
def hand_to_admission(*, ballot: Ballot, rules: dict, on: datetime.date) -> Admission:
    """The numbers of a vote that passed become the vote step of the admission it was about."""
    meeting = locked(ballot.item.meeting)
    if ballot.decision != Decision.ADMISSION or ballot.item.admission is None:
        raise MeetingRefused({"": "Lần biểu quyết này không gắn với hồ sơ kết nạp nào."})
    if not (result := result_of(ballot, rules)).passed:
        raise MeetingRefused({"": f"{result.words} Chỉ chuyển kết quả đã thông qua sang hồ sơ kết nạp."})
    try:
        return record_vote(
            admission=ballot.item.admission, voted_on=meeting.day, members_present=ballot.present,
            votes_for=ballot.votes_for, on=on,
        )  # fmt: skip
    except EnrolmentRefused as refusal:
        raise MeetingRefused({"": " ".join(refusal.errors.values())}) from refusal


def _as_seen(ballot: Ballot, version: int) -> Ballot:
    locked(ballot.item.meeting)
    found = Ballot.objects.filter(pk=ballot.pk).first()
    if found is None or seen(found, FIELDS) != version:
        raise MeetingRefused({"": "Có người vừa sửa lần biểu quyết này. Hãy mở lại trang rồi ghi lại."})
    return found


def _write(ballot: Ballot, by, rules: dict, said: dict) -> Ballot:
    if unknown := set(said) - set(FIELDS):
        raise TypeError(f"not a field of a ballot: {', '.join(sorted(unknown))}")
    for name, value in said.items():
        setattr(ballot, name, nfc(value).strip() if isinstance(value, str) else value)
    if ballot.means == Means.HAND:
        ballot.issued = ballot.returned = None
        ballot.invalid = 0
    roll = _of_roll(ballot.item.meeting)
    if errors := faults_of(ballot, rules) or _beside_roll(ballot, roll):
        raise MeetingRefused(errors)
    if ballot.entitled >= roll["entitled"]:
        ballot.fewer_because = ""
    ballot.written_by = by
    ballot.save()
    return ballot


def faults_of(ballot: Ballot, rules: dict) -> dict[str, str]:
    """What does not agree, field → Vietnamese message."""
    errors = {}
    if not ballot.question:
        errors["question"] = "Hãy ghi biểu quyết việc gì."
    if ballot.entitled < 1:
        errors["entitled"] = "Hãy ghi số người được biểu quyết, từ 1 trở lên."
    elif ballot.present > ballot.entitled:
        errors["present"] = f"Chỉ có {ballot.entitled} người được biểu quyết. Hãy xem lại số có mặt."
    if rule_of(ballot.decision, rules)["secret"] and ballot.means != Means.SECRET:
        errors["means"] = f"{ballot.get_decision_display()} phải bỏ phiếu kín."
    votes = ballot.votes_for + ballot.votes_against + ballot.abstentions
    if ballot.means == Means.SECRET:
        errors |= _wrong_papers(ballot, votes)
    elif votes > ballot.present:
        errors["votes_for"] = f"Cộng lại {votes} người biểu quyết, nhiều hơn {ballot.present} người có mặt."
    return errors


def _of_roll(meeting: Meeting) -> dict[str, int]:
    """Those with the right to vote on the roll: all, and those who may be there (present, or not marked)."""
    away = (Attendance.State.EXCUSED, Attendance.State.ABSENT)
    rows = Attendance.objects.filter(meeting=meeting, standing=Membership.Kind.OFFICIAL)
    return rows.aggregate(entitled=Count("pk"), there=Count("pk", filter=~Q(state__in=away)))


def _beside_roll(ballot: Ballot, roll: dict[str, int]) -> dict[str, str]:
    """What the roll contradicts. Fewer entitled or more present would make a quorum that was not there."""
    if not roll["entitled"]:
        return {}
    if ballot.entitled < roll["entitled"] and not ballot.fewer_because:
        return {
            "entitled": f"Danh sách điểm danh có {roll['entitled']} người được biểu quyết. Hãy ghi đủ, "
            "hoặc ghi lý do ít hơn ở ô dưới."
        }
    most = roll["there"] + max(0, ballot.entitled - roll["entitled"])
    if ballot.present > most:
        return {
            "present": f"Theo điểm danh nhiều nhất {most} người được biểu quyết có mặt. "
            "Ai đến sau thì sửa điểm danh trước."
        }
    return {}


def _wrong_papers(ballot: Ballot, votes: int) -> dict[str, str]:
    if ballot.issued is None or ballot.returned is None:
        empty = {"issued": ballot.issued, "returned": ballot.returned}
        return {name: "Bỏ phiếu kín phải ghi số phiếu." for name, value in empty.items() if value is None}
    if ballot.issued > ballot.present:
        return {"issued": f"Phát ra không thể nhiều hơn {ballot.present} người có mặt."}
    if ballot.returned > ballot.issued:
        return {"returned": f"Thu về không thể nhiều hơn {ballot.issued} phiếu phát ra."}
    if ballot.invalid > ballot.returned:
        return {"invalid": f"Phiếu không hợp lệ không thể nhiều hơn {ballot.returned} phiếu thu về."}
    valid = ballot.returned - ballot.invalid
    if votes != valid:
        return {"votes_for": f"Có {valid} phiếu hợp lệ, cộng lại ba ô là {votes}. Hãy đếm lại."}
    return {}
