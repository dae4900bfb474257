"""Statistics tables (biểu số liệu): what a table asks, defined as data, and what people typed into one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from branches.models import Period, Versioned
from branches.scoping import UnitScopedQuerySet


class StatTableQuerySet(UnitScopedQuerySet):
    """Tables of an owner, for who defines them. Units below fill them in: see `usable_by`."""

    to_unit = "owner__"
    read_rights = ("view", "approve")
    write_rights = ("submit",)

    def usable_by(self, unit):
        """Common tables and those of the unit or of a unit above it, where they concern a unit of its kind."""
        above = [int(step) for step in unit.path.strip("/").split("/")]
        whom = StatTable.Whom.BRANCHES if unit.is_branch else StatTable.Whom.SUPERIORS
        return self.filter(Q(owner=None) | Q(owner__in=above), whom__in=[StatTable.Whom.ALL, whom])

    def in_force(self, period: Period):
        """Editions that hold on the last day of the period and are asked of such a period."""
        day = period.last_day
        held = self.exclude(state=StatTable.State.DRAFT).filter(valid_from__lte=day)
        return held.filter(Q(valid_to=None) | Q(valid_to__gte=day), **{f"of_{period.kind}": True})

    def askable_by(self, unit):
        """Those in use that an office may ask of its units: common ones, its own, and those of units above it."""
        above = [int(step) for step in unit.path.strip("/").split("/")]
        return self.filter(Q(owner=None) | Q(owner__in=above), state=StatTable.State.IN_USE)

    def in_order(self):
        return self.order_by("number", F("owner__path").asc(nulls_first=True), "title", "pk")


class StatTable(Versioned):
    """One edition of a table. `owner` None: for everybody. A draft is asked of nobody.

    draft ─ put in use ─▶ in use ─ a newer edition, or taken out of use ─▶ replaced
    An edition in use never changes, so that a table of a past period is what it was; the verbs are in
    reports/statistics/defining.py.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        IN_USE = "in_use", "Đang dùng"
        REPLACED = "replaced", "Thôi dùng"

    class Whom(models.TextChoices):
        ALL = "all", "Mọi đơn vị"
        BRANCHES = "branches", "Chi đoàn, chi đoàn cơ sở, phân đoàn"
        SUPERIORS = "superiors", "Đoàn cấp trên của chi đoàn"

    owner = models.ForeignKey(
        "branches.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="stat_tables",
        verbose_name="biểu riêng của",
    )  # fmt: skip
    number = models.CharField("số biểu", max_length=8)
    title = models.CharField("tên biểu", max_length=200)
    whom = models.CharField("dùng cho", max_length=9, choices=Whom, default=Whom.ALL)
    of_month = models.BooleanField("Tháng", default=False)
    of_quarter = models.BooleanField("Quý", default=True)
    of_half = models.BooleanField("Sáu tháng", default=True)
    of_year = models.BooleanField("Năm", default=True)
    of_school_year = models.BooleanField("Năm học", default=False)
    of_term = models.BooleanField("Nhiệm kỳ", default=False)
    source = models.CharField("căn cứ", max_length=300, blank=True)
    note = models.CharField("ghi chú dưới biểu", max_length=600, blank=True)
    edition = models.PositiveSmallIntegerField("bản", default=1)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="thay bản"
    )
    state = models.CharField("tình trạng", max_length=8, choices=State, default=State.DRAFT)
    valid_from = models.DateField("dùng từ ngày", null=True, blank=True)
    valid_to = models.DateField("dùng đến hết ngày", null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = StatTableQuerySet.as_manager()

    class Meta:
        verbose_name = "biểu số liệu"
        verbose_name_plural = "biểu số liệu"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", valid_from=None, valid_to=None)
                | (Q(state="in_use", valid_from__isnull=False, valid_to=None))
                | Q(state="replaced", valid_from__isnull=False, valid_to__isnull=False),
                name="stat_table_days_of_its_state",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="stat_table_span"
            ),
        ]
        indexes = [models.Index(fields=["owner", "state"])]

    def __str__(self):
        return f"Biểu {self.number}. {self.title}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def kinds(self) -> list[str]:
        """The kinds of period it is asked for, in the order of Period.Kind."""
        return [kind for kind in Period.Kind.values if getattr(self, f"of_{kind}")]


class OfTableQuerySet(UnitScopedQuerySet):
    to_unit = "table__owner__"
    read_rights = ("view", "approve")
    write_rights = ("submit",)


class StatItem(models.Model):
    """One line of a table: a heading, or a figure by its source. Lines stand in the order of `position`.

    `code` names an indicator of the catalogue (of every edition), `figure` a key of reports/statistics/figures.py,
    `parts` the lines a sum adds, `share_of` and `share_whole` the two lines of a share.
    """

    class What(models.TextChoices):
        HEADING = "heading", "Tiêu đề nhóm"
        INDICATOR = "indicator", "Chỉ tiêu trong danh mục"
        FIGURE = "figure", "Số liệu của phần mềm"
        SUM = "sum", "Tổng các dòng khác"
        SHARE = "share", "Tỷ lệ của hai dòng"
        TYPED = "typed", "Đơn vị tự nhập"

    class Part(models.TextChoices):
        RESULT = "result", "Kết quả"
        VALUE = "value", "Tử số của tỷ lệ"
        WHOLE = "whole", "Mẫu số của tỷ lệ"

    table = models.ForeignKey(StatTable, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField("thứ tự")
    number = models.CharField("số thứ tự", max_length=12, blank=True)
    name = models.CharField("nội dung", max_length=200)
    unit_word = models.CharField("đơn vị tính", max_length=40, blank=True)
    depth = models.PositiveSmallIntegerField("bậc", default=0)
    is_bold = models.BooleanField("in đậm", default=False)
    what = models.CharField("lấy số từ", max_length=9, choices=What)
    code = models.SlugField("chỉ tiêu", max_length=60, blank=True)
    part = models.CharField("phần của chỉ tiêu", max_length=6, choices=Part, default=Part.RESULT)
    figure = models.SlugField("số liệu", max_length=40, blank=True)
    parts = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="+", verbose_name="các dòng")
    share_of = models.ForeignKey(
        "self", on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="tử số"
    )
    share_whole = models.ForeignKey(
        "self", on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="mẫu số"
    )

    objects = OfTableQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng của biểu"
        constraints = [
            models.UniqueConstraint(fields=["table", "position"], name="stat_item_one_place"),
            models.CheckConstraint(condition=~Q(what="indicator") | ~Q(code=""), name="stat_item_names_indicator"),
            models.CheckConstraint(condition=~Q(what="figure") | ~Q(figure=""), name="stat_item_names_figure"),
            models.CheckConstraint(
                condition=~Q(what="share") | Q(share_of__isnull=False, share_whole__isnull=False),
                name="stat_item_share_has_two",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.name}".strip()

    @property
    def is_typed(self) -> bool:
        return self.what == self.What.TYPED

    @property
    def takes_values(self) -> bool:
        """Whether somebody may write a figure here: what is made of other lines follows those."""
        return self.what in (self.What.TYPED, self.What.INDICATOR, self.What.FIGURE)


class StatSheetQuerySet(UnitScopedQuerySet):
    read_rights = ("view", "approve")
    write_rights = ("submit",)


class StatSheet(models.Model):
    """The table of one unit over one period, made when the first figure is typed into it."""

    table = models.ForeignKey(StatTable, on_delete=models.PROTECT, related_name="sheets")
    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="stat_sheets")
    period = models.ForeignKey("branches.Period", on_delete=models.PROTECT, related_name="stat_sheets")

    objects = StatSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "biểu đã nhập"
        constraints = [models.UniqueConstraint(fields=["table", "unit", "period"], name="stat_sheet_once")]


class OfSheetQuerySet(UnitScopedQuerySet):
    to_unit = "sheet__unit__"
    read_rights = ("view", "approve")
    write_rights = ("submit",)


class StatValue(Versioned):
    """One typed figure: of a line that is typed, or instead of a computed one, then with the reason.

    `value` is None where something happened and nobody knows how much.
    """

    sheet = models.ForeignKey(StatSheet, on_delete=models.CASCADE, related_name="values")
    item = models.ForeignKey(StatItem, on_delete=models.PROTECT, related_name="values")
    value = models.DecimalField("số", max_digits=18, decimal_places=2, null=True, blank=True)
    reason = models.CharField("lý do", max_length=300, blank=True)
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    typed_at = models.DateTimeField()

    history = HistoricalRecords()
    objects = OfSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "số đã nhập"
        constraints = [models.UniqueConstraint(fields=["sheet", "item"], name="stat_value_once")]
