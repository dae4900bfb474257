"""The branch book of a year: its tables by hand, nothing missing, one query count, and who may have it."""

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from branches.models import (
    AgendaItem,
    Attendance,
    Award,
    Conclusion,
    DuesPayment,
    DuesReceipt,
    FundEntry,
    Meeting,
    Membership,
    Task,
)
from reports.branch_book import book_tables, years_of
from tests.factories import AccountFactory, MemberFactory, UnitFactory, account_at

pytestmark = pytest.mark.django_db
Day = datetime.date
TODAY = Day(2026, 11, 22)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    day_of = timezone.localdate
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *moment: day_of(*moment) if moment else TODAY)


def at(month, day, hour=8):
    return datetime.datetime(2026, month, day, hour, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def branch():
    """A branch of three: one has been here long, one was admitted in May, one matured in March."""
    unit, by = UnitFactory(kind="grassroots_branch", name="Chi đoàn Sở Nội vụ"), AccountFactory()
    long = MemberFactory(home=unit, full_name="Đỗ Thùy Chi", sex="female", birth_date=Day(1998, 5, 4), job="Văn thư")
    new = MemberFactory(home=unit, full_name="Lê Văn An", sex="male", birth_date=Day(2009, 1, 2), job="")
    new.memberships.update(starts_on=Day(2026, 5, 19), begin_reason="admitted", decision="05-QĐ/ĐTN")
    gone = MemberFactory(home=unit, full_name="Phạm Hải Yến", is_active=False, birth_date=Day(1995, 3, 1))
    gone.memberships.update(ends_on=Day(2026, 3, 26), end_reason="matured", end_decision="02-QĐ/ĐTN")
    guest = MemberFactory(home=UnitFactory(name="Chi đoàn Xã Đông"), full_name="Vũ Minh Đức")
    Membership.objects.create(
        member=guest, unit=unit, kind="temporary", starts_on=Day(2026, 9, 1), begin_reason="moved_in"
    )
    meeting = Meeting.objects.create(
        unit=unit, title="Sinh hoạt tháng 4", starts_at=at(4, 7), ends_at=at(4, 7, 9), state="held", created_by=by,
        roll_opened_at=at(4, 7),
    )  # fmt: skip
    for member, state in ((long, "present"), (gone, "excused")):
        Attendance.objects.create(
            meeting=meeting, member=member, name=member.full_name, sort_key="", state=state, marked_at=at(4, 7),
            marked_by=by,
        )  # fmt: skip
    item = AgendaItem.objects.create(meeting=meeting, position=1, title="Kế hoạch tháng 5")
    Conclusion.objects.create(item=item, position=1, text="Tổ chức 1 buổi chuyên đề")
    Meeting.objects.create(
        unit=unit,
        title="Sinh hoạt tháng 5",
        starts_at=at(5, 5),
        state="cancelled",
        cancel_reason="Mưa bão",
        created_by=by,
    )
    Task.objects.create(
        unit=unit, text="Chuẩn bị hội trường", owner=long, given_on=Day(2026, 4, 7), given_by=by,
        due_on=Day(2026, 4, 20),
        state="accepted", reported_on=Day(2026, 4, 18), result="Xong", closed_on=Day(2026, 4, 19), closed_by=by,
    )  # fmt: skip
    receipt = DuesReceipt.objects.create(
        unit=unit, year=2026, number=1, paid_on=Day(2026, 2, 5), total=10_000, written_by=by
    )
    for month in (1, 2):
        DuesPayment.objects.create(receipt=receipt, unit=unit, member=long, month=Day(2026, month, 1), amount=5_000)
    FundEntry.objects.create(
        unit=unit, kind="expense", dated_on=Day(2026, 4, 20), amount=4_000, text="Nước uống", document="PC 01",
        written_by=by,
    )  # fmt: skip
    Award.objects.create(
        unit=unit, member=long, kind="certificate", title="Thành tích Tháng Thanh niên", given_by="Tỉnh đoàn",
        number="12-QĐ/TĐTN", dated_on=Day(2026, 3, 26), year=2026, written_by=by,
    )  # fmt: skip
    return unit


def test_every_table_by_hand(branch):
    tables = {table.title: table for table in book_tables(branch, 2026, on=TODAY)}
    assert tables["Danh sách đoàn viên"].rows == [
        ("1", "Lê Văn An", "02/01/2009", "Nam", "-", "-", "-"),
        ("2", "Đỗ Thùy Chi", "04/05/1998", "Nữ", "-", "-", "Văn thư"),
    ]  # fmt: skip
    assert tables["Đoàn viên nơi khác đến sinh hoạt"].rows == [
        ("1", "Vũ Minh Đức", "Sinh hoạt tạm thời", "Chi đoàn Xã Đông", "01/09/2026", "-"),
    ]  # fmt: skip
    assert tables["Đoàn viên mới kết nạp, chuyển đến"].rows == [
        ("1", "Lê Văn An", "02/01/2009", "Kết nạp", "19/05/2026", "05-QĐ/ĐTN"),
    ]  # fmt: skip
    assert tables["Đoàn viên trưởng thành"].rows == [
        ("1", "Phạm Hải Yến", "01/03/1995", "Trưởng thành đoàn", "26/03/2026", "02-QĐ/ĐTN"),
    ]  # fmt: skip
    assert tables["Đoàn viên chuyển đi"].rows == []
    assert tables["Thu, chi quỹ chi đoàn"].last == ("", "", "Cộng", "", "10.000", "4.000", "6.000")
    assert tables["Theo dõi các buổi họp, sinh hoạt"].rows == [
        ("1", "07/04/2026", "Sinh hoạt tháng 4", "1/2", "Tổ chức 1 buổi chuyên đề", "-"),
        ("2", "05/05/2026", "Sinh hoạt tháng 5", "không họp", "Mưa bão", "-"),
    ]  # fmt: skip
    assert tables["Việc giao cho đoàn viên"].rows == [
        ("1", "Chuẩn bị hội trường", "Đỗ Thùy Chi", "20/04/2026", "Xong ngày 18/04/2026"),
    ]  # fmt: skip
    assert tables["Khen thưởng"].rows == [
        ("1", "Đỗ Thùy Chi", "Giấy khen: Thành tích Tháng Thanh niên", "Tỉnh đoàn", "12-QĐ/TĐTN", "26/03/2026"),
    ]  # fmt: skip
    dues = tables["Thu đoàn phí năm 2026"]
    chi = next(row for row in dues.rows if row[1] == "Đỗ Thùy Chi")
    assert (chi[2], chi[3], chi[4], chi[13], chi[-1]) == ("x", "x", "o", "-", "10.000")  # December has not come
    assert dues.last[-1] == "10.000"


def test_a_year_without_anything_says_so_in_every_table(branch):
    empty = UnitFactory(kind="branch")
    tables = book_tables(empty, 2026, on=TODAY)
    assert len(tables) == 13
    assert [table.title for table in tables if table.rows] == []
    assert all(table.nothing.endswith(".") or table.nothing.endswith("đồng.") for table in tables)


def test_the_list_of_a_past_year_is_that_of_its_last_day(branch):
    names = [row[1] for row in book_tables(branch, 2025, on=TODAY)[0].rows]
    assert names == ["Đỗ Thùy Chi", "Phạm Hải Yến"]


@pytest.mark.parametrize("count", [1, 3, 30])
def test_query_count_does_not_grow(count):
    unit = UnitFactory(kind="branch")
    by = AccountFactory()
    for place in range(count):
        member = MemberFactory(home=unit)
        meeting = Meeting.objects.create(
            unit=unit, title=f"Họp {place}", starts_at=at(1 + place % 9, 1 + place % 27), created_by=by
        )
        item = AgendaItem.objects.create(meeting=meeting, position=1, title="Việc")
        Conclusion.objects.create(item=item, position=1, text="Làm")
        Task.objects.create(unit=unit, text="Việc", owner=member, given_on=Day(2026, 4, 1), given_by=by)
        Award.objects.create(
            unit=unit, member=member, kind="title", title="Khen", given_by="Tỉnh đoàn", dated_on=Day(2026, 3, 1),
            year=2026, written_by=by,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        book_tables(unit, 2026, on=TODAY)
    assert len(queries) == QUERIES


QUERIES = 29


def test_the_book_is_one_pdf_for_those_who_read_the_register(branch, client):
    address = reverse("reports:branch_book_pdf", args=[branch.pk, 2026])
    client.force_login(account_at(branch))
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "SỔ CHI ĐOÀN" in text
    assert "13. Khen thưởng" in text
    assert "Số:" not in text
    assert f"/so-chi-doan/{2026}.pdf" in client.get(reverse("reports:report_list", args=[branch.pk])).content.decode()
    assert client.get(reverse("reports:branch_book_pdf", args=[branch.pk, 2031])).status_code == 404
    for stranger in (account_at(UnitFactory()), account_at(branch, "member"), account_at(branch, "party_secretary")):
        client.force_login(stranger)
        assert client.get(address).status_code == 404


def test_years_of_the_book_begin_with_the_first_member(branch):
    assert years_of(branch, TODAY)[0] == 2026
    assert years_of(UnitFactory(kind="branch"), TODAY) == [2026]


def test_groups_of_the_branch_stand_in_its_book_and_moving_between_them_is_no_arrival(branch):
    group, other = (UnitFactory(superior=branch, kind="sub_branch") for _ in range(2))
    moved = MemberFactory(home=other, full_name="Ngô Văn Nam", since=Day(2020, 1, 1))
    moved.memberships.update(unit=group, ends_on=Day(2026, 6, 1), end_reason="moved_out")
    Membership.objects.create(
        member=moved, unit=other, kind="official", starts_on=Day(2026, 6, 1), begin_reason="moved_in"
    )
    tables = {table.title: table for table in book_tables(branch, 2026, on=TODAY)}
    assert [row[1] for row in tables["Danh sách đoàn viên"].rows] == ["Lê Văn An", "Đỗ Thùy Chi", "Ngô Văn Nam"]
    assert [row[1] for row in tables["Đoàn viên mới kết nạp, chuyển đến"].rows] == ["Lê Văn An"]
    assert tables["Đoàn viên chuyển đi"].rows == []
    assert [row[1] for row in tables["Thu đoàn phí năm 2026"].rows] == [
        "Lê Văn An", "Đỗ Thùy Chi", "Ngô Văn Nam", "Phạm Hải Yến",
    ]  # fmt: skip


def test_the_fund_table_says_what_was_bought_and_a_month_paid_elsewhere_is_not_marked_here(branch):
    tables = {table.title: table for table in book_tables(branch, 2026, on=TODAY)}
    assert tables["Thu, chi quỹ chi đoàn"].rows[1][2] == "Nước uống"
    # Who came in May paid April where he was before: that month is no month of this branch.
    new, by = branch.members.get(full_name="Lê Văn An"), AccountFactory()
    before = UnitFactory()
    receipt = DuesReceipt.objects.create(
        unit=before, year=2026, number=1, paid_on=Day(2026, 4, 5), total=10_000, written_by=by
    )
    for month in (4, 6):
        DuesPayment.objects.create(receipt=receipt, unit=before, member=new, month=Day(2026, month, 1), amount=5_000)
    row = next(row for row in book_tables(branch, 2026, on=TODAY)[3].rows if row[1] == "Lê Văn An")
    assert row[5:8] == ("-", "-", "x")  # April, May (came on the 19th), June
