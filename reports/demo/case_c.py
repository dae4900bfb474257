"""Case C: on 31/3/2023 the Party committee of a provincial office says what it expects of its branch.

The report of 2022 had no figures: its activities are lines without figures. What the Party secretary
asked became directions, and the directions became targets of 2023 that can be followed to the end.
"""

import datetime

from .loading import Demo
from .vocabulary import MUST, Aim, Line, at_least, happened, monthly

Day = datetime.date
UNIT = "cuc-thads"
PARTY = "Đảng ủy Cục Thi hành án dân sự tỉnh"
GIVEN_ON = Day(2023, 3, 31)

WORK_2022 = [
    ("Chuyến tham quan học tập cho con cán bộ, công chức", Day(2022, 7, 16), [happened("children_events")]),
    ("Đêm hội Trung thu", Day(2022, 9, 9), [happened("children_events")]),
    ("Nói chuyện pháp luật về phòng, chống ma túy", Day(2022, 6, 24), [happened("law_talks")]),
    ("Thăm, giúp đỡ hoàn cảnh khó khăn", Day(2022, 11, 18), [happened("gifts_poor_households")]),
    ("Hiến máu tình nguyện", Day(2022, 4, 7), [happened("blood_turns")]),
]

# What was asked, its due day, and the targets that answer it.
DIRECTIONS: list[tuple[str, Day | None, dict[str, Aim]]] = [
    ("Lượng hóa hoạt động trong năm, đưa vào báo cáo gửi cấp ủy: nội dung, phương hướng, tự đánh giá, hạn chế, "
     "để cấp ủy chỉ đạo kịp thời.", Day(2023, 12, 15), {"party_reports": at_least(2)}),
    ("Sinh hoạt chi đoàn đều hằng tháng, ghi biên bản đầy đủ.", None,
     {"branch_meetings": monthly(1), "minutes_complete": MUST}),
    ("Chủ động đề xuất với cấp ủy, không chờ kế hoạch của cấp trên.", None, {"party_proposals": at_least(2)}),
    ("Tuyên truyền, giáo dục pháp luật về phòng, chống tham nhũng.", Day(2023, 11, 9),
     {"law_talks": at_least(3), "law_talk_turns": at_least(100)}),
    ("Chăm lo người nghèo: nhận đỡ đầu một xã nghèo, tặng sách cho học sinh miền núi.", Day(2023, 11, 30),
     {"adopted_communes": at_least(1), "books_given": at_least(300)}),
    ("Đoàn viên đi đầu giải quyết việc tồn đọng theo Kết luận số 618/KL-HĐND ngày 11/11/2022.", Day(2023, 9, 30),
     {"backlog_cleared": at_least(90)}),
    ("Tổ chức thể thao chào mừng 77 năm ngày truyền thống, nêu rõ số môn, số đội, số vận động viên.", Day(2023, 7, 19),
     {"sport_disciplines": at_least(3), "sport_teams": at_least(8), "sport_players": at_least(60)}),
    ("Giữ cơ quan sáng, xanh, sạch, đẹp.", None, {"office_cleaning": monthly(1)}),
]  # fmt: skip
OWN_2023 = {"blood_turns": at_least(8), "children_events": at_least(2)}

WORK_2023 = [
    ("Gửi cấp ủy báo cáo sáu tháng đầu năm", Day(2023, 6, 20), [Line("party_reports", 1)],
     {"proof": "Báo cáo sáu tháng"}),
    ("Gửi cấp ủy báo cáo năm 2023", Day(2023, 12, 15), [Line("party_reports", 1)], {"proof": "Báo cáo năm"}),
    ("Đề xuất cấp ủy dự một buổi sinh hoạt mỗi quý", Day(2023, 5, 12), [Line("party_proposals", 1)], {}),
    ("Đề xuất số hóa 200 hồ sơ lưu trữ làm công trình thanh niên năm 2024", Day(2023, 12, 8),
     [Line("party_proposals", 1)], {}),
    *[
        (f"Nói chuyện pháp luật về phòng, chống tham nhũng, buổi {place}", day,
         [Line("law_talks", 1), Line("law_talk_turns", turns)], {"guest_count": turns - 20, "member_count": 20})
        for place, (day, turns) in enumerate(
            ((Day(2023, 5, 19), 38), (Day(2023, 8, 25), 40), (Day(2023, 11, 9), 42)), start=1
        )
    ],
    ("Nhận đỡ đầu xã nghèo vùng cao", Day(2023, 4, 22), [Line("adopted_communes", 1, note="đến hết năm 2025")],
     {"member_count": 12, "proof": "Biên bản ký kết đỡ đầu"}),
    ("Tặng sách cho học sinh miền núi, đợt 1", Day(2023, 9, 5), [Line("books_given", 180)], {"member_count": 9}),
    ("Tặng sách cho học sinh miền núi, đợt 2", Day(2023, 11, 20), [Line("books_given", 140)],
     {"member_count": 7, "raised": 9_600_000, "spent": 9_600_000}),
    *[
        (f"Tổ đoàn viên giải quyết việc tồn đọng, quý {roman}", Day(2023, month, 28), [Line("backlog_cleared", done)],
         {"member_count": 8})
        for roman, month, done in (("II", 6, 31), ("III", 9, 27), ("IV", 12, 16))
    ],
    ("Hội thao chào mừng 77 năm ngày truyền thống", Day(2023, 7, 15),
     [Line("sport_disciplines", 3), Line("sport_teams", 8), Line("sport_players", 64)],
     {"last_on": Day(2023, 7, 19), "organiser": "joint", "partner": "Công đoàn Cục"}),
    ("Hiến máu tình nguyện", Day(2023, 4, 7), [Line("blood_turns", 9)],
     {"organiser": "joined", "partner": "Đoàn Khối các cơ quan tỉnh"}),
    ("Trại hè cho con cán bộ, công chức", Day(2023, 7, 8), [Line("children_events", 1)], {}),
    ("Đêm hội Trung thu", Day(2023, 9, 28), [Line("children_events", 1)], {}),
    *[
        ("Tổng vệ sinh cơ quan", Day(2023, month, 4), [Line("office_cleaning", 1)], {"member_count": 15})
        for month in range(1, 13)
    ],
    *[
        (f"Sinh hoạt chi đoàn tháng {month}/2023", Day(2023, month, 12), [Line("branch_meetings", 1)],
         {"member_count": 20 + month % 5})
        for month in range(1, 13) if month != 3
    ],
    ("Kiểm tra sổ biên bản sinh hoạt cuối năm", Day(2023, 12, 20), [Line("minutes_complete", 1)], {}),
]  # fmt: skip
ANSWERS = {
    1: ("Từ quý II, mọi hoạt động ghi bằng số; đã gửi hai báo cáo.", Day(2023, 12, 15)),
    3: ("Đã gửi hai đề xuất; cấp ủy đồng ý dự sinh hoạt mỗi quý.", Day(2023, 12, 8)),
    6: ("Xong 74 trên 90 việc; xin thêm một đồng chí hướng dẫn cho 16 việc còn lại.", Day(2023, 12, 28)),
}


def build(demo: Demo) -> None:
    for title, day, lines in WORK_2022:
        demo.act(UNIT, title, day, *lines)
    year = demo.year(2023)
    for position, (text, due_on, aims) in enumerate(DIRECTIONS, start=1):
        answer, answered_on = ANSWERS.get(position, ("", None))
        direction = demo.direction(
            UNIT, position, text, given_by="party", body_name=PARTY, given_on=GIVEN_ON, due_on=due_on,
            document="Kết luận buổi làm việc ngày 31/3/2023", answer=answer, answered_on=answered_on,
        )  # fmt: skip
        demo.plan(UNIT, year, aims, origin="direction", direction=direction, due_on=due_on)
    demo.plan(UNIT, year, OWN_2023)
    for title, day, lines, fields in WORK_2023:
        demo.act(UNIT, title, day, *lines, **fields)
