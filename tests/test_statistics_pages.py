"""Statistics tables on page and paper, in Word and Excel: the same cells; what each figure opens; who sees them."""

import datetime
import io

import docx
import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.models import Period
from reports.models import StatTable, StatValue
from reports.papers.pdf import render_pdf
from reports.papers.statistics import annex_tables, statistics_html
from reports.papers.statistics_files import sheet_name, statistics_docx, statistics_workbook
from reports.statistics.content import StatCell, StatContent, StatLine
from reports.statistics.defining import add_item, create_table, put_in_use
from reports.statistics.filling import fill_tables
from reports.statistics.typing_in import type_value

from .factories import MemberFactory, TargetFactory, UnionFactory, UnitFactory, account_at
from .hostile import POISON, Page
from .printed import tables_of as cells_of
from .test_progress import log

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FIRST = datetime.date(2015, 1, 1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def union(today):
    """A superior with one branch: 2 members, 5 of 4 planned of an indicator, one typed line; table 09 of its own."""
    union = UnionFactory(name="Đoàn Khối")
    union.branch = UnitFactory(superior=union, name="Chi đoàn An")
    union.office = account_at(union, "superior_office")
    union.secretary = account_at(union.branch)
    union.blood = TargetFactory(unit=union.branch, period=Period.objects.year(today.year), value=4).indicator
    log(union.branch, union.blood, 5, today.replace(month=1, day=1))
    MemberFactory(home=union.branch)
    MemberFactory(home=union.branch)
    table = create_table(owner=union, by=union.office, number="09", title="Biểu thử", whom="all", kinds=["year"])
    add_item(table=table, what="heading", name="Nhóm", number="1")
    add_item(table=table, what="indicator", indicator=union.blood, name="Hiến máu", number="1.1", depth=1)
    add_item(table=table, what="figure", figure="members", number="1.2", depth=1)
    union.line = add_item(table=table, what="typed", name="Thanh niên", unit_word="người", number="1.3", depth=1)
    union.table = put_in_use(table=table, version=1, valid_from=FIRST)
    return union


def contents(union, unit, today, **said):
    period = Period.of_year(today.year)
    return [one.content for one in fill_tables([union.table], unit, period, as_of=today, **said)]


def url(name, *keys):
    return reverse(f"reports:stat_{name}", args=keys)


def printed_rows(content):
    """What every form of the table has to say: number, name, unit word, cells; a heading by its name only."""
    return [
        [line.number, line.name] if line.is_heading
        else [line.number, line.name, line.unit, *(cell.words for cell in line.cells)]
        for line in content.lines
    ]  # fmt: skip


# --- the same cells everywhere --------------------------------------------------------------------------


def test_page_paper_word_and_excel_have_the_same_cells(union, client, today):
    (content,) = contents(union, union.branch, today)
    expected = printed_rows(content)
    assert expected[1] == ["1.1", "Hiến máu", "lượt người", "5", "x", "≥ 4", "125,0%"]
    assert expected[2][3] == "2"
    assert expected[3][3] == "x"

    html, _ = statistics_html([content], on=today)
    paper = cells_of(html)[0][1:]
    assert paper == expected

    (sheet,) = openpyxl.load_workbook(io.BytesIO(statistics_workbook([content], made_on=today)))
    rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(min_row=6, values_only=True)]
    excel = [row[: len(wanted)] for row, wanted in zip(rows, expected, strict=False)]
    assert excel == expected
    assert sheet["D7"].value == 5  # a figure is a number
    assert sheet["G7"].value == "125,0%"

    word = docx.Document(io.BytesIO(statistics_docx([content], unit=union.branch, on=today))).tables[0]
    told = [[cell.text for cell in row.cells] for row in word.rows[1:]]
    assert [row[: len(wanted)] for row, wanted in zip(told, expected, strict=True)] == expected

    client.force_login(union.secretary)
    page = client.get(url("table", union.branch.pk, union.table.pk)).content.decode()
    shown = cells_of(page)[0][1:]
    assert [row[1:] for row in shown[1:]] == [row[3:] for row in expected[1:]]


def test_pdf_has_a_sheet_for_each_table_and_turns_the_wide_ones(union, today):
    by_unit = contents(union, union, today, by_unit=True)
    plain = contents(union, union, today)
    html, layout = statistics_html([*plain, *by_unit], on=today)
    assert html.count('<section class="sheet') == 2
    assert html.count('class="sheet annex"') == 1
    assert render_pdf(html, layout=layout).startswith(b"%PDF")


def test_a_table_of_many_units_is_cut_into_sheets_and_loses_no_column(today):
    columns = ("Toàn đơn vị", *(f"Chi đoàn {place}" for place in range(1, 21)))
    cells = tuple(StatCell(str(place)) for place in range(21))
    line = StatLine(1, "1", "Dòng", "người", 0, False, False, cells)
    content = StatContent(
        1, "01", "Biểu", 1, "Đoàn", "Năm 2026", "2026-11-23", columns, (line,), ("Ghi chú",), by_unit=True
    )
    sheets = annex_tables([content])
    assert [len(one.content.columns) for one in sheets] == [9, 9, 5]  # the sum and 8, 8, 4 units
    assert [one.content.lines[0].cells[0].text for one in sheets] == ["0", "0", "0"]
    assert [cell.text for one in sheets for cell in one.content.lines[0].cells[1:]] == [str(n) for n in range(1, 21)]
    assert [one.content.notes for one in sheets] == [(), (), ("Ghi chú",)]
    assert sheets[0].part == "phần 1/3"


@pytest.mark.parametrize(
    ("numbers", "names"),
    [
        (["01", "01"], ["Biểu 01", "Biểu 01 (2)"]),
        (["a/b", "A?B", "a b"], ["Biểu a b", "Biểu A B (2)", "Biểu a b (3)"]),
        (["[1]:*", "'"], ["Biểu 1", "Biểu"]),
        (["x" * 60, "x" * 60], ["Biểu " + "x" * 26, "Biểu " + "x" * 22 + " (2)"]),
    ],
)
def test_sheet_names_are_valid_and_differ(numbers, names):
    taken = set()
    assert [sheet_name(f"Biểu {number}", taken) for number in numbers] == names


def test_two_tables_with_one_number_make_one_whole_workbook(union, today):
    """A real bug of an earlier attempt: the second sheet of the same name broke the workbook."""
    (content,) = contents(union, union.branch, today)
    book = openpyxl.load_workbook(io.BytesIO(statistics_workbook([content, content, content], made_on=today)))
    assert book.sheetnames == ["Biểu 09", "Biểu 09 (2)", "Biểu 09 (3)"]


# --- what a figure opens ----------------------------------------------------------------------------------


def test_every_linked_figure_stands_on_the_page_it_opens(union, client, today):
    client.force_login(union.office)
    page = Page(client.get(url("table", union.pk, union.table.pk)).content.decode())
    linked = [link for link in page.links if ("/ket-qua/" in link and "?ky=" in link) or "/co-cau/" in link]
    assert len(linked) == 3  # the indicator now; the members now and a year before
    for link, figure in zip(linked, ("5", "2", "2"), strict=True):
        answer = client.get(link)
        assert answer.status_code == 200
        assert f">{figure}<" in answer.content.decode().replace(" đoàn viên", "<")


def test_common_tables_open_for_a_branch_and_its_superior(union, client, today):
    """Every page behind every figure of all common tables answers its reader."""
    for account, unit in ((union.secretary, union.branch), (union.office, union)):
        client.force_login(account)
        links = set()
        for table in StatTable.objects.usable_by(unit).filter(state="in_use"):
            answer = client.get(url("table", unit.pk, table.pk))
            assert answer.status_code == 200, table
            links |= {
                link for name, values in Page(answer.content.decode()).elements
                if name == "a" and "src" in (values.get("class") or "") and (link := values.get("href"))
            }  # fmt: skip
        assert links
        assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


# --- the pages ----------------------------------------------------------------------------------------------


def test_list_says_which_table_wants_a_figure(union, client):
    client.force_login(union.secretary)
    page = client.get(url("tables", union.branch.pk)).content.decode()
    assert "Biểu 09. Biểu thử" in page
    assert "còn 1 dòng chưa nhập" in page
    assert "Biểu riêng của" not in page  # a branch defines none


def test_secretary_types_a_figure_and_takes_it_back(union, client):
    client.force_login(union.secretary)
    where = url("value", union.branch.pk, union.table.pk, union.line.pk)
    form = {"form_key": "8d5d3e9e-3b3f-4a63-9a7e-1f1f0a3f4c11", "version": "0"}
    empty = client.post(where, {**form, "value": ""})
    assert "Hãy ghi số, hoặc đánh dấu ô bên dưới" in empty.content.decode()
    assert client.post(where, {**form, "value": "1.250"}).status_code == 302
    assert StatValue.objects.get().value == 1250
    late = client.post(where, {**form, "form_key": "8d5d3e9e-3b3f-4a63-9a7e-1f1f0a3f4c12", "value": "9"})
    assert "Có người vừa ghi số khác" in late.content.decode()
    page = client.get(url("table", union.branch.pk, union.table.pk)).content.decode()
    assert "1.250" in page
    assert "Sửa số đã ghi" in page
    drop = url("value_drop", union.branch.pk, union.table.pk, union.line.pk)
    key = "8d5d3e9e-3b3f-4a63-9a7e-1f1f0a3f4c13"
    assert client.post(drop, {"form_key": key, "version": "1"}).status_code == 302
    assert StatValue.objects.count() == 0


def test_stranger_party_and_member_see_no_tables(union, client):
    stranger = account_at(UnitFactory(superior=union, name="Chi đoàn Bình"))
    party, member = account_at(union.branch, "party_secretary"), account_at(union.branch, "member")
    for account in (stranger, party, member):
        client.force_login(account)
        for name in ("tables", "tables_xlsx", "tables_pdf", "tables_docx"):
            assert client.get(url(name, union.branch.pk)).status_code == 404
        assert client.get(url("table", union.branch.pk, union.table.pk)).status_code == 404
        assert client.get(url("define", union.table.pk)).status_code == 404


def test_table_of_another_superior_opens_for_no_unit_of_this_one(union, client):
    other = UnionFactory()
    office = account_at(other, "superior_office")
    strange = create_table(owner=other, by=office, number="09", title="Nơi khác", whom="all", kinds=["year"])
    add_item(table=strange, what="typed", name="Dòng", unit_word="người")
    put_in_use(table=strange, version=1, valid_from=FIRST)
    client.force_login(union.secretary)
    assert client.get(url("table", union.branch.pk, strange.pk)).status_code == 404
    assert client.get(url("tables_xlsx", union.branch.pk) + f"?bieu={strange.pk}").status_code == 404


def test_office_writes_a_table_line_by_line_and_looks_at_it_first(union, client, today):
    client.force_login(union.office)
    keys = iter(f"8d5d3e9e-3b3f-4a63-9a7e-1f1f0a3f4d{place}" for place in range(10, 99))

    def send(where, **said):
        answer = client.post(where, {"form_key": next(keys), **said})
        assert answer.status_code == 302, answer.content.decode()
        return answer

    made = send(url("new", union.pk), number="21", title="Biểu mới", whom="all", kinds=["year"])
    table = StatTable.objects.get(number="21")
    assert made.url == url("define", table.pk)
    send(url("item_new", table.pk), indicator=union.blood.code, part="result")
    send(url("item_new", table.pk) + "?loai=so-lieu", figure="members", part="result")
    send(url("item_new", table.pk) + "?loai=tu-nhap", name="Người khác", unit_word="lượt người")
    first, _, third = table.items.order_by("position")
    refused = client.post(
        url("item_new", table.pk) + "?loai=tong", {"form_key": next(keys), "name": "Cộng", "parts": [f"d{first.pk}"]}
    )
    assert "ít nhất hai dòng" in refused.content.decode()
    send(url("item_new", table.pk) + "?loai=tong", name="Cộng", parts=[f"d{first.pk}", f"d{third.pk}"])
    preview = client.get(url("preview", table.pk)).content.decode()
    assert "Xem thử: Biểu 21" in preview
    assert cells_of(preview)[0][1][1] == "5"
    assert "Biểu 21" not in client.get(url("tables", union.branch.pk)).content.decode()  # a draft is asked of nobody
    send(url("put_in_use", table.pk), version="1", valid_from=f"01/01/{today.year}")
    assert "Biểu 21" in client.get(url("tables", union.branch.pk)).content.decode()


def test_the_page_of_a_draft_costs_the_same_for_one_share_and_for_three(union, client):
    table = create_table(owner=union, by=union.office, number="21", title="Tỷ lệ", whom="all", kinds=["year"])
    one, two = (add_item(table=table, what="typed", name=name, unit_word="người") for name in ("Một", "Hai"))
    client.force_login(union.office)
    costs = []
    for shares in (1, 2, 3):
        add_item(table=table, what="share", name="Tỷ lệ", share_of=one, share_whole=two)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(url("define", table.pk)).content.decode()
        assert page.count("Tỷ lệ: dòng Một trên dòng Hai") == shares
        costs.append(len(asked))
    assert costs[2] == costs[1]  # the first also reads what is kept in memory afterwards


def test_hostile_texts_stay_texts(union, client, today):
    table = create_table(owner=union, by=union.office, number="<b>1", title=POISON[:150], whom="all", kinds=["year"])
    line = add_item(table=table, what="typed", name='=HYPERLINK("x")' + POISON[:100], unit_word="<i>")
    put_in_use(table=table, version=1, valid_from=FIRST)
    type_value(
        item=line, unit=union.branch, period=Period.of_year(today.year), version=0, value=None, reason=POISON[:200],
        by=union.secretary, at=timezone.now(),
    )  # fmt: skip
    client.force_login(union.office)
    for where in (
        url("tables", union.branch.pk), url("table", union.branch.pk, table.pk), url("own", union.pk),
        url("define", table.pk), url("preview", table.pk),
    ):  # fmt: skip
        assert Page(client.get(where).content.decode()).injected() == [], where
    answer = client.get(url("tables_xlsx", union.branch.pk) + f"?bieu={table.pk}")
    (sheet,) = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert all(cell.data_type != "f" and cell.hyperlink is None for row in sheet.iter_rows() for cell in row)
    union.table = table
    html, _ = statistics_html(contents(union, union.branch, today), on=today)
    assert "<xss" not in html
    assert "<b>1" not in html


@pytest.mark.parametrize("value", ["abc", "2026-q9", "nk-1", "9999"])
def test_wrong_period_or_table_is_not_found(union, client, value):
    client.force_login(union.secretary)
    assert client.get(url("tables", union.branch.pk) + f"?ky={value}").status_code == 404
    assert client.get(url("tables_pdf", union.branch.pk) + "?bieu=" + "9" * 30).status_code == 404
