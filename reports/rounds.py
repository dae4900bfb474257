"""Rounds of reports: a superior asks its units for a report by a day, and sees where each of them stands.

The rows of the units are made when the round is opened: a report is due for every unit at once, and nobody has to
create it. A report that is begun answers every round that asks for its period and theme (`answer_rounds`).
"""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from branches.formats import day, small
from branches.models import Period, Placement, Unit
from branches.models.rule import rules_on
from branches.vietnamese import nfc

from .models import PeriodReport, ReportRound, ReportTemplate, RoundStep, RoundUnit, StatTable
from .states import lock_report

NAMED = 6  # units named in one sentence


class RoundRefused(Exception):
    """The step is not possible. `field` names the form field that shows the message; `existing` is the round that
    asks for the same already."""

    def __init__(self, message: str, field: str = "", existing: ReportRound | None = None):
        super().__init__(message)
        self.field, self.existing = field, existing


# --- whom it asks ---------------------------------------------------------------------------------------


def direct_units(unit: Unit, on: datetime.date):
    """The living units that stood directly under the unit on the day."""
    placed = Placement.objects.filter(superior=unit, starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))
    return Unit.objects.living(on).filter(pk__in=placed.values("unit")).order_by("sort_key", "pk")


def named(units: Iterable[Unit]) -> str:
    """ "Chi đoàn A; Chi đoàn B; và 3 đơn vị khác"."""
    names = [one.name for one in units]
    rest = f"; và {len(names) - NAMED} đơn vị khác" if len(names) > NAMED else ""
    return f"{'; '.join(names[:NAMED])}{rest}"


def _terms(units: list[Unit], on: datetime.date) -> dict[int, Period]:
    """Each unit's own term: the last that had begun on the day."""
    rows = Period.objects.filter(kind=Period.Kind.TERM, unit__in=units, starts_on__lte=on)
    return {one.unit_id: one for one in rows.order_by("starts_on", "pk")}


def _held(units: list[Unit]) -> None:
    """Hold the units' rows, as start_report does: a report is begun either before the rows are read, or after."""
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in units]).order_by("pk"))


def _rows_for(round: ReportRound, units: list[Unit], on: datetime.date, due_on: datetime.date) -> list[RoundUnit]:
    """Unsaved rows of these units, tied to reports that are begun already. Three queries, whatever the number."""
    _held(units)
    if round.period_id:
        periods = {one.pk: round.period for one in units}
    else:
        periods = _terms(units, on)
        if without := [one for one in units if one.pk not in periods]:
            raise RoundRefused(
                f"Chưa ghi nhiệm kỳ của: {named(without)}. Hãy ghi nhiệm kỳ cho đơn vị, hoặc bỏ chọn đơn vị đó.",
                "units",
            )
    begun = {
        (one.unit_id, one.period_id): one
        for one in PeriodReport.objects.filter(unit__in=units, period__in=set(periods.values()), theme=round.theme)
    }
    return [
        RoundUnit(
            round=round, unit=one, period=periods[one.pk], due_on=due_on,
            report=begun.get((one.pk, periods[one.pk].pk)),
        )
        for one in units
    ]  # fmt: skip


# --- opening, and what changes afterwards ---------------------------------------------------------------


@transaction.atomic
def open_round(
    *, unit: Unit, by, on: datetime.date, kind: str, period: Period | None, due_on: datetime.date, name: str = "",
    theme: str = "", asks: str = "", units: Iterable[Unit] | None = None, template: ReportTemplate | None = None,
    tables: Iterable[StatTable] = (),
) -> ReportRound:  # fmt: skip
    """Ask the units for their report. `units` are some of those directly below; None asks all of them.

    `period` is None for a term: each unit reports its own. `template` names the chapters, `tables` the statistics
    tables to be handed in with it. Raises RoundRefused, with `existing` where a round asks
    for the same.
    """
    unit, tables = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk), list(tables)
    if unit.is_branch:
        raise RoundRefused("Đợt báo cáo do Đoàn cấp trên mở cho các đơn vị trực thuộc; chi đoàn không mở đợt.")
    theme, name, asks = nfc(theme).strip(), nfc(name).strip(), nfc(asks).strip()
    is_term = kind == Period.Kind.TERM
    if is_term != (period is None) or (period is not None and period.kind != kind):
        raise RoundRefused("Hãy chọn kỳ báo cáo trong danh sách.", "period")
    if due_on < on:
        raise RoundRefused("Hạn nộp không thể trước hôm nay.", "due_on")
    if period is not None:
        if period.starts_on > on:
            raise RoundRefused(f"{period.name} chưa bắt đầu nên chưa báo cáo được.", "period")
        period = Period.objects.stored(period)
    if template is not None and not _fits(template, unit, kind, period, theme, on):
        raise RoundRefused("Mẫu này không dùng cho kỳ đã chọn.", "template")
    if StatTable.objects.askable_by(unit).filter(pk__in=[one.pk for one in tables]).count() != len(tables):
        raise RoundRefused("Có biểu không còn dùng, hoặc không phải biểu của đơn vị. Hãy chọn lại.", "tables")
    if same := _same(unit, kind, period, theme):
        asked = f"{small(same.name)}, mở ngày {day(same.opened_on)}"
        raise RoundRefused(f"Kỳ này đã có {asked}. Hãy dùng đợt đó, hoặc ghi một chuyên đề khác.", "period", same)
    below = list(direct_units(unit, on))
    chosen = below if units is None else [one for one in below if one.pk in {each.pk for each in units}]
    if not chosen:
        raise RoundRefused("Hãy chọn ít nhất một đơn vị trực thuộc.", "units")
    made = ReportRound.objects.create(
        unit=unit, kind=kind, period=period, theme=theme, asks=asks, due_on=due_on, opened_on=on, opened_by=by,
        name=name or usual_name(kind, period, theme), template=template,
    )  # fmt: skip
    made.tables.set(tables)
    RoundUnit.objects.bulk_create(_rows_for(made, chosen, on, due_on))
    _note(made, "open", by, on, f"Mở đợt, yêu cầu {len(chosen)} đơn vị báo cáo, hạn nộp {day(due_on)}")
    return made


def _fits(
    template: ReportTemplate, unit: Unit, kind: str, period: Period | None, theme: str, on: datetime.date
) -> bool:  # fmt: skip
    """Whether it is the unit's to use, for such reports, and for periods that begin on that day; of terms, which
    differ, for today."""
    begins = period.starts_on if period is not None else on
    return (
        kind in template.kinds and template.for_theme == bool(theme)
        and ReportTemplate.objects.for_unit(unit).in_force(begins).filter(pk=template.pk).exists()
    )  # fmt: skip


def usual_name(kind: str, period: Period | None, theme: str) -> str:
    """ "Báo cáo năm 2025", "Báo cáo chuyên đề Tháng Thanh niên, tháng 3/2026"."""
    span = small(period.name) if period is not None else "nhiệm kỳ"
    return f"Báo cáo chuyên đề {theme}, {span}"[:200] if theme else f"Báo cáo {span}"


def _same(unit: Unit, kind: str, period: Period | None, theme: str) -> ReportRound | None:
    """The round that asks for the same; of terms, which every unit has its own of, only one that is still open."""
    rows = ReportRound.objects.filter(unit=unit, kind=kind, theme=theme)
    return (rows.filter(period=period) if period is not None else rows.open()).first()


@transaction.atomic
def add_units(*, round: ReportRound, version: int, by, on: datetime.date, units: Iterable[Unit]) -> int:
    """Ask further units: one founded since, or left out at first. How many were added. Raises EditConflict."""
    found = _open(round, version)
    wanted = {one.pk for one in units}
    asked = set(RoundUnit.objects.filter(round=found).values_list("unit_id", flat=True))
    new = [one for one in direct_units(found.unit, on) if one.pk in wanted - asked]
    if not new:
        raise RoundRefused("Hãy chọn ít nhất một đơn vị chưa có trong đợt.", "units")
    RoundUnit.objects.bulk_create(_rows_for(found, new, on, max(found.due_on, on)))
    _note(found, "add", by, on, f"Thêm {len(new)} đơn vị: {named(new)}")
    return len(new)


@transaction.atomic
def move_due(
    *, round: ReportRound, version: int, by, on: datetime.date, due_on: datetime.date, reason: str
) -> ReportRound:  # fmt: skip
    """Another due day for all units; one that was given a day of its own keeps it, unless the new one is later.

    Raises EditConflict.
    """
    found = _open(round, version)
    reason = _reason(reason)
    _not_before_opening(found, due_on)
    before, found.due_on = found.due_on, due_on
    found.save()
    RoundUnit.objects.filter(round=found).filter(Q(due_reason="") | Q(due_on__lt=due_on)).update(
        due_on=due_on, due_reason=""
    )
    _note(found, "move_due", by, on, f"Đổi hạn nộp từ {day(before)} sang {day(due_on)}", reason)
    return found


@transaction.atomic
def move_unit_due(
    *, row: RoundUnit, version: int, by, on: datetime.date, due_on: datetime.date, reason: str
) -> RoundUnit:  # fmt: skip
    """Another due day for one unit that still owes its report. `version` is the round's. Raises EditConflict."""
    found = _open(row.round, version)
    reason = _reason(reason)
    _not_before_opening(found, due_on)
    row = _owing(row)
    if row.excused_on:
        raise RoundRefused(f"{row.unit.name} được miễn từ ngày {day(row.excused_on)}, không có hạn để đổi.")
    row.due_on, row.due_reason = due_on, reason[:300]
    row.save(update_fields=["due_on", "due_reason"])
    _note(found, "move_unit_due", by, on, f"Hạn nộp của {row.unit.name}: {day(due_on)}", reason)
    return row


@transaction.atomic
def excuse(*, row: RoundUnit, version: int, by, on: datetime.date, reason: str) -> RoundUnit:
    """The unit need not report in this round; what it has handed in stays. `version` is the round's. Raises
    EditConflict."""
    found = _open(row.round, version)
    reason = _reason(reason)
    row = _owing(row)
    if row.excused_on:
        raise RoundRefused(f"{row.unit.name} đã được miễn từ ngày {day(row.excused_on)}.")
    row.excused_on, row.excused_reason = on, reason[:300]
    row.save(update_fields=["excused_on", "excused_reason"])
    _note(found, "excuse", by, on, f"Miễn báo cáo cho {row.unit.name}", reason)
    return row


@transaction.atomic
def ask_again(*, row: RoundUnit, version: int, by, on: datetime.date) -> RoundUnit:
    """The unit is asked after all. `version` is the round's. Raises EditConflict."""
    found = _open(row.round, version)
    row = RoundUnit.objects.select_related("unit").get(pk=row.pk)
    if row.excused_on is None:
        raise RoundRefused(f"{row.unit.name} không được miễn trong đợt này.")
    row.excused_on, row.excused_reason = None, ""
    row.save(update_fields=["excused_on", "excused_reason"])
    _note(found, "ask_again", by, on, f"Thôi miễn cho {row.unit.name}")
    return row


@transaction.atomic
def close_round(*, round: ReportRound, version: int, by, on: datetime.date, missing: Iterable[int] = ()) -> ReportRound:
    """Close the round. `missing` are the units (keys) that the person was told are still missing: where others are
    missing by now, it is refused and says who. Raises EditConflict."""
    found = _open(round, version)
    left = [row.unit for row in RoundUnit.objects.outstanding().filter(round=found).select_related("unit")]
    if not {one.pk for one in left} <= set(missing):
        raise RoundRefused(
            f"Còn {len(left)} đơn vị chưa nộp hoặc chưa nộp lại: {named(left)}. Hãy xác nhận vẫn khép đợt.", "sure"
        )
    found.closed_on = on
    found.save()
    text = "Khép đợt, mọi đơn vị đã nộp"
    if left:
        text = f"Khép đợt, còn {len(left)} đơn vị chưa nộp hoặc chưa nộp lại: {named(left)}"
    _note(found, "close", by, on, text)
    return found


@transaction.atomic
def reopen_round(*, round: ReportRound, version: int, by, on: datetime.date, reason: str) -> ReportRound:
    """A closed round asks again. Raises EditConflict."""
    found = _locked(round, version)
    if found.is_open:
        raise RoundRefused("Đợt này đang mở.")
    reason = _reason(reason)
    # Of terms one round is open at a time: opening the next one was allowed because this one was closed.
    if found.period is None and (same := _same(found.unit, found.kind, None, found.theme)):
        asked = f"{small(same.name)}, mở ngày {day(same.opened_on)}"
        raise RoundRefused(f"Đang có {asked}. Hãy khép đợt đó trước.", existing=same)
    found.closed_on = None
    found.save()
    _note(found, "reopen", by, on, "Mở lại đợt", reason)
    return found


@transaction.atomic
def remind(*, round: ReportRound, by, on: datetime.date) -> int:
    """Remind every unit whose report is late, each at most once a day; how many were reminded now.

    The reminder stands in the unit's own list of what waits (waiting_rounds.py).
    """
    return _remind(round, by, on, Q(due_on__lt=on), "quá hạn")


@transaction.atomic
def remind_near(*, round: ReportRound, by, on: datetime.date) -> int:
    """The same for every unit whose day is today or comes within the days of the rule `due_soon_days`."""
    last = on + datetime.timedelta(days=int(rules_on(on)["due_soon_days"]))
    return _remind(round, by, on, Q(due_on__gte=on, due_on__lte=last), "sắp đến hạn")


def _remind(round: ReportRound, by, on: datetime.date, whose: Q, word: str) -> int:
    """One statement does it, so that of two who press the button at once each unit is counted by one."""
    rows = list(
        RoundUnit.objects.outstanding().filter(whose, round=round).exclude(reminded_on=on)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )  # fmt: skip
    for row in rows:
        row.reminded_on, row.reminders = on, row.reminders + 1
    RoundUnit.objects.bulk_update(rows, ["reminded_on", "reminders"])
    if rows:
        _note(round, "remind", by, on, f"Nhắc {len(rows)} đơn vị {word}")
    return len(rows)


# --- answering ------------------------------------------------------------------------------------------


def answer_rounds(report: PeriodReport) -> int:
    """Tie a report that was just begun to every row that asks for it. Call inside the transaction that begins it."""
    asked = RoundUnit.objects.filter(unit=report.unit_id, period=report.period_id, round__theme=report.theme)
    return asked.filter(report=None).update(report=report)


# --- shared ---------------------------------------------------------------------------------------------


def _locked(round: ReportRound, version: int) -> ReportRound:
    found = (
        ReportRound.objects.select_for_update(of=("self",), no_key=True)
        .select_related("unit", "period")
        .get(pk=round.pk)
    )
    found.claim(version)
    return found


def _open(round: ReportRound, version: int) -> ReportRound:
    found = _locked(round, version)
    if not found.is_open:
        raise RoundRefused(f"Đợt đã khép ngày {day(found.closed_on)}. Hãy mở lại đợt trước.")
    return found


def _owing(row: RoundUnit) -> RoundUnit:
    """The row as it stands, with its report held; RoundRefused where the report is in the superior's hands: when it
    came is told by the day it had, and what came is not excused."""
    row = RoundUnit.objects.select_related("unit").get(pk=row.pk)
    report = lock_report(row.report_id) if row.report_id else None
    if report is not None and not report.is_open:
        done = "được duyệt" if report.state == PeriodReport.State.APPROVED else "nộp"
        raise RoundRefused(f"Báo cáo của {row.unit.name} đã {done}, không đổi hạn hay miễn được nữa.")
    return row


def _reason(text: str) -> str:
    text = nfc(text).strip()
    if not text:
        raise RoundRefused("Hãy ghi lý do.", "reason")
    return text[:500]


def _not_before_opening(round: ReportRound, due_on: datetime.date) -> None:
    if due_on < round.opened_on:
        raise RoundRefused(f"Hạn nộp không thể trước ngày mở đợt, {day(round.opened_on)}.", "due_on")


def _note(round: ReportRound, verb: str, by, on: datetime.date, text: str, reason: str = "") -> None:
    if len(text) > 300:
        text = f"{text[:299]}…"
    RoundStep.objects.create(round=round, verb=verb, text=text, reason=reason, taken_on=on, taken_by=by)
