"""Forms are sent with what they did not offer: objects of strangers, columns of the table, and rubbish.

A foreign object is neither changed nor pointed at afterwards, and nothing but the declared fields is
written. Each attack has its control: the same form with an own object is accepted.
"""

import re
import uuid
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from branches.models import FormReceipt
from branches.uploads import Stored, redeem, ticket_for

from .access_expectations import EXPECTED, POST_ONLY
from .foreign_world import TwoWorlds
from .hostile import POISON, Page, address_of, changed_tables, fingerprint, form_of, is_of_the_frame

pytestmark = pytest.mark.django_db
HUGE = "9" * 30


@pytest.fixture
def world(media):
    return TwoWorlds()


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def one_row(indicator, **values):
    """A result of an activity."""
    return {"quantity": indicator.pk, f"q{indicator.pk}-value": "3"} | values


def grid_row(indicator, **values):
    """A row of the plan, opened by whoever sends it."""
    said = {"aim": "5", "origin": "own", "comparator": "", "document": "", "note": "", "due_on": "", "opened": "x"}
    return {f"r{indicator.pk}-{name}": value for name, value in {**said, "version": "", **values}.items()}


CASE = {
    "title": "Kiểm tra", "inspection_kind": "periodic", "review_from": "01/01/2026", "review_last": "30/09/2026",
}  # fmt: skip
PROGRAMME = {"number": "77-KH", "issued_on": "01/02/2026", "title": "Kế hoạch", "year": "2026",
             "in_name_of": "committee"}  # fmt: skip
ADVICE = {"text": "Sinh hoạt đều", "owner": "BCH", "due_on": "31/12/2026"}

# Address → who sends the form, and what has to be written into it to be accepted.
FORMS = {
    "branches:activity_new": ("secretary", lambda w: {"title": "Việc mới", "area": w.area.pk}),
    "branches:activity_edit": ("secretary", lambda w: {"title": "Việc đã sửa"}),
    "branches:activity_hold": ("secretary", lambda w: {}),
    "branches:activity_cancel": ("secretary", lambda w: {"cancel_reason": "Mưa bão"}),
    "branches:evidence_delete": ("secretary", lambda w: {}),
    "branches:member_new": (
        "secretary",
        lambda w: {"full_name": "Lê Thị Mới", "starts_on": "01/01/2026", "begin_reason": "admitted"},
    ),
    "branches:member_edit": ("secretary", lambda w: {"job": "Văn thư"}),
    "branches:member_sensitive": ("secretary", lambda w: {"ethnicity": "Kinh"}),
    "branches:member_merge": ("secretary", lambda w: {"do": "merge"}),
    "branches:duplicate_answer": ("secretary", lambda w: w.form("branches:duplicate_answer")),
    "branches:consent": ("secretary", lambda w: {"given": "yes", "note": "Giấy ngày 20/11/2026"}),
    "branches:data_request_new": (
        "secretary",
        lambda w: {"kind": "copy", "received_on": "20/01/2026", "member": w.other_member.pk},
    ),
    "branches:data_request": ("secretary", lambda w: {"do": "answer", "answered_on": "20/01/2026"}),
    "branches:anonymise": ("secretary", lambda w: {"sure": "on"}),
    "branches:self_link_revoke": ("secretary", lambda w: {}),
    "branches:proposals": ("secretary", lambda w: {f"quyet-{w.proposal.pk}": "nhan", "do": "save"}),
    "branches:direction_new": ("secretary", lambda w: {"text": "Việc cần làm", "body_name": "Chi bộ"}),
    "branches:direction_edit": ("secretary", lambda w: {"text": "Việc cần làm khác"}),
    "branches:direction_answer": ("secretary", lambda w: {"answer": "Đã làm"}),
    "reports:plan_edit": ("secretary", lambda w: {f"r{w.indicator.pk}-aim": "7", "reason": "Theo thực tế"}),
    "reports:plan_copy": ("secretary", lambda w: {}),
    "reports:term_plan_edit": ("secretary", lambda w: {f"r{w.indicator.pk}-aim": "7", "reason": "Theo thực tế"}),
    "reports:term_plan_copy": ("secretary", lambda w: {}),
    "reports:own_indicator_new": (
        "secretary",
        lambda w: {"name": "Chỉ tiêu riêng", "unit_word": "buổi", "area": w.area.pk},
    ),
    "reports:term_new": (
        "secretary",
        lambda w: {"name": "Nhiệm kỳ mới", "starts_on": "01/06/2027", "last_day": "31/05/2030"},
    ),
    "reports:target_revise": ("secretary", lambda w: {"aim": "≥ 6", "reason": "Theo thực tế"}),
    "reports:target_remove": ("secretary", lambda w: {"reason": "Không còn làm"}),
    "reports:target_hand_down": ("superior", lambda w: {f"u{w.own.pk}": "2"}),
    "reports:report_new": ("secretary", lambda w: {"period": f"nk-{w.term.pk}"}),
    "reports:report_settings": ("secretary", lambda w: {"signer_name": "Lê Văn Ký"}),
    "reports:report_sentence": ("secretary", lambda w: w.form("reports:report_sentence")),
    "reports:report_sentence_new": ("secretary", lambda w: {"text": "Câu mới."}),
    "reports:report_section_review": ("secretary", lambda w: {}),
    "inspections:programme_new": ("inspector", lambda w: PROGRAMME),
    "inspections:programme_edit": ("inspector", lambda w: {"title": "Trích yếu khác"}),
    "inspections:new": ("inspector", lambda w: CASE | {"programme": w.programme.pk, "units": w.own.pk}),
    "inspections:edit": ("inspector", lambda w: {"title": "Tên khác"}),
    "inspections:team": ("inspector", lambda w: {}),
    "inspections:seat_end": ("inspector", lambda w: {}),
    "inspections:visit": ("inspector", lambda w: {"day_part": "morning"}),
    "inspections:conclude": ("inspector", lambda w: {"concluded_on": "20/09/2026", "number": "5-TB"}),
    "inspections:finding_new": ("inspector", lambda w: {"text": "Còn chậm"}),
    "inspections:finding_edit": ("inspector", lambda w: {"text": "Còn rất chậm"}),
    "inspections:finding_delete": ("inspector", lambda w: {}),
    "inspections:recommendation_new": ("inspector", lambda w: ADVICE),
    "inspections:recommendation_edit": ("inspector", lambda w: {"text": "Sinh hoạt đều hơn"}),
    "inspections:recommendation_delete": ("inspector", lambda w: {}),
    "inspections:recommendation_extend": ("inspector", lambda w: {"due_on": "31/12/2027", "reason": "Chờ kinh phí"}),
    "inspections:recommendation_withdraw": ("inspector", lambda w: {"reason": "Không còn cần"}),
    "inspections:check": ("inspector", lambda w: {"verdict": "adequate", "text": "Đạt"}),
    "inspections:answer": ("secretary", lambda w: {"text": "Đã làm xong"}),
}
# These change one thing into another, and a second sending finds it changed: a version is enough.
WITHOUT_A_KEY = {
    "branches:duplicate_answer",
    "branches:evidence_delete", "branches:member_edit", "branches:member_sensitive", "branches:direction_edit",
    "branches:consent", "branches:data_request", "branches:anonymise", "branches:self_link_revoke",
    "branches:proposals",
    "branches:direction_answer", "reports:plan_copy", "reports:term_plan_copy", "reports:target_revise",
    "reports:target_remove", "reports:target_hand_down", "reports:report_new", "reports:report_settings",
    "reports:report_sentence", "reports:report_section_review", "inspections:finding_delete",
    "inspections:recommendation_delete",
}  # fmt: skip
# Closing the case needs its recommendations ended; the form is a button without a field.
# A link to correct one's own record is shown where it was asked for and not led away from: test_self_correction.py.
WITHOUT_A_FIELD = {
    "inspections:close", "branches:post_switch", "branches:self_link_new", "branches:self_link_member",
}  # fmt: skip

# (address, field, what is sent for an object, the own object, the foreign one)
ATTACKS = [
    *[
        (f"branches:activity_{name}", field, said, own, far)
        for name in ("new", "edit", "hold")
        for field, said, own, far in (
            ("members", lambda one: {"members": one.pk}, "member", "member"),
            ("quantity", one_row, "indicator", "indicator"),
        )
    ],
    ("branches:data_request_new", "member", lambda one: {"member": one.pk}, "other_member", "member"),
    # The keys of rows on the page; nobody else's are taken.
    ("branches:proposals", "thay", lambda one: {"thay": one.pk, f"quyet-{one.pk}": "nhan"}, "proposal", "proposal"),
    ("reports:plan_edit", "r*-owner", None, "other_member", "member"),
    ("reports:plan_edit", "r*-direction", None, "direction", "direction"),
    ("reports:plan_edit", "r*-aim", grid_row, "indicator", "indicator"),
    ("reports:term_plan_edit", "r*-owner", None, "other_member", "member"),
    ("reports:term_plan_edit", "r*-direction", None, "direction", "direction"),
    ("reports:target_revise", "owner", lambda one: {"owner": one.pk}, "other_member", "member"),
    ("reports:target_revise", "direction", lambda one: {"direction": one.pk}, "direction", "direction"),
    ("reports:target_hand_down", "u*", lambda one: {f"u{one.pk}": "3"}, "own", "unit"),
    ("reports:report_new", "period", lambda one: {"period": f"nk-{one.pk}"}, "term", "term"),
    ("inspections:new", "programme", lambda one: {"programme": one.pk}, "programme", "programme"),
    ("inspections:new", "units", lambda one: {"units": one.pk}, "own", "unit"),
    ("inspections:new", "doan-*-account", lambda one: {"doan-0-account": one.pk}, "chair", "account"),
    ("inspections:team", "doan-*-account", lambda one: {"doan-2-account": one.pk}, "chair", "account"),
    ("inspections:team", "doan-*-pk", lambda one: {"doan-0-pk": one.pk, "doan-0-name": "Đổi"}, "open_seat", "seat"),
    ("inspections:visit", "topic_*", lambda one: {f"topic_{one.pk}": "Trả lời"}, "topic", "topic"),
    ("inspections:finding_new", "target", lambda one: {"target": one.pk}, "target", "target"),
    ("inspections:finding_new", "activity", lambda one: {"activity": one.pk}, "activity", "activity"),
    ("inspections:finding_edit", "target", lambda one: {"target": one.pk}, "target", "target"),
    ("inspections:finding_edit", "activity", lambda one: {"activity": one.pk}, "activity", "activity"),
    ("inspections:recommendation_new", "findings", lambda one: {"findings": one.pk}, "finding", "finding"),
    ("inspections:recommendation_edit", "findings", lambda one: {"findings": one.pk}, "finding", "finding"),
    ("inspections:answer", "activities", lambda one: {"activities": one.pk}, "own_activity", "activity"),
    ("inspections:answer", "targets", lambda one: {"targets": one.pk}, "target", "target"),
]
# Choices with numbers that belong to nobody: chapters, yes and no.
OF_NOBODY = {"area", "value", "q*-value", "pick"}


def filled(client, world, name) -> dict:
    """The form of this address as an honest person sends it."""
    relation, said = FORMS[name]
    client.force_login(world.accounts[relation])
    values = {} if name in POST_ONLY else form_of(client, address_of(world, name)).filled()
    values.pop("csrfmiddlewaretoken", None)
    if name in ("reports:plan_edit", "reports:term_plan_edit"):
        values = {key: value for key, value in values.items() if not key.endswith("-comparator") or value != [""]}
    return values | {"form_key": str(uuid.uuid4())} | said(world)


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
    field = "direction" if type(one).__name__ == "Direction" else "owner"
    target = world.target if name == "reports:plan_edit" else world.own_term_target
    return grid_row(target.indicator, version=target.version, reason="Theo thực tế", **{field: one.pk})


def test_forms_take_own_objects_and_no_foreign_ones(world, client):
    world.chair = world.accounts["inspector"]
    wrong = []
    for name, field, said, own, foreign in ATTACKS:
        mine, strange = getattr(world, own), getattr(world.far, foreign)
        url, honest = address_of(world, name), filled(client, world, name)
        with undone():
            before = state_of(mine)
            answer = client.post(url, honest | said_about(world, name, said, mine))
            if answer.status_code != 302 or state_of(mine) == before:
                wrong.append((name, field, "the own object was not taken either"))
        with undone():
            before = state_of(strange)
            client.post(url, honest | said_about(world, name, said, strange))
            if state_of(strange) != before:
                wrong.append((name, field, "the foreign object was taken"))
    assert wrong == []


def test_every_form_is_attacked(world, client):
    """A new address with a form, or a new field that names objects, needs a line above."""
    found, forms = set(), set()
    for name, (allowed, _) in EXPECTED.items():
        if name in POST_ONLY or not allowed or name.endswith(("_pdf", "_xlsx", "_export")):
            continue
        client.force_login(world.accounts[sorted(allowed & {"secretary", "superior", "inspector"} or allowed)[0]])
        url = address_of(world, name)
        answer = client.get(url)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for form in Page(answer.content.decode()).forms:
            if form.method != "post" or is_of_the_frame(form):
                continue
            forms.add(name)
            found |= {
                (name, re.sub(r"\d+", "*", field))
                for field, values in form.offered.items()
                if any(value.isdecimal() and int(value) > 1 for value in values)
            }
    attacked = {(name, field) for name, field, *_ in ATTACKS}
    assert forms - set(FORMS) - WITHOUT_A_FIELD - {"branches:member"} == set()
    assert {(name, field) for name, field in found if field not in OF_NOBODY} - attacked == set()


# --- columns that are no fields -------------------------------------------------------------------------

OF_THE_MOMENT = {
    "id", "history_id", "history_date", "created_at", "updated_at", "made_at", "uploaded_at", "edited_at", "said_at",
    "merged_at", "revoked_at", "decided_at", "sent_at",
}  # fmt: skip
KEYS = {"key", "location"}


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
            plain = client.post(url, honest)
            as_meant = snapshot(known)
        with undone():
            client.post(url, added | honest)
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


SPOILT = {
    "inspections:new": ("units", "programme", "doan-0-account"),
    "inspections:answer": ("activities", "targets", "ticket"),
    "inspections:recommendation_new": ("findings",),
    "inspections:finding_new": ("target", "activity"),
    "branches:activity_new": ("members", "quantity", "kept", "day", "pick", "do", "form_key"),
    "reports:report_sentence": ("version", "do"),
    "reports:report_sentence_new": ("source",),
}


def test_spoilt_choices_are_answered(world):
    """Also in lists the page did not show, because there was nothing to choose from."""
    client, broken = Client(raise_request_exception=False), []
    for name, fields in SPOILT.items():
        honest = filled(client, world, name)
        for field in fields:
            for value in (HUGE, "\x00", "-1", POISON):
                with undone():
                    if client.post(address_of(world, name), honest | {field: value}).status_code >= 500:
                        broken.append((name, field, value[:10]))
    assert broken == []


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
            answer = client.post(address_of(world, name), honest)
            # A form without a key has nothing to refuse; what it did is undone.
            transaction.set_rollback(answer.status_code == 302)
        assert "bi-mat" not in answer.headers.get("Location", ""), name
        if answer.status_code == 403:
            refused.add(name)
    # The day of the last sign-in, and that the form of what is kept closed was opened to be filled in.
    assert set(changed_tables(before, fingerprint())) <= {"branches_account", "branches_sensitiveaccess"}
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
