"""The meeting of April 2023 that the minutes tests are about: twenty members, two absent, three votes, six tasks."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from branches.meetings.minutes import Typed, save_texts
from branches.meetings.minutes_record import digest_of, record_of
from branches.meetings.minutes_text import item_key
from branches.meetings.reading import MEETINGS
from branches.meetings.signing import agree, read_back, sign
from branches.models import (
    AgendaItem,
    Attendance,
    Ballot,
    DuesPayment,
    DuesReceipt,
    Meeting,
    MeetingGuest,
    Minutes,
    Task,
    TaskCarry,
    Unit,
)
from tests.factories import MemberFactory, UnionFactory, UnitFactory, account_at

ZONE = timezone.get_default_timezone()
DAY = datetime.date(2023, 4, 7)
NOW = datetime.datetime(2023, 4, 7, 16, 10, tzinfo=ZONE)
NAMES = (
    "Phan Thị Thu Hoài", "Nguyễn Đức Toàn", "Trịnh Hữu Phước", "Hồ Ngọc Ánh", "Bùi Gia Bảo", "Tạ Quang Huy",
    "Mai Thị Lệ",
)  # fmt: skip


@dataclass
class Scene:
    """Everything by its short name. `people` are the seven members who are named."""

    unit: Unit
    meeting: Meeting
    by: object
    other: object
    people: dict
    items: dict

    def fresh(self) -> Meeting:
        return MEETINGS.get(pk=self.meeting.pk)

    def minutes(self) -> Minutes:
        return Minutes.objects.filter(meeting=self.meeting).order_by("-edition").first()

    def key(self, name: str) -> str:
        return item_key(self.items[name].pk)

    def record(self) -> dict:
        return record_of(self.fresh(), self.minutes())

    def seen(self) -> str:
        return digest_of(self.record())


def moment(day: datetime.date, hour: int, minute: int = 0) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour, minute), ZONE)


def scene(*, members: int = 20) -> Scene:
    """The meeting was held and everything but its minutes is written down."""
    union = UnionFactory(name="Đoàn Khối các cơ quan và doanh nghiệp tỉnh")
    unit = UnitFactory(superior=union, name="Chi đoàn Cục Thi hành án dân sự tỉnh", place="An Hòa")
    people = {name: MemberFactory(home=unit, full_name=name) for name in NAMES}
    rest = [MemberFactory(home=unit) for _ in range(members - len(NAMES))]
    by = account_at(unit, full_name="Phan Thị Thu Hoài", member=people["Phan Thị Thu Hoài"])
    other = account_at(unit, "committee_member", full_name="Nguyễn Đức Toàn", member=people["Nguyễn Đức Toàn"])
    _last_meeting(unit, by)
    meeting = Meeting.objects.create(
        unit=unit, title="Sinh hoạt chi đoàn định kỳ tháng 4 năm 2023", starts_at=moment(DAY, 14),
        ends_at=moment(DAY, 16, 5), place="Phòng họp tầng 2, trụ sở cơ quan", state=Meeting.State.HELD,
        chair=people["Phan Thị Thu Hoài"], secretary=people["Nguyễn Đức Toàn"], created_by=by,
    )  # fmt: skip
    MeetingGuest.objects.create(meeting=meeting, name="Lương Văn Quyết", body="Bí thư Chi bộ")
    for member in [*people.values(), *rest]:
        state, reason = {
            "Tạ Quang Huy": ("excused", "đi công tác"), "Mai Thị Lệ": ("absent", ""),
        }.get(member.full_name, ("present", ""))  # fmt: skip
        Attendance.objects.create(
            meeting=meeting, member=member, name=member.full_name, sort_key=member.sort_key, state=state,
            reason=reason, marked_at=moment(DAY, 14), marked_by=by,
        )  # fmt: skip
    items = _agenda(meeting)
    _votes(items, by)
    _tasks(unit, meeting, people, by)
    _dues(unit, [*people.values(), *rest][:18], by)
    return Scene(unit, MEETINGS.get(pk=meeting.pk), by, other, people, items)


def _last_meeting(unit, by):
    day = datetime.date(2023, 3, 3)
    return Meeting.objects.create(
        unit=unit, title="Sinh hoạt tháng 3", starts_at=moment(day, 14), ends_at=moment(day, 16),
        state=Meeting.State.HELD, created_by=by,
    )  # fmt: skip


def _agenda(meeting) -> dict:
    kinds = AgendaItem.Kind
    rows = {
        "review": (kinds.REVIEW, "Kiểm điểm việc đã giao tại buổi sinh hoạt tháng 3", ""),
        "inform": (kinds.INFORM, "Thông tin, chủ điểm sinh hoạt", "Nguyễn Đức Toàn"),
        "direction": (kinds.DIRECTION, "Tiếp thu ý kiến chỉ đạo của Chi bộ", "Phan Thị Thu Hoài"),
        "discuss": (kinds.DISCUSS, "Thảo luận", ""),
        "vote": (kinds.VOTE, "Biểu quyết", ""),
    }
    return {
        name: AgendaItem.objects.create(meeting=meeting, position=place, kind=kind, title=title, presenter=who)
        for place, (name, (kind, title, who)) in enumerate(rows.items(), start=1)
    }


def _votes(items, by):
    hand = {"item": items["vote"], "entitled": 20, "present": 18, "written_by": by}
    Ballot.objects.create(question="Kế hoạch thực hiện 05 nhóm nhiệm vụ năm 2023", votes_for=18, **hand)
    Ballot.objects.create(question="Nhận đỡ đầu 01 xã nghèo", votes_for=16, abstentions=2, **hand)
    Ballot.objects.create(
        question="Giới thiệu đoàn viên ưu tú: đồng chí Hồ Ngọc Ánh", decision="outstanding", means="secret", issued=18,
        returned=18, invalid=1, votes_for=15, votes_against=2, **hand,
    )  # fmt: skip


def _tasks(unit, meeting, people, by):
    march = {"unit": unit, "given_on": datetime.date(2023, 3, 3), "given_by": by}
    done = {"state": "accepted", "reported_on": datetime.date(2023, 3, 27), "closed_on": datetime.date(2023, 4, 1)}
    Task.objects.create(
        text="Gửi báo cáo quý I cho Đoàn cấp trên", owner=people["Phan Thị Thu Hoài"], result="Đã gửi",
        due_on=datetime.date(2023, 3, 25), **march, **done,
    )  # fmt: skip
    Task.objects.create(
        text="Vận động đoàn viên hiến máu đợt 26/3", owner=people["Trịnh Hữu Phước"], result="06 lượt người",
        due_on=datetime.date(2023, 3, 26), **march, **done,
    )  # fmt: skip
    left = Task.objects.create(
        text="Cập nhật dữ liệu đoàn viên trên phần mềm", owner=people["Nguyễn Đức Toàn"],
        due_on=datetime.date(2023, 3, 31), expected="20/20 đoàn viên", **march,
    )  # fmt: skip
    TaskCarry.objects.create(task=left, meeting=meeting)
    given = {"unit": unit, "meeting": meeting, "given_on": DAY, "given_by": by}
    Task.objects.create(
        text="Tổ chức 01 buổi chuyên đề phòng, chống tham nhũng", owner=people["Nguyễn Đức Toàn"],
        due_on=datetime.date(2023, 5, 12), expected="Biên bản; ít nhất 18 lượt người dự", **given,
    )  # fmt: skip
    Task.objects.create(
        text="Ra quân công sở sáng, xanh, sạch, đẹp", owner_name="Ban Chấp hành", expected="01 buổi/tháng", **given
    )


def _dues(unit, payers, by):
    receipt = DuesReceipt.objects.create(
        unit=unit, year=2023, number=1, paid_on=DAY, total=90_000, written_by=by
    )  # fmt: skip
    for member in payers:
        DuesPayment.objects.create(
            receipt=receipt, unit=unit, member=member, month=datetime.date(2023, 4, 1), amount=5_000
        )


TEXTS = {
    "inform": "Đồng chí Nguyễn Đức Toàn thông tin về Tháng Thanh niên.",
    "direction": "Đồng chí Phan Thị Thu Hoài truyền đạt ý kiến của đồng chí Bí thư Chi bộ: lượng hóa kết quả.",
    "discuss": "- Đồng chí Trịnh Hữu Phước: đề nghị nhận đỡ đầu 01 xã nghèo.\n"
    "- Đồng chí Hồ Ngọc Ánh: đề nghị lập 01 tổ hỗ trợ rà soát án tồn.",
}
FIXED = {
    "wishes": "Đề nghị Chi bộ cho phép tổ hỗ trợ tiếp cận danh mục hồ sơ.",
    "conclusion": "Đồng chí chủ trì kết luận: thực hiện 03 việc tại Bảng 3.",
}


def write(s: Scene, texts: dict[str, str], *, base: int = 0, by=None, edition: int = 1, now=NOW):
    typed = {key: Typed(text, base) for key, text in texts.items()}
    return save_texts(meeting=s.meeting, by=by or s.by, typed=typed, edition=edition, now=now, on=DAY)


def written(s: Scene) -> Minutes:
    """All texts in one save."""
    return write(s, {s.key(name): text for name, text in TEXTS.items()} | FIXED).minutes


def agreed(s: Scene) -> Minutes:
    written(s)
    read_back(meeting=s.meeting, by=s.by, now=NOW)
    return agree(meeting=s.meeting, agreed=18, seen=s.seen(), by=s.by, now=NOW)


def signed(s: Scene) -> Minutes:
    """Both signed, each on their own account."""
    agreed(s)
    seen = s.seen()
    sign(meeting=s.meeting, role="secretary", seen=seen, by=s.other, now=NOW)
    return sign(meeting=s.meeting, role="chair", seen=seen, by=s.by, now=NOW)
