"""The calendar lock as pages: what is locked, what is open for a while; set it, open some units, close that again."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.formats import day
from branches.forms.base import sent
from branches.forms.locking import EndForm, LockForm, OpenForm, WithdrawForm
from branches.locking import (
    LockRefused,
    announced_words,
    end_exception,
    lock_set_by,
    locks_of,
    open_for,
    said_last,
    set_lock,
    withdraw,
)
from branches.models import LockException, PeriodLock, Unit
from branches.models.lock import PeriodLockQuerySet
from branches.scoping import get_editable_or_403, get_visible_or_404, rights_at

from .life_steps import step_page, take_step

READERS = PeriodLockQuerySet.read_rights
STEP = ["GET", "HEAD", "POST"]
ROWS_A_PAGE = 50


def _office(request, pk) -> tuple[Unit, str]:
    """A unit that has others below it, to be locked by who answers for it."""
    found = get_editable_or_403(Unit.objects.reached_by(request.user, READERS), request.user, right="submit", pk=pk)
    if found.is_branch:
        raise Http404
    return found, reverse("branches:locks", args=[found.pk])


@require_GET
def locks(request, pk):
    """Which days the unit may no longer write; of an office also whom it opened what, and every change of its lock."""
    unit = get_visible_or_404(Unit, request.user, right=READERS, pk=pk)
    today = timezone.localdate()
    given = LockException.objects.filter(office=unit).select_related("unit", "given_by", "ended_by")
    page = Paginator(given.order_by("-pk"), ROWS_A_PAGE).get_page(request.GET.get("trang"))
    changes = PeriodLock.objects.filter(unit=unit).told().select_related("set_by").order_by("-pk")[:20]
    standing = locks_of(unit, on=today)
    return render(
        request,
        "branches/locks.html",
        {
            "unit": unit,
            "standing": standing,
            "is_announced": any(one.unit_id == unit.pk for one in standing.announced),
            "page": page,
            "changes": changes,
            "today": today,
            "may_lock": not unit.is_branch and "submit" in rights_at(request.user, unit),
        },
    )


@require_http_methods(STEP)
def lock_set(request, pk):
    """Lock through a day, another day, or not at all; at once, or from a later day that the units are told."""
    unit, back = _office(request, pk)
    today = timezone.localdate()
    counts, newest = lock_set_by(unit, on=today), said_last(unit)
    announced = newest if newest and newest.holds_from > today else None
    shown = announced or counts
    form = LockForm(
        sent(request),
        initial={
            "through": shown.through if shown else None,
            "holds_from": announced.holds_from if announced else None,
            "before": newest.pk if newest else None,
        },
    )

    def act():
        said = {name: form.cleaned_data[name] for name in ("through", "holds_from", "reason", "before")}
        set_lock(unit=unit, by=request.user, on=today, **said)
        return back

    if answer := take_step(request, form, act, "Đã lưu khóa số liệu.", refused=LockRefused):
        return answer
    says = [
        f"Đang khóa đến hết ngày {day(counts.through)}." if counts else "Đang không khóa ngày nào.",
        "Việc đã tổ chức trong phần khóa thì đơn vị này và mọi đơn vị trực thuộc không ghi thêm, sửa hay bỏ được; cuộc "
        "họp của những ngày đó không kết thúc hay mở lại được. Minh chứng vẫn thêm được; báo cáo nộp, duyệt như "
        "thường. Số tính từ sổ (điểm danh, đoàn phí, phát triển Đảng…) vẫn đổi theo sổ.",
    ]
    if announced:
        says.insert(1, f"Đã báo trước: {announced_words(announced)}. Lưu ở đây thì thay cho điều đã báo.")
    return step_page(
        request, form, title="Khóa số liệu", button="Lưu khóa số liệu", back=back, unit=unit, about="Khóa theo lịch",
        says=says,
    )  # fmt: skip


@require_http_methods(STEP)
def lock_withdraw(request, pk):
    """Not to lock on the day that was announced."""
    unit, back = _office(request, pk)
    today, newest = timezone.localdate(), said_last(unit)
    form = WithdrawForm(sent(request), initial={"before": newest.pk if newest else None})

    def act():
        withdraw(
            unit=unit, by=request.user, on=today, reason=form.cleaned_data["reason"],
            before=form.cleaned_data["before"],
        )  # fmt: skip
        return back

    if answer := take_step(request, form, act, "Đã thôi báo trước.", refused=LockRefused):
        return answer
    is_announced = newest is not None and newest.holds_from > today
    says = (
        [
            f"Đã báo các đơn vị: {announced_words(newest)}.",
            "Thôi báo trước thì đến ngày đó không khóa thêm gì; phần đang khóa vẫn khóa. Các đơn vị không thấy lời "
            "báo này nữa.",
        ]
        if is_announced
        else ["Không có ngày khóa nào đang báo trước."]
    )
    return step_page(
        request, form, title="Thôi báo trước", button="Thôi báo trước" if is_announced else "", back=back, unit=unit,
        about="Khóa số liệu", says=says, warns=is_announced,
    )  # fmt: skip


@require_http_methods(STEP)
def lock_open(request, pk):
    """Let some units write locked days for a while."""
    office, back = _office(request, pk)
    today = timezone.localdate()
    below = Unit.objects.living(today).filter(path__startswith=office.path).order_by("sort_key", "pk")
    form = OpenForm(sent(request), units=below)

    def act():
        said = {name: form.cleaned_data[name] for name in ("units", "first_on", "last_on", "valid_until", "reason")}
        open_for(office=office, by=request.user, on=today, **said)
        return back

    if answer := take_step(request, form, act, lambda: _opened_words(form), refused=LockRefused):
        return answer
    says = [
        "Đơn vị được mở ghi và sửa được việc của những ngày này cho đến hết ngày chọn bên dưới, rồi khóa tự đóng lại.",
        "Chỉ mở cho đúng những đơn vị chọn, không mở cho đơn vị cấp dưới của chúng. Thôi mở riêng từng đơn vị được.",
    ]
    return step_page(
        request, form, title="Mở tạm cho đơn vị", button="Mở tạm", back=back, unit=office, about="Khóa số liệu",
        says=says,
    )  # fmt: skip


def _opened_words(form) -> str:
    units = form.cleaned_data["units"]
    return f"Đã mở tạm cho {units[0].name}." if len(units) == 1 else f"Đã mở tạm cho {len(units)} đơn vị."


@require_http_methods(STEP)
def lock_exception_end(request, pk):
    """Close it before its day."""
    rows = LockException.objects.select_related("unit", "office")
    found = get_editable_or_403(rows, request.user, pk=pk)
    back = reverse("branches:locks", args=[found.office_id])
    form = EndForm(sent(request))

    def act():
        end_exception(exception=found, by=request.user, on=timezone.localdate())
        return back

    if answer := take_step(request, form, act, f"Đã thôi mở cho {found.unit.name}.", refused=LockRefused):
        return answer
    says = [
        f"Việc từ ngày {day(found.first_on)} đến {day(found.last_on)} đang mở đến hết ngày {day(found.valid_until)}.",
        "Thôi mở thì đơn vị không ghi hay sửa được nữa; những gì đã ghi trong lúc mở vẫn giữ nguyên.",
    ]
    return step_page(
        request, form, title="Thôi mở tạm", button="Thôi mở", back=back, unit=found.office, about=found.unit.name,
        says=says, warns=True,
    )  # fmt: skip
