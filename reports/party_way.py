"""The steps towards the Party as the Party committee reads them: counters without names, a target beside its result."""

from dataclasses import dataclass

from branches.models import PartyStep, Unit
from branches.party_way.funnel import step_figures

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


def step_counts(unit: Unit, table: ProgressTable) -> list[StepCount]:
    """The seven counters of the table's period; nothing where there is neither a step nor a target. Two queries."""
    figures = step_figures([unit], table.period)[unit.pk]
    planned = {row.indicator.code: row for row in table.planned}
    found = [StepCount(kind.label, figures[kind], planned.get(TARGETED.get(kind, ""))) for kind in PartyStep.ORDER]
    return found if any(one.count or one.planned for one in found) else []
