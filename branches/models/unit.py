"""The organisation: units, where they stood in the tree on any day, and what happened to them."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import StartsWith

from branches.scoping import UnitScopedQuerySet


class TreePath(models.CharField):
    """Steps of digits, each closed by a slash. In migrations it is the CharField that it is to the database."""

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


@TreePath.register_lookup
class Below(StartsWith):
    """`path__startswith` on SQLite as a range, which the index answers.

    There LIKE knows no case and therefore reads every row, once for each way from a member or an
    activity to its unit. A path is made of digits and slashes, so that the range is the same set.
    PostgreSQL has an index for LIKE beside the unique one and keeps it: its order of text is the
    language's, in which a range means something else.
    """

    def as_sqlite(self, compiler, connection):
        if not self.rhs_is_direct_value() or not self.rhs:
            return self.as_sql(compiler, connection)
        left, parameters = self.process_lhs(compiler, connection)
        after = f"{self.rhs[:-1]}{chr(ord(self.rhs[-1]) + 1)}"
        return f"({left} >= %s AND {left} < %s)", [*parameters, self.rhs, *parameters, after]


class UnitQuerySet(UnitScopedQuerySet):
    to_unit = ""
    read_rights = ("view", "approve", "inspect", "oversee", "administer")
    write_rights = ("manage",)

    def living(self, on: datetime.date):
        """Units not dissolved on the day."""
        return self.filter(Q(dissolved_on=None) | Q(dissolved_on__gt=on))

    def below(self, unit):
        """The unit and everything under it in today's tree."""
        return self.filter(path__startswith=unit.path)


class Unit(models.Model):
    """An organisation of the Đoàn. Never deleted and never silently renamed or re-hung: see UnitEvent.

    `path` is the place in today's tree, `/1/7/42/` with the closing slash (so that `/1/` is no prefix
    of `/10/`). It serves permission only; totals of a past day read Placement.
    """

    class Kind(models.TextChoices):
        CENTRAL = "central", "Trung ương Đoàn"
        PROVINCE = "province", "Đoàn cấp tỉnh và tương đương"
        ABOVE_GRASSROOTS = "above_grassroots", "Đoàn cấp trên trực tiếp cơ sở"
        GRASSROOTS_UNION = "grassroots_union", "Đoàn cơ sở"
        INTER_BRANCH = "inter_branch", "Liên chi đoàn"
        GRASSROOTS_BRANCH = "grassroots_branch", "Chi đoàn cơ sở"
        BRANCH = "branch", "Chi đoàn"
        SUB_BRANCH = "sub_branch", "Phân đoàn"

    BRANCH_KINDS = (Kind.GRASSROOTS_BRANCH, Kind.BRANCH, Kind.SUB_BRANCH)

    kind = models.CharField("loại tổ chức", max_length=20, choices=Kind)
    name = models.CharField("tên đơn vị", max_length=200)
    code = models.SlugField("mã đơn vị", max_length=40, unique=True)
    document_code = models.CharField("ký hiệu văn bản", max_length=20, default="CĐ")
    printed_lines = models.TextField(
        "tên in trên văn bản",
        blank=True,
        help_text="Mỗi dòng một phần tên, ngắt theo ý. Để trống thì phần mềm tự ngắt.",
    )
    place = models.CharField("địa danh", max_length=60, blank=True)
    party_body = models.CharField("cấp ủy cùng cấp", max_length=160, blank=True)
    # Empty only between the INSERT that gives the key and the UPDATE that writes the path with it.
    path = TreePath(max_length=255, unique=True, null=True, editable=False)
    sort_key = models.CharField(max_length=600, db_index=True, editable=False, default="")
    dissolved_on = models.DateField("giải thể từ ngày", null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        from branches.vietnamese import nfc, sort_key

        self.name = nfc(self.name)
        self.sort_key = sort_key(self.name)[:600]
        super().save(*args, **kwargs)

    @property
    def is_branch(self) -> bool:
        return self.kind in self.BRANCH_KINDS

    @property
    def superior_pk(self) -> int | None:
        """The unit directly above in today's tree; None at the top. No query."""
        steps = self.path.strip("/").split("/")
        return int(steps[-2]) if len(steps) > 1 else None


class Placement(models.Model):
    """The unit stood under this superior from starts_on (inclusive) to ends_on (exclusive)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="placements")
    superior = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="placements_below", null=True, blank=True)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến trước ngày", null=True, blank=True)

    class Meta:
        verbose_name = "vị trí trong cây tổ chức"
        constraints = [
            models.UniqueConstraint(fields=["unit", "starts_on"], name="placement_one_start"),
            models.UniqueConstraint(fields=["unit"], condition=Q(ends_on=None), name="placement_one_open_span"),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="placement_span"),
        ]
        indexes = [models.Index(fields=["superior", "starts_on"])]


class UnitEvent(models.Model):
    """What happened to a unit, with the decision behind it. Written by restructuring.py only."""

    class Kind(models.TextChoices):
        FOUND = "found", "Thành lập"
        RENAME = "rename", "Đổi tên"
        REPARENT = "reparent", "Chuyển trực thuộc"
        MERGE = "merge", "Sáp nhập"
        SPLIT = "split", "Chia tách"
        DISSOLVE = "dissolve", "Giải thể"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField("sự kiện", max_length=10, choices=Kind)
    takes_effect_on = models.DateField("có hiệu lực từ")
    decision = models.CharField("số quyết định", max_length=80, blank=True)
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    old_name = models.CharField("tên cũ", max_length=200, blank=True)
    other = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="đơn vị liên quan",
    )
    # Where the unit ended by this event: the unit that answers today for what it left, which is its money, its dues
    # and what the inspectors still ask of it. Moves on when that unit ends in its turn; `other` stays as written.
    heir = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đơn vị kế tục"
    )
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta:
        verbose_name = "sự kiện tổ chức"
        indexes = [models.Index(fields=["unit", "takes_effect_on"])]


class Succession(models.Model):
    """`successor` goes on with what `predecessor` was, by the event of the predecessor (merge or split)."""

    event = models.ForeignKey(UnitEvent, on_delete=models.PROTECT, related_name="successions")
    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successors")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="predecessors")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once")]
