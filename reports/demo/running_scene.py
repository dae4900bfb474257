"""What the cases of the running year share: who inspects, how a case is opened, papers that go out in order of day."""

import datetime
from dataclasses import dataclass, field

from django.utils import timezone

from branches.models import Account
from branches.workdays import is_working_day
from inspections.models import CasePaper, Inspection, InspectionProgramme, RoomTake
from inspections.preparing import SeatLine, plan_inspections
from reports.evidence_room.archive import build
from reports.evidence_room.room import Room
from reports.evidence_room.sections import section_of

from .casepapers import minutes_words, send_out
from .caseplay import go_through
from .casework import INSPECT, Before, Notice, Sheet, Visit, topics
from .loading import Demo

Day = datetime.date
Kind = CasePaper.Kind
ONE_DAY = datetime.timedelta(days=1)
REPORT = (
    "Chi đoàn đã triển khai đủ các chỉ tiêu được giao; sinh hoạt hằng tháng có biên bản; thu nộp đoàn phí đúng hạn. "
    "Hạn chế: sáng kiến còn ít, hoạt động hè chưa đều."
)


@dataclass
class Scene:
    """The programme that is being played. `second` is the other inspector who signs in."""

    demo: Demo
    by: Account
    second: Account
    programme: InspectionProgramme
    team: list[SeatLine]
    sheets: list[tuple[Inspection, Sheet]] = field(default_factory=list)

    def go(self, case, visit: Visit, notice: Notice | None = None, close_on: Day | None = None) -> Inspection:
        return go_through(self.demo, case, visit, notice, by=self.by, close_on=close_on)

    def weekday(self, ago: int) -> Day:
        """The first working day from the day so many days ago on; the next ones for a negative number."""
        day = self.demo.ago(ago)
        while not is_working_day(day):
            day += ONE_DAY
        return day

    def papers(self, case: Inspection, before: Before, visit: Visit | None = None) -> None:
        """The papers the case has had so far; they go out with those of the other cases, in the order of the days."""
        rows = [
            Sheet(before.sent_on - 3 * ONE_DAY, Kind.DECISION), Sheet(before.sent_on, Kind.PLAN),
            Sheet(before.sent_on, Kind.OUTLINE),
        ]  # fmt: skip
        if visit:
            rows.append(Sheet(visit.day, Kind.SESSION))
        if visit and visit.filed_on:
            rows.append(Sheet(visit.filed_on, Kind.TEAM_REPORT))
        self.sheets += [(case, sheet) for sheet in rows]

    def take_room(self, case: Inspection, *keys: str) -> None:
        """Somebody of the team took these sections of the unit's material along."""
        sections = [section_of(Room(case, self.demo.today), key) for key in keys]
        now = timezone.localtime()
        made = build(Room(case, self.demo.today), sections, by=str(self.second), at=now)
        made.content.close()
        RoomTake.objects.create(
            inspection=case, sections="; ".join(section.title for section in sections), files=made.files,
            size=made.size, made_by=self.second, made_at=now,
        )  # fmt: skip

    def send_papers(self) -> None:
        for case, sheet in sorted(self.sheets, key=lambda pair: pair[1].day):
            case.refresh_from_db()
            if sheet.kind == Kind.SESSION:
                said = minutes_words(case, "8 giờ 30", "11 giờ 00", "Nhất trí với nhận xét của Đoàn kiểm tra.")
                sheet = sheet._replace(texts=said)
            send_out(sheet, by=self.by, inspection=case)


def nothing() -> None:
    """The case stays as it was opened."""


def open_case(
    s: Scene, unit: str, day: Day, title="Kiểm tra công tác Đoàn và phong trào thanh niên", form="on_site",
    kind="periodic", contents=(),
) -> Inspection:  # fmt: skip
    """A case of the programme; one that has a session holds it on the day, another one is planned for its month.

    A month that lies further ahead has no team yet.
    """
    sits = form in ("on_site", "online")
    start = Day(day.year, 1, 1)
    if (day - start).days < 30:
        start = start.replace(year=start.year - 1)
    [case] = plan_inspections(
        by=s.by, on=s.programme.issued_on, programme=s.programme, units=[s.demo.units[unit]], title=title,
        inspection_kind=kind, review_from=start, review_to=day, visited_on=day if sits else None,
        planned_month=day, form=form, day_part="morning" if sits else "", place="Phòng họp của đơn vị" if sits else "",
        topics=topics(*((INSPECT, text) for text in contents)), team=[] if form == "by_report" else s.team,
    )  # fmt: skip
    return case


def notice(s: Scene, day: Day, number: int) -> Notice:
    return Notice(
        day=day, number=f"{number:02d}-TB/UBKT", opening="Đơn vị chuẩn bị hồ sơ đầy đủ, báo cáo đúng đề cương.",
        capacity="TM. ỦY BAN KIỂM TRA", post="CHỦ NHIỆM", name=s.by.full_name,
    )  # fmt: skip


def account(words: str) -> dict:
    hosts = [("Ban Chấp hành và đoàn viên đơn vị", ""), ("Đại diện cấp ủy", "")]
    return {"part": "morning", "place": "Phòng họp của đơn vị", "account": words, "hosts": hosts}
