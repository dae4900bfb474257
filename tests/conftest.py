"""What every test may ask for: an empty cache and media folder, and a real browser.

Settings are in tests/settings.py. Browser tests carry `@pytest.mark.browser` and use `open_page`;
they need Chromium and are skipped, loudly, where there is none (in CI they fail instead).
"""

import copy
import os
import shutil
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core import serializers
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, override_settings

from .migrated import MigratedCopy

PHONE = 360
DESKTOP = 1280
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
NO_CHROMIUM = "no Chromium found: install it (apt-get install chromium) or set CHROMIUM=/path/to/it"


@pytest.fixture(autouse=True)
def _fresh_cache():
    """Rate limits counted by one test must not lock the next one out."""
    cache.clear()


@pytest.fixture
def media(tmp_path, settings) -> Path:
    """A media folder of this test alone, for tests that look at what was stored."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture(scope="module")
def built(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """What BUILT of the test module makes, and its media folder: made once for the whole module, undone at its end.

    Every test is rolled back to it; `own_world` below hands it out.
    """
    folder = tmp_path_factory.mktemp("built")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=folder):
            made = request.module.BUILT()
        yield made, folder
        transaction.set_rollback(True)


@pytest.fixture
def own_world(built, media):
    """BUILT for this test alone: its own objects and its own files, so that no test sees what another one set."""
    made, folder = built
    shutil.copytree(folder, media, dirs_exist_ok=True)
    return copy.deepcopy(made)


# --- rows written by migrations ---------------------------------------------------------------------

MIGRATION_ROWS = pytest.StashKey()


@pytest.fixture(scope="session")
def migrated_copy() -> MigratedCopy:
    return MigratedCopy()


@pytest.fixture(scope="session")
def django_db_keepdb(
    django_db_keepdb, django_db_createdb, django_db_modify_db_settings, django_db_blocker, migrated_copy
):
    """Start from a copy of a migrated database where there is one."""
    if django_db_keepdb or django_db_createdb:
        return django_db_keepdb
    with django_db_blocker.unblock():
        return migrated_copy.restore()


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_setup, django_db_blocker, migrated_copy):
    """Keeps the rules, catalogues and post types that migrations wrote, for the hook below."""
    with django_db_blocker.unblock():
        migrated_copy.keep()
        rows = [
            row
            for label in ("branches", "inspections", "reports")
            for model in apps.get_app_config(label).get_models()
            for row in model._base_manager.order_by("pk")
        ]
        request.session.stash[MIGRATION_ROWS] = serializers.serialize("json", rows), django_db_blocker


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """A test with real transactions empties every table behind it; the next test needs those rows.

    A hook and not a fixture, because no fixture of ours is torn down after pytest-django's. After
    the last test (`nextitem` is None) the database itself is gone.
    """
    result = yield
    kept = item.session.stash.get(MIGRATION_ROWS, None)  # None: no test has used the database yet
    if kept and nextitem is not None and _empties_the_tables(item):
        rows, blocker = kept
        with blocker.unblock():
            connection.creation.deserialize_db_from_string(rows)
    return result


def _empties_the_tables(item) -> bool:
    marker = item.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        return True
    return not {"transactional_db", "live_server"}.isdisjoint(getattr(item, "fixturenames", ()))


# --- the browser ----------------------------------------------------------------------------------


def pytest_collection_modifyitems(config, items):
    """Skip the browser tests where no Chromium is; in CI let them fail in the fixture below."""
    if CHROMIUM is None and os.environ.get("CI") != "true":
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


def pytest_terminal_summary(terminalreporter):
    skipped = [r for r in terminalreporter.stats.get("skipped", []) if NO_CHROMIUM in str(r.longrepr)]
    if skipped:
        terminalreporter.write_sep("!", f"{len(skipped)} BROWSER TESTS DID NOT RUN", red=True, bold=True)
        terminalreporter.write_line(NO_CHROMIUM, red=True)


@pytest.fixture(scope="session")
def browser():
    """One headless Chromium for the whole run of this process."""
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        pytest.fail(NO_CHROMIUM)
    # Playwright keeps an event loop running in this thread, which makes Django refuse every query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",  # Chromium refuses to start as root otherwise
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(browser, live_server):
    """open_page(width, account=None) -> a Playwright page on the live server, signed in as the account.

    `width` is in CSS pixels; a phone also gets touch. At the end of the test every page is asked what
    it did behind the person's back: a script error, a refusal by the content security policy or a
    request to a foreign host fails the test. (The browser also reports answers of 4xx as errors;
    those are left out, because tests look at refused pages on purpose.)
    """
    contexts = []
    complaints = []

    def _note_request(request):
        if not request.url.startswith((live_server.url, "data:", "blob:", "about:")):
            complaints.append(f"request to a foreign host: {request.url}")

    def _note_console(message):
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(f"console: {message.text}")

    def _open(width=DESKTOP, account=None, *, javascript=True):
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 780 if width < 700 else 900},
            has_touch=width < 700,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if account is not None:
            client = Client()  # one of its own: signing in a second person would end the session of the first
            client.force_login(account)
            name = django_settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("request", _note_request)
        page.on("console", _note_console)
        page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
        return page

    yield _open
    for context in contexts:
        context.close()
    assert complaints == []
