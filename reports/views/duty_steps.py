"""Steps about duties: why not, done, exempt, taken back; another rhythm; reminding; duties asked of those below."""

import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches import duties as verbs
from branches.formats import day as day_words
from branches.forms.base import sent
from branches.forms.duty import (
    DoneForm,
    DutyForm,
    EndForm,
    ExceptionForm,
    ReasonForm,
    SureForm,
    first_of_month,
    until_words,
)
from branches.models import DutyException, DutyType, Unit
from branches.scoping import get_editable_or_403, rights_at
from branches.views.life_steps import answered_before, step_page, take_step

from .duties import _board_page, cell_of, late_to_remind, unit_of

STEP = ["GET", "HEAD", "POST"]


def _cell(request, pk, code, day, right):
    """The unit and its cell, for whoever has the right at the unit."""
    unit = get_editable_or_403(Unit, request.user, right=right, pk=pk)
    return unit, cell_of(unit, code, day, timezone.localdate())


def _back(unit, cell) -> str:
    return reverse("reports:duty_cell", args=[unit.pk, cell.duty.code, f"{cell.period.starts_on:%Y-%m-%d}"])


@require_http_methods(STEP)
def duty_not_held(request, pk, code, day):
    """The unit says why it did not do it."""
    unit, cell = _cell(request, pk, code, day, "record")
    form, back, today = ReasonForm(sent(request)), _back(unit, cell), timezone.localdate()

    def save():
        verbs.say_not_held(
            by=request.user, unit=unit, code=code, starts_on=cell.period.starts_on,
            reason=form.cleaned_data["reason"], on=today,
        )  # fmt: skip
        return back

    if answer := take_step(request, form, save, "Đã ghi lý do. Cấp trên thấy lý do này trên bảng."):
        return answer
    is_meeting = cell.duty.fulfilled_by == "meeting"
    title = "Ghi lý do không họp" if is_meeting else "Ghi lý do không làm"
    says = ["Kỳ này vẫn tính là phải làm mà không làm, nhưng không còn là chưa báo. Có thể bỏ lý do này sau."]
    return step_page(
        request, form, title=title, button="Lưu lý do", back=back, unit=unit, about=cell.period.title, says=says
    )


@require_http_methods(STEP)
def duty_done(request, pk, code, day):
    """The unit says on which day it did what nothing in the system shows."""
    unit, cell = _cell(request, pk, code, day, "record")
    today = timezone.localdate()
    form, back = DoneForm(sent(request), initial={"done_on": today}), _back(unit, cell)

    def save():
        verbs.say_done(
            by=request.user, unit=unit, code=code, starts_on=cell.period.starts_on,
            done_on=form.cleaned_data["done_on"], note=form.cleaned_data["note"], on=today,
        )  # fmt: skip
        return back

    if answer := take_step(request, form, save, "Đã ghi là làm xong."):
        return answer
    says = []
    if cell.duty.fulfilled_by != "hand":
        says = ["Báo cáo lập trong phần mềm, có số và ngày, tự tính là đã gửi. Chỉ ghi ở đây khi gửi bằng cách khác."]
    return step_page(
        request, form, title="Ghi là đã làm", button="Lưu ngày làm xong", back=back, unit=unit, about=cell.period.title,
        says=says,
    )  # fmt: skip


@require_http_methods(STEP)
def duty_exempt(request, pk, code, day):
    """The superior lets the unit off this once."""
    unit, cell = _cell(request, pk, code, day, "approve")
    form, back = ReasonForm(sent(request)), _back(unit, cell)

    def save():
        verbs.exempt(
            by=request.user, unit=unit, code=code, starts_on=cell.period.starts_on, reason=form.cleaned_data["reason"]
        )
        return back

    if answer := take_step(request, form, save, f"Đã miễn cho {unit.name}."):
        return answer
    says = ["Kỳ được miễn không tính vào số phải làm. Đơn vị thấy lý do."]
    return step_page(
        request,
        form,
        title="Miễn kỳ này",
        button="Miễn kỳ này",
        back=back,
        unit=unit,
        about=cell.period.title,
        says=says,
    )


@require_http_methods(STEP)
def duty_take_back(request, pk, code, day):
    """What was said of a period goes: the unit's own word by the unit, an exemption by the superior."""
    unit = unit_of(request, pk)
    cell = cell_of(unit, code, day, timezone.localdate())
    is_exemption = cell.word is not None and cell.word.said == "exempt"
    get_editable_or_403(Unit, request.user, right="approve" if is_exemption else "record", pk=pk)
    back = _back(unit, cell)
    if cell.word is None:
        messages.info(request, "Chưa ai ghi gì về kỳ này.")
        return redirect(back)
    form = SureForm(sent(request))

    def save():
        verbs.take_back(word=cell.word, by=request.user)
        return back

    if answer := take_step(request, form, save, "Đã bỏ điều đã ghi."):
        return answer
    facts = [("Đã ghi", cell.word.get_said_display()), ("Lý do", cell.word.reason)]
    if cell.word.done_on:
        facts.insert(1, ("Ngày làm xong", day_words(cell.word.done_on)))
    says = ["Kỳ này trở lại như việc đã làm, hoặc chưa làm, cho thấy. Điều đã ghi vẫn còn trong lịch sử của kỳ."]
    return step_page(
        request, form, title="Bỏ điều đã ghi", button="Bỏ điều đã ghi", back=back, unit=unit, about=cell.period.title,
        says=says, facts=facts, warns=True,
    )  # fmt: skip


# --- a rhythm of its own --------------------------------------------------------------------------------


@require_http_methods(STEP)
def duty_exception(request, pk, code):
    """The superior confirms another rhythm for one unit."""
    unit = get_editable_or_403(Unit, request.user, right="approve", pk=pk)
    today = timezone.localdate()
    above = [int(step) for step in unit.path.strip("/").split("/")[:-1]]
    asked = DutyType.objects.filter(Q(owner=None) | Q(owner__in=above), code=code, starts_on__lte=today)
    duty = asked.order_by("-starts_on").first()
    if duty is None or unit.kind not in duty.unit_kinds:
        raise Http404
    form = ExceptionForm(sent(request), initial={"starts_on": first_of_month(today), "rhythm": "quarter"})
    back = f"{reverse('reports:duty_calendar', args=[unit.pk])}?nam={today.year}"

    def save():
        names = ("rhythm", "starts_on", "ends_on", "reason", "decision")
        said = {name: form.cleaned_data[name] for name in names}
        verbs.set_exception(by=request.user, unit=unit, code=code, **said)
        return back

    if answer := take_step(request, form, save, f"Đã ghi nhịp riêng cho {unit.name}."):
        return answer
    rows = DutyException.objects.filter(unit=unit, code=code).order_by("starts_on")
    facts = [("Nhịp chung", duty.get_rhythm_display())] + [
        (
            f"Nhịp riêng từ {day_words(one.starts_on)}",
            f"{one.get_rhythm_display() if one.rhythm else 'Không phải làm'}, {until_words(one.ends_on)}: {one.reason}",
        )
        for one in rows
    ]
    return step_page(
        request, form, title="Nhịp riêng", button="Lưu nhịp riêng", back=back, unit=unit, about=duty.name, facts=facts,
        says=["Dùng cho đơn vị được cấp trên xác nhận có đặc thù, như chi đoàn phân tán họp mỗi quý một lần."],
    )  # fmt: skip


@require_http_methods(STEP)
def duty_exception_end(request, pk):
    if answer := answered_before(request):
        return answer
    exception = get_editable_or_403(DutyException.objects.select_related("unit"), request.user, pk=pk)
    unit, today = exception.unit, timezone.localdate()
    form = EndForm(sent(request), initial={"ends_on": first_of_month(today)})
    back = reverse("reports:duty_calendar", args=[unit.pk])

    def save():
        verbs.end_exception(exception=exception, ends_on=form.cleaned_data["ends_on"])
        return back

    if answer := take_step(request, form, save, "Đã cho thôi nhịp riêng."):
        return answer
    duty = DutyType.objects.filter(code=exception.code).order_by("-starts_on").first()
    rhythm = exception.get_rhythm_display() if exception.rhythm else "Không phải làm"
    facts = [("Nhịp riêng", f"{rhythm} từ {day_words(exception.starts_on)}, {until_words(exception.ends_on)}")]
    return step_page(
        request, form, title="Thôi nhịp riêng", button="Thôi nhịp riêng", back=back, unit=unit,
        about=duty.name if duty else exception.code, facts=[*facts, ("Lý do", exception.reason)],
        says=["Từ ngày này đơn vị theo nhịp chung. Các kỳ trước giữ nguyên."],
    )  # fmt: skip


# --- reminding ------------------------------------------------------------------------------------------


@require_POST
def duty_remind(request, pk):
    """Remind the late units of what the board shows, and nobody else; each at most once a day."""
    query = request.GET.copy()
    unit, board, _, _, _, rows = _board_page(request, pk)
    if not any("approve" in rights_at(request.user, one) for one in board.units):
        raise PermissionDenied
    late = late_to_remind(rows, board.as_of)
    count = verbs.remind(by=request.user, periods=[cell.period for cell in late], on=board.as_of)
    if count:
        messages.success(request, f"Đã nhắc {count} đơn vị. Lời nhắc hiện trong “Việc của tôi” của đơn vị.")
    else:
        messages.info(request, "Không còn đơn vị nào cần nhắc hôm nay.")
    query.pop("trang", None)
    return redirect(f"{reverse('reports:duty_board', args=[unit.pk])}?{urlencode(query, doseq=True)}")


# --- duties asked of those below ------------------------------------------------------------------------


@require_GET
def duty_types(request, pk):
    """What is asked of the units below: of the whole organisation, and by this office."""
    unit = unit_of(request, pk)
    if unit.is_branch:
        raise Http404
    above = [int(step) for step in unit.path.strip("/").split("/")]
    rows = DutyType.objects.filter(Q(owner=None) | Q(owner__in=above))
    kinds = dict(Unit.Kind.choices)
    return render(
        request,
        "reports/duty_types.html",
        {
            "unit": unit,
            "rows": [
                {"duty": one, "kinds": ", ".join(kinds[kind] for kind in one.unit_kinds if kind in kinds),
                 "due": _due_words(one.due_days), "until": until_words(one.ends_on)}
                for one in rows.select_related("owner").order_by("position", "name", "-starts_on")
            ],
            "today": timezone.localdate(),
            "may_give": "manage" in rights_at(request.user, unit),
        },
    )  # fmt: skip


def _due_words(days: int) -> str:
    if days == 0:
        return "ngày cuối kỳ"
    return f"{days} ngày sau ngày cuối kỳ" if days > 0 else f"{-days} ngày trước ngày cuối kỳ"


@require_http_methods(STEP)
def duty_type_new(request, pk):
    """The office asks a duty of its own of the units below."""
    unit = get_editable_or_403(Unit, request.user, right="manage", pk=pk)
    if unit.is_branch:
        raise Http404
    today = timezone.localdate()
    below = Unit.objects.below(unit).exclude(pk=unit.pk).living(today)
    kinds = dict(below.order_by().values_list("kind").annotate(number=Count("pk")))
    start = (first_of_month(today) + datetime.timedelta(days=31)).replace(day=1)
    form = DutyForm(sent(request), kinds=kinds, initial={"starts_on": start, "due_days": 0, "rhythm": "month"})
    back = reverse("reports:duty_types", args=[unit.pk])

    def save():
        names = ("name", "rhythm", "unit_kinds", "due_days", "starts_on", "source")
        verbs.ask_duty(owner=unit, **{name: form.cleaned_data[name] for name in names})
        return back

    if answer := take_step(request, form, save, "Đã giao việc định kỳ cho các đơn vị trực thuộc."):
        return answer
    says = ["Đơn vị tự ghi ngày làm xong, hoặc lý do không làm; bảng của cấp trên cho biết đơn vị nào chưa báo."]
    return step_page(
        request, form, title="Giao việc định kỳ", button="Giao việc định kỳ", back=back, unit=unit,
        about="Cho các đơn vị trực thuộc", says=says,
    )  # fmt: skip


@require_http_methods(STEP)
def duty_type_end(request, pk):
    """A duty of the office's own is no longer asked."""
    if answer := answered_before(request):
        return answer
    duty = DutyType.objects.select_related("owner").filter(pk=pk).exclude(owner=None).first()
    if duty is None:
        raise Http404
    unit = get_editable_or_403(Unit, request.user, right="manage", pk=duty.owner_id)
    form = EndForm(sent(request), initial={"ends_on": first_of_month(timezone.localdate())})
    back = reverse("reports:duty_types", args=[unit.pk])

    def save():
        verbs.end_duty(duty=duty, ends_on=form.cleaned_data["ends_on"])
        return back

    if answer := take_step(request, form, save, f"Đã thôi việc định kỳ “{duty.name}”."):
        return answer
    says = ["Từ ngày này không đơn vị nào phải làm nữa. Các kỳ trước và điều đã ghi giữ nguyên."]
    return step_page(
        request, form, title="Thôi việc định kỳ", button="Thôi việc định kỳ", back=back, unit=unit, about=duty.name,
        says=says, warns=True,
    )  # fmt: skip
