"""Counts of an assessment: how many were rated what, the warning about the top level, results of the years."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Q

from branches.formats import percent
from branches.models import Assessment, AssessmentRound, Label, Unit
from branches.models.assessment import Subject

State = Assessment.State


class Rated(NamedTuple):
    """Members of one unit in a period: approved, of them fair or better, of them at the top; all to be assessed."""

    rated: int
    fair: int
    top: int
    total: int


def rated_figures(units: Iterable[Unit | int], period) -> dict[int, Rated]:
    """{unit: Rated} of the assessments of members for exactly this span; nothing of the units below it. One query.

    Only what is approved is a result. Where a unit was assessed by two sets of criteria, the newest round counts.
    Every unit asked for has a line.
    """
    keys = [getattr(unit, "pk", unit) for unit in units]
    rows = (
        Assessment.objects.filter(
            unit__in=keys,
            round__subject=Subject.MEMBER,
            round__period__starts_on=period.starts_on,
            round__period__ends_on=period.ends_on,
        )
        .exclude(state=State.NOT_ELIGIBLE)
        .order_by("unit_id", "round__opened_on", "round_id")
        .values("unit_id", "round_id")
        .annotate(
            rated=Count("pk", filter=Q(state=State.APPROVED)),
            fair=Count("pk", filter=Q(state=State.APPROVED, final_label__is_fair=True)),
            top=Count("pk", filter=Q(state=State.APPROVED, final_label__is_top=True)),
            total=Count("pk"),
        )
    )
    found = dict.fromkeys(keys, Rated(0, 0, 0, 0))
    for row in rows:  # the newest round of a unit is the last
        found[row["unit_id"]] = Rated(row["rated"], row["fair"], row["top"], row["total"])
    return found


# --- where a round stands -------------------------------------------------------------------------------


@dataclass
class Tally:
    """Assessments of one round at one place: by state, and by the level that counts now (approved, else concluded)."""

    states: Counter = field(default_factory=Counter)
    labels: Counter = field(default_factory=Counter)
    said: int = 0  # who assessed themselves

    @property
    def total(self) -> int:
        """Those to be assessed."""
        return self.states.total() - self.states[State.NOT_ELIGIBLE]

    @property
    def left_out(self) -> int:
        return self.states[State.NOT_ELIGIBLE]

    @property
    def concluded(self) -> int:
        return self.states[State.CONCLUDED] + self.states[State.APPROVED]

    @property
    def left(self) -> int:
        """Those the branch has not concluded on, or has to look at again."""
        return self.total - self.concluded

    @property
    def waiting(self) -> int:
        return self.states[State.CONCLUDED]

    @property
    def approved(self) -> int:
        return self.states[State.APPROVED]

    @property
    def returned(self) -> int:
        return self.states[State.RETURNED]

    def by_label(self, labels: Iterable[Label]) -> list[tuple[Label, int]]:
        return [(label, self.labels[label.pk]) for label in labels]

    def top(self, labels: Iterable[Label]) -> int:
        return sum(self.labels[label.pk] for label in labels if label.is_top)


def tallies(rounds: Iterable[AssessmentRound | int], within: Unit | None = None) -> dict[tuple[int, int], Tally]:
    """{(round, unit): Tally}, of the units at and below `within` or of all. One query."""
    rows = Assessment.objects.filter(round__in=[getattr(one, "pk", one) for one in rounds])
    if within is not None:
        rows = rows.filter(unit__path__startswith=within.path)
    found: dict[tuple[int, int], Tally] = defaultdict(Tally)
    columns = ("round_id", "unit_id", "state", "branch_label_id", "final_label_id")
    said = Count("pk", filter=Q(self_at__isnull=False) & ~Q(state=State.NOT_ELIGIBLE))
    for round_id, unit_id, state, branch, final, count, own in (
        rows.order_by().values_list(*columns).annotate(count=Count("pk"), said=said)
    ):
        tally = found[round_id, unit_id]
        tally.states[state] += count
        tally.said += own
        if (label := final or (branch if state in (State.CONCLUDED, State.APPROVED) else None)) is not None:
            tally.labels[label] += count
    return dict(found)


def together(parts: Iterable[Tally]) -> Tally:
    whole = Tally()
    for one in parts:
        whole.states += one.states
        whole.labels += one.labels
        whole.said += one.said
    return whole


def quota_warning(top: int, total: int, quota: int | None, whom: str = "đồng chí") -> str:
    """ "6 trên 20 đồng chí, bằng 30%, quá 20%"; "" within the quota. It warns and stops nobody."""
    if quota is None or not total or top * 100 <= quota * total:
        return ""
    return f"{top} trên {total} {whom}, bằng {percent(Decimal(top) / total)}, quá {quota}%"


# --- results of the years -------------------------------------------------------------------------------


def results_of_member(member) -> list[Assessment]:
    """Approved results, the newest year first, with the words of their own year. One query."""
    rows = Assessment.objects.filter(member=member, state=State.APPROVED)
    return list(_as_results(rows))


def results_of_unit(unit: Unit) -> list[Assessment]:
    """The same of the branch itself. One query."""
    return list(_as_results(Assessment.objects.filter(unit=unit, member=None, state=State.APPROVED)))


def _as_results(rows):
    return rows.select_related(
        "round__period", "round__label_set", "round__criteria_set", "final_label", "unit"
    ).order_by("-round__period__starts_on", "-round__opened_on", "-pk")
