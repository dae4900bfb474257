"""Letters of invitation: who gets one, once, and who is told of another day or place."""

import uuid

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.meetings import inviting
from branches.meetings.inviting import invitation_text, send_invitations
from branches.meetings.planning import change_meeting
from branches.meetings.states import MeetingRefused
from branches.models import MeetingLetter, Member
from tests.holding_meetings import OPENED, TODAY, MeetingScene, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return MeetingScene()


def with_addresses(scene, count=2):
    for number, member in enumerate(scene.members[:count]):
        Member.objects.filter(pk=member.pk).update(email=f"nguoi-{number}@vidu.example")


def receivers() -> list[str]:
    """Who got a letter since this was asked last."""
    found = [one.to[0].split("@")[0] for one in mail.outbox]
    mail.outbox.clear()
    return found


def test_second_sending_goes_to_those_who_have_no_letter(scene):
    with_addresses(scene)
    meeting = scene.plan()
    assert send_invitations(meeting=meeting, now=OPENED).count == 2
    assert receivers() == ["nguoi-0", "nguoi-1"]
    with pytest.raises(MeetingRefused, match="Không ai nhận hai lần"):
        send_invitations(meeting=meeting, now=OPENED)
    with_addresses(scene, 3)
    send_invitations(meeting=meeting, now=OPENED)
    assert receivers() == ["nguoi-2"]
    # A corrected address has not been written to.
    Member.objects.filter(pk=scene.members[0].pk).update(email="dung@vidu.example")
    send_invitations(meeting=meeting, now=OPENED)
    assert receivers() == ["dung"]


def test_all_are_told_again_only_where_moment_or_place_changed(scene):
    with_addresses(scene)
    meeting = scene.plan()
    send_invitations(meeting=meeting, now=OPENED)
    receivers()
    change_meeting(meeting=meeting, version=meeting.version, on=TODAY, theme="Chủ điểm khác")
    with pytest.raises(MeetingRefused, match="không khác thư đã gửi"):
        send_invitations(meeting=meeting, now=OPENED, again=True)
    meeting = change_meeting(meeting=meeting, version=2, on=TODAY, starts_at=at(8), place="Hội trường")
    with_addresses(scene, 3)
    assert send_invitations(meeting=meeting, now=OPENED, again=True).count == 3
    letters = {one.to[0].split("@")[0]: one for one in mail.outbox}
    assert letters["nguoi-0"].subject == "Thay đổi lịch họp: Sinh hoạt chi đoàn tháng 11/2026"
    assert letters["nguoi-0"].body.startswith(
        "Cuộc họp này đã thay đổi so với thư mời trước:\n"
        "Thời gian: trước là 17:00, Thứ Sáu, 20/11/2026; nay là 08:00, Thứ Sáu, 20/11/2026\n"
        "Nơi họp: trước là Phòng họp tầng 3; nay là Hội trường\n\n"
        f"{scene.unit.name} mời các đồng chí dự: Sinh hoạt chi đoàn tháng 11/2026\n"
        "Thời gian: 08:00, Thứ Sáu, 20/11/2026\n"
    )
    # Who hears of it for the first time is told of no change.
    assert letters["nguoi-2"].subject == "Mời họp: Sinh hoạt chi đoàn tháng 11/2026"
    assert letters["nguoi-2"].body == invitation_text(meeting)
    with pytest.raises(MeetingRefused, match="không khác thư đã gửi"):
        send_invitations(meeting=meeting, now=OPENED, again=True)


def test_page_of_the_invitation_says_who_knows_what(scene, client):
    with_addresses(scene)
    meeting = scene.plan()
    client.force_login(scene.secretary)
    here = reverse("branches:meeting_invite", args=[meeting.pk])

    def page():
        return " ".join(client.get(here).content.decode().split())

    assert "Gửi 2 thư mời" in page()
    client.post(here, {"form_key": str(uuid.uuid4())})
    assert "2 người đã nhận thư mời." in page()
    assert "Mọi người có địa chỉ thư đều đã nhận." in page()
    assert "Gửi lại cho tất cả" not in page()
    meeting.refresh_from_db()
    change_meeting(meeting=meeting, version=meeting.version, on=TODAY, place="Hội trường")
    assert "2 người đã nhận thư ghi khác bây giờ." in page()
    assert "Nơi họp: trước là Phòng họp tầng 3; nay là Hội trường" in page()
    receivers()
    client.post(here, {"form_key": str(uuid.uuid4()), "do": "again"})
    assert receivers() == ["nguoi-0", "nguoi-1"]
    assert "Gửi lại cho tất cả" not in page()


def test_letter_on_its_way_is_not_sent_by_a_second_person(scene, monkeypatch):
    """While the first waits for the mail server, the second finds nobody left; the control is the same without rows."""
    with_addresses(scene)
    meeting, answers = scene.plan(), []

    def another(*, again, now):
        try:
            return send_invitations(meeting=meeting, now=now, again=again).count
        except MeetingRefused as refused:
            return str(refused)

    def during(again, before=lambda: None, now=OPENED):
        real, answers[:] = inviting._mail, []

        def mail_of(*said):
            if not answers:
                answers.append(None)
                before()
                answers[0] = another(again=again, now=now)
            return real(*said)

        monkeypatch.setattr(inviting, "_mail", mail_of)
        send_invitations(meeting=meeting, now=now, again=again)
        monkeypatch.setattr(inviting, "_mail", real)
        return answers[0]

    assert during(False) == "Mọi người có địa chỉ thư đều đã nhận thư mời. Không ai nhận hai lần."
    assert receivers() == ["nguoi-0", "nguoi-1"]
    meeting = change_meeting(meeting=meeting, version=meeting.version, on=TODAY, place="Hội trường")
    assert during(True, now=at(16, 55)) == "Ngày giờ, nơi họp không khác thư đã gửi, nên không gửi lại."
    assert receivers() == ["nguoi-0", "nguoi-1"]
    MeetingLetter.objects.all().delete()
    assert during(False, before=MeetingLetter.objects.all().delete) == 2
    assert len(receivers()) == 4


def test_request_that_died_gives_its_letters_free(scene, monkeypatch):
    with_addresses(scene)
    meeting = scene.plan()

    def die(*said):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(inviting, "_mail", die)
        with pytest.raises(KeyboardInterrupt):
            send_invitations(meeting=meeting, now=OPENED)
    with pytest.raises(MeetingRefused, match="Không ai nhận hai lần"):
        send_invitations(meeting=meeting, now=OPENED)
    later = OPENED + inviting.LEASE
    assert send_invitations(meeting=meeting, now=later).count == 2


@pytest.mark.parametrize("count", [1, 3, 30])
def test_page_asks_as_much_for_thirty_as_for_one(client, count):
    scene = MeetingScene(size=count)
    with_addresses(scene, count)
    meeting = scene.plan()
    send_invitations(meeting=meeting, now=OPENED)
    meeting = change_meeting(meeting=meeting, version=meeting.version, on=TODAY, place="Hội trường")
    client.force_login(scene.secretary)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("branches:meeting_invite", args=[meeting.pk]))
    assert f"{count} người đã nhận thư ghi khác" in page.content.decode()
    assert len(queries) == 8


def test_after_a_refusal_the_next_try_is_a_new_one(scene, client, monkeypatch):
    with_addresses(scene)
    meeting = scene.plan()
    client.force_login(scene.secretary)
    here = reverse("branches:meeting_invite", args=[meeting.pk])

    def press():
        key = client.get(here).context["form"]["form_key"].value()
        page = client.post(here, {"form_key": key}, follow=True)
        return [str(one) for one in page.context["messages"]]

    def refuse(self, messages):
        raise OSError("connection refused")

    with monkeypatch.context() as down:
        down.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        assert press() == [inviting.MAIL_IS_DOWN]
    assert press() == ["Đã gửi 2 thư mời."]
    assert receivers() == ["nguoi-0", "nguoi-1"]
