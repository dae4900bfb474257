"""Minutes of a meeting: texts with every saved state, signatures, and what was frozen when both had signed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.scoping import UnitScopedQuerySet

from .meeting import Meeting
from .versioned import Versioned


class MinutesQuerySet(UnitScopedQuerySet):
    to_unit = "meeting__unit__"
    read_rights = ("view", "approve")
    write_rights = ("record",)

    def latest_edition(self):
        """One row a meeting: the edition that counts today."""
        newer = self.model._base_manager.filter(
            meeting=models.OuterRef("meeting"), edition__gt=models.OuterRef("edition")
        )
        return self.filter(~models.Exists(newer))


class Minutes(Versioned):
    """One edition of the minutes of a meeting. The second edition and every later one has a reason.

    `texts` maps a key ("item-12", "opening", "wishes", …) to what was typed; roll, votes, conclusions and
    tasks are read from their own rows until `frozen` takes the whole paper as it was signed.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        TO_CONFIRM = "to_confirm", "Chờ thông qua"
        SIGNING = "signing", "Đang ký"
        LOCKED = "locked", "Đã ký, đã khóa"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes")
    edition = models.PositiveSmallIntegerField("bản", default=1)
    reason = models.CharField("lý do lập bản mới", max_length=300, blank=True)
    state = models.CharField("bước", max_length=10, choices=State, default=State.DRAFT)
    texts = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=0)  # number of the newest MinutesRevision
    number = models.CharField("số", max_length=40, blank=True)
    # Who typed last and when: whoever opens the page meanwhile is warned.
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    typed_at = models.DateTimeField(null=True, blank=True)
    agreed_by_present = models.PositiveSmallIntegerField("số người có mặt tán thành biên bản", null=True, blank=True)
    frozen = models.JSONField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = "biên bản"
        verbose_name_plural = "biên bản"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "edition"], name="minutes_one_edition"),
            models.UniqueConstraint(fields=["meeting"], condition=~Q(state="locked"), name="minutes_one_open"),
            models.CheckConstraint(condition=Q(edition=1) | ~Q(reason=""), name="minutes_new_edition_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state="locked", frozen__isnull=False, locked_at__isnull=False)
                | (~Q(state="locked") & Q(frozen=None, locked_at=None)),
                name="minutes_locked_are_frozen",
            ),
        ]


class MinutesRevision(models.Model):
    """The texts after one save or one step. Written with each save that changed something, and never changed.

    `note` says the step ("Rút chữ ký: …") where it was not simply typing.
    """

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    texts = models.JSONField()
    restored_from = models.PositiveIntegerField(null=True, blank=True)
    note = models.CharField(max_length=400, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = "lần lưu biên bản"
        constraints = [models.UniqueConstraint(fields=["minutes", "number"], name="minutes_revision_once")]


class MinutesSignature(models.Model):
    """The chair or the secretary of the meeting signed this edition as it stood (`sha256` of its content)."""

    class Role(models.TextChoices):
        SECRETARY = "secretary", "Thư ký"
        CHAIR = "chair", "Chủ trì"

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="signatures")
    role = models.CharField(max_length=9, choices=Role)
    name = models.CharField(max_length=120)
    # On whose account: the person themselves, or who holds the signed paper in hand and says so.
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_paper = models.BooleanField("đã ký trên giấy", default=False)
    signed_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = "chữ ký"
        constraints = [models.UniqueConstraint(fields=["minutes", "role"], name="minutes_signed_once_a_role")]
