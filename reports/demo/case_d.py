"""Case D: on 8/7/2022 a city's inspection committee supervises two companies' Đoàn under one plan."""

import datetime

from inspections.preparing import issue_programme, plan_inspections

from .casework import (
    HEAD,
    MERIT,
    SEAT,
    SECRETARY,
    SHORTCOMING,
    SUPERVISE,
    Asked,
    Deed,
    Notice,
    Plan,
    Visit,
    go_through,
    seats,
    topics,
)
from .loading import Demo
from .people import FEMALE, MALE
from .vocabulary import ALL, Line, at_least, share

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


def asked(unit: str) -> list[Asked]:
    """The same four recommendations for both; one unit did them all, the other still owes two."""
    done = unit == "det-may"
    entered = "61/61 đoàn viên đã cập nhật." if done else "41/48 đoàn viên đã cập nhật, còn 07 ở công trường xa."
    return [
        Asked("Cập nhật 100% đoàn viên lên phần mềm quản lý đoàn viên.", of=(3,), owner=OWNER,
              due_on=Day(2022, 12, 31), proof="Bảng xuất từ phần mềm",
              steps=[(Day(2022, 12, 20), "answer", entered),
                     (Day(2022, 12, 28), "adequate", "Đã đối chiếu bảng xuất.") if done
                     else (Day(2022, 12, 28), "not", "Mới 41/48; cần xong số đoàn viên ở công trường.")]),
        Asked("Giao việc cụ thể cho từng đoàn viên, theo dõi, đánh giá để xếp loại và chọn đoàn viên ưu tú.", of=(2,),
              owner=OWNER, due_on=Day(2022, 10, 31), proof="Bảng phân công việc",
              steps=[(Day(2022, 10, 20), "answer", "Đã phân công việc đến từng đoàn viên theo tổ."),
                     (Day(2022, 11, 4), "adequate", "Đã xem bảng phân công của hai chi đoàn.")]),
        Asked("Tham mưu chi bộ kế hoạch phát triển đảng viên hằng năm.", of=(2,), owner=OWNER,
              due_on=Day(2023, 1, 31), proof="Kế hoạch đã trình chi bộ",
              steps=[(Day(2023, 1, 16), "answer", "Đã trình kế hoạch phát triển đảng viên năm 2023."),
                     (Day(2023, 2, 6), "adequate", "Kế hoạch có chỉ tiêu và người phụ trách.")] if done else []),
        Asked("Định kỳ báo cáo cấp ủy sự tiến bộ của từng đoàn viên ưu tú.", owner="Bí thư Đoàn công ty",
              steps=[(Day(2023, 1, 16), "answer", "Đã báo cáo cấp ủy quý IV năm 2022.")] if done else []),
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
    name = demo.crowd.name
    by = demo.accounts["ubkt-tanphong"]
    programme = issue_programme(
        by=by, unit=demo.units[CITY], year=2022, number="383-KH/UBKT", issued_on=Day(2022, 4, 28),
        in_name_of="inspection", title="Kế hoạch giám sát chuyên đề năm 2022",
    )  # fmt: skip
    cases = plan_inspections(
        by=by, on=Day(2022, 6, 20), programme=programme, units=[demo.units[unit] for unit in RESULTS],
        title="Giám sát việc giới thiệu đoàn viên ưu tú cho Đảng và sử dụng phần mềm quản lý đoàn viên",
        supervision_kind="thematic", review_from=Day(2021, 7, 21), review_to=VISITED_ON, visited_on=VISITED_ON,
        topics=topics(
            (SUPERVISE, "Thực hiện Chỉ thị số 03-CT/TWĐTN-BTC ngày 21/07/2021 về giới thiệu đoàn viên ưu tú cho Đảng"),
            (SUPERVISE, "Sử dụng phần mềm quản lý đoàn viên của Trung ương Đoàn"),
        ),
        team=seats(
            (by, "Chủ nhiệm Ủy ban Kiểm tra Thành đoàn", HEAD),
            (name(FEMALE), "Ủy viên Ủy ban Kiểm tra Thành đoàn", SECRETARY),
            (name(MALE), "Ủy viên Ủy ban Kiểm tra Thành đoàn", SEAT),
        ),
    )  # fmt: skip
    for case, (unit, (introductions, (entered, total))) in zip(cases, RESULTS.items(), strict=True):
        introduced = sum(count for _, count in introductions)
        visit = Visit(
            day=VISITED_ON, part="morning" if unit == "det-may" else "afternoon", place="Trụ sở công ty",
            account=(
                f"Từ khi có Chỉ thị số 03-CT/TWĐTN-BTC, Đoàn công ty giới thiệu {introduced:02d} đoàn viên ưu tú; "
                f"chỉ tiêu mỗi năm ít nhất 20. Đã cập nhật {entered}/{total} đoàn viên lên phần mềm. "
                + REASONS.format(where=WHERE[unit])
            ),
            hosts=[
                (demo.accounts[HOST[unit]].full_name, "Bí thư Đoàn công ty"),
                ("Bí thư các chi đoàn trực thuộc", ""),
            ],
            findings=[
                (MERIT, "Ban Chấp hành nắm chắc nội dung Chỉ thị và có danh sách đoàn viên ưu tú.", False),
                (SHORTCOMING, f"Mới giới thiệu {introduced:02d} đoàn viên ưu tú, chưa đạt mức 20 một năm.", False,
                 Plan("party_introduced")),
                (SHORTCOMING, REASONS.format(where=WHERE[unit]), True, Deed("software_entered")),
            ],
            asked=asked(unit),
        )  # fmt: skip
        notice = Notice(
            day=Day(2022, 7, 22), number=f"{52 if unit == 'det-may' else 53}-TB/UBKT",
            opening="Đoàn công ty nghiêm túc phối hợp, cung cấp đủ hồ sơ theo đề cương.",
            capacity="TM. Ủy ban Kiểm tra", post="Chủ nhiệm", name=by.full_name,
        )  # fmt: skip
        go_through(demo, case, visit, notice, by=by)
    for day, unit, part, whole in ((Day(2022, 12, 19), "det-may", 61, 61), (Day(2022, 12, 19), "xay-lap", 41, 48)):
        demo.act(unit, "Cập nhật đoàn viên lên phần mềm quản lý đoàn viên", day, share("software_entered", part, whole),
                 area="building")  # fmt: skip
