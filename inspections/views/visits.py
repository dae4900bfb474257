"""On site and after: the working session, the notice of conclusion, the end of a case."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.forms.base import sent
from branches.models import Post
from inspections.conducting import close_case, conclude, give_number, record_visit
from inspections.forms.cases import (
    ConcludeForm,
    HostFormSet,
    NumberOfNoticeForm,
    QuestionFormSet,
    StepForm,
    VisitForm,
    is_rearranged,
)
from inspections.models import InspectionProgramme
from inspections.states import allowed
from inspections.views.cases import case_of
from inspections.views.saving import is_sent, save

# In whose name a notice goes out by default: the body that issued the programme. Of the posts that may
# sign for it the first one held signs.
SIGNS = {
    InspectionProgramme.InNameOf.COMMITTEE: (
        "TM. BAN CHẤP HÀNH",
        {"superior_secretary": "BÍ THƯ", "secretary": "BÍ THƯ", "deputy_secretary": "PHÓ BÍ THƯ"},
    ),
    InspectionProgramme.InNameOf.INSPECTION_COMMITTEE: ("TM. ỦY BAN KIỂM TRA", {"inspection_chair": "CHỦ NHIỆM"}),
}


@require_http_methods(["GET", "POST"])
def inspection_visit(request, pk):
    """Write down the working session; used on a phone at the unit."""
    case = case_of(request.user, pk, to_edit=True)
    today = timezone.localdate()
    url = reverse("inspections:inspection", args=[pk])
    topics = list(case.topics.order_by("position", "pk"))
    initial = VisitForm.stored(case)
    initial["visited_on"] = initial["visited_on"] or today
    form = VisitForm(sent(request), topics=topics, initial=initial)
    hosts = HostFormSet(
        sent(request), prefix="nguoi-du",
        initial=[{"name": host.name, "post_text": host.post_text} for host in case.hosts.order_by("position", "pk")],
    )  # fmt: skip
    questions = QuestionFormSet(sent(request), prefix="cau-hoi")
    to_save = is_sent(request, form, hosts, questions) and not is_rearranged(form, hosts, questions)
    if to_save and form.is_valid() & hosts.is_valid() & questions.is_valid():
        names = ("visited_on", "day_part", "place", "unit_account", "party_remark")

        def work():
            record_visit(
                inspection=case, version=form.cleaned_data["version"], by=request.user, on=today,
                hosts=hosts.lines(), answers=form.answers(), questions=questions.lines(),
                **{name: form.cleaned_data[name] for name in names},
            )  # fmt: skip
            return url

        answer = save(request, form, work, said="Đã ghi buổi làm việc.", stored=VisitForm.stored, discard_url=url)
        if answer:
            return answer
    return render(
        request,
        "inspections/inspection_visit.html",
        {"form": form, "hosts": hosts, "questions": questions, "case": case},
    )


@require_http_methods(["GET", "POST"])
def inspection_conclude(request, pk):
    """Give notice; afterwards, as long as it has no number, enter the number."""
    case = case_of(request.user, pk, to_edit=True)
    if case.concluded_on:
        return _number(request, case)
    today = timezone.localdate()
    url = reverse("inspections:inspection", args=[pk])
    initial = {
        "version": case.version, "concluded_on": today, "opening": case.conclusion_opening,
        **_signature(case.programme, today),
    }  # fmt: skip
    form = ConcludeForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        names = ("number", "concluded_on", "opening", "signer_capacity", "signer_post", "signer_name")

        def work():
            conclude(
                inspection=case, version=form.cleaned_data["version"], by=request.user, on=today,
                **{name: form.cleaned_data[name] for name in names},
            )  # fmt: skip
            return url

        if answer := save(request, form, work, said="Đã thông báo kết luận.", discard_url=url):
            return answer
    return render(
        request,
        "inspections/inspection_conclude.html",
        {
            "form": form, "case": case, "findings": case.findings.order_by("position", "pk"),
            "recommendations": case.recommendations.order_by("number", "pk"),
            "is_possible": allowed(case, "conclude"),
        },
    )  # fmt: skip


def _signature(programme, today) -> dict:
    """Who signs today for the body that issued the programme; without such a person the name stays blank."""
    capacity, posts = SIGNS[programme.in_name_of]
    held = Post.objects.held_on(today).filter(unit=programme.unit_id, type__code__in=posts)
    signers = {post.type.code: post for post in held.select_related("type", "account").order_by("starts_on", "pk")}
    code = next((code for code in posts if code in signers), next(iter(posts)))
    name = signers[code].account.get_full_name() if code in signers else ""
    return {"signer_capacity": capacity, "signer_post": posts[code], "signer_name": name}


def _number(request, case):
    url = reverse("inspections:inspection", args=[case.pk])
    form = NumberOfNoticeForm(sent(request), initial={"version": case.version})
    if request.method == "POST" and form.is_valid():

        def work():
            give_number(
                inspection=case, version=form.cleaned_data["version"], by=request.user,
                number=form.cleaned_data["number"],
            )  # fmt: skip
            return url

        if answer := save(request, form, work, said="Đã ghi số thông báo kết luận.", discard_url=url):
            return answer
    return render(request, "inspections/inspection_number.html", {"form": form, "case": case})


@require_http_methods(["GET", "POST"])
def inspection_close(request, pk):
    case = case_of(request.user, pk, to_edit=True)
    url = reverse("inspections:inspection", args=[pk])
    form = StepForm(sent(request), initial={"version": case.version})
    if request.method == "POST" and form.is_valid():

        def work():
            close_case(inspection=case, version=form.cleaned_data["version"], by=request.user, on=timezone.localdate())
            return url

        if answer := save(request, form, work, said="Đã kết thúc hồ sơ.", discard_url=url):
            return answer
    rows = case.recommendations.order_by("number", "pk")
    return render(
        request,
        "inspections/inspection_close.html",
        {"form": form, "case": case, "left": [row for row in rows if not row.is_ended], "asked": len(rows)},
    )
