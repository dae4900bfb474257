"""Settings of the test run: the production path of doanquanly.settings, minus what only costs time.

SQLite in a scratch folder by default; PostgreSQL when TEST_POSTGRES_URL names a throw-away server
(`python -m tests.postgres COMMAND` starts one and sets it). No database, file or secret of the
developer's shell can be reached from here, whatever is exported.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# In memory where there is room: every committed transaction waits for the disk otherwise.
MEMORY = Path("/dev/shm")  # noqa: S108
ROOMY = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 1 << 30
SCRATCH = Path(tempfile.mkdtemp(prefix="doanquanly-tests-", dir=MEMORY if ROOMY else None))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
(SCRATCH / "static").mkdir()
(SCRATCH / "media").mkdir()

for name in ("CSRF_TRUSTED_ORIGINS", "TRUSTED_PROXY_COUNT", "BEHIND_PROXY", "LOG_LEVEL"):
    os.environ.pop(name, None)
os.environ.update(
    DOANQUANLY_TESTING="1",
    DEBUG="0",
    HTTPS_ONLY="0",
    SECRET_KEY="a-secret-for-tests-only-long-enough-for-the-check-0123456789",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    DATABASE_URL=os.environ.get("TEST_POSTGRES_URL") or f"sqlite:///{SCRATCH / 'main.sqlite3'}",
    STATIC_ROOT=str(SCRATCH / "static"),
    MEDIA_ROOT=str(SCRATCH / "media"),
)

from doanquanly.settings import *  # noqa: E402, F403
from doanquanly.settings import DATABASES, STORAGES  # noqa: E402

# A file and not memory: the write-ahead log, the locks and the pragmas only exist on a file, and the
# browser tests read it from another thread.
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}

# Argon2 is slow on purpose; the tests sign in thousands of times. test_settings.py pins the real list.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# The shared cache lives in the database and holds the login rate limits; in the tests each process
# has its own, emptied before every test.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Hashed file names need a collectstatic first; test_settings.py runs that once with the real storage.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
# Look a file up when it is asked for: else every Client() of a test walks through all of them first.
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
