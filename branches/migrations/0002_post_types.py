"""The kinds of post and their rights. Data, so that an association can add its own in the admin site."""

from django.db import migrations

OWN = ["view", "record", "manage", "submit"]

# code, name, body, verbs at the unit, verbs below it
POST_TYPES = [
    ("secretary", "Bí thư", "committee", OWN, OWN),
    ("deputy_secretary", "Phó Bí thư", "committee", OWN, OWN),
    ("committee_member", "Ủy viên Ban Chấp hành", "committee", ["view", "record"], []),
    ("member", "Đoàn viên", "member", ["view"], []),
    ("superior_secretary", "Bí thư Đoàn cấp trên", "committee", OWN, ["view", "approve"]),
    ("superior_office", "Cán bộ Đoàn cấp trên", "office", OWN, ["view", "approve"]),
    ("inspection_chair", "Chủ nhiệm UBKT", "inspection", ["inspect"], ["inspect"]),
    ("inspection_member", "Ủy viên UBKT", "inspection", ["inspect"], ["inspect"]),
    ("party_secretary", "Bí thư cấp ủy", "party", ["oversee"], ["oversee"]),
    ("party_member", "Cấp ủy viên", "party", ["oversee"], ["oversee"]),
    ("administrator", "Quản trị", "office", ["view", "administer"], ["view", "administer"]),
]


def add(apps, schema_editor):
    PostType = apps.get_model("branches", "PostType")
    PostType.objects.bulk_create(
        PostType(code=code, name=name, body=body, verbs_here=here, verbs_below=below, position=10 * place)
        for place, (code, name, body, here, below) in enumerate(POST_TYPES, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("branches", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
