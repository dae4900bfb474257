"""“Việc đang chờ tôi” of everybody who moves a case: each state names its next step, the link leads to its button."""

import datetime

import pytest
from django.test import Client

from branches.models import Account
from inspections.models import Inspection
from reports.waiting import waiting_for
from tests.factories import AccountFactory
from tests.inspecting import TODAY, planned, scene
from tests.test_inspection_moves import LETTERS, Way

pytestmark = pytest.mark.django_db
Day = datetime.date
SOON = TODAY + datetime.timedelta(days=3)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


def lines_of(account: Account) -> list:
    post = account.posts.select_related("type", "unit").first()
    waiting = waiting_for(account, post, on=TODAY)
    return [line for line in (*waiting.first, *waiting.later) if "/kiem-tra/" in line.url]


# state · who is told · what, after the visit of 28/09 or before one on 25/11 · the button the link leads to
TOLD = [
    ("P", "committee", "Gửi kế hoạch, đề cương cho đơn vị", "Lập đoàn kiểm tra"),
    ("T", "committee", "Gửi kế hoạch, đề cương cho đơn vị", "Gửi kế hoạch, đề cương"),
    ("S", "unit_secretary", "Gửi báo cáo cho đoàn kiểm tra", "Gửi báo cáo"),
    ("S", "committee", "Gửi báo cáo cho đoàn kiểm tra", "Ghi nhận báo cáo giấy"),
    ("R", "head", "Làm việc với đơn vị", "Bắt đầu thẩm tra"),
    ("V", "head", "Làm việc với đơn vị", "Ghi buổi làm việc"),
    ("V", "member", "Làm việc với đơn vị", "Ghi buổi làm việc"),
    ("V", "committee", "Làm việc với đơn vị", "Ghi buổi làm việc"),
    ("W", "head", "Báo cáo của đoàn kiểm tra", "Gửi báo cáo của đoàn"),
    ("B", "committee", "Thông báo kết luận", "Thông báo kết luận"),
    ("N", "committee", "Kết thúc, lưu hồ sơ", "Kết thúc hồ sơ"),
    ("F", "committee", "Kết thúc, lưu hồ sơ", "Kết thúc hồ sơ"),
    ("I", "committee", "Kết thúc, lưu hồ sơ", "Kết thúc hồ sơ"),
]


def ended(way: Way) -> None:
    way.row.state, way.row.ended_on = "withdrawn", TODAY
    way.row.save()


@pytest.mark.parametrize(("letter", "person", "what", "button"), TOLD)
def test_each_state_waits_for_somebody_and_the_link_leads_to_the_button(letter, person, what, button):
    way = Way()
    ended(way)
    way.put_into(letter, SOON if letter in "PTSRV" else Day(2026, 9, 28))
    Inspection.objects.filter(pk=way.case.pk).update(self_report_due_on=SOON)
    account = way.people[person]
    lines = [line for line in lines_of(account) if line.what.startswith(what)]
    assert [line.what for line in lines] == [f"{what}: {way.case.title}"]
    client = Client()
    client.force_login(account)
    page = client.get(lines[0].url)
    assert page.status_code == 200
    assert page.content.decode().count("btn-primary") == 1
    filled = page.content.decode().split("btn-primary")[1].split(">", 1)[1].split("</")[0]
    assert filled.strip() == button


def test_nobody_waits_for_a_case_that_ended_and_others_are_told_nothing():
    way = Way()
    ended(way)
    for letter in "CXO":
        way.put_into(letter)
        assert [lines_of(way.people[name]) for name in ("committee", "head", "unit_secretary")] == [[], [], []]
    outside = ("former", "unit_member", "superior", "other_committee", "stranger")
    for letter in LETTERS:
        way.put_into(letter)
        assert [lines_of(way.people[name]) for name in outside] == [[]] * 5


def test_while_something_is_asked_the_case_itself_waits_for_nobody():
    way = Way()
    for letter in "FI":
        way.put_into(letter)
        assert [line.what for line in lines_of(way.people["committee"]) if "Kết thúc" in line.what] == []


def test_a_case_without_month_and_day_is_not_forgotten():
    """A case opened out of another one has no time yet; nothing else would ever remind of it."""
    s = scene()
    case = planned(s, visited_on=None, inspection_kind="violation_sign", supervision_kind="")
    assert [(line.what, line.verb, line.word) for line in lines_of(s.chair)] == [
        (f"Định thời gian: {case.title}", "Định thời gian", "Chưa định")
    ]
    Inspection.objects.update(planned_month=Day(2026, 12, 1))
    assert [line.what for line in lines_of(s.chair)] == []  # the end of December is far


def test_a_head_without_any_post_is_told_too_and_a_colleague_of_another_team_is_not():
    way = Way()
    way.put_into("W")
    assert way.people["head"].posts.count() == 0
    assert [line.word for line in lines_of(way.people["head"])] == ["Quá hạn 48 ngày"]  # 05/10 to 22/11
    assert lines_of(AccountFactory(full_name="Người ngoài")) == []
