"""The steps of the minutes: read back and agreed, signed, opened again, a new edition, the number of the paper."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from branches.forms.base import sent
from branches.forms.minutes import AgreeForm, NumberForm, ReadBackForm, ReasonForm, SignForm
from branches.meetings.minutes import MinutesRefused, latest_edition
from branches.meetings.minutes_record import digest_of, record_of
from branches.meetings.reading import MEETINGS
from branches.meetings.signing import Role, agree, new_edition, read_back, reopen, roles_of, set_number, sign
from branches.models import Meeting, Minutes, MinutesSignature
from branches.scoping import get_editable_or_403, rights_at
from branches.views.life_steps import step_page, take_step
from branches.views.minutes import meeting_to_read
from branches.views.minutes_passages import composition, read_passages, standing_of

METHODS = ["GET", "HEAD", "POST"]
MEANWHILE = "Có người vừa ghi biên bản này. Chưa ghi đè gì cả; hãy mở lại trang rồi làm lại."
State = Minutes.State


def _to_write(request, pk) -> Meeting:
    meeting_to_read(request, pk)
    return get_editable_or_403(MEETINGS, request.user, pk=pk)


def _done(request, form, act: Callable[[], object], to: str, said: str):
    """Do `act` once and go to `to`; None to show the page with what was refused."""

    def work():
        act()
        return to

    return take_step(request, form, work, said, refused=MinutesRefused, meanwhile=MEANWHILE)


def _here(meeting: Meeting) -> str:
    return reverse("branches:minutes", args=[meeting.pk])


@require_http_methods(METHODS)
def minutes_confirm(request, pk):
    """Read the whole back: first that it is ready, then how many of those present agreed."""
    meeting = _to_write(request, pk)
    found, now = latest_edition(meeting), timezone.now()
    is_ready = found is not None and found.state == State.TO_CONFIRM
    posted_agreement = request.method == "POST" and "agreed" in request.POST
    if is_ready or posted_agreement:
        form = AgreeForm(sent(request))
        here = reverse("branches:minutes_sign", args=[meeting.pk])
        answer = _done(
            request,
            form,
            lambda: agree(
                meeting=meeting, agreed=form.cleaned_data["agreed"], seen=form.cleaned_data["seen"], by=request.user,
                now=now,
            ),
            here,
            "Biên bản đã được thông qua. Bây giờ thư ký và chủ trì ký.",
        )  # fmt: skip
    else:
        form = ReadBackForm(sent(request))
        here = reverse("branches:minutes_confirm", args=[meeting.pk])
        answer = _done(
            request, form, lambda: read_back(meeting=meeting, by=request.user, now=now), here,
            "Hãy đọc lại cho mọi người nghe rồi ghi số người tán thành.",
        )  # fmt: skip
    if answer:
        return answer
    found = latest_edition(meeting)
    if found is not None and found.state in (State.SIGNING, State.LOCKED) and request.method != "POST":
        return redirect("branches:minutes_sign" if found.state == State.SIGNING else "branches:minutes", meeting.pk)
    record = record_of(meeting, found)
    if isinstance(form, AgreeForm):
        form = _seeing(form, record, agreed=record["roll"]["present"])
    context = _context(meeting, found, record) | {"form": form, "is_ready": isinstance(form, AgreeForm)}
    return render(request, "branches/minutes_confirm.html", context)


def _seeing(form, record: dict, **initial):
    """The form for the content that stands on this page now, also when an older one was refused."""
    seen = digest_of(record)
    if form.is_bound:
        form.data = form.data.copy()
        form.data["seen"] = seen
    form.initial |= {"seen": seen, **initial}
    return form


def _context(meeting: Meeting, found: Minutes | None, record: dict) -> dict:
    return {
        "meeting": meeting,
        "unit": meeting.unit,
        "minutes": found,
        "record": record,
        "composition": composition(record),
        "passages": read_passages(record),
        "standing": standing_of(found),
    }


@require_http_methods(METHODS)
def minutes_sign(request, pk):
    """Sign, for oneself on one's own account, or by who holds the signed paper."""
    meeting = meeting_to_read(request, pk)
    may_record = "record" in rights_at(request.user, meeting.unit)
    roles = roles_of(meeting, request.user, may_record=may_record)
    if not roles and not may_record:
        raise PermissionDenied
    form = SignForm(sent(request))
    answer = _done(
        request,
        form,
        lambda: sign(
            meeting=meeting, role=form.cleaned_data["role"], seen=form.cleaned_data["seen"], by=request.user,
            now=timezone.now(),
        ),
        reverse("branches:minutes_sign", args=[meeting.pk]),
        "Đã ghi chữ ký.",
    )  # fmt: skip
    if answer:
        return answer
    found = latest_edition(meeting)
    if found is None or found.state not in (State.SIGNING, State.LOCKED):
        if request.method == "POST":
            messages.error(request, "Biên bản chưa được thông qua nên chưa ký được.")
        return redirect("branches:minutes", meeting.pk)
    if found.state == State.LOCKED and request.method != "POST":
        return redirect("branches:minutes", meeting.pk)
    record = record_of(meeting, found)
    signed = {one.role: one for one in MinutesSignature.objects.filter(minutes=found).select_related("signed_by")}
    names = {Role.SECRETARY: record["secretary"]["name"], Role.CHAIR: record["chair"]["name"]}
    lines = [
        {
            "role": role,
            "word": role.label,
            "name": names[role],
            "signature": signed.get(role),
            "how": roles.get(role, ""),
            "form": SignForm(initial={"role": role, "seen": digest_of(record)}, auto_id=f"id_{role.value}_%s"),
        }
        for role in Role
    ]
    # The one filled button is one's own signature, where that is still missing.
    waiting = sorted(
        (one for one in lines if one["how"] and not one["signature"]), key=lambda one: one["how"] != "self"
    )
    context = _context(meeting, found, record) | {
        "form": form if form.is_bound else None, "lines": lines, "may_record": may_record,
        "first": next((one["role"] for one in waiting), ""),
    }  # fmt: skip
    return render(request, "branches/minutes_sign.html", context)


def _step_page(request, meeting: Meeting, form, *, title: str, button: str, says: list[str]):
    return step_page(
        request,
        form,
        title=title,
        button=button,
        back=_here(meeting),
        unit=meeting.unit,
        about=meeting.title,
        says=says,
    )


@require_http_methods(METHODS)
def minutes_reopen(request, pk):
    """Before the lock: back to typing, with the reason; signatures given so far are taken back."""
    meeting = _to_write(request, pk)
    form = ReasonForm(sent(request))
    answer = _done(
        request,
        form,
        lambda: reopen(meeting=meeting, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now()),
        _here(meeting),
        "Đã mở lại biên bản để sửa. Sửa xong thì đọc lại để thông qua và ký lại.",
    )
    if answer:
        return answer
    names = MinutesSignature.objects.filter(minutes__meeting=meeting, minutes__frozen=None).values_list(
        "name", flat=True
    )
    says = ["Biên bản trở về bước soạn. Số người tán thành đã ghi sẽ phải ghi lại sau khi đọc lại."]
    if names:
        says.append(f"Chữ ký đã ghi của {', '.join(names)} được rút; lịch sử biên bản giữ lý do dưới đây.")
    return _step_page(request, meeting, form, title="Mở lại biên bản", button="Mở lại để sửa", says=says)


@require_http_methods(METHODS)
def minutes_new_edition(request, pk):
    """After the lock: another edition with its reason; the signed one stays."""
    meeting = _to_write(request, pk)
    form = ReasonForm(sent(request))
    answer = _done(
        request,
        form,
        lambda: new_edition(meeting=meeting, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now()),
        _here(meeting),
        "Đã lập bản mới từ bản đã ký. Sửa, đọc lại để thông qua rồi ký.",
    )
    if answer:
        return answer
    says = [
        "Bản đã ký vẫn giữ nguyên, đọc và in được. Khi bản mới được ký đủ, bản cũ được ghi là đã thay.",
        "Bản mới bắt đầu từ chữ của bản đã ký và in kèm lý do dưới đây.",
    ]
    return _step_page(request, meeting, form, title="Lập bản mới của biên bản", button="Lập bản mới", says=says)


@require_http_methods(METHODS)
def minutes_number(request, pk):
    meeting = _to_write(request, pk)
    found = latest_edition(meeting)
    form = NumberForm(sent(request), initial={"number": found.number if found else ""})
    answer = _done(
        request,
        form,
        lambda: set_number(meeting=meeting, number=form.cleaned_data["number"], by=request.user, now=timezone.now()),
        _here(meeting),
        "Đã lưu số biên bản.",
    )
    if answer:
        return answer
    sign_of = meeting.unit.document_code
    says = [f"In ở góc trái, ví dụ “Số: 04-BB/{sign_of}”."]
    return _step_page(request, meeting, form, title="Số của biên bản", button="Lưu số", says=says)
