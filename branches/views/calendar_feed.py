"""The calendar of a unit: the secret address is made here, and answered to whoever holds it."""

from allauth.core.internal.ratelimit import respond_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from branches.forms.base import sent
from branches.forms.meeting import KeyForm
from branches.meetings.feeds import drop_feed, feed_of, feed_text, make_feed
from branches.models import CalendarFeed, Unit
from branches.receipts import once
from branches.scoping import get_editable_or_403

from .invitation import too_many_tries
from .meetings import ICS


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_calendar(request, pk):
    """Make the address, renew it, or close it. It is shown this once; the table keeps only its hash."""
    unit = get_editable_or_403(
        Unit.objects.reached_by(request.user, ("view", "approve")), request.user, right="record", pk=pk
    )
    form, address = KeyForm(sent(request)), ""
    if request.method == "POST" and form.is_valid():
        here, key, made = reverse("branches:meeting_calendar", args=[pk]), form.cleaned_data["form_key"], []
        if request.POST.get("do") == "drop":
            once(key, request.user, lambda: _dropped(unit, here))
            messages.success(request, "Đã đóng liên kết lịch. Ai đang dùng sẽ không nhận thêm gì nữa.")
            return redirect(here)
        _, is_new = once(key, request.user, lambda: _made(unit, request.user, here, made))
        if not is_new:
            messages.info(request, "Liên kết này đã tạo ở lần gửi trước và chỉ hiện một lần. Cần nữa thì tạo mới.")
            return redirect(here)
        address = request.build_absolute_uri(reverse("branches:calendar_feed", args=made))
    feed = CalendarFeed.objects.select_related("made_by").filter(unit=unit).first()
    context = {"unit": unit, "form": KeyForm(), "feed": feed, "address": address}
    return render(request, "branches/meeting_calendar.html", context)


def _made(unit, by, here, made) -> str:
    made.append(make_feed(unit=unit, by=by))
    return here


def _dropped(unit, here) -> str:
    drop_feed(unit=unit)
    return here


@login_not_required
@require_GET
def calendar_feed(request, token):
    """Meetings and planned activities, for a calendar that asks on its own. A renewed address is as unknown as any."""
    feed = feed_of(token)
    if feed is None:
        # Counted are wrong addresses only: the phones of a whole office, and a calendar service, ask from one place.
        if too_many_tries(request, "calendar"):
            return respond_429(request)
        raise Http404
    response = HttpResponse(feed_text(feed, now=timezone.now()), content_type=ICS)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
