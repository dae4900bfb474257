"""How complete the register is: one function, figures by hand, each opening the list of those who lack something."""

import datetime
from fractions import Fraction

import pytest
from django.urls import reverse

from branches.completeness import completeness_of, fields_that_count, gaps_of, label_of, lacking, whole_of
from branches.models import Member, SensitiveData

from .factories import MemberFactory, RuleFactory, UnionFactory, UnitFactory, account_at

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)
FIELDS = ("sex", "birth_date", "phone", "ethnicity")


@pytest.fixture
def union():
    return UnionFactory(name="Đoàn Khối")


@pytest.fixture
def branch(union):
    return UnitFactory(superior=union, name="Chi đoàn A")


def of(unit, members=None):
    return completeness_of(Member.objects.filter(home__path__startswith=unit.path) & (members or Member.objects.all()),
                           unit, FIELDS)  # fmt: skip


def full(home, **fields):
    member = MemberFactory(home=home, phone="0912345678", **fields)
    SensitiveData.objects.create(member=member, ethnicity="Kinh")
    return member


def test_fields_that_count_come_from_the_rule_and_misspelt_ones_are_passed_over():
    RuleFactory(key="complete_fields", value=["phone", "phnoe", "religion"])
    assert fields_that_count(TODAY) == ("phone", "religion")


def test_default_fields_are_eight():
    assert len(fields_that_count(TODAY)) == 8


def test_boxes_persons_and_fields_are_counted(branch):
    full(branch)  # 4 of 4
    MemberFactory(home=branch)  # sex and birth date: 2 of 4
    SensitiveData.objects.create(member=MemberFactory(home=branch, sex="", birth_date=None), ethnicity="")  # 0 of 4
    found = of(branch)
    assert (found.whole.members, found.whole.filled, found.whole.wanted, found.whole.full) == (3, 6, 12, 1)
    assert found.whole.share == Fraction(1, 2)
    assert [(gap.name, gap.lacking, gap.filled) for gap in found.fields] == [
        ("phone", 2, 1), ("ethnicity", 2, 1), ("sex", 1, 2), ("birth_date", 1, 2),
    ]  # fmt: skip


def test_nobody_is_no_share(branch):
    found = of(branch)
    assert (found.whole.members, found.whole.share, found.units) == (0, None, ())


def test_superior_sees_its_branches_worst_first_with_what_is_below_them(union, branch):
    full(branch)
    poor = UnitFactory(superior=union, name="Chi đoàn B")
    group = UnitFactory(superior=poor, kind="sub_branch")
    full(poor)
    MemberFactory(home=group, sex="", birth_date=None)
    found = of(union)
    assert [(one.name, one.members, one.filled, one.wanted) for one in found.units] == [
        ("Chi đoàn B", 2, 4, 8), ("Chi đoàn A", 1, 4, 4),
    ]  # fmt: skip
    assert found.whole.share == Fraction(8, 12)
    # A stranger's people are in no figure.
    MemberFactory(home=UnitFactory())
    assert of(union) == found


def test_gaps_of_one_person_agree_with_the_filter_of_the_list(branch):
    whole = full(branch)
    bare = MemberFactory(home=branch, sex="")
    for member in (whole, bare):
        sensitive = SensitiveData.objects.filter(member=member).first()
        by_list = [name for name in FIELDS if Member.objects.filter(lacking(name), pk=member.pk).exists()]
        assert gaps_of(member, sensitive, FIELDS) == by_list
    assert gaps_of(bare, None, FIELDS) == ["sex", "phone", "ethnicity"]


def test_a_year_alone_is_an_answer(branch):
    member = MemberFactory(home=branch, birth_date=datetime.date(2001, 1, 1), birth_precision="year")
    assert "birth_date" not in gaps_of(member, None, FIELDS)


def test_the_line_on_the_list_is_the_same_figure(union, branch, django_assert_num_queries):
    full(branch)
    MemberFactory(home=branch, sex="")
    with django_assert_num_queries(1):
        found = whole_of(Member.objects.filter(home=branch), branch, FIELDS)
    assert found == of(branch).whole
    assert (found.filled, found.wanted, found.percent) == (5, 8, "62,5%")


def test_where_an_empty_field_tells_something_it_never_counts():
    RuleFactory(key="complete_fields", value=["discipline", "joined_party_on", "phone"])
    assert fields_that_count(TODAY) == ("phone",)


def test_unknown_field_is_an_error():
    with pytest.raises(KeyError):
        lacking("password")


def test_labels_are_those_people_read():
    assert [label_of(name) for name in ("birth_date", "ethnicity")] == ["Ngày sinh", "Dân tộc"]


@pytest.mark.parametrize("units", [1, 3, 30])
def test_two_queries_for_any_number_of_units(union, units, django_assert_num_queries):
    for _ in range(units):
        MemberFactory(home=UnitFactory(superior=union))
    with django_assert_num_queries(2):
        found = of(union)
    assert len(found.units) == units


# --- pages ----------------------------------------------------------------------------------------------


def test_page_opens_for_readers_of_the_register_and_numbers_lead_to_those_lacking(client, union, branch):
    full(branch, full_name="Lê Đủ")
    MemberFactory(home=branch, full_name="Trần Thiếu", sex="")
    url = reverse("branches:completeness", args=[branch.pk])
    client.force_login(account_at(union, "superior_office"))
    page = client.get(url).content.decode()
    people = reverse("branches:member_list", args=[branch.pk])
    assert f'href="{people}?thieu=sex"' in page
    listed = client.get(people, {"thieu": "sex"})
    assert [row["name"] for row in listed.context["rows"]] == ["Trần Thiếu"]
    client.force_login(account_at(UnitFactory(superior=union)))
    assert client.get(url).status_code == 404
    client.force_login(account_at(branch, "party_secretary"))
    assert client.get(url).status_code == 404


def test_list_of_an_unknown_gap_is_the_whole_list(client, branch):
    MemberFactory(home=branch)
    client.force_login(account_at(branch))
    page = client.get(reverse("branches:member_list", args=[branch.pk]), {"thieu": "password"})
    assert len(page.context["rows"]) == 1


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_page_asks_the_same_queries(client, union, rows, django_assert_num_queries):
    for _ in range(rows):
        MemberFactory(home=UnitFactory(superior=union))
    client.force_login(account_at(union, "superior_office"))
    with django_assert_num_queries(7):  # session, account, posts, unit, rules, members by home, names of units
        client.get(reverse("branches:completeness", args=[union.pk]))
