"""One e-mail a person and week: what was sent, so that a restart or a second worker never sends it twice."""

from django.conf import settings
from django.db import models


class DigestSent(models.Model):
    """The digest of one week (its Monday) for one account. Written before the mail leaves.

    A worker that takes the letter on writes `claimed_at`, and `sent_at` once the mail server has it: what was
    claimed long ago and never sent belongs to a worker that died.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests")
    week = models.DateField()
    items = models.PositiveSmallIntegerField()
    queued_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "week"], name="digest_once_a_week")]
