"""Tools of the security tests: a reader of pages, a walk over all a person reaches, a fingerprint of the tables."""

import hashlib
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import openpyxl
from django.db import connection
from django.urls import reverse

from .access_expectations import EXPECTED, POST_ONLY, WITHOUT_UNIT

SITE = "http://testserver"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a person could type anywhere: out of an attribute, out of an element, into a template, into a link.
POISON = (
    "\"'></title></textarea></script><svg onload=alert(1)><xss onclick=alert(1)>{{7*7}}{% debug %}javascript:alert(1)"
)
SHORT_POISON = '"><i onx=1>'
LINK_ATTRIBUTES = ("href", "src", "action", "formaction", "data", "xlink:href", "hx-get", "hx-post", "poster")
# No page writes these; the sessions of the walk itself do.
MOVING_TABLES = ("django_session",)


# --- pages ------------------------------------------------------------------------------------------


@dataclass
class Form:
    """A form as a browser would send it, and what its lists offer."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    offered: dict[str, list[str]] = field(default_factory=dict)

    def filled(self) -> dict[str, list[str]]:
        values: dict[str, list[str]] = {}
        for name, value in self.fields:
            values.setdefault(name, []).append(value)
        return values


class Page(HTMLParser):
    """Elements with their attributes, visible words and forms of a piece of HTML."""

    def __init__(self, text: str):
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.forms: list[Form] = []
        self._form = self._select = self._area = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        self.elements.append((tag, values))
        if tag == "form":
            self._form = Form(values.get("action", ""), values.get("method", "get").lower())
            self.forms.append(self._form)
        if self._form is None:
            return
        name = values.get("name")
        if tag == "select" and name:
            self._select = name
            self._form.offered.setdefault(name, [])
        elif tag == "textarea" and name:
            self._area = (name, [])
        elif tag == "option" and self._select:
            self._form.offered[self._select].append(values.get("value", ""))
            if "selected" in values:
                self._form.fields.append((self._select, values.get("value", "")))
        elif tag == "input" and name:
            self._input(name, values)

    def _input(self, name, values):
        kind = values.get("type", "text")
        if kind in ("checkbox", "radio"):
            self._form.offered.setdefault(name, []).append(values.get("value", "on"))
            if "checked" in values:
                self._form.fields.append((name, values.get("value", "on")))
        elif kind not in ("file", "submit", "button"):
            self._form.fields.append((name, values.get("value", "")))

    def handle_data(self, data):
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select:
            said = {name for name, _ in self._form.fields}
            if self._select not in said and self._form.offered[self._select]:
                self._form.fields.append((self._select, self._form.offered[self._select][0]))
            self._select = None
        elif tag == "textarea" and self._area:
            # The browser drops the first line break of a text area.
            self._form.fields.append((self._area[0], "".join(self._area[1]).removeprefix("\n")))
            self._area = None

    @property
    def links(self) -> list[str]:
        return [values[name] for _, values in self.elements for name in LINK_ATTRIBUTES if values.get(name)]

    def injected(self) -> list[str]:
        """What only text of a person that became code could have put here."""
        found = []
        for tag, values in self.elements:
            if tag in ("xss", "style") or (tag == "script" and "src" not in values):
                found.append(f"<{tag}>")
            found += [f"<{tag} {name}>" for name in values if re.match(r"on|hx-on|style$|srcdoc$", name)]
        for link in self.links:
            # Browsers read a scheme past spaces, line breaks and control signs.
            plain = re.sub(r"[\x00-\x20]", "", link).lower()
            if re.match(r"(javascript|vbscript|data):", plain) and not plain.startswith("data:image/svg+xml;base64,"):
                found.append(f"link {link[:40]}")
        return found


def is_of_the_frame(form: Form) -> bool:
    """Signing out and changing the post stand on every page."""
    return form.action in (reverse("account_logout"), reverse("branches:post_switch"))


def form_of(client, url: str) -> Form:
    """The form a page is about."""
    page = Page(client.get(url).content.decode())
    own = [form for form in page.forms if form.method == "post" and not is_of_the_frame(form)]
    assert own, f"no form on {url}"
    return max(own, key=lambda form: len(form.fields))


def text_of(answer) -> str:
    """Everything readable in an answer: the page as it is, or the cells of a workbook."""
    if answer.headers.get("Content-Type", "").startswith(XLSX):
        book = openpyxl.load_workbook(io.BytesIO(body_of(answer)))
        return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    return body_of(answer).decode(errors="replace")


def body_of(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


# --- the walk ---------------------------------------------------------------------------------------


def address_of(world, name: str) -> str:
    needs_arguments = name not in WITHOUT_UNIT
    return reverse(name, kwargs=world.arguments(name) if needs_arguments else None)


def addresses_of(world, reader: str = "") -> list[str]:
    """Every address of the three apps that can be opened (by this reader), about the objects of the world."""
    open_to = {name for name, (allowed, _) in EXPECTED.items() if not reader or reader in allowed}
    return [address_of(world, name) for name in sorted((open_to | set(WITHOUT_UNIT)) - POST_ONLY)]


def walk(client, starts, *, most: int = 2000):
    """(address, answer) of everything reached from the starts by links and by forms that only ask."""
    waiting, seen = list(starts), set()
    variants: Counter[str] = Counter()
    while waiting:
        url = waiting.pop(0)
        parts = urlsplit(url)
        shape = (parts.path, frozenset(name for name, _ in parse_qsl(parts.query)))
        # The page as it stands and one way of asking it; all the ways are asked in test_security_requests.py.
        if shape in seen or parts.path.startswith("/static/") or variants[parts.path] == 2:
            continue
        seen.add(shape)
        variants[parts.path] += 1
        assert len(seen) <= most, "the walk does not end"
        answer = client.get(url)
        yield url, answer
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            for link in Page(answer.content.decode()).links:
                there = urlsplit(urljoin(SITE + url, link))
                if there.netloc == "testserver":
                    waiting.append(there.path + (f"?{there.query}" if there.query else ""))
        elif answer.status_code == 302:
            waiting.append(answer.headers["Location"])


# --- the tables -------------------------------------------------------------------------------------


def fingerprint() -> dict[str, tuple[int, str]]:
    """Table → number of rows and checksum of all their values."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table not in MOVING_TABLES:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
                rows = sorted(map(repr, cursor.fetchall()))
                found[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return found


def changed_tables(before: dict, after: dict) -> list[str]:
    return [table for table in before if before[table] != after[table]]
