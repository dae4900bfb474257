"""The main jobs by click, on a phone and at a desk, in the demo province: nobody types an address but the first."""

import datetime
import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from branches.models import Account, Activity
from inspections.models import Inspection, Recommendation
from reports.demo.accounts import PASSWORD

from .browsing import Looker, folder_of_the_run, load_province, picture
from .conftest import DESKTOP, PHONE

TODAY = datetime.date(2026, 11, 22)
WIDTHS = pytest.mark.parametrize("width", [PHONE, DESKTOP])
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("province")]


@pytest.fixture
def province(transactional_db, tmp_path_factory, monkeypatch):
    """The demo on 22/11/2026, which is also today for every page."""
    load_province(folder_of_the_run(tmp_path_factory), TODAY)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


def account(username: str) -> Account:
    return Account.objects.get(username=username)


def pdf_text(page, link) -> str:
    """The text of the PDF a link leads to."""
    answer = page.request.get(link.get_attribute("href"), timeout=60_000)
    assert answer.headers["content-type"] == "application/pdf"
    body = answer.body()
    assert body.startswith(b"%PDF")
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).split())


def go(page, name: str) -> None:
    """A destination of the menu: at the left of a desk, at the bottom of a phone or on its page "Thêm"."""
    is_phone = page.viewport_size["width"] == PHONE
    menu = page.get_by_role("navigation", name="Chính, trên điện thoại" if is_phone else "Chính", exact=True)
    link = menu.get_by_role("link", name=name, exact=True)
    if not link.count():
        menu.get_by_role("link", name="Thêm", exact=True).click()
        link = page.get_by_role("main").get_by_role("link", name=name)
    link.first.click()


# --- the secretary -----------------------------------------------------------------------------------------


@WIDTHS
def test_secretary_logs_an_activity_and_prints_the_year(open_page, width):
    page, look = open_page(width), Looker("bithu")
    page.goto("/")
    look.at(page, "sign-in")
    page.get_by_label("Tên đăng nhập").fill("bithu")
    page.get_by_role("textbox", name="Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Việc đang chờ tôi")).to_be_visible()
    look.at(page, "home")

    go(page, "Kế hoạch" if width == PHONE else "Kế hoạch, kết quả")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="Hiến máu", exact=False)).first
    look.at(page, "plan")
    name = row.get_by_role("rowheader").get_by_role("link").inner_text()
    before = int(row.locator(".res .fig").inner_text())

    page.get_by_role("link", name="Ghi" if width == PHONE else "Ghi hoạt động", exact=True).last.click()
    expect(page.get_by_label("Đã làm việc gì?")).to_be_visible()
    look.at(page, "log")
    page.get_by_label("Đã làm việc gì?").fill("Hiến máu và tặng quà cuối năm")
    page.get_by_text("Hôm qua").click()
    pick = page.get_by_label("Thêm kết quả")
    choices = pick.locator("option").all_inner_texts()
    blood = next(text for text in choices if text.startswith(name))
    gifts = next(text for text in choices if text.startswith("Quà tặng hộ nghèo") or "hộ nghèo" in text)
    pick.select_option(label=blood)
    page.locator(".qty").nth(0).get_by_role("textbox").first.fill("3")
    pick.select_option(label=gifts)
    page.locator(".qty").nth(1).get_by_role("textbox").first.fill("2")
    page.locator("input[type=file]").set_input_files(picture())
    look.at(page, "log-filled")
    page.get_by_role("button", name="Lưu", exact=True).last.click()
    expect(page.get_by_role("status").first).to_contain_text("Đã lưu “Hiến máu và tặng quà cuối năm”")
    assert page.locator(".pictures img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    look.at(page, "activity")
    assert Activity.objects.get(title="Hiến máu và tặng quà cuối năm").last_on == datetime.date(2026, 11, 21)

    go(page, "Kế hoạch" if width == PHONE else "Kế hoạch, kết quả")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))
    figure = row.locator(".res .fig")
    expect(figure).to_have_text(str(before + 3))
    figure.click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Hiến máu và tặng quà cuối năm")).to_contain_text("3")
    look.at(page, "figure")

    go(page, "Báo cáo")
    look.at(page, "reports")
    page.get_by_role("link", name="Soạn báo cáo").first.click()
    page.get_by_text("Báo cáo năm 2026", exact=True).click()
    look.at(page, "report-new")
    page.get_by_role("button", name="Soạn báo cáo").click()
    expect(page.get_by_role("heading", name="Báo cáo năm 2026")).to_be_visible()
    look.at(page, "report")
    if width == PHONE:
        page.get_by_label("Mục đang soát").select_option(label=_movement(page.get_by_label("Mục đang soát")))
        page.get_by_role("button", name="Mở mục").click()
    else:
        page.get_by_role("navigation", name="Các mục").get_by_role("link", name=re.compile("Phong trào")).click()
    sentence = page.locator(".sent").filter(has_text=re.compile("hiến máu", re.IGNORECASE)).first
    look.at(page, "report-chapter")
    if sentence.get_by_role("button", name="Lấy số mới").count():
        sentence.get_by_role("button", name="Lấy số mới").click()
        sentence = page.locator(".sent").filter(has_text=re.compile("hiến máu", re.IGNORECASE)).first
    expect(sentence).to_contain_text(str(before + 3))
    sentence.get_by_role("link", name="Sửa câu").click()
    box = page.locator("form.sent.open textarea")
    box.fill(box.input_value().rstrip(".") + ", nhiều đồng chí hiến lần đầu.")
    look.at(page, "report-sentence")
    page.get_by_role("button", name="Lưu câu").click()
    expect(page.locator(".sent").filter(has_text="nhiều đồng chí hiến lần đầu")).to_be_visible()

    text = pdf_text(page, page.get_by_role("link", name="Xem bản in"))
    assert "nhiều đồng chí hiến lần đầu" in text
    assert "CHI ĐOÀN SỞ THÔNG TIN VÀ TRUYỀN THÔNG" in text
    assert f"{name} lượt người" in text or name in text
    assert re.search(rf"\b{before + 3}\b", text)
    assert look.wrong == {}


def _movement(select) -> str:
    return next(text for text in select.locator("option").all_inner_texts() if "Phong trào" in text)


# --- the inspection committee and the branch it visits -----------------------------------------------------


@WIDTHS
def test_committee_visits_concludes_and_closes(open_page, width):
    page, look = open_page(width, account("ubkt")), Looker("ubkt")
    page.goto("/")
    look.at(page, "home")
    go(page, "Chương trình")
    look.at(page, "programmes")
    page.get_by_role("link", name="Lập chương trình").click()
    page.get_by_label("Số, ký hiệu").fill("11-KH/UBKT")
    page.get_by_label("Ngày ban hành").fill("2026-11-02")
    page.get_by_text("Ủy ban Kiểm tra", exact=True).last.click()
    page.get_by_label("Trích yếu").fill("Kiểm tra công tác cuối năm 2026")
    look.at(page, "programme-new")
    page.get_by_role("button", name="Lưu dự thảo").click()
    expect(page.get_by_role("heading", name="Kiểm tra công tác cuối năm 2026")).to_be_visible()
    look.at(page, "programme")

    page.get_by_role("link", name="Lập hồ sơ kiểm tra").first.click()
    page.get_by_role("group", name="Đơn vị được kiểm tra, giám sát").get_by_label(
        "Chi đoàn Sở Thông tin và Truyền thông"
    ).check()
    page.get_by_label("Nội dung, gọi tắt").fill("Công tác Đoàn cuối năm 2026")
    page.get_by_role("combobox", name=re.compile("^Kiểm tra")).select_option(index=1)
    page.get_by_label("Nội dung kiểm tra").fill("Nền nếp sinh hoạt\nQuản lý đoàn viên")
    page.get_by_label("Ngày làm việc với đơn vị").fill("2026-11-20")
    page.get_by_label("Câu hỏi sẽ trao đổi").fill("Chi đoàn đề xuất gì?")
    look.at(page, "case-new")
    page.get_by_role("button", name="Lập hồ sơ").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã lập hồ sơ kiểm tra")
    look.at(page, "case")

    page.get_by_role("link", name="Lập đoàn kiểm tra").click()
    page.get_by_label("Vai trò").first.select_option("head")
    page.get_by_label("Họ và tên").first.fill("Trần Khắc Thử")
    look.at(page, "team")
    page.get_by_role("button", name="Lưu đoàn kiểm tra").click()
    page.get_by_text("Việc khác với hồ sơ này").click()
    page.get_by_role("link", name="Ghi buổi làm việc").first.click()
    page.get_by_label("Lý do làm việc khi đơn vị chưa gửi báo cáo").fill("Đơn vị báo cáo tại buổi làm việc")
    page.get_by_text("Chiều", exact=True).click()
    page.get_by_label("Họ và tên, hoặc thành phần").first.fill("Toàn thể đoàn viên")
    page.get_by_label("Đơn vị báo cáo").fill("Sinh hoạt đều, đã nhập đủ đoàn viên lên phần mềm.")
    page.get_by_label("Nền nếp sinh hoạt").fill("Mười buổi trong năm.")
    look.at(page, "visit")
    page.get_by_role("button", name="Lưu buổi làm việc").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã ghi buổi làm việc")

    page.get_by_role("link", name="Ghi ưu điểm").click()
    page.get_by_label("Nội dung").fill("Ghi chép hoạt động đầy đủ, có minh chứng")
    look.at(page, "finding")
    page.get_by_role("button", name="Lưu nhận định").click()
    page.get_by_role("link", name="Ghi hạn chế").click()
    page.get_by_label("Nội dung").fill("Hai tháng không sinh hoạt")
    page.get_by_role("button", name="Lưu nhận định").click()
    page.get_by_text("Không, đây là hạn chế mới").click()  # one of October sounds the same: the page asks
    page.get_by_role("button", name="Lưu nhận định").click()
    page.get_by_role("link", name="Thêm kiến nghị").click()
    page.get_by_label("Nội dung kiến nghị").fill("Lập lịch sinh hoạt cả năm và giữ lịch")
    page.get_by_label("Ai thực hiện").fill("Bí thư chi đoàn")
    page.get_by_label("Hạn", exact=True).fill("2026-12-15")
    page.get_by_label("Hai tháng không sinh hoạt").check()
    look.at(page, "recommendation")
    page.get_by_role("button", name="Lưu kiến nghị").click()
    look.at(page, "case-drafted")

    page.get_by_text("Việc khác với hồ sơ này").click()
    page.get_by_role("link", name="Thông báo kết luận", exact=True).first.click()
    page.get_by_label("Số thông báo kết luận").fill("12-TB/UBKT")
    look.at(page, "conclude")
    page.get_by_role("button", name="Thông báo kết luận").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã thông báo kết luận")
    text = pdf_text(page, page.get_by_role("link", name="In kết luận"))
    for expected in ("12-TB/UBKT", "Hai tháng không sinh hoạt", "Lập lịch sinh hoạt cả năm và giữ lịch", "15/12/2026"):
        assert expected in text
    case_url = page.url

    branch = open_page(width, account("bithu"))
    branch.goto(case_url)
    look.at(branch, "case-of-the-branch")
    branch.get_by_role("link", name="Trả lời kiến nghị").click()
    branch.get_by_label("Đã làm gì").fill("Đã lập lịch 12 buổi, gửi cho mọi đoàn viên")
    look.at(branch, "answer")
    branch.get_by_role("button", name="Gửi trả lời").click()
    expect(branch.get_by_role("status").first).to_be_visible()

    go(page, "Kiến nghị")
    look.at(page, "open-recommendations")
    page.goto(case_url)
    page.get_by_role("link", name="Ghi kết quả kiểm tra").click()
    page.get_by_text("Đạt", exact=True).click()
    page.get_by_label("Nhận xét").fill("Đã xem lịch, đúng như báo cáo")
    look.at(page, "check")
    with page.expect_navigation():
        page.get_by_role("button", name="Ghi kết quả kiểm tra").click()
    page.goto(case_url)
    page.get_by_role("link", name="Kết thúc hồ sơ").click()
    look.at(page, "close")
    page.get_by_role("button", name="Kết thúc hồ sơ").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã kết thúc hồ sơ")
    look.at(page, "case-closed")
    case = Inspection.objects.get(title="Công tác Đoàn cuối năm 2026")
    assert (case.state, case.conclusion_number) == (Inspection.State.CLOSED, "12-TB/UBKT")
    assert case.recommendations.get().state == Recommendation.State.CLOSED
    assert look.wrong == {}


# --- the others --------------------------------------------------------------------------------------------


@WIDTHS
def test_party_secretary_reads_the_year_and_opens_a_number(open_page, width):
    page, look = open_page(width, account("capuy")), Looker("capuy")
    page.goto("/")
    expect(page.get_by_role("heading", name="Công tác Đoàn năm 2026")).to_be_visible()
    look.at(page, "summary")
    figure = page.locator(".asked a.src").first
    shown = figure.inner_text()
    figure.click()
    expect(page.locator(".tile .fig").first).to_have_text(shown)
    look.at(page, "figure")
    page.go_back()
    text = pdf_text(page, page.get_by_role("link", name="Tải PDF"))
    assert "Kính gửi: Đảng ủy Cục Thi hành án dân sự" in text
    assert shown in text
    names = Account.objects.get(username="bithu-thads").full_name
    assert names not in page.get_by_role("main").inner_text()
    if width == PHONE:
        page.get_by_role("link", name="Mục khác và tài khoản").click()
        page.get_by_role("main").get_by_role("link", name="Ý kiến chỉ đạo").click()
    else:
        page.get_by_role("navigation", name="Chính").get_by_role("link", name="Chỉ đạo").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("chỉ đạo")
    look.at(page, "directions")
    assert look.wrong == {}


@WIDTHS
def test_superior_reads_the_board(open_page, width):
    page, look = open_page(width, account("doancaptren")), Looker("doancaptren")
    page.goto("/")
    look.at(page, "home")
    go(page, "Bảng" if width == PHONE else "Bảng đơn vị")
    expect(page.get_by_role("heading", name="Bảng đơn vị")).to_be_visible()
    look.at(page, "board")
    page.get_by_role("table").get_by_role("link", name="Chi đoàn Sở Thông tin và Truyền thông").click()
    look.at(page, "progress-of-a-branch")
    go(page, "Đơn vị")
    look.at(page, "units")
    go(page, "Đoàn viên") if width == PHONE else page.goto(f"/don-vi/{_unit_of('doancaptren')}/doan-vien/")
    look.at(page, "members")
    assert look.wrong == {}


@WIDTHS
def test_party_committee_of_several_units(open_page, width):
    page, look = open_page(width, account("danguykhoi")), Looker("danguykhoi")
    page.goto("/")
    expect(page.get_by_role("table", name="Từng đơn vị")).to_be_visible()
    look.at(page, "summary")
    assert look.wrong == {}


@WIDTHS
def test_member_and_administrator_begin_at_home(open_page, width):
    look = Looker("doanvien")
    page = open_page(width, account("doanvien"))
    page.goto("/")
    look.at(page, "home")
    go(page, "Kế hoạch" if width == PHONE else "Kế hoạch, kết quả")
    look.at(page, "plan")
    go(page, "Hoạt động")
    look.at(page, "activities")

    page = open_page(width, account("quantri"))
    page.goto("/")
    look.at(page, "home-of-the-administrator")
    go(page, "Đơn vị")
    look.at(page, "units-of-the-administrator")
    go(page, "Ai xem được" if width == PHONE else "Ai xem được đơn vị này")
    look.at(page, "access-of-the-administrator")
    assert look.wrong == {}


def _unit_of(username: str) -> int:
    return account(username).posts_today[0].unit_id
