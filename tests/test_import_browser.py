"""A messy list of 200 becomes a clean register on a phone, by somebody who has read no manual."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from branches.models import Member, MemberImport
from tests.factories import UnionFactory, UnitFactory, account_at

from .browsing import Looker
from .conftest import DESKTOP, PHONE

SAMPLE = Path(__file__).parent / "samples" / "danh-sach-200.xlsx"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def branch():
    return UnitFactory(superior=UnionFactory(), name="Chi đoàn Sở Thông tin và Truyền thông", code="so-tttt")


def upload(page, branch):
    page.goto(f"/don-vi/{branch.pk}/doan-vien/")
    if page.viewport_size["width"] == PHONE:
        page.get_by_text("Việc với danh sách").first.click()
    page.get_by_role("link", name="Nhập từ Excel").first.click()
    page.get_by_label("Tệp danh sách").set_input_files(SAMPLE)
    page.get_by_role("button", name="Đọc tệp này").click()
    expect(page.get_by_role("heading", name="Các cột của danh sách")).to_be_attached()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_messy_list_of_two_hundred_becomes_a_register(open_page, branch, width, media):
    page, look = open_page(width, account_at(branch)), Looker("import")
    upload(page, branch)
    look.at(page, "columns")
    page.get_by_role("button", name="Đọc danh sách").click()
    expect(page.get_by_role("heading", name="Xem trước danh sách")).to_be_attached()
    look.at(page, "preview")
    assert Member.objects.count() == 0

    # Who stands in the list twice is left out, one by one; the rows that need a hand are mended.
    skips = page.get_by_role("button", name="Không nhập dòng này")
    for left in range(skips.count(), 0, -1):
        skips.first.click()
        expect(skips).to_have_count(left - 1)
    page.get_by_role("link", name="Cần sửa").first.click()
    look.at(page, "errors")
    wrong = page.locator(".import-row", has_text="31/2/2001")
    wrong.get_by_label("Ngày sinh").fill("28/02/2001")
    wrong.get_by_role("button", name="Sửa dòng này").click()
    expect(page.get_by_text("Người mới", exact=True).first).to_be_visible()

    # The rest goes back to the office; everybody else goes in.
    page.reload()
    page.get_by_label("Để lại", exact=False).check()
    page.get_by_role("button", name="Nhập").last.click()
    expect(page.get_by_role("heading", name="Đã nhập danh sách")).to_be_attached()
    look.at(page, "done")
    source = MemberImport.objects.get()
    assert Member.objects.filter(home=branch).count() == source.counts["new"] > 180

    # And all of it can be taken back.
    page.get_by_role("link", name="Bỏ lần nhập này").click()
    look.at(page, "undo")
    page.get_by_role("button", name="Bỏ lần nhập").click()
    expect(page.get_by_text("Đã bỏ lần nhập").first).to_be_visible()
    assert Member.objects.count() == 0
    assert look.wrong == {}


def test_a_closed_browser_loses_nothing(open_page, branch, media):
    """The list stands where it was left, on another device too."""
    account = account_at(branch)
    upload(open_page(PHONE, account), branch)
    other = open_page(DESKTOP, account)
    other.goto(f"/don-vi/{branch.pk}/doan-vien/nhap/")
    other.get_by_role("link", name="danh-sach-200.xlsx", exact=False).click()
    expect(other.get_by_role("heading", name="Các cột của danh sách")).to_be_visible()
    other.get_by_role("button", name="Đọc danh sách").click()
    expect(other.get_by_role("heading", name="Xem trước danh sách")).to_be_visible()
