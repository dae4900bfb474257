"""The word before the largest figure of a span ("khoảng", "hơn") beside that figure in the kept totals."""

from django.db import migrations, models
from django.db.models import F

EXACT, WORDS = "exact", ("about", "nearly", "more")
BY_SIZE = ("nearly", "about", "exact", "more")  # of equal figures the later is the larger


def from_the_lines(apps, schema_editor):
    """Most totals hold figures with one word and are filled by a statement each; the others are read from lines."""
    quantity, total_model = (apps.get_model("branches", name) for name in ("Quantity", "PeriodTotal"))
    known = total_model.objects.filter(known__gt=0)
    known.filter(about=0, nearly=0, more=0).update(largest_qualifier=EXACT)
    for word in WORDS:
        known.filter(**{word: F("known")}).update(largest_qualifier=word)
    mixed = known.filter(largest_qualifier="").order_by("pk")
    for total in mixed.iterator():
        lines = quantity.objects.filter(
            activity__unit=total.unit_id, activity__state="held", activity__last_on__year=total.year,
            indicator__code=total.code, value=total.largest,
        )  # fmt: skip
        if total.month:
            lines = lines.filter(activity__last_on__month=total.month)
        said = set(lines.values_list("qualifier", flat=True))
        total.largest_qualifier = max(said, key=BY_SIZE.index, default=EXACT)
        total.save(update_fields=["largest_qualifier"])


class Migration(migrations.Migration):
    dependencies = [("branches", "0017_lock_announced")]

    operations = [
        migrations.AddField("periodtotal", "largest_qualifier", models.CharField(blank=True, max_length=6)),
        migrations.RunPython(from_the_lines, migrations.RunPython.noop, elidable=True),
    ]
