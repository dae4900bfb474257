"""A later date for a recommendation: asked for by the unit, or moved by the committee itself."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.models import Versioned

from .finding import OfRecommendationQuerySet, Recommendation


class ExtensionQuerySet(OfRecommendationQuerySet):
    def editable_by(self, user):
        """The date is the committee's decision, not the team's."""
        mine = Recommendation.objects.for_deciding().editable_by(user)
        return self.filter(recommendation__in=mine.values("pk"))

    def waiting(self):
        """Asked and not answered, of a recommendation that is still open in a case that is followed."""
        return self.filter(state=ExtensionRequest.State.ASKED, recommendation__in=Recommendation.objects.going())


class ExtensionRequest(Versioned):
    """The unit asks for a later date; the committee agrees, perhaps to another one, or refuses. Counted, never erased.

    A date the committee moves of its own accord is one of these too, agreed on the day it was asked.
    """

    class State(models.TextChoices):
        ASKED = "asked", "Chờ trả lời"
        AGREED = "agreed", "Đồng ý"
        REFUSED = "refused", "Không đồng ý"
        DROPPED = "dropped", "Không cần nữa"  # what it was asked for ended before anybody answered

    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="extensions")
    wanted_due_on = models.DateField("hạn đề nghị")
    reason = models.CharField("lý do", max_length=300)
    asked_on = models.DateField("ngày đề nghị")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("tình trạng", max_length=7, choices=State, default=State.ASKED)
    due_before = models.DateField("hạn lúc đề nghị", null=True, blank=True)
    agreed_due_on = models.DateField("hạn được đồng ý", null=True, blank=True)
    words = models.CharField("trả lời", max_length=300, blank=True)
    decided_on = models.DateField("ngày trả lời", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = "đề nghị gia hạn"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation"], condition=Q(state="asked"), name="extension_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(state="asked") | Q(decided_on__isnull=False, decided_by__isnull=False),
                name="extension_decided_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="agreed") | Q(agreed_due_on__isnull=False), name="extension_agreed_has_a_date"
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(words=""), name="extension_refused_says_why"),
        ]
