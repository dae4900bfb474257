"""Meetings of a unit: the list of a year, one meeting with its three steps, and the forms that prepare and end it."""

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.forms.meeting import AgendaRows, CancelForm, CloseForm, KeyForm, MeetingForm, TasksForm
from branches.meetings.feeds import calendar_of
from branches.meetings.inviting import (
    invitation_text,
    mail_is_configured,
    send_invitations,
    titles_of,
    told_of,
)
from branches.meetings.listing import meetings_of_year, months_of
from branches.meetings.planning import (
    change_meeting,
    drafted_agenda,
    first_values,
    open_points,
    plan_meeting,
    title_of,
)
from branches.meetings.roll import tally_of
from branches.meetings.showing import agenda_rows, next_step, steps_of
from branches.meetings.states import (
    SIGNED,
    MeetingRefused,
    cancel_meeting,
    close_meeting,
    closed_words,
    reopen_meeting,
    take_back_cancel,
)
from branches.models import Attendance, Meeting, Minutes, Task, Unit
from branches.models.meeting import MeetingQuerySet
from branches.models.rule import rules_on
from branches.periods import FIRST_YEAR, LAST_YEAR
from branches.receipts import once
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.views.attachments import attached

from .meeting_steps import MEETINGS, may_read_names, meeting_step_page, take_meeting_step

State = Meeting.State
STANDINGS = {State.PLANNED: "waiting", State.OPEN: "going", State.HELD: "done", State.CANCELLED: "none"}
ICS = "text/calendar; charset=utf-8"


def units_that_meet(user):
    """Units whose meetings the person may read."""
    return Unit.objects.reached_by(user, MeetingQuerySet.read_rights)


def minutes_address(meeting: Meeting) -> str:
    """Where the minutes of this meeting are written; empty while no such page exists."""
    try:
        return reverse("branches:minutes", args=[meeting.pk])
    except NoReverseMatch:
        return ""


# --- reading --------------------------------------------------------------------------------------------


@require_GET
def meeting_list(request, pk):
    """A year of meetings, newest month first; a month that is over and has none says so."""
    unit = get_visible_or_404(units_that_meet(request.user), request.user, pk=pk)
    today = timezone.localdate()
    said = request.GET.get("nam", "")
    year = int(said) if said.isascii() and said.isdecimal() and len(said) == 4 else today.year
    year = min(max(year, FIRST_YEAR), LAST_YEAR)
    kind, state = request.GET.get("loai", ""), request.GET.get("tinh-trang", "")
    found = meetings_of_year(unit, year, kind=kind, state=state)
    is_filtered = kind in Meeting.Kind.values or state in State.values
    return render(
        request,
        "branches/meeting_list.html",
        {
            "unit": unit,
            "year": year,
            "this_year": today.year,
            "months": months_of(found, year, today, is_filtered=is_filtered or not unit.is_branch),
            "count": len(found),
            "kinds": Meeting.Kind.choices,
            "states": State.choices,
            "kind": kind,
            "state": state,
            "is_filtered": is_filtered,
            "standings": STANDINGS,
            "may_record": "record" in rights_at(request.user, unit),
        },
    )


@require_GET
def meeting(request, pk):
    """One meeting: what it is, its three steps, what was dealt with, voted, concluded and given."""
    latest = Prefetch("minutes", queryset=Minutes.objects.latest_edition(), to_attr="latest_minutes")
    found = get_visible_or_404(MEETINGS.prefetch_related(latest), request.user, pk=pk)
    rights = rights_at(request.user, found.unit)
    may_record, names = "record" in rights, may_read_names(rights)
    now = timezone.now()
    roll = list(Attendance.objects.filter(meeting=found).order_by("sort_key", "pk"))
    tally = tally_of(roll)
    agenda = agenda_rows(found, rules_on(found.day), names=names)
    minutes = found.latest_minutes[0] if found.latest_minutes else None
    minutes_url = minutes_address(found)
    signed = minutes is not None and minutes.state in SIGNED
    guests = list(found.guests.order_by("pk"))
    may_change = may_record and found.state != State.CANCELLED and not signed
    return render(
        request,
        "branches/meeting.html",
        {
            "meeting": found,
            "unit": found.unit,
            "standing": STANDINGS[found.state],
            "tally": tally,
            "away": [row for row in roll if row.state in ("excused", "absent", "unknown")] if names else [],
            "agenda": agenda,
            "guests": guests,
            "guest_count": sum(one.count for one in guests),
            "carried": Task.objects.filter(carries__meeting=found).select_related("owner").order_by("due_on", "pk"),
            "minutes": minutes,
            "minutes_url": minutes_url,
            "names": names,
            "may_record": may_record,
            "may_keep": "manage" in rights,  # steps out of a vote are the register keeper's
            "may_change": may_change,
            "is_signed": signed,
            "steps": steps_of(found, tally, len(agenda), minutes, minutes_url if names or minutes else ""),
            "next": next_step(found, tally, len(agenda), minutes, minutes_url, now) if may_record else None,
        },
    )


@require_GET
def meeting_ics(request, pk):
    found = get_visible_or_404(MEETINGS, request.user, pk=pk)
    file = calendar_of([found], now=timezone.now(), agenda=titles_of(found))
    return attached(file, ICS, f"hop-{found.day:%Y%m%d}.ics")


# --- preparing ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_new(request, pk):
    """The form comes filled from last time and from what is open; every line of the draft can be changed."""
    unit = get_editable_or_403(units_that_meet(request.user), request.user, right="record", pk=pk)
    today = timezone.localdate()
    kind = request.GET.get("loai", "")
    offered = dict(MeetingForm(unit=unit).fields["kind"].choices)
    kind = kind if kind in offered else next(iter(offered))
    first = first_values(unit, kind, today)
    starts_at = timezone.localtime(first.pop("starts_at"))
    points = open_points(unit, starts_at.date())
    form = MeetingForm(sent(request), unit=unit, initial=first | {"day": starts_at.date(), "time": starts_at.time()})
    rows = AgendaRows(sent(request), drafts=drafted_agenda(points, kind, starts_at.date()), unit=unit)
    open_tasks = Task.objects.filter(unit=unit).open().order_by("due_on", "pk")
    chosen = TasksForm(sent(request), tasks=open_tasks, initial={"tasks": [one.pk for one in points.tasks]})

    def plan():
        made = plan_meeting(
            unit=unit, by=request.user, agenda=rows.drafts(), tasks=chosen.cleaned_data["tasks"], **form.said()
        )
        return reverse("branches:meeting", args=[made.pk])

    def whole():
        return all([rows.is_valid(), chosen.is_valid()])

    done = "Đã lập cuộc họp. Bước tiếp theo: gửi lời mời."
    if answer := take_meeting_step(request, form, plan, done, whole=whole):
        return answer
    if request.method == "POST" and request.POST.get("do") == "restore":
        rows.judge_later()
    ticked = set(request.POST.getlist("tasks")) if request.method == "POST" else {str(one.pk) for one in points.tasks}
    return render(
        request,
        "branches/meeting_new.html",
        {
            "unit": unit,
            "form": form,
            "rows": rows,
            "points": points,
            "task_rows": [{"task": one, "is_ticked": str(one.pk) in ticked} for one in points.tasks],
            "tasks_form": chosen,
            "kinds": [(value, label, title_of(value, starts_at.date())) for value, label in offered.items()],
            "kind": kind,
            "month": starts_at.month,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_edit(request, pk):
    found = get_editable_or_403(MEETINGS, request.user, pk=pk)
    form = MeetingForm(sent(request), unit=found.unit, version=found.version, initial=MeetingForm.values_of(found))

    def change():
        change_meeting(
            meeting=found, version=form.cleaned_data["version"], on=timezone.localdate(), **form.said()
        )  # fmt: skip
        return reverse("branches:meeting", args=[found.pk])

    if answer := take_meeting_step(request, form, change, "Đã lưu cuộc họp."):
        return answer
    return render(request, "branches/meeting_form.html", {"unit": found.unit, "meeting": found, "form": form})


# --- steps ----------------------------------------------------------------------------------------------


def _one_step(request, pk, form_of, act, *, title, button, done, says, warns=False):
    """A step with a page of its own; `act(meeting, form)` calls the verb."""
    found = get_editable_or_403(MEETINGS, request.user, pk=pk)
    form, back = form_of(found), reverse("branches:meeting", args=[pk])

    def step():
        act(found, form)
        return back

    if answer := take_meeting_step(request, form, step, done):
        return answer
    return meeting_step_page(request, form, found, title=title, button=button, back=back, says=says(found), warns=warns)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_cancel(request, pk):
    return _one_step(
        request, pk, lambda one: CancelForm(sent(request)),
        lambda one, form: cancel_meeting(meeting=one, reason=form.cleaned_data["cancel_reason"]),
        title="Ghi là không họp", button="Lưu là không họp", done="Đã ghi là không họp, kèm lý do.", warns=True,
        says=lambda one: [
            "Cuộc họp vẫn còn trong danh sách, kèm lý do: không họp có lý do khác với chưa ghi. "
            "Chương trình đã soạn giữ nguyên; có thể bỏ ghi này sau."
        ],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_take_back(request, pk):
    return _one_step(
        request, pk, lambda one: KeyForm(sent(request)), lambda one, form: take_back_cancel(meeting=one),
        title="Vẫn họp", button="Ghi lại là sẽ họp", done="Cuộc họp có lại trong danh sách sắp họp.",
        says=lambda one: [f"Đã ghi không họp vì: {one.cancel_reason or 'chưa ghi'}. Lý do này sẽ bỏ đi."],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_close(request, pk):
    now = timezone.localtime()

    def form_of(one):
        day = min(one.day, now.date())
        time = now.time().replace(second=0, microsecond=0) if day == now.date() else None
        return CloseForm(sent(request), initial={"day": day, "time": time})

    return _one_step(
        request, pk, form_of,
        lambda one, form: close_meeting(meeting=one, ends_at=form.ends_at(), now=timezone.now()),
        title="Kết thúc buổi họp", button="Lưu là đã họp xong", done="Đã họp xong. Bước tiếp theo: biên bản.",
        says=_says_of_closing,
    )  # fmt: skip


def _says_of_closing(one: Meeting) -> list[str]:
    if closed := closed_words(one, on=timezone.localdate()):
        return [closed]
    if one.roll_opened_at is None:
        return ["Chưa điểm danh. Vẫn ghi họp xong được; điểm danh sau cũng được, theo danh sách của ngày họp."]
    unknown = Attendance.objects.filter(meeting=one, state=Attendance.State.UNKNOWN).count()
    if unknown:
        return [f"Còn {unknown} người chưa điểm danh. Không tính là vắng; bổ sung sau cũng được."]
    return ["Đã điểm danh đủ."]


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_reopen(request, pk):
    return _one_step(
        request, pk, lambda one: KeyForm(sent(request)),
        lambda one, form: reopen_meeting(meeting=one, on=timezone.localdate()),
        title="Chưa họp xong", button="Mở lại cuộc họp", done="Đã mở lại cuộc họp.",
        says=lambda one: [
            *filter(None, [closed_words(one, on=timezone.localdate())]),
            "Bỏ giờ kết thúc đã ghi. Điểm danh, biểu quyết, kết luận giữ nguyên.",
        ],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_invite(request, pk):
    """The message for a group, the file for a calendar, and letters to those with an address who have none yet."""
    found = get_editable_or_403(MEETINGS, request.user, pk=pk)
    form = KeyForm(sent(request))
    if request.method == "POST" and form.is_valid():
        here, again = reverse("branches:meeting_invite", args=[pk]), request.POST.get("do") == "again"
        try:
            # Noted first, so that a second tap sends nothing twice; the letters go out after the transaction.
            _, is_new = once(form.cleaned_data["form_key"], request.user, lambda: here)
            posted = send_invitations(meeting=found, now=timezone.now(), again=again) if is_new else None
        except MeetingRefused as refusal:
            # Led away, so that the next try comes with a key of its own.
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Đã gửi {posted.count} thư mời." if posted else "Thư mời đã gửi từ lần trước.")
            if posted and posted.missed:
                names = ", ".join(one.full_name for one in posted.missed)
                messages.warning(request, f"Không gửi được cho {names}. Hãy xem lại địa chỉ thư của các đồng chí này.")
        return redirect(here)
    text = invitation_text(found)
    return render(
        request,
        "branches/meeting_invite.html",
        {
            "meeting": found,
            "unit": found.unit,
            "form": form,
            "text": text,
            "lines": text.count("\n") + 2,
            "mailto": f"mailto:?{urlencode({'subject': f'Mời họp: {found.title}', 'body': text}).replace('+', '%20')}",
            "told": told_of(found, now=timezone.now()) if found.state == State.PLANNED else None,
            "mail": mail_is_configured(),
        },
    )
