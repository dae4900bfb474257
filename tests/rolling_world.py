"""The roll-up, in World and in the tables of access and attacks (report_worlds.py)."""

import datetime

from branches.models import Indicator
from reports.models import PeriodReport, ReportSentence, Submission
from reports.rolling_up import rolled_up

from .access_people import may
from .factories import year
from .rolling import approved, began, log

CLOSED = datetime.date(2021, 1, 5)
UNION_DAY = datetime.date(2020, 3, 26)
# Of the union's own report: its office writes it, the administrator reads there too.
READ, WRITE = may({"superior", "administrator"}), may({"superior"}, {"superior", "administrator"})

EXPECTED = {
    "reports:report_units": READ,
    "reports:report_units_xlsx": READ,
    "reports:report_units_figure": READ,
    "reports:joint_activities": READ,
    "reports:report_checks": READ,
    "reports:joint_decide": WRITE,
    "reports:report_source": WRITE,
    "reports:report_take_all": WRITE,
    "reports:section_take_text": WRITE,
}
POST_ONLY = {"reports:joint_decide", "reports:report_take_all", "reports:section_take_text"}
FORMS = {
    "reports:joint_decide": ("superior", lambda w: {"said": "different", "version": "0"}),
    "reports:report_source": ("superior", lambda w: {}),
    "reports:report_take_all": ("superior", lambda w: {"version": w.rolled.version}),
    "reports:section_take_text": ("superior", lambda w: {"submission": w.rolled_edition.pk, "number": "1"}),
}
ATTACKS = [
    (
        "reports:section_take_text", "submission", lambda one: {"submission": one.pk}, "rolled_edition",
        "rolled_edition",
    ),
]  # fmt: skip
SPOILT = {
    "reports:joint_decide": ("said", "version"),
    "reports:report_source": ("figures", "version"),
    "reports:report_take_all": ("version",),
    "reports:section_take_text": ("submission", "number"),
}


def add(world) -> None:
    """Year 2020: `own` told an activity that the union tells too; the union's report is made from own's."""
    superior, secretary = world.accounts["superior"], world.accounts["secretary"]
    blood = Indicator.objects.get(code="blood_turns")
    for unit in (world.own, world.union):
        log(unit, blood, 5, UNION_DAY, title="Ngày hội hiến máu", organiser="joint", partner="Hội Chữ thập đỏ")
    world.rolled_edition = approved(
        world.own, year(2020), by=secretary, above=superior, on=CLOSED, own="Cần thêm kinh phí."
    )
    world.rolled = began(world.union, year(2020), by=superior, from_units=True, on=CLOSED)
    world.rolled_section = world.rolled.sections.get(key="proposals")
    # A figure that changed since, so that renewing has something to do.
    stale = ReportSentence.objects.filter(section__report=world.rolled, source__startswith="indicator:").first()
    ReportSentence.objects.filter(pk=stale.pk).update(drafted="Có 04 lượt người tham gia hiến máu tình nguyện.")
    (world.joint,) = rolled_up(world.rolled, as_of=CLOSED).candidates


def add_far_rolled(far) -> None:
    """An approved edition of another office's branch, for a superior here to be refused."""
    report = PeriodReport.objects.create(unit=far.unit, period=year(2020), state="approved")
    far.rolled_edition = Submission.objects.create(
        report=report, edition=1, as_of=CLOSED, submitted_on=CLOSED, submitted_by=far.account, approved_on=CLOSED,
        approved_by=far.account, sha256="0" * 64,
        content={"chapters": [{"key": "proposals", "title": "V. Kiến nghị", "texts": ["Nơi khác"]}]},
    )  # fmt: skip


def objects(world) -> dict:
    """Address → the object it is about."""
    pages = (
        "report_units", "report_units_xlsx", "joint_activities", "report_checks", "report_source", "report_take_all",
    )  # fmt: skip
    return {f"reports:{name}": world.rolled for name in pages} | {"reports:section_take_text": world.rolled_section}


def arguments(world) -> dict:
    """Address → its arguments, where they are more than one key."""
    return {
        "reports:report_units_figure": {"pk": world.rolled.pk, "code": "blood_turns"},
        "reports:joint_decide": {"pk": world.rolled.pk, "key": world.joint.key},
    }
