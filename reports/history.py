"""The same figures over several years or quarters: part of the one number, beside progress.py.

A year of a term is cut to the term, so that the years of a term add up to the term.
"""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from branches.models import Indicator, Period, Target, Unit
from branches.models.rule import rules_on
from branches.tree import Scope, scope_of

from .amounts import NOTHING, Amount, of_whole, over_units
from .judging import SUBPERIOD, Progress, aim_within, judge
from .results import read_results, required_units

QUARTERS = ("Quý I", "Quý II", "Quý III", "Quý IV")


@dataclass(frozen=True, slots=True)
class Quarter:
    """One quarter beside the same quarter a year earlier."""

    name: str
    last: Amount
    now: Amount


@dataclass(frozen=True, slots=True)
class Quarters:
    """An indicator by quarter. `each` is the plan of one quarter where the target says so."""

    quarters: tuple[Quarter, ...]
    each: Decimal | None


def years_of(period: Period) -> list[Period]:
    """The calendar years of the period, the first and the last cut to it."""
    return [year.within(period) for year in period.years()]


def years_for(
    unit: Unit, rows: Iterable[Progress], years: list[Period], *, as_of: datetime.date, scope: Scope | None = None,
    rules: dict | None = None, activities: Collection[int] | None = None,
) -> dict[str, list[Progress]]:  # fmt: skip
    """Each row's indicator in each of the years: {code: [Progress of year 1, …]}, with that year's own target.

    Of a year that a term cuts the target is the part that belongs to the term (`aim_within`).

    `rows` stand in the order of progress_for, so that a "trong đó" follows its whole. Targets "n a
    month" are given with their figures and are not judged here. The number of queries depends on the
    number of years, not of rows. `rules` are those of the last of the years, where the caller has them. With
    `activities` (keys) only what these brought is told, beside no target.
    """
    rows = list(rows)
    scope = scope or scope_of(unit, years[0].starts_on)
    keys = {row.indicator.register_key for row in rows if row.indicator.source == Indicator.Source.REGISTER}
    codes = [row.indicator.code for row in rows]
    results = read_results(scope, years, as_of=as_of, register_keys=keys, codes=codes, activities=activities)
    targets = _targets_by_year(unit, years) if activities is None else {}
    rules = rules or rules_on(min(years[-1].last_day, as_of))
    found: dict[str, list[Progress]] = {code: [] for code in codes}
    for year, result in zip(years, results, strict=True):
        whole = NOTHING
        each = [
            code
            for (code, number), one in targets.items()
            if number == year.starts_on.year and one.comparator in SUBPERIOD
        ]
        required = required_units(scope, [row.indicator for row in rows], year, as_of=as_of, each=each)
        for row in rows:
            indicator = row.indicator
            done = result.amount(indicator, asked=required.of(indicator.code))
            if row.depth and indicator.is_share:
                done = of_whole(done, whole)
            elif not row.depth:
                whole = done
            target = targets.get((indicator.code, year.starts_on.year))
            aim = aim_within(target, year, required.units(indicator.code)) if target else None
            told = Progress(unit.pk, indicator, target, aim, done, depth=row.depth)
            if aim and target.comparator not in SUBPERIOD and year.starts_on <= as_of:
                told = judge(told, year, as_of=as_of, rules=rules)
            found[indicator.code].append(told)
    return found


def _targets_by_year(unit: Unit, years: list[Period]) -> dict[tuple[str, int], Target]:
    targets = (
        Target.objects.filter(
            unit=unit,
            period__kind=Period.Kind.YEAR,
            period__starts_on__gte=datetime.date(years[0].starts_on.year, 1, 1),
            period__starts_on__lte=years[-1].last_day,
        )
        .select_related("indicator", "period")
        .order_by("period__starts_on", "pk")
    )
    return {(target.indicator.code, target.period.starts_on.year): target for target in targets}


def is_running(indicator: Indicator) -> bool:
    """Whether the months of a year add up to it: logged by activities, added over time and over units, no share."""
    return (
        indicator.source != Indicator.Source.REGISTER
        and indicator.over_time == Indicator.OverTime.SUM
        and indicator.over_units == Indicator.OverUnits.SUM
        and not indicator.is_share
        and not indicator.is_yes_no
    )


def running_totals(
    unit: Unit, indicator: Indicator, year: int, *, as_of: datetime.date, scope: Scope | None = None
) -> list[Amount]:
    """What was reached by the end of each month of the year so far: of the unit with everything below it.

    Empty for what does not add up month by month (`is_running`) and for a year to come. The last of them is the
    figure of `progress_for`. One query, two more when units moved.
    """
    if not is_running(indicator) or year > as_of.year:
        return []
    months = [Period.of_month(year, month) for month in range(1, 13)]
    months = [month for month in months if month.starts_on <= as_of]
    scope = scope or scope_of(unit, months[0].starts_on)
    found = [one.amount(indicator) for one in read_results(scope, months, as_of=as_of, codes=[indicator.code])]
    return [over_units(found[:count], indicator) for count in range(1, len(found) + 1)]


def quarters_for(unit: Unit, row: Progress, year: int, *, as_of: datetime.date) -> Quarters:
    """One indicator by quarter, this year and the year before: of the unit with everything below it.

    Two queries, four more when units moved.
    """
    quarters = [Period.of_quarter(number, quarter) for number in (year - 1, year) for quarter in (1, 2, 3, 4)]
    scope = scope_of(unit, quarters[0].starts_on)
    indicator = row.indicator
    found = [one.amount(indicator) for one in read_results(scope, quarters, as_of=as_of, codes=[indicator.code])]
    quarters = tuple(Quarter(*told) for told in zip(QUARTERS, found[:4], found[4:], strict=True))
    each = None
    if row.aim and row.aim.each is not None:
        each = row.aim.each * (3 if row.aim.comparator == Target.Comparator.PER_MONTH else 1)
    return Quarters(quarters, each)
