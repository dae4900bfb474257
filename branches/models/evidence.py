"""Evidence: a file or a link that shows that something was done. Pictures are stored re-encoded."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.scoping import UnitScopedQuerySet


def stored_path(instance, filename) -> str:
    """A random name: what the sender called the file is kept in `name` and never touches the disk."""
    return f"{instance._meta.model_name}/{uuid.uuid4().hex}{instance.suffix}"


class StoredFile(models.Model):
    """A file that went through uploads.py. Served only by a view that asks scoping.py."""

    class Kind(models.TextChoices):
        PICTURE = "picture", "Ảnh"
        PDF = "pdf", "PDF"
        OFFICE = "office", "Tệp Word, Excel"

    SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}
    EARLIER_FOLDERS = ()  # of a model that was renamed: files stay where they were stored

    kind = models.CharField(max_length=8, choices=Kind, blank=True)
    file = models.FileField(upload_to=stored_path, blank=True, max_length=120)
    name = models.CharField("tên tệp", max_length=160, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField("dung lượng", default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    @property
    def suffix(self) -> str:
        return self.SUFFIXES.get(self.content_type, ".bin")


class EvidenceQuerySet(UnitScopedQuerySet):
    to_unit = "activity__unit__"
    read_rights = ("view", "approve")
    write_rights = ("record",)


class Evidence(StoredFile):
    """A file or a link attached to an activity."""

    activity = models.ForeignKey("branches.Activity", on_delete=models.CASCADE, related_name="evidence")
    link = models.URLField("đường dẫn", max_length=300, blank=True)
    caption = models.CharField("ghi chú", max_length=160, blank=True)

    WEB = ("https://", "http://")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "minh chứng"
        verbose_name_plural = "minh chứng"
        constraints = [
            models.CheckConstraint(
                condition=(Q(file="") & ~Q(link="")) | (~Q(file="") & Q(link="")),
                name="evidence_file_or_link",
            )
        ]

    @property
    def may_be_followed(self) -> bool:
        """Whether a page may make a link of it. Asked again here, because rows also come past the forms."""
        return self.link.lower().startswith(self.WEB)
