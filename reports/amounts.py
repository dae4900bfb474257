"""What a figure is made of, and how figures of several times and several units become one.

Parts are kept until the end: a share is its two parts, a mean is its sum and its count. Used by
reports/progress.py only; everything else asks progress_for.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from branches.models import Indicator
from branches.totals import Total, size

EXACT, ABOUT, NEARLY, MORE = "exact", "about", "nearly", "more"


@dataclass(frozen=True, slots=True)
class Amount:
    """One rolled-up figure.

    `value` is in the indicator's counting unit (the numerator of a share; the number of units that
    have it for "share of units"), None when there is no figure; `whole` is the denominator. `lines`
    counts what stands behind it, `unknown` those lines whose figure nobody knows. A mean over units keeps
    its parts, the sum `added` of `added_units` units, so that means of several superiors make one mean.
    """

    value: Decimal | None = None
    whole: Decimal | None = None
    qualifier: str = EXACT
    lines: int = 0
    unknown: int = 0
    evidenced: int = 0
    added: Decimal | None = field(default=None, compare=False)
    added_units: int = field(default=0, compare=False)

    @property
    def ratio(self) -> Decimal | None:
        """A share as a fraction; None when it is no share, or a share of nothing."""
        return self.value / self.whole if self.value is not None and self.whole else None


NOTHING = Amount()


def combined_qualifier(about: int, nearly: int, more: int) -> str:
    """The word before a sum: exact + hơn is hơn, exact + gần is gần, any mix or khoảng is khoảng."""
    if about or (nearly and more):
        return ABOUT
    return NEARLY if nearly else MORE if more else EXACT


def qualifier_of(amounts: Iterable[Amount]) -> str:
    """The word before the sum of figures."""
    words = [amount.qualifier for amount in amounts]
    return combined_qualifier(words.count(ABOUT), words.count(NEARLY), words.count(MORE))


def largest_of(amounts: Iterable[Amount]) -> Amount:
    """The largest of known figures, in its own words: those of lesser figures are not said of it."""
    return max(amounts, key=lambda amount: size(amount.value, amount.qualifier))


def with_wholes(amounts: Iterable[Amount], indicator: Indicator) -> list[Amount]:
    """Figures of a share that are to be added: where some have their whole, those without it are told as unknown.

    A numerator without its denominator would make the share too large. Where none has one, it is known elsewhere
    (`of_whole`). A line cannot lack it (recording.py refuses it), a year or a unit as it was reported can.
    """
    amounts = list(amounts)
    if not indicator.is_share or all(amount.whole is None for amount in amounts):
        return amounts
    return [
        replace(amount, value=None, unknown=amount.lines)
        if amount.whole is None and amount.value is not None
        else amount
        for amount in amounts
    ]


def over_time(total: Total | None, indicator: Indicator) -> Amount:
    """One unit's total of a span as one figure, by the indicator's rule over time.

    A yes or no is yes where any of the span says so, also as a mean; with the newest figure it is the newest word.
    """
    if total is None or not total.lines:
        return NOTHING
    kinds = Indicator.OverTime
    qualifier = combined_qualifier(total.about, total.nearly, total.more)
    value, whole = total.value, total.denominator
    if not total.known:
        value = None
    elif indicator.over_time == kinds.LAST:
        value, whole, qualifier = total.last_value, total.last_denominator, total.last_qualifier
    elif indicator.over_time == kinds.AVERAGE:
        value = total.value / total.known
    elif indicator.over_time == kinds.MAX:
        value, qualifier = total.largest, total.largest_qualifier
    return Amount(
        value=_told(value, indicator),
        whole=whole if indicator.is_share else None,
        qualifier=qualifier,
        lines=total.lines,
        unknown=total.lines - total.known,
        evidenced=total.evidenced,
    )


def _told(value: Decimal | None, indicator: Indicator) -> Decimal | None:
    """The rolled-up value: of a yes or no 1 or 0, whatever it was rolled up by."""
    if not indicator.is_yes_no or value is None:
        return value
    return Decimal(1 if value else 0)


def over_years(years: Iterable[Amount], indicator: Indicator, *, is_standing: bool = False) -> Amount:
    """Figures of years that follow each other as one, by the indicator's rule over time, as `over_time` does it.

    A mean is weighted by how many figures stand behind each year; a share is the ratio of the sums, without years
    whose whole nobody knows (`with_wholes`). `is_standing`: a headcount, which is that of the last year whatever the
    rule; so is a share of units, whose units are those of a day.
    """
    years = [amount for amount in years if amount.lines]
    if indicator.over_time == Indicator.OverTime.SUM:
        years = with_wholes(years, indicator)
    known = [amount for amount in years if amount.value is not None]
    kinds, behind = Indicator.OverTime, {"lines": 0, "unknown": 0, "evidenced": 0}
    for name in behind:
        behind[name] = sum(getattr(amount, name) for amount in years)
    if not known:
        return Amount(**behind)
    last = known[-1]
    is_standing = is_standing or (indicator.is_yes_no and last.whole is not None)
    if is_standing or indicator.over_time == kinds.LAST:
        return Amount(last.value, last.whole, last.qualifier, **behind)
    value, whole, qualifier = sum(amount.value for amount in known), None, qualifier_of(known)
    if indicator.over_time == kinds.AVERAGE:
        weights = [max(amount.lines - amount.unknown, 1) for amount in known]
        value = sum(amount.value * weight for amount, weight in zip(known, weights, strict=True)) / sum(weights)
    elif indicator.over_time == kinds.MAX:
        largest = largest_of(known)
        value, qualifier = largest.value, largest.qualifier
    elif indicator.is_share and last.whole is not None:
        whole = sum(amount.whole for amount in known)
    return Amount(_told(value, indicator), whole, qualifier, **behind)


def over_units(
    amounts: Iterable[Amount], indicator: Indicator, *, have: int | None = None, asked: int | None = None
) -> Amount:
    """Figures of several units as one, by the indicator's rule over units.

    A share of units is `have` of `asked` units. Without them it is one unit's own yes or no, a branch
    with its phân đoàn being one unit: it has what one of them has.
    """
    amounts = [amount for amount in amounts if amount.lines]
    known = [amount for amount in amounts if amount.value is not None]
    kinds = Indicator.OverUnits
    value = whole = added = None
    added_units = 0
    if indicator.over_units == kinds.SHARE_OF_UNITS and asked is not None:
        value, whole = Decimal(have), Decimal(asked)
    elif known and indicator.over_units == kinds.SHARE_OF_UNITS:
        value = Decimal(1 if any(amount.value for amount in known) else 0)
    elif known and indicator.over_units == kinds.AVERAGE:
        added = sum(amount.value if amount.added is None else amount.added for amount in known)
        added_units = sum(amount.added_units or 1 for amount in known)
        value = added / added_units
    elif known and indicator.over_units == kinds.MAX:
        known = [largest_of(known)]
        value = known[0].value
    elif known:
        value = sum(amount.value for amount in known)
        wholes = [amount.whole for amount in known if amount.whole is not None]
        whole = sum(wholes) if wholes else None
    return Amount(
        value=value,
        whole=whole,
        qualifier=qualifier_of(known),
        lines=sum(amount.lines for amount in amounts),
        unknown=sum(amount.unknown for amount in amounts),
        evidenced=sum(amount.evidenced for amount in amounts),
        added=added,
        added_units=added_units,
    )


def of_whole(part: Amount, parent: Amount) -> Amount:
    """A share of a share: where no whole was written down, it is the numerator of the parent."""
    if part.value is None or part.whole is not None:
        return part
    return Amount(part.value, parent.value, part.qualifier, part.lines, part.unknown, part.evidenced)
