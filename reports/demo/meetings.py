"""The running year of meetings: held month by month with their rolls, one not held, one month nobody wrote down.

Built with the same verbs people use, each at the moment it would have been: the roster is that of the day.
"""

import datetime

from django.db import transaction
from django.utils import timezone

from branches.meetings.agenda import add_item, conclude
from branches.meetings.planning import drafted_agenda, first_values, officers_of, open_points, plan_meeting
from branches.meetings.roll import Mark, add_guest, mark_roll, open_roll
from branches.meetings.states import cancel_meeting, close_meeting
from branches.meetings.voting import record_ballot
from branches.models import Attendance, Meeting
from branches.models.rule import rules_on

from .loading import Demo
from .units import ROLLS

Day = datetime.date
OWN = "so-tttt"
THEMES = (
    "Mừng Đảng, mừng Xuân", "Tuổi trẻ xung kích, tình nguyện", "Tháng Thanh niên",
    "Kỷ niệm 51 năm Ngày giải phóng miền Nam", "Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
    "Thanh niên với chuyển đổi số", "Tri ân các anh hùng liệt sĩ", "Hè tình nguyện", "Văn hóa công sở",
    "Thanh niên với cải cách hành chính", "Uống nước nhớ nguồn", "Tổng kết công tác năm",
)  # fmt: skip
CONCLUSIONS = (
    "Chi đoàn duy trì mô hình hỗ trợ người dân nộp hồ sơ trực tuyến vào chiều thứ Sáu hằng tuần.",
    "Mỗi đoàn viên đăng ký một việc làm theo Bác trước ngày sinh hoạt tới.",
    "Giao Ban Chấp hành liên hệ Trung tâm Huyết học để tổ chức hiến máu.",
    "Thống nhất đăng ký công trình thanh niên cấp chi đoàn trong quý tới.",
)
EXCUSES = ("Đi công tác tại huyện", "Trực cơ quan", "Nghỉ ốm", "Đang đi học tập trung")
# branch → months without a word, month not held with its reason
SILENT = {
    OWN: {4}, "thanh-tra": {2, 5, 8, 9, 10}, "bql-kcn": {6, 9}, "so-ldtbxh": {7}, "xay-lap-cong-truong": {3, 8},
}  # fmt: skip
NOT_HELD = {
    OWN: (8, "Cả chi đoàn tham gia khắc phục hậu quả mưa bão"),
    "det-may-soi": (9, "Phân xưởng tăng ca cả tháng"),
}


@transaction.atomic
def build(demo: Demo) -> None:
    for place, code in enumerate(ROLLS):
        for month in range(1, demo.today.month + 1):
            day = _day_of(demo.today.year, month, place)
            if month in SILENT.get(code, ()) or day >= demo.today:
                continue
            _month(demo, code, place, day)
    _next(demo)


def _day_of(year: int, month: int, place: int) -> Day:
    """The second or third Friday of the month."""
    first = Day(year, month, 1)
    return first + datetime.timedelta(days=(4 - first.weekday()) % 7 + 7 * (1 + place % 2))


def _at(day: Day, hour: int, minute: int = 0) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, minute)))


def _month(demo: Demo, code: str, place: int, day: Day) -> None:
    unit, by = demo.units[code], demo.recorder(code, day)
    officers = officers_of(unit, day)
    meeting = plan_meeting(
        unit=unit, by=by, kind=Meeting.Kind.BRANCH, title=f"Sinh hoạt chi đoàn tháng {day.month}/{day.year}",
        theme=THEMES[day.month - 1], starts_at=_at(day, 17), form=Meeting.Form.IN_PERSON, place="Phòng họp tầng 3",
        chair=officers[0] if officers else None, secretary=officers[1] if len(officers) > 1 else None,
    )  # fmt: skip
    missed, reason = NOT_HELD.get(code, (0, ""))
    if day.month == missed:
        cancel_meeting(meeting=meeting, reason=reason)
        return
    items = [
        add_item(meeting=meeting, kind=kind, title=title)
        for kind, title in (
            ("review", "Kiểm điểm công tác tháng trước, việc đã giao"),
            ("study", f"Sinh hoạt chủ điểm: {THEMES[day.month - 1]}"),
            ("discuss", "Bàn công tác tháng tới"),
        )[0 if code == OWN else 1 :]
    ]
    meeting = open_roll(meeting=meeting, now=_at(day, 16, 50))
    _mark(meeting, by, place + day.month, _at(day, 17, 5))
    if code == OWN:
        conclude(item=items[2], text=CONCLUSIONS[day.month % len(CONCLUSIONS)])
        if day.month % 3 == 0:
            add_guest(meeting=meeting, name="", body="đại diện chi ủy", count=1)
            _vote(meeting, items[2], by)
    close_meeting(meeting=meeting, ends_at=_at(day, 18, 15), now=_at(day, 18, 20))


def _mark(meeting: Meeting, by, seed: int, at: datetime.datetime) -> None:
    """Most are there; who is away changes from month to month, and now and then somebody is without a reason."""
    rows = list(Attendance.objects.filter(meeting=meeting).order_by("sort_key", "pk"))
    marks = []
    for number, row in enumerate(rows):
        turn = number * 7 + seed * 5
        if turn % 11 == 3:
            marks.append(Mark(row.pk, Attendance.State.EXCUSED, at, EXCUSES[turn % len(EXCUSES)]))
        elif turn % 23 == 5:
            marks.append(Mark(row.pk, Attendance.State.ABSENT, at))
        elif turn % 97 != 13:
            marks.append(Mark(row.pk, Attendance.State.PRESENT, at))
    mark_roll(meeting=meeting, marks=marks, by=by, now=at)


def _vote(meeting: Meeting, item, by) -> None:
    rows = Attendance.objects.filter(meeting=meeting, standing="official")
    present = rows.filter(state=Attendance.State.PRESENT).count()
    record_ballot(
        item=item, by=by, rules=rules_on(meeting.day), question="Thông qua kế hoạch công tác quý tới",
        decision="simple", means="hand", entitled=rows.count(), present=present, votes_for=present - 1,
        votes_against=0, abstentions=1,
    )  # fmt: skip


def _next(demo: Demo) -> None:
    """The next meeting of the demo's branch is called, with the agenda the form drafts."""
    unit, by = demo.units[OWN], demo.recorder(OWN, demo.today)
    first = first_values(unit, Meeting.Kind.BRANCH, demo.today)
    day = timezone.localdate(first["starts_at"])
    points = open_points(unit, day)
    plan_meeting(
        unit=unit, by=by, agenda=drafted_agenda(points, Meeting.Kind.BRANCH, day), tasks=points.tasks,
        theme=THEMES[day.month - 1], **first,
    )  # fmt: skip
