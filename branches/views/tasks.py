"""Tasks: the unit's list, one task, giving, reporting, accepting, sending back, dropping."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, Min, Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.formats import day
from branches.forms.base import sent
from branches.forms.task import ReasonForm, ReportForm, ReviewForm, TaskFilter, TaskForm
from branches.models import (
    Conclusion,
    Direction,
    Meeting,
    Member,
    Proposal,
    Task,
    TaskFile,
    Unit,
)
from branches.models.member import MemberQuerySet
from branches.models.task import TaskQuerySet
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.task_origin import origins_of
from branches.tasks import (
    TaskRefused,
    accept_task,
    change_task,
    drop_task,
    give_tasks,
    may_accept,
    remove_task_file,
    reopen_task,
    report_task,
    send_back_task,
)

from .evidence import GONE, delete_page, file_answer
from .life_steps import take_step

PAGE_SIZE = 30
MOST_CHOICES = 40
MEANWHILE = "Có người vừa thay đổi việc này. Chưa ghi đè gì cả; hãy mở lại trang rồi làm lại."
TASKS = Task.objects.select_related("unit", "owner", "meeting", "direction", "proposal", "given_by", "reported_by")


def _units(user):
    return Unit.objects.reached_by(user, TaskQuerySet.read_rights)


def _may_name(user, unit) -> bool:
    """Who owns a task is told to those who may see the names of members; fellow members see what is to be done."""
    return not rights_at(user, unit).isdisjoint(MemberQuerySet.read_rights)


def in_list_order(rows, today):
    """Open before closed; among the open ones the earliest date first, without a date last. Carries are counted."""
    return rows.annotate(
        carried=Count("carries"), is_closed=Q(state__in=(Task.State.ACCEPTED, Task.State.DROPPED))
    ).order_by("is_closed", F("due_on").asc(nulls_last=True), "pk")


@require_GET
def task_list(request, pk):
    unit = get_visible_or_404(_units(request.user), request.user, right=TaskQuerySet.read_rights, pk=pk)
    today = timezone.localdate()
    may_name = _may_name(request.user, unit)
    tasks = Task.objects.filter(unit=unit)
    owners = Member.objects.filter(pk__in=tasks.values("owner")).order_by("sort_key", "pk") if may_name else []
    meetings = Meeting.objects.filter(pk__in=tasks.values("meeting")).order_by("-starts_at", "-pk")
    directions = Direction.objects.filter(pk__in=tasks.values("direction")).order_by("-given_on", "-pk")
    asked = TaskFilter(
        request.GET, owners=owners, meetings=meetings[:MOST_CHOICES], directions=directions[:MOST_CHOICES]
    )
    rows = in_list_order(asked.apply(tasks), today).select_related("owner", "meeting", "direction", "proposal")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    counts = tasks.aggregate(
        open=Count("pk", filter=Q(state__in=Task.OPEN)),
        overdue=Count("pk", filter=Q(state=Task.State.GIVEN, due_on__lt=today)),
        reported=Count("pk", filter=Q(state=Task.State.REPORTED)),
        accepted=Count("pk", filter=Q(state=Task.State.ACCEPTED, closed_on__year=today.year)),
    )
    return render(
        request,
        "branches/task_list.html",
        {
            "unit": unit,
            "page": page,
            "asked": asked,
            "counts": counts,
            "today": today,
            "may_name": may_name,
            "may_record": "record" in rights_at(request.user, unit),
            "is_narrowed_more": any(asked.said(name) for name in ("nguoi", "hop", "chi_dao")),
            "is_narrowed": any(asked.said(name) for name in asked.fields),
        },
    )


@require_GET
def task_below(request, pk):
    """The units below with open tasks, those with most late ones first; each leads to its list."""
    unit = get_visible_or_404(_units(request.user), request.user, right=TaskQuerySet.read_rights, pk=pk)
    today = timezone.localdate()
    late = Q(state=Task.State.GIVEN, due_on__lt=today)
    rows = (
        Task.objects.reached_by(request.user, TaskQuerySet.read_rights)
        .filter(unit__path__startswith=unit.path)
        .exclude(unit=unit)
        .open()
        .order_by()
        .values("unit_id", "unit__name", "unit__sort_key")
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=late),
            oldest=Min("due_on", filter=late),
            reported=Count("pk", filter=Q(state=Task.State.REPORTED)),
        )
        .order_by("-late", "unit__sort_key", "unit_id")
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    return render(request, "branches/task_below.html", {"unit": unit, "page": page, "today": today})


@require_GET
def task_own(request):
    """What the signed-in member is to do, and what they did this year."""
    today = timezone.localdate()
    mine = in_list_order(Task.objects.owned_by(request.user), today).select_related("unit", "meeting")
    done = mine.filter(state=Task.State.ACCEPTED, closed_on__year=today.year)
    return render(
        request,
        "branches/task_own.html",
        {"tasks": mine.open()[:PAGE_SIZE], "done": done[:PAGE_SIZE], "today": today, "year": today.year},
    )


@require_GET
def task(request, pk):
    found = get_visible_or_404(TASKS.annotate(carried=Count("carries")), request.user, pk=pk)
    today = timezone.localdate()
    rights = rights_at(request.user, found.unit)
    may_record = "record" in rights
    is_own = request.user.member_id is not None and request.user.member_id == found.owner_id
    return render(
        request,
        "branches/task.html",
        {
            "task": found,
            "unit": found.unit,
            "today": today,
            "late": found.days_late(today),
            "steps": found.steps.select_related("done_by"),
            "files": found.files.order_by("pk"),
            "origins": origins_of(request.user, found),
            "may_name": is_own or _may_name(request.user, found.unit),
            "may_record": may_record,
            "may_report": may_record or is_own,
            "may_accept": may_record and may_accept(found, request.user, today),
            "may_list": not rights.isdisjoint(TaskQuerySet.read_rights),
            "is_own": is_own,
            "is_for_another": may_record and not is_own,
        },
    )


# --- giving ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def task_new(request, pk):
    unit = get_editable_or_403(_units(request.user), request.user, right="record", pk=pk)
    return _give(request, unit)


@require_http_methods(["GET", "HEAD", "POST"])
def task_from_conclusion(request, pk):
    """A conclusion becomes a task: its words stand there, who and when is chosen."""
    conclusion = get_object_or_404(Conclusion.objects.select_related("item"), pk=pk)
    meeting = get_editable_or_403(Meeting.objects.select_related("unit"), request.user, pk=conclusion.item.meeting_id)
    said = f"Kết luận tại {meeting.title}, {day(meeting.day)}"
    return _give(request, meeting.unit, text=conclusion.text, said=said, meeting=meeting, conclusion=conclusion)


@require_http_methods(["GET", "HEAD", "POST"])
def task_from_direction(request, pk):
    direction = get_editable_or_403(Direction.objects.select_related("unit"), request.user, pk=pk)
    said = f"{direction.body_name} giao ngày {day(direction.given_on)}"
    return _give(request, direction.unit, text=direction.text, said=said, direction=direction, due=direction.due_on)


@require_http_methods(["GET", "HEAD", "POST"])
def task_from_proposal(request, pk):
    proposal = get_editable_or_403(Proposal.objects.select_related("unit"), request.user, pk=pk)
    if proposal.state != Proposal.State.AGREED:
        messages.info(request, "Đề xuất chưa được đồng ý nên chưa giao thành việc được.")
        return redirect("branches:proposal", proposal.pk)
    said = f"Đề xuất ngày {day(proposal.sent_on)}, đã được đồng ý"
    return _give(request, proposal.unit, text=proposal.what, said=said, proposal=proposal)


def _give(request, unit, *, text="", said="", due=None, **source):
    today = timezone.localdate()
    longest = Task._meta.get_field("text").max_length
    initial = {"text": text[:longest]}
    if len(text) > longest:
        said += f". Nội dung dài hơn {longest} ký tự nên chỉ lấy phần đầu: hãy rút gọn, hoặc giao thành nhiều việc"
    if due and due >= today:
        initial |= {"due": "other", "due_on": due}
    meeting = source.get("meeting")
    back = reverse("branches:task_list", args=[unit.pk])
    if meeting is not None:  # the meeting goes on: back to the point that was being dealt with
        back = f"{reverse('branches:meeting', args=[meeting.pk])}#muc-{source['conclusion'].item_id}"
    offered = {"members": _owners_offered(unit, meeting), "today": today, "next_meeting": _next_meeting(unit)}
    form = TaskForm(sent(request), initial=initial, **offered)

    def give():
        given = give_tasks(
            owners=form.owners_said(), by=request.user, unit=unit, on=today, **form.fields_said(), **source
        )
        return back if meeting is not None or len(given) > 1 else reverse("branches:task", args=[given[0].pk])

    def given_words():
        count = len(form.owners_said())
        return f"Đã giao “{form.cleaned_data['text']}” cho {count} người." if count > 1 else "Đã giao việc."

    if answer := take_step(request, form, give, given_words, refused=TaskRefused, meanwhile=MEANWHILE):
        return answer
    context = {"unit": unit, "form": form, "said": said, "title": "Giao việc", "back": back, **source}
    return render(request, "branches/task_form.html", context)


def _owners_offered(unit, meeting=None, also=()):
    """Active members of the unit and who takes part in it, those of the meeting's roll, and the present owner."""
    today = timezone.localdate()
    home = Q(home__path__startswith=unit.path) if unit.is_branch else Q(home=unit)
    offered = home & Q(is_active=True) | Q(pk__in=also)
    offered |= Q(pk__in=unit.memberships.on(today).values("member"))
    if meeting is not None:
        offered |= Q(pk__in=meeting.attendance.values("member"))
    members = Member.objects.filter(offered, merged_into=None)
    return members.only("full_name", "sort_key", "home").order_by("sort_key", "pk")


def _next_meeting(unit):
    rows = Meeting.objects.filter(unit=unit, state=Meeting.State.PLANNED, starts_at__gt=timezone.now())
    following = rows.order_by("starts_at", "pk").first()
    return following.day if following else None


@require_http_methods(["GET", "HEAD", "POST"])
def task_edit(request, pk):
    found = get_editable_or_403(TASKS, request.user, pk=pk)
    if not found.is_open:
        messages.info(request, "Việc này đã khép lại. Hãy mở lại việc rồi sửa.")
        return redirect("branches:task", found.pk)
    members = _owners_offered(found.unit, also=[found.owner_id] if found.owner_id else [])
    form = TaskForm(
        sent(request), members=members, today=timezone.localdate(), next_meeting=_next_meeting(found.unit), task=found
    )
    done = _step(request, form, found, "Đã lưu việc.", lambda said: change_task(**said, **form.changes_said()))
    return done or render(
        request,
        "branches/task_form.html",
        {"unit": found.unit, "task": found, "form": form, "title": "Sửa việc đã giao"},
    )


# --- doing and accepting --------------------------------------------------------------------------------


def _step(request, form, found, saved, verb):
    """Answer a posted form by the verb; None where the form is to be shown (again)."""

    def act():
        verb({"task": found, "version": form.cleaned_data["version"], "by": request.user, "on": timezone.localdate()})
        return reverse("branches:task", args=[found.pk])

    return take_step(request, form, act, saved, refused=TaskRefused, meanwhile=MEANWHILE)


@require_http_methods(["GET", "HEAD", "POST"])
def task_report(request, pk):
    """The owner says it is done; somebody of the unit says it for an owner without an account."""
    found = get_visible_or_404(TASKS, request.user, pk=pk)
    if not Task.objects.reportable_by(request.user).filter(pk=found.pk).exists():
        raise PermissionDenied
    if found.state != Task.State.GIVEN and request.method != "POST":
        messages.info(request, "Việc này đã báo xong hoặc đã khép lại.")
        return redirect("branches:task", found.pk)
    today = timezone.localdate()
    initial = {"version": found.version, "reported_on": today, "result": found.result}
    form = ReportForm(sent(request), request.FILES or None, account=request.user, initial=initial)

    def report(said):
        data = form.cleaned_data
        if data["reported_on"] > today:
            raise TaskRefused({"reported_on": "Ngày làm xong không thể sau hôm nay."})
        report_task(**said | {"on": data["reported_on"]}, result=data["result"], files=form.stored_files)

    if answer := _step(request, form, found, "Đã báo xong, chờ người giao nhận.", report):
        return answer
    is_own = request.user.member_id is not None and request.user.member_id == found.owner_id
    return render(
        request,
        "branches/task_report.html",
        {
            "unit": found.unit,
            "task": found,
            "form": form,
            "files": found.files.order_by("pk"),
            "is_for_another": not is_own,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def task_review(request, pk):
    found = get_editable_or_403(TASKS.prefetch_related(_files()), request.user, pk=pk)
    if found.state != Task.State.REPORTED and request.method != "POST":
        messages.info(request, "Việc này không chờ nhận.")
        return redirect("branches:task", found.pk)
    form = ReviewForm(sent(request), initial={"version": found.version})

    def judge(said):
        if form.cleaned_data["verdict"] == ReviewForm.ACCEPT:
            return accept_task(**said)
        return send_back_task(**said, reason=form.cleaned_data["reason"])

    accepts = request.POST.get("verdict") == ReviewForm.ACCEPT
    done = _step(request, form, found, "Đã nhận xong việc." if accepts else "Đã trả lại để làm tiếp.", judge)
    context = {"unit": found.unit, "task": found, "form": form, "late": found.days_late(timezone.localdate())}
    return done or render(request, "branches/task_review.html", context)


def _files():
    return Prefetch("files", queryset=TaskFile.objects.order_by("pk"))


@require_http_methods(["GET", "HEAD", "POST"])
def task_drop(request, pk):
    return _reason(request, pk, drop_task, "drop", "Đã thôi việc này, có ghi lý do.")


@require_http_methods(["GET", "HEAD", "POST"])
def task_reopen(request, pk):
    return _reason(request, pk, reopen_task, "reopen", "Đã mở lại việc.")


def _reason(request, pk, verb, mode, saved):
    found = get_editable_or_403(TASKS, request.user, pk=pk)
    if found.is_open != (mode == "drop") and request.method != "POST":
        messages.info(request, "Việc này đã khép lại." if mode == "drop" else "Việc này đang mở.")
        return redirect("branches:task", found.pk)
    form = ReasonForm(sent(request), initial={"version": found.version})
    done = _step(request, form, found, saved, lambda said: verb(**said, reason=form.cleaned_data["reason"]))
    return done or render(
        request, "branches/task_reason.html", {"unit": found.unit, "task": found, "form": form, "mode": mode}
    )


# --- files ----------------------------------------------------------------------------------------------


@require_GET
def task_file(request, pk):
    return file_answer(request, get_visible_or_404(TaskFile, request.user, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def task_file_delete(request, pk):
    """Whoever may report the task may take a file off it, as long as it is open."""
    found = get_visible_or_404(TaskFile.objects.select_related("task__unit"), request.user, pk=pk)
    if not Task.objects.reportable_by(request.user).filter(pk=found.task_id).exists():
        raise PermissionDenied
    if request.method == "POST":
        try:
            remove_task_file(file=found)
        except TaskRefused as refusal:
            messages.error(request, str(refusal))
        except TaskFile.DoesNotExist as gone:
            raise Http404 from gone
        else:
            messages.success(request, f"Đã bỏ minh chứng “{found.name}”.")
        return redirect("branches:task", found.task_id)
    return delete_page(
        request, unit=found.task.unit, back=reverse("branches:task", args=[found.task_id]), of=found.task.text,
        named=found.name, says=f"{GONE} Việc và lời báo giữ nguyên.",
    )  # fmt: skip
