"""Meetings of a branch: planned, called, attended, voted. The minutes stand in minutes.py."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from branches.scoping import UnitScopedQuerySet

from .member import Membership
from .versioned import Versioned


class MeetingQuerySet(UnitScopedQuerySet):
    read_rights = ("view", "approve")
    write_rights = ("record",)

    def held(self):
        return self.filter(state=Meeting.State.HELD)

    def between(self, starts_on: datetime.date, ends_on: datetime.date):
        """Begun from `starts_on` (inclusive) to `ends_on` (exclusive), as days in Vietnam."""
        zone = timezone.get_default_timezone()
        first, last = (datetime.datetime.combine(day, datetime.time.min, zone) for day in (starts_on, ends_on))
        return self.filter(starts_at__gte=first, starts_at__lt=last)

    def undecided(self, now: datetime.datetime):
        """Planned for a moment that is over, and nobody has said whether they were held."""
        return self.filter(state=Meeting.State.PLANNED, starts_at__lt=now)


class Meeting(Versioned):
    """One meeting of a unit. Whom it concerned is frozen in Attendance when the roll is opened."""

    class Kind(models.TextChoices):
        BRANCH = "branch", "Sinh hoạt chi đoàn định kỳ"
        THEMATIC = "thematic", "Sinh hoạt chủ điểm, chuyên đề"
        COMMITTEE = "committee", "Họp Ban Chấp hành"
        ADMISSION = "admission", "Họp xét kết nạp đoàn viên"
        ASSESSMENT = "assessment", "Họp đánh giá, xếp loại"
        OUTSTANDING = "outstanding", "Họp bình chọn đoàn viên ưu tú"
        DISCIPLINE = "discipline", "Họp xét kỷ luật"
        OTHER = "other", "Cuộc họp khác"

    class Form(models.TextChoices):
        IN_PERSON = "in_person", "Trực tiếp"
        ONLINE = "online", "Trực tuyến"
        HYBRID = "hybrid", "Trực tiếp và trực tuyến"

    class State(models.TextChoices):
        PLANNED = "planned", "Sắp họp"
        OPEN = "open", "Đang họp"
        HELD = "held", "Đã họp"
        CANCELLED = "cancelled", "Không họp"

    # Meetings of the whole branch: these fulfil the monthly duty. The committee meets beside them.
    OF_ALL = (Kind.BRANCH, Kind.THEMATIC, Kind.ADMISSION, Kind.ASSESSMENT, Kind.OUTSTANDING, Kind.DISCIPLINE)

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField("loại", max_length=12, choices=Kind, default=Kind.BRANCH)
    title = models.CharField("tên cuộc họp", max_length=200)
    theme = models.CharField("chủ điểm", max_length=300, blank=True)
    starts_at = models.DateTimeField("bắt đầu")
    ends_at = models.DateTimeField("kết thúc", null=True, blank=True)
    form = models.CharField("hình thức", max_length=10, choices=Form, default=Form.IN_PERSON)
    place = models.CharField("nơi họp", max_length=200, blank=True)
    link = models.URLField("đường dẫn họp trực tuyến", max_length=300, blank=True)
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.PLANNED)
    cancel_reason = models.CharField("lý do không họp", max_length=300, blank=True)
    chair = models.ForeignKey(
        "branches.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="chủ trì"
    )
    secretary = models.ForeignKey(
        "branches.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="thư ký"
    )
    # Since when the roster is frozen; nobody is added or removed by a later change of the register.
    roll_opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "cuộc họp"
        verbose_name_plural = "cuộc họp"
        constraints = [
            models.CheckConstraint(condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="meeting_span"),
            models.CheckConstraint(
                condition=Q(state="cancelled") & ~Q(cancel_reason="") | ~Q(state="cancelled") & Q(cancel_reason=""),
                name="meeting_cancelled_has_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["unit", "starts_at"], name="meeting_list")]

    def __str__(self):
        return self.title

    @property
    def day(self) -> datetime.date:
        """The day in Vietnam on which it begins."""
        return timezone.localdate(self.starts_at)


class AttendanceQuerySet(UnitScopedQuerySet):
    to_unit = "meeting__unit__"
    read_rights = ("view", "approve")
    write_rights = ("record",)


class Attendance(models.Model):
    """One name of the roster as it stood when the roll was opened. Not marked is its own state: unknown ≠ absent.

    A mark is set, never toggled. Of two marks of one person the later tap counts, wherever it was kept
    meanwhile; `marked_at` is the moment of the tap. Who was marked by "everybody is here" has the moment at
    which the roll was opened, so that any tap on a single person outweighs it. A mark that was taken back
    is unknown again and keeps its moment.
    """

    class State(models.TextChoices):
        UNKNOWN = "unknown", "Chưa điểm danh"
        PRESENT = "present", "Có mặt"
        EXCUSED = "excused", "Có lý do"
        ABSENT = "absent", "Không lý do"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    member = models.ForeignKey("branches.Member", on_delete=models.PROTECT, related_name="attendance")
    name = models.CharField(max_length=120)  # as it was on the day
    sort_key = models.CharField(max_length=400, editable=False)
    # Why they are on the list; somebody staying for a while attends and does not vote.
    standing = models.CharField(max_length=10, choices=Membership.Kind, default=Membership.Kind.OFFICIAL)
    state = models.CharField("điểm danh", max_length=8, choices=State, default=State.UNKNOWN)
    reason = models.CharField("lý do vắng", max_length=160, blank=True)
    # Only of somebody who was missing from the roster and put on it later.
    added_because = models.CharField("vì sao ghi thêm", max_length=160, blank=True)
    marked_at = models.DateTimeField(null=True, blank=True)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = "điểm danh"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once"),
            models.CheckConstraint(
                condition=Q(state="unknown") | Q(marked_at__isnull=False),
                name="attendance_marked_at_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["member", "meeting"], name="attendance_of_member")]


class MeetingPartQuerySet(UnitScopedQuerySet):
    """Guests and agenda items: what hangs directly on a meeting."""

    to_unit = "meeting__unit__"
    read_rights = ("view", "approve")
    write_rights = ("record",)


class ItemPartQuerySet(UnitScopedQuerySet):
    """Votes and conclusions: what hangs on an item of the agenda."""

    to_unit = "item__meeting__unit__"
    read_rights = ("view", "approve")
    write_rights = ("record",)


class MeetingGuest(models.Model):
    """Somebody who is not on the roster: by name, or only as a number of people from somewhere."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="guests")
    name = models.CharField("họ và tên", max_length=120, blank=True)
    body = models.CharField("chức vụ, đơn vị", max_length=160, blank=True)
    count = models.PositiveSmallIntegerField("số người", default=1)

    objects = MeetingPartQuerySet.as_manager()

    class Meta:
        verbose_name = "khách mời"
        constraints = [
            models.CheckConstraint(condition=~Q(name="") | ~Q(body=""), name="meeting_guest_is_somebody"),
            models.CheckConstraint(condition=Q(count__gte=1), name="meeting_guest_counts"),
        ]


class MeetingLetter(models.Model):
    """The letter of invitation to one member: where it went and which moment and place it said.

    Claimed before it is sent, `sent_at` when the mail server has it: a claim that grew old is a letter nobody sent.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="letters")
    member = models.ForeignKey("branches.Member", on_delete=models.PROTECT, related_name="meeting_letters")
    email = models.EmailField("địa chỉ thư")
    starts_at = models.DateTimeField("giờ họp đã báo")
    form = models.CharField("hình thức đã báo", max_length=10, choices=Meeting.Form)
    place = models.CharField("nơi họp đã báo", max_length=200, blank=True)
    link = models.URLField("đường dẫn đã báo", max_length=300, blank=True)
    claimed_at = models.DateTimeField()
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)

    objects = MeetingPartQuerySet.as_manager()

    class Meta:
        verbose_name = "thư mời họp"
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="meeting_letter_once")]


class AgendaItem(models.Model):
    """One point of the agenda. What was said about it is text of the minutes, under the key `item-<pk>`."""

    class Kind(models.TextChoices):
        REVIEW = "review", "Kiểm điểm việc đã giao"
        INFORM = "inform", "Thông tin"
        STUDY = "study", "Chủ điểm sinh hoạt"
        DIRECTION = "direction", "Tiếp thu chỉ đạo"
        DISCUSS = "discuss", "Thảo luận"
        VOTE = "vote", "Biểu quyết"
        OTHER = "other", "Việc khác"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField("thứ tự")
    kind = models.CharField("loại", max_length=10, choices=Kind, default=Kind.DISCUSS)
    title = models.CharField("nội dung", max_length=300)
    presenter = models.CharField("người trình bày", max_length=120, blank=True)
    # Who a point is about, in the meetings that decide about one person at a time.
    admission = models.ForeignKey(
        "branches.Admission", on_delete=models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    subject = models.ForeignKey(
        "branches.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )

    objects = MeetingPartQuerySet.as_manager()

    class Meta:
        verbose_name = "mục chương trình họp"
        ordering = ["position", "pk"]


class Ballot(models.Model):
    """A vote at a meeting. The rules of its day (`vote_rules`) say what it needs; see meetings/voting.py.

    `entitled` are those with the right to vote who were on the roll, `present` those of them there when
    it was taken. Numbers are people by hand and ballot papers when secret.
    """

    class Decision(models.TextChoices):
        SIMPLE = "simple", "Quyết nghị thông thường"
        ADMISSION = "admission", "Kết nạp đoàn viên"
        OUTSTANDING = "outstanding", "Đoàn viên ưu tú"
        PARTY = "party", "Giới thiệu vào Đảng"
        ASSESSMENT = "assessment", "Xếp loại"
        DELETION = "deletion", "Xóa tên"
        DISCIPLINE = "discipline", "Kỷ luật"

    class Means(models.TextChoices):
        HAND = "hand", "Giơ tay"
        SECRET = "secret", "Phiếu kín"

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="ballots")
    question = models.CharField("biểu quyết việc gì", max_length=300)
    decision = models.CharField("loại quyết định", max_length=12, choices=Decision, default=Decision.SIMPLE)
    means = models.CharField("hình thức", max_length=6, choices=Means, default=Means.HAND)
    entitled = models.PositiveSmallIntegerField("được biểu quyết")
    # Why fewer were entitled than stand on the roll; never silently, because a smaller number lowers the quorum.
    fewer_because = models.CharField("vì sao ít hơn điểm danh", max_length=200, blank=True)
    present = models.PositiveSmallIntegerField("có mặt khi biểu quyết")
    issued = models.PositiveSmallIntegerField("phiếu phát ra", null=True, blank=True)
    returned = models.PositiveSmallIntegerField("phiếu thu về", null=True, blank=True)
    invalid = models.PositiveSmallIntegerField("phiếu không hợp lệ", default=0)
    votes_for = models.PositiveSmallIntegerField("tán thành")
    votes_against = models.PositiveSmallIntegerField("không tán thành", default=0)
    abstentions = models.PositiveSmallIntegerField("ý kiến khác", default=0)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now=True)

    objects = ItemPartQuerySet.as_manager()

    class Meta:
        verbose_name = "lần biểu quyết"
        constraints = [
            models.CheckConstraint(condition=Q(present__lte=F("entitled")), name="ballot_present"),
            models.CheckConstraint(
                condition=Q(means="hand", issued=None, returned=None, invalid=0)
                | Q(means="secret", issued__lte=F("present"), returned__lte=F("issued")),
                name="ballot_papers",
            ),
            models.CheckConstraint(
                condition=Q(present__gte=F("votes_for") + F("votes_against") + F("abstentions") + F("invalid")),
                name="ballot_votes",
            ),
        ]


class Conclusion(models.Model):
    """What the chair concluded on a point; each can become a task in one tap."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="conclusions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField("kết luận", max_length=1000)

    objects = ItemPartQuerySet.as_manager()

    class Meta:
        verbose_name = "kết luận"
        ordering = ["position", "pk"]


class CalendarFeed(models.Model):
    """The secret address of a unit's calendar; a new one makes the old one void. Only the hash is kept."""

    unit = models.OneToOneField("branches.Unit", on_delete=models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now=True)
