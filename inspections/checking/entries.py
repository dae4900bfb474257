"""What is written about the items: by the unit ahead of the visit, by the inspectors on site and at the desk.

Everything an inspector writes arrives as entries with an id the browser made, so that a resend is the same entry.
An entry was written while looking at some version of the answer. Where the answer has moved on meanwhile by another
hand and says something else, the entry `differs`: both stay readable and a person chooses or joins them. Entries of
one case are taken one batch after the other (`lock_case`), so that of two inspectors one is always the later.
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from branches.long_texts import kept_lines
from branches.models import Activity, Meeting
from branches.uploads import Stored
from inspections.models import ChecklistAnswer, ChecklistItem, Inspection, Result, SiteEntry, SiteFile
from inspections.states import InspectionRefused, lock_case, save_clean

from .facts import facts_of

Side = ChecklistAnswer.Side
LONGEST_NOTE = 3000
MOST_FILES = 200  # of one case and side


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry as a browser sent it. `item` None is a free note; `base` the version of the answer it showed."""

    client_id: uuid.UUID
    written_at: datetime.datetime
    item: int | None = None
    result: str = ""
    points: Decimal | None = None
    note: str = ""
    base: int = 0

    @property
    def content(self) -> tuple:
        return self.result, self.points, self.note


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an entry. `version` is that of the item's answer afterwards; None for a free note."""

    client_id: uuid.UUID
    state: str
    version: int | None


def points_allowed(item: ChecklistItem, result: str, points: Decimal | None) -> Decimal | None:
    """Points belong to "Đạt một phần" alone and stay within the item's; on site nothing is refused for them."""
    if result != Result.PARTLY or points is None or not item.max_points:
        return None
    return min(max(points, Decimal(0)), Decimal(item.max_points))


@transaction.atomic
def take_entries(*, inspection: Inspection, lines: Iterable[EntryLine], by, on: datetime.date) -> list[Taken]:
    """Write down what one inspector wrote. Entries that came before change nothing and are answered again.

    An entry about an item that was taken out meanwhile is kept as a free note. Raises InspectionRefused when the
    case takes nothing any more, or when an id belongs to somebody else's entry.
    """
    lines = list(lines)
    case = lock_case(inspection, "settle_item")
    known = {row.client_id: row for row in SiteEntry.objects.filter(client_id__in=[line.client_id for line in lines])}
    if any(row.inspection_id != case.pk or row.written_by_id != by.pk for row in known.values()):
        raise InspectionRefused("Ghi chép này đã gửi cho cuộc khác hoặc từ tài khoản khác.")
    items = {item.pk: item for item in case.items.filter(pk__in=[line.item for line in lines if line.item])}
    answers = {
        answer.item_id: answer
        for answer in ChecklistAnswer.objects.filter(item__in=items, side=Side.TEAM).select_related("answered_by")
    }
    newest = dict(
        SiteEntry.objects.filter(item__in=items, written_by=by)
        .order_by()
        .values_list("item")
        .annotate(last=Max("written_at"))
    )
    facts = facts_of(case, {item.fact for item in items.values()}, on=on)
    found = []
    for line in sorted(lines, key=lambda one: one.written_at):
        entry = known.get(line.client_id)
        if entry is None:
            entry = _take(case, line, items.get(line.item), answers, newest, facts, by)
            known[line.client_id] = entry
        answer = answers.get(entry.item_id)
        found.append(Taken(line.client_id, entry.state, answer.version if answer else None))
    return found


def _take(case, line, item, answers, newest, facts, by) -> SiteEntry:
    note = kept_lines(line.note)[:LONGEST_NOTE]
    entry = SiteEntry(
        client_id=line.client_id, inspection=case, item=item, note=note, base_version=line.base,
        written_at=line.written_at, written_by=by,
    )  # fmt: skip
    if item is None:
        if line.result:
            said = Result(line.result).label
            entry.note = f"(Mục đã bỏ khỏi phiếu) {said}. {note}".strip()[:LONGEST_NOTE]
        entry.save()
        return entry
    entry.result, entry.points = line.result, points_allowed(item, line.result, line.points)
    answer = answers.get(item.pk)
    if answer is not None and _says(answer) == _says(entry):
        pass  # two who agree
    elif answer is not None and answer.answered_by_id == by.pk:
        # One's own later word counts, whichever of one's phones sent it first.
        if line.written_at >= newest.get(item.pk, line.written_at):
            answers[item.pk] = _write(item, answer, entry, by, facts)
    elif answer is not None and answer.version != line.base:
        entry.state = SiteEntry.State.DIFFERS
    else:
        answers[item.pk] = _write(item, answer, entry, by, facts)
    entry.save()
    newest[item.pk] = max(line.written_at, newest.get(item.pk, line.written_at))
    return entry


def _says(row) -> tuple:
    return row.result, row.points, row.note


def _write(item, answer, entry, by, facts) -> ChecklistAnswer:
    """Make the answer say what the entry says, and freeze the figure beside the item."""
    if answer is None:
        answer = ChecklistAnswer(item=item, side=Side.TEAM)
    else:
        answer.claim(answer.version)
    answer.result, answer.points, answer.note = _says(entry)
    answer.answered_by, answer.answered_at = by, entry.written_at
    save_clean(answer)
    # Who writes again after seeing the other's answer has chosen.
    item.entries.filter(written_by=by, state=SiteEntry.State.DIFFERS).update(state=SiteEntry.State.SETTLED)
    fact = facts.get(item.fact)
    words = fact.full_words[:300] if fact and answer.result else ""
    if item.fact_words != words:
        item.fact_words = words
        item.save(update_fields=["fact_words"])
    return answer


@transaction.atomic
def settle_difference(
    *, entry: SiteEntry, version: int, by, at: datetime.datetime, result: str, points: Decimal | None, note: str
) -> ChecklistAnswer:
    """Say what counts where two inspectors wrote differently. `version` is that of the answer shown.

    Raises EditConflict when the answer changed meanwhile.
    """
    case = lock_case(entry.inspection, "settle_item")
    entry = SiteEntry.objects.select_for_update(no_key=True).get(pk=entry.pk)
    if entry.state != SiteEntry.State.DIFFERS:
        raise InspectionRefused("Hai bản ghi này đã có người chọn.")
    item = case.items.get(pk=entry.item_id)
    answer = ChecklistAnswer.objects.select_related("answered_by").get(item=item, side=Side.TEAM)
    answer.claim(version)
    answer.result, answer.note = result, kept_lines(note)[:LONGEST_NOTE]
    answer.points = points_allowed(item, result, points)
    answer.answered_by, answer.answered_at = by, at
    entry.state = SiteEntry.State.SETTLED
    entry.save(update_fields=["state"])
    return save_clean(answer)


# --- files ------------------------------------------------------------------------------------------------


def is_known_file(*, client_id: uuid.UUID, inspection: Inspection, by) -> bool:
    """Whether this file came before; asked before it is decoded a second time."""
    return SiteFile.objects.filter(client_id=client_id, inspection=inspection, uploaded_by=by).exists()


@transaction.atomic
def add_site_file(
    *, inspection: Inspection, stored: Stored, by, client_id: uuid.UUID, item: int | None = None, caption: str = "",
    taken_at: datetime.datetime | None = None,
) -> SiteFile:  # fmt: skip
    """Put a photo or file of the team into the case. Sent again under the same id it is there once."""
    case = lock_case(inspection, "settle_item")
    known = SiteFile.objects.filter(client_id=client_id).first()
    if known is not None:
        if known.inspection_id != case.pk or known.uploaded_by_id != by.pk:
            raise InspectionRefused("Tệp này đã gửi cho cuộc khác hoặc từ tài khoản khác.")
        return known
    if case.site_files.filter(side=Side.TEAM).count() >= MOST_FILES:
        raise InspectionRefused(f"Cuộc này đã có {MOST_FILES} ảnh, tệp. Hãy lưu tệp ở nơi khác.")
    return SiteFile.objects.create(
        client_id=client_id, inspection=case, item=case.items.filter(pk=item).first() if item else None,
        side=Side.TEAM, caption=caption.strip()[:200], taken_at=taken_at, uploaded_by=by, file=stored.path,
        **stored.columns(),
    )  # fmt: skip


@transaction.atomic
def remove_site_file(*, file: SiteFile, by) -> None:
    """Take a file out of the case; it leaves the disk when that is certain."""
    case = lock_case(file.inspection, "answer_item" if file.side == Side.UNIT else "settle_item")
    row = case.site_files.filter(pk=file.pk).first()
    if row is None:
        return
    kept, name = row.file.storage, row.file.name
    row.delete()
    transaction.on_commit(lambda: kept.delete(name))


# --- the unit's own side ------------------------------------------------------------------------------------


@transaction.atomic
def answer_item(
    *, item: ChecklistItem, version: int, by, at: datetime.datetime, result: str, note: str = "",
    activities: Iterable[Activity] = (), meetings: Iterable[Meeting] = (), files: Iterable[Stored] = (),
) -> ChecklistAnswer:  # fmt: skip
    """The inspected unit says how it stands with an item, and shows it. `version` 0: nothing was said before.

    Raises EditConflict when somebody of the unit saved meanwhile.
    """
    case = lock_case(item.inspection, "answer_item")
    item = case.items.get(pk=item.pk)
    if result == Result.NOT_APPLICABLE and not item.na_allowed:
        raise InspectionRefused({"result": "Mục này phải trả lời, không chọn “Không áp dụng” được."})
    activities, meetings, files = list(activities), list(meetings), list(files)
    if any(one.unit_id != case.unit_id for one in (*activities, *meetings)):
        raise InspectionRefused({"activities": "Chỉ gắn được hoạt động, buổi sinh hoạt của chính đơn vị."})
    answer = ChecklistAnswer.objects.filter(item=item, side=Side.UNIT).first()
    if answer is None:
        answer = ChecklistAnswer(item=item, side=Side.UNIT)
    else:
        answer.claim(version)
    answer.result, answer.note = result, kept_lines(note)
    answer.answered_by, answer.answered_at = by, at
    save_clean(answer)
    answer.activities.set(activities)
    answer.meetings.set(meetings)
    if case.site_files.filter(side=Side.UNIT).count() + len(files) > MOST_FILES:
        raise InspectionRefused({"files": f"Mỗi cuộc tối đa {MOST_FILES} tệp. Hãy bỏ bớt tệp cũ."})
    taken = set(SiteFile.objects.filter(file__in=[one.path for one in files]).values_list("file", flat=True))
    for stored in files:
        if stored.path not in taken:
            SiteFile.objects.create(
                inspection=case, item=item, side=Side.UNIT, uploaded_by=by, file=stored.path, **stored.columns()
            )
    return answer
