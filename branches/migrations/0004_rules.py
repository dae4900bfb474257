"""The first rules: ages of members and the thresholds of the figures, each with its source."""

import datetime

from django.db import migrations

# Figures are reported back to the first years of the catalogue, so the first values hold from long before it.
VALID_FROM = datetime.date(2000, 1, 1)
CHARTER = "Điều lệ Đoàn và hướng dẫn thực hiện Điều lệ (các khóa X đến XII)"
SETTING = "Thiết lập của phần mềm, đơn vị đổi được"

RULES = [
    ("member_age_min", 16, f"{CHARTER}: kết nạp từ 16 tuổi"),
    ("member_age_max", 30, f"{CHARTER}: đoàn viên đến 30 tuổi"),
    ("maturity_age", 30, f"{CHARTER}: quá 30 tuổi làm lễ trưởng thành đoàn"),
    ("member_age_stay_max", 35, f"{CHARTER}: có nguyện vọng thì sinh hoạt tiếp, không quá 35 tuổi"),
    ("branch_members_min", 3, "Điều lệ Đoàn (15/12/2022), Điều 17: chi đoàn có ít nhất 3 đoàn viên"),
    ("grassroots_union_branches_min", 2, "Điều lệ Đoàn (15/12/2022), Điều 17: đoàn cơ sở có ít nhất 2 chi đoàn"),
    ("grassroots_union_members_min", 30, f"{CHARTER}: đoàn cơ sở có ít nhất 30 đoàn viên"),
    # Done so far over what the elapsed share of the period would ask: from here on it is on track.
    ("pace_share", 0.8, f"{SETTING}: đạt từ 80% phần việc theo thời gian đã qua thì còn đúng tiến độ"),
    # A figure given as "about" and this near to the target is not judged either way.
    ("about_tolerance", 0.05, f"{SETTING}: số “khoảng” cách chỉ tiêu không quá 5% thì không kết luận"),
    ("due_soon_days", 14, f"{SETTING}: nhắc trước hạn 14 ngày"),
]


def add(apps, schema_editor):
    Rule = apps.get_model("branches", "Rule")
    Rule.objects.bulk_create(
        Rule(key=key, value=value, valid_from=VALID_FROM, source=source) for key, value, source in RULES
    )


class Migration(migrations.Migration):
    dependencies = [("branches", "0003_catalogue")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
