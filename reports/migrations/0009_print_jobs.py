import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("branches", "0015_paper_numbers"),
        ("reports", "0008_word_templates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PrintJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[("pdf", "PDF"), ("docx", "Word")], default="pdf", max_length=4, verbose_name="in thành"
                    ),
                ),
                (
                    "which",
                    models.CharField(
                        choices=[("all", "Đơn vị này và mọi đơn vị cấp dưới"), ("direct", "Các đơn vị trực thuộc")],
                        default="all",
                        max_length=6,
                        verbose_name="đơn vị",
                    ),
                ),
                ("missing", models.JSONField(blank=True, default=list, verbose_name="đơn vị chưa có báo cáo")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Chờ in"),
                            ("running", "Đang in"),
                            ("done", "Đã in xong"),
                            ("cancelled", "Đã dừng"),
                            ("failed", "Không in được"),
                        ],
                        default="queued",
                        max_length=9,
                        verbose_name="tình trạng",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="lý do")),
                ("asked_at", models.DateTimeField(verbose_name="lúc yêu cầu")),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("claim", models.UUIDField(blank=True, editable=False, null=True)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("folder", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("file", models.CharField(blank=True, max_length=120)),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="dung lượng")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="giữ đến ngày")),
            ],
            options={
                "verbose_name": "lượt in nhiều báo cáo",
                "verbose_name_plural": "lượt in nhiều báo cáo",
            },
        ),
        migrations.CreateModel(
            name="PrintJobItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Chờ in"), ("done", "Đã in"), ("failed", "Không in được")],
                        default="waiting",
                        max_length=7,
                        verbose_name="tình trạng",
                    ),
                ),
                ("edition", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="bản")),
                ("file", models.CharField(blank=True, max_length=40)),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="dung lượng")),
                ("pages", models.PositiveSmallIntegerField(default=0, verbose_name="số trang")),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="vì sao không in được")),
                ("printed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "báo cáo trong lượt in",
            },
        ),
        migrations.AddField(
            model_name="printjob",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="print_jobs", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="printjob",
            name="period",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="print_jobs", to="branches.period"
            ),
        ),
        migrations.AddField(
            model_name="printjob",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="print_jobs", to="branches.unit"
            ),
        ),
        migrations.AddField(
            model_name="printjobitem",
            name="job",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="items", to="reports.printjob"
            ),
        ),
        migrations.AddField(
            model_name="printjobitem",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="reports.periodreport"
            ),
        ),
        migrations.AddIndex(
            model_name="printjob",
            index=models.Index(fields=["unit", "-id"], name="print_job_of_unit"),
        ),
        migrations.AddConstraint(
            model_name="printjob",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["queued", "running"])),
                fields=("asked_by",),
                name="print_job_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="printjob",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "failed"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="print_job_failed_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="printjob",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claim", None), ("claimed_at", None)),
                    models.Q(("claim__isnull", False), ("claimed_at__isnull", False)),
                    _connector="OR",
                ),
                name="print_job_claim_has_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="printjobitem",
            constraint=models.UniqueConstraint(fields=("job", "position"), name="print_item_position_once"),
        ),
        migrations.AddConstraint(
            model_name="printjobitem",
            constraint=models.UniqueConstraint(fields=("job", "report"), name="print_item_report_once"),
        ),
        migrations.AddConstraint(
            model_name="printjobitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True), models.Q(("file", ""), _negated=True), _connector="OR"
                ),
                name="print_item_done_has_a_file",
            ),
        ),
    ]
