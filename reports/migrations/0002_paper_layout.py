"""The layout of papers as dated data. Values and how sure each is: 29-HD/TWĐTN-VP of 29/10/2013 where
it was seen, else the state rule on papers or general practice."""

import datetime

from django.db import migrations

LAYOUT = {
    "margins_mm": [20, 20, 20, 30],
    "font": "Liberation Serif",
    "header": "ĐOÀN TNCS HỒ CHÍ MINH",
    "header_pt": 15,
    "unit_pt": 14,
    "long_unit_pt": 13,
    "unit_block_mm": 75,
    "type_pt": 16,
    "abstract_pt": 14,
    "body_pt": 14,
    "lead_pt": 18,
    "paragraph_gap_pt": 6,
    "indent_mm": 10,
    "small_pt": 12,
    "table_pt": 12,
    "sign_gap_mm": 25,
    "page_number": "top-center",
    "end_mark": "./.",
    "one_sheet": {
        "header_pt": 14,
        "unit_pt": 13,
        "long_unit_pt": 12,
        "type_pt": 15,
        "abstract_pt": 13,
        "body_pt": 12.5,
        "lead_pt": 15.5,
        "paragraph_gap_pt": 3,
        "indent_mm": 8,
        "small_pt": 11,
        "table_pt": 11,
        "sign_gap_mm": 17,
    },
}


def add_layout(apps, schema_editor):
    Rule = apps.get_model("branches", "Rule")
    Rule.objects.get_or_create(
        key="paper_layout",
        valid_from=datetime.date(2013, 10, 29),
        defaults={
            "value": LAYOUT,
            "source": (
                "Hướng dẫn 29-HD/TWĐTN-VP ngày 29/10/2013 (lề, tiêu đề, cỡ chữ đầu trang, số, nơi nhận, dấu hết); "
                "Nghị định 30/2020/NĐ-CP (thân văn bản, số trang)"
            ),
        },
    )


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("branches", "0001_initial")]
    operations = [migrations.RunPython(add_layout, migrations.RunPython.noop)]
