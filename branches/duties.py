"""Verbs on duties: what people say of one that nothing shows, another rhythm, reminding, duties asked of those below.

A meeting held, a slip handed over, a report sent fulfil their duty by themselves and are never said again here.
"""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from branches.duty_periods import DutyPeriod, period_of
from branches.enrolling import EnrolmentRefused
from branches.formats import day, small
from branches.models import DutyException, DutyReminder, DutyType, DutyWord, Meeting, Remittance, Rhythm, Unit
from branches.vietnamese import nfc

Said, FulfilledBy = DutyWord.Said, DutyType.FulfilledBy
# Nothing in the system shows these, or a paper may have gone out without it.
BY_HAND = (FulfilledBy.HAND, FulfilledBy.HALF_REPORT, FulfilledBy.YEAR_REPORT)
AHEAD = "Kỳ này chưa đến. Hãy ghi khi đã đến kỳ."


class DutyRefused(EnrolmentRefused):
    """The change is not possible. `errors` maps a field ("" for the whole form) to a Vietnamese message."""


# --- what is said of one period -------------------------------------------------------------------------


@transaction.atomic
def say_not_held(*, by, unit: Unit, code: str, starts_on: datetime.date, reason: str, on: datetime.date) -> DutyWord:
    """The unit did not do it and says why. That is another fact than having said nothing."""
    period = _period(unit, code, starts_on)
    if period.starts_on > on:
        raise DutyRefused({"": AHEAD})
    _refuse_what_shows(period)
    return _say(period, unit, by, said=Said.NOT_HELD, reason=_reason(reason))


@transaction.atomic
def say_done(
    *, by, unit: Unit, code: str, starts_on: datetime.date, done_on: datetime.date, note: str = "", on: datetime.date
) -> DutyWord:
    """Done on a day, where no meeting or slip can show it."""
    period = _period(unit, code, starts_on)
    if period.duty.fulfilled_by not in BY_HAND:
        raise DutyRefused({"": f"Việc này tự tính là xong khi có {period.duty.get_fulfilled_by_display()}."})
    if done_on > on:
        raise DutyRefused({"done_on": f"Ngày làm xong không thể sau hôm nay, {day(on)}."})
    if done_on < period.starts_on:
        raise DutyRefused({"done_on": f"Kỳ này bắt đầu từ {day(period.starts_on)}. Hãy xem lại ngày."})
    return _say(period, unit, by, said=Said.DONE, done_on=done_on, reason=nfc(note))


@transaction.atomic
def exempt(*, by, unit: Unit, code: str, starts_on: datetime.date, reason: str) -> DutyWord:
    """The superior lets the unit off this once; also said in place of what the unit itself said."""
    return _say(_period(unit, code, starts_on), unit, by, said=Said.EXEMPT, reason=_reason(reason), by_superior=True)


@transaction.atomic
def take_back(*, word: DutyWord, by) -> None:
    """The period stands again as what was done, or not done, shows it; that it was said stays in the history."""
    word = DutyWord.objects.select_for_update().filter(pk=word.pk).first()
    if word is None:
        return  # somebody was faster
    word._history_user = by
    word.delete()


def _period(unit: Unit, code: str, starts_on: datetime.date) -> DutyPeriod:
    found = period_of(unit, code, starts_on)
    if found is None or found.why_not or found.is_free:
        raise DutyRefused({"": f"{unit.name} không phải làm việc này trong kỳ đã chọn."})
    return found


def _reason(text: str) -> str:
    if not (said := nfc(text)):
        raise DutyRefused({"reason": "Hãy ghi lý do."})
    return said


def _say(period: DutyPeriod, unit: Unit, by, *, said: str, by_superior: bool = False, **values) -> DutyWord:
    known = DutyWord.objects.select_for_update().filter(
        unit=unit, code=period.duty.code, starts_on=period.starts_on
    ).first()  # fmt: skip
    if known and known.said == Said.EXEMPT and not by_superior:
        raise DutyRefused({"": f"Đơn vị đã được miễn trong kỳ này: {known.reason}"})
    word, _ = DutyWord.objects.update_or_create(
        unit=unit, code=period.duty.code, starts_on=period.starts_on,
        defaults={"said": said, "done_on": None, "reason": "", "written_by": by} | values,
    )  # fmt: skip
    return word


def _refuse_what_shows(period: DutyPeriod) -> None:
    unit_id = period.unit_id
    if period.duty.fulfilled_by == FulfilledBy.MEETING:
        held = Meeting.objects.filter(unit=unit_id, kind__in=Meeting.OF_ALL).held()
        if held.between(period.starts_on, period.ends_on).exists():
            raise DutyRefused({"": f"Đơn vị đã ghi có họp trong {period.name}."})
    if period.duty.fulfilled_by == FulfilledBy.REMITTANCE:
        slips = Remittance.objects.filter(unit=unit_id, state__in=Remittance.STANDING)
        if slips.filter(starts_on__lte=period.starts_on, ends_on__gte=period.ends_on).exists():
            raise DutyRefused({"": f"Đơn vị đã có phiếu nộp cho {period.name}."})


# --- a rhythm of its own --------------------------------------------------------------------------------


@transaction.atomic
def set_exception(
    *, by, unit: Unit, code: str, rhythm: str, starts_on: datetime.date, ends_on: datetime.date | None,
    reason: str, decision: str = "",
) -> DutyException:  # fmt: skip
    """Another rhythm for one unit from the first day of a month on; an empty one frees it of the duty.

    `ends_on` is exclusive. Refused where another exception of the same duty holds on one of these days.
    """
    errors = {}
    if starts_on.day != 1:
        errors["starts_on"] = "Nhịp riêng tính từ đầu tháng. Hãy ghi ngày mùng 1."
    if ends_on and ends_on <= starts_on:
        errors["ends_on"] = "Ngày thôi phải sau ngày bắt đầu."
    if rhythm and rhythm not in Rhythm.values:
        errors["rhythm"] = "Hãy chọn nhịp trong danh sách."
    if not nfc(reason):
        errors["reason"] = "Hãy ghi lý do."
    if errors:
        raise DutyRefused(errors)
    Unit.objects.select_for_update().get(pk=unit.pk)  # of two offices at once the second finds what the first wrote
    others = DutyException.objects.filter(unit=unit, code=code).filter(Q(ends_on=None) | Q(ends_on__gt=starts_on))
    if ends_on:
        others = others.filter(starts_on__lt=ends_on)
    if other := others.order_by("starts_on").first():
        until = f" đến trước {day(other.ends_on)}" if other.ends_on else ""
        raise DutyRefused({"starts_on": f"Đã có nhịp riêng từ {day(other.starts_on)}{until}. Hãy cho thôi trước."})
    return DutyException.objects.create(
        unit=unit, code=code, rhythm=rhythm, starts_on=starts_on, ends_on=ends_on, reason=nfc(reason),
        decision=nfc(decision), written_by=by,
    )  # fmt: skip


@transaction.atomic
def end_exception(*, exception: DutyException, ends_on: datetime.date) -> None:
    """From this day on the usual rhythm holds again; on the very day it began it never was."""
    exception = DutyException.objects.select_for_update().get(pk=exception.pk)
    if ends_on <= exception.starts_on:
        exception.delete()
        return
    if exception.ends_on and exception.ends_on <= ends_on:
        raise DutyRefused({"ends_on": f"Nhịp riêng này đã thôi từ {day(exception.ends_on)}."})
    exception.ends_on = ends_on
    exception.save(update_fields=["ends_on"])


# --- reminding ------------------------------------------------------------------------------------------


@transaction.atomic
def remind(*, by, periods: Iterable[DutyPeriod], on: datetime.date) -> int:
    """Remind the units of these periods, each at most once a day; how many units were reminded now.

    Which periods are late is the caller's to know (reports/duties.py).
    """
    wanted = {(one.unit_id, one.duty.code, one.starts_on) for one in periods}
    today = DutyReminder.objects.filter(reminded_on=on, unit__in={unit_id for unit_id, _, _ in wanted})
    new = wanted - set(today.values_list("unit_id", "code", "starts_on"))
    DutyReminder.objects.bulk_create(
        [
            DutyReminder(unit_id=unit_id, code=code, starts_on=starts_on, reminded_by=by, reminded_on=on)
            for unit_id, code, starts_on in sorted(new)
        ],
        ignore_conflicts=True,  # somebody else in the same office was faster
    )
    return len({unit_id for unit_id, _, _ in new})


# --- duties asked of those below ------------------------------------------------------------------------


@transaction.atomic
def ask_duty(
    *, owner: Unit, name: str, rhythm: str, unit_kinds: list[str], due_days: int, starts_on: datetime.date,
    source: str = "",
) -> DutyType:  # fmt: skip
    """The owner asks a duty of the units below it, from the first day of a month on; they say themselves when done."""
    errors = {}
    if not nfc(name):
        errors["name"] = "Hãy ghi tên việc."
    if rhythm not in Rhythm.values:
        errors["rhythm"] = "Hãy chọn nhịp trong danh sách."
    if not unit_kinds or not set(unit_kinds) <= set(Unit.Kind.values):
        errors["unit_kinds"] = "Hãy chọn ít nhất một loại đơn vị phải làm."
    if starts_on.day != 1:
        errors["starts_on"] = "Việc định kỳ tính từ đầu tháng. Hãy ghi ngày mùng 1."
    if owner.is_branch:
        errors[""] = f"{small(owner.name)} không có đơn vị trực thuộc để giao việc định kỳ."
    if errors:
        raise DutyRefused(errors)
    Unit.objects.select_for_update().get(pk=owner.pk)
    number = DutyType.objects.filter(owner=owner).count() + 1
    return DutyType.objects.create(
        code=f"rieng-{owner.pk}-{number}", name=nfc(name), rhythm=rhythm, fulfilled_by=FulfilledBy.HAND,
        unit_kinds=unit_kinds, due_days=due_days, owner=owner, starts_on=starts_on, source=nfc(source), position=90,
    )  # fmt: skip


@transaction.atomic
def end_duty(*, duty: DutyType, ends_on: datetime.date) -> None:
    """From this day on nobody owes it; what was said of earlier periods stays. Begun later than that, it never was."""
    duty = DutyType.objects.select_for_update().get(pk=duty.pk)
    if duty.owner_id is None:
        raise DutyRefused({"": "Việc chung của toàn Đoàn chỉ sửa ở trang quản trị."})
    if ends_on <= duty.starts_on:
        if DutyWord.objects.filter(code=duty.code).exists():
            raise DutyRefused({"ends_on": f"Đã có đơn vị ghi việc này. Hãy ghi ngày sau {day(duty.starts_on)}."})
        duty.delete()
        return
    if duty.ends_on and duty.ends_on <= ends_on:
        raise DutyRefused({"ends_on": f"Việc này đã thôi từ {day(duty.ends_on)}."})
    duty.ends_on = ends_on
    duty.save(update_fields=["ends_on"])
