"""Everything a person reaches, walked once for each kind of reader in a world in which every text is an attack.

Text stays text; the Party committee, the inspectors and members meet no personal data of others; looking
changes nothing. Papers are walked as the HTML they are printed from.
"""

import io
import re
import zipfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from unittest import mock

import openpyxl
import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from branches.models import Account, Post
from reports.views.printing import WORD

from .hostile import XLSX, Page, addresses_of, body_of, changed_tables, fingerprint, walk
from .poisoned_world import BORN, CONTACTS, PERSONAL, PoisonedWorld

# The fixture below takes care of the database itself; the mark makes pytest-django set one up.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
READERS = ("secretary", "member", "superior", "inspector", "seat", "party", "party_above")
WITHOUT_PERSONAL_DATA = ("inspector", "seat", "party", "party_above")
PARTY = ("party", "party_above")
PAPERS = (
    "reports.views.papers_inspection.render_pdf",
    "reports.views.printing.render_pdf",
    "reports.evidence_room.papers.render_pdf",
)


@dataclass
class Visit:
    """One answer as it came."""

    reader: str
    url: str
    status: int
    kind: str
    body: bytes

    @property
    def text(self) -> str:
        if self.kind == WORD:
            with zipfile.ZipFile(io.BytesIO(self.body)) as packed:
                return packed.read("word/document.xml").decode()
        if not self.kind.startswith(XLSX):
            return self.body.decode(errors="replace")
        book = openpyxl.load_workbook(io.BytesIO(self.body))
        return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


@dataclass
class Tour:
    world: PoisonedWorld
    visits: list[Visit]
    changed: dict[str, list[str]]
    accounts: dict[int, str]

    def of(self, *readers):
        return [visit for visit in self.visits if visit.reader in readers and visit.status == 200]


@pytest.fixture(scope="module")
def tour(django_db_setup, django_db_blocker, tmp_path_factory):
    """The walk of every reader; made once, undone at the end."""
    as_html = lambda html, **how: html.encode()  # noqa: E731
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")))
        stack.enter_context(transaction.atomic())
        for name in PAPERS:
            stack.enter_context(mock.patch(name, as_html))
        stack.enter_context(mock.patch("reports.views.printing.PAPERS", 1000))  # every paper, as PDF and as Word
        world = PoisonedWorld()
        visits, changed = [], {}
        for reader in READERS:
            client = Client(raise_request_exception=False)
            client.force_login(world.accounts[reader])
            before = fingerprint()
            for url, answer in walk(client, ["/", *addresses_of(world, reader)]):
                kind = answer.headers.get("Content-Type", "")
                visits.append(Visit(reader, url, answer.status_code, kind, body_of(answer)))
            changed[reader] = changed_tables(before, fingerprint())
        accounts = dict(Account.objects.values_list("pk", "username"))
        yield Tour(world, visits, changed, accounts)
        transaction.set_rollback(True)


def test_the_walk_goes_everywhere(tour):
    """Negative control: the pages with the attacks and with the personal data were really opened."""
    reached = {(visit.reader, visit.url) for visit in tour.of(*READERS)}
    for reader, name in (
        ("secretary", "branches:member"),
        ("secretary", "branches:activity_edit"),
        ("inspector", "inspections:inspection"),
        ("party", "reports:party_summary"),
        ("party_above", "reports:board_xlsx"),
        ("superior", "reports:report_pdf"),
    ):
        assert (reader, reverse(name, kwargs=tour.world.arguments(name))) in reached
    shown = "\n".join(visit.text for visit in tour.of("secretary"))
    assert "&lt;xss onclick" in shown
    assert {column for mark, (_, column, _) in tour.world.marks.items() if mark in shown} >= {"full_name", *CONTACTS}


def test_no_page_breaks(tour):
    assert [(visit.reader, visit.url) for visit in tour.visits if visit.status >= 500] == []


def test_no_text_of_a_person_becomes_code(tour):
    wrong = {}
    for visit in tour.visits:
        if visit.kind.startswith(("text/html", "application/pdf")) and visit.body.lstrip()[:1] == b"<":
            found = Page(visit.text).injected()
            if visit.url.split("?")[0].endswith(".pdf"):
                # The paper's own style sheet and the widths of its columns; nobody typed them.
                found = [one for one in found if one not in ("<style>", "<col style>")]
            if found:
                wrong[visit.reader, visit.url] = found
    assert wrong == {}


def test_no_text_is_read_as_a_template(tour):
    assert not [visit.url for visit in tour.visits if re.search(r"alert\(1\)(>|&gt;)49", visit.text)]


def test_workbooks_hold_no_formula_and_no_link(tour):
    wrong, seen = [], 0
    for visit in tour.visits:
        if visit.status == 200 and visit.kind.startswith(XLSX):
            seen += 1
            for sheet in openpyxl.load_workbook(io.BytesIO(visit.body)):
                wrong += [
                    (visit.url, cell.coordinate)
                    for row in sheet.iter_rows()
                    for cell in row
                    if cell.data_type == "f" or cell.hyperlink
                ]
    assert (wrong, seen > 5) == ([], True)


def test_looking_changes_nothing(tour):
    """But opening what is kept closed leaves its row."""
    changed = {reader: tables for reader, tables in tour.changed.items() if tables}
    opened = "branches_disciplineaccess"
    assert changed == {
        "secretary": [opened, "branches_sensitiveaccess"],
        "superior": [opened],
        "inspector": ["inspections_complaintaccess", "inspections_roomtake"],
        "seat": ["inspections_roomtake"],
    }


# --- personal data ----------------------------------------------------------------------------------


def marks_on(visit, marks) -> list[str]:
    text = visit.text
    return [mark for mark in marks if mark in text]


def allowed_names(tour, visit) -> set[int]:
    """Accounts whose names this reader may meet on this page (the reader's own, and what the case names)."""
    world, own = tour.world, tour.world.accounts[visit.reader]
    allowed = {own.pk}
    if visit.reader in PARTY:
        return allowed
    # The committee of the case: whoever holds a post where the inspectors sit may be put into the team,
    # and the unit's page says who leads it; a case names who answered and who checked.
    allowed |= set(Post.objects.filter(unit=world.union).values_list("account", flat=True))
    if re.fullmatch(r"/don-vi/\d+/", visit.url):
        allowed |= set(
            Post.objects.filter(type__body__in=["committee", "office", "inspection"]).values_list("account", flat=True)
        )
    if visit.url.startswith("/kiem-tra/"):
        allowed |= {world.accounts[name].pk for name in ("secretary", "inspector", "seat", "head", "former_seat")}
    return allowed


# In the evidence room and under the facts an inspector reads the unit's lists and papers: names and who signed,
# nothing else of a person.
ROOM = re.compile(r"/kiem-tra/\d+/(ho-so|phieu/so-lieu)/")
PAPERS_THAT_WENT_OUT = tuple(
    f"{name}.{ending}" for name in ("tom-tat", "ban-in", "thong-bao-ket-luan") for ending in ("pdf", "docx")
)


@pytest.mark.parametrize("reader", WITHOUT_PERSONAL_DATA)
def test_reader_of_sums_meets_no_personal_data(reader, tour):
    wrong = []
    for visit in tour.of(reader):
        allowed = allowed_names(tour, visit)
        for mark in marks_on(visit, tour.world.marks):
            model, column, pk = tour.world.marks[mark]
            if column == "signer_name" and visit.url.endswith(PAPERS_THAT_WENT_OUT):
                continue  # a paper that went out says who signed it
            if column in ("full_name", "signer_name") and reader in ("inspector", "seat") and ROOM.match(visit.url):
                continue
            if not (model is Account and pk in allowed):
                wrong.append((visit.url, model.__name__, column, tour.accounts.get(pk) if model is Account else pk))
        wrong += [(visit.url, "birth") for day in (f"{BORN:%d/%m/%Y}", f"{BORN:%Y-%m-%d}") if day in visit.text]
    assert sorted(set(wrong)) == []


@pytest.mark.parametrize("reader", ["member", "superior"])
def test_contacts_are_for_those_who_keep_the_register(reader, tour):
    account = tour.world.accounts[reader]
    own = {"Member": account.member_id, "Account": account.pk}
    sensitive = ("ethnicity", "religion")
    closed = [
        mark
        for mark, (model, column, pk) in tour.world.marks.items()
        if column in (*CONTACTS, *sensitive) and not (column in CONTACTS and pk == own.get(model.__name__))
    ]
    assert [(visit.url, found) for visit in tour.of(reader) if (found := marks_on(visit, closed))] == []


def test_member_meets_nothing_of_other_members_but_who_is_responsible(tour):
    """Who takes care of a target or a task, who chairs a meeting, its signed minutes, who was commended.

    Names only, and nothing else of the register is for a member.
    """
    own = tour.world.accounts["member"].member_id
    closed = [m for m, (model, _, pk) in tour.world.marks.items() if model.__name__ == "Member" and pk != own]
    met = {(visit.url, tour.world.marks[mark][1:]) for visit in tour.of("member") for mark in marks_on(visit, closed)}
    target, owner = tour.world.target, tour.world.other_member
    assert {about for _, about in met} == {("full_name", owner.pk)}
    unit = f"/don-vi/{tour.world.own.pk}"
    named = (reverse("reports:target", args=[target.pk]), "/hop/", "/bien-ban/", f"{unit}/khen-thuong/", "/viec/")
    assert sorted(url for url, _ in met if not url.startswith(named)) == []


@pytest.mark.parametrize("reader", ["secretary", "superior", "inspector", "party"])
def test_what_a_page_names_by_id_is_there_once(reader, tour):
    """Two things of one id, and a label, a hatch or a described error belongs to the wrong one."""
    wrong = []
    for visit in tour.of(reader):
        if visit.kind.startswith("text/html"):
            ids = Counter(re.findall(r'\sid="([^"]+)"', visit.text))
            wrong += [(visit.url, "twice", one) for one, count in ids.items() if count > 1]
            named = re.findall(r'url\(#([^)]+)\)|\s(?:for|aria-labelledby|aria-describedby)="([^"]+)"', visit.text)
            wrong += [(visit.url, "nowhere", one) for pair in named for one in "".join(pair).split() if one not in ids]
    assert not wrong, sorted(set(wrong))


def test_marks_are_on_every_personal_column(tour):
    assert {(model, column) for model, column, _ in tour.world.marks.values()} == {
        (model, column) for model, columns in PERSONAL.items() for column in columns
    }
