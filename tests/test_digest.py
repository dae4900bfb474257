"""The weekly letter: who gets it, once, with what, and what becomes of one that is refused."""

import datetime
import re
import threading

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from branches.models import DigestSent, Rule
from reports import digest
from reports.digest import deliver, queue_digests, receivers, sections_for, week_of

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
    assert (sum(counts), DigestSent.objects.count(), DBTaskResult.objects.count()) == (2, 2, 2)


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
    again = DBTaskResult.objects.get(status="READY")
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
