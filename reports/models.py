"""Reports of a unit: chapters and sentences, drafted from the figures and edited by people."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.models import Versioned
from branches.scoping import UnitScopedQuerySet


class PeriodReportQuerySet(UnitScopedQuerySet):
    read_rights = ("view", "approve")
    write_rights = ("submit",)
    paper_rights = (*read_rights, "oversee")

    def issued(self):
        """Reports that left the house: numbered and dated. The Party committee reads these, and no drafts."""
        return self.exclude(number="").filter(dated_on__isnull=False)

    def papers_of(self, user, unit, period):
        """Issued reports of the unit that speak about the period, the newest first, for who may read its papers."""
        told = self.reached_by(user, self.paper_rights).issued().select_related("period")
        told = told.filter(unit=unit, period__starts_on__lt=period.ends_on, period__ends_on__gt=period.starts_on)
        return told.order_by("-dated_on", "-pk")


class PeriodReport(Versioned):
    """The yearly or the term report of a unit: one for each period."""

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="reports")
    period = models.ForeignKey("branches.Period", on_delete=models.PROTECT, related_name="reports")
    number = models.CharField("số", max_length=10, blank=True, help_text="Để trống thì in chỗ trống để điền tay.")
    dated_on = models.DateField("ngày báo cáo", null=True, blank=True)
    signer_post = models.CharField("chức vụ người ký", max_length=60, default="Bí thư", blank=True)
    signer_name = models.CharField("người ký", max_length=120, blank=True)
    recipients = models.TextField("nơi nhận", max_length=1000, blank=True, help_text="Mỗi dòng một nơi.")
    confirmed_by_superior = models.BooleanField("có phần xác nhận của Đoàn cấp trên", default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PeriodReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"
        constraints = [models.UniqueConstraint(fields=["unit", "period"], name="report_once_a_period")]

    def __str__(self):
        return f"Báo cáo {self.period.name}, {self.unit.name}"

    @property
    def is_term(self) -> bool:
        return self.period.kind == self.period.Kind.TERM


class OfReportQuerySet(UnitScopedQuerySet):
    to_unit = "report__unit__"
    read_rights = ("view", "approve")
    write_rights = ("submit",)


class ReportSection(models.Model):
    """A chapter of a report; `reviewed_on` is set when a person has read it through."""

    report = models.ForeignKey(PeriodReport, on_delete=models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    reviewed_on = models.DateField(null=True)

    objects = OfReportQuerySet.as_manager()

    class Meta:
        verbose_name = "mục báo cáo"
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="section_once_a_report")]


class OfSectionQuerySet(UnitScopedQuerySet):
    to_unit = "section__report__unit__"
    read_rights = ("view", "approve")
    write_rights = ("submit",)


class ReportSentence(Versioned):
    """One sentence of a chapter.

    `source` names what it was drafted from ("target:12", "activity:7", "facts") and is empty for a
    sentence a person wrote. `drafted` is the draft as it was when taken; when the data would give
    another draft today, the page says so and a person decides. `text` is what is printed; empty means
    the draft is printed as it stands.
    """

    section = models.ForeignKey(ReportSection, on_delete=models.CASCADE, related_name="sentences")
    position = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=60, blank=True)
    drafted = models.TextField(blank=True)
    text = models.TextField("câu", max_length=2000, blank=True)
    left_out = models.BooleanField("bỏ khỏi báo cáo", default=False)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    edited_at = models.DateTimeField(null=True)

    objects = OfSectionQuerySet.as_manager()

    class Meta:
        verbose_name = "câu trong báo cáo"
        constraints = [
            models.UniqueConstraint(
                fields=["section", "source"], condition=~Q(source=""), name="sentence_once_a_source"
            ),
            models.CheckConstraint(condition=~Q(source="") | ~Q(text=""), name="sentence_own_has_text"),
        ]
        indexes = [models.Index(fields=["section", "position"])]

    @property
    def printed(self) -> str:
        return self.text or self.drafted
