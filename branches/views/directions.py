"""What the Party committee or the superior asks of units: given, written down, corrected, answered.

The lists that say where each stands need the targets' progress and are in reports/views/directions.py.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.directing import (
    DirectionRefused,
    answer_direction,
    answered_among,
    answered_words,
    change_directions,
    changeable_by,
    give_direction,
    given_from,
    places_to_give,
    receive_direction,
    version_of,
    withdraw_directions,
)
from branches.forms.base import sent
from branches.forms.direction import AnswerForm, ChangingForm, DirectionForm, GivingForm, WithdrawForm
from branches.models import Direction, Unit
from branches.models.plan import DirectionQuerySet
from branches.scoping import get_editable_or_403, get_visible_or_404

from .life_steps import take_step

STEP = ["GET", "HEAD", "POST"]
MEANWHILE = "Có người vừa sửa hoặc trả lời ý kiến này. Chưa ghi đè gì cả; hãy mở lại trang rồi ghi lại."


def _units(user):
    return Unit.objects.reached_by(user, DirectionQuerySet.read_rights)


def _step(request, form, act, saved):
    return take_step(request, form, act, saved, refused=DirectionRefused, meanwhile=MEANWHILE)


def _list_of(unit) -> str:
    return reverse("reports:direction_list", args=[unit.pk])


@require_http_methods(STEP)
def direction_new(request, pk):
    unit = get_editable_or_403(_units(request.user), request.user, right="record", pk=pk)
    form = DirectionForm(sent(request), initial=_first_values(unit))

    def receive():
        receive_direction(by=request.user, unit=unit, **form.said())
        return _list_of(unit)

    done = "Đã ghi ý kiến chỉ đạo. Khi lập kế hoạch, chọn chỉ tiêu trả lời việc này."
    if answer := _step(request, form, receive, done):
        return answer
    return render(request, "branches/direction_form.html", {"unit": unit, "form": form, "title": "Ghi ý kiến chỉ đạo"})


def _first_values(unit) -> dict:
    return {"given_by": Direction.GivenBy.PARTY, "body_name": unit.party_body, "given_on": timezone.localdate()}


@require_http_methods(STEP)
def direction_give(request, pk):
    """The Party committee or the superior asks the same of its units in one form."""
    unit = get_visible_or_404(_units(request.user), request.user, right=DirectionQuerySet.read_rights, pk=pk)
    today = timezone.localdate()
    places = places_to_give(request.user, unit, on=today)
    if not places:
        raise PermissionDenied
    form = GivingForm(sent(request), places=places, unit=unit, today=today)

    def give():
        given = give_direction(by=request.user, **form.said())
        return reverse("reports:direction_sending", args=[unit.pk, given[0].sending])

    def given_words():
        return f"Đã giao cho {len(form.said()['units'])} đơn vị. Trang này cho biết từng đơn vị làm đến đâu."

    if answer := _step(request, form, give, given_words):
        return answer
    return render(request, "branches/direction_give.html", {"unit": unit, "form": form})


# --- one unit's -----------------------------------------------------------------------------------------


def _changeable(request, pk) -> Direction:
    found = get_visible_or_404(Direction.objects.select_related("unit"), request.user, pk=pk)
    if not changeable_by(request.user).filter(pk=found.pk).exists():
        raise PermissionDenied
    return found


@require_http_methods(STEP)
def direction_edit(request, pk):
    """Whoever wrote it corrects it: the giver what they gave, the unit what it was told and wrote down."""
    found = _changeable(request, pk)
    if found.sending:
        return _change(request, found.unit, [found], _list_of(found.unit), is_whole=False)
    form = DirectionForm(sent(request), instance=found)

    def change():
        change_directions(
            directions=[found], version=form.cleaned_data["version"], by=request.user, **form.said()
        )  # fmt: skip
        return _list_of(found.unit)

    if answer := _step(request, form, change, "Đã lưu ý kiến chỉ đạo."):
        return answer
    context = {"unit": found.unit, "direction": found, "form": form, "title": "Sửa ý kiến chỉ đạo"}
    return render(request, "branches/direction_form.html", context)


@require_http_methods(STEP)
def direction_withdraw(request, pk):
    """It is no longer asked of this unit."""
    found = _changeable(request, pk)
    return _withdraw(request, found.unit, [found], _list_of(found.unit))


@require_http_methods(STEP)
def direction_answer(request, pk):
    found = get_editable_or_403(Direction.objects.select_related("unit"), request.user, pk=pk)
    initial = {
        "answer": found.answer,
        "answered_on": found.answered_on or timezone.localdate(),
        "version": found.version,
    }
    form = AnswerForm(sent(request), initial=initial)

    def answer():
        said = form.cleaned_data
        if said["answer"] and said["answered_on"] > timezone.localdate():
            raise DirectionRefused({"answered_on": "Ngày trả lời không thể sau hôm nay."})
        answer_direction(
            direction=found, version=said["version"], by=request.user, on=said["answered_on"], answer=said["answer"]
        )
        return _list_of(found.unit)

    if done := _step(request, form, answer, "Đã lưu trả lời."):
        return done
    return render(request, "branches/direction_answer.html", {"unit": found.unit, "direction": found, "form": form})


# --- what went to several units at once -----------------------------------------------------------------


def _sending(request, pk, sending) -> tuple[Unit, list[Direction]]:
    """The unit it was given from and the directions of one sending, for the body that gave them."""
    unit = get_visible_or_404(_units(request.user), request.user, right=DirectionQuerySet.read_rights, pk=pk)
    places = places_to_give(request.user, unit, on=timezone.localdate())
    rows = given_from(places).filter(sending=sending).select_related("unit").order_by("unit__sort_key", "unit_id", "pk")
    if not (found := list(rows)):
        raise Http404
    return unit, found


@require_http_methods(STEP)
def direction_sending_edit(request, pk, sending):
    """The giver corrects what it asked of several units, in one form; units it was withdrawn from stay as they are."""
    unit, found = _sending(request, pk, sending)
    back = reverse("reports:direction_sending", args=[unit.pk, sending])
    return _change(request, unit, [one for one in found if not one.withdrawn_on] or found, back, is_whole=True)


@require_http_methods(STEP)
def direction_sending_withdraw(request, pk, sending):
    """The giver no longer asks it of any of these units."""
    unit, found = _sending(request, pk, sending)
    back = reverse("reports:direction_sending", args=[unit.pk, sending])
    return _withdraw(request, unit, [one for one in found if not one.withdrawn_on] or found, back)


def _change(request, unit, directions, back, *, is_whole):
    answered = answered_among(directions)
    form = ChangingForm(sent(request), directions=directions, answered=answered)

    def change():
        change_directions(
            directions=directions, version=form.cleaned_data["version"], by=request.user, knowing=form.knows,
            **form.said(),
        )  # fmt: skip
        return back

    saved = f"Đã sửa cho {len(directions)} đơn vị." if is_whole else "Đã lưu ý kiến chỉ đạo."
    if answer := _step(request, form, change, saved):
        return answer
    context = {
        "unit": unit, "form": form, "back": back, "title": "Sửa việc đã giao", "count": len(directions),
        "warning": answered_words(answered) if answered else "", "is_whole": is_whole,
        "differ": len({(one.text, one.due_on, one.document, one.given_on, one.body_name) for one in directions}) > 1,
    }  # fmt: skip
    return render(request, "branches/direction_form.html", context)


def _withdraw(request, unit, directions, back):
    form = WithdrawForm(sent(request), initial={"version": version_of(directions)})

    def withdraw():
        withdraw_directions(
            directions=directions, version=form.cleaned_data["version"], by=request.user, on=timezone.localdate(),
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        return back

    if answer := _step(request, form, withdraw, "Đã rút. Đơn vị thấy lý do ở danh sách ý kiến chỉ đạo."):
        return answer
    context = {
        "unit": unit, "form": form, "back": back, "direction": directions[0], "count": len(directions),
        "answered": len(answered_among(directions)),
    }  # fmt: skip
    return render(request, "branches/direction_withdraw.html", context)
