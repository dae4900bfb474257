"""What is kept closed about a member: every opening and every change leaves who and when, and strangers see nothing."""

import datetime
import re

import pytest
from django.urls import reverse

from branches.enrolling import change_member, enrol_member
from branches.models import Member, SensitiveAccess
from tests.factories import AccountFactory, MemberFactory, UnionFactory, UnitFactory, account_at

pytestmark = pytest.mark.django_db
PARTY_DAY = datetime.date(2021, 5, 19)


@pytest.fixture
def union():
    return UnionFactory()


@pytest.fixture
def branch(union):
    return UnitFactory(superior=union)


@pytest.fixture
def member(branch):
    return MemberFactory(home=branch, party_on=PARTY_DAY)


@pytest.fixture
def secretary(branch):
    return account_at(branch, full_name="Lê Thu Hạnh")


def page_of(member):
    return reverse("branches:member", args=[member.pk])


def form_of(member):
    return reverse("branches:member_sensitive", args=[member.pk])


def rows():
    return list(SensitiveAccess.objects.order_by("pk").values_list("member", "account", "kind"))


def said_on(answer) -> list[str]:
    """The lines under "Đã mở phần giữ kín", without the time."""
    html = answer.content.decode()
    if "Đã mở phần giữ kín" not in html:
        return []
    lines = re.findall(r"<li>([^<]*)</li>", html.split("Đã mở phần giữ kín")[1].split("</ul>")[0])
    return [line.split(",")[0] for line in lines]


def test_every_opening_and_every_change_leaves_a_row(client, member, secretary):
    own = AccountFactory(member=member, full_name="Trần Văn Đức")
    client.force_login(secretary)
    client.get(page_of(member))
    assert rows() == []

    client.post(page_of(member))
    client.get(form_of(member))
    client.post(form_of(member), {"ethnicity": "Tày", "joined_party_on": "19/05/2021", "version": 1})
    client.force_login(own)
    opened = client.post(page_of(member))

    assert rows() == [
        (member.pk, secretary.pk, "opened"),
        (member.pk, secretary.pk, "opened"),
        (member.pk, secretary.pk, "changed"),
        (member.pk, own.pk, "opened"),
    ]
    assert said_on(opened) == ["Trần Văn Đức xem", "Lê Thu Hạnh sửa", "Lê Thu Hạnh xem", "Lê Thu Hạnh xem"]


def test_strangers_and_readers_open_nothing_and_are_not_told_who_did(client, union, branch, member, secretary):
    client.force_login(secretary)
    client.post(page_of(member))
    others = {
        "committee": account_at(branch, "committee_member"),
        "superior": account_at(union, "superior_office"),
        "party": account_at(branch, "party_secretary"),
        "sibling": account_at(UnitFactory(superior=union)),
        "stranger": AccountFactory(full_name="Người Lạ"),
    }
    answers = {}
    for name, account in others.items():
        client.force_login(account)
        read = client.get(page_of(member))
        tried = (
            client.post(page_of(member)),
            client.get(form_of(member)),
            client.post(form_of(member), {"version": 1}),
        )
        assert said_on(read) == []
        answers[name] = (read.status_code, *(answer.status_code for answer in tried))

    assert answers == {
        "committee": (200, 403, 403, 403),
        "superior": (200, 403, 403, 403),
        "party": (404, 404, 404, 404),
        "sibling": (404, 404, 404, 404),
        "stranger": (404, 404, 404, 404),
    }
    assert rows() == [(member.pk, secretary.pk, "opened")]


def test_page_names_the_last_five(client, member, secretary):
    client.force_login(secretary)
    for _ in range(7):
        client.post(page_of(member))

    assert said_on(client.get(page_of(member))) == ["Lê Thu Hạnh xem"] * 5


def test_what_shows_or_writes_nothing_leaves_no_row(client, member, secretary):
    client.force_login(secretary)

    client.head(form_of(member))
    client.post(form_of(member), {"joined_party_on": "31/02/2021", "version": 1})
    client.post(form_of(member), {"joined_party_on": "19/05/2021", "version": 1})
    change_member(member=member, version=2, by=secretary, job="Văn thư")

    assert (rows(), Member.objects.get().job) == ([], "Văn thư")


def test_the_first_writing_is_in_the_history_of_the_record_and_is_no_opening(branch, secretary):
    day = datetime.date(2026, 3, 26)
    made = enrol_member(by=secretary, unit=branch, on=day, full_name="Vi Bình", ethnicity="Thái")

    assert (made.sensitive.ethnicity, made.history.get().history_user, rows()) == ("Thái", secretary, [])


def test_administrator_reads_the_rows_without_names_of_members_and_changes_none(client, member, secretary):
    row = SensitiveAccess.objects.create(member=member, account=secretary, kind="opened")
    client.force_login(AccountFactory(is_staff=True, is_superuser=True))

    listed = client.get(reverse("admin:branches_sensitiveaccess_changelist"))
    html = listed.content.decode()

    assert listed.status_code == 200
    assert "Lê Thu Hạnh" in html
    assert f"Hồ sơ số {member.pk}" in html
    assert member.full_name not in html
    assert client.get(reverse("admin:branches_sensitiveaccess_add")).status_code == 403
    for name in ("change", "delete"):
        answer = client.post(reverse(f"admin:branches_sensitiveaccess_{name}", args=[row.pk]), {"kind": "changed"})
        assert answer.status_code == 403
    assert rows() == [(member.pk, secretary.pk, "opened")]


@pytest.mark.parametrize("count", [1, 3, 30])
def test_page_asks_the_same_queries_however_often_it_was_opened(
    client, member, secretary, django_assert_num_queries, count
):
    for _ in range(count):
        SensitiveAccess.objects.create(member=member, account=AccountFactory(), kind="opened")
    client.force_login(secretary)

    # session, account, posts, member, rules of age, memberships, activities, their number, accesses, targets
    with django_assert_num_queries(17):
        client.get(page_of(member))
