"""The main job of the link in a real browser, on a phone: prove who one is, correct, send; the keeper takes it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from branches.models import Consent, Member, ProposedValue
from branches.self_correcting import make_link
from tests.browsing import faults, says
from tests.conftest import DESKTOP, PHONE

from .factories import MemberFactory, UnionFactory, UnitFactory, account_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("javascript", [True, False])
def test_member_corrects_the_own_record_and_the_keeper_takes_it(open_page, javascript):
    branch = UnitFactory(superior=UnionFactory(), name="Chi đoàn Sở Tư pháp")
    secretary = account_at(branch)
    member = MemberFactory(
        home=branch, full_name="Lê Thu An", birth_date=datetime.date(2001, 5, 19), phone="0912345678", job="Văn thư"
    )
    _, token = make_link(unit=branch, by=secretary, now=timezone.now())
    wrong = {}

    phone = open_page(PHONE, javascript=javascript)
    phone.goto(reverse("branches:self_correction", args=[token]))
    wrong["who"] = faults(phone) if javascript else []
    phone.get_by_label("Họ và tên").fill("le thu an")
    phone.get_by_label("Ngày sinh").fill("19052001")
    phone.get_by_label("4 số cuối").fill("1111")
    phone.get_by_role("button", name="Mở hồ sơ của tôi").click()
    says(phone, "Chưa khớp")
    phone.get_by_label("4 số cuối").fill("5678")
    phone.get_by_role("button", name="Mở hồ sơ của tôi").click()
    expect(phone.locator("h1")).to_have_text("Lê Thu An")
    wrong["record"] = faults(phone) if javascript else []

    job = phone.locator("fieldset.row", has_text="Công việc, chức vụ")
    expect(phone.locator("#id_job")).to_be_hidden()
    job.locator("label", has_text="Sửa").click()
    phone.locator("#id_job").fill("Chấp hành viên")
    phone.get_by_label("Nơi ở hiện nay").fill("12 Lê Duẩn")
    phone.locator("label", has_text="Đồng ý").first.click()
    phone.get_by_role("button", name="Gửi cho Bí thư").click()
    expect(phone.locator("h1")).to_have_text("Đã gửi cho Bí thư")
    says(phone, "Chấp hành viên")
    wrong["sent"] = faults(phone) if javascript else []
    with phone.expect_navigation():
        phone.get_by_role("button", name="Đóng hồ sơ").click()
    phone.goto(reverse("branches:self_correction_sent", args=[token]))
    expect(phone.locator("h1")).to_have_text("Bạn là ai?")
    assert Consent.objects.get().given

    desk = open_page(PHONE if javascript else DESKTOP, account=secretary, javascript=javascript)
    desk.goto(reverse("branches:proposals", args=[branch.pk]))
    wrong["proposals"] = faults(desk) if javascript else []
    rows = {row.field: row.pk for row in ProposedValue.objects.all()}
    desk.locator(f'label:has(input[name="quyet-{rows["job"]}"][value="nhan"])').click()
    desk.locator(f'label:has(input[name="quyet-{rows["address"]}"][value="khong"])').click()
    desk.locator(f"#ly-do-{rows['address']}").fill("Đây là nơi làm việc")
    desk.get_by_role("button", name="Lưu lựa chọn").click()
    says(desk, "Đã nhận 1 ô, không nhận 1 ô.")
    found = Member.objects.get(pk=member.pk)
    assert (found.job, found.address) == ("Chấp hành viên", "")
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_keepers_pages_have_no_faults(open_page, width):
    branch = UnitFactory(superior=UnionFactory(), kind="grassroots_branch")
    member = MemberFactory(home=UnitFactory(superior=branch, kind="sub_branch"))
    page = open_page(width, account=account_at(branch))
    wrong = {}
    for name, pk in (
        ("self_service", branch.pk), ("self_link_new", branch.pk), ("completeness", branch.pk), ("consent", member.pk),
        ("data_request_list", branch.pk), ("data_request_new", branch.pk), ("anonymise_list", branch.pk),
        ("anonymise", member.pk), ("member", member.pk),
    ):  # fmt: skip
        page.goto(reverse(f"branches:{name}", args=[pk]))
        wrong[name] = faults(page)
    page.goto(reverse("branches:self_link_new", args=[branch.pk]))
    page.get_by_role("button", name="Tạo liên kết").click()
    expect(page.locator("svg.qr")).to_be_visible()
    wrong["made"] = faults(page)
    assert {name: found for name, found in wrong.items() if found} == {}
