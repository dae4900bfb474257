"""Checklists: versioned templates, their copy in a case, the unit's answer beside the inspector's.

A case takes a copy of the items of one version (`ChecklistItem`), so that a later version changes nothing in
it. What is sent from a phone without signal arrives as `SiteEntry` rows with an id the phone made: a resend is
the same entry, and of two inspectors who answered the same item the later one is asked instead of winning.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from branches.models import StoredFile, Versioned
from branches.scoping import UnitScopedQuerySet, reach

from .finding import OfCaseQuerySet
from .inspection import Inspection, InspectionQuerySet
from .programme import of_own_committee


class Result(models.TextChoices):
    MET = "met", "Đạt"
    PARTLY = "partly", "Đạt một phần"
    NOT_MET = "not_met", "Chưa đạt"
    NOT_APPLICABLE = "na", "Không áp dụng"


class TemplateQuerySet(UnitScopedQuerySet):
    write_rights = ("inspect",)

    def visible_to(self, user):
        """Those of the software are for everybody who inspects somewhere; a unit's own for it, and once in use for
        those below and above."""
        own = reach(user, "unit__", right="inspect") & ~Q(state=ChecklistTemplate.State.DRAFT)
        posts = [post for post in getattr(user, "posts_today", []) if "inspect" in post.type.verbs_here]
        if not posts:
            return self.none()
        above = Q(unit=None)
        for post in posts:
            own_and_above = [int(step) for step in post.unit.path.strip("/").split("/")]
            above |= Q(unit=post.unit_id) | Q(unit__in=own_and_above) & ~Q(state=ChecklistTemplate.State.DRAFT)
        return self.filter(own | above)

    def editable_by(self, user):
        return self.filter(of_own_committee(user))

    def usable(self):
        """The versions that can be put into a case: the newest in use of each checklist."""
        return self.filter(state=ChecklistTemplate.State.IN_USE)

    def for_case(self, case: Inspection):
        """What can be put into a case, by whoever works in it: of the software, its committee and those above."""
        above = [int(step) for step in case.programme.unit.path.strip("/").split("/")]
        return self.usable().filter(Q(unit=None) | Q(unit__in=above))


class ChecklistTemplate(Versioned):
    """One version of a checklist. Changed only as a draft; once in use, a change makes the next version."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        IN_USE = "in_use", "Đang dùng"
        RETIRED = "retired", "Thôi dùng"

    class Scoring(models.TextChoices):
        NONE = "none", "Không chấm điểm"
        WEIGHTED = "weighted", "Chấm theo điểm tối đa và hệ số"

    unit = models.ForeignKey(
        "branches.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="checklists"
    )  # empty: comes with the software
    code = models.SlugField("mã", max_length=40)
    edition = models.PositiveSmallIntegerField("phiên bản", default=1)
    name = models.CharField("tên phiếu", max_length=160)
    about = models.CharField("dùng khi", max_length=300, blank=True)
    scoring = models.CharField("chấm điểm", max_length=8, choices=Scoring, default=Scoring.NONE)
    state = models.CharField("tình trạng", max_length=7, choices=State, default=State.DRAFT)
    source = models.CharField("căn cứ", max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_on = models.DateField("ngày lập", null=True, blank=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "mẫu phiếu kiểm tra"
        ordering = ["name", "edition", "pk"]
        # One version of a checklist counts at a time and one is being prepared. Twice, because two empty units
        # are different to a database: those that come with the software have no unit.
        constraints = [
            models.UniqueConstraint(fields=["unit", "code", "edition"], name="checklist_edition_once"),
            models.UniqueConstraint(
                fields=["code", "edition"], condition=Q(unit=None), name="checklist_of_all_edition_once"
            ),
            models.UniqueConstraint(fields=["unit", "code"], condition=Q(state="in_use"), name="checklist_one_in_use"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(unit=None, state="in_use"), name="checklist_of_all_one_in_use"
            ),
            models.UniqueConstraint(fields=["unit", "code"], condition=Q(state="draft"), name="checklist_one_draft"),
        ]

    def __str__(self):
        return f"{self.name} (bản {self.edition})"


class ItemText(models.Model):
    """What one line of a checklist says; the same in the template and in the copy a case holds."""

    topic = models.CharField("nhóm", max_length=160)
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField("nội dung kiểm tra", max_length=400)
    guidance = models.TextField("hướng dẫn", max_length=1000, blank=True)
    evidence_where = models.CharField("xem ở đâu", max_length=300, blank=True)
    weight = models.PositiveSmallIntegerField("hệ số", default=1)
    max_points = models.PositiveSmallIntegerField("điểm tối đa", default=0)
    na_allowed = models.BooleanField("có thể không áp dụng", default=False)
    # Not met: the whole checklist counts as not met, whatever the points.
    is_critical = models.BooleanField("bắt buộc", default=False)
    fact = models.SlugField("số liệu hệ thống", max_length=40, blank=True)  # a key of facts.py

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class TemplateItemQuerySet(UnitScopedQuerySet):
    to_unit = "template__unit__"
    write_rights = ("inspect",)

    def visible_to(self, user):
        return self.filter(template__in=ChecklistTemplate.objects.visible_to(user).values("pk"))

    def editable_by(self, user):
        return self.filter(template__in=ChecklistTemplate.objects.editable_by(user).values("pk"))


class TemplateItem(Versioned, ItemText):
    template = models.ForeignKey(ChecklistTemplate, on_delete=models.CASCADE, related_name="items")

    objects = TemplateItemQuerySet.as_manager()

    class Meta(ItemText.Meta):
        verbose_name = "mục của mẫu phiếu"


class OpenToUnitQuerySet(OfCaseQuerySet):
    """Rows that the inspected unit reads before the notice, too: what it was asked and what it said itself."""

    def visible_to(self, user):
        return self.filter(**{f"{self.to_case}__in": Inspection.objects.visible_to(user).values("pk")})


class AnswerableCases(InspectionQuerySet):
    """Cases for the pages on which the inspected unit answers: `editable_by` asks who answers for it, and a
    visit that must not be announced is not there before it has taken place."""

    def editable_by(self, user):
        return self.answerable_by(user) & self.visible_to(user)


class ItemQuerySet(OpenToUnitQuerySet):
    def for_unit(self):
        """The same rows, but `editable_by` asks who answers for the inspected unit; for the loaders."""
        return UnitItemsQuerySet(self.model, using=self._db)


class UnitItemsQuerySet(ItemQuerySet):
    def editable_by(self, user):
        return self.filter(inspection__in=AnswerableCases(Inspection).editable_by(user).values("pk"))


class ChecklistItem(ItemText):
    """One item of a case: copied from the version in use when it was put there, or added for this case alone."""

    class Origin(models.TextChoices):
        TEMPLATE = "template", "Theo mẫu"
        TARGET = "target", "Chỉ tiêu còn chậm"
        EVIDENCE = "evidence", "Hoạt động thiếu minh chứng"
        BEFORE = "before", "Kiến nghị lần trước"
        OWN = "own", "Đoàn kiểm tra thêm"

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="items")
    template = models.ForeignKey(
        ChecklistTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="used_items"
    )
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.TEMPLATE)
    target = models.ForeignKey("branches.Target", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    activity = models.ForeignKey(
        "branches.Activity", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    before = models.ForeignKey(
        "inspections.Recommendation", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The figure as it stood when the inspector settled the item: the words shown beside it, frozen.
    fact_words = models.CharField("số liệu khi kiểm tra", max_length=300, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta(ItemText.Meta):
        verbose_name = "mục kiểm tra"
        indexes = [models.Index(fields=["inspection", "position"])]


class AnswerQuerySet(OfCaseQuerySet):
    """The unit reads its own answers at once, the inspectors' ones with the notice."""

    to_case = "item__inspection"

    def visible_to(self, user):
        own = Q(side=ChecklistAnswer.Side.UNIT)
        mine = self.filter(own, item__inspection__in=Inspection.objects.visible_to(user).values("pk"))
        return (super().visible_to(user) | mine).distinct()

    def for_unit(self):
        """The same rows, but `editable_by` asks who answers for the inspected unit; for the loaders."""
        return UnitAnswersQuerySet(self.model, using=self._db)


class UnitAnswersQuerySet(AnswerQuerySet):
    def editable_by(self, user):
        answerable = AnswerableCases(Inspection).editable_by(user).values("pk")
        return self.filter(side=ChecklistAnswer.Side.UNIT, item__inspection__in=answerable)


class ChecklistAnswer(Versioned):
    """What one side says about an item. At most one row a side; what stood before is in the entries."""

    class Side(models.TextChoices):
        UNIT = "unit", "Đơn vị"
        TEAM = "team", "Đoàn kiểm tra"

    item = models.ForeignKey(ChecklistItem, on_delete=models.CASCADE, related_name="answers")
    side = models.CharField(max_length=4, choices=Side)
    result = models.CharField("kết quả", max_length=7, choices=Result, blank=True)
    points = models.DecimalField("điểm", max_digits=5, decimal_places=1, null=True, blank=True)
    note = models.TextField("ghi chú", max_length=3000, blank=True)
    activities = models.ManyToManyField("branches.Activity", blank=True, related_name="+", verbose_name="hoạt động")
    meetings = models.ManyToManyField("branches.Meeting", blank=True, related_name="+", verbose_name="buổi sinh hoạt")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "trả lời mục kiểm tra"
        constraints = [models.UniqueConstraint(fields=["item", "side"], name="checklist_answer_once_a_side")]


class EntryQuerySet(OfCaseQuerySet):
    """Working notes: the committee's and the team's own, also after the notice."""

    def visible_to(self, user):
        return self.filter(inspection__in=Inspection.objects.open_to_committee(user).values("pk"))


class SiteEntry(models.Model):
    """One thing an inspector wrote on site, as the phone sent it: an answer to an item, or a free note.

    `base_version` is the version of the answer the phone showed when it was written (0: none yet). Where the
    answer has moved on meanwhile and says something else, the entry `differs` until a person has chosen.
    """

    class State(models.TextChoices):
        TAKEN = "taken", "Đã nhận"
        DIFFERS = "differs", "Khác với người khác ghi"
        SETTLED = "settled", "Đã chọn"

    client_id = models.UUIDField(unique=True)
    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="entries")
    item = models.ForeignKey(ChecklistItem, on_delete=models.CASCADE, null=True, blank=True, related_name="entries")
    result = models.CharField(max_length=7, choices=Result, blank=True)
    points = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    note = models.TextField(max_length=3000, blank=True)
    base_version = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=7, choices=State, default=State.TAKEN)
    written_at = models.DateTimeField()  # the phone's clock
    received_at = models.DateTimeField(auto_now_add=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = "ghi chép tại chỗ"
        ordering = ["written_at", "pk"]
        indexes = [models.Index(fields=["inspection", "item"])]


class SiteFileQuerySet(OfCaseQuerySet):
    def visible_to(self, user):
        """Of the team's, the unit reads with the notice what belongs to an item; what lies beside a free note stays
        with the notes."""
        own = self.filter(
            side=ChecklistAnswer.Side.UNIT, inspection__in=Inspection.objects.visible_to(user).values("pk")
        )
        noted = self.filter(inspection__in=Inspection.objects.open_to_committee(user).values("pk"))
        return (super().visible_to(user).exclude(item=None) | noted | own).distinct()

    def editable_by(self, user):
        """The team's files by the team, the unit's by whoever answers for the unit."""
        answerable = AnswerableCases(Inspection).editable_by(user).values("pk")
        theirs = self.filter(side=ChecklistAnswer.Side.UNIT, inspection__in=answerable)
        return (super().editable_by(user).filter(side=ChecklistAnswer.Side.TEAM) | theirs).distinct()


class SiteFile(StoredFile):
    """A photo or a file of the case: of the inspector's note, of an item, or the unit's evidence for an item."""

    client_id = models.UUIDField(unique=True, null=True, blank=True)
    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="site_files")
    item = models.ForeignKey(ChecklistItem, on_delete=models.CASCADE, null=True, blank=True, related_name="files")
    side = models.CharField(max_length=4, choices=ChecklistAnswer.Side, default=ChecklistAnswer.Side.TEAM)
    caption = models.CharField("chú thích", max_length=200, blank=True)
    taken_at = models.DateTimeField("chụp lúc", null=True, blank=True)

    objects = SiteFileQuerySet.as_manager()

    class Meta:
        verbose_name = "ảnh, tệp của cuộc kiểm tra"
        ordering = [F("taken_at").asc(nulls_last=True), "pk"]
