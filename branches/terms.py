"""Terms of a unit: the span between two congresses, which plans and term reports are made for."""

import datetime

from django.db import transaction

from branches.models import Period, Unit
from branches.vietnamese import nfc


class TermRefused(Exception):
    """The term is not possible. `errors` maps a field to a Vietnamese message."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(" ".join(errors.values()))
        self.errors = errors


@transaction.atomic
def start_term(*, by, unit: Unit, name: str, starts_on: datetime.date, last_day: datetime.date) -> Period:
    """Write down a term of the unit, both days included. Two terms of a unit never overlap."""
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if last_day <= starts_on:
        raise TermRefused({"last_day": "Ngày cuối phải sau ngày đầu nhiệm kỳ."})
    ends_on = last_day + datetime.timedelta(days=1)
    terms = Period.objects.filter(kind=Period.Kind.TERM, unit=unit)
    crossing = terms.filter(starts_on__lt=ends_on, ends_on__gt=starts_on).order_by("starts_on", "pk").first()
    if crossing is not None:
        days = f"{crossing.starts_on:%d/%m/%Y} đến {crossing.last_day:%d/%m/%Y}"
        raise TermRefused({"starts_on": f"Trùng với {crossing.name} ({days}). Hãy xem lại ngày."})
    return Period.objects.create(kind=Period.Kind.TERM, unit=unit, name=nfc(name), starts_on=starts_on, ends_on=ends_on)
