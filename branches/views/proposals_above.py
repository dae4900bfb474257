"""Proposals of a unit to those above: sent, discussed, answered on the answerer's own page, carried out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.forms.proposal import ProposalAnswerForm, ProposalForm, ProposalPlanForm, WordsForm
from branches.models import Indicator, Meeting, Period, Proposal, Target, Task, Unit
from branches.models.plan import TargetQuerySet
from branches.models.task import ProposalQuerySet, TaskQuerySet
from branches.planning import PlanningRefused
from branches.proposing_above import (
    ProposalRefused,
    answer_proposal,
    change_proposal,
    plan_proposal,
    proposals_of,
    reply_to_discussion,
    send_proposal,
    withdraw_proposal,
)
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at

from .life_steps import take_step

PAGE_SIZE = 30
LAST_MEETINGS = 20
MEANWHILE = "Có người vừa trả lời hoặc sửa đề xuất này. Chưa ghi đè gì cả; hãy mở lại trang rồi ghi lại."
PROPOSALS = Proposal.objects.select_related("unit", "meeting", "target__indicator", "target__period")


def _units(user):
    return Unit.objects.reached_by(user, ProposalQuerySet.read_rights)


def _with_tasks():
    """What became of a proposal: its tasks, without their owners."""
    return Prefetch("tasks", queryset=Task.objects.exclude(state=Task.State.DROPPED).order_by("due_on", "pk"))


def _may_read_tasks(user, unit) -> bool:
    """The Party committee sees that a task came of its proposal, not what a person typed into it."""
    return not rights_at(user, unit).isdisjoint(TaskQuerySet.read_rights)


@require_GET
def proposal_list(request, pk):
    """Of the unit and of those below it that this reader reads; what waits for an answer first."""
    unit = get_visible_or_404(_units(request.user), request.user, right=ProposalQuerySet.read_rights, pk=pk)
    today = timezone.localdate()
    rights = rights_at(request.user, unit)
    rows = Proposal.objects.visible_to(request.user).filter(unit__path__startswith=unit.path)
    rows = rows.select_related("unit", "target__indicator").prefetch_related(_with_tasks())
    rows = rows.annotate(waits=Q(state__in=Proposal.OPEN)).order_by("-waits", "-sent_on", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    answerable = Proposal.objects.answerable_by(request.user).waiting().filter(pk__in=[one.pk for one in page])
    return render(
        request,
        "branches/proposal_list.html",
        {
            "unit": unit,
            "page": page,
            "today": today,
            "answerable": set(answerable.values_list("pk", flat=True)),
            "figures": proposals_of([unit], Period.of_year(today.year))[unit.pk],
            "may_record": "record" in rights,
            "may_open_unit": _may_read_tasks(request.user, unit),
            "told": {one.pk for one in page if _may_read_tasks(request.user, one.unit)},
        },
    )


@require_GET
def proposal(request, pk):
    found = get_visible_or_404(PROPOSALS.prefetch_related(_with_tasks()), request.user, pk=pk)
    rights = rights_at(request.user, found.unit)
    may_record = "record" in rights
    waits = found.state in Proposal.OPEN
    return render(
        request,
        "branches/proposal.html",
        {
            "proposal": found,
            "unit": found.unit,
            "turns": found.turns.all(),
            "today": timezone.localdate(),
            "may_record": may_record,
            "may_answer": waits and Proposal.objects.answerable_by(request.user).filter(pk=found.pk).exists(),
            "may_write_answer": waits and may_record,
            "may_edit": may_record and found.state == Proposal.State.SENT and not found.answered_on,
            "may_withdraw": may_record and waits,
            "may_reply": may_record and found.state == Proposal.State.DISCUSS,
            "may_carry_out": may_record and found.state == Proposal.State.AGREED,
            "may_see_targets": not rights.isdisjoint(TargetQuerySet.read_rights),
            "may_see_tasks": _may_read_tasks(request.user, found.unit),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_new(request, pk):
    unit = get_editable_or_403(_units(request.user), request.user, right="record", pk=pk)
    meetings = _meetings(unit)
    initial = {"put_to": Proposal.PutTo.PARTY}
    asked = request.GET.get("hop", "")
    if asked.isdecimal() and len(asked) < 19:
        initial["meeting"] = int(asked)
    form = ProposalForm(sent(request), meetings=meetings, initial=initial)

    def send():
        made = send_proposal(by=request.user, unit=unit, on=timezone.localdate(), **form.said())
        return reverse("branches:proposal", args=[made.pk])

    def sent_words():
        return f"Đã gửi đề xuất tới {Proposal.PutTo(form.cleaned_data['put_to']).label}."

    if answer := take_step(request, form, send, sent_words, refused=ProposalRefused, meanwhile=MEANWHILE):
        return answer
    return render(request, "branches/proposal_form.html", {"unit": unit, "form": form, "title": "Gửi đề xuất"})


def _meetings(unit, also=None):
    """The unit's last meetings that were not called off, and the one the proposal is from."""
    rows = Meeting.objects.filter(unit=unit).exclude(state=Meeting.State.CANCELLED).order_by("-starts_at", "-pk")
    last = list(rows.values_list("pk", flat=True)[:LAST_MEETINGS])
    return Meeting.objects.filter(unit=unit, pk__in=[*last, also] if also else last).order_by("-starts_at", "-pk")


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_edit(request, pk):
    found = get_editable_or_403(PROPOSALS, request.user, pk=pk)
    if (found.state != Proposal.State.SENT or found.answered_on) and request.method != "POST":
        messages.info(request, "Đề xuất đã có trả lời nên không sửa nữa.")
        return redirect("branches:proposal", found.pk)
    form = ProposalForm(sent(request), instance=found, meetings=_meetings(found.unit, found.meeting_id))
    done = _step(request, form, found, "Đã lưu đề xuất.", lambda said: change_proposal(**said, **form.said()))
    context = {"unit": found.unit, "proposal": found, "form": form, "title": "Sửa đề xuất"}
    return done or render(request, "branches/proposal_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_answer(request, pk):
    """Those it was put to answer; the unit may write down an answer it got on paper or at a meeting."""
    found = get_visible_or_404(PROPOSALS, request.user, pk=pk)
    is_asked = Proposal.objects.answerable_by(request.user).filter(pk=found.pk).exists()
    if not is_asked and not Proposal.objects.editable_by(request.user).filter(pk=found.pk).exists():
        raise PermissionDenied
    if found.state not in Proposal.OPEN and request.method != "POST":
        messages.info(request, "Đề xuất này không chờ trả lời.")
        return redirect("branches:proposal", found.pk)
    today = timezone.localdate()
    form = ProposalAnswerForm(
        sent(request), is_written_down=not is_asked, initial={"version": found.version, "answered_on": today}
    )

    def answer(said):
        data = form.cleaned_data
        if data["answered_on"] > today:
            raise ProposalRefused({"answered_on": "Ngày trả lời không thể sau hôm nay."})
        answer_proposal(
            **said, by=request.user, on=data["answered_on"], answer=data["answer"], words=data["words"],
            is_written_down=not is_asked,
        )  # fmt: skip

    done = _step(request, form, found, "Đã lưu trả lời.", answer)
    context = {"unit": found.unit, "proposal": found, "form": form, "is_asked": is_asked}
    return done or render(request, "branches/proposal_answer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_reply(request, pk):
    found = get_editable_or_403(PROPOSALS, request.user, pk=pk)
    if found.state != Proposal.State.DISCUSS and request.method != "POST":
        messages.info(request, "Đề xuất này không chờ trao đổi thêm.")
        return redirect("branches:proposal", found.pk)
    form = WordsForm(sent(request), label="Ý kiến trao đổi thêm", initial={"version": found.version})
    return _words(request, form, found, reply_to_discussion, "reply", "Đã gửi ý kiến, chờ trả lời.")


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_withdraw(request, pk):
    found = get_editable_or_403(PROPOSALS, request.user, pk=pk)
    if found.state not in Proposal.OPEN and request.method != "POST":
        messages.info(request, "Đề xuất này đã xong, không rút được.")
        return redirect("branches:proposal", found.pk)
    form = WordsForm(sent(request), label="Vì sao rút", required=False, initial={"version": found.version})
    return _words(request, form, found, withdraw_proposal, "withdraw", "Đã rút đề xuất.")


def _words(request, form, found, verb, mode, saved):
    name = "reason" if mode == "withdraw" else "words"

    def do(said):
        verb(**said, by=request.user, on=timezone.localdate(), **{name: form.cleaned_data["words"]})

    done = _step(request, form, found, saved, do)
    context = {"unit": found.unit, "proposal": found, "form": form, "mode": mode}
    return done or render(request, "branches/proposal_words.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_plan(request, pk):
    """An agreed proposal becomes a target of this year's plan."""
    found = get_editable_or_403(PROPOSALS, request.user, pk=pk)
    if (found.state != Proposal.State.AGREED or found.target_id) and request.method != "POST":
        messages.info(request, "Đề xuất chưa được đồng ý, hoặc đã đưa vào kế hoạch.")
        return redirect("branches:proposal", found.pk)
    year = Period.of_year(timezone.localdate().year)
    planned = Target.objects.filter(unit=found.unit).of_period(year).values_list("indicator__code", flat=True)
    indicators = Indicator.objects.of_year(year.year_number).usable_by(found.unit)
    form = ProposalPlanForm(
        sent(request),
        indicators=indicators.order_by("area__position", "position", "pk"),
        planned=set(planned),
        initial={"version": found.version},
    )

    def plan(said):
        try:
            stored = Period.objects.year(year.year_number)
            plan_proposal(
                **said, by=request.user, period=stored, indicator=form.cleaned_data["indicator"], aim=form.written
            )
        except PlanningRefused as refused:
            raise ProposalRefused(refused.errors) from refused

    done = _step(request, form, found, f"Đã đưa vào kế hoạch năm {year.year_number}.", plan)
    context = {"unit": found.unit, "proposal": found, "form": form, "year": year.year_number}
    return done or render(request, "branches/proposal_plan.html", context)


def _step(request, form, found, saved, verb):
    """Answer a posted form by the verb; None where the form is to be shown (again)."""

    def act():
        verb({"proposal": found, "version": form.cleaned_data["version"]})
        return reverse("branches:proposal", args=[found.pk])

    return take_step(request, form, act, saved, refused=ProposalRefused, meanwhile=MEANWHILE)
