"""From amounts to the texts of cells: signs where there is no figure, shares with both parts, sums of one unit word."""

from collections.abc import Iterable
from decimal import Decimal

from branches.formats import NBSP, number, percent, qualified
from reports.amounts import ABOUT, MORE, NEARLY, Amount, combined_qualifier
from reports.models import StatItem, StatValue
from reports.papers.phrases import with_qualifier
from reports.papers.tables import NO_FIGURE, NOT_COMPUTED, Cell
from reports.papers.tables import NOTHING as NONE

from .content import StatCell

Part = StatItem.Part


def typed_amount(value: StatValue) -> Amount:
    return Amount(value=value.value, lines=1, unknown=int(value.value is None))


def added(amounts: Iterable[Amount]) -> Amount:
    """Lines of one unit word as one. Without a figure where one of them happened and is not known."""
    amounts = list(amounts)
    lines = sum(amount.lines for amount in amounts)
    unknown = any(amount.value is None and amount.lines for amount in amounts)
    words = [amount.qualifier for amount in amounts]
    return Amount(
        value=None if unknown else sum((amount.value or Decimal(0) for amount in amounts), Decimal(0)),
        qualifier=combined_qualifier(words.count(ABOUT), words.count(NEARLY), words.count(MORE)),
        lines=lines,
        unknown=sum(amount.unknown for amount in amounts),
    )


# 50 of "hơn 100" are less than half: what is said of the whole says the opposite of the share.
TURNED = {NEARLY: MORE, MORE: NEARLY}


def share_of(part: Amount, whole: Amount) -> Amount:
    words = (part.qualifier, TURNED.get(whole.qualifier, whole.qualifier))
    return Amount(
        value=part.value or Decimal(0),
        whole=whole.value,
        qualifier=combined_qualifier(words.count(ABOUT), words.count(NEARLY), words.count(MORE)),
        lines=part.lines + whole.lines,
    )


def part_of(done: Amount | None, part: str) -> Amount | None:
    """The figure itself, or one of the two parts of a share."""
    if done is None or part == Part.RESULT:
        return done
    value = done.value if part == Part.VALUE else done.whole
    return Amount(value, None, done.qualifier, done.lines, done.unknown)


def plain_cell(amount: Amount | None) -> Cell:
    if amount is None:
        return Cell(NOT_COMPUTED)
    if amount.value is None:
        return Cell(NO_FIGURE if amount.lines else NONE)
    return Cell(qualified(amount.value, amount.qualifier).replace(NBSP, " ") if amount.value else NONE)


def share_cell(amount: Amount | None) -> Cell:
    if amount is None or amount.ratio is None:
        return Cell(NOT_COMPUTED)
    rate = with_qualifier(percent(amount.ratio, 1).rstrip("%"), amount.qualifier)
    return Cell(rate, f"({number(amount.value)}/{number(amount.whole)})")


def stat_cell(printed: Cell, amount: Amount | None) -> StatCell:
    """What is printed, with the exact figure beside it where the text is nothing but that figure."""
    value = exact(amount) if not printed.parts else ""
    return StatCell(printed.text, printed.parts, value if value and printed.text == number(Decimal(value)) else "")


def exact(amount: Amount | None) -> str:
    is_figure = amount is not None and amount.value is not None and amount.whole is None
    return str(amount.value) if is_figure and amount.value else ""
