"""Complaints, denunciations and petitions put to the inspection committee; closed reading, each opening recorded."""

import re

from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.heirs import left_to
from branches.models import StoredFile, Versioned
from branches.scoping import UnitScopedQuerySet
from branches.vietnamese import saying, search_key

from .inspection import Inspection

NUMBERED = re.compile(r"([0-9]{1,6})(?:\s*/\s*([0-9]{4}))?")  # "5", "5/2026"


class ComplaintQuerySet(UnitScopedQuerySet):
    """Only the committee that received it; not the unit complained about, not the team, not the superior.

    Of a unit that ended the committee of its heir goes on with the register (branches/heirs.py).
    """

    to_unit = "received_by__"
    read_rights = ("inspect",)
    write_rights = ("inspect",)

    def visible_to(self, user):
        at = [post.unit_id for post in getattr(user, "posts_today", []) if "inspect" in post.type.verbs_here]
        return self.filter(Q(received_by__in=at) | Q(received_by__in=left_to(at)))

    def editable_by(self, user):
        return self.visible_to(user)

    def waiting(self):
        return self.filter(state__in=Complaint.OPEN)

    def matching(self, words: str):
        """Search by number, unit and sender, without marks or with them. What was written is opened, not searched."""
        if numbered := NUMBERED.fullmatch(words.strip()):
            number, year = numbered.groups()
            return self.filter(number=number, **({"year": year} if year else {}))
        return saying(self, words)


class Complaint(Versioned):
    """What somebody put to the committee, what became of it, and the case or discipline it led to."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", "Khiếu nại"
        DENUNCIATION = "denunciation", "Tố cáo"
        PETITION = "petition", "Kiến nghị, phản ánh"

    class State(models.TextChoices):
        RECEIVED = "received", "Đã nhận"
        TAKEN_UP = "taken_up", "Đang giải quyết"
        ANSWERED = "answered", "Đã trả lời"
        REFUSED = "refused", "Không thụ lý"
        FORWARDED = "forwarded", "Đã chuyển nơi có thẩm quyền"

    OPEN = (State.RECEIVED, State.TAKEN_UP)

    received_by = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="complaints_received")
    unit = models.ForeignKey(
        "branches.Unit", on_delete=models.PROTECT, related_name="complaints_about", verbose_name="về đơn vị"
    )
    kind = models.CharField("loại đơn", max_length=12, choices=Kind)
    # The register of a committee counts anew each year; a number is never given twice.
    year = models.PositiveSmallIntegerField("năm", editable=False)
    number = models.PositiveIntegerField("số", editable=False)
    received_on = models.DateField("ngày nhận")
    from_name = models.CharField("người gửi", max_length=160, blank=True)  # empty: nobody signed it
    from_contact = models.CharField("địa chỉ, điện thoại", max_length=200, blank=True)
    text = models.TextField("nội dung", max_length=6000)
    state = models.CharField("tình trạng", max_length=9, choices=State, default=State.RECEIVED)
    due_on = models.DateField("hạn giải quyết", null=True, blank=True)
    state_reason = models.CharField("lý do, nơi chuyển", max_length=300, blank=True)
    answer = models.TextField("kết quả giải quyết", max_length=4000, blank=True)
    ended_on = models.DateField("ngày kết thúc", null=True, blank=True)
    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    discipline = models.ForeignKey(
        "branches.Discipline", on_delete=models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    search_key = models.TextField(default="", editable=False)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn thư"
        indexes = [models.Index(fields=["received_by", "state"])]
        constraints = [
            models.UniqueConstraint(fields=["received_by", "year", "number"], name="complaint_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["received", "taken_up"], ended_on=None)
                | (~Q(state__in=["received", "taken_up"]) & Q(ended_on__isnull=False)),
                name="complaint_ended_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "forwarded"]) | ~Q(state_reason=""), name="complaint_says_why"
            ),
            models.CheckConstraint(condition=~Q(state="answered") | ~Q(answer=""), name="complaint_answer_says_what"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} số {self.number}/{self.year}"

    def fill_keys(self) -> None:
        """Set the derived search column from what the list can be searched by."""
        self.search_key = search_key(f"{self.unit.name} {self.from_name}")

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class ComplaintFileQuerySet(UnitScopedQuerySet):
    def visible_to(self, user):
        return self.filter(complaint__in=Complaint.objects.visible_to(user).values("pk"))

    def editable_by(self, user):
        return self.visible_to(user)


class ComplaintFile(StoredFile):
    """The letter itself and what came with it."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="files")

    objects = ComplaintFileQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp của đơn thư"


class OfComplaintQuerySet(UnitScopedQuerySet):
    """Its steps and openings are read as it is, and written by nobody's hand."""

    def visible_to(self, user):
        return self.filter(complaint__in=Complaint.objects.visible_to(user).values("pk"))

    def editable_by(self, user):
        return self.none()


class ComplaintAccess(models.Model):
    """Who opened a complaint, and when. Written by the page, changed by nobody."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="accesses")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)

    objects = OfComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = "lần mở đơn thư"


class ComplaintMove(models.Model):
    """One step of a complaint: when, by whom, and what was said. Written with the step, changed by nobody."""

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="moves")
    to_state = models.CharField(max_length=9, choices=Complaint.State)
    words = models.CharField("nội dung", max_length=300, blank=True)
    moved_on = models.DateField("ngày")
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    objects = OfComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = "bước giải quyết đơn thư"
        ordering = ["pk"]
