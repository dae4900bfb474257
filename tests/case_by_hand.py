"""A person at the pages of a case in a browser: presses what stands there, and looks at every page once."""

import re
from urllib.parse import urlsplit

from django.urls import reverse
from playwright.sync_api import expect

from tests.browsing import faults, settle

MOST = 40_000  # ms; the first page of a process imports all views


class Hand:
    """Presses what stands on the page. `seen` are the faults of every page it came to, each kind looked at once."""

    def __init__(self, page):
        self.page, self.seen, self.looked_at = page, [], set()
        page.set_default_timeout(MOST)

    def look(self):
        settle(self.page)
        path = re.sub(r"\d+", "0", urlsplit(self.page.url).path)
        filled = self.page.locator(".btn-primary")
        page = (path, filled.first.inner_text() if filled.count() else "")  # a case page is another one in each state
        if page not in self.looked_at:
            self.looked_at.add(page)
            self.seen += [(*page, fault) for fault in faults(self.page)]

    def go(self, name, *args):
        self.page.goto(reverse(name, args=args))
        self.look()

    def follow(self, name):
        # "Word thông báo kết luận" is another link than "Thông báo kết luận".
        self.page.locator("main").get_by_role("link", name=re.compile(f"^{re.escape(name)}")).first.click()
        self.look()

    def waiting(self, verb):
        """From "Việc đang chờ tôi", all of it: what is late stands first there, and this may not be."""
        self.go("reports:home")
        more = self.page.get_by_role("link", name=re.compile(r"^Xem cả \d+ việc$"))
        if more.count():
            more.click()
            self.look()
        self.follow(verb)

    def lead(self, label):
        """The one filled button of a page."""
        filled = self.page.locator(".page-head .btn-primary")
        expect(filled).to_have_text(label)
        expect(self.page.locator(".btn-primary")).to_have_count(1)
        filled.click()
        self.look()

    def other(self, label):
        """One of the folded, quiet steps."""
        self.page.get_by_text("Việc khác với hồ sơ này").click()
        self.follow(label)

    def save(self, label=None):
        """The filled button at the bottom of a form; nothing may be refused."""
        button = self.page.locator(".savebar .btn-primary")
        if label:
            expect(button).to_have_text(label)
        button.click()
        settle(self.page)
        expect(self.page.locator(".invalid-feedback:visible")).to_have_count(0)
        self.look()

    def press(self, label):
        self.page.get_by_role("button", name=label, exact=True).click()
        self.look()

    def fill(self, **fields):
        for name, value in fields.items():
            self.page.locator(f"#id_{name}").fill(value)

    def choose(self, **fields):
        for name, value in fields.items():
            self.page.locator(f"#id_{name}").select_option(value)

    def tap(self, text):
        """A choice that is a word: a segment, a chip, a box."""
        self.page.locator("form").get_by_text(text, exact=True).first.click()
