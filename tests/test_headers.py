"""Every answer carries the security headers: pages, errors, refusals on the way in, static files.

The pages come from the URL resolver: every address that needs no argument, as nobody and as people
of every kind of post. (The access test opens the others.)
"""

from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from tests.factories import AccountFactory, UnionFactory, UnitFactory, account_at

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
CLOSED = {
    "object-src": {"'none'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
    "form-action": {"'self'"},
    "default-src": {"'self'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:"},
}


# --- what is asked of an answer -----------------------------------------------------------------------


def header_problems(response) -> list[str]:
    problems = [
        f"{name}: {response.headers.get(name)}"
        for name, value in EXPECTED.items()
        if response.headers.get(name) != value
    ]
    policy = {}
    for directive in response.headers.get("Content-Security-Policy", "").split(";"):
        name, *sources = directive.split() or [""]
        policy[name] = set(sources)
    if policy != CLOSED:
        problems.append(f"Content-Security-Policy: {response.headers.get('Content-Security-Policy')}")
    return problems


class _InlineFinder(HTMLParser):
    """Collects what the policy would refuse to run or show: inline styles, scripts and handlers."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(f"<{tag}>")
        self.found += [f"<{tag} {name}>" for name in names if name == "style" or name.startswith("on")]
        foreign = [
            value
            for name in ("src", "href", "action", "data")
            if (value := names.get(name) or "").startswith(("http:", "https:", "//", "javascript:"))
        ]
        # A link that a person clicks may lead elsewhere; what the browser loads by itself may not.
        if tag != "a":
            self.found += [f"<{tag}> from {value}" for value in foreign]


def inline_problems(response) -> list[str]:
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return []
    finder = _InlineFinder()
    finder.feed(response.content.decode())
    return finder.found


def addresses_without_argument() -> list[str]:
    """The address of every named URL pattern that can be opened as it stands."""

    def walk(patterns, namespaces=()):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
                yield from walk(pattern.url_patterns, inner)
            elif pattern.name:
                yield ":".join([*namespaces, pattern.name])

    found = set()
    for name in walk(get_resolver("doanquanly.urls").url_patterns):
        try:
            found.add(reverse(name, urlconf="doanquanly.urls"))
        except NoReverseMatch:
            continue
    return sorted(found)


def crawl(client) -> tuple[dict[str, list[str]], list[int]]:
    """(what is wrong, by address; the status of every address)"""
    problems, statuses = {}, []
    for address in addresses_without_argument():
        response = client.get(address)
        wrong = header_problems(response) + inline_problems(response)
        if response.status_code >= 500:
            wrong.append(f"status {response.status_code}")
        if wrong:
            problems[address] = wrong
        statuses.append(response.status_code)
    return problems, statuses


def is_private(response) -> bool:
    return response.headers.get("Cache-Control") == "no-store, private"


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.fixture
def signed_in(db):
    signed_in = Client(raise_request_exception=False)
    signed_in.force_login(AccountFactory())
    return signed_in


# --- pages --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_page_for_nobody_carries_the_headers(visitor):
    problems, statuses = crawl(visitor)

    assert problems == {}
    assert {200, 302} <= set(statuses)  # the sign-in page, and others that lead to it


@pytest.mark.django_db
@pytest.mark.parametrize(
    "post_type",
    ["secretary", "member", "superior_secretary", "inspection_chair", "party_secretary", "administrator"],
)
def test_every_page_for_a_person_carries_the_headers(visitor, post_type):
    union = UnionFactory()
    branch = UnitFactory(superior=union)
    at = branch if post_type in ("secretary", "member") else union
    visitor.force_login(account_at(at, post_type))

    problems, statuses = crawl(visitor)

    assert problems == {}
    assert 200 in statuses


def test_pages_of_a_person_are_kept_by_no_cache(signed_in):
    kept = {
        address: response.headers.get("Cache-Control")
        for address in addresses_without_argument()
        if not is_private(response := signed_in.get(address))
    }
    assert kept == {}


# --- errors -------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.urls("tests.urls_failing")
@pytest.mark.parametrize(
    ("address", "status"),
    [("/thu/hong/", 500), ("/thu/cam/", 403), ("/khong-co-trang-nay/", 404)],
)
def test_errors_carry_the_headers_and_tell_nothing(signed_in, address, status):
    response = signed_in.get(address)

    assert response.status_code == status
    assert header_problems(response) == []
    assert inline_problems(response) == []
    assert is_private(response)
    assert "on purpose" not in response.content.decode()
    assert "Traceback" not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.urls("tests.urls_failing")
def test_error_page_stands_without_a_database(signed_in, monkeypatch):
    """The page that says that something broke must not itself ask what is broken."""

    def unreachable(*args, **kwargs):
        raise RuntimeError("the database is down")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", unreachable)
    response = signed_in.get("/thu/hong/")

    assert response.status_code == 500
    assert header_problems(response) == []
    assert is_private(response)


@pytest.mark.django_db
def test_form_without_its_token_is_refused_with_the_headers():
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {})

    assert response.status_code == 403
    assert header_problems(response) == []
    assert inline_problems(response) == []


def test_unknown_host_is_refused_with_the_headers(visitor, settings):
    settings.SECURE_SSL_REDIRECT = True  # as in production, where the host is asked for first of all
    response = visitor.get("/", headers={"host": "la.example"})

    assert response.status_code == 400
    assert header_problems(response) == []


# --- transport and files ------------------------------------------------------------------------------


def test_redirect_to_https_carries_the_headers(visitor, settings):
    settings.SECURE_SSL_REDIRECT = True
    response = visitor.get("/")

    assert (response.status_code, response.headers["Location"]) == (301, "https://testserver/")
    assert header_problems(response) == []


@pytest.mark.django_db
def test_https_answers_ask_for_https_for_a_year(visitor, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    response = visitor.get(reverse("account_login"), secure=True)

    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_static_files_carry_the_headers_and_may_be_kept(signed_in):
    response = signed_in.get("/static/icons.svg")

    assert response.status_code == 200
    assert header_problems(response) == []
    assert not is_private(response)
