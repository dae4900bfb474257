"""The worker's part of many reports at once: paper by paper, so that it may be killed at any moment.

Each paper is a short step of its own: laid out by a process that is begun anew with every slice (papers/print_shop.py),
written under another name and renamed, then noted. A slice has some papers; the next one is a new task, so that letters
are not held up by a long job. The worker holds a lease it renews before each paper. Whoever lost it (killed, stopped,
overtaken) changes nothing any more: every note asks for the claim in the same UPDATE.
"""

import datetime
import errno
import logging
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_tasks import task

from branches.models import Account

from .editions import edition_to_print
from .freezing import content_of_submission
from .models import PeriodReport, PrintJob, PrintJobItem, Submission
from .papers.content import ReportContent
from .papers.layout import Layout
from .papers.print_shop import PaperRefused, Printed, PrintShop
from .papers.proof import Proof
from .papers.report import draft_content, report_html
from .print_archive import TakenAway, pack
from .print_jobs import LEASE, What, drop_files, folder_of, is_silent, make_room, readable, watch_of
from .proofs import is_fixed, proof_of

SLICE = 25  # papers of one process; each leaves a quarter of a MiB behind
TRIES = 3  # a paper that takes the whole worker with it is not begun for ever
LOST = "Người yêu cầu không còn quyền đọc báo cáo của đơn vị này."
BROKEN = "Máy chủ gặp lỗi khi in. Hãy bấm “In tiếp” sau ít phút."
FULL = "Máy chủ đã hết chỗ chứa tệp. Hãy báo người quản trị dọn chỗ, rồi bấm “In tiếp”."
log = logging.getLogger(__name__)
Clock = Callable[[], datetime.datetime]


@task()
def print_some(job: int, claim: str = "") -> str:
    held = uuid.UUID(claim) if claim else None
    return print_slice(job, on=timezone.localdate(), clock=timezone.now, held=held)


@task()
def look_after(job: int, asked: str) -> str:
    """Come back until the job has ended; give it to another worker when the one at it is silent for too long."""
    return watch(job, asked, now=timezone.now())


def watch(job: int, asked: str, *, now: datetime.datetime) -> str:
    """`asked` names the chain of this task (print_jobs.watch_of): when the job was asked for or taken up again, that
    began another, and this one ends, so that a job has one however often somebody presses the button."""
    found = PrintJob.objects.running().filter(pk=job).first()
    if found is None:
        return "ended"
    if asked != watch_of(found):
        return "replaced"
    with transaction.atomic():
        look_after.using(run_after=now + LEASE).enqueue(job, asked)
        if is_silent(found, now):
            print_some.enqueue(job)
            return "taken up"
    return "running"


def print_slice(
    job: int, *, on: datetime.date, clock: Clock, held: uuid.UUID | None = None, papers: int | None = None
) -> str:
    """Print up to `papers` (SLICE) of the job, and pack it when none is left; what became of it, in a word.

    `held` is the claim of the slice before, under which this one goes on; without it the job has to be free.
    """
    claim, now = held or uuid.uuid4(), clock()
    free = Q(claim=held) if held else Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
    begun = {"state": PrintJob.State.RUNNING, "started_at": Coalesce(F("started_at"), now)}
    if not PrintJob.objects.running().filter(free, pk=job).update(claim=claim, claimed_at=now, **begun):
        return "not free"
    found = PrintJob.objects.select_related("unit", "period", "asked_by").get(pk=job)
    mine = _Slice(found, claim, on, clock)
    try:
        return mine.work(papers or SLICE)
    except Exception as error:
        is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
        if _end(found, claim, clock(), state=PrintJob.State.FAILED, reason=FULL if is_full else BROKEN):
            raise
        # Who stopped the job took the folder from under it; whatever it was, it is nobody's failure any more.
        log.info("Print job %s ended under its worker", job, exc_info=True)
        return mine.stopped()


def _held(job: PrintJob, claim: uuid.UUID):
    return PrintJob.objects.running().filter(pk=job.pk, claim=claim)


def _end(job: PrintJob, claim: uuid.UUID, now: datetime.datetime, **changes) -> bool:
    """Whether it was still this worker's to end."""
    return bool(_held(job, claim).update(claim=None, claimed_at=None, finished_at=now, **changes))


class _Slice:
    def __init__(self, job: PrintJob, claim: uuid.UUID, on: datetime.date, clock: Clock):
        self.job, self.claim, self.on, self.clock = job, claim, on, clock
        self.folder = folder_of(job)

    def work(self, papers: int) -> str:
        if not self._may_go_on():
            if _end(self.job, self.claim, self.clock(), state=PrintJob.State.FAILED, reason=LOST):
                drop_files(self.job)
            return "no right"
        with PrintShop() as shop:
            for _ in range(papers):
                item = self._next()
                if item is None:
                    return self._finish()
                if not self.alive():
                    return self.stopped()
                self._print(shop, item)
        return self._hand_on()

    def _may_go_on(self) -> bool:
        """Asked of the account as it is now: posts end, and accounts are closed."""
        self.account = Account.objects.filter(pk=self.job.asked_by_id, is_active=True).first()
        return self.account is not None and PrintJob.objects.visible_to(self.account).filter(pk=self.job.pk).exists()

    def _next(self) -> PrintJobItem | None:
        return self.job.items.filter(state=PrintJobItem.State.WAITING).order_by("position").first()

    def alive(self) -> bool:
        """Renew the lease; False when the job was stopped or taken by another worker."""
        return bool(_held(self.job, self.claim).update(claimed_at=self.clock()))

    def stopped(self) -> str:
        """A stopped job keeps nothing, also not the paper that was on its way; another worker's papers stay."""
        if PrintJob.objects.filter(pk=self.job.pk, state=PrintJob.State.CANCELLED).exists():
            drop_files(self.job)
        return "stopped"

    def _hand_on(self) -> str:
        with transaction.atomic():
            if not self.alive():
                return self.stopped()
            print_some.enqueue(self.job.pk, self.claim.hex)
        return "goes on"

    # --- one paper ---

    def _print(self, shop: PrintShop, item: PrintJobItem) -> None:
        if item.tries >= TRIES:
            self._note(item, state=PrintJobItem.State.FAILED, error="Đã thử in nhiều lần mà không xong.")
            return
        PrintJobItem.objects.filter(pk=item.pk).update(tries=F("tries") + 1)
        report = readable(self.account).select_related("unit", "period").filter(pk=item.report_id).first()
        if report is None:
            self._note(item, state=PrintJobItem.State.FAILED, error="Không còn quyền đọc báo cáo này.")
            return
        try:
            edition, printed = self._laid_out(shop, report)
        except PaperRefused as refusal:
            log.error("Report %s was not printed: %s", report.pk, refusal)
            error = "Không dàn được trang. Hãy mở báo cáo xem bản in, rồi bấm “In tiếp”."
            self._note(item, state=PrintJobItem.State.FAILED, error=error)
            return
        name = f"{item.position:04d}.{self.job.ending}"
        self._keep(name, printed.content)
        self._note(
            item, state=PrintJobItem.State.DONE, file=name, edition=edition, size=len(printed.content),
            pages=printed.pages, printed_at=self.clock(), error="",
        )  # fmt: skip

    def _laid_out(self, shop: PrintShop, report: PeriodReport) -> tuple[int | None, Printed]:
        """The edition that was printed (None for a report as it stands), and the paper."""
        edition, content, proof, page = self._made(report)
        number = edition.edition if edition else None
        if page is None:
            return number, shop.word(content, proof)
        html, layout = page
        # What may still change is no paper for the archive: it is printed as usual.
        return number, shop.pdf(html, layout=layout, archive=self.job.what == What.ARCHIVE and is_fixed(edition))

    def _made(
        self, report: PeriodReport
    ) -> tuple[Submission | None, ReportContent, Proof | None, tuple[str, Layout] | None]:
        """The edition a reader gets on paper, or the report as it stands (None) where there is none; for PDF also its
        page. Raises PaperRefused for a report that cannot be put together: the others go on.
        """
        try:
            reads_drafts = PeriodReport.objects.visible_to(self.account).filter(pk=report.pk).exists()
            edition = edition_to_print(report, writes=False, reads_drafts=reads_drafts)
            content = content_of_submission(edition) if edition else draft_content(report, on=self.on)
            proof = proof_of(edition) if edition else None
            return edition, content, proof, None if self.job.what == What.WORD else report_html(content, proof)
        except Exception as error:
            log.exception("Report %s could not be put together", report.pk)
            raise PaperRefused(type(error).__name__) from error

    def _keep(self, name: str, content: bytes) -> None:
        with self._aside(name) as aside:
            aside.write_bytes(content)

    @contextmanager
    def _aside(self, name: str) -> Iterator[Path]:
        """Where to write: under its name there is a whole file or none, also after a power cut. What was begun and not
        finished goes at once, for on a full disk it would hold the room that is needed."""
        self.folder.mkdir(parents=True, exist_ok=True)  # it goes when the job is stopped
        aside = Path(self.folder, f"{name}.{self.claim.hex}.part")
        try:
            yield aside
            _written_through(aside)
            aside.replace(Path(self.folder, name))
            _written_through(self.folder)
        finally:
            aside.unlink(missing_ok=True)

    def _note(self, item: PrintJobItem, **changes) -> None:
        """What became of the paper, if the job is still this worker's and nobody noted it before."""
        with transaction.atomic():
            if _held(self.job, self.claim).select_for_update(no_key=True).first() is not None:
                PrintJobItem.objects.filter(pk=item.pk, state=PrintJobItem.State.WAITING).update(**changes)

    # --- the end ---

    def _finish(self) -> str:
        items = list(self.job.items.select_related("report__unit").order_by("position"))
        done = [item for item in items if item.state == PrintJobItem.State.DONE]
        failed = [item for item in items if item.state == PrintJobItem.State.FAILED]
        if lost := [item.pk for item in done if not self._is_there(item)]:
            again = {"state": PrintJobItem.State.WAITING, "file": "", "pages": 0, "size": 0}
            PrintJobItem.objects.filter(pk__in=lost).update(**again)  # `tries` stays: not for ever
            return self._hand_on()
        if not done:
            reason = failed[0].error if failed else BROKEN
            _end(self.job, self.claim, self.clock(), state=PrintJob.State.FAILED, reason=reason)
            return "nothing printed"
        name = f"{self.claim.hex}.zip"
        try:
            with self._aside(name) as aside:
                pack(self.job, items, aside, at=timezone.localtime(self.clock()), alive=self.alive)
        except TakenAway:
            return self.stopped()
        ended = _end(
            self.job, self.claim, self.clock(), state=PrintJob.State.DONE, file=name,
            size=Path(self.folder, name).stat().st_size,
            expires_on=self.on + datetime.timedelta(days=settings.PRINT_KEPT_DAYS), reason="",
        )  # fmt: skip
        if not ended:
            return self.stopped()
        self._clear(name, papers=not failed)
        make_room(self.job.unit_id)
        return "done"

    def _is_there(self, item: PrintJobItem) -> bool:
        """Whether a paper noted as printed lies there whole: a power cut may take what the system had not written."""
        path = Path(self.folder, item.file)
        return path.exists() and path.stat().st_size == item.size

    def _clear(self, kept: str, *, papers: bool) -> None:
        """Earlier ZIPs go; single papers are kept only while some of the job may still be taken up."""
        for path in self.folder.iterdir():
            if path.name != kept and (papers or path.suffix == ".zip"):
                path.unlink(missing_ok=True)


def _written_through(path: Path) -> None:
    """What stands in the file or folder is on the disk, not only in memory."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
