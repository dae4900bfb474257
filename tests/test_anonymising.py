"""Anonymising: the person goes, from every table; every count of every past day stays."""

import datetime

import pytest
from django.apps import apps
from django.db import models
from django.db.models import Q
from django.urls import reverse

from branches.anonymising import EMPTIED, NAME, ROWS, AnonymisingRefused, anonymise, due_for_anonymising, losses_of
from branches.consenting import say_consent, text_in_force
from branches.enrolling import EnrolmentRefused, change_member
from branches.leaving import end_membership
from branches.models import (
    Account,
    Admission,
    Consent,
    DataRequest,
    EditConflict,
    ImportRow,
    Member,
    MemberImport,
    MemberMerge,
    Membership,
    NotSamePerson,
    ProposedValue,
    SelfServiceLink,
    SensitiveData,
    Transfer,
)
from branches.privacy import Privacy, fields_of
from branches.proposing import propose
from branches.register import REGISTER_KEYS, flows, register_figures
from branches.requests_of_data import receive_request
from branches.structure import structure_of

from .factories import AccountFactory, MemberFactory, UnionFactory, UnitFactory, account_at

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)
LEFT = datetime.date(2021, 11, 22)  # five years ago to the day
MARK = "zqx"  # stands in every text about the person, and nowhere else


@pytest.fixture
def union():
    return UnionFactory()


@pytest.fixture
def branch(union):
    return UnitFactory(superior=union)


@pytest.fixture
def secretary(branch):
    return account_at(branch)


@pytest.fixture
def person(branch, secretary):
    """Somebody who left, of whom every table holds something."""
    member = MemberFactory(
        home=branch, full_name=f"Lê Thu {MARK}", sex="female", birth_date=datetime.date(1998, 9, 10),
        national_code=MARK, phone=MARK, email=f"{MARK}@donvi.vn", address=MARK, hometown=MARK, job=MARK, education=MARK,
        education_level="university", politics=MARK, admitted_on=datetime.date(2014, 3, 26), admitted_at=MARK,
        card_number=MARK, since=datetime.date(2016, 1, 1),
    )  # fmt: skip
    SensitiveData.objects.create(
        member=member, ethnicity="Tày", religion=MARK, joined_party_on=datetime.date(2020, 2, 3),
        official_party_on=datetime.date(2021, 2, 3), personal_number=MARK, discipline=MARK,
    )  # fmt: skip
    change_member(member=member, version=member.version, by=secretary, job=f"{MARK} khác")
    AccountFactory(member=member)
    propose(member=member, values={"hometown": f"{MARK} mới"})
    SelfServiceLink.objects.create(
        unit=branch, member=member, token_hash="x", created_by=secretary,
        expires_at=datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC),
    )  # fmt: skip
    say_consent(
        member=member, text=text_in_force(TODAY), given=True, means="paper", on=TODAY, by=secretary,
        guardian=MARK, note=MARK,
    )  # fmt: skip
    other = MemberFactory(home=branch)
    NotSamePerson.objects.create(first=member, second=other, said_by=secretary)
    absorbed = MemberFactory(home=branch, full_name=f"Le Thu {MARK}", phone=MARK, is_active=False, merged_into=member)
    absorbed.memberships.all().delete()
    MemberMerge.objects.create(
        kept=member, absorbed=absorbed, merged_by=secretary, values={"full_name": [MARK, MARK, MARK]}
    )
    source = MemberImport.objects.create(unit=branch, name="ds.xlsx", starts_on=TODAY, state="applied")
    ImportRow.objects.create(
        belongs_to=source, sheet=0, number=2, state="new", cells={"a": MARK}, typed={"a": MARK}, values={"a": MARK},
        before={"a": MARK}, problems=[MARK], member=member, chosen=member,
    )  # fmt: skip
    Admission.objects.create(
        unit=branch, state="decided", full_name=MARK, birth_date=datetime.date(1998, 9, 10), job=MARK, education=MARK,
        hometown=MARK, address=MARK, phone=MARK, introduced_by=MARK, reason=MARK, applied_on=TODAY, member=member,
        written_by=secretary,
    )  # fmt: skip
    Transfer.objects.create(
        member=member, source=branch, target_name="Nơi khác", state="returned", asked_on=TODAY, reason=MARK,
        remark=MARK, letter_number=MARK, answer=MARK, due_on=TODAY, sent_by=secretary,
    )  # fmt: skip
    end_membership(member=member, on=LEFT, reason="deleted", decision=MARK, by=secretary)
    member.memberships.update(decision=MARK, end_note=MARK)
    member.refresh_from_db()
    return member


def where_it_stands(words: str) -> list[str]:
    """Table and column of every text or JSON in the three apps that says the words."""
    found = []
    for label in ("branches", "inspections", "reports"):
        for model in apps.get_app_config(label).get_models():
            for column in model._meta.concrete_fields:
                if isinstance(column, models.CharField | models.TextField | models.JSONField):
                    values = model._base_manager.values_list(column.name, flat=True)
                    if any(words in str(value) for value in values):
                        found.append(f"{model.__name__}.{column.name}")
    return sorted(found)


def test_nothing_anywhere_says_who_it_was(person, secretary):
    before = where_it_stands(MARK)
    assert {"Member.full_name", "HistoricalMember.phone", "ImportRow.cells", "Transfer.remark", "Consent.guardian",
            "MemberMerge.values", "ProposedValue.value", "SensitiveData.discipline"} <= set(before)  # fmt: skip
    anonymise(member=person, version=person.version, by=secretary, on=TODAY)
    assert where_it_stands(MARK) == []
    assert not Account.objects.filter(member=person).exists()
    assert not DataRequest.objects.filter(member=person).exists()
    assert (ProposedValue.objects.count(), SelfServiceLink.objects.count(), NotSamePerson.objects.count()) == (0, 0, 0)
    assert set(Admission.objects.values_list("full_name", "birth_date")) == {(NAME, datetime.date(1998, 1, 1))}


def test_what_the_figures_need_stays(person, secretary):
    spans = list(person.memberships.values_list("unit", "kind", "starts_on", "ends_on", "begin_reason", "end_reason"))
    found = anonymise(member=person, version=person.version, by=secretary, on=TODAY)
    found.refresh_from_db()
    assert (found.full_name, found.sex, found.education_level, found.anonymised_on) == (
        NAME, "female", "university", TODAY,
    )  # fmt: skip
    assert (found.birth_date, found.birth_precision) == (datetime.date(1998, 1, 1), "year")
    assert found.sensitive.joined_party_on == datetime.date(2020, 2, 3)
    assert (found.sensitive.ethnicity, found.sensitive.official_party_on) == ("Tày", None)
    assert spans == list(
        found.memberships.values_list("unit", "kind", "starts_on", "ends_on", "begin_reason", "end_reason")
    )
    assert Consent.objects.filter(member=found, given=True).count() == 1


def figures(union):
    below = Q(unit__path__startswith=union.path)
    days = [datetime.date(2015, 6, 1), datetime.date(2016, 1, 1), datetime.date(2020, 2, 2), datetime.date(2020, 2, 3),
            LEFT - datetime.timedelta(days=1), LEFT, TODAY]  # fmt: skip
    standing = [
        register_figures(units=below, keys=["members", "women", "party_members"], day=one_day) for one_day in days
    ]
    return standing, flows(REGISTER_KEYS, union, datetime.date(2021, 1, 1), datetime.date(2021, 12, 31))


def test_every_figure_of_past_days_is_the_same(union, branch, person, secretary):
    MemberFactory(home=branch, sex="female")
    before = figures(union)
    assert before[0][3] == {"members": 3, "women": 2, "party_members": 1}  # the person, their namesake, one more
    anonymise(member=person, version=person.version, by=secretary, on=TODAY)
    assert figures(union) == before


def test_who_did_it_and_when_is_the_only_history_left(person, secretary):
    assert person.history.count() > 2
    anonymise(member=person, version=person.version, by=secretary, on=TODAY)
    left = Member.history.filter(id=person.pk).get()
    assert (left.history_user, left.history_change_reason, left.full_name) == (secretary, NAME, NAME)


def test_every_personal_text_of_the_record_is_among_the_emptied():
    kept = {"full_name", "sex", "birth_date", "birth_precision", "education_level", "admitted_on", "admitted_precision"}
    assert set(fields_of(Member, Privacy.PERSONAL)) - kept == set(EMPTIED)


def test_every_kind_of_row_about_a_member_has_a_fate():
    pointing = {
        f"{relation.related_model.__name__}.{relation.field.name}"
        for relation in Member._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and not hasattr(relation.related_model, "instance_type")
    }
    assert pointing == set(ROWS)


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (lambda member: Member.objects.filter(pk=member.pk).update(is_active=True), "còn sinh hoạt"),
        (lambda member: member.memberships.update(ends_on=LEFT + datetime.timedelta(days=1)), "chưa đủ 5 năm"),
        (lambda member: member.transfers.update(state="sent"), "đang chuyển sinh hoạt"),
        (lambda member: Member.objects.filter(pk=member.pk).update(merged_into=Member.objects.exclude(pk=member.pk)[0]),
         "đã gộp"),
        (lambda member: Member.objects.filter(pk=member.pk).update(anonymised_on=LEFT), "đã ẩn danh ngày 22/11/2021"),
    ],
)  # fmt: skip
def test_not_too_early_and_not_twice(person, secretary, change, answer):
    change(person)
    before = where_it_stands(MARK)
    with pytest.raises(AnonymisingRefused, match=answer):
        anonymise(member=person, version=person.version, by=secretary, on=TODAY)
    assert where_it_stands(MARK) == before


def test_a_request_to_be_deleted_does_not_wait_for_years(branch, person, secretary):
    person.memberships.update(ends_on=datetime.date(2026, 11, 1))
    receive_request(
        unit=branch, kind="delete", name="", member=person, received_on=TODAY, on=TODAY, by=secretary,
    )  # fmt: skip
    anonymise(member=person, version=person.version, by=secretary, on=TODAY)
    assert where_it_stands(MARK) == ["DataRequest.name"]  # the register of requests proves that it was answered


def test_record_changed_meanwhile_is_not_anonymised(person, secretary):
    with pytest.raises(EditConflict):
        anonymise(member=person, version=person.version - 1, by=secretary, on=TODAY)
    assert "Member.full_name" in where_it_stands(MARK)


def test_nothing_is_written_into_an_anonymised_record(person, secretary):
    found = anonymise(member=person, version=person.version, by=secretary, on=TODAY)
    with pytest.raises(EnrolmentRefused, match="đã ẩn danh"):
        change_member(member=found, version=found.version, by=secretary, full_name="Lê Thu An")


def test_page_of_an_anonymised_record_offers_nothing_that_would_be_refused(client, person, secretary):
    anonymise(member=person, version=person.version, by=secretary, on=TODAY)
    client.force_login(secretary)
    page = client.get(reverse("branches:member", args=[person.pk])).content.decode()
    assert "Hồ sơ đã ẩn danh ngày 22/11/2026" in page
    for name in ("member_edit", "consent", "own_data", "member_return", "member_leave", "anonymise"):
        assert reverse(f"branches:{name}", args=[person.pk]) not in page


def test_those_who_left_long_ago_are_listed(branch, person, secretary):
    recent = MemberFactory(home=branch)
    end_membership(member=recent, on=LEFT + datetime.timedelta(days=1), reason="matured", by=secretary)
    elsewhere = MemberFactory(home=branch)
    end_membership(member=elsewhere, on=LEFT, reason="matured", by=secretary)
    Membership.objects.create(member=elsewhere, unit=branch, kind="residence", starts_on=LEFT)
    assert [(one.pk, one.left_on) for one in due_for_anonymising(Member.objects.all(), TODAY)] == [(person.pk, LEFT)]


def test_page_says_what_is_lost_before_it_happens(client, union, branch, person, secretary, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)
    url = reverse("branches:anonymise", args=[person.pk])
    said = {loss.what: loss.count for loss in losses_of(person)}
    assert said["đề nghị sửa của đoàn viên"] == 1
    client.force_login(secretary)
    assert person.full_name in client.get(reverse("branches:anonymise_list", args=[branch.pk])).content.decode()
    page = client.get(url).content.decode()
    assert "1 đề nghị sửa của đoàn viên" in page
    # Without the tick nothing happens.
    assert client.post(url, {"version": person.version}).status_code == 200
    assert Member.objects.get(pk=person.pk).anonymised_on is None
    assert client.post(url, {"version": person.version, "sure": "on"}).status_code == 302
    assert where_it_stands(MARK) == []
    client.force_login(account_at(union, "superior_office"))
    assert client.get(url).status_code == 403
    client.force_login(account_at(UnitFactory(superior=union)))
    assert client.get(url).status_code == 404


# --- the structure of members ---------------------------------------------------------------------------


def without_ages(structure):
    return structure.total, structure.women, [part for part in structure.parts if part.title != "Tuổi"]


def test_structure_is_the_same_before_and_after(union, branch, person, secretary):
    """Sex, education, ethnic group and Party on any day; age bands on the last day of any year, because the day and
    month of birth are gone and a year alone is counted as it is on 31/12."""
    MemberFactory(home=branch, sex="female")
    days = [datetime.date(2016, 1, 1), datetime.date(2020, 2, 3), LEFT - datetime.timedelta(days=1), LEFT, TODAY]
    last_days = [datetime.date(year, 12, 31) for year in (2016, 2019, 2020, 2021)]

    def structures():
        whole = [structure_of(union, one_day) for one_day in last_days]
        others = [without_ages(structure_of(union, one_day)) for one_day in days]
        return whole, others

    before = structures()
    assert before[0][0].total == 3
    anonymise(member=person, version=person.version, by=secretary, on=TODAY)
    assert structures() == before
