"""Issued congress papers are hashed and proved like every other fixed paper, those issued before as well."""

import functools
import hashlib
import json
import operator

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

SOURCES = ("submission", "minutes", "case_paper", "ranking", "congress_paper")
ISSUED = Q(entry__isnull=False, dated_on__isnull=False, content__isnull=False, issued_by__isnull=False)


def hash_what_was_issued(apps, schema_editor):
    """The hash of what is kept, as issuing takes it since: the paper is printed from nothing else."""
    papers = apps.get_model("reports", "CongressPaper").objects.using(schema_editor.connection.alias)
    for paper in papers.filter(entry__isnull=False).iterator():
        text = json.dumps(paper.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        papers.filter(pk=paper.pk).update(sha256=hashlib.sha256(text.encode()).hexdigest())


class Migration(migrations.Migration):
    dependencies = [("reports", "0012_congress")]

    operations = [
        migrations.AddField(
            model_name="congresspaper",
            name="sha256",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(hash_what_was_issued, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint(model_name="congresspaper", name="congress_paper_issued_whole"),
        migrations.AddConstraint(
            model_name="congresspaper",
            constraint=models.CheckConstraint(
                condition=Q(entry=None, dated_on=None, content__isnull=True, issued_by=None, sha256="")
                | ISSUED & ~Q(sha256=""),
                name="congress_paper_issued_whole",
            ),
        ),
        migrations.AddField(
            model_name="paperproof",
            name="congress_paper",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proof",
                to="reports.congresspaper",
                verbose_name="văn bản đại hội",
            ),
        ),
        migrations.RemoveConstraint(model_name="paperproof", name="paper_proof_of_one_paper"),
        migrations.AddConstraint(
            model_name="paperproof",
            constraint=models.CheckConstraint(
                condition=functools.reduce(
                    operator.or_,
                    (Q(**{f"{one}__isnull": one != there for one in SOURCES}) for there in SOURCES),
                ),
                name="paper_proof_of_one_paper",
            ),
        ),
    ]
