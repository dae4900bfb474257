"""Spans of time that plans and reports are made for, from a month to a term."""

import datetime
from functools import cached_property

from django.db import models
from django.db.models import F, Q

ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


class PeriodQuerySet(models.QuerySet):
    def year(self, year: int) -> "Period":
        """The stored calendar year, made when first asked for."""
        return self.stored(Period.of_year(year))

    def stored(self, period: "Period") -> "Period":
        """The row of a period that is everybody's, made when first asked for; a saved period is itself."""
        if period.pk:
            return period
        found, _ = self.get_or_create(
            kind=period.kind, starts_on=period.starts_on, ends_on=period.ends_on, unit=None,
            defaults={"name": period.name},
        )  # fmt: skip
        return found

    def containing(self, day: datetime.date):
        return self.filter(starts_on__lte=day, ends_on__gt=day)


class Period(models.Model):
    """A span, start inclusive and end exclusive. Terms belong to a unit, other periods to everybody.

    An unsaved Period is a plain value: progress over a month or a quarter needs no row.
    """

    class Kind(models.TextChoices):
        MONTH = "month", "Tháng"
        QUARTER = "quarter", "Quý"
        HALF = "half", "Sáu tháng"
        YEAR = "year", "Năm"
        SCHOOL_YEAR = "school_year", "Năm học"
        TERM = "term", "Nhiệm kỳ"

    kind = models.CharField("loại kỳ", max_length=12, choices=Kind)
    unit = models.ForeignKey(
        "branches.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="terms",
        verbose_name="đơn vị",
    )
    name = models.CharField("tên kỳ", max_length=80)
    # Of terms only: "lần thứ VII", and whether the committee was appointed until a congress is held.
    number = models.PositiveSmallIntegerField("lần thứ", null=True, blank=True)
    is_provisional = models.BooleanField("lâm thời", default=False)
    decision = models.CharField("quyết định", max_length=120, blank=True)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến trước ngày")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "kỳ"
        verbose_name_plural = "kỳ"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="period_span"),
            models.UniqueConstraint(
                fields=["kind", "starts_on", "ends_on"], condition=Q(unit=None), name="period_common_once"
            ),
            models.UniqueConstraint(fields=["unit", "starts_on"], condition=Q(kind="term"), name="period_term_once"),
            models.CheckConstraint(
                condition=Q(kind="term", unit__isnull=False) | (~Q(kind="term") & Q(unit=None)),
                name="period_only_terms_have_a_unit",
            ),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def of_year(cls, year: int) -> "Period":
        return cls(
            kind=cls.Kind.YEAR,
            name=f"Năm {year}",
            starts_on=datetime.date(year, 1, 1),
            ends_on=datetime.date(year + 1, 1, 1),
        )

    @classmethod
    def of_quarter(cls, year: int, quarter: int) -> "Period":
        first = datetime.date(year, 3 * quarter - 2, 1)
        last = datetime.date(year + quarter // 4, 3 * quarter % 12 + 1, 1)
        roman = ("I", "II", "III", "IV")[quarter - 1]
        return cls(kind=cls.Kind.QUARTER, name=f"Quý {roman}/{year}", starts_on=first, ends_on=last)

    @classmethod
    def of_month(cls, year: int, month: int) -> "Period":
        first = datetime.date(year, month, 1)
        last = datetime.date(year + month // 12, month % 12 + 1, 1)
        return cls(kind=cls.Kind.MONTH, name=f"Tháng {month}/{year}", starts_on=first, ends_on=last)

    @classmethod
    def of_half(cls, year: int, half: int) -> "Period":
        first, last = ((1, 7), (7, 1))[half - 1]
        name = ("6 tháng đầu năm", "6 tháng cuối năm")[half - 1]
        return cls(
            kind=cls.Kind.HALF, name=f"{name} {year}",
            starts_on=datetime.date(year, first, 1), ends_on=datetime.date(year + half - 1, last, 1),
        )  # fmt: skip

    @classmethod
    def of_school_year(cls, year: int) -> "Period":
        """The school year that begins on 1 September of `year`."""
        return cls(
            kind=cls.Kind.SCHOOL_YEAR, name=f"Năm học {year} - {year + 1}",
            starts_on=datetime.date(year, 9, 1), ends_on=datetime.date(year + 1, 9, 1),
        )  # fmt: skip

    @property
    def last_day(self) -> datetime.date:
        return self.ends_on - datetime.timedelta(days=1)

    @property
    def year_number(self) -> int:
        """The calendar year the period begins in; the catalogue of that year names its indicators."""
        return self.starts_on.year

    def covers(self, day: datetime.date) -> bool:
        return self.starts_on <= day < self.ends_on

    def months(self) -> list["Period"]:
        """Every calendar month touched by the period, in order. A board asks for it once a cell."""
        return list(self._months)

    @cached_property
    def _months(self) -> list["Period"]:
        found, first = [], self.starts_on.replace(day=1)
        while first < self.ends_on:
            month = Period.of_month(first.year, first.month)
            found.append(month)
            first = month.ends_on
        return found

    def quarters(self) -> list["Period"]:
        """Every calendar quarter touched by the period, in order."""
        return list(self._quarters)

    @cached_property
    def _quarters(self) -> list["Period"]:
        found = []
        for month in self.months():
            quarter = Period.of_quarter(month.starts_on.year, (month.starts_on.month + 2) // 3)
            if not found or found[-1].starts_on != quarter.starts_on:
                found.append(quarter)
        return found

    def years(self) -> list["Period"]:
        """Every calendar year touched by the period, in order."""
        return [Period.of_year(year) for year in range(self.starts_on.year, self.last_day.year + 1)]

    def within(self, other: "Period") -> "Period":
        """The part of it that lies in the other, unsaved; the two must overlap."""
        starts_on, ends_on = max(self.starts_on, other.starts_on), min(self.ends_on, other.ends_on)
        return Period(kind=self.kind, name=self.name, starts_on=starts_on, ends_on=ends_on)

    def before(self) -> "Period":
        """The same span one step earlier: last year for a year, the same quarter of last year for a quarter."""
        if self.kind == self.Kind.YEAR:
            return Period.of_year(self.starts_on.year - 1)
        if self.kind == self.Kind.QUARTER:
            return Period.of_quarter(self.starts_on.year - 1, (self.starts_on.month + 2) // 3)
        if self.kind == self.Kind.MONTH:
            return Period.of_month(self.starts_on.year - 1, self.starts_on.month)
        if self.kind == self.Kind.HALF:
            return Period.of_half(self.starts_on.year - 1, 1 if self.starts_on.month < 7 else 2)
        if self.kind == self.Kind.SCHOOL_YEAR:
            return Period.of_school_year(self.starts_on.year - 1)
        length = self.ends_on - self.starts_on
        return Period(
            kind=self.kind,
            unit=self.unit,
            name="Kỳ trước",
            starts_on=self.starts_on - length,
            ends_on=self.starts_on,
        )
