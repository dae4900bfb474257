"""Titles of activities are found with and without marks, in any case, by the same key on both databases."""

from django.db import migrations, models

BATCH = 2000


def fill(apps, schema_editor):
    from branches.vietnamese import search_key  # a pure function of the text given to it

    activities = apps.get_model("branches", "Activity").objects
    last = 0
    while rows := list(activities.filter(pk__gt=last).order_by("pk").only("pk", "title")[:BATCH]):
        for row in rows:
            row.search_key = search_key(row.title)
        # The keys alone: nobody edited anything, so neither version nor day of change moves.
        activities.bulk_update(rows, ["search_key"], batch_size=200)
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("branches", "0006_totals_of_months")]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="search_key",
            field=models.TextField(default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
