"""Finding → recommendation → the unit's answer → the committee's check.

Done by the unit is not verified by the inspector: the two stand side by side and only a check closes.
"""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from branches.heirs import reach_or_inherit
from branches.models import StoredFile, Versioned
from branches.scoping import UnitScopedQuerySet

from .inspection import Inspection


class OfCaseQuerySet(UnitScopedQuerySet):
    """Rows of a case: the committee and the team read them as they read the case, the inspected unit only
    when the notice went out. Drafts are the committee's own."""

    to_case = "inspection"

    def visible_to(self, user):
        cases = Inspection.objects.open_to_committee(user) | Inspection.objects.notified_to(user)
        return self.filter(**{f"{self.to_case}__in": cases.values("pk")})

    def editable_by(self, user):
        return self.filter(**{f"{self.to_case}__in": Inspection.objects.editable_by(user).values("pk")})


class FindingQuerySet(OfCaseQuerySet):
    def faults(self):
        """Shortcomings and violations: what is weighed, repeated and answered with recommendations."""
        return self.filter(kind__in=Finding.FAULTS)

    def in_force(self):
        """Part of a notice that went out."""
        return self.filter(inspection__state__in=Inspection.NOTIFIED)


class Finding(Versioned):
    """One thing found: a merit, a shortcoming, a violation or a good practice."""

    class Class(models.TextChoices):
        MERIT = "merit", "Ưu điểm"
        SHORTCOMING = "shortcoming", "Hạn chế"
        VIOLATION = "violation", "Vi phạm"
        GOOD_PRACTICE = "good_practice", "Cách làm hay"

    FAULTS = (Class.SHORTCOMING, Class.VIOLATION)

    class Weight(models.IntegerChoices):
        NONE = 0, "Không xếp mức"
        SLIGHT = 1, "Nhẹ"
        CONSIDERABLE = 2, "Đáng kể"
        GRAVE = 3, "Nghiêm trọng"

    class Source(models.TextChoices):
        """A list or paper of the unit, as the evidence room of the case names it."""

        MEMBERS = "members", "Danh sách đoàn viên"
        MEETINGS = "meetings", "Sinh hoạt và biên bản"
        DUES = "dues", "Đoàn phí và quỹ"
        PLAN = "plan", "Kế hoạch, chỉ tiêu"
        REPORTS = "reports", "Báo cáo"
        BEFORE = "before", "Kiến nghị lần trước"

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="findings")
    position = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField("loại", max_length=14, choices=Class)
    text = models.TextField("nội dung", max_length=2000)
    weight = models.PositiveSmallIntegerField("mức độ", choices=Weight, default=Weight.NONE)
    facts = models.TextField("số liệu, căn cứ", max_length=2000, blank=True)
    self_stated = models.BooleanField("đơn vị tự nêu", default=False)
    item = models.ForeignKey(
        "inspections.ChecklistItem",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name="mục trong phiếu kiểm tra",
    )
    repeat_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeats", verbose_name="lặp lại"
    )
    target = models.ForeignKey(
        "branches.Target",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="chỉ tiêu",
    )
    activity = models.ForeignKey(
        "branches.Activity",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="hoạt động",
    )
    meeting = models.ForeignKey(
        "branches.Meeting",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="buổi sinh hoạt",
    )
    source = models.CharField("danh sách, sổ sách", max_length=8, choices=Source, blank=True)
    paper = models.CharField("văn bản", max_length=200, blank=True)  # a paper outside the software, by its number

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "nhận định"
        indexes = [models.Index(fields=["inspection", "position"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["shortcoming", "violation"]) | Q(weight=0, repeat_of=None),
                name="finding_only_faults_weigh_and_repeat",
            )
        ]


class RecommendationQuerySet(OfCaseQuerySet):
    def answerable_by(self, user):
        """Recommendations the user may answer for the inspected unit."""
        own = reach_or_inherit(user, "inspection__unit__", right=("record", "submit"))
        return self.filter(own, inspection__state__in=Inspection.IN_FORCE)

    def for_unit(self):
        """The same rows, but `editable_by` asks who answers for the inspected unit; for the loaders."""
        return AnswerableQuerySet(self.model, using=self._db)

    def for_deciding(self):
        """The same rows, but `editable_by` asks who decides for the inspection committee; for the loaders."""
        return DecidedQuerySet(self.model, using=self._db)

    def open(self, on: datetime.date | None = None):
        """Neither checked as adequate nor withdrawn. With a day, what was accepted as not done is left out, too,
        unless that acceptance has run out by then."""
        rows = self.exclude(state__in=Recommendation.ENDED)
        if on is None:
            return rows
        accepted = Q(state=Recommendation.State.ACCEPTED)
        return rows.filter(~accepted | Q(accepted_until__lt=on))

    def accepted(self, on: datetime.date):
        """Not done, and on that day the committee agrees that it need not be."""
        return self.filter(state=Recommendation.State.ACCEPTED, accepted_until__gte=on)

    def overdue(self, on: datetime.date):
        """Open, past the agreed day and past any acceptance: `days_late` as a condition. No due date is never late."""
        free = Q(accepted_until=None) | Q(accepted_until__lt=on)
        return self.open(on).filter(free, due_on__lt=on)

    def ahead(self, on: datetime.date):
        """Open with a date, and not overdue."""
        kept = Q(accepted_until__gte=on)
        return self.open(on).filter(Q(due_on__gte=on) | kept, due_on__isnull=False)

    def due_within(self, on: datetime.date, days: int):
        """Open and due from the day on, within so many days; not the overdue ones."""
        return self.open(on).filter(due_on__gte=on, due_on__lte=on + datetime.timedelta(days=days))

    def in_force(self):
        """Part of a notice that went out: drafts of a case not yet concluded are left out."""
        return self.filter(inspection__state__in=Inspection.NOTIFIED)

    def going(self):
        """Open, in a case that is being followed."""
        return self.open().filter(inspection__state__in=Inspection.IN_FORCE)

    def waiting_for_check(self):
        """The unit says it is done; the committee has not looked yet, or only a look on the spot can tell."""
        return self.in_force().filter(state__in=[Recommendation.State.ANSWERED, Recommendation.State.TO_VISIT])

    def waiting_for_unit(self, on: datetime.date | None = None):
        """The unit has to do something: never answered, or sent back; with a day also what was accepted until then."""
        states = Q(state__in=[Recommendation.State.OPEN, Recommendation.State.SENT_BACK])
        if on is not None:
            states |= Q(state=Recommendation.State.ACCEPTED, accepted_until__lt=on)
        return self.in_force().filter(states)

    def by_age(self):
        """The longest overdue first, then by date; those without a date last, the oldest notice first."""
        return self.order_by(F("due_on").asc(nulls_last=True), "inspection__concluded_on", "pk")


class AnswerableQuerySet(RecommendationQuerySet):
    def editable_by(self, user):
        return self.answerable_by(user)


class DecidedQuerySet(RecommendationQuerySet):
    def editable_by(self, user):
        return self.filter(inspection__in=Inspection.objects.decided_by(user).values("pk"))


class Recommendation(Versioned):
    """What the unit has to do, who in the unit answers for it, and by when, or explicitly without a date.

    `original_due_on` and `no_due_date` are what the notice says, for ever; `due_on` is the agreed date of
    today, which may have moved, or been set later where the notice set none.
    """

    class State(models.TextChoices):
        OPEN = "open", "Chưa thực hiện"
        ANSWERED = "answered", "Đơn vị báo đã làm, chờ kiểm tra"
        SENT_BACK = "sent_back", "Kiểm tra chưa đạt, làm tiếp"
        CLOSED = "closed", "Đã kiểm tra, đạt"
        TO_VISIT = "to_visit", "Chờ kiểm tra tại chỗ"
        ACCEPTED = "accepted", "Chấp nhận chưa thực hiện"
        WITHDRAWN = "withdrawn", "Rút kiến nghị"

    ENDED = (State.CLOSED, State.WITHDRAWN)

    class Recurs(models.TextChoices):
        MONTH = "month", "hằng tháng"
        QUARTER = "quarter", "hằng quý"
        HALF = "half", "sáu tháng một lần"
        YEAR = "year", "hằng năm"

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="recommendations")
    number = models.PositiveSmallIntegerField("số thứ tự")
    text = models.TextField("nội dung", max_length=2000)
    findings = models.ManyToManyField(Finding, blank=True, related_name="recommendations", verbose_name="từ nhận định")
    owner = models.CharField("ai thực hiện", max_length=160)
    expected_proof = models.CharField("minh chứng cần có", max_length=300, blank=True)
    no_due_date = models.BooleanField("không đặt hạn", default=False)
    original_due_on = models.DateField("hạn gốc", null=True, blank=True)
    due_on = models.DateField("hạn", null=True, blank=True)
    due_reason = models.CharField("lý do đổi hạn", max_length=300, blank=True)
    # A thing to be done again and again: each adequate check moves `due_on` on, the last one closes.
    recurs = models.CharField("lặp lại", max_length=7, choices=Recurs, blank=True)
    recurs_until = models.DateField("lặp lại đến ngày", null=True, blank=True)
    times_met = models.PositiveSmallIntegerField("số kỳ đã đạt", default=0)
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.OPEN)
    sent_back_count = models.PositiveSmallIntegerField(default=0)
    ended_on = models.DateField("ngày khép", null=True, blank=True)
    withdrawn_reason = models.CharField("lý do rút", max_length=300, blank=True)
    accepted_reason = models.CharField("lý do chấp nhận chưa thực hiện", max_length=300, blank=True)
    accepted_on = models.DateField("ngày chấp nhận", null=True, blank=True)
    accepted_until = models.DateField("chấp nhận đến hết ngày", null=True, blank=True)
    # What the unit made of it in its own plan.
    targets = models.ManyToManyField("branches.Target", blank=True, related_name="+", verbose_name="chỉ tiêu")
    tasks = models.ManyToManyField("branches.Task", blank=True, related_name="+", verbose_name="nhiệm vụ")

    history = HistoricalRecords()
    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = "kiến nghị"
        verbose_name_plural = "kiến nghị"
        constraints = [
            models.UniqueConstraint(fields=["inspection", "number"], name="recommendation_number_once"),
            models.CheckConstraint(
                condition=Q(no_due_date=True, original_due_on=None)
                | Q(no_due_date=False, due_on__isnull=False, original_due_on__isnull=False),
                name="recommendation_due_or_explicitly_none",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "withdrawn"], ended_on__isnull=False)
                | (~Q(state__in=["closed", "withdrawn"]) & Q(ended_on=None)),
                name="recommendation_ended_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | (Q(accepted_on__isnull=False, accepted_until__isnull=False) & ~Q(accepted_reason="")),
                name="recommendation_accepted_says_why_and_how_long",
            ),
            models.CheckConstraint(
                condition=Q(recurs="", recurs_until=None) | (~Q(recurs="") & Q(no_due_date=False)),
                name="recommendation_recurs_from_a_date",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"])]

    def __str__(self):
        return f"{self.number}. {self.text[:60]}"

    @property
    def is_ended(self) -> bool:
        return self.state in self.ENDED

    def is_accepted(self, on: datetime.date) -> bool:
        """Not done, and the committee agreed that it need not be until a day that has not passed."""
        return self.state == self.State.ACCEPTED and self.accepted_until >= on

    @property
    def binding_on(self) -> datetime.date | None:
        """The day after which it is late: the agreed one, or the end of an acceptance, whichever is later."""
        if self.due_on is None or self.accepted_until is None:
            return self.due_on
        return max(self.due_on, self.accepted_until)

    def days_late(self, on: datetime.date) -> int:
        """Whole days past the binding day; frozen on the day it ended; 0 without a date."""
        last = self.binding_on
        return max(0, ((self.ended_on or on) - last).days) if last else 0


class OfRecommendationQuerySet(OfCaseQuerySet):
    to_case = "recommendation__inspection"


class UnitAnswer(models.Model):
    """What the unit says it did about a recommendation, with its proof."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="answers")
    text = models.TextField("đã làm gì", max_length=3000)
    answered_on = models.DateField("ngày báo")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    activities = models.ManyToManyField("branches.Activity", blank=True, related_name="+", verbose_name="hoạt động")
    targets = models.ManyToManyField("branches.Target", blank=True, related_name="+", verbose_name="chỉ tiêu")

    objects = OfRecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = "trả lời của đơn vị"
        indexes = [models.Index(fields=["recommendation", "answered_on"])]


class UnitAnswerFileQuerySet(OfCaseQuerySet):
    to_case = "answer__recommendation__inspection"


class UnitAnswerFile(StoredFile):
    """A file proving an answer."""

    answer = models.ForeignKey(UnitAnswer, on_delete=models.CASCADE, related_name="files")

    objects = UnitAnswerFileQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp kèm trả lời"


class Check(models.Model):
    """The committee's dated verdict on an answer."""

    class Verdict(models.TextChoices):
        ADEQUATE = "adequate", "Đạt"
        NOT_ADEQUATE = "not_adequate", "Chưa đạt, làm tiếp"
        VISIT = "visit", "Cần kiểm tra tại chỗ"

    class Mode(models.TextChoices):
        DESK = "desk", "Qua minh chứng"
        VISIT = "visit", "Tại đơn vị"

    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="checks")
    answer = models.ForeignKey(UnitAnswer, on_delete=models.PROTECT, null=True, blank=True, related_name="checks")
    verdict = models.CharField("kết quả", max_length=12, choices=Verdict)
    mode = models.CharField("cách kiểm tra", max_length=5, choices=Mode, default=Mode.DESK)
    # The re-inspection in which this was checked, if it was one.
    in_case = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, null=True, blank=True, related_name="checks_made", verbose_name="cuộc"
    )
    text = models.TextField("nhận xét", max_length=2000, blank=True)
    checked_on = models.DateField("ngày kiểm tra")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfRecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = "kết quả kiểm tra kiến nghị"
        constraints = [
            models.CheckConstraint(condition=~Q(verdict="not_adequate") | ~Q(text=""), name="check_sent_back_says_why")
        ]
