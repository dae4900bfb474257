"""Case A: a ministry's Đoàn visits the branch of an IT department on 28/11/2019.

One session, two purposes: inspection of the year's work, supervision of a Party directive.
"""

import datetime

from inspections.preparing import issue_programme, plan_inspections

from .casework import (
    DEPUTY,
    HEAD,
    INSPECT,
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
)  # fmt: skip
from .loading import Demo
from .people import FEMALE, MALE
from .vocabulary import ALL, MUST, Line, at_least, monthly, quarterly, share

Day = datetime.date
UNIT, ABOVE = "cuc-cntt", "bo-tu-phap"
MINISTRY = "Đoàn Thanh niên Bộ Tư pháp"

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
     [share("resolution_briefed", 15, 15), Line("branch_meetings", 1)], {"member_count": 15}),
    ("Sinh hoạt chi đoàn tháng 5/2019", Day(2019, 5, 17), [Line("branch_meetings", 1)], {"member_count": 12}),
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
    ("Sinh hoạt chi đoàn tháng 10/2019", Day(2019, 10, 18), [Line("branch_meetings", 1)], {"member_count": 13}),
    ("Tham gia Ngày hội của Cụm thi đua số II", Day(2019, 10, 26), [Line("volunteer_turns", 8)],
     {"organiser": "joined", "partner": "Cụm thi đua số II"}),
]  # fmt: skip
# What the recommendation asked for: a plan for 2020, drawn up at once.
PLAN_2020 = PLAN_2019 | {"youth_projects": at_least(1), "party_reports": quarterly(1), "plan_issued": MUST}
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

QUESTIONS = [
    ("Việc ứng dụng công nghệ thông tin trong công tác Đoàn",
     "Chi đoàn đã làm phần mềm thi trắc nghiệm và giữ chuyên mục; chưa có công cụ dùng chung cho các chi đoàn khác."),
    ("Sự phối hợp với các tổ chức khác của Cục",
     "Phối hợp với Công đoàn trong các dịp lễ; chưa có quy chế phối hợp bằng văn bản."),
    ("Cách triển khai một số nhiệm vụ trọng tâm trong năm",
     "Mỗi việc có một ủy viên Ban Chấp hành phụ trách; tiến độ báo cáo miệng tại buổi sinh hoạt."),
    ("Khó khăn còn gặp", "Khối lượng công việc chuyên môn lớn vào quý IV, khó bố trí đủ đoàn viên."),
    ("Mong muốn đối với Đoàn cấp trên",
     "Được giao ít nhất một việc về công nghệ thông tin trong chương trình năm sau."),
]  # fmt: skip


def build(demo: Demo) -> None:
    for year, aims, work in ((2019, PLAN_2019, WORK_2019), (2020, PLAN_2020, WORK_2020)):
        demo.plan(UNIT, demo.year(year), aims, document=f"Chương trình công tác Đoàn năm {year}")
        for title, day, lines, fields in work:
            demo.act(UNIT, title, day, *lines, **fields)
    name = demo.crowd.name
    by = demo.accounts["ubkt-botuphap"]
    head = name(MALE)
    programme = issue_programme(
        by=by, unit=demo.units[ABOVE], year=2019, number="02-KH/ĐTN-UBKT", issued_on=Day(2019, 2, 28),
        in_name_of="committee", title="Kế hoạch kiểm tra, giám sát công tác Đoàn và phong trào thanh niên năm 2019",
    )  # fmt: skip
    [case] = plan_inspections(
        by=by, on=Day(2019, 11, 4), programme=programme, units=[demo.units[UNIT]],
        title="Kiểm tra công tác Đoàn năm 2019, giám sát thực hiện Chỉ thị số 42-CT/TW",
        inspection_kind="periodic", supervision_kind="thematic", review_from=Day(2019, 1, 1),
        review_to=Day(2019, 11, 28), visited_on=Day(2019, 11, 28), day_part="afternoon",
        place="Trụ sở Cục Công nghệ thông tin",
        topics=topics(
            (INSPECT, "Công tác Đoàn và phong trào thanh niên năm 2019"),
            (SUPERVISE, "Thực hiện Chỉ thị số 42-CT/TW ngày 24/03/2015 về giáo dục lý tưởng cách mạng, đạo đức, "
                        "lối sống văn hóa cho thế hệ trẻ"),
        ),
        team=seats(
            (head, "Phó Bí thư, Chủ nhiệm Ủy ban Kiểm tra Đoàn Bộ", HEAD),
            (by, "Phó Chủ nhiệm Ủy ban Kiểm tra Đoàn Bộ", DEPUTY),
            (name(MALE), "Trưởng Ban Tuyên giáo Đoàn Bộ", SEAT),
            (name(FEMALE), "Trưởng Ban Tổ chức Đoàn Bộ", SEAT),
            (name(FEMALE), "Ủy viên Ủy ban Kiểm tra", SECRETARY),
        ),
    )  # fmt: skip
    visit = Visit(
        day=Day(2019, 11, 28), part="afternoon", place="Trụ sở Cục Công nghệ thông tin",
        account=(
            "Năm 2019, Chi đoàn đăng 06 ý tưởng trên ngân hàng ý tưởng, hoàn thành 01 công trình thanh niên lắp vật "
            "liệu cách nhiệt, hưởng ứng phong trào văn hóa công sở, giữ đều một chuyên mục trên trang thông tin của "
            "Đoàn Bộ, viết phần mềm cho một cuộc thi trắc nghiệm và học tập nghị quyết Đại hội XI trong các buổi "
            "sinh hoạt."
        ),
        party_remark=(
            "Chi bộ coi buổi làm việc là dịp để nhìn lại một năm; ghi nhận cách tổ chức việc của Ban Chấp hành mới; "
            "đề nghị Chi đoàn nhận đi đầu những nhiệm vụ hợp với thế mạnh của mình."
        ),
        hosts=[
            (name(MALE), "Phó Cục trưởng, cấp ủy viên Chi bộ"),
            (demo.accounts["bithu-cntt"].full_name, "Bí thư Chi đoàn"),
            ("Toàn thể đoàn viên Chi đoàn", ""),
        ],
        questions=QUESTIONS,
        findings=[
            (MERIT, "Chuẩn bị báo cáo và hồ sơ đầy đủ cho buổi làm việc.", False),
            (MERIT, "Ban Chấp hành và đoàn viên cố gắng trong điều kiện kiêm nhiệm; có sản phẩm cụ thể.", False,
             Deed("youth_tasks")),
            (SHORTCOMING, "Hoạt động chưa đều, chưa thường xuyên.", True),
            (SHORTCOMING, "Phần lớn là tham gia việc do Đoàn Bộ, Cụm thi đua số II và đơn vị khác phát động.", True,
             Deed("volunteer_turns")),
            (SHORTCOMING, "Ít sáng kiến của riêng mình gắn với nhiệm vụ chuyên môn.", True),
            (SHORTCOMING, "Sinh hoạt chi đoàn cần đổi mới.", True, Plan("branch_meetings")),
        ],
        asked=[
            Asked("Xây dựng ngay kế hoạch năm 2020 trên cơ sở chương trình của Đoàn Bộ và định hướng của Chi bộ.",
                  of=(3,), due_on=Day(2020, 1, 15), proof="Kế hoạch năm 2020 đã ban hành",
                  steps=[(Day(2020, 1, 8), "answer", "Đã ban hành kế hoạch công tác năm 2020 ngày 06/01/2020."),
                         (Day(2020, 1, 20), "adequate", "Kế hoạch đủ các mặt công tác, có người phụ trách.")]),
            Asked("Triển khai đều các mặt công tác, chọn một điểm mạnh gắn với nhiệm vụ chuyên môn của đơn vị.",
                  of=(3, 6), due_on=Day(2020, 6, 30), proof="Kết quả sáu tháng theo từng mục",
                  steps=[(Day(2020, 6, 26), "answer", "Sinh hoạt 04/06 tháng; chọn điểm mạnh là công cụ dùng chung."),
                         (Day(2020, 7, 10), "not", "Hai tháng chưa sinh hoạt; điểm mạnh mới là dự kiến."),
                         (Day(2020, 7, 10), "extend", "Chờ sản phẩm của quý IV.", Day(2020, 12, 15)),
                         (Day(2020, 12, 4), "answer", "Từ tháng 5 sinh hoạt đủ; công trình xong ngày 20/11/2020."),
                         (Day(2020, 12, 18), "adequate", "Đã xem công cụ và sổ sinh hoạt.")]),
            Asked("Chủ động đề xuất và nhận những việc có thể đi đầu, trước hết về công nghệ thông tin.", of=(4, 5)),
        ],
    )  # fmt: skip
    notice = Notice(
        day=Day(2019, 12, 5), number="11-TB/ĐTN-UBKT",
        opening="Chi đoàn chuẩn bị tốt, báo cáo trung thực; Ban Chấp hành và đoàn viên có nhiều cố gắng trong năm.",
        capacity="TM. Ban Chấp hành", post="Phó Bí thư", name=head,
    )  # fmt: skip
    go_through(demo, case, visit, notice, by=by)
