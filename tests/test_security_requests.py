"""Requests nobody's browser would send by itself: forged, redirecting, with rubbish in the address."""

import re
import uuid
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from .access_expectations import EXPECTED, WITHOUT_UNIT
from .access_world import World
from .factories import PASSWORD, AccountFactory
from .hostile import POISON, SITE, Page, address_of, changed_tables, fingerprint, form_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LOGIN = "/tai-khoan/dang-nhap/"


BUILT = World


@pytest.fixture
def world(own_world):
    return own_world


# --- forged forms -----------------------------------------------------------------------------------


def every_address(world) -> list[str]:
    """Every address of the site, the sign-in and the administration site included."""

    def named(resolver, namespace=""):
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                yield from named(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
            elif not tuple(pattern.pattern.converters) and pattern.name and not pattern.pattern.regex.groups:
                yield reverse(f"{namespace}{pattern.name}")

    found = {url for url in named(get_resolver()) if "jsi18n" not in url}
    return sorted(found | {address_of(world, name) for name in {*EXPECTED, *WITHOUT_UNIT}})


@pytest.mark.parametrize("who", ["secretary", "superuser_without_post", None])
def test_post_without_the_token_is_refused_everywhere(who, world):
    client = Client(enforce_csrf_checks=True)
    if who:
        client.force_login(world.accounts[who])
    addresses = every_address(world)
    before = fingerprint()
    answers = {url: client.post(url, {"do": "x"}).status_code for url in addresses}
    assert {url: status for url, status in answers.items() if status != 403} == {}
    assert changed_tables(before, fingerprint()) == []
    assert len(answers) > 70


def test_token_of_another_site_does_not_help(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.accounts["secretary"])
    url = address_of(world, "branches:activity_cancel")
    said = form_of(client, url).filled() | {"cancel_reason": "Mưa bão"}
    foreign = client.post(url, said, HTTP_ORIGIN="https://ke-xau.example")
    assert foreign.status_code == 403
    assert client.post(url, said, HTTP_ORIGIN="http://testserver").status_code == 302


# --- where an answer leads ----------------------------------------------------------------------------

ELSEWHERE = [
    "https://ke-xau.example/", "//ke-xau.example/", "///ke-xau.example", "/\\ke-xau.example", "\\\\ke-xau.example",
    "/\t/ke-xau.example", "/\n/ke-xau.example", "\t//ke-xau.example", " //ke-xau.example", "http:ke-xau.example",
    "https:///ke-xau.example", "http:\\\\ke-xau.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)", "data:text/html,<script>alert(1)</script>", "//testserver@ke-xau.example/",
    "https://testserver.ke-xau.example/", "http://testserver:80@ke-xau.example", "/%2f/ke-xau.example",
    "//ke-xau%E3%80%82example", "/..//ke-xau.example", "/.//ke-xau.example", "\x00//ke-xau.example",
    "/a\r\nSet-Cookie: x=1", "https://ke-xau.example\\@testserver/", "//[::1]/", "http://[ke-xau",
    "/" + "a" * 3000, "/" + "a" * 1000, "/\x00",
]  # fmt: skip


def leads_out(location: str) -> bool:
    """Where a browser would go: backslashes are slashes, tabs and line breaks are nothing."""
    plain = re.sub(r"[\t\r\n]", "", location).strip("\x00\x01\x02\x1f ").replace("\\", "/")
    try:
        there = urlsplit(urljoin(f"{SITE}/kiem-tra/1/", plain))
    except ValueError:
        return True
    return there.scheme != "http" or there.netloc != "testserver"


def test_the_reader_of_locations_can_tell():
    assert [leads_out(one) for one in ("//x.example", "/\\x.example", "/\t/x.example", "javascript:1")] == [True] * 4
    assert [leads_out(one) for one in ("/don-vi/1/", "?muc=a", "//testserver/")] == [False] * 3


def test_sign_in_and_out_lead_nowhere_else():
    AccountFactory(username="bithu")
    for wanted in ELSEWHERE:
        cache.clear()  # the limit of sign-ins
        client = Client()
        said = {"login": "bithu", "password": PASSWORD, "next": wanted}
        answers = [
            client.get(LOGIN, {"next": wanted}),
            client.post(f"{LOGIN}?next={quote(wanted)}", said),
            client.get(LOGIN, {"next": wanted}),
            client.post(f"/tai-khoan/nhap-lai-mat-khau/?next={quote(wanted)}", {"password": PASSWORD, "next": wanted}),
            client.post("/tai-khoan/dang-xuat/", {"next": wanted}),
        ]
        for answer in answers:
            assert not leads_out(answer.headers.get("Location", "/")), wanted
            assert "Set-Cookie: x" not in str(answer.headers)
            if answer.status_code == 200:
                assert Page(answer.content.decode()).injected() == [], wanted


def test_way_back_after_a_step_leads_nowhere_else(world, client):
    """The address to return to comes with the request and is kept in the receipt of the form."""
    client.force_login(world.accounts["inspector"])
    honest = form_of(client, address_of(world, "inspections:recommendation_extend")).filled()
    for wanted in ELSEWHERE:
        url = f"{address_of(world, 'inspections:recommendation_extend')}?ve={quote(wanted)}"
        assert Page(client.get(url).content.decode()).injected() == [], wanted
        said = honest | {"due_on": "31/12/2027", "reason": "Chờ kinh phí", "form_key": str(uuid.uuid4())}
        with transaction.atomic():
            for answer in (client.post(url, said), client.post(url, said)):
                assert answer.status_code == 302, wanted
                assert not leads_out(answer.headers["Location"]), wanted
            transaction.set_rollback(True)


def test_way_back_to_a_page_of_ours_is_kept(world, client):
    client.force_login(world.accounts["inspector"])
    url = f"{address_of(world, 'inspections:recommendation_extend')}?ve=/kiem-tra/kien-nghi/%3Fnhom=qua-han"
    said = form_of(client, url).filled() | {"due_on": "31/12/2027", "reason": "Chờ kinh phí"}
    assert client.post(url, said).headers["Location"] == "/kiem-tra/kien-nghi/?nhom=qua-han"


# --- rubbish in the address -----------------------------------------------------------------------------

RUBBISH = ["\x00", "9" * 5000, "²", "2026-02-31", POISON]


def asked_words() -> set[str]:
    """Every word of an address that a view reads, found in the source, so that a new one is tried too."""
    pattern = re.compile(
        r"""(?:GET|query|asked)\.(?:get|getlist)\(\s*"([\w-]+)"|"([\w-]+)"\ in\ request\.GET
        |_(?:known|day)\("([\w-]+)\"""",
        re.VERBOSE,
    )
    found = {"q", "nam", "tinh_trang", "don_vi"}  # fields of forms that read the address
    for app in ("branches", "inspections", "reports"):
        for file in Path(django_settings.BASE_DIR, app).rglob("*.py"):
            found |= {next(filter(None, groups)) for groups in pattern.findall(file.read_text(encoding="utf-8"))}
    return found


def reads(name: str) -> bool:
    """Papers take no word from the address, and laying them out only costs time."""
    return not name.endswith(("_pdf", "_docx")) and name != "branches:post_switch"


def test_words_of_addresses_are_found():
    assert asked_words() >= {"trang", "ky", "muc", "loc", "tu", "den", "ve", "sua", "day", "value", "nhom", "pick"}


@pytest.mark.parametrize("reader", ["secretary", "superior", "inspector"])
def test_no_rubbish_in_an_address_breaks_a_page(reader, world):
    client = Client(raise_request_exception=False)
    client.force_login(world.accounts[reader])
    words = sorted(asked_words())
    names = [name for name, (allowed, _) in EXPECTED.items() if reader in allowed] + list(WITHOUT_UNIT)
    if reader != "secretary":  # what the secretary has tried behaves the same for the others
        names = [name for name in names if "secretary" not in EXPECTED.get(name, (set(), 0))[0]]
    broken = []
    for name in filter(reads, names):
        url = address_of(world, name)
        for rubbish in RUBBISH:
            # All words at once, each twice: a page takes the ones it knows.
            answer = client.get(url, {word: [rubbish, rubbish] for word in words})
            if answer.status_code >= 500:
                broken.append((name, rubbish[:20], answer.status_code))
    assert broken == []


# One word spoilt while the others make sense: a wrong period must not hide a wrong page number.
ONE_BY_ONE = {
    "reports:quantity_effect": ("day", "value", "indicator", "activity"),
    "branches:activity_list": ("ky", "tu", "den", "trang", "q", "don_vi", "muc"),
    "branches:activity_new": ("chi_tieu", "ngay", "tiep"),
    "branches:member_list": ("q", "trang", "ngay", "nhom", "gioi"),
    "branches:member_group": ("ngay", "nhom", "gioi"),
    "reports:structure": ("ngay",),
    "reports:report": ("muc", "sua"),
    "reports:progress": ("ky", "loc"),
    "reports:figure": ("ky", "trang", "bao-cao"),
    "reports:party_summary": ("nam",),
    "inspections:recommendation_list": ("nhom", "don_vi", "trang"),
}


def test_no_single_word_breaks_a_page(world):
    client = Client(raise_request_exception=False)
    client.force_login(world.accounts["secretary"])
    broken = []
    for name, words in ONE_BY_ONE.items():
        sense = {"indicator": world.target.indicator.pk, "value": "3"} if name == "reports:quantity_effect" else {}
        for word in words:
            for rubbish in ("\x00", "9" * 5000, "2026-02-31", "9999-12-31", "0001-01-01", "NaN"):
                answer = client.get(address_of(world, name), sense | {word: rubbish})
                if answer.status_code >= 500:
                    broken.append((name, word, rubbish[:20]))
    assert broken == []


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_no_number_in_a_path_breaks_a_page(number, world):
    client = Client(raise_request_exception=False)
    client.force_login(world.accounts["secretary"])
    broken = []
    for name in EXPECTED:
        url = re.sub(r"/\d+/", f"/{number}/", address_of(world, name))
        if (status := client.get(url).status_code) >= 500:
            broken.append((name, status))
    assert broken == []
