"""Emulation of units over a year: the criteria as data, clusters, what each side scored, what was published.

No text is ever run as a formula: how a line is scored is a choice of a closed list with typed numbers beside it
(reports/emulation/scoring.py reads them).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from branches.formats import day
from branches.models import StoredFile, Versioned
from branches.scoping import UnitScopedQuerySet

POINTS = {"max_digits": 7, "decimal_places": 2}
COUNT = {"max_digits": 12, "decimal_places": 2}


class EmulationSetQuerySet(UnitScopedQuerySet):
    """Read and kept by the superior that scores. The Party committee reads what was published (`paper_rights`)."""

    read_rights = ("view", "approve")
    write_rights = ("manage",)
    paper_rights = (*read_rights, "oversee")


class EmulationSet(Versioned):
    """The criteria by which a superior scores its units in a period.

    draft ─ put in use ─▶ in use ─ end ─▶ ended. Criteria change in a draft only; while nobody has scored, a set in
    use is followed by another edition (`replaced` says which), which takes over clusters and sheets.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        IN_USE = "in_use", "Đang dùng"
        ENDED = "ended", "Đã kết thúc"

    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="emulation_sets")
    period = models.ForeignKey("branches.Period", on_delete=models.PROTECT, related_name="emulation_sets")
    name = models.CharField("tên bộ tiêu chí", max_length=200)
    edition = models.PositiveSmallIntegerField("bản", default=1)
    replaced = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    total_points = models.DecimalField("tổng điểm", **POINTS)
    bonus_cap = models.DecimalField("điểm thưởng tối đa", null=True, blank=True, **POINTS)
    source = models.CharField("căn cứ", max_length=300, blank=True)
    self_until = models.DateField("hạn tự chấm")
    state = models.CharField("tình trạng", max_length=8, choices=State, default=State.DRAFT)
    used_on = models.DateField("dùng từ ngày", null=True, blank=True)
    ended_on = models.DateField("kết thúc ngày", null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EmulationSetQuerySet.as_manager()

    class Meta:
        verbose_name = "bộ tiêu chí thi đua"
        verbose_name_plural = "bộ tiêu chí thi đua"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", used_on=None) | (~Q(state="draft") & Q(used_on__isnull=False)),
                name="emulation_set_used_on",
            ),
            models.CheckConstraint(condition=Q(total_points__gt=0), name="emulation_set_has_points"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_in_use(self) -> bool:
        return self.state == self.State.IN_USE


class OfSetQuerySet(UnitScopedQuerySet):
    to_unit = "set__unit__"
    read_rights = ("view", "approve")
    write_rights = ("manage",)


class EmulationCriterion(Versioned):
    """A group of criteria (kind `group`, no parent) or one criterion of a group.

    `points` is the most a line brings, or, for a deduction, the most it takes. `per_piece` are points for each piece
    (per-piece rule, deductions, bonuses); `bands` are rows [from, to, points] with to exclusive and "" for no end.
    """

    class Kind(models.TextChoices):
        GROUP = "group", "Nhóm tiêu chí"
        MEASURED = "measured", "Tính từ số liệu"
        TYPED = "typed", "Chấm điểm trực tiếp"
        YES_NO = "yes_no", "Có hoặc không"
        DEDUCTION = "deduction", "Điểm trừ"
        BONUS = "bonus", "Điểm thưởng"

    class Rule(models.TextChoices):
        PROPORTIONAL = "proportional", "Theo tỷ lệ đạt kế hoạch"
        ALL_OR_NOTHING = "all_or_nothing", "Đạt chỉ tiêu thì đủ điểm, không đạt thì không có điểm"
        PER_PIECE = "per_piece", "Theo từng kết quả, đến mức tối đa"
        BANDS = "bands", "Theo bảng mức"

    PIECES = (Kind.DEDUCTION, Kind.BONUS)

    set = models.ForeignKey(EmulationSet, on_delete=models.CASCADE, related_name="criteria")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="parts")
    position = models.PositiveSmallIntegerField(default=0)
    number = models.CharField("số thứ tự", max_length=10)
    text = models.CharField("nội dung", max_length=500)
    kind = models.CharField("cách chấm", max_length=9, choices=Kind)
    points = models.DecimalField("điểm", default=0, **POINTS)
    rule = models.CharField("quy tắc", max_length=14, choices=Rule, blank=True)
    indicator_code = models.SlugField("chỉ tiêu", max_length=60, blank=True)
    per_piece = models.DecimalField("điểm mỗi lần", null=True, blank=True, **POINTS)
    bands = models.JSONField("bảng mức", default=list, blank=True)
    above_total = models.BooleanField("cộng thêm ngoài tổng điểm", default=True)
    needs_evidence = models.BooleanField("phải có minh chứng", default=False)
    guidance = models.CharField("hướng dẫn chấm", max_length=500, blank=True)

    objects = OfSetQuerySet.as_manager()

    class Meta:
        verbose_name = "tiêu chí thi đua"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="group", parent=None) | (~Q(kind="group") & Q(parent__isnull=False)),
                name="emulation_criterion_in_a_group",
            ),
            models.CheckConstraint(condition=Q(points__gte=0), name="emulation_criterion_points"),
            models.CheckConstraint(
                condition=~Q(kind="measured") | (~Q(rule="") & ~Q(indicator_code="")),
                name="emulation_criterion_measures_something",
            ),
        ]

    @property
    def is_group(self) -> bool:
        return self.kind == self.Kind.GROUP

    @property
    def is_piecewise(self) -> bool:
        """Whether a person says how many there were, and not how many points."""
        return self.kind in self.PIECES and not self.indicator_code


class EmulationCluster(models.Model):
    """Units that are ranked against each other (cụm thi đua)."""

    set = models.ForeignKey(EmulationSet, on_delete=models.CASCADE, related_name="clusters")
    name = models.CharField("tên cụm", max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    objects = OfSetQuerySet.as_manager()

    class Meta:
        verbose_name = "cụm thi đua"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["set", "name"], name="emulation_cluster_once")]


class ScoreSheetQuerySet(UnitScopedQuerySet):
    """The unit's own sheet: read and filled by the unit, read by its superiors."""

    read_rights = ("view", "approve")
    write_rights = ("record",)
    paper_rights = (*read_rights, "oversee")


class ScoreSheet(Versioned):
    """One unit in one set, from the day it was taken in; in one cluster, or in none yet.

    open ─ send ─▶ self_scored ─▶ scored ─ publish ─▶ final ─ reopen, with a reason ─▶ reopened ─▶ scored ─▶ …
      ◀─ send back, with a reason ─┘          A unit that is not considered (`left_out`) has the reason.
    """

    class State(models.TextChoices):
        OPEN = "open", "Đang tự chấm"
        SELF_SCORED = "self_scored", "Đã gửi, chờ chấm"
        SCORED = "scored", "Đã chấm xong"
        FINAL = "final", "Đã công bố"
        REOPENED = "reopened", "Mở lại để chấm"
        LEFT_OUT = "left_out", "Không xét"

    set = models.ForeignKey(EmulationSet, on_delete=models.PROTECT, related_name="sheets")
    unit = models.ForeignKey("branches.Unit", on_delete=models.PROTECT, related_name="score_sheets")
    cluster = models.ForeignKey(EmulationCluster, on_delete=models.PROTECT, null=True, related_name="sheets")
    taken_on = models.DateField("vào cụm từ ngày")
    state = models.CharField("tình trạng", max_length=11, choices=State, default=State.OPEN)

    objects = ScoreSheetQuerySet.as_manager()
    by_superior = OfSetQuerySet.as_manager()

    class Meta:
        verbose_name = "phiếu chấm điểm thi đua"
        constraints = [models.UniqueConstraint(fields=["set", "unit"], name="score_sheet_once_a_set")]


class OfSheetQuerySet(UnitScopedQuerySet):
    to_unit = "sheet__unit__"
    read_rights = ("view", "approve")
    write_rights = ("record",)


class ScoreStep(models.Model):
    """One step of a sheet on its way, and why. Never changed."""

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.CASCADE, related_name="steps")
    verb = models.CharField("bước", max_length=12)
    from_state = models.CharField(max_length=11, choices=ScoreSheet.State)
    to_state = models.CharField(max_length=11, choices=ScoreSheet.State)
    reason = models.CharField("lý do", max_length=500, blank=True)
    taken_on = models.DateField("ngày")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    objects = OfSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "bước của phiếu chấm điểm"
        constraints = [
            models.CheckConstraint(
                condition=~Q(verb__in=["send_back", "reopen", "leave_out"]) | ~Q(reason=""),
                name="score_step_says_why",
            )
        ]


class ScoreLine(Versioned):
    """One criterion of one sheet: what the unit says beside what the superior gives.

    `self_said` and `given_said` are what was typed (points, yes as 1, or a number of pieces), the points beside them
    what that brings. `given_words` keep how the points came about on the day they were given, `given_source` where
    the figures behind them were read.
    """

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.CASCADE, related_name="lines")
    criterion = models.ForeignKey(EmulationCriterion, on_delete=models.PROTECT, related_name="lines")
    self_said = models.DecimalField("đơn vị ghi", null=True, blank=True, **COUNT)
    self_points = models.DecimalField("điểm tự chấm", null=True, blank=True, **POINTS)
    self_note = models.CharField("đơn vị giải trình", max_length=1000, blank=True)
    self_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    self_at = models.DateTimeField(null=True)
    given_said = models.DecimalField("cấp trên ghi", null=True, blank=True, **COUNT)
    given_points = models.DecimalField("điểm chấm", null=True, blank=True, **POINTS)
    given_words = models.CharField(max_length=500, blank=True)
    given_source = models.CharField("nguồn số liệu", max_length=120, blank=True)
    given_note = models.CharField("nhận xét", max_length=1000, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(null=True)

    objects = OfSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng chấm điểm"
        constraints = [models.UniqueConstraint(fields=["sheet", "criterion"], name="score_line_once")]


class ScoreEvidenceQuerySet(UnitScopedQuerySet):
    to_unit = "line__sheet__unit__"
    read_rights = ("view", "approve")
    write_rights = ("record",)


class ScoreEvidence(StoredFile):
    """One piece the unit shows for one line: an activity of its own, a paper of its register, or a file.

    `published_in` is the first ranking in which it stood; from then on it stays.
    """

    EARLIER_FOLDERS = ("scorefile",)

    line = models.ForeignKey(ScoreLine, on_delete=models.CASCADE, related_name="evidence")
    activity = models.ForeignKey(
        "branches.Activity", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="hoạt động"
    )
    paper = models.ForeignKey(
        "branches.PaperNumber", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="văn bản",
    )  # fmt: skip
    published_in = models.ForeignKey("EmulationRanking", on_delete=models.PROTECT, null=True, related_name="+")

    objects = ScoreEvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "minh chứng thi đua"
        constraints = [
            models.CheckConstraint(
                condition=Q(activity__isnull=False, paper=None, file="")
                | Q(activity=None, paper__isnull=False, file="")
                | Q(activity=None, paper=None) & ~Q(file=""),
                name="score_evidence_is_one_thing",
            ),
            models.UniqueConstraint(fields=["line", "activity"], name="score_evidence_activity_once"),
            models.UniqueConstraint(fields=["line", "paper"], name="score_evidence_paper_once"),
        ]

    def __str__(self):
        """ "Hoạt động Ngày hội hiến máu, 12/03/2026"."""
        if self.activity:
            return f"Hoạt động {self.activity.title}, {day(self.activity.last_on)}"
        if self.paper:
            about = f": {self.paper.about}" if self.paper.about else ""
            return f"Văn bản {self.paper.symbol} ngày {day(self.paper.dated_on)}{about}"
        return f"Tệp {self.name}"


class EmulationRankingQuerySet(UnitScopedQuerySet):
    to_unit = "set__unit__"
    read_rights = ("view", "approve", "oversee")
    write_rights = ("manage",)


class EmulationRanking(models.Model):
    """One published edition: ranks, totals and lines of every unit as plain data, with the hash of it. Never changed.

    What changes afterwards is told by another edition, which says why.
    """

    set = models.ForeignKey(EmulationSet, on_delete=models.PROTECT, related_name="rankings")
    edition = models.PositiveSmallIntegerField("bản")
    published_on = models.DateField("ngày công bố")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField("lý do thay đổi", max_length=500, blank=True)
    content = models.JSONField("nội dung")
    sha256 = models.CharField(max_length=64)

    objects = EmulationRankingQuerySet.as_manager()

    class Meta:
        verbose_name = "bảng xếp hạng thi đua"
        constraints = [
            models.UniqueConstraint(fields=["set", "edition"], name="emulation_ranking_edition_once"),
            models.CheckConstraint(condition=Q(edition=1) | ~Q(reason=""), name="emulation_ranking_says_why"),
        ]
