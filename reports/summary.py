"""The Party committee's year of a unit: sums, targets, trend, directions and recommendations.

No personal data: members are counted, inspections are counted, nobody is named. The page and the
printed sheet call the same function.
"""

import datetime
import itertools
import re
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q

from branches.formats import day
from branches.models import Direction, Period, PeriodTotal, Proposal, Target, Unit
from branches.proposing_above import ProposalFigures, proposals_of
from branches.register import register_figures
from branches.totals import WHOLE_YEAR
from branches.tree import Scope, scope_of

from .board import Board, board_for
from .directions import DirectionNow, directions_now
from .followup import Recommendations, recommendations_of
from .history import years_for
from .judging import Progress, Standing
from .progress import ProgressTable, progress_for

TREND = 3  # years told side by side
DATED = re.compile(r"ngày (\d{1,2})/(\d{1,2})/(\d{4})$")
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

    @property
    def years(self) -> list[int]:
        return list(range(self.year - TREND + 1, self.year + 1))

    @property
    def until(self) -> datetime.date:
        return min(self.as_of, self.table.period.last_day)

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
        return f"{who} có {len(self.table.planned)} chỉ tiêu, đến {day(self.until)} {', '.join(parts)}."

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
    """The year of the unit and, for a superior, of everything below it. A constant number of queries."""
    period = Period.of_year(year)
    earlier = [Period.of_year(number) for number in range(year - TREND + 1, year)]
    scope = scope_of(unit, earlier[0].starts_on)
    table = progress_for(unit, period, as_of=as_of, scope=scope)
    by_year = years_for(unit, table.planned, earlier, as_of=as_of, scope=scope)
    units = {} if unit.is_branch else _units_recording(scope, table, [*earlier, period])
    until = min(as_of, period.last_day)
    keys = ("members", "women", "party_members")
    return PartySummary(
        unit=unit,
        year=year,
        as_of=as_of,
        members=register_figures(units=scope.on(until), keys=keys, day=until),
        table=table,
        rows=tuple(
            KeyRow(row, (*by_year[row.indicator.code], row), units.get(row.indicator.code, (None,) * TREND))
            for row in table.planned
        ),
        directions=tuple(_directions(unit, period, table, until)),
        proposals=tuple(Proposal.objects.sent_in(unit, period)),
        proposed=proposals_of([unit], period)[unit.pk],
        recommendations=recommendations_of(scope, period, as_of=as_of),
        board=None if unit.is_branch else board_for(unit, period, as_of=as_of, scope=scope),
    )


def _units_recording(scope: Scope, table: ProgressTable, years: list[Period]) -> dict[str, tuple[int | None, ...]]:
    """By indicator and year, how many units recorded a figure where fewer did than in the last year. One query.

    A unit that moved counts in the years whose last figure it recorded here.
    """
    found: dict[str, dict[int, int]] = defaultdict(dict)
    rows = (
        PeriodTotal.objects.filter(
            scope.within("last_on"),
            month=WHOLE_YEAR,
            year__in=[year.starts_on.year for year in years],
            code__in=[row.indicator.code for row in table.planned],
            known__gt=0,
        )
        .values_list("code", "year")
        .annotate(units=Count("unit"))
        .order_by()
    )
    for code, year, units in rows:
        found[code][year] = units
    told = {}
    for code, by_year in found.items():
        counts = [by_year.get(year.starts_on.year, 0) for year in years]
        told[code] = tuple(count if 0 < count < counts[-1] else None for count in counts)
    return told


def _directions(unit: Unit, period: Period, table: ProgressTable, until: datetime.date) -> list[DirectionNow]:
    """Directions of the Party committee given in the year, and older ones still answered in it or never answered."""
    directions = list(
        Direction.objects.filter(unit=unit, given_by=Direction.GivenBy.PARTY, given_on__lte=until)
        .filter(
            Q(given_on__gte=period.starts_on)
            | Q(targets__period__kind=period.kind, targets__period__starts_on=period.starts_on)
            | Q(tasks__given_on__gte=period.starts_on, tasks__given_on__lte=until)
            | Q(answer="", targets=None, tasks=None)
        )
        .distinct()
        .order_by("given_on", "body_name", "document", "position", "pk")
    )
    rows = defaultdict(tuple)
    answering = Target.objects.of_period(period).filter(unit=unit, direction__in=directions).in_order()
    for direction_id, code in answering.values_list("direction_id", "indicator__code"):
        if (row := table.row(code)) is not None:
            rows[direction_id] += (row,)
    return directions_now(directions, rows, on=until)
