"""The list as Excel: the same people as on the screen, inert, without what the reader may not see, and read back
by our own importer without a change.
"""

import datetime
import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from branches import member_export
from branches.models import Member, Precision, SensitiveAccess, SensitiveData
from tests.factories import MemberFactory, UnionFactory, UnitFactory, account_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def union():
    return UnionFactory(name="Đoàn Khối các cơ quan")


@pytest.fixture
def branch(union):
    return UnitFactory(superior=union, name="Chi đoàn Sở Thông tin", code="cd-so-thong-tin")


@pytest.fixture
def keeper(branch):
    return account_at(branch)


@pytest.fixture
def three(branch):
    full = {
        "full_name": "Nguyễn Thị Hồng Ánh", "sex": "female", "birth_date": datetime.date(2001, 3, 22),
        "national_code": "0101001234", "card_number": "TD-55", "admitted_on": datetime.date(2016, 3, 1),
        "admitted_precision": Precision.MONTH, "admitted_at": "THPT Chu Văn An", "job": "Chuyên viên",
        "education": "Đại học Luật", "education_level": "university", "politics": "Sơ cấp",
        "phone": "0912345678", "email": "anh@so.gov.vn", "address": "12 Lê Lợi, phường Tân Lợi", "hometown": "Nghệ An",
    }  # fmt: skip
    return [
        MemberFactory(home=branch, **full),
        MemberFactory(
            home=branch, full_name="Y Blik Niê", birth_date=datetime.date(1999, 1, 1), birth_precision=Precision.YEAR
        ),
        MemberFactory(home=branch, full_name="Trần Đào", sex="", birth_date=None),
    ]


def download(client, unit, query="", **said):
    url = reverse("branches:member_export", args=[unit.pk])
    return client.post(f"{url}{query}", {"shape": "rieng", **said})


def sheet(answer):
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/vnd.openxmlformats")
    return load_workbook(io.BytesIO(answer.content)).active


def people(answer, header="Họ và tên"):
    """The rows as dictionaries by their header."""
    rows = list(sheet(answer).iter_rows(values_only=True))
    start = next(place for place, row in enumerate(rows) if header in row)
    return [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]


# --- what is in it ----------------------------------------------------------------------------------


def test_our_own_columns_say_everything_as_it_is_known(client, branch, keeper, three):
    client.force_login(keeper)
    answer = download(client, branch)
    rows = people(answer)
    assert [row["Họ và tên"] for row in rows] == ["Nguyễn Thị Hồng Ánh", "Trần Đào", "Y Blik Niê"]
    assert rows[0] == {
        "Họ và tên": "Nguyễn Thị Hồng Ánh", "Ngày sinh": datetime.datetime(2001, 3, 22),  # noqa: DTZ001
        "Giới tính": "Nữ",
        "Mã đoàn viên": "0101001234", "Số thẻ": "TD-55", "Ngày vào Đoàn": "03/2016",
        "Nơi vào Đoàn": "THPT Chu Văn An", "Công việc chức vụ": "Chuyên viên", "Trình độ": "Đại học Luật",
        "Bậc trình độ": "Đại học", "Lý luận chính trị": "Sơ cấp", "Điện thoại": "0912345678",
        "Thư điện tử": "anh@so.gov.vn", "Nơi ở hiện nay": "12 Lê Lợi, phường Tân Lợi", "Quê quán": "Nghệ An",
        "Chi đoàn": "Chi đoàn Sở Thông tin", "Mã đơn vị": "cd-so-thong-tin",
    }  # fmt: skip
    assert (rows[2]["Ngày sinh"], rows[1]["Ngày sinh"]) == ("1999", None)
    # Text and not a number: a leading zero stays.
    assert sheet(answer)["L2"].data_type == "s"
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_file_has_the_people_of_the_screen(client, union, branch, keeper, three):
    MemberFactory(home=branch, full_name="Đã Rời", is_active=False)
    MemberFactory(home=UnitFactory(superior=union), full_name="Người Khác")
    client.force_login(keeper)
    for query in ({}, {"q": "anh"}, {"xem": "da-roi"}, {"nhom": "nu"}, {"gioi": "nam", "ngay": "01/01/2026"}):
        page = client.get(reverse("branches:member_list", args=[branch.pk]), query)
        shown = [row["name"] for row in page.context["rows"]]
        words = "&".join(f"{name}={value}" for name, value in query.items())
        assert [row["Họ và tên"] for row in people(download(client, branch, f"?{words}"))] == shown, query
        assert shown, query


def test_the_printed_list_in_the_usual_columns(client, branch, keeper, three):
    client.force_login(keeper)
    rows = people(download(client, branch, shape="trung-uong"))
    assert list(rows[0]) == [title for title, _ in member_export.NATIONAL_COLUMNS]
    assert [row["TT"] for row in rows] == [1, 2, 3]
    assert (rows[0]["Số CCCD"], rows[0]["Dân tộc"], rows[0]["Trình độ chuyên môn"]) == (None, None, "Đại học Luật")


# --- what is not in it ------------------------------------------------------------------------------


def test_contact_data_only_for_those_who_keep_the_register(client, union, branch, three):
    SensitiveData.objects.create(member=three[0], ethnicity="Ê Đê", personal_number="066099001234")
    for account in (account_at(union, "superior_office"), account_at(branch, "committee_member")):
        client.force_login(account)
        # Asking for the closed part does not give it to a reader.
        answers = [download(client, branch, shape=shape, with_closed="on") for shape in ("rieng", "trung-uong")]
        for answer in answers:
            text = str(people(answer))
            assert "Nguyễn Thị Hồng Ánh" in text
            for secret in ("0912345678", "anh@so.gov.vn", "Lê Lợi", "Nghệ An", "Ê Đê", "066099001234"):
                assert secret not in text
    assert not SensitiveAccess.objects.exists()


def test_the_closed_part_leaves_a_row_for_each_member_in_the_file(client, branch, keeper, three):
    SensitiveData.objects.create(
        member=three[0], ethnicity="Ê Đê", religion="Không", personal_number="066099001234",
        joined_party_on=datetime.date(2024, 1, 1), joined_party_precision=Precision.YEAR,
    )  # fmt: skip
    client.force_login(keeper)
    download(client, branch)
    assert not SensitiveAccess.objects.exists()
    row = people(download(client, branch, "?q=anh", with_closed="on"))[0]
    assert (row["Dân tộc"], row["Số căn cước"], row["Ngày vào Đảng"]) == ("Ê Đê", "066099001234", "2024")
    assert list(SensitiveAccess.objects.values_list("member", "account", "kind")) == [
        (three[0].pk, keeper.pk, "opened")
    ]
    printed = people(download(client, branch, shape="trung-uong", with_closed="on"))[0]
    assert (printed["Dân tộc"], printed["Tôn giáo"], printed["Số CCCD"]) == ("Ê Đê", "Không", "066099001234")
    assert SensitiveAccess.objects.count() == 4


def test_a_stranger_and_a_closed_group_get_no_file(client, union, branch, keeper, three):
    client.force_login(account_at(UnitFactory(superior=union)))
    assert download(client, branch).status_code == 404
    client.force_login(keeper)
    assert download(client, branch, "?nhom=dang-vien").status_code == 403


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r="])
def test_no_cell_is_a_formula(client, branch, keeper, sign):
    text = f'{sign}HYPERLINK("http://xau.example","An")'
    member = MemberFactory(home=branch)
    Member.objects.filter(pk=member.pk).update(
        full_name=text, job=text, national_code=text[:20], address=text, education=text, email=text
    )
    client.force_login(keeper)
    for shape in ("rieng", "trung-uong"):
        cells = [cell for row in sheet(download(client, branch, shape=shape)).iter_rows() for cell in row]
        found = [cell for cell in cells if "HYPERLINK" in str(cell.value)]
        assert len(found) >= 4
        assert {cell.data_type for cell in found} == {"s"}
        assert not any(cell.hyperlink for cell in cells)


# --- size -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_same_queries_for_any_number_of_rows(client, branch, keeper, rows, django_assert_num_queries):
    for _ in range(rows):
        MemberFactory(home=branch)
    client.force_login(keeper)
    # Session, account, posts, unit, number of rows, rows.
    with django_assert_num_queries(6):
        assert len(people(download(client, branch))) == rows


def test_more_rows_than_a_file_holds_are_refused_and_not_cut(client, branch, keeper, three, monkeypatch):
    monkeypatch.setattr("branches.views.member_lists.MOST_ROWS", 2)
    client.force_login(keeper)
    answer = download(client, branch)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Danh sách có 3 người, một tệp chứa tối đa 2." in answer.content.decode()


# --- and back ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("closed", [{}, {"with_closed": "on"}])
def test_our_own_file_read_back_changes_nothing(client, union, branch, keeper, three, tmp_path, closed):
    SensitiveData.objects.create(
        member=three[0], ethnicity="Ê Đê", religion="Không", personal_number="066099001234",
        joined_party_on=datetime.date(2024, 1, 1), joined_party_precision=Precision.YEAR,
    )  # fmt: skip
    client.force_login(keeper)
    file = tmp_path / "danh-sach.xlsx"
    file.write_bytes(download(client, branch, **closed).content)
    out = io.StringIO()
    call_command("import_members", file, unit=branch.code, dry_run=True, json=True, stdout=out)
    rows = [row for sheet in json.loads(out.getvalue())["sheets"] for row in sheet["rows"]]
    assert [(row["state"], row["problems"]) for row in rows] == [("same", [])] * 3


def test_a_superiors_file_reads_back_where_two_branches_have_one_name(client, union, tmp_path):
    office = [UnitFactory(superior=union, name="Chi đoàn Văn phòng", code=code) for code in ("vp-1", "vp-2")]
    for home in office:
        MemberFactory(home=home, full_name="Lê Thu An", birth_date=datetime.date(2001, 3, 22))
    client.force_login(account_at(union, "secretary"))
    file = tmp_path / "danh-sach.xlsx"
    file.write_bytes(download(client, union).content)
    out = io.StringIO()
    call_command("import_members", file, unit=union.code, dry_run=True, json=True, stdout=out)
    rows = [row for sheet in json.loads(out.getvalue())["sheets"] for row in sheet["rows"]]
    assert [(row["state"], row["unit"], row["problems"]) for row in rows] == [
        ("same", "vp-1", []),
        ("same", "vp-2", []),
    ]


# --- units ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("units", [1, 3, 30])
def test_units_below_as_a_file(client, union, units, django_assert_num_queries):
    group = UnionFactory(superior=union, name="Đoàn phường", code="phuong")
    for place in range(units):
        home = UnitFactory(superior=group, name=f"Chi đoàn {place:02}", code=f"cd-{place}")
        MemberFactory(home=home, sex="female", party_on=datetime.date(2020, 1, 1))
    MemberFactory(home=UnitFactory(name="Chi đoàn nơi khác"))
    client.force_login(account_at(union, "inspection_chair"))
    # Session, account, posts, unit, units, standing figures.
    with django_assert_num_queries(6):
        answer = client.get(reverse("branches:unit_export", args=[union.pk]))
    rows = people(answer, "Mã đơn vị")
    assert [row["Tên đơn vị"] for row in rows] == [
        "Đoàn Khối các cơ quan", "Đoàn phường", *(f"Chi đoàn {place:02}" for place in range(units)),
    ]  # fmt: skip
    assert [(row["Trực thuộc"], row["Đoàn viên"], row["Nữ"], row["Đảng viên"]) for row in rows[1:3]] == [
        ("Đoàn Khối các cơ quan", 0, 0, 0),
        ("Đoàn phường", 1, 1, 1),
    ]
    assert sum(row["Đoàn viên"] for row in rows) == units
