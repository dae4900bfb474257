"""The roll: one page for one thumb, batches of taps from a phone with a bad network, guests, somebody missing."""

import datetime
import json
import uuid

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.forms.base import sent
from branches.forms.fields import FormKeyField
from branches.forms.meeting import AddToRollForm, GuestForm
from branches.meetings.roll import (
    Mark,
    add_guest,
    add_to_roll,
    drop_guest,
    mark_roll,
    open_roll,
    roster_of,
    take_off_roll,
    tally_of,
)
from branches.meetings.states import MeetingRefused, State, is_signed
from branches.meetings.voting import DECISION_OF, Decision, quorum
from branches.models import Attendance, Meeting, MeetingGuest
from branches.models.rule import rules_on
from branches.receipts import once
from branches.scoping import get_editable_or_403

from .life_steps import answered_before
from .meeting_steps import MEETINGS, take_meeting_step

MOST_MARKS = 500
LONGEST_AGO = 30 * 24 * 3600 * 1000  # a month in milliseconds; an older tap counts as that old
MARKABLE = (State.OPEN, State.HELD)
ATTENDANCE = Attendance.objects.select_related("meeting__unit")
GUESTS = MeetingGuest.objects.select_related("meeting__unit")


def needed_of(meeting: Meeting, entitled: int) -> int:
    """How many of those entitled have to be there for what this meeting is called to decide. One query."""
    decision = DECISION_OF.get(meeting.kind, Decision.SIMPLE)
    return quorum(entitled, decision, rules_on(meeting.day))


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_roll(request, pk):
    """Open the roll, mark it, save it. Without a script it is one form; with one, taps go out in the background."""
    found = get_editable_or_403(MEETINGS, request.user, pk=pk)
    refused = ""
    if request.method == "POST":
        try:
            if answer := _act(request, found):
                return answer
        except MeetingRefused as refusal:
            refused = " ".join(refusal.errors.values())
            found.refresh_from_db()
    context = {"meeting": found, "unit": found.unit, "refused": refused, "form_key": uuid.uuid4()}
    if found.roll_opened_at is None:
        count = len(roster_of(found))
        return render(request, "branches/meeting_roll_open.html", context | {"count": count})
    rows = list(Attendance.objects.filter(meeting=found).order_by("sort_key", "pk"))
    tally = tally_of(rows)
    guests = list(found.guests.order_by("pk"))
    needed = needed_of(found, tally.entitled)
    return render(
        request,
        "branches/meeting_roll.html",
        context
        | {
            "rows": rows,
            "tally": tally,
            "needed": needed,
            "has_quorum": tally.voting >= needed,
            "guests": guests,
            "guest_count": sum(one.count for one in guests),
            "may_mark": found.state in MARKABLE and not is_signed(found),
        },
    )


def _act(request, found: Meeting):
    """What was pressed; None shows the page again."""
    do, now, here = request.POST.get("do", "save"), timezone.now(), reverse("branches:meeting_roll", args=[found.pk])
    if answer := answered_before(request):
        return answer
    key = FormKeyField().to_python(request.POST.get("form_key", ""))
    if do == "open":
        open_roll(meeting=found, now=now)
        return redirect(here)
    if do == "drop":
        row = get_editable_or_403(ATTENDANCE, request.user, pk=_number(request.POST.get("row")), meeting=found.pk)
        once(key, request.user, lambda: _do(here, take_off_roll, row=row))
        messages.success(request, f"Đã bỏ {row.name} khỏi danh sách điểm danh.")
        return redirect(here)
    rows = list(Attendance.objects.filter(meeting=found).order_by("sort_key", "pk"))
    marks = _marks_of_form(request.POST, rows, now)
    if do == "all":
        marks += [Mark(row.pk, Attendance.State.PRESENT, now, rest=True) for row in rows]
    elif do == "unmark":
        marks = [Mark(_number(request.POST.get("row")), Attendance.State.UNKNOWN, now)]
    there = reverse("branches:meeting", args=[found.pk]) if do == "save" else here
    once(key, request.user, lambda: _do(there, mark_roll, meeting=found, marks=marks, by=request.user, now=now))
    if do != "save":
        return redirect(there)
    unknown = Attendance.objects.filter(meeting=found, state=Attendance.State.UNKNOWN).count()
    left = f" Còn {unknown} người chưa điểm danh, không tính là vắng." if unknown else ""
    messages.success(request, f"Đã lưu điểm danh.{left}", extra_tags=str(key))
    return redirect(there)


def _do(location: str, verb, **arguments) -> str:
    verb(**arguments)
    return location


def _number(said) -> int:
    """A key as a form sends it; 0, the key of nothing, for rubbish."""
    said = str(said or "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else 0


def _marks_of_form(data, rows, now) -> list[Mark]:
    """What differs from what the page showed when it was opened: only that was tapped here."""
    found = []
    for row in rows:
        state, reason = data.get(f"m{row.pk}", ""), data.get(f"r{row.pk}", "").strip()
        if not state:
            continue
        showed = (data.get(f"w{row.pk}", ""), data.get(f"s{row.pk}", ""))
        if state != Attendance.State.EXCUSED:
            reason = ""
        if (state, reason) != showed:
            found.append(Mark(row.pk, state, now, reason))
    return found


# --- in the background ----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_roll_batch(request, pk):
    """A batch of taps kept in a browser, sent once under its key; the answer is the whole roll as it stands now.

    Body: {"key": uuid, "marks": [{"id", "state", "reason", "ago", "rest"}]}, `ago` in milliseconds before the
    sending. What cannot be read is 400, what the meeting does not allow any more 409, both with {"error"}.
    """
    found = get_editable_or_403(MEETINGS, request.user, pk=pk)
    if request.method == "POST":
        now = timezone.now()
        try:
            key, marks = _read_batch(request.body, now)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            return JsonResponse({"error": "Không đọc được điểm danh vừa gửi. Hãy mở lại trang."}, status=400)
        here = reverse("branches:meeting_roll", args=[pk])
        try:
            once(key, request.user, lambda: _do(here, mark_roll, meeting=found, marks=marks, by=request.user, now=now))
        except MeetingRefused as refusal:
            return JsonResponse({"error": " ".join(refusal.errors.values())}, status=409)
    rows = list(Attendance.objects.filter(meeting=found).order_by("sort_key", "pk"))
    return JsonResponse({"rows": [[row.pk, row.state, row.reason] for row in rows]})


def _read_batch(body: bytes, now: datetime.datetime) -> tuple[uuid.UUID, list[Mark]]:
    said = json.loads(body)
    marks = said["marks"]
    if not isinstance(marks, list) or len(marks) > MOST_MARKS:
        raise ValueError("marks")
    return uuid.UUID(said["key"]), [_read_mark(one, now) for one in marks]


def _read_mark(one: dict, now: datetime.datetime) -> Mark:
    ago = min(max(int(one["ago"]), 0), LONGEST_AGO)
    state, reason = one["state"], one.get("reason", "")
    if state not in Attendance.State.values or not isinstance(reason, str):
        raise ValueError("mark")
    pk = int(one["id"])
    if not 0 < pk < 10**18:
        raise ValueError("id")
    return Mark(pk, state, now - datetime.timedelta(milliseconds=ago), reason, rest=one.get("rest") is True)


# --- who is missing from the list, and who came beside it --------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_roll_add(request, pk):
    found = get_editable_or_403(MEETINGS, request.user, pk=pk)
    back = reverse("branches:meeting_roll", args=[pk])
    if found.roll_opened_at is None:
        return redirect(back)
    form = AddToRollForm(sent(request), meeting=found)

    def add():
        add_to_roll(meeting=found, **{name: form.cleaned_data[name] for name in ("member", "because")})
        return back

    if answer := take_meeting_step(request, form, add, lambda: f"Đã ghi thêm {form.cleaned_data['member']}."):
        return answer
    context = {"meeting": found, "unit": found.unit, "form": form, "back": back}
    return render(request, "branches/meeting_roll_add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_guests(request, pk):
    """Guests by name or as a number of people from somewhere; each can be taken off again."""
    found = get_editable_or_403(MEETINGS, request.user, pk=pk)
    here = reverse("branches:meeting_guests", args=[pk])
    dropping = request.method == "POST" and request.POST.get("do") == "drop"
    form = GuestForm(None if dropping else sent(request), initial={"count": 1})
    if dropping:
        # Gone already when the form is sent a second time.
        guest = GUESTS.editable_by(request.user).filter(meeting=found, pk=_number(request.POST.get("guest"))).first()
        try:
            if guest is not None:
                drop_guest(guest=guest)
        except MeetingRefused as refusal:
            messages.error(request, str(refusal))
        return redirect(here)

    def add():
        add_guest(meeting=found, **{name: form.cleaned_data[name] for name in ("name", "body", "count")})
        return here

    if answer := take_meeting_step(request, form, add, "Đã ghi khách mời."):
        return answer
    guests = list(found.guests.order_by("pk"))
    back = reverse("branches:meeting_roll" if found.roll_opened_at else "branches:meeting", args=[pk])
    context = {"meeting": found, "unit": found.unit, "form": form, "guests": guests, "back": back}
    return render(request, "branches/meeting_guests.html", context)
