"""The person who signs in. What they may do comes from their posts, never from this row."""

import datetime
from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac


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
    # The weekly letter of what waits (reports/digest.py); everybody with an address gets it until they say otherwise.
    wants_digest = models.BooleanField("nhận thư nhắc hằng tuần", default=True)
    # From this day on, sessions opened before it no longer count: a post was handed over.
    sessions_end_on = models.DateField(null=True, blank=True, editable=False)
    # How often that happened before. Kept, so that a new day never brings an older session back to life.
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)

    class Meta(AbstractUser.Meta):
        verbose_name = "tài khoản"
        verbose_name_plural = "tài khoản"

    def __str__(self):
        return self.full_name or self.username

    def get_full_name(self):
        return self.full_name or self.username

    def end_sessions(self, *, on: datetime.date, today: datetime.date) -> None:
        """Every session open on the day `on` is over from then on; one opened later is not touched.

        Of two days to come the earlier one counts: rights end with each post in any case.
        """
        waiting = self.sessions_end_on if self.sessions_end_on and self.sessions_end_on > today else None
        if self.sessions_end_on and waiting is None:
            self.sessions_ended += 1
        if on > today:
            self.sessions_end_on = min(waiting or on, on)
        else:
            self.sessions_ended += 1
            self.sessions_end_on = waiting
        self.save(update_fields=["sessions_end_on", "sessions_ended"])

    def get_session_auth_hash(self):
        return self._of_this_round(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self):
        yield from map(self._of_this_round, super().get_session_auth_fallback_hash())

    def _of_this_round(self, session_hash: str) -> str:
        """What a session must carry to count: another value after each day on which sessions ended."""
        reached = self.sessions_end_on is not None and self.sessions_end_on <= timezone.localdate()
        number = self.sessions_ended + reached
        return (
            salted_hmac("branches.Account.sessions_ended", f"{session_hash}{number}").hexdigest()
            if number
            else session_hash
        )

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
