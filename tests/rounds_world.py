"""Rounds, in World and in the tables of access and attacks (report_worlds.py)."""

import datetime

from branches.models import Period
from reports.drafting import start_report
from reports.freezing import prepare
from reports.material import collect
from reports.models import ReportTemplate, StatTable
from reports.rounds import open_round
from reports.submitting import approve_report, submit_report

from .access_people import READERS, may
from .factories import year

DAY = datetime.date(2026, 1, 2)
OFFICE = {"superior", "administrator"}  # who reads what the office asks of its units
STEPS_OF_ROUND = ("remind", "due", "add", "close", "unit_due", "unit_excuse")

EXPECTED = {
    "reports:round_list": may(OFFICE),
    "reports:round_new": may({"superior"}, OFFICE),
    "reports:round": may(READERS),
    "reports:round_xlsx": may(READERS),
    **dict.fromkeys((f"reports:round_{name}" for name in STEPS_OF_ROUND), may({"superior"}, READERS)),
    # The unit hands in and takes back; its superior decides.
    "reports:report_submit": may({"secretary"}, READERS),
    "reports:report_take_back": may({"secretary"}, READERS),
    "reports:report_approve": may({"superior"}, READERS),
    "reports:report_return": may({"superior"}, READERS),
    "reports:report_reopen": may({"superior"}, READERS),
    # Of the union's own report: nobody above it could approve.
    "reports:report_approve_outside": may({"superior"}, OFFICE),
}
POST_ONLY = {"reports:round_remind"}
FORMS = {
    "reports:round_new": ("superior", lambda w: {"name": "Đợt mới", "theme": "Hiến máu"}),
    "reports:round_remind": ("superior", lambda w: {}),
    "reports:round_due": ("superior", lambda w: {"due_on": "20/01/2026", "reason": "Bão"}),
    "reports:round_add": ("superior", lambda w: {"units": [w.closing.pk]}),
    "reports:round_close": ("superior", lambda w: {"sure": "on"}),
    "reports:round_unit_due": ("superior", lambda w: {"due_on": "20/01/2026", "reason": "Bão"}),
    "reports:round_unit_excuse": ("superior", lambda w: {"reason": "Mới thành lập"}),
    "reports:report_submit": ("secretary", lambda w: {}),
    "reports:report_take_back": ("secretary", lambda w: {"reason": "Nhầm số"}),
    "reports:report_approve": ("superior", lambda w: {"note": "Tốt"}),
    "reports:report_return": ("superior", lambda w: {"reason": "Thiếu mục hạn chế"}),
    "reports:report_reopen": ("superior", lambda w: {"reason": "Sai số"}),
    "reports:report_approve_outside": ("superior", lambda w: {"who": "Tỉnh đoàn", "paper": "35-CV/TĐTN"}),
}
ATTACKS = [
    ("reports:round_new", "units", lambda one: {"units": [one.pk]}, "sibling", "unit"),
    ("reports:round_new", "template", lambda one: {"template": one.pk}, "round_template", "round_template"),
    ("reports:round_new", "tables", lambda one: {"tables": [one.pk]}, "round_table", "round_table"),
    ("reports:round_add", "units", lambda one: {"units": [one.pk]}, "sibling", "unit"),
]
SPOILT = {
    "reports:round_new": ("period", "units", "template", "tables", "due_on"),
    "reports:round_add": ("units", "version"),
    "reports:round_close": ("missing", "version"),
    "reports:report_submit": ("version", "dated_on"),
}


def add(world) -> None:
    """A round that asks `own` for 2025, reports of own in every state, and one of the union nobody above approves."""
    superior, secretary = world.accounts["superior"], world.accounts["secretary"]
    world.round = open_round(
        unit=world.union, by=superior, on=DAY, kind="year", period=Period.of_year(2025),
        due_on=datetime.date(2026, 1, 15), units=[world.own],
    )  # fmt: skip
    world.round_unit = world.round.rows.get()
    world.submitted = _submitted(world.own, secretary, 2024)
    world.approved = _submitted(world.own, secretary, 2023)
    approve_report(report=world.approved, version=2, by=superior, on=DAY)
    world.union_submitted = _submitted(world.union, superior, 2024)
    world.round_template, world.round_table = _form_of_reports(world.union)


def _submitted(unit, by, number):
    material = collect(unit, year(number), as_of=DAY)
    report = start_report(by=by, unit=unit, period=year(number), material=material, dated_on=DAY)
    submit_report(report=report, version=1, by=by, on=DAY, prepared=prepare(report, on=DAY))
    return report


def _form_of_reports(owner):
    """A template and a statistics table of the owner's own."""
    # It fits a round of a theme about the whole year, and no report that is begun without a round.
    template = ReportTemplate.objects.create(
        owner=owner, name="Mẫu riêng", kinds=["year"], for_theme=True, starts_on=DAY.replace(day=1)
    )
    table = StatTable.objects.create(
        owner=owner, number="9", title="Biểu riêng", of_year=True, state="in_use", valid_from=DAY
    )
    return template, table


def add_far_rounds(far) -> None:
    """The same of another office, for the forms of this one to refuse."""
    far.round_template, far.round_table = _form_of_reports(far.union)


def objects(world) -> dict:
    """Address → the object it is about."""
    return {
        "reports:round": world.round,
        "reports:round_xlsx": world.round,
        **{f"reports:round_{name}": world.round for name in ("remind", "due", "add", "close")},
        "reports:round_unit_due": world.round_unit,
        "reports:round_unit_excuse": world.round_unit,
        "reports:report_submit": world.report,
        **{f"reports:report_{name}": world.submitted for name in ("take_back", "approve", "return")},
        "reports:report_reopen": world.approved,
        "reports:report_approve_outside": world.union_submitted,
    }


def arguments(world) -> dict:
    """Address → its arguments, where they are more than one key."""
    return {"reports:round_list": {"pk": world.union.pk}, "reports:round_new": {"pk": world.union.pk}}
