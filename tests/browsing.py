"""What a person would mind on any page, and the demo province as a file that browser tests begin from."""

import fcntl
import io
import os
import sqlite3
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from PIL import Image

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
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def faults(page) -> list:
    """What axe finds; scrolling sideways, also on the narrowest phone; controls too small for a finger."""
    found = [
        (one["impact"], one["id"], [node["html"][:200] for node in one["nodes"][:3]])
        for one in Axe().run(page).response["violations"]
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
        page.wait_for_load_state()
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


def load_province(folder: Path, today) -> None:
    """Fill the (empty) test database with the demo province.

    Loading takes half a minute, so it is done once a run: the first process keeps a copy in `folder`
    while the others wait, and every later test copies that file over its own database.
    """
    kept = folder / "province.sqlite3"
    with _alone(folder / "province.lock"):
        if not kept.exists():
            with override_settings(DEBUG=True):
                call_command("load_demo", today=today, stdout=io.StringIO())
            connection.close()  # so that the write-ahead log is in the file
            connection.ensure_connection()
            _copy(connection.connection, kept)
            return
    connection.ensure_connection()
    source = sqlite3.connect(kept)
    source.backup(connection.connection)
    source.close()


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
