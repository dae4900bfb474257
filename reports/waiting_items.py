"""One thing to do, as the waiting list shows it, and how its deadline is worded."""

import datetime
from dataclasses import dataclass

from branches.formats import distance


@dataclass(frozen=True)
class Item:
    """One thing to do: a state badge, what it is, where it stands, and the verb on the button."""

    what: str
    context: str
    url: str
    verb: str = ""
    standing: str = ""
    word: str = ""
    days: int = 0  # for sorting: negative is late


def deadline(due: datetime.date | None, on: datetime.date) -> dict:
    if due is None:
        return {"standing": "none", "word": "Không đặt hạn", "days": 999}
    left = (due - on).days
    return {"standing": "overdue" if left < 0 else "going", "word": distance(due, on), "days": left}
