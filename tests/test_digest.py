"""The weekly letter: who gets it, once, with what, and what becomes of one that is refused."""

import contextlib
import datetime
import os
import re
import signal
import threading

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from branches.models import DigestSent, Rule
from reports import digest
from reports.digest import LEASE, deliver, look_after, queue_digests, receivers, sections_for, send_digest, week_of

from .factories import AccountFactory, MemberFactory, PostFactory, UnionFactory, UnitFactory, account_at
from .test_duties import today_is

SUNDAY = datetime.date(2026, 11, 22)
MONDAY = datetime.date(2026, 11, 16)
NOW = datetime.datetime(2026, 11, 22, 3, tzinfo=datetime.UTC)
SITE = "https://doan.example"


@pytest.fixture(autouse=True)
def _site(settings, monkeypatch):
    settings.SITE_URL = SITE
    # The worker drops connections between tasks, and with it the transaction of the test.
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
    today_is(monkeypatch, SUNDAY)


class Scene:
    def __init__(self):
        self.union = UnionFactory(name="Đoàn Khối")
        self.branch = UnitFactory(superior=self.union, name="Chi đoàn Sở Tư pháp")
        self.secretary = account_at(self.branch, email="bithu@example.test", full_name="Lê Thị Bí Thư")
        self.office = account_at(self.union, "superior_office", email="vanphong@example.test")


@pytest.fixture
def scene(db):
    return Scene()


def queue(on=SUNDAY, now=NOW):
    return queue_digests(on=on, now=now)


def waiting():
    """Letters in the queue; the task that looks after them is counted apart."""
    return DBTaskResult.objects.filter(status="READY", task_path=send_digest.module_path)


def work():
    """What the worker does with what is ready; the letters that were sent."""
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    return mail.outbox


def links(letter):
    """Every address in the text and in the HTML of a letter, on this site."""
    found = re.findall(r"https?://[^\s\"<>]+", letter.body + letter.alternatives[0][0])
    assert all(one.startswith(f"{SITE}/") for one in found)
    return sorted({one.removeprefix(SITE).replace("&amp;", "&") for one in found})


# --- who ------------------------------------------------------------------------------------------------


def test_only_active_accounts_with_an_address_and_a_post_today(scene):
    tomorrow = SUNDAY + datetime.timedelta(days=1)
    no_address = account_at(scene.branch)
    said_no = account_at(scene.branch, email="khong@example.test", wants_digest=False)
    closed = account_at(scene.branch, email="dong@example.test", is_active=False)
    no_post = AccountFactory(email="khong-chuc-vu@example.test")
    ended = PostFactory(unit=scene.branch, ends_on=SUNDAY, account=AccountFactory(email="da-thoi@example.test"))
    to_come = PostFactory(unit=scene.branch, starts_on=tomorrow, account=AccountFactory(email="sap@example.test"))
    found = set(receivers(SUNDAY))
    assert found == {scene.secretary, scene.office}
    assert found.isdisjoint({no_address, said_no, closed, no_post, ended.account, to_come.account})


def test_nobody_without_anything_to_do_gets_a_letter(scene):
    idle = account_at(scene.branch, "member", email="doanvien@example.test")
    assert sections_for(idle, on=SUNDAY) == []
    assert queue() == 3
    assert {one.to[0] for one in work()} == {"bithu@example.test", "vanphong@example.test"}
    assert set(DigestSent.objects.values_list("account", flat=True)) == {scene.secretary.pk, scene.office.pk}


# --- what -----------------------------------------------------------------------------------------------


def test_letter_says_what_the_page_says_and_every_link_opens_for_its_receiver(scene, client):
    MemberFactory(home=scene.branch, full_name="Nguyễn Giữ Kín")
    queue()
    letters = {one.to[0]: one for one in work()}
    assert len(letters) == 2
    for account in (scene.secretary, scene.office):
        letter = letters[account.email]
        client.force_login(account)
        home = client.get(f"{reverse('reports:home')}?tat-ca").content.decode()
        sections = sections_for(account, on=SUNDAY)
        items = [one for section in sections for one in section.items]
        assert items
        for item in items:
            assert item.what in letter.body
            assert item.what in home
            assert f"{SITE}{item.url}" in letter.body
        opened = {address: client.get(address).status_code for address in links(letter)}
        assert set(opened.values()) == {200}
        assert "Nguyễn Giữ Kín" not in letter.body + letter.alternatives[0][0]
    body = letters["bithu@example.test"].body
    assert body.startswith("Chào Lê Thị Bí Thư,\n\nĐến ngày 22/11/2026 có 5 việc chờ bạn, 3 việc đã quá hạn.\n")
    assert letters["bithu@example.test"].subject == "Việc của bạn tuần này: 5 việc, 3 quá hạn"


def test_overdue_goes_up_to_the_superior_of_the_branch_only(scene):
    stranger = account_at(UnionFactory(), "superior_office", email="khac@example.test")
    queue()
    letters = {one.to[0]: one.body for one in work()}
    assert "Sinh hoạt chi đoàn: 1 đơn vị chưa báo từ 7 ngày trở lên" in letters["vanphong@example.test"]
    assert "Chi đoàn Sở Tư pháp (tháng 8, tháng 9, tháng 10)" in letters["vanphong@example.test"]
    assert "Chi đoàn Sở Tư pháp" not in letters[stranger.email]
    Rule.objects.filter(key="digest_escalate_days").update(value=80)
    assert "tháng 8)" in str(sections_for(scene.office, on=SUNDAY))  # due 31/08, 83 days; the others are younger


def test_thing_that_two_posts_show_stands_once(scene):
    PostFactory(account=scene.secretary, unit=scene.branch, type="deputy_secretary")
    found = [one.what for section in sections_for(scene.secretary, on=SUNDAY) for one in section.items]
    assert len(found) == len(set(found)) == 5


# --- once -----------------------------------------------------------------------------------------------


def test_letter_is_sent_once_a_week_however_often_anything_runs(scene):
    assert queue() == 2
    assert queue() == 0
    assert len(work()) == 2
    assert queue() == 0
    assert len(work()) == 2
    note = DigestSent.objects.get(account=scene.secretary)
    assert (note.week, note.items, note.sent_at is not None) == (MONDAY, 5, True)
    assert deliver(note.pk, attempt=1, on=SUNDAY, now=NOW) == "sent before"
    # The next week is another one; a task left over from this week then sends nothing.
    assert queue(on=SUNDAY + datetime.timedelta(days=1)) == 2


def test_weeks_begin_on_monday():
    assert [week_of(MONDAY + datetime.timedelta(days=days)) for days in (-1, 0, 6, 7)] == [
        datetime.date(2026, 11, 9), MONDAY, MONDAY, datetime.date(2026, 11, 23),
    ]  # fmt: skip


def test_task_of_a_past_week_sends_nothing(scene):
    queue()
    note = DigestSent.objects.get(account=scene.secretary)
    assert deliver(note.pk, attempt=1, on=SUNDAY + datetime.timedelta(days=1), now=NOW) == "too late"
    assert mail.outbox == []


def test_rights_that_ended_after_queueing_end_the_letter(scene):
    queue()
    scene.secretary.posts.update(ends_on=SUNDAY)
    assert [one.to[0] for one in work()] == ["vanphong@example.test"]


def both_at_once(note, monkeypatch):
    """Two workers with the same letter: both have written it before either goes on. What each of them says."""
    written, answers = threading.Barrier(2), []
    real = digest.letter_to

    def letter_to(*args, **said):
        made = real(*args, **said)
        written.wait(20)
        return made

    monkeypatch.setattr(digest, "letter_to", letter_to)

    def go():
        try:
            answers.append(deliver(note.pk, attempt=1, on=SUNDAY, now=NOW))
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    return sorted(answers)


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_one_letter_send_it_once(monkeypatch):
    scene = Scene()
    note = DigestSent.objects.create(account=scene.secretary, week=MONDAY, items=0)
    assert both_at_once(note, monkeypatch) == ["sent", "sent before"]
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_would_send_it_twice_if_the_note_were_not_taken(monkeypatch):
    """The control of the test above: the same race with a taking that never refuses."""
    scene = Scene()
    note = DigestSent.objects.create(account=scene.secretary, week=MONDAY, items=0)
    monkeypatch.setattr("django.db.models.query.QuerySet.update", lambda *args, **said: 1)
    assert both_at_once(note, monkeypatch) == ["sent", "sent"]
    assert len(mail.outbox) == 2


@pytest.mark.django_db(transaction=True)
def test_command_run_twice_at_once_queues_each_letter_once():
    Scene()
    start, counts = threading.Barrier(2), []

    def go():
        try:
            start.wait(10)
            counts.append(queue())
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert (sum(counts), DigestSent.objects.count(), waiting().count()) == (2, 2, 2)


# --- a mail server that refuses -------------------------------------------------------------------------


def refuse(monkeypatch, address):
    real = digest.EmailMultiAlternatives.send

    def send(letter, *args, **said):
        if letter.to == [address]:
            raise OSError("connection refused")
        return real(letter, *args, **said)

    monkeypatch.setattr(digest.EmailMultiAlternatives, "send", send)
    return lambda: monkeypatch.setattr(digest.EmailMultiAlternatives, "send", real)


def test_refused_letter_holds_up_no_other_and_is_tried_again(scene, monkeypatch):
    let_through = refuse(monkeypatch, "bithu@example.test")
    queue()
    assert [one.to[0] for one in work()] == ["vanphong@example.test"]
    note = DigestSent.objects.get(account=scene.secretary)
    assert note.sent_at is None
    again = waiting().get()
    assert again.args_kwargs["args"] == [note.pk, 2]
    assert again.run_after > timezone.now()  # not at once
    let_through()
    DBTaskResult.objects.filter(pk=again.pk).update(run_after=timezone.now() - datetime.timedelta(minutes=1))
    assert [one.to[0] for one in work()] == ["vanphong@example.test", "bithu@example.test"]
    note.refresh_from_db()
    assert note.sent_at is not None


def test_tries_end_and_the_command_takes_it_up_again(scene, monkeypatch):
    refuse(monkeypatch, "bithu@example.test")
    note = DigestSent.objects.create(account=scene.secretary, week=MONDAY, items=0)
    with pytest.raises(OSError, match="connection refused"):
        deliver(note.pk, attempt=4, on=SUNDAY, now=NOW)
    assert not DBTaskResult.objects.exists()
    DigestSent.objects.filter(pk=note.pk).update(queued_at=NOW - datetime.timedelta(hours=11))
    assert queue() == 1  # the office; this one was queued a moment ago
    DigestSent.objects.filter(pk=note.pk).update(queued_at=NOW - datetime.timedelta(hours=13))
    assert queue() == 1


def test_command_refuses_to_send_links_to_nowhere(scene, settings):
    settings.SITE_URL = ""
    with pytest.raises(CommandError, match="SITE_URL"):
        call_command("send_digests")
    settings.SITE_URL = SITE
    call_command("send_digests", verbosity=0)
    assert DigestSent.objects.count() == 2


# --- a worker that dies ---------------------------------------------------------------------------------


def killed_while_sending(note, *, after_the_server: bool) -> int:
    """Deliver in a process that is killed while the letter leaves, before or after the mail server has it.

    The signal that ended it. What reached the server stays in the database as a mark of its own, because the
    outbox of the child dies with it.
    """
    connection.close()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            connection.connection = None

            def send(letter, *args, **said):
                if after_the_server:
                    Rule.objects.create(key="reached", value=letter.to, valid_from=MONDAY)
                    connection.close()
                os.kill(os.getpid(), signal.SIGKILL)

            digest.EmailMultiAlternatives.send = send
            deliver(note.pk, attempt=1, on=SUNDAY, now=NOW)
        os._exit(1)
    return os.WTERMSIG(os.waitpid(pid, 0)[1])


def wake(monkeypatch, now):
    """What the task that looks after the letters does at this moment."""
    monkeypatch.setattr(digest.timezone, "now", lambda: now)
    return look_after.func()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after_the_server", [False, True])
def test_killed_worker_loses_no_letter_and_doubles_at_most_one(monkeypatch, after_the_server):
    scene = Scene()
    note = DigestSent.objects.create(account=scene.secretary, week=MONDAY, items=0)
    assert killed_while_sending(note, after_the_server=after_the_server) == signal.SIGKILL
    note.refresh_from_db()
    assert (note.claimed_at, note.sent_at) == (NOW, None)
    DigestSent.objects.update(queued_at=NOW)
    # Within the lease it may still be alive: nobody touches its letter.
    assert wake(monkeypatch, NOW + LEASE) == 0
    assert deliver(note.pk, attempt=1, on=SUNDAY, now=NOW + LEASE) == "sent before"
    later = NOW + LEASE + datetime.timedelta(minutes=1)
    assert wake(monkeypatch, later) == 1
    assert wake(monkeypatch, later) == 0  # taken up once
    assert waiting().count() == 1
    assert [one.to[0] for one in work()] == ["bithu@example.test"]
    note.refresh_from_db()
    assert note.sent_at is not None
    reached = Rule.objects.filter(key="reached").count() + len(mail.outbox)
    assert reached == (2 if after_the_server else 1)
    assert wake(monkeypatch, later + LEASE + LEASE) == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_worker_would_lose_the_letter_without_the_claim(monkeypatch):
    """The control: with "sent" written before the letter leaves, nothing finds it again."""
    scene = Scene()
    note = DigestSent.objects.create(account=scene.secretary, week=MONDAY, items=0, queued_at=NOW)
    assert killed_while_sending(note, after_the_server=False) == signal.SIGKILL
    DigestSent.objects.update(sent_at=NOW)
    assert wake(monkeypatch, NOW + 4 * LEASE) == 0
    assert queue(now=NOW + 4 * LEASE) == 1  # the office
    assert [one.to[0] for one in work()] == ["vanphong@example.test"]


def test_nobody_looks_after_letters_that_are_all_sent_or_given_up(scene, monkeypatch):
    queue()
    looks = DBTaskResult.objects.filter(task_path=look_after.module_path)
    assert looks.get().run_after == NOW + LEASE + datetime.timedelta(minutes=1)
    work()
    looks.all().delete()
    assert wake(monkeypatch, NOW + 2 * LEASE) == 0
    assert not looks.exists()
    # One that every try failed for is left to the next run of the command after half a day.
    DigestSent.objects.filter(account=scene.secretary).update(sent_at=None, claimed_at=None, queued_at=NOW)
    assert wake(monkeypatch, NOW + datetime.timedelta(hours=11)) == 0
    assert looks.count() == 1
    looks.all().delete()
    assert wake(monkeypatch, NOW + datetime.timedelta(hours=13)) == 0
    assert not looks.exists()


# --- saying no ------------------------------------------------------------------------------------------


def test_person_turns_the_letter_off_and_on(scene, client):
    client.force_login(scene.secretary)
    address = reverse("reports:digest_settings")
    assert "Gửi đến bithu@example.test" in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 302
    scene.secretary.refresh_from_db()
    assert scene.secretary.wants_digest is False
    assert scene.secretary not in receivers(SUNDAY)
    client.post(address, {"wants": "on"})
    assert scene.secretary in receivers(SUNDAY)


# --- an address of one's own ------------------------------------------------------------------------------


@pytest.fixture
def own_address(scene, client):
    """The page, asked for an address: what it said."""
    cache.clear()
    client.force_login(scene.secretary)

    def ask(email):
        page = client.post(reverse("reports:digest_settings"), {"do": "address", "email": email}, follow=True)
        return " ".join(page.content.decode().split())

    return ask


def link_in(letter) -> str:
    (link,) = re.findall(r"https?://\S+", letter.body)
    return link.split("testserver")[1]


def test_own_address_counts_once_its_link_was_opened(scene, client, own_address):
    assert "Đã gửi thư xác nhận đến rieng@example.test." in own_address("  Rieng@Example.test ")
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["rieng@example.test"], "Xác nhận địa chỉ thư")
    scene.secretary.refresh_from_db()
    assert scene.secretary.email == "bithu@example.test"  # until then
    page = client.get(reverse("reports:digest_settings")).content.decode()
    assert "Đang chờ xác nhận" in page
    assert "Trong khi chờ, thư vẫn gửi đến bithu@example.test." in page
    # On another device, without an account: reading the page changes nothing (mail scanners do), the button does.
    client.logout()
    link = link_in(letter)
    assert "từ nay gửi đến" in client.get(link).content.decode()
    scene.secretary.refresh_from_db()
    assert scene.secretary.email == "bithu@example.test"
    answer = client.post(link)
    assert answer.headers["Location"] == reverse("account_login")
    scene.secretary.refresh_from_db()
    assert scene.secretary.email == "rieng@example.test"
    assert "đã dùng, đã quá 3 ngày" in client.get(link).content.decode()
    assert client.post(link).status_code == 404
    queue()
    assert "rieng@example.test" in {one.to[0] for one in work()}


def test_link_opened_by_who_is_signed_in_leads_back_to_the_page(scene, client, own_address):
    own_address("rieng@example.test")
    page = client.post(link_in(mail.outbox[0]), follow=True)
    assert page.redirect_chain == [(reverse("reports:digest_settings"), 302)]
    assert "Gửi đến rieng@example.test" in page.content.decode()
    assert "Đã xác nhận rieng@example.test." in page.content.decode()


def test_another_address_ends_the_link_to_the_one_before(scene, client, own_address):
    own_address("go-nham@example.test")
    own_address("dung@example.test")
    first, second = (link_in(one) for one in mail.outbox)
    assert client.post(first).status_code == 404
    assert client.post(second).status_code == 302
    scene.secretary.refresh_from_db()
    assert scene.secretary.email == "dung@example.test"
    # The old one may come back, with a link of its own.
    own_address("bithu@example.test")
    assert client.post(link_in(mail.outbox[2])).status_code == 302
    scene.secretary.refresh_from_db()
    assert scene.secretary.email == "bithu@example.test"
    assert EmailAddress.objects.get().email == "bithu@example.test"


@pytest.mark.parametrize("email", ["", "khong phai thu", "a@", "a@b.vn\nBcc: c@d.vn"])
def test_what_is_no_address_gets_an_answer_at_its_field(scene, own_address, email):
    assert "invalid-feedback" in own_address(email)
    assert (mail.outbox, EmailAddress.objects.count()) == ([], 0)


def test_links_are_few(scene, own_address):
    own_address("mot@example.test")
    assert "Vừa gửi thư xác nhận đến đây." in own_address("mot@example.test")
    for number in range(3):
        own_address(f"{number}@example.test")
    assert "Đã xin xác nhận nhiều lần." in own_address("sau@example.test")
    assert [one.to[0] for one in mail.outbox] == [
        "mot@example.test", "0@example.test", "1@example.test", "2@example.test",
    ]  # fmt: skip
    # Refused for the hour, and the address that waits is still the one before.
    assert EmailAddress.objects.get().email == "2@example.test"


def test_address_of_another_account_is_not_taken_over(scene, client, own_address):
    EmailAddress.objects.create(user=scene.office, email="vanphong@example.test", verified=True, primary=True)
    own_address("vanphong@example.test")
    link = link_in(mail.outbox[0])
    assert "đã được một tài khoản khác xác nhận" in client.get(link).content.decode()
    client.post(link)
    scene.secretary.refresh_from_db()
    assert scene.secretary.email == "bithu@example.test"


def test_no_address_is_asked_for_where_no_mail_leaves_the_house(scene, client, own_address, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    page = client.get(reverse("reports:digest_settings")).content.decode()
    assert "Phần mềm chưa được cài đặt gửi thư" in page
    assert 'name="email"' not in page


def test_mail_server_that_is_down_is_said_at_the_field(scene, own_address, monkeypatch):
    def send(*args, **said):
        raise OSError("connection refused")

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", send)
    assert "máy chủ thư không nhận" in own_address("rieng@example.test")
    scene.secretary.refresh_from_db()
    assert scene.secretary.email == "bithu@example.test"
