"""Case B: the fifth term (2017-2019) of a department's branch, line by line, and the plan of the next term.

Every quantity of the case's table is one or more lines of activities, with its unit and its qualifier;
what the table leaves without a figure is a line without a figure. Meetings, briefings and ratings are
not in the table: they are made up so that the shortcomings the branch names can be seen in figures.
"""

import datetime

from .loading import Demo
from .vocabulary import (
    ALL,
    NONE_AT_ALL,
    Line,
    about,
    at_least,
    between,
    gifts,
    happened,
    monthly,
    more_than,
    nearly,
    share,
)

Day = datetime.date
UNIT = "so-tttt"
ABOVE = "Đoàn Khối các cơ quan tỉnh"
UNION = "Công đoàn Sở"

EVERY_YEAR = {
    "hcm_study_registered": ALL,
    "resolution_briefed": ALL,
    "blood_turns": at_least(4),
    "youth_tasks": at_least(1),
    "initiative_members": at_least(1),
    "fund_donations": at_least(4_500_000),
    "summer_cost": at_least(5_000_000),
    "office_cleaning": monthly(1),
    "children_gift_money": at_least(8_000_000),
    "branch_meetings": monthly(1),
    "violations": NONE_AT_ALL,
    "task_completed": ALL,
    "task_excellent": at_least(20),
    "rated_fair": ALL,
    "party_admitted": between(1, 2),
}
YEAR_PLANS = {
    2017: EVERY_YEAR | {"state_management": at_least(2)},
    2018: EVERY_YEAR
    | {
        "study_models": at_least(1), "news_items": at_least(15), "fallen_families": at_least(1),
        "wounded_families": at_least(1), "state_management": at_least(2), "sport_tournaments": at_least(1),
    },
    2019: EVERY_YEAR
    | {
        "study_models": at_least(1), "fallen_families": at_least(1), "wounded_families": at_least(1),
        "gifts_poor_households": at_least(2), "gifts_pupils": at_least(5), "initiative_members": at_least(2),
        "state_management": at_least(2),
    },
}  # fmt: skip
# What the congress of 2017 resolved for the term; the years planned these and more.
TERM = {
    "hcm_study_registered": ALL,
    "resolution_briefed": ALL,
    "blood_turns": at_least(12),
    "youth_tasks": at_least(3),
    "initiative_members": at_least(4),
    "fund_donations": at_least(13_500_000),
    "task_completed": ALL,
    "task_excellent": at_least(20),
    "party_admitted": between(3, 6),
}
# The first year of the next term, as the report of 2019 announces it.
FIRST_YEAR = {
    "resolution_briefed": ALL,
    "youth_tasks": at_least(1),
    "no_violation": ALL,
    "task_completed": ALL,
    "task_excellent": at_least(20),
    "rated_fair": ALL,
    "party_admitted": between(1, 2),
}

NEXT_TERM = {
    "resolution_briefed": ALL,
    "no_violation": ALL,
    "task_completed": ALL,
    "task_excellent": at_least(20),
    "youth_tasks": at_least(3),
    "rated_fair": ALL,
    "rated_excellent": at_least(90),
    "party_admitted": between(2, 3),
}

# The term that runs today.
RUNNING_TERM = {
    "resolution_briefed": ALL,
    "blood_turns": at_least(25),
    "youth_tasks": at_least(8),
    "initiative_members": at_least(8),
    "task_completed": ALL,
    "task_excellent": at_least(20),
    "party_admitted": between(4, 6),
}

JOINT, JOINED = "joint", "joined"


def year_of_study(year: int, model: str = ""):
    models = [Line("study_models", 1, note=model)] if model else []
    return (
        "Đăng ký học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh", Day(year, 2, 20),
        [share("hcm_study_registered", 14, 14), *models], {"member_count": 14},
    )  # fmt: skip


def children(year: int, autumn: Day):
    """More than 10 million đồng a year, half on 1 June and half at mid-autumn."""
    shared = {"organiser": JOINT, "partner": UNION}
    return [
        ("Tặng quà con cán bộ, công chức ngày Quốc tế Thiếu nhi", Day(year, 6, 1),
         [more_than("children_gift_money", 5_000_000)], shared),
        ("Tặng quà con cán bộ, công chức dịp Tết Trung thu", autumn,
         [more_than("children_gift_money", 5_000_000)], shared),
    ]  # fmt: skip


# title, day, lines, other fields
WORK = [
    # 1 Tuyên truyền, giáo dục
    year_of_study(2017),
    year_of_study(2018, "Cơ quan không giấy tờ"),
    year_of_study(2019, "Làm hết việc, không làm hết giờ"),
    ("Viết tin, bài kỷ niệm 70 năm Ngày ra Lời kêu gọi thi đua ái quốc", Day(2018, 6, 11),
     [about("news_items", 20)], {"proof": "Danh mục tin, bài trên cổng thông tin của Sở"}),
    ("Về nguồn tại khu di tích cách mạng của tỉnh", Day(2017, 7, 22), [happened("education_campaigns")], {}),
    ("Học tập nghị quyết Đại hội Đoàn toàn quốc lần thứ XI", Day(2018, 3, 9),
     [happened("education_campaigns"), share("resolution_briefed", 14, 14)], {"member_count": 14}),
    ("Đợt sinh hoạt kỷ niệm 65 năm Chiến thắng Điện Biên Phủ", Day(2019, 5, 7),
     [happened("education_campaigns")], {}),
    ("Quán triệt nghị quyết, chỉ thị năm 2017", Day(2017, 4, 14), [share("resolution_briefed", 14, 14)], {}),
    ("Quán triệt nghị quyết, chỉ thị năm 2019", Day(2019, 4, 12),
     [share("resolution_briefed", 13, 14, "một đoàn viên đi học dài hạn")], {}),
    # 2 Phong trào hành động cách mạng: five turns of blood a year against a plan of four
    *[
        (f"Hiến máu tình nguyện, {name} năm {year}", Day(year, month, day), [Line("blood_turns", turns)],
         {"organiser": JOINED, "partner": ABOVE, "heads": turns})
        for year in (2017, 2018, 2019)
        for name, month, day, turns in (("Lễ hội Xuân hồng", 2, 26, 2), ("Hành trình đỏ", 7, 19, 3))
    ],
    *[
        (f"Ủng hộ các quỹ nhân đạo, đền ơn đáp nghĩa năm {year}", Day(year, 10, 17),
         [about("fund_donations", 5_000_000)], {})
        for year in (2017, 2018, 2019)
    ],
    ("Chương trình Mùa đông năm 2018, Xuân tình nguyện năm 2019", Day(2018, 12, 12),
     [nearly("winter_spring_cost", 5_000_000)],
     {"last_on": Day(2019, 1, 30), "organiser": JOINED, "partner": ABOVE,
      "note": "Thực hiện Kế hoạch số 12-KH/ĐK ngày 12/12/2018; số ghi là toàn bộ kinh phí."}),
    ("Tặng quà Tết hộ nghèo", Day(2019, 1, 29),
     [gifts("gifts_poor_households", 2, 700_000), Line("gift_value", 1_400_000)],
     {"proof": "Danh sách ký nhận quà của hộ nghèo"}),
    ("Tặng quà Tết học sinh có hoàn cảnh khó khăn", Day(2019, 1, 30),
     [gifts("gifts_pupils", 5, 300_000), Line("gift_value", 1_500_000)],
     {"proof": "Danh sách ký nhận quà của học sinh"}),
    *[
        (f"Chiến dịch Thanh niên tình nguyện hè năm {year}", Day(year, 6, 15), [nearly("summer_cost", cost)],
         {"last_on": Day(year, 8, 20), "heads": 11})
        for year, cost in ((2017, 6_000_000), (2018, 7_000_000), (2019, 7_000_000))
    ],
    *[
        (f"Thăm gia đình liệt sĩ, thương binh nhân ngày 27/7/{year}", Day(year, 7, 26),
         [Line("fallen_families", 1), Line("wounded_families", 1)], {"heads": 6})
        for year in (2018, 2019)
    ],
    ("Phần việc thanh niên: làm lại khung cửa sổ phòng họp", Day(2017, 9, 16),
     [Line("youth_tasks", 1, note="khung cửa sổ phòng họp")], {"heads": 5}),
    ("Phần việc thanh niên: làm hộp bảo vệ đường điện máy bơm", Day(2018, 5, 19),
     [Line("youth_tasks", 1, note="hộp bảo vệ đường điện máy bơm")],
     {"heads": 4, "proof": "Biên bản nghiệm thu phần việc"}),
    ("Phần việc thanh niên: lắp đèn tự động cho nhà để xe", Day(2019, 10, 12),
     [Line("youth_tasks", 1, note="đèn tự động ở nhà để xe")],
     {"heads": 4, "proof": "Ảnh trước và sau khi lắp"}),
    *[
        ("Xét công nhận sáng kiến cấp cơ sở", Day(year, 11, 15), [Line("initiative_members", count)], {})
        for year, count in ((2017, 1), (2018, 2), (2019, 1))
    ],
    # 3 Đồng hành với thanh niên
    ("Đoàn viên học cao cấp lý luận chính trị", Day(2018, 9, 10), [Line("political_theory", 1)], {"heads": 1}),
    *[
        (f"Đoàn viên học bồi dưỡng quản lý nhà nước năm {year}", Day(year, 8, 28), [Line("state_management", count)],
         {"heads": count})
        for year, count in ((2017, 2), (2018, 3), (2019, 2))
    ],
    ("Đoàn viên học thạc sĩ", Day(2019, 9, 5), [Line("masters_course", 1)], {"heads": 1}),
    ("Giải cầu lông chào mừng Ngày thành lập Đoàn 26/3", Day(2018, 3, 26),
     [Line("sport_tournaments", 1, note="cầu lông"), Line("sport_prizes", 1, note="giải Ba đôi nam nữ")],
     {"organiser": JOINED, "partner": ABOVE, "heads": 4, "proof": "Ảnh trao giải Ba đôi nam nữ"}),
    ("Giải bóng đá thanh niên lần thứ VIII năm 2018", Day(2018, 8, 18),
     [Line("sport_tournaments", 1, note="bóng đá, đội liên quân với Chi đoàn Thanh tra tỉnh")],
     {"organiser": JOINT, "partner": "Chi đoàn Thanh tra tỉnh", "heads": 6}),
    # 4 Chăm sóc, giáo dục thiếu niên, nhi đồng
    *children(2017, Day(2017, 10, 3)),
    *children(2018, Day(2018, 9, 22)),
    *children(2019, Day(2019, 9, 12)),
    # 5 Quốc tế thanh niên
    ("Biên tập bài thông tin đối ngoại năm 2019", Day(2019, 11, 8), [happened("external_articles")], {}),
    ("Tham gia phục vụ Đại lễ Phật đản Liên hợp quốc (Vesak) năm 2019", Day(2019, 5, 12),
     [happened("international_activities")],
     {"last_on": Day(2019, 5, 14), "organiser": JOINED, "partner": "Tỉnh đoàn"}),
    # 6 Xây dựng Đoàn
    ("Cử một ủy viên Ban Chấp hành dự liên hoan cán bộ Đoàn khu vực", Day(2018, 10, 24),
     [Line("festival_delegates", 1)],
     {"last_on": Day(2018, 10, 26), "organiser": JOINED, "partner": "Trung ương Đoàn", "heads": 1}),
    *[
        ("Lễ kết nạp đảng viên là đoàn viên ưu tú", day, [Line("party_admitted", 1)], {"heads": 12})
        for day in (Day(2017, 11, 3), Day(2018, 9, 2), Day(2019, 9, 2))
    ],
]  # fmt: skip

# Meetings were irregular: held when the superior handed out a task.
MEETINGS = {
    2017: (1, 2, 3, 4, 5, 6, 8, 9, 11),
    2018: (1, 2, 3, 4, 6, 8, 10, 12),
    2019: (1, 2, 3, 4, 5, 8, 11),
}
# The year's rating: part and whole, for the four indicators of it.
RATINGS = {
    2017: {"task_completed": (14, 14), "task_excellent": (3, 14), "rated_fair": (14, 14), "rated_excellent": (10, 14)},
    2018: {"task_completed": (14, 14), "task_excellent": (3, 14), "rated_fair": (14, 14), "rated_excellent": (11, 14)},
    2019: {"task_completed": (14, 14), "task_excellent": (4, 14), "rated_fair": (14, 14), "rated_excellent": (11, 14)},
}
# 2020-2022, what the plan of the next term came to.
NEXT_WORK = [
    (Day(2020, 5, 16), "Phần việc thanh niên: số hóa sổ công văn đến", [Line("youth_tasks", 1)]),
    (Day(2021, 6, 12), "Phần việc thanh niên: hỗ trợ khai báo y tế điện tử tại trụ sở", [Line("youth_tasks", 1)]),
    (Day(2021, 10, 9), "Phần việc thanh niên: dựng trang tra cứu thủ tục", [Line("youth_tasks", 1)]),
    (Day(2022, 5, 21), "Phần việc thanh niên: sửa mạng nội bộ phòng một cửa", [Line("youth_tasks", 1)]),
    (Day(2020, 9, 2), "Lễ kết nạp đảng viên là đoàn viên ưu tú", [Line("party_admitted", 1)]),
    (Day(2022, 5, 19), "Lễ kết nạp đảng viên là đoàn viên ưu tú", [Line("party_admitted", 1)]),
    (Day(2020, 4, 10), "Quán triệt nghị quyết, chỉ thị năm 2020", [share("resolution_briefed", 13, 14)]),
    (Day(2021, 4, 16), "Quán triệt nghị quyết Đại hội Đảng lần thứ XIII", [share("resolution_briefed", 14, 14)]),
    (Day(2022, 4, 15), "Quán triệt nghị quyết, chỉ thị năm 2022", [share("resolution_briefed", 14, 14)]),
]
NEXT_RATINGS = {
    2020: {"no_violation": (14, 14), "task_completed": (14, 14), "task_excellent": (2, 14), "rated_fair": (14, 14),
           "rated_excellent": (11, 14)},
    2021: {"no_violation": (14, 14), "task_completed": (14, 14), "task_excellent": (3, 14), "rated_fair": (14, 14),
           "rated_excellent": (12, 14)},
    2022: {"no_violation": (14, 14), "task_completed": (14, 14), "task_excellent": (3, 14), "rated_fair": (14, 14),
           "rated_excellent": (12, 14)},
}  # fmt: skip


def first_monday(year: int, month: int) -> Day:
    first = Day(year, month, 1)
    return first + datetime.timedelta(days=-first.weekday() % 7)


def build(demo: Demo, terms: dict) -> None:
    for year, aims in YEAR_PLANS.items():
        demo.plan(UNIT, demo.year(year), aims, document=f"Chương trình công tác Đoàn năm {year}")
    demo.plan(
        UNIT, terms[UNIT, "Nhiệm kỳ V (2017-2019)"], TERM, document="Nghị quyết Đại hội Chi đoàn nhiệm kỳ 2017-2019"
    )
    demo.plan(UNIT, demo.year(2020), FIRST_YEAR, document="Nghị quyết Đại hội Chi đoàn nhiệm kỳ 2019-2022")
    demo.plan(
        UNIT, terms[UNIT, "Nhiệm kỳ VI (2019-2022)"], NEXT_TERM,
        document="Nghị quyết Đại hội Chi đoàn nhiệm kỳ 2019-2022",
    )  # fmt: skip
    demo.plan(
        UNIT, terms[UNIT, "Nhiệm kỳ VII (2022-2027)"], RUNNING_TERM,
        document="Nghị quyết Đại hội Chi đoàn nhiệm kỳ 2022-2027",
    )  # fmt: skip
    for title, day, lines, fields in WORK:
        fields = dict(fields)
        heads = fields.pop("heads", None)
        if heads:
            # Named where few took part: the roll of those years.
            fields["members"], fields["member_count"] = demo.members_on(UNIT, day)[:heads], heads
        demo.act(UNIT, title, day, *lines, **fields)
    for year, months in MEETINGS.items():
        for month in months:
            demo.act(UNIT, f"Sinh hoạt chi đoàn tháng {month}/{year}", Day(year, month, 7 + month),
                     Line("branch_meetings", 1), member_count=11 + month % 3)  # fmt: skip
        for month in range(1, 13):
            demo.act(UNIT, "Tổng vệ sinh công sở", first_monday(year, month), Line("office_cleaning", 1),
                     place="Trụ sở Sở", member_count=9 + month % 4)  # fmt: skip
        demo.figure(UNIT, Day(year, 12, 31), share("university_degree", 14, 14))
    for day, title, lines in NEXT_WORK:
        demo.act(UNIT, title, day, *lines)
    for year, ratings in (RATINGS | NEXT_RATINGS).items():
        for code, (part, whole) in ratings.items():
            demo.figure(UNIT, Day(year, 12, 20), share(code, part, whole))
