"""The yearly assessment of members and of branches: label sets and criteria are data, a round is one campaign."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.scoping import UnitScopedQuerySet, reach

from .meeting import Ballot, Meeting
from .versioned import Versioned


class Subject(models.TextChoices):
    MEMBER = "member", "Đoàn viên"
    BRANCH = "branch", "Chi đoàn"


class LabelSet(models.Model):
    """The words of the result, valid over a span of years; older reports keep theirs."""

    name = models.CharField("bộ mức", max_length=120)
    starts_on = models.DateField("áp dụng từ ngày")
    ends_on = models.DateField("đến trước ngày", null=True, blank=True)
    source = models.CharField("căn cứ", max_length=200, blank=True)

    class Meta:
        verbose_name = "bộ mức xếp loại"
        verbose_name_plural = "bộ mức xếp loại"

    def __str__(self):
        return self.name


class Label(models.Model):
    """One level. Position 1 is the best; `is_top` is what a quota limits, `is_fair` counts as "fair or better"."""

    label_set = models.ForeignKey(LabelSet, on_delete=models.CASCADE, related_name="labels")
    code = models.SlugField(max_length=30)
    name = models.CharField("mức", max_length=80)
    position = models.PositiveSmallIntegerField()
    is_top = models.BooleanField("mức cao nhất", default=False)
    is_fair = models.BooleanField("từ khá (hoàn thành tốt) trở lên", default=False)

    class Meta:
        verbose_name = "mức xếp loại"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["label_set", "code"], name="label_once")]

    def __str__(self):
        return self.name


class CriteriaSet(models.Model):
    """What is looked at, for members or for branches, valid over a span ("3 chủ động" is one more set)."""

    subject = models.CharField("đánh giá ai", max_length=8, choices=Subject)
    name = models.CharField("bộ tiêu chí", max_length=160)
    starts_on = models.DateField("áp dụng từ ngày")
    ends_on = models.DateField("đến trước ngày", null=True, blank=True)
    source = models.CharField("căn cứ", max_length=200, blank=True)

    class Meta:
        verbose_name = "bộ tiêu chí"
        verbose_name_plural = "bộ tiêu chí"

    def __str__(self):
        return self.name


class Criterion(models.Model):
    """One criterion. `fact` names a figure that stands beside it (assessing/facts.py); it never decides."""

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.CASCADE, related_name="criteria")
    code = models.SlugField(max_length=30)
    position = models.PositiveSmallIntegerField()
    text = models.CharField("tiêu chí", max_length=300)
    guidance = models.CharField("hướng dẫn", max_length=300, blank=True)
    fact = models.CharField(max_length=30, blank=True)
    # What the best level expects of the fact, in percent; said beside the figure.
    expected = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = "tiêu chí"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["criteria_set", "code"], name="criterion_once")]


class AssessmentRoundQuerySet(UnitScopedQuerySet):
    read_rights = ("view", "approve")
    write_rights = ("record", "approve")


class AssessmentRound(Versioned):
    """One campaign of a unit for itself and everything below it. Label and criteria sets stay as they were chosen."""

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="assessment_rounds")
    subject = models.CharField("đánh giá ai", max_length=8, choices=Subject)
    name = models.CharField("tên đợt", max_length=160)
    period = models.ForeignKey("branches.Period", on_delete=models.PROTECT, related_name="+")
    label_set = models.ForeignKey(LabelSet, on_delete=models.PROTECT, related_name="+", verbose_name="bộ mức")
    criteria_set = models.ForeignKey(
        CriteriaSet, on_delete=models.PROTECT, related_name="+", verbose_name="bộ tiêu chí"
    )
    opened_on = models.DateField("ngày mở đợt")
    self_until = models.DateField("đoàn viên tự đánh giá đến hết ngày")
    due_on = models.DateField("chi đoàn gửi kết quả trước ngày")
    # Who belonged to the branch for fewer months than the rule asks on this day is not assessed.
    counted_on = models.DateField("tính đến ngày")
    top_quota = models.PositiveSmallIntegerField("tỷ lệ mức cao nhất không quá (%)", null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField("ngày khép đợt", null=True, blank=True)

    objects = AssessmentRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt đánh giá, xếp loại"
        constraints = [
            models.CheckConstraint(
                condition=Q(self_until__gte=F("opened_on"), due_on__gte=F("self_until")), name="assessment_round_days"
            )
        ]

    def __str__(self):
        return self.name


class AssessmentQuerySet(UnitScopedQuerySet):
    """Read by who keeps the register; the person concerned reads their own (scoping's exception)."""

    read_rights = ("record", "manage", "approve")
    write_rights = ("record",)

    def visible_to(self, user):
        own = Q(member=user.member_id) if getattr(user, "member_id", None) else Q(pk__in=[])
        return self.filter(reach(user, self.to_unit, right=self.read_rights) | own)

    def of_person(self, user):
        return self.filter(member=user.member_id) if getattr(user, "member_id", None) else self.none()


class Assessment(Versioned):
    """One member (or one branch) in one round, step by step: self → branch meeting → committee → superior."""

    class State(models.TextChoices):
        OPEN = "open", "Chưa tự đánh giá"
        SELF = "self", "Đã tự đánh giá"
        CONCLUDED = "concluded", "Chi đoàn đã kết luận"
        APPROVED = "approved", "Đoàn cấp trên đã chuẩn y"
        RETURNED = "returned", "Đoàn cấp trên trả lại"
        NOT_ELIGIBLE = "not_eligible", "Không thuộc diện đánh giá"

    round = models.ForeignKey(AssessmentRound, on_delete=models.PROTECT, related_name="assessments")
    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="assessments")
    member = models.ForeignKey(
        "branches.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="assessments"
    )
    state = models.CharField("bước", max_length=12, choices=State, default=State.OPEN)
    excluded_because = models.CharField("lý do không đánh giá", max_length=200, blank=True)
    self_label = models.ForeignKey(
        Label, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tự xếp loại"
    )
    self_answers = models.JSONField(default=dict, blank=True)  # criterion code → what was written
    self_text = models.TextField("tự nhận xét", max_length=2000, blank=True)
    self_at = models.DateTimeField(null=True, blank=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="assessments")
    # The vote of that meeting on this conclusion; or the numbers of the paper minutes, in the two fields below.
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    votes_present = models.PositiveSmallIntegerField("có mặt khi biểu quyết", null=True, blank=True)
    votes = models.JSONField(default=dict, blank=True)  # label code → votes
    branch_label = models.ForeignKey(
        Label, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="chi đoàn kết luận"
    )
    branch_remark = models.TextField("nhận xét của chi đoàn", max_length=2000, blank=True)
    # The computed facts as they stood when the branch concluded.
    facts = models.JSONField(default=dict, blank=True)
    concluded_on = models.DateField("ngày kết luận", null=True, blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    final_label = models.ForeignKey(
        Label, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="kết quả"
    )
    decision = models.CharField("văn bản chuẩn y", max_length=120, blank=True)
    approved_on = models.DateField("ngày chuẩn y", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    returned_because = models.CharField("lý do trả lại", max_length=300, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "đánh giá, xếp loại"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "member"], condition=Q(member__isnull=False), name="assessment_of_member_once"
            ),
            models.UniqueConstraint(fields=["round", "unit"], condition=Q(member=None), name="assessment_of_unit_once"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(final_label__isnull=False, approved_on__isnull=False),
                name="assessment_approved_with_a_label",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_eligible") | ~Q(excluded_because=""), name="assessment_excluded_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(ballot=None) | Q(votes_present=None), name="assessment_vote_stands_once"
            ),
        ]
        indexes = [models.Index(fields=["unit", "state"])]

    @property
    def got(self) -> tuple[int, int] | None:
        """Votes for the level the branch concluded, and those present; None where no numbers were kept."""
        if self.branch_label_id is None:
            return None
        if self.ballot_id is not None:
            return self.ballot.votes_for, self.ballot.present
        if not self.votes or self.votes_present is None:
            return None
        return self.votes.get(self.branch_label.code, 0), self.votes_present
