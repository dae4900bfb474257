"""Many papers in one go: what somebody asked for, and each paper of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.scoping import UnitScopedQuerySet

from .report import PeriodReport


class PrintJobQuerySet(UnitScopedQuerySet):
    """A print job belongs to who asked for it, for as long as they may still read papers at its unit."""

    read_rights = ("view", "approve", "oversee")
    write_rights = ("view", "approve", "oversee")

    def visible_to(self, user):
        return super().visible_to(user).filter(asked_by=user.pk)

    def editable_by(self, user):
        return super().editable_by(user).filter(asked_by=user.pk)

    def running(self):
        return self.filter(state__in=PrintJob.RUNNING)


class PrintJob(models.Model):
    """The reports of one period of a unit's subtree, as one ZIP. Moved by reports/print_jobs.py only.

    queued ─▶ running ─▶ done (its ZIP is kept until `expires_on`, or until newer ones of the unit need the room)
       └────────┴─▶ cancelled, or failed with a reason; what failed or stood still is taken up again by its owner

    `claim` and `claimed_at` are the lease of the worker at it: whoever is silent for longer than the lease is dead, and
    the job goes on where it stopped. `missing` names the units that have no report of the period.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Chờ in"
        RUNNING = "running", "Đang in"
        DONE = "done", "Đã in xong"
        CANCELLED = "cancelled", "Đã dừng"
        FAILED = "failed", "Không in được"

    class What(models.TextChoices):
        PDF = "pdf", "PDF"
        ARCHIVE = "pdfa", "PDF lưu trữ (PDF/A)"
        WORD = "docx", "Word"

    class Which(models.TextChoices):
        ALL = "all", "Đơn vị này và mọi đơn vị cấp dưới"
        DIRECT = "direct", "Các đơn vị trực thuộc"

    RUNNING = (State.QUEUED, State.RUNNING)

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="print_jobs")
    period = models.ForeignKey("branches.Period", on_delete=models.PROTECT, related_name="print_jobs")
    what = models.CharField("in thành", max_length=4, choices=What, default=What.PDF)
    which = models.CharField("đơn vị", max_length=6, choices=Which, default=Which.ALL)
    missing = models.JSONField("đơn vị chưa có báo cáo", default=list, blank=True)
    state = models.CharField("tình trạng", max_length=9, choices=State, default=State.QUEUED)
    reason = models.CharField("lý do", max_length=300, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="print_jobs")
    asked_at = models.DateTimeField("lúc yêu cầu")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True)
    # The folder of its papers, and within it the ZIP once there is one; empty again when it was swept.
    folder = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField("dung lượng", default=0)
    expires_on = models.DateField("giữ đến ngày", null=True, blank=True)

    objects = PrintJobQuerySet.as_manager()

    class Meta:
        verbose_name = "lượt in nhiều báo cáo"
        verbose_name_plural = "lượt in nhiều báo cáo"
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by"], condition=Q(state__in=["queued", "running"]), name="print_job_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(reason=""), name="print_job_failed_says_why"),
            models.CheckConstraint(
                condition=Q(claim=None, claimed_at=None) | Q(claim__isnull=False, claimed_at__isnull=False),
                name="print_job_claim_has_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["unit", "-id"], name="print_job_of_unit")]

    def __str__(self):
        return f"In báo cáo {self.period.name}, {self.unit.name}"

    @property
    def ending(self) -> str:
        """Of the names of its files."""
        return "docx" if self.what == self.What.WORD else "pdf"

    @property
    def is_running(self) -> bool:
        return self.state in self.RUNNING

    @property
    def is_ready(self) -> bool:
        """Whether there is a ZIP to take."""
        return self.state == self.State.DONE and bool(self.file)


class OfPrintJobQuerySet(UnitScopedQuerySet):
    to_unit = "job__unit__"
    read_rights = PrintJobQuerySet.read_rights
    write_rights = PrintJobQuerySet.write_rights

    def visible_to(self, user):
        return super().visible_to(user).filter(job__asked_by=user.pk)

    def editable_by(self, user):
        return super().editable_by(user).filter(job__asked_by=user.pk)


class PrintJobItem(models.Model):
    """One report of a job. `file` lies in the job's folder until the ZIP is made; `tries` says how often it was begun.

    `edition` is the approved edition that was printed; empty for a report as it stands.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ in"
        DONE = "done", "Đã in"
        FAILED = "failed", "Không in được"

    job = models.ForeignKey(PrintJob, on_delete=models.CASCADE, related_name="items")
    report = models.ForeignKey(PeriodReport, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    state = models.CharField("tình trạng", max_length=7, choices=State, default=State.WAITING)
    edition = models.PositiveSmallIntegerField("bản", null=True, blank=True)
    file = models.CharField(max_length=40, blank=True)
    size = models.PositiveBigIntegerField("dung lượng", default=0)
    pages = models.PositiveSmallIntegerField("số trang", default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField("vì sao không in được", max_length=300, blank=True)
    printed_at = models.DateTimeField(null=True, blank=True)

    objects = OfPrintJobQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo trong lượt in"
        constraints = [
            models.UniqueConstraint(fields=["job", "position"], name="print_item_position_once"),
            models.UniqueConstraint(fields=["job", "report"], name="print_item_report_once"),
            models.CheckConstraint(condition=~Q(state="done") | ~Q(file=""), name="print_item_done_has_a_file"),
        ]
