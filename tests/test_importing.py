"""The importer from file to register: whole or not at all, twice harmless, undone as a whole; by page and command."""

import datetime
import io
import json
import uuid

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from branches.enrolling import change_member
from branches.importing.applying import ListRefused
from branches.importing.deciding import apply_import, decide_row
from branches.importing.reading import read_sheets
from branches.importing.staging import PORTION, choose_columns, read_on, start_import
from branches.importing.undoing import undo_import
from branches.models import ImportRow, Member, MemberImport, Membership, SensitiveAccess, SensitiveData, Unit
from tests.factories import MemberFactory, ParticipationFactory, UnionFactory, UnitFactory, account_at

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 22)
JANUARY = datetime.date(2026, 1, 1)
HEADER = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Chức vụ", "Dân tộc", "Điện thoại")
AN = (1, "Lê Thu An", "22/03/2001", "Nữ", "Văn thư", "Kinh", "912345678")
BINH = (2, "Vũ Bình", "1999", "Nam", "", "Tày", "")
WRONG = (3, "Đỗ Cường", "31/02/2000", "Nam", "", "", "")


def workbook(*rows, title="Danh sách", header=HEADER) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    sheet.append(["CHI ĐOÀN SỞ THÔNG TIN"])
    sheet.append(["DANH SÁCH ĐOÀN VIÊN NĂM 2026"])
    sheet.append(header)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def branch():
    return UnitFactory(superior=UnionFactory(), name="Chi đoàn Sở Thông tin", code="so-tttt")


@pytest.fixture
def secretary(branch):
    return account_at(branch)


def staged(unit, by, *rows, **more) -> MemberImport:
    """A list that stands at the preview."""
    return staged_file(unit, by, workbook(*rows, **more))


def staged_file(unit, by, content: bytes) -> MemberImport:
    source = start_import(
        unit=unit, by=by, name="danh sach.xlsx", content=content, sheets=read_sheets(content, "x.xlsx"), on=TODAY
    )
    choices = [
        {
            "taken": sheet["taken"],
            "unit": sheet["unit"],
            "header_rows": sheet["header_rows"],
            "columns": {column["index"]: column["field"] for column in sheet["columns"]},
        }
        for sheet in source.sheets
    ]
    source = choose_columns(source=source, version=source.version, choices=choices, starts_on=JANUARY, today=TODAY)
    while source.state == MemberImport.State.READING:
        source = read_on(source=source, by=by, today=TODAY)
    return source


def states(source) -> list[tuple[int, str]]:
    return list(source.rows.order_by("number").values_list("number", "state"))


def test_a_list_becomes_a_register(branch, secretary):
    source = staged(branch, secretary, AN, BINH)
    assert states(source) == [(4, "new"), (5, "new")]
    assert Member.objects.count() == 0
    result = apply_import(source=source, by=secretary, today=TODAY, leave_out=False)
    assert result == {"new": 2, "changed": 0}
    an, binh = Member.objects.order_by("sort_key")
    assert (an.full_name, an.birth_date, an.sex, an.phone, an.job, an.home) == (
        "Lê Thu An", datetime.date(2001, 3, 22), "female", "0912345678", "Văn thư", branch,
    )  # fmt: skip
    assert (binh.birth_date, binh.birth_precision, binh.phone) == (datetime.date(1999, 1, 1), "year", "")
    spans = Membership.objects.order_by("member__sort_key").values_list("member", "unit", "starts_on", "begin_reason")
    assert list(spans) == [(an.pk, branch.pk, JANUARY, "registered"), (binh.pk, branch.pk, JANUARY, "registered")]
    assert SensitiveData.objects.get(member=binh).ethnicity == "Tày"
    assert an.history.get().history_user == secretary
    source.refresh_from_db()
    assert (source.state, source.file.name, source.counts["new"]) == ("applied", "", 2)
    assert not ImportRow.objects.exclude(cells={}).exists()  # what was in the file is in the register only


def test_the_same_list_again_changes_nothing(client, branch, secretary):
    apply_import(source=staged(branch, secretary, AN, BINH), by=secretary, today=TODAY, leave_out=False)
    again = staged(branch, secretary, AN, BINH)
    assert states(again) == [(4, "same"), (5, "same")]
    with pytest.raises(ListRefused, match="Không có gì để nhập"):
        apply_import(source=again, by=secretary, today=TODAY, leave_out=False)
    assert set(Member.objects.values_list("version", flat=True)) == {1}
    client.force_login(secretary)
    page = client.get(reverse("branches:import", args=[again.pk])).content.decode()
    assert "Không có gì mới để nhập" in page
    assert "Nhập 0 người mới" not in page


def test_changes_are_written_with_history_and_blank_cells_erase_nothing(branch, secretary):
    member = MemberFactory(
        home=branch, full_name="Lê Thu An", birth_date=datetime.date(2001, 3, 22), job="Kế toán", address="Tổ 3"
    )
    source = staged(branch, secretary, AN)
    assert states(source) == [(4, "changed")]
    apply_import(source=source, by=secretary, today=TODAY, leave_out=False)
    member.refresh_from_db()
    assert (member.job, member.address, member.phone, member.version) == ("Văn thư", "Tổ 3", "0912345678", 2)
    assert member.history.first().job == "Văn thư"
    assert member.sensitive.ethnicity == "Kinh"
    access = SensitiveAccess.objects.get()
    assert (access.account, access.kind, access.member) == (secretary, "changed", member)


def test_a_wrong_row_keeps_the_list_out_until_somebody_says_to_leave_it(branch, secretary):
    source = staged(branch, secretary, AN, WRONG)
    assert states(source) == [(4, "new"), (5, "error")]
    with pytest.raises(ListRefused, match="Còn 1 dòng"):
        apply_import(source=source, by=secretary, today=TODAY, leave_out=False)
    assert Member.objects.count() == 0
    apply_import(source=source, by=secretary, today=TODAY, leave_out=True)
    assert Member.objects.get().full_name == "Lê Thu An"
    source.refresh_from_db()
    assert source.file.name
    assert states(source) == [(5, "error")]


def test_a_cell_corrected_in_the_preview_is_read_anew(branch, secretary):
    source = staged(branch, secretary, WRONG)
    [row] = source.rows.all()
    assert row.problems[0]["code"] == "no_such_day"
    row = decide_row(row=row, by=secretary, today=TODAY, typed={"birth_date": "32/1/2000"})
    assert row.state == "error"
    row = decide_row(row=row, by=secretary, today=TODAY, typed={"birth_date": "28/02/2000"})
    assert (row.state, row.values["birth_date"], row.problems) == ("new", "2000-02-28", [])
    apply_import(source=source, by=secretary, today=TODAY, leave_out=False)
    assert Member.objects.get().birth_date == datetime.date(2000, 2, 28)


def test_a_wrong_cell_may_be_left_out(branch, secretary):
    source = staged(branch, secretary, WRONG)
    row = decide_row(row=source.rows.get(), by=secretary, today=TODAY, typed={"birth_date": ""})
    assert row.state == "new"
    apply_import(source=source, by=secretary, today=TODAY, leave_out=False)
    assert Member.objects.get().birth_date is None


def test_an_unsure_row_waits_for_a_choice(branch, secretary):
    member = MemberFactory(home=branch, full_name="Lê Thu An", birth_date=datetime.date(2001, 3, 23))
    other = MemberFactory(home=branch)
    source = staged(branch, secretary, AN)
    [row] = source.rows.all()
    assert (row.state, row.candidates) == ("unsure", [member.pk])
    with pytest.raises(ListRefused, match="Hãy chọn một người"):
        decide_row(row=row, by=secretary, today=TODAY, choice="same", chosen=other.pk)
    row = decide_row(row=row, by=secretary, today=TODAY, choice="same", chosen=member.pk)
    assert (row.state, row.before["birth_date"]) == ("changed", "2001-03-23")
    apply_import(source=source, by=secretary, today=TODAY, leave_out=False)
    member.refresh_from_db()
    assert (member.birth_date, Member.objects.count()) == (datetime.date(2001, 3, 22), 2)


def test_a_register_changed_since_the_preview_is_shown_again_and_nothing_is_written(branch, secretary):
    member = MemberFactory(home=branch, full_name="Lê Thu An", birth_date=datetime.date(2001, 3, 22), job="Kế toán")
    source = staged(branch, secretary, AN, BINH)
    change_member(member=member, version=1, by=secretary, job="Thủ quỹ")
    assert apply_import(source=source, by=secretary, today=TODAY, leave_out=False) is None
    member.refresh_from_db()
    assert (member.job, Member.objects.count()) == ("Thủ quỹ", 1)
    assert source.rows.get(number=4).before["job"] == "Thủ quỹ"
    assert apply_import(source=source, by=secretary, today=TODAY, leave_out=False) == {"new": 1, "changed": 1}


# --- taking it back -------------------------------------------------------------------------------


def test_undo_takes_the_whole_import_back(branch, secretary):
    member = MemberFactory(home=branch, full_name="Lê Thu An", birth_date=datetime.date(2001, 3, 22), job="Kế toán")
    source = staged(branch, secretary, AN, BINH)
    apply_import(source=source, by=secretary, today=TODAY, leave_out=False)
    assert undo_import(source=source, by=secretary) == {"new": 1, "changed": 1}
    member.refresh_from_db()
    assert (member.job, member.phone, member.version) == ("Kế toán", "", 3)
    assert (list(Member.objects.all()), Membership.objects.count()) == ([member], 1)
    with pytest.raises(ListRefused, match="đã được bỏ"):
        undo_import(source=source, by=secretary)


@pytest.mark.parametrize("built", ["corrected", "took_part"])
def test_undo_is_refused_as_a_whole_once_something_was_built(branch, secretary, built):
    source = staged(branch, secretary, AN, BINH)
    apply_import(source=source, by=secretary, today=TODAY, leave_out=False)
    an = Member.objects.get(full_name="Lê Thu An")
    if built == "corrected":
        change_member(member=an, version=1, by=secretary, job="Thủ quỹ")
    else:
        ParticipationFactory(member=an, activity__unit=branch)
    with pytest.raises(ListRefused, match="Lê Thu An"):
        undo_import(source=source, by=secretary)
    assert Member.objects.count() == 2


# --- the pages ------------------------------------------------------------------------------------


def upload(client, branch, content, name="danh sach.xlsx"):
    url = reverse("branches:import_new", args=[branch.pk])
    return client.post(url, {"file": SimpleUploadedFile(name, content), "form_key": str(uuid.uuid4())})


def columns_form(source) -> dict:
    said = {"starts_on": "2026-01-01", "version": source.version}
    for place, sheet in enumerate(source.sheets):
        said |= {f"s{place}-taken": "on", f"s{place}-header_rows": str(sheet["header_rows"][0])}
        said |= {f"s{place}-col_{column['index']}": column["field"] for column in sheet["columns"]}
    return said


def test_from_upload_to_register_by_pages(client, branch, secretary):
    client.force_login(secretary)
    answer = upload(client, branch, workbook(AN, WRONG))
    source = MemberImport.objects.get()
    page = reverse("branches:import", args=[source.pk])
    assert answer.headers["Location"] == page
    columns = client.get(page, follow=True)
    assert "Lê Thu An" in columns.content.decode()  # the example beside the column
    client.post(reverse("branches:import_columns", args=[source.pk]), columns_form(source))
    preview = client.get(page)
    assert [(group["state"], group["count"]) for group in preview.context["groups"] if group["count"]] == [
        ("error", 1),
        ("new", 1),
    ]
    row = source.rows.get(state="error")
    client.post(reverse("branches:import_row", args=[row.pk]), {"cell_birth_date": "28/02/2000"})
    client.post(reverse("branches:import_apply", args=[source.pk]))
    assert sorted(Member.objects.values_list("full_name", flat=True)) == ["Lê Thu An", "Đỗ Cường"]
    done = client.get(page)
    assert "2 người mới" in done.content.decode()
    client.post(reverse("branches:import_undo", args=[source.pk]))
    assert Member.objects.count() == 0


def test_an_answered_row_brings_the_figures_up_to_date(client, branch, secretary):
    source = staged(branch, secretary, AN, WRONG)
    client.force_login(secretary)
    url = reverse("branches:import_row", args=[source.rows.get(state="error").pk])
    answer = client.post(url, {"cell_birth_date": "28/02/2000", "nhom": "error"}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "Nhập 2 người mới" in text
    assert "Để lại" not in text
    assert [group["count"] for group in answer.context["groups"]] == [0, 0, 2, 0, 0, 0]


def test_nobody_becomes_a_member_on_a_day_to_come(client, branch, secretary):
    client.force_login(secretary)
    upload(client, branch, workbook(AN))
    source = MemberImport.objects.get()
    page = client.post(
        reverse("branches:import_columns", args=[source.pk]), columns_form(source) | {"starts_on": "2100-01-01"}
    )
    assert page.context["start"].top_errors == ["Ngày bắt đầu sinh hoạt chưa đến. Hãy ghi ngày đến hôm nay."]
    assert not ImportRow.objects.exists()


def test_a_branch_written_once_over_merged_rows_stands_in_each(branch, tmp_path):
    union = Unit.objects.get(pk=branch.superior_pk)
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ("Chi đoàn", "Họ và tên", "Ngày sinh"),
        ("so-tttt", *AN[1:3]),
        (None, *BINH[1:3]),
        (None, "Lê C", "2002"),
    ):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    path = tmp_path / "list.xlsx"
    book.save(path)
    out = io.StringIO()
    call_command("import_members", str(path), "--unit", union.code, "--json", "--dry-run", stdout=out)
    rows = [(row["state"], row["unit"]) for row in json.loads(out.getvalue())["sheets"][0]["rows"]]
    assert rows == [("new", "so-tttt"), ("new", "so-tttt"), ("error", "")]


def test_the_same_upload_twice_is_one_list(client, branch, secretary):
    client.force_login(secretary)
    url, key = reverse("branches:import_new", args=[branch.pk]), str(uuid.uuid4())
    for _ in range(2):
        client.post(url, {"file": SimpleUploadedFile("a.xlsx", workbook(AN)), "form_key": key})
    assert MemberImport.objects.count() == 1


def test_rows_left_out_come_back_as_a_list_that_is_understood(client, branch, secretary):
    client.force_login(secretary)
    source = staged(branch, secretary, AN, WRONG)
    apply_import(source=source, by=secretary, today=TODAY, leave_out=True)
    answer = client.get(reverse("branches:import_left_out", args=[source.pk]))
    [sheet] = read_sheets(answer.content, "x.xlsx")
    assert sheet.rows[1][1:3] == ["Đỗ Cường", "31/02/2000"]
    assert "31/02/2000" in sheet.rows[1][-1] or "31/2/2000" in sheet.rows[1][-1]
    mended = [list(HEADER), [3, "Đỗ Cường", "28/02/2000", "Nam", "", "", ""]]
    assert [str(cell or "") for cell in sheet.rows[0][:7]] == mended[0]


def test_columns_once_corrected_are_remembered_for_the_unit(client, branch, secretary):
    client.force_login(secretary)
    header = ("STT", "Đồng chí", "Ngày sinh", "Giới tính", "Phụ trách", "Dân tộc", "Điện thoại")
    upload(client, branch, workbook(AN, header=header))
    source = MemberImport.objects.get()
    said = columns_form(source) | {"s0-header_rows": "3"}
    if not source.sheets[0]["columns"]:
        client.post(reverse("branches:import_columns", args=[source.pk]), said)
        source.refresh_from_db()
        said = columns_form(source)
    said |= {"s0-col_1": "full_name", "s0-col_4": "job"}
    client.post(reverse("branches:import_columns", args=[source.pk]), said)
    assert source.rows.get().values["job"] == "Văn thư"
    upload(client, branch, workbook(AN, header=header))
    newest = MemberImport.objects.order_by("-pk").first()
    fields = {column["title"]: column["field"] for column in newest.sheets[0]["columns"]}
    assert (fields["Đồng chí"], fields["Phụ trách"]) == ("full_name", "job")


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "a.xlsx"), (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "a.xlsx"), (b"PK\x03\x04broken", "a.xlsx")],
)
def test_a_file_that_is_no_list_is_answered_at_the_field(client, branch, secretary, content, name):
    client.force_login(secretary)
    page = upload(client, branch, content, name)
    assert page.status_code == 200
    assert page.context["form"].errors["file"]
    assert MemberImport.objects.count() == 0


def test_a_long_list_is_read_in_portions_and_goes_on_where_it_stopped(client, branch, secretary):
    rows = [(n, f"Lê Thu A{n}", "2001", "Nữ", "", "", "") for n in range(PORTION + 5)]
    content = workbook(*rows)
    client.force_login(secretary)
    upload(client, branch, content)
    source = MemberImport.objects.get()
    client.post(reverse("branches:import_columns", args=[source.pk]), columns_form(source))
    page = client.get(reverse("branches:import", args=[source.pk])).content.decode()
    assert "Đã đọc 2.000 trên 2.005 dòng" in page
    assert ImportRow.objects.count() == PORTION
    client.post(reverse("branches:import_read", args=[source.pk]))
    source.refresh_from_db()
    assert (source.state, ImportRow.objects.count()) == ("preview", PORTION + 5)


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_preview_query_count(client, branch, secretary, rows, django_assert_num_queries):
    people = [(n, f"Lê Thu A{n}", "2001", "Nữ", "", "", "") for n in range(rows)]
    for _, name, *_ in people:
        MemberFactory(home=branch, full_name=name, birth_date=None)
    people = [(*row[:4], "Văn thư", "", "") for row in people]
    source = staged(branch, secretary, *people)
    client.force_login(secretary)
    url = reverse("branches:import", args=[source.pk])
    with django_assert_num_queries(7):
        page = client.get(url)
    assert len(page.context["rows"]) == rows


def test_headings_between_the_people_name_their_branch(branch, tmp_path):
    union = Unit.objects.get(pk=branch.superior_pk)
    UnitFactory(superior=union, name="Chi đoàn Thanh tra", code="thanh-tra")
    path = tmp_path / "list.xlsx"
    path.write_bytes(
        workbook(
            ("I. Chi đoàn Thanh tra (1 đ/c)",),
            AN,
            ("II", "CHI ĐOÀN SỞ THÔNG TIN"),
            BINH,
            ("III", "Chi đoàn Lạ"),
            WRONG,
        )
    )
    out = io.StringIO()
    call_command("import_members", str(path), "--unit", union.code, "--json", "--dry-run", stdout=out)
    rows = [(row["row"], row["state"], row["unit"]) for row in json.loads(out.getvalue())["sheets"][0]["rows"]]
    assert rows == [
        (5, "new", "thanh-tra"), (6, "skipped", ""), (7, "new", "so-tttt"), (8, "skipped", ""), (9, "error", ""),
    ]  # fmt: skip
    content = path.read_bytes()
    # Without the word Chi đoàn it is a heading too: whoever stands below must not fall to the branch before.
    path.write_bytes(workbook(("Chi đoàn Sở Thông tin",), AN, ("THANH TRA",), BINH, ("Đoàn cơ sở Lạ",), WRONG))
    out = io.StringIO()
    call_command("import_members", str(path), "--unit", union.code, "--json", "--dry-run", stdout=out)
    rows = [(row["row"], row["unit"]) for row in json.loads(out.getvalue())["sheets"][0]["rows"] if row["unit"]]
    assert rows == [(5, "so-tttt"), (7, "thanh-tra")]
    # The pages read the same list the same way.
    by = account_at(union, "secretary")
    source = staged_file(union, by, content)
    assert list(source.rows.order_by("number").values_list("number", "state", "unit__code")) == [
        (5, "new", "thanh-tra"), (6, "skipped", None), (7, "new", "so-tttt"), (8, "skipped", None), (9, "error", None),
    ]  # fmt: skip


# --- the command ----------------------------------------------------------------------------------


def run(path, *arguments) -> dict:
    out = io.StringIO()
    try:
        call_command("import_members", str(path), "--unit", "so-tttt", "--json", *arguments, stdout=out)
    except CommandError as error:
        return json.loads(out.getvalue()) | {"error": str(error)}
    return json.loads(out.getvalue())


def test_command_says_what_was_understood_and_writes_nothing_on_a_dry_run(branch, tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook(AN, BINH, WRONG))
    said = run(path, "--dry-run")
    [sheet] = said["sheets"]
    assert sheet["header_rows"] == [3]
    assert sheet["columns"]["Họ và tên"] == "full_name"
    assert [(row["row"], row["state"]) for row in sheet["rows"]] == [(4, "new"), (5, "new"), (6, "error")]
    assert sheet["rows"][0]["values"] == {
        "full_name": "Lê Thu An", "birth_date": "2001-03-22", "sex": "female", "job": "Văn thư", "ethnicity": "Kinh",
        "phone": "0912345678",
    }  # fmt: skip
    assert sheet["rows"][1]["values"]["birth_date"] == "1999"
    [problem] = sheet["rows"][2]["problems"]
    assert (problem["field"], problem["code"]) == ("birth_date", "no_such_day")
    assert Member.objects.count() == MemberImport.objects.count() == 0


def test_command_names_every_column_also_of_one_title(branch, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Họ và tên,Họ và tên,Ngày sinh,\nLê Thu,An,1/2/2001,x\nVũ,Bình,3/4/2001,y\n", encoding="utf-8")
    [sheet] = run(path, "--dry-run")["sheets"]
    assert sheet["columns"] == {
        "Họ và tên": "family_names", "Họ và tên (2)": "given_name", "Ngày sinh": "birth_date", "Cột 4": "",
    }  # fmt: skip
    assert [row["values"]["full_name"] for row in sheet["rows"]] == ["Lê Thu An", "Vũ Bình"]


def test_command_writes_the_whole_file_or_nothing(branch, tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook(AN, WRONG))
    said = run(path)
    assert (said["applied"], said["error"]) == (False, "Còn 1 dòng cần chọn hoặc cần sửa, nên chưa nhập gì.")
    assert Member.objects.count() == 0
    assert run(path, "--leave-out")["written"] == {"new": 1, "changed": 0}
    source = MemberImport.objects.get()
    undo_import(source=source, by=account_at(branch))
    assert Member.objects.count() == 0


def test_command_names_a_unit_or_file_that_is_not_there(branch, tmp_path):
    with pytest.raises(CommandError, match="No unit has the code"):
        call_command("import_members", str(tmp_path), "--unit", "khong-co")
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("import_members", str(tmp_path / "khong-co.xlsx"), "--unit", "so-tttt")


def test_a_row_that_may_repeat_another_stands_beside_it(client, branch, secretary):
    """Both rows field by field, so that nobody looks them up in Excel; of the closed part only whether they differ."""
    again = (3, "Lê Thu An", "22/03/2001", "Nữ", "Kế toán", "Tày", "912345678")
    source = staged(branch, secretary, AN, BINH, again)
    client.force_login(secretary)
    page = client.get(reverse("branches:import", args=[source.pk]), {"nhom": "unsure"})
    (row,) = page.context["rows"]
    assert (row.number, row.other) == (6, "Dòng 4")
    assert row.beside == [
        ("Họ và tên", "Lê Thu An", "Lê Thu An", False),
        ("Giới tính", "Nữ", "Nữ", False),
        ("Ngày sinh", "22/03/2001", "22/03/2001", False),
        ("Dân tộc", "giữ kín", "giữ kín", True),
        ("Công việc, chức vụ", "Kế toán", "Văn thư", True),
        ("Điện thoại", "0912345678", "0912345678", False),
    ]
    assert "Tày" not in page.content.decode()
    # Nobody is put beside a row without a question.
    rows = client.get(reverse("branches:import", args=[source.pk]), {"nhom": "new"}).context["rows"]
    assert [one.beside for one in rows] == [[], []]


def test_the_earlier_row_of_another_sheet_is_named_with_its_sheet(client, branch, secretary):
    book = openpyxl.Workbook()
    for place, (title, job) in enumerate((("Khối 1", "Văn thư"), ("Khối 2", "Kế toán"))):
        sheet = book.active if not place else book.create_sheet()
        sheet.title = title
        sheet.append(HEADER)
        sheet.append((1, "Lê Thu An", "22/03/2001", "Nữ", job, "", "912345678"))
        sheet.append((2, f"Trần Số {title}", f"0{place + 1}/05/2000", "Nam", "", "", ""))
    out = io.BytesIO()
    book.save(out)
    source = staged_file(branch, secretary, out.getvalue())
    client.force_login(secretary)
    (row,) = client.get(reverse("branches:import", args=[source.pk]), {"nhom": "unsure"}).context["rows"]
    assert (row.sheet, row.other) == ("Khối 2", "Dòng 2, Khối 1")
    assert ("Công việc, chức vụ", "Kế toán", "Văn thư", True) in row.beside
