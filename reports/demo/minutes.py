"""Minutes of the running year's meetings: written, agreed and signed, the newest of each branch waiting for signatures.

Called after meetings.py; takes the meetings that were held and uses the verbs people use, each at its moment.
"""

import datetime

from django.db import transaction

from branches.meetings.minutes import Typed, save_texts
from branches.meetings.minutes_record import digest_of, record_of
from branches.meetings.minutes_text import item_key
from branches.meetings.reading import MEETINGS
from branches.meetings.signing import Role, agree, read_back, set_number, sign
from branches.models import AgendaItem, Attendance, Meeting, Minutes

from .loading import Demo

BRANCHES = ("so-tttt", "cuc-thads", "so-tu-phap")  # enough to see, and the province still loads in a minute
HALF_AN_HOUR = datetime.timedelta(minutes=30)
SAID = {
    AgendaItem.Kind.REVIEW: "Đồng chí {secretary} báo cáo kết quả việc đã giao; các đồng chí được giao bổ sung.",
    AgendaItem.Kind.STUDY: "Đồng chí {chair} giới thiệu chủ điểm; đoàn viên trao đổi trong 20 phút.",
    AgendaItem.Kind.DISCUSS: "- Đồng chí {first}: đề nghị phân công cụ thể từng người, có thời hạn.\n"
    "- Đồng chí {second}: đề nghị mượn hội trường cơ quan để sinh hoạt chuyên đề.",
}
WISHES = (
    "Đoàn viên đề nghị lịch sinh hoạt được báo trước ít nhất 05 ngày.",
    "Đoàn viên đề nghị Ban Chấp hành liên hệ lớp bồi dưỡng kỹ năng công tác Đoàn.",
    "Không có ý kiến, kiến nghị khác.",
)
CONCLUSION = (
    "Đồng chí chủ trì tiếp thu ý kiến, thống nhất các nội dung đã bàn và giao Ban Chấp hành theo dõi thực hiện."
)


@transaction.atomic
def build(demo: Demo) -> None:
    """One paper for each meeting that was held; the newest of each branch is agreed and waits for its signatures."""
    codes = {demo.units[code].pk: code for code in BRANCHES}
    newest, numbers = {}, {}
    rows = MEETINGS.filter(unit__in=list(codes), state=Meeting.State.HELD, minutes=None)
    rows = list(rows.filter(starts_at__year=demo.today.year).order_by("starts_at", "pk"))
    for meeting in rows:
        newest[meeting.unit_id] = meeting.pk
    for meeting in rows:
        numbers[meeting.unit_id] = numbers.get(meeting.unit_id, 0) + 1
        by = demo.recorder(codes[meeting.unit_id], meeting.day)
        is_last = newest[meeting.unit_id] == meeting.pk
        _written(meeting, by, number=numbers[meeting.unit_id], is_last=is_last)


def _written(meeting: Meeting, by, *, number: int, is_last: bool) -> None:
    now = meeting.ends_at + HALF_AN_HOUR
    _seat(meeting)
    save_texts(meeting=meeting, by=by, typed=_texts(meeting), edition=1, now=now, on=meeting.day)
    set_number(meeting=meeting, number=str(number), by=by, now=now)
    read_back(meeting=meeting, by=by, now=now)
    record = _record(meeting)
    agree(meeting=meeting, agreed=record["roll"]["present"], seen=digest_of(record), by=by, now=now)
    if is_last:
        return
    seen = digest_of(record | {"agreed": record["roll"]["present"]})
    for role in (Role.SECRETARY, Role.CHAIR):
        sign(meeting=meeting, role=role, seen=seen, by=by, now=now + HALF_AN_HOUR)


def _seat(meeting: Meeting) -> None:
    """Where an officer was away or has no account, somebody of those present chaired or wrote."""
    rows = Attendance.objects.filter(meeting=meeting, state=Attendance.State.PRESENT, standing="official")
    there = {row.member_id: row.member for row in rows.select_related("member").order_by("member_id")}
    officers = [there.pop(pk, None) for pk in (meeting.chair_id, meeting.secretary_id)]
    free = iter(there.values())
    meeting.chair, meeting.secretary = (one or next(free) for one in officers)
    meeting.save()


def _record(meeting: Meeting) -> dict:
    return record_of(meeting, Minutes.objects.get(meeting=meeting))


def _texts(meeting: Meeting) -> dict[str, Typed]:
    present = list(
        Attendance.objects.filter(meeting=meeting, state=Attendance.State.PRESENT)
        .order_by("sort_key", "pk")
        .values_list("name", flat=True)
    )
    names = {
        "chair": meeting.chair.full_name if meeting.chair else "Bí thư",
        "secretary": meeting.secretary.full_name if meeting.secretary else "thư ký",
        "first": present[0],
        "second": present[-1],
    }
    texts = {
        item_key(item.pk): SAID[item.kind].format(**names)
        for item in AgendaItem.objects.filter(meeting=meeting)
        if item.kind in SAID
    }
    texts |= {"wishes": WISHES[meeting.day.month % len(WISHES)], "conclusion": CONCLUSION}
    return {key: Typed(text, 0) for key, text in texts.items()}
