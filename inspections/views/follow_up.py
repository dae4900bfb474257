"""Recommendations after the notice: the list by age, the unit's answer, the committee's check."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.heirs import answering_for
from branches.models import Activity, StoredFile, Target, Unit
from branches.scoping import get_editable_or_403, get_visible_or_404
from branches.uploads import UploadRefused, clean_upload, redeem, store, ticket_for
from branches.views.evidence import DISARMED
from inspections.following import answer_recommendation, check_answer, extend_due, withdraw
from inspections.forms.follow_up import AnswerForm, CheckForm, ExtendForm, WithdrawForm
from inspections.models import Inspection, Recommendation, UnitAnswerFile
from inspections.views.cases import at_most, cards, cases_or_404, with_lanes
from inspections.views.saving import is_sent, safe_back, save

PAGE = 50
SOON = 14
MOST_CHOICES = 40
State = Recommendation.State
WITH_CASE = ("inspection__unit", "inspection__programme__unit")


@require_GET
def recommendation_list(request):
    """What is still open, the longest overdue first, those without a date last and never late."""
    today = timezone.localdate()
    cases = cases_or_404(request.user)
    reached = Recommendation.objects.visible_to(request.user).in_force().open()
    groups = {
        "qua-han": ("Quá hạn", reached.overdue(today)),
        "cho-kiem-tra": ("Chờ kiểm tra", reached.waiting_for_check()),
        "con-han": ("Còn hạn", reached.filter(due_on__gte=today)),
        "khong-han": ("Không đặt hạn", reached.filter(due_on=None)),
    }
    counts = reached.aggregate(
        overdue=Count("pk", filter=Q(due_on__lt=today)),
        waiting=Count("pk", filter=Q(state=State.ANSWERED)),
        ahead=Count("pk", filter=Q(due_on__gte=today)),
        dateless=Count("pk", filter=Q(due_on=None)),
    )
    chosen = request.GET.get("nhom", "")
    rows = groups[chosen][1] if chosen in groups else reached
    units = Unit.objects.filter(pk__in=cases.values("unit")).order_by("sort_key", "pk")
    unit = request.GET.get("don_vi", "")
    if unit.isdecimal() and len(unit) < 19:
        rows = rows.filter(inspection__unit=int(unit))
    page = Paginator(with_lanes(rows.select_related(*WITH_CASE)).by_age(), PAGE).get_page(request.GET.get("trang"))
    listed = list(page.object_list)
    of_listed = Inspection.objects.filter(pk__in=[row.inspection_id for row in listed])
    editable = set(of_listed.editable_by(request.user).values_list("pk", flat=True))
    answerable = set(of_listed.answerable_by(request.user).values_list("pk", flat=True))
    return render(
        request,
        "inspections/recommendation_list.html",
        {
            "page": page, "cards": cards(listed, today, editable=editable, answerable=answerable),
            "counts": counts, "chosen": chosen, "units": units, "unit": unit,
            "today": today, "has_filter": chosen in groups or bool(unit),
        },
    )  # fmt: skip


def _of_committee(request, pk) -> Recommendation:
    """A recommendation of a notice, for the committee; drafts have pages of their own."""
    rows = Recommendation.objects.in_force().select_related(*WITH_CASE)
    return get_editable_or_403(rows, request.user, pk=pk)


def _after(request, row) -> str:
    return safe_back(request, reverse("inspections:inspection", args=[row.inspection_id]))


@require_http_methods(["GET", "POST"])
def answer(request, pk):
    """The unit says what it did, with its own activities, targets and files."""
    rows = Recommendation.objects.for_unit().select_related(*WITH_CASE)
    row = get_editable_or_403(rows, request.user, pk=pk)
    case = row.inspection
    today = timezone.localdate()
    units = answering_for(case.unit)
    recent = Activity.objects.filter(
        unit__in=units, state=Activity.State.HELD, nature=Activity.Nature.ACTIVITY, last_on__gte=case.visited_on
    )
    targets = Target.objects.filter(unit__in=units, period__ends_on__gt=case.visited_on)
    form = AnswerForm(
        sent(request), request.FILES or None, initial={"version": row.version},
        activities=at_most(recent.order_by("-last_on", "-pk"), MOST_CHOICES),
        targets=at_most(targets.select_related("indicator", "period").in_order(), MOST_CHOICES),
    )  # fmt: skip
    kept = []
    if request.method == "POST":
        is_whole = is_sent(request, form) and form.is_valid()
        kept = _keep_files(request, form)
        if is_whole and form.is_valid():
            data = form.cleaned_data

            def work():
                answer_recommendation(
                    recommendation=row, version=data["version"], by=request.user, on=today, text=data["text"],
                    activities=data.get("activities", ()), targets=data.get("targets", ()),
                    files=[stored for _, stored in kept],
                )  # fmt: skip
                return _after(request, row)

            said = "Đã gửi trả lời. Ủy ban Kiểm tra sẽ kiểm tra."
            if done := save(request, form, work, said=said, discard_url=_after(request, row)):
                return done
    return render(
        request, "inspections/answer.html", {"form": form, "row": row, "case": case, "kept": kept, "today": today}
    )


def _keep_files(request, form) -> list:
    """(ticket, stored file) of everything chosen so far, also in earlier tries of this form.

    Slow (pictures are drawn anew), so before the transaction. A refused file is named at its field.
    """
    key = form.fields["form_key"].clean(form.data.get("form_key", ""))
    tickets = list(dict.fromkeys(request.POST.getlist("ticket")))[:MOST_CHOICES]
    found = [(ticket, redeem(ticket, account=request.user, form_key=key)) for ticket in tickets]
    kept = [(ticket, stored) for ticket, stored in found if stored]
    for upload in request.FILES.getlist("files"):
        try:
            stored = store(clean_upload(upload), "unitanswerfile")
        except UploadRefused as refusal:
            form.add_error("files", str(refusal))
        else:
            kept.append((ticket_for(stored, account=request.user, form_key=key), stored))
    return kept


@require_http_methods(["GET", "POST"])
def check(request, pk):
    """The committee's verdict on what the unit says."""
    row = _of_committee(request, pk)
    today = timezone.localdate()
    form = CheckForm(sent(request), initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def work():
            check_answer(
                recommendation=row, version=data["version"], by=request.user, on=today, verdict=data["verdict"],
                text=data["text"],
            )  # fmt: skip
            return _after(request, row)

        if done := save(request, form, work, said="Đã ghi kết quả kiểm tra.", discard_url=_after(request, row)):
            return done
    asked = with_lanes(Recommendation.objects.filter(pk=pk).select_related(*WITH_CASE))
    card = cards(asked, today, editable={row.inspection_id}, answerable=set())
    openable = Activity.objects.visible_to(request.user).filter(unit__in=answering_for(row.inspection.unit))
    return render(
        request,
        "inspections/check.html",
        {
            "form": form, "row": row, "case": row.inspection, "card": card[0],
            "openable": set(openable.values_list("pk", flat=True)[:MOST_CHOICES]),
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def recommendation_extend(request, pk):
    row = _of_committee(request, pk)
    form = ExtendForm(sent(request), initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def work():
            extend_due(
                recommendation=row, version=data["version"], by=request.user, on=timezone.localdate(),
                due_on=data["due_on"], reason=data["reason"],
            )  # fmt: skip
            return _after(request, row)

        if done := save(request, form, work, said="Đã đổi hạn.", discard_url=_after(request, row)):
            return done
    return render(request, "inspections/recommendation_extend.html", {"form": form, "row": row, "case": row.inspection})


@require_http_methods(["GET", "POST"])
def recommendation_withdraw(request, pk):
    row = _of_committee(request, pk)
    form = WithdrawForm(sent(request), initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def work():
            withdraw(
                recommendation=row, version=data["version"], by=request.user, on=timezone.localdate(),
                reason=data["reason"],
            )  # fmt: skip
            return _after(request, row)

        if done := save(request, form, work, said="Đã rút kiến nghị.", discard_url=_after(request, row)):
            return done
    return render(
        request, "inspections/recommendation_withdraw.html", {"form": form, "row": row, "case": row.inspection}
    )


@require_GET
def answer_file(request, pk):
    """A file of an answer, to whoever reads the case. The browser may show it, never run it."""
    found = get_visible_or_404(UnitAnswerFile, request.user, pk=pk)
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(
        content, as_attachment=found.kind != StoredFile.Kind.PICTURE, filename=found.name,
        content_type=found.content_type,
    )  # fmt: skip
    for name, value in DISARMED.items():
        answer.headers[name] = value
    return answer
