"""Tasks, directions answered by tasks, and proposals of the running year in two branches.

The tasks come from the year's meetings where the demo has them, the directions are those of the year, the
proposals are the two of case C asked anew: one agreed and at work, one that waits for an answer.
"""

import datetime

from branches.directing import give_direction
from branches.models import Conclusion, Direction, Meeting
from branches.proposing_above import answer_proposal, reply_to_discussion, send_proposal
from branches.tasks import accept_task, carry_over, drop_task, give_task, report_task, send_back_task

from .loading import Demo

UNIT, OF_THE_MEMBER = "cuc-thads", "so-tttt"
UNION = "doan-khoi"
CAPACITY = "Ban Chấp hành"

# Text, what must come out, given so many days ago, due so many days after that, how it ends.
TASKS = [
    ("Lập danh sách 20 hộ nghèo của xã đỡ đầu", "Danh sách có địa chỉ, hoàn cảnh", 96, 21, "accepted"),
    ("Viết hai tin về đợt giải quyết án tồn đọng quý III", "2 tin đăng trang của Cục", 96, 30, "late"),
    ("Quyên góp 150 cuốn sách cho học sinh vùng cao", "150 cuốn, biên bản bàn giao", 61, 45, "reported"),
    ("Lập đội bóng chuyền dự hội thao", "Danh sách 8 vận động viên", 61, 14, "returned"),
    ("Dọn, sắp lại tủ hồ sơ tầng 2", "", 61, 20, "dropped"),
    ("Mời báo cáo viên nói chuyện phòng, chống tham nhũng", "Một báo cáo viên nhận lời", 33, 20, "overdue"),
    ("Soạn nội dung sinh hoạt chủ điểm tháng 12", "Đề cương 2 trang", 12, 21, "given"),
]
OWN = [
    ("Chụp ảnh, viết tin buổi tổng vệ sinh", "1 tin, 5 ảnh", 40, 14, "accepted"),
    ("Hướng dẫn hai đoàn viên mới cập nhật phần mềm đoàn viên", "Hai hồ sơ đủ thông tin", 20, 25, "given"),
    ("Gửi danh sách đăng ký hiến máu", "Danh sách có số điện thoại", 25, 20, "overdue"),
]


def build(demo: Demo) -> None:
    _tasks(demo, UNIT, TASKS)
    _tasks(demo, OF_THE_MEMBER, OWN, owner=demo.accounts["doanvien"].member)
    _answers(demo)
    _proposals(demo)
    _from_above(demo)


def _tasks(demo: Demo, unit: str, tasks, owner=None) -> None:
    """Each on its day; those given on the day of a meeting come from it and from its first free conclusion."""
    members = demo.members[unit]
    for place, (text, expected, ago, span, end) in enumerate(tasks):
        on = demo.ago(ago)
        conclusion = _conclusion(demo, unit, on)
        said = {"conclusion": conclusion} if conclusion else {"meeting": _meeting(demo, unit, on)}
        task = give_task(
            by=demo.recorder(unit, on), unit=demo.units[unit], on=on, text=text, expected=expected,
            owner=owner or members[(place * 3) % len(members)], due_on=on + datetime.timedelta(days=span), **said,
        )  # fmt: skip
        _lead(demo, task, end)


def _meeting(demo: Demo, unit: str, on) -> Meeting | None:
    """The last meeting held up to the day."""
    rows = Meeting.objects.filter(unit=demo.units[unit], state=Meeting.State.HELD, starts_at__date__lte=on)
    return rows.order_by("-starts_at").first()


def _conclusion(demo: Demo, unit: str, on) -> Conclusion | None:
    meeting = _meeting(demo, unit, on)
    if meeting is None:
        return None
    return Conclusion.objects.filter(item__meeting=meeting, tasks=None).select_related("item__meeting").first()


def _lead(demo: Demo, task, end: str) -> None:
    """Take the task to its end as the people of the branch would."""
    by, due = demo.recorder(task.unit.code, task.given_on), task.due_on
    today = demo.today

    def said(row, on):
        return {"task": row, "version": row.version, "by": by, "on": min(on, today)}

    if end == "dropped":
        drop_task(**said(task, due), reason="Văn phòng Cục đã thuê đơn vị sắp lại cả kho")
    elif end in ("accepted", "late", "reported", "returned"):
        late = datetime.timedelta(days=5 if end == "late" else -1)
        task = report_task(**said(task, due + late), result=f"Đã xong: {task.expected or task.text}")
        if end == "returned":
            send_back_task(**said(task, due), reason="Còn thiếu hai vận động viên dự bị")
        elif end != "reported":
            accept_task(**said(task, due + late + datetime.timedelta(days=2)))
    elif end == "overdue":
        for meeting in Meeting.objects.filter(unit=task.unit, starts_at__date__gt=task.due_on)[:2]:
            carry_over(meeting=meeting, tasks=[task])


def _answers(demo: Demo) -> None:
    """What was asked this year and has no target yet is answered by tasks: one done, one at work."""
    asked = Direction.objects.filter(unit=demo.units[UNIT], given_on__year=demo.today.year).order_by("pk")
    direction = asked.first() or _asked(demo)
    on = max(direction.given_on, demo.ago(70))
    by, unit = demo.recorder(UNIT, on), demo.units[UNIT]
    for text, span, end in (
        ("Khảo sát việc cần làm và báo cấp ủy", 20, "accepted"),
        ("Phân công từng đoàn viên, mỗi người một việc cụ thể", 120, "given"),
    ):
        task = give_task(
            by=by, unit=unit, on=on, text=text, owner_name=CAPACITY, direction=direction,
            due_on=on + datetime.timedelta(days=span),
        )  # fmt: skip
        _lead(demo, task, end)


def _asked(demo: Demo) -> Direction:
    """What the Party committee asks this year, after what it asked in 2023."""
    return give_direction(
        by=demo.accounts["capuy"], units=[demo.units[UNIT]], given_by="party", given_on=demo.ago(80),
        body_name="Đảng ủy Cục Thi hành án dân sự tỉnh", document=f"Kết luận buổi làm việc năm {demo.today.year}",
        text="Giao việc cụ thể cho từng đoàn viên, theo dõi và lấy làm căn cứ xếp loại cuối năm.",
        due_on=demo.ago(-40),
    )[0]  # fmt: skip


def _proposals(demo: Demo) -> None:
    unit, party = demo.units[UNIT], demo.accounts["capuy"]
    sent = demo.ago(75)
    by = demo.recorder(UNIT, sent)
    proposal = send_proposal(
        by=by, unit=unit, on=sent, put_to="party", what="Nhận số hóa 200 hồ sơ thi hành án làm công trình thanh niên",
        why="Hồ sơ giấy từ năm 2015 xuống cấp, tra cứu mất nhiều thời gian; đoàn viên làm được ngoài giờ.",
        needs="Một máy quét, quyền vào kho chiều thứ Sáu hằng tuần.",
    )  # fmt: skip
    answer = {"by": party, "on": demo.ago(68)}
    proposal = answer_proposal(
        proposal=proposal, version=proposal.version, answer="discuss",
        words="Kho mở chiều thứ Sáu thì ai trực? Cần bao nhiêu buổi?", **answer,
    )  # fmt: skip
    proposal = reply_to_discussion(
        proposal=proposal, version=proposal.version, by=by, on=demo.ago(66),
        words="Ban Chấp hành cử hai đồng chí trực mỗi buổi, cần tám buổi.",
    )  # fmt: skip
    proposal = answer_proposal(
        proposal=proposal, version=proposal.version, by=party, on=demo.ago(60), answer="agreed",
        words="Đồng ý, Văn phòng bố trí máy quét từ tháng tới.",
    )  # fmt: skip
    task = give_task(
        by=by, unit=unit, on=demo.ago(58), text="Quét 100 hồ sơ đầu tiên", expected="100 hồ sơ có mã tra cứu",
        owner_name="Tổ số hóa", proposal=proposal, due_on=demo.ago(-20),
    )  # fmt: skip
    _lead(demo, task, "given")
    send_proposal(
        by=by,
        unit=unit,
        on=demo.ago(9),
        put_to="party",
        what="Mời cấp ủy dự một buổi sinh hoạt chi đoàn mỗi quý",
        why="Đoàn viên muốn nghe định hướng trực tiếp và nêu đề xuất ngay tại buổi sinh hoạt.",
    )


def _from_above(demo: Demo) -> None:
    """The superior asks the same of several branches at once."""
    units = [demo.units[code] for code in (OF_THE_MEMBER, UNIT) if code in demo.units]
    given = give_direction(
        by=demo.accounts["doancaptren"], units=units, given_by="superior", given_on=demo.ago(50),
        body_name="Đoàn Khối các cơ quan tỉnh", document="Công văn số 45-CV/ĐK",
        text="Rà soát, cập nhật đủ hồ sơ đoàn viên trên phần mềm.", due_on=demo.ago(10),
    )  # fmt: skip
    first = given[0]
    task = give_task(
        by=demo.recorder(OF_THE_MEMBER, demo.ago(48)), unit=first.unit, on=demo.ago(48), owner_name=CAPACITY,
        text="Rà soát hồ sơ đoàn viên", direction=first, due_on=demo.ago(15),
    )  # fmt: skip
    _lead(demo, task, "accepted")
