"""The person who signs in. What they may do comes from their posts, never from this row."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone


class Account(AbstractUser):
    """A login. `is_superuser` opens the administration site only; it reaches no unit by itself."""

    full_name = models.CharField("họ và tên", max_length=120)
    member = models.OneToOneField(
        "branches.Member",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="account",
        verbose_name="đoàn viên",
    )
    # From this day on, sessions opened before it no longer count: a post was handed over.
    sessions_end_on = models.DateField(null=True, blank=True, editable=False)

    class Meta(AbstractUser.Meta):
        verbose_name = "tài khoản"
        verbose_name_plural = "tài khoản"

    def __str__(self):
        return self.full_name or self.username

    def get_full_name(self):
        return self.full_name or self.username

    @cached_property
    def posts_today(self):
        """The posts this person holds today. Lives as long as this object, that is one request."""
        from .post import Post

        return list(
            Post.objects.held_on(timezone.localdate())
            .filter(account=self)
            .select_related("unit", "type")
            .order_by("type__position", "pk")
        )
