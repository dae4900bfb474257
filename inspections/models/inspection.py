"""One case: a unit inspected, supervised, or both in one session, from the programme to the last recommendation.

The state machine itself, who may do what in which state and what comes due, stands in states.py.
"""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from branches.heirs import reach_or_inherit
from branches.models import StoredFile, Versioned
from branches.scoping import UnitScopedQuerySet, reach

from .programme import InspectionProgramme, of_own_committee


class InspectionQuerySet(UnitScopedQuerySet):
    """Reached through the inspecting unit (its committee), and by the inspected unit once it is notified."""

    to_unit = "programme__unit__"
    read_rights = ("inspect",)
    write_rights = ("inspect",)

    def visible_to(self, user):
        """The inspection committee's cases and those of committees below; the inspected unit's own; and, as the
        named exception of the permission rule, the case in which the user holds a team seat today."""
        return self.filter(self._of_committee(user) | self._from_above(user) | self._of_inspected(user))

    def editable_by(self, user):
        return self.filter(self._of_committee(user))

    def decided_by(self, user):
        """Cases in which the user decides for the inspection committee; a seat in the team is not enough, and
        neither is a post in the committee above."""
        return self.filter(of_own_committee(user, self.to_unit))

    def headed_by(self, user):
        """The same, and the case whose team the user heads today."""
        head = self.seats_of(user, TeamSeat.Role.HEAD)
        return self.filter(of_own_committee(user, self.to_unit) | head)

    def open_to_committee(self, user):
        """Cases whose working papers the user reads: findings and recommendations before the notice."""
        return self.filter(self._of_committee(user))

    def notified_to(self, user):
        """Cases of the user's own unit, and of committees below, whose notice went out: what was found is read."""
        return self.filter(self._of_inspected(user) | self._from_above(user), state__in=Inspection.NOTIFIED)

    def room_opens_to(self, user):
        """Cases for which the user reads the unit's own material: the committee, and the team until the case ends."""
        seated = self.seats_of(user) & ~Q(state__in=Inspection.ENDED)
        return self.filter(of_own_committee(user, self.to_unit) | seated)

    def overseen_by(self, user):
        """Cases whose notice went out, at units of the user's Party committee: it reads the notice, not the case."""
        return self.filter(reach(user, "unit__", right="oversee"), state__in=Inspection.NOTIFIED)

    def notices_below(self, user, unit, period):
        """Notices of the period at the unit and below it that the user's Party committee reads, the newest first."""
        told = self.overseen_by(user).filter(unit__path__startswith=unit.path).select_related("unit", "programme__unit")
        told = told.filter(concluded_on__gte=period.starts_on, concluded_on__lt=period.ends_on)
        return told.order_by("-concluded_on", "-pk")

    def _of_committee(self, user) -> Q:
        return of_own_committee(user, self.to_unit) | self.seats_of(user)

    def _from_above(self, user) -> Q:
        return reach(user, self.to_unit, right=self.read_rights)

    def _of_inspected(self, user) -> Q:
        """The unit's own cases, and those left to it by a unit that ended.

        Except a visit that must not be announced, until it has taken place, and what a draft programme thinks of.
        """
        not_told = (*Inspection.BEFORE_VISIT, Inspection.State.CANCELLED)
        kept_quiet = Q(state__in=not_told, inspection_kind__in=Inspection.UNANNOUNCED)
        in_a_draft = (*Inspection.NOT_SENT, Inspection.State.CANCELLED)
        kept_quiet |= Q(state__in=in_a_draft, programme__state=InspectionProgramme.State.DRAFT)
        return reach_or_inherit(user, "unit__", right=("record", "manage", "submit")) & ~kept_quiet

    def answerable_by(self, user):
        """Cases in which the user may answer for the inspected unit, or for one that ended and left them to theirs."""
        return self.filter(reach_or_inherit(user, "unit__", right=("record", "submit")))

    def undecided(self, on: datetime.date):
        """The day agreed for the visit is over and nobody has written the visit down."""
        return self.filter(state__in=Inspection.BEFORE_VISIT, visited_on__lt=on)

    def waiting_for_conclusion(self):
        """Visited, and no notice has gone out yet."""
        return self.filter(state__in=[Inspection.State.VISITED, Inspection.State.REPORTED])

    def going(self):
        """Not ended: neither closed nor handed over nor dropped."""
        return self.exclude(state__in=Inspection.ENDED)

    @staticmethod
    def seats_of(user, *roles) -> Q:
        """Cases with an open team seat of the user, of any role or of these. A subquery: a join would repeat it."""
        if not getattr(user, "is_authenticated", False):
            return Q(pk__in=[])
        today = timezone.localdate()
        seats = TeamSeat.objects.filter(account=user, starts_on__lte=today).filter(
            Q(ends_on=None) | Q(ends_on__gt=today)
        )
        if roles:
            seats = seats.filter(role__in=roles)
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
        PLANNED = "planned", "Trong chương trình"
        TEAM = "team", "Đã lập đoàn"
        PLAN_SENT = "plan_sent", "Đã gửi kế hoạch, đề cương"
        SELF_REPORTED = "self_reported", "Đơn vị đã báo cáo"
        VERIFYING = "verifying", "Đang thẩm tra, xác minh"
        VISITED = "visited", "Đã làm việc với đơn vị"
        REPORTED = "reported", "Đoàn kiểm tra đã báo cáo"
        CONCLUDED = "concluded", "Đã thông báo kết luận"
        FOLLOWING = "following", "Đang theo dõi kiến nghị"
        REINSPECTION = "reinspection", "Chờ phúc tra"
        CLOSED = "closed", "Đã kết thúc"
        ESCALATED = "escalated", "Chuyển kiểm tra dấu hiệu vi phạm"
        CANCELLED = "cancelled", "Đưa ra khỏi chương trình"

    NOT_SENT = (State.PLANNED, State.TEAM)  # the unit has had no plan yet
    BEFORE_VISIT = (*NOT_SENT, State.PLAN_SENT, State.SELF_REPORTED, State.VERIFYING)
    IN_FORCE = (State.CONCLUDED, State.FOLLOWING, State.REINSPECTION)  # its recommendations are followed
    NOTIFIED = (*IN_FORCE, State.CLOSED)  # its notice went out
    ENDED = (State.CLOSED, State.ESCALATED, State.CANCELLED)

    class Form(models.TextChoices):
        ON_SITE = "on_site", "Trực tiếp tại đơn vị"
        BY_REPORT = "by_report", "Qua báo cáo của đơn vị"
        BY_DOCUMENTS = "by_documents", "Qua hồ sơ, sổ sách"
        ONLINE = "online", "Trực tuyến"

    SITTING = (Form.ON_SITE, Form.ONLINE)  # forms that have a working session

    class Arose(models.TextChoices):
        REINSPECTION = "reinspection", "phúc tra"
        VIOLATION_SIGN = "violation_sign", "dấu hiệu vi phạm"

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
    form = models.CharField("hình thức", max_length=12, choices=Form, default=Form.ON_SITE)
    planned_month = models.DateField("tháng dự kiến", null=True, blank=True, help_text="Ngày đầu tháng.")
    arose_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="led_to", verbose_name="từ cuộc"
    )
    arose_as = models.CharField("mở để", max_length=14, choices=Arose, blank=True)
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
    self_report_due_on = models.DateField("hạn đơn vị gửi báo cáo", null=True, blank=True)
    team_opinion = models.TextField("đánh giá của đoàn kiểm tra", max_length=6000, blank=True)
    state = models.CharField("tình trạng", max_length=13, choices=State, default=State.PLANNED)
    # When it came into its present state: what comes due is counted from here.
    state_since = models.DateField("từ ngày", null=True, blank=True, editable=False)
    conclusion_number = models.CharField("số thông báo kết luận", max_length=60, blank=True)
    concluded_on = models.DateField("ngày thông báo kết luận", null=True, blank=True)
    signer_capacity = models.CharField("thể thức ký", max_length=120, blank=True)
    signer_post = models.CharField("chức vụ người ký", max_length=120, blank=True)
    signer_name = models.CharField("người ký", max_length=120, blank=True)
    closed_on = models.DateField("ngày kết thúc", null=True, blank=True)
    disciplines = models.ManyToManyField(
        "branches.Discipline", blank=True, related_name="inspections", verbose_name="vụ kỷ luật liên quan"
    )

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
                condition=~Q(state="visited") | Q(visited_on__isnull=False), name="inspection_visited_has_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["concluded", "following", "reinspection", "closed"])
                | Q(concluded_on__isnull=False),
                name="inspection_concluded_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "escalated", "cancelled"]) | Q(closed_on__isnull=False),
                name="inspection_ended_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(arose_from=None, arose_as="") | (Q(arose_from__isnull=False) & ~Q(arose_as="")),
                name="inspection_arose_as_something",
            ),
            # A month is written as its first day, so that two cases of one month compare equal.
            models.CheckConstraint(
                condition=Q(planned_month=None) | Q(planned_month__day=1), name="inspection_month_is_its_first_day"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "visited_on"]),
            models.Index(fields=["programme", "planned_month"]),
            models.Index(fields=["state"]),
        ]

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
    to_case = "inspection"
    read_rights = ("inspect",)
    write_rights = ("inspect",)

    def visible_to(self, user):
        return self.filter(**{f"{self.to_case}__in": Inspection.objects.visible_to(user).values("pk")})

    def editable_by(self, user):
        return self.filter(**{f"{self.to_case}__in": Inspection.objects.editable_by(user).values("pk")})


class CaseMove(models.Model):
    """One step of a case from one state to another: the history that papers and pages tell. Never changed."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="moves")
    verb = models.CharField(max_length=24)
    from_state = models.CharField(max_length=13, choices=Inspection.State)
    to_state = models.CharField(max_length=13, choices=Inspection.State)
    # Required where a step is taken back, left out, or the case is dropped.
    reason = models.CharField("lý do", max_length=300, blank=True)
    moved_on = models.DateField("ngày")
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    objects = CaseRowQuerySet.as_manager()

    class Meta:
        verbose_name = "bước của cuộc kiểm tra"
        ordering = ["pk"]


class SelfReportQuerySet(CaseRowQuerySet):
    """The unit's draft stays with the unit; who else reads the case reads what was sent."""

    to_report = ""

    def visible_to(self, user):
        sent = Q(**{f"{self.to_report}sent_on__isnull": False})
        own = Q(**{f"{self.to_case}__in": Inspection.objects.answerable_by(user).values("pk")})
        return super().visible_to(user).filter(sent | own)


class SelfReport(Versioned):
    """The unit's own account ahead of the visit, after the outline it was sent; or that it came on paper."""

    inspection = models.OneToOneField(Inspection, on_delete=models.CASCADE, related_name="self_report")
    text = models.TextField("nội dung báo cáo", max_length=20000, blank=True)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    on_paper = models.BooleanField("đơn vị nộp bản giấy", default=False)
    sent_on = models.DateField("ngày gửi", null=True, blank=True)  # empty: the unit is still writing
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SelfReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo của đơn vị"


class SelfReportFileQuerySet(SelfReportQuerySet):
    to_case = "report__inspection"
    to_report = "report__"


class SelfReportFile(StoredFile):
    """A file that came with the unit's own account."""

    report = models.ForeignKey(SelfReport, on_delete=models.CASCADE, related_name="files")

    objects = SelfReportFileQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp kèm báo cáo của đơn vị"


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
