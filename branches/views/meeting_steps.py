"""What the pages of a meeting share: one form done once, and where a refusal is shown."""

from collections.abc import Callable

from branches.meetings.states import MeetingRefused
from branches.models import Meeting
from branches.models.member import MemberQuerySet
from branches.views.life_steps import step_page, take_step

MEETINGS = Meeting.objects.select_related("unit", "chair", "secretary")
MEANWHILE = "Có người vừa sửa cuộc họp này. Chưa ghi đè gì cả; hãy mở lại trang rồi ghi lại."


def take_meeting_step(request, form, act: Callable[[], str], done: str | Callable[[], str], *, whole=lambda: True):
    """take_step with the refusals of a meeting."""
    return take_step(request, form, act, done, refused=MeetingRefused, meanwhile=MEANWHILE, whole=whole)


def meeting_step_page(request, form, meeting, *, title: str, button: str, back: str, says=(), warns=False):
    """A page of its own for one step: what it will do, the form, one button that names the deed."""
    about = meeting.title
    return step_page(
        request, form, title=title, button=button, back=back, unit=meeting.unit, about=about, says=says, warns=warns
    )


def may_read_names(rights: set[str]) -> bool:
    """Whether these rights open the register: names of members stand there and nowhere else."""
    return not rights.isdisjoint(MemberQuerySet.read_rights)
