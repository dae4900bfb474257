"""Templates of chapters as data, revisions of chapters, and the rules by which a draft chooses what it says."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

VALID_FROM = datetime.date(2000, 1, 1)
GENERAL = "thông lệ báo cáo của Đoàn; quản trị viên thay khi có mẫu chính thức"

# key, number, heading, under, filled by, optional, list, hint
OPENING = ("opening", "", "Mở đầu", "", "opening", False, False, "")
ADVANTAGES = (
    "advantages",
    "",
    "Thuận lợi",
    "situation",
    "typed",
    False,
    False,
    "Điều kiện giúp chi đoàn hoàn thành nhiệm vụ trong {span}.",
)
DIFFICULTIES = (
    "difficulties",
    "",
    "Khó khăn",
    "situation",
    "typed",
    False,
    False,
    "Điều làm chậm hoặc cản trở công việc trong {span}.",
)
AREAS = ("areas", "", "Các mục công tác", "results", "area", False, False, "")
MERITS = ("merits", "1", "Ưu điểm", "assessment", "typed", False, False, "Việc làm tốt, nêu kèm con số ở mục II.")
SHORTCOMINGS = (
    "shortcomings",
    "2",
    "Hạn chế",
    "assessment",
    "typed",
    False,
    True,
    "Mỗi hạn chế một câu; chỉ tiêu chưa đạt nên có ở đây.",
)
CAUSES = ("causes", "3", "Nguyên nhân", "assessment", "typed", False, False, "Vì sao có các hạn chế trên.")
LESSONS = (
    "lessons",
    "4",
    "Bài học kinh nghiệm",
    "assessment",
    "typed",
    False,
    False,
    "Điều cần giữ hoặc cần đổi cách làm.",
)
NEXT = ("next-targets", "1", "Chỉ tiêu", "direction", "next_targets", False, True, "Lấy từ kế hoạch {following}.")
SOLUTIONS = (
    "solutions",
    "2",
    "Giải pháp",
    "direction",
    "typed",
    False,
    False,
    "Cách làm để đạt các chỉ tiêu {following}.",
)
PROPOSALS = ("proposals", "V", "Kiến nghị", "", "typed", True, True,
             "Điều đề nghị cấp ủy, Đoàn cấp trên. Không có thì để trống, mục này sẽ không in.")  # fmt: skip


def part(key, number, heading, filled_by="part"):
    return (key, number, heading, "", filled_by, False, False, "")


WHOLE = [
    OPENING, part("situation", "I", "Đặc điểm tình hình", "situation"), ADVANTAGES, DIFFICULTIES,
    part("results", "II", "Kết quả thực hiện", "summary"), AREAS,
    part("assessment", "III", "Đánh giá chung"), MERITS, SHORTCOMINGS, CAUSES, LESSONS,
    part("direction", "IV", "Phương hướng, nhiệm vụ {following}"), NEXT, SOLUTIONS, PROPOSALS,
]  # fmt: skip
HALF = [one for one in WHOLE if one[0] not in ("advantages", "lessons")]
SHORT = [
    OPENING, part("results", "I", "Kết quả thực hiện", "summary"), AREAS,
    ("shortcomings", "II", "Hạn chế, khó khăn", "", "typed", False, True,
     "Mỗi hạn chế một câu; chỉ tiêu chậm nên có ở đây."),
    part("direction", "III", "Nhiệm vụ trọng tâm {following}"), NEXT, SOLUTIONS, ("proposals", "IV", *PROPOSALS[2:]),
]  # fmt: skip
THEME = [
    OPENING, part("results", "I", "Kết quả thực hiện", "summary"), AREAS,
    part("assessment", "II", "Đánh giá chung"), ("merits", "1", *MERITS[2:7], "Việc làm tốt, nêu kèm con số ở mục I."),
    SHORTCOMINGS, CAUSES,
    ("solutions", "III", "Việc cần làm tiếp", "", "typed", False, True,
     "Việc còn phải làm sau đợt này, ai làm, khi nào xong."),
    ("proposals", "IV", *PROPOSALS[2:]),
]  # fmt: skip
TEMPLATES = [
    ("Báo cáo năm", ["year", "school_year"], False, WHOLE, "mẫu báo cáo năm của Đoàn cơ sở"),
    ("Báo cáo nhiệm kỳ", ["term"], False, WHOLE, "báo cáo tổng kết nhiệm kỳ trình đại hội"),
    ("Báo cáo sáu tháng", ["half"], False, HALF, GENERAL),
    ("Báo cáo tháng, quý", ["month", "quarter"], False, SHORT, GENERAL),
    (
        "Báo cáo chuyên đề",
        ["month", "quarter", "half", "year", "school_year", "term"],
        True,
        THEME,
        GENERAL,
    ),
]
# How a draft chooses. Weights are points added up for one activity; `highlight_at` is what makes it worth a sentence
# of its own, `highlights` how many of these stand in one chapter. People and money count "from so many".
DRAFTING = {
    "in_a_row": 2, "in_a_row_unplanned": 4, "named_alone": 3, "highlights": 2, "highlight_at": 4,
    "prize": 5, "joint": 1, "many_people": [[30, 2], [100, 4]], "money": [[5_000_000, 2], [20_000_000, 4]],
    "over_plan": 2, "first": 1, "first_years": 3, "merge_minutes": 10, "warn_minutes": 5,
}  # fmt: skip


def fill(apps, schema_editor):
    Template, Chapter = (apps.get_model("reports", name) for name in ("ReportTemplate", "TemplateChapter"))
    for name, kinds, for_theme, chapters, source in TEMPLATES:
        made = Template.objects.create(name=name, kinds=kinds, for_theme=for_theme, starts_on=VALID_FROM, source=source)
        Chapter.objects.bulk_create(
            Chapter(
                template=made, position=10 * place, key=key, number=number, heading=heading, under=under,
                filled_by=filled_by, is_optional=is_optional, is_list=is_list, hint=hint,
            )
            for place, (key, number, heading, under, filled_by, is_optional, is_list, hint) in enumerate(chapters, 1)
        )  # fmt: skip
    Report = apps.get_model("reports", "PeriodReport")
    for made in Template.objects.all():
        reports = Report.objects.filter(period__kind__in=made.kinds)
        (reports.exclude(theme="") if made.for_theme else reports.filter(theme="")).update(template=made)
    apps.get_model("branches", "Rule").objects.create(
        key="report_drafting", value=DRAFTING, valid_from=VALID_FROM, source=GENERAL
    )


class Migration(migrations.Migration):
    dependencies = [
        ("branches", "0015_paper_numbers"),
        ("reports", "0003_rounds_and_submissions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="reportsection",
            name="typed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="reportsection",
            name="typed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.CreateModel(
            name="ReportTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="phiên bản")),
                ("name", models.CharField(max_length=160, verbose_name="tên mẫu")),
                ("kinds", models.JSONField(default=list, verbose_name="dùng cho báo cáo của")),
                ("for_theme", models.BooleanField(default=False, verbose_name="dùng cho báo cáo chuyên đề")),
                ("edition", models.PositiveSmallIntegerField(default=1, verbose_name="bản")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="áp dụng cho kỳ bắt đầu từ ngày")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="đến trước ngày")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="căn cứ")),
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
                    "made_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="reports.reporttemplate",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report_templates",
                        to="branches.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "mẫu báo cáo",
                "verbose_name_plural": "mẫu báo cáo",
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name", "edition"), name="report_template_edition_once"),
                    models.UniqueConstraint(
                        condition=Q(("owner", None)), fields=("name", "edition"), name="report_template_common_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(("ends_on", None), ("ends_on__gt", F("starts_on")), _connector="OR"),
                        name="report_template_span",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="periodreport",
            name="template",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="reports.reporttemplate",
            ),
        ),
        migrations.AddField(
            model_name="reportround",
            name="template",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rounds",
                to="reports.reporttemplate",
                verbose_name="mẫu báo cáo",
            ),
        ),
        migrations.CreateModel(
            name="SectionRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("content", models.JSONField(verbose_name="các câu")),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="việc đã làm")),
                ("restored_from", models.PositiveIntegerField(blank=True, null=True, verbose_name="lấy lại từ lần")),
                ("begun_at", models.DateTimeField(verbose_name="bắt đầu")),
                ("saved_at", models.DateTimeField(verbose_name="lưu lúc")),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="reports.reportsection",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần lưu của mục",
                "constraints": [models.UniqueConstraint(fields=("section", "number"), name="section_revision_once")],
            },
        ),
        migrations.CreateModel(
            name="TemplateChapter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="thứ tự")),
                ("key", models.SlugField(max_length=40)),
                ("number", models.CharField(blank=True, max_length=6, verbose_name="số mục")),
                ("heading", models.CharField(max_length=200, verbose_name="tên mục")),
                ("under", models.CharField(blank=True, max_length=40, verbose_name="trong phần")),
                (
                    "filled_by",
                    models.CharField(
                        choices=[
                            ("part", "Tên phần, không có câu"),
                            ("opening", "Mở đầu"),
                            ("situation", "Số đoàn viên, biến động"),
                            ("summary", "Tổng hợp chỉ tiêu"),
                            ("area", "Một mục công tác"),
                            ("next_targets", "Chỉ tiêu kỳ tới"),
                            ("typed", "Người viết"),
                        ],
                        default="typed",
                        max_length=12,
                        verbose_name="nội dung lấy từ",
                    ),
                ),
                ("is_optional", models.BooleanField(default=False, verbose_name="không có nội dung thì không in")),
                ("is_list", models.BooleanField(default=False, verbose_name="mỗi câu một gạch đầu dòng")),
                ("hint", models.CharField(blank=True, max_length=300, verbose_name="gợi ý cho người viết")),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="branches.workarea",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chapters",
                        to="reports.reporttemplate",
                    ),
                ),
            ],
            options={
                "verbose_name": "mục của mẫu báo cáo",
                "indexes": [models.Index(fields=["template", "position"], name="reports_tem_templat_ddb43f_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("template", "key"), name="template_chapter_once"),
                    models.CheckConstraint(
                        condition=Q(("area", None), ("filled_by", "area"), _connector="OR"),
                        name="template_chapter_of_an_area",
                    ),
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
    ]
