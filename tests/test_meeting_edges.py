"""What a hostile reader tried on meetings, minutes, tasks and directions: odd signs, midnight, wrong addresses."""

import datetime
import io
import json
import smtplib
import uuid

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone
from docx import Document

from branches.directing import answer_direction, standing_of
from branches.meetings.agenda import ITEM_FIELDS, add_item, change_item, conclude, drop_item
from branches.meetings.feeds import make_feed
from branches.meetings.inviting import MAIL_IS_DOWN, send_invitations
from branches.meetings.minutes import MinutesRefused, Typed, save_texts
from branches.meetings.minutes_record import record_of
from branches.meetings.minutes_text import item_key
from branches.meetings.planning import drafted_agenda, open_points
from branches.meetings.reading import MEETINGS
from branches.meetings.roll import open_roll
from branches.meetings.signing import read_back
from branches.meetings.states import MeetingRefused, close_meeting
from branches.models import AgendaItem, Attendance, Member, Minutes
from branches.tasks import accept_task, give_task, reopen_task, report_task, send_back_task
from branches.terms import seen
from branches.views.minutes_passages import composition
from reports.papers.minutes import minutes_paper, minutes_word

from .factories import DirectionFactory, TargetFactory, UnitFactory, account_at
from .holding_meetings import DAY, OPENED, MeetingScene, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return MeetingScene()


def record(meeting) -> dict:
    return record_of(MEETINGS.get(pk=meeting.pk), Minutes.objects.filter(meeting=meeting).first())


def type_in(scene, meeting, typed: dict[str, str], base: int = 0) -> None:
    texts = {key: Typed(text, base) for key, text in typed.items()}
    save_texts(meeting=meeting, by=scene.secretary, typed=texts, edition=1, now=at(19), on=DAY)


# --- what is open ---------------------------------------------------------------------------------


def test_a_direction_whose_tasks_are_all_accepted_is_not_dealt_with_again(scene):
    due, by = datetime.date(2026, 11, 12), scene.secretary
    done, half, planned, untouched = (
        DirectionFactory(unit=scene.unit, text=f"{text}.", due_on=due) for text in ("Xong", "Dở", "Kế hoạch", "Chưa")
    )
    for direction, count in ((done, 1), (half, 2), (planned, 1)):
        for number in range(count):
            one = give_task(by=by, unit=scene.unit, on=DAY, text="Việc", owner_name="Tổ 1", direction=direction)
            if number == 0:
                one = report_task(task=one, version=one.version, by=by, on=DAY, result="Xong")
                accept_task(task=one, version=one.version, by=by, on=DAY)
    TargetFactory(unit=scene.unit, direction=planned)
    points = open_points(scene.unit, DAY)
    assert points.directions == [half, planned, untouched]
    titles = [one.title for one in drafted_agenda(points, "branch", DAY) if one.kind == "direction"]
    assert titles[0] == "Thực hiện chỉ đạo của Chi bộ cơ quan: dở (hạn 12/11/2026)"


def test_what_stays_open_month_after_month_is_said_once(scene):
    text = {"unit": scene.unit, "text": "Rà soát hồ sơ.", "due_on": datetime.date(2026, 12, 10)}
    direction = DirectionFactory(**text)
    asked = "Thực hiện chỉ đạo của Chi bộ cơ quan: rà soát hồ sơ (hạn 10/12/2026)"
    meeting = scene.open()
    for kind, title in (("discuss", "Bàn tiếp: kế hoạch hè"), ("direction", asked), ("discuss", "Quỹ lớp")):
        add_item(meeting=meeting, title=title, kind=kind)
    close_meeting(meeting=meeting, ends_at=at(18), now=at(19))
    points = open_points(scene.unit, datetime.date(2026, 12, 18))
    assert points.directions == [direction]
    drafts = [(one.kind, one.title) for one in drafted_agenda(points, "branch", datetime.date(2026, 12, 18))]
    assert drafts[3:6] == [("direction", asked), ("discuss", "Bàn tiếp: kế hoạch hè"), ("discuss", "Bàn tiếp: quỹ lớp")]
    assert len([title for _, title in drafts if "chỉ đạo" in title]) == 1


def test_moving_a_point_leads_back_to_it(scene, client):
    meeting = scene.plan()
    first, second = (add_item(meeting=meeting, title=title) for title in ("Một", "Hai"))
    client.force_login(scene.secretary)
    here = reverse("branches:meeting_agenda", args=[meeting.pk])
    answer = client.post(here, {"do": "up", "item": second.pk})
    assert answer.headers["Location"] == f"{here}#muc-{second.pk}"
    assert f'id="muc-{second.pk}"' in client.get(here).content.decode()
    assert list(meeting.agenda.order_by("position")) == [second, first]


# --- signs nobody typed ---------------------------------------------------------------------------


def test_word_holds_a_paper_whatever_signs_were_pasted(scene):
    meeting = scene.plan(title="Sinh hoạt\x01 tháng 11")
    item = add_item(meeting=meeting, title="Bàn\x02 việc \ufffe hè", kind=AgendaItem.Kind.DISCUSS)
    conclude(item=item, text="Giao\x1b ngay")
    give_task(
        by=scene.secretary,
        unit=scene.unit,
        on=DAY - datetime.timedelta(days=9),
        text="Mua\x07 cờ",
        owner_name="Tổ\x08 1",
    )
    word = Document(io.BytesIO(minutes_word(minutes_paper(record(meeting)))))
    lines = [line.text for line in word.paragraphs]
    assert "Sinh hoạt tháng 11" in lines
    assert any(line.endswith("Bàn việc  hè") for line in lines)
    assert "- Giao ngay" in lines
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert {"Mua cờ", "Tổ 1"} <= set(cells)


def test_half_a_sign_in_a_reason_does_not_keep_the_roll_on_the_phone(scene, client):
    meeting = scene.open()
    first, second = scene.rows(meeting)[:2]
    client.force_login(scene.secretary)
    marks = [
        {"id": first.pk, "state": "excused", "reason": "Ốm \ud83d\x00 nặng", "ago": 5},
        {"id": second.pk, "state": "present", "ago": 5},
    ]
    said = json.dumps({"key": str(uuid.uuid4()), "marks": marks})
    answer = client.post(
        reverse("branches:meeting_roll_batch", args=[meeting.pk]), said, content_type="application/json"
    )
    assert answer.status_code == 200
    assert scene.states(meeting)[:2] == ["excused", "present"]
    assert Attendance.objects.get(pk=first.pk).reason == "Ốm nặng"


# --- minutes --------------------------------------------------------------------------------------


def test_a_meeting_over_midnight_says_on_which_day_it_ended(scene):
    late = scene.plan(starts_at=at(22, 30))
    after = DAY + datetime.timedelta(days=1)
    close_meeting(meeting=late, ends_at=at(0, 30, after), now=at(1, day=after))
    assert dict(composition(record(late)))["Thời gian"] == "22:30, 20/11/2026 đến 00:30, 21/11/2026"
    closing = minutes_paper(record(late)).closing.replace("\xa0", " ")
    assert closing.startswith("Buổi sinh hoạt kết thúc lúc 00 giờ 30 phút ngày 21 tháng 11 năm 2026.")
    usual = scene.plan(starts_at=at(17))
    close_meeting(meeting=usual, ends_at=at(18), now=at(19))
    assert dict(composition(record(usual)))["Thời gian"] == "17:00, 20/11/2026 đến 18:00"


def test_a_task_sent_back_or_opened_again_is_not_done_in_the_minutes(scene):
    before = DAY - datetime.timedelta(days=10)
    by, reported = scene.secretary, before + datetime.timedelta(days=2)
    said = {"by": by, "unit": scene.unit, "on": before, "owner": scene.members[1]}
    back, again, waits = (give_task(text=text, **said) for text in ("Trả lại", "Mở lại", "Chờ nhận"))
    back, again, waits = (
        report_task(task=one, version=one.version, by=by, on=reported, result="Xong") for one in (back, again, waits)
    )
    send_back_task(task=back, version=back.version, by=by, on=reported, reason="Thiếu ảnh")
    again = accept_task(task=again, version=again.version, by=by, on=reported)
    reopen_task(task=again, version=again.version, by=by, on=reported, reason="Làm lại")
    parts = {part["kind"]: part for part in record(scene.plan())["parts"]}
    assert [(row["text"], row["state"]) for row in parts["review"]["rows"]] == [
        ("Trả lại", "open"), ("Mở lại", "open"), ("Chờ nhận", "reported"),
    ]  # fmt: skip
    assert [row["text"] for row in parts["tasks"]["rows"]] == ["Trả lại", "Mở lại"]


def test_a_point_with_words_in_the_minutes_stays_on_the_agenda(scene):
    meeting = scene.plan()
    typed, empty = (add_item(meeting=meeting, title=title) for title in ("Có chữ", "Trống"))
    type_in(scene, meeting, {item_key(typed.pk): "Đồng chí An: nhất trí"})
    with pytest.raises(MeetingRefused, match="Biên bản đã ghi nội dung của mục này"):
        drop_item(item=typed)
    drop_item(item=empty)
    assert [one.title for one in meeting.agenda.all()] == ["Có chữ"]
    type_in(scene, meeting, {item_key(typed.pk): ""}, base=1)
    drop_item(item=typed)
    assert not meeting.agenda.exists()


def test_each_of_several_votes_keeps_its_name_on_the_paper(scene):
    meeting = scene.plan()
    first, second = (add_item(meeting=meeting, title=title, kind="vote") for title in ("Bầu đại biểu", "Chọn ngày"))
    type_in(scene, meeting, {item_key(second.pk): "Chọn ngày 20/12"})
    blocks = minutes_paper(record(meeting)).blocks
    place = next(number for number, one in enumerate(blocks) if one.text == "1. Biểu quyết")
    assert [(one.kind, one.text.replace("\xa0", " ")) for one in blocks[place + 1 : place + 4]] == [
        ("p", "1.1. Bầu đại biểu"), ("p", "1.2. Chọn ngày"), ("p", "Chọn ngày 20/12"),
    ]  # fmt: skip
    change_item(item=first, version=seen(first, ITEM_FIELDS), title="Khác", kind="other")
    blocks = minutes_paper(record(meeting)).blocks
    place = next(number for number, one in enumerate(blocks) if one.text.endswith(". Chọn ngày"))
    assert (blocks[place].kind, blocks[place + 1].text) == ("h3", "Chọn ngày\xa020/12")


def test_minutes_without_a_roll_say_what_is_missing(scene):
    chair, secretary = scene.members[:2]
    meeting = scene.plan(chair=chair, secretary=secretary)
    type_in(scene, meeting, {"wishes": "Không có"})
    close_meeting(meeting=meeting, ends_at=at(18), now=at(19))
    with pytest.raises(MinutesRefused, match="Hãy điểm danh trước"):
        read_back(meeting=meeting, by=scene.secretary, now=at(19))
    open_roll(meeting=meeting, now=at(19))
    scene.mark(meeting, "absent", "", now=at(19, 1))
    with pytest.raises(MinutesRefused, match="Hãy điểm danh trước"):
        read_back(meeting=meeting, by=scene.secretary, now=at(19, 2))
    scene.mark(meeting, "present", now=at(19, 3))
    assert read_back(meeting=meeting, by=scene.secretary, now=at(19, 4)).state == "to_confirm"


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_who_has_left_stays_chair_and_stays_whom_a_point_is_about(scene, client, is_elsewhere):
    chair, secretary, about = scene.members[:3]
    meeting = scene.plan(chair=chair, secretary=secretary)
    item = add_item(meeting=meeting, title="Xét", subject=about)
    gone = {"home": UnitFactory()} if is_elsewhere else {"is_active": False}
    Member.objects.filter(pk__in=[chair.pk, about.pk]).update(**gone)
    client.force_login(scene.secretary)
    for name, pk in (("meeting_edit", meeting.pk), ("meeting_item", item.pk)):
        url = reverse(f"branches:{name}", args=[pk])
        said = {one.html_name: one.value() for one in client.get(url).context["form"]}
        said = {key: value.pk if isinstance(value, Member) else value for key, value in said.items()}
        answer = client.post(url, {key: value for key, value in said.items() if value is not None})
        assert answer.status_code == 302, answer.context["form"].errors
    meeting.refresh_from_db()
    item.refresh_from_db()
    assert (meeting.chair, meeting.secretary, item.subject) == (chair, secretary, about)


# --- who hears of it ------------------------------------------------------------------------------


class WrongAddress(EmailBackend):
    """A mail server that does not know one of the addresses."""

    def send_messages(self, messages):
        for one in messages:
            if one.to[0].startswith("sai"):
                raise smtplib.SMTPRecipientsRefused({one.to[0]: (550, b"unknown")})
        return super().send_messages(messages)


def test_a_wrong_address_keeps_nobody_elses_letter_back(scene, client, settings):
    settings.EMAIL_BACKEND = f"{__name__}.WrongAddress"
    for member, email in zip(scene.members[:3], ("sai@vidu.example", "a@vidu.example", "b@vidu.example"), strict=True):
        Member.objects.filter(pk=member.pk).update(email=email)
    meeting = scene.plan(title="Họp\nBcc: ke-gian@vidu.example")
    client.force_login(scene.secretary)
    here = reverse("branches:meeting_invite", args=[meeting.pk])
    page = client.post(here, {"form_key": str(uuid.uuid4())}, follow=True)
    assert [one.to for one in mail.outbox] == [["a@vidu.example"], ["b@vidu.example"]]
    assert {one.message()["Bcc"] for one in mail.outbox} == {None}
    assert [str(one) for one in page.context["messages"]] == [
        "Đã gửi 2 thư mời.",
        "Không gửi được cho Lê An 01. Hãy xem lại địa chỉ thư của các đồng chí này.",
    ]
    Member.objects.filter(pk__in=[one.pk for one in scene.members[1:3]]).update(email="")
    with pytest.raises(MeetingRefused, match=MAIL_IS_DOWN):
        send_invitations(meeting=meeting, now=OPENED)


def test_phones_that_ask_for_their_calendar_are_never_too_many(scene, client):
    right = reverse("branches:calendar_feed", args=[make_feed(unit=scene.unit, by=scene.secretary)])
    assert {client.get(right).status_code for _ in range(70)} == {200}
    wrong = reverse("branches:calendar_feed", args=["khong-phai"])
    assert [client.get(wrong).status_code for _ in range(61)] == [404] * 60 + [429]
    assert client.get(right).status_code == 200


# --- tasks and directions -------------------------------------------------------------------------


def test_a_task_given_at_the_meeting_leads_back_to_its_point(scene, client):
    meeting = scene.plan()
    item = add_item(meeting=meeting, title="Bàn việc")
    conclusion = conclude(item=item, text="Mua cờ")
    client.force_login(scene.secretary)
    there = f"{reverse('branches:meeting', args=[meeting.pk])}#muc-{item.pk}"
    url = reverse("branches:task_from_conclusion", args=[conclusion.pk])
    assert f'href="{there}"' in client.get(url).content.decode()
    said = {"text": "Mua cờ", "owner_name": "Tổ 1", "due": "none", "form_key": str(uuid.uuid4())}
    answer = client.post(url, said)
    assert (answer.status_code, answer.headers["Location"]) == (302, there)


def test_a_conclusion_too_long_for_a_task_says_that_it_was_cut(scene, client):
    item = add_item(meeting=scene.plan(), title="Bàn việc")
    client.force_login(scene.secretary)
    told = []
    for length in (500, 501):
        url = reverse("branches:task_from_conclusion", args=[conclude(item=item, text="x" * length).pk])
        page = client.get(url)
        assert page.context["form"]["text"].value() == "x" * 500
        told.append("chỉ lấy phần đầu" in page.content.decode())
    assert told == [False, True]


def test_an_answer_after_its_date_says_how_late(scene):
    due = datetime.date(2026, 11, 10)
    direction = DirectionFactory(unit=scene.unit, given_on=datetime.date(2026, 11, 1), due_on=due)
    words = []
    for day in (10, 15):
        on = datetime.date(2026, 11, day)
        direction = answer_direction(
            direction=direction, version=direction.version, by=scene.secretary, on=on, answer="Đã làm"
        )
        now = standing_of(direction, on=on)
        words.append((now.standing, now.word))
    assert words == [("done", "Đã trả lời"), ("done", "Đã trả lời, muộn 5 ngày")]


def test_an_answer_is_not_of_a_day_to_come(scene, client):
    direction = DirectionFactory(unit=scene.unit, given_on=datetime.date(2026, 1, 1))
    client.force_login(scene.secretary)
    url = reverse("branches:direction_answer", args=[direction.pk])
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    said = {"answer": "Đã làm", "answered_on": f"{tomorrow:%d/%m/%Y}", "version": direction.version}
    page = client.post(url, said)
    assert "Ngày trả lời không thể sau hôm nay." in page.content.decode()
    direction.refresh_from_db()
    assert direction.answer == ""
    client.force_login(account_at(UnitFactory()))
    assert client.post(url, said).status_code == 404
