"""What was done: activities, what they add to which indicator, and who took part."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from branches.scoping import UnitScopedQuerySet
from branches.vietnamese import saying, search_key

from .versioned import Versioned


class ActivityQuerySet(UnitScopedQuerySet):
    read_rights = ("view", "approve")
    write_rights = ("record",)

    def editable_by(self, user):
        """What a book feeds is changed in that book."""
        return super().editable_by(user).filter(fed_by="")

    def counted(self):
        """Activities whose quantities are results. Planned and cancelled ones never count."""
        return self.filter(state=Activity.State.HELD)

    def in_period(self, period):
        """An activity belongs to the period in which its last day falls."""
        return self.filter(last_on__gte=period.starts_on, last_on__lt=period.ends_on)

    def undecided(self, on: datetime.date):
        """Planned, their last day is over, and nobody has said whether they were held."""
        return self.filter(state=Activity.State.PLANNED, last_on__lt=on)

    def matching(self, words: str):
        """Search by the title: without marks it finds every spelling, with marks only that one."""
        return saying(self, words)


class Activity(Versioned):
    """One event or action of a unit, from starts_on to last_on, both days included."""

    class State(models.TextChoices):
        PLANNED = "planned", "Dự kiến"
        HELD = "held", "Đã tổ chức"
        CANCELLED = "cancelled", "Không tổ chức"

    class Organiser(models.TextChoices):
        OWN = "own", "Chi đoàn"
        JOINT = "joint", "Phối hợp"
        JOINED = "joined", "Cấp trên"

    class Nature(models.TextChoices):
        ACTIVITY = "activity", "Hoạt động"
        FIGURE = "figure", "Số liệu nhập"  # a typed figure without an event: a yearly rating, a count

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="activities")
    title = models.CharField("tên hoạt động", max_length=200)
    nature = models.CharField(max_length=10, choices=Nature, default=Nature.ACTIVITY)
    starts_on = models.DateField("ngày")
    last_on = models.DateField("đến ngày")
    area = models.ForeignKey(
        "branches.WorkArea", on_delete=models.PROTECT, related_name="activities", verbose_name="mục báo cáo"
    )
    organiser = models.CharField("ai tổ chức", max_length=8, choices=Organiser, default=Organiser.OWN)
    partner = models.CharField("phối hợp với, hoặc cấp trên nào", max_length=160, blank=True)
    place = models.CharField("nơi làm", max_length=160, blank=True)
    note = models.TextField("ghi chú", max_length=2000, blank=True)
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.HELD)
    cancel_reason = models.CharField("lý do không tổ chức", max_length=300, blank=True)
    member_count = models.PositiveIntegerField("số đoàn viên tham gia", null=True, blank=True)
    guest_count = models.PositiveIntegerField("số khách", default=0)
    raised = models.PositiveBigIntegerField("đã vận động", null=True, blank=True, help_text="đồng")
    spent = models.PositiveBigIntegerField("đã chi", null=True, blank=True, help_text="đồng")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    updated_at = models.DateTimeField(auto_now=True)
    search_key = models.TextField(default="", editable=False)
    # What this figure was read from ("meeting:12"): written by feeding.py only, and by nobody's hand.
    fed_by = models.CharField(max_length=60, default="", editable=False)

    history = HistoricalRecords(excluded_fields=["search_key"])
    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "hoạt động"
        verbose_name_plural = "hoạt động"
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("starts_on")), name="activity_span"),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""), name="activity_cancelled_has_a_reason"
            ),
            models.UniqueConstraint(fields=["unit", "fed_by"], condition=~Q(fed_by=""), name="activity_fed_once"),
        ]
        indexes = [
            models.Index(fields=["unit", "last_on", "id"], name="activity_list"),
            models.Index(fields=["unit", "state", "last_on", "nature"], name="activity_counted"),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self) -> None:
        """Set the derived search column; bulk writers call it themselves."""
        self.search_key = search_key(self.title)


class QuantityQuerySet(UnitScopedQuerySet):
    to_unit = "activity__unit__"
    read_rights = ("view", "approve")
    write_rights = ("record",)

    def counted(self):
        return self.filter(activity__state=Activity.State.HELD)


class Quantity(models.Model):
    """What one activity adds to one indicator.

    `value` is in the indicator's counting unit; for a share it is the numerator and `denominator` the
    whole; for yes/no it is 1 or 0. A missing value means "it happened, the figure is not known".
    """

    class Qualifier(models.TextChoices):
        EXACT = "exact", "Đúng"
        ABOUT = "about", "Khoảng"
        NEARLY = "nearly", "Gần"
        MORE = "more", "Hơn"

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="quantities")
    indicator = models.ForeignKey("branches.Indicator", on_delete=models.PROTECT, related_name="quantities")
    value = models.DecimalField("số lượng", max_digits=18, decimal_places=2, null=True, blank=True)
    denominator = models.DecimalField("trên tổng số", max_digits=18, decimal_places=2, null=True, blank=True)
    qualifier = models.CharField("mức chính xác", max_length=6, choices=Qualifier, default=Qualifier.EXACT)
    each = models.PositiveBigIntegerField("mỗi suất (đồng)", null=True, blank=True)
    note = models.CharField("cho ai, việc gì", max_length=160, blank=True)

    objects = QuantityQuerySet.as_manager()

    class Meta:
        verbose_name = "kết quả"
        constraints = [
            models.UniqueConstraint(fields=["activity", "indicator"], name="quantity_once_an_activity"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=0), name="quantity_not_negative"),
            models.CheckConstraint(
                condition=Q(denominator=None) | Q(denominator__gte=0), name="quantity_whole_not_negative"
            ),
        ]
        indexes = [models.Index(fields=["indicator", "activity"])]


class Participation(models.Model):
    """A member took part. Guests and uncounted crowds are numbers on the activity."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="participations")
    member = models.ForeignKey("branches.Member", on_delete=models.PROTECT, related_name="participations")

    class Meta:
        verbose_name = "người tham gia"
        constraints = [models.UniqueConstraint(fields=["activity", "member"], name="participation_once")]


class PeriodTotal(models.Model):
    """Sums of one unit and one indicator code over a calendar year or one month of it: a cache of `reports.progress`.

    `month` is 0 for the whole year; an empty `code` stands for the activities themselves, `lines` of
    them. Written by `branches.totals` in the transaction that changes a result, so that a dashboard
    over many units reads one short row for each instead of every activity. Never typed, never a second
    rule: `manage.py rebuild_totals --compare` proves it equal to the lines.
    """

    unit = models.ForeignKey("branches.Unit", on_delete=models.CASCADE, related_name="period_totals")
    code = models.SlugField(max_length=60, blank=True, db_index=False)
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    evidenced = models.PositiveIntegerField(default=0)
    value = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    denominator = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    largest = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    largest_qualifier = models.CharField(max_length=6, blank=True)
    about = models.PositiveIntegerField(default=0)
    nearly = models.PositiveIntegerField(default=0)
    more = models.PositiveIntegerField(default=0)
    last_on = models.DateField(null=True)
    last_value = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    last_denominator = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    last_qualifier = models.CharField(max_length=6, blank=True)

    class Meta:
        verbose_name = "tổng theo kỳ"
        constraints = [models.UniqueConstraint(fields=["unit", "month", "year", "code"], name="period_total_once")]
        indexes = [models.Index(fields=["month", "year", "code", "unit"], name="period_total_of_all")]
