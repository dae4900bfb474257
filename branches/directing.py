"""Verbs on directions: what the Party committee or the superior asked of a unit, and the answer to it."""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from branches.formats import distance
from branches.models import Direction, Placement, Task, Unit
from branches.scoping import reach

FIELDS = ("given_by", "body_name", "given_on", "document", "text", "due_on")


class DirectionRefused(Exception):
    """The change is not possible. `errors` maps a field ("" for the whole form) to a Vietnamese message."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(" ".join(errors.values()))
        self.errors = errors


@transaction.atomic
def receive_direction(
    *,
    by,
    unit: Unit,
    given_by: str,
    body_name: str,
    given_on: datetime.date,
    text: str,
    document: str = "",
    due_on: datetime.date | None = None,
    sending: uuid.UUID | None = None,
) -> Direction:
    """Write down what was asked. Directions of one day keep the order in which they were written.

    `sending` is for `give_direction`: the giver wrote it, and the unit may not change the words.
    """
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    direction = Direction(
        unit=unit,
        given_by=given_by,
        body_name=body_name,
        given_on=given_on,
        text=text,
        document=document,
        due_on=due_on,
        sending=sending,
        position=Direction.objects.filter(unit=unit, given_on=given_on).count() + 1,
    )
    _refuse_wrong_days(direction)
    direction._history_user = by
    direction.save()
    return direction


@transaction.atomic
def give_direction(*, by, units: Iterable[Unit], **fields) -> list[Direction]:
    """The giver asks the same of one or several units: one direction for each, known by one `sending`."""
    units = list(units)
    if not units:
        raise DirectionRefused({"units": "Hãy chọn đơn vị được giao."})
    sending = uuid.uuid4()
    return [receive_direction(by=by, unit=unit, sending=sending, **fields) for unit in units]


def places_to_give(user, unit: Unit, *, on: datetime.date) -> dict[str, list[Unit]]:
    """To which units this person may give a direction from this unit's page, by who is then the giver.

    The unit itself and those directly below it that they oversee (the Party committee) or approve for
    (the superior Đoàn). One query for each kind of right they hold.
    """
    rights = {Direction.GivenBy.PARTY: "oversee", Direction.GivenBy.SUPERIOR: "approve"}
    found = {}
    for given_by, right in rights.items():
        placed = Placement.objects.filter(superior=unit, starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))
        units = Unit.objects.reached_by(user, right).living(on).filter(Q(pk=unit.pk) | Q(pk__in=placed.values("unit")))
        if held := list(units.order_by("sort_key", "pk")):
            found[given_by.value] = sorted(held, key=lambda one: one.pk != unit.pk)
    return found


def may_give_from(user, unit: Unit) -> bool:
    """Whether the person is a giver at this unit, or of those below it. No query."""
    for post in user.posts_today:
        here = post.type.verbs_here if unit.path == post.unit.path else ()
        below = post.type.verbs_below if unit.path.startswith(post.unit.path) else ()
        if {"oversee", "approve"}.intersection([*here, *below]):
            return True
    return False


def changeable_by(user):
    """Directions whose words this person may change: the giver's own, and what the unit itself wrote down."""
    own = Direction.objects.filter(sending=None).editable_by(user)
    party, superior = Direction.GivenBy.PARTY, Direction.GivenBy.SUPERIOR
    given = Direction.objects.exclude(sending=None)
    return (
        own
        | given.filter(reach(user, "unit__", right="oversee"), given_by=party)
        | given.filter(reach(user, "unit__", right="approve"), given_by=superior)
    )


@transaction.atomic
def change_direction(*, direction: Direction, version: int, by, **fields) -> Direction:
    """Correct what was written down; only the fields of FIELDS given change. Raises EditConflict."""
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"not a field of a direction: {', '.join(sorted(unknown))}")
    direction = Direction.objects.get(pk=direction.pk)
    direction.claim(version)
    for name, value in fields.items():
        setattr(direction, name, value)
    _refuse_wrong_days(direction)
    direction._history_user = by
    direction.save()
    return direction


@transaction.atomic
def answer_direction(*, direction: Direction, version: int, by, on: datetime.date, answer: str) -> Direction:
    """Answer in words, as of the day `on`; an empty answer takes the answer back. Raises EditConflict."""
    direction = Direction.objects.get(pk=direction.pk)
    direction.claim(version)
    answer = answer.strip()
    if answer and on < direction.given_on:
        raise DirectionRefused({"answered_on": f"Hãy ghi ngày từ {direction.given_on:%d/%m/%Y}, ngày được giao."})
    direction.answer = answer
    direction.answered_on = on if answer else None
    direction._history_user = by
    direction.save()
    return direction


def _refuse_wrong_days(direction: Direction) -> None:
    if direction.due_on and direction.due_on < direction.given_on:
        raise DirectionRefused({"due_on": f"Hạn phải từ ngày giao {direction.given_on:%d/%m/%Y} trở đi."})


# --- where it stands ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TaskCount:
    """The tasks that answer a direction, without those dropped."""

    total: int = 0
    accepted: int = 0
    overdue: int = 0

    @classmethod
    def of(cls, tasks: Iterable[Task], on: datetime.date) -> "TaskCount":
        meant = [task for task in tasks if task.state != Task.State.DROPPED]
        accepted = sum(task.state == Task.State.ACCEPTED for task in meant)
        late = sum(task.state == Task.State.GIVEN and task.days_late(on) > 0 for task in meant)
        return cls(len(meant), accepted, late)


@dataclass(frozen=True, slots=True)
class DirectionStanding:
    """A name of the state badges, its word, and how far its targets and tasks are ("1/3 việc xong")."""

    standing: str
    word: str
    detail: str = ""

    @property
    def is_settled(self) -> bool:
        return self.standing in ("met", "done")


def standing_of(
    direction: Direction, *, on: datetime.date, tasks: TaskCount = TaskCount(), targets: Sequence[str] = ()
) -> DirectionStanding:
    """Where a direction stands: the one rule for its list, the Party summary, its paper and the giver's table.

    `targets` are the standings of the targets that answer it, as reports.judging names them. Targets and tasks
    decide before words do: who has answered and has still something open is not done. A target that was
    missed is told before a date that passed, because no later day will change it.
    """
    overdue = direction.due_on is not None and direction.due_on < on
    if not targets and not tasks.total:
        if direction.answer:
            return DirectionStanding("done", _answered(direction))
        detail = "Chưa có chỉ tiêu, việc và chưa trả lời"
        if overdue:
            return DirectionStanding("overdue", distance(direction.due_on, on), detail)
        return DirectionStanding("none", "Chưa trả lời", detail)
    reached = sum(one in ("met", "over") for one in targets)
    detail = _detail(tasks, reached, len(targets))
    if reached == len(targets) and tasks.accepted == tasks.total:
        return DirectionStanding("met" if targets else "done", "Đạt" if targets else "Xong", detail)
    if "missed" in targets:
        return DirectionStanding("missed", "Chưa đạt", detail)
    if overdue:
        return DirectionStanding("overdue", distance(direction.due_on, on), detail)
    if tasks.overdue:
        return DirectionStanding("overdue", f"{tasks.overdue} việc quá hạn", detail)
    if "behind" in targets:
        return DirectionStanding("behind", "Chậm", detail)
    return DirectionStanding("on_track", "Đang làm", detail)


def _answered(direction: Direction) -> str:
    """ "Đã trả lời", and how late: an answer after the date asked for is not the same fact."""
    if direction.due_on and direction.answered_on and direction.answered_on > direction.due_on:
        return f"Đã trả lời, muộn {(direction.answered_on - direction.due_on).days} ngày"
    return "Đã trả lời"


def _detail(tasks: TaskCount, reached: int, targets: int) -> str:
    parts = [f"{reached}/{targets} chỉ tiêu đạt"] if targets else []
    if tasks.total:
        parts.append(f"{tasks.accepted}/{tasks.total} việc xong")
    return ", ".join(parts)
