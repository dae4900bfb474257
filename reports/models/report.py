"""Reports of a unit: chapters and sentences, drafted from the figures and edited by people."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from branches.formats import small
from branches.models import Versioned
from branches.scoping import UnitScopedQuerySet


class PeriodReportQuerySet(UnitScopedQuerySet):
    read_rights = ("view", "approve")
    write_rights = ("submit",)
    paper_rights = (*read_rights, "oversee")

    def issued(self):
        """Reports that went out: an edition of them was approved, here by the superior or, where nobody above uses
        the software, by a paper the unit wrote down (submitting.approve_outside). This is what the Party committee
        and the inspectors read. A number and a day say nothing of it: drafts and what waits have them, too."""
        from .submission import Submission

        return self.filter(Exists(Submission.objects.filter(report=OuterRef("pk"), approved_on__isnull=False)))

    def papers_of(self, user, unit, period):
        """Such reports of the unit that speak about the period, the newest first, for who may read its papers."""
        rows = self.reached_by(user, self.paper_rights).issued().select_related("period")
        rows = rows.filter(unit=unit, period__starts_on__lt=period.ends_on, period__ends_on__gt=period.starts_on)
        return rows.order_by(F("dated_on").desc(nulls_last=True), "-pk")


class PeriodReport(Versioned):
    """A report of a unit over a period: one for each period and, where a round asks about a theme, for each theme.

    draft ─ submit ─▶ submitted ─ approve ─▶ approved ─ reopen ─▶ reopened ─ submit ─▶ …
                          └─ return, with a reason ─▶ returned ─ submit ─▶ …
    The table of these steps is reports/states.py. What was submitted is frozen in a Submission of its own; texts
    change only in `WRITTEN_IN`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        SUBMITTED = "submitted", "Đã nộp"
        RETURNED = "returned", "Bị trả lại"
        APPROVED = "approved", "Đã duyệt"
        REOPENED = "reopened", "Mở lại để đính chính"

    WRITTEN_IN = (State.DRAFT, State.RETURNED, State.REOPENED)

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="reports")
    period = models.ForeignKey("branches.Period", on_delete=models.PROTECT, related_name="reports")
    # What a round asked about beside the whole of the work ("Tháng Thanh niên"); empty: the report of the period.
    theme = models.CharField("chuyên đề", max_length=160, blank=True)
    state = models.CharField("tình trạng", max_length=9, choices=State, default=State.DRAFT)
    # Whether the figures are those of the units' approved reports (reports/rolling_up.py) and not those logged so far.
    from_units = models.BooleanField("tổng hợp từ báo cáo đã duyệt của đơn vị", default=False)
    # Which edition of which unit its texts were last drafted from: {unit pk: submission pk} (reports/rolling_texts.py).
    rolled_from = models.JSONField("đã tổng hợp từ", default=dict, blank=True)
    number = models.CharField("số", max_length=10, blank=True, help_text="Để trống thì in chỗ trống để điền tay.")
    # Where the number stands in the register; a corrected edition keeps it.
    entry = models.OneToOneField(
        "branches.PaperNumber", on_delete=models.PROTECT, null=True, blank=True, related_name="report"
    )
    dated_on = models.DateField("ngày báo cáo", null=True, blank=True)
    signer_post = models.CharField("chức vụ người ký", max_length=60, default="Bí thư", blank=True)
    signer_name = models.CharField("người ký", max_length=120, blank=True)
    recipients = models.TextField("nơi nhận", max_length=1000, blank=True, help_text="Mỗi dòng một nơi.")
    confirmed_by_superior = models.BooleanField("có phần xác nhận của Đoàn cấp trên", default=False)
    # The chapters it was begun with; empty only until reports/chapters.py has chosen one.
    template = models.ForeignKey(
        "reports.ReportTemplate", on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PeriodReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"
        constraints = [models.UniqueConstraint(fields=["unit", "period", "theme"], name="report_once_a_period")]

    def __str__(self):
        return f"Báo cáo {self.period.name}, {self.unit.name}"

    @property
    def title(self) -> str:
        """ "Báo cáo năm 2025", "Báo cáo chuyên đề Tháng Thanh niên, năm 2025"."""
        about = f"chuyên đề {self.theme}, " if self.theme else ""
        return f"Báo cáo {about}{small(self.period.name)}"

    @property
    def is_open(self) -> bool:
        """Whether its texts may be changed."""
        return self.state in self.WRITTEN_IN

    @property
    def is_term(self) -> bool:
        return self.period.kind == self.period.Kind.TERM


class OfReportQuerySet(UnitScopedQuerySet):
    to_unit = "report__unit__"
    read_rights = ("view", "approve")
    write_rights = ("submit",)


class ReportStep(models.Model):
    """One step of a report on its way, and why. Written by reports/submitting.py only, and never changed.

    `edition` is the submission it is about. A superior that is not in the system approves by a paper: `outside`
    then says who and which, and `taken_by` is who wrote it down.
    """

    report = models.ForeignKey(PeriodReport, on_delete=models.CASCADE, related_name="steps")
    verb = models.CharField("bước", max_length=20)
    from_state = models.CharField(max_length=9, choices=PeriodReport.State)
    to_state = models.CharField(max_length=9, choices=PeriodReport.State)
    edition = models.PositiveSmallIntegerField("bản", null=True)
    reason = models.CharField("lý do", max_length=1000, blank=True)
    outside = models.CharField("ai duyệt, theo văn bản nào", max_length=300, blank=True)
    taken_on = models.DateField("ngày")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    objects = OfReportQuerySet.as_manager()

    class Meta:
        verbose_name = "bước của báo cáo"
        indexes = [models.Index(fields=["report", "id"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(verb__in=["return", "reopen"]) | ~Q(reason=""), name="report_step_says_why"
            )
        ]


class ReportSection(models.Model):
    """A chapter of a report; `reviewed_on` is set when a person has read it through."""

    report = models.ForeignKey(PeriodReport, on_delete=models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    reviewed_on = models.DateField(null=True)
    # Who wrote in it last and when: the next one to open it is told.
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    typed_at = models.DateTimeField(null=True)

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
    # The edition of a unit below that a superior took this sentence from; `drafted` is then how it stood there.
    from_submission = models.ForeignKey(
        "reports.Submission", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
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
