"""What happens to a member: asked to join, moved to another unit, away for a while, staying on beyond the age."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.scoping import UnitScopedQuerySet, reach

from .member import Member, Membership
from .versioned import Versioned


class AdmissionQuerySet(UnitScopedQuerySet):
    read_rights = ("record", "manage", "approve")
    write_rights = ("manage",)

    def open(self):
        """Not at their end yet: to be voted on, or waiting for the superior."""
        return self.filter(state__in=Admission.OPEN)


class Admission(Versioned):
    """Somebody asks to be admitted: the branch votes, the superior decides, the register gets a new member."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Chờ biểu quyết"
        VOTED = "voted", "Chờ Đoàn cấp trên chuẩn y"
        DECIDED = "decided", "Đã chuẩn y"
        REFUSED = "refused", "Không chuẩn y"
        NOT_PASSED = "not_passed", "Chi đoàn chưa tán thành"
        WITHDRAWN = "withdrawn", "Đã rút"

    OPEN = (State.PROPOSED, State.VOTED)

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="admissions")
    state = models.CharField("bước", max_length=10, choices=State, default=State.PROPOSED)
    full_name = models.CharField("họ và tên", max_length=120)
    sex = models.CharField("giới tính", max_length=6, choices=Member.Sex, blank=True)
    birth_date = models.DateField("ngày sinh")
    job = models.CharField("công việc, chức vụ", max_length=120, blank=True)
    education = models.CharField("trình độ", max_length=120, blank=True)
    hometown = models.CharField("quê quán", max_length=200, blank=True)
    address = models.CharField("nơi ở hiện nay", max_length=200, blank=True)
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    applied_on = models.DateField("ngày làm đơn")
    introduced_by = models.CharField("người giới thiệu", max_length=160, blank=True)
    voted_on = models.DateField("ngày chi đoàn họp xét", null=True, blank=True)
    members_present = models.PositiveSmallIntegerField("đoàn viên có mặt", null=True, blank=True)
    votes_for = models.PositiveSmallIntegerField("số tán thành", null=True, blank=True)
    decision = models.CharField("số quyết định", max_length=80, blank=True)
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    admitted_on = models.DateField("ngày kết nạp", null=True, blank=True)
    reason = models.CharField("lý do", max_length=300, blank=True)
    member = models.OneToOneField(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="admission")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AdmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ kết nạp"
        constraints = [
            models.CheckConstraint(
                condition=Q(votes_for=None) | Q(votes_for__lte=F("members_present")), name="admission_votes"
            )
        ]
        indexes = [models.Index(fields=["unit", "state"])]

    def __str__(self):
        return self.full_name


class TransferQuerySet(UnitScopedQuerySet):
    """A transfer belongs to both sides: each reads it, the verbs say what each may do."""

    to_unit = "source__"
    read_rights = ("record", "manage", "approve")
    write_rights = ("manage",)

    def reached_by(self, user, right):
        return self.filter(reach(user, "source__", right=right) | reach(user, "target__", right=right))

    def answerable_by(self, user):
        """Those who may take in or return: the target, and the source for a unit that does not use the software."""
        outside = Q(target=None) & reach(user, "source__", right=self.write_rights)
        return self.filter(reach(user, "target__", right=self.write_rights) | outside)

    def withdrawable_by(self, user):
        """Those who sent it."""
        return self.filter(reach(user, "source__", right=self.write_rights))

    def open(self):
        return self.filter(state=Transfer.State.SENT)


class Transfer(Versioned):
    """A member asks to move. The source introduces, the target takes in or returns; until then nothing moves.

    `target` is empty when the new unit does not use the software: `target_name` then says where to, and
    the source closes the transfer when the answer slip comes back.
    """

    class State(models.TextChoices):
        SENT = "sent", "Chờ nơi đến tiếp nhận"
        ACCEPTED = "accepted", "Đã tiếp nhận"
        RETURNED = "returned", "Trả lại"
        WITHDRAWN = "withdrawn", "Đã rút"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="transfers")
    source = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="transfers_out")
    target = models.ForeignKey(
        "branches.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="transfers_in"
    )
    target_name = models.CharField("nơi chuyển đến", max_length=200)
    state = models.CharField("tình trạng", max_length=9, choices=State, default=State.SENT)
    asked_on = models.DateField("ngày đề nghị")
    reason = models.CharField("lý do chuyển", max_length=300, blank=True)
    remark = models.TextField("nhận xét của chi đoàn")
    dues_paid_to = models.DateField("đã đóng đoàn phí đến hết tháng", null=True, blank=True)  # first day of the month
    letter_number = models.CharField("số giấy giới thiệu", max_length=40, blank=True)
    letter_on = models.DateField("ngày giấy giới thiệu", null=True, blank=True)
    due_on = models.DateField("hạn tiếp nhận")
    answered_on = models.DateField("ngày trả lời", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.CharField("lý do trả lại, ghi chú", max_length=300, blank=True)
    moved_on = models.DateField("sinh hoạt tại nơi mới từ ngày", null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = "chuyển sinh hoạt"
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(state="sent"), name="transfer_one_open"),
        ]
        indexes = [models.Index(fields=["source", "state"]), models.Index(fields=["target", "state"])]

    @property
    def letter_words(self) -> str:
        """ "Giấy giới thiệu 05-GT/CĐ ngày 22/11/2026", with what is known of it."""
        number = f" {self.letter_number}" if self.letter_number else ""
        dated = f" ngày {self.letter_on:%d/%m/%Y}" if self.letter_on else ""
        return f"Giấy giới thiệu{number}{dated}"

    def is_overdue(self, on: datetime.date) -> bool:
        return self.state == self.State.SENT and self.due_on < on


class StayOn(models.Model):
    """A member past the age asked to stay and the branch agreed, until a day within the cap of the rules."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="stays")
    wished_on = models.DateField("ngày nêu nguyện vọng")
    agreed_on = models.DateField("ngày chi đoàn đồng ý", null=True, blank=True)
    until = models.DateField("được ở lại đến trước ngày", null=True, blank=True)
    decision = models.CharField("nghị quyết, biên bản số", max_length=120, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)


class AwayStayQuerySet(UnitScopedQuerySet):
    """Reached through the home branch: the place itself is no unit."""

    to_unit = "member__home__"
    read_rights = ("record", "manage", "approve")
    write_rights = ("manage",)


class AwayStay(models.Model):
    """A member reported being away for a while at a place that has no unit here; they stay on the home roll.

    The place is text. A stay at a branch of the software is a Membership (staying.py).
    """

    KINDS = (
        (Membership.Kind.TEMPORARY.value, Membership.Kind.TEMPORARY.label),
        (Membership.Kind.RESIDENCE.value, Membership.Kind.RESIDENCE.label),
    )

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="away_stays")
    kind = models.CharField("hình thức", max_length=10, choices=KINDS)
    place = models.CharField("nơi sinh hoạt", max_length=200)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến trước ngày", null=True, blank=True)
    decision = models.CharField("giấy giới thiệu", max_length=120, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AwayStayQuerySet.as_manager()

    class Meta:
        verbose_name = "sinh hoạt ở nơi ngoài phần mềm"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="away_stay_span"),
        ]


class EndedAlong(models.Model):
    """What a leaving ended with it, and until when it would have gone on: taking the leaving back brings it back.

    One of `post`, `stay` and `away`. Written by leaving.py and leaving_posts.py.
    """

    leaving = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="ended_along")
    post = models.ForeignKey("branches.Post", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    stay = models.ForeignKey(Membership, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    away = models.ForeignKey(AwayStay, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    ended_on = models.DateField("kết thúc từ ngày")
    was_until = models.DateField("trước đó đến ngày", null=True, blank=True)
    was_decision = models.CharField("quyết định trước đó", max_length=120, blank=True)

    class Meta:
        verbose_name = "việc kết thúc theo"
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, stay=None, away=None)
                | Q(post=None, stay__isnull=False, away=None)
                | Q(post=None, stay=None, away__isnull=False),
                name="ended_along_one_thing",
            ),
        ]
