"""Logging what was done: the list, one activity, and the forms that write it."""

import datetime

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.attaching import add_evidence
from branches.exporting import activity_workbook
from branches.feeding import SOURCES
from branches.formats import day, small
from branches.forms.activity import ActivityForm, CancelForm
from branches.forms.activity_filter import ActivityFilter
from branches.forms.base import sent
from branches.forms.quantity import Catalogue, quantity_form
from branches.listing import activity_page, activity_records
from branches.locking import lock_over, locks_of
from branches.models import Activity, EditConflict, Member, Target, Unit
from branches.models.activity import ActivityQuerySet
from branches.models.member import MemberQuerySet
from branches.receipts import once
from branches.recording import RecordingRefused, cancel_activity, change_activity, hold_activity, record_activity
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.views.attachments import attached
from branches.views.conflicts import activity_conflict
from branches.wording import figure_words, organiser_words, people_words
from branches.workbook import XLSX

ACTIVITIES = Activity.objects.select_related("unit", "area", "created_by", "updated_by")


def units_with_activities(user):
    """Units whose activities the person may read: fewer than the units they may see."""
    return Unit.objects.reached_by(user, ActivityQuerySet.read_rights)


# --- reading --------------------------------------------------------------------------------------


@require_GET
def activity_list(request, pk):
    unit = get_visible_or_404(units_with_activities(request.user), request.user, pk=pk)
    today = timezone.localdate()
    chosen = ActivityFilter(request.GET, unit=unit, today=today)
    page = activity_page(chosen.apply(), number=request.GET.get("trang", ""), today=today)
    if page.is_beyond_the_end:
        query = request.GET.copy()
        query.pop("trang", None)
        return redirect(f"{request.path}?{query.urlencode()}")
    return render(
        request,
        "branches/activity_list.html",
        {
            "unit": unit,
            "filter": chosen,
            "page": page,
            "may_record": "record" in rights_at(request.user, unit),
            "query": request.GET.urlencode(),
            "standing": locks_of(unit, on=today),
        },
    )


@require_GET
def activity_export(request, pk):
    """The filtered list as Excel: one sheet of activities, one of their results. No names of persons."""
    unit = get_visible_or_404(units_with_activities(request.user), request.user, pk=pk)
    today = timezone.localdate()
    records = activity_records(ActivityFilter(request.GET, unit=unit, today=today).apply())
    content = activity_workbook(records, unit=unit, made_on=today)
    return attached(content, XLSX, f"hoat-dong-{unit.code}-{today:%Y%m%d}.xlsx")


@require_GET
def activity(request, pk):
    found = get_visible_or_404(ACTIVITIES, request.user, pk=pk)
    rights = rights_at(request.user, found.unit)
    lines = list(found.quantities.select_related("indicator").order_by("pk"))
    periods = _periods_counted(found, lines)
    named = []
    if not rights.isdisjoint(MemberQuerySet.read_rights):
        named = list(
            found.participations.order_by("member__sort_key", "member_id").values_list("member_id", "member__full_name")
        )
        count = len(named)
    else:
        count = found.participations.count()
    evidence = list(found.evidence.order_by("pk"))
    return render(
        request,
        "branches/activity.html",
        {
            "activity": found,
            "unit": found.unit,
            "lines": [
                {"line": line, "words": figure_words(line), "periods": periods.get(line.indicator.code, [])}
                for line in lines
            ],
            "organiser": organiser_words(found),
            "people": people_words(count, found.member_count, found.guest_count),
            "named": named,
            "pictures": [item for item in evidence if item.kind == item.Kind.PICTURE],
            "documents": [item for item in evidence if item.kind != item.Kind.PICTURE],
            "history": found.history.select_related("history_user").order_by("-history_date", "-history_id")[:20],
            "may_record": "record" in rights and not found.fed_by,
            "source": _source(found, rights),
            "is_undecided": found.state == Activity.State.PLANNED and found.last_on < timezone.localdate(),
            "may_be_held": found.last_on <= timezone.localdate(),
        },
    )


def _source(found, rights) -> tuple[str, str, str] | None:
    """What a fed figure was read from, where that stands for this reader, and since when it is so; None for what
    somebody wrote."""
    if not found.fed_by:
        return None
    kind, _, key = found.fed_by.partition(":")
    source = SOURCES[kind]
    args = {"own": [key], "unit": [found.unit_id], "both": [found.unit_id, key]}.get(source.by)
    opens = source.view and (not source.readers or not rights.isdisjoint(source.readers))
    fresh = f"đếm cho ngày {day(found.last_on)}, đếm lại mỗi đêm" if source.counted else "sửa ở đó thì số này đổi theo"
    return source.words, reverse(source.view, args=args) if opens else "", fresh


def _periods_counted(found, lines) -> dict[str, list[str]]:
    """Indicator code → names of the plans whose target this activity counts for."""
    names: dict[str, list[str]] = {}
    rows = (
        Target.objects.filter(
            unit=found.unit,
            indicator__code__in=[line.indicator.code for line in lines],
            period__starts_on__lte=found.last_on,
            period__ends_on__gt=found.last_on,
        )
        .order_by("period__starts_on", "period__ends_on", "pk")
        .values_list("indicator__code", "period__name")
    )
    for code, name in rows:
        names.setdefault(code, []).append(small(name))
    return names


# --- writing --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def activity_new(request, pk):
    unit = get_editable_or_403(units_with_activities(request.user), request.user, right="record", pk=pk)
    today = timezone.localdate()
    said = {"unit": unit, "account": request.user, "today": today, "members": _members_offered(unit)}
    if request.method == "POST":
        form = ActivityForm(request.POST, request.FILES, **said)
        if form.is_rearranged:
            form.rearrange()
        elif form.is_valid():
            try:
                location, is_new = once(form.key, request.user, lambda: _record(request, form))
            except RecordingRefused as refusal:
                form.refuse(refusal)
            else:
                _say_saved(request, form, form.state_said(), is_new)
                return redirect(location)
    else:
        form = _another(request, said) or ActivityForm(**said, initial=_asked_day(request))
        for wanted in request.GET.getlist("chi_tieu"):
            form.add_row(wanted)
    return _form_page(request, form, "new")


def _record(request, form) -> str:
    made = record_activity(
        by=request.user, unit=form.unit, on=form.today, state=form.state_said(), **form.fields_said()
    )
    add_evidence(activity=made, by=request.user, files=form.stored_files, links=form.links_said)
    if request.POST.get("do") == "another":
        return f"{reverse('branches:activity_new', args=[made.unit_id])}?tiep={made.pk}"
    return reverse("branches:activity", args=[made.pk])


def _say_saved(request, form, state, is_new):
    """What was saved, with the key of its form: the browser lets go of what it kept for it."""
    said = form.fields_said()
    title, key = said["title"], str(form.key)
    if not is_new:
        again = f"“{title}” đã lưu từ lần gửi trước, không ghi thêm. Nếu vừa ghi khác đi, hãy sửa lại."
        messages.info(request, again, key)
    elif state == Activity.State.PLANNED:
        not_yet = f"Đã lưu “{title}” là dự kiến, số liệu chưa tính vào kết quả. Xong việc, hãy ghi là đã tổ chức."
        messages.success(request, not_yet, key)
    elif state == Activity.State.CANCELLED:
        called_off = f"Đã lưu “{title}”. Hoạt động không tổ chức nên số liệu không tính vào kết quả."
        messages.success(request, called_off, key)
    else:
        counted = [line for line in said["quantities"] if line.value is not None and not line.indicator.is_yes_no]
        figures = ", ".join(figure_words(line) for line in counted)
        messages.success(request, f"Đã lưu “{title}”{f': {figures}' if figures else ''}.", key)


def _another(request, said):
    """A new form like an activity just saved: same day, chapter, organiser, people and results, no figures."""
    wanted = request.GET.get("tiep", "")
    if not wanted.isdecimal() or len(wanted) > 18:
        return None
    like = Activity.objects.editable_by(request.user).filter(unit=said["unit"], pk=wanted).first()
    if like is None:
        return None
    one_day = like.starts_on == like.last_on
    initial = {
        "day": like.starts_on.isoformat() if one_day and like.starts_on == said["today"] else "other",
        "starts_on": like.starts_on,
        "last_on": None if one_day else like.last_on,
        "organiser": like.organiser,
        "partner": like.partner,
        "area": like.area_id,
        "members": list(like.participations.values_list("member", flat=True)),
        "member_count": like.member_count,
    }
    form = ActivityForm(**said, initial=initial)
    for indicator in like.quantities.order_by("pk").values_list("indicator", flat=True):
        form.add_row(indicator)
    return form


def _asked_day(request) -> dict:
    """The day a link from the plan or the calendar asks for."""
    try:
        asked = datetime.date.fromisoformat(request.GET.get("ngay", ""))
    except ValueError:
        return {}
    return {"day": "other", "starts_on": asked}


@require_http_methods(["GET", "HEAD", "POST"])
def activity_edit(request, pk):
    return _change(request, pk, "edit", change_activity)


@require_http_methods(["GET", "HEAD", "POST"])
def activity_hold(request, pk):
    """It took place: the same form, opened to write the figures that were planned as results."""
    return _change(request, pk, "hold", hold_activity)


def _change(request, pk, mode, verb):
    found = get_editable_or_403(ACTIVITIES, request.user, pk=pk)
    participants = list(found.participations.values_list("member", flat=True))
    lines = list(found.quantities.select_related("indicator__area").order_by("pk"))
    said = {
        "unit": found.unit,
        "account": request.user,
        "today": timezone.localdate(),
        "members": _members_offered(found.unit, participants),
        "activity": found,
    }
    if request.method != "POST":
        form = ActivityForm(**said, lines=lines, initial={"members": participants})
        return _form_page(request, form, mode)
    form = ActivityForm(request.POST, request.FILES, **said)
    if form.is_rearranged:
        form.rearrange()
    elif form.is_valid():
        try:
            location, is_new = once(form.key, request.user, lambda: _save(request, form, verb))
        except RecordingRefused as refusal:
            form.refuse(refusal)
        except EditConflict:
            return activity_conflict(request, form, mode)
        else:
            _say_saved(request, form, Activity.State.HELD if mode == "hold" else form.state_said(), is_new)
            return redirect(location)
    return _form_page(request, form, mode)


def _save(request, form, verb) -> str:
    changed = verb(
        activity=form.activity,
        version=form.cleaned_data["version"],
        by=request.user,
        on=form.today,
        state=form.state_said(),
        **form.fields_said(),
    )
    add_evidence(activity=changed, by=request.user, files=form.stored_files, links=form.links_said)
    return reverse("branches:activity", args=[changed.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def activity_cancel(request, pk):
    found = get_editable_or_403(ACTIVITIES, request.user, pk=pk)
    form = CancelForm(sent(request), initial={"version": found.version, "cancel_reason": found.cancel_reason})
    if request.method == "POST" and form.is_valid():
        try:
            location, _ = once(form.cleaned_data["form_key"], request.user, lambda: _cancel(request, found, form))
        except RecordingRefused as refusal:
            form.refuse(refusal)
        except EditConflict as conflict:
            who = conflict.current.updated_by
            form = CancelForm(
                initial={"version": conflict.current.version, "cancel_reason": form.cleaned_data["cancel_reason"]}
            )
            return render(
                request,
                "branches/activity_cancel.html",
                {"activity": conflict.current, "unit": found.unit, "form": form, "changed_by": who or "Một người khác"},
                status=409,
            )
        else:
            messages.success(request, f"Đã ghi “{found.title}” là không tổ chức. Số liệu không tính vào kết quả.")
            return redirect(location)
    locked = _locked_words(found, "cancel", timezone.localdate())
    context = {"activity": found, "unit": found.unit, "form": form, "locked": locked}
    return render(request, "branches/activity_cancel.html", context)


def _locked_words(found, mode, today) -> str:
    """Why what counts, or would from now on, can no longer be written, before somebody types it all; empty where it
    can. Evidence is added on the page that changes an activity, and stays open."""
    counts = found.state == Activity.State.HELD or mode == "hold"
    lock = lock_over(found.unit, found.last_on, on=today) if counts else None
    more = " Ảnh và minh chứng vẫn thêm được." if mode == "edit" else ""
    return f"{lock.refusal(found.last_on)}{more}" if lock else ""


def _cancel(request, found, form) -> str:
    cancel_activity(
        activity=found,
        version=form.cleaned_data["version"],
        by=request.user,
        on=timezone.localdate(),
        reason=form.cleaned_data["cancel_reason"],
    )
    return reverse("branches:activity", args=[found.pk])


@require_GET
def quantity_row(request, pk):
    """The empty form of one result, for the page that is open; without JavaScript the page goes round."""
    unit = get_editable_or_403(units_with_activities(request.user), request.user, right="record", pk=pk)
    indicator = Catalogue(unit, timezone.localdate()).find(request.GET.get("pick", "") or "-")
    if indicator is None:
        return HttpResponse(status=204)
    total = _members_offered(unit).count() if indicator.is_share else None
    row = quantity_form(indicator, member_total=total)
    return render(request, "branches/_quantity_row.html", {"row": row, "unit": unit, "is_new": True})


def _members_offered(unit, also=()):
    """Active members of the unit, and those who took part, whatever became of them since."""
    offered = Q(home=unit, is_active=True)
    if also:
        offered |= Q(pk__in=also)
    return Member.objects.filter(offered).only("full_name", "sort_key", "home").order_by("sort_key", "pk")


TITLES = {"new": "Ghi hoạt động", "edit": "Sửa hoạt động", "hold": "Ghi là đã tổ chức"}


def _form_page(request, form, mode):
    evidence = list(form.activity.evidence.order_by("pk")) if form.activity else []
    return render(
        request,
        "branches/activity_form.html",
        {
            "form": form,
            "mode": mode,
            "title": TITLES[mode],
            "unit": form.unit,
            "activity": form.activity,
            "evidence": evidence,
            "standing": locks_of(form.unit, on=form.today),
            "locked": _locked_words(form.activity, mode, form.today) if form.activity else "",
        },
    )
