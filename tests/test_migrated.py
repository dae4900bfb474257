"""The copy of the migrated test database is the copy of these migrations and of no others."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

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
