"""The address printed on papers that no longer change, and many reports at once as PDF/A."""

import django.db.models.deletion
from django.db import migrations, models

import reports.models.proof


def _one(to: str, word: str) -> models.OneToOneField:
    return models.OneToOneField(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="proof",
        to=to,
        verbose_name=word,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0010_proofs_and_scans"),
        ("branches", "0015_paper_numbers"),
        ("inspections", "0007_numbers_already_given"),
    ]
    operations = [
        migrations.CreateModel(
            name="PaperProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "token",
                    models.CharField(
                        default=reports.models.proof.new_token, editable=False, max_length=26, unique=True
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("submission", _one("reports.submission", "báo cáo")),
                ("minutes", _one("branches.minutes", "biên bản")),
                ("case_paper", _one("inspections.casepaper", "văn bản")),
                ("ranking", _one("reports.emulationranking", "bảng điểm")),
            ],
            options={
                "verbose_name": "mã kiểm tra bản in",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(submission__isnull=False, minutes=None, case_paper=None, ranking=None)
                        | models.Q(submission=None, minutes__isnull=False, case_paper=None, ranking=None)
                        | models.Q(submission=None, minutes=None, case_paper__isnull=False, ranking=None)
                        | models.Q(submission=None, minutes=None, case_paper=None, ranking__isnull=False),
                        name="paper_proof_of_one_paper",
                    )
                ],
            },
        ),
        migrations.AlterField(
            model_name="printjob",
            name="what",
            field=models.CharField(
                choices=[("pdf", "PDF"), ("pdfa", "PDF lưu trữ (PDF/A)"), ("docx", "Word")],
                default="pdf",
                max_length=4,
                verbose_name="in thành",
            ),
        ),
    ]
