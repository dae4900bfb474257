"""The number of activities of a year, counted from the index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("branches", "0004_rules")]

    operations = [
        migrations.RemoveIndex(model_name="activity", name="activity_counted"),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["unit", "state", "last_on", "nature"], name="activity_counted"),
        ),
    ]
