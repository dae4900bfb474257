import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("branches", "0015_paper_numbers"),
        ("reports", "0011_proofs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CongressPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="phiên bản")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ket-qua", "Báo cáo kết quả thực hiện nghị quyết đại hội"),
                            ("chi-tieu", "Tờ trình chỉ tiêu nhiệm kỳ tới"),
                            ("kiem-diem", "Báo cáo kiểm điểm của Ban Chấp hành"),
                            ("nghi-quyet", "Nghị quyết đại hội"),
                        ],
                        max_length=10,
                        verbose_name="văn bản",
                    ),
                ),
                ("texts", models.JSONField(blank=True, default=dict, verbose_name="phần tự viết")),
                (
                    "signer_post",
                    models.CharField(blank=True, default="Bí thư", max_length=60, verbose_name="chức vụ người ký"),
                ),
                ("signer_name", models.CharField(blank=True, max_length=120, verbose_name="người ký")),
                ("dated_on", models.DateField(blank=True, null=True, verbose_name="ngày văn bản")),
                ("content", models.JSONField(blank=True, null=True, verbose_name="nội dung đã ban hành")),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="congress_paper",
                        to="branches.papernumber",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="congress_papers",
                        to="branches.period",
                    ),
                ),
            ],
            options={
                "verbose_name": "văn bản đại hội",
                "verbose_name_plural": "văn bản đại hội",
                "constraints": [
                    models.UniqueConstraint(fields=("term", "kind"), name="congress_paper_once_a_term"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("content__isnull", True), ("dated_on", None), ("entry", None), ("issued_by", None)
                            ),
                            models.Q(
                                ("content__isnull", False),
                                ("dated_on__isnull", False),
                                ("entry__isnull", False),
                                ("issued_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="congress_paper_issued_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposedTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "comparator",
                    models.CharField(
                        choices=[
                            ("eq", "đúng bằng"),
                            ("ge", "ít nhất"),
                            ("le", "nhiều nhất"),
                            ("range", "trong khoảng"),
                            ("gt", "trên (không kể mức này)"),
                            ("zero", "không để xảy ra"),
                            ("yes", "phải có"),
                            ("per_month", "mỗi tháng"),
                            ("per_quarter", "mỗi quý"),
                        ],
                        max_length=12,
                        verbose_name="so sánh",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="mức"),
                ),
                (
                    "value_to",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="đến mức"),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="căn cứ")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="branches.indicator"
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposed_targets",
                        to="branches.period",
                    ),
                ),
            ],
            options={
                "verbose_name": "chỉ tiêu dự thảo",
                "verbose_name_plural": "chỉ tiêu dự thảo",
                "constraints": [
                    models.UniqueConstraint(fields=("term", "indicator"), name="proposed_target_once_a_term"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("comparator__in", ["zero", "yes"]), ("value", None), ("value_to", None)),
                            models.Q(
                                ("comparator", "range"), ("value__isnull", False), ("value_to__gt", models.F("value"))
                            ),
                            models.Q(
                                models.Q(("comparator__in", ["zero", "yes", "range"]), _negated=True),
                                ("value__isnull", False),
                                ("value_to", None),
                            ),
                            _connector="OR",
                        ),
                        name="proposed_target_values_fit",
                    ),
                ],
            },
        ),
    ]
