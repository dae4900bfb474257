"""Two records that may be one person: said to be two, or merged into one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class NotSamePerson(models.Model):
    """Somebody looked at the two records and said: these are two persons. `first` has the smaller key."""

    first = models.ForeignKey("branches.Member", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("branches.Member", on_delete=models.CASCADE, related_name="+")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="not_same_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="not_same_order"),
        ]


class MemberMerge(models.Model):
    """`absorbed` became part of `kept`. Says who did it, which values won and what was moved, to explain it later."""

    kept = models.ForeignKey("branches.Member", on_delete=models.PROTECT, related_name="merges")
    absorbed = models.OneToOneField("branches.Member", on_delete=models.PROTECT, related_name="merge")
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(auto_now_add=True)
    values = models.JSONField(default=dict)  # field → [value of kept before, value of absorbed, value that stands]
    moved = models.JSONField(default=dict)  # relation → number of rows moved, or what was joined
