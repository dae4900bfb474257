"""Rules about people: deadlines, ages, what a complete record is, the clocks of the law on personal data."""

import datetime

from django.db import migrations

VALID_FROM = datetime.date(2000, 1, 1)
LAW_FROM = datetime.date(2026, 1, 1)
CHARTER = "Điều lệ Đoàn và hướng dẫn thực hiện Điều lệ (các khóa X đến XII)"
SETTING = "Thiết lập của phần mềm, đơn vị đổi được"
LAW = "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 và Nghị định 356/2025/NĐ-CP"

RULES = [
    ("transfer_due_days", 30, VALID_FROM, f"{SETTING}: nơi đến trả lời trong 30 ngày"),
    ("deletion_absent_months", 3, VALID_FROM, f"{CHARTER}: không sinh hoạt hoặc không đóng đoàn phí 3 tháng trong năm"),
    ("deletion_away_months", 12, VALID_FROM, f"{CHARTER}: không xóa tên người đi xa không quá 1 năm có báo cáo"),
    ("provisional_months", 6, VALID_FROM, f"{CHARTER}: Ban Chấp hành lâm thời tổ chức đại hội trong 6 tháng"),
    ("term_notice_days", 30, VALID_FROM, f"{SETTING}: nhắc trước 30 ngày khi sắp hết nhiệm kỳ"),
    ("invitation_days", 7, VALID_FROM, f"{SETTING}: liên kết mời nhận chức vụ dùng trong 7 ngày"),
    ("self_service_days", 14, VALID_FROM, f"{SETTING}: liên kết cho đoàn viên tự sửa dùng trong 14 ngày"),
    (
        "complete_fields",
        ["sex", "birth_date", "national_code", "phone", "address", "education_level", "admitted_on", "ethnicity"],
        VALID_FROM,
        f"{SETTING}: các ô tính vào mức đầy đủ của hồ sơ",
    ),
    # Lower ends of the bands in full years; the last one is open upward.
    ("age_bands", [0, 16, 18, 25, 31], VALID_FROM, f"{SETTING}: nhóm tuổi trong thống kê cơ cấu"),
    ("data_request_answer_working_days", 2, LAW_FROM, f"{LAW}: trả lời trong 2 ngày làm việc"),
    (
        "data_request_finish_days",
        {
            "know": 10, "copy": 10, "correct": 10, "withdraw": 15, "restrict": 15, "object": 15, "delete": 20,
            "complain": 20,
        },
        LAW_FROM,
        f"{LAW}: làm xong trong 10, 15 hoặc 20 ngày tùy yêu cầu",
    ),
    ("data_request_extension_days", 15, LAW_FROM, f"{LAW}: gia hạn một lần, không quá 15 ngày"),
    ("guardian_age", 16, LAW_FROM, f"{LAW}: dưới 16 tuổi cần thêm đồng ý của cha, mẹ hoặc người giám hộ"),
    ("anonymise_after_years", 5, VALID_FROM, f"{SETTING}: ẩn danh hồ sơ đã rời Đoàn 5 năm"),
]  # fmt: skip


def add(apps, schema_editor):
    Rule = apps.get_model("branches", "Rule")
    Rule.objects.bulk_create(
        Rule(key=key, value=value, valid_from=start, source=source) for key, value, start, source in RULES
    )


class Migration(migrations.Migration):
    dependencies = [("branches", "0010_people_and_organisation")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
