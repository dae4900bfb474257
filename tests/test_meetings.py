"""A meeting prepared out of what is open, called, cancelled, closed; who reads what of it; the calendar."""

import datetime
import threading
import uuid

import icalendar
import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from branches.meetings.agenda import (
    CONCLUSION_FIELDS,
    ITEM_FIELDS,
    add_item,
    change_conclusion,
    change_item,
    conclude,
    drop_conclusion,
    drop_item,
    move_item,
)
from branches.meetings.feeds import calendar_of, drop_feed, feed_of, make_feed
from branches.meetings.inviting import invitation_text, send_invitations
from branches.meetings.listing import meetings_of_year, months_of
from branches.meetings.planning import (
    Draft,
    carry_tasks,
    change_meeting,
    drafted_agenda,
    first_values,
    open_points,
    plan_meeting,
    proposed_start,
)
from branches.meetings.roll import add_guest
from branches.meetings.states import (
    MeetingRefused,
    cancel_meeting,
    close_meeting,
    reopen_meeting,
    take_back_cancel,
)
from branches.models import (
    Admission,
    AgendaItem,
    Ballot,
    CalendarFeed,
    Conclusion,
    EditConflict,
    Meeting,
    Member,
    Minutes,
    Task,
    TaskCarry,
)
from branches.terms import seen
from tests.factories import (
    AccountFactory,
    ActivityFactory,
    DirectionFactory,
    MemberFactory,
    PostFactory,
    UnionFactory,
    UnitFactory,
    account_at,
)
from tests.holding_meetings import DAY, OPENED, TODAY, MeetingScene, at

pytestmark = pytest.mark.django_db
DECEMBER = datetime.date(2026, 12, 18)


@pytest.fixture
def scene():
    return MeetingScene()


def task(scene, text="Viết bài", **said):
    values = {"unit": scene.unit, "text": text, "owner": scene.members[0], "given_on": DAY, "given_by": scene.secretary}
    return Task.objects.create(**values | said)


# --- what is open --------------------------------------------------------------------------------


def test_open_points_by_hand(scene, django_assert_num_queries):
    meeting = scene.open()
    decided, talked = (add_item(meeting=meeting, title=title) for title in ("Đã kết luận", "Còn bỏ ngỏ"))
    add_item(meeting=meeting, title="Tin tức", kind="inform")
    conclude(item=decided, text="Làm")
    close_meeting(meeting=meeting, ends_at=at(18), now=at(18, 30))
    late = task(scene, "Trễ", due_on=DAY)
    free = task(scene, "Không hạn")
    task(scene, "Đã thôi", state="dropped", drop_reason="Thừa", closed_on=DAY)
    carry_tasks(meeting=meeting, tasks=[late])
    near = ActivityFactory(unit=scene.unit, state="planned", starts_on=DECEMBER + datetime.timedelta(days=45))
    ActivityFactory(unit=scene.unit, state="planned", starts_on=DECEMBER + datetime.timedelta(days=46))
    asked = DirectionFactory(unit=scene.unit, due_on=DECEMBER)
    DirectionFactory(unit=scene.unit)  # without a day by which
    Member.objects.filter(home=scene.unit).update(birth_date=datetime.date(2000, 5, 19))
    born = MemberFactory(home=scene.unit, birth_date=datetime.date(1996, 12, 24))
    MemberFactory(home=scene.unit, birth_date=datetime.date(1996, 12, 1), birth_precision="year")
    with django_assert_num_queries(8):
        found = open_points(scene.unit, DECEMBER)
    assert found.last == meeting
    assert [(one, one.carried) for one in found.tasks] in (
        [(late, 1), (free, 0)], [(free, 0), (late, 1)],
    )  # fmt: skip
    assert found.undecided == [talked]
    assert found.activities == [near]
    assert found.directions == [asked]
    assert [(one.member, one.age, one.matures) for one in found.birthdays] == [(born, 30, True)]


def test_draft_takes_up_what_is_open_without_names(scene):
    task(scene)
    DirectionFactory(unit=scene.unit, text="Lượng hóa các hoạt động", due_on=datetime.date(2026, 12, 31))
    MemberFactory(home=scene.unit, full_name="Trần Sinh Nhật", birth_date=datetime.date(1996, 12, 24))
    ActivityFactory(unit=scene.unit, title="Hiến máu", state="planned", starts_on=datetime.date(2026, 12, 24))
    drafts = drafted_agenda(open_points(scene.unit, DECEMBER), "branch", DECEMBER)
    assert [(one.kind, one.title) for one in drafts] == [
        ("review", "Kiểm điểm công tác tháng 11, việc đã giao, 1 việc chưa xong"),
        ("inform", "Thông tin thời sự, văn bản mới"),
        ("study", "Sinh hoạt chủ điểm"),
        ("direction", "Thực hiện chỉ đạo của Chi bộ cơ quan: lượng hóa các hoạt động (hạn 31/12/2026)"),
        ("discuss", "Chuẩn bị: Hiến máu (24/12/2026)"),
        ("discuss", "Trưởng thành đoàn: 1 đoàn viên đến tuổi trong tháng"),
        ("other", "Chúc mừng sinh nhật 1 đoàn viên trong tháng"),
        ("other", "Ý kiến, nguyện vọng của đoàn viên; đoàn phí"),
    ]


@pytest.mark.parametrize(
    ("last", "today", "proposed"),
    [
        (DAY, TODAY, at(17, day=DECEMBER)),  # Friday the 20th → Friday the 18th
        (datetime.date(2026, 1, 2), datetime.date(2026, 1, 3), at(17, day=datetime.date(2026, 2, 6))),
        (datetime.date(2026, 8, 21), TODAY, at(17, day=datetime.date(2026, 11, 27))),
    ],
)
def test_next_date_keeps_weekday_and_hour(scene, last, today, proposed):
    meeting = scene.plan(starts_at=at(17, day=last))
    close_meeting(meeting=meeting, ends_at=at(18, day=last), now=at(19, day=last))
    assert proposed_start(scene.unit, today) == proposed


def test_first_values_name_chair_and_secretary_of_the_committee(scene):
    chair, second = scene.members[:2]
    PostFactory(unit=scene.unit, type="secretary", account=AccountFactory(member=chair))
    PostFactory(unit=scene.unit, type="deputy_secretary", account=AccountFactory(member=second))
    found = first_values(scene.unit, "branch", TODAY)
    assert (found["chair"], found["secretary"]) in ((chair, second), (second, chair))
    assert found["title"] == "Sinh hoạt chi đoàn tháng 11/2026"
    assert found["starts_at"] == at(17, day=datetime.date(2026, 11, 29))


# --- planning ------------------------------------------------------------------------------------


def test_tasks_on_the_agenda_are_carried_once_a_meeting(scene):
    mine, foreign = task(scene), task(MeetingScene(1))
    meeting = scene.plan(agenda=[Draft("review", "Kiểm điểm"), Draft("discuss", "Bàn")], tasks=[mine, foreign])
    carry_tasks(meeting=meeting, tasks=[mine])
    assert list(TaskCarry.objects.values_list("task", "meeting")) == [(mine.pk, meeting.pk)]
    assert list(meeting.agenda.values_list("position", "kind", "title")) == [
        (1, "review", "Kiểm điểm"), (2, "discuss", "Bàn"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": " "}, "title"),
        ({"form": "online", "place": "", "link": ""}, "link"),
        ({"chair": "stranger"}, "chair"),
        ({"chair": "same", "secretary": "same"}, "secretary"),
    ],
)
def test_wrong_plans_are_refused_at_their_field(scene, said, field):
    people = {"stranger": MemberFactory(), "same": scene.members[0]}
    with pytest.raises(MeetingRefused) as refused:
        scene.plan(**{name: people.get(value, value) for name, value in said.items()})
    assert list(refused.value.errors) == [field]


def test_only_branches_hold_branch_meetings():
    union = UnionFactory()
    values = {"unit": union, "by": account_at(union), "title": "Họp", "starts_at": at(17)}
    with pytest.raises(MeetingRefused) as refused:
        plan_meeting(kind="branch", **values)
    assert list(refused.value.errors) == ["kind"]
    assert plan_meeting(kind="committee", **values).state == "planned"


def test_two_editors_and_the_day_of_an_open_roll(scene):
    meeting = scene.plan()
    change_meeting(meeting=meeting, version=1, on=TODAY, title="Tên mới")
    with pytest.raises(EditConflict):
        change_meeting(meeting=meeting, version=1, on=TODAY, title="Tên khác")
    meeting = Meeting.objects.get()
    assert (meeting.title, meeting.version) == ("Tên mới", 2)
    from branches.meetings.roll import open_roll

    meeting = open_roll(meeting=meeting, now=OPENED)
    with pytest.raises(MeetingRefused, match="không đổi ngày được"):
        change_meeting(meeting=meeting, version=3, on=TODAY, starts_at=at(17, day=DECEMBER))
    assert change_meeting(meeting=meeting, version=3, on=TODAY, starts_at=at(18)).starts_at == at(18)


# --- steps ----------------------------------------------------------------------------------------


def test_cancelled_with_a_reason_and_taken_back(scene):
    meeting = scene.plan()
    with pytest.raises(MeetingRefused, match="Hãy ghi lý do"):
        cancel_meeting(meeting=meeting, reason=" ")
    assert cancel_meeting(meeting=meeting, reason="Mưa bão").state == "cancelled"
    with pytest.raises(MeetingRefused, match="Không họp"):
        cancel_meeting(meeting=meeting, reason="Lần nữa")
    found = take_back_cancel(meeting=meeting)
    assert (found.state, found.cancel_reason, found.version) == ("planned", "", 3)


@pytest.mark.parametrize(
    ("ends_at", "now", "words"),
    [
        (at(16), at(19), "phải sau giờ bắt đầu"),
        (at(20), at(19), "chưa đến"),
        (at(18), at(16), "Chưa đến giờ họp"),
        (at(18, day=TODAY), at(19, day=TODAY), "dài hơn một ngày"),
    ],
)
def test_wrong_ends_are_refused(scene, ends_at, now, words):
    with pytest.raises(MeetingRefused, match=words):
        close_meeting(meeting=scene.plan(), ends_at=ends_at, now=now)


def test_closed_and_opened_again(scene):
    meeting = close_meeting(meeting=scene.open(), ends_at=at(18), now=at(19))
    assert (meeting.state, meeting.ends_at) == ("held", at(18))
    assert reopen_meeting(meeting=meeting, on=TODAY).ends_at is None


def test_signed_minutes_close_everything(scene):
    meeting = scene.open()
    item = add_item(meeting=meeting, title="Việc A")
    conclusion = conclude(item=item, text="Làm")
    Minutes.objects.create(meeting=meeting, state="signing")
    for act in (
        lambda: add_item(meeting=meeting, title="B"),
        lambda: drop_item(item=item),
        lambda: move_item(item=item, up=True),
        lambda: conclude(item=item, text="C"),
        lambda: drop_conclusion(conclusion=conclusion),
        lambda: add_guest(meeting=meeting, name="Khách"),
        lambda: change_meeting(meeting=meeting, version=2, on=TODAY, title="Khác"),
        lambda: close_meeting(meeting=meeting, ends_at=at(18), now=at(19)),
        lambda: cancel_meeting(meeting=meeting, reason="Bão"),
    ):
        with pytest.raises(MeetingRefused, match="Biên bản đang ký"):
            act()


# --- agenda ---------------------------------------------------------------------------------------


def test_points_change_places_and_are_numbered_anew(scene):
    meeting = scene.plan()
    a, b, c = (add_item(meeting=meeting, title=title) for title in "ABC")
    move_item(item=c, up=True)
    move_item(item=a, up=True)  # at the top already
    move_item(item=a, up=False)
    assert list(meeting.agenda.values_list("title", "position")) == [("C", 1), ("A", 2), ("B", 3)]
    drop_item(item=b)
    assert add_item(meeting=meeting, title="D").position == 3


def test_point_with_a_vote_or_a_given_task_stays(scene):
    meeting = scene.plan()
    voted, given = (add_item(meeting=meeting, title=title) for title in "AB")
    Ballot.objects.create(
        item=voted, question="A", means="hand", entitled=4, present=4, votes_for=4, written_by=scene.secretary
    )
    conclusion = conclude(item=given, text="Làm")
    task(scene, conclusion=conclusion)
    for act in (
        lambda: drop_item(item=voted),
        lambda: drop_item(item=given),
        lambda: drop_conclusion(conclusion=conclusion),
    ):
        with pytest.raises(MeetingRefused):
            act()
    assert AgendaItem.objects.count() == 2


def test_two_writers_of_one_point(scene):
    item = AgendaItem.objects.get(pk=add_item(meeting=scene.plan(), title="A").pk)
    conclusion = conclude(item=item, text="Một")
    as_read, as_seen = seen(item, ITEM_FIELDS), seen(conclusion, CONCLUSION_FIELDS)
    change_item(item=item, version=as_read, title="B", kind="vote", subject=scene.members[0])
    change_conclusion(conclusion=conclusion, version=as_seen, text="Hai")
    with pytest.raises(MeetingRefused, match="vừa sửa mục này"):
        change_item(item=item, version=as_read, title="C", kind="vote")
    with pytest.raises(MeetingRefused, match="vừa sửa mục này"):
        change_conclusion(conclusion=conclusion, version=as_seen, text="Ba")
    assert (AgendaItem.objects.get().title, Conclusion.objects.get().text) == ("B", "Hai")


def test_point_is_about_nobody_of_another_unit(scene):
    far = MeetingScene(1)
    applicant = Admission.objects.create(
        unit=far.unit, full_name="A", birth_date=DAY, applied_on=DAY, introduced_by="B", written_by=far.secretary
    )
    for said, field in (({"admission": applicant}, "admission"), ({"subject": far.members[0]}, "subject")):
        with pytest.raises(MeetingRefused) as refused:
            add_item(meeting=scene.plan(), title="A", **said)
        assert list(refused.value.errors) == [field]


@pytest.mark.django_db(transaction=True)
def test_two_points_added_at_once_have_two_places():
    scene = MeetingScene(1)
    meeting, gate = scene.plan(), threading.Barrier(4)

    def add(title):
        gate.wait()
        try:
            add_item(meeting=meeting, title=title)
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=(title,)) for title in "ABCD"]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(meeting.agenda.values_list("position", flat=True)) == [1, 2, 3, 4]


# --- the list -------------------------------------------------------------------------------------


def test_year_tells_held_cancelled_and_silent_months_apart(scene):
    for month in (1, 3):
        day = datetime.date(2026, month, 16)
        close_meeting(meeting=scene.plan(starts_at=at(17, day=day)), ends_at=at(18, day=day), now=at(19, day=day))
    cancel_meeting(meeting=scene.plan(starts_at=at(17, day=datetime.date(2026, 4, 17))), reason="Mưa bão")
    scene.plan(starts_at=at(17, day=datetime.date(2026, 5, 15)))  # nobody said what became of it
    months = months_of(meetings_of_year(scene.unit, 2026), 2026, datetime.date(2026, 7, 10), is_filtered=False)
    assert [(month.number, len(month.meetings), month.silent) for month in months] == [
        (6, 0, True), (5, 1, True), (4, 1, False), (3, 1, False), (2, 0, True), (1, 1, False),
    ]  # fmt: skip


# --- pages ----------------------------------------------------------------------------------------


def page_of(client, name, pk):
    return client.get(reverse(f"branches:{name}", args=[pk]))


def test_new_meeting_is_planned_from_the_form_as_it_comes(scene, client):
    mine = task(scene)
    client.force_login(scene.secretary)
    page = page_of(client, "meeting_new", scene.unit.pk)
    form, rows = page.context["form"], page.context["rows"]
    said = {name: form[name].value() or "" for name in form.fields} | {"rows": rows.count, "tasks": mine.pk}
    said |= {"day": "20/11/2026", "time": "17:30", "title": "Sinh hoạt", "form": "in_person"}
    blank = None
    for place, row in enumerate(rows.forms):
        said |= {f"i{place}-title": row["title"].value() or "", f"i{place}-kind": "discuss", f"i{place}-order": place}
        if row["blank"].value():
            said[f"i{place}-blank"] = "True"
            blank = place if blank is None else blank
        else:
            said[f"i{place}-use"] = "on"
    said |= {f"i{blank}-title": "Mục tự thêm", f"i{blank}-order": "0", "i1-use": ""}
    answer = client.post(reverse("branches:meeting_new", args=[scene.unit.pk]), said)
    meeting = Meeting.objects.get()
    assert answer.headers["Location"] == reverse("branches:meeting", args=[meeting.pk])
    titles = list(meeting.agenda.values_list("title", flat=True))
    assert titles[1] == "Mục tự thêm"
    assert "Thông tin thời sự, văn bản mới" not in titles
    assert meeting.starts_at == at(17, 30)
    assert list(meeting.carried.values_list("task", flat=True)) == [mine.pk]
    client.post(reverse("branches:meeting_new", args=[scene.unit.pk]), said)
    assert Meeting.objects.count() == 1


def test_names_are_for_readers_of_the_register(scene, client):
    meeting = scene.open(chair=scene.members[3])
    scene.mark(meeting, "absent")
    add_item(meeting=meeting, title="Bàn về một người", subject=scene.members[1])
    add_guest(meeting=meeting, name="Trần Văn Khách", body="Chi ủy")
    task(scene, meeting=meeting)
    names = ["Lê An 01", "Lê An 02", "Lê An 04", "Trần Văn Khách"]
    for account, sees in (
        (account_at(scene.unit, "committee_member"), names),
        (account_at(scene.unit, "member"), []),
        (account_at(scene.unit, "administrator"), []),
    ):
        client.force_login(account)
        page = page_of(client, "meeting", meeting.pk).content.decode()
        assert "1 không lý do" in page
        assert [name for name in names if name in page] == sees


def test_a_stranger_sees_nothing_and_a_reader_changes_nothing(scene, client):
    meeting = scene.open()
    item = add_item(meeting=meeting, title="A")
    named = "new", "list", "calendar"
    steps = ("edit", "cancel", "take_back", "close", "reopen", "invite", "agenda")
    places = [(f"meeting_{name}", scene.unit.pk) for name in named] + [("meeting_item", item.pk)]
    places += [(f"meeting_{name}", meeting.pk) for name in steps] + [
        ("meeting", meeting.pk),
        ("meeting_ics", meeting.pk),
    ]
    client.force_login(MeetingScene().secretary)
    assert {page_of(client, *place).status_code for place in places} == {404}
    client.force_login(account_at(scene.unit, "member"))
    readable = {"meeting", "meeting_ics", "meeting_list"}
    for place in places:
        assert page_of(client, *place).status_code == (200 if place[0] in readable else 403)


@pytest.mark.parametrize("size", [1, 3, 30])
def test_queries_do_not_grow(client, django_assert_num_queries, size):
    scene = MeetingScene(size)
    meeting = scene.open()
    for number in range(size):
        item = add_item(meeting=meeting, title=f"Việc {number}", subject=scene.members[number])
        task(scene, conclusion=conclude(item=item, text="Làm"), meeting=meeting)
        Ballot.objects.create(
            item=item, question="A", means="hand", entitled=size, present=size, votes_for=size,
            written_by=scene.secretary,
        )  # fmt: skip
        add_guest(meeting=meeting, name=f"Khách {number}")
        scene.plan(starts_at=at(17, day=datetime.date(2026, 1 + number % 10, 1 + number % 28)))
    close_meeting(meeting=meeting, ends_at=at(18), now=at(19))
    client.force_login(scene.secretary)
    counts = {"meeting": 14, "meeting_agenda": 12, "meeting_edit": 6}
    page_of(client, "meeting", meeting.pk)
    for name, count in counts.items():
        with django_assert_num_queries(count):
            page_of(client, name, meeting.pk)
    for name, count in {"meeting_list": 6, "meeting_new": 17}.items():
        with django_assert_num_queries(count):
            page_of(client, name, scene.unit.pk)


# --- invitation -----------------------------------------------------------------------------------


def test_invitation_in_words(scene):
    meeting = scene.plan(theme="Uống nước nhớ nguồn", agenda=[Draft("review", "Kiểm điểm"), Draft("study", "Chủ điểm")])
    assert invitation_text(meeting) == (
        f"{scene.unit.name} mời các đồng chí dự: Sinh hoạt chi đoàn tháng 11/2026\n"
        "Thời gian: 17:00, Thứ Sáu, 20/11/2026\n"
        "Hình thức: Trực tiếp\n"
        "Nơi họp: Phòng họp tầng 3\n"
        "Chủ điểm: Uống nước nhớ nguồn\n"
        "Nội dung:\n1. Kiểm điểm\n2. Chủ điểm\n"
        "Đồng chí nào không dự được, báo trước lý do để chi đoàn biết."
    )


def test_letters_go_one_by_one_and_once(scene, client):
    for number, member in enumerate(scene.members[:2]):
        Member.objects.filter(pk=member.pk).update(email=f"nguoi-{number}@vidu.example")
    meeting = scene.plan()
    client.force_login(scene.secretary)
    said = {"form_key": str(uuid.uuid4())}
    for _ in range(2):
        client.post(reverse("branches:meeting_invite", args=[meeting.pk]), said)
    assert [(one.to, one.cc, one.bcc) for one in mail.outbox] == [
        (["nguoi-0@vidu.example"], [], []), (["nguoi-1@vidu.example"], [], []),
    ]  # fmt: skip
    name, content, kind = mail.outbox[0].attachments[0]
    assert (name, kind) == ("lich-hop.ics", "text/calendar")
    assert "nguoi-" not in mail.outbox[0].body + content


def test_letters_are_refused_without_mail_or_addresses(scene, settings):
    meeting = scene.plan()
    with pytest.raises(MeetingRefused, match="Chưa có đoàn viên nào ghi địa chỉ"):
        send_invitations(meeting=meeting, now=OPENED)
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    with pytest.raises(MeetingRefused, match="chưa được cài đặt gửi thư"):
        send_invitations(meeting=meeting, now=OPENED)


# --- calendar -------------------------------------------------------------------------------------


def events(content) -> list:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def test_calendar_file_follows_the_meeting(scene):
    meeting = scene.plan()
    [event] = events(calendar_of([meeting], now=OPENED))
    assert (str(event["uid"]), event["sequence"], str(event["status"])) == (
        f"hop-{meeting.pk}@doanquanly", 0, "CONFIRMED",
    )  # fmt: skip
    assert event["dtstart"].dt == at(17)
    assert event["dtstart"].params["TZID"] == "Asia/Ho_Chi_Minh"
    meeting = cancel_meeting(meeting=meeting, reason="Mưa bão")
    [event] = events(calendar_of([meeting], now=OPENED))
    assert (str(event["uid"]), event["sequence"], str(event["status"])) == (
        f"hop-{meeting.pk}@doanquanly", 1, "CANCELLED",
    )  # fmt: skip


def test_feed_has_meetings_and_plans_and_no_person(scene, client):
    now = datetime.date.today()  # noqa: DTZ011 - the feed begins three months ago
    soon = at(17, day=now + datetime.timedelta(days=3))
    meeting = scene.plan(starts_at=soon, chair=scene.members[0], agenda=[Draft("discuss", "Mục kín")])
    scene.plan(starts_at=soon, kind="admission", title="Xét kết nạp Lê An")
    scene.plan(starts_at=soon, kind="discipline", title="Kỷ luật Lê An")
    plan = ActivityFactory(unit=scene.unit, title="Hiến máu", state="planned", starts_on=soon.date())
    ActivityFactory(unit=scene.unit, title="Đã làm", starts_on=now)
    MeetingScene().plan(starts_at=soon, title="Nơi khác")
    token = make_feed(unit=scene.unit, by=scene.secretary)
    answer = client.get(reverse("branches:calendar_feed", args=[token]))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    found = [(str(one["uid"]), str(one["summary"])) for one in events(answer.content)]
    assert found == [
        (f"hop-{meeting.pk}@doanquanly", "Sinh hoạt chi đoàn tháng 11/2026"),
        (f"hop-{meeting.pk + 1}@doanquanly", "Họp xét kết nạp đoàn viên"),
        (f"hoat-dong-{plan.pk}@doanquanly", "Hiến máu"),
    ]
    text = answer.content.decode()
    assert [word for word in ("Lê An", "Mục kín", "Kỷ luật", "kỷ luật") if word in text] == []


def test_feed_is_secret_renewed_and_closed(scene, client):
    first = make_feed(unit=scene.unit, by=scene.secretary)
    second = make_feed(unit=scene.unit, by=scene.secretary)
    assert (feed_of(first), feed_of(second).unit) == (None, scene.unit)
    kept = CalendarFeed.objects.get()
    assert second not in (kept.token_hash, repr(kept.__dict__))
    for token, status in ((second, 200), (first, 404), ("doan-bua", 404), (kept.token_hash, 404)):
        assert client.get(reverse("branches:calendar_feed", args=[token])).status_code == status
    drop_feed(unit=scene.unit)
    assert client.get(reverse("branches:calendar_feed", args=[second])).status_code == 404


@pytest.mark.parametrize("size", [1, 3, 30])
def test_feed_asks_the_same_for_any_number(scene, client, django_assert_num_queries, size):
    today = datetime.date.today()  # noqa: DTZ011
    for number in range(size):
        scene.plan(starts_at=at(17, day=today + datetime.timedelta(days=number)))
        ActivityFactory(unit=scene.unit, state="planned", starts_on=today)
    token = make_feed(unit=scene.unit, by=scene.secretary)
    url = reverse("branches:calendar_feed", args=[token])
    client.get(url)
    with django_assert_num_queries(3):
        answer = client.get(url)
    assert len(events(answer.content)) == 2 * size


def test_address_of_the_calendar_is_shown_once(scene, client):
    client.force_login(scene.secretary)
    url, said = reverse("branches:meeting_calendar", args=[scene.unit.pk]), {"form_key": str(uuid.uuid4())}
    page = client.post(url, said)
    address = page.context["address"]
    assert client.get(address).status_code == 200
    again = client.post(url, said)
    assert again.status_code == 302
    assert address not in client.get(url).content.decode()
    assert client.get(address).status_code == 200


def test_months_without_a_meeting_are_said_in_words(client):
    scene = MeetingScene()
    scene.plan(starts_at=at(17, day=datetime.date(2025, 1, 17)))
    client.force_login(scene.secretary)
    page = client.get(f"{reverse('branches:meeting_list', args=[scene.unit.pk])}?nam=2025").content.decode()
    assert page.count("Tháng này chưa ghi buổi sinh hoạt nào, cũng chưa ghi lý do không họp.") == 12
    quiet = UnitFactory()
    client.force_login(account_at(quiet))
    page = page_of(client, "meeting_list", quiet.pk).content.decode()
    assert "Chưa ghi cuộc họp nào trong năm" in page
