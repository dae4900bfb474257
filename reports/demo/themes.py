"""A round about a theme that still runs: two branches approved, one handed in, and the superior's own report begun.

"Hiến máu tình nguyện" is named by the theme and told of the whole year; help with online services is told of the
summer campaign only, for the rest of the year it was something else.
"""

from branches.models import Period
from reports.drafting import mark_reviewed, start_report
from reports.freezing import prepare
from reports.material import material_of
from reports.models import PeriodReport
from reports.rolling_texts import editions_now
from reports.rounds import open_round
from reports.submitting import approve_report, submit_report

from .loading import Demo

UNION, OFFICE = "doan-khoi", "doancaptren"
THEME = "tình nguyện, hiến máu"
APPROVED, HANDED_IN = ("cuc-thads", "so-ldtbxh"), "so-tnmt"


def build(demo: Demo) -> None:
    office, period = demo.accounts[OFFICE], demo.year(demo.today.year)
    open_round(
        unit=demo.units[UNION], by=office, on=demo.ago(12), kind=Period.Kind.YEAR, period=period, theme=THEME,
        due_on=demo.ago(-18), asks="Nêu rõ người được giúp và kết quả của từng đợt tình nguyện.",
    )  # fmt: skip
    for code in APPROVED:
        report = _handed_in(demo, code, period)
        approve_report(report=report, version=report.version, by=office, on=demo.ago(2))
    _handed_in(demo, HANDED_IN, period)
    _begun(demo, UNION, period, on=demo.today, from_units=True)


def _begun(demo: Demo, code: str, period: Period, *, on, **settings) -> PeriodReport:
    unit, by = demo.units[code], demo.recorder(code, on)
    planned = PeriodReport(unit=unit, period=period, theme=THEME, **settings)
    material = material_of(planned, as_of=on)
    return start_report(
        by=by, unit=unit, period=period, theme=THEME, material=material, rolled_from=editions_now(material),
        signer_name=by.get_full_name(), **settings,
    )  # fmt: skip


def _handed_in(demo: Demo, code: str, period: Period) -> PeriodReport:
    day = demo.ago(4)
    report = _begun(demo, code, period, on=day, dated_on=day)
    for section in report.sections.order_by("position", "pk"):
        mark_reviewed(section=section, by=report.created_by, on=day)
    submit_report(report=report, version=report.version, by=report.created_by, on=day, prepared=prepare(report, on=day))
    report.refresh_from_db()
    return report
