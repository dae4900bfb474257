"""Terms and posts of a unit: written, corrected, given within one's rights; and what a unit is warned of."""

import datetime
import uuid

import pytest
from django.urls import reverse

from branches.appointing import AppointmentRefused, Person, appoint, correct_post, end_post, may_give
from branches.models import Account, Period, Post, PostType, Unit
from branches.terms import TERM_FIELDS, TermRefused, change_term, seen, start_term
from branches.unit_warnings import unit_warnings, warnings_below
from tests.factories import (
    AccountFactory,
    MemberFactory,
    PostFactory,
    TermFactory,
    UnionFactory,
    UnitFactory,
    account_at,
)

pytestmark = pytest.mark.django_db
Day = datetime.date
TODAY = Day(2026, 11, 22)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def union():
    return UnionFactory(name="Đoàn Khối các cơ quan")


@pytest.fixture
def branch(union):
    return UnitFactory(superior=union, name="Chi đoàn Sở Thông tin")


def kind(code) -> PostType:
    return PostType.objects.get(code=code)


# --- terms ----------------------------------------------------------------------------------------


def test_term_keeps_number_decision_and_that_it_is_provisional(branch):
    term = start_term(
        by=None, unit=branch, name="Khóa I", starts_on=Day(2026, 1, 1), last_day=Day(2027, 12, 31), number=1,
        is_provisional=True, decision="05-QĐ/ĐK",
    )  # fmt: skip
    term.refresh_from_db()
    assert (term.number, term.is_provisional, term.decision, term.ends_on) == (1, True, "05-QĐ/ĐK", Day(2028, 1, 1))


def test_correcting_a_term_refuses_an_overlap_and_a_second_editor(branch):
    old = TermFactory(unit=branch, starts_on=Day(2019, 1, 1), ends_on=Day(2022, 1, 1))
    term = TermFactory(unit=branch, starts_on=Day(2022, 1, 1), ends_on=Day(2027, 1, 1))
    said = {"by": None, "term": term, "name": "Khóa VII", "version": seen(term, TERM_FIELDS)}
    with pytest.raises(TermRefused, match="Trùng với"):
        change_term(**said, starts_on=Day(2021, 12, 31), last_day=Day(2026, 12, 31))
    change_term(**said, starts_on=Day(2022, 3, 1), last_day=Day(2027, 2, 28))
    with pytest.raises(TermRefused, match="Có người vừa sửa"):
        change_term(**said, starts_on=Day(2022, 3, 1), last_day=Day(2027, 3, 31))
    term.refresh_from_db()
    assert (term.name, term.starts_on, term.ends_on) == ("Khóa VII", Day(2022, 3, 1), Day(2027, 3, 1))
    assert Period.objects.get(pk=old.pk).ends_on == Day(2022, 1, 1)


def test_pages_of_terms(client, branch):
    client.force_login(account_at(branch))
    said = {
        "name": "Nhiệm kỳ VII", "number": "7", "starts_on": "01/01/2026", "last_day": "31/12/2027",
        "is_provisional": "on", "decision": "05-QĐ/ĐK", "form_key": str(uuid.uuid4()),
    }  # fmt: skip
    url = reverse("reports:term_new", args=[branch.pk])
    assert [client.post(url, said).status_code, client.post(url, said).status_code] == [302, 302]
    term = Period.objects.get(kind="term")
    assert (term.number, term.is_provisional, term.decision) == (7, True, "05-QĐ/ĐK")
    page = client.get(reverse("branches:term_list", args=[branch.pk])).content.decode()
    assert [words for words in ("Nhiệm kỳ VII", "lần thứ 7", "lâm thời") if words not in page] == []
    edit = reverse("branches:term_edit", args=[term.pk])
    changed = said | {"name": "Nhiệm kỳ VIII", "version": str(seen(term, TERM_FIELDS))}
    assert client.post(edit, changed).status_code == 302
    assert Period.objects.get(pk=term.pk).name == "Nhiệm kỳ VIII"
    assert "Có người vừa sửa" in client.post(edit, changed).content.decode()


# --- who may give what ----------------------------------------------------------------------------

ALL = {
    "secretary", "deputy_secretary", "committee_member", "member", "superior_secretary", "superior_office",
    "inspection_chair", "inspection_member", "party_secretary", "party_member", "administrator",
}  # fmt: skip
LOCAL = {"secretary", "deputy_secretary", "committee_member", "member"}
# giver (post, where it is held) → what they may give at the branch and at the superior itself
GIVERS = {
    ("secretary", "branch"): (LOCAL, set()),
    ("deputy_secretary", "branch"): (LOCAL, set()),
    ("committee_member", "branch"): (set(), set()),
    ("member", "branch"): (set(), set()),
    # Confirms committees below; at its own unit only what it may do itself. A secretary of the union
    # would manage every branch below, which the office does not.
    ("superior_office", "union"): (
        {"secretary", "deputy_secretary", "committee_member", "superior_secretary"},
        {"committee_member", "member", "superior_secretary", "superior_office"},
    ),
    ("superior_secretary", "union"): (
        {"secretary", "deputy_secretary", "committee_member", "superior_secretary"},
        {"committee_member", "member", "superior_secretary", "superior_office"},
    ),
    # Manages the branches below as its own.
    ("secretary", "union"): (LOCAL, LOCAL),
    ("inspection_chair", "union"): (set(), set()),
    ("party_secretary", "union"): (set(), set()),
    ("administrator", "union"): (ALL, ALL),
    ("administrator", "branch"): (ALL, set()),
    ("secretary", "sibling"): (set(), set()),
    ("superior_office", "far"): (set(), set()),
    ("administrator", "far"): (set(), set()),
}


@pytest.mark.parametrize("giver", GIVERS)
def test_nobody_gives_more_than_allowed(union, branch, giver):
    code, place = giver
    units = {"union": union, "branch": branch, "sibling": UnitFactory(superior=union), "far": UnionFactory()}
    account = account_at(units[place], code)
    kinds = list(PostType.objects.all())
    given = tuple({one.code for one in kinds if may_give(account, unit, one)} for unit in (branch, union))
    assert given == GIVERS[giver]


def test_a_committee_post_that_inspects_is_not_confirmed_by_the_superior(union, branch):
    odd = PostType.objects.create(code="odd", name="Lạ", body="committee", verbs_here=["view", "inspect"])
    assert not may_give(account_at(union, "superior_office"), branch, odd)
    assert may_give(account_at(union, "administrator"), branch, odd)


def test_an_administrator_of_one_unit_alone_gives_no_rights_below_it(branch):
    narrow = PostType.objects.create(code="narrow", name="Hẹp", body="office", verbs_here=["view", "administer"])
    account = account_at(branch, "administrator")
    account.posts.update(type=narrow)
    account.__dict__.pop("posts_today", None)
    assert may_give(account, branch, kind("committee_member"))
    assert not may_give(account, branch, kind("secretary"))


def test_rights_to_give_end_with_the_post(union, branch):
    former = PostFactory(unit=branch, ends_on=TODAY).account
    assert not may_give(former, branch, kind("committee_member"))


# --- posts ----------------------------------------------------------------------------------------


def give(by, unit, code="deputy_secretary", **said):
    said = {"person": Person(name="Lê Văn Mới"), "starts_on": TODAY} | said
    return appoint(by=by, unit=unit, kind=kind(code), **said)


def test_appointing_by_name_opens_an_account_without_a_password(branch):
    post = give(account_at(branch), branch, decision="09-QĐ/ĐK", term=TermFactory(unit=branch))
    assert (post.account.full_name, post.account.has_usable_password()) == ("Lê Văn Mới", False)
    assert (post.decision, post.starts_on, post.ends_on) == ("09-QĐ/ĐK", TODAY, None)
    assert post.history.get().history_type == "+"


def test_appointing_a_member_uses_the_account_they_have(branch):
    secretary, member = account_at(branch), MemberFactory(home=branch, full_name="Trần Thị Đoàn Viên")
    post = give(secretary, branch, person=Person(member=member))
    assert (post.account.member, post.account.full_name) == (member, "Trần Thị Đoàn Viên")
    again = give(secretary, branch, "committee_member", person=Person(member=member))
    assert again.account == post.account
    assert Account.objects.filter(member=member).count() == 1


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"code": "party_secretary"}, "Bạn không giao được chức vụ Bí thư cấp ủy"),
        ({"code": "secretary"}, "giữ chức vụ Bí thư từ 01/01/2015"),
        ({"person": Person()}, "Hãy chọn một người"),
        ({"ends_on": TODAY}, "phải sau ngày nhận"),
    ],
)
def test_appointment_that_is_refused_changes_nothing(branch, said, message):
    secretary = account_at(branch)
    before = Account.objects.count(), Post.objects.count()
    with pytest.raises(AppointmentRefused, match=message):
        give(secretary, branch, **said)
    assert (Account.objects.count(), Post.objects.count()) == before


def test_nobody_appoints_or_prolongs_themselves(union, branch):
    office = account_at(union, "superior_office")
    with pytest.raises(AppointmentRefused, match="Không tự giao"):
        give(office, branch, "secretary", person=Person(account=office))
    post = PostFactory(unit=branch, ends_on=Day(2026, 12, 31))
    with pytest.raises(AppointmentRefused, match="Không tự kéo dài"):
        correct_post(
            by=post.account, post=post, version=seen(post, ("starts_on", "ends_on", "term_id", "decision")),
            starts_on=post.starts_on,
        )  # fmt: skip


def test_the_same_post_twice_at_a_time_is_refused_and_one_after_the_other_is_not(branch):
    secretary, person = account_at(branch), AccountFactory()
    give(secretary, branch, person=Person(account=person), starts_on=Day(2026, 1, 1), ends_on=Day(2026, 6, 1))
    with pytest.raises(AppointmentRefused, match="đang giữ chức vụ này từ 01/01/2026 đến trước 01/06/2026"):
        give(secretary, branch, person=Person(account=person), starts_on=Day(2026, 5, 31))
    give(secretary, branch, person=Person(account=person), starts_on=Day(2026, 6, 1))
    assert person.posts.count() == 2


def test_ending_a_post_on_a_day_to_come(client, branch):
    secretary = account_at(branch)
    post = give(secretary, branch, starts_on=Day(2026, 1, 1), decision="09-QĐ")
    end_post(by=secretary, post=post, on=Day(2026, 12, 1), decision="77-QĐ")
    post.refresh_from_db()
    assert (post.ends_on, post.decision) == (Day(2026, 12, 1), "09-QĐ · thôi: 77-QĐ")
    with pytest.raises(AppointmentRefused, match="đã ghi thôi từ ngày 01/12/2026"):
        end_post(by=secretary, post=post, on=Day(2026, 12, 2))
    with pytest.raises(AppointmentRefused, match="sau 01/01/2026"):
        end_post(by=secretary, post=post, on=Day(2026, 1, 1))
    assert Post.objects.get(pk=post.pk).history.count() == 2


def test_page_of_posts_shows_holders_future_and_former_ones(client, branch):
    secretary = account_at(branch, full_name="Lê Đang Giữ")
    PostFactory(unit=branch, type="committee_member", starts_on=Day(2026, 12, 1), account__full_name="Vũ Sắp Nhận")
    PostFactory(unit=branch, ends_on=Day(2020, 1, 1), account__full_name="Cao Đã Thôi")
    PostFactory(unit=UnitFactory(), account__full_name="Người Nơi Khác")
    client.force_login(secretary)
    answer = client.get(reverse("branches:post_list", args=[branch.pk]))
    groups = [[row["post"].account.full_name for row in answer.context[key]] for key in ("held", "coming", "former")]
    assert groups == [["Lê Đang Giữ"], ["Vũ Sắp Nhận"], ["Cao Đã Thôi"]]


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_page_of_posts_asks_the_same_queries(client, branch, rows, django_assert_num_queries):
    for _ in range(rows):
        PostFactory(unit=branch, type="committee_member")
        PostFactory(unit=branch, type="committee_member", ends_on=Day(2020, 1, 1))
    client.force_login(account_at(branch))
    with django_assert_num_queries(8):
        client.get(reverse("branches:post_list", args=[branch.pk]))


def test_appointing_by_page_shows_the_link_once(client, branch):
    client.force_login(account_at(branch))
    url = reverse("branches:post_new", args=[branch.pk])
    said = {
        "kind": kind("deputy_secretary").pk, "name": "Lê Văn Mới", "starts_on": "22/11/2026",
        "form_key": str(uuid.uuid4()),
    }  # fmt: skip
    page = client.post(url, said)
    assert page.status_code == 200
    assert "/loi-moi/" in page.context["link"]
    assert client.post(url, said).status_code == 302  # sent twice is once, and the link is not shown again
    assert Post.objects.filter(unit=branch, type__code="deputy_secretary").count() == 1


# --- warnings -------------------------------------------------------------------------------------


def codes(unit, on=TODAY):
    return [one.code for one in unit_warnings(unit, on)]


def healthy(branch):
    for _ in range(3):
        MemberFactory(home=branch)
    PostFactory(unit=branch)
    return TermFactory(unit=branch, starts_on=Day(2026, 1, 1), ends_on=Day(2028, 1, 1))


def test_a_healthy_branch_has_no_warning_and_a_new_one_has_three(branch):
    assert codes(branch) == ["members", "no_term", "vacant"]
    healthy(branch)
    assert codes(branch) == []


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (Day(2027, 12, 1), []),  # 31 days before the end
        (Day(2027, 12, 2), ["term_ends"]),
        (Day(2027, 12, 31), ["term_ends"]),
        (Day(2028, 1, 1), ["term_ended"]),
    ],
)
def test_a_term_that_ends(branch, on, expected):
    healthy(branch)
    assert codes(branch, on) == expected
    TermFactory(unit=branch, starts_on=Day(2028, 1, 1), ends_on=Day(2030, 1, 1))
    assert codes(branch, on) == []


@pytest.mark.parametrize(
    ("began", "on", "expected"),
    [
        (Day(2026, 5, 22), Day(2026, 11, 21), []),
        (Day(2026, 5, 22), Day(2026, 11, 22), ["provisional"]),
        (Day(2026, 8, 31), Day(2027, 2, 27), []),
        (Day(2026, 8, 31), Day(2027, 2, 28), ["provisional"]),  # there is no 31 February
    ],
)
def test_provisional_for_over_six_months(branch, began, on, expected):
    term = healthy(branch)
    Period.objects.filter(pk=term.pk).update(is_provisional=True, starts_on=began)
    assert codes(branch, on) == expected


def test_a_vacant_chair_names_who_comes(branch):
    healthy(branch)
    Post.objects.update(ends_on=TODAY)
    PostFactory(unit=branch, starts_on=Day(2026, 12, 1), account__full_name="Vũ Sắp Nhận")
    (warning,) = unit_warnings(branch, TODAY)
    assert warning.text == "Chưa có Bí thư; Vũ Sắp Nhận nhận từ 01/12/2026."


def test_a_grassroots_union_needs_two_branches_and_thirty_members(union):
    base = UnitFactory(superior=union, kind=Unit.Kind.GRASSROOTS_UNION)
    TermFactory(unit=base, starts_on=Day(2026, 1, 1), ends_on=Day(2028, 1, 1))
    PostFactory(unit=base, type="superior_secretary")
    one = UnitFactory(superior=base)
    for _ in range(29):
        MemberFactory(home=one)
    assert codes(base) == ["branches", "members"]
    MemberFactory(home=UnitFactory(superior=base))
    assert codes(base) == []


@pytest.mark.parametrize("units", [1, 3, 30])
def test_warnings_below_ask_the_same_queries(union, units, django_assert_num_queries):
    for _ in range(units):
        UnitFactory(superior=union)
    UnitFactory()  # a stranger's
    healthy(UnitFactory(superior=union))
    with django_assert_num_queries(3):
        found = warnings_below(union, TODAY)
    assert len(found) == units


def test_what_happened_comes_before_what_was_never_written(client, union):
    """Branches whose term is not in the software must not hide the one whose committee is overdue."""
    for number in range(3):
        healthy(UnitFactory(superior=union, name=f"Chi đoàn A{number}")).delete()
    late = healthy(UnitFactory(superior=union, name="Chi đoàn Y"))
    Period.objects.filter(pk=late.pk).update(is_provisional=True, starts_on=Day(2026, 1, 5))
    client.force_login(account_at(union, "superior_office"))
    page = client.get(reverse("branches:unit_warnings", args=[union.pk]))
    assert [row["unit"].name for row in page.context["page"]] == [
        "Chi đoàn Y", "Chi đoàn A0", "Chi đoàn A1", "Chi đoàn A2",
    ]  # fmt: skip


def test_a_warning_leads_to_where_it_is_mended(client, branch):
    client.force_login(account_at(branch, "member"))
    reader = client.get(reverse("branches:unit", args=[branch.pk])).content.decode()
    client.force_login(account_at(branch))
    keeper = client.get(reverse("branches:unit", args=[branch.pk])).content.decode()
    assert f'<a href="{reverse("branches:term_list", args=[branch.pk])}">Mở các nhiệm kỳ</a>' in keeper
    assert f'<a href="{reverse("branches:member_list", args=[branch.pk])}">Mở danh sách đoàn viên</a>' in keeper
    assert "Mở danh sách đoàn viên" not in reader


def test_warnings_are_shown_to_the_unit_and_its_superior_and_to_nobody_beside(client, union, branch):
    client.force_login(account_at(branch))
    assert "Chưa ghi nhiệm kỳ" in client.get(reverse("branches:unit", args=[branch.pk])).content.decode()
    client.force_login(account_at(union, "superior_office"))
    page = client.get(reverse("branches:unit_warnings", args=[union.pk])).content.decode()
    assert [words for words in ("Chi đoàn Sở Thông tin", "Chưa ghi nhiệm kỳ") if words not in page] == []
    client.force_login(account_at(UnitFactory(superior=union)))
    assert client.get(reverse("branches:unit", args=[branch.pk])).status_code == 404
