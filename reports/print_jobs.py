"""Many reports at once: who may have which, asking, stopping, going on. The worker's part: reports/print_worker.py.

A job is a list of reports fixed when it is asked for. Whoever asked gets what they may read: permission is asked when
the list is made, again before each paper is printed, and again when the ZIP is taken.
"""

import contextlib
import datetime
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q

from branches.formats import number
from branches.models import Account, Period, Placement, Unit

from .models import PeriodReport, PrintJob, PrintJobItem, Submission

MOST = 2000
SECONDS_A_PAPER = 2  # of one report on a small server; only to say beforehand how long it will take
# How long the worker may be silent before the job is taken from it. It says that it lives before every paper, and a
# paper that takes longer than papers.print_shop.PAPER_SECONDS is given up.
LEASE = datetime.timedelta(minutes=4)
FOLDER = "print_jobs"
What, Which = PrintJob.What, PrintJob.Which


class PrintRefused(Exception):
    """It cannot be printed so; the message says why and what to do."""


# --- which reports --------------------------------------------------------------------------------------


def readable(user):
    """Reports of which the person may have a paper: as they stand, or for those who oversee what was issued."""
    rows = PeriodReport.objects.all()
    issued = rows.reached_by(user, rows.paper_rights).issued().values("pk")
    return rows.filter(Q(pk__in=rows.visible_to(user).values("pk")) | Q(pk__in=issued))


def units_of(unit: Unit, which: str, *, on: datetime.date):
    """The units whose reports are asked for, in today's tree."""
    if which == Which.ALL:
        return Unit.objects.below(unit)
    direct = Placement.objects.filter(superior=unit, starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))
    return Unit.objects.filter(pk__in=direct.values("unit"))


def periods_of(user, unit: Unit) -> list[Period]:
    """Months to years of which the person may read a report at the unit or below it, the newest first."""
    found = readable(user).filter(unit__path__startswith=unit.path, theme="").values("period")
    rows = Period.objects.filter(pk__in=found).exclude(kind=Period.Kind.TERM)
    return list(rows.order_by("-starts_on", "-ends_on", "pk"))


@dataclass(frozen=True, slots=True)
class Listing:
    """What a job would print. `missing` are living units without a report of the period; phân đoàn owe none."""

    reports: tuple[int, ...]
    approved: int
    missing: tuple[str, ...]

    @property
    def minutes(self) -> int:
        """About how long it takes, in whole minutes; at least one."""
        return (len(self.reports) * SECONDS_A_PAPER + 59) // 60


def listing_of(user, unit: Unit, period: Period, which: str, *, on: datetime.date) -> Listing:
    """The reports to print, a unit after the units above it. Three queries."""
    units = units_of(unit, which, on=on)
    edition = Exists(Submission.objects.in_force().filter(report=OuterRef("pk")))
    rows = readable(user).filter(unit__in=units.values("pk"), period=period, theme="").annotate(is_approved=edition)
    rows = list(rows.order_by("unit__path", "pk").values_list("pk", "unit_id", "is_approved"))
    told = {unit_id for _, unit_id, _ in rows}
    last = min(on, period.last_day)
    silent = units.living(last).exclude(pk__in=told).exclude(kind=Unit.Kind.SUB_BRANCH).order_by("sort_key", "pk")
    return Listing(
        tuple(pk for pk, _, _ in rows), sum(is_approved for _, _, is_approved in rows),
        tuple(silent.values_list("name", flat=True)),
    )  # fmt: skip


# --- verbs ----------------------------------------------------------------------------------------------


def ask(
    *, unit: Unit, by, on: datetime.date, now: datetime.datetime, period: Period, which: str, what: str
) -> PrintJob:
    """Queue the reports of a period. Raises PrintRefused: none there, too many, or one of the person's is running.

    The job, its list and the task of the worker are written together, or none of them.
    """
    listing = listing_of(by, unit, period, which, on=on)
    if not listing.reports:
        raise PrintRefused("Chưa có báo cáo nào của kỳ này để in. Hãy chọn kỳ khác.")
    if len(listing.reports) > MOST:
        raise PrintRefused(
            f"Có {number(len(listing.reports))} báo cáo, một lượt in nhiều nhất {number(MOST)}. "
            "Hãy in ở từng đơn vị trực thuộc."
        )
    try:
        with transaction.atomic():
            job = PrintJob.objects.create(
                unit=unit, period=period, which=which, what=what, asked_by=by, asked_at=now,
                missing=list(listing.missing),
            )  # fmt: skip
            PrintJobItem.objects.bulk_create(
                PrintJobItem(job=job, report_id=pk, position=place) for place, pk in enumerate(listing.reports, start=1)
            )
            _queue(job, now)
    except IntegrityError as error:
        raise PrintRefused("Bạn đang có một lượt in chưa xong. Hãy đợi xong hoặc dừng lượt đó trước.") from error
    return job


def _queue(job: PrintJob, now: datetime.datetime) -> None:
    from .print_worker import look_after, print_some

    print_some.enqueue(job.pk)
    look_after.using(run_after=now + LEASE).enqueue(job.pk, watch_of(job))


def watch_of(job: PrintJob) -> str:
    """Names the one chain of tasks that looks after the job: the one begun when it was asked for last."""
    return job.asked_at.astimezone(datetime.UTC).isoformat()


@transaction.atomic
def cancel(*, job: PrintJob, now: datetime.datetime) -> None:
    """Stop a job; what was printed so far is thrown away. The worker notices before its next paper."""
    stopped = PrintJob.objects.running().filter(pk=job.pk)
    if not stopped.update(state=PrintJob.State.CANCELLED, finished_at=now, claim=None, claimed_at=None):
        raise PrintRefused("Lượt in này đã kết thúc, không còn gì để dừng.")
    PrintJobItem.objects.filter(job=job).update(**_AGAIN)
    transaction.on_commit(lambda: drop_files(job))


_AGAIN = {"state": PrintJobItem.State.WAITING, "file": "", "tries": 0, "error": "", "pages": 0, "size": 0}


def is_silent(job: PrintJob, now: datetime.datetime) -> bool:
    """Whether nobody has been at a running job for longer than a worker that lives would be silent."""
    return job.is_running and (job.claimed_at or job.asked_at) < now - LEASE


@transaction.atomic
def go_on(*, job: PrintJob, now: datetime.datetime) -> None:
    """Take up what failed, was stopped, or was left behind by a worker that died. What is printed stays printed.

    Raises PrintRefused when there is nothing to take up, or another job of the person is running.
    """
    row = PrintJob.objects.select_for_update(no_key=True).get(pk=job.pk)
    failed = PrintJobItem.objects.filter(job=row, state=PrintJobItem.State.FAILED)
    stood = row.state in (PrintJob.State.FAILED, PrintJob.State.CANCELLED) or is_silent(row, now)
    if row.state == PrintJob.State.DONE and not row.file:
        raise PrintRefused("Tệp của lượt in này đã xóa, không in tiếp được. Hãy in lại một lượt mới.")
    if not stood and not (row.state == PrintJob.State.DONE and failed.exists()):
        raise PrintRefused("Lượt in này không có gì phải in tiếp.")
    if not folder_of(row).exists():
        PrintJobItem.objects.filter(job=row).update(**_AGAIN)
    failed.update(**_AGAIN)
    row.state, row.reason, row.file, row.size, row.asked_at = PrintJob.State.QUEUED, "", "", 0, now
    row.claim = row.claimed_at = row.finished_at = row.expires_on = None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise PrintRefused("Bạn đang có một lượt in chưa xong. Hãy đợi xong hoặc dừng lượt đó trước.") from error
    _queue(row, now)


# --- its files ------------------------------------------------------------------------------------------


def root() -> Path:
    return Path(settings.MEDIA_ROOT, FOLDER)


def folder_of(job: PrintJob) -> Path:
    return Path(root(), job.folder.hex)


def zip_of(job: PrintJob) -> Path:
    return Path(folder_of(job), job.file)


def drop_files(job: PrintJob) -> None:
    shutil.rmtree(folder_of(job), ignore_errors=True)


def may_take(user: Account, job: PrintJob) -> bool:
    """Whether the person may still read every paper in the ZIP, each as it was printed. Two queries.

    An edition nobody approved is for those who read the unit's drafts.
    """
    done = PrintJobItem.objects.filter(job=job, state=PrintJobItem.State.DONE)
    drafts = PeriodReport.objects.visible_to(user).values("pk")
    approved = Submission.objects.filter(
        report=OuterRef("report"), edition=OuterRef("edition"), approved_on__isnull=False
    )
    lost = ~Q(report__in=readable(user).values("pk"))
    lost |= Q(edition=None) & ~Q(report__in=drafts)
    lost |= Q(edition__isnull=False) & ~Q(report__in=drafts) & ~Q(Exists(approved))
    return not done.filter(lost).exists()


def is_kept(job: PrintJob, *, on: datetime.date) -> bool:
    """Whether there is a ZIP to take today. One that was lost with its disk is none, whatever the row says."""
    return job.is_ready and on <= job.expires_on and zip_of(job).exists()


def _on_disk():
    """Jobs that have a folder."""
    found = []
    for path in root().iterdir() if root().exists() else ():
        with contextlib.suppress(ValueError):
            found.append(uuid.UUID(hex=path.name))
    return PrintJob.objects.filter(folder__in=found)


def forget_old_jobs(*, on: datetime.date, now: datetime.datetime) -> int:
    """Remove the files of jobs that were kept long enough or are too much for their unit, and folders that no job
    knows; how many were removed. Safe to run at any time, also twice at once."""
    kept = now - datetime.timedelta(days=settings.PRINT_KEPT_DAYS)
    old = Q(expires_on__lt=on) | Q(expires_on=None, finished_at__lt=kept)
    removed = sum(_forget(job, old) for job in _on_disk().filter(old).order_by("pk"))
    for unit_id in sorted(set(_on_disk().values_list("unit_id", flat=True))):
        removed += make_room(unit_id)
    ended = PrintJob.objects.exclude(state__in=PrintJob.RUNNING)
    for job in ended.exclude(file="").only("folder", "file"):
        if not zip_of(job).exists():  # the disk lost it; what is gone is not offered
            ended.filter(pk=job.pk, file=job.file).update(file="", size=0)
    return removed + _drop_strays(now)


def make_room(unit_id: int) -> int:
    """Remove the files of the unit's older jobs, as many as make the rest fit; the newest always stays. How many."""
    left, removed = settings.PRINT_KEPT_MB << 20, 0
    ended = _on_disk().filter(unit=unit_id).exclude(state__in=PrintJob.RUNNING)
    for place, job in enumerate(ended.order_by("-finished_at", "-pk")):
        left -= bytes_of(job)
        if place and left < 0:
            removed += _forget(job, Q())
    return removed


def bytes_of(job: PrintJob) -> int:
    """What lies in its folder: the ZIP, and papers of a job that may still be taken up."""
    folder, total = folder_of(job), 0
    for path in folder.iterdir() if folder.exists() else ():
        with contextlib.suppress(FileNotFoundError):  # another sweeps at the same time
            total += path.stat().st_size
    return total


def _forget(job: PrintJob, still: Q) -> bool:
    """Remove its files, if it is ended and `still` so; whether there were any.

    The row says so first: killed in between, files are left which nobody is offered, and the next sweep takes them.
    Somebody who is just downloading has the file open and gets all of it. Who takes the job up meanwhile loses papers
    that were printed; the worker finds them gone before it packs and prints them again.
    """
    with transaction.atomic():
        rows = PrintJob.objects.select_for_update(no_key=True).exclude(state__in=PrintJob.RUNNING)
        if rows.filter(still, pk=job.pk).first() is None:
            return False
        PrintJob.objects.filter(pk=job.pk).update(file="", size=0)
    is_there = folder_of(job).exists()
    drop_files(job)
    return is_there


def _drop_strays(now: datetime.datetime) -> int:
    """Folders without a job, and of jobs whose ZIP was taken back; young ones stay, their row may be on its way."""
    gone = Q(state=PrintJob.State.CANCELLED) | Q(state=PrintJob.State.DONE, file="")
    keep = {one.folder.hex for one in PrintJob.objects.exclude(gone).only("folder")}
    removed, day = 0, datetime.timedelta(days=1)
    for folder in root().iterdir() if root().exists() else ():
        with contextlib.suppress(FileNotFoundError):
            made = datetime.datetime.fromtimestamp(folder.stat().st_mtime, tz=datetime.UTC)
            if folder.name not in keep and made < now - day:
                shutil.rmtree(folder, ignore_errors=True)
                removed += 1
    return removed


@dataclass(frozen=True, slots=True)
class Disk:
    """Print jobs with files, what they take, and what is free on their disk; both in bytes."""

    jobs: int
    used: int
    free: int


def disk() -> Disk:
    sizes = [bytes_of(job) for job in _on_disk()]
    there = next(path for path in (root(), *root().parents) if path.exists())
    return Disk(len(sizes), sum(sizes), shutil.disk_usage(there).free)


# --- how far it is --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """How many papers of a job stand where."""

    done: int
    failed: int
    waiting: int

    @property
    def total(self) -> int:
        return self.done + self.failed + self.waiting

    @property
    def behind(self) -> int:
        """Papers that need no more work, printed or not."""
        return self.done + self.failed

    @property
    def minutes(self) -> int:
        return (self.waiting * SECONDS_A_PAPER + 59) // 60


def standing_of(job: PrintJob) -> Standing:
    rows = PrintJobItem.objects.filter(job=job).order_by().values_list("state").annotate(n=Count("pk"))
    found = dict(rows)
    return Standing(*(found.get(state, 0) for state in ("done", "failed", "waiting")))
