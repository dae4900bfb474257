"""Which paper stands under a number of the register, and its signed sheet, told above this app and handed in here.

The papers know their numbers, not the other way round (connected by inspections/apps.py and reports/apps.py).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Under:
    """The paper under one number: `words` say which, `url` opens it; `scans` are (name, address) of signed sheets."""

    words: str
    url: str
    scans: tuple[tuple[str, str], ...] = ()


Finder = Callable[[object, list[int]], dict[int, Under]]  # account, keys of numbers → what the account may read
_finders: list[Finder] = []


def connect(finder: Finder) -> None:
    """One more kind of papers that take numbers."""
    if finder not in _finders:
        _finders.append(finder)


def papers_under(user, numbers: Iterable[int]) -> dict[int, Under]:
    """Key of a number → its paper, of those the account may read. As many queries as the finders ask."""
    keys = list(numbers)
    found: dict[int, Under] = {}
    if keys:
        for finder in _finders:
            found |= finder(user, keys)
    return found
