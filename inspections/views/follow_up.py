"""Recommendations after the notice: the list by age, the unit's answer, the committee's check."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.heirs import answering_for
from branches.models import Activity, Target, Unit
from branches.models.rule import rules_on
from branches.scoping import get_editable_or_403, get_visible_or_404
from branches.views.evidence import file_answer
from inspections.following import answer_recommendation, check_answer
from inspections.forms.follow_up import AnswerForm, CheckForm
from inspections.models import ExtensionRequest, Inspection, Recommendation, UnitAnswerFile
from inspections.views.cards import cards, warn_after, with_lanes
from inspections.views.cases import at_most, cases_or_404
from inspections.views.openable import openable
from inspections.views.saving import is_sent, keep_files, safe_back, save

PAGE = 50
MOST_CHOICES = 40
WITH_CASE = ("inspection__unit", "inspection__programme__unit")


@require_GET
def recommendation_list(request):
    """What is still open, the longest overdue first, those without a date last and never late."""
    today = timezone.localdate()
    cases = cases_or_404(request.user)
    every = Recommendation.objects.visible_to(request.user).in_force()
    reached = every.open(today)
    asked = ExtensionRequest.objects.waiting().values("recommendation")
    groups = {
        "qua-han": reached.overdue(today),
        "cho-kiem-tra": reached.waiting_for_check(),
        "con-han": reached.ahead(today),
        "khong-han": reached.filter(due_on=None),
        "xin-gia-han": reached.filter(pk__in=asked),
        "chap-nhan": every.accepted(today),
    }
    counts = reached.aggregate(
        overdue=Count("pk", filter=Q(pk__in=groups["qua-han"].values("pk"))),
        waiting=Count("pk", filter=Q(pk__in=groups["cho-kiem-tra"].values("pk"))),
        ahead=Count("pk", filter=Q(pk__in=groups["con-han"].values("pk"))),
        dateless=Count("pk", filter=Q(due_on=None)),
        asked=Count("pk", filter=Q(pk__in=asked)),
    )
    chosen = request.GET.get("nhom", "")
    rows = groups.get(chosen, reached)
    units = Unit.objects.filter(pk__in=cases.values("unit")).order_by("sort_key", "pk")
    unit = request.GET.get("don_vi", "")
    if unit.isdecimal() and len(unit) < 19:
        rows = rows.filter(inspection__unit=int(unit))
    page = Paginator(with_lanes(rows.select_related(*WITH_CASE)).by_age(), PAGE).get_page(request.GET.get("trang"))
    listed = list(page.object_list)
    of_listed = Inspection.objects.filter(pk__in=[row.inspection_id for row in listed])
    may = {
        "editable": set(of_listed.editable_by(request.user).values_list("pk", flat=True)),
        "answerable": set(of_listed.answerable_by(request.user).values_list("pk", flat=True)),
        "deciding": set(of_listed.decided_by(request.user).values_list("pk", flat=True)),
    }
    return render(
        request,
        "inspections/recommendation_list.html",
        {
            "page": page, "cards": cards(listed, today, **may, warn_after=warn_after(rules_on(today))),
            "counts": counts, "accepted": groups["chap-nhan"].count(), "chosen": chosen, "units": units, "unit": unit,
            "today": today, "has_filter": chosen in groups or bool(unit),
        },
    )  # fmt: skip


def of_committee(request, pk) -> Recommendation:
    """A recommendation of a notice, for whoever checks; drafts have pages of their own."""
    rows = Recommendation.objects.in_force().select_related(*WITH_CASE)
    return get_editable_or_403(rows, request.user, pk=pk)


def of_unit(request, pk) -> Recommendation:
    """A recommendation of a notice, for whoever answers for the inspected unit."""
    return get_editable_or_403(Recommendation.objects.for_unit().select_related(*WITH_CASE), request.user, pk=pk)


def after(request, row) -> str:
    return safe_back(request, reverse("inspections:inspection", args=[row.inspection_id]))


@require_http_methods(["GET", "POST"])
def answer(request, pk):
    """The unit says what it did, with its own activities, targets and files."""
    row = of_unit(request, pk)
    case = row.inspection
    today = timezone.localdate()
    units, since = answering_for(case.unit), case.visited_on or case.concluded_on
    recent = Activity.objects.filter(
        unit__in=units, state=Activity.State.HELD, nature=Activity.Nature.ACTIVITY, last_on__gte=since
    )
    targets = Target.objects.filter(unit__in=units, period__ends_on__gt=since)
    form = AnswerForm(
        sent(request), request.FILES or None, initial={"version": row.version},
        activities=at_most(recent.order_by("-last_on", "-pk"), MOST_CHOICES),
        targets=at_most(targets.select_related("indicator", "period").in_order(), MOST_CHOICES),
    )  # fmt: skip
    kept = []
    if request.method == "POST":
        is_whole = is_sent(request, form) and form.is_valid()
        kept = keep_files(request, form, "unitanswerfile")
        if is_whole and form.is_valid():
            data = form.cleaned_data

            def work():
                answer_recommendation(
                    recommendation=row, version=data["version"], by=request.user, on=today, text=data["text"],
                    activities=data.get("activities", ()), targets=data.get("targets", ()),
                    files=[stored for _, stored in kept],
                )  # fmt: skip
                return after(request, row)

            said = "Đã gửi trả lời. Ủy ban Kiểm tra sẽ kiểm tra."
            if done := save(request, form, work, said=said, discard_url=after(request, row)):
                return done
    returned = None
    if row.state == Recommendation.State.SENT_BACK:
        returned = row.checks.order_by("-checked_on", "-pk").first()
    return render(
        request,
        "inspections/answer.html",
        {"form": form, "row": row, "case": case, "kept": kept, "today": today, "returned": returned},
    )


@require_http_methods(["GET", "POST"])
def check(request, pk):
    """The committee's verdict on what the unit says."""
    row = of_committee(request, pk)
    today = timezone.localdate()
    again = Inspection.objects.editable_by(request.user).filter(
        arose_from=row.inspection_id, arose_as=Inspection.Arose.REINSPECTION
    )
    form = CheckForm(
        sent(request), initial={"version": row.version}, row=row, cases=again.exclude(state__in=Inspection.ENDED)
    )
    if request.method == "POST" and form.is_valid():

        def work():
            check_answer(
                recommendation=row, version=form.cleaned_data["version"], by=request.user, on=today,
                **form.fields_of_check(),
            )  # fmt: skip
            return after(request, row)

        if done := save(request, form, work, said="Đã ghi kết quả kiểm tra.", discard_url=after(request, row)):
            return done
    shown = with_lanes(Recommendation.objects.filter(pk=pk).select_related(*WITH_CASE))
    card = cards(
        shown, today, editable={row.inspection_id}, answerable=set(), warn_after=warn_after(rules_on(today)),
        with_progress=True,
    )  # fmt: skip
    return render(
        request,
        "inspections/check.html",
        {
            "form": form, "row": row, "case": row.inspection, "card": card[0],
            **openable(request.user, rows=[card[0]["row"]]),
        },
    )  # fmt: skip


@require_GET
def answer_file(request, pk):
    """A file of an answer, to whoever reads the case. The browser may show it, never run it."""
    return file_answer(request, get_visible_or_404(UnitAnswerFile, request.user, pk=pk))
