"""Years as they were approved: the figures of yearly reports in force, told before what is logged.

Whoever reads for the Party committee, or over the years of a term, takes the approved edition of a year where there is
one and says its day; a year without one is what is logged so far, and said to be that.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from branches.formats import day, small
from branches.models import Indicator, Period
from branches.register import FLOWS

from .amounts import NOTHING, over_years, with_wholes
from .board import Board, worst_first
from .frozen_rows import progress_of_rows
from .judging import Progress, Standing, aim_over_years, judge
from .models import ReportRow, Submission
from .progress import ProgressTable

LOGGED = "chưa có báo cáo được duyệt, lấy số liệu đang ghi"


@dataclass(frozen=True)
class FrozenYear:
    """The yearly report of one unit in force. `rows` stand in the order in which they were submitted; `as_of` is the
    last day they speak of, never after the year."""

    report_pk: int
    edition_pk: int
    approved_on: datetime.date
    as_of: datetime.date
    facts: dict
    rows: tuple[Progress, ...]

    def row(self, code: str) -> Progress | None:
        return next((row for row in self.rows if row.indicator.code == code), None)

    @property
    def words(self) -> str:
        return f"theo báo cáo đã duyệt ngày {day(self.approved_on)}"

    def member_figures(self, names: Iterable[str]) -> dict[str, int] | None:
        """These figures of the register as the report has them; None where it has not all of them."""
        names = tuple(names)
        return {name: self.facts[name] for name in names} if all(name in self.facts for name in names) else None

    def table(self, live: ProgressTable) -> ProgressTable:
        """The table of the year with the approved rows, each beside the target it has in the plan now."""
        standing = {row.indicator.code: row for row in live.rows}
        rows = tuple(_beside(row, standing.get(row.indicator.code)) for row in self.rows)
        activities = self.facts.get("activities", live.activities)
        return replace(live, as_of=self.as_of, rows=rows, activities=activities)


def _beside(row: Progress, live: Progress | None) -> Progress:
    if live is None:
        return row
    return replace(row, unit_id=live.unit_id, target=live.target, assigned=live.assigned)


def frozen_years(
    units: Iterable[int], years: Iterable[int], *, as_of: datetime.date
) -> dict[tuple[int, int], FrozenYear]:
    """{(unit, year): its yearly report in force on the day}. Two queries, one where nothing was approved."""
    editions = (
        Submission.objects.filter(approved_on__lte=as_of)
        .filter(
            report__unit__in=list(units), report__theme="", report__period__kind=Period.Kind.YEAR,
            report__period__starts_on__year__in=list(years),
        )
        .select_related("report__period")
        .only(
            "as_of", "approved_on", "facts", "report_id", "report__unit_id", "report__period__starts_on",
            "report__period__ends_on",
        )
        .order_by("report", "edition")
    )  # fmt: skip
    editions = list({one.report_id: one for one in editions}.values())  # of each report the newest
    if not editions:
        return {}
    told = ReportRow.objects.filter(submission__in=[one.pk for one in editions]).select_related("indicator__area")
    rows: dict[int, list[ReportRow]] = {}
    for row in told.order_by("submission", "position", "pk"):
        rows.setdefault(row.submission_id, []).append(row)
    return {
        (one.report.unit_id, one.report.period.year_number): FrozenYear(
            one.report_id, one.pk, one.approved_on, min(one.as_of, one.report.period.last_day), one.facts,
            tuple(progress_of_rows(rows.get(one.pk, ()))),
        )
        for one in editions
    }  # fmt: skip


def reported_board(board: Board, year: int, reports: dict[tuple[int, int], FrozenYear]) -> Board:
    """The board with the approved figures of each unit that has a report, worst first; the others keep what is logged.

    All together is what the superior's own report says, where it has one: there what units did together counts once.
    A unit that stood here for a part of the year keeps the figures of that part.
    """
    rows = []
    for row in board.rows:
        report = reports.get((row.unit.pk, year))
        if report is not None and not row.is_partial:
            cells = zip(board.columns, row.cells, strict=True)
            told = tuple(_cell(report.row(column.code), cell) for column, cell in cells)
            row = replace(row, cells=told, approved_on=report.approved_on)
        rows.append(row)
    own = reports.get((board.unit.pk, year))
    totals = board.totals
    if own is not None:
        rolled = ((total, own.row(total.indicator.code)) for total in totals)
        totals = tuple(replace(total, done=row.done if row else NOTHING) for total, row in rolled)
    return replace(board, rows=tuple(sorted(rows, key=worst_first)), totals=totals)


def _cell(row: Progress | None, live: Progress | None) -> Progress | None:
    return None if row is None else _beside(row, live)


@dataclass(frozen=True)
class Term:
    """A term told by its years: the table, each year of each indicator, and where each year's figures are from."""

    table: ProgressTable
    by_year: dict[str, list[Progress]]
    sources: tuple[str, ...] = ()


def term_of_years(
    table: ProgressTable, years: list[Period], by_year: dict[str, list[Progress]], *, as_of: datetime.date, rules: dict
) -> Term:
    """The term with its approved years as they were approved; its own figures are then made of the years as shown, and
    its plan too where only its years have targets.

    A first or last year that the term cuts has no report of its own and stays what is logged. Where no year was
    approved no figure changes. "n a month" of a term is then judged by its sum, like every reported figure: months are
    not reported one by one. One query or two.
    """
    whole = {place: year for place, year in enumerate(years) if _is_whole(year)}
    numbers = [year.year_number for year in whole.values()]
    found = frozen_years([table.unit.pk], numbers, as_of=as_of) if numbers else {}
    reports = {place: found.get((table.unit.pk, year.year_number)) for place, year in whole.items()}
    sources = tuple(
        f"{_span(year, place in whole)}: {reports[place].words if reports.get(place) else LOGGED}"
        for place, year in enumerate(years)
        if year.starts_on <= as_of
    )
    if not found:
        return Term(table, by_year, sources)
    told = {
        row.indicator.code: [
            _of_report(live, reports[place]) if reports.get(place) else live
            for place, live in enumerate(by_year[row.indicator.code])
        ]
        for row in table.rows
    }
    rows = tuple(_over(row, told[row.indicator.code], table, as_of, rules) for row in table.rows)
    return Term(replace(table, rows=rows), told, sources + _without_whole(years, told))


def _without_whole(years: list[Period], told: dict[str, list[Progress]]) -> tuple[str, ...]:
    """The shares of which a year has no whole, and which years are therefore in no share of the term."""
    said = []
    for rows in told.values():
        indicator = rows[0].indicator
        if indicator.over_time == Indicator.OverTime.SUM:
            counted = with_wholes([row.done for row in rows], indicator)
            said += [
                f"{small(indicator.name)} năm {year.year_number} không có tổng số nên không tính vào cả nhiệm kỳ"
                for year, row, one in zip(years, rows, counted, strict=True)
                if row.done.value is not None and one.value is None
            ]
    return tuple(said)


def _is_whole(year: Period) -> bool:
    calendar = Period.of_year(year.year_number)
    return (year.starts_on, year.ends_on) == (calendar.starts_on, calendar.ends_on)


def _span(year: Period, is_whole: bool) -> str:
    if is_whole:
        return f"năm {year.year_number}"
    return f"năm {year.year_number} (từ {day(year.starts_on)} đến {day(year.last_day)})"


def _of_report(live: Progress, report: FrozenYear) -> Progress:
    """The year as it was approved; what its report did not tell is not added to it afterwards."""
    row = report.row(live.indicator.code)
    if row is None:
        return replace(live, done=NOTHING, ratio=None, difference=None, standing=Standing.NOT_MEASURABLE, reason="")
    return replace(_beside(row, live), depth=live.depth)


def _over(row: Progress, years: list[Progress], table: ProgressTable, as_of: datetime.date, rules: dict) -> Progress:
    indicator = row.indicator
    is_register = indicator.source == Indicator.Source.REGISTER
    done = over_years(
        [year.done for year in years], indicator, is_standing=is_register and indicator.register_key not in FLOWS
    )
    aims = [year.aim for year in years if year.aim is not None]
    aim = aim_over_years(aims, indicator) if aims and table.is_of_years(row) else row.aim
    row = replace(
        row, done=done, aim=aim, ratio=None, difference=None, standing=Standing.NOT_MEASURABLE, reason="",
        missing_spans=(),
    )  # fmt: skip
    return row if aim is None else judge(row, table.period, as_of=as_of, rules=rules)
