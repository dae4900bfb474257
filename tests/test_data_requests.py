"""The register of requests about one's own data: the clocks of the law, its pages and its Excel file."""

import datetime
import io
import uuid

import openpyxl
import pytest
from django.urls import reverse

from branches.models import DataRequest
from branches.requests_of_data import (
    RequestRefused,
    answer_request,
    extend_request,
    finish_request,
    receive_request,
    standing_of,
)
from branches.workdays import is_working_day, working_days_after

from .factories import MemberFactory, UnionFactory, UnitFactory, account_at

pytestmark = pytest.mark.django_db
MONDAY = datetime.date(2026, 11, 16)
TODAY = datetime.date(2026, 11, 22)
day = datetime.date


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def branch():
    return UnitFactory(superior=UnionFactory())


@pytest.fixture
def secretary(branch):
    return account_at(branch)


def received(branch, secretary, **fields):
    said = {"kind": "copy", "name": "Lê Thu An", "received_on": MONDAY, "on": TODAY} | fields
    return receive_request(unit=branch, by=secretary, **said)


# --- working days ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (day(2026, 11, 16), 0, day(2026, 11, 16)),
        (day(2026, 11, 16), 2, day(2026, 11, 18)),  # Monday → Wednesday
        (day(2026, 11, 19), 2, day(2026, 11, 23)),  # Thursday → Monday
        (day(2026, 11, 21), 1, day(2026, 11, 23)),  # Saturday → Monday
        (day(2026, 4, 29), 2, day(2026, 5, 5)),  # 30/04 and 01/05 are holidays, then a weekend
        (day(2026, 2, 13), 1, day(2026, 2, 23)),  # Friday before the moon's new year 2026
        (day(2026, 12, 31), 1, day(2027, 1, 4)),  # New Year's Day is a Friday
    ],
)
def test_working_days(start, n, end):
    assert working_days_after(start, n) == end


def test_sunday_and_national_day_are_no_working_days():
    assert not is_working_day(day(2026, 11, 22))
    assert not is_working_day(day(2026, 9, 2))
    assert is_working_day(day(2026, 11, 23))


# --- verbs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        ("know", day(2026, 11, 26)), ("copy", day(2026, 11, 26)), ("correct", day(2026, 11, 26)),
        ("withdraw", day(2026, 12, 1)), ("restrict", day(2026, 12, 1)), ("object", day(2026, 12, 1)),
        ("delete", day(2026, 12, 6)), ("complain", day(2026, 12, 6)),
    ],
)  # fmt: skip
def test_dates_come_from_the_kind(branch, secretary, kind, end):
    one = received(branch, secretary, kind=kind)
    assert (one.answer_due_on, one.finish_due_on) == (day(2026, 11, 18), end)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"name": " "}, "name"),
        ({"received_on": day(2026, 11, 23)}, "received_on"),
        ({"kind": "nothing"}, "kind"),
    ],
)
def test_wrong_request_is_answered_and_not_written(branch, secretary, fields, place):
    with pytest.raises(RequestRefused) as refused:
        received(branch, secretary, **fields)
    assert list(refused.value.errors) == [place]
    assert DataRequest.objects.count() == 0


def test_member_lends_the_name(branch, secretary):
    member = MemberFactory(home=branch, full_name="Trần Bình")
    assert received(branch, secretary, name="", member=member).name == "Trần Bình"


def test_put_off_once_and_not_too_far(branch, secretary):
    one = received(branch, secretary)
    for days in (0, 16):
        with pytest.raises(RequestRefused, match="Gia hạn từ 1 đến 15 ngày"):
            extend_request(request=one, days=days, because="Hồ sơ ở kho", on=TODAY)
    with pytest.raises(RequestRefused, match="lý do"):
        extend_request(request=one, days=15, because=" ", on=TODAY)
    assert extend_request(request=one, days=15, because="Hồ sơ ở kho", on=TODAY).finish_due_on == day(2026, 12, 11)
    with pytest.raises(RequestRefused, match="Đã gia hạn một lần"):
        extend_request(request=one, days=1, because="Nữa", on=TODAY)


def test_answered_then_finished_each_once(branch, secretary):
    one = answer_request(request=received(branch, secretary), on=day(2026, 11, 17), today=TODAY)
    with pytest.raises(RequestRefused, match="Đã trả lời ngày 17/11/2026"):
        answer_request(request=one, on=TODAY, today=TODAY)
    with pytest.raises(RequestRefused, match="đã làm gì"):
        finish_request(request=one, outcome=" ", on=TODAY, today=TODAY)
    with pytest.raises(RequestRefused, match="Không thể trước ngày nhận"):
        finish_request(request=one, outcome="Đã gửi", on=day(2026, 11, 15), today=TODAY)
    with pytest.raises(RequestRefused, match="Không thể sau hôm nay"):
        finish_request(request=one, outcome="Đã gửi", on=day(2026, 11, 23), today=TODAY)
    one = finish_request(request=one, outcome="Đã gửi bản sao", on=day(2026, 11, 20), today=TODAY)
    assert (one.answered_on, one.finished_on) == (day(2026, 11, 17), day(2026, 11, 20))
    with pytest.raises(RequestRefused, match="đã làm xong"):
        extend_request(request=one, days=3, because="x", on=TODAY)


def test_standing_says_what_is_due_next(branch, secretary):
    one = received(branch, secretary)
    assert standing_of(one, day(2026, 11, 18)) == ("going", day(2026, 11, 18), "Chờ trả lời")
    assert standing_of(one, day(2026, 11, 19)) == ("overdue", day(2026, 11, 18), "Quá hạn trả lời")
    one.answered_on = MONDAY
    assert standing_of(one, day(2026, 11, 26)) == ("going", day(2026, 11, 26), "Chờ làm xong")
    assert standing_of(one, day(2026, 11, 27)) == ("overdue", day(2026, 11, 26), "Quá hạn làm xong")
    one.finished_on = day(2026, 11, 26)
    assert standing_of(one, TODAY) == ("done", None, "Xong")
    one.finished_on = day(2026, 11, 27)
    assert standing_of(one, TODAY) == ("missed", None, "Xong, quá hạn")


# --- pages ----------------------------------------------------------------------------------------------


def test_form_sent_twice_is_one_request(client, branch, secretary):
    client.force_login(secretary)
    url = reverse("branches:data_request_new", args=[branch.pk])
    said = {"kind": "delete", "name": "Lê Thu An", "received_on": "20/11/2026", "form_key": str(uuid.uuid4())}
    first, second = client.post(url, said), client.post(url, said)
    one = DataRequest.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == reverse("branches:data_request", args=[one.pk])
    assert (one.kind, one.finish_due_on, one.written_by) == ("delete", day(2026, 12, 10), secretary)


def test_only_own_people_can_be_named(client, branch, secretary):
    stranger = MemberFactory(full_name="Người Lạ")
    client.force_login(secretary)
    url = reverse("branches:data_request_new", args=[branch.pk])
    page = client.post(url, {"kind": "copy", "member": stranger.pk, "received_on": "20/11/2026"})
    assert page.status_code == 200
    assert "member" in page.context["form"].errors
    assert "Người Lạ" not in page.content.decode()


def test_page_answers_extends_and_finishes(client, branch, secretary):
    one = received(branch, secretary)
    client.force_login(secretary)
    url = reverse("branches:data_request", args=[one.pk])
    assert "Quá hạn trả lời" in client.get(url).content.decode()
    client.post(url, {"do": "answer", "answered_on": "17/11/2026"})
    client.post(url, {"do": "extend", "days": "5", "because": "Đang tìm sổ giấy"})
    refused = client.post(url, {"do": "finish", "finished_on": "22/11/2026", "outcome": ""})
    assert refused.status_code == 200
    client.post(url, {"do": "finish", "finished_on": "22/11/2026", "outcome": "Đã gửi bản sao"})
    one.refresh_from_db()
    assert (one.answered_on, one.finish_due_on, one.finished_on, one.outcome) == (
        day(2026, 11, 17), day(2026, 12, 1), TODAY, "Đã gửi bản sao",
    )  # fmt: skip


def test_list_shows_overdue_first_and_the_file_the_same_rows(client, branch, secretary):
    received(branch, secretary, name="Đã Xong")
    finish_request(request=DataRequest.objects.get(), outcome="x", on=TODAY, today=TODAY)
    received(branch, secretary, name="Còn Hạn", received_on=TODAY)
    received(branch, secretary, name="=Quá Hạn")
    client.force_login(secretary)
    page = client.get(reverse("branches:data_request_list", args=[branch.pk]))
    assert [row["request"].name for row in page.context["rows"]] == ["=Quá Hạn", "Còn Hạn", "Đã Xong"]
    file = client.get(reverse("branches:data_request_xlsx", args=[branch.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    names = [row[1].value for row in sheet.iter_rows(min_row=5)]
    assert names == ["=Quá Hạn", "Còn Hạn", "Đã Xong"]
    assert sheet.cell(5, 2).data_type == "s"


def test_strangers_and_mere_readers_see_no_requests(client, branch, secretary):
    one = received(branch, secretary)
    seen = {}
    for name, account in {
        "secretary": secretary,
        "committee": account_at(branch, "committee_member"),
        "sibling": account_at(UnitFactory()),
        "party": account_at(branch, "party_secretary"),
    }.items():
        client.force_login(account)
        seen[name] = (
            client.get(reverse("branches:data_request_list", args=[branch.pk])).status_code,
            client.get(reverse("branches:data_request", args=[one.pk])).status_code,
        )
    assert seen == {"secretary": (200, 200), "committee": (403, 404), "sibling": (404, 404), "party": (404, 404)}


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_list_asks_the_same_queries(client, branch, secretary, rows, django_assert_num_queries):
    for _ in range(rows):
        received(branch, secretary)
    client.force_login(secretary)
    with django_assert_num_queries(5):  # session, account, posts, unit, requests
        client.get(reverse("branches:data_request_list", args=[branch.pk]))
