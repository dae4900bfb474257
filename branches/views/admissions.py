"""Admissions: the list, one application, and a page for each step."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.admitting import (
    change_admission,
    decide_admission,
    has_approver,
    open_twins,
    propose_admission,
    record_vote,
    refuse_admission,
    warnings_about_applicant,
    withdraw_admission,
)
from branches.formats import day
from branches.forms.admission import AdmissionForm, DecideForm, RefuseForm, VoteForm, WithdrawForm
from branches.forms.base import sent
from branches.models import Admission, Member, Unit
from branches.models.life import AdmissionQuerySet
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at
from branches.views.life_steps import answered_before, step_page, take_step

PAGE_SIZE = 50
ADMISSIONS = Admission.objects.select_related("unit", "member", "decided_by")
State = Admission.State
STANDINGS = {
    State.PROPOSED: "going",
    State.VOTED: "waiting",
    State.DECIDED: "done",
    State.REFUSED: "returned",
    State.NOT_PASSED: "returned",
    State.WITHDRAWN: "none",
}


@require_GET
def admission_list(request, pk):
    """Applications of the unit and of what is below it: those under way first."""
    unit = get_visible_or_404(Unit, request.user, right=AdmissionQuerySet.read_rights, pk=pk)
    first = Case(When(state=State.VOTED, then=Value(0)), When(state=State.PROPOSED, then=Value(1)), default=Value(2))
    rows = ADMISSIONS.visible_to(request.user).filter(unit__path__startswith=unit.path).order_by(first, "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    return render(
        request,
        "branches/admission_list.html",
        {
            "unit": unit,
            "page": page,
            "rows": [{"admission": one, "standing": STANDINGS[one.state]} for one in page],
            "may_add": unit.is_branch and "manage" in rights_at(request.user, unit),
        },
    )


@require_GET
def admission(request, pk):
    """One application with its steps, and the next step of this reader."""
    found = get_visible_or_404(ADMISSIONS, request.user, pk=pk)
    today = timezone.localdate()
    rights = rights_at(request.user, found.unit)
    may_keep = "manage" in rights
    is_open = found.state in Admission.OPEN
    return render(
        request,
        "branches/admission.html",
        {
            "admission": found,
            "unit": found.unit,
            "standing": STANDINGS[found.state],
            "may_keep": may_keep and is_open,
            "may_contact": may_keep,
            "may_decide": found.state == State.VOTED and _may_decide(request.user, found, today),
            "warnings": warnings_about_applicant(birth_date=found.birth_date, day_of=found.voted_on or today)
            if is_open
            else [],
            "may_see_member": found.member_id is not None
            and Member.objects.visible_to(request.user).filter(pk=found.member_id).exists(),
        },
    )


def _may_decide(user, found: Admission, today) -> bool:
    """Who approves here; where nobody above does so in the software, the branch writes the paper down."""
    if Admission.objects.reached_by(user, "approve").filter(pk=found.pk).exists():
        return True
    keeps = Admission.objects.editable_by(user).filter(pk=found.pk).exists()
    return keeps and not has_approver(found.unit, on=today)


def _to_decide(user, pk, today) -> Admission:
    found = get_visible_or_404(ADMISSIONS, user, pk=pk)
    if not _may_decide(user, found, today):
        raise PermissionDenied
    return found


def _about(found: Admission) -> dict:
    back = reverse("branches:admission", args=[found.pk])
    return {"back": back, "unit": found.unit, "about": found.full_name}


@require_http_methods(["GET", "HEAD", "POST"])
def admission_new(request, pk):
    units = Unit.objects.reached_by(request.user, AdmissionQuerySet.read_rights)
    unit = get_editable_or_403(units, request.user, pk=pk)
    today = timezone.localdate()
    form = AdmissionForm(sent(request), initial={"applied_on": today})

    def propose():
        made = propose_admission(unit=unit, by=request.user, on=today, **form.said())
        return reverse("branches:admission", args=[made.pk])

    if answer := answered_before(request):
        return answer
    twins = _twins(request, form)
    if not twins and (
        answer := take_step(request, form, propose, "Đã ghi hồ sơ. Khi chi đoàn họp xét thì ghi kết quả biểu quyết.")
    ):
        return answer
    context = {"unit": unit, "form": form, "title": "Hồ sơ xin vào Đoàn", "twins": twins}
    return render(request, "branches/admission_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def admission_edit(request, pk):
    found = get_editable_or_403(ADMISSIONS, request.user, pk=pk)
    if found.state != State.PROPOSED:
        return redirect("branches:admission", pk=found.pk)
    today = timezone.localdate()
    form = AdmissionForm(sent(request), instance=found)

    def change():
        change_admission(admission=found, version=form.cleaned_data["version"], on=today, **form.said())
        return reverse("branches:admission", args=[found.pk])

    if answer := answered_before(request):
        return answer
    twins = _twins(request, form, apart_from=found.pk)
    if not twins and (answer := take_step(request, form, change, "Đã lưu hồ sơ.")):
        return answer
    context = {"unit": found.unit, "admission": found, "form": form, "title": "Sửa hồ sơ xin vào Đoàn", "twins": twins}
    return render(request, "branches/admission_form.html", context)


def _twins(request, form, *, apart_from: int | None = None) -> list[Admission]:
    """Who is to be looked at before this is saved; sent once more with "seen", the form is saved."""
    if request.method != "POST" or request.POST.get("do") == "restore" or request.POST.get("seen"):
        return []
    if not form.is_valid():
        return []
    said = {name: form.cleaned_data[name] for name in ("full_name", "birth_date")}
    return open_twins(user=request.user, apart_from=apart_from, **said)


@require_http_methods(["GET", "HEAD", "POST"])
def admission_vote(request, pk):
    """The vote on this one person."""
    found = get_editable_or_403(ADMISSIONS, request.user, pk=pk)
    if found.state != State.PROPOSED:
        return redirect("branches:admission", pk=found.pk)
    today = timezone.localdate()
    form = VoteForm(sent(request), initial={"voted_on": today})

    def vote():
        values = {name: form.cleaned_data[name] for name in ("voted_on", "members_present", "votes_for")}
        nonlocal found
        found = record_vote(admission=found, on=today, **values)
        return reverse("branches:admission", args=[found.pk])

    def done():
        if found.state == State.VOTED:
            return "Chi đoàn đã tán thành. Hồ sơ chờ Đoàn cấp trên chuẩn y."
        return "Chưa quá nửa số có mặt tán thành. Hồ sơ dừng ở đây; có thể lập hồ sơ mới sau."

    if answer := take_step(request, form, vote, done):
        return answer
    says = [
        "Xét và biểu quyết từng người một. Được thông qua khi hơn một nửa số đoàn viên có mặt tán thành.",
        *warnings_about_applicant(birth_date=found.birth_date, day_of=today),
    ]
    return step_page(request, form, title="Kết quả biểu quyết", button="Lưu kết quả", says=says, **_about(found))


@require_http_methods(["GET", "HEAD", "POST"])
def admission_decide(request, pk):
    today = timezone.localdate()
    found = _to_decide(request.user, pk, today)
    if found.state != State.VOTED:
        return redirect("branches:admission", pk=found.pk)
    form = DecideForm(sent(request), initial={"decided_on": today})

    def decide():
        values = {name: form.cleaned_data[name] for name in ("decision", "decided_on", "admitted_on", "namesake")}
        decide_admission(admission=found, by=request.user, on=today, **values)
        return reverse("branches:admission", args=[found.pk])

    done = f"Đã chuẩn y. {found.full_name} có trong danh sách đoàn viên của {found.unit.name}."
    if answer := take_step(request, form, decide, done):
        return answer
    says = [f"{found.full_name} được ghi vào danh sách đoàn viên của {found.unit.name} từ ngày kết nạp."]
    title, facts = "Chuẩn y kết nạp", _facts(found)
    return step_page(request, form, title=title, button=title, says=says, facts=facts, **_about(found))


def _facts(found: Admission) -> list[tuple[str, str]]:
    return [
        ("Ngày sinh", day(found.birth_date)),
        ("Người giới thiệu", found.introduced_by),
        ("Chi đoàn biểu quyết", f"{found.votes_for}/{found.members_present} tán thành, ngày {day(found.voted_on)}"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def admission_refuse(request, pk):
    today = timezone.localdate()
    found = _to_decide(request.user, pk, today)
    if found.state != State.VOTED:
        return redirect("branches:admission", pk=found.pk)
    form = RefuseForm(sent(request), initial={"decided_on": today})

    def refuse():
        values = {name: form.cleaned_data[name] for name in ("reason", "decided_on")}
        refuse_admission(admission=found, by=request.user, on=today, **values)
        return reverse("branches:admission", args=[found.pk])

    if answer := take_step(request, form, refuse, "Đã ghi không chuẩn y. Chi đoàn đọc được lý do."):
        return answer
    says = ["Hồ sơ dừng ở đây. Chi đoàn có thể lập hồ sơ mới khi đủ điều kiện."]
    return step_page(request, form, title="Không chuẩn y", button="Ghi không chuẩn y", says=says, **_about(found))


@require_http_methods(["GET", "HEAD", "POST"])
def admission_withdraw(request, pk):
    found = get_editable_or_403(ADMISSIONS, request.user, pk=pk)
    if found.state not in Admission.OPEN:
        return redirect("branches:admission", pk=found.pk)
    form = WithdrawForm(sent(request))

    def take_back():
        withdraw_admission(admission=found, reason=form.cleaned_data["reason"])
        return reverse("branches:admission", args=[found.pk])

    if answer := take_step(request, form, take_back, "Đã rút hồ sơ."):
        return answer
    says = ["Hồ sơ dừng ở đây và vẫn giữ để xem lại."]
    return step_page(request, form, title="Rút hồ sơ", button="Rút hồ sơ", says=says, **_about(found))
