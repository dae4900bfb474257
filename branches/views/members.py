"""The register: one member's page, adding and correcting. The list is in member_lists.py."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.assessing.quota import results_of_member
from branches.days import PartialDay, words_of
from branches.enrolling import (
    EnrolmentRefused,
    change_member,
    enrol_member,
    open_sensitive,
    warnings_about,
)
from branches.formats import day, span
from branches.forms.base import sent
from branches.forms.member import MemberForm, NewMemberForm, SensitiveForm
from branches.member_lists import age_words
from branches.merging_members import merges_of, pointed_at
from branches.models import (
    Activity,
    AwayStay,
    EditConflict,
    Member,
    MemberMerge,
    Membership,
    ProposedValue,
    Target,
    Task,
    Unit,
)
from branches.models.member import MemberQuerySet
from branches.models.rule import rules_on
from branches.receipts import once
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.tasks import tasks_of
from branches.vietnamese import nfc
from branches.views.merit_panels import member_merit
from branches.views.privacy import data_panel

LAST_ACTIVITIES = 10
LAST_TASKS = 20
LAST_ACCESSES = 5


@require_http_methods(["GET", "HEAD", "POST"])
def member(request, pk):
    """One member. A POST asks to see the sensitive part, which is shown for this answer only."""
    try:
        found = get_visible_or_404(_with_what_the_page_says(), request.user, pk=pk)
    except Http404:
        if (kept := pointed_at(request.user, pk)) is None:
            raise
        return redirect("branches:member", pk=kept.pk)
    today = timezone.localdate()
    rights = rights_at(request.user, found.home)
    is_own = request.user.member_id == found.pk
    may_open = "manage" in rights or is_own
    if request.method == "POST" and not may_open:
        raise PermissionDenied
    sensitive = open_sensitive(member=found, by=request.user) if request.method == "POST" else None
    accesses = found.sensitive_accesses.select_related("account").order_by("-pk")[:LAST_ACCESSES] if may_open else []
    rules = rules_on(today) if may_open else {}
    activities = Activity.objects.visible_to(request.user).counted().filter(participations__member=found)
    memberships = found.memberships.select_related("unit").order_by("-starts_on", "-pk")
    return render(
        request,
        "branches/member.html",
        {
            "member": found,
            "unit": found.home,
            "born": words_of(found.birth_date, found.birth_precision),
            "age": age_words(found, today),
            "admitted": words_of(found.admitted_on, found.admitted_precision),
            "joined_party": words_of(sensitive.joined_party_on, sensitive.joined_party_precision) if sensitive else "",
            "is_own": is_own,
            "may_manage": "manage" in rights,
            "may_contact": may_open,
            "may_list": not rights.isdisjoint(MemberQuerySet.read_rights),
            "is_open": request.method == "POST",
            "sensitive": sensitive,
            "accesses": accesses,
            "warnings": warnings_about(found, on=today, rules=rules) if "manage" in rights and found.is_active else [],
            "merges": merges_of(found) if found.is_merged and "manage" in rights else [],
            "data": data_panel(found, on=today, rules=rules) if may_open else None,
            "merit": member_merit(request.user, found, rights),
            "memberships": [{"row": row, "days": _days_of(row)} for row in memberships],
            "aways": [{"row": row, "days": _days_of(row)} for row in found.away_stays.order_by("-starts_on", "-pk")],
            "targets": Target.objects.visible_to(request.user)
            .filter(owner=found, period__ends_on__gt=today)
            .select_related("period", "indicator__area")
            .in_order(),
            "tasks": Task.objects.visible_to(request.user)
            .filter(owner=found)
            .filter(Q(state__in=Task.OPEN) | Q(given_on__year=today.year) | Q(closed_on__year=today.year))
            .order_by(F("closed_on").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk")[:LAST_TASKS],
            "task_figures": tasks_of(
                [found.pk], today.replace(month=1, day=1), today.replace(year=today.year + 1, month=1, day=1), on=today
            )[found.pk],
            "results": results_of_member(found),
            "today": today,
            "activities": [
                {"pk": one.pk, "title": one.title, "days": span(one.starts_on, one.last_on)}
                for one in activities.order_by("-last_on", "-pk")[:LAST_ACTIVITIES]
            ],
            "in_year": activities.filter(last_on__year=today.year).count(),
            "year": today.year,
        },
    )


def _with_what_the_page_says():
    """Members with their closed part, how many of their proposals wait, and whether somebody was merged into them."""
    waiting = ProposedValue.objects.waiting().filter(member=OuterRef("pk")).order_by().values("member")
    return Member.objects.select_related("home", "sensitive").annotate(
        wait=Coalesce(Subquery(waiting.annotate(n=Count("pk")).values("n")), 0),
        is_merged=Exists(MemberMerge.objects.filter(absorbed__merged_into=OuterRef("pk"))),
    )


def _days_of(membership: Membership | AwayStay) -> str:
    if membership.ends_on is None:
        return f"từ {day(membership.starts_on)}"
    return f"{day(membership.starts_on)} đến trước {day(membership.ends_on)}"


@require_http_methods(["GET", "HEAD", "POST"])
def member_new(request, pk):
    units = Unit.objects.reached_by(request.user, MemberQuerySet.read_rights)
    unit = get_editable_or_403(units, request.user, pk=pk)
    today = timezone.localdate()
    form = NewMemberForm(sent(request), today=today, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            location, is_new = once(
                form.cleaned_data["form_key"], request.user, lambda: _enrol(request.user, unit, form)
            )
        except EnrolmentRefused as refusal:
            form.show(refusal)
        else:
            if is_new:
                messages.success(request, f"Đã thêm {nfc(form.cleaned_data['full_name'])} vào {unit.name}.")
            return redirect(location)
    return render(request, "branches/member_form.html", {"unit": unit, "form": form, "title": "Thêm đoàn viên"})


def _enrol(user, unit, form) -> str:
    made = enrol_member(by=user, unit=unit, on=form.cleaned_data["starts_on"], **form.said())
    return reverse("branches:member", args=[made.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def member_edit(request, pk):
    found = get_editable_or_403(Member.objects.select_related("home"), request.user, pk=pk)
    form = MemberForm(sent(request), instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            change_member(member=found, version=form.cleaned_data["version"], by=request.user, **form.said())
        except EnrolmentRefused as refusal:
            form.show(refusal)
        except EditConflict as conflict:
            return _conflict(request, form, conflict.current)
        else:
            messages.success(request, f"Đã lưu thông tin của {nfc(form.cleaned_data['full_name'])}.")
            return redirect("branches:member", pk=found.pk)
    return render(
        request,
        "branches/member_form.html",
        {"unit": found.home, "member": found, "form": form, "title": "Sửa thông tin đoàn viên"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def member_sensitive(request, pk):
    """Write the sensitive part. Opening it is a choice of those who keep the register, and leaves a row."""
    found = get_editable_or_403(Member.objects.select_related("home"), request.user, pk=pk)
    if request.method == "GET":  # a form sent back shows only what was typed
        open_sensitive(member=found, by=request.user)
    form = SensitiveForm.of(found, sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            change_member(member=found, version=form.cleaned_data["version"], by=request.user, **form.said())
        except EnrolmentRefused as refusal:
            form.show(refusal)
        except EditConflict:
            form.add_error(None, "Có người vừa sửa hồ sơ này. Chưa ghi đè gì cả; hãy mở lại trang rồi ghi lại.")
        else:
            messages.success(request, f"Đã lưu phần cần giữ kín của {found.full_name}.")
            return redirect("branches:member", pk=found.pk)
    return render(request, "branches/member_sensitive.html", {"unit": found.home, "member": found, "form": form})


def _conflict(request, form, current):
    """Both versions side by side; the form on the page carries what was typed and the version now stored."""
    stored = MemberForm(instance=current)
    rows = []
    for name in form.Meta.fields:
        theirs = _said(stored, name, stored[name].initial)
        mine = _said(form, name, form.cleaned_data[name])
        if theirs or mine:
            rows.append({"label": form[name].label, "theirs": theirs, "mine": mine, "differs": theirs != mine})
    last = current.history.select_related("history_user").order_by("-history_date", "-history_id").first()
    carried = [(name, request.POST.get(name, "")) for name in form.Meta.fields]
    return render(
        request,
        "branches/member_conflict.html",
        {
            "member": current,
            "unit": form.instance.home,
            "who": last.history_user if last else None,
            "when": last.history_date if last else None,
            "rows": rows,
            "carried": [*carried, ("version", current.version)],
        },
        status=409,
    )


def _said(form, name, value) -> str:
    if choices := getattr(form.fields[name], "choices", None):
        return dict(choices).get(value, "") if value else ""
    return value.words if isinstance(value, PartialDay) else str(value or "")
