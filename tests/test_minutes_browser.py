"""Minutes on a phone: saved while typing, two writers at once, a lost connection, an ended session."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from branches.models import Minutes, MinutesRevision
from tests.browsing import faults, find_network, lose_network
from tests.conftest import PHONE
from tests.factories import PASSWORD
from tests.minuting import scene, write, written

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEPT = "Object.keys(sessionStorage).filter((name) => name.startsWith('keep:minutes-')).length"


def url(s, name="minutes"):
    return reverse(f"branches:{name}", args=[s.meeting.pk])


def status(page):
    return page.locator("[data-status]")


def box(page, heading):
    return page.get_by_role("textbox", name=heading, exact=True)


def opened(open_page, s, account):
    page = open_page(PHONE, account)
    page.goto(url(s))
    return page


def test_two_writers_on_phones_lose_nothing(open_page):
    s = scene(members=7)
    mine, theirs = opened(open_page, s, s.by), opened(open_page, s, s.other)
    assert faults(mine) == []
    # Different points: both stand, and each is told of the other.
    box(mine, "Thảo luận").fill("Hoài ghi thảo luận")
    box(mine, "Việc khác").focus()  # leaving the box saves it
    expect(status(mine)).to_contain_text("Đã lưu")
    box(theirs, "Ý kiến, kiến nghị của đoàn viên").fill("Toàn ghi ý kiến")
    box(theirs, "Việc khác").focus()
    expect(status(theirs)).to_contain_text("Đã lưu")
    expect(theirs.locator("[data-others]")).to_contain_text("Phan Thị Thu Hoài vừa ghi lúc")
    expect(box(theirs, "Thảo luận")).to_have_value("Hoài ghi thảo luận")
    assert s.minutes().texts == {s.key("discuss"): "Hoài ghi thảo luận", "wishes": "Toàn ghi ý kiến"}
    # One point: nothing is overwritten, the second sees both and joins them.
    box(mine, "Ý kiến, kiến nghị của đoàn viên").fill("Hoài ghi ý kiến")
    box(mine, "Việc khác").focus()
    clash = mine.locator("[data-text=wishes] [data-clash]")
    expect(clash).to_contain_text("Nguyễn Đức Toàn đã sửa mục này lúc")
    expect(clash).to_contain_text("Toàn ghi ý kiến")
    assert s.minutes().texts["wishes"] == "Toàn ghi ý kiến"
    assert faults(mine) == []
    clash.get_by_role("button", name="Ghép cả hai").click()
    expect(status(mine)).to_contain_text("Đã lưu")
    assert s.minutes().texts["wishes"] == "Toàn ghi ý kiến\nHoài ghi ý kiến"


def test_first_writer_hears_of_the_second_without_saving(open_page):
    s = scene(members=7)
    page = open_page(PHONE, s.by)
    page.clock.install()
    page.goto(url(s))
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "ai-dang-ghi" in request.url else None)
    others = page.locator("[data-others]")
    box(page, "Việc khác").focus()
    write(s, {"wishes": "Toàn ghi ý kiến"}, by=s.other, now=timezone.now())
    expect(others).to_be_hidden()
    page.clock.run_for(20_000)
    expect(others).to_contain_text("Nguyễn Đức Toàn vừa ghi lúc")
    expect(box(page, "Ý kiến, kiến nghị của đoàn viên")).to_have_value("Toàn ghi ý kiến")
    assert faults(page) == []
    # What came that way is known: the next save of it is no clash.
    box(page, "Ý kiến, kiến nghị của đoàn viên").fill("Toàn ghi ý kiến, Hoài ghi thêm")
    page.clock.run_for(3_000)
    expect(status(page)).to_contain_text("Đã lưu")
    assert s.minutes().texts == {"wishes": "Toàn ghi ý kiến, Hoài ghi thêm"}
    # Nobody types, nobody asks: neither with no box in focus nor from a page in the background.
    count = len(asked)
    box(page, "Việc khác").focus()
    page.evaluate("document.activeElement.blur()")
    page.clock.run_for(60_000)
    assert len(asked) == count
    box(page, "Việc khác").focus()
    page.evaluate("Object.defineProperty(document, 'visibilityState', {get: () => 'hidden', configurable: true})")
    page.clock.run_for(60_000)
    assert len(asked) == count
    # The minutes are closed meanwhile: the page says so before more is typed in vain.
    page.evaluate("Object.defineProperty(document, 'visibilityState', {get: () => 'visible'})")
    Minutes.objects.update(state="signing")
    page.clock.run_for(20_000)
    expect(status(page)).to_contain_text("đang chờ ký")


def test_words_are_saved_two_seconds_after_the_last_key(open_page):
    s = scene(members=7)
    page = opened(open_page, s, s.by)
    box(page, "Việc khác").press_sequentially("Ba việc")
    expect(status(page)).to_contain_text("Đã lưu", timeout=6000)
    # One save for all keys, and nothing kept behind.
    assert list(MinutesRevision.objects.values_list("texts", flat=True)) == [{"other": "Ba việc"}]
    assert page.evaluate(KEPT) == 0


def test_lost_connection_sends_by_itself_when_it_is_back(open_page):
    s = scene(members=7)
    page = opened(open_page, s, s.by)
    lose_network(page)
    box(page, "Việc khác").fill("Ghi lúc mất mạng")
    box(page, "Thảo luận").focus()
    expect(status(page)).to_contain_text("Mất kết nối")
    assert s.minutes() is None
    assert page.evaluate(KEPT) == 1
    find_network(page)
    expect(status(page)).to_contain_text("Đã lưu")
    assert s.minutes().texts == {"other": "Ghi lúc mất mạng"}
    assert page.evaluate(KEPT) == 0


def test_reload_before_the_words_were_sent_brings_them_back(open_page):
    s = scene(members=7)
    page = opened(open_page, s, s.by)
    page.route("**/bien-ban/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    box(page, "Việc khác").fill("Chưa gửi được")
    box(page, "Thảo luận").focus()
    expect(status(page)).to_contain_text("Mất kết nối")
    write(s, {"other": "Người khác ghi trước"}, by=s.other)
    page.unroute("**/bien-ban/")
    page.reload()
    expect(page.locator("[data-came-back]")).to_be_visible()
    # They came back with the revision they were typed on: what the other wrote meanwhile is not overwritten.
    expect(page.locator("[data-text=other] [data-clash]")).to_contain_text("Người khác ghi trước")
    assert s.minutes().texts == {"other": "Người khác ghi trước"}
    expect(box(page, "Việc khác")).to_have_value("Chưa gửi được")


def test_ended_session_keeps_the_words_until_the_next(open_page):
    s = scene(members=7)
    page = opened(open_page, s, s.by)
    Session.objects.all().delete()
    box(page, "Việc khác").fill("Ghi khi phiên đã hết")
    box(page, "Thảo luận").focus()
    expect(status(page)).to_contain_text("phiên đăng nhập đã hết")
    page.reload()
    page.get_by_label("Tên đăng nhập").fill(s.by.username)
    page.get_by_role("textbox", name="Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(status(page)).to_contain_text("Đã lưu")
    assert s.minutes().texts == {"other": "Ghi khi phiên đã hết"}


def test_suggestion_is_only_put_in_when_asked(open_page):
    s = scene(members=7)
    page = opened(open_page, s, s.by)
    empty = box(page, "Thảo luận")
    expect(empty).to_have_value("")
    page.locator(f"[data-text={s.key('discuss')}]").get_by_role("button", name="Đưa vào ô").click()
    expect(empty).to_have_value("- Đồng chí …: …")


def test_pages_of_the_way_to_the_lock_look_right_on_a_phone(open_page):
    s = scene()
    written(s)
    write(s, {"wishes": "Sửa lần hai"}, base=1)
    page = open_page(PHONE, s.by)
    page.goto(reverse("branches:minutes_history", args=[s.minutes().pk]))
    assert faults(page) == []
    page.goto(url(s))
    page.get_by_role("link", name="Đọc lại để thông qua").click()
    page.get_by_role("button", name="Bắt đầu đọc lại").click()
    assert faults(page) == []
    page.get_by_role("button", name="Ghi đã thông qua").click()
    assert faults(page) == []
    page.get_by_role("button", name="Tôi ký").click()
    page.get_by_role("button", name="Ghi là đã ký trên giấy").click()
    expect(page.get_by_text("Đã ký, đã khóa").first).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name="Lập bản mới để sửa").click()
    assert faults(page) == []
