"""Handing over a post: one form, rights and sessions that end on the day, a link for the newcomer, a closed note."""

import datetime
import hashlib
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from branches.appointing import AppointmentRefused, Person, appoint
from branches.forms.posts import HandoverForm
from branches.handing_over import hand_over
from branches.inviting import InvitationRefused, accept_invitation, invite, open_invitation, revoke_invitations
from branches.models import Account, HandoverNote, Invitation, Post, PostType, Unit
from tests.browsing import Looker
from tests.conftest import PHONE
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
NOW = datetime.datetime(2026, 11, 22, 3, tzinfo=datetime.UTC)
WORDS = "mot cau that dai de nho"


class Clock:
    """What day it is for everybody; a test moves it."""

    today = TODAY


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    moving = Clock()
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: moving.today)
    return moving


@pytest.fixture
def branch():
    return UnitFactory(superior=UnionFactory(), name="Chi đoàn Sở Thông tin")


@pytest.fixture
def post(branch):
    return PostFactory(unit=branch, account__full_name="Lê Người Cũ")


def give(post, to=None, by=None, **said):
    said = {"on": TODAY, "today": TODAY, "at": NOW} | said
    return hand_over(by=by or post.account, post=post, to=to or Person(name="Vũ Người Mới"), **said)


def signed_in(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def is_in(client) -> bool:
    return client.get(reverse("reports:home")).status_code == 200


# --- the verb -------------------------------------------------------------------------------------


def test_one_step_ends_the_old_post_begins_the_new_one_and_invites(post, branch):
    term = TermFactory(unit=branch, starts_on=Day(2025, 1, 1), ends_on=Day(2028, 1, 1))
    Post.objects.filter(pk=post.pk).update(term=term)
    done = give(post, note="Sổ chi đoàn ở tủ số 2", decision="20-QĐ/ĐK")
    post.refresh_from_db()
    assert (post.ends_on, done.new.starts_on, done.new.ends_on) == (TODAY, TODAY, None)
    assert (done.new.type, done.new.unit, done.new.term, done.new.decision) == (post.type, branch, term, "20-QĐ/ĐK")
    assert (done.new.account.full_name, done.new.account.has_usable_password()) == ("Vũ Người Mới", False)
    kept = Invitation.objects.get()
    assert kept.token_hash == hashlib.sha256(done.token.encode()).hexdigest()
    assert kept.expires_at == NOW + datetime.timedelta(days=7)
    assert HandoverNote.objects.get().text == "Sổ chi đoàn ở tủ số 2"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"on": Day(2015, 1, 1)}, "sau 01/01/2015"),
        ({"to": Person()}, "Hãy chọn một người"),
        ({"term": True}, "một nhiệm kỳ của Chi đoàn Sở Thông tin"),
    ],
)
def test_handover_that_is_refused_changes_nothing(post, said, message):
    if said.get("term"):
        said = {"term": TermFactory()}
    before = Account.objects.count()
    with pytest.raises(AppointmentRefused, match=message):
        give(post, **said)
    post.refresh_from_db()
    assert (post.ends_on, Account.objects.count(), Post.objects.count()) == (None, before, 1)


def test_handover_is_all_or_nothing(post, monkeypatch):
    monkeypatch.setattr("branches.handing_over.invite", lambda **said: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        give(post, note="Sổ ở tủ")
    post.refresh_from_db()
    assert (post.ends_on, Post.objects.count(), Account.objects.count(), HandoverNote.objects.count()) == (
        None,
        1,
        1,
        0,
    )


def test_a_second_handover_and_an_overlap_are_refused(post, branch):
    give(post, on=Day(2026, 12, 1))
    post.refresh_from_db()
    # Somebody else hands the same post over to another person for an earlier day: two secretaries from 1 December.
    with pytest.raises(AppointmentRefused, match=r"Vũ Người Mới giữ chức vụ Bí thư từ 01/12/2026"):
        give(post, Person(name="Trần Thứ Ba"), on=Day(2026, 11, 25))
    with pytest.raises(AppointmentRefused, match="đã thôi chức vụ này từ ngày 01/12/2026"):
        give(post, Person(name="Trần Thứ Ba"), on=Day(2026, 12, 1))
    assert Post.objects.filter(unit=branch).count() == 2


def test_nobody_takes_a_post_and_nobody_hands_over_what_they_may_not_give(post, branch):
    deputy = account_at(branch, "deputy_secretary")
    with pytest.raises(AppointmentRefused, match="Không tự giao"):
        give(post, Person(account=deputy), by=deputy)
    for stranger in (account_at(branch, "committee_member"), account_at(UnitFactory())):
        with pytest.raises(AppointmentRefused, match="không thay đổi được"):
            give(post, by=stranger)
    with pytest.raises(AppointmentRefused, match="đang giữ chức vụ này"):
        give(post, Person(account=post.account), by=deputy)


# --- sessions and rights --------------------------------------------------------------------------


def test_the_predecessor_is_out_on_the_next_request_and_the_newcomer_in(post, branch):
    old = signed_in(post.account)
    assert is_in(old)
    done = give(post)
    assert not is_in(old)
    accept_invitation(token=done.token, username="nguoimoi", password=WORDS, at=NOW)
    new = Client()
    assert new.login(username="nguoimoi", password=WORDS)
    assert is_in(new)
    assert new.get(reverse("branches:member_list", args=[branch.pk])).status_code == 200


def test_without_a_handover_the_session_goes_on(post):
    """Negative control of the test above."""
    old = signed_in(post.account)
    give(PostFactory(unit=UnitFactory()))
    assert is_in(old)


def test_a_day_to_come_ends_rights_and_sessions_on_that_day(post, branch, clock):
    old = signed_in(post.account)
    done = give(post, on=Day(2026, 12, 1))
    page = reverse("branches:member_list", args=[branch.pk])
    clock.today = Day(2026, 11, 30)
    assert old.get(page).status_code == 200
    assert signed_in(done.new.account).get(page).status_code == 404
    clock.today = Day(2026, 12, 1)
    assert old.get(page).status_code == 302  # to the sign-in page
    assert signed_in(Account.objects.get(pk=post.account_id)).get(page).status_code == 404
    assert signed_in(Account.objects.get(pk=done.new.account_id)).get(page).status_code == 200


def test_the_predecessor_keeps_another_post_after_signing_in_again(post, branch):
    other = UnitFactory()
    PostFactory(unit=other, account=post.account)
    give(post)
    again = signed_in(Account.objects.get(pk=post.account_id))
    assert again.get(reverse("branches:member_list", args=[other.pk])).status_code == 200
    assert again.get(reverse("branches:member_list", args=[branch.pk])).status_code == 404
    assert is_in(again)


def test_no_later_day_brings_an_ended_session_back_to_life(post, clock):
    account = post.account
    oldest = signed_in(account)
    account.end_sessions(on=Day(2026, 11, 25), today=TODAY)
    assert is_in(oldest)
    clock.today = Day(2026, 11, 26)
    middle = signed_in(Account.objects.get(pk=account.pk))
    account = Account.objects.get(pk=account.pk)
    account.end_sessions(on=Day(2026, 12, 10), today=clock.today)
    assert is_in(middle)
    assert not is_in(oldest)
    clock.today = Day(2026, 12, 10)
    assert not is_in(middle)
    newest = signed_in(Account.objects.get(pk=account.pk))
    Account.objects.get(pk=account.pk).end_sessions(on=clock.today, today=clock.today)
    assert not is_in(newest)


# --- the note -------------------------------------------------------------------------------------


def test_the_note_is_read_by_the_next_holder_and_nobody_else(post, branch, client):
    done = give(post, note="Mật khẩu tủ: 2468")
    note = HandoverNote.objects.get()
    url = reverse("branches:handover_note", args=[note.pk])
    above = Post.objects.get(pk=post.pk).unit.superior_pk
    others = [
        post.account,  # no longer
        account_at(branch, "deputy_secretary"),
        account_at(type(branch).objects.get(pk=above), "superior_office"),
        account_at(type(branch).objects.get(pk=above), "administrator"),
        account_at(UnitFactory()),
    ]
    for account in others:
        assert signed_in(Account.objects.get(pk=account.pk)).get(url).status_code == 404
    reader = signed_in(done.new.account)
    assert "2468" in reader.get(url).content.decode()
    assert url in reader.get(reverse("branches:unit", args=[branch.pk])).content.decode()
    assert url in reader.get(reverse("reports:home")).content.decode()


# --- invitations ----------------------------------------------------------------------------------


@pytest.fixture
def invited(post, branch):
    kind = PostType.objects.get(code="deputy_secretary")
    held = appoint(by=post.account, unit=branch, kind=kind, person=Person(name="Lê Thị Hồng Nhung"), starts_on=TODAY)
    return held.account


def test_a_new_link_ends_the_older_one_and_a_revoked_one_opens_nothing(post, branch, invited):
    said = {"by": post.account, "account": invited, "at": NOW, "on": TODAY}
    first, second = invite(unit=branch, **said), invite(unit=branch, **said)
    assert open_invitation(first, at=NOW) is None
    assert open_invitation(second, at=NOW).account == invited
    assert open_invitation(second, at=NOW + datetime.timedelta(days=7)) is None
    assert revoke_invitations(**said) == 1
    assert open_invitation(second, at=NOW) is None


def test_no_link_is_made_for_an_account_that_has_a_password(post, branch):
    with pytest.raises(InvitationRefused, match="đã có mật khẩu"):
        invite(by=post.account, account=account_at(branch, "member"), unit=branch, at=NOW, on=TODAY)


def test_a_secretary_cannot_take_over_the_account_of_somebody_with_higher_posts(post, branch, invited):
    PostFactory(account=invited, unit=UnionFactory(), type="superior_office")
    with pytest.raises(InvitationRefused, match="không mời được"):
        invite(by=post.account, account=invited, unit=branch, at=NOW, on=TODAY)
    done = give(post, Person(account=invited))  # gets the post, and keeps the link those above gave
    assert (done.token, done.new.account) == ("", invited)


def test_the_newcomers_page_sets_name_and_password_once(client, post, branch, invited):
    token = invite(by=post.account, account=invited, unit=branch, at=timezone.now(), on=TODAY)
    url = reverse("branches:invitation", args=[token])
    page = client.get(url)
    assert page.context["form"].initial["username"] == "lethihongnhung"
    said = {"username": "nhung", "password": WORDS, "again": WORDS}
    for wrong, message in (
        ({"password": "ngan", "again": "ngan"}, "Mật khẩu quá ngắn"),
        ({"again": "khác"}, "chưa giống nhau"),
        ({"username": post.account.username.upper()}, "đã có người dùng"),
        ({"username": "có dấu cách"}, ""),
    ):
        answer = client.post(url, said | wrong)
        assert answer.status_code == 200
        assert message in answer.content.decode()
        assert not Account.objects.get(pk=invited.pk).has_usable_password()
    assert client.post(url, said).headers["Location"] == reverse("account_login")
    assert client.login(username="nhung", password=WORDS)
    assert client.get(url).status_code == 404


def test_unknown_used_revoked_and_expired_are_answered_alike(client, post, branch, invited):
    def link(**changed):
        token = invite(by=post.account, account=invited, unit=branch, at=timezone.now(), on=TODAY)
        Invitation.objects.filter(token_hash=hashlib.sha256(token.encode()).hexdigest()).update(**changed)
        return token

    now = timezone.now()
    tokens = ["doan-bua", link(used_at=now), link(revoked_at=now), link(expires_at=now)]
    answers = [client.get(reverse("branches:invitation", args=[token])) for token in tokens]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert len({answer.content for answer in answers}) == 1


def test_guessing_links_is_slowed_down(client, post, branch, invited):
    for number in range(60):
        assert client.get(reverse("branches:invitation", args=[f"doan-{number}"])).status_code == 404
    token = invite(by=post.account, account=invited, unit=branch, at=timezone.now(), on=TODAY)
    assert client.get(reverse("branches:invitation", args=[token])).status_code == 429


# --- pages ----------------------------------------------------------------------------------------


def test_form_sent_twice_is_one_handover_and_shows_its_link_once(post, branch):
    client = signed_in(account_at(branch, "deputy_secretary"))
    url = reverse("branches:handover", args=[post.pk])
    said = {"name": "Vũ Người Mới", "on": "22/11/2026", "note": "Sổ ở tủ", "form_key": str(uuid.uuid4())}
    page = client.post(url, said)
    assert "/loi-moi/" in page.context["link"]
    again = client.post(url, said)
    assert (again.status_code, again.headers["Location"]) == (302, reverse("branches:post_list", args=[branch.pk]))
    assert Post.objects.filter(unit=branch, type__code="secretary").count() == 2
    assert HandoverNote.objects.count() == Invitation.objects.count() == 1


def test_the_administrator_sees_no_register_to_choose_from(post, branch):
    MemberFactory(home=branch, full_name="Đoàn Viên Kín")
    url = reverse("branches:handover", args=[post.pk])
    administrator = account_at(branch, "administrator")
    assert "Đoàn Viên Kín" not in signed_in(administrator).get(url).content.decode()
    assert "Đoàn Viên Kín" in signed_in(account_at(branch, "deputy_secretary")).get(url).content.decode()


def test_a_chosen_person_and_a_name_together_are_asked_about(post, branch):
    person = AccountFactory(full_name="Trần Đã Có")
    PostFactory(unit=branch, type="member", account=person)
    client = signed_in(post.account)
    said = {"who": f"a{person.pk}", "name": "Người khác", "on": "22/11/2026", "form_key": str(uuid.uuid4())}
    assert "bỏ trống ô này" in client.post(reverse("branches:handover", args=[post.pk]), said).content.decode()
    said["name"] = ""
    assert client.post(reverse("branches:handover", args=[post.pk]), said).status_code == 302
    assert Post.objects.get(unit=branch, type=post.type, ends_on=None).account == person


def test_the_list_of_newcomers_has_neither_the_holder_nor_plain_members_as_officers(post, branch):
    account_at(branch, "deputy_secretary", full_name="Vũ Phó")
    recorded = MemberFactory(home=branch, full_name="Bùi Thường")
    account_at(branch, "member", full_name="Bùi Thường", member=recorded)
    account_at(branch, "member", full_name="Đỗ Lẻ")
    post.account.member = MemberFactory(home=branch, full_name="Lê Người Cũ")
    post.account.save()

    def offered(user):
        form = HandoverForm(user=user, unit=branch, today=TODAY, apart_from=post.account)
        return {label: [name for _, name in rows] for label, rows in form.fields["who"].choices[1:]}

    above = account_at(Unit.objects.get(pk=branch.superior_pk), "superior_office")
    assert offered(above) == {
        "Đang hoặc từng giữ chức vụ": ["Vũ Phó"],
        "Đoàn viên trong danh sách": ["Bùi Thường, sinh 2000"],
        "Đăng nhập với tư cách đoàn viên": ["Đỗ Lẻ"],
    }
    # Who reads no register still finds the account, and opens no second one.
    assert offered(account_at(branch, "administrator"))["Đăng nhập với tư cách đoàn viên"] == ["Bùi Thường", "Đỗ Lẻ"]


def test_signing_in_as_a_member_is_not_handed_over(client, post, branch):
    plain = account_at(branch, "member").posts.get()
    client.force_login(post.account)
    url = reverse("branches:handover", args=[plain.pk])
    assert client.get(url).headers["Location"] == reverse("branches:post_end", args=[plain.pk])
    page = client.get(reverse("branches:post_list", args=[branch.pk])).content.decode()
    assert url not in page
    assert reverse("branches:handover", args=[post.pk]) in page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_secretary_hands_over_on_a_phone(open_page, branch, post, monkeypatch):
    MemberFactory(home=branch, full_name="Vũ Người Mới")
    page, look = open_page(PHONE, post.account), Looker("ban-giao")
    page.goto(reverse("branches:unit", args=[branch.pk]))
    page.get_by_role("link", name="Chức vụ, bàn giao").click()
    look.at(page, "posts")
    page.get_by_role("link", name="Bàn giao chức vụ Bí thư").click()
    page.get_by_label("Người nhận", exact=False).first.select_option(label="Vũ Người Mới, sinh 2000")
    page.get_by_label("Nội dung bàn giao").fill("Sổ chi đoàn ở tủ số 2.")
    look.at(page, "form")
    page.get_by_role("button", name="Bàn giao chức vụ").click()
    expect(page.get_by_role("heading", name="Gửi liên kết cho Vũ Người Mới")).to_be_visible()
    look.at(page, "link")
    link = page.get_by_label("Liên kết để gửi").input_value()
    page.goto("/")
    expect(page.get_by_role("button", name="Đăng nhập")).to_be_visible()  # the old session is over

    new = open_page(PHONE)
    new.goto(link)
    expect(new.get_by_label("Tên đăng nhập")).to_have_value("vunguoimoi")
    new.get_by_role("textbox", name="Mật khẩu mới", exact=False).first.fill(WORDS)
    new.get_by_role("textbox", name="Ghi lại mật khẩu mới").fill(WORDS)
    look.at(new, "invitation")
    new.get_by_role("button", name="Đặt mật khẩu").click()
    new.get_by_label("Tên đăng nhập").fill("vunguoimoi")
    new.get_by_role("textbox", name="Mật khẩu").fill(WORDS)
    new.get_by_role("button", name="Đăng nhập").click()
    expect(new.get_by_role("heading", name="Việc đang chờ tôi")).to_be_visible()
    new.get_by_role("link", name="Đọc nội dung bàn giao").click()
    expect(new.get_by_text("Sổ chi đoàn ở tủ số 2.")).to_be_visible()
    look.at(new, "note")
    assert look.wrong == {}
