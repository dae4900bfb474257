"""Evidence of a score line is a row of its own: an activity, a paper of the register or a file, any number of them."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def activities_as_rows(apps, schema_editor):
    """The one activity a line named becomes its piece; files are pieces already."""
    alias = schema_editor.connection.alias
    lines = apps.get_model("reports", "ScoreLine").objects.using(alias).exclude(activity=None)
    evidence = apps.get_model("reports", "ScoreEvidence")
    evidence.objects.using(alias).bulk_create(
        (evidence(line_id=line, activity_id=activity, uploaded_by_id=by)
         for line, activity, by in lines.values_list("pk", "activity_id", "self_by_id").order_by("pk")),
        batch_size=500,
    )  # fmt: skip
    if schema_editor.connection.vendor == "postgresql":
        # Checks that wait for the end of the transaction keep the table from getting its indexes before that.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [("branches", "0016_locks"), ("reports", "0013_congress_proofs")]

    operations = [
        migrations.RenameModel("ScoreFile", "ScoreEvidence"),
        migrations.AlterField(
            model_name="scoreevidence",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="evidence", to="reports.scoreline"
            ),
        ),
        migrations.AddField(
            model_name="scoreevidence",
            name="activity",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="branches.activity",
                verbose_name="hoạt động",
            ),
        ),
        migrations.AddField(
            model_name="scoreevidence",
            name="paper",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="branches.papernumber",
                verbose_name="văn bản",
            ),
        ),
        migrations.AddField(
            model_name="scoreevidence",
            name="published_in",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reports.emulationranking",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoreevidence",
            constraint=models.CheckConstraint(
                condition=Q(activity__isnull=False, paper=None, file="")
                | Q(activity=None, paper__isnull=False, file="")
                | Q(activity=None, paper=None) & ~Q(file=""),
                name="score_evidence_is_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoreevidence",
            constraint=models.UniqueConstraint(fields=["line", "activity"], name="score_evidence_activity_once"),
        ),
        migrations.AddConstraint(
            model_name="scoreevidence",
            constraint=models.UniqueConstraint(fields=["line", "paper"], name="score_evidence_paper_once"),
        ),
        migrations.AddField(
            model_name="scoreline",
            name="given_source",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="nguồn số liệu"),
            preserve_default=False,
        ),
        migrations.RunPython(activities_as_rows, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(model_name="scoreline", name="activity"),
    ]
