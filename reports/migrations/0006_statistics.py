"""Statistics tables, and the eight common ones of the groups a report goes upward with (domain.md 7.3).

How a line is to be read: (number, name, source). The source is the code of an indicator, "=key" a figure the
program counts, "?word" a figure the unit types, "+1.1 1.2" a sum, "/1.2 1" a share, "" a heading. What is different
to count is never added: only gift sets are, with gift sets.
"""

import datetime

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

SINCE = datetime.date(2015, 1, 1)
SOURCE = "Biểu dùng chung của phần mềm, theo các nhóm số liệu trong báo cáo của Đoàn"
PEOPLE = "người"
# Unit words of the lines that are no indicators; those of an indicator stand in the catalogue.
WORDS = {
    "members": PEOPLE, "women": PEOPLE, "ethnic_minority": PEOPLE, "party_members": PEOPLE, "admitted": PEOPLE,
    "moved_in": PEOPLE, "moved_out": PEOPLE, "matured": PEOPLE, "branch_units": "đơn vị", "grassroots_units": "đơn vị",
    "rated_all": PEOPLE, "rated": PEOPLE, "rated_top": PEOPLE, "rated_fair": PEOPLE, "rated_below": PEOPLE,
    "meetings_held": "buổi", "attendance": "%", "activities": "hoạt động",
    "dues_owed": "đồng", "dues_paid": "đồng", "dues_remitted": "đồng",
    "fund_in": "đồng", "fund_out": "đồng", "fund_left": "đồng",
    "cases_done": "cuộc", "cases_inspection": "cuộc", "cases_supervision": "cuộc", "cases_concluded": "cuộc",
    "units_inspected": "đơn vị", "shortcomings": "hạn chế", "violations_found": "vi phạm",
    "advice_closed": "kiến nghị", "advice_open": "kiến nghị", "advice_late": "kiến nghị",
}  # fmt: skip
SUPERIORS = "superiors"
TABLES = [
    ("01", "Tổ chức Đoàn và đoàn viên", "all", [
        ("1", "Tổ chức Đoàn", ""),
        ("1.1", "Chi đoàn, chi đoàn cơ sở", "=branch_units"),
        ("1.2", "Đoàn cơ sở, chi đoàn cơ sở", "=grassroots_units"),
        ("2", "Đoàn viên cuối kỳ", "=members"),
        ("2.1", "Nữ", "=women"),
        ("2.2", "Dân tộc thiểu số", "=ethnic_minority"),
        ("2.3", "Đảng viên trong độ tuổi Đoàn", "=party_members"),
        ("2.4", "Tỷ lệ đoàn viên nữ", "/2.1 2"),
        ("3", "Biến động trong kỳ", ""),
        ("3.1", "Kết nạp mới", "=admitted"),
        ("3.2", "Chuyển đến", "=moved_in"),
        ("3.3", "Chuyển đi", "=moved_out"),
        ("3.4", "Trưởng thành đoàn", "=matured"),
        ("4", "Tập hợp thanh niên", ""),
        ("4.1", "Thanh niên trong độ tuổi tại đơn vị", "?người"),
        ("4.2", "Tỷ lệ thanh niên là đoàn viên", "/2 4.1"),
        ("5", "Đoàn viên đã cập nhật trên phần mềm quản lý đoàn viên", "software_entered"),
    ]),
    ("02", "Chất lượng đoàn viên và sinh hoạt", "all", [
        ("1", "Đánh giá, xếp loại đoàn viên", ""),
        ("1.1", "Đoàn viên phải đánh giá", "=rated_all"),
        ("1.2", "Đã được duyệt kết quả", "=rated"),
        ("1.3", "Mức cao nhất", "=rated_top"),
        ("1.4", "Từ mức khá trở lên", "=rated_fair"),
        ("1.5", "Dưới mức khá", "=rated_below"),
        ("1.6", "Tỷ lệ mức cao nhất", "/1.3 1.2"),
        ("1.7", "Tỷ lệ từ mức khá trở lên", "/1.4 1.2"),
        ("2", "Sinh hoạt chi đoàn", ""),
        ("2.1", "Buổi sinh hoạt đã họp", "=meetings_held"),
        ("2.2", "Tỷ lệ dự sinh hoạt", "=attendance"),
        ("2.3", "Sinh hoạt định kỳ", "branch_meetings"),
        ("2.4", "Ghi biên bản đầy đủ", "minutes_complete"),
    ]),
    ("03", "Công tác giáo dục", "all", [
        ("1", "Học tập và làm theo gương Bác", ""),
        ("1.1", "Đoàn viên đăng ký học tập và làm theo", "hcm_study_registered"),
        ("1.2", "Mô hình học tập và làm theo", "study_models"),
        ("2", "Nghị quyết, truyền thống, pháp luật", ""),
        ("2.1", "Đoàn viên được quán triệt chỉ thị, nghị quyết", "resolution_briefed"),
        ("2.2", "Đợt học nghị quyết, về nguồn, kỷ niệm ngày lễ lớn", "education_campaigns"),
        ("2.3", "Buổi tuyên truyền, nói chuyện pháp luật", "law_talks"),
        ("2.4", "Lượt người dự tuyên truyền pháp luật", "law_talk_turns"),
        ("2.5", "Bài dự thi tìm hiểu", "contest_entries"),
        ("3", "Tin, bài về hoạt động của Đoàn", "news_items"),
    ]),
    ("04", "Tình nguyện và sáng tạo", "all", [
        ("1", "Công trình, phần việc thanh niên", ""),
        ("1.1", "Công trình thanh niên", "youth_projects"),
        ("1.2", "Phần việc thanh niên", "youth_tasks"),
        ("2", "Tình nguyện vì cộng đồng", ""),
        ("2.1", "Lượt đoàn viên tham gia tình nguyện", "volunteer_turns"),
        ("2.2", "Lượt người hiến máu", "blood_turns"),
        ("2.3", "Máu thu được", "blood_units"),
        ("2.4", "Cây xanh trồng mới", "trees_planted"),
        ("2.5", "Lượt người dân được hướng dẫn kỹ năng số", "digital_help_turns"),
        ("3", "An sinh xã hội", ""),
        ("3.1", "Quà tặng", "+3.1.1 3.1.2"),
        ("3.1.1", "Cho hộ nghèo", "gifts_poor_households"),
        ("3.1.2", "Cho học sinh có hoàn cảnh khó khăn", "gifts_pupils"),
        ("3.2", "Giá trị quà tặng", "gift_value"),
        ("3.3", "Ủng hộ các quỹ", "fund_donations"),
        ("3.4", "Gia đình liệt sĩ được thăm", "fallen_families"),
        ("3.5", "Gia đình thương binh được thăm", "wounded_families"),
        ("3.6", "Kinh phí Mùa đông, Xuân tình nguyện", "winter_spring_cost"),
        ("3.7", "Kinh phí chiến dịch tình nguyện hè", "summer_cost"),
        ("4", "Sáng tạo", ""),
        ("4.1", "Ý tưởng gửi ngân hàng ý tưởng sáng tạo", "idea_bank_ideas"),
        ("4.2", "Đoàn viên có sáng kiến được công nhận", "initiative_members"),
    ]),
    ("05", "Đồng hành với thanh niên, chăm sóc thiếu nhi", "all", [
        ("1", "Học tập, bồi dưỡng", ""),
        ("1.1", "Lượt đoàn viên được đào tạo, bồi dưỡng", "trained_members"),
        ("1.2", "Đoàn viên học cao cấp lý luận chính trị", "political_theory"),
        ("1.3", "Đoàn viên học bồi dưỡng quản lý nhà nước", "state_management"),
        ("1.4", "Đoàn viên học thạc sĩ", "masters_course"),
        ("1.5", "Đoàn viên có trình độ đại học trở lên", "university_degree"),
        ("2", "Thể thao", ""),
        ("2.1", "Giải thể thao tham gia", "sport_tournaments"),
        ("2.2", "Môn có vận động viên dự giải", "sport_disciplines"),
        ("2.3", "Đội dự thi đấu", "sport_teams"),
        ("2.4", "Lượt vận động viên", "sport_players"),
        ("2.5", "Giải thưởng", "sport_prizes"),
        ("3", "Thiếu niên, nhi đồng", ""),
        ("3.1", "Hoạt động cho thiếu nhi", "children_events"),
        ("3.2", "Suất quà tặng thiếu nhi", "children_gift_sets"),
        ("3.3", "Quà 1/6 và Trung thu cho con cán bộ, công chức", "children_gift_money"),
        ("3.4", "Thiếu nhi được nhận đỡ đầu", "mentored_children"),
    ]),
    ("06", "Xây dựng Đoàn, tham gia xây dựng Đảng", "all", [
        ("1", "Phát triển Đảng", ""),
        ("1.1", "Đoàn viên ưu tú được bình chọn", "outstanding_members"),
        ("1.2", "Đoàn viên ưu tú học lớp nhận thức về Đảng", "party_class"),
        ("1.3", "Đoàn viên ưu tú giới thiệu cho Đảng", "party_introduced"),
        ("1.4", "Đoàn viên được kết nạp Đảng", "party_admitted"),
        ("2", "Chỉ đạo, tham mưu", ""),
        ("2.1", "Ban hành kế hoạch công tác năm", "plan_issued"),
        ("2.2", "Báo cáo gửi cấp ủy", "party_reports"),
        ("2.3", "Đề xuất, tham mưu với cấp ủy", "party_proposals"),
        ("2.4", "Cán bộ Đoàn dự liên hoan, hội nghị của cấp trên", "festival_delegates"),
        ("3", "Kỷ luật", ""),
        ("3.1", "Đoàn viên vi phạm kỷ luật", "violations"),
        ("3.2", "Đoàn viên không vi phạm kỷ luật", "no_violation"),
    ]),
    ("07", "Kiểm tra, giám sát", SUPERIORS, [
        ("1", "Cuộc kiểm tra, giám sát đã làm", "=cases_done"),
        ("1.1", "Có nội dung kiểm tra", "=cases_inspection"),
        ("1.2", "Có nội dung giám sát", "=cases_supervision"),
        ("2", "Cuộc đã thông báo kết luận", "=cases_concluded"),
        ("3", "Đơn vị được kiểm tra, giám sát", "=units_inspected"),
        ("4", "Nhận định trong các kết luận", ""),
        ("4.1", "Hạn chế", "=shortcomings"),
        ("4.2", "Vi phạm", "=violations_found"),
        ("5", "Kiến nghị", ""),
        ("5.1", "Đã kiểm tra và kết thúc trong kỳ", "=advice_closed"),
        ("5.2", "Còn mở cuối kỳ", "=advice_open"),
        ("5.3", "Quá hạn trong số còn mở", "=advice_late"),
    ]),
    ("08", "Đoàn phí, tài chính", "all", [
        ("1", "Đoàn phí", ""),
        ("1.1", "Phải thu", "=dues_owed"),
        ("1.2", "Đã thu", "=dues_paid"),
        ("1.3", "Tỷ lệ đã thu", "/1.2 1.1"),
        ("1.4", "Đã trích nộp Đoàn cấp trên", "=dues_remitted"),
        ("2", "Quỹ của đơn vị", ""),
        ("2.1", "Thu trong kỳ", "=fund_in"),
        ("2.2", "Chi trong kỳ", "=fund_out"),
        ("2.3", "Còn lại cuối kỳ", "=fund_left"),
    ]),
]  # fmt: skip


def fill(apps, schema_editor):
    """The common tables that are not there yet; run again it changes nothing."""
    StatTable = apps.get_model("reports", "StatTable")
    indicators = apps.get_model("branches", "Indicator").objects.filter(owner=None)
    measured = {code: (measure, word) for code, measure, word in indicators.values_list("code", "measure", "unit_word")}
    for number, title, whom, rows in TABLES:
        if StatTable.objects.filter(owner=None, number=number, edition=1).exists():
            continue
        table = StatTable.objects.create(
            owner=None, number=number, title=title, whom=whom, source=SOURCE, edition=1, state="in_use",
            valid_from=SINCE, of_month=False, of_quarter=True, of_half=True, of_year=True, of_term=True,
        )  # fmt: skip
        _lines(apps.get_model("reports", "StatItem"), table, rows, measured)


def _lines(StatItem, table, rows, measured) -> None:
    made, later = {}, []
    for place, (number, name, source) in enumerate(rows, start=1):
        if source in measured or not source or source[0] in "=?":
            item = _line(StatItem, table, place, number, name, source, measured)
            item.save()
            made[number] = item
        elif source[0] in "+/":
            later.append((place, number, name, source))
        # An indicator that this catalogue lacks leaves its line out.
    for place, number, name, source in later:
        known = [made.get(one) for one in source[1:].split()]
        if None in known:
            continue
        is_sum = source[0] == "+"
        item = StatItem(
            table=table, position=10 * place, number=number, name=name, depth=number.count("."),
            what="sum" if is_sum else "share", unit_word=known[0].unit_word if is_sum else "%",
            share_of=None if is_sum else known[0], share_whole=None if is_sum else known[1],
        )  # fmt: skip
        item.save()
        if is_sum:
            item.parts.set(known)
        made[number] = item


def _line(StatItem, table, place, number, name, source, measured):
    kinds = {"": "heading", "=": "figure", "?": "typed"}
    item = StatItem(
        table=table, position=10 * place, number=number, name=name, depth=number.count("."),
        what=kinds.get(source[:1], "indicator"), is_bold=not source,
    )  # fmt: skip
    if item.what == "figure":
        item.figure, item.unit_word = source[1:], WORDS[source[1:]]
    elif item.what == "typed":
        item.unit_word = source[1:]
    elif item.what == "indicator":
        measure, word = measured[source]
        item.code, item.unit_word = source, "%" if measure == "share" else word
    return item


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("reports", "0005_rolling_up"),
    ]
    operations = [
        migrations.CreateModel(
            name="StatTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="phiên bản")),
                ("number", models.CharField(max_length=8, verbose_name="số biểu")),
                ("title", models.CharField(max_length=200, verbose_name="tên biểu")),
                (
                    "whom",
                    models.CharField(
                        choices=[
                            ("all", "Mọi đơn vị"),
                            ("branches", "Chi đoàn, chi đoàn cơ sở, phân đoàn"),
                            ("superiors", "Đoàn cấp trên của chi đoàn"),
                        ],
                        default="all",
                        max_length=9,
                        verbose_name="dùng cho",
                    ),
                ),
                ("of_month", models.BooleanField(default=False, verbose_name="Tháng")),
                ("of_quarter", models.BooleanField(default=True, verbose_name="Quý")),
                ("of_half", models.BooleanField(default=True, verbose_name="Sáu tháng")),
                ("of_year", models.BooleanField(default=True, verbose_name="Năm")),
                ("of_school_year", models.BooleanField(default=False, verbose_name="Năm học")),
                ("of_term", models.BooleanField(default=False, verbose_name="Nhiệm kỳ")),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="căn cứ")),
                ("note", models.CharField(blank=True, max_length=600, verbose_name="ghi chú dưới biểu")),
                ("edition", models.PositiveSmallIntegerField(default=1, verbose_name="bản")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Đang soạn"), ("in_use", "Đang dùng"), ("replaced", "Thôi dùng")],
                        default="draft",
                        max_length=8,
                        verbose_name="tình trạng",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="dùng từ ngày")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="dùng đến hết ngày")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stat_tables",
                        to="branches.unit",
                        verbose_name="biểu riêng của",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="reports.stattable",
                        verbose_name="thay bản",
                    ),
                ),
            ],
            options={"verbose_name": "biểu số liệu", "verbose_name_plural": "biểu số liệu"},
        ),
        migrations.CreateModel(
            name="StatItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="thứ tự")),
                ("number", models.CharField(blank=True, max_length=12, verbose_name="số thứ tự")),
                ("name", models.CharField(max_length=200, verbose_name="nội dung")),
                ("unit_word", models.CharField(blank=True, max_length=40, verbose_name="đơn vị tính")),
                ("depth", models.PositiveSmallIntegerField(default=0, verbose_name="bậc")),
                ("is_bold", models.BooleanField(default=False, verbose_name="in đậm")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("heading", "Tiêu đề nhóm"),
                            ("indicator", "Chỉ tiêu trong danh mục"),
                            ("figure", "Số liệu của phần mềm"),
                            ("sum", "Tổng các dòng khác"),
                            ("share", "Tỷ lệ của hai dòng"),
                            ("typed", "Đơn vị tự nhập"),
                        ],
                        max_length=9,
                        verbose_name="lấy số từ",
                    ),
                ),
                ("code", models.SlugField(blank=True, max_length=60, verbose_name="chỉ tiêu")),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("result", "Kết quả"),
                            ("value", "Tử số của tỷ lệ"),
                            ("whole", "Mẫu số của tỷ lệ"),
                        ],
                        default="result",
                        max_length=6,
                        verbose_name="phần của chỉ tiêu",
                    ),
                ),
                ("figure", models.SlugField(blank=True, max_length=40, verbose_name="số liệu")),
                (
                    "parts",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="reports.statitem", verbose_name="các dòng"
                    ),
                ),
                (
                    "share_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="reports.statitem",
                        verbose_name="tử số",
                    ),
                ),
                (
                    "share_whole",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="reports.statitem",
                        verbose_name="mẫu số",
                    ),
                ),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="reports.stattable"
                    ),
                ),
            ],
            options={"verbose_name": "dòng của biểu"},
        ),
        migrations.CreateModel(
            name="StatSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stat_sheets", to="branches.period"
                    ),
                ),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sheets", to="reports.stattable"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stat_sheets", to="branches.unit"
                    ),
                ),
            ],
            options={"verbose_name": "biểu đã nhập"},
        ),
        migrations.CreateModel(
            name="StatValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="phiên bản")),
                (
                    "value",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="số"),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="lý do")),
                ("typed_at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="values", to="reports.statitem"
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="values", to="reports.statsheet"
                    ),
                ),
                (
                    "typed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"verbose_name": "số đã nhập"},
        ),
        migrations.CreateModel(
            name="HistoricalStatValue",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="phiên bản")),
                (
                    "value",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="số"),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="lý do")),
                ("typed_at", models.DateTimeField()),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                *(
                    (
                        name,
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            to=target,
                        ),
                    )
                    for name, target in (
                        ("typed_by", settings.AUTH_USER_MODEL),
                        ("item", "reports.statitem"),
                        ("sheet", "reports.statsheet"),
                    )
                ),
            ],
            options={
                "verbose_name": "historical số đã nhập",
                "verbose_name_plural": "historical số đã nhậps",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="reportround",
            name="tables",
            field=models.ManyToManyField(
                blank=True, related_name="rounds", to="reports.stattable", verbose_name="biểu số liệu kèm theo"
            ),
        ),
        migrations.AddIndex(
            model_name="stattable",
            index=models.Index(fields=["owner", "state"], name="reports_sta_owner_i_4d9324_idx"),
        ),
        migrations.AddConstraint(
            model_name="stattable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "draft"), ("valid_from", None), ("valid_to", None)),
                    models.Q(("state", "in_use"), ("valid_from__isnull", False), ("valid_to", None)),
                    models.Q(("state", "replaced"), ("valid_from__isnull", False), ("valid_to__isnull", False)),
                    _connector="OR",
                ),
                name="stat_table_days_of_its_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="stattable",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"),
                name="stat_table_span",
            ),
        ),
        migrations.AddConstraint(
            model_name="statitem",
            constraint=models.UniqueConstraint(fields=("table", "position"), name="stat_item_one_place"),
        ),
        migrations.AddConstraint(
            model_name="statitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("what", "indicator"), _negated=True),
                    models.Q(("code", ""), _negated=True),
                    _connector="OR",
                ),
                name="stat_item_names_indicator",
            ),
        ),
        migrations.AddConstraint(
            model_name="statitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("what", "figure"), _negated=True),
                    models.Q(("figure", ""), _negated=True),
                    _connector="OR",
                ),
                name="stat_item_names_figure",
            ),
        ),
        migrations.AddConstraint(
            model_name="statitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("what", "share"), _negated=True),
                    models.Q(("share_of__isnull", False), ("share_whole__isnull", False)),
                    _connector="OR",
                ),
                name="stat_item_share_has_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="statsheet",
            constraint=models.UniqueConstraint(fields=("table", "unit", "period"), name="stat_sheet_once"),
        ),
        migrations.AddConstraint(
            model_name="statvalue",
            constraint=models.UniqueConstraint(fields=("sheet", "item"), name="stat_value_once"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
