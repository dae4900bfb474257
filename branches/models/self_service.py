"""A member corrects their own record from a link, without an account: the link, what is proposed, and consent."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.scoping import UnitScopedQuerySet


class SelfServiceLinkQuerySet(UnitScopedQuerySet):
    read_rights = ("manage",)
    write_rights = ("manage",)

    def live(self, now):
        """Links that still open something at this moment."""
        return self.filter(revoked_at=None, expires_at__gt=now)


class SelfServiceLink(models.Model):
    """A secret address for the members of a branch, or for one of them. Only the hash of the secret is kept."""

    unit = models.ForeignKey("branches.Unit", on_delete=models.CASCADE, related_name="self_service_links")
    member = models.ForeignKey("branches.Member", on_delete=models.CASCADE, null=True, blank=True, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField("hết hạn")
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField("lần dùng cuối", null=True, blank=True)
    uses = models.PositiveIntegerField("số lần vào", default=0)

    objects = SelfServiceLinkQuerySet.as_manager()


class ProposedValueQuerySet(UnitScopedQuerySet):
    """Proposals belong to the unit of the member's current official membership, as the member does."""

    to_unit = "member__home__"
    read_rights = ("manage",)
    write_rights = ("manage",)

    def waiting(self):
        return self.filter(state=ProposedValue.State.WAITING)


class ProposedValue(models.Model):
    """One field that a member says is wrong or missing. The keeper of the register takes it or not."""

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ xem"
        ACCEPTED = "accepted", "Đã nhận"
        DECLINED = "declined", "Không nhận"
        REPLACED = "replaced", "Đã đề nghị lại"

    member = models.ForeignKey("branches.Member", on_delete=models.CASCADE, related_name="proposals")
    link = models.ForeignKey(SelfServiceLink, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    field = models.CharField(max_length=40)
    value = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    sent_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)

    objects = ProposedValueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "field"], condition=Q(state="waiting"), name="proposal_one_waiting"
            )
        ]
        indexes = [models.Index(fields=["state", "member"])]


class ConsentText(models.Model):
    """What people are asked to agree to, word for word. A new wording is a new row."""

    purpose = models.SlugField("mục đích", max_length=40)
    version = models.PositiveSmallIntegerField("bản")
    title = models.CharField("tiêu đề", max_length=160)
    body = models.TextField("nội dung")
    valid_from = models.DateField("áp dụng từ")

    class Meta:
        verbose_name = "văn bản xin đồng ý"
        verbose_name_plural = "các văn bản xin đồng ý"
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="consent_text_once")]

    def __str__(self):
        return f"{self.title}, bản {self.version}"


class Consent(models.Model):
    """A member agreed, or did not, or took it back: one row each time, changed by nobody."""

    class Means(models.TextChoices):
        LINK = "link", "Qua liên kết của đoàn viên"
        ACCOUNT = "account", "Khi đăng nhập"
        PAPER = "paper", "Bằng giấy có chữ ký"

    member = models.ForeignKey("branches.Member", on_delete=models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    given = models.BooleanField("đồng ý")
    means = models.CharField("cách", max_length=7, choices=Means)
    said_at = models.DateTimeField("lúc", auto_now_add=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    guardian = models.CharField("cha, mẹ hoặc người giám hộ", max_length=120, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta:
        verbose_name = "sự đồng ý"
        indexes = [models.Index(fields=["member", "text", "-said_at"])]


class DataRequestQuerySet(UnitScopedQuerySet):
    read_rights = ("manage",)
    write_rights = ("manage",)


class DataRequest(models.Model):
    """What a person asked about their own data, with the clocks of the law (rules data_request_*)."""

    class Kind(models.TextChoices):
        KNOW = "know", "Muốn biết dữ liệu được dùng thế nào"
        COPY = "copy", "Xin bản sao dữ liệu"
        CORRECT = "correct", "Sửa dữ liệu"
        WITHDRAW = "withdraw", "Rút lại sự đồng ý"
        RESTRICT = "restrict", "Hạn chế xử lý"
        OBJECT = "object", "Phản đối xử lý"
        DELETE = "delete", "Xóa dữ liệu"
        COMPLAIN = "complain", "Khiếu nại"

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="data_requests")
    member = models.ForeignKey(
        "branches.Member", on_delete=models.SET_NULL, null=True, blank=True, related_name="data_requests"
    )
    name = models.CharField("người yêu cầu", max_length=120)
    kind = models.CharField("yêu cầu", max_length=8, choices=Kind)
    details = models.TextField("nội dung", blank=True)
    received_on = models.DateField("ngày nhận")
    answer_due_on = models.DateField("hạn trả lời")
    finish_due_on = models.DateField("hạn làm xong")
    extended_because = models.CharField("lý do gia hạn", max_length=300, blank=True)
    answered_on = models.DateField("ngày trả lời", null=True, blank=True)
    finished_on = models.DateField("ngày làm xong", null=True, blank=True)
    outcome = models.TextField("kết quả", blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "yêu cầu về dữ liệu cá nhân"
        indexes = [models.Index(fields=["unit", "finished_on", "finish_due_on"])]
