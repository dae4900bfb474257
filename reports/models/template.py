"""Templates of reports: which chapters stand in which order under which heading, as data."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.models import Period, Versioned
from branches.scoping import UnitScopedQuerySet


class ReportTemplateQuerySet(UnitScopedQuerySet):
    """Common templates are read by whoever reads reports somewhere; own ones by those who read them at the owner."""

    to_unit = "owner__"
    read_rights = ("view", "approve")
    write_rights = ("manage",)

    def visible_to(self, user):
        own = super().visible_to(user)
        reads = any(
            not {*post.type.verbs_here, *post.type.verbs_below}.isdisjoint(self.read_rights)
            for post in getattr(user, "posts_today", [])
        )
        return own | self.filter(owner=None) if reads else own

    def for_unit(self, unit):
        """Common ones, and those that the unit or a unit above it made."""
        above = [int(step) for step in unit.path.strip("/").split("/")]
        return self.filter(Q(owner=None) | Q(owner__in=above))

    def in_force(self, on: datetime.date):
        return self.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))


class ReportTemplate(Versioned):
    """The chapters of reports of some kinds of period. Without an `owner` it is common, else for the owner and below.

    `starts_on` and `ends_on` say for periods beginning on which days it is taken; one without `starts_on` is being
    prepared. What a report or a round was begun with is no longer changed: a new edition is made of it.
    """

    owner = models.ForeignKey(
        "branches.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="report_templates"
    )
    name = models.CharField("tên mẫu", max_length=160)
    kinds = models.JSONField("dùng cho báo cáo của", default=list)  # Period.Kind values
    for_theme = models.BooleanField("dùng cho báo cáo chuyên đề", default=False)
    edition = models.PositiveSmallIntegerField("bản", default=1)
    starts_on = models.DateField("áp dụng cho kỳ bắt đầu từ ngày", null=True, blank=True)
    ends_on = models.DateField("đến trước ngày", null=True, blank=True)
    source = models.CharField("căn cứ", max_length=200, blank=True)
    made_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReportTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "mẫu báo cáo"
        verbose_name_plural = "mẫu báo cáo"
        constraints = [
            models.UniqueConstraint(fields=["owner", "name", "edition"], name="report_template_edition_once"),
            models.UniqueConstraint(
                fields=["name", "edition"], condition=Q(owner=None), name="report_template_common_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="report_template_span"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def kind_names(self) -> list[str]:
        """What it is for, in words."""
        labels = dict(Period.Kind.choices)
        return [*(labels[kind] for kind in self.kinds if kind in labels), *(["Chuyên đề"] if self.for_theme else [])]


class TemplateChapterQuerySet(UnitScopedQuerySet):
    to_unit = "template__owner__"
    read_rights = ("view", "approve")
    write_rights = ("manage",)


class TemplateChapter(models.Model):
    """One chapter of a template. `key` names it in every report; `under` is the key of the part it stands in.

    Headings and hints may say {span}, {following}: the period and the one after it in words. An `area` chapter without
    a work area stands for every area of the catalogue that has no chapter of its own.
    """

    class FilledBy(models.TextChoices):
        PART = "part", "Tên phần, không có câu"
        OPENING = "opening", "Mở đầu"
        SITUATION = "situation", "Số đoàn viên, biến động"
        SUMMARY = "summary", "Tổng hợp chỉ tiêu"
        AREA = "area", "Một mục công tác"
        NEXT_TARGETS = "next_targets", "Chỉ tiêu kỳ tới"
        TYPED = "typed", "Người viết"

    template = models.ForeignKey(ReportTemplate, on_delete=models.CASCADE, related_name="chapters")
    position = models.PositiveSmallIntegerField("thứ tự")
    key = models.SlugField(max_length=40)
    number = models.CharField("số mục", max_length=6, blank=True)
    heading = models.CharField("tên mục", max_length=200)
    under = models.CharField("trong phần", max_length=40, blank=True)
    filled_by = models.CharField("nội dung lấy từ", max_length=12, choices=FilledBy, default=FilledBy.TYPED)
    area = models.ForeignKey("branches.WorkArea", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_optional = models.BooleanField("không có nội dung thì không in", default=False)
    is_list = models.BooleanField("mỗi câu một gạch đầu dòng", default=False)
    hint = models.CharField("gợi ý cho người viết", max_length=300, blank=True)

    objects = TemplateChapterQuerySet.as_manager()

    class Meta:
        verbose_name = "mục của mẫu báo cáo"
        constraints = [
            models.UniqueConstraint(fields=["template", "key"], name="template_chapter_once"),
            models.CheckConstraint(condition=Q(area=None) | Q(filled_by="area"), name="template_chapter_of_an_area"),
        ]
        indexes = [models.Index(fields=["template", "position"])]
