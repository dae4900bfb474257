"""Filling tables: the lines of one or of all tables of a unit over a period, from the figures of the house.

    progress_for, results_below, read_figures, what was typed  →  the amount of each line  →  StatContent

What a line is made of is asked once for all tables together, so that the number of queries depends on none of
tables, lines and units. Permission is the caller's: it is asked once, of the unit.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import accumulate

from django.db.models import Q

from branches.models import Indicator, Period, Placement, Unit
from branches.register import WHOLE
from branches.restructuring import as_called, old_name
from branches.tree import Scope, scope_of
from reports.amounts import NOTHING, Amount
from reports.board import results_below
from reports.models import StatItem, StatTable, StatValue
from reports.papers.tables import NO_FIGURE, NOT_COMPUTED, Cell, Row, figure, groups_of
from reports.papers.tables import NOTHING as NONE
from reports.progress import ProgressTable, first_day_of, progress_for
from reports.results import Results, required_units
from reports.spans import SAME_SPAN, is_within_a_year

from .cells import added, exact, part_of, plain_cell, share_cell, share_of, stat_cell, typed_amount
from .content import StatCell, StatContent, StatLine
from .figures import FIGURES, Figures, read_figures

What, Part = StatItem.What, StatItem.Part
NOW, LAST, AIM, AGAINST = "Kỳ này", "Kỳ trước", "Kế hoạch", "So kế hoạch"
PERCENT = "%"
SIGNS = (
    (NONE, "(-) không phát sinh"),
    (NO_FIGURE, "(…) có phát sinh nhưng chưa có số liệu"),
    (NOT_COMPUTED, "(x) không tính được, không giao chỉ tiêu hoặc chưa có số liệu"),
)


@dataclass(frozen=True)
class Filled:
    """One filled table: what is printed, and what a page needs beside it to open and to type into its cells.

    `typed` are the figures of the unit's own sheet by line, `computed` those of the lines as they are without them;
    `children` head the columns of a table by unit, in the order of its columns from the second on.
    """

    table: StatTable
    content: StatContent
    items: tuple[StatItem, ...]
    typed: dict[int, StatValue]
    computed: dict[int, Amount | None]
    children: tuple[Unit, ...] = ()

    @property
    def open_cells(self) -> int:
        """Lines that are to be typed and are not yet."""
        return sum(1 for item in self.items if item.is_typed and self.computed[item.pk] is None)


def tables_of(unit: Unit, period: Period) -> list[StatTable]:
    """The tables the unit fills in for this period: the editions in force on its last day. One query."""
    return list(StatTable.objects.usable_by(unit).in_force(period).select_related("owner").in_order())


def fill(
    table: StatTable, unit: Unit, period: Period, *, as_of: datetime.date, by_unit: bool = False,
    progress: ProgressTable | None = None,
) -> Filled:  # fmt: skip
    """One table; see `fill_tables`."""
    (found,) = fill_tables([table], unit, period, as_of=as_of, by_unit=by_unit, progress=progress)
    return found


def sheet_content(
    table: StatTable, unit: Unit, period: Period, *, as_of: datetime.date, progress: ProgressTable | None = None
) -> StatContent:
    """The table as plain data, to be printed or frozen with a report."""
    return fill(table, unit, period, as_of=as_of, progress=progress).content


def fill_tables(
    tables: Sequence[StatTable], unit: Unit, period: Period, *, as_of: datetime.date, by_unit: bool = False,
    progress: ProgressTable | None = None,
) -> list[Filled]:  # fmt: skip
    """Every table of the unit over the period, up to `as_of`. `by_unit` has a column for each direct subordinate.

    `progress` are the figures of a report that is put together from its units' reports; without it the indicators
    are those of progress_for.
    """
    reading = _Reading(tables, unit, period, as_of, by_unit, progress)
    return [_filled(table, reading) for table in tables]


# --- reading ----------------------------------------------------------------------------------------


class _Reading:
    """Everything the lines of some tables are made from, read once."""

    def __init__(self, tables, unit: Unit, period: Period, as_of, by_unit: bool, progress: ProgressTable | None):
        self.unit, self.period, self.as_of, self.by_unit = unit, period, as_of, by_unit
        self.until = min(as_of, period.last_day)
        self.previous = None if period.kind == Period.Kind.TERM else period.before()
        items = StatItem.objects.filter(table__in=[table.pk for table in tables])
        self.items: dict[int, list[StatItem]] = {table.pk: [] for table in tables}
        for item in items.order_by("table_id", "position", "pk").prefetch_related("parts"):
            self.items[item.table_id].append(item)
        flat = [item for of_table in self.items.values() for item in of_table]
        codes = {item.code for item in flat if item.what == What.INDICATOR}
        catalogue = Indicator.objects.of_year(period.year_number).filter(code__in=codes).select_related("area", "of")
        self.indicators = {one.code: one for one in catalogue} if codes else {}
        self.scope: Scope = scope_of(unit, first_day_of(period))
        if codes and progress is None:
            progress = progress_for(unit, period, as_of=as_of, scope=self.scope)
        self.rows = {row.indicator.code: row for row in progress.rows} if codes else {}
        self.printed: dict[str, Row] = {}
        if codes:
            self.printed = {row.code: row for group in groups_of(progress.chapters()) for row in group.rows}
        self.only_last = self._only_last(progress.before) if codes and progress.before and not by_unit else {}
        self.activities = self._activities(flat, progress)
        keys = {item.figure for item in flat if item.what == What.FIGURE} & FIGURES.keys() - {"activities"}
        keys |= {one.register_key for one in self.indicators.values() if one.register_key in FIGURES}
        self.figures = read_figures(keys, self.scope, period, as_of=as_of) if keys else Figures()
        self.last_figures = Figures()
        if keys and self.previous and not by_unit:
            self.last_figures = read_figures(keys, self.scope, self.previous, as_of=as_of)
        self.children = self._children() if by_unit else ()
        self.below: dict[tuple[int, str], Amount] = {}
        if self.children and self.indicators:
            self.below = results_below(
                unit, period, self.indicators.values(), as_of=as_of, scope=self.scope, children=self.children
            )
        self.typed, self.last_typed, self.typed_below, self.typers = {}, {}, {}, {}
        self.typed_at: dict[tuple[int, bool], set[str]] = {}
        self._read_typed(flat)
        self.name = as_called(unit, self.until, today=as_of).name

    def _only_last(self, before: Results) -> dict[str, Amount]:
        """What was logged in the span before, for indicators that have neither a plan nor a result now."""
        lines = Indicator.Source.LINES
        asked = [one for one in self.indicators.values() if one.source == lines and one.code not in self.rows]
        required = required_units(self.scope, asked, self.period, as_of=self.as_of)
        return {one.code: before.amount(one, asked=required.of(one.code)) for one in asked}

    def _activities(self, flat, progress: ProgressTable | None) -> int | None:
        """How many activities were logged, where a line asks."""
        if all(item.figure != "activities" for item in flat):
            return None
        progress = progress or progress_for(self.unit, self.period, as_of=self.as_of, scope=self.scope)
        return progress.activities

    def _children(self) -> tuple[Unit, ...]:
        """The direct subordinates of the closing day, by the names of that day."""
        rows = Placement.objects.filter(superior=self.unit, starts_on__lte=self.until)
        rows = rows.filter(Q(ends_on=None) | Q(ends_on__gt=self.until)).select_related("unit")
        found = []
        for row in rows.annotate(then=old_name("unit", self.until)).order_by("unit__sort_key", "unit_id"):
            row.unit.name = row.then or row.unit.name
            found.append(row.unit)
        return tuple(found)

    def _read_typed(self, flat) -> None:
        """What was typed for these tables: into the unit's own sheet, the one of the period before, those below."""
        if not any(item.takes_values for item in flat):
            return
        spans = [one for one in (self.period, self.previous) if one]
        days = Q(pk__in=[])
        for span in spans:
            days |= Q(sheet__period__starts_on=span.starts_on, sheet__period__ends_on=span.ends_on)
        rows = StatValue.objects.filter(days, sheet__table__in=list(self.items), sheet__period__kind=self.period.kind)
        below = rows.filter(self.scope.on(self.until, "sheet__unit__"))
        typed_by_unit: dict[tuple, list[tuple]] = {}
        for value in below.select_related("sheet__unit", "sheet__period", "typed_by").order_by("pk"):
            is_now = value.sheet.period.starts_on == self.period.starts_on
            if value.sheet.unit_id == self.unit.pk:
                (self.typed if is_now else self.last_typed)[value.item_id] = value
            else:
                typed_by_unit.setdefault((value.item_id, is_now), []).append((value.sheet.unit.path, value))
        for (item_id, is_now), values in typed_by_unit.items():
            # What a unit says of itself and those below it stands for what those typed themselves.
            paths = {path for path, _ in values}
            highest = [
                (path, one) for path, one in values
                if not any(other != path and path.startswith(other) for other in paths)
            ]  # fmt: skip
            self.typed_at[item_id, is_now] = {path for path, _ in highest}
            self._add_typed(item_id, highest, is_now=is_now)

    def _add_typed(self, item_id: int, values, *, is_now: bool) -> None:
        places: dict[object, list[Amount]] = {}
        for path, one in values:
            amount = typed_amount(one)
            _, via = self.scope.place(one.sheet.unit_id, path, self.until)
            places.setdefault(WHOLE, []).append(amount)
            places.setdefault(via, []).append(amount)
        for place, amounts in places.items():
            self.typed_below[item_id, place, is_now] = added(amounts)
        if is_now:
            self.typers[item_id] = len(values)

    @cached_property
    def _branches(self) -> list[tuple[str, int | None]]:
        """The living branches of the closing day: (path, direct subordinate). One query."""
        living = Unit.objects.living(self.until).filter(self.scope.on(self.until, ""), kind__in=Unit.BRANCH_KINDS)
        rows = living.exclude(kind=Unit.Kind.SUB_BRANCH).values_list("pk", "path")
        return [(path, self.scope.place(pk, path, self.until)[1]) for pk, path in rows]

    def typed_by_all(self, item: StatItem, place, *, is_now: bool) -> bool:
        """Whether every branch at the place typed this line, or somebody above it for it."""
        typed = self.typed_at.get((item.pk, is_now), set())
        return all(
            any(f"{start}/" in typed for start in accumulate(path.rstrip("/").split("/"), "{}/{}".format))
            for path, via in self._branches
            if place is WHOLE or via == place
        )


# --- one table --------------------------------------------------------------------------------------


class _Lines:
    """The amounts of the lines of one table at one place, now or in the period before."""

    def __init__(self, reading: _Reading, items: list[StatItem], place=WHOLE, *, last: bool = False):
        self.reading, self.place, self.last = reading, place, last
        self.by_pk = {item.pk: item for item in items}
        self.known: dict[int, Amount | None] = {}

    def amount(self, item: StatItem) -> Amount | None:
        """The figure of the line with what was typed; None where it cannot be computed."""
        if item.pk not in self.known:
            typed = self.value_of(item)
            self.known[item.pk] = typed_amount(typed) if typed else self.computed(item)
        return self.known[item.pk]

    def value_of(self, item: StatItem) -> StatValue | None:
        if self.place is not WHOLE:
            return None
        return (self.reading.last_typed if self.last else self.reading.typed).get(item.pk)

    def computed(self, item: StatItem) -> Amount | None:
        """The same without what the unit itself typed."""
        reading = self.reading
        if item.what == What.TYPED:
            return None if item.unit_word == PERCENT else reading.typed_below.get((item.pk, self.place, not self.last))
        if item.what == What.SUM:
            parts = [self.amount(self.by_pk[part.pk]) for part in item.parts.all()]
            return None if None in parts or not parts else added(parts)
        if item.what == What.SHARE:
            return self._share(item)
        if item.what == What.FIGURE:
            return self._figure(item)
        return self._indicator(item) if item.what == What.INDICATOR else None

    def _share(self, item: StatItem) -> Amount | None:
        part, whole = (self.amount(self.by_pk[pk]) for pk in (item.share_of_id, item.share_whole_id))
        if part is None or whole is None or (part.lines and part.value is None) or whole.value is None:
            return None
        if not all(self._is_of_all(self.by_pk[pk]) for pk in (item.share_of_id, item.share_whole_id)):
            return None
        return share_of(part, whole)

    def _is_of_all(self, item: StatItem) -> bool:
        """Whether the line speaks of everybody: not where only some of the branches below typed it."""
        if self.value_of(item):
            return True
        if item.what == What.SUM:
            return all(self._is_of_all(self.by_pk[part.pk]) for part in item.parts.all())
        return item.what != What.TYPED or self.reading.typed_by_all(item, self.place, is_now=not self.last)

    def _figure(self, item: StatItem) -> Amount | None:
        reading = self.reading
        if item.figure == "activities":
            is_known = self.place is WHOLE and not self.last
            return Amount(Decimal(reading.activities), lines=reading.activities) if is_known else None
        found = (reading.last_figures if self.last else reading.figures).amount(item.figure, self.place)
        return part_of(found, item.part)

    def _indicator(self, item: StatItem) -> Amount | None:
        reading, indicator = self.reading, self.reading.indicators.get(item.code)
        if indicator is None:
            return None
        row = reading.rows.get(item.code)
        if self.place is not WHOLE:
            return part_of(reading.below.get((self.place, item.code), NOTHING), item.part)
        if row is None and indicator.source == Indicator.Source.REGISTER:
            figures = reading.last_figures if self.last else reading.figures
            return figures.amount(indicator.register_key, WHOLE)
        if row is None:
            return part_of(reading.only_last.get(item.code, NOTHING) if self.last else NOTHING, item.part)
        done = row.last if self.last else row.done
        return part_of(done, item.part)

    # --- as printed ---

    def cell(self, item: StatItem) -> StatCell:
        if item.what == What.HEADING:
            return StatCell("")
        typed = self.value_of(item)
        amount = self.amount(item)
        if typed is None:
            return stat_cell(self._printed(item, amount), amount)
        instead = self.computed(item)
        shown = self._printed(item, instead) if instead is not None or not item.is_typed else Cell("")
        return StatCell(
            plain_cell(amount).text, value=exact(amount), is_typed=True, instead=f"{shown.text} {shown.parts}".strip()
        )

    def _printed(self, item: StatItem, amount: Amount | None) -> Cell:
        if item.what == What.INDICATOR and item.part == Part.RESULT:
            printed = self.reading.printed.get(item.code) if self.place is WHOLE else None
            if printed is not None:
                return printed.last if self.last else printed.done
            if amount is not None:
                return figure(amount, self.reading.indicators[item.code])
        is_share = item.what == What.SHARE or (amount is not None and amount.whole is not None)
        return share_cell(amount) if is_share else plain_cell(amount)


def _filled(table: StatTable, reading: _Reading) -> Filled:
    items = reading.items[table.pk]
    now = _Lines(reading, items)
    if reading.by_unit:
        columns = ["Toàn đơn vị", *(child.name for child in reading.children)]
        sets = [now, *(_Lines(reading, items, child.pk) for child in reading.children)]
        cells = {item.pk: tuple(one.cell(item) for one in sets) for item in items}
    else:
        columns, cells = _usual(items, now, reading)
    lines = tuple(
        StatLine(
            item.pk, item.number, item.name, item.unit_word, item.depth, item.what == What.HEADING, item.is_bold,
            () if item.what == What.HEADING else cells[item.pk],
        )
        for item in items
    )  # fmt: skip
    content = StatContent(
        table=table.pk, number=table.number, title=table.title, edition=table.edition, unit_name=reading.name,
        period_name=reading.period.name, as_of=reading.until.isoformat(), columns=tuple(columns), lines=lines,
        notes=tuple(_notes(table, items, lines, reading)), by_unit=reading.by_unit,
        source=table.source if table.owner_id else "",
    )  # fmt: skip
    return Filled(
        table=table, content=content, items=tuple(items),
        typed={item.pk: reading.typed[item.pk] for item in items if item.pk in reading.typed},
        computed={item.pk: now.amount(item) for item in items if item.what != What.HEADING},
        children=reading.children,
    )  # fmt: skip


def _usual(items: list[StatItem], now: _Lines, reading: _Reading) -> tuple[list[str], dict[int, tuple[StatCell, ...]]]:
    """This period, the one before where there is one, and the plan where a line of the table can have one."""
    before = _Lines(reading, items, last=True) if reading.previous else None
    planned = any(item.what == What.INDICATOR for item in items)
    last = SAME_SPAN if is_within_a_year(reading.period) else LAST
    columns = [NOW, *([last] if before else []), *([AIM, AGAINST] if planned else [])]
    cells = {}
    for item in items:
        row = reading.printed.get(item.code) if item.what == What.INDICATOR and item.part == Part.RESULT else None
        aim = row.aim if row else NOT_COMPUTED
        against = row.against if row and row.is_compared else NOT_COMPUTED
        if now.value_of(item):
            against = NOT_COMPUTED  # the plan was judged by the computed figure, not by the one typed instead
        cells[item.pk] = (
            now.cell(item),
            *((before.cell(item),) if before else ()),
            *((StatCell(aim), StatCell(against)) if planned else ()),
        )
    return columns, cells


def _notes(table: StatTable, items, lines: tuple[StatLine, ...], reading: _Reading):
    """What was typed over, what stands on how many units, the table's own note, the signs that occur."""
    shown = {line.item: line for line in lines}
    for item in items:
        if (typed := reading.typed.get(item.pk)) and not item.is_typed:
            cell = shown[item.pk].cells[0]
            reason = f" ({typed.reason})" if typed.reason else ""
            yield f"(*) Dòng {item.number or item.name}: đơn vị ghi {cell.text}, phần mềm tính {cell.instead}{reason}"
        elif item.is_typed and not typed and item.pk in reading.typers and item.unit_word != PERCENT:
            yield f"Dòng {item.number or item.name}: cộng số của {reading.typers[item.pk]} đơn vị đã nhập"
    if table.note:
        yield table.note
    texts = {cell.text for line in lines for cell in line.cells}
    if signs := [words for sign, words in SIGNS if sign in texts]:
        yield "; ".join(signs)
