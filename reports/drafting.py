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
from reports.models import PeriodReport, ReportSection, ReportSentence, ReportTemplate

from .chapters import Chapter, chapters_of, template_for
from .drafts import Draft, drafts_of
from .material import Material
from .revisions import newest_of, revising, stamp_of, with_stamps
from .rounds import answer_rounds
from .states import DraftingRefused, refuse_if_closed

FIGURE = re.compile(r"\d+(?:[./]\d+)*(?:,\d+)?%?")
OFFERED = "offer:"  # the source of what a person took of the offers
STATES = ("drafted", "edited", "changed", "gone", "own")


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
    """Every chapter with its sentences compared with today's data. Four queries.

    A sentence is compared with what today's data says of the same thing, in whichever chapter it stands now. What
    stands in a chapter that the template no longer has comes last: nothing anybody wrote disappears.
    """
    drafts = drafts_of(material)
    today = {draft.source: draft for found in drafts.values() for draft in found}
    sections = with_stamps(report.sections.order_by("position", "pk").select_related("typed_by"))
    sections = {section.key: section for section in sections}
    stored: dict[int, list[ReportSentence]] = {}
    for sentence in (
        ReportSentence.objects.filter(section__report=report)
        .select_related("edited_by", "from_submission__report__unit")
        .defer("from_submission__content", "from_submission__facts")
        .order_by("section__position", "section_id", "position", "pk")
    ):
        stored.setdefault(sentence.section_id, []).append(sentence)
    used = {sentence.source for found in stored.values() for sentence in found}
    chapters = chapters_of(report, later=material.next_period)
    known = {chapter.key for chapter in chapters}
    chapters += [
        Chapter(key, "", "Mục không còn trong mẫu", is_typed=True, is_optional=True)
        for key, section in sections.items()
        if key not in known and section.pk in stored
    ]
    found = []
    for chapter in chapters:
        section = sections.get(chapter.key)
        views = [_view(one, today) for one in stored.get(section.pk, [])] if section else []
        found.append(
            ChapterView(
                chapter,
                section,
                [view for view in views if not view.sentence.left_out],
                [view for view in views if view.sentence.left_out],
                [draft for draft in drafts.get(chapter.key, []) if draft.source not in used],
            )
        )
    return found


def _view(sentence: ReportSentence, today: dict[str, Draft]) -> SentenceView:
    draft = today.get(sentence.source)
    if not sentence.source or sentence.source.startswith(OFFERED):  # an offer somebody took is their own sentence
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

    Refused when the unit has a report of this period and theme already. It answers every round that asks for it.
    Collect the material before: reading it takes longer than a transaction should.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if PeriodReport.objects.filter(unit=unit, period=period, theme=settings.get("theme", "")).exists():
        raise DraftingRefused(f"{unit.name} đã có báo cáo {small(period.name)}. Hãy mở báo cáo đó.", "period")
    if settings.get("template") is None:
        settings["template"] = template_for(unit, period, theme=settings.get("theme", ""))
    if settings["template"].owner_id:  # its chapters stay as they are while the report is begun with them
        ReportTemplate.objects.select_for_update(no_key=True).get(pk=settings["template"].pk)
    report = PeriodReport.objects.create(unit=unit, period=period, created_by=by, **settings)
    answer_rounds(report)
    drafts = drafts_of(material)
    sentences = []
    for place, chapter in enumerate(chapters_of(report), start=1):
        section = ReportSection.objects.create(report=report, key=chapter.key, position=place)
        sentences += _usual(section, drafts.get(chapter.key, []))
    ReportSentence.objects.bulk_create(sentences)
    return report


@transaction.atomic
def begin_chapter(*, report: PeriodReport, key: str, drafts: list[Draft]) -> ReportSection:
    """Draft a chapter that the report was begun without: its work area entered the catalogue afterwards.

    Begun twice it stands there once. Refused when the report is closed or its template has no such chapter. What
    stands in another chapter already is not drafted again.
    """
    refuse_if_closed(report)
    keys = [chapter.key for chapter in chapters_of(report)]
    if key not in keys:
        raise DraftingRefused("Báo cáo không có mục này. Hãy mở lại trang.")
    if stands := report.sections.filter(key=key).first():
        return stands
    after = report.sections.filter(key__in=keys[: keys.index(key)]).aggregate(last=Max("position"))["last"] or 0
    report.sections.filter(position__gt=after).update(position=F("position") + 1)
    section = ReportSection.objects.create(report=report, key=key, position=after + 1)
    told = set(ReportSentence.objects.filter(section__report=report).values_list("source", flat=True))
    ReportSentence.objects.bulk_create(_usual(section, [draft for draft in drafts if draft.source not in told]))
    return section


def _usual(section: ReportSection, drafts: list[Draft]) -> list[ReportSentence]:
    """The sentences a chapter is begun with, unsaved."""
    usual = [draft for draft in drafts if draft.is_usual]
    return [
        ReportSentence(section=section, position=10 * number, source=draft.source, drafted=draft.text)
        for number, draft in enumerate(usual, start=1)
    ]


@transaction.atomic
def edit_sentence(*, sentence: ReportSentence, version: int, by, text: str) -> ReportSentence:
    """Print this text instead of the draft. The same words as the draft make it a draft again."""
    text = _written(text)
    with revising(sentence.section, by=by):
        claim_sentence(sentence, version, by)
        is_draft = sentence.source and not sentence.source.startswith(OFFERED) and text == sentence.drafted
        sentence.text = "" if is_draft else text
        sentence.save()
    return sentence


@transaction.atomic
def take_new(*, sentence: ReportSentence, version: int, by, draft: Draft) -> ReportSentence:
    """Print what today's data says; what a person had written in its place is given up."""
    with revising(sentence.section, by=by, note="Lấy số mới"):
        claim_sentence(sentence, version, by)
        sentence.drafted, sentence.text = draft.text, ""
        sentence.save()
    return sentence


@transaction.atomic
def keep_old(*, sentence: ReportSentence, version: int, by, draft: Draft | None) -> ReportSentence:
    """Go on printing the old words, knowing what today's data says (None: that the data is gone)."""
    with revising(sentence.section, by=by, note="Giữ câu cũ"):
        claim_sentence(sentence, version, by)
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
    if not sentence.source or sentence.source.startswith(OFFERED):
        raise DraftingRefused("Câu này do người viết, không có câu gốc.")
    with revising(sentence.section, by=by, note="Về câu gốc"):
        claim_sentence(sentence, version, by)
        sentence.text = ""
        sentence.save()
    return sentence


@transaction.atomic
def leave_out(*, sentence: ReportSentence, version: int, by) -> None:
    """Do not print it. A drafted sentence stays at hand; a person's own sentence is deleted."""
    with revising(sentence.section, by=by, note="Bỏ câu"):
        claim_sentence(sentence, version, by)
        if sentence.source:
            sentence.left_out = True
            sentence.save()
        else:
            sentence.delete()


@transaction.atomic
def bring_back(*, sentence: ReportSentence, version: int, by) -> ReportSentence:
    """Print a sentence again that was left out."""
    with revising(sentence.section, by=by, note="Đưa câu trở lại"):
        claim_sentence(sentence, version, by)
        sentence.left_out = False
        sentence.save()
    return sentence


@transaction.atomic
def add_own(*, section: ReportSection, by, text: str) -> ReportSentence:
    """A sentence nobody drafted, at the end of the chapter."""
    text = _written(text)
    with revising(section, by=by, note="Thêm câu"):
        return ReportSentence.objects.create(
            section=section, position=next_position(section), text=text, edited_by=by, edited_at=timezone.now()
        )


@transaction.atomic
def add_drafted(*, section: ReportSection, by, draft: Draft) -> ReportSentence:
    """Take over a sentence the data offers; a second click, or one moved to another chapter, finds it there already."""
    with revising(section, by=by, note="Thêm câu từ số liệu"):
        stands = ReportSentence.objects.filter(section__report=section.report_id, source=draft.source).first()
        return stands or ReportSentence.objects.create(
            section=section, source=draft.source, position=next_position(section), drafted=draft.text
        )


@transaction.atomic
def add_offered(*, section: ReportSection, by, draft) -> ReportSentence:
    """Make an offer of reports/suggestions.py one's own sentence; it is found again as by `add_drafted`."""
    with revising(section, by=by, note="Thêm câu gợi ý"):
        stands = ReportSentence.objects.filter(section__report=section.report_id, source=draft.source).first()
        return stands or ReportSentence.objects.create(
            section=section, source=draft.source, position=next_position(section), drafted=draft.text,
            text=draft.text, edited_by=by, edited_at=timezone.now(),
        )  # fmt: skip


@transaction.atomic
def move_sentence(*, sentence: ReportSentence, version: int, by, is_up: bool) -> ReportSentence:
    """One place up or down among the sentences that are printed; at the end it stays where it is."""
    with revising(sentence.section, by=by, note="Đổi thứ tự"):
        claim_sentence(sentence, version, by)
        rows = list(ReportSentence.objects.filter(section=sentence.section_id).order_by("position", "pk"))
        shown = [one for one in rows if not one.left_out]
        here = next((at for at, one in enumerate(shown) if one.pk == sentence.pk), None)
        there = None if here is None else here - 1 if is_up else here + 1
        if there is not None and 0 <= there < len(shown):
            at, other = rows.index(shown[here]), rows.index(shown[there])
            rows[at], rows[other] = rows[other], rows[at]
        for place, one in enumerate(rows, start=1):
            ReportSentence.objects.filter(pk=one.pk).update(position=10 * place)
        sentence.position = 10 * (rows.index(sentence) + 1)
        sentence.save()
    return sentence


@transaction.atomic
def move_to_chapter(*, sentence: ReportSentence, version: int, by, section: ReportSection) -> ReportSentence:
    """To the end of another chapter of the same report, words and draft and all."""
    if section.report_id != sentence.section.report_id:
        raise DraftingRefused("Chỉ chuyển được sang một mục của cùng báo cáo.", "to")
    if section.pk == sentence.section_id:
        raise DraftingRefused("Câu đang ở mục này rồi. Hãy chọn mục khác.", "to")
    left = sentence.section
    with revising(left, by=by, note="Chuyển câu sang mục khác"), revising(section, by=by, note="Nhận câu từ mục khác"):
        claim_sentence(sentence, version, by)
        if sentence.source and section.sentences.filter(source=sentence.source).exists():
            raise DraftingRefused("Mục này đã có câu ấy.", "to")
        sentence.section, sentence.position = section, next_position(section)
        sentence.save()
    return sentence


@transaction.atomic
def mark_reviewed(
    *, section: ReportSection, by, on: datetime.date, is_reviewed: bool = True, seen: str | None = None
) -> None:
    """Somebody read the chapter through, or wants to read it again.

    `seen` is the stamp of the newest save on the page that was read (None: nobody else can have written): where
    another was saved meanwhile it is refused, for nobody has read that.
    """
    refuse_if_closed(section.report_id)
    if is_reviewed and seen is not None and seen != stamp_of(newest_of(section)):
        raise DraftingRefused("Mục này vừa có người sửa sau khi bạn mở trang. Hãy đọc lại rồi bấm “Soát xong”.")
    section.reviewed_by = by if is_reviewed else None
    section.reviewed_on = on if is_reviewed else None
    section.save(update_fields=["reviewed_by", "reviewed_on"])


def claim_sentence(sentence: ReportSentence, version: int, by) -> None:
    """The right to change it (EditConflict else), and who did. Inside `revising`."""
    sentence.claim(version)
    sentence.edited_by, sentence.edited_at = by, timezone.now()


def next_position(section: ReportSection) -> int:
    last = ReportSentence.objects.filter(section=section).aggregate(last=Max("position"))["last"] or 0
    return last + 10


def _written(text: str) -> str:
    text = nfc(text)
    if not text:
        raise DraftingRefused("Hãy ghi câu cần in.", "text")
    if len(text) > 2000:
        raise DraftingRefused(f"Tối đa 2000 ký tự, đang có {len(text)}. Hãy tách thành hai câu.", "text")
    return text
