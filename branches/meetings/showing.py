"""What the page of a meeting says: its three steps, the next one, and the agenda with what came of each point."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from branches.models import AgendaItem, Ballot, Conclusion, Meeting, Minutes, Task

from .roll import Tally
from .states import State
from .voting import Result, counts_words, result_of


@dataclass(frozen=True, slots=True)
class Step:
    """One of the three. `standing` is "done", "now" or "next"."""

    name: str
    said: str
    url: str
    standing: str


@dataclass(frozen=True, slots=True)
class Next:
    """The one filled button. `is_post` where it changes something at once."""

    label: str
    icon: str
    url: str
    is_post: bool = False


@dataclass
class ItemRow:
    item: AgendaItem
    about: str = ""
    ballots: list[tuple[Ballot, Result, str]] = field(default_factory=list)
    conclusions: list[Conclusion] = field(default_factory=list)


def agenda_rows(meeting: Meeting, rules: dict, *, names: bool) -> list[ItemRow]:
    """Points in order with votes, conclusions and the tasks these became. Four queries, whatever their number.

    Whom a point is about is said to readers of the register only (`names`).
    """
    tasks = Prefetch("tasks", queryset=Task.objects.select_related("owner").order_by("pk"))
    items = (
        AgendaItem.objects.filter(meeting=meeting)
        .select_related("admission", "subject")
        .prefetch_related(
            Prefetch("ballots", queryset=Ballot.objects.order_by("pk")),
            Prefetch("conclusions", queryset=Conclusion.objects.order_by("position", "pk").prefetch_related(tasks)),
        )
        .order_by("position", "pk")
    )
    return [
        ItemRow(
            item=one,
            about=_about(one) if names else "",
            ballots=[(ballot, result_of(ballot, rules), counts_words(ballot)) for ballot in one.ballots.all()],
            conclusions=list(one.conclusions.all()),
        )
        for one in items
    ]


def _about(item: AgendaItem) -> str:
    if item.admission:
        return item.admission.full_name
    return item.subject.full_name if item.subject else ""


def steps_of(meeting: Meeting, tally: Tally, items: int, minutes: Minutes | None, minutes_url: str) -> list[Step]:
    """Chương trình → Điểm danh → Biên bản, each with where it stands."""
    agenda = f"{items} mục" if items else "Chưa có"
    if meeting.roll_opened_at is None:
        roll = "Chưa mở"
    elif tally.unknown:
        roll = f"{tally.present} có mặt, {tally.unknown} chưa điểm"
    else:
        roll = f"{tally.present}/{tally.total} có mặt"
    is_marked = meeting.roll_opened_at is not None and not tally.unknown
    is_locked = minutes is not None and minutes.state == Minutes.State.LOCKED
    standing = "done" if is_locked else "now" if minutes or meeting.state == State.HELD else "next"
    roll_standing = "done" if is_marked else "now" if meeting.roll_opened_at else "next"
    return [
        Step("Chương trình", agenda, reverse("branches:meeting_agenda", args=[meeting.pk]), "done" if items else "now"),
        Step("Điểm danh", roll, reverse("branches:meeting_roll", args=[meeting.pk]), roll_standing),
        Step("Biên bản", minutes.get_state_display() if minutes else "Chưa soạn", minutes_url, standing),
    ]


def next_step(
    meeting: Meeting, tally: Tally, items: int, minutes: Minutes | None, minutes_url: str, now: datetime.datetime
) -> Next | None:
    """What the person in charge does next; None when everything is done."""

    def at(name: str) -> str:
        return reverse(f"branches:{name}", args=[meeting.pk])

    if meeting.state == State.CANCELLED:
        return Next("Vẫn họp", "undo", at("meeting_take_back"))
    if meeting.state == State.PLANNED and not items:
        return Next("Soạn chương trình", "edit", at("meeting_agenda"))
    if meeting.state == State.PLANNED and timezone.localdate(now) < meeting.day:
        return Next("Gửi lời mời", "go", at("meeting_invite"))
    if meeting.roll_opened_at is None:
        return Next("Mở điểm danh", "people", at("meeting_roll"), is_post=True)
    if meeting.state == State.OPEN:
        if tally.unknown == tally.total:
            return Next("Điểm danh", "people", at("meeting_roll"))
        return Next("Kết thúc buổi họp", "check", at("meeting_close"))
    if minutes_url and (minutes is None or minutes.state != Minutes.State.LOCKED):
        return Next("Soạn biên bản" if minutes is None else "Mở biên bản", "edit", minutes_url)
    return None
