"""The register: who sees whom, the verbs, and the figures computed from it."""

import datetime
import html
import uuid

import pytest
from django.db.models import Q
from django.urls import reverse

from branches.enrolling import EnrolmentRefused, change_member, enrol_member, warnings_about
from branches.leaving import end_membership
from branches.models import EditConflict, Member, Membership, SensitiveData
from branches.register import WHOLE, flows, register_amounts, register_figures
from tests import factories
from tests.factories import MemberFactory, UnionFactory, UnitFactory, account_at

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 3, 26)
JANUARY = datetime.date(2026, 1, 1)


@pytest.fixture
def union():
    return UnionFactory(name="Đoàn Khối các cơ quan")


@pytest.fixture
def branch(union):
    return UnitFactory(superior=union, name="Chi đoàn Sở Thông tin")


@pytest.fixture
def secretary(branch):
    return account_at(branch)


def form_of(**fields):
    said = {
        "full_name": "Lê Thu An",
        "begin_reason": "admitted",
        "starts_on": "26/03/2026",
        "form_key": str(uuid.uuid4()),
    }
    return said | fields


# --- verbs ----------------------------------------------------------------------------------------


def test_enrolled_member_belongs_to_the_branch_from_the_day(branch, secretary):
    member = enrol_member(
        by=secretary,
        unit=branch,
        on=DAY,
        full_name="  Lê   Thu An ",
        begin_reason=Membership.Begin.ADMITTED,
        birth_date=datetime.date(2008, 5, 1),
        joined_party_on=None,
        ethnicity="Ê Đê",
    )
    assert member.full_name == "Lê Thu An"
    assert member.home == branch
    membership = member.memberships.get()
    assert (membership.starts_on, membership.ends_on, membership.begin_reason) == (DAY, None, "admitted")
    assert SensitiveData.objects.get(member=member).ethnicity == "Ê Đê"
    assert member.history.get().history_user == secretary


def test_member_is_refused_above_a_branch_and_after_its_end(union, branch, secretary):
    with pytest.raises(EnrolmentRefused, match="Đoàn viên thuộc một chi đoàn"):
        enrol_member(by=secretary, unit=union, on=DAY, full_name="Lê An")
    branch.dissolved_on = DAY
    branch.save()
    with pytest.raises(EnrolmentRefused, match="đã giải thể từ ngày 26/03/2026"):
        enrol_member(by=secretary, unit=branch, on=DAY, full_name="Lê An")
    assert Member.objects.count() == 0


def test_namesake_is_asked_about_and_may_be_added_on_purpose(branch, secretary):
    born = datetime.date(2001, 2, 3)
    enrol_member(by=secretary, unit=branch, on=DAY, full_name="Lê An", birth_date=born)
    with pytest.raises(EnrolmentRefused) as refused:
        enrol_member(by=secretary, unit=branch, on=DAY, full_name="lê an", birth_date=born)
    assert list(refused.value.errors) == ["namesake"]
    enrol_member(by=secretary, unit=branch, on=DAY, full_name="Lê An", birth_date=born, namesake=True)
    assert Member.objects.filter(home=branch).count() == 2


def test_code_of_a_person_elsewhere_is_refused_without_the_name(branch, secretary):
    MemberFactory(full_name="Người Ở Nơi Khác", national_code="99001")
    with pytest.raises(EnrolmentRefused) as refused:
        enrol_member(by=secretary, unit=branch, on=DAY, full_name="Lê An", national_code="99001")
    answer = refused.value.errors["national_code"]
    assert answer == "Mã này đã ghi cho một người ở đơn vị khác. Hãy xem lại mã."


def test_change_leaves_other_fields_and_the_sensitive_part_alone(branch, secretary):
    member = MemberFactory(home=branch, job="Chuyên viên", party_on=DAY)
    change_member(member=member, version=1, by=secretary, phone="0912 345 678")
    member.refresh_from_db()
    assert (member.phone, member.job, member.version) == ("0912 345 678", "Chuyên viên", 2)
    assert member.sensitive.joined_party_on == DAY


def test_second_editor_is_refused(branch, secretary):
    member = MemberFactory(home=branch)
    change_member(member=member, version=1, by=secretary, job="Kế toán")
    with pytest.raises(EditConflict):
        change_member(member=member, version=1, by=secretary, job="Văn thư")
    assert Member.objects.get().job == "Kế toán"


def test_ended_membership_keeps_the_day_and_the_reason(branch, secretary):
    member = MemberFactory(home=branch)
    end_membership(member=member, on=DAY, reason="matured", decision="12-QĐ/ĐK", by=secretary)
    member.refresh_from_db()
    membership = member.memberships.get()
    assert (membership.ends_on, membership.end_reason, member.is_active) == (DAY, "matured", False)
    with pytest.raises(EnrolmentRefused, match="không còn sinh hoạt"):
        end_membership(member=member, on=DAY, reason="matured", by=secretary)


def test_ages_warn_and_never_block(branch):
    young = MemberFactory(home=branch, birth_date=datetime.date(2012, 1, 1))
    right = MemberFactory(home=branch, birth_date=datetime.date(2000, 1, 1))
    old = MemberFactory(home=branch, birth_date=datetime.date(1990, 1, 1))
    assert warnings_about(young, on=DAY) == ["Mới 14 tuổi, chưa đến tuổi đoàn viên (16 tuổi)."]
    assert warnings_about(right, on=DAY) == []
    assert warnings_about(old, on=DAY) == ["Đã 36 tuổi, quá 30 tuổi: xem xét trưởng thành đoàn."]


# --- figures --------------------------------------------------------------------------------------


def test_register_figures_are_those_of_the_day(branch, secretary):
    MemberFactory(home=branch, sex="female", party_on=datetime.date(2026, 6, 1))
    MemberFactory(home=branch, since=DAY, begin_reason="admitted")
    gone = MemberFactory(home=branch)
    end_membership(member=gone, on=DAY, reason="moved_out", by=secretary)
    keys = ["members", "women", "party_members"]
    here = Q(unit=branch)
    before = DAY - datetime.timedelta(days=1)
    assert register_figures(units=here, keys=keys, day=before) == {"members": 2, "women": 1, "party_members": 0}
    assert register_figures(units=here, keys=keys, day=DAY) == {"members": 2, "women": 1, "party_members": 0}
    later = datetime.date(2026, 6, 1)
    assert register_figures(units=here, keys=keys, day=later) == {"members": 2, "women": 1, "party_members": 1}


def test_flows_count_arrivals_and_departures_of_the_span(branch, secretary):
    MemberFactory(home=branch, since=DAY, begin_reason="admitted")
    MemberFactory(home=branch, since=JANUARY, begin_reason="moved_in")
    end_membership(member=MemberFactory(home=branch), on=DAY, reason="matured", by=secretary)
    keys = ["members", "admitted", "matured", "moved_in", "moved_out"]
    found = flows(keys, branch, JANUARY, datetime.date(2026, 12, 31))
    moves = {"admitted": 1, "moved_in": 1, "matured": 1}
    assert found == {(place, key): count for place in (WHOLE, None) for key, count in moves.items()}
    # What had not happened by the day of the figures is not in them.
    february = datetime.date(2026, 2, 1)
    assert flows(keys, branch, JANUARY, february) == {(WHOLE, "moved_in"): 1, (None, "moved_in"): 1}
    assert register_amounts(keys, Q(unit=branch), february) == {(branch.pk, "members"): 2}
    with pytest.raises(KeyError, match="no such register figure: moved"):
        flows(["moved"], branch, JANUARY, february)


@pytest.mark.parametrize("units", [1, 3, 11])
def test_register_needs_three_queries_for_any_number_of_units(union, units, django_assert_num_queries):
    for _ in range(units):
        MemberFactory(home=UnitFactory(superior=union))
    keys = ["members", "women", "admitted", "matured"]
    with django_assert_num_queries(3):  # standing, places that moved, who came or went
        found = register_amounts(keys, Q(unit__path__startswith=union.path), DAY)
        moves = flows(keys, union, JANUARY, DAY)
    assert (sum(found.values()), moves) == (units, {})


# --- pages ----------------------------------------------------------------------------------------


def test_list_is_for_those_who_keep_or_approve(client, union, branch, secretary):
    MemberFactory(home=branch)
    url = reverse("branches:member_list", args=[branch.pk])
    sibling = account_at(UnitFactory(superior=union))
    answers = {}
    for name, account in {
        "secretary": secretary,
        "committee": account_at(branch, "committee_member"),
        "superior": account_at(union, "superior_office"),
        "member": account_at(branch, "member"),
        "party": account_at(branch, "party_secretary"),
        "inspection": account_at(union, "inspection_chair"),
        "sibling": sibling,
    }.items():
        client.force_login(account)
        answers[name] = client.get(url).status_code
    assert answers == {
        "secretary": 200,
        "committee": 200,
        "superior": 200,
        "member": 404,
        "party": 404,
        "inspection": 404,
        "sibling": 404,
    }


def test_list_shows_the_unit_and_below_in_given_name_order(client, union, branch):
    MemberFactory(home=branch, full_name="Trần Đào")
    MemberFactory(home=branch, full_name="Vũ An")
    MemberFactory(home=UnitFactory(superior=union), full_name="Bùi Dung")
    MemberFactory(home=UnitFactory(), full_name="Người Lạ")
    client.force_login(account_at(union, "superior_office"))
    page = client.get(reverse("branches:member_list", args=[union.pk]))
    assert [row["name"] for row in page.context["rows"]] == ["Vũ An", "Bùi Dung", "Trần Đào"]
    found = client.get(reverse("branches:member_list", args=[union.pk]), {"q": "dao"})
    assert [row["name"] for row in found.context["rows"]] == ["Trần Đào"]
    assert "Người Lạ" not in page.content.decode()


@pytest.mark.parametrize("words", ["a" * 121, "An\x00"])
def test_a_search_that_is_refused_says_so_and_lists_nobody(client, branch, secretary, words):
    MemberFactory(home=branch, full_name="Vũ An")
    client.force_login(secretary)
    page = client.get(reverse("branches:member_list", args=[branch.pk]), {"q": words})
    assert page.status_code == 200
    assert page.context["search"].errors["q"]
    text = page.content.decode()
    assert page.context["search"].errors["q"][0] in html.unescape(text)
    assert "Chưa tìm được" in text
    assert "Vũ An" not in text


def test_phone_number_is_only_for_those_who_keep_the_register(client, union, branch, secretary):
    member = MemberFactory(home=branch, phone="0912345678")
    pages = [reverse("branches:member_list", args=[branch.pk]), reverse("branches:member", args=[member.pk])]
    shown = {}
    for name, account in {
        "secretary": secretary,
        "committee": account_at(branch, "committee_member"),
        "superior": account_at(union, "superior_office"),
    }.items():
        client.force_login(account)
        shown[name] = ["0912345678" in client.get(url).content.decode() for url in pages]
    assert shown == {"secretary": [True, True], "committee": [False, False], "superior": [False, False]}


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_member_list_query_count(client, branch, secretary, rows, django_assert_num_queries):
    for _ in range(rows):
        MemberFactory(home=branch)
    client.force_login(secretary)
    with django_assert_num_queries(9):
        page = client.get(reverse("branches:member_list", args=[branch.pk]))
    assert len(page.context["rows"]) == rows


def test_sensitive_part_opens_by_post_and_only_for_the_keeper_and_the_person(client, union, branch, secretary):
    member = MemberFactory(home=branch, party_on=datetime.date(2021, 5, 19))
    own = factories.AccountFactory(member=member)
    url = reverse("branches:member", args=[member.pk])
    seen = {}
    for name, account in {
        "secretary": secretary,
        "own": own,
        "committee": account_at(branch, "committee_member"),
        "superior": account_at(union, "superior_office"),
        "party": account_at(branch, "party_secretary"),
    }.items():
        client.force_login(account)
        read, opened = client.get(url), client.post(url)
        seen[name] = (
            read.status_code,
            "19/05/2021" in read.content.decode(),
            opened.status_code,
            "19/05/2021" in opened.content.decode(),
        )
    assert seen == {
        "secretary": (200, False, 200, True),
        "own": (200, False, 200, True),
        "committee": (200, False, 403, False),
        "superior": (200, False, 403, False),
        "party": (404, False, 404, False),
    }


def test_form_sent_twice_adds_one_member(client, branch, secretary):
    client.force_login(secretary)
    url, said = reverse("branches:member_new", args=[branch.pk]), form_of()
    first, second = client.post(url, said), client.post(url, said)
    member = Member.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == reverse("branches:member", args=[member.pk])


@pytest.mark.parametrize(
    ("field", "value", "answer"),
    [
        ("full_name", "", "Hãy ghi “họ và tên”."),
        ("birth_date", "31/02/2001", "Không có ngày 31/2/2001. Hãy xem lại ngày và tháng."),
        ("birth_date", "01/01/2027", "Ngày sinh phải trước ngày bắt đầu sinh hoạt. Hãy xem lại năm."),
        ("email", "khong phai thu", "Hãy ghi địa chỉ thư đầy đủ, ví dụ ten@donvi.gov.vn."),
        ("starts_on", "hôm qua", "Hãy ghi ngày, tháng, năm, ví dụ 22/11/2026."),
        (
            "full_name",
            "Trần Văn Bình (BT)",
            "Tên có chữ trong ngoặc (BT). Hãy chỉ ghi họ tên “Trần Văn Bình”; chức vụ ghi ở ô “Công việc, chức vụ”.",
        ),
        (
            "full_name",
            "Trần Văn Bình [PBT",
            "Tên có chữ trong ngoặc [PBT. Hãy chỉ ghi họ tên “Trần Văn Bình”; chức vụ ghi ở ô “Công việc, chức vụ”.",
        ),
    ],
)
def test_wrong_field_is_answered_at_the_field_and_nothing_is_saved(client, branch, secretary, field, value, answer):
    client.force_login(secretary)
    page = client.post(reverse("branches:member_new", args=[branch.pk]), form_of(**{field: value}))
    assert page.status_code == 200
    assert [str(text).lower() for text in page.context["form"].errors[field]] == [answer.lower()]
    assert Member.objects.count() == 0


def test_a_name_from_an_old_list_does_not_stop_other_corrections(client, branch, secretary):
    member = MemberFactory(home=branch, full_name="Trần Văn Bình (BT)")
    client.force_login(secretary)
    url = reverse("branches:member_edit", args=[member.pk])
    said = {"full_name": "Trần Văn Bình (BT)", "job": "Kế toán", "version": "1", "birth_date": "19/05/2000"}
    assert client.post(url, said).status_code == 302
    member.refresh_from_db()
    assert (member.job, member.full_name) == ("Kế toán", "Trần Văn Bình (BT)")


def test_two_editors_see_both_versions(client, branch, secretary):
    member = MemberFactory(home=branch, full_name="Lê An", job="Văn thư")
    change_member(member=member, version=1, by=secretary, job="Kế toán")
    client.force_login(secretary)
    url = reverse("branches:member_edit", args=[member.pk])
    page = client.post(url, {"full_name": "Lê An", "job": "Thủ quỹ", "version": "1"})
    assert page.status_code == 409
    job = next(row for row in page.context["rows"] if row["theirs"] == "Kế toán")
    assert (job["mine"], job["differs"]) == ("Thủ quỹ", True)
    member.refresh_from_db()
    assert member.job == "Kế toán"
    again = client.post(url, dict(page.context["carried"]))
    member.refresh_from_db()
    assert (again.status_code, member.job, member.version) == (302, "Thủ quỹ", 3)


def test_edit_is_refused_to_a_reader_and_hidden_from_a_stranger(client, union, branch):
    member = MemberFactory(home=branch)
    url = reverse("branches:member_edit", args=[member.pk])
    client.force_login(account_at(union, "superior_office"))
    assert client.get(url).status_code == 403
    client.force_login(account_at(UnitFactory(superior=union)))
    assert client.get(url).status_code == 404
