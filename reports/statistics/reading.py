"""Everything the lines of some tables are made from, read once for all tables together."""

from functools import cached_property
from itertools import accumulate

from django.db.models import Q

from branches.models import Indicator, Period, Placement, Unit
from branches.register import WHOLE
from branches.restructuring import as_called, old_name
from branches.tree import Scope, scope_of
from reports.amounts import Amount
from reports.board import results_below
from reports.models import StatItem, StatValue
from reports.papers.tables import Row, groups_of
from reports.progress import ProgressTable, first_day_of, progress_for
from reports.results import Results, required_units

from .cells import added, typed_amount
from .corrections import Instead, is_added, parts_of
from .figures import FIGURES, Figures, read_figures

What = StatItem.What
PERCENT = "%"


class Reading:
    """Everything the lines of some tables are made from, read once."""

    def __init__(self, tables, unit: Unit, period: Period, as_of, by_unit: bool, progress: ProgressTable | None):
        self.unit, self.period, self.as_of, self.by_unit = unit, period, as_of, by_unit
        self.until, is_told = min(as_of, period.last_day), progress is not None
        self.theme = progress.theme if progress else ""
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
        # A report says its indicators by itself: there the figures of units stand beside them, and change nothing.
        self.follows_report = is_told
        # (line, place, now) → what units wrote instead of computed figures
        self.instead: dict[tuple, list[Instead]] = {}
        self._read_typed(flat)
        self.name = as_called(unit, self.until, today=as_of).name

    def _only_last(self, before: Results) -> dict[str, Amount]:
        """What was logged in the span before, for indicators that have neither a plan nor a result now."""
        lines = Indicator.Source.LINES
        asked = [one for one in self.indicators.values() if one.source == lines and one.code not in self.rows]
        required = required_units(self.scope, asked, self.period, as_of=self.as_of)
        return {one.code: before.amount(one, asked=required.of(one.code)) for one in asked}

    def is_of_theme(self, item: StatItem) -> bool:
        """Whether the line counts only activities of the theme that its report is about."""
        if not self.theme or item.what not in (What.INDICATOR, What.FIGURE):
            return False
        if item.what == What.FIGURE:
            return item.figure == "activities"
        indicator = self.indicators.get(item.code)
        if indicator is None or indicator.source == Indicator.Source.REGISTER:
            return False
        row = self.rows.get(item.code)
        return row is None or row.is_of_theme

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
        below = below.annotate(then=old_name("sheet__unit", self.until))
        for value in below.select_related("sheet__unit", "sheet__period", "typed_by").order_by(
            "sheet__unit__sort_key", "pk"
        ):
            is_now = value.sheet.period.starts_on == self.period.starts_on
            if value.sheet.unit_id == self.unit.pk:
                (self.typed if is_now else self.last_typed)[value.item_id] = value
            else:
                typed_by_unit.setdefault((value.item_id, is_now), []).append((value.sheet.unit.path, value))
        by_pk, over = {item.pk: item for item in flat}, []
        for (item_id, is_now), values in typed_by_unit.items():
            # What a unit says of itself and those below it stands for what those typed themselves.
            paths = {path for path, _ in values}
            highest = [
                (path, one) for path, one in values
                if not any(other != path and path.startswith(other) for other in paths)
            ]  # fmt: skip
            if not by_pk[item_id].is_typed:
                over += [(by_pk[item_id], one, is_now) for _, one in highest]
                continue
            self.typed_at[item_id, is_now] = {path for path, _ in highest}
            self._add_typed(item_id, highest, is_now=is_now)
        self._read_instead(over)

    def _read_instead(self, over: list[tuple[StatItem, StatValue, bool]]) -> None:
        """What units below wrote instead of computed figures, beside what their part of the superior's figure is."""
        added = [
            item for item in {item.pk: item for item, *_ in over}.values()
            if is_added(item, self.indicators.get(item.code))
            and not (self.follows_report and item.what == What.INDICATOR)
        ]  # fmt: skip
        # One that wrote stands within another that wrote a different line: each is asked of by itself.
        units = {value.sheet.unit_id: value.sheet.unit for _, value, _ in over}
        layers: dict[int, list[Unit]] = {}
        for unit in units.values():
            layers.setdefault(sum(unit.path.startswith(one.path) for one in units.values()), []).append(unit)
        spans = [self.period, *([self.previous] if self.previous else [])]
        found: list[dict] = [{} for _ in spans]
        for layer in layers.values():
            parts = parts_of(self.scope, layer, added, self.indicators, spans, as_of=self.as_of)
            for known, more in zip(found, parts, strict=True):
                known.update(more)
        for item, value, is_now in over:
            unit = value.sheet.unit
            _, via = self.scope.place(unit.pk, unit.path, self.until)
            part = found[0 if is_now else 1].get((item.pk, unit.pk))
            one = Instead(value, value.then or unit.name, via, typed_amount(value), part)
            for place in (WHOLE, via):
                self.instead.setdefault((item.pk, place, is_now), []).append(one)

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
