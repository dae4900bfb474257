"""The calendar lock: up to which day the figures of a unit and of those below it may no longer be written by hand."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from branches.scoping import UnitScopedQuerySet, reach


class PeriodLockQuerySet(UnitScopedQuerySet):
    read_rights = ("view", "approve")
    write_rights = ("submit",)

    def told(self):
        """With `is_replaced`: announced, and changed before its day had come, so that it never locked anything."""
        return self.annotate(is_replaced=self._replaced())

    def _replaced(self):
        later = PeriodLock.objects.filter(unit=OuterRef("unit"), pk__gt=OuterRef("pk"))
        return Exists(later.filter(set_on__lt=OuterRef("holds_from")))

    def in_force(self, on):
        """Of each office the one that counts on the day, also where it says that nothing is locked."""
        came = PeriodLock.objects.filter(unit=OuterRef("unit"), holds_from__lte=on).exclude(self._replaced())
        return self.filter(pk=Subquery(came.order_by("-pk").values("pk")[:1]))

    def announced(self, on):
        """Of each office what it said last, where the day of that is still to come."""
        later = PeriodLock.objects.filter(unit=OuterRef("unit"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later), holds_from__gt=on)


class PeriodLock(models.Model):
    """An office locks itself and everything below it through a day; empty unlocks all. Rows are added, never changed:
    of those whose day (`holds_from`) has come the newest of an office counts. A row with a later day announces it, and
    whatever is set before that day takes its place. Locking is not approving: neither a report nor its approval moves
    it."""

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="period_locks")
    through = models.DateField("khóa đến hết ngày", null=True, blank=True)
    reason = models.CharField("lý do", max_length=300, blank=True)
    set_on = models.DateField("ngày đặt")
    holds_from = models.DateField("khóa từ ngày")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = PeriodLockQuerySet.as_manager()

    class Meta:
        verbose_name = "khóa số liệu"
        constraints = [
            models.CheckConstraint(condition=Q(holds_from__gte=F("set_on")), name="period_lock_not_backwards"),
            models.CheckConstraint(
                condition=Q(through=None) | Q(through__lt=F("holds_from")), name="period_lock_of_past_days"
            ),
        ]
        indexes = [models.Index(fields=["unit", "id"])]

    @property
    def unwritten(self) -> str:
        """What a unit has still to write before it is locked, of a row of `locking.announced_over`; empty: nothing."""
        found = (
            (self.plans, "hoạt động dự kiến chưa ghi kết quả"), (self.bare, "hoạt động chưa có số"),
            (self.meetings, "cuộc họp chưa ghi họp xong"),
        )  # fmt: skip
        return ", ".join(f"{count} {words}" for count, words in found if count)


class LockExceptionQuerySet(UnitScopedQuerySet):
    """Read by the unit it opens and by the office that gave it; ended by that office."""

    to_office = "office__"
    read_rights = ("view", "approve")
    write_rights = ("submit",)

    def visible_to(self, user):
        by_office = reach(user, self.to_office, right=self.read_rights)
        return self.filter(reach(user, self.to_unit, right=self.read_rights) | by_office)

    def editable_by(self, user):
        return self.filter(reach(user, self.to_office, right=self.write_rights))

    def running(self, on):
        """Those that open something on the day."""
        return self.filter(ended_on=None, given_on__lte=on, valid_until__gte=on)


class LockException(models.Model):
    """For one unit, what happened from `first_on` to `last_on` may be written until `valid_until`, though it is locked
    by the office that says so or by one below that office."""

    office = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="lock_exceptions_given")
    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="lock_exceptions")
    first_on = models.DateField("từ ngày")
    last_on = models.DateField("đến ngày")
    valid_until = models.DateField("mở đến hết ngày")
    reason = models.CharField("lý do", max_length=300)
    given_on = models.DateField("ngày mở")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField("ngày thôi mở", null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = LockExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = "mở tạm số liệu đã khóa"
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="lock_exception_span"),
            models.CheckConstraint(condition=Q(valid_until__gte=F("given_on")), name="lock_exception_valid"),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None) | Q(ended_on__isnull=False, ended_by__isnull=False),
                name="lock_exception_ended_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["unit", "valid_until"]), models.Index(fields=["office", "valid_until"])]
