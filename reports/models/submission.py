"""What was submitted: the whole paper and its figures, frozen. Never changed, only followed by another edition."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.scoping import UnitScopedQuerySet

from .report import PeriodReport


class SubmissionQuerySet(UnitScopedQuerySet):
    """Read by the unit and its superiors; an approved one also by the Party committee (`paper_rights`)."""

    to_unit = "report__unit__"
    read_rights = ("view", "approve")
    write_rights = ("submit",)
    paper_rights = (*read_rights, "oversee")

    def in_force(self):
        """The approved edition of each report that counts: the newest approved one, also while a report is reopened."""
        newer = self.model._base_manager.filter(
            report=models.OuterRef("report"), approved_on__isnull=False, edition__gt=models.OuterRef("edition")
        )
        return self.filter(approved_on__isnull=False).filter(~models.Exists(newer))


class Submission(models.Model):
    """One edition of a report as it left the unit. `content` is the whole paper as data (reports/papers/content.py),
    `sha256` the hash of its canonical form; `facts` the register's figures of the period.

    The first edition and those that follow a return have no `correction`; an edition after an approved one is a
    dated correction and says what it corrects.
    """

    report = models.ForeignKey(PeriodReport, on_delete=models.PROTECT, related_name="submissions")
    edition = models.PositiveSmallIntegerField("bản")
    as_of = models.DateField("số liệu tính đến ngày")
    submitted_on = models.DateField("ngày nộp")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(auto_now_add=True)
    correction = models.CharField("đính chính", max_length=1000, blank=True)
    content = models.JSONField("nội dung")
    facts = models.JSONField("số liệu đoàn viên", default=dict, blank=True)
    sha256 = models.CharField(max_length=64)
    approved_on = models.DateField("ngày duyệt", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "bản đã nộp"
        verbose_name_plural = "bản đã nộp"
        constraints = [
            models.UniqueConstraint(fields=["report", "edition"], name="submission_edition_once"),
            models.CheckConstraint(condition=Q(edition__gt=0), name="submission_edition_from_one"),
            models.CheckConstraint(
                condition=Q(approved_on=None, approved_by=None)
                | Q(approved_on__isnull=False, approved_by__isnull=False),
                name="submission_approved_by_somebody",
            ),
        ]


class ReportRowQuerySet(UnitScopedQuerySet):
    to_unit = "submission__report__unit__"
    read_rights = ("view", "approve")
    write_rights = ("submit",)


class ReportRow(models.Model):
    """One figure as it was submitted: result, plan and verdict, in the words and parts of that day.

    Figures are kept as their parts (a share is `value` of `whole`), as `reports.amounts.Amount` has them; the aim as
    `reports.judging.Aim` has it (fractions for shares). `name` and `unit_word` are the catalogue's of that day.
    """

    PARTS = {"max_digits": 20, "decimal_places": 4, "null": True}

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField()
    depth = models.PositiveSmallIntegerField(default=0)
    indicator = models.ForeignKey("branches.Indicator", on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=160)
    unit_word = models.CharField(max_length=40)
    # Result
    value = models.DecimalField(**PARTS)
    whole = models.DecimalField(**PARTS)
    qualifier = models.CharField(max_length=6, default="exact")
    lines = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    evidenced = models.PositiveIntegerField(default=0)
    # The same span a year before, as it was told then
    last_value = models.DecimalField(**PARTS)
    last_whole = models.DecimalField(**PARTS)
    last_qualifier = models.CharField(max_length=6, default="exact")
    last_lines = models.PositiveIntegerField(default=0)
    # Plan; `comparator` is empty where there was none
    comparator = models.CharField(max_length=12, blank=True)
    aim_value = models.DecimalField(**PARTS)
    aim_value_to = models.DecimalField(**PARTS)
    aim_each = models.DecimalField(**PARTS)
    aim_units = models.PositiveIntegerField(default=1)
    # Verdict
    standing = models.CharField(max_length=16)
    ratio = models.DecimalField(max_digits=24, decimal_places=10, null=True)
    difference = models.DecimalField(max_digits=24, decimal_places=10, null=True)
    reason = models.CharField(max_length=160, blank=True)
    # A mean over units keeps the sum and how many units it is of: a mean of means is no mean.
    added = models.DecimalField(**PARTS)
    added_units = models.PositiveIntegerField(default=0)
    last_added = models.DecimalField(**PARTS)
    last_added_units = models.PositiveIntegerField(default=0)
    # The part of the result that came from activities done together with others: rolling_up.py counts each of these
    # activities once. [{"activity": pk, "title", "starts_on", "last_on", "organiser", "partner", "value", "whole"}]
    together = models.JSONField(default=list, blank=True)

    objects = ReportRowQuerySet.as_manager()

    class Meta:
        verbose_name = "số liệu đã nộp"
        constraints = [models.UniqueConstraint(fields=["submission", "code"], name="report_row_once_a_code")]
        indexes = [models.Index(fields=["code", "submission"])]
