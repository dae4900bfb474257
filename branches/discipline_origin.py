"""What a disciplinary case arose from, told above this app and handed in here.

An inspection and a letter point at the disciplinary case, not the other way round (inspections/closed_links.py is
connected by inspections/apps.py). Whoever may not open them learns nothing of them here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from branches.models import Discipline


@dataclass(frozen=True, slots=True)
class Origin:
    words: str
    url: str
    note: str = ""


Teller = Callable[[object, Discipline], list[Origin]]  # account, case → what the account may open
_teller: list[Teller] = []


def connect(teller: Teller) -> None:
    """Say who tells it; the last one connected does."""
    _teller[:] = [teller]


def origins_of(user, case: Discipline) -> list[Origin]:
    return _teller[0](user, case) if _teller else []
