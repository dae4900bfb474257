"""Verbs that write what was done: activities, their quantities and who took part.

Every verb locks the unit first, so that the year totals kept beside the lines (branches.totals) are
never computed by two writers at once. A refusal is a RecordingRefused with the field it belongs to.
"""

import dataclasses
import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from branches.feeding import BOOKS, fed_codes
from branches.formats import day as as_day
from branches.formats import number
from branches.locking import lock_over
from branches.models import Activity, Indicator, Member, Membership, Participation, Quantity, Unit
from branches.models.versioned import EditConflict
from branches.totals import refresh_totals
from branches.vietnamese import nfc

State = Activity.State
LONGEST_REASON = 100  # the column of the history row


class RecordingRefused(Exception):
    """The activity cannot be recorded so. `field` is where the message belongs, `row` which quantity (from 0)."""

    def __init__(self, message: str, field: str = "", row: int | None = None):
        super().__init__(message)
        self.field = field
        self.row = row


@dataclass(frozen=True, slots=True)
class QuantityLine:
    """One result of an activity, in the counting unit of its indicator.

    value: the figure; None = it happened and the figure is not known. For a share the numerator,
    for yes/no 1 or 0. denominator: the whole of a share. each: đồng for each piece of a count.
    """

    indicator: Indicator
    value: Decimal | int | None
    denominator: Decimal | int | None = None
    qualifier: str = Quantity.Qualifier.EXACT
    each: int | None = None
    note: str = ""


@dataclass(slots=True)
class _Fields:
    """What a person says about an activity, the same for a new and for a changed one."""

    title: str
    starts_on: datetime.date
    area: object = None
    last_on: datetime.date | None = None
    organiser: str = Activity.Organiser.OWN
    partner: str = ""
    place: str = ""
    note: str = ""
    state: str = State.HELD
    cancel_reason: str = ""
    quantities: Iterable[QuantityLine] = ()
    members: Iterable[Member] = ()
    member_count: int | None = None
    guest_count: int = 0
    raised: int | None = None
    spent: int | None = None
    nature: str = Activity.Nature.ACTIVITY

    COLUMNS = (
        "title", "starts_on", "area", "last_on", "organiser", "partner", "place", "note", "state",
        "cancel_reason", "member_count", "guest_count", "raised", "spent", "nature",
    )  # fmt: skip

    def check(self, unit: Unit, on: datetime.date) -> None:
        """Refuse what cannot be true, and put texts and lines into the form in which they are stored."""
        self.title, self.partner, self.place = nfc(self.title), nfc(self.partner), nfc(self.place)
        self.cancel_reason = nfc(self.cancel_reason)
        self.last_on = self.last_on or self.starts_on
        if not self.title:
            raise RecordingRefused("Hãy ghi tên hoạt động.", "title")
        if self.last_on < self.starts_on:
            raise RecordingRefused("Ngày cuối không thể trước ngày đầu.", "last_on")
        if unit.dissolved_on and self.last_on >= unit.dissolved_on and self.state != State.CANCELLED:
            raise RecordingRefused(f"{unit.name} đã giải thể từ ngày {as_day(unit.dissolved_on)}.", "starts_on")
        self._check_state(on)
        self.quantities = _checked_lines(tuple(self.quantities), unit, self.last_on)
        if self.area is None and self.quantities:
            self.area = self.quantities[0].indicator.area
        if self.area is None:
            raise RecordingRefused("Hãy chọn mục báo cáo.", "area")
        self._check_people(unit)

    def _check_state(self, on):
        if self.state == State.HELD and self.last_on > on:
            raise RecordingRefused(
                f"Ngày {as_day(self.last_on)} chưa đến nên chưa ghi là đã tổ chức được. "
                "Hãy xem lại ngày hoặc để là dự kiến.",
                "state",
            )
        if self.state != State.CANCELLED:
            self.cancel_reason = ""
        elif not self.cancel_reason:
            raise RecordingRefused("Hãy ghi lý do không tổ chức.", "cancel_reason")

    def _check_people(self, unit):
        self.members = list({member.pk: member for member in self.members}.values())
        if self.members and self.member_count is not None and self.member_count < len(self.members):
            raise RecordingRefused(
                f"Đã chọn {len(self.members)} đoàn viên. Hãy ghi từ {len(self.members)} trở lên hoặc để trống.",
                "member_count",
            )
        if not self.members:
            return
        # Somebody who has moved away since then still took part at the time.
        once_here = Membership.objects.filter(unit=unit).values("member")
        known = Member.objects.filter(pk__in=[member.pk for member in self.members]).filter(
            Q(home__path__startswith=unit.path) | Q(pk__in=once_here)
        )
        if known.count() != len(self.members):
            raise RecordingRefused("Có người không thuộc đơn vị này. Hãy chọn lại người tham gia.", "members")


# --- quantities -----------------------------------------------------------------------------------


def _checked_lines(lines, unit, last_on) -> tuple[QuantityLine, ...]:
    lines = _in_edition_of(lines, last_on.year)
    fed = fed_codes(unit.pk, last_on) if any(line.indicator.code in BOOKS for line in lines) else ()
    seen, above = {}, {int(step) for step in unit.path.strip("/").split("/")}
    checked = []
    for row, line in enumerate(lines):
        indicator = line.indicator
        if indicator.code in seen:
            raise RecordingRefused(
                f"“{indicator.name}” đã có ở dòng {seen[indicator.code] + 1}. Hãy gộp thành một dòng.",
                "quantities",
                row,
            )
        seen[indicator.code] = row
        if indicator.owner_id is not None and indicator.owner_id not in above:
            raise RecordingRefused(f"“{indicator.name}” không phải chỉ tiêu của đơn vị này.", "quantities", row)
        if indicator.source == Indicator.Source.REGISTER:
            raise RecordingRefused(
                f"“{indicator.name}” được đếm từ danh sách đoàn viên, không ghi tay.", "quantities", row
            )
        if indicator.code in fed:
            raise RecordingRefused(
                f"“{indicator.name}” tháng {last_on:%m/%Y} đã tính từ {BOOKS[indicator.code]}, không ghi tay thêm.",
                "quantities",
                row,
            )
        try:
            checked.append(_checked_line(line))
        except RecordingRefused as refusal:
            refusal.row = row
            raise
    return tuple(checked)


def _in_edition_of(lines, year) -> list[QuantityLine]:
    """The same lines on the catalogue of the year: another day may fall under another edition of a code."""

    def valid(indicator):
        return indicator.first_year <= year and (indicator.last_year is None or indicator.last_year >= year)

    strange = {line.indicator.code for line in lines if not valid(line.indicator)}
    if not strange:
        return list(lines)
    editions = {
        edition.code: edition
        for edition in Indicator.objects.of_year(year).filter(code__in=strange).select_related("area").order_by("pk")
    }
    found = []
    for row, line in enumerate(lines):
        if line.indicator.code in strange:
            if line.indicator.code not in editions:
                raise RecordingRefused(
                    f"Danh mục năm {year} không có “{line.indicator.name}”. Hãy chọn kết quả khác.", "quantities", row
                )
            line = dataclasses.replace(line, indicator=editions[line.indicator.code])
        found.append(line)
    return found


def _checked_line(line: QuantityLine) -> QuantityLine:
    indicator = line.indicator
    value = None if line.value is None else Decimal(line.value)
    whole = None if line.denominator is None else Decimal(line.denominator)
    for figure in (value, whole):
        if figure is not None and figure < 0:
            raise RecordingRefused(f"“{indicator.name}” không thể âm.", "quantities")
        if figure is not None and figure.normalize().as_tuple().exponent < -indicator.decimals:
            digits = f"có tối đa {indicator.decimals} chữ số lẻ" if indicator.decimals else "là số nguyên"
            raise RecordingRefused(f"“{indicator.name}” tính theo {indicator.unit_word}, {digits}.", "quantities")
    if indicator.is_share:
        if value is not None and not whole:
            raise RecordingRefused(f"“{indicator.name}”: hãy ghi trên tổng số bao nhiêu.", "quantities")
        if value is not None and value > whole:
            raise RecordingRefused(
                f"“{indicator.name}”: {number(value)} trên tổng số {number(whole)} là quá tổng số.", "quantities"
            )
    else:
        whole = None
    if indicator.is_yes_no and value not in (None, 0, 1):
        raise RecordingRefused(f"“{indicator.name}” chỉ ghi Có hoặc Không.", "quantities")
    exact = value is None or indicator.is_yes_no
    return dataclasses.replace(
        line,
        value=value,
        denominator=whole,
        qualifier=Quantity.Qualifier.EXACT if exact else line.qualifier,
        each=line.each if indicator.measure == Indicator.Measure.COUNT else None,
        note=nfc(line.note),
    )


def _as_rows(activity, lines) -> list[Quantity]:
    return [
        Quantity(
            activity=activity, indicator=line.indicator, value=line.value, denominator=line.denominator,
            qualifier=line.qualifier, each=line.each, note=line.note,
        )
        for line in lines
    ]  # fmt: skip


def _said(rows) -> list[tuple]:
    return [(r.indicator_id, r.value, r.denominator, r.qualifier, r.each, r.note) for r in rows]


def _replace_quantities(activity, lines, before: list[Quantity]) -> str:
    """Write the lines in the order they were given; returns in words what changed, for the history."""
    rows = _as_rows(activity, lines)
    if _said(rows) == _said(before):
        return ""
    # Lines are shown in the order of their keys, so a changed list is written anew as a whole.
    if before:
        Quantity.objects.filter(activity=activity).delete()
    Quantity.objects.bulk_create(rows)
    old = {row.indicator.code: row for row in before}
    new = {row.indicator.code: row for row in rows}
    changes = []
    for code in [*old, *(code for code in new if code not in old)]:
        was, now = (number(each[code].value) or "chưa có số" if code in each else "không ghi" for each in (old, new))
        if was != now:
            changes.append(f"{(new.get(code) or old[code]).indicator.name}: {was} → {now}")
    return "; ".join(changes)


# --- the verbs ------------------------------------------------------------------------------------


def _lock(unit_id: int) -> Unit:
    return Unit.objects.select_for_update(no_key=True).get(pk=unit_id)


def _closed_words(unit: Unit, days: set[datetime.date], on: datetime.date) -> str:
    """Why one of the days cannot be written, empty where all can. Call it under the lock of the unit, so that a
    calendar lock is either seen here or set afterwards."""
    for counted in sorted(days):
        if lock := lock_over(unit, counted, on=on):
            return lock.refusal(counted)
    return ""


def _is_changed(activity: Activity, said: _Fields, before: list[Quantity], members_given: bool) -> bool:
    """Whether it would say anything else than it does; a form that only brings evidence does not."""
    columns = any(getattr(activity, column) != getattr(said, column) for column in _Fields.COLUMNS)
    if columns or _said(_as_rows(activity, said.quantities)) != _said(before):
        return True
    there = set(activity.participations.values_list("member", flat=True)) if members_given else set()
    return members_given and there != {member.pk for member in said.members}


@transaction.atomic
def record_activity(*, by, unit: Unit, on: datetime.date, **fields) -> Activity:
    """Write a new activity with its quantities and participants.

    by: the account that writes. on: today; a held activity cannot end after it. Fields: title,
    starts_on, last_on (None: the same day), area (None: that of the first quantity), organiser,
    partner, place, note, state, cancel_reason, quantities (QuantityLine), members, member_count
    (head count of the unit's members, at least the members named), guest_count, raised and spent
    (whole đồng), nature. Raises RecordingRefused.
    """
    unit = _lock(unit.pk)
    said = _Fields(**fields)
    said.check(unit, on)
    if said.state == State.HELD and (closed := _closed_words(unit, {said.last_on}, on)):
        raise RecordingRefused(closed)
    activity = Activity(unit=unit, created_by=by, updated_by=by)
    for column in _Fields.COLUMNS:
        setattr(activity, column, getattr(said, column))
    activity.save()
    Quantity.objects.bulk_create(_as_rows(activity, said.quantities))
    Participation.objects.bulk_create(Participation(activity=activity, member=m) for m in said.members)
    if activity.state == State.HELD:
        codes = {line.indicator.code for line in said.quantities}
        refresh_totals(unit_id=unit.pk, codes=codes, days={activity.last_on})
    return activity


@transaction.atomic
def change_activity(*, activity: Activity, version: int, by, on: datetime.date, **fields) -> Activity:
    """Change what an activity says. Fields that are not given stay as they are.

    version: the number the form was opened with. Raises EditConflict when somebody saved meanwhile
    and RecordingRefused when the new content cannot be true; nothing is written then.
    """
    unit = _lock(activity.unit_id)
    # The row as it stands under the lock: the one in hand may be older than the version it names.
    activity = Activity.objects.select_related("area").get(pk=activity.pk)
    if activity.version != version:
        raise EditConflict(activity)
    before = list(activity.quantities.select_related("indicator__area").order_by("pk"))
    counted_before, day_before = activity.state == State.HELD, activity.last_on
    said = _Fields(**{**{column: getattr(activity, column) for column in _Fields.COLUMNS}, **fields})
    if "quantities" not in fields:
        said.quantities = [
            QuantityLine(row.indicator, row.value, row.denominator, row.qualifier, row.each, row.note) for row in before
        ]
    members_given = "members" in fields
    if not members_given and said.member_count is not None:
        said.member_count = max(said.member_count, activity.participations.count())
    said.check(unit, on)
    days = {day_before} if counted_before else set()
    days |= {said.last_on} if said.state == State.HELD else set()
    if (closed := _closed_words(unit, days, on)) and _is_changed(activity, said, before, members_given):
        raise RecordingRefused(closed)
    activity.claim(version)
    for column in _Fields.COLUMNS:
        setattr(activity, column, getattr(said, column))
    activity.updated_by = by
    activity._change_reason = _replace_quantities(activity, said.quantities, before)[:LONGEST_REASON] or None
    activity.save()
    if members_given:
        _replace_members(activity, said.members)
    if counted_before or activity.state == State.HELD:
        codes = {row.indicator.code for row in before} | {line.indicator.code for line in said.quantities}
        refresh_totals(unit_id=unit.pk, codes=codes, days={day_before, activity.last_on})
    return activity


def _replace_members(activity, members):
    wanted = {member.pk for member in members}
    there = set(activity.participations.values_list("member", flat=True))
    if there - wanted:
        activity.participations.filter(member__in=there - wanted).delete()
    Participation.objects.bulk_create(
        Participation(activity=activity, member=member) for member in members if member.pk not in there
    )


def hold_activity(*, activity: Activity, version: int, by, on: datetime.date, **fields) -> Activity:
    """It took place: from now on its quantities count. Takes what change_activity takes."""
    return change_activity(activity=activity, version=version, by=by, on=on, **{**fields, "state": State.HELD})


def cancel_activity(*, activity: Activity, version: int, by, on: datetime.date, reason: str) -> Activity:
    """It did not take place; a reason is required. What was planned stays readable and never counts."""
    return change_activity(
        activity=activity, version=version, by=by, on=on, state=State.CANCELLED, cancel_reason=reason,
    )  # fmt: skip


@transaction.atomic
def record_figure(
    *, by, unit: Unit, indicator: Indicator, on: datetime.date, value, denominator=None,
    qualifier: str = Quantity.Qualifier.EXACT, note: str = "",
) -> Activity:  # fmt: skip
    """Write a figure that no event stands behind: a yearly rating, a count taken on the day `on`.

    A second figure of the same unit, indicator and day corrects the first one, which stays in the
    history. Units of value and denominator as in QuantityLine. Raises RecordingRefused.
    """
    unit = _lock(unit.pk)
    line = QuantityLine(indicator, value, denominator, qualifier, note=note)
    first = (
        Activity.objects.filter(
            unit=unit,
            nature=Activity.Nature.FIGURE,
            last_on=on,
            state=State.HELD,
            quantities__indicator__code=indicator.code,
        )
        .order_by("pk")
        .first()
    )
    if first is not None:
        return change_activity(activity=first, version=first.version, by=by, on=on, quantities=[line])
    return record_activity(
        by=by, unit=unit, on=on, title=indicator.name, starts_on=on, area=indicator.area,
        quantities=[line], nature=Activity.Nature.FIGURE,
    )  # fmt: skip
