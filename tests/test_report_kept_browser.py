"""Words of a report outlive a lost network: a sentence that is open, and a new one nobody has saved yet."""

import pytest
from playwright.sync_api import Error, expect

from reports.models import ReportSentence
from tests.browsing import find_network, lose_network, says, settle
from tests.conftest import PHONE
from tests.edition_scene import a_branch, begin
from tests.factories import account_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "Chi bộ giao việc cụ thể cho từng đoàn viên."


def typed_without_network(page, url: str, field: str) -> None:
    """Typed and sent while there is no network, and taken back when the page is opened anew."""
    page.goto(url)
    page.locator(field).fill(NEW)
    lose_network(page)
    try:
        page.get_by_role("button", name="Lưu câu").click()
        page.wait_for_load_state()
    except Error:
        pass  # some engines call the error page of a lost network an error of the press
    find_network(page)
    page.goto(url)
    settle(page)
    says(page, "Đã lấy lại chữ gõ trước")
    expect(page.locator(field)).to_have_value(NEW)


@pytest.fixture
def report():
    return begin(a_branch())


def test_a_new_sentence_comes_back_after_a_lost_network_and_is_saved_once(open_page, report):
    page = open_page(PHONE, account_at(report.unit))
    url = f"/bao-cao/{report.pk}/?muc=advantages&them"
    typed_without_network(page, url, "#them textarea")
    page.get_by_role("button", name="Lưu câu").click()
    says(page, NEW)
    assert ReportSentence.objects.filter(text=NEW).count() == 1
    page.goto(url)  # it stands in the chapter: nothing to take back
    settle(page)
    expect(page.locator("#them textarea")).to_have_value("")


def test_an_open_sentence_comes_back_after_a_lost_network(open_page, report):
    page = open_page(PHONE, account_at(report.unit))
    sentence = ReportSentence.objects.filter(section__report=report).order_by("section__position", "position").first()
    url = f"/bao-cao/{report.pk}/?muc={sentence.section.key}&sua={sentence.pk}"
    typed_without_network(page, url, "form[data-autosave] textarea")
    page.get_by_role("button", name="Lưu câu").click()
    says(page, NEW)
    page.goto(url)
    settle(page)
    expect(page.locator("[data-taken-back]")).to_be_hidden()
