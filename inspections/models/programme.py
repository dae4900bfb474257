"""The programme of the year: the numbered plan that orders cases, what it looks at, and what changed in it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from branches.heirs import left_to
from branches.models import Versioned
from branches.scoping import UnitScopedQuerySet, reach


def of_own_committee(user, to_unit: str = "unit__") -> Q:
    """Rows of the committee in which the user sits, or of one that ended and left them to it (branches/heirs.py).

    A post that inspects below reads what a lower committee gave notice of. It decides nothing for that committee,
    whose own people sign.
    """
    at = [post.unit_id for post in getattr(user, "posts_today", []) if "inspect" in post.type.verbs_here]
    return Q(**{f"{to_unit}in": at}) | Q(**{f"{to_unit}in": left_to(at)}) if at else Q(pk__in=[])


class ProgrammeQuerySet(UnitScopedQuerySet):
    """The committee's own; those above, of its office and of its inspection committee, read what was issued."""

    read_rights = ("inspect", "approve")
    write_rights = ("inspect",)

    def visible_to(self, user):
        issued = reach(user, self.to_unit, right=self.read_rights) & Q(state=InspectionProgramme.State.ISSUED)
        return self.filter(of_own_committee(user, self.to_unit) | issued)

    def editable_by(self, user):
        return self.filter(of_own_committee(user, self.to_unit))


class InspectionProgramme(Versioned):
    """The numbered plan behind one or more cases: the basis every paper cites.

    It is issued in the name of the committee or in the inspection committee's own name; both occur. While it
    is a draft, cases come and go freely; once issued, each change has a reason (ProgrammeChange).
    """

    class InNameOf(models.TextChoices):
        COMMITTEE = "committee", "Ban Chấp hành"
        INSPECTION_COMMITTEE = "inspection", "Ủy ban Kiểm tra"

    class State(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        ISSUED = "issued", "Đã ban hành"

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="programmes")
    year = models.PositiveSmallIntegerField("năm")
    state = models.CharField("tình trạng", max_length=6, choices=State, default=State.DRAFT)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    in_name_of = models.CharField("ban hành nhân danh", max_length=12, choices=InNameOf)
    title = models.CharField("trích yếu", max_length=300)
    purpose = models.TextField("mục đích, yêu cầu", max_length=4000, blank=True)
    conduct = models.TextField("tổ chức thực hiện", max_length=4000, blank=True)

    history = HistoricalRecords()
    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = "chương trình kiểm tra, giám sát"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "number"], condition=~Q(number=""), name="programme_number_once"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | (~Q(number="") & Q(issued_on__isnull=False)),
                name="programme_issued_has_number_and_day",
            ),
        ]

    def __str__(self):
        return f"{self.number}, {self.issued_on:%d/%m/%Y}" if self.number and self.issued_on else self.title

    @property
    def issuer_name(self) -> str:
        """The body that issued it, in words."""
        if self.in_name_of == self.InNameOf.INSPECTION_COMMITTEE:
            return f"Ủy ban Kiểm tra {self.unit.name}"
        return f"Ban Chấp hành {self.unit.name}"


class ProgrammeRowQuerySet(UnitScopedQuerySet):
    """Rows of a programme are read and written as it is."""

    to_unit = "programme__unit__"

    def visible_to(self, user):
        return self.filter(programme__in=InspectionProgramme.objects.visible_to(user).values("pk"))

    def editable_by(self, user):
        return self.filter(programme__in=InspectionProgramme.objects.editable_by(user).values("pk"))


class ProgrammeTopic(models.Model):
    """What every case under this plan looks at; a case takes a copy and may add its own."""

    class Use(models.TextChoices):
        INSPECT = "inspect", "Nội dung kiểm tra"
        SUPERVISE = "supervise", "Nội dung giám sát"

    programme = models.ForeignKey(InspectionProgramme, on_delete=models.CASCADE, related_name="topics")
    use = models.CharField(max_length=10, choices=Use, default=Use.INSPECT)
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField("nội dung", max_length=400)

    objects = ProgrammeRowQuerySet.as_manager()

    class Meta:
        verbose_name = "nội dung của chương trình"
        ordering = ["position", "pk"]


class ProgrammeChange(models.Model):
    """A case added to an issued programme, moved to another month or dropped from it, with the reason."""

    class Kind(models.TextChoices):
        ADDED = "added", "Bổ sung"
        MOVED = "moved", "Đổi tháng"
        DROPPED = "dropped", "Đưa ra khỏi chương trình"
        REWORDED = "reworded", "Sửa nội dung"

    programme = models.ForeignKey(InspectionProgramme, on_delete=models.CASCADE, related_name="changes")
    inspection = models.ForeignKey(
        "inspections.Inspection", on_delete=models.SET_NULL, null=True, blank=True, related_name="programme_changes"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    what = models.CharField("thay đổi", max_length=400)
    reason = models.CharField("lý do", max_length=300)
    changed_on = models.DateField("ngày")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ProgrammeRowQuerySet.as_manager()

    class Meta:
        verbose_name = "thay đổi của chương trình"
        ordering = ["-changed_on", "-pk"]
