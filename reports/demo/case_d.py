"""Case D: on 8/7/2022 a city's inspection committee supervises two companies' Đoàn under one plan.

One unit did all it was asked, and its file is closed; the other still owes, and part of that is accepted for a time.
"""

import datetime

from branches.enrolling import change_member
from branches.models import Member
from inspections.models import CasePaper
from inspections.preparing import change_inspection, plan_inspections, set_team
from inspections.programming import TopicLine, draft_programme

from .case_d_words import ASK_BY, COURSE, JUDGEMENT, WISHES, checklist
from .casefiles import table
from .casepapers import minutes_words, send_out
from .caseplay import go_through
from .casework import (
    CONSIDERABLE,
    HEAD,
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
    Visit,
    seats,
    topics,
)
from .loading import Demo
from .people import FEMALE, MALE
from .units import UNCODED
from .vocabulary import ALL, Line, at_least, share

Kind = CasePaper.Kind
Day = datetime.date
CITY = "thanh-doan"
VISITED_ON = Day(2022, 7, 8)
PLAN = {"party_introduced": at_least(20), "software_entered": ALL}

# unit → introductions by day (together 19 and 7 since the directive of 21/07/2021), members entered
RESULTS = {
    "det-may": (
        ((Day(2021, 10, 22), 5), (Day(2021, 12, 17), 3), (Day(2022, 3, 25), 6), (Day(2022, 6, 10), 5)),
        (43, 61),
    ),
    "xay-lap": (((Day(2021, 11, 19), 3), (Day(2022, 4, 15), 4)), (34, 48)),
}
REASONS = "Đoàn viên ở {where} ít có thời gian dùng điện thoại trong ca; ứng dụng có lúc lỗi; việc cập nhật còn chậm."
WHERE = {"det-may": "phân xưởng", "xay-lap": "công trường"}
OWNER = "Ban Chấp hành Đoàn công ty"
HOST = {"det-may": "bithu-detmay", "xay-lap": "bithu-xaylap"}


HALL = "Trụ sở công ty"
OUTLINED_ON, FILED_ON, NOTICE_ON = Day(2022, 6, 24), Day(2022, 7, 15), Day(2022, 7, 22)
TOPICS = (
    (SUPERVISE, "Thực hiện Chỉ thị số 03-CT/TWĐTN-BTC ngày 21/07/2021 về giới thiệu đoàn viên ưu tú cho Đảng"),
    (SUPERVISE, "Sử dụng phần mềm quản lý đoàn viên của Trung ương Đoàn"),
)
JOBS = table(
    "Bảng phân công việc", "Bảng phân công việc của đoàn viên",
    (("Tổ", 16), ("Việc được giao", 48), ("Hạn", 14)),
    [("Tổ 1", "Kèm hai đoàn viên mới vào nghề", Day(2022, 12, 15)),
     ("Tổ 2", "Phụ trách góc sáng kiến của phân xưởng", Day(2022, 12, 15)),
     ("Tổ 3", "Cập nhật phần mềm quản lý đoàn viên cho cả tổ", Day(2022, 11, 30)),
     ("Tổ 4", "Chuẩn bị sinh hoạt chủ điểm quý IV", Day(2022, 11, 18))],
    Day(2022, 10, 19),
)  # fmt: skip


def entered(part: int, whole: int, on: Day):
    """What the software gives out: how many of each branch are entered."""
    return table(
        "Bảng xuất từ phần mềm", "Số đoàn viên đã cập nhật", (("Nội dung", 30), ("Số đoàn viên", 16)),
        [("Đã cập nhật", part), ("Tổng số đoàn viên", whole)], on,
    )  # fmt: skip


# A quarter, when its report was sent and when it was found adequate.
QUARTERS = [
    ("quý III năm 2022", Day(2022, 9, 26), Day(2022, 9, 29)), ("quý IV năm 2022", Day(2022, 12, 19), Day(2022, 12, 28)),
    ("quý I năm 2023", Day(2023, 3, 24), Day(2023, 3, 29)), ("quý II năm 2023", Day(2023, 6, 23), Day(2023, 6, 28)),
    ("quý III năm 2023", Day(2023, 9, 22), Day(2023, 9, 28)),
]  # fmt: skip


def asked(unit: str, until: Day) -> list[Asked]:
    """The same four recommendations for both; what became of them differs."""
    first, second, third, fourth = _done() if unit == "det-may" else _owing(until)
    return [
        Asked("Cập nhật 100% đoàn viên lên phần mềm quản lý đoàn viên.", of=(3,), owner=OWNER,
              due_on=Day(2022, 12, 31), proof="Bảng xuất từ phần mềm", steps=first),
        Asked("Giao việc cụ thể cho từng đoàn viên, theo dõi, đánh giá để xếp loại và chọn đoàn viên ưu tú.", of=(2,),
              owner=OWNER, due_on=Day(2022, 10, 31), proof="Bảng phân công việc", steps=second),
        Asked("Tham mưu chi bộ kế hoạch phát triển đảng viên hằng năm.", of=(2,), owner=OWNER,
              due_on=Day(2023, 1, 31), proof="Kế hoạch đã trình chi bộ", steps=third),
        Asked("Định kỳ báo cáo cấp ủy sự tiến bộ của từng đoàn viên ưu tú.", owner="Bí thư Đoàn công ty",
              due_on=Day(2022, 9, 30), proof="Báo cáo quý gửi cấp ủy", recurs="quarter",
              recurs_until=Day(2023, 9, 30), steps=fourth),
    ]  # fmt: skip


def _done() -> list[list[tuple]]:
    """One list of steps for each recommendation."""
    return [
        [(Day(2022, 12, 20), "answer", "61/61 đoàn viên đã cập nhật.",
          Proof(("Cập nhật đoàn viên",), (("software_entered", 2022),), entered(61, 61, Day(2022, 12, 19)))),
         (Day(2022, 12, 28), "adequate", "Đã đối chiếu bảng xuất.")],
        [(Day(2022, 10, 20), "answer", "Đã phân công việc đến từng đoàn viên theo tổ.", Proof(file=JOBS)),
         (Day(2022, 10, 25), "visit", "Bảng phân công chung theo tổ, cần hỏi đoàn viên tại phân xưởng."),
         (Day(2022, 11, 4), "seen", "Đã hỏi sáu đoàn viên của hai chi đoàn, ai cũng biết việc của mình.")],
        [(Day(2022, 12, 5), "target", "Theo kế hoạch phát triển đảng viên đã trình chi bộ.",
          ("party_introduced", at_least(20), 2023)),
         (Day(2023, 1, 16), "answer", "Đã trình kế hoạch phát triển đảng viên năm 2023.",
          Proof(targets=(("party_introduced", 2023),))),
         (Day(2023, 2, 6), "adequate", "Kế hoạch có chỉ tiêu và người phụ trách.")],
        [step for words, sent, seen in QUARTERS for step in (
            (sent, "answer", f"Đã gửi chi ủy nhận xét từng đoàn viên ưu tú {words}."),
            (seen, "adequate", "Có nhận xét từng người."))],
    ]  # fmt: skip


def _owing(until: Day) -> list[list[tuple]]:
    """The same; two who work abroad are let be until the end of the running year."""
    return [
        [(Day(2022, 12, 20), "answer", "41/48 đoàn viên đã cập nhật, còn 07 ở công trường xa.",
          Proof(("Cập nhật đoàn viên",), (("software_entered", 2022),), entered(41, 48, Day(2022, 12, 19)))),
         (Day(2022, 12, 28), "not", "Mới 41/48; cần xong số đoàn viên ở công trường."),
         (Day(2022, 12, 29), "ask", "Công trường nghỉ Tết đến giữa tháng 02, chưa tập trung được đoàn viên.",
          Day(2023, 6, 30)),
         (Day(2023, 1, 4), "agree", "Đồng ý, không gia hạn lần nữa.", Day(2023, 6, 30)),
         (Day(2023, 6, 28), "answer", "46/48; hai đồng chí lao động ở nước ngoài chưa xác thực được tài khoản.",
          Proof(file=entered(46, 48, Day(2023, 6, 27)))),
         (Day(2023, 7, 7), "not", "Còn hai đồng chí, đề nghị nêu ngày về nước."),
         (Day(2023, 7, 10), "accept", "Hai đồng chí lao động ở nước ngoài, về nước thì cập nhật ngay.", until)],
        [(Day(2022, 9, 5), "task", "Phân công việc quý IV cho từng đoàn viên, tổ trưởng theo dõi",
          Job("Bảng phân công của hai chi đoàn", Day(2022, 10, 14), Day(2022, 10, 12), Day(2022, 10, 17))),
         (Day(2022, 10, 20), "answer", "Đã phân công việc đến từng đoàn viên theo tổ.", Proof(file=JOBS)),
         (Day(2022, 11, 4), "adequate", "Đã xem bảng phân công của hai chi đoàn.")],
        [],
        [(Day(2022, 10, 12), "answer", "Đã gửi chi ủy nhận xét từng đoàn viên ưu tú quý III năm 2022."),
         (Day(2022, 10, 20), "adequate", "Gửi chậm mười hai ngày, nội dung đủ.")],
    ]  # fmt: skip


def build(demo: Demo) -> None:
    for unit, (introductions, (entered, total)) in RESULTS.items():
        for year in (2021, 2022):
            demo.plan(
                unit, demo.year(year), PLAN, origin="superior", document="Chỉ thị số 03-CT/TWĐTN-BTC ngày 21/07/2021"
            )
        for day, count in introductions:
            demo.act(unit, "Giới thiệu đoàn viên ưu tú cho Đảng xem xét, kết nạp", day, Line("party_introduced", count))
        demo.act(unit, "Rà soát dữ liệu trên phần mềm quản lý đoàn viên", Day(2022, 6, 30),
                 share("software_entered", entered, total), area="building")  # fmt: skip
    for day, unit, part, whole in ((Day(2022, 12, 19), "det-may", 61, 61), (Day(2022, 12, 19), "xay-lap", 41, 48)):
        demo.act(unit, "Cập nhật đoàn viên lên phần mềm quản lý đoàn viên", day, share("software_entered", part, whole),
                 area="building")  # fmt: skip


def inspect(demo: Demo) -> None:
    by = demo.accounts["ubkt-tanphong"]
    programme = draft_programme(
        by=by, unit=demo.units[CITY], year=2022, number="383-KH/UBKT", issued_on=Day(2022, 4, 28),
        in_name_of="inspection", title="Kế hoạch giám sát chuyên đề năm 2022", topics=topics(*TOPICS),
        purpose="Nắm việc thực hiện Chỉ thị về giới thiệu đoàn viên ưu tú và việc dùng phần mềm ở các đơn vị.\n"
                "Qua giám sát, nêu cách làm hay để các đơn vị khác tham khảo.",
    )  # fmt: skip
    name = demo.crowd.name
    cases = plan_inspections(
        by=by, on=Day(2022, 4, 28), programme=programme, units=[demo.units[unit] for unit in RESULTS],
        title="Giám sát việc giới thiệu đoàn viên ưu tú cho Đảng và sử dụng phần mềm quản lý đoàn viên",
        supervision_kind="thematic", review_from=Day(2021, 7, 21), review_to=VISITED_ON, visited_on=VISITED_ON,
        planned_month=VISITED_ON, place=HALL,
    )  # fmt: skip
    send_out(Sheet(Day(2022, 4, 28), Kind.PROGRAMME, 383), by=by, programme=programme)
    team = seats(
        (by, "Chủ nhiệm Ủy ban Kiểm tra Thành đoàn", HEAD),
        (name(FEMALE), "Ủy viên Ủy ban Kiểm tra Thành đoàn", SECRETARY),
        (name(MALE), "Ủy viên Ủy ban Kiểm tra Thành đoàn", SEAT),
    )
    for case, day_part in zip(cases, ("morning", "afternoon"), strict=True):
        case = set_team(inspection=case, version=case.version, by=by, on=Day(2022, 6, 20), seats=team)
        case = change_inspection(
            inspection=case, version=case.version, by=by, on=Day(2022, 6, 20), title=case.title, place=HALL,
            review_from=case.review_from, review_to=case.review_to, supervision_kind=case.supervision_kind,
            visited_on=VISITED_ON, day_part=day_part,
            topics=[TopicLine(row.text, row.use, pk=row.pk) for row in case.topics.order_by("position")],
        )  # fmt: skip
        unit = case.unit.code
        go_through(
            demo, case, _visit(demo, unit, day_part), _notice(by, unit), by=by, sheets=_sheets(case),
            close_on=Day(2023, 10, 12) if unit == "det-may" else None,
        )  # fmt: skip
    _enter(demo)


def _enter(demo: Demo) -> None:
    """What became of the members who were not in the software: all but two, who work abroad, have their code today."""
    left = {"xay-lap-cong-truong": 2}
    for code in UNCODED:
        rows = Member.objects.filter(home=demo.units[code], national_code="", merged_into=None).order_by("pk")
        by = demo.recorder(code, demo.today)
        for member in rows[left.get(code, 0) :]:
            change_member(member=member, version=member.version, by=by, national_code=f"TP{member.pk:06d}")


def _visit(demo: Demo, unit: str, day_part: str) -> Visit:
    introductions, (part, whole) = RESULTS[unit]
    introduced, is_textile = sum(count for _, count in introductions), unit == "det-may"
    reasons = REASONS.format(where=WHERE[unit])
    account = (
        f"Từ khi có Chỉ thị số 03-CT/TWĐTN-BTC, Đoàn công ty giới thiệu {introduced:02d} đoàn viên ưu tú; "
        f"chỉ tiêu mỗi năm ít nhất 20. Đã cập nhật {part}/{whole} đoàn viên lên phần mềm. {reasons}"
    )
    return Visit(
        day=VISITED_ON, part=day_part, place=HALL, account=account, filed_on=FILED_ON, checklist=checklist(unit),
        before=Before(
            sent_on=OUTLINED_ON, reported_on=Day(2022, 7, 4), report=account, verified_on=Day(2022, 7, 5),
            number=f"{12 if is_textile else 9:02d}-BC/ĐTN", file=entered(part, whole, Day(2022, 6, 30)),
        ),
        opinion="Đoàn công ty nghiêm túc thực hiện đề cương; cần chỉ tiêu cụ thể và theo dõi từng đoàn viên.",
        hosts=[
            (demo.accounts[HOST[unit]].full_name, "Bí thư Đoàn công ty"),
            ("Bí thư các chi đoàn trực thuộc", ""),
        ],
        questions=[(
            "Vì sao còn đoàn viên chưa cập nhật được?",
            "Danh sách đã gửi tổ trưởng; người làm ca đêm chưa có buổi hướng dẫn." if is_textile
            else "Công trường sóng yếu, đoàn viên đổi chỗ làm theo tháng.",
        )],
        findings=[
            Found(MERIT, "Ban Chấp hành nắm chắc nội dung Chỉ thị và có danh sách đoàn viên ưu tú.", item=1),
            Found(SHORTCOMING, f"Mới giới thiệu {introduced:02d} đoàn viên ưu tú, chưa đạt mức 20 một năm.", False,
                  Plan("party_introduced"), SLIGHT if is_textile else CONSIDERABLE, item=6),
            Found(SHORTCOMING, reasons, True, Deed("software_entered"), CONSIDERABLE,
                  f"{part}/{whole} đoàn viên có trên phần mềm.", item=11, source="members"),
        ],
        asked=asked(unit, Day(demo.today.year, 12, 31)),
    )  # fmt: skip


def _notice(by, unit: str) -> Notice:
    return Notice(
        day=NOTICE_ON, number=f"{52 if unit == 'det-may' else 53}-TB/UBKT",
        opening="Đoàn công ty nghiêm túc phối hợp, cung cấp đủ hồ sơ theo đề cương.",
        capacity="TM. ỦY BAN KIỂM TRA", post="CHỦ NHIỆM", name=by.full_name,
    )  # fmt: skip


def _sheets(case) -> list[Sheet]:
    """Papers of both; the one that did all has the closing note, the one that owes was reminded."""
    is_textile = case.unit.code == "det-may"
    hours = ("8 giờ 00", "10 giờ 30") if is_textile else ("14 giờ 00", "16 giờ 15")
    both = [
        Sheet(Day(2022, 6, 21), Kind.DECISION, 61 if is_textile else None),
        Sheet(OUTLINED_ON, Kind.PLAN),
        Sheet(OUTLINED_ON, Kind.OUTLINE),
        Sheet(VISITED_ON, Kind.SESSION, texts=minutes_words(case, *hours, "Nhất trí, không có ý kiến khác.")),
        Sheet(FILED_ON, Kind.TEAM_REPORT),
    ]
    if is_textile:
        return [
            *both,
            Sheet(Day(2023, 10, 6), Kind.REMEDIATION, 21, {"course": COURSE, "wishes": WISHES}),
            Sheet(Day(2023, 10, 12), Kind.CLOSING, 7, {"judgement": JUDGEMENT}),
        ]
    return [*both, Sheet(Day(2023, 2, 10), Kind.REMINDER, 12, {"ask": ASK_BY})]
