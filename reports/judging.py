"""Judging one result against one aim: what was to be reached, how far it is, and in which words it stands.

Source of the verdicts on qualified figures: paper.md section 5 ("hơn x" at the plan is over it, "gần x"
at the plan is below it, "khoảng x" near the plan is not judged). Called by reports/progress.py only.
"""

import datetime
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum

from branches.models import Indicator, Period, Target

from .amounts import ABOUT, MORE, NEARLY, NOTHING, Amount

Comparator = Target.Comparator
HUNDRED, CENT = Decimal(100), Decimal("0.01")


class Standing(StrEnum):
    """How a result stands against its target on the day of the figures."""

    MET = "met"
    OVER = "over"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    MISSED = "missed"
    NOT_MEASURABLE = "not_measurable"


OF_THE_YEAR = "Chỉ tiêu giao cho cả năm"  # why a target is not judged within its year
# Why a figure stands beside no plan and no year before: a report about a theme counts only its activities.
OF_THE_THEME = "Chỉ tính hoạt động của chuyên đề"
LATE = (Standing.BEHIND, Standing.MISSED)
REACHED = (Standing.MET, Standing.OVER)


@dataclass(frozen=True, slots=True)
class Aim:
    """What is to be reached in the period, in the indicator's counting unit; for a share a fraction.

    `each` is the number wanted in every month or quarter, of `units` units together; `value` is then the
    sum over the period.
    """

    comparator: str
    value: Decimal | None = None
    value_to: Decimal | None = None
    each: Decimal | None = None
    units: int = 1

    @property
    def is_ceiling(self) -> bool:
        return self.comparator in (Comparator.AT_MOST, Comparator.ZERO)


@dataclass(frozen=True, slots=True)
class Progress:
    """One line of plan against result.

    `ratio` is done against aim as a fraction, never clipped (1.25 is 25 % over); `difference` is done
    minus aim in counting units, for a share in fractions. Both are None where nothing can be compared;
    `reason` then says why, in Vietnamese.
    """

    unit_id: int
    indicator: Indicator
    target: Target | None
    aim: Aim | None
    done: Amount
    last: Amount = NOTHING
    ratio: Decimal | None = None
    difference: Decimal | None = None
    standing: Standing = Standing.NOT_MEASURABLE
    reason: str = ""
    missing_spans: tuple[Period, ...] = ()
    depth: int = 0
    assigned: Aim | None = None

    @property
    def is_late(self) -> bool:
        return self.standing in LATE

    @property
    def is_reached(self) -> bool:
        return self.standing in REACHED

    @property
    def is_of_theme(self) -> bool:
        """Whether only what the activities of a theme brought is counted: no figure of the whole period."""
        return self.reason == OF_THE_THEME

    @property
    def is_below_assigned(self) -> bool:
        """Whether the unit set itself less than the superior handed down to it."""
        return self.aim is not None and self.assigned is not None and is_weaker(self.aim, self.assigned)

    @property
    def evidenced(self) -> int:
        return self.done.evidenced

    @property
    def figure(self) -> Decimal | None:
        """The number that is compared with the aim: a fraction for a share, else the value."""
        return self.done.ratio if self.indicator.is_share else self.done.value

    @property
    def last_figure(self) -> Decimal | None:
        return self.last.ratio if self.indicator.is_share else self.last.value

    @property
    def percent_of_aim(self) -> Decimal | None:
        """Done against aim in percent with one decimal, as the workbooks print it beside the papers.

        None where a percentage of the plan says nothing: a share (told in points), a ceiling, a range,
        and whatever cannot be measured.
        """
        if self.aim is None or self.ratio is None or self.standing == Standing.NOT_MEASURABLE:
            return None
        if self.indicator.is_share or self.indicator.is_yes_no or self.aim.is_ceiling or self.aim.value_to is not None:
            return None
        return round(self.ratio * HUNDRED, 1)


SUBPERIOD = (Comparator.PER_MONTH, Comparator.PER_QUARTER)


def aim_of(target: Target, period: Period, units: int = 1) -> Aim:
    """The target as an aim for this period: percent become fractions, "n a month" the sum over its months.

    `units` is how many units below were given the same target: a superior that wants one meeting a month
    wants it of each of them.
    """
    return _aim(target.comparator, target.value, target.value_to, target.indicator, period, units)


def assigned_aim(target: Target, period: Period) -> Aim | None:
    """What the superior handed down; None where it handed down nothing."""
    if not target.assigned_comparator:
        return None
    said = (target.assigned_comparator, target.assigned_value, target.assigned_value_to)
    return _aim(*said, target.indicator, period, 1)


def _aim(comparator, value, value_to, indicator: Indicator, period: Period, units: int) -> Aim:
    scale = HUNDRED if indicator.is_share else Decimal(1)
    value = value / scale if value is not None else None
    value_to = value_to / scale if value_to is not None else None
    if comparator in SUBPERIOD:
        parts = period.months() if comparator == Comparator.PER_MONTH else period.quarters()
        return Aim(comparator, value * len(parts) * units, None, each=value * units, units=units)
    return Aim(comparator, value, value_to)


def is_weaker(own: Aim, given: Aim) -> bool:
    """Whether what the unit wants is less than what was handed down to it."""
    if given.comparator == Comparator.YES:
        return own.comparator != Comparator.YES
    if given.is_ceiling:
        ceiling = given.value or Decimal(0)
        return own.comparator not in (Comparator.ZERO, Comparator.YES) and (own.value_to or own.value) > ceiling
    return own.value is None or own.value < given.value


def adds_up(indicator: Indicator) -> bool:
    """Whether results of several times are added, so that a shorter time is to bring less."""
    return indicator.over_time == Indicator.OverTime.SUM and not indicator.is_share


def aim_within(target: Target, term: Period, units: int = 1) -> Aim:
    """A yearly target as the aim of that part of its year which belongs to the term (or to a year the term cuts).

    What adds up is wanted in proportion to the months, each one touched counted whole, as "n a month" counts them:
    4 a year are 2 from 15 July on. Everything else is wanted in full. The Đoàn adds the years of a term (domain.md
    7.2) and has no rule for a year that two terms share; this one keeps plan and result on the same days.
    """
    return _of_part(aim_of(target, target.period.within(term), units), target, term)


def assigned_over_years(targets: list[Target], term: Period) -> Aim | None:
    """What the superior handed down for the years, as one aim of the term; None unless it did for each of them."""
    given = [assigned_aim(target, target.period.within(term)) for target in targets]
    if None in given:
        return None
    aims = [_of_part(aim, target, term) for aim, target in zip(given, targets, strict=True)]
    return aim_over_years(aims, targets[-1].indicator)


def _of_part(aim: Aim, target: Target, term: Period) -> Aim:
    """The aim of a whole year in proportion to the months that belong to the term; "n a month" is so already."""
    months, whole = len(target.period.within(term).months()), len(target.period.months())
    if months == whole or aim.each is not None or not adds_up(target.indicator):
        return aim
    step = Decimal(1) if target.indicator.is_money else CENT  # as exact as a target is written
    value, value_to = (
        None if one is None else (one * months / whole).quantize(step, ROUND_HALF_UP)
        for one in (aim.value, aim.value_to)
    )
    return replace(aim, value=value, value_to=value_to)


def aim_over_years(aims: list[Aim], indicator: Indicator) -> Aim:
    """Aims of years that follow each other as one of the term: what adds up is their sum, else the last year's.

    "n a month" is so many in all: its months are asked about year by year.
    """
    latest = replace(aims[-1], each=None)
    if not adds_up(indicator) or any(aim.value is None for aim in aims):
        return latest
    upper = None
    if latest.value_to is not None:
        upper = sum(aim.value if aim.value_to is None else aim.value_to for aim in aims)
    return replace(latest, value=sum(aim.value for aim in aims), value_to=upper)


def as_set(aim: Aim, indicator: Indicator) -> Aim:
    """The aim as somebody would set it: without the fractions of a part of a year, up, of a ceiling down."""
    if not adds_up(indicator) or aim.value is None:
        return aim
    step, rounding = Decimal(1).scaleb(-indicator.decimals), ROUND_FLOOR if aim.is_ceiling else ROUND_CEILING
    value, value_to = (None if one is None else one.quantize(step, rounding) for one in (aim.value, aim.value_to))
    return replace(aim, value=value, value_to=value_to)


def judge(row: Progress, period: Period, *, as_of: datetime.date, rules: dict, by_month=None) -> Progress:
    """The row with ratio, difference, standing and, where it cannot be measured, the reason in words."""
    aim, done, indicator = row.aim, row.done, row.indicator
    due = row.target.due_on if row.target and row.target.due_on else period.last_day
    final = as_of >= period.last_day or as_of > due
    if done.lines and done.value is None:
        return replace(row, reason="Có thực hiện nhưng chưa có số liệu")
    if indicator.is_share and done.lines and done.ratio is None:
        return replace(row, reason=f"Không tính được tỷ lệ vì trong kỳ không có {indicator.subject or 'đối tượng'}")
    counts_from_zero = adds_up(indicator)
    if not done.lines and not counts_from_zero and aim.comparator not in (Comparator.ZERO, Comparator.YES):
        return replace(row, reason="Chưa có số liệu")

    if aim.comparator == Comparator.YES:
        have = bool(done.value) if done.whole is None else done.value == done.whole
        standing = Standing.MET if have else Standing.MISSED if final else Standing.ON_TRACK
        return replace(row, standing=standing, ratio=done.ratio)
    value = done.ratio if indicator.is_share else (done.value or Decimal(0))
    if aim.comparator == Comparator.ZERO:
        standing = Standing.MISSED if value else Standing.MET
        return replace(row, standing=standing, difference=value)

    ratio = value / aim.value if aim.value else None
    row = replace(row, ratio=ratio, difference=_difference(value, aim))
    if not aim.value and aim.comparator not in (Comparator.AT_MOST, Comparator.MORE_THAN):
        return replace(row, reason="Mức chỉ tiêu bằng 0 nên không tính tỷ lệ")
    if done.qualifier == ABOUT and _within(value, aim.value, Decimal(str(rules["about_tolerance"]))):
        return replace(row, reason="Số ước tính, chưa đủ căn cứ kết luận")
    missing = _missing_spans(aim, period, as_of, by_month)
    reached = _reached(value, aim, done.qualifier)
    if reached is not None and not (missing and final):
        if aim.comparator == Comparator.AT_MOST and not final:
            reached = Standing.ON_TRACK
        return replace(row, standing=reached, missing_spans=missing)
    if final or aim.comparator == Comparator.AT_MOST:
        return replace(row, standing=Standing.MISSED, missing_spans=missing)
    expected = _expected(aim, period, due, as_of, rules, counts_from_zero)
    standing = Standing.BEHIND if expected is not None and value < expected else Standing.ON_TRACK
    return replace(row, standing=standing, missing_spans=missing)


def _difference(value: Decimal, aim: Aim) -> Decimal:
    """Done minus the nearer end of the aim; nothing inside a range."""
    if aim.value_to is not None and value > aim.value:
        return max(Decimal(0), value - aim.value_to)
    return value - aim.value


def _reached(value: Decimal, aim: Aim, qualifier: str) -> Standing | None:
    """MET or OVER when the aim is reached, else None. "hơn x" of exactly x is more than x, "gần x" is less."""
    if qualifier == NEARLY and value == aim.value and not aim.is_ceiling:
        return None
    if aim.comparator == Comparator.AT_MOST:
        return Standing.MET if value <= aim.value and not (qualifier == MORE and value == aim.value) else None
    if aim.comparator == Comparator.MORE_THAN:
        return Standing.MET if value > aim.value or (qualifier == MORE and value == aim.value) else None
    upper = aim.value_to if aim.value_to is not None else aim.value
    if value > upper or (qualifier == MORE and value == upper):
        return Standing.OVER
    return Standing.MET if value >= aim.value else None


def _within(value: Decimal, aim: Decimal, tolerance: Decimal) -> bool:
    return aim is not None and abs(value - aim) <= aim * tolerance


def _expected(aim: Aim, period: Period, due, as_of, rules, counts_from_zero) -> Decimal | None:
    """How much should be there by `as_of`; None where time says nothing about it.

    For "n a month" what the months already over should have brought; otherwise, for figures that grow
    by addition, the elapsed share of the time to the due day, times the rule `pace_share` (an estimate).
    """
    if aim.each is not None:
        return aim.each * len(_over(aim, period, as_of))
    if not counts_from_zero or aim.value is None:
        return None
    elapsed = Decimal((as_of - period.starts_on).days + 1) / Decimal(max((due - period.starts_on).days + 1, 1))
    return aim.value * min(elapsed, Decimal(1)) * Decimal(str(rules["pace_share"]))


def _over(aim: Aim, period: Period, as_of: datetime.date) -> list[Period]:
    """The months or quarters of the period that are over."""
    parts = period.months() if aim.comparator == Comparator.PER_MONTH else period.quarters()
    return [part for part in parts if part.last_day <= as_of]


def _missing_spans(aim: Aim, period: Period, as_of, by_month) -> tuple[Period, ...]:
    if aim.each is None or by_month is None or aim.units > 1:  # one of ten that missed is no month missed
        return ()
    found = []
    for part in _over(aim, period, as_of):
        done = sum(count for first, count in by_month.items() if part.covers(first))
        if done < aim.each:
            found.append(part)
    return tuple(found)
