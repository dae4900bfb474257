"""The steps towards the Party as the Party committee reads them: counters without names, a target beside its result."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from branches.models import PartyStep

from .judging import Progress
from .progress import ProgressTable

Kind = PartyStep.Kind
# Steps that the catalogue has an indicator for.
TARGETED = {Kind.CLASS_DONE: "party_class", Kind.INTRODUCED: "party_introduced", Kind.ADMITTED: "party_admitted"}


@dataclass(frozen=True, slots=True)
class StepCount:
    """One step: how many persons took it in the year, and the planned row of the indicator it belongs to."""

    label: str
    count: int
    planned: Progress | None

    @property
    def typed(self) -> Decimal | None:
        """The result of the plan where it says otherwise: a figure was typed and the persons' steps were not."""
        value = self.planned.done.value if self.planned else None
        return None if value == self.count else value


def step_counts(rows: Iterable, table: ProgressTable) -> tuple[StepCount, ...]:
    """The seven counters of rows of `funnel.counted_by_kind`; nothing where there is neither a step nor a target."""
    figures = {row.kind: row.persons for row in rows}
    planned = {row.indicator.code: row for row in table.planned}
    found = [
        StepCount(kind.label, figures.get(kind.value, 0), planned.get(TARGETED.get(kind, "")))
        for kind in PartyStep.ORDER
    ]
    return tuple(found) if any(one.count or one.planned for one in found) else ()
