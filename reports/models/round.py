"""Rounds: what a superior asks of its units, by when, and where each of them stands."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.models import Versioned
from branches.scoping import UnitScopedQuerySet, reach

from .report import PeriodReport


class ReportRoundQuerySet(UnitScopedQuerySet):
    """Opened and steered by the superior's own office; read by every unit it is asked of, and by those above.

    The Party committee and the inspectors read what was approved, not who is late with what.
    """

    read_rights = ("view", "approve")
    write_rights = ("submit",)

    def visible_to(self, user):
        asked = RoundUnit.objects.filter(reach(user, "unit__", right=self.read_rights)).values("round")
        return self.filter(reach(user, self.to_unit, right=self.read_rights) | Q(pk__in=asked))

    def open(self):
        return self.filter(closed_on=None)


class ReportRound(Versioned):
    """One call for reports of a superior (`unit`) to its units, over one period and, if any, one theme.

    The rows of the units are made when it is opened: nobody has to create a report for it to be due.
    A term round has no `period` of its own: each unit reports its own term, named by its row.
    """

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="report_rounds")
    kind = models.CharField("loại kỳ", max_length=12)  # a Period.Kind
    period = models.ForeignKey(
        "branches.Period", on_delete=models.PROTECT, null=True, blank=True, related_name="report_rounds"
    )
    theme = models.CharField("chuyên đề", max_length=160, blank=True)
    template = models.ForeignKey(
        "reports.ReportTemplate", on_delete=models.PROTECT, null=True, blank=True, related_name="rounds",
        verbose_name="mẫu báo cáo",
    )  # fmt: skip
    name = models.CharField("tên đợt", max_length=200)
    asks = models.TextField("yêu cầu", max_length=4000, blank=True)
    tables = models.ManyToManyField(
        "reports.StatTable", blank=True, related_name="rounds", verbose_name="biểu số liệu kèm theo"
    )
    due_on = models.DateField("hạn nộp")
    opened_on = models.DateField("ngày mở đợt")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField("ngày khép đợt", null=True, blank=True)

    objects = ReportRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt báo cáo"
        verbose_name_plural = "đợt báo cáo"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period", "theme"], condition=Q(period__isnull=False), name="report_round_once"
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("opened_on")), name="report_round_due_after_opening"),
            models.CheckConstraint(
                condition=Q(kind="term", period=None) | (~Q(kind="term") & Q(period__isnull=False)),
                name="report_round_has_a_period",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


class OfRoundQuerySet(UnitScopedQuerySet):
    to_unit = "round__unit__"
    read_rights = ("view", "approve")
    write_rights = ("submit",)


class RoundStep(models.Model):
    """Opened, due date moved, closed, opened again: who, when, why. Never changed."""

    round = models.ForeignKey(ReportRound, on_delete=models.CASCADE, related_name="steps")
    verb = models.CharField("bước", max_length=20)
    text = models.CharField("việc đã làm", max_length=300, blank=True)
    reason = models.CharField("lý do", max_length=500, blank=True)
    taken_on = models.DateField("ngày")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    objects = OfRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "bước của đợt báo cáo"
        indexes = [models.Index(fields=["round", "id"])]


class RoundUnitQuerySet(UnitScopedQuerySet):
    """Read by the unit and by the office that asks, also when the unit has moved elsewhere since; steered by the
    office."""

    read_rights = ("view", "approve")
    write_rights = ("submit",)
    to_round = "round__unit__"

    def visible_to(self, user):
        by_round = reach(user, self.to_round, right=self.read_rights)
        return self.filter(reach(user, self.to_unit, right=self.read_rights) | by_round)

    def editable_by(self, user):
        return self.filter(reach(user, self.to_round, right=self.write_rights))

    def due(self):
        """Rows that ask something: neither excused nor of a round that is closed."""
        return self.filter(excused_on=None, round__closed_on=None)

    def outstanding(self):
        """Of these, those whose report is not in the superior's hands: not begun, being written, or sent back."""
        return self.due().filter(Q(report=None) | Q(report__state__in=PeriodReport.WRITTEN_IN))


class RoundUnit(models.Model):
    """The report one unit owes in one round. `period` is what it reports on, `report` the report once it is begun."""

    round = models.ForeignKey(ReportRound, on_delete=models.CASCADE, related_name="rows")
    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="reports_due")
    period = models.ForeignKey("branches.Period", on_delete=models.PROTECT, related_name="reports_due")
    due_on = models.DateField("hạn nộp")
    due_reason = models.CharField("lý do hạn riêng", max_length=300, blank=True)
    report = models.ForeignKey(PeriodReport, on_delete=models.SET_NULL, null=True, blank=True, related_name="asked_by")
    excused_on = models.DateField("ngày miễn", null=True, blank=True)
    excused_reason = models.CharField("lý do miễn", max_length=300, blank=True)
    reminded_on = models.DateField("ngày nhắc gần nhất", null=True, blank=True)
    reminders = models.PositiveSmallIntegerField("số lần nhắc", default=0)

    objects = RoundUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo phải nộp"
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="round_unit_once"),
            models.CheckConstraint(
                condition=Q(excused_on=None, excused_reason="") | (Q(excused_on__isnull=False) & ~Q(excused_reason="")),
                name="round_unit_excused_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["unit", "due_on"])]
