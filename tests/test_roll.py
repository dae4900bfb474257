"""The roll: frozen once, set and never toggled, the later tap counts, unknown is not absent."""

import datetime
import json
import threading
import uuid

import pytest
from django.db import connection, transaction
from django.urls import reverse

from branches.absence import evidence_of
from branches.meetings import roll, states
from branches.meetings.attendance import attendance_figures, attendance_of, missed_of, unmarked_of
from branches.meetings.roll import (
    Mark,
    Tally,
    add_guest,
    add_to_roll,
    drop_guest,
    mark_roll,
    open_roll,
    take_off_roll,
    tally_of,
)
from branches.meetings.states import MeetingRefused, cancel_meeting, close_meeting, reopen_meeting
from branches.models import Attendance, Meeting, MeetingGuest, Membership, Minutes, Period
from tests.factories import AccountFactory, MemberFactory, PostFactory, UnitFactory, account_at
from tests.holding_meetings import DAY, OPENED, MeetingScene, at
from tests.test_transfers import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return MeetingScene()


# --- opening --------------------------------------------------------------------------------------


def test_roster_is_that_of_the_day(scene):
    left = scene.members[0]
    left.memberships.update(ends_on=DAY, end_reason="moved_out")  # no longer there on the day itself
    gone_later = scene.members[1]
    gone_later.memberships.update(ends_on=DAY + datetime.timedelta(days=1), end_reason="moved_out")
    MemberFactory(home=scene.unit, full_name="Lê Anh", since=DAY + datetime.timedelta(days=1))
    guest = MemberFactory(full_name="Trần Bình")
    Membership.objects.create(member=guest, unit=scene.unit, kind="temporary", starts_on=DAY, begin_reason="moved_in")
    below = MemberFactory(home=UnitFactory(superior=scene.unit, kind="sub_branch"), full_name="Lê Cẩm")
    meeting = scene.open()
    assert [(row.name, row.standing, row.state) for row in scene.rows(meeting)] == [
        ("Lê An 02", "official", "unknown"),
        ("Lê An 03", "official", "unknown"),
        ("Lê An 04", "official", "unknown"),
        ("Trần Bình", "temporary", "unknown"),
        (below.full_name, "official", "unknown"),
    ]
    assert (meeting.state, meeting.roll_opened_at, meeting.version) == ("open", OPENED, 2)


def test_roster_stays_when_the_register_changes(scene):
    meeting = scene.open()
    scene.members[0].memberships.update(ends_on=datetime.date(2026, 1, 1), end_reason="deleted")
    MemberFactory(home=scene.unit)
    assert open_roll(meeting=meeting, now=at(19)).roll_opened_at == OPENED
    assert len(scene.rows(meeting)) == 4


def test_roll_of_a_coming_day_is_not_opened(scene):
    meeting = scene.plan()
    with pytest.raises(MeetingRefused, match="Chưa đến ngày họp"):
        open_roll(meeting=meeting, now=at(23, 59, DAY - datetime.timedelta(days=1)))
    assert open_roll(meeting=meeting, now=at(0, 1)).state == "open"


def test_committee_meets_with_its_officers_only(scene):
    officer = MemberFactory(full_name="Đỗ Hà")
    PostFactory(unit=scene.unit, type="deputy_secretary", account=AccountFactory(member=officer))
    PostFactory(unit=scene.unit, type="member", account=AccountFactory(member=scene.members[0]))
    meeting = scene.open(kind="committee", title="Họp Ban Chấp hành")
    assert [row.name for row in scene.rows(meeting)] == ["Đỗ Hà"]


def test_branch_without_members_cannot_open_a_roll():
    meeting = MeetingScene(0).plan()
    with pytest.raises(MeetingRefused, match="chưa có đoàn viên nào"):
        open_roll(meeting=meeting, now=OPENED)


@pytest.mark.django_db(transaction=True)
def test_two_openers_at_once_freeze_one_roster():
    scene = MeetingScene()
    meeting = scene.plan()

    def opening():
        return open_roll(meeting=meeting, now=OPENED).pk

    assert together(opening, opening, opening) == [meeting.pk] * 3
    assert len(scene.rows(meeting)) == 4
    assert Meeting.objects.get().version == 2


# --- marking --------------------------------------------------------------------------------------


def test_mark_is_set_and_not_toggled(scene):
    meeting = scene.open()
    for minute in (1, 2):
        scene.mark(meeting, "absent", now=at(17, minute))
    row = scene.rows(meeting)[0]
    assert (row.state, row.marked_at, row.marked_by) == ("absent", at(17, 2), scene.secretary)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_later_tap_counts_whichever_arrives_first(scene, order):
    meeting = scene.open()
    row = scene.rows(meeting)[0]
    taps = [Mark(row.pk, "absent", at(17, 1)), Mark(row.pk, "excused", at(17, 3), "Ốm")]
    for place in order:
        mark_roll(meeting=meeting, marks=[taps[place]], by=scene.secretary, now=at(17, 10))
    row = scene.rows(meeting)[0]
    assert (row.state, row.reason, row.marked_at) == ("excused", "Ốm", at(17, 3))


@pytest.mark.parametrize(("said", "kept"), [(at(23), at(17, 10)), (at(3), OPENED)], ids=["future", "before opening"])
def test_moment_of_a_tap_lies_between_the_opening_and_now(scene, said, kept):
    meeting = scene.open()
    row = scene.rows(meeting)[0]
    mark_roll(meeting=meeting, marks=[Mark(row.pk, "present", said)], by=scene.secretary, now=at(17, 10))
    assert scene.rows(meeting)[0].marked_at == kept


def test_all_present_marks_only_the_unmarked_and_outweighs_nothing(scene):
    meeting = scene.open()
    scene.mark(meeting, "absent", now=at(17, 1))
    rows = scene.rows(meeting)
    everybody = [Mark(row.pk, "present", at(17, 5), rest=True) for row in rows]
    mark_roll(meeting=meeting, marks=everybody, by=scene.secretary, now=at(17, 5))
    assert scene.states(meeting) == ["absent", "present", "present", "present"]
    # A tap on one person, made before "everybody" on a phone without a network, arrives afterwards.
    mark_roll(meeting=meeting, marks=[Mark(rows[1].pk, "excused", at(17, 2))], by=scene.secretary, now=at(17, 9))
    assert scene.states(meeting) == ["absent", "excused", "present", "present"]


def test_mark_is_taken_back_to_unknown(scene):
    meeting = scene.open()
    scene.mark(meeting, "present", now=at(17, 1))
    scene.mark(meeting, "unknown", now=at(17, 2))
    scene.mark(meeting, "present", now=at(17, 1))  # the older tap once more
    assert scene.states(meeting)[0] == "unknown"


def test_reason_stays_only_with_the_excused(scene):
    meeting = scene.open()
    row = scene.rows(meeting)[0]
    for minute, state in enumerate(("excused", "present")):
        marks = [Mark(row.pk, state, at(17, minute), "  Đi công tác  ")]
        mark_roll(meeting=meeting, marks=marks, by=scene.secretary, now=at(17, 5))
        assert scene.rows(meeting)[0].reason == ("Đi công tác" if state == "excused" else "")


def test_names_of_another_roll_are_left_out(scene):
    meeting, other = scene.open(), MeetingScene().open()
    foreign = Attendance.objects.filter(meeting=other).first()
    changed = mark_roll(
        meeting=meeting, marks=[Mark(foreign.pk, "absent", at(17, 1))], by=scene.secretary, now=at(17, 5)
    )
    foreign.refresh_from_db()
    assert (changed, foreign.state) == (0, "unknown")


def test_nothing_is_marked_once_the_minutes_are_signed_or_it_is_not_held(scene):
    meeting = scene.open()
    row = scene.rows(meeting)[0]
    minutes = Minutes.objects.create(meeting=meeting, state="signing")

    def mark():
        mark_roll(meeting=meeting, marks=[Mark(row.pk, "present", at(17, 1))], by=scene.secretary, now=at(17, 5))

    with pytest.raises(MeetingRefused, match="Biên bản đang ký"):
        mark()
    minutes.state = "draft"
    minutes.save()
    mark()
    assert scene.states(meeting)[0] == "present"
    with pytest.raises(MeetingRefused, match="có người có mặt"):
        cancel_meeting(meeting=meeting, reason="Bão")


def test_tally_counts_who_votes_apart(scene):
    guest = MemberFactory(full_name="Trần Bình")
    Membership.objects.create(member=guest, unit=scene.unit, kind="residence", starts_on=DAY, begin_reason="moved_in")
    meeting = scene.open()
    scene.mark(meeting, "present", "excused", "absent", "", "present")
    assert tally_of(scene.rows(meeting)) == Tally(5, 2, 1, 1, 1, entitled=4, voting=1)


# --- a race, and what it would be without the lock ----------------------------------------------------


def _race(scene, meeting) -> str:
    """The older tap has read the roll and is about to write when the later one comes; what is left at the end."""
    row = scene.rows(meeting)[0]
    has_read, go_on = threading.Event(), threading.Event()
    real = Attendance.objects.bulk_create

    def slow(rows, **fields):
        has_read.set()
        go_on.wait(2)
        return real(rows, **fields)

    def mark(state, minute):
        try:
            mark_roll(meeting=meeting, marks=[Mark(row.pk, state, at(17, minute))], by=scene.secretary, now=at(17, 10))
        finally:
            connection.close()

    older = threading.Thread(target=mark, args=("absent", 1))
    later = threading.Thread(target=mark, args=("present", 3))
    roll.Attendance.objects.bulk_create = slow
    older.start()
    assert has_read.wait(20)
    roll.Attendance.objects.bulk_create = real
    later.start()
    later.join(0.7)
    go_on.set()
    older.join(30)
    later.join(30)
    return scene.states(meeting)[0]


@pytest.mark.django_db(transaction=True)
def test_two_markers_on_one_person_leave_the_later_tap():
    scene = MeetingScene()
    assert _race(scene, scene.open()) == "present"


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_later_tap_would_be_lost(monkeypatch):
    """The control: the same race where nobody waits for anybody."""
    scene = MeetingScene()
    meeting = scene.open()
    monkeypatch.setattr(states.Meeting.objects, "select_for_update", lambda **_: Meeting.objects.all())
    monkeypatch.setattr(roll, "locked", lambda one, *_: Meeting.objects.get(pk=one.pk))
    monkeypatch.setattr(roll, "mark_roll", roll.mark_roll.__wrapped__)
    monkeypatch.setitem(globals(), "mark_roll", roll.mark_roll)
    assert _race(scene, meeting) == "absent"


# --- missing people, guests ---------------------------------------------------------------------------


def test_somebody_missing_is_added_with_the_reason(scene):
    meeting = scene.open()
    newcomer = MemberFactory(home=scene.unit, full_name="Lê Mới", since=DAY + datetime.timedelta(days=1))
    row = add_to_roll(meeting=meeting, member=newcomer, because="Mới chuyển đến")
    assert (row.name, row.standing, row.state, row.added_because) == (
        "Lê Mới", "official", "unknown", "Mới chuyển đến",
    )  # fmt: skip
    for member, because, field in (
        (newcomer, "Lần nữa", "member"),
        (MemberFactory(home=scene.unit), " ", "because"),
        (MemberFactory(), "Nơi khác", "member"),
    ):
        with pytest.raises(MeetingRefused) as refused:
            add_to_roll(meeting=meeting, member=member, because=because)
        assert list(refused.value.errors) == [field]
    take_off_roll(row=row)
    with pytest.raises(MeetingRefused, match="không bỏ được"):
        take_off_roll(row=scene.rows(meeting)[0])
    assert len(scene.rows(meeting)) == 4


def test_guests_by_name_or_by_count(scene):
    meeting = scene.plan()
    add_guest(meeting=meeting, name="Trần Văn Khách", body="Chi ủy")
    second = add_guest(meeting=meeting, body="Chi đoàn bạn", count=5)
    for said, field in (({"name": " ", "body": ""}, "name"), ({"name": "A", "count": 2}, "count")):
        with pytest.raises(MeetingRefused) as refused:
            add_guest(meeting=meeting, **said)
        assert list(refused.value.errors) == [field]
    drop_guest(guest=second)
    assert list(MeetingGuest.objects.values_list("name", "body", "count")) == [("Trần Văn Khách", "Chi ủy", 1)]


# --- figures --------------------------------------------------------------------------------------------

YEAR = (datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))


def held(scene, day, *marks, **said):
    meeting = scene.open(starts_at=at(17, day=day), **said)
    scene.mark(meeting, *marks, now=at(17, 5, day))
    return close_meeting(meeting=meeting, ends_at=at(18, day=day), now=at(18, 30, day))


def test_attendance_of_members_by_hand(scene):
    held(scene, datetime.date(2026, 9, 18), "present", "present", "absent")
    held(scene, datetime.date(2026, 10, 16), "present", "excused", "absent", "present")
    held(scene, datetime.date(2025, 12, 31), "present", "present", "present", "present")  # the year before
    under_way = scene.open()
    scene.mark(under_way, "present", "present", "present", "present")  # not held yet
    one, two, three, four = (member.pk for member in scene.members)
    stranger = MemberFactory().pk
    assert attendance_of([one, two, three, four, stranger], *YEAR) == {
        one: (2, 2), two: (1, 2), three: (0, 2), four: (1, 1), stranger: (0, 0),
    }  # fmt: skip
    assert missed_of([two, three], *YEAR) == {two: (0, 1, 2), three: (2, 0, 2)}
    assert unmarked_of([one, four], *YEAR) == {one: 0, four: 1}


def test_committee_meetings_and_stays_are_in_no_share(scene):
    member = scene.members[0]
    PostFactory(unit=scene.unit, type="deputy_secretary", account=AccountFactory(member=member))
    held(scene, datetime.date(2026, 9, 17), "absent", kind="committee")
    elsewhere = MeetingScene(0)
    Membership.objects.create(
        member=member, unit=elsewhere.unit, kind="residence", starts_on=YEAR[0], begin_reason="moved_in"
    )
    held(elsewhere, datetime.date(2026, 9, 18), "present")
    assert attendance_of([member.pk], *YEAR) == {member.pk: (0, 0)}


def test_figures_of_units_by_hand(scene, django_assert_num_queries):
    held(scene, datetime.date(2026, 9, 18), "present", "present", "absent")
    held(scene, datetime.date(2026, 10, 16), "present", "excused", "absent", "present")
    cancel_meeting(meeting=scene.plan(starts_at=at(17, day=datetime.date(2026, 8, 21))), reason="Mưa bão")
    scene.plan()
    held(scene, datetime.date(2026, 7, 17))  # held, nobody marked
    quiet = MeetingScene()
    with django_assert_num_queries(2):
        found = attendance_figures([scene.unit, quiet.unit], Period.of_year(2026))
    own = found[scene.unit.pk]
    assert (own.held, own.cancelled, own.undecided, own.planned) == (3, 1, 1, 5)
    assert (own.rolls, own.present, own.marked, own.unknown) == (2, 4, 7, 5)
    assert (found[quiet.unit.pk].planned, found[quiet.unit.pk].present) == (0, 0)


def test_reopened_meeting_is_not_counted(scene):
    meeting = held(scene, datetime.date(2026, 9, 18), "present")
    assert reopen_meeting(meeting=meeting, on=DAY).state == "open"
    assert attendance_of([scene.members[0].pk], *YEAR) == {scene.members[0].pk: (0, 0)}


# --- pages ------------------------------------------------------------------------------------------------


def batch(client, meeting, marks, key=None):
    return client.post(
        reverse("branches:meeting_roll_batch", args=[meeting.pk]),
        json.dumps({"key": str(key or uuid.uuid4()), "marks": marks}),
        content_type="application/json",
    )


def test_batch_counts_once_and_answers_with_the_whole_roll(scene, client):
    meeting = scene.open()
    client.force_login(scene.secretary)
    rows, key = scene.rows(meeting), uuid.uuid4()
    marks = [
        {"id": rows[0].pk, "state": "present", "ago": 2000},
        {"id": rows[1].pk, "state": "excused", "reason": "Ốm", "ago": 1000},
    ]
    first = batch(client, meeting, marks, key)
    assert first.json() == {
        "rows": [[rows[0].pk, "present", ""], [rows[1].pk, "excused", "Ốm"], [rows[2].pk, "unknown", ""],
                 [rows[3].pk, "unknown", ""]],
    }  # fmt: skip
    as_sent = list(Attendance.objects.order_by("pk").values())
    # Another phone marks somebody in between; the first batch, sent again, changes nothing.
    other = account_at(scene.unit, "committee_member")
    client.force_login(other)
    batch(client, meeting, [{"id": rows[0].pk, "state": "absent", "ago": 0}])
    client.force_login(scene.secretary)
    again = batch(client, meeting, marks, key)
    assert again.json()["rows"][0] == [rows[0].pk, "absent", ""]
    assert [row["state"] for row in as_sent] == ["present", "excused", "unknown", "unknown"]
    assert scene.states(meeting) == ["absent", "excused", "unknown", "unknown"]


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "null", '{"key": 1, "marks": []}', '{"key": "x", "marks": []}', '{"marks": []}', "[" * 5000,
        '{"key": "6f1c8a4e-1111-4111-8111-111111111111", "marks": [{"id": "x", "state": "present", "ago": 0}]}',
        '{"key": "6f1c8a4e-1111-4111-8111-111111111111", "marks": [{"id": 1, "state": "here", "ago": 0}]}',
        '{"key": "6f1c8a4e-1111-4111-8111-111111111111", "marks": [{"id": 1e400, "state": "present", "ago": 0}]}',
        '{"key": "6f1c8a4e-1111-4111-8111-111111111111", "marks": 7}',
    ],
)  # fmt: skip
def test_batch_that_cannot_be_read_is_answered(scene, client, body):
    meeting = scene.open()
    client.force_login(scene.secretary)
    url = reverse("branches:meeting_roll_batch", args=[meeting.pk])
    answer = client.post(url, body, content_type="application/json")
    assert (answer.status_code, list(answer.json())) == (400, ["error"])
    assert scene.states(meeting) == ["unknown"] * 4


def test_form_without_script_saves_only_what_was_changed_here(scene, client):
    meeting = scene.open()
    rows = scene.rows(meeting)
    client.force_login(scene.secretary)
    url = reverse("branches:meeting_roll", args=[meeting.pk])
    opened = {f"w{row.pk}": "unknown" for row in rows} | {f"s{row.pk}": "" for row in rows}
    scene.mark(meeting, "absent")  # somebody else, after this page was opened
    client.post(url, opened | {f"m{rows[1].pk}": "excused", f"r{rows[1].pk}": "Ốm", "form_key": str(uuid.uuid4())})
    assert scene.states(meeting) == ["absent", "excused", "unknown", "unknown"]
    client.post(url, opened | {"do": "all", "form_key": str(uuid.uuid4())})
    assert scene.states(meeting) == ["absent", "excused", "present", "present"]
    client.post(url, {"do": "unmark", "row": rows[2].pk, "form_key": str(uuid.uuid4())})
    assert scene.states(meeting) == ["absent", "excused", "unknown", "present"]


def test_roll_page_shows_the_quorum_in_whole_people(scene, client):
    meeting = scene.open()
    client.force_login(scene.secretary)
    scene.mark(meeting, "present", "present")
    page = client.get(reverse("branches:meeting_roll", args=[meeting.pk])).content.decode()
    assert "khi có từ 3 người" in page
    assert ">chưa đủ</b>" in page
    scene.mark(meeting, "", "", "present")
    assert ">đã đủ</b>" in client.get(reverse("branches:meeting_roll", args=[meeting.pk])).content.decode()


@pytest.mark.parametrize("size", [1, 3, 30])
def test_queries_do_not_grow_with_the_roll(client, django_assert_num_queries, size):
    scene = MeetingScene(size)
    meeting = scene.open()
    client.force_login(scene.secretary)
    url = reverse("branches:meeting_roll", args=[meeting.pk])
    client.get(url)
    with django_assert_num_queries(8):
        client.get(url)
    marks = [{"id": row.pk, "state": "present", "ago": 0} for row in scene.rows(meeting)]
    with django_assert_num_queries(15):
        assert batch(client, meeting, marks).status_code == 200
    with django_assert_num_queries(8), transaction.atomic():
        mark_roll(
            meeting=meeting, marks=[Mark(row.pk, "absent", at(18)) for row in scene.rows(meeting)],
            by=scene.secretary, now=at(18),
        )  # fmt: skip


def test_stranger_and_reader(scene, client):
    meeting = scene.open()
    names = ("meeting_roll", "meeting_roll_batch", "meeting_roll_add", "meeting_guests")
    for account, status in ((MeetingScene().secretary, 404), (account_at(scene.unit, "member"), 403)):
        client.force_login(account)
        for name in names:
            assert client.get(reverse(f"branches:{name}", args=[meeting.pk])).status_code == status
        assert batch(client, meeting, []).status_code == status


def test_deletion_is_told_what_was_missed_without_a_reason(scene):
    held(scene, datetime.date(2026, 9, 18), "absent", "absent")
    held(scene, datetime.date(2026, 10, 16), "absent", "present")
    held(scene, datetime.date(2026, 11, 20), "absent", "excused")

    def said(member):
        lines = evidence_of(member, on=datetime.date(2026, 11, 22))
        return [(line.text, line.warns) for line in lines if "buổi sinh hoạt" in line.text]

    span = "Từ 22/08/2026 đến 22/11/2026 (3 tháng): 3 buổi sinh hoạt, có mặt"
    assert [said(member) for member in scene.members[:3]] == [
        [(f"{span} 0, vắng có lý do 0, vắng không lý do 3.", False)],
        [(f"{span} 1, vắng có lý do 1, vắng không lý do 1.", True)],
        [],
    ]
