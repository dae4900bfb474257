"""A secretary logs an activity on a phone, with and without JavaScript, as a person would."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

from branches.models import Activity
from tests.browsing import find_network, lose_network
from tests.conftest import DESKTOP, PHONE
from tests.factories import (
    ActivityFactory,
    IndicatorFactory,
    MemberFactory,
    QuantityFactory,
    ShareFactory,
    UnitFactory,
    account_at,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def secretary():
    unit = UnitFactory(name="Chi đoàn Sở Thông tin và Truyền thông")
    MemberFactory(home=unit, full_name="Nguyễn Thị Ánh")
    MemberFactory(home=unit, full_name="Trần Văn Đức")
    IndicatorFactory(name="Quà tặng hộ nghèo", unit_word="suất")
    return account_at(unit)


def no_sideways(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def wrong(page) -> list:
    """What axe finds, and whether the page scrolls sideways."""
    found = [(one["id"], one["nodes"][0]["html"]) for one in Axe().run(page).response["violations"]]
    return found if no_sideways(page) else [*found, "sideways"]


def picture() -> dict:
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), "green").save(out, "JPEG")
    return {"name": "ảnh.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_quick_log_with_a_result_people_and_a_picture(open_page, secretary, width):
    page = open_page(width, secretary)
    unit = secretary.posts_today[0].unit
    page.goto(f"/don-vi/{unit.pk}/hoat-dong/moi/")

    page.get_by_label("Đã làm việc gì?").fill("Tặng quà hộ nghèo dịp Tết")
    page.get_by_text("Hôm qua").click()
    page.get_by_label("Thêm kết quả").select_option(label="Quà tặng hộ nghèo (suất)")
    page.get_by_label("Quà tặng hộ nghèo, tính theo suất").fill("2")
    page.get_by_text("Khoảng").click()
    page.get_by_text("Chọn tên đoàn viên").click()
    page.get_by_label("Tìm đoàn viên").fill("duc")
    expect(page.get_by_text("Nguyễn Thị Ánh")).to_be_hidden()
    page.get_by_text("Trần Văn Đức").click()
    expect(page.get_by_text("Đã chọn 1 đoàn viên")).to_be_visible()
    page.locator("input[type=file]").set_input_files(picture())
    assert no_sideways(page)
    page.get_by_role("button", name="Lưu", exact=True).last.click()

    expect(page.get_by_role("status")).to_contain_text("Đã lưu “Tặng quà hộ nghèo dịp Tết”: khoảng 2 suất.")
    expect(page.locator(".pictures img")).to_have_js_property("complete", True)
    assert page.locator(".pictures img").evaluate("image => image.naturalWidth") > 0
    assert no_sideways(page)
    assert Activity.objects.get().participations.get().member.full_name == "Trần Văn Đức"


def test_quick_log_without_javascript(open_page, secretary):
    page = open_page(PHONE, secretary, javascript=False)
    unit = secretary.posts_today[0].unit
    page.goto(f"/don-vi/{unit.pk}/hoat-dong/moi/")

    page.get_by_label("Đã làm việc gì?").fill("Tặng quà")
    page.get_by_label("Thêm kết quả").select_option(label="Quà tặng hộ nghèo (suất)")
    page.get_by_role("button", name="Thêm kết quả").click()
    page.get_by_label("Quà tặng hộ nghèo, tính theo suất").fill("2")
    page.get_by_role("button", name="Lưu", exact=True).last.click()

    expect(page.get_by_role("status")).to_contain_text("Đã lưu “Tặng quà”: 2 suất.")


def test_without_a_network_nothing_is_lost(open_page, secretary):
    page = open_page(PHONE, secretary)
    unit = secretary.posts_today[0].unit
    page.goto(f"/don-vi/{unit.pk}/hoat-dong/moi/")
    page.get_by_label("Đã làm việc gì?").fill("Tặng quà")

    lose_network(page)
    page.get_by_role("button", name="Lưu", exact=True).last.click()

    expect(page.get_by_role("alert")).to_contain_text("chưa gửi được")
    expect(page.get_by_label("Đã làm việc gì?")).to_have_value("Tặng quà")
    find_network(page)


def test_pages_pass_axe(open_page, secretary):
    unit = secretary.posts_today[0].unit
    line = QuantityFactory(activity__unit=unit, activity__title="Tên hoạt động rất dài " * 6)
    planned = ActivityFactory(unit=unit, state="planned")
    share = ShareFactory(code="t-share")
    addresses = [
        f"/don-vi/{unit.pk}/hoat-dong/",
        f"/don-vi/{unit.pk}/hoat-dong/?q=khong-co",
        f"/don-vi/{unit.pk}/hoat-dong/moi/?chi_tieu={share.code}",
        f"/hoat-dong/{line.activity_id}/",
        f"/hoat-dong/{line.activity_id}/sua/",
        f"/hoat-dong/{planned.pk}/",
        f"/hoat-dong/{planned.pk}/khong-to-chuc/",
    ]
    for width in (PHONE, DESKTOP):
        page = open_page(width, secretary)
        for address in addresses:
            page.goto(address)
            assert (address, wrong(page)) == (address, [])
        page.goto(addresses[2])
        page.get_by_role("button", name="Lưu", exact=True).last.click()
        expect(page.get_by_text("Chưa lưu được.")).to_be_visible()
        assert wrong(page) == []
