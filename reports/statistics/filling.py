"""Filling tables: the lines of one or of all tables of a unit over a period, from the figures of the house.

    progress_for, results_below, read_figures, what was typed  →  the amount of each line  →  StatContent

What a line is made of is asked once for all tables together, so that the number of queries depends on none of
tables, lines and units. Permission is the caller's: it is asked once, of the unit.
"""

import dataclasses
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from branches.models import Indicator, Period, Unit
from branches.register import WHOLE
from reports.amounts import NOTHING, Amount
from reports.models import StatItem, StatTable, StatValue
from reports.papers.tables import NOT_COMPUTED, Cell, figure
from reports.progress import ProgressTable
from reports.spans import SAME_SPAN, is_within_a_year

from .cells import added, exact, part_of, plain_cell, share_cell, share_of, stat_cell, typed_amount
from .checking import parts_too_large
from .content import StatCell, StatContent, StatLine
from .corrections import Instead, corrected
from .notes import notes_of
from .reading import PERCENT, Reading

What, Part = StatItem.What, StatItem.Part
NOW, LAST, AIM, AGAINST = "Kỳ này", "Kỳ trước", "Kế hoạch", "So kế hoạch"


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

    @property
    def warnings(self) -> list[str]:
        """Figures that cannot be true together."""
        return parts_too_large(self.items, self.computed)


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
    reading = Reading(tables, unit, period, as_of, by_unit, progress)
    return [_filled(table, reading) for table in tables]


# --- one table --------------------------------------------------------------------------------------


class _Lines:
    """The amounts of the lines of one table at one place, now or in the period before."""

    def __init__(self, reading: Reading, items: list[StatItem], place=WHOLE, *, last: bool = False):
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
        if item.what == What.HEADING:
            return None
        plain, instead = self._plain(item), self.instead(item)
        return corrected(plain, instead) if instead else plain

    def instead(self, item: StatItem) -> list[Instead]:
        """What units below wrote, where it goes into this line."""
        told = self.reading.instead.get((item.pk, self.place, not self.last), ())
        return [one for one in told if one.computed is not None]

    def _plain(self, item: StatItem) -> Amount | None:
        return self._figure(item) if item.what == What.FIGURE else self._indicator(item)

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
        if self.last and reading.is_of_theme(item):
            return None  # of the year before only everything is known
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
            shown = stat_cell(self._printed(item, amount), amount)
            if not self.instead(item):
                return shown
            plain = self._printed(item, self._plain(item), is_plain=True)
            return dataclasses.replace(shown, instead=f"{plain.text} {plain.parts}".strip())
        instead = self.computed(item)
        shown = self._printed(item, instead) if instead is not None or not item.is_typed else Cell("")
        return StatCell(
            plain_cell(amount).text, value=exact(amount), is_typed=True, instead=f"{shown.text} {shown.parts}".strip()
        )

    def _printed(self, item: StatItem, amount: Amount | None, *, is_plain: bool = False) -> Cell:
        if item.what == What.INDICATOR and item.part == Part.RESULT:
            printed = self.reading.printed.get(item.code) if self.place is WHOLE else None
            if printed is not None and (is_plain or not self.instead(item)):
                return printed.last if self.last else printed.done
            if amount is not None:
                return figure(amount, self.reading.indicators[item.code])
        is_share = item.what == What.SHARE or (amount is not None and amount.whole is not None)
        return share_cell(amount) if is_share else plain_cell(amount)


def _filled(table: StatTable, reading: Reading) -> Filled:
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
        notes=tuple(notes_of(table, items, lines, reading)), by_unit=reading.by_unit,
        source=table.source if table.owner_id else "",
    )  # fmt: skip
    return Filled(
        table=table, content=content, items=tuple(items),
        typed={item.pk: reading.typed[item.pk] for item in items if item.pk in reading.typed},
        computed={item.pk: now.amount(item) for item in items if item.what != What.HEADING},
        children=reading.children,
    )  # fmt: skip


def _usual(items: list[StatItem], now: _Lines, reading: Reading) -> tuple[list[str], dict[int, tuple[StatCell, ...]]]:
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
        if now.value_of(item) or now.instead(item):
            against = NOT_COMPUTED  # the plan was judged by the computed figure, not by the one typed instead
        cells[item.pk] = (
            now.cell(item),
            *((before.cell(item),) if before else ()),
            *((StatCell(aim), StatCell(against)) if planned else ()),
        )
    return columns, cells
