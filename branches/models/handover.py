"""A post goes to another person: the invitation of the newcomer and the note for the next holder."""

from django.conf import settings
from django.db import models

from branches.scoping import UnitScopedQuerySet


class Invitation(models.Model):
    """A link by which a person sets their own password for an account opened for them. Used once."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    unit = models.ForeignKey("branches.Unit", on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField("hết hạn")
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)


class HandoverNoteQuerySet(UnitScopedQuerySet):
    """Only those who hold the same post at the same unit today read a note; see handing_over.py."""


class HandoverNote(models.Model):
    """What a holder of a post leaves to the next ones."""

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="+")
    type = models.ForeignKey("branches.PostType", on_delete=models.PROTECT, related_name="+")
    text = models.TextField("nội dung bàn giao")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_on = models.DateField()

    objects = HandoverNoteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["unit", "type"])]
