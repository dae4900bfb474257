"""Totals of months and of the activities themselves beside those of the year, made anew from the lines."""

import itertools

import django.db.models.deletion
from django.db import migrations, models

# Those of the table as it is at this point.
FIELDS = (
    "lines", "known", "evidenced", "value", "denominator", "largest", "about", "nearly", "more",
    "last_on", "last_value", "last_denominator", "last_qualifier",
)  # fmt: skip


def rebuild(apps, schema_editor):
    """The same fold as branches.totals.rebuild_totals, on the tables as they are at this point."""
    from branches.totals import _by_month, _with_years  # pure functions of the rows given to them

    unit_model, quantity, activity, evidence, total_model = (
        apps.get_model("branches", name) for name in ("Unit", "Quantity", "Activity", "Evidence", "PeriodTotal")
    )
    proven = set(evidence.objects.values_list("activity_id", flat=True))
    units = list(unit_model.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(units), 100):
        some = units[start : start + 100]
        lines = (
            quantity.objects.filter(activity__unit__in=some, activity__state="held")
            .order_by("activity__unit_id", "indicator__code", "activity__last_on", "activity_id")
            .values_list(
                "activity__unit_id", "indicator__code", "activity__last_on", "value", "denominator", "qualifier",
                "activity_id",
            )
        )  # fmt: skip
        held = (
            activity.objects.filter(unit__in=some, state="held", nature="activity")
            .order_by("unit_id", "last_on", "pk")
            .values_list("unit_id", "last_on", "pk")
        )
        facts = itertools.chain(
            ((*line[:6], line[6] in proven) for line in lines),
            ((unit, "", day, None, None, "", pk in proven) for unit, day, pk in held),
        )
        total_model.objects.bulk_create(
            [
                total_model(
                    unit_id=unit, code=code, year=year, month=month,
                    **{field: getattr(total, field) for field in FIELDS},
                )
                for (unit, code, year, month), total in _with_years(_by_month(facts)).items()
            ],
            batch_size=1000,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("branches", "0005_activity_counted_covers_nature")]

    operations = [
        migrations.CreateModel(
            name="PeriodTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(blank=True, db_index=False, max_length=60)),
                ("year", models.PositiveSmallIntegerField()),
                ("month", models.PositiveSmallIntegerField(default=0)),
                ("lines", models.PositiveIntegerField(default=0)),
                ("known", models.PositiveIntegerField(default=0)),
                ("evidenced", models.PositiveIntegerField(default=0)),
                ("value", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                ("denominator", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                ("largest", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("about", models.PositiveIntegerField(default=0)),
                ("nearly", models.PositiveIntegerField(default=0)),
                ("more", models.PositiveIntegerField(default=0)),
                ("last_on", models.DateField(null=True)),
                ("last_value", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("last_denominator", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("last_qualifier", models.CharField(blank=True, max_length=6)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="period_totals", to="branches.unit"
                    ),
                ),
            ],
            options={
                "verbose_name": "tổng theo kỳ",
            },
        ),
        migrations.DeleteModel(
            name="YearTotal",
        ),
        migrations.AddIndex(
            model_name="periodtotal",
            index=models.Index(fields=["month", "year", "code", "unit"], name="period_total_of_all"),
        ),
        migrations.AddConstraint(
            model_name="periodtotal",
            constraint=models.UniqueConstraint(fields=("unit", "month", "year", "code"), name="period_total_once"),
        ),
        migrations.RunPython(rebuild, migrations.RunPython.noop, elidable=True),
    ]
