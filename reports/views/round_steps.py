"""Steps of a round: reminding, another due day, further units, excused ones, closed and opened again."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from branches import formats
from branches.forms.base import sent
from branches.models import Unit
from branches.scoping import get_editable_or_403
from branches.views.life_steps import step_page, take_step
from reports import rounds as verbs
from reports.forms_rounds import RoundAddForm, RoundCloseForm, RoundDueForm, RoundReasonForm, RoundStepForm
from reports.models import RoundUnit

from .rounds import rounds_with_unit

STEP = ["GET", "HEAD", "POST"]
MEANWHILE = "Có người vừa đổi đợt báo cáo này. Chưa ghi đè gì cả; hãy mở lại trang rồi làm lại."


def _round(request, pk):
    found = get_editable_or_403(rounds_with_unit(), request.user, pk=pk)
    return found, reverse("reports:round", args=[found.pk])


def _row(request, pk):
    rows = RoundUnit.objects.select_related("round__unit", "round__period", "unit")
    found = get_editable_or_403(rows, request.user, pk=pk)
    return found, reverse("reports:round", args=[found.round_id])


def _step(request, form, work, done):
    return take_step(request, form, work, done, refused=verbs.RoundRefused, meanwhile=MEANWHILE)


@require_POST
def round_remind(request, pk):
    """Remind every unit whose report is late, or (`who=near`) due soon, each at most once a day."""
    found, back = _round(request, pk)
    is_near = request.POST.get("who") == "near"
    remind = verbs.remind_near if is_near else verbs.remind
    count = remind(round=found, by=request.user, on=timezone.localdate())
    if count:
        messages.success(request, f"Đã nhắc {count} đơn vị. Lời nhắc hiện trong “Việc của tôi” của đơn vị.")
    else:
        messages.info(request, f"Không còn đơn vị {'sắp đến hạn' if is_near else 'quá hạn'} nào cần nhắc hôm nay.")
    return redirect(back)


@require_http_methods(STEP)
def round_due(request, pk):
    """Another due day for all units."""
    found, back = _round(request, pk)
    form = RoundDueForm(sent(request), initial={"version": found.version, "due_on": found.due_on})

    def work():
        verbs.move_due(
            round=found, version=form.cleaned_data["version"], by=request.user, on=timezone.localdate(),
            due_on=form.cleaned_data["due_on"], reason=form.cleaned_data["reason"],
        )  # fmt: skip
        return back

    if answer := _step(request, form, work, "Đã đổi hạn nộp của đợt."):
        return answer
    says = [
        f"Hạn đang là {formats.day(found.due_on)}.",
        "Đơn vị đã có hạn riêng sau ngày mới thì giữ hạn riêng; các đơn vị khác theo hạn mới.",
    ]
    return step_page(request, form, title="Đổi hạn nộp", button="Đổi hạn", back=back, unit=found.unit,
                     about=found.name, says=says)  # fmt: skip


@require_http_methods(STEP)
def round_add(request, pk):
    """Ask units that were founded since, or left out at first."""
    found, back = _round(request, pk)
    today = timezone.localdate()
    asked = RoundUnit.objects.filter(round=found).values("unit")
    new: list[Unit] = list(verbs.direct_units(found.unit, today).exclude(pk__in=asked))
    form = RoundAddForm(sent(request), units=new, initial={"version": found.version})

    def work():
        chosen = [one for one in new if str(one.pk) in form.cleaned_data["units"]]
        verbs.add_units(
            round=found, version=form.cleaned_data["version"], by=request.user, on=today, units=chosen
        )  # fmt: skip
        return back

    if answer := _step(request, form, work, "Đã thêm đơn vị vào đợt."):
        return answer
    if not new:
        messages.info(request, "Mọi đơn vị trực thuộc đã có trong đợt này.")
        return redirect(back)
    says = ["Hạn nộp của đơn vị thêm vào là hạn của đợt, hoặc hôm nay nếu hạn đó đã qua. Có thể đổi hạn riêng sau."]
    return step_page(request, form, title="Thêm đơn vị", button="Thêm vào đợt", back=back, unit=found.unit,
                     about=found.name, says=says)  # fmt: skip


@require_http_methods(STEP)
def round_close(request, pk):
    """Close it, naming who is missing; or open it again where it is closed."""
    found, back = _round(request, pk)
    today = timezone.localdate()
    if not found.is_open:
        return _reopen(request, found, back, today)
    missing = [row.unit for row in RoundUnit.objects.outstanding().filter(round=found).select_related("unit")]
    form = RoundCloseForm(sent(request), missing=[one.pk for one in missing], initial={"version": found.version})

    def work():
        verbs.close_round(
            round=found, version=form.cleaned_data["version"], by=request.user, on=today, missing=form.told()
        )  # fmt: skip
        return back

    if answer := _step(request, form, work, "Đã khép đợt."):
        return answer
    says = ["Khép đợt rồi thì không nhắc ai nữa; đơn vị vẫn nộp được báo cáo của kỳ này. Có thể mở lại đợt sau."]
    if missing:
        names = "; ".join(one.name for one in missing)
        says.insert(0, f"Còn {len(missing)} đơn vị chưa nộp hoặc chưa nộp lại: {names}.")
    return step_page(request, form, title="Khép đợt báo cáo", button="Khép đợt", back=back, unit=found.unit,
                     about=found.name, says=says, warns=bool(missing))  # fmt: skip


def _reopen(request, found, back, today):
    form = RoundReasonForm(sent(request), initial={"version": found.version})

    def work():
        verbs.reopen_round(
            round=found, version=form.cleaned_data["version"], by=request.user, on=today,
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        return back

    if answer := _step(request, form, work, "Đã mở lại đợt."):
        return answer
    says = ["Đơn vị chưa nộp lại thấy yêu cầu này trong “Việc của tôi”."]
    return step_page(request, form, title="Mở lại đợt báo cáo", button="Mở lại đợt", back=back, unit=found.unit,
                     about=found.name, says=says)  # fmt: skip


@require_http_methods(STEP)
def round_unit_due(request, pk):
    """Another due day for one unit."""
    row, back = _row(request, pk)
    form = RoundDueForm(sent(request), initial={"version": row.round.version, "due_on": row.due_on})

    def work():
        verbs.move_unit_due(
            row=row, version=form.cleaned_data["version"], by=request.user, on=timezone.localdate(),
            due_on=form.cleaned_data["due_on"], reason=form.cleaned_data["reason"],
        )  # fmt: skip
        return back

    if answer := _step(request, form, work, f"Đã đổi hạn nộp của {row.unit.name}."):
        return answer
    says = [f"Hạn của đơn vị đang là {formats.day(row.due_on)}. Đơn vị thấy hạn mới và lý do."]
    return step_page(request, form, title="Đổi hạn của một đơn vị", button="Đổi hạn", back=back, unit=row.unit,
                     about=row.round.name, says=says)  # fmt: skip


@require_http_methods(STEP)
def round_unit_excuse(request, pk):
    """Excuse the unit from this round, or ask it after all."""
    row, back = _row(request, pk)
    is_excused, today = row.excused_on is not None, timezone.localdate()
    form = (RoundStepForm if is_excused else RoundReasonForm)(sent(request), initial={"version": row.round.version})

    def work():
        at = {"row": row, "version": form.cleaned_data["version"], "by": request.user, "on": today}
        if is_excused:
            verbs.ask_again(**at)
        else:
            verbs.excuse(**at, reason=form.cleaned_data["reason"])
        return back

    done = f"{row.unit.name} lại phải báo cáo." if is_excused else f"Đã miễn báo cáo cho {row.unit.name}."
    if answer := _step(request, form, work, done):
        return answer
    says = (
        [f"Được miễn từ ngày {formats.day(row.excused_on)}: {row.excused_reason}"]
        if is_excused
        else ["Đơn vị được miễn không tính là chưa nộp và không bị nhắc. Có thể thôi miễn sau."]
    )
    return step_page(
        request, form, title="Thôi miễn" if is_excused else "Miễn báo cáo",
        button="Thôi miễn" if is_excused else "Miễn báo cáo", back=back, unit=row.unit, about=row.round.name, says=says,
    )  # fmt: skip
