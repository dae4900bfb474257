"""The duty calendar: every duty, unit and period put beside what was done. The only rule of what is late.

It reads meetings, slips and reports, so that doing the thing fulfils the duty and nothing is said twice.
Held, not held with a reason, and not reported are three different facts.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.db.models import OuterRef, Subquery

from branches.duties import BY_HAND
from branches.duty_periods import DutyPeriod, own_periods, periods_below, periods_here_and_below
from branches.models import DutyReminder, DutyType, DutyWord, Meeting, Period, Remittance, Unit
from branches.together import Question, ask_together
from branches.tree import Scope, scope_of

from .models import PeriodReport, Submission

__all__ = [
    "BY_HAND",
    "DutyBoard",
    "DutyCell",
    "DutyState",
    "calendar_and_silent",
    "cells_of",
    "duty_board",
    "duty_calendar",
    "duty_counts",
    "silent_below",
]
Day = datetime.date
FulfilledBy, Said = DutyType.FulfilledBy, DutyWord.Said
WORD = ("pk", "unit_id", "code", "starts_on", "said", "done_on", "reason", "written_by__full_name",
        "written_by__username", "written_at")  # fmt: skip
REMINDER = ("pk", "unit_id", "code", "starts_on", "reminded_on", "reminded_by__full_name", "reminded_by__username")
REPORT_KINDS = {FulfilledBy.HALF_REPORT: Period.Kind.HALF, FulfilledBy.YEAR_REPORT: Period.Kind.YEAR}


class DutyState(StrEnum):
    DONE = "done"
    LATE = "late"  # done after the due day
    DUE = "due"  # not done, and there is still time
    EXEMPT = "exempt"
    NOT_HELD = "not_held"
    SILENT = "silent"  # the due day is over and nothing was done or said
    NOT_OWED = "not_owed"


FULFILLED = (DutyState.DONE, DutyState.LATE)
UNCOUNTED = (DutyState.EXEMPT, DutyState.NOT_OWED)


@dataclass(frozen=True, slots=True)
class DutyCell:
    """One duty of one unit in one period, and where it stands. `source` is what shows it: its kind and key.

    `day` is when it was done; `reason` what a person gave as one; `planned` a meeting that is planned for the
    period; `reminded_on` the last reminder.
    """

    period: DutyPeriod
    state: DutyState
    day: Day | None = None
    source: tuple[str, int] | None = None
    reason: str = ""
    word: DutyWord | None = None
    planned: tuple[int, Day] | None = None
    reminder: DutyReminder | None = None

    @property
    def duty(self) -> DutyType:
        return self.period.duty

    @property
    def is_silent(self) -> bool:
        return self.state == DutyState.SILENT

    @property
    def is_done(self) -> bool:
        return self.state in FULFILLED

    @property
    def is_owed(self) -> bool:
        """Whether it counts when one asks how many of how many were done."""
        return self.state not in UNCOUNTED

    @property
    def key(self) -> tuple:
        return self.period.unit_id, self.duty.code, self.period.starts_on


@dataclass(frozen=True)
class DutyBoard:
    """The units below against their duties. `cells` of a unit are in the order of duties and periods."""

    unit: Unit
    year: int
    as_of: Day
    units: tuple[Unit, ...]
    cells: dict[int, tuple[DutyCell, ...]]

    @cached_property
    def duties(self) -> list[DutyType]:
        """The newest edition of each duty that somebody here owes, in order."""
        found = {one.duty.code: one.duty for cells in self.cells.values() for one in cells}
        return sorted(found.values(), key=lambda duty: (duty.position, duty.name, duty.code))

    def of(self, unit_id: int, code: str) -> list[DutyCell]:
        return [one for one in self.cells[unit_id] if one.duty.code == code]

    def due_in(self, unit_id: int, month: int) -> dict[str, list[DutyCell]]:
        """What falls due in a month of the year, by duty; what falls due after the year stands in its last month."""
        found = defaultdict(list)
        for one in self.cells[unit_id]:
            due = one.period.due_on
            if (due.month if due.year == self.year else 12) == month:
                found[one.duty.code].append(one)
        return found


def duty_calendar(unit: Unit, years: int | Sequence[int], *, as_of: Day) -> list[DutyCell]:
    """What the unit itself owes in a year (or several), duty by duty. A constant number of queries."""
    years = [years] if isinstance(years, int) else list(years)
    return cells_of(own_periods(unit, years), as_of=as_of)


def duty_board(unit: Unit, year: int, *, as_of: Day) -> DutyBoard:
    """The units below that owe something in the year, by the tree of each period's last day."""
    units, periods = periods_below(unit, [year], as_of=as_of)
    cells = defaultdict(list)
    for one in cells_of(periods, as_of=as_of):
        cells[one.period.unit_id].append(one)
    # Who stood here for no whole period and did nothing here is no row.
    shown = [one for one in units if any(cell.state != DutyState.NOT_OWED for cell in cells[one.pk])]
    return DutyBoard(unit, year, as_of, tuple(shown), {one.pk: tuple(cells[one.pk]) for one in shown})


@dataclass(frozen=True, slots=True)
class DutyCount:
    """How often a duty was done in a year, of how many it is owed by its end; not done with a reason, not reported."""

    duty: DutyType
    done: int
    owed: int
    not_held: int
    silent: int

    @property
    def is_whole(self) -> bool:
        return self.done == self.owed


def duty_counts(unit: Unit, year: int, *, as_of: Day, scope: Scope | None = None) -> list[DutyCount]:
    """Each duty of a branch, or of all units below a superior, in numbers. A constant number of queries.

    `scope` is that of the unit, from the first day of the year or an earlier one on.
    """
    if unit.is_branch:
        cells = duty_calendar(unit, year, as_of=as_of)
    else:
        _, _, below = periods_here_and_below(scope or scope_of(unit, Day(year, 1, 1)), [year], as_of=as_of)
        cells = cells_of(below, as_of=as_of)
    found = defaultdict(list)
    for one in cells:
        if one.is_owed:
            found[one.duty.code].append(one)
    counts = []
    for rows in found.values():
        states = Counter(one.state for one in rows)
        done = sum(states[state] for state in FULFILLED)
        not_held, silent = states[DutyState.NOT_HELD], states[DutyState.SILENT]
        counts.append(DutyCount(rows[-1].duty, done, len(rows), not_held, silent))
    return sorted(counts, key=lambda one: (one.duty.position, one.duty.name, one.duty.code))


def silent_below(unit: Unit, *, as_of: Day, days: int, within: int) -> list[tuple[Unit, list[DutyCell]]]:
    """Units below with what they have not reported for at least `days` days, due in the last `within` days.

    What is older than `within` stays on the board and is told nobody every week.
    """
    scope = scope_of(unit, (as_of - datetime.timedelta(days=within)).replace(month=1, day=1))
    return calendar_and_silent(scope, [], as_of=as_of, days=days, within=within)[1]


def calendar_and_silent(
    scope: Scope, years: Sequence[int], *, as_of: Day, days: int, within: int
) -> tuple[list[DutyCell], list[tuple[Unit, list[DutyCell]]]]:
    """`duty_calendar` of the unit for these years and `silent_below` it, read together: half the queries.

    `scope` begins in the first of these years, and in that of the oldest day, or earlier.
    """
    first, last = as_of - datetime.timedelta(days=within), as_of - datetime.timedelta(days=days)
    years_below = {first.year, last.year}
    units, own, below = periods_here_and_below(scope, sorted({*years, *years_below}), as_of=as_of)
    own = [one for one in own if one.starts_on.year in years]
    below = [one for one in below if first <= one.due_on <= last and one.starts_on.year in years_below]
    late = defaultdict(list)
    cells = cells_of([*own, *below], as_of=as_of)
    for one in cells[len(own) :]:
        if one.is_silent:
            late[one.period.unit_id].append(one)
    return cells[: len(own)], [(one, late[one.pk]) for one in units if one.pk in late]


# --- cells ----------------------------------------------------------------------------------------------


def cells_of(periods: Iterable[DutyPeriod], *, as_of: Day) -> list[DutyCell]:
    """Each period with what is known of it. One query for whatever can fulfil one and was said of one."""
    periods = list(periods)
    if not periods:
        return []
    known = _Known(periods, as_of)
    return [known.cell(period) for period in periods]


class _Known:
    """What was done and said of these units over the span of these periods."""

    def __init__(self, periods: list[DutyPeriod], as_of: Day):
        self.as_of = as_of
        self.units = {one.unit_id for one in periods}
        self.first, self.end = min(one.starts_on for one in periods), max(one.ends_on for one in periods)
        kinds = {one.duty.fulfilled_by for one in periods}
        found = ask_together(
            {
                "words": Question(self._of(DutyWord), WORD),
                "reminders": Question(self._of(DutyReminder).order_by("reminded_on", "pk"), REMINDER),
            }
            | ({"meetings": self._meetings()} if FulfilledBy.MEETING in kinds else {})
            | ({"slips": self._slips()} if FulfilledBy.REMITTANCE in kinds else {})
            | ({"reports": self._reports()} if kinds & REPORT_KINDS.keys() else {})
        )
        self.words = {(one.unit_id, one.code, one.starts_on): one for one in found["words"]}
        self.reminders = {(one.unit_id, one.code, one.starts_on): one for one in found["reminders"]}
        self.meetings = _by_unit((row.unit_id, (row.day, row)) for row in found.get("meetings", ()))
        self.slips, self.reports = (
            _by_unit((row.unit_id, row) for row in found.get(name, ())) for name in ("slips", "reports")
        )

    def _of(self, model):
        return model.objects.filter(unit__in=self.units, starts_on__gte=self.first, starts_on__lt=self.end)

    def _meetings(self) -> Question:
        rows = Meeting.objects.filter(unit__in=self.units, kind__in=Meeting.OF_ALL).between(self.first, self.end)
        return Question(rows.order_by("starts_at", "pk"), ("pk", "unit_id", "state", "starts_at", "cancel_reason"))

    def _slips(self) -> Question:
        rows = Remittance.objects.filter(unit__in=self.units, state__in=Remittance.STANDING)
        rows = rows.filter(starts_on__lt=self.end, ends_on__gt=self.first, handed_on__lte=self.as_of)
        return Question(rows.order_by("handed_on", "pk"), ("id", "unit_id", "starts_on", "ends_on", "handed_on"))

    def _reports(self) -> Question:
        """Reports of the period that were handed in, by the first time; what was taken back is a draft again. One that
        went out on paper only is said by hand."""
        handed = Submission.objects.filter(report=OuterRef("pk")).order_by("edition").values("submitted_on")[:1]
        rows = PeriodReport.objects.filter(unit__in=self.units, theme="").exclude(state=PeriodReport.State.DRAFT)
        rows = rows.annotate(came_on=Subquery(handed)).filter(came_on__lte=self.as_of)
        rows = rows.filter(period__kind__in=REPORT_KINDS.values(), period__starts_on__lt=self.end)
        rows = rows.filter(period__ends_on__gt=self.first).order_by("came_on", "pk")
        span = ("period__kind", "period__starts_on", "period__ends_on")
        return Question(rows, ("id", "unit_id", *span, "came_on"))

    def cell(self, period: DutyPeriod) -> DutyCell:
        """What was done counts before what was said, and what was said before silence."""
        done = self._done(period)
        if done is not None:
            day, source = done
            return DutyCell(period, DutyState.LATE if day > period.due_on else DutyState.DONE, day, source)
        key = (period.unit_id, period.duty.code, period.starts_on)
        word = self.words.get(key)
        if word is not None and word.said == Said.DONE:
            state = DutyState.LATE if word.done_on > period.due_on else DutyState.DONE
            return DutyCell(period, state, word.done_on, ("word", word.pk), word.reason, word)
        if period.why_not:
            return DutyCell(period, DutyState.NOT_OWED, reason=period.why_not)
        if period.is_free:
            why = period.exception
            return DutyCell(period, DutyState.EXEMPT, reason=why.reason, source=("exception", why.pk))
        if word is not None:
            state = DutyState.EXEMPT if word.said == Said.EXEMPT else DutyState.NOT_HELD
            return DutyCell(period, state, None, ("word", word.pk), word.reason, word)
        return self._undone(period, self.reminders.get(key))

    def _undone(self, period: DutyPeriod, reminder: DutyReminder | None) -> DutyCell:
        meetings = self._meetings_in(period)
        planned = next(((row.pk, day) for day, row in meetings if row.state in ("planned", "open")), None)
        if period.due_on >= self.as_of:
            return DutyCell(period, DutyState.DUE, planned=planned, reminder=reminder)
        cancelled = [row for _, row in meetings if row.state == Meeting.State.CANCELLED]
        if cancelled and planned is None:
            last = cancelled[-1]
            return DutyCell(period, DutyState.NOT_HELD, source=("meeting", last.pk), reason=last.cancel_reason)
        return DutyCell(period, DutyState.SILENT, planned=planned, reminder=reminder)

    def _meetings_in(self, period: DutyPeriod) -> list:
        if period.duty.fulfilled_by != FulfilledBy.MEETING:
            return []
        rows = self.meetings.get(period.unit_id, ())
        return [(day, row) for day, row in rows if period.starts_on <= day < period.ends_on]

    def _done(self, period: DutyPeriod) -> tuple[Day, tuple[str, int]] | None:
        """The day on which something fulfilled it, and what."""
        by = period.duty.fulfilled_by
        if by == FulfilledBy.MEETING:
            for day, row in self._meetings_in(period):
                if row.state == Meeting.State.HELD and day <= self.as_of:
                    return day, ("meeting", row.pk)
        elif by == FulfilledBy.REMITTANCE:
            return self._remitted(period)
        elif by in REPORT_KINDS:
            for row in self.reports.get(period.unit_id, ()):
                covers = row.period__starts_on <= period.starts_on and row.period__ends_on >= period.ends_on
                if covers and row.period__kind == REPORT_KINDS[by]:
                    return row.came_on, ("report", row.id)
        return None

    def _remitted(self, period: DutyPeriod) -> tuple[Day, tuple[str, int]] | None:
        """The slip that completes the period: three of a month each cover a quarter too."""
        missing = [(period.starts_on, period.ends_on)]
        for slip in self.slips.get(period.unit_id, ()):
            missing = [
                part
                for first, end in missing
                for part in ((first, min(end, slip.starts_on)), (max(first, slip.ends_on), end))
                if part[0] < part[1]
            ]
            if not missing:
                return slip.handed_on, ("remittance", slip.id)
        return None


def _by_unit(rows: Iterable[tuple]) -> dict[int, list]:
    found = defaultdict(list)
    for unit_id, row in rows:
        found[unit_id].append(row)
    return found
