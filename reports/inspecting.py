"""What inspection adds up to: the board of open recommendations, cases done, findings, time to close.

A committee reads its own sums and those of the committees below it. Each figure is the length of a list: the
pages open exactly the rows that were counted (`InspectionBoard.open_rows`, `Year`'s tuples of keys). Four queries,
however many units and recommendations there are. Permission is the caller's: it is asked once, of `unit`.
"""

import dataclasses
import datetime
import statistics
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from branches.models import Period, Unit
from inspections.models import Finding, Inspection, Recommendation

from .recommended import (
    LATE,
    Standing,
    as_of_day,
    days_late_then,
    due_then,
    of_committees,
    standing_of,
    waits_for_check,
    with_class,
)

Class = Finding.Class
CaseState = Inspection.State
NO_FINDING = "khong-gan"
CLASSES = ((Class.VIOLATION.value, Class.VIOLATION.label), (Class.SHORTCOMING.value, Class.SHORTCOMING.label),
           (NO_FINDING, "Không gắn hạn chế, vi phạm"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One open recommendation as it stood: who was asked and who asked, class, standing, date, lateness."""

    pk: int
    case_id: int
    number: int
    text: str
    owner: str
    unit_id: int
    unit: str
    committee_id: int
    committee: str
    kind: str
    standing: Standing
    due_on: datetime.date | None
    days_late: int
    concluded_on: datetime.date
    waits: bool  # the unit says it is done, and no check has told yet

    @property
    def is_late(self) -> bool:
        return self.standing in LATE


@dataclass(frozen=True)
class Line:
    """Open recommendations under one heading of the board: of a unit, a class or a committee."""

    key: str
    label: str
    counts: Counter
    waiting: int = 0  # of the open ones: done, says the unit, and not checked

    @property
    def cells(self) -> list[tuple[Standing, int]]:
        return [(one, self.counts[one]) for one in Standing]

    @property
    def open(self) -> int:
        """What the unit still has to do: without what is accepted as not done."""
        return self.counts.total() - self.counts[Standing.ACCEPTED]

    @property
    def overdue(self) -> int:
        return sum(self.counts[one] for one in LATE)


@dataclass(frozen=True)
class InspectionBoard:
    """Open recommendations of the committees of a unit and below, on a day."""

    unit: Unit
    as_of: datetime.date
    open_rows: tuple[OpenRow, ...]

    @property
    def by_unit(self) -> list[Line]:
        """The most overdue first, then the most open ones."""
        lines = _lines(self.open_rows, lambda row: (str(row.unit_id), row.unit))
        return sorted(lines, key=lambda line: (-line.overdue, -line.open))

    @property
    def by_class(self) -> list[Line]:
        """Each recommendation once, under the gravest finding behind it."""
        found = {line.key: line for line in _lines(self.open_rows, lambda row: (row.kind, ""))}
        return [
            dataclasses.replace(found[key], label=label) if key in found else Line(key, label, Counter())
            for key, label in CLASSES
        ]

    @property
    def by_committee(self) -> list[Line]:
        return _lines(self.open_rows, lambda row: (str(row.committee_id), row.committee))

    @property
    def total(self) -> Line:
        return _line("", "Tổng cộng", self.open_rows)

    def chosen(
        self, *, unit: str = "", kind: str = "", committee: str = "", standings=(), waiting: bool = False
    ) -> list[OpenRow]:
        """The rows behind a cell. What is left out narrows nothing; without standings what is accepted is left out."""
        standings = standings or [one for one in Standing if one != Standing.ACCEPTED]
        return [
            row
            for row in self.open_rows
            if row.standing in standings
            and unit in ("", str(row.unit_id))
            and kind in ("", row.kind)
            and committee in ("", str(row.committee_id))
            and (row.waits or not waiting)
        ]


def _lines(rows: Iterable[OpenRow], heading: Callable) -> list[Line]:
    found: dict[tuple, list[OpenRow]] = {}
    for row in rows:
        found.setdefault(heading(row), []).append(row)
    return [_line(*key, of_key) for key, of_key in found.items()]


def _line(key: str, label: str, rows: Iterable[OpenRow]) -> Line:
    waiting = sum(1 for row in rows if row.waits and row.standing != Standing.ACCEPTED)
    return Line(key, label, Counter(row.standing for row in rows), waiting)


def inspection_board(unit: Unit, *, as_of: datetime.date) -> InspectionBoard:
    """The board of the committees at the unit and below it. One query."""
    rows = with_class(as_of_day(Recommendation.objects.filter(of_committees(unit)), as_of))
    rows = rows.select_related("inspection__unit", "inspection__programme__unit").order_by(
        "inspection__unit__sort_key", "inspection__unit_id", "inspection__concluded_on", "inspection_id", "number"
    )
    return InspectionBoard(unit, as_of, tuple(one for row in rows if (one := _open_row(row, as_of)) is not None))


def _open_row(row: Recommendation, on: datetime.date) -> OpenRow | None:
    standing = standing_of(row, on)
    if standing is None:
        return None
    case, committee = row.inspection, row.inspection.programme.unit
    kind = Class.VIOLATION if row.of_violation else Class.SHORTCOMING if row.of_shortcoming else NO_FINDING
    return OpenRow(
        pk=row.pk, case_id=case.pk, number=row.number, text=row.text, owner=row.owner, unit_id=case.unit_id,
        unit=case.unit.name, committee_id=committee.pk, committee=committee.name, kind=str(kind), standing=standing,
        due_on=due_then(row), days_late=days_late_then(row, on), concluded_on=case.concluded_on,
        waits=waits_for_check(row, on),
    )  # fmt: skip


# --- the year ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Case:
    """One case of the year's programmes, and how far it had come by the day."""

    pk: int
    committee_id: int
    committee: str
    is_done: bool
    is_concluded: bool
    is_closed: bool
    is_dropped: bool
    unit_id: int
    inspects: bool  # a session may inspect and supervise at once: it is one case of both
    supervises: bool


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding of a notice of the year."""

    pk: int
    kind: str
    weight: int
    unit_id: int
    unit: str
    is_repeated: bool
    committee_id: int


@dataclass(frozen=True)
class CaseCounts:
    """Cases against the programme. `planned` is without what was dropped from it."""

    label: str
    planned: int
    done: int
    concluded: int
    closed: int
    dropped: int
    key: str = ""  # of a committee


@dataclass(frozen=True)
class Year:
    """The year of the inspection committees of a unit and below, up to `as_of` or the end of the year."""

    unit: Unit
    year: int
    as_of: datetime.date
    cases: tuple[Case, ...]
    findings: tuple[FindingRow, ...]
    closed: tuple[tuple[int, int], ...]  # (recommendation, whole days from the notice to the check that closed it)
    board: InspectionBoard

    @property
    def until(self) -> datetime.date:
        return self.board.as_of

    @property
    def visits(self) -> CaseCounts:
        return _count_cases("Tổng cộng", self.cases)

    @property
    def visits_by_committee(self) -> list[CaseCounts]:
        found: dict[tuple, list[Case]] = {}
        for case in self.cases:
            found.setdefault((case.committee_id, case.committee), []).append(case)
        return [_count_cases(label, cases, str(key)) for (key, label), cases in found.items()]

    @property
    def findings_by_class(self) -> list[tuple[str, str, int]]:
        """(class, its word, how many), every class."""
        counts = Counter(row.kind for row in self.findings)
        return [(kind.value, kind.label, counts[kind.value]) for kind in Class]

    @property
    def repeated(self) -> tuple[FindingRow, ...]:
        return tuple(row for row in self.findings if row.is_repeated)

    @property
    def faults(self) -> int:
        return sum(1 for row in self.findings if row.kind in Finding.FAULTS)

    @property
    def median_days(self) -> int | None:
        """Half of those closed took no longer: of an even number the lower of the two in the middle."""
        return statistics.median_low([days for _, days in self.closed]) if self.closed else None

    @property
    def longest_days(self) -> int | None:
        return max((days for _, days in self.closed), default=None)

    def cases_of(self, group: str, *, committee: str = "") -> list[int]:
        """The cases behind a figure of `visits`, or of one line of `visits_by_committee`."""
        cases = [case for case in self.cases if committee in ("", str(case.committee_id))]
        asked = {"da-lam": "is_done", "da-ket-luan": "is_concluded", "da-ket-thuc": "is_closed", "da-bo": "is_dropped"}
        if group in asked:
            return [case.pk for case in cases if getattr(case, asked[group])]
        if group == "chua-lam":
            return [case.pk for case in cases if not case.is_done and not case.is_dropped]
        return [case.pk for case in cases if not case.is_dropped]


def _count_cases(label: str, cases: Iterable[Case], key: str = "") -> CaseCounts:
    cases = list(cases)
    dropped = sum(case.is_dropped for case in cases)
    return CaseCounts(
        label, len(cases) - dropped, sum(case.is_done for case in cases), sum(case.is_concluded for case in cases),
        sum(case.is_closed for case in cases), dropped, key,
    )  # fmt: skip


def inspection_year(unit: Unit, year: int, *, as_of: datetime.date) -> Year:
    """The year's sums of the committees at the unit and below it. Four queries."""
    period = Period.of_year(year)
    until = min(as_of, period.last_day)
    below = {"programme__unit__path__startswith": unit.path}
    cases = Inspection.objects.filter(**below, programme__year=year).select_related("programme__unit")
    told = Finding.objects.in_force().filter(
        **{f"inspection__{name}": value for name, value in below.items()},
        inspection__concluded_on__gte=period.starts_on,
        inspection__concluded_on__lte=until,
    )
    done = Recommendation.objects.filter(
        of_committees(unit), state=Recommendation.State.CLOSED, ended_on__gte=period.starts_on, ended_on__lte=until
    )
    return Year(
        unit=unit,
        year=year,
        as_of=as_of,
        cases=tuple(_case(case, until) for case in cases.order_by("programme__unit__sort_key", "pk")),
        findings=tuple(
            FindingRow(*row[:5], row[5] is not None, row[6])
            for row in told.order_by("inspection__unit__sort_key", "inspection_id", "position", "pk").values_list(
                "pk",
                "kind",
                "weight",
                "inspection__unit_id",
                "inspection__unit__name",
                "repeat_of_id",
                "inspection__programme__unit_id",
            )
        ),
        closed=tuple(
            (pk, (ended_on - concluded_on).days)
            for pk, ended_on, concluded_on in done.order_by("pk").values_list(
                "pk", "ended_on", "inspection__concluded_on"
            )
        ),
        board=inspection_board(unit, as_of=until),
    )


def _case(case: Inspection, until: datetime.date) -> Case:
    """How far the case had come: a session counts as done on its day, a case without one with its notice."""
    is_over = case.state not in (*Inspection.BEFORE_VISIT, CaseState.CANCELLED)
    done_on = case.visited_on or case.concluded_on
    is_told = case.concluded_on is not None and case.concluded_on <= until
    is_ended = case.closed_on is not None and case.closed_on <= until
    return Case(
        pk=case.pk,
        committee_id=case.programme.unit_id,
        committee=case.programme.unit.name,
        is_done=is_over and done_on is not None and done_on <= until,
        is_concluded=is_told,
        is_closed=is_ended and case.state == CaseState.CLOSED,
        is_dropped=is_ended and case.state == CaseState.CANCELLED,
        unit_id=case.unit_id,
        inspects=bool(case.inspection_kind),
        supervises=bool(case.supervision_kind),
    )
