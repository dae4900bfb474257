"""Verbs that prepare a case: opening it under a programme, what it is about, the team.

Each runs in one transaction, locks the case first and refuses with InspectionRefused (states.py).
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from branches.models import Unit
from inspections.models import Inspection, InspectionProgramme, ProgrammeChange, TeamSeat, Topic
from inspections.programming import TopicLine, note_change
from inspections.states import InspectionRefused, State, lock_case, move, save_clean


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A place in the team; `account` opens the case for that person. `pk` when the seat exists already."""

    name: str
    post_text: str = ""
    role: str = TeamSeat.Role.MEMBER
    account: object | None = None
    starts_on: datetime.date | None = None
    pk: int | None = None


# The case


@transaction.atomic
def plan_inspections(
    *,
    by,
    on: datetime.date,
    programme: InspectionProgramme,
    units: Iterable[Unit],
    title: str,
    review_from: datetime.date,
    review_to: datetime.date,
    inspection_kind: str = "",
    supervision_kind: str = "",
    form: str = Inspection.Form.ON_SITE,
    planned_month: datetime.date | None = None,
    visited_on: datetime.date | None = None,
    day_part: str = "",
    place: str = "",
    topics: Iterable[TopicLine] = (),
    team: Iterable[SeatLine] = (),
    reason: str = "",
    arose_from: Inspection | None = None,
    arose_as: str = "",
) -> list[Inspection]:
    """Open one case for each unit under the same programme, with the same topics and team.

    `review_to` is exclusive. `visited_on` is the day agreed for the visit, if there is one already;
    `planned_month` any day of the month planned. Without topics the case takes those of the programme. An issued
    programme is added to with a `reason`.
    """
    units, topics, team = list(units), list(topics), list(team)
    topics = topics or [TopicLine(row.text, row.use) for row in programme.topics.all()]
    planned_month = planned_month or visited_on
    if not units:
        raise InspectionRefused({"units": "Hãy chọn ít nhất một đơn vị."})
    _check_purpose(inspection_kind, supervision_kind)
    _check_review_span(review_from, review_to)
    for unit in units:
        if unit.pk == programme.unit_id or not unit.path.startswith(programme.unit.path):
            raise InspectionRefused({"units": f"{unit.name} không phải đơn vị cấp dưới của {programme.unit.name}."})
        if unit.dissolved_on and unit.dissolved_on <= on:
            raise InspectionRefused({"units": f"{unit.name} đã giải thể từ {unit.dissolved_on:%d/%m/%Y}."})
    cases = []
    for unit in units:
        case = Inspection(
            programme=programme,
            unit=unit,
            title=title.strip(),
            form=form,
            planned_month=planned_month and planned_month.replace(day=1),
            inspection_kind=inspection_kind,
            supervision_kind=supervision_kind,
            review_from=review_from,
            review_to=review_to,
            visited_on=visited_on,
            day_part=day_part,
            place=place.strip(),
            arose_from=arose_from,
            arose_as=arose_as,
            state_since=on,
        )
        save_clean(case, by)
        _write_topics(case, topics)
        _write_team(case, team, on)
        _follow_team(case, by=by, on=on)
        case.save(update_fields=["state", "state_since"])
        what = f"{unit.name}{f', tháng {planned_month:%m/%Y}' if planned_month else ''}"
        note_change(programme, ProgrammeChange.Kind.ADDED, what, by=by, on=on, reason=reason, inspection=case)
        cases.append(case)
    return cases


def title_from(programme: InspectionProgramme) -> str:
    """What a case under the programme is called until somebody says it better: its title, not named a programme."""
    title = programme.title
    for word in ("Chương trình ", "Kế hoạch "):
        title = title.removeprefix(word)
    return f"{title[:1].upper()}{title[1:]}"[:200]


@transaction.atomic
def take_up(
    *, by, on: datetime.date, programme: InspectionProgramme, unit: Unit, month: datetime.date, since, reason: str
) -> Inspection:
    """Put one unit into a month of the programme, with what the programme looks at, reviewed from `since` on.

    Refuses a unit that is in the programme already: of two people who take it at once, one does.
    """
    programme = InspectionProgramme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    if programme.inspections.filter(unit=unit).exclude(state=State.CANCELLED).exists():
        raise InspectionRefused({"units": f"{unit.name} đã có trong chương trình."})
    return plan_inspections(
        by=by, on=on, programme=programme, units=[unit], title=title_from(programme), review_from=since,
        review_to=month, inspection_kind=Inspection.Kind.PERIODIC, planned_month=month, reason=reason,
    )[0]  # fmt: skip


def _follow_team(case, *, by, on):
    """A case with a head of its team has its team; one whose team was taken away goes back into the programme."""
    has_head = case.team.filter(role=TeamSeat.Role.HEAD, ends_on=None).exists()
    if has_head and case.state == State.PLANNED:
        move(case, "set_team", by=by, on=on, to=State.TEAM)
    elif not has_head and case.state == State.TEAM:
        move(case, "set_team", by=by, on=on, to=State.PLANNED)


@transaction.atomic
def change_inspection(
    *,
    inspection: Inspection,
    version: int,
    by,
    title: str,
    review_from: datetime.date,
    review_to: datetime.date,
    inspection_kind: str = "",
    supervision_kind: str = "",
    form: str = Inspection.Form.ON_SITE,
    planned_month: datetime.date | None = None,
    visited_on: datetime.date | None = None,
    day_part: str = "",
    place: str = "",
    topics: Iterable[TopicLine] = (),
    on: datetime.date | None = None,
    reason: str = "",
) -> Inspection:
    """Correct what a case is about, until it is concluded. Topics left out are removed.

    Another month than the issued programme says needs a `reason` (and the day `on`). Raises EditConflict.
    """
    case = lock_case(inspection, "change")
    case.claim(version)
    _check_purpose(inspection_kind, supervision_kind)
    _check_review_span(review_from, review_to)
    if case.state == State.VISITED and visited_on is None:
        raise InspectionRefused({"visited_on": "Buổi làm việc đã ghi nên phải có ngày."})
    case.title, case.place, case.day_part = title.strip(), place.strip(), day_part
    day = planned_month or visited_on or case.planned_month
    month = day and day.replace(day=1)
    if month != case.planned_month and case.state in Inspection.BEFORE_VISIT:
        was = f"{case.planned_month:%m/%Y}" if case.planned_month else "chưa định"
        what = f"{case.unit.name}: từ tháng {was} sang {month:%m/%Y}"
        note_change(case.programme, ProgrammeChange.Kind.MOVED, what, by=by, on=on, reason=reason, inspection=case)
        case.planned_month = month
    case.form = form
    case.inspection_kind, case.supervision_kind = inspection_kind, supervision_kind
    case.review_from, case.review_to, case.visited_on = review_from, review_to, visited_on
    save_clean(case, by)
    _write_topics(case, topics)
    return case


def _check_purpose(inspection_kind, supervision_kind):
    if not inspection_kind and not supervision_kind:
        raise InspectionRefused({"inspection_kind": "Hãy chọn kiểm tra, giám sát, hoặc cả hai."})
    if inspection_kind and inspection_kind not in Inspection.INSPECTION_KINDS:
        raise InspectionRefused({"inspection_kind": "Kiểm tra không có loại này."})
    if supervision_kind and supervision_kind not in Inspection.SUPERVISION_KINDS:
        raise InspectionRefused({"supervision_kind": "Giám sát không có loại này."})


def _check_review_span(review_from, review_to):
    if review_to <= review_from:
        raise InspectionRefused({"review_to": "Mốc kết thúc phải sau mốc bắt đầu."})


def _write_topics(case, topics):
    """Make the topics of the case exactly these, in this order; an answer already given stays."""
    topics = list(topics)
    known = {topic.pk: topic for topic in case.topics.all()}
    kept = {line.pk for line in topics if line.pk in known}
    for topic in known.values():
        if topic.pk not in kept and topic.answer:
            raise InspectionRefused({"topics": f"Đơn vị đã trả lời “{topic.text}” nên không bỏ được."})
    case.topics.exclude(pk__in=kept).delete()
    for position, line in enumerate(topics, 1):
        topic = known.get(line.pk) or Topic(inspection=case, answer=line.answer.strip())
        topic.text, topic.use, topic.position = line.text.strip(), line.use, position
        save_clean(topic)


# The team


@transaction.atomic
def set_team(*, inspection: Inspection, version: int, by, on: datetime.date, seats: Iterable[SeatLine]) -> Inspection:
    """Make the team exactly these people from the day `on`.

    A seat left out ends on that day, and with it its right to the case; it is erased only if it
    had not begun before. Raises EditConflict when somebody saved the case meanwhile.
    """
    case = lock_case(inspection, "set_team")
    case.claim(version)
    _write_team(case, seats, on)
    _follow_team(case, by=by, on=on)
    save_clean(case, by)
    return case


@transaction.atomic
def end_seat(*, seat: TeamSeat, by, on: datetime.date) -> TeamSeat:
    """Take one person out of the team from the day `on`, in any state of the case."""
    case = lock_case(seat.inspection, "end_seat")
    seat = case.team.get(pk=seat.pk)
    if seat.ends_on is not None:
        raise InspectionRefused(f"{seat.name} đã thôi tham gia đoàn từ {seat.ends_on:%d/%m/%Y}.")
    _end(seat, on)
    return seat


def _end(seat, on):
    if seat.starts_on >= on:
        seat.delete()
    else:
        seat.ends_on = on
        seat.save(update_fields=["ends_on"])


def _write_team(case, seats, on):
    seats = list(seats)
    if sum(line.role == TeamSeat.Role.HEAD for line in seats) > 1:
        raise InspectionRefused({"team": "Đoàn kiểm tra chỉ có một trưởng đoàn."})
    known = {seat.pk: seat for seat in case.team.filter(ends_on=None)}
    kept = {line.pk for line in seats}
    for seat in known.values():
        if seat.pk not in kept:
            _end(seat, on)
    # The head last: the old head has then given up the role, of which there is only one.
    ordered = sorted(enumerate(seats, 1), key=lambda pair: pair[1].role == TeamSeat.Role.HEAD)
    for position, line in ordered:
        seat = known.get(line.pk) or TeamSeat(inspection=case, starts_on=line.starts_on or on)
        seat.name, seat.post_text, seat.role = line.name.strip(), line.post_text.strip(), line.role
        seat.account, seat.position = line.account, position
        save_clean(seat)
