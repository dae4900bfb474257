"""What the software knows beside an item of a checklist: figures of the unit over the span under review.

An item names its fact by a key. Figures are asked of the subjects they belong to and counted nowhere again; facts
that are made above this app (the duty calendar, plan against result) are added by reports/inspecting_facts.py
through `add_fact`. Each fact costs a fixed number of queries, however many items name it. The rows behind a figure
are in fact_lines.py.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Q
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from branches.assessing.quota import rated_figures
from branches.dues.arrears import dues_by_unit
from branches.dues.months import first_of, step
from branches.formats import dong, number, small
from branches.heirs import left_to
from branches.meetings.attendance import attendance_figures, counted
from branches.models import Activity, Direction, Evidence, Minutes, PartyStep, Period, Unit
from branches.party_way.funnel import on_roll, step_figures
from inspections.models import Inspection, Recommendation

from .scoring import share_words


@dataclass(frozen=True, slots=True)
class Fact:
    """`done` of `of` where the figure has two parts, `of` None where it is a count, both None where it is words.

    `key` is the fact's own, `page` the unit's own page of the same figure.
    """

    words: str
    done: int | None = None
    of: int | None = None
    key: str = ""
    page: str = ""

    @property
    def full_words(self) -> str:
        """With the share, where there is one: "có mặt 245 trên 300 lượt (81,7%)"."""
        share = share_words(self.done, self.of) if self.of else ""
        return f"{self.words} ({share})" if share else self.words


@dataclass(frozen=True, slots=True)
class Asked:
    """What a figure is asked about: the case, its span, the day `on` up to which the span is over, and `today`."""

    case: Inspection
    span: Period
    on: datetime.date
    today: datetime.date

    @property
    def unit(self) -> Unit:
        return self.case.unit

    @property
    def so_far(self) -> Period:
        """The span as far as it is over."""
        ends_on = min(self.span.ends_on, self.on + datetime.timedelta(days=1))
        starts_on = self.span.starts_on
        return Period(kind=self.span.kind, name=self.span.name, starts_on=starts_on, ends_on=max(ends_on, starts_on))

    @property
    def last_month(self) -> datetime.date:
        """The last month that is over by `on`: nobody is behind with the running one."""
        return step(first_of(self.on + datetime.timedelta(days=1)), -1)

    @property
    def year(self) -> Period:
        """The year in which the span ends: targets and ratings are of whole years."""
        return Period.of_year(self.span.last_day.year)


Maker = Callable[[Asked], Fact]


@dataclass(frozen=True, slots=True)
class Kind:
    """How one fact is called, where the unit reads it, and how it is made."""

    label: str
    page: str
    make: Maker


_kinds: dict[str, Kind] = {}
NOT_KNOWN = Fact("chưa có số liệu")


def add_fact(key: str, label: str, make: Maker, *, page: str = "") -> None:
    """Say how a fact is made; `page` is the name of an address about a unit."""
    _kinds[key] = Kind(label, page, make)


def fact_choices() -> list[tuple[str, str]]:
    """Every fact an item may name, by its label."""
    return sorted(((key, kind.label) for key, kind in _kinds.items()), key=lambda pair: pair[1])


def label_of(key: str) -> str:
    return _kinds[key].label if key in _kinds else ""


def span_of(case: Inspection) -> Period:
    """The span under review; an unsaved Period is a plain value."""
    return Period(kind=Period.Kind.YEAR, name="thời gian xem xét", starts_on=case.review_from, ends_on=case.review_to)


def asked_of(case: Inspection, *, on: datetime.date) -> Asked:
    span = span_of(case)
    return Asked(case, span, min(on, span.last_day), on)


def facts_of(case: Inspection, keys: Iterable[str], *, on: datetime.date) -> dict[str, Fact]:
    """{key: fact} of the unit over the span under review, as known on the day. A key nobody makes is said so."""
    asked = asked_of(case, on=on)
    found = {}
    for key in sorted({key for key in keys if key}):
        kind = _kinds.get(key)
        found[key] = replace(kind.make(asked), key=key, page=kind.page) if kind else NOT_KNOWN
    return found


def fact_address(fact: Fact, case: Inspection, *, for_team: bool) -> str:
    """Where the figure can be opened: the rows behind it for the team, the unit's own page for the unit."""
    if for_team:
        return reverse("inspections:case_fact", args=[case.pk, fact.key]) if fact.key else ""
    try:
        return reverse(fact.page, args=[case.unit_id]) + _query(fact.page, span_of(case)) if fact.page else ""
    except NoReverseMatch:
        return ""


def _query(page: str, span: Period) -> str:
    """What makes the unit's page speak about the span; a page of one year about the year in which it ends."""
    asked = {}
    if page == "branches:activity_list":
        asked = {"ky": "tu-den", "tu": span.starts_on.isoformat(), "den": span.last_day.isoformat()}
    elif page in ("branches:meeting_list", "branches:party_way", "reports:duty_calendar"):
        asked = {"nam": span.last_day.year}
    return f"?{urlencode(asked)}" if asked else ""


# --- what this app and branches know --------------------------------------------------------------------


def held_meetings(asked: Asked):
    """Meetings of the whole branch that were held in the span, each with whether its minutes are signed."""
    signed = Minutes.objects.filter(meeting=OuterRef("pk"), state=Minutes.State.LOCKED)
    held = counted(asked.span.starts_on, asked.so_far.ends_on).filter(unit=asked.unit)
    return held.annotate(signed=Exists(signed))


def _minutes(asked: Asked) -> Fact:
    states = list(held_meetings(asked).values_list("signed", flat=True))
    if not states:
        return Fact("chưa họp buổi nào", 0, 0)
    return Fact(f"{sum(states)} trên {len(states)} buổi có biên bản đủ chữ ký", sum(states), len(states))


def _attendance(asked: Asked) -> Fact:
    one = attendance_figures([asked.unit], asked.so_far)[asked.unit.pk]
    if not one.marked:
        return Fact("chưa điểm danh buổi nào", 0, 0)
    words = f"có mặt {number(one.present)} trên {number(one.marked)} lượt, {one.rolls} buổi điểm danh"
    return Fact(words, one.present, one.marked)


def _dues(asked: Asked) -> Fact:
    one = dues_by_unit([asked.unit], asked.span, until=asked.last_month)[asked.unit.pk]
    if not one.owed:
        return Fact("chưa theo dõi đoàn phí", 0, 0)
    return Fact(f"thu {number(one.paid)} trên {dong(one.owed)}", one.paid, one.owed)


def _remitted(asked: Asked) -> Fact:
    one = dues_by_unit([asked.unit], asked.span, until=asked.last_month)[asked.unit.pk]
    if not one.remitted and not one.owed:
        return Fact("chưa theo dõi đoàn phí", 0)
    return Fact(f"đã trích nộp {dong(one.remitted)}, thu {dong(one.paid)}", one.remitted)


def _software(asked: Asked) -> Fact:
    """Members on the roll of the day who have a code of the national software."""
    codes = list(on_roll(asked.unit, asked.on).values_list("member__national_code", flat=True))
    if not codes:
        return Fact("không có đoàn viên nào", 0, 0)
    entered = sum(bool(code) for code in codes)
    return Fact(f"{entered} trên {len(codes)} đoàn viên có mã trên phần mềm", entered, len(codes))


def _members(asked: Asked) -> Fact:
    count = on_roll(asked.unit, asked.on).count()
    return Fact(f"{count} đoàn viên chính thức" if count else "không có đoàn viên nào", count)


def _step_fact(kind: PartyStep.Kind, words: str) -> Maker:
    def make(asked: Asked) -> Fact:
        count = step_figures([asked.unit], asked.so_far)[asked.unit.pk][kind]
        return Fact(words.format(count) if count else "chưa ghi đồng chí nào", count)

    return make


def _rated(asked: Asked) -> Fact:
    one = rated_figures([asked.unit.pk], asked.year)[asked.unit.pk]
    if not one.rated:
        return Fact(f"chưa có kết quả xếp loại {small(asked.year.name)}", 0, 0)
    words = f"{small(asked.year.name)}: {one.fair} trên {one.rated} đồng chí xếp loại từ khá trở lên"
    return Fact(words, one.fair, one.rated)


def held_activities(asked: Asked):
    """Activities the unit held in the span, as far as it is over; what a book feeds by itself is none."""
    held = Activity.objects.counted().in_period(asked.so_far)
    return held.filter(unit=asked.unit, nature=Activity.Nature.ACTIVITY, fed_by="")


def without_evidence(rows):
    return rows.filter(~Exists(Evidence.objects.filter(activity=OuterRef("pk"))))


def _evidenced(asked: Asked) -> Fact:
    held = held_activities(asked)
    count = held.count()
    if not count:
        return Fact("chưa ghi hoạt động nào", 0, 0)
    proven = count - without_evidence(held).count()
    return Fact(f"{proven} trên {count} hoạt động có minh chứng", proven, count)


def directions_given(asked: Asked):
    return Direction.objects.filter(unit=asked.unit, given_on__gte=asked.span.starts_on, given_on__lte=asked.on)


def _directions(asked: Asked) -> Fact:
    """What the Party committee and the superior asked in the span, and how much of it was answered."""
    days = list(directions_given(asked).values_list("answered_on", flat=True))
    if not days:
        return Fact("chưa ghi chỉ đạo nào", 0, 0)
    answered = sum(bool(day and day <= asked.on) for day in days)
    return Fact(f"{answered} trên {len(days)} chỉ đạo đã trả lời", answered, len(days))


def earlier_recommendations(asked: Asked):
    """What earlier notices of the same committee asked of the unit, or of units whose heir it is.

    As they stand today, also after the span: an inspector wants to see what is left. Another committee's cases are
    not opened by this one.
    """
    case = asked.case
    rows = Recommendation.objects.in_force().exclude(inspection=case)
    rows = rows.filter(inspection__programme__unit=case.programme.unit_id)
    rows = rows.filter(Q(inspection__unit=case.unit_id) | Q(inspection__unit__in=left_to([case.unit_id])))
    return rows.filter(inspection__concluded_on__lte=case.concluded_on or asked.today)


def _before(asked: Asked) -> Fact:
    ends = list(earlier_recommendations(asked).values_list("ended_on", flat=True))
    if not ends:
        return Fact("chưa có kiến nghị nào lần trước", 0, 0)
    closed = sum(bool(day and day <= asked.today) for day in ends)
    return Fact(f"đã khép {closed} trên {len(ends)} kiến nghị lần trước", closed, len(ends))


_MINE = (
    ("minutes_signed", "Biên bản đủ chữ ký", _minutes, "branches:meeting_list"),
    ("attendance", "Tỷ lệ dự họp", _attendance, "branches:meeting_list"),
    ("dues", "Đoàn phí thu được", _dues, "branches:dues"),
    ("dues_remitted", "Đoàn phí trích nộp", _remitted, "branches:dues"),
    ("members", "Số đoàn viên", _members, "branches:member_list"),
    ("members_software", "Đoàn viên có mã trên phần mềm", _software, "branches:member_list"),
    ("members_rated", "Xếp loại đoàn viên", _rated, "branches:assessment_list"),
    ("activities_evidence", "Hoạt động có minh chứng", _evidenced, "branches:activity_list"),
    ("directions", "Chỉ đạo đã trả lời", _directions, "reports:direction_list"),
    ("recommendations", "Kiến nghị lần trước đã khép", _before, ""),
    ("outstanding", "Đoàn viên ưu tú được bình chọn",
     _step_fact(PartyStep.Kind.OUTSTANDING, "{} đồng chí được bình chọn"), "branches:party_way"),
    ("party_class", "Đã học lớp nhận thức về Đảng",
     _step_fact(PartyStep.Kind.CLASS_DONE, "{} đồng chí đã học"), "branches:party_way"),
    ("party_introduced", "Giới thiệu Đảng xem xét kết nạp",
     _step_fact(PartyStep.Kind.INTRODUCED, "{} đồng chí được giới thiệu"), "branches:party_way"),
    ("party_admitted", "Được kết nạp Đảng",
     _step_fact(PartyStep.Kind.ADMITTED, "{} đồng chí được kết nạp"), "branches:party_way"),
)  # fmt: skip
for _key, _label, _make, _page in _MINE:
    add_fact(_key, _label, _make, page=_page)
