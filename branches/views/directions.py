"""What the Party committee or the superior asked of a unit, and where it stands."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.directing import DirectionRefused, answer_direction, change_direction, receive_direction
from branches.formats import distance
from branches.forms.base import sent
from branches.forms.direction import AnswerForm, DirectionForm
from branches.models import Direction, EditConflict, Target, Unit
from branches.models.plan import DirectionQuerySet
from branches.receipts import once
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at

from .units import PAGE_READERS

PAGE_SIZE = 30
MEANWHILE = "Có người vừa sửa ý kiến chỉ đạo này. Chưa ghi đè gì cả; hãy mở lại trang rồi ghi lại."


def _units(user):
    return Unit.objects.reached_by(user, DirectionQuerySet.read_rights)


@require_GET
def direction_list(request, pk):
    """Newest first; each with the targets that answer it and the answer in words."""
    unit = get_visible_or_404(_units(request.user), request.user, pk=pk)
    answering = Target.objects.select_related("period", "indicator__area").in_order()
    rows = (
        Direction.objects.filter(unit=unit)
        .prefetch_related(Prefetch("targets", queryset=answering))
        .order_by("-given_on", "position", "pk")
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    today = timezone.localdate()
    rights = rights_at(request.user, unit)
    return render(
        request,
        "branches/direction_list.html",
        {
            "unit": unit,
            "page": page,
            "rows": [_row(direction, today) for direction in page],
            "today": today,
            "may_record": "record" in rights,
            "may_open_unit": not rights.isdisjoint(PAGE_READERS),
        },
    )


def _row(direction, today) -> dict:
    """The direction with its state: answered in words, answered by targets, late, or not taken up yet."""
    targets = list(direction.targets.all())
    is_late = direction.due_on is not None and direction.due_on < today
    if direction.answer:
        standing, word = "done", "Đã trả lời"
    elif targets:
        # Whether they are reached is judged on their own pages, which the list below leads to.
        standing, word = "going", "Trả lời bằng chỉ tiêu"
    elif is_late:
        standing, word = "overdue", distance(direction.due_on, today)
    else:
        standing, word = "none", "Chưa đưa vào kế hoạch"
    return {"direction": direction, "targets": targets, "standing": standing, "word": word}


@require_http_methods(["GET", "HEAD", "POST"])
def direction_new(request, pk):
    unit = get_editable_or_403(_units(request.user), request.user, right="record", pk=pk)
    form = DirectionForm(sent(request), initial=_first_values(unit))
    if request.method == "POST" and form.is_valid():

        def receive():
            receive_direction(by=request.user, unit=unit, **form.said())
            return reverse("branches:direction_list", args=[unit.pk])

        try:
            location, is_new = once(form.cleaned_data["form_key"], request.user, receive)
        except DirectionRefused as refusal:
            form.show(refusal)
        else:
            if is_new:
                messages.success(request, "Đã ghi ý kiến chỉ đạo. Khi lập kế hoạch, chọn chỉ tiêu trả lời việc này.")
            return redirect(location)
    return render(request, "branches/direction_form.html", {"unit": unit, "form": form, "title": "Ghi ý kiến chỉ đạo"})


def _first_values(unit) -> dict:
    return {"given_by": Direction.GivenBy.PARTY, "body_name": unit.party_body, "given_on": timezone.localdate()}


@require_http_methods(["GET", "HEAD", "POST"])
def direction_edit(request, pk):
    found = get_editable_or_403(Direction.objects.select_related("unit"), request.user, pk=pk)
    form = DirectionForm(sent(request), instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            change_direction(direction=found, version=form.cleaned_data["version"], by=request.user, **form.said())
        except DirectionRefused as refusal:
            form.show(refusal)
        except EditConflict:
            form.add_error(None, MEANWHILE)
        else:
            messages.success(request, "Đã lưu ý kiến chỉ đạo.")
            return redirect("branches:direction_list", pk=found.unit_id)
    context = {"unit": found.unit, "direction": found, "form": form, "title": "Sửa ý kiến chỉ đạo"}
    return render(request, "branches/direction_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def direction_answer(request, pk):
    found = get_editable_or_403(Direction.objects.select_related("unit"), request.user, pk=pk)
    initial = {
        "answer": found.answer,
        "answered_on": found.answered_on or timezone.localdate(),
        "version": found.version,
    }
    form = AnswerForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            answer_direction(
                direction=found,
                version=form.cleaned_data["version"],
                by=request.user,
                on=form.cleaned_data["answered_on"],
                answer=form.cleaned_data["answer"],
            )
        except DirectionRefused as refusal:
            form.show(refusal)
        except EditConflict:
            form.add_error(None, MEANWHILE)
        else:
            messages.success(request, "Đã lưu trả lời.")
            return redirect("branches:direction_list", pk=found.unit_id)
    return render(request, "branches/direction_answer.html", {"unit": found.unit, "direction": found, "form": form})
