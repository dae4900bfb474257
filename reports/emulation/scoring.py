"""How many points a line brings, and in words why. Pure: figures come in, points and words go out.

How a line is scored is one of a closed list with typed numbers beside it; no text is ever read as a formula. Points
are exact decimals with at most two places, rounded half up where a share of the plan has more.

    ordinary criteria   0 … their points
    deductions          -points … 0; a group with points never falls below 0, and neither does the whole
    bonuses             0 … their points; all of them together at most the set's bonus cap
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from branches.formats import counted, number, percent
from reports.models import EmulationCriterion

Kind, Rule = EmulationCriterion.Kind, EmulationCriterion.Rule
ZERO, CENT = Decimal(0), Decimal("0.01")
NO_FIGURE = "Không có số liệu: 0 điểm"


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of one indicator of one unit.

    `value` and `aim` are in the counting unit, of a share in percent (100 is the whole); None where there is none.
    `is_reached` is the verdict of plan against result, None without one, `reason` then says why. `shown` and
    `aim_shown` are both as printed everywhere else, `source` says where they were read.
    """

    value: Decimal | None
    aim: Decimal | None = None
    is_reached: bool | None = None
    is_ceiling: bool = False
    reason: str = ""
    shown: str = ""
    aim_shown: str = ""
    unit_word: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """Points of one line and why; None where nothing can be said. `source` is where their figures were read."""

    points: Decimal | None
    words: str
    source: str = ""


def points_by_figures(criterion: EmulationCriterion, fact: Fact | None) -> Scored:
    """What the figures bring. Nothing is proposed for a line that no indicator stands behind."""
    if not criterion.indicator_code:
        return Scored(None, "Người chấm ghi, không tính từ số liệu")
    if fact is None:
        return Scored(_signed(criterion, ZERO), NO_FIGURE)
    return replace(_by_rule(criterion, fact), source=fact.source)


def _by_rule(criterion: EmulationCriterion, fact: Fact) -> Scored:
    if criterion.kind in EmulationCriterion.PIECES or criterion.rule == Rule.PER_PIECE:
        return _by_pieces(criterion, fact.value, fact.unit_word)
    if criterion.rule == Rule.BANDS:
        return _by_bands(criterion, fact)
    if criterion.rule == Rule.PROPORTIONAL and not fact.is_ceiling and fact.aim:
        return _by_share(criterion, fact)
    return _all_or_nothing(criterion, fact)


def points_as_said(criterion: EmulationCriterion, said: Decimal | None) -> Scored:
    """What a person's answer brings: yes (1) or no (0), a number of pieces, or points. None is not answered."""
    if said is None:
        return Scored(None, "Chưa ghi")
    if criterion.is_piecewise:
        return _by_pieces(criterion, said, "lần")
    if criterion.kind == Kind.YES_NO:
        got = criterion.points if said else ZERO
        return Scored(got, f"{'Có' if said else 'Không'}: {number(got)} điểm")
    got = _signed(criterion, _within(said, criterion.points))
    return Scored(got, f"Trừ {number(-got)} điểm" if criterion.kind == Kind.DEDUCTION else f"{number(got)} điểm")


def _by_share(criterion, fact: Fact) -> Scored:
    """ "15/20 lượt người = 75% kế hoạch × 10 điểm = 7,5 điểm"."""
    if fact.value is None:
        return _nothing(fact)
    share = fact.value / fact.aim
    got = _within(criterion.points * share, criterion.points)
    said = f"{fact.shown}/{counted_words(fact.aim_shown, fact.unit_word)} = {percent(share)} kế hoạch"
    capped = f", tính tối đa {percent(Decimal(1))}" if share > 1 else ""
    return Scored(got, f"{said}{capped} × {number(criterion.points)} điểm = {number(got)} điểm")


def _all_or_nothing(criterion, fact: Fact) -> Scored:
    if fact.is_reached is None:
        return _nothing(fact)
    got = criterion.points if fact.is_reached else ZERO
    done = (
        f"{counted_words(fact.shown, fact.unit_word)}, chỉ tiêu {fact.aim_shown}"
        if fact.shown
        else "Đối chiếu chỉ tiêu"
    )
    return Scored(got, f"{done}: {'đạt' if fact.is_reached else 'chưa đạt'}, {number(got)} điểm")


def _by_pieces(criterion, value: Decimal | None, word: str) -> Scored:
    """ "3 sáng kiến × 2 điểm = 6 điểm, tối đa 5 điểm"."""
    if value is None:
        return Scored(_signed(criterion, ZERO), NO_FIGURE)
    plain = (max(value, ZERO) * criterion.per_piece).quantize(CENT, ROUND_HALF_UP)
    got = _within(plain, criterion.points)
    capped = f", tối đa {number(criterion.points)} điểm" if plain > got else ""
    is_lost = criterion.kind == Kind.DEDUCTION
    told = f"{counted(value, word)} × {number(criterion.per_piece)} điểm = {number(plain)} điểm{capped}"
    return Scored(_signed(criterion, got), f"Trừ: {told}" if is_lost else told)


def _by_bands(criterion, fact: Fact) -> Scored:
    """The first band the figure lies in; from inclusive, to exclusive."""
    if fact.value is None:
        return _nothing(fact)
    done = counted_words(fact.shown, fact.unit_word)
    for low, high, worth in criterion.bands:
        if Decimal(low) <= fact.value and (not high or fact.value < Decimal(high)):
            got = _within(Decimal(worth), criterion.points)
            upper = f" đến dưới {number(Decimal(high))}" if high else " trở lên"
            return Scored(got, f"{done}, thuộc mức từ {number(Decimal(low))}{upper}: {number(got)} điểm")
    return Scored(ZERO, f"{done}, không thuộc mức nào: 0 điểm")


def _nothing(fact: Fact) -> Scored:
    return Scored(ZERO, f"{fact.reason}: 0 điểm" if fact.reason else NO_FIGURE)


def counted_words(shown: str, unit_word: str) -> str:
    """The figure with its counting unit, once: "92,9%" has it already."""
    return shown if not unit_word or shown.endswith("%") or unit_word == "%" else f"{shown}\xa0{unit_word}"


def _within(value: Decimal, most: Decimal) -> Decimal:
    return min(max(value, ZERO), most).quantize(CENT, ROUND_HALF_UP)


def _signed(criterion, got: Decimal) -> Decimal:
    return -got if criterion.kind == Kind.DEDUCTION and got else got


# --- sums -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupSum:
    """A group: what its criteria brought, deductions taken off, of what they may bring."""

    group: EmulationCriterion
    points: Decimal
    possible: Decimal


@dataclass(frozen=True, slots=True)
class Total:
    """The whole sheet. `bonus` is what counts of all bonuses; `missing` how many lines have no points yet."""

    groups: tuple[GroupSum, ...]
    deducted: Decimal
    bonus: Decimal
    points: Decimal
    missing: int

    @property
    def words(self) -> str:
        """ "26 + 38,5 + 18, trừ 2, thưởng 5"."""
        said = " + ".join(number(one.points) for one in self.groups if one.possible) or "0"
        taken = f", trừ {number(-self.deducted)}" if self.deducted else ""
        return said + taken + (f", thưởng {number(self.bonus)}" if self.bonus else "")


def possible_points(criteria: Iterable[EmulationCriterion], group: EmulationCriterion) -> Decimal:
    """What the ordinary criteria of the group may bring together; deductions and bonuses are beside it."""
    return sum(
        (one.points for one in criteria if one.parent_id == group.pk and one.kind not in EmulationCriterion.PIECES),
        ZERO,
    )


def total_of(
    criteria: Iterable[EmulationCriterion], points: Mapping[int, Decimal | None], *, total_points: Decimal,
    bonus_cap: Decimal | None,
) -> Total:  # fmt: skip
    """The points of a sheet, group by group. `points` are of each criterion; what is missing counts as 0 for now.

    A deduction in a group of nothing but deductions is taken off the whole. Bonuses within the total fill it up and
    never pass it, those above it are added afterwards.
    """
    criteria = list(criteria)
    lines = [one for one in criteria if not one.is_group]
    got = {one.pk: points.get(one.pk) or ZERO for one in lines}
    groups, deducted = [], ZERO
    for group in (one for one in criteria if one.is_group):
        possible = possible_points(criteria, group)
        earned = sum((got[one.pk] for one in lines if one.parent_id == group.pk and one.kind != Kind.BONUS), ZERO)
        if possible:
            groups.append(GroupSum(group, max(earned, ZERO), possible))
        else:
            deducted += earned
            groups.append(GroupSum(group, earned, possible))
    base = max(sum((one.points for one in groups if one.possible), ZERO) + deducted, ZERO)
    bonuses = [one for one in lines if one.kind == Kind.BONUS]
    inside = sum((got[one.pk] for one in bonuses if not one.above_total), ZERO)
    above = sum((got[one.pk] for one in bonuses if one.above_total), ZERO)
    if bonus_cap is not None:
        inside = min(inside, bonus_cap)
    filled = min(base + inside, total_points)
    counted_inside = max(filled - base, ZERO)
    if bonus_cap is not None:  # what found no room within the total uses up nothing of the cap
        above = min(above, bonus_cap - counted_inside)
    missing = sum(1 for one in lines if points.get(one.pk) is None)
    return Total(tuple(groups), deducted, counted_inside + above, filled + above, missing)


def ranks(totals: Iterable[Decimal | None]) -> list[int | None]:
    """Places by total, the most first; who has the same shares a place, and the next is left out (1, 1, 3)."""
    totals = list(totals)
    known = [one for one in totals if one is not None]
    return [None if one is None else 1 + sum(1 for other in known if other > one) for one in totals]
