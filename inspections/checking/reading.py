"""The checklist of a case as a page shows it: both answers side by side, the figure beside them, what differs.

Seven queries for the items of a case, however many, and those of the facts they name.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch

from branches.models import Activity, Meeting
from inspections.models import ChecklistAnswer, ChecklistItem, Inspection, Result, SiteEntry, SiteFile

from .facts import Fact, fact_address, facts_of

Side = ChecklistAnswer.Side
# Standing of the badge, for a result; nothing said yet is "none".
STANDINGS = {Result.MET: "met", Result.PARTLY: "behind", Result.NOT_MET: "overdue", Result.NOT_APPLICABLE: "none"}


@dataclass(slots=True)
class Row:
    """One item. `unit` and `team` are the answers this reader may see."""

    item: ChecklistItem
    unit: ChecklistAnswer | None = None
    team: ChecklistAnswer | None = None
    fact: Fact | None = None
    url: str = ""  # where the figure opens
    unit_files: list = field(default_factory=list)
    team_files: list = field(default_factory=list)
    clashes: list = field(default_factory=list)  # entries of a second inspector, nobody has chosen

    @property
    def differs(self) -> bool:
        """Both sides have said something, and not the same."""
        return bool(self.unit and self.team and self.unit.result and self.team.result) and (
            self.unit.result != self.team.result
        )

    @property
    def unit_standing(self) -> str:
        return STANDINGS.get(self.unit.result, "none") if self.unit else "none"

    @property
    def team_standing(self) -> str:
        return STANDINGS.get(self.team.result, "none") if self.team else "none"

    @property
    def fact_words(self) -> str:
        """As it stands now."""
        return self.fact.full_words if self.fact else ""

    @property
    def moved_words(self) -> str:
        """The figure when the inspector settled the item, where it has changed since."""
        frozen = self.item.fact_words
        return frozen if frozen and frozen != self.fact_words else ""

    @property
    def is_said(self) -> bool:
        return bool(self.team and self.team.result)

    @property
    def results(self) -> list[tuple[str, str]]:
        return [pair for pair in Result.choices if self.item.na_allowed or pair[0] != Result.NOT_APPLICABLE]


def rows_of(
    case: Inspection, user, *, on: datetime.date, for_team: bool, with_facts: bool = True, opens: str = ""
) -> list[Row]:
    """Every item of the case in order, with what this reader may see of it.

    `opens`: where this reader opens a figure, "room" in the case or "unit" on the unit's own pages; empty nowhere.
    """
    items = list(case.items.select_related("template", "target__indicator", "activity").order_by("position", "pk"))
    answers = ChecklistAnswer.objects.visible_to(user).filter(item__inspection=case).select_related("answered_by")
    proof = (
        Prefetch("activities", Activity.objects.order_by("last_on", "pk")),
        Prefetch("meetings", Meeting.objects.order_by("starts_at", "pk")),
    )
    rows = {item.pk: Row(item) for item in items}
    for answer in answers.prefetch_related(*proof):
        row = rows[answer.item_id]
        if answer.side == Side.UNIT:
            row.unit = answer
        else:
            row.team = answer
    for file in SiteFile.objects.visible_to(user).filter(inspection=case, item__isnull=False):
        row = rows[file.item_id]
        (row.unit_files if file.side == Side.UNIT else row.team_files).append(file)
    if for_team:
        for entry in clashes_of(case):
            rows[entry.item_id].clashes.append(entry)
    if with_facts:
        facts = facts_of(case, {item.fact for item in items}, on=on)
        urls = {key: fact_address(fact, case, for_team=opens == "room") for key, fact in facts.items() if opens}
        for row in rows.values():
            row.fact, row.url = facts.get(row.item.fact), urls.get(row.item.fact, "")
    return list(rows.values())


def clashes_of(case: Inspection):
    """Entries that say something else than the answer, nobody has chosen yet."""
    differing = SiteEntry.objects.filter(inspection=case, state=SiteEntry.State.DIFFERS)
    return differing.select_related("written_by", "item").order_by("written_at", "pk")


def topics_of(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """The rows by topic, in the order in which the topics come up."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.item.topic, []).append(row)
    return list(found.items())


def team_answers(rows: Iterable[Row]) -> dict[int, ChecklistAnswer]:
    return {row.item.pk: row.team for row in rows if row.team}
