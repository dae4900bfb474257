"""A report as people edit it: sentences drafted from the figures, then kept, changed or left out.

    drafted   printed as the data gave it when it was taken over
    edited    a person wrote it anew; the figures under it are still those of the draft
    changed   today's data would say something else: a person takes the new draft or keeps the text
    gone      the figures it came from are no longer there
    own       written by a person from nothing

Nothing changes by itself: a draft taken over stays as it is until somebody decides.
"""

import datetime
import re
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from branches.formats import small
from branches.models import Period, Unit
from branches.vietnamese import nfc
from reports.models import PeriodReport, ReportSection, ReportSentence

from .chapters import Chapter, chapters_of
from .drafts import Draft, drafts_of
from .material import Material

FIGURE = re.compile(r"\d+(?:[./]\d+)*(?:,\d+)?%?")
STATES = ("drafted", "edited", "changed", "gone", "own")


class DraftingRefused(Exception):
    """The change is not possible. `field` names the form field that shows the message."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field


# --- what stands where --------------------------------------------------------------------------------


@dataclass(frozen=True)
class SentenceView:
    """A stored sentence beside what today's data would say."""

    sentence: ReportSentence
    state: str
    now: str = ""
    subject: str = ""
    code: str = ""
    figures: tuple[str, str] | None = None

    @property
    def printed(self) -> str:
        return self.sentence.printed

    @property
    def is_stale(self) -> bool:
        """Printed as it stands it says what the data no longer says, and nobody has decided that it shall."""
        return self.state in ("changed", "gone")


@dataclass(frozen=True)
class ChapterView:
    """A chapter of one report: its sentences, what was left out, and what the data has besides."""

    chapter: Chapter
    section: ReportSection | None
    sentences: list[SentenceView] = field(default_factory=list)
    left_out: list[SentenceView] = field(default_factory=list)
    waiting: list[Draft] = field(default_factory=list)

    @property
    def is_reviewed(self) -> bool:
        return self.section is not None and self.section.reviewed_on is not None

    @property
    def changed(self) -> int:
        return sum(1 for view in self.sentences if view.is_stale)

    @property
    def texts(self) -> list[str]:
        return [view.printed for view in self.sentences]


def chapters_today(report: PeriodReport, material: Material) -> list[ChapterView]:
    """Every chapter with its sentences compared with today's data. Three queries."""
    drafts = drafts_of(material)
    sections = {section.key: section for section in report.sections.order_by("position", "pk")}
    stored: dict[int, list[ReportSentence]] = {}
    for sentence in (
        ReportSentence.objects.filter(section__report=report)
        .select_related("edited_by")
        .order_by("section__position", "section_id", "position", "pk")
    ):
        stored.setdefault(sentence.section_id, []).append(sentence)
    found = []
    for chapter in chapters_of(report.period):
        section = sections.get(chapter.key)
        today = {draft.source: draft for draft in drafts.get(chapter.key, [])}
        views = [_view(one, today) for one in stored.get(section.pk, [])] if section else []
        used = {view.sentence.source for view in views}
        found.append(
            ChapterView(
                chapter,
                section,
                [view for view in views if not view.sentence.left_out],
                [view for view in views if view.sentence.left_out],
                [draft for draft in today.values() if draft.source not in used],
            )
        )
    return found


def _view(sentence: ReportSentence, today: dict[str, Draft]) -> SentenceView:
    draft = today.get(sentence.source)
    if not sentence.source:
        return SentenceView(sentence, "own")
    if draft is None:
        return SentenceView(sentence, "gone")
    if draft.text != sentence.drafted:
        return SentenceView(
            sentence,
            "changed",
            draft.text,
            draft.subject,
            draft.code,
            changed_figures(sentence.drafted, draft.text, draft.unit),
        )
    state = "edited" if sentence.text and sentence.text != sentence.drafted else "drafted"
    return SentenceView(sentence, state, draft.text, draft.subject, draft.code)


def changed_figures(old: str, new: str, unit: str = "") -> tuple[str, str] | None:
    """The first figure that differs ("9 buổi", "10 buổi"), when the two sentences otherwise say the same.

    `unit` is added where the sentence itself has it behind the figure.
    """
    if FIGURE.sub("#", old) != FIGURE.sub("#", new):
        return None
    pairs = zip(FIGURE.finditer(old), FIGURE.finditer(new), strict=True)
    differing = next(((was, now) for was, now in pairs if was.group() != now.group()), None)
    if differing is None:
        return None
    word = f" {unit}" if unit and new[differing[1].end() :].startswith(f" {unit}") else ""
    return f"{differing[0].group()}{word}", f"{differing[1].group()}{word}"


# --- verbs --------------------------------------------------------------------------------------------


@transaction.atomic
def start_report(*, by, unit: Unit, period: Period, material: Material, **settings) -> PeriodReport:
    """Begin the report of a period and draft every chapter from `material`.

    Refused when the unit has a report of this period already. Collect the material before: reading it
    takes longer than a transaction should.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if PeriodReport.objects.filter(unit=unit, period=period).exists():
        raise DraftingRefused(f"{unit.name} đã có báo cáo {small(period.name)}. Hãy mở báo cáo đó.", "period")
    report = PeriodReport.objects.create(unit=unit, period=period, created_by=by, **settings)
    drafts = drafts_of(material)
    sentences = []
    for place, chapter in enumerate(chapters_of(period), start=1):
        section = ReportSection.objects.create(report=report, key=chapter.key, position=place)
        usual = [draft for draft in drafts.get(chapter.key, []) if draft.is_usual]
        sentences += [
            ReportSentence(section=section, position=10 * number, source=draft.source, drafted=draft.text)
            for number, draft in enumerate(usual, start=1)
        ]
    ReportSentence.objects.bulk_create(sentences)
    return report


@transaction.atomic
def edit_sentence(*, sentence: ReportSentence, version: int, by, text: str) -> ReportSentence:
    """Print this text instead of the draft. The same words as the draft make it a draft again."""
    text = _written(text)
    _claim(sentence, version, by)
    sentence.text = "" if sentence.source and text == sentence.drafted else text
    sentence.save()
    return sentence


@transaction.atomic
def take_new(*, sentence: ReportSentence, version: int, by, draft: Draft) -> ReportSentence:
    """Print what today's data says; what a person had written in its place is given up."""
    _claim(sentence, version, by)
    sentence.drafted, sentence.text = draft.text, ""
    sentence.save()
    return sentence


@transaction.atomic
def keep_old(*, sentence: ReportSentence, version: int, by, draft: Draft | None) -> ReportSentence:
    """Go on printing the old words, knowing what today's data says (None: that the data is gone)."""
    _claim(sentence, version, by)
    sentence.text = sentence.printed
    if draft is None:
        sentence.source = ""  # from here on it is a person's own sentence
    else:
        sentence.drafted = draft.text
    sentence.save()
    return sentence


@transaction.atomic
def restore_draft(*, sentence: ReportSentence, version: int, by) -> ReportSentence:
    """Back to the draft as it was taken over."""
    if not sentence.source:
        raise DraftingRefused("Câu này do người viết, không có câu gốc.")
    _claim(sentence, version, by)
    sentence.text = ""
    sentence.save()
    return sentence


@transaction.atomic
def leave_out(*, sentence: ReportSentence, version: int, by) -> None:
    """Do not print it. A drafted sentence stays at hand; a person's own sentence is deleted."""
    _claim(sentence, version, by)
    if sentence.source:
        sentence.left_out = True
        sentence.save()
    else:
        sentence.delete()


@transaction.atomic
def bring_back(*, sentence: ReportSentence, version: int, by) -> ReportSentence:
    """Print a sentence again that was left out."""
    _claim(sentence, version, by)
    sentence.left_out = False
    sentence.save()
    return sentence


@transaction.atomic
def add_own(*, section: ReportSection, by, text: str) -> ReportSentence:
    """A sentence nobody drafted, at the end of the chapter."""
    return ReportSentence.objects.create(
        section=section, position=_next_position(section), text=_written(text), edited_by=by, edited_at=timezone.now()
    )


@transaction.atomic
def add_drafted(*, section: ReportSection, draft: Draft) -> ReportSentence:
    """Take over a sentence the data offers; a second click finds it there already."""
    position = _next_position(section)
    sentence, _ = ReportSentence.objects.get_or_create(
        section=section, source=draft.source, defaults={"position": position, "drafted": draft.text}
    )
    return sentence


@transaction.atomic
def mark_reviewed(*, section: ReportSection, by, on: datetime.date, is_reviewed: bool = True) -> None:
    """Somebody read the chapter through, or wants to read it again."""
    section.reviewed_by = by if is_reviewed else None
    section.reviewed_on = on if is_reviewed else None
    section.save(update_fields=["reviewed_by", "reviewed_on"])


def _claim(sentence: ReportSentence, version: int, by) -> None:
    """The right to change it (EditConflict else), and who did."""
    sentence.claim(version)
    sentence.edited_by, sentence.edited_at = by, timezone.now()
    # A chapter somebody changed has not been read through as it now stands.
    ReportSection.objects.filter(pk=sentence.section_id).update(reviewed_by=None, reviewed_on=None)


def _next_position(section: ReportSection) -> int:
    ReportSection.objects.filter(pk=section.pk).update(position=F("position"), reviewed_by=None, reviewed_on=None)
    last = ReportSentence.objects.filter(section=section).aggregate(last=Max("position"))["last"] or 0
    return last + 10


def _written(text: str) -> str:
    text = nfc(text)
    if not text:
        raise DraftingRefused("Hãy ghi câu cần in.", "text")
    if len(text) > 2000:
        raise DraftingRefused(f"Tối đa 2000 ký tự, đang có {len(text)}. Hãy tách thành hai câu.", "text")
    return text
