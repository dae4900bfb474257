"""A list brought from Excel: the file, what was understood of it row by row, and what it changed."""

from django.conf import settings
from django.db import models

from branches.scoping import UnitScopedQuerySet

from .versioned import Versioned


class MemberImportQuerySet(UnitScopedQuerySet):
    read_rights = ("manage",)
    write_rights = ("manage",)


LISTS = "danh-sach"


def private_name(_, name: str) -> str:
    """Files of lists lie apart from evidence; no address serves them."""
    return f"{LISTS}/{name}"


class MemberImport(Versioned):
    """One uploaded list on its way into the register of a unit (and the branches below it).

    `sheets` is what was found and chosen per sheet, as branches/importing/sheets.py writes it.
    """

    class State(models.TextChoices):
        COLUMNS = "columns", "Chọn cột"
        READING = "reading", "Đang đọc"
        PREVIEW = "preview", "Xem trước"
        APPLIED = "applied", "Đã nhập"
        UNDONE = "undone", "Đã bỏ lần nhập"
        DROPPED = "dropped", "Đã hủy"

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="member_imports")
    # Nobody when a list came by command.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    file = models.FileField(upload_to=private_name, max_length=200, blank=True)
    name = models.CharField("tên tệp", max_length=200)
    state = models.CharField("bước", max_length=8, choices=State, default=State.COLUMNS)
    sheets = models.JSONField(default=list)
    starts_on = models.DateField("sinh hoạt tại chi đoàn từ ngày")
    rows_total = models.PositiveIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # state → rows, as it was applied
    enrolled = models.JSONField(default=list)  # keys of the members it enrolled, to take them back
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = MemberImportQuerySet.as_manager()

    class Meta:
        verbose_name = "lần nhập danh sách"
        verbose_name_plural = "các lần nhập danh sách"
        indexes = [models.Index(fields=["unit", "-created_at"])]


class ImportRow(models.Model):
    """One row of a sheet: what it said, how it was understood, and what became of it."""

    class State(models.TextChoices):
        NEW = "new", "Mới"
        SAME = "same", "Đã có"
        CHANGED = "changed", "Thay đổi"
        UNSURE = "unsure", "Cần chọn"
        ERROR = "error", "Cần sửa"
        SKIPPED = "skipped", "Không nhập"

    class Choice(models.TextChoices):
        NEW = "new", "Người mới"
        SAME = "same", "Người đã có"
        SKIP = "skip", "Không nhập dòng này"

    belongs_to = models.ForeignKey(MemberImport, on_delete=models.CASCADE, related_name="rows")
    sheet = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()  # as the spreadsheet numbers it, from 1
    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=7, choices=State)
    cells = models.JSONField(default=dict)  # field → the text of the file
    typed = models.JSONField(default=dict)  # field → the text corrected in the preview
    values = models.JSONField(default=dict)  # field → the value understood
    problems = models.JSONField(default=list)
    candidates = models.JSONField(default=list)  # keys of members this row may mean
    choice = models.CharField(max_length=4, choices=Choice, blank=True)
    chosen = models.ForeignKey("branches.Member", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    member = models.ForeignKey(
        "branches.Member", on_delete=models.SET_NULL, null=True, blank=True, related_name="import_rows"
    )
    before = models.JSONField(default=dict)  # field → the value the row replaced
    version = models.PositiveIntegerField(null=True, blank=True)  # of the member, as this row left it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["belongs_to", "sheet", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["belongs_to", "state", "sheet", "number"], name="import_row_state")]


class ColumnMemory(models.Model):
    """What a header of a unit's own lists means, as its people last said."""

    unit = models.ForeignKey("branches.Unit", on_delete=models.CASCADE, related_name="+")
    header = models.CharField(max_length=120)  # small letters without marks, the two rows of a header joined
    field = models.CharField(max_length=40, blank=True)  # empty: not to be taken

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "header"], name="column_memory_once")]
