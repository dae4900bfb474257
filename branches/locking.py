"""The calendar lock: an office closes the figures of its units through a day, and opens some again for a while.

Locked is what somebody writes by hand about a held activity that counts on a locked day: writing, changing,
cancelling. Plans, evidence and members' records stay open. Figures that a book says by itself (feeding.py) follow
their books, whose corrections have rules of their own; closing only the copy would make the two disagree. The lock
is not an approval: a report may be approved or reopened without moving it, and the other way round.

Setting a lock holds the row of every unit under it, as every writer of figures does with its own: an activity saved
in the very moment of locking is written before the lock stands, or refused.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Length

from branches.formats import day as as_day
from branches.models import LockException, PeriodLock, Unit
from branches.vietnamese import nfc


class LockRefused(Exception):
    """The lock cannot be set, lowered or opened so. `field` names the form field that shows the message."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Lock:
    """Who locked a day, and through which."""

    unit_id: int
    unit_name: str
    through: datetime.date

    def refusal(self, day: datetime.date) -> str:
        return (
            f"{self.unit_name} đã khóa số liệu đến hết ngày {as_day(self.through)}, nên việc của ngày {as_day(day)} "
            f"không ghi hay sửa được nữa. Nếu còn phải bổ sung, hãy xin mở tạm ở {self.unit_name}."
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """What a unit should know before it writes: the newest lock of each office over it, what is open for a while."""

    locks: tuple[PeriodLock, ...]
    exceptions: tuple[LockException, ...]

    @property
    def farthest(self) -> PeriodLock | None:
        return max(self.locks, key=lambda lock: lock.through, default=None)


# --- reading ----------------------------------------------------------------------------------------


def _above(unit: Unit) -> list[int]:
    """The unit and those above it, by today's tree."""
    return [int(step) for step in unit.path.strip("/").split("/")]


def _newest(offices: Iterable[int]):
    """The lock of each office that counts, where it locks anything."""
    last = PeriodLock.objects.filter(unit=OuterRef("unit")).order_by("-pk").values("pk")[:1]
    return PeriodLock.objects.filter(unit__in=offices, pk=Subquery(last), through__isnull=False)


def lock_over(unit: Unit, day: datetime.date, *, on: datetime.date) -> Lock | None:
    """The lock that closes the day for the unit, its own or one from above; None where it may be written today, `on`.

    An exception opens the locks of the office that gave it and of offices below it, never of one above. One query.
    """
    found = _closing(unit, day, on).values_list("unit_id", "unit__name", "through").first()
    return Lock(*found) if found else None


def _closing(unit: Unit, day: datetime.date, on: datetime.date):
    """The locks that close the day for the unit today, the farthest first."""
    offices = _above(unit)
    opened = (
        LockException.objects.running(on)
        .filter(unit=unit, office__in=offices, first_on__lte=day, last_on__gte=day)
        .annotate(place=Length("office__path"))
        .filter(place__lte=Length(OuterRef("unit__path")))
    )
    rows = _newest(offices).filter(through__gte=day).exclude(Exists(opened))
    return rows.order_by("-through", "unit__path")


def locks_of(unit: Unit, *, on: datetime.date) -> Standing:
    """All locks over the unit and what is open for it today. Two queries, one where nothing is locked."""
    locks = tuple(_newest(_above(unit)).select_related("unit", "set_by").order_by("unit__path"))
    if not locks:
        return Standing((), ())
    opened = LockException.objects.running(on).filter(unit=unit).select_related("office")
    return Standing(locks, tuple(opened.order_by("valid_until", "pk")))


def lock_set_by(unit: Unit) -> PeriodLock | None:
    """The lock of this office itself that counts; one that unlocked everything is none. One query."""
    return _newest([unit.pk]).select_related("set_by").first()


# --- the verbs --------------------------------------------------------------------------------------


@transaction.atomic
def set_lock(
    *, unit: Unit, by, on: datetime.date, through: datetime.date | None, reason: str = "",
    before: datetime.date | None = None,
) -> PeriodLock:  # fmt: skip
    """Lock the office and everything below it through the day; None unlocks. Raises LockRefused.

    `before` is the day that was locked when the form was opened: refused where somebody changed it since. A day earlier
    than before opens figures that were closed, and needs a reason.
    """
    if unit.is_branch:
        raise LockRefused("Đoàn cấp trên khóa số liệu cho các đơn vị trực thuộc; chi đoàn không tự khóa.")
    _hold_below(unit)
    newest = lock_set_by(unit)
    stands = newest.through if newest else None
    if before != stands:
        now = f"đến hết ngày {as_day(stands)}" if stands else "không khóa ngày nào"
        raise LockRefused(f"Có người vừa đổi khóa số liệu, hiện {now}. Hãy mở lại trang rồi làm lại.")
    if through is not None and through >= on:
        raise LockRefused("Chỉ khóa đến một ngày đã qua; việc của hôm nay còn phải ghi được.", "through")
    if through == stands:
        said = f"Đang khóa đến đúng ngày {as_day(through)}." if through else "Đang không khóa ngày nào. Hãy chọn ngày."
        raise LockRefused(said, "through")
    reason = nfc(reason).strip()
    if stands and (through is None or through < stands) and not reason:
        raise LockRefused(f"Đang khóa đến ngày {as_day(stands)}. Hãy ghi lý do lùi ngày khóa.", "reason")
    return PeriodLock.objects.create(unit=unit, through=through, reason=reason[:300], set_on=on, set_by=by)


def _hold_below(unit: Unit) -> None:
    """Wait for every writer of figures under the office, and let none begin until this transaction ends."""
    rows = Unit.objects.select_for_update(no_key=True).filter(path__startswith=unit.path)
    list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def open_for(
    *, office: Unit, units: Iterable[Unit], by, on: datetime.date, first_on: datetime.date, last_on: datetime.date,
    valid_until: datetime.date, reason: str,
) -> list[LockException]:  # fmt: skip
    """Let units of the office write what happened in a span of locked days, until a day: each of them, or none.

    One row a unit, in the order of their keys, so that each can be closed again by itself. One query a unit and three
    more. Raises LockRefused.
    """
    rows = Unit.objects.select_for_update(no_key=True).filter(pk__in=[unit.pk for unit in units])
    held = list(rows.order_by("pk"))
    reason = nfc(reason).strip()
    if not held:
        raise LockRefused("Hãy chọn đơn vị được mở.", "units")
    if strange := [unit.name for unit in held if not unit.path.startswith(office.path)]:
        raise LockRefused(f"{strange[0]} không trực thuộc {office.name}. Hãy chọn lại.", "units")
    if last_on < first_on:
        raise LockRefused("Ngày cuối không thể trước ngày đầu.", "last_on")
    if valid_until < on:
        raise LockRefused("Hãy mở ít nhất đến hết hôm nay.", "valid_until")
    if not reason:
        raise LockRefused("Hãy ghi lý do.", "reason")
    for unit in held:
        _check_closed_by(office, unit, first_on, on)
    return LockException.objects.bulk_create(
        LockException(
            office=office, unit=unit, first_on=first_on, last_on=last_on, valid_until=valid_until,
            reason=reason[:300], given_on=on, given_by=by,
        )
        for unit in held
    )  # fmt: skip


def _check_closed_by(office: Unit, unit: Unit, day: datetime.date, on: datetime.date) -> None:
    """Refuse to open a day that the unit may write, or that somebody above the office closed."""
    closing = list(_closing(unit, day, on).select_related("unit"))
    if not closing:
        raise LockRefused(f"{unit.name} đang ghi được việc của ngày {as_day(day)}, không cần mở tạm.", "units")
    if above := [lock.unit.name for lock in closing if not lock.unit.path.startswith(office.path)]:
        raise LockRefused(f"Ngày {as_day(day)} do {above[0]} khóa. Hãy đề nghị {above[0]} mở tạm.", "first_on")


@transaction.atomic
def end_exception(*, exception: LockException, by, on: datetime.date) -> LockException:
    """Close it before its day. What was written while it was open stays. Raises LockRefused."""
    Unit.objects.select_for_update(no_key=True).get(pk=exception.unit_id)
    row = LockException.objects.select_related("unit").get(pk=exception.pk)
    if row.ended_on or row.valid_until < on:
        raise LockRefused(f"Phần mở tạm cho {row.unit.name} không còn hiệu lực.")
    row.ended_on, row.ended_by = on, by
    row.save(update_fields=["ended_on", "ended_by"])
    return row
