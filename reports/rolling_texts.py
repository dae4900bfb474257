"""The texts of a superior's report beside those of its units: taken one by one, and renewed when figures changed.

A sentence that was taken is a copy of the superior's own, with the edition it came from (`from_submission`). What a
unit corrects later changes nothing by itself: the page says which editions are newer than the draft, and a person
takes the new figures.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from branches.formats import day

from .drafting import ChapterView, claim_sentence, next_position
from .material import Material
from .models import PeriodReport, ReportSection, ReportSentence, Submission
from .revisions import revising
from .rolling_up import RolledUp
from .states import DraftingRefused, lock_report, refuse_if_closed


def editions_now(material: Material) -> dict[str, int]:
    """The editions a draft made from this material stands on: `PeriodReport.rolled_from`."""
    return material.rolled.editions if material.rolled else {}


# --- what the units wrote -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitSentence:
    """One sentence of a unit's edition; `number` counts within its chapter from 1."""

    number: int
    text: str
    is_taken: bool


@dataclass(frozen=True, slots=True)
class UnitText:
    """What one unit wrote in a chapter."""

    unit_name: str
    submission: int
    sentences: tuple[UnitSentence, ...]


def texts_of_units(
    rolled: RolledUp | None, section: ReportSection | None, standing: Iterable[ReportSentence], readable: QuerySet
) -> list[UnitText]:
    """The words of this chapter in the editions the figures came from, unit by unit. One query, none for a branch.

    `standing` are the sentences of the chapter, those left out among them. Only words of `readable`, the submissions
    the person may open: who sees the sums does not yet read the units' words.
    """
    if rolled is None or section is None:
        return []
    editions = [source.submission.pk for source in rolled.reported]
    chapters = dict(readable.filter(pk__in=editions).values_list("pk", "content__chapters"))
    taken = {(one.from_submission_id, one.drafted) for one in standing}
    found = []
    for source in rolled.reported:
        pk = source.submission.pk
        texts = _of_chapter(chapters.get(pk), section.key)
        if texts:
            told = (UnitSentence(n, text, (pk, text) in taken) for n, text in enumerate(texts, start=1))
            found.append(UnitText(source.name, pk, tuple(told)))
    return found


def _of_chapter(chapters: list[dict] | None, key: str) -> list[str]:
    return next((one["texts"] for one in chapters or () if one["key"] == key), [])


@transaction.atomic
def take_text(*, section: ReportSection, submission: Submission, number: int, by) -> ReportSentence:
    """Copy one sentence of a unit's edition to the end of the chapter; taken twice it stands there once.

    Refused when the report is closed or the edition has no such sentence. Whether the unit is one of those the report
    is made from is asked by the caller.
    """
    texts = _of_chapter(submission.content.get("chapters"), section.key)
    if not 1 <= number <= len(texts):
        raise DraftingRefused("Câu này không còn trong báo cáo của đơn vị. Hãy mở lại trang.")
    text = texts[number - 1]
    with revising(section, by=by, note="Lấy câu của đơn vị"):
        stands = ReportSentence.objects.filter(section=section, from_submission=submission, drafted=text).first()
        return stands or ReportSentence.objects.create(
            section=section, position=next_position(section), drafted=text, text=text[:2000],
            from_submission=submission, edited_by=by, edited_at=timezone.now(),
        )  # fmt: skip


# --- what changed since ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """An edition that the draft does not know yet, or knows no longer, in words."""

    words: str
    submission: Submission | None


def changes_since(report: PeriodReport, rolled: RolledUp | None) -> list[Change]:
    """What became of the units' reports since the texts were drafted. No query."""
    if rolled is None:
        return []
    found, before = [], report.rolled_from
    for source in rolled.units:
        known, edition = before.get(str(source.unit.pk)), source.submission
        if edition is not None and known is None:
            found.append(Change(f"Báo cáo của {source.name} đã được duyệt ngày {day(edition.approved_on)}", edition))
        elif edition is not None and known != edition.pk:
            when = f"bản {edition.edition}, duyệt ngày {day(edition.approved_on)}"
            found.append(Change(f"Báo cáo của {source.name} đã đính chính ({when})", edition))
        elif source.is_correcting:
            found.append(Change(f"Báo cáo của {source.name} đang mở lại để đính chính; số đã duyệt vẫn tính", edition))
    gone = set(before) - {str(source.unit.pk) for source in rolled.reported}
    if gone:
        found.append(Change(f"{len(gone)} báo cáo đã tổng hợp trước đây không còn trong đợt", None))
    return found


@transaction.atomic
def take_all_new(
    *, report: PeriodReport, version: int, by, chapters: list[ChapterView], editions: dict[str, int]
) -> tuple[int, int]:
    """Print today's figures in every drafted sentence that is behind them: (taken, left to a person).

    Sentences somebody wrote anew, and those whose figures are gone, stay as they are and are looked at one by one.
    `chapters` and `editions` were read before. Raises EditConflict when the report or one of the sentences was changed
    since, DraftingRefused when the report is closed; nothing is taken then.
    """
    refuse_if_closed(report)
    found = lock_report(report)
    found.claim(version)
    taken = left = 0
    for view in chapters:
        stale = [one for one in view.sentences if one.is_stale]
        ready = [one for one in stale if one.state == "changed" and not one.sentence.text]
        left += len(stale) - len(ready)
        if not ready:
            continue
        with revising(view.section, by=by, note="Lấy số mới cho cả báo cáo"):
            for one in ready:
                claim_sentence(one.sentence, one.sentence.version, by)
                one.sentence.drafted = one.now
                one.sentence.save()
        taken += len(ready)
    found.rolled_from = editions
    found.save(update_fields=["rolled_from"])
    return taken, left
