"""Where the figures of a superior's report come from, changed after it was begun.

Begun from what is logged before its units had reported, a report may turn to what they had approved, and back. The
figures follow at once, for nothing of them is stored; the drafted sentences are renewed here, in one step:

    renewed   nobody wrote in it, and the other side says something else: today's draft stands in its place
    gone      nobody wrote in it, and the other side says nothing of it
    coming    a new report made from the other side would have it
    staying   everything else: what a person wrote, changed, left out or took over keeps every word. Where the other
              side says something else, the page shows it as changed or gone (drafting.py), and a person decides

Undoing it is turning back; and the revisions of each chapter hold what stood there.
"""

import copy
import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from .drafting import OFFERED, ChapterView, SentenceView, chapters_today
from .drafts import Draft, drafts_of
from .material import Material, material_of
from .models import PeriodReport, ReportSentence
from .revisions import Difference, differences, revising
from .rolling_texts import editions_now
from .states import DraftingRefused, lock_report, refuse_if_closed

NOTE = "Đổi nguồn số liệu"
SAME = "Báo cáo đang lấy số liệu từ nguồn này rồi. Hãy mở lại trang báo cáo để xem."
NO_UNITS = "Chi đoàn báo cáo bằng số liệu của chính mình, không có nguồn khác để đổi."
NONE_APPROVED = (
    "Chưa đơn vị nào có báo cáo được duyệt của kỳ này, nên chưa có số để tổng hợp."
    " Hãy nhắc đơn vị nộp và duyệt báo cáo đã nộp, rồi quay lại trang này."
)


@dataclass(frozen=True, slots=True)
class ChapterChange:
    """What becomes of one chapter. `staying` are the sentences that are printed as before."""

    view: ChapterView
    renewed: tuple[SentenceView, ...]
    gone: tuple[SentenceView, ...]
    coming: tuple[Draft, ...]
    staying: tuple[SentenceView, ...]

    @property
    def is_changing(self) -> bool:
        return bool(self.renewed or self.gone or self.coming)

    @property
    def to_look_at(self) -> list[SentenceView]:
        """Sentences that stay although the other side says something else: each waits for a person's word."""
        return [one for one in self.staying if one.is_stale]

    @property
    def differences(self) -> list[Difference]:
        """Sentence by sentence, as the page of saves will tell it afterwards."""
        gone, now = {one.sentence.pk for one in self.gone}, {one.sentence.pk: one.now for one in self.renewed}
        before = [(one.sentence, one.printed) for one in self.view.sentences]
        after = [(one, now.get(one.pk, printed)) for one, printed in before if one.pk not in gone]
        coming = [(ReportSentence(source=draft.source), draft.text) for draft in self.coming]
        return differences([_said(*one) for one in before], [_said(*one) for one in [*after, *coming]])


def _said(sentence: ReportSentence, printed: str) -> dict:
    return {"id": sentence.pk, "source": sentence.source, "drafted": printed, "text": "", "left_out": False}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many sentences of the whole report become what."""

    renewed: int
    gone: int
    coming: int
    staying: int
    to_look_at: int


def counts_of(changes: list[ChapterChange]) -> Counts:
    return Counts(
        *(
            sum(len(getattr(one, name)) for one in changes)
            for name in ("renewed", "gone", "coming", "staying", "to_look_at")
        )
    )


def material_from(report: PeriodReport, *, from_units: bool, as_of: datetime.date) -> Material:
    """What the report would be drafted from with its figures from that side. As many queries as `material_of`."""
    planned = copy.copy(report)
    planned.from_units = from_units
    return material_of(planned, as_of=as_of)


def why_not(report: PeriodReport, material: Material) -> str:
    """Why the report cannot turn to the side this material is from; empty where it can. No query."""
    if report.unit.is_branch:
        return NO_UNITS
    if report.from_units == (material.rolled is not None):
        return SAME
    return NONE_APPROVED if material.rolled is not None and not material.rolled.reported else ""


def changes_of(report: PeriodReport, material: Material) -> list[ChapterChange]:
    """What becomes of each chapter when the report is drafted from this material. Four queries."""
    return [_change(view) for view in chapters_today(report, material)]


def _change(view: ChapterView) -> ChapterChange:
    untouched = [one for one in view.sentences if _is_untouched(one.sentence)]
    renewed = [one for one in untouched if one.state == "changed"]
    gone = [one for one in untouched if one.state == "gone"]
    leaving = {one.sentence.pk for one in [*renewed, *gone]}
    # A chapter that the report was not begun with has no place for sentences.
    coming = [draft for draft in view.waiting if draft.is_usual and view.section]
    staying = [one for one in view.sentences if one.sentence.pk not in leaving]
    return ChapterChange(view, tuple(renewed), tuple(gone), tuple(coming), tuple(staying))


def _is_untouched(sentence: ReportSentence) -> bool:
    """Printed as it was drafted: no word of it is a person's."""
    is_drafted = bool(sentence.source) and not sentence.source.startswith(OFFERED)
    return is_drafted and not sentence.text and not sentence.left_out


@transaction.atomic
def change_source(
    *, report: PeriodReport, version: int, by, from_units: bool, material: Material
) -> list[ChapterChange]:  # fmt: skip
    """Take the figures from the approved reports of the units (`from_units`) or from what is logged.

    `material` is that of the side it turns to (`material_from`), collected before: reading it takes longer than a
    transaction should. What becomes of the sentences is decided inside, from the sentences as they stand then, so
    that a word somebody saved meanwhile stays. Raises EditConflict when the report was changed since `version`,
    DraftingRefused when it is closed or when `why_not` says so; nothing is written then.
    """
    if from_units != (material.rolled is not None):
        raise ValueError("the material is of the other side")
    refuse_if_closed(report)
    found = lock_report(report)
    found.claim(version)
    if said := why_not(found, material):
        raise DraftingRefused(said)
    changes, drafts = changes_of(found, material), drafts_of(material)
    for change in changes:
        if change.is_changing:
            with revising(change.view.section, by=by, note=NOTE):
                _rewrite(change, drafts.get(change.view.chapter.key, []), by)
    found.from_units, found.rolled_from = from_units, editions_now(material)
    found.save(update_fields=["from_units", "rolled_from"])
    return changes


def _rewrite(change: ChapterChange, drafts: list[Draft], by) -> None:
    """The sentences of one chapter as the change says. Inside `revising`, which holds the report and so its
    sentences; whoever has one of them open is told by its version. Four queries, whatever their number."""
    now, section = timezone.now(), change.view.section
    ReportSentence.objects.filter(pk__in=[one.sentence.pk for one in change.gone]).delete()
    said = {one.sentence.pk: one.now for one in change.renewed}
    stored = list(ReportSentence.objects.filter(section=section).order_by("position", "pk"))
    for one in stored:
        if one.pk in said:
            one.drafted, one.version = said[one.pk], one.version + 1
            one.edited_by, one.edited_at = by, now
    rows = placed(stored, [draft.source for draft in drafts], [
        ReportSentence(section=section, source=draft.source, drafted=draft.text) for draft in change.coming
    ])  # fmt: skip
    for place, one in enumerate(rows, start=1):
        one.position = 10 * place
    ReportSentence.objects.bulk_update(stored, ["drafted", "version", "edited_by", "edited_at", "position"])
    ReportSentence.objects.bulk_create(one for one in rows if one.pk is None)


def placed(stored: list[ReportSentence], order: list[str], coming: list[ReportSentence]) -> list[ReportSentence]:
    """The sentences of a chapter with those that come in: each behind the one a new report would have before it,
    else before the one it would have behind it, else at the end. `order` are the sources of a new report."""
    rows = list(stored)
    for new in coming:
        place = order.index(new.source)
        at = {one.source: number for number, one in enumerate(rows) if one.source}
        before = next((at[source] + 1 for source in reversed(order[:place]) if source in at), None)
        behind = next((at[source] for source in order[place + 1 :] if source in at), len(rows))
        rows.insert(behind if before is None else before, new)
    return rows
