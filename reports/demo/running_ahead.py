"""Cases of the running programme on their way to the notice: from the month in the plan to the team's report."""

from functools import partial

from inspections.moving import cancel_case, escalate, write_self_report

from .caseplay import prepare, see
from .casework import MERIT, SHORTCOMING, SLIGHT, Asked, Before, Found, Plan, Talk, Visit
from .running_checklists import dues_half_told, meetings_seen, members_told, second_opinion
from .running_scene import REPORT, Scene, account, nothing, open_case


def visited(s: Scene):
    """Visited this week, the notice is still to be written."""
    day = s.demo.ago(4)
    case = open_case(s, "so-tu-phap", day, title="Kiểm tra nền nếp sinh hoạt chi đoàn")
    visit = Visit(
        day=day, **account("Các chỉ tiêu đều đạt hoặc vượt; Chi đoàn nêu khó khăn về kinh phí hoạt động hè."),
        before=Before(
            sent_on=s.demo.ago(18), reported_on=s.demo.ago(9), report=REPORT, number="11-BC/CĐ",
            verified_on=s.demo.ago(6),
        ),
        checklist=meetings_seen(s.demo.ago(10), s.demo.ago(5)),
        findings=[Found(MERIT, "Chỉ tiêu giao từ đầu năm đều có người phụ trách."),
                  Found(MERIT, "Sinh hoạt đều hằng tháng, có chủ điểm.", about=Plan("branch_meetings"), item=1),
                  Found(SHORTCOMING, "Biên bản lập chậm, nửa tháng sau mới ký.", False, Talk(), SLIGHT, item=9)],
        asked=[Asked("Gửi Đoàn Khối cách làm để nhân rộng.", due_on=s.demo.ago(-30)),
               Asked("Hoàn thành biên bản trong ba ngày sau mỗi buổi sinh hoạt.", of=(3,), due_on=s.demo.ago(-40),
                     proof="Sổ biên bản")],
    )  # fmt: skip
    s.papers(case, visit.before, visit)
    return lambda: s.take_room(s.go(case, visit), "plan", "activities", "duties")


def forgotten(s: Scene):
    """The agreed day is over and nobody has written the visit down."""
    open_case(s, "so-ldtbxh", s.demo.ago(9))
    return nothing


def coming(s: Scene):
    day = s.demo.ago(-10)
    open_case(s, "vp-ubnd", day, title="Kiểm tra việc thực hiện chỉ tiêu năm")
    return nothing


def planned(s: Scene):
    """Only a unit and a month so far."""
    title = "Kiểm tra sổ sách, đoàn phí qua báo cáo"
    open_case(s, "so-nn-khuyen-nong", s.demo.ago(-35), title=title, form="by_report")
    return nothing


def sent(s: Scene):
    """The plan is with the unit, which has begun its report."""
    ago = s.demo.ago
    case = open_case(s, "so-nn", ago(-12))

    def play():
        sent = prepare(s.demo, case, Before(sent_on=ago(3)), by=s.by)
        write_self_report(inspection=sent, version=0, by=s.demo.recorder("so-nn", ago(1)), text=REPORT, number="")

    return play


def to_write(s: Scene):
    """The secretary's own branch: its report is due, and most of the checklist still waits for its answer."""
    ago = s.demo.ago
    case = open_case(
        s, "so-tttt", s.weekday(-7), title="Kiểm tra việc thu, nộp và sử dụng đoàn phí", kind="thematic",
        contents=("Thu, nộp, sử dụng đoàn phí", "Ghi sổ quỹ, công khai thu chi"),
    )  # fmt: skip
    told = Before(sent_on=ago(4))
    s.papers(case, told)
    return partial(prepare, s.demo, case, told, by=s.by, checklist=dues_half_told(ago(1)))


def self_reported(s: Scene):
    """The unit has told its side; the session is on the next working day, and two inspectors wrote differently."""
    ago = s.demo.ago
    case = open_case(s, "so-tnmt", s.weekday(-1), title="Kiểm tra công tác đoàn viên")
    told = Before(sent_on=ago(12), reported_on=ago(5), report=REPORT, number="07-BC/CĐ")
    s.papers(case, told)

    def play():
        prepare(s.demo, case, told, by=s.by, checklist=members_told(ago(6), ago(2)))
        see(case, second_opinion(ago(1)), by=s.second)

    return play


def verifying(s: Scene):
    """Looked at through its books, without a session."""
    ago = s.demo.ago
    case = open_case(s, "so-nn-vp", ago(-8), title="Kiểm tra hồ sơ, sổ sách", form="by_documents")
    told = Before(sent_on=ago(12), reported_on=ago(6), report=REPORT, verified_on=ago(2))
    return partial(prepare, s.demo, case, told, by=s.by)


def reported(s: Scene):
    """The team has reported; the committee still has to conclude."""
    ago = s.demo.ago
    case = open_case(s, "so-nn-thuy-loi", ago(6))
    visit = Visit(
        day=ago(6), **account("Chi đoàn giữ nền nếp sinh hoạt; việc ghi biên bản còn sơ sài."),
        before=Before(sent_on=ago(20), reported_on=ago(12), report=REPORT, verified_on=ago(10)), filed_on=ago(1),
        opinion="Đơn vị giữ được nền nếp. Đề nghị ra thông báo kết luận với một kiến nghị về biên bản sinh hoạt.",
        findings=[(MERIT, "Sinh hoạt đủ 12 tháng, có chuyên đề.", False),
                  (SHORTCOMING, "Biên bản chưa ghi ý kiến thảo luận.", True)],
        asked=[Asked("Ghi đủ ý kiến thảo luận vào biên bản từ kỳ tới.", of=(2,), due_on=ago(-45))],
    )  # fmt: skip
    s.papers(case, visit.before, visit)
    return partial(s.go, case, visit)


def escalated(s: Scene):
    """What was found about the fund went on as an inspection of its own."""
    ago = s.demo.ago
    case = open_case(s, "so-nn-khuyen-nong", ago(15), title="Kiểm tra thu, nộp đoàn phí")
    visit = Visit(
        day=ago(15), **account("Sổ thu đoàn phí quý III chưa khớp với phiếu nộp."),
        before=Before(sent_on=ago(30), reported_on=ago(22), report=REPORT, verified_on=ago(20)),
        findings=[(SHORTCOMING, "Ba tháng thu không có chữ ký người nộp.", False)],
    )  # fmt: skip

    def play():
        held = s.go(case, visit)
        escalate(
            inspection=held, version=held.version, by=s.by, on=ago(9), reason="Số thu và số nộp quý III lệch nhau",
            title="Kiểm tra dấu hiệu vi phạm trong thu, nộp đoàn phí",
        )  # fmt: skip

    return play


def cancelled(s: Scene):
    title = "Kiểm tra sử dụng phần mềm quản lý đoàn viên"
    case = open_case(s, "so-tu-phap", s.demo.ago(-20), title=title)
    why = "Ghép vào cuộc kiểm tra công tác năm của đơn vị"
    return lambda: cancel_case(inspection=case, version=case.version, by=s.by, on=s.demo.ago(40), reason=why)
