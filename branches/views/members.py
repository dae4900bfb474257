"""The register: the list of a unit, one member's page, adding and correcting."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.days import PartialDay, words_of
from branches.enrolling import (
    EnrolmentRefused,
    age_on,
    change_member,
    enrol_member,
    open_sensitive,
    warnings_about,
)
from branches.formats import day, span
from branches.forms.base import sent
from branches.forms.member import MemberForm, MemberSearch, NewMemberForm, SensitiveForm
from branches.models import Activity, EditConflict, Member, Precision, Target, Unit
from branches.models.member import MemberQuerySet
from branches.receipts import once
from branches.register import register_figures
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.vietnamese import nfc

PAGE_SIZE = 50
LAST_ACTIVITIES = 10
LAST_ACCESSES = 5


@require_GET
def member_list(request, pk):
    """Members of the unit and of everything below it, by given name."""
    unit = get_visible_or_404(Unit, request.user, right=MemberQuerySet.read_rights, pk=pk)
    today = timezone.localdate()
    search = MemberSearch(request.GET or None)
    is_refused = search.is_bound and not search.is_valid()
    words = nfc(search.cleaned_data["q"]) if search.is_bound and not is_refused else ""
    gone = request.GET.get("xem") == "da-roi"
    # The unit is reached already; this keeps units below out that the post does not open.
    members = Member.objects.reached_by(request.user, MemberQuerySet.read_rights)
    members = members.filter(home__path__startswith=unit.path, is_active=not gone).select_related("home")
    if is_refused:
        members = members.none()  # nobody was looked for: the field says why
    elif words:
        members = members.matching(words)
    page = Paginator(members.order_by("sort_key", "pk"), PAGE_SIZE).get_page(request.GET.get("trang"))
    keys = ["members", "women", "party_members"]
    return render(
        request,
        "branches/member_list.html",
        {
            "unit": unit,
            "search": search,
            "words": words,
            "gone": gone,
            "page": page,
            "rows": [_row(request.user, member, today) for member in page],
            "figures": register_figures(units=Q(unit__path__startswith=unit.path), keys=keys, day=today),
            "today": today,
            "may_add": unit.is_branch and "manage" in rights_at(request.user, unit),
        },
    )


def _row(user, member, today) -> dict:
    """Ready strings; the phone number only for those who keep this person's register."""
    return {
        "pk": member.pk,
        "name": member.full_name,
        "job": member.job,
        "sex": member.get_sex_display(),
        "born": words_of(member.birth_date, member.birth_precision),
        "age": age_words(member, today),
        "unit": member.home.name,
        "phone": member.phone if "manage" in rights_at(user, member.home) else "",
    }


@require_http_methods(["GET", "HEAD", "POST"])
def member(request, pk):
    """One member. A POST asks to see the sensitive part, which is shown for this answer only."""
    found = get_visible_or_404(Member.objects.select_related("home"), request.user, pk=pk)
    today = timezone.localdate()
    rights = rights_at(request.user, found.home)
    is_own = request.user.member_id == found.pk
    may_open = "manage" in rights or is_own
    if request.method == "POST" and not may_open:
        raise PermissionDenied
    sensitive = open_sensitive(member=found, by=request.user) if request.method == "POST" else None
    accesses = found.sensitive_accesses.select_related("account").order_by("-pk")[:LAST_ACCESSES] if may_open else []
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
            "warnings": warnings_about(found, on=today) if "manage" in rights and found.is_active else [],
            "memberships": [{"row": row, "days": _days_of(row)} for row in memberships],
            "targets": Target.objects.visible_to(request.user)
            .filter(owner=found, period__ends_on__gt=today)
            .select_related("period", "indicator__area")
            .in_order(),
            "activities": [
                {"pk": one.pk, "title": one.title, "days": span(one.starts_on, one.last_on)}
                for one in activities.order_by("-last_on", "-pk")[:LAST_ACTIVITIES]
            ],
            "in_year": activities.filter(last_on__year=today.year).count(),
            "year": today.year,
        },
    )


def age_words(member, today) -> str:
    """ "25 tuổi"; "khoảng 25 tuổi" where the day of birth is not known; nothing without a year."""
    if member.birth_date is None:
        return ""
    if member.birth_precision == Precision.DAY:
        return f"{age_on(member.birth_date, today)} tuổi"
    return f"khoảng {today.year - member.birth_date.year} tuổi"


def _days_of(membership) -> str:
    if membership.ends_on is None:
        return f"từ {day(membership.starts_on)}"
    return f"{day(membership.starts_on)} đến trước {day(membership.ends_on)}"


@require_http_methods(["GET", "HEAD", "POST"])
def member_new(request, pk):
    units = Unit.objects.reached_by(request.user, MemberQuerySet.read_rights)
    unit = get_editable_or_403(units, request.user, pk=pk)
    today = timezone.localdate()
    form = NewMemberForm(sent(request), initial={"starts_on": today})
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
