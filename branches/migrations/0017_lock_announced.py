from django.db import migrations, models
from django.db.models import F, Q


def from_the_day_it_was_set(apps, schema_editor):
    """Until now every lock held from the day it was set."""
    apps.get_model("branches", "PeriodLock").objects.update(holds_from=F("set_on"))


class Migration(migrations.Migration):
    dependencies = [("branches", "0016_locks")]

    operations = [
        migrations.AddField("periodlock", "holds_from", models.DateField("khóa từ ngày", null=True)),
        migrations.RunPython(from_the_day_it_was_set, migrations.RunPython.noop),
        migrations.AlterField("periodlock", "holds_from", models.DateField("khóa từ ngày")),
        migrations.AddConstraint(
            "periodlock",
            models.CheckConstraint(condition=Q(holds_from__gte=F("set_on")), name="period_lock_not_backwards"),
        ),
        migrations.AddConstraint(
            "periodlock",
            models.CheckConstraint(
                condition=Q(through=None) | Q(through__lt=F("holds_from")), name="period_lock_of_past_days"
            ),
        ),
    ]
