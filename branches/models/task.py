"""Tasks that a meeting, a direction or somebody in charge gave; and what the branch proposes to those above."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.scoping import UnitScopedQuerySet, reach

from .evidence import StoredFile
from .versioned import Versioned


class ProposalQuerySet(UnitScopedQuerySet):
    read_rights = ("view", "oversee", "approve")
    write_rights = ("record",)

    def answerable_by(self, user):
        """Those it is put to: the Party committee of the unit, or the superior Đoàn."""
        party = Q(put_to=Proposal.PutTo.PARTY) & reach(user, "unit__", right="oversee")
        superior = Q(put_to=Proposal.PutTo.SUPERIOR) & reach(user, "unit__", right="approve")
        return self.filter(party | superior)

    def waiting(self):
        return self.filter(state__in=Proposal.OPEN)

    def sent_in(self, unit, period):
        """What the unit proposed in the period and did not withdraw, newest last."""
        rows = self.filter(unit=unit, sent_on__gte=period.starts_on, sent_on__lt=period.ends_on)
        return rows.exclude(state=Proposal.State.WITHDRAWN).order_by("sent_on", "pk")


class Proposal(Versioned):
    """What the branch proposes instead of waiting for a plan from above: what, why, what it needs; and the answer."""

    class PutTo(models.TextChoices):
        PARTY = "party", "Cấp ủy"
        SUPERIOR = "superior", "Đoàn cấp trên"

    class State(models.TextChoices):
        SENT = "sent", "Chờ trả lời"
        DISCUSS = "discuss", "Cần trao đổi thêm"
        AGREED = "agreed", "Đồng ý"
        REFUSED = "refused", "Chưa đồng ý"
        WITHDRAWN = "withdrawn", "Đã rút"

    OPEN = (State.SENT, State.DISCUSS)

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="proposals")
    put_to = models.CharField("gửi", max_length=8, choices=PutTo, default=PutTo.PARTY)
    what = models.CharField("đề xuất", max_length=300)
    why = models.TextField("vì sao", max_length=2000)
    needs = models.TextField("cần gì", max_length=2000, blank=True)
    state = models.CharField("tình trạng", max_length=9, choices=State, default=State.SENT)
    sent_on = models.DateField("ngày gửi")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField("trả lời", max_length=2000, blank=True)
    answered_on = models.DateField("ngày trả lời", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    meeting = models.ForeignKey(
        "branches.Meeting", on_delete=models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    target = models.ForeignKey(
        "branches.Target", on_delete=models.SET_NULL, null=True, blank=True, related_name="proposals"
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "đề xuất"
        verbose_name_plural = "đề xuất"
        indexes = [models.Index(fields=["unit", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["sent", "withdrawn"]) | Q(answered_on__isnull=False, answered_by__isnull=False),
                name="proposal_answer_has_a_day",
            )
        ]

    def __str__(self):
        return self.what


class ProposalTurnQuerySet(UnitScopedQuerySet):
    to_unit = "proposal__unit__"
    read_rights = ProposalQuerySet.read_rights


class ProposalTurn(models.Model):
    """One step of the exchange: what was said, by which side, and how the proposal stood after it."""

    class Side(models.TextChoices):
        BRANCH = "branch", "Đơn vị đề xuất"
        PARTY = Proposal.PutTo.PARTY.value, "Cấp ủy"
        SUPERIOR = Proposal.PutTo.SUPERIOR.value, "Đoàn cấp trên"

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="turns")
    side = models.CharField(max_length=8, choices=Side)
    state = models.CharField(max_length=9, choices=Proposal.State)
    words = models.TextField(max_length=2000, blank=True)
    said_on = models.DateField("ngày")
    # Those above answered on paper or at a meeting, and the unit wrote it down here.
    is_written_down = models.BooleanField(default=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    objects = ProposalTurnQuerySet.as_manager()

    class Meta:
        verbose_name = "lượt trao đổi về đề xuất"
        ordering = ["pk"]


class TaskQuerySet(UnitScopedQuerySet):
    read_rights = ("view", "approve")
    write_rights = ("record",)

    def visible_to(self, user):
        """Named exception of the permission rule: a member sees what they were given to do."""
        return self.filter(reach(user, self.to_unit, right=self.read_rights) | self._own(user))

    def reportable_by(self, user):
        """Whoever is to do it, or whoever writes for the unit, for those without an account."""
        return self.filter(reach(user, self.to_unit, right=self.write_rights) | self._own(user))

    @staticmethod
    def _own(user) -> Q:
        return Q(owner=user.member_id) if getattr(user, "member_id", None) else Q(pk__in=[])

    def open(self):
        """Not accepted and not dropped: somebody still has something to do."""
        return self.filter(state__in=Task.OPEN)

    def overdue(self, on: datetime.date):
        return self.filter(state=Task.State.GIVEN, due_on__lt=on)

    def owned_by(self, user):
        """The tasks of the signed-in member (scoping's exception: a member sees their own record)."""
        return self.filter(self._own(user))


class Task(Versioned):
    """Somebody is to do something by a day. Done by the owner is not yet accepted by whoever gave it."""

    class State(models.TextChoices):
        GIVEN = "given", "Đang làm"
        REPORTED = "reported", "Báo xong, chờ nhận"
        ACCEPTED = "accepted", "Đã nhận xong"
        DROPPED = "dropped", "Không làm nữa"

    OPEN = (State.GIVEN, State.REPORTED)

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="tasks")
    text = models.CharField("công việc", max_length=500)
    expected = models.CharField("kết quả phải có", max_length=300, blank=True)
    owner = models.ForeignKey(
        "branches.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="tasks",
        verbose_name="người thực hiện",
    )  # fmt: skip
    owner_name = models.CharField("hoặc tập thể", max_length=120, blank=True)  # "Ban Chấp hành"
    given_on = models.DateField("ngày giao")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField("thời hạn", null=True, blank=True)
    state = models.CharField("tình trạng", max_length=8, choices=State, default=State.GIVEN)
    meeting = models.ForeignKey(
        "branches.Meeting", on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    conclusion = models.ForeignKey(
        "branches.Conclusion", on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    direction = models.ForeignKey(
        "branches.Direction", on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    reported_on = models.DateField("ngày báo xong", null=True, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    result = models.TextField("đã làm được gì", max_length=2000, blank=True)
    returned_count = models.PositiveSmallIntegerField("số lần trả lại", default=0)
    returned_because = models.CharField("lý do trả lại", max_length=300, blank=True)
    closed_on = models.DateField("ngày nhận, ngày thôi", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    drop_reason = models.CharField("lý do không làm nữa", max_length=300, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "việc được giao"
        verbose_name_plural = "việc được giao"
        constraints = [
            models.CheckConstraint(condition=Q(owner__isnull=False) | ~Q(owner_name=""), name="task_has_an_owner"),
            models.CheckConstraint(
                condition=Q(state="given") | Q(state="dropped") | (Q(reported_on__isnull=False) & ~Q(result="")),
                name="task_reported_with_a_result",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["given", "reported"], closed_on=None)
                | Q(state__in=["accepted", "dropped"], closed_on__isnull=False),
                name="task_closed_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(drop_reason=""), name="task_dropped_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "due_on"], name="task_list"),
            models.Index(fields=["owner", "state"], name="task_of_member"),
        ]

    def __str__(self):
        return self.text

    @property
    def whose(self) -> str:
        return self.owner.full_name if self.owner_id else self.owner_name

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    def days_late(self, on: datetime.date) -> int:
        """Days past its date: until it was reported done, else until the day `on`. What was dropped is never late."""
        if self.due_on is None or self.state == self.State.DROPPED:
            return 0
        until = on if self.state == self.State.GIVEN else self.reported_on
        return max(0, (until - self.due_on).days)


class TaskFileQuerySet(UnitScopedQuerySet):
    to_unit = "task__unit__"
    read_rights = ("view", "approve")
    write_rights = ("record",)

    def visible_to(self, user):
        """As the task itself: whoever is to do it sees what was sent to show that it is done."""
        own = Q(task__owner=user.member_id) if getattr(user, "member_id", None) else Q(pk__in=[])
        return self.filter(reach(user, self.to_unit, right=self.read_rights) | own)


class TaskFile(StoredFile):
    """What shows that a task is done."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="files")

    objects = TaskFileQuerySet.as_manager()

    class Meta:
        verbose_name = "minh chứng của việc"


class TaskStepQuerySet(UnitScopedQuerySet):
    to_unit = "task__unit__"
    read_rights = ("view", "approve")


class TaskStep(models.Model):
    """What happened to a task, who did it and why; a report that was sent back is kept with its words."""

    class Kind(models.TextChoices):
        GIVEN = "given", "Giao việc"
        CHANGED = "changed", "Sửa việc"
        REPORTED = "reported", "Báo xong"
        RETURNED = "returned", "Trả lại"
        ACCEPTED = "accepted", "Nhận xong"
        DROPPED = "dropped", "Thôi không làm"
        REOPENED = "reopened", "Mở lại"

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=8, choices=Kind)
    done_on = models.DateField("ngày")
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(max_length=2000, blank=True)
    written_at = models.DateTimeField(auto_now_add=True)

    objects = TaskStepQuerySet.as_manager()

    class Meta:
        verbose_name = "bước của việc được giao"
        ordering = ["pk"]


class TaskCarry(models.Model):
    """The task was still open when this meeting was prepared and stood on its agenda: how often is the count."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="carries")
    meeting = models.ForeignKey("branches.Meeting", on_delete=models.CASCADE, related_name="carried")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "meeting"], name="task_carried_once_a_meeting")]
