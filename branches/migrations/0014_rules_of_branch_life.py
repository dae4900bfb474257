"""Rules of meetings, dues, assessment and the way to the Party; the duties, label sets and criteria to begin with."""

import datetime

from django.db import migrations

VALID_FROM = datetime.date(2000, 1, 1)
DUES_FROM = datetime.date(2011, 1, 1)
FROM_2023 = datetime.date(2023, 1, 1)
CHARTER = "Điều lệ Đoàn và hướng dẫn thực hiện Điều lệ (các khóa X đến XII)"
MEMBER_GUIDE = "Hướng dẫn 25-HD/TWĐTN-BTC (2023) về đánh giá, xếp loại"
SETTING = "Thiết lập của phần mềm, đơn vị đổi được"

MORE_THAN_HALF = {"quorum": [1, 2, "gt"], "majority": [1, 2, "gt"], "of": "present", "secret": False}
VOTES = {
    # quorum: share of those entitled who must be there; majority: share of `of` who must be in favour.
    "simple": MORE_THAN_HALF,
    "admission": MORE_THAN_HALF,
    "outstanding": MORE_THAN_HALF,
    "party": {"quorum": [2, 3, "ge"], "majority": [1, 2, "gt"], "of": "entitled", "secret": False},
    "assessment": MORE_THAN_HALF,
    "deletion": MORE_THAN_HALF,
    "discipline": {"quorum": [2, 3, "ge"], "majority": [1, 2, "gt"], "of": "present", "secret": True},
    # The committee of the superior about a unit below it: reprimand or warning, and disbandment.
    "unit": {"quorum": [2, 3, "ge"], "majority": [1, 2, "gt"], "of": "present", "secret": True},
    "disbandment": {"quorum": [2, 3, "ge"], "majority": [2, 3, "ge"], "of": "entitled", "secret": True},
}
RULES = [
    ("vote_rules", VOTES, VALID_FROM, f"{CHARTER}: quá nửa số có mặt; kỷ luật có mặt từ 2/3, bỏ phiếu kín"),
    ("minutes_typing_minutes", 3, VALID_FROM, f"{SETTING}: báo khi có người khác vừa ghi biên bản trong 3 phút"),
    ("committee_absences", 3, VALID_FROM, f"{CHARTER}: ủy viên vắng 3 kỳ họp liên tiếp không có lý do"),
    ("dues_rates", {"unsalaried": 2000, "salaried": 5000, "abroad": 5000}, DUES_FROM,
     "Quy định về chế độ đóng đoàn phí từ ngày 01/01/2011; mức hiện hành cần đối chiếu"),
    ("dues_default_status", "salaried", DUES_FROM, f"{SETTING}: người chưa ghi diện đóng tính là có lương"),
    ("dues_exemption_months", 6, DUES_FROM, f"{CHARTER}: miễn đoàn phí không quá 6 tháng"),
    ("dues_share_up", [1, 3], DUES_FROM, f"{CHARTER}: mỗi cấp giữ lại 2/3, trích nộp 1/3 số đã thu"),
    ("assessment_min_months", 3, VALID_FROM, f"{CHARTER}: sinh hoạt tại chi đoàn từ 3 tháng mới đánh giá"),
    ("assessment_top_quota", 20, FROM_2023, f"{SETTING}: nhắc khi mức xuất sắc quá 20% (thông lệ trong hệ thống)"),
    ("party_class_valid_years", 5, VALID_FROM, "Bộ mẫu KNĐ: giấy chứng nhận lớp nhận thức về Đảng có giá trị 5 năm"),
    ("party_age_min", 18, VALID_FROM, "Điều lệ Đảng: kết nạp từ đủ 18 tuổi"),
    ("party_remark_months", 6, VALID_FROM, f"{SETTING}: nhận xét gửi cấp ủy mỗi 6 tháng về người đang phấn đấu"),
    ("party_probation_months", 12, VALID_FROM, "Điều lệ Đảng: dự bị 12 tháng"),
    # Which body decides which measure against an ordinary member: the branch itself, or the superior.
    ("discipline_authority", {"reprimand": "branch", "warning": "superior", "removal": "superior",
                              "expulsion": "superior"}, VALID_FROM, f"{CHARTER}: chi đoàn quyết định khiển trách"),
    # The same against a unit: its superior, or the body above that one.
    ("unit_discipline_authority", {"reprimand": "superior", "warning": "superior", "disbandment": "above"}, VALID_FROM,
     f"{CHARTER}: giải tán do cấp trên của Đoàn cấp trên trực tiếp quyết định; cần đối chiếu bản đang dùng"),
    ("digest_escalate_days", 7, VALID_FROM, f"{SETTING}: việc quá hạn 7 ngày thì báo thêm cấp trên"),
]  # fmt: skip

BRANCHES = ["grassroots_branch", "branch"]
ALL = ["province", "above_grassroots", "grassroots_union", *BRANCHES]
DUTIES = [
    {
        "code": "sinh-hoat", "name": "Sinh hoạt chi đoàn", "rhythm": "month", "fulfilled_by": "meeting",
        "unit_kinds": BRANCHES, "due_days": 0, "position": 10,
        "source": "Điều lệ Đoàn (15/12/2022), Điều 17: mỗi tháng một lần",
    },
    {
        "code": "trich-nop", "name": "Trích nộp đoàn phí", "rhythm": "quarter", "fulfilled_by": "remittance",
        "unit_kinds": ["grassroots_union", *BRANCHES], "due_days": 10, "position": 20,
        "source": f"{CHARTER}: trích nộp theo quý",
    },
    {
        "code": "bao-cao-6-thang", "name": "Báo cáo sáu tháng", "rhythm": "half", "only": [1],
        "fulfilled_by": "half_report", "unit_kinds": ALL, "due_days": -15, "position": 30,
        "source": f"{SETTING}: trước ngày 15/6",
    },
    {
        "code": "bao-cao-nam", "name": "Báo cáo năm", "rhythm": "year", "fulfilled_by": "year_report",
        "unit_kinds": ALL, "due_days": -31, "position": 40, "source": f"{SETTING}: trước hết tháng 11",
    },
]  # fmt: skip

LABELS = [
    (
        "Xếp loại đoàn viên đến năm 2022", VALID_FROM, FROM_2023, "Hướng dẫn 57-HD/TWĐTN và 33-HD/TWĐTN-BTC",
        [("xuat-sac", "Xuất sắc", True, True), ("kha", "Khá", False, True), ("trung-binh", "Trung bình", False, False),
         ("yeu", "Yếu", False, False)],
    ),
    (
        "Xếp loại chất lượng từ năm 2023", FROM_2023, None, MEMBER_GUIDE,
        [("hoan-thanh-xuat-sac", "Hoàn thành xuất sắc nhiệm vụ", True, True),
         ("hoan-thanh-tot", "Hoàn thành tốt nhiệm vụ", False, True),
         ("hoan-thanh", "Hoàn thành nhiệm vụ", False, False),
         ("khong-hoan-thanh", "Không hoàn thành nhiệm vụ", False, False)],
    ),
]  # fmt: skip

# (code, text, guidance, fact, expected percent of the best level)
CRITERIA = [
    (
        "member", "Đánh giá đoàn viên từ năm 2023", FROM_2023, MEMBER_GUIDE,
        [
            ("chinh-tri", "Chấp hành chủ trương của Đảng, pháp luật, Điều lệ Đoàn và quy định của cơ quan", "", "", None),
            ("sinh-hoat", "Tham gia sinh hoạt và hoạt động của chi đoàn", "Mức xuất sắc: từ 90% số buổi",
             "attendance", 90),
            ("nhiem-vu", "Hoàn thành việc chi đoàn giao", "Xem các việc được giao trong năm", "tasks", 90),
            ("hoat-dong", "Tham gia hoạt động, phong trào", "", "activities", None),
            ("doan-phi", "Đóng đoàn phí đầy đủ", "", "dues", 100),
            ("ren-luyen", "Chương trình rèn luyện đoàn viên", "Ghi mức đạt trên phần mềm của Trung ương Đoàn", "", None),
            ("noi-cu-tru", "Tham gia sinh hoạt nơi cư trú", "", "", None),
        ],
    ),
    (
        "branch", "Đánh giá chi đoàn từ năm 2023", FROM_2023, MEMBER_GUIDE,
        [
            ("sinh-hoat", "Sinh hoạt chi đoàn đúng kỳ, có biên bản", "Số buổi đã họp trên số buổi phải họp",
             "meetings", 100),
            ("tham-gia", "Đoàn viên dự sinh hoạt", "", "attendance", 80),
            ("doan-phi", "Thu và trích nộp đoàn phí", "", "dues", 100),
            ("chi-tieu", "Thực hiện chỉ tiêu đã đăng ký", "", "targets", None),
            ("doan-vien", "Đoàn viên từ hoàn thành tốt trở lên", "", "fair_members", 80),
            ("cong-trinh", "Có công trình, phần việc thanh niên", "", "", None),
            ("phat-trien", "Kết nạp đoàn viên; giới thiệu đoàn viên ưu tú cho Đảng", "", "party_steps", None),
        ],
    ),
    (
        "branch", "Chi đoàn “3 chủ động”", VALID_FROM, f"{SETTING}: bộ tiêu chí mẫu, sửa theo hướng dẫn của địa phương",
        [
            ("noi-dung", "Chủ động về nội dung và cách làm", "", "own_activities", None),
            ("nguon-luc", "Chủ động về nguồn lực", "", "", None),
            ("tham-muu", "Chủ động tham mưu, phối hợp", "Số đề xuất gửi cấp ủy và được đồng ý", "proposals", None),
        ],
    ),
]  # fmt: skip


def add_rules(apps, schema_editor):
    Rule = apps.get_model("branches", "Rule")
    Rule.objects.bulk_create(
        Rule(key=key, value=value, valid_from=start, source=source) for key, value, start, source in RULES
    )


def add_duties(apps, schema_editor):
    DutyType = apps.get_model("branches", "DutyType")
    DutyType.objects.bulk_create(DutyType(starts_on=VALID_FROM, **duty) for duty in DUTIES)


def add_sets(apps, schema_editor):
    LabelSet, Label = apps.get_model("branches", "LabelSet"), apps.get_model("branches", "Label")
    for name, start, end, source, labels in LABELS:
        kept = LabelSet.objects.create(name=name, starts_on=start, ends_on=end, source=source)
        Label.objects.bulk_create(
            Label(label_set=kept, code=code, name=word, position=place, is_top=top, is_fair=fair)
            for place, (code, word, top, fair) in enumerate(labels, start=1)
        )
    CriteriaSet, Criterion = apps.get_model("branches", "CriteriaSet"), apps.get_model("branches", "Criterion")
    for subject, name, start, source, criteria in CRITERIA:
        kept = CriteriaSet.objects.create(subject=subject, name=name, starts_on=start, source=source)
        Criterion.objects.bulk_create(
            Criterion(
                criteria_set=kept, code=code, position=place, text=text, guidance=guidance, fact=fact, expected=expected
            )
            for place, (code, text, guidance, fact, expected) in enumerate(criteria, start=1)
        )


class Migration(migrations.Migration):
    dependencies = [("branches", "0013_life_of_a_branch")]
    operations = [
        migrations.RunPython(add_rules, migrations.RunPython.noop),
        migrations.RunPython(add_duties, migrations.RunPython.noop),
        migrations.RunPython(add_sets, migrations.RunPython.noop),
    ]
