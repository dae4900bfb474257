"""Case A: a ministry's Đoàn visits the branch of an IT department on 28/11/2019.

One session, two purposes: inspection of the year's work, supervision of a Party directive. What the case file of the
time did not have is told to its end: every recommendation answered, checked and closed. A second visit in the running
year finds one of the shortcomings again.
"""

import datetime

from branches.meetings.planning import plan_meeting
from branches.meetings.roll import Mark as RollMark
from branches.meetings.roll import mark_roll, open_roll
from branches.meetings.states import close_meeting
from branches.models import Attendance, Meeting
from inspections.models import CasePaper
from inspections.preparing import change_inspection, plan_inspections, set_team
from inspections.programming import TopicLine, draft_programme

from .case_a_words import (
    ACCOUNT,
    CHECKLIST,
    COURSE,
    JUDGEMENT,
    NEXT_WEEK,
    OPINION,
    PARTY_REMARK,
    QUESTIONS,
    SELF_REPORT,
    WISHES,
)
from .casefiles import table
from .casepapers import minutes_words, scan, send_out
from .caseplay import at, go_through
from .casework import (
    CONSIDERABLE,
    DEPUTY,
    HEAD,
    INSPECT,
    MERIT,
    SEAT,
    SECRETARY,
    SHORTCOMING,
    SLIGHT,
    SUPERVISE,
    Asked,
    Before,
    Deed,
    Found,
    Job,
    Notice,
    Plan,
    Proof,
    Sheet,
    Talk,
    Visit,
    seats,
    topics,
)
from .loading import Demo
from .people import FEMALE, MALE
from .vocabulary import ALL, MUST, Line, at_least, monthly, quarterly, share

Kind = CasePaper.Kind
Day = datetime.date
UNIT, ABOVE = "cuc-cntt", "bo-tu-phap"
MINISTRY = "Đoàn Thanh niên Bộ Tư pháp"

STRENGTH = ("youth_projects", at_least(1), 2020)

PLAN_2019 = {
    "hcm_study_registered": ALL,
    "resolution_briefed": ALL,
    "web_column": MUST,
    "youth_projects": at_least(1),
    "idea_bank_ideas": at_least(5),
    "youth_tasks": at_least(1),
    "volunteer_turns": at_least(20),
    "branch_meetings": monthly(1),
}
WORK_2019 = [
    ("Đăng ký học tập và làm theo gương Bác năm 2019", Day(2019, 2, 25), [share("hcm_study_registered", 15, 15)], {}),
    ("Sinh hoạt học tập nghị quyết Đại hội Đoàn lần thứ XI", Day(2019, 3, 15),
     [share("resolution_briefed", 15, 15)], {"member_count": 15}),
    ("Đăng ý tưởng trên ngân hàng ý tưởng sáng tạo quốc gia", Day(2019, 6, 14), [Line("idea_bank_ideas", 6)],
     {"proof": "Sáu ý tưởng trên ngân hàng ý tưởng"}),
    ("Công trình thanh niên: lắp vật liệu cách nhiệt cho khu làm việc", Day(2019, 5, 18), [Line("youth_projects", 1)],
     {"last_on": Day(2019, 6, 22), "member_count": 9, "proof": "Ảnh khu làm việc sau khi lắp"}),
    ("Hưởng ứng phong trào văn hóa công sở", Day(2019, 8, 9), [Line("volunteer_turns", 14)], {"area": "movement"}),
    ("Duy trì chuyên mục trên trang thông tin của Đoàn Bộ", Day(2019, 9, 30), [Line("web_column", 1)],
     {"organiser": "joined", "partner": MINISTRY}),
    ("Phần việc thanh niên: viết phần mềm cho cuộc thi trắc nghiệm", Day(2019, 9, 3), [Line("youth_tasks", 1)],
     {"last_on": Day(2019, 10, 11), "organiser": "joint", "partner": MINISTRY, "member_count": 4,
      "proof": "Trang thi trắc nghiệm"}),
    ("Tham gia Ngày hội của Cụm thi đua số II", Day(2019, 10, 26), [Line("volunteer_turns", 8)],
     {"organiser": "joined", "partner": "Cụm thi đua số II"}),
]  # fmt: skip
# Day, theme and how many came: the book of meetings of the ten months before the visit has three.
MEETINGS_2019 = [
    (Day(2019, 3, 15), "Học tập nghị quyết Đại hội Đoàn lần thứ XI", 15),
    (Day(2019, 5, 17), "Học tập và làm theo gương Bác", 12),
    (Day(2019, 10, 18), "Công nghệ thông tin trong công tác Đoàn", 13),
]
# What the recommendation asked for: a plan for 2020, drawn up at once. The youth project, its point of strength, comes
# into the plan from the second recommendation.
PLAN_2020 = {code: aim for code, aim in PLAN_2019.items() if code != "youth_projects"} | {
    "party_reports": quarterly(1), "plan_issued": MUST,
}  # fmt: skip
WORK_2020 = [
    ("Ban hành kế hoạch công tác năm 2020", Day(2020, 1, 6), [Line("plan_issued", 1)], {}),
    ("Đăng ký học tập và làm theo gương Bác năm 2020", Day(2020, 2, 24), [share("hcm_study_registered", 15, 15)], {}),
    ("Công trình thanh niên: công cụ tra cứu văn bản dùng chung", Day(2020, 10, 5), [Line("youth_projects", 1)],
     {"last_on": Day(2020, 11, 20), "member_count": 6}),
    *[
        (f"Sinh hoạt chi đoàn tháng {month}/2020", Day(2020, month, 16), [Line("branch_meetings", 1)],
         {"member_count": 13})
        for month in (1, 2, 5, 6, 7, 8, 9, 10, 11, 12)
    ],
    ("Báo cáo Chi bộ kết quả sáu tháng đầu năm", Day(2020, 6, 26), [Line("party_reports", 1)], {}),
    ("Báo cáo Chi bộ kết quả năm 2020", Day(2020, 12, 11), [Line("party_reports", 1)], {}),
]  # fmt: skip
TOPICS = (
    (INSPECT, "Công tác Đoàn và phong trào thanh niên năm 2019"),
    (SUPERVISE, "Thực hiện Chỉ thị số 42-CT/TW ngày 24/03/2015 về giáo dục lý tưởng cách mạng, đạo đức, "
                "lối sống văn hóa cho thế hệ trẻ"),
)  # fmt: skip
PLACE, OF_UBKT = "Trụ sở Cục Công nghệ thông tin", "TM. ỦY BAN KIỂM TRA"
RESULTS = table(
    "Phụ lục kết quả công tác Đoàn năm 2019", "Phụ lục kết quả công tác Đoàn năm 2019",
    (("Nội dung", 48), ("Kết quả", 12), ("Đơn vị tính", 14)),
    [("Ý tưởng trên ngân hàng ý tưởng", 6, "ý tưởng"), ("Công trình thanh niên", 1, "công trình"),
     ("Phần việc thanh niên", 1, "phần việc"), ("Lượt đoàn viên tham gia tình nguyện", 22, "lượt người"),
     ("Đoàn viên đăng ký làm theo gương Bác", 15, "đoàn viên")],
    Day(2019, 11, 22),
)  # fmt: skip
SCHEDULE = table(
    "Lịch sinh hoạt và kết quả năm 2020", "Lịch sinh hoạt và kết quả năm 2020",
    (("Ngày", 14), ("Số đoàn viên dự", 18), ("Nội dung", 44)),
    [(Day(2020, month, 16), 13, "Sinh hoạt định kỳ, giao việc tháng sau") for month in (1, 2, 5, 6, 7, 8, 9, 10, 11)],
    Day(2020, 12, 3),
)  # fmt: skip
ASKED = [
    Asked("Xây dựng ngay kế hoạch năm 2020 trên cơ sở chương trình của Đoàn Bộ và định hướng của Chi bộ.",
          of=(3,), due_on=Day(2020, 1, 15), proof="Kế hoạch năm 2020 đã ban hành",
          steps=[(Day(2020, 1, 8), "answer", "Đã ban hành kế hoạch công tác năm 2020 ngày 06/01/2020.",
                  Proof(("Ban hành kế hoạch",), (("plan_issued", 2020),))),
                 (Day(2020, 1, 20), "adequate", "Kế hoạch đủ các mặt công tác, có người phụ trách.")]),
    Asked("Triển khai đều các mặt công tác, chọn một điểm mạnh gắn với nhiệm vụ chuyên môn của đơn vị.",
          of=(3, 6), due_on=Day(2020, 6, 30), proof="Kết quả sáu tháng theo từng mục",
          steps=[(Day(2020, 1, 10), "target", "Điểm mạnh: công cụ tra cứu dùng chung.", STRENGTH),
                 (Day(2020, 6, 26), "answer", "Sinh hoạt 04/06 tháng; chọn điểm mạnh là công cụ dùng chung."),
                 (Day(2020, 7, 10), "not", "Hai tháng chưa sinh hoạt; điểm mạnh mới là dự kiến."),
                 (Day(2020, 7, 20), "ask", "Công cụ dùng chung đến quý IV mới có sản phẩm.", Day(2020, 12, 15)),
                 (Day(2020, 7, 23), "agree", "Đồng ý; từ tháng 7 phải sinh hoạt đủ.", Day(2020, 12, 15)),
                 (Day(2020, 12, 4), "answer", "Từ tháng 5 sinh hoạt đủ; công trình xong ngày 20/11/2020.",
                  Proof(("Công trình thanh niên: công cụ", "Sinh hoạt chi đoàn tháng 11"),
                        (("youth_projects", 2020), ("branch_meetings", 2020)), SCHEDULE)),
                 (Day(2020, 12, 18), "adequate", "Đã xem công cụ và sổ sinh hoạt.")]),
    Asked("Chủ động đề xuất và nhận những việc có thể đi đầu, trước hết về công nghệ thông tin.", of=(4, 5),
          steps=[(Day(2020, 2, 17), "task", "Đề xuất với Đoàn Bộ xây dựng công cụ tra cứu văn bản dùng chung",
                  Job("Văn bản đề xuất, bản chạy thử", Day(2020, 9, 30), Day(2020, 9, 25), Day(2020, 9, 28))),
                 (Day(2020, 12, 7), "answer", "Đoàn Bộ giao Chi đoàn làm công cụ tra cứu; ba chi đoàn đang dùng thử.",
                  Proof(("Công trình thanh niên: công cụ",))),
                 (Day(2020, 12, 18), "visit", "Cần xem công cụ chạy tại Cục và hỏi chi đoàn dùng thử."),
                 (Day(2021, 1, 15), "seen", "Công cụ chạy ổn định, hai chi đoàn đã tra cứu hằng ngày.")]),
]  # fmt: skip


def build(demo: Demo) -> None:
    """The two years of the branch, as it wrote them down itself."""
    for year, aims, work in ((2019, PLAN_2019, WORK_2019), (2020, PLAN_2020, WORK_2020)):
        demo.plan(UNIT, demo.year(year), aims, document=f"Chương trình công tác Đoàn năm {year}")
        for title, day, lines, fields in work:
            demo.act(UNIT, title, day, *lines, **fields)
    for day, theme, present in MEETINGS_2019:
        _meet(demo, day, theme, present)


def _meet(demo: Demo, day: Day, theme: str, present: int) -> None:
    by = demo.recorder(UNIT, day)
    meeting = plan_meeting(
        unit=demo.units[UNIT], by=by, kind=Meeting.Kind.BRANCH, theme=theme, starts_at=at(day, 16),
        title=f"Sinh hoạt chi đoàn tháng {day.month}/{day.year}", form=Meeting.Form.IN_PERSON,
        place="Phòng họp của Cục",
    )  # fmt: skip
    meeting = open_roll(meeting=meeting, now=at(day, 15, 50))
    roll = Attendance.objects.filter(meeting=meeting).order_by("sort_key", "pk")
    came, away = Attendance.State.PRESENT, Attendance.State.EXCUSED
    marks = [
        RollMark(row.pk, came, at(day, 16)) if place < present else RollMark(row.pk, away, at(day, 16), "Đi công tác")
        for place, row in enumerate(roll)
    ]
    mark_roll(meeting=meeting, marks=marks, by=by, now=at(day, 16, 5))
    close_meeting(meeting=meeting, ends_at=at(day, 17), now=at(day, 17, 5))


def inspect(demo: Demo) -> None:
    """The visit, and what became of its three recommendations in 2020."""
    by, name = demo.accounts["ubkt-botuphap"], demo.crowd.name
    head = name(MALE)
    signer = ("TM. BAN CHẤP HÀNH", "PHÓ BÍ THƯ", head)
    programme = draft_programme(
        by=by, unit=demo.units[ABOVE], year=2019, number="02-KH/ĐTN-UBKT", issued_on=Day(2019, 2, 28),
        in_name_of="committee", title="Kế hoạch kiểm tra, giám sát công tác Đoàn và phong trào thanh niên năm 2019",
        purpose="Nắm việc thực hiện chương trình công tác Đoàn và các chỉ thị của Đảng về thanh niên ở cơ sở.\n"
                "Chỉ rõ ưu điểm, hạn chế; việc kiểm tra không làm ảnh hưởng đến công việc chuyên môn của đơn vị.",
        topics=topics(*TOPICS),
    )  # fmt: skip
    [case] = plan_inspections(
        by=by, on=Day(2019, 2, 28), programme=programme, units=[demo.units[UNIT]],
        title="Kiểm tra công tác Đoàn năm 2019, giám sát thực hiện Chỉ thị số 42-CT/TW",
        inspection_kind="periodic", supervision_kind="thematic", review_from=Day(2019, 1, 1),
        review_to=Day(2019, 11, 28), planned_month=Day(2019, 11, 1),
    )  # fmt: skip
    send_out(Sheet(Day(2019, 2, 28), Kind.PROGRAMME, 2, signer=signer), by=by, programme=programme)
    case = _set_up(demo, case, by, head)
    case = go_through(
        demo, case, _visit(demo, name(MALE)), by=by, close_on=Day(2021, 1, 22), sheets=_sheets(case, signer),
        notice=Notice(
            day=Day(2019, 12, 5), number="11-TB/ĐTN-UBKT",
            opening="Chi đoàn chuẩn bị tốt, báo cáo trung thực; Ban Chấp hành và đoàn viên có nhiều cố gắng trong năm.",
            capacity=signer[0], post=signer[1], name=head,
        ),
    )  # fmt: skip
    scan(case.papers.get(kind=Kind.NOTICE), by=by)


def _set_up(demo: Demo, case, by, head: str):
    """The day is agreed and the team set up."""
    name, on = demo.crowd.name, Day(2019, 11, 4)
    case.refresh_from_db()
    case = change_inspection(
        inspection=case, version=case.version, by=by, on=on, title=case.title, review_from=case.review_from,
        review_to=case.review_to, inspection_kind=case.inspection_kind, supervision_kind=case.supervision_kind,
        visited_on=Day(2019, 11, 28), day_part="afternoon", place=PLACE,
        topics=[TopicLine(row.text, row.use, pk=row.pk) for row in case.topics.order_by("position")],
    )  # fmt: skip
    return set_team(
        inspection=case, version=case.version, by=by, on=on,
        seats=seats(
            (head, "Phó Bí thư, Chủ nhiệm Ủy ban Kiểm tra Đoàn Bộ", HEAD),
            (by, "Phó Chủ nhiệm Ủy ban Kiểm tra Đoàn Bộ", DEPUTY),
            (name(MALE), "Trưởng Ban Tuyên giáo Đoàn Bộ", SEAT),
            (name(FEMALE), "Trưởng Ban Tổ chức Đoàn Bộ", SEAT),
            (name(FEMALE), "Ủy viên Ủy ban Kiểm tra", SECRETARY),
        ),
    )  # fmt: skip


def _visit(demo: Demo, party_member: str) -> Visit:
    return Visit(
        day=Day(2019, 11, 28), part="afternoon", place=PLACE, account=ACCOUNT, party_remark=PARTY_REMARK,
        before=Before(
            sent_on=Day(2019, 11, 8), reported_on=Day(2019, 11, 22), number="05-BC/CĐ", verified_on=Day(2019, 11, 25),
            report=SELF_REPORT, file=RESULTS,
        ),
        checklist=CHECKLIST, filed_on=Day(2019, 12, 2), opinion=OPINION,
        hosts=[
            (party_member, "Phó Cục trưởng, cấp ủy viên Chi bộ"),
            (demo.accounts["bithu-cntt"].full_name, "Bí thư Chi đoàn"),
            ("Toàn thể đoàn viên Chi đoàn", ""),
        ],
        questions=QUESTIONS,
        findings=[
            Found(MERIT, "Chuẩn bị báo cáo và hồ sơ đầy đủ cho buổi làm việc.", paper="Báo cáo số 05-BC/CĐ"),
            Found(MERIT, "Ban Chấp hành và đoàn viên cố gắng trong điều kiện kiêm nhiệm; có sản phẩm cụ thể.",
                  about=Deed("youth_tasks"), item=5),
            Found(SHORTCOMING, "Hoạt động chưa đều, chưa thường xuyên.", True, Plan("branch_meetings"), CONSIDERABLE,
                  "Kế hoạch đăng ký mỗi tháng một buổi sinh hoạt, sổ biên bản có 03 buổi.", item=8),
            Found(SHORTCOMING, "Phần lớn là tham gia việc do Đoàn Bộ, Cụm thi đua số II và đơn vị khác phát động.",
                  True, Deed("volunteer_turns"), SLIGHT, item=6),
            Found(SHORTCOMING, "Ít sáng kiến của riêng mình gắn với nhiệm vụ chuyên môn.", True, None, CONSIDERABLE,
                  source="plan"),
            Found(SHORTCOMING, "Sinh hoạt chi đoàn cần đổi mới.", True, Talk(), SLIGHT,
                  "Ba buổi đều chỉ phổ biến công việc; biên bản thiếu chữ ký thư ký.", item=9),
        ],
        asked=ASKED,
    )  # fmt: skip


def _sheets(case, signer: tuple[str, str, str]) -> list[Sheet]:
    """Every paper of the case; the notice goes out with the conclusion, its scan is put beside it afterwards."""
    said = minutes_words(case, "14 giờ 00", "16 giờ 45", "Nhất trí với nhận xét của Đoàn kiểm tra.")
    return [
        Sheet(Day(2019, 11, 5), Kind.DECISION, 27, signer=signer),
        Sheet(Day(2019, 11, 8), Kind.PLAN, 19, signer=signer),
        Sheet(Day(2019, 11, 8), Kind.OUTLINE),
        Sheet(Day(2019, 11, 28), Kind.SESSION, texts=said),
        Sheet(Day(2019, 12, 2), Kind.TEAM_REPORT),
        Sheet(Day(2020, 7, 13), Kind.REMINDER, 8, {"ask": NEXT_WEEK}, about=(2, 3), signer=signer),
        Sheet(Day(2020, 12, 21), Kind.REMEDIATION, 9, {"course": COURSE, "wishes": WISHES}),
        Sheet(Day(2021, 1, 22), Kind.CLOSING, 3, {"judgement": JUDGEMENT}, signer=(OF_UBKT, "CHỦ NHIỆM", signer[2])),
    ]
