"""What a superior decided about activities that several of its units reported: one activity, or different ones."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.models import Versioned

from .report import OfReportQuerySet, PeriodReport


class JointDecision(Versioned):
    """Whether the activities of one candidate of reports/joint.py are one and the same.

    `key` stands for exactly these `activities` (their keys): when another unit reports the same one later, it is
    another question and is asked again. `kept` is the activity whose figures count where they are one.
    """

    class Said(models.TextChoices):
        ONE = "one", "Cùng một hoạt động, tính một lần"
        DIFFERENT = "different", "Các hoạt động khác nhau"

    report = models.ForeignKey(PeriodReport, on_delete=models.CASCADE, related_name="joint_decisions")
    key = models.SlugField(max_length=40)
    activities = models.JSONField("các hoạt động", default=list)
    said = models.CharField("kết luận", max_length=9, choices=Said)
    kept = models.PositiveBigIntegerField("giữ số của hoạt động", null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField("ngày")

    objects = OfReportQuerySet.as_manager()

    class Meta:
        verbose_name = "kết luận về hoạt động chung"
        constraints = [
            models.UniqueConstraint(fields=["report", "key"], name="joint_decided_once"),
            models.CheckConstraint(
                condition=Q(said="one", kept__isnull=False) | Q(said="different", kept__isnull=True),
                name="joint_one_keeps_one",
            ),
        ]
