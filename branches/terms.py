"""Terms of a unit: the span between two congresses, which plans, posts and term reports are made for."""

import datetime
import zlib

from django.db import transaction

from branches.models import Period, Unit
from branches.vietnamese import nfc

# The unit's officers, and those above who found it and appoint its first committee.
TERM_WRITERS = ("record", "approve", "administer")
TERM_FIELDS = ("name", "number", "is_provisional", "decision", "starts_on", "ends_on")


class TermRefused(Exception):
    """The term is not possible. `errors` maps a field to a Vietnamese message."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(" ".join(errors.values()))
        self.errors = errors


def seen(row, fields) -> int:
    """A number that stands for what a form showed of the row: another one as soon as somebody changed it.

    For rows that carry no version of their own; a form sends it back and the verb compares.
    """
    return zlib.crc32(repr([getattr(row, name) for name in fields]).encode())


@transaction.atomic
def start_term(
    *,
    by,
    unit: Unit,
    name: str,
    starts_on: datetime.date,
    last_day: datetime.date,
    number: int | None = None,
    is_provisional: bool = False,
    decision: str = "",
) -> Period:
    """Write down a term of the unit, both days included. Two terms of a unit never overlap."""
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    term = Period(kind=Period.Kind.TERM, unit=unit)
    return _write(term, name, starts_on, last_day, number, is_provisional, decision)


@transaction.atomic
def change_term(
    *,
    by,
    term: Period,
    version: int,
    name: str,
    starts_on: datetime.date,
    last_day: datetime.date,
    number: int | None = None,
    is_provisional: bool = False,
    decision: str = "",
) -> Period:
    """Correct a term. Its targets and reports go with it, so that they are about the new days.

    `version` is what `seen` said when the form was opened.
    """
    unit = Unit.objects.select_for_update(no_key=True).get(pk=term.unit_id)
    term = Period.objects.get(pk=term.pk, kind=Period.Kind.TERM)
    if seen(term, TERM_FIELDS) != version:
        raise TermRefused({"": "Có người vừa sửa nhiệm kỳ này. Chưa ghi đè gì cả; hãy mở lại trang rồi ghi lại."})
    term.unit = unit
    return _write(term, name, starts_on, last_day, number, is_provisional, decision)


def _write(term: Period, name, starts_on, last_day, number, is_provisional, decision) -> Period:
    if last_day <= starts_on:
        raise TermRefused({"last_day": "Ngày cuối phải sau ngày đầu nhiệm kỳ."})
    ends_on = last_day + datetime.timedelta(days=1)
    terms = Period.objects.filter(kind=Period.Kind.TERM, unit=term.unit).exclude(pk=term.pk)
    crossing = terms.filter(starts_on__lt=ends_on, ends_on__gt=starts_on).order_by("starts_on", "pk").first()
    if crossing is not None:
        days = f"{crossing.starts_on:%d/%m/%Y} đến {crossing.last_day:%d/%m/%Y}"
        raise TermRefused({"starts_on": f"Trùng với {crossing.name} ({days}). Hãy xem lại ngày."})
    term.name, term.number, term.is_provisional = nfc(name), number, is_provisional
    term.decision, term.starts_on, term.ends_on = nfc(decision), starts_on, ends_on
    term.save()
    return term
