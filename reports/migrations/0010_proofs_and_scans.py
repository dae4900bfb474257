"""The number of a report in the register, and the signed sheets of its editions."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import branches.models.evidence


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0009_print_jobs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="periodreport",
            name="entry",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="report",
                to="branches.papernumber",
            ),
        ),
        migrations.CreateModel(
            name="SubmissionScan",
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
                (
                    "file",
                    models.FileField(blank=True, max_length=120, upload_to=branches.models.evidence.stored_path),
                ),
                ("name", models.CharField(blank=True, max_length=160, verbose_name="tên tệp")),
                ("content_type", models.CharField(blank=True, max_length=100)),
                ("size", models.PositiveIntegerField(default=0, verbose_name="dung lượng")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scans", to="reports.submission"
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "bản ký", "ordering": ["pk"]},
        ),
    ]
