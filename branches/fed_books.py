"""What each book of a branch feeds into the figures of the plan: see feeding.py for how a line is kept.

Each function reads the source as it stands and makes its line equal to it, so that it may be called after any change
and any number of times. `feed_everything` is the same for a whole branch: after an import, or every night for what
nobody touched (months in which nobody paid).
"""

import datetime

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q

from branches.dues.arrears import dues_by_month
from branches.dues.months import Month, first_of, months_between
from branches.dues.owing import tracked_since
from branches.feeding import FedLine, feed
from branches.models import (
    Activity,
    AgendaItem,
    Assessment,
    AssessmentRound,
    Attendance,
    Discipline,
    DuesReceipt,
    Meeting,
    Membership,
    Minutes,
    PartyStep,
    Period,
    Proposal,
    Quantity,
    Unit,
)

# Learning what directions and resolutions say: these points of an agenda count as being briefed.
BRIEFING = (AgendaItem.Kind.STUDY, AgendaItem.Kind.DIRECTION)
STEPS = {
    PartyStep.Kind.OUTSTANDING: "outstanding_members",
    PartyStep.Kind.CLASS_DONE: "party_class",
    PartyStep.Kind.INTRODUCED: "party_introduced",
    PartyStep.Kind.ADMITTED: "party_admitted",
}


# --- meetings ---------------------------------------------------------------------------------------


@transaction.atomic
def feed_meeting(meeting: Meeting, *, only_signed: bool = False) -> None:
    """One meeting held, who came, and whether its minutes are complete; nothing of one that was not held.

    People briefed count once a year, and minutes are complete when those of every meeting so far are: what came
    after this one is told anew as well, of a meeting that was moved also what came after its old day. Where
    `only_signed`, nothing changed but a signature, which concerns later meetings with signed minutes alone.
    """
    before = Activity.objects.filter(unit=meeting.unit_id, fed_by=f"meeting:{meeting.pk}").first()
    _feed_meeting(meeting)
    first = {}
    for one in sorted({meeting.day, before.last_on if before else meeting.day}):
        first.setdefault(one.year, one)
    signed = Minutes.objects.filter(meeting=OuterRef("pk"), state=Minutes.State.LOCKED)
    for since in first.values():
        later = _held(meeting.unit_id, Period.of_year(since.year)).between(since, Period.of_year(since.year).ends_on)
        concerned = Q(Exists(signed)) if only_signed else Q(agenda__kind__in=BRIEFING) | Exists(signed)
        later = later.exclude(pk=meeting.pk).filter(concerned)
        for one in later.distinct().order_by("starts_at", "pk"):
            _feed_meeting(one)


def _feed_meeting(meeting: Meeting) -> None:
    lines = _lines_of(meeting) if meeting.state == Meeting.State.HELD and meeting.kind in Meeting.OF_ALL else []
    feed(unit_id=meeting.unit_id, fed_by=f"meeting:{meeting.pk}", on=meeting.day, title=meeting.title, lines=lines)


def _lines_of(meeting: Meeting) -> list[FedLine]:
    roll = Attendance.objects.filter(meeting=meeting, standing=Membership.Kind.OFFICIAL)
    known = roll.exclude(state=Attendance.State.UNKNOWN).count()
    present = roll.filter(state=Attendance.State.PRESENT).count()
    lines = [FedLine("branch_meetings", 1)]
    if known:
        lines += [FedLine("meeting_attendance", present, known), FedLine("meeting_size", present)]
    if known and meeting.agenda.filter(kind__in=BRIEFING).exists():
        lines.append(FedLine("resolution_briefed", _briefed(meeting, roll), roll.count()))
    if _has_signed(meeting):
        lines.append(FedLine("minutes_complete", int(not _unsigned_before(meeting))))
    return lines


def _held(unit_id: int, period: Period):
    meetings = Meeting.objects.held().filter(unit=unit_id, kind__in=Meeting.OF_ALL)
    return meetings.between(period.starts_on, period.ends_on)


def _briefed(meeting: Meeting, roll) -> int:
    """How many of this roll were present at this briefing or at one before it in the year."""
    year = Period.of_year(meeting.day.year)
    until = _held(meeting.unit_id, year).filter(starts_at__lte=meeting.starts_at, agenda__kind__in=BRIEFING)
    heard = Attendance.objects.filter(meeting__in=until.values("pk"), state=Attendance.State.PRESENT)
    return roll.filter(member__in=heard.values("member")).count()


def _has_signed(meeting: Meeting) -> bool:
    return Minutes.objects.filter(meeting=meeting, state=Minutes.State.LOCKED).exists()


def _unsigned_before(meeting: Meeting) -> bool:
    """A meeting of the year up to this one without minutes signed by both."""
    signed = Minutes.objects.filter(meeting=OuterRef("pk"), state=Minutes.State.LOCKED)
    year = Period.of_year(meeting.day.year)
    return _held(meeting.unit_id, year).filter(~Exists(signed), starts_at__lte=meeting.starts_at).exists()


# --- dues -------------------------------------------------------------------------------------------


@transaction.atomic
def feed_receipt(receipt: DuesReceipt, *, on: datetime.date) -> None:
    """The money of the receipt, and the share collected of every month that has begun."""
    _feed_receipt(receipt)
    feed_months(receipt.unit, on=on)


def _feed_receipt(receipt: DuesReceipt) -> None:
    lines = [] if receipt.reversed_on else [FedLine("dues_collected", receipt.total)]
    title = f"Thu đoàn phí, phiếu số {receipt.number}/{receipt.year}"
    feed(unit_id=receipt.unit_id, fed_by=f"receipt:{receipt.pk}", on=receipt.paid_on, title=title, lines=lines)


@transaction.atomic
def feed_months(unit: Unit, *, on: datetime.date) -> None:
    """The share collected of the months that have begun, also those in which nobody paid: they were owed all the same.

    The first receipt and the opening of the fund book say since when; whatever was told of earlier months goes.
    """
    begun = tracked_since([unit.pk]).get(unit.pk)
    months = months_between(begun, first_of(on)) if begun else []
    _tell_months(unit, {month: min(_last_day(month), on) for month in months}, since=begun)


@transaction.atomic
def tell_months_anew(unit_id: int) -> None:
    """What a member pays by changed: the months told so far, on the days they were told for."""
    _tell_months(Unit.objects.select_for_update(no_key=True).get(pk=unit_id), {})


def _tell_months(unit: Unit, days: dict[Month, datetime.date], *, since: Month | None = None) -> None:
    """Writes only the months whose figure changed, none before `since`; eight queries where none did."""
    lines = Quantity.objects.filter(activity__unit=unit, activity__fed_by__startswith="dues:")
    told = {
        datetime.date.fromisoformat(f"{fed_by.removeprefix('dues:')}-01"): ((value, whole), on)
        for fed_by, value, whole, on in lines.values_list(
            "activity__fed_by", "value", "denominator", "activity__last_on"
        )
    }
    days = {month: on for month, (_, on) in told.items()} | days
    figures = dues_by_month(unit, sorted(days))
    for month, on in sorted(days.items()):
        paid, asked = figures[month] if since is None or month >= since else (0, 0)
        if ((paid, asked), on) == told.get(month) or (not asked and month not in told):
            continue
        words = [FedLine("dues_paid_share", paid, asked)] if asked else []
        title = f"Đoàn phí {Period.of_month(month.year, month.month).name.lower()}"
        feed(unit_id=unit.pk, fed_by=f"dues:{month:%Y-%m}", on=on, title=title, lines=words)


def _last_day(month: Month) -> datetime.date:
    return Period.of_month(month.year, month.month).last_day


# --- assessment, the way to the Party, discipline, proposals ------------------------------------------


@transaction.atomic
def feed_round(round: AssessmentRound, unit: Unit) -> None:
    """Members rated fair or better of all rated, and of them those rated best, once the superior approved."""
    rated = Assessment.objects.filter(round=round, unit=unit, member__isnull=False, state=Assessment.State.APPROVED)
    found = rated.aggregate(
        rated=Count("pk"),
        fair=Count("pk", filter=Q(final_label__is_fair=True)),
        top=Count("pk", filter=Q(final_label__is_top=True)),
        on=Max("approved_on"),
    )
    lines = []
    if found["rated"]:
        lines.append(FedLine("rated_fair", found["fair"], found["rated"]))
    if found["fair"]:
        lines.append(FedLine("rated_excellent", found["top"], found["fair"]))
    # A rating speaks of its period, however late the superior got round to it.
    on = min(found["on"], round.period.last_day) if found["on"] else None
    feed(unit_id=unit.pk, fed_by=f"round:{round.pk}", on=on, title=round.name, lines=lines)


@transaction.atomic
def feed_steps(*, member_id: int, kind: str) -> None:
    """A person counts once for each step, on the day of the first one, in the branch where it was."""
    if kind not in STEPS:
        return
    steps = list(PartyStep.objects.filter(member=member_id, kind=kind).order_by("dated_on", "pk"))
    for step in steps:
        # Steps taken at another place are in no figure here: see party_way/funnel.py.
        counts = step is steps[0] and not step.is_elsewhere
        lines = [FedLine(STEPS[kind], 1)] if counts else []
        feed(
            unit_id=step.unit_id, fed_by=f"step:{step.pk}", on=step.dated_on, title=step.get_kind_display(), lines=lines
        )


def forget_step(step: PartyStep) -> None:
    """A step is about to be deleted: its figure goes, and a later step of the kind takes its place."""
    feed(unit_id=step.unit_id, fed_by=f"step:{step.pk}", on=None, title="", lines=[])


@transaction.atomic
def feed_discipline(case: Discipline) -> None:
    """A person who was disciplined, without a word about who; a unit is no person."""
    if case.is_of_unit:
        return
    decided = case.state in (Discipline.State.DECIDED, Discipline.State.LIFTED)
    lines = [FedLine("violations", 1)] if decided else []
    feed(
        unit_id=case.unit_id, fed_by=f"discipline:{case.pk}", on=case.decided_on, title="Kỷ luật đoàn viên", lines=lines
    )


@transaction.atomic
def feed_proposal(proposal: Proposal) -> None:
    """A proposal put to the Party committee, unless it was withdrawn."""
    counts = proposal.put_to == Proposal.PutTo.PARTY and proposal.state != Proposal.State.WITHDRAWN
    lines = [FedLine("party_proposals", 1)] if counts else []
    feed(
        unit_id=proposal.unit_id, fed_by=f"proposal:{proposal.pk}", on=proposal.sent_on, title=proposal.what,
        lines=lines,
    )  # fmt: skip


# --- the register -----------------------------------------------------------------------------------


@transaction.atomic
def feed_entered(unit: Unit, *, on: datetime.date) -> None:
    """Of the official members of the day those whose code of the national software the register knows.

    One line a month, counted anew until the month is over; what is past stays as it was. A branch that keeps no
    codes here is not said to have entered nobody.
    """
    if not unit.is_branch:
        return
    official = Membership.objects.filter(unit=unit, kind=Membership.Kind.OFFICIAL).on(on)
    found = official.aggregate(all=Count("pk"), entered=Count("pk", filter=~Q(member__national_code="")))
    lines = [FedLine("software_entered", found["entered"], found["all"])] if found["entered"] else []
    title = f"Đoàn viên có mã trên phần mềm {Period.of_month(on.year, on.month).name.lower()}"
    feed(unit_id=unit.pk, fed_by=f"entered:{on:%Y-%m}", on=on, title=title, lines=lines)


# --- everything -------------------------------------------------------------------------------------


def feed_everything(unit: Unit, *, on: datetime.date) -> None:
    """Every line of the unit that a book feeds, made equal to its book. One transaction a source."""
    for meeting in Meeting.objects.filter(unit=unit).order_by("starts_at", "pk"):
        with transaction.atomic():
            _feed_meeting(meeting)
    receipts = DuesReceipt.objects.filter(unit=unit).select_related("unit").order_by("pk")
    for receipt in receipts:
        with transaction.atomic():
            _feed_receipt(receipt)
    feed_months(unit, on=on)
    feed_entered(unit, on=on)
    for round in AssessmentRound.objects.filter(assessments__unit=unit, subject="member").distinct().order_by("pk"):
        feed_round(round, unit)
    for member_id, kind in PartyStep.objects.filter(unit=unit).order_by().values_list("member", "kind").distinct():
        feed_steps(member_id=member_id, kind=kind)
    for case in Discipline.objects.filter(unit=unit, member__isnull=False).order_by("pk"):
        feed_discipline(case)
    for proposal in Proposal.objects.filter(unit=unit).order_by("pk"):
        feed_proposal(proposal)
