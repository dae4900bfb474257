"""Nothing typed is lost when the session ends, the network fails or the token is refused: "Lấy lại"."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from branches.models import Activity, Target
from tests.browsing import becomes, faults, find_network, lose_network, picture
from tests.conftest import PHONE
from tests.factories import PASSWORD, IndicatorFactory, UnitFactory, account_at
from tests.inspecting import planned, scene
from tests.logging_activities import TODAY, new_url
from tests.test_inspections_pages import at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLE = "Tặng quà hộ nghèo dịp Tết"
KEPT = "Object.keys(sessionStorage).filter((name) => name.startsWith('keep:')).length"


@pytest.fixture
def gift():
    return IndicatorFactory(name="Túi quà khuyến học", unit_word="suất", area__position=1)


@pytest.fixture
def secretary(gift):
    return account_at(UnitFactory(name="Chi đoàn Sở Thông tin và Truyền thông"), username="bithu")


def unit_of(account):
    return account.posts_today[0].unit


def save(page, name="Lưu"):
    page.get_by_role("button", name=name, exact=True).last.click()


def fill_log(page, gift):
    page.get_by_label("Đã làm việc gì?").fill(TITLE)
    page.get_by_text("Hôm qua").click()
    page.get_by_label("Thêm kết quả").select_option(label="Túi quà khuyến học (suất)")
    page.get_by_label("Túi quà khuyến học, tính theo suất").fill("12")
    page.get_by_text("Khoảng").click()


def notice(page):
    return page.locator("[data-kept]")


def sign_in(page, username="bithu"):
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_role("textbox", name="Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


def take_back(page):
    expect(notice(page)).to_contain_text(re.compile(r"Còn nội dung nhập lúc \d\d:\d\d chưa lưu\."))
    page.get_by_role("button", name="Lấy lại").click()
    expect(page.get_by_role("status").filter(has_text="Đã lấy lại")).to_be_visible()


def is_saved_once(page):
    """The log is there as it was typed, and opening the form again offers nothing."""
    expect(page.get_by_role("status")).to_contain_text(f"Đã lưu “{TITLE}”: khoảng 12 suất.")
    made = Activity.objects.get()
    assert (made.title, made.quantities.get().value) == (TITLE, 12)
    page.goto(f"/don-vi/{made.unit_id}/hoat-dong/moi/")
    expect(page.get_by_label("Đã làm việc gì?")).to_have_value("")
    expect(notice(page)).to_be_hidden()


def test_log_survives_the_end_of_the_session(open_page, secretary, gift):
    page = open_page(PHONE, secretary)
    page.goto(new_url(unit_of(secretary)))
    fill_log(page, gift)
    page.locator("input[type=file]").set_input_files(picture())
    Session.objects.all().delete()
    save(page)
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    sign_in(page)
    expect(page.get_by_text("Ảnh, tệp phải chọn lại.")).to_be_visible()
    assert faults(page) == []
    take_back(page)
    expect(page.get_by_text("Ảnh, tệp phải chọn lại.")).to_be_visible()
    expect(page.get_by_label("Đã làm việc gì?")).to_have_value(TITLE)
    expect(page.get_by_label("Túi quà khuyến học, tính theo suất")).to_have_value("12")
    assert faults(page) == []
    save(page)
    is_saved_once(page)


def test_log_survives_a_lost_network(open_page, secretary, gift):
    page = open_page(PHONE, secretary)
    page.goto(new_url(unit_of(secretary)))
    fill_log(page, gift)
    lose_network(page)
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("chưa gửi được")
    find_network(page)
    page.goto("/")  # the page with the words on it is gone
    page.goto(new_url(unit_of(secretary)))
    take_back(page)
    save(page)
    is_saved_once(page)


def test_log_survives_a_server_that_does_not_answer(open_page, secretary, gift):
    page = open_page(PHONE, secretary)
    page.goto(new_url(unit_of(secretary)))
    fill_log(page, gift)
    page.route("**/hoat-dong/moi/", lambda route: route.abort())
    save(page)
    page.wait_for_url("chrome-error://**")
    page.unroute("**/hoat-dong/moi/")
    page.goto("/")
    page.goto(new_url(unit_of(secretary)))
    take_back(page)
    save(page)
    is_saved_once(page)


def test_log_that_was_saved_though_its_answer_was_lost_is_not_offered_again(open_page, secretary, gift):
    page = open_page(PHONE, secretary)
    page.goto(new_url(unit_of(secretary)))
    fill_log(page, gift)

    def lose_the_answer(route):
        route.fetch(max_redirects=0)
        route.abort()

    page.route("**/hoat-dong/moi/", lose_the_answer)
    save(page)
    page.wait_for_url("chrome-error://**")
    page.unroute("**/hoat-dong/moi/")
    page.goto(new_url(unit_of(secretary)))
    is_saved_once(page)


def test_log_survives_signing_in_again_elsewhere(open_page, secretary, gift):
    page = open_page(PHONE, secretary)
    page.goto(new_url(unit_of(secretary)))
    fill_log(page, gift)
    Session.objects.all().delete()
    other_tab = page.context.new_page()
    other_tab.goto("/")
    sign_in(other_tab)
    save(page)
    expect(page.get_by_role("heading", name="Phiên làm việc đã đổi")).to_be_visible()
    expect(page.get_by_text("nội dung đang nhập còn giữ trong trình duyệt này")).to_be_visible()
    expect(page.get_by_text("không giữ lại được")).to_be_hidden()
    assert faults(page) == []
    page.get_by_role("link", name="Mở lại trang nhập").click()
    take_back(page)
    save(page)
    is_saved_once(page)


def test_refused_token_says_so_where_nothing_is_kept(open_page, secretary):
    page = open_page(PHONE, secretary, javascript=False)
    page.goto(new_url(unit_of(secretary)))
    page.get_by_label("Đã làm việc gì?").fill(TITLE)
    page.context.clear_cookies(name="csrftoken")
    save(page)
    expect(page.get_by_text("Nội dung vừa gửi không lưu và không giữ lại được")).to_be_visible()
    expect(page.get_by_text("còn giữ trong trình duyệt này")).to_be_hidden()


def test_what_was_saved_or_given_up_or_never_touched_is_not_offered(open_page, secretary, gift):
    page = open_page(PHONE, secretary)
    page.goto(new_url(unit_of(secretary)))
    page.get_by_text("Ai tổ chức?").click()  # a tap that changes nothing
    page.goto(new_url(unit_of(secretary)))
    expect(notice(page)).to_be_hidden()
    fill_log(page, gift)
    save(page, "Lưu, ghi tiếp")
    expect(page.get_by_role("status").first).to_contain_text("Đã lưu")
    expect(page.get_by_label("Đã làm việc gì?")).to_have_value("")
    expect(notice(page)).to_be_hidden()

    page.get_by_label("Đã làm việc gì?").fill("Việc khác")
    page.goto(new_url(unit_of(secretary)))
    page.get_by_role("button", name="Bỏ", exact=True).click()
    expect(notice(page)).to_contain_text("Đã bỏ nội dung nhập lúc")
    page.reload()
    expect(notice(page)).to_be_hidden()

    # Given up by mistake: as long as the page is open there is a way back.
    page.get_by_label("Đã làm việc gì?").fill("Việc khác nữa")
    page.reload()
    page.get_by_role("button", name="Bỏ", exact=True).click()
    page.get_by_role("button", name="Lấy lại như cũ").click()
    expect(page.get_by_label("Đã làm việc gì?")).to_have_value("Việc khác nữa")


def test_new_words_do_not_overwrite_the_ones_that_wait(open_page, secretary):
    page = open_page(PHONE, secretary)
    page.goto(new_url(unit_of(secretary)))
    page.get_by_label("Đã làm việc gì?").fill("Việc thứ nhất")
    page.reload()
    page.get_by_label("Đã làm việc gì?").fill("Việc thứ hai")
    take_back(page)
    expect(page.get_by_label("Đã làm việc gì?")).to_have_value("Việc thứ nhất")
    page.goto(new_url(unit_of(secretary)))
    take_back(page)
    expect(page.get_by_label("Đã làm việc gì?")).to_have_value("Việc thứ hai")


def test_another_account_sees_no_notice_and_nothing_is_left(open_page, secretary):
    unit = unit_of(secretary)
    account_at(unit, username="bithu2")
    page = open_page(PHONE, secretary)
    page.goto(new_url(unit))
    page.get_by_label("Đã làm việc gì?").fill(TITLE)
    Session.objects.all().delete()
    save(page)
    sign_in(page, "bithu2")
    expect(page.get_by_label("Đã làm việc gì?")).to_have_value("")
    expect(notice(page)).to_be_hidden()
    becomes(page, KEPT, 0)


def test_signing_out_forgets_in_every_tab(open_page, secretary):
    pages = [open_page(PHONE, secretary)]
    pages.append(pages[0].context.new_page())
    for page in pages:
        page.goto(new_url(unit_of(secretary)))
        page.get_by_label("Đã làm việc gì?").fill(TITLE)
        becomes(page, KEPT, 1)
    first, second = pages
    first.goto(reverse("account_logout"))
    first.get_by_role("button", name="Đăng xuất").click()
    expect(first.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    for page in pages:
        becomes(page, KEPT, 0)
    # The other tab still shows what was typed: pressing save there keeps it once more, for the same account.
    save(second)
    sign_in(second)
    take_back(second)
    expect(second.get_by_label("Đã làm việc gì?")).to_have_value(TITLE)


def test_plan_survives_the_end_of_the_session(open_page, secretary, gift):
    unit = unit_of(secretary)
    page = open_page(PHONE, secretary)
    page.goto(reverse("reports:plan_edit", args=[unit.pk, TODAY.year]))
    box = page.get_by_label("Túi quà khuyến học, suất")
    page.locator("details.plan-rest").filter(has=box).locator("summary").first.click()
    box.fill("≥ 20")
    Session.objects.all().delete()
    save(page, "Lưu kế hoạch")
    sign_in(page)
    assert faults(page) == []
    take_back(page)
    expect(box).to_have_value("≥ 20")
    save(page, "Lưu kế hoạch")
    expect(page.get_by_role("status")).to_contain_text("thêm 1 chỉ tiêu")
    assert Target.objects.get().indicator == gift
    page.goto(reverse("reports:plan_edit", args=[unit.pk, TODAY.year]))
    expect(notice(page)).to_be_hidden()


def test_visit_survives_the_end_of_the_session(open_page):
    s = scene()
    case = planned(s)
    page = open_page(PHONE, s.chair)
    page.goto(at("visit", case.pk))
    page.get_by_text("Chiều", exact=True).click()
    page.get_by_label("Đơn vị báo cáo").fill("Dòng một\nDòng hai")
    page.get_by_label("Họ và tên, hoặc thành phần").first.fill("Nguyễn Thị Dự")
    page.get_by_label("Lý do làm việc khi đơn vị chưa gửi báo cáo").fill("Đơn vị báo cáo tại buổi làm việc")
    Session.objects.all().delete()
    save(page, "Lưu buổi làm việc")
    sign_in(page, s.chair.username)
    assert faults(page) == []
    take_back(page)
    expect(page.get_by_label("Đơn vị báo cáo")).to_have_value("Dòng một\nDòng hai")
    save(page, "Lưu buổi làm việc")
    expect(page.get_by_text("Đã ghi buổi làm việc.")).to_be_visible()
    case.refresh_from_db()
    assert case.unit_account.splitlines() == ["Dòng một", "Dòng hai"]
    assert case.hosts.get().name == "Nguyễn Thị Dự"
    page.goto(at("visit", case.pk))
    expect(notice(page)).to_be_hidden()
