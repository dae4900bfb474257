"""Papers of a congress, made from the term that ends: own texts beside what the data says, and the targets proposed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.models import Target, Versioned
from branches.scoping import UnitScopedQuerySet


class OfTermQuerySet(UnitScopedQuerySet):
    to_unit = "term__unit__"
    read_rights = ("view", "approve")
    write_rights = ("submit",)


class CongressPaper(Versioned):
    """One of the four papers about a term of a unit. What the data says is read anew each time, what people wrote
    (`texts`, by section) stays; issued, it has a number of the register and is printed from `content` for ever.
    """

    class Kind(models.TextChoices):
        RESULTS = "ket-qua", "Báo cáo kết quả thực hiện nghị quyết đại hội"
        TARGETS = "chi-tieu", "Tờ trình chỉ tiêu nhiệm kỳ tới"
        REVIEW = "kiem-diem", "Báo cáo kiểm điểm của Ban Chấp hành"
        RESOLUTION = "nghi-quyet", "Nghị quyết đại hội"

    term = models.ForeignKey("branches.Period", on_delete=models.PROTECT, related_name="congress_papers")
    kind = models.CharField("văn bản", max_length=10, choices=Kind)
    texts = models.JSONField("phần tự viết", default=dict, blank=True)
    signer_post = models.CharField("chức vụ người ký", max_length=60, default="Bí thư", blank=True)
    signer_name = models.CharField("người ký", max_length=120, blank=True)
    entry = models.OneToOneField(
        "branches.PaperNumber", on_delete=models.PROTECT, null=True, blank=True, related_name="congress_paper"
    )
    dated_on = models.DateField("ngày văn bản", null=True, blank=True)
    content = models.JSONField("nội dung đã ban hành", null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)  # over `content`, printed on the paper
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    objects = OfTermQuerySet.as_manager()

    class Meta:
        verbose_name = "văn bản đại hội"
        verbose_name_plural = "văn bản đại hội"
        constraints = [
            models.UniqueConstraint(fields=["term", "kind"], name="congress_paper_once_a_term"),
            models.CheckConstraint(
                condition=Q(entry=None, dated_on=None, content__isnull=True, issued_by=None, sha256="")
                | Q(entry__isnull=False, dated_on__isnull=False, content__isnull=False, issued_by__isnull=False)
                & ~Q(sha256=""),
                name="congress_paper_issued_whole",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.term.name}"

    @property
    def is_issued(self) -> bool:
        return self.entry_id is not None


class ProposedTarget(models.Model):
    """A target proposed for the term after `term`. The version of the grid is that of the paper it is put to the
    congress with; values are as those of a Target (percent for a share)."""

    term = models.ForeignKey("branches.Period", on_delete=models.PROTECT, related_name="proposed_targets")
    indicator = models.ForeignKey("branches.Indicator", on_delete=models.PROTECT, related_name="+")
    comparator = models.CharField("so sánh", max_length=12, choices=Target.Comparator)
    value = models.DecimalField("mức", max_digits=18, decimal_places=2, null=True, blank=True)
    value_to = models.DecimalField("đến mức", max_digits=18, decimal_places=2, null=True, blank=True)
    reason = models.CharField("căn cứ", max_length=300, blank=True)

    objects = OfTermQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ tiêu dự thảo"
        verbose_name_plural = "chỉ tiêu dự thảo"
        constraints = [
            models.UniqueConstraint(fields=["term", "indicator"], name="proposed_target_once_a_term"),
            models.CheckConstraint(
                condition=Q(comparator__in=["zero", "yes"], value=None, value_to=None)
                | Q(comparator="range", value__isnull=False, value_to__gt=F("value"))
                | (~Q(comparator__in=["zero", "yes", "range"]) & Q(value__isnull=False, value_to=None)),
                name="proposed_target_values_fit",
            ),
        ]
