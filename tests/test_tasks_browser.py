"""The main jobs on a phone, in a real browser: a conclusion becomes a task and is done; a proposal comes back;
a direction to several units is corrected and withdrawn."""

import datetime

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from branches.directing import answer_direction, give_direction
from branches.models import AgendaItem, Conclusion, Direction, Meeting, Proposal, Task, TaskFile
from tests.browsing import faults, picture, says
from tests.conftest import DESKTOP, PHONE

from .factories import MemberFactory, UnionFactory, UnitFactory, account_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def owner_at(branch):
    account = account_at(branch, "member")
    account.member = MemberFactory(home=branch, full_name="Lê Thu An")
    account.save()
    return account


@pytest.mark.parametrize("javascript", [True, False])
def test_conclusion_becomes_a_task_that_is_done_with_a_photo_and_accepted(open_page, media, javascript):
    branch = UnitFactory(superior=UnionFactory(), name="Chi đoàn Sở Tư pháp")
    secretary, account = account_at(branch), owner_at(branch)
    MemberFactory(home=branch)
    meeting = Meeting.objects.create(
        unit=branch, title="Sinh hoạt tháng 11", created_by=secretary,
        starts_at=datetime.datetime(2026, 11, 5, 1, tzinfo=datetime.UTC),
    )  # fmt: skip
    item = AgendaItem.objects.create(meeting=meeting, position=1, title="Chăm lo người nghèo")
    conclusion = Conclusion.objects.create(item=item, position=1, text="Lập danh sách hộ nghèo của xã đỡ đầu")
    wrong = {}

    def look(name, page):
        wrong[name] = faults(page) if javascript else []

    phone = open_page(PHONE, account=secretary, javascript=javascript)
    phone.goto(reverse("branches:task_from_conclusion", args=[conclusion.pk]))
    look("give", phone)
    expect(phone.get_by_label("Việc cần làm")).to_have_value(conclusion.text)
    phone.get_by_label("Ai làm?").select_option(label="Lê Thu An")
    phone.locator("label.chip", has_text="tuần").click()
    phone.locator(".savebar button", has_text="Giao việc").click()
    look("list", phone)
    says(phone, "Lê Thu An")

    member = open_page(PHONE, account=account, javascript=javascript)
    member.goto(reverse("reports:home"))
    member.get_by_role("link", name="Việc giao").first.click()
    look("own", member)
    member.get_by_role("link", name="Báo xong").click()
    look("report", member)
    member.get_by_label("Ảnh, tệp minh chứng").set_input_files(picture())
    member.locator(".savebar button").click()
    says(member, "Hãy ghi “Đã làm được gì”.")
    says(member, "đã gửi lên")  # the photo is not chosen a second time
    member.get_by_label("Đã làm được gì?").fill("Đã lập danh sách 21 hộ")
    member.locator(".savebar button").click()
    says(member, "Đã báo xong, chờ người giao nhận.")
    look("task", member)

    phone.goto(reverse("reports:home"))
    phone.get_by_role("link", name="Xem và nhận").click()
    look("review", phone)
    expect(phone.locator(".pictures img")).to_have_count(1)
    phone.locator("label", has_text="Nhận xong").click()
    phone.locator(".savebar button").click()
    says(phone, "Đã nhận xong việc.")
    assert (Task.objects.get().state, TaskFile.objects.count()) == ("accepted", 1)
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_proposal_is_answered_by_the_party_and_becomes_a_task(open_page, width):
    branch = UnitFactory(superior=UnionFactory(), name="Chi đoàn Sở Tư pháp", party_body="Chi bộ Sở Tư pháp")
    secretary, party = account_at(branch), account_at(branch, "party_secretary")
    wrong = {}

    page = open_page(width, account=secretary)
    page.goto(reverse("branches:proposal_list", args=[branch.pk]))
    wrong["empty"] = faults(page)
    page.goto(reverse("branches:proposal_new", args=[branch.pk]))
    wrong["new"] = faults(page)
    page.get_by_label("đề xuất", exact=False).first.fill("Nhận đỡ đầu một xã nghèo")
    page.get_by_label("vì sao").fill("Cấp ủy mong chi đoàn có việc làm cụ thể cho người nghèo")
    page.locator(".savebar button", has_text="Gửi đề xuất").click()
    wrong["sent"] = faults(page)

    calm = open_page(width, account=party)
    calm.goto(reverse("reports:home"))
    calm.get_by_role("link", name="Xem và trả lời").click()
    wrong["party list"] = faults(calm)
    calm.get_by_role("link", name="Trả lời", exact=True).click()
    wrong["party answer"] = faults(calm)
    calm.locator("label", has_text="Đồng ý").first.click()
    calm.get_by_role("button", name="Lưu trả lời").click()
    says(calm, "Đã lưu trả lời.")
    assert Proposal.objects.get().state == "agreed"

    page.reload()
    page.get_by_role("link", name="Giao thành việc").click()
    page.get_by_label("Hoặc tập thể").fill("Ban Chấp hành")
    page.locator(".savebar button", has_text="Giao việc").click()
    wrong["task"] = faults(page)
    calm.reload()
    expect(calm.locator("section", has_text="Đã thành việc gì")).to_contain_text("Một việc đã giao")
    wrong["party proposal"] = faults(calm)

    calm.goto(reverse("branches:direction_give", args=[branch.pk]))
    wrong["party gives"] = faults(calm)
    calm.get_by_label("nội dung").fill("Giữ cơ quan sáng, xanh, sạch, đẹp")
    calm.get_by_role("button", name="Giao việc").last.click()
    wrong["party given"] = faults(calm)
    says(calm, "Chưa trả lời")
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize("javascript", [True, False])
def test_the_giver_corrects_and_withdraws_what_went_to_two_units(open_page, javascript):
    union = UnionFactory(name="Đoàn Khối các cơ quan")
    units = [UnitFactory(superior=union, name=f"Chi đoàn {letter}") for letter in "AB"]
    office = account_at(union, "superior_office")
    given = give_direction(
        by=office, units=units, given_by="superior", body_name="Đoàn Khối", given_on=datetime.date(2026, 10, 4),
        text="Cập nhật hồ sơ đoàn viên", due_on=datetime.date(2026, 11, 30),
    )  # fmt: skip
    answer_direction(direction=given[0], version=1, by=office, on=datetime.date(2026, 10, 9), answer="Đã đủ")
    wrong = {}
    page = open_page(PHONE, account=office, javascript=javascript)
    page.goto(reverse("reports:direction_sending", args=[union.pk, given[0].sending]))
    wrong["sending"] = faults(page) if javascript else []
    page.get_by_role("link", name="Sửa cho tất cả").click()
    wrong["edit"] = faults(page) if javascript else []
    page.locator("#id_text").fill("Cập nhật hồ sơ và ảnh thẻ")
    page.locator(".savebar button", has_text="Lưu cho 2 đơn vị").click()
    says(page, "Đánh dấu ô dưới nếu vẫn sửa")
    expect(page.locator("#id_text")).to_have_value("Cập nhật hồ sơ và ảnh thẻ")
    page.get_by_label("Tôi biết các đơn vị này").check()
    page.locator(".savebar button", has_text="Lưu cho 2 đơn vị").click()
    says(page, "Đã sửa cho 2 đơn vị.", "body")
    page.get_by_role("link", name="Rút việc này khỏi mọi đơn vị").click()
    wrong["withdraw"] = faults(page) if javascript else []
    page.get_by_label("Vì sao rút").fill("Tỉnh đã làm tập trung")
    page.get_by_role("button", name="Rút việc đã giao").click()
    says(page, "0 trên 0 đơn vị xong, 2 đã rút")
    assert {one.withdraw_reason for one in Direction.objects.all()} == {"Tỉnh đã làm tập trung"}
    assert {name: found for name, found in wrong.items() if found} == {}
