"""What a list would do: who is recognised, what is asked about, and that a blank cell never erases."""

import datetime
import unicodedata

import pytest

from branches.days import PartialDay
from branches.importing.cells import ParsedRow
from branches.importing.known import Known, Units
from branches.importing.planning import mark_repeats, plan_row
from branches.models import Member, Precision, SensitiveData, Unit
from tests.factories import MemberFactory, UnionFactory, UnitFactory

pytestmark = pytest.mark.django_db
START = datetime.date(2026, 1, 1)
BORN = datetime.date(2001, 3, 22)


@pytest.fixture
def branch():
    return UnitFactory(superior=UnionFactory(name="Đoàn Khối"), name="Chi đoàn Sở Thông tin", code="so-tttt")


def units_at(unit) -> Units:
    return Units(unit, Unit.objects.below(unit))


def planned(unit, *rows, **more):
    """Plan these rows (dicts of values), numbered from 1."""
    known = Known.about(rows, units_at(unit))
    plans = [
        plan_row(0, number, ParsedRow(row, (), "person"), known, starts_on=START, **more)
        for number, row in enumerate(rows, 1)
    ]
    mark_repeats(plans)
    return plans


def person(name="Lê Thu An", born="2001-03-22", **more) -> dict:
    return {"full_name": name, **({"birth_date": PartialDay.read(born)} if born else {}), **more}


def codes(plan) -> list[str]:
    return [problem.code for problem in plan.all_problems]


def test_somebody_unknown_is_new(branch):
    [plan] = planned(branch, person())
    assert (plan.state, plan.unit, plan.member, plan.changes) == ("new", branch, None, {})


def test_same_name_and_birth_date_is_the_same_person_and_a_blank_cell_says_nothing(branch):
    member = MemberFactory(home=branch, full_name="Lê Thu An", birth_date=BORN, phone="0912345678", job="Kế toán")
    [plan] = planned(branch, person())
    assert (plan.state, plan.member.pk, plan.changes) == ("same", member.pk, {})
    [plan] = planned(branch, person(job="Văn thư"))
    assert (plan.state, plan.changes) == ("changed", {"job": ("Kế toán", "Văn thư")})


@pytest.mark.parametrize("name", ["LE THU AN", "le thu an", "Lê Thu An", unicodedata.normalize("NFD", "Lê Thu An")])
def test_a_name_without_marks_or_in_capitals_changes_no_spelling(branch, name):
    MemberFactory(home=branch, full_name="Lê Thu An", birth_date=BORN)
    [plan] = planned(branch, person(name))
    assert (plan.state, plan.changes) == ("same", {})


def test_a_name_with_other_marks_is_shown_as_a_change(branch):
    MemberFactory(home=branch, full_name="Lê Thu An", birth_date=BORN)
    [plan] = planned(branch, person("Lê Thu Ân"))
    assert (plan.state, plan.changes) == ("changed", {"full_name": ("Lê Thu An", "Lê Thu Ân")})


@pytest.mark.parametrize(
    ("held", "said", "state"),
    [
        ("2001-03-22", "2001", "same"),  # the list knows less
        ("2001-03-22", "2001-03", "same"),
        ("2001", "2001-03-22", "changed"),  # the list knows more
        ("2001", "2002", "new"),  # another person of that name
    ],
)
def test_a_birth_year_agrees_with_the_whole_date(branch, held, said, state):
    known = PartialDay.read(held)
    MemberFactory(home=branch, full_name="Lê Thu An", birth_date=known.day, birth_precision=known.precision)
    assert planned(branch, person(born=said))[0].state == state


def test_names_with_other_marks_are_one_person_by_the_whole_birth_date_only(branch):
    """Ấn and An born in one year: the second one took the name and the phone of the first."""
    MemberFactory(
        home=branch, full_name="Nguyễn Văn Ấn", birth_date=datetime.date(1999, 1, 1), birth_precision=Precision.YEAR
    )
    [plan] = planned(branch, person("Nguyễn Văn An", "1999", phone="0999999999"))
    assert (plan.state, codes(plan), plan.member) == ("unsure", ["maybe_same"], None)
    [plan] = planned(branch, person("NGUYEN VAN AN", "1999", phone="0999999999"))
    assert (plan.state, list(plan.changes)) == ("changed", ["phone"])


def test_what_a_cell_would_be_rid_of_is_no_change(branch):
    MemberFactory(home=branch, full_name="Lê Thu An", birth_date=BORN, job="'+1", address="Số 1,\nđường 2")
    [plan] = planned(branch, person(job="+1", address="Số 1, đường 2"))
    assert (plan.state, plan.changes) == ("same", {})


def test_code_and_name_recognise_a_person_whose_birth_date_was_wrong(branch):
    MemberFactory(home=branch, full_name="Lê Thu An", birth_date=BORN, national_code="AH1")
    [plan] = planned(branch, person(born="2001-03-21", national_code="AH1"))
    assert plan.state == "changed"
    assert list(plan.changes) == ["birth_date"]


def test_the_code_of_somebody_of_another_name_is_asked_about(branch):
    other = MemberFactory(home=branch, full_name="Vũ Bình", birth_date=BORN, national_code="AH1")
    [plan] = planned(branch, person(national_code="AH1"))
    assert (plan.state, codes(plan), [one.pk for one in plan.candidates]) == ("unsure", ["other_name"], [other.pk])
    # Said to be another person, the code still belongs to one of them only.
    [plan] = planned(branch, person(national_code="AH1"), choice="new")
    assert (plan.state, codes(plan)) == ("error", ["code_taken"])


def test_a_code_held_in_another_unit_is_refused_without_the_name(branch):
    MemberFactory(full_name="Người Nơi Khác", national_code="AH1")
    [plan] = planned(branch, person(national_code="AH1"))
    assert (plan.state, codes(plan)) == ("error", ["code_elsewhere"])
    assert "Người Nơi Khác" not in plan.all_problems[0].message


def test_a_name_without_birth_date_is_asked_about_unless_it_says_nothing_new(branch):
    member = MemberFactory(home=branch, full_name="Lê Thu An", birth_date=BORN)
    [plan] = planned(branch, person(born=""))
    assert (plan.state, plan.member.pk) == ("same", member.pk)
    [plan] = planned(branch, person(born="", job="Văn thư"))
    assert (plan.state, codes(plan)) == ("unsure", ["maybe_same"])


def test_two_real_people_may_share_a_name(branch):
    MemberFactory(home=branch, full_name="Lê Thu An", birth_date=BORN)
    [plan] = planned(branch, person(born="1999-11-05"))
    assert plan.state == "new"


@pytest.mark.parametrize("slip", ["2001-03-23", "2002-03-22", "2001-02-22"])
def test_a_birth_date_that_looks_like_a_slip_is_asked_about(branch, slip):
    MemberFactory(home=branch, full_name="Lê Thu An", birth_date=BORN)
    assert planned(branch, person(born=slip))[0].state == "unsure"


def test_somebody_who_left_or_belongs_to_another_branch_is_asked_about(branch):
    union = Unit.objects.get(pk=branch.superior_pk)
    elsewhere = MemberFactory(home=UnitFactory(superior=union), full_name="Lê Thu An", birth_date=BORN)
    MemberFactory(home=branch, full_name="Vũ Bình", birth_date=BORN, is_active=False)
    first, second = planned(union, person(unit="so-tttt"), person("Vũ Bình", unit="Sở Thông tin"))
    assert (first.state, codes(first), first.candidates[0].pk) == ("unsure", ["elsewhere"], elsewhere.pk)
    assert (second.state, codes(second)) == ("unsure", ["left"])


@pytest.mark.parametrize("said", ["so-tttt", "Chi đoàn Sở Thông tin", "CHI DOAN SO THONG TIN", "sở thông tin"])
def test_the_branch_of_a_row_is_found_by_code_or_name(branch, said):
    union = Unit.objects.get(pk=branch.superior_pk)
    assert planned(union, person(unit=said))[0].unit == branch


def test_a_list_of_a_superior_needs_the_branch_of_each_row(branch):
    union = Unit.objects.get(pk=branch.superior_pk)
    unknown, nothing = planned(union, person(unit="Chi đoàn Không Có"), person("Vũ Bình"))
    assert (unknown.state, codes(unknown)) == ("error", ["no_such_unit"])
    assert (nothing.state, codes(nothing)) == ("error", ["no_unit"])


def test_a_person_twice_in_the_list_adds_nothing_or_is_asked_about(branch):
    first, again, other = planned(branch, person(job="Văn thư"), person(), person(job="Kế toán"))
    assert (first.state, again.state, other.state) == ("new", "skipped", "unsure")
    assert again.all_problems[0].message == "Lặp lại dòng 1."
    # Somebody said that the third row is another person.
    known = Known.about([], units_at(branch))
    decided = plan_row(0, 3, ParsedRow(person(), (), "person"), known, choice="new", starts_on=START)
    mark_repeats([first, decided])
    assert decided.state == "new"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (person("Nguyễn An", "1999-01-01", phone="0912345678"), person("Nguyen An", "1999", phone="0912345678")),
        (person("Trần Cúc", "1999"), person("Trần Cúc", "1999-03-02")),
        (person("Trần Cúc", "1999-03-02"), person("Trần Cúc", "1999-03", job="Văn thư")),
        (person("Lê Văn Cường", "1999-03-02"), person("Cường Lê Văn", "1999-03-02")),
    ],
)
def test_a_person_twice_in_other_words_is_asked_about_or_adds_nothing(branch, first, second):
    states = [plan.state for plan in planned(branch, first, second)]
    assert states[0] == "new"
    assert states[1] in ("unsure", "skipped")


def test_two_people_of_one_name_and_one_year_stay_two_when_both_dates_are_whole(branch):
    plans = planned(branch, person("Trần Cúc", "1999-03-02"), person("Trần Cúc", "1999-07-15"))
    assert [plan.state for plan in plans] == ["new", "new"]


def test_two_people_of_one_name_and_other_years_stay_two(branch):
    plans = planned(branch, person("Trần Cúc", "1999"), person("Trần Cúc", "2001-03-02"), person("Trần Cúc", "2002-03"))
    assert [plan.state for plan in plans] == ["new", "new", "new"]


def test_a_name_with_the_given_name_first_is_asked_about(branch):
    member = MemberFactory(home=branch, full_name="Lê Văn Cường", birth_date=BORN)
    [plan] = planned(branch, person("Cường Lê Văn"))
    assert (plan.state, [one.pk for one in plan.candidates]) == ("unsure", [member.pk])
    [plan] = planned(branch, person("Cường Lê Văn", "1990-01-01"))
    assert plan.state == "new"


def test_the_record_is_judged_as_if_it_were_typed(branch):
    wrong = person(admitted_on=PartialDay.read("2000"), job="x" * 121)
    [plan] = planned(branch, wrong)
    assert plan.state == "error"
    assert {problem.field for problem in plan.all_problems} == {"admitted_on", "job"}
    [plan] = planned(branch, person(born="2026-02-01"))
    assert codes(plan) == ["future_date"]


def test_closed_fields_are_compared_too(branch):
    member = MemberFactory(home=branch, full_name="Lê Thu An", birth_date=BORN)
    SensitiveData.objects.create(member=member, ethnicity="Kinh", personal_number="001099012345")
    [plan] = planned(branch, person(ethnicity="kinh", religion="Không"))
    assert plan.changes == {"religion": (None, "Không")}


def test_a_guessed_level_never_overrules_a_chosen_one(branch):
    MemberFactory(
        home=branch, full_name="Lê Thu An", birth_date=BORN, education="Cử nhân luật", education_level="master"
    )
    [plan] = planned(branch, person(education="cử nhân luật", education_level="university"))
    assert plan.state == "same"


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_what_is_known_takes_two_queries_for_any_number_of_rows(branch, rows, django_assert_num_queries):
    for number in range(rows):
        MemberFactory(home=branch, full_name=f"Lê Thu A{number}")
    units = units_at(branch)
    wanted = [person(f"Lê Thu A{number}", national_code=f"X{number}") for number in range(rows)]
    with django_assert_num_queries(2):
        known = Known.about(wanted, units)
    assert len(known.members) == rows == Member.objects.count()
