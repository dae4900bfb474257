"""A post goes to another person: the invitation of the newcomer and the note for the next holder."""

import functools
import operator

from django.conf import settings
from django.db import models
from django.db.models import Q

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
    """Only those who hold the same post (kind and unit) today read its notes; nobody above them does."""

    def visible_to(self, user):
        held = [Q(unit_id=post.unit_id, type_id=post.type_id) for post in getattr(user, "posts_today", [])]
        return self.filter(functools.reduce(operator.or_, held, Q(pk__in=[])))

    editable_by = visible_to


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
