"""The way to the Party, awards and discipline. All of it is about persons; discipline and the Party are kept closed."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.scoping import UnitScopedQuerySet, reach

from .meeting import Ballot
from .versioned import Versioned


class ClosedQuerySet(UnitScopedQuerySet):
    """Rows that only those who keep the register read; the Party committee gets counters."""

    read_rights = ("manage", "approve")
    write_rights = ("manage",)


class TypedVote(models.Model):
    """The numbers of a vote that stands in paper minutes; a vote of a meeting here is pointed at instead.

    Numbers mean what those of a Ballot mean, and are read by the same rules (meetings/voting.py). All of them
    are empty where there was no vote, or where it is a Ballot.
    """

    DECISION = ""  # what kind of vote it is, where the row does not say

    ballot = models.ForeignKey("branches.Ballot", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    voted_on = models.DateField("ngày họp xét", null=True, blank=True)
    is_secret = models.BooleanField("bỏ phiếu kín", default=False)
    entitled = models.PositiveSmallIntegerField("được biểu quyết", null=True, blank=True)
    present = models.PositiveSmallIntegerField("có mặt", null=True, blank=True)
    issued = models.PositiveSmallIntegerField("phiếu phát ra", null=True, blank=True)
    returned = models.PositiveSmallIntegerField("phiếu thu về", null=True, blank=True)
    invalid = models.PositiveSmallIntegerField("phiếu không hợp lệ", default=0)
    votes_for = models.PositiveSmallIntegerField("tán thành", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("không tán thành", default=0)
    abstentions = models.PositiveSmallIntegerField("ý kiến khác", default=0)

    class Meta:
        abstract = True

    @property
    def decision_kind(self) -> str:
        return self.DECISION

    @property
    def vote(self) -> Ballot | None:
        """The vote, wherever it stands: of a meeting, or typed (a Ballot that is not saved). None without one."""
        if self.ballot_id is not None:
            return self.ballot
        if self.present is None:
            return None
        means = Ballot.Means.SECRET if self.is_secret else Ballot.Means.HAND
        names = ("entitled", "present", "issued", "returned", "invalid", "votes_for", "votes_against", "abstentions")
        numbers = {name: getattr(self, name) for name in names}
        return Ballot(question="Họp xét", decision=self.decision_kind, means=means, **numbers)


class PartyStep(TypedVote, Versioned):
    """One dated step of one member towards the Party. Steps are counted each by itself and never added up."""

    class Kind(models.TextChoices):
        OUTSTANDING = "outstanding", "Đoàn viên ưu tú"
        CLASS_PROPOSED = "class_proposed", "Giới thiệu học lớp nhận thức về Đảng"
        CLASS_DONE = "class_done", "Đã học lớp nhận thức về Đảng"
        PROSPECT = "prospect", "Đối tượng Đảng"
        INTRODUCED = "introduced", "Giới thiệu Đảng xem xét kết nạp"
        ADMITTED = "admitted", "Kết nạp Đảng"
        OFFICIAL = "official", "Chuyển Đảng chính thức"

    ORDER = (
        Kind.OUTSTANDING, Kind.CLASS_PROPOSED, Kind.CLASS_DONE, Kind.PROSPECT, Kind.INTRODUCED, Kind.ADMITTED,
        Kind.OFFICIAL,
    )  # fmt: skip

    # Which kinds of step the branch votes on, and by which rule.
    VOTED = {Kind.OUTSTANDING: Ballot.Decision.OUTSTANDING, Kind.INTRODUCED: Ballot.Decision.PARTY}

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="party_steps")
    member = models.ForeignKey("branches.Member", on_delete=models.PROTECT, related_name="party_steps")
    kind = models.CharField("bước", max_length=14, choices=Kind)
    dated_on = models.DateField("ngày")
    document = models.CharField("văn bản", max_length=160, blank=True)
    expires_on = models.DateField("có giá trị đến trước ngày", null=True, blank=True)
    # Taken before the person came to this branch: part of the way, and of no figure here.
    is_elsewhere = models.BooleanField("thực hiện ở nơi khác", default=False)
    helpers = models.CharField("người giúp đỡ", max_length=200, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    objects = ClosedQuerySet.as_manager()

    class Meta:
        verbose_name = "bước phát triển Đảng"
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "dated_on"], name="party_step_once_a_day"),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gt=F("dated_on")), name="party_step_expires_later"
            ),
        ]
        indexes = [models.Index(fields=["unit", "kind", "dated_on"], name="party_funnel")]

    @property
    def decision_kind(self) -> str:
        return self.VOTED.get(self.kind, "")

    def has_expired(self, on: datetime.date) -> bool:
        return self.expires_on is not None and self.expires_on <= on


class ProgressRemark(Versioned):
    """What the branch tells the Party committee periodically about somebody on the way."""

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="progress_remarks")
    member = models.ForeignKey("branches.Member", on_delete=models.PROTECT, related_name="progress_remarks")
    dated_on = models.DateField("ngày")
    merits = models.TextField("ưu điểm, tiến bộ", max_length=2000)
    shortcomings = models.TextField("hạn chế, cần giúp đỡ", max_length=2000, blank=True)
    sent_on = models.DateField("ngày gửi cấp ủy", null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ClosedQuerySet.as_manager()

    class Meta:
        verbose_name = "nhận xét định kỳ"
        constraints = [models.UniqueConstraint(fields=["member", "dated_on"], name="progress_remark_once_a_day")]


class AwardQuerySet(UnitScopedQuerySet):
    read_rights = ("view", "approve")
    write_rights = ("record", "manage")


class Award(Versioned):
    """A commendation of a unit, or of one of its members."""

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", "Giấy khen"
        MERIT = "merit", "Bằng khen"
        MEDAL = "medal", "Kỷ niệm chương, huy hiệu"
        FLAG = "flag", "Cờ thi đua"
        TITLE = "title", "Danh hiệu thi đua"
        COMMENDED = "commended", "Biểu dương"
        PRIZE = "prize", "Giải trong hội thi, hội thao"
        OTHER = "other", "Hình thức khác"

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="awards")
    member = models.ForeignKey(
        "branches.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="awards"
    )
    kind = models.CharField("hình thức", max_length=12, choices=Kind)
    title = models.CharField("khen về việc gì", max_length=200)
    given_by = models.CharField("cấp khen", max_length=160)
    number = models.CharField("số quyết định", max_length=80, blank=True)
    dated_on = models.DateField("ngày")
    # The year the merit is of; streaks count these, not the day of the paper.
    year = models.PositiveSmallIntegerField("năm được khen")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = "khen thưởng"
        indexes = [models.Index(fields=["unit", "year"])]


class DisciplineQuerySet(ClosedQuerySet):
    def visible_to(self, user):
        """Named exception of the permission rule: the person reads the own case."""
        own = Q(member__account=user) if getattr(user, "is_authenticated", False) else Q(pk__in=[])
        return self.filter(reach(user, self.to_unit, right=self.read_rights) | own)

    def open(self):
        """Not decided yet, and not given up."""
        return self.filter(state__in=Discipline.OPEN)


class Discipline(TypedVote, Versioned):
    """A disciplinary case: review, secret vote, decision of who has the authority.

    With a `member` it is about that person, who belonged to `unit` then, and the branch reviews. Without one it
    is about the unit itself, and the committee of its superior reviews.
    """

    class Measure(models.TextChoices):
        REPRIMAND = "reprimand", "Khiển trách"
        WARNING = "warning", "Cảnh cáo"
        REMOVAL = "removal", "Cách chức"
        EXPULSION = "expulsion", "Khai trừ"
        DISBANDMENT = "disbandment", "Giải tán"

    # Which measures there are against whom (domain.md 5.3).
    OF_MEMBERS = (Measure.REPRIMAND, Measure.WARNING, Measure.REMOVAL, Measure.EXPULSION)
    OF_UNITS = (Measure.REPRIMAND, Measure.WARNING, Measure.DISBANDMENT)

    class State(models.TextChoices):
        OPENED = "opened", "Đang xem xét"
        REVIEWED = "reviewed", "Đã họp xét"
        DECIDED = "decided", "Đã quyết định"
        DISMISSED = "dismissed", "Không kỷ luật"
        LIFTED = "lifted", "Đã công nhận sửa chữa"

    OPEN = (State.OPENED, State.REVIEWED)
    DECISION = Ballot.Decision.DISCIPLINE

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="disciplines")
    member = models.ForeignKey(
        "branches.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="disciplines"
    )
    state = models.CharField("bước", max_length=9, choices=State, default=State.OPENED)
    opened_on = models.DateField("ngày xem xét")
    facts = models.TextField("nội dung vi phạm", max_length=4000)
    proposed = models.CharField("hình thức đề nghị", max_length=11, choices=Measure, blank=True)
    measure = models.CharField("hình thức kỷ luật", max_length=11, choices=Measure, blank=True)
    decided_by_body = models.CharField("cấp quyết định", max_length=160, blank=True)
    decision = models.CharField("số quyết định", max_length=80, blank=True)
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_on = models.DateField("ngày công nhận sửa chữa, ngày thôi xem xét", null=True, blank=True)
    ended_note = models.CharField("căn cứ", max_length=300, blank=True)
    appealed_on = models.DateField("ngày khiếu nại", null=True, blank=True)
    appeal_note = models.CharField("nội dung khiếu nại, kết quả", max_length=500, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    objects = DisciplineQuerySet.as_manager()

    class Meta:
        verbose_name = "kỷ luật"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "lifted"])
                | (~Q(measure="") & ~Q(decision="") & Q(decided_on__isnull=False)),
                name="discipline_decided_on_paper",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["dismissed", "lifted"]) | Q(ended_on__isnull=False),
                name="discipline_ended_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(member=None, measure__in=["", "reprimand", "warning", "disbandment"])
                | Q(member__isnull=False) & ~Q(measure="disbandment"),
                name="discipline_measure_of_its_kind",
            ),
        ]

    @property
    def is_of_unit(self) -> bool:
        return self.member_id is None

    @property
    def whom(self) -> str:
        """The name of the person, or of the unit, it is about."""
        return self.unit.name if self.is_of_unit else self.member.full_name

    @property
    def measures(self) -> tuple[str, ...]:
        return self.OF_UNITS if self.is_of_unit else self.OF_MEMBERS

    @property
    def decision_kind(self) -> str:
        """By which of the `vote_rules` the vote is read; those of units are no votes of a meeting here."""
        if not self.is_of_unit:
            return self.DECISION
        return "disbandment" if self.proposed == self.Measure.DISBANDMENT else "unit"


class DisciplineAccess(models.Model):
    """Who opened a disciplinary case, and when. Written by the page, changed by nobody."""

    discipline = models.ForeignKey(Discipline, on_delete=models.CASCADE, related_name="accesses")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
