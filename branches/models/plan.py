"""The plan: directions received, targets set, and every revision with its reason."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from branches.scoping import UnitScopedQuerySet

from .period import Period
from .versioned import Versioned


class DirectionQuerySet(UnitScopedQuerySet):
    read_rights = ("view", "oversee", "approve")
    write_rights = ("record",)

    def standing(self, on=None):
        """Without those withdrawn; those withdrawn after the day `on` still stood then."""
        still = Q(withdrawn_on=None)
        return self.filter(still | Q(withdrawn_on__gt=on) if on else still)


class Direction(Versioned):
    """What the Party committee or the superior asked of a unit; answered by targets or in words."""

    class GivenBy(models.TextChoices):
        PARTY = "party", "Cấp ủy"
        SUPERIOR = "superior", "Đoàn cấp trên"

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="directions")
    given_by = models.CharField("ai giao", max_length=10, choices=GivenBy)
    body_name = models.CharField("tên cấp ủy hoặc đơn vị giao", max_length=160)
    given_on = models.DateField("ngày giao")
    document = models.CharField("văn bản", max_length=160, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=1)
    text = models.TextField("nội dung", max_length=2000)
    due_on = models.DateField("hạn", null=True, blank=True)
    answer = models.TextField("trả lời", max_length=2000, blank=True)
    answered_on = models.DateField("ngày trả lời", null=True, blank=True)
    # Set where the giver wrote it, and the same for every unit it went to at once; empty where the unit itself
    # wrote down what it was told.
    sending = models.UUIDField(null=True, blank=True, editable=False, db_index=True)
    # No longer asked. The unit keeps what it did and answered; nothing of it is late from that day on.
    withdrawn_on = models.DateField("ngày rút", null=True, blank=True)
    withdraw_reason = models.CharField("lý do rút", max_length=300, blank=True)

    history = HistoricalRecords()
    objects = DirectionQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ đạo"
        verbose_name_plural = "chỉ đạo"
        indexes = [models.Index(fields=["unit", "given_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_on=None) | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="direction_answer_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdraw_reason="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdraw_reason="")),
                name="direction_withdrawn_with_a_reason",
            ),
        ]

    def __str__(self):
        return self.text[:80]


class TargetQuerySet(UnitScopedQuerySet):
    read_rights = ("view", "approve", "oversee", "inspect")
    write_rights = ("record",)

    def of_period(self, period):
        """Targets set for exactly this span, whatever row the period is stored in."""
        return self.filter(period__kind=period.kind, period__starts_on=period.starts_on, period__ends_on=period.ends_on)

    def about(self, period):
        """Targets that speak about the span: a month or quarter has those of its year, a term its own and its years."""
        kinds = Period.Kind
        if period.kind in (kinds.MONTH, kinds.QUARTER, kinds.HALF):
            return self.of_period(Period.of_year(period.starts_on.year))
        if period.kind != kinds.TERM:
            return self.of_period(period)
        exact = Q(period__kind=period.kind, period__starts_on=period.starts_on, period__ends_on=period.ends_on)
        inside = Q(period__kind=kinds.YEAR, period__starts_on__gte=period.starts_on.replace(month=1, day=1))
        return self.filter(exact | (inside & Q(period__starts_on__lt=period.ends_on)))

    def in_order(self):
        """Chapter by chapter, as the report prints them; parts follow their whole."""
        return self.order_by("indicator__area__position", "position", "indicator__position", "pk")


class Target(Versioned):
    """indicator × unit × period, with the value that counts today and where it came from.

    `value` and `value_to` are in the indicator's counting unit; for a share they are percent (100 is
    the whole). For PER_MONTH and PER_QUARTER `value` is the number in each month or quarter.
    """

    class Comparator(models.TextChoices):
        EQUAL = "eq", "đúng bằng"
        AT_LEAST = "ge", "ít nhất"
        AT_MOST = "le", "nhiều nhất"
        RANGE = "range", "trong khoảng"
        MORE_THAN = "gt", "trên (không kể mức này)"
        ZERO = "zero", "không để xảy ra"
        YES = "yes", "phải có"
        PER_MONTH = "per_month", "mỗi tháng"
        PER_QUARTER = "per_quarter", "mỗi quý"

    class Origin(models.TextChoices):
        OWN = "own", "Đơn vị tự đề ra"
        SUPERIOR = "superior", "Đoàn cấp trên giao"
        DIRECTION = "direction", "Theo chỉ đạo của cấp ủy"

    WITHOUT_VALUE = (Comparator.ZERO, Comparator.YES)

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="targets")
    period = models.ForeignKey("branches.Period", on_delete=models.PROTECT, related_name="targets")
    indicator = models.ForeignKey(
        "branches.Indicator", on_delete=models.PROTECT, related_name="targets", verbose_name="chỉ tiêu"
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name="trong đó của",
    )
    comparator = models.CharField("so sánh", max_length=12, choices=Comparator, default=Comparator.AT_LEAST)
    value = models.DecimalField("mức", max_digits=18, decimal_places=2, null=True, blank=True)
    value_to = models.DecimalField("đến mức", max_digits=18, decimal_places=2, null=True, blank=True)
    # What the superior handed down, as a whole: "3-5" is not 3. The unit's own value may differ from it.
    assigned_comparator = models.CharField(max_length=12, choices=Comparator, blank=True)
    assigned_value = models.DecimalField("cấp trên giao", max_digits=18, decimal_places=2, null=True, blank=True)
    assigned_value_to = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    registered_value = models.DecimalField("đơn vị đăng ký", max_digits=18, decimal_places=2, null=True, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=50)
    note = models.CharField("cụ thể", max_length=300, blank=True)
    owner = models.ForeignKey(
        "branches.Member",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_targets",
        verbose_name="người phụ trách",
    )
    due_on = models.DateField("hạn", null=True, blank=True)
    origin = models.CharField("nguồn", max_length=10, choices=Origin, default=Origin.OWN)
    direction = models.ForeignKey(
        Direction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        verbose_name="chỉ đạo",
    )
    superior_target = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="handed_down",
        verbose_name="chỉ tiêu của cấp trên",
    )
    document = models.CharField("văn bản", max_length=160, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    history = HistoricalRecords()
    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        constraints = [
            models.UniqueConstraint(fields=["unit", "period", "indicator"], name="target_once_a_period"),
            models.CheckConstraint(
                condition=Q(comparator__in=["zero", "yes"], value=None, value_to=None)
                | Q(comparator="range", value__isnull=False, value_to__gt=F("value"))
                | (~Q(comparator__in=["zero", "yes", "range"]) & Q(value__isnull=False, value_to=None)),
                name="target_values_fit_comparator",
            ),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=0), name="target_not_negative"),
            models.CheckConstraint(
                condition=~Q(origin="direction") | Q(direction__isnull=False),
                name="target_names_its_direction",
            ),
        ]
        indexes = [models.Index(fields=["period", "unit"])]

    def __str__(self):
        return f"{self.indicator.name}, {self.period.name}"


class TargetRevision(models.Model):
    """A change of a target: what it was, what it became, why, and by which document."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="revisions")
    old_comparator = models.CharField(max_length=12, choices=Target.Comparator)
    old_value = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    old_value_to = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    comparator = models.CharField(max_length=12, choices=Target.Comparator)
    value = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    value_to = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    reason = models.CharField("lý do", max_length=300, blank=True)
    document = models.CharField("văn bản", max_length=160, blank=True)
    revised_on = models.DateField("ngày")
    revised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "lần điều chỉnh"
        indexes = [models.Index(fields=["target", "revised_on"])]
