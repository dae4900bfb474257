"""The settings a real installation starts with, read in a process of their own from an environment
of their own; the system checks; the font of the papers."""

import json
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import Error, Warning
from django.core.management import call_command

from doanquanly import checks
from doanquanly import settings as real_settings

PRODUCTION = {
    "SECRET_KEY": "production-like-secret-for-this-test-only-9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "ALLOWED_HOSTS": "doan.example.vn",
    "SITE_URL": "https://doan.example.vn",
}


@pytest.fixture
def manage(tmp_path):
    """manage(environment, *arguments): manage.py with these variables and nothing inherited."""

    def _manage(environment, *arguments):
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        own = {
            "DATABASE_URL": f"sqlite:///{tmp_path / 'production.sqlite3'}",
            "STATIC_ROOT": str(tmp_path / "static"),
        }
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=inherited | own | environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return _manage


def _read(manage, environment, *names):
    """The values the settings have under this environment."""
    code = (
        "import json; from django.conf import settings; "
        f"print(json.dumps([getattr(settings, name) for name in {names!r}]))"
    )
    ran = manage(environment, "shell", "--no-imports", "-c", code)
    assert ran.returncode == 0, ran.stderr
    return dict(zip(names, json.loads(ran.stdout), strict=True))


# --- what does not start ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        pytest.param({}, "SECRET_KEY", id="no-secret"),
        pytest.param({"SECRET_KEY": ""}, "SECRET_KEY", id="empty-secret"),
        pytest.param({"SECRET_KEY": "short"}, "SECRET_KEY", id="short-secret"),
        pytest.param({"SECRET_KEY": real_settings.DEVELOPMENT_SECRET}, "SECRET_KEY", id="published-secret"),
        pytest.param(PRODUCTION | {"DEBUG": "maybe"}, "DEBUG", id="debug-maybe"),
        pytest.param(PRODUCTION | {"HTTPS_ONLY": "2"}, "HTTPS_ONLY", id="https-2"),
        pytest.param(PRODUCTION | {"DATABASE_URL": "mysql://a@b/c"}, "DATABASE_URL", id="mysql"),
        pytest.param(PRODUCTION | {"TRUSTED_PROXY_COUNT": "9"}, "TRUSTED_PROXY_COUNT", id="nine-proxies"),
        pytest.param(PRODUCTION | {"TRUSTED_PROXY_COUNT": "x"}, "TRUSTED_PROXY_COUNT", id="proxy-count-x"),
    ],
)
def test_nonsense_in_the_environment_stops_the_start(manage, environment, complaint):
    ran = manage(environment, "check")

    assert ran.returncode != 0
    assert complaint in ran.stderr.strip().splitlines()[-1]


# --- what starts -----------------------------------------------------------------------------------


def test_deploy_check_is_clean_with_production_settings(manage):
    ran = manage(PRODUCTION, "check", "--deploy", "--fail-level", "WARNING")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == "System check identified no issues (0 silenced).\n"


def test_production_cookies_and_transport_are_closed(manage):
    found = _read(
        manage,
        PRODUCTION,
        "DEBUG",
        "SESSION_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "SESSION_COOKIE_SAMESITE",
        "SESSION_COOKIE_DOMAIN",
        "CSRF_COOKIE_NAME",
        "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
        "SECURE_PROXY_SSL_HEADER",
        "STORAGES",
    )
    storage = found.pop("STORAGES")["staticfiles"]["BACKEND"]

    assert found == {
        "DEBUG": False,
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_DOMAIN": None,
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        # A header of the visitor's must not pass for the proxy's word unless there is a proxy.
        "SECURE_PROXY_SSL_HEADER": None,
    }
    assert storage == "whitenoise.storage.CompressedManifestStaticFilesStorage"


def test_static_files_can_be_collected_with_hashed_names(tmp_path, settings):
    """Fails when a style sheet or script names a file that is not there. (The installed storage also
    compresses, which takes half a minute and changes no name.)"""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    hashed = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    assert {"icons.svg", "css/bootstrap.min.css"} <= hashed.keys()


def test_every_static_file_named_in_a_template_exists():
    named = {
        (name, template.relative_to(settings.BASE_DIR))
        for template in (settings.BASE_DIR / "templates").rglob("*.html")
        for name in re.findall(r"""{%\s*static\s+['"]([^'"]+)['"]""", template.read_text())
    }
    missing = sorted((name, str(where)) for name, where in named if finders.find(name) is None)

    assert named
    assert missing == []


def test_passwords_are_hashed_with_argon2():
    assert real_settings.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"


def test_rate_limits_share_one_cache_between_processes():
    assert real_settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


# --- the system checks -----------------------------------------------------------------------------


def test_settings_pass_the_database_check():
    database = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": real_settings.SQLITE_OPTIONS}
    assert checks.database_complaints(database) == []


@pytest.mark.parametrize(
    ("weaker", "complaint"),
    [
        ({"transaction_mode": "DEFERRED"}, "transaction_mode must be IMMEDIATE"),
        ({"timeout": 5}, "timeout must be at least 20 seconds"),
        (
            {"init_command": "PRAGMA journal_mode=WAL; PRAGMA recursive_triggers=ON;"},
            "init_command must contain PRAGMA synchronous=FULL",
        ),
    ],
)
def test_sqlite_check_refuses_a_weaker_setting(weaker, complaint):
    database = {
        "ENGINE": "django.db.backends.sqlite3",
        "OPTIONS": real_settings.SQLITE_OPTIONS | weaker,
    }
    assert [error.msg for error in checks.database_complaints(database)] == [f"SQLite would lose work: {complaint}."]


def test_transactions_per_request_are_refused():
    database = {"ENGINE": "django.db.backends.postgresql", "ATOMIC_REQUESTS": True}
    assert [error.id for error in checks.database_complaints(database)] == ["doanquanly.E003"]


def test_development_secret_is_refused_for_deployment(settings):
    settings.SECRET_KEY = settings.DEVELOPMENT_SECRET
    assert [error.id for error in checks.refuse_development_secret(None)] == ["doanquanly.E004"]


def test_vietnamese_has_134_letters_outside_ascii():
    letters = checks.vietnamese_letters()
    assert len(letters) == len(set(letters)) == 134
    assert set("ăâđêôơưĂÂĐÊÔƠƯắằẳẵặỵỶỸ") <= set(letters)


@pytest.mark.parametrize("style", list(checks.PAPER_STYLES))
def test_paper_font_has_every_vietnamese_letter(style):
    """Through fontconfig, as the PDF engine asks: version 1 may be installed beside version 2."""
    file = checks.font_file("Liberation Serif", style)
    assert file is not None, checks.FONT_FIX
    assert checks.missing_letters(file) == ""


def test_wrong_font_warns_at_start_and_stops_deployment(monkeypatch):
    monkeypatch.setattr(checks, "font_complaints", lambda: ("Liberation Serif Bold lacks 92 letters.",))

    warnings = checks.warn_about_fonts(None)
    errors = checks.refuse_wrong_fonts(None)

    assert [(type(w), w.msg) for w in warnings] == [(Warning, "Liberation Serif Bold lacks 92 letters.")]
    assert [(type(e), e.id) for e in errors] == [(Error, "doanquanly.E001")]
    assert warnings[0].hint == checks.FONT_FIX


def test_missing_font_family_is_named(monkeypatch):
    monkeypatch.setattr(checks, "PAPER_FAMILIES", ("No Such Serif",))
    checks.font_complaints.cache_clear()
    complaints = checks.font_complaints()
    checks.font_complaints.cache_clear()

    assert complaints == ("The paper font is not installed: none of No Such Serif.",)
