"""What every unit owes once a period, and what people said of it when nothing was done. See reports/duties.py."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from branches.scoping import UnitScopedQuerySet

from .unit import Unit


class Rhythm(models.TextChoices):
    MONTH = "month", "Hằng tháng"
    QUARTER = "quarter", "Hằng quý"
    HALF = "half", "Sáu tháng"
    YEAR = "year", "Hằng năm"


class DutyTypeQuerySet(models.QuerySet):
    def in_force(self, starts_on: datetime.date, ends_on: datetime.date):
        """Editions that hold on some day from `starts_on` until before `ends_on`."""
        return self.filter(starts_on__lt=ends_on).filter(Q(ends_on=None) | Q(ends_on__gt=starts_on))


class DutyType(models.Model):
    """One edition of a duty: what, how often, by when, of which kinds of unit. A new rhythm is a new edition.

    A duty of the whole organisation has no `owner`; one with an owner is asked of the units below it.
    """

    class FulfilledBy(models.TextChoices):
        MEETING = "meeting", "một buổi sinh hoạt đã họp"
        REMITTANCE = "remittance", "phiếu trích nộp đoàn phí"
        HALF_REPORT = "half_report", "báo cáo sáu tháng"
        YEAR_REPORT = "year_report", "báo cáo năm"
        HAND = "hand", "người phụ trách ghi là đã làm"

    code = models.SlugField("mã", max_length=40)
    name = models.CharField("việc", max_length=120)
    rhythm = models.CharField("nhịp", max_length=8, choices=Rhythm)
    fulfilled_by = models.CharField("xong khi có", max_length=12, choices=FulfilledBy)
    unit_kinds = models.JSONField("loại tổ chức phải làm", default=list)
    # Which periods of the year owe it, counted from 1; empty: every one. [1] of HALF is the first half only.
    only = models.JSONField("chỉ các kỳ", default=list, blank=True)
    # Days after the last day of the period; 0 is the last day itself, -5 five days before it.
    due_days = models.SmallIntegerField("hạn: số ngày sau ngày cuối kỳ", default=0)
    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="duty_types")
    starts_on = models.DateField("áp dụng từ ngày")
    ends_on = models.DateField("đến trước ngày", null=True, blank=True)
    source = models.CharField("căn cứ", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=50)

    objects = DutyTypeQuerySet.as_manager()

    class Meta:
        verbose_name = "việc định kỳ"
        verbose_name_plural = "việc định kỳ"
        constraints = [
            models.UniqueConstraint(fields=["code", "starts_on"], name="duty_type_one_start"),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="duty_type_span"),
        ]

    def __str__(self):
        return self.name


class DutyExceptionQuerySet(UnitScopedQuerySet):
    read_rights = ("view", "approve")
    write_rights = ("approve",)


class DutyException(models.Model):
    """The superior confirmed another rhythm for one unit (a scattered branch meets once a quarter), for a span."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duty_exceptions")
    code = models.SlugField("việc", max_length=40)
    rhythm = models.CharField("nhịp", max_length=8, choices=Rhythm, blank=True)  # blank: need not be done at all
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến trước ngày", null=True, blank=True)
    reason = models.CharField("lý do", max_length=300)
    decision = models.CharField("văn bản", max_length=120, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DutyExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = "nhịp riêng của đơn vị"
        constraints = [
            models.UniqueConstraint(fields=["unit", "code", "starts_on"], name="duty_exception_one_start"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="duty_exception_span"
            ),
        ]


class DutyWordQuerySet(UnitScopedQuerySet):
    read_rights = ("view", "approve")
    write_rights = ("record", "approve")


class DutyWord(models.Model):
    """What somebody said of one duty of one unit in one period. Things that were done speak for themselves."""

    class Said(models.TextChoices):
        DONE = "done", "Đã làm"
        NOT_HELD = "not_held", "Không làm, có lý do"
        EXEMPT = "exempt", "Được miễn"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duty_words")
    code = models.SlugField("việc", max_length=40)
    starts_on = models.DateField("kỳ từ ngày")
    said = models.CharField("tình hình", max_length=8, choices=Said)
    done_on = models.DateField("ngày làm xong", null=True, blank=True)
    reason = models.CharField("lý do, ghi chú", max_length=300, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now=True)

    history = HistoricalRecords()  # a word taken back, or said otherwise, leaves its line here
    objects = DutyWordQuerySet.as_manager()

    class Meta:
        verbose_name = "tình hình việc định kỳ"
        constraints = [
            models.UniqueConstraint(fields=["unit", "code", "starts_on"], name="duty_word_once"),
            models.CheckConstraint(
                condition=Q(said="done", done_on__isnull=False) | (~Q(said="done") & Q(done_on=None) & ~Q(reason="")),
                name="duty_word_has_a_day_or_a_reason",
            ),
        ]


class DutyReminder(models.Model):
    """A superior reminded a unit of one late duty; shown to the unit on its page and in its waiting list."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="duty_reminders")
    code = models.SlugField(max_length=40)
    starts_on = models.DateField()
    reminded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reminded_on = models.DateField()

    class Meta:
        verbose_name = "lần nhắc"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "code", "starts_on", "reminded_on"], name="duty_reminder_once_a_day"
            )
        ]
