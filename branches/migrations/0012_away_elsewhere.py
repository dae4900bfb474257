"""Stays at a place that has no unit here: reported by the member, kept on the home roll."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("branches", "0011_rules_of_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="AwayStay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("temporary", "Sinh hoạt tạm thời"), ("residence", "Sinh hoạt nơi cư trú")],
                        max_length=10,
                        verbose_name="hình thức",
                    ),
                ),
                ("place", models.CharField(max_length=200, verbose_name="nơi sinh hoạt")),
                ("starts_on", models.DateField(verbose_name="từ ngày")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="đến trước ngày")),
                ("decision", models.CharField(blank=True, max_length=120, verbose_name="giấy giới thiệu")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="ghi chú")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="away_stays", to="branches.member"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "sinh hoạt ở nơi ngoài phần mềm",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gt", models.F("starts_on")), _connector="OR"),
                        name="away_stay_span",
                    )
                ],
            },
        ),
    ]
