"""Every field of the project has a class of privacy; what is sensitive is the declared list and no less."""

import pytest
from django.apps import apps
from django.db import models

from branches.models import Member, SensitiveData
from branches.privacy import CLASSES, Privacy, fields_of, privacy_of

LABELS = ("branches", "inspections", "reports")


def own_models():
    return [model for label in LABELS for model in apps.get_app_config(label).get_models()]


def undeclared(found_models) -> list[str]:
    wrong = []
    for model in found_models:
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
            try:
                privacy_of(model, field.name)
            except KeyError as error:
                wrong.append(str(error).strip("'"))
    return wrong


def test_every_field_has_one_class():
    assert len(own_models()) > 50  # history tables included
    assert undeclared(own_models()) == []


def test_a_field_nobody_declared_is_noticed(monkeypatch):
    """Negative control: a new column, a new model, and a field declared twice."""
    declared = CLASSES["branches.SensitiveData"]
    fewer = {**declared, Privacy.SENSITIVE: declared[Privacy.SENSITIVE].replace("religion ", "")}
    monkeypatch.setitem(CLASSES, "branches.SensitiveData", fewer)
    assert undeclared([SensitiveData]) == ["branches.SensitiveData.religion"]
    twice = {**declared, Privacy.PERSONAL: "religion"}
    monkeypatch.setitem(CLASSES, "branches.SensitiveData", twice)
    assert undeclared([SensitiveData]) == ["branches.SensitiveData.religion"]

    class Unknown(models.Model):
        class Meta:
            app_label = "branches"
            apps = apps.__class__()

    assert undeclared([Unknown]) == ["branches.Unknown"]


def test_declared_names_exist():
    """A field that was renamed or removed leaves no line behind."""
    found = {model._meta.label: model for model in own_models() if not hasattr(model, "instance_type")}
    assert set(CLASSES) == set(found)
    left_over = {
        label: sorted(
            set(" ".join(declared.values()).split())
            - {field.name for field in (*found[label]._meta.concrete_fields, *found[label]._meta.many_to_many)}
        )
        for label, declared in CLASSES.items()
    }
    assert {label: names for label, names in left_over.items() if names} == {}


def test_sensitive_fields_are_these():
    assert fields_of(SensitiveData, Privacy.SENSITIVE) == (
        "ethnicity", "religion", "joined_party_on", "joined_party_precision", "official_party_on", "personal_number",
        "discipline",
    )  # fmt: skip
    others = {
        f"{model._meta.label}.{name}"
        for model in own_models()
        if model is not SensitiveData
        for name in fields_of(model, Privacy.SENSITIVE)
    }
    assert others == {
        "branches.Consent.guardian", "branches.Consent.note", "branches.Discipline.appeal_note",
        "branches.Discipline.appealed_on", "branches.Discipline.voted_on", "branches.PartyStep.voted_on",
        "branches.Discipline.decided_by_body",
        "branches.Discipline.decided_on", "branches.Discipline.decision", "branches.Discipline.ended_note",
        "branches.Discipline.ended_on", "branches.Discipline.facts", "branches.Discipline.measure",
        "branches.Discipline.opened_on", "branches.Discipline.proposed", "branches.Discipline.state",
        "branches.DisciplineAccess.discipline", "branches.ImportRow.before", "branches.ImportRow.cells",
        "branches.ImportRow.typed", "branches.ImportRow.values", "branches.MemberImport.file",
        "branches.MemberMerge.values", "branches.Membership.end_note", "branches.PartyStep.dated_on",
        "branches.PartyStep.document", "branches.PartyStep.expires_on", "branches.PartyStep.helpers",
        "branches.PartyStep.kind", "branches.PartyStep.note", "branches.ProgressRemark.dated_on",
        "branches.ProgressRemark.merits", "branches.ProgressRemark.shortcomings", "branches.ProposedValue.reason",
        "branches.ProposedValue.value", "inspections.Inspection.disciplines", "inspections.Complaint.unit",
        "inspections.Complaint.kind", "inspections.Complaint.received_on", "inspections.Complaint.from_name",
        "inspections.Complaint.from_contact", "inspections.Complaint.text", "inspections.Complaint.state",
        "inspections.Complaint.due_on", "inspections.Complaint.state_reason", "inspections.Complaint.answer",
        "inspections.Complaint.ended_on", "inspections.Complaint.inspection", "inspections.Complaint.discipline",
        "inspections.ComplaintFile.name", "inspections.ComplaintFile.file", "inspections.ComplaintAccess.complaint",
        "inspections.Complaint.search_key", "inspections.ComplaintMove.complaint",
        "inspections.ComplaintMove.to_state", "inspections.ComplaintMove.words",
    }  # fmt: skip


def test_history_has_the_classes_of_what_it_keeps():
    assert privacy_of(Member.history.model, "phone") == Privacy.PERSONAL
    assert privacy_of(Member.history.model, "history_user") == Privacy.WORK


@pytest.mark.parametrize("model", [Member])
def test_contacts_are_personal(model):
    assert {"phone", "email", "address"} <= set(fields_of(model, Privacy.PERSONAL))
