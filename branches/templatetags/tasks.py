"""The signs of tasks and proposals: which state looks how, said once for every list."""

from django import template

from branches.formats import distance
from branches.models import Proposal, Task

from .look import state

register = template.Library()

PROPOSALS = {
    Proposal.State.SENT: "waiting",
    Proposal.State.DISCUSS: "returned",
    Proposal.State.AGREED: "done",
    Proposal.State.REFUSED: "none",
    Proposal.State.WITHDRAWN: "none",
}


@register.simple_tag
def proposal_state(proposal):
    """The badge of a proposal."""
    return state(PROPOSALS[proposal.state], proposal.get_state_display())


@register.simple_tag
def task_state(task, on):
    """The badge of a task on the day `on`: a date that passed stands before everything else."""
    return state(*task_look(task, on))


def task_look(task, on) -> tuple[str, str]:
    """The look and the word of a task's badge."""
    if task.state == Task.State.ACCEPTED:
        late = task.days_late(on)
        return ("done", f"Xong, chậm {late} ngày") if late else ("done", "Xong")
    if task.state == Task.State.DROPPED:
        return "none", "Không làm nữa"
    if task.state == Task.State.REPORTED:
        return "waiting", "Báo xong, chờ nhận"
    if task.days_late(on):
        return "overdue", distance(task.due_on, on)
    if task.returned_count:
        return "returned", "Trả lại, làm tiếp"
    return "going", distance(task.due_on, on) if task.due_on else "Đang làm"
