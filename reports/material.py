"""What a report is drafted from: the figures, facts and activities of one unit over one period.

`collect` reads it, in a number of queries that does not grow with the rows; reports/drafts.py turns it
into sentences. Nothing here is stored: reports/drafting.py keeps what a person took over.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Q

from branches.formats import small
from branches.models import Activity, Period, Placement, Post, PostType, Target, Unit
from branches.models.rule import rules_on
from branches.register import STANDING, WHOLE, flows, register_figures
from branches.together import Question, ask_together
from branches.tree import Scope

from .followup import Recommendations, added_up, asked_of
from .frozen_years import term_of_years
from .highlights import Highlight, asked_beside, has_prize, highlights_of
from .history import years_for, years_of
from .judging import Progress, Standing
from .models import PeriodReport
from .papers.layout import Names, names_on
from .papers.sentences import Line, Voice
from .progress import ProgressTable, lines_for, progress_for, reading_scope
from .recommended import COLUMNS as OF_RECOMMENDATION
from .rolling_up import RolledUp, rolled_up
from .spans import following, is_within_a_year
from .spans import term_years as term_years
from .themes import Counted, Theme, about, brought, together

INSPECTION = "kiến nghị sau kiểm tra, giám sát"  # a theme with these words tells what became of recommendations
FACTS = ("members", "women", "party_members", "admitted", "moved_in", "moved_out", "matured")


@dataclass(frozen=True)
class Material:
    """Everything a report of `unit` over `period` can be made from, as of a day."""

    unit: Unit
    period: Period
    as_of: datetime.date
    scope: Scope  # progress.reading_scope
    names: Names
    speaker: str
    table: ProgressTable
    lines: dict[str, list[Line]]
    highlights: tuple[Highlight, ...]
    facts: dict[str, int]
    committee: int
    next_period: Period | None
    next_targets: list[Target]
    years: list[Period] = field(default_factory=list)
    by_year: dict[str, list[Progress]] = field(default_factory=dict)
    year_sources: tuple[str, ...] = ()  # of a term: from an approved report, or what is logged
    recommendations: Recommendations = field(default_factory=Recommendations)
    # Of a month, a quarter, half a year: the year up to its last day, whose targets it is measured against.
    so_far: ProgressTable | None = None
    rules: dict = field(default_factory=dict)  # the rule `report_drafting` of the day of the figures
    checks: dict = field(default_factory=dict)  # the rule `report_checks` of that day
    theme: str = ""
    # Of a theme: which lines its figures count; None where they count all, and where they are the units'.
    counted: Counted | None = None
    units: tuple[str, ...] = ()
    units_without: tuple[str, ...] = ()
    # Where the figures are those of the units' approved reports, what they were made from.
    rolled: RolledUp | None = None

    @property
    def everyone(self) -> str:
        """Who did what the figures say: a superior's are those of everything below it too."""
        return f"Toàn {self.speaker}" if not self.unit.is_branch else self.speaker

    @property
    def is_term(self) -> bool:
        return self.period.kind == Period.Kind.TERM

    @property
    def voice(self) -> Voice:
        last_year = "" if self.is_term else small(self.period.before().name)
        if is_within_a_year(self.period):
            last_year = f"cùng kỳ năm {self.period.year_number - 1}"
        return Voice(self.everyone, as_of=self.as_of, last_day=self.period.last_day, last_year=last_year)

    @property
    def activities(self) -> list[Activity]:
        """Held activities that no figure speaks for, and those whose note names a prize."""
        return [one.activity for one in self.highlights if not one.codes or has_prize(one.activity)]

    @property
    def without(self) -> tuple[str, ...]:
        """Units whose figures are not in these: direct ones, and those that the reports of direct ones lack."""
        return self.units_without + (self.rolled.missing_below if self.rolled else ())

    @property
    def until(self) -> datetime.date:
        """The last day the figures speak of."""
        return min(self.as_of, self.period.last_day)


def material_of(report: PeriodReport, *, as_of: datetime.date) -> Material:
    """The material of one report: from what was logged, or from the approved reports of its units."""
    rolled = rolled_up(report, as_of=as_of) if report.from_units else None
    return collect(report.unit, report.period, as_of=as_of, rolled=rolled, theme=report.theme)


def collect(
    unit: Unit, period: Period, *, as_of: datetime.date, rolled: RolledUp | None = None, theme: str = ""
) -> Material:
    """Read the material of a report. At most 22 queries, 32 with a theme, whatever the number of rows.

    A superior reports for everything below it, as its page of plan against result does, or (`rolled`) for those of
    its units whose reports are approved. With a `theme` only what speaks of it is told (reports/themes.py).
    """
    words = Theme.of(theme)
    scope = rolled.scope if rolled else reading_scope(unit, period)
    rules = rolled.rules if rolled else rules_on(min(period.last_day, as_of))
    table = rolled.table if rolled else progress_for(unit, period, as_of=as_of, scope=scope, rules=rules)
    more, counted = None, None
    if words and not rolled:
        table, chosen = about(table, words), words.activities(scope, period, as_of=as_of)
        more = brought(table, words, chosen, scope=scope, rules=rules)
        counted = Counted.of(table, chosen)
    units, units_without = ((), ())
    if rolled:
        units = tuple(source.name for source in rolled.units)
        units_without = tuple(source.name for source in rolled.missing)
    elif not unit.is_branch:
        units, units_without = _reporting_units(scope, period, min(as_of, period.last_day))
    until = min(as_of, period.last_day)
    next_period = _next_period(unit, period)
    # What units reported of their term is not known by year: lines of today have no place beside it.
    years = years_of(period) if period.kind == Period.Kind.TERM and not rolled else []
    by_year, year_sources = {}, ()
    if years:
        told = term_of_years(
            table, years, years_for(unit, table.rows, years, as_of=as_of, scope=scope), as_of=as_of, rules=rules
        )
        table, by_year, year_sources = told.table, told.by_year, told.sources
        if more:
            by_year = by_year | years_for(
                unit, more.rows, years, as_of=as_of, scope=scope, activities=counted.activities
            )
    if more:
        table = together(table, more)
    found = ask_together(_beside(scope, period, rules["report_drafting"], as_of=as_of))
    highlights = highlights_of(
        unit,
        period,
        as_of=as_of,
        rules=rules["report_drafting"],
        over_plan=frozenset(row.indicator.code for row in table.rows if row.standing == Standing.OVER),
        found=found,
    )
    so_far = None if rolled else _so_far(unit, period, until)
    next_targets = _targets(unit, next_period)
    recommendations = added_up(found["recommendations"], period, as_of=as_of)
    if words:
        highlights = [one for one in highlights if words.is_activity_about(one.activity)]
        so_far = about(so_far, words) if so_far else None
        next_targets = words.targets(next_targets)
        # What was recommended is told where the theme is inspection.
        recommendations = recommendations if words.speaks(INSPECTION) else Recommendations()
    return Material(
        unit=unit,
        period=period,
        as_of=as_of,
        scope=scope,
        names=names_on(unit, as_of),
        speaker=speaker_of(unit),
        table=table,
        # What single lines say (dates, prices, names of things) is too much for a sum over units.
        lines=_lines(scope, table, period, as_of, counted) if unit.is_branch else {},
        highlights=tuple(highlights),
        facts=rolled.facts if rolled else _facts(scope, period, until),
        committee=sum(row.people for row in found["committee"]),
        next_period=next_period,
        next_targets=next_targets,
        so_far=so_far,
        rules=rules["report_drafting"],
        checks=rules["report_checks"],
        years=years,
        by_year=by_year,
        year_sources=year_sources,
        recommendations=recommendations,
        theme=theme if words else "",
        counted=counted,
        units=units,
        units_without=units_without,
        rolled=rolled,
    )


def _beside(scope: Scope, period: Period, rules: dict, *, as_of: datetime.date) -> dict[str, Question]:
    """What is told beside the figures: of the activities, the committee and the recommendations."""
    posts = Post.objects.held_on(min(as_of, period.last_day))
    posts = posts.filter(unit=scope.unit, type__body=PostType.Body.COMMITTEE).order_by()
    committee = posts.values("unit_id").annotate(people=Count("account", distinct=True))
    return {
        **asked_beside(scope.unit, period, rules),
        "committee": Question(committee, ("people",)),
        "recommendations": Question(asked_of(scope, period, as_of=as_of), ("pk", *OF_RECOMMENDATION)),
    }


def speaker_of(unit: Unit) -> str:
    """What a paper calls the unit after its full name has been said once."""
    if unit.kind == Unit.Kind.SUB_BRANCH:
        return "Phân đoàn"
    if unit.kind == Unit.Kind.INTER_BRANCH:
        return "Liên chi đoàn"
    return "Chi đoàn" if unit.is_branch else "Đoàn"


def _next_period(unit: Unit, period: Period) -> Period | None:
    if period.kind != Period.Kind.TERM:
        return following(period)
    later = Period.objects.filter(kind=Period.Kind.TERM, unit=unit, starts_on__gt=period.starts_on)
    return later.order_by("starts_on", "pk").first()


def _targets(unit: Unit, period: Period | None) -> list[Target]:
    """The unit's own targets of the coming period; within a year those of its year."""
    if period is None:
        return []
    rows = Target.objects.filter(unit=unit)
    rows = rows.about(period) if is_within_a_year(period) else rows.of_period(period)
    return list(rows.select_related("indicator__area", "period").in_order())


def _lines(scope: Scope, table: ProgressTable, period: Period, as_of, counted: Counted | None) -> dict[str, list[Line]]:
    codes = [row.indicator.code for row in table.rows]
    columns = (
        "indicator__code", "value", "each", "activity__starts_on", "activity__last_on", "note", "qualifier",
    )  # fmt: skip
    found = defaultdict(list)
    rows = lines_for(scope.unit, codes, period, as_of=as_of, scope=scope).select_related(None)
    rows = counted.lines(rows) if counted else rows
    for code, *values in rows.order_by("activity__last_on", "activity_id", "pk").values_list(*columns):
        found[code].append(Line(*values))
    return found


def _so_far(unit: Unit, period: Period, until: datetime.date) -> ProgressTable | None:
    return progress_for(unit, Period.of_year(period.year_number), as_of=until) if is_within_a_year(period) else None


def _facts(scope: Scope, period: Period, until: datetime.date) -> dict[str, int]:
    """The members of the last day, and who came and went in the span: as the page "Biến động" counts them."""
    facts = dict.fromkeys(FACTS, 0)
    if until >= period.starts_on:
        facts |= register_figures(units=scope.on(until), keys=STANDING, day=until)
        moves = flows(FACTS, scope.unit, period.starts_on, until, scope=scope)
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
