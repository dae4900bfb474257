"""Two people editing the same thing: the second save is refused, never silently merged."""

from django.db import models


class EditConflict(Exception):
    """Somebody saved this record after the form was opened. Nothing was written.

    `current` is the record as it stands in the database now.
    """

    def __init__(self, current):
        super().__init__("edited meanwhile")
        self.current = current


class Versioned(models.Model):
    """Adds a version number that every change through `claim` raises by one."""

    version = models.PositiveIntegerField("phiên bản", default=1, editable=False)

    class Meta:
        abstract = True

    def claim(self, version: int) -> None:
        """Take the right to change this record, or raise EditConflict.

        `version` is the number the form was opened with. The comparison is made by the database in
        the UPDATE itself, so of two simultaneous editors exactly one wins. Call inside a
        transaction, before saving; the caller then saves the instance as usual.
        """
        model = type(self)
        taken = model._base_manager.filter(pk=self.pk, version=version).update(version=version + 1)
        if not taken:
            raise EditConflict(model._base_manager.filter(pk=self.pk).first())
        self.version = version + 1
