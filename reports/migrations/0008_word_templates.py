import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import branches.models.evidence

# Values of paper.md's layout table that stood in the style sheet so far: the turned annex, the line of a table,
# notes, captions of figures, "(Ký, ghi rõ họ tên)". General practice, none of them is said by the Đoàn's guide.
VALUES = {
    "annex_margins_mm": [30, 20, 18, 20],
    "annex_ref_pt": 13,
    "table_lead_pt": 14.5,
    "note_pt": 11,
    "figure_caption_pt": 13,
    "sign_how_pt": 13,
}
ONE_SHEET = {"table_lead_pt": 13, "note_pt": 10}


def add_values(apps, schema_editor):
    for rule in apps.get_model("branches", "Rule").objects.filter(key="paper_layout"):
        one_sheet = {**ONE_SHEET, **rule.value.get("one_sheet", {})}
        rule.value = {**VALUES, **rule.value, "one_sheet": one_sheet}
        rule.save(update_fields=["value"])


class Migration(migrations.Migration):
    dependencies = [
        ("branches", "0015_paper_numbers"),
        ("reports", "0007_emulation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RunPython(add_values, migrations.RunPython.noop),
        migrations.CreateModel(
            name="WordTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="phiên bản")),
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
                ("paper", models.CharField(max_length=40, verbose_name="loại giấy tờ")),
                ("edition", models.PositiveSmallIntegerField(verbose_name="lần")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Chưa dùng"), ("in_use", "Đã đưa vào dùng")],
                        default="draft",
                        max_length=8,
                        verbose_name="trạng thái",
                    ),
                ),
                ("used_fields", models.JSONField(default=list, verbose_name="chỗ điền có trong tệp")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="dùng từ ngày")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="thôi dùng từ ngày")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="word_templates", to="branches.unit"
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
            options={
                "verbose_name": "mẫu Word",
                "verbose_name_plural": "mẫu Word",
                "ordering": ["paper", "-edition"],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "paper", "edition"), name="word_template_edition_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_on", None), ("state", "draft"), ("valid_from", None)),
                            models.Q(("state", "in_use"), ("valid_from__isnull", False)),
                            _connector="OR",
                        ),
                        name="word_template_in_use_has_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None), ("ended_on__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="word_template_ends_after_start",
                    ),
                ],
            },
        ),
    ]
