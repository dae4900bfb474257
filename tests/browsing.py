"""What a person would mind on any page, and the demo province as a file that browser tests begin from."""

import fcntl
import io
import os
import sqlite3
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from PIL import Image
from playwright.sync_api import Error, expect

NARROWEST = 320
TAP = 44
PHONES = 700  # CSS pixels; wider windows have a mouse

# Controls a finger has to hit. A link that runs along in a text is as high as its line; so says the look.
SMALL_CONTROLS = """tap => {
  const found = [];
  for (const one of document.querySelectorAll("a[href], button, summary, select, input, textarea")) {
    const beside = ["checkbox", "radio"].includes(one.type) && document.querySelector(`label[for="${one.id}"]`);
    const held = (one.matches("[type=checkbox], [type=radio], [type=file]") && one.closest("label")) || beside || one;
    const style = getComputedStyle(held), box = held.getBoundingClientRect();
    const unseen = one.type === "hidden" || !held.checkVisibility({ visibilityProperty: true }) || box.width <= 2;
    if (unseen || one.closest("[aria-hidden=true], .skip") || (held.tagName === "A" && style.display === "inline"))
      continue;
    if (box.height < tap - 0.5 || box.width < tap - 0.5)
      found.push(`${Math.round(box.width)}x${Math.round(box.height)} ${held.outerHTML.slice(0, 140)}`);
  }
  return found;
}"""
LOST = "network-lost"  # a cookie: who carries it is not answered by the live server
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


# What passed is not listed node by node: that is a quarter of the time, and nobody reads it.
AXE = {"resultTypes": ["violations"]}


def lose_network(page) -> None:
    """No request of this browser is answered from now on, not even by a page that is loaded anew.

    Offline of the browser's own alone lets a request through now and then, in the moment in which a reload changes
    the process behind the page: so the server does not answer it either (`not_answered`).
    """
    page.context.add_cookies([{"name": LOST, "value": "1", "url": page.evaluate("location.origin")}])
    page.context.set_offline(True)


def find_network(page) -> None:
    page.context.clear_cookies(name=LOST)
    page.context.set_offline(False)


def not_answered(parse_request):
    """What reads a request of the live server, but one of a browser without a network ends with a closed connection."""

    def parse(handler) -> bool:
        if parse_request(handler) and f"{LOST}=" not in handler.headers.get("Cookie", ""):
            return True
        handler.close_connection = True
        return False

    return parse


def settle(page) -> None:
    """Until the page that the last click asked for is there: a click returns before its form is on the way.

    Playwright's own `expect` waits better; this is for looking at a page whatever stands on it.
    """
    with suppress(Error):  # the page that was asked has just given way to the next one
        page.evaluate("0")  # answered after the form that waits in the queue of the page has been sent
    page.wait_for_load_state()


def says(page, text: str, where: str = "main") -> None:
    """Until the text can be read there."""
    expect(page.locator(where)).to_contain_text(text, use_inner_text=True)


def becomes(page, expression: str, value, seconds: float = 10) -> None:
    """Until the expression has the value in the page. (`wait_for_function` is refused by our security policy.)"""
    until = time.monotonic() + seconds
    while (found := page.evaluate(expression)) != value:
        assert time.monotonic() < until, f"{expression}: {found!r}, expected {value!r}"
        page.wait_for_timeout(50)


def faults(page) -> list:
    """What axe finds; scrolling sideways, also on the narrowest phone; controls too small for a finger."""
    settle(page)
    found = [
        (one["impact"], one["id"], [node["html"][:200] for node in one["nodes"][:3]])
        for one in Axe().run(page, options=AXE).response["violations"]
    ]
    size = page.viewport_size
    if page.evaluate(SIDEWAYS):
        found.append(f"scrolls sideways at {size['width']}")
    if size["width"] < PHONES:
        found += page.evaluate(SMALL_CONTROLS, TAP)
        page.set_viewport_size({**size, "width": NARROWEST})
        if page.evaluate(SIDEWAYS):
            found.append(f"scrolls sideways at {NARROWEST}")
        page.set_viewport_size(size)
    return found


class Looker:
    """Looks at each page a person passes and keeps what is wrong until the end, so that one run tells all.

    With SCREENSHOTS=folder in the environment every page is also kept as a picture.
    """

    def __init__(self, person: str):
        self.person = person
        self.wrong: dict[str, list] = {}

    def at(self, page, name: str) -> None:
        settle(page)
        if folder := os.environ.get("SCREENSHOTS"):
            width = page.viewport_size["width"]
            page.screenshot(path=Path(folder) / f"{self.person}-{width}-{name}.png", full_page=True)
        if found := faults(page):
            self.wrong[f"{name} {page.url}"] = found


def picture(name: str = "ảnh.jpg") -> dict:
    """A photograph as a browser's file box takes it."""
    out = io.BytesIO()
    Image.new("RGB", (1600, 1200), "seagreen").save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def load_province(folder: Path, today) -> str:
    """Fill the (empty) test database with the demo province; returns what the loader said.

    Loading takes half a minute, so it is done once a run and a database: the first process keeps a copy
    of the SQLite file in `folder` while the others wait, and everybody later copies that over their own.
    """
    kept, said = folder / "province.sqlite3", folder / "province.txt"
    with _alone(folder / "province.lock"):
        if not kept.exists():
            told = io.StringIO()
            with override_settings(DEBUG=True):
                call_command("load_demo", today=today, stdout=told)
            if connection.vendor == "sqlite":
                connection.close()  # so that the write-ahead log is in the file
                connection.ensure_connection()
                said.write_text(told.getvalue())
                _copy(connection.connection, kept)
            return told.getvalue()
    connection.ensure_connection()
    source = sqlite3.connect(kept)
    source.backup(connection.connection)
    source.close()
    return said.read_text()


def folder_of_the_run(tmp_path_factory) -> Path:
    """The folder that all processes of this run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


def _copy(source, kept: Path) -> None:
    unfinished = kept.with_suffix(".part")
    target = sqlite3.connect(unfinished)
    source.backup(target)
    target.close()
    unfinished.rename(kept)


@contextmanager
def _alone(path: Path):
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
