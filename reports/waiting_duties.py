"""What waits about duties: the unit's own that are near or past their day, and what those below left unreported."""

import datetime
from collections import defaultdict

from django.db.models import Exists, OuterRef
from django.urls import reverse

from branches.formats import day
from branches.models import Direction, Target, Task, Unit
from branches.tree import Scope

from .duties import DutyCell, DutyState, calendar_and_silent, duty_calendar
from .duty_words import cell_address, word_of
from .waiting_items import Item, Source, deadline

LAST_YEARS_UNTIL = 3  # what last year left open is still told until March
NAMED = 6
BELOW_WITHIN = 92  # days; what is older stands on the board


def duties_of(
    scope: Scope, on: datetime.date, soon: int, escalate: int, *, own: bool, below: bool
) -> tuple[list[Item], list[Item]]:
    """What waits about the unit's own duties and about those of the units below. A constant number of queries."""
    unit = scope.unit
    years = ([on.year - 1, on.year] if on.month <= LAST_YEARS_UNTIL else [on.year]) if own else []
    if below:
        cells, silent = calendar_and_silent(scope, years, as_of=on, days=escalate, within=BELOW_WITHIN)
        return _own(unit, cells, on, soon), _silent_units(unit, silent, on, escalate)
    return _own(unit, duty_calendar(unit, years, as_of=on), on, soon), []


def _own(unit: Unit, cells: list[DutyCell], on: datetime.date, soon: int) -> list[Item]:
    """One line for each duty that is due soon or was not reported."""
    limit = on + datetime.timedelta(days=soon)
    silent, near = defaultdict(list), []
    for one in cells:
        if one.is_silent:
            silent[one.duty.code].append(one)
        elif one.state == DutyState.DUE and one.period.starts_on <= on and one.period.due_on <= limit:
            near.append(one)
    return [_silent(unit, rows, on) for rows in silent.values()] + [_near(one, on) for one in near]


def _silent(unit: Unit, rows: list[DutyCell], on) -> Item:
    last = max(rows, key=lambda one: one.period.due_on)
    reminders = [one.reminder for one in rows if one.reminder]
    context = "Ghi việc đã làm, hoặc lý do không làm"
    if reminders:
        newest = max(reminders, key=lambda one: (one.reminded_on, one.pk))
        context = f"{newest.reminded_by} nhắc ngày {day(newest.reminded_on)}"
    if len(rows) == 1:
        what, url = f"{last.period.title}: {word_of(last)}", cell_address(last)
    else:
        names = "; ".join(one.period.name for one in rows[-NAMED:])
        what, url = f"{last.duty.name}: {len(rows)} kỳ {word_of(last)}", _calendar(unit, last)
        context = f"{context}. {'…; ' if len(rows) > NAMED else ''}{names[:1].upper()}{names[1:]}"
    return Item(what, context, url, "Ghi", **deadline(last.period.due_on, on))


def _calendar(unit: Unit, cell: DutyCell) -> str:
    return f"{reverse('reports:duty_calendar', args=[unit.pk])}?nam={cell.period.starts_on.year}"


def _near(one: DutyCell, on) -> Item:
    planned = f"Đã dự kiến ngày {day(one.planned[1])}" if one.planned else f"Hạn {day(one.period.due_on)}"
    return Item(one.period.title, planned, cell_address(one), "Xem", **deadline(one.period.due_on, on))


def _silent_units(unit: Unit, silent: list[tuple[Unit, list[DutyCell]]], on: datetime.date, days: int) -> list[Item]:
    """For the office above: one line a duty with the units that left it unreported for `days` days; no names of people.

    The digest sends the same line: this is how what is overdue goes up.
    """
    units: dict[str, list] = defaultdict(list)
    for one, cells in silent:
        for code, rows in _by_duty(cells).items():
            units[code].append((one, rows))
    items = []
    for code, found in units.items():
        last = max((cell for _, rows in found for cell in rows), key=lambda cell: cell.period.due_on)
        told = "; ".join(f"{one.name} ({', '.join(c.period.name for c in rows)})" for one, rows in found[:NAMED])
        rest = f"; và {len(found) - NAMED} đơn vị khác" if len(found) > NAMED else ""
        board = reverse("reports:duty_board", args=[unit.pk])
        items.append(
            Item(
                f"{last.duty.name}: {len(found)} đơn vị {word_of(last)} từ {days} ngày trở lên",
                f"{told}{rest}",
                f"{board}?nam={last.period.starts_on.year}&viec={code}",
                "Xem và nhắc",
                **deadline(last.period.due_on, on),
            )
        )
    return items


def directions_unanswered(unit: Unit, on: datetime.date, days: int) -> Source:
    """What this office asked of those below, unanswered for `days` days after its date: one line."""
    first, last = on - datetime.timedelta(days=BELOW_WITHIN), on - datetime.timedelta(days=days)
    rows = (
        Direction.objects.standing()
        .filter(unit__path__startswith=unit.path, given_by=Direction.GivenBy.SUPERIOR, answer="")
        .filter(~Exists(Target.objects.filter(direction=OuterRef("pk"))), due_on__range=(first, last))
        .filter(~Exists(Task.objects.filter(direction=OuterRef("pk")).exclude(state=Task.State.DROPPED)))
        .exclude(unit=unit)
        .exclude(sending=None)
        .order_by("unit__sort_key", "unit_id", "due_on", "pk")
    )

    def lines(rows) -> list[Item]:
        if not rows:
            return []
        names = list(dict.fromkeys(row.unit__name for row in rows))
        rest = f"; và {len(names) - NAMED} đơn vị khác" if len(names) > NAMED else ""
        return [
            Item(
                f"{len(names)} đơn vị chưa trả lời việc đã giao, quá hạn từ {days} ngày",
                f"{'; '.join(names[:NAMED])}{rest}",
                reverse("reports:direction_given", args=[unit.pk]),
                "Xem",
                **deadline(max(row.due_on for row in rows), on),
            )
        ]

    return Source.one(rows, ("unit__name", "due_on"), lines)


def _by_duty(cells: list[DutyCell]) -> dict[str, list[DutyCell]]:
    found = defaultdict(list)
    for one in cells:
        found[one.duty.code].append(one)
    return found
