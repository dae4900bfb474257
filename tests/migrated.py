"""A migrated test database is made once and copied: to the other workers, to later runs until a migration changes,
and back over itself after every test with real transactions.

Migrating from nothing is half a minute of computing for each worker, always with the same result: it
depends on the files of the migrations, on Django and on the kind of database, and on nothing else, so
that is what a copy is named by. Django looks through every copy again (`migrate` on a database that
exists) and so adds what is missing. The copies lie beside pytest's own cache; `pytest --create-db`
migrates anew, and so does the first worker of every run in CI (.ci/run empties the folder).

SQLite is copied as a file. PostgreSQL is dumped and restored with the tools of the server started by
tests/postgres.py; on any other server the workers migrate each for themselves.
"""

import fcntl
import hashlib
import io
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

FOLDER = Path(settings.BASE_DIR, ".pytest_cache", "migrated")
KEPT = 8  # copies: of this and the last few states of the migrations, of both databases


def fingerprint(files) -> str:
    """The name of a copy: what a migrated database depends on."""
    found = hashlib.sha256(f"{django.__version__} {connection.vendor}".encode())
    for file in sorted(map(Path, files)):
        found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:24]


def migration_files() -> list[str]:
    """Every migration of every installed app, our own and those of the packages."""
    loader = MigrationLoader(None)
    return [sys.modules[migration.__module__].__file__ for migration in loader.disk_migrations.values()]


class MigratedCopy:
    """`restore()` before the test database is set up, `keep()` after it; one worker at a time between the two.

    A worker that finds no copy holds the lock while it migrates; when it ends or breaks down, the next one goes on.
    """

    def __init__(self):
        self.tools = os.environ.get("TEST_POSTGRES_TOOLS", "")
        self.is_possible = connection.vendor == "sqlite" or bool(self.tools)
        self.lock = None

    def restore(self) -> bool:
        """Put a copy in the place of the test database; False if there is none, and then the lock is held."""
        if not self.is_possible:
            return False
        FOLDER.mkdir(parents=True, exist_ok=True)
        self.file = FOLDER / f"{connection.vendor}-{fingerprint(migration_files())}"
        self.lock = self.file.with_suffix(".lock").open("w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        if not self.file.exists():
            return False
        os.utime(self.file)  # the oldest are those used longest ago
        name = connection.creation._get_test_db_name()
        if connection.vendor == "sqlite":
            shutil.copyfile(self.file, name)
        else:
            _make_anew(name)
            script = ("--quiet", "--output", os.devnull, "--single-transaction", "--file", self.file)
            self._tool("psql", name, "--no-psqlrc", "--set", "ON_ERROR_STOP=1", *script)
        self.lock.close()
        return True

    def keep(self) -> None:
        """Copy the database that has just been migrated, for whoever waits and whoever comes later."""
        if self.lock is None or self.lock.closed:
            return
        unfinished = self.file.with_suffix(".new")
        name = connection.settings_dict["NAME"]
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(name)) as made, closing(sqlite3.connect(unfinished)) as copy:
                made.backup(copy)
        else:
            self._tool("pg_dump", name, "--no-owner", "--file", unfinished)
        unfinished.replace(self.file)
        self.lock.close()
        copies = [file for file in FOLDER.iterdir() if not file.suffix]
        for old in sorted(copies, key=lambda file: file.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)
            old.with_suffix(".lock").unlink(missing_ok=True)

    def _tool(self, tool: str, name: str, *more) -> None:
        there = connection.settings_dict
        command = [Path(self.tools) / tool, "--host", there["HOST"], "--username", there["USER"], "--dbname", name]
        subprocess.run([*command, *more], check=True)


@contextmanager
def another_database():
    """The connection leads to an empty database of its own, and at the end to the test database again.

    What is migrated there begins from nothing, which is far quicker than to undo everything that came later.
    """
    here = connection.settings_dict["NAME"]
    there = f"{here}_other"
    connection.close()
    _make_anew(there)
    connection.settings_dict["NAME"] = there
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = here
        _drop(there)


def _make_anew(name: str) -> None:
    _drop(name)
    if connection.vendor == "postgresql":
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {_quoted(name)}")


def _drop(name: str) -> None:
    if connection.vendor == "sqlite":
        for end in ("", "-wal", "-shm"):
            Path(f"{name}{end}").unlink(missing_ok=True)
        return
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {_quoted(name)}")


class Beginning:
    """Every row of the database as the migrations left it; `put_back()` undoes whatever was committed since.

    Django would empty the tables, write content types and permissions anew and lose the rules and
    catalogues. That takes as long as a test, and there are hundreds of them.
    """

    def __init__(self):
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            self.file = sqlite3.connect(":memory:")
            connection.connection.backup(self.file)
            return
        self.tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        self.rows = {}
        with connection.cursor() as cursor:
            for table in self._filled(cursor):
                cursor.copy_expert(f"COPY {_quoted(table)} TO STDOUT", kept := io.StringIO())
                self.rows[table] = kept.getvalue()

    def put_back(self) -> None:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            self.file.backup(connection.connection)
            return
        with transaction.atomic(), connection.cursor() as cursor:  # foreign keys are asked at the end
            if filled := self._filled(cursor):
                cursor.execute("; ".join(f"DELETE FROM {_quoted(table)}" for table in filled))  # noqa: S608
            for table, kept in self.rows.items():
                cursor.copy_expert(f"COPY {_quoted(table)} FROM STDIN", io.StringIO(kept))

    def _filled(self, cursor) -> list[str]:
        asked = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM {_quoted(table)})" for table in self.tables)  # noqa: S608
        cursor.execute(" UNION ALL ".join(asked))
        return [table for (table,) in cursor.fetchall()]


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)
