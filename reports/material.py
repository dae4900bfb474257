"""What a report is drafted from: the figures, facts and activities of one unit over one period.

`collect` reads it, in a number of queries that does not grow with the rows; reports/drafts.py turns it
into sentences. Nothing here is stored: reports/drafting.py keeps what a person took over.
"""

import datetime
import re
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from branches.models import Activity, Period, Placement, Post, PostType, Quantity, Target, Unit
from branches.register import STANDING, WHOLE, flows, register_figures
from branches.tree import Scope, scope_of

from .followup import Recommendations, recommendations_of
from .history import years_for, years_of
from .judging import Progress
from .papers.layout import Names, names_on
from .papers.sentences import Line, Voice
from .progress import ProgressTable, first_day_of, lines_for, progress_for

FACTS = ("members", "women", "party_members", "admitted", "moved_in", "moved_out", "matured")


@dataclass(frozen=True)
class Material:
    """Everything a report of `unit` over `period` can be made from, as of a day."""

    unit: Unit
    period: Period
    as_of: datetime.date
    names: Names
    speaker: str
    table: ProgressTable
    lines: dict[str, list[Line]]
    activities: list[Activity]
    facts: dict[str, int]
    committee: int
    next_period: Period | None
    next_targets: list[Target]
    years: list[Period] = field(default_factory=list)
    by_year: dict[str, list[Progress]] = field(default_factory=dict)
    recommendations: Recommendations = field(default_factory=Recommendations)
    units: tuple[str, ...] = ()
    units_without: tuple[str, ...] = ()

    @property
    def everyone(self) -> str:
        """Who did what the figures say: a superior's are those of everything below it too."""
        return f"Toàn {self.speaker}" if not self.unit.is_branch else self.speaker

    @property
    def is_term(self) -> bool:
        return self.period.kind == Period.Kind.TERM

    @property
    def voice(self) -> Voice:
        last_year = "" if self.is_term else f"năm {self.period.year_number - 1}"
        return Voice(self.everyone, as_of=self.as_of, last_day=self.period.last_day, last_year=last_year)

    @property
    def until(self) -> datetime.date:
        """The last day the figures speak of."""
        return min(self.as_of, self.period.last_day)


def collect(unit: Unit, period: Period, *, as_of: datetime.date) -> Material:
    """Read the material of a report. At most 25 queries, whatever the number of rows.

    A superior reports for everything below it, as its page of plan against result does.
    """
    scope = scope_of(unit, first_day_of(period))
    table = progress_for(unit, period, as_of=as_of, scope=scope)
    units, units_without = ((), ())
    if not unit.is_branch:
        units, units_without = _reporting_units(scope, period, min(as_of, period.last_day))
    until = min(as_of, period.last_day)
    next_period = _next_period(unit, period)
    years = years_of(period) if period.kind == Period.Kind.TERM else []
    return Material(
        unit=unit,
        period=period,
        as_of=as_of,
        names=names_on(unit, as_of),
        speaker=speaker_of(unit),
        table=table,
        # What single lines say (dates, prices, names of things) is too much for a sum over units.
        lines=_lines(scope, table, period, as_of) if unit.is_branch else {},
        activities=_activities_without_figures(unit, period, as_of),
        facts=_facts(scope, period, until),
        committee=Post.objects.held_on(until)
        .filter(unit=unit, type__body=PostType.Body.COMMITTEE)
        .values("account")
        .distinct()
        .count(),
        next_period=next_period,
        next_targets=_targets(unit, next_period),
        years=years,
        by_year=years_for(unit, table.rows, years, as_of=as_of, scope=scope) if years else {},
        recommendations=recommendations_of(scope, period, as_of=as_of),
        units=units,
        units_without=units_without,
    )


def speaker_of(unit: Unit) -> str:
    """What a paper calls the unit after its full name has been said once."""
    if unit.kind == Unit.Kind.SUB_BRANCH:
        return "Phân đoàn"
    if unit.kind == Unit.Kind.INTER_BRANCH:
        return "Liên chi đoàn"
    return "Chi đoàn" if unit.is_branch else "Đoàn"


def term_years(period: Period) -> str:
    """ "2019 - 2022": as the name of the term says it, else from its days."""
    if named := re.search(r"(\d{4})\s*[-–]\s*(\d{4})", period.name):
        return f"{named[1]} - {named[2]}"
    return f"{period.starts_on.year} - {period.last_day.year}"


def _next_period(unit: Unit, period: Period) -> Period | None:
    if period.kind != Period.Kind.TERM:
        return Period.of_year(period.year_number + 1)
    later = Period.objects.filter(kind=Period.Kind.TERM, unit=unit, starts_on__gt=period.starts_on)
    return later.order_by("starts_on", "pk").first()


def _targets(unit: Unit, period: Period | None) -> list[Target]:
    if period is None:
        return []
    rows = Target.objects.filter(unit=unit).of_period(period)
    return list(rows.select_related("indicator__area", "period").in_order())


def _lines(scope: Scope, table: ProgressTable, period: Period, as_of) -> dict[str, list[Line]]:
    codes = [row.indicator.code for row in table.rows]
    columns = (
        "indicator__code", "value", "each", "activity__starts_on", "activity__last_on", "note", "qualifier",
    )  # fmt: skip
    found = defaultdict(list)
    rows = lines_for(scope.unit, codes, period, as_of=as_of, scope=scope).select_related(None)
    for code, *values in rows.order_by("activity__last_on", "activity_id", "pk").values_list(*columns):
        found[code].append(Line(*values))
    return found


def _activities_without_figures(unit: Unit, period: Period, as_of) -> list[Activity]:
    """Held activities that no figure speaks for, and those whose note names a prize."""
    figures = Quantity.objects.filter(activity=OuterRef("pk"), value__isnull=False)
    return list(
        Activity.objects.counted()
        .in_period(period)
        .filter(unit=unit, nature=Activity.Nature.ACTIVITY, last_on__lte=as_of)
        .filter(~Exists(figures) | Q(note__icontains="giải "))
        .select_related("area")
        .order_by("area__position", "last_on", "pk")
    )


def _facts(scope: Scope, period: Period, until: datetime.date) -> dict[str, int]:
    """The members of the last day, and who came and went in the span: as the page "Biến động" counts them."""
    facts = dict.fromkeys(FACTS, 0)
    if until >= period.starts_on:
        facts |= register_figures(units=scope.on(until), keys=STANDING, day=until)
        moves = flows(FACTS, scope.unit, period.starts_on, until)
        facts |= {key: count for (place, key), count in moves.items() if place is WHOLE}
    return facts


def _reporting_units(scope: Scope, period: Period, until: datetime.date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The direct subordinates of that day, and those of them from whose side nothing was logged. Two queries."""
    direct = (
        Placement.objects.filter(superior=scope.unit, starts_on__lte=until)
        .filter(Q(ends_on=None) | Q(ends_on__gt=until))
        .order_by("unit__sort_key", "unit_id")
        .values_list("unit_id", "unit__name")
    )
    active = set()
    logged = Activity.objects.counted().in_period(period).filter(scope.within("last_on"), last_on__lte=until)
    for unit_id, path in logged.order_by("unit_id").values_list("unit_id", "unit__path").distinct():
        _, via = scope.place(unit_id, path, until)
        active.add(via)
    names = dict(direct)
    return tuple(names.values()), tuple(name for pk, name in names.items() if pk not in active)
