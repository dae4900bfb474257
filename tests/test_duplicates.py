"""Records that may be one person: what is found, what is not, and what is shown of other people's registers."""

import datetime

import pytest
from django.urls import reverse

from branches import duplicates
from branches.duplicates import pairs_in, say_not_same, take_back_not_same
from branches.models import Member, NotSamePerson, Precision, SensitiveData
from tests.factories import MemberFactory, PostTypeFactory, UnionFactory, UnitFactory, account_at

pytestmark = pytest.mark.django_db
BORN = datetime.date(2001, 3, 22)


@pytest.fixture
def union():
    return UnionFactory(name="Đoàn Khối các cơ quan")


@pytest.fixture
def branch(union):
    return UnitFactory(superior=union, name="Chi đoàn Sở Thông tin")


@pytest.fixture
def secretary(branch):
    return account_at(branch)


def found(user, unit):
    """{names of the pair: (reasons, strength)}; the other side of somebody else's register is None."""
    names = dict(Member.objects.values_list("pk", "full_name"))
    return {
        frozenset({names[pair.member], names.get(pair.other)}): (pair.reasons, pair.strength)
        for pair in pairs_in(user, unit)
    }


def person(home, name, born=BORN, **fields):
    return MemberFactory(home=home, full_name=name, birth_date=born, **fields)


# --- what is found ----------------------------------------------------------------------------------


def test_the_same_name_without_marks_in_another_case_and_order_is_found(branch, secretary):
    person(branch, "Nguyễn Thị Ánh")
    person(branch, "NGUYEN THI ANH")
    person(branch, "Thị Ánh Nguyễn")
    person(branch, "Nguyễn Thị Anh", born=datetime.date(2001, 3, 23))
    person(branch, "Nguyễn Ánh")
    same = (("cùng họ tên, cùng ngày sinh",), 3)
    assert found(secretary, branch) == {
        frozenset({"Nguyễn Thị Ánh", "NGUYEN THI ANH"}): same,
        frozenset({"Nguyễn Thị Ánh", "Thị Ánh Nguyễn"}): same,
        frozenset({"NGUYEN THI ANH", "Thị Ánh Nguyễn"}): same,
    }


@pytest.mark.parametrize(
    ("born", "precision", "expected"),
    [
        (datetime.date(2001, 1, 1), Precision.YEAR, ("cùng họ tên, ngày sinh không trái nhau",)),
        (datetime.date(2001, 3, 1), Precision.MONTH, ("cùng họ tên, ngày sinh không trái nhau",)),
        (None, Precision.DAY, ("cùng họ tên, một hồ sơ chưa có ngày sinh",)),
        (datetime.date(2001, 4, 1), Precision.MONTH, None),
        (datetime.date(2000, 1, 1), Precision.YEAR, None),
        # The first day of the year, said as a day, is not the year.
        (datetime.date(2001, 1, 1), Precision.DAY, None),
    ],
)
def test_a_half_known_birth_date_agrees_with_the_days_it_may_be(branch, secretary, born, precision, expected):
    person(branch, "Lê An")
    person(branch, "Le An", born=born, birth_precision=precision)
    pairs = pairs_in(secretary, branch)
    assert [pair.reasons for pair in pairs] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"phone": "0912 345 678"}, {"phone": "+84912345678"}, "cùng số điện thoại"),
        ({"email": "an@so.vn"}, {"email": "AN@so.vn"}, "cùng thư điện tử"),
        ({"national_code": "0101A"}, {"national_code": "0101a"}, "cùng mã đoàn viên"),
        ({"card_number": "TD 12"}, {"card_number": "td12"}, "cùng số thẻ đoàn viên"),
    ],
)
def test_what_belongs_to_one_person_is_found_under_two_names(branch, secretary, first, second, reason):
    person(branch, "Lê An", **first)
    person(branch, "Trần Bình", born=None, **second)
    assert [pair.reasons for pair in pairs_in(secretary, branch)] == [(reason,)]


def test_the_personal_number_is_compared_and_never_shown(branch, secretary, client):
    for name in ("Lê An", "Trần Bình"):
        SensitiveData.objects.create(member=person(branch, name, born=None), personal_number="066099001234")
    assert [pair.reasons for pair in pairs_in(secretary, branch)] == [("cùng số căn cước",)]
    client.force_login(secretary)
    page = client.get(reverse("branches:duplicate_list", args=[branch.pk])).content.decode()
    assert "Cùng số căn cước" in page
    assert "066099001234" not in page


@pytest.mark.parametrize("phone", ["", "12345", "x"])
def test_what_is_empty_or_too_short_makes_no_pair(branch, secretary, phone):
    person(branch, "Lê An", phone=phone)
    person(branch, "Trần Bình", born=None, phone=phone)
    assert pairs_in(secretary, branch) == []


def test_reasons_add_up_and_the_surest_pair_stands_first(branch, secretary):
    person(branch, "Võ Chi", born=None)
    person(branch, "Vo Chi", born=None)
    person(branch, "Lê An", phone="0912345678")
    person(branch, "Lê An", phone="0912345678")
    assert [pair.reasons for pair in pairs_in(secretary, branch)] == [
        ("cùng họ tên, cùng ngày sinh", "cùng số điện thoại"),
        ("cùng họ tên, cả hai chưa có ngày sinh",),
    ]


def test_a_merged_record_and_one_without_personal_data_are_not_compared(branch, secretary):
    kept = person(branch, "Lê An")
    person(branch, "Lê An", merged_into=kept)
    person(branch, "Lê An", anonymised_on=BORN)
    assert pairs_in(secretary, branch) == []


# --- whose register ---------------------------------------------------------------------------------


def test_of_another_register_only_the_existence_is_told(union, branch, secretary, client):
    person(branch, "Lê An", phone="0912345678")
    other = UnitFactory(superior=union, name="Chi đoàn Sở Y tế")
    person(other, "LE AN", phone="0912345678", job="Bác sĩ")
    [pair] = pairs_in(secretary, branch)
    # Not the telephone: whoever writes a number into their own record would learn whether somebody has it.
    assert (pair.other, pair.reasons) == (None, ("cùng họ tên, cùng ngày sinh",))
    client.force_login(secretary)
    page = client.get(reverse("branches:duplicate_list", args=[branch.pk])).content.decode()
    assert "một người ở đơn vị khác" in page
    for secret in ("LE AN", "Bác sĩ", "Chi đoàn Sở Y tế"):
        assert secret not in page


def test_a_stranger_with_the_same_name_or_part_of_a_date_is_not_told_of(union, branch, secretary):
    person(branch, "Lê An")
    person(branch, "Trần Bình", born=None, email="binh@so.vn")
    other = UnitFactory(superior=union)
    person(other, "Lê An", born=datetime.date(2001, 1, 1), birth_precision=Precision.YEAR)
    person(other, "Trần Bình", born=None, email="binh@so.vn")
    assert pairs_in(secretary, branch) == []


def test_whoever_keeps_both_branches_sees_both_sides(union, branch):
    both = ["view", "manage"]
    kind = PostTypeFactory(code="keeper", name="Giữ sổ", body="office", verbs_here=both, verbs_below=both)
    keeper = account_at(union, kind)
    person(branch, "Lê An")
    person(UnitFactory(superior=union), "LE AN")
    assert found(keeper, union) == {frozenset({"Lê An", "LE AN"}): (("cùng họ tên, cùng ngày sinh",), 3)}


def test_the_superior_reads_and_keeps_nothing_below(union, branch):
    person(branch, "Lê An")
    person(branch, "Lê An")
    assert pairs_in(account_at(union, "superior_office"), union) == []


# --- two persons ------------------------------------------------------------------------------------


def test_two_persons_are_remembered_and_can_be_compared_again(branch, secretary):
    second, first = person(branch, "Lê An"), person(branch, "Lê An")
    for _ in range(2):  # said twice is said once
        say_not_same(first=first, second=second, by=secretary)
    said = NotSamePerson.objects.get()
    assert (said.first, said.second, said.said_by) == (second, first, secretary)
    assert pairs_in(secretary, branch) == []
    take_back_not_same(first=first, second=second)
    assert len(pairs_in(secretary, branch)) == 1
    with pytest.raises(duplicates.NotTwoPersons):
        say_not_same(first=first, second=first, by=secretary)


# --- the amount of work -----------------------------------------------------------------------------


@pytest.mark.parametrize("persons", [2, 6, 60])
def test_three_queries_for_any_number_of_records(branch, secretary, persons, django_assert_num_queries):
    for place in range(persons // 2):
        person(branch, f"Lê An {'B' * place}")
        person(branch, f"Lê An {'B' * place}")
    _ = secretary.posts_today
    with django_assert_num_queries(3):
        assert len(pairs_in(secretary, branch)) == persons // 2


def test_a_name_or_telephone_of_very_many_makes_no_square_of_pairs(branch, secretary):
    born = datetime.date(1990, 1, 1)
    rows = [
        Member(home=branch, full_name="Nguyễn Văn An", phone="02623851234", birth_date=born + datetime.timedelta(days))
        for days in range(400)
    ]
    rows += [Member(home=branch, full_name="Nguyễn Văn An") for _ in range(100)]
    for row in rows:
        row.fill_keys()
    Member.objects.bulk_create(rows)
    pairs = pairs_in(secretary, branch)
    # 399 neighbours of the one telephone, 99 of the hundred without a birth date; each with each were 124.750.
    assert len(pairs) == 399 + 99


def test_many_of_one_name_are_still_found_by_their_birth(branch, secretary):
    for month in range(1, 11):
        person(branch, "Nguyễn Văn An", born=datetime.date(2001, month, 5))
    person(branch, "Nguyễn Văn An", born=datetime.date(2001, 7, 5))
    person(branch, "Nguyễn Văn An", born=datetime.date(2001, 9, 1), birth_precision=Precision.MONTH)
    strong = [pair.reasons for pair in pairs_in(secretary, branch)]
    assert strong == [("cùng họ tên, cùng ngày sinh",), ("cùng họ tên, ngày sinh không trái nhau",)]


@pytest.mark.parametrize("pairs", [1, 3, 20])
def test_the_page_asks_the_same_queries_for_any_number_of_pairs(
    client, branch, secretary, pairs, django_assert_num_queries
):
    for place in range(pairs):
        for name in (f"Lê An {'B' * place}", f"LE AN {'B' * place}"):
            person(branch, name)
    client.force_login(secretary)
    with django_assert_num_queries(9):
        page = client.get(reverse("branches:duplicate_list", args=[branch.pk]))
    assert len(page.context["rows"]) == pairs
