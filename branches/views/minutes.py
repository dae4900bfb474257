"""The minutes of a meeting: typing with autosave, reading, the history with comparing and restoring."""

import difflib

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.forms.minutes import typed_texts, whole_number
from branches.meetings.minutes import (
    CLOSED_WORDS,
    OPEN_FOR_TYPING,
    MinutesRefused,
    Saved,
    latest_edition,
    other_writers,
    restore,
    save_texts,
)
from branches.meetings.minutes_record import is_intact, record_of
from branches.meetings.minutes_text import CONCLUSION, form_of, suggestions
from branches.meetings.reading import MEETINGS, MINUTES, rights_to_read
from branches.models import AgendaItem, Meeting, Minutes, MinutesRevision, MinutesSignature
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.views.minutes_passages import choices_of, composition, passages, read_passages, standing_of

JSON = "application/json"
TOGETHER_SECONDS = 300  # saves of one person closer than this are one line of the history


def meeting_to_read(request, pk) -> Meeting:
    found = get_visible_or_404(MEETINGS, request.user, pk=pk)
    return get_visible_or_404(MEETINGS, request.user, right=rights_to_read(found), pk=pk)


def minutes_to_read(request, pk) -> Minutes:
    found = get_visible_or_404(MINUTES, request.user, pk=pk)
    return get_visible_or_404(MINUTES, request.user, right=rights_to_read(found.meeting), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request, pk):
    """Type the minutes, or read them where they are closed or not one's own to write."""
    meeting = meeting_to_read(request, pk)
    if request.method == "POST":
        get_editable_or_403(MEETINGS, request.user, pk=pk)
        return _save(request, meeting)
    found = latest_edition(meeting)
    may_write = "record" in rights_at(request.user, meeting.unit)
    is_open = found is None or found.state in OPEN_FOR_TYPING
    if not may_write or not is_open or (found is None and meeting.state == Meeting.State.CANCELLED):
        return _read(request, meeting, found, may_write=may_write)
    return _edit(request, meeting, found)


def _save(request, meeting: Meeting):
    """Save what the page sent. With a script it asks for JSON and stays; without one it is an ordinary form."""
    now, wants_json = timezone.now(), request.headers.get("Accept") == JSON
    before = latest_edition(meeting)
    typed = typed_texts(request.POST, before.texts if before else {})
    try:
        saved = save_texts(
            meeting=meeting, by=request.user, typed=typed, edition=whole_number(request.POST.get("edition", "")),
            now=now, on=timezone.localdate(),
        )  # fmt: skip
    except MinutesRefused as refusal:
        if wants_json:
            return JsonResponse({"refused": refusal.errors}, status=409)
        return _edit(request, meeting, latest_edition(meeting), typed=typed, refused=refusal.errors, status=409)
    if wants_json:
        return JsonResponse(_answer(saved, set(typed), whole_number(request.POST.get("known", ""))))
    if saved.clashes:
        return _edit(request, meeting, saved.minutes, typed=typed, clashes=saved.clashes)
    messages.success(request, "Đã lưu biên bản.")
    return redirect("branches:minutes", meeting.pk)


def _answer(saved: Saved, sent: set[str], known: int) -> dict:
    """What a page needs to go on: the new revision, who clashed, what others wrote since revision `known`."""
    minutes = saved.minutes
    if minutes is None:
        return {"revision": 0, "clashes": [], "others": [], "texts": {}}
    texts = {}
    if known < minutes.revision:
        old = MinutesRevision.objects.filter(minutes=minutes, number=known).values_list("texts", flat=True).first()
        old = old or {}
        keys = (set(old) | set(minutes.texts)) - sent
        texts = {key: minutes.texts.get(key, "") for key in keys if old.get(key, "") != minutes.texts.get(key, "")}
    return {
        "revision": minutes.revision,
        "texts": texts,
        "clashes": [
            {"key": one.key, "theirs": one.theirs, "by": one.by, "at": f"{timezone.localtime(one.at):%H:%M}"}
            for one in saved.clashes
        ],
        "others": _writing(saved.others),
    }


def _writing(others) -> list[str]:
    return [f"{name} vừa ghi lúc {timezone.localtime(at):%H:%M}" for name, at in others]


@require_GET
def minutes_writers(request, pk):
    """Asked now and then by a page that is being typed on: who else is at it, and what they wrote since `known`."""
    meeting = get_editable_or_403(MEETINGS, request.user, pk=pk)
    found = latest_edition(meeting)
    if found is not None and found.state not in OPEN_FOR_TYPING:
        return JsonResponse({"refused": CLOSED_WORDS[found.state]})
    others = other_writers(found, by=request.user, now=timezone.now(), on=timezone.localdate())
    return JsonResponse(_answer(Saved(found, (), others), set(), whole_number(request.GET.get("known", ""))))


def _edit(request, meeting: Meeting, found: Minutes | None, *, typed=(), clashes=(), refused=None, status=200):
    """The typing page. After a refusal or a clash it shows what was typed, and nothing of it is lost."""
    record = record_of(meeting, found)
    items = list(AgendaItem.objects.filter(meeting=meeting).order_by("position", "pk"))
    form = form_of(meeting.kind)
    hints = {part.key: part.hint for part in (*form.before, *form.after, CONCLUSION)}
    others = other_writers(found, by=request.user, now=timezone.now(), on=timezone.localdate())
    return render(
        request,
        "branches/minutes_edit.html",
        {
            "meeting": meeting,
            "unit": meeting.unit,
            "minutes": found,
            "edition": found.edition if found else 1,
            "revision": found.revision if found else 0,
            "composition": composition(record),
            "passages": passages(
                record,
                hints=hints,
                drafts=suggestions(meeting, items, record),
                revision=found.revision if found else 0,
                typed=dict(typed),
                clashes={one.key: one for one in clashes},
                errors=refused or {},
            ),
            "choices": choices_of(clashes),
            "refused": (refused or {}).get("", ""),
            "clashes": clashes,
            "others": _writing(others),
            "standing": standing_of(found),
        },
        status=status,
    )


def _read(request, meeting: Meeting, found: Minutes | None, *, may_write: bool, status=200):
    editions = list(Minutes.objects.filter(meeting=meeting).order_by("-edition"))
    locked = [one for one in editions if one.state == Minutes.State.LOCKED]
    is_locked = found is not None and found.state == Minutes.State.LOCKED
    record = record_of(meeting, found) if found else None
    return render(
        request,
        "branches/minutes.html",
        {
            "meeting": meeting,
            "unit": meeting.unit,
            "minutes": found,
            "record": record,
            "composition": composition(record) if record else [],
            "passages": read_passages(record) if record else [],
            "signatures": MinutesSignature.objects.filter(minutes=found).order_by("-role") if found else [],
            "editions": [one for one in editions if found and one.pk != found.pk],
            "replaced_by": locked[0] if is_locked and locked[0].pk != found.pk else None,
            "is_intact": not is_locked or is_intact(found),
            "is_newest": not found or found.pk == editions[0].pk,
            "may_write": may_write,
            "standing": standing_of(found),
        },
        status=status,
    )


@require_GET
def minutes_edition(request, pk):
    """One edition to read; the one that is being typed opens where it is typed."""
    found = minutes_to_read(request, pk)
    if found.state != Minutes.State.LOCKED:
        return redirect("branches:minutes", found.meeting_id)
    may_write = "record" in rights_at(request.user, found.meeting.unit)
    return _read(request, found.meeting, found, may_write=may_write)


@require_GET
def minutes_history(request, pk):
    """Every save of one edition, and two of them side by side."""
    found = minutes_to_read(request, pk)
    rows = list(
        MinutesRevision.objects.filter(minutes=found).select_related("saved_by").defer("texts").order_by("-number")
    )
    lines = _together(rows)
    numbers = [one["row"].number for one in lines]
    newest = numbers[0] if numbers else 0
    second = whole_number(request.GET.get("den", "")) or newest
    earlier = [number for number in numbers if number < second]
    first = whole_number(request.GET.get("tu", "")) or (earlier[0] if earlier else 0)
    texts = dict(
        MinutesRevision.objects.filter(minutes=found, number__in=[first, second]).values_list("number", "texts")
    )
    may_write = "record" in rights_at(request.user, found.meeting.unit) and found.state in OPEN_FOR_TYPING
    headings = {
        one.key: one.heading for one in read_passages(record_of(found.meeting, found), is_typing=True) if one.key
    }
    return render(
        request,
        "branches/minutes_history.html",
        {
            "minutes": found,
            "meeting": found.meeting,
            "unit": found.meeting.unit,
            "lines": lines,
            "first": first,
            "second": second,
            "changes": compared(texts.get(first, {}), texts.get(second, {}), headings),
            "may_restore": may_write and second != found.revision and second in texts,
        },
    )


def _together(rows: list[MinutesRevision]) -> list[dict]:
    """Newest first; the saves of one person within minutes of each other are one line, with their count."""
    found = []
    for row in rows:
        last = found[-1] if found else None
        if (
            last
            and not row.note
            and not last["row"].note
            and last["row"].saved_by_id == row.saved_by_id
            and (last["oldest"] - row.saved_at).total_seconds() < TOGETHER_SECONDS
        ):
            last["oldest"], last["saves"] = row.saved_at, last["saves"] + 1
        else:
            found.append({"row": row, "oldest": row.saved_at, "saves": 1})
    return found


def compared(old: dict, new: dict, headings: dict[str, str]) -> list[dict]:
    """The texts that differ, word by word: pieces of (kind, words) with kind "same", "gone" or "new"."""
    order = [*headings, *sorted((set(old) | set(new)) - set(headings))]
    found = []
    for key in order:
        before, after = old.get(key, ""), new.get(key, "")
        if before != after:
            heading = headings.get(key, "Mục không còn trong chương trình")
            found.append({"heading": heading, "pieces": _pieces(before, after)})
    return found


def _pieces(before: str, after: str) -> list[tuple[str, str]]:
    old, new = before.replace("\n", " ⏎ ").split(), after.replace("\n", " ⏎ ").split()
    found = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", " ".join(old[a:b])))
            continue
        if b > a:
            found.append(("gone", " ".join(old[a:b])))
        if d > c:
            found.append(("new", " ".join(new[c:d])))
    return found


@require_POST
def minutes_restore(request, pk):
    """Bring back an earlier save, as a new one."""
    minutes_to_read(request, pk)
    found = get_editable_or_403(MINUTES, request.user, pk=pk)
    number = whole_number(request.POST.get("number", ""))
    try:
        restore(minutes=found, number=number, by=request.user, now=timezone.now())
    except MinutesRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("branches:minutes_history", found.pk)
    messages.success(request, f"Đã lấy lại chữ của lần lưu số {number}. Các lần lưu khác vẫn còn trong lịch sử.")
    return redirect(reverse("branches:minutes", args=[found.meeting_id]))
