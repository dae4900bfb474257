"""Whose approved reports a superior's report is made from, and whose are missing."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from branches.models import Period, Placement, Unit
from branches.restructuring import old_name
from branches.together import Question, ask_together

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
    """The round and, by name, the units that owed a report; excused ones only where they reported. Three queries,
    five without a round."""
    rows = list(_rows_asked(report, until))
    round = rows[0].round if rows else rounds_of(report).first()
    # A unit that stood under another superior on the day counts there, with its whole report.
    rows = [row for row in rows if not row.is_elsewhere]
    asked = {row.unit_id: row for row in rows}
    if round:
        called = {row.unit_id: row.name_then for row in rows}
        units = [row.unit for row in rows]
    else:
        units = list(direct_units(report.unit, until).annotate(name_then=old_name("pk", until)))
        called = {one.pk: one.name_then for one in units}
    about = _about(report.period, {row.period_id for row in rows}) & Q(unit__in=units, theme=report.theme)
    reports = {one.unit_id: one for one in PeriodReport.objects.filter(about).order_by("period__starts_on", "pk")}
    in_force = {
        one.report.unit_id: one
        for one in Submission.objects.in_force()
        .filter(report__in=reports.values())
        .select_related("report__period")
        .defer("content")
    }
    sources = [
        Source(one, called[one.pk] or one.name, in_force.get(one.pk), reports.get(one.pk), asked.get(one.pk))
        for one in units
    ]
    return round, tuple(one for one in sources if one.submission or one.row is None or one.row.excused_on is None)


def _rows_asked(report: PeriodReport, until: datetime.date) -> QuerySet[RoundUnit]:
    """The rows of the round by the name of their units: what each was called on the day, and whether it stood under
    another superior then."""
    placed = Placement.objects.filter(unit=OuterRef("unit"), starts_on__lte=until)
    placed = placed.filter(Q(ends_on=None) | Q(ends_on__gt=until)).exclude(superior=report.unit_id)
    rows = RoundUnit.objects.filter(round=Subquery(rounds_of(report).values("pk")[:1])).select_related("unit", "round")
    rows = rows.annotate(is_elsewhere=Exists(placed), name_then=old_name("unit", until))
    return rows.order_by("unit__sort_key", "unit_id")


@dataclass(frozen=True, slots=True)
class Untold:
    """Units that no source tells of. `not_asked`: the direct ones of the day that owed no report: excused, founded
    since, or left out. `ended`: dissolved below the superior within the period; nobody reports for them, what they did
    is the superior's own part."""

    not_asked: tuple[str, ...]
    ended: tuple[int, ...]


def untold(superior: Unit, sources: Iterable[Source], period: Period, until: datetime.date) -> Untold:
    """Whom the sources leave out. One query."""
    gone = Unit.objects.filter(
        path__startswith=superior.path, dissolved_on__gt=period.starts_on, dissolved_on__lte=until
    ).exclude(pk=superior.pk)  # fmt: skip
    direct = direct_units(superior, until).annotate(name_then=old_name("pk", until))
    found = ask_together(
        {
            "gone": Question(gone.order_by("pk"), ("pk", "path")),
            "direct": Question(direct, ("pk", "name", "name_then")),
        }
    )
    told = {source.unit.pk for source in sources}
    alone, above = {one.pk for one in found["gone"]} - told, len(superior.path)
    return Untold(
        tuple(one.name_then or one.name for one in found["direct"] if one.pk not in told),
        tuple(one.pk for one in found["gone"] if {int(step) for step in one.path[above:].split("/") if step} <= alone),
    )


def _about(period: Period, asked: set[int]) -> Q:
    """Reports of the period, or of the ones the round asked about; without a round, of terms that overlap it."""
    if asked:
        return Q(period__in=asked)
    if period.kind == Period.Kind.TERM:
        return Q(period__kind=period.kind, period__starts_on__lt=period.ends_on, period__ends_on__gt=period.starts_on)
    return Q(period__kind=period.kind, period__starts_on=period.starts_on, period__ends_on=period.ends_on)


def rounds_of(report: PeriodReport) -> QuerySet[ReportRound]:
    """The superior's own rounds about the same period and theme, first the one that counts: of terms the last that
    asks about this span."""
    rounds = ReportRound.objects.filter(unit=report.unit, theme=report.theme)
    period = report.period
    if period.kind != Period.Kind.TERM:
        return rounds.filter(period__kind=period.kind, period__starts_on=period.starts_on).order_by("pk")
    span = {"rows__period__starts_on__lt": period.ends_on, "rows__period__ends_on__gt": period.starts_on}
    return rounds.filter(kind=Period.Kind.TERM, **span).order_by("-opened_on", "-pk")
