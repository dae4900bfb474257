"""What the pages of a meeting share: one form done once, and where a refusal is shown."""

from collections.abc import Callable

from django.contrib import messages
from django.shortcuts import redirect, render

from branches.meetings.states import MeetingRefused
from branches.models import EditConflict, Meeting
from branches.models.member import MemberQuerySet
from branches.receipts import once
from branches.views.life_steps import answered_before

MEETINGS = Meeting.objects.select_related("unit", "chair", "secretary")
MEANWHILE = "Có người vừa sửa cuộc họp này. Chưa ghi đè gì cả; hãy mở lại trang rồi ghi lại."


def take_meeting_step(request, form, act: Callable[[], str], done: str | Callable[[], str], *, whole=lambda: True):
    """Do `act` when the form was sent and is whole, and go where it leads; None to show the page.

    `act` calls the verb and returns the address; `whole` judges what else the page sent, so that all of it
    is answered at once.
    """
    if request.method != "POST":
        return None
    if request.POST.get("do") == "restore":  # what the browser kept is shown again, without a verdict
        form.judge_later()
        return None
    if answer := answered_before(request):
        return answer
    if not all([form.is_valid(), whole()]):
        return None
    try:
        location, _ = once(form.cleaned_data["form_key"], request.user, act)
    except MeetingRefused as refusal:
        form.refuse(refusal)
    except EditConflict:
        form.add_error(None, MEANWHILE)
    else:
        text = done() if callable(done) else done
        messages.success(request, text, extra_tags=str(form.cleaned_data["form_key"]))
        return redirect(location)
    return None


def meeting_step_page(request, form, meeting, *, title: str, button: str, back: str, says=(), warns=False):
    """A page of its own for one step: what it will do, the form, one button that names the deed."""
    context = {
        "form": form, "meeting": meeting, "unit": meeting.unit, "about": meeting.title, "title": title,
        "button": button, "back": back, "says": says, "warns": warns,
    }  # fmt: skip
    return render(request, "branches/life_step.html", context)


def may_read_names(rights: set[str]) -> bool:
    """Whether these rights open the register: names of members stand there and nowhere else."""
    return not rights.isdisjoint(MemberQuerySet.read_rights)
