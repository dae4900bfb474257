"""What a chapter of a report said at each save, so that nothing anybody wrote is lost."""

from django.conf import settings
from django.db import models

from branches.scoping import UnitScopedQuerySet

from .report import ReportSection


class SectionRevisionQuerySet(UnitScopedQuerySet):
    """Drafts: read by the unit and its superiors, as the chapter itself."""

    to_unit = "section__report__unit__"
    read_rights = ("view", "approve")
    write_rights = ("submit",)


class SectionRevision(models.Model):
    """All sentences of a chapter after one save. Never changed, but by more typing of the same person soon after.

    `content` is a list of {"id", "source", "drafted", "text", "left_out"} in printed order. Number 1 is the chapter
    before anybody touched it and has no `saved_by`. A restored one is a revision of its own.
    """

    section = models.ForeignKey(ReportSection, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField("các câu")
    note = models.CharField("việc đã làm", max_length=120, blank=True)
    restored_from = models.PositiveIntegerField("lấy lại từ lần", null=True, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    begun_at = models.DateTimeField("bắt đầu")
    saved_at = models.DateTimeField("lưu lúc")

    objects = SectionRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "lần lưu của mục"
        constraints = [models.UniqueConstraint(fields=["section", "number"], name="section_revision_once")]
