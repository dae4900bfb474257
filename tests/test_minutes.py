"""Minutes: typed by two at once, kept as revisions, agreed, signed by two, locked, a new edition."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.meetings.minutes import LONGEST, MinutesRefused, Typed, latest_edition, restore, save_texts
from branches.meetings.minutes_record import digest_of, is_intact, record_of
from branches.meetings.signing import CHANGED, agree, new_edition, read_back, reopen, set_number, sign
from branches.models import AgendaItem, Attendance, Ballot, Meeting, Minutes, MinutesRevision, MinutesSignature, Task
from tests.factories import MemberFactory, UnitFactory, account_at
from tests.minuting import DAY, FIXED, NOW, agreed, scene, signed, write, written

pytestmark = pytest.mark.django_db
LATER = NOW + datetime.timedelta(minutes=2)


def url(name, s, *, of="meeting"):
    return reverse(f"branches:{name}", args=[s.meeting.pk if of == "meeting" else s.minutes().pk])


def refusal(act) -> str:
    with pytest.raises(MinutesRefused) as caught:
        act()
    return str(caught.value)


# --- typing ----------------------------------------------------------------------------------------


def test_first_save_makes_the_minutes_and_the_same_again_changes_nothing():
    s = scene(members=7)
    assert latest_edition(s.meeting) is None
    write(s, {"wishes": "Một ý kiến.\r\n"})
    minutes = s.minutes()
    assert (minutes.revision, minutes.texts, minutes.typed_by) == (1, {"wishes": "Một ý kiến."}, s.by)
    write(s, {"wishes": "Một ý kiến."})
    write(s, {"wishes": "Một ý kiến."}, base=1)
    assert s.minutes().revision == 1
    assert list(MinutesRevision.objects.values_list("number", "texts")) == [(1, {"wishes": "Một ý kiến."})]


def test_nothing_typed_makes_no_minutes():
    s = scene(members=7)
    assert write(s, {"wishes": ""}).minutes is None
    assert latest_edition(s.meeting) is None


def test_two_writers_of_different_texts_join():
    s = scene(members=7)
    write(s, {"wishes": "A", "other": "Cũ"})
    write(s, {"other": "Của Toàn"}, base=1, by=s.other)
    saved = write(s, {"wishes": "Của Hoài", "other": "Cũ"}, base=1)  # a whole form: "other" as it was read
    assert saved.clashes == ()
    assert s.minutes().texts == {"wishes": "Của Hoài", "other": "Của Toàn"}
    assert s.minutes().revision == 3


def test_two_writers_of_one_text_overwrite_nothing():
    s = scene(members=7)
    write(s, {"wishes": "Chung"})
    write(s, {"wishes": "Của Toàn"}, base=1, by=s.other, now=LATER)
    saved = write(s, {"wishes": "Của Hoài", "other": "Việc khác"}, base=1)
    (clash,) = saved.clashes
    assert (clash.key, clash.mine, clash.theirs, clash.by, clash.at) == (
        "wishes", "Của Hoài", "Của Toàn", "Nguyễn Đức Toàn", LATER,
    )  # fmt: skip
    assert s.minutes().texts == {"wishes": "Của Toàn", "other": "Việc khác"}
    # Chosen knowingly, from what stands now: saved.
    assert write(s, {"wishes": "Của Hoài"}, base=3).clashes == ()
    assert s.minutes().texts["wishes"] == "Của Hoài"
    # Negative control: without the revision it was read from, the first text would have been lost.
    assert MinutesRevision.objects.get(number=2).texts["wishes"] == "Của Toàn"


def test_clash_names_who_changed_the_text_and_not_who_saved_last():
    s = scene(members=7)
    write(s, {"wishes": "Chung"})
    write(s, {"wishes": "Của Toàn"}, base=1, by=s.other, now=LATER)
    third = account_at(s.unit, full_name="Người Thứ Ba")
    write(s, {"other": "Việc khác"}, base=2, by=third, now=LATER)
    (clash,) = write(s, {"wishes": "Của Hoài"}, base=1).clashes
    assert clash.by == "Nguyễn Đức Toàn"


def test_who_else_writes_is_told_for_the_minutes_of_the_rule():
    s = scene(members=7)
    write(s, {"wishes": "A"}, by=s.other)
    three = datetime.timedelta(minutes=3)
    assert write(s, {"other": "B"}, now=NOW + three).others == (("Nguyễn Đức Toàn", NOW),)
    assert write(s, {"other": "C"}, base=2, now=NOW + three + datetime.timedelta(seconds=1)).others == ()


def test_foreign_points_long_texts_and_control_signs():
    s, far = scene(members=7), scene(members=7)
    assert "không còn trong chương trình" in refusal(lambda: write(s, {far.key("discuss"): "Chen vào"}))
    assert str(LONGEST) in refusal(lambda: write(s, {"wishes": "x" * (LONGEST + 1), "other": "Không lưu nửa chừng"}))
    assert latest_edition(s.meeting) is None
    write(s, {"wishes": "Có\x00 dấu\x07 lạ \u0065\u0302\u0301"})
    assert s.minutes().texts == {"wishes": "Có dấu lạ \u1ebf"}


def test_no_minutes_of_a_meeting_that_was_not_held():
    s = scene(members=7)
    Meeting.objects.filter(pk=s.meeting.pk).update(state="cancelled", cancel_reason="Mưa bão")
    assert "không họp" in refusal(lambda: write(s, {"wishes": "A"}))


def test_restoring_is_a_new_revision_that_says_from_which():
    s = scene(members=7)
    write(s, {"wishes": "Một"})
    write(s, {"wishes": "Hai"}, base=1)
    restore(minutes=s.minutes(), number=1, by=s.other, now=LATER)
    last = MinutesRevision.objects.get(number=3)
    assert (last.texts, last.restored_from, last.saved_by, last.note) == (
        {"wishes": "Một"}, 1, s.other, "Lấy lại lần lưu số 1",
    )  # fmt: skip
    assert s.minutes().texts == {"wishes": "Một"}
    assert MinutesRevision.objects.get(number=2).texts == {"wishes": "Hai"}
    assert "Không còn" in refusal(lambda: restore(minutes=s.minutes(), number=9, by=s.by, now=LATER))


# --- steps -----------------------------------------------------------------------------------------


def test_reading_back_asks_for_a_held_meeting_with_two_officers():
    s = scene(members=7)
    Meeting.objects.filter(pk=s.meeting.pk).update(state="open", secretary=None)
    said = refusal(lambda: read_back(meeting=s.meeting, by=s.by, now=NOW))
    assert "kết thúc cuộc họp" in said
    assert "ai là thư ký" in said
    Meeting.objects.filter(pk=s.meeting.pk).update(state="held", secretary=s.meeting.chair)
    assert "phải là hai người" in refusal(lambda: read_back(meeting=s.meeting, by=s.by, now=NOW))
    Attendance.objects.filter(meeting=s.meeting, member=s.meeting.chair).update(state="absent")
    said = refusal(lambda: read_back(meeting=s.meeting, by=s.by, now=NOW))
    assert "đang được điểm danh là vắng (Phan Thị Thu Hoài)" in said


@pytest.mark.parametrize(("count", "is_enough"), [(9, False), (10, True), (18, True), (19, False)])
def test_more_than_half_of_those_present_agree(count, is_enough):
    s = scene()
    written(s)
    read_back(meeting=s.meeting, by=s.by, now=NOW)
    if is_enough:
        agree(meeting=s.meeting, agreed=count, seen=s.seen(), by=s.by, now=NOW)
    else:
        refusal(lambda: agree(meeting=s.meeting, agreed=count, seen=s.seen(), by=s.by, now=NOW))
    assert s.minutes().state == ("signing" if is_enough else "to_confirm")


def test_nobody_agrees_to_what_changed_after_it_was_read():
    s = scene()
    written(s)
    read_back(meeting=s.meeting, by=s.by, now=NOW)
    seen = s.seen()
    write(s, {"other": "Thêm một câu"}, base=s.minutes().revision, by=s.other)
    assert refusal(lambda: agree(meeting=s.meeting, agreed=18, seen=seen, by=s.by, now=NOW)) == CHANGED
    Attendance.objects.filter(meeting=s.meeting, name="Mai Thị Lệ").update(state="present")
    assert refusal(lambda: agree(meeting=s.meeting, agreed=18, seen=seen, by=s.by, now=NOW)) == CHANGED


def test_both_signatures_lock_and_freeze():
    s = scene()
    minutes = signed(s)
    assert (minutes.state, minutes.locked_at) == ("locked", NOW)
    assert minutes.sha256 == digest_of(minutes.frozen)
    assert is_intact(Minutes.objects.get(pk=minutes.pk))
    rows = MinutesSignature.objects.order_by("role").values_list("role", "name", "signed_by", "on_paper", "sha256")
    assert list(rows) == [
        ("chair", "Phan Thị Thu Hoài", s.by.pk, False, minutes.sha256),
        ("secretary", "Nguyễn Đức Toàn", s.other.pk, False, minutes.sha256),
    ]


def test_touched_frozen_content_is_noticed():
    s = scene(members=7)
    minutes = signed_small(s)
    minutes.frozen["title"] = "Tên khác"
    assert not is_intact(minutes)


def signed_small(s) -> Minutes:
    """A meeting of seven: five present, all agree."""
    written(s)
    read_back(meeting=s.meeting, by=s.by, now=NOW)
    agree(meeting=s.meeting, agreed=5, seen=s.seen(), by=s.by, now=NOW)
    seen = s.seen()
    sign(meeting=s.meeting, role="secretary", seen=seen, by=s.by, now=NOW)
    return sign(meeting=s.meeting, role="chair", seen=seen, by=s.by, now=NOW)


def test_recorder_says_for_others_that_the_paper_is_signed():
    s = scene(members=7)
    signed_small(s)
    assert dict(MinutesSignature.objects.values_list("role", "on_paper")) == {"secretary": True, "chair": False}


def test_who_is_neither_officer_nor_recorder_signs_nothing():
    s = scene()
    agreed(s)
    for who in (
        account_at(s.unit, "member", member=s.people["Hồ Ngọc Ánh"]),
        account_at(UnitFactory()),  # a stranger who records elsewhere
    ):
        said = refusal(lambda who=who: sign(meeting=s.meeting, role="chair", seen=s.seen(), by=who, now=NOW))
        assert "không ký thay được" in said
    # The chair without a recording post signs for the chair alone.
    s.by.posts.all().delete()
    account_at(s.unit, "member")
    s.by.__dict__.pop("posts_today", None)
    assert "không ký thay" in refusal(
        lambda: sign(meeting=s.meeting, role="secretary", seen=s.seen(), by=s.by, now=NOW)
    )
    sign(meeting=s.meeting, role="chair", seen=s.seen(), by=s.by, now=NOW)
    assert MinutesSignature.objects.get().on_paper is False


def test_signing_twice_for_one_role_is_signing_once():
    s = scene()
    agreed(s)
    for _ in range(2):
        sign(meeting=s.meeting, role="chair", seen=s.seen(), by=s.by, now=NOW)
    assert MinutesSignature.objects.count() == 1
    assert s.minutes().state == "signing"


def test_second_signer_does_not_sign_another_content():
    s = scene()
    agreed(s)
    sign(meeting=s.meeting, role="chair", seen=s.seen(), by=s.by, now=NOW)
    Task.objects.filter(meeting=s.meeting).first().delete()  # behind everybody's back
    said = refusal(lambda: sign(meeting=s.meeting, role="secretary", seen=s.seen(), by=s.other, now=NOW))
    assert "Sau khi Phan Thị Thu Hoài ký, nội dung cuộc họp đã đổi" in said
    assert s.minutes().state == "signing"


def test_typing_after_a_signature_is_refused_and_says_what_to_do():
    s = scene()
    agreed(s)
    sign(meeting=s.meeting, role="chair", seen=s.seen(), by=s.by, now=NOW)
    assert "mở lại biên bản" in refusal(lambda: write(s, {"wishes": "Thêm"}, base=3))
    assert "Hãy ghi lý do" in refusal(lambda: reopen(meeting=s.meeting, reason=" ", by=s.by, now=LATER))
    reopen(meeting=s.meeting, reason="Ghi thiếu ý kiến", by=s.by, now=LATER)
    minutes = s.minutes()
    assert (minutes.state, minutes.agreed_by_present, MinutesSignature.objects.count()) == ("draft", None, 0)
    note = MinutesRevision.objects.get(number=minutes.revision).note
    assert note == "Mở lại, rút chữ ký của Phan Thị Thu Hoài: Ghi thiếu ý kiến"
    write(s, {"wishes": "Thêm"}, base=minutes.revision)


def test_change_after_locking_is_a_new_edition():
    s = scene()
    first = signed(s)
    assert "lập bản mới" in refusal(lambda: write(s, {"wishes": "Thêm"}, base=3))
    assert "chuyển bước" in refusal(lambda: reopen(meeting=s.meeting, reason="Sai", by=s.by, now=NOW))
    second = new_edition(meeting=s.meeting, reason="Ghi nhầm số người", by=s.by, now=LATER)
    assert (second.edition, second.state, second.texts) == (2, "draft", first.texts)
    assert "bản 2" in refusal(lambda: write(s, {"wishes": "Trang cũ"}, base=1, edition=1))
    write(s, {"wishes": "Sửa ở bản hai"}, base=1, edition=2)
    first.refresh_from_db()
    assert (first.state, first.texts["wishes"]) == ("locked", FIXED["wishes"])
    assert is_intact(first)
    assert s.record()["reason"] == "Ghi nhầm số người"


def test_number_is_part_of_what_is_signed():
    s = scene()
    set_number(meeting=s.meeting, number=" 04 ", by=s.by, now=NOW)
    assert s.record()["number"] == "04"
    written_base(s)
    read_back(meeting=s.meeting, by=s.by, now=NOW)
    agree(meeting=s.meeting, agreed=18, seen=s.seen(), by=s.by, now=NOW)
    assert "chuyển bước" in refusal(lambda: set_number(meeting=s.meeting, number="05", by=s.by, now=NOW))


def written_base(s):
    write(s, {"wishes": "A"}, base=s.minutes().revision)


# --- pages -----------------------------------------------------------------------------------------


def form(s, texts, *, base=0, edition=1, **more) -> dict:
    data = {"edition": edition, "known": base}
    for key, text in texts.items():
        data |= {f"text-{key}": text, f"base-{key}": base}
    return data | more


def test_page_saves_as_a_form_without_a_script(client):
    s = scene(members=7)
    client.force_login(s.by)
    page = client.get(url("minutes", s)).content.decode()
    for words in ("Thảo luận", "5/7 người", "Tạ Quang Huy (đi công tác)", "Thu đoàn phí tháng 4/2023", "Gợi ý:"):
        assert words in page
    answer = client.post(url("minutes", s), form(s, {"wishes": "Ý kiến", s.key("discuss"): "Bàn"}), follow=True)
    assert "Đã lưu biên bản." in answer.content.decode()
    assert s.minutes().texts == {"wishes": "Ý kiến", s.key("discuss"): "Bàn"}


@pytest.mark.parametrize(("choice", "stands"), [("mine", "Hoài"), ("theirs", "Toàn"), ("both", "Toàn\nHoài")])
def test_clash_without_a_script_shows_both_and_takes_the_choice(client, choice, stands):
    s = scene(members=7)
    write(s, {"wishes": "Chung"})
    write(s, {"wishes": "Toàn"}, base=1, by=s.other)
    client.force_login(s.by)
    page = client.post(url("minutes", s), form(s, {"wishes": "Hoài"}, base=1)).content.decode()
    assert "Có 1 mục hai người cùng sửa" in page
    assert "<blockquote>Toàn</blockquote>" in page
    assert ">Hoài</textarea>" in page
    assert '<input type="hidden" name="base-wishes" value="2">' in page
    client.post(url("minutes", s), form(s, {"wishes": "Hoài"}, base=2, **{"choose-wishes": choice}))
    assert s.minutes().texts["wishes"] == stands


def test_script_gets_the_state_of_things(client):
    s = scene(members=7)
    write(s, {"wishes": "Chung"})
    write(s, {"wishes": "Toàn", "other": "Mới"}, base=1, by=s.other)
    client.force_login(s.by)
    data = form(s, {"wishes": "Hoài"}, base=1)
    answer = client.post(url("minutes", s), data, headers={"accept": "application/json"}).json()
    assert answer["revision"] == 2
    assert answer["texts"] == {"other": "Mới"}
    assert [(one["key"], one["theirs"], one["by"]) for one in answer["clashes"]] == [
        ("wishes", "Toàn", "Nguyễn Đức Toàn")
    ]
    agreed_row = Minutes.objects.get()
    agreed_row.state = "signing"
    agreed_row.save()
    answer = client.post(url("minutes", s), data, headers={"accept": "application/json"})
    assert (answer.status_code, list(answer.json()["refused"])) == (409, [""])
    page = client.post(url("minutes", s), data)
    assert page.status_code == 409
    assert ">Hoài</textarea>" in page.content.decode()  # refused, and not a word of it lost


def test_whole_way_on_the_pages(client):
    s = scene()
    written(s)
    client.force_login(s.by)
    key = {"form_key": "11111111-1111-4111-8111-111111111111"}
    client.post(url("minutes_confirm", s), key)
    assert s.minutes().state == "to_confirm"
    data = {"form_key": "21111111-1111-4111-8111-111111111111", "agreed": "18", "seen": s.seen()}
    assert client.post(url("minutes_confirm", s), data | {"seen": "cũ"}).status_code == 200
    answer = client.post(url("minutes_confirm", s), data)
    assert answer["Location"] == url("minutes_sign", s)
    assert client.post(url("minutes_confirm", s), data)["Location"] == url("minutes_sign", s)  # sent twice
    page = client.get(url("minutes_sign", s)).content.decode()
    assert ("Tôi ký" in page, "Ghi là đã ký trên giấy" in page) == (True, True)
    for place, role in enumerate(("chair", "secretary")):
        data = {"form_key": f"3{place}111111-1111-4111-8111-111111111111", "role": role, "seen": s.seen()}
        client.post(url("minutes_sign", s), data)
    page = client.get(url("minutes", s)).content.decode()
    assert "Đã ký, đã khóa" in page
    assert s.minutes().sha256 in page
    client.post(
        url("minutes_new_edition", s), {"form_key": "41111111-1111-4111-8111-111111111111", "reason": "Ghi nhầm"}
    )
    first = Minutes.objects.get(edition=1)
    page = client.get(reverse("branches:minutes_edition", args=[first.pk])).content.decode()
    assert "Bản này đã được thay" not in page  # not before the second one is signed
    assert "bản 2: Ghi nhầm" in client.get(url("minutes", s)).content.decode()


def test_history_compares_word_by_word_and_restores(client):
    s = scene(members=7)
    write(s, {"wishes": "Xin mua thêm sách"})
    write(s, {"wishes": "Xin mua nhiều sách"}, base=1, by=s.other, now=LATER)
    client.force_login(s.by)
    page = client.get(url("minutes_history", s, of="minutes"), {"tu": 1, "den": 2}).content.decode()
    assert '<del><span class="visually-hidden">bỏ: </span>thêm</del>' in page
    assert '<ins><span class="visually-hidden">thêm: </span>nhiều</ins>' in page
    client.post(url("minutes_restore", s, of="minutes"), {"number": 1})
    assert s.minutes().texts == {"wishes": "Xin mua thêm sách"}
    assert client.get(url("minutes_history", s, of="minutes"), {"tu": "x", "den": "9" * 30}).status_code == 200


def test_stranger_sees_nothing_and_a_reader_writes_nothing(client):
    s = scene(members=7)
    minutes = written(s)
    ways = {
        name: url(name, s) for name in
        ("minutes", "minutes_confirm", "minutes_sign", "minutes_reopen", "minutes_new_edition", "minutes_number")
    } | {
        name: reverse(f"branches:{name}", args=[minutes.pk])
        for name in ("minutes_edition", "minutes_history")
    }  # fmt: skip
    client.force_login(account_at(UnitFactory()))
    assert {client.get(way).status_code for way in ways.values()} == {404}
    assert client.post(ways["minutes"], form(s, {"wishes": "Lạ"})).status_code == 404
    client.force_login(account_at(s.unit, "member"))
    assert [client.get(ways[name]).status_code for name in ("minutes", "minutes_history")] == [200, 200]
    assert "<textarea" not in client.get(ways["minutes"]).content.decode()
    assert client.post(ways["minutes"], form(s, {"wishes": "Lạ"})).status_code == 403
    assert client.post(reverse("branches:minutes_restore", args=[minutes.pk]), {"number": 1}).status_code == 403
    assert "Lạ" not in str(s.minutes().texts)


def test_who_else_writes_is_answered_to_writers_only(client):
    s = scene(members=7)
    client.force_login(s.by)
    nothing = {"revision": 0, "texts": {}, "clashes": [], "others": []}
    assert client.get(url("minutes_writers", s)).json() == nothing
    write(s, {"wishes": "Toàn ghi"}, by=s.other, now=timezone.now())
    told = client.get(f"{url('minutes_writers', s)}?known=0").json()
    assert (told["revision"], told["texts"]) == (1, {"wishes": "Toàn ghi"})
    assert told["others"][0].startswith("Nguyễn Đức Toàn vừa ghi lúc ")
    assert client.get(f"{url('minutes_writers', s)}?known=1").json()["texts"] == {}
    Minutes.objects.update(state="signing")
    assert list(client.get(url("minutes_writers", s)).json()) == ["refused"]
    client.force_login(account_at(s.unit, "member"))
    assert client.get(url("minutes_writers", s)).status_code == 403
    client.force_login(account_at(UnitFactory()))
    assert client.get(url("minutes_writers", s)).status_code == 404


def crowd(s, count):
    """So many more points, votes, tasks, people and saves."""
    for place in range(count):
        item = AgendaItem.objects.create(meeting=s.meeting, position=10 + place, title=f"Mục {place}")
        Ballot.objects.create(item=item, question="Việc", entitled=20, present=18, votes_for=18, written_by=s.by)
        Task.objects.create(
            unit=s.unit, meeting=s.meeting, text="Việc", owner=s.people["Hồ Ngọc Ánh"], given_on=DAY, given_by=s.by
        )
        member = MemberFactory(home=s.unit)
        Attendance.objects.create(
            meeting=s.meeting, member=member, name=member.full_name, sort_key=member.sort_key, state="present",
            marked_at=NOW, marked_by=s.by,
        )  # fmt: skip
        write(s, {f"item-{item.pk}": "Bàn"}, base=s.minutes().revision)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_query_counts_do_not_grow(client, count):
    s = scene(members=7)
    written(s)
    crowd(s, count)
    client.force_login(s.by)
    counts = {}
    for name, way in {
        "edit": url("minutes", s),
        "confirm": url("minutes_confirm", s),
        "history": url("minutes_history", s, of="minutes"),
    }.items():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(way).status_code == 200
        counts[name] = len(queries)
    with CaptureQueriesContext(connection) as queries:
        record_of(s.fresh(), s.minutes())
    counts["record"] = len(queries)
    with CaptureQueriesContext(connection) as queries:
        typed = {"wishes": Typed("Khác", s.minutes().revision), "other": Typed("Việc", s.minutes().revision)}
        save_texts(meeting=s.meeting, by=s.by, typed=typed, edition=1, now=NOW, on=DAY)
    counts["save"] = len(queries)
    for name, known in (("writers", s.minutes().revision), ("writers who wrote", 1)):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{url('minutes_writers', s)}?known={known}").status_code == 200
        counts[name] = len(queries)
    # Of the small question five are the session, the person, the posts, the meeting and its minutes.
    assert counts == {
        "edit": 23, "confirm": 22, "history": 21, "record": 16, "save": 12, "writers": 7, "writers who wrote": 8,
    }  # fmt: skip
