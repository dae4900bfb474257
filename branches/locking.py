"""The calendar lock: an office closes the figures of its units through a day, and opens some again for a while.

Locked is what somebody writes by hand about a held activity that counts on a locked day: writing, changing,
cancelling. The same of a meeting whose figures count: whether it was held, on which day and as which kind
(meetings/states.py). Plans, evidence and members' records stay open. Figures that a book says by itself (feeding.py)
follow their books (the roll and the minutes of a meeting that was held, receipts, decisions), whose corrections have
rules of their own; closing only the copy would make the two disagree. The lock is not an approval: a report may be
approved or reopened without moving it, and the other way round.

An office may say beforehand from which day it locks. Until then nothing is closed, and the units read when it comes
and what of theirs is still to be written.

Setting a lock holds the row of every unit under it, as every writer of figures does with its own: an activity saved
in the very moment of locking is written before the lock stands, or refused.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, DateField, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Length

from branches.formats import day as as_day
from branches.models import Activity, LockException, Meeting, PeriodLock, Quantity, Unit
from branches.models.rule import rules_on
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
    """What a unit should know before it writes: the lock of each office over it, what is open for a while, and what is
    announced (`near`: for one of the next days)."""

    locks: tuple[PeriodLock, ...]
    exceptions: tuple[LockException, ...]
    announced: tuple[PeriodLock, ...] = ()
    near: tuple[PeriodLock, ...] = ()

    @property
    def farthest(self) -> PeriodLock | None:
        return max(self.locks, key=lambda lock: lock.through, default=None)


# --- reading ----------------------------------------------------------------------------------------


def _above(unit: Unit) -> list[int]:
    """The unit and those above it, by today's tree."""
    return [int(step) for step in unit.path.strip("/").split("/")]


def _newest(offices: Iterable[int], on: datetime.date):
    """The lock of each office that counts today, where it locks anything."""
    return PeriodLock.objects.in_force(on).filter(unit__in=offices, through__isnull=False)


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
    rows = _newest(offices, on).filter(through__gte=day).exclude(Exists(opened))
    return rows.order_by("-through", "unit__path")


def locks_of(unit: Unit, *, on: datetime.date) -> Standing:
    """All locks over the unit, what is open for it today, and what is announced. Two queries, one where nothing is
    locked; two more where something is announced."""
    said = PeriodLock.objects.in_force(on) | PeriodLock.objects.announced(on)
    said = said.filter(unit__in=_above(unit), through__isnull=False).select_related("unit", "set_by")
    rows = list(said.order_by("unit__path", "pk"))
    locks = tuple(row for row in rows if row.holds_from <= on)
    opened = LockException.objects.running(on).filter(unit=unit).select_related("office", "given_by")
    exceptions = tuple(opened.order_by("valid_until", "pk")) if locks else ()
    if len(locks) == len(rows):
        return Standing(locks, exceptions)
    announced = tuple(announced_over(unit, on=on).select_related("unit", "set_by"))
    soon = on + datetime.timedelta(days=int(rules_on(on)["due_soon_days"]))
    return Standing(locks, exceptions, announced, tuple(one for one in announced if one.holds_from <= soon))


def announced_over(unit: Unit, *, on: datetime.date):
    """Locks over the unit whose day is still to come, the next first, with what of the unit's own would be closed
    unwritten (`unwritten` puts it in words): `plans` nobody has decided, activities without a figure (`bare`),
    meetings nobody has ended (`meetings`)."""
    offices = _above(unit)
    farthest = _newest(offices, on).order_by("-through").values("through")[:1]
    closed = Coalesce(Subquery(farthest), Value(datetime.date.min, DateField()))
    open_days = {"unit": unit, "last_on__lte": OuterRef("through"), "last_on__gt": closed}
    figures = Quantity.objects.filter(activity=OuterRef("pk"), value__isnull=False)
    held = Activity.objects.counted().filter(~Exists(figures), fed_by="", **open_days)
    meetings = Meeting.objects.filter(
        unit=unit, kind__in=Meeting.OF_ALL, state__in=(Meeting.State.PLANNED, Meeting.State.OPEN),
        starts_at__date__lte=OuterRef("through"), starts_at__date__gt=closed,
    )  # fmt: skip
    rows = PeriodLock.objects.announced(on).filter(unit__in=offices, through__isnull=False)
    return rows.annotate(
        plans=_count(Activity.objects.filter(state=Activity.State.PLANNED, **open_days)), bare=_count(held),
        meetings=_count(meetings),
    ).order_by("holds_from", "pk")  # fmt: skip


def _count(rows):
    """How many of the rows, which are of one unit, as a column of another question."""
    return Coalesce(Subquery(rows.order_by().values("unit").annotate(n=Count("pk")).values("n")), 0)


def lock_set_by(unit: Unit, *, on: datetime.date) -> PeriodLock | None:
    """The lock of this office itself that counts today; one that unlocked everything is none. One query."""
    return _newest([unit.pk], on).select_related("set_by").first()


def said_last(unit: Unit) -> PeriodLock | None:
    """What the office said last of its lock, announced or in force. One query."""
    return PeriodLock.objects.filter(unit=unit).order_by("-pk").first()


# --- the verbs --------------------------------------------------------------------------------------


@transaction.atomic
def set_lock(
    *, unit: Unit, by, on: datetime.date, through: datetime.date | None, reason: str = "",
    holds_from: datetime.date | None = None, before: int | None = None,
) -> PeriodLock:  # fmt: skip
    """Lock the office and everything below it through a day that is over; None unlocks. Raises LockRefused.

    It holds from today, or from the later day `holds_from`, and takes the place of what was announced. `before` is the
    key of what the office had said last (`said_last`) when the form was opened: refused where somebody said something
    since. Opening figures that were closed needs a reason, and so does changing what units were told.
    """
    if unit.is_branch:
        raise LockRefused("Đoàn cấp trên khóa số liệu cho các đơn vị trực thuộc; chi đoàn không tự khóa.")
    _hold_below(unit)
    stands, announced = _as_it_stands(unit, on, before)
    holds_from = holds_from or on
    if holds_from < on:
        raise LockRefused("Ngày bắt đầu khóa không thể trước hôm nay. Để trống thì khóa ngay.", "holds_from")
    _check_through(through, stands, holds_from, on)
    reason = nfc(reason).strip()
    if stands and (through is None or through < stands) and not reason:
        raise LockRefused(f"Đang khóa đến ngày {as_day(stands)}. Hãy ghi lý do lùi ngày khóa.", "reason")
    if announced and (announced.through, announced.holds_from) == (through, holds_from):
        raise LockRefused("Đã báo trước đúng như vậy.", "holds_from")
    if announced and not reason:
        raise LockRefused(f"Đã báo các đơn vị: {announced_words(announced)}. Hãy ghi lý do đổi.", "reason")
    return _say(unit, by, on, through, holds_from, reason)


@transaction.atomic
def withdraw(*, unit: Unit, by, on: datetime.date, reason: str, before: int | None) -> PeriodLock:
    """The office will not lock as it announced; what is locked today stays locked. `before` as for set_lock. Raises
    LockRefused."""
    _hold_below(unit)
    stands, announced = _as_it_stands(unit, on, before)
    if announced is None:
        raise LockRefused("Không có ngày khóa nào đang báo trước.")
    if not (reason := nfc(reason).strip()):
        raise LockRefused("Hãy ghi lý do.", "reason")
    return _say(unit, by, on, stands, on, f"Thôi báo trước: {reason}")


def _as_it_stands(unit: Unit, on: datetime.date, before: int | None) -> tuple[datetime.date | None, PeriodLock | None]:
    """Through which day the office locks today, and what it announced; refused where `before` is not its last word."""
    newest, counts = said_last(unit), lock_set_by(unit, on=on)
    stands, announced = counts.through if counts else None, newest if newest and newest.holds_from > on else None
    if before != (newest.pk if newest else None):
        now = f"đến hết ngày {as_day(stands)}" if stands else "không khóa ngày nào"
        more = f", báo trước {announced_words(announced)}" if announced else ""
        raise LockRefused(f"Có người vừa đổi khóa số liệu, hiện {now}{more}. Hãy mở lại trang rồi làm lại.")
    return stands, announced


def _check_through(
    through: datetime.date | None, stands: datetime.date | None, holds_from: datetime.date, on: datetime.date
) -> None:
    if through is not None and through >= holds_from:
        if holds_from == on:
            raise LockRefused("Chỉ khóa đến một ngày đã qua; việc của hôm nay còn phải ghi được.", "through")
        raise LockRefused(f"Từ ngày {as_day(holds_from)} chỉ khóa được những ngày trước ngày đó.", "through")
    if through == stands:
        said = f"Đang khóa đến đúng ngày {as_day(through)}." if through else "Đang không khóa ngày nào. Hãy chọn ngày."
        raise LockRefused(said, "through")
    if holds_from > on and (through is None or (stands and through < stands)):
        said = "Lùi ngày khóa hay bỏ khóa thì làm ngay, không báo trước. Hãy để trống ngày này."
        raise LockRefused(said, "holds_from")


def announced_words(lock: PeriodLock) -> str:
    """ "từ ngày 05/12/2026 khóa đến hết ngày 31/10/2026"."""
    return f"từ ngày {as_day(lock.holds_from)} khóa đến hết ngày {as_day(lock.through)}"


def _say(unit: Unit, by, on, through, holds_from, reason: str) -> PeriodLock:
    return PeriodLock.objects.create(
        unit=unit, through=through, reason=reason[:300], set_on=on, holds_from=holds_from, set_by=by
    )


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
