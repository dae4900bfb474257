"""Home: what waits for this person in the post they speak from."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.frame import Frame
from reports.waiting import SHOWN, waiting_for


@require_GET
def home(request):
    """The waiting list. The Party committee has one page and is taken there."""
    frame = Frame(request)
    if frame.is_party:
        return redirect("reports:party_summary", pk=frame.unit.pk)
    today = timezone.localdate()
    waiting = waiting_for(request.user, frame.post, on=today)
    return render(
        request,
        "reports/home.html",
        {
            "today": today,
            "waiting": waiting,
            "recent": waiting.recent,
            "first": waiting.first[: None if "tat-ca" in request.GET else SHOWN],
            "slow": waiting.slow[: None if "tat-ca" in request.GET else SHOWN],
        },
    )
