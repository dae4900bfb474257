"""Many papers at once: their part of World (access_world.py), and of the tables of access and attacks."""

import datetime
import zipfile

from django.utils import timezone

from reports.models import PeriodReport, PrintJob, PrintJobItem
from reports.print_jobs import folder_of

from .access_people import may

READERS = {"superior", "party_above", "administrator"}  # of reports or of approved papers at the union

EXPECTED: dict = {
    "reports:print_job_list": may(READERS),
    # A job belongs to who asked for it.
    "reports:print_job": may({"superior"}),
    "reports:print_job_zip": may({"superior"}),
    "reports:print_job_go_on": may({"superior"}),
    "reports:print_job_cancel": may({"party_above"}),
}
POST_ONLY: set = {"reports:print_job_go_on"}
FORMS: dict = {
    "reports:print_job_list": ("superior", lambda w: {"what": "pdf"}),
    "reports:print_job_cancel": ("party_above", lambda w: {}),
    "reports:print_job_go_on": ("superior", lambda w: {}),
}
ATTACKS: list = []
SPOILT: dict = {}


def _job(world, relation, state, **more) -> PrintJob:
    period = PeriodReport.objects.filter(unit=world.own).first().period
    return PrintJob.objects.create(
        unit=world.union, period=period, asked_by=world.accounts[relation], asked_at=timezone.now(), state=state, **more
    )


def add(world) -> None:
    """A job of the superior that is done, one that failed, and one of the Party committee that is running."""
    report = PeriodReport.objects.filter(unit=world.own).first()
    world.print_done = _job(
        world, "superior", "done", file="a.zip", size=22, expires_on=datetime.date(2099, 1, 1), missing=["Đơn vị X"]
    )
    item = {"report": report, "position": 1}
    PrintJobItem.objects.create(job=world.print_done, state="done", file="0001.pdf", size=5, pages=1, **item)
    folder_of(world.print_done).mkdir(parents=True)
    with zipfile.ZipFile(folder_of(world.print_done) / "a.zip", "w"):
        pass
    world.print_failed = _job(world, "superior", "failed", reason="Máy hỏng")
    PrintJobItem.objects.create(job=world.print_failed, state="failed", error="Không dàn được trang", **item)
    world.print_running = _job(world, "party_above", "queued")
    PrintJobItem.objects.create(job=world.print_running, **item)


def objects(world) -> dict:
    """Address → the object it is about."""
    return {
        "reports:print_job_list": world.union, "reports:print_job": world.print_done,
        "reports:print_job_zip": world.print_done, "reports:print_job_go_on": world.print_failed,
        "reports:print_job_cancel": world.print_running,
    }  # fmt: skip


def arguments(world) -> dict:
    """Address → its arguments, where they are more than one key."""
    return {}
