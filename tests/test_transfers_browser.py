"""A transfer from end to end in a real browser on a phone: introduced, seen on the other side, taken in."""

import datetime

import pytest
from playwright.sync_api import expect

from branches.models import Member, Transfer
from tests.browsing import Looker
from tests.conftest import PHONE
from tests.factories import MemberFactory, UnionFactory, UnitFactory, account_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_member_moves_when_the_target_takes_in(open_page, javascript):
    source = UnitFactory(superior=UnionFactory(name="Đoàn Khối các cơ quan"), name="Chi đoàn Sở Thông tin")
    target = UnitFactory(superior=UnionFactory(name="Đoàn xã Ea Kao"), name="Chi đoàn Buôn Kao")
    member = MemberFactory(home=source, full_name="Lê Thu An", since=datetime.date(2020, 1, 1))
    looker = Looker("transfer")

    sender = open_page(PHONE, account_at(source), javascript=javascript)
    sender.goto(f"/doan-vien/{member.pk}/")
    sender.get_by_role("link", name="Chuyển sinh hoạt").click()
    sender.get_by_label("Nhận xét của chi đoàn").fill("Gương mẫu, nhiệt tình")
    sender.get_by_label("Nơi chuyển đến").fill("buon kao")
    sender.get_by_role("button", name="Tìm nơi đến").click()
    # What was typed before the search is still there.
    expect(sender.get_by_label("Nhận xét của chi đoàn")).to_have_value("Gương mẫu, nhiệt tình")
    sender.get_by_label("Chi đoàn Buôn Kao, Đoàn xã Ea Kao").check()
    sender.get_by_label("Đã đóng đoàn phí đến hết tháng").fill("10/2026")
    if javascript:
        looker.at(sender, "introducing")
    sender.get_by_role("button", name="Gửi giới thiệu").last.click()
    expect(sender.get_by_text("Chờ nơi đến tiếp nhận")).to_be_visible()
    assert Member.objects.get().home == source

    receiver = open_page(PHONE, account_at(target), javascript=javascript)
    receiver.goto("/?tat-ca")  # a branch without a word all year has other things first
    receiver.get_by_role("link", name="Xem giấy giới thiệu").click()
    expect(receiver.get_by_text("Gương mẫu, nhiệt tình")).to_be_visible()
    if javascript:
        looker.at(receiver, "seen")
    receiver.get_by_role("link", name="Tiếp nhận đoàn viên").click()
    receiver.get_by_role("button", name="Tiếp nhận Lê Thu An").click()
    expect(receiver.get_by_role("heading", name="Lê Thu An")).to_be_visible()

    assert Transfer.objects.get().state == "accepted"
    assert Member.objects.get().home == target
    sender.goto(f"/don-vi/{source.pk}/chuyen-sinh-hoat/")
    expect(sender.get_by_text("Đã tiếp nhận")).to_be_visible()
    assert looker.wrong == {}
