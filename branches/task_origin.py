"""What a task came from beyond the plan, told above this app and handed in here.

A task knows its meeting, direction and proposal itself. A recommendation of an inspection that became a task points
at the task, not the other way round (inspections/origins.py is connected by inspections/apps.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

from branches.models import Task


@dataclass(frozen=True, slots=True)
class Origin:
    """One line of the page: `label` says what it is, `words` which one, `url` opens it."""

    label: str
    words: str
    url: str


Teller = Callable[[object, Task], list[Origin]]  # account, task → what of it the account may read
_teller: list[Teller] = []


def connect(teller: Teller) -> None:
    """Say who tells it; the last one connected does."""
    _teller[:] = [teller]


def origins_of(user, task: Task) -> list[Origin]:
    return _teller[0](user, task) if _teller else []
