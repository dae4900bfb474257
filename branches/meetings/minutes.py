"""Typing the minutes: every save is a revision, two writers never overwrite each other, nothing is lost.

Texts are saved key by key. Each key comes with the number of the revision it was read from: what somebody
else changed since then is not overwritten but shown beside the own text, and different keys simply join.
"""

import datetime
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from branches.meetings.minutes_text import text_keys
from branches.models import Meeting, Minutes, MinutesRevision
from branches.models.rule import rules_on

LONGEST = 20_000  # letters of one text: about eight printed pages
State = Minutes.State
OPEN_FOR_TYPING = (State.DRAFT, State.TO_CONFIRM)
CLOSED_WORDS = {
    State.SIGNING: "Biên bản đã được thông qua và đang chờ ký, nên chưa ghi thêm. "
    "Muốn sửa thì mở lại biên bản (ghi lý do), sửa rồi đọc lại để thông qua.",
    State.LOCKED: "Biên bản đã ký đủ và đã khóa. Muốn sửa thì lập bản mới, có lý do.",
}


class MinutesRefused(Exception):
    """What was asked does not fit where the minutes stand. `errors` says where and what to do."""

    def __init__(self, errors: dict[str, str] | str):
        self.errors = {"": errors} if isinstance(errors, str) else errors
        super().__init__(" ".join(self.errors.values()))


@dataclass(frozen=True, slots=True)
class Typed:
    """One text as a page sends it, with the revision in which the page had read that text."""

    text: str
    base: int


@dataclass(frozen=True, slots=True)
class Clash:
    """A text that two people changed. Nothing of it was saved; `theirs` is what stands."""

    key: str
    mine: str
    theirs: str
    by: str
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """The minutes after a save: what was not saved because of another writer, and who else is at it."""

    minutes: Minutes | None
    clashes: tuple[Clash, ...]
    others: tuple[tuple[str, datetime.datetime], ...]


def tidy(text: str) -> str:
    """Composed letters, lines without trailing blanks, no sign that a paper or a database cannot hold."""
    lines = unicodedata.normalize("NFC", text or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ("".join(sign for sign in line if sign == "\t" or unicodedata.category(sign) != "Cc") for line in lines)
    return "\n".join(line.rstrip() for line in kept).strip("\n")


def latest_edition(meeting: Meeting) -> Minutes | None:
    return Minutes.objects.filter(meeting=meeting).order_by("-edition").first()


@transaction.atomic
def save_texts(
    *, meeting: Meeting, by, typed: Mapping[str, Typed], edition: int, now: datetime.datetime, on: datetime.date
) -> Saved:
    """Save what was typed, as one revision where anything changed. The first save makes the minutes.

    `edition` is the one the page showed. Raises MinutesRefused where no typing is possible any more, or
    where a text is too long or its agenda item is gone; then nothing of this save stands.
    """
    minutes = _locked_for_typing(meeting, edition)
    _check(meeting, typed)
    known = _texts_at(minutes, {one.base for one in typed.values()})
    texts, changed, torn = dict(minutes.texts), False, []
    for key, one in typed.items():
        mine, now_there = tidy(one.text), minutes.texts.get(key, "")
        as_read = known.get(one.base, {}).get(key, "")
        if mine in (now_there, as_read):
            continue
        if now_there != as_read:
            torn.append((key, mine, now_there, one.base))
            continue
        texts[key], changed = mine, True
    if changed:
        if minutes.pk is None:
            minutes.save()
        keep_revision(minutes, texts, by=by, now=now)
    clashes = _clashes(minutes, torn) if torn else ()
    return Saved(minutes if minutes.pk else None, clashes, other_writers(minutes, by=by, now=now, on=on))


def keep_revision(
    minutes: Minutes, texts: dict, *, by, now: datetime.datetime, note: str = "", restored_from: int | None = None
) -> MinutesRevision:
    """Write the texts and the row of the history. Call with the minutes locked, inside a transaction."""
    minutes.texts = {key: text for key, text in texts.items() if text}
    minutes.revision += 1
    minutes.typed_by, minutes.typed_at = by, now
    minutes.claim(minutes.version)
    minutes.save()
    return MinutesRevision.objects.create(
        minutes=minutes, number=minutes.revision, texts=minutes.texts, note=note, restored_from=restored_from,
        saved_by=by, saved_at=now,
    )  # fmt: skip


@transaction.atomic
def restore(*, minutes: Minutes, number: int, by, now: datetime.datetime) -> Minutes:
    """Bring back the texts of an earlier revision, as a new revision that says from which."""
    minutes = _locked_for_typing(minutes.meeting, minutes.edition)
    found = MinutesRevision.objects.filter(minutes=minutes, number=number).first()
    if found is None:
        raise MinutesRefused("Không còn lần lưu này.")
    if found.texts != minutes.texts:
        note = f"Lấy lại lần lưu số {number}"
        keep_revision(minutes, found.texts, by=by, now=now, note=note, restored_from=number)
    return minutes


def other_writers(
    minutes: Minutes, *, by, now: datetime.datetime, on: datetime.date
) -> tuple[tuple[str, datetime.datetime], ...]:
    """Who else typed within the rule's minutes (`minutes_typing_minutes`): (name, last save), the newest first."""
    if minutes is None or minutes.pk is None:
        return ()
    since = now - datetime.timedelta(minutes=int(rules_on(on)["minutes_typing_minutes"]))
    rows = (
        MinutesRevision.objects.filter(minutes=minutes, saved_at__gte=since, note="")
        .exclude(saved_by=by)
        .select_related("saved_by")
        .order_by("-number")
    )
    newest = {}
    for row in rows:
        newest.setdefault(row.saved_by_id, (str(row.saved_by), row.saved_at))
    return tuple(newest.values())


def _locked_for_typing(meeting: Meeting, edition: int) -> Minutes:
    """The newest edition, locked; unsaved where the meeting has no minutes yet."""
    # The row of the meeting is what two first writers meet on: there may be no minutes to lock.
    stored = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    minutes = Minutes.objects.select_for_update().filter(meeting=stored).order_by("-edition").first()
    if minutes is None:
        if stored.state == Meeting.State.CANCELLED:
            raise MinutesRefused("Cuộc họp này đã ghi là không họp, nên không có biên bản.")
        minutes = Minutes(meeting=stored)
    if minutes.state not in OPEN_FOR_TYPING:
        raise MinutesRefused(CLOSED_WORDS[minutes.state])
    if minutes.edition != edition:
        raise MinutesRefused(f"Biên bản đã có bản {minutes.edition}. Hãy mở lại trang rồi ghi vào bản mới.")
    return minutes


def _check(meeting: Meeting, typed: Mapping[str, Typed]) -> None:
    keys = text_keys(meeting)
    errors = {}
    for key, one in typed.items():
        if key not in keys:
            errors[key] = "Mục này không còn trong chương trình. Hãy chép chữ sang mục khác rồi mở lại trang."
        elif (length := len(one.text)) > LONGEST:
            errors[key] = f"Tối đa {LONGEST} ký tự, đang có {length}. Hãy rút gọn."
    if errors:
        raise MinutesRefused(errors)


def _texts_at(minutes: Minutes, numbers: set[int]) -> dict[int, dict]:
    """The texts as they stood in these revisions; number 0 is the empty page."""
    if numbers == {minutes.revision}:
        return {minutes.revision: minutes.texts}
    if minutes.pk is None:
        return {}
    return dict(MinutesRevision.objects.filter(minutes=minutes, number__in=numbers).values_list("number", "texts"))


def _clashes(minutes: Minutes, torn: list) -> tuple[Clash, ...]:
    """Who changed each text last, and when."""
    oldest = min(base for *_, base in torn)
    history = list(
        MinutesRevision.objects.filter(minutes=minutes, number__gte=oldest)
        .select_related("saved_by")
        .order_by("number")
    )
    found = []
    for key, mine, theirs, _ in torn:
        before, last = {} if oldest == 0 else history[0].texts, history[-1]
        for row in history:
            if row.texts.get(key, "") != before.get(key, ""):
                last = row
            before = row.texts
        found.append(Clash(key, mine, theirs, str(last.saved_by), last.saved_at))
    return tuple(found)
