"""Where directions stand: their targets as progress judges them, their tasks, the words of the answer.

The rule itself is `branches.directing.standing_of`; here it is given what it needs. Used by the list of a
unit's directions, by the table of whoever gave the same to several units, and by the Party summary.
"""

import copy
import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from branches.directing import DirectionStanding, TaskCount, standing_of
from branches.models import Direction, Period, Target, Task, Unit
from branches.tasks import stood, with_last_step

from .board import cells_below
from .judging import Progress
from .progress import progress_for

FIRST = ("overdue", "missed", "behind")


@dataclass(frozen=True, slots=True)
class DirectionNow:
    """What was asked, the targets and tasks that answer it, and where it stands; no name of a person.

    `tasks` carry what people typed: for readers of the unit's tasks. Everybody else reads `count`.
    """

    direction: Direction
    rows: tuple[Progress, ...]
    tasks: tuple[Task, ...]
    count: TaskCount
    now: DirectionStanding

    @property
    def standing(self) -> str:
        return self.now.standing

    @property
    def word(self) -> str:
        return self.now.word

    @property
    def detail(self) -> str:
        return self.now.detail

    @property
    def is_settled(self) -> bool:
        return self.now.is_settled

    @property
    def is_overdue(self) -> bool:
        return self.standing == "overdue"

    @property
    def is_withdrawn(self) -> bool:
        return self.now.is_withdrawn


def directions_now(
    directions: Iterable[Direction],
    rows: dict[int, tuple[Progress, ...]],
    *,
    on: datetime.date,
    counted: Iterable[Task] | None = None,
) -> list[DirectionNow]:
    """The directions in their order as they stood on the day `on`; `rows` are the judged targets of each.

    Tasks and answers are those of that day. Who has the tasks already (`counted`, rows of tasks.with_last_step)
    gets them counted and none comes along; otherwise one query, and one more where an answer was written after `on`.
    """
    directions = _answered_by(directions, on)
    if counted is None:
        answering = Task.objects.filter(direction__in=directions).defer("result").order_by("due_on", "pk")
        told = with_last_step(answering, on) if directions else ()
    tasks = defaultdict(list)
    for task in stood(told if counted is None else counted, on):
        tasks[task.direction_id].append(task)
    found = []
    for one in directions:
        targets, count = rows.get(one.pk, ()), TaskCount.of(tasks[one.pk], on)
        now = standing_of(one, on=on, tasks=count, targets=[str(row.standing) for row in targets])
        found.append(DirectionNow(one, targets, tuple(tasks[one.pk]) if counted is None else (), count, now))
    return found


def _answered_by(directions: Iterable[Direction], on: datetime.date) -> list[Direction]:
    """The directions with the answer of the day `on`, never saved: one written later was not there yet.

    Where the answer was written anew since, the history says what stood before.
    """
    found, later = [], {}
    for one in directions:
        if one.answered_on and one.answered_on > on:
            one = later[one.pk] = copy.copy(one)
            one.answer, one.answered_on = "", None
        found.append(one)
    if later:
        said = Direction.history.filter(id__in=later).order_by("history_date", "history_id")
        for pk, answer, answered_on, at in said.values_list("id", "answer", "answered_on", "history_date"):
            if answered_on and answered_on <= on:
                later[pk].answer, later[pk].answered_on = answer, answered_on
            elif not answer and timezone.localtime(at).date() <= on:  # taken back by then
                later[pk].answer, later[pk].answered_on = "", None
    return found


def of_unit(unit: Unit, directions: Iterable[Direction], *, as_of: datetime.date) -> list[DirectionNow]:
    """Directions of one unit. The number of queries grows with the periods of their targets, not with them."""
    directions = list(directions)
    rows = defaultdict(list)
    for period, targets in _by_period(directions):
        table = progress_for(unit, period, as_of=min(as_of, period.last_day))
        for target in targets:
            if (row := table.row(target.indicator.code)) is not None:
                rows[target.direction_id].append(row)
    return directions_now(directions, {pk: tuple(found) for pk, found in rows.items()}, on=as_of)


def below(giver: Unit, directions: Iterable[Direction], *, as_of: datetime.date) -> list[DirectionNow]:
    """Directions of the giver's unit and of its direct subordinates, those that need somebody first."""
    directions = list(directions)
    rows = defaultdict(list)
    for period, targets in _by_period(directions):
        until = min(as_of, period.last_day)
        own = [target for target in targets if target.unit_id == giver.pk]
        table = progress_for(giver, period, as_of=until) if own else None
        others = [target for target in targets if target.unit_id != giver.pk]
        cells = cells_below(giver, period, others, as_of=until) if others else {}
        for target in targets:
            row = cells.get(target.pk) or (table.row(target.indicator.code) if table else None)
            if row is not None:
                rows[target.direction_id].append(row)
    found = directions_now(directions, {pk: tuple(each) for pk, each in rows.items()}, on=as_of)
    return sorted(found, key=urgency)


def urgency(one: DirectionNow) -> int:
    """For sorting: overdue, then missed and late, then what goes on or was not answered, then what is settled."""
    if one.standing in FIRST:
        return FIRST.index(one.standing)
    return 9 if one.is_settled else 5


def _by_period(directions: list[Direction]) -> list[tuple[Period, list[Target]]]:
    """The targets that answer, of each plan together. One query."""
    found: dict[Period, list[Target]] = {}
    answering = Target.objects.filter(direction__in=directions)
    known = ("unit", "period", "indicator__area", "indicator__of", "parent__indicator")
    for target in answering.select_related(*known).in_order():
        found.setdefault(target.period, []).append(target)
    return list(found.items())
