"""One thing to do, as the waiting list shows it, and how its deadline is worded."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from django.db.models import QuerySet

from branches.formats import distance
from branches.together import Question, ask_together


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


@dataclass(eq=False)
class Source:
    """Questions of the list, and how their answers read as lines. Those of a whole page are asked together.

    `told` are its lines, once it was answered.
    """

    questions: dict[str, Question]
    lines: Callable[[dict[str, list]], list[Item]]
    told: list[Item] = field(default_factory=list)

    @classmethod
    def one(cls, rows: QuerySet, columns: tuple[str, ...], lines: Callable[[list], list[Item]]) -> Self:
        """The usual one: rows of one queryset, a line for each or one for all."""
        return cls({"rows": Question(rows, columns)}, lambda answers: lines(answers["rows"]))


def tell(sources: Sequence[Source]) -> None:
    """Ask all of them in one query, and let each tell its lines, in order: a later one may look at an earlier one's."""
    answers = ask_together(
        {f"{place}_{name}": one for place, source in enumerate(sources) for name, one in source.questions.items()}
    )
    for place, source in enumerate(sources):
        source.told = source.lines({name: answers[f"{place}_{name}"] for name in source.questions})
