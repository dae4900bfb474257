"""Preparing a meeting out of what is still open: tasks, points without a conclusion, plans, birthdays, directions."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from branches.fed_books import feed_meeting
from branches.formats import day as day_words
from branches.formats import small, span
from branches.maturing import birthday
from branches.models import (
    Activity,
    Admission,
    AgendaItem,
    Direction,
    Meeting,
    Member,
    Post,
    PostType,
    Precision,
    Task,
    TaskCarry,
    Unit,
)
from branches.models.rule import rules_on
from branches.vietnamese import lower, nfc

from .states import MeetingRefused, claim_or_conflict, locked, refuse_if_closed

AHEAD = datetime.timedelta(days=45)
USUAL_START = datetime.time(17, 0)
FIELDS = ("kind", "title", "theme", "starts_at", "form", "place", "link", "chair", "secretary")
Kind, Item = Meeting.Kind, AgendaItem.Kind
MOST_DRAFTED = 5  # of a kind; the rest is shown beside the form
LONGEST_TITLE = 300
AGAIN = "Bàn tiếp: "


@dataclass(frozen=True, slots=True)
class Birthday:
    """A member whose birthday falls in the month; `turns` is the age of maturity when it is reached then."""

    member: Member
    age: int
    matures: bool


@dataclass(frozen=True)
class OpenPoints:
    """What a meeting of the unit should look at. Tasks carry `carried`: on how many agendas they stood so far."""

    last: Meeting | None
    tasks: list[Task] = field(default_factory=list)
    undecided: list[AgendaItem] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    birthdays: list[Birthday] = field(default_factory=list)
    directions: list[Direction] = field(default_factory=list)
    admissions: list[Admission] = field(default_factory=list)

    @property
    def maturing(self) -> list[Birthday]:
        return [one for one in self.birthdays if one.matures]


def open_points(unit: Unit, on: datetime.date) -> OpenPoints:
    """What is open for a meeting on the day `on`. Eight queries, whatever there is."""
    last = last_held(unit, on)
    tasks = Task.objects.filter(unit=unit).open().select_related("owner").annotate(carried=Count("carries"))
    undecided = AgendaItem.objects.filter(meeting=last, conclusions=None).exclude(kind=Item.INFORM) if last else []
    if last:
        undecided = undecided.filter(ballots=None, kind__in=[Item.DISCUSS, Item.VOTE, Item.DIRECTION])
    ahead = Activity.objects.filter(
        unit=unit, state=Activity.State.PLANNED, nature=Activity.Nature.ACTIVITY, last_on__gte=on,
        starts_on__lte=on + AHEAD,
    )  # fmt: skip
    # What tasks alone have answered is done, as standing_of says; nobody has to write "done" beside them.
    given = Task.objects.filter(direction=OuterRef("pk"))
    directions = (
        Direction.objects.standing()
        .filter(unit=unit, answer="", due_on__isnull=False)
        .exclude(Exists(given.filter(state=Task.State.ACCEPTED)), ~Exists(given.open()), targets=None)
    )
    admissions = Admission.objects.filter(unit=unit, state=Admission.State.PROPOSED)
    return OpenPoints(
        last=last,
        tasks=list(tasks.order_by("due_on", "pk")),
        undecided=list(undecided),
        activities=list(ahead.order_by("starts_on", "pk")),
        birthdays=_birthdays(unit, on),
        directions=list(directions.order_by("due_on", "pk")),
        admissions=list(admissions.order_by("applied_on", "pk")),
    )


def last_held(unit: Unit, on: datetime.date) -> Meeting | None:
    """The latest meeting of the whole branch held up to the day."""
    first_after = datetime.datetime.combine(on + datetime.timedelta(days=1), datetime.time.min)
    held = Meeting.objects.held().filter(
        unit=unit, kind__in=Meeting.OF_ALL, starts_at__lt=timezone.make_aware(first_after)
    )
    return held.select_related("secretary").order_by("-starts_at", "-pk").first()


def _birthdays(unit: Unit, on: datetime.date) -> list[Birthday]:
    """Of members now with the unit, in the month of `on`, by day; who was born in a month unknown is left out."""
    maturity = int(rules_on(on)["maturity_age"])
    members = Member.objects.filter(
        home__path__startswith=unit.path, is_active=True, merged_into=None, birth_date__month=on.month
    ).exclude(birth_precision=Precision.YEAR)
    found = [Birthday(one, on.year - one.birth_date.year, False) for one in members]
    found = [Birthday(one.member, one.age, one.age == maturity) for one in found]
    return sorted(found, key=lambda one: (birthday(one.member.birth_date, one.age), one.member.sort_key))


# --- what the form begins with --------------------------------------------------------------------------


def proposed_start(unit: Unit, on: datetime.date) -> datetime.datetime:
    """Four or five weeks after the last one, on its weekday and hour, in the next month; else in a week at 17:00."""
    last = last_held(unit, on)
    if last is None:
        return timezone.make_aware(datetime.datetime.combine(on + datetime.timedelta(days=7), USUAL_START))
    then = timezone.localtime(last.starts_at)
    step = datetime.timedelta(days=7)
    next_day = last.day + 4 * step
    while next_day.month == last.day.month or next_day < on:
        next_day += step
    return timezone.make_aware(datetime.datetime.combine(next_day, then.time()))


def title_of(kind: str, day: datetime.date) -> str:
    """ "Sinh hoạt chi đoàn tháng 12/2026"."""
    name = "Sinh hoạt chi đoàn" if kind == Kind.BRANCH else Kind(kind).label
    return f"{name} tháng {day.month}/{day.year}"


def officers_of(unit: Unit, on: datetime.date) -> list[Member]:
    """Members with a post of the unit's committee, the first in rank first. One query."""
    posts = Post.objects.held_on(on).filter(
        unit=unit, type__body=PostType.Body.COMMITTEE, account__member__isnull=False
    )
    posts = posts.select_related("account__member").order_by("type__position", "pk")
    return list({one.account.member_id: one.account.member for one in posts}.values())


def first_values(unit: Unit, kind: str, on: datetime.date) -> dict:
    """What the form of a new meeting proposes: name, time, place, chair and secretary as last time."""
    starts_at = proposed_start(unit, on)
    last, officers = last_held(unit, on), officers_of(unit, on)
    secretary = last.secretary if last and last.secretary and last.secretary.is_active else None
    if secretary is None or (officers and secretary.pk == officers[0].pk):
        secretary = officers[1] if len(officers) > 1 else None
    return {
        "kind": kind,
        "title": title_of(kind, timezone.localdate(starts_at)),
        "starts_at": starts_at,
        "form": last.form if last else Meeting.Form.IN_PERSON,
        "place": last.place if last else "",
        "link": last.link if last else "",
        "chair": officers[0] if officers else None,
        "secretary": secretary,
    }


@dataclass(frozen=True, slots=True)
class Draft:
    """A point proposed for the agenda; the person ticks, changes and orders them."""

    kind: str
    title: str
    admission: Admission | None = None


def drafted_agenda(points: OpenPoints, kind: str, day: datetime.date) -> list[Draft]:
    """Points in the usual order, without names of persons: the agenda goes into the invitation."""
    before = f"tháng {12 if day.month == 1 else day.month - 1}"
    found = []
    if kind in (Kind.BRANCH, Kind.THEMATIC, Kind.COMMITTEE):
        waiting = f", {len(points.tasks)} việc chưa xong" if points.tasks else ""
        found.append(Draft(Item.REVIEW, f"Kiểm điểm công tác {before}, việc đã giao{waiting}"))
    if kind in (Kind.BRANCH, Kind.THEMATIC):
        found += [Draft(Item.INFORM, "Thông tin thời sự, văn bản mới"), Draft(Item.STUDY, "Sinh hoạt chủ điểm")]
    if kind in (Kind.BRANCH, Kind.COMMITTEE):
        found += _from_points(points)
    if kind in (Kind.BRANCH, Kind.ADMISSION):
        found += [Draft(Item.VOTE, "Xét kết nạp đoàn viên", one) for one in points.admissions[:MOST_DRAFTED]]
    found += [Draft(Item.VOTE, text) for text in SPECIAL.get(kind, ())]
    if kind == Kind.BRANCH and points.maturing:
        found.append(Draft(Item.DISCUSS, f"Trưởng thành đoàn: {len(points.maturing)} đoàn viên đến tuổi trong tháng"))
    if kind == Kind.BRANCH and points.birthdays:
        found.append(Draft(Item.OTHER, f"Chúc mừng sinh nhật {len(points.birthdays)} đoàn viên trong tháng"))
    if kind in (Kind.BRANCH, Kind.THEMATIC):
        found.append(Draft(Item.OTHER, "Ý kiến, nguyện vọng của đoàn viên; đoàn phí"))
    return [Draft(one.kind, one.title[:LONGEST_TITLE], one.admission) for one in found]


SPECIAL = {
    Kind.ASSESSMENT: ("Đánh giá, xếp loại đoàn viên",),
    Kind.OUTSTANDING: ("Bình chọn đoàn viên ưu tú giới thiệu cho Đảng",),
    Kind.DISCIPLINE: ("Xét kỷ luật",),
}


def _from_points(points: OpenPoints) -> list[Draft]:
    def due(one: Direction) -> str:
        return f" (hạn {day_words(one.due_on)})"

    directions = [
        Draft(
            Item.DIRECTION,
            f"Thực hiện chỉ đạo của {one.body_name}: {small(one.text)[:200].rstrip(' .;')}{due(one)}",
        )
        for one in points.directions[:MOST_DRAFTED]
    ]
    activities = [
        Draft(Item.DISCUSS, f"Chuẩn bị: {one.title} ({span(one.starts_on, one.last_on)})")
        for one in points.activities[:MOST_DRAFTED]
    ]
    return [*directions, *_again(points.undecided, {lower(one.title) for one in directions + activities}), *activities]


def _again(undecided: list[AgendaItem], drafted: set[str]) -> list[Draft]:
    """Points left open, however often, are said once: "Bàn tiếp" stands one time, and not beside the same point."""
    titles = {lower(title): (one.kind, title) for one in undecided if (title := one.title.removeprefix(AGAIN))}
    new = [said for key, said in titles.items() if key not in drafted]
    return [Draft(kind, f"{AGAIN}{small(title)}") for kind, title in new[:MOST_DRAFTED]]


# --- verbs ----------------------------------------------------------------------------------------------


@transaction.atomic
def plan_meeting(*, unit: Unit, by, agenda: Iterable[Draft] = (), tasks: Iterable[Task] = (), **said) -> Meeting:
    """Write down a meeting to come, or one that was not written down in time. `said` are FIELDS.

    `tasks` are the unfinished ones that stand on its agenda: each counts as carried over once a meeting.
    """
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    meeting = Meeting(unit=unit, created_by=by)
    _assign(meeting, said)
    meeting.save()
    for position, one in enumerate(agenda, start=1):
        if one.admission is not None and one.admission.unit_id != unit.pk:
            raise MeetingRefused({"": f"Hồ sơ kết nạp này không phải của {unit.name}."})
        AgendaItem.objects.create(
            meeting=meeting, position=position, kind=one.kind, title=nfc(one.title), admission=one.admission
        )
    carry_tasks(meeting=meeting, tasks=tasks)
    return meeting


def carry_tasks(*, meeting: Meeting, tasks: Iterable[Task]) -> None:
    """Note that these tasks were still open when the meeting was prepared. Said twice, it counts once."""
    mine = [one for one in tasks if one.unit_id == meeting.unit_id and one.state in Task.OPEN]
    TaskCarry.objects.bulk_create([TaskCarry(task=one, meeting=meeting) for one in mine], ignore_conflicts=True)


@transaction.atomic
def change_meeting(*, meeting: Meeting, version: int, on: datetime.date, **said) -> Meeting:
    """Correct a meeting. Raises EditConflict. Once the roll is open its day stays: the roster is of that day."""
    meeting = locked(meeting)
    claim_or_conflict(meeting, version)
    was_on, was_kind = meeting.day, meeting.kind
    _assign(meeting, said)
    if meeting.roll_opened_at is not None:
        if meeting.day != was_on:
            raise MeetingRefused({"day": f"Đã điểm danh theo danh sách ngày {day_words(was_on)}, không đổi ngày được."})
        if (meeting.kind == Kind.COMMITTEE) != (was_kind == Kind.COMMITTEE):
            raise MeetingRefused({"kind": "Đã mở điểm danh, nên không đổi giữa họp Ban Chấp hành và họp chi đoàn."})
    if meeting.ends_at is not None and meeting.ends_at <= meeting.starts_at:
        ended = f"{timezone.localtime(meeting.ends_at):%H:%M}"
        raise MeetingRefused({"time": f"Giờ bắt đầu phải trước giờ kết thúc đã ghi, {ended}."})
    moved = {(was_on, was_kind), (meeting.day, meeting.kind)}
    if meeting.state == Meeting.State.HELD and len(moved) > 1:
        refuse_if_closed(meeting, moved, on=on)
    meeting.save()
    if meeting.state == Meeting.State.HELD:
        feed_meeting(meeting)
    return meeting


def _assign(meeting: Meeting, said: dict) -> None:
    if unknown := set(said) - set(FIELDS):
        raise TypeError(f"not a field of a meeting: {', '.join(sorted(unknown))}")
    for name, value in said.items():
        setattr(meeting, name, nfc(value).strip() if isinstance(value, str) else value)
    errors = {}
    if not meeting.title:
        errors["title"] = "Hãy ghi tên cuộc họp."
    if not meeting.unit.is_branch and meeting.kind not in (Kind.COMMITTEE, Kind.OTHER):
        errors["kind"] = f"{meeting.unit.name} họp Ban Chấp hành hoặc cuộc họp khác; sinh hoạt là của chi đoàn."
    if meeting.form != Meeting.Form.IN_PERSON and not meeting.link and not meeting.place:
        errors["link"] = "Họp trực tuyến: hãy ghi đường dẫn, hoặc ghi cách vào họp ở ô nơi họp."
    if meeting.unit.dissolved_on and meeting.day >= meeting.unit.dissolved_on:
        errors["day"] = f"{meeting.unit.name} đã giải thể từ {day_words(meeting.unit.dissolved_on)}."
    for name in ("chair", "secretary"):
        person = getattr(meeting, name)
        if person is not None and not _belongs(person, meeting):
            errors[name] = f"{person.full_name} không thuộc {meeting.unit.name}."
    if meeting.chair_id and meeting.chair_id == meeting.secretary_id:
        errors["secretary"] = "Chủ trì và thư ký là hai người, để cùng ký biên bản."
    if errors:
        raise MeetingRefused(errors)


def _belongs(person: Member, meeting: Meeting) -> bool:
    """A member of the unit or of what is below it, or an officer of the unit whose record lies elsewhere."""
    if person.home.path.startswith(meeting.unit.path):
        return True
    posts = Post.objects.filter(unit=meeting.unit_id, account__member=person)
    return posts.exists() or person.memberships.filter(unit__path__startswith=meeting.unit.path).exists()
