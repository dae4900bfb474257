"""Papers by hand: drafted, worded, issued under the next number, scanned, replaced; the register. On a phone."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from branches.models import PaperNumber
from inspections.models import CasePaper
from inspections.papering import begin_paper
from tests.browsing import Looker, picture
from tests.papering import NOTICE, Day, concluded_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    """The day of the notice; the day of a moment stays what it is."""
    day_of = timezone.localdate
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: day_of(*args) if args else NOTICE)


def test_a_reminder_goes_out_from_a_phone(open_page):
    a = concluded_case()
    page, look = open_page(360, a.chair), Looker("papers")
    page.goto(reverse("inspections:papers", args=[a.case.pk]))
    look.at(page, "list")
    page.get_by_role("link", name="Lập dự thảo công văn đôn đốc").click()
    page.get_by_role("button", name="Lập dự thảo").click()
    page.get_by_role("heading", name="Công văn đôn đốc").wait_for()
    expect(page.locator("main")).to_contain_text("Số dự kiến 01-CV/ĐTN-UBKT")
    look.at(page, "draft")
    page.get_by_role("link", name="Sửa dự thảo").click()
    look.at(page, "edit")
    page.get_by_label("Đề nghị").fill("Đề nghị Chi đoàn báo cáo trước ngày 20/12/2019.")
    page.get_by_role("button", name="Lưu dự thảo").click()
    expect(page.locator("main")).to_contain_text("Đề nghị Chi đoàn báo cáo trước ngày 20/12/2019.")
    page.get_by_role("link", name="Ban hành văn bản").click()
    look.at(page, "issue")
    page.get_by_role("button", name="Ban hành văn bản").click()
    expect(page.locator("main")).to_contain_text("Số 01-CV/ĐTN-UBKT")
    expect(page.get_by_role("link", name="Sửa dự thảo")).to_have_count(0)
    paper = CasePaper.objects.get(kind="reminder")
    assert (paper.number, paper.frozen["closing"]) == (
        "01-CV/ĐTN-UBKT", "Đề nghị Chi đoàn báo cáo trước ngày 20/12/2019.",
    )  # fmt: skip

    page.get_by_role("link", name="Đính kèm bản ký").click()
    page.get_by_label("Ảnh hoặc PDF bản ký").set_input_files(picture("bản ký.jpg"))
    page.get_by_role("button", name="Đính kèm bản ký").click()
    expect(page.get_by_role("link", name="bản ký.jpg", exact=True)).to_be_visible()
    look.at(page, "issued")
    page.get_by_role("link", name="Lập bản mới").click()
    page.get_by_label("Lý do ban hành lại").fill("Sửa ngày báo cáo")
    page.get_by_role("button", name="Lập dự thảo bản mới").click()
    expect(page.locator("main")).to_contain_text("bản 2")
    page.goto(reverse("inspections:paper", args=[paper.pk]))
    expect(page.locator("main")).to_contain_text("Sửa ngày báo cáo")
    assert look.wrong == {}


def test_the_register_on_a_phone(open_page):
    a = concluded_case()
    page, look = open_page(360, a.chair), Looker("register")
    page.goto(reverse("branches:number_books", args=[a.union.pk]))
    look.at(page, "books")
    expect(page.locator("main")).to_contain_text("Chưa có trong sổ: số 1 đến 10")
    page.get_by_role("link", name="Lấy số văn bản").click()
    look.at(page, "take")
    page.get_by_label("Loại văn bản").select_option("CV")
    page.get_by_label("Trích yếu").fill("Công văn mời dự tập huấn")
    page.get_by_text("Giữ chỗ", exact=True).click()
    page.get_by_role("button", name="Lấy số").click()
    expect(page.locator("main")).to_contain_text("01-CV/ĐTN")
    page.get_by_role("link", name="Bỏ số 01-CV/ĐTN").click()
    look.at(page, "release")
    page.get_by_label("Lý do bỏ số").fill("Hoãn tập huấn")
    page.get_by_role("button", name="Bỏ số").click()
    expect(page.locator("main")).to_contain_text("Hoãn tập huấn")
    assert PaperNumber.objects.get(book__type_code="CV").state == "unused"
    assert look.wrong == {}


def test_the_paper_of_a_programme_does_not_scroll_the_page_sideways(open_page):
    a = concluded_case()
    paper = begin_paper(programme=a.programme, kind="programme", by=a.chair, on=Day(2019, 12, 5))
    page, look = open_page(360, a.chair), Looker("papers")
    page.goto(reverse("inspections:paper", args=[paper.pk]))
    expect(page.locator("main")).to_contain_text("Chương trình đã ban hành, số 02-KH/ĐTN-UBKT")
    look.at(page, "programme")
    assert look.wrong == {}
