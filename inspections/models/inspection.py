"""The programme that orders inspections, and one inspection of one unit under it."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from branches.heirs import reach_or_inherit
from branches.models import Versioned
from branches.scoping import UnitScopedQuerySet, reach


class ProgrammeQuerySet(UnitScopedQuerySet):
    read_rights = ("inspect", "approve")
    write_rights = ("inspect",)


class InspectionProgramme(Versioned):
    """The numbered plan behind one or more inspections: the basis every paper cites.

    It is issued in the name of the committee or in the inspection committee's own name; both occur.
    """

    class InNameOf(models.TextChoices):
        COMMITTEE = "committee", "Ban Chấp hành"
        INSPECTION_COMMITTEE = "inspection", "Ủy ban Kiểm tra"

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="programmes")
    year = models.PositiveSmallIntegerField("năm")
    number = models.CharField("số, ký hiệu", max_length=60)
    issued_on = models.DateField("ngày ban hành")
    in_name_of = models.CharField("ban hành nhân danh", max_length=12, choices=InNameOf)
    title = models.CharField("trích yếu", max_length=300)

    history = HistoricalRecords()
    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = "chương trình kiểm tra, giám sát"
        constraints = [models.UniqueConstraint(fields=["unit", "year", "number"], name="programme_number_once")]

    def __str__(self):
        return f"{self.number}, {self.issued_on:%d/%m/%Y}"

    @property
    def issuer_name(self) -> str:
        """The body that issued it, in words."""
        if self.in_name_of == self.InNameOf.INSPECTION_COMMITTEE:
            return f"Ủy ban Kiểm tra {self.unit.name}"
        return f"Ban Chấp hành {self.unit.name}"


class InspectionQuerySet(UnitScopedQuerySet):
    """Reached through the inspecting unit (its committee), and by the inspected unit once it is notified."""

    to_unit = "programme__unit__"
    read_rights = ("inspect",)
    write_rights = ("inspect",)

    def visible_to(self, user):
        """The inspection committee's cases; the inspected unit's own; and, as the named exception of the
        permission rule, the case in which the user holds a team seat today."""
        return self.filter(self._of_committee(user) | self._of_inspected(user))

    def editable_by(self, user):
        return self.filter(reach(user, self.to_unit, right=self.write_rights) | self.seats_of(user))

    def open_to_committee(self, user):
        """Cases whose working papers the user reads: findings and recommendations before the notice."""
        return self.filter(self._of_committee(user))

    def notified_to(self, user):
        """Cases of the user's own unit whose notice went out: from then on it reads what was found."""
        return self.filter(self._of_inspected(user), state__in=Inspection.NOTIFIED)

    def overseen_by(self, user):
        """Cases whose notice went out, at units of the user's Party committee: it reads the notice, not the case."""
        return self.filter(reach(user, "unit__", right="oversee"), state__in=Inspection.NOTIFIED)

    def notices_below(self, user, unit, period):
        """Notices of the period at the unit and below it that the user's Party committee reads, the newest first."""
        told = self.overseen_by(user).filter(unit__path__startswith=unit.path).select_related("unit", "programme__unit")
        told = told.filter(concluded_on__gte=period.starts_on, concluded_on__lt=period.ends_on)
        return told.order_by("-concluded_on", "-pk")

    def _of_committee(self, user) -> Q:
        return reach(user, self.to_unit, right=self.read_rights) | self.seats_of(user)

    def _of_inspected(self, user) -> Q:
        """The unit's own cases, and those left to it by a unit that ended.

        Except a visit that must not be announced, until it has taken place.
        """
        kept_quiet = Q(state=Inspection.State.PLANNED, inspection_kind__in=Inspection.UNANNOUNCED)
        return reach_or_inherit(user, "unit__", right=("record", "manage", "submit")) & ~kept_quiet

    def answerable_by(self, user):
        """Cases in which the user may answer for the inspected unit, or for one that ended and left them to theirs."""
        return self.filter(reach_or_inherit(user, "unit__", right=("record", "submit")))

    def undecided(self, on: datetime.date):
        """The day agreed for the visit is over and nobody has written the visit down."""
        return self.filter(state=Inspection.State.PLANNED, visited_on__lt=on)

    def waiting_for_conclusion(self):
        """Visited, and no notice has gone out yet."""
        return self.filter(state=Inspection.State.VISITED)

    @staticmethod
    def seats_of(user) -> Q:
        """Cases with an open team seat of the user. A subquery: a join would repeat the case."""
        if not getattr(user, "is_authenticated", False):
            return Q(pk__in=[])
        today = timezone.localdate()
        seats = TeamSeat.objects.filter(account=user, starts_on__lte=today).filter(
            Q(ends_on=None) | Q(ends_on__gt=today)
        )
        return Q(pk__in=seats.values("inspection_id"))


class Inspection(Versioned):
    """One unit inspected, supervised, or both in one session, on the basis of a programme."""

    class Kind(models.TextChoices):
        PERIODIC = "periodic", "định kỳ"
        REGULAR = "regular", "thường xuyên"
        THEMATIC = "thematic", "chuyên đề"
        SUDDEN = "sudden", "đột xuất"
        VIOLATION_SIGN = "violation_sign", "khi có dấu hiệu vi phạm"

    # domain.md 5.1: supervision follows and warns, it is regular or thematic; the rest is inspection.
    INSPECTION_KINDS = (Kind.PERIODIC, Kind.THEMATIC, Kind.SUDDEN, Kind.VIOLATION_SIGN)
    SUPERVISION_KINDS = (Kind.PERIODIC, Kind.REGULAR, Kind.THEMATIC)
    UNANNOUNCED = (Kind.SUDDEN, Kind.VIOLATION_SIGN)

    class State(models.TextChoices):
        PLANNED = "planned", "Đã lên kế hoạch"
        VISITED = "visited", "Đã làm việc, chưa kết luận"
        CONCLUDED = "concluded", "Đã thông báo kết luận"
        CLOSED = "closed", "Đã kết thúc"

    NOTIFIED = (State.CONCLUDED, State.CLOSED)

    class DayPart(models.TextChoices):
        MORNING = "morning", "sáng"
        AFTERNOON = "afternoon", "chiều"
        WHOLE_DAY = "day", "cả ngày"

    programme = models.ForeignKey(
        InspectionProgramme, on_delete=models.PROTECT, related_name="inspections", verbose_name="căn cứ"
    )
    unit = models.ForeignKey(
        "branches.Unit",
        on_delete=models.PROTECT,
        related_name="inspections",
        verbose_name="đơn vị được kiểm tra",
    )
    title = models.CharField("nội dung", max_length=200)
    inspection_kind = models.CharField("kiểm tra", max_length=16, choices=Kind, blank=True)
    supervision_kind = models.CharField("giám sát", max_length=16, choices=Kind, blank=True)
    review_from = models.DateField("mốc kiểm tra từ")
    review_to = models.DateField("đến trước ngày")
    visited_on = models.DateField("ngày làm việc", null=True, blank=True)
    day_part = models.CharField("buổi", max_length=10, choices=DayPart, blank=True)
    place = models.CharField("địa điểm", max_length=160, blank=True)
    unit_account = models.TextField("đơn vị báo cáo", max_length=6000, blank=True)
    party_remark = models.TextField("ý kiến của cấp ủy", max_length=3000, blank=True)
    conclusion_opening = models.TextField("nhận xét chung", max_length=3000, blank=True)
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.PLANNED)
    conclusion_number = models.CharField("số thông báo kết luận", max_length=60, blank=True)
    concluded_on = models.DateField("ngày thông báo kết luận", null=True, blank=True)
    signer_capacity = models.CharField("thể thức ký", max_length=120, blank=True)
    signer_post = models.CharField("chức vụ người ký", max_length=120, blank=True)
    signer_name = models.CharField("người ký", max_length=120, blank=True)
    closed_on = models.DateField("ngày kết thúc", null=True, blank=True)

    history = HistoricalRecords()
    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = "cuộc kiểm tra, giám sát"
        constraints = [
            models.CheckConstraint(
                condition=~Q(inspection_kind="") | ~Q(supervision_kind=""), name="inspection_has_a_purpose"
            ),
            models.CheckConstraint(condition=Q(review_to__gt=F("review_from")), name="inspection_review_span"),
            models.CheckConstraint(
                condition=Q(state="planned") | Q(visited_on__isnull=False),
                name="inspection_visited_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["concluded", "closed"]) | Q(concluded_on__isnull=False),
                name="inspection_concluded_has_a_day",
            ),
        ]
        indexes = [models.Index(fields=["unit", "visited_on"])]

    def __str__(self):
        return f"{self.title}, {self.unit.name}"

    @property
    def purpose_words(self) -> str:
        """ "kiểm tra", "giám sát", or both: what the papers call this session."""
        words = [w for w, kind in (("kiểm tra", self.inspection_kind), ("giám sát", self.supervision_kind)) if kind]
        return ", ".join(words)


class CaseRowQuerySet(UnitScopedQuerySet):
    """Rows that are part of a case and read as the case is: topics, team, people on the unit's side."""

    to_unit = "inspection__programme__unit__"
    read_rights = ("inspect",)
    write_rights = ("inspect",)

    def visible_to(self, user):
        return self.filter(inspection__in=Inspection.objects.visible_to(user).values("pk"))

    def editable_by(self, user):
        return self.filter(inspection__in=Inspection.objects.editable_by(user).values("pk"))


class Topic(models.Model):
    """One thing looked at, or one question put to the unit."""

    class Use(models.TextChoices):
        INSPECT = "inspect", "Nội dung kiểm tra"
        SUPERVISE = "supervise", "Nội dung giám sát"
        QUESTION = "question", "Vấn đề trao đổi"

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="topics")
    use = models.CharField(max_length=10, choices=Use, default=Use.INSPECT)
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField("nội dung", max_length=400)
    answer = models.TextField("đơn vị trả lời", max_length=3000, blank=True)

    objects = CaseRowQuerySet.as_manager()

    class Meta:
        verbose_name = "nội dung"


class TeamSeat(models.Model):
    """A place in the inspection team. With an account it opens this one case for its span."""

    class Role(models.TextChoices):
        HEAD = "head", "Trưởng đoàn"
        DEPUTY = "deputy", "Phó trưởng đoàn"
        SECRETARY = "secretary", "Thư ký"
        MEMBER = "member", "Thành viên"

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="team")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="team_seats"
    )
    name = models.CharField("họ và tên", max_length=120)
    post_text = models.CharField("chức vụ", max_length=160, blank=True)
    role = models.CharField("vai trò", max_length=10, choices=Role, default=Role.MEMBER)
    position = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến trước ngày", null=True, blank=True)

    objects = CaseRowQuerySet.as_manager()

    class Meta:
        verbose_name = "thành viên đoàn kiểm tra"
        constraints = [
            models.UniqueConstraint(
                fields=["inspection"], condition=Q(role="head", ends_on=None), name="team_one_head"
            ),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="team_seat_span"),
        ]


class HostAttendee(models.Model):
    """Somebody on the inspected unit's side: by name and post, or as a group."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="hosts")
    name = models.CharField("họ và tên, hoặc thành phần", max_length=160)
    post_text = models.CharField("chức vụ", max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(default=1)

    objects = CaseRowQuerySet.as_manager()

    class Meta:
        verbose_name = "người dự phía đơn vị"
