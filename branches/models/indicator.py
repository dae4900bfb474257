"""What is counted: the work areas (chapters of the report) and the catalogue of indicators."""

from django.db import models
from django.db.models import F, Q


class WorkArea(models.Model):
    """A chapter of the report, in the order in which branches report."""

    code = models.SlugField("mã", max_length=40, unique=True)
    name = models.CharField("tên mục", max_length=120)
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = "mục công tác"
        verbose_name_plural = "mục công tác"

    def __str__(self):
        return self.name


class IndicatorQuerySet(models.QuerySet):
    def of_year(self, year: int):
        """The catalogue of a year: exactly one edition of each code still in use."""
        return self.filter(first_year__lte=year).filter(Q(last_year=None) | Q(last_year__gte=year))

    def usable_by(self, unit):
        """Common indicators, and those that the unit or a unit above it added for itself."""
        above = [int(step) for step in unit.path.strip("/").split("/")]
        return self.filter(Q(owner=None) | Q(owner__in=above))


class Indicator(models.Model):
    """One edition of one measured thing, valid for the years first_year … last_year.

    Editions of the same `code` are compared and added across years; what changes the meaning of the
    number (its counting unit, its kind, its roll-up) therefore needs a new code, and only wording,
    chapter and order may differ between editions of one code.
    """

    class Measure(models.TextChoices):
        COUNT = "count", "Số lượng"
        MONEY = "money", "Tiền (đồng)"
        SHARE = "share", "Tỷ lệ (tử số trên mẫu số)"
        YES_NO = "yes_no", "Có hoặc không"

    class OverTime(models.TextChoices):
        SUM = "sum", "Cộng các lần"
        LAST = "last", "Lấy số mới nhất"
        AVERAGE = "average", "Trung bình các lần"
        MAX = "max", "Lấy số lớn nhất"

    class OverUnits(models.TextChoices):
        SUM = "sum", "Cộng các đơn vị"
        AVERAGE = "average", "Trung bình các đơn vị"
        MAX = "max", "Lấy đơn vị lớn nhất"
        SHARE_OF_UNITS = "share_of_units", "Số đơn vị có, trên số đơn vị phải có"

    class Source(models.TextChoices):
        LINES = "lines", "Từ hoạt động đã ghi"
        REGISTER = "register", "Từ danh sách đoàn viên"
        TYPED = "typed", "Nhập số liệu"

    code = models.SlugField("mã", max_length=60)
    first_year = models.PositiveSmallIntegerField("từ năm", default=2000)
    last_year = models.PositiveSmallIntegerField("đến hết năm", null=True, blank=True)
    area = models.ForeignKey(WorkArea, on_delete=models.PROTECT, related_name="indicators", verbose_name="mục")
    position = models.PositiveSmallIntegerField("thứ tự trong mục", default=50)
    name = models.CharField("tên chỉ tiêu", max_length=160)
    unit_word = models.CharField("đơn vị tính", max_length=40)
    measure = models.CharField("loại số", max_length=10, choices=Measure, default=Measure.COUNT)
    decimals = models.PositiveSmallIntegerField("số chữ số lẻ", default=0)
    lower_is_better = models.BooleanField("càng ít càng tốt", default=False)
    over_time = models.CharField("gộp theo thời gian", max_length=10, choices=OverTime, default=OverTime.SUM)
    over_units = models.CharField("gộp theo đơn vị", max_length=16, choices=OverUnits, default=OverUnits.SUM)
    source = models.CharField("nguồn số liệu", max_length=10, choices=Source, default=Source.LINES)
    register_key = models.CharField("số trong danh sách", max_length=30, blank=True)
    of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name="là một phần của",
    )
    action = models.CharField("việc (dùng trong câu)", max_length=160, blank=True)
    subject = models.CharField("đối tượng (dùng trong câu)", max_length=80, blank=True)
    owner = models.ForeignKey(
        "branches.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="own_indicators",
        verbose_name="chỉ tiêu riêng của",
    )

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ tiêu trong danh mục"
        verbose_name_plural = "danh mục chỉ tiêu"
        constraints = [
            models.UniqueConstraint(fields=["code", "first_year"], name="indicator_one_edition_a_year"),
            models.UniqueConstraint(fields=["code"], condition=Q(last_year=None), name="indicator_one_open_edition"),
            models.CheckConstraint(
                condition=Q(last_year=None) | Q(last_year__gte=F("first_year")), name="indicator_years"
            ),
            # A mean of percentages is not a percentage of anything: shares keep both parts and divide once.
            models.CheckConstraint(
                condition=~Q(measure="share") | (~Q(over_time__in=["average", "max"]) & Q(over_units="sum")),
                name="indicator_share_is_ratio_of_sums",
            ),
            models.CheckConstraint(
                condition=~Q(over_units="share_of_units") | Q(measure="yes_no"),
                name="indicator_units_counted_yes_no",
            ),
            models.CheckConstraint(
                condition=~Q(source="register") | ~Q(register_key=""), name="indicator_register_has_a_key"
            ),
        ]
        indexes = [models.Index(fields=["area", "position"])]

    def __str__(self):
        return self.name

    @property
    def is_share(self) -> bool:
        return self.measure == self.Measure.SHARE

    @property
    def is_money(self) -> bool:
        return self.measure == self.Measure.MONEY

    @property
    def is_yes_no(self) -> bool:
        return self.measure == self.Measure.YES_NO
