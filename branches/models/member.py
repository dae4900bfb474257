"""The register: members, where they belong and since when. Sensitive fields stand apart."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from branches.scoping import UnitScopedQuerySet, reach
from branches.vietnamese import lower, nfc, person_sort_key, plain

from .versioned import Versioned


class Precision(models.TextChoices):
    """How much of a date is known."""

    DAY = "day", "đủ ngày"
    MONTH = "month", "tháng, năm"
    YEAR = "year", "năm"


class MemberQuerySet(UnitScopedQuerySet):
    """Members are reached through the unit of their current official membership."""

    to_unit = "home__"
    read_rights = ("record", "manage", "approve")
    write_rights = ("manage",)

    def reached_by(self, user, right):
        """A record that was merged into another one is no person: its address only leads on."""
        return super().reached_by(user, right).filter(merged_into=None)

    def visible_to(self, user):
        """Named exception of the permission rule: everyone sees their own record."""
        own = Q(account=user) if getattr(user, "is_authenticated", False) else Q(pk__in=[])
        return self.filter(reach(user, self.to_unit, right=self.read_rights) | own, merged_into=None)

    def matching(self, words: str):
        """Search by name or code: without marks it finds every spelling, with marks only that one."""
        found = self
        for word in nfc(words).split():
            if plain(word) == lower(word):
                found = found.filter(Q(name_key__contains=f" {plain(word)}") | Q(national_code__startswith=word))
            else:
                found = found.filter(name_lower__contains=lower(word))
        return found


class Member(Versioned):
    """A person in the register. `home` is the unit of today's official membership, kept by the verbs.

    Old lists often know only the month or the year of a date. Such a date is stored as the first day
    of what is known, with its precision beside it; branches/days.py reads and words the two together.
    """

    class Sex(models.TextChoices):
        FEMALE = "female", "Nữ"
        MALE = "male", "Nam"

    class Level(models.TextChoices):
        """The highest education finished, lowest first; the statistics of structure count by it."""

        SECONDARY = "secondary", "Trung học cơ sở"
        HIGH_SCHOOL = "high_school", "Trung học phổ thông"
        VOCATIONAL = "vocational", "Sơ cấp, trung cấp"
        COLLEGE = "college", "Cao đẳng"
        UNIVERSITY = "university", "Đại học"
        MASTER = "master", "Thạc sĩ"
        DOCTOR = "doctor", "Tiến sĩ"

    full_name = models.CharField("họ và tên", max_length=120)
    national_code = models.CharField("mã đoàn viên", max_length=20, blank=True, db_index=True)
    sex = models.CharField("giới tính", max_length=6, choices=Sex, blank=True)
    birth_date = models.DateField("ngày sinh", null=True, blank=True)
    birth_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY, editable=False)
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    address = models.CharField("nơi ở hiện nay", max_length=200, blank=True)
    hometown = models.CharField("quê quán", max_length=200, blank=True)
    job = models.CharField("công việc, chức vụ", max_length=120, blank=True)
    education = models.CharField("trình độ", max_length=120, blank=True)
    education_level = models.CharField("bậc trình độ", max_length=11, choices=Level, blank=True)
    politics = models.CharField("lý luận chính trị", max_length=60, blank=True)
    admitted_on = models.DateField("ngày vào Đoàn", null=True, blank=True)
    admitted_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY, editable=False)
    admitted_at = models.CharField("nơi vào Đoàn", max_length=160, blank=True)
    card_number = models.CharField("số thẻ đoàn viên", max_length=20, blank=True)
    home = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="members", verbose_name="chi đoàn")
    is_active = models.BooleanField("đang sinh hoạt", default=True)
    # The record that this one was merged into, and the day its personal data was taken out: both by verbs only.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="absorbed"
    )
    anonymised_on = models.DateField(null=True, blank=True, editable=False)
    name_key = models.CharField(max_length=130, editable=False, db_index=True)
    name_lower = models.CharField(max_length=120, editable=False)
    sort_key = models.CharField(max_length=400, editable=False)

    history = HistoricalRecords(excluded_fields=["name_key", "name_lower", "sort_key"])
    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = "đoàn viên"
        verbose_name_plural = "đoàn viên"
        indexes = [models.Index(fields=["home", "is_active", "sort_key", "id"], name="member_list")]

    def __str__(self):
        return self.full_name

    def save(self, *args, **kwargs):
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self) -> None:
        """Set the derived search and sort columns; bulk writers call it themselves."""
        self.full_name = nfc(self.full_name)
        self.name_lower = lower(self.full_name)
        self.name_key = f" {plain(self.full_name)}"
        self.sort_key = person_sort_key(self.full_name)[:400]


class SensitiveData(models.Model):
    """Fields the law on personal data calls sensitive. Masked by default, never on a list or export."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="sensitive")
    ethnicity = models.CharField("dân tộc", max_length=40, blank=True)
    religion = models.CharField("tôn giáo", max_length=40, blank=True)
    joined_party_on = models.DateField("ngày vào Đảng", null=True, blank=True)
    joined_party_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY, editable=False)
    official_party_on = models.DateField("ngày chính thức", null=True, blank=True)
    personal_number = models.CharField("số căn cước", max_length=12, blank=True)
    discipline = models.CharField("kỷ luật", max_length=300, blank=True)

    class Meta:
        verbose_name = "dữ liệu nhạy cảm"


class SensitiveAccess(models.Model):
    """Who opened or changed the sensitive part of a member, and when. Written by the verbs, changed by nobody."""

    class Kind(models.TextChoices):
        OPENED = "opened", "xem"
        CHANGED = "changed", "sửa"

    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name="sensitive_accesses", verbose_name="đoàn viên"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="tài khoản"
    )
    kind = models.CharField("việc", max_length=8, choices=Kind)
    created_at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "lần mở phần giữ kín"
        verbose_name_plural = "các lần mở phần giữ kín"


class MembershipQuerySet(UnitScopedQuerySet):
    read_rights = ("record", "manage", "approve")
    write_rights = ("manage",)

    def on(self, day: datetime.date):
        """Spans that contain the day."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gt=day))


class Membership(models.Model):
    """The member belonged to the unit from starts_on (inclusive) to ends_on (exclusive)."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", "Sinh hoạt chính thức"
        TEMPORARY = "temporary", "Sinh hoạt tạm thời"
        RESIDENCE = "residence", "Sinh hoạt nơi cư trú"

    class Begin(models.TextChoices):
        REGISTERED = "registered", "Có trong sổ khi bắt đầu dùng phần mềm"
        ADMITTED = "admitted", "Kết nạp"
        MOVED_IN = "moved_in", "Chuyển đến"
        WITH_UNIT = "with_unit", "Theo đơn vị sáp nhập, chia tách"

    class End(models.TextChoices):
        MOVED_OUT = "moved_out", "Chuyển đi"
        MATURED = "matured", "Trưởng thành đoàn"
        DELETED = "deleted", "Xóa tên"
        EXPELLED = "expelled", "Khai trừ"
        DIED = "died", "Từ trần"
        WITH_UNIT = "with_unit", "Theo đơn vị sáp nhập, chia tách"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="memberships")
    kind = models.CharField("hình thức", max_length=10, choices=Kind, default=Kind.OFFICIAL)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến trước ngày", null=True, blank=True)
    begin_reason = models.CharField("lý do vào", max_length=12, choices=Begin, default=Begin.REGISTERED)
    end_reason = models.CharField("lý do ra", max_length=12, choices=End, blank=True)
    decision = models.CharField("quyết định", max_length=120, blank=True)
    end_decision = models.CharField("quyết định khi rời", max_length=120, blank=True)
    end_note = models.CharField("căn cứ khi rời", max_length=500, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "quá trình sinh hoạt Đoàn"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="membership_span"),
            models.CheckConstraint(
                condition=Q(ends_on=None, end_reason="") | (Q(ends_on__isnull=False) & ~Q(end_reason="")),
                name="membership_end_has_a_reason",
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(kind="official", ends_on=None),
                name="membership_one_official_home",
            ),
        ]
        indexes = [models.Index(fields=["unit", "kind", "starts_on"], name="membership_roll")]
