"""On site and after: the working session, the notice of conclusion, the end of a case."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.forms.base import sent
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
from inspections.models import Inspection
from inspections.paper_books import notice_book, signer_of
from inspections.states import left_out, why_not
from inspections.views.cases import case_to
from inspections.views.saving import is_sent, save
from inspections.wording import paper_words


@require_http_methods(["GET", "POST"])
def inspection_visit(request, pk):
    """Write down the working session; used on a phone at the unit."""
    case = case_to(request.user, pk, "record_visit")
    today = timezone.localdate()
    url = reverse("inspections:inspection", args=[pk])
    topics = list(case.topics.order_by("position", "pk"))
    initial = VisitForm.stored(case)
    initial["visited_on"] = min(initial["visited_on"] or today, today)  # what is written down has taken place
    form = VisitForm(sent(request), topics=topics, needs_reason=left_out(case), initial=initial)
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
                reason=form.cleaned_data.get("reason", ""),
                **{name: form.cleaned_data[name] for name in names},
            )  # fmt: skip
            return url

        answer = save(request, form, work, said="Đã ghi buổi làm việc.", stored=VisitForm.stored, discard_url=url)
        if answer:
            return answer
    return render(
        request,
        "inspections/inspection_visit.html",
        {
            "form": form, "hosts": hosts, "questions": questions, "case": case,
            "why_not": why_not(case, "record_visit"), "paper": paper_words(Inspection.State.VISITED),
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def inspection_conclude(request, pk):
    """Give notice; afterwards, as long as it has no number, enter the number."""
    case = case_to(request.user, pk, "conclude")
    if case.concluded_on:
        return _number(request, case)
    today = timezone.localdate()
    url = reverse("inspections:inspection", args=[pk])
    initial = {
        "version": case.version, "concluded_on": today, "opening": case.conclusion_opening,
        "number": notice_book(case).offered(today), **signer_of(case.programme.unit, case.programme.in_name_of, today),
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
            "why_not": why_not(case, "conclude"),
        },
    )  # fmt: skip


def _number(request, case):
    url = reverse("inspections:inspection", args=[case.pk])
    initial = {"version": case.version}
    if not case.conclusion_number:
        initial["number"] = notice_book(case).offered(case.concluded_on)
    form = NumberOfNoticeForm(sent(request), initial=initial)
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
    case = case_to(request.user, pk, "close")
    today = timezone.localdate()
    url = reverse("inspections:inspection", args=[pk])
    form = StepForm(sent(request), initial={"version": case.version})
    if request.method == "POST" and form.is_valid():

        def work():
            close_case(inspection=case, version=form.cleaned_data["version"], by=request.user, on=today)
            return url

        if answer := save(request, form, work, said="Đã kết thúc hồ sơ.", discard_url=url):
            return answer
    return render(
        request,
        "inspections/inspection_close.html",
        {
            "form": form, "case": case, "left": list(case.recommendations.open(today).order_by("number", "pk")),
            "asked": case.recommendations.count(), "why_not": why_not(case, "close"),
            "paper": paper_words(Inspection.State.CLOSED),
        },
    )  # fmt: skip
