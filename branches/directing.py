"""Verbs on directions: what the Party committee or the superior asked of a unit, and the answer to it."""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from branches.formats import day, distance
from branches.long_texts import kept_lines
from branches.models import Direction, EditConflict, Placement, Task, Unit
from branches.scoping import reach
from branches.vietnamese import nfc

FIELDS = ("given_by", "body_name", "given_on", "document", "text", "due_on")
NAMED = 3
ASKED = ("text", "due_on")  # what a unit answered: it is warned about before it changes


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
        body_name=nfc(body_name),
        given_on=given_on,
        text=kept_lines(text),
        document=nfc(document),
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


def given_from(places: dict[str, list[Unit]]):
    """What the givers of `places_to_give` gave to those units; what a unit wrote down itself is not among it."""
    parts = Q(pk__in=[])
    for given_by, units in places.items():
        parts |= Q(given_by=given_by, unit__in=[one.pk for one in units])
    return Direction.objects.filter(parts).exclude(sending=None)


@transaction.atomic
def change_direction(*, direction: Direction, version: int, by, knowing: bool = False, **fields) -> Direction:
    """Correct one unit's direction; see `change_directions`."""
    return change_directions(directions=[direction], version=version, by=by, knowing=knowing, **fields)[0]


@transaction.atomic
def change_directions(
    *, directions: Iterable[Direction], version: int, by, knowing: bool = False, **fields
) -> list[Direction]:
    """Correct what was written down, of every unit of one sending alike; only the fields of FIELDS given change.

    `version` is what `version_of` said when the form was opened; an answer that came since is a conflict too.
    What the giver asked is not changed under an answer unless `knowing` that the answer was to the old words.
    Raises EditConflict.
    """
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"not a field of a direction: {', '.join(sorted(unknown))}")
    rows = _claimed(directions, version)
    for row in rows:
        if row.withdrawn_on:
            raise DirectionRefused({"": _withdrawn(row)})
    before = {row.pk: tuple(getattr(row, name) for name in ASKED) for row in rows}
    for row in rows:
        for name, value in fields.items():
            setattr(row, name, _clean(name, value))
        _refuse_wrong_days(row)
        if row.answered_on and row.given_on > row.answered_on:
            said = f"{row.unit.name} đã trả lời ngày {day(row.answered_on)}: ngày giao không thể sau ngày đó."
            raise DirectionRefused({"given_on": said})
    changed = [row for row in rows if before[row.pk] != tuple(getattr(row, name) for name in ASKED)]
    answered = [row for row in answered_among(changed) if row.sending]
    if answered and not knowing:
        raise DirectionRefused({"knowing": answered_words(answered)})
    return _kept(rows, by)


def _clean(name: str, value):
    if not isinstance(value, str):
        return value
    return kept_lines(value) if name == "text" else nfc(value)


def answered_among(directions: Iterable[Direction]) -> list[Direction]:
    """Those that were answered in words or have a task somebody reported or finished. One query."""
    directions = list(directions)
    done = Task.objects.filter(direction__in=directions, state__in=(Task.State.REPORTED, Task.State.ACCEPTED))
    with_tasks = set(done.values_list("direction_id", flat=True)) if directions else set()
    return [one for one in directions if one.answer or one.pk in with_tasks]


def answered_words(answered: Sequence[Direction]) -> str:
    """What the giver should know before changing the words under an answer; the units bring their names."""
    names = "; ".join(one.unit.name for one in answered[:NAMED])
    rest = f" và {len(answered) - NAMED} đơn vị khác" if len(answered) > NAMED else ""
    return f"{names}{rest} đã trả lời hoặc làm theo nội dung cũ. Đánh dấu ô dưới nếu vẫn sửa."


@transaction.atomic
def withdraw_directions(
    *, directions: Iterable[Direction], version: int, by, on: datetime.date, reason: str
) -> list[Direction]:
    """No longer asked, from the day `on` on. Answers, targets and tasks of the units stay as they are.

    Those withdrawn before keep their day and reason. `version` as in `change_directions`. Raises EditConflict.
    """
    reason = nfc(reason)
    if not reason:
        raise DirectionRefused({"reason": "Hãy ghi vì sao rút, để đơn vị biết."})
    rows = _claimed(directions, version)
    standing = [row for row in rows if not row.withdrawn_on]
    if not standing:
        raise DirectionRefused({"": _withdrawn(rows[0])})
    for row in standing:
        if on < row.given_on:
            raise DirectionRefused({"": f"Việc này mới giao từ ngày {day(row.given_on)}."})
        row.withdrawn_on, row.withdraw_reason = on, reason
    return _kept(standing, by)


def version_of(directions: Iterable[Direction]) -> int:
    """One number for several records: versions only grow, so it is another one as soon as any of them changed."""
    return sum(one.version for one in directions)


def _claimed(directions: Iterable[Direction], version: int) -> list[Direction]:
    """The rows as they stand, locked in one order, each claimed; EditConflict where one changed since `version`."""
    keys = [one.pk for one in directions]
    rows = Direction.objects.select_for_update(no_key=True, of=("self",)).select_related("unit")
    rows = list(rows.filter(pk__in=keys).order_by("pk"))
    if not rows or len(rows) != len(keys) or version_of(rows) != version:
        raise EditConflict(rows[0] if rows else None)
    for row in rows:
        row.claim(row.version)
    return rows


def _kept(rows: list[Direction], by) -> list[Direction]:
    for row in rows:
        row._history_user = by
        row.save()
    return rows


def _withdrawn(direction: Direction) -> str:
    return f"Ý kiến này đã rút từ ngày {day(direction.withdrawn_on)}."


@transaction.atomic
def answer_direction(*, direction: Direction, version: int, by, on: datetime.date, answer: str) -> Direction:
    """Answer in words, as of the day `on`; an empty answer takes the answer back. Raises EditConflict."""
    (direction,) = _claimed([direction], version)
    if direction.withdrawn_on:
        raise DirectionRefused({"": _withdrawn(direction)})
    answer = kept_lines(answer)
    if answer and on < direction.given_on:
        raise DirectionRefused({"answered_on": f"Hãy ghi ngày từ {day(direction.given_on)}, ngày được giao."})
    direction.answer = answer
    direction.answered_on = on if answer else None
    return _kept([direction], by)[0]


def _refuse_wrong_days(direction: Direction) -> None:
    if direction.due_on and direction.due_on < direction.given_on:
        raise DirectionRefused({"due_on": f"Hạn phải từ ngày giao {day(direction.given_on)} trở đi."})


# --- where it stands ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TaskCount:
    """The tasks that answer a direction, without those dropped; what is left of `total` is under way and in time."""

    total: int = 0
    accepted: int = 0
    overdue: int = 0
    reported: int = 0

    @classmethod
    def of(cls, tasks: Iterable[Task], on: datetime.date) -> "TaskCount":
        meant = [task for task in tasks if task.state != Task.State.DROPPED]
        accepted = sum(task.state == Task.State.ACCEPTED for task in meant)
        late = sum(task.state == Task.State.GIVEN and task.days_late(on) > 0 for task in meant)
        return cls(len(meant), accepted, late, sum(task.state == Task.State.REPORTED for task in meant))

    @property
    def words(self) -> str:
        """ "3 việc: 1 xong, 2 đang làm": all the Party committee reads of tasks, never what a person typed into one."""
        rest = self.total - self.accepted - self.reported - self.overdue
        told = (
            (self.accepted, "xong"),
            (self.reported, "báo xong, chờ nhận"),
            (self.overdue, "quá hạn"),
            (rest, "đang làm"),
        )
        return f"{self.total} việc: {'; '.join(f'{count} {word}' for count, word in told if count)}"


@dataclass(frozen=True, slots=True)
class DirectionStanding:
    """A name of the state badges, its word, and how far its targets and tasks are ("1/3 việc xong")."""

    standing: str
    word: str
    detail: str = ""
    is_withdrawn: bool = False

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
    if direction.withdrawn_on and direction.withdrawn_on <= on:
        return DirectionStanding("none", "Đã rút", f"Rút ngày {day(direction.withdrawn_on)}", is_withdrawn=True)
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
