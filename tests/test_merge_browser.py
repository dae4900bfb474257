"""A keeper finds two records of one person and makes them one, on a phone and at a desk."""

import datetime

import pytest
from playwright.sync_api import expect

from branches.models import Member

from .browsing import Looker
from .conftest import DESKTOP, PHONE
from .factories import MemberFactory, UnionFactory, UnitFactory, account_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_two_records_become_one_by_click(open_page, width):
    branch = UnitFactory(superior=UnionFactory(), name="Chi đoàn Sở Thông tin")
    born = datetime.date(2001, 3, 22)
    kept = MemberFactory(home=branch, full_name="Lê Thu An", birth_date=born, job="Văn thư")
    twin = MemberFactory(
        home=branch, full_name="LE THU AN", birth_date=born, job="Phó phòng Hành chính", phone="0912345678"
    )
    MemberFactory(home=branch, full_name="Trần Bình", birth_date=born)
    page, look = open_page(width, account_at(branch)), Looker("merge")

    page.goto(f"/don-vi/{branch.pk}/doan-vien/")
    look.at(page, "list")
    if width == PHONE:
        page.get_by_text("Việc với danh sách").click()
        look.at(page, "jobs")
    page.get_by_role("link", name="Hồ sơ trùng").click()
    expect(page.get_by_role("heading", name="Hồ sơ có thể trùng")).to_be_visible()
    look.at(page, "pairs")
    page.get_by_role("link", name="Xem để gộp").click()
    look.at(page, "choose")
    page.get_by_text("Phó phòng Hành chính", exact=True).first.click()
    page.get_by_role("button", name="Xem kết quả gộp").click()

    row = page.get_by_role("row").filter(has_text="Công việc, chức vụ")
    expect(row.get_by_role("cell").last).to_contain_text("Phó phòng Hành chính")
    assert Member.objects.filter(merged_into=None).count() == 3  # nothing happened yet
    look.at(page, "result")
    page.get_by_role("button", name="Gộp hai hồ sơ").click()

    expect(page.get_by_text("Đã gộp hai hồ sơ của Lê Thu An thành một.")).to_be_visible()
    expect(page.get_by_text("Gộp từ hồ sơ LE THU AN")).to_be_visible()
    look.at(page, "one")
    page.get_by_role("link", name="Xem hai bên ghi gì").click()
    look.at(page, "history")
    twin.refresh_from_db()
    kept.refresh_from_db()
    assert (twin.merged_into, kept.job, kept.phone) == (kept, "Phó phòng Hành chính", "0912345678")
    page.goto(f"/doan-vien/{twin.pk}/")
    expect(page).to_have_url(f"{page.url.split('/doan-vien/')[0]}/doan-vien/{kept.pk}/")
    assert look.wrong == {}


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_structure_export_and_two_persons_by_click(open_page, width):
    branch = UnitFactory(superior=UnionFactory(), name="Chi đoàn Sở Thông tin")
    for _ in range(2):
        MemberFactory(home=branch, full_name="Lê Thu An", sex="female")
    page, look = open_page(width, account_at(branch)), Looker("structure")
    page.goto(f"/don-vi/{branch.pk}/doan-vien/trung/")
    page.get_by_role("button", name="Ghi là hai người").click()
    expect(page.get_by_text("Đã ghi: Lê Thu An và Lê Thu An là hai người.")).to_be_visible()
    look.at(page, "two-persons")

    page.goto(f"/don-vi/{branch.pk}/co-cau/")
    look.at(page, "structure")
    page.get_by_role("row").filter(has_text="Nữ").get_by_role("link").first.click()
    expect(page.get_by_text("2 người")).to_be_visible()
    look.at(page, "figure")
    if width == PHONE:
        page.get_by_text("Việc với danh sách").click()
    page.get_by_role("link", name="Tải về").click()
    look.at(page, "export")
    with page.expect_download() as started:
        page.get_by_role("button", name="Tải tệp Excel").click()
    assert started.value.suggested_filename.endswith(".xlsx")
    page.goto(f"/don-vi/{branch.pk}/doan-vien/nhom-giu-kin/?nhom=chua-vao-dang")
    look.at(page, "closed")
    page.get_by_role("button", name="Hiện danh sách").click()
    expect(page.get_by_role("link", name="Lê Thu An")).to_have_count(2)
    look.at(page, "opened")
    assert look.wrong == {}
