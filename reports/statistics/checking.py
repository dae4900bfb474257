"""Whether the figures of a table can be true together: no part is larger than its whole. It never blocks."""

from collections.abc import Iterable, Mapping

from branches.formats import number, small
from branches.vietnamese import plain
from reports.amounts import Amount
from reports.models import StatItem

What = StatItem.What
OF_WHICH = 2  # the depth of a line "trong đó"


def parts_too_large(items: Iterable[StatItem], amounts: Mapping[int, Amount | None]) -> list[str]:
    """In the order of the lines: "trong đó" above its line, a numerator above its denominator. No query."""
    items, found, whole = list(items), [], None
    by_pk = {item.pk: item for item in items}
    for item in items:
        if item.what == What.SHARE:
            found += _exceeds(by_pk[item.share_of_id], by_pk[item.share_whole_id], amounts)
        elif (amount := amounts.get(item.pk)) and amount.whole is not None and (amount.value or 0) > amount.whole:
            found.append(f"Dòng {_named(item)} vượt 100% ({number(amount.value)}/{number(amount.whole)})")
        if item.what == What.HEADING:
            whole = None
        elif item.depth < OF_WHICH:
            whole = item
        elif whole is not None and plain(whole.unit_word) == plain(item.unit_word):
            found += _exceeds(item, whole, amounts)
    return list(dict.fromkeys(found))


def _exceeds(part: StatItem, whole: StatItem, amounts: Mapping[int, Amount | None]) -> list[str]:
    one, all_of = amounts.get(part.pk), amounts.get(whole.pk)
    if one is None or all_of is None or None in (one.value, all_of.value) or one.whole or all_of.whole:
        return []
    if one.value <= all_of.value:
        return []
    larger = f"Dòng {_named(part)} ({number(one.value)}) lớn hơn dòng {_named(whole)} ({number(all_of.value)})"
    return [f"{larger} mà nó là một phần"]


def _named(item: StatItem) -> str:
    return f"{item.number} {small(item.name)}".strip()
