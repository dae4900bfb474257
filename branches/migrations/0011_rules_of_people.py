"""Rules about people: deadlines, ages, what a complete record is, the clocks of the law on personal data."""

import datetime

from django.db import migrations

VALID_FROM = datetime.date(2000, 1, 1)
FOUNDED_ON = datetime.date(1931, 3, 26)  # the structure of any day since then may be asked for
LAW_FROM = datetime.date(2026, 1, 1)
CHARTER = "Điều lệ Đoàn và hướng dẫn thực hiện Điều lệ (các khóa X đến XII)"
SETTING = "Thiết lập của phần mềm, đơn vị đổi được"
LAW = "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 và Nghị định 356/2025/NĐ-CP"

ETHNIC_GROUPS = [
    "Kinh", "Tày", "Thái", "Hoa", "Khơ-me", "Mường", "Nùng", "Mông", "Dao", "Gia-rai", "Ngái", "Ê-đê", "Ba-na",
    "Xơ-đăng", "Sán Chay", "Cơ-ho", "Chăm", "Sán Dìu", "Hrê", "Mnông", "Ra-glai", "Xtiêng", "Bru-Vân Kiều",
    "Thổ", "Giáy", "Cơ-tu", "Gié-Triêng", "Mạ", "Khơ-mú", "Co", "Tà-ôi", "Chơ-ro", "Kháng", "Xinh-mun",
    "Hà Nhì", "Chu-ru", "Lào", "La Chí", "La Ha", "Phù Lá", "La Hủ", "Lự", "Lô Lô", "Chứt", "Mảng", "Pà Thẻn",
    "Cơ Lao", "Cống", "Bố Y", "Si La", "Pu Péo", "Brâu", "Ơ-đu", "Rơ-măm",
]

RULES = [
    ("transfer_due_days", 30, VALID_FROM, f"{SETTING}: nơi đến trả lời trong 30 ngày"),
    ("deletion_absent_months", 3, VALID_FROM, f"{CHARTER}: không sinh hoạt hoặc không đóng đoàn phí 3 tháng trong năm"),
    ("deletion_away_months", 12, VALID_FROM, f"{CHARTER}: không xóa tên người đi xa không quá 1 năm có báo cáo"),
    ("provisional_months", 6, VALID_FROM, f"{CHARTER}: Ban Chấp hành lâm thời tổ chức đại hội trong 6 tháng"),
    ("term_notice_days", 30, VALID_FROM, f"{SETTING}: nhắc trước 30 ngày khi sắp hết nhiệm kỳ"),
    ("sole_posts", ["secretary", "superior_secretary", "inspection_chair", "party_secretary"], VALID_FROM,
     f"{CHARTER}: mỗi thời điểm một người đứng đầu"),
    ("import_kept_days", 90, VALID_FROM, f"{SETTING}: danh sách nhập dở và dòng để lại giữ 90 ngày"),
    ("invitation_days", 7, VALID_FROM, f"{SETTING}: liên kết mời nhận chức vụ dùng trong 7 ngày"),
    ("self_service_days", 14, VALID_FROM, f"{SETTING}: liên kết cho đoàn viên tự sửa dùng trong 14 ngày"),
    (
        "complete_fields",
        ["sex", "birth_date", "national_code", "phone", "address", "education_level", "admitted_on", "ethnicity"],
        VALID_FROM,
        f"{SETTING}: các ô tính vào mức đầy đủ của hồ sơ",
    ),
    # Lower ends of the bands in full years; the last one is open upward.
    ("age_bands", [0, 16, 18, 25, 31], FOUNDED_ON, f"{SETTING}: nhóm tuổi trong thống kê cơ cấu"),
    ("ethnic_groups", ETHNIC_GROUPS, FOUNDED_ON, "Danh mục các dân tộc Việt Nam, Quyết định 121-TCTK/PPCĐ ngày 02/3/1979"),
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

CONSENT = """\
Chi đoàn giữ sổ đoàn viên để tổ chức sinh hoạt, liên lạc, làm thủ tục của Đoàn và tổng hợp báo cáo.

Ghi những gì: họ tên, giới tính, ngày sinh, nơi ở, quê quán, điện thoại, thư điện tử, công việc, trình độ, mã và số \
thẻ đoàn viên, ngày và nơi vào Đoàn, nơi sinh hoạt, hoạt động đã tham gia. Phần giữ kín: dân tộc, tôn giáo, ngày vào \
Đảng, số căn cước, kỷ luật; chỉ ghi khi cần cho báo cáo.

Ai xem được: Ban Chấp hành chi đoàn và cán bộ Đoàn cấp trên xem phần chung. Điện thoại, nơi ở và phần giữ kín chỉ \
người quản lý danh sách của chi đoàn và chính đoàn viên mở được; mỗi lần mở phần giữ kín đều ghi lại ai mở, lúc nào. \
Cấp ủy và Ủy ban Kiểm tra chỉ xem con số. Không bán, không đưa lên mạng, không dùng vào việc khác.

Giữ bao lâu: trong thời gian sinh hoạt Đoàn và thêm một thời hạn sau khi rời; sau đó tên và mọi thông tin riêng bị \
xóa, chỉ còn con số thống kê.

Quyền của đoàn viên: xem, sửa, xin bản sao, rút lại sự đồng ý, hạn chế hoặc phản đối việc dùng, xin xóa, khiếu nại. \
Nói với Bí thư chi đoàn; được trả lời trong 2 ngày làm việc. Không đồng ý cũng không bị đối xử khác; chi đoàn khi đó \
chỉ giữ những gì Điều lệ Đoàn và pháp luật buộc phải có."""


def add_consent(apps, schema_editor):
    apps.get_model("branches", "ConsentText").objects.create(
        purpose="so-doan-vien",
        version=1,
        title="Đồng ý cho chi đoàn ghi và dùng dữ liệu cá nhân",
        body=CONSENT,
        valid_from=LAW_FROM,
    )


def add(apps, schema_editor):
    Rule = apps.get_model("branches", "Rule")
    Rule.objects.bulk_create(
        Rule(key=key, value=value, valid_from=start, source=source) for key, value, start, source in RULES
    )


class Migration(migrations.Migration):
    dependencies = [("branches", "0010_people_and_organisation")]
    operations = [
        migrations.RunPython(add, migrations.RunPython.noop),
        migrations.RunPython(add_consent, migrations.RunPython.noop),
    ]
