"""Posts: who may do what, where, and for how long. The kinds of post are data, the verbs are code."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords


class Verb(models.TextChoices):
    """The eight rights. Everything a person may do is one of these, at a unit or below it."""

    VIEW = "view", "xem kế hoạch, hoạt động, kết quả"
    RECORD = "record", "ghi hoạt động, lập kế hoạch"
    MANAGE = "manage", "quản lý đoàn viên và hồ sơ đơn vị"
    SUBMIT = "submit", "soạn và nộp báo cáo"
    APPROVE = "approve", "duyệt báo cáo, giao chỉ tiêu"
    INSPECT = "inspect", "kiểm tra, giám sát"
    OVERSEE = "oversee", "xem số tổng hợp và văn bản, không có dữ liệu cá nhân"
    ADMINISTER = "administer", "quản trị: chức vụ, quy định, danh mục"


def check_verbs(value):
    unknown = set(value) - set(Verb.values)
    if unknown:
        raise ValidationError(f"Không có quyền tên {', '.join(sorted(unknown))}.")


class PostType(models.Model):
    """A kind of post and its rights at its own unit and at the units below."""

    class Body(models.TextChoices):
        COMMITTEE = "committee", "Ban Chấp hành"
        INSPECTION = "inspection", "Ủy ban Kiểm tra"
        PARTY = "party", "Cấp ủy"
        MEMBER = "member", "Đoàn viên"
        OFFICE = "office", "Văn phòng, quản trị"

    code = models.SlugField("mã", max_length=40, unique=True)
    name = models.CharField("tên chức vụ", max_length=80)
    body = models.CharField("thuộc", max_length=12, choices=Body)
    verbs_here = models.JSONField("quyền tại đơn vị", default=list, blank=True, validators=[check_verbs])
    verbs_below = models.JSONField("quyền tại đơn vị cấp dưới", default=list, blank=True, validators=[check_verbs])
    position = models.PositiveSmallIntegerField("thứ tự", default=50)

    class Meta:
        verbose_name = "loại chức vụ"
        verbose_name_plural = "loại chức vụ"

    def __str__(self):
        return self.name


class PostQuerySet(models.QuerySet):
    def held_on(self, day: datetime.date):
        """Posts in force on the day: start inclusive, end exclusive."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))


class Post(models.Model):
    """One person, one unit, one kind of post, over a span. Its end ends its rights on the next request."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts", verbose_name="người giữ"
    )
    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="posts", verbose_name="đơn vị")
    type = models.ForeignKey(PostType, on_delete=models.PROTECT, related_name="posts", verbose_name="chức vụ")
    term = models.ForeignKey(
        "branches.Period",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="nhiệm kỳ",
    )
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến trước ngày", null=True, blank=True)
    decision = models.CharField("quyết định", max_length=120, blank=True)

    history = HistoricalRecords()
    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "chức vụ"
        verbose_name_plural = "chức vụ"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="post_span"),
        ]
        indexes = [models.Index(fields=["account", "starts_on"]), models.Index(fields=["unit", "starts_on"])]

    def __str__(self):
        return f"{self.type}, {self.body_name}"

    @property
    def body_name(self) -> str:
        """The body the person speaks for: the unit itself, its inspection committee or its Party committee."""
        if self.type.body == PostType.Body.INSPECTION:
            return f"Ủy ban Kiểm tra {self.unit.name}"
        if self.type.body == PostType.Body.PARTY and self.unit.party_body:
            return self.unit.party_body
        return self.unit.name
