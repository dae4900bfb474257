"""Where the units of a round stand: handed in on time or late, missing, sent back, approved, excused. The only rule."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from branches.models import Unit

from .models import PeriodReport, ReportRound, ReportStep, RoundUnit

State = PeriodReport.State
Day = datetime.date


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit in a round on the day `on`. `handed_on`: when its report first came and was not taken back;
    `closed_on`: when the round was closed, None while it is open."""

    row: RoundUnit
    handed_on: Day | None
    on: Day
    closed_on: Day | None = None

    @property
    def unit(self) -> Unit:
        return self.row.unit

    @property
    def state(self) -> str:
        """The state of the report; empty where none is begun."""
        return self.row.report.state if self.row.report else ""

    @property
    def is_excused(self) -> bool:
        return self.row.excused_on is not None

    @property
    def is_owed(self) -> bool:
        """Whether the unit has to do something: not begun, being written, or sent back."""
        return not self.is_excused and self.state in ("", *PeriodReport.WRITTEN_IN)

    @property
    def days_late(self) -> int:
        """Days after the due day on which it came, or so far while it has not come."""
        if self.is_excused:
            return 0
        return max(((self.handed_on or self.on) - self.row.due_on).days, 0)

    @property
    def to_remind(self) -> bool:
        return self.is_owed and self.row.due_on < self.on and self.row.reminded_on != self.on

    def is_near(self, days: int) -> bool:
        """Whether its day is today or comes within so many days, and nobody reminded it today."""
        is_soon = self.on <= self.row.due_on <= self.on + datetime.timedelta(days=days)
        return self.is_owed and is_soon and self.row.reminded_on != self.on

    @property
    def is_after_close(self) -> bool:
        """A unit may hand in also when the round is closed; who asked sees that it came afterwards."""
        return self.closed_on is not None and self.handed_on is not None and self.handed_on > self.closed_on

    @property
    def look(self) -> tuple[str, str]:
        """The state badge: its sign and its word."""
        if self.is_excused:
            return "none", "Được miễn"
        if self.state in LOOKS:
            return LOOKS[self.state]
        word = "Đang soạn" if self.state else "Chưa soạn"
        return ("overdue", f"{word}, quá hạn") if self.days_late else ("going" if self.state else "none", word)


LOOKS = {
    State.SUBMITTED: ("waiting", "Chờ duyệt"),
    State.RETURNED: ("returned", "Trả lại"),
    State.APPROVED: ("done", "Đã duyệt"),
    State.REOPENED: ("going", "Đang đính chính"),
}
AFTER_CLOSE = "Nộp sau khi khép đợt"
# What the tiles count and filter, by their word in the address. The first three and the excused add up to all units.
GROUPS = {
    "dung-han": ("Nộp đúng hạn", lambda one: one.handed_on and not one.days_late and not one.is_excused),
    "nop-muon": ("Nộp muộn", lambda one: one.handed_on and one.days_late and not one.is_excused),
    "chua-nop": ("Chưa nộp", lambda one: not one.handed_on and not one.is_excused),
    "cho-duyet": ("Chờ duyệt", lambda one: one.state == State.SUBMITTED and not one.is_excused),
    "tra-lai": ("Bị trả lại", lambda one: one.state == State.RETURNED and not one.is_excused),
    "da-duyet": ("Đã duyệt", lambda one: one.state == State.APPROVED and not one.is_excused),
    "mien": ("Được miễn", lambda one: one.is_excused),
    "sau-khep": (AFTER_CLOSE, lambda one: one.is_after_close),
}


def standings(rows: Iterable[RoundUnit], *, on: Day, closed_on: Day | None = None) -> list[Standing]:
    """These rows (with their unit and report loaded) with the day their report came. One query."""
    rows = list(rows)
    handed = handed_days([row.report_id for row in rows if row.report_id])
    return [Standing(row, handed.get(row.report_id), on, closed_on) for row in rows]


def handed_days(reports: Iterable[int]) -> dict[int, Day]:
    """Report → the day it was first handed in by an edition that was not taken back. One query."""
    steps = ReportStep.objects.filter(report__in=list(reports), verb__in=("submit", "take_back")).order_by("pk")
    by_report = defaultdict(list)
    for report, verb, edition, taken_on in steps.values_list("report_id", "verb", "edition", "taken_on"):
        by_report[report].append((verb, edition, taken_on))
    found = {}
    for report, told in by_report.items():
        back = {edition for verb, edition, _ in told if verb == "take_back"}
        days = [day for verb, edition, day in told if verb == "submit" and edition not in back]
        if days:
            found[report] = days[0]
    return found


def standings_of(round: ReportRound, user, *, on: Day) -> list[Standing]:
    """The units of the round that this person may read, in the order of the tree. Two queries.

    Days late are counted no further than to the day the round was closed.
    """
    rows = RoundUnit.objects.visible_to(user).filter(round=round).select_related("unit", "period", "report")
    rows, closed_on = rows.order_by("unit__sort_key", "unit_id"), round.closed_on
    return standings(rows, on=min(on, closed_on or on), closed_on=closed_on)


@dataclass(frozen=True, slots=True)
class Tally:
    """A round in numbers, for the list of rounds. `left`: not begun, being written, or sent back."""

    asked: int = 0
    left: int = 0
    waiting: int = 0
    approved: int = 0
    excused: int = 0


def tallies(rounds: Iterable[ReportRound]) -> dict[int, Tally]:
    """Round → how many of its units stand where. One query, whatever the number of rounds."""
    asked = Q(excused_on=None)
    rows = (
        RoundUnit.objects.filter(round__in=[one.pk for one in rounds])
        .order_by()
        .values("round")
        .annotate(
            asked=Count("pk", filter=asked),
            left=Count("pk", filter=asked & (Q(report=None) | Q(report__state__in=PeriodReport.WRITTEN_IN))),
            waiting=Count("pk", filter=asked & Q(report__state=State.SUBMITTED)),
            approved=Count("pk", filter=asked & Q(report__state=State.APPROVED)),
            excused=Count("pk", filter=~asked),
        )
    )
    return {row.pop("round"): Tally(**row) for row in rows}


def rows_asked_of(unit: Unit):
    """What open rounds ask of the unit and still wait for, the earliest due first."""
    rows = RoundUnit.objects.outstanding().filter(unit=unit).select_related("round__unit", "period", "report")
    return rows.order_by("due_on", "pk")
