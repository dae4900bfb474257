"""Complaints: the days left by hand, each step and its refusals, and the pages of the steps."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from branches.models import EditConflict, FormReceipt, Rule
from branches.workdays import working_days_between
from inspections.complaining import (
    answer,
    change,
    days_left,
    due_day,
    forward,
    refuse,
    take_up,
)
from inspections.complaint_words import complaint_due, left_words
from inspections.models import Complaint
from inspections.states import InspectionRefused
from tests.factories import UnionFactory, UnitFactory
from tests.inspecting import TODAY, scene
from tests.letters import NBSP, RECEIVED, Day, letter, sent_form, url
from tests.logging_activities import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    day_of = timezone.localdate
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *moment: day_of(*moment) if moment else TODAY)


@pytest.fixture
def s(media):
    return scene()


# --- days -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "received_on", "due"),
    [
        ("petition", Day(2026, 11, 2), Day(2026, 11, 23)),  # 15 working days: three weeks
        (
            "complaint",
            Day(2026, 11, 2),
            Day(2026, 12, 15),
        ),  # 30 working days: six weeks and 24/11, Ngày Văn hóa Việt Nam
        ("denunciation", Day(2026, 11, 7), Day(2026, 12, 21)),  # received on a Saturday: 09/11 is the first day
        ("petition", Day(2026, 2, 9), Day(2026, 3, 9)),  # four days, Tết from 16/2 to 20/2, then eleven more
        ("petition", Day(2026, 2, 18), Day(2026, 3, 13)),  # received in Tết: 23/02 is the first day
        ("petition", Day(2026, 4, 20), Day(2026, 5, 14)),  # giỗ Tổ 27/4 (for Sunday 26/4), 30/4 and 1/5 do not count
    ],
)
def test_the_due_day_counts_working_days_by_the_rule(kind, received_on, due):
    assert due_day(kind, received_on) == due


def test_a_later_rule_holds_for_what_is_received_from_then_on(s):
    days = {"complaint": 10, "denunciation": 10, "petition": 5}
    Rule.objects.create(key="complaint_days", value=days, valid_from=Day(2026, 11, 10), source="Quy chế mới")
    assert due_day("petition", Day(2026, 11, 9)) == Day(2026, 12, 1)
    assert due_day("petition", Day(2026, 11, 10)) == Day(2026, 11, 17)


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (Day(2026, 11, 20), Day(2026, 11, 23), 1),  # Friday to Monday
        (Day(2026, 11, 23), Day(2026, 11, 23), 0),
        (Day(2026, 11, 27), Day(2026, 11, 26), -1),
        (Day(2026, 11, 23), Day(2026, 11, 20), -1),
        (Day(2026, 2, 13), Day(2026, 2, 23), 1),  # the week of Tết is not among the days left
        (Day(2026, 4, 29), Day(2026, 5, 4), 1),  # 30/4 and 1/5, then a weekend
    ],
)
def test_working_days_between(first, last, days):
    assert working_days_between(first, last) == days


def test_days_left_are_said_until_it_ends(s):
    row = letter(s)  # due 23/11/2026
    assert [days_left(row, on) for on in (Day(2026, 11, 20), Day(2026, 11, 23), Day(2026, 11, 26))] == [1, 0, -2]
    assert complaint_due(row, 1) == f"Hạn giải quyết 23/11/2026, còn 1{NBSP}ngày làm việc."
    assert [left_words(n) for n in (0, -2)] == ["đến hạn hôm nay", f"quá hạn 2{NBSP}ngày làm việc"]
    done = refuse(complaint=row, version=row.version, by=s.chair, ended_on=TODAY, reason="Trùng đơn", on=TODAY)
    assert days_left(done, Day(2027, 1, 1)) is None
    assert complaint_due(done, None) == "Không thụ lý ngày 22/11/2026, trong hạn (23/11/2026)."


def test_of_an_ended_letter_it_is_said_whether_it_was_in_time(s):
    row = letter(s, received_on=Day(2026, 10, 19))  # due 09/11/2026, a Monday; ended on the Thursday of the week after
    at = {"by": s.chair, "on": TODAY}
    row = take_up(complaint=row, version=1, **at)
    row = answer(complaint=row, version=2, ended_on=Day(2026, 11, 19), text="Đã rõ", **at)
    assert complaint_due(row, None) == f"Đã trả lời ngày 19/11/2026, quá hạn 8{NBSP}ngày làm việc (09/11/2026)."


# --- steps ------------------------------------------------------------------------------------------


def test_the_way_from_the_letter_to_the_answer(s):
    row = letter(s)
    assert (row.state, row.number, row.year, row.due_on) == ("received", 1, 2026, Day(2026, 11, 23))
    row = take_up(complaint=row, version=1, by=s.chair, on=TODAY, words="Giao đồng chí Mai")
    row = answer(complaint=row, version=2, by=s.inspector, ended_on=TODAY, text="Đã xác minh: không có", on=TODAY)
    assert (row.state, row.answer, row.ended_on) == ("answered", "Đã xác minh: không có", TODAY)
    moves = [(one.to_state, one.words, one.moved_on, one.moved_by) for one in row.moves.all()]
    assert moves == [
        ("received", "", RECEIVED, s.chair), ("taken_up", "Giao đồng chí Mai", TODAY, s.chair),
        ("answered", "", TODAY, s.inspector),
    ]  # fmt: skip


def test_numbers_run_by_committee_and_year(s):
    assert [letter(s).number for _ in range(3)] == [1, 2, 3]
    assert letter(s, received_on=Day(2025, 12, 30)).number == 1
    other = scene()
    assert letter(other).number == 1


STEPS = {
    "take_up": lambda row, by: take_up(complaint=row, version=row.version, by=by, on=TODAY),
    "answer": lambda row, by: answer(
        complaint=row, version=row.version, by=by, ended_on=TODAY, text="Đã rõ", on=TODAY
    ),
    "refuse": lambda row, by: refuse(
        complaint=row, version=row.version, by=by, ended_on=TODAY, reason="Không đủ căn cứ", on=TODAY
    ),
    "forward": lambda row, by: forward(
        complaint=row, version=row.version, by=by, ended_on=TODAY, reason="Chuyển Công an phường", on=TODAY
    ),
}  # fmt: skip
POSSIBLE = {
    "received": {"take_up", "refuse", "forward"}, "taken_up": {"answer", "refuse", "forward"},
    "answered": set(), "refused": set(), "forwarded": set(),
}  # fmt: skip


@pytest.mark.parametrize("verb", STEPS)
@pytest.mark.parametrize("state", POSSIBLE)
def test_every_step_from_every_state(s, state, verb):
    row = letter(s)
    ended = {"ended_on": TODAY, "answer": "x", "state_reason": "x"} if not POSSIBLE[state] else {}
    Complaint.objects.filter(pk=row.pk).update(state=state, **ended)
    row.refresh_from_db()
    if verb in POSSIBLE[state]:
        assert STEPS[verb](row, s.chair).state != state
    else:
        with pytest.raises(InspectionRefused, match="Đơn này đã chuyển bước"):
            STEPS[verb](row, s.chair)
        assert Complaint.objects.get(pk=row.pk).state == state


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"received_on": Day(2026, 11, 23)}, "received_on", "Ngày này chưa đến. Hãy ghi ngày đã nhận đơn."),
        ({"text": "  \n "}, "text", "Hãy ghi nội dung đơn."),
        ({"from_name": "x" * 161}, "from_name", None),
    ],
)
def test_a_letter_that_is_not_whole_is_refused_at_its_field(s, said, field, words):
    with pytest.raises(InspectionRefused) as refusal:
        letter(s, **said)
    assert list(refusal.value.errors) == [field]
    assert words is None or refusal.value.errors[field] == words
    assert Complaint.objects.count() == 0


def test_a_letter_about_a_unit_elsewhere_is_not_ours(s):
    elsewhere = UnitFactory(superior=UnionFactory(), name="Chi đoàn Xa")
    with pytest.raises(InspectionRefused, match="Đơn về nơi khác thì ghi là chuyển"):
        letter(s, unit=elsewhere)


def test_reasons_and_days_are_asked_for(s):
    row = letter(s)
    common = {"complaint": row, "version": 1, "by": s.chair, "on": TODAY}
    for call, errors in (
        (lambda: refuse(ended_on=TODAY, reason=" ", **common), {"reason": "Hãy ghi lý do không thụ lý."}),
        (lambda: forward(ended_on=TODAY, reason="", **common), {"reason": "Hãy ghi chuyển đến đâu, vì sao."}),
        (
            lambda: refuse(ended_on=Day(2026, 11, 1), reason="x", **common),
            {"ended_on": "Hãy ghi ngày từ 02/11/2026, ngày nhận đơn, trở đi."},
        ),
        (lambda: refuse(ended_on=Day(2026, 11, 23), reason="x", **common), {"ended_on": "Ngày này chưa đến."}),
    ):
        with pytest.raises(InspectionRefused) as refusal, transaction.atomic():
            call()
        assert refusal.value.errors == errors
    assert Complaint.objects.get().version == 1


def test_a_correction_keeps_the_number_and_counts_anew(s):
    row = letter(s)
    row = change(
        complaint=row, version=1, unit=s.sibling, kind="complaint", received_on=RECEIVED, text="Khác", by=s.chair,
        on=TODAY,
    )  # fmt: skip
    assert (row.number, row.due_on, row.from_name, row.unit) == (1, Day(2026, 12, 15), "", s.sibling)
    with pytest.raises(EditConflict), transaction.atomic():
        take_up(complaint=row, version=1, by=s.inspector, on=TODAY)
    with pytest.raises(InspectionRefused, match="sổ năm 2026"):
        change(
            complaint=row, version=2, unit=s.sibling, kind="complaint", received_on=Day(2025, 1, 2), text="Khác",
            by=s.chair, on=TODAY,
        )  # fmt: skip


# --- pages ------------------------------------------------------------------------------------------


def test_an_unsigned_letter_with_a_picture_is_entered_once(s, client):
    client.force_login(s.chair)
    place = reverse("inspections:complaint_new")
    for _ in range(2):
        sent = client.post(place, sent_form(unit=s.branch.pk, files=picture()), follow=True)
    row = Complaint.objects.get()
    assert (row.from_name, row.kind, row.number) == ("", "denunciation", 1)
    assert "Đơn không ghi tên" in sent.content.decode()
    file = row.files.get()
    assert (file.kind, file.content_type, file.file.name[:14]) == ("picture", "image/jpeg", "complaintfile/")
    assert FormReceipt.objects.count() == 1


def test_a_file_that_is_none_is_named_and_nothing_is_entered(s, client):
    client.force_login(s.chair)
    bad = SimpleUploadedFile("don.exe", b"MZ rubbish", "application/octet-stream")
    page = client.post(reverse("inspections:complaint_new"), sent_form(unit=s.branch.pk, files=bad))
    assert "Không nhận tệp “don.exe”" in page.content.decode()
    assert Complaint.objects.count() == 0


@pytest.mark.parametrize("key", ["9" * 30, "x", "0"])
def test_a_unit_that_is_none_gets_an_answer(s, client, key):
    client.force_login(s.chair)
    page = client.post(reverse("inspections:complaint_new"), sent_form(unit=key))
    assert page.status_code == 200
    assert "Mục đã chọn không còn trong danh sách" in page.content.decode()


def test_the_steps_on_their_pages(s, client):
    row = letter(s)
    client.force_login(s.chair)
    key = "7f1cb0de-6e5b-4c3e-9d43-3f0f7c7d3a1"
    client.post(url("complaint_take_up", row), {"form_key": f"{key}1", "version": 1, "words": "Giao Mai"})
    wrong = client.post(
        url("complaint_answer", row), {"form_key": f"{key}2", "version": 2, "ended_on": "01/11/2026", "answer": "Xong"}
    )
    assert "Hãy ghi ngày từ 02/11/2026" in wrong.content.decode()
    sent = {"form_key": f"{key}2", "version": 2, "ended_on": "22/11/2026", "answer": "Đã xác minh"}
    page = client.post(url("complaint_answer", row), sent, follow=True).content.decode()
    assert "Đã xác minh" in page
    assert Complaint.objects.get().state == "answered"
    assert client.get(url("complaint_answer", row)).status_code == 302  # past this step
