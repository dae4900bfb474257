"""Discipline of a unit: who opens and keeps its case, which body decides what, and what disbanding leads to.

The committee of the direct superior reviews and votes; it decides a reprimand and a warning, the body above it a
disbandment (rule `unit_discipline_authority`, domain.md 5.3). The steps are those of branches/disciplining.py. A
disbandment ends nothing by itself: the members have to go somewhere, and the page of dissolving a unit asks where.
"""

import datetime

from branches.admitting import has_approver
from branches.models import Discipline, Unit
from branches.models.rule import rules_on
from branches.scoping import rights_at

Measure, State = Discipline.Measure, Discipline.State
ABOVE = "above"  # in the rule: the body above the direct superior decides


def superior_of(unit: Unit) -> Unit | None:
    """The unit directly above, as the tree stands today."""
    return Unit.objects.get(pk=unit.superior_pk) if unit.superior_pk else None


def may_keep_unit_case(user, unit: Unit, *, on: datetime.date) -> bool:
    """Who writes in a case about the unit: those above who decide on it, never its own officers.

    Where nobody above decides in the software, the unit writes the superior's papers down.
    """
    rights = rights_at(user, unit)
    return "approve" in rights or ("manage" in rights and not has_approver(unit, on=on))


def unit_measures_for(case: Discipline, user, *, on: datetime.date) -> list[str]:
    """The measures this person may decide against the unit; none for who may decide nothing.

    What only the body above the superior decides is written by who approves at the superior itself, and by the
    superior where nobody above it decides in the software.
    """
    if not may_keep_unit_case(user, case.unit, on=on):
        return []
    rule = rules_on(on)["unit_discipline_authority"]
    above = superior_of(case.unit)
    reaches_above = above is None or "approve" in rights_at(user, above) or not has_approver(above, on=on)
    return [one for one in Discipline.OF_UNITS if rule[one] != ABOVE or reaches_above]


def body_for_unit(case: Discipline, on: datetime.date) -> str:
    """The body that decides the measure, as it is called: the highest one the tree knows up to it."""
    body = superior_of(case.unit)
    if body is not None and rules_on(on)["unit_discipline_authority"][case.measure] == ABOVE:
        body = superior_of(body) or body
    return f"Ban Chấp hành {body.name if body else 'Đoàn cấp trên'}"[:160]


def disbanding_case(unit: Unit) -> Discipline | None:
    """The decided disbandment that the unit still has to be dissolved for."""
    if unit.dissolved_on:
        return None
    rows = Discipline.objects.filter(unit=unit, member=None, state=State.DECIDED, measure=Measure.DISBANDMENT)
    return rows.order_by("-decided_on", "-pk").first()


def dissolving_values(user, unit: Unit) -> dict:
    """First values of the form that dissolves the unit, for who may read its case: number and day of the decision."""
    case = disbanding_case(unit)
    if case is None or not Discipline.objects.visible_to(user).filter(pk=case.pk).exists():
        return {}
    return {"decision": case.decision, "decided_on": case.decided_on, "on": case.decided_on}
