"""The editions of a report: where each of them stands, and which one is printed for whom."""

from dataclasses import dataclass

from .freezing import edition_day, edition_in_force
from .models import PeriodReport, ReportStep, Submission

State = PeriodReport.State

# Where an edition stands: the sign of {% state %} and its word.
IN_FORCE, REPLACED, WAITING, RETURNED, TAKEN_BACK = "in_force", "replaced", "waiting", "returned", "taken_back"
WORDS = {
    IN_FORCE: ("met", "Đã duyệt, đang có hiệu lực"),
    REPLACED: ("none", "Đã duyệt, đã có bản thay"),
    WAITING: ("waiting", "Đã nộp, chờ duyệt"),
    RETURNED: ("returned", "Bị trả lại"),
    TAKEN_BACK: ("none", "Đơn vị rút lại"),
}


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition with its standing. `reason` is why it was sent or taken back, `by` the edition in its place."""

    submission: Submission
    standing: str
    reason: str = ""
    by: int = 0

    @property
    def sign(self) -> str:
        return WORDS[self.standing][0]

    @property
    def word(self) -> str:
        return WORDS[self.standing][1]

    @property
    def day(self) -> str:
        return edition_day(self.submission)

    @property
    def short_hash(self) -> str:
        """The first twelve digits: enough to compare two papers by eye."""
        return self.submission.sha256[:12]


def editions_of(report: PeriodReport) -> list[Edition]:
    """Every edition of the report, the newest first. Two queries, whatever their number."""
    found = Submission.objects.filter(report=report).select_related("submitted_by", "approved_by")
    rows = list(found.order_by("-edition"))
    decided = {
        edition: (verb, reason)
        for edition, verb, reason in ReportStep.objects.filter(report=report, verb__in=("return", "take_back"))
        .order_by("pk")
        .values_list("edition", "verb", "reason")
    }
    approved = [row.edition for row in rows if row.approved_on]
    return [_edition(report, row, approved, decided) for row in rows]


def _edition(report: PeriodReport, row: Submission, approved: list[int], decided: dict) -> Edition:
    if row.approved_on:
        newest = approved[0]
        is_newest = row.edition == newest
        return Edition(row, IN_FORCE) if is_newest else Edition(row, REPLACED, by=newest)
    verb, reason = decided.get(row.edition, ("", ""))
    if verb:
        return Edition(row, RETURNED if verb == "return" else TAKEN_BACK, reason)
    return Edition(row, WAITING)


def edition_to_print(report: PeriodReport, *, writes: bool, reads_drafts: bool) -> Submission | None:
    """What a reader of the report gets on paper: an edition, or None for the draft as it stands.

    Who writes an open report gets its draft. Once it is handed in there is no draft: those who work on it get the
    edition handed in last. Everybody else gets the approved edition in force, also while a correction is written;
    the Party committee (`reads_drafts` false) never one that still waits. At most one query.
    """
    if writes and report.is_open:
        return None
    if reads_drafts and not report.is_open:
        return Submission.objects.filter(report=report).order_by("-edition").first()
    return edition_in_force(report)
