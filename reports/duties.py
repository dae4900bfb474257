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

from branches.duties import BY_HAND
from branches.duty_periods import DutyPeriod, own_periods, periods_below
from branches.models import DutyReminder, DutyType, DutyWord, Meeting, Period, Remittance, Unit

from .models import PeriodReport

__all__ = [
    "BY_HAND",
    "DutyBoard",
    "DutyCell",
    "DutyState",
    "cells_of",
    "duty_board",
    "duty_calendar",
    "duty_counts",
    "silent_below",
]
Day = datetime.date
FulfilledBy, Said = DutyType.FulfilledBy, DutyWord.Said
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


def duty_counts(unit: Unit, year: int, *, as_of: Day) -> list[DutyCount]:
    """Each duty of a branch, or of all units below a superior, in numbers. A constant number of queries."""
    if unit.is_branch:
        cells = duty_calendar(unit, year, as_of=as_of)
    else:
        cells = [one for cells in duty_board(unit, year, as_of=as_of).cells.values() for one in cells]
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
    first, last = as_of - datetime.timedelta(days=within), as_of - datetime.timedelta(days=days)
    years = sorted({first.year, last.year})
    units, periods = periods_below(unit, years, as_of=as_of)
    late = defaultdict(list)
    for one in cells_of([p for p in periods if first <= p.due_on <= last], as_of=as_of):
        if one.is_silent:
            late[one.period.unit_id].append(one)
    return [(one, late[one.pk]) for one in units if one.pk in late]


# --- cells ----------------------------------------------------------------------------------------------


def cells_of(periods: Iterable[DutyPeriod], *, as_of: Day) -> list[DutyCell]:
    """Each period with what is known of it. One query for each kind of thing that can fulfil one, and two more."""
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
        self.words = {(one.unit_id, one.code, one.starts_on): one for one in self._of(DutyWord)}
        rows = self._of(DutyReminder).select_related("reminded_by").order_by("reminded_on", "pk")
        self.reminders = {(one.unit_id, one.code, one.starts_on): one for one in rows}
        self.meetings = self._meetings() if FulfilledBy.MEETING in kinds else {}
        self.slips = self._slips() if FulfilledBy.REMITTANCE in kinds else {}
        self.reports = self._reports() if kinds & REPORT_KINDS.keys() else {}

    def _of(self, model):
        return model.objects.filter(unit__in=self.units, starts_on__gte=self.first, starts_on__lt=self.end)

    def _meetings(self) -> dict:
        rows = (
            Meeting.objects.filter(unit__in=self.units, kind__in=Meeting.OF_ALL)
            .between(self.first, self.end)
            .only("unit_id", "state", "starts_at", "cancel_reason")
            .order_by("starts_at", "pk")
        )
        found = defaultdict(list)
        for row in rows:
            found[row.unit_id].append((row.day, row))
        return found

    def _slips(self) -> dict:
        rows = Remittance.objects.filter(unit__in=self.units, state__in=Remittance.STANDING)
        found = defaultdict(list)
        for row in (
            rows.filter(starts_on__lt=self.end, ends_on__gt=self.first, handed_on__lte=self.as_of)
            .order_by("handed_on", "pk")
            .values_list("unit_id", "pk", "starts_on", "ends_on", "handed_on")
        ):
            found[row[0]].append(row[1:])
        return found

    def _reports(self) -> dict:
        rows = PeriodReport.objects.issued().filter(unit__in=self.units, dated_on__lte=self.as_of)
        found = defaultdict(list)
        for row in (
            rows.filter(period__kind__in=REPORT_KINDS.values(), period__starts_on__lt=self.end)
            .filter(period__ends_on__gt=self.first)
            .order_by("dated_on", "pk")
            .values_list("unit_id", "pk", "period__kind", "period__starts_on", "period__ends_on", "dated_on")
        ):
            found[row[0]].append(row[1:])
        return found

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
            for pk, kind, starts_on, ends_on, dated_on in self.reports.get(period.unit_id, ()):
                if kind == REPORT_KINDS[by] and starts_on <= period.starts_on and ends_on >= period.ends_on:
                    return dated_on, ("report", pk)
        return None

    def _remitted(self, period: DutyPeriod) -> tuple[Day, tuple[str, int]] | None:
        """The slip that completes the period: three of a month each cover a quarter too."""
        missing = [(period.starts_on, period.ends_on)]
        for pk, starts_on, ends_on, handed_on in self.slips.get(period.unit_id, ()):
            missing = [
                part
                for first, end in missing
                for part in ((first, min(end, starts_on)), (max(first, ends_on), end))
                if part[0] < part[1]
            ]
            if not missing:
                return handed_on, ("remittance", pk)
        return None
