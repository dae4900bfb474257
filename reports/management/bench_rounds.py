"""A round of reports as a superior meets it: every branch below has handed in and got its yearly report approved."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from branches.models import Account, Period, Unit
from reports.drafting import start_report
from reports.freezing import prepare
from reports.material import collect, material_of
from reports.models import PeriodReport, ReportRound, Submission
from reports.rolling_texts import editions_now
from reports.rolling_up import rolled_up
from reports.rounds import open_round
from reports.submitting import approve_report, submit_report

from .timing import seconds, timed


@dataclass(frozen=True)
class Answered:
    """The round of a union, its own report begun from those of its units, and one edition of a branch."""

    round: ReportRound
    rolled: PeriodReport
    edition: Submission


def answered_round(union: Unit, *, by: Account, today: datetime.date, say: Callable[[str], object]) -> Answered:
    """Begin, hand in and approve the report of every unit asked; says how long one takes. Made once a database."""
    period = Period.of_year(today.year)
    found = ReportRound.objects.filter(unit=union, kind=Period.Kind.YEAR).first()
    found = found or open_round(
        unit=union, by=by, on=today, kind=Period.Kind.YEAR, period=period, due_on=datetime.date(today.year, 12, 31)
    )
    waiting = found.rows.filter(report__isnull=True).select_related("unit").order_by("pk")
    units = [row.unit for row in waiting]
    whole = seconds(lambda: [_answer(unit, found.period, by=by, today=today) for unit in units])
    if units:
        say(f"\n{len(units)} reports begun, handed in and approved: {whole / len(units) * 1000:.0f} ms each")
    rolled = PeriodReport.objects.filter(unit=union, period=found.period).first()
    rolled = rolled or _begin(union, found.period, by=by, today=today, from_units=True)
    edition = Submission.objects.filter(report__asked_by__round=found).order_by("pk").first()
    return Answered(found, rolled, edition)


def measure_rolling(answered: Answered, reference: Callable, *, today: datetime.date, rounds: int, say) -> None:
    """Print what adding up the approved reports costs beside the same board added up from what was logged."""
    report = PeriodReport.objects.select_related("unit", "period").get(pk=answered.rolled.pk)
    took, ratios = timed(
        lambda: rolled_up(report, as_of=today),
        {"R": reference, "logged": lambda: collect(report.unit, report.period, as_of=today)},
        rounds,
    )
    name = f"roll-up of {answered.round.rows.count()} reports"
    say(f"{name:30}{took:8.1f}{'':14}{ratios['R']:9.2f}; {ratios['logged']:.2f} of adding up what was logged")


def _begin(unit: Unit, period: Period, *, by, today, from_units=False) -> PeriodReport:
    report = PeriodReport(unit=unit, period=period, from_units=from_units)
    material = material_of(report, as_of=today)
    return start_report(
        by=by, unit=unit, period=period, material=material, from_units=from_units, rolled_from=editions_now(material)
    )


def _answer(unit: Unit, period: Period, *, by, today) -> None:
    report = PeriodReport.objects.select_related("unit", "period").filter(unit=unit, period=period, theme="").first()
    report = report or _begin(unit, period, by=by, today=today)
    submit_report(
        report=report, version=report.version, by=by, on=today, prepared=prepare(report, on=today), dated_on=today
    )
    report.refresh_from_db()
    approve_report(report=report, version=report.version, by=by, on=today)
