"""Reports on their way up, by the verbs people use: written, submitted, approved."""

import datetime
from decimal import Decimal

from branches.models import Activity, Period
from reports.drafting import add_own, start_report
from reports.freezing import prepare
from reports.material import material_of
from reports.models import PeriodReport, Submission
from reports.rolling_texts import editions_now
from reports.rolling_up import RolledUp, rolled_up
from reports.submitting import approve_report, reopen_report, submit_report

from .factories import ActivityFactory, QuantityFactory, account_at, year

DAY = datetime.date
UNION_DAY = DAY(2026, 3, 26)
CLOSED = DAY(2027, 1, 5)  # when reports of 2026 are written


def began(unit, period: Period | None = None, *, by, from_units: bool = False, on=CLOSED, **settings) -> PeriodReport:
    """A report begun on the day."""
    theme = settings.get("theme", "")
    report = PeriodReport(unit=unit, period=period or year(), from_units=from_units, theme=theme)
    material = material_of(report, as_of=on)
    return start_report(
        by=by, unit=unit, period=report.period, material=material, from_units=from_units,
        rolled_from=editions_now(material), **settings,
    )  # fmt: skip


def submitted(report: PeriodReport, *, by, on=CLOSED, correction: str = "") -> Submission:
    report = PeriodReport.objects.select_related("unit", "period").get(pk=report.pk)
    return submit_report(
        report=report, version=report.version, by=by, on=on, prepared=prepare(report, on=on), correction=correction
    )


def approved(
    unit, period: Period | None = None, *, by=None, above=None, on=CLOSED, own: str = "", **settings
) -> Submission:  # fmt: skip
    """The unit's report of the period (2026), written, submitted and approved; `own` is typed under V. Kiến nghị."""
    by = by or account_at(unit)
    report = began(unit, period, by=by, on=on, **settings)
    if own:
        add_own(section=report.sections.get(key="proposals"), by=by, text=own)
    submitted(report, by=by, on=on)
    report.refresh_from_db()
    return approve_report(report=report, version=report.version, by=above or by, on=on)


def corrected(submission: Submission, *, by, on=CLOSED, why: str = "Cộng sót một buổi") -> Submission:
    """The report opened again, submitted with today's figures and approved."""
    report = submission.report
    report.refresh_from_db()
    reopen_report(report=report, version=report.version, by=by, on=on, reason=why)
    submitted(report, by=by, on=on, correction=why)
    report.refresh_from_db()
    return approve_report(report=report, version=report.version, by=by, on=on)


def log(unit, indicator, value, day=UNION_DAY, *, whole=None, qualifier="exact", **activity) -> Activity:
    """One held activity of the unit with one figure."""
    held = ActivityFactory(unit=unit, starts_on=day, area=indicator.area, **activity)
    QuantityFactory(
        activity=held, indicator=indicator, value=None if value is None else Decimal(value),
        denominator=None if whole is None else Decimal(whole), qualifier=qualifier,
    )  # fmt: skip
    return held


def rolled(unit, *, on=CLOSED, period: Period | None = None) -> RolledUp:
    """What the unit's report of 2026 would be rolled up from; the report itself need not be begun."""
    period = period or year()
    found = PeriodReport.objects.filter(unit=unit, period=period).first()
    return rolled_up(found or PeriodReport(unit=unit, period=period, from_units=True), as_of=on)
