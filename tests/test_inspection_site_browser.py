"""On site with a phone: the connection drops in the middle, the page is loaded again without it, all comes once."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from inspections.checking.items import put_checklists
from inspections.models import ChecklistAnswer, ChecklistTemplate, Inspection, SiteEntry, SiteFile
from tests.browsing import Looker, find_network, lose_network, picture
from tests.conftest import PHONE
from tests.inspecting import TODAY, scene, visited

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEND = "**/tai-cho/*/gui/"
KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('site:'))"


@pytest.fixture
def s(media):
    found = scene()
    found.case = visited(found)
    template = ChecklistTemplate.objects.get(unit=None, code="sinh-hoat")
    put_checklists(inspection=found.case, templates=[template], by=found.chair)
    found.items = list(found.case.items.order_by("position"))
    found.url = f"/kiem-tra/tai-cho/{found.case.pk}/"
    return found


def row(page, item):
    return page.locator(f"[data-item='{item.pk}']")


def tap(page, item, label):
    row(page, item).locator(".seg label", has_text=re.compile(f"^{label}$")).click()


def state(page, item):
    return row(page, item).locator("[data-item-state]")


def status(page):
    return page.locator("[data-site-status]")


def online(page):
    page.evaluate("window.dispatchEvent(new Event('online'))")


def answers(s) -> dict:
    return {one.item_id: (one.result, one.note) for one in ChecklistAnswer.objects.filter(side="team")}


def test_visit_survives_a_dropped_connection_and_a_reload_without_it(open_page, s):
    page, looker = open_page(PHONE, s.chair), Looker("site")
    one, two, three, four = s.items[:4]
    page.goto(s.url)
    tap(page, one, "Đạt")
    expect(state(page, one)).to_have_text("Đã gửi")
    expect(page.get_by_text("Trang này mở lại được khi mất mạng.")).to_be_visible()
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    looker.at(page, "opened")

    lose_network(page)
    tap(page, two, "Chưa đạt")
    row(page, two).get_by_label("Ghi chú").fill("Không báo lịch tháng 3")
    page.get_by_label("Ghi thêm").fill("Gặp ba đoàn viên")
    page.get_by_role("button", name="Thêm ghi chép").click()
    row(page, three).locator("input[type=file]").set_input_files(picture("sổ họp.jpg"))
    expect(status(page)).to_contain_text("Mất kết nối. Giữ 3 ghi chép, ảnh ở máy này")
    expect(state(page, two)).to_have_text("Giữ ở máy này")
    looker.at(page, "offline")

    page.reload()  # there is nobody to answer: the page itself is kept on this phone
    expect(row(page, two).get_by_label("Ghi chú")).to_have_value("Không báo lịch tháng 3")
    expect(row(page, one).locator("input[type=radio][value=met]")).to_be_checked()
    expect(page.get_by_text("Gặp ba đoàn viên")).to_be_visible()
    expect(row(page, three).get_by_text("sổ họp.jpg")).to_be_visible()
    tap(page, four, "Đạt một phần")
    row(page, four).get_by_label("Điểm khi đạt một phần").fill("6,5")
    expect(status(page)).to_contain_text("Giữ 4 ghi chép, ảnh ở máy này")
    assert list(answers(s)) == [one.pk]

    find_network(page)
    online(page)
    expect(status(page)).to_have_text("Đã gửi hết")
    assert answers(s) == {
        one.pk: ("met", ""), two.pk: ("not_met", "Không báo lịch tháng 3"), four.pk: ("partly", ""),
    }  # fmt: skip
    assert ChecklistAnswer.objects.get(item=four).points == 6.5
    assert [note.note for note in SiteEntry.objects.filter(item=None)] == ["Gặp ba đoàn viên"]
    assert [(file.item_id, file.name) for file in SiteFile.objects.all()] == [(three.pk, "sổ họp.jpg")]
    assert page.evaluate(KEPT) == []
    page.reload()
    expect(page.get_by_text("Gặp ba đoàn viên")).to_have_count(1)
    expect(row(page, three).get_by_role("link", name="sổ họp.jpg")).to_have_count(1)
    page.get_by_role("button", name="Lưu ghi chép").click()
    expect(page.get_by_role("heading", name="Phiếu kiểm tra")).to_be_visible()
    looker.at(page, "case")
    assert looker.wrong == {}


def test_answer_that_never_comes_is_asked_for_again_and_counts_once(open_page, s):
    page = open_page(PHONE, s.chair)
    page.goto(s.url)
    expect(status(page)).to_have_text("Đã gửi hết")

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    page.route(SEND, lose_the_answer, times=1)
    tap(page, s.items[0], "Chưa đạt")
    expect(state(page, s.items[0])).to_have_text("Giữ ở máy này")
    expect(status(page)).to_contain_text("Mất kết nối")
    assert SiteEntry.objects.count() == 1  # the server has it, the phone does not know
    online(page)
    expect(status(page)).to_have_text("Đã gửi hết")
    page.route("**/anh/", lose_the_answer, times=1)
    row(page, s.items[1]).locator("input[type=file]").set_input_files(picture())
    expect(status(page)).to_contain_text("Mất kết nối")
    online(page)
    expect(status(page)).to_have_text("Đã gửi hết")
    assert (SiteEntry.objects.count(), SiteFile.objects.count()) == (1, 1)
    assert ChecklistAnswer.objects.get().version == 1


def test_two_inspectors_on_one_case_overwrite_nothing(open_page, s):
    one, other = open_page(PHONE, s.chair), open_page(PHONE, s.inspector)
    for page in (one, other):
        page.goto(s.url)
        expect(status(page)).to_have_text("Đã gửi hết")
    lose_network(other)
    tap(one, s.items[0], "Đạt")
    expect(state(one, s.items[0])).to_have_text("Đã gửi")
    tap(other, s.items[0], "Chưa đạt")
    tap(other, s.items[1], "Đạt")
    expect(status(other)).to_contain_text("Giữ 2 ghi chép")
    find_network(other)
    online(other)
    expect(status(other)).to_have_text("Đã gửi hết")
    assert answers(s) == {s.items[0].pk: ("met", ""), s.items[1].pk: ("met", "")}
    expect(state(other, s.items[0])).to_have_text(f"Đã gửi · {s.chair} ghi")
    other.get_by_role("link", name="Xem và chọn").click()
    other.get_by_role("link", name="Chọn câu trả lời").click()
    other.get_by_role("button", name="Lấy bản này").last.click()
    expect(other.get_by_text("Đã chọn câu trả lời chung.")).to_be_visible()
    assert answers(s)[s.items[0].pk] == ("not_met", "")


def test_what_waits_of_one_account_is_neither_shown_nor_sent_nor_readable_under_another(open_page, s):
    page = open_page(PHONE, s.chair)
    page.goto(s.url)
    expect(page.get_by_text("Trang này mở lại được khi mất mạng.")).to_be_visible()
    page.route(SEND, lambda route: route.abort())
    tap(page, s.items[0], "Chưa đạt")
    expect(state(page, s.items[0])).to_have_text("Giữ ở máy này")
    signed_in(page, s.inspector)
    page.unroute(SEND)
    page.goto("/")
    page.wait_for_function(
        f"caches.keys().then((names) => !names.some((name) => name.startsWith('site:{s.chair.pk}:')))"
    )
    page.goto(s.url)
    expect(page.get_by_text("Máy này còn ghi chép chưa gửi của tài khoản khác.")).to_be_visible()
    expect(status(page)).to_have_text("Đã gửi hết")
    expect(row(page, s.items[0]).locator("input:checked")).to_have_count(0)
    assert SiteEntry.objects.count() == 0


def test_signing_out_says_what_is_lost_and_leaves_nothing_readable(open_page, s):
    page = open_page(PHONE, s.chair)
    page.goto(s.url)
    expect(page.get_by_text("Trang này mở lại được khi mất mạng.")).to_be_visible()
    page.route(SEND, lambda route: route.abort())
    tap(page, s.items[0], "Chưa đạt")
    expect(state(page, s.items[0])).to_have_text("Giữ ở máy này")
    page.goto("/tai-khoan/dang-xuat/")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    leave = page.locator("main form button", has_text="Đăng xuất").first
    leave.click()
    assert "còn 1 ghi chép" in asked[0]
    assert page.evaluate(KEPT) != []
    page.once("dialog", lambda dialog: dialog.accept())
    leave.click()
    page.wait_for_url("**/dang-nhap/**")
    page.wait_for_function("caches.keys().then((names) => !names.some((name) => name.startsWith('site:')))")
    assert page.evaluate(KEPT) == []
    lose_network(page)
    with pytest.raises(Exception, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        page.goto(s.url)


def signed_in(page, account):
    """The same browser, as after signing in: a new session of the account."""
    client = Client()
    client.force_login(account)
    name = settings.SESSION_COOKIE_NAME
    url = page.evaluate("location.origin")
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


def test_session_that_ended_meanwhile_keeps_everything_until_somebody_signs_in_again(open_page, s):
    page = open_page(PHONE, s.chair)
    page.goto(s.url)
    expect(page.get_by_text("Trang này mở lại được khi mất mạng.")).to_be_visible()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    tap(page, s.items[0], "Chưa đạt")
    row(page, s.items[1]).locator("input[type=file]").set_input_files(picture("sổ họp.jpg"))
    expect(page.get_by_text("Phiên đăng nhập đã hết.")).to_be_visible()
    expect(page.get_by_role("button", name="Lưu ghi chép về máy")).to_be_visible()
    again = page.get_by_role("link", name="Đăng nhập lại")
    expect(again).to_have_attribute("href", re.compile(re.escape(s.url)))
    assert SiteEntry.objects.count() == 0
    again.click()
    page.wait_for_url("**/dang-nhap/**")
    assert page.evaluate(KEPT) != []
    signed_in(page, s.chair)
    page.goto(s.url)
    expect(status(page)).to_have_text("Đã gửi hết")
    assert answers(s) == {s.items[0].pk: ("not_met", "")}
    assert [(file.item_id, file.name) for file in SiteFile.objects.all()] == [(s.items[1].pk, "sổ họp.jpg")]


def test_case_that_went_out_meanwhile_takes_nothing_and_the_notes_can_be_saved_as_a_file(open_page, s):
    page = open_page(PHONE, s.chair)
    page.goto(s.url)
    expect(status(page)).to_have_text("Đã gửi hết")
    Inspection.objects.filter(pk=s.case.pk).update(state="following", concluded_on=TODAY)
    tap(page, s.items[0], "Chưa đạt")
    row(page, s.items[0]).get_by_label("Ghi chú").fill("Thiếu ba buổi")
    expect(page.get_by_text("Chưa gửi được. Kết luận đã thông báo")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Lưu ghi chép về máy").click()
    kept = Path(download.value.path()).read_text("utf-8")
    assert [line for line in kept.split("\n")[1:] if line] == [s.items[0].text, "Chưa đạt", "Thiếu ba buổi"]
    assert SiteEntry.objects.count() == 0


def test_phone_without_room_says_so_and_still_sends(open_page, s):
    page = open_page(PHONE, s.chair)
    page.add_init_script(
        """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
        IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };"""
    )
    page.goto(s.url)
    expect(status(page)).to_have_text("Đã gửi hết")
    lose_network(page)
    tap(page, s.items[0], "Chưa đạt")
    row(page, s.items[0]).locator("input[type=file]").set_input_files(picture("sổ họp.jpg"))
    expect(status(page)).to_contain_text("Máy hết chỗ: 2 ghi chép, ảnh chỉ còn trên trang này.")
    with page.expect_download() as download:
        row(page, s.items[0]).get_by_role("button", name="Lưu ảnh về máy").click()
    assert download.value.suggested_filename == "sổ họp.jpg"
    find_network(page)
    online(page)
    expect(status(page)).to_have_text("Đã gửi hết")
    assert answers(s) == {s.items[0].pk: ("not_met", "")}
    assert SiteFile.objects.count() == 1


def test_refused_photo_says_what_to_do_and_offers_the_file(open_page, s):
    page = open_page(PHONE, s.chair)
    page.goto(s.url)
    expect(status(page)).to_have_text("Đã gửi hết")
    bad = {"name": "hong.jpg", "mimeType": "image/jpeg", "buffer": b"khong phai anh"}
    row(page, s.items[0]).locator("input[type=file]").set_input_files(bad)
    expect(row(page, s.items[0]).get_by_text("Chỉ nhận ảnh")).to_be_visible()
    with page.expect_download() as download:
        row(page, s.items[0]).get_by_role("button", name="Lưu ảnh về máy").click()
    assert download.value.suggested_filename == "hong.jpg"
    row(page, s.items[0]).get_by_role("button", name="Bỏ ảnh").click()
    expect(status(page)).to_have_text("Đã gửi hết")
    assert SiteFile.objects.count() == 0


def test_without_the_memory_of_the_phone_the_note_would_be_lost(open_page, s):
    """The negative control: what the tests above find again comes from this phone and from nowhere else."""
    page = open_page(PHONE, s.chair)
    page.goto(s.url)
    expect(page.get_by_text("Trang này mở lại được khi mất mạng.")).to_be_visible()
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    lose_network(page)
    tap(page, s.items[0], "Chưa đạt")
    expect(state(page, s.items[0])).to_have_text("Giữ ở máy này")
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(row(page, s.items[0]).locator("input:checked")).to_have_count(0)
    find_network(page)
    online(page)
    expect(status(page)).to_have_text("Đã gửi hết")
    assert answers(s) == {}
