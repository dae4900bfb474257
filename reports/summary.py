"""The Party committee's year of a unit: sums, targets, trend, directions and recommendations.

No personal data: members are counted, inspections are counted, nobody is named. The page and the
printed sheet call the same function.
"""

import datetime
import itertools
import re
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from branches.formats import day
from branches.models import Direction, Period, PeriodTotal, Proposal, Target, Task, Unit
from branches.models.rule import rules_on_days
from branches.party_way.funnel import counted_by_kind
from branches.proposing_above import THEN, ProposalFigures, proposals_then, sent_until
from branches.register import register_by_unit
from branches.tasks import STOOD, with_last_step
from branches.together import Question, ask_together
from branches.totals import WHOLE_YEAR
from branches.tree import Scope, scope_of

from .amounts import NOTHING
from .board import Board, board_for
from .directions import DirectionNow, directions_now
from .duties import DutyCount, duty_counts
from .followup import Recommendations, added_up, asked_of
from .frozen_years import LOGGED, FrozenYear, frozen_years, reported_board
from .history import years_for
from .judging import Progress, Standing
from .party_way import StepCount, step_counts
from .progress import ProgressTable, progress_for
from .recommended import COLUMNS as OF_RECOMMENDATION

TREND = 3  # years told side by side
DATED = re.compile(r"ngày (\d{1,2})/(\d{1,2})/(\d{4})$")
MEMBERS = ("members", "women", "party_members")
ASKED = ("pk", "unit_id", "body_name", "given_on", "document", "position", "text", "due_on", "answer", "answered_on",
         "withdrawn_on", "withdraw_reason")  # fmt: skip
NAMED_LATE = 3  # late targets named in the first sentence; the rest is counted


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A target with the same figure in the years before; the last of `years` is this year.

    `units` says for each of the years how many units below recorded a figure, where that is fewer than
    this year: a sum that grew because more units record it is no growth.
    """

    row: Progress
    years: tuple[Progress, ...]
    units: tuple[int | None, ...]

    @property
    def known(self) -> int:
        """How many of the years have a figure."""
        return sum(1 for year in self.years if year.done.value is not None)


@dataclass(frozen=True, slots=True)
class Asking:
    """Directions one body gave on one day in one document, under one heading."""

    body_name: str
    given_on: datetime.date
    document: str
    directions: tuple[DirectionNow, ...]

    @property
    def document_name(self) -> str:
        """The document without its day where that is the day already named in the heading."""
        dated = DATED.search(self.document)
        if dated and tuple(map(int, dated.groups())) == (self.given_on.day, self.given_on.month, self.given_on.year):
            return self.document[: dated.start()].rstrip(" ,")
        return self.document


@dataclass(frozen=True)
class PartySummary:
    unit: Unit
    year: int
    as_of: datetime.date
    members: dict[str, int]
    table: ProgressTable
    rows: tuple[KeyRow, ...]
    directions: tuple[DirectionNow, ...]
    proposals: tuple[Proposal, ...]
    proposed: ProposalFigures
    recommendations: Recommendations
    board: Board | None
    duties: tuple[DutyCount, ...]
    party_steps: tuple[StepCount, ...]
    # By year the approved report its figures are from; a year that is not here is told as logged.
    reports: dict[int, FrozenYear]

    @property
    def report(self) -> FrozenYear | None:
        """The approved report of the year, where there is one."""
        return self.reports.get(self.year)

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the figures of each year are from: "năm 2025 theo báo cáo đã duyệt ngày 10/01/2026"."""
        return tuple(
            f"năm {year} {self.reports[year].words if year in self.reports else LOGGED}" for year in self.years
        )

    @property
    def source_sentence(self) -> str:
        """One sentence about the year; with the years before where any of them has a report."""
        told = self.sources if self.reports else self.sources[-1:]
        return f"Nguồn số liệu: {'; '.join(told)}."

    @property
    def years(self) -> list[int]:
        return list(range(self.year - TREND + 1, self.year + 1))

    @property
    def until(self) -> datetime.date:
        """The last day of directions, proposals, recommendations; of the figures too while there is no report."""
        return min(self.as_of, self.table.period.last_day)

    @property
    def told_until(self) -> datetime.date:
        """The last day of the figures: a report tells them as of its own."""
        return self.report.as_of if self.report else self.until

    @property
    def duties_kept(self) -> bool:
        """Whether the calendar was used: a year that ended without one word about any duty was before it."""
        if self.as_of < self.table.period.last_day:
            return bool(self.duties)
        return any(one.done or one.not_held for one in self.duties)

    @property
    def standing_sentence(self) -> str:
        """How many targets stand where: the first sentence of the page and of the paper."""
        if not self.table.planned:
            text = f"{self.unit.name} chưa lập kế hoạch năm {self.year}."
            summed = self.board is not None and self.board.totals
            return f"{text} Các số dưới đây cộng từ các đơn vị trực thuộc." if summed else text
        parts = [f"đạt {self.table.reached}"]
        for word, count in (
            ("đang làm", self.going),
            (self.late_word, len(self.table.late)),
            ("chưa đo được", self.unmeasured),
        ):
            if count:
                parts.append(f"{word} {count}")
        who = "Chi đoàn" if self.unit.is_branch else "Đơn vị"
        return f"{who} có {len(self.table.planned)} chỉ tiêu, đến {day(self.told_until)} {', '.join(parts)}."

    @property
    def proposals_sentence(self) -> str:
        """How many proposals the unit sent in the year and how many were agreed to; nothing where it sent none."""
        if not self.proposed.sent:
            return ""
        agreed = f"được đồng ý {self.proposed.agreed}" if self.proposed.agreed else "chưa có đề xuất nào được đồng ý"
        return f"Trong năm đã gửi {self.proposed.sent} đề xuất, {agreed}."

    @property
    def late_word(self) -> str:
        """A year that is over knows only missed targets; a running one also late ones."""
        return "chưa đạt" if self.until < self.as_of else "chậm hoặc chưa đạt"

    @property
    def going(self) -> int:
        """Targets neither reached nor late, that can be measured."""
        return sum(1 for row in self.table.planned if row.standing == Standing.ON_TRACK)

    @property
    def unmeasured(self) -> int:
        return len(self.table.planned) - self.table.reached - self.going - len(self.table.late)

    @property
    def late_named(self) -> tuple[Progress, ...]:
        return self.table.late[:NAMED_LATE]

    @property
    def late_besides(self) -> int:
        """Late targets beyond those the first sentence names."""
        return len(self.table.late) - len(self.late_named)

    @property
    def askings(self) -> list[Asking]:
        """The directions under headings: what one body asked for on one day in one document stands together.

        What is overdue comes first, under its heading and among the headings.
        """
        same = itertools.groupby(
            self.directions, lambda one: (one.direction.body_name, one.direction.given_on, one.direction.document)
        )
        found = [Asking(*heading, tuple(sorted(ones, key=lambda one: not one.is_overdue))) for heading, ones in same]
        return sorted(found, key=lambda asking: not asking.directions[0].is_overdue)

    @property
    def cells_on_course(self) -> int:
        """Of all targets of the subordinates on the board, those not late."""
        return sum(row.on_course for row in self.board.rows) if self.board else 0

    def trends(self, count: int = 4) -> list[KeyRow]:
        """Targets worth drawing: those with a figure in most years first, then late ones.

        One year's figure is hardly a trend: such targets are drawn only where there are no better ones,
        and fewer of them.
        """
        drawn = [key for key in self.rows if _is_drawable(key.row) and key.known]
        drawn.sort(key=lambda key: (-key.known, not key.row.is_late))
        told = [key for key in drawn if key.known > 1]
        return told[:count] or drawn[: count // 2]


def _is_drawable(row: Progress) -> bool:
    return row.depth == 0 and not row.indicator.is_yes_no and not row.indicator.is_money


def party_summary(unit: Unit, year: int, *, as_of: datetime.date) -> PartySummary:
    """The year of the unit and, for a superior, of everything below it. A constant number of queries.

    Results are those of the approved report of each year where there is one. Everything else stands as it stood on
    the last day of the year, or on `as_of` if that is earlier; only the duties of the year, some of which fall due
    after it, are told as of `as_of`.
    """
    period = Period.of_year(year)
    until = min(as_of, period.last_day)
    earlier = [Period.of_year(number) for number in range(year - TREND + 1, year)]
    scope = scope_of(unit, earlier[0].starts_on)
    rules, rules_before = rules_on_days(until, min(as_of, earlier[-1].last_day))
    table = progress_for(unit, period, as_of=as_of, scope=scope, rules=rules)
    by_year = years_for(unit, table.planned, earlier, as_of=as_of, scope=scope, rules=rules_before)
    found = ask_together(_questions(scope, period, earlier, table, as_of))
    units = {} if unit.is_branch else _units_recording(found["recorded"], [*earlier, period])
    proposals, proposed = proposals_then(found["proposals"])
    registered = [(row.unit_id, row.unit__path, row.members) for row in found["members"]]
    board = None
    if not unit.is_branch:
        board = board_for(
            unit, period, as_of=as_of, scope=scope, rules=rules, registered=registered, required=table.required
        )
    reports = frozen_years(
        [unit.pk, *(row.unit.pk for row in (board.rows if board else ()))],
        [one.year_number for one in (*earlier, period)],
        as_of=as_of,
    )
    own = {number: report for (pk, number), report in reports.items() if pk == unit.pk}
    members = {key: sum(getattr(row, key) for row in found["members"]) for key in MEMBERS}
    live = table
    if year in own:
        table, members = own[year].table(live), own[year].member_figures(MEMBERS) or members
    return PartySummary(
        unit=unit,
        year=year,
        as_of=as_of,
        members=members,
        table=table,
        rows=tuple(
            _key_row(row, by_year.get(row.indicator.code, ()), units, [year.year_number for year in earlier], own)
            for row in table.planned
        ),
        directions=_directions(found, table, live, until),
        proposals=proposals,
        proposed=proposed,
        recommendations=added_up(found["recommendations"], period, as_of=as_of),
        board=reported_board(board, year, reports) if board else None,
        duties=tuple(duty_counts(unit, year, as_of=as_of, scope=scope)),
        party_steps=step_counts(found["steps"], table),
        reports=own,
    )


def _key_row(row: Progress, before, units: dict, years: list[int], own: dict[int, FrozenYear]) -> KeyRow:
    """The row beside the years before: of each the approved figure, else the logged one.

    How many units recorded is said of logged years beside a logged year only: a report stands for all of them.
    """
    logged = list(before) or [Progress(row.unit_id, row.indicator, None, None, NOTHING, depth=row.depth)] * len(years)
    told = []
    for number, one in zip(years, logged, strict=True):
        if number in own:
            approved = own[number].row(row.indicator.code)
            one = approved or Progress(row.unit_id, row.indicator, None, None, NOTHING, depth=row.depth)
        told.append(one)
    counts = (None,) * TREND if own else units.get(row.indicator.code, (None,) * TREND)
    return KeyRow(row, (*told, row), counts)


def _questions(scope: Scope, period: Period, earlier: list[Period], table: ProgressTable, as_of) -> dict[str, Question]:
    """All that the summary asks beside results and duties."""
    unit, until = scope.unit, min(as_of, period.last_day)
    directions = _asked(unit, period, until)
    targets = Target.objects.of_period(period).filter(unit=unit, direction__in=directions.values("pk")).in_order()
    tasks = with_last_step(Task.objects.filter(direction__in=directions.values("pk")), until)
    asked = {
        "members": Question(register_by_unit(MEMBERS, scope.on(until), until), ("unit_id", "unit__path", *MEMBERS)),
        "directions": Question(directions, ASKED),
        "targets": Question(targets, ("direction_id", "indicator__code")),
        "tasks": Question(tasks.order_by("pk"), STOOD),
        "proposals": Question(sent_until(unit, period, until), THEN),
        "recommendations": Question(asked_of(scope, period, as_of=as_of), ("pk", *OF_RECOMMENDATION)),
        "steps": Question(counted_by_kind(scope, period.starts_on, until), ("kind", "persons")),
    }
    if not unit.is_branch:
        years = [year.starts_on.year for year in (*earlier, period)]
        asked["recorded"] = Question(_recorded(scope, table, years), ("code", "year", "units"))
    return asked


def _recorded(scope: Scope, table: ProgressTable, years: list[int]):
    """By indicator and year, how many units recorded a figure.

    A unit that moved counts in the years whose last figure it recorded here.
    """
    rows = PeriodTotal.objects.filter(
        scope.within("last_on"),
        month=WHOLE_YEAR,
        year__in=years,
        code__in=[row.indicator.code for row in table.planned],
        known__gt=0,
    )
    return rows.order_by().values("code", "year").annotate(units=Count("unit"))


def _units_recording(rows, years: list[Period]) -> dict[str, tuple[int | None, ...]]:
    """By indicator the units of each year, where fewer recorded a figure than in the last one."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for row in rows:
        found[row.code][row.year] = row.units
    told = {}
    for code, by_year in found.items():
        counts = [by_year.get(year.starts_on.year, 0) for year in years]
        told[code] = tuple(count if 0 < count < counts[-1] else None for count in counts)
    return told


def _asked(unit: Unit, period: Period, until: datetime.date):
    """Directions of the Party committee given in the year, and older ones still answered in it or never answered."""
    of_it = {"direction": OuterRef("pk")}
    targets, tasks = Target.objects.filter(**of_it), Task.objects.filter(**of_it)
    planned = targets.filter(period__kind=period.kind, period__starts_on=period.starts_on)
    given = tasks.filter(given_on__gte=period.starts_on, given_on__lte=until)
    silent = Q(answer="") | Q(answered_on__gt=until)
    return (
        Direction.objects.standing(until)
        .filter(unit=unit, given_by=Direction.GivenBy.PARTY, given_on__lte=until)
        .filter(
            Q(given_on__gte=period.starts_on)
            | Exists(planned)
            | Exists(given)
            | silent & ~Exists(targets) & ~Exists(tasks.filter(given_on__lte=until))
        )
        .order_by("given_on", "body_name", "document", "position", "pk")
    )


def _directions(found: dict[str, list], table: ProgressTable, live: ProgressTable, until) -> tuple[DirectionNow, ...]:
    """Where each direction stands by the figures of the page; a target set after the report by what is logged."""
    rows = defaultdict(tuple)
    for one in found["targets"]:
        if (row := table.row(one.indicator__code) or live.row(one.indicator__code)) is not None:
            rows[one.direction_id] += (row,)
    return tuple(directions_now(found["directions"], rows, on=until, counted=found["tasks"]))
