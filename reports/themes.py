"""A report about a theme: of all that was done only what speaks of it, and no figure of anything else.

What speaks of it, and no more: one of the phrases of the theme (commas part them) stands in the title or the note of
an activity, in the name of an indicator, in what is done for it, or in the name of the work area. Case and marks do
not matter.

    an indicator that speaks of it itself   keeps its figure and its plan of the whole period, and the year before
    one that activities about it brought    counts these activities only, beside no plan and no year before
    everything else                         is not told

A superior's report that is made from its units' reports about the theme adds what these told (rolling_up.py).
"""

import datetime
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from branches.models import Activity, Indicator, Period, Target, WorkArea
from branches.tree import Scope
from branches.vietnamese import plain, words_of

from .progress import ProgressTable, in_order, progress_for


@dataclass(frozen=True)
class Theme:
    """The words of a theme; its `phrases` are parted by commas and without marks."""

    text: str
    phrases: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Theme | None":
        """None where the words say nothing: the report then tells everything."""
        phrases = phrases_of(text)
        return cls(text, tuple(phrases)) if phrases else None

    def speaks(self, *texts: str) -> bool:
        return any(f" {phrase} " in f" {_words(text)} " for phrase in self.phrases for text in texts)

    def is_about(self, indicator: Indicator) -> bool:
        return self.speaks(indicator.name, indicator.action, indicator.area.name)

    def is_activity_about(self, activity: Activity) -> bool:
        return self.speaks(activity.title, activity.note, activity.area.name)

    def activities(self, scope: Scope, period: Period, *, as_of: datetime.date) -> frozenset[int]:
        """Keys of the held activities about it, of the unit and everything below it. Two queries.

        The database leaves out what cannot be: a title without the phrase and no note.
        """
        areas = [area.pk for area in WorkArea.objects.order_by("pk") if self.speaks(area.name)]
        may_be = Q(area__in=areas) | ~Q(note="")
        for phrase in self.phrases:
            may_be |= Q(search_key__contains=f" {phrase}")
        rows = (
            Activity.objects.counted()
            .in_period(period)
            .filter(scope.within("last_on"), may_be, nature=Activity.Nature.ACTIVITY, last_on__lte=as_of)
            .order_by("pk")
            .values_list("pk", "title", "note", "area_id")
        )
        return frozenset(pk for pk, *texts, area in rows.iterator() if area in areas or self.speaks(*texts))

    def targets(self, targets: Iterable[Target], also: Iterable[str] = ()) -> list[Target]:
        """Of these targets those about it (or with a code of `also`), and of each that is a part the whole before it:
        without it the part says nothing."""
        targets, also = list(targets), set(also)
        chosen = [one for one in targets if one.indicator.code in also or self.is_about(one.indicator)]
        wanted = {one.pk for one in chosen} | {one.parent_id for one in chosen}
        return [one for one in targets if one.pk in wanted]

    def parted(
        self, indicators: Iterable[Indicator], targets: Iterable[Target], *, told: Collection[str], partial: set[str]
    ) -> tuple[list[Target], frozenset[str]]:
        """Of a superior: its targets that stand beside a figure of the whole period, and the codes of which only
        activities of the theme are counted.

        `told` are the codes its units told, `partial` those of which they or the superior itself counted activities.
        """
        kept = self.targets(targets, also=set(told) - partial)
        whole = {one.code for one in indicators if self.is_about(one)} | {one.indicator.code for one in kept}
        return kept, frozenset(partial - whole)


@dataclass(frozen=True)
class Counted:
    """Which lines a report about a theme counts: all of the codes in `whole`, of any other those of `activities`."""

    whole: frozenset[str]
    activities: frozenset[int]

    @classmethod
    def of(cls, table: ProgressTable, activities: frozenset[int]) -> "Counted":
        """The rows of `table` are those about the theme."""
        return cls(frozenset(row.indicator.code for row in table.rows), activities)

    def lines(self, quantities: QuerySet) -> QuerySet:
        return quantities.filter(Q(indicator__code__in=self.whole) | Q(activity__in=self.activities))


def about(table: ProgressTable, theme: Theme) -> ProgressTable:
    """The rows of a table that are about the theme, with the wholes of the parts among them. No query."""
    chosen = {row.indicator.code for row in table.rows if theme.is_about(row.indicator)}
    targets = theme.targets(row.target for row in table.rows if row.target is not None)
    chosen |= {target.indicator.code for target in targets}
    rows = tuple(row for row in table.rows if row.indicator.code in chosen)
    return replace(table, rows=rows, before=None, theme=theme.text)


def brought(
    table: ProgressTable, theme: Theme, activities: frozenset[int], *, scope: Scope, rules: dict | None = None
) -> ProgressTable:
    """What the activities of the theme brought beside the rows of `table`, which are about it."""
    found = progress_for(
        table.unit, table.period, as_of=table.as_of, scope=scope, rules=rules, activities=activities
    )  # fmt: skip
    whole = {row.indicator.code for row in table.rows}
    return replace(found, rows=tuple(row for row in found.rows if row.indicator.code not in whole), theme=theme.text)


def together(table: ProgressTable, more: ProgressTable) -> ProgressTable:
    """Both in the order of the chapters; the activities are those of the theme."""
    return replace(table, rows=tuple(in_order((*table.rows, *more.rows))), activities=more.activities)


def told_by(table: ProgressTable, theme: Theme, *, scope: Scope) -> tuple[ProgressTable, Counted]:
    """What a report about the theme tells of the figures in `table`, and which lines it counts."""
    activities = theme.activities(scope, table.period, as_of=table.as_of)
    whole = about(table, theme)
    more = brought(whole, theme, activities, scope=scope)
    return together(whole, more), Counted.of(whole, activities)


def phrases_of(theme: str) -> list[str]:
    """ "Tháng Thanh niên, hiến máu" → ["thang thanh nien", "hien mau"]."""
    return [words for part in re.split(r"[,;]", theme) if (words := _words(part))]


def _words(text: str) -> str:
    return " ".join(words_of(plain(text)))
