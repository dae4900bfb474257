"""Sections that name members: meetings with their roll, dues, and the list itself.

Of a member stand the name, the year of birth and the days of belonging; nothing else of the register is here.
"""

import datetime
from collections import defaultdict

from django.db.models import Count, Q

from branches.dues.fund import book
from branches.dues.owing import collects, grid
from branches.dues.showing import names_of
from branches.formats import day, dong
from branches.meetings.minutes_text import CLOSED_KINDS
from branches.models import Attendance, Meeting, Membership, Minutes, Placement
from branches.structure import memberships_on

from .room import Room
from .tables import DAY, MINUTES, Column, Paper, Part, Row

Mark = Attendance.State
NAME, BORN = Column("Họ và tên", 30, is_name=True), Column("Năm sinh", 10)


def _last(span) -> datetime.date | None:
    return span.ends_on and span.ends_on - datetime.timedelta(days=1)


def _year(member) -> str:
    return str(member.birth_date.year) if member.birth_date else ""


def members(room: Room) -> list[Part]:
    columns = (NAME, BORN, Column("Hình thức", 22), Column("Từ ngày", 12), Column("Đến ngày", 12))
    found = list(room.memberships().select_related("member"))
    rows = [
        Row((one.member.full_name, _year(one.member), one.get_kind_display(), one.starts_on, _last(one)))
        for one in found
    ]
    note = (
        f"Người sinh hoạt tại đơn vị vào ít nhất một ngày, từ {day(room.span.starts_on)} đến {day(room.closing)}. "
        "Không có ngày kết thúc là còn sinh hoạt."
    )
    nothing = "Đơn vị không có đoàn viên trong thời gian xem xét."
    if not room.unit.is_branch:
        nothing = "Đoàn viên sinh hoạt ở các đơn vị trực thuộc."
    people = len({one.member_id for one in found})
    part = Part("Đoàn viên", "đoàn viên", columns, rows, nothing, note, people)
    return [part] if room.unit.is_branch else [_below(room), part]


def _below(room: Room) -> Part:
    """Who stood under a unit above branches on the last day, each with the number of its members and no name."""
    stood = Placement.objects.filter(superior=room.unit, starts_on__lte=room.closing)
    stood = stood.filter(Q(ends_on=None) | Q(ends_on__gt=room.closing)).select_related("unit")
    counts = memberships_on(room.unit, room.closing).order_by().values_list("unit__path").annotate(n=Count("pk"))
    counts = list(counts)
    rows = [
        Row((one.unit.name, sum(count for path, count in counts if path.startswith(one.unit.path))))
        for one in stood.order_by("unit__sort_key", "unit_id")
    ]
    columns = (Column("Đơn vị", 50, is_name=True), Column("Đoàn viên", 12, True))
    note = f"Số đoàn viên sinh hoạt chính thức ngày {day(room.closing)}. Danh sách ở hồ sơ của từng chi đoàn."
    return Part("Đơn vị trực thuộc", "đơn vị trực thuộc", columns, rows, "Không có đơn vị trực thuộc.", note)


def meetings(room: Room) -> list[Part]:
    """Meetings with their signed minutes, then how often each member came. Reasons of absence stay with the unit."""
    signed = {one.meeting_id: one for one in room.minutes().defer("texts", "frozen")}
    drafts = set(
        Minutes.objects.filter(meeting__in=room.meetings().order_by().values("pk"))
        .exclude(state=Minutes.State.LOCKED)
        .values_list("meeting_id", flat=True)
    )
    counts = {
        name: Count("attendance", filter=Q(attendance__state=state))
        for name, state in (("there", Mark.PRESENT), ("excused", Mark.EXCUSED), ("missed", Mark.ABSENT))
    }
    found = list(room.meetings().annotate(listed=Count("attendance"), **counts))
    columns = (
        DAY, Column("Cuộc họp", 44, is_name=True), Column("Loại", 28), Column("Tình trạng", 24),
        Column("Trong danh sách", 12, True), Column("Có mặt", 10, True), Column("Vắng có lý do", 12, True),
        Column("Vắng không lý do", 12, True), Column("Biên bản", 22),
    )  # fmt: skip
    rows = [_meeting(one, signed.get(one.pk), one.pk in drafts) for one in found]
    nothing = "Không ghi cuộc họp nào trong thời gian xem xét."
    return [Part("Cuộc họp", "cuộc họp", columns, rows, nothing), _roll(room)]


def _meeting(one: Meeting, minutes: Minutes | None, is_drafted: bool) -> Row:
    closed = one.kind in CLOSED_KINDS
    state = one.get_state_display()
    if one.state == Meeting.State.CANCELLED:
        state = f"{state}: {one.cancel_reason}"
    papers, counts = (), (one.listed, one.there, one.excused, one.missed)
    if one.state != Meeting.State.HELD:
        said, counts = "", (None, None, None, None)  # nobody was called up, and there is nothing to minute
    elif closed:
        said = "giữ kín tại đơn vị"
    elif minutes:
        said = minutes.number or "đã ký"
        papers = (Paper(MINUTES, minutes.pk, f"Biên bản {one.title}.pdf", day=one.day),)
    else:
        said = "đang soạn" if is_drafted else "chưa có"
    # The title of a meeting about single people may name them.
    title = one.get_kind_display() if closed else one.title
    return Row((one.day, title, one.get_kind_display(), state, *counts, said), papers)


def _roll(room: Room) -> Part:
    """How often each member of the rolls came, over meetings of the whole branch that were held."""
    held = room.meetings().held().filter(kind__in=Meeting.OF_ALL).order_by()
    rows = Attendance.objects.filter(meeting__in=held.values("pk"), standing=Membership.Kind.OFFICIAL)
    marks = defaultdict(dict)
    for member, state, times in rows.order_by().values_list("member_id", "state").annotate(times=Count("pk")):
        marks[member][state] = times
    names = names_of(marks)
    columns = (
        NAME, Column("Có mặt", 10, True), Column("Vắng có lý do", 12, True), Column("Vắng không lý do", 12, True),
        Column("Chưa điểm danh", 12, True), Column("Số buổi", 10, True),
    )  # fmt: skip
    order = (Mark.PRESENT, Mark.EXCUSED, Mark.ABSENT, Mark.UNKNOWN)
    listed = [
        Row((one.full_name, *(marks[pk].get(state, 0) for state in order), sum(marks[pk].values())))
        for pk, one in names.items()
    ]
    note = "Các buổi của cả chi đoàn đã họp; người sinh hoạt tạm thời tính ở chi đoàn quản lý."
    return Part(
        "Điểm danh từng đoàn viên", "đoàn viên được điểm danh", columns, listed, "Chưa điểm danh buổi nào.", note
    )


def dues(room: Room) -> list[Part]:
    """Months of the span of every member, then the fund book of the span."""
    return [_months(room), _fund(room)] if collects(room.unit) else [_fund(room)]


def _months(room: Room) -> Part:
    paid, owed, exempt, amount = (defaultdict(int) for _ in range(4))
    for year in room.years:
        for row in grid(room.unit, year, on=room.on):
            for cell in row.cells:
                if not room.span.starts_on <= cell.month < room.span.ends_on:
                    continue
                paid[row.member] += cell.is_paid
                owed[row.member] += cell.is_late
                exempt[row.member] += cell.due.standing == "exempt" and not cell.is_paid
                amount[row.member] += cell.paid
    columns = (
        NAME, Column("Tháng đã đóng", 12, True), Column("Tháng còn nợ", 12, True), Column("Tháng được miễn", 12, True),
        Column("Đã thu (đồng)", 16, True),
    )  # fmt: skip
    rows = [
        Row((one.full_name, paid[pk], owed[pk], exempt[pk], amount[pk]))
        for pk, one in names_of(paid).items()
        if paid[pk] or owed[pk] or exempt[pk]
    ]
    note = f"Các tháng có ngày đầu tháng trong thời gian xem xét, thu đến hết ngày {day(room.on)}."
    nothing = "Chưa theo dõi đoàn phí trên phần mềm."
    return Part("Đoàn phí từng đoàn viên", "đoàn viên theo dõi đoàn phí", columns, rows, nothing, note)


def _fund(room: Room) -> Part:
    """Lines of the fund within the span. To whom money went stays with the unit; the vouchers name it."""
    found = book(room.unit, room.span.starts_on, room.span.ends_on)
    columns = (
        DAY, Column("Nội dung", 50, is_name=True), Column("Chứng từ", 22), Column("Thu (đồng)", 16, True),
        Column("Chi (đồng)", 16, True), Column("Còn (đồng)", 16, True), Column("Đã hủy vì", 30),
    )  # fmt: skip
    rows = [
        Row((one.day, one.typed or one.words, one.document, one.came_in, one.went_out, one.balance, one.struck))
        for one in found.lines
    ]
    note = (
        f"Đầu kỳ {dong(found.opening)}, thu {dong(found.came_in)}, chi {dong(found.went_out)}, "
        f"cuối kỳ {dong(found.closing)}."
    )
    if found.carried:
        note = f"Số dư mang sang {dong(found.carried)}. {note}"
    return Part("Sổ quỹ", "dòng sổ quỹ", columns, rows, "Không có khoản thu, chi nào trong thời gian xem xét.", note)
