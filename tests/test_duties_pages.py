"""Pages of the duty calendar: who reads reasons, where each cell leads, reminding, Excel, and the phone."""

import datetime
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from branches.duties import exempt, say_not_held
from branches.models import DutyException, DutyReminder, DutyType, DutyWord

from .browsing import Looker
from .conftest import DESKTOP, PHONE
from .factories import UnitFactory, account_at
from .test_duties import MEETING, SLIP, TODAY, Scene, on, today_is


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    today_is(monkeypatch, TODAY)


@pytest.fixture
def scene(db):
    scene = Scene()
    scene.other = UnitFactory(superior=scene.union, name="Chi đoàn Thanh tra")
    for month in range(1, 11):
        scene.meet(month, 7, unit=scene.other)
    scene.held = scene.meet(1, 15)
    scene.not_held(3)
    return scene


@pytest.fixture
def read(client):
    def _read(account, name, *args, query=""):
        client.force_login(account)
        answer = client.get(f"{reverse(name, args=args)}{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    return _read


def cell_args(scene, month, code=MEETING):
    return scene.branch.pk, code, f"2026-{month:02d}-01"


def test_cells_of_the_branch_lead_to_what_stands_behind_them(scene, read):
    page = read(scene.secretary, "reports:duty_calendar", scene.branch.pk)
    assert f'href="{reverse("branches:meeting", args=[scene.held.pk])}"' in page
    assert "Sinh hoạt chi đoàn tháng 1: đã họp ngày 15/01/2026" in page
    assert "Sinh hoạt chi đoàn tháng 3: không họp: Cả chi đoàn đi công tác" in page
    assert "Sinh hoạt chi đoàn tháng 2: chưa báo" in page
    assert 'Đã làm <b>1</b> trên 12 kỳ · <b class="is-word-silent">8 kỳ chưa báo</b>' in page
    silent = read(scene.secretary, "reports:duty_cell", *cell_args(scene, 2))
    for words in ("Ghi buổi sinh hoạt", "Ghi lý do không họp"):
        assert words in silent
    assert "Miễn kỳ này" not in silent
    above = read(scene.office, "reports:duty_cell", *cell_args(scene, 2))
    assert "Miễn kỳ này" in above
    assert "Ghi lý do không họp" not in above


def test_inspectors_see_where_it_stands_and_not_what_people_typed(scene, read):
    inspector = account_at(scene.union, "inspection_member")
    for page in (
        read(inspector, "reports:duty_calendar", scene.branch.pk),
        read(inspector, "reports:duty_board", scene.union.pk),
        read(inspector, "reports:duty_cell", *cell_args(scene, 3)),
    ):
        assert "không họp" in page.lower()
        assert "Cả chi đoàn đi công tác" not in page
        assert reverse("branches:meeting", args=[scene.held.pk]) not in page
        assert "Nhắc " not in page
    assert "Cả chi đoàn đi công tác" in read(scene.office, "reports:duty_cell", *cell_args(scene, 3))


def test_party_committee_reads_how_often_and_no_word_that_was_typed(scene, read):
    for account, unit, address in (
        (account_at(scene.branch, "party_secretary"), scene.branch, "reports:duty_calendar"),
        (account_at(scene.union, "party_secretary"), scene.union, "reports:duty_board"),
    ):
        summary = read(account, "reports:party_summary", unit.pk)
        section = summary.split('id="dinh-ky"')[1].split("</section>")[0]
        done, owed = ("1", "12 kỳ") if unit == scene.branch else ("11", "24 lượt đơn vị")
        assert f">{done}</a> trên {owed} của cả năm" in section
        assert "8 chưa báo" in section
        assert "của cả năm, 1 không làm, có lý do</p>" in section
        assert section.count("Không chậm") == 1  # the yearly report is due on 30/11
        assert reverse(address, args=[unit.pk]) in section
        behind = read(account, address, unit.pk)
        assert "không họp" in behind
        assert "đi công tác" not in summary + behind


def test_board_shows_the_late_first_and_counts_each_month(scene, read):
    page = read(scene.office, "reports:duty_board", scene.union.pk)
    assert page.index(scene.branch.name) < page.index(scene.other.name)
    assert "Nhắc 1 đơn vị chưa xong" in page
    assert '<span class="fig">2/2</span>' in page  # January
    by_name = read(scene.office, "reports:duty_board", scene.union.pk, query="?xep=ten")
    assert by_name.index(scene.branch.name) < by_name.index(scene.other.name)
    month = read(scene.office, "reports:duty_board", scene.union.pk, query="?thang=10")
    for words in ("việc đến hạn trong tháng 10", "Trích nộp đoàn phí quý III: chưa nộp"):
        assert words in month
    assert "Báo cáo sáu tháng" not in month.split("<thead")[1]


def test_only_the_late_are_reminded_once_a_day_and_find_who_did(scene, read, client):
    client.force_login(scene.office)
    address = f"{reverse('reports:duty_remind', args=[scene.union.pk])}?viec={MEETING}"
    assert client.post(address).status_code == 302
    assert set(DutyReminder.objects.values_list("unit", flat=True)) == {scene.branch.pk}
    count = DutyReminder.objects.count()
    assert count == 8  # 2, 4 to 10
    client.post(address)
    assert DutyReminder.objects.count() == count
    board = read(scene.office, "reports:duty_board", scene.union.pk)
    assert "Đã nhắc hôm nay" in board
    assert "Nhắc 1 đơn vị" not in board
    assert "Trần Văn Phòng nhắc ngày 22/11/2026" in read(scene.secretary, "reports:home", query="?tat-ca")


def test_branch_says_why_and_takes_it_back(scene, client):
    client.force_login(scene.secretary)
    said = reverse("reports:duty_not_held", args=cell_args(scene, 2))
    key = "11111111-1111-4111-8111-111111111111"
    assert client.post(said, {"reason": "Tết Nguyên đán", "form_key": key}).status_code == 302
    word = DutyWord.objects.get(starts_on=on(2))
    assert (word.said, word.reason, word.written_by) == ("not_held", "Tết Nguyên đán", scene.secretary)
    back = reverse("reports:duty_take_back", args=cell_args(scene, 2))
    client.post(back, {"form_key": key.replace("1", "2")})
    assert not DutyWord.objects.filter(starts_on=on(2)).exists()


def test_exemption_belongs_to_the_superior(scene, client):
    client.force_login(scene.secretary)
    assert client.get(reverse("reports:duty_exempt", args=cell_args(scene, 2))).status_code == 403
    exempt(by=scene.office, unit=scene.branch, code=MEETING, starts_on=on(2), reason="Bầu cử")
    back = reverse("reports:duty_take_back", args=cell_args(scene, 2))
    assert client.get(back).status_code == 403
    client.force_login(scene.office)
    assert client.get(back).status_code == 200
    # What the branch said itself is the branch's to take back.
    assert client.get(reverse("reports:duty_take_back", args=cell_args(scene, 3))).status_code == 403


def test_another_rhythm_is_written_and_read(scene, client, read):
    client.force_login(scene.office)
    address = reverse("reports:duty_exception", args=[scene.branch.pk, MEETING])
    said = {"rhythm": "quarter", "starts_on": "01/04/2026", "last_day": "30/06/2026", "reason": "Phân tán",
            "form_key": "11111111-1111-4111-8111-111111111111"}  # fmt: skip
    assert client.post(address, {key: value for key, value in said.items() if key != "rhythm"}).status_code == 200
    assert client.post(address, said).status_code == 302
    row = DutyException.objects.get()
    assert (row.starts_on, row.ends_on, row.written_by) == (on(4), on(7), scene.office)
    page = read(scene.secretary, "reports:duty_cell", scene.branch.pk, MEETING, "2026-04-01")
    assert "đến hết 30/06/2026" in page
    assert "Thôi nhịp riêng" not in page


def test_name_of_a_strangers_duty_is_told_to_nobody(scene, client):
    stranger = account_at(UnitFactory())
    duty = DutyType.objects.create(
        code="rieng-9-1", name="Việc kín của nơi khác", rhythm="month", fulfilled_by="hand", unit_kinds=["branch"],
        owner=stranger.posts.get().unit, starts_on=on(1),
    )  # fmt: skip
    client.force_login(scene.office)
    assert client.get(reverse("reports:duty_exception", args=[scene.branch.pk, duty.code])).status_code == 404
    assert client.get(reverse("reports:duty_cell", args=cell_args(scene, 2, duty.code))).status_code == 404
    assert client.get(reverse("reports:duty_type_end", args=[duty.pk])).status_code == 404


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "0001-01-01", "2026-02-02", "x"])
def test_address_of_no_period_is_not_found(scene, client, day):
    client.force_login(scene.secretary)
    assert client.get(reverse("reports:duty_cell", args=[scene.branch.pk, MEETING, day])).status_code == 404


def test_excel_says_what_the_board_says(scene, client):
    client.force_login(scene.office)
    answer = client.get(reverse("reports:duty_board_xlsx", args=[scene.union.pk]))
    rows = [list(row) for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)]
    assert rows[0][0] == "Sinh hoạt chi đoàn, năm 2026"
    table = {row[0]: row for row in rows[4:]}
    assert table["Chi đoàn Sở Tư pháp"][1:8] == [
        1, 12, 8, "đã họp ngày 15/01/2026", "chưa báo", "không họp: Cả chi đoàn đi công tác", "chưa báo",
    ]  # fmt: skip
    assert table["Chi đoàn Thanh tra"][1:4] == [10, 12, 0]
    assert table["Cộng"][1:5] == [11, 24, 8, "2 trên 2"]


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_board_page_asks_the_same_for_any_number_of_units(scene, rows, client, django_assert_num_queries):
    for _ in range(rows - 1):
        UnitFactory(superior=scene.union)
    client.force_login(scene.office)
    with django_assert_num_queries(10):
        assert client.get(reverse("reports:duty_board", args=[scene.union.pk])).status_code == 200


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_superior_reminds_and_branch_answers_on_a_phone(open_page):
    scene = Scene()
    for number in range(3):
        UnitFactory(superior=scene.union, name=f"Chi đoàn Cơ quan chuyên môn thuộc Ủy ban nhân dân tỉnh số {number}")
    scene.meet(1, 15)
    scene.exception("quarter", on(7))
    say_not_held(by=scene.secretary, unit=scene.branch, code=SLIP, starts_on=on(1), reason="Chưa thu được", on=TODAY)
    looker = Looker("duties")
    for width in (PHONE, DESKTOP):
        tab = open_page(width, scene.office)
        for query in ("", f"?viec={SLIP}", "?thang=10"):
            tab.goto(f"/don-vi/{scene.union.pk}/viec-dinh-ky/truc-thuoc/{query}")
            looker.at(tab, f"board{query.replace('?', '-').replace('=', '-')}")
        tab.goto(f"/don-vi/{scene.union.pk}/viec-dinh-ky/giao/")
        looker.at(tab, "types")
        tab.goto(f"/don-vi/{scene.union.pk}/viec-dinh-ky/giao/moi/")
        looker.at(tab, "type-new")
        tab.goto(f"/don-vi/{scene.branch.pk}/viec-dinh-ky/{MEETING}/nhip-rieng/")
        looker.at(tab, "exception")
    tab = open_page(PHONE, scene.office)
    tab.goto(f"/don-vi/{scene.union.pk}/viec-dinh-ky/truc-thuoc/")
    tab.get_by_role("button", name="Nhắc 4 đơn vị chưa xong").click()
    tab.get_by_text("Đã nhắc 4 đơn vị").wait_for()
    assert DutyReminder.objects.values("unit").distinct().count() == 4
    tab = open_page(PHONE, scene.secretary)
    tab.goto(f"/don-vi/{scene.branch.pk}/viec-dinh-ky/")
    looker.at(tab, "strip")
    tab.get_by_role("link", name="Sinh hoạt chi đoàn tháng 2: chưa báo").click()
    looker.at(tab, "cell")
    tab.get_by_role("link", name="Ghi lý do không họp").click()
    tab.get_by_label("Lý do").fill("Tết Nguyên đán")
    looker.at(tab, "reason")
    tab.get_by_role("button", name="Lưu lý do").click()
    tab.get_by_text("Đã ghi lý do.").wait_for()
    assert DutyWord.objects.get(starts_on=datetime.date(2026, 2, 1), code=MEETING).reason == "Tết Nguyên đán"
    tab.goto("/thu-nhac/")
    looker.at(tab, "letter")
    assert looker.wrong == {}
