"""The rows behind a figure beside an item: a printed number can be opened, and as many lines stand there.

Each fact says how its rows are called that count and those that do not; the parts of the lines add up to the figure,
and a test holds that for every fact. Rows of the register of persons name nobody: ratings and steps on the way to
the Party are told by level, day and document. Facts made above this app add theirs with `add_lines`.
"""

import datetime
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from branches.dues.arrears import dues_by_month
from branches.dues.months import first_of, month_words, months_between
from branches.formats import day, dong, number
from branches.meetings.minutes_text import CLOSED_KINDS
from branches.models import Assessment, Attendance, Evidence, Membership, PartyStep, Remittance
from branches.models.assessment import Subject
from branches.party_way.funnel import on_roll, steps_behind
from inspections.models import Inspection

from .facts import (
    Asked,
    asked_of,
    directions_given,
    earlier_recommendations,
    held_activities,
    held_meetings,
)

Mark = Attendance.State


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `done` is what it adds to the figure, `of` to its whole, where there is one."""

    text: str
    said: str = ""
    done: int = 1
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """`yes` heads the rows that count; `no` those that do not, empty where every row counts by its own part."""

    yes: str
    no: str
    lines: Callable[[Asked], list[Line]]
    section: str = ""  # of the evidence room, where the books themselves are


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    lines: list[Line]


_rows: dict[str, Rows] = {}


def add_lines(key: str, yes: str, no: str, lines: Callable[[Asked], list[Line]], *, section: str = "") -> None:
    _rows[key] = Rows(yes, no, lines, section)


def section_of_fact(key: str) -> str:
    return _rows[key].section if key in _rows else ""


def lines_of(case: Inspection, key: str, *, on: datetime.date) -> list[Line]:
    """Every row the figure was made of, counted or not."""
    return _rows[key].lines(asked_of(case, on=on)) if key in _rows else []


def groups_of(case: Inspection, key: str, *, on: datetime.date) -> list[Group]:
    """The rows as a page shows them: those that do not count first, they are what an inspector looks for."""
    lines = lines_of(case, key, on=on)
    if not lines:
        return []
    rows = _rows[key]
    if not rows.no:
        return [Group(rows.yes, lines)]
    parts = (
        Group(rows.no, [one for one in lines if not one.done]),
        Group(rows.yes, [one for one in lines if one.done]),
    )
    return [one for one in parts if one.lines]


# --- books of branches --------------------------------------------------------------------------------------


def _title(meeting) -> str:
    """The title of a meeting about single people may name them."""
    named = meeting.get_kind_display() if meeting.kind in CLOSED_KINDS else meeting.title
    return f"{day(meeting.day)} · {named}"


def _minutes(asked: Asked) -> list[Line]:
    return [Line(_title(one), done=int(one.signed), of=1) for one in held_meetings(asked).order_by("starts_at", "pk")]


def _attendance(asked: Asked) -> list[Line]:
    """Turns by meeting, official standing only; a roll nobody marked adds nothing."""
    official = Q(attendance__standing=Membership.Kind.OFFICIAL)
    rows = held_meetings(asked).order_by("starts_at", "pk").annotate(
        present=Count("attendance", filter=official & Q(attendance__state=Mark.PRESENT)),
        marked=Count("attendance", filter=official & ~Q(attendance__state=Mark.UNKNOWN)),
    )  # fmt: skip
    return [
        Line(
            _title(one),
            f"có mặt {number(one.present)} trên {number(one.marked)}" if one.marked else "chưa điểm danh",
            one.present, one.marked,
        )
        for one in rows
    ]  # fmt: skip


def _dues(asked: Asked) -> list[Line]:
    months = months_between(first_of(asked.span.starts_on), asked.last_month)
    months = [month for month in months if asked.span.starts_on <= month < asked.span.ends_on]
    return [
        Line(f"Tháng {month_words(month)}", f"thu {number(paid)} trên {dong(owed)}", paid, owed)
        for month, (paid, owed) in dues_by_month(asked.unit, months).items()
        if owed
    ]


def _remitted(asked: Asked) -> list[Line]:
    span = asked.span
    rows = Remittance.objects.filter(
        unit=asked.unit, state__in=Remittance.STANDING, starts_on__gte=span.starts_on, starts_on__lt=span.ends_on
    )
    return [
        Line(
            f"Phiếu số {one.number}/{one.year} · nộp ngày {day(one.handed_on)} · {one.get_state_display()}",
            dong(one.amount), one.amount,
        )
        for one in rows.order_by("starts_on", "pk")
    ]  # fmt: skip


def _people(asked: Asked):
    rows = on_roll(asked.unit, asked.on).select_related("member").order_by("member__sort_key", "member_id")
    for one in rows:
        born = f", sinh năm {one.member.birth_date.year}" if one.member.birth_date else ""
        yield one.member, f"{one.member.full_name}{born}"


def _members(asked: Asked) -> list[Line]:
    return [Line(text) for _, text in _people(asked)]


def _software(asked: Asked) -> list[Line]:
    return [Line(text, member.national_code or "", int(bool(member.national_code)), 1)
            for member, text in _people(asked)]  # fmt: skip


def _rated(asked: Asked) -> list[Line]:
    """Persons by level, of the newest round of the year."""
    rows = Assessment.objects.filter(
        unit=asked.unit, round__subject=Subject.MEMBER, round__period__starts_on=asked.year.starts_on,
        round__period__ends_on=asked.year.ends_on,
    ).exclude(state=Assessment.State.NOT_ELIGIBLE)  # fmt: skip
    newest = rows.order_by("-round__opened_on", "-round_id").values_list("round_id", flat=True).first()
    approved = rows.filter(round_id=newest, state=Assessment.State.APPROVED).select_related("final_label")
    labels = {one.final_label_id: one.final_label for one in approved}
    counts = Counter(one.final_label_id for one in approved)
    return [
        Line(labels[pk].name, f"{count} đồng chí", count if labels[pk].is_fair else 0, count)
        for pk, count in sorted(counts.items(), key=lambda pair: (labels[pair[0]].position, pair[0]))
    ]


def _evidenced(asked: Asked) -> list[Line]:
    proven = Exists(Evidence.objects.filter(activity=OuterRef("pk")))
    rows = held_activities(asked).annotate(proven=proven).order_by("last_on", "pk")
    return [Line(f"{day(one.last_on)} · {one.title}", done=int(one.proven), of=1) for one in rows]


def _directions(asked: Asked) -> list[Line]:
    return [
        Line(
            one.text, f"{one.body_name} giao ngày {day(one.given_on)}",
            int(bool(one.answered_on and one.answered_on <= asked.on)), 1,
        )
        for one in directions_given(asked).order_by("given_on", "position", "pk")
    ]  # fmt: skip


def _before(asked: Asked) -> list[Line]:
    rows = earlier_recommendations(asked).select_related("inspection")
    return [
        Line(
            one.text, f"Thông báo ngày {day(one.inspection.concluded_on)} · {one.get_state_display()}",
            int(bool(one.ended_on and one.ended_on <= asked.today)), 1,
        )
        for one in rows.order_by("inspection__concluded_on", "inspection_id", "number", "pk")
    ]  # fmt: skip


def _steps(kind: PartyStep.Kind):
    def lines(asked: Asked) -> list[Line]:
        rows = steps_behind(asked.unit, kind, asked.so_far).order_by("dated_on", "pk")
        return [Line(f"Ngày {day(one.dated_on)} · một đồng chí", one.document) for one in rows]

    return lines


_MINE = (
    ("minutes_signed", "Đủ chữ ký", "Chưa đủ chữ ký", _minutes, "meetings"),
    ("attendance", "Các buổi đã họp", "", _attendance, "meetings"),
    ("dues", "Từng tháng", "", _dues, "dues"),
    ("dues_remitted", "Phiếu nộp", "", _remitted, "dues"),
    ("members", "Đoàn viên chính thức", "", _members, "members"),
    ("members_software", "Có mã trên phần mềm", "Chưa có mã", _software, "members"),
    ("members_rated", "Từng mức xếp loại", "", _rated, ""),
    ("activities_evidence", "Có minh chứng", "Chưa có minh chứng", _evidenced, "activities"),
    ("directions", "Đã trả lời", "Chưa trả lời", _directions, ""),
    ("recommendations", "Đã khép", "Chưa khép", _before, "before"),
    ("outstanding", "Được bình chọn", "", _steps(PartyStep.Kind.OUTSTANDING), ""),
    ("party_class", "Đã học", "", _steps(PartyStep.Kind.CLASS_DONE), ""),
    ("party_introduced", "Được giới thiệu", "", _steps(PartyStep.Kind.INTRODUCED), ""),
    ("party_admitted", "Được kết nạp", "", _steps(PartyStep.Kind.ADMITTED), ""),
)
for _key, _yes, _no, _lines, _section in _MINE:
    add_lines(_key, _yes, _no, _lines, section=_section)
