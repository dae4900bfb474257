"""Nothing is lost when many write at once, on the database this run is made on.

Every promise is proved together with its control: the same load with the protection taken away must
lose work, or the test would pass on anything.
"""

import copy
import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.db.utils import ConnectionHandler

from tests.hammer import define_models

PROCESSES = 8
TRANSACTIONS = 200
SQLITE = connection.vendor == "sqlite"
on_sqlite = pytest.mark.skipif(not SQLITE, reason="about SQLite")
on_postgresql = pytest.mark.skipif(SQLITE, reason="about PostgreSQL")


class Arena:
    """Two scratch tables in a database of the project's own settings, and processes that write there."""

    def __init__(self, database: dict):
        self.database = database
        self.connection = ConnectionHandler({"default": copy.deepcopy(database)})["default"]
        self.tally, self.line = define_models()
        with self.connection.schema_editor() as editor:
            editor.create_model(self.tally)
            editor.create_model(self.line)
        self._query("INSERT INTO hammer_tally (number) VALUES (0)")

    def close(self):
        with self.connection.schema_editor() as editor:
            editor.delete_model(self.tally)
            editor.delete_model(self.line)
        self.connection.close()

    def _query(self, sql: str):
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone() if cursor.description else None

    def totals(self) -> tuple[int, int]:
        """(the tally, the number of lines)"""
        tally = self._query("SELECT number FROM hammer_tally")
        lines = self._query("SELECT COUNT(*) FROM hammer_line")
        return tally[0], lines[0]

    def start(self, count: int, *, lock=True, transactions=TRANSACTIONS, die=False, atomic=True):
        """`count` processes, all started before the first of them writes."""
        self.connection.close()
        orders = {
            "database": self.database,
            "lock": lock,
            "transactions": transactions,
            "die": die,
            "atomic": atomic,
        }
        processes = [
            subprocess.Popen(
                [sys.executable, "-W", "error", "-m", "tests.hammer"],
                cwd=settings.BASE_DIR,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(count)
        ]
        for process in processes:
            process.stdin.write(json.dumps(orders, default=str) + "\n")
            process.stdin.flush()
        for process in processes:
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        answers = [process.communicate(timeout=240)[0] for process in processes]
        return [json.loads(answer) for answer in answers if answer], [p.returncode for p in processes]


@pytest.fixture
def database(tmp_path, django_db_setup) -> dict:
    """The project's own settings: on SQLite with a file of this test, on PostgreSQL with the test
    database of this process."""
    found = {
        key: value
        for key, value in connection.settings_dict.items()
        if key not in ("TEST", "CONN_MAX_AGE", "CONN_HEALTH_CHECKS")
    }
    if SQLITE:
        found["NAME"] = str(tmp_path / "arena.sqlite3")
    return found


@pytest.fixture
def arena(database, django_db_blocker):
    with django_db_blocker.unblock():
        opened = Arena(database)
        yield opened
        opened.close()


@pytest.mark.slow
def test_simultaneous_writers_lose_nothing(arena):
    results, _ = arena.start(PROCESSES)

    assert [result["errors"] for result in results] == [{}] * PROCESSES
    assert arena.totals() == (PROCESSES * TRANSACTIONS, PROCESSES * TRANSACTIONS)
    # The longest wait stays below the time-out that would have turned it into an error.
    assert max(result["longest_ms"] for result in results) < 15_000


@pytest.mark.slow
@on_sqlite
@pytest.mark.parametrize(
    "weaker",
    [
        pytest.param({}, id="plain-django"),
        pytest.param({"init_command": "PRAGMA journal_mode=WAL;", "timeout": 20}, id="wal-and-patience-only"),
    ],
)
def test_control_weaker_sqlite_settings_lose_transactions(database, weaker, django_db_blocker):
    database["OPTIONS"] = weaker
    with django_db_blocker.unblock():
        arena = Arena(database)
        results, _ = arena.start(PROCESSES)
        tally, lines = arena.totals()
        arena.close()

    failed = sum(sum(result["errors"].values()) for result in results)
    assert failed > 0
    assert tally == lines == PROCESSES * TRANSACTIONS - failed


@pytest.mark.slow
@on_postgresql
def test_control_without_the_row_lock_postgresql_loses_updates(arena):
    results, _ = arena.start(PROCESSES, lock=False)

    tally, lines = arena.totals()
    assert lines == sum(result["done"] for result in results)
    assert tally < lines


@pytest.mark.slow
def test_process_killed_between_two_writes_leaves_no_half(arena):
    _, codes = arena.start(2, die=True, transactions=20)

    assert codes == [-9, -9]
    assert arena.totals() == (40, 40)


@pytest.mark.slow
def test_control_without_a_transaction_a_killed_process_leaves_a_half(arena):
    arena.start(1, die=True, transactions=20, atomic=False)

    assert arena.totals() == (21, 20)


@on_sqlite
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL: an acknowledged write survives a power cut
        ("foreign_keys", 1),
        ("recursive_triggers", 1),  # otherwise INSERT OR REPLACE walks past a trigger
        ("busy_timeout", 20_000),
    ],
)
def test_sqlite_connection_is_set_up(pragma, value):
    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (value,)


@on_sqlite
def test_sqlite_reader_does_not_wait_for_a_writer(arena):
    database = {**arena.database, "OPTIONS": {**arena.database["OPTIONS"], "timeout": 0}}
    reader = ConnectionHandler({"default": database})["default"]
    with arena.connection.cursor() as writing, reader.cursor() as reading:
        writing.execute("BEGIN IMMEDIATE")
        writing.execute("UPDATE hammer_tally SET number = 7")
        reading.execute("SELECT number FROM hammer_tally")
        assert reading.fetchone() == (0,)
        writing.execute("ROLLBACK")
    reader.close()


@on_postgresql
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("statement_timeout", "30s"),
        ("lock_timeout", "15s"),
        ("idle_in_transaction_session_timeout", "1min"),
    ],
)
def test_postgresql_session_cannot_hang(setting, value):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        assert cursor.fetchone() == (value,)


def test_requests_are_not_wrapped_in_transactions():
    assert connection.settings_dict["ATOMIC_REQUESTS"] is False


@on_postgresql
def test_postgresql_is_the_throwaway_one():
    assert "doanquanly-pg-" in connection.settings_dict["HOST"]
