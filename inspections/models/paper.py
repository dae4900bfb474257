"""Papers of a programme or a case: drafted from its rows, edited, issued with a number, frozen, versioned."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.models import StoredFile, Versioned
from branches.scoping import UnitScopedQuerySet

from .finding import Recommendation
from .inspection import Inspection
from .programme import InspectionProgramme


class CasePaperQuerySet(UnitScopedQuerySet):
    """The committee and the team read papers of their case; the inspected unit those issued and addressed to it."""

    def visible_to(self, user):
        cases = Inspection.objects.open_to_committee(user).values("pk")
        programmes = InspectionProgramme.objects.editable_by(user).values("pk")
        read_above = InspectionProgramme.objects.visible_to(user).values("pk")
        sent_up = Q(state=CasePaper.State.ISSUED, programme__in=read_above)
        told = Q(
            kind__in=CasePaper.FOR_THE_UNIT,
            state=CasePaper.State.ISSUED,
            inspection__in=Inspection.objects.visible_to(user).values("pk"),
        )
        # What the unit is still writing is its own.
        ours = Q(inspection__in=cases) & ~Q(kind__in=CasePaper.OF_THE_UNIT, state=CasePaper.State.DRAFT)
        return self.filter(ours | Q(programme__in=programmes) | sent_up | told | self._own(user))

    def editable_by(self, user):
        cases = Inspection.objects.editable_by(user).values("pk")
        programmes = InspectionProgramme.objects.editable_by(user).values("pk")
        ours = Q(kind__in=CasePaper.OF_THE_COMMITTEE) & (Q(inspection__in=cases) | Q(programme__in=programmes))
        return self.filter(ours | self._own(user))

    def issuable_by(self, user):
        """Papers the user may sign off: the committee's by the committee, the unit's by whoever submits for it."""
        cases = Inspection.objects.decided_by(user).values("pk")
        headed = Inspection.objects.headed_by(user).values("pk")
        programmes = InspectionProgramme.objects.editable_by(user).values("pk")
        ours = Q(kind__in=CasePaper.OF_THE_COMMITTEE) & (Q(inspection__in=cases) | Q(programme__in=programmes))
        by_head = Q(kind__in=CasePaper.OF_THE_TEAM, inspection__in=headed)
        return self.filter(ours | by_head | self._own(user))

    def to_issue(self):
        """The same rows, but `editable_by` asks who may sign them off; for the loaders."""
        return IssuableQuerySet(self.model, using=self._db)

    @staticmethod
    def _own(user) -> Q:
        """Papers the inspected unit itself writes."""
        return Q(kind__in=CasePaper.OF_THE_UNIT, inspection__in=Inspection.objects.answerable_by(user).values("pk"))


class IssuableQuerySet(CasePaperQuerySet):
    def editable_by(self, user):
        return self.issuable_by(user)


class CasePaper(Versioned):
    """One edition of one paper. `texts` are people's own words by section; what is not in them is drafted anew from
    the rows each time it is shown, until `frozen` keeps the whole paper as it was issued."""

    class Kind(models.TextChoices):
        PROGRAMME = "programme", "Chương trình kiểm tra, giám sát"
        DECISION = "decision", "Quyết định lập đoàn"
        PLAN = "plan", "Kế hoạch kiểm tra, giám sát"
        OUTLINE = "outline", "Đề cương báo cáo"
        SESSION = "session", "Biên bản làm việc"
        TEAM_REPORT = "team_report", "Báo cáo của đoàn kiểm tra"
        NOTICE = "notice", "Thông báo kết luận, kết quả"
        REMINDER = "reminder", "Công văn đôn đốc"
        REMEDIATION = "remediation", "Báo cáo khắc phục"
        CLOSING = "closing", "Phiếu kết thúc hồ sơ"

    # Type code in the number, domain.md 6.3. The outline is an annex of the plan and has no number of its own.
    CODES = {
        Kind.PROGRAMME: "CTr", Kind.DECISION: "QĐ", Kind.PLAN: "KH", Kind.OUTLINE: "", Kind.SESSION: "BB",
        Kind.TEAM_REPORT: "BC", Kind.NOTICE: "TB", Kind.REMINDER: "CV", Kind.REMEDIATION: "BC", Kind.CLOSING: "BC",
    }  # fmt: skip
    OF_THE_UNIT = (Kind.REMEDIATION,)
    OF_THE_TEAM = (Kind.OUTLINE, Kind.SESSION, Kind.TEAM_REPORT)
    OF_THE_COMMITTEE = (
        Kind.PROGRAMME, Kind.DECISION, Kind.PLAN, Kind.OUTLINE, Kind.SESSION, Kind.TEAM_REPORT, Kind.NOTICE,
        Kind.REMINDER, Kind.CLOSING,
    )  # fmt: skip
    FOR_THE_UNIT = (
        Kind.DECISION, Kind.PLAN, Kind.OUTLINE, Kind.SESSION, Kind.NOTICE, Kind.REMINDER, Kind.REMEDIATION,
    )  # fmt: skip

    class State(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        ISSUED = "issued", "Đã ban hành"

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, null=True, blank=True, related_name="papers")
    programme = models.ForeignKey(
        InspectionProgramme, on_delete=models.PROTECT, null=True, blank=True, related_name="papers"
    )
    kind = models.CharField("văn bản", max_length=11, choices=Kind)
    series = models.PositiveSmallIntegerField("thứ tự", default=1)  # a case may send several reminders
    edition = models.PositiveSmallIntegerField("bản", default=1)
    reason = models.CharField("lý do ban hành lại", max_length=300, blank=True)
    state = models.CharField("tình trạng", max_length=6, choices=State, default=State.DRAFT)
    texts = models.JSONField(default=dict, blank=True)
    about = models.ManyToManyField(Recommendation, blank=True, related_name="papers", verbose_name="kiến nghị")
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    entry = models.OneToOneField(
        "branches.PaperNumber", on_delete=models.PROTECT, null=True, blank=True, related_name="case_paper"
    )
    dated_on = models.DateField("ngày văn bản", null=True, blank=True)
    signer_capacity = models.CharField("thể thức ký", max_length=120, blank=True)
    signer_post = models.CharField("chức vụ người ký", max_length=120, blank=True)
    signer_name = models.CharField("người ký", max_length=120, blank=True)
    frozen = models.JSONField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CasePaperQuerySet.as_manager()

    class Meta:
        verbose_name = "văn bản kiểm tra, giám sát"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(inspection=None, programme__isnull=False) | Q(inspection__isnull=False, programme=None),
                name="case_paper_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["inspection", "kind", "series", "edition"],
                condition=Q(programme=None),
                name="case_paper_edition_once",
            ),
            models.UniqueConstraint(
                fields=["programme", "kind", "series", "edition"],
                condition=Q(inspection=None),
                name="programme_paper_edition_once",
            ),
            models.CheckConstraint(condition=Q(edition=1) | ~Q(reason=""), name="case_paper_new_edition_says_why"),
            models.CheckConstraint(
                condition=Q(state="draft", frozen=None)
                | Q(state="issued", frozen__isnull=False, dated_on__isnull=False, issued_by__isnull=False),
                name="case_paper_issued_is_frozen",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}".strip()


class CasePaperScanQuerySet(UnitScopedQuerySet):
    def visible_to(self, user):
        return self.filter(paper__in=CasePaper.objects.visible_to(user).values("pk"))

    def editable_by(self, user):
        return self.filter(paper__in=CasePaper.objects.editable_by(user).values("pk"))


class CasePaperScan(StoredFile):
    """The signed sheet as a picture or a PDF; it changes nothing in the frozen paper."""

    paper = models.ForeignKey(CasePaper, on_delete=models.CASCADE, related_name="scans")

    objects = CasePaperScanQuerySet.as_manager()

    class Meta:
        verbose_name = "bản ký"
        ordering = ["pk"]
