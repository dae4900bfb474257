"""Checklists on a phone: the unit answers its side with a photo, the committee makes a checklist of its own."""

import pytest
from playwright.sync_api import expect

from inspections.checking.items import put_checklists
from inspections.models import ChecklistAnswer, ChecklistTemplate, Inspection, SiteFile
from tests.browsing import Looker, picture
from tests.conftest import PHONE
from tests.inspecting import planned, scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def s(media):
    found = scene()
    found.case = planned(found)
    found.template = ChecklistTemplate.objects.get(unit=None, code="sinh-hoat")
    put_checklists(inspection=found.case, templates=[found.template], by=found.chair)
    Inspection.objects.filter(pk=found.case.pk).update(state="plan_sent")
    return found


def test_unit_answers_item_after_item_with_a_photo_and_the_team_sees_it(open_page, s):
    page, looker = open_page(PHONE, s.secretary), Looker("self-check")
    page.goto(f"/kiem-tra/{s.case.pk}/")
    page.get_by_role("link", name="Phiếu kiểm tra").click()
    page.get_by_role("link", name="Tự đánh giá").click()
    looker.at(page, "list")
    page.get_by_role("link", name="Bắt đầu trả lời").click()
    page.get_by_text("Đạt một phần", exact=True).click()
    page.get_by_label("Nói rõ").fill("Tháng 2 dời sang đầu tháng 3")
    page.get_by_label("Ảnh, tệp minh chứng").set_input_files(picture("sổ họp.jpg"))
    looker.at(page, "item")
    page.get_by_role("button", name="Lưu, mục tiếp").click()
    expect(page.get_by_text("Báo lịch, nội dung trước cho đoàn viên").first).to_be_visible()
    answer = ChecklistAnswer.objects.get()
    assert (answer.side, answer.result, answer.note) == ("unit", "partly", "Tháng 2 dời sang đầu tháng 3")
    assert [(file.name, file.side) for file in SiteFile.objects.all()] == [("sổ họp.jpg", "unit")]

    team = open_page(PHONE, s.chair)
    team.goto(f"/kiem-tra/{s.case.pk}/phieu/")
    first = team.locator(f"#muc-{answer.item_id}")
    expect(first.get_by_text("Tháng 2 dời sang đầu tháng 3")).to_be_visible()
    expect(first.get_by_role("link", name="sổ họp.jpg")).to_be_visible()
    first.get_by_role("link", name="kỳ phải họp").click()
    expect(team.get_by_role("heading", name="Sinh hoạt chi đoàn đã họp")).to_be_visible()
    looker.at(team, "figure")
    assert looker.wrong == {}


def test_committee_copies_a_ready_made_checklist_changes_it_and_puts_it_into_use(open_page, s):
    page, looker = open_page(PHONE, s.chair), Looker("templates")
    page.goto("/kiem-tra/phieu/")
    looker.at(page, "list")
    page.get_by_role("link", name=s.template.name).click()
    page.get_by_role("link", name="Chép thành phiếu của mình").click()
    page.get_by_role("button", name="Chép phiếu").click()
    looker.at(page, "draft")
    page.get_by_role("link", name="Sửa", exact=True).first.click()
    page.get_by_label("Nội dung kiểm tra").fill("Mỗi tháng họp một buổi, vào tuần đầu tháng")
    looker.at(page, "item")
    page.get_by_role("button", name="Lưu mục").click()
    expect(page.get_by_text("Mỗi tháng họp một buổi, vào tuần đầu tháng")).to_be_visible()
    page.get_by_role("link", name="Đưa vào dùng").click()
    looker.at(page, "use")
    page.get_by_role("button", name="Đưa vào dùng").click()
    expect(page.get_by_text("Đang dùng", exact=True)).to_be_visible()
    own = ChecklistTemplate.objects.get(unit=s.union)
    assert (own.state, own.items.count()) == ("in_use", s.template.items.count())
    assert own.items.order_by("position").first().text == "Mỗi tháng họp một buổi, vào tuần đầu tháng"
    # The case took the ready-made one, and keeps its words.
    assert s.case.items.order_by("position").first().text == "Mỗi tháng họp ít nhất một buổi theo lịch"

    page.goto(f"/kiem-tra/{s.case.pk}/phieu/them/")
    looker.at(page, "add")
    page.get_by_text(f"{own.name} (10 mục)").click()
    page.get_by_role("button", name="Thêm phiếu đã chọn").click()
    expect(page.get_by_role("heading", name="Phiếu kiểm tra")).to_be_visible()
    assert s.case.items.filter(template=own).count() == 10
    assert looker.wrong == {}
