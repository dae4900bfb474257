"""The main job in a real browser at 360 px: the member, the secretary, the superior, one after another."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from branches.models import Member
from branches.self_correcting import make_link
from tests.browsing import faults, says
from tests.conftest import DESKTOP, PHONE

from .assessed import GOOD, TOP, Scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def world():
    today = timezone.localdate()
    scene = Scene(members=["Lê Thu An", "Trần Văn Bình", "Phạm Thị Chi", "Võ Văn Dũng", "Đỗ Thị Em"])
    round = scene.open(
        counted_on=today, on=today, self_until=today + datetime.timedelta(days=9),
        due_on=today + datetime.timedelta(days=20), period=this_year(today),
    )  # fmt: skip
    return scene, round


def this_year(today):
    from branches.models import Period

    return Period.objects.year(today.year)


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_member_to_the_superior(open_page, javascript):
    scene, round = world()
    wrong = {}

    def look(page, name):
        wrong[name] = faults(page) if javascript else []

    phone = open_page(PHONE, account=scene.account, javascript=javascript)
    phone.goto(reverse("branches:assessment_own"))
    look(phone, "own")
    phone.get_by_role("link", name="Xếp loại 2026").click()
    look(phone, "one")
    phone.get_by_role("link", name="Tự đánh giá", exact=True).click()
    look(phone, "self")
    phone.get_by_role("button", name="Gửi tự đánh giá").click()
    says(phone, "Xem lại")
    phone.locator("#id_a-nhiem-vu").fill("Đã lập 2 báo cáo quý")
    phone.locator(".levels label", has_text="Hoàn thành xuất sắc nhiệm vụ").click()
    phone.get_by_role("button", name="Gửi tự đánh giá").click()
    says(phone, "Đã gửi tự đánh giá")
    row = scene.of(round, scene.people[0])
    assert (row.self_label.code, row.self_answers) == (TOP, {"nhiem-vu": "Đã lập 2 báo cáo quý"})

    desk = open_page(PHONE, account=scene.secretary, javascript=javascript)
    desk.goto(reverse("branches:assessment_list", args=[scene.branch.pk]))
    look(desk, "list")
    desk.get_by_role("link", name="Xếp loại 2026").click()
    look(desk, "unit")
    desk.get_by_role("link", name="Ghi kết luận").click()
    look(desk, "conclude")
    desk.get_by_label("Có mặt khi biểu quyết").fill("5")
    for place, member in enumerate(scene.people):
        card = desk.locator(f"#p{scene.of(round, member).pk}")
        level = "Hoàn thành xuất sắc nhiệm vụ" if place < 2 else "Hoàn thành tốt nhiệm vụ"
        card.locator(".levels label", has_text=level).click()
    card = desk.locator(f"#p{row.pk}")
    card.get_by_text("Số phiếu").click()
    card.get_by_label("Hoàn thành xuất sắc nhiệm vụ").last.fill("4")
    if javascript:
        says(desk, "2 trên 5 đồng chí, bằng 40%, quá 20%", "[data-quota-note]")
        expect(desk.locator("[data-level]").first).to_have_text("2")
    desk.get_by_role("button", name="Lưu kết luận").click()
    says(desk, "Đã ghi kết luận cho 5 dòng")
    row = scene.of(round, scene.people[0])
    assert (row.state, row.branch_label.code, row.votes, row.votes_present) == ("concluded", TOP, {TOP: 4}, 5)
    assert scene.of(round, scene.people[4]).branch_label.code == GOOD

    office = open_page(PHONE, account=scene.office, javascript=javascript)
    office.goto(reverse("branches:assessment_round", args=[round.pk]))
    look(office, "round")
    office.get_by_role("link", name="Xem và chuẩn y 5 kết quả").click()
    look(office, "answer")
    last = office.locator(f'input[name="rows"][value^="{scene.of(round, scene.people[4]).pk}-"]')
    last.uncheck()
    office.get_by_label("Số văn bản chuẩn y").fill("12-QĐ/ĐTN")
    office.get_by_role("button", name="Lưu kết quả chuẩn y").click()
    says(office, "Đã chuẩn y 4 kết quả")
    assert [scene.of(round, member).state for member in scene.people] == ["approved"] * 4 + ["concluded"]

    phone.goto(reverse("branches:assessment", args=[row.pk]))
    says(phone, "12-QĐ/ĐTN")
    look(phone, "approved")
    assert {name: found for name, found in wrong.items() if found} == {}


def test_member_without_an_account_assesses_by_the_link(open_page):
    scene, round = world()
    Member.objects.filter(pk=scene.people[1].pk).update(phone="0912345678")
    _, token = make_link(unit=scene.branch, by=scene.secretary, now=timezone.now())
    phone = open_page(PHONE)
    phone.goto(reverse("branches:self_correction", args=[token]))
    phone.get_by_label("Họ và tên").fill("tran van binh")
    phone.get_by_label("Ngày sinh").fill("19052000")
    phone.get_by_label("4 số cuối").fill("5678")
    phone.get_by_role("button", name="Mở hồ sơ của tôi").click()
    phone.get_by_role("link", name="Tự đánh giá").click()
    wrong = faults(phone)
    phone.locator("label", has_text="Hoàn thành tốt nhiệm vụ").click()
    phone.get_by_role("button", name="Gửi tự đánh giá").click()
    says(phone, "Đã gửi cho chi đoàn: Hoàn thành tốt nhiệm vụ")
    assert scene.of(round, scene.people[1]).self_label.code == GOOD
    assert wrong + faults(phone) == []


def test_pages_of_the_office_have_no_faults(open_page):
    scene, round = world()
    wrong = {}
    for width in (PHONE, DESKTOP):
        page = open_page(width, account=scene.office)
        for name, pk in (
            ("assessment_round_new", scene.union.pk), ("assessment_round_edit", round.pk),
            ("assessment_round_close", round.pk), ("assessment_list", scene.union.pk), ("assessment_round", round.pk),
        ):  # fmt: skip
            page.goto(reverse(f"branches:{name}", args=[pk]))
            wrong[name, width] = faults(page)
    assert {name: found for name, found in wrong.items() if found} == {}
