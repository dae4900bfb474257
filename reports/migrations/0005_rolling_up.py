"""The roll-up: what a mean over units needs, where a text came from, and which activities are one and the same."""

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

VALID_FROM = datetime.date(2000, 1, 1)
CHECKS = {"far_factor": 10}  # a figure so many times that of the year before is looked at
GENERAL = "quy ước của phần mềm; quản trị viên sửa được"
PARTS = {"max_digits": 20, "decimal_places": 4, "null": True}


def add_rule(apps, schema_editor):
    apps.get_model("branches", "Rule").objects.create(
        key="report_checks", value=CHECKS, valid_from=VALID_FROM, source=GENERAL
    )


def remove_rule(apps, schema_editor):
    apps.get_model("branches", "Rule").objects.filter(key="report_checks").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0004_builder"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="periodreport",
            name="rolled_from",
            field=models.JSONField(blank=True, default=dict, verbose_name="đã tổng hợp từ"),
        ),
        migrations.AddField(model_name="reportrow", name="added", field=models.DecimalField(**PARTS)),
        migrations.AddField(model_name="reportrow", name="added_units", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name="reportrow", name="last_added", field=models.DecimalField(**PARTS)),
        migrations.AddField(
            model_name="reportrow", name="last_added_units", field=models.PositiveIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="reportsentence",
            name="from_submission",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reports.submission",
            ),
        ),
        migrations.CreateModel(
            name="JointDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="phiên bản")),
                ("key", models.SlugField(max_length=40)),
                ("activities", models.JSONField(default=list, verbose_name="các hoạt động")),
                (
                    "said",
                    models.CharField(
                        choices=[
                            ("one", "Cùng một hoạt động, tính một lần"),
                            ("different", "Các hoạt động khác nhau"),
                        ],
                        max_length=9,
                        verbose_name="kết luận",
                    ),
                ),
                (
                    "kept",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="giữ số của hoạt động"),
                ),
                ("decided_on", models.DateField(verbose_name="ngày")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="joint_decisions",
                        to="reports.periodreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "kết luận về hoạt động chung",
                "constraints": [
                    models.UniqueConstraint(fields=("report", "key"), name="joint_decided_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kept__isnull", False), ("said", "one")),
                            models.Q(("kept__isnull", True), ("said", "different")),
                            _connector="OR",
                        ),
                        name="joint_one_keeps_one",
                    ),
                ],
            },
        ),
        migrations.RunPython(add_rule, remove_rule),
    ]
