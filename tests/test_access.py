"""Who gets which answer where: every address of the resolver × every relation to the unit in question.

404 for strangers (existence does not leak), 403 for readers without the right, the login page for
visitors. An address without a line in the table fails, so nobody can forget a new one.
"""

from functools import cache

import pytest
from django.urls import URLResolver, get_resolver, reverse

from .access_expectations import BY_SECRET, EXPECTED, POST_ONLY, PUBLIC, WITHOUT_UNIT
from .access_world import RELATIONS, World

pytestmark = pytest.mark.django_db
OURS = ("branches", "inspections", "reports")


def addresses(resolver=None, namespace=""):
    """Every named address of the project: ("branches:activity", keyword names)."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern, inner)
        else:
            yield f"{namespace}{pattern.name}", tuple(pattern.pattern.converters)


def ours():
    return sorted({name for name, _ in addresses() if name.split(":")[0] in OURS})


class Unprinted:
    """A paper that was asked for and not drawn."""

    pages = ()

    def write_pdf(self, **kind) -> bytes:
        return b"%PDF-1.7"


BUILT = World


@pytest.fixture
def world(own_world, monkeypatch):
    """Who may print a paper is asked here, twenty times; what it looks like is asked elsewhere."""
    monkeypatch.setattr("reports.papers.pdf._laid_out", lambda *rest, **more: Unprinted())
    monkeypatch.setattr("reports.views.printing.PAPERS", 1000)  # every paper there is, as PDF and as Word
    return own_world


@cache
def arguments_of() -> dict[str, tuple]:
    return dict(addresses())


def address(world, name):
    needs_arguments = arguments_of()[name]
    return reverse(name, kwargs=world.arguments(name) if needs_arguments else None)


def test_every_address_has_an_expectation():
    declared = set(EXPECTED) | set(WITHOUT_UNIT) | BY_SECRET
    assert set(ours()) - declared == set()
    assert declared - set(ours()) == set()


def test_exactly_these_addresses_are_public(client):
    answers = {}
    for name, arguments in addresses():
        if arguments or name == "None" or name.startswith("admin:"):
            continue
        answers[name] = client.get(reverse(name))
    public = {
        name
        for name, answer in answers.items()
        if not (answer.status_code == 302 and "/dang-nhap/" in answer.headers.get("Location", ""))
    }
    assert public == PUBLIC


def test_visitors_are_sent_to_the_login_page(world, client):
    for name in sorted(set(ours()) - BY_SECRET):
        answer = client.get(address(world, name))
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, reverse("account_login")), name


def test_secret_addresses_open_with_their_secret_only(world, client):
    """Not the login page, because a visitor is meant; and nothing at all for whoever guesses."""
    for name in sorted(BY_SECRET):
        known = client.get(address(world, name))
        guessed = client.get(reverse(name, kwargs=dict.fromkeys(world.arguments(name), "doan-bua")))
        assert known.status_code == 200 or known.headers["Location"].startswith("/tu-sua/"), name
        assert guessed.status_code == 404, name


def answer_of(client, world, name):
    url = address(world, name)
    return (client.post(url, world.form(name)) if name in POST_ONLY else client.get(url)).status_code


def expected_status(name, relation):
    allowed, forbidden = EXPECTED[name]
    return "ok" if relation in allowed else 403 if relation in forbidden else 404


@pytest.mark.parametrize("relation", RELATIONS)
def test_every_address_gives_this_relation_the_declared_answer(relation, world, client):
    wrong = []
    client.force_login(world.accounts[relation])
    for name in sorted(EXPECTED):
        status = answer_of(client, world, name)
        # A form is shown again (200), leads back (302) or changes nothing (204): the person was let in.
        got = "ok" if status in (200, 204, 302) else status
        if got != expected_status(name, relation):
            wrong.append(f"{name}: {status}, expected {expected_status(name, relation)}")
    assert wrong == []


def test_every_relation_is_tried(world):
    assert set(RELATIONS) == set(world.accounts)


def test_pages_without_a_unit_show_nothing_of_others(world, client):
    """Lists and home answer everybody who is signed in; what they list is asserted by their own tests."""
    for account in world.accounts.values():
        client.force_login(account)
        for name in WITHOUT_UNIT:
            assert client.get(address(world, name)).status_code in WITHOUT_UNIT[name], (name, account)


def test_the_matrix_can_fail(world, client, monkeypatch):
    """Negative control: with the permission rule opened, strangers get in and the matrix would notice."""
    from django.db.models import Q

    monkeypatch.setattr("branches.scoping.reach", lambda user, to_unit="", *, right: Q())
    client.force_login(world.accounts["far"])
    assert answer_of(client, world, "branches:activity_list") == 200 != expected_status("branches:activity_list", "far")


def test_rights_end_with_the_post_on_the_next_request(world, client):
    account = world.accounts["secretary"]
    client.force_login(account)
    url = address(world, "branches:activity_list")
    assert client.get(url).status_code == 200
    account.posts.update(ends_on="2026-01-01")
    assert client.get(url).status_code == 404


def test_the_party_committee_reads_papers_that_went_out_and_no_drafts(world, client):
    client.force_login(world.accounts["party"])
    report, notice = address(world, "reports:report_pdf"), address(world, "reports:conclusion_pdf")
    assert client.get(report).status_code == client.get(notice).status_code == 200
    assert client.get(address(world, "reports:report")).status_code == 404  # the editor is where drafts are
    draft = reverse("reports:report_pdf", args=[world.report.pk])
    assert (world.report.number, client.get(draft).status_code) == ("7", 404)  # a number alone issues nothing
    world.edition.approved_on = world.edition.approved_by = None
    world.edition.save()
    world.case.state = "visited"
    world.case.save()
    assert client.get(report).status_code == client.get(notice).status_code == 404
