"""Who took the material of a case along as one file, and when."""

from django.conf import settings
from django.db import models

from .finding import OfCaseQuerySet
from .inspection import Inspection, InspectionQuerySet


class RoomCases(InspectionQuerySet):
    """Cases for the pages of the evidence room: `editable_by` asks who reads the unit's material; for the loaders."""

    def editable_by(self, user):
        return self.room_opens_to(user)


class RoomTakeQuerySet(OfCaseQuerySet):
    """Read by the committee and the team alone; the inspected unit is not told who looked and when."""

    def visible_to(self, user):
        return self.editable_by(user)


class RoomTake(models.Model):
    """One ZIP of the evidence room. Written when the file is whole, changed by nobody.

    A row of its own and no CaseMove: it leads into no state, and the unit reads the moves of its case.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="room_takes")
    sections = models.CharField("các mục", max_length=200)  # titles as they were called
    files = models.PositiveIntegerField("số tệp")
    size = models.PositiveBigIntegerField("dung lượng")  # bytes
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("lúc")

    objects = RoomTakeQuerySet.as_manager()

    class Meta:
        verbose_name = "lần tải hồ sơ kiểm tra"
