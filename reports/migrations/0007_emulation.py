import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import branches.models.evidence


class Migration(migrations.Migration):
    dependencies = [
        ("branches", "0015_paper_numbers"),
        ("reports", "0006_statistics"),
    ]

    operations = [
        migrations.CreateModel(
            name="EmulationSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="phiên bản")),
                ("name", models.CharField(max_length=200, verbose_name="tên bộ tiêu chí")),
                ("edition", models.PositiveSmallIntegerField(default=1, verbose_name="bản")),
                ("total_points", models.DecimalField(decimal_places=2, max_digits=7, verbose_name="tổng điểm")),
                (
                    "bonus_cap",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=7, null=True, verbose_name="điểm thưởng tối đa"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="căn cứ")),
                ("self_until", models.DateField(verbose_name="hạn tự chấm")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Đang soạn"), ("in_use", "Đang dùng"), ("ended", "Đã kết thúc")],
                        default="draft",
                        max_length=8,
                        verbose_name="tình trạng",
                    ),
                ),
                ("used_on", models.DateField(blank=True, null=True, verbose_name="dùng từ ngày")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="kết thúc ngày")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="emulation_sets", to="branches.period"
                    ),
                ),
                (
                    "replaced",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="reports.emulationset",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="emulation_sets", to="branches.unit"
                    ),
                ),
            ],
            options={
                "verbose_name": "bộ tiêu chí thi đua",
                "verbose_name_plural": "bộ tiêu chí thi đua",
            },
        ),
        migrations.CreateModel(
            name="EmulationRanking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("edition", models.PositiveSmallIntegerField(verbose_name="bản")),
                ("published_on", models.DateField(verbose_name="ngày công bố")),
                ("published_at", models.DateTimeField(auto_now_add=True)),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="lý do thay đổi")),
                ("content", models.JSONField(verbose_name="nội dung")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rankings", to="reports.emulationset"
                    ),
                ),
            ],
            options={
                "verbose_name": "bảng xếp hạng thi đua",
            },
        ),
        migrations.CreateModel(
            name="EmulationCriterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="phiên bản")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("number", models.CharField(max_length=10, verbose_name="số thứ tự")),
                ("text", models.CharField(max_length=500, verbose_name="nội dung")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("group", "Nhóm tiêu chí"),
                            ("measured", "Tính từ số liệu"),
                            ("typed", "Chấm điểm trực tiếp"),
                            ("yes_no", "Có hoặc không"),
                            ("deduction", "Điểm trừ"),
                            ("bonus", "Điểm thưởng"),
                        ],
                        max_length=9,
                        verbose_name="cách chấm",
                    ),
                ),
                ("points", models.DecimalField(decimal_places=2, default=0, max_digits=7, verbose_name="điểm")),
                (
                    "rule",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("proportional", "Theo tỷ lệ đạt kế hoạch"),
                            ("all_or_nothing", "Đạt chỉ tiêu thì đủ điểm, không đạt thì không có điểm"),
                            ("per_piece", "Theo từng kết quả, đến mức tối đa"),
                            ("bands", "Theo bảng mức"),
                        ],
                        max_length=14,
                        verbose_name="quy tắc",
                    ),
                ),
                ("indicator_code", models.SlugField(blank=True, max_length=60, verbose_name="chỉ tiêu")),
                (
                    "per_piece",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=7, null=True, verbose_name="điểm mỗi lần"
                    ),
                ),
                ("bands", models.JSONField(blank=True, default=list, verbose_name="bảng mức")),
                ("above_total", models.BooleanField(default=True, verbose_name="cộng thêm ngoài tổng điểm")),
                ("needs_evidence", models.BooleanField(default=False, verbose_name="phải có minh chứng")),
                ("guidance", models.CharField(blank=True, max_length=500, verbose_name="hướng dẫn chấm")),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="reports.emulationcriterion",
                    ),
                ),
                (
                    "set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="criteria", to="reports.emulationset"
                    ),
                ),
            ],
            options={
                "verbose_name": "tiêu chí thi đua",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="EmulationCluster",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="tên cụm")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="clusters", to="reports.emulationset"
                    ),
                ),
            ],
            options={
                "verbose_name": "cụm thi đua",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ScoreLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="phiên bản")),
                (
                    "self_said",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="đơn vị ghi"
                    ),
                ),
                (
                    "self_points",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=7, null=True, verbose_name="điểm tự chấm"
                    ),
                ),
                ("self_note", models.CharField(blank=True, max_length=1000, verbose_name="đơn vị giải trình")),
                ("self_at", models.DateTimeField(null=True)),
                (
                    "given_said",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="cấp trên ghi"
                    ),
                ),
                (
                    "given_points",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=7, null=True, verbose_name="điểm chấm"
                    ),
                ),
                ("given_words", models.CharField(blank=True, max_length=500)),
                ("given_note", models.CharField(blank=True, max_length=1000, verbose_name="nhận xét")),
                ("given_at", models.DateTimeField(null=True)),
                (
                    "activity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="branches.activity",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="reports.emulationcriterion",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "self_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "dòng chấm điểm",
            },
        ),
        migrations.CreateModel(
            name="ScoreFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("picture", "Ảnh"), ("pdf", "PDF"), ("office", "Tệp Word, Excel")],
                        max_length=8,
                    ),
                ),
                ("file", models.FileField(blank=True, max_length=120, upload_to=branches.models.evidence.stored_path)),
                ("name", models.CharField(blank=True, max_length=160, verbose_name="tên tệp")),
                ("content_type", models.CharField(blank=True, max_length=100)),
                ("size", models.PositiveIntegerField(default=0, verbose_name="dung lượng")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="reports.scoreline"
                    ),
                ),
            ],
            options={
                "verbose_name": "minh chứng thi đua",
            },
        ),
        migrations.CreateModel(
            name="ScoreSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="phiên bản")),
                ("taken_on", models.DateField(verbose_name="vào cụm từ ngày")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Đang tự chấm"),
                            ("self_scored", "Đã gửi, chờ chấm"),
                            ("scored", "Đã chấm xong"),
                            ("final", "Đã công bố"),
                            ("reopened", "Mở lại để chấm"),
                            ("left_out", "Không xét"),
                        ],
                        default="open",
                        max_length=11,
                        verbose_name="tình trạng",
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="reports.emulationcluster",
                    ),
                ),
                (
                    "set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sheets", to="reports.emulationset"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="score_sheets", to="branches.unit"
                    ),
                ),
            ],
            options={
                "verbose_name": "phiếu chấm điểm thi đua",
            },
        ),
        migrations.AddField(
            model_name="scoreline",
            name="sheet",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="reports.scoresheet"
            ),
        ),
        migrations.CreateModel(
            name="ScoreStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("verb", models.CharField(max_length=12, verbose_name="bước")),
                (
                    "from_state",
                    models.CharField(
                        choices=[
                            ("open", "Đang tự chấm"),
                            ("self_scored", "Đã gửi, chờ chấm"),
                            ("scored", "Đã chấm xong"),
                            ("final", "Đã công bố"),
                            ("reopened", "Mở lại để chấm"),
                            ("left_out", "Không xét"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("open", "Đang tự chấm"),
                            ("self_scored", "Đã gửi, chờ chấm"),
                            ("scored", "Đã chấm xong"),
                            ("final", "Đã công bố"),
                            ("reopened", "Mở lại để chấm"),
                            ("left_out", "Không xét"),
                        ],
                        max_length=11,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="lý do")),
                ("taken_on", models.DateField(verbose_name="ngày")),
                ("written_at", models.DateTimeField(auto_now_add=True)),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="reports.scoresheet"
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "bước của phiếu chấm điểm",
            },
        ),
        migrations.AddConstraint(
            model_name="emulationset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "draft"), ("used_on", None)),
                    models.Q(models.Q(("state", "draft"), _negated=True), ("used_on__isnull", False)),
                    _connector="OR",
                ),
                name="emulation_set_used_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="emulationset",
            constraint=models.CheckConstraint(
                condition=models.Q(("total_points__gt", 0)), name="emulation_set_has_points"
            ),
        ),
        migrations.AddConstraint(
            model_name="emulationranking",
            constraint=models.UniqueConstraint(fields=("set", "edition"), name="emulation_ranking_edition_once"),
        ),
        migrations.AddConstraint(
            model_name="emulationranking",
            constraint=models.CheckConstraint(
                condition=models.Q(("edition", 1), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="emulation_ranking_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="emulationcriterion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "group"), ("parent", None)),
                    models.Q(models.Q(("kind", "group"), _negated=True), ("parent__isnull", False)),
                    _connector="OR",
                ),
                name="emulation_criterion_in_a_group",
            ),
        ),
        migrations.AddConstraint(
            model_name="emulationcriterion",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__gte", 0)), name="emulation_criterion_points"
            ),
        ),
        migrations.AddConstraint(
            model_name="emulationcriterion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "measured"), _negated=True),
                    models.Q(models.Q(("rule", ""), _negated=True), models.Q(("indicator_code", ""), _negated=True)),
                    _connector="OR",
                ),
                name="emulation_criterion_measures_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="emulationcluster",
            constraint=models.UniqueConstraint(fields=("set", "name"), name="emulation_cluster_once"),
        ),
        migrations.AddConstraint(
            model_name="scoresheet",
            constraint=models.UniqueConstraint(fields=("set", "unit"), name="score_sheet_once_a_set"),
        ),
        migrations.AddConstraint(
            model_name="scoreline",
            constraint=models.UniqueConstraint(fields=("sheet", "criterion"), name="score_line_once"),
        ),
        migrations.AddConstraint(
            model_name="scorestep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verb__in", ["send_back", "reopen", "leave_out"]), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="score_step_says_why",
            ),
        ),
    ]
