"""The copy of the migrated test database is the copy of these migrations and of no others."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from branches.models import PostType, Rule, Unit

from .factories import UnitFactory
from .migrated import fingerprint, migration_files


def test_a_copy_is_named_by_what_the_migrations_say(tmp_path):
    first, second = tmp_path / "0001_initial.py", tmp_path / "0002_rules.py"
    first.write_text("operations = []")
    second.write_text("operations = []")
    name = fingerprint([first, second])
    assert fingerprint([str(second), str(first)]) == name
    second.write_text("operations = [1]")
    assert fingerprint([first, second]) != name
    assert fingerprint([first]) != name


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("once_more", [False, True])
def test_real_transactions_leave_the_rows_of_the_migrations_and_no_others(once_more):
    """Both times the same, though the first time a row is made, one is changed and the rest is deleted."""
    rows = sorted(Rule.objects.values_list("pk", "key", "value"), key=str)
    seen.append((Unit.objects.count(), PostType.objects.count(), Permission.objects.count(), rows))
    assert seen[0][0] == 0
    assert min(map(len, (rows, PostType.objects.all(), Permission.objects.all()))) > 10
    assert seen[0] == seen[-1]
    UnitFactory()
    PostType.objects.update(name="Khác")
    Rule.objects.all().delete()
    Permission.objects.all().delete()


seen = []


def test_every_migration_of_ours_counts():
    ours = {
        str(file)
        for app in ("branches", "inspections", "reports")
        for file in Path(settings.BASE_DIR, app, "migrations").glob("0*.py")
    }
    assert len(ours) >= 16
    assert ours - set(migration_files()) == set()


@pytest.mark.django_db
def test_no_migration_is_missing_in_the_database_of_the_tests():
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
