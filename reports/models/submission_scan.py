"""The signed sheet of what was submitted, beside the frozen edition."""

from django.db import models
from django.db.models import Q

from branches.models import StoredFile
from branches.scoping import UnitScopedQuerySet, reach

from .submission import Submission


class SubmissionScanQuerySet(UnitScopedQuerySet):
    """Read by whoever reads the edition: the Party committee those of approved ones only."""

    to_unit = "submission__report__unit__"
    read_rights = ("view", "approve")
    write_rights = ("submit",)

    def visible_to(self, user):
        approved = Q(submission__approved_on__isnull=False) & reach(user, self.to_unit, right=("oversee",))
        return self.filter(reach(user, self.to_unit, right=self.read_rights) | approved)


class SubmissionScan(StoredFile):
    """The signed sheet as a picture or a PDF; it changes nothing in the frozen edition."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="scans")

    objects = SubmissionScanQuerySet.as_manager()

    class Meta:
        verbose_name = "bản ký"
        ordering = ["pk"]
