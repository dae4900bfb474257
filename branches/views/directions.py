"""What the Party committee or the superior asks of units: given, written down, corrected, answered.

The lists that say where each stands need the targets' progress and are in reports/views/directions.py.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.directing import (
    DirectionRefused,
    answer_direction,
    change_direction,
    changeable_by,
    give_direction,
    places_to_give,
    receive_direction,
)
from branches.forms.base import sent
from branches.forms.direction import AnswerForm, DirectionForm, GivingForm
from branches.models import Direction, EditConflict, Unit
from branches.models.plan import DirectionQuerySet
from branches.receipts import once
from branches.scoping import get_editable_or_403, get_visible_or_404

MEANWHILE = "Có người vừa sửa ý kiến chỉ đạo này. Chưa ghi đè gì cả; hãy mở lại trang rồi ghi lại."


def _units(user):
    return Unit.objects.reached_by(user, DirectionQuerySet.read_rights)


@require_http_methods(["GET", "HEAD", "POST"])
def direction_new(request, pk):
    unit = get_editable_or_403(_units(request.user), request.user, right="record", pk=pk)
    form = DirectionForm(sent(request), initial=_first_values(unit))
    if request.method == "POST" and form.is_valid():

        def receive():
            receive_direction(by=request.user, unit=unit, **form.said())
            return reverse("reports:direction_list", args=[unit.pk])

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
def direction_give(request, pk):
    """The Party committee or the superior asks the same of its units in one form."""
    unit = get_visible_or_404(_units(request.user), request.user, right=DirectionQuerySet.read_rights, pk=pk)
    today = timezone.localdate()
    places = places_to_give(request.user, unit, on=today)
    if not places:
        raise PermissionDenied
    form = GivingForm(sent(request), places=places, unit=unit, today=today)
    if request.method == "POST" and form.is_valid():

        def give():
            given = give_direction(by=request.user, **form.said())
            return reverse("reports:direction_sending", args=[unit.pk, given[0].sending])

        try:
            location, is_new = once(form.cleaned_data["form_key"], request.user, give)
        except DirectionRefused as refusal:
            form.refuse(refusal)
        else:
            if is_new:
                count = len(form.said()["units"])
                messages.success(request, f"Đã giao cho {count} đơn vị. Trang này cho biết từng đơn vị làm đến đâu.")
            return redirect(location)
    return render(request, "branches/direction_give.html", {"unit": unit, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def direction_edit(request, pk):
    """Whoever wrote it corrects it: the giver what they gave, the unit what it was told and wrote down."""
    found = get_visible_or_404(Direction.objects.select_related("unit"), request.user, pk=pk)
    if not changeable_by(request.user).filter(pk=found.pk).exists():
        raise PermissionDenied
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
            return redirect("reports:direction_list", pk=found.unit_id)
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
            if form.cleaned_data["answer"] and form.cleaned_data["answered_on"] > timezone.localdate():
                raise DirectionRefused({"answered_on": "Ngày trả lời không thể sau hôm nay."})
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
            return redirect("reports:direction_list", pk=found.unit_id)
    return render(request, "branches/direction_answer.html", {"unit": found.unit, "direction": found, "form": form})
