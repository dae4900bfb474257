"""Verbs on directions: what the Party committee or the superior asked of a unit, and the answer to it."""

import datetime

from django.db import transaction

from branches.models import Direction, Unit

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
) -> Direction:
    """Write down what was asked. Directions of one day keep the order in which they were written."""
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    direction = Direction(
        unit=unit,
        given_by=given_by,
        body_name=body_name,
        given_on=given_on,
        text=text,
        document=document,
        due_on=due_on,
        position=Direction.objects.filter(unit=unit, given_on=given_on).count() + 1,
    )
    _refuse_wrong_days(direction)
    direction._history_user = by
    direction.save()
    return direction


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
