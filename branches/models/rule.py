"""Rules are dated data: ages, thresholds, tolerances and layouts, each with its source."""

import datetime
import functools
import operator

from django.db import models
from django.db.models import F, Q


class Rule(models.Model):
    """One value of a rule over a span of days (start inclusive, end exclusive)."""

    key = models.CharField("khóa", max_length=60)
    value = models.JSONField("giá trị")
    valid_from = models.DateField("có hiệu lực từ")
    valid_to = models.DateField("hết hiệu lực", null=True, blank=True)
    source = models.CharField("nguồn", max_length=200)

    class Meta:
        verbose_name = "quy định"
        verbose_name_plural = "quy định"
        constraints = [
            models.UniqueConstraint(fields=["key", "valid_from"], name="rule_one_start"),
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="rule_span"),
        ]

    def __str__(self):
        return f"{self.key} từ {self.valid_from:%d/%m/%Y}"


def rules_on(day: datetime.date) -> dict:
    """Every rule in force on the day, key → value. One query; a missing key is a KeyError."""
    (rules,) = rules_on_days(day)
    return rules


def rules_on_days(*days: datetime.date) -> list[dict]:
    """`rules_on` for each of the days, for a page that judges several years. One query."""
    in_force = [Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day)) for day in days]
    rows = Rule.objects.filter(functools.reduce(operator.or_, in_force)).order_by("valid_from", "pk")
    rows = list(rows.values_list("key", "value", "valid_from", "valid_to"))
    return [
        {key: value for key, value, first, end in rows if first <= day and (end is None or end > day)} for day in days
    ]
