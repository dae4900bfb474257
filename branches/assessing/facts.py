"""What stands beside each criterion: figures of the year as parts ("8 trên 9 buổi"), never deciding.

A criterion names its fact. Figures are asked of the subjects they belong to and counted nowhere again. Branch
facts that are made above this app (the duty calendar, plan against result) are added by reports/assessing.py
through `add_source`; a fact nobody computes is said to be missing.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from branches.dues.arrears import dues_by_unit, dues_of
from branches.dues.months import first_of, step
from branches.formats import day, dong, number, span
from branches.meetings.attendance import attendance_figures, attendance_of, counted, unmarked_of
from branches.models import (
    Activity,
    Assessment,
    AssessmentRound,
    Attendance,
    Criterion,
    Meeting,
    Member,
    Membership,
    Participation,
    PartyStep,
    Period,
    Proposal,
)
from branches.models.assessment import Subject
from branches.tasks import tasks_of

from .quota import rated_figures


@dataclass(frozen=True, slots=True)
class Fact:
    """`done` of `of` where the figure has two parts; `of` None where it is a count, both None where it is words."""

    words: str
    done: int | None = None
    of: int | None = None

    def reaches(self, expected: int | None) -> bool | None:
        """Whether the part is at least `expected` percent; None where there is nothing to compare."""
        if expected is None or not self.of or self.done is None:
            return None
        return self.done * 100 >= expected * self.of


Facts = dict[str, Fact]
# (key of a unit, period, day) → fact. Only for branches, of which one is concluded at a time.
UnitSource = Callable[[int, Period, datetime.date], Fact]
_sources: dict[str, UnitSource] = {}
NOT_KNOWN = Fact("chưa có số liệu")


def add_source(code: str, source: UnitSource) -> None:
    """Say how a branch's fact is computed, for facts that are made above this app."""
    _sources[code] = source


def facts_of(rows: Iterable[Assessment], round: AssessmentRound, *, on: datetime.date) -> dict[int, Facts]:
    """{assessment: its facts} as they stand on the day, for the criteria of the round. Not more queries for more rows.

    Facts of branches are asked branch by branch.
    """
    rows = list(rows)
    criteria = Criterion.objects.filter(criteria_set=round.criteria_set_id).exclude(fact="")
    wanted = set(criteria.values_list("fact", flat=True))
    if round.subject == Subject.BRANCH:
        return {row.pk: _of_branch(row.unit_id, wanted, round.period, on) for row in rows}
    by_member = _of_members([row.member_id for row in rows], wanted, round.period, on)
    return {row.pk: by_member[row.member_id] for row in rows}


# --- members --------------------------------------------------------------------------------------------


def _of_members(members: list[int], wanted: set[str], period: Period, on: datetime.date) -> dict[int, Facts]:
    found: dict[int, Facts] = {pk: {} for pk in members}
    makers = {
        "attendance": _attendance,
        "tasks": _tasks,
        "activities": _activities,
        "dues": _dues,
    }
    for code in sorted(wanted & makers.keys()):
        for pk, fact in makers[code](members, period, on).items():
            found[pk][code] = fact
    return found


def _attendance(members, period, on) -> Facts:
    span = (period.starts_on, period.ends_on)
    marked, unmarked = attendance_of(members, *span), unmarked_of(members, *span)
    return {pk: _attended(*marked[pk], unmarked[pk]) for pk in members}


def _attended(present: int, of: int, unmarked: int) -> Fact:
    rest = f", {unmarked} buổi chưa điểm danh" if unmarked else ""
    if not of:
        return Fact(f"chưa điểm danh buổi nào{rest}", 0, 0)
    return Fact(f"có mặt {present} trên {of} buổi{rest}", present, of)


def _tasks(members, period, on) -> Facts:
    found = {}
    for pk, one in tasks_of(members, period.starts_on, period.ends_on, on=on).items():
        late = f", {one.late} việc chậm hạn" if one.late else ""
        words = f"xong {one.accepted} trên {one.given} việc{late}" if one.given else "không được giao việc nào"
        found[pk] = Fact(words, one.accepted, one.given)
    return found


def _activities(members, period, on) -> Facts:
    rows = (
        Participation.objects.filter(member__in=members, activity__in=_held(period))
        .order_by()
        .values_list("member")
        .annotate(count=Count("activity", distinct=True))
    )
    counts = dict(rows)
    words = {pk: f"tham gia {counts[pk]} hoạt động" if pk in counts else "chưa ghi hoạt động nào" for pk in members}
    return {pk: Fact(words[pk], counts.get(pk, 0)) for pk in members}


def _held(period: Period):
    return Activity.objects.counted().in_period(period).filter(nature=Activity.Nature.ACTIVITY)


def _dues(members, period, on) -> Facts:
    """Months that are over: nobody is behind with the running one."""
    found = {}
    for pk, (paid, owed) in dues_of(members, period.starts_on, min(period.ends_on, first_of(on))).items():
        found[pk] = Fact(f"đóng {paid} trên {owed} tháng" if owed else "chưa theo dõi đoàn phí", paid, owed)
    return found


# --- branches -------------------------------------------------------------------------------------------


def _of_branch(unit: int, wanted: set[str], period: Period, on: datetime.date) -> Facts:
    makers: dict[str, UnitSource] = {
        "meetings": _unit_meetings,
        "attendance": _unit_attendance,
        "dues": _unit_dues,
        "fair_members": _unit_fair,
        "party_steps": _unit_party_steps,
        "own_activities": _unit_activities,
        "proposals": _unit_proposals,
        **_sources,
    }
    return {code: makers[code](unit, period, on) if code in makers else NOT_KNOWN for code in sorted(wanted)}


def _unit_meetings(unit, period, on) -> Fact:
    """Without the duty calendar: what was held; how many were owed is known above this app."""
    return Fact(f"đã họp {attendance_figures([unit], period)[unit].held} buổi")


def _unit_attendance(unit, period, on) -> Fact:
    one = attendance_figures([unit], period)[unit]
    if not one.marked:
        return Fact("chưa điểm danh buổi nào", 0, 0)
    words = f"{number(one.present)} lượt có mặt trên {number(one.marked)} lượt, {one.rolls} buổi điểm danh"
    return Fact(words, one.present, one.marked)


def _unit_dues(unit, period, on) -> Fact:
    one = dues_by_unit([_Key(unit)], period, until=step(first_of(on), -1))[unit]
    if not one.owed:
        return Fact("chưa theo dõi đoàn phí", 0, 0)
    words = f"thu {number(one.paid)} trên {dong(one.owed)}, đã trích nộp {dong(one.remitted)}"
    return Fact(words, one.paid, one.owed)


@dataclass(frozen=True, slots=True)
class _Key:
    """What dues_by_unit reads of a unit."""

    pk: int


def _unit_fair(unit, period, on) -> Fact:
    one = rated_figures([unit], period)[unit]
    if not one.rated:
        return Fact("chưa có kết quả đánh giá đoàn viên", 0, 0)
    return Fact(f"{one.fair} trên {one.rated} đồng chí được xếp loại", one.fair, one.rated)


def _unit_party_steps(unit, period, on) -> Fact:
    """Each step counted by itself, a person once a step; which person is nobody's business here."""
    rows = PartyStep.objects.filter(unit=unit, dated_on__gte=period.starts_on, dated_on__lt=period.ends_on)
    counts = dict(rows.order_by().values_list("kind").annotate(count=Count("member", distinct=True)))
    said = [f"{kind.label} {counts[kind.value]}" for kind in PartyStep.ORDER if kind.value in counts]
    return Fact(", ".join(said) or "chưa ghi bước nào")


def _unit_activities(unit, period, on) -> Fact:
    own = Q(organiser=Activity.Organiser.OWN)
    counts = _held(period).filter(unit=unit).aggregate(own=Count("pk", filter=own), every=Count("pk"))
    if not counts["every"]:
        return Fact("chưa ghi hoạt động nào", 0, 0)
    return Fact(f"{counts['own']} trên {counts['every']} hoạt động do chi đoàn tổ chức", counts["own"], counts["every"])


def _unit_proposals(unit, period, on) -> Fact:
    rows = Proposal.objects.sent_in(unit, period)
    sent, agreed = rows.count(), rows.filter(state=Proposal.State.AGREED).count()
    return Fact(f"được đồng ý {agreed} trên {sent} đề xuất" if sent else "chưa gửi đề xuất nào", agreed, sent)


# --- kept and shown -------------------------------------------------------------------------------------


def as_stored(facts: Facts) -> dict:
    return {code: {"words": one.words, "done": one.done, "of": one.of} for code, one in facts.items()}


def from_stored(kept: dict) -> Facts:
    return {code: Fact(one["words"], one["done"], one["of"]) for code, one in kept.items()}


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion with what the person wrote and what the year shows."""

    criterion: Criterion
    answer: str
    fact: Fact | None
    note: str


def criterion_rows(row: Assessment, criteria: list[Criterion], facts: Facts) -> list[CriterionRow]:
    found = []
    for one in criteria:
        fact = facts.get(one.fact) if one.fact else None
        found.append(CriterionRow(one, row.self_answers.get(one.code, ""), fact, expected_words(fact, one.expected)))
    return found


def expected_words(fact: Fact | None, expected: int | None) -> str:
    """What the best level usually asks, beside the figure."""
    reached = fact.reaches(expected) if fact else None
    if reached is None:
        return ""
    return f"mức cao nhất cần từ {expected}%: {'đủ' if reached else 'chưa đủ'}"


# --- the lines behind a member's figures ----------------------------------------------------------------


def lines_of(member: Member, period: Period, *, user) -> dict[str, list[dict]]:
    """Meetings and activities the figures of one member are made of, those the user may open. Two queries."""
    activities = Activity.objects.visible_to(user).filter(pk__in=_held(period).values("pk"))
    meetings = Meeting.objects.visible_to(user).filter(pk__in=counted(period.starts_on, period.ends_on).values("pk"))
    marks = Attendance.objects.filter(member=member, standing=Membership.Kind.OFFICIAL, meeting__in=meetings)
    return {
        "activities": [
            {"pk": one.pk, "words": one.title, "days": span(one.starts_on, one.last_on)}
            for one in activities.filter(participations__member=member).order_by("-last_on", "-pk")
        ],
        "meetings": [
            {"pk": one.meeting_id, "words": one.meeting.title, "days": day(one.meeting.day), "mark": one}
            for one in marks.select_related("meeting").order_by("-meeting__starts_at", "-pk")
        ],
    }
