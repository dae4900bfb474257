"""The demo as its people meet it: what waits for each account, the letters, and cases A and D on their pages."""

import datetime
import html
import re

import pytest
from django.urls import reverse

from branches.models import Account
from inspections.models import Complaint, ComplaintAccess, Inspection, RoomTake

from .demo_world import TODAY, standing

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("province")]
TAG = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def province(django_db_setup, django_db_blocker, tmp_path_factory):
    yield from standing(django_db_setup, django_db_blocker, tmp_path_factory)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


@pytest.fixture
def read(client):
    """read(username, address): the words of the page as this account reads it."""

    def _read(username: str, address: str) -> str:
        client.force_login(Account.objects.get(username=username))
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        return " ".join(html.unescape(TAG.sub(" ", answer.content.decode())).split())

    return _read


# Who, and what the home page names as the next thing, typed by hand from the demo's story.
NEXT = {
    "ubkt": (
        "Thông báo kết luận: Kiểm tra công tác Đoàn và phong trào thanh niên",
        "Làm việc với đơn vị: Kiểm tra công tác đoàn viên Chi đoàn Sở Tài nguyên và Môi trường",
        "Kiểm tra kiến nghị: Ghi đủ số liệu sáng kiến, tin, bài trong năm.",
        "Trả lời xin gia hạn: Gắn minh chứng cho mọi hoạt động trong sổ hoạt động.",
        "1 đơn thư sắp đến hạn",
    ),
    "bithu": (
        "Gửi báo cáo cho đoàn kiểm tra: Kiểm tra việc thu, nộp và sử dụng đoàn phí",
        "Làm tiếp kiến nghị: Giao mỗi ủy viên Ban Chấp hành theo dõi một nhóm chỉ tiêu.",
    ),
    "bithu-cntt": ("Trả lời kiến nghị: Tách buổi sinh hoạt khỏi họp chuyên môn, mỗi quý một buổi chuyên đề.",),
    "ubkt-botuphap": ("Kiểm tra kiến nghị: Phân công người giữ tài khoản và người thay thế.",),
    "bithu-xaylap": (
        "Trả lời kiến nghị: Tham mưu chi bộ kế hoạch phát triển đảng viên hằng năm.",
        "Trả lời kiến nghị, kỳ 2/5: Định kỳ báo cáo cấp ủy sự tiến bộ của từng đoàn viên ưu tú.",
    ),
    "ubkt-tanphong": ("Kiến nghị 3 với Đoàn Công ty Cổ phần Xây lắp Tân Phong, hạn 31/01/2023",),
}  # fmt: skip


@pytest.mark.parametrize("username", NEXT)
def test_home_names_the_next_step(read, username):
    home = read(username, "/?tat-ca=1")
    assert [words for words in NEXT[username] if words not in home] == []


@pytest.mark.parametrize("username", ["doancaptren", "capuy", "bithu-thads", "quantri", "danguykhoi", "bithu-detmay"])
def test_everybody_else_has_a_home(read, username):
    read(username, "/")


def test_the_unit_of_another_case_is_not_told(read):
    """A negative control of the test above: what waits for one does not wait for all."""
    assert "Gửi báo cáo cho đoàn kiểm tra" not in read("bithu-cntt", "/?tat-ca=1")


# --- cases A and D ------------------------------------------------------------------------------------


def at(code: str, day: datetime.date, name: str = "inspection") -> str:
    return reverse(f"inspections:{name}", args=[Inspection.objects.get(unit__code=code, visited_on=day).pk])


A, D = datetime.date(2019, 11, 28), datetime.date(2022, 7, 8)


@pytest.mark.parametrize("username", ["ubkt-botuphap", "bithu-cntt"])
def test_case_a_on_its_page(read, username):
    page = read(username, at("cuc-cntt", A))
    for words in (
        "Đã kết thúc", "Kiến nghị 3, đã khép 3", "hạn 15/12/2020, gốc 30/06/2020, gia hạn 1 lần",
        "Nhận định 2 ưu điểm, 4 hạn chế", "05/12/2019 · 11-TB/ĐTN-UBKT", "28/02/2019 · 02-KH/ĐTN-UBKT",
        "Theo dõi kiến nghị Đã khép 3/3", "Kết thúc hồ sơ 22/01/2021",
    ):  # fmt: skip
        assert words in page, words


def test_case_a_checklist_on_its_page(read):
    page = read("ubkt-botuphap", at("cuc-cntt", A, "case_checklist"))
    for words in ("94 trên 140 điểm (67,1%)", "họp 3 trên 10 kỳ phải họp, 7 kỳ chưa báo (30%)"):
        assert words in page, words


def test_case_a_papers_on_their_page(read):
    page = read("ubkt-botuphap", at("cuc-cntt", A, "papers"))
    for number in ("27-QĐ/ĐTN-UBKT", "19-KH/ĐTN-UBKT", "01-BB/ĐKT", "01-BC/ĐKT", "11-TB/ĐTN-UBKT", "08-CV/ĐTN-UBKT",
                   "09-BC/CĐ", "03-BC/ĐTN-UBKT"):  # fmt: skip
        assert number in page, number


def test_case_d_on_its_pages(read):
    closed = read("ubkt-tanphong", at("det-may", D))
    assert "Kiến nghị 4, đã khép 4" in closed
    owing = read("bithu-xaylap", at("xay-lap", D))
    for words in ("Kiến nghị 4, đã khép 1", "Chấp nhận chưa thực hiện", "31/12/2026", "53-TB/UBKT"):
        assert words in owing, words


# --- letters and the evidence room --------------------------------------------------------------------


def test_letters_of_the_committee(read):
    rows = Complaint.objects.order_by("number").values_list("number", "kind", "state", "unit__code")
    assert list(rows) == [
        (1, "denunciation", "answered", "so-ldtbxh"),
        (2, "petition", "taken_up", "vp-ubnd"),
        (3, "complaint", "forwarded", "tt-hanh-chinh-cong"),
    ]
    answered = Complaint.objects.get(number=1)
    assert (answered.inspection.state, answered.inspection.inspection_kind) == ("closed", "violation_sign")
    assert answered.inspection.findings.filter(kind="violation").count() == 1
    before = ComplaintAccess.objects.count()
    page = read("ubkt", reverse("inspections:complaint", args=[answered.pk]))
    assert "Chi đoàn đã ghi bù phiếu thu và công khai sổ quỹ." in page
    assert ComplaintAccess.objects.count() == before + 1


@pytest.mark.parametrize("username", ["bithu", "doancaptren", "capuy", "ubkt-tanphong"])
def test_letters_are_nobody_else_s(client, username):
    client.force_login(Account.objects.get(username=username))
    letter = Complaint.objects.get(number=1)
    assert client.get(reverse("inspections:complaint", args=[letter.pk])).status_code == 404


def test_a_room_was_taken(read):
    take = RoomTake.objects.get()
    assert (take.inspection.unit.code, take.made_by.username) == ("so-tu-phap", "ubkt-uyvien")
    page = read("ubkt", reverse("reports:evidence_room", args=[take.inspection_id]))
    assert "Kế hoạch, chỉ tiêu và kết quả" in page
