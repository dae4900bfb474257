"""A branch with a year of figures and its report, for the tests about what was submitted."""

import datetime
from decimal import Decimal

from branches.models import Indicator
from reports.drafting import start_report
from reports.freezing import freeze, prepare
from reports.material import collect
from reports.models import PeriodReport

from .factories import ActivityFactory, QuantityFactory, TargetFactory, UnionFactory, UnitFactory, account_at, year

DAY = datetime.date
LAST_DAY = DAY(2025, 12, 31)
TODAY = DAY(2026, 1, 5)
SPRING = DAY(2025, 3, 20)


def indicator(code: str) -> Indicator:
    return Indicator.objects.get(code=code)


def log(unit, code: str, value, day=SPRING, *, title="Hoạt động", organiser="own", partner="", **line):
    """One activity with one figure."""
    found = indicator(code)
    activity = ActivityFactory(
        unit=unit, title=title, starts_on=day, last_on=day, area=found.area, organiser=organiser, partner=partner
    )
    value = None if value is None else Decimal(value)
    return QuantityFactory(activity=activity, indicator=found, value=value, **line)


def a_branch(name="Chi đoàn Sở Y tế", superior=None):
    """Blood donations 5 of at least 4; news about 10, of 12; studies 14 of 14; a zero target; money without target."""
    superior = superior or UnionFactory(name="Đoàn Khối", place="An Hòa")
    unit = UnitFactory(name=name, superior=superior, place="An Hòa", document_code="CĐ")
    for code, comparator, value in (
        ("blood_turns", "ge", 4), ("news_items", "ge", 12), ("hcm_study_registered", "eq", 100),
        ("violations", "zero", None),
    ):  # fmt: skip
        TargetFactory(unit=unit, period=year(2025), indicator=indicator(code), comparator=comparator, value=value)
    log(unit, "blood_turns", 3, title="Hiến máu đợt 1")
    log(unit, "blood_turns", 2, DAY(2025, 9, 9), title="Hiến máu cùng công an", organiser="joint", partner="Công an")
    log(unit, "news_items", 10, qualifier="about")
    log(unit, "hcm_study_registered", 14, denominator=14)
    log(unit, "children_gift_money", 31_000_000, qualifier="more")
    log(unit, "blood_turns", 4, DAY(2024, 5, 5))
    return unit


def begin(unit, period=None, *, as_of=TODAY, **settings) -> PeriodReport:
    period = period or year(2025)
    material = collect(unit, period, as_of=as_of, theme=settings.get("theme", ""))
    return start_report(by=account_at(unit), unit=unit, period=period, material=material, **settings)


def hand_in(report, *, on=TODAY, correction="", by=None):
    """Freeze the report as submitting does, without its steps."""
    report = PeriodReport.objects.select_related("unit", "period").get(pk=report.pk)
    return freeze(report, prepare(report, on=on), by=by or account_at(report.unit), on=on, correction=correction)


def approve(submission, *, on=TODAY):
    submission.approved_on, submission.approved_by = on, account_at(submission.report.unit)
    submission.save(update_fields=["approved_on", "approved_by"])
    PeriodReport.objects.filter(pk=submission.report_id).update(state="approved")
    return submission
