"""The figures behind measured criteria, of all units of a set at once: a number of queries that does not grow.

A unit whose report of the period is approved is scored by what the report says; everybody else by what was logged
until the day. Both are judged by the one rule of plan against result.
"""

import datetime
from collections.abc import Iterable

from branches.formats import day, small
from branches.models import Indicator, Target, Unit
from branches.tree import scope_of
from reports import wording
from reports.amounts import Amount
from reports.board import cells_below
from reports.judging import REACHED, Aim, Progress, Standing
from reports.models import EmulationSet, ReportRow, ScoreSheet, Submission
from reports.results import read_results, required_units

from .scoring import Fact

HUNDRED = 100


def facts_of(
    set: EmulationSet, sheets: Iterable[ScoreSheet], codes: Iterable[str], *, as_of: datetime.date
) -> dict[tuple[int, str], Fact]:
    """(unit, indicator code) → what is known; the sheets bring their unit. Without codes nothing is asked."""
    units, codes = {sheet.unit_id: sheet.unit for sheet in sheets}, sorted({code for code in codes if code})
    if not units or not codes:
        return {}
    until = min(as_of, set.period.last_day)
    logged = f"số đã ghi đến {day(until)}"
    found = {key: _fact(row, logged) for key, row in _logged(set, units, codes, as_of=until).items()}
    return found | _reported(set, units, codes)


def _logged(set, units: dict[int, Unit], codes: list[str], *, as_of) -> dict[tuple[int, str], Progress]:
    period, owner = set.period, set.unit
    targets = list(
        Target.objects.of_period(period)
        .filter(unit__in=units, indicator__code__in=codes)
        .select_related("unit", "period", "indicator__area", "indicator__of", "parent__indicator")
    )
    cells = cells_below(owner, period, targets, as_of=as_of)
    found = {(target.unit_id, target.indicator.code): cells[target.pk] for target in targets}
    indicators = {
        one.code: one
        for one in Indicator.objects.of_year(period.year_number)
        .usable_by(owner)
        .filter(code__in=codes)
        .select_related("of")
    }
    scope = scope_of(owner, period.starts_on)
    keys = {one.register_key for one in indicators.values() if one.source == Indicator.Source.REGISTER}
    wanted = sorted({*codes, *(one.of.code for one in indicators.values() if one.of)})
    (results,) = read_results(scope, [period], as_of=as_of, register_keys=keys, codes=wanted, by_subordinate=True)
    required = required_units(scope, indicators.values(), period, as_of=as_of)
    for pk, unit in units.items():
        for code, indicator in indicators.items():
            if (pk, code) not in found:
                asked = None if unit.is_branch else required.of(code, pk)
                done = results.amount(indicator, via=pk, asked=asked)
                reason = "Chưa giao chỉ tiêu nên không so được với kế hoạch"
                found[pk, code] = Progress(pk, indicator, None, None, done, reason=reason)
    return found


def _reported(set, units: dict[int, Unit], codes: list[str]) -> dict[tuple[int, str], Fact]:
    """What approved reports of the whole period say, theme reports left out. Two queries."""
    told = Submission.objects.in_force().filter(
        report__unit__in=units, report__theme="", report__period__kind=set.period.kind,
        report__period__starts_on=set.period.starts_on, report__period__ends_on=set.period.ends_on,
    )  # fmt: skip
    sources = {
        pk: (unit_id, f"báo cáo {small(set.period.name)} duyệt ngày {day(approved_on)}")
        for pk, unit_id, approved_on in told.values_list("pk", "report__unit_id", "approved_on")
    }
    found = {}
    for row in ReportRow.objects.filter(submission__in=list(sources), code__in=codes).select_related("indicator"):
        unit_id, source = sources[row.submission_id]
        aim = None
        if row.comparator:
            aim = Aim(row.comparator, row.aim_value, row.aim_value_to, row.aim_each, row.aim_units)
        done = Amount(row.value, row.whole, row.qualifier, row.lines, row.unknown, row.evidenced)
        told_row = Progress(
            unit_id, row.indicator, None, aim, done, ratio=row.ratio, standing=Standing(row.standing), reason=row.reason
        )
        found[unit_id, row.code] = _fact(told_row, source)
    return found


def _fact(row: Progress, source: str) -> Fact:
    indicator, aim = row.indicator, row.aim
    scale = HUNDRED if indicator.is_share else 1
    value = None if row.figure is None else row.figure * scale
    reached = None
    if aim is not None and row.standing != Standing.NOT_MEASURABLE:
        held = aim.is_ceiling and row.standing == Standing.ON_TRACK
        reached = row.standing in REACHED or held
    return Fact(
        value=value,
        aim=None if aim is None or aim.value is None else aim.value * scale,
        is_reached=reached,
        is_ceiling=aim is not None and aim.is_ceiling,
        reason=row.reason,
        shown=wording.result(row) if row.done.lines or value is not None else "",
        aim_shown="" if aim is None else wording.aim(aim, indicator).replace("≥\xa0", ""),
        unit_word="" if indicator.is_yes_no else indicator.unit_word,
        source=source,
    )
