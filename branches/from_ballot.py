"""From a vote of a meeting to what it was about: the step towards the Party, the rating, the disciplinary case.

The numbers are never typed twice: the page that comes next has the member, the vote and the day filled in.
"""

from dataclasses import dataclass

from django.urls import reverse

from branches.assessing.rounds import covering
from branches.formats import day
from branches.meetings.voting import result_of
from branches.models import Assessment, Ballot, Discipline, Member, Minutes, PartyStep
from branches.models.rule import rules_on
from branches.typed_votes import ballots_for

Decision = Ballot.Decision
ASKED_BY = "bieu-quyet"  # the vote a page is opened from, in its address
KINDS = {decision: kind for kind, decision in PartyStep.VOTED.items()}
# What the button under a vote says. An admission has its own, which hands the numbers over at once.
WORDS = {
    Decision.OUTSTANDING: "Ghi bước đoàn viên ưu tú",
    Decision.PARTY: "Ghi bước giới thiệu vào Đảng",
    Decision.ASSESSMENT: "Ghi kết luận xếp loại",
    Decision.DISCIPLINE: "Ghi vào hồ sơ kỷ luật",
}


@dataclass(frozen=True, slots=True)
class Onward:
    """Where to go, and what to say on the way when the next thing cannot be written yet."""

    url: str
    says: str = ""


def onward_words(ballot: Ballot, item, passed: bool) -> str:
    """What can be written next out of this vote, "" where nothing. No query; the address sees to rights.

    A rating is concluded by the branch also where its majority is missing, and says so; nothing else is.
    """
    if item.subject_id is None or not (passed or ballot.decision == Decision.ASSESSMENT):
        return ""
    return WORDS.get(ballot.decision, "")


def onward_of(ballot: Ballot) -> Onward | None:
    """Where the vote leads. `ballot` comes with its point, the meeting and the person; None where nowhere."""
    member, unit = ballot.item.subject, ballot.item.meeting.unit
    if member is None or ballot.decision not in WORDS:
        return None
    if ballot.decision == Decision.ASSESSMENT:
        return _to_rating(ballot, member, unit)
    result = result_of(ballot, rules_on(ballot.item.meeting.day))
    if not result.passed:
        return Onward(reverse("branches:meeting_ballot", args=[ballot.pk]), f"{result.words} Chưa ghi tiếp được.")
    if ballot.decision == Decision.DISCIPLINE:
        return _to_case(ballot, member)
    if PartyStep.objects.filter(ballot=ballot, member=member).exists():
        return Onward(reverse("branches:party_member", args=[member.pk]), "Lần biểu quyết này đã ghi thành bước.")
    return Onward(_with(reverse("branches:party_step_new", args=[member.pk, KINDS[ballot.decision]]), ballot))


def _with(url: str, ballot: Ballot) -> str:
    return f"{url}?{ASKED_BY}={ballot.pk}"


def _to_rating(ballot: Ballot, member: Member, unit) -> Onward:
    rows = Assessment.objects.filter(round__in=covering(unit), round__closed_on=None, member=member)
    row = rows.order_by("-round__opened_on", "-pk").first()
    if row is None:
        where = reverse("branches:assessment_list", args=[unit.pk])
        return Onward(where, f"{member.full_name} không có trong đợt đánh giá nào đang mở.")
    page = reverse("branches:assessment_conclude", args=[unit.pk, row.round_id])
    return Onward(f"{page}#p{row.pk}")


def _to_case(ballot: Ballot, member: Member) -> Onward:
    cases = Discipline.objects.filter(member=member)
    if used := cases.filter(ballot=ballot).first():
        return Onward(reverse("branches:discipline", args=[used.pk]), "Lần biểu quyết này đã ghi vào hồ sơ.")
    case = cases.open().first()
    if case is None:
        asked = "Chưa có hồ sơ. Lập hồ sơ trước, rồi mở lại lần biểu quyết này để ghi kết quả."
        return Onward(reverse("branches:discipline_new", args=[member.pk]), asked)
    if case.state != Discipline.State.OPENED:
        return Onward(reverse("branches:discipline", args=[case.pk]), "Hồ sơ này đã có kết quả họp xét.")
    return Onward(_with(reverse("branches:discipline_review", args=[case.pk]), ballot))


# --- what the page that was opened begins with ----------------------------------------------------------


def asked_ballot(request, member: Member, unit, decision: str) -> Ballot | None:
    """The vote the address names, when it is one about this person; None for everything else."""
    said = request.GET.get(ASKED_BY, "")
    if not (said.isascii() and said.isdecimal() and len(said) < 19):
        return None
    return ballots_for(member, unit, decision).filter(pk=int(said)).first()


def step_values(ballot: Ballot | None, kind: str) -> dict:
    """The first values of a step's form. The minutes are the paper of being voted outstanding; a resolution has a
    number of its own, which only a person knows."""
    if ballot is None:
        return {}
    values = {"ballot": ballot.pk, "dated_on": ballot.item.meeting.day}
    if kind == PartyStep.Kind.OUTSTANDING:
        values["document"] = minutes_words(ballot)
    return values


def minutes_words(ballot: Ballot) -> str:
    """ "Biên bản 05-BB/CĐ ngày 05/10/2026", without a number "Biên bản họp ngày 05/10/2026"."""
    meeting = ballot.item.meeting
    newest = Minutes.objects.filter(meeting=meeting).latest_edition().first()
    return f"Biên bản {newest.number if newest and newest.number else 'họp'} ngày {day(meeting.day)}"
