"""Forms are sent with what they did not offer: objects of strangers, columns of the table, and rubbish.

A foreign object is neither changed nor pointed at afterwards, and nothing but the declared fields is
written. Each attack has its control: the same form with an own object is accepted.
"""

import re
import uuid
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import resolve, reverse

from branches.models import FormReceipt
from branches.uploads import Stored, redeem, ticket_for

from .access_expectations import EXPECTED, POST_ONLY
from .foreign_world import TwoWorlds
from .form_attacks import (
    ATTACKS,
    FORMS,
    OF_NOBODY,
    PREVIEWED,
    SPOILT,
    WITHOUT_A_CHANGE,
    WITHOUT_A_FIELD,
    WITHOUT_A_KEY,
    grid_row,
)
from .hostile import POISON, Page, address_of, changed_tables, fingerprint, form_of, is_of_the_frame
from .inspection_attacks import GONE_AFTERWARDS

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HUGE = "9" * 30


BUILT = TwoWorlds


@pytest.fixture
def world(own_world):
    return own_world


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def filled(client, world, name) -> dict:
    """The form of this address as an honest person sends it."""
    relation, said = FORMS[name]
    client.force_login(world.accounts[relation])
    values = {} if name in POST_ONLY else form_of(client, address_of(world, name)).filled()
    values.pop("csrfmiddlewaretoken", None)
    if name in ("reports:plan_edit", "reports:term_plan_edit"):
        values = {key: value for key, value in values.items() if not key.endswith("-comparator") or value != [""]}
    return values | {"form_key": str(uuid.uuid4())} | said(world)


def send(client, world, name, values):
    """The answer to this form; where a preview comes first, to what is done after it."""
    url = address_of(world, name)
    answer = client.post(url, values)
    if name in PREVIEWED and answer.status_code == 200:
        forms = [form for form in Page(answer.content.decode()).forms if "seen" in form.filled()]
        if forms:
            answer = client.post(url, values | {"do": "apply", "seen": forms[0].filled()["seen"]})
    return answer


def state_of(one) -> tuple:
    """The row itself, and how many rows of every kind point at it."""
    pointing = {
        f"{relation.related_model.__name__}.{relation.field.name}": relation.related_model._base_manager.filter(
            **{relation.field.name: one.pk}
        ).count()
        for relation in one._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and not relation.many_to_many
    }
    return type(one)._base_manager.filter(pk=one.pk).values().first(), pointing


def said_about(world, name, said, one) -> dict:
    if said:
        return said(one)
    if name == "branches:unit_merge":
        return {"sources": [world.lower.pk, one.pk]}
    field = "direction" if type(one).__name__ == "Direction" else "owner"
    target = world.target if name == "reports:plan_edit" else world.own_term_target
    return grid_row(target.indicator, version=target.version, reason="Theo thực tế", **{field: one.pk})


def test_forms_take_own_objects_and_no_foreign_ones(world, client):
    world.chair = world.accounts["inspector"]
    wrong = []
    for name, field, said, own, foreign in ATTACKS:
        mine, strange = getattr(world, own), getattr(world.far, foreign)
        honest = filled(client, world, name)
        with undone():
            before = state_of(mine)
            answer = send(client, world, name, honest | said_about(world, name, said, mine))
            if answer.status_code != 302 or state_of(mine) == before:
                wrong.append((name, field, "the own object was not taken either"))
        with undone():
            before = state_of(strange)
            send(client, world, name, honest | said_about(world, name, said, strange))
            if state_of(strange) != before:
                wrong.append((name, field, "the foreign object was taken"))
    assert wrong == []


def test_every_form_is_attacked(world, client):
    """A new address with a form, or a new field that names objects, needs a line above."""
    found, forms = set(), set()
    for name, (allowed, _) in EXPECTED.items():
        if name in POST_ONLY or not allowed or name.endswith(("_pdf", "_docx", "_xlsx", "_export")):
            continue
        client.force_login(world.accounts[sorted(allowed & {"secretary", "superior", "inspector"} or allowed)[0]])
        url = address_of(world, name)
        answer = client.get(url)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for form in Page(answer.content.decode()).forms:
            if form.method != "post" or is_of_the_frame(form):
                continue
            # A page may hold the small forms of other addresses.
            there = resolve(urlsplit(form.action).path).view_name if form.action else name
            forms.add(there)
            found |= {
                (there, re.sub(r"\d+", "*", field))
                for field, values in form.offered.items()
                if any(value.isdecimal() and int(value) > 1 for value in values)
            }
    attacked = {(name, field) for name, field, *_ in ATTACKS}
    assert forms - set(FORMS) - WITHOUT_A_FIELD - {"branches:member"} == set()
    assert {(name, field) for name, field in found if field not in OF_NOBODY} - attacked == set()


# --- columns that are no fields -------------------------------------------------------------------------

OF_THE_MOMENT = {
    "id", "history_id", "history_date", "created_at", "updated_at", "made_at", "uploaded_at", "edited_at", "said_at",
    "typed_at", "saved_at", "begun_at", "signed_at", "locked_at",
    "sending",  # a direction to several units at once: the same new key for each
    "taken_at", "issued_at", "answered_at", "received_at", "opened_at",
    "asked_at", "finished_at", "folder",  # of a print job
    "submitted_at",
    "self_at", "marked_at", "merged_at", "revoked_at", "decided_at", "sent_at", "applied_at", "undone_at", "written_at",
    "given_at", "published_at",  # of emulation
    "changed_at",
}  # fmt: skip
# Also where a file lies, a list of keys, and the keys of a unit and of those above it.
KEYS = {"key", "location", "file", "enrolled", "path"}


def own_models():
    labels = ("branches", "inspections", "reports")
    return [model for label in labels for model in apps.get_app_config(label).get_models()]


def columns_of_the_tables() -> dict[str, str]:
    """Name of every column → a value that would do harm there."""
    found = {}
    for model in own_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, models.DateField):
                value = "2020-02-02"
            elif isinstance(column, models.BooleanField):
                value = "on"
            elif isinstance(column, models.CharField | models.TextField):
                value = column.choices[-1][0] if column.choices else "gán hàng loạt"
            else:
                value = "2"
            found[column.name] = found[column.attname] = value
    return found


def snapshot(known: dict) -> dict:
    """The tables without what differs from one run to the next: keys given by the database, times."""
    rows = {}
    for model in own_models():
        pointers = {c.attname: c.related_model for c in model._meta.concrete_fields if c.is_relation}
        listed = []
        for row in model._base_manager.values():
            kept = {name: value for name, value in row.items() if name not in OF_THE_MOMENT | KEYS}
            for name, other in pointers.items():
                if name in kept and kept[name] is not None and kept[name] not in known.get(other, ()):
                    kept[name] = "new"
            listed.append(repr(sorted(kept.items())))
        rows[model.__name__] = sorted(listed)
    return rows


def test_only_declared_fields_are_written(world, client):
    columns = columns_of_the_tables()
    known = {model: set(model._base_manager.values_list("pk", flat=True)) for model in own_models()}
    wrong = []
    for name in FORMS:
        url, honest = address_of(world, name), filled(client, world, name)
        declared = {re.sub(r".*-", "", field) for field in honest} | set(honest)
        if name not in POST_ONLY:
            declared |= set(form_of(client, url).offered)
        added = {column: value for column, value in columns.items() if column not in declared | {"source"}}
        with undone():
            plain = send(client, world, name, honest)
            as_meant = snapshot(known)
        with undone():
            send(client, world, name, added | honest)
            as_attacked = snapshot(known)
        if plain.status_code != 302:
            wrong.append((name, "the control was refused", plain.status_code))
        wrong += [(name, model) for model in as_meant if as_meant[model] != as_attacked[model]]
    assert wrong == []


# --- rubbish ------------------------------------------------------------------------------------------


def test_rubbish_is_answered_and_shown_back_as_text(world):
    client, wrong = Client(raise_request_exception=False), []
    for name in FORMS:
        url, honest = address_of(world, name), filled(client, world, name)
        # The count of rows belongs to the page and not to a person; it is spoilt in the single tries below.
        typed = [field for field in honest if not field.endswith("_FORMS")]
        tries = [dict.fromkeys(typed, value) for value in (POISON, "\x00")]
        tries = [honest | one for one in tries]
        singles = [field for field in honest if re.search(r"_FORMS$|^version|^doan-0-pk", field)]
        tries += [honest | {field: HUGE} for field in singles]
        for said in tries:
            with undone():
                answer = client.post(url, said)
            if answer.status_code >= 500:
                wrong.append((name, answer.status_code, str(said)[:80]))
            elif answer.headers.get("Content-Type", "").startswith("text/html") and answer.content:
                wrong += [(name, one) for one in Page(answer.content.decode()).injected()]
    assert wrong == []


def test_spoilt_choices_are_answered(world):
    """Also in lists the page did not show, because there was nothing to choose from."""
    client, broken = Client(raise_request_exception=False), []
    for name, fields in SPOILT.items():
        honest = filled(client, world, name)
        for field in fields:
            for value in (HUGE, "\x00", "-1", POISON):
                with undone():
                    if send(client, world, name, honest | {field: value}).status_code >= 500:
                        broken.append((name, field, value[:10]))
    assert broken == []


# --- sent twice ---------------------------------------------------------------------------------------


def test_a_form_sent_twice_does_its_work_once(world, client):
    """Every table after the second sending is what it was after the first; where there is no key, too."""
    wrong = []
    for name in FORMS:
        honest = filled(client, world, name)
        with undone():
            before = fingerprint()
            first, after_first = send(client, world, name, honest), fingerprint()
            second, after_second = send(client, world, name, honest), fingerprint()
        if first.status_code != 302 or (after_first == before and name not in WITHOUT_A_CHANGE):
            wrong.append((name, "the control did nothing", first.status_code))
        if second.status_code >= 500 or after_first != after_second:
            wrong.append((name, second.status_code, changed_tables(after_first, after_second)))
        is_same_way = second.headers.get("Location") == first.headers.get("Location")
        if name not in WITHOUT_A_KEY | GONE_AFTERWARDS and not is_same_way:
            wrong.append((name, "the second sending did not lead where the first did", second.status_code))
    assert wrong == []


# --- what goes from one form to the next -----------------------------------------------------------------


def test_ticket_of_another_account_brings_no_file(world, client, media):
    (media / "evidence").mkdir(exist_ok=True)
    (media / "evidence" / "a.pdf").write_bytes(b"%PDF-1.4")
    key = uuid.uuid4()
    stored = Stored("evidence/a.pdf", "a.pdf", "pdf", "application/pdf", 8, "0" * 64)
    mine = ticket_for(stored, account=world.accounts["secretary"], form_key=key)
    strange = ticket_for(stored, account=world.far.account, form_key=key)
    assert redeem(mine, account=world.accounts["secretary"], form_key=key) == stored
    for name, field in (("branches:activity_new", "kept"), ("inspections:answer", "ticket")):
        for ticket, files in ((strange, 0), (mine + "x", 0), (mine, 1)):
            with undone():
                before = fingerprint()
                honest = filled(client, world, name) | {"form_key": str(key), field: [ticket, ticket]}
                assert client.post(address_of(world, name), honest).status_code == 302
                after = fingerprint()
                grown = {
                    table: after[table][0] - before[table][0]
                    for table in ("branches_evidence", "inspections_unitanswerfile")
                }
                assert sum(grown.values()) == files, (name, grown)


def test_form_key_of_another_account_is_refused_and_tells_nothing(world, client):
    receipt = FormReceipt.objects.create(key=uuid.uuid4(), account=world.far.account, location="/don-vi/1/bi-mat/")
    before, refused = fingerprint(), set()
    for name in FORMS:
        honest = filled(client, world, name) | {"form_key": str(receipt.key)}
        with transaction.atomic():
            answer = send(client, world, name, honest)
            # A form without a key has nothing to refuse; what it did is undone.
            transaction.set_rollback(answer.status_code == 302)
        assert "bi-mat" not in answer.headers.get("Location", ""), name
        if answer.status_code == 403:
            refused.add(name)
    # The day of the last sign-in, and that the form of what is kept closed was opened to be filled in.
    assert set(changed_tables(before, fingerprint())) <= {
        "branches_account", "branches_sensitiveaccess", "branches_disciplineaccess", "inspections_complaintaccess",
    }  # fmt: skip
    assert set(FORMS) - refused == WITHOUT_A_KEY


def test_post_of_another_person_is_not_taken(world, client):
    client.force_login(world.accounts["secretary"])
    for wanted in (world.far.post.pk, HUGE, "\x00", ""):
        assert client.post(reverse("branches:post_switch"), {"post": wanted}).status_code == 404


def test_term_of_another_unit_opens_no_plan(world, client):
    client.force_login(world.accounts["secretary"])
    for name in ("reports:term_plan_edit", "reports:term_plan_copy"):
        arguments = {"pk": world.own.pk, "period": world.far.term.pk}
        assert client.get(reverse(name, kwargs=arguments)).status_code == 404
        assert client.post(reverse(name, kwargs=arguments)).status_code == 404
