"""What a unit shows for a line of its sheet: activities it held, papers of its register, files.

Changed only while the unit fills the sheet. Each change raises the version of the line: who scores it on a page that
was opened before is told so. What stands in a published ranking is never taken away.
"""

from collections.abc import Iterable

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from branches.models import Activity, PaperNumber
from branches.uploads import Stored
from reports.models import EmulationCriterion, ScoreEvidence, ScoreLine, ScoreSheet

from . import EmulationRefused
from .sheets import held_to_fill

MOST_PIECES = 20  # of one line
MOST_FILES = 6  # among them


def activities_of(sheet: ScoreSheet) -> QuerySet:
    """The unit's own activities that count in the period, the newest first."""
    held = Activity.objects.filter(unit=sheet.unit_id).counted().in_period(sheet.set.period)
    return held.order_by("-last_on", "-pk")


def papers_of(sheet: ScoreSheet) -> QuerySet:
    """Papers the unit's committee issued since the period began, the newest first.

    Those of its inspection committee are not among them: their register is not open to who scores.
    """
    issued = PaperNumber.objects.filter(book__unit=sheet.unit_id, book__body="", state=PaperNumber.State.USED)
    return issued.filter(dated_on__gte=sheet.set.period.starts_on).order_by("-dated_on", "-pk")


def evidence_of(sheets: Iterable[ScoreSheet]) -> list[ScoreEvidence]:
    """The pieces of all lines, with what they are about, in the order they came. One query."""
    rows = ScoreEvidence.objects.filter(line__sheet__in=sheets).select_related("line", "activity", "paper")
    return list(rows.order_by("pk"))


@transaction.atomic
def add_evidence(
    *, sheet: ScoreSheet, criterion: EmulationCriterion, by, activities: Iterable[Activity] = (),
    papers: Iterable[PaperNumber] = (), files: Iterable[Stored] = (),
) -> int:  # fmt: skip
    """More pieces for a line, beside those it has; how many came. What is there already is not added again.

    Refused once the sheet was sent, for things of others, and above MOST_PIECES (MOST_FILES of them files).
    """
    found = held_to_fill(sheet)
    if criterion.set_id != found.set_id or criterion.is_group:
        raise EmulationRefused("Tiêu chí này không thuộc phiếu.")
    line, _ = ScoreLine.objects.get_or_create(sheet=found, criterion=criterion)
    known = list(line.evidence.all())
    held, issued = {one.activity_id for one in known}, {one.paper_id for one in known}
    stored = {one.file.name for one in known if one.file}
    activities = [one for one in activities if one.pk not in held]
    papers = [one for one in papers if one.pk not in issued]
    files = [one for one in files if one.path not in stored]
    _check_whose(found, activities, papers)
    if len(stored) + len(files) > MOST_FILES:
        raise EmulationRefused(f"Mỗi tiêu chí tối đa {MOST_FILES} tệp. Hãy bỏ bớt tệp cũ.", "files")
    fresh = [
        *(ScoreEvidence(line=line, uploaded_by=by, activity=one) for one in activities),
        *(ScoreEvidence(line=line, uploaded_by=by, paper=one) for one in papers),
        *(ScoreEvidence(line=line, uploaded_by=by, file=one.path, **one.columns()) for one in files),
    ]
    if len(known) + len(fresh) > MOST_PIECES:
        raise EmulationRefused(f"Mỗi tiêu chí tối đa {MOST_PIECES} minh chứng, đã có {len(known)}.")
    if fresh:
        ScoreEvidence.objects.bulk_create(fresh)
        line.claim(line.version)
    return len(fresh)


def _check_whose(sheet: ScoreSheet, activities: list[Activity], papers: list[PaperNumber]) -> None:
    if {one.pk for one in activities} - set(activities_of(sheet).values_list("pk", flat=True)):
        raise EmulationRefused("Chỉ chọn hoạt động đã diễn ra của chính đơn vị trong kỳ.", "activities")
    if {one.pk for one in papers} - set(papers_of(sheet).values_list("pk", flat=True)):
        raise EmulationRefused("Chỉ chọn văn bản đã ban hành của chính đơn vị trong kỳ.", "papers")


@transaction.atomic
def remove_evidence(*, evidence: ScoreEvidence, version: int) -> None:
    """Take a piece off its line, which was shown in this `version`; a file leaves the disk when that is certain."""
    held_to_fill(evidence.line.sheet)
    evidence.line.claim(version)
    found = ScoreEvidence.objects.get(pk=evidence.pk)
    if found.published_in_id:
        raise EmulationRefused("Minh chứng này nằm trong bảng xếp hạng đã công bố nên giữ nguyên.")
    name = found.file.name
    found.delete()
    if name:
        transaction.on_commit(lambda: default_storage.delete(name))
