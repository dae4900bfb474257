"""The work areas (chapters of the report) and the first catalogue of indicators.

How a row is to be read: `action` stands after the unit's name and before the number ("Chi đoàn *đăng* 15
tin, bài"); for a share it stands after the persons ("14/14 đoàn viên *đăng ký học tập …*"); `subject` is
the persons or things of a share, a gift or a target of zero ("tặng 2 suất quà cho *hộ nghèo*").

What is different to count has a code of its own, because totals never cross codes: people, turns (lượt
người), units of blood, gift sets and đồng are not added to each other. An event adds up over time (SUM);
a state of the members (registered, rated, entered) is replaced by the newer figure (LAST); a share keeps
both parts, so that units add up part by part.
"""

from django.db import migrations

FIRST_YEAR = 2015

AREAS = [
    ("education", "Tuyên truyền, giáo dục"),
    ("movement", "Phong trào hành động cách mạng"),
    ("companionship", "Đồng hành với thanh niên"),
    ("children", "Chăm sóc, giáo dục thiếu niên, nhi đồng"),
    ("international", "Quốc tế thanh niên"),
    ("building", "Xây dựng Đoàn, mở rộng mặt trận đoàn kết tập hợp thanh niên"),
    ("inspection_direction", "Kiểm tra, giám sát; chỉ đạo, thi đua"),
]

# The kinds of row. Left out = the model's default: count, sum over time, sum over units, from activity lines.
MONEY = {"unit_word": "đồng", "measure": "money"}
STATE = {"unit_word": "đoàn viên", "measure": "share", "over_time": "last", "subject": "đoàn viên"}
RATED = STATE | {"source": "typed"}  # the yearly rating: a figure is typed, there is no event behind it
RATIO = {"measure": "share", "over_time": "sum"}  # sum of the parts over sum of the wholes
STANDING = {"over_time": "last"}  # a number in force, not a number of events
DONE = {"unit_word": "có/không", "measure": "yes_no", "over_units": "share_of_units"}


def register(key, over_time):
    return {"unit_word": "đoàn viên", "source": "register", "register_key": key, "over_time": over_time}


# area → rows of (code, name, unit word or None, action, subject, differences from the defaults)
ROWS = {
    "education": [
        ("hcm_study_registered", "Đăng ký học tập và làm theo gương Bác", None,
         "đăng ký học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh", "", STATE),
        ("study_models", "Mô hình học tập và làm theo Bác", "mô hình", "duy trì", "", {}),
        ("resolution_briefed", "Đoàn viên được quán triệt chỉ thị, nghị quyết", None,
         "được quán triệt chỉ thị, nghị quyết", "", STATE),
        ("news_items", "Tin, bài về hoạt động của Đoàn", "tin, bài", "đăng", "", {}),
        ("education_campaigns", "Đợt học nghị quyết, về nguồn, kỷ niệm ngày lễ lớn", "đợt", "tổ chức", "", {}),
        ("law_talks", "Buổi tuyên truyền, nói chuyện pháp luật", "buổi", "tổ chức tuyên truyền pháp luật", "", {}),
        ("law_talk_turns", "Lượt người dự tuyên truyền pháp luật", "lượt người",
         "thu hút dự tuyên truyền pháp luật", "", {}),
        ("contest_entries", "Bài dự thi tìm hiểu", "bài dự thi", "gửi", "", {}),
        ("web_column", "Duy trì chuyên mục trên trang thông tin điện tử của Đoàn", None,
         "duy trì chuyên mục trên trang thông tin điện tử", "chuyên mục", DONE | {"over_time": "last"}),
    ],
    "movement": [
        ("blood_turns", "Hiến máu tình nguyện", "lượt người", "tham gia hiến máu tình nguyện", "", {}),
        ("blood_units", "Máu thu được từ hiến máu tình nguyện", "đơn vị máu", "hiến được", "", {}),
        ("youth_projects", "Công trình thanh niên", "công trình", "hoàn thành", "", {}),
        ("youth_tasks", "Phần việc thanh niên", "phần việc", "hoàn thành", "", {}),
        ("initiative_members", "Đoàn viên có sáng kiến được công nhận cấp cơ sở", "đoàn viên",
         "có sáng kiến được công nhận cấp cơ sở", "đoàn viên", {}),
        ("idea_bank_ideas", "Ý tưởng gửi ngân hàng ý tưởng sáng tạo", "ý tưởng", "gửi ngân hàng ý tưởng", "", {}),
        ("fund_donations", "Ủng hộ các quỹ", None, "ủng hộ các quỹ", "", MONEY),
        ("gifts_poor_households", "Quà tặng hộ nghèo", "suất", "tặng", "hộ nghèo", {}),
        ("gifts_pupils", "Quà tặng học sinh có hoàn cảnh khó khăn", "suất", "tặng",
         "học sinh có hoàn cảnh khó khăn", {}),
        ("gift_value", "Giá trị quà tặng an sinh", None, "tặng quà an sinh xã hội", "", MONEY),
        ("winter_spring_cost", "Kinh phí Mùa đông, Xuân tình nguyện", None,
         "thực hiện chương trình Mùa đông, Xuân tình nguyện", "", MONEY),
        ("summer_cost", "Kinh phí chiến dịch tình nguyện hè", None, "thực hiện chiến dịch tình nguyện hè", "", MONEY),
        ("fallen_families", "Thăm gia đình liệt sĩ", "hộ", "thăm gia đình liệt sĩ", "gia đình liệt sĩ", {}),
        ("wounded_families", "Thăm gia đình thương binh", "hộ", "thăm gia đình thương binh",
         "gia đình thương binh", {}),
        ("adopted_communes", "Xã nghèo được nhận đỡ đầu", "xã", "nhận đỡ đầu", "", STANDING),
        ("books_given", "Sách tặng học sinh miền núi", "cuốn", "tặng học sinh miền núi", "học sinh miền núi", {}),
        ("backlog_cleared", "Việc tồn đọng đã giải quyết", "việc", "tham gia giải quyết xong", "", {}),
        ("volunteer_turns", "Lượt đoàn viên tham gia tình nguyện", "lượt người", "tham gia tình nguyện", "", {}),
        ("digital_help_turns", "Lượt người dân được hướng dẫn kỹ năng số", "lượt người", "hướng dẫn kỹ năng số",
         "người dân", {}),
        ("trees_planted", "Cây xanh trồng mới", "cây", "trồng", "", {}),
        ("office_cleaning", "Tổng vệ sinh công sở thứ Hai đầu tháng", "buổi", "tổ chức tổng vệ sinh công sở", "", {}),
    ],
    "companionship": [
        ("political_theory", "Đoàn viên học cao cấp lý luận chính trị", "đoàn viên",
         "học cao cấp lý luận chính trị", "đoàn viên", {}),
        ("state_management", "Đoàn viên học bồi dưỡng quản lý nhà nước", "đoàn viên",
         "học bồi dưỡng quản lý nhà nước", "đoàn viên", {}),
        ("masters_course", "Đoàn viên học thạc sĩ", "đoàn viên", "học thạc sĩ", "đoàn viên", {}),
        ("university_degree", "Đoàn viên có trình độ đại học trở lên", None, "có trình độ đại học trở lên", "", RATED),
        ("trained_members", "Lượt đoàn viên được đào tạo, bồi dưỡng", "lượt người", "cử đi đào tạo, bồi dưỡng", "", {}),
        ("sport_tournaments", "Giải thể thao tham gia", "giải thể thao", "tham gia", "", {}),
        ("sport_prizes", "Giải thưởng thể thao", "giải thưởng", "đạt", "", {}),
        # The same disciplines come back at every event: the widest event says how many there are.
        ("sport_disciplines", "Môn thể thao có vận động viên dự giải", "môn", "có vận động viên dự giải ở", "",
         {"over_time": "max", "over_units": "max"}),
        ("sport_teams", "Đội dự thi đấu thể thao", "đội", "cử dự thi đấu thể thao", "", {}),
        ("sport_players", "Lượt vận động viên dự thi đấu thể thao", "lượt vận động viên",
         "cử dự thi đấu thể thao", "", {}),
    ],
    "children": [
        ("children_gift_money", "Quà 1/6 và Trung thu cho con cán bộ, công chức", None,
         "tặng quà con cán bộ, công chức dịp 1/6 và Trung thu", "con cán bộ, công chức", MONEY),
        ("children_gift_sets", "Suất quà tặng thiếu nhi", "suất", "tặng", "thiếu nhi", {}),
        ("children_events", "Hoạt động cho thiếu nhi", "hoạt động", "tổ chức cho thiếu nhi", "thiếu nhi", {}),
        ("mentored_children", "Thiếu nhi được nhận đỡ đầu", "em", "đang đỡ đầu", "thiếu nhi", STANDING),
    ],
    "international": [
        ("external_articles", "Bài thông tin đối ngoại", "bài", "biên tập", "", {}),
        ("international_activities", "Hoạt động quốc tế thanh niên", "hoạt động", "tham gia", "", {}),
    ],
    "building": [
        ("branch_meetings", "Sinh hoạt chi đoàn định kỳ", "buổi", "sinh hoạt định kỳ", "", {}),
        ("meeting_attendance", "Tỷ lệ dự sinh hoạt chi đoàn", "lượt đoàn viên", "dự sinh hoạt chi đoàn",
         "lượt đoàn viên", RATIO),
        ("meeting_size", "Số đoàn viên dự một buổi sinh hoạt", "đoàn viên", "có mặt bình quân mỗi buổi sinh hoạt", "",
         {"over_time": "average", "over_units": "average", "decimals": 1}),
        ("minutes_complete", "Ghi biên bản đầy đủ các buổi sinh hoạt", None, "ghi biên bản đầy đủ các buổi sinh hoạt",
         "biên bản", DONE | {"over_time": "last"}),
        ("no_violation", "Đoàn viên không vi phạm kỷ luật", None, "không vi phạm kỷ luật", "", RATED),
        ("violations", "Đoàn viên vi phạm kỷ luật", "đoàn viên", "vi phạm phải xử lý kỷ luật", "đoàn viên",
         {"lower_is_better": True}),
        ("task_completed", "Đoàn viên hoàn thành nhiệm vụ chuyên môn", None, "hoàn thành nhiệm vụ chuyên môn", "",
         RATED),
        ("task_excellent", "Hoàn thành xuất sắc nhiệm vụ chuyên môn", None, "hoàn thành xuất sắc", "",
         RATED | {"of": "task_completed"}),
        ("rated_fair", "Đoàn viên xếp loại khá trở lên", None, "xếp loại khá trở lên", "", RATED),
        ("rated_excellent", "Xếp loại xuất sắc", None, "xếp loại xuất sắc", "", RATED | {"of": "rated_fair"}),
        ("outstanding_members", "Đoàn viên ưu tú được bình chọn", "đoàn viên", "bình chọn đoàn viên ưu tú", "", {}),
        ("party_class", "Đoàn viên ưu tú học lớp nhận thức về Đảng", "đoàn viên",
         "cử học lớp bồi dưỡng nhận thức về Đảng", "đoàn viên ưu tú", {}),
        ("party_introduced", "Đoàn viên ưu tú giới thiệu cho Đảng xem xét", "đoàn viên",
         "giới thiệu cho Đảng xem xét, kết nạp", "đoàn viên ưu tú", {}),
        ("party_admitted", "Đoàn viên ưu tú được kết nạp Đảng", "đoàn viên", "được kết nạp Đảng",
         "đoàn viên ưu tú", {}),
        ("software_entered", "Đoàn viên đã cập nhật trên phần mềm quản lý đoàn viên", None,
         "đã cập nhật dữ liệu trên phần mềm quản lý đoàn viên", "", STATE),
        ("festival_delegates", "Cán bộ Đoàn được cử dự liên hoan, hội nghị của cấp trên", "đoàn viên",
         "cử dự liên hoan, hội nghị của Đoàn cấp trên", "", {}),
        ("dues_collected", "Đoàn phí đã thu", None, "thu đoàn phí", "", MONEY),
        ("dues_paid_share", "Đoàn phí đã thu so với phải thu", "đồng", "đã thu", "đoàn phí phải thu", RATIO),
        ("members", "Đoàn viên cuối kỳ", None, "có", "", register("members", "last")),
        ("members_women", "Đoàn viên nữ cuối kỳ", None, "có", "", register("women", "last") | {"of": "members"}),
        ("members_party", "Đoàn viên là đảng viên cuối kỳ", None, "có", "",
         register("party_members", "last") | {"of": "members"}),
        ("members_admitted", "Đoàn viên mới kết nạp", None, "kết nạp mới", "", register("admitted", "sum")),
        ("members_moved_in", "Đoàn viên chuyển đến", None, "tiếp nhận chuyển đến", "", register("moved_in", "sum")),
        ("members_moved_out", "Đoàn viên chuyển đi", None, "chuyển sinh hoạt đi", "", register("moved_out", "sum")),
        ("members_matured", "Đoàn viên trưởng thành đoàn", None, "làm lễ trưởng thành đoàn cho", "",
         register("matured", "sum")),
    ],
    "inspection_direction": [
        ("plan_issued", "Ban hành kế hoạch công tác năm", None, "ban hành kế hoạch công tác năm",
         "kế hoạch công tác năm", DONE | {"over_time": "max"}),
        ("party_reports", "Báo cáo gửi cấp ủy", "báo cáo", "gửi cấp ủy", "", {}),
        ("party_proposals", "Đề xuất, tham mưu với cấp ủy", "đề xuất", "gửi cấp ủy", "", {}),
        ("inspections_done", "Cuộc kiểm tra đã thực hiện", "cuộc", "thực hiện kiểm tra", "", {}),
        ("supervisions_done", "Cuộc giám sát đã thực hiện", "cuộc", "thực hiện giám sát", "", {}),
    ],
}


def add(apps, schema_editor):
    WorkArea = apps.get_model("branches", "WorkArea")
    Indicator = apps.get_model("branches", "Indicator")
    made = {}
    for place, (area_code, area_name) in enumerate(AREAS, start=1):
        area = WorkArea.objects.create(code=area_code, name=area_name, position=place)
        for position, (code, name, unit_word, action, subject, kind) in enumerate(ROWS[area_code], start=1):
            fields = dict(kind)
            if unit_word:
                fields["unit_word"] = unit_word
            if subject:
                fields["subject"] = subject
            fields["of"] = made.get(fields.get("of"))
            made[code] = Indicator.objects.create(
                code=code, name=name, action=action, area=area, position=10 * position, first_year=FIRST_YEAR, **fields
            )


class Migration(migrations.Migration):
    dependencies = [("branches", "0002_post_types")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
