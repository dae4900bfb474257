"""Whose approved reports a superior's report is made from, and whose are missing."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from branches.models import Period, Placement, Unit
from branches.restructuring import names_on

from .models import PeriodReport, ReportRound, RoundUnit, Submission
from .rounds import direct_units


@dataclass(frozen=True)
class Source:
    """One unit that owed a report: its edition in force, or none. `name` is what it was called in the period."""

    unit: Unit
    name: str
    submission: Submission | None = None
    report: PeriodReport | None = None
    row: RoundUnit | None = None

    @property
    def without(self) -> tuple[str, ...]:
        """Units below this one whose figures its own approved edition lacks, each with where it stands:
        "Chi đoàn A3 (Đoàn Khối)"."""
        told = self.submission.facts.get("without", ()) if self.submission else ()
        return tuple(f"{one[:-1]}, {self.name})" if one.endswith(")") else f"{one} ({self.name})" for one in told)

    @property
    def is_correcting(self) -> bool:
        """Approved once and opened again: the edition in force counts until the correction is approved."""
        return self.submission is not None and self.submission.report.state != PeriodReport.State.APPROVED

    @property
    def state(self) -> str:
        """Where a missing report stands, as a code of PeriodReport.State; "none" when it was not begun."""
        return self.report.state if self.report else "none"

    @property
    def state_words(self) -> str:
        return self.report.get_state_display() if self.report else "Chưa soạn"


def sources_of(report: PeriodReport, *, until: datetime.date) -> tuple[ReportRound | None, tuple[Source, ...]]:
    """The round and, by name, the units that owed a report; excused ones only where they reported. Seven queries."""
    round = round_of(report)
    rows = list(round.rows.select_related("unit").order_by("unit__sort_key", "unit_id")) if round else []
    if round:
        elsewhere = _placed_elsewhere(report.unit, rows, until)
        rows = [row for row in rows if row.unit_id not in elsewhere]
    units = [row.unit for row in rows] if round else list(direct_units(report.unit, until))
    asked = {row.unit_id: row for row in rows}
    about = _about(report.period, {row.period_id for row in rows}) & Q(unit__in=units, theme=report.theme)
    reports = {one.unit_id: one for one in PeriodReport.objects.filter(about).order_by("period__starts_on", "pk")}
    in_force = {
        one.report.unit_id: one
        for one in Submission.objects.in_force()
        .filter(report__in=reports.values())
        .select_related("report__period")
        .defer("content")
    }
    called = names_on([one.pk for one in units], until)
    sources = [
        Source(one, called.get(one.pk, one.name), in_force.get(one.pk), reports.get(one.pk), asked.get(one.pk))
        for one in units
    ]
    return round, tuple(one for one in sources if one.submission or one.row is None or one.row.excused_on is None)


def _placed_elsewhere(superior: Unit, rows: list[RoundUnit], until: datetime.date) -> set[int]:
    """Units of the round that stood under another superior on the day: their whole report counts there."""
    placed = Placement.objects.filter(unit__in=[row.unit_id for row in rows], starts_on__lte=until)
    placed = placed.filter(Q(ends_on=None) | Q(ends_on__gt=until)).exclude(superior=superior)
    return set(placed.order_by("unit_id").values_list("unit_id", flat=True))


def not_asked(superior: Unit, sources: Iterable[Source], until: datetime.date) -> tuple[str, ...]:
    """The direct units of the day that owed no report: excused, founded since, or left out. Two queries."""
    asked = {source.unit.pk for source in sources}
    units = [one for one in direct_units(superior, until) if one.pk not in asked]
    called = names_on([one.pk for one in units], until)
    return tuple(called.get(one.pk, one.name) for one in units)


def ended_below(superior: Unit, sources: Iterable[Source], period: Period, until: datetime.date) -> tuple[int, ...]:
    """Units dissolved below the superior within the period that no source tells of: nobody reports for them, what
    they did is the superior's own part. One query."""
    gone = Unit.objects.filter(
        path__startswith=superior.path, dissolved_on__gt=period.starts_on, dissolved_on__lte=until
    ).exclude(pk=superior.pk)  # fmt: skip
    paths = dict(gone.order_by("pk").values_list("pk", "path"))
    alone = set(paths) - {source.unit.pk for source in sources}
    above = len(superior.path)
    return tuple(pk for pk, path in paths.items() if {int(step) for step in path[above:].split("/") if step} <= alone)


def _about(period: Period, asked: set[int]) -> Q:
    """Reports of the period, or of the ones the round asked about; without a round, of terms that overlap it."""
    if asked:
        return Q(period__in=asked)
    if period.kind == Period.Kind.TERM:
        return Q(period__kind=period.kind, period__starts_on__lt=period.ends_on, period__ends_on__gt=period.starts_on)
    return Q(period__kind=period.kind, period__starts_on=period.starts_on, period__ends_on=period.ends_on)


def round_of(report: PeriodReport) -> ReportRound | None:
    """The superior's own round about the same period and theme; of terms the last that asks about this span."""
    rounds = ReportRound.objects.filter(unit=report.unit, theme=report.theme)
    period = report.period
    if period.kind != Period.Kind.TERM:
        return rounds.filter(period__kind=period.kind, period__starts_on=period.starts_on).first()
    span = {"rows__period__starts_on__lt": period.ends_on, "rows__period__ends_on__gt": period.starts_on}
    return rounds.filter(kind=Period.Kind.TERM, **span).order_by("-opened_on", "-pk").first()
