"""The roll on a phone: thirty people, a connection that drops in the middle, a session that ends, two thumbs."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from branches.models import Attendance, FormReceipt
from tests.browsing import Looker, faults, find_network, lose_network
from tests.conftest import DESKTOP, PHONE
from tests.factories import PASSWORD, account_at
from tests.holding_meetings import MeetingScene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('roll:')).map((name) => localStorage.getItem(name))"


@pytest.fixture
def scene():
    found = MeetingScene(30)
    found.meeting = found.open()
    return found


def url_of(scene):
    return f"/hop/{scene.meeting.pk}/diem-danh/"


def tap(page, row, label):
    page.locator(f"[data-row='{row.pk}'] label", has_text=label).first.click()


def status(page):
    return page.locator("[data-roll-status]")


def test_roll_of_thirty_survives_a_dropped_connection_and_a_reload(open_page, scene):
    page, rows, looker = open_page(PHONE, scene.secretary), scene.rows(scene.meeting), Looker("roll")
    page.goto(url_of(scene))
    looker.at(page, "opened")
    for row in rows[:3]:
        tap(page, row, "Có mặt")
    expect(status(page)).to_contain_text("Còn 27 người chưa điểm danh · đã lưu")
    assert scene.states(scene.meeting)[:4] == ["present"] * 3 + ["unknown"]

    lose_network(page)
    tap(page, rows[3], "Có lý do")
    page.get_by_label(f"Lý do vắng của {rows[3].name}").fill("Trực cơ quan")
    tap(page, rows[4], "Không lý do")
    page.get_by_role("button", name="Tất cả có mặt").click()
    expect(status(page)).to_contain_text("Mất kết nối. Giữ 27 người trên máy này, có mạng sẽ tự gửi.")
    expect(page.locator("[data-count=present]")).to_have_text("28")
    assert scene.states(scene.meeting)[3:] == ["unknown"] * 27
    looker.at(page, "offline")
    [kept] = page.evaluate(KEPT)
    assert "Trực cơ quan" in kept
    assert "Lê An" not in kept  # no names

    # The page is loaded again while nothing can be sent: what was tapped is there as it was.
    page.route("**/diem-danh/gui/", lambda route: route.abort())
    find_network(page)
    page.reload()
    expect(page.locator("[data-count=present]")).to_have_text("28")
    expect(page.get_by_label(f"Lý do vắng của {rows[3].name}")).to_have_value("Trực cơ quan")
    expect(status(page)).to_contain_text("Giữ 27 người")
    assert scene.states(scene.meeting)[3:] == ["unknown"] * 27

    page.unroute("**/diem-danh/gui/")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(status(page)).to_have_text("Đã điểm danh đủ · đã lưu")
    assert scene.states(scene.meeting) == ["present"] * 3 + ["excused", "absent"] + ["present"] * 25
    assert Attendance.objects.get(pk=rows[3].pk).reason == "Trực cơ quan"
    assert page.evaluate(KEPT) == []
    page.get_by_role("button", name="Lưu điểm danh").last.click()
    expect(page.get_by_text("28/30 có mặt").first).to_be_visible()
    looker.at(page, "meeting")
    assert looker.wrong == {}


def test_answer_that_never_comes_is_asked_for_once_more_and_counts_once(open_page, scene):
    """The server did the work and the answer was lost: the batch is sent again under its key."""
    page, rows = open_page(PHONE, scene.secretary), scene.rows(scene.meeting)
    page.goto(url_of(scene))

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    page.route("**/diem-danh/gui/", lose_the_answer, times=1)
    tap(page, rows[0], "Không lý do")
    expect(status(page)).to_contain_text("Giữ 1 người trên máy này")
    assert scene.states(scene.meeting)[0] == "absent"
    first = Attendance.objects.get(pk=rows[0].pk).marked_at
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(status(page)).to_contain_text("đã lưu")
    assert Attendance.objects.get(pk=rows[0].pk).marked_at == first
    assert FormReceipt.objects.count() == 1


def test_taps_outlive_the_session_and_are_sent_after_signing_in(open_page, scene):
    page, rows = open_page(PHONE, scene.secretary), scene.rows(scene.meeting)
    page.goto(url_of(scene))
    Session.objects.all().delete()
    tap(page, rows[0], "Không lý do")
    expect(page.get_by_role("alert").filter(has_text="Phiên đăng nhập đã hết")).to_be_visible()
    assert scene.states(scene.meeting)[0] == "unknown"
    page.get_by_role("link", name="Đăng nhập lại").click()
    page.get_by_label("Tên đăng nhập").fill(scene.secretary.username)
    page.get_by_role("textbox", name="Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page).to_have_url(re.compile(r"/diem-danh/$"))
    expect(status(page)).to_contain_text("Còn 29 người chưa điểm danh · đã lưu")
    assert scene.states(scene.meeting)[0] == "absent"


def test_taps_of_another_account_are_not_sent(open_page, scene):
    page = open_page(PHONE, scene.secretary)
    page.goto(url_of(scene))
    row = scene.rows(scene.meeting)[0]
    foreign = f"roll:{scene.secretary.pk + 1000}:{scene.meeting.pk}"
    page.evaluate(
        "([name, id]) => localStorage.setItem(name, JSON.stringify({marks: {[id]: {state: 'absent', at: 1}}}))",
        [foreign, row.pk],
    )
    page.reload()
    expect(status(page)).to_contain_text("Còn 30 người")
    assert page.evaluate(KEPT) == []
    assert scene.states(scene.meeting)[0] == "unknown"


def test_two_thumbs_see_each_other(open_page, scene):
    rows = scene.rows(scene.meeting)
    one = open_page(PHONE, scene.secretary)
    other = open_page(PHONE, account_at(scene.unit, "committee_member"))
    for page in (one, other):
        page.goto(url_of(scene))
    tap(one, rows[0], "Không lý do")
    expect(status(one)).to_contain_text("Còn 29 người chưa điểm danh · đã lưu")
    tap(other, rows[1], "Có mặt")
    expect(status(other)).to_contain_text("Còn 28 người chưa điểm danh · đã lưu")
    expect(other.locator("[data-count=absent]")).to_have_text("1")
    other.get_by_role("button", name="Tất cả có mặt").click()
    expect(status(other)).to_contain_text("Đã điểm danh đủ · đã lưu")
    tap(one, rows[2], "Có lý do")
    expect(one.locator("[data-count=present]")).to_have_text("28")
    assert scene.states(scene.meeting) == ["absent", "present", "excused"] + ["present"] * 27


def test_roll_without_script(open_page, scene):
    page, rows = open_page(PHONE, scene.secretary, javascript=False), scene.rows(scene.meeting)
    page.goto(url_of(scene))
    tap(page, rows[0], "Có lý do")
    page.get_by_label(f"Lý do vắng của {rows[0].name}").fill("Ốm")
    page.get_by_role("button", name="Tất cả có mặt").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Lưu điểm danh").last.click()
    assert scene.states(scene.meeting) == ["excused"] + ["present"] * 29


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_meeting_from_its_agenda_to_a_vote(open_page, width):
    scene = MeetingScene(3)
    page, looker = open_page(width, scene.secretary), Looker("meeting")
    page.goto(f"/don-vi/{scene.unit.pk}/hop/")
    looker.at(page, "no meeting")
    page.get_by_role("link", name="Lập cuộc họp").first.click()
    page.get_by_label("Ngày", exact=True).fill("2026-11-20")
    looker.at(page, "new")
    page.get_by_role("button", name="Lập cuộc họp").last.click()
    expect(page.get_by_role("heading", name=re.compile("Sinh hoạt chi đoàn tháng"))).to_be_visible()
    looker.at(page, "planned")
    page.get_by_role("link", name="Lời mời, thư mời").click()
    looker.at(page, "invite")
    page.go_back()
    page.get_by_role("button", name="Mở điểm danh").click()
    page.get_by_role("button", name="Tất cả có mặt").click()
    expect(page.locator("[data-roll-status]")).to_have_text("Đã điểm danh đủ · đã lưu")
    page.get_by_role("button", name="Lưu điểm danh").last.click()
    page.get_by_role("link", name=re.compile("Ghi biểu quyết")).first.click()
    page.get_by_label("Tán thành", exact=True).fill("3")
    looker.at(page, "vote")
    page.get_by_role("button", name="Lưu kết quả biểu quyết").last.click()
    expect(page.get_by_text("Thông qua: tán thành 3/3 người có mặt, cần từ 2; có mặt 3/3.").last).to_be_visible()
    page.get_by_role("link", name=re.compile("Ghi kết luận")).first.click()
    page.get_by_label("Kết luận").fill("Thống nhất tổ chức hiến máu trong tháng 12")
    looker.at(page, "conclude")
    page.get_by_role("button", name="Lưu kết luận").click()
    looker.at(page, "meeting")
    for name in ("chuong-trinh", "khach-moi", "sua", "khong-hop", "diem-danh/them"):
        page.goto(f"/hop/{scene.unit.meetings.get().pk}/{name}/")
        looker.at(page, name.replace("/", "-"))
    page.goto(f"/don-vi/{scene.unit.pk}/lich-hop/")
    page.get_by_role("button", name="Tạo liên kết lịch").click()
    expect(page.get_by_label("Địa chỉ lịch")).to_have_value(re.compile(r"/lich/[\w-]{20,}\.ics$"))
    looker.at(page, "calendar")
    assert faults(page) == []
    assert looker.wrong == {}
