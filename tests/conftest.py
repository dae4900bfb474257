"""What every test may ask for: an empty cache and media folder, and a real browser.

Settings are in tests/settings.py. Browser tests carry `@pytest.mark.browser` and use `open_page`;
they need Chromium and are skipped, loudly, where there is none (in CI they fail instead).
"""

import copy
import gc
import os
import shutil
import threading
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.servers.basehttp import WSGIRequestHandler
from django.core.signals import request_finished, request_started
from django.db import transaction
from django.test import Client, TransactionTestCase, override_settings

from .browsing import not_answered
from .migrated import Beginning, MigratedCopy, another_database
from .migrating import migrate, newest

PHONE = 360
DESKTOP = 1280
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))), None
)
PATIENCE = 20_000  # ms before a page is given up; only a failure ever takes that long
NO_CHROMIUM = "no Chromium found: install it (apt-get install chromium) or set CHROMIUM=/path/to/it"


def pytest_collection_finish(session):
    """What was imported stays to the end: no need to look through it for rubbish at every collection."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


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


# --- the database ------------------------------------------------------------------------------------


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
def django_db_setup(django_db_setup, django_db_blocker, migrated_copy):
    """The test database with what the migrations wrote. A test with real transactions leaves it so again."""
    with django_db_blocker.unblock():
        migrated_copy.keep()
        beginning = Beginning()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: beginning.put_back())
        yield beginning


@pytest.fixture
def newest_afterwards(transactional_db):
    """The test may go back to older tables; whatever happens, the newest are there again at its end."""
    yield
    migrate(newest())


@pytest.fixture
def empty_database(transactional_db):
    """For this test the connection leads to a database without a table."""
    with another_database():
        yield


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
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
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


class Answering:
    """Counts the requests that the live server is still answering."""

    def __init__(self):
        self.count, self.changed = 0, threading.Condition()
        request_started.connect(self._more)
        request_finished.connect(self._less)

    def _more(self, **more):
        with self.changed:
            self.count += 1

    def _less(self, **more):
        with self.changed:
            self.count -= 1
            self.changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Until nothing is written any more, or the seconds are over."""
        request_started.disconnect(self._more)
        with self.changed:
            self.changed.wait_for(lambda: self.count <= 0, seconds)
        request_finished.disconnect(self._less)


@pytest.fixture
def open_page(browser, live_server, monkeypatch):
    """open_page(width, account=None) -> a Playwright page on the live server, signed in as the account.

    `width` is in CSS pixels; a phone also gets touch. At the end of the test every page is asked what
    it did behind the person's back: a script error, a refusal by the content security policy or a
    request to a foreign host fails the test. (The browser also reports answers of 4xx as errors;
    those are left out, because tests look at refused pages on purpose.)
    """
    monkeypatch.setattr(WSGIRequestHandler, "parse_request", not_answered(WSGIRequestHandler.parse_request))
    contexts = []
    complaints = []
    answering = Answering()

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
        context.set_default_timeout(PATIENCE)
        context.set_default_navigation_timeout(2 * PATIENCE)  # the first page of a process imports all views
        page = context.new_page()
        page.on("request", _note_request)
        page.on("console", _note_console)
        page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
        return page

    yield _open
    for context in contexts:
        context.close()
    answering.wait(10)  # else the next test would find what this one was still writing
    assert complaints == []
