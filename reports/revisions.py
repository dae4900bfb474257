"""What a chapter said at each save: kept with every change, compared, and brought back.

Every verb that changes the sentences of a chapter does so inside `revising`. The first revision is the chapter before
anybody touched it. What one person types within some minutes (rule `report_drafting`) is one revision; whatever else
is done is one of its own. Bringing one back writes another, so nothing is lost by it either.
"""

import datetime
import difflib
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest

from django.db import transaction
from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.utils import timezone

from branches.formats import day
from branches.models.rule import rules_on
from reports.models import ReportSection, ReportSentence, SectionRevision

from .states import DraftingRefused, refuse_if_closed

FIRST = "Trước khi có người sửa"
TYPING = "Sửa câu"


@contextmanager
def revising(section: ReportSection, *, by, note: str = TYPING, restored_from: int | None = None):
    """Change the sentences of a chapter inside this. Needs a transaction; holds the report until it ends.

    Refused (DraftingRefused) when the report was handed in meanwhile. Notes who wrote, that the chapter has to be
    read through again, and what it says now.
    """
    refuse_if_closed(section.report_id)
    now = timezone.now()
    last = newest_of(section)
    if last is None:
        last = SectionRevision.objects.create(
            section=section, number=1, content=content_of(section), note=FIRST, begun_at=now, saved_at=now
        )
    yield
    content = content_of(section)
    if content == last.content and restored_from is None:
        return
    ReportSection.objects.filter(pk=section.pk).update(typed_by=by, typed_at=now, reviewed_by=None, reviewed_on=None)
    if _goes_on(last, by, note, now, restored_from):
        last.content, last.saved_at = content, now
        last.save(update_fields=["content", "saved_at"])
        return
    SectionRevision.objects.create(
        section=section, number=last.number + 1, content=content, note=note, restored_from=restored_from,
        saved_by=by, begun_at=now, saved_at=now,
    )  # fmt: skip


def _goes_on(last: SectionRevision, by, note: str, now, restored_from: int | None) -> bool:
    """Whether this is more typing of the same person soon after."""
    if note != TYPING or last.note != TYPING or last.saved_by_id != by.pk or restored_from or last.restored_from:
        return False
    minutes = rules_on(timezone.localtime(now).date())["report_drafting"]["merge_minutes"]
    return now - last.begun_at <= datetime.timedelta(minutes=minutes)


def content_of(section: ReportSection) -> list[dict]:
    """The sentences of a chapter as they stand, those left out among them."""
    return [
        {
            "id": one.pk, "source": one.source, "drafted": one.drafted, "text": one.text, "left_out": one.left_out,
            "from": one.from_submission_id,
        }
        for one in ReportSentence.objects.filter(section=section).order_by("position", "pk")
    ]  # fmt: skip


def newest_of(section: ReportSection) -> SectionRevision | None:
    return section.revisions.order_by("-number").first()


def stamp_of(revision: SectionRevision | None) -> str:
    """What a page has seen: changes with each save, also with one that goes on with the last."""
    return _stamp(revision.number, revision.saved_at) if revision else ""


def with_stamps(sections: QuerySet[ReportSection]) -> QuerySet[ReportSection]:
    """Chapters that bring what `stamp_read` tells. Read them before their sentences."""
    saved = SectionRevision.objects.filter(section=OuterRef("pk")).order_by().values("section")
    number, at = (saved.annotate(last=Max(name)).values("last") for name in ("number", "saved_at"))
    return sections.annotate(last_number=Subquery(number), last_saved_at=Subquery(at))


def stamp_read(section: ReportSection) -> str:
    """The stamp of a chapter that was read `with_stamps`."""
    return _stamp(section.last_number, section.last_saved_at) if section.last_number else ""


def _stamp(number: int, saved_at: datetime.datetime) -> str:
    return f"{number}.{saved_at.timestamp():.6f}"


@transaction.atomic
def restore_revision(*, section: ReportSection, number: int, seen: str, by) -> None:
    """Bring the chapter back to what it said then. `seen` is the stamp of the newest revision on the page.

    Refused when somebody saved meanwhile, so that nobody undoes what they have not read. Drafted sentences that were
    not there then are left out, a person's own ones go; all of them stay in the revision before.
    """
    refuse_if_closed(section.report_id)
    last = section.revisions.select_related("saved_by").order_by("-number").first()
    chosen = section.revisions.filter(number=number).first()
    if chosen is None:
        raise DraftingRefused("Không có lần lưu này. Hãy mở lại trang.")
    if stamp_of(last) != seen:
        who = last.saved_by or "Một người khác"
        raise DraftingRefused(
            f"{who} vừa lưu mục này lúc {timezone.localtime(last.saved_at):%H:%M}, sau khi bạn mở trang."
            " Chưa lấy lại gì cả; hãy xem lần lưu mới rồi bấm lại."
        )
    with revising(section, by=by, note=f"Lấy lại bản lưu lần {number}", restored_from=number):
        _bring_back(section, chosen.content, by)


def _bring_back(section: ReportSection, content: list[dict], by) -> None:
    now = timezone.now()
    by_id = {one.pk: one for one in ReportSentence.objects.filter(section=section)}
    by_source = {one.source: one for one in by_id.values() if one.source}
    elsewhere = set(
        ReportSentence.objects.filter(section__report=section.report_id).exclude(section=section).exclude(source="")
        .values_list("source", flat=True)
    )  # fmt: skip
    kept = set()
    for place, said in enumerate(content, start=1):
        if said["source"] in elsewhere:  # it was moved to another chapter and stands there
            continue
        one = by_source.get(said["source"]) if said["source"] else by_id.get(said["id"])
        fields = {key: said[key] for key in ("source", "drafted", "text", "left_out")}
        if one is None:
            one = ReportSentence(section=section)
        elif {key: getattr(one, key) for key in fields} == fields and one.position == 10 * place:
            kept.add(one.pk)
            continue
        elif one.pk:
            one.version += 1
        for key, value in fields.items():
            setattr(one, key, value)
        one.from_submission_id = said.get("from")  # the edition of a unit it was taken from; not in older contents
        one.position, one.edited_by, one.edited_at = 10 * place, by, now
        one.save()
        kept.add(one.pk)
    gone = ReportSentence.objects.filter(section=section).exclude(pk__in=kept)
    gone.filter(source="").delete()
    gone.filter(left_out=False).update(left_out=True, version=F("version") + 1, edited_by=by, edited_at=now)


# --- what changed -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a changed sentence: "same", "old" or "new"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One sentence that differs: what was done with it in words, and its pieces."""

    what: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Save:
    """One revision beside the one before it."""

    revision: SectionRevision
    differences: tuple[Difference, ...]
    is_newest: bool

    @property
    def texts(self) -> list[str]:
        """What was printed then."""
        return [_printed(said) for said in self.revision.content if not said["left_out"]]


def saves_of(section: ReportSection, *, limit: int) -> list[Save]:
    """The newest revisions of a chapter, each with what changed in it. One query."""
    rows = list(section.revisions.select_related("saved_by").order_by("-number")[: limit + 1])
    return [
        Save(row, tuple(differences(old.content if old else row.content, row.content)), place == 0)
        for place, (row, old) in enumerate(zip_longest(rows, rows[1:]))
    ][:limit]


def differences(old: list[dict], new: list[dict]) -> list[Difference]:
    """What differs between two contents of a chapter, sentence by sentence, in the order of the newer one."""
    before, after = ({_name(said): said for said in one} for one in (old, new))
    found = []
    for name, said in after.items():
        was = before.get(name)
        if was is None or (was["left_out"] and not said["left_out"]):
            if not said["left_out"]:
                found.append(Difference("Thêm câu" if was is None else "Đưa câu trở lại", (_new(said),)))
        elif said["left_out"] and not was["left_out"]:
            found.append(Difference("Bỏ câu", (Piece("old", _printed(said)),)))
        elif _printed(was) != _printed(said):
            found.append(Difference("Sửa câu", tuple(_words(_printed(was), _printed(said)))))
    found += [
        Difference("Bỏ câu", (Piece("old", _printed(was)),))
        for name, was in before.items()
        if name not in after and not was["left_out"]
    ]
    if not found and [name for name in before if name in after] != [name for name in after if name in before]:
        found.append(Difference("Đổi thứ tự các câu", ()))
    return found


def _name(said: dict) -> str:
    return said["source"] or str(said["id"])


def _printed(said: dict) -> str:
    return said["text"] or said["drafted"]


def _new(said: dict) -> Piece:
    return Piece("new", _printed(said))


def _words(old: str, new: str) -> list[Piece]:
    """The two sentences word by word."""
    was, now = old.split(), new.split()
    found = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece("same", " ".join(was[i:j])))
            continue
        if i < j:
            found.append(Piece("old", " ".join(was[i:j])))
        if k < m:
            found.append(Piece("new", " ".join(now[k:m])))
    return found


def writing_now(section: ReportSection | None, user, *, at: datetime.datetime, minutes: int) -> str:
    """Who else typed in the chapter a moment ago, as a warning; empty when nobody did. Nobody is locked out."""
    if section is None or section.typed_by_id in (None, user.pk) or section.typed_at is None:
        return ""
    if at - section.typed_at > datetime.timedelta(minutes=minutes):
        return ""
    typed = timezone.localtime(section.typed_at)
    return f"{section.typed_by} đang soạn mục này, gõ lần cuối lúc {typed:%H:%M} ngày {day(typed.date())}."
