"""Word files an administrator put in the place of the built-in Word file of a paper, each from a day on."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from branches.models import StoredFile, Unit, Versioned
from branches.scoping import UnitScopedQuerySet


class WordTemplateQuerySet(UnitScopedQuerySet):
    """Kept by the administrators of the unit; papers of the unit and those below it are filled from it."""

    read_rights = ("administer",)
    write_rights = ("administer",)

    def in_force(self, on: datetime.date):
        """Put in use on or before the day, and not yet taken back on it."""
        return self.filter(state=WordTemplate.State.IN_USE, valid_from__lte=on).filter(
            Q(ended_on=None) | Q(ended_on__gt=on)
        )

    def nearest_first(self, unit: Unit):
        """Those of the unit and of every unit above it: its own first, of one unit the newest first."""
        steps = unit.path.strip("/").split("/")
        above = [f"/{'/'.join(steps[:depth])}/" for depth in range(1, len(steps) + 1)]
        return (
            self.filter(unit__path__in=above)
            .annotate(depth=Length("unit__path"))
            .order_by("-depth", "-valid_from", "-edition")
        )


class WordTemplate(StoredFile, Versioned):
    """One edition of the file for one paper (`paper` is a key of papers/word_kinds.py) at one unit.

    A draft was checked and fills nothing yet. A file is never changed: the next one is another edition.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Chưa dùng"
        IN_USE = "in_use", "Đã đưa vào dùng"

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="word_templates")
    paper = models.CharField("loại giấy tờ", max_length=40)
    edition = models.PositiveSmallIntegerField("lần")
    state = models.CharField("trạng thái", max_length=8, choices=State, default=State.DRAFT)
    used_fields = models.JSONField("chỗ điền có trong tệp", default=list)
    valid_from = models.DateField("dùng từ ngày", null=True, blank=True)
    ended_on = models.DateField("thôi dùng từ ngày", null=True, blank=True)

    objects = WordTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "mẫu Word"
        verbose_name_plural = "mẫu Word"
        ordering = ["paper", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "paper", "edition"], name="word_template_edition_once"),
            models.CheckConstraint(
                condition=Q(state="draft", valid_from=None, ended_on=None)
                | Q(state="in_use", valid_from__isnull=False),
                name="word_template_in_use_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("valid_from")), name="word_template_ends_after_start"
            ),
        ]

    def __str__(self):
        return f"Mẫu Word lần {self.edition}"
