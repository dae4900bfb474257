"""From a vote to what it is about, and the case of a unit until it leads to dissolving: on a phone and at a desk."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from branches.models import AgendaItem, Assessment, Ballot, PartyStep
from tests.browsing import Looker

from .assessed import TODAY, Scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HELD = datetime.date(2026, 11, 10)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """The day of the scene; the day of a moment stays what it is."""
    day_of = timezone.localdate
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: day_of(*args) if args else TODAY)


def voted(scene, decision, question, subject=None, **numbers):
    meeting = scene.meeting(on=HELD, title=f"Họp {question}")
    item = AgendaItem.objects.create(meeting=meeting, position=1, kind="vote", title=question, subject=subject)
    values = {"entitled": 14, "present": 12, "votes_for": 11, "votes_against": 1} | numbers
    return Ballot.objects.create(
        item=item, question=question, decision=decision, written_by=scene.secretary, **values
    )  # fmt: skip


def test_vote_to_step_and_rating_on_a_phone(open_page):
    scene = Scene()
    an = scene.people[0]
    ballot = voted(scene, "outstanding", "Bình chọn đoàn viên ưu tú", an)
    page = open_page(360, scene.secretary)
    look = Looker("merit")
    page.goto(reverse("branches:meeting", args=[ballot.item.meeting_id]))
    look.at(page, "meeting")
    page.get_by_role("link", name="Ghi bước đoàn viên ưu tú").click()
    page.get_by_role("heading", name="Đoàn viên ưu tú").wait_for()
    look.at(page, "step")
    page.get_by_role("button", name="Lưu bước này").click()
    page.get_by_text("Đã ghi: Đoàn viên ưu tú, Lê Thu An.").wait_for()
    assert PartyStep.objects.get().ballot == ballot

    round = scene.open()
    own = voted(scene, "assessment", "Xếp loại Lê Thu An", an)
    voted(scene, "assessment", "Danh sách xếp loại năm 2026")
    page.goto(reverse("branches:meeting", args=[own.item.meeting_id]))
    page.get_by_role("link", name="Ghi kết luận xếp loại").click()
    page.get_by_role("heading", name="Lê Thu An").wait_for()
    look.at(page, "conclude")
    page.locator(".verdict", has_text="Lê Thu An").get_by_text("Hoàn thành tốt nhiệm vụ", exact=True).first.click()
    page.get_by_role("button", name="Lưu kết luận").click()
    page.get_by_text("Đã ghi kết luận cho 1 dòng.").wait_for()
    row = Assessment.objects.get(round=round, member=an)
    assert (row.ballot, row.meeting) == (own, own.item.meeting)
    page.goto(reverse("branches:assessment", args=[row.pk]))
    look.at(page, "rating")
    page.get_by_role("link", name="Biên bản họp ngày 10/11/2026").wait_for()
    assert look.wrong == {}


@pytest.mark.parametrize("width", [360, 1280])
def test_case_of_a_unit(open_page, width):
    scene = Scene()
    page = open_page(width, scene.office)
    look = Looker("merit")
    page.goto(reverse("branches:discipline_list", args=[scene.branch.pk]))
    look.at(page, "list")
    page.get_by_role("link", name="Xem xét kỷ luật đơn vị").click()
    look.at(page, "new")
    page.get_by_label("Nội dung vi phạm").fill("Sáu tháng không sinh hoạt, không nộp đoàn phí.")
    page.get_by_label("Ngày bắt đầu xem xét").fill("2026-08-05")
    page.get_by_role("button", name="Lập hồ sơ").click()
    page.get_by_role("link", name="Ghi kết quả họp xét").click()
    look.at(page, "review")
    page.get_by_text("Giải tán", exact=True).click()
    page.get_by_label("Ngày họp xét").fill("2026-09-05")
    numbers = {"Được biểu quyết": "15", "Có mặt": "12", "Phiếu phát ra": "12", "Phiếu thu về": "12"}
    for label, number in (numbers | {"Tán thành": "11", "Không tán thành": "1"}).items():
        page.get_by_label(label, exact=True).fill(number)
    page.get_by_role("button", name="Lưu kết quả họp xét").click()
    page.get_by_role("link", name="Quyết định kỷ luật", exact=True).click()
    look.at(page, "decide")
    page.get_by_text("Giải tán", exact=True).click()
    page.get_by_label("Số quyết định").fill("7-QĐ/TĐTN")
    page.get_by_role("button", name="Ghi quyết định").click()
    page.get_by_text("đơn vị chưa được ghi giải thể").wait_for()
    look.at(page, "decided")
    page.get_by_role("link", name="Ghi giải thể đơn vị").click()
    page.get_by_role("heading", name="Giải thể đơn vị?").wait_for()
    expect(page.locator("[name=decision]")).to_have_value("7-QĐ/TĐTN")
    assert look.wrong == {}


def test_round_of_branches_offers_its_papers(open_page):
    scene = Scene()
    round = scene.open(subject="branch", name="Xếp loại chi đoàn năm 2026")
    row = round.assessments.get(unit=scene.branch)
    scene.conclude(round, scene.verdict(row))
    scene.approve(round, round.assessments.get(pk=row.pk), decision="45-QĐ/ĐTN")
    page = open_page(360, scene.office)
    look = Looker("merit")
    page.goto(reverse("branches:assessment_round", args=[round.pk]))
    look.at(page, "round")
    page.get_by_role("link", name="Tải quyết định (Word)").wait_for()
    assert look.wrong == {}
